"""A page laid out by a frame: which lines are a record's header, its body, the site's."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

from pipeline.induce.cutting import body_indents
from pipeline.induce.inner import Inner, find_inner
from pipeline.induce.measures import count, first_of_each, majority
from pipeline.induce.page import Page
from pipeline.induce.shapes import AGE_SIGN, COMMON, DATE_SIGN, TIME_SIGN, WORDS_SIGN
from pipeline.induce.template import FEWEST, SURELY, UNWORDED, Column, Frame, is_like

OUTSIDE, HEADER, BODY, FURNITURE = range(4)
NOWHERE = -(10**6)  # an offset that no line has
TITLED = 0.75  # of the bodies of a page, those that must begin with a title
BADGE_WEIGHT = 14  # of a single word above a text, from which on it is a title and no badge
LEAST_LEAD = 150  # weight of a text above the first frame that may be a record
MOST_LATE = 200  # lines below the last frame in which the foot of its record is looked for
MOST_IDLE = 2  # short lines in a row that end no sentence, above which a text does not go on
# Where nearly as much speaks for another cut, a reading is less sure: of 36 pages those with less than this between the
# two best were cut rightly in 8 of 15, the others in 16 of 21.
SURE_CUT, DOUBTFUL = 0.6, 0.2
SET_IN = 0.7  # of the bodies of a page, those that are set in as far from their anchors
FEWEST_SAYINGS, MOST_SAY = (
    4,
    0.5,
)  # records, at least and of all, in which a sentence is said word for word by the site
ENDED, MOST_TAIL = 0.6, 2  # of the records, those that end with the site's lines; lines below these in others
FEWEST_FEET = 3  # lines of a foot, fewer than which tell no other
FURNITURE_WEIGHT = 48  # of a line that the site repeats in many records, in code units


@dataclass(frozen=True)
class Lead:
    """Text above the first frame that is a record without one: its first and last row, and its lines of title."""

    first: int
    last: int
    n_heads: int


CLOCK = r"(\d{1,2})[:.h](\d{2})"
FEWEST_FALLING, FALLING = 4, 0.8  # anchors with a time of day; of the steps between them, those that fall


@dataclass(frozen=True)
class Layout:
    """A page read by a frame.

    Attributes:
        frame: by which it is read.
        early: first row of the page's first record, where no foot stands above it; else null.
        late: first row of the foot of the page's last record, below which no head stands; else null.
        lead: the text above the first frame, where that is a record.
        first_end: the row below the first record, where more lines lead from it to the others than below those; else
            null.
        has_titles: whether bodies begin with a title.
        is_newest_first: whether the times of day fall from one record to the next, as on a live blog.
        is_titled: whether records have a title and no line for who wrote them.
        inner: the line that dates each record below its head, where there is one.
        since: first row of what is read: above may stand an article, which is another's to read.
        role: of each line, OUTSIDE, HEADER, BODY or FURNITURE.
        record: the number of the record that each line is of; -1 above the first.
        starts: first rows of the records.
        floor: bytes of white space that a body has at least more than its anchor; null where that tells nothing.
        last_row: the last row of the last record.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    frame: Frame
    role: np.ndarray
    record: np.ndarray
    starts: np.ndarray
    floor: int | None
    last_row: int
    early: int | None = None
    late: int | None = None
    lead: Lead | None = None
    first_end: int | None = None
    has_titles: bool = False
    is_newest_first: bool = False
    is_titled: bool = False
    since: int = 0
    inner: Inner | None = None
    score: float = 0.0
    evidence: dict[str, float] = field(default_factory=dict)

    @cached_property
    def usual(self) -> int:
        """Count the lines of a record, as most have them."""
        return int(median(np.diff(self.starts).tolist())) if len(self.starts) > 1 else 0

    @property
    def numbered(self) -> np.ndarray:
        """Number the records of the lines that are of one, the lead last; -1 for others."""
        number: np.ndarray = np.where(self.role == OUTSIDE, -1, self.record)
        if self.lead is not None:
            number[self.lead.first : self.lead.last + 1] = len(self.starts)
        return number

    @property
    def is_talk(self) -> bool:
        """Say whether the records are turns of one talk: their heads have the time of day, and no date.

        Yesterday or today may stand beside it, where the name does too. Where the latest comes first, it is no talk.
        """
        shapes = "".join(column.shape for column in self.frame.heads)
        lines = [column.shape for column in self.frame.heads if {AGE_SIGN, TIME_SIGN} <= set(column.shape)]
        is_today = AGE_SIGN not in shapes or (
            all(shape.startswith(WORDS_SIGN) for shape in lines) and bool(lines)
        )
        is_timed = TIME_SIGN in shapes and DATE_SIGN not in shapes and is_today
        return is_timed and not self.frame.feet and not self.is_newest_first

    @property
    def confidence(self) -> float:
        """Say how sure it is that the page is cut rightly: less than its score where another cut is as likely."""
        return self.score * (1 - DOUBTFUL + DOUBTFUL * min(1.0, self.frame.margin / SURE_CUT))

    @property
    def kind(self) -> str:
        """Name what the records are: posts, where who or when stands beside them, and not below titles alone."""
        is_post = any(column.has_when for column in self.frame.columns) or self.evidence.get("name")
        return "post" if is_post and not (self.is_talk or self.is_titled) else "article"


