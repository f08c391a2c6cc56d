"""Records of others that hold words of what was asked out: told while its text is still known, and left to judge."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline import shingles, sketches
from schemas import Tables


def of(tables: Tables, out: pl.Series) -> pl.DataFrame:
    """Find the records of others that hold a passage of what was asked out: twenty words of it and more.

    Args:
        tables: of a release.
        out: the ids of records of it that were asked out.

    Returns:
        The records, without those, by `record_id`: `author`, `title`, and `n_shared`, how many different runs of
        five words they have in common with what was asked out; the most first.
    """
    is_out = pl.col("record_id").is_in(out.drop_nulls().implode())
    gone = [found.hash for found in shingles.of(tables.records.filter(is_out)["text"])]
    words = np.unique(np.concatenate([np.empty(0, np.uint64), *gone]))
    others = tables.records.filter(~is_out).select("record_id", "author", "title", "text")
    n_shared = np.zeros(len(others), np.int64)
    for found in shingles.of(others["text"]):
        is_shared = np.isin(found.hash, words)
        pairs = pl.DataFrame({"text": found.text[is_shared], "hash": found.hash[is_shared]}).unique()
        n_shared += np.bincount(pairs["text"].to_numpy(), minlength=len(others))
    told = others.drop("text").with_columns(n_shared=pl.Series(n_shared))
    return told.filter(pl.col("n_shared") >= sketches.SHINGLES).sort(
        "n_shared", "record_id", descending=[True, False]
    )
