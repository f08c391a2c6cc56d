"""Records told by how a page nests: siblings that hold the same kinds of lines at the same depths.

A page that was laid out as boxes within boxes shows it where its text is set in by depth: what stands deeper than a
line is within it. Records are then siblings, one beside the other at one depth, whatever their lines say: each begins
with a line of one *sort* and holds what the others hold, a date here, the site's words there. That needs neither words
nor dates that recur at a fixed distance.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from pipeline.induce.dates import date_words
from pipeline.induce.names import WORDS_OF_NAME
from pipeline.induce.shapes import OPENING, SIGNS, signs_of
from pipeline.induce.template import Page, evenness, n_distinct
from pipeline.induce.weighing import prose_above

FEWEST = 3  # records
LEAST_MASS = 0.15  # of a page's text, what a box with its records holds
BULLETED, NUMBERED = r"[*+o#@-]\s", r"\d+\.\s"
LONG = 200  # weight of a line that is a text whatever it ends with
SHARED = 0.6  # of the records, those that hold what all are said to
ALIKE = 0.5  # of what all hold, so much must a record at either end
OFTEN = 0.3  # of the records, those in which the site repeats a line
LEAST_ARTICLE = 250  # weight of prose above the records that may be an article
MOST_BOXES = 12
PURGES = 3
MOST_SHARED, MOST_SITE = 6, 3  # kinds of lines that count
UNTOLD = 0.5  # of records in which nothing is said when, nor by the site
STEPS = (0, 1, -1, -2)  # siblings from a line of a sort to that with which its record begins

# What speaks for siblings being records, in log odds: a logistic regression over 3,000 ways to part 75 labelled pages
# and 211 pages of one article; right are those of which three starts in four are. In five folds by page, 19 labelled
# pages and 3 articles were parted as surely as is taken: 15 of the former rightly. The constant is 1.7 more than was
# fitted, among more articles than people feed in.
BIAS = -3.4
WEIGHTS = {
    "coverage": 2.0,
    "even": 1.75,
    "dated": 2.1,
    "distinct": 1.5,
    "single": 2.8,
    "fixed": -0.75,
    "site": -0.9,
    "listed": 0.55,
    "apart": 0.1,
    "dedent": 0.75,
    "brief": 1.9,
    "deeper": 0.85,
    "orphan": -0.6,
    "shared": 1.4,
    "few": -1.1,
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


class Sheet:
    """A page, with what is asked of each of its lines.

    Attributes:
        depth: white space before a line; of an item of a numbered list, up to its dot, as numbers are set flush right.
        marker: 0, 1 with a bullet, 2 with a number.
        when: whether a line says when within its first OPENING characters.
        is_text: whether it is long, or ends as a sentence does.
        fixed: whether the page says it at least FEWEST times, word for word.
        sorts: the number of what a line is among its siblings.
        wide_sorts: the same, whatever it says.
        kinds: the number of what it is within a record: how deep, and what it shows.
        tells, is_site: by kind, whether its lines say when or are the site's; whether they are the site's.
    """

    def __init__(self, page: Page, depth: np.ndarray) -> None:
        self.page, self.depth = page, depth
        text = page.lines["text"]
        is_listed, is_numbered = (
            text.str.contains(f"^{marker}").to_numpy() for marker in (BULLETED, NUMBERED)
        )
        self.marker = np.where(is_numbered, 2, np.where(is_listed, 1, 0))
        self.when = (page.shapes["dated"] >= 0) | page.opens_dated
        self.is_text = (page.prose & page.ends) | (page.weight > LONG)
        self.is_deeper = np.append(depth[1:] > depth[:-1], False)
        exact = page.shapes["exact"]
        _, inverse, counts = np.unique(exact, return_inverse=True, return_counts=True)
        is_signed = page.lines["exact_shape"].str.contains(f"[{SIGNS}]").fill_null(value=False).to_numpy()
        self.fixed = (exact >= 0) & (counts[inverse] >= FEWEST) & ~self.when & ~is_signed
        shown = (self.marker, self.when, self.is_text, np.where(self.fixed, exact, -1))
        holds = self.is_deeper & ~self.when  # below the last foot of a page often stands what is set in more
        self.sorts, _ = _numbered(holds, *shown)
        self.wide_sorts, _ = _numbered(holds, self.marker, self.when)
        self.kinds, first = _numbered(depth, *shown)
        self.is_site = self.fixed[first]
        self.tells = self.is_site | self.when[first]

    @cached_property
    def signs(self) -> dict[str, str]:
        """Write what stands for a date in how its lines begin."""
        return signs_of(date_words(self.page.lines["text"].str.slice(0, OPENING)))


def _numbered(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the rows that are alike in some columns; with the first row of each number."""
    stacked = np.stack([column.astype(np.int64) for column in columns], axis=1)
    _, first, number = np.unique(stacked, axis=0, return_index=True, return_inverse=True)
    return number.reshape(-1), first


