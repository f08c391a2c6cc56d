"""What changed from one version to the next, read from their folders alone.

`diff/from-<version>/` of the newer one holds what a reader of the older needs: `summary.json`, with counts, digests
and shared bytes; `records.parquet`, each record that was added, removed or changed, and why; `rows.parquet`, the
same of the rows of other tables. They hold digests and no text; `patch` proves the newer data digest with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

import schemas
from pipeline.release import changes, manifest, parquet, reasons, sharing, versions
from pipeline.release.versions import Change
from schemas import CHANGE_REASONS, IDS, TABLES

# Tables whose rows hold words to read.
TEXTS = ("records", "segments")
# Columns named in a sentence; the summary counts them all.
NAMED = 5
# What is said where rows and columns are the same.
OTHER_BYTES, OTHER_WORDS = "other bytes: ", "other words in the card, the pages or the descriptions"
FILES = {"record_changes": "records.parquet", "row_changes": "rows.parquet"}


class Difference(NamedTuple):
    """What differs: counts and sentences, and the rows of `schemas.CHANGES`."""

    summary: dict[str, Any]
    record_changes: pl.DataFrame
    row_changes: pl.DataFrame


def compare(old: Path, new: Path, *, rows_of: changes.Rows = changes.rows) -> Difference:
    """Compare two versions, whose rows are those told of each.

    Returns:
        The rows that differ, and a summary: previous, version, bump (the least that the differences call for),
        reasons (sentences), schema (those of them that are about columns), rows (by table: added, removed,
        changed, same), texts (by table, how many of the rows that changed have another text), records (`by`
        change, reason, path and language; `columns`: in how many records each differs), digests, shared (bytes;
        see `sharing.measure`), meanings (of the reasons that occur).

    Raises:
        PublishError: a file is damaged.
    """
    before, now = manifest.read(old), manifest.read(new)
    frames = {name: changes.between(old, new, name, rows_of) for name in TABLES}
    records = reasons.explain(frames["records"], old, new)
    rows = {name: _count(frame, now["rows"].get(name, 0)) for name, frame in frames.items()}
    broken = versions.schema_changes(manifest.json_schemas(old), manifest.json_schemas(new))
    own = {name: _own_columns(frame, old, new, name) for name, frame in frames.items()}
    found = [*broken, *_moved(rows, own)] or [Change("patch", _other_files(old, new))]
    summary = {
        "previous": before["version"],
        "version": now["version"],
        "bump": versions.weightiest(found),
        "reasons": [change.what for change in found],
        "schema": [change.what for change in broken],
        "rows": rows,
        "texts": {name: columns.get("text", 0) for name, columns in own.items() if name in TEXTS},
        "records": {"by": _by(records), "columns": _columns(records)},
        "digests": {"old": _digests(before), "new": _digests(now)},
        "shared": sharing.measure(old, new),
        "meanings": {word: CHANGE_REASONS[word] for word in records["reason"].unique().sort()},
    }
    others = [_row_changes(name, frame) for name, frame in frames.items() if name != "records"]
    return Difference(summary, _shaped("record_changes", records), pl.concat(others))


def write(difference: Difference, folder: Path) -> None:
    """Write what changed into the folder of the newer version."""
    place = folder / "diff" / f"from-{difference.summary['previous']}"
    manifest.write_json(place / "summary.json", difference.summary)
    facts = {"from": difference.summary["previous"]}
    for name, file in FILES.items():
        frame = getattr(difference, name)
        parquet.write(frame, name, place / file, parquet.even(frame), facts | {"table": name})


def read(folder: Path) -> dict[str, Any] | None:
    """Return the summary of what changed in a version; null for the first."""
    path = next(folder.glob("diff/from-*/summary.json"), None)
    return manifest.read_json(path) if path else None


def read_rows(place: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the changes of records, and those of other rows, from a folder `diff/from-<version>`."""
    records, rows = (pl.read_parquet(place / file, glob=False) for file in FILES.values())
    return records, rows


