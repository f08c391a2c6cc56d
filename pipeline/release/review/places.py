"""Where each record was found: those that are published, those that were removed, and what may not be shown."""

from __future__ import annotations

import polars as pl

from pipeline.policy import METADATA_ONLY
from schemas import Tables

# Words of these are in no file of a release: their place is told, and how long they are.
WITHHELD = ("opt_out", "withdrawn", "licence")
PLACE = ("document_id", "record_id", "byte_start", "byte_end")
SAID = ("title", "author", "handle", "published_raw", "published")
_OF_RECORDS = (
    *(
        "kind",
        "published_precision",
        "language",
        "language_confidence",
        "n_segments",
        "n_promised",
        "n_words",
    ),
    *("is_complete", "flags"),
)
_OF_REMOVED = ("kind", "reason", "kept_id", "similarity", "message")


def found(tables: Tables) -> pl.DataFrame:
    """Lay out every record with its place, published or removed, in the order of the documents.

    Returns:
        PLACE, SAID, the columns of records or of removed that describe it, `doc` (row of the document),
        `is_withheld`, `is_foreign` (in another language than most of its document), `number` (its order in the
        document, from 1), `place` (the row) and `anchor` (its name in the page). What is said of a withheld
        record is null, but for its kind and the reason.
    """
    removed = tables.removed.drop_nulls(PLACE)
    rows = pl.concat(
        [
            tables.records.select(*PLACE, *SAID, *_OF_RECORDS),
            removed.select(*PLACE, *SAID, *_OF_REMOVED),
        ],
        how="diagonal",
    )
    rows = pl.concat([rows, _unlisted(tables.spans, rows)], how="diagonal")
    return (
        rows.join(_order(tables.documents), on="document_id", maintain_order="left")
        .with_columns(
            is_withheld=_is_withheld(tables.removed),
            is_foreign=pl.col("language").ne_missing(pl.col("tongue")),
        )
        .drop("tongue")
        .with_columns(
            pl.when(~pl.col("is_withheld")).then(pl.col(name)).alias(name)
            for name in (*SAID, "kept_id", "message")
        )
        .sort("doc", "byte_start", "byte_end", "record_id", "reason", maintain_order=True)
        .with_columns(number=pl.int_range(1, pl.len() + 1).over("doc"))
        .with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64), anchor=_anchor())
    )


def withheld(tables: Tables, found: pl.DataFrame) -> pl.DataFrame:
    """Return the stretches whose words may not be shown, merged where they overlap.

    A removal that names a document and no place in it withholds the whole document.

    Returns:
        `doc`, `byte_start`, `byte_end`, `reason`.
    """
    whole = pl.lit(0, pl.Int64), pl.lit(1 << 62, pl.Int64)
    asked = tables.removed.filter(pl.col("reason").is_in(WITHHELD)).select(
        "document_id",
        *(pl.col(name).fill_null(all_) for name, all_ in zip(PLACE[2:], whole, strict=True)),
        "reason",
    )
    copies = found.filter("is_withheld").select("document_id", *PLACE[2:], reason=pl.col("reason"))
    bodies = _bodies(tables).select("document_id", *PLACE[2:], reason=pl.lit("licence"))
    reason = pl.col("reason").filter(pl.col("reason").is_in(WITHHELD)).first().fill_null("a copy")
    before = pl.col("byte_end").cum_max().shift().over("doc")
    return (
        pl.concat([asked, copies, bodies])
        .join(_order(tables.documents).drop("tongue"), on="document_id")
        .sort("doc", "byte_start", "byte_end", "reason")
        .with_columns(run=(before.is_null() | (pl.col("byte_start") >= before)).cum_sum())
        .group_by("doc", "run", maintain_order=True)
        .agg(pl.col("byte_start").first(), pl.col("byte_end").max(), reason)
        .drop("run")
    )


def _bodies(tables: Tables) -> pl.DataFrame:
    """Return the spans of words that stand on pages of which only metadata is published."""
    is_held = pl.col("policy") == METADATA_ONLY
    held = (
        tables.documents.filter(is_held) if "policy" in tables.documents.columns else tables.documents.clear()
    )
    is_body = (pl.col("role") == "body") & pl.col("document_id").is_in(held["document_id"].implode())
    return tables.spans.filter(is_body)


def _anchor() -> pl.Expr:
    """Name each record in its page: by its id; a copy beside its original, or what is withheld, by its place."""
    is_first = (
        pl.struct(pl.col("reason").is_not_null(), "number").rank("ordinal").over("doc", "record_id") == 1
    )
    by_place = pl.format("at_{}", "byte_start")
    return pl.when(is_first & ~pl.col("is_withheld")).then("record_id").otherwise(by_place)


def _order(documents: pl.DataFrame) -> pl.DataFrame:
    return documents.select("document_id", doc=pl.int_range(pl.len(), dtype=pl.Int64), tongue="language")


def _is_withheld(removed: pl.DataFrame) -> pl.Expr:
    """Say of a place whether its words are withheld: its own, or those that it is a copy of."""
    ids = removed.filter(pl.col("reason").is_in(WITHHELD))["record_id"].drop_nulls().implode()
    named = pl.col("record_id").is_in(ids) | pl.col("kept_id").is_in(ids)
    return pl.any_horizontal(pl.col("reason").is_in(WITHHELD), named).fill_null(value=False)


def _unlisted(spans: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Lay out the records that spans name and no table does, so that no span is without its record."""
    named = spans.filter(pl.col("record_id").is_not_null()).join(
        rows, on=["document_id", "record_id"], how="anti"
    )
    return named.group_by("document_id", "record_id").agg(
        pl.col("byte_start").min(), pl.col("byte_end").max()
    )
