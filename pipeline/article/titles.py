"""Which line is the title? The likeliest of the lines about the first words, by trees of their own.

They were grown to put the title before the other lines of its page (`tests/bench/articles.py titles`), on pages whose
title was told by hand, or is spelled by their address; no address is asked here.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article.features import PROSE, Features
from pipeline.article.model import ask, forest
from pipeline.article.passages import Rows
from pipeline.article.patterns import AUTHOR, BARE_DATE
from pipeline.calendar import which

ABOVE, INTO = 40, 4  # lines above the first words, and of these, among which a title is looked for
WIDTHS = 7, 220  # of a title, in letters
# How likely a line must be the title, were one of those asked it; a sentence, or a line above talk, must be likelier.
# In folds over the sites, of 530 pages of which it was told by hand, one lost it so, and 7 were spared a wrong one.
LEAST_LIKELY, LEAST_OF_SENTENCE = 0.3, 0.4
# The score of there being no title among the lines. Of 239 titles that were told rightly on pages labelled by hand, all
# but two score above 1.9; menus above talk, which was not learned from, below -.5.
NONE_OF_THEM = 0.5
LOOK = 40  # lines of the first words in which a title's words are looked for, of each so many characters
LOOK_CHARS = 400
TELLING = 4  # letters from which a word tells what a page is about
NEXT = 4  # lines below a title among which a date or a byline tells it
MOST_ECHOES = 3
NEAR_TALK = 12  # lines above talk at most, of a title that stands by itself
GREETING = (",", "،", "，", "、", ":", "：")  # ends the salutation of a letter, not a title
HELD = 8  # characters from which on a line may come back as a part of another, as in a path of links
# What is asked of lines so many rows below a candidate.
BESIDE = (
    ("prose", 1),
    ("prose", 2),
    ("colon", -1),
    ("ends", -1),
    ("repeats", -1),
    ("repeats", 1),
    ("gap", -1),
)


class Words(NamedTuple):
    """By row, whether it is the page's own words, and the first and the last row of its document's words."""

    is_body: np.ndarray
    top: np.ndarray
    end: np.ndarray


def words_of(is_body: np.ndarray, rows: Rows) -> Words:
    """Find where the words of each document begin and end; past its end if there are none."""
    first, last = rows.edges(is_body)
    after = rows.last + 1
    return Words(is_body, np.where(first < 0, after, first), np.where(last < 0, after, last))


def find_titles(lines: pl.DataFrame, said: Features, words: Words, rows: Rows) -> np.ndarray:
    """Number the row of each document's title; -1 where it shows none.

    Args:
        lines: the table of lines, whole documents.
        said: what `features` says of them.
        words: where the own words of their documents are.
        rows: where the rows of each document lie.
    """
    may = candidates(said, words, rows)
    likely = np.zeros(lines.height)
    likely[may] = _likely(tell(lines, said, words, rows, may), rows.doc[may])
    best = np.lexsort((-rows.at, likely, rows.doc))[rows.last[rows.starts]]
    texts = lines["text"].to_list()
    greets = np.array([texts[row].endswith(GREETING) for row in best.tolist()])
    least = np.where(said["stop"][best] > 0, LEAST_OF_SENTENCE, LEAST_LIKELY)
    return np.where((likely[best] > least) & ~greets, best, -1)


def _likely(told: Features, doc: np.ndarray) -> np.ndarray:
    """Say how likely each line is the title, of the lines of its document: all of these, and that none is, make 1."""
    odds = np.exp(ask(told, forest("titles")).astype(float))
    return odds / (np.bincount(doc, odds)[doc] + np.exp(NONE_OF_THEM)) if len(doc) else odds


def find_title_above(lines: pl.DataFrame, said: Features, words: Words, rows: Rows, first: int) -> np.ndarray:
    """Number the rows of a document's title above its first words at row `first`, and of what stands by itself below.

    Where no line is likely a title by its words, as those of talk seldom are, it is the first of such lines.
    """
    may = candidates(said, words, rows)
    may = may[may < first]
    likely = _likely(tell(lines, said, words, rows, may), rows.doc[may])
    if len(may) and likely.max() > LEAST_OF_SENTENCE:
        return may[[likely.argmax()]]
    near = slice(max(0, first - NEAR_TALK), first)
    gap = np.append(lines["gap"].to_numpy(), 1)
    is_apart = (gap[:-1] > 0) | (rows.at == rows.first)
    is_own = said["separators"] + said["service"] + said["rights"] == 0
    is_own &= (said["bullet"] == 0) | (is_apart & (gap[1:] > 0))
    is_own &= (said["size"] <= np.log2(WIDTHS[1])) & (said["prose"] + said["stop"] == 0)
    alone = np.flatnonzero((is_apart & (gap[1:] > 0) & is_own)[near]) + near.start
    return alone[
        ~which(lines["text"].gather(alone))
        .is_in(["date", "datetime", "time"])
        .fill_null(value=False)
        .to_numpy()
    ]


def candidates(said: Features, words: Words, rows: Rows) -> np.ndarray:
    """Number the rows that may be a title: neither long nor listed, with no prose between the first words and them."""
    least, most = np.log2(WIDTHS)
    may = (rows.at >= words.top - ABOVE) & (rows.at < words.top + INTO) & (rows.at <= words.end)
    may &= (said["size"] >= least) & (said["size"] <= most) & (said["bullet"] + said["rights"] == 0)
    prose = rows.above((rows.at >= words.top) & (said["prose"] > 0))
    return np.flatnonzero(may & ((prose < 0) | (prose == rows.at)))


def tell(lines: pl.DataFrame, said: Features, words: Words, rows: Rows, at: np.ndarray) -> Features:
    """Say of some rows what tells a title: their features and those beside them, and where their words come back."""
    brief = np.flatnonzero(said["size"] < np.log2(PROSE))
    names_much = np.zeros(lines.height, dtype=bool)
    names_much[brief] = _names_much(lines["text"].gather(brief))
    named = rows.so_far(names_much)
    texts = lines["text"].to_list()
    shares, echoes = zip(*_returns(texts, words, rows, at), strict=True) if len(at) else ((), ())
    first, last = rows.first[at], rows.last[at]
    beside = {f"{name}{step:+d}": said[name][np.clip(at + step, first, last)] for name, step in BESIDE}
    return (
        {name: values[at] for name, values in said.items()}
        | beside
        | {
            "told_below": (named[np.minimum(at + NEXT, last)] > named[at]).astype(np.float32),
            "shared": np.array(shares, np.float32),
            "echoed": np.array(echoes, np.float32),
            "to_words": np.clip(words.top[at] - at, -INTO, ABOVE).astype(np.float32),
            "own": words.is_body[at].astype(np.float32),
            "own+1": words.is_body[np.minimum(at + 1, last)].astype(np.float32),
            "rivals_below": (np.searchsorted(rows.doc[at], rows.doc[at], "right") - np.arange(len(at)) - 1),
        }
        | _parts([texts[row] for row in at.tolist()], rows.doc[at])
    )


def _names_much(texts: pl.Series) -> np.ndarray:
    """Say which lines hold a date or an author."""
    return (texts.str.contains(BARE_DATE) | texts.str.contains(AUTHOR)).to_numpy()


def _parts(texts: Sequence[str], doc: np.ndarray) -> Features:
    """Say which lines are parts or ends of longer ones of their document, and which hold such, or end with one."""
    found = {name: np.zeros(len(texts), np.float32) for name in ("is_part", "is_end", "holds", "ends_with")}
    bounds = np.flatnonzero(np.diff(doc, prepend=-1, append=-1))
    for first, stop in pairwise(bounds.tolist()):
        for held, whole in permutations(range(first, stop), 2):
            if len(texts[whole]) > len(texts[held]) >= HELD and texts[held] in texts[whole]:
                is_end = texts[whole].endswith(texts[held])
                for name in ("is_part", "is_end") if is_end else ("is_part",):
                    found[name][held] = 1
                found["ends_with" if is_end else "holds"][whole] = 1
    return found


def _returns(texts: Sequence[str], words: Words, rows: Rows, at: np.ndarray) -> Iterator[tuple[float, int]]:
    """Give of each row how many of its telling words come back in the first words, and how often all of it does."""
    document = -1
    for row in at.tolist():
        if document != rows.doc[row]:
            document, top = int(rows.doc[row]), int(words.top[row])
            page = "\n".join(texts[rows.first[row] : rows.last[row] + 1])
            first = [text[:LOOK_CHARS].casefold() for text in texts[top : words.end[row] + 1][: LOOK + INTO]]
            every = " ".join(first)
        others = " ".join(first[: row - top] + first[row - top + 1 :]) if row >= top else every
        yield _shared(texts[row], others), min(page.count(texts[row]) - 1, MOST_ECHOES)


def _shared(text: str, words: str) -> float:
    """Say how many of a line's telling words come back in others, of all it has; few words tell little."""
    tokens = [word.strip("\"“”„'’‘.,:;!?()「」") for word in text.casefold().split()]
    tokens = [part for token in tokens for part in _telling(token)]
    return sum(token in words for token in tokens) / max(len(tokens), 3)


def _telling(word: str) -> list[str]:
    """Give a word if it is long enough to tell; of scripts without spaces the parts that are."""
    parts = 2 if word[:1] >= "\u2e80" else TELLING if "\u0e00" <= word[:1] < "\u10a0" else len(word)
    least = min(parts, TELLING) if parts < len(word) or parts == 2 else TELLING
    return [word[i : i + parts] for i in range(0, len(word) - least + 1, parts)] if len(word) >= least else []
