"""Rows as lines of JSON, and their compressed files."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pyarrow as pa

LEVEL = 1  # of zlib: 6 takes a seventh off the bytes, and four times the time; Parquet is there for size


def render(frame: pl.DataFrame) -> bytes:
    """Return the rows as JSONL: columns in order, times as ISO 8601 with Z, null where there is no value."""
    times = cs.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
    buffer = io.BytesIO()
    frame.with_columns(times).write_ndjson(buffer)
    return buffer.getvalue()


def write(jsonl: bytes | memoryview, path: Path) -> None:
    """Write a gzip file that holds no time and no name.

    Arrow's wheel brings its own zlib: the bytes do not depend on the machine's, as those of Python's gzip do.
    """
    path.write_bytes(pa.Codec("gzip", compression_level=LEVEL).compress(jsonl))


def holds(path: Path, parts: Iterable[bytes | memoryview]) -> bool:
    """Say whether a file holds these bytes and no more; it is read a part at a time."""
    with pa.input_stream(path, compression="gzip") as file:
        return all(file.read_buffer(len(part)) == pa.py_buffer(part) for part in parts) and not file.read(1)


def path_of(folder: Path, name: str, shard: int) -> Path:
    """Return where a shard of a table stands as JSONL."""
    return folder / "jsonl" / f"{name}-{shard:05d}.jsonl.gz"
