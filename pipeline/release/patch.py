"""From an older version and a diff to the newer one: its data digest, or its rows.

The data digest is a digest of rows' digests, so the older version and the diff prove it by themselves. To have the
rows too, only those that the diff names as new are needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

import schemas
from pipeline.release import changes, differences, digest, jsonl, manifest, parquet
from pipeline.release.arrange import arrange
from schemas import TABLES, Tables


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


def apply(old: Path, place: Path, rows: Tables) -> Tables:
    """Return the newer version's tables.

    Args:
        old: the folder of the older version.
        place: the folder `diff/from-<version>` of the newer one.
        rows: at least the rows that the diff names as new, in any order; the newer tables will do.

    Raises:
        PatchError: the diff takes out rows that the older version does not have, names rows that were not
            given, or what comes out has not the data digest that it promises.
    """
    named = _named(place)
    made = Tables(**{name: _table(old, named, name, getattr(rows, name)) for name in TABLES})
    seen = _data_digest((name, _sha256(getattr(made, name))) for name in TABLES)
    promised = manifest.read_json(place / "summary.json")["digests"]["new"]["data"]
    if seen != promised:
        raise PatchError(f"{place}: the rows come to the data digest {seen}, and {promised} is promised")
    return arrange(made)


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


def _table(old: Path, named: pl.DataFrame, name: str, given: pl.DataFrame) -> pl.DataFrame:
    kept = _kept(changes.rows(old, name), named, name)
    given = given.select(schemas.polars_schema(name).names())
    wanted = _new(named, name).to_frame().with_columns(twin=pl.int_range(pl.len()).over("sha256"))
    known = pl.DataFrame({"sha256": _sha256(given)}).with_row_index("at")
    found = wanted.join(known.unique("sha256", keep="first"), on="sha256", how="left", maintain_order="left")
    if found["at"].null_count():
        lost = found.filter(pl.col("at").is_null())["sha256"][0]
        raise PatchError(f"{name}: the diff names the new row {lost}, which was not given")
    fresh = given[found["at"]]
    # Where columns came or went no row stayed as it was, and the older table has another shape.
    return pl.concat([parquet.read(old, name)[kept["at"]], fresh]) if kept.height else fresh


def _sha256(frame: pl.DataFrame) -> pl.Series:
    return pl.Series("sha256", [row.hex() for row in digest.of_rows(jsonl.render(frame))], dtype=pl.String)


def _data_digest(rows: Iterable[tuple[str, pl.Series]]) -> str:
    tables = {name: digest.of_table(map(bytes.fromhex, sums)) for name, sums in rows}
    return digest.of_tables(tables)
