"""Where no reading is sure by itself: which way to part a page stands best, and when it is taken."""

import numpy as np
import pytest

from pipeline import induce, laws
from pipeline.grammar import ANYTHING, BODY, HEADER, Grammar, Mark
from pipeline.induce import (
    Doubtful,
    Told,
    layouts,
    nests,
    partings_of,
    ranking,
    standing,
    structures,
    weighed,
)
from pipeline.induce.roles import first_words, roles
from pipeline.induce.sheet import Sheet
from pipeline.induce.standing import standings
from pipeline.ingest import read_lines
from pipeline.segment.readers import LEAST_PARTED, Reading, choose
from tests import induced_pages

WORKS = ("Looms", "Mills", "Engines", "Presses", "Lathes", "Forges", "Kilns", "Pumps")
TOLD = "The {0} of the valley were built by hand, and hardly anyone now knows how they went."
PAGE = "\n".join(
    [
        "  Home",
        "  About",
        *(
            line
            for work in WORKS
            for line in (f"    {work} of old", f"      {TOLD.format(work)}", "      More")
        ),
        "  Imprint",
    ]
)
HEADS = [2 + 3 * i for i in range(len(WORKS))]


def page_of(text: str) -> induce.Page:
    return induce.page_of(induce.describe_lines(read_lines(laws.document_of(text))))


def test_what_parts_a_page_into_like_records_stands_best() -> None:
    page = page_of(PAGE)
    sheet = Sheet(page)
    readings = [*layouts(page), *nests(sheet)]
    assert len({one.starts.tobytes() for one in readings}) > 1
    best, *others = standings(sheet, readings)
    assert best.reading.starts.tolist() == HEADS
    assert all(best.worth >= other.worth for other in others)


def test_how_readings_stand_does_not_depend_on_their_order() -> None:
    page = page_of(PAGE)
    sheet = Sheet(page)
    readings = [*layouts(page), *nests(sheet)]
    there, back = (standings(sheet, some)[0] for some in (readings, readings[::-1]))
    assert there.worth == pytest.approx(back.worth)
    assert there.odds == pytest.approx(back.odds)


@pytest.mark.parametrize(("told", "more"), [(len(WORKS), True), (len(WORKS) + 1, False)])
def test_what_promises_their_number_speaks_for_records(told: int, more: bool) -> None:
    pages = (page_of(PAGE.replace("  About", said)) for said in ("  no comments", f"  {told} comments"))
    sheets = map(Sheet, pages)
    without, promised = (standings(it, [*layouts(it.page), *nests(it)])[0] for it in sheets)
    assert (promised.odds > without.odds + 1) is more


def test_how_readings_stand_does_not_depend_on_how_many_are_weighed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = page_of(PAGE)
    sheet = Sheet(page)
    readings = [*layouts(page), *nests(sheet)]
    together = standings(sheet, readings)
    monkeypatch.setattr(standing, "MOST_AT_ONCE", 1)
    assert standings(sheet, readings) == together


def test_what_lines_are_does_not_depend_on_the_other_boxes_asked() -> None:
    page = page_of(PAGE)
    boxes, words = nests(Sheet(page)), first_words(page)
    assert len(boxes) > 1
    assert roles(boxes, words).tolist() == [roles([nest], words)[0].tolist() for nest in boxes]


def test_of_no_readings_none_stands() -> None:
    assert standings(Sheet(page_of("nothing\n")), []) == []


LINES = read_lines(laws.document_of("\n".join(f"{work}:\nwere many" for work in WORKS)))
WORKS_OF = Grammar(
    kind="works", knows=(), marks=(Mark("head", r"^(?P<title>\w+):$", HEADER, below=BODY, opens="article"),)
)
NONE = Grammar(kind="article", knows=(), marks=(Mark("all", ANYTHING, BODY, opens="article"),))


def doubtful(odds: float, since: int = 0) -> Reading:
    told = Told(offered=0.0, standing=odds, promised=0.0, run=0.5)
    return Reading(0, WORKS_OF, 0.0, doubtful=lambda: [Doubtful(lambda: WORKS_OF, told, since, answers=0)])


@pytest.mark.parametrize(("odds", "kinds"), [(2.0, ["works"]), (-2.0, [])])
def test_a_doubtful_reading_is_taken_where_it_is_likely_right(odds: float, kinds: list[str]) -> None:
    chosen = choose(LINES, [lambda _: [doubtful(odds)]])
    assert [reading.made.kind for reading in chosen] == kinds
    assert all(LEAST_PARTED <= reading.confidence <= 1 for reading in chosen)