def lay_out(page: Page, frame: Frame) -> Layout | None:
    """Lay a page out by a frame whose cut is chosen; null where it has no two records."""
    has_heads = frame.cut <= frame.last
    block = _blocks(page, frame)
    starts, early = _starts(page, frame, block) if has_heads else (_foot_starts(page, frame), None)
    if len(starts) < FEWEST:
        return None
    record = np.searchsorted(starts, np.arange(page.height), side="right") - 1
    role = np.full(page.height, OUTSIDE, dtype=np.int8)
    role[starts[0] :] = BODY
    role[block > 0] = HEADER
    if not has_heads or (frame.cut > 0 and starts[-1] < frame.rows[-1]):
        role[_foot_end(frame) :] = OUTSIDE
    floor = _floor(page, frame, role, record) if has_heads else None
    if floor is not None:
        _drop_below_floor(page, frame, role, record, floor)
    inner = find_inner(page, role == BODY, starts) if has_heads and frame.cut <= 0 else None
    if inner is not None:
        _set_member(role, starts, inner)
    _set_feet(page, frame, role)
    _set_furniture(page, role, record, starts)
    late = _late_foot(page, frame, role) if has_heads else None
    if late is None and has_heads:
        _end_last(page, role, starts, is_flat=floor is None)
    if has_heads and floor is None:
        _set_tails(page, role, starts)
    first_end = _end_first(page, role, starts) if has_heads else None
    has_titles = _have_titles(page, role, record)
    lead = _find_lead(page, role, starts) if has_heads and frame.cut <= 0 else None
    if lead is not None:
        role[lead.first : lead.last + 1] = BODY
    held = np.flatnonzero((role == BODY) | (role == HEADER))
    last_row = int(held[-1]) if len(held) else int(starts[-1])
    return Layout(
        *(frame, role, record, starts, floor, last_row, early, late, lead, first_end, has_titles),
        is_newest_first=_is_newest_first(page, frame),
        inner=inner,
    )


def _is_newest_first(page: Page, frame: Frame) -> bool:
    """Say whether the times of day in the anchors fall."""
    if TIME_SIGN not in frame.home.shape or len(frame.rows) < FEWEST_FALLING:
        return False
    found = (re.search(CLOCK, page.texts[row]) for row in frame.rows.tolist())
    minutes = np.array([60 * int(one[1]) + int(one[2]) for one in found if one])
    return count(np.diff(minutes) <= 0) >= FALLING * (len(frame.rows) - 1)


def _set_member(role: np.ndarray, starts: np.ndarray, inner: Inner) -> None:
    """Take what stands between heads and the lines that date the records for the site's, about who wrote them."""
    record = np.searchsorted(starts, inner.rows, side="right") - 1
    for start, row in zip(starts[record].tolist(), inner.rows.tolist(), strict=True):
        role[start:row][role[start:row] == BODY] = FURNITURE
    role[inner.rows] = HEADER


