"""Turn the date words of a page into an ISO date, an interval and a precision.

The words, in any language, are read by `pipeline.calendar`; here the numbers are put in their places. `AGES` lists
how long each unit of a relative phrase lasts. Nothing here knows a site.

An interval is half-open: `published_earliest <= t < published_latest`. A time printed without a zone is the
local time of an unknown place, so its interval runs from that time in UTC+14 to that time in UTC-12. Words that may be
read in several ways ("03/04/2025") are read as the other dates of their page are; where those tell nothing the
interval spans all readings, and nothing is fixed.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, timedelta

import polars as pl

from pipeline.calendar import Reading, orders, plain, read_shape

# The parts that set how exact a date is, finest first: part, its length, its name as a precision.
_UNITS = (
    ("second", "1s", "minute"),
    ("hour", "1m", "minute"),
    ("day", "1d", "day"),
    ("month", "1mo", "month"),
    ("year", "1y", "year"),
)

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 365 * _DAY
# "0 months ago" is what lies between the end of the weeks and the first month: days 28 and 29.
_ZERO_MONTHS = 4 * _WEEK

# Units of relative phrases: seconds in a unit, seconds at which a larger unit takes over, precision. Ages are rounded
# down: n units mean n <= age / unit < n + 1.
AGES = {
    "second": (1, _MINUTE, "minute"),
    "minute": (_MINUTE, _HOUR, "minute"),
    "hour": (_HOUR, _DAY, "hour"),
    "day": (_DAY, _WEEK, "day"),
    # A client that prints "0 months ago" stops counting weeks at 28 days: "3 weeks ago" ends there of itself.
    "week": (_WEEK, _ZERO_MONTHS, "week"),
    # Twelve months of 30 days are 360 days: "12 months ago" ends where the first year of 365 begins.
    "month": (_MONTH, _YEAR, "month"),
    "year": (_YEAR, None, "year"),
}
# "Just now" lasts a minute; a weekday without a date is that of the last seven days, in whatever zone.
_NOW, _WEEKDAY = _MINUTE, 8 * _DAY
# A meaning that so many times fewer languages share than another, on a page that tells no language, is not meant.
_FEW = 2
MOST = 999  # of a unit; more is no age

# The places on Earth whose clocks are furthest ahead of UTC and behind it (tz database: Kiritimati; AoE).
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
# A year of two digits is of the century that POSIX gives it (strptime, %y).
_PIVOT = 69
# Years that nothing else can be in are of the Buddhist era, 543 ahead, where the words are of its lands or none.
_BUDDHIST, _BUDDHA = (2400, 2699), 543

# Dates written without any sign between their parts, and how they would be written with them.
_COMPACT = (
    (r"^([12]\d{3})([01]\d)([0-3]\d)$", "$1-$2-$3"),
    (r"^([12]\d{3})([01]\d)([0-3]\d)t?([0-2]\d)([0-5]\d)([0-5]\d)(z|[+-]\d{4})?$", "$1-$2-$3 $4:$5:$6$7"),
)
SOONER = 4  # times as soon as in any other order must the days of a chat run on
DAY_OF_LINE = r"(?:^|\n)[\[\x{200e} ]*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_EPOCH_S, _EPOCH_MS = r"^1\d{9}$", r"^1\d{12}$"

_UTC = pl.Datetime("us", "UTC")
_COLUMNS = ("published", "published_earliest", "published_latest", "published_precision")
_CAPTURE = ("captured_earliest", "captured_latest")
_SHAPES = pl.DataFrame(
    schema={"shape": pl.String}
    | {name: pl.Int64 if "int" in str(kind) else pl.String for name, kind in Reading.__annotations__.items()}
).schema


def resolve(records: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add when each record was published, as its date words and the capture of its page tell.

    Adds `published` (ISO 8601, only what the words fix absolutely, null for relative words and for dates
    without a year), `published_earliest` and `published_latest` (half-open, UTC; null on a side that nothing
    bounds), `published_precision` (the unit of the words; `unknown` where there are none or they are not
    understood). The cost grows with the distinct words of each document, not with the records.
    """
    captures = documents.select("document_id", *_CAPTURE)
    keys = ["document_id", "published_raw"]
    dated = records.drop(_COLUMNS, strict=False)
    pairs = dated.select(keys).unique().join(captures, on="document_id", how="left")
    words = read_words(pairs["published_raw"])
    read = pairs.join(words, on="published_raw", how="left", nulls_equal=True)
    bounds = _one_reading(_bound(_as_the_page_does(read, _orders_of_chats(dated))))
    return dated.join(bounds, on=keys, how="left", nulls_equal=True, maintain_order="left")


