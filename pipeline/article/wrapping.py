"""Lines that a program broke to fit a width, put together again, so that a paragraph is judged as one line.

A program breaks a line where the next word would not fit: on a page whose longer lines mostly end so, those that do
go on below. No text is changed; what is said of a whole line is said of each line it was broken into.
"""

import numpy as np
import polars as pl

from pipeline.article.features import BULLET, WIDE_CHARACTER

# Programs break at 60 to 100 columns by default: fold 80, w3m and lynx 80, html2text 79, mail 76 or 72, pandoc 72.
NARROWEST, WIDEST = 40, 132
FULLEST = (
    0.95  # of the lines of a width that may be broken, so many end within the width; others hold no blank
)
MOST_BROKEN = 0.6  # of the lines that another follows at once, so many are full on a page that was broken
HANGING = 8  # columns that a line may be set in or out from the one it continues


def unwrap(lines: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    """Join lines that were broken to fit a width.

    Args:
        lines: the table of lines (see `ingest.read_lines`), whole documents.

    Returns:
        The table with a row a whole line, `n` counted anew, and by line the number of its row there.
    """
    goes_on = _go_on(lines)
    of_line = np.cumsum(~goes_on) - 1
    if not goes_on.any():
        return lines, of_line
    starts = np.flatnonzero(~goes_on)
    texts = (
        lines.select("text", whole=of_line)
        .group_by("whole", maintain_order=True)
        .agg(pl.col("text").str.join(" "))
    )
    whole = lines[starts].with_columns(texts["text"])
    doc = whole["doc"].to_numpy()
    first = np.maximum.accumulate(np.where(np.diff(doc, prepend=-1) != 0, np.arange(len(doc)), 0))
    return whole.with_columns(n=pl.Series(np.arange(len(doc)) - first, dtype=pl.Int32)), of_line


def _go_on(lines: pl.DataFrame) -> np.ndarray:
    """Say which lines continue the one above them."""
    text = pl.col("text")
    word = text.str.extract(rf"^({WIDE_CHARACTER}|\S+)")
    seen = lines.select(
        end=pl.col("indent") + _columns(text),
        word=_columns(word),
        listed=text.str.contains(BULLET),
        one=~text.str.contains(" ") & ~text.str.contains(WIDE_CHARACTER),
    )
    end, first_word = seen["end"].to_numpy(), seen["word"].to_numpy()
    indent, doc = lines["indent"].to_numpy().astype(np.int64), lines["doc"].to_numpy()
    width = _widths(lines, seen)[doc]
    follows = (lines["gap"].to_numpy() == 0) & (np.diff(doc, prepend=-1) == 0)
    follows &= ~seen["listed"].to_numpy() & (np.abs(np.diff(indent, prepend=0)) <= HANGING)
    above = np.append(0, end[:-1])
    is_full = follows & (above + 1 + first_word > width)
    is_asked = follows & (above >= width / 2)
    full, asked = (np.bincount(doc, flag, minlength=doc.max(initial=0) + 1) for flag in (is_full, is_asked))
    return is_full & (full >= MOST_BROKEN * asked)[doc] & (width <= WIDEST)


def _columns(text: pl.Expr) -> pl.Expr:
    """Count the columns that a text takes."""
    return text.str.len_chars() + text.str.count_matches(WIDE_CHARACTER)


def _widths(lines: pl.DataFrame, seen: pl.DataFrame) -> np.ndarray:
    """Give each document the width that nearly all its lines with blanks keep to; more than any where it has none."""
    ends = seen.with_columns(doc=lines["doc"]).filter((pl.col("end") >= NARROWEST) & ~pl.col("one"))
    found = ends.group_by("doc").agg(pl.col("end").quantile(FULLEST, "higher"))
    widths = np.full(lines["doc"].to_numpy().max(initial=0) + 1, np.inf)
    widths[found["doc"].to_numpy()] = found["end"].to_numpy()
    return widths
