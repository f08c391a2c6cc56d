"""Replies within records: who wrote one, when and what stand below the words of what it answers.

    Ada
    8 January 1843
    Looms weave flowers.
    Helpful
    Answer of the owner       « who
    9 January 1843            « when
    We thank you.

Too few records have one for its lines to recur as theirs do, and none of theirs stands where a reply has it.
"""

import re
from typing import NamedTuple

import numpy as np

from pipeline.induce.page import Page
from pipeline.induce.said import Said
from pipeline.induce.shapes import AGE_SIGN, DATE_SIGN, WHEN, dated_pattern
from pipeline.induce.words import ANYTHING, BODY, HEADER, Mark, chrome, numbered

MOSTLY = 0.6  # of the records, those that say when
NO_MORE = re.compile(
    rf"[^\w{WHEN}]*[{WHEN}][\W{WHEN}]*"
)  # the shape of a line that says when and nothing else


class Replies(NamedTuple):
    """Replies within records.

    Attributes:
        starts: the rows that say who.
        dated: the rows below them that say when.
        asides: the first rows of what the site says above them and below, at the end of a record.
    """

    starts: list[int]
    dated: list[int]
    asides: list[int]


def reply_marks(page: Page, starts: np.ndarray, last_row: int, kind: str) -> list[Said]:
    """Mark the replies within records, which go before whatever else their lines may be.

    Args:
        page: the page.
        starts: the rows that begin records.
        last_row: the last row of the last of these.
        kind: of what records are.
    """
    found = replies(page, starts, last_row)
    if not found.starts:
        return []
    date = dated_pattern(page.signs, DATE_SIGN + AGE_SIGN)
    who, when = r"^(?P<author>.+)$", rf"^(?:.*?[^\w])??(?P<published_raw>{date}).*$"
    aside = chrome("ui_message")
    marks = [
        Mark("reply", who, HEADER, below=BODY, opens=kind, where=numbered(found.starts)),
        Mark("reply_dated", when, HEADER, below=BODY, where=numbered(found.dated)),
    ]
    if found.asides:
        marks.append(Mark("reply_aside", ANYTHING, aside, below=aside, where=numbered(found.asides)))
    return marks


def replies(page: Page, starts: np.ndarray, last_row: int) -> Replies:
    """Find the replies within records, most of which say when; none where there would be more than records."""
    ends = np.append(starts[1:] - 1, last_row)
    told = np.flatnonzero(page.when & page.short)
    first = np.append(told, page.height)[np.searchsorted(told, starts)]
    if (first <= ends).mean() < MOSTLY:
        return Replies([], [], [])
    alone = np.array([row for row in told.tolist() if NO_MORE.fullmatch(page.shape_at("exact", row))])
    record = np.searchsorted(starts, alone, side="right") - 1 if len(alone) else alone
    dated = [
        row
        for row, of in zip(alone.tolist(), record.tolist(), strict=True)
        if of >= 0 and first[of] + 1 < row < ends[of] and _is_reply(page, int(first[of]), row)
    ]
    if not 0 < len(dated) <= len(starts):
        return Replies([], [], [])
    above = [row - 1 for row in dated]
    below = [int(ends[np.searchsorted(starts, row, side="right") - 1]) + 1 for row in dated]
    below = [
        min([end, *(other for other in above if other > row)]) for row, end in zip(dated, below, strict=True)
    ]
    sites = (_site_above(page, row) for row in (*above, *below))
    return Replies(above, dated, sorted({row for row in sites if row is not None}))


def _is_reply(page: Page, first: int, row: int) -> bool:
    """Say whether a text stands below a row, a short line above it, and above that words below the record's date."""
    over = slice(first + 1, row - 1)
    has_words = (page.is_text[over] | page.own[over]).any()
    return bool(page.is_text[row + 1] and page.idle[row - 1] and not page.when[row - 1] and has_words)


def _site_above(page: Page, row: int) -> int | None:
    """Give the first of the lines right above a row that the site says time and again; null for none."""
    first = row
    while page.is_site[first - 1] and not page.is_text[first - 1]:
        first -= 1
    return first if first < row else None
