"""Frames in batches of whole documents: the memory that a hop takes is that of a batch, not of all there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import polars as pl

BATCH_BYTES = 8 << 20  # of documents
ROWS = 1 << 16  # of a slice
FEW_RUNS = 256  # of rows that stand together: more are gathered one by one


def of_documents(
    documents: pl.DataFrame, frames: Sequence[pl.DataFrame], size_bytes: int = BATCH_BYTES
) -> Iterator[list[pl.DataFrame]]:
    """Cut frames into batches of whole documents of about so many bytes; what is of none of them stands in a last one.

    Rows that stand together in a frame are seen where they lie; those of a batch keep their order. There is at least
    one batch.

    Args:
        documents: `document_id` and `n_bytes`, in the order wanted.
        frames: need `document_id`, and may be in any order.
        size_bytes: of a batch.
    """
    filled = (documents["n_bytes"].fill_null(0).cum_sum() // size_bytes).to_numpy()
    bounds = np.append(np.flatnonzero(np.diff(filled, prepend=-1)), documents.height)
    places = [places_of(frame, documents) for frame in frames]
    orders = [None if is_in_order(place) else np.argsort(place, kind="stable") for place in places]
    ends = [
        np.searchsorted(place if order is None else place[order], np.append(bounds, documents.height + 1))
        for place, order in zip(places, orders, strict=True)
    ]
    n_batches = len(bounds)
    for batch in range(n_batches):
        own = [slice(*map(int, at[batch : batch + 2])) for at in ends]
        if batch + 1 < n_batches or n_batches == 1 or any(rows.start < rows.stop for rows in own):
            yield [_taken(*each) for each in zip(frames, own, orders, strict=True)]


def of_rows(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut a frame into slices of so many rows, at least one."""
    yield from frame.iter_slices(ROWS) if len(frame) else (frame,)


def places_of(frame: pl.DataFrame, documents: pl.DataFrame) -> np.ndarray:
    """Return for each row the row of its document, and behind the last where it is of none."""
    order = documents.select("document_id", place=pl.int_range(pl.len(), dtype=pl.Int32)).unique(
        "document_id", keep="first", maintain_order=True
    )
    found = [
        part.join(order, on="document_id", how="left", maintain_order="left")["place"]
        for part in of_rows(frame.select("document_id"))
    ]
    return pl.concat(found).fill_null(documents.height).to_numpy()


def is_in_order(places: np.ndarray) -> bool:
    """Say whether rows stand in the order of their documents."""
    return bool((places[1:] >= places[:-1]).all())


def _taken(frame: pl.DataFrame, own: slice, order: np.ndarray | None) -> pl.DataFrame:
    if order is None:
        return frame[own]
    rows = order[own]
    bounds = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1), len(rows)]
    if len(rows) == 0 or len(bounds) > FEW_RUNS:
        return frame[rows]
    return pl.concat(frame.slice(int(rows[start]), end - start) for start, end in pairwise(bounds))
