"""A layout written down as a grammar of the kind that people write."""

import re

import numpy as np
import polars as pl
from polars import col

from pipeline.grammar import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
    above,
    chrome,
    from_above,
    from_below,
    holds,
    n,
    under,
)
from pipeline.induce.shapes import (
    HANDLE_SIGN,
    PATTERNS,
    SHORT,
    WHEN,
    WORDS_SIGN,
    pattern_of,
)
from pipeline.induce.structure import FURNITURE, Layout
from pipeline.induce.template import SLOT_WEIGHT, Column, Frame, Page

KIND = "induced"
INSIDE, ASIDE = chrome("ui_message", inside=True), chrome("ui_message")
SENTENCE = r"[.!?…。！？؟।॥։።][\"'”’»)\]]*$"


def compose(page: Page, layout: Layout) -> Grammar:
    """Write the grammar that labels this page as it is laid out."""
    frame = layout.frame
    record = "post" if _is_dated(frame) or layout.evidence.get("name") else "article"
    facts: dict[str, pl.Expr] = {"anchor": _anchor(page, frame)}
    facts |= _column_facts(frame, layout.last_row)
    marks: list[Mark] = []
    if layout.starts[0] > 0:
        marks.append(Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0))
    marks += _early_marks(layout, record)
    marks += _column_marks(frame, record)
    edges = [f"c{c.offset}".replace("-", "_") for c in frame.columns]
    frame_line = pl.any_horizontal(col(e) for e in edges)
    furniture = _furniture(page, layout)
    if furniture:
        facts["furniture"] = holds(furniture) & ~frame_line
    idle = col.furniture if furniture else pl.lit(value=False)
    if not frame.heads:
        facts["feet"] = frame_line
        facts["first"] = (
            ~frame_line
            & ~idle
            & (_after(col.feet, idle) & (n < layout.last_row) | (n == int(layout.starts[0])))
        )
        marks.insert(0, Mark("first", ANYTHING, BODY, below=BODY, opens=record, where=col.first))
        edge = col.first
    else:
        edge = frame_line
    if layout.floor is not None:
        ground = pl.when(col.anchor).then(col.indent.cast(pl.Int64)).forward_fill().over("doc")
        facts["low"] = (col.indent.cast(pl.Int64) < ground + layout.floor) & ~frame_line
        marks.append(Mark("aside", ANYTHING, ASIDE, below=ASIDE, where=col.low))
        edge = edge | col.low
    elif layout.last_row + 1 < page.height:
        pattern, where = _literal(page, layout.last_row + 1, int(layout.starts[0]))
        marks.append(Mark("foot", pattern, chrome("footer"), below=chrome("footer"), where=where))
        edge = edge | ((n == layout.last_row + 1) if where is None else where)
    if furniture:
        trailing = _before(edge, col.furniture)
        marks.append(Mark("furniture_below", furniture, ASIDE, where=col.furniture & trailing))
        marks.append(Mark("furniture", furniture, INSIDE, where=col.furniture))
    return Grammar(kind=KIND, knows=(r"^",), marks=tuple(marks), facts=facts)


def _early_marks(layout: Layout, record: str) -> list[Mark]:
    """Mark the head of the page's first record, above which no foot stands."""
    if layout.early is None:
        return []
    marks = []
    for i, column in enumerate(layout.frame.heads):
        pattern = r"^(?P<author>.+)$" if column.level == "slot" and i == 0 else r"^.+$"
        opens = record if i == 0 else None
        marks.append(
            Mark(f"first_{i + 1}", pattern, HEADER, below=BODY, where=n == layout.early + i, opens=opens)
        )
    return marks


def _fact(column: Column) -> str:
    return f"c{column.offset}".replace("-", "_")


def _is_dated(frame: Frame) -> bool:
    return any(c.has_when for c in frame.columns)


def _after(edge: pl.Expr, past: pl.Expr) -> pl.Expr:
    """Say whether the nearest line above of which `past` does not hold is one of which `edge` does."""
    return pl.when(~past).then(edge).forward_fill().shift(1, fill_value=False).fill_null(value=False) & (
        n >= 1
    )


def _before(edge: pl.Expr, past: pl.Expr) -> pl.Expr:
    """Say whether the nearest line below of which `past` does not hold is one of which `edge` does, or none."""
    nearest = pl.when(~past | (n == 0)).then(edge | (n == 0)).backward_fill().fill_null(value=True)
    return nearest.shift(-1, fill_value=True) | (pl.col("n_left") == 0)


def _anchor(page: Page, frame: Frame) -> pl.Expr:
    home = next(c for c in frame.columns if c.offset == 0)
    is_when = home.level == "when"
    pattern = _when_pattern(home) if is_when else pattern_of(home.shape)
    held = page.shapes[home.level] == home.number
    condition = holds(f"^.{{1,{SHORT}}}$") & holds(pattern) if is_when else holds(pattern)
    indents = np.unique(page.indent[frame.rows])
    if held.sum() > len(frame.rows):
        held &= np.isin(page.indent, indents)
        condition &= pl.col("indent").is_in(indents.tolist())
    if held.sum() > len(frame.rows):
        condition &= n.is_between(int(frame.rows[0]), int(frame.rows[-1]))
        held &= (np.arange(page.height) >= frame.rows[0]) & (np.arange(page.height) <= frame.rows[-1])
    if held.sum() > len(frame.rows):
        condition &= n.is_in(frame.rows.tolist())
    return condition


