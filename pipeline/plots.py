"""Counts as charts: SVG without scripts, fonts, clocks or ids, so that the same counts give the same bytes.

Colours are attributes, which any viewer knows; `STYLE`, which stands in each drawing, turns them for the night. A page
that takes drawings in may drop it from them and hold it once. Each drawing holds itself twice: as it is shown, and as
an element `.narrow` that is not shown, laid out anew for a phone, for pages that choose by their width.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import accumulate, cycle
from typing import NamedTuple

import polars as pl

# Eight hues that people with any colour vision can tell apart (Okabe and Ito 2008), the yellow darkened for white
# ground; by night the dark ones lightened.
DAY = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#b8a800")
NIGHT = ("#4ba3d9", "#f0b429", "#2dc39a", "#dd9bc0", "#7cc8f2", "#f07f3c", "#a3a3a3", "#efe35a")
# Of the roles of a span, each of which has one colour wherever it is shown: body, header, chrome, as in tokens.css.
ROLES_DAY = ("#dfa04a", "#2f6fae", "#5f7d70")
ROLES_NIGHT = ("#cf8f3a", "#6ca6e0", "#4d6f62")
KINDS, ROLES = range(len(DAY)), range(len(DAY), len(DAY) + len(ROLES_DAY))  # places in COLOURS
COLOURS = (*DAY, *ROLES_DAY)
INK, SOFT, LINE, GROUND = "#1e1c19", "#5f594e", "#e3ddd1", "#ffffff"
STYLE = (
    "@media(prefers-color-scheme:dark){"
    ".plot .ink{fill:#efeae1}.plot .soft{fill:#b3ab9d}.plot .line{stroke:#39352d}.plot .axis{stroke:#8a8271}"
    ".plot .ground{fill:#1f1d19}"
    + "".join(f".plot .c{place}{{fill:{colour}}}" for place, colour in enumerate((*NIGHT, *ROLES_NIGHT)))
    + "}"
)
HEAD = 60  # height of the title and of what the chart says
BAR = 18  # height of a bar
BREAK = 26  # width of a break in an axis
AREA = 200  # height of the columns of a column chart
CHAR, WIDE = 6.6, 12.5  # width at 12 px of a letter and of a Chinese one, on average
TOLD = 120  # most letters of it that are told when the bar is pointed at
REST = "other"
# XML forbids all but these, and the rest turn the direction of what stands after them.
UNSAFE = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    r"|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class Sheet(NamedTuple):
    """What a chart is drawn on: its width and margin, the most width of a label, the height of a row of a bar chart.

    A narrow one holds neither title nor ground, which its page has, and a bar's label stands above it.
    """

    width: int
    margin: int
    label: int
    row: int
    is_narrow: bool


BROAD = Sheet(720, 24, 300, 30, is_narrow=False)
NARROW = Sheet(340, 4, 320, 46, is_narrow=True)  # of a phone: 360 px less the margins of a page


class Words(NamedTuple):
    """What a chart says: its title, what its numbers count, and what it shows, in a sentence."""

    title: str
    counts: str
    says: str


Key = dict[str, int]  # of each part its colour, as a place in COLOURS
Drawn = tuple[list[str], float, Sheet]  # what stands on a sheet, and how high it is


def lay_bars(
    counts: pl.DataFrame, words: Words, parts: Sequence[str] = (), hues: Sequence[int] = KINDS
) -> str:
    """Draw a horizontal bar for each label, made of its parts.

    Args:
        counts: `label`, `part` (String) and `n`, in the order in which they are to stand; each pair once.
        words: what the chart says.
        parts: the order of the parts, and so their colours; by default as they come.
        hues: the colours of the parts, as places in COLOURS.
    """
    key = dict(zip(parts or _in_order(counts, "part"), cycle(hues), strict=False))
    return _svg([_bars(counts, words, key, sheet) for sheet in (BROAD, NARROW)], words)


def stand_columns(
    counts: pl.DataFrame, words: Words, across: str, parts: Sequence[str] = (), *, edges: bool = False
) -> str:
    """Draw a column for each label, made of its parts, the first part lowest.

    Args:
        counts: `label`, `part` (String), `n` and `tick` (what stands below the column, null for nothing), in the
            order in which they are to stand; each pair once. Where `is_break` is true, the axis is broken: the label
            says what is left out, and counts nothing.
        words: what the chart says.
        across: what the labels are.
        parts: the order of the parts, and so their colours; by default as they come.
        edges: whether a tick names the left edge of its column, and not the whole.
    """
    key = dict(zip(parts or _in_order(counts, "part"), cycle(KINDS), strict=False))
    if "is_break" not in counts.columns:
        counts = counts.with_columns(is_break=False)
    return _svg(
        [_columns(counts, words, across, key, sheet, edges=edges) for sheet in (BROAD, NARROW)], words
    )


def _bars(counts: pl.DataFrame, words: Words, key: Key, sheet: Sheet) -> Drawn:
    labels = _in_order(counts, "label")
    sums = dict(counts.group_by("label").agg(pl.col("n").sum()).iter_rows())
    ticks = _ticks(max(sums.values(), default=0))
    left, right = _sides(labels, ticks, sheet)
    scale = (right - left) / ticks[-1]
    drawn, top = _head(words, key, counts, sheet)
    bottom = top + len(labels) * sheet.row
    drawn += _rules(ticks, lambda n: f"M{left + n * scale:.1f} {top}V{bottom}")
    drawn += _below([f"{n:,}" for n in ticks], left, ticks[1] * scale, bottom + 16)
    for row, label in enumerate(labels):
        y = top + (row + 1) * sheet.row - BAR - 6
        drawn.append(_beside(label, left, y, sheet))
        own = counts.filter(label=label).select("part", "n").rows()
        for start, (part, n) in zip(accumulate((n for _, n in own), initial=0), own, strict=False):
            place = (left + start * scale, y, n * scale, BAR)
            drawn.append(_box(place, key[part], _said(label, part, n, key)))
        drawn.append(_text(left + sums[label] * scale + 6, y + 13, f"{sums[label]:,}", "ink"))
    drawn.append(f'<path class="axis" d="M{left:.1f} {top}V{bottom}" stroke="{SOFT}"/>')
    drawn.append(_text((left + right) / 2, bottom + 36, words.counts, "soft", "middle"))
    return drawn, bottom + 52, sheet


def _sides(labels: list[str], ticks: list[int], sheet: Sheet) -> tuple[float, float]:
    """Return where bars begin and where the longest may end: there is room for labels and numbers."""
    widest = max((_width(label) for label in labels), default=0)
    left = sheet.margin + (4 if sheet.is_narrow else 12 + min(sheet.label, widest))
    return left, sheet.width - sheet.margin - CHAR * (2 + len(f"{ticks[-1]:,}"))


def _beside(label: str, left: float, y: float, sheet: Sheet) -> str:
    """Name a bar: beside it, or above it on a narrow sheet."""
    words = _fit(label, sheet.label)
    if sheet.is_narrow:
        return _text(left, y - 5, words, "ink")
    return _text(left - 10, y + 13, words, "ink", "end")


def _columns(  # noqa: PLR0913 - what is drawn, and on what
    counts: pl.DataFrame, words: Words, across: str, key: Key, sheet: Sheet, *, edges: bool
) -> Drawn:
    steps = counts.group_by("label", maintain_order=True).agg(
        pl.col("tick", "is_break").first(), n=pl.col("n").sum()
    )
    ticks = _ticks(int(steps["n"].max() or 0))  # type: ignore[arg-type]
    left, right = sheet.margin + CHAR * len(f"{ticks[-1]:,}") + 8, sheet.width - sheet.margin
    n_breaks = steps["is_break"].to_list().count(True)
    step = (right - left - n_breaks * BREAK) / max(len(steps) - n_breaks, 1)
    steps = steps.with_columns(width=pl.when("is_break").then(float(BREAK)).otherwise(step))
    steps = steps.with_columns(x=left + pl.col("width").cum_sum() - pl.col("width"))
    drawn, top = _head(words, key, counts, sheet)
    base, scale = top + AREA, AREA / ticks[-1]
    drawn += _rules(ticks, lambda n: f"M{left:.1f} {base - n * scale:.1f}H{right}")
    drawn += [_text(left - 8, base - n * scale + 4, f"{n:,}", "soft", "end") for n in ticks]
    drawn.append(f'<path class="axis" d="M{left:.1f} {base}H{right}" stroke="{SOFT}"/>')
    gap = min(step * 0.15, 6.0)
    for label, is_break, x in steps.select("label", "is_break", "x").iter_rows():
        if is_break:
            drawn.append(_gap(x, base, label))
            continue
        own = counts.filter(label=label).select("part", "n").rows()
        for start, (part, n) in zip(accumulate((n for _, n in own), initial=0), own, strict=False):
            place = (x + gap / 2, base - (start + n) * scale, step - gap, n * scale)
            drawn.append(_box(place, key[part], _said(label, part, n, key)))
    at = steps["x"] if edges else steps["x"] + steps["width"] / 2
    drawn += _in_room(zip(steps["tick"], at, strict=True), base + 17)
    drawn.append(_text((left + right) / 2, base + 38, across, "soft", "middle"))
    return drawn, base + 54, sheet


def _gap(x: float, base: float, label: str) -> str:
    """Break the axis: two strokes across it and nothing between them, and what is left out, when it is pointed at."""
    middle = x + BREAK / 2
    strokes = "".join(
        f"M{at - 3:.1f} {base + 7:.1f}L{at + 3:.1f} {base - 7:.1f}" for at in (middle - 4, middle + 4)
    )
    return (
        f'<path class="axis break" d="{strokes}" stroke="{SOFT}" stroke-width="1.5">'
        f"<title>{_xml(label[:TOLD])}: none, left out</title></path>"
    )


def _said(label: str, part: str, n: int, key: Key) -> str:
    return f"{label[:TOLD]}, {part[:TOLD]}: {n:,}" if len(key) > 1 else f"{label[:TOLD]}: {n:,}"


def _in_order(counts: pl.DataFrame, column: str) -> list[str]:
    return counts[column].unique(maintain_order=True).to_list()


def _ticks(most: int) -> list[int]:
    """Return round numbers from zero to the first that is not below the most, at most six of them."""
    size = 10 ** max(len(str(most)) - 2, 0)
    step = next(size * factor for factor in (1, 2, 5, 10, 20, 50) if size * factor * 5 >= most)
    return list(range(0, max(math.ceil(most / step), 1) * step + 1, step))


def _rules(ticks: list[int], path: Callable[[int], str]) -> list[str]:
    return [f'<path class="line" d="{path(n)}" stroke="{LINE}"/>' for n in ticks[1:]]


def _head(words: Words, key: Key, counts: pl.DataFrame, sheet: Sheet) -> tuple[list[str], int]:
    """Draw the title, what is counted, and the key to the parts if there are several; say where they end."""
    drawn = [] if sheet.is_narrow else _titles(words, sheet)
    head = 0 if sheet.is_narrow else HEAD
    present = set(counts["part"])
    if len(key) < 2:
        return drawn, head + 20
    x, y = float(sheet.margin), head + 10
    for part in (part for part in key if part in present):
        width = 18 + min(_width(part), sheet.label) + 16
        if x + width > sheet.width - sheet.margin and x > sheet.margin:
            x, y = float(sheet.margin), y + 20
        drawn += [
            _box((x, y, 12, 12), key[part], part),
            _text(x + 18, y + 10, _fit(part, sheet.label), "ink"),
        ]
        x += width
    return drawn, y + 34


def _titles(words: Words, sheet: Sheet) -> list[str]:
    return [
        f'<text class="ink title" x="{sheet.margin}" y="34" fill="{INK}" font-size="17" font-weight="600">'
        f"{_xml(words.title)}</text>",
        _text(sheet.margin, 54, words.says, "soft says"),
    ]


def _below(ticks: Sequence[str], x: float, step: float, y: float) -> Iterator[str]:
    """Draw ticks at equal steps, those that have room."""
    return _in_room(((tick, x + place * step) for place, tick in enumerate(ticks)), y)


def _in_room(ticks: Iterable[tuple[str | None, float]], y: float) -> Iterator[str]:
    """Draw the ticks that have room, from the left."""
    free = -math.inf
    for tick, middle in ticks:
        if tick and middle - _width(tick) / 2 > free:
            free = middle + _width(tick) / 2 + CHAR
            yield _text(middle, y, tick, "soft", "middle")


def _box(place: tuple[float, float, float, float], colour: int, says: str) -> str:
    """Draw a rectangle: x, y, width, height; what it says shows when it is pointed at."""
    x, y, width, height = (f"{number:.1f}" for number in place)
    return (
        f'<rect class="c{colour}" x="{x}" y="{y}" width="{width}" height="{height}" fill="{COLOURS[colour]}">'
        f"<title>{_xml(says)}</title></rect>"
    )


def _text(x: float, y: float, words: str, tone: str, anchor: str = "start") -> str:
    fill = INK if tone == "ink" else SOFT
    return f'<text class="{tone}" x="{x:.1f}" y="{y:.1f}" fill="{fill}" text-anchor="{anchor}">{_xml(words)}</text>'


def _svg(drawings: Sequence[Drawn], words: Words) -> str:
    """Put a drawing together from its layouts, the first of which is shown."""
    (drawn, height, sheet), *others = drawings
    type_ = 'font-family="system-ui,-apple-system,Segoe UI,Roboto,sans-serif" font-size="12"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" {_size(height, sheet)} role="img" {type_}>',
            f"<title>{_xml(words.title)}</title>",
            f"<desc>{_xml(words.says)}</desc>",
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{sheet.width}" height="{height:.0f}" rx="6" fill="{GROUND}"/>',
            *drawn,
            *(_hidden(*other) for other in others),
            "</svg>\n",
        )
    )


def _hidden(drawn: Sequence[str], height: float, sheet: Sheet) -> str:
    return "\n".join((f'<svg class="plot narrow" display="none" {_size(height, sheet)}>', *drawn, "</svg>"))


def _size(height: float, sheet: Sheet) -> str:
    return f'viewBox="0 0 {sheet.width} {height:.0f}" width="{sheet.width}" height="{height:.0f}"'


def _xml(words: str) -> str:
    return escape(UNSAFE.sub("", words))


def _width(words: str) -> float:
    """Guess the width of words at 12 px."""
    return sum(WIDE if unicodedata.east_asian_width(letter) in "WF" else CHAR for letter in words[:TOLD])


def _fit(words: str, width: float) -> str:
    """Cut words to a width."""
    if _width(words) <= width:
        return words
    ends = accumulate(map(_width, words))
    return words[: sum(end < width - CHAR for end in ends)].rstrip() + "…"
