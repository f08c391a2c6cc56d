"""Learn which way to part a page into records stands before the surest.

    python tests/bench/partings.py REAL ... --made MADE ... --drawn DRAWN ...

The folders are those of `choices.py`, and of pages that `layouts.py` drew; the invented pages of `tests/induced` are
learned from too. Of each page of
several records that no grammar knows, every way to part it is written as a grammar and scored. How well pages are
parted by what was learned from others, in folds, is printed first; what is learned of all is written to
`pipeline/induce/ranking.json`. Takes some minutes.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest import mock

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME))

from pipeline import induce, ingest, segment  # noqa: E402, I001 - the project need not be installed; it sets Polars up

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
from choices import FOLDS, Page, read, read_invented  # noqa: E402

from pipeline.evaluate.counts import OVERLAP  # noqa: E402
from pipeline.grammar import grammars  # noqa: E402
from pipeline.induce import ranking  # noqa: E402
from pipeline.induce.standing import Evidence, say_something, with_records  # noqa: E402
from pipeline.segment import pieces, readers  # noqa: E402
from tests.labelled_page import Label  # noqa: E402

RIDGE = 20.0
SHARP = 6.0  # how much likelier a way is to be taken for a better F
MADE_UP, DRAWN = 0.6, 0.3  # what a page made up counts, and one of a random layout, beside a real one
STEPS, LEAST_STEP = 30, 1e-6  # of Newton's method, each halved until less is lost
TINY = 1e-12
Weights = Mapping[str, tuple[float, float]]


class Parted(NamedTuple):
    """The ways to part a page: what is told of them, which is the surest, and F by overlap of each."""

    page: Page
    told: Evidence
    surest: int
    right: np.ndarray

    @property
    def counts(self) -> float:
        """Say how much the page tells."""
        counts = DRAWN if self.page.is_drawn else MADE_UP if self.page.is_made else 1.0
        return float(np.ptp(self.right)) * counts

    @property
    def kind(self) -> str:
        """Say whether it is real, made up or of a random layout."""
        return "drawn" if self.page.is_drawn else "made" if self.page.is_made else "real"


def part(pages: Sequence[Page]) -> list[Parted]:
    """Part the pages that have several records and no turns, and that no grammar knows, in every way."""
    pages = [
        page for page in pages if page.n_records > 1 and not any(one["kind"] == "turn" for one in page.labels)
    ]
    lines = ingest.read_lines(pl.DataFrame({"text": [page.text for page in pages]}))
    unknown = segment.recognise(lines, grammars()).filter(page_kind=segment.UNKNOWN)["doc"].to_list()
    described = induce.describe_lines(readers.lines_of(lines, unknown).with_columns(is_alone=False))
    found = (
        _part(pages[doc], page, readers.lines_of(lines, [doc])) for doc, page in induce.pages_of(described)
    )
    return [one for one in found if one is not None]


def _part(page: Page, shown: induce.Page, lines: pl.DataFrame) -> Parted | None:
    """Part a page in every way; null where the surest reading is none of them."""
    partings = induce.partings_of(shown)
    readings = with_records(induce.weighed(partings))
    with mock.patch.object(induce, "better", return_value=None):
        surest = next(iter(induce.structures(shown, partings)), None)
    place = next((place for place, one in enumerate(readings) if one is surest), None)
    if place is None:
        return None
    extents = [_extents(induce.write(shown, one).value, lines) for one in readings]
    right = np.array([_right(page, one) for one in extents])
    return Parted(page, ranking.tell_all(partings.sheet, readings, place), place, right)


def _extents(grammar: object, lines: pl.DataFrame) -> np.ndarray:
    """Give the first and the last byte of the records that a grammar finds."""
    said = pieces._label_kind(lines, grammar, 0).pieces.filter(pl.col("record") >= 0)
    return (
        said.group_by("record")
        .agg(pl.col("byte_start").min(), pl.col("byte_end").max())
        .drop("record")
        .to_numpy()
    )


def _right(page: Page, found: np.ndarray) -> float:
    """Give F by overlap, as `evaluate` does, of the posts of a page, or of all its records where they are alike."""
    text = page.text
    place = np.cumsum([0, *(len(letter.encode()) for letter in text)])
    solid = np.cumsum([0, *(not letter.isspace() for letter in text)])
    items: list[Label] = [label for label in page.labels if label["level"] == "item"]
    posts = [label for label in items if label["kind"] == "post"]
    gold = np.array([[label["start"], label["end"]] for label in posts or items])
    own = np.searchsorted(place, found)
    first, last = (how(gold[:, None, i], own[None, :, i]) for i, how in enumerate((np.maximum, np.minimum)))
    both = np.maximum(solid[last] - solid[np.minimum(first, last)], 0)
    sizes = (np.diff(solid[spans])[..., 0] for spans in (gold[:, None], own[None]))
    is_met = both >= OVERLAP * (sum(sizes) - both)
    return float(2 * is_met.any(axis=1).sum() / (len(gold) + len(own)))


def fit(parted: Sequence[Parted]) -> Weights:
    """Fit a conditional logistic regression with a ridge, by Newton's method: better ways are likelier to be taken."""
    names = sorted({name for one in parted for name in one.told})
    tables = [
        np.column_stack([one.told.get(name, np.full(len(one.right), np.nan)) for name in names])
        for one in parted
    ]
    everything = np.concatenate(tables)
    mean, spread = np.nanmean(everything, axis=0), np.nanstd(everything, axis=0) + 1e-6
    tables = [np.nan_to_num((table - mean) / spread) for table in tables]
    shares = [np.exp(SHARP * (one.right - one.right.max())) for one in parted]
    pages = [
        (table, share / share.sum(), one.counts)
        for one, table, share in zip(parted, tables, shares, strict=True)
    ]
    found = np.zeros(len(names))
    for _ in range(STEPS):
        step = np.linalg.solve(*_bend_and_slope(pages, found))
        lost = _lost(pages, found)
        while _lost(pages, found - step) > lost and np.abs(step).max() > LEAST_STEP:
            step /= 2
        found -= step
    each = zip(names, mean, found / spread, strict=True)
    return {name: (round(float(m), 4), round(float(weight), 4)) for name, m, weight in each}


