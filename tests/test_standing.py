"""Which way to part a page into records ranks first, and when it is taken."""

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline import induce, laws
from pipeline.grammar import ANYTHING, BODY, HEADER, Grammar, Mark
from pipeline.induce import layouts, nests, ranking, standing, structures
from pipeline.induce.nesting import Nest
from pipeline.induce.ranking import Ranked, first
from pipeline.induce.roles import first_words, roles
from pipeline.induce.sheet import Sheet
from pipeline.induce.structure import Layout
from pipeline.ingest import read_lines
from pipeline.segment import readers
from pipeline.segment.preference import prefers_records
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


def ranked_of(sheet: Sheet, readings: Sequence[Layout | Nest]) -> Ranked:
    ranked = first(sheet, readings, None, is_sure=False)
    assert ranked
    return ranked


def test_what_parts_a_page_into_like_records_ranks_first() -> None:
    page = page_of(PAGE)
    sheet = Sheet(page)
    readings = [*layouts(page), *nests(sheet)]
    assert len({one.starts.tobytes() for one in readings}) > 1
    ranked = ranked_of(sheet, readings)
    assert ranked.reading.starts.tolist() == HEADS
    assert ranked.told["lead"] > 0


def test_which_way_ranks_first_does_not_depend_on_their_order() -> None:
    page = page_of(PAGE)
    sheet = Sheet(page)
    readings = [*layouts(page), *nests(sheet)]
    there, back = (ranked_of(sheet, some) for some in (readings, readings[::-1]))
    assert there.reading.starts.tolist() == back.reading.starts.tolist()
    assert there.told["all"] == pytest.approx(back.told["all"])


@pytest.mark.parametrize(("told", "more"), [(len(WORKS), 1.0), (len(WORKS) + 1, 0.0)])
def test_what_promises_their_number_speaks_for_records(told: int, more: float) -> None:
    sheet = Sheet(page_of(PAGE.replace("  About", f"  {told} comments")))
    ranked = ranked_of(sheet, [*layouts(sheet.page), *nests(sheet)])
    assert ranked.told["promised"] == more
    with_it, without = (prefers_records({"promised": value}) for value in (1.0, 0.0))
    assert with_it > without + 1


def test_what_is_told_does_not_depend_on_how_many_are_weighed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = page_of(PAGE)
    sheet = Sheet(page)
    readings = [*layouts(page), *nests(sheet)]
    together = ranked_of(sheet, readings).told
    monkeypatch.setattr(standing, "MOST_AT_ONCE", 1)
    assert ranked_of(sheet, readings).told == together


def test_what_lines_are_does_not_depend_on_the_other_boxes_asked() -> None:
    page = page_of(PAGE)
    boxes, words = nests(Sheet(page)), first_words(page)
    assert len(boxes) > 1
    assert roles(boxes, words).tolist() == [roles([nest], words)[0].tolist() for nest in boxes]


def test_of_no_readings_none_ranks_first() -> None:
    assert first(Sheet(page_of("nothing\n")), [], None, is_sure=False) is None


LINES = read_lines(laws.document_of("\n".join(f"{work}:\nwere many" for work in WORKS)))
WORKS_OF = Grammar(
    kind="works", knows=(), marks=(Mark("head", r"^(?P<title>\w+):$", HEADER, below=BODY, opens="article"),)
)
NONE = Grammar(kind="article", knows=(), marks=(Mark("all", ANYTHING, BODY, opens="article"),))


LIKELY, UNLIKELY = {"sure": 0.0, "rank": 20.0}, {"sure": 0.0, "rank": -20.0}


def parted(told: dict[str, float], since: int = 0) -> Reading:
    return Reading(0, WORKS_OF, 1.0, told=told, since=since)


@pytest.mark.parametrize(("told", "kinds"), [(LIKELY, ["works"]), (UNLIKELY, [])])
def test_records_are_taken_where_they_are_likely_what_the_page_holds(
    told: dict[str, float], kinds: list[str]
) -> None:
    chosen = choose(LINES, [lambda _: [parted(told)]])
    assert [reading.made.kind for reading in chosen] == kinds
    assert all(LEAST_PARTED <= reading.confidence <= 1 for reading in chosen)


