"""The rows of a version: of the types that schema/ promises, the same in Parquet and JSONL, and one whole ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import schemas
from pipeline import batches, ledger, validate
from pipeline.ingest.decoding import UTF_8
from pipeline.release import checks, digest, folder, jsonl, manifest, parquet
from pipeline.release.stats import EXAMPLES
from pipeline.verify.found import Fault, Note, Version
from schemas import Tables

READ_BYTES = 1 << 20  # of JSONL that has no rows in Parquet, at a time
COUNTS = ("n_records", "n_segments", "body_bytes", "chrome_bytes", "unclaimed_bytes")


def read_and_hold(version: Version) -> Iterator[Fault | Note]:
    """Read every table once, and hold what was read against schema/, JSONL, the digests and the ledger."""
    shapes = manifest.json_schemas(version.folder)
    if digest.of_json(shapes) != version.told["schema_digest"]:
        yield Fault(
            f"schema/ has the digest {digest.of_json(shapes)}, and the manifest says {version.told['schema_digest']}"
        )
    frames, digests, broken = {}, {}, list[Fault]()
    for name, n_rows in version.told["rows"].items():
        paths = parquet.paths(version.folder, name)
        if not paths or name not in shapes:
            what = "its schema" if paths else "no file of it"
            yield Fault(f"{name}/: the manifest counts its rows, and {what} is here")
        for path in paths:
            yield from _types(f"{name}/{path.name}", pq.read_schema(path), shapes[name]["properties"])
        seen = _Seen([], [], digest.TableDigest())
        check = validate.check if shapes[name] == schemas.json_schema(name) else None
        frames[name] = parquet.brief(_parts(version, name, paths, seen, check), EXAMPLES)
        yield from seen.faults
        if len(frames[name]) != n_rows:
            yield Fault(f"{name} has {len(frames[name]):,} rows, and the manifest says {n_rows:,}")
        digests[name] = seen.hashed.hexdigest()
        broken += seen.broken
    yield from _digests(version, digests)
    if frames.keys() == {*Tables._fields}:
        yield from _promises(Tables(**frames))
    yield from broken


class _Seen(NamedTuple):
    """What is seen of a table as it is read: what is wrong with its files, and with its rows; their digest."""

    faults: list[Fault]
    broken: list[Fault]
    hashed: digest.TableDigest


def _parts(
    version: Version, name: str, paths: list[Path], seen: _Seen, check: Callable[..., Any] | None
) -> Iterator[pl.DataFrame]:
    """Read the files of a table in parts, each beside its JSONL; with `check` the rows are put through their model."""
    for shard, path in enumerate(paths):
        lines = jsonl.path_of(version.folder, name, shard)
        n_rows, n_lines, unlike = 0, 0, list[int]()
        with pa.input_stream(lines, compression="gzip") as file:
            for part in parquet.parts(path):
                made = jsonl.render(part)
                written = file.read(len(made))
                unlike += _unlike(written, made, n_lines)
                n_rows, n_lines = n_rows + len(part), n_lines + written.count(b"\n")
                seen.hashed.add(b"".join(digest.of_rows(made)))
                bad = check(name, part)[1]["message"] if check else ()
                seen.broken.extend(Fault(f"{name}: {message}") for message in bad)
                yield part
            while more := file.read(READ_BYTES):
                unlike.append(n_rows + 1)
                n_lines += more.count(b"\n")
        seen.faults.extend(_counted(version, path, n_rows))
        seen.faults.extend(_counted(version, lines, n_lines))
        if unlike:
            place = lines.relative_to(version.folder).as_posix()
            seen.faults.append(Fault(f"{place}: row {unlike[0]} differs from that of {name}/{path.name}"))


def _unlike(written: bytes, made: bytes, before: int) -> list[int]:
    """Return the number of the first line that differs, counted from 1 after those before, if one does."""
    if written == made:
        return []
    pairs = zip_longest(written.split(b"\n"), made.split(b"\n"))
    return [before + next(n for n, (one, other) in enumerate(pairs, 1) if one != other)]


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


def _counted(version: Version, path: Path, rows: int) -> Iterator[Fault]:
    place = path.relative_to(version.folder).as_posix()
    told = next((entry.get("rows") for entry in version.told["files"] if entry["path"] == place), None)
    if rows != told:
        yield Fault(
            f"{place} has {rows:,} rows, and the manifest says {told if told is None else f'{told:,}'}"
        )


def _digests(version: Version, seen: dict[str, str]) -> Iterator[Fault]:
    for name, said in seen.items():
        told = version.told["table_digests"].get(name)
        if said != told:
            yield Fault(f"the rows of {name} have the digest {said}, and the manifest says {told}")
    if digest.of_tables(seen) != version.told["data_digest"]:
        yield Fault(
            f"the data digest is {digest.of_tables(seen)}, and the manifest says {version.told['data_digest']}"
        )


def _promises(tables: Tables) -> Iterator[Fault]:
    """Hold rows against each other."""
    known = folder.completed(tables)
    for finding in checks.of_rows(known):
        # Another schema version has columns more or fewer, and then no order of ours.
        if finding.seen and (_is_ours(tables) or finding.check != checks.rows_arranged.__name__):
            yield Fault(f"{finding.seen}; a release promises: {finding.promises}")
    yield from _ledger(tables)


def _is_ours(tables: Tables) -> bool:
    return all(
        frame.columns == schemas.polars_schema(name).names() for name, frame in tables._asdict().items()
    )


def _ledger(tables: Tables) -> Iterator[Fault]:
    """Hold the spans against the sizes of their documents, and against what documents say of them."""
    # Offsets into a text that was recoded lie in more bytes, or fewer, than its file has.
    is_recoded = ~pl.col("encoding").is_in(UTF_8)
    sizes = tables.documents.select("document_id", "n_bytes", is_recoded=is_recoded)
    is_sound = (
        (pl.col("byte_start") >= 0)
        & (pl.col("byte_start") < pl.col("byte_end"))
        & ((pl.col("byte_end") <= pl.col("n_bytes")) | pl.col("is_recoded"))
    )
    for spans in batches.of_rows(tables.spans):
        for row in spans.join(sizes, on="document_id").filter(~is_sound).iter_rows(named=True):
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
