"""A podcast's page in other hands: names, layouts, notations and editions the seed does not have."""

import unicodedata

import pytest

from pipeline import laws, segment
from pipeline.grammar import (
    BODY,
    Grammar,
    Mark,
    Recurring,
    block,
    flow,
    holds,
    indent,
    label,
    recorded,
    specimens,
)
from tests.variation_words import EDITIONS, PEOPLE, TRANSCRIPT_HEADINGS

GRAMMAR = specimens()["podcast_directory"].grammar
PLEA = "Get full access to Looms at looms.substack.com/subscribe"
LAYOUTS = {
    "glued": ("{name} ({stamp})", True),
    "spaced": ("{name} ({stamp}) ", True),
    "own line": ("{name} ({stamp})\n\n    ", True),
    "brackets": ("{name} [{stamp}]: ", True),
    "colon": ("{name}:", False),
    "colon spaced": ("{name}: ", False),
    "bare": ("{name}\n\n    ", False),
}
WORDS = (
    "We meet again, and the loom is new.",
    "So it is.",
    "Tell me of it.",
    "It weaves.",
    "And?",
    "That is all.",
)


def page(*episodes: list[str], top: str = "Episodes") -> str:
    bullets = ("\n\n".join([f"  • {first}", *(f"    {line}" for line in rest)]) for first, *rest in episodes)
    return f"{top}\n\n" + "\n".join(bullets) + "\n"


def read(text: str, grammar: Grammar = GRAMMAR) -> segment.Pages:
    return laws.read(grammar, text).pages


def segments(text: str, kind: str, *fields: str, grammar: Grammar = GRAMMAR) -> list[tuple]:
    return read(text, grammar).segments.filter(kind=kind).select(*fields).rows()


def chrome(text: str, grammar: Grammar = GRAMMAR) -> dict[str, list[str]]:
    data = text.encode()
    found: dict[str, list[str]] = {}
    rows = (
        read(text, grammar).spans.filter(role="chrome").select("kind", "byte_start", "byte_end").iter_rows()
    )
    for kind, start, end in rows:
        found.setdefault(kind, []).append(" ".join(data[start:end].decode().split()))
    return found


def talk(header: str, names: tuple[str, str]) -> list[str]:
    return [
        header.format(name=names[i % 2], stamp=f"{i // 2}:{i * 9 % 60:02}") + words
        for i, words in enumerate(WORDS)
    ]


# Talk -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", PEOPLE)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_name_speaks_in_any_layout(layout, family):
    header, is_timed = LAYOUTS[layout]
    if not is_timed and family in ("lower", "emoji"):
        return  # without a stamp such names must be met five times: see below
    names = (PEOPLE[family][0].full, PEOPLE[family][1].full)
    text = page(["Notes.", "Transcript", *talk(header, names), PLEA], ["Next."])
    found = segments(text, "turn", "speaker", "text")
    assert found == [(names[i % 2], words) for i, words in enumerate(WORDS)]


@pytest.mark.parametrize("layout", ["colon", "bare"])
def test_what_is_no_name_must_be_met_five_times(layout):
    header, _ = LAYOUTS[layout]
    names = ("ana de luca", "⚡️ Sol")
    lines = talk(header, names) * 2
    assert len(segments(page(["Notes.", "Transcript", *lines]), "turn", "speaker")) == len(lines)
    assert segments(page(["Notes.", "Transcript", *lines[:6]]), "turn", "speaker") == []


def test_a_name_may_shorten_in_any_way():
    said = ["Dr. Ana B. Ruiz", "王小明", "Bo Li", "Ana", "小明", "Bo", "Dr. Ruiz", "小明", "Ana", "Bo"]
    text = page(["Notes.", "Transcript", *(f"{name}: We talk." for name in said)])
    assert [name for (name,) in segments(text, "turn", "speaker")] == [n for n in said if n != "Dr. Ruiz"]


def test_one_who_speaks_once_and_has_no_stamp_is_no_speaker():
    text = page(["Notes.", "Transcript", "Ada: One.", "Note: two.", "Bo: Three.", "Ada: Four.", "Bo: Five."])
    assert segments(text, "turn", "speaker", "text") == [
        ("Ada", "One.\n\nNote: two."), ("Bo", "Three."), ("Ada", "Four."), ("Bo", "Five.")
    ]  # fmt: skip


def test_notes_that_name_people_are_no_talk():
    notes = [
        "Guest: Bo",
        "Twitter: @bo",
        "Twitter: @ada",
        "Website: https://bo.example",
        "Read the transcript here.",
    ]
    assert segments(page(["Notes.", *notes, PLEA], ["More.", *notes, PLEA]), "turn", "speaker") == []


def test_talk_without_a_heading_is_found_where_names_recur():
    lines = talk("{name}: ", ("Ada", "Mary Shelley")) * 2
    assert len(segments(page(["Notes.", *lines]), "turn", "speaker")) == len(lines)


