"""Where the fields of a record were read: the words of its title, author and date in its headers, and of speakers."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipeline.release.review.pieces import Texts

READ = ("published_raw", "title", "author", "handle")
SCHEMA = pl.Schema({"doc": pl.Int64, "byte_start": pl.Int64, "byte_end": pl.Int64, "field": pl.String})
Stretch = tuple[int, int]


def locate(texts: Texts, found: pl.DataFrame, spans: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Find the words of fields in the header spans of their records, and the speakers before their turns.

    Args:
        texts: of the documents.
        found: as `places.found` gives them.
        spans: with `doc` and `place`.
        segments: with `doc`.

    Returns:
        `doc`, `byte_start`, `byte_end`, `field`: those that are found as they are printed. None overlap within
        a header.
    """
    headers = spans.filter(pl.col("role") == "header").join(found.select("place", *READ), on="place")
    bases = texts.bases.tolist()
    rows = [
        (doc, start - bases[doc], end - bases[doc], field)
        for doc, first, last, *values in headers.select("doc", "byte_start", "byte_end", *READ).iter_rows()
        for start, end, field in _in_header(texts.data, bases[doc] + first, bases[doc] + last, values)
    ]
    return pl.concat([pl.DataFrame(rows, SCHEMA, orient="row"), _speakers(segments).cast(SCHEMA)])


def _in_header(
    data: bytes, first: int, last: int, values: list[str | None]
) -> Iterator[tuple[int, int, str]]:
    """Find each value once in a header, the longest first, since a name may stand in a title."""
    taken: list[Stretch] = []
    named = [(value.encode(), field) for value, field in zip(values, READ, strict=True) if value]
    for words, field in sorted(named, key=lambda pair: -len(pair[0])):
        start = data.find(words, first, last)
        end = start + len(words)
        if start >= 0 and all(end <= before or after <= start for before, after in taken):
            taken.append((start, end))
            yield start, end, field


def _speakers(segments: pl.DataFrame) -> pl.DataFrame:
    """Return what stands in a turn before its words: who speaks, and when."""
    words = pl.col("text_spans").list.first().struct.field("start")
    return segments.filter(pl.col("speaker").is_not_null() & (words > pl.col("byte_start"))).select(
        "doc", "byte_start", byte_end=words, field=pl.lit("speaker")
    )
