"""Posts of a forum: each below a box of what is said of its author, whose lines vary in number.

    Ada                     « who
    Analyst
    Posts: 1,204            « what the site counts of each member
    Location: London
    Re: Of looms
    8 January 1843, 09:15   « when
    Looms weave flowers.
    Quote  Report           « the post's foot

No line of such a box stands at a fixed distance from the one that says when. But what stands above the first date, and
not below the last, is of a head; what stands below the last and not above the first is of a foot. Between the foot of
one post and the box of the next stand who wrote it, and as what.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from pipeline.induce.measures import count
from pipeline.induce.names import NAMES_VARY
from pipeline.induce.nesting import Nest
from pipeline.induce.page import SLOT_WEIGHT, Page
from pipeline.induce.ragged import Spans, grouped
from pipeline.induce.shapes import DAYS, NUMBER_SIGN
from pipeline.induce.sheet import FEWEST, Sheet

MOSTLY = 0.6  # of the posts, those that have what all heads or all feet have
SELDOM = 0.25  # of the posts, those that have no signature, at least
MOST_HEAD, MOST_ABOVE = 30, 8  # lines of a head; of those, down to what the site counts
LONGEST = 2  # times as many lines as usual may be what stands below the last date
NAMED = 0.8  # of the posts, those that begin with what may be a name, and say when above all their words
FEWEST_NAMES = 2
MOST_DATES = 2  # in a head: since when a member is one, and when the post was written
# Shapes that count something, the most frequent first: a box has few, a list may have thousands.
MOST_COUNTED = 32
APART = 4  # lines between two of one foot
MOST_SIGNED = 4  # lines of a signature
NEAR = 2  # lines from what was told for a name to one that is
BEFORE_NAME = r"^(?:[*+o#@-]\s|\d+\.\s|#\d[\d.,]*\s+)+"
REPLIES = r"^[^\W\d_]{2,8}\s?[:：]\s?"  # before the title of an answer
LONG_TITLE = 16  # characters from which on a title is one wherever in a line it stands
LEAST_TITLE = 8  # characters of a title of one word, as where no spaces part them
LEAST_COVERED = 0.5  # of a page's text, that of posts
SURE = 0.9  # set by hand: all that is asked is asked of nearly all posts


@dataclass(frozen=True)
class Posts(Nest):
    """Posts of a forum, each begun by the line that says who wrote it, its head ended by the one that says when."""

    @cached_property
    def heads(self) -> np.ndarray:
        """List the rows between these two, but for titles."""
        return np.setdiff1d(self._between, self.titles)

    @cached_property
    def _between(self) -> np.ndarray:
        return Spans(self.starts + 1, self.dated).values

    @cached_property
    def titles(self) -> np.ndarray:
        """List the rows there that say what the page says above the first post, alone or as answers: "Re: Of looms"."""
        texts = [*map(_named, self.sheet.page.texts)]
        above = texts[: self.starts[0]]
        alone, among = {text for text in above if " " in text or len(text) >= LEAST_TITLE}, "\n".join(above)
        of = {row: re.sub(REPLIES, "", texts[row]) for row in self._between.tolist()}
        told = [
            row for row, text in of.items() if text in alone or (len(text) >= LONG_TITLE and text in among)
        ]
        n_posts = len(np.unique(self.record[told])) if told else 0
        return np.array(told if n_posts >= MOSTLY * len(self.starts) else [], dtype=np.int64)


def posts(sheet: Sheet) -> list[Posts]:
    """Read a page as such posts, as most of them tell who wrote them at the same place; none where none do."""
    found = [some for dated in _dated(sheet) if (some := _posts(sheet, dated)) is not None]
    # Members say since when they are some, above the post's own date.
    return sorted(found, key=lambda one: (-one.evidence["told"], -int((one.dated - one.starts).sum())))[:1]


def _dated(sheet: Sheet) -> Iterator[np.ndarray]:
    """List short lines that may say when posts were written: of one shape, of one depth, or below what is counted."""
    page = sheet.page
    begins = np.array([left == "" for left in page.before[DAYS]])
    rows = np.flatnonzero((page.shapes["dated"] >= 0) & page.short & (~page.ends | begins))
    if len(rows) < FEWEST:
        return
    shapes = np.unique(page.dated_shapes[rows].astype(str), return_inverse=True)[1]
    groups = [*grouped(shapes, FEWEST), *grouped(sheet.depth[rows], FEWEST)]
    found = [rows[at] for at in groups]
    texts = np.append(np.setdiff1d(np.flatnonzero(page.is_text), rows), page.height)
    counted = [at for at in grouped(page.items, FEWEST) if _counts(page, int(at[0]))]
    for at in sorted(counted, key=len, reverse=True)[:MOST_COUNTED]:
        found += [_alike(rows, shapes, some) for some in _below(page, rows, texts, at)]
    yield from {some.tobytes(): some for some in found if len(some) >= FEWEST}.values()


def _below(page: Page, rows: np.ndarray, texts: np.ndarray, counted: np.ndarray) -> Iterator[np.ndarray]:
    """List which of some rows are the first, or the second, below what is counted and above the next text."""
    ends = np.minimum(texts[np.searchsorted(texts, counted)], np.append(counted[1:], page.height))
    for place in range(MOST_DATES):
        at = np.searchsorted(rows, counted, side="right") + place
        yield at[np.append(rows, page.height)[np.minimum(at, len(rows))] < ends]


def _alike(rows: np.ndarray, shapes: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Add to some rows those of a shape that several of them have; none above the first."""
    kinds, n = np.unique(shapes[some], return_counts=True)
    told = np.union1d(some, np.flatnonzero(np.isin(shapes, kinds[n > 1])))
    return rows[told[told >= some.min(initial=len(rows))]]


