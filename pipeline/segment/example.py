"""Lines marked as others of their page are that look like them and stand among such.

So is the rest of a page read where the grammar of some of its lines tells them by their numbers. A line looks like
another if the site says both, but for numbers, or if the same patterns of the grammar hold of both; and both are as
long, as far set in, and below a blank line or not. A line is marked as most that look like it and whose neighbours
look like its own: two above and below, or one, or as far as such were seen.
"""

from collections.abc import Iterable, Sequence
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
FACTOR = -7046029254386353131  # odd, and its bits without order: the golden ratio's


def by_example(grammar: Grammar) -> Grammar:
    """Take a grammar for one whose marks hold where they are expected, by the column EXPECTED of the lines."""
    marks = (replace(mark, where=pl.col(EXPECTED) == i) for i, mark in enumerate(grammar.marks))
    return replace(grammar, marks=tuple(marks), facts={})


def expect(around: Sequence[np.ndarray], rows: np.ndarray, mark: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Say which mark is expected of some lines of a page.

    Args:
        around: of each line, as `contexts` gives them.
        rows: the lines whose marks are known.
        mark: those marks.
        asked: the lines that are asked for.
    """
    found, left = np.full(len(asked), NONE), np.arange(len(asked))
    for key in around:
        known, usual = _usual(key[rows], mark)
        if not len(known):
            continue
        own = key[asked[left]]
        place = np.minimum(np.searchsorted(known, own), len(known) - 1)
        is_told = known[place] == own
        found[left[is_told]] = usual[place[is_told]]
        left = left[~is_told]
    return found


def contexts(page: pl.DataFrame, grammar: Grammar, rows: np.ndarray, mark: np.ndarray) -> list[np.ndarray]:
    """Number how each line of a page looks and what stands around it, for each of AROUND.

    Args:
        page: the lines of a document.
        grammar: of whose marks the patterns are asked, of those that are known.
        rows: the lines whose marks are known, by which it is told too what the site says often.
        mark: those marks.
    """
    known = [grammar.marks[number].pattern for number in np.unique(mark[mark > NONE]).tolist()]
    looks = _looks(page, dict.fromkeys(telling(one) for one in known if one != ANYTHING), page[rows])
    return [_mixed([_shifted(looks, place) for place in places]) for places in AROUND]


def _looks(page: pl.DataFrame, patterns: Iterable[str], seen: pl.DataFrame) -> np.ndarray:
    """Number how each line looks; `seen` are those by which it is told what the site says often."""
    text, size = pl.col("text").str, pl.col("text").str.len_bytes()
    said = pl.when(size <= LONG).then(text.replace_all(r"\d+", "0")).alias("said")
    often = seen.select(said).drop_nulls().group_by("said").len().filter(pl.col("len") >= OFTEN)
    often = often.select("said").sort("said").with_row_index("number", offset=1)
    told = page.select(
        said,
        (pl.col("gap") > 0).alias("parted"),
        pl.min_horizontal(pl.col("indent"), MOST_INDENT).alias("indent"),
        ((size > SHORT).cast(pl.Int64) + (size > LONG) + 3 * text.contains(STOP)).alias("form"),
        *(text.contains(pattern).alias(f"holds_{i}") for i, pattern in enumerate(patterns)),
    )
    number = (
        told.select("said").join(often, on="said", how="left", maintain_order="left")["number"].fill_null(0)
    )
    return _mixed([number.to_numpy(), *(told[name].cast(pl.Int64).to_numpy() for name in told.columns[1:])])


def _mixed(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Give the rows of some columns numbers, equal where the rows are; that others are too is most unlikely."""
    mixed = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        mixed = (mixed ^ (mixed >> 29)) * FACTOR + column
    return mixed


def _shifted(looks: np.ndarray, place: int) -> np.ndarray:
    """Give how the line looks that stands so far below each; beyond the page nothing does."""
    edge = np.zeros(abs(place), dtype=np.int64)
    return np.append(looks[place:], edge) if place > 0 else np.append(edge, looks[: len(looks) + place])


def _usual(key: np.ndarray, mark: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the keys of at least SEEN lines in order, and for each the mark that most have."""
    known, number, times = np.unique(key, return_inverse=True, return_counts=True)
    n_marks = int(mark.max(initial=NONE)) + 2
    pairs, shares = np.unique(number * n_marks + mark + 1, return_counts=True)
    order = np.argsort(shares, kind="stable")
    usual = np.full(len(known), NONE)
    usual[pairs[order] // n_marks] = pairs[order] % n_marks - 1  # of several, the last is kept
    return known[times >= SEEN], usual[times >= SEEN]
