"""Which mark is a line?"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipeline.grammar import ANYTHING, Grammar, Mark, seconds, telling
from pipeline.segment.rows import NONE, latest, pick

MOST_NAMES = 64  # of a record's names, so many of the most frequent may stand for longer ones


def mark_lines(lines: pl.DataFrame, grammar: Grammar) -> np.ndarray:
    """Number each line's mark, the first that holds (-1: none).

    Marks that open a record are found first, then those that open a section, then the rest, which may ask where
    in a record they stand; but an earlier mark goes before a later one.
    """
    opening = [i for i, m in enumerate(grammar.marks) if m.opens]
    cutting = [i for i, m in enumerate(grammar.marks) if m.section and not m.opens]
    rest = [i for i, m in enumerate(grammar.marks) if not (m.opens or m.section)]
    is_top = lines["n"].to_numpy() == 0
    for name, fact in grammar.facts.items():
        lines = lines.with_columns(fact.fill_null(value=False).alias(name))
    lines = lines.with_columns(opening=latest(is_top))
    mark = _try(lines, grammar, opening, np.full(lines.height, NONE))
    lines = lines.with_columns(opening=latest((mark > NONE) | is_top))
    mark = _try(lines, grammar, cutting, mark)
    lines = lines.with_columns(section=_sections(grammar, mark[latest((mark > NONE) | is_top)]))
    return _try(lines, grammar, rest, mark)


def _sections(grammar: Grammar, mark: np.ndarray) -> pl.Series:
    names = list(dict.fromkeys(["", *(m.section or "" for m in grammar.marks)]))
    return pick(names, np.array([*(names.index(m.section or "") for m in grammar.marks), 0])[mark])


def _try(lines: pl.DataFrame, grammar: Grammar, which: Sequence[int], mark: np.ndarray) -> np.ndarray:
    """Give each line the first of some marks that holds, but where an earlier one has it."""
    possible = (
        lines.lazy().select("row", *(grammar.marks[i].is_possible.alias(f"{i}") for i in which)).collect()
    )
    for i in which:
        is_free = (mark == NONE) | (mark > i)
        tried = possible[f"{i}"].fill_null(value=False).to_numpy()
        tried = tried if grammar.marks[i].repeats else tried & is_free  # a name counts wherever it stands
        mark = np.where(_hits(lines, grammar.marks[i], tried) & is_free, i, mark)
    return mark


def _hits(lines: pl.DataFrame, mark: Mark, possible: np.ndarray) -> np.ndarray:
    """Say which of the lines that may be a mark are; its pattern is tried on no others."""
    hit = possible.copy()
    if mark.pattern != ANYTHING:
        hit[possible] = (
            lines["text"].filter(pl.Series(possible)).str.contains(telling(mark.pattern)).to_numpy()
        )
    hit = _repeated(lines, mark, hit) if mark.repeats else hit
    return _rising(lines, mark, hit) if mark.rises else hit


def _values(lines: pl.DataFrame, mark: Mark, hit: np.ndarray, group: str) -> pl.DataFrame:
    """Find what a mark's named group holds in the lines that are the mark: `row`, `opening`, `value`."""
    value = pl.col("text").str.extract(telling(mark.pattern), mark.groups.index(group) + 1)
    return lines.select("row", "opening", "text").filter(pl.Series(hit)).select("row", "opening", value=value)


def _rising(lines: pl.DataFrame, mark: Mark, hit: np.ndarray) -> np.ndarray:
    """Drop the hits whose time lies outside those before and after them in the record, where these rise."""
    times = _values(lines, mark, hit, mark.rises or "").with_columns(time=seconds(pl.col("value")))
    before, time, after = pl.col("time").shift(1), pl.col("time"), pl.col("time").shift(-1)
    opening = pl.col("opening")
    is_same = (opening == opening.shift(1)) & (opening == opening.shift(-1))
    is_out = is_same & (before <= after) & ((time < before) | (time > after))
    kept = hit.copy()
    kept[times.filter(is_out)["row"].to_numpy()] = False
    return kept


def _repeated(lines: pl.DataFrame, mark: Mark, hit: np.ndarray) -> np.ndarray:
    """Keep the hits whose named value is met often enough in the record, itself or words of it."""
    values = _values(lines, mark, hit, mark.repeats or "")
    often = values.group_by("opening", "value").len("times").filter(pl.col("times") >= mark.times)
    often = often.filter(pl.len().over("opening") >= mark.voices)
    often = often.sort("times", "value", descending=True).group_by("opening").head(MOST_NAMES)
    named = values.unique(["opening", "value"]).join(often.rename({"value": "part"}), on="opening")
    own_words = pl.col("part").str.split(" ").list.set_difference(pl.col("value").str.split(" "))
    is_unspaced = ~pl.col("part").str.contains(r"^[ -~]*$")  # scripts that put no space between names
    named = named.filter(
        (own_words.list.len() == 0) | is_unspaced & pl.col("value").str.contains(pl.col("part"), literal=True)
    )
    kept = np.zeros_like(hit)
    kept[values.join(named, on=["opening", "value"], how="semi")["row"].to_numpy()] = True
    return kept
