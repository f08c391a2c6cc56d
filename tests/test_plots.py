"""Charts and previews: what strangers wrote stays words, and the same counts give the same bytes."""

from datetime import datetime
from itertools import pairwise
from xml.etree import ElementTree

import polars as pl
import pytest

import schemas
from pipeline import plots, previews
from pipeline.release import drawings
from tests.tables import make_tables

SVG = "{http://www.w3.org/2000/svg}"


SAID = plots.Words("Looms", "looms", "All the looms there are")


def layouts(svg):
    """Return the two layouts of a chart: as it is shown, and for a phone."""
    wide = ElementTree.fromstring(svg)
    narrow = wide.find(f"{SVG}svg[@class='plot narrow']")
    wide.remove(narrow)
    return wide, narrow


def rectangles(svg, layout=0):
    """Return the bars of a chart, with what they say when pointed at; the key to the colours names no number."""
    drawn = layouts(svg)[layout].iter(f"{SVG}rect")
    told = [(bar, bar.findtext(f"{SVG}title")) for bar in drawn if bar.find(f"{SVG}title") is not None]
    return [(bar, said) for bar, said in told if ": " in said]


def columns(labels, numbers):
    """Return counts of one part."""
    return pl.DataFrame({"label": labels, "part": ["all"] * len(labels), "n": numbers, "tick": labels})


def test_bars_are_as_long_as_their_numbers():
    counts = pl.DataFrame({"label": ["a", "a", "b"], "part": ["x", "y", "x"], "n": [30, 10, 20]})
    bars = {said: float(bar.get("width")) for bar, said in rectangles(plots.lay_bars(counts, SAID))}
    assert list(bars) == ["a, x: 30", "a, y: 10", "b, x: 20"]
    assert bars["a, x: 30"] == pytest.approx(3 * bars["a, y: 10"], rel=0.01)
    assert bars["b, x: 20"] == pytest.approx(2 * bars["a, y: 10"], rel=0.01)


def test_columns_are_as_high_as_their_numbers():
    drawn = plots.stand_columns(columns(["2021", "2022"], [5, 10]), SAID, "year")
    low, high = (float(bar.get("height")) for bar, _ in rectangles(drawn))
    assert high == pytest.approx(2 * low, rel=0.01)


@pytest.mark.parametrize("most", [0, 1, 4, 9, 10, 11, 49, 50, 51, 99, 101, 12_345, 999_999_999])
def test_the_scale_is_round_and_reaches_the_most(most):
    ticks = plots._ticks(most)
    assert ticks[0] == 0
    assert max(most, 1) <= ticks[-1] < max(2.1 * most, 2)
    assert 2 <= len(ticks) <= 6
    assert len(set(str(ticks[1]).rstrip("0"))) == 1


def test_labels_do_not_overlap():
    drawn = plots.stand_columns(columns([f"2021-{n:04}" for n in range(200)], [1] * 200), SAID, "day")
    for layout in layouts(drawn):
        texts = [text for text in layout.iter(f"{SVG}text") if "2021-" in text.text]
        places = sorted(float(text.get("x")) for text in texts)
        assert len(places) > 3
        assert min(b - a for a, b in pairwise(places)) > 9 * plots.CHAR


def test_what_a_phone_shows_is_the_same_and_fits_it():
    """360 px less margins: letters stay as large as they are written, and nothing stands out to the right."""
    for charts in drawings.draw(
        make_tables({f"{'織' * n}.txt": ["Loom."] * n for n in range(1, 40)})
    ).values():
        for svg in charts.values():
            assert [said for _, said in rectangles(svg, 1)] == [said for _, said in rectangles(svg)]
            _, narrow = layouts(svg)
            assert 320 <= int(narrow.get("width")) <= 344
            assert narrow.get("display") == "none"
            ends = [float(bar.get("x")) + float(bar.get("width")) for bar, _ in rectangles(svg, 1)]
            assert max(ends) <= int(narrow.get("width"))
            for text in narrow.iter(f"{SVG}text"):
                share = {"start": 1, "middle": 0.5, "end": 0}[text.get("text-anchor")]
                reach = float(text.get("x")) + share * plots._width(text.text)
                assert reach <= int(narrow.get("width")) + plots.CHAR, text.text


def test_a_role_has_the_colour_that_it_has_on_every_page():
    svg = drawings.draw(make_tables())["spans"]["bytes-by-role"]
    fills = {said.split(", ")[1].split(":")[0]: bar.get("fill") for bar, said in rectangles(svg)}
    assert fills == {role: plots.ROLES_DAY[drawings.ROLES.index(role)] for role in fills}
    assert {"body", "chrome"} <= set(fills)


def test_a_kind_has_one_colour_in_every_chart():
    order = ["post", "article", "thread"]
    one = plots.lay_bars(pl.DataFrame({"label": ["a"], "part": ["thread"], "n": [1]}), SAID, order)
    [(bar, _)] = rectangles(one)
    assert bar.get("fill") == plots.DAY[2]
    assert bar.get("class") == "c2"
    assert plots.NIGHT[2] in one


@pytest.mark.parametrize("draw", [plots.lay_bars, lambda *given: plots.stand_columns(*given, "month")])
def test_nothing_to_count_draws_nothing(draw):
    nothing = pl.DataFrame(schema={"label": pl.String, "part": pl.String, "n": pl.Int64, "tick": pl.String})
    assert rectangles(draw(nothing, SAID)) == []


