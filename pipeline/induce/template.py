"""What stands at a fixed distance from the lines of one shape: a frame that recurs with every record.

An *anchor* is a set of lines of one shape. A *column* is what the lines so many below or above them have in common; the
columns next to each other around the anchor are the *frame*. Between one frame and the next stands a record's own text.
Where in the frame the one record ends and the next begins is the *cut*.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import polars as pl

from pipeline.induce.dates import KINDS
from pipeline.induce.ragged import differs
from pipeline.induce.shapes import (
    AGE_SIGN,
    BEFORE,
    BULLET,
    BULLETS,
    DATE_SIGN,
    DAYS,
    LEVELS,
    NUMBER_SIGN,
    PROMISES,
    SIGNS,
    WHEN,
    WHEN_SIGNS,
    WORDS_SIGN,
    sign_patterns,
)

UNWORDED = ("when", "dated")  # levels of lines that have a date or a time in common, in whatever words

REACH = 8  # lines above and below an anchor that may be of its frame
# Lines from one date of a record to another, from which on they are of two records if they are alike.
APART = 3
HOLDS = 0.75  # of the anchors, those that must have the same in a column
SLOT_WEIGHT = 48  # of a line that may be a name, in code units
SLOT_WORDS = 6
MOST_COUNTS = 0.25  # of the lines in a place for a name, those that may be a number alone
FRAME_WEIGHT = 80  # of a line beside an anchor that may be of its frame
SURELY = 0.95
FEWEST = 2
FEW_ADOPTED = (
    0.34  # of the anchors, so many more that any short line is taken for one where its neighbours fit
)
LEAST_WORDS = 4  # weight of a line met once that may be a record's words
LEAST_IDLE = (
    0.15  # of the stretches between anchors, those without words, above which one of each run is tried
)
MOST_GAP = 3  # blank lines above a line, beyond which more tell nothing
SET_IN_BY = 2  # blanks from which on a line is set in; one is left where a page had a picture
FEW_OF_PROSE = 3  # lines of prose on a page
FAR = 3  # lines apart from which on prose is of another stretch
LEAST_PROSE = 300.0  # weight of prose, of less than which a stretch is no large share
TRIED = 40  # lines at most that are asked where some say as much as all
PURGES = 4
STOPS = (".", "。", ":", "：", ";", ",", "…")  # at the end of a line that is no title
MOST_CHOICES = 3  # things that a site says in one place
CHOSEN = 0.9  # of the lines there, those that say one of them
MANY_TITLES, WORDS_OF_TITLE, OWN_TITLES = (
    5,
    3,
    0.6,
)  # so many lines of so many words are titles though no gap sets
# them off, where most begin with a word of their own
WORDLESS = rf"{WORDS_SIGN}[.。!?！？…]*"  # a shape that says nothing: any words, or the last of a sentence
LISTED = 0.9  # of a slot's lines, those that begin with one where all are of a list


@dataclass(frozen=True)
class Column:
    """What the lines at one distance from the anchors have in common.

    Attributes:
        offset: lines below the anchor; negative above, 0 the anchor itself.
        level: `exact`, `common` or `bare`, the closest shape they share; `slot` where it is but a short line.
        shape: the shape; "" of a slot.
        indent: bytes of white space more than the anchor has; null where that varies.
        is_fixed: the same words everywhere: the site's own.
        n_distinct: different texts.
        is_signed: whether half of a slot's lines begin with a dash, as names below a text do.
        n_words: how many words its lines have on average.
        is_listed: whether all lines of a slot are items of a list: then each may be a name, else none.
        is_doubled: whether half of a slot's lines say the same twice, as a picture's description and a name do.
        is_title: whether a slot is a place for a title, and not for a name.
        choices: shapes of which each of its lines has one, such as "Reply" and "3 replies"; `number` is the first's.
        beside: the bare shape, ages for dates, of the anchors at which it is looked for; "" for all. See `extend`.
        is_other: whether it is looked for at the anchors of any shape but that.
    """

    offset: int
    level: str
    shape: str
    indent: int | None
    is_fixed: bool
    n_distinct: int
    share: float
    number: int = -1
    is_signed: bool = False
    n_words: float = 0.0
    is_listed: bool = False
    is_doubled: bool = False
    is_title: bool = False
    choices: tuple[str, ...] = ()
    beside: str = ""
    is_other: bool = False

    @cached_property
    def has_when(self) -> bool:
        """Say whether a date or a time stands in it: then a line with one, and more besides, is of it too."""
        return not WHEN_SIGNS.isdisjoint(self.shape)


T = TypeVar("T")


class Facts(NamedTuple, Generic[T]):
    """What is asked of lines that may be of a frame: of each line of a page, whether it is so; of some, how many are.

    Attributes:
        is_short: as all lines of a frame are.
        is_long: of a text, or too long to be of a frame.
        has_when: with a date or a time.
        is_name: short ones that may be names.
        is_number: a number alone.
        is_apart, is_over: with blank lines above; below.
        steps_above, steps_below: set in otherwise than the line above; than the line below.
        is_title, is_plain_title: that may be titles; those that are no prose.
        is_set_off: set off from what stands above, as titles are.
        heads_text: above a text, of which they are not.
        is_worded: whose first word is their own.
    """

    is_short: T
    is_long: T
    has_when: T
    is_name: T
    is_number: T
    is_apart: T
    is_over: T
    steps_above: T
    steps_below: T
    is_title: T
    is_plain_title: T
    is_set_off: T
    heads_text: T
    is_worded: T


@dataclass(frozen=True)
class Page:
    """The lines of one document, as arrays with a value a line.

    Attributes:
        lines: the lines, as `describe_lines` tells them.
        shapes: numbers of the shapes at which lines are alike, by level; -1 for a line that has none.
        text: hash of the words; equal lines have equal ones.
        indent: bytes of white space before the words.
        gap: blank lines above.
        weight: code points, wide ones twice.
        short, prose, ends, own, fields, opens_dated, counts, numbers, handles: see `is_short`, `is_prose`,
            `ends_sentence`, `is_own`, `is_field`, `opens_dated`, `is_count`, `is_number`, `has_handle` there.
        n_words: what stands between spaces.
        when: whether it says when.
    """

    lines: pl.DataFrame
    shapes: dict[str, np.ndarray]
    text: np.ndarray
    indent: np.ndarray
    gap: np.ndarray
    weight: np.ndarray
    short: np.ndarray
    prose: np.ndarray
    ends: np.ndarray
    n_words: np.ndarray
    own: np.ndarray
    when: np.ndarray
    fields: np.ndarray
    opens_dated: np.ndarray
    counts: np.ndarray
    numbers: np.ndarray
    handles: np.ndarray
    links: np.ndarray

    @cached_property
    def texts(self) -> list[str]:
        """List the lines."""
        return self.lines["text"].to_list()

    @cached_property
    def items(self) -> np.ndarray:
        """Number the exact shapes of its lines, told apart by their bullets; -1 of a line that is not short."""
        bullets = np.array([BULLETS.find(text[0]) + 1 if text[1:2] == " " else 0 for text in self.texts])
        exact = self.shapes["exact"]
        items: np.ndarray = np.where(exact < 0, -1, exact * (len(BULLETS) + 1) + bullets)
        return items

    @cached_property
    def signs(self) -> dict[str, str]:
        """Write what the signs of its shapes stand for, with the date words that it holds."""
        told = self.lines.select(KINDS).drop_nulls()
        return sign_patterns({kind: told[kind].explode().drop_nulls().unique() for kind in KINDS})

    @cached_property
    def dated_shapes(self) -> np.ndarray:
        """List the shapes of its lines without their words, an age for a date; null of a line that is not short."""
        shapes = (shape and shape.replace(AGE_SIGN, DATE_SIGN) for shape in self.written["bare"])
        return np.array(list(shapes), dtype=object)

    @cached_property
    def written(self) -> dict[str, list[str | None]]:
        """List the shapes of its lines, by level; null of a line that is not short."""
        return {level: self.lines[f"{level}_shape"].to_list() for level in LEVELS}

    @cached_property
    def titles(self) -> np.ndarray:
        """Say which lines may be titles: short, of two words or more, no sentence, no date, with prose below."""
        alone = (self.gap > 0) & (np.append(self.gap[1:], 0) > 0)
        fits = (
            self.short & ~self.ends & (~self.prose | alone) & (self.n_words > 1) & ~self.when & ~self.fields
        )
        return (
            fits & np.append(self.prose[1:], False) & ~np.append((fits & alone)[1:] & self.prose[1:], False)
        )

    @cached_property
    def idle(self) -> np.ndarray:
        """Say which lines are short and no sentence, as those of lists and menus are."""
        idle: np.ndarray = self.short & ~self.prose & ~self.ends
        return idle

    @cached_property
    def is_site(self) -> np.ndarray:
        """Say which lines the site says time and again."""
        is_site: np.ndarray = self.short & ~self.own & ~self.prose
        return is_site

    @cached_property
    def idle_dated(self) -> np.ndarray:
        """List the rows of idle lines with a date or a time."""
        return np.flatnonzero(self.idle & self.when)

    @cached_property
    def is_flat(self) -> bool:
        """Say whether no line is set in more than another."""
        return bool((self.indent == self.indent[0]).all())

    @cached_property
    def bodily(self) -> np.ndarray:
        """Say which lines tell how bodies are set: prose met once or twice; any such where the page has hardly any."""
        bodily: np.ndarray = self.own & (self.prose | (count(self.prose) < FEW_OF_PROSE))
        return bodily

    @cached_property
    def gap_above(self) -> np.ndarray:
        """Count the blank lines above each, a few at most, but for the first; one more stands for lines not there."""
        gaps = np.append(np.minimum(self.gap, MOST_GAP), 0)
        gaps[0] = 0
        return gaps

    @cached_property
    def step_out(self) -> np.ndarray:
        """Say how much less each line is set in than the one above, -1 to 1; one more stands for lines not there."""
        return np.append(np.clip(-np.diff(self.indent, prepend=self.indent[:1]) / SET_IN_BY, -1, 1), 0)

    @cached_property
    def mass_before(self) -> np.ndarray:
        """Sum the weight of prose above each row, and of all."""
        return np.concatenate([[0], np.cumsum(self.masses)])

    @cached_property
    def own_weight(self) -> np.ndarray:
        """Weigh the lines met once or twice; others weigh nothing."""
        own_weight: np.ndarray = self.weight * self.own
        return own_weight

    @cached_property
    def prose_before(self) -> np.ndarray:
        """Sum the weight of prose above each row, and of all, whether or not it is the page's own text."""
        return np.concatenate([[0], np.cumsum(self.weight * self.prose)])

    @cached_property
    def longest_run(self) -> float:
        """Give the share of its prose in the longest stretch of it that few other lines interrupt."""
        rows = np.flatnonzero(self.prose)
        stretch = np.cumsum(np.diff(rows, prepend=rows[:1]) > FAR)
        weights = np.bincount(stretch, self.weight[rows]) if len(rows) else np.zeros(1)
        return float(weights.max() / max(LEAST_PROSE, weights.sum()))

    @cached_property
    def says(self) -> np.ndarray:
        """Say which lines may be all that a record says: of a text, or met once."""
        says: np.ndarray = self.is_text | self.own_words
        return says

    @cached_property
    def own_words(self) -> np.ndarray:
        """Say which lines met once or twice may be a record's words, and no date."""
        own_words: np.ndarray = self.own & ~self.when & (self.weight >= LEAST_WORDS)
        return own_words

    @cached_property
    def masses(self) -> np.ndarray:
        """Weigh the lines that count as the page's own text; others weigh nothing."""
        masses: np.ndarray = self.weight * self.mass
        return masses

    @cached_property
    def mass(self) -> np.ndarray:
        """Say which lines count as the page's own text: prose, or where there is little, lines met once or twice."""
        prose = self.prose.astype(bool)
        return prose if (self.weight * prose).sum() >= 0.2 * self.weight.sum() else self.own

    @cached_property
    def is_text(self) -> np.ndarray:
        """Say which lines are of a text."""
        is_text: np.ndarray = self.prose | self.ends
        return is_text

    @cached_property
    def slots(self) -> np.ndarray:
        """Say which lines may fill a place for a name: short ones that end no sentence."""
        slots: np.ndarray = self.short & ~self.ends & (self.weight <= SLOT_WEIGHT)
        return slots

    @cached_property
    def may_be_title(self) -> np.ndarray:
        """Say which lines may be titles: short, no number alone, and no sentence but a question or a call."""
        stops = np.array([text.rstrip().endswith(STOPS) for text in self.texts], dtype=bool)
        titles: np.ndarray = self.short & ~stops & ~self.when & ~self.numbers
        return titles

    @cached_property
    def facts(self) -> np.ndarray:
        """Say of each line (rows) what is so (columns, see `Facts`)."""
        gap, steps = self.gap > 0, np.diff(self.indent, prepend=self.indent[:1]) != 0
        over = np.maximum(np.arange(self.height) - 1, 0)
        below_line_below_text = ~self.is_text[over] & self.is_text[np.maximum(over - 1, 0)]
        facts = Facts(
            is_short=self.short,
            is_long=self.prose | (self.weight > FRAME_WEIGHT),
            has_when=self.when,
            is_name=self.slots & (self.n_words <= SLOT_WORDS),
            is_number=self.numbers,
            is_apart=gap,
            is_over=np.append(gap[1:], False),
            steps_above=steps,
            steps_below=np.append(steps[1:], False),
            is_title=self.may_be_title,
            is_plain_title=self.may_be_title & ~self.prose,
            is_set_off=gap | (self.indent < self.indent[over]) | below_line_below_text,
            heads_text=np.append(self.is_text[1:], self.is_text[-1:]) & ~self.prose & (self.n_words > 1),
            is_worded=np.array([(one or "").startswith(WORDS_SIGN) for one in self.written["common"]]),
        )
        return np.stack(facts, axis=1)

    def count(self, at: np.ndarray) -> Facts[int]:
        """Count what is so of some lines."""
        return Facts(*self.facts[at].sum(axis=0).tolist())

    @cached_property
    def before(self) -> dict[str, list[str | None]]:
        """List what stands in its lines before a date, an age, a time, or either of the first; null where none is."""
        return {signs: self.lines[name].to_list() for signs, name in BEFORE.items()}

    @cached_property
    def promises(self) -> list[tuple[int, int]]:
        """List the numbers in brief lines that may say how many records there are, with their rows."""
        told = (enumerate(one.to_list()) for one in map(self.lines.get_column, PROMISES) if one.count())
        return [(row, number) for numbers in told for row, number in numbers if number is not None]

    @property
    def height(self) -> int:
        """Count the lines."""
        return len(self.indent)

    def shape_at(self, level: str, row: int) -> str:
        """Give the shape of a line at a level."""
        if level == "title":
            return ""
        if level == "dated":
            return DAYS
        if level == "when":
            return WHEN[self.shapes["when"][int(row)]]
        return self.written[level][int(row)] or ""


