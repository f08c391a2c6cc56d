"""How much speaks for a layout of a page, as a sum of log odds.

It says how much of the page's prose the layout explains, how regular it is, and what speaks for the frame being a
record's: a date, a name, a number that rises, the page's own promise.
"""

import re
from dataclasses import replace

import numpy as np

from pipeline.induce.measures import count, evenness, first_of_each, likelihood, n_distinct, speaks
from pipeline.induce.names import is_signed
from pipeline.induce.page import Page
from pipeline.induce.shapes import DATE_SIGN, HANDLE_SIGN, NUMBER_SIGN, WHEN, WHEN_SIGNS
from pipeline.induce.structure import BODY, FURNITURE, HEADER, TITLED, Layout
from pipeline.induce.template import FEWEST, UNWORDED, Frame, is_asked, is_like

# What speaks for a layout, in log odds. Set by hand, near the weights that choose best among the layouts of 66 labelled
# pages of many records; BIAS so that few of 167 pages of one record are read as many. No command fits them again.
BIAS = -42.1
WEIGHTS = {
    "coverage": 4.0,
    "rest": 10.0,
    "even": 4.5,
    "filled": 5.5,
    "regular": 5.0,
    "when": 2.5,
    "dated": 3.0,
    "whole": 4.0,
    "kept": 6.0,
    "unled": 2.0,
    "margin": 1.0,
    "name": 1.0,
    "number": 1.5,
    "promised": 1.5,
    "set_in": 1.0,
    "above": -1.0,
    "distinct": 3.0,
    "heading": 3.0,
    "titled": 3.0,
    "days": 1.5,
    "columns": 0.2,
    "only_few": -2.5,
}
MOST_REST, MOST_COLUMNS = 0.5, 6  # beyond which these tell no more
MOST_TEXTS = 2  # lines of prose below a title, more than which are no teaser
ALONE = 0.5  # how regular a frame of the anchors alone is
LEAST_ARTICLE = 500  # weight of prose above the records that may be an article
SURELY_BELOW = 0.7  # of a reading of what stands below an article: lists of sources are regular too
LEAST_SAID = 0.2  # of the records below an article hold a sentence; titles of other articles hold none
BELOW_ALL = 0.3  # of the weight of what stands below comments: such lines are as like to be the site's
FEWEST_PROMISED = 5  # records; smaller numbers stand anywhere
MOSTLY = 0.8  # of the lines of one shape without words, those that frames must hold
MOST_UNSEEN = 0.2  # of the records that a page promises, those it may keep back


def _are_titled(page: Page, layout: Layout) -> bool:
    """Say whether records are a title above a paragraph or two, set off by an indent or by another line."""
    frame = layout.frame
    has_title = any(
        column.is_title or column.level == "title" for column in (frame.heads[:1] + frame.heads[-1:])
    )
    if not has_title or not (layout.floor or any(c.level not in ("slot", "title") for c in frame.columns)):
        return False
    is_text = (layout.role == BODY) & page.prose & (layout.record >= 0)
    texts = np.bincount(layout.record[is_text], minlength=len(layout.starts))
    return bool(((texts > 0) & (texts <= MOST_TEXTS)).mean() >= TITLED)


def _are_days(frame: Frame) -> bool:
    """Say whether records stand below a date alone, as the days of a diary do."""
    return len(frame.columns) == 1 and frame.home.level == "exact" and frame.home.shape == DATE_SIGN


def _regular(page: Page, frame: Frame) -> float:
    """Give the share of the lines beside the anchors that are as the columns say; the first foot and last head lack."""
    end, away = (0, -1) if frame.cut <= 0 else (-1, 1)
    n_asked = n_held = 0
    for i, column in enumerate(frame.columns):
        if column.offset:
            asked = is_asked(page, frame.rows, column)
            is_over = column.offset * away > 0 and (column.offset < frame.cut) == (frame.cut <= 0)
            n_asked += count(asked) - bool(is_over and asked[end] and not frame.fits[end, i])
            n_held += count(frame.fits[:, i])
    return n_held / n_asked if len(frame.columns) > 1 else ALONE


def _dated(page: Page, layout: Layout) -> float:
    """Say how few lines with a date stand among the records outside their frames: 1 for none, 0 for one a record.

    Where there are many, the page has a closer structure than this; but some may quote what was said before, so that
    it is at least the share of such lines that frames hold.
    """
    span = slice(int(layout.starts[0]), layout.last_row + 1)
    when = page.when[span]
    n_dated, n_held = count(when), count(when & (layout.role[span] == HEADER))
    return max(n_held / max(1, n_dated), 1.0 - (n_dated - n_held) / len(layout.starts))


def _whole(page: Page, layout: Layout) -> float:
    """Say how few lines among the records are like a frame's accounts and lines of signs, outside any: 1 for none."""
    frame, span = layout.frame, slice(int(layout.starts[0]), layout.last_row + 1)
    lost = 0
    for column in frame.columns:
        is_ruled = column.is_fixed and not re.search(r"\w", column.shape)
        if (HANDLE_SIGN in column.shape or is_ruled) and column.level != "lead":
            is_alike = page.shapes[column.level][span] == column.number
            lost = max(lost, count(is_alike & (layout.role[span] != HEADER)))
    return max(0.0, 1.0 - lost / len(layout.starts))


