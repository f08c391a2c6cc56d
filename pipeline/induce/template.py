"""What stands at a fixed distance from the lines of one shape: a frame that recurs with every record.

An *anchor* is a set of lines of one shape. A *column* is what the lines so many below or above them have in common; the
columns next to each other around the anchor are the *frame*. Between one frame and the next stands a record's own text.
Where in the frame the one record ends and the next begins is the *cut*.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from pipeline.induce.measures import count, majority, mode, n_distinct
from pipeline.induce.page import FRAME_WEIGHT, Facts, Page
from pipeline.induce.shapes import (
    BULLET,
    DAYS,
    LEVELS,
    NUMBER_SIGN,
    SIGNS,
    WHEN,
    WHEN_SIGNS,
    WORDS_SIGN,
)

UNWORDED = ("when", "dated")  # levels of lines that have a date or a time in common, in whatever words
REACH = 8  # lines above and below an anchor that may be of its frame
# Lines from one date of a record to another, from which on they are of two records if they are alike.
APART = 3
HOLDS = 0.75  # of the anchors, those that must have the same in a column
MOST_COUNTS = 0.25  # of the lines in a place for a name, those that may be a number alone
SURELY = 0.95
FEWEST = 2
# Of the anchors, so many more that any short line is taken for one where its neighbours fit.
FEW_ADOPTED = 0.34
LEAST_IDLE = (
    0.15  # of the stretches between anchors, those without words, above which one of each run is tried
)
TRIED = 40  # lines at most that are asked where some say as much as all
PURGES = 4
MOST_CHOICES = 3  # things that a site says in one place
CHOSEN = 0.9  # of the lines there, those that say one of them
# So many lines of so many words are titles though no gap sets them off, where so many begin with a word of their own.
MANY_TITLES, WORDS_OF_TITLE, OWN_TITLES = 5, 3, 0.6
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
    if count(lines.page.short[lines.at]) / len(lines) < HOLDS:  # most are not, and need no more counted
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
