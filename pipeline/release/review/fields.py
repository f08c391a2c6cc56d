"""Where the fields of a record were read: the words of its title, author and date in its headers, and of speakers."""

from __future__ import annotations

import polars as pl

from pipeline.release.review.pieces import Texts, slices

READ = ("published_raw", "title", "author", "handle")
FIELD = {"doc": pl.Int64, "byte_start": pl.Int64, "byte_end": pl.Int64, "field": pl.String}


def locate(texts: Texts, found: pl.DataFrame, spans: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Find the words of fields in the header spans of their records, and the speakers before their turns.

    Args:
        texts: of the documents.
        found: as `places.found` gives them.
        spans: with `doc` and `place`.
        segments: with `doc`.

    Returns:
        `doc`, `byte_start`, `byte_end`, `field`: those that are found as they are printed. None overlap.
    """
    headers = spans.filter(pl.col("role") == "header").join(found.select("place", *READ), on="place")
    read = headers.with_columns(slices(texts, headers)).with_columns(_extent(field) for field in READ)
    of_headers = [
        read.filter(pl.col(f"at_{field}").is_not_null() & ~_is_covered(field)).select(
            "doc",
            byte_start=pl.col("byte_start") + pl.col(f"at_{field}"),
            byte_end=pl.col("byte_start") + pl.col(f"at_{field}") + pl.col(field).str.len_bytes(),
            field=pl.lit(field),
        )
        for field in READ
    ]
    return pl.concat([part.cast(FIELD) for part in (*of_headers, _speakers(segments))])  # type: ignore[arg-type]


def _extent(field: str) -> pl.Expr:
    """Find where in a header the words of a field stand, in bytes."""
    return pl.col("text").str.find(pl.col(field), literal=True).cast(pl.Int64).alias(f"at_{field}")


def _is_covered(field: str) -> pl.Expr:
    """Say whether a field's words lie in those of a longer one: a name may stand in a title."""
    start, size = pl.col(f"at_{field}"), pl.col(field).str.len_bytes()
    covers = []
    for n, other in enumerate(READ):
        begins, reach = pl.col(f"at_{other}"), pl.col(other).str.len_bytes()
        is_first = (reach > size) | ((reach == size) & pl.lit(n < READ.index(field)))
        covers.append((start < begins + reach) & (begins < start + size) & is_first)
    return pl.any_horizontal(covers).fill_null(value=False)


def _speakers(segments: pl.DataFrame) -> pl.DataFrame:
    """Return what stands in a turn before its words: who speaks, and when."""
    words = pl.col("text_spans").list.first().struct.field("start")
    return segments.filter(pl.col("speaker").is_not_null() & (words > pl.col("byte_start"))).select(
        "doc", "byte_start", byte_end=words, field=pl.lit("speaker")
    )
