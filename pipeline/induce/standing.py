"""Where no reading of a page is sure by itself: what speaks for each, by one measure, whichever way it was found.

Frames are found by lines that recur, boxes by how lines nest, and each is weighed by what it was found by. Here they
are only ways to part a page into records, and what counts is what the records have in common, and how far other ways
to part the page come to the same. The best of all may be right where none is sure: `segment.readers` takes it if the
page does not look like an article.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.induce.nested import roles
from pipeline.induce.nesting import Nest
from pipeline.induce.sheet import FEWEST, Sheet
from pipeline.induce.structure import BODY, HEADER, OUTSIDE, Layout
from pipeline.induce.template import Page, mode, n_distinct, speaks

# What speaks for a way to part a page, in log odds against the others: fitted to the expected F, by overlap, of what
# is taken of some 3,500 ways to part 148 labelled pages (ridge of 1); those of 80 things asked that foretold best, in
# eight folds by page. What stood best had an F of .68 on pages left out; what was surest by its own measure, fitted
# to these pages too, .67; the best there was, .89. What promises their number was weighed with 21 pages more, by which
# the others hardly moved.
WEIGHTS = {
    "many": 0.67,
    "filled": 1.34,
    "prose": 0.89,
    "dated_once": 1.29,
    "dates": 1.37,
    "dated_there": 0.85,
    "brief": 2.44,
    "begins_dated": -1.16,
    "ends_dated": -0.67,
    "ends_listed": -0.79,
    "alone": 0.69,
    "ends_alike": 1.26,
    "single": 2.04,
    "promised": 1.0,
    "frame": 0.18,
    "box": 0.28,
    "other": 2.15,
    "all": 1.25,
}
# What speaks for its being right (an F of .4 and more, and than an article's), but for what an article says against it:
# a logistic regression over the same pages, 150 of one article and 170 others whose passages are known.
BIAS = -2.94
ODDS = {"worth": 0.31, "head": 1.31, "same": 1.26, "run": -1.05, "frame": 0.07, "box": 0.12, "promised": 1.08}
MOST_STANDING = 3  # that are asked for
FEWEST_DATED = 3  # lines that say when, of fewer than which each part is no more than a third of the page's
MOST_TOLD = 64  # records; of the pages that weights were fitted to few had more, so more tell nothing
LEAST_SAID = 0.1  # of the records, those that end a sentence, hold prose or say when
LEAD = 12  # lines above the first record in which what promises their number is looked for
FAR = 3  # lines apart from which on prose is of another stretch
LEAST_PROSE = 300.0  # weight
SHARED = 0.5  # of the records, as many lines as that must say what the site says in each
SURE = 1e-4  # a score nearer to 0 or 1 tells no more


@dataclass(frozen=True)
class Parting:
    """A way to part a page.

    Attributes:
        reading: what parts it.
        role: of each line, as in `structure`.
        starts, lasts: first and last rows of the records.
        number: the record of each line; -1 for none.
    """

    reading: Layout | Nest
    role: np.ndarray
    starts: np.ndarray
    lasts: np.ndarray
    number: np.ndarray

    @cached_property
    def begins(self) -> frozenset[int]:
        """Give the first rows."""
        return frozenset(self.starts.tolist())


@dataclass(frozen=True)
class Standing:
    """How a reading stands among the others.

    Attributes:
        reading: which.
        worth: what speaks for it against the others.
        odds: log odds of its being right, but for what an article on the page says against it.
    """

    reading: Layout | Nest
    worth: float
    odds: float


def standings(sheet: Sheet, readings: Sequence[Layout | Nest]) -> list[Standing]:
    """List the readings of a page that stand best, the best first."""
    page = sheet.page
    partings = [one for one in (_parting(page, reading) for reading in readings) if len(one.starts)]
    told = [_evidence(sheet, one) | _agreement(one, partings) for one in partings]
    run = _longest_run(page)
    found = [
        _standing(one, evidence | {"run": run})
        for one, evidence in zip(partings, told, strict=True)
        if _says_something(evidence)
    ]
    return sorted(found, key=lambda one: -one.worth)[:MOST_STANDING]


def _standing(one: Parting, evidence: Mapping[str, float]) -> Standing:
    worth = speaks(WEIGHTS, evidence)
    return Standing(one.reading, worth, BIAS + speaks(ODDS, {**evidence, "worth": worth}))


def _says_something(evidence: Mapping[str, float]) -> bool:
    """Say whether records have words or dates: else they are links."""
    return max(evidence["filled"], evidence["dated_once"]) >= LEAST_SAID


def _parting(page: Page, reading: Layout | Nest) -> Parting:
    role = reading.role if isinstance(reading, Layout) else roles(reading)
    rows = np.flatnonzero((reading.record >= 0) & (role != OUTSIDE))
    edge = np.diff(reading.record[rows]) != 0
    starts, lasts = rows[np.append(rows[:1] >= 0, edge)], rows[np.append(edge, rows[:1] >= 0)]
    number = np.full(page.height, -1)
    number[rows] = np.searchsorted(starts, rows, side="right") - 1
    return Parting(reading, role, starts, lasts, number)


def _evidence(sheet: Sheet, one: Parting) -> dict[str, float]:
    """Say what the records have in common."""
    page, starts, lasts, number = sheet.page, one.starts, one.lasts, one.number
    n, inside, is_body = len(starts), number >= 0, (number >= 0) & (one.role == BODY)
    between = np.arange(starts[0], lasts[-1] + 1)
    is_usual = between[sheet.kinds[between] == mode(sheet.kinds[starts])[0]]
    says_when = np.flatnonzero(sheet.when & inside)
    dates = np.bincount(number[says_when], minlength=n)
    odds = np.log(1 / np.clip(1 - one.reading.score, SURE, 1 - SURE) - 1)
    is_box = isinstance(one.reading, Nest)
    return {
        "many": float(np.log(min(n, MOST_TOLD))),
        "filled": n_distinct(number[is_body & (page.prose | page.ends)]) / n,
        "prose": n_distinct(number[is_body & page.prose]) / n,
        "dated_once": float((dates == 1).mean()),
        "dates": float((dates > 0).sum() / max(FEWEST_DATED, int(sheet.when.sum()))),
        "dated_there": _at_one_place(number, starts, says_when),
        "brief": float(page.short[starts].mean()),
        "begins_dated": float(sheet.when[starts].mean()),
        "ends_dated": float(sheet.when[lasts].mean()),
        "ends_listed": float((sheet.marker[lasts] > 0).mean()),
        "alone": float(np.isin(is_usual, starts).mean()),
        "ends_alike": mode(sheet.kinds[lasts])[1],
        "single": _single(sheet, one),
        "promised": _promised(page, one),
        "frame": 0.0 if is_box else float(odds),
        "box": float(odds) if is_box else 0.0,
        "head": float((one.role[inside] == HEADER).mean()),
    }


def _at_one_place(number: np.ndarray, starts: np.ndarray, says_when: np.ndarray) -> float:
    """Say in how many of the records what first says when stands equally far from the record's first line."""
    if not len(says_when):
        return 0.0
    records, first = np.unique(number[says_when], return_index=True)
    return mode(says_when[first] - starts[records])[1] * len(records) / len(starts)


