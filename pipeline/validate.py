"""Every row through its Pydantic model: what holds goes on, the rest goes to `removed` with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from pydantic import ValidationError
from pydantic_core import ErrorDetails

import schemas
from pipeline import characters, ledger
from pipeline.cycles import uncollected
from pipeline.spill import give_back
from schemas import TABLES, Tables
from schemas.columns import UNDETERMINED

# Rows, and bytes of text, turned into Python objects at a time: larger chunks take more memory and save no time.
CHUNK, CHUNK_BYTES = 10_000, 16 << 20
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
    wanted, faults = frame.select(*TABLES[name].model_fields), list[Fault]()
    with uncollected():  # values as they are made hold no cycles, and to look for them takes its time
        for start, stop in characters.chunks(_weights(wanted), CHUNK_BYTES):
            faults += _faults(name, start, wanted[start:stop])
            give_back()
    is_bad = pl.int_range(pl.len()).is_in([fault.row for fault in faults])
    valid, rejected = _part(frame, is_bad)
    return valid, _with_faults(rejected, faults)


def _weights(rows: pl.DataFrame) -> np.ndarray:
    """Return the bytes of text in each row, and no less than makes a chunk of `CHUNK` rows."""
    texts = [pl.col(name).str.len_bytes().fill_null(0) for name in schemas.LONG if name in rows.columns]
    least = pl.repeat(CHUNK_BYTES // CHUNK, pl.len(), dtype=pl.Int64)
    return rows.select(pl.sum_horizontal(least, *texts)).to_series().to_numpy()


def reject_records(records: pl.DataFrame, documents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the records that hold, as far as they are known, from those that do not or whose document does not.

    Args:
        records: the columns of the table that are known so far; what is computed later is not looked at.
        documents: the same of their documents.

    Returns:
        The records that hold, with the columns they came with, and the others as rows of the table `removed`.
    """
    _, bad_documents = check("documents", _foreseen("documents", documents))
    orphans, rest = _orphans(records, bad_documents)
    held, bad = check("records", _foreseen("records", rest))
    return held.select(records.columns), pl.concat([_removed(orphans), _removed(bad)])


# Values that hold, for columns that are not null and are computed only later.
_LATER: dict[str, dict[str, Any]] = {
    "records": {
        "n_chars": 0,
        "n_words": 0,
        "language": UNDETERMINED,
        "urls": [],
        "captures": [],
        "flags": [],
    },
    "documents": dict.fromkeys(
        ("n_records", "n_segments", "body_bytes", "chrome_bytes", "unclaimed_bytes"), 0
    ),
}


