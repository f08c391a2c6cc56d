"""Lines marked as others of their page are that look like them and stand among such.

So is the rest of a page read where the grammar of some of its lines tells them by their numbers. A line looks like
another if the site says both, but for numbers, or if the same patterns of the grammar hold of both; and both are as
long, as far set in, and below a blank line or not. A line is marked as most that look like it and whose neighbours
look like its own: two above and below, or one, or as far as such were seen.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from pipeline.grammar import ANYTHING, Grammar, telling
from pipeline.segment.rows import NONE

EXPECTED = "expected_mark"
SHORT, LONG = 24, 90  # bytes of lines that are names and the like, and of such as may be a site's
MOST_INDENT = 40  # bytes
OFTEN = 3  # times a site says a line
STOP = r"[.!?。！？…:;,]['\"”»)\]]*$"
# The neighbours that are asked, the most first: a line is marked as those with the same, if so many were seen.
AROUND = ((-2, -1, 0, 1, 2), (-1, 0, 1, 2), (-2, -1, 0, 1), (-1, 0, 1), (0, 1), (-1, 0), (0,))
SEEN = 2


def by_example(grammar: Grammar) -> Grammar:
    """Take a grammar for one whose marks hold where they are expected, by the column EXPECTED of the lines."""
    marks = (replace(mark, where=pl.col(EXPECTED) == i) for i, mark in enumerate(grammar.marks))
    return replace(grammar, marks=tuple(marks), facts={})


def expect(looks: np.ndarray, rows: np.ndarray, mark: np.ndarray) -> np.ndarray:
    """Say which mark is expected of each line of a page.

    Args:
        looks: by line, the number of how it looks (see `looks`).
        rows: the lines whose marks are known.
        mark: those marks.
    """
    found = np.full(len(looks), NONE)
    is_open = np.ones(len(looks), dtype=bool)
    for places in AROUND:
        key = _joined([_shifted(looks, place) for place in places])
        usual, times = _usual(key[rows], mark, key.max() + 1)
        is_told = is_open & (times[key] >= SEEN)
        found[is_told] = usual[key[is_told]]
        is_open &= ~is_told
    found[rows] = mark
    return found


def looks(page: pl.DataFrame, grammar: Grammar, rows: np.ndarray) -> np.ndarray:
    """Number how each line looks.

    Args:
        page: the lines of a document.
        grammar: whose patterns are asked.
        rows: those lines by which it is known what the site says often.
    """
    text, size = pl.col("text").str, pl.col("text").str.len_bytes()
    patterns = dict.fromkeys(telling(mark.pattern) for mark in grammar.marks if mark.pattern != ANYTHING)
    told = page.select(
        pl.when(size <= LONG).then(text.replace_all(r"\d+", "0")).alias("said"),
        (pl.col("gap") > 0).alias("parted"),
        pl.min_horizontal(pl.col("indent"), MOST_INDENT).cast(pl.Int64).alias("indent"),
        ((size > SHORT).cast(pl.Int64) + (size > LONG) + 3 * text.contains(STOP)).alias("form"),
        *(text.contains(pattern).alias(f"holds_{i}") for i, pattern in enumerate(patterns)),
    )
    often = told[rows].group_by("said").len().filter((pl.col("len") >= OFTEN) & pl.col("said").is_not_null())
    said = often.select("said").sort("said").with_row_index("number", offset=1)
    number = (
        told.select("said").join(said, on="said", how="left", maintain_order="left")["number"].fill_null(0)
    )
    return _joined([number.to_numpy(), *(told[name].cast(pl.Int64).to_numpy() for name in told.columns[1:])])


def _joined(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Number the rows of some columns: equal rows have one number."""
    joined = columns[0].astype(np.int64)
    for column in columns[1:]:
        joined = np.unique(joined * (int(column.max()) + 1) + column, return_inverse=True)[1]
    return np.unique(joined, return_inverse=True)[1]


def _shifted(looks: np.ndarray, place: int) -> np.ndarray:
    """Give how the line looks that stands so far below each; beyond the page nothing does."""
    edge = np.full(abs(place), looks.max() + 1)
    return np.append(looks[place:], edge) if place > 0 else np.append(edge, looks[: len(looks) + place])


def _usual(key: np.ndarray, mark: np.ndarray, n_keys: int) -> tuple[np.ndarray, np.ndarray]:
    """Give for each key the mark that most lines with it have, and how many have the key."""
    n_marks = int(mark.max()) + 2
    pairs, times = np.unique(key * n_marks + mark + 1, return_counts=True)
    order = np.argsort(times, kind="stable")
    usual = np.full(n_keys, NONE)
    usual[pairs[order] // n_marks] = pairs[order] % n_marks - 1  # of several, the last is kept
    return usual, np.bincount(key, minlength=n_keys)
