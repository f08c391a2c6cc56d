"""Arithmetic on row numbers that the other modules share."""

from collections.abc import Sequence

import numpy as np
import polars as pl

NONE = -1  # the number of no row, no mark, no record


def latest(flag: np.ndarray) -> np.ndarray:
    """Give each row the number of the latest row, itself included, at which a flag holds (else 0)."""
    return np.maximum.accumulate(np.where(flag, np.arange(len(flag)), 0))


def changes(*columns: np.ndarray) -> np.ndarray:
    """Say where a row differs from the one above it in any of these columns; the first does."""
    changed = np.zeros(len(columns[0]), dtype=bool)
    changed[:1] = True
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return changed


def pick(names: Sequence[str | None], numbers: np.ndarray) -> pl.Series:
    """Look names up by number, -1 being the last."""
    return pl.Series(names, dtype=pl.String).gather(pl.Series(numbers % len(names), dtype=pl.UInt32))


def rank_within(keys: pl.Series) -> pl.Series:
    """Count rows from 0 within each run of equal keys."""
    starts = changes(keys.to_numpy())
    return pl.Series(np.arange(len(keys)) - latest(starts), dtype=pl.Int32)
