"""The lines of one document as arrays: what is asked of each, and which shape it has at each level."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import polars as pl

from pipeline.article.passages import Rows
from pipeline.induce.measures import count
from pipeline.induce.shapes import (
    AGE_SIGN,
    BEFORE,
    BULLETS,
    DATE_SIGN,
    DAYS,
    LEVELS,
    PROMISES,
    WHEN,
    WORDS_SIGN,
    signs_of_lines,
)

SLOT_WEIGHT = 48  # of a line that may be a name, in code units
SLOT_WORDS = 6
FRAME_WEIGHT = 80  # of a line beside an anchor that may be of its frame
LEAST_WORDS = 4  # weight of a line met once that may be a record's words
LEAD = 12  # lines above the first record in which what promises their number is looked for
MOST_GAP = 3  # blank lines above a line, beyond which more tell nothing
SET_IN_BY = 2  # blanks from which on a line is set in; one is left where a page had a picture
FEW_OF_PROSE = 3  # lines of prose on a page

T = TypeVar("T")


class Facts(NamedTuple, Generic[T]):
    """What is asked of lines that may be of a frame: of each line of a page, whether it is so; of some, how many are.

    Attributes:
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
        exact = self.shapes["exact"]
        items: np.ndarray = np.where(exact < 0, -1, exact * (len(BULLETS) + 1) + self.bullets)
        return items

    @cached_property
    def bullets(self) -> np.ndarray:
        """Number the bullets with which lines begin, from 1; 0 for none."""
        return np.array([BULLETS.find(text[0]) + 1 if text[1:2] == " " else 0 for text in self.texts])

    @cached_property
    def listed(self) -> np.ndarray:
        """Say which lines begin with a bullet."""
        listed: np.ndarray = self.bullets > 0
        return listed

    @cached_property
    def signs(self) -> dict[str, str]:
        """Write what the signs of its shapes stand for, with the date words that it holds."""
        return signs_of_lines(self.lines.filter("is_short"))

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
        shares = Rows(np.zeros(self.height)).longest_run(self.prose, self.weight)
        return float(shares.max(initial=0))

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
        is_none = self.lines["ends_no_title"].to_numpy()
        titles: np.ndarray = self.short & ~is_none & ~self.when & ~self.numbers
        return titles

    @cached_property
    def facts(self) -> np.ndarray:
        """Say of each line (rows) what is so (columns, see `Facts`)."""
        gap, steps = self.gap > 0, np.diff(self.indent, prepend=self.indent[:1]) != 0
        over = np.maximum(np.arange(self.height) - 1, 0)
        below_line_below_text = ~self.is_text[over] & self.is_text[np.maximum(over - 1, 0)]
        facts = Facts(
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