def _foot_end(frame: Frame) -> int:
    """Give the row below the last foot."""
    offsets = [
        c.offset for i, c in enumerate(frame.columns) if frame.fits[-1, i] and c.offset < max(frame.cut, 1)
    ]
    return int(frame.rows[-1]) + max(offsets) + 1


def _have_titles(page: Page, role: np.ndarray, record: np.ndarray) -> bool:
    """Say whether the first line of most bodies is a title: short, no sentence, above a text; it becomes a header."""
    body = np.flatnonzero(role == BODY)
    firsts = body[first_of_each(record[body])]
    firsts = firsts[firsts + 1 < page.height]
    is_title = page.idle[firsts] & page.is_text[firsts + 1] & (role[firsts + 1] == BODY)
    if len(firsts) < FEWEST or count(is_title) / len(firsts) < TITLED:
        return False
    role[firsts[is_title]] = HEADER
    return True


def _find_lead(page: Page, role: np.ndarray, starts: np.ndarray) -> Lead | None:
    """Find the text above the first frame: prose as long as a record's, whose lines stand together."""
    prose = np.flatnonzero(page.prose[: starts[0]])
    if not len(prose):
        return None
    breaks = np.flatnonzero(np.diff(prose) > MOST_IDLE + 1)
    firsts, lasts = np.append(prose[0], prose[breaks + 1]), np.append(prose[breaks], prose[-1])
    masses = page.mass_before[lasts + 1] - page.mass_before[firsts]
    best = int(masses.argmax())
    usual = page.masses[role == BODY].sum() / len(starts)
    if masses[best] < max(LEAST_LEAD, 0.6 * usual) or (
        lasts[best] == firsts[best] and masses[best] < 2 * LEAST_LEAD
    ):
        return None
    first, last = int(firsts[best]), _goes_on(page, int(lasts[best]), int(starts[0]))
    has_title = first > 0 and page.idle[first - 1]
    has_title = bool(has_title and (page.n_words[first - 1] > 1 or page.weight[first - 1] >= BADGE_WEIGHT))
    return Lead(first - has_title, last, int(has_title))


def _blocks(page: Page, frame: Frame) -> np.ndarray:
    """Say which lines are of a record's head (1) or foot (2)."""
    block = np.zeros(page.height, dtype=np.int8)
    for i, column in enumerate(frame.columns):
        block[frame.rows[frame.fits[:, i]] + column.offset] = 1 if column.offset >= frame.cut else 2
    return block


def _starts(page: Page, frame: Frame, block: np.ndarray) -> tuple[np.ndarray, int | None]:
    """List the first rows of the records, and that of the first if no foot stands above it; sets `block` right."""
    is_head = frame.offsets >= frame.cut
    first = frame.fits[:, is_head].argmax(axis=1)
    starts = np.sort(frame.rows + frame.offsets[is_head][first])
    starts = starts[first_of_each(starts)]
    if frame.cut <= 0:
        return starts, None
    if len(starts) > FEWEST and not _opens_another(page, frame, is_head):
        block[starts[-1] :][block[starts[-1] :] == 1] = 0
        starts = starts[:-1]
    early = _first_start(page, frame)
    if early is None:
        return starts, None
    of_head = slice(early, early + count(is_head))
    block[of_head][page.idle[of_head]] = 1
    return np.append(early, starts), early


def _goes_on(page: Page, last: int, end: int) -> int:
    """Go on below the last prose of a text while lines are set as it is, on a page of several indents."""
    if page.is_flat:
        return last
    while last + 1 < end and page.indent[last + 1] == page.indent[last] and page.gap[last + 1] > 0:
        last += 1
    return last


def _opens_another(page: Page, frame: Frame, is_head: np.ndarray) -> bool:
    """Say whether a record begins below the last foot, as below the others, with a whole head and words."""
    below = frame.rows + frame.last + 1
    fits = frame.fits[:, is_head].all(axis=1) & (below < page.height)
    others = fits[:-1]
    if not fits[-1]:
        return False
    return not page.idle[below[-1]] or bool(page.idle[below[:-1][others]].mean() > 0.5)


