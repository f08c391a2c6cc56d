"""Where in a frame one record ends and the next begins."""

from collections import Counter
from dataclasses import replace

import numpy as np

from pipeline.induce.shapes import HANDLE_SIGN, NUMBER_SIGN
from pipeline.induce.template import FEWEST, UNWORDED, Column, Frame, Page, extend, is_asked, is_like

SET_IN_BY = 2  # blanks from which on a line is set in; one is left where a page had a picture
BELIED, SLOT_FILLED, MOST_BELIED = 0.6, 0.3, 3  # weight of a column that belies a cut; of a slot; of so many
NEAR = 2  # lines from an anchor to another of the same record: "edited", a name, "answered"
MOST_JOINED = 0.25  # of the anchors of a page, those that may be of the record beside


def cut_frame(page: Page, frame: Frame) -> Frame:
    """Choose the column with which a record begins."""
    gaps = {offset: _mean_gap(page, frame.rows + offset) for offset in range(frame.first, frame.last + 2)}
    lean = _lean(page, frame)
    options = {cut: _cut_evidence(page, frame, cut, gaps, lean) for cut in range(frame.first, frame.last + 2)}
    best = max(options, key=lambda cut: sum(options[cut].values()))
    second, first = sorted(sum(evidence.values()) for evidence in options.values())[-2:]
    return extend(
        page,
        _without_strays(
            page, _join(page, replace(frame, cut=best, evidence=options[best], margin=first - second))
        ),
    )


def _cut_evidence(
    page: Page, frame: Frame, cut: int, gaps: dict[int, float], lean: float
) -> dict[str, float]:
    first, last = frame.first, frame.last
    by_offset = {c.offset: c for c in frame.columns}
    at = frame.rows + cut
    inside = (at > 0) & (at < page.height)
    at = at[inside]
    out = np.clip((page.indent[at - 1] - page.indent[at]) / SET_IN_BY, -1, 1)
    step = float(out.mean()) if len(at) else 0.0
    widest = max((g for offset, g in gaps.items() if offset != cut), default=0.0)
    parted = float(np.clip(gaps[cut] - widest, -1, 1)) * (0.5 if cut > last else 1.0)
    head, foot = by_offset.get(cut), by_offset.get(cut - 1)
    words = _leads(page, frame, head) - _leads(page, frame, foot) + 0.6 * _lacks_names(frame, cut)
    ends = (lean if cut <= 0 else -lean) + 0.8 * _stands_alone(page, frame, cut)
    return {
        "start": 0.35 * (cut == first),
        "step": step,
        "gap": 0.5 * parted,
        "words": words,
        "ends": ends,
        "belied": -BELIED * _belied(page, frame, cut),
    }


def _belied(page: Page, frame: Frame, cut: int) -> float:
    """Count the columns in which the page's first frame or the last is not as a cut foretells.

    Above the first record no foot stands, below the last no head; what else is of them does. That a place for a name or
    a title is filled says less, as many a line does that.
    """
    wrong = 0.0
    for i, column in enumerate(frame.columns):
        end = 0 if column.offset < 0 else -1
        if column.offset and is_asked(page, frame.rows[[end]], column)[0]:
            is_head, is_there = (
                column.offset >= cut,
                bool(frame.fits[end, i]) or _is_near(page, frame, column),
            )
            foretold = is_head or cut > 0 if end == 0 else not is_head or cut <= 0
            wrong += (is_there != foretold) * (SLOT_FILLED if is_there and column.level == "slot" else 1.0)
    return min(wrong, MOST_BELIED)