Told = tuple[np.ndarray, np.ndarray, float]
"""Of a page: what is told of each way, which share of the choice it should have, and what the page counts."""


def _taken(table: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give the share of the choice that each way has."""
    odds = table @ weights
    taken: np.ndarray = np.exp(odds - odds.max())
    return taken / taken.sum()


def _lost(pages: Sequence[Told], weights: np.ndarray) -> float:
    """Give what is to be as small as may be: how unlikely the better ways are, and how large the weights."""
    unlikely = (-counts * (share @ np.log(_taken(table, weights) + TINY)) for table, share, counts in pages)
    return float(sum(unlikely) + RIDGE / 2 * weights @ weights)


def _bend_and_slope(pages: Sequence[Told], weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the second and the first derivative of what is lost."""
    slope, bend = RIDGE * weights, RIDGE * np.eye(len(weights))
    for table, share, counts in pages:
        taken = _taken(table, weights)
        slope += counts * (table.T @ (taken - share))
        bend += counts * ((table.T * taken) @ table - np.outer(table.T @ taken, taken @ table))
    return bend, slope


def take(one: Parted, weights: Weights) -> float:
    """Give F of the way that is taken, as `ranking.better` does."""
    ranks = np.where(say_something(one.told), ranking.rank(one.told, weights), -np.inf)
    best = int(ranks.argmax())
    return float(one.right[best if ranks[best] > ranks[one.surest] + ranking.CLEARLY else one.surest])


def main(pages: Sequence[Page]) -> None:
    """Tell how pages fare in folds, and write what is learned of all."""
    parted = part(pages)
    in_folds = np.zeros(len(parted))
    for fold in range(FOLDS):
        weights = fit([one for one in parted if one.page.fold != fold])
        for place, one in enumerate(parted):
            in_folds[place] = take(one, weights) if one.page.fold == fold else in_folds[place]
    rows = {
        "kind": [one.kind for one in parted],
        "the surest": [one.right[one.surest] for one in parted],
        "in folds": in_folds,
        "at most": [one.right.max() for one in parted],
    }
    table = pl.DataFrame(rows)
    change = pl.col("in folds") - pl.col("the surest")
    told = table.group_by("kind").agg(
        pl.len(), pl.exclude("kind").mean(), better=(change > 0).sum(), worse=(change < 0).sum()
    )
    print(told)
    weights = {name: list(pair) for name, pair in fit(parted).items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(pair)}" for name, pair in weights.items())
    learned = (
        f"python tests/bench/partings.py REAL ... --made MADE ... --drawn DRAWN ..., on {len(parted)} pages of "
        "several records"
    )
    ranking.LEARNED.write_text(
        f'{{"learned": {json.dumps(learned)}, "weights": {{\n{lines}\n}}}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("real", nargs="+", type=Path)
    parser.add_argument("--made", nargs="*", type=Path, default=[])
    parser.add_argument("--drawn", nargs="*", type=Path, default=[])
    given = parser.parse_args()
    main([*read(given.real, given.made, given.drawn), *read_invented()])