# The columns of `describe_lines` that a page has, in the order of its fields.
_TOLD = (
    *("weight", "is_short", "is_prose", "ends_sentence", "n_words"),
    *("is_own", "has_when", "is_field", "opens_dated", "is_count", "is_number", "has_handle", "is_link"),
)


def pages_of(lines: pl.DataFrame) -> Iterator[tuple[int, Page]]:
    """Take the described lines of each document as arrays, made of all lines at once."""
    whole = page_of(lines)
    runs = lines["doc"].rle().struct.unnest()
    for doc, n_lines, end in zip(runs["value"], runs["len"], runs["len"].cum_sum(), strict=True):
        yield doc, _part(whole, slice(end - n_lines, end))


def page_of(lines: pl.DataFrame) -> Page:
    """Take the described lines of one document as arrays."""
    return _part(
        Page(
            lines,
            {level: lines[level].to_numpy() for level in (*LEVELS, "when")},
            lines["text"].hash().to_numpy(),
            *(lines[name].cast(pl.Int64).to_numpy() for name in ("indent", "gap")),
            *(lines[name].to_numpy() for name in _TOLD),
        ),
        slice(0, lines.height),
    )


def _part(of: Page, here: slice) -> Page:
    """Cut the lines of one document out of those of several; add the shapes that depend on the lines around."""
    shapes = {level: numbers[here] for level, numbers in of.shapes.items()}
    is_dated = np.isin(shapes["when"], [WHEN.index(sign) for sign in DAYS])
    shapes |= {"title": np.zeros(len(is_dated), dtype=np.int64), "dated": np.where(is_dated, 0, -1)}
    told = (getattr(of, field.name)[here] for field in fields(Page)[2:])
    page = Page(of.lines[here], shapes, *told)
    page.shapes["title"][page.titles] = 1
    return page


