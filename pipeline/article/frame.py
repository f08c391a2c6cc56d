"""What a line of a page with one article is, once its own words are known: title, byline, date, heading, foot."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article.features import PROSE
from pipeline.article.passages import Rows
from pipeline.article.patterns import AUTHOR, DATE, NAME
from pipeline.calendar import which

ROLES = (
    *("above", "title", "byline", "date", "day", "words", "flow", "heading", "list_item", "quote"),
    *("within", "below", "foot", "plea"),
)
ROLE = {name: number for number, name in enumerate(ROLES)}
HEAD = 16  # lines above the first words among which a title is looked for
INTO = 3  # lines of the first words that may be the title
NEAR = 4  # lines above a title, and below the last words, at which a date and a byline may stand
ASIDE = 12  # lines below the first words among which a date and a byline may stand aside from the words
FOOT = 12  # lines of a page's end that may be its foot
DAY_AND_YEAR = r"\d.*\pL.*\d|\pL.*\d\D+\d"  # not a mere month of an archive, nor a number of an issue
TITLE_SIZE = np.log2(8), np.log2(220)  # of letters' widths
LOOK = 30  # lines of the first words in which a title's words are looked for, of each so many characters
LOOK_CHARS = 400
TELLING = 4  # letters from which a word tells what a page is about
LEAST_SHARED = 0.3  # of a title's telling words, so many come back in the text
IS_DATE, IS_BYLINE, IS_NAME = re.compile(DATE), re.compile(AUTHOR), re.compile(f"^{NAME}$")

Said = Mapping[str, np.ndarray]


class Page(NamedTuple):
    """One document: its rows from `first` to before `stop`, its words from `top` to `end`."""

    first: int
    top: int
    end: int
    stop: int


def frame(lines: pl.DataFrame, said: Said, is_body: np.ndarray, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Say of each line its role (a place in `ROLES`) and whether the record opens there."""
    top, end = _bounds(is_body, rows)
    role = np.where(rows.at < top, ROLE["above"], np.where(rows.at <= end, ROLE["within"], ROLE["below"]))
    role = np.where(is_body, _kinds(lines, said, is_body, rows), _feet(role, said, rows)).astype(np.int32)
    opens = np.zeros(len(role), dtype=bool)
    texts = lines["text"].to_list()
    said = {**said, "day": _days(lines["text"], said, top, end, rows)}
    for first, last in zip(rows.starts.tolist(), rows.last[rows.starts].tolist(), strict=True):
        if top[first] <= last:
            page = Page(first, int(top[first]), int(end[first]), last + 1)
            opens[_set_head(texts, said, role, page)] = True
    return role, opens


