"""Count the letters of texts by script, and name the language where a script is one language."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline import characters, utf8

# Scripts that one language writes, or one by far; a page in another of its languages is named wrongly.
SCRIPTS = {
    "am": "Ethiopic",
    "bn": "Bengali",
    "bo": "Tibetan",
    "dv": "Thaana",
    "el": "Greek",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hy": "Armenian",
    "ka": "Georgian",
    "km": "Khmer",
    "kn": "Kannada",
    "lo": "Lao",
    "ml": "Malayalam",
    "my": "Myanmar",
    "or": "Oriya",
    "pa": "Gurmukhi",
    "si": "Sinhala",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
}
# Letters of a script that only a smaller language writes, and that language.
OWN_LETTERS = {"bn": ("[ৰৱ]", "as")}
# Scripts written without spaces between words: there a character counts as a word.
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ーｰ]"

_CJK = {"han": r"\p{Han}", "kana": r"[\p{Hiragana}\p{Katakana}]", "hangul": r"\p{Hangul}"}
# What a character can be: nothing that counts, a letter of any other script, or one of these.
_CLASSES = ("", "other", *_CJK, *SCRIPTS)
_OTHER, _CJK_AT, _ALPHABETS_AT = 1, slice(2, 5), slice(5, None)
# A Chinese character says as much as two letters beside it: half the weight is a third of the letters, and
# Chinese pages full of Latin names stay Chinese.
_CJK_WEIGHT = 2
_SHARE = 0.5
# How sure a script can be on n letters: n / (n + k).
_LETTERS = 1
_CHUNK_CHARS = 4 << 20  # counted at a time: bounds the memory, not the result
_WIDE, _WIDE_FIRST = 0x80, 0xC0  # bytes of characters beyond ASCII, and the first of each, from these on


class Counted(NamedTuple):
    """Letters of texts.

    `n_letters` has a number a text; `row` says which texts have letters of a telling script, and `of_script` has a
    row for each of these and a column for each of `_CLASSES`.
    """

    n_letters: np.ndarray
    row: np.ndarray
    of_script: np.ndarray


def count(texts: pl.Series) -> Counted:
    """Count the letters of texts, and by script where a script may say the language."""
    n_chars = texts.str.len_chars().to_numpy().astype(np.int64)
    parts = [_count(texts[start:stop], start) for start, stop in characters.chunks(n_chars, _CHUNK_CHARS)]
    return Counted(*(np.concatenate(arrays) for arrays in zip(*parts or [_count(texts, 0)], strict=True)))


def _count(texts: pl.Series, first: int) -> Counted:
    """Count at the first byte of each character: those of ASCII need not be read, as most are."""
    data, ends = utf8.lay(texts)
    kinds = np.frombuffer(data.tobytes().translate(_ascii_classes()), np.uint8)
    wide = data[data >= _WIDE]
    if len(wide):
        kinds = kinds.copy()
        points = characters.points(utf8.see(wide, np.array([0, len(wide)])))
        kinds[data >= _WIDE_FIRST] = _classes().take(points, mode="clip")
    letters = np.zeros(len(kinds) + 1, np.int32)
    np.cumsum(kinds > 0, out=letters[1:])
    # Most texts have no letter of a telling script, so only the others are given a row.
    telling = np.flatnonzero(kinds > _OTHER)
    owner = np.searchsorted(ends, telling, side="right")
    is_new = np.diff(owner, prepend=-1) > 0
    cell = (np.cumsum(is_new) - 1) * len(_CLASSES) + kinds[telling]
    n_rows = int(is_new.sum())
    of_script = np.bincount(cell, minlength=n_rows * len(_CLASSES)).reshape(n_rows, len(_CLASSES))
    n_letters = np.diff(letters[ends], prepend=0).astype(np.int64)
    return Counted(n_letters, owner[is_new] + first, of_script)


def name(words: pl.Series, counted: Counted) -> pl.DataFrame:
    """Name the texts whose script says their language: `row` (sorted), `language`, `confidence`."""
    n_letters, of_script = counted.n_letters[counted.row], counted.of_script
    n_cjk = of_script[:, _CJK_AT].sum(axis=1)
    most = of_script[:, _ALPHABETS_AT].max(axis=1)
    is_cjk = n_cjk > 0
    n_own, weight = np.where(is_cjk, (n_cjk, _CJK_WEIGHT * n_cjk), (most, most))
    share = weight / (weight + n_letters - n_own)
    language = np.where(
        is_cjk, _cjk(of_script[:, _CJK_AT], n_cjk), _alphabet(words.gather(counted.row), of_script)
    )
    confidence = share * n_own / (n_own + _LETTERS)
    named = pl.DataFrame({"row": counted.row, "language": language, "confidence": confidence})
    return named.filter(share >= _SHARE)


def _cjk(of_script: np.ndarray, n_cjk: np.ndarray) -> np.ndarray:
    """Korean has Hangul beside its Chinese characters, Japanese has kana, Chinese has neither."""
    han, kana, hangul = of_script.T
    # Shares, not presence: a Chinese page may quote a Japanese name, a Japanese one a Korean song.
    return np.where(hangul > kana + 0.1 * han, "ko", np.where(kana > 0.05 * n_cjk, "ja", "zh"))


def _alphabet(words: pl.Series, of_script: np.ndarray) -> np.ndarray:
    """Name the language of the script with the most letters."""
    owner = np.array(list(SCRIPTS))[of_script[:, _ALPHABETS_AT].argmax(axis=1)]
    for language, (letters, smaller) in OWN_LETTERS.items():
        row = np.flatnonzero(owner == language)
        owner[row[words.gather(row).str.contains(letters).to_numpy()]] = smaller
    return owner


@cache
def _ascii_classes() -> bytes:
    """Return the class of every byte that is a character by itself, for `bytes.translate`; of any other, nothing."""
    return _classes()[:_WIDE].tobytes().ljust(256, b"\0")


@cache
def _classes() -> np.ndarray:
    """Return the class of every code point, an index into `_CLASSES`; the engine's own tables of Unicode say it."""
    kinds = np.zeros(characters.CODE_POINTS, np.uint8)
    # A vowel of Devanagari is a mark, and as much of a word as a letter; the other scripts of India need no count.
    kinds[characters.matching(r"\p{L}|[\p{M}&&\p{Devanagari}]")] = _OTHER
    for script, pattern in _CJK.items():
        # Signs of these scripts that are no letters count too, as the long-vowel mark of Japanese does.
        kinds[characters.matching(pattern)] = _CLASSES.index(script)
    rest = np.flatnonzero(kinds == _OTHER)
    of_any = "|".join(rf"\p{{{script}}}" for script in SCRIPTS.values())
    rest = rest[characters.every().gather(rest).str.contains(of_any).to_numpy()]
    letters = characters.every().gather(rest)
    for language, script in SCRIPTS.items():
        kinds[rest[letters.str.contains(rf"\p{{{script}}}").to_numpy()]] = _CLASSES.index(language)
    return kinds