def _first_start(page: Page, frame: Frame) -> int | None:
    """Find the head of the first record, whose foot is the first anchor: a short line above its text."""
    heads, first_foot = frame.heads, int(frame.rows[0]) + int(frame.offsets[frame.fits[0]].min())
    longest = int(np.diff(frame.rows).max()) if len(frame.rows) > 1 else 8
    is_head = page.idle & (page.weight <= 48)
    for row in range(first_foot - 2, max(-1, first_foot - longest - 2), -1):
        first = row - len(heads) + 1
        if is_head[row] and first >= 0:
            return next((start for start in range(first, row + 1) if _is_dated_as(page, heads, start)), first)
    return None


def _is_dated_as(page: Page, heads: Sequence[Column], start: int) -> bool:
    """Say whether dates stand where the columns of a head have them, if it begins at a row."""
    at = [start + head.offset - heads[0].offset for head in heads if head.has_when]
    return bool(at) and max(at) < page.height and bool(page.when[at].all())


def _foot_starts(page: Page, frame: Frame) -> np.ndarray:
    """A record begins below the foot of the one before; the first where its text does."""
    below = (frame.rows + np.where(frame.fits, frame.offsets, NOWHERE).max(axis=1))[:-1] + 1
    feet = frame.rows + np.where(frame.fits, frame.offsets, -NOWHERE).min(axis=1)
    first = int(feet[0])
    bodies = [range(start, foot) for start, foot in zip(below.tolist(), feet[1:].tolist(), strict=True)]
    starts = np.append(_as_others(page, range(_climb(page, frame, first), first), bodies), below)
    return starts[starts != first]


def _as_others(page: Page, body: range, others: Sequence[range]) -> int:
    """Give the first row of a body above which what is still in it is of no other: what only their first lines show.

    Those may stand below more blank lines than any line within, or be listed; or no line of theirs is idle.
    """
    firsts = [rows.start for rows in others if rows]
    within = [row for rows in others for row in rows[1:]]
    top = body.start
    if len(firsts) < FEWEST or not body:
        return top
    idle = page.idle[body.start : body.stop]
    if not page.idle[[*firsts, *within]].any() and idle.any() and not idle[-1]:
        top = body.start + int(np.flatnonzero(idle)[-1]) + 1
    for shows in (page.gap >= page.gap[firsts].min(), page.listed):
        if shows[firsts].all() and not shows[within].any():
            top = max((row for row in range(top, body.stop) if shows[row]), default=top)
    return top


def _climb(page: Page, frame: Frame, first: int) -> int:
    """Go up from the first foot while the lines may be of its record's text, and give the last that was."""
    level = body_indents(page, frame)
    bar = min(level, default=0)
    farthest = max(0, first - 2 * int(np.diff(frame.rows).max()) - 4)
    row, top = first, first
    while row > farthest and page.indent[row - 1] >= bar:
        row -= 1
        if page.prose[row] or page.ends[row]:
            top = row
        elif count(page.own[row:top]) > MOST_IDLE:  # what the site says time and again parts nothing
            return top
    return row


def _late_foot(page: Page, frame: Frame, role: np.ndarray) -> int | None:
    """Find the foot of the page's last record, below which no head stands; the page's own foot follows it.

    Of names alone, the lines above must end a text, as they do above the others.
    """
    feet = frame.feet
    if not feet or feet[-1].offset >= 0:
        return None
    first = int(frame.rows[-1]) + frame.last + 2
    end = min(page.height + 1 - len(feet), first + MOST_LATE)
    if first >= end:
        return None
    usual = median(page.gap[frame.rows[1:] + frame.first].tolist())
    is_foot = page.gap[first:end] >= usual
    for column in feet:
        below = column.offset - feet[0].offset
        is_foot &= _holds_late(page, column, slice(first + below, end + below))
    if not is_foot.any():
        return None
    row = first + int(is_foot.argmax())
    role[row : row + len(feet)] = HEADER
    role[row + len(feet) :] = OUTSIDE
    return row


def _holds_late(page: Page, column: Column, at: slice) -> np.ndarray:
    """Say which of some lines may be of the last foot."""
    if column.level == "slot":
        above = slice(at.start - 1, at.stop - 1)
        return page.slots[at] & (page.is_text[above] | page.short[above])
    return page.when[at] if column.level in UNWORDED else is_like(page, column)[at]


