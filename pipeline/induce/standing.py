"""What is told of each way to part a page, by one measure, whichever way it was found.

Frames are found by lines that recur, boxes by how lines nest, and each is weighed by what it was found by. Here they
are only ways to part a page into records, and what counts is what the records have in common, and how far other ways
to part the page come to the same. By that `ranking` says which goes first, and `segment.preference` whether it is what
the page holds.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.induce.measures import log_odds
from pipeline.induce.nesting import Nest
from pipeline.induce.page import LEAD, Page
from pipeline.induce.roles import Records, first_words, roles
from pipeline.induce.sheet import FEWEST, Sheet
from pipeline.induce.structure import BODY, HEADER, OUTSIDE, Layout, first_of_each

MOST_AT_ONCE = 2**20  # lines, counted once for each way to part a page, asked at once
FEWEST_DATED = 3  # lines that say when, of fewer than which each part is no more than a third of the page's
MOST_TOLD = 64  # records; of the pages that weights were fitted to few had more, so more tell nothing
LEAST_SAID = 0.1  # of the records, those that end a sentence, hold prose or say when
SHARED = 0.5  # of the records, as many lines as that must say what the site says in each
SUREST = 1e-4  # a score nearer to 0 or 1 tells no more


Evidence = dict[str, np.ndarray]
"""What is told of several ways to part a page, by name: of each way a number."""


class Partings(NamedTuple):
    """Several ways to part a page.

    Attributes:
        readings: what parts it.
        role: of each line, by way and line, as in `structure`.
        records: the records of all ways; lines that are outside are of none.
    """

    readings: Sequence[Layout | Nest]
    role: np.ndarray
    records: Records


def with_records(readings: Sequence[Layout | Nest]) -> list[Layout | Nest]:
    """Leave out readings whose records are all outside."""
    return [one for one in readings if isinstance(one, Nest) or (one.role[one.record >= 0] != OUTSIDE).any()]


def say_something(told: Evidence) -> np.ndarray:
    """Say of which ways to part a page enough records say something: others part links."""
    said: np.ndarray = np.maximum(told["filled"], told["dated_once"]) >= LEAST_SAID
    return said


def tell(sheet: Sheet, readings: Sequence[Layout | Nest]) -> Evidence:
    """Say what is told of each reading; of some at once, so that those of a large page take no more memory."""
    at_once, words = max(1, MOST_AT_ONCE // sheet.page.height), first_words(sheet.page)
    told: list[Evidence] = []
    starts: list[np.ndarray] = []
    for at in range(0, len(readings), at_once):
        partings = _partings(sheet.page, readings[at : at + at_once], words)
        told.append(_evidence(sheet, partings))
        starts += np.split(partings.records.first_lines, np.cumsum(partings.records.total())[:-1])
    joined = {name: np.concatenate([some[name] for some in told]) for name in told[0]}
    run = np.full(len(readings), sheet.page.longest_run)
    return joined | _agreement(readings, starts) | {"run": run}


def _partings(page: Page, readings: Sequence[Layout | Nest], words: np.ndarray) -> Partings:
    boxes = [reading for reading in readings if isinstance(reading, Nest)]
    of_boxes = iter(roles(boxes, words) if boxes else ())
    role = np.stack([next(of_boxes) if isinstance(one, Nest) else one.role for one in readings])
    record = np.stack([one.record for one in readings])
    above = np.arange(len(readings))[:, None] * page.height
    number = np.where((role == OUTSIDE) | (record < 0), -1, record + above)
    rows = np.flatnonzero(number >= 0)
    edges = np.flatnonzero(np.diff(number.ravel()[rows], prepend=-1, append=-1))
    number.ravel()[rows] = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    return Partings(readings, role, Records(rows[edges[:-1]], rows[edges[1:] - 1], number))


def _evidence(sheet: Sheet, partings: Partings) -> Evidence:
    """Say what the records have in common."""
    page, (readings, role, records) = sheet.page, partings
    starts, lasts, n = records.first_lines, records.last_lines, records.total()
    inside = records.number >= 0
    is_body = inside & (role == BODY)
    dates = np.bincount(records.number[inside & sheet.when], minlength=len(starts))
    odds = np.array([log_odds(one.score, SUREST) for one in readings])
    is_box = np.array([isinstance(one, Nest) for one in readings])
    usual, n_usual = _most(records.way, sheet.kinds[starts], len(n))
    _, n_alike = _most(records.way, sheet.kinds[lasts], len(n))
    return {
        "many": np.log(np.minimum(n, MOST_TOLD)),
        "filled": records.share(records.holding(is_body & (page.prose | page.ends))),
        "prose": records.share(records.holding(is_body & page.prose)),
        "dated_once": records.share(dates == 1),
        "dates": records.total(dates > 0) / max(FEWEST_DATED, int(sheet.when.sum())),
        "dated_there": _n_at_one_place(records, inside & sheet.when) / n,
        "brief": records.share(page.short[starts]),
        "begins_dated": records.share(sheet.when[starts]),
        "ends_dated": records.share(sheet.when[lasts]),
        "ends_listed": records.share(sheet.marker[lasts] > 0),
        "alone": n_usual / _n_between(sheet.kinds, records, usual),
        "ends_alike": n_alike / n,
        "single": _single(sheet, records),
        "promised": promised(page, records.bounds[0], records.total()).astype(float),
        "frame": np.where(is_box, 0.0, odds),
        "box": np.where(is_box, odds, 0.0),
        "head": (inside & (role == HEADER)).sum(axis=1) / inside.sum(axis=1),
    }


def _most(of: np.ndarray, values: np.ndarray, n_ways: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the value, 0 or more, that each way has most often, of equals the least, and how often; 0 for none.

    Args:
        of: the way of each value; it never falls.
        values: what ways have.
        n_ways: how many ways there are.
    """
    n_values = int(values.max(initial=0)) + 1
    pairs, counts = np.unique(of * n_values + values, return_counts=True)
    by_count = np.lexsort((-counts, pairs // n_values))
    best = by_count[first_of_each(pairs[by_count] // n_values)]
    usual, most = np.zeros((2, n_ways), dtype=np.int64)
    way = pairs[best] // n_values
    usual[way], most[way] = pairs[best] % n_values, counts[best]
    return usual, most


def _n_between(kinds: np.ndarray, records: Records, kind: np.ndarray) -> np.ndarray:
    """Count by way the lines of a kind from the first record's first line to the last's last."""
    first, last = records.bounds
    lines = np.sort(kinds * len(kinds) + np.arange(len(kinds)))
    above = np.searchsorted(lines, kind * len(kinds) + first)
    return np.searchsorted(lines, kind * len(kinds) + last, side="right") - above


def _n_at_one_place(records: Records, says_when: np.ndarray) -> np.ndarray:
    """Count by way the records in which what first says when stands as far from the first line as in most."""
    rows = np.flatnonzero(says_when)
    rows = rows[first_of_each(records.number.ravel()[rows])]
    record = records.number.ravel()[rows]
    return _most(records.way[record], rows - records.starts[record], len(says_when))[1]


def promised(page: Page, first: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Say where a line not far above records promises as many: "20 comments".

    Args:
        page: the page.
        first: by way to part it, the line that begins the first record.
        n: how many records there are.
    """
    row, number = np.array(page.promises, dtype=np.int64).reshape(-1, 2).T
    is_near = (first[:, None] - LEAD <= row) & (row < first[:, None])
    is_told: np.ndarray = (is_near & (number == n[:, None])).any(axis=1) & (n >= FEWEST)
    return is_told


def _single(sheet: Sheet, records: Records) -> np.ndarray:
    """Say of what the site repeats in how many of the records each stands once; `SHARED` where it repeats nothing.

    What it says is looked for down to where another record as long as most would end.
    """
    n, (first, last) = records.total(), records.bounds
    exact = sheet.page.shapes["exact"]
    lines = np.flatnonzero(sheet.fixed)
    lines = lines[np.argsort(exact[lines], kind="stable")]
    is_new = np.diff(exact[lines], prepend=-1) != 0
    is_asked = (lines >= first[:, None]) & (lines <= (last + _usual_length(records))[:, None])
    rows = lines + np.arange(len(n))[:, None] * len(exact)
    record = np.where(is_asked, np.searchsorted(records.starts, rows, side="right"), 0)
    begins = is_new | (np.diff(record, axis=1, prepend=0) != 0)
    is_alone = is_asked & begins & np.append(begins[:, 1:], np.ones((len(n), 1), dtype=bool), axis=1)
    n_lines, n_alone = (
        np.add.reduceat(told, np.flatnonzero(is_new), axis=1, dtype=np.int64) for told in (is_asked, is_alone)
    )
    is_often = n_lines >= np.maximum(2, SHARED * n)[:, None]
    n_often = is_often.sum(axis=1)
    share = (n_alone * is_often).sum(axis=1) / (n * np.maximum(n_often, 1))
    return np.where(n_often > 0, share, SHARED)


def _usual_length(records: Records) -> np.ndarray:
    """Give the median of how many lines by way records begin below the one before, rounded down; 0 of one record."""
    n = records.total() - 1
    is_next = records.way[1:] == records.way[:-1]
    way, size = records.way[1:][is_next], np.diff(records.starts)[is_next]
    size = np.append(size[np.lexsort((size, way))], 0)
    middle = np.cumsum(n) - n + (n - 1) // 2
    return np.where(n > 0, (size[middle] + size[middle + (n + 1) % 2]) // 2, 0)


def _agreement(readings: Sequence[Layout | Nest], starts: Sequence[np.ndarray]) -> Evidence:
    """Say how far others begin records where one does: of those found the same way, the other way, and all.

    Args:
        readings: all of them.
        starts: the lines that begin records, by reading.
    """
    n = np.array([len(lines) for lines in starts])
    lines, place = np.unique(np.concatenate(starts), return_inverse=True)
    begins = np.zeros((len(n), len(lines)), dtype=bool)
    begins[np.repeat(np.arange(len(n)), n), place] = True
    bits = np.packbits(begins, axis=1)  # the threads that multiply matrices wait for longer than they work
    share = 2 * np.bitwise_count(bits[:, None] & bits).sum(axis=2) / (n[:, None] + n)
    is_box = np.array([isinstance(reading, Nest) for reading in readings])
    is_other, is_same = ~np.eye(len(n), dtype=bool), is_box[:, None] == is_box
    by_score = share * [reading.score for reading in readings]
    return {
        "same": by_score.max(axis=1, initial=0, where=is_same & is_other),
        "other": by_score.max(axis=1, initial=0, where=~is_same),
        "all": share[is_other].reshape(len(n), -1).mean(axis=1) if len(n) > 1 else np.zeros(1),
    }
