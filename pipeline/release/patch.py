"""From an older version and a diff to the data digest of the newer one, which both prove by themselves.

The data digest is a digest of rows' digests, and these are what a diff names.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from pipeline.release import changes, differences, digest
from schemas import TABLES


class PatchError(RuntimeError):
    """A diff does not lead from the version given to the one it is of; the message says where it fails."""


def prove(old: Path, place: Path, *, rows_of: changes.Rows = changes.rows) -> str:
    """Return the newer data digest, worked out from the older version and a diff alone.

    It reads every row of the older version once, and holds keys and digests: about half of what the diff took.

    Args:
        old: the folder of the older version.
        place: the folder `diff/from-<version>` of the newer one.
        rows_of: tells the rows of the older version.

    Raises:
        PatchError: the diff takes out rows that the older version does not have.
    """
    named = _named(place)
    kept = ((name, _kept(rows_of(old, name), named, name)["sha256"]) for name in TABLES)
    return _data_digest((name, pl.concat([rows, _new(named, name)])) for name, rows in kept)


def _named(place: Path) -> pl.DataFrame:
    """Return table, old and new digest of every row that differs."""
    records, others = differences.read_rows(place)
    columns = ("table", "old_sha256", "new_sha256")
    return pl.concat([records.with_columns(table=pl.lit("records")).select(columns), others.select(columns)])


def _kept(rows: pl.DataFrame, named: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return `at` and `sha256` of the older rows that stay; of several that are alike, as many go as are named."""
    rows = rows.select("at", "sha256")
    gone = named.filter(pl.col("table") == name)["old_sha256"].drop_nulls().alias("sha256").to_frame()
    gone = changes.with_twins(gone)
    alike = changes.with_twins(rows.filter(pl.col("sha256").is_in(gone["sha256"].implode())))
    lost = gone.join(alike, on=["sha256", "twin"], how="anti")
    if lost.height:
        raise PatchError(f"{name}: the diff takes out the row {lost['sha256'][0]}, which is not there")
    at = alike.join(gone, on=["sha256", "twin"], how="semi")["at"]
    return rows.filter(~pl.col("at").is_in(at.implode()))


def _new(named: pl.DataFrame, name: str) -> pl.Series:
    return named.filter(pl.col("table") == name)["new_sha256"].drop_nulls().alias("sha256")


def _data_digest(rows: Iterable[tuple[str, pl.Series]]) -> str:
    tables = {name: digest.of_table(map(bytes.fromhex, sums)) for name, sums in rows}
    return digest.of_tables(tables)
