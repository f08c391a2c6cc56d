"""Measure records: their size, the addresses in them, and what a careful reader should know of them."""

from __future__ import annotations

import polars as pl

from pipeline.language import UNSPACED

# Words by the default word boundaries of Unicode (UAX 29): letters and digits with their marks, joined inside
# by an apostrophe, a full stop or the like (rules WB6, WB7: letters; WB11, WB12: digits) or an underscore
# (WB13a); where words are not parted by spaces, a character.
_LETTERS, _DIGITS = rf"[\pL\pM--{UNSPACED}]+", r"\pN+"
WORD = (
    rf"{UNSPACED}\pM*"
    rf"|_*(?:(?:{_LETTERS}(?:['’.:·‧]{_LETTERS})*|{_DIGITS}(?:[.,;'’]{_DIGITS})*)_*)+"
)

# Addresses, as printed:
#   with a scheme        https://example.org/a_(b)
#   with www.            www.example.org
#   a host and a path    example.org/article/us-usa…     the ellipsis of a cut address is kept
#   a host alone         example.org                     in lower case, below one of a few domains: a capital
#                                                        is a name (Amazon.com), other domains are words (Node.js)
# They end before closing punctuation, before an unpaired bracket, and before Chinese, Japanese, Korean letters,
# which follow an address without a space. What has an @ in it is an e-mail address or a handle. Word boundaries
# are those of ASCII: Unicode's take the regex engine thirty times as long.
_CJK = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
_INNER = rf"[\w\-/:?#@!$&'*+,;=%.~…--[{_CJK}]]"
_LAST = rf"[\w\-/#@$&*+=%~…--[{_CJK}]]"
_REST = rf"(?:(?:{_INNER}|\({_INNER}*\))*(?:{_LAST}|\({_INNER}*\)))"
_LABELS = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
# Generic domains that sites of text live below, and the countries'.
_TOP = r"(?:com|org|net|edu|gov|mil|int|info|biz|blog|news|media|press|online|site|app|dev|tech|xyz|wiki|[a-z]{2})"
_COMMON = r"(?:com|org|net|edu|gov|info|(?:co|com|org|ac|gov|edu|net)\.[a-z]{2})"
ADDRESS = "|".join(
    (
        r"[\w.+-]*@[\w.-]+(?:/\S*)?",
        rf"(?i:https?|ftp)://{_REST}",
        rf"(?-u:\b)(?i:www)\.{_REST}",
        rf"(?-u:\b)(?i:{_LABELS}){_TOP}(?::\d+)?/{_REST}?",
        rf"(?-u:\b){_LABELS}{_COMMON}(?-u:\b)",
    )
)
_NO_ADDRESS = r"^[\w.+-]*@"

# `user@host.tld`, but not the `@user@host.tld` of the Fediverse.
EMAIL = r"(?i)(?:^|[^@\w.+-])[a-z0-9._%+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b"
# International numbers with their plus sign, and North American ones in their own grouping; nothing else, since
# bare digits are dates, prices and identifiers far more often.
PHONE = (
    r"(?:^|[^\w.+-])(?:\+\d{1,3}(?:[ .-]?\(\d{1,4}\))?(?:[ .-]\d{2,4}){2,5}|\+\d{10,14}"
    r"|\+\d{1,3}[ .-]?\(?\d{2,5}\)?[ .-]\d{5,9}|\+\d{1,3}[ .-]\d{7,11}"
    r"|\(\d{3}\) ?\d{3}[-.]\d{4}|\d{3}-\d{3}-\d{4})(?:$|[^\w-])"
)

# About a hundred letters: on fewer not even the language is surely named (see tests/test_language.py).
SHORT_WORDS = 20
# A segment counts as being in another language if that was told as surely as on some sixty letters, and such
# segments make a record mixed from a tenth of its text on: neighbours such as Danish and Norwegian are
# mistaken for one another on less.
_SURE, _MIXED_SHARE = 0.9, 0.1


