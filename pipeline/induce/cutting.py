"""Where in a frame one record ends and the next begins."""

import re
from collections import Counter
from dataclasses import replace
from statistics import median

import numpy as np
import polars as pl

from pipeline.induce.measures import count
from pipeline.induce.page import LEAD, Page
from pipeline.induce.shapes import HANDLE_SIGN, NUMBER_SIGN, WORDS_SIGN
from pipeline.induce.template import FEWEST, UNWORDED, Column, Frame, extend, is_like

BELIED, SLOT_FILLED, MOST_BELIED = 0.6, 0.3, 9  # weight of a column that belies a cut; of a slot; of so many
ONE_EACH, ALL_BUT_ONE = 6.0, 2.0  # of one that each anchor has; of the site's words at each but the outermost
ANNOUNCED = 1.0  # below "Message:" no record begins; set by hand, to weigh more than one belied column
SIDED = 0.8  # of the site's lines beside frames
COUNTED = 1.5  # right below a line that counts as many records as there are
MOST_LEANED = 4  # lines above or below all frames in which a text is looked for
NEAR = 2  # lines from an anchor to another of the same record: "edited", a name, "answered"
NUMBERED = rf"(?:{WORDS_SIGN}|[^\W\d_]+)[\s:]{{0,2}}#?{NUMBER_SIGN}|#{NUMBER_SIGN}|{NUMBER_SIGN}[.)]"
STEPS, STEADY = (1, 5, 10), 0.9  # from one record's number to the next; of the steps, those that are alike
MOST_JOINED = 0.25  # of the anchors of a page, those that may be of the record beside


def cut_frame(page: Page, frame: Frame) -> Frame:
    """Choose the column with which a record begins."""
    options = _options(page, frame)
    sums = {cut: sum(evidence.values()) for cut, evidence in options.items()}
    best = max(sums, key=lambda cut: sums[cut])
    second, first = sorted(sums.values())[-2:]
    chosen = replace(frame, cut=best, evidence=options[best], margin=first - second)
    return extend(page, _without_strays(page, _join(page, chosen)))


def _options(page: Page, frame: Frame) -> dict[int, dict[str, float]]:
    """Weigh what speaks for each cut: the offsets of the columns, and one past the last."""
    cuts = range(frame.first, frame.last + 2)
    gaps, steps = _opens(page, frame.rows, cuts)
    leads = {column.offset: _leads(page, frame, column) for column in frame.columns}
    announces = {column.offset for column in frame.columns if column.shape[-1:] in (":", "：")}
    lean, beheld, sided = _lean(page, frame), _beheld(page, frame), _sided(page, frame)
    counted = _counted(page, frame)
    options = {}
    for i, cut in enumerate(cuts):
        parted = min(max(gaps[i] - max(gaps[:i] + gaps[i + 1 :]), -1.0), 1.0) * (
            0.5 if cut > frame.last else 1.0
        )
        options[cut] = {
            "start": 0.35 * (cut == frame.first),
            "step": max(steps[i], 0.0) * (0.5 if cut > frame.last else 1.0),
            "gap": 0.5 * parted,
            "words": leads.get(cut, 0.0) - leads.get(cut - 1, 0.0) + 0.6 * _lacks_names(frame, cut),
            "ends": (lean if cut <= 0 else -lean) + 1.6 * _stands_alone(page, frame, cut),
            "sided": SIDED * sided * ((cut == frame.first) - (cut > frame.last)),
            "belied": -BELIED * _belied(beheld, cut),
            "announced": -ANNOUNCED * (cut - 1 in announces),
            "counted": COUNTED * (counted and cut <= 0),
        }
    return options


def _opens(page: Page, rows: np.ndarray, offsets: range) -> list[list[float]]:
    """Give the blank lines above the lines at each offset from some rows, and their steps out, on average.

    The page's first line does not count.
    """
    at = rows[:, None] + np.array(offsets)
    n = np.maximum(((at > 0) & (at < page.height)).sum(axis=0), 1)
    told = (page.gap_above, page.step_out)
    return [(of.take(at, mode="clip").sum(axis=0) / n).tolist() for of in told]


