"""Where records end, of which the first lines are known: above what is the site's at their foot, or of another box.

What the site says below the words of most records, "Reply", "12 comments", ends those too of which the page's own foot
follows. So does a line that is set in less than any of the others.
"""

import numpy as np

from pipeline.induce.openings import Opening
from pipeline.induce.sheet import Sheet

LOWER = 0.4  # of the records, those that may hold a line set in less than the others have: a heading between two lists
OFTEN = 0.15  # of the records, those in which a line is met that is the site's
SURELY = 0.75  # of these, those in which no words follow


def ends_of(sheet: Sheet, opening: Opening) -> np.ndarray:
    """Give the last row of each record: records begin with the rows of an opening."""
    starts, heads, last = opening
    ends = np.append(starts[1:] - 1, _last_sibling(sheet, starts, heads, last))
    ends = _above_lower(sheet, starts, ends)
    ends = _above_feet(sheet, starts, ends)
    ends[-1] = _above_idle(sheet, starts, ends)
    said = np.maximum.accumulate(np.where(sheet.is_mute, -1, np.arange(sheet.page.height)))
    return np.maximum(said[ends], starts)


def _last_sibling(sheet: Sheet, starts: np.ndarray, heads: np.ndarray, last: int) -> int:
    """Find where the last record ends: above a short sibling of a sort that no other record has within."""
    within = set(sheet.sorts[heads[(heads > starts[0]) & (heads < starts[-1])]].tolist())
    within.discard(int(sheet.sorts[starts[0]]))
    beyond = heads[(heads > starts[-1]) & (heads <= last) & ~sheet.page.prose[heads]]
    return next((row - 1 for row in beyond.tolist() if sheet.sorts[row] not in within), last)


def _firsts(holds: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Give the first row of each record in which something holds; one past its last where none does."""
    rows = np.append(np.flatnonzero(holds), len(holds))
    return np.minimum(rows[np.searchsorted(rows, starts)], ends + 1)


def _above_lower(sheet: Sheet, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """End records above a line that is set in less, from their first, than any line of most is."""
    first, end = int(starts[0]), int(ends[-1]) + 1
    record = np.searchsorted(starts, np.arange(first, end), side="right") - 1
    over = sheet.depth[first:end] - sheet.depth[starts][record]
    lowest = np.sort(np.minimum.reduceat(over, starts - first)[:-1])
    is_lower = np.zeros(sheet.page.height, dtype=bool)
    is_lower[first:end] = over < lowest[int(LOWER * len(lowest))]
    return _firsts(is_lower, starts, ends) - 1


def _above_feet(sheet: Sheet, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """End records above the first of the lines below which most records that hold such a line hold no words."""
    n, height = len(starts), sheet.page.height
    before = np.append(np.flatnonzero(sheet.is_word), height)
    place = np.searchsorted(before, ends, side="right") - 1
    words = np.where(place >= 0, before[place], -1)
    words = np.maximum(words, starts)  # the last row of each record's words
    is_foot = np.zeros(height, dtype=bool)
    inside = np.arange(starts[0] + 1, ends[-1] + 1)
    record = np.searchsorted(starts, inside, side="right") - 1
    is_inside = (inside <= ends[record]) & (inside > starts[record])
    for numbers in sheet.said:
        rows = inside[is_inside & (numbers[inside] >= 0)]
        if not len(rows):
            continue
        of = np.searchsorted(starts, rows, side="right") - 1
        is_first = np.unique(numbers[rows] * n + of, return_index=True)[1]
        rows, of = rows[is_first], of[is_first]
        size, is_measured = int(numbers.max()) + 1, of < n - 1
        held = np.bincount(numbers[rows[is_measured]], minlength=size)
        below = np.bincount(numbers[rows[is_measured & (rows > words[of])]], minlength=size)
        sure = (held >= np.maximum(2, OFTEN * (n - 1))) & (below >= SURELY * held)
        is_foot |= (numbers >= 0) & sure[numbers]
    return np.maximum(_firsts(is_foot & ~sheet.is_word, starts + 1, ends) - 1, starts)


def _above_idle(sheet: Sheet, starts: np.ndarray, ends: np.ndarray) -> int:
    """Find where the last record ends: above more lines in a row that are no words than any other has."""
    is_run = np.append(~sheet.is_word[starts[0] : ends[-1] + 1], False)
    row = np.arange(len(is_run))
    run = row - np.maximum.accumulate(np.where(is_run, -1, row))
    at = starts - starts[0]
    run[: at[-1]] *= np.searchsorted(at, row[: at[-1]], side="right") > 0
    most = 1
    for start, end in zip(at[:-1].tolist(), (ends[:-1] - starts[0]).tolist(), strict=True):
        most = max(
            most, int(np.minimum(run[start + 1 : end + 1], row[start + 1 : end + 1] - start).max(initial=0))
        )
    here = np.minimum(run[at[-1] :], row[at[-1] :] - at[-1])
    over = np.flatnonzero(here > most)
    return int(starts[-1] + over[0] - most - 1) if len(over) else int(ends[-1])


def above_sayings(sheet: Sheet, starts: np.ndarray, ends: np.ndarray, dated: np.ndarray) -> np.ndarray:
    """End records whose date stands below their words above a sentence below that: who liked it, what to do next."""
    has, mass = dated >= 0, sheet.page.mass_before
    above, below = mass[dated] - mass[starts], mass[ends + 1] - mass[dated]
    if above[has].sum() <= below[has].sum():
        return ends
    late = np.where(has, np.minimum(dated, ends), ends)
    return np.where(has, _firsts(sheet.page.ends, late + 1, ends) - 1, ends)
