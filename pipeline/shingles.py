"""Texts as sets of shingles: five words in a row, each shingle a 64-bit hash.

A word is a run of letters, marks and digits in lower case and compatible form (NFKC); in scripts without spaces
each character with its marks is a word. Words are never made into strings: a hash is a polynomial in the code
points, so those of all words of a text are differences of one running sum.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from pipeline import characters
from pipeline.language import UNSPACED

N_WORDS = 5
# What a character is to a word: none of it; a letter or digit; a word by itself; a mark, which goes with what is
# before it.
_NONE, _LETTER, _WORD, _MARK = range(4)
_ODD = 4  # it takes more than looking up a code point to write it in one way: a flag beside the kind
# Characters hashed in one go: what is made of them stays in the cache of a core.
_BLOCK = 1 << 17
_MIXED = 1 << 14  # shingles mixed in one go, likewise
_CHUNK = 1 << 19  # shingles unpacked in one go: they bound the memory, not the result
# Odd multipliers spread the bits: 2^64 divided by the golden ratio, and those of splitmix64 (Steele, Lea and Flood
# 2014). The polynomial's base has an inverse modulo 2^64, since it is odd.
_MULTIPLIER = 0x9E3779B97F4A7C15
_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_BASE = 0xD1342543DE82EF95


class Shingles(NamedTuple):
    """A row a shingle: the index of its text, and its hash. A text has its shingles in order, with repeats."""

    text: np.ndarray
    hash: np.ndarray


def of(texts: pl.Series) -> Iterator[Shingles]:
    """Cut texts into shingles, chunk by chunk; null has none."""
    return (found for found, *_ in _cut(texts))


def packed(texts: pl.Series) -> pl.Series:
    """Return the shingles of each text as bytes, eight a hash: they can be kept, and serve without the text.

    Rows of bytes can be sorted and filtered without moving the bytes, which may lie on disk.
    """
    parts = [_packed(*part) for part in _cut(texts)]
    return pl.concat(parts) if parts else pl.Series(dtype=pl.Binary)


def unpacked(kept: pl.Series, kinds: pl.Series) -> Iterator[Shingles]:
    """Return shingles as `of` gave them, chunk by chunk, but those of texts of different kinds are never equal."""
    salts = kinds.hash().to_numpy()
    for found, *_ in _unpacked(kept):
        yield Shingles(found.text, found.hash ^ salts[found.text])


def distinct(kept: pl.Series) -> pl.Series:
    """Return packed shingles in order and without repeats."""
    parts = [pl.Series(dtype=pl.Binary)]
    for found, start, stop in _unpacked(kept):
        hashes = found.hash.copy()
        is_next = np.diff(found.text) != 0
        for own in np.split(hashes, np.flatnonzero(is_next) + 1):
            own.sort()
        is_first = np.append(True, is_next | (hashes[1:] != hashes[:-1]))[: len(hashes)]
        parts.append(_packed(Shingles(found.text[is_first], hashes[is_first]), start, stop))
    return pl.concat(parts)


def count(kept: pl.Series) -> np.ndarray:
    """Count the shingles of each text, with repeats."""
    sizes = kept.bin.size().fill_null(0).to_numpy()
    return sizes.astype(np.int64) // np.dtype(np.uint64).itemsize


def _cut(texts: pl.Series) -> Iterator[tuple[Shingles, int, int]]:
    """Yield shingles, and the first text of each chunk and the one after its last."""
    filled = texts.fill_null("")
    n_chars = _count(filled)
    for start, stop in characters.chunks(n_chars):
        owner, words = _words(filled[start:stop], n_chars[start:stop])
        yield _shingles(owner, words, start), start, stop


def _unpacked(kept: pl.Series) -> Iterator[tuple[Shingles, int, int]]:
    """Yield shingles as they were packed, with what `_cut` yields."""
    n_shingles = count(kept)
    for start, stop in characters.chunks(n_shingles, _CHUNK):
        column = kept[start:stop].rechunk().to_arrow()
        bounds = np.frombuffer(column.buffers()[1], np.int64)[column.offset :][: stop - start + 1]
        hashes = np.frombuffer(column.buffers()[2] or b"", np.uint8)[bounds[0] : bounds[-1]].view(np.uint64)
        yield Shingles(np.repeat(np.arange(start, stop), n_shingles[start:stop]), hashes), start, stop


def _packed(found: Shingles, start: int, stop: int) -> pl.Series:
    bounds = np.searchsorted(found.text, np.arange(start, stop + 1)) * found.hash.itemsize
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(found.hash)]
    return pl.Series(
        pl.from_arrow(pa.LargeBinaryArray.from_buffers(pa.large_binary(), stop - start, buffers))
    )


def _shingles(owner: np.ndarray, words: np.ndarray, first: int) -> Shingles:
    n = max(0, len(words) - N_WORDS + 1)
    inside = owner[:n] == owner[len(owner) - n :]
    mixed = np.zeros(n, np.uint64)
    for start in range(0, n, _MIXED):
        some = mixed[start : start + _MIXED]
        for k in range(N_WORDS):
            some ^= words[start + k : start + k + len(some)]
            some *= np.uint64(_MULTIPLIER)
            some ^= some >> np.uint64(29)
    return Shingles(owner[:n][inside] + first, mixed[inside])


def _words(texts: pl.Series, n_chars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the text and the hash of each word."""
    words, n_words, odd = _hashed(texts, n_chars)
    if len(odd):
        plain = _plain(texts.gather(odd))
        rewritten, n_rewritten, _ = _hashed(plain, _count(plain))
        ends = np.cumsum(n_words)[odd]
        parts = np.split(words, np.column_stack([ends - n_words[odd], ends]).ravel())
        parts[1::2] = np.split(rewritten, np.cumsum(n_rewritten)[:-1])
        words = np.concatenate(parts)
        n_words[odd] = n_rewritten
    return np.repeat(np.arange(len(texts)), n_words), words