def nests(page: Page) -> list[Nest]:
    """List the ways in which a page's boxes may be records, the likeliest first."""
    if len(np.unique(page.indent)) < FEWEST:
        return []
    digits = page.lines["text"].str.extract(r"^(\d+)\.\s", 1).str.len_chars().fill_null(0).to_numpy()
    depth = page.indent + digits.astype(np.int64)
    boxes = list(_boxes(page, depth))
    if not boxes:
        return []
    sheet = Sheet(page, depth)
    found: dict[bytes, Nest] = {}
    for at, first, last in boxes:
        heads = np.flatnonzero(depth[first : last + 1] == at) + first
        for rows in _openings(sheet, heads):
            nest = _nest(sheet, at, heads, rows, last)
            if nest is not None:
                found.setdefault(nest.starts.tobytes(), nest)
    return sorted(found.values(), key=lambda nest: -nest.score)


def _openings(sheet: Sheet, heads: np.ndarray) -> Iterator[np.ndarray]:
    """List the siblings that may begin records: of one sort, or so many before or after those of one sort."""
    chosen = [
        np.flatnonzero(sorts[heads] == number)
        for sorts in (sheet.sorts, sheet.wide_sorts)
        for number in np.unique(sorts[heads])
    ]
    chosen += [np.flatnonzero(sheet.marker[heads] == marker) for marker in (1, 2)]
    seen = set()
    for at in chosen:
        if len(at) < FEWEST:
            continue
        usual = int(np.median(np.diff(at)))
        for step in STEPS:
            # Above the first foot stands a record too, if no foot above it.
            places = np.append(at[0] + step - usual, at + step) if step > 0 else at + step
            places = np.unique(places[(places >= 0) & (places < len(heads))])
            if len(places) >= FEWEST and places.tobytes() not in seen:
                seen.add(places.tobytes())
                yield heads[places]


