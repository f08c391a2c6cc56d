"""Invented conversations of GitHub in both layouts, issues and pull requests, as browsers and renderers print them."""

import re

import pytest

from pipeline.segment import UNKNOWN
from tests.printed_pages import CHANGES, Site, kinds_of, plain, read_together, reordered, text_of

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
SITE = Site(
    "issues",
    {
        **{name: CHANGES[name] for name in ("crlf", "decomposed", "no_blank_lines", "no_indents")},
        "no_on": lambda text: re.sub(r"(?m)^(\s*\S+ commented) on ", r"\1 ", text),
        "bullets": lambda text: re.sub(r"(?m)^(?=@\S+$)", "* ", text),
        "no_avatars": lambda text: re.sub(r"(?m)^@\S+\n", "", text),
    },
)


@pytest.mark.parametrize("name", SITE.names)
def test_posts_are_told_from_what_happened_between_them(name):
    seen = SITE.score(name)
    assert seen["kind"] == "github_issue"
    assert (seen["rec"], seen["body"], seen["chrome"]) == (1, 1, 1)


@pytest.mark.parametrize("name", SITE.names)
def test_who_wrote_and_when_are_told(name):
    records = SITE.records(name)
    title, said = SAID[name]
    assert records["kind"].unique().to_list() == ["post"]
    assert records.select("author", "published_raw").rows() == said
    assert records["handle"].to_list() == records["author"].to_list()
    assert records["title"].to_list() == [title] + [None] * (len(said) - 1)


@pytest.mark.parametrize(("name", "change"), SITE.prints)
def test_another_print_of_a_page_gives_the_same_records(name, change):
    assert plain(SITE.printed()[name, change]) == plain(SITE.records(name))


@pytest.mark.parametrize("name", ["classic_de", "classic_en", "react_rendered_ja"])
def test_comments_in_another_order_are_the_same(name):
    lines = SITE.lines(name)
    end = max(i for i, line in enumerate(lines) if line.role == "b") + 1
    order = [0, *range(2, len(SAID[name][1])), 1]
    [again] = read_together([text_of(reordered(lines, order, end))])
    fields = ("author", "published_raw", "text")
    seen = SITE.records(name).select(fields).rows()
    assert again.select(fields).rows() == [seen[i] for i in order]


def test_pages_read_together_are_read_as_alone():
    together = read_together([text_of(SITE.lines(name)) for name in SITE.names])
    alone = [SITE.records(name)["text"].to_list() for name in SITE.names]
    assert [records["text"].to_list() for records in together] == alone


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
    [records] = read_together([text])
    assert plain(records, ("title", "author", "published_raw", "text")) == [
        ("The reader hums", None, "Feb 14, 2024", "It hums at row 3.")
    ]


def test_pages_that_only_speak_of_issues_are_none():
    talks = [
        "ada commented on Mar 3, 2019 that it jams.\nNew issue\nSign up for free to join us\n",
        "ada commented on Mar 3, 2019\nWe closed the issue.\n",
        "Our new issue\nNew issue\n5 participants\nada wrote on Mar 3, 2019\n",
    ]
    assert kinds_of(talks) == [UNKNOWN] * len(talks)
