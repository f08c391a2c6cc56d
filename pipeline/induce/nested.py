"""Records told by how a page nests, written down as a grammar of the kind that people write."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pipeline.induce.compose import ASIDE, INSIDE, KIND, mark_pattern, when_pattern
from pipeline.induce.inner import MOST_MORE
from pipeline.induce.names import WORDS_OF_NAME, after_date, before_date, is_for_name, varies
from pipeline.induce.nesting import OFTEN, SHARED, Nest
from pipeline.induce.said import Said
from pipeline.induce.shapes import AGE_SIGN, DATE_SIGN, dated_pattern
from pipeline.induce.sheet import BULLETED, FEWEST, NUMBERED
from pipeline.induce.structure import BODY as OWN
from pipeline.induce.structure import FURNITURE, FURNITURE_WEIGHT, OUTSIDE, n_records
from pipeline.induce.structure import HEADER as HEAD
from pipeline.induce.template import DAYS, Column, Frame, Page, frame_of
from pipeline.induce.words import ANYTHING, BODY, HEADER, Grammar, Mark, chrome, n, pl

DEEPER = 0.9  # of the words of records, those that are set in
MARKERS = (f"^{NUMBERED}", f"^{BULLETED}")
MARKER = rf"(?:{BULLETED}+|{NUMBERED}+)?"


class Named(NamedTuple):
    """The rows that say who, and the pattern of their lines."""

    rows: np.ndarray
    pattern: str


def compose_nest(nest: Nest) -> Said:
    """Write the grammar that labels a page by its nest, and the source text that says it."""
    role, named, titles = roles(nest), _named(nest), _titles(nest)
    role[named.rows] = role[titles] = HEAD
    marks = (
        *_top(nest),
        *_openings(nest, role, named),
        *_inner(nest, named, titles),
        *_site(nest, role),
        *_foot(nest),
    )
    return Grammar(kind=KIND, knows=(r"^",), marks=marks, facts={})


def _top(nest: Nest) -> list[Said]:
    return [Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0)] if nest.starts[0] else []


def _openings(nest: Nest, role: np.ndarray, named: Named) -> Iterator[Said]:
    """Mark the lines that begin records: those that say when, other heads, and their words."""
    page, starts, kind = nest.sheet.page, nest.starts, "post" if nest.is_dated else "article"
    both = np.intersect1d(starts, nest.told)
    if len(both):
        at = _set_in(page, both, _says_when(nest))
        yield Mark("opening_dated", _when_pattern(nest), HEADER, below=BODY, opens=kind, where=at)
    alone = np.setdiff1d(starts, nest.told)
    signed = np.intersect1d(alone, named.rows)
    if len(signed):
        yield Mark("opening_signed", named.pattern, HEADER, below=BODY, opens=kind, where=_at(signed))
    alone = np.setdiff1d(alone, signed)
    headed = alone[role[alone] == HEAD]
    if len(headed):
        pattern = rf"^{MARKER}(?P<title>.+)$" if nest.is_titled else r"^.*$"
        marker = next((marker for marker in MARKERS if _all_begin(page, headed, marker)), "")
        at = _set_in(page, headed, marker)
        yield Mark("opening", pattern, HEADER, below=BODY, opens=kind, where=at)
    bare = np.setdiff1d(alone, headed)
    if len(bare):
        yield Mark("first", ANYTHING, BODY, below=BODY, opens=kind, where=_at(bare))


def _inner(nest: Nest, named: Named, titles: np.ndarray) -> Iterator[Said]:
    """Mark the lines that say when, who and of what below the first of their records."""
    inner = np.setdiff1d(nest.told, nest.starts)
    if len(inner):
        at = _set_in(nest.sheet.page, inner, _says_when(nest))
        yield Mark("when", _when_pattern(nest), HEADER, below=BODY, where=at)
    signed = np.setdiff1d(named.rows, nest.starts)
    if len(signed):
        yield Mark("who", named.pattern, HEADER, below=BODY, where=_at(signed))
    if len(titles):
        yield Mark("title", rf"^{MARKER}(?P<title>.+)$", HEADER, below=BODY, where=_at(titles))


def _site(nest: Nest, role: np.ndarray) -> Iterator[Said]:
    """Mark what the site says within records, and where between them they leave off."""
    site = np.flatnonzero(role == FURNITURE)
    if len(site):
        yield Mark("site", ANYTHING, INSIDE, where=_at(site))
    is_out = role == OUTSIDE
    between = np.arange(nest.starts[0] + 1, nest.ends[-1] + 1)
    aside = between[is_out[between] & ~is_out[between - 1]]
    if len(aside):
        yield Mark("aside", ANYTHING, ASIDE, below=ASIDE, where=_at(aside))


def _foot(nest: Nest) -> list[Said]:
    below = int(nest.ends[-1]) + 1
    if below == nest.sheet.page.height:
        return []
    return [Mark("foot", ANYTHING, chrome("footer"), below=chrome("footer"), where=n == below)]


def _at(rows: np.ndarray) -> Said:
    return n.is_in(rows.tolist())


def _set_in(page: Page, rows: np.ndarray, pattern: str) -> Said:
    """Say which lines some are by how far they are set in and by what they hold; by number, where that tells others."""
    first, last = int(rows[0]), int(rows[-1])
    alike = n.is_between(first, last) & pl.col("indent").is_in(np.unique(page.indent[rows]).tolist())
    for told in (alike, *([alike & pl.col("text").str.contains(pattern)] if pattern else ())):
        if np.array_equal(page.lines.select(told.value).to_series().arg_true().to_numpy(), rows):
            return told
    return _at(rows)


def _all_begin(page: Page, rows: np.ndarray, marker: str) -> bool:
    return bool(page.lines["text"].gather(rows).str.contains(marker).all())


def _says_when(nest: Nest) -> str:
    return dated_pattern(nest.sheet.signs, DATE_SIGN + AGE_SIGN)


def _when_pattern(nest: Nest) -> str:
    """Write the pattern of the lines that say when, and who where they say that."""
    frame = _dated_frame(nest)
    return when_pattern(nest.sheet.page, frame, frame.home, "published_raw", nest.sheet.signs)


def _dated_frame(nest: Nest) -> Frame:
    rows = nest.told
    column = Column(0, "dated", DAYS, 0, False, len(rows), 1.0)
    return Frame(rows, (column,), np.ones((len(rows), 1), dtype=bool), 0)


def _named(nest: Nest) -> Named:
    """Find the lines that say who, at a fixed distance from those that say when, where those do not."""
    page, rows = nest.sheet.page, nest.told[nest.sheet.page.shapes["dated"][nest.told] >= 0]
    if len(rows) < max(FEWEST, SHARED * len(nest.starts)):
        return Named(rows[:0], "")
    alone = _dated_frame(nest)
    frame = frame_of(page, "dated", rows)
    if frame is None or before_date(page, alone, alone.home) or after_date(page, alone, alone.home):
        return Named(rows[:0], "")
    slots = [c for c in frame.columns if c.offset and is_for_name(c) and varies(page, frame, c)]
    slot = max(slots, key=lambda c: c.n_distinct, default=None)
    for place, column in enumerate(frame.columns):
        pattern = "" if column.has_when else mark_pattern(page, frame, column, "author" * (column is slot))
        if "(?P<author>" in pattern:
            dated = frame.rows[frame.fits[:, place]]
            rows, record = dated + column.offset, nest.record
            return Named(rows[(record[rows] >= 0) & (record[rows] == record[dated])], pattern)
    return Named(rows[:0], "")


def _titles(nest: Nest) -> np.ndarray:
    """Find the titles below the lines that say when, where records begin with those: brief, above what is longer."""
    sheet, both = nest.sheet, np.isin(nest.starts, nest.told) & (nest.ends > nest.starts + 1)
    page, at, ends = sheet.page, nest.starts[both] + 1, nest.ends[both]
    if not len(at):
        return at
    longest = np.maximum.reduceat(np.append(page.weight, 0), np.stack([at + 1, ends + 1], axis=1).ravel())[
        ::2
    ]
    told = ~(sheet.when[at] | sheet.fixed[at]) & page.short[at] & (page.weight[at] < longest)
    is_brief = page.n_words[at].mean() > WORDS_OF_NAME
    return at[told] if is_brief and told.sum() >= SHARED * len(nest.starts) else at[:0]


# What a record's lines are


def roles(nest: Nest) -> np.ndarray:
    """Tell a record's words from what the site says in it, above them and among them."""
    page, record = nest.sheet.page, nest.record
    role = np.where(record >= 0, OWN, OUTSIDE).astype(np.int8)
    role[_site_lines(nest, record)] = FURNITURE
    _label(nest, record, role)
    if not nest.begins_with_text:
        role[nest.starts] = HEAD
    is_foot = nest.is_dated and _is_foot(nest, role)
    if nest.is_dated:
        role[nest.dated[nest.dated >= 0]] = HEAD
    for start, end, dated in zip(nest.starts.tolist(), nest.ends.tolist(), nest.dated.tolist(), strict=True):
        first = start + (role[start] == HEAD)
        if nest.is_dated and dated > start and not is_foot and not page.prose[first:dated].any():
            role[first:dated] = np.where(role[first:dated] == OWN, FURNITURE, role[first:dated])
            first = dated + 1
        _trim(page, role, first, end)
    if _words_are_deeper(nest, role):
        _set_siblings(nest, role)
    return role


