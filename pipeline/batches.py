"""Tables in batches of whole documents: the memory that a hop takes is that of a batch, not of all there is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from schemas import Tables

BATCH_BYTES = 8 << 20  # of documents
ROWS = 1 << 18  # whose documents are looked up at a time


def of_documents(tables: Tables, size_bytes: int = BATCH_BYTES) -> Iterator[Tables]:
    """Cut tables into batches of whole documents of about so many bytes, by path, and at last what is of none of them.

    Rows that stand together in a table are seen where they lie. There is at least one batch; none but the last may be
    without a document.
    """
    numbers = _numbers(tables.documents, size_bytes)
    n_batches = numbers["batch"].n_unique()
    rows = [_rows(frame, numbers, n_batches) for frame in tables]
    *inside, outside = zip(*rows, strict=True)
    for own in (*inside, outside) if any(map(len, outside)) or not inside else inside:
        yield Tables(*map(_taken, tables, own))


def _numbers(documents: pl.DataFrame, size_bytes: int) -> pl.DataFrame:
    """Number the batch of each `document_id`."""
    places = documents.group_by("document_id").agg(pl.col("path").min(), pl.col("n_bytes").sum())
    filled = pl.col("n_bytes").cum_sum() // size_bytes
    return (
        places.sort("path", "document_id", nulls_last=True)
        .drop_nulls("document_id")
        .select("document_id", batch=filled.rank("dense").cast(pl.Int32) - 1)
    )


def _rows(frame: pl.DataFrame, numbers: pl.DataFrame, n_batches: int) -> list[np.ndarray]:
    """List the rows of each batch in their order, and last those of none."""
    ids = frame.select("document_id")
    found = [
        part.join(numbers, on="document_id", how="left", maintain_order="left")["batch"]
        for part in ids.iter_slices(ROWS)
    ]
    batch = pl.concat([pl.Series(dtype=pl.Int32), *found]).fill_null(n_batches).to_numpy()
    order = np.argsort(batch, kind="stable")
    ends = np.searchsorted(batch[order], np.arange(n_batches + 2))
    return [order[start:end] for start, end in pairwise(ends)]


def _taken(frame: pl.DataFrame, rows: np.ndarray) -> pl.DataFrame:
    is_run = not len(rows) or len(rows) == rows[-1] - rows[0] + 1
    return frame.slice(rows[0] if len(rows) else 0, len(rows)) if is_run else frame[rows]
