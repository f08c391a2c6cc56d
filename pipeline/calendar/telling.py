"""Tell dates from other short texts, by the column."""

from functools import cache

import polars as pl

from pipeline.calendar.reading import LONGEST, Reading, about_number, read_shape
from pipeline.calendar.words import UNSPACED, meanings, phrase, plain, table

LEAST_WEEKDAY = 4  # letters of a weekday that stands alone: "Sam", "Dim" and "Sol" are names
MOST_BYTES = 4 * LONGEST  # four bytes make the widest character
BARE = r"^[0-9]+$"  # a number alone is a number


def which(texts: pl.Series) -> pl.Series:
    """Say of each text, as a whole, which kind of date words it is.

    Returns:
        `date`, `datetime`, `time`, `relative` or `weekday`; null where it is none, or a mere number. Only what is
        printed counts: "31 June" is a date that `pipeline.dates` will not understand.
    """
    return _told(texts, "kind")


def tongues(texts: pl.Series) -> list[str]:
    """List the languages that know most of the date words among some texts, those that know as many together."""
    told = _told(texts, "languages").drop_nulls()
    counts = told.str.split(" ").explode().value_counts().filter(pl.col(told.name) != "")
    return sorted(counts.filter(pl.col("count") == pl.col("count").max())[told.name])


def _told(texts: pl.Series, field: str) -> pl.Series:
    """Read each short text once, and each shape of them once."""
    words = texts.to_frame("text")
    short = words.unique().filter(pl.col("text").str.len_bytes().is_between(1, MOST_BYTES))
    shapes = short.with_columns(shape=plain(pl.col("text")).str.replace_all(r"\d", "0"))
    told = _asked(shapes["shape"].unique()).with_columns(
        told=pl.col("shape").map_elements(lambda shape: _field(shape, field), return_dtype=pl.String)
    )
    known = shapes.join(told, on="shape").select("text", "told")
    return words.join(known, on="text", how="left", maintain_order="left")["told"].alias(texts.name)


def _field(shape: str, field: str) -> str | None:
    readings = [reading for reading in read_shape(shape) if not _is_other(shape, reading)]
    return getattr(readings[0], field) if readings else None


def _is_other(shape: str, reading: Reading) -> bool:
    """Say whether it is likelier a name, a level, a span of time: a short weekday alone, an age without "ago"."""
    word = phrase(shape)
    if reading.kind == "weekday" and reading.hour_at is None:
        is_whole = any(meaning.kind == "weekday" for meaning in meanings(word))
        return not is_whole or (len(word) < LEAST_WEEKDAY and not UNSPACED.search(word))
    if reading.kind != "relative" or not reading.languages:
        return reading.kind == "relative" and word.endswith("min")
    return {meaning.kind for meaning in about_number(shape)} == {"span"}


def _asked(shapes: pl.Series) -> pl.DataFrame:
    """Keep the shapes that may be dates: short, not a number, each of their words one that some date has."""
    short = (
        shapes.drop_nulls()
        .to_frame("shape")
        .filter(pl.col("shape").str.len_chars().is_between(1, LONGEST), ~pl.col("shape").str.contains(BARE))
    )
    words = short.with_columns(
        word=pl.col("shape").str.extract_all(r"[\pL\pM]+"),
        is_unspaced=pl.col("shape").str.contains(UNSPACED.pattern),
    )
    known = pl.col("word").list.eval(pl.element().is_in(vocabulary().implode())).list.all()
    return words.filter(known | pl.col("is_unspaced")).select("shape")


@cache
def vocabulary() -> pl.Series:
    """List every single word that some phrase of the table has."""
    return pl.Series(sorted({word for phrase in table()["words"] for word in phrase.split(" ")} | {"t"}))
