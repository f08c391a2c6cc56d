"""Records told by how a page nests: siblings that hold the same kinds of lines at the same depths.

A page that was laid out as boxes within boxes shows it where its text is set in by depth: what stands deeper than a
line is within it. Records are then siblings, one beside the other at one depth, whatever their lines say: each begins
with a line of one *sort* and holds what the others hold, a date here, the site's words there. That needs neither words
nor dates that recur at a fixed distance.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pipeline.induce.feet import above_sayings, ends_of
from pipeline.induce.names import WORDS_OF_NAME
from pipeline.induce.openings import Opening, openings
from pipeline.induce.sheet import FEWEST, LONG, Sheet, counted
from pipeline.induce.template import evenness, likelihood, n_distinct, speaks
from pipeline.induce.weighing import prose_above

SHARED = 0.6  # of the records, those that hold what all are said to
ALIKE = 0.5  # of what all hold, so much must a record at either end
OFTEN = 0.3  # of the records, those in which the site repeats a line
MOST_WEIGHED, MOST_NESTS = 48, 40  # ways to part a page
LEAST_ARTICLE = 250  # weight of prose above the records that may be an article
PURGES = 3
TOP = 2  # lines below the first of a record, down to which one stands at its head
MOST_SHARED, MOST_SITE = 6, 3  # kinds of lines that count
UNTOLD = 0.5  # of records in which nothing is said when, nor by the site

# What speaks for siblings being records, in log odds: a logistic regression over 8,500 ways to part 95 labelled pages
# that are set in, and one in eight of 955 pages of one article. Right are those of whose records and first lines six in
# ten are. Ridge toward the fifteen weights of before, the constant so that what was taken before is. In five folds by
# page the surest way told .55 of the records, the best of all ways .75. `flat` is set by hand: of a page that is not
# set in, frames tell as much.
BIAS = -4.92
WEIGHTS = {
    "flat": -3.0,
    "coverage": 1.63,
    "even": 1.64,
    "dated": 1.59,
    "distinct": 1.47,
    "single": 2.50,
    "fixed": -0.68,
    "site": -0.68,
    "listed": 0.26,
    "apart": 0.34,
    "dedent": 1.21,
    "brief": 2.09,
    "deeper": 0.45,
    "orphan": -0.65,
    "shared": 1.30,
    "few": -0.97,
    "level": 0.14,
    "first": 0.20,
    "last": -0.34,
    "alike": -0.03,
    "opens_dated": -0.10,
    "many": 0.53,
    "long": -0.78,
    "titled": -0.55,
    "sited": -0.03,
    "said": 0.03,
    "crest": 0.72,
    "gapped": 0.21,
    "gap_even": 0.34,
    "ended": 0.39,
    "below_title": -0.49,
    "below_words": -0.14,
    "below_site": 0.21,
    "heading": 0.57,
    "above_words": 0.25,
    "lead_in": -0.51,
    "first_like": 0.38,
    "dated_at": -0.30,
    "undated": -0.62,
    "stub": -0.48,
    "dated_top": 0.03,
    "dated_last": -0.69,
}
ODDS = ("coverage", "even", "distinct", "single")  # shares of which little is as bad as nothing


@dataclass(frozen=True)
class Nest:
    """Records of a page, one beside the other.

    Attributes:
        depth: white space before the lines that begin records, in bytes.
        starts: rows that begin records.
        ends: the last row of each.
        dated: of each record the row that says when; -1 for none.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    sheet: "Sheet"
    depth: int
    starts: np.ndarray
    ends: np.ndarray
    dated: np.ndarray
    score: float = 0.0
    evidence: dict[str, float] = field(default_factory=dict)

    @property
    def confidence(self) -> float:
        """Say how sure it is that the page is cut rightly."""
        return self.score

    @property
    def since(self) -> int:
        """Give the first row that is read: above records that say when may stand an article, which they answer."""
        first = int(self.starts[0])
        return first if self.is_dated and prose_above(self.sheet.page, first) >= LEAST_ARTICLE else 0

    @property
    def record(self) -> np.ndarray:
        """Number the record that each line is of; -1 for none."""
        row = np.arange(self.sheet.page.height)
        number = np.searchsorted(self.starts, row, side="right") - 1
        return np.where((number >= 0) & (row <= self.ends[np.maximum(number, 0)]), number, -1)

    @cached_property
    def is_dated(self) -> bool:
        """Say whether most records have a line that says when."""
        return bool((self.dated >= 0).mean() >= SHARED)

    @cached_property
    def told(self) -> np.ndarray:
        """List the rows that say when, where most records have one."""
        return self.dated[(self.dated >= 0) & self.is_dated]

    @cached_property
    def is_titled(self) -> bool:
        """Say whether records begin with a title, and not with who wrote them, as the line with the date does too."""
        page, rows = self.sheet.page, self.starts
        if self.is_dated and 2 * self._n_named_twice > len(rows):
            return False
        is_brief = ~self.sheet.is_text[rows] & (page.weight[rows] <= LONG) & ~self.sheet.when[rows]
        return bool(
            is_brief.mean() >= SHARED
            and page.n_words[rows].mean() > WORDS_OF_NAME
            and n_distinct(page.text[rows]) > SHARED * len(rows)
        )

    @property
    def _n_named_twice(self) -> int:
        """Count the records whose first word is also the first of the line that says when."""
        texts, twice = self.sheet.page.texts, 0
        for start, dated in zip(self.starts.tolist(), self.dated.tolist(), strict=True):
            first = re.search(r"[^\W\d]\w*", texts[start])
            twice += bool(start != dated >= 0 and first and texts[dated].lstrip().startswith(first[0]))
        return twice

    @cached_property
    def begins_with_text(self) -> bool:
        """Say whether records begin with their words."""
        return bool(self.sheet.is_text[self.starts].mean() >= SHARED)


