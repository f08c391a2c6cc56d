"""Turn the date words of a page into an ISO date, an interval and a precision.

What a page prints is declared twice below: `FORMS` lists absolute dates in the letters of PHP's `date()`
(which FreshRSS itself uses, so its 24 languages are read from its own word table), `AGES` lists relative
words with the age they stand for. Nothing here knows a site; a new notation is one more line in a table.

An interval is half-open: `published_earliest <= t < published_latest`. A time printed without a zone is the
local time of an unknown place, so its interval runs from that time in UTC+14 to that time in UTC-12.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import timedelta
from functools import cache
from pathlib import Path

import polars as pl

FEED_READER_WORDS = Path(__file__).parent / "grammars" / "feed_reader.json"

# Absolute dates beside those of FreshRSS, as PHP would write them; %s is a month's name in any language.
FORMS = (
    "%s j, Y",  # Thread Reader: Jan 9, 2021
    "%s j",  # Thread Reader, in the year of the visit: Mar 22
    "j %s",
    "%s Y",
    "Y-m-d",
    "Y-m-d H:i",
    "Y-m-d H:i:s",
    "Y-m-d H:iP",
    "Y-m-d H:i:sP",
    "Y-m-d\\TH:i",
    "Y-m-d\\TH:i:s",
    "Y-m-d\\TH:iP",
    "Y-m-d\\TH:i:sP",
    "Y-m",
    "Y",
)

# Names where FreshRSS's table has only the first letters or another case of the word, as editions print them.
MORE_MONTHS = {"květen": 5, "enero": 1, "mayo": 5, "maggio": 5, "мая": 5, "sept": 9}

# PHP's date letters and what they read. Digits are ASCII by the time a form is tried (see `_plain`).
_LETTERS = {
    "d": r"(?P<day>\d{1,2})",
    "j": r"(?P<day>\d{1,2})",
    "S": r" ?(?:st|nd|rd|th)",
    "%s": r"(?P<name>\pL[\pL\pM]*)",
    "m": r"(?P<month>\d{1,2})",
    "n": r"(?P<month>\d{1,2})",
    "Y": r"(?P<year>[12]\d{3})",
    "H": r"(?P<hour>\d{1,2})",
    "G": r"(?P<hour>\d{1,2})",
    "g": r"(?P<hour>\d{1,2})",
    "h": r"(?P<hour>\d{1,2})",
    "i": r"(?P<minute>\d{2})",
    "s": r"(?P<second>\d{2})",
    "a": r"(?P<half>[ap]m)",
    "A": r"(?P<half>[ap]m)",
    "P": r" ?(?P<zone>z|[+-]\d{2}:?\d{2})",
}
# The parts that set how exact a date is, finest first: part, its length, its name as a precision.
_UNITS = (
    ("second", "1s", "minute"),
    ("hour", "1m", "minute"),
    ("day", "1d", "day"),
    ("month", "1mo", "month"),
    ("year", "1y", "year"),
)
_PARTS = ("year", "month", "name", "day", "hour", "minute", "second", "half", "zone")

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 365 * _DAY
# "0 months ago" is what lies between the end of the weeks and the first month: days 28 and 29.
_ZERO_MONTHS = 4 * _WEEK

# Relative words: pattern, number (None: the pattern's own group), seconds in a unit, seconds at which a
# larger unit takes over, precision. Ages are rounded down: n units mean n <= age / unit < n + 1.
AGES = (
    (r"(?:just )?now", 0, _MINUTE, _MINUTE, "minute"),
    (r"(\d{1,3}) min(?:ute)?s? ago", None, _MINUTE, _HOUR, "minute"),
    (r"(\d{1,3}) hours? ago", None, _HOUR, _DAY, "hour"),
    (r"yesterday", 1, _DAY, _WEEK, "day"),
    (r"(\d{1,3}) days? ago", None, _DAY, _WEEK, "day"),
    # A client that prints "0 months ago" stops counting weeks at 28 days: "3 weeks ago" ends there of itself.
    (r"(\d{1,3}) weeks? ago", None, _WEEK, _ZERO_MONTHS, "week"),
    # Twelve months of 30 days are 360 days: "12 months ago" ends where the first year of 365 begins.
    (r"(\d{1,3}) months? ago", None, _MONTH, _YEAR, "month"),
    (r"(\d{1,3}) years? ago", None, _YEAR, None, "year"),
)

# The places on Earth whose clocks are furthest ahead of UTC and behind it (tz database: Kiritimati; AoE).
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)

# What is in a page and says nothing: tags of a superscript, marks of writing direction, byte order marks.
_INVISIBLE = r"<[^>]*>|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
# Digits as scripts other than Latin print them, by value; NFKC has already folded the full-width ones.
_DIGITS = {
    chr(code): str(unicodedata.digit(chr(code)))
    for code in range(0x80, 0x20000)
    if unicodedata.category(chr(code)) == "Nd"
}
_UTC = pl.Datetime("us", "UTC")
_COLUMNS = ("published", "published_earliest", "published_latest", "published_precision")


def resolve(records: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add when each record was published, as its date words and the capture of its page tell.

    Adds `published` (ISO 8601, only what the words fix absolutely, null for relative words and for dates
    without a year), `published_earliest` and `published_latest` (half-open, UTC; null on a side that nothing
    bounds), `published_precision` (the unit of the words; `unknown` where there are none or they are not
    understood). The cost grows with the distinct pairs of words and capture, not with the records.
    """
    captures = documents.select("document_id", "captured_earliest", "captured_latest")
    keys = ["published_raw", "captured_earliest", "captured_latest"]
    dated = records.drop(_COLUMNS, strict=False).join(
        captures, on="document_id", how="left", maintain_order="left"
    )
    pairs = dated.select(keys).unique()
    words = read_words(pairs["published_raw"])
    bounds = _bound(pairs.join(words, on="published_raw", how="left", nulls_equal=True))
    resolved = dated.join(
        bounds.select(*keys, *_COLUMNS), on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return resolved.drop("captured_earliest", "captured_latest")


def read_words(raw: pl.Series) -> pl.DataFrame:
    """Read each distinct date word once: `published_raw` and what it says, null where it says nothing.

    Absolute words fill `published`, `start` and `end` (UTC, zones already allowed for) or, without a year,
    `month` and `day`; relative ones fill `younger` and `older` (Duration, the age is in [younger, older)).
    """
    words = pl.DataFrame({"published_raw": raw.unique()}).with_columns(plain=_plain(pl.col("published_raw")))
    return _read_ages(_read_dates(words)).drop("plain")


def _plain(text: pl.Expr) -> pl.Expr:
    """Write date words in one way: NFKC, lower case, single spaces, ASCII digits, nothing invisible."""
    # Lower case first: it may decompose (the dotted capital I), and NFKC composes.
    folded = text.str.replace_all(_INVISIBLE, "").str.to_lowercase().str.normalize("NFKC")
    spaced = folded.str.replace_all(r"\s+", " ").str.strip_chars()
    return spaced.str.replace_many(list(_DIGITS), list(_DIGITS.values()))


def _read_dates(words: pl.DataFrame) -> pl.DataFrame:
    """Add what the absolute forms read."""
    named = pl.col("name").replace_strict(month_numbers(), default=None, return_dtype=pl.String)
    read = _parts(words).with_columns(
        month=pl.coalesce("month", named).str.zfill(2), day=pl.col("day").str.zfill(2), hour=_hour_of_day()
    )
    # A month's name that no language has, or the 31st of June, is a date not understood.
    known = pl.col("name").is_null() | pl.col("month").is_not_null()
    read = read.with_columns(local=pl.when(known).then(_local_time()))
    has_year, is_date = pl.col("year").is_not_null(), pl.col("local").is_not_null()
    return _widen(read).select(
        "published_raw",
        "plain",
        pl.when(is_date & has_year).then(_iso()).alias("published"),
        pl.when(has_year).then("start").alias("start"),
        pl.when(has_year).then("end").alias("end"),
        pl.when(is_date).then("precision").alias("precision"),
        pl.when(is_date & ~has_year).then("month").alias("month"),
        pl.when(is_date & ~has_year).then("day").alias("day"),
    )


def _local_time() -> pl.Expr:
    """Build the first moment that the words may mean; a date without a year is tried in a leap year."""
    written = pl.format(
        "{}-{}-{}T{}:{}:{}",
        pl.col("year").fill_null("2000"),
        pl.col("month").fill_null("01"),
        pl.col("day").fill_null("01"),
        pl.col("hour").fill_null("00"),
        pl.col("minute").fill_null("00"),
        pl.col("second").fill_null("00"),
    )
    # Words in which no form was found have no part at all, not the first of January 2000.
    read = pl.when(pl.any_horizontal(pl.col("year", "month").is_not_null())).then(written)
    return read.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)