def _boxes(page: Page, depths: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """List the boxes that hold much of a page's text: the depth of what is in them, their first and last row."""
    total = max(1.0, float(page.mass_before[-1]))
    boxes = []
    for depth in np.unique(depths).tolist():
        inside = np.concatenate([[0], (depths >= depth).astype(np.int8), [0]])
        edges = np.flatnonzero(np.diff(inside))
        for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            mass = float(page.mass_before[end] - page.mass_before[first]) / total
            n_heads = int((depths[first:end] == depth).sum())
            if mass >= LEAST_MASS and n_heads >= FEWEST:
                boxes.append((mass, depth, first, end - 1))
    boxes.sort(key=lambda box: -box[0])
    return iter([box[1:] for box in boxes[:MOST_BOXES]])


def _nest(sheet: Sheet, depth: int, heads: np.ndarray, rows: np.ndarray, last: int) -> Nest | None:
    """Take siblings for the first lines of records; null where these have too little in common."""
    for _ in range(PURGES):
        held = _held(sheet, rows, last)
        counts = Counter(kind for kinds in held for kind in set(kinds))
        shared = {kind for kind, count in counts.items() if count >= max(2, SHARED * len(rows))}
        good = [
            i for i, kinds in enumerate(held) if shared and len(shared & set(kinds)) >= ALIKE * len(shared)
        ]
        if len(good) < FEWEST:
            return None
        if good[0] == 0 and good[-1] == len(rows) - 1:
            break
        last = int(rows[good[-1] + 1]) - 1 if good[-1] + 1 < len(rows) else last
        rows = rows[good[0] : good[-1] + 1]
    told = {kind for kind in shared if sheet.tells[kind]}
    rows = _split(sheet, heads, rows, last, told)
    last = _end(sheet, heads, rows, last)
    ends = np.append(rows[1:] - 1, last)
    dated = _dated(sheet, rows, ends)
    evidence = _evidence(sheet, rows, ends, dated, shared)
    return Nest(sheet, depth, rows, ends, dated, _score(evidence), evidence)


def _held(sheet: Sheet, rows: np.ndarray, last: int) -> list[list[int]]:
    """List the kinds of the lines of each record."""
    kinds = sheet.kinds.tolist()
    edges = [*rows.tolist(), last + 1]
    return [kinds[start:end] for start, end in pairwise(edges)]


def _evidence(
    sheet: Sheet, rows: np.ndarray, ends: np.ndarray, dated: np.ndarray, shared: set[int]
) -> dict[str, float]:
    page, depth, inside = sheet.page, sheet.depth, slice(rows[0], ends[-1] + 1)
    mass = page.weight * page.mass
    masses = np.add.reduceat((mass + 1)[inside], rows - rows[0]).astype(float)
    held = _held(sheet, rows, int(ends[-1]))
    single = [np.mean([kinds.count(kind) == 1 for kinds in held]) for kind in shared if sheet.tells[kind]]
    usual = int(np.median(ends - rows + 1))
    above = set(sheet.kinds[max(0, rows[0] - usual) : rows[0]].tolist())
    is_dedent = depth[rows - 1] > depth[rows]
    return {
        "coverage": float(mass[inside].sum() / max(1, mass.sum())),
        "even": evenness(masses),
        "dated": float((dated >= 0).mean()),
        "distinct": n_distinct(page.text[rows]) / len(rows),
        "single": float(np.mean(single)) if single else UNTOLD,
        "fixed": float(sheet.fixed[rows].mean()),
        "site": min(MOST_SITE, sum(bool(sheet.is_site[kind]) for kind in shared)) / MOST_SITE,
        "listed": float((sheet.marker[rows] > 0).mean()),
        "apart": float(((page.gap[rows] > 0) | is_dedent).mean()),
        "dedent": float(is_dedent.mean()),
        "brief": float((~sheet.is_text[rows]).mean()),
        "deeper": float(sheet.is_deeper[rows].mean()),
        "orphan": len(above & shared) / len(shared),
        "shared": min(len(shared), MOST_SHARED) / MOST_SHARED,
        "few": float(len(rows) == FEWEST),
    }


def _split(sheet: Sheet, heads: np.ndarray, rows: np.ndarray, last: int, told: set[int]) -> np.ndarray:
    """Part records that hold twice what stands at the end of the others, at the sibling below it."""
    edges = pairwise([*rows.tolist(), last + 1])
    held = [[row for row in range(start, end) if sheet.kinds[row] in told] for start, end in edges]
    at_end = Counter(int(sheet.kinds[lines[-1]]) for lines in held if lines)
    usual, count = at_end.most_common(1)[0] if at_end else (-1, 0)
    if count < SHARED * len(rows) or sheet.kinds[rows[0]] == usual:
        return rows
    feet = [row for lines in held for row in [row for row in lines if sheet.kinds[row] == usual][:-1]]
    below = np.searchsorted(heads, np.array(feet, dtype=rows.dtype), side="right")
    more = heads[below[below < len(heads)]]
    return np.union1d(rows, more) if len(more) <= OFTEN * len(rows) else rows


def _end(sheet: Sheet, heads: np.ndarray, rows: np.ndarray, last: int) -> int:
    """Find where the last record ends: above a sibling of a sort that no other record has within."""
    within = set(sheet.sorts[heads[(heads > rows[0]) & (heads < rows[-1])]].tolist())
    within.discard(int(sheet.sorts[rows[0]]))
    beyond = heads[(heads > rows[-1]) & (heads <= last)]
    return next((row - 1 for row in beyond.tolist() if sheet.sorts[row] not in within), last)


def _dated(sheet: Sheet, rows: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Choose the line that says when in each record: of the depth at which most such lines stand, the first."""
    lines = np.flatnonzero(sheet.when[rows[0] : ends[-1] + 1]) + rows[0]
    dated = np.full(len(rows), -1)
    if len(lines):
        depths, counts = np.unique(sheet.depth[lines], return_counts=True)
        lines = lines[sheet.depth[lines] == depths[counts.argmax()]]
        record, first = np.unique(np.searchsorted(rows, lines, side="right") - 1, return_index=True)
        dated[record] = lines[first]
    return dated


def _score(evidence: Mapping[str, float]) -> float:
    told = {name: np.log(evidence[name] + 0.05) if name in ODDS else evidence[name] for name in WEIGHTS}
    z = BIAS + sum(weight * told[name] for name, weight in WEIGHTS.items())
    return float(1 / (1 + np.exp(-z)))
