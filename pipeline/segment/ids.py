"""Names that stay the same wherever the words are found."""

from hashlib import sha256

import numpy as np
import polars as pl

ID_HEX = 24  # hex digits of an id: 96 bits, so that a clash among 10^12 ids has a chance below 1 in 10^4
PLACE_HEX = 8  # of a segment's id, those that say its place in the record

# What may be written otherwise in composed form (NFC): marks, conjoining Hangul, and the blocks of the characters
# that are themselves composed away (Unicode's NFC_Quick_Check is not Yes). A text without them is composed already,
# and most are. That none is missing is tested against all of Unicode.
DECOMPOSED = (
    r"[\pM\u1161-\u1175\u11A8-\u11C2\u0374\u037E\u0387\u0958-\u095F\u09DC-\u09DF\u0A33-\u0A36\u0A59-\u0A5E"
    r"\u0B5C\u0B5D\u0F43-\u0F69\u1F00-\u1FFF\u2000\u2001\u2126\u212A\u212B\u2329\u232A\u2ADC\uF900-\uFAFF"
    r"\uFB1D-\uFB4E\U0001D15E-\U0001D1C0\U0002F800-\U0002FA1F]"
)


def record_ids(records: pl.DataFrame) -> pl.Series:
    """Name records by kind, author or handle, and normalised text; one without words by its place."""
    composed = [normalise(records[column]) for column in ("text", "author", "handle")]
    keys = (
        records.with_columns(composed)
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
    """Number the texts that composing may change; those of ASCII alone have a byte a character."""
    wide = np.flatnonzero((texts.str.len_bytes() != texts.str.len_chars()).fill_null(value=False).to_numpy())
    return wide[texts.gather(wide).str.contains(DECOMPOSED).to_numpy()]