def _promised(page: Page, one: Parting) -> float:
    """Say whether a line not far above the records promises as many: "20 comments"."""
    n, start = len(one.starts), int(one.starts[0])
    is_told = any(start - LEAD <= row < start and number == n for row, number in page.promises)
    return float(is_told and n >= FEWEST)


def _single(sheet: Sheet, one: Parting) -> float:
    """Say of what the site repeats in how many of the records each stands once; `SHARED` where it repeats nothing."""
    starts, n = one.starts, len(one.starts)
    end = one.lasts[-1] + 1 + (int(np.median(np.diff(starts))) if n > 1 else 0)
    rows = np.flatnonzero(sheet.fixed[starts[0] : end]) + starts[0]
    record, exact = np.searchsorted(starts, rows, side="right") - 1, sheet.page.shapes["exact"][rows]
    shares = [
        float((np.bincount(record[exact == shape], minlength=n) == 1).mean())
        for shape, count in zip(*np.unique(exact, return_counts=True), strict=True)
        if count >= max(2, SHARED * n)
    ]
    return float(np.mean(shares)) if shares else SHARED


def _agreement(one: Parting, others: Sequence[Parting]) -> dict[str, float]:
    """Say how far others begin records where one does: of those found the same way, the other way, and all."""
    alike = [
        (
            isinstance(other.reading, Nest) == isinstance(one.reading, Nest),
            2 * len(one.begins & other.begins) / (len(one.begins) + len(other.begins)),
            other.reading.score,
        )
        for other in others
        if other is not one
    ]
    return {
        "same": max((share * score for is_same, share, score in alike if is_same), default=0.0),
        "other": max((share * score for is_same, share, score in alike if not is_same), default=0.0),
        "all": float(np.mean([share for _, share, _ in alike])) if alike else 0.0,
    }


def _longest_run(page: Page) -> float:
    """Give the share of a page's prose in the longest stretch of it that few other lines interrupt."""
    rows = np.flatnonzero(page.prose)
    stretch = np.cumsum(np.diff(rows, prepend=rows[:1]) > FAR)
    weights = np.bincount(stretch, page.weight[rows]) if len(rows) else np.zeros(1)
    return float(weights.max() / max(LEAST_PROSE, weights.sum()))
