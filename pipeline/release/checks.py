"""What a release promises, checked on the tables and on the written files.

A finding is a row that breaks its promise. `promises` serves the release, Dagster and the command line alike.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow.parquet as pq

import schemas
from pipeline.release import jsonl, parquet
from pipeline.release.arrange import arrange
from schemas import IDS, Tables


class Finding(NamedTuple):
    """The outcome of one check: what is promised, and what was seen that breaks it; null if it holds."""

    check: str
    promises: str
    seen: str | None


def ids_unique(tables: Tables) -> str | None:
    """Every record, segment and document has an id of its own."""
    for name, key in IDS.items():
        twice = getattr(tables, name)[key].value_counts(sort=True).filter(pl.col("count") > 1)
        if len(twice):
            return f"{name}.{key} {twice[key][0]} stands on {twice['count'][0]} rows"
    return None


def references_hold(tables: Tables) -> str | None:
    """Every id that a row names is that of a row: of the release, or of what was removed from it."""
    homes = {
        "document_id": tables.documents["document_id"],
        "record_id": pl.concat([tables.records["record_id"], tables.removed["record_id"]]),
    }
    for name in ("records", "segments", "spans"):
        frame = getattr(tables, name)
        for key, home in homes.items():
            is_lost = (
                ~pl.col(key).is_in(home.drop_nulls().implode()) if key in frame.columns else pl.lit(False)
            )
            lost = frame.filter(is_lost.fill_null(False))
            if len(lost):
                return f"{name} names the {key} {lost[key][0]}, which is nowhere"
    return None


def spans_disjoint(tables: Tables) -> str | None:
    """No byte of a document lies in two spans."""
    before = pl.col("byte_end").shift().over("document_id")
    both = tables.spans.sort("document_id", "byte_start").filter(pl.col("byte_start") < before)
    return (
        f"byte {both['byte_start'][0]} of {both['document_id'][0]} lies in two spans" if len(both) else None
    )


def rows_arranged(tables: Tables) -> str | None:
    """Rows stand in the order of their document's path and of their place in it."""
    arranged = arrange(tables)
    wrong = [name for name in schemas.TABLES if not getattr(tables, name).equals(getattr(arranged, name))]
    return f"{wrong[0]} is in another order" if wrong else None


ROWS: tuple[Callable[[Tables], str | None], ...] = (
    ids_unique,
    references_hold,
    spans_disjoint,
    rows_arranged,
)


def of_rows(tables: Tables) -> list[Finding]:
    """Check what a release promises of its rows, in the order of `arrange`."""
    return [Finding(check.__name__, str(check.__doc__), check(tables)) for check in ROWS]


def of_files(folder: Path) -> tuple[Tables, list[Finding]]:
    """Read the tables of a written release, and check what it promises of them and of their files."""
    tables = Tables(*(parquet.read(folder, name) for name in Tables._fields))
    found = [
        Finding(check.__name__, str(check.__doc__), check(folder))
        for check in (shards_alike, jsonl_equals_parquet)
    ]
    return tables, found + of_rows(tables)


def unaccounted(tables: Tables) -> pl.DataFrame:
    """Find the bytes that are not white space and lie in no span, and in nothing that was removed as invalid.

    Args:
        tables: documents with `text`.

    Returns:
        document_id, byte_start, byte_end of each gap that should not be, and of what reaches beyond the end.
    """
    covered = pl.concat(
        [
            tables.spans.select("document_id", "byte_start", "byte_end"),
            tables.removed.filter(reason="invalid")
            .select("document_id", "byte_start", "byte_end")
            .drop_nulls(),
        ]
    ).sort("document_id", "byte_start")
    extents = covered.partition_by("document_id", as_dict=True, include_key=False)
    nothing = covered.clear().drop("document_id")
    rows = [
        (document_id, start, stop)
        for document_id, text in tables.documents.select("document_id", "text").iter_rows()
        for start, stop in _gaps((text or "").encode(), extents.get((document_id,), nothing))
    ]
    return pl.DataFrame(rows, covered.schema, orient="row")


def _gaps(text: bytes, covered: pl.DataFrame) -> list[tuple[int, int]]:
    reached = [0, *covered["byte_end"].cum_max()]
    starts = [*covered["byte_start"], len(text)]
    gaps = ((end, start) for end, start in zip(reached, starts, strict=True) if end < start)
    lost = [(start, stop) for start, stop in gaps if text[start:stop].decode(errors="replace").strip()]
    return lost + [(len(text), reached[-1])] * (reached[-1] > len(text))


def shards_alike(folder: Path) -> str | None:
    """Every file of a table has the schema of the table."""
    for name in schemas.TABLES:
        for path in parquet.paths(folder, name):
            if not pq.read_schema(path).equals(schemas.arrow_schema(name)):
                return f"{path.name} of {name} has another schema"
    return None


def jsonl_equals_parquet(folder: Path) -> str | None:
    """JSONL and Parquet hold the same rows in the same order."""
    for name in schemas.TABLES:
        for shard, path in enumerate(parquet.paths(folder, name)):
            written = jsonl.render(pl.read_parquet(path, glob=False))
            if written != jsonl.read(jsonl.path_of(folder, name, shard)):
                return f"{path.name} of {name} differs from its JSONL"
    return None