def _hashed(texts: pl.Series, n_chars: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the hash of each word, how many words each text has, and which texts are not written in one way."""
    points, starts = characters.points(texts), np.append(0, np.cumsum(n_chars))
    words, n_words, odd = [], [], []
    for first, last in characters.chunks(n_chars, _BLOCK):
        ends = starts[first + 1 : last + 1] - starts[first]
        found, is_odd = _hash(points[starts[first] : starts[last]], ends)
        words.append(found.hash)
        n_words.append(found.n)
        odd.append(is_odd + first)
    return np.concatenate(words), np.concatenate(n_words), np.concatenate(odd)


class _Words(NamedTuple):
    """The hash of each word, and how many words each text has."""

    hash: np.ndarray
    n: np.ndarray


def _hash(points: np.ndarray, ends: np.ndarray) -> tuple[_Words, np.ndarray]:
    """Return the words of texts that end at such code points, and which texts are not written in one way."""
    kind = _table().kind.take(points, mode="clip")
    odd = np.unique(np.searchsorted(ends, np.flatnonzero(kind >= _ODD), side="right"))
    kind &= ~np.uint8(_ODD)
    start = np.flatnonzero(_starts(kind, np.append(0, ends[:-1])))
    power, inverse = _powers(max(len(points), _BLOCK))
    values = _table().value.take(points, mode="clip")
    values *= power[: len(points)]
    total = np.cumsum(values, out=values)
    # What parts words has the value 0, so a word's sum may run on to the next word.
    last = np.append(start[1:], len(points))[: len(start)] - 1
    words = np.diff(total[last], prepend=np.uint64(0)) * inverse[start]
    return _Words(_mixed(words), np.diff(np.searchsorted(start, ends), prepend=0)), odd


def _count(texts: pl.Series) -> np.ndarray:
    """Count the code points of each text."""
    return texts.str.len_chars().to_numpy().astype(np.int64)


def _starts(kind: np.ndarray, text_starts: np.ndarray) -> np.ndarray:
    """Say where a word starts; a mark is part of what is before it, and a letter where that is nothing."""
    first = np.zeros(len(kind) + 1, bool)
    first[text_starts] = True  # texts without characters may stand at the end
    first = first[:-1]
    mark = np.flatnonzero(kind == _MARK)
    if len(mark):
        heads = (np.diff(mark, prepend=-2) > 1) | first[mark]
        before = np.where(first[mark[heads]], _NONE, kind[mark[heads] - 1])
        kind[mark] = np.where(before == _WORD, _MARK, _LETTER)[np.cumsum(heads) - 1]
    is_letter = kind == _LETTER
    starts = is_letter.copy()
    starts[1:] &= ~is_letter[:-1] | first[1:]
    starts |= kind == _WORD
    return starts


def _plain(texts: pl.Series) -> pl.Series:
    return texts.str.to_lowercase().str.normalize("NFKC").str.to_lowercase()


def _mixed(values: np.ndarray) -> np.ndarray:
    """Spread the bits of each value over all of it (splitmix64)."""
    values = values + np.uint64(_MULTIPLIER)
    for shift, factor in zip((30, 27), _MIX, strict=True):
        values ^= values >> np.uint64(shift)
        values *= np.uint64(factor)
    return values ^ (values >> np.uint64(31))


class _Table(NamedTuple):
    """Of each code point: its kind, with `_ODD`, and the value of its lower case."""

    kind: np.ndarray
    value: np.ndarray


@cache
def _table() -> _Table:
    kind = np.full(characters.CODE_POINTS, _NONE, np.uint8)
    kind[characters.matching(r"[\pL\pN]")] = _LETTER
    kind[characters.matching(UNSPACED)] = _WORD
    kind[characters.matching(r"\pM")] = _MARK
    counts = kind != _NONE
    plain = _plain(characters.every())
    is_single = (plain.str.len_chars() == 1).to_numpy()
    lower = np.arange(characters.CODE_POINTS)
    lower[is_single] = characters.points(plain.filter(pl.Series(is_single)))
    lower[ord("ς")] = ord("σ")  # a capital Σ does not tell where it stands
    value = np.where(counts, _mixed(lower.astype(np.uint64)), np.uint64(0))
    kind[(counts & ~is_single) | _composing(kind == _MARK)] |= _ODD
    return _Table(kind, value)


def _composing(is_mark: np.ndarray) -> np.ndarray:
    """Say which code points may become one with the one before them, or change places with it (NFC)."""
    found = characters.matching(r"[\u1160-\u11ff]")
    for point in np.flatnonzero(is_mark):
        found[point] |= unicodedata.combining(chr(point)) > 0
    return found


@cache
def _powers(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first n powers of the base modulo 2^64, and of its inverse."""
    of_base = np.full(n, _BASE, np.uint64)
    of_inverse = np.full(n, pow(_BASE, -1, 1 << 64), np.uint64)
    of_base[0] = of_inverse[0] = 1
    return np.multiply.accumulate(of_base), np.multiply.accumulate(of_inverse)
