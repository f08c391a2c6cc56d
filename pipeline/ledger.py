"""The ledger: every byte of a document that is not white space lies in exactly one span."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from pipeline import characters, utf8
from pipeline.spill import give_back

SAMPLE_BYTES = 40
BATCH_BYTES = 16 << 20  # of texts that are looked at at once


def faults(data: bytes, spans: pl.DataFrame) -> Iterator[str]:
    """Say where the spans of one document overlap, leave out what is not white space, or are not trimmed."""
    end = 0
    for start, stop in spans.sort("byte_start").select("byte_start", "byte_end").iter_rows():
        if start < end:
            yield f"bytes {start}..{min(end, stop)} lie in two spans"
        if data[end:start].decode().strip():
            yield f"bytes {end}..{start} lie in no span: {data[end:start][:SAMPLE_BYTES]!r}"
        words = data[start:stop].decode()
        if words != words.strip():
            yield f"the span {start}..{stop} begins or ends with white space"
        end = max(end, stop)
    if data[end:].decode().strip():
        yield f"bytes {end}..{len(data)} lie in no span: {data[end:][:SAMPLE_BYTES]!r}"


def all_faults(documents: pl.DataFrame, spans: pl.DataFrame) -> Iterator[str]:
    """Say what is wrong with the ledger of each document; `documents` needs `document_id`, `path`, `text`."""
    order = documents.select("document_id", doc=pl.int_range(pl.len(), dtype=pl.Int64))
    places = spans.join(order, on="document_id").select("doc", "byte_start", "byte_end").sort(pl.all())
    for start, stop in characters.chunks(documents["text"].str.len_bytes().to_numpy(), BATCH_BYTES):
        own = places.filter(pl.col("doc").is_between(start, stop - 1))
        part = documents[start:stop]
        is_doubtful = _is_doubtful(part["text"], own.with_columns(pl.col("doc") - start))
        for document_id, path, text in (
            part.filter(is_doubtful).select("document_id", "path", "text").iter_rows()
        ):
            for fault in faults(text.encode(), spans.filter(document_id=document_id)):
                yield f"{path}: {fault}"
        give_back()


def _is_doubtful(texts: pl.Series, spans: pl.DataFrame) -> pl.Series:
    """Say of each text whether `faults` may find any in it: looked at all at once, by bytes and by strings.

    Args:
        texts: of documents.
        spans: `doc` (row of the text), `byte_start`, `byte_end`, in order.
    """
    data, ends = utf8.lay(texts)
    bases = np.append(0, ends)
    # At the end of each text an empty span, so that whatever lies between two spans lies in one text.
    tails = np.column_stack((np.arange(len(ends)), *(np.diff(bases),) * 2))
    rows = np.concatenate((spans.to_numpy().reshape(-1, 3), tails))
    doc, first, last = rows[np.argsort(rows[:, 0], kind="stable")].T
    start, stop = bases[doc] + first, bases[doc] + last
    is_wrong = (first < 0) | (stop > ends[doc]) | (start < np.append(0, stop[:-1])) | (start > stop)
    is_wrong |= utf8.is_inside(data, np.where(is_wrong, 0, start)) | utf8.is_inside(
        data, np.where(is_wrong, 0, stop)
    )
    is_doubtful = np.isin(np.arange(len(ends)), doc[is_wrong])
    doc, edges = doc[~is_doubtful[doc]], np.column_stack((start, stop))[~is_doubtful[doc]]
    seen = utf8.see(data, np.append(0, edges.ravel()))
    between, words = seen.gather_every(2), seen.gather_every(2, 1)
    is_lost = between.str.contains(utf8.NO_SPACE)
    is_untrimmed = words.str.strip_chars(utf8.WHITE_SPACE).str.len_bytes() != words.str.len_bytes()
    is_doubtful[doc[(is_lost | is_untrimmed).to_numpy()]] = True
    return pl.Series(is_doubtful)


def sum_up(
    documents: pl.DataFrame, records: pl.DataFrame, segments: pl.DataFrame, spans: pl.DataFrame
) -> pl.DataFrame:
    """Add what was made of each document.

    Returns:
        The documents with `n_records`, `n_segments` (Int32, as published), `body_bytes`, `chrome_bytes`,
        `unclaimed_bytes` (Int64, by the ledger; unclaimed bytes are chrome bytes too).
    """
    size = pl.col("byte_end") - pl.col("byte_start")
    sizes = spans.group_by("document_id").agg(
        body_bytes=size.filter(pl.col("role") == "body").sum(),
        chrome_bytes=size.filter(pl.col("role") == "chrome").sum(),
        unclaimed_bytes=size.filter(pl.col("kind") == "unclaimed").sum(),
    )
    counts = ("n_records", "n_segments", "body_bytes", "chrome_bytes", "unclaimed_bytes")
    summed = documents.drop(counts, strict=False)
    for more in (
        records.group_by("document_id").agg(n_records=pl.len().cast(pl.Int32)),
        segments.group_by("document_id").agg(n_segments=pl.len().cast(pl.Int32)),
        sizes,
    ):
        summed = summed.join(more, on="document_id", how="left", maintain_order="left")
    return summed.with_columns(pl.col(*counts).fill_null(0))