def _posts(sheet: Sheet, dated: np.ndarray) -> Posts | None:
    """Read a page as posts that say when in some rows; null where these do not end the boxes of their authors."""
    page = sheet.page
    heads, feet = _kinds(page, dated)
    if not any(_counts(page, int((page.items == shape).argmax())) for shape in heads):
        return None
    is_foot = np.isin(page.items, feet)
    floors = np.array([_floor(page, is_foot, above, row) for above, row in pairwise(dated.tolist())])
    is_told, starts = _starts(page, dated, floors, heads)
    if not is_told.any():
        return None
    is_sound = is_told | np.append(False, is_foot[floors])
    has_head = starts < dated
    starts, dated, is_sound = starts[has_head], dated[has_head], is_sound[has_head]
    if len(starts) < FEWEST or not _are_heads(page, starts, dated):
        return None
    ends = _ends(page, starts, dated, is_foot)
    mass = page.mass_before
    coverage = float((mass[ends + 1] - mass[starts]).sum() / max(1.0, float(mass[-1])))
    n_texts = np.append(0, np.cumsum(page.is_text))
    if _n_more(page, dated, ends) > SELDOM * len(dated):
        return None
    if coverage < LEAST_COVERED or (n_texts[ends + 1] > n_texts[dated + 1]).mean() < MOSTLY:
        return None
    evidence = {"coverage": coverage, "told": float(2 * is_sound.sum() - len(starts))}
    return Posts(sheet, int(np.median(sheet.depth[starts])), starts, ends, dated, SURE, evidence)


def _n_more(page: Page, dated: np.ndarray, ends: np.ndarray) -> int:
    """Count the lines of the posts that say when as most of them do, but are of no head."""
    shapes = [(shape or "").replace(".", "") for shape in page.dated_shapes[dated[0] : ends[-1] + 1]]
    usual = Counter(shapes[row - dated[0]] for row in dated.tolist()).most_common(1)[0][0]
    others = np.delete(np.array(shapes), dated - dated[0])
    return count(others == usual)


