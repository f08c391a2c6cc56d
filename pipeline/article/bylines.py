"""Which lines say when an article was published, and by whom: about the title, beside the first words, below the last.

A byline may be told by a word for it on the line or above it, or by its place beside a date. The surest is taken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from pipeline.article.features import PROSE
from pipeline.article.patterns import (
    AGENCY_AND_DATE,
    AUTHOR,
    AUTHOR_BEFORE,
    BARE_DATE,
    BY_AGENCY,
    CASED,
    CREDIT,
    DATE,
    DATE_BY_HANDLE,
    FILED,
    FOLLOWED,
    IS_CHANGED,
    LABEL,
    LABELLED_HANDLE,
    NAME,
    NAME_AND_DATE,
    OF,
    OFFICE,
    ON,
    REPORTER,
    SIGNED,
    TOLD_WHEN,
    UNCASED,
    WITH_HANDLE,
)
from pipeline.article.roles import FREE, LED, ROLE
from pipeline.calendar.words import meanings
from pipeline.grammar import unnamed

NEAR = 4  # lines above a title, and below the last words, at which a date and a byline may stand
ASIDE = 12  # lines below the first words, or about the last, among which they may stand aside from the words
MOST_HEADER = 140  # letters' widths of a line that says when something was written, changed, and by whom
LONGEST = 400  # characters of such a line that goes on with where it is filed
AT_ONCE = 30  # characters within which such a line begins to tell it
HEADERS = 2  # lines from a date among which a name alone is an author's
IS_DATE, BEGINS_DATE, IS_AGENCY, IS_CREDIT, IS_BULLET = map(
    re.compile,
    (
        BARE_DATE,
        rf"(?:{CASED},\s(?:{ON}\s)?)?{DATE}",
        f"{unnamed(AGENCY_AND_DATE)}|{unnamed(BY_AGENCY)}",
        CREDIT,
        r"[*•+-]\s+",
    ),
)
IS_BYLINE, IS_NAME, IS_UNCASED, IS_OFFICE, IS_FOLLOWED, IS_ACCOUNT, IS_LABEL, IS_WHEN = map(
    re.compile,
    (
        f"{AUTHOR}|{unnamed(AUTHOR_BEFORE)}|{unnamed(REPORTER)}|{unnamed(NAME_AND_DATE)}",
        f"^{NAME}$",
        f"^{UNCASED}$",
        OFFICE,
        FOLLOWED,
        "|".join(map(unnamed, (LABELLED_HANDLE, WITH_HANDLE, DATE_BY_HANDLE))),
        LABEL,
        TOLD_WHEN,
    ),
)
IS_OF_CHANGE = re.compile(IS_CHANGED)
IS_SIGNED = tuple(map(re.compile, SIGNED.values()))
NONE_SURE = 99  # the rank of a line that names no author; the surest has 0


class Page(NamedTuple):
    """One document: its rows from `first` to before `stop`, its words from `top` to `end`."""

    first: int
    top: int
    end: int
    stop: int


class Head(NamedTuple):
    """What is known of a document when its date and its byline are looked for.

    Attributes:
        texts: the lines.
        said: what `features` says of them, and which are a `day` or an `age`.
        role: what they are so far, by number.
        page: where the document and its words lie.
        opening: the row of the title; of the first words, where there is none.
    """

    texts: Sequence[str]
    said: Mapping[str, np.ndarray]
    role: np.ndarray
    page: Page
    opening: int


def bylines(head: Head) -> Iterator[tuple[str, int]]:
    """Find the first date and the surest byline: their roles and rows."""
    told = _told(head)
    rows = [row for row in _near(head) if _may_head(head, row, told)]
    date = _date(head, [row for row in rows if _is_dated(head, row, told)])
    ranked = [_ranked(head, row, told, date) for row in rows]
    _, role, author = min(ranked, key=lambda found: found[0], default=(NONE_SURE, "", -1))
    if date is not None and (date != author or not role):
        yield "day" if head.said["day"][date] or head.said["age"][date] else "date", date
    if role:
        yield role, author


def _date(head: Head, rows: Sequence[int]) -> int | None:
    """Choose of the rows that tell when the first, but for one that says when it was changed, beside another."""
    first = next(iter(rows), None)
    if first is None or not IS_OF_CHANGE.match(head.texts[first]):
        return first
    beside = (row for row in rows if abs(row - first) <= HEADERS and not IS_OF_CHANGE.match(head.texts[row]))
    return next(beside, first)


def _is_dated(head: Head, row: int, told: int) -> bool:
    """Say whether a line tells when; how long ago only below the title, and none that claims rights."""
    said = head.said
    if said["day"][row] or (said["age"][row] and head.opening < row < told):
        return True
    return bool(IS_DATE.search(head.texts[row])) and not said["rights"][row]


def _near(head: Head) -> Iterator[int]:
    """Number the rows that are asked: from the title to the words, above it, beside these, at their end, below."""
    texts, page = head.texts, head.page
    yield from range(head.opening, page.top)
    yield from range(head.opening - 1, max(page.first, head.opening - NEAR) - 1, -1)
    aside = range(page.top, min(page.top + ASIDE, page.end))
    yield from aside
    ending = range(max(aside.stop, page.end - ASIDE), page.end)
    yield from (row for row in ending if BEGINS_DATE.match(texts[row]) or _tells(texts[row]))
    below = range(page.end + 1, min(page.end + 1 + ASIDE, page.stop))
    for row in takewhile(lambda row: not head.said["prose"][row] or _tells_both(texts[row]), below):
        # What is listed there has dates and authors of its own.
        is_next = row <= page.end + NEAR and not head.said["bullet"][page.end + 1 : row + 1].any()
        if is_next or _tells(texts[row], bool(head.said["bullet"][row])) or _tells_both(texts[row]):
            yield row


def _told(head: Head) -> int:
    """Say above which row a date and a byline stand, were they among the words: the second paragraph."""
    rows = slice(head.page.top, min(head.page.end + 1, head.opening + ASIDE))
    prose = head.page.top + np.flatnonzero(
        (head.said["prose"][rows] > 0) & (head.role[rows] != ROLE["caption"])
    )
    told = prose[min(1, len(prose) - 1)] if len(prose) else 0
    return max(int(told), head.opening + NEAR)


def _may_head(head: Head, row: int, told: int) -> bool:
    """Say whether a line may tell when or by whom, by its length and its end: a longer one that tells both at once."""
    is_led = head.role[row] in LED and head.opening < row < told
    if not is_led and head.role[row] not in FREE:
        return False
    said, text = head.said, head.texts[row]
    most = PROSE if row > told else MOST_HEADER
    if said["size"][row] < np.log2(most) and not (said["prose"][row] and said["stop"][row]):
        return not (is_led and said["stop"][row]) or _tells_both(text)
    is_about = row > head.page.end or (row <= told and not said["stop"][row])
    return is_about and _tells_both(text)


def _tells(text: str, is_listed: bool = False) -> bool:
    """Say whether a line begins with a word for an author or for a date, and tells it as a label does, or in a list."""
    plain = text.lstrip("*•+- ") if len(text) <= MOST_HEADER else ""
    is_label = bool(IS_WHEN.match(plain) or IS_LABEL.match(plain))
    return is_label or bool(IS_BYLINE.match(plain) and (is_listed or ":" in plain))


def _tells_both(text: str) -> bool:
    """Say whether a line begins with a date or an author and tells the other, too, before it goes on."""
    if len(text) > LONGEST:
        return False
    begins = text[:MOST_HEADER]
    date, author = IS_DATE.search(begins), IS_BYLINE.search(begins) or IS_ACCOUNT.match(text)
    return bool(date and author and min(date.start(), author.start()) <= AT_ONCE)


def _ranked(head: Head, row: int, told: int, date: int | None) -> tuple[int, str, int]:
    """Rank what a line says of the author, with the role and the row of the one that names him; see `NONE_SURE`.

    The surest stands below the title and begins with a word for an author; then one above the title, then one below
    the words, then one with that word within.
    """
    text, opening = head.texts[row], head.opening
    if _is_byline(head, row):
        return _rank(head, row, told), "byline", row
    if IS_LABEL.match(text) and _is_below_label(head, row + 1):
        named = head.texts[row + 1]
        role = "byline" if IS_BYLINE.search(named) or IS_ACCOUNT.match(named) else "name"
        return (1 if opening < row < head.page.top else 2 if opening < row <= told else 5), role, row + 1
    if row == date and IS_AGENCY.match(text):
        return 3, "byline", row
    if row == date and _is_signed(text):
        return 2 if row >= opening else 4, "signed", row
    if _is_name(head, row, told, date):
        return 7 if row > head.page.end else 3, "byline", row
    return NONE_SURE, "", row


def _is_byline(head: Head, row: int) -> bool:
    """Say whether a line names an author by a word for it: at once or beside a date, if it may be one of the words.

    What is a sentence below the words is the site's.
    """
    text = head.texts[row]
    found = IS_BYLINE.search(text) or IS_ACCOUNT.match(text)
    if found is None or (head.role[row] in LED and found.start() and not IS_DATE.search(text)):
        return False
    if IS_CREDIT.search(text[: found.start() + 1]):
        return False
    return not (row > head.page.end and head.said["stop"][row])


def _rank(head: Head, row: int, told: int) -> int:
    """Rank a line with a word for an author."""
    found = IS_BYLINE.search(head.texts[row])
    is_sure = found.start() == 0 if found else ":" in head.texts[row]
    is_sure |= bool(IS_DATE.search(head.texts[row]))
    if row > told:
        return 6 if is_sure else 8
    if row < head.opening:
        return 4 if is_sure else 9
    return (0 if row < head.page.top + NEAR else 4) if is_sure else 7


def _is_below_label(head: Head, row: int) -> bool:
    """Say whether a line below a word for an author may be the name."""
    if row >= head.page.stop or head.opening in (row - 1, row) or head.said["size"][row] >= np.log2(PROSE):
        return False
    is_listed = head.said["bullet"][row] > head.said["bullet"][row - 1]
    is_told = head.said["stop"][row] + head.said["colon"][row] > 0
    return not (is_listed or is_told) and _plain(head.texts[row])[:1].isalpha()


def _plain(text: str) -> str:
    """Take the bullet from a line."""
    return IS_BULLET.sub("", text, count=1) if IS_BULLET.match(text) else text


def _is_signed(text: str) -> bool:
    """Say whether a line shows a name beside a date."""
    found = next((match for match in (pattern.match(text) for pattern in IS_SIGNED) if match), None)
    names = found["author"].split() if found else []
    before = text[: found.start("author")].strip() if found else ""
    if before.isalpha() and before != OF and before != "".join(name[0] for name in names)[: len(before)]:
        return False
    return any(len(name.strip(".")) > 1 for name in names) and not any(map(_is_no_name, names))


def _is_no_name(word: str) -> bool:
    """Say whether a word tells when, in which time zone, or where an article is filed."""
    plain = word.strip(".,")
    is_zone = plain.isupper() and 1 < len(plain) < 5
    folded = plain.casefold()
    return is_zone or folded in FILED or any(said.kind in ("weekday", "month") for said in meanings(folded))


def _is_name(head: Head, row: int, told: int, date: int | None) -> bool:
    """Say whether a line is an author's name: about a date; where there is none, between a title and the words."""
    text, said = _plain(head.texts[row]), head.said
    is_below = head.opening < row < max(head.page.top, told)
    if said["alone"][row] or said["ends"][row] or row == head.opening:
        return False
    if is_below and (IS_OFFICE.match(text) or IS_FOLLOWED.match(text)):
        return True
    if not _is_near(head, row, date) or said["bullet"][row] > (date is not None and said["bullet"][date]):
        return False
    if is_below and date is not None and abs(row - date) == 1 and IS_UNCASED.match(text):
        return True
    if IS_AGENCY.match(text):
        return True
    words = text.split()
    is_cased = len(words) in (2, 3, 4) and all(word[0].isupper() for word in words) and not text.isupper()
    return is_cased and bool(IS_NAME.match(text)) and not any(map(_is_no_name, words))


def _is_near(head: Head, row: int, date: int | None) -> bool:
    """Say whether a line stands where a name does: next to the date, or a line more above it.

    Buttons between do not count.
    """
    if date is None:
        return row == head.opening + 1 and row >= head.page.top - HEADERS
    above = date - row + int((head.said["alone"] + head.said["empty"])[date + 1 : row].sum())
    is_beside = row > head.opening or (date < head.opening and row > head.page.first)
    return above in (-1, 1) or (above == HEADERS and is_beside)
