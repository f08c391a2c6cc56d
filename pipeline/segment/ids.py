"""Names that stay the same wherever the words are found."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import polars as pl

ID_HEX = 24  # hex digits of an id: 96 bits, so that a clash among 10^12 ids has a chance below 1 in 10^4
PLACE_HEX = 8  # of a segment's id, those that say its place in the record

# Lead bytes of the combining marks that compose with letters before them: U+0300..036F, the voicing marks of
# kana, and conjoining Hangul. A text without them is in composed form already, and most are.
DECOMPOSED = (b"\xcc", b"\xcd", b"\xe3\x82\x99", b"\xe3\x82\x9a", b"\xe1\x85", b"\xe1\x86")


def record_ids(records: pl.DataFrame) -> pl.Series:
    """Name records by kind, author or handle, and normalised text; one without words by its place."""
    keys = (
        records.with_columns(normalise(records["text"]))
        .select(
            pl.concat_str(
                "kind",
                pl.coalesce("author", "handle", pl.lit("")),
                pl.col("text").fill_null(pl.format("{} {}", "document_id", "byte_start")),
                separator="\0",
            ).cast(pl.Binary)
        )
        .to_series()
    )
    return pl.Series([f"r_{sha256(key).hexdigest()[:ID_HEX]}" for key in keys.to_list()], dtype=pl.String)


def segment_ids(segments: pl.DataFrame) -> pl.Series:
    """Name segments by their record, the first digits of whose id they bear, and their place in it."""
    most = segments.select(pl.col("position").max().fill_null(0)).item()
    digits = pl.Series([f"{number:0{PLACE_HEX}x}" for number in range(1 + most)], dtype=pl.String)
    return segments.select(
        pl.lit("s_")
        + pl.col("record_id").str.slice(2, ID_HEX - PLACE_HEX)
        + pl.lit(digits).gather(pl.col("position").cast(pl.UInt32))
    ).to_series()


def normalise(texts: pl.Series) -> pl.Series:
    """Write texts so that the same words captured twice are the same: composed Unicode, no blank lines."""
    lines = texts.str.replace_all("\n\n", "\n", literal=True)
    decomposed = _may_be_decomposed(texts)
    return (
        lines.scatter(decomposed, lines.gather(decomposed).str.normalize("NFC")) if len(decomposed) else lines
    )


def _may_be_decomposed(texts: pl.Series) -> np.ndarray:
    """Number the texts with a byte that begins a combining mark; a single byte is soon looked for."""
    data = texts.cast(pl.Binary)
    leads = sorted({mark[:1] for mark in DECOMPOSED})
    rows = np.flatnonzero(_hold_any(data, leads))
    return rows[_hold_any(data.gather(rows), DECOMPOSED)]


def _hold_any(data: pl.Series, needles: Sequence[bytes]) -> np.ndarray:
    hits = [data.bin.contains(needle).fill_null(value=False).to_numpy() for needle in needles]
    return np.logical_or.reduce(hits)
