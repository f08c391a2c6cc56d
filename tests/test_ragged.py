"""What is asked of several parts at once: the same as of each by itself, to the last bit."""

from pathlib import Path

import numpy as np
import pytest

from pipeline import induce, laws
from pipeline.induce import nesting
from pipeline.induce.measures import evenness
from pipeline.induce.ragged import Ragged, Spans, grouped
from pipeline.induce.sheet import Sheet
from pipeline.ingest import read_lines
from tests import induced_pages

PAGES = sorted(induced_pages.FOLDER.glob("*.txt"))[:6]
SIZES = (1, 300, 2, 9, 40)


def parts_of(sizes: tuple[int, ...]) -> tuple[Ragged, list[np.ndarray]]:
    random = np.random.default_rng(len(sizes))
    parts = [random.random(size) for size in sizes]
    return Ragged.joined(parts), parts


def test_parts_asked_at_once_come_to_what_each_comes_to() -> None:
    ragged, parts = parts_of(SIZES)
    values = ragged.values
    assert ragged.total(values).tolist() == [part.sum() for part in parts]
    assert ragged.mean(values > 0.5).tolist() == [(part > 0.5).mean() for part in parts]
    assert ragged.median(values).tolist() == [np.median(part) for part in parts]
    assert ragged.evenness(values).tolist() == [evenness(part) for part in parts]
    assert [part.tolist() for part in ragged.parts(values)] == [part.tolist() for part in parts]


def test_a_part_of_which_nothing_is_left_comes_to_what_is_said() -> None:
    ragged, parts = parts_of(SIZES)
    left = ragged.only(ragged.values < parts[1].min())
    assert left.sizes[1] == 0
    assert left.total(left.values)[1] == 0
    assert left.mean(left.values, otherwise=0.5)[1] == 0.5


def test_the_first_row_of_a_span_in_which_something_holds_or_the_row_below() -> None:
    spans = Spans(np.array([4, 2, 7]), np.array([8, 2, 9]))
    assert spans.values.tolist() == [4, 5, 6, 7, 7, 8]
    assert spans.firsts(spans.values == 7).tolist() == [7, 2, 7]
    assert spans.firsts(spans.values == 8).tolist() == [8, 2, 8]


def test_numbers_are_grouped_that_stand_often_enough() -> None:
    assert [at.tolist() for at in grouped(np.array([5, -1, 2, 5, -1, 2, 5, 0]), 2)] == [[2, 5], [0, 3, 6]]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_partings_weighed_one_by_one_are_weighed_as_together(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = induce.page_of(induce.describe_lines(read_lines(laws.document_of(path.read_text("utf-8")))))
    together = nesting.nests(Sheet(page))
    monkeypatch.setattr(nesting, "MOST_LINES", 1)
    by_one = nesting.nests(Sheet(page))
    assert [(one.starts.tolist(), one.ends.tolist(), one.evidence, one.score) for one in by_one] == [
        (one.starts.tolist(), one.ends.tolist(), one.evidence, one.score) for one in together
    ]
