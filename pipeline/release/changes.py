"""The rows of a table that one version has and another has not, or has with other values.

Keys and digests of all rows lie on disk; held are those of the rows that differ, and of two versions of one column
what tells values apart.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import polars as pl

import schemas
from pipeline.release import digest, jsonl, parquet
from pipeline.spill import lay

# By what a row of one version is known in another. Spans do not overlap, so a document and a byte will do; a
# removal has no name, and is known by all that it says and, where several say the same, by its number among them.
KEYS = {
    "records": ("record_id",),
    "segments": ("segment_id",),
    "documents": ("document_id",),
    "spans": ("document_id", "byte_start"),
    "removed": ("sha256", "twin"),
}
# What is known of a row besides: where it stands.
PLACES = ("document_id", "byte_start", "position", "language")
# Gives the lines of a table of a version, as `rows` does; one that remembers them spares reading a version twice.
Rows: TypeAlias = Callable[[Path, str], pl.DataFrame]


def rows(folder: Path, name: str) -> pl.DataFrame:
    """Return a line for each row of a table: its key, its place, `at` (its number), `sha256` of its JSON line."""
    said = dict(schemas.polars_schema(name))
    columns = [column for column in dict.fromkeys((*KEYS[name], *PLACES)) if column in said]
    (whole,) = lay((_named(frame, columns),) for frame in parquet.batches(folder, name))
    found = whole.with_columns(at=pl.int_range(pl.len(), dtype=pl.UInt32))
    return with_twins(found) if "twin" in KEYS[name] else found


def with_twins(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `twin`: of several rows that say the same, the number of each among them."""
    return rows.with_columns(twin=pl.int_range(pl.len()).over("sha256"))


def _named(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    digests = [row.hex() for row in digest.of_rows(jsonl.render(frame))]
    return frame.select(columns).with_columns(sha256=pl.Series(digests, dtype=pl.String))


def between(old: Path, new: Path, name: str, rows: Rows = rows) -> pl.DataFrame:
    """Return the rows that differ between two versions of a table.

    Returns:
        The key, the place in the new version (in the old one if the row was removed), `old_document_id`,
        `old_at` and `at` (row numbers), `old_sha256`, `sha256`, `change` and `changed_columns`.
    """
    keys = list(KEYS[name])
    ours, theirs = rows(new, name), rows(old, name)
    both = _beside(ours, theirs).join(
        _beside(theirs, ours).with_columns(is_old=True), on=keys, how="full", suffix="_old", nulls_equal=True
    )
    both = _settled(both.with_columns(is_new=pl.col("at").is_not_null()), keys)
    differing = both.filter(pl.col("sha256").ne_missing(pl.col("old_sha256"))).sort(
        "old_at", "at", nulls_last=True
    )
    return _with_columns_that_differ(differing, old, new, name)


def _beside(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Leave out the rows that stand among others word for word, which a digest of their digests tells."""
    one, other = (
        frame.select(pl.struct(pl.col("^(sha256|twin)$")).hash()).to_series() for frame in (rows, others)
    )
    return rows.filter(~one.is_in(other.implode()))


def _settled(both: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Take key and place from the version that has the row, the new one first."""
    told = [column for column in dict.fromkeys((*keys, *PLACES)) if f"{column}_old" in both.columns]
    olds = {"old_sha256": "sha256_old", "old_at": "at_old", "old_document_id": "document_id_old"}
    change = (
        pl.when(pl.col("is_old").is_null())
        .then(pl.lit("added"))
        .when(~pl.col("is_new"))
        .then(pl.lit("removed"))
        .otherwise(pl.lit("changed"))
    )
    # By then removals are told apart by their digest: what was removed has none of its own.
    own = pl.when("is_new").then("sha256").alias("sha256")
    settled = [pl.coalesce(column, f"{column}_old").alias(column) for column in told if column != "sha256"]
    olds = {name: column for name, column in olds.items() if column in both.columns}
    return both.select(*settled, own, "at", **olds, change=change)


def _with_columns_that_differ(differing: pl.DataFrame, old: Path, new: Path, name: str) -> pl.DataFrame:
    changed = differing.filter(pl.col("change") == "changed")
    if changed.is_empty():  # no column is read
        return differing.with_columns(changed_columns=pl.lit([], pl.List(pl.String)))
    named = [
        pl.when(pl.Series(mask)).then(pl.lit(column))
        for column, mask in _masks(changed, old, new, name).items()
    ]
    lists = changed.select("at", changed_columns=pl.concat_list(named).list.drop_nulls())
    joined = differing.join(lists, on="at", how="left", maintain_order="left")
    return joined.with_columns(pl.col("changed_columns").fill_null([]))


def _masks(changed: pl.DataFrame, old: Path, new: Path, name: str) -> dict[str, pl.Series]:
    """Say for each column in which of the changed rows it differs; one that only one version has, in all."""
    masks = {}
    ours, theirs = parquet.columns(new, name), parquet.columns(old, name)
    for column in dict.fromkeys((*ours, *theirs)):
        if column in ours and column in theirs:
            now = _values(new, name, column, changed["at"])
            masks[column] = now.ne_missing(_values(old, name, column, changed["old_at"]))
        else:
            masks[column] = pl.repeat(value=True, n=len(changed), eager=True)
    return masks


def _values(folder: Path, name: str, column: str, at: pl.Series) -> pl.Series:
    """Return a column of some rows as it can be compared: texts as digests, lists as those of their JSON."""
    order = at.arg_sort()
    rows, start, found = at.gather(order), 0, []
    for frame in parquet.batches(folder, name, only=[column]):
        own = rows.filter(rows.is_between(start, start + len(frame), closed="left"))
        found.append(_told_apart(frame[column].gather(own - start)))
        start += len(frame)
    return pl.concat(found).gather(order.arg_sort())


def _told_apart(values: pl.Series) -> pl.Series:
    if values.dtype.is_nested():
        lines = (
            jsonl.render(values.to_frame()).decode().split("\n")[:-1]
        )  # a text may hold other ends of lines
        values = pl.Series(lines, dtype=pl.String)
    if values.dtype != pl.String:
        return values
    return pl.select(pl.when(values.is_not_null()).then(values.hash())).to_series()