@dataclass(frozen=True)
class Frame:
    """An anchor with its columns, in order of their offset, and where in it records are cut.

    `starts` and `ends` give for each anchor the first and last row of its frame that fits. `cut` is the offset of the
    column with which a record begins; one past the last column where the frame is a record's foot. `margin` is how much
    more speaks for it than for the next best. `adopted` are the rows that are anchors by the lines around them alone.
    """

    rows: np.ndarray
    columns: tuple[Column, ...]
    fits: np.ndarray
    cut: int
    evidence: dict[str, float] = field(default_factory=dict)
    margin: float = 0.0
    adopted: tuple[int, ...] = ()

    @cached_property
    def home(self) -> Column:
        """Give the column of the anchors themselves."""
        return next(column for column in self.columns if column.offset == 0)

    @cached_property
    def offsets(self) -> np.ndarray:
        """List the offsets of the columns."""
        return np.array([column.offset for column in self.columns])

    @property
    def first(self) -> int:
        """Give the offset of the first column."""
        return self.columns[0].offset

    @property
    def last(self) -> int:
        """Give the offset of the last column."""
        return self.columns[-1].offset

    @property
    def heads(self) -> tuple[Column, ...]:
        """List the columns with which a record begins."""
        return tuple(c for c in self.columns if c.offset >= self.cut)

    @property
    def feet(self) -> tuple[Column, ...]:
        """List the columns with which a record ends."""
        return tuple(c for c in self.columns if c.offset < self.cut)