def test_a_stamp_out_of_step_is_no_turn():
    text = page(
        ["Notes.", "Ada (0:01) We read.", "John Mark (9:16) is a verse.", "Bo (0:20) Yes.", "Ada (0:30) Go."]
    )
    assert [name for (name,) in segments(text, "turn", "speaker")] == ["Ada", "Bo", "Ada"]


@pytest.mark.parametrize("heading", [*TRANSCRIPT_HEADINGS, "AI-generated transcipt", "Udskrift af samtalen"])
def test_the_line_above_the_first_turn_is_a_heading(heading):
    text = page(["Notes of ours.", heading, "Ada (0:00)", "Well.", "Bo (0:10)", "Yes."])
    assert segments(text, "heading", "title") == [(heading,)]


def test_times_are_read_with_and_without_hours():
    text = page(["Notes.", "Ada (0:05) One.", "Bo (59:59) Two.", "Ada (1:00:02) Three."])
    assert segments(text, "turn", "start_s") == [(5.0,), (3599.0,), (3602.0,)]


# Tables of contents ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "notation",
    ["{} Title", "{} – Title", "{} - Title", "{} — Title", "({}) Title", "[{}] Title", "{}: Title", "* {} – Title",
     "* ({}) Title", "- {} Title", "{} | Title"],
)  # fmt: skip
@pytest.mark.parametrize("heading", [["Chapters"], ["Hvad vi taler om:"], []])
def test_chapters_are_read_in_any_notation(notation, heading):
    stamps = ("00:00", "01:40", "1:02:03")
    text = page(["Notes.", *heading, *(notation.format(stamp) for stamp in stamps), PLEA])
    assert segments(text, "chapter", "title", "start_s") == [
        ("Title", 0.0),
        ("Title", 100.0),
        ("Title", 3723.0),
    ]
    assert segments(text, "heading", "title") == [(line,) for line in heading]


def test_a_list_is_of_chapters_only_below_a_heading_that_says_so():
    items = ["* One loom", "* Two looms"]
    assert segments(page(["Notes.", "Topics we covered:", *items]), "chapter", "title") == [
        ("One loom",),
        ("Two looms",),
    ]
    assert segments(page(["Notes.", "Takeaways", *items, "Chapters", "0:00 A", "1:00 B"]), "chapter", "title") == [
        ("A",), ("B",)
    ]  # fmt: skip


def test_a_time_of_day_is_no_chapter():
    assert (
        segments(
            page(["Notes.", "10:30 in the morning we met.", "We wove.", "Then", "we left."]),
            "chapter",
            "title",
        )
        == []
    )


# Chrome ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", [*EDITIONS.values(), ("Jaksoja", "Kas midagi on puudu?", "Vajuta siia")])
@pytest.mark.parametrize("is_last", [False, True])
def test_the_site_speaks_any_language(edition, is_last):
    top, missing, refresh = edition
    episodes = [["Is this the end?", PLEA], ["Notes.", "0:00 A", "0:10 B"]]
    text = page(*episodes[: 1 + is_last], [missing, refresh], *episodes[1 + is_last :], top=top)
    assert read(text).records["text"].to_list() == ["Is this the end?", "Notes.\n\n0:00 A\n\n0:10 B"]
    assert chrome(text) == {"nav": [top], "promo": [PLEA], "ui_message": [f"• {missing}", refresh]}


def test_a_publishers_words_are_found_by_counting():
    blurb, end = "Each week a weaver joins us at the mill.", "Join the guild of weavers, dear friends!"
    episodes = [
        [f"Episode {i}.", blurb, f"Ada (0:00) {i} looms.", f"Bo (0:10) {i}!", blurb, f"So {i}.", end]
        for i in range(3)
    ]
    assert chrome(page(*episodes)) == {
        "nav": ["Episodes"],
        "recurring_blurb": [blurb] * 3,
        "promo": [end] * 3,
    }
    assert chrome(page(episodes[0])) == {"nav": ["Episodes"]}


def test_an_episode_printed_twice_keeps_its_words():
    twice = ["A tale of looms.", "Ada wove and wove.", "Bo did not weave at all."]
    text = page(
        twice, twice, *([f"Episode {i}.", f"0:0{i % 10} – {i}", f"0:1{i % 10} – {i}"] for i in range(18))
    )
    assert read(text).records["text"][0] == "\n\n".join(twice)


def test_two_copies_alone_keep_their_words():
    twice = ["A tale of looms.", "Ada wove and wove.", "0:00 A", "0:10 B"]
    assert read(page(twice, twice)).records["text"].to_list() == ["\n\n".join(twice)] * 2


