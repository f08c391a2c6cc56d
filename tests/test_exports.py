"""Chats and subtitles as programs export them, in the languages of their users."""

from datetime import datetime

import polars as pl
import pytest
from babel import Locale, localedata
from babel.dates import format_date, format_time

from pipeline import dates, laws, segment
from pipeline.grammar import specimens
from pipeline.ingest import read_lines

LANGUAGES = (
    *(
        "ar",
        "bg",
        "bn",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "fa",
        "fi",
        "fr",
        "he",
        "hi",
        "hr",
        "hu",
        "id",
        "it",
    ),
    *(
        "ja",
        "ko",
        "lt",
        "nb",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sv",
        "ta",
        "te",
        "th",
        "tr",
        "uk",
        "ur",
        "vi",
        "zh",
    ),
)
SAID = [
    ("Ada", "Looms weave: flowers"),
    ("Bob Ross", "Indeed\nand leaves"),
    ("花子", "はい"),
    ("Ada", "So be it"),
]


def chat(language: str, form: str) -> str:
    localedata._cache.clear()
    locale = Locale.parse(language)
    lines = []
    for minute, (name, words) in enumerate(SAID):
        moment = datetime(2025, 12, 15, 19, minute)
        time = format_time(moment.time(), "short", locale=locale)
        lines.append(form.format(f"{format_date(moment, 'short', locale)}, {time}") + f" {name}: {words}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["{} -", "[{}]"], ids=["android", "ios"])
def test_a_chat_of_any_language_is_turns_by_their_speakers(language, form):
    reading = laws.read(specimens()["chat_export"].grammar, chat(language, form))
    assert reading.pages.records["kind"].to_list() == ["chat"]
    assert list(zip(reading.pages.segments["speaker"], reading.pages.segments["text"], strict=True)) == SAID


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("03/02/24", "03/02/24", "13/02/24"), "2024-02-03T19:00"),
        (("02/03/24", "02/03/24", "02/13/24"), "2024-02-03T19:00"),
        (("03/02/24", "04/02/24", "07/02/24"), "2024-02-03T19:00"),
        (("03/02/24", "03/02/24", "03/02/24"), None),
    ],
    ids=["day first", "month first", "soonest", "nothing tells"],
)
def test_the_days_of_a_chat_are_read_as_all_its_messages_tell(days, first):
    text = "".join(f"{day}, 19:0{i} - {'AB'[i % 2]}da: It weaves.\n" for i, day in enumerate(days))
    documents = laws.document_of(text)
    pages = segment.assemble(segment.label(read_lines(documents)), documents)
    captured = pl.lit(None, pl.Datetime("us", "UTC"))
    documents = documents.with_columns(captured_earliest=captured, captured_latest=captured)
    assert dates.resolve(pages.records, documents)["published"].to_list() == [first]


def test_subrip_is_cues_with_their_times():
    page = "".join(
        f"{n}\r\n00:0{n}:01,500 --> 00:0{n}:04,000\r\nLine {n}\r\nand more\r\n\r\n" for n in range(1, 6)
    )
    reading = laws.read(specimens()["subtitles"].grammar, page)
    assert reading.pages.records["kind"].to_list() == ["transcript"]
    assert reading.pages.segments["start_s"].to_list() == [60 * n + 1.5 for n in range(1, 6)]
    assert reading.pages.segments["text"].to_list() == [f"Line {n}\nand more" for n in range(1, 6)]


def cues(*texts):
    return "".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{text}\n\n" for n, text in enumerate(texts, 1)
    )


def test_a_name_in_capitals_that_recurs_speaks_until_another_does():
    page = cues(
        "(A DOOR)", "It is late.", "ANNA: Who is", "there?", "[KNOCKING]", "DR. ÖZ: I am.", "Anna: so it is.",
        "WAITER: Tea?", "and cake?", "ANNA: No:", "- I thank you.", "It is late: go.", "DR. ÖZ: Yes.", "It is.",
    )  # fmt: skip
    segments = laws.read(specimens()["subtitles"].grammar, page).pages.segments
    anna, doctor, waiter = "ANNA", "DR. ÖZ", "WAITER"
    assert segments["speaker"].to_list() == [
        None, None, anna, anna, None, doctor, doctor, waiter, waiter, anna, None, None, doctor, doctor,
    ]  # fmt: skip
    assert segments["text"].to_list()[2:6] == ["Who is", "there?", "[KNOCKING]", "I am."]


def test_capitals_before_a_colon_that_do_not_recur_name_nobody():
    page = cues("PARIS: a city", "of looms.", "LYON: another", "of silk.", "It weaves.")
    segments = laws.read(specimens()["subtitles"].grammar, page).pages.segments
    assert segments["speaker"].to_list() == [None] * 5
