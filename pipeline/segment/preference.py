"""Does a page hold the records that were found in it, or an article with other things about it?

Menus, teasers, related stories and galleries recur as records do, and often with dates. What tells them from what a
page is about is who says when: posts and comments name both, where an article is one long stretch of prose.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.grammar import Grammar
from pipeline.segment.marks import Marked
from pipeline.segment.rows import NONE

# What speaks for records, in log odds: a logistic regression (ridge of 1) over 1,200 readings of 920 pages on which an
# article may stand too, each weighed by how far its records are better or worse than the article. 440 are real pages
# labelled by hand, among them all of 955 that were cut into several records before, 480 were made up. In eight folds by
# page, of 193 of the real ones that hold one article .61 were right (.48 before), of the records of 85 with comments
# .75 as before, and of those of the pages made up .85 and .997 (.85 and .99).
BIAS = 5.02
SPEAKS = {
    "offered": 1.27,
    "sure": 0.4,
    "standing": 1.06,
    "promised": 1.74,
    "run": -3.15,
    "named": 1.23,
    "titled": -1.58,
    "size": -1.18,
    "share": 5.83,
}
BEST = {"named": 1.0, "titled": 0.0}  # that records may tell


def prefers_records(told: Mapping[str, float]) -> float:
    """Sum what speaks for records being what a page holds, in log odds: each piece of evidence by its weight."""
    return BIAS + sum(weight * told[name] for name, weight in SPEAKS.items())


def may_prefer_records(told: Mapping[str, float], grammar: Grammar | None = None) -> bool:
    """Say whether records might be likelier than an article, before their lines are marked (see `tell_of_records`).

    Args:
        told: what is told of them and of the article.
        grammar: what would mark them; null: not known, as it is slow to write.
    """
    may_name = grammar is None or any("author" in mark.groups for mark in grammar.marks)
    best = BEST if may_name else {**BEST, "named": 0.0}
    return prefers_records({**told, **best}) >= 0


def tell_of_article(page: pl.DataFrame, words: np.ndarray) -> dict[str, float]:
    """Say what is told of the article that a page may hold.

    Args:
        page: the lines of the document.
        words: by line, how much speaks for its being an article's own words.

    Returns:
        What speaks for it, as the logarithm of the sum (`size`), and its share of the page by the square roots of its
        lines' lengths (`share`).
    """
    weight = np.sqrt(page["text"].str.len_chars().to_numpy())
    return {
        "size": float(np.log1p(words.sum())),
        "share": float(weight[words > 0].sum() / max(1.0, weight.sum())),
    }


def tell_of_records(record: np.ndarray, marked: Marked) -> dict[str, float]:
    """Say what is told of the records of one document.

    Args:
        record: by line, the row that opens its record; -1: it is in none.
        marked: the marks of the lines.

    Returns:
        The shares of the records that name someone (`named`), and that have a title (`titled`).
    """
    numbers = np.unique(record[record > NONE])
    named, titled = (
        float(np.isin(numbers, record[_rows_that_say(marked, name)]).sum()) / max(1, len(numbers))
        for name in ("author", "title")
    )
    return {"named": named, "titled": titled}


def _rows_that_say(marked: Marked, name: str) -> np.ndarray:
    """List the rows whose mark holds something in a group."""
    found = [np.zeros(0, dtype=np.int64)]
    for number, frame in marked.groups.items():
        if name in frame.columns:
            rows = frame.filter(pl.col(name).fill_null("") != "")["row"].to_numpy()
            found.append(rows[marked.mark[rows] == number])
    return np.concatenate(found)