def test_no_record_loses_its_last_words():
    said = "Each week a weaver joins us at the mill."
    text = page([said], *([f"Episode {i}.", said, f"0:0{i} A", f"0:1{i} B"] for i in range(2)))
    assert [said in words for words in read(text).records["text"]] == [True, False, False]


# Which page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("\n", " \t\n"),
    ],
)
def test_the_page_is_known_however_it_is_written(change):
    text = page(["Ä tale.", "Zoë Müller (0:00) Oui.", "José Ñíguez (0:09) Sí.", PLEA], ["Next.", PLEA])
    pages = read(change(text))
    assert pages.records["kind"].to_list() == ["episode", "episode"]
    assert pages.segments.filter(kind="turn").height == 2


@pytest.mark.parametrize(
    "text",
    [
        "News\n\n  • One\n  • Two\n\nAt 10:30 we met.\n\nMary (0:10) spoke.\n\nThe end of it.\n",
        "    * Start\n    * Press\n\n    Themes\n\n      • One?\n      • Two\n\n    10:30 - Opening\n",
        "Episodes\n\n  • One\n  • Two\n  • Three\n\n    of a list.\n",
        "Release 2.0\n\n"
        + "  • A loader, mended\n\n    It was slow, and is not.\n\n" * 9
        + "Thanks to all.\n",
    ],
)
def test_lists_on_other_pages_are_no_episodes(text):
    assert "episode" not in read(text).records["kind"].to_list()


@pytest.mark.parametrize(
    "notes", [["Kapitel", "0:00 A", "1:00 B"], ["Utskrift", "Ada (0:00) Hej.", "Bo (0:10) Ja."]]
)
def test_a_page_of_two_episodes_is_known(notes):
    top, missing, refresh = EDITIONS["sv"]
    text = page(["En väv.", *notes], ["Nästa.", "Hej."], [missing, refresh], top=top)
    assert read(text + "\nOm oss\nKontakt\n").records["kind"].to_list() == ["episode", "episode"]


# Words of the engine that this grammar brought ------------------------------------------------------

OPEN = Mark("open", r"^= (?P<title>.+)$", block("heading"), below=BODY, opens="article")
SPEAK = Mark(
    "speak", r"^(?P<speaker>\w+)(?: (?P<start>\d+:\d\d))?> (?P<text>.+)$", label("turn"), below=flow("turn")
)


def grammar(*marks: Mark, **words: object) -> Grammar:
    return Grammar(kind="plain", knows=(r"^= .+$",), marks=(OPEN, *marks), **words)


def speak(**words: object) -> Mark:
    return Mark(SPEAK.name, SPEAK.pattern, SPEAK.part, below=SPEAK.below, **words)


def test_a_name_is_counted_within_its_record():
    text = "= A\n\na> 1\n\na> 2\n\nb> 3\n\n= B\n\nb> 4\n"
    assert segments(text, "turn", "speaker", grammar=grammar(speak(repeats="speaker"))) == [("a",), ("a",)]
    assert segments(text, "turn", "speaker", grammar=grammar(speak(repeats="speaker", times=3))) == []


def test_every_name_met_often_speaks_however_many_there_are():
    text = "= A\n\n" + "\n\n".join(f"a{i}> 1\n\na{i}> 2" for i in range(70)) + "\n"
    assert len(segments(text, "turn", "speaker", grammar=grammar(speak(repeats="speaker")))) == 140


def test_times_that_do_not_rise_are_out_of_step():
    text = "= A\n\na 0:01> 1\n\nb 9:00> 2\n\nc 0:03> 3\n\nd 0:04> 4\n\n= B\n\ne 0:00> 5\n"
    assert segments(text, "turn", "speaker", grammar=grammar(speak(rises="start"))) == [
        ("a",),
        ("c",),
        ("d",),
        ("e",),
    ]


def test_a_mark_may_ask_what_its_record_holds():
    text = "= A\n\na> 1\n\n= B\n\nb> 2\n\nend\n"
    assert segments(text, "turn", "speaker", grammar=grammar(speak(where=recorded(holds(r"^end$"))))) == [
        ("b",)
    ]


def test_a_page_is_known_by_its_shape():
    shaped = grammar(shape=indent >= 2)
    assert read("= A\n\n  1\n  2\n  3\n  4\n", shaped).records["page_kind"].to_list() == ["plain"]
    assert read("= A\n\n  1\n  2\n3\n4\n", shaped).records["page_kind"].to_list() == [segment.UNKNOWN]


def test_what_records_end_with_is_told_from_what_stands_in_them():
    ending = grammar(
        speak(), recurring=(Recurring("ending", "promo", share=0.5, least_chars=4, is_last=True),)
    )
    text = "= A\n\na> 1\n\nsame words\n\nb> 2\n\nsame words\n\n= B\n\nb> 3\n\nsame words\n\n= C\n\nsame words\n\n4\n"
    assert chrome(text, ending) == {"promo": ["same words", "same words"]}