def count(place: Path, n_rows: Mapping[str, int]) -> dict[str, Any]:
    """Count again what `summary.json` counts, from the rows of a folder `diff/from-<version>`.

    Args:
        place: the folder.
        n_rows: of the newer version, by table.
    """
    records, others = read_rows(place)
    frames = {name: others.filter(pl.col("table") == name) for name in n_rows} | {"records": records}
    return {
        "rows": {name: _count(frames[name], rows) for name, rows in n_rows.items()},
        "records": {"by": _by(records), "columns": _columns(records)},
    }


def _shaped(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    renamed = frame.rename({"sha256": "new_sha256"})
    return renamed.select(pl.col(c).cast(dtype) for c, dtype in schemas.polars_schema(name).items())


def _row_changes(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    key = pl.col(IDS[name]) if name in IDS else pl.lit(None)
    place = pl.col("byte_start") if "byte_start" in frame.columns else pl.lit(None)
    return _shaped("row_changes", frame.with_columns(table=pl.lit(name), id=key, byte_start=place))


def _count(frame: pl.DataFrame, n_rows: int) -> dict[str, int]:
    """Count rows that were added, removed, changed (the same key, other values) or kept."""
    words = ("added", "removed", "changed")
    counts = {word: frame.filter(pl.col("change") == word).height for word in words}
    return counts | {"same": n_rows - counts["added"] - counts["changed"]}


def _by(records: pl.DataFrame) -> list[dict[str, Any]]:
    keys = ["change", "reason", "path", "language"]
    return records.group_by(keys).agg(records=pl.len()).sort(keys, nulls_last=True).to_dicts()


def _own_columns(frame: pl.DataFrame, old: Path, new: Path, name: str) -> dict[str, int]:
    """Count the rows in which a column differs that both versions have."""
    both = set(parquet.columns(old, name)) & set(parquet.columns(new, name))
    return {column: n for column, n in _columns(frame).items() if column in both}


def _columns(records: pl.DataFrame) -> dict[str, int]:
    """Count the rows in which a column differs, the most frequent first."""
    counts = records["changed_columns"].explode(empty_as_null=False).value_counts()
    return dict(counts.sort("count", "changed_columns", descending=[True, False]).iter_rows())


def _digests(content: dict[str, Any]) -> dict[str, Any]:
    return {"data": content["data_digest"], "tables": content["table_digests"]}


def _moved(rows: dict[str, dict[str, int]], own: dict[str, dict[str, int]]) -> list[Change]:
    """Say of each table how many rows came, went or changed, of how many the text did, and what else."""
    return [
        Change("minor", f"{counts}{_differing(name, own[name]) if rows[name]['changed'] else ''}")
        for name, counts in moved(rows).items()
    ]


def moved(rows: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Write, by table, how many rows came, went or changed: the sentences among the reasons begin so."""
    words = {
        name: ", ".join(
            f"{counts[what]:,} {what}" for what in ("added", "removed", "changed") if counts[what]
        )
        for name, counts in rows.items()
    }
    return {name: f"{name}: {counts}" for name, counts in words.items() if counts}


def _differing(name: str, columns: dict[str, int]) -> str:
    """Say what differs in the rows of a table that changed."""
    texts = columns.get("text", 0)
    told = f", the text of {f'{texts:,}' if texts else 'none'}" if name in TEXTS else ""
    others = [f"{column} in {n:,}" for column, n in columns.items() if column != "text"]
    more = [f"{len(others) - NAMED} columns more"] if len(others) > NAMED else []
    what = ", ".join(others[:NAMED] + more) or ("" if texts else "nothing but the new columns")
    return f"{told} ({what})" if what else told


def _other_files(old: Path, new: Path) -> str:
    """Name the files of other bytes; those that name their version are never the same, and tell nothing."""
    lines = set(manifest.sums(old).splitlines()) ^ set(manifest.sums(new).splitlines())
    paths = {line.split("  ", 1)[1] for line in lines} - {*manifest.NAMING}
    named = sorted(path for path in paths if not path.startswith("diff/"))
    return f"{OTHER_BYTES}{', '.join(named)}" if named else OTHER_WORDS
