"""Counts as charts: SVG without scripts, fonts, clocks or ids, so that the same counts give the same bytes.

Colours are attributes, which any viewer knows; `STYLE`, which stands in each drawing, turns them for the night. A page
that takes drawings in may drop it from them and hold it once.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple

import polars as pl

# Eight hues that people with any colour vision can tell apart (Okabe and Ito 2008), the yellow darkened for white
# ground; by night the dark ones lightened.
DAY = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#b8a800")
NIGHT = ("#4ba3d9", "#f0b429", "#2dc39a", "#dd9bc0", "#7cc8f2", "#f07f3c", "#a3a3a3", "#efe35a")
INK, SOFT, LINE, GROUND = "#1e1c19", "#5f594e", "#e3ddd1", "#ffffff"
STYLE = (
    "@media(prefers-color-scheme:dark){"
    ".plot .ink{fill:#efeae1}.plot .soft{fill:#b3ab9d}.plot .line{stroke:#39352d}.plot .axis{stroke:#8a8271}"
    ".plot .ground{fill:#1f1d19}"
    + "".join(f".plot .c{place}{{fill:{colour}}}" for place, colour in enumerate(NIGHT))
    + "}"
)
WIDTH, MARGIN = 720, 24
HEAD = 60  # height of the title and of what the chart says
ROW, BAR = 30, 18  # of a bar chart: height of a row, and of the bar in it
AREA = 200  # height of the columns of a column chart
CHAR, WIDE = 6.6, 12.5  # width at 12 px of a letter and of a Chinese one, on average
LABEL = 200  # most width of a label beside a bar
TOLD = 120  # most letters of it that are told when the bar is pointed at
REST = "other"
# XML forbids all but these, and the rest turn the direction of what stands after them.
UNSAFE = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    r"|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class Words(NamedTuple):
    """What a chart says: its title, what its numbers count, and what it shows, in a sentence."""

    title: str
    counts: str
    says: str


def lay_bars(counts: pl.DataFrame, words: Words, parts: Sequence[str] = ()) -> str:
    """Draw a horizontal bar for each label, made of its parts.

    Args:
        counts: `label`, `part` (String) and `n`, in the order in which they are to stand; each pair once.
        words: what the chart says.
        parts: the order of the parts, and so their colours; by default as they come.
    """
    labels, parts = _in_order(counts, "label"), parts or _in_order(counts, "part")
    sums = dict(counts.group_by("label").agg(pl.col("n").sum()).iter_rows())
    left = MARGIN + 12 + min(LABEL, max((_width(label) for label in labels), default=0))
    ticks = _ticks(max(sums.values(), default=0))
    right = WIDTH - MARGIN - CHAR * (2 + len(f"{ticks[-1]:,}"))
    scale = (right - left) / ticks[-1]
    head, top = _head(words, parts, counts)
    bottom = top + len(labels) * ROW
    drawn = [*head, *_rules(ticks, lambda n: f"M{left + n * scale:.1f} {top}V{bottom}")]
    drawn += [_text(left + n * scale, bottom + 16, f"{n:,}", "soft", "middle") for n in ticks]
    for row, label in enumerate(labels):
        y = top + row * ROW + (ROW - BAR) / 2
        own = dict(counts.filter(label=label).select("part", "n").iter_rows())
        drawn.append(_text(left - 10, y + 13, _fit(label, LABEL), "ink", "end"))
        starts = accumulate(own.values(), initial=0)
        for start, (part, n) in zip(starts, own.items(), strict=False):
            said = _said(label, part, n, parts)
            drawn.append(_box((left + start * scale, y, n * scale, BAR), parts.index(part), said))
        drawn.append(_text(left + sums[label] * scale + 6, y + 13, f"{sums[label]:,}", "ink"))
    drawn.append(f'<path class="axis" d="M{left:.1f} {top}V{bottom}" stroke="{SOFT}"/>')
    drawn.append(_text((left + right) / 2, bottom + 36, words.counts, "soft", "middle"))
    return _svg(drawn, bottom + 52, words)


def stand_columns(
    counts: pl.DataFrame, words: Words, across: str, parts: Sequence[str] = (), *, edges: bool = False
) -> str:
    """Draw a column for each label, made of its parts, the first part lowest.

    Args:
        counts: `label`, `part` (String), `n` and `tick` (what stands below the column, null for nothing), in the
            order in which they are to stand; each pair once.
        words: what the chart says.
        across: what the labels are.
        parts: the order of the parts, and so their colours; by default as they come.
        edges: whether a tick names the left edge of its column, and not the whole.
    """
    labels, parts = _in_order(counts, "label"), parts or _in_order(counts, "part")
    sums = counts.group_by("label").agg(pl.col("n").sum())["n"]
    ticks = _ticks(int(sums.max() or 0))  # type: ignore[arg-type]
    left = MARGIN + CHAR * len(f"{ticks[-1]:,}") + 8
    step = (WIDTH - MARGIN - left) / max(len(labels), 1)
    scale = AREA / ticks[-1]
    head, top = _head(words, parts, counts)
    base = top + AREA
    drawn = [*head, *_rules(ticks, lambda n: f"M{left:.1f} {base - n * scale:.1f}H{WIDTH - MARGIN}")]
    drawn += [_text(left - 8, base - n * scale + 4, f"{n:,}", "soft", "end") for n in ticks]
    gap = min(step * 0.15, 6.0)
    for place, label in enumerate(labels):
        own = dict(counts.filter(label=label).select("part", "n").iter_rows())
        for start, (part, n) in zip(accumulate(own.values(), initial=0), own.items(), strict=False):
            said = _said(label, part, n, parts)
            y = base - (start + n) * scale
            drawn.append(
                _box((left + place * step + gap / 2, y, step - gap, n * scale), parts.index(part), said)
            )
    drawn.append(f'<path class="axis" d="M{left:.1f} {base}H{WIDTH - MARGIN}" stroke="{SOFT}"/>')
    shift = 0.0 if edges else step / 2
    drawn += _below(
        counts.unique("label", maintain_order=True)["tick"].to_list(), left + shift, step, base + 17
    )
    drawn.append(_text((left + WIDTH - MARGIN) / 2, base + 38, across, "soft", "middle"))
    return _svg(drawn, base + 54, words)


def _said(label: str, part: str, n: int, parts: Sequence[str]) -> str:
    return f"{label[:TOLD]}, {part[:TOLD]}: {n:,}" if len(parts) > 1 else f"{label[:TOLD]}: {n:,}"


def _in_order(counts: pl.DataFrame, column: str) -> list[str]:
    return counts[column].unique(maintain_order=True).to_list()


def _ticks(most: int) -> list[int]:
    """Return round numbers from zero to the first that is not below the most, at most six of them."""
    size = 10 ** max(len(str(most)) - 2, 0)
    step = next(size * factor for factor in (1, 2, 5, 10, 20, 50) if size * factor * 5 >= most)
    return list(range(0, max(math.ceil(most / step), 1) * step + 1, step))


def _rules(ticks: list[int], path: Callable[[int], str]) -> list[str]:
    return [f'<path class="line" d="{path(n)}" stroke="{LINE}"/>' for n in ticks[1:]]


def _head(words: Words, parts: Sequence[str], counts: pl.DataFrame) -> tuple[list[str], int]:
    """Draw the title, what is counted, and the key to the parts if there are several; say where they end."""
    drawn = [
        f'<text class="ink title" x="{MARGIN}" y="34" fill="{INK}" font-size="17" font-weight="600">'
        f"{_xml(words.title)}</text>",
        _text(MARGIN, 54, words.says, "soft says"),
    ]
    present = set(counts["part"])
    if len(parts) < 2:
        return drawn, HEAD + 20
    x, y = float(MARGIN), HEAD + 10
    for place, part in enumerate(parts):
        if part not in present:
            continue
        width = 18 + min(_width(part), LABEL) + 16
        if x + width > WIDTH - MARGIN and x > MARGIN:
            x, y = float(MARGIN), y + 20
        drawn += [_box((x, y, 12, 12), place, part), _text(x + 18, y + 10, _fit(part, LABEL), "ink")]
        x += width
    return drawn, y + 34


def _below(ticks: list[str | None], x: float, step: float, y: float) -> Iterator[str]:
    """Draw the ticks that have room, from the left."""
    free = -math.inf
    for place, tick in enumerate(ticks):
        middle = x + place * step
        if tick and middle - _width(tick) / 2 > free:
            free = middle + _width(tick) / 2 + CHAR
            yield _text(middle, y, tick, "soft", "middle")


def _box(place: tuple[float, float, float, float], colour: int, says: str) -> str:
    """Draw a rectangle: x, y, width, height; what it says shows when it is pointed at."""
    x, y, width, height = (f"{number:.1f}" for number in place)
    colour %= len(DAY)
    return (
        f'<rect class="c{colour}" x="{x}" y="{y}" width="{width}" height="{height}" fill="{DAY[colour]}">'
        f"<title>{_xml(says)}</title></rect>"
    )


def _text(x: float, y: float, words: str, tone: str, anchor: str = "start") -> str:
    fill = INK if tone == "ink" else SOFT
    return f'<text class="{tone}" x="{x:.1f}" y="{y:.1f}" fill="{fill}" text-anchor="{anchor}">{_xml(words)}</text>'


def _svg(drawn: Sequence[str], height: float, words: Words) -> str:
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    type_ = 'font-family="system-ui,-apple-system,Segoe UI,Roboto,sans-serif" font-size="12"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" {size} role="img" {type_}>',
            f"<title>{_xml(words.title)}</title>",
            f"<desc>{_xml(words.says)}</desc>",
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height:.0f}" rx="6" fill="{GROUND}"/>',
            *drawn,
            "</svg>\n",
        )
    )


def _xml(words: str) -> str:
    return escape(UNSAFE.sub("", words))


def _width(words: str) -> float:
    """Guess the width of words at 12 px."""
    return sum(WIDE if unicodedata.east_asian_width(letter) in "WF" else CHAR for letter in words[:LABEL])


def _fit(words: str, width: float) -> str:
    """Cut words to a width."""
    if _width(words) <= width:
        return words
    ends = accumulate(map(_width, words))
    return words[: sum(end < width - CHAR for end in ends)].rstrip() + "…"
