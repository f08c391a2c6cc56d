"""What the lines of records are that a page's boxes tell, asked of all ways to part the page at once.

A page is parted in dozens of ways, and each thing asked of one costs more than its answer. So they are laid end to end,
as if the page stood there once for each, and each thing is asked of all their records together.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.induce.inner import MOST_MORE
from pipeline.induce.nesting import OFTEN, SHARED, Nest
from pipeline.induce.page import Page
from pipeline.induce.ragged import Spans
from pipeline.induce.sheet import FEWEST
from pipeline.induce.structure import BODY, FURNITURE, FURNITURE_WEIGHT, HEADER, OUTSIDE

DEEPER = 0.9  # of the words of records, those that are set in
FIRST_WORD = re.compile(r"(\S+) \S")  # of a line in which more follows


class Records(NamedTuple):
    """The records of several ways to part a page, whose rows are counted through, `height` a way.

    Attributes:
        starts, ends: the first and the last row of each.
        number: the record that each line is of, by way and line; -1 for none.
    """

    starts: np.ndarray
    ends: np.ndarray
    number: np.ndarray

    @property
    def way(self) -> np.ndarray:
        """Give the way that each record is of."""
        return self.starts // self.number.shape[1]

    @property
    def first_lines(self) -> np.ndarray:
        """Give the first line of each record in the page."""
        return self.starts % self.number.shape[1]

    @property
    def last_lines(self) -> np.ndarray:
        """Give the last line of each record in the page."""
        return self.ends % self.number.shape[1]

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Give by way the first line of the first record, and the last line of the last."""
        ends = np.cumsum(self.total())
        return self.first_lines[np.append(0, ends[:-1])], self.last_lines[ends - 1]

    def total(self, values: np.ndarray | None = None) -> np.ndarray:
        """Sum by way what is told of each record; count them, of null."""
        return np.bincount(self.way, values, minlength=len(self.number))

    def share(self, holds: np.ndarray) -> np.ndarray:
        """Say by way of which share of the records something holds."""
        return self.total(holds) / self.total()

    def holding(self, holds: np.ndarray) -> np.ndarray:
        """Say of each record whether something holds in a line of it, told by way and line."""
        found = np.zeros(len(self.starts), dtype=bool)
        found[self.number[holds & (self.number >= 0)]] = True
        return found


def records_of(starts: Sequence[np.ndarray], ends: Sequence[np.ndarray], height: int) -> Records:
    """Lay ways to part a page end to end, told by the first and the last rows of their records."""
    above = np.repeat(np.arange(len(starts)) * height, [len(rows) for rows in starts])
    firsts, lasts = np.concatenate(starts) + above, np.concatenate(ends) + above
    number = np.full(len(starts) * height, -1)
    number[_rows(firsts, lasts)] = np.repeat(np.arange(len(firsts)), lasts - firsts + 1)
    return Records(firsts, lasts, number.reshape(len(starts), height))


def _rows(firsts: np.ndarray, lasts: np.ndarray) -> np.ndarray:
    """List the rows of stretches, one after the other; one that ends above its first has none."""
    return Spans(firsts, np.maximum(lasts + 1, firsts)).values


def first_words(page: Page) -> np.ndarray:
    """Number the words with which lines begin in which more follows, the same alike; 0 for none."""
    numbers = {"": 0}
    found = (FIRST_WORD.match(text) for text in page.texts)
    return np.array([numbers.setdefault(told[1] if told else "", len(numbers)) for told in found])


def roles(nests: Sequence[Nest], words: np.ndarray) -> np.ndarray:
    """Tell records' words from what the site says in them, above them and among them.

    Args:
        nests: ways in which the boxes of one page are records.
        words: the first words of its lines, as `first_words` gives them.

    Returns:
        The role of each line, by nest and line (see `structure`).
    """
    page = nests[0].sheet.page
    records = records_of([nest.starts for nest in nests], [nest.ends for nest in nests], page.height)
    role = np.where(records.number >= 0, BODY, OUTSIDE).astype(np.int8)
    role[_site_lines(page, records)] = FURNITURE
    _label(nests, words, records, role)
    begin_with_text = records.share(nests[0].sheet.is_text[records.first_lines]) >= SHARED
    role.ravel()[records.starts[~begin_with_text[records.way]]] = HEADER
    firsts = _set_dated(nests, records, role)
    _trim(page, role, firsts, records.ends)
    _set_siblings(nests, records, role)
    return role


def _site_lines(page: Page, records: Records) -> np.ndarray:
    """Say which short lines the site repeats in many records, but for numbers and dates."""
    shape, n = page.shapes["exact"], records.total()[:, None]
    is_brief = page.weight <= FURNITURE_WEIGHT
    least = np.where(is_brief, np.maximum(2, OFTEN * n), np.maximum(FEWEST, SHARED * n))
    n_records, _ = _n_holding(shape, records)
    is_often: np.ndarray = (records.number >= 0) & (shape >= 0) & (n_records >= least)
    return is_often