def measure(
    records: pl.DataFrame,
    spans: pl.DataFrame | None = None,
    segments: pl.DataFrame | None = None,
    documents: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Add `n_chars` (code points), `n_words`, `urls` (as printed, in order) and `flags` (sorted).

    The flags and their meanings are `schemas.FLAGS`. `is_partial` says of which records a page shows but part
    by design, so that fewer segments than promised break no promise; without it none is so.
    `boilerplate_heavy` needs the spans, `mixed_language` the tagged segments, `future_date` the documents;
    without them these flags are not set. A record without text has no chars, no words, no addresses.
    """
    text = pl.col("text").fill_null("")
    measured = records.with_columns(
        n_chars=text.str.len_chars().cast(pl.Int32),
        n_words=text.str.count_matches(WORD).cast(pl.Int32),
        urls=_addresses(text),
    )
    known = _with_chrome(measured, spans).pipe(_with_other_languages, segments).pipe(_with_capture, documents)
    absent = {
        "is_partial": pl.lit(value=False),
        "is_mass_copy": pl.lit(value=False),
        "confidence": pl.lit(None, pl.Float32),
    }
    known = known.with_columns(value.alias(c) for c, value in absent.items() if c not in records.columns)
    names = [*records.drop("n_chars", "n_words", "urls", "flags", strict=False).columns]
    return known.select(*names, "n_chars", "n_words", "urls", flags=_flags(text))


def _addresses(text: pl.Expr) -> pl.Expr:
    found = text.str.extract_all(ADDRESS)
    return found.list.filter(~pl.element().str.contains(_NO_ADDRESS))


def _flags(text: pl.Expr) -> pl.Expr:
    """List the names of the conditions that hold, by name."""
    said, published = pl.col("published_raw").is_not_null(), pl.col("published")
    # Most texts have a word that stands alone, which no address holds: the others are looked through for more.
    unsure = pl.when(~text.str.contains(r"(?:^|\s)[\pL\pN]+(?:\s|$)")).then(text)
    conditions = {
        "boilerplate_heavy": pl.col("chrome_bytes") > pl.col("body_bytes"),
        "contains_email": text.str.contains(EMAIL),
        "contains_phone": text.str.contains(PHONE),
        "future_date": published.is_not_null() & (pl.col("published_earliest") >= pl.col("captured_latest")),
        "induced": pl.col("confidence").is_not_null(),
        "mass_copy": pl.col("is_mass_copy"),
        "mixed_language": pl.col("other_chars") > _MIXED_SHARE * pl.col("n_chars"),
        "no_text": ~unsure.str.replace_all(ADDRESS, " ").str.contains(r"[\pL\pN]"),
        "promise_broken": ~pl.col("is_partial") & (pl.col("n_promised") != pl.col("n_segments")),
        "relative_date": said & published.is_null() & (pl.col("published_precision") != "unknown"),
        "short": pl.col("n_words") < SHORT_WORDS,
    }
    names = [pl.when(holds).then(pl.lit(name)) for name, holds in sorted(conditions.items())]
    return pl.concat_list(names).list.drop_nulls()


def _with_chrome(records: pl.DataFrame, spans: pl.DataFrame | None) -> pl.DataFrame:
    """Add `chrome_bytes` and `body_bytes`, those of the record's spans between its first and its last byte."""
    if spans is None:
        return records.with_columns(chrome_bytes=pl.lit(None, pl.Int64), body_bytes=pl.lit(None, pl.Int64))
    places = records.select("document_id", "record_id", first="byte_start", last="byte_end")
    size = pl.col("byte_end") - pl.col("byte_start")
    sums = (
        spans.select("document_id", "record_id", "role", "byte_start", "byte_end")
        .join(places, on=["document_id", "record_id"])
        .filter(pl.col("byte_start") >= pl.col("first"), pl.col("byte_end") <= pl.col("last"))
        .group_by("document_id", "record_id", first="first")
        .agg(
            chrome_bytes=size.filter(pl.col("role") == "chrome").sum(),
            body_bytes=size.filter(pl.col("role") == "body").sum(),
        )
    )
    keys = ["document_id", "record_id", "byte_start"]
    return records.join(sums.rename({"first": "byte_start"}), on=keys, how="left", maintain_order="left")


def _with_other_languages(records: pl.DataFrame, segments: pl.DataFrame | None) -> pl.DataFrame:
    """Add `other_chars`, the code points of its segments that are surely in another language than its own."""
    if segments is None:
        return records.with_columns(other_chars=pl.lit(None, pl.UInt32))
    own = records.select("record_id", own="language")
    others = (
        segments.select("record_id", "text", "language", "language_confidence")
        .join(own, on="record_id")
        # What is undetermined has no confidence, and falls out.
        .filter(pl.col("language") != pl.col("own"), pl.col("language_confidence") >= _SURE)
        .group_by("record_id")
        .agg(other_chars=pl.col("text").str.len_chars().sum())
    )
    return records.join(others, on="record_id", how="left", maintain_order="left")


def _with_capture(records: pl.DataFrame, documents: pl.DataFrame | None) -> pl.DataFrame:
    """Add `captured_latest`, the end of the interval in which its page was captured."""
    if documents is None:
        return records.with_columns(captured_latest=pl.lit(None, pl.Datetime("us", "UTC")))
    captures = documents.select("document_id", "captured_latest")
    return records.join(captures, on="document_id", how="left", maintain_order="left")
