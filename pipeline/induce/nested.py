"""Records told by how a page nests, written down as a grammar of the kind that people write."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pipeline.induce.compose import ASIDE, INSIDE, KIND, mark_pattern, when_pattern
from pipeline.induce.members import Posts
from pipeline.induce.names import (
    WORDS_OF_NAME,
    after_date,
    are_lengths,
    before_date,
    is_for_name,
    named_of,
    sole_line,
    varies,
)
from pipeline.induce.nesting import SHARED, Nest
from pipeline.induce.page import Page
from pipeline.induce.replies import reply_marks
from pipeline.induce.roles import first_words, roles
from pipeline.induce.said import Said
from pipeline.induce.shapes import AGE_SIGN, DATE_SIGN, DAYS, dated_pattern
from pipeline.induce.sheet import BULLETED, FEWEST, NUMBERED
from pipeline.induce.structure import FURNITURE, OUTSIDE
from pipeline.induce.structure import HEADER as HEAD
from pipeline.induce.template import Column, Frame, frame_of
from pipeline.induce.words import ANYTHING, BODY, HEADER, Grammar, Mark, chrome, n, numbered, pl

MARKERS = (f"^{NUMBERED}", f"^{BULLETED}")
MARKER = rf"(?:{BULLETED}+|{NUMBERED}+)?"
MEMBER = rf"^{MARKER}(?:#\d[\d.,]*\s+)?(?P<author>.+)$"


class Named(NamedTuple):
    """The rows that say who, and the pattern of their lines."""

    rows: np.ndarray
    pattern: str


def compose_nest(nest: Nest) -> Said:
    """Write the grammar that labels a page by its nest, and the source text that says it."""
    (role,), named, titles = roles([nest], first_words(nest.sheet.page)), _named(nest), _titles(nest)
    role[named.rows] = role[titles] = HEAD
    marks = (
        *reply_marks(nest.sheet.page, nest.starts, int(nest.ends[-1]), "post"),
        *_top(nest),
        *_openings(nest, role, named),
        *_members(nest, role),
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


def _members(nest: Nest, role: np.ndarray) -> Iterator[Said]:
    """Mark what is said of the authors of a forum's posts, which is of their heads."""
    if isinstance(nest, Posts):
        rows = nest.heads
        role[rows] = HEAD
        yield Mark("member", ANYTHING, HEADER, where=_at(rows))


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
    return numbered(rows.tolist())


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
    group = "" if are_lengths(nest.sheet.page, frame, frame.home) else "published_raw"
    return when_pattern(nest.sheet.page, frame, frame.home, group, nest.sheet.signs)


def _dated_frame(nest: Nest) -> Frame:
    rows = nest.told
    column = Column(0, "dated", DAYS, 0, False, len(rows), 1.0)
    return Frame(rows, (column,), np.ones((len(rows), 1), dtype=bool), 0)


def _named(nest: Nest) -> Named:
    """Find the lines that say who, at a fixed distance from those that say when, where those do not."""
    if isinstance(nest, Posts):
        return Named(nest.starts, MEMBER)
    page, rows = nest.sheet.page, nest.told[nest.sheet.page.shapes["dated"][nest.told] >= 0]
    if len(rows) < max(FEWEST, SHARED * len(nest.starts)):
        return Named(rows[:0], "")
    alone = _dated_frame(nest)
    frame = frame_of(page, "dated", rows)
    if frame is None or before_date(page, alone, alone.home) or after_date(page, alone, alone.home):
        return Named(rows[:0], "")
    slots = (c for c in frame.columns if c.offset and is_for_name(c) and varies(page, frame, c))
    slot = named_of(page, frame, slots)
    for place, column in enumerate(frame.columns):
        is_told = column is slot or bool(sole_line(page, frame, column))
        pattern = "" if column.has_when else mark_pattern(page, frame, column, "author" * is_told)
        if "(?P<author>" in pattern:
            dated = frame.rows[frame.fits[:, place]]
            rows, record = dated + column.offset, nest.record
            return Named(rows[(record[rows] >= 0) & (record[rows] == record[dated])], pattern)
    return Named(rows[:0], "")


def _titles(nest: Nest) -> np.ndarray:
    """Find the titles below the lines that say when, where records begin with those: brief, above what is longer."""
    if isinstance(nest, Posts):
        return nest.titles
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
