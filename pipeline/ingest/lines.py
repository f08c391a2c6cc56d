"""Documents → the table of lines."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from pipeline import utf8

# Compiling a grammar's patterns costs a tenth of a second a batch; 16 MB hide it, and take about 400 MB of memory.
BATCH_BYTES = 16 << 20
EACH_BYTES = 4 << 10  # that a document counts for besides its own: its rows take memory, however small it is
# Four control characters are white space to Python and not to Rust; they are trimmed where they stand.
SEPARATORS = "\x1c\x1d\x1e\x1f"


def read_lines(documents: pl.DataFrame) -> pl.DataFrame:
    """Lay documents out as lines.

    Args:
        documents: needs `text`; may have `states`, the page kind that the form of its file states.

    Returns:
        One row a line that is not blank, documents and lines in order: `doc` (row of the document), `n` (from 0),
        `n_left` (lines after it), `line` (as an editor counts, from 1), `byte_start`, `byte_end` (of `text`, in
        the document), `text` (trimmed of white space), `indent` (bytes of white space before it), `gap` (blank
        lines above it; 0 at the top of a document); and `states`, if documents have it.
    """
    data, ends = utf8.lay(documents["text"])
    starts, doc = _line_starts(data, ends, has_returns=_hold(documents["text"], "\r"))
    lines = pl.DataFrame(
        {"doc": doc, "at": starts[:-1] - np.concatenate(([0], ends[:-1]))[doc]}
    ).with_columns(utf8.see(data, starts).alias("raw"), line=_rank(doc) + 1)
    if "preface_bytes" in documents.columns:
        preface = documents["preface_bytes"].fill_null(0).to_numpy()[doc]
        lines = lines.filter(pl.Series(lines["at"].to_numpy() >= preface))
    if "states" in documents.columns:
        lines = lines.with_columns(documents["states"].gather(lines["doc"]))
    blank = utf8.WHITE_SPACE if _hold(documents["text"], SEPARATORS) else None
    raw = pl.col("raw")
    if documents["text"].str.starts_with("\ufeff").any():
        raw = pl.when(pl.col("line") == 1).then(raw.str.strip_prefix("\ufeff")).otherwise(raw)
    return (
        lines.lazy()
        .with_columns(text=raw.str.strip_chars_start(blank))
        .with_columns(indent=pl.col("raw").str.len_bytes() - pl.col("text").str.len_bytes())
        .with_columns(pl.col("text").str.strip_chars_end(blank))
        .filter(pl.col("text") != "")
        .with_columns(byte_start=(pl.col("at") + pl.col("indent")).cast(pl.Int64))
        .with_columns(byte_end=pl.col("byte_start") + pl.col("text").str.len_bytes())
        .drop("raw", "at")
        .collect()
        .pipe(_number)
    )


def _number(lines: pl.DataFrame) -> pl.DataFrame:
    doc = lines["doc"].to_numpy()
    rank = _rank(doc)
    last = np.flatnonzero(np.diff(doc, append=-1))
    n_left = np.repeat(rank[last], np.diff(np.concatenate(([-1], last)))) - rank if len(doc) else rank
    line = lines["line"].to_numpy()
    blank = np.where(rank > 0, np.diff(line, prepend=1) - 1, 0)
    return lines.with_columns(
        n=pl.Series(rank, dtype=pl.Int32),
        n_left=pl.Series(n_left, dtype=pl.Int32),
        gap=pl.Series(blank, dtype=pl.Int32),
    )


def _rank(doc: np.ndarray) -> np.ndarray:
    """Count rows from 0 within each run of equal values."""
    rows = np.arange(len(doc))
    first = np.diff(doc, prepend=-1) != 0
    return rows - np.maximum.accumulate(np.where(first, rows, 0))


def _line_starts(data: np.ndarray, ends: np.ndarray, *, has_returns: bool) -> tuple[np.ndarray, np.ndarray]:
    """Find where each line starts (and, last, where the last ends), and of which document it is."""
    breaks = data == ord("\n")
    if (
        has_returns
    ):  # a lone carriage return ends a line too; one before a line feed is white space at its end
        breaks |= (data == ord("\r")) & ~np.append(breaks[1:], False)
    breaks[ends[ends > 0] - 1] = True
    starts = np.append(0, np.flatnonzero(breaks) + 1)
    return starts, np.searchsorted(ends, starts[:-1], side="right").astype(np.uint32)


def _hold(texts: pl.Series, characters: str) -> bool:
    """Say whether any text holds any of some characters."""
    return any(texts.str.contains(character, literal=True).any() for character in characters)


def batches(documents: pl.DataFrame, size_bytes: int = BATCH_BYTES) -> Iterator[pl.DataFrame]:
    """Cut documents into batches of whole documents of about so many bytes, so that memory is bounded."""
    if documents.is_empty():
        return
    filled = ((documents["n_bytes"] + EACH_BYTES).cum_sum() // size_bytes).to_numpy()
    bounds = [0, *(np.flatnonzero(np.diff(filled)) + 1).tolist(), documents.height]
    yield from (documents[start:stop] for start, stop in pairwise(bounds))
