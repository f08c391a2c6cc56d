"""The line that dates each record below its head, under lines about its author that vary in number.

A forum shows beside a post when its author joined, how many posts they wrote, where they live; then the post's own
title and date. So the head that recurs at a fixed distance is the member's, and the date in it too.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.induce.page import Page
from pipeline.induce.template import FEWEST

MOST_BETWEEN = 12  # short lines between a head and the line that dates the record
MOST_LACKING = 0.05  # of the records, those that may have no such line
MOST_MORE = 0.2  # of the records, so many lines like it that are not the first of theirs
WORDLESS = "bare"  # the level of shapes at which such lines are alike, whoever is named in them


@dataclass(frozen=True)
class Inner:
    """Lines of one shape, one a record: the shape's number, its text and its rows."""

    number: int
    shape: str
    rows: np.ndarray


def find_inner(page: Page, is_body: np.ndarray, starts: np.ndarray) -> Inner | None:
    """Find the line with a date that stands once in each record's text, above all prose; null where there is none."""
    if len(starts) <= FEWEST:
        return None
    rows = page.idle_dated[is_body[page.idle_dated] & (page.idle_dated >= starts[0])]
    if len(rows) < len(starts) * (1 - MOST_LACKING):
        return None
    ends = np.append(starts[1:], page.height)
    for number in dict.fromkeys(page.shapes[WORDLESS][rows].tolist()):
        some = rows[page.shapes[WORDLESS][rows] == number]
        record, firsts = np.unique(np.searchsorted(starts, some, side="right") - 1, return_index=True)
        if len(record) < len(starts) * (1 - MOST_LACKING) or len(some) > (1 + MOST_MORE) * len(record):
            continue
        first = some[firsts]
        between = [
            np.flatnonzero(is_body[start:row]) + start
            for start, row in zip(starts[record], first, strict=True)
        ]
        texts = [is_body[row + 1 : end].any() for row, end in zip(first, ends[record], strict=True)]
        is_brief = all(
            len(lines) <= MOST_BETWEEN and not page.prose[lines].any() and page.short[lines].all()
            for lines in between
        )
        if is_brief and all(texts) and any(len(a) != len(b) for a, b in pairwise(between)):
            return Inner(number, page.shape_at(WORDLESS, first[0]), first)
    return None
