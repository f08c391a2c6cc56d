"""What a person is shown of a frame, as Markdown tables: some of its rows, and counts.

What stands in a cell was written by strangers: it can break nothing.
"""

import re

import polars as pl

ROWS = 8
CHARS = 90
# Of each asset, the columns that tell what it did.
SHOWN = {
    "seeds": ("path", "n_bytes", "site", "license"),
    "documents": ("path", "encoding", "n_bytes", "captured_earliest", "captured_latest"),
    "found_records": ("page_kind", "kind", "author", "published_raw", "title", "text"),
    "dated_records": (
        *("published_raw", "published", "published_earliest", "published_latest", "published_precision"),
    ),
    "original_records": ("kind", "author", "title", "captures", "text"),
    "tagged_records": ("language", "language_confidence", "kind", "author", "text"),
    "tables/records": (
        *("page_kind", "kind", "author", "published", "title", "n_words", "language", "flags", "text"),
    ),
    "tables/segments": ("kind", "position", "speaker", "start_s", "title", "language", "text"),
    "tables/documents": (
        *("path", "page_kind", "language", "n_bytes", "n_records"),
        *("body_bytes", "chrome_bytes", "unclaimed_bytes"),
    ),
    "tables/spans": ("byte_start", "byte_end", "role", "kind", "rule"),
    "tables/removed": ("reason", "kind", "author", "title", "similarity", "message"),
}
# Of each asset, the columns whose values are counted.
COUNTED = {
    "found_records": ("page_kind", "kind"),
    "dated_records": ("published_precision",),
    "tagged_records": ("language",),
    "tables/records": ("language", "published_precision", "flags"),
    "tables/segments": ("kind", "language"),
    "tables/documents": ("page_kind", "language"),
    "tables/spans": ("role", "kind"),
    "tables/removed": ("reason",),
}


def as_markdown(frame: pl.DataFrame, n_rows: int = ROWS) -> str:
    """Write some rows of a frame, evenly spread over it, as a Markdown table, long values cut short."""
    rows = frame.gather_every(max(1, -(-frame.height // n_rows)))
    lines = [frame.columns, ["---:" if dtype.is_numeric() else "---" for dtype in frame.dtypes]]
    lines += [[write_cell(value) for value in row] for row in rows.iter_rows()]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return table + (f"\n\n{rows.height} of {frame.height:,} rows" if rows.height < frame.height else "")


def write_cell(value: object) -> str:
    """Write a value so that it is seen as it is: no markup, no picture, no line break."""
    if value is None or value == []:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.4g}" if isinstance(value, float) else f"{value:,}"
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(words.split())
    cut = text if len(text) <= CHARS else f"{text[: CHARS - 1]}…"
    # As a number, no sign is markup; of those left out none is, in a cell.
    return re.sub(r"[^\w\s,.;?]|_", lambda sign: f"&#{ord(sign[0])};" if sign[0].isascii() else sign[0], cut)


def count(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Count the rows that have each value of a column, or each member of its lists; the most frequent first."""
    if isinstance(frame.schema[column], pl.List):
        frame = frame.explode(column).drop_nulls(column)
    return frame.group_by(column).agg(rows=pl.len()).sort("rows", column, descending=[True, False])
