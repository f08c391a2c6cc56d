"""Dates: every form that a site prints, intervals against the capture, and words that are no dates."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipeline import dates

UTC_TIME = pl.Datetime("us", "UTC")
MONDAY = datetime(2025, 12, 15, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def resolve(*raws: str | None, since: datetime | None = None, until: datetime | None = None) -> list[dict]:
    """Resolve the words of one page captured in [since, until)."""
    records = pl.DataFrame({"published_raw": raws}, {"published_raw": pl.String})
    documents = pl.DataFrame(
        {"document_id": ["d"], "captured_earliest": [since], "captured_latest": [until]},
        {"document_id": pl.String, "captured_earliest": UTC_TIME, "captured_latest": UTC_TIME},
    )
    return dates.resolve(records.with_columns(document_id=pl.lit("d")), documents).to_dicts()


def resolve_one(raw: str | None, since: datetime | None = None, until: datetime | None = None) -> dict:
    return resolve(raw, since=since, until=until)[0]


@pytest.mark.parametrize(
    ("raw", "published", "precision"),
    [
        ("Jan 9, 2021", "2021-01-09", "day"),
        ("15 December 2025 at 07:32", "2025-12-15T07:32", "minute"),
        ("8 September 2025 at 18:07", "2025-09-08T18:07", "minute"),
        ("December 15th 2025 at 7:32 pm", "2025-12-15T19:32", "minute"),
        ("December 1st 2025 at 12:05 am", "2025-12-01T00:05", "minute"),
        ("December 15ᵗʰ 2025", "2025-12-15", "day"),
        ("December 1<sup>st</sup> 2025", "2025-12-01", "day"),
        ("2025年12月15日\t07:32", "2025-12-15T07:32", "minute"),
        ("2025年12月15日 07:32", "2025-12-15T07:32", "minute"),
        ("14 septembre 2020 à 10:45", "2020-09-14T10:45", "minute"),
        ("  14\u00a0septembre 2020 à 10:45\u200e ", "2020-09-14T10:45", "minute"),
        ("۱۵ دسامبر ۲۰۲۵ at ۰۷:۳۲", "2025-12-15T07:32", "minute"),
        ("１５ December ２０２５", "2025-12-15", "day"),
        ("2025-12-15", "2025-12-15", "day"),
        ("2025-12-15T07:32:05Z", "2025-12-15T07:32:05Z", "minute"),
        ("2025-12-15 07:32+0800", "2025-12-15T07:32+08:00", "minute"),
        ("December 2025", "2025-12", "month"),
        ("2025-12", "2025-12", "month"),
        ("2025", "2025", "year"),
        ("3 weeks ago", None, "week"),
        ("Mar 22", None, "day"),
        ("12月15日", None, "day"),
        ("2월 1일 07:32", None, "minute"),
        (None, None, "unknown"),
        ("", None, "unknown"),
        ("31 June 2025", None, "unknown"),
        ("May 2020 21:47", None, "unknown"),
        ("2020年5月 21:47", None, "unknown"),
        ("29 February 2025", None, "unknown"),
        ("Mar 45", None, "unknown"),
        ("Foo 22", None, "unknown"),
        ("Chapter 3", None, "unknown"),
        ("15 December 2025 at 25:00", None, "unknown"),
        ("December 15th 2025 at 13:32 pm", None, "unknown"),
        ("on 15 December 2025 at 07:32", None, "unknown"),
        ("15 December 2025 at 07:32, they said", None, "unknown"),
        ("many weeks ago", None, "unknown"),
        ("1234 weeks ago", None, "unknown"),
    ],
)
def test_words_say_as_much_as_they_fix(raw, published, precision):
    row = resolve_one(raw)
    assert (row["published"], row["published_precision"]) == (published, precision)


FEED_READER_WORDS = Path(dates.__file__).parent / "grammars" / "feed_reader.json"


def php_date(form: str, month_name: str, moment: datetime) -> str:
    """Print a date as FreshRSS does: PHP's date() with the month's name put in and tags rendered away."""
    letters = {
        "d": f"{moment.day:02}",
        "j": str(moment.day),
        "n": str(moment.month),
        "Y": str(moment.year),
        "H": f"{moment:%H}",
        "g": str(int(f"{moment:%I}")),
        "i": f"{moment:%M}",
        "a": f"{moment:%p}".lower(),
        "S": {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10 if moment.day not in (11, 12, 13) else 0, "th"),
    }
    out, rest = "", form
    while rest:
        if rest[0] == "\\":
            out, rest = out + rest[1], rest[2:]
        elif rest.startswith("%s"):
            out, rest = out + month_name, rest[2:]
        else:
            out, rest = out + letters.get(rest[0], rest[0]), rest[1:]
    return out.replace("<sup>", "").replace("</sup>", "")


def printed_dates():
    table = json.loads(FEED_READER_WORDS.read_text(encoding="utf-8"))
    for words in table.values():
        for number, name in enumerate(words["months"], 1):
            for day, hour in ((1, 0), (12, 12), (22, 23)):
                moment = datetime(2024, number, day, hour, 5)
                yield php_date(words["format_date_hour"], name, moment), f"{moment:%Y-%m-%dT%H:%M}"
                yield php_date(words["format_date"], name, moment), f"{moment:%Y-%m-%d}"


@pytest.mark.parametrize(
    "written", [str, lambda s: unicodedata.normalize("NFD", s), str.upper, "{}  ".format]
)
def test_freshrss_dates_of_every_language(written):
    printed = list(printed_dates())
    assert len(printed) == 24 * 12 * 3 * 2
    rows = resolve(*(written(raw) for raw, _ in printed))
    assert [row["published"] for row in rows] == [published for _, published in printed]


def test_month_names_mean_one_month_each():
    table = json.loads(FEED_READER_WORDS.read_text(encoding="utf-8"))
    seen: dict[str, set[int]] = {}
    for words in table.values():
        for number, name in enumerate(words["months"], 1):
            seen.setdefault(name.strip().lower(), set()).add(number)
    assert {name: numbers for name, numbers in seen.items() if len(numbers) > 1} == {}


def test_a_time_without_a_zone_spans_the_zones_of_the_earth():
    row = resolve_one("15 December 2025 at 07:32")
    assert row["published_earliest"] == at("2025-12-14T17:32")
    assert row["published_latest"] == at("2025-12-15T19:33")


@pytest.mark.parametrize(
    ("raw", "seen", "published", "earliest", "latest"),
    [
        (
            "0001-01-01T00:00:00Z",
            None,
            "0001-01-01T00:00:00Z",
            at("0001-01-01T00:00"),
            at("0001-01-01T00:00:01"),
        ),
        ("0001-01-01", None, "0001-01-01", None, at("0001-01-02T12:00")),
        ("9999-12-31", None, "9999-12-31", at("9999-12-30T10:00"), None),
        ("3 years ago", at("0001-01-01T00:00"), None, None, None),
    ],
)
def test_a_moment_of_no_year_that_python_has_bounds_nothing(raw, seen, published, earliest, latest):
    row = resolve_one(raw, since=seen, until=seen)
    assert (row["published"], row["published_earliest"], row["published_latest"]) == (
        published,
        earliest,
        latest,
    )


def test_a_zone_is_taken_at_its_word():
    row = resolve_one("2025-12-15 07:32-0330")
    assert (row["published_earliest"], row["published_latest"]) == (
        at("2025-12-15T11:02"),
        at("2025-12-15T11:03"),
    )


def test_nothing_is_published_after_it_was_seen():
    row = resolve_one("15 December 2025", since=MONDAY, until=MONDAY + timedelta(hours=1))
    assert row["published_latest"] == MONDAY + timedelta(hours=1)
    late = resolve_one("15 December 2027", since=MONDAY, until=MONDAY)
    assert late["published_earliest"] == at("2027-12-14T10:00") < late["published_latest"]


def client_words(age: timedelta) -> str:
    """Print an age as the Nostr client does: the oracle for the relative words."""
    minutes, hours, days = age // timedelta(minutes=1), age // timedelta(hours=1), age.days
    steps = (
        (minutes < 1, "just now"),
        (minutes < 60, f"{minutes} min{'s' * (minutes > 1)} ago"),
        (hours < 24, f"{hours} hour{'s' * (hours > 1)} ago"),
        (days < 2, "yesterday"),
        (days < 7, f"{days} days ago"),
        (days < 28, f"{days // 7} week{'s' * (days > 13)} ago"),
        (days < 365, f"{days // 30} month{'s' * (days // 30 != 1)} ago"),
        (True, f"{days // 365} year{'s' * (days >= 730)} ago"),
    )
    return next(words for holds, words in steps if holds)


def test_every_age_lies_in_the_interval_of_its_words_and_no_interval_is_wider_than_its_words():
    ages = [timedelta(minutes=m) for m in (0, 0.5, 1, 1.9, 59.9, 60, 119, 1439)]
    ages += [timedelta(days=d / 4) for d in range(4, 4500)]
    by_words: dict[str, list[timedelta]] = {}
    for age in ages:
        by_words.setdefault(client_words(age), []).append(age)
    assert {"0 months ago", "yesterday", "12 months ago", "3 weeks ago", "1 year ago"} <= by_words.keys()
    for row in resolve(*by_words, since=MONDAY, until=MONDAY):
        published = [MONDAY - age for age in by_words[row["published_raw"]]]
        assert row["published_earliest"] < min(published), row
        assert max(published) <= row["published_latest"], row
    weekly = resolve("2 weeks ago", "3 weeks ago", "0 months ago", "1 month ago", since=MONDAY, until=MONDAY)
    edges = [(MONDAY - row["published_earliest"]).days for row in weekly]
    assert edges == [21, 28, 30, 60]
    assert [(MONDAY - row["published_latest"]).days for row in weekly] == [14, 21, 28, 30]


def test_relative_words_widen_by_the_capture_interval_and_stay_open_where_it_is():
    since, until = at("2025-12-14T16:00"), at("2025-12-16T16:00")
    row = resolve_one("0 months ago", since, until)
    assert (row["published_earliest"], row["published_latest"]) == (
        at("2025-11-14T16:00"),
        at("2025-11-18T16:00"),
    )
    row = resolve_one("5 days ago", since, None)
    assert (row["published_earliest"], row["published_latest"]) == (at("2025-12-08T16:00"), None)
    row = resolve_one("5 days ago", None, until)
    assert (row["published_earliest"], row["published_latest"]) == (None, at("2025-12-11T16:00"))
    row = resolve_one("5 days ago")
    assert (row["published_earliest"], row["published_latest"], row["published_precision"]) == (
        None,
        None,
        "day",
    )


@pytest.mark.parametrize(
    ("raw", "since", "until", "earliest", "latest"),
    [
        # one year possible, the capture beginning on the very day
        ("Mar 22", "2025-03-22", "2026-01-01", "2025-03-21T10:00", "2025-03-23T12:00"),
        # the day is still to come in the later year, so the visit was in the earlier one
        ("Mar 22", "2024-06-01", "2025-02-01", "2024-03-21T10:00", "2024-03-23T12:00"),
        # both years possible
        ("Mar 22", "2024-06-01", "2025-06-01", "2024-03-21T10:00", "2025-03-23T12:00"),
        # no such day in the year of the visit: the latest before it
        ("Dec 31", "2025-02-01", "2025-03-01", "2024-12-30T10:00", "2025-01-01T12:00"),
        ("Feb 29", "2025-02-01", "2027-03-01", "2024-02-28T10:00", "2024-03-01T12:00"),
        ("Feb 29", "1903-05-01", "1903-06-01", "1896-02-28T10:00", "1896-03-01T12:00"),
        ("Feb 29", "2025-02-01", None, "2028-02-28T10:00", None),
        # a side without a bound
        ("Mar 22", "2025-06-01", None, "2025-03-21T10:00", None),
        ("Mar 22", None, "2025-06-01", None, "2025-03-23T12:00"),
        ("Mar 22", None, None, None, None),
        # seen on the day itself
        ("22 March", "2025-03-22", "2025-03-22T09:00", "2025-03-21T10:00", "2025-03-22T09:00"),
    ],
)
def test_a_date_without_a_year_is_of_the_year_of_the_visit(raw, since, until, earliest, latest):
    row = resolve_one(raw, since and at(since), until and at(until))
    assert row["published"] is None
    assert row["published_earliest"] == (earliest and at(earliest))
    assert row["published_latest"] == (latest and at(latest))


def test_rows_keep_their_order_and_each_page_its_own_capture():
    records = pl.DataFrame(
        {
            "record_id": ["a", "b", "c", "d"],
            "document_id": ["late", "early", "gone", "late"],
            "published_raw": ["yesterday", "yesterday", "yesterday", None],
        }
    )
    documents = pl.DataFrame(
        {
            "document_id": ["early", "late"],
            "captured_earliest": [at("2020-01-10"), at("2025-01-10")],
            "captured_latest": [at("2020-01-10"), at("2025-01-10")],
        }
    ).cast({"captured_earliest": UTC_TIME, "captured_latest": UTC_TIME})
    resolved = dates.resolve(records, documents)
    assert resolved["record_id"].to_list() == ["a", "b", "c", "d"]
    assert resolved["published_earliest"].to_list() == [at("2025-01-08"), at("2020-01-08"), None, None]
    assert dates.resolve(resolved, documents).equals(resolved)


def test_columns_and_types_do_not_depend_on_the_rows():
    documents = pl.DataFrame(
        schema={"document_id": pl.String, "captured_earliest": UTC_TIME, "captured_latest": UTC_TIME}
    )
    empty = dates.resolve(
        pl.DataFrame(schema={"document_id": pl.String, "published_raw": pl.String}), documents
    )
    assert dict(empty.schema) == {
        "document_id": pl.String,
        "published_raw": pl.String,
        "published": pl.String,
        "published_earliest": UTC_TIME,
        "published_latest": UTC_TIME,
        "published_precision": pl.String,
    }
    full = dates.resolve(pl.DataFrame({"document_id": ["d"], "published_raw": ["Mar 3"]}), documents)
    assert full.schema == empty.schema


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        ("Mon, 15 Dec 2025 07:32:05 +0800 (CST)", "2025-12-15T07:32:05+08:00"),
        ("Mon Dec 15 07:32:05 2025", "2025-12-15T07:32:05"),
        ("15 Dec 2025 07:32 EST", "2025-12-15T07:32-05:00"),
        ("15 Dec 2025 07:32 IST", "2025-12-15T07:32"),
        ("20251215T073205Z", "2025-12-15T07:32:05Z"),
        ("20251215", "2025-12-15"),
        ("1765783925", "2025-12-15T07:32:05Z"),
        ("1765783925123", "2025-12-15T07:32:05Z"),
        ("2025年12月15日 下午3:20", "2025-12-15T15:20"),
        ("2025年12月15日(月) 15時20分", "2025-12-15T15:20"),
        ("令和7年12月15日", "2025-12-15"),
        ("2025. 12. 15. 오후 3:20", "2025-12-15T15:20"),
        ("15 ธันวาคม 2568", "2025-12-15"),
        ("25/12/2568", "2025-12-25"),
        ("١٥ ديسمبر ٢٠٢٥", "2025-12-15"),
        ("15 de diciembre de 2025 a las 15:20", "2025-12-15T15:20"),
        ("15 décembre 2025 à 15 h 20", "2025-12-15T15:20"),
        ("15.12.2025 klo 15.20", "2025-12-15T15:20"),
        ("15. Dez. '25", "2025-12-15"),
        ("Dec. 15, 2025, 3:20 p.m.", "2025-12-15T15:20"),
        ("12/25/2025", "2025-12-25"),
        ("25/12/2025", "2025-12-25"),
        ("05/05/2025", "2025-05-05"),
    ],
)
def test_dates_of_any_page(raw, published):
    assert resolve_one(raw)["published"] == published


def test_an_order_that_nothing_tells_gives_an_interval_over_both():
    row = resolve_one("03/04/2025")
    assert (row["published"], row["published_precision"]) == (None, "day")
    assert row["published_earliest"] == at("2025-03-03T10:00")
    assert row["published_latest"] == at("2025-04-04T12:00")


def test_the_other_dates_of_a_page_tell_the_order():
    assert resolve("03/04/2025", "25/12/2024")[0]["published"] == "2025-04-03"
    assert resolve("03/04/2025", "12/25/2024")[0]["published"] == "2025-03-04"
    assert resolve("03/04/2025", "vor 3 Stunden")[0]["published"] == "2025-04-03"
    assert resolve("03/04/2025", "3 hours ago")[0]["published"] is None
    assert resolve("03/04/2025", "25/12/2024", "12/25/2024")[0]["published"] is None


def test_nothing_is_read_as_later_than_its_page():
    assert resolve("03/12/2025", since=MONDAY, until=MONDAY)[0]["published"] is None  # March or December
    november = at("2025-11-01T00:00")
    assert resolve("03/12/2025", since=november, until=november)[0]["published"] == "2025-03-12"


def test_a_month_of_two_meanings_is_what_it_means_on_its_page():
    assert resolve("5. listopada 2024", "7. prosinca 2024")[0]["published"] == "2024-10-05"
    assert resolve("5 listopada 2024", "7 grudnia 2024")[0]["published"] == "2024-11-05"


@pytest.mark.parametrize(
    ("raw", "hours"),
    [
        ("yesterday at 12:01", (11, 36)),
        ("Gestern um 12:01", (11, 36)),
        ("今天 06:00", (0, 18)),
        ("hier à 23:00", (1, 25)),
        ("just now", (0, 1)),
        ("vor 3 Stunden", (3, 4)),
        ("3h", (3, 4)),
        ("2 wk", (336, 504)),
        ("Monday at 5:00 PM", (0, 192)),
    ],
)
def test_relative_words_give_the_interval_in_which_they_are_true(raw, hours):
    row = resolve_one(raw, MONDAY, MONDAY)
    assert row["published"] is None
    youngest, oldest = (MONDAY - timedelta(hours=h) for h in hours)
    assert row["published_earliest"] >= oldest
    assert row["published_latest"] <= youngest
    assert row["published_latest"] > row["published_earliest"]