def nests(sheet: Sheet) -> list[Nest]:
    """List the ways in which a page's boxes may be records, the likeliest first; MOST_NESTS at most."""
    parted: dict[bytes, _Parting] = {}
    for opening in openings(sheet):
        parting = _part(sheet, opening)
        if parting is not None:
            parted.setdefault(parting.rows.tobytes(), parting)
    likeliest = sorted(parted.values(), key=lambda one: -one.promise)[:MOST_WEIGHED]
    weighed = (_nest(sheet, one) for one in likeliest)
    return sorted(weighed, key=lambda nest: -nest.score)[:MOST_NESTS]


class _Parting(NamedTuple):
    """Rows that begin records which have some kinds of lines in common; and how promising that is."""

    rows: np.ndarray
    opening: Opening
    shared: np.ndarray
    promise: float


class _Held(NamedTuple):
    """Which kinds of lines records hold, once for each record and kind: the record, the kind, how often."""

    record: np.ndarray
    kind: np.ndarray
    times: np.ndarray


def _hold(sheet: Sheet, rows: np.ndarray, last: int) -> _Held:
    kinds = sheet.kinds[rows[0] : last + 1]
    record = np.searchsorted(rows, np.arange(rows[0], last + 1), side="right") - 1
    n_kinds = len(sheet.tells)
    pairs, times = counted(record * n_kinds + kinds)
    return _Held(pairs // n_kinds, pairs % n_kinds, times)


def _part(sheet: Sheet, opening: Opening) -> _Parting | None:
    """Take lines for the first of records; null where these have too little in common."""
    rows, heads, last = opening
    for _ in range(PURGES):
        held = _hold(sheet, rows, last)
        n_holding = np.bincount(held.kind, minlength=len(sheet.tells))
        shared = n_holding >= max(2, SHARED * len(rows))
        n_held = np.bincount(held.record, weights=shared[held.kind], minlength=len(rows))
        good = np.flatnonzero(n_held >= ALIKE * shared.sum()) if shared.any() else rows[:0]
        if len(good) < FEWEST:
            return None
        if good[0] == 0 and good[-1] == len(rows) - 1:
            break
        last = int(rows[good[-1] + 1]) - 1 if good[-1] + 1 < len(rows) else last
        rows = rows[good[0] : good[-1] + 1]
    rows = _split(sheet, heads, rows, last, shared & sheet.tells)
    return _Parting(rows, Opening(rows, heads, last), shared, _promise(sheet, rows, held, shared))


def _promise(sheet: Sheet, rows: np.ndarray, held: _Held, shared: np.ndarray) -> float:
    """Guess how likely rows begin records by what costs little: how much text they part, and how evenly."""
    mass = np.diff(sheet.page.mass_before[rows]) + 1.0
    total = float(sheet.page.mass_before[-1]) + 1.0
    told = (shared & sheet.tells)[held.kind]
    once = float((held.times[told] == 1).mean()) if told.any() else UNTOLD
    return float((mass.sum() / total) ** 0.5 * evenness(mass) * once)


def _nest(sheet: Sheet, parting: _Parting) -> Nest:
    rows = parting.rows
    ends = ends_of(sheet, parting.opening)
    dated = _dated(sheet, rows, ends)
    ends = above_sayings(sheet, rows, ends, dated)
    evidence = _evidence(sheet, rows, ends, dated, parting.shared)
    depth = int(np.median(sheet.depth[rows]))
    return Nest(sheet, depth, rows, ends, dated, _score(evidence), evidence)


def _evidence(
    sheet: Sheet, rows: np.ndarray, ends: np.ndarray, dated: np.ndarray, shared: np.ndarray
) -> dict[str, float]:
    page, depth, inside = sheet.page, sheet.depth, slice(rows[0], ends[-1] + 1)
    n_shared = int(shared.sum())
    mass = page.weight * page.mass
    masses = np.add.reduceat((mass + 1)[inside], rows - rows[0]).astype(float)
    held = _hold(sheet, rows, int(ends[-1]))
    told = (shared & sheet.tells)[held.kind]
    usual = int(np.median(ends - rows + 1))
    above = np.unique(sheet.kinds[max(0, rows[0] - usual) : rows[0]])
    is_dedent = depth[rows - 1] > depth[rows]
    is_shared = shared[held.kind]
    return {
        "flat": float(sheet.is_flat),
        "coverage": float(mass[inside].sum() / max(1, mass.sum())),
        "even": evenness(masses),
        "dated": float((dated >= 0).mean()),
        "distinct": n_distinct(page.text[rows]) / len(rows),
        "single": _singles(held, told, len(rows)),
        "fixed": float(sheet.fixed[rows].mean()),
        "site": min(MOST_SITE, int((shared & sheet.is_site).sum())) / MOST_SITE,
        "listed": float((sheet.marker[rows] > 0).mean()),
        "apart": float(((page.gap[rows] > 0) | is_dedent).mean()),
        "dedent": float(is_dedent.mean()),
        "brief": float((~sheet.is_text[rows]).mean()),
        "deeper": float(sheet.is_deeper[rows].mean()),
        "orphan": float(shared[above].sum()) / n_shared,
        "shared": min(n_shared, MOST_SHARED) / MOST_SHARED,
        "few": float(len(rows) == FEWEST),
        "level": _of_one(depth[rows]),
        "first": float((is_shared & (held.record == 0)).sum()) / n_shared,
        "last": float((is_shared & (held.record == len(rows) - 1)).sum()) / n_shared,
        "alike": _of_one(sheet.sorts[rows]),
        "opens_dated": float(sheet.when[rows].mean()),
        "many": float(np.log(len(rows))),
        "long": float(np.log((ends - rows + 1).mean())),
        "titled": float(((mass + 1)[rows] / masses).mean()),
        "sited": float(sheet.fixed[inside].mean()),
        **_edges(sheet, rows, ends),
        **_beside(sheet, rows, ends, dated),
    }


def _singles(held: _Held, told: np.ndarray, n: int) -> float:
    """Give the share of the records that hold a kind of line once, on average over the kinds that tell something."""
    n_kinds = len(np.unique(held.kind[told]))
    return float((held.times[told] == 1).sum()) / (n * n_kinds) if n_kinds else UNTOLD


def _of_one(numbers: np.ndarray) -> float:
    """Give the share of the number met most often."""
    return float(counted(numbers)[1].max() / len(numbers))


def _edges(sheet: Sheet, rows: np.ndarray, ends: np.ndarray) -> dict[str, float]:
    """Say how well the first lines of records part them: set in less, below blank lines, below the site's words."""
    has_more = ends > rows
    at = np.stack([rows + 1, ends + 1], axis=1)[has_more].ravel()
    if not len(at):
        return {
            "said": _share(sheet.is_word, rows, ends),
            "crest": 1.0,
            "gapped": 0.0,
            "gap_even": 1.0,
            "ended": 0.0,
        }
    depth, gap = np.append(sheet.depth, 0), np.append(sheet.page.gap, 0)
    first = rows[has_more]
    over = gap[first] - np.maximum.reduceat(gap, at)[::2]
    return {
        "said": _share(sheet.is_word, rows, ends),
        "crest": float((depth[first] <= np.minimum.reduceat(depth, at)[::2]).mean()),
        "gapped": float((over > 0).mean()),
        "gap_even": float((over == 0).mean()),
        "ended": float((rows[1:] > ends[:-1] + 1).mean()),
    }


def _beside(sheet: Sheet, rows: np.ndarray, ends: np.ndarray, dated: np.ndarray) -> dict[str, float]:
    """Say what stands at the edges of records: a title, words, the site's; and where in them what says when."""
    above, below = rows[1:] - 1, np.minimum(rows + 1, ends)
    is_title = ~(sheet.is_word | sheet.fixed | sheet.is_mute)
    has, size = dated >= 0, np.maximum(ends - rows, 1)
    return {
        "below_title": float(is_title[above].mean()),
        "below_words": float(sheet.is_word[above].mean()),
        "below_site": float(sheet.fixed[above].mean()),
        "heading": float(is_title[rows].mean()),
        "above_words": float(sheet.is_word[below].mean()),
        "lead_in": float((sheet.kinds[above] == sheet.kinds[max(0, rows[0] - 1)]).mean()) if rows[0] else 0.0,
        "first_like": float((sheet.kinds[rows[1:]] == sheet.kinds[rows[0]]).mean()),
        "dated_at": float(((dated - rows) / size)[has].mean()) if has.any() else 0.5,
        "undated": float(has.mean() >= SHARED and not has[[0, -1]].all()),
        "stub": float(2 * (ends[-1] - rows[-1] + 1) < np.median(ends - rows + 1)),
        "dated_top": float((has & (dated - rows <= TOP)).mean()),
        "dated_last": float((has & (dated == ends)).mean()),
    }


def _share(holds: np.ndarray, rows: np.ndarray, ends: np.ndarray) -> float:
    """Give the share of the records that have a line in which something holds."""
    before = np.append(0, np.cumsum(holds))
    return float((before[ends + 1] > before[rows]).mean())


def _split(sheet: Sheet, heads: np.ndarray, rows: np.ndarray, last: int, told: np.ndarray) -> np.ndarray:
    """Part records that hold twice what stands at the end of the others, at the sibling below it."""
    lines = np.flatnonzero(told[sheet.kinds[rows[0] : last + 1]]) + rows[0]
    if not len(lines):
        return rows
    record, kinds = np.searchsorted(rows, lines, side="right") - 1, sheet.kinds[lines]
    is_last = np.append(record[1:] != record[:-1], True)
    at_end, counts = counted(kinds[is_last])
    usual = at_end[counts.argmax()]
    if counts.max() < SHARED * len(rows) or sheet.kinds[rows[0]] == usual:
        return rows
    feet, of = lines[kinds == usual], record[kinds == usual]
    feet = feet[np.append(of[1:] == of[:-1], False)]  # but the last of each record
    below = np.searchsorted(heads, feet, side="right")
    more = heads[below[below < len(heads)]]
    more = more[more <= last]
    return np.union1d(rows, more) if len(more) <= OFTEN * len(rows) else rows


def _dated(sheet: Sheet, rows: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Choose the line that says when in each record: the first of the depth at which most records have such a line.

    Short lines go before the openings of longer ones.
    """
    record = np.searchsorted(rows, np.arange(ends[-1] + 1), side="right") - 1
    inside = (record >= 0) & (np.arange(ends[-1] + 1) <= ends[record])
    dated = np.full(len(rows), -1)
    lines = np.flatnonzero(sheet.when[: ends[-1] + 1] & inside)
    if len(lines):
        key = sheet.depth[lines] * 2 + ~sheet.page.short[lines]
        some = [lines[key == one] for one in np.unique(key)]
        best = max(some, key=lambda one: len(np.unique(record[one])))
        of, first = np.unique(record[best], return_index=True)
        dated[of] = best[first]
    return dated


def _score(evidence: Mapping[str, float]) -> float:
    told = {name: np.log(evidence[name] + 0.05) if name in ODDS else evidence[name] for name in WEIGHTS}
    return likelihood(BIAS + speaks(WEIGHTS, told))
