"""The words a grammar may use: conditions on rows, and what a site prints."""

import re
import unicodedata

import polars as pl
import pytest

from pipeline import grammar as words
from pipeline.grammar import HEADER, Grammar, Mark, Specimen, flow, label, n
from pipeline.laws import page_of, read

A, B = pl.col("a"), pl.col("b")


def held(condition: pl.Expr, *documents: str) -> list[str]:
    """Ask a condition of documents, one line a letter: `a` and `b` name the lines they hold of."""
    rows = [
        {
            "doc": doc,
            "n": at,
            "n_left": len(text) - 1 - at,
            "text": letter,
            "a": letter in "aA",
            "b": letter in "bB",
        }
        for doc, text in enumerate(documents)
        for at, letter in enumerate(text)
    ]
    found = pl.DataFrame(rows).select("doc", value=condition)
    return [
        "".join("1" if value else "." for value in found.filter(pl.col("doc") == doc)["value"])
        for doc in range(len(documents))
    ]


@pytest.mark.parametrize(
    ("condition", "documents", "expected"),
    [
        (words.above(A), ("ax", "xa", "xx"), [".1", "..", ".."]),
        (words.under(A), ("xa", "xx", "ax"), ["1.", "..", ".."]),
        (words.soon(A, 2), ("xxxa", "xxx", "axx"), [".11.", "...", "..."]),
        (words.lately(A, 2), ("axxx", "xxx", "xxa"), [".11.", "...", "..."]),
        (words.began(A, B | A), ("xaxx", "xx", "bx"), [".111", "..", "11"]),
        (words.began(B, A), ("abx", "axx"), ["1..", "111"]),
        (words.lasts(A), ("axaa", "xxx", "aa"), ["..11", "...", "11"]),
        (words.times(A) == 2, ("axa", "a", "aaa"), ["111", ".", "..."]),
        (words.counted(A) == 1, ("xax", "xx"), ["1..", ".."]),
        (words.among(A, r"^[xA]"), ("aAx",), [".1."]),
    ],
)  # fmt: skip
def test_a_condition_keeps_within_its_document(condition, documents, expected):
    assert held(condition, *documents) == expected


def test_a_line_is_spelled_as_the_first_of_its_kind():
    rows = ["on 3 May", "3 May 2024", "4 June 2024", "4. Juni 2024"]
    dated = pl.col("text").str.contains(r"^\d.*\d$")
    frame = pl.DataFrame({"doc": 0, "text": rows})
    alike = frame.select(words.spelled_alike(dated, but_for=r"\d+|May|June|Juni"))["text"].to_list()
    assert alike == [False, True, True, False]


@pytest.mark.parametrize(
    ("form", "date"),
    [
        (r"j %s Y \a\t H\:i", "5 May 2024 at 09:05"),
        (r"%s j\<\s\u\p\>S\<\/\s\u\p\> Y \a\t g\:i a", "May 5th 2024 at 9:05 am"),
        ("Y\\年n\\月j\\日\tH\\:i", "2024年5月5日 09:05"),
        (r"d\. %s Y", "05. Mayo 2024"),
    ],
)
def test_a_date_is_found_as_php_prints_it(form, date):
    pattern = rf"^{words.printed_date(form, ['May', 'June'])}$"
    assert re.search(pattern, date)
    assert not re.search(pattern, f"{date} or so")
    assert pl.Series([date]).str.contains(pattern).item()


def talk(**changes: object) -> list[str]:
    """Read a page of two records in which Ada and Charles talk, and only Ada."""
    says = r"^(?P<speaker>\w+): (?P<text>.+)$"
    marks = (
        Mark(
            "title",
            r"^# (?P<author>\w+)$",
            HEADER,
            below=flow("talk"),
            opens="article",
            where=words.holds("^#"),
        ),
        Mark("says", says, label("turn"), below=flow("turn"), repeats="speaker", **changes),
        Mark("by", r"^By (?P<author>\w+)$", HEADER, where=n > 0),
    )
    said = "# Mary|By Ada|Ada: a|Charles: b|Ada: c|Charles: d|# Ada|Ada: e|Ada: f"
    sample = "\n".join(f"| {line}" for line in said.split("|"))
    page = Grammar("talks", knows=("^#",), marks=marks, joined=("author",))
    pages = read(page, page_of(Specimen(page, sample, (), ""))).pages
    turns = pages.segments.filter(pl.col("kind") == "turn")["text"].to_list()
    return [*pages.records["author"], *turns]


def test_values_of_a_joined_field_are_joined_and_a_name_counts_where_it_recurs():
    assert talk() == ["Mary and Ada", "Ada", "a", "b", "c", "d", "e", "f"]


def test_a_name_counts_only_where_another_recurs_too():
    assert talk(voices=2) == ["Mary and Ada", "Ada", "a", "b", "c", "d"]


def test_either_is_met_composed_and_decomposed():
    pattern = f"^{words.either('padrão', 'a.c')}$"
    met = ["padrão", unicodedata.normalize("NFD", "padrão"), "abc", "padrao"]
    assert [bool(re.search(pattern, text)) for text in met] == [True, True, True, False]
    assert words.either("abc") == "(?:abc)"


@pytest.mark.parametrize(
    ("line", "is_day"),
    [
        ("3. Dez.", True),
        ("Feb '23", True),
        ("5h", True),
        ("12月 14日", True),
        ("3:04 PM", False),
        ("May you", False),
    ],
)
def test_a_day_or_an_age_is_told_in_any_language(line, is_day):
    lines = pl.DataFrame({"text": [line, "3. Dez."], "asked": [True, False]})
    assert lines.select(words.is_day(pl.col("asked"))).to_series().to_list() == [is_day, False]


def test_a_line_is_cut_where_another_begins_within_it():
    mark = Mark("said", r"^(?P<author>\w+): (?P<text>.*)$", HEADER, below=words.BODY, opens="post")
    top = Mark("top", words.ANYTHING, words.chrome("nav"), where=n == 0)
    page = Grammar("talks", knows=("^Talk$",), cuts=((r";", r"\w+:"),), marks=(mark, top))
    told = read(page, "Talk\nAda: é; no;  Charles: b\nc;\nMary: d;\n")
    rows = told.pages.records.select("author", "text", "byte_start", "byte_end").rows()
    data = told.text.encode()
    assert [(who, text, data[a:b].decode()) for who, text, a, b in rows] == [
        ("Ada", "é; no;", "Ada: é; no;"),
        ("Charles", "b\n\nc;", "Charles: b\nc;"),
        ("Mary", "d;", "Mary: d;"),
    ]
