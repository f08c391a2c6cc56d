"""Which mark is a line, and what do its named groups hold?"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.apart import apart
from pipeline.grammar import ANYTHING, KEPT_PATTERNS, WORDS, Grammar, Mark, seconds, telling
from pipeline.segment.rows import NONE, latest, pick

MOST_NAMES = 64  # of a record's names, so many of the most frequent may stand for longer ones
ENDS_IN_WORDS = re.compile(rf"\^(?P<head>.*)\(\?P<{WORDS}>(?P<first>\\S)?\.\*\)\$")
HEAD = "head_"
MARKS_TOGETHER = 24  # whose patterns are searched on one thread (see `apart`)


class Marked(NamedTuple):
    """The number of each line's mark, the first that holds (-1: none), and what the groups of marks hold.

    `groups` has by mark, of those with groups that lines may be, a frame with `row`, in order, `opening`, and a column
    a named group, "" or null where it holds nothing.
    """

    mark: np.ndarray
    groups: dict[int, pl.DataFrame]

    def within(self, first: int, stop: int) -> "Marked":
        """Give the marks of the rows from the first to before the stop, counted from the first."""
        groups = {}
        for number, frame in self.groups.items():
            start, end = np.searchsorted(frame["row"].to_numpy(), (first, stop)).tolist()
            own = frame[start:end]
            groups[number] = own.with_columns(pl.col("row", "opening") - first) if own.height else own
        return Marked(self.mark[first:stop], groups)

    def only(self, kept: np.ndarray) -> "Marked":
        """Give the marks of the rows that are kept, whole documents, counted anew."""
        if kept.all():
            return self
        place = np.cumsum(kept) - 1
        groups = {}
        for number, frame in self.groups.items():
            own = frame.filter(pl.Series(kept[frame["row"].to_numpy()]))
            at = (pl.Series(name, place[own[name].to_numpy()]) for name in ("row", "opening"))
            groups[number] = own.with_columns(*at)
        return Marked(self.mark[kept], groups)


def mark_lines(
    lines: pl.DataFrame, grammar: Grammar, known: Mapping[int, pl.DataFrame] | None = None
) -> Marked:
    """Find each line's mark.

    Marks that open a record are found first, then those that open a section, then the rest, which may ask where
    in a record they stand; but an earlier mark goes before a later one.

    Args:
        lines: the lines of the documents.
        grammar: what writes them.
        known: by mark, the groups of all lines that are it, where they were read before (see `Marked`).
    """
    opening = [i for i, m in enumerate(grammar.marks) if m.opens]
    cutting = [i for i, m in enumerate(grammar.marks) if m.section and not m.opens]
    rest = [i for i, m in enumerate(grammar.marks) if not (m.opens or m.section)]
    is_top = lines["n"].to_numpy() == 0
    for name, fact in grammar.facts.items():
        lines = lines.with_columns(fact.fill_null(value=False).alias(name))
    marked = Marked(np.full(lines.height, NONE), dict(known or {}))
    lines = lines.with_columns(opening=latest(is_top))
    marked = _try(lines, grammar, opening, marked)
    lines = lines.with_columns(opening=latest((marked.mark > NONE) | is_top))
    marked = _try(lines, grammar, cutting, marked)
    lines = lines.with_columns(section=_sections(grammar, marked.mark[latest((marked.mark > NONE) | is_top)]))
    return _try(lines, grammar, rest, marked)


def _sections(grammar: Grammar, mark: np.ndarray) -> pl.Series:
    names = list(dict.fromkeys(["", *(m.section or "" for m in grammar.marks)]))
    number = np.array([*(names.index(m.section or "") for m in grammar.marks), 0])[mark]
    return pick(names, number).cast(pl.Enum(names))


def _try(lines: pl.DataFrame, grammar: Grammar, which: Sequence[int], marked: Marked) -> Marked:
    """Give each line the first of some marks that holds, but where an earlier one has it."""
    number, groups = marked.mark.copy(), dict(marked.groups)
    is_possible = [grammar.marks[i].is_possible.fill_null(value=False).alias(f"{i}") for i in which]
    possible = lines.select("row", *is_possible)
    for i in which:
        mark, rows = grammar.marks[i], np.flatnonzero(possible[f"{i}"].to_numpy())
        rows = rows if mark.repeats else _free(rows, number, i)  # a name counts wherever it stands
        if not len(rows):
            continue
        if mark.groups:
            read = groups.get(i)
            thread = f"{grammar.kind} {i // MARKS_TOGETHER}"
            known = None if read is None else read.filter(pl.col("row").is_in(rows))
            groups[i] = apart(thread, _read, lines, mark, rows) if known is None else known
            rows = groups[i]["row"].to_numpy()
        elif mark.pattern != ANYTHING:
            rows = rows[lines["text"].gather(rows).str.contains(telling(mark.pattern)).to_numpy()]
        number[_free(rows, number, i)] = i
    return Marked(number, groups)


def _free(rows: np.ndarray, mark: np.ndarray, number: int) -> np.ndarray:
    """Leave out the rows that an earlier mark has."""
    return rows[(mark[rows] == NONE) | (mark[rows] > number)]


def _read(lines: pl.DataFrame, mark: Mark, rows: np.ndarray) -> pl.DataFrame:
    """Find the lines that are a mark among some that may be: `row`, `opening`, and its groups."""
    found = _read_groups(lines.select("row", "opening", "text")[rows], mark.pattern)
    found = _repeated(found, mark) if mark.repeats else found
    return _rising(found, mark.rises) if mark.rises else found


def _read_groups(rows: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Read a pattern's groups. Words up to the end of a line are what is left of it: they are not searched."""
    read = rows.select("row", "opening", _groups(pattern), line="text").unnest("text")
    read = read.filter(pl.col(HEAD).is_not_null())
    if ENDS_IN_WORDS.fullmatch(pattern):
        read = read.with_columns(pl.col("line").str.strip_prefix(pl.col(HEAD)).alias(WORDS))
    return read.drop("line", HEAD)


