"""What changed from one version to the next, read from their folders."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.release import digest, jsonl, manifest, parquet, versions
from pipeline.release.versions import Change
from schemas import IDS, TABLES

Rows = Counter[tuple[Any, bytes]]


def summarise(old: Path, new: Path) -> dict[str, Any]:
    """Compare two versions.

    Returns:
        previous, version (the number that follows), bump, reasons (sentences), schema (those of them that are
        about columns), rows (by table: added, removed, changed, same).
    """
    broken = versions.schema_changes(manifest.json_schemas(old), manifest.json_schemas(new))
    rows = {name: _count(_rows(old, name), _rows(new, name)) for name in TABLES}
    changes = [*broken, *_moved(rows)] or [
        Change("patch", f"other bytes: {', '.join(_other_files(old, new))}")
    ]
    bump = versions.weightiest(changes)
    return {
        "previous": old.name,
        "version": versions.after(old.name, bump),
        "bump": bump,
        "reasons": [change.what for change in changes],
        "schema": [change.what for change in broken],
        "rows": rows,
    }


def write(summary: dict[str, Any], folder: Path) -> None:
    """Write what changed into the folder of the newer version."""
    manifest.write_json(folder / "diff" / f"from-{summary['previous']}" / "summary.json", summary)


def read(folder: Path) -> dict[str, Any] | None:
    """Return what changed in a version; null for the first."""
    path = next(folder.glob("diff/from-*/summary.json"), None)
    return manifest.read_json(path) if path else None


def _rows(folder: Path, name: str) -> Rows:
    """Count rows by id and digest; a row without an id is known by its digest alone."""
    frame = parquet.read(folder, name)
    digests = digest.of_rows(jsonl.render(frame))
    ids = frame[IDS[name]] if name in IDS else digests
    return Counter(zip(ids, digests, strict=True))


def _count(old: Rows, new: Rows) -> dict[str, int]:
    """Count rows that were added, removed, changed (the same id, other values) or kept."""
    added, removed = new - old, old - new
    changed = len({key for key, _ in added} & {key for key, _ in removed})
    return {
        "added": added.total() - changed,
        "removed": removed.total() - changed,
        "changed": changed,
        "same": (new & old).total(),
    }


def _moved(rows: dict[str, dict[str, int]]) -> list[Change]:
    words = {
        name: [f"{counts[what]:,} {what}" for what in ("added", "removed", "changed") if counts[what]]
        for name, counts in rows.items()
    }
    return [Change("minor", f"{name}: {', '.join(counts)}") for name, counts in words.items() if counts]


def _other_files(old: Path, new: Path) -> list[str]:
    lines = set(manifest.sums(old).splitlines()) ^ set(manifest.sums(new).splitlines())
    return sorted({line.split("  ", 1)[1] for line in lines})