def test_strange_words_stay_words():
    strange = '<script>&"\x00\x1f\x85\ufffe\u202e]]>' + "織" * 1_000_000
    counts = pl.DataFrame({"label": [strange], "part": ["</svg>"], "n": [1]})
    svg = plots.lay_bars(counts, plots.Words("<b>", "\x00", "</desc>"))
    root = ElementTree.fromstring(svg)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} == {
        *("svg", "title", "desc", "style", "rect", "text", "path"),
    }
    assert root.findtext(f"{SVG}desc") == "</desc>"
    assert "\u202e" not in svg
    assert len(svg) < 10_000


def test_tables_draw_the_same_bytes_in_any_order():
    tables = make_tables()
    shuffled = [frame.sample(fraction=1.0, shuffle=True, seed=3) for frame in tables]
    assert drawings.draw(type(tables)(*shuffled)) == drawings.draw(tables)


def test_without_rows_every_chart_is_drawn():
    for charts in drawings.draw(schemas.Tables(*map(schemas.empty, schemas.Tables._fields))).values():
        for name, svg in charts.items():
            assert rectangles(svg) == [], name


def test_every_record_and_byte_stands_in_its_charts():
    tables = make_tables()
    drawn = drawings.draw(tables)
    sums = {
        name: sum(int(said.rsplit(": ", 1)[1].replace(",", "")) for _, said in rectangles(svg))
        for charts in drawn.values()
        for name, svg in charts.items()
    }
    assert sums == {
        "records-over-time": len(tables.records),
        "length-of-records": len(tables.records),
        "words-by-language": tables.records["n_words"].sum(),
        "records-by-source": len(tables.records),
        "bytes-by-role": (tables.spans["byte_end"] - tables.spans["byte_start"]).sum(),
    }


def dated(*spans):
    """Return tables whose records were published between the given moments."""
    tables = make_tables({"a.txt": [f"Loom {n}." for n in range(len(spans))]})
    first, last = (
        [datetime.fromisoformat(end + "T00:00Z") for end in ends] for ends in zip(*spans, strict=True)
    )
    utc = pl.Datetime("us", "UTC")
    times = {
        "published_earliest": pl.Series(first, dtype=utc),
        "published_latest": pl.Series(last, dtype=utc),
    }
    return tables._replace(records=tables.records.with_columns(**times))


def test_months_without_records_have_their_place():
    tables = dated(("2021-01-03", "2021-01-05"), ("2021-12-01", "2021-12-31"), ("2021-01-01", "2021-12-31"))
    svg = drawings.draw(tables)["records"]["records-over-time"]
    assert "break" not in svg
    assert [said for _, said in rectangles(svg)] == ["January 2021: 1"] + [
        f"{month} 2021: 0" for month in drawings.MONTHS[1:11]
    ] + ["December 2021: 1"]
    assert "2 records by date of publication; 1 not dated so exactly; most in January 2021: 1" in svg


def test_many_years_are_drawn_by_years():
    tables = dated(*((f"{year}-01-03", f"{year}-01-05") for year in (*range(1921, 2020, 7), 2021)))
    told = [said for _, said in rectangles(drawings.draw(tables)["records"]["records-over-time"])]
    assert told[0] == "1920 to 1921: 1"
    assert told[-1] == "2020 to 2021: 1"
    assert len(told) == 51


def test_a_long_stretch_without_records_is_left_out_and_said_to_be():
    tables = dated(("1921-01-03", "1921-01-05"), ("2021-03-01", "2021-03-09"), ("2021-05-01", "2021-05-09"))
    svg = drawings.draw(tables)["records"]["records-over-time"]
    for layout in (0, 1):
        told = [said for _, said in rectangles(svg, layout)]
        assert told == ["January 1921: 1", "March 2021: 1", "April 2021: 0", "May 2021: 1"]
    assert "left out, since without records: February 1921 to February 2021" in svg
    for layout in layouts(svg):
        ticks = [
            text.text for text in layout.iter(f"{SVG}text") if text.text[-2:] == "21" and len(text.text) == 8
        ]
        assert ticks[:2] == ["Jan 1921", "Mar 2021"]
    breaks = [path for path in layouts(svg)[0].iter(f"{SVG}path") if path.get("class") == "axis break"]
    assert [path.findtext(f"{SVG}title") for path in breaks] == [
        "February 1921 to February 2021: none, left out"
    ]


def test_a_record_without_a_date_is_told_from_one_not_dated_so_exactly():
    tables = dated(("2021-01-03", "2021-01-05"), ("2021-01-01", "2021-12-31"), ("2021-02-01", "2021-02-02"))
    gone = pl.when(pl.int_range(pl.len()) != 2)
    tables = tables._replace(
        records=tables.records.with_columns(
            gone.then(f"published_{end}").alias(f"published_{end}") for end in ("earliest", "latest")
        )
    )
    svg = drawings.draw(tables)["records"]["records-over-time"]
    assert "1 record by date of publication; 1 without a date; 1 not dated so exactly; most" in svg


def test_words_are_counted_in_doubling_steps():
    tables = make_tables({"a.txt": [f"{'loom ' * n}loom." for n in (0, 1, 2, 6, 30)]})
    told = [said for _, said in rectangles(drawings.draw(tables)["records"]["length-of-records"])]
    assert told == [
        "1 word: 1",
        "2 to 3 words: 2",
        "4 to 7 words: 1",
        "8 to 15 words: 0",
        "16 to 31 words: 1",
    ]


def test_the_rarest_stand_together():
    tables = make_tables({f"{n}.txt": ["Loom."] * (n + 1) for n in range(20)})
    documents = tables.documents.with_columns(site=pl.col("path"))
    svg = drawings.draw(tables._replace(documents=documents))["records"]["records-by-source"]
    told = [said.split(": ")[0] for _, said in rectangles(svg)]
    assert told == [*(f"{n}.txt" for n in range(19, 8, -1)), "other"]


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
