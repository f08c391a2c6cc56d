"""Invented conversations of GitHub in both layouts, issues and pull requests, as browsers and renderers print them."""

import re
import unicodedata
from itertools import chain
from pathlib import Path

import polars as pl
import pytest

from pipeline import laws, segment
from pipeline.grammar import grammars
from pipeline.ingest import read_lines
from tests import induced_pages

FOLDER = Path(__file__).parent / "issues"
PAGES = sorted(FOLDER.glob("*.txt"))
NAMES = [path.stem for path in PAGES]
# who wrote, and when, as the page says; and its title
SAID = {
    "classic_en": (
        None,
        [
            ("warpandweft", "Mar 3, 2019"),
            ("tom-shuttle", "Mar 4, 2019"),
            ("warpandweft", "Mar 4, 2019"),
            ("heddle", "Mar 7, 2019"),
            ("heddle", "Mar 9, 2019"),
        ],
    ),
    "classic_de": (
        None,
        [
            ("kettfaden", "18. März 2019"),
            ("schuss-faden", "vor 3 Tagen"),
            ("kettfaden", "gestern"),
            ("ghost", "21. März 2019"),
        ],
    ),
    "classic_rendered_en": (None, [("warpandweft", "Mar 3, 2019"), ("tom-shuttle", "Mar 5, 2019")]),
    "gitea_en": (
        None,
        [("hummer", "2023-02-11 10:37:44 +00:00"), ("weaver", "2023-02-11 11:02:59 +00:00")],
    ),
    "pull_rendered_en": (
        None,
        [
            ("tom-shuttle", "Mar 6, 2019"),
            ("ada-engine", "Mar 7, 2019"),
            ("ada-engine", "Mar 7, 2019"),
            ("tom-shuttle", "Mar 7, 2019"),
            ("ada-engine", "Mar 8, 2019"),
        ],
    ),
    "react_pt": (
        "O tear não abre depois da atualização",
        [("lancadeira", "Jul 29, 2024"), ("urdidura", "Jul 30, 2024"), ("lancadeira", "Aug 31, 2024")],
    ),
    "react_rendered_ja": (
        "最後の行が空だと止まる",
        [("tate-ito", "2025年3月4日"), ("yoko-ito", "2025年3月5日"), ("tate-ito", "3 日前")],
    ),
    "split_fr": (
        None,
        [("navette", "18 mars 2019"), ("fuseau", "Mar 20, 2019"), ("navette", "il y a 3 jours")],
    ),
    "undated_en": ("Let cards be turned over", [("heddle", None), ("tom-shuttle", None), ("heddle", None)]),
}
CHANGES = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no_blank_lines": lambda text: "\n".join(line for line in text.split("\n") if line.strip()),
    "no_indents": lambda text: "\n".join(line.strip() for line in text.split("\n")),
    "no_on": lambda text: re.sub(r"(?m)^(\s*\S+ commented) on ", r"\1 ", text),
    "bullets": lambda text: re.sub(r"(?m)^(?=@\S+$)", "* ", text),
    "no_avatars": lambda text: re.sub(r"(?m)^@\S+\n", "", text),
}


def text_of(path):
    return "\n".join(line.text for line in induced_pages.read_page(path)) + "\n"


def records_of(text):
    return induced_pages.seen(text)[1].records


def plain(rows):
    return [
        tuple(value and " ".join(unicodedata.normalize("NFC", value).split()) for value in row)
        for row in rows
    ]


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_posts_are_told_from_what_happened_between_them(path):
    seen = induced_pages.score(path)
    assert seen["kind"] == "github_issue"
    assert (seen["rec"], seen["body"], seen["chrome"]) == (1, 1, 1)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_who_wrote_and_when_are_told(path):
    records = records_of(text_of(path))
    title, said = SAID[path.stem]
    assert records["kind"].unique().to_list() == ["post"]
    assert records.select("author", "published_raw").rows() == said
    assert records["handle"].to_list() == records["author"].to_list()
    assert records["title"].to_list() == [title] + [None] * (len(said) - 1)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_another_print_of_a_page_gives_the_same_records(path, change):
    fields = ("title", "author", "published_raw", "text")
    text = text_of(path)
    seen, again = (records_of(page).select(fields).rows() for page in (text, CHANGES[change](text)))
    assert plain(again) == plain(seen)


@pytest.mark.parametrize("name", ["classic_de", "classic_en", "react_rendered_ja"])
def test_comments_in_another_order_are_the_same(name):
    lines = induced_pages.read_page(FOLDER / f"{name}.txt")
    starts = [i for i, line in enumerate(lines) if line.starts]
    end = max(i for i, line in enumerate(lines) if line.role == "b") + 1
    comments = [lines[a:b] for a, b in zip(starts[1:], [*starts[2:], end], strict=True)]
    turned = [*lines[: starts[1]], *chain(*comments[1:], comments[0]), *lines[end:]]
    fields = ("author", "published_raw", "text")
    seen, again = (
        records_of("\n".join(line.text for line in page) + "\n").select(fields).rows()
        for page in (lines, turned)
    )
    assert again == [seen[0], *seen[2:], seen[1]]


def test_pages_read_together_are_read_as_alone():
    documents = pl.concat(
        laws.document_of(text_of(path)).with_columns(
            document_id=pl.lit(path.stem), states=pl.lit(None, pl.String)
        )
        for path in PAGES
    )
    together = segment.assemble(segment.label(read_lines(documents)), documents).records
    alone = pl.concat(records_of(text_of(path)) for path in PAGES)
    assert together["text"].to_list() == alone["text"].to_list()


def test_an_issue_without_an_author_or_comments_is_a_record_all_the_same():
    text = """
Skip to content
The reader hums#31
Copy link
Description
opened on Feb 14, 2024
Issue body actions
It hums at row 3.
Reactions are currently unavailable
Metadata
Assignees
No branches or pull requests
"""
    fields = ("title", "author", "published_raw", "text")
    assert records_of(text).select(fields).rows() == [
        ("The reader hums", None, "Feb 14, 2024", "It hums at row 3.")
    ]


@pytest.mark.parametrize(
    "talk",
    [
        "ada commented on Mar 3, 2019 that it jams.\nNew issue\nSign up for free to join us\n",
        "ada commented on Mar 3, 2019\nWe closed the issue.\n",
        "Our new issue\nNew issue\n5 participants\nada wrote on Mar 3, 2019\n",
    ],
)
def test_pages_that_only_speak_of_issues_are_none(talk):
    document = laws.document_of(talk)
    assert segment.recognise(read_lines(document), grammars())["page_kind"].to_list() == ["unknown"]
