"""Counts over the tables of a release: every number in the card is one of these."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

import schemas
from pipeline import batches
from pipeline.describe import ADDRESS, EMAIL, PHONE
from schemas import Tables

# A record counts for a month if its interval is no longer than two of them, for a year if than a year.
MONTH_DAYS = 62
YEAR_DAYS = 366
INSTANT = "%Y-%m-%dT%H:%MZ"
# An example is one of the first values, cut to so many characters; none that may hold an address or a number by which
# someone can be reached, and none of the columns that name people or their pages.
EXAMPLE_CHARS, EXAMPLES, ADDRESS_CHARS = 40, 100, 400
OF_DOCUMENTS = (
    "document_id", "path", "page_kind", "site", "source_url", "capture_evidence", "language", "license",
    "license_evidence", "n_bytes", "n_records", "n_segments", "policy")  # fmt: skip
CAPTURED = ("captured_earliest", "captured_latest")
NAMING = ("author", "handle", "speaker", "urls", "source_url")


def measure(tables: Tables) -> dict[str, Any]:
    """Return counts by table and column, by kind, language, time, source and licence, and the funnel."""
    records = tables.records.with_columns(_period())
    shares = ("page_kind", "kind", "language", "period", "published_precision", "license", "is_complete")
    return {
        "tables": {name: _columns(getattr(tables, name)) for name in schemas.TABLES},
        "records": {column: _by(records, column) for column in shares} | {"flags": _flags(records)},
        "authors": _authors(tables.records),
        "segments": {column: _by(tables.segments, column) for column in ("kind", "language")},
        "spans": _spans(tables.spans),
        "words": _spread(tables.records["n_words"]),
        "promises": _promises(tables.records),
        "bounds": {
            "published": _between(_dated(tables.records), "published"),
            "captured": _between(tables.documents, "captured"),
        },
        "documents": _documents(tables.documents),
        "funnel": _funnel(tables),
    }


def _columns(frame: pl.DataFrame) -> dict[str, Any]:
    plain = [column for column, dtype in frame.schema.items() if not isinstance(dtype, pl.List)]
    distinct = {column: frame[column].drop_nulls().n_unique() for column in plain}  # one held at a time
    nulls = frame.null_count().row(0, named=True)
    columns = {
        column: {
            "nulls": nulls[column],
            "distinct": distinct.get(column),
            "example": None if column in NAMING else _example(frame[column]),
        }
        for column in frame.columns
    }
    return {"rows": len(frame), "columns": columns}


def _example(values: pl.Series) -> str | None:
    """Return one of the first values as it would stand in JSON, cut short; null where none may be shown."""
    some = values.drop_nulls()
    if isinstance(values.dtype, pl.List):
        some = some.filter(some.list.len() > 0).list.head(1)
    if values.dtype == pl.String:
        some = some.str.slice(0, ADDRESS_CHARS)
    if isinstance(values.dtype, pl.Datetime):
        some = some.dt.strftime(INSTANT)
    if values.dtype.is_float():
        some = some.cast(pl.String)  # as short as it can be told
    written = pl.Series(map(_written, some.head(EXAMPLES).to_list()), dtype=pl.String)
    shown = written.filter(~written.str.contains(f"{EMAIL}|{PHONE}|{ADDRESS}"))
    return None if shown.is_empty() else _cut(shown[0])


def _written(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text[:ADDRESS_CHARS].split())


def _cut(text: str) -> str:
    return text if len(text) <= EXAMPLE_CHARS else f"{text[:EXAMPLE_CHARS].rstrip()}…"


def _by(frame: pl.DataFrame, column: str) -> list[dict[str, Any]]:
    """Count rows, and words where there are any, by the values of a column; the most frequent first."""
    words = [pl.col("n_words").sum().alias("words")] if "n_words" in frame.columns else []
    counted = frame.group_by(pl.col(column).cast(pl.String).alias("value")).agg(
        pl.len().alias("rows"), *words
    )
    order = ["value"] if column == "period" else ["rows", "value"]
    return counted.sort(order, descending=[name == "rows" for name in order], nulls_last=True).to_dicts()


def _flags(records: pl.DataFrame) -> list[dict[str, Any]]:
    return _by(records.select("flags", "n_words").explode("flags").drop_nulls(), "flags")


def _authors(records: pl.DataFrame) -> dict[str, int]:
    """Count authors, by handle or else by name, and what the most frequent of them wrote, without naming them."""
    known = records.with_columns(who=pl.coalesce("handle", "author")).drop_nulls("who")
    counts = (
        known.group_by("who").agg(rows=pl.len(), words=pl.col("n_words").sum()).sort("rows", "words", "who")
    )
    last = counts.tail(1).sum().row(0, named=True)
    return {
        "values": len(counts),
        "records": len(known),
        "words": int(known["n_words"].sum()),
        "squares": int((counts["rows"].cast(pl.Int64) ** 2).sum()),
        "most_records": int(last["rows"]),
        "most_words": int(last["words"]),
    }


def _period() -> pl.Expr:
    """Name the month or the year in which the middle of the interval lies; null where it is too long."""
    start, length = pl.col("published_earliest"), pl.col("published_latest") - pl.col("published_earliest")
    middle = start + length / 2
    return (
        pl.when(length <= pl.duration(days=MONTH_DAYS))
        .then(middle.dt.strftime("%Y-%m"))
        .when(length <= pl.duration(days=YEAR_DAYS))
        .then(middle.dt.strftime("%Y"))
        .alias("period")
    )


def _spread(numbers: pl.Series) -> dict[str, int | None]:
    """Return sum, least, quartiles and most; integers, so that no machine rounds them its own way."""
    quantiles = {"least": 0.0, "quarter": 0.25, "middle": 0.5, "three_quarters": 0.75, "most": 1.0}
    at = {name: numbers.quantile(share, "lower") for name, share in quantiles.items()}
    return {"sum": int(numbers.sum())} | {
        name: None if value is None else int(value) for name, value in at.items()
    }


def _spans(spans: pl.DataFrame) -> list[dict[str, Any]]:
    size = (pl.col("byte_end") - pl.col("byte_start")).sum().alias("bytes")
    # Part by part: keys of two columns are written out for all rows.
    counts = [
        some.group_by("role", "kind").agg(pl.len().alias("rows"), size) for some in batches.of_rows(spans)
    ]
    summed = pl.concat(counts).group_by("role", "kind").agg(pl.col("rows", "bytes").sum())
    return summed.sort("role", "kind", nulls_last=True).to_dicts()


def _promises(records: pl.DataFrame) -> dict[str, int]:
    """Count the records whose page says how many segments there are, and those where as many were found."""
    is_held = pl.col("is_complete") | pl.col("flags").list.contains("promise_broken")
    promised = records.filter(pl.col("n_promised").is_not_null() & is_held)
    return {
        "promised": len(promised),
        "kept": len(promised.filter(pl.col("n_promised") == pl.col("n_segments"))),
    }


def _dated(records: pl.DataFrame) -> pl.DataFrame:
    """Keep the records of which anything bounds the date; that of a printed day is the day, in the page's own time."""
    known = records.filter(pl.any_horizontal(pl.col("published_earliest", "published_latest").is_not_null()))
    day = pl.when(pl.col("published").str.len_chars() >= len("2021-01-09")).then(
        pl.col("published").str.head(10)
    )
    return known.select(
        pl.coalesce(day, pl.col(end).dt.strftime(INSTANT)).alias(end)
        for end in ("published_earliest", "published_latest")
    )


