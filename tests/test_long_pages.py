"""Long pages are read by a part of them: as they would be whole, or else whole."""

import polars as pl
import pytest

from pipeline.ingest import read_lines
from pipeline.laws import document_of
from pipeline.segment import assemble, label, sampling
from tests.long_pages import KINDS, article, chat, irc_log

# How many of each make a page of some 5,000 lines.
SIZES = {
    "irc log": 4500,
    "chat": 1800,
    "messenger": 1500,
    "thread": 560,
    "comments": 840,
    "releases": 470,
    "below a long menu": 250,
}
TALK = ("irc log", "chat", "messenger")


def lines_of(text: str) -> pl.DataFrame:
    return read_lines(pl.DataFrame({"text": [text]}))


def begins(pieces: pl.DataFrame, kind: str) -> set[int]:
    """List the lines with which records begin, or turns."""
    column, pieces = ("segment", pieces.filter(kind="turn")) if kind in TALK else ("record", pieces)
    return set(pieces.filter(pl.col(column) >= 0).group_by(column).agg(pl.col("line").min())["line"])


@pytest.mark.parametrize("kind", SIZES)
def test_a_long_page_is_parted_as_it_was_made_and_as_it_would_be_whole(kind, monkeypatch):
    lines = lines_of(KINDS[kind](SIZES[kind]))
    assert lines.height > sampling.LONG_LINES
    pieces = label(lines).pieces
    assert abs(len(begins(pieces, kind)) - SIZES[kind]) <= 3
    monkeypatch.setattr(sampling, "LONG_LINES", lines.height)
    whole = begins(label(lines).pieces, kind)
    assert len(whole & begins(pieces, kind)) >= 0.99 * len(whole)


def test_a_message_that_is_said_twice_on_a_long_page_is_no_name():
    pieces = label(lines_of(chat(14_000))).pieces
    assert abs(pieces.filter(kind="turn")["segment"].n_unique() - 14_000) <= 10


def test_what_stands_between_the_windows_alone_has_a_page_read_whole(monkeypatch):
    foreign = article(400).replace("\n\n", "\n")
    text = "\n".join((irc_log(3000), foreign, irc_log(3000)))
    lines = lines_of(text)
    rows = sampling.take(lines).rows
    seen = lines["text"].gather(rows).to_list()
    assert not set(seen) & set(foreign.splitlines()), "else it were no test"
    pieces = label(lines).pieces
    monkeypatch.setattr(sampling, "LONG_LINES", lines.height)
    assert pieces.equals(label(lines).pieces)


def test_a_long_article_is_read_whole_by_its_own_reader():
    pieces = label(lines_of(article(3200))).pieces
    assert pieces["page_kind"][0] == "article"
    assert (pieces["role"] == "body").mean() > 0.99


def posts_of_few_words(n: int) -> str:
    return "".join(f"Name {i % 9}\n2 March 2024\nHello there, this is {i}.\n\n" for i in range(n // 4))


@pytest.mark.parametrize("make", [*map(KINDS.get, ("junk", "table", "changed half way")), posts_of_few_words])
def test_of_a_long_page_nothing_is_lost(make):
    text = make(6000)
    documents = document_of(text)
    spans = assemble(label(read_lines(documents)), documents).spans
    told = sum(len(text.encode()[a:b].strip()) for a, b in spans.select("byte_start", "byte_end").iter_rows())
    assert told >= len("".join(text.split()).encode())


def test_a_short_page_beside_a_long_one_is_read_as_alone():
    short, long = chat(40), irc_log(4000)
    both = label(read_lines(pl.DataFrame({"text": [long, short]}))).pieces.filter(doc=1)
    alone = label(lines_of(short)).pieces
    columns = ["line", "text", "role", "kind", "mark", "confidence"]
    assert both.select(columns).equals(alone.select(columns))