def _words_are_deeper(nest: Nest, role: np.ndarray) -> bool:
    """Say whether the words of most records stand deeper than the lines with which records begin."""
    page, words = nest.sheet.page, role == OWN
    mass = float((page.weight * words).sum())
    deeper = float((page.weight * (words & (nest.sheet.depth > nest.depth))).sum())
    return mass > 0 and deeper >= DEEPER * mass


def _set_siblings(nest: Nest, role: np.ndarray) -> None:
    """Take short siblings of the lines with which records begin for the site's; below the words they are outside."""
    page = nest.sheet.page
    is_beside = (role == OWN) & (nest.sheet.depth <= nest.depth) & page.short & ~page.prose
    for start, end in zip(nest.starts.tolist(), nest.ends.tolist(), strict=True):
        rows = np.arange(start, end + 1)
        own = rows[(role[rows] == OWN) & ~is_beside[rows]]
        beside = rows[is_beside[rows]]
        if len(own) and len(beside):
            role[beside] = FURNITURE
            below = role[own[-1] + 1 : end + 1]
            if not (below == HEAD).any():
                below[:] = OUTSIDE


def _site_lines(nest: Nest, record: np.ndarray) -> np.ndarray:
    """List the short lines that the site repeats in many records, but for numbers and dates."""
    page, n = nest.sheet.page, len(nest.starts)
    rows = np.flatnonzero((record >= 0) & (page.shapes["exact"] >= 0))
    shapes = page.shapes["exact"][rows].tolist()
    counts = n_records(shapes, record[rows])
    least = np.where(page.weight[rows] <= FURNITURE_WEIGHT, max(2, OFTEN * n), max(FEWEST, SHARED * n))
    often = np.array([counts[shape] for shape in shapes]) >= least
    return rows[often]


