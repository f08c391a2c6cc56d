"""Where records end, of which the first lines are known: above what is the site's at their foot, or of another box.

What the site says below the words of most records, "Reply", "12 comments", ends those too of which the page's own foot
follows. So does a line that is set in less than any of the others.

The records of all partings of a page are ended at once: `starts` are the first rows of the records, in a part for each
parting, `ends` the last row of each.
"""

import numpy as np

from pipeline.induce.ragged import Ragged, Spans, tallied
from pipeline.induce.sheet import Sheet

LOWER = 0.4  # of the records, those that may hold a line set in less than the others have: a heading between two lists
OFTEN = 0.15  # of the records, those in which a line is met that is the site's
FEWEST = 2  # records of a parting, up to which the last tells nothing of the first
SURELY = 0.75  # of these, those in which no words follow


def ends_of(sheet: Sheet, starts: Ragged, heads: Ragged, last: np.ndarray) -> np.ndarray:
    """Give the last row of each record.

    Args:
        sheet: the page.
        starts: the first rows of the records of each parting.
        heads: the siblings that these are of.
        last: the last row of each parting's last record.
    """
    ends = starts.next(_last_sibling(sheet, starts, heads, last) + 1) - 1
    ends = _above_lower(sheet, starts, ends)
    ends = _above_feet(sheet, starts, ends)
    ends = _above_idle(sheet, starts, ends)
    ends = _above_others(sheet, starts, ends)
    return np.maximum(sheet.said_above[ends], starts.values)


def _last_sibling(sheet: Sheet, starts: Ragged, heads: Ragged, last: np.ndarray) -> np.ndarray:
    """Find where the last records end: above a short sibling of a sort that no other record has within."""
    first, bottom, row = starts.values[starts.first], starts.values[starts.last], heads.values
    sorts = sheet.sorts[row]
    is_between = (row > first[heads.of]) & (row < bottom[heads.of])
    shape = len(first), int(sheet.sorts.max()) + 1
    is_within = tallied(heads.of[is_between], sorts[is_between], shape) > 0
    is_within[np.arange(len(first)), sheet.sorts[first]] = False
    is_beyond = (row > bottom[heads.of]) & (row <= last[heads.of]) & ~sheet.page.prose[row]
    beyond = heads.only(is_beyond & ~is_within[heads.of, sorts])
    found, has = last.copy(), beyond.sizes > 0
    found[has] = beyond.values[beyond.first[has]] - 1
    return found


def _above_lower(sheet: Sheet, starts: Ragged, ends: np.ndarray) -> np.ndarray:
    """End records above a line that is set in less, from their first, than any line of most is."""
    lines = Spans(starts.values, ends + 1)
    over = sheet.depth[lines.values] - sheet.depth[starts.values][lines.of]
    lowest = np.minimum.reduceat(over, lines.first)
    lowest[starts.last] = 1  # above all others, which alone count
    place = starts.first + (LOWER * (starts.sizes - 1)).astype(np.int64)
    usual = starts.ordered(lowest)[place]
    return lines.firsts(over < usual[starts.of][lines.of]) - 1


def _above_feet(sheet: Sheet, starts: Ragged, ends: np.ndarray) -> np.ndarray:
    """End records above the first of the lines below which most records that hold such a line hold no words."""
    lines = Spans(starts.values + 1, ends + 1)
    words = np.maximum(sheet.word_above[ends], starts.values)  # the last row of each record's words
    n_words = np.append(0, np.cumsum(sheet.is_word & ~sheet.when))
    least = 0.5 * starts.only(n_words[ends + 1] > n_words[starts.values]).sizes / starts.sizes
    is_foot = np.zeros(len(lines.values), dtype=bool)
    for said in sheet.said:
        number = said.numbers[lines.values]
        at = np.flatnonzero(number >= 0)
        row, record, number = lines.values[at], lines.of[at], number[at]
        parting, shape = starts.of[record], (len(starts.sizes), said.size)
        is_measured = (said.above[row] <= starts.values[record]) & ~starts.is_last[record]
        is_idle = is_measured & (row > words[record])
        is_below = is_measured & (n_words[row] > n_words[starts.values[record]])
        held, idle, below = (
            tallied(parting[some], number[some], shape) for some in (is_measured, is_idle, is_below)
        )
        is_sure = (held >= np.maximum(2, OFTEN * (starts.sizes - 1))[:, None]) & (idle >= SURELY * held)
        is_sure &= below >= least[:, None] * held  # what is all that two records say is no foot of theirs
        is_foot[at] |= is_sure[parting, number]
    return np.maximum(lines.firsts(is_foot & ~sheet.is_word[lines.values]) - 1, starts.values)


def _above_idle(sheet: Sheet, starts: Ragged, ends: np.ndarray) -> np.ndarray:
    """End the last records above more lines in a row that are no words than any other of their parting has."""
    lines = Spans(starts.values, ends + 1)
    row = lines.values
    run = np.minimum(row - sheet.word_above[row], row - starts.values[lines.of])
    longest = np.maximum.reduceat(run, lines.first)
    longest[starts.last] = 1  # the least that counts
    most = np.maximum.reduceat(longest, starts.first)[starts.of]
    found = lines.firsts(run > most[lines.of])
    return np.where(found <= ends, found - 1 - most, ends)


def _above_others(sheet: Sheet, starts: Ragged, ends: np.ndarray) -> np.ndarray:
    """End first records, below which no foot is seen, above more lines that are no words than others end with.

    These lead from a post to the comments on it: "Share", "3 comments".
    """
    idle = ends - np.maximum(sheet.word_above[ends], starts.values)
    most = np.maximum.reduceat(np.where(starts.is_first, 0, idle), starts.first)
    has_words = sheet.word_above[ends] > starts.values
    n_told = np.append(0, np.cumsum(sheet.page.ends | sheet.page.prose | sheet.page.when))
    is_untold = n_told[ends + 1] == n_told[ends + 1 - idle]
    is_open = np.append(ends[:-1] == starts.values[1:] - 1, False)
    is_cut = (
        starts.is_first
        & has_words
        & is_open
        & is_untold
        & (idle > most[starts.of])
        & (starts.sizes > FEWEST)[starts.of]
    )
    return np.where(is_cut, ends - idle, ends)


def above_sayings(sheet: Sheet, starts: Ragged, ends: np.ndarray, dated: np.ndarray) -> np.ndarray:
    """End records whose date stands below their words above a sentence below that: who liked it, what to do next."""
    has, mass = dated >= 0, sheet.page.mass_before
    above = starts.total(np.where(has, mass[dated] - mass[starts.values], 0))
    below = starts.total(np.where(has, mass[ends + 1] - mass[dated], 0))
    sentences = np.append(np.flatnonzero(sheet.page.ends), sheet.page.height)
    found = np.minimum(sentences[np.searchsorted(sentences, dated + 1)] - 1, ends)
    return np.where(has & (above > below)[starts.of], found, ends)