def frame_of(page: Page, level: str, rows: np.ndarray) -> Frame | None:
    """Find the columns around an anchor; null where too few lines of it have a frame in common."""
    for _ in range(PURGES):
        columns = _columns(page, level, rows)
        fits = _fits(page, rows, columns)
        sound = _sound(columns, fits)
        if sound.all():
            return Frame(rows, columns, fits, columns[0].offset)
        rows = rows[sound]
        if len(rows) < FEWEST:
            return None
    return None


def thin(page: Page, frame: Frame) -> Iterator[np.ndarray]:
    """Give the first and the last of each run of anchors that no words part but those of the frame."""
    rows = frame.rows
    is_words = page.own_words.copy()
    is_words[(rows[:, None] + frame.offsets)[frame.fits]] = False
    is_idle = np.diff(is_words.cumsum()[rows]) == 0
    if is_idle.mean() >= LEAST_IDLE:
        yield rows[np.append(True, ~is_idle)]
        yield rows[np.append(~is_idle, True)]


def adopt(page: Page, frame: Frame) -> Frame:
    """Take for anchors the lines that stand among a frame's own lines as the anchors do, though of another shape.

    "yesterday" stands where a date does, "-3 points" where others have some; the line above or below is as ever. Half
    of the columns that are more than a place for a name must hold, and where that is but one, the first word too.
    """
    told = [i for i, c in enumerate(frame.columns) if c.offset and c.level in ("exact", "common", "bare")]
    told = [i for i in told if not frame.columns[i].beside and frame.columns[i].shape != NUMBER_SIGN]
    if not told or len(frame.rows) <= FEWEST or frame.home.level == "title":
        return frame
    is_beside = np.zeros(page.height, dtype=bool)
    for i in told:
        rows = np.flatnonzero(is_like(page, frame.columns[i])) - frame.columns[i].offset
        is_beside[rows[(rows >= 0) & (rows < page.height)]] = True
    is_beside[frame.rows] = False
    rows = np.flatnonzero(is_beside & (page.weight <= FRAME_WEIGHT))
    may_lack = _may_lack_first(frame)
    if not len(rows) and not may_lack:
        return frame
    is_before, is_behind = rows < frame.rows[0], rows > frame.rows[-1]
    holds = np.stack([column_holds(page, rows, frame.columns[i]) for i in told])
    asked = np.stack([~is_before if frame.columns[i].offset < 0 else ~is_behind for i in told])
    votes, n_asked = (holds & asked).sum(axis=0), asked.sum(axis=0)
    is_alike = page.when[rows] if frame.home.has_when else np.zeros(len(rows), dtype=bool)
    for level in ("lead", "bare"):
        usual, share = mode(page.shapes[level][frame.rows])
        if share >= HOLDS and usual >= 0 and page.shape_at(level, frame.rows[0]) != WORDS_SIGN:
            is_alike = is_alike | (page.shapes[level][rows] == usual)
    edges = np.concatenate([[-page.height], frame.rows, [2 * page.height]])
    below = np.searchsorted(edges, rows)
    near = np.minimum(rows - edges[below - 1], edges[below] - rows)
    is_apart = near > max(abs(frame.first), abs(frame.last))
    are_few = (len(rows) <= FEW_ADOPTED * len(frame.rows)) & ~page.ends[rows] & ~page.prose[rows]
    is_inside = ~is_before & ~is_behind & (votes >= n_asked / 2) & (is_alike | (votes > 1) | are_few)
    rows = rows[(is_inside | (is_alike & (votes == n_asked) & (votes > 0))) & is_apart]
    if may_lack:
        first = int(rows.min(initial=frame.rows[0]))
        rows = np.array([*_above_first(page, frame, first), *rows.tolist()], dtype=np.int64)
    if not len(rows):
        return frame
    every = np.sort(np.concatenate([frame.rows, rows]))
    return replace(frame, rows=every, fits=_fits(page, every, frame.columns), adopted=tuple(rows.tolist()))


