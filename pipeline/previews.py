"""Frames as Markdown tables. What stands in a cell was written by strangers: it can break nothing."""

import re

import polars as pl

ROWS = 8
CHARS = 90


def as_markdown(frame: pl.DataFrame, rows: int = ROWS) -> str:
    """Write the first rows of a frame as a Markdown table, long values cut short."""
    lines = [frame.columns, ["---:" if dtype.is_numeric() else "---" for dtype in frame.dtypes]]
    lines += [[write_cell(value) for value in row] for row in frame.head(rows).iter_rows()]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    left = frame.height - rows
    return f"{table}\n\n… and {left:,} more rows\n" if left > 0 else f"{table}\n"


def write_cell(value: object) -> str:
    """Write a value so that it is seen as it is: no markup, no picture, no link, no line break."""
    if value is None:
        return "–"
    if isinstance(value, bool | int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
    text = " ".join(str(value).split())
    cut = text if len(text) <= CHARS else f"{text[: CHARS - 1]}…"
    # Whatever is not a letter, a digit or a blank, of ASCII: as a number, which Markdown never reads as markup.
    return re.sub(r"[^\w\s.,;?]|_", lambda mark: mark[0] if ord(mark[0]) > 127 else f"&#{ord(mark[0])};", cut)