def _n_holding(keys: np.ndarray, records: Records) -> tuple[np.ndarray, np.ndarray]:
    """Count the records of each way, and their lines, that hold the key of a line; both by way and line.

    Lines are sorted by key once for all ways: those of one record then follow each other.
    """
    order = np.argsort(keys, kind="stable")
    is_new = np.diff(keys[order], prepend=keys.min() - 1) != 0
    key = np.empty_like(order)
    key[order] = np.cumsum(is_new) - 1
    number = records.number[:, order]
    is_first = (number >= 0) & (is_new | (np.diff(number, axis=1, prepend=-1) != 0))
    counts = (
        np.add.reduceat(told, np.flatnonzero(is_new), axis=1, dtype=np.int64)
        for told in (is_first, number >= 0)
    )
    n_records, n_lines = (by_key[:, key] for by_key in counts)
    return n_records, n_lines


def _label(nests: Sequence[Nest], words: np.ndarray, records: Records, role: np.ndarray) -> None:
    """Take lines with a label for the site's, where most records hold more than those and their first line."""
    is_label = _labelled(nests[0].sheet.depth, words, records)
    is_rest = (role == BODY) & ~is_label
    is_rest.ravel()[records.starts] = False
    n_more = records.total(records.holding(is_rest))
    role[is_label & (n_more >= SHARED * records.total())[:, None]] = FURNITURE


def _labelled(depth: np.ndarray, words: np.ndarray, records: Records) -> np.ndarray:
    """Say which lines stand once in most records at one depth and begin with one word: "Tags: looms, engines"."""
    n_records, n_lines = _n_holding(words * (depth.max() + 1) + depth, records)
    is_told = (records.number >= 0) & (words > 0) & (n_lines <= (1 + MOST_MORE) * n_records)
    is_label: np.ndarray = is_told & (n_records >= np.maximum(FEWEST, SHARED * records.total()[:, None]))
    return is_label


def _set_dated(nests: Sequence[Nest], records: Records, role: np.ndarray) -> np.ndarray:
    """Take for heads the lines that say when, where most records have one, and for the site's what stands above them.

    Returns:
        The row of each record from which on its words may stand.
    """
    page, way, roles = nests[0].sheet.page, records.way, role.ravel()
    dated = np.concatenate([nest.dated for nest in nests])
    is_dated = (dated >= 0) & (records.share(dated >= 0) >= SHARED)[way]
    dated += way * page.height
    is_above = is_dated & ~_are_feet(page, records, role, np.where(is_dated, dated, -1))[way]
    roles[dated[is_dated]] = HEADER
    firsts = records.starts + (roles[records.starts] == HEADER)
    n_prose = _n_above(np.tile(page.prose, len(nests)))
    is_above &= dated > records.starts
    is_above[is_above] = n_prose[dated[is_above]] == n_prose[firsts[is_above]]
    over = _rows(firsts[is_above], dated[is_above] - 1)
    roles[over[roles[over] == BODY]] = FURNITURE
    return np.where(is_above, dated + 1, firsts)


def _are_feet(page: Page, records: Records, role: np.ndarray, dated: np.ndarray) -> np.ndarray:
    """Say of each way whether what says when stands below most of the words of its records; row -1: none does."""
    mass = _n_above(page.weight * (role == BODY))
    starts, dated, ends = (rows[dated >= 0] for rows in (records.starts, dated, records.ends))
    above, below = mass[dated] - mass[starts], mass[ends + 1] - mass[dated + 1]
    over = np.bincount(dated // page.height, above - below, minlength=len(role))
    are_feet: np.ndarray = over > 0
    return are_feet


def _n_above(values: np.ndarray) -> np.ndarray:
    """Sum what is told of the rows above each, and of all."""
    return np.append(0, np.cumsum(values))


def _trim(page: Page, role: np.ndarray, firsts: np.ndarray, lasts: np.ndarray) -> None:
    """Take for the site's the short lines among its own above a record's words."""
    words = np.flatnonzero((role == BODY) & (page.prose | page.ends))
    site = np.flatnonzero(role == FURNITURE)
    word = np.append(words, role.size)[np.searchsorted(words, firsts)]
    above, below = np.searchsorted(site, firsts), np.searchsorted(site, word)
    has_site = (word <= lasts) & (below > above)
    firsts, last = firsts[has_site], site[below[has_site] - 1]
    is_most = 2 * (below - above)[has_site] >= last - firsts + 1
    role.ravel()[_rows(firsts[is_most], last[is_most])] = FURNITURE


def _set_siblings(nests: Sequence[Nest], records: Records, role: np.ndarray) -> None:
    """Take short siblings of the lines with which records begin for the site's; below the words they are outside.

    But where the words of most records stand deeper than those lines.
    """
    sheet, page = nests[0].sheet, nests[0].sheet.page
    is_deeper = sheet.depth > np.array([nest.depth for nest in nests])[:, None]
    mass = page.weight * (role == BODY)
    total = mass.sum(axis=1)
    are_deeper = (total > 0) & ((mass * is_deeper).sum(axis=1) >= DEEPER * total)
    is_word = (role == BODY) & are_deeper[:, None]
    is_beside = is_word & ~is_deeper & page.short & ~page.prose
    words, heads = np.flatnonzero(is_word & ~is_beside), np.flatnonzero(role == HEADER)
    place = np.searchsorted(words, records.ends, side="right")
    last = np.append(words, -1)[place - 1]
    is_set = records.holding(is_beside) & (last >= records.starts)
    is_parted = is_set & (np.searchsorted(heads, last) == np.searchsorted(heads, records.ends, side="right"))
    role[is_beside & is_set[records.number]] = FURNITURE
    role.ravel()[_rows(last[is_parted] + 1, records.ends[is_parted])] = OUTSIDE