def _may_lack_first(frame: Frame) -> bool:
    """Say whether the first anchor, with a date, has all above it that others have, which a first record has not."""
    at = [i for i, c in enumerate(frame.columns) if c.offset < 0 and c.level in ("exact", "common", "bare")]
    return bool(at and frame.home.has_when and frame.fits[0, at].all())


def _above_first(page: Page, frame: Frame, first: int) -> list[int]:
    """List the lines of the anchors' shape above the first, up to one without what stands above all others."""
    over = [c for c in frame.columns if c.offset < 0 and c.level in ("exact", "common", "bare")]
    usual, share = mode(page.shapes["bare"][frame.rows])
    found: list[int] = []
    if share < HOLDS or WHEN_SIGNS.isdisjoint(page.shape_at("bare", frame.rows[0])):
        return found
    farthest = int(np.diff(frame.rows).max())
    below = np.diff(page.indent, append=page.indent[-1:])
    step, _ = majority(below.take(frame.rows + frame.last, mode="clip").tolist())
    alike = np.flatnonzero((page.shapes["bare"][:first] == usual) & (below[:first] == step))
    while all(column_holds(page, np.array([first]), column)[0] for column in over):
        alike = alike[alike < first]
        if not len(alike) or first - alike[-1] > farthest:
            break
        first = int(alike[-1])
        found.append(first)
    return found


def extend(page: Page, frame: Frame) -> Frame:
    """Add the columns that only some anchors have: those of the shape met most often, or all others.

    Posts and the comments under them may have but one line in common, their date, and else each lines of their own.
    """
    if frame.home.level not in UNWORDED:
        return frame
    shapes = page.dated_shapes[frame.rows]
    shape = Counter(one or "" for one in shapes.tolist()).most_common(1)[0][0]
    usual = shapes == shape
    if not shape or min(count(usual), count(~usual)) <= FEWEST:
        return frame
    kinds = [_outward(page, frame.rows[some], (frame.home,)) for some in (usual, ~usual)]
    own = [
        {c.offset: replace(c, beside=shape, is_other=bool(i)) for c in found} for i, found in enumerate(kinds)
    ]
    columns = _merge({c.offset: c for c in frame.columns}, own)
    cut = {frame.first: columns[0].offset, frame.last + 1: columns[-1].offset + 1}.get(frame.cut, frame.cut)
    return replace(frame, columns=tuple(columns), fits=_fits(page, frame.rows, tuple(columns)), cut=cut)


