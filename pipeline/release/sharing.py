"""How many bytes of a version stand in the version before: what a reader who has that one need not fetch again.

A column of a row group is a run of bytes that says nothing of where it stands; it is shared if the same run
stands in any table of the older version; so is its Bloom filter. Footers and page indexes are never counted as shared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.release import parquet
from schemas import TABLES

SHARE_DIGITS = 4


def measure(old: Path, new: Path) -> dict[str, Any]:
    """Count the bytes of the newer version's Parquet that the older has.

    Returns:
        bytes (of all Parquet files), shared_bytes, share, and tables: for each the same, its row groups, and
        how many of them are shared whole.
    """
    known = {run for name in TABLES for path in parquet.paths(old, name) for _, _, run in _runs(path)}
    tables = {name: _table(new, name, known) for name in TABLES}
    whole = {key: sum(table[key] for table in tables.values()) for key in ("bytes", "shared_bytes")}
    return whole | {"share": _share(whole), "tables": tables}


def _table(folder: Path, name: str, known: set[bytes]) -> dict[str, Any]:
    paths = parquet.paths(folder, name)
    shared, groups = 0, list[bool]()
    for path in paths:
        held: dict[int, bool] = {}
        for group, size, run in _runs(path):
            shared += size * (run in known)
            held[group] = held.get(group, True) and run in known
        groups += held.values()
    counted = {"bytes": sum(path.stat().st_size for path in paths), "shared_bytes": shared}
    return counted | {
        "share": _share(counted),
        "row_groups": len(groups),
        "shared_row_groups": sum(groups),
        "files": len(paths),
    }


def _runs(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Give row group, size and digest of each column of each row group, and of its filter, one held at a time."""
    about = pq.read_metadata(path)
    with path.open("rb") as file:
        for group in range(about.num_row_groups):
            for number in range(about.num_columns):
                for start, size in _extents(about.row_group(group).column(number)):
                    file.seek(start)
                    data = file.read(size)
                    yield group, size, hashlib.sha256(data).digest()


def _extents(column: pq.ColumnChunkMetaData) -> list[tuple[int, int]]:
    """Return start and size of a column's pages, its dictionary first, and of its Bloom filter if it has one."""
    starts = (column.dictionary_page_offset, column.data_page_offset)
    pages = [(min(start for start in starts if start is not None), column.total_compressed_size)]
    bloom = (column.bloom_filter_offset, column.bloom_filter_length)
    return [*pages, bloom] if bloom[0] and bloom[1] else pages


def _share(counted: dict[str, int]) -> float | None:
    """Return the share that is shared; null where there is nothing."""
    return round(counted["shared_bytes"] / counted["bytes"], SHARE_DIGITS) if counted["bytes"] else None
