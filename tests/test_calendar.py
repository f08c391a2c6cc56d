"""Dates in every language: what Babel writes is recognised and read back."""

import re
from datetime import UTC, datetime
from functools import cache

import polars as pl
import pytest
from babel import Locale, localedata
from babel.dates import format_date, format_skeleton, format_time, format_timedelta

from pipeline import calendar, dates
from pipeline.calendar import making

UTC_TIME = pl.Datetime("us", "UTC")
MOMENTS = [
    datetime(2024, month, day, hour, 5)
    for month, day, hour in (
        *((1, 2, 0), (2, 29, 13), (3, 13, 12), (4, 4, 3), (5, 30, 23), (6, 6, 6)),
        *((7, 17, 7), (8, 8, 18), (9, 19, 9), (10, 10, 10), (11, 21, 11), (12, 12, 22)),
    )
]
# Languages some of whose formats are not read: words of a format that CLDR has in no list that Babel keeps, or
# parts of the day that no rule gives to a half. They are read as nothing, never wrongly.
PARTLY_READ = {
    "as",
    "bal",
    "brx",
    "dz",
    "ee",
    "kgp",
    "la",
    "lij",
    "lld",
    "mn",
    "mt",
    "sd",
    "syr",
    "ti",
    "xnr",
}

EVERYDAY = (
    *(
        "ar",
        "bg",
        "bn",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fa",
        "fi",
        "fr",
        "he",
        "hi",
        "hr",
        "hu",
    ),
    *(
        "id",
        "is",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "ms",
        "nb",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sr",
        "sv",
    ),
    *("sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh"),
)


@cache
def printed() -> pl.DataFrame:
    """What Babel prints: one document a language, so that each page speaks for itself."""
    rows = []
    for language in calendar.orders():
        localedata._cache.clear()
        locale = Locale.parse(language)
        for moment in MOMENTS:
            day, clock = f"{moment:%Y-%m-%d}", f"{moment:%Y-%m-%dT%H:%M}"
            forms = ("full", "long", "medium", "short")
            rows += [(language, form, format_date(moment, form, locale), day) for form in forms]
            time = format_time(moment.time(), "short", locale=locale)
            rows.append((language, "time", f"{format_date(moment, 'long', locale)} {time}", clock))
            rows.append((language, "skeleton", format_skeleton("yMMMd", moment, locale=locale), day))
    return pl.DataFrame(rows, ["document_id", "form", "published_raw", "want"], orient="row")


def resolved(records: pl.DataFrame) -> pl.DataFrame:
    seen = pl.lit(datetime(2025, 1, 1, tzinfo=UTC)).cast(UTC_TIME)
    documents = records.select("document_id").unique()
    return dates.resolve(records, documents.with_columns(captured_earliest=seen, captured_latest=seen))


def test_dates_of_every_language_are_read_back_or_not_at_all():
    rows = resolved(printed())
    assert rows.filter(pl.col("published") != pl.col("want"))["published"].str.len_chars().max() in (None, 4)
    read = (pl.col("published") == pl.col("want")).fill_null(value=False)
    unread = set(rows.filter(~read)["document_id"]) - {"en"}
    assert unread <= PARTLY_READ
    assert rows["document_id"].n_unique() > 140
    assert rows.select(read).to_series().mean() > 0.95


@pytest.mark.parametrize("language", EVERYDAY)
def test_dates_are_recognised_by_kind_and_by_pattern(language):
    rows = printed().filter(pl.col("document_id") == language)
    told = calendar.which(rows["published_raw"])
    assert set(told.filter(rows["form"] == "time")) == {"datetime"}
    assert set(told.filter(rows["form"] != "time")) == {"date"}
    pattern = f"^{calendar.pattern('datetime', (language,))}$"
    python = [re.search(pattern, raw) is not None for raw in rows["published_raw"]]
    assert rows["published_raw"].str.contains(pattern).to_list() == python
    assert sum(python) > 0.9 * len(python), rows.filter(~pl.Series(python))["published_raw"].to_list()[:9]


def test_patterns_of_all_languages_compile_and_find_a_date_in_a_line():
    line = pl.Series(["Ada schrieb am 5. Dezember 2024 um 12:01", "vor 3 Stunden · Bob", "Ada wrote 5 looms"])
    whole = pl.Series(["5. Dezember 2024 um 12:01", "vor 3 Stunden", "5 looms"])
    assert whole.str.contains(f"^{calendar.pattern('datetime')}$").to_list() == [True, False, False]
    assert whole.str.contains(f"^{calendar.pattern('relative')}$").to_list() == [False, True, False]
    assert line.str.extract(f"({calendar.pattern('datetime', ('de',))})").to_list() == [
        "5. Dezember 2024 um 12:01",
        None,
        None,
    ]
    with pytest.raises(ValueError, match="'century'"):
        calendar.pattern("century")


@pytest.mark.parametrize("language", EVERYDAY)
def test_ages_of_every_language_are_read_back(language):
    localedata._cache.clear()
    locale = Locale.parse(language)
    units = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}
    asked = [(unit, n) for unit in units for n in (3, 5) if (unit, n) != ("week", 5)]
    raws = [
        format_timedelta(-n * units[unit], granularity=unit, threshold=99, add_direction=True, locale=locale)
        for unit, n in asked
    ]
    english = [f"{n} {unit}s ago" for unit, n in asked]
    assert set(calendar.which(pl.Series(raws))) == {"relative"}
    rows, known = (
        resolved(pl.DataFrame({"document_id": "d", "published_raw": said})) for said in (raws, english)
    )
    columns = ["published_earliest", "published_latest", "published_precision"]
    assert rows.select(columns).equals(known.select(columns)), list(zip(raws, rows.rows(), strict=True))


NAMES = [
    "Ada Lovelace",
    "May",
    "Sam",
    "Dim",
    "June Jordan",
    "Mar",
    "Agent 5",
    "5 points",
    "3 comments",
    "$5",
    "A2",
]
NUMBERS = ["2025", "12", "4.5", "100%", "1,000", "5 min", "10.7k", "Chapter 3", "5 of 12", "", None]


def test_names_and_numbers_are_no_dates():
    assert calendar.which(pl.Series([*NAMES, *NUMBERS])).drop_nulls().to_list() == []


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("Mon, 15 Dec 2025 07:32:05 +0800 (CST)", "datetime"),
        ("3日前", "relative"),
        ("2 wk", "relative"),
        ("just now", "relative"),
        ("Gestern um 12:01", "relative"),
        ("今天 12:01", "relative"),
        ("il y a 2 h", "relative"),
        ("an hour ago", "relative"),
        ("hace 5 min", "relative"),
        ("Montag", "weekday"),
        ("Monday at 5:00 PM", "weekday"),
        ("午後3時20分", "time"),
        ("오후 3:20", "time"),
        ("10h30", "time"),
        ("25/12", "date"),
    ],
)
def test_each_kind_is_told(raw, kind):
    assert calendar.which(pl.Series([raw])).item() == kind


def test_the_table_is_what_the_libraries_say():
    assert calendar.words.TABLE.read_text(encoding="utf-8") == making.write()
