"""What a version is made of, file by file; the manifest is written last."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import schemas
from pipeline.release import digest, provenance, signing
from pipeline.release.facts import DamagedVersionError, Dataset, Head, PublishError

NAME = "manifest.json"
SUMS = provenance.SUMS
WITHDRAWN = "WITHDRAWN.json"  # the one file that may come after a version was published
# What names inputs and history, which alone make no new version.
APART = (NAME, provenance.NAME, signing.NAME)
# What names its version, and so is never the same in two.
NAMING = ("README.md", "croissant.json", "datapackage.json", "CITATION.cff", "datacite.json", "index.html")
DIGESTS = ("schema_digest", "data_digest", "table_digests")


def write_sums(folder: Path, known: Mapping[str, str] = {}) -> None:
    """Write the checksums of all files but itself, the manifest and the provenance, for `sha256sum -c`.

    One that is known is believed. They hold no input and no history: two versions are the same if and only if their
    sums are.
    """
    lines = (
        f"{known.get(path) or digest.of_file(folder / path)}  {path}\n"
        for path in files(folder)
        if path not in (SUMS, *APART)
    )
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def sums(folder: Path) -> str:
    """Return the checksums of a version."""
    return (folder / SUMS).read_text(encoding="utf-8")


def write(folder: Path, head: Head) -> None:
    """Write the manifest: the head, the digests, and every file with its bytes, SHA-256 and rows.

    The checksums were written just now, and name all files but those that came after them.
    """
    digests = read_json(folder / "stats.json")["digests"]
    known = {path: sha256 for sha256, _, path in (line.partition("  ") for line in sums(folder).splitlines())}
    listed = entries(folder, [path for path in files(folder) if path != NAME], known)
    content = {
        **head._asdict(),
        "dataset": asdict(head.dataset),
        "schema_digest": digest.of_json(json_schemas(folder)),
        "data_digest": digests["data"],
        "table_digests": digests["tables"],
        "rows": {
            name: sum(entry["rows"] for entry in listed if entry["path"].startswith(f"{name}/"))
            for name in schemas.TABLES
        },
        "files": listed,
    }
    write_json(folder / NAME, content)


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a version.

    Raises:
        PublishError: it is damaged.
    """
    content: dict[str, Any] = read_json(folder / NAME)
    if not isinstance(content, dict) or not content.keys() >= {*Head._fields, *DIGESTS, "rows", "files"}:
        raise PublishError(
            f"{folder / NAME} is damaged (parts of it are missing): restore it. Nothing was published"
        )
    return content


def json_schemas(folder: Path) -> dict[str, Any]:
    """Return the JSON Schemas of a version, by table."""
    paths = sorted((folder / "schema").glob("*.schema.json"))
    return {path.name.removesuffix(".schema.json"): read_json(path) for path in paths}


def head(content: dict[str, Any]) -> Head:
    """Return the head that a manifest was written with."""
    known = {name: content[name] for name in Head._fields}
    said: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in known["dataset"].items()
    }
    return Head(**known | {"dataset": Dataset(**said)})


def files(folder: Path) -> list[str]:
    """Return the files below a folder, as posix paths, sorted; the mark of a withdrawal is none of a version's."""
    return sorted(path for path in _below(folder) if path != WITHDRAWN)


def _below(folder: Path) -> Iterator[str]:
    for home, _, names in os.walk(folder):
        place = Path(home).relative_to(folder).as_posix()
        for name in names:
            if os.path.isfile(f"{home}/{name}"):  # noqa: PTH113 - a Path for each of thousands takes its time
                yield name if place == "." else f"{place}/{name}"


def differs(folder: Path) -> str | None:
    """Compare a version's files with its manifest and its sums; return the first that differs."""
    listed = {entry["path"]: entry for entry in read(folder)["files"]}
    found = [path for path in files(folder) if path != NAME]
    strange = sorted(listed.keys() ^ set(found))
    if strange:
        return f"{strange[0]} is {'missing' if strange[0] in listed else 'not in the manifest'}"
    changed = (path for path in found if digest.of_file(folder / path) != listed[path]["sha256"])
    return next((f"{path} has other bytes than the manifest says" for path in changed), None)


def refuse_damaged(folder: Path, *within: str, by_digest: bool = False) -> None:
    """Refuse a version of which a file that its manifest lists is not there, or is another.

    Args:
        folder: of the version.
        within: the tables that are to be read; all files where none is named. Who downloaded one has no other.
        by_digest: compare the bytes too, and not their number alone.

    Raises:
        DamagedVersionError: the first such file, what was seen of it, and what to do; or that they were deleted.
    """
    if (folder / WITHDRAWN).is_file() and read_json(folder / WITHDRAWN).get("is_deleted"):
        raise DamagedVersionError(
            f"{folder} was withdrawn, and its files were deleted, as {WITHDRAWN} says; do: ask for another version"
        )
    places = tuple(f"{name}/" for name in within) or ("",)
    for entry in read(folder)["files"]:
        if entry["path"].startswith(places) and (seen := _other(folder / entry["path"], entry, by_digest)):
            raise DamagedVersionError(
                f"{folder / entry['path']} {seen}; do: restore it from a copy of {folder.name}, and see with "
                f"`dehusk verify {folder}` whether all else is as it was"
            )


def _other(file: Path, entry: dict[str, Any], by_digest: bool) -> str | None:
    """Say in what a file differs from what the manifest lists."""
    if not file.is_file():
        return f"is missing: {NAME} lists it, of {entry['bytes']:,} bytes"
    n_bytes = file.stat().st_size
    if n_bytes != entry["bytes"]:
        return f"is damaged: it has {n_bytes:,} bytes, and {NAME} says {entry['bytes']:,}"
    if by_digest and digest.of_file(file) != entry["sha256"]:
        return f"is damaged: it has other bytes than {NAME} says"
    return None


def read_json(path: Path) -> Any:
    """Read JSON that a release holds.

    Raises:
        PublishError: it is damaged.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PublishError(f"{path} is damaged ({error}): restore it. Nothing was published") from error


def write_json(path: Path, value: Any) -> None:
    """Write JSON for people and programs: indented, as UTF-8, ending with a line break."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def entries(folder: Path, paths: list[str], known: Mapping[str, str] = {}) -> list[dict[str, Any]]:
    """Return the path, bytes and SHA-256 of files, and the rows of those that hold some; a digest known is believed."""
    rows = _rows(folder)
    return [_entry(folder, path, rows, known.get(path)) for path in paths]


def _rows(folder: Path) -> dict[str, int]:
    """Return the rows of each file that holds some; a JSONL file holds those of its Parquet file."""
    counts = {}
    for name in schemas.TABLES:
        for path in (folder / name).glob("*.parquet"):
            counts[f"{name}/{path.name}"] = pq.read_metadata(path).num_rows
            shard = path.stem.removeprefix("part-")
            counts[f"jsonl/{name}-{shard}.jsonl.gz"] = counts[f"{name}/{path.name}"]
    return counts


def _entry(folder: Path, path: str, rows: dict[str, int], sha256: str | None) -> dict[str, Any]:
    file = folder / path
    entry = {"path": path, "bytes": file.stat().st_size, "sha256": sha256 or digest.of_file(file)}
    return entry | ({"rows": rows[path]} if path in rows else {})
