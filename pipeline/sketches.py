"""Sketches of texts: how alike two are is estimated from them, and no text can be made out of them.

A sketch is a b-bit MinHash (Broder 1997; Li and König 2010): of each of `SIZE` orders of the shingles of a text (five
words in a row, see `shingles`), the last 8 bits of the hash of the first. Two sketches have each value in common with
the probability of the Jaccard similarity of their shingles, but for 1 in 256 that is chance. A text is near
one of the sketches if `LEAST` values are the same, an estimate of 0.6; how often, by the binomial distribution:

| similarity | is found |
| --- | --- |
| 0.8, a near copy by the rule of `dedupe` | all but 1 in 9,000,000 |
| 0.7 | all but 1 in 160 |
| 0.6 | half |
| 0.5 | 1 in 67 |
| 0.4 | 1 in 230,000 |
| 1/3 and less | less than 1 in 10^9 |

One word changed amid n of them leaves a similarity of (n - 9) / (n + 1): from 24 words on it is more likely found
than not, from 39 on nearly always. Texts of less than `SHINGLES` shingles have no sketch: few words may be anybody's.
The values must not change with the code, or what older sketches name is found no more; a test holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import polars as pl

from pipeline import shingles

SIZE, LEAST = 128, 77
# As many as twenty words have, less than which a record is flagged as short.
SHINGLES = 16
# Values compared as one when looking for texts that may be near: one of these is the same in a text of similarity
# 0.8 but for 1 in 20,000,000, of 0.7 but for 1 in 7,000; without comparing every text with every sketch.
_BAND = np.dtype("<u4")
_UNSEEN = r"[\p{Cf}\u034F\u115F\u1160\u17B4\u17B5\u3164\uFE00-\uFE0F]"
# Multipliers are made of an odd one, 2^64 divided by the golden ratio, as in `shingles`.
_ODD, _HALF = 0x9E3779B97F4A7C15, np.uint64(32)


def of(texts: pl.Series) -> pl.Series:
    """Return the sketch of each text as hex digits, two a value; null where there are too few shingles."""
    made: list[str | None] = [None] * len(texts)
    for owners, values in _sketched(texts):
        for owner, row in zip(owners.tolist(), values, strict=True):
            made[owner] = row.tobytes().hex()
    return pl.Series(made, dtype=pl.String)


def near(texts: pl.Series, sketches: Iterable[str]) -> pl.Series:
    """Say which texts are near one that has one of these sketches; null and what is too short is not."""
    known = np.frombuffer(bytes.fromhex("".join(sorted(sketches))), np.uint8).reshape(-1, SIZE)
    bands = np.unique(_bands(known))
    is_near = np.zeros(len(texts), bool)
    for owners, values in _sketched(texts) if len(known) else ():
        for at in np.flatnonzero(np.isin(_bands(values), bands).any(axis=1)):
            is_near[owners[at]] = (known == values[at]).sum(axis=1).max() >= LEAST
    return pl.Series(is_near)


def _bands(values: np.ndarray) -> np.ndarray:
    """Return runs of four values, each with its place, as one number."""
    runs = np.ascontiguousarray(values).view(_BAND).astype(np.uint64)
    return runs | (np.arange(runs.shape[1], dtype=np.uint64) << _HALF)


def _sketched(texts: pl.Series) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield, chunk by chunk, the index of each text that has enough shingles, and its values in a row."""
    # What cannot be seen would part a word in two.
    for found in shingles.of(texts.str.replace_all(_UNSEEN, "")):
        starts = np.flatnonzero(np.diff(found.text, prepend=-1))
        owners, hashes = found.text[starts], found.hash
        is_long = np.diff(np.append(starts, len(hashes))) >= SHINGLES
        if is_long.any():
            yield owners[is_long], _values(hashes, starts)[is_long]


def _values(hashes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return for each run of hashes, in each of the orders, the last bits of the first."""
    values = np.empty((len(starts), SIZE), np.uint8)
    for order, (flip, factor) in enumerate(_orders()):
        mixed = (hashes ^ flip) * factor
        mixed ^= mixed >> _HALF
        values[:, order] = np.minimum.reduceat(mixed, starts) & np.uint64(0xFF)
    return values


@cache
def _orders() -> list[tuple[np.uint64, np.uint64]]:
    """Return for each order what a hash is changed by, and the odd number that it is multiplied by."""
    steps = [pow(_ODD, n, 1 << 64) for n in range(1, 2 * SIZE + 1)]
    return [(np.uint64(steps[2 * n]), np.uint64(steps[2 * n + 1])) for n in range(SIZE)]
