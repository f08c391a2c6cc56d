"""A page laid out by a frame: which lines are a record's header, its body, the site's.

The score of a layout says how much of the page's prose it explains, how regular it is, and what speaks for the frame
being a record's: a date, a name, a number that rises, the page's own promise.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.induce.inner import Inner, find_inner
from pipeline.induce.names import is_signed
from pipeline.induce.shapes import AGE_SIGN, DATE_SIGN, HANDLE_SIGN, NUMBER_SIGN, TIME_SIGN, WHEN, WORDS_SIGN
from pipeline.induce.template import (
    FEWEST,
    REACH,
    SURELY,
    UNWORDED,
    Column,
    Frame,
    Page,
    extend,
    is_asked,
    is_like,
    mode,
    n_distinct,
)

# What speaks for a layout, in log odds. Set by hand near the weights of a logistic regression over the layouts of 27
# labelled pages of many records and 249 pages of one.
BIAS = -26.0
WEIGHTS = {
    "coverage": 4.0,
    "rest": 10.0,
    "even": 3.2,
    "regular": 4.0,
    "when": 2.5,
    "dated": 3.0,
    "whole": 4.0,
    "name": 1.0,
    "number": 1.5,
    "promised": 1.5,
    "set_in": 1.0,
    "above": -1.0,
    "distinct": 3.0,
    "heading": 3.0,
    "titled": 3.0,
    "columns": 0.2,
    "only_few": -3.0,
}
ALONE = 0.5  # how regular a frame of the anchors alone is
MOST_COLUMNS = 6  # of a frame that count
OUTSIDE, HEADER, BODY, FURNITURE = range(4)
NOWHERE = -(10**6)  # an offset that no line has
TITLED = 0.75  # of the bodies of a page, those that must begin with a title
BADGE_WEIGHT = 14  # of a single word above a text, from which on it is a title and no badge
LEAST_ARTICLE = 500  # weight of prose above the records that may be an article
SURELY_BELOW = 0.7  # of a reading of what stands below an article: lists of sources are regular too
SET_IN_BY = 2  # blanks from which on a line is set in; one is left where a page had a picture
LEAST_SAID = 0.2  # of the records below an article hold a sentence; titles of other articles hold none
LEAST_LEAD = 150  # weight of a text above the first frame that may be a record
NEAR = 2  # lines from an anchor to another of the same record: "edited", a name, "answered"
MOST_JOINED = 0.25  # of the anchors of a page, those that may be of the record beside
MOST_LATE = 200  # lines below the last frame in which the foot of its record is looked for
MOST_IDLE = 2  # short lines in a row that end no sentence, above which a text does not go on
BELOW_ALL = 0.3  # of the weight of what stands below comments: such lines are as like to be the site's
FEWEST_PROMISED = 5  # records; smaller numbers stand anywhere
# Where nearly as much speaks for another cut, a reading is less sure: of 36 pages those with less than this between the
# two best were cut rightly in 8 of 15, the others in 16 of 21.
SURE_CUT, DOUBTFUL = 0.6, 0.2
SET_IN = 0.7  # of the bodies of a page, those that are set in as far from their anchors
MOST_UNSEEN = 0.2  # of the records that a page promises, those it may keep back
MOST_OF_PROMISE = 4  # words of a line that says how many records there are
FURNITURE_WEIGHT = 48  # of a line that the site repeats in many records, in code units


@dataclass(frozen=True)
class Lead:
    """Text above the first frame that is a record without one: its first and last row, and its lines of title."""

    first: int
    last: int
    n_heads: int


@dataclass(frozen=True)
class Layout:
    """A page read by a frame.

    Attributes:
        frame: by which it is read.
        early: first row of the page's first record, where no foot stands above it; else null.
        late: first row of the foot of the page's last record, below which no head stands; else null.
        lead: the text above the first frame, where that is a record.
        has_titles: whether bodies begin with a title.
        inner: the line that dates each record below its head, where there is one.
        since: first row of what is read: above may stand an article, which is another's to read.
        role: of each line, OUTSIDE, HEADER, BODY or FURNITURE.
        starts: first rows of the records.
        floor: bytes of white space that a body has at least more than its anchor; null where that tells nothing.
        last_row: the last row of the last record.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    frame: Frame
    role: np.ndarray
    starts: np.ndarray
    floor: int | None
    last_row: int
    early: int | None = None
    late: int | None = None
    lead: Lead | None = None
    has_titles: bool = False
    since: int = 0
    inner: Inner | None = None
    score: float = 0.0
    evidence: dict[str, float] = field(default_factory=dict)

    @property
    def is_talk(self) -> bool:
        """Say whether the records are turns of one talk: their heads have the time of day, and no date.

        Yesterday or today may stand beside it, where the name does too.
        """
        shapes = "".join(column.shape for column in self.frame.heads)
        lines = [column.shape for column in self.frame.heads if {AGE_SIGN, TIME_SIGN} <= set(column.shape)]
        is_today = AGE_SIGN not in shapes or (
            all(shape.startswith(WORDS_SIGN) for shape in lines) and bool(lines)
        )
        return TIME_SIGN in shapes and DATE_SIGN not in shapes and is_today and not self.frame.feet

    @property
    def confidence(self) -> float:
        """Say how sure it is that the page is cut rightly: less than its score where another cut is as likely."""
        return self.score * (1 - DOUBTFUL + DOUBTFUL * min(1.0, self.frame.margin / SURE_CUT))

    @property
    def kind(self) -> str:
        """Name what the records are: posts, where who or when stands beside them."""
        is_post = any(column.has_when for column in self.frame.columns) or self.evidence.get("name")
        return "post" if is_post and not self.is_talk else "article"