def _merge(shared: dict[int, Column], own: list[dict[int, Column]]) -> list[Column]:
    """Keep the columns that both kinds of anchors share; names apart, where each has its own in another place."""
    has_one_place = all(_name_place(kind.values()) in {0, *shared} for kind in own)
    columns: list[Column] = []
    for offset in sorted({*shared, *own[0], *own[1]}):
        beside, found = shared.get(offset), [kind[offset] for kind in own if offset in kind]
        is_alike = beside is not None and all(
            (c.level, c.shape) == (beside.level, beside.shape) for c in found
        )
        if beside is not None and is_alike and (has_one_place or beside.level != "slot"):
            columns.append(beside)
        elif len(found) == 2 and len({(c.level, c.shape, c.indent) for c in found}) == 1 and found[0].shape:
            columns.append(replace(found[0], beside=""))
        else:
            columns += found
    return columns


def _name_place(columns: Iterable[Column]) -> int:
    """Give the offset of the slot that varies most; that of the anchor where there is none."""
    slots = [column for column in columns if column.level == "slot" and not column.is_title]
    return max(slots, key=lambda column: column.n_distinct).offset if slots else 0


def _sound(columns: tuple[Column, ...], fits: np.ndarray) -> np.ndarray:
    """Say which anchors have a frame around them; above the first of those next to each other none is asked.

    Nor is any below the last.
    """
    told = [i for i, column in enumerate(columns) if column.level != "slot" and column.offset]
    is_sound: np.ndarray = (
        fits[:, told].sum(axis=1) >= len(told) / 3 if len(told) > 1 else np.ones(len(fits), dtype=bool)
    )
    is_whole = is_sound.copy()
    for away, order in ((1, slice(None)), (-1, slice(None, None, -1))):
        asked = [i for i in told if columns[i].offset * away > 0]
        is_asked = len(asked) > 1 or (fits[1:-1, asked].all() and len(fits) > 2 * FEWEST)
        end = max(0, int(is_whole[order].argmax()) - 1)  # what stands beyond may date an article
        is_sound[order][end] = not is_asked or count(fits[order][end, asked]) >= len(asked) / 3
    return is_sound


def _columns(page: Page, level: str, rows: np.ndarray) -> tuple[Column, ...]:
    if level == "title":
        anchor: Column | None = Column(0, "title", "", 0, False, len(rows), 1.0, 1)
    else:
        lines = _Lines(page, rows, 0)
        anchor = _when(lines, level) if level in UNWORDED else _told(lines, (level,))
    assert anchor is not None
    return (*_outward(page, rows, (anchor,), -1), anchor, *_outward(page, rows, (anchor,), 1))


def _outward(page: Page, rows: np.ndarray, columns: tuple[Column, ...], step: int = 0) -> tuple[Column, ...]:
    """Find the columns beyond others, below them (1), above (-1) or both (0)."""
    if not step:
        return (*_outward(page, rows, columns, -1), *_outward(page, rows, columns, 1))
    found: list[Column] = []
    beside, room = columns[-1 if step > 0 else 0], _room(page, rows, step)
    for offset in range(beside.offset + step, step * (REACH + 1), step):
        some = rows[room >= abs(offset)]
        if len(some) < max(FEWEST, HOLDS * len(rows) - 1):
            break
        column = _column(_Lines(page, some, offset), found[-1] if found else beside)
        if column is None or (abs(offset) >= APART and _is_again(page, rows, column)):
            break
        found.append(column)
    return tuple(found[::step])


def _is_again(page: Page, rows: np.ndarray, column: Column) -> bool:
    """Say whether a column says when as the anchors do: it is of another record, an answer to theirs."""
    usual, share = mode(page.shapes["exact"][rows])
    return column.has_when and column.level == "exact" and column.number == usual and share >= HOLDS


def _room(page: Page, rows: np.ndarray, step: int) -> np.ndarray:
    """Count the lines from each anchor to the next, below (1) or above (-1).

    What stands above the first record or below the last is another thing, but where there are but two.
    """
    end = 0 if len(rows) > FEWEST else page.height - 1 - rows[-1] if step > 0 else rows[0]
    between = rows[1:] - rows[:-1] - 1
    return np.concatenate([between, [end]] if step > 0 else [[end], between])


@dataclass
class _Lines:
    """The lines at one distance from some anchors: `rows` are those of the anchors, `at` their own."""

    page: Page
    rows: np.ndarray
    offset: int

    def __post_init__(self) -> None:
        self.at: np.ndarray = self.rows + self.offset

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def facts(self) -> Facts[int]:
        """Count what is so of them."""
        return self.page.count(self.at)

    @cached_property
    def indent(self) -> int | None:
        """Give the bytes of white space that most have more than their anchors; null where that varies."""
        value, share = majority((self.page.indent[self.at] - self.page.indent[self.rows]).tolist())
        return value if share >= 0.8 else None

    @cached_property
    def n_distinct(self) -> int:
        """Count the texts that differ."""
        return n_distinct(self.page.text[self.at])

    @cached_property
    def n_words(self) -> float:
        """Give how many words they have on average."""
        return int(self.page.n_words[self.at].sum()) / len(self)

    def numbers(self, level: str) -> list[int]:
        """List the numbers of their shapes."""
        numbers: list[int] = self.page.shapes[level][self.at].tolist()
        return numbers

    def column(self, level: str, shape: str = "", **more: Any) -> Column:
        """Tell what they have in common."""
        told = {"indent": self.indent, "is_fixed": False, "n_distinct": self.n_distinct, "share": 1.0}
        return Column(self.offset, level, shape, **(told | {"n_words": self.n_words} | more))


