"""Seeds → documents."""

import hashlib
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.ingest.decoding import decode
from pipeline.ingest.entries import NOTHING_SAID, SeedEntry, all_entries
from pipeline.ingest.faults import Fault
from pipeline.ingest.finding import SEEDS_TOML, Where, files_at, find_seeds, folders, places, spoken
from pipeline.policy import Policies

READ_TRIES = 3


class Seeds(NamedTuple):
    """What was read: `documents`, one row a seed, and `faults`, what could not be."""

    documents: pl.DataFrame
    faults: list[Fault]


INSTANT: pl.DataType = pl.Datetime("us", "UTC")
DOCUMENTS = pl.DataFrame(
    schema={
        "document_id": pl.String,
        "path": pl.String,
        "sha256": pl.String,
        "n_bytes": pl.Int64,
        "encoding": pl.String,
        "text": pl.String,
        "site": pl.String,
        "source_url": pl.String,
        "captured_earliest": INSTANT,
        "captured_latest": INSTANT,
        "capture_evidence": pl.String,
        "license": pl.String,
        "license_evidence": pl.String,
        "policy": pl.String,
    }
).schema


def read_seeds(where: Where) -> Seeds:
    """Read every seed under some folders, files or globs.

    Returns:
        One row a document, by path, with the columns of DOCUMENTS; and the faults.

    Raises:
        IngestError: nothing is there.
    """
    found = find_seeds(where)
    entries, wrong = all_entries(where)
    faults = [*_missing(where), *wrong]
    policies = Policies(folders(where), SEEDS_TOML)
    rows: dict[str, dict[str, Any]] = {}
    for name, path in found:
        row = _read_seed(name, path, entries.get(path.absolute(), NOTHING_SAID), policies.of(path))
        if isinstance(row, Fault):
            faults.append(row)
        elif (first := rows.get(row["document_id"])) is not None:
            faults.append(
                Fault(
                    "exact_copy",
                    f"{name}: the same bytes as {first['path']}; one is kept",
                    row["document_id"],
                    first["document_id"],
                    row["n_bytes"],
                )
            )
        else:
            rows[row["document_id"]] = row
    return Seeds(pl.DataFrame(list(rows.values()), schema=DOCUMENTS, orient="row"), faults)


def _missing(where: Where) -> list[Fault]:
    empty = [place for place in places(where) if next(files_at(place), None) is None]
    return [Fault("missing", f"{spoken(place)}: no file is there; do: mend the name") for place in empty]


def _read_seed(name: str, path: Path, entry: SeedEntry, policy: str) -> dict[str, Any] | Fault:
    try:
        data = _read_bytes(path)
        text, encoding = decode(data)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Fault("unreadable", f"{name}: {reason}; do: replace or remove the file")
    digest = hashlib.sha256(data).hexdigest()
    document_id = f"d_{digest[:24]}"
    if not text.removeprefix("\ufeff").strip():
        return Fault(
            "empty", f"{name}: nothing but white space in {len(data)} bytes", document_id, byte_end=len(data)
        )
    return {
        "document_id": document_id,
        "path": name,
        "sha256": digest,
        "n_bytes": len(data),
        "encoding": encoding,
        "text": text,
        "site": entry.site,
        "source_url": entry.source_url,
        "captured_earliest": _utc(entry.captured_earliest),
        "captured_latest": _utc(entry.captured_latest),
        "capture_evidence": entry.capture_evidence,
        "license": entry.license,
        "license_evidence": entry.license_evidence,
        "policy": policy,
    }


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _read_bytes(path: Path) -> bytes:
    """Read a regular file whole, again if it changed meanwhile."""
    for _ in range(READ_TRIES):
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            what = "a link to a folder" if path.is_dir() else "not a regular file"
            raise OSError(0, what)
        data = path.read_bytes()
        if len(data) == before.st_size == path.stat().st_size:
            return data
    raise OSError(0, f"the file changed during each of {READ_TRIES} readings")


def survey(where: Where) -> pl.DataFrame:
    """List the seeds without reading them.

    Returns:
        path, n_bytes, modified_ns (when it was last written; both null for a dangling link), site, license (as
        `seeds.toml` says; null where it does not).

    Raises:
        IngestError: nothing is there.
    """
    entries, _ = all_entries(where)
    found = ((name, path, entries.get(path.absolute())) for name, path in find_seeds(where))
    rows = [
        (name, *_size_and_time(path), entry and entry.site, entry and entry.license)
        for name, path, entry in found
    ]
    numbers = dict.fromkeys(("n_bytes", "modified_ns"), pl.Int64)
    return pl.DataFrame(
        rows, {"path": pl.String, **numbers, "site": pl.String, "license": pl.String}, orient="row"
    )


def fingerprint(where: Where) -> str:
    """Digest the names, sizes and times of the seeds, and of what is said of them, without reading them.

    Raises:
        IngestError: nothing is there.
    """
    files = [*find_seeds(where), *((SEEDS_TOML, folder / SEEDS_TOML) for folder in folders(where))]
    return hashlib.sha256(repr([(name, *_size_and_time(path)) for name, path in files]).encode()).hexdigest()


def _size_and_time(path: Path) -> tuple[int | None, int | None]:
    try:
        said = path.stat()
    except OSError:
        return None, None
    return said.st_size, said.st_mtime_ns
