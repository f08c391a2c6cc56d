"""Letters to an editor and the like: words of several people on one page, each above the name of who wrote them.

    Mend the bridge first
    The council wants a new square, and nobody asked for one.
    Ada Lovelace
    Marylebone

Nothing recurs there but the form: no date, no word of the site. Whether a name signs what stands above it, or heads
what stands below, is told by what else stands between the words of two: a title below the name, or where its bearer
lives; or else by the page's top, where no name stands above the first words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.induce.compose import ASIDE, KIND
from pipeline.induce.page import SLOT_WEIGHT, Page
from pipeline.induce.said import Said
from pipeline.induce.voices import forms_of
from pipeline.induce.whole import Whole
from pipeline.induce.words import ANYTHING, BODY, HEADER, Grammar, Mark, chrome, numbered

FEWEST = 3  # letters
FEWEST_WORDS = 5  # of a line that is words, and no place, address or button
MOST_LINES = 3  # of a signature: who, as what, from where; of a title
MOST_ASIDE = 3  # short lines in a row among a letter's words
FORMED = {"addressed", "capitals", "capitalised", "titled"}  # forms of a name by which it is told
SIGNATURE = r"^(?:[–—―-]{1,2}\s?)?(?P<author>[^\s,(（][^,(（]*?)(?:\s?[,(（].*)?$"
PLACED = r"^[–—―-]|,\s?\S"  # a dash before a name, or a place behind it: it heads nothing
PLACE = r"^[^\W\d_a-zß-öø-ÿ][\w.]*(?:[\s,.'’-]+[^\W\d_a-zß-öø-ÿ][\w.]*){0,3}[\s,.]*(?:\w*\d[\w ]*)?$"  # and its code
LEADS = (":", "：", ";")  # at the end of a line that leads to more, and signs nothing
OPEN = (*LEADS, ",", "，")  # at the end of one that is no title either
# Set by hand, since too few such pages are labelled; so that of 955 pages of one article none is read as letters.
LEAST_READ = 0.4  # of a page's words, those that letters hold: fewer are teasers beside an article
MOSTLY = 0.8  # of the letters, those of which what is said of all must be true
SURE = 0.85


class Letter(NamedTuple):
    """A letter: its first row, the first of its words, that of its signature, and its last."""

    first: int
    words: int
    signed: int
    last: int


@dataclass(frozen=True)
class Letters(Whole):
    """A page read as letters.

    Attributes:
        page: the page.
        letters: from the first to the last.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    page: Page
    letters: tuple[Letter, ...]
    score: float
    evidence: dict[str, float]

    @cached_property
    def starts(self) -> np.ndarray:
        """List the rows that begin letters."""
        return np.array([one.first for one in self.letters])

    @cached_property
    def is_titled(self) -> bool:
        """Say whether letters have a title."""
        return self.evidence["titled"] >= MOSTLY


def letters(page: Page) -> list[Letters]:
    """Read a page as letters: none where fewer than FEWEST follow each other, or where names may head what is below."""
    is_word = (page.prose | page.ends) & (page.n_words >= FEWEST_WORDS)
    chain = max(_chains(is_word, _breaks(page, is_word)), key=len, default=[])
    if len(chain) < FEWEST:
        return []
    first = _first(page, is_word, chain)
    found = (
        first,
        *(Letter(above.title, above.words, here.signed, here.last) for above, here in pairwise(chain)),
    )
    evidence = _evidence(page, is_word, found)
    is_told = min(evidence["placed"], evidence["distinct"]) >= MOSTLY and evidence["coverage"] >= LEAST_READ
    may_head = evidence["titled"] < MOSTLY and _is_below_name(page, found)
    return [Letters(page, found, SURE, evidence)] if is_told and not may_head else []


def _is_below_name(page: Page, found: Sequence[Letter]) -> bool:
    """Say whether a name stands above the first words: as far as a signature has lines, or near, if it has one."""
    first, usual = found[0].words, int(np.median([one.last - one.signed for one in found])) + 1
    rows = range(max(0, first - MOST_LINES), first) if usual == 1 else range(first - usual, first - usual + 1)
    return any(row >= 0 and _is_name(page, row) for row in rows)