@pytest.mark.parametrize(("told", "kind"), [(LIKELY, "works"), (UNLIKELY, "article")])
def test_unlikely_records_give_way_to_an_article(told: dict[str, float], kind: str) -> None:
    own = np.full(LINES.height, 1.0)
    (chosen,) = choose(LINES, [lambda _: [parted(told)], lambda _: [Reading(0, NONE, 0.9, own)]])
    assert chosen.made.kind == kind


@pytest.mark.parametrize(("sure", "kinds"), [(1.0, ["works"]), (0.0, [])])
def test_what_is_not_sure_by_itself_must_be_likelier(
    monkeypatch: pytest.MonkeyPatch, sure: float, kinds: list[str]
) -> None:
    monkeypatch.setattr(readers, "may_prefer_records", lambda *_: True)
    monkeypatch.setattr(readers, "prefers_records", lambda _: 0.3)
    chosen = choose(LINES, [lambda _: [parted({"sure": sure})]])
    assert [reading.made.kind for reading in chosen] == kinds


@pytest.mark.parametrize(("run", "first"), [(1.0, 0), (0.1, 8)])
def test_no_grammar_is_written_for_records_that_an_article_is_expected_to_go_before(
    run: float, first: int
) -> None:
    told = {"sure": 1.0, "run": run, "rank": 2.0}
    row = np.arange(LINES.height)
    own = np.where(row < LINES.height // 4, 1000.0, 0.0)
    expected = np.where(row >= first, row // 2 * 2, -1)
    records = Reading(0, lambda: pytest.fail("written"), 0.9, told=told, expected=expected)
    (chosen,) = choose(LINES, [lambda _: [records, Reading(0, NONE, 0.6, own)]])
    assert chosen.made.kind == "article"


def test_a_likely_reading_leaves_no_long_stretch_of_words_out() -> None:
    told = [TOLD.format(work) for work in WORKS]
    lines = read_lines(laws.document_of("\n".join([*told, *(f"{work}:\nwere many" for work in WORKS)])))
    own = np.array([40.0] * len(told) + [1.0] * (lines.height - len(told)))
    (chosen,) = choose(lines, [lambda _: [parted(LIKELY)], lambda _: [Reading(0, NONE, 0.5, own)]])
    assert chosen.made.kind == "article"


def test_an_article_above_likely_records_is_read_beside_them() -> None:
    told = [*(TOLD.format(work) for work in WORKS), "Replies"]
    lines = read_lines(laws.document_of("\n".join([*told, *(f"{work}:\nwere many" for work in WORKS)])))
    own = np.array([4.0] * len(WORKS) + [0.0] * (lines.height - len(WORKS)))
    (chosen,) = choose(lines, [lambda _: [parted(LIKELY, len(told))], lambda _: [Reading(0, NONE, 0.5, own)]])
    assert [mark.name for mark in chosen.made.marks] == ["article: all", "works: head"]


def test_what_ranks_clearly_before_the_surest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = induced_pages.read_page(induced_pages.FOLDER / "bug_slashes.txt")
    page = page_of("\n".join(line.text for line in lines))
    monkeypatch.setattr(ranking, "CLEARLY", 0.0)
    best = structures(page)[0]
    monkeypatch.setattr(ranking, "CLEARLY", np.inf)
    surest = structures(page)[0]
    starts = [start for start, _ in induced_pages.extents(lines)]
    assert page.lines["line"].gather(best.starts).to_list() == starts
    assert surest.starts.tolist() != best.starts.tolist()


def test_what_is_told_of_frames_alone_counts_nothing_for_boxes() -> None:
    told = {"both": np.array([1.0, 3.0]), "frame only": np.array([2.0, np.nan])}
    weights = {"both": (1.0, 0.5), "frame only": (1.0, 4.0), "not told": (0.0, 9.0)}
    assert ranking.rank(told, weights).tolist() == [4.0, 1.0]
