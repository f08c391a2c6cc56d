"""Documents cut into pieces: stretches of one role, one record, one segment and one field, and what lies between.

The pieces of a document are its text, whole and in order. Places are counted over all documents laid end to end
(`at`), so that one search finds the span of every piece.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline import utf8
from pipeline.policy import FULL

PIECE_BYTES = 1 << 14  # a browser lays out a paragraph as one: a longer piece is cut
LOOK_BACK = 1 << 12  # for a line break, or else a blank, to cut at
LOST = "lost"  # role of words that no span claims: a broken ledger


class Texts(NamedTuple):
    """The texts of documents end to end: their bytes, where each starts and, last, where the last ends."""

    data: bytes
    bases: np.ndarray
    is_known: np.ndarray


def published(documents: pl.DataFrame) -> pl.Series:
    """Return the texts that may be shown: null where there is none, or where only metadata is published."""
    if "text" not in documents.columns:
        return pl.Series("text", [None] * documents.height, dtype=pl.String)
    return documents.select(pl.when(pl.col("policy") == FULL).then("text")).to_series()


def lay(documents: pl.DataFrame, spans: pl.DataFrame) -> Texts:
    """Lay the texts of documents end to end; of a text that may not be shown, blanks as far as its spans reach."""
    known = published(documents)
    texts = known.cast(pl.Binary).to_list()
    if known.null_count():
        ends = dict(spans.group_by("document_id").agg(pl.col("byte_end").max()).iter_rows())
        blanks = (b" " * ends.get(document_id, 0) for document_id in documents["document_id"])
        texts = [blank if text is None else text for blank, text in zip(blanks, texts, strict=True)]
    bases = np.concatenate(([0], np.cumsum([len(text) for text in texts], dtype=np.int64)))
    return Texts(b"".join(texts), bases, known.is_not_null().to_numpy())


def cut(texts: Texts, spans: pl.DataFrame, fields: pl.DataFrame, withheld: pl.DataFrame) -> pl.DataFrame:
    """Cut the texts at every span, field and withheld stretch.

    Args:
        texts: as `lay` gives them.
        spans: `doc` and the columns of the table.
        fields: `doc`, `byte_start`, `byte_end`, `field`.
        withheld: `doc`, `byte_start`, `byte_end`, `reason`: of such a stretch nothing but its length is kept.

    Returns:
        A row a piece, in order: `doc`, `byte_start`, `n_bytes`, `text` (null if withheld or not known), `role`
        (null between spans), `kind`, `rule`, `record_id`, `segment_id`, `span_start`, `span_bytes`, `field`,
        `withheld` (the reason, or null).
    """
    hidden = _extents(texts, withheld)
    edges = [_extents(texts, frame)[:, :2].ravel() for frame in (spans, fields)]
    cuts = _distinct(texts.bases, hidden[:, :2].ravel(), *(_outside(hidden, at) for at in edges))
    cuts = _shorten(texts.data, cuts, hidden)
    starts, sizes = cuts[:-1], np.diff(cuts)
    doc = np.searchsorted(texts.bases, starts, side="right") - 1
    pieces = pl.DataFrame(
        {
            "doc": doc,
            "byte_start": starts - texts.bases[doc],
            "n_bytes": sizes,
            "text": utf8.see(texts.data, cuts),
            "span": _holding(_extents(texts, spans), starts),
            "at_field": _holding(_extents(texts, fields), starts),
            "at_withheld": _holding(hidden, starts),
            "is_known": texts.is_known[doc],
        }
    )
    return _describe(pieces, spans, fields, withheld)


def _describe(
    pieces: pl.DataFrame, spans: pl.DataFrame, fields: pl.DataFrame, withheld: pl.DataFrame
) -> pl.DataFrame:
    """Say of each piece which span, field and withheld stretch it lies in."""
    spans = spans.select(
        *("role", "kind", "rule", "record_id", "segment_id"),
        span_start="byte_start",
        span_bytes=pl.col("byte_end") - pl.col("byte_start"),
    ).with_row_index("span")
    named = fields.select("field").with_row_index("at_field")
    gone = withheld.select(withheld="reason").with_row_index("at_withheld")
    # Beside words that were taken out, a site may name their author too.
    is_beside = pl.col("doc").is_in(withheld["doc"].implode()) & pl.col("record_id").is_null()
    is_outside = pl.col("role").is_null()
    # Asked of what lies between spans or beside such words alone: a withheld text is blanks, which are looked through.
    holds_words = pl.when(is_outside | is_beside).then("text").str.contains(utf8.NO_SPACE)
    is_shown = pl.col("is_known") & pl.col("withheld").is_null() & ~(is_beside & pl.col("holds_words"))
    is_lost = is_outside & pl.col("holds_words")
    return (
        pieces.with_columns(pl.col("span", "at_field", "at_withheld").cast(pl.UInt32))
        .join(spans, on="span", how="left", maintain_order="left")
        .join(named, on="at_field", how="left", maintain_order="left")
        .join(gone, on="at_withheld", how="left", maintain_order="left")
        .with_columns(holds_words=holds_words)
        .with_columns(
            text=pl.when(is_shown).then("text"), role=pl.when(is_lost).then(pl.lit(LOST)).otherwise("role")
        )
        .drop("span", "at_field", "at_withheld", "is_known", "holds_words")
    )


def _extents(texts: Texts, frame: pl.DataFrame) -> np.ndarray:
    """Return start, end and row of each stretch, in order, inside its document and between code points."""
    rows = frame.select("doc", "byte_start", "byte_end").to_numpy().astype(np.int64).reshape(-1, 3)
    base, last = texts.bases[rows[:, 0]], texts.bases[rows[:, 0] + 1]
    places = [_between_points(texts.data, np.clip(base + rows[:, n], base, last)) for n in (1, 2)]
    order = np.lexsort((-places[1], places[0]))
    return np.column_stack((*places, np.arange(len(rows))))[order]


def _between_points(data: bytes, at: np.ndarray) -> np.ndarray:
    """Move places that lie inside a code point to its start."""
    for _ in range(3):
        at = at - utf8.is_inside(data, at)
    return at


def _holding(extents: np.ndarray, at: np.ndarray) -> pl.Series:
    """Return, for each place, the row of the stretch that it lies in; null if it lies in none."""
    if not len(extents):
        return pl.Series([None] * len(at), dtype=pl.Int64)
    last = np.maximum(np.searchsorted(extents[:, 0], at, side="right") - 1, 0)
    is_in = (extents[last, 0] <= at) & (at < extents[last, 1])
    return pl.select(pl.when(pl.Series(is_in)).then(pl.Series(extents[last, 2]))).to_series()


def _outside(hidden: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Drop the places that lie inside a withheld stretch."""
    return at[_holding(hidden, at).is_null().to_numpy()]


