"""What a line of a page with one article is, once its own words are known: title, byline, date, heading, foot."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

import numpy as np
import polars as pl

from pipeline.article.bylines import ASIDE, HEADERS, NEAR, Head, Page, bylines
from pipeline.article.captions import find_captions
from pipeline.article.features import PROSE
from pipeline.article.passages import Rows
from pipeline.article.patterns import BARE_DATE
from pipeline.article.roles import HEAD, LED, ROLE, numbers
from pipeline.article.titles import ABOVE, find_titles, words_of
from pipeline.calendar import which

MOST_EDGE = 3  # lines above the words and below them that are no site's: a salutation, a greeting and a name
ONE_WORD = 12  # letters' widths of a line up to which it may be a word of a menu, without a stop or a comma
FOOT = 12  # lines of a page's end that may be its foot
DAY_AND_YEAR = r"\d.*\pL.*\d|\pL.*\d\D+\d"  # not a mere month of an archive, nor a number of an issue
AGE = r"^\W*\pL+\s.*\d|^\W*\d+\s\pL+\s\pL"  # three words: "3 days ago", "vor 3 Tagen"
STANDFIRST = 30  # letters' widths from which a sentence between a title and the first words is one of them

Said = Mapping[str, np.ndarray]


def frame(
    lines: pl.DataFrame, said: Said, is_body: np.ndarray, rows: Rows, titles: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Say of each line its role (see `roles`) and whether the record opens there.

    Where the row of each document's `titles` is not told, -1 for none, it is looked for.
    """
    words = words_of(is_body, rows)
    _, top, end = words
    role = np.where(rows.at < top, ROLE["above"], np.where(rows.at <= end, ROLE["within"], ROLE["below"]))
    role = np.where(is_body, _kinds(lines, said, is_body, rows), _feet(role, said, rows)).astype(np.int32)
    role = _set_captions(role, find_captions(lines, said, words, rows), rows)
    opens = np.zeros(len(role), dtype=bool)
    texts = lines["text"].to_list()
    said = {**said, **_days(lines["text"], said, top, end, rows)}
    titles = find_titles(lines, said, words, rows) if titles is None else titles
    for first, last, title in zip(
        rows.starts.tolist(), rows.last[rows.starts].tolist(), titles.tolist(), strict=True
    ):
        if top[first] <= last:
            page = Page(first, int(top[first]), int(end[first]), last + 1)
            opens[_set_head(texts, said, role, page, title)] = True
    return role, opens


def go_on(role: np.ndarray, is_first: np.ndarray) -> np.ndarray:
    """Say of lines that were broken what the rest of each is: words flow on, and so does a title."""
    is_words = np.isin(role, numbers("words", "list_item", "heading", "quote", "caption"))
    rest = np.where(is_words, ROLE["flow"], np.where(role == ROLE["title"], ROLE["title_rest"], role))
    return np.where(is_first, role, rest)


def _days(texts: pl.Series, said: Said, top: np.ndarray, end: np.ndarray, rows: Rows) -> Said:
    """Say which short lines near a document's title or below its words are a `day` and nothing else, or an `age`.

    In any language. What is a number and a word may be how long it takes to read.
    """
    is_near = (rows.at >= top - ABOVE - NEAR) & (rows.at <= top + ASIDE)
    is_near |= (rows.at > end) & (rows.at <= end + NEAR)
    near = np.flatnonzero(is_near & (said["size"] < np.log2(PROSE)) & (said["digits"] > 0))
    asked = texts.gather(near)
    kind = which(asked)
    is_day, is_age = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    is_day[near] = kind.is_in(["date", "datetime"]).fill_null(value=False).to_numpy()
    is_day[near] &= asked.str.contains(f"{DAY_AND_YEAR}|{BARE_DATE}").to_numpy()
    is_age[near] = (kind == "relative").fill_null(value=False).to_numpy() & asked.str.contains(AGE).to_numpy()
    return {"day": is_day, "age": is_age}


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
    flows = is_next & (kinds == ROLE["words"]) & np.isin(rows.away(kinds, -1), numbers("words", "list_item"))
    return np.where(flows, ROLE["flow"], kinds)


