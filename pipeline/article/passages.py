"""Arithmetic over rows that lie document by document: windows, sums and nearest rows never leave a document."""

import numpy as np

# Sums are of whole steps of so much: exact in any order, so that a document is read alike in whatever company.
STEP = 2.0**-20
FAR = 3  # lines apart from which on prose is of another stretch
LEAST_PROSE = 300.0  # letters' widths, of less than which a stretch is no large share


class Rows:
    """Where the rows of each document lie.

    Attributes:
        doc: by row, the number of its document, counted from 0.
        first, last: by row, the first and the last row of its document.
    """

    def __init__(self, doc: np.ndarray) -> None:
        starts = np.flatnonzero(np.diff(doc, prepend=-1))
        sizes = np.diff(np.append(starts, len(doc)))
        self.starts = starts
        self.doc = np.repeat(np.arange(len(starts)), sizes)
        self.first = np.repeat(starts, sizes)
        self.last = np.repeat(starts + sizes - 1, sizes)
        self.at = np.arange(len(doc))

    def away(self, values: np.ndarray, rows: int) -> np.ndarray:
        """Give each row the value so many rows below it (above, if negative); 0 outside its document."""
        at = self.at + rows
        inside = (at >= self.first) & (at <= self.last)
        return np.where(inside, values[np.clip(at, 0, max(len(values) - 1, 0))], 0)

    def around(self, values: np.ndarray, rows: int) -> np.ndarray:
        """Sum the values of so many rows above, the row itself, and as many below."""
        sums = _running(values)
        above = sums[np.maximum(self.at - rows, self.first)]
        return (sums[np.minimum(self.at + rows, self.last) + 1] - above) * STEP

    def mean_around(self, values: np.ndarray, rows: int) -> np.ndarray:
        """Give the mean of the values of so many rows above, the row itself, and as many below."""
        n_rows = np.minimum(self.at + rows, self.last) - np.maximum(self.at - rows, self.first) + 1
        return self.around(values, rows) / n_rows

    def reversed(self) -> "Rows":
        """Lay the rows out the other way round."""
        return Rows(self.doc.max(initial=0) - self.doc[::-1])

    def so_far(self, values: np.ndarray) -> np.ndarray:
        """Sum the values from the top of the document down to each row, itself included."""
        sums = _running(values)
        return (sums[self.at + 1] - sums[self.first]) * STEP

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sum the values by document."""
        return np.bincount(self.doc, np.rint(values / STEP), minlength=len(self.starts)) * STEP

    def total(self, values: np.ndarray) -> np.ndarray:
        """Give each row the sum over its document."""
        return self.sums(values)[self.doc]

    def above(self, flag: np.ndarray) -> np.ndarray:
        """Number the nearest flagged row at or above each row; -1 where there is none."""
        nearest = np.maximum.accumulate(np.where(flag, self.at, -1))
        return np.where(nearest >= self.first, nearest, -1)

    def below(self, flag: np.ndarray) -> np.ndarray:
        """Number the nearest flagged row at or below each row; -1 where there is none."""
        far = len(self.at)
        nearest = np.minimum.accumulate(np.where(flag, self.at, far)[::-1])[::-1]
        return np.where(nearest <= self.last, nearest, -1)

    def edges(self, flag: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Number, for each row, the first and the last flagged row of its document; -1 where there is none."""
        return self.below(flag)[self.first], self.above(flag)[self.last]

    def longest_run(self, prose: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Give the share of each document's prose in the longest stretch of it that few other lines interrupt."""
        at = np.flatnonzero(prose)
        is_new = (np.diff(at, prepend=-FAR - 1) > FAR) | (np.diff(self.doc[at], prepend=-1) > 0)
        longest = np.zeros(len(self.starts))
        np.maximum.at(longest, self.doc[at[is_new]], np.bincount(np.cumsum(is_new) - 1, weight[at]))
        return longest / np.maximum(self.sums(weight * prose), LEAST_PROSE)


def _running(values: np.ndarray) -> np.ndarray:
    """Sum values from the first on, in steps: nothing, the first, the first two, and so on."""
    return np.append(0, np.cumsum(np.rint(values / STEP).astype(np.int64)))