@lru_cache(KEPT_PATTERNS)
def _groups(pattern: str) -> pl.Expr:
    """Write what reads the groups of a pattern, and as HEAD what it matches but for words up to the end of the line.

    To learn what groups there are, Polars compiles the pattern, which takes milliseconds.
    """
    ends = ENDS_IN_WORDS.fullmatch(pattern)
    head = f"^(?P<{HEAD}>{ends['head']}){ends['first'] or ''}" if ends else f"^(?P<{HEAD}>{pattern[1:-1]})$"
    return pl.col("text").str.extract_groups(head)


def _rising(found: pl.DataFrame, group: str) -> pl.DataFrame:
    """Drop the lines whose time lies outside those before and after them in the record, where these rise."""
    times = found.with_columns(time=seconds(pl.col(group)))
    before, time, after = pl.col("time").shift(1), pl.col("time"), pl.col("time").shift(-1)
    opening = pl.col("opening")
    is_same = (opening == opening.shift(1)) & (opening == opening.shift(-1))
    is_out = is_same & (before <= after) & ((time < before) | (time > after))
    return times.filter(~is_out.fill_null(value=False)).drop("time")


def _repeated(found: pl.DataFrame, mark: Mark) -> pl.DataFrame:
    """Keep the lines whose named value is met often enough in the record, itself or words of it."""
    values = found.select("row", "opening", value=mark.repeats)
    often = values.group_by("opening", "value").len("times").filter(pl.col("times") >= mark.times)
    often = often.filter(pl.len().over("opening") >= mark.voices)
    most = often.sort("times", "value", descending=True).group_by("opening").head(MOST_NAMES)
    others = values.unique(["opening", "value"]).join(often, on=["opening", "value"], how="anti")
    named = pl.concat([_holding_words(others, most), _holding_signs(others, most)])
    known = pl.concat([frame.select("opening", "value") for frame in (often, named)])
    kept = values.join(known, on=["opening", "value"], how="semi")
    return found.join(kept.select("row"), on="row", how="semi", maintain_order="left")


def _holding_words(values: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Keep the values that hold all words of a part, in whatever order."""
    of_value, of_part = (
        frame.select("opening", "value", word=pl.col("value").str.split(" ").list.unique())
        for frame in (values, parts)
    )
    of_part = (
        of_part.with_columns(n_words=pl.col("word").list.len()).rename({"value": "part"}).explode("word")
    )
    met = of_value.explode("word").join(of_part, on=["opening", "word"])
    met = met.group_by("opening", "value", "part", "n_words").len("n_met")
    return met.filter(pl.col("n_met") == pl.col("n_words")).select("opening", "value")


def _holding_signs(values: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Keep the values that hold a part in a script that puts no space between names."""
    unspaced = parts.filter(~pl.col("value").str.contains(r"^[ -~]*$")).select("opening", part="value")
    both = values.join(unspaced, on="opening")
    return both.filter(pl.col("value").str.contains(pl.col("part"), literal=True)).select("opening", "value")
