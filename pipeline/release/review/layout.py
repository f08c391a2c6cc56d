"""Pieces laid out: which record's section, which block, which chunk and which page each piece stands in.

A section is a run of one record's pieces, or of pieces outside any. A block is a run of one segment, or of one
role. A chunk is what a browser lays out at once when it comes into view. A page holds whole records where it can.
"""

from __future__ import annotations

import polars as pl

CHUNK_BYTES = 1 << 14
# A page opens in a second if it weighs so much: its text in bytes, and what stands around pieces and records.
PAGE_WEIGHT = 1 << 20
PIECE_WEIGHT, SECTION_WEIGHT = 64, 512


def lay_out(pieces: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Say where each piece stands.

    Adds `place` (of the record; null outside any), `section`, `block` and `chunk` (numbered over all
    documents), and `page` (in the document, from 0).

    Args:
        pieces: as `pieces.cut` gives them.
        found: as `places.found` gives them.
    """
    return pieces.pipe(_placed, found).pipe(_in_sections).pipe(_in_blocks).pipe(_on_pages)


def places_of(spans: pl.DataFrame, found: pl.DataFrame, at: str = "byte_start") -> pl.Series:
    """Return the place of the record that each row lies in: of several with one id, the last before it."""
    by = ["doc", "record_id"]
    rows = spans.select(*by, pl.col(at).cast(pl.Int64).alias("at")).with_row_index("row").sort("at")
    starts = found.select(*by, "place", at="byte_start").sort("at")
    return rows.join_asof(starts, on="at", by=by, check_sortedness=False).sort("row")["place"]


def _placed(pieces: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Add `place`, and `key` for what has a role: what lies between goes with what stands before it."""
    gone = (
        found.filter("is_withheld").select("doc", "byte_start", hidden="place").unique(["doc", "byte_start"])
    )
    is_claimed = pl.col("role").is_not_null() | pl.col("withheld").is_not_null()
    return (
        pieces.with_columns(places_of(pieces, found, "span_start").alias("place"))
        .join(gone, on=["doc", "byte_start"], how="left", maintain_order="left")
        .with_columns(place=pl.when(pl.col("withheld").is_not_null()).then("hidden").otherwise("place"))
        .drop("hidden")
        .with_columns(
            section_key=pl.when(is_claimed).then(pl.col("place").fill_null(-1)),
            block_key=pl.when(is_claimed).then(
                pl.coalesce("segment_id", pl.concat_str("role", "kind", separator=" ", ignore_nulls=True))
            ),
        )
        .with_columns(pl.col("section_key", "block_key").forward_fill().backward_fill().over("doc"))
        .with_columns(place=pl.when(pl.col("section_key") >= 0).then("section_key"))
    )


def _in_sections(pieces: pl.DataFrame) -> pl.DataFrame:
    return pieces.with_columns(section=changes("doc", "section_key"))


def _in_blocks(pieces: pl.DataFrame) -> pl.DataFrame:
    """Number blocks and chunks: a run of one segment is a block, but one that is too long is several."""
    runs = pieces.with_columns(run=changes("section", "block_key"))
    far = (pl.col("byte_start") - pl.col("byte_start").first().over("run")) // CHUNK_BYTES
    cut = runs.with_columns(far=far).with_columns(block=changes("run", "far"))
    start = pl.col("byte_start").first()
    deep = (start.over("block") - start.over("section")) // CHUNK_BYTES
    return (
        cut.with_columns(deep=deep).with_columns(chunk=changes("section", "deep")).drop("run", "far", "deep")
    )


def _on_pages(pieces: pl.DataFrame) -> pl.DataFrame:
    """Give each piece its page: that of its section's start, or of its chunk's where the section is too long."""
    is_new = pl.col("section").ne_missing(pl.col("section").shift().over("doc")).fill_null(value=True)
    weight = pl.col("n_bytes") + PIECE_WEIGHT + is_new * SECTION_WEIGHT
    heavy = pieces.with_columns(weight=weight).with_columns(at=pl.col("weight").cum_sum().over("doc"))
    is_long = pl.col("weight").sum().over("section") > PAGE_WEIGHT
    start = (
        pl.when(is_long)
        .then(pl.col("at").first().over("chunk"))
        .otherwise(pl.col("at").first().over("section"))
    )
    page = (start // PAGE_WEIGHT).rank("dense").over("doc").cast(pl.Int64) - 1
    return heavy.with_columns(page=page).drop("weight", "at")


def changes(*names: str) -> pl.Expr:
    """Number the runs of rows that are alike in these columns."""
    is_other = [pl.col(name).ne_missing(pl.col(name).shift()) for name in names]
    return pl.any_horizontal(is_other).fill_null(value=True).cum_sum().cast(pl.Int64)