def cut_frame(page: Page, frame: Frame) -> Frame:
    """Choose the column with which a record begins."""
    gaps = {offset: _mean_gap(page, frame.rows + offset) for offset in range(frame.first, frame.last + 2)}
    lean = _lean(page, frame)
    options = {cut: _cut_evidence(page, frame, cut, gaps, lean) for cut in range(frame.first, frame.last + 2)}
    best = max(options, key=lambda cut: sum(options[cut].values()))
    second, first = sorted(sum(evidence.values()) for evidence in options.values())[-2:]
    return extend(
        page,
        _without_strays(
            page, _join(page, replace(frame, cut=best, evidence=options[best], margin=first - second))
        ),
    )


def _cut_evidence(
    page: Page, frame: Frame, cut: int, gaps: dict[int, float], lean: float
) -> dict[str, float]:
    first, last = frame.first, frame.last
    by_offset = {c.offset: c for c in frame.columns}
    at = frame.rows + cut
    inside = (at > 0) & (at < page.height)
    at = at[inside]
    out = np.clip((page.indent[at - 1] - page.indent[at]) / SET_IN_BY, -1, 1)
    step = float(out.mean()) if len(at) else 0.0
    widest = max((g for offset, g in gaps.items() if offset != cut), default=0.0)
    parted = float(np.clip(gaps[cut] - widest, -1, 1)) * (0.5 if cut > last else 1.0)
    head, foot = by_offset.get(cut), by_offset.get(cut - 1)
    words = _leads(page, frame, head) - _leads(page, frame, foot) + 0.6 * _lacks_names(frame, cut)
    ends = (lean if cut <= 0 else -lean) + 0.8 * _stands_alone(page, frame, cut)
    return {"start": 0.35 * (cut == first), "step": step, "gap": 0.5 * parted, "words": words, "ends": ends}


def _lacks_names(frame: Frame, cut: int) -> bool:
    """Say whether above the cut are names, which the first record lacks: then they sign the text above."""
    feet = [i for i, column in enumerate(frame.columns) if column.offset < cut]
    are_names = all(frame.columns[i].level == "slot" for i in feet)
    return bool(feet) and cut <= 0 and are_names and not frame.fits[0][feet].any()


def _leads(page: Page, frame: Frame, column: Column | None) -> float:
    """Say how much a column is of those that begin a record: names do, the site's own words and counts do not."""
    if column is None:
        return 0.0
    if column.level == "title" or column.is_title:
        return 0.6
    if column.level == "slot" or HANDLE_SIGN in column.shape or _has_handles(page, frame, column):
        return 0.4
    if column.is_fixed and column.shape[:1] not in "#=":
        return -0.5
    if not column.has_when and column.offset and NUMBER_SIGN in column.shape and "#" not in column.shape:
        return -0.2
    return 0.0