def _between(frame: pl.DataFrame, what: str) -> dict[str, str | None]:
    """Return between when all rows lie; an end that nothing bounds in one of them is null."""
    ends = {"earliest": pl.Expr.min, "latest": pl.Expr.max}
    columns = {end: _told(pl.col(f"{what}_{end}"), frame.schema[f"{what}_{end}"]) for end in ends}
    return frame.select(
        pl.when(column.is_not_null().all()).then(ends[end](column)).alias(end)
        for end, column in columns.items()
    ).row(0, named=True)


def _told(moment: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return moment if dtype == pl.String else moment.dt.strftime(INSTANT)


def _documents(documents: pl.DataFrame) -> list[dict[str, Any]]:
    """Tell of each document what the card names; never its words."""
    return documents.select(*OF_DOCUMENTS, pl.col(CAPTURED).dt.strftime(INSTANT)).to_dicts()


def _funnel(tables: Tables) -> dict[str, Any]:
    """Count the records that were found, why some were taken out, and how many are left."""
    is_record = pl.col("record_id").is_not_null()
    reasons = tables.removed.group_by("reason").agg(records=is_record.sum(), others=(~is_record).sum())
    return {
        "found": len(tables.records) + len(tables.removed.filter(is_record)),
        "removed": reasons.sort("reason").to_dicts(),
        "published": len(tables.records),
    }
