"""Does a page hold the records that were found in it, or an article with other things about it?

Menus, teasers, related stories and galleries recur as records do, and often with dates. What tells them from what a
page is about is what the records have in common, by all that is told of the way that parts the page into them, and how
much of the page an article would be. `preference.json` holds what was learned (`tests/bench/choices.py preference`) of
730 real pages of one article and 58 of more (as they were read before, but for 31 put right by eye), 900 of random
layouts and 137 made up. In eight folds, 712 of the first are taken for an article and 48 of the second for records;
mean F by overlap is .74 on random layouts with several records (.80 had all been chosen rightly), .85 on such with one
(.88). How long a page is is not asked: it tells the real pages from the others.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article import speak_of_answers
from pipeline.grammar import Grammar
from pipeline.segment.marks import Marked
from pipeline.segment.rows import NONE

LEARNED = Path(__file__).parent / "preference.json"
MOST = {"named": 1.0, "titled": 1.0, "answering": 1.0, "uneven": 0.5, "regular": 1.0}  # that records may tell
LARGEST = 7.4  # of an article's size: none of the real pages held more, so of more nothing was learned
NEAR = 12  # lines above the first record in which the page speaks of answers


class Speaks(NamedTuple):
    """What speaks for records, in log odds: what is usual, and of each piece of evidence its mean and its weight."""

    bias: float
    weights: Mapping[str, tuple[float, float]]

    def __call__(self, told: Mapping[str, float]) -> float:
        """Sum what is told; what is not told counts nothing."""
        those = ((told[name], *learned) for name, learned in self.weights.items() if name in told)
        return self.bias + sum(weight * (value - mean) for value, mean, weight in those)


@cache
def speaks() -> Speaks:
    """Read what was learned (`tests/bench/choices.py preference`)."""
    learned = json.loads(LEARNED.read_text("utf-8"))
    return Speaks(
        learned["bias"], {name: (mean, weight) for name, (mean, weight) in learned["weights"].items()}
    )


def prefers_records(told: Mapping[str, float]) -> float:
    """Say in log odds how much likelier records are than an article to be what a page holds."""
    return speaks()(told)


def may_prefer_records(told: Mapping[str, float], grammar: Grammar | None = None) -> bool:
    """Say whether records might be likelier than an article, before their lines are marked (see `tell_of_records`).

    Args:
        told: what is told of them; what is not told yet may be as good as can be.
        grammar: what would mark them; null: not known, as it is slow to write.
    """
    may_name = grammar is None or any("author" in mark.groups for mark in grammar.marks)
    most = MOST if may_name else {**MOST, "named": 0.0}
    best = {name: value if speaks().weights[name][1] > 0 else 0.0 for name, value in most.items()}
    return prefers_records({**best, **told}) >= 0


def ask_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Add to the lines of some documents what is asked of each: how long it is, whether it speaks of answers."""
    return lines.with_columns(n_chars=pl.col("text").str.len_chars(), speaks=speak_of_answers(lines["text"]))


def tell_of_article(page: pl.DataFrame, words: np.ndarray, sure: float) -> dict[str, float]:
    """Say what is told of the article that a page may hold.

    Args:
        page: the lines of the document (see `ask_lines`).
        words: by line, how much speaks for its being an article's own words; nothing, where there is none.
        sure: how sure the article is, 0 to 1.

    Returns:
        What speaks for it, as the logarithm of the sum (`size`, at most LARGEST), its share by the square roots of
        lines' lengths: of the page (`share`), and of what stands from its first line to its last (`dense`); and how
        sure it is (`article`).
    """
    weight = np.sqrt(page["n_chars"].to_numpy())
    rows = np.flatnonzero(words > 0)
    own = weight[rows].sum()
    within = weight[rows[0] : rows[-1] + 1].sum() if len(rows) else 0.0
    return {
        "article": sure,
        "size": min(LARGEST, float(np.log1p(words.sum()))),
        "share": float(own / max(1.0, weight.sum())),
        "dense": float(own / max(1.0, within)),
    }


def tell_of_records(
    page: pl.DataFrame, words: np.ndarray, record: np.ndarray, marked: Marked
) -> dict[str, float]:
    """Say what is told of the records of one document.

    Args:
        page: the lines of the document (see `ask_lines`).
        words: by line, how much speaks for its being an article's own words.
        record: by line, the row that opens its record; -1: it is in none.
        marked: the marks of the lines.

    Returns:
        The shares of the records that name someone (`named`), and that have a title (`titled`), with what
        `tell_of_lines` says.
    """
    starts = np.unique(record[record > NONE])
    if not len(starts):
        return dict.fromkeys(MOST, 0.0)
    told = {"named": "author", "titled": "title"}
    shares = {
        name: float(np.isin(starts, record[_rows_that_say(marked, group)]).mean())
        for name, group in told.items()
    }
    return shares | tell_of_lines(page, words, record)


def tell_of_lines(page: pl.DataFrame, words: np.ndarray, record: np.ndarray) -> dict[str, float]:
    """Say what is told of records by their lines alone, whatever marks them (see `tell_of_records`).

    Returns:
        Whether the page speaks of answers above the first, or in most (`answering`). And how far their lengths differ,
        by the spread of the logarithms (`uneven`), less the share of the article's words that they hold: teasers beside
        an article are of one length. And the share that begins at one indent (`regular`), as far as they hold its
        words: its parts.
    """
    rows = np.flatnonzero(record > NONE)
    starts, number = np.unique(record[rows], return_inverse=True)
    if not len(starts):
        return {"answering": 0.0, "uneven": 0.0, "regular": 0.0}
    held = min(1.0, words[rows].sum() / max(1.0, words.sum()))
    sizes = np.bincount(number, page["n_chars"].to_numpy()[rows])
    _, n_alike = np.unique(page["indent"].to_numpy()[starts], return_counts=True)
    first, speaks = int(rows[0]), page["speaks"].to_numpy()
    answering = np.bincount(number, speaks[rows]) > 0
    told = {
        "answering": speaks[max(0, first - NEAR) : first].any() or answering.mean() > 0.5,
        "uneven": min(MOST["uneven"], np.log1p(sizes).std()) * (1 - held),
        "regular": n_alike.max() / len(starts) * held,
    }
    return {name: float(value) for name, value in told.items()}


def _rows_that_say(marked: Marked, name: str) -> np.ndarray:
    """List the rows whose mark holds something in a group."""
    found, there = [np.zeros(0, dtype=np.int64)], set(marked.mark.tolist())
    for number, frame in marked.groups.items():
        if number in there and name in frame.columns:
            rows = frame.filter(pl.col(name).fill_null("") != "")["row"].to_numpy()
            found.append(rows[marked.mark[rows] == number])
    return np.concatenate(found)