def _parts(words: pl.DataFrame) -> pl.DataFrame:
    """Add the parts of the dates as printed; no two forms read one word differently, so the first serves."""
    groups = [words["plain"].str.extract_groups(pattern).struct.unnest() for pattern in date_patterns()]
    parts = {part: [group[part] for group in groups if part in group.columns] for part in _PARTS}
    return words.with_columns(
        pl.select(pl.coalesce(pl.lit(column) for column in columns)).to_series().alias(part)
        for part, columns in parts.items()
    )


def _hour_of_day() -> pl.Expr:
    """Read 12 am as 00 and 1 pm as 13; an hour without am or pm as it stands."""
    hour = pl.col("hour").cast(pl.Int8)
    half = hour % 12 + pl.when(pl.col("half") == "pm").then(12).otherwise(0)
    # "13 pm" is no time: an hour of 99 makes the whole date not understood.
    checked = pl.when(hour.is_between(1, 12)).then(half).otherwise(99)
    return pl.when(pl.col("half").is_null()).then(hour).otherwise(checked).cast(pl.String).str.zfill(2)


def _iso() -> pl.Expr:
    """Write a date as exactly as its words fix it, with the zone where they print one."""
    pieces = (
        pl.col("year"),
        "-" + pl.col("month"),
        "-" + pl.col("day"),
        "T" + pl.col("hour"),
        ":" + pl.col("minute"),
        ":" + pl.col("second"),
        pl.col("zone").str.to_uppercase().str.replace(r"^([+-]\d\d)(\d\d)$", "$1:$2"),
    )
    return pl.concat_str(pieces, ignore_nulls=True)


