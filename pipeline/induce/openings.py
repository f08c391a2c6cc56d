"""Which lines may begin records, on a page whose records show by how it is set: siblings, or what stands above a line.

Siblings are the lines at one depth of a box; on a page that is not set in, those below a blank line. Records begin with
siblings of one sort, or so many siblings from them. Else records are known by a line that recurs in each, a date or the
site's words, wherever in them it stands: they begin at it, below it, or as far above it as a box or a paragraph goes.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pipeline.induce.ragged import Ragged, differs, grouped
from pipeline.induce.sheet import FEWEST, Sheet

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
        """Keep the rows from one to another; the last record ends above the row below that."""
        top, below = np.searchsorted(self.rows, (first, last + 1)).tolist()
        end = int(self.rows[below]) - 1 if below < len(self.rows) else self.last
        return Opening(self.rows[top:below], self.heads, end)


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
    before, depths = sheet.page.mass_before, sheet.depth
    total = max(1.0, float(before[-1]))
    boxes, inside = [], np.zeros(len(depths) + 2, dtype=bool)
    for depth in np.unique(depths).tolist():
        inside[1:-1] = depths >= depth
        edges = np.flatnonzero(differs(inside)[1:])
        first, end, heads = edges[::2], edges[1::2], np.flatnonzero(depths == depth)
        masses = (before[end] - before[first]) / total
        of, below = np.searchsorted(heads, first), np.searchsorted(heads, end)
        boxes += [
            (float(masses[box]), heads[of[box] : below[box]], int(end[box]) - 1)
            for box in np.flatnonzero((masses >= LEAST_MASS) & (below - of >= FEWEST)).tolist()
        ]
        whole = float(np.cumsum(masses)[-1])
        if len(first) > 1 and whole >= LEAST_MASS and len(heads) >= FEWEST:
            boxes.append((whole, heads, int(end[-1]) - 1))
    boxes.sort(key=lambda box: -box[0])
    return iter([box[1:] for box in boxes[:MOST_BOXES]])


def _places(sheet: Sheet, heads: np.ndarray) -> Iterator[np.ndarray]:
    """List the siblings that may begin records, by their place: of one sort, or so many before or after those."""
    numbers = sheet.sorts, sheet.wide_sorts, np.where(sheet.marker > 0, sheet.marker, -1)
    chosen = {at.tobytes(): at for some in numbers for at in grouped(some[heads], FEWEST)}
    for at in chosen.values():
        usual = _usual_distance(at)
        for step in STEPS:
            # Above the first foot stands a record too, if no foot above it.
            places = np.append(at[0] + step - usual, at + step) if step > 0 else at + step
            yield places[(places >= 0) & (places < len(heads))]


def _usual_distance(rows: np.ndarray) -> int:
    """Give the median of how far rows are apart."""
    apart = np.sort(rows[1:] - rows[:-1])
    return int(apart[(len(apart) - 1) // 2] + apart[len(apart) // 2]) // 2


# What stands above lines that recur


def _of_anchors(sheet: Sheet) -> Iterator[Opening]:
    last = sheet.page.height - 1
    for rows in _anchors(sheet):
        for starts in _climbs(sheet, rows):
            yield Opening(starts, starts, last)


def _anchors(sheet: Sheet) -> list[np.ndarray]:
    """List the rows of lines that recur, those first that part the page's text evenly."""
    before = sheet.page.mass_before
    keys = sheet.page.shapes["exact"], np.where(sheet.when, sheet.depth, -1), np.where(sheet.when, 0, -1)
    found = [*{rows.tobytes(): rows for key in keys for rows in grouped(key, FEWEST)}.values()]
    if not found:
        return []
    alike = Ragged.joined(found)
    first, last = alike.values[alike.first], alike.values[alike.last]
    mass = before[alike.next(last)] - before[alike.values] + 1.0
    worth = (before[last] - before[first]) * alike.only(~alike.is_last).evenness(mass[~alike.is_last])
    return [found[at] for at in np.argsort(-worth, kind="stable")[:MOST_ANCHORS].tolist()]


def _climbs(sheet: Sheet, rows: np.ndarray) -> Iterator[np.ndarray]:
    """List where records may begin that hold one of some lines each: each way for all of them alike."""
    # What may be of each record above its line begins below the line of the one before.
    begin = np.append(max(0, rows[0] - _usual_distance(rows)), rows[:-1] + 1)
    yield rows
    yield begin
    up = sheet.parent[rows]
    for _ in range(2):
        yield _distinct(up)
        up = np.where(up >= 0, sheet.parent[up], -1)
    for tops in sheet.gap_tops:
        yield _distinct(tops[rows])
    yield _distinct(np.maximum(sheet.level_top[np.maximum(rows - 1, 0)], begin))
    for pick, key in sheet.outermost:
        yield pick.reduceat(key[: rows[-1] + 1], begin) % sheet.page.height


def _distinct(rows: np.ndarray) -> np.ndarray:
    """List rows once each, in order, but for -1."""
    ordered = np.sort(rows)
    return ordered[differs(ordered) & (ordered >= 0)]
