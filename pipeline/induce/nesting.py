"""Records told by how a page nests: siblings that hold the same kinds of lines at the same depths.

A page that was laid out as boxes within boxes shows it where its text is set in by depth: what stands deeper than a
line is within it. Records are then siblings, one beside the other at one depth, whatever their lines say: each begins
with a line of one *sort* and holds what the others hold, a date here, the site's words there. That needs neither words
nor dates that recur at a fixed distance.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from pipeline.induce.feet import above_sayings, ends_of
from pipeline.induce.measures import majority, n_distinct
from pipeline.induce.names import WORDS_OF_NAME
from pipeline.induce.openings import Opening, joined, openings
from pipeline.induce.ragged import Ragged, Spans, looked_up, tallied
from pipeline.induce.shapes import NUMBER_SIGN
from pipeline.induce.sheet import FEWEST, LONG, Sheet
from pipeline.induce.weighing import prose_above
from pipeline.induce.whole import Whole

SHARED = 0.6  # of the records, those that hold what all are said to
ALIKE = 0.5  # of what all hold, so much must a record at either end
OFTEN = 0.3  # of the records, those in which the site repeats a line
MOST_WEIGHED, MOST_NESTS = 48, 40  # ways to part a page
MOST_LINES = 50_000  # of the partings that are weighed together, which bounds memory
LEAST_ARTICLE = 250  # weight of prose above the records that may be an article
PURGES = 3
COUNTED = rf"{NUMBER_SIGN} [^\W\d]"  # a line that counts: "24 replies"
ECHOED = 0.8  # of what records hold below the first such line, what stands above it
TOP = 2  # lines below the first of a record, down to which one stands at its head
MOST_SHARED, MOST_SITE = 6, 3  # kinds of lines that count
UNTOLD = 0.5  # of records in which nothing is said when, nor by the site

# What speaks for siblings being records, in log odds. No command fits it again: a logistic regression over 8,500 ways
# to part 95 labelled pages that are set in, and one in eight of 955 pages of one article; right are those of whose
# records and first lines six in ten are. `flat` is set by hand: of a page that is not set in, frames tell as much.
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


T = TypeVar("T")


@dataclass(frozen=True)
class Nest(Whole):
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


def nests(sheet: Sheet) -> list[Nest]:
    """List the ways in which a page's boxes may be records, the likeliest first; MOST_NESTS at most."""
    parted: dict[bytes, _Parting] = {}
    for some in _batched(sheet, list(openings(sheet))):
        for parting in _part(sheet, some):
            if not _begin_with_feet(sheet, parting):
                parted.setdefault(parting.opening.rows.tobytes(), parting)
    likeliest = sorted(parted.values(), key=lambda one: -one.promise)[:MOST_WEIGHED]
    weighed = (nest for some in _batched(sheet, likeliest) for nest in _weigh(sheet, some))
    return sorted(weighed, key=lambda nest: -nest.score)[:MOST_NESTS]


