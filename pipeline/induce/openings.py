"""Which lines may begin records, on a page whose records show by how it is set: siblings, or what stands above a line.

Siblings are the lines at one depth of a box; on a page that is not set in, those below a blank line. Records begin with
siblings of one sort, or so many siblings from them. Else records are known by a line that recurs in each, a date or the
site's words, wherever in them it stands: they begin at it, below it, or as far above it as a box or a paragraph goes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pipeline.induce.ragged import Ragged
from pipeline.induce.sheet import FEWEST, Sheet
from pipeline.induce.template import evenness

LEAST_MASS = 0.15  # of a page's text, what a box with its records holds
MOST_BOXES = 12
MOST_ANCHORS = 10
STEPS = (0, 1, -1, -2)  # siblings from a line of a sort to that with which its record begins


class Opening(NamedTuple):
    """Rows that may begin records, the siblings that they are of, and the last row of the last record."""

    rows: np.ndarray
    heads: np.ndarray
    last: int

    def between(self, first: int, last: int) -> "Opening":
        """Leave out what stands above one of the rows and from the next below another."""
        below = self.rows[last + 1 : last + 2].tolist()
        return Opening(self.rows[first : last + 1], self.heads, below[0] - 1 if below else self.last)


def joined(some: list[Opening]) -> tuple[Ragged, Ragged, np.ndarray]:
    """Take openings one behind the other: their rows, the siblings these are of, and the last rows."""
    rows, heads = Ragged.joined([one.rows for one in some]), Ragged.joined([one.heads for one in some])
    return rows, heads, np.array([one.last for one in some])


def openings(sheet: Sheet) -> Iterator[Opening]:
    """List the rows that may begin a page's records, each once."""
    seen = set()
    for one in (*_of_siblings(sheet), *_of_anchors(sheet)):
        key = one.rows.tobytes()
        if len(one.rows) >= FEWEST and key not in seen:
            seen.add(key)
            yield one


# Siblings


def _of_siblings(sheet: Sheet) -> Iterator[Opening]:
    for heads, last in _below_gaps(sheet) if sheet.is_flat else _boxes(sheet):
        for places in _places(sheet, heads):
            yield Opening(heads[places], heads, last)


def _below_gaps(sheet: Sheet) -> Iterator[tuple[np.ndarray, int]]:
    """List the lines below a blank line, and those below more."""
    last = sheet.page.height - 1
    for gap in (1, 2):
        heads = np.flatnonzero(sheet.page.gap >= gap)
        if FEWEST <= len(heads) < sheet.page.height:
            yield heads, last


def _boxes(sheet: Sheet) -> Iterator[tuple[np.ndarray, int]]:
    """List the boxes that hold much of a page's text, and all of a depth: the siblings in them and their last row."""
    page, depths = sheet.page, sheet.depth
    total = max(1.0, float(page.mass_before[-1]))
    boxes = []
    for depth in np.unique(depths).tolist():
        inside = np.concatenate([[0], (depths >= depth).astype(np.int8), [0]])
        edges = np.flatnonzero(np.diff(inside))
        is_head = depths == depth
        whole = 0.0
        for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            mass = float(page.mass_before[end] - page.mass_before[first]) / total
            whole += mass
            if mass >= LEAST_MASS and is_head[first:end].sum() >= FEWEST:
                boxes.append((mass, np.flatnonzero(is_head[first:end]) + first, end - 1))
        if len(edges) > 2 and whole >= LEAST_MASS and is_head.sum() >= FEWEST:
            boxes.append((whole, np.flatnonzero(is_head), int(edges[-1]) - 1))
    boxes.sort(key=lambda box: -box[0])
    return iter([box[1:] for box in boxes[:MOST_BOXES]])


def _places(sheet: Sheet, heads: np.ndarray) -> Iterator[np.ndarray]:
    """List the siblings that may begin records, by their place: of one sort, or so many before or after those."""
    chosen = [
        np.flatnonzero(sorts[heads] == number)
        for sorts in (sheet.sorts, sheet.wide_sorts)
        for number in np.unique(sorts[heads])
    ]
    chosen += [np.flatnonzero(sheet.marker[heads] == marker) for marker in (1, 2)]
    for at in chosen:
        if len(at) < FEWEST:
            continue
        usual = int(np.median(np.diff(at)))
        for step in STEPS:
            # Above the first foot stands a record too, if no foot above it.
            places = np.append(at[0] + step - usual, at + step) if step > 0 else at + step
            yield places[(places >= 0) & (places < len(heads))]


# What stands above lines that recur


def _of_anchors(sheet: Sheet) -> Iterator[Opening]:
    last = sheet.page.height - 1
    for rows in _anchors(sheet):
        for starts in _climbs(sheet, rows):
            yield Opening(starts, starts, last)


def _anchors(sheet: Sheet) -> list[np.ndarray]:
    """List the rows of lines that recur, those first that part the page's text evenly."""
    page = sheet.page
    dated = np.where(sheet.when, sheet.depth, -1)
    keys = (page.shapes["exact"], dated, np.where(sheet.when, 0, -1))
    found: dict[bytes, tuple[float, np.ndarray]] = {}
    for key in keys:
        numbers, counts = np.unique(key, return_counts=True)
        for number in numbers[(numbers >= 0) & (counts >= FEWEST)].tolist():
            rows = np.flatnonzero(key == number)
            mass = np.diff(page.mass_before[rows])
            covered = float(page.mass_before[rows[-1]] - page.mass_before[rows[0]])
            found.setdefault(rows.tobytes(), (covered * evenness(mass + 1.0), rows))
    return [rows for _, rows in sorted(found.values(), key=lambda one: -one[0])[:MOST_ANCHORS]]


def _climbs(sheet: Sheet, rows: np.ndarray) -> Iterator[np.ndarray]:
    """List where records may begin that hold one of some lines each: each way for all of them alike."""
    usual = int(np.median(np.diff(rows)))
    begin = np.append(max(0, rows[0] - usual), rows[:-1] + 1)  # of what may be of each record above its line
    yield rows
    yield begin
    up = sheet.parent[rows]
    for _ in range(2):
        yield np.unique(up[up >= 0])
        up = np.where(up >= 0, sheet.parent[up], -1)
    for n_blank in (1, 2):
        top = sheet.below_gap(n_blank)[rows]
        yield np.unique(top[top >= 0])
    yield np.unique(np.maximum(sheet.level_top[np.maximum(rows - 1, 0)], begin))
    end, height = int(rows[-1]) + 1, sheet.page.height
    place = np.arange(end)
    depth, gap = sheet.depth[:end], sheet.page.gap[:end]
    yield np.minimum.reduceat(depth * height + place, begin) % height
    yield height - 1 - np.minimum.reduceat(depth * height + height - 1 - place, begin) % height
    yield np.minimum.reduceat((gap.max() - gap) * height + place, begin) % height