def _unled(page: Page, layout: Layout) -> float:
    """Say how few of a frame's own lines stand above the first record, as near as one more record would be: 1 for none.

    A frame that some record does not fit is no frame of the page's.
    """
    told = [c for c in layout.frame.columns if c.level in ("exact", "common", "bare", *UNWORDED)]
    first = layout.lead.first if layout.lead else int(layout.starts[0])
    span = slice(max(0, first - 2 * layout.usual), first)
    is_free = layout.role[span] != HEADER
    led = [bool((is_like(page, column)[span] & is_free).any()) for column in told]
    return 1.0 - sum(led) / len(led) if led else 1.0


def _kept(page: Page, layout: Layout) -> float:
    """Give the share of the lines like a column, with words or a date, that frames hold: that of the least held.

    Such lines count from one record's length above the first record to one below the last. Where no word tells them,
    they need a date, and some may be of something else.
    """
    reach = 2 * layout.usual
    span = slice(max(0, int(layout.starts[0]) - reach), layout.last_row + 1 + reach)
    is_held = layout.role[span] == HEADER
    least = 1.0
    for column in layout.frame.columns:
        is_bare = column.level == "bare"
        telling = rf"[{WHEN}]" if is_bare else rf"[\w{WHEN}]"
        if column.level in ("exact", "common", "bare") and re.search(telling, column.shape):
            is_alike = is_like(page, column)[span]
            n_asked = (MOSTLY if is_bare else 1.0) * max(1, count(is_alike))
            least = min(least, count(is_alike & is_held) / n_asked)
    return least


def _is_promised(page: Page, layout: Layout) -> bool:
    """Say whether the page says above the records, in a few words, how many there are: "20 comments", "(20)"."""
    n, first = len(layout.starts), int(layout.starts[0])
    return n >= FEWEST_PROMISED and any(
        n <= told <= int(n * (1 + MOST_UNSEEN)) for row, told in page.promises if row <= first
    )


def score(page: Page, layout: Layout) -> Layout:
    """Weigh what speaks for a layout: as all there is on the page, or as what stands below an article."""
    whole = _weigh(page, layout)
    if not (whole.evidence["name"] and _may_be_below(page, layout)):
        return whole
    below = _weigh(page, replace(layout, since=int(layout.starts[0]), lead=None))
    return below if below.score > max(whole.score, SURELY_BELOW) else whole


def _may_be_below(page: Page, layout: Layout) -> bool:
    """Say whether words enough for an article stand above records that say when, and are no teasers."""
    columns = layout.frame.columns
    return (
        len(layout.starts) > FEWEST
        and not layout.has_titles
        and any(column.has_when for column in columns)
        and not any(column.is_title or column.level == "title" for column in columns)
        and prose_above(page, int(layout.starts[0])) >= LEAST_ARTICLE
        and _said(page, layout) >= LEAST_SAID
    )


def _said(page: Page, layout: Layout) -> float:
    """Say in how many of the records somebody speaks: a line of theirs ends as a sentence does."""
    said = layout.record[(layout.role == BODY) & (layout.record >= 0) & page.ends]
    return len(first_of_each(said)) / len(layout.starts)


def _has_names(page: Page, frame: Frame) -> bool:
    told_soonest = sorted(frame.columns, key=lambda column: column.has_when)
    return any(is_signed(page, frame, column) for column in told_soonest)


def _weigh(page: Page, layout: Layout) -> Layout:
    frame, role, record = layout.frame, layout.role, layout.record
    n = len(layout.starts)
    body, mass, since = role == BODY, page.masses, layout.since
    told = body | ((role == FURNITURE) & page.prose)  # the site's sentences are explained too
    if since:
        body[:since] = told[:since] = False
        row = np.arange(page.height)
        mass = mass * np.where(row > layout.last_row, BELOW_ALL, 1.0) * (row >= since)
    total = max(1.0, float(mass.sum()))
    held = told & (record >= 0)
    masses = np.bincount(record[held], weights=mass[held] + 1, minlength=n)
    shapes = "".join(c.shape for c in frame.columns)
    said = record[body & page.says & (record >= 0)]
    firsts = np.flatnonzero(body)
    firsts = firsts[first_of_each(record[firsts])]
    evidence = {
        "coverage": float(mass[told].sum() / total),
        "rest": min(MOST_REST, float((masses.sum() - masses.max()) / total)) if len(masses) else 0.0,
        "even": evenness(masses),
        "regular": _regular(page, frame),
        "when": float(not WHEN_SIGNS.isdisjoint(shapes)),
        "dated": _dated(page, layout),
        "number": float(NUMBER_SIGN in shapes),
        "margin": min(1.0, frame.margin),
        "above": prose_above(page, layout.since) / max(1.0, prose_above(page, page.height)),
        "set_in": float(bool(layout.floor and layout.floor > 0)),
        "columns": min(len(frame.columns), MOST_COLUMNS),
        "only_few": {2: 1.0, 3: 0.2}.get(n, 0.0),
        "heading": float(frame.home.shape.startswith(("#", "="))),
        "filled": len(first_of_each(said)) / n,
        "name": float(_has_names(page, frame)),
        "whole": _whole(page, layout),
        "kept": _kept(page, layout),
        "unled": _unled(page, layout),
        "promised": float(_is_promised(page, layout)),
        "distinct": n_distinct(page.text[firsts]) / len(firsts) if len(firsts) else 0.0,
        "titled": float(_are_titled(page, layout)),
        "days": float(layout.is_newest_first or _are_days(frame)),
    }
    return replace(layout, score=likelihood(BIAS + speaks(WEIGHTS, evidence)), evidence=evidence)


def prose_above(page: Page, row: int) -> float:
    """Weigh the prose above a row."""
    return float(page.prose_before[row])