@pytest.mark.parametrize(("words", "kind"), [(1.0, "works"), (400.0, "article")])
def test_a_doubtful_reading_is_not_taken_for_what_is_surely_an_article(words: float, kind: str) -> None:
    own = np.full(LINES.height, words)
    (chosen,) = choose(LINES, [lambda _: [doubtful(0.5)], lambda _: [Reading(0, NONE, 0.9, own)]])
    assert chosen.made.kind == kind


@pytest.mark.parametrize(("run", "words", "kind"), [(0.1, 1.0, "works"), (1.0, 60.0, "article")])
def test_records_give_way_to_an_article_of_one_long_stretch(run: float, words: float, kind: str) -> None:
    told = Told(offered=1.0, standing=0.0, promised=0.0, run=run)
    own = np.where(np.arange(LINES.height) < LINES.height // 4, words, 0.0)
    offers = [Reading(0, WORKS_OF, 0.9, told=told), Reading(0, NONE, 0.6, own)]
    (chosen,) = choose(LINES, [lambda _: offers])
    assert chosen.made.kind == kind


@pytest.mark.parametrize(("run", "first"), [(1.0, 0), (0.1, 8)])
def test_no_grammar_is_written_for_records_that_an_article_is_expected_to_go_before(
    run: float, first: int
) -> None:
    told = Told(offered=1.0, standing=0.0, promised=0.0, run=run)
    row = np.arange(LINES.height)
    own = np.where(row < LINES.height // 4, 1000.0, 0.0)
    expected = np.where(row >= first, row // 2 * 2, -1)
    records = Reading(0, lambda: pytest.fail("written"), 0.9, told=told, expected=expected)
    (chosen,) = choose(LINES, [lambda _: [records, Reading(0, NONE, 0.6, own)]])
    assert chosen.made.kind == "article"


def test_a_doubtful_reading_leaves_no_long_stretch_of_words_out() -> None:
    told = [TOLD.format(work) for work in WORKS]
    lines = read_lines(laws.document_of("\n".join([*told, *(f"{work}:\nwere many" for work in WORKS)])))
    own = np.array([40.0] * len(told) + [1.0] * (lines.height - len(told)))
    (chosen,) = choose(lines, [lambda _: [doubtful(9.0)], lambda _: [Reading(0, NONE, 0.5, own)]])
    assert chosen.made.kind == "article"


def test_an_article_above_doubtful_records_is_read_beside_them() -> None:
    told = [*(TOLD.format(work) for work in WORKS), "Replies"]
    lines = read_lines(laws.document_of("\n".join([*told, *(f"{work}:\nwere many" for work in WORKS)])))
    own = np.array([4.0] * len(WORKS) + [0.0] * (lines.height - len(WORKS)))
    (chosen,) = choose(lines, [lambda _: [doubtful(9.0, len(told))], lambda _: [Reading(0, NONE, 0.5, own)]])
    assert [mark.name for mark in chosen.made.marks] == ["article: all", "works: head"]


def test_a_sure_reading_is_not_asked_to_stand_among_doubtful_ones() -> None:
    sure = Grammar(kind="sure", knows=(), marks=WORKS_OF.marks)
    (chosen,) = choose(LINES, [lambda _: [(0, sure, 0.9), doubtful(9.0)]])
    assert chosen.made.kind == "sure"


def test_what_ranks_clearly_before_the_surest_is_taken_and_no_less_sure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = induced_pages.read_page(induced_pages.FOLDER / "bug_slashes.txt")
    page = page_of("\n".join(line.text for line in lines))
    monkeypatch.setattr(ranking, "CLEARLY", 0.0)
    best = structures(page)[0]
    monkeypatch.setattr(induce, "better", lambda *_: None)
    surest = structures(page)[0]
    starts = [start for start, _ in induced_pages.extents(lines)]
    assert page.lines["line"].gather(best.starts).to_list() == starts
    assert surest.starts.tolist() != best.starts.tolist()
    assert best.score >= surest.score


def test_nothing_ranks_before_what_is_not_weighed() -> None:
    page = page_of(PAGE)
    readings = weighed(partings_of(page))
    assert ranking.better(Sheet(page), readings[1:], readings[0]) is None


def test_what_is_told_of_frames_alone_counts_nothing_for_boxes() -> None:
    told = {"both": np.array([1.0, 3.0]), "frame only": np.array([2.0, np.nan])}
    weights = {"both": (1.0, 0.5), "frame only": (1.0, 4.0), "not told": (0.0, 9.0)}
    assert ranking.rank(told, weights).tolist() == [4.0, 1.0]
