"""What a release promises, checked on the tables and on the written files.

A finding is a row that breaks its promise. `promises` serves the release, Dagster and the command line alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow.parquet as pq

import schemas
from pipeline import ledger, policy
from pipeline.release import jsonl, parquet
from pipeline.release.arrange import by_path, in_order
from pipeline.release.stats import EXAMPLES
from pipeline.spill import give_back
from schemas import IDS, Tables


class Finding(NamedTuple):
    """The outcome of one check: what is promised, and what was seen that breaks it; null if it holds."""

    check: str
    promises: str
    seen: str | None


def ids_unique(tables: Tables) -> str | None:
    """Every record, segment and document has an id of its own."""
    for name, key in IDS.items():
        twice = repeated(getattr(tables, name)[key])
        if len(twice):
            return f"{name}.{key} {twice[key][0]} stands on {twice['count'][0]} rows"
    return None


def repeated(ids: pl.Series) -> pl.DataFrame:
    """Return the ids that stand on several rows, and their `count`, the most frequent first.

    They are counted only where a number made of each, which takes less memory, occurs twice.
    """
    numbers = ids.hash().to_numpy(writable=True)
    numbers.sort()
    some = ids if (numbers[1:] == numbers[:-1]).any() else ids.clear()
    return some.value_counts(sort=True).filter(pl.col("count") > 1)


def references_hold(tables: Tables) -> str | None:
    """Every id that a row names is that of a row, or of a record that was removed."""
    records = tables.records["record_id"]
    documents = tables.documents["document_id"]
    captures = tables.records.select(
        pl.col("captures").list.explode(empty_as_null=False).struct.field("document_id")
    )
    named = (
        ("records", "document_id", documents),
        ("segments", "record_id", records),
        ("spans", "document_id", documents),
        ("spans", "record_id", pl.concat([records, tables.removed["record_id"]])),
        ("spans", "segment_id", tables.segments["segment_id"]),
        ("removed", "kept_id", pl.concat([records, documents])),
    )
    ids_of = [(name, key, getattr(tables, name)[key], known) for name, key, known in named]
    ids_of.append(("records.captures", "document_id", captures["document_id"], documents))
    for name, key, said, known in ids_of:
        # A number made of each id takes less memory.
        is_lost = said.is_not_null() & ~said.hash().is_in(known.drop_nulls().hash().implode())
        if is_lost.any():
            return f"{name} names the {key} {said.filter(is_lost)[0]}, which is nowhere"
    return None


def spans_in_their_segments(tables: Tables) -> str | None:
    """A span that names a segment lies in it, in the same document."""
    places = tables.segments.select("segment_id", at="document_id", first="byte_start", last="byte_end")
    named = tables.spans.filter(pl.col("segment_id").is_not_null())
    lies_there = (
        (pl.col("at") == pl.col("document_id"))
        & (pl.col("byte_start") >= pl.col("first"))
        & (pl.col("byte_end") <= pl.col("last"))
    )
    out = named.join(places, on="segment_id", how="left", maintain_order="left").filter(
        ~lies_there.fill_null(value=False)
    )
    return (
        f"the span at byte {out['byte_start'][0]} of {out['document_id'][0]} "
        f"names the segment {out['segment_id'][0]}, which lies elsewhere"
        if len(out)
        else None
    )


def counts_agree(tables: Tables) -> str | None:
    """The rows counted in documents and records are those that are there."""
    for name, column, counted in (
        ("documents", "n_records", tables.records),
        ("documents", "n_segments", tables.segments),
        ("records", "n_segments", tables.segments),
    ):
        key = IDS[name]
        seen = counted.select(number=pl.col(key).hash()).group_by("number").agg(seen=pl.len())
        rows = (
            getattr(tables, name).with_columns(number=pl.col(key).hash()).join(seen, on="number", how="left")
        )
        wrong = rows.filter(pl.col(column) != pl.col("seen").fill_null(0))
        if len(wrong):
            return f"{name}.{column} of {wrong[key][0]} is {wrong[column][0]}, and {wrong['seen'][0] or 0} are there"
    return None


def spans_disjoint(tables: Tables) -> str | None:
    """No byte of a document lies in two spans."""
    before = pl.col("byte_end").shift().over("document_id")
    both = tables.spans.sort("document_id", "byte_start").filter(pl.col("byte_start") < before)
    return (
        f"byte {both['byte_start'][0]} of {both['document_id'][0]} lies in two spans" if len(both) else None
    )


def ledger_whole(tables: Tables) -> str | None:
    """Every byte of a page that is not white space lies in exactly one span."""
    return next(ledger.all_faults(tables.documents, tables.spans), None)


def rows_arranged(tables: Tables) -> str | None:
    """Rows stand in the order of their document's path and of their place in it."""
    at = Counter[str]()
    for batch in in_order(tables):
        for name, frame in batch._asdict().items():
            if not getattr(tables, name).slice(at[name], len(frame)).equals(frame):
                return f"{name} is in another order"
            at[name] += len(frame)
    return None