def _floor(page: Page, frame: Frame, role: np.ndarray, record: np.ndarray) -> int | None:
    """Tell how far bodies are set in from their anchors, where that is the same in most records."""
    if page.is_flat:
        return None
    body = np.flatnonzero(role == BODY)
    first = first_of_each(record[body])
    firsts = body[first]
    if len(firsts) < FEWEST:
        return None
    nearest = np.searchsorted(frame.rows, firsts) - (0 if frame.cut > 0 else 1)
    indents = page.indent[frame.rows[np.clip(nearest, 0, len(frame.rows) - 1)]]
    value, share = majority((page.indent[firsts] - indents).tolist())
    if share < SET_IN:
        return None
    over = page.indent[body] - np.repeat(indents, np.diff(first, append=len(body)))
    n_kept = len(first_of_each(record[body[over >= value]]))
    return value if n_kept >= SURELY * len(firsts) else None


def _drop_below_floor(page: Page, frame: Frame, role: np.ndarray, record: np.ndarray, floor: int) -> None:
    """Leave out of each body what follows its first line that is set in less."""
    body = np.flatnonzero(role == BODY)
    anchors = frame.rows[np.clip(np.searchsorted(frame.rows, body, side="right") - 1, 0, len(frame.rows) - 1)]
    low = body[page.indent[body] - page.indent[anchors] < floor]
    first_low = np.full(int(record[-1]) + 1, page.height)
    np.minimum.at(first_low, record[low], low)
    role[body[body >= first_low[record[body]]]] = OUTSIDE


def _end_last(page: Page, role: np.ndarray, starts: np.ndarray, *, is_flat: bool) -> None:
    """Find where the last record ends: where lines are no longer of a text.

    Where bodies are set in, that is told only where no text stands below.
    """
    body = np.flatnonzero(role[starts[0] : starts[-1]] == BODY) + starts[0]
    goes_on = page.idle[body]
    goes_on[first_of_each(np.searchsorted(starts, body, side="right"))] = False
    most = _longest_run(goes_on)
    region = np.arange(starts[-1], page.height)
    region = region[(role[region] != HEADER) & (role[region] != OUTSIDE)]
    run = seen = 0
    is_furniture, is_idle = (role[region] == FURNITURE).tolist(), page.idle[region].tolist()
    for place, row in enumerate(region.tolist()):
        if is_furniture[place]:
            run += run > 0
            continue
        seen += 1
        run = run + 1 if is_idle[place] and seen > 1 else 0
        is_last = place == len(region) - 1
        if run > max(most, 1) or (run > most and is_last and page.gap[row - run + 1] > 0):
            if not is_flat and page.is_text[row:].any():
                return
            role[region[place - run + 1 :]] = OUTSIDE
            return


def _longest_run(flags: np.ndarray) -> int:
    edges = np.concatenate([[-1], np.flatnonzero(~flags), [len(flags)]])
    return int(np.diff(edges).max()) - 1


def n_records(keys: Sequence[Any], record: np.ndarray) -> Counter[Any]:
    """Count the records that hold each key; `record` numbers the record of each."""
    return Counter([key for key, _ in set(zip(keys, record.tolist(), strict=True))])


def _set_feet(page: Page, frame: Frame, role: np.ndarray) -> None:
    """Tell the site's lines that stand at a record's foot out of their place: word for word as at most feet."""
    shape = page.shapes["exact"]
    for i, column in enumerate(frame.columns):
        if column.offset < frame.cut and not column.has_when:
            told = shape[frame.rows[frame.fits[:, i]] + column.offset]
            usual, share = majority(told.tolist()) if len(told) >= FEWEST_FEET else (-1, 0.0)
            if usual >= 0 and share >= SURELY:
                role[(role == BODY) & (shape == usual)] = FURNITURE