def _has_handles(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether most lines of a column that is told by its first word alone name an account."""
    if column.level != "lead":
        return False
    at = frame.rows + column.offset
    at = at[(at >= 0) & (at < page.height)]
    return sum(HANDLE_SIGN in page.shape_at("exact", row) for row in at) > len(at) / 2


def _mean_gap(page: Page, at: np.ndarray) -> float:
    at = at[(at > 0) & (at < page.height)]
    return float(np.minimum(page.gap[at], 3).mean()) if len(at) else 0.0


def _lean(page: Page, frame: Frame) -> float:
    """Say whether there is text below the last frame, as below a head (1), or above the first, as above a foot (-1)."""
    above, below = frame.rows[0] + frame.first, frame.rows[-1] + frame.last + 1
    bodies = np.diff(frame.rows)
    reach = int(np.median(bodies)) if len(bodies) else 10
    inner = slice(frame.rows[0], frame.rows[-1])
    own = page.own
    usual = max(20, page.weight[inner][own[inner]].sum() / max(1, len(frame.rows) - 1) / 2)
    reach = min(reach, 4)
    up = slice(max(0, above - reach), max(0, above))
    down = slice(below, below + reach)
    level = _body_indents(page, frame)

    def mass(where: slice) -> float:
        fits = np.isin(page.indent[where], level) if len(level) else True
        return min(1.0, float(page.weight[where][own[where] & fits].sum()) / usual)

    return mass(down) - mass(up)


def _stands_alone(page: Page, frame: Frame, cut: int) -> float:
    """Say whether a part of the frame is missing at one end of the page and stands alone at the other.

    A record's foot is missing above the first record, and stands once more below the last; a head the other way round.
    """
    numbers = [i for i, c in enumerate(frame.columns) if (c.offset < cut if cut <= 0 else c.offset >= cut)]
    home = next(i for i, c in enumerate(frame.columns) if c.offset == 0)
    if not numbers or home in numbers:
        return 0.0
    at_end, beyond = (
        (0, slice(frame.rows[-1] + frame.last + 1, None))
        if cut <= 0
        else (-1, slice(0, max(0, frame.rows[0] + frame.first)))
    )
    if frame.fits[at_end][numbers].any():
        return 0.0
    near = frame.columns[numbers[-1] if cut <= 0 else numbers[0]]
    return float(near.level != "slot" and is_like(page, near)[beyond].any())


def _body_indents(page: Page, frame: Frame) -> np.ndarray:
    inner = slice(frame.rows[0] + frame.last + 1, frame.rows[-1] + frame.first)
    indents = page.indent[inner][page.own[inner] & (page.prose[inner] | (page.prose.sum() < 3))]
    return np.unique(indents)


def lay_out(page: Page, frame: Frame) -> Layout | None:
    """Lay a page out by a frame whose cut is chosen; null where it has no two records."""
    offsets = np.array([c.offset for c in frame.columns])
    is_head = offsets >= frame.cut
    has_heads = bool(is_head.any())
    block = _blocks(page, frame, offsets, is_head)
    starts, early = _starts(page, frame, block, is_head) if has_heads else (_foot_starts(page, frame), None)
    if len(starts) < FEWEST:
        return None
    record = np.searchsorted(starts, np.arange(page.height), side="right") - 1
    role = np.where(block > 0, HEADER, np.where(record >= 0, BODY, OUTSIDE)).astype(np.int8)
    if not has_heads or (frame.cut > 0 and starts[-1] < frame.rows[-1]):
        role[_foot_end(frame) :] = OUTSIDE
    floor = _floor(page, frame, role, record) if has_heads else None
    if floor is not None:
        _drop_below_floor(page, frame, role, record, floor)
    inner = find_inner(page, role == BODY, starts) if has_heads and frame.cut <= 0 else None
    if inner is not None:
        _set_member(role, starts, inner)
    _set_furniture(page, role, record, starts)
    late = _late_foot(page, frame, role) if has_heads else None
    if late is None and floor is None and has_heads:
        _end_last(page, role, starts)
    has_titles = _have_titles(page, role, record)
    lead = _find_lead(page, role, starts) if has_heads and frame.cut <= 0 else None
    if lead is not None:
        role[lead.first : lead.last + 1] = BODY
    last = np.flatnonzero((role == BODY) | (role == HEADER))
    last_row = int(last[-1]) if len(last) else int(starts[-1])
    return Layout(frame, role, starts, floor, last_row, early, late, lead, has_titles, inner=inner)


def _set_member(role: np.ndarray, starts: np.ndarray, inner: Inner) -> None:
    """Take what stands between heads and the lines that date the records for the site's, about who wrote them."""
    record = np.searchsorted(starts, inner.rows, side="right") - 1
    for start, row in zip(starts[record].tolist(), inner.rows.tolist(), strict=True):
        role[start:row][role[start:row] == BODY] = FURNITURE
    role[inner.rows] = HEADER


def _join(page: Page, frame: Frame) -> Frame:
    """Take two anchors of unlike words with no words between them, as "edited" and "answered", for one record's.

    The one away from the text stays: the first of heads, the last of feet.
    """
    is_idle = (np.diff(frame.rows) <= NEAR) & (np.diff(page.shapes["exact"][frame.rows]) != 0)
    if not is_idle.any() or is_idle.mean() > MOST_JOINED:
        return frame
    kept = np.append(~is_idle, True) if frame.cut > 0 else np.append(True, ~is_idle)
    return replace(frame, rows=frame.rows[kept], fits=frame.fits[kept]) if kept.sum() >= FEWEST else frame


def _without_strays(page: Page, frame: Frame) -> Frame:
    """Leave out the last lines with a date, of another shape than most, where no text is near: they are of a list."""
    if frame.home.level not in UNWORDED:
        return frame
    shapes = page.dated_shapes[frame.rows]
    is_usual = shapes == Counter(shapes.tolist()).most_common(1)[0][0]
    if is_usual.sum() <= FEWEST:
        return frame
    usual, n_rows = int(np.median(np.diff(frame.rows))), len(frame.rows)
    is_text = page.prose | page.ends
    while not is_usual[n_rows - 1]:
        row = int(frame.rows[n_rows - 1])
        near = slice(row + 1, row + usual) if frame.cut <= 0 else slice(int(frame.rows[n_rows - 2]) + 1, row)
        if is_text[near].any():
            break
        n_rows -= 1
    return replace(frame, rows=frame.rows[:n_rows], fits=frame.fits[:n_rows])


def _foot_end(frame: Frame) -> int:
    """Give the row below the last foot."""
    offsets = [
        c.offset for i, c in enumerate(frame.columns) if frame.fits[-1, i] and c.offset < max(frame.cut, 1)
    ]
    return int(frame.rows[-1]) + max(offsets) + 1


def _have_titles(page: Page, role: np.ndarray, record: np.ndarray) -> bool:
    """Say whether the first line of most bodies is a title: short, no sentence, above a text; it becomes a header."""
    body = np.flatnonzero(role == BODY)
    firsts = body[_first_of_each(record[body])]
    firsts = firsts[firsts + 1 < page.height]
    is_title = page.short[firsts] & ~page.prose[firsts] & ~page.ends[firsts]
    is_title &= (page.prose | page.ends)[firsts + 1] & (role[firsts + 1] == BODY)
    if len(firsts) < FEWEST or is_title.mean() < TITLED:
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
    usual = (page.weight * page.mass * (role == BODY)).sum() / len(starts)
    if masses[best] < max(LEAST_LEAD, 0.6 * usual) or (
        lasts[best] == firsts[best] and masses[best] < 2 * LEAST_LEAD
    ):
        return None
    first, last = int(firsts[best]), _goes_on(page, int(lasts[best]), int(starts[0]))
    has_title = first > 0 and page.short[first - 1] and not page.prose[first - 1] and not page.ends[first - 1]
    has_title = bool(has_title and (page.n_words[first - 1] > 1 or page.weight[first - 1] >= BADGE_WEIGHT))
    return Lead(first - has_title, last, int(has_title))


def _blocks(page: Page, frame: Frame, offsets: np.ndarray, is_head: np.ndarray) -> np.ndarray:
    """Say which lines are of a record's head (1) or foot (2)."""
    block = np.zeros(page.height, dtype=np.int8)
    for i, offset in enumerate(offsets):
        block[frame.rows[frame.fits[:, i]] + offset] = 1 if is_head[i] else 2
    return block


def _starts(
    page: Page, frame: Frame, block: np.ndarray, is_head: np.ndarray
) -> tuple[np.ndarray, int | None]:
    """List the first rows of the records, and that of the first if no foot stands above it; sets `block` right."""
    offsets = np.array([c.offset for c in frame.columns])
    starts = _head_starts(frame, offsets, is_head)
    if frame.cut <= 0:
        return starts, None
    if len(starts) > FEWEST and not _opens_another(page, frame, is_head):
        block[starts[-1] :][block[starts[-1] :] == 1] = 0
        starts = starts[:-1]
    early = _first_start(page, frame)
    if early is None:
        return starts, None
    block[early : early + int(is_head.sum())] = 1
    return np.append(early, starts), early


def _goes_on(page: Page, last: int, end: int) -> int:
    """Go on below the last prose of a text while lines are set as it is, on a page of several indents."""
    if page.indent.max() == page.indent.min():
        return last
    while last + 1 < end and page.indent[last + 1] == page.indent[last] and page.gap[last + 1] > 0:
        last += 1
    return last


def _head_starts(frame: Frame, offsets: np.ndarray, is_head: np.ndarray) -> np.ndarray:
    first = np.argmax(frame.fits[:, is_head], axis=1)
    return np.unique(frame.rows + offsets[is_head][first])


def _opens_another(page: Page, frame: Frame, is_head: np.ndarray) -> bool:
    """Say whether a record begins below the last foot, as below the others, with a whole head and words."""
    below = frame.rows + frame.last + 1
    idle = page.short & ~page.prose & ~page.ends
    fits = frame.fits[:, is_head].all(axis=1) & (below < page.height)
    others = fits[:-1]
    if not fits[-1]:
        return False
    return not idle[below[-1]] or bool(idle[below[:-1][others]].mean() > 0.5)


def _first_start(page: Page, frame: Frame) -> int | None:
    """Find the head of the first record, whose foot is the first anchor: a short line above its text."""
    heads = [c for c in frame.columns if c.offset >= frame.cut]
    offsets = np.array([c.offset for c in frame.columns])
    first_foot = int(frame.rows[0]) + int(offsets[frame.fits[0]].min())
    longest = int(np.diff(frame.rows).max()) if len(frame.rows) > 1 else 8
    is_head = page.short & ~page.ends & ~page.prose & (page.weight <= 48)
    for row in range(first_foot - 2, max(-1, first_foot - longest - 2), -1):
        if is_head[row] and row - len(heads) + 1 >= 0:
            return row - len(heads) + 1
    return None


def _foot_starts(page: Page, frame: Frame) -> np.ndarray:
    """A record begins below the foot of the one before; the first where its text does."""
    offsets = np.array([c.offset for c in frame.columns])
    ends = frame.rows + np.where(frame.fits, offsets, NOWHERE).max(axis=1)
    first = int(frame.rows[0]) + int(offsets[frame.fits[0]].min())
    starts = np.append(_climb(page, frame, first), ends[:-1] + 1)
    return starts[starts != first]


def _climb(page: Page, frame: Frame, first: int) -> int:
    """Go up from the first foot while the lines may be of its record's text, and give the last that was."""
    level = _body_indents(page, frame)
    bar = level.min() if len(level) else 0
    farthest = max(0, first - 2 * int(np.diff(frame.rows).max()) - 4)
    row, top = first, first
    while row > farthest and page.indent[row - 1] >= bar:
        row -= 1
        if page.prose[row] or page.ends[row]:
            top = row
        elif page.own[row:top].sum() > MOST_IDLE:  # what the site says time and again parts nothing
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
    for row in range(first, min(page.height, first + MOST_LATE)):
        anchor = np.array([row - feet[0].offset])
        is_foot = row + len(feet) <= page.height and all(
            bool(_holds_late(page, anchor, column)) for column in feet
        )
        if is_foot and page.gap[row] >= np.median(page.gap[frame.rows[1:] + frame.first]):
            role[row : row + len(feet)] = HEADER
            role[row + len(feet) :] = OUTSIDE
            return row
    return None


def _holds_late(page: Page, anchor: np.ndarray, column: Column) -> bool:
    at = int(anchor[0]) + column.offset
    if column.level == "slot":
        above = at - 1
        is_name = page.short[at] and not page.ends[at] and page.weight[at] <= FURNITURE_WEIGHT
        return bool(is_name and (page.prose[above] or page.ends[above] or page.short[above]))
    return bool(page.when[at] if column.level in UNWORDED else is_like(page, column)[at])


def _floor(page: Page, frame: Frame, role: np.ndarray, record: np.ndarray) -> int | None:
    """Tell how far bodies are set in from their anchors, where that is the same in most records."""
    if page.indent.max() == page.indent.min():
        return None
    body = np.flatnonzero(role == BODY)
    firsts = body[_first_of_each(record[body])]
    anchors = frame.rows[
        np.clip(np.searchsorted(frame.rows, firsts) - (0 if frame.cut > 0 else 1), 0, len(frame.rows) - 1)
    ]
    if len(firsts) < 2:
        return None
    value, share = mode(page.indent[firsts] - page.indent[anchors])
    over = page.indent[body] - page.indent[anchors][np.searchsorted(np.unique(record[body]), record[body])]
    n_kept = len(np.unique(record[body][over >= value]))
    return int(value) if share >= SET_IN and n_kept >= SURELY * len(firsts) else None


def _drop_below_floor(page: Page, frame: Frame, role: np.ndarray, record: np.ndarray, floor: int) -> None:
    body = np.flatnonzero(role == BODY)
    anchors = frame.rows[np.clip(np.searchsorted(frame.rows, body, side="right") - 1, 0, len(frame.rows) - 1)]
    low = page.indent[body] - page.indent[anchors] < floor
    first_low: dict[int, int] = {}
    for row, number in zip(body[low].tolist(), record[body[low]].tolist(), strict=True):
        first_low.setdefault(number, row)
    for number, row in first_low.items():
        role[(record == number) & (np.arange(len(role)) >= row) & (role == BODY)] = OUTSIDE


def _end_last(page: Page, role: np.ndarray, starts: np.ndarray) -> None:
    """Find where the last record of a page without indents ends: where lines are no longer of a text."""
    idle = page.short & ~page.prose & ~page.ends
    body = np.flatnonzero(role[starts[0] : starts[-1]] == BODY) + starts[0]
    goes_on = idle[body]
    goes_on[_first_of_each(np.searchsorted(starts, body, side="right"))] = False
    most = _longest_run(goes_on)
    region = np.arange(starts[-1], page.height)
    region = region[role[region] != HEADER]
    run = seen = 0
    is_furniture, is_idle = (role[region] == FURNITURE).tolist(), idle[region].tolist()
    for place, row in enumerate(region.tolist()):
        if is_furniture[place]:
            run += run > 0
            continue
        seen += 1
        run = run + 1 if is_idle[place] and seen > 1 else 0
        is_parted = run and page.gap[row - run + 1] > 0
        if run > max(most, 1) or (run > most and is_parted and place == len(region) - 1):
            role[region[place - run + 1 :]] = OUTSIDE
            return


def _first_of_each(records: np.ndarray) -> np.ndarray:
    """Number the first row of each record; `records` never falls."""
    return np.append(records[:1] == records[:1], records[1:] != records[:-1]).nonzero()[0]


def _longest_run(flags: np.ndarray) -> int:
    edges = np.concatenate([[-1], np.flatnonzero(~flags), [len(flags)]])
    return int(np.diff(edges).max()) - 1


def _set_furniture(page: Page, role: np.ndarray, record: np.ndarray, starts: np.ndarray) -> None:
    """Tell the site's own lines within records: short ones that recur, word for word but for numbers.

    So are counts of whatever the site counts: numbers, and words that many of its short lines have.
    """
    body = np.flatnonzero((role == BODY) & page.short & ~page.prose)
    least = max(3, 0.15 * len(starts)) if len(starts) > 4 else max(2, 0.5 * len(starts))
    brief = body[page.weight[body] <= FURNITURE_WEIGHT]
    exact = page.shapes["exact"][brief].tolist()
    counts = Counter(shape for shape, _ in set(zip(exact, record[brief].tolist(), strict=True)))
    role[brief[np.array([counts[shape] >= least for shape in exact], dtype=bool)]] = FURNITURE
    counted = body[page.counts[body] & ~page.ends[body]]
    if len(_first_of_each(record[counted])) >= least:
        role[counted] = FURNITURE


def _are_titled(page: Page, layout: Layout, record: np.ndarray) -> bool:
    """Say whether records are a title and one paragraph each, set off by an indent or by words of the site."""
    frame = layout.frame
    if frame.columns[-frame.first].level != "title":
        return False
    texts = np.bincount(
        record[(layout.role == BODY) & page.prose & (record >= 0)], minlength=len(layout.starts)
    )
    is_set_off = bool(layout.floor) or any(column.is_fixed for column in frame.columns)
    return is_set_off and bool((texts == 1).mean() >= TITLED)


def _regular(page: Page, frame: Frame) -> float:
    """Give the share of the lines beside the anchors that are as the columns say."""
    asked = np.stack([is_asked(page, frame.rows, column) for column in frame.columns], axis=1)
    told = [i for i, column in enumerate(frame.columns) if column.offset]
    return float(frame.fits[:, told].sum() / asked[:, told].sum()) if told else ALONE


def _dated(page: Page, layout: Layout) -> float:
    """Say how few lines with a date stand among the records outside their frames: 1 for none, 0 for one a record.

    Where there are many, the page has a closer structure than this; but some may quote what was said before, so that
    it is at least the share of such lines that frames hold.
    """
    dated = np.flatnonzero(page.when[layout.starts[0] : layout.last_row + 1]) + layout.starts[0]
    held = float((layout.role[dated] == HEADER).sum())
    return max(held / max(1, len(dated)), 1.0 - (len(dated) - held) / len(layout.starts))


def _whole(page: Page, layout: Layout) -> float:
    """Say how few lines among the records are like a frame's accounts and lines of signs, outside any: 1 for none."""
    frame, span = layout.frame, slice(int(layout.starts[0]), layout.last_row + 1)
    lost = 0
    for column in frame.columns:
        is_ruled = column.is_fixed and not re.search(r"\w", column.shape)
        if (HANDLE_SIGN in column.shape or is_ruled) and column.level != "lead":
            is_alike = page.shapes[column.level][span] == column.number
            lost = max(lost, int((is_alike & (layout.role[span] != HEADER)).sum()))
    return max(0.0, 1.0 - lost / len(layout.starts))


def _is_promised(page: Page, layout: Layout) -> bool:
    """Say whether the page says above the records, in a few words, how many there are: "20 comments", "(20)"."""
    n = len(layout.starts)
    above = slice(0, int(layout.starts[0]) + 1)
    is_brief = page.short[above] & (page.n_words[above] <= MOST_OF_PROMISE) & ~page.when[above]
    number = "|".join(str(told) for told in range(n, int(n * (1 + MOST_UNSEEN)) + 1))
    promises = rf"^(?:{number})\s+[^\W\d_]{{4,}}|^(?:{number})\s?[件条個개]|\((?:{number})\)$"
    return n >= FEWEST_PROMISED and bool(
        page.lines["text"][above].filter(is_brief).str.contains(promises).any()
    )


def score(page: Page, layout: Layout) -> Layout:
    """Weigh what speaks for a layout: as all there is on the page, or as what stands below an article."""
    whole = _weigh(page, layout)
    if not _may_be_below(page, layout):
        return whole
    below = _weigh(page, replace(layout, since=int(layout.starts[0]), lead=None))
    return below if below.score > max(whole.score, SURELY_BELOW) else whole


def _may_be_below(page: Page, layout: Layout) -> bool:
    """Say whether words enough for an article stand above records that say who and when, as comments do."""
    frame = layout.frame
    mass = _above(page, int(layout.starts[0]))
    has_names = any(is_signed(page, frame, column) for column in frame.columns)
    is_dated = any(column.has_when for column in frame.columns)
    is_titled = layout.has_titles or any(
        c.is_title or c.level == "title" for c in frame.columns
    )  # as teasers are
    return bool(
        mass >= LEAST_ARTICLE
        and has_names
        and is_dated
        and not is_titled
        and len(layout.starts) > FEWEST
        and _said(page, layout) >= LEAST_SAID
    )


def _said(page: Page, layout: Layout) -> float:
    """Say in how many of the records somebody speaks: a line of theirs ends as a sentence does."""
    record = np.searchsorted(layout.starts, np.arange(page.height), side="right") - 1
    said = record[(layout.role == BODY) & (record >= 0) & page.ends]
    return len(np.unique(said)) / len(layout.starts)


def _weigh(page: Page, layout: Layout) -> Layout:
    frame, role = layout.frame, layout.role
    n = len(layout.starts)
    record = np.searchsorted(layout.starts, np.arange(page.height), side="right") - 1
    is_read = np.arange(page.height) >= layout.since
    body = (role == BODY) & is_read
    mass = page.weight * page.mass * is_read
    if layout.since:
        mass = mass * np.where(np.arange(page.height) > layout.last_row, BELOW_ALL, 1.0)
    total = max(1.0, float(mass.sum()))
    masses = np.bincount(record[body & (record >= 0)], weights=(mass + 1)[body & (record >= 0)], minlength=n)
    parts = masses[masses > 0] / max(1, masses.sum())
    even = float(np.exp(-(parts * np.log(parts)).sum()) / n) if len(parts) else 0.0
    filled = len(_first_of_each(record[body])) / n
    shapes = "".join(c.shape for c in frame.columns)
    firsts = np.flatnonzero(body)
    firsts = firsts[_first_of_each(record[firsts])]
    evidence = {
        "coverage": float(mass[body].sum() / total),
        "rest": min(0.5, float((masses.sum() - masses.max()) / total)) if len(masses) else 0.0,
        "even": even,
        "filled": filled,
        "regular": _regular(page, frame),
        "when": 1.0 if any(s in shapes for s in WHEN) else 0.0,
        "name": float(any(is_signed(page, frame, column) for column in frame.columns)),
        "dated": _dated(page, layout),
        "whole": _whole(page, layout),
        "number": float(NUMBER_SIGN in shapes),
        "promised": float(_is_promised(page, layout)),
        "above": _above(page, layout.since) / max(1.0, _above(page, page.height)),
        "set_in": float(bool(layout.floor and layout.floor > 0)),
        "distinct": n_distinct(page.text[firsts]) / len(firsts) if len(firsts) else 0.0,
        "columns": float(min(len(frame.columns), MOST_COLUMNS)),
        "only_few": {2: 1.0, 3: 0.2}.get(n, 0.0),
        "titled": float(_are_titled(page, layout, record)),
        "heading": float(_is_heading(frame.home)),
    }
    return replace(layout, score=_sure(evidence), evidence=evidence)


def score_at_most(page: Page, frame: Frame) -> float:
    """Give the score that a layout by a frame cannot exceed, wherever the frame is cut.

    A body lies between two anchors, but may begin some lines late where one lacks a head. So the bodies other than the
    longest hold at most what the page does without its longest stretch between anchors.
    """
    is_extended = frame.home.level in UNWORDED  # by columns that are not known yet
    late = REACH if is_extended else max(frame.last, 0)
    mass = page.mass_before + np.arange(page.height + 1)  # as `score` counts it
    first = np.append(0, frame.rows)
    last = np.append(frame.rows, page.height)
    begin = np.minimum(first + late, last)
    begin[0] = 0
    longest = (mass[last] - mass[begin]).max()
    shapes = "".join(column.shape for column in frame.columns)
    may_be_below = _above(page, page.height) >= LEAST_ARTICLE  # then less is counted than the whole page
    evidence = dict.fromkeys(WEIGHTS, 1.0) | {
        "rest": 0.5 if may_be_below else min(0.5, float((mass[-1] - longest) / _total(page))),
        "regular": 1.0 if is_extended or len(frame.columns) > 1 else ALONE,
        "when": float(any(sign in shapes for sign in WHEN)),
        "number": float(is_extended or NUMBER_SIGN in shapes),
        "columns": float(MOST_COLUMNS if is_extended else min(len(frame.columns), MOST_COLUMNS)),
        "only_few": 0.0,
        "above": 0.0,
        "titled": float(frame.home.level == "title"),
        "heading": float(_is_heading(frame.home)),
    }
    return _sure(evidence)


def _sure(evidence: dict[str, float]) -> float:
    z = BIAS + sum(weight * evidence[name] for name, weight in WEIGHTS.items())
    return float(1 / (1 + np.exp(-z)))


def _above(page: Page, row: int) -> float:
    """Weigh the prose above a row."""
    return float((page.weight[:row] * page.prose[:row]).sum())


def _total(page: Page) -> float:
    return max(1.0, float(page.mass_before[-1]))


def _is_heading(column: Column) -> bool:
    return column.shape.startswith(("#", "="))