def _column(lines: _Lines, beside: Column) -> Column | None:
    if lines.facts.is_short / len(lines) < HOLDS:
        return None
    told = _told(lines, LEVELS)
    if told is not None and told.level != "lead" and (told.share >= SURELY or told.has_when):
        return told
    if told is None or told.level == "lead":
        told = _when(lines) or told
        if told is not None and told.level == "when":
            return told
    return _choice(lines) or _slot(lines, beside) or told or _title(lines)


def _told(lines: _Lines, levels: tuple[str, ...]) -> Column | None:
    """Tell lines of one shape, the closest there is."""
    for level in levels:
        numbers = lines.numbers(level)
        number, share = majority(numbers)
        if number < 0 or share < (SURELY if level == "lead" else HOLDS):
            continue
        shape = lines.page.shape_at(level, lines.at[numbers.index(number)])
        if lines.offset and (
            re.fullmatch(WORDLESS, shape)
            or (level != "exact" and lines.facts.is_long / len(lines) > 1 - HOLDS)
        ):
            continue
        is_fixed = not re.search(f"[{SIGNS}]", shape)
        return lines.column(level, shape, is_fixed=is_fixed, share=share, number=number)
    return None


def _when(lines: _Lines, level: str = "when") -> Column | None:
    """Tell lines that have a date or a time in common, in whatever words."""
    if lines.facts.has_when / len(lines) < 0.9:
        return None
    page = lines.page
    number, _ = mode(page.shapes[level][lines.at[page.when[lines.at]]])
    shape = DAYS if level == "dated" else WHEN[number]
    return lines.column(level, shape, n_distinct=len(lines), number=number, n_words=0.0)


def _choice(lines: _Lines) -> Column | None:
    """Tell lines of which each is one of a few that the site says, of which one counts: no place for a name."""
    numbers = lines.numbers("exact")
    often = sorted(Counter(numbers).items(), key=lambda one: (-one[1], one[0]))[:MOST_CHOICES]
    often = [(number, count) for number, count in often if count >= FEWEST and number >= 0]
    if not often or sum(count for _, count in often) < CHOSEN * len(lines):
        return None
    shapes = [lines.page.shape_at("exact", lines.at[numbers.index(number)]) for number, _ in often]
    if not any(re.search(rf"(?:^|\s){NUMBER_SIGN}(?:\s|$)", shape) for shape in shapes):
        return None
    if not all(map(WHEN_SIGNS.isdisjoint, shapes)):
        return None
    return lines.column("exact", shapes[0], is_fixed=True, number=often[0][0], choices=tuple(shapes))


def _slot(lines: _Lines, beside: Column) -> Column | None:
    """Tell a place for a name: short lines that end no sentence, unlike the text around them."""
    n = len(lines)
    if (
        lines.facts.is_name / n < 0.9
        or lines.indent is None
        or lines.facts.is_number / n > MOST_COUNTS
        or not _is_unlike(lines, beside)
    ):
        return None
    texts = [lines.page.texts[row].strip() for row in lines.at.tolist()]
    is_listed = sum(bool(re.match(BULLET, text)) for text in texts) >= LISTED * n
    return lines.column(
        "slot",
        is_signed=2 * sum(text.startswith(("-", "–", "—")) for text in texts) >= n,
        n_words=lines.n_words - is_listed,
        is_listed=is_listed,
        is_doubled=2 * sum(_is_doubled(text) for text in texts) >= n,
    )


def _is_unlike(lines: _Lines, beside: Column) -> bool:
    """Say whether short lines recur, or stand apart from what is beyond them, or are as brief as names."""
    page, n = lines.page, len(lines)
    is_above, facts = lines.offset < 0, lines.facts
    n_beyond = n - int(lines.at[0] == 0 if is_above else lines.at[-1] == page.height - 1)
    steps = facts.steps_above if is_above else facts.steps_below
    parted = facts.is_apart / n if is_above else facts.is_over / max(1, n_beyond)
    return bool(
        lines.n_distinct <= 0.7 * n
        or steps / max(1, n_beyond) >= HOLDS
        or parted >= HOLDS
        or (n >= 3 and lines.n_words <= 2.5 and page.n_words[lines.at].max() <= 4)
        or _told_twice(page, lines.at, lines.rows + beside.offset)
    )


def _title(lines: _Lines) -> Column | None:
    """Tell a place for a title above the rest of a frame: short lines, each its own, set off from what stands above.

    Below the rest, a text follows.
    """
    n, facts, is_above = len(lines), lines.facts, lines.offset < 0
    if facts.is_title / n < HOLDS or lines.n_distinct < SURELY * n:
        return None
    is_plain = (
        is_above
        and n >= MANY_TITLES
        and lines.n_words >= WORDS_OF_TITLE
        and facts.is_plain_title / n >= SURELY
        and facts.is_worded >= OWN_TITLES * n
    )
    if not is_plain and (facts.is_set_off / n < SURELY if is_above else facts.heads_text / n < HOLDS):
        return None
    return lines.column("slot", indent=None, is_title=True)


