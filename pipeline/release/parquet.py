"""Tables as Parquet: every choice here was measured on a release, for size, time and shared bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import schemas
from pipeline import spill
from pipeline.release.facts import PublishError

LEVEL = 6  # of zstd: the knee
GROUP_ROWS = (1_000, 10_000)  # fewest and most rows of a row group
GROUP_BYTES = 64 << 20  # most text in a row group
# Of a table read at a time where it need not be whole: row groups of so many rows, and of so many bytes before they are
# compressed.
BATCH_ROWS, BATCH_BYTES = 10_000, 32 << 20
SHARD_BYTES = 256 << 20  # a file is closed after the row group that brings its text to this
KEY_DIGITS = 15  # hex digits of an id that are compared: as many as an Int64 holds
NO_END = 1 << 60  # greater than any of them
# Columns with few values; a dictionary on others costs time and saves nothing.
REPEATING = (
    *("author", "document_id", "encoding", "flags.list.element", "handle", "kind", "language", "license"),
    *(
        "license_evidence",
        "page_kind",
        "policy",
        "published_precision",
        "reason",
        "record_id",
        "role",
        "rule",
        "speaker",
    ),
)


class Extent(NamedTuple):
    """Rows from start to stop."""

    start: int
    stop: int


def write(frame: pl.DataFrame, name: str, path: Path, groups: list[Extent], facts: dict[str, str]) -> None:
    """Write rows of a table in the given row groups.

    Args:
        frame: the columns of the table's schema.
        name: a table of `schemas.TABLES`.
        path: the file to write.
        groups: row groups, in rows of the frame.
        facts: key-values of the file; no time, no run, no version, or unchanged rows would change bytes.

    Raises:
        OSError: the file cannot be written.
    """
    schema = schemas.arrow_schema(name).with_metadata(dict(sorted(facts.items())))
    key = schemas.IDS.get(name)
    most_rows = max((stop - start for start, stop in groups), default=1)
    columns = set(frame.columns) - {key}
    with pq.ParquetWriter(
        path,
        schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=LEVEL,
        use_dictionary=[leaf for leaf in REPEATING if leaf.split(".")[0] in columns],
        write_statistics=True,
        write_page_index=True,
        write_page_checksum=True,
        bloom_filter_options={key: {"ndv": most_rows, "fpp": 0.01}} if key else None,
    ) as writer:
        for start, stop in groups:
            # A group at a time, for memory; in one chunk, since the layout of chunks would show in the bytes.
            group = frame.slice(start, stop - start).to_arrow().cast(schema).combine_chunks()
            writer.write_table(group, row_group_size=stop - start)


def read(folder: Path, name: str, only: list[str] | None = None) -> pl.DataFrame:
    """Return a table of a release, or some of its columns; without rows where an older release had no such table.

    Raises:
        PublishError: a file of it is damaged.
    """
    found = paths(folder, name)
    try:
        return (
            pl.concat([pl.read_parquet(path, columns=only, glob=False) for path in found])
            if found
            else schemas.empty(name)
        )
    except pl.exceptions.PolarsError as error:
        raise PublishError(f"{_damaged(found)} is damaged: restore it. Nothing was published") from error


def batches(folder: Path, name: str, only: list[str] | None = None) -> Iterator[pl.DataFrame]:
    """Give a table of a release, or some of its columns, in parts of some row groups, at least one.

    Raises:
        PublishError: a file of it is damaged.
    """
    for path in paths(folder, name):
        with _telling(path):
            yield from parts(path, only)
    if not paths(folder, name):
        yield schemas.empty(name).select(only or pl.all())


def parts(path: Path, only: list[str] | None = None) -> Iterator[pl.DataFrame]:
    """Give a file, or some of its columns, in parts of some row groups, at least one."""
    whole = pl.scan_parquet(path, glob=False).select(only or pl.all())
    for start, stop in _runs(pq.read_metadata(path)):
        yield whole.slice(start, stop - start).collect()


def _runs(metadata: pq.FileMetaData) -> Iterator[Extent]:
    """Give runs of row groups that are read at a time; an empty one where there are none."""
    start = stop = filled = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        n_rows, n_bytes = group.num_rows, group.total_byte_size
        if stop > start and (stop - start + n_rows > BATCH_ROWS or filled + n_bytes > BATCH_BYTES):
            yield Extent(start, stop)
            start, filled = stop, 0
        stop, filled = stop + n_rows, filled + n_bytes
    yield Extent(start, stop)


def brief(parts: Iterable[pl.DataFrame], n_whole: int) -> pl.DataFrame:
    """Lay the parts of a table together, its long texts as digests, so that it takes little memory.

    Args:
        parts: at least one.
        n_whole: so many of the first texts of a column are left as they are, wherever they stand. Digests are equal
            where texts are, and hold only in this process.
    """
    whole: dict[str, pl.Series] = {}

    def briefly() -> Iterator[tuple[pl.DataFrame]]:
        for frame in parts:
            for column in filter(frame.columns.__contains__, schemas.LONG):
                known = whole.get(column, pl.Series(dtype=pl.String))
                whole[column] = pl.concat([known, frame[column].drop_nulls().head(n_whole - len(known))])
            yield (frame.with_columns(_digested(column, known) for column, known in whole.items()),)

    return spill.lay(briefly())[0]


def _digested(column: str, known: pl.Series) -> pl.Expr:
    text = pl.col(column)
    digest = pl.format("{}-{}", text.hash(0), text.hash(1))
    return pl.when(text.is_in(known.implode()) | text.is_null()).then(text).otherwise(digest)


def columns(folder: Path, name: str) -> list[str]:
    """Return the names of a table's columns in a release; none where it has no such table.

    Raises:
        PublishError: the first file of it is damaged.
    """
    for path in paths(folder, name):
        with _telling(path):
            return pq.read_schema(path).names
    return []


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Name a file that cannot be read."""
    try:
        yield
    except (pl.exceptions.PolarsError, pa.ArrowException) as error:
        raise PublishError(f"{path} is damaged: restore it. Nothing was published") from error


