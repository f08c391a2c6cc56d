"""Long pages that no grammar was written for: a part is read, and the rest as more of the same.

What a page is made of shows in some thousand of its lines. Of a longer page windows are taken, from its top to its
foot, and read as if they were a page. What was found is then looked for between them, and kept if as many records stand
there. Else the page is read whole, and so is one that holds an article, whose words are told line by line.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline import article
from pipeline.grammar import Grammar
from pipeline.segment.example import EXPECTED, by_example, contexts, expect
from pipeline.segment.marks import Marked, mark_lines
from pipeline.segment.readers import Reader, Reading, choose, lines_of, read_stated
from pipeline.segment.rows import NONE

# A page of more lines, or more bytes, is long. Of 955 pages of the web the longest had 2,297 lines and 301,765 bytes.
LONG_LINES, LONG_BYTES = 3000, 1_000_000
# Lines of the windows, from the top of a page to its foot; where they do not tell, more are tried.
WINDOWS = (800, 300, 300, 400)
MORE_WINDOWS = (1600, *(600,) * 7, 1200)
# Of so many lines a window may begin at one below a blank line, as records do.
SOON = 40
BLOCK = 300  # lines between windows that are weighed together, at least
USUAL = 12  # and as many as so many records have in the windows
SPARSE, DENSE = 0.5, 2.0  # beside the windows, so many records may stand in a block
LEAST_ALIKE = 0.9  # of the blocks, those in which neither fewer nor more stand
MOST_BARE = 5  # times the longest stretch of lines in the windows in which nothing begins
LEAST_AGREED = 0.9  # of what begins in the windows, what is found there again
ROW = pl.int_range(pl.len(), dtype=pl.Int64).alias("row")
WHOLE: tuple[Reader, ...] = (article.read, read_stated)  # whose words are told line by line


class Sample(NamedTuple):
    """Windows of a page.

    Attributes:
        rows: their rows, in order.
        window: of each row, the window's number.
        lines: their lines, numbered as those of a page of their own.
        number: of each row of the page, its number among them; of what lies between two windows, that of the seam.
    """

    rows: np.ndarray
    window: np.ndarray
    lines: pl.DataFrame
    number: np.ndarray


def choose_sampled(lines: pl.DataFrame, readers: Sequence[Reader]) -> list[Reading]:
    """Choose a reading of each document as `choose` does, of long ones by a part of each.

    Args:
        lines: the lines of the documents that no grammar knows (see `ingest.read_lines`).
        readers: those to ask.
    """
    long = _long(lines)
    if not long:
        return choose(lines, readers)
    others = np.setdiff1d(lines["doc"].unique().to_numpy(), long).tolist()
    found = choose(lines_of(lines, others), readers) if others else []
    read = (_read(lines_of(lines, [doc]), readers) for doc in long)
    found += [reading for reading in read if reading is not None]
    return sorted(found, key=lambda reading: reading.doc)


def _long(lines: pl.DataFrame) -> list[int]:
    """List the documents that are long."""
    size = pl.col("byte_end").last() - pl.col("byte_start").first()
    is_long = (pl.len() > LONG_LINES) | (size > LONG_BYTES)
    docs: list[int] = (
        lines.group_by("doc", maintain_order=True).agg(long=is_long).filter("long")["doc"].to_list()
    )
    return docs


def _read(page: pl.DataFrame, readers: Sequence[Reader]) -> Reading | None:
    """Read a long page by windows of it; whole where that does not hold."""
    samples = (take(page, windows) for windows in (WINDOWS, MORE_WINDOWS))
    for sample in samples:
        if len(sample.rows) == page.height:
            return next(iter(choose(page, readers)), None)
        reading = next(iter(choose(sample.lines, readers)), None)
        if reading is None or reading.words is not None:
            break
        if reading.marked is None:  # as nothing else was offered
            reading = reading._replace(marked=mark_lines(sample.lines.with_columns(ROW), reading.made))
        told = (extended(page, reading, sample) for extended in (_by_pattern, _by_example))
        if found := next((one for one in told if one is not None), None):
            return found
    by_line = [reader for reader in readers if reader in WHOLE]
    return next(iter(choose(page, by_line)), None) if reading else None


def _by_pattern(page: pl.DataFrame, reading: Reading, sample: Sample) -> Reading | None:
    """Mark a page by the grammar of its windows, to which what lies between two is one line."""
    lines = page.with_columns(ROW, n=pl.Series(sample.number))
    marked = mark_lines(lines, _rarer(reading.made, page.height / len(sample.rows)))
    agreed = _agreement(_firsts(reading, reading.marked), _firsts(reading, marked)[sample.rows])
    return _sure(reading, marked, sample, agreed)


def _rarer(grammar: Grammar, times: float) -> Grammar:
    """Ask for a name oftener on a page so many times as long: there more that is none is said twice by chance."""
    often = max(1.0, times**0.5)
    marks = (
        replace(mark, times=round(mark.times * often)) if mark.repeats else mark for mark in grammar.marks
    )
    return replace(grammar, marks=tuple(marks))


def _by_example(page: pl.DataFrame, reading: Reading, sample: Sample) -> Reading | None:
    """Mark a page as what looks alike in the windows, if each could have been marked so by the others."""
    assert reading.marked is not None
    mark, rows = reading.marked.mark, sample.rows
    around = contexts(page, reading.made, rows, mark)
    tried = np.full(len(rows), NONE)
    for window in range(sample.window[-1] + 1):
        own = sample.window == window
        tried[own] = expect(around, rows[~own], mark[~own], rows[own])
    agreed = _agreement(_firsts(reading, reading.marked), _firsts(reading, Marked(tried, {})))
    if agreed < LEAST_AGREED:
        return None
    known = _whole_records(_firsts(reading, reading.marked), sample)
    expected = expect(around, rows[known], mark[known], np.arange(page.height))
    expected[rows[known]] = mark[known]
    marked = mark_lines(page.with_columns(ROW, pl.Series(EXPECTED, expected)), by_example(reading.made))
    return _sure(reading, marked, sample, agreed)


def take(page: pl.DataFrame, windows: Sequence[int] = WINDOWS) -> Sample:
    """Take windows of so many lines of a page, which may be all of it."""
    height, gap = page.height, page["gap"].to_numpy()
    room = (height - sum(windows)) // (len(windows) - 1)
    if room <= SOON:
        return Sample(
            np.arange(height), np.zeros(height, dtype=np.int64), page, np.arange(height, dtype=np.float64)
        )
    spans, at = [], 0
    for size in windows[:-1]:
        first = at + int((gap[at : at + SOON] > 0).argmax()) if at else 0
        spans.append((first, first + size))
        at += size + room
    spans.append((height - windows[-1], height))
    rows = np.concatenate([np.arange(*span) for span in spans])
    number = np.searchsorted(rows, np.arange(height)) - 0.5
    number[rows] = np.arange(len(rows))
    own = pl.int_range(pl.len(), dtype=pl.Int32)
    lines = page[rows].with_columns(n=own, n_left=pl.len().cast(pl.Int32) - 1 - own)
    window = np.repeat(np.arange(len(spans)), windows)
    return Sample(rows, window, lines, number)


def _whole_records(is_first: np.ndarray, sample: Sample) -> np.ndarray:
    """Say which lines of windows are of what neither begins nor ends beyond: the rest was read as one across a seam."""
    is_whole = np.ones(len(is_first), dtype=bool)
    last = int(sample.window[-1])
    for number in range(last + 1):
        rows = np.flatnonzero(sample.window == number)
        begins = np.flatnonzero(is_first[rows])
        if len(begins):
            is_whole[rows[: begins[0] if number else 0]] = False
            is_whole[rows[begins[-1] + 1 if number < last else len(rows) :]] = False
    return is_whole


def _sure(reading: Reading, marked: Marked, sample: Sample, agreed: float) -> Reading | None:
    """Give the reading of a page so marked, if between its windows as much begins as in them; else null."""
    if agreed < LEAST_AGREED:
        return None
    alike = _alike(_firsts(reading, reading.marked), _firsts(reading, marked), sample)
    if alike < LEAST_ALIKE:
        return None
    return reading._replace(confidence=reading.confidence * agreed * alike, words=None, marked=marked)


def _agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Say how far two agree on which lines begin what: twice what both say, of all that each says."""
    return 2 * int((one & other).sum()) / max(1, int(one.sum() + other.sum()))