def _kinds(page: Page, dated: np.ndarray) -> tuple[list[int], list[int]]:
    """List the shapes that stand above most dates, the first too, and not below the last; and the other way round."""
    exact, between = page.items, [*pairwise(dated.tolist())]
    first, last, usual = int(dated[0]), int(dated[-1]), int(np.median(np.diff(dated)))
    reach = max(row - _last_text(page, above, row) for above, row in between)
    over = set(exact[max(0, first - min(MOST_HEAD, reach)) : first].tolist())
    below = set(exact[last + 1 : last + LONGEST * usual + APART].tolist())
    times = Counter(shape for above, row in between for shape in set(exact[above + 1 : row].tolist()))
    often = [shape for shape, n in times.items() if shape >= 0 and n >= MOSTLY * len(between)]
    return [s for s in often if s in over and s not in below], [
        s for s in often if s in below and s not in over
    ]


def _counts(page: Page, row: int) -> bool:
    """Say whether lines of the shape of a row count something, and do not number the posts."""
    told = page.shape_at("exact", row)
    return NUMBER_SIGN in told and "#" not in told


def _last_text(page: Page, above: int, row: int) -> int:
    """Give the last line of a text between two rows; the upper of these where there is none."""
    texts = np.flatnonzero(page.is_text[above + 1 : row])
    return above + 1 + int(texts[-1]) if len(texts) else above


def _floor(page: Page, is_foot: np.ndarray, above: int, row: int) -> int:
    """Give the last line of a foot between two dates; of a text, where none stands there."""
    feet = np.flatnonzero(is_foot[above + 1 : row])
    return above + 1 + int(feet[-1]) if len(feet) else _last_text(page, above, row)


