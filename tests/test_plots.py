"""Charts and previews: what strangers wrote stays words, and the same counts give the same bytes."""

from itertools import pairwise
from xml.etree import ElementTree

import polars as pl
import pytest

from pipeline import plots, previews
from tests.tables import make_tables

SVG = "{http://www.w3.org/2000/svg}"


def rectangles(svg):
    """Return the bars of a chart, with what they say when pointed at."""
    drawn = ElementTree.fromstring(svg).iter(f"{SVG}rect")
    return [(bar, bar.findtext(f"{SVG}title")) for bar in drawn if bar.find(f"{SVG}title") is not None]


def test_bars_are_as_long_as_their_numbers():
    counts = pl.DataFrame({"label": ["a", "a", "b"], "part": ["x", "y", "x"], "n": [30, 10, 20]})
    bars = {
        said: float(bar.get("width"))
        for bar, said in rectangles(plots.stack_bars(counts, "Looms"))
        if ":" in said
    }
    assert list(bars) == ["a, x: 30", "a, y: 10", "b, x: 20"]
    assert bars["a, x: 30"] == pytest.approx(3 * bars["a, y: 10"], rel=0.01)
    assert bars["b, x: 20"] == pytest.approx(2 * bars["a, y: 10"], rel=0.01)


def test_columns_are_as_high_as_their_numbers():
    counts = pl.DataFrame({"label": ["2021", "2022"], "n": [5, 10]})
    low, high = (float(bar.get("height")) for bar, _ in rectangles(plots.stand_columns(counts, "Looms")))
    assert high == pytest.approx(2 * low, rel=0.01)


def test_labels_do_not_overlap():
    counts = pl.DataFrame({"label": [f"2021-{n:04}" for n in range(200)], "n": [1] * 200})
    texts = list(ElementTree.fromstring(plots.stand_columns(counts, "Looms")).iter(f"{SVG}text"))[1:]
    places = sorted(float(text.get("x")) for text in texts)
    assert len(places) > 3
    assert min(b - a for a, b in pairwise(places)) > 9 * plots.CHAR


@pytest.mark.parametrize("draw", [plots.stack_bars, plots.stand_columns])
def test_nothing_to_count_draws_nothing(draw):
    nothing = pl.DataFrame(schema={"label": pl.String, "part": pl.String, "n": pl.UInt32})
    assert [said for _, said in rectangles(draw(nothing, "Looms"))] == []


def test_markup_in_a_label_is_words():
    counts = pl.DataFrame({"label": ['<script>&"'], "part": ["</svg>"], "n": [1]})
    svg = plots.stack_bars(counts, "<b>")
    assert "script" not in {node.tag.removeprefix(SVG) for node in ElementTree.fromstring(svg).iter()}


def test_tables_draw_the_same_bytes_in_any_order():
    tables = make_tables()
    shuffled = [frame.sample(fraction=1.0, shuffle=True, seed=3) for frame in tables]
    drawn = plots.draw(tables)
    assert {name: list(charts) for name, charts in drawn.items()} == {
        "records": ["by source", "by month", "by length"],
        "spans": ["bytes by role"],
    }
    assert plots.draw(type(tables)(*shuffled)) == drawn


def test_words_are_counted_in_doubling_steps():
    counts = plots.count_by_length(pl.DataFrame({"n_words": [1, 2, 3, 6, 7, 31]}))
    assert counts.rows() == [("1–2", 2), ("3–6", 2), ("7–14", 1), ("15–30", 0), ("31–62", 1)]


HOSTILE = "| ![x](http://x.test/i.png) <img src=x> [a](javascript:b) `c` **d** _e_ # f\n\n- g ~~h~~ \\"


def test_a_cell_is_no_markup():
    cell = previews.write_cell(HOSTILE)
    assert not set(cell.replace("&#", "").replace(";", "")) & set("|![]()<>`*_#~\\-:/\n")


def test_a_preview_has_a_line_for_each_row_shown():
    frame = pl.DataFrame({"n": range(100), "text": [HOSTILE] * 100})
    lines = previews.as_markdown(frame).splitlines()
    assert lines[0] == "| n | text |"
    assert [line.split(" | ")[0] for line in lines[2:-2]] == [f"| {n}" for n in range(0, 100, 13)]
    assert lines[-1] == "8 of 100 rows"
    assert {line.count("|") for line in lines[:-2]} == {3}


def test_values_are_written_for_people():
    values = (None, [], ["a", "b"], 1234, 0.123456, True, False)
    assert [previews.write_cell(value) for value in values] == [
        "–",
        "–",
        "a, b",
        "1,234",
        "0.1235",
        "yes",
        "no",
    ]


def test_members_of_lists_are_counted():
    frame = pl.DataFrame({"flags": [["a"], ["a", "b"], [], None]})
    assert previews.count(frame, "flags").rows() == [("a", 2), ("b", 1)]
