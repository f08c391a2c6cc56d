"""Descriptions: words by Unicode's rules, addresses as printed, and flags that hold only where they should."""

from datetime import UTC, datetime

import polars as pl
import pytest

from pipeline import describe
from schemas import FLAGS

ENGLISH = "The looms weave flowers and the engines weave algebra all day long in the mill by the river. "
DANISH = "Vævene væver blomster, og maskinerne væver algebra hele dagen lang i møllen ved åen. "
UTC_TIME = pl.Datetime("us", "UTC")
TYPES = {
    "record_id": pl.String,
    "document_id": pl.String,
    "text": pl.String,
    "language": pl.String,
    "published_raw": pl.String,
    "published": pl.String,
    "published_earliest": UTC_TIME,
    "published_precision": pl.String,
    "is_complete": pl.Boolean,
    "is_partial": pl.Boolean,
    "n_promised": pl.Int32,
    "n_segments": pl.Int32,
    "byte_start": pl.Int64,
    "byte_end": pl.Int64,
}
DEFAULTS = {
    "document_id": "d",
    "language": "en",
    "published_precision": "unknown",
    "is_complete": True,
    "is_partial": False,
    "n_segments": 1,
    "byte_start": 0,
    "byte_end": 1000,
}


def make_records(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame([{"record_id": f"r{i}", **DEFAULTS, **row} for i, row in enumerate(rows)], TYPES)


def measure_one(text: str | None, **fields) -> dict:
    return describe.measure(make_records({"text": text, **fields})).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("", 0),
        (None, 0),
        ("… — ! 🎉", 0),
        ("Looms weave flowers.", 3),
        ("don't, can’t", 2),
        ("the looms' weavers", 3),
        ("3.14 and 1,000,000", 3),
        ("$5.4bn", 1),
        ("end.Start a.m. e.g.", 3),
        ("well-known and/or", 4),
        ("version 2.0.", 2),
        ("Hello.1", 2),
        ("__init__ snake_case ____", 2),
        ("naïve na\u0131\u0308ve cafe\u0301", 3),
        ("织机织花，", 4),
        ("GLM4.7 发布了", 4),
        ("カタカナとひらがな", 9),
        ("コーヒー", 4),
        ("か\u3099", 1),
        ("베틀은 꽃을 짠다", 3),
        ("Ткацкие станки ткут", 3),
        ("हिन्दी भाषा", 2),
        ("line\nbreak\n\nparagraph\ttab", 4),
    ],
)
def test_words_by_unicode_boundaries(text, n_words):
    row = measure_one(text)
    assert row["n_words"] == n_words
    assert row["n_chars"] == len(text or "")


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("no address here, and/or there: 3.14/2 e.g./i.e. w/o", []),
        ("see https://example.org/a.", ["https://example.org/a"]),
        ("(see https://example.org/a_(b)), and more", ["https://example.org/a_(b)"]),
        ("[text](https://example.org/a?b=c&d=%20#e)", ["https://example.org/a?b=c&d=%20#e"]),
        ("“https://example.org/a”", ["https://example.org/a"]),
        ("HTTPS://Example.ORG/A", ["HTTPS://Example.ORG/A"]),
        ("block the apps. reuters.com/article/us-usa…", ["reuters.com/article/us-usa…"]),
        ("x.com/balajis/status…", ["x.com/balajis/status…"]),
        ("aiproem.substack.com/subscribe!", ["aiproem.substack.com/subscribe"]),
        ("www.example.org, then", ["www.example.org"]),
        ("at example.org or bbc.co.uk.", ["example.org", "bbc.co.uk"]),
        ("Amazon.com and Z.ai and Node.js and main.py and GEN.AI", []),
        ("capitalist.Image p.m.ish", []),
        ("U.S./China and Dr.No/Yes", []),
        ("ada@example.org and @ada@example.org/x", []),
        ("mail ada.lovelace@mail.example.co.uk now", []),
        ("见https://example.cn/a。谢谢", ["https://example.cn/a"]),
        ("看https://t.co/abc真的www.a.cn吗", ["https://t.co/abc", "www.a.cn"]),
        ("ftp://a.org/x, data://x", ["ftp://a.org/x"]),
        ("localhost:8000/x example.org:8080/x", ["example.org:8080/x"]),
        (
            "https://a.org\nhttps://b.org/ http://a.org",
            ["https://a.org", "https://b.org/", "http://a.org"],
        ),
        (None, []),
    ],
)
def test_addresses_as_printed(text, urls):
    assert measure_one(text)["urls"] == urls