def _alike(promised: np.ndarray, is_first: np.ndarray, sample: Sample) -> float:
    """Give the share of the lines between windows, block by block, where about as much begins as in those beside them.

    Args:
        promised: of each line of the windows, whether something begins there.
        is_first: of each line of the page.
        sample: the windows.
    """
    windows = [promised[sample.window == number] for number in range(sample.window[-1] + 1)]
    ends = np.flatnonzero(np.diff(sample.rows) > 1)
    gaps = zip(sample.rows[ends] + 1, sample.rows[ends + 1], pairwise(windows), strict=True)
    found = [_blocks_alike(is_first[start:end], beside) for start, end, beside in gaps]
    told = np.concatenate([np.ones(0, dtype=bool), *found])
    return float(told.mean()) if len(told) else 1.0


def _blocks_alike(is_first: np.ndarray, beside: Sequence[np.ndarray]) -> np.ndarray:
    """Say of lines between two windows, block by block, whether about as much begins there as in these."""
    least, most = sorted(float(window.mean()) for window in beside)
    size = int(max(BLOCK, USUAL / least if least else 0))
    starts = np.arange(0, max(1, len(is_first) - size + 1), size)
    sizes = np.diff(np.append(starts, len(is_first)))
    share = np.add.reduceat(is_first.astype(np.int64), starts) / sizes
    told: np.ndarray = (share >= SPARSE * least) & (share <= DENSE * most + 1 / sizes)
    if least:
        bare = _bare(is_first) > MOST_BARE * max(int(_bare(window).max()) for window in beside)
        told &= ~np.logical_or.reduceat(bare, starts)
    return np.repeat(told, sizes)


def _bare(is_first: np.ndarray) -> np.ndarray:
    """Count the lines of the stretch about each in which nothing begins."""
    stretch = np.cumsum(is_first)
    return np.bincount(stretch)[stretch]


def _firsts(reading: Reading, marked: Marked | None) -> np.ndarray:
    """Say which lines begin a record, or a segment that they name."""
    assert marked is not None
    marks = reading.made.marks
    begins = [mark.opens is not None or (mark.part.is_label and not mark.part.goes_on) for mark in marks]
    return np.array([*begins, False])[marked.mark]