def _starts(
    page: Page, dated: np.ndarray, floors: np.ndarray, heads: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Say which posts tell who wrote them, and in which lines: as far above one of the heads' own lines as most do.

    Below a foot may stand a signature, and some members have a line less above theirs.
    """
    n_alike, above, rows = max(
        (_told_by(page.items == shape, dated, floors) for shape in heads), key=lambda one: one[:2]
    )
    is_told = (rows > 0) & (n_alike >= MOSTLY * len(floors) / 2)
    above = _above(page, floors, rows, -above) if is_told.any() else 0
    if not 1 <= above <= MOST_ABOVE:
        return is_told & False, rows
    over = np.append(-1, floors) + 1
    starts = np.where(is_told, np.maximum(rows - above, over), over)
    return is_told, _as_named(page, starts, is_told, over, dated)


def _told_by(is_like: np.ndarray, dated: np.ndarray, floors: np.ndarray) -> tuple[int, int, np.ndarray]:
    """Say in how many posts a line of a shape stands as far below the foot as in most.

    Returns:
        How many, how far, less than 0, and the row of each post's line; 0 where it has none.
    """
    rows = np.array([_first(is_like, floor + 1, row) for floor, row in zip(floors, dated[1:], strict=True)])
    has = rows > 0
    if not has.any():
        return 0, 0, rows
    above, n_alike = Counter((floors - rows)[has] + 1).most_common(1)[0]
    usual, over = int(np.median((dated[1:] - rows)[has])), np.flatnonzero(is_like[: dated[0]])
    over = over[np.diff(over, prepend=-2) > 1]
    first = over[np.abs(dated[0] - usual - over).argmin()] if len(over) else 0
    return n_alike, int(above), np.append(first, rows)


def _above(page: Page, floors: np.ndarray, rows: np.ndarray, most: int) -> int:
    """Give how many lines above some rows names stand: below a blank line in nearly all posts, or the fewest.

    Args:
        page: the page.
        floors: the last lines of the feet above all posts but the first.
        rows: of each post a row; 0 for none.
        most: how many lines from the foot stand above most of these; some may be signatures.
    """
    has = rows > 0
    apart = (above for above in range(min(most, MOST_ABOVE), 0, -1) if _is_apart(page, rows[has] - above))
    times = Counter((rows[1:] - floors)[has[1:]] - 1)
    return next(apart, min((above for above, n in times.items() if n >= SELDOM * has.sum()), default=0))


def _is_apart(page: Page, rows: np.ndarray) -> bool:
    return bool((page.gap[np.maximum(rows, 0)] > 0).mean() >= NAMED)


def _first(holds: np.ndarray, start: int, end: int) -> int:
    found = np.flatnonzero(holds[start:end])
    return start + int(found[0]) if len(found) else 0


def _as_named(
    page: Page, starts: np.ndarray, is_told: np.ndarray, over: np.ndarray, dated: np.ndarray
) -> np.ndarray:
    """Move to a line near by that names who wrote several other posts, where the one taken does not, or is not told."""
    texts, moved = [*map(_named, page.texts)], starts.copy()
    times = Counter(texts[row] for row in starts[is_told].tolist())
    for post in np.flatnonzero(
        ~is_told | (np.array([times[texts[row]] for row in starts.tolist()]) < FEWEST_NAMES)
    ):
        row = int(starts[post])
        near = (
            slice(max(over[post], row - NEAR), row + NEAR + 1)
            if is_told[post]
            else slice(over[post], dated[post])
        )
        known = [
            at for at in range(near.start, min(near.stop, dated[post])) if times[texts[at]] >= FEWEST_NAMES
        ]
        moved[post] = known[0] if known else row
    return moved


def _are_heads(page: Page, starts: np.ndarray, dated: np.ndarray) -> bool:
    """Say whether most posts begin with what may be a name, above no words but those below their date."""
    lines = page.lines["text"].gather(starts)
    is_brief = page.short[starts] & (page.weight[starts] <= SLOT_WEIGHT) & ~page.when[starts]
    is_head = (
        is_brief
        & lines.str.contains(r"\p{L}").to_numpy()
        & (page.prose_before[starts] == page.prose_before[dated])
    )
    least = max(FEWEST_NAMES, NAMES_VARY * len(starts))
    return bool(is_head.mean() >= NAMED and len({*map(_named, lines)}) >= least)


def _ends(page: Page, starts: np.ndarray, dated: np.ndarray, is_foot: np.ndarray) -> np.ndarray:
    """Give the last rows of posts: above their foot, and what else stands there of the author or the site."""
    below = np.append(starts[1:], _far(page, dated, is_foot))
    ends = np.array([_above_foot(page, is_foot, row, end) for row, end in zip(dated, below, strict=True)])
    who = [_named(page.texts[row]) for row in starts.tolist()]
    tails = [
        range(max(row + 1, end - MOST_SIGNED + 1), end + 1) for row, end in zip(dated, ends, strict=True)
    ]
    times = Counter(
        told
        for name, tail in zip(who, tails, strict=True)
        for told in {(name, page.texts[at]) for at in tail}
    )
    has_letter = page.lines["text"].str.contains(r"\p{L}").to_numpy()
    for post, (name, tail) in enumerate(zip(who, tails, strict=True)):
        for at in reversed(tail):
            text = page.texts[at]
            is_edited = page.when[at] and page.short[at] and name in text
            is_more = has_letter[dated[post] + 1 : at].any() and has_letter[at]
            if is_more and (is_edited or times[name, text] > 1):
                ends[post] = at - 1
            elif page.is_text[at]:
                break
    return ends


def _named(text: str) -> str:
    """Give a name without the number or the bullet that may stand before it."""
    return re.sub(BEFORE_NAME, "", text)


def _far(page: Page, dated: np.ndarray, is_foot: np.ndarray) -> int:
    """Give the row below which the last post has no more lines: below its foot, or above those of a menu."""
    last = int(dated[-1])
    end = min(page.height, last + 1 + LONGEST * int(np.diff(dated).max()))
    if is_foot[last + 1 : end].any():
        return end
    words = np.append(np.flatnonzero(page.is_text[last + 1 : end]), end - last - 1)
    breaks = np.flatnonzero(np.diff(words, prepend=-1) > APART)
    return last + 1 + int(words[breaks[0] - 1]) + 1 if len(breaks) and breaks[0] else min(end, last + 2)


def _above_foot(page: Page, is_foot: np.ndarray, row: int, end: int) -> int:
    """Give the row above the foot of a post that says when in a row and lies above another."""
    feet = np.flatnonzero(is_foot[row + 1 : end]) + row + 1
    if not len(feet):
        return end - 1
    breaks = np.flatnonzero((np.diff(feet) > APART) | (np.diff(page.prose_before[feet]) > 0))
    return int(feet[breaks[-1] + 1 if len(breaks) else 0]) - 1