def _set_furniture(page: Page, role: np.ndarray, record: np.ndarray, starts: np.ndarray) -> None:
    """Tell the site's own lines within records: short ones that recur, word for word but for numbers.

    So are counts of whatever the site counts: numbers, and words that many of its short lines have.
    """
    body = np.flatnonzero((role == BODY) & page.short & ~page.prose)
    least = max(3, 0.15 * len(starts)) if len(starts) > 4 else max(2, 0.5 * len(starts))
    brief = body[page.weight[body] <= FURNITURE_WEIGHT]
    if least >= COMMON:
        brief = brief[~page.own[brief]]  # no other stands in so many records
    shape = page.shapes["exact"]
    brief = brief[~page.links[brief]]
    recurs = brief[_recurs(shape[brief], record[brief], least)]
    role[recurs] = FURNITURE
    # What is all that several say, "Thanks", is not the site's: it must stand in as many records that say more.
    says_more = np.zeros(len(starts) + 1, dtype=bool)
    says_more[record[role == BODY]] = True
    is_alone = ~says_more[record[recurs]]
    if is_alone.any():
        more, alone = recurs[~is_alone], recurs[is_alone]
        told = shape[more[_recurs(shape[more], record[more], least)]]
        role[alone[~np.isin(shape[alone], told)]] = BODY
    counted = body[page.counts[body] & ~page.ends[body]]
    if len(first_of_each(record[counted])) >= least:
        role[counted] = FURNITURE
    _set_sayings(page, role, record, max(FEWEST_SAYINGS, MOST_SAY * len(starts)))


def _set_tails(page: Page, role: np.ndarray, starts: np.ndarray) -> None:
    """Leave out the short lines below the site's own at a record's end, "Ada shared", where most end with those."""
    is_site = (role == FURNITURE) | (role == HEADER)
    starts = starts[starts <= page.height]  # a frame's lines may reach below the page's last
    if count(is_site[starts[1:] - 1]) < ENDED * (len(starts) - 1):
        return
    for start, end in pairwise(starts.tolist()):
        row = end
        while row > start and role[row - 1] == BODY and page.idle[row - 1] and end - row <= MOST_TAIL:
            row -= 1
        is_below = role[row - 1] == FURNITURE and (role[start:row] == BODY).any()
        if is_below and row < end <= row + MOST_TAIL:
            role[row:end] = OUTSIDE


def _end_first(page: Page, role: np.ndarray, starts: np.ndarray) -> int | None:
    """End the first record above what leads to the others: more short lines than any other ends with.

    So a post ends above "Share", "3 comments", where comments are laid out as it is.
    """
    has_foot = role[starts[1] - 1] != BODY
    if len(starts) <= FEWEST or has_foot:
        return None
    ends = _ends_of_text(page, role, starts)
    n_body = np.append(0, np.cumsum(role == BODY))
    idle = n_body[np.minimum(starts[1:], page.height)] - n_body[ends]
    first = slice(int(ends[0]), int(starts[1]))
    if idle[0] <= idle[1:].max() or page.when[first].any():
        return None
    if not page.is_text[starts[0] : first.start].any():
        return None
    role[first] = OUTSIDE
    return first.start


def _ends_of_text(page: Page, role: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Give the row below the last line of each record but the last that is of its head or foot, or no short line."""
    starts = np.minimum(starts, page.height)
    is_text = (role == HEADER) | ((role == BODY) & ~page.idle)
    last = np.maximum.accumulate(np.where(is_text, np.arange(page.height), -1))[starts[1:] - 1]
    return np.where(last >= starts[:-1], last + 1, starts[1:])


def _set_sayings(page: Page, role: np.ndarray, record: np.ndarray, least: float) -> None:
    """Tell the site's own sentences: those that stand word for word in so many records, however long they are."""
    rows = np.flatnonzero((role == BODY) & ~page.own)
    role[rows[_recurs(page.text[rows], record[rows], least)]] = FURNITURE


def _recurs(keys: np.ndarray, record: np.ndarray, least: float) -> np.ndarray:
    """Say which lines have a key that lines of so many records have; `record` numbers the record of each."""
    if len(keys) < least:
        return np.zeros(len(keys), dtype=bool)
    told = keys.tolist()
    counts = n_records(told, record)
    return np.array([counts[key] >= least for key in told], dtype=bool)
