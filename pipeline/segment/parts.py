"""What is a line, by its mark or by the mark above it, and where do segments split?"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.grammar import Grammar, Part, Split
from pipeline.segment.rows import NONE, latest

BELOW = "/below"  # ends the rule of a line claimed by what a mark says of the lines below it


class Names:
    """A grammar's parts and rules by number, and what each mark says of parts."""

    def __init__(self, grammar: Grammar) -> None:
        marks = grammar.marks
        self.kind = grammar.kind
        self.parts = [Part("chrome", "unclaimed")]
        self.rules: list[str] = []
        self.marks = [m.name for m in marks]
        self.splits = [s.name for s in grammar.splits]
        self.opens = [m.opens for m in marks]
        self.part = np.array([*(self.part_number(m.part) for m in marks), 0])
        self.below = np.array([*(self.part_number(m.below) if m.below else NONE for m in marks), NONE])
        self.rule = np.array([*(self.rule_number(m.name) for m in marks), NONE])
        self.rule_split = np.array([*(self.rule_number(name) for name in self.splits), NONE])
        below = [self.rule_number(m.name + BELOW) for m in marks]
        self.rule_below = np.array([*below, self.rule_number("unclaimed")])
        self.tail_rules: list[int] = []
        self.is_opening = np.array([*(m.opens is not None for m in marks), False])

    def part_number(self, part: Part) -> int:
        """Number a part, anew if it is new."""
        if part not in self.parts:
            self.parts.append(part)
        return self.parts.index(part)

    def rule_number(self, name: str) -> int:
        """Number a new rule."""
        self.rules.append(f"{self.kind}.{name}")
        return len(self.rules) - 1

    def of_parts(self, attribute: str) -> np.ndarray:
        """List an attribute of every part, by number."""
        return np.array([getattr(part, attribute) for part in self.parts])


class Parts(NamedTuple):
    """Of each line, by number: what it is, by which rule, in which record and segment (the rows that open them)."""

    part: np.ndarray
    rule: np.ndarray
    split: np.ndarray
    record: np.ndarray
    segment: np.ndarray


def set_parts(lines: pl.DataFrame, mark: np.ndarray, grammar: Grammar, names: Names) -> Parts:
    """Say what each line is; -1 stands for no split and no record."""
    is_top = lines["n"].to_numpy() == 0
    rules_below = names.below[mark] > NONE
    zone_row = latest(rules_below | is_top)
    zone = mark[zone_row]
    part = np.where(mark > NONE, names.part[mark], np.maximum(names.below[zone], 0))
    flows = (mark == NONE) & names.of_parts("is_flowing")[part]
    split = _split_lines(lines, mark, grammar, np.where(flows, zone_row, NONE))
    rule = np.where(mark > NONE, names.rule[mark], names.rule_below[np.where(part > 0, zone, NONE)])
    rule = np.where(split > NONE, names.rule_split[split], rule)
    flows |= (mark > NONE) & names.of_parts("goes_on")[part]
    segment = np.where(flows, latest(rules_below | is_top | (split > NONE)), np.arange(len(mark)))
    record = latest(names.is_opening[mark] | is_top)
    is_in_record = names.is_opening[mark[record]]
    is_stray = ~is_in_record & (names.of_parts("role")[part] == "body")  # words before any record begins
    part, rule = np.where(is_stray, 0, part), np.where(is_stray, names.rule_below[NONE], rule)
    is_inside = is_in_record & names.of_parts("is_inside")[part]
    return Parts(part, rule, split, np.where(is_inside, record, NONE), segment)


def _split_lines(lines: pl.DataFrame, mark: np.ndarray, grammar: Grammar, zone_row: np.ndarray) -> np.ndarray:
    """Number the split (-1: none) that starts a segment at each line; `zone_row` is -1 where nothing flows."""
    found = np.full(lines.height, NONE)
    flowing = [
        i for i, m in enumerate(grammar.marks) if m.part.is_flowing
    ]  # whose line is the segment's first
    zone = mark[zone_row]
    below = np.arange(lines.height) - zone_row + np.isin(zone, flowing)
    for number, split in enumerate(grammar.splits):
        marks = [i for i, m in enumerate(grammar.marks) if m.name in split.within]
        where = lines.select("row", hit=split.where)["hit"].fill_null(value=False).to_numpy()
        rows = np.flatnonzero((zone_row > NONE) & np.isin(zone, marks) & (below > 1) & where)
        rows = _promised(lines, split, grammar, rows, zone_row[rows])
        if split.fits is not None:
            rows = _overflowing(_sizes(lines, grammar, np.isin(zone, flowing)), split.fits, rows, zone_row)
        found[rows] = number
    return found


def _promised(
    lines: pl.DataFrame, split: Split, grammar: Grammar, rows: np.ndarray, zone_row: np.ndarray
) -> np.ndarray:
    """Of more candidates than the page promises, keep the weightiest."""
    if split.promises is None or split.weight is None or not len(rows):
        return rows
    zones = np.unique(zone_row)
    promised = pl.DataFrame({"zone": zones, "promised": _promises(lines[zones], split, grammar)})
    weight = lines.select("row", weight=split.weight.cast(pl.Float64))["weight"].to_numpy()[rows]
    candidates = pl.DataFrame({"row": rows, "zone": zone_row, "weight": weight})
    rank = pl.col("weight").rank("ordinal", descending=True).over("zone")
    kept = candidates.join(promised, on="zone").filter((rank < pl.col("promised")).fill_null(value=True))
    return kept["row"].to_numpy()


def _promises(heads: pl.DataFrame, split: Split, grammar: Grammar) -> pl.Series:
    if not isinstance(split.promises, str):
        return pl.Series([split.promises] * heads.height)
    field = split.promises
    patterns = [m.pattern for m in grammar.marks if m.name in split.within and field in m.groups]
    found = pl.coalesce(pl.col("text").str.extract_groups(p).struct.field(field) for p in patterns)
    return heads.select(found.cast(pl.Int64, strict=False)).to_series()


def _sizes(lines: pl.DataFrame, grammar: Grammar, is_own: np.ndarray) -> pl.DataFrame:
    """Count the characters of each line's own words, and say whether the mark's line is the segment's too."""
    words = pl.col("text")
    for tail in grammar.tails:
        words = words.str.replace(rf"(?:{tail.pattern})$", "")
    return lines.select(
        pl.col("gap") + 1, size=words.str.len_chars().cast(pl.Int64), is_own=pl.Series(is_own)
    )


def _overflowing(sizes: pl.DataFrame, fits: int, rows: np.ndarray, zone_row: np.ndarray) -> np.ndarray:
    """Fill segments with lines in order, and keep the candidates at which one no longer fits."""
    parted, size, is_own = (sizes[name].to_list() for name in ("gap", "size", "is_own"))
    candidates = set(rows.tolist())
    kept: list[int] = []
    zone, filled = NONE, 0
    for row in _rows_of(zone_row, rows):
        if zone != zone_row[row]:
            zone = int(zone_row[row])
            filled = size[zone] if is_own[row] else 0
        filled += size[row] + (parted[row] if filled else 0)
        if row in candidates and filled > fits:
            kept.append(row)
            filled = size[row]
    return np.array(kept, dtype=np.int64)


def _rows_of(zone_row: np.ndarray, rows: np.ndarray) -> Sequence[int]:
    """List the flowing rows of the zones that some rows stand in."""
    is_there = (zone_row > NONE) & np.isin(zone_row, zone_row[rows])
    return np.flatnonzero(is_there).tolist()