# Where one ends and the next begins


class _Break(NamedTuple):
    """A signature and what stands below it.

    Attributes:
        signed, last: its first and last row.
        title: the first row of the next title; `words` for none.
        words: the first row of the next words, below a title.
        is_parted: whether a blank line stands below it before other short lines.
    """

    signed: int
    last: int
    title: int
    words: int
    is_parted: bool


def _breaks(page: Page, is_word: np.ndarray) -> list[_Break]:
    """List the names that stand alone below words, with what stands between them and the next words."""
    brief = ~is_word & (page.weight <= SLOT_WEIGHT) & ~page.when
    rows = np.flatnonzero(brief[1:] & is_word[:-1]) + 1
    words = np.append(np.flatnonzero(is_word), page.height)
    named = [row for row in rows.tolist() if _is_name(page, row) and _closes(page, row - 1)]
    runs = [(row, int(words[np.searchsorted(words, row)])) for row in named]
    usual = _usual_lines(page, runs)
    return [_break(page, row, below, usual) for row, below in runs]


def _break(page: Page, row: int, below: int, usual: int) -> _Break:
    """Part the lines between a letter's words and the next: who wrote it, a title; at blank lines, if any."""
    blocks = _blocks(page, row, below)
    if len(blocks) > 1:
        return _Break(row, blocks[1] - 1, *_title(page, blocks[1:], below), True)
    if below < page.height and page.gap[below] and all(_is_place(page, at) for at in range(row + 1, below)):
        return _Break(row, below - 1, below, below, below > row + 1)
    end = min(row + usual, below)
    return _Break(row, end - 1, end if below - end <= MOST_LINES else below, below, False)


def _blocks(page: Page, first: int, end: int) -> list[int]:
    """List the rows that begin a stretch without blank lines."""
    return [first, *(np.flatnonzero(page.gap[first + 1 : end] > 0) + first + 1).tolist()]


def _title(page: Page, blocks: Sequence[int], end: int) -> tuple[int, int]:
    """Give the first row of a title and the one below it: the last of some stretches that does not open another."""
    for first, below in reversed([*pairwise([*blocks, end])]):
        if not page.texts[below - 1].rstrip().endswith(OPEN):
            return (first, below) if below - first <= MOST_LINES else (end, end)
    return end, end


def _usual_lines(page: Page, runs: Sequence[tuple[int, int]]) -> int:
    """Say how many lines a signature has where no blank line ends it: two, if the second is a place in most."""
    below = [row + 1 for row, end in runs if row + 1 < end and len(_blocks(page, row, end)) == 1]
    return 1 + bool(below and np.mean([_is_place(page, row) for row in below]) >= MOSTLY)


def _closes(page: Page, row: int) -> bool:
    """Say whether a line ends a letter's words: with a sentence, or a greeting."""
    return bool(page.ends[row]) or page.texts[row].endswith(OPEN)


def _is_place(page: Page, row: int) -> bool:
    """Say whether a line may be where someone lives: a brief one, as the pattern takes ever longer on a long one."""
    return bool(page.weight[row] <= SLOT_WEIGHT and re.match(PLACE, page.texts[row]))


def _is_name(page: Page, row: int) -> bool:
    text = page.texts[row]
    told = re.match(SIGNATURE, text) if page.weight[row] <= SLOT_WEIGHT else None
    return bool(told and not text.endswith(LEADS) and FORMED.intersection(forms_of(told["author"])))


def _chains(is_word: np.ndarray, breaks: Sequence[_Break]) -> Iterator[list[_Break]]:
    """List the signatures in a row between which stands a letter: words, with but few other lines among them.

    Where blank lines part most signatures from titles, one that none does may only be the last: else it is a heading.
    """
    are_parted = sum(one.is_parted for one in breaks) > len(breaks) / 2
    chain: list[_Break] = []
    for one in breaks:
        if chain and not _are_words(is_word[chain[-1].words : one.signed]):
            yield chain
            chain = []
        if one.is_parted or not are_parted:
            chain.append(one)
        elif chain:
            yield [*chain, one]
            chain = []
    yield chain


