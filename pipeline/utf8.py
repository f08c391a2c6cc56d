"""Texts as bytes and bytes as texts, many at once and without a copy of each."""

import numpy as np
import polars as pl
import pyarrow as pa

# As Python strips it: four control characters are white space to Python and not to Rust.
WHITE_SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
NO_SPACE = r"[^\s\x1c-\x1f]"  # a character that is none of these, as a pattern


def lay(texts: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Lay texts end to end as bytes (uint8), and say where each ends (int64)."""
    array = texts.to_arrow()
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    bytes_ = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    return bytes_[offsets[0] : offsets[-1]], offsets[1:] - offsets[0]


def see(data: np.ndarray | bytes, cuts: np.ndarray) -> pl.Series:
    """See the stretches between cuts, of bytes that are known to be UTF-8, as strings.

    Args:
        data: the bytes.
        cuts: where the first stretch starts and where each ends; ascending, none inside a code point.
    """
    cuts = np.ascontiguousarray(cuts, dtype=np.int64)
    array = pa.LargeStringArray.from_buffers(len(cuts) - 1, pa.py_buffer(cuts), pa.py_buffer(data))
    return pl.Series(pl.from_arrow(array))


def is_inside(data: np.ndarray | bytes, at: np.ndarray) -> np.ndarray:
    """Say of places in bytes that are known to be UTF-8 whether they lie inside a code point; the end does not."""
    if not len(data):
        return np.zeros(len(at), bool)
    signs = np.frombuffer(data, np.uint8)
    return (at < len(data)) & ((signs[np.minimum(at, len(data) - 1)] & 0xC0) == 0x80)