def _damaged(found: list[Path]) -> Path:
    """Return the first file that cannot be read; all of them can where they do not fit together."""
    for path in found:
        try:
            pl.read_parquet(path, glob=False)
        except pl.exceptions.PolarsError:
            return path
    return found[-1].parent


def paths(folder: Path, name: str) -> list[Path]:
    """Return the files of a table, in order."""
    return sorted((folder / name).glob("part-*.parquet"))


def groups(found: list[Path]) -> Iterator[Extent]:
    """Give the row groups of a table's files, in rows of the table."""
    start = 0
    for metadata in map(pq.read_metadata, found):
        for number in range(metadata.num_row_groups):
            yield Extent(start, start := start + metadata.row_group(number).num_rows)


def cut(frame: pl.DataFrame, name: str) -> list[list[Extent]]:
    """Cut a table by its content, so that a change in one place leaves the others' bytes as they were.

    Returns:
        The row groups of each file. A table without rows is one file without a row group.
    """
    n_bytes = _text_bytes(frame)
    shards: list[list[Extent]] = [[]]
    filled = 0
    for group in _groups(_ends(frame, name), n_bytes):
        if filled >= SHARD_BYTES:
            shards.append([])
            filled = 0
        shards[-1].append(group)
        filled += int(n_bytes[group.stop] - n_bytes[group.start])
    return shards


def even(frame: pl.DataFrame) -> list[Extent]:
    """Cut a table that is small beside the others into row groups of as many rows as one may have."""
    most = GROUP_ROWS[1]
    return [Extent(start, min(start + most, len(frame))) for start in range(0, len(frame), most)]


def _groups(ends: np.ndarray, n_bytes: np.ndarray) -> Iterator[Extent]:
    """Give the stretches between the ends, parted where they hold too many rows or too much text."""
    start, n_rows = 0, len(n_bytes) - 1
    while start < n_rows:
        full = int(np.searchsorted(n_bytes, n_bytes[start] + GROUP_BYTES, side="right")) - 1
        last = min(start + GROUP_ROWS[1], max(full, start + 1), n_rows)
        found = np.searchsorted(ends, start, side="right")
        stop = min(int(ends[found]), last) if found < len(ends) else last
        yield Extent(start, stop)
        start = stop


def _ends(frame: pl.DataFrame, name: str) -> np.ndarray:
    """Return after which rows a group ends: the last row of a record whose hash is the least far and wide.

    Whether a row is one follows from the rows around it alone, as many as a group has at least: what is inserted
    or edited elsewhere moves no end, and segments and spans part where their records do. (Closing a group at the
    next hash that divides something, once it has rows enough, depends on where the group began: after a change it
    took many groups until old and new fell into step.)
    """
    fewest = GROUP_ROWS[0]
    key = pl.col("document_id" if name == "documents" else "record_id")
    number = key.str.slice(-KEY_DIGITS).str.to_integer(base=16, dtype=pl.Int64)
    keys = frame.select(key=pl.when(key.ne_missing(key.shift(-1))).then(number).fill_null(NO_END))
    least = pl.col("key").rolling_min(2 * fewest + 1, center=True, min_samples=1)
    is_end = (pl.col("key") == least) & (pl.col("key") < NO_END) & (pl.int_range(pl.len()) >= fewest - 1)
    return np.flatnonzero(keys.select(is_end).to_series().to_numpy()) + 1


def _text_bytes(frame: pl.DataFrame) -> np.ndarray:
    """Return how many bytes of text stand before each row, and in all."""
    if "text" not in frame.columns:
        return np.zeros(len(frame) + 1, np.int64)
    sizes = frame["text"].str.len_bytes().fill_null(0).cast(pl.Int64).cum_sum().to_numpy()
    return np.concatenate([np.zeros(1, np.int64), sizes])
