"""What is asked of each line of a page where its boxes are looked for: how deep it stands, and what it shows."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article.patterns import BY
from pipeline.induce.page import Page
from pipeline.induce.ragged import differs
from pipeline.induce.shapes import SIGNS, WORDS_SIGN, signs_of_lines

FEWEST = 3  # records
BULLETED, NUMBERED = r"[*+o#@-]\s", r"\d+\.\s"
COUNTED = 5  # digits of a number that may be a count; a telephone has more
FLAT = 3  # depths, of which a page that is not set in has fewer
LONG = 200  # weight of a line that is a text whatever it ends with
# What the site says below records, by the level of its shape: words, whatever is counted among them, but for a label of
# several words before a number; or words that several lines have behind others, "Ada and Bo like this".
SAID = {
    "exact": rf"\p{{L}}[^{SIGNS}]*(?:\([{SIGNS}]\))?$|^[^\s{SIGNS}]*\p{{L}}[^\s{SIGNS}]*:?\s?[{SIGNS}]$",
    "common": rf"^\P{{L}}*{WORDS_SIGN}.*\p{{L}}[^{SIGNS}]*$",
}

_TEXT = pl.col("text").str
_WORD = _TEXT.extract(r"^(\p{L}\S*) ", 1)
_ASKED = {
    "digits": _TEXT.extract(r"^(\d+)\.\s", 1).str.len_chars().fill_null(0),
    "is_listed": _TEXT.contains(f"^{BULLETED}"),
    "is_numbered": _TEXT.contains(f"^{NUMBERED}"),
    "is_signed": pl.col("exact_shape").str.contains(f"[{SIGNS}]").fill_null(value=False),
    "label": _WORD.rank("dense").fill_null(0),
    "is_key": _WORD.str.ends_with(":").fill_null(value=False),
    "n_digits": _TEXT.count_matches(r"\d"),
    "has_letter": _TEXT.contains(r"\p{L}"),
    "is_by": _TEXT.contains(rf"^\W*{BY}\b"),
    **{
        f"says_{level}": pl.col(f"{level}_shape").str.contains(told).fill_null(value=False)
        for level, told in SAID.items()
    },
}


def ask_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Add to the described lines of some documents what a sheet asks of each."""
    return lines.with_columns(**_ASKED)


class Numbered(NamedTuple):
    """Numbers of a page's lines, -1 for none; and of each line the nearest above and below that have the same.

    Where there is none, -1 and the page's height.
    """

    numbers: np.ndarray
    above: np.ndarray
    below: np.ndarray

    @property
    def size(self) -> int:
        """Give a number above all, 1 or more."""
        return int(self.numbers.max(initial=0)) + 1


