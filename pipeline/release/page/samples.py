"""A few rows of every kind and source, chosen by the data digest: the same release shows the same rows."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.release import parquet
from pipeline.release.model import Release, Table
from pipeline.spill import lay

# What a reader of the page tells rows apart by; a few of each combination are shown.
STRATA = {
    "records": ("page_kind", "kind"),
    "segments": ("kind",),
    "documents": ("page_kind",),
    "spans": ("role", "kind"),
    "removed": ("reason", "kind"),
}
EACH = 2  # rows of a stratum
MOST = 24  # rows of a table, the first of every stratum before the second of any
# Spreads offsets over the 32 bits of a key: Knuth, The Art of Computer Programming, 6.4.
SPREAD = 2_654_435_761
RANGE = 1 << 32


def draw(release: Release, name: str, each: int = EACH, most: int = MOST) -> pl.DataFrame:
    """Return sample rows of a table, by stratum and then in the order of the table.

    Args:
        release: of which version.
        name: a table of `schemas.TABLES`.
        each: rows of each stratum.
        most: rows in all; a stratum with more rows comes before one with fewer.
    """
    table = release.table(name)
    paths = [release.folder / file.path for file in table.files]
    rows = pl.scan_parquet(paths, glob=False).with_row_index("_row")
    chosen = _choose(release, table, STRATA[name], each).head(most)["_row"]
    # Only row groups that one was chosen from are read, and each once, however long the texts of the others.
    groups = [it for it in parquet.groups(paths) if chosen.is_between(*it, closed="left").any()]
    drawn = [rows.slice(start, stop - start) for start, stop in groups] or [rows.head(0)]
    (found,) = lay((group.filter(pl.col("_row").is_in(chosen.implode())).collect(),) for group in drawn)
    return found.sort(*STRATA[name], "_row", nulls_last=True).drop("_row")


def _choose(release: Release, table: Table, strata: Sequence[str], each: int) -> pl.DataFrame:
    """Choose rows of every stratum by their keys: those that are chosen of all are also chosen of their part."""
    key, first = _key(table, release.data_digest), 0
    needed = dict.fromkeys((*strata, table.key or "document_id", *(() if table.key else ("byte_start",))))
    chosen, sizes = [], []
    for part in parquet.batches(release.folder, table.name, only=[*needed]):
        rows = part.select(pl.int_range(first, first + pl.len()).alias("_row"), *strata, key=key)
        chosen.append(_least(rows, strata, each))
        sizes.append(rows.group_by(strata).agg(size=pl.len()))
        first += len(part)
    size = pl.concat(sizes).group_by(strata).agg(pl.col("size").sum())
    ranked = _least(pl.concat(chosen), strata, each).join(size, on=strata, nulls_equal=True)
    return ranked.sort("place", "size", *strata, descending=[False, True, *[False] * len(strata)])


def _least(rows: pl.DataFrame, strata: Sequence[str], each: int) -> pl.DataFrame:
    """Return of every stratum the rows with the least keys; `place` says which is the least."""
    place = pl.col("key").rank("ordinal").over(strata)
    return rows.with_columns(place=place).filter(pl.col("place") <= each)


def _key(table: Table, digest: str) -> pl.Expr:
    """Give each row a number below 2^32: how far its own lies behind the digest's."""
    digits = pl.col(table.key or "document_id").str.slice(-8).str.to_integer(base=16, dtype=pl.UInt64)
    own = digits if table.key else digits + pl.col("byte_start").cast(pl.UInt64) * SPREAD
    return (own.fill_null(0) + RANGE - int(digest[:8], 16)) % RANGE
