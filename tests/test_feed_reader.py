"""Pages of FreshRSS: every language, what may stand between title and date, and what only looks like a mark."""

import unicodedata
from datetime import datetime

import polars as pl
import pytest

from pipeline import segment
from pipeline.grammar import named
from pipeline.ingest import DOCUMENTS, read_lines
from tests.feed_dates import STRINGS, print_date

GRAMMARS = named(("feed_reader", "unknown"))
SAID = (
    "The Analytical Engine has no pretensions whatever to originate anything. It can do whatever we know how to order"
    " it to perform."
)


def read(*texts: str) -> segment.Pages:
    empty = dict.fromkeys(DOCUMENTS.names())
    rows = [empty | {"document_id": f"d_{number:024}", "text": text} for number, text in enumerate(texts)]
    documents = pl.DataFrame(rows, schema=DOCUMENTS)
    return segment.assemble(segment.label(read_lines(documents), GRAMMARS), documents, GRAMMARS)


def page(*articles: str, language: str = "en", heads: tuple[str, ...] = ()) -> str:
    """Print articles as the reader does: each its title, a blank line, and its paragraphs."""
    words = STRINGS[language]
    lines = [words["normal_view"].strip(), f"{words['today'].strip()} — {_day(language)}News"]
    for number, article in enumerate(articles):
        title, _, body = article.partition("\n\n")
        date = print_date(language, "format_date_hour", datetime(2024, 3, 28 - number, 9, 5))
        lines += [title, *(head.format(by=words["by_author"].strip()) for head in heads), date, body]
        lines += [f"{words['before_yesterday'].strip()}News"] if number == 0 and len(articles) > 1 else []
    return "\n\n".join([*lines, "❌\n❌"]) + "\n"


def _day(language: str) -> str:
    return print_date(language, "format_date", datetime(2024, 3, 28))


def kinds(pages: segment.Pages) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, text in pages.segments.select("kind", "text").iter_rows():
        found.setdefault(kind, []).append(text)
    return found