def _batched(sheet: Sheet, some: list[T]) -> Iterator[list[T]]:
    """Take as many at once as hold no more lines than MOST_LINES together, one at least."""
    size = max(1, MOST_LINES // max(1, sheet.page.height))
    return (some[at : at + size] for at in range(0, len(some), size))


# Lines that may begin records, and those that do


class _Parting(NamedTuple):
    """Lines that begin records.

    Attributes:
        opening: the lines, of which records.
        shared: of each kind of lines, whether most records hold it.
        promise: how likely they are to be right, 0 to 1.
    """

    opening: Opening
    shared: np.ndarray
    promise: float


class _Held(NamedTuple):
    """Which kinds of lines the records of some partings hold, each record up to the next: each kind of each once.

    `of` is the parting of the record; `is_alone` says whether the record holds one line of the kind.
    """

    record: np.ndarray
    of: np.ndarray
    kind: np.ndarray
    is_alone: np.ndarray


def _hold(sheet: Sheet, starts: Ragged, last: np.ndarray) -> _Held:
    below = starts.next(last + 1)
    lines = Spans(starts.values, below)
    new = np.flatnonzero(sheet.alike.above.take(lines.values) < np.repeat(starts.values, lines.sizes))
    row, record = lines.values[new], lines.of[new]
    return _Held(record, starts.of[record], sheet.kinds[row], sheet.alike.below[row] >= below[record])


def _tell(
    sheet: Sheet, starts: Ragged, held: _Held, shared: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count what records hold of shared kinds: each record; and all of a parting, of those that tell, and but once."""
    at = np.flatnonzero(looked_up(shared, held.of, held.kind))
    telling = at[sheet.tells[held.kind[at]]]
    once = telling[held.is_alone[telling]]
    n_told, n_once = (np.bincount(held.of[some], minlength=len(shared)) for some in (telling, once))
    return np.bincount(held.record[at], minlength=len(starts.values)), n_told, n_once


def _part(sheet: Sheet, some: list[Opening]) -> list[_Parting]:
    """Take openings for the first lines of records, but for those whose records have too little in common."""
    parted = [*_purge(sheet, dict(enumerate(some)), PURGES).values()]
    if not parted:
        return []
    starts, heads, last = joined([one.opening for one in parted])
    shared = np.stack([one.shared for one in parted])
    starts = _split(sheet, starts, heads, last, shared & sheet.tells)
    promise = _promise(sheet, starts) * np.array([one.promise for one in parted])
    return [
        _Parting(one.opening._replace(rows=rows), one.shared, promised)
        for one, rows, promised in zip(parted, starts.parts(starts.values), promise.tolist(), strict=True)
    ]


def _purge(sheet: Sheet, some: Mapping[int, Opening], times: int) -> dict[int, _Parting]:
    """Leave out records at either end that hold too little of what most hold; and openings that have too few others.

    The others may have less in common, and are purged again, so many times in all. They promise as much as what tells
    something stands but once in a record.
    """
    starts, _, last = joined([*some.values()])
    held = _hold(sheet, starts, last)
    n_holding = tallied(held.of, held.kind, (len(some), len(sheet.tells)))
    shared = n_holding >= np.maximum(2, SHARED * starts.sizes)[:, None]
    n_shared, (n_held, n_told, n_once) = shared.sum(axis=1)[starts.of], _tell(sheet, starts, held, shared)
    once = np.where(n_told > 0, n_once / np.maximum(n_told, 1), UNTOLD)
    good = starts.only((n_held >= ALIKE * n_shared) & (n_shared > 0))
    purged, cut = {}, {}
    for (key, opening), rows, *found in zip(
        some.items(), good.parts(good.values), shared, once.tolist(), strict=True
    ):
        if len(rows) < FEWEST:
            continue
        if rows[0] > opening.rows[0] or rows[-1] < opening.rows[-1]:
            cut[key] = opening.between(int(rows[0]), int(rows[-1]))
        purged[key] = _Parting(cut.get(key, opening), *found)
    again = _purge(sheet, cut, times - 1) if cut and times > 1 else purged
    return {key: again.get(key, one) for key, one in purged.items() if key in again or key not in cut}


def _split(sheet: Sheet, starts: Ragged, heads: Ragged, last: np.ndarray, told: np.ndarray) -> Ragged:
    """Part records that hold twice what stands at the end of the others, at the sibling below it."""
    feet, height = _inner_feet(sheet, starts, last, told), sheet.page.height
    key = heads.of * height + heads.values
    below = np.searchsorted(key, feet.of * height + feet.values, side="right")
    row, of = np.append(heads.values, 0)[below], feet.of
    is_sibling = (below <= heads.last[of]) & (row <= last[of])
    is_few = np.bincount(of[is_sibling], minlength=len(last)) <= OFTEN * starts.sizes
    is_taken = is_sibling & is_few[of]
    keys = np.union1d(starts.of * height + starts.values, (of * height + row)[is_taken])
    return Ragged(keys % height, np.bincount(keys // height, minlength=len(last)))


def _inner_feet(sheet: Sheet, starts: Ragged, last: np.ndarray, told: np.ndarray) -> Ragged:
    """List the lines of the kind that stands last in most records, of those that tell, but for the last of each."""
    lines = Spans(*np.searchsorted(sheet.telling, (starts.values, starts.next(last + 1))))
    row, record = sheet.telling[lines.values], lines.of
    at = np.flatnonzero(looked_up(told, starts.of[record], sheet.kinds[row]))
    row, record = row[at], record[at]
    of, kind = starts.of[record], sheet.kinds[row]
    is_last = np.diff(record, append=-1) != 0
    counts = tallied(of[is_last], kind[is_last], told.shape)
    usual = counts.argmax(axis=1)
    is_foot = counts.max(axis=1) >= SHARED * starts.sizes
    is_foot &= sheet.kinds[starts.values[starts.first]] != usual
    feet = np.flatnonzero(is_foot[of] & (kind == usual[of]))
    feet = feet[np.diff(record[feet], append=-1) == 0]
    return Ragged(row[feet], np.bincount(of[feet], minlength=len(last)))


def _promise(sheet: Sheet, starts: Ragged) -> np.ndarray:
    """Guess how likely rows begin records by what costs little: how much text they part, and how evenly."""
    before = sheet.page.mass_before
    upper = starts.only(~starts.is_last)
    mass = (before[starts.next(starts.values[starts.last])] - before[starts.values] + 1.0)[~starts.is_last]
    return np.sqrt(upper.total(mass) / (before[-1] + 1.0)) * upper.evenness(mass)


def _begin_with_feet(sheet: Sheet, parting: _Parting) -> bool:
    """Say whether records begin with what counts the answers to the record above, "24 replies".

    It does where what they hold stands above the first such line too, with no such line above.
    """
    rows, exact = parting.opening.rows, sheet.page.shapes["exact"]
    value, share = majority(exact[rows].tolist())
    feet = np.flatnonzero(exact == value)
    if value < 0 or share < SHARED or not re.search(COUNTED, sheet.page.shape_at("exact", feet[0])):
        return False
    size = int(np.median(np.diff(rows)))
    above, below = (
        sheet.kinds[max(0, feet[0] - size) : feet[0]],
        sheet.kinds[feet[0] + 1 : feet[0] + 1 + size],
    )
    held = np.setdiff1d(below[parting.shared[below]], sheet.kinds[feet])
    return len(held) >= FEWEST and bool(np.isin(held, above).mean() >= ECHOED)


# What speaks for them


def _weigh(sheet: Sheet, some: list[_Parting]) -> list[Nest]:
    starts, heads, last = joined([one.opening for one in some])
    ends = ends_of(sheet, starts, heads, last)
    dated = _dated(sheet, starts, ends)
    ends = above_sayings(sheet, starts, ends, dated)
    evidence = _evidence(sheet, starts, ends, dated, np.stack([one.shared for one in some]))
    told = np.stack([evidence[name] for name in WEIGHTS], axis=1)
    of_each = zip(
        starts.median(sheet.depth[starts.values]).astype(np.int64).tolist(),
        *map(starts.parts, (starts.values, ends, dated)),
        _scores(evidence).tolist(),
        (dict(zip(WEIGHTS, one, strict=True)) for one in told.tolist()),
        strict=True,
    )
    return [Nest(sheet, *one) for one in of_each]


def _evidence(
    sheet: Sheet, starts: Ragged, ends: np.ndarray, dated: np.ndarray, shared: np.ndarray
) -> dict[str, np.ndarray]:
    """Say what speaks for each parting, and against it.

    Args:
        sheet: the page.
        starts: the first rows of the records of each parting.
        ends: the last rows of the records.
        dated: their rows that say when; -1 for none.
        shared: partings × kinds of lines, whether most records hold such lines.
    """
    page, rows, n, sizes = sheet.page, starts.values, starts.sizes, ends - starts.values + 1
    first, end = rows[starts.first], ends[starts.last] + 1
    below, before = starts.next(end), page.mass_before
    masses = before[below] - before[rows] + (below - rows).astype(float)
    is_dedent, has = sheet.depth[rows - 1] > sheet.depth[rows], dated >= 0
    words, fixed = _before(sheet.is_word), _before(sheet.fixed)
    begins = {
        "dated": has,
        "fixed": sheet.fixed[rows],
        "listed": sheet.marker[rows] > 0,
        "apart": (page.gap[rows] > 0) | is_dedent,
        "dedent": is_dedent,
        "brief": ~sheet.is_text[rows],
        "deeper": sheet.is_deeper[rows],
        "opens_dated": sheet.when[rows],
        "said": words[ends + 1] > words[rows],
        "heading": sheet.is_title[rows],
        "above_words": sheet.is_word[np.minimum(rows + 1, ends)],
        "dated_top": has & (dated - rows <= TOP),
        "dated_last": has & (dated == ends),
        "titled": (before[rows + 1] - before[rows] + 1) / masses,
    }
    usual = starts.median(sizes)
    return {
        "flat": np.full(len(n), float(sheet.is_flat)),
        "coverage": (before[end] - before[first]) / max(1, before[-1]),
        "even": starts.evenness(masses),
        "distinct": starts.counted(sheet.texts[rows])[0].sizes / n,
        "few": n == FEWEST,
        "level": _of_one(starts, sheet.depth[rows]),
        "alike": _of_one(starts, sheet.sorts[rows]),
        "many": np.log(n),
        "long": np.log(starts.mean(sizes)),
        "sited": (fixed[end] - fixed[first]) / (end - first),
        "stub": 2 * sizes[starts.last] < usual,
        "undated": (starts.mean(has) >= SHARED) & ~(has[starts.first] & has[starts.last]),
        "dated_at": _dated_at(starts, ends, dated),
        "orphan": _orphans(sheet, first, usual.astype(np.int64), shared),
        **_means(starts, begins),
        **_common(sheet, starts, end - 1, shared),
        **_edges(sheet, starts, ends),
        **_above(sheet, starts, ends),
    }


def _means(parts: Ragged, asked: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Give the means of some evidence beside the values of some parts, by part."""
    return dict(zip(asked, parts.mean(np.stack([*asked.values()])), strict=True))


def _of_one(starts: Ragged, numbers: np.ndarray) -> np.ndarray:
    """Give the share of the number met most often."""
    found, times = starts.counted(numbers)
    return np.maximum.reduceat(times, found.first) / starts.sizes


def _before(holds: np.ndarray) -> np.ndarray:
    """Count the rows above each, and all, in which something holds."""
    return np.append(0, np.cumsum(holds))


def _common(sheet: Sheet, starts: Ragged, last: np.ndarray, shared: np.ndarray) -> dict[str, np.ndarray]:
    """Say what records have in common: how many kinds, in how many they stand once, and what the outermost hold."""
    held, n_shared = _hold(sheet, starts, last), shared.sum(axis=1)
    n_held, _, n_once = _tell(sheet, starts, held, shared)
    is_held = tallied(held.of, held.kind, shared.shape) > 0
    n_kinds = (is_held & shared & sheet.tells).sum(axis=1)
    return {
        "single": np.where(n_kinds > 0, n_once / (starts.sizes * np.maximum(n_kinds, 1)), UNTOLD),
        "site": np.minimum(MOST_SITE, (shared & sheet.is_site).sum(axis=1)) / MOST_SITE,
        "shared": np.minimum(n_shared, MOST_SHARED) / MOST_SHARED,
        "first": n_held[starts.first] / n_shared,
        "last": n_held[starts.last] / n_shared,
    }


def _orphans(sheet: Sheet, first: np.ndarray, size: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """Say how much of what records share stands above the first too, as far up as a record goes."""
    above = Spans(np.maximum(0, first - size), first)
    is_new = sheet.alike.above[above.values] < above.starts[above.of]
    return above.total(is_new & shared[above.of, sheet.kinds[above.values]]) / shared.sum(axis=1)


def _dated_at(starts: Ragged, ends: np.ndarray, dated: np.ndarray) -> np.ndarray:
    """Say how far down in records stands what says when."""
    has, place = dated >= 0, (dated - starts.values) / np.maximum(ends - starts.values, 1)
    return starts.only(has).mean(place[has], otherwise=0.5)


def _edges(sheet: Sheet, starts: Ragged, ends: np.ndarray) -> dict[str, np.ndarray]:
    """Say how well the first lines of records part them: set in less, below more blank lines than others."""
    has_more = ends > starts.values
    first, below = starts.values[has_more], ends[has_more] + 1
    at = np.stack([first + 1, below], axis=1).ravel()
    depth, gap = np.append(sheet.depth, 0), np.append(sheet.page.gap, 0)
    lowest, widest = (np.minimum.reduceat(depth, at)[::2], np.maximum.reduceat(gap, at)[::2])
    longer, over = starts.only(has_more), gap[first] - widest
    return {
        "crest": longer.mean(depth[first] <= lowest, otherwise=1.0),
        "gapped": longer.mean(over > 0),
        "gap_even": longer.mean(over == 0, otherwise=1.0),
    }


def _above(sheet: Sheet, starts: Ragged, ends: np.ndarray) -> dict[str, np.ndarray]:
    """Say what stands above all records but the first: a title, words, the site's; and whether they begin alike."""
    rest, first = starts.only(~starts.is_first), starts.values[starts.first]
    row, kinds = rest.values, sheet.kinds
    top, above = kinds[np.maximum(0, first - 1)], row - 1
    is_long = starts.only(ends > starts.values).sizes > 0
    asked = {
        "below_title": sheet.is_title[above],
        "below_words": sheet.is_word[above],
        "below_site": sheet.fixed[above],
        "lead_in": (kinds[above] == top[rest.of]) & (first > 0)[rest.of],
        "first_like": kinds[row] == kinds[first][rest.of],
        "ended": (row > ends[~starts.is_last] + 1) & is_long[rest.of],
    }
    return _means(rest, asked)


def _dated(sheet: Sheet, starts: Ragged, ends: np.ndarray) -> np.ndarray:
    """Choose the line that says when in each record: the first of the depth at which most records have such a line.

    Short lines go before the openings of longer ones.
    """
    lines, dates = Spans(starts.values, ends + 1), sheet.dates
    number, above = dates.numbers[lines.values], dates.above[lines.values]
    is_first = (number >= 0) & (above < starts.values[lines.of])
    row, record, number = lines.values[is_first], lines.of[is_first], number[is_first]
    n_records = tallied(starts.of[record], number, (len(starts.sizes), dates.size))
    is_chosen = number == n_records.argmax(axis=1)[starts.of[record]]
    dated = np.full(len(ends), -1)
    dated[record[is_chosen]] = row[is_chosen]
    return dated


def _scores(evidence: Mapping[str, np.ndarray]) -> np.ndarray:
    """Say how likely each parting is right, 0 to 1."""
    told = {name: np.log(evidence[name] + 0.05) if name in ODDS else evidence[name] for name in WEIGHTS}
    odds = BIAS + sum(weight * told[name] for name, weight in WEIGHTS.items())
    return 1 / (1 + np.exp(-odds))
