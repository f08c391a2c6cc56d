"""Arithmetic that the ways to part a page share: shares and log odds, what is most frequent, how even parts are."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from pipeline.induce.ragged import differs


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