def read_words(raw: pl.Series) -> pl.DataFrame:
    """Read each distinct date word once: `published_raw` and what it says, a row a reading, null where nothing.

    Absolute words fill `published`, `start` and `end` (UTC, zones already allowed for) or, without a year,
    `month` and `day`; relative ones fill `younger` and `older` (Duration, the age is in [younger, older)). `order` and
    `languages` say on what the reading rests.
    """
    words = pl.DataFrame({"published_raw": raw.unique()}).with_columns(
        plain=_spelled(plain(pl.col("published_raw")))
    )
    words = words.with_columns(shape=pl.col("plain").str.replace_all(r"\d", "0"))
    shapes = _read_shapes(words["shape"].unique())
    numbers = words.with_columns(numbers=pl.col("plain").str.extract_all(r"\d+"))
    read = numbers.join(shapes, on="shape", how="left", nulls_equal=True)
    said = _read_ages(_read_dates(_parts(read)))
    is_understood = pl.col("precision").is_not_null()
    first = ~is_understood.any().over("published_raw") & (pl.int_range(pl.len()).over("published_raw") == 0)
    return said.filter(is_understood | first)


def _spelled(text: pl.Expr) -> pl.Expr:
    """Write compact dates and counts of seconds as other dates are written."""
    for pattern, written in _COMPACT:
        text = text.str.replace(pattern, written)
    seconds = pl.when(text.str.contains(_EPOCH_S)).then(text.cast(pl.Int64, strict=False))
    milliseconds = pl.when(text.str.contains(_EPOCH_MS)).then(text.cast(pl.Int64, strict=False) // 1000)
    moment = pl.from_epoch(pl.coalesce(seconds, milliseconds)).dt.strftime("%Y-%m-%d %H:%M:%Sz")
    return pl.coalesce(moment, text)


def _read_shapes(shapes: pl.Series) -> pl.DataFrame:
    rows = [(shape, *reading) for shape in shapes.drop_nulls() for reading in read_shape(shape)]
    return pl.DataFrame(rows, schema=_SHAPES, orient="row")


def _parts(read: pl.DataFrame) -> pl.DataFrame:
    """Put the numbers of the words in the places that the reading gives them, as text of two or four digits."""

    def at(name: str) -> pl.Expr:
        return pl.col("numbers").list.get(pl.col(f"{name}_at"), null_on_oob=True)

    year, short = at("year").cast(pl.Int64), at("short_year").cast(pl.Int64)
    is_buddhist = year.is_between(*_BUDDHIST) & pl.col("languages").str.contains(r"\b(?:th|lo|km)\b|^$")
    century = pl.when(short < _PIVOT).then(2000).otherwise(1900)
    full = pl.coalesce(
        year + pl.col("year_add") - pl.when(is_buddhist).then(_BUDDHA).otherwise(0), short + century
    )
    both = at("zone_both")
    return read.with_columns(
        year=full.cast(pl.String).str.zfill(4),
        month=pl.coalesce(at("month"), pl.col("month").cast(pl.String)).str.zfill(2),
        day=at("day").str.zfill(2),
        hour=at("hour"),
        minute=at("minute").str.zfill(2),
        second=at("second").str.zfill(2),
        zone_hour=pl.coalesce(at("zone_hour"), both.str.head(2)).cast(pl.Int64),
        zone_minute=pl.coalesce(at("zone_minute"), both.str.tail(2)).cast(pl.Int64),
        number=pl.coalesce(at("number").cast(pl.Int64, strict=False), "number"),
    ).with_columns(hour=_hour_of_day(), offset=_offset())


def _hour_of_day() -> pl.Expr:
    """Read 12 am as 00 and 1 pm as 13; an hour without am or pm as it stands."""
    hour = pl.col("hour").cast(pl.Int8)
    half = hour % 12 + pl.when(pl.col("half") == "pm").then(12).otherwise(0)
    # "13 pm" is no time: an hour of 99 makes the whole date not understood.
    checked = pl.when(hour.is_between(1, 12)).then(half).otherwise(99)
    return pl.when(pl.col("half").is_null()).then(hour).otherwise(checked).cast(pl.String).str.zfill(2)


def _offset() -> pl.Expr:
    """Count the minutes east of UTC of a printed zone; null where none is."""
    minutes = pl.col("zone_hour") * 60 + pl.col("zone_minute").fill_null(0)
    east = pl.when(pl.col("zone_sign") == "-").then(-minutes).otherwise(minutes)
    return pl.coalesce(pl.col("zone_minutes"), east)


# Absolute words -----------------------------------------------------------------------------------


def _read_dates(read: pl.DataFrame) -> pl.DataFrame:
    """Add what absolute words say; a date that no calendar has, or a day of no month, is not understood."""
    is_absolute = pl.col("kind").is_in(["date", "datetime"])
    is_whole = pl.all_horizontal(
        pl.col(part).is_null() | pl.col(of).is_not_null() for part, of in (("hour", "day"), ("day", "month"))
    )
    read = read.with_columns(local=pl.when(is_absolute & is_whole).then(_local_time()))
    has_year, is_date = pl.col("year").is_not_null(), pl.col("local").is_not_null()
    return _widen(read).with_columns(
        published=pl.when(is_date & has_year).then(_iso()),
        start=pl.when(has_year).then("start"),
        end=pl.when(has_year).then("end"),
        precision=pl.when(is_date).then("precision"),
        month=pl.when(is_date & ~has_year).then("month"),
        day=pl.when(is_date & ~has_year).then("day"),
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
    return written.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)


def _iso() -> pl.Expr:
    """Write a date as exactly as its words fix it, with the zone where they print one."""
    minutes = pl.col("offset").abs()
    sign = pl.when(pl.col("offset") < 0).then(pl.lit("-")).otherwise(pl.lit("+"))
    hours, rest = ((part).cast(pl.String).str.zfill(2) for part in (minutes // 60, minutes % 60))
    offset = pl.concat_str(sign, hours, pl.lit(":"), rest)
    zone = pl.when(pl.col("zone_minutes") == 0).then(pl.lit("Z")).otherwise(offset)
    clock = pl.when(pl.col("hour").is_not_null())
    pieces = (
        pl.col("year"),
        "-" + pl.col("month"),
        "-" + pl.col("day"),
        clock.then("T" + pl.col("hour") + ":" + pl.col("minute").fill_null("00")),
        clock.then(":" + pl.col("second")),
        clock.then(zone),
    )
    return pl.concat_str(pieces, ignore_nulls=True)


def _widen(read: pl.DataFrame) -> pl.DataFrame:
    """Add `precision`, the unit that the words name, and `start`, `end` (UTC), wherever it was written."""
    offset = pl.duration(minutes="offset")
    read = read.with_columns(finest=pl.coalesce(_named_unit(*unit) for unit in _UNITS))
    end = pl.col("local").dt.offset_by(pl.col("finest").struct.field("step"))
    return read.with_columns(
        start=(pl.col("local") - pl.coalesce(offset, _AHEAD)).dt.replace_time_zone("UTC"),
        end=(end - pl.coalesce(offset, -_BEHIND)).dt.replace_time_zone("UTC"),
        precision=pl.col("finest").struct.field("precision"),
    )


def _named_unit(part: str, step: str, precision: str) -> pl.Expr:
    named = pl.struct(step=pl.lit(step), precision=pl.lit(precision))
    return pl.when(pl.col(part).is_not_null()).then(named)


# Relative words -----------------------------------------------------------------------------------


def _read_ages(words: pl.DataFrame) -> pl.DataFrame:
    """Add what the relative words read: `younger`, `older`, and the precision where no date gave one."""
    age = pl.coalesce(_clocked(), _weekday(), _now(), *(_age(unit) for unit in AGES))
    return words.with_columns(age=age).with_columns(
        younger=pl.duration(seconds=pl.col("age").struct.field("younger")),
        older=pl.duration(seconds=pl.col("age").struct.field("older")),
        precision=pl.coalesce("precision", pl.col("age").struct.field("precision")),
    )


def _age(unit: str) -> pl.Expr:
    """Read a number of units as a struct (younger, older, precision), seconds; null where it is another unit."""
    unit_s, until_s, precision = AGES[unit]
    n = pl.col("number")
    younger, older = n * unit_s, (n + 1) * unit_s
    if until_s is not None:
        # Words past the limit ("48 hours ago") are another client's: they keep their own width.
        older = pl.when(younger < until_s).then(pl.min_horizontal(older, until_s)).otherwise(older)
    if unit == "month":
        younger = younger.replace(0, _ZERO_MONTHS)
    is_such = (pl.col("unit") == unit) & (n <= MOST)
    return pl.when(is_such).then(_span(younger, older, precision))


def _now() -> pl.Expr:
    is_now = (pl.col("unit") == "second") & (pl.col("number") == 0)
    return pl.when(is_now).then(_span(pl.lit(0), pl.lit(_NOW), "minute"))


def _clocked() -> pl.Expr:
    """Read "yesterday at 12:01": the day of the capture is that of an unknown place, so it may be any of two."""
    hour, minute = pl.col("hour").cast(pl.Int64, strict=False), pl.col("minute").cast(pl.Int64).fill_null(0)
    midnight = pl.col("number") * _DAY - hour * _HOUR - minute * _MINUTE
    is_such = (pl.col("unit") == "day") & (hour < 24) & (minute < 60)
    return pl.when(is_such).then(_span(midnight.clip(0), midnight + _DAY, "day"))


def _weekday() -> pl.Expr:
    return pl.when(pl.col("kind") == "weekday").then(_span(pl.lit(0), pl.lit(_WEEKDAY), "week"))


def _span(younger: pl.Expr, older: pl.Expr, precision: str) -> pl.Expr:
    seconds = (bound.cast(pl.Int64).alias(name) for bound, name in ((younger, "younger"), (older, "older")))
    return pl.struct(*seconds, precision=pl.lit(precision))


# Several readings ---------------------------------------------------------------------------------


def _orders_of_chats(records: pl.DataFrame) -> pl.DataFrame:
    """Say of each document with a chat in what order the days of its lines are read, so that they run on soonest."""
    if not {"kind", "text"}.issubset(records.columns):
        return pl.DataFrame(schema={"document_id": records.schema["document_id"], "chat_order": pl.String})
    days = records.filter(pl.col("kind") == "chat").select(
        "document_id", published_raw=pl.col("text").str.extract_all(DAY_OF_LINE)
    )
    days = (
        days.explode("published_raw")
        .drop_nulls()
        .with_columns(pl.col("published_raw").str.strip_chars(" [\n\u200e"))
    )
    days = days.filter(
        pl.col("published_raw") != pl.col("published_raw").shift(1).over("document_id").fill_null("")
    )
    read = (
        days.with_row_index("n")
        .join(read_words(days["published_raw"]), on="published_raw", how="left")
        .sort("n")
    )
    read = read.with_columns(n_days=pl.col("n").n_unique().over("document_id")).filter(pl.col("order") != "")
    start = pl.col("start")
    runs = read.group_by("document_id", "order").agg(
        is_whole=(pl.col("n").n_unique() == pl.col("n_days").first())
        & (start.diff() >= pl.duration(days=-1)).all(),
        span=start.max() - start.min(),
    )
    runs = runs.filter("is_whole").sort("span")
    is_soonest = (pl.col("span") * SOONER < pl.col("span").shift(-1)).fill_null(value=True).first()
    return runs.group_by("document_id").agg(chat_order=pl.col("order").first().filter(is_soonest).first())


def _as_the_page_does(read: pl.DataFrame, chats: pl.DataFrame) -> pl.DataFrame:
    """Of several readings of some words keep those that the other dates of the document speak for, if any."""
    several = pl.struct("document_id", "published_raw").is_duplicated()
    doubtful, sure = read.filter(several), read.filter(~several)
    if doubtful.is_empty():
        return read
    likely = doubtful.join(_evidence(sure), on="document_id", how="left").join(
        chats, on="document_id", how="left"
    )
    likely = likely.with_columns(page_order=pl.coalesce("chat_order", "page_order"))
    tongues = pl.col("languages").str.split(" ").list.set_intersection("tongues").list.len() > 0
    checks = (
        (pl.col("start") < pl.col("captured_latest")).fill_null(value=True),
        (pl.col("order") == "") | (pl.col("order") == pl.col("page_order")).fill_null(value=False),
        (pl.col("languages") == "") | tongues.fill_null(value=False),
    )
    n_tongues = pl.col("languages").str.count_matches(r"\S+")
    of_most = n_tongues * _FEW >= n_tongues.max().over("document_id", "published_raw")
    for fits in (*checks, of_most):
        likely = likely.filter(fits | ~fits.any().over("document_id", "published_raw"))
    return pl.concat([sure, likely.select(sure.columns)])


def _evidence(sure: pl.DataFrame) -> pl.DataFrame:
    """Say of each document what its unmistakable dates tell: `tongues` (the languages that know most) and `page_order`.

    The order is the one that is met, where it is only one, else that in which all those languages write dates.
    """
    met = pl.col("order").filter(pl.col("order") != "").unique()
    spoken = (
        sure.select("document_id", language=pl.col("languages").str.split(" "))
        .explode("language")
        .filter(pl.col("language") != "")
        .group_by("document_id", "language")
        .len()
        .filter(pl.col("len") == pl.col("len").max().over("document_id"))
        .with_columns(order=pl.col("language").replace_strict(orders(), default=None, return_dtype=pl.String))
        .group_by("document_id")
        .agg(tongues=pl.col("language"), own=_only(pl.col("order").unique()))
    )
    return (
        sure.group_by("document_id")
        .agg(met=_only(met))
        .join(spoken, on="document_id", how="left")
        .select("document_id", "tongues", page_order=pl.coalesce("met", "own"))
    )


def _only(values: pl.Expr) -> pl.Expr:
    """Take the value that is the only one; null where there are none or more."""
    return pl.when(values.len() == 1).then(values.first())


def _one_reading(bounds: pl.DataFrame) -> pl.DataFrame:
    """Make one row of all readings of some words on a page: what they agree in, and the interval over all."""
    keys = ("document_id", "published_raw")
    several = pl.struct(keys).is_duplicated()
    hull = (
        bounds.filter(several)
        .group_by(keys)
        .agg(
            published=_only(pl.col("published").unique()),
            published_earliest=pl.col("published_earliest").min(),
            published_latest=pl.col("published_latest").max(),
            published_precision=pl.col("published_precision").first(),
        )
    )
    return pl.concat([bounds.filter(~several).select(*keys, *_COLUMNS), hull.select(*keys, *_COLUMNS)])


# Intervals ----------------------------------------------------------------------------------------


def _bound(read: pl.DataFrame) -> pl.DataFrame:
    """Add the published columns to words as read, with the capture interval of their page."""
    keys = ["published_raw", "month", "day", *_CAPTURE]
    read = read.join(_in_the_year_of_the_visit(read), on=keys, how="left", nulls_equal=True)
    latest = pl.coalesce("end", "year_end", pl.col("captured_latest") - pl.col("younger"))
    earliest = pl.coalesce("start", "year_start", pl.col("captured_earliest") - pl.col("older"))
    # Nothing is on a page before it is published; a page that dates itself later keeps its word.
    seen = pl.when(pl.col("captured_latest") > earliest).then(pl.min_horizontal(latest, "captured_latest"))
    return read.with_columns(
        published_earliest=_held(earliest),
        published_latest=_held(pl.coalesce(seen, latest)),
        published_precision=pl.col("precision").fill_null("unknown"),
    )


def _held(moment: pl.Expr) -> pl.Expr:
    """Leave out a moment of a year that Python's `datetime` has not."""
    return pl.when(moment.dt.year().is_between(MINYEAR, MAXYEAR)).then(moment).cast(_UTC)


def _in_the_year_of_the_visit(read: pl.DataFrame) -> pl.DataFrame:
    """Place the dates without a year: `year_start`, `year_end` for each that a pair of words and capture has.

    A site drops the year when it is that of the visit, so the date is in a year in which the capture may lie,
    and not after it. Where no such day exists it is the latest one before the capture. Several possible
    years give one interval over them all; a side without a capture bound stays null.
    """
    keys = ["published_raw", "month", "day", *_CAPTURE]
    yearless = read.filter(pl.col("day").is_not_null()).select(keys).unique()
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
    return days.group_by(keys).agg(
        year_start=pl.when(pl.col("captured_earliest").first().is_not_null()).then(
            pl.coalesce(in_a_visited_year, pl.col("start").max())
        ),
        year_end=pl.when(pl.col("captured_latest").first().is_not_null()).then(pl.col("end").max()),
    )