def _are_words(is_word: np.ndarray) -> bool:
    """Say whether lines are words, but for some in a row that are not."""
    at = np.flatnonzero(is_word)
    return bool(len(at) and (np.diff(at, prepend=-1) <= MOST_ASIDE + 1).all())


def _first(page: Page, is_word: np.ndarray, chain: Sequence[_Break]) -> Letter:
    """Find where the first letter begins, above which no other ends: at its title, as others have one, or its words."""
    one = chain[0]
    above = np.flatnonzero(~is_word[: one.signed])
    words = int(above[-1]) + 1 if len(above) else 0
    while words and page.texts[words - 1].endswith(OPEN):
        words -= 1
    titles = [below.words - below.title for below in chain[:-1] if below.title < below.words]
    if 2 * len(titles) < len(chain):  # what stands there may be the site's: its sentences are short
        words += int(page.prose[words : one.signed].argmax())
        return Letter(words, words, one.signed, one.last)
    gaps = np.flatnonzero(page.gap[:words] > 0)
    set_off = words - int(gaps[-1]) if len(gaps) else words
    return Letter(words - min(set_off, max(titles)), words, one.signed, one.last)


def _evidence(page: Page, is_word: np.ndarray, found: Sequence[Letter]) -> dict[str, float]:
    """Say of how many letters there is a title of their own, a place, a name of their own; and of how many words.

    What stands below all names alike is the site's, and no place.
    """
    names = [page.texts[one.signed] for one in found]
    places = [tuple(page.texts[one.signed + 1 : one.last + 1]) for one in found]
    is_placed = [bool(place or re.search(PLACED, name)) for name, place in zip(names, places, strict=True)]
    before = np.append(0, np.cumsum(np.where(is_word, page.weight, 0)))
    return {
        "letters": len(found),
        "titled": len({page.texts[one.first] for one in found if one.words > one.first}) / len(found),
        "placed": float(np.mean(is_placed)) * (len({*places}) > 1 or not places[0]),
        "distinct": len({*names}) / len(found),
        "coverage": float((before[found[-1].signed] - before[found[0].words]) / max(before[-1], 1)),
    }


# Written down


def compose_letters(found: Letters) -> Said:
    """Write the grammar that labels a page as letters, and the source text that says it."""
    page, some = found.page, found.letters
    kind = "article" if found.is_titled else "post"
    titled = [one.first for one in some if one.words > one.first]
    more = [row for one in some for row in range(one.first + 1, one.words)]
    bare = [one.first for one in some if one.words == one.first]
    names = [one.signed for one in some]
    places = [row for one in some for row in range(one.signed + 1, one.last + 1)]
    below = {one.last + 1 for one in some} - {one.first for one in some}
    marks = [
        *_mark(page, [0] if some[0].first else [], "top", ANYTHING, chrome("nav"), below=chrome("nav")),
        *_mark(page, titled, "title", r"^(?P<title>.+)$", HEADER, below=BODY, opens=kind),
        *_mark(page, more, "title_goes_on", r"^(?P<title_rest>.+)$", HEADER, below=BODY),
        *_mark(page, bare, "first", ANYTHING, BODY, below=BODY, opens=kind),
        *_mark(page, names, "signed", SIGNATURE, HEADER, below=ASIDE),
        *_mark(page, places, "place", ANYTHING, HEADER, below=ASIDE),
        *_mark(page, sorted(below), "aside", ANYTHING, ASIDE, below=ASIDE),
    ]
    return Grammar(kind=KIND, knows=(r"^",), marks=tuple(marks), facts={})


def _mark(page: Page, rows: Sequence[int], *said: object, **more: object) -> list[Said]:
    """Mark some rows, if there are any; what would stand below the page does not."""
    there = [row for row in rows if row < page.height]
    return [Mark(*said, where=numbered(there), **more)] if there else []
