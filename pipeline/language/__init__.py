"""Name the language of texts: by the script where a script is one language, else by detectors.

Answers depend on the text alone: not on the batch, the order, the machine, nor on which engine is installed.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.language import scripts
from pipeline.language.detectors import Detector, careful, quick
from pipeline.language.scripts import UNSPACED
from schemas.columns import UNDETERMINED

__all__ = ["UNDETERMINED", "UNSPACED", "Detector", "careful", "defer", "quick", "tag"]

# A text is read in three windows, so that a quotation at its head does not name it.
WINDOW_CHARS = 300
# What carries no language: addresses, @handles, #tags, Nostr keys, and letters without end, which are no word.
NO_WORDS = (
    r"(?i)(?:https?://|(?-u:\b)www\.)\S+|nostr:\S+|(?-u:\b)n(?:pub|ote|event|profile)1[0-9a-z.]+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+|(?-u:\b)[a-z0-9-]+(?:\.[a-z0-9-]+)+/\S*|[@#＃][\w.-]+|[\p{Latin}\p{Cyrillic}\p{Greek}]{60,}"
)
# What the texts have in which `NO_WORDS` may find something, and those that may be decomposed: most have neither,
# and looking is cheaper than rewriting.
_MAY_HAVE_NO_WORDS = r"[/@#＃]|(?i)www\.|nostr:|n(?:pub|ote|event|profile)1|[a-z]{60}"
_MAY_BE_DECOMPOSED = r"[\p{M}\u1100-\u11ff]"

# Below these it is a guess: a "Yeah." alone is Indonesian to a detector.
_LEAST_LETTERS, _LEAST_CONFIDENCE = 5, 1 / 3
# A line in another language than its record's is told when it is this sure, and on as many letters as a sentence
# has: names of people and products have a few, and may be of any language.
_SURE, _SURE_LETTERS = 0.9, 40


def tag(frame: pl.DataFrame, detect: Detector = careful) -> pl.DataFrame:
    """Add `language` (BCP 47) and `language_confidence` (Float32 in 0..1) of the column `text`.

    Where it cannot be told (no text, no letters, a word or two too short) the language is `und` and the
    confidence null. Each distinct text is looked at once.

    Args:
        frame: any, with a column `text`.
        detect: `careful`, or `quick` where speed is worth some languages.
    """
    texts = frame.select(pl.col("text").unique(maintain_order=True))
    words = _words(texts["text"])
    counted = scripts.count(words)
    named = scripts.name(words, counted)
    is_open = counted.n_letters >= _LEAST_LETTERS
    is_open[named["row"].to_numpy()] = False
    row = np.flatnonzero(is_open)
    found = detect(pl.DataFrame({"words": words.gather(row), "n_letters": counted.n_letters[row]}))
    named = pl.concat([named, found.insert_column(0, pl.Series("row", row))])
    answers = (
        texts.with_row_index("row")
        .cast({"row": pl.Int64})
        .join(named, on="row", how="left", maintain_order="left")
    )
    answers = answers.with_columns(
        # Four digits: the last bits differ between machines and Python versions.
        confidence=pl.col("confidence").round(4).cast(pl.Float32),
    ).with_columns(
        is_told=(pl.col("language").is_not_null() & (pl.col("confidence") >= _LEAST_CONFIDENCE)).fill_null(
            value=False
        )
    )
    answers = answers.select(
        "text",
        language=pl.when("is_told").then("language").otherwise(pl.lit(UNDETERMINED)),
        language_confidence=pl.when("is_told").then("confidence"),
    )
    bare = frame.drop("language", "language_confidence", strict=False)
    return bare.join(answers, on="text", how="left", nulls_equal=True, maintain_order="left")


def defer(segments: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Leave a segment's language undetermined where it is not its record's and not surely another.

    A short heading or interjection is as often as not named something odd; a page in one language with a line in
    another is rare. Needs what `tag` adds to both, and `record_start` in `segments`.
    """
    of_record = records.select("document_id", record_start="byte_start", of_record="language")
    both = segments.join(of_record, on=["document_id", "record_start"], how="left", maintain_order="left")
    is_sure = (pl.col("language_confidence") >= _SURE) & (pl.col("text").str.len_chars() >= _SURE_LETTERS)
    is_odd = (pl.col("language") != pl.col("of_record")) & ~is_sure
    is_odd = (is_odd & (pl.col("of_record") != UNDETERMINED)).fill_null(value=False)
    return both.with_columns(
        language=pl.when(is_odd).then(pl.lit(UNDETERMINED)).otherwise("language"),
        language_confidence=pl.when(~is_odd).then("language_confidence"),
    ).drop("of_record")


def _words(texts: pl.Series) -> pl.Series:
    """Return what of each text the language is told from: its windows, composed, without what has no language."""
    text, n = pl.col("text").fill_null(""), pl.col("text").str.len_chars().fill_null(0)
    middle = text.str.slice(n // 2 - WINDOW_CHARS // 2, WINDOW_CHARS)
    pieces = pl.concat_str(text.str.head(WINDOW_CHARS), middle, text.str.tail(WINDOW_CHARS), separator=" ")
    capped = pl.when(n > 3 * WINDOW_CHARS).then(pieces).otherwise(text)
    words = texts.to_frame("text").select(words=capped)["words"]
    words = _rewrite(words, _MAY_BE_DECOMPOSED, pl.col("text").str.normalize("NFC"))
    return _rewrite(words, _MAY_HAVE_NO_WORDS, pl.col("text").str.replace_all(NO_WORDS, " "))


def _rewrite(texts: pl.Series, where: str, how: pl.Expr) -> pl.Series:
    """Rewrite the texts in which a pattern is found."""
    row = pl.arg_where(texts.str.contains(where), eager=True)
    return texts.scatter(row, texts.gather(row).to_frame("text").select(how)["text"]) if len(row) else texts