class Sheet:
    """A page, with what is asked of each of its lines (see `ask_lines`, which those must have been put to).

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

    def __init__(self, page: Page) -> None:
        self.page = page
        self.depth = depth = page.indent + self._told("digits").astype(np.int64)
        self.marker = np.where(self._told("is_numbered"), 2, np.where(self._told("is_listed"), 1, 0))
        self.when = (page.shapes["dated"] >= 0) | page.opens_dated
        self.is_text = (page.prose & page.ends) | (page.weight > LONG)
        self.is_deeper = np.append(depth[1:] > depth[:-1], False)
        exact = page.shapes["exact"]
        _, inverse, counts = np.unique(exact, return_inverse=True, return_counts=True)
        is_signed = self._told("is_signed")
        self.fixed = (exact >= 0) & (counts[inverse] >= FEWEST) & ~self.when & ~is_signed
        shown = (self.marker, self.when, self.is_text, np.where(self.fixed, exact, -1))
        holds = self.is_deeper & ~self.when  # below the last foot of a page often stands what is set in more
        self.sorts, _ = _numbered(holds, *shown)
        self.wide_sorts, _ = _numbered(holds, self.marker, self.when)
        self.kinds, first = _numbered(depth, *shown)
        self.is_site = self.fixed[first]
        self.tells = self.is_site | self.when[first]

    def _told(self, name: str) -> np.ndarray:
        return self.page.lines[name].to_numpy()

    @cached_property
    def signs(self) -> dict[str, str]:
        """Write what stands for a date in its lines, of long ones in how they begin."""
        return signs_of_lines(self.page.lines)

    @cached_property
    def is_flat(self) -> bool:
        """Say whether the page is not set in."""
        return len(np.unique(self.page.indent)) < FLAT

    @cached_property
    def is_word(self) -> np.ndarray:
        """Say which lines are words: prose, the end of a sentence, or a line that says when; none that the site says.

        Nor is a line that begins as others at its depth do, and ends no sentence: it is a list with its label.
        """
        page = self.page
        label = self._told("label").astype(np.int64)
        label[~(page.short | self._told("is_key"))] = 0
        number, _ = _numbered(self.depth, label)
        is_site = (label > 0) & ~page.ends & _met_often(number)
        for said in self.said:
            is_site |= (said.numbers >= 0) & _met_often(said.numbers + 1)
        return ((page.prose | page.ends) & ~is_site) | self.when

    @cached_property
    def is_mute(self) -> np.ndarray:
        """Say which lines hold no letter, and no more digits than a count does."""
        return ~self._told("has_letter") & (self._told("n_digits") <= COUNTED) & ~self.when

    @cached_property
    def said(self) -> tuple[Numbered, ...]:
        """Number what short lines say that may be the site's below a record, whole or behind words; -1 for nothing.

        A number may stand before it or in brackets behind: behind a label stands what a record says. So it does behind
        "by", and where more stands beside a date.
        """
        numbers = []
        for level in SAID:
            says = self._told(f"says_{level}") & ~self._told("is_by") & ~self.when
            said = np.where(says, self.page.shapes[level], -1)
            _, dense, times = np.unique(said, return_inverse=True, return_counts=True)
            numbers.append(_beside(np.where((said >= 0) & (times[dense] > 1), dense, -1)))
        return tuple(numbers)

    @cached_property
    def alike(self) -> Numbered:
        """Give the kinds of lines."""
        return _beside(self.kinds)

    @cached_property
    def telling(self) -> np.ndarray:
        """List the rows of the kinds that tell something."""
        return np.flatnonzero(self.tells[self.kinds])

    @cached_property
    def dates(self) -> Numbered:
        """Number the lines that say when by how deep they are; at a depth short ones first."""
        key = np.where(self.when, self.depth * 2 + ~self.page.short, -1)
        numbers = np.unique(key, return_inverse=True)[1]
        return _beside(numbers - (not self.when.all()))

    @cached_property
    def texts(self) -> np.ndarray:
        """Number the lines that are the same."""
        return np.unique(self.page.text, return_inverse=True)[1]

    @cached_property
    def is_title(self) -> np.ndarray:
        """Say which lines may be titles: neither words nor the site's, and not without letters."""
        return ~(self.is_word | self.fixed | self.is_mute)

    @cached_property
    def word_above(self) -> np.ndarray:
        """Give of each line the nearest, it or above, that is words; -1 for none."""
        return _last_where(self.is_word)

    @cached_property
    def said_above(self) -> np.ndarray:
        """Give of each line the nearest, it or above, that says something; -1 for none."""
        return _last_where(~self.is_mute)

    @cached_property
    def parent(self) -> np.ndarray:
        """Give of each line the nearest above that is set in less; -1 for none."""
        above: list[int] = []
        found = []
        depths = self.depth.tolist()
        for row, depth in enumerate(depths):
            while above and depths[above[-1]] >= depth:
                above.pop()
            found.append(above[-1] if above else -1)
            above.append(row)
        return np.array(found)

    @cached_property
    def level_top(self) -> np.ndarray:
        """Give of each line the first of those next to it that are set in as far."""
        return _last_where(differs(self.depth))

    @cached_property
    def gap_tops(self) -> tuple[np.ndarray, ...]:
        """Give of each line the nearest, it or above, below a blank line, and below more; -1 for none."""
        return tuple(_last_where(self.page.gap >= gap) for gap in (1, 2))

    @cached_property
    def outermost(self) -> tuple[tuple[np.ufunc, np.ndarray], ...]:
        """Give what picks the first and the last line set in least of some, and the first below most blank ones.

        Each is whether to pick the least or the greatest, and of which numbers: modulo the height these are rows.
        """
        depth, gap, height = self.depth, self.page.gap, self.page.height
        return (
            (np.minimum, depth * height + np.arange(height)),
            (np.maximum, (depth.max() - depth) * height + np.arange(height)),
            (np.minimum, (gap.max() - gap) * height + np.arange(height)),
        )


def _met_often(numbers: np.ndarray) -> np.ndarray:
    """Say which rows have a number, 0 or more, that at least FEWEST have."""
    often: np.ndarray = (np.bincount(numbers) >= FEWEST)[numbers]
    return often


def _last_where(holds: np.ndarray) -> np.ndarray:
    """Give of each row the nearest, it or above, in which something holds; -1 for none."""
    return np.maximum.accumulate(np.where(holds, np.arange(len(holds)), -1))


def _beside(numbers: np.ndarray) -> Numbered:
    height = len(numbers)
    order = np.argsort(numbers, kind="stable")
    is_same = numbers[order[1:]] == numbers[order[:-1]]
    upper, lower = order[:-1][is_same], order[1:][is_same]
    above, below = np.full(height, -1), np.full(height, height)
    above[lower], below[upper] = upper, lower
    return Numbered(numbers, above, below)


def _numbered(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the rows that are alike in some columns; with the first row of each number."""
    order = np.lexsort(columns[::-1])
    is_new = np.any([differs(column[order]) for column in columns], axis=0)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(is_new) - 1
    return number, order[is_new]