def _is_near(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a line of a column stands a little farther from the page's first or last anchor than from others."""
    if column.level == "slot":
        return False
    at = frame.rows[0 if column.offset < 0 else -1] + column.offset
    near = slice(max(0, at - NEAR), at) if column.offset < 0 else slice(at + 1, at + 1 + NEAR)
    return bool(is_like(page, column)[near].any())


def _lacks_names(frame: Frame, cut: int) -> bool:
    """Say whether above the cut are names, which the first record lacks: then they sign the text above."""
    feet = [i for i, column in enumerate(frame.columns) if column.offset < cut]
    are_names = all(frame.columns[i].level == "slot" for i in feet)
    return bool(feet) and cut <= 0 and are_names and not frame.fits[0][feet].any()


def _leads(page: Page, frame: Frame, column: Column | None) -> float:
    """Say how much a column is of those that begin a record: names do, the site's own words and counts do not."""
    if column is None:
        return 0.0
    if column.level == "title" or column.is_title:
        return 0.6
    if column.level == "slot" or HANDLE_SIGN in column.shape or _has_handles(page, frame, column):
        return 0.4
    if column.is_fixed and column.shape[:1] not in "#=":
        return -0.5
    if not column.has_when and column.offset and NUMBER_SIGN in column.shape and "#" not in column.shape:
        return -0.2
    return 0.0


def _has_handles(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether most lines of a column that is told by its first word alone name an account."""
    if column.level != "lead":
        return False
    at = frame.rows + column.offset
    at = at[(at >= 0) & (at < page.height)]
    return bool(page.handles[at].sum() > len(at) / 2)


def _mean_gap(page: Page, at: np.ndarray) -> float:
    at = at[(at > 0) & (at < page.height)]
    return float(np.minimum(page.gap[at], 3).mean()) if len(at) else 0.0


def _lean(page: Page, frame: Frame) -> float:
    """Say whether there is text below the last frame, as below a head (1), or above the first, as above a foot (-1)."""
    above, below = frame.rows[0] + frame.first, frame.rows[-1] + frame.last + 1
    bodies = np.diff(frame.rows)
    reach = int(np.median(bodies)) if len(bodies) else 10
    inner = slice(frame.rows[0], frame.rows[-1])
    own = page.own
    usual = max(20, page.weight[inner][own[inner]].sum() / max(1, len(frame.rows) - 1) / 2)
    reach = min(reach, 4)
    up = slice(max(0, above - reach), max(0, above))
    down = slice(below, below + reach)
    level = body_indents(page, frame)

    def mass(where: slice) -> float:
        fits = np.isin(page.indent[where], level) if len(level) else True
        return min(1.0, float(page.weight[where][own[where] & fits].sum()) / usual)

    return mass(down) - mass(up)


def _stands_alone(page: Page, frame: Frame, cut: int) -> float:
    """Say whether a part of the frame is missing at one end of the page and stands alone at the other.

    A record's foot is missing above the first record, and stands once more below the last; a head the other way round.
    """
    numbers = [i for i, c in enumerate(frame.columns) if (c.offset < cut if cut <= 0 else c.offset >= cut)]
    home = next(i for i, c in enumerate(frame.columns) if c.offset == 0)
    if not numbers or home in numbers:
        return 0.0
    at_end, beyond = (
        (0, slice(frame.rows[-1] + frame.last + 1, None))
        if cut <= 0
        else (-1, slice(0, max(0, frame.rows[0] + frame.first)))
    )
    if frame.fits[at_end][numbers].any():
        return 0.0
    near = frame.columns[numbers[-1] if cut <= 0 else numbers[0]]
    return float(near.level != "slot" and is_like(page, near)[beyond].any())


def body_indents(page: Page, frame: Frame) -> np.ndarray:
    """List the indents of the prose between frames, in bytes; of any lines where the page has hardly any."""
    inner = slice(frame.rows[0] + frame.last + 1, frame.rows[-1] + frame.first)
    indents = page.indent[inner][page.own[inner] & (page.prose[inner] | (page.prose.sum() < 3))]
    return np.unique(indents)


def _join(page: Page, frame: Frame) -> Frame:
    """Take two anchors of unlike words with no words between them, as "edited" and "answered", for one record's.

    The one away from the text stays: the first of heads, the last of feet.
    """
    is_idle = (np.diff(frame.rows) <= NEAR) & (np.diff(page.shapes["exact"][frame.rows]) != 0)
    if not is_idle.any() or is_idle.mean() > MOST_JOINED:
        return frame
    kept = np.append(~is_idle, True) if frame.cut > 0 else np.append(True, ~is_idle)
    return replace(frame, rows=frame.rows[kept], fits=frame.fits[kept]) if kept.sum() >= FEWEST else frame


def _without_strays(page: Page, frame: Frame) -> Frame:
    """Leave out the last lines with a date, of another shape than most, where no text is near: they are of a list."""
    if frame.home.level not in UNWORDED:
        return frame
    shapes = page.dated_shapes[frame.rows]
    is_usual = shapes == Counter(shapes.tolist()).most_common(1)[0][0]
    if is_usual.sum() <= FEWEST:
        return frame
    usual, n_rows = int(np.median(np.diff(frame.rows))), len(frame.rows)
    is_text = page.prose | page.ends
    while not is_usual[n_rows - 1]:
        row = int(frame.rows[n_rows - 1])
        near = slice(row + 1, row + usual) if frame.cut <= 0 else slice(int(frame.rows[n_rows - 2]) + 1, row)
        if is_text[near].any():
            break
        n_rows -= 1
    return replace(frame, rows=frame.rows[:n_rows], fits=frame.fits[:n_rows])