def _widen(read: pl.DataFrame) -> pl.DataFrame:
    """Add `precision`, the unit that the words name, and `start`, `end` (UTC), wherever it was written."""
    zone = pl.col("zone").str.replace(":", "", literal=True)
    minutes = zone.str.slice(1, 2).cast(pl.Int32, strict=False) * 60 + zone.str.slice(3).cast(
        pl.Int32, strict=False
    )
    east = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)
    offset = pl.when(pl.col("zone") == "z").then(0).otherwise(east)
    read = read.with_columns(
        offset=pl.duration(minutes=offset), finest=pl.coalesce(_named_unit(*unit) for unit in _UNITS)
    )
    end = pl.col("local").dt.offset_by(pl.col("finest").struct.field("step"))
    return read.with_columns(
        start=(pl.col("local") - pl.col("offset").fill_null(_AHEAD)).dt.replace_time_zone("UTC"),
        end=(end - pl.col("offset").fill_null(-_BEHIND)).dt.replace_time_zone("UTC"),
        precision=pl.col("finest").struct.field("precision"),
    )


def _named_unit(part: str, step: str, precision: str) -> pl.Expr:
    named = pl.struct(step=pl.lit(step), precision=pl.lit(precision))
    return pl.when(pl.col(part).is_not_null()).then(named)


def _read_ages(words: pl.DataFrame) -> pl.DataFrame:
    """Add what the relative words read: `younger`, `older`, and the precision where no date gave one."""
    ages = pl.coalesce(_age(*age) for age in AGES)
    return (
        words.with_columns(ages.alias("age"))
        .with_columns(
            younger=pl.duration(seconds=pl.col("age").struct.field("younger")),
            older=pl.duration(seconds=pl.col("age").struct.field("older")),
            precision=pl.coalesce("precision", pl.col("age").struct.field("precision")),
        )
        .drop("age")
    )


def _age(pattern: str, number: int | None, unit_s: int, until_s: int | None, precision: str) -> pl.Expr:
    """Read one relative word as a struct (younger, older, precision), seconds; null where it fails."""
    anchored = f"^{pattern}$"
    own = pl.col("plain").str.extract(anchored).cast(pl.Int64)
    n = own if number is None else pl.lit(number, pl.Int64)
    younger, older = n * unit_s, (n + 1) * unit_s
    if until_s is not None:
        # Words past the limit ("48 hours ago") are another client's: they keep their own width.
        older = pl.when(younger < until_s).then(pl.min_horizontal(older, until_s)).otherwise(older)
    if unit_s == _MONTH:
        younger = younger.replace(0, _ZERO_MONTHS)
    age = pl.struct(younger=younger, older=older, precision=pl.lit(precision))
    return pl.when(pl.col("plain").str.contains(anchored)).then(age)


