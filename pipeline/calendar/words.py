"""The words that dates are written with, in every language that has a calendar in Unicode CLDR.

The table `words.json` beside this file is made of two libraries by `python -m pipeline.calendar.making`. Here it is
looked up. All words are *plain*: NFKC, lower case, ASCII digits, single spaces, no full stops.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

TABLE = Path(__file__).parent / "words.json"
NUMBER = "{0}"  # stands for the number in a relative phrase: "vor {0} stunden"

# What is in a page and says nothing: tags of a superscript, marks of writing direction, byte order marks.
INVISIBLE = r"<[^>]*>|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
# Digits as scripts other than Latin print them, by value; NFKC has already folded the full-width ones.
DIGITS = {
    chr(code): str(unicodedata.digit(chr(code)))
    for code in range(0x80, 0x20000)
    if unicodedata.category(chr(code)) == "Nd"
}
# Scripts that put no space between words, and Hangul, whose endings are written on to the number.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]"
)


class Word(NamedTuple):
    """One meaning of a word: what it is, its value, and the languages that mean it so."""

    kind: str
    value: str
    languages: frozenset[str]


def plain(text: pl.Expr) -> pl.Expr:
    """Write date words in one way: NFKC, lower case, single spaces, ASCII digits, nothing invisible."""
    # Lower case first: it may decompose (the dotted capital I), and NFKC composes.
    folded = text.str.replace_all(INVISIBLE, "").str.to_lowercase().str.normalize("NFKC")
    spaced = folded.str.replace_all(r"\s+", " ").str.strip_chars()
    return spaced.str.replace_many(list(DIGITS), list(DIGITS.values()))


@cache
def table() -> dict[str, dict]:
    """Read the table: `words` (by word, by meaning, languages parted by spaces) and `orders` (by language)."""
    return json.loads(TABLE.read_text(encoding="utf-8"))


@lru_cache(maxsize=65536)
def meanings(word: str) -> tuple[Word, ...]:
    """List what a plain word or phrase means, in every language."""
    said = table()["words"].get(word, {})
    parted = ((*meaning.partition(" ")[::2], names) for meaning, names in said.items())
    return tuple(Word(kind, value, frozenset(names.split())) for kind, value, names in parted)


@cache
def orders() -> dict[str, str | None]:
    """Say in which order of `d`, `m` and `y` each language writes numeric dates; null where its countries differ."""
    return table()["orders"]


@cache
def noons() -> dict[str, float]:
    """Say of each word for a half of the day, as `phrase` writes it, after which hour that half begins."""
    halves = {"half am": 0.0, "half pm": 12.0}
    said = table()["words"].items()
    of = {phrase(word): halves.keys() & meant for word, meant in said if not halves.keys().isdisjoint(meant)}
    return {word: halves[half] for word, (half, *other) in of.items() if not other}


def phrase(text: str) -> str:
    """Keep letters and the place of the number; all else is one space."""
    kept = "".join(c if is_letter(c) or c == "\0" else " " for c in text.replace(NUMBER, "\0"))
    return " ".join(kept.replace("\0", f" {NUMBER} ").split())


@lru_cache(maxsize=65536)
def is_letter(character: str) -> bool:
    """Say whether a character is a letter or a mark on one."""
    return unicodedata.category(character)[0] in "LM"