def _beheld(page: Page, frame: Frame) -> list[tuple[int, bool, float]]:
    """List the columns but the anchor: the offset, whether the page's first frame has it, or the last; what that says.

    The first is asked for what is above the anchor, the last for what is below. That a place for a name or a title is
    filled says less, as many a line does that; a line says more that each anchor has, and none beyond the others.
    """
    beheld = []
    for i, column in enumerate(frame.columns):
        if column.offset:
            inward = frame.fits[:, i] if column.offset < 0 else frame.fits[::-1, i]
            is_there, is_slot = bool(inward[0]), column.level == "slot"
            says = SLOT_FILLED if is_there and is_slot else 1.0
            if column.is_fixed and not is_there and inward[1:].all():
                says = ALL_BUT_ONE
            if inward.all() and not is_slot and not is_like(page, column)[_beyond(frame, column)].any():
                says = ONE_EACH
            beheld.append((column.offset, is_there or _is_near(page, frame, column), says))
    return beheld


def _beyond(frame: Frame, column: Column) -> slice:
    """Give the lines beyond all anchors on the side on which a column does not stand."""
    return slice(int(frame.rows[-1]) + 1, None) if column.offset < 0 else slice(int(frame.rows[0]))


def _belied(beheld: list[tuple[int, bool, float]], cut: int) -> float:
    """Weigh the columns in which the page's first frame or the last is not as a cut foretells.

    Above the first record no foot stands, below the last no head; what else is of them does.
    """
    wrong = 0.0
    for offset, is_there, says in beheld:
        foretold = (offset >= cut or cut > 0) if offset < 0 else (offset < cut or cut <= 0)
        wrong += (is_there != foretold) * says
    return min(wrong, MOST_BELIED)