def _bound(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add the published columns to pairs of words and capture interval."""
    this_year = _in_the_year_of_the_visit(pairs)
    pairs = pairs.join(
        this_year, on=["published_raw", "captured_earliest", "captured_latest"], how="left", nulls_equal=True
    )
    latest = pl.coalesce("end", "year_end", pl.col("captured_latest") - pl.col("younger"))
    earliest = pl.coalesce("start", "year_start", pl.col("captured_earliest") - pl.col("older"))
    # Nothing is on a page before it is published; a page that dates itself later keeps its word.
    seen = pl.when(pl.col("captured_latest") > earliest).then(pl.min_horizontal(latest, "captured_latest"))
    return pairs.with_columns(
        published_earliest=earliest.cast(_UTC),
        published_latest=pl.coalesce(seen, latest).cast(_UTC),
        published_precision=pl.col("precision").fill_null("unknown"),
    )


def _in_the_year_of_the_visit(pairs: pl.DataFrame) -> pl.DataFrame:
    """Place the dates without a year: `year_start`, `year_end` for each pair that has such a date.

    A site drops the year when it is that of the visit, so the date is in a year in which the capture may lie,
    and not after it. Where no such day exists it is the latest one before the capture. Several possible
    years give one interval over them all; a side without a capture bound stays null.
    """
    yearless = pairs.filter(pl.col("day").is_not_null())
    first, last = pl.col("captured_earliest").dt.year(), pl.col("captured_latest").dt.year()
    # Eight years to either side: the longest wait for a 29 February (1896 to 1904, 2096 to 2104).
    years = pl.int_ranges(pl.coalesce(first, last) - 8, pl.coalesce(last, first) + 9)
    day = pl.concat_str("year", "month", "day", separator="-").str.to_date("%Y-%m-%d", strict=False)
    days = (
        yearless.with_columns(year=years)
        .explode("year")
        .with_columns(start=day.cast(_UTC) - _AHEAD, end=day.dt.offset_by("1d").cast(_UTC) + _BEHIND)
        .filter(pl.col("start").is_not_null(), (pl.col("start") < pl.col("captured_latest")).fill_null(True))
    )
    in_a_visited_year = pl.col("start").filter(pl.col("year") >= pl.col("captured_earliest").dt.year()).min()
    return days.group_by("published_raw", "captured_earliest", "captured_latest").agg(
        year_start=pl.when(pl.col("captured_earliest").first().is_not_null()).then(
            pl.coalesce(in_a_visited_year, pl.col("start").max())
        ),
        year_end=pl.when(pl.col("captured_latest").first().is_not_null()).then(pl.col("end").max()),
    )


@cache
def date_patterns() -> tuple[str, ...]:
    """Compile every absolute form once, FreshRSS's of all its languages first."""
    feed_reader = (words[key] for words in _words().values() for key in ("format_date_hour", "format_date"))
    return tuple(dict.fromkeys(_pattern(form) for form in (*feed_reader, *FORMS)))


@cache
def month_numbers() -> dict[str, str]:
    """Map the month names of all languages, and the English ones cut to three letters, to 1..12."""
    tables = [words["months"] for words in _words().values()]
    short = [name[:3] for name in _words()["en"]["months"]]
    numbers = {name: number for table in (short, *tables) for number, name in enumerate(table, 1)}
    numbers |= MORE_MONTHS
    names = pl.DataFrame({"name": list(numbers)}).select(_plain(pl.col("name"))).to_series()
    return dict(zip(names, map(str, numbers.values()), strict=True))


@cache
def _words() -> dict[str, dict]:
    return json.loads(FEED_READER_WORDS.read_text(encoding="utf-8"))


def _pattern(form: str) -> str:
    """Turn a form in PHP's date letters into an anchored pattern over plain words."""
    # A backslash makes a letter a letter; a tag spelled that way has gone from plain words.
    tokens = re.findall(r"\\.|%s|.", re.sub(r"\\<.*?\\>", "", form), re.DOTALL)
    return "^" + "".join(_LETTERS.get(token) or _literal(token.removeprefix("\\")) for token in tokens) + "$"


def _literal(letter: str) -> str:
    return " " if letter.isspace() else re.escape(unicodedata.normalize("NFKC", letter.lower()))
