"""A second look at each line: what the first found of the lines around it, and whether its words are those of the page.

The first look knows a line by its shape and its place. Once all lines were looked at, it is known how much the page's
own words are alike, where the last of them that are beyond doubt stand, and what they speak of: a plea below an article
is prose like this, but less surely so than any line above it, and it speaks of something else.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.article.features import Features
from pipeline.article.passages import Rows
from pipeline.article.regions import passages, weigh

# What tells what a text speaks of: words of four letters on, up to twelve of each; in Chinese and Japanese, pairs.
TELLING = r"[\p{Han}\p{Hiragana}\p{Katakana}]{2}|[\p{L}\p{M}]{4,12}"
HEAD = 600  # characters of a line that are looked at
FEWEST = 3  # telling words from which on a share says something
SURE = 1.0  # the logarithm of the odds from which on a passage is the page's own words
BESIDE = 6  # lines above and below
FAR = 60.0  # what stands between a line and the next sure one, where there is none
POOR = -6.0  # the odds of what is no prose

Votes = np.ndarray


def look_again(lines: pl.DataFrame, said: Mapping[str, np.ndarray], odds: np.ndarray, rows: Rows) -> Features:
    """Add to what is said of each line what the first look found around it.

    Args:
        lines: the table of lines, whole documents.
        said: what `features` says of them.
        odds: by line, what the first look found (see `model.evidence`).
        rows: where the rows of each document lie.
    """
    width = np.exp2(said["size"].astype(np.float64)) - 1
    votes = weigh(odds, width).astype(np.float64)
    is_inside, is_prose = passages(votes, rows), said["prose"] > 0
    is_sure = is_prose & (odds > SURE)
    found = {"odds": odds, "odds_1": rows.mean_around(odds, 1), "inside": is_inside}
    found |= {f"odds{step:+d}": rows.away(odds, step) for step in (-1, 1)}
    found |= _amounts(votes, is_sure, rows) | _levels(odds, is_prose, np.where(is_sure, width, 0), rows)
    found |= _subjects(lines, is_sure & is_inside, width, rows)
    return {**said} | {name: values.astype(np.float32) for name, values in found.items()}


def _amounts(votes: Votes, is_sure: np.ndarray, rows: Rows) -> Features:
    """Say how much speaks for words above and below each line, and what stands between it and the next sure ones."""
    good = np.maximum(votes, 0)
    total = np.maximum(rows.total(good), 1)
    above = rows.so_far(good) - good
    against = np.append(0, np.cumsum(np.minimum(votes, 0)))
    up, down = rows.away(rows.above(is_sure) + 1, -1) - 1, rows.away(rows.below(is_sure) + 1, 1) - 1
    break_above = np.where(up >= 0, against[up + 1] - against[rows.at], FAR)
    break_below = np.where(down >= 0, against[rows.at + 1] - against[down], FAR)
    return {
        "votes": np.log2(1 + rows.total(good)),
        "votes_above": above / total,
        "votes_below": (rows.total(good) - above - good) / total,
        "break_above": np.log2(1 + np.maximum(break_above, 0)),
        "break_below": np.log2(1 + np.maximum(break_below, 0)),
    }


def _levels(odds: np.ndarray, is_prose: np.ndarray, sure_width: np.ndarray, rows: Rows) -> Features:
    """Compare the odds of each line, and the best of those above and below, with what is usual for the page's words."""
    usual = rows.total(sure_width * odds) / np.maximum(rows.total(sure_width), 1)
    prose = np.where(is_prose, odds, POOR)
    best_above = rows.most_so_far(prose) - usual
    best_below = rows.reversed().most_so_far(prose[::-1])[::-1] - usual
    return {
        "usual": usual,
        "odds_to_usual": np.where(usual != 0, odds - usual, np.nan),
        "best_above": best_above,
        "best_below": best_below,
        "worse_above": np.minimum(best_above, 0),
        "worse_below": np.minimum(best_below, 0),
    }


def _subjects(lines: pl.DataFrame, is_sure: np.ndarray, width: np.ndarray, rows: Rows) -> Features:
    """Say how many of a line's telling words stand in other sure lines, beside what is usual among these."""
    telling = (
        lines.lazy()
        .select("doc", word=pl.col("text").str.slice(0, HEAD).str.to_lowercase().str.extract_all(TELLING))
        .with_row_index("row")
        .with_columns(sure=pl.Series(is_sure))
        .explode("word")
        .drop_nulls()
        .with_columns(pl.col("word").hash())
        .unique()
        .with_columns(others=pl.col("sure").sum().over("doc", "word") - pl.col("sure").cast(pl.UInt32))
        .group_by("row")
        .agg(shared=(pl.col("others") > 0).sum() / pl.len().clip(lower_bound=FEWEST))
        .collect()
    )
    shared = np.full(lines.height, np.nan)
    shared[telling["row"].to_numpy()] = telling["shared"].to_numpy()
    usual = rows.total(np.where(is_sure, np.nan_to_num(shared), 0)) / np.maximum(rows.total(is_sure), 1)
    weight = np.where(np.isnan(shared), 0, width)
    around = rows.around(np.nan_to_num(shared - usual) * weight, BESIDE)
    return {
        "shared": shared - usual,
        f"shared_{BESIDE}": around / np.maximum(rows.around(weight, BESIDE), 1),
    }