def _is_near(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a line of a column stands a little farther from the page's first or last anchor than from others."""
    if column.level == "slot":
        return False
    at = frame.rows[0 if column.offset < 0 else -1] + column.offset
    near = slice(max(0, at - NEAR), at) if column.offset < 0 else slice(at + 1, at + 1 + NEAR)
    return bool(is_like(page, column)[near].any())


def _sided(page: Page, frame: Frame) -> float:
    """Say how much oftener lines of the site stand right above frames than right below: they end a record's text.

    Below, they may as well be of the frame, and say half as much.
    """
    beside = frame.rows[1:] + frame.first - 1, frame.rows[:-1] + frame.last + 1
    above, below = (page.is_site.take(rows, mode="clip").mean() for rows in beside)
    return float(above - below) * (1.0 if above > below else 0.5)


def _counted(page: Page, frame: Frame) -> bool:
    """Say whether a line near above the first anchor counts as many records as there are, and no text stands below it.

    Then the anchors are of heads. Where text does, it may be the first record's, or a plea.
    """
    first, n = int(frame.rows[0]), len(frame.rows)
    rows = [row for row, number in page.promises if number == n and first - LEAD <= row < first]
    return bool(rows) and not page.is_text[rows[-1] + 1 : first].any()


def _lacks_names(frame: Frame, cut: int) -> bool:
    """Say whether above the cut are names, which the first record lacks: then they sign the text above."""
    n_feet = cut - frame.first
    are_names = all(column.level == "slot" for column in frame.columns[:n_feet])
    return 0 < n_feet <= -frame.first and are_names and not frame.fits[0, :n_feet].any()


def _leads(page: Page, frame: Frame, column: Column) -> float:
    """Say how much a column is of those that begin a record: names and what numbers it do, the site's words do not."""
    if _numbers(page, frame, column):
        return 1.0
    if column.level == "title" or column.is_title:
        return 0.6
    if column.level == "slot" or HANDLE_SIGN in column.shape or _has_handles(page, frame, column):
        return 0.4
    if column.is_fixed and column.shape[:1] not in "#=":
        return -0.5
    if not column.has_when and column.offset and NUMBER_SIGN in column.shape and "#" not in column.shape:
        return -0.2
    return 0.0


def _numbers(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a column numbers the records, "#1", "2.", "Comment 3": each line has one more, or one less."""
    if not re.match(NUMBERED, column.shape):
        return False
    at = frame.rows + column.offset
    texts = page.lines["text"].gather(at[(at >= 0) & (at < page.height)])
    numbers = texts.str.extract(r"(\d+)").cast(pl.Int64, strict=False).to_numpy()
    steps = np.diff(numbers)
    return len(steps) >= FEWEST and abs(steps[0]) in STEPS and bool((steps == steps[0]).mean() >= STEADY)


def _has_handles(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether most lines of a column that is told by its first word alone name an account."""
    if column.level != "lead":
        return False
    at = frame.rows + column.offset
    at = at[(at >= 0) & (at < page.height)]
    return 2 * count(page.handles[at]) > len(at)


def _lean(page: Page, frame: Frame) -> float:
    """Say whether there is text below the last frame, as below a head (1), or above the first, as above a foot (-1)."""
    above, below = int(frame.rows[0]) + frame.first, int(frame.rows[-1]) + frame.last + 1
    reach = min(int(median((frame.rows[1:] - frame.rows[:-1]).tolist())), MOST_LEANED)
    own = page.own_weight
    usual = max(20, int(own[frame.rows[0] : frame.rows[-1]].sum()) / max(1, len(frame.rows) - 1) / 2)
    indents = body_indents(page, frame)

    def mass(where: slice) -> float:
        lines = zip(page.indent[where].tolist(), own[where].tolist(), strict=True)
        return min(1.0, sum(weight for indent, weight in lines if not indents or indent in indents) / usual)

    return mass(slice(below, below + reach)) - mass(slice(max(0, above - reach), max(0, above)))


def _stands_alone(page: Page, frame: Frame, cut: int) -> float:
    """Say whether a part of the frame is missing at one end of the page and stands alone at the other.

    A record's foot is missing above the first record, and stands once more below the last; a head the other way round.
    A place for a name counts only where it holds one that other records hold too: many a line would fill it.
    """
    part, end = (slice(cut - frame.first), 0) if cut <= 0 else (slice(cut - frame.first, None), -1)
    some = [(i, frame.columns[i]) for i in range(len(frame.columns))[part]]
    told = [column for _, column in some if column.level != "slot"]
    asked = [i for i, column in some if column in told or _names_again(page, frame, column, end)]
    if not told or frame.fits[end, asked].any():
        return 0.0
    if cut <= 0:  # no answers, no "24 replies" at a foot
        told = [column for column in told if NUMBER_SIGN not in column.shape] or told
    near = told[-1 if cut <= 0 else 0]
    beyond = (
        slice(frame.rows[-1] + frame.last + 1, None)
        if cut <= 0
        else slice(max(0, frame.rows[0] + frame.first))
    )
    return float(is_like(page, near)[beyond].any())


def _names_again(page: Page, frame: Frame, column: Column, end: int) -> bool:
    """Say whether the line of a column at the page's first frame (0), or the last (-1), stands at another too."""
    at = (frame.rows + column.offset)[frame.fits[:, frame.columns.index(column)]]
    row = frame.rows[end] + column.offset
    return bool((page.text[at[at != row]] == page.text.take(row, mode="clip")).any())


def body_indents(page: Page, frame: Frame) -> set[int]:
    """List the indents of the prose between frames, in bytes; of any lines where the page has hardly any."""
    inner = slice(frame.rows[0] + frame.last + 1, frame.rows[-1] + frame.first)
    return set(page.indent[inner][page.bodily[inner]].tolist())


def _join(page: Page, frame: Frame) -> Frame:
    """Take two anchors of unlike words with no words between them, as "edited" and "answered", for one record's.

    The one away from the text stays: the first of heads, the last of feet.
    """
    exact = page.shapes["exact"][frame.rows]
    is_idle = (frame.rows[1:] - frame.rows[:-1] <= NEAR) & (exact[1:] != exact[:-1])
    if not 0 < count(is_idle) / len(is_idle) <= MOST_JOINED:
        return frame
    kept = np.append(~is_idle, True) if frame.cut > 0 else np.append(True, ~is_idle)
    return replace(frame, rows=frame.rows[kept], fits=frame.fits[kept]) if count(kept) >= FEWEST else frame


def _without_strays(page: Page, frame: Frame) -> Frame:
    """Leave out the last lines with a date, of another shape than most, where no text is near: they are of a list."""
    if frame.home.level not in UNWORDED:
        return frame
    shapes = page.dated_shapes[frame.rows]
    is_usual = shapes == Counter(shapes.tolist()).most_common(1)[0][0]
    if is_usual[-1] or count(is_usual) <= FEWEST:
        return frame
    usual, n_rows = int(median((frame.rows[1:] - frame.rows[:-1]).tolist())), len(frame.rows)
    while not is_usual[n_rows - 1]:
        row = int(frame.rows[n_rows - 1])
        near = slice(row + 1, row + usual) if frame.cut <= 0 else slice(int(frame.rows[n_rows - 2]) + 1, row)
        if page.is_text[near].any():
            break
        n_rows -= 1
    return replace(frame, rows=frame.rows[:n_rows], fits=frame.fits[:n_rows])