ROWS: tuple[Callable[[Tables], str | None], ...] = (
    ids_unique,
    references_hold,
    spans_in_their_segments,
    counts_agree,
    spans_disjoint,
    rows_arranged,
    policy.withheld_everywhere,
)
BY_DOCUMENT = (ledger_whole, spans_in_their_segments, spans_disjoint)  # can be checked of each alone


def of_pages(tables: Tables) -> list[Finding]:
    """Check the rows against the pages, if the documents still have their `text`."""
    if "text" not in tables.documents.columns:
        return []
    return _found((ledger_whole,), tables)


def of_rows(tables: Tables) -> list[Finding]:
    """Check what a release promises of its rows, in the order of `arrange`."""
    return _found(ROWS, tables)


def _found(checks: Sequence[Callable[[Tables], str | None]], tables: Tables) -> list[Finding]:
    """Check the tables, in batches of whole documents where these can be checked alone."""
    parts = list(by_path(tables))
    seen = [filter(None, map(_asked(check), parts if check in BY_DOCUMENT else [tables])) for check in checks]
    return [
        Finding(check.__name__, str(check.__doc__), next(first, None))
        for check, first in zip(checks, seen, strict=True)
    ]


def _asked(check: Callable[[Tables], str | None]) -> Callable[[Tables], str | None]:
    """Give back what a check has looked at."""

    def asked(tables: Tables) -> str | None:
        seen = check(tables)
        give_back()
        return seen

    return asked


def of_files(folder: Path, written: Tables) -> tuple[Tables, list[Finding]]:
    """Read the tables of a release that was just written, and check what it promises of them and of their files.

    Args:
        folder: of the version.
        written: the rows that its Parquet should have; its JSONL was made of them, and held against them already.

    Returns:
        The tables, their texts as digests but for the first (see `parquet.brief`), and the findings.
    """
    unlike: list[str] = []

    def read(name: str) -> Iterator[pl.DataFrame]:
        rows, start = getattr(written, name), 0
        for part in parquet.batches(folder, name):
            if not part.equals(rows.slice(start, len(part))):
                unlike.append(f"{name}, from row {start + 1} on, differs from its JSONL")
            start += len(part)
            yield part
        if start != len(rows):
            unlike.append(f"{name} has {start:,} rows, and its JSONL {len(rows):,}")

    tables = Tables(*(parquet.brief(read(name), EXAMPLES) for name in Tables._fields))
    seen = (shards_alike(folder), next(iter(unlike), None))
    found = [Finding(it.__name__, str(it.__doc__), said) for it, said in zip(FILES, seen, strict=True)]
    return tables, found + of_rows(tables)


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
            lines = map(jsonl.render, parquet.parts(path))
            if not jsonl.holds(jsonl.path_of(folder, name, shard), lines):
                return f"{path.name} of {name} differs from its JSONL"
    return None


FILES: tuple[Callable[[Path], str | None], ...] = (shards_alike, jsonl_equals_parquet)


def promises() -> list[dict[str, str]]:
    """List what every release promises: of its pages, its files and its rows, in the order of the checks."""
    return [
        {"check": check.__name__, "promises": str(check.__doc__)} for check in (ledger_whole, *FILES, *ROWS)
    ]
