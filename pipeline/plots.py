"""Counts as charts: SVG without scripts, fonts, clocks or ids, so that the same counts give the same bytes."""

import math
from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple

import polars as pl

from pipeline.release import stats
from schemas import Tables

# Eight hues that people with any colour vision can tell apart: Okabe and Ito 2008, the light yellow last.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999", "#f0e442")
WIDTH, MARGIN = 640, 16
ROW, BAR = 28, 18  # of a bar chart: height of a row, and of the bar in it
COLUMN_AREA = 180  # height of the columns of a column chart
CHAR = 6.7  # width of a letter at 12 px in common sans-serif fonts, on average
STYLE = "font:12px system-ui,sans-serif;fill:#333"


class Bar(NamedTuple):
    """A rectangle: where it stands, how large, in which colour, and what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    says: str

    def __str__(self) -> str:
        """Draw it."""
        place = f'x="{self.x:.1f}" y="{self.y:.1f}" width="{self.width:.1f}" height="{self.height:.1f}"'
        return f'<rect {place} fill="{self.colour}"><title>{escape(self.says)}</title></rect>'


def stack_bars(counts: pl.DataFrame, title: str) -> str:
    """Draw a horizontal bar for each label, made of its parts.

    Args:
        counts: `label`, `part` (String) and `n`, in the order in which they are to stand; each pair once.
        title: what is counted.
    """
    labels = counts["label"].unique(maintain_order=True).to_list()
    parts = counts["part"].unique(maintain_order=True).to_list()
    colours = {part: COLOURS[place % len(COLOURS)] for place, part in enumerate(parts)}
    sums = dict(counts.group_by("label").agg(pl.col("n").sum()).iter_rows())
    left = MARGIN + CHAR * max((len(label) for label in labels), default=0) + 8
    scale = (WIDTH - left - MARGIN - CHAR * 9) / max(sums.values(), default=1)
    top = 2 * ROW + 8
    drawn = [_text(MARGIN, 24, title, "font-weight:600"), *_legend(colours)]
    for row, label in enumerate(labels):
        y = top + row * ROW
        own = counts.filter(label=label)
        starts = accumulate(own["n"], initial=0)
        drawn += [_text(left - 8, y + 13, label, anchor="end")]
        drawn += [
            str(Bar(left + start * scale, y, n * scale, BAR, colours[part], f"{label}, {part}: {n:,}"))
            for start, part, n in zip(starts, own["part"], own["n"], strict=False)
        ]
        drawn += [_text(left + sums[label] * scale + 6, y + 13, f"{sums[label]:,}")]
    return _svg(drawn, top + len(labels) * ROW + MARGIN - 8, title)


def stand_columns(counts: pl.DataFrame, title: str) -> str:
    """Draw a column for each label.

    Args:
        counts: `label` (String) and `n`, in the order in which they are to stand.
        title: what is counted.
    """
    labels, numbers = counts["label"].to_list(), counts["n"].to_list()
    step = (WIDTH - 2 * MARGIN) / max(len(labels), 1)
    scale = COLUMN_AREA / max(numbers, default=1)
    base = 56 + COLUMN_AREA
    # Labels that would overlap are left out, the same number between any two.
    every = math.ceil(CHAR * (max(map(len, labels), default=0) + 1) / step)
    drawn = [_text(MARGIN, 24, title, "font-weight:600")]
    for place, (label, n) in enumerate(zip(labels, numbers, strict=True)):
        x = MARGIN + place * step
        bar = Bar(x + step * 0.1, base - n * scale, step * 0.8, n * scale, COLOURS[0], f"{label}: {n:,}")
        drawn.append(str(bar))
        if step >= CHAR * len(f"{n:,}") and n:
            drawn.append(_text(x + step / 2, base - n * scale - 5, f"{n:,}", anchor="middle"))
        if place % every == 0:
            drawn.append(_text(x + step / 2, base + 17, label, anchor="middle"))
    drawn.append(f'<path d="M{MARGIN} {base}.5H{WIDTH - MARGIN}" stroke="#999"/>')
    return _svg(drawn, base + 17 + MARGIN, title)


def _legend(colours: dict[str, str]) -> list[str]:
    widths = [24 + CHAR * len(part) + 12 for part in colours]
    starts = accumulate(widths, initial=float(MARGIN))
    return [
        str(Bar(x, 40, 12, 12, colour, part)) + _text(x + 17, 50, part)
        for x, (part, colour) in zip(starts, colours.items(), strict=False)
    ]


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    styled = f' style="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{styled}>{escape(words)}</text>'


def _svg(drawn: Sequence[str], height: float, title: str) -> str:
    # The ground is white: the page around it may be dark.
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}"'
    ground = f'<rect width="{WIDTH}" height="{height:.0f}" rx="6" fill="#fff"/>'
    head = f'{opening} height="{height:.0f}" role="img" aria-label="{escape(title)}" style="{STYLE}">'
    return "\n".join([head, ground, *drawn, "</svg>\n"])


# What is drawn ------------------------------------------------------------------------------------


def draw(tables: Tables) -> dict[str, dict[str, str]]:
    """Draw what a curator should see of each table: charts by table and name."""
    return {
        "records": {
            "by source": stack_bars(count_by_source(tables.records), "Records by page kind"),
            "by month": stand_columns(count_by_month(tables), "Records by month of publication"),
            "by length": stand_columns(count_by_length(tables.records), "Words in a record"),
        },
        "spans": {
            "bytes by role": stack_bars(
                count_bytes(tables.spans, tables.documents), "Bytes by page kind and role"
            ),
        },
    }


def count_by_source(records: pl.DataFrame) -> pl.DataFrame:
    """Count the records of each page kind and kind."""
    return records.group_by(label="page_kind", part="kind").agg(n=pl.len()).pipe(_sort_bars)


def count_bytes(spans: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Count the bytes of each page kind and role."""
    placed = spans.join(documents.select("document_id", label="page_kind"), on="document_id")
    n_bytes = (pl.col("byte_end") - pl.col("byte_start")).sum()
    return placed.group_by("label", part="role").agg(n=n_bytes).pipe(_sort_bars)


def _sort_bars(counts: pl.DataFrame) -> pl.DataFrame:
    return counts.sort(
        pl.col("n").sum().over("label"), "label", "n", "part", descending=[True, False, True, False]
    )


def count_by_month(tables: Tables) -> pl.DataFrame:
    """Count the records of each month or, where the interval is longer, year; the unknown last."""
    periods = pl.DataFrame(stats.measure(tables)["records"]["period"])
    return periods.select(label=pl.col("value").fill_null("unknown"), n="rows")


def count_by_length(records: pl.DataFrame) -> pl.DataFrame:
    """Count the records by their words, in steps each twice as wide as the one before."""
    steps = records["n_words"].map_elements(lambda n: (n + 1).bit_length() - 1, return_dtype=pl.Int64)
    numbers = dict(steps.value_counts().iter_rows())
    ladder = range(min(numbers, default=0), max(numbers, default=0) + 1)
    labels = [f"{2**step - 1:,}–{2 ** (step + 1) - 2:,}" for step in ladder]
    return pl.DataFrame({"label": labels, "n": [numbers.get(step, 0) for step in ladder]})
