"""The pages of documents, as HTML: each document in as many pages as it takes."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple

import polars as pl

from pipeline.release.review import fields, layout, looks, markup, pieces, places
from schemas import Tables

BLANK = [{"byte_start": 0, "html": b""}]  # the page of a document in which nothing stands


class Page(NamedTuple):
    """A page of a document: its file's name, what its template says, and its text as HTML in UTF-8."""

    name: str
    content: dict[str, Any]
    html: bytes


class Pages(NamedTuple):
    """The pages of some documents; where each record stands (`record_id`, `href`); counts of each document."""

    pages: list[Page]
    records: pl.DataFrame
    documents: list[dict[str, Any]]


def make(tables: Tables, spots: pl.DataFrame) -> Pages:
    """Make the pages of a batch of documents.

    Args:
        tables: the five tables; a document without `text` is shown as its ledger alone.
        spots: as `looks.spots` gives them.
    """
    order = tables.documents.select("document_id", doc=pl.int_range(pl.len(), dtype=pl.Int64))
    spans = tables.spans.join(order, on="document_id", maintain_order="left")
    segments = tables.segments.join(order, on="document_id", maintain_order="left")
    found = places.found(tables).pipe(looks.tell, spots)
    laid = _lay(tables, found, spans, segments)
    written = _by_document(markup.render(laid, found, segments).cast({"html": pl.Binary}))
    roles, rules = (_by_document(_counted(laid, by)) for by in (("role", "kind"), ("rule",)))
    mine = _by_document(spots.join(order, on="document_id", how="left", maintain_order="left"))
    documents = []
    pages = []
    for doc, row in enumerate(tables.documents.drop("text", strict=False).iter_rows(named=True)):
        html = written.get(doc, BLANK)
        starts = [part["byte_start"] for part in html]
        names = [name_of(row["document_id"], page) for page in range(len(starts))]
        told = {
            "document": row,
            "names": names,
            "starts": starts,
            "roles": roles.get(doc, []),
            "rules": rules.get(doc, []),
            "spots": [_linked(spot, starts) for spot in mine.get(doc, [])],
        }
        documents.append(told)
        pages += [
            Page(name, told | {"page": page}, part["html"])
            for page, (name, part) in enumerate(zip(names, html, strict=True))
        ]
    return Pages(pages, _hrefs(laid, found), documents)


def _by_document(rows: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """Return the rows of each document, as dicts: a frame for each would cost more than all that is done with it."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["doc"], []).append(row)
    return found


def name_of(document_id: str, page: int) -> str:
    """Name the file of a page: the first has the document's name."""
    return f"{document_id}.html" if page == 0 else f"{document_id}.{page + 1}.html"


def _lay(tables: Tables, found: pl.DataFrame, spans: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    texts = pieces.lay(tables.documents, spans)
    read = fields.locate(texts, found, spans.with_columns(layout.places_of(spans, found)), segments)
    return layout.lay_out(pieces.cut(texts, spans, read, places.withheld(tables, found)), found)


def _counted(laid: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Count the spans and their bytes by role or by rule, in each document."""
    spans = laid.filter(pl.col("role").is_not_null()).with_columns(role=markup.role())
    return (
        spans.group_by("doc", *by)
        .agg(
            n=pl.col("byte_start").filter(pl.col("span_start").is_first_distinct()).len(),
            n_bytes=pl.col("n_bytes").sum(),
        )
        .drop_nulls(by[0])
        .sort("doc", *by, nulls_last=True)
    )


def _linked(spot: dict[str, Any], starts: list[int]) -> dict[str, Any]:
    """Give a spot its address: of the page that holds its first byte, and of the byte."""
    at = spot["byte_start"]
    page = max(bisect_right(starts, at or 0) - 1, 0)
    return spot | {"href": name_of(spot["document_id"], page) + ("" if at is None else f"#b{at}")}


def _hrefs(laid: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Say where each record stands: `record_id`, `href`; if in several places, where it is not a copy."""
    pages = laid.group_by("place").agg(pl.col("page").first())
    more = pl.when(pl.col("page") == 0).then(pl.lit("")).otherwise(pl.format(".{}", pl.col("page") + 1))
    return (
        found.filter(~pl.col("is_withheld"))
        .join(pages, on="place", maintain_order="left")
        .select(
            "record_id",
            is_copy=pl.col("reason").is_not_null(),
            href=pl.format("{}{}.html#{}", "document_id", more, "anchor"),
        )
    )
