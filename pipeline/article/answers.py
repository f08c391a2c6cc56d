"""The few answers below an article, whose number the page tells: too few to recur as records do."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.article.features import PROSE
from pipeline.article.frame import ROLE
from pipeline.article.passages import Rows
from pipeline.article.patterns import DATE, TIME

PROMISE = re.compile(r"^(?:\W{0,2}([1-9])(?:\s+[^\W\d_]{4,}|\s?[件条個个])|.*\(([1-9])\)$)")
MOST_PROMISED = 9  # answers: more recur as records do
MOST_OF_PROMISE = 4  # words, where it does not say the title again
TITLED = 12  # letters of the title from which on a line that holds them says it again
IS_DATED, IS_TIMED = re.compile(DATE), re.compile(TIME)


def set_answers(texts: Sequence[str], said: Mapping[str, np.ndarray], role: np.ndarray, rows: Rows) -> None:
    """Give the lines of answers below articles their roles, where as many stand below the line that tells of them.

    Each is a name, a date of one form on the next line, and words.
    """
    for first, last in zip(rows.starts.tolist(), rows.last[rows.starts].tolist(), strict=True):
        words = np.flatnonzero(role[first : last + 1] == ROLE["words"])
        titles = np.flatnonzero(role[first : last + 1] == ROLE["title"])
        if len(words):
            title = texts[first + int(titles[0])] if len(titles) else ""
            _set_answers(texts, said, role, range(first + int(words[-1]) + 1, last + 1), title)


def _set_answers(
    texts: Sequence[str], said: Mapping[str, np.ndarray], role: np.ndarray, below: range, title: str
) -> None:
    """Look for answers among the rows below the words of one document."""
    promises = [*_promises(texts, below, title)]
    dated = _Dated.among(texts, said, below) if promises else None
    for row, number in promises:
        heads = _heads(dated, texts, said, row) if dated else []
        is_sure = number > 1 or any(IS_TIMED.search(texts[head + 1]) for head in heads)
        if len(heads) != number or not is_sure:
            continue
        ends = [*heads[1:], below.stop]
        again = texts[ends[0] - 1]  # "Reply", where it stands below the others too
        told = []
        for head, end in zip(heads, ends, strict=True):
            foot = (
                next((at for at in range(head + 3, end) if texts[at] == again), None) if number > 1 else None
            )
            told.append(range(head + 2, foot) if foot else _words(said, head + 2, end))
        if all(told):
            for head, words in zip(heads, told, strict=True):
                role[head], role[head + 1] = ROLE["answer_name"], ROLE["answer_date"]
                role[words.start : words.stop] = ROLE["answer"]
            for words, end in zip(told, heads[1:], strict=False):
                role[words.stop : end] = ROLE["within"]
            return


def _promises(texts: Sequence[str], below: range, title: str) -> Iterator[tuple[int, int]]:
    """List the rows that tell how many answers there are, and that number; 1 where words say it beside the title."""
    for row in below:
        found = PROMISE.match(texts[row])
        says_title = len(title) >= TITLED and title in texts[row] != title
        if says_title or (found and len(texts[row].split()) <= MOST_OF_PROMISE):
            yield row, int(found[1] or found[2]) if found else 1


class _Dated(NamedTuple):
    """The brief rows with a date, in order, and by what is written about their words and numbers."""

    rows: list[int]
    forms: dict[str, list[int]]

    @classmethod
    def among(cls, texts: Sequence[str], said: Mapping[str, np.ndarray], below: range) -> "_Dated":
        """List those among some rows."""
        rows = [row for row in below if _is_brief(said, row) and IS_DATED.search(texts[row])]
        forms: dict[str, list[int]] = {}
        for row in rows:
            forms.setdefault(_form(texts[row]), []).append(row)
        return cls(rows, forms)


def _form(text: str) -> str:
    return re.sub(r"\w+", "", text)


def _is_brief(said: Mapping[str, np.ndarray], row: int) -> bool:
    return bool(said["size"][row] < np.log2(PROSE))


def _heads(dated: _Dated, texts: Sequence[str], said: Mapping[str, np.ndarray], promise: int) -> list[int]:
    """List the rows of names above the dates that have the form of the first below a promise; none of too many."""
    first = bisect_right(dated.rows, promise)
    if first == len(dated.rows):
        return []
    alike = dated.forms[_form(texts[dated.rows[first]])]
    start = bisect_right(alike, promise)
    rows = alike[start : start + MOST_PROMISED + 1]
    if any(low - high < 3 for high, low in pairwise(rows)):
        return []
    return [
        row - 1
        for row in rows
        if row - 1 > promise and _is_brief(said, row - 1) and not said["stop"][row - 1]
    ]


def _words(said: Mapping[str, np.ndarray], first: int, stop: int) -> range:
    """Give the rows of an answer's words: from the first on, while lines are long or end a sentence."""
    last = first
    while last < stop and (said["stop"][last] or said["size"][last] >= np.log2(PROSE)):
        last += 1
    return range(first, last)
