"""Parts of several lengths, one behind the other: the records of several partings of a page, the lines of records.

What is asked of all partings at once costs little more than what is asked of one.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Self

import numpy as np


class Ragged:
    """Values in parts, one behind the other.

    Attributes:
        values: of all parts.
        sizes: how many each part has; there may be none.
        of: the part of each value.
        first, last: place of the first and the last value of each part.
    """

    def __init__(self, values: np.ndarray, sizes: np.ndarray) -> None:
        self.values, self.sizes = values, sizes
        self.of = np.repeat(np.arange(len(sizes)), sizes)
        self.last = np.cumsum(sizes) - 1
        self.first = self.last - sizes + 1

    @classmethod
    def joined(cls, parts: Sequence[np.ndarray]) -> Self:
        """Take one part at least behind the other."""
        return cls(np.concatenate(parts), np.array([len(part) for part in parts]))

    @cached_property
    def is_first(self) -> np.ndarray:
        """Say which values are the first of their part."""
        return differs(self.of)

    @cached_property
    def is_last(self) -> np.ndarray:
        """Say which values are the last of their part."""
        return differs(self.of[::-1])[::-1]

    def next(self, beyond: np.ndarray) -> np.ndarray:
        """Give of each value the next of its part, and of the last what is beyond that; no part may be empty."""
        following = np.append(self.values[1:], 0)
        following[self.last] = beyond
        return following

    def parts(self, values: np.ndarray) -> list[np.ndarray]:
        """Cut values that stand beside these into their parts."""
        return [
            values[first:end]
            for first, end in zip(self.first.tolist(), (self.last + 1).tolist(), strict=True)
        ]

    def only(self, holds: np.ndarray) -> "Ragged":
        """Leave out values for which something does not hold; there are as many parts as before."""
        return Ragged(self.values[holds], np.bincount(self.of[holds], minlength=len(self.sizes)))

    def total(self, values: np.ndarray) -> np.ndarray:
        """Sum values that stand beside these by part, on the last axis; 0 where there are none."""
        # Behind a nought each sum comes to what `sum` makes of the part alone, to the last bit.
        first, place = self._spaced
        spaced = np.zeros((*values.shape[:-1], len(first) + len(place)))
        spaced[..., place] = values
        sums: np.ndarray = np.add.reduceat(spaced, first, axis=-1)
        return sums

    @cached_property
    def _spaced(self) -> tuple[np.ndarray, np.ndarray]:
        """Give the places of the parts and of the values, if a nought stood before each part."""
        return self.first + np.arange(len(self.first)), np.arange(1, len(self.of) + 1) + self.of

    def mean(self, values: np.ndarray, otherwise: float = 0.0) -> np.ndarray:
        """Give the mean, by part, of values that stand beside these; something else where there are none."""
        return np.where(self.sizes, self.total(values) / np.maximum(self.sizes, 1), otherwise)

    def ordered(self, values: np.ndarray) -> np.ndarray:
        """Sort values that stand beside these, each part by itself."""
        return values[np.lexsort((values, self.of))]

    def median(self, values: np.ndarray) -> np.ndarray:
        """Give the median, by part, of values that stand beside these; no part may be empty."""
        ordered, below = self.ordered(values), self.sizes - 1
        return (ordered[self.first + below // 2] + ordered[self.last - below // 2]) / 2

    def counted(self, numbers: np.ndarray) -> tuple["Ragged", np.ndarray]:
        """List by part the numbers, 0 or more, that stand beside these values, with how often each does."""
        size = int(numbers.max(initial=0)) + 1
        keys, times = np.unique(self.of * size + numbers, return_counts=True)
        return Ragged(keys % size, np.bincount(keys // size, minlength=len(self.sizes))), times

    def evenness(self, masses: np.ndarray) -> np.ndarray:
        """Say how evenly each part is parted by masses above 0 beside its values (see `template.evenness`)."""
        share = masses / np.maximum(1.0, self.total(masses))[self.of]
        return np.exp(-self.total(share * np.log(share))) / self.sizes


class Spans(Ragged):
    """Rows of a page, in parts that go from one to another.

    Attributes:
        starts, below: of each part the first row, and that below its last.
    """

    def __init__(self, starts: np.ndarray, below: np.ndarray) -> None:
        super().__init__(starts, below - starts)
        self.starts, self.below = starts, below
        self.values = np.arange(len(self.of)) + np.repeat(starts - self.first, self.sizes)

    def firsts(self, holds: np.ndarray) -> np.ndarray:
        """Give the first row of each part in which something holds; that below its last where none does."""
        at = np.append(np.flatnonzero(holds), len(holds))
        return np.minimum(self.starts + at[np.searchsorted(at, self.first)] - self.first, self.below)


def differs(values: np.ndarray) -> np.ndarray:
    """Say which values differ from the one before; the first does."""
    found = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def grouped(numbers: np.ndarray, fewest: int) -> list[np.ndarray]:
    """List where each number, 0 or more, stands that stands often enough, the least first."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    first = np.flatnonzero(differs(ordered))
    below = np.append(first[1:], len(ordered))
    is_met = (below - first >= fewest) & (ordered[first] >= 0)
    return [order[at:end] for at, end in zip(first[is_met].tolist(), below[is_met].tolist(), strict=True)]


def tallied(of: np.ndarray, numbers: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Count how often each part has each number: parts × numbers, of so many."""
    return np.bincount(of * shape[1] + numbers, minlength=shape[0] * shape[1]).reshape(shape)


def looked_up(table: np.ndarray, of: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Give of some parts and numbers what stands in a table of parts × numbers, sooner than an index of both does."""
    found: np.ndarray = table.ravel().take(of * table.shape[1] + numbers)
    return found