def _foreseen(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Add the columns of a table that are not known yet, as values that hold."""
    later = _LATER[name]
    absent = [
        pl.lit(later.get(column), dtype).alias(column)
        for column, dtype in schemas.polars_schema(name).items()
        if column not in frame.columns
    ]
    return frame.with_columns(absent)


def _orphans(records: pl.DataFrame, bad_documents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the records of bad documents, with a message, from the rest."""
    is_orphan = pl.col("document_id").is_in(bad_documents["document_id"].implode())
    rest, orphans = _part(records, is_orphan)
    return orphans.with_columns(message=pl.lit("records: their document is invalid")), rest


def reject(tables: Tables) -> Tables:
    """Move the rows that break their schema to `removed`, with their dependants; nothing stops a run.

    A bad document takes its records, segments and spans along, a bad record its segments. The ledger stays
    whole: spans of a record that was moved stay, and a bad span becomes an unclaimed one. What is left no longer
    names what went, and is counted anew; where nothing went, frames are those that were given.
    """
    documents, bad_documents = check("documents", tables.documents)
    is_orphan = pl.col("document_id").is_in(bad_documents["document_id"].implode())
    orphans, records = _orphans(tables.records, bad_documents)
    records, bad_records = check("records", records)
    gone = pl.concat([orphans["record_id"], bad_records["record_id"]])
    segments, _ = _part(tables.segments, is_orphan | pl.col("record_id").is_in(gone.implode()))
    segments, bad_segments = check("segments", segments)
    spans, _ = _part(tables.spans, is_orphan)
    if segments is not tables.segments:
        spans = without_lost_segments(spans, segments)
    spans, bad_spans = check("spans", spans)
    # Of these, the record that they lie in was not removed.
    parts = [part.with_columns(record_id=pl.lit(None, pl.String)) for part in (bad_segments, bad_spans)]
    earlier = _without_lost_records(tables.removed, gone)
    moved = map(_removed, (earlier, bad_documents, orphans, bad_records, *parts))
    # A removal is never lost: what is wrong in it becomes null.
    removed, bad_removed = check("removed", pl.concat(moved))
    removed = pl.concat([removed, _removed(bad_removed)])
    left = (records, segments, documents, spans)
    if all(new is old for new, old in zip(left, tables, strict=False)):
        return tables._replace(removed=removed)
    spans = pl.concat([spans, _unclaimed(bad_spans)])
    records = _without_lost_captures(records, bad_documents).pipe(_recount, segments)
    summed = ledger.sum_up(documents, records, segments, spans).select(documents.columns)
    return Tables(records, segments, summed, spans, removed)


def without_lost_segments(spans: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Null the segments that are not there, or do not lie there: a copy's words lie in no segment.

    An exact copy has the ids of its original, in its own document or in another, so that only the place tells.
    """
    places = segments.select("segment_id", at="document_id", first="byte_start", last="byte_end").unique(
        "segment_id", keep="first", maintain_order=True
    )
    placed = spans.join(places, on="segment_id", how="left", maintain_order="left")
    is_there = (
        (pl.col("at") == pl.col("document_id"))
        & (pl.col("byte_start") >= pl.col("first"))
        & (pl.col("byte_end") <= pl.col("last"))
    )
    return placed.with_columns(segment_id=pl.when(is_there).then("segment_id")).select(spans.columns)


def _without_lost_records(removed: pl.DataFrame, gone: pl.Series) -> pl.DataFrame:
    """Null the records kept in the stead of others that were then rejected themselves, and say so."""
    is_lost = pl.col("kept_id").is_in(gone.drop_nulls().implode()).fill_null(value=False)
    said = pl.concat_str(
        "message", pl.lit("removed.kept_id: the record kept is invalid"), separator="; ", ignore_nulls=True
    )
    return removed.with_columns(
        kept_id=pl.when(~is_lost).then("kept_id"), message=pl.when(is_lost).then(said).otherwise("message")
    )


def _without_lost_captures(records: pl.DataFrame, bad_documents: pl.DataFrame) -> pl.DataFrame:
    """Take out the captures in documents that were rejected."""
    if bad_documents.is_empty():
        return records
    is_lost = pl.element().struct.field("document_id").is_in(bad_documents["document_id"].to_list())
    return records.with_columns(pl.col("captures").list.filter(~is_lost))


def _recount(records: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Count the segments anew; a record that lost one is not complete, and may break its page's promise."""
    counts = segments.group_by("record_id").agg(n_left=pl.len().cast(pl.Int32))
    counted = records.join(counts, on="record_id", how="left", maintain_order="left")
    n_left = pl.col("n_left").fill_null(0)
    is_less = n_left < pl.col("n_segments")
    is_broken = is_less & (pl.col("n_promised") != n_left)
    flags = pl.concat_list("flags", pl.lit("promise_broken")).list.unique().list.sort()
    return counted.with_columns(
        n_segments=n_left,
        is_complete=pl.col("is_complete") & ~is_less,
        flags=pl.when(is_broken).then(flags).otherwise("flags"),
    ).select(records.columns)


def _unclaimed(spans: pl.DataFrame) -> pl.DataFrame:
    """Make of bad spans such as claim nothing, if their place is sound."""
    nothing = {column: pl.lit(None, pl.String) for column in ("record_id", "segment_id", "rule")}
    plain = spans.drop("message", "bad_columns").with_columns(
        role=pl.lit("chrome"), kind=pl.lit("unclaimed"), **nothing
    )
    return check("spans", plain)[0]


def _values(column: pl.Series) -> list[Any]:
    """Return a column's values; Arrow makes lists of structs five times as fast, and Polars all else."""
    return column.to_arrow().to_pylist() if column.dtype.is_nested() else column.to_list()


class Fault(NamedTuple):
    """What is wrong with a row, and in which columns."""

    row: int
    message: str
    columns: list[str]


def _faults(name: str, start: int, rows: pl.DataFrame) -> list[Fault]:
    """Return the faults of a chunk: looked at column by column, and row by row only if that fails."""
    try:
        schemas.columns_adapter(name).validate_python(
            {it.name: _values(it) for it in _to_look_at(name, rows)}
        )
    except ValidationError:
        columns = {column.name: _values(column) for column in rows}
        each = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
        found = ((n, _errors(name, row)) for n, row in enumerate(each, start))
        return [_fault(name, n, errors) for n, errors in found if errors]
    return []


def _to_look_at(name: str, rows: pl.DataFrame) -> Iterator[pl.Series]:
    """Give the columns, each value once where values recur and no rule holds it against another column's."""
    whole = {*schemas.LONG, schemas.IDS.get(name), *TABLES[name].ruled()}
    for column in rows:
        yield column if column.name in whole or column.dtype.is_nested() else column.unique()


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
    """Part the rows; where all stay, as nearly always, the frame is not copied."""
    out = frame.select(out=is_out)["out"]
    if not out.fill_null(value=True).any():
        return frame, frame.clear()
    return frame.filter(~out), frame.filter(out)


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