def _label(nest: Nest, record: np.ndarray, role: np.ndarray) -> None:
    """Take lines with a label for the site's, where most records hold more than those and their first line."""
    rows = _labelled(nest, record)
    rest = (role == OWN) & (record >= 0)
    rest[rows] = rest[nest.starts] = False
    if len(np.unique(record[rest])) >= SHARED * len(nest.starts):
        role[rows] = FURNITURE


def _labelled(nest: Nest, record: np.ndarray) -> np.ndarray:
    """List the lines that stand once in most records at one depth and begin with one word: "Tags: looms, engines"."""
    sheet = nest.sheet
    rows = np.flatnonzero(record >= 0)
    words = sheet.page.lines["text"].gather(rows).str.extract(r"^(\S+) \S", 1).to_list()
    keys = list(zip(words, sheet.depth[rows].tolist(), strict=True))
    all_of, in_records = Counter(keys), n_records(keys, record[rows])
    n = len(nest.starts)
    is_label = [
        key[0] is not None
        and in_records[key] >= max(FEWEST, SHARED * n)
        and all_of[key] <= (1 + MOST_MORE) * in_records[key]
        for key in keys
    ]
    return rows[np.array(is_label, dtype=bool)]


def _is_foot(nest: Nest, role: np.ndarray) -> bool:
    """Say whether what says when stands below most of the words of its record."""
    page = nest.sheet.page
    mass = page.weight * (role == OWN)
    above = below = 0
    for start, end, dated in zip(nest.starts.tolist(), nest.ends.tolist(), nest.dated.tolist(), strict=True):
        if dated >= 0:
            above += int(mass[start:dated].sum())
            below += int(mass[dated + 1 : end + 1].sum())
    return above > below


def _trim(page: Page, role: np.ndarray, first: int, last: int) -> None:
    """Take for the site's the short lines among its own above a record's words."""
    rows = np.arange(first, last + 1)
    words = rows[(role[rows] == OWN) & (page.prose[rows] | page.ends[rows])]
    top = rows[rows < words[0]] if len(words) else rows[:0]
    site = top[role[top] == FURNITURE]
    if len(site) and 2 * len(site) >= site[-1] - first + 1:
        role[first : site[-1] + 1] = FURNITURE
