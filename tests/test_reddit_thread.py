"""Invented pages of Reddit in its three layouts and several languages, as browsers and renderers print them."""

import unicodedata
from itertools import chain
from pathlib import Path

import pytest

from pipeline import laws
from pipeline.grammar import grammars
from pipeline.ingest import read_lines
from pipeline.segment import recognise
from tests import induced_pages

FOLDER = Path(__file__).parent / "threads"
PAGES = sorted(FOLDER.glob("*.txt"))
NAMES = [path.stem for path in PAGES]
# what the pages' posts and comments say of themselves: who, and when
SAID = {
    "old_de": ("ofenrohr", "vor 2 Jahren", "Mehlwurm_", "vor 2 Jahren"),
    "old_en_rendered": ("Mill_Wheel_9", "5 years ago", "crumbkeeper", "5 years ago"),
    "old_ja": ("mugi_no_ho", "3 年前", "kama_mori", "3 年前"),
    "redesign_en": ("third_floor_ann", "2 years ago", "waltz_hater", "2 yr. ago"),
    "redesign_pl": ("mruczek_1", "4 lata temu", "pani_z_parteru", "4 lata temu"),
    "shreddit_en": ("rung_by_rung", "3y ago", "top_step", "3y ago"),
    "shreddit_pt": ("Panela_Velha", "há 5 a", "tia_nena", "há 5 a"),
    "shreddit_fr_rendered": ("pelle_et_rateau", "il y a 2 ans", "lune_rousse", "il y a 2 ans"),
}


def text_of(path):
    return "\n".join(line.text for line in induced_pages.read_page(path)) + "\n"


def records_of(text):
    return induced_pages.seen(text)[1].records


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_posts_and_comments_are_told_from_what_surrounds_them(path):
    seen = induced_pages.score(path)
    assert seen["kind"] == "reddit_thread"
    assert (seen["rec"], seen["body"], seen["chrome"]) == (1, 1, 1)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_who_wrote_and_when_are_told(path):
    records = records_of(text_of(path))
    assert records["kind"].to_list() == ["post"] + ["comment"] * (len(records) - 1)
    said = tuple(records[field][i] for i in (0, 1) for field in ("author", "published_raw"))
    assert said == SAID[path.stem]
    gone = [
        i
        for i, text in enumerate(records["text"])
        if text
        in ("[gelöscht]", "[removed]", "Comment deleted by user", "Comentário removido pela moderação")
    ]
    assert all(records["author"][i] is None for i in gone)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("\n\n", "\n\n\n"),
    ],
    ids=["crlf", "nfd", "more blank lines"],
)
def test_another_print_of_a_page_gives_the_same_records(path, change):
    fields = ("kind", "title", "author", "published_raw")
    seen, again = (records_of(text).select(fields).rows() for text in (text_of(path), change(text_of(path))))
    same = [tuple(value and unicodedata.normalize("NFC", value) for value in row) for row in again]
    assert same == [tuple(value and unicodedata.normalize("NFC", value) for value in row) for row in seen]


@pytest.mark.parametrize(
    "name", ["old_de", "old_en_rendered", "old_ja", "redesign_en", "redesign_pl", "shreddit_en"]
)
def test_comments_in_another_order_are_the_same(name):
    lines = induced_pages.read_page(FOLDER / f"{name}.txt")
    starts = [i for i, line in enumerate(lines) if line.starts]
    shown = {line.text.lstrip("* ") for line in lines[: starts[-1]]}
    end = max(i for i, line in enumerate(lines) if line.role == "b") + 1
    while lines[end].text.lstrip("* ") in shown:  # its buttons are those of the comments above
        end += 1
    comments = [lines[a:b] for a, b in zip(starts[1:], [*starts[2:], end], strict=True)]
    turned = [*lines[: starts[1]], *chain(*comments[1:], comments[0]), *lines[end:]]
    fields = ("author", "published_raw", "text")
    seen, again = (
        records_of("\n".join(line.text for line in page) + "\n").select(fields).rows()
        for page in (lines, turned)
    )
    assert again == [seen[0], *seen[2:], seen[1]]


def test_pages_that_only_speak_of_reddit_are_not_of_it():
    talk = (
        "r/looms\n\nShare on Reddit\n•\nhome\n[–] is how a comment on Reddit began.\n"
        "Reddit, Inc. said so 3 years ago.\nada\nAda\n"
    )
    document = laws.document_of(talk)
    assert recognise(read_lines(document), grammars())["page_kind"].to_list() == ["unknown"]