def _shorten(data: bytes, cuts: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Cut what is too long to be laid out at once: after a line break, after a blank, or between code points."""
    long = np.flatnonzero(np.diff(cuts) > PIECE_BYTES)
    shown = long[_holding(hidden, cuts[long]).is_null().to_numpy()]
    more = [at for n in shown for at in _steps(data, int(cuts[n]), int(cuts[n + 1]))]
    return _distinct(cuts, _between_points(data, np.array(more, np.int64))) if more else cuts


def _distinct(*places: np.ndarray) -> np.ndarray:
    """Lay places together, sorted, each once (numpy's own way hashes them first, which takes longer)."""
    at = np.sort(np.concatenate(places))
    return at[np.diff(at, prepend=-1) > 0]


def _steps(data: bytes, start: int, end: int) -> list[int]:
    steps = []
    while end - start > PIECE_BYTES:
        full = start + PIECE_BYTES
        found = (data.rfind(sign, full - LOOK_BACK, full) + 1 for sign in (b"\n", b" "))
        start = next((at for at in found if at), full)
        steps.append(start)
    return steps


def slices(texts: Texts, spans: pl.DataFrame) -> pl.Series:
    """Return the words of spans, which need not be in order, as `text`."""
    extents = _extents(texts, spans)
    cuts = np.append(extents[:, :2].ravel(), len(texts.data))
    in_order = utf8.see(texts.data, np.maximum.accumulate(cuts))
    words = in_order.gather_every(2)[: len(extents)]
    return words.gather(np.argsort(extents[:, 2])).alias("text")