def chrome(pages: segment.Pages, text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    inside = pages.spans.filter((pl.col("role") == "chrome") & pl.col("record_id").is_not_null())
    for kind, start, end in inside.select("kind", "byte_start", "byte_end").iter_rows():
        found.setdefault(kind, []).append(text.encode()[start:end].decode())
    return found


HEADS = ((), ("{by} Ada Lovelace",), ("The Letter",), ("The Letter", "{by} Ada Lovelace"))


@pytest.mark.parametrize("language", STRINGS)
def test_articles_are_found_in_every_language(language):
    articles = (f"On engines\n\n{SAID}", "On looms\n\nThey weave.", "Mill\n\nIt grinds.")
    texts = [page(*articles, language=language, heads=heads) for heads in HEADS]
    pages = read(*texts, *(unicodedata.normalize("NFD", text) for text in texts))
    assert pages.records["title"].to_list() == ["On engines", "On looms", "Mill"] * 8
    assert pages.records["text"].to_list() == [SAID, "They weave.", "It grinds."] * 8
    authors = [
        author
        for heads in HEADS
        for author in ("Ada Lovelace" if "{by} Ada Lovelace" in heads else None,) * 3
    ]
    assert pages.records["author"].to_list() == authors * 2
    outside = pages.spans.filter(pl.col("record_id").is_null()).group_by("kind").len()
    assert dict(outside.iter_rows()) == {"nav": 2 * 8, "day_separator": 2 * 8}


def test_a_page_may_begin_with_an_article():
    text = page(f"On engines\n\n{SAID}", f"On looms\n\n{SAID}").split("\n\n", 2)[2]
    pages = read(text)
    assert pages.records["title"].to_list() == ["On engines", "On looms"]


def test_a_date_in_another_spelling_is_no_head():
    pages = read(
        page(
            f"On engines\n\nA comment\n\n{print_date('de', 'format_date_hour', datetime(2024, 1, 2, 9, 5))}\n\n{SAID}"
        )
    )
    assert pages.records["title"].to_list() == ["On engines"]


@pytest.mark.parametrize(
    "line",
    [
        "Before yesterday we met",
        "Normal view",
        "Load more articles",
        "By: the river",
        "Yesterday — 27 March 2024 we met",
    ],
)
def test_a_line_of_an_article_is_not_the_readers(line):
    pages = read(page(f"On engines\n\n{SAID}\n\n{line}\n\n{SAID}"))
    assert pages.records["text"].to_list() == [f"{SAID}\n\n{line}\n\n{SAID}"]


@pytest.mark.parametrize(
    ("opening", "author"),
    [
        ("Ada Lovelace is a fellow of the Royal Society.", "Ada Lovelace"),
        ("Written by Ada Lovelace.", "Ada Lovelace"),
        ("Ada Lovelace is a scholar.\n\nCharles Babbage is an engineer.", "Ada Lovelace and Charles Babbage"),
        ("She is a fellow of the Royal Society.", None),
        ("Charles Babbage met Ada Lovelace, who is a fellow.", None),
        ("This letter is by no means long.", None),
        (f"{SAID}\n\nThe Mill\n\nAda Lovelace is a fellow of the Royal Society. {SAID}", None),
    ],
)
def test_an_author_is_whom_the_opening_names_as_one(opening, author):
    pages = read(page(f"On engines\n\n{opening}\n\n{SAID}"))
    assert pages.records["author"].to_list() == [author]


def test_a_line_that_names_the_author_is_believed_alone():
    pages = read(page(f"On engines\n\nMary Somerville is a fellow.\n\n{SAID}", heads=("{by} Ada Lovelace",)))
    assert pages.records["author"].to_list() == ["Ada Lovelace"]


def test_two_who_answer_each_other_have_turns():
    talk = f"Ada: Does it think?\n\nCharles: {SAID}\n\nA pause.\n\nAda: So be it?\n\nCharles: {SAID}"
    pages = read(page(f"On engines\n\n{SAID}\n\n{talk}"))
    turns = pages.segments.filter(pl.col("kind") == "turn")
    assert turns["speaker"].to_list() == ["Ada", "Charles", "Ada", "Charles"]
    assert turns["text"].to_list()[1] == f"{SAID}\n\nA pause."


def test_what_a_list_says_of_its_entries_is_no_dialogue():
    entries = "Address: 1 Mill Lane\n\nOpen: daily\n\nAddress: 2 Mill Lane\n\nOpen: on Sunday"
    pages = read(page(f"Museums\n\n{SAID}\n\n{entries}"))
    assert set(kinds(pages)) == {"paragraph"}


def test_sections_in_title_case_and_in_sentence_case():
    titled = "\n\n".join(f"{title}\n\n{SAID}" for title in ("The Mill", "Cards And Looms", "The Store"))
    phrases = "\n\n".join(
        f"{title}\n\n{SAID}" for title in ("What comes after the mill", "On looms and their cards")
    )
    pages = read(page(f"On engines\n\n{SAID}\n\n{titled}", f"On looms\n\n{SAID}\n\n{phrases}"))
    assert kinds(pages)["heading"] == [
        "The Mill", "Cards And Looms", "The Store", "What comes after the mill", "On looms and their cards",
    ]  # fmt: skip


def test_where_titles_are_in_title_case_a_phrase_is_a_caption():
    titled = "\n\n".join(f"{title}\n\n{SAID}" for title in ("The Mill", "Cards And Looms", "The Store"))
    pages = read(page(f"On engines\n\n{SAID}\n\n{titled}\n\nCards waiting for the loom in 1843\n\n{SAID}"))
    assert kinds(pages)["caption"] == ["Cards waiting for the loom in 1843"]


@pytest.mark.parametrize(
    "caption",
    [
        "The mill in winter. (Source)",
        "The mill in winter. Source.",
        "Photo: Mary Somerville",
        "Quelle: Archiv",
        "The mill, drawn by Ada; source",
    ],
)
def test_a_credit_tells_a_caption(caption):
    pages = read(page(f"On engines\n\n{SAID}\n\n{caption}\n\n{SAID}"))
    assert kinds(pages)["caption"] == [caption]


def test_an_advertisement_ends_at_a_rule_or_is_one_line():
    text = page(
        f"On engines\n\nThis edition is brought to you by Loom & Sons.\n\nThey weave.\n\n\n{SAID}",
        f"On looms\n\nThis edition is brought to you by Loom & Sons.\n\nThey weave flowers.\n\n{SAID}",
    )
    pages = read(text)
    assert pages.records["text"].to_list() == [SAID, f"They weave flowers.\n\n{SAID}"]
    said = "This edition is brought to you by Loom & Sons."
    assert chrome(pages, text) == {"sponsor": [f"{said}\n\nThey weave.", said]}


def test_a_notice_above_the_article_is_the_publishers():
    notice = "We’re hiring a weaver. Send us a line!"
    text = page(f"On engines\n\n{notice}\n\n{SAID}\n\nPeople send us a line now and then.")
    pages = read(text)
    assert chrome(pages, text) == {"promo": [notice]}


def test_a_paragraph_of_most_articles_is_the_publishers():
    blurb = "A penny a week buys the letter, by post."
    text = page(
        *(f"{title}\n\n{SAID} {title}.\n\n{blurb}" for title in ("On engines", "On looms", "On mills"))
    )
    pages = read(text)
    assert chrome(pages, text) == {"promo": [blurb] * 3}


def test_footnotes_follow_their_numbers():
    pages = read(
        page(f"On engines\n\n{SAID}\n\n7\n\n{SAID}\n\n1\n\nBy cards.\n\nSee below.\n\n2\n\nNever built.")
    )
    assert kinds(pages)["footnote"] == ["By cards.\n\nSee below.", "Never built."]
