"""Texts as arrays of code points, and what each code point is: Unicode as the engine's own tables have it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import polars as pl

from pipeline import utf8

# Unicode assigns letters up to U+323AF (version 16); what lies above is private or unassigned.
CODE_POINTS = 0x32400
# Characters looked at in one go: they bound the memory, not the result.
CHUNK = 1 << 21


@cache
def every() -> pl.Series:
    """Return every character below `CODE_POINTS` at its own index; "" for the surrogates, which are none."""
    points = np.arange(CODE_POINTS, dtype="<u4")
    is_none = (points >= 0xD800) & (points < 0xE000)
    widths = 1 + (points >= 0x80) + (points >= 0x800) + (points >= 0x10000)  # in UTF-8
    written = points[~is_none].tobytes().decode("utf-32-le").encode()
    return utf8.see(written, np.append(0, np.cumsum(np.where(is_none, 0, widths)))).alias("text")


def matching(pattern: str) -> np.ndarray:
    """Say of each code point whether a pattern of the engine matches it."""
    return every().str.contains(pattern).to_numpy()


def points(texts: pl.Series) -> np.ndarray:
    """Return the code points of texts, one after the other; a table of `CODE_POINTS` is asked with `mode="clip"`."""
    column = texts.rechunk().to_arrow()
    first, last = column.offset, column.offset + len(column)
    offsets = np.frombuffer(column.buffers()[1], np.int64)[first : last + 1]
    written = memoryview(column.buffers()[2] or b"")[offsets[0] : offsets[-1]]
    return np.frombuffer(str(written, "utf-8").encode("utf-32-le"), np.int32)


def chunks(n_chars: np.ndarray, size: int | None = None) -> Iterator[tuple[int, int]]:
    """Part texts of so many characters into runs of about `size`, by default `CHUNK`: first text, and the one after."""
    ends, start = np.cumsum(n_chars), 0
    while start < len(n_chars):
        reached = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, reached + (size or CHUNK), side="right")))
        yield start, stop
        start = stop
