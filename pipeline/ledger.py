"""The ledger: every byte of a document that is not white space lies in exactly one span."""

from collections.abc import Iterator

import polars as pl

SAMPLE_BYTES = 40


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
    by_document = spans.partition_by("document_id", as_dict=True)
    for document_id, path, text in documents.select("document_id", "path", "text").iter_rows():
        for fault in faults(text.encode(), by_document.get((document_id,), spans.clear())):
            yield f"{path}: {fault}"


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