@pytest.mark.parametrize(
    ("flag", "holds", "fails"),
    [
        ("contains_email", "write to ada@example.org.", "write to @ada@example.org or @ada, at 5@night"),
        ("contains_email", "<Ada.L+x@mail.example.co.uk>", "a@b and 3 @ 4.50"),
        ("contains_phone", "call +45 33 12 34 56", "in 2020-2025, 1967-1972 and 2025-12-09"),
        ("contains_phone", "call +1 (650) 555-0123!", "5.55.0123, 650555 0123, 1 000 000 000"),
        ("contains_phone", "650-555-0123", "ISBN 978-3-16-148410-0, 10.1038/s41586-020-2649-2"),
        ("contains_phone", "+4533123456", "+1000 points, +20 30, +1.5 2.5, x+14155550123"),
        ("contains_phone", "+49 151 23456789.", "+20 30000, +7 500 points"),
        ("contains_phone", "+49 30 1234567", "from +5 to +10 1999"),
        ("contains_phone", "(650) 555-0123", "(650) looms, 555-0123"),
        ("no_text", "https://example.org/a 🎉", "https://example.org/a look"),
        ("no_text", None, "花"),
        ("short", "one two three", ENGLISH * 2),
        ("short", "织机织花", "织机织花，引擎织代数。" * 3),
    ],
)
def test_flags_of_the_text(flag, holds, fails):
    assert flag in measure_one(holds)["flags"]
    assert flag not in measure_one(fails)["flags"]


@pytest.mark.parametrize(
    ("flag", "holds", "fails"),
    [
        ("promise_broken", {"n_promised": 9, "n_segments": 7}, {"n_promised": 7, "n_segments": 7}),
        ("promise_broken", {"n_promised": 9, "is_complete": False}, {"n_promised": 9, "is_partial": True}),
        ("promise_broken", {"n_promised": 9}, {"n_promised": None}),
        (
            "relative_date",
            {"published_raw": "5 days ago", "published_precision": "day"},
            {"published_raw": "9 May 2025", "published": "2025-05-09", "published_precision": "day"},
        ),
        (
            "relative_date",
            {"published_raw": "Mar 22", "published_precision": "day"},
            {"published_raw": "some day", "published_precision": "unknown"},
        ),
    ],
)
def test_flags_of_the_fields(flag, holds, fails):
    assert flag in measure_one(ENGLISH, **holds)["flags"]
    assert flag not in measure_one(ENGLISH, **fails)["flags"]


def test_a_date_after_the_capture_is_flagged_where_the_capture_is_known():
    records = make_records(
        *(
            {
                "text": ENGLISH,
                "published": "2025-05-09",
                "published_earliest": datetime(2025, 5, day, tzinfo=UTC),
            }
            for day in (8, 10)
        )
    )
    documents = pl.DataFrame(
        {"document_id": ["d"], "captured_latest": [datetime(2025, 5, 9, tzinfo=UTC)]},
        {"document_id": pl.String, "captured_latest": UTC_TIME},
    )
    assert describe.measure(records, documents=documents)["flags"].to_list() == [
        ["short"],
        ["future_date", "short"],
    ]
    unbounded = documents.with_columns(captured_latest=pl.lit(None, UTC_TIME))
    assert describe.measure(records, documents=unbounded)["flags"].to_list() == [["short"], ["short"]]
    assert describe.measure(records)["flags"].to_list() == [["short"], ["short"]]