def _bounds(is_body: np.ndarray, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Give each row the first and the last row of its document's words; past its end if there are none."""
    first, last = rows.below(is_body)[rows.first], rows.above(is_body)[rows.last]
    return np.where(first < 0, rows.last + 1, first), np.where(last < 0, rows.last + 1, last)


def _days(texts: pl.Series, said: Said, top: np.ndarray, end: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which short lines near a document's title or below its words are a date and nothing else, in any language."""
    is_near = (rows.at >= top - HEAD - NEAR) & (rows.at <= top + ASIDE)
    is_near |= (rows.at > end) & (rows.at <= end + NEAR)
    near = np.flatnonzero(is_near & (said["size"] < np.log2(PROSE)) & (said["digits"] > 0))
    asked = texts.gather(near)
    is_day = np.zeros(len(texts), dtype=bool)
    is_day[near] = which(asked).is_in(["date", "datetime"]).fill_null(value=False).to_numpy()
    is_day[near] &= asked.str.contains(f"{DAY_AND_YEAR}|{DATE}").to_numpy()
    return is_day


def _kinds(lines: pl.DataFrame, said: Said, is_body: np.ndarray, rows: Rows) -> np.ndarray:
    """Tell the kinds of words apart: a heading is short, ends without a stop, and longer words follow."""
    is_short = (said["size"] < np.log2(PROSE)) & (said["stop"] + said["colon"] + said["empty"] == 0)
    is_followed = (rows.away(said["prose"] + said["bullet"], 1) > 0) & (rows.away(is_body, 1) > 0)
    is_heading = is_short & is_followed & (rows.away(is_short & is_body, -1) == 0)
    is_quoted = lines["text"].str.starts_with(">").to_numpy()
    kinds = np.where(is_heading, ROLE["heading"], ROLE["words"])
    kinds = np.where(is_quoted, ROLE["quote"], np.where(said["bullet"] > 0, ROLE["list_item"], kinds))
    gap, indent = lines["gap"].to_numpy(), lines["indent"].to_numpy()
    is_parted = rows.total((is_body & (gap > 0)).astype(float)) > 1  # else blank lines tell no paragraphs
    is_next = (gap == 0) & (rows.away(indent, -1) == indent) & (rows.away(is_body, -1) > 0) & is_parted
    flows = (
        is_next & (kinds == ROLE["words"]) & np.isin(rows.away(kinds, -1), [ROLE["words"], ROLE["list_item"]])
    )
    return np.where(flows, ROLE["flow"], kinds)


def _feet(role: np.ndarray, said: Said, rows: Rows) -> np.ndarray:
    """Tell the foot of a site, from the line that claims rights on, and pleas that name services."""
    is_below = role == ROLE["below"]
    is_foot = is_below & (said["rights"] > 0) & (rows.last - rows.at < FOOT)
    role = np.where(is_below & (said["service"] > 0), ROLE["plea"], role)
    return np.where(is_below & (rows.above(is_foot) >= 0), ROLE["foot"], role)


def _set_head(texts: Sequence[str], said: Said, role: np.ndarray, page: Page) -> int:
    """Find the title, the date and the byline of one document, and say at which row its record opens."""
    title = _title(texts, said, role, page)
    opening = page.top
    if title is not None:
        role[page.top : title] = ROLE["above"]
        role[title] = ROLE["title"]
        opening = title
    for name, row in _bylines(texts, said, role, page, opening):
        role[row] = ROLE[name]
        opening = min(opening, row)
    before = role[opening : page.top]
    before[before == ROLE["above"]] = ROLE["within"]
    return opening


def _title(texts: Sequence[str], said: Said, role: np.ndarray, page: Page) -> int | None:
    """Find the title: of the lines above the first words, and the first of these, that whose words come back most."""
    low, high = max(page.first, page.top - HEAD), min(page.top + INTO, page.end)
    size = said["size"][low:high]
    may = (size >= TITLE_SIZE[0]) & (size <= TITLE_SIZE[1]) & (said["separators"][low:high] < 0.1)
    may &= sum(said[name][low:high] for name in ("service", "bullet", "rights", "dated")) == 0
    may &= (said["stop"][low:high] == 0) | (size < np.log2(PROSE))
    may &= role[low + 1 : high + 1] != ROLE["flow"]
    if not may.any():
        return None
    bonus = 0.3 * (said["repeats"][low:high] > 1) - 0.2 * np.maximum(said["sentences"][low:high] - 1, 0)
    after = texts[high : min(page.end, high + LOOK) + 1]
    body = " ".join(text[:LOOK_CHARS] for text in after).casefold()
    words = {*body.split(), *" ".join(texts[page.top : high]).casefold().split()}
    scores = [
        (_shared(texts[row], words, body) + float(bonus[row - low]), row)
        for row in (low + np.flatnonzero(may)).tolist()
    ]
    score, row = max(scores)
    return row if score > LEAST_SHARED else None


def _shared(text: str, words: set[str], body: str) -> float:
    """Say how many of a line's telling words come back in a text, of all it has; few words tell little."""
    tokens = [word.strip("\"“”„'’‘.,:;!?()「」") for word in text.casefold().split()]
    tokens = [part for token in tokens for part in _telling(token)]
    found = sum(token in words or token in body for token in tokens)
    return found / max(len(tokens), 3)


def _telling(word: str) -> list[str]:
    """Give a word if it is long enough to tell; of scripts without spaces the parts that are."""
    parts = 2 if word[:1] >= "\u2e80" else TELLING if "\u0e00" <= word[:1] < "\u10a0" else len(word)
    least = min(parts, TELLING) if parts < len(word) or parts == 2 else TELLING
    return [word[i : i + parts] for i in range(0, len(word) - least + 1, parts)] if len(word) >= least else []


def _bylines(
    texts: Sequence[str], said: Said, role: np.ndarray, page: Page, opening: int
) -> Iterator[tuple[str, int]]:
    """Find the first date and the first byline about the title, aside from the first words, or below the last."""
    near = [*range(opening, page.top), *range(opening - 1, max(page.first, opening - NEAR) - 1, -1)]
    aside = range(page.top, min(page.top + ASIDE, page.end))
    below = range(page.end + 1, min(page.end + 1 + NEAR, page.stop))
    is_free = [ROLE[name] for name in ("above", "within", "below", "foot")]
    rows = [
        row for row in (*near, *aside, *below) if role[row] in is_free and said["size"][row] < np.log2(PROSE)
    ]
    date = next((row for row in rows if said["day"][row] or IS_DATE.search(texts[row])), None)
    byline = next((row for row in rows if _is_byline(texts[row], said, row, opening, page.top)), None)
    if date is not None and date != byline:
        yield "day" if said["day"][date] else "date", date
    if byline is not None:
        yield "byline", byline


def _is_byline(text: str, said: Said, row: int, opening: int, top: int) -> bool:
    """Say whether a line names an author: by a word for it, or, below the title, as two to four capitalised words."""
    if IS_BYLINE.search(text):
        return True
    is_between = opening < row < top and said["bullet"][row] == 0 and len(text.split()) in (2, 3, 4)
    return is_between and said["capitals"][row] == 1 and not text.isupper() and bool(IS_NAME.match(text))