def _column_facts(frame: Frame, last_row: int) -> dict[str, pl.Expr]:
    """Say of each column which lines are of it, from the anchor outward."""
    facts: dict[str, pl.Expr] = {"c0": col.anchor}
    below = [c for c in frame.columns if c.offset > 0]
    above_ = [c for c in reversed(frame.columns) if c.offset < 0]
    for columns, beside, base in ((below, above, from_above), (above_, under, from_below)):
        nearer = "c0"
        for column in columns:
            fits = beside(col(nearer)) & _line_fits(column)
            if column.indent is not None:
                indent = pl.col("indent").cast(pl.Int64)
                fits &= indent - base(indent, abs(column.offset)) == column.indent
            if (
                column.offset > 0
                and frame.cut > 0
                and column.offset >= frame.cut
                and frame.rows[-1] + column.offset > last_row
            ):
                fits &= n <= last_row
            facts[_fact(column)] = fits & ~col.anchor
            nearer = _fact(column)
    return facts


def _line_fits(column: Column) -> pl.Expr:
    if column.level == "slot":
        return holds(f"^.{{1,{SLOT_WEIGHT}}}$") & ~pl.col("text").str.contains(SENTENCE)
    if column.has_when:
        return holds(f"^.{{1,{SHORT}}}$") & holds(_when_pattern(column))
    return holds(pattern_of(column.shape))


def _when_pattern(column: Column, group: bool = False) -> str:
    sign = next(s for s in column.shape if s in WHEN)
    name = "?P<published_raw>" if group else "?:"
    return rf"^(?:.*?[^\w])??({name}{PATTERNS[sign]})(?:[^\w].*)?$"


def _column_marks(frame: Frame, record: str) -> list[Mark]:
    dated = min((c for c in frame.columns if c.has_when), key=_n_words, default=None)
    slots = [c for c in frame.columns if c.level == "slot"]
    named = max(slots, key=lambda c: c.n_distinct, default=None)
    marks = []
    for column in frame.columns:
        pattern = _mark_pattern(column, column is dated, column is named)
        fact, name = _fact(column), _mark_name(column)
        is_head = column.offset >= frame.cut
        below = BODY if is_head else ASIDE
        can_open = is_head and (column.offset <= 0 or column.offset == frame.cut)
        if not is_head and not (column.has_when or column.level == "slot" or HANDLE_SIGN in column.shape):
            rest = [c for c in frame.feet if c.offset > column.offset]
            is_last = all(not (c.has_when or c.level == "slot" or HANDLE_SIGN in c.shape) for c in rest)
            marks.append(Mark(name, pattern, ASIDE if is_last else INSIDE, below=ASIDE, where=col(fact)))
            continue
        if can_open:
            before = [c for c in frame.columns if frame.cut <= c.offset < column.offset]
            alone = col(fact) & ~above(col(_fact(before[-1]))) if before else col(fact)
            marks.append(Mark(f"{name}_first", pattern, HEADER, below=below, opens=record, where=alone))
            if not before:
                continue
        marks.append(Mark(name, pattern, HEADER, below=below, where=col(fact)))
    return marks


def _n_words(column: Column) -> int:
    return len(re.findall(r"[^\W\d_]+", column.shape)) + column.shape.count(WORDS_SIGN)


def _mark_name(column: Column) -> str:
    return (
        "anchor"
        if column.offset == 0
        else f"{'above' if column.offset < 0 else 'below'}_{abs(column.offset)}"
    )


def _mark_pattern(column: Column, is_dated: bool, is_named: bool) -> str:
    if column.level == "slot":
        return r"^(?P<author>.+)$" if is_named else r"^.+$"
    if column.has_when:
        return _when_pattern(column, group=is_dated)
    groups = {}
    if HANDLE_SIGN in column.shape:
        groups[column.shape.index(HANDLE_SIGN)] = "handle"
    return pattern_of(column.shape, groups)


def _furniture(page: Page, layout: Layout) -> str | None:
    rows = np.flatnonzero(layout.role == FURNITURE)
    if not len(rows):
        return None
    numbers = page.shapes["exact"][rows]
    firsts = rows[np.unique(numbers, return_index=True)[1]]
    shapes = sorted({page.shape_at("exact", row) for row in firsts})
    return "^(?:" + "|".join(pattern_of(shape)[1:-1] for shape in shapes) + ")$"


def _literal(page: Page, row: int, since: int) -> tuple[str, pl.Expr | None]:
    """Write the pattern of one line, numbers aside; with its place, where another line below `since` is like it."""
    alike = page.shapes["exact"] == page.shapes["exact"][row]
    if page.shapes["exact"][row] >= 0 and alike[since:].sum() == 1:
        return pattern_of(page.shape_at("exact", row)), None if alike.sum() == 1 else n > since
    return ANYTHING, n == row
