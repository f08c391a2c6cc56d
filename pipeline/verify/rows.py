"""The rows of a version: of the types that schema/ promises, the same in Parquet and JSONL, and one whole ledger."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import polars as pl
import pyarrow.parquet as pq

import schemas
from pipeline import ledger, validate
from pipeline.release import checks, digest, folder, jsonl, manifest, parquet
from pipeline.verify.found import Fault, Note, Version
from schemas import Tables

COUNTS = ("n_records", "n_segments", "body_bytes", "chrome_bytes", "unclaimed_bytes")


def read_and_hold(version: Version) -> Iterator[Fault | Note]:
    """Read every table once, and hold what was read against schema/, JSONL, the digests and the ledger."""
    shapes = manifest.json_schemas(version.folder)
    if digest.of_json(shapes) != version.told["schema_digest"]:
        yield Fault(
            f"schema/ has the digest {digest.of_json(shapes)}, and the manifest says {version.told['schema_digest']}"
        )
    frames, digests = {}, {}
    for name in version.told["rows"]:
        parts: list[pl.DataFrame] = []
        hashes: list[bytes] = []
        yield from _table(version, name, shapes, parts, hashes)
        frames[name], digests[name] = pl.concat(parts), digest.of_table(hashes)
    yield from _digests(version, digests)
    if frames.keys() == {*Tables._fields}:
        yield from _promises(Tables(**frames), shapes)


def _table(
    version: Version, name: str, shapes: dict[str, Any], parts: list[pl.DataFrame], hashes: list[bytes]
) -> Iterator[Fault]:
    """Hold the files of a table; what was read goes to `parts`, the digests of its rows to `hashes`."""
    paths = parquet.paths(version.folder, name)
    if not paths or name not in shapes:
        yield Fault(
            f"{name}/: the manifest counts its rows, and {'its schema' if paths else 'no file of it'} is here"
        )
    for shard, path in enumerate(paths):
        place = f"{name}/{path.name}"
        yield from _types(place, pq.read_schema(path), shapes[name]["properties"])
        frame = pl.read_parquet(path, glob=False)
        lines = jsonl.render(frame)
        yield from _counted(version, place, len(frame))
        yield from _same(version, name, shard, lines)
        parts.append(frame)
        hashes += digest.of_rows(lines)
    total = sum(map(len, parts))
    if total != version.told["rows"][name]:
        yield Fault(f"{name} has {total:,} rows, and the manifest says {version.told['rows'][name]:,}")


def _types(place: str, seen: Any, columns: dict[str, Any]) -> Iterator[Fault]:
    if seen.names != list(columns):
        odd = [*(set(seen.names) ^ set(columns)), "its columns"][0]
        yield Fault(f"{place}: {odd} stands otherwise than in schema/")
    for field in seen:
        rules = columns[field.name]
        told = (str(field.type), (field.metadata or {}).get(b"description", b"").decode(), field.nullable)
        promised = (rules["arrowType"], rules["description"], "anyOf" in rules)
        for one, other, what in zip(told, promised, ("type", "description", "nullability"), strict=True):
            if one != other:
                yield Fault(f"{place}: {field.name} has the {what} {one!r}, and schema/ says {other!r}")


def _counted(version: Version, place: str, rows: int) -> Iterator[Fault]:
    told = next((entry.get("rows") for entry in version.told["files"] if entry["path"] == place), None)
    if rows != told:
        yield Fault(
            f"{place} has {rows:,} rows, and the manifest says {told if told is None else f'{told:,}'}"
        )


def _same(version: Version, name: str, shard: int, lines: bytes) -> Iterator[Fault]:
    path = jsonl.path_of(version.folder, name, shard)
    place = path.relative_to(version.folder).as_posix()
    written = gzip.decompress(path.read_bytes())
    yield from _counted(version, place, written.count(b"\n"))
    if written != lines:
        ours, theirs = written.split(b"\n"), lines.split(b"\n")
        row = next((n for n, pair in enumerate(zip(ours, theirs, strict=False), 1) if pair[0] != pair[1]), 0)
        yield Fault(f"{place}: row {row} differs from that of {name}/part-{shard:05d}.parquet")


def _digests(version: Version, seen: dict[str, str]) -> Iterator[Fault]:
    for name, said in seen.items():
        told = version.told["table_digests"].get(name)
        if said != told:
            yield Fault(f"the rows of {name} have the digest {said}, and the manifest says {told}")
    if digest.of_tables(seen) != version.told["data_digest"]:
        yield Fault(
            f"the data digest is {digest.of_tables(seen)}, and the manifest says {version.told['data_digest']}"
        )


def _promises(tables: Tables, shapes: dict[str, Any]) -> Iterator[Fault]:
    """Hold rows against each other and, where the schemas are those known here, against their models."""
    known = folder.completed(tables)
    for finding in checks.of_rows(known):
        # Another schema version has columns more or fewer, and then no order of ours.
        if finding.seen and (_is_ours(tables) or finding.check != checks.rows_arranged.__name__):
            yield Fault(f"{finding.seen}; a release promises: {finding.promises}")
    yield from _ledger(tables)
    for name, frame in tables._asdict().items():
        if shapes[name] != schemas.json_schema(name):
            continue
        _, bad = validate.check(name, frame)
        for message in bad["message"]:
            yield Fault(f"{name}: {message}")


def _is_ours(tables: Tables) -> bool:
    return all(
        frame.columns == schemas.polars_schema(name).names() for name, frame in tables._asdict().items()
    )


def _ledger(tables: Tables) -> Iterator[Fault]:
    """Hold the spans against the sizes of their documents, and against what documents say of them."""
    sizes = tables.documents.select("document_id", "n_bytes")
    for row in (
        tables.spans.join(sizes, on="document_id")
        .filter(
            ~(
                (pl.col("byte_start") >= 0)
                & (pl.col("byte_start") < pl.col("byte_end"))
                & (pl.col("byte_end") <= pl.col("n_bytes"))
            )
        )
        .iter_rows(named=True)
    ):
        yield Fault(
            f"a span of {row['document_id']} is {row['byte_start']}..{row['byte_end']}, "
            f"and the document has {row['n_bytes']:,} bytes"
        )
    summed = ledger.sum_up(tables.documents, tables.records, tables.segments, tables.spans)
    for column in COUNTS:
        for name, told, seen in zip(
            tables.documents["document_id"], tables.documents[column], summed[column], strict=True
        ):
            if told != seen:
                yield Fault(f"documents.{column} of {name} is {told:,}, and its rows give {seen:,}")