def _is_doubled(text: str) -> bool:
    half = len(text) // 2
    return bool(text) and text == f"{text[:half]} {text[:half]}"


def _told_twice(page: Page, at: np.ndarray, beside: np.ndarray) -> bool:
    """Say whether the first word of most of these lines stands in the line beside them too, as a name may."""
    texts, some = page.texts, slice(0, TRIED)
    pairs = zip(at[some].tolist(), np.clip(beside[some], 0, page.height - 1).tolist(), strict=True)
    hits = [bool(word := _first_word(texts[own])) and word in texts[other].lower() for own, other in pairs]
    return sum(hits) >= 0.6 * len(hits)


def _first_word(text: str) -> str:
    found = re.search(r"\w+", text)
    return found[0].lower() if found else ""


def majority(values: list[int]) -> tuple[int, float]:
    """Give the value that more than half have, and its share; where there is none, any with its share."""
    middle = sorted(values)[len(values) // 2]
    return middle, values.count(middle) / len(values)


def mode(values: np.ndarray) -> tuple[int, float]:
    """Give the most frequent value, of equals the least, and its share; -1 where there is none."""
    if not len(values):
        return -1, 0.0
    counts = Counter(values.tolist())  # most are a few dozen, for which numpy is slow
    most = max(counts.values())
    return min(value for value, count in counts.items() if count == most), most / len(values)


def likelihood(odds: float) -> float:
    """Give what log odds say as a share, 0 to 1."""
    return float(1 / (1 + np.exp(-odds)))


def log_odds(share: float, surest: float) -> float:
    """Give the log odds of a share; one nearer to 0 or 1 than the surest tells no more."""
    share = min(max(share, surest), 1 - surest)
    return float(np.log(share / (1 - share)))


def speaks(weights: Mapping[str, float], evidence: Mapping[str, float]) -> float:
    """Sum what speaks for something, in log odds: each piece of evidence by its weight."""
    return float(sum(weight * evidence[name] for name, weight in weights.items()))


def evenness(masses: np.ndarray) -> float:
    """Say how evenly a whole is parted, by the entropy of its parts, 0 to 1; parts without any count as parts."""
    share = masses[masses > 0] / max(1.0, float(masses.sum()))
    return float(np.exp(-(share * np.log(share)).sum()) / len(masses)) if len(share) else 0.0


def count(flags: np.ndarray) -> int:
    """Count what is so."""
    return int(np.count_nonzero(flags))


def n_distinct(values: np.ndarray) -> int:
    """Count the values that differ."""
    return len(set(values.tolist()))


def first_of_each(records: np.ndarray) -> np.ndarray:
    """Number the first row of each record; `records` never falls."""
    return np.flatnonzero(differs(records))


def _fits(page: Page, rows: np.ndarray, columns: tuple[Column, ...]) -> np.ndarray:
    """Say of each anchor which columns hold at it, counted outward: beyond one that does not, none does."""
    fits = np.ones((len(rows), len(columns)), dtype=bool)
    held = {0: np.ones(len(rows), dtype=bool)}
    beside = [i for i, column in enumerate(columns) if column.offset]
    for i in sorted(beside, key=lambda i: abs(columns[i].offset)):
        offset = columns[i].offset
        fits[:, i] = held[offset - (1 if offset > 0 else -1)] & column_holds(page, rows, columns[i])
        held[offset] = held.get(offset, False) | fits[:, i]
    return fits


def is_asked(page: Page, rows: np.ndarray, column: Column) -> np.ndarray:
    """Say of each anchor whether a column is looked for at it."""
    if not column.beside:
        return np.ones(len(rows), dtype=bool)
    is_usual: np.ndarray = page.dated_shapes[rows] == column.beside
    return is_usual ^ column.is_other


def is_like(page: Page, column: Column) -> np.ndarray:
    """Say of each line of a page whether it is of a column's shape, or of one of its choices."""
    if len(column.choices) > 1:
        return np.array([shape in column.choices for shape in page.written["exact"]])
    return page.shapes[column.level] == column.number


def column_holds(page: Page, rows: np.ndarray, column: Column) -> np.ndarray:
    """Say of each anchor whether a column holds at it."""
    offset = rows + column.offset
    at = np.minimum(np.maximum(offset, 0), page.height - 1)
    inside = at == offset
    if column.beside:
        inside &= is_asked(page, rows, column)
    if column.is_title:
        return inside & page.may_be_title[at]
    if column.indent is not None or column.level == "slot":
        inside &= page.indent[at] - page.indent[rows] == column.indent
    if column.level == "slot":
        return inside & page.slots[at]
    like = is_like(page, column)[at]
    if column.has_when:
        like |= page.when[at]
    return inside & like
