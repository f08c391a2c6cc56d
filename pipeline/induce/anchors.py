"""Lines of one shape that part a page: the candidates for what recurs with every record."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from pipeline.induce.measures import evenness, first_of_each, n_distinct
from pipeline.induce.page import Page
from pipeline.induce.shapes import HANDLE_SIGN, LEVELS, LINK_SIGN, WHEN, WHEN_SIGNS, WORDS_SIGN

MOST_ANCHORS = 12  # candidates of a page that are looked at closely, those that part it best
MOST_INDENTS = 6
FEWEST, FEWEST_DATED = 3, 2  # lines of a shape
WORTH_OF_DATED = 1.4  # of lines with a date, whatever else they say
TELLING_SIGNS = frozenset((*WHEN, HANDLE_SIGN, LINK_SIGN))
EVEN = 0.7  # of what a candidate is worth, the part that evenness decides


def anchors(page: Page) -> list[tuple[str, np.ndarray]]:
    """List the candidates of a page, the best first: the level of the shape and the rows that have it."""
    offered: dict[tuple[int, ...], tuple[float, str, np.ndarray]] = {}
    for level, rows, worth in (*_by_shape(page), *_by_date(page), *_by_title(page)):
        key = (len(rows), int(rows[0]), int(rows[-1]), int(rows.sum()))
        if key not in offered:
            offered[key] = worth * parts(page, rows), level, rows
    best = sorted(offered.values(), key=lambda offer: (-offer[0], offer[1], int(offer[2][0])))
    return [(level, rows) for _, level, rows in best[:MOST_ANCHORS]]


def _by_shape(page: Page) -> Iterator[tuple[str, np.ndarray, float]]:
    for level in LEVELS:
        order = page.shapes[level].argsort(kind="stable")
        numbers = page.shapes[level][order]
        first = first_of_each(numbers)
        counts = np.diff(first, append=page.height)
        often = (numbers[first] >= 0) & (counts >= FEWEST_DATED)
        for start, count in zip(first[often].tolist(), counts[often].tolist(), strict=True):
            rows = order[start : start + count]
            worth = _worth(level, page.shape_at(level, rows[0]), count)
            if worth:
                yield level, rows, worth


def _worth(level: str, shape: str, count: int) -> float:
    """Say how much a shape is one of a record's frame, more than 1 where it has a date or a handle; 0 for no frame."""
    is_dated = not WHEN_SIGNS.isdisjoint(shape)
    is_plain_word = level == "lead" and shape[:-2][-1:].isalnum()
    if shape == WORDS_SIGN or is_plain_word or count < (FEWEST_DATED if is_dated else FEWEST):
        return 0.0
    has_sign = not TELLING_SIGNS.isdisjoint(shape)
    return 1.0 + 0.5 * is_dated + 0.15 * has_sign + 0.3 * (HANDLE_SIGN in shape)


def _by_date(page: Page) -> Iterator[tuple[str, np.ndarray, float]]:
    """List short lines with a date, an age or a time, whatever else they say.

    All of a kind, those of one indent, and those whose indent is not theirs alone, as a footer's is. Dates and ages
    together too, since a site may tell the age of what is new and the date of what is old.
    """
    kinds = [("when", np.flatnonzero(page.shapes["when"] == number)) for number in range(len(WHEN))]
    for level, rows in (*kinds, ("dated", np.flatnonzero(page.shapes["dated"] == 0))):
        if len(rows) < FEWEST_DATED:
            continue
        yield level, _without_strays(page, rows), WORTH_OF_DATED
        indent = page.indent[rows]
        if (indent != indent[0]).any():
            indents, counts = np.unique(indent, return_counts=True)
            shared = rows[np.isin(indent, indents[counts > 1])]
            for some in (shared, *(rows[indent == one] for one in indents[:MOST_INDENTS])):
                if len(some) >= FEWEST_DATED:
                    yield level, _without_strays(page, some), WORTH_OF_DATED


def _without_strays(page: Page, rows: np.ndarray) -> np.ndarray:
    """Leave out the first and the last of some lines while no other is of their shape, as a footer's date is."""
    shapes = page.shapes["bare"][rows].tolist()
    counts = Counter(shapes)
    shared = [place for place, shape in enumerate(shapes) if counts[shape] > 1]
    return rows[shared[0] : shared[-1] + 1] if shared else rows


def _by_title(page: Page) -> Iterator[tuple[str, np.ndarray, float]]:
    """List short lines above a paragraph that end no sentence, by their indent: they may be titles, if most differ."""
    rows = np.flatnonzero(page.titles)
    for indent in np.unique(page.indent[rows])[:MOST_INDENTS]:
        some = rows[page.indent[rows] == indent]
        if len(some) >= FEWEST and 2 * n_distinct(page.text[some]) > len(some):
            yield "title", some, 1.0


def parts(page: Page, rows: np.ndarray) -> float:
    """Say how much of a page's text some lines part, and how evenly, 0 to 1.

    An article is one stretch of text however many lists stand around it; records share the text between them.
    """
    edges = np.concatenate([[0], rows, [page.height]])
    masses = np.diff(page.mass_before[edges]).astype(float)
    if not (total := masses.sum()):
        return 0.0
    return float(1 - masses.max() / total) * (1 - EVEN + EVEN * evenness(masses))
