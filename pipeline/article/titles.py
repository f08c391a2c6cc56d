"""Which line is the title? The likeliest of the lines about the first words, by a table of weights of its own.

What tells a title was learned from pages whose address spells it; no address is asked here.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article.features import PROSE, Features
from pipeline.article.model import evidence, table
from pipeline.article.passages import Rows
from pipeline.article.patterns import AUTHOR, DATE
from pipeline.calendar import which

ABOVE, INTO = 40, 4  # lines above the first words, and of these, among which a title is looked for
WIDTHS = 7, 220  # of a title, in letters
# The logarithm of the odds from which on a line is a title: of 589 pages to learn from whose address spells it,
# each read with weights learned from other sites, 582 have such a line, and for 495 it is that title. A sentence, or
# a line above talk, must be likelier.
LEAST_LIKELY, LEAST_OF_SENTENCE = -2.4, -1.5
LOOK = 40  # lines of the first words in which a title's words are looked for, of each so many characters
LOOK_CHARS = 400
TELLING = 4  # letters from which a word tells what a page is about
NEXT = 4  # lines below a title among which a date or a byline tells it
MOST_ECHOES = 3
NEAR_TALK = 12  # lines above talk at most, of a title that stands by itself
GREETING = (",", "،", "，", "、", ":", "：")  # ends the salutation of a letter, not a title
PATH_ABOVE = 12  # lines from a path of links to the title that it ends with
NAMED = 16  # letters' widths of a title that other lines may be taken for
LESS_LIKELY = 1.2  # log odds by which a title may be less likely than the standfirst next below it


class Words(NamedTuple):
    """By row, whether it is the page's own words, and the first and the last row of its document's words."""

    is_body: np.ndarray
    top: np.ndarray
    end: np.ndarray


def words_of(is_body: np.ndarray, rows: Rows) -> Words:
    """Find where the words of each document begin and end; past its end if there are none."""
    first, last = rows.below(is_body)[rows.first], rows.above(is_body)[rows.last]
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
    odds = np.full(lines.height, -np.inf)
    odds[may] = evidence(tell(lines, said, words, rows, may), table()["title"])
    best = np.lexsort((-rows.at, odds, rows.doc))[rows.last[rows.starts]]
    texts = lines["text"].to_list()
    better = [_better(texts, said, odds, row, rows) for row in best.tolist()]
    greets = np.array([texts[row].endswith(GREETING) for row in best.tolist()])
    least = np.where(said["stop"][best] > 0, LEAST_OF_SENTENCE, LEAST_LIKELY)
    return np.where((odds[best] > least) & ~greets, better, -1)


def _better(texts: Sequence[str], said: Features, odds: np.ndarray, title: int, rows: Rows) -> int:
    """Take instead of a path of links the line that it ends with; instead of a standfirst the line above it.

    Of 582 pages whose address spells the title, 495 were right so when it was written, 469 without.
    """
    below = range(title + 1, min(title + PATH_ABOVE, int(rows.last[title]) + 1))
    named = (
        row
        for row in below
        if odds[row] > -np.inf
        and len(texts[row]) >= NAMED
        and texts[row] != texts[title]
        and texts[title].endswith(texts[row])
    )
    path_of = next(named, None)
    if path_of is not None:
        return path_of
    above = max(title - 1, int(rows.first[title]))
    return above if odds[above] > odds[title] - LESS_LIKELY and _may_stand_above(said, above) else title


def _may_stand_above(said: Features, row: int) -> bool:
    is_told = any(
        said[name][row] for name in ("stop", "colon", "dated", "service", "address", "ends", "alone", "lead")
    )
    return bool(said["size"][row] >= np.log2(NAMED) and not is_told)


def find_title_above(lines: pl.DataFrame, said: Features, words: Words, rows: Rows, first: int) -> np.ndarray:
    """Number the rows of a document's title above its first words at row `first`, and of what stands by itself below.

    Where no line is likely a title by its words, as those of talk seldom are, it is the first of such lines.
    """
    may = candidates(said, words, rows)
    may = may[may < first]
    odds = evidence(tell(lines, said, words, rows, may), table()["title"])
    if len(may) and odds.max() > LEAST_OF_SENTENCE:
        return may[[odds.argmax()]]
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
    """Say of some rows what tells a title: their features, what stands below them, and where their words come back."""
    text = pl.col("text")
    names_much = lines.select(text.str.contains(DATE) | text.str.contains(AUTHOR)).to_series().to_numpy()
    named = rows.so_far(names_much & (said["size"] < np.log2(PROSE)))
    texts = lines["text"].to_list()
    shares, echoes = zip(*_returns(texts, words, rows, at), strict=True) if len(at) else ((), ())
    return {name: values[at] for name, values in said.items()} | {
        "told_below": (named[np.minimum(at + NEXT, rows.last[at])] > named[at]).astype(np.float32),
        "shared": np.array(shares, np.float32),
        "echoed": np.array(echoes, np.float32),
    }


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