def _set_captions(role: np.ndarray, is_caption: np.ndarray, rows: Rows) -> np.ndarray:
    """Set captions apart from the words about them; a label above the last is within the article too."""
    role = np.where((role == ROLE["flow"]) & (rows.away(is_caption, -1) > 0), ROLE["words"], role)
    is_label = (role == ROLE["below"]) & (rows.away(is_caption, 1) > 0)
    return np.where(is_caption, ROLE["caption"], np.where(is_label, ROLE["within"], role))


def _feet(role: np.ndarray, said: Said, rows: Rows) -> np.ndarray:
    """Tell the foot of a site, from the line that claims rights on, and pleas that name services."""
    is_below = role == ROLE["below"]
    is_foot = is_below & (said["rights"] > 0) & (rows.last - rows.at < FOOT)
    role = np.where(is_below & (said["service"] > 0), ROLE["plea"], role)
    return np.where(is_below & (rows.above(is_foot) >= 0), ROLE["foot"], role)


def _set_head(texts: Sequence[str], said: Said, role: np.ndarray, page: Page, title: int) -> int:
    """Find the date and the byline of one document, and say at which row its record opens."""
    opening = page.top
    if title >= 0:
        role[page.top : title] = ROLE["above"]
        role[title] = ROLE["title"]
        opening = title
        page = _below(title, role, page)
    for name, row in bylines(Head(texts, said, role, page, opening)):
        role[row] = ROLE[name]
        opening = min(opening, row)
        if row < page.end and role[row + 1] == ROLE["flow"]:
            role[row + 1] = ROLE["words"]
    before = role[opening : page.top]
    before[before == ROLE["above"]] = ROLE["within"]
    above = role[page.first : opening]
    above[above == ROLE["caption"]] = ROLE["above"]
    if title >= 0:
        _set_standfirst(said, role, page, title)
    return _keep_edges(said, role, page, opening)


def _below(title: int, role: np.ndarray, page: Page) -> Page:
    """Have the words of a page begin below its title; what was taken for words above it is the site's."""
    if title <= page.top:
        return page
    return page._replace(top=next((row for row in range(title + 1, page.end) if role[row] in LED), page.end))


def _set_standfirst(said: Said, role: np.ndarray, page: Page, title: int) -> None:
    """Tell a standfirst from what else stands between a title and the first words, or above a byline or a date."""
    last = max(
        (row for row in range(title, min(page.top + ASIDE, page.end)) if role[row] in HEAD), default=title
    )
    if said["prose"][page.top : last].sum() > 1:
        last = page.top
    below = range(max(page.top, last + 1), min(max(page.top, last) + NEAR, page.end))
    end = next((row for row in below if _is_sentence(said, row)), page.top) - 1
    for row in range(title + 1, max(page.top, last, end)):
        is_words = _is_sentence(said, row) or (row == title + 1 and said["size"][row] >= np.log2(PROSE))
        is_words &= not any(
            said[name][row] for name in ("bullet", "service", "rights", "alone", "lead", "plea")
        )
        is_near = row <= title + HEADERS + 1 and not (said["dated"][row] and not said["prose"][row])
        if is_words and role[row] == ROLE["within"] and is_near:
            role[row] = ROLE["words"]
        elif last > title and not is_words and role[row] in LED:
            role[row] = ROLE["within"]


def _is_sentence(said: Said, row: int) -> bool:
    return bool(said["stop"][row] and said["size"][row] >= np.log2(STANDFIRST))


def _keep_edges(said: Said, role: np.ndarray, page: Page, opening: int) -> int:
    """Keep the few lines about the words of a page that has no site about them, such as a salutation and a name."""
    if opening - page.first > MOST_EDGE or page.stop - 1 - page.end > MOST_EDGE:
        return opening
    edges = [*range(page.first, opening), *range(page.end + 1, page.stop)]
    edges = [row for row in edges if role[row] in numbers("above", "below", "plea", "foot")]
    if any(said[name][row] for name in ("bullet", "service", "rights", "separators") for row in edges):
        return opening
    width = {row: sum(said[name][row] for name in ("size", "stop", "colon", "commas")) for row in edges}
    menu = len(list(takewhile(lambda row: row < opening and width[row] < np.log2(ONE_WORD), edges)))
    edges = edges[menu:]
    role[edges] = ROLE["words"]
    return min([opening, *edges])