def test_chrome_inside_the_record_is_weighed_against_its_words():
    records = make_records(
        {"text": ENGLISH, "byte_start": 0, "byte_end": 100},
        {"text": ENGLISH, "byte_start": 100, "byte_end": 200},
        {"text": ENGLISH, "byte_start": 200, "byte_end": 300},
    )
    rows = [
        # (record, role, start, end); the last two lie in another record's bytes and in no record
        *(("r0", "body", 0, 60), ("r0", "chrome", 60, 100)),
        *(("r1", "body", 100, 140), ("r1", "chrome", 140, 200)),
        *(
            ("r2", "body", 200, 230),
            ("r2", "header", 230, 300),
            ("r2", "chrome", 400, 900),
            (None, "chrome", 200, 300),
        ),
    ]
    spans = pl.DataFrame(rows, ["record_id", "role", "byte_start", "byte_end"], orient="row").with_columns(
        document_id=pl.lit("d")
    )
    flags = describe.measure(records, spans)["flags"].to_list()
    assert flags == [["short"], ["boilerplate_heavy", "short"], ["short"]]
    elsewhere = spans.with_columns(document_id=pl.lit("another"))
    assert describe.measure(records, elsewhere)["flags"].to_list() == [["short"]] * 3


def test_segments_in_another_language_make_a_record_mixed():
    long = ENGLISH * 5
    records = make_records(*({"text": long} for _ in range(5)))
    rows = [
        ("r0", ENGLISH, "en", 0.95),
        ("r1", DANISH, "da", 0.95),
        ("r2", DANISH, "da", 0.6),  # a guess
        ("r3", "Vævene væver", "da", 0.95),  # too little of it
        ("r4", DANISH, "und", None),
    ]
    segments = pl.DataFrame(rows, ["record_id", "text", "language", "language_confidence"], orient="row")
    flags = describe.measure(records, segments=segments)["flags"].to_list()
    assert flags == [[], ["mixed_language"], [], [], []]


def test_a_record_of_a_page_without_a_grammar_is_flagged():
    records = make_records({"text": ENGLISH * 5}, {"text": ENGLISH * 5})
    sure = records.with_columns(confidence=pl.Series([0.9, None], dtype=pl.Float32))
    assert describe.measure(sure)["flags"].to_list() == [["induced"], []]


def test_one_of_many_near_copies_that_were_kept_is_flagged():
    records = make_records({"text": ENGLISH * 5}, {"text": ENGLISH * 5})
    found = describe.measure(records.with_columns(is_mass_copy=pl.Series([True, False])))
    assert found["flags"].to_list() == [["mass_copy"], []]


def test_flags_are_sorted_and_of_the_vocabulary():
    row = measure_one(
        "ada@example.org +45 33 12 34 56",
        n_promised=3,
        published_raw="yesterday",
        published_precision="day",
    )
    assert row["flags"] == ["contains_email", "contains_phone", "promise_broken", "relative_date", "short"]
    assert set(row["flags"]) <= FLAGS.keys()


def test_every_flag_that_is_defined_is_set_somewhere_here():
    source = open(__file__, encoding="utf-8").read()  # noqa: PTH123, SIM115
    elsewhere = {"withheld"}  # with the policy of the source
    assert [flag for flag in FLAGS.keys() - elsewhere if f'"{flag}"' not in source] == []


def test_columns_and_types_do_not_depend_on_the_rows():
    added = {
        "n_chars": pl.Int32,
        "n_words": pl.Int32,
        "urls": pl.List(pl.String),
        "flags": pl.List(pl.String),
    }
    empty = describe.measure(make_records())
    assert dict(empty.schema) == {**TYPES, **added}
    full = describe.measure(make_records({"text": ENGLISH * 3}))
    assert full.schema == empty.schema
    assert full["flags"].to_list() == [[]]
    assert describe.measure(full).equals(full)
