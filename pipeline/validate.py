"""Every row through its Pydantic model: what holds goes on, the rest goes to `removed` with the reason."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl
from pydantic import ValidationError
from pydantic_core import ErrorDetails

import schemas
from schemas import TABLES, Tables

CHUNK = 10_000  # rows turned into Python objects at a time: notes/building-blocks.md, section 5
SEEN_CHARS = 80  # of a bad value, shown in the message


def check(name: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that hold from those that do not.

    Args:
        name: a table of `schemas.TABLES`.
        frame: its columns, in any order; further columns are kept and not looked at.

    Returns:
        The valid rows, and the rejected ones with `message` and `bad_columns` (List(String); empty where a
        rule between columns broke).

    Raises:
        polars.exceptions.ColumnNotFoundError: a column is missing.
    """
    wanted = frame.select(*TABLES[name].model_fields)
    faults = [
        fault
        for start in range(0, len(frame), CHUNK)
        for fault in _faults(name, start, wanted.slice(start, CHUNK).to_dicts())
    ]
    is_bad = pl.int_range(pl.len()).is_in([fault.row for fault in faults])
    valid, rejected = _part(frame, is_bad)
    return valid, _with_faults(rejected, faults)


def reject(tables: Tables) -> Tables:
    """Move the rows that break their schema to `removed`, with their dependants; nothing stops a run.

    A bad document takes its records, segments and spans along, a bad record its segments. The ledger stays
    whole: spans of a record that was moved stay, and a bad span becomes an unclaimed one.
    """
    documents, bad_documents = check("documents", tables.documents)
    is_orphan = pl.col("document_id").is_in(bad_documents["document_id"].implode())
    records, orphans = _part(tables.records, is_orphan)
    records, bad_records = check("records", records)
    gone = pl.concat([orphans["record_id"], bad_records["record_id"]])
    segments, _ = _part(tables.segments, is_orphan | pl.col("record_id").is_in(gone.implode()))
    segments, bad_segments = check("segments", segments)
    spans, _ = _part(tables.spans, is_orphan)
    spans, bad_spans = check("spans", _without_lost(spans, segments))
    orphans = orphans.with_columns(message=pl.lit("records: their document is invalid"))
    # Of these, the record that they lie in was not removed.
    parts = [part.with_columns(record_id=pl.lit(None, pl.String)) for part in (bad_segments, bad_spans)]
    moved = map(_removed, (tables.removed, bad_documents, orphans, bad_records, *parts))
    # A removal is never lost: what is wrong in it becomes null.
    removed, bad_removed = check("removed", pl.concat(moved))
    removed = pl.concat([removed, _removed(bad_removed)])
    return Tables(records, segments, documents, pl.concat([spans, _unclaimed(bad_spans)]), removed)


def _without_lost(spans: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Null the segments that are no longer there."""
    is_there = pl.col("segment_id").is_in(segments["segment_id"].implode())
    return spans.with_columns(segment_id=pl.when(is_there).then("segment_id"))


def _unclaimed(spans: pl.DataFrame) -> pl.DataFrame:
    """Make of bad spans such as claim nothing, if their place is sound."""
    nothing = {column: pl.lit(None, pl.String) for column in ("record_id", "segment_id", "rule")}
    plain = spans.drop("message", "bad_columns").with_columns(
        role=pl.lit("chrome"), kind=pl.lit("unclaimed"), **nothing
    )
    return check("spans", plain)[0]


class Fault(NamedTuple):
    """What is wrong with a row, and in which columns."""

    row: int
    message: str
    columns: list[str]


def _faults(name: str, start: int, rows: list[dict[str, Any]]) -> list[Fault]:
    """Return the faults of a chunk: looked at as a whole, and row by row only if that fails."""
    try:
        schemas.rows_adapter(name).validate_python(rows)
    except ValidationError:
        found = ((n, _errors(name, row)) for n, row in enumerate(rows, start))
        return [_fault(name, n, errors) for n, errors in found if errors]
    return []


def _errors(name: str, row: dict[str, Any]) -> list[ErrorDetails]:
    try:
        TABLES[name].model_validate(row)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _fault(name: str, row: int, errors: list[ErrorDetails]) -> Fault:
    message = "; ".join(_say(name, error) for error in errors)
    return Fault(row, message, [str(error["loc"][0]) for error in errors if error["loc"]])


def _say(name: str, error: ErrorDetails) -> str:
    """Say where, what and, of a single value, what was seen."""
    where = ".".join([name, *map(str, error["loc"])])
    what = error["msg"].removeprefix("Value error, ")
    seen = f", seen {repr(error['input'])[:SEEN_CHARS]}" if error["loc"] else ""
    return f"{where}: {what}{seen}"


def _with_faults(rows: pl.DataFrame, faults: list[Fault]) -> pl.DataFrame:
    said = pl.Series("said", [fault.message for fault in faults], pl.String)
    earlier = [pl.col("message")] if "message" in rows.columns else []
    return rows.with_columns(
        pl.concat_str(*earlier, said, separator="; ", ignore_nulls=True).alias("message"),
        pl.Series("bad_columns", [fault.columns for fault in faults], pl.List(pl.String)),
    )


def _part(frame: pl.DataFrame, is_out: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    return frame.filter(~is_out), frame.filter(is_out)


def _removed(rows: pl.DataFrame) -> pl.DataFrame:
    """Give rows the columns of `removed`, without the values that were wrong: the message tells them."""
    if "bad_columns" in rows.columns:
        rows = rows.with_columns(
            pl.when(~pl.col("bad_columns").list.contains(pl.lit(column))).then(column).alias(column)
            for column in rows.columns
            if column not in ("message", "bad_columns")
        )
    return rows.select(
        (pl.col(column) if column in rows.columns else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in schemas.polars_schema("removed").items()
    ).with_columns(pl.col("reason").fill_null("invalid"))
