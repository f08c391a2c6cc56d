"""Invented pages of Mastodon, of several versions and languages, as browsers and renderers print them."""

import unicodedata
from itertools import chain
from pathlib import Path

import pytest

from pipeline import laws
from pipeline.grammar import grammars
from pipeline.ingest import read_lines
from pipeline.segment import recognise
from tests import induced_pages

FOLDER = Path(__file__).parent / "microblogs"
PAGES = sorted(FOLDER.glob("*.txt"))
NAMES = [path.stem for path in PAGES]
# of the first post of a page that another wrote than the one above: who, from where, and when
SAID = {
    "app_profile_ja": ("森の粉", "kona@usu.example", "2日"),
    "app_profile_sv": ("Greta Pendel", "greta@torn.example", "3 tim"),
    "app_thread_fr": ("Le Bigouden", "bigouden@port.example", "12 oct. 2023, 14:02"),
    "app_thread_ru": ("Дед Прохор", "prohor@dacha.example", "20 нояб. 2022 г., 14:05"),
    "fork_en": ("Mary Plum", "mary@engine.example", "5h"),
    "redesign_pl": ("Pan Gwóźdź", "gwozdz@mlotek.example", "1 dzień"),
    "server_profile_es": ("Paco Rastrillo", "paco@azada.example", "10 may. 2020 21:47"),
    "server_status_de": ("Kruste 🥖", "kruste@brot.example", "14. Nov 2021, 10:31"),
    "tag_ar": ("فرن الحي", "furn_alhay@hay.example", "12 أكتوبر 2023"),
}
FIELDS = ("kind", "author", "handle", "published_raw", "text")


def text_of(path):
    return "\n".join(line.text for line in induced_pages.read_page(path)) + "\n"


def records_of(text):
    rows = induced_pages.seen(text)[1].records.select(FIELDS).rows()
    return [tuple(value and unicodedata.normalize("NFC", value) for value in row) for row in rows]


def kind_of(text):
    return recognise(read_lines(laws.document_of(text)), grammars())["page_kind"].item()


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_posts_are_told_from_what_surrounds_them(path):
    seen = induced_pages.score(path)
    assert seen["kind"] == "mastodon_thread"
    assert (seen["rec"], seen["body"]) == (1, 1)
    assert seen["chrome"] > 0.88  # a line with both a warning and its button counts as either


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_who_wrote_and_when_are_told(path):
    records = records_of(text_of(path))
    is_profile = "_profile_" in path.stem
    assert [kind for kind, *_ in records] == ["profile"] * is_profile + ["post"] * (len(records) - is_profile)
    posts = [row for row in records if row[0] == "post"]
    other = next(row for row, upper in zip(posts[1:], posts, strict=False) if row[1] != upper[1])
    assert other[1:4] == SAID[path.stem]
    assert all(author and handle and date for _, author, handle, date, _ in posts)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("\n\n", "\n\n\n"),
        lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"),
    ],
    ids=["crlf", "nfd", "more blank lines", "no-break spaces"],
)
def test_another_print_of_a_page_gives_the_same_records(path, change):
    plain = [[value and " ".join(value.split()) for value in row] for row in records_of(text_of(path))]
    again = [
        [value and " ".join(value.split()) for value in row] for row in records_of(change(text_of(path)))
    ]
    assert again == plain


@pytest.mark.parametrize(
    "name", ["app_profile_sv", "app_thread_fr", "app_thread_ru", "server_profile_es", "tag_ar"]
)
def test_posts_in_another_order_are_the_same(name):
    lines = induced_pages.read_page(FOLDER / f"{name}.txt")
    starts = [i for i, line in enumerate(lines) if line.starts]
    first, second, third = starts[-3:]
    turned = [*lines[:first], *chain(lines[second:third], lines[first:second]), *lines[third:]]
    seen, again = (records_of("\n".join(line.text for line in page) + "\n") for page in (lines, turned))
    assert again == [*seen[:-3], seen[-2], seen[-3], seen[-1]]


def test_a_number_is_the_post_s_own_where_a_page_prints_none_below_posts():
    heads = [f"{i}h\nAda Lovelace\n@ada@loom.example\nCards: {i} of them.\n" for i in range(3, 8)]
    heads[1] += "42\nThat is all.\n"
    heads[3] += "Ada Lovelace boosted\n"
    texts = [text for *_, text in records_of("#looms\n" + "".join(heads))]
    assert texts[1].split() == ["Cards:", "4", "of", "them.", "42", "That", "is", "all."]
    assert texts[3] == "Cards: 6 of them."


def test_pages_that_only_print_addresses_are_not_of_it():
    talk = "The fediverse\n\nWrite to Ada @ada@loom.example\non Nov 7, 2022\nBob\n@bob\nMary\n@mary@mill.example\n"
    assert kind_of(talk) == "unknown"
    short = "Ada @ada\n3h\nLooms weave.\n\nBob @bob\n5h\nEngines weave.\n"  # another service has no servers
    assert kind_of(short) == "unknown"
