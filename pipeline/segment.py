"""Lines and grammars → records, segments, and the spans that account for every byte.

`label` says of each line what it is, and cuts a line that is two things; `assemble` lays the pieces together.
Both work on any number of documents at once: patterns run in Polars, the rest is arithmetic on row numbers.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from pipeline.grammar import (
    ANYTHING,
    RECORD_FIELDS,
    SEGMENT_FIELDS,
    WORDS,
    Grammar,
    Mark,
    Part,
    Recurring,
    Split,
    holds,
)
from pipeline.grammar import (
    grammars as all_grammars,
)

UNKNOWN = "unknown"  # the page kind of a page that no grammar knows
TITLED = ("chapter", "heading")  # segments whose words are their title
BELOW = "/below"  # ends the rule of a line claimed by what a mark says of the lines below it
TOP_LINES, FOOT_LINES = 400, 100  # by these a page is known
NONE = -1
MOST_LINES = (
    0.8  # share of a page's lines that hold to its grammar's shape: all but the site's own, on a short page
)
ENDING_LINES = 8  # no more lines than these can be what records end with
MOST_NAMES = 64  # of a record's names, so many of the most frequent may stand for longer ones
ID_HEX = 24  # hex digits of an id: 96 bits, so that a clash among 10^12 ids has a chance below 1 in 10^4


class Pages(NamedTuple):
    """What the pages held."""

    records: pl.DataFrame
    segments: pl.DataFrame
    spans: pl.DataFrame


# Which page is it? --------------------------------------------------------------------------------


def recognise(lines: pl.DataFrame, grammars: Sequence[Grammar]) -> pl.DataFrame:
    """Say of each document which grammar knows it.

    A grammar knows a document if each of its tell-tales is held by a line, and its shape by most. Of two that
    do, the one whose tell-tales are held by more lines is taken; of equals none. Only the top and the foot of
    a document are asked, where a site shows itself.

    Returns:
        One row a document: `doc`, `page_kind` (`unknown` where no grammar knows it).
    """
    knowing = [g for g in grammars if g.knows]
    names = {g.kind: [f"{g.kind} {i}" for i in range(len(g.knows))] for g in knowing}
    shapes = {g.kind: pl.lit(True) if g.shape is None else g.shape for g in knowing}
    counts = (
        lines.lazy()
        .filter((pl.col("n") < TOP_LINES) | (pl.col("n_left") < FOOT_LINES))
        .select(
            "doc",
            *(
                holds(pattern).alias(name)
                for g in knowing
                for pattern, name in zip(g.knows, names[g.kind], strict=True)
            ),
            *(shape.alias(f"{kind} shape") for kind, shape in shapes.items()),
        )
        .group_by("doc", maintain_order=True)
        .agg(
            pl.col(name for of_kind in names.values() for name in of_kind).sum(),
            pl.col(f"{kind} shape" for kind in shapes).mean() >= MOST_LINES,
        )
    )
    evidence = counts.select(
        "doc",
        pl.lit(0).alias(UNKNOWN),
        *(
            pl.when(pl.col(f"{g.kind} shape") & (pl.min_horizontal(names[g.kind]) > 0))
            .then(pl.sum_horizontal(names[g.kind]))
            .otherwise(0)
            .alias(g.kind)
            for g in knowing
        ),
    ).collect()
    kinds = np.array(evidence.columns[1:], dtype=object)
    votes = evidence.drop("doc").to_numpy()
    best = votes.max(axis=1, keepdims=True) if len(votes) else votes
    is_sole = (votes == best).sum(axis=1) == 1
    return evidence.select(
        "doc", page_kind=pl.Series(np.where(is_sole, kinds[votes.argmax(axis=1)], UNKNOWN), dtype=pl.String)
    )


# What is each line? -------------------------------------------------------------------------------


def label(lines: pl.DataFrame, grammars: Sequence[Grammar] | None = None) -> pl.DataFrame:
    """Say of each line what it is.

    Args:
        lines: the table of lines (see `ingest.read_lines`).
        grammars: those to read by; every one there is by default.

    Returns:
        One row a piece, a line or a part of one, the documents of a kind together and each in order. To the
        columns of `lines` (`text`, `byte_start`, `byte_end` now the piece's) come `page_kind`; `mark`, null where
        none holds; `split`, where one starts a segment; `rule`, `role`, `kind`, as in the ledger; `section`;
        `opens`; `record`, `segment`: numbers that stand for them, -1 outside; `words`: the text less a label, null
        where there is nothing else; and the fields found.
    """
    grammars = all_grammars() if grammars is None else grammars
    by_kind = {g.kind: g for g in grammars}
    known = lines.join(recognise(lines, grammars), on="doc", how="left", maintain_order="left")
    pieces: list[pl.DataFrame] = []
    for (kind,), rows in known.partition_by("page_kind", as_dict=True, maintain_order=True).items():
        pieces.append(_label_kind(rows, by_kind[kind], first_row=sum(p.height for p in pieces)))
    return pl.concat(pieces) if pieces else _label_kind(known, by_kind[UNKNOWN], 0)


def _label_kind(lines: pl.DataFrame, grammar: Grammar, first_row: int) -> pl.DataFrame:
    names = _Names(grammar)
    return (
        lines.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
        .pipe(_mark_lines, grammar)
        .pipe(_set_parts, grammar, names)
        .pipe(_find_fields, grammar)
        .pipe(_cut_heads, names)
        .pipe(_cut_tails, grammar, names)
        .pipe(_set_recurring, grammar, names)
        .pipe(_name, names, first_row)
    )


class _Names:
    """A grammar's parts and rules by number, and what each mark says of parts."""

    def __init__(self, grammar: Grammar) -> None:
        marks = grammar.marks
        self.parts = [Part("chrome", "unclaimed")]
        self.rules: list[str] = []
        self.kind = grammar.kind
        self.marks = [m.name for m in marks]
        self.splits = [s.name for s in grammar.splits]
        self.opens = [m.opens for m in marks]
        self.part = np.array([*(self.part_number(m.part) for m in marks), 0])
        self.below = np.array([*(self.part_number(m.below) if m.below else NONE for m in marks), NONE])
        self.rule = np.array([*(self.rule_number(m.name) for m in marks), NONE])
        self.rule_below = np.array(
            [*(self.rule_number(m.name + BELOW) for m in marks), self.rule_number("unclaimed")]
        )
        self.tail_rules: list[int] = []
        self.is_opening = np.array([*(m.opens is not None for m in marks), False])

    def part_number(self, part: Part) -> int:
        if part not in self.parts:
            self.parts.append(part)
        return self.parts.index(part)

    def rule_number(self, name: str) -> int:
        self.rules.append(f"{self.kind}.{name}")
        return len(self.rules) - 1

    def of_parts(self, attribute: str) -> np.ndarray:
        return np.array([getattr(part, attribute) for part in self.parts])


def _latest(flag: np.ndarray) -> np.ndarray:
    """Give each row the number of the latest row, itself included, at which a flag holds (else 0)."""
    return np.maximum.accumulate(np.where(flag, np.arange(len(flag)), 0))


# Marks


def _mark_lines(lines: pl.DataFrame, grammar: Grammar) -> pl.DataFrame:
    """Add `mark`, the number of the first mark that holds (-1: none), and `section`."""
    opening = [i for i, m in enumerate(grammar.marks) if m.opens]
    cutting = [i for i, m in enumerate(grammar.marks) if m.section and not m.opens]
    late = [i for i, m in enumerate(grammar.marks) if not (m.opens or m.section)]
    is_top = lines["n"].to_numpy() == 0
    for name, fact in grammar.facts.items():
        lines = lines.with_columns(fact.fill_null(value=False).alias(name))
    lines = lines.with_columns(opening=_latest(is_top))
    mark = _try(lines, grammar, opening, np.full(lines.height, NONE))
    lines = lines.with_columns(opening=_latest((mark > NONE) | is_top))
    mark = _try(lines, grammar, cutting, mark)
    names = list(dict.fromkeys(["", *(m.section or "" for m in grammar.marks)]))
    section = np.array([*(names.index(m.section or "") for m in grammar.marks), 0])
    lines = lines.with_columns(section=_pick(names, section[mark[_latest((mark > NONE) | is_top)]]))
    mark = _try(lines, grammar, late, mark)
    return lines.drop(*grammar.facts).with_columns(mark=pl.Series(mark, dtype=pl.Int32))


def _try(lines: pl.DataFrame, grammar: Grammar, which: Sequence[int], mark: np.ndarray) -> np.ndarray:
    """Give each line the first of some marks that holds, but where an earlier one has it."""
    possible = lines.lazy().select("row", *(grammar.marks[i].is_possible.alias(f"{i}") for i in which)).collect()
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
        hit[possible] = lines["text"].filter(pl.Series(possible)).str.contains(mark.pattern).to_numpy()
    hit = _repeated(lines, mark, hit) if mark.repeats else hit
    return _rising(lines, mark, hit) if mark.rises else hit


def _values(lines: pl.DataFrame, mark: Mark, hit: np.ndarray, group: str) -> pl.DataFrame:
    """Find what a mark's named group holds in the lines that are the mark: `row`, `opening`, `value`."""
    value = pl.col("text").str.extract(mark.pattern, mark.groups.index(group) + 1)
    return lines.select("row", "opening", "text").filter(pl.Series(hit)).select("row", "opening", value=value)


def _rising(lines: pl.DataFrame, mark: Mark, hit: np.ndarray) -> np.ndarray:
    """Drop the hits whose time lies outside those before and after them in the record, where these rise."""
    times = _values(lines, mark, hit, mark.rises or "").with_columns(time=_seconds(pl.col("value")))
    before, time, after = pl.col("time").shift(1), pl.col("time"), pl.col("time").shift(-1)
    is_same = (pl.col("opening") == pl.col("opening").shift(1)) & (pl.col("opening") == pl.col("opening").shift(-1))
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
    is_part = (
        pl.col("part").str.split(" ").list.set_difference(pl.col("value").str.split(" ")).list.len() == 0
    )
    is_unspaced = ~pl.col("part").str.contains(r"^[ -~]*$")  # scripts that put no space between names
    named = named.filter(is_part | is_unspaced & pl.col("value").str.contains(pl.col("part"), literal=True))
    kept = np.zeros_like(hit)
    kept[values.join(named, on=["opening", "value"], how="semi")["row"].to_numpy()] = True
    return kept


# Parts


def _set_parts(lines: pl.DataFrame, grammar: Grammar, names: _Names) -> pl.DataFrame:
    """Add `part`, `rule`, `split` (numbers), `record` and `segment` (the rows that open them, -1 outside)."""
    mark = lines["mark"].to_numpy()
    is_top = lines["n"].to_numpy() == 0
    rows = np.arange(lines.height)
    zone_row = _latest((names.below[mark] > NONE) | is_top)
    zone = mark[zone_row]
    part = np.where(mark > NONE, names.part[mark], np.maximum(names.below[zone], 0))
    flows = (mark == NONE) & names.of_parts("is_flowing")[part]
    split = _split_lines(lines, grammar, np.where(flows, zone_row, NONE))
    rule = np.where(mark > NONE, names.rule[mark], names.rule_below[np.where(part > 0, zone, NONE)])
    rule = np.where(
        split > NONE, np.array([*(names.rule_number(s) for s in names.splits), NONE])[split], rule
    )
    segment = np.where(flows, _latest((names.below[mark] > NONE) | is_top | (split > NONE)), rows)
    record = _latest(names.is_opening[mark] | is_top)
    is_in_record = names.is_opening[mark[record]]
    is_stray = ~is_in_record & (names.of_parts("role")[part] != "chrome")  # words before any record begins
    part, rule = np.where(is_stray, 0, part), np.where(is_stray, names.rule_below[NONE], rule)
    inside = is_in_record & names.of_parts("is_inside")[part]
    columns = {
        "part": part,
        "rule": rule,
        "split": split,
        "record": np.where(inside, record, NONE),
        "segment": segment,
    }
    return lines.with_columns(pl.Series(name, values, dtype=pl.Int64) for name, values in columns.items())


def _split_lines(lines: pl.DataFrame, grammar: Grammar, zone_row: np.ndarray) -> np.ndarray:
    """Number the split (-1: none) that starts a segment at each line; `zone_row` is -1 where nothing flows."""
    found = np.full(lines.height, NONE)
    mark = lines["mark"].to_numpy()[zone_row]
    flowing = [
        i for i, m in enumerate(grammar.marks) if m.part.is_flowing
    ]  # whose line is the segment's first
    below = np.arange(lines.height) - zone_row + np.isin(mark, flowing)
    for number, split in enumerate(grammar.splits):
        marks = [i for i, m in enumerate(grammar.marks) if m.name in split.within]
        where = lines.select("row", hit=split.where)["hit"].fill_null(value=False).to_numpy()
        rows = np.flatnonzero((zone_row > NONE) & np.isin(mark, marks) & (below > 1) & where)
        rows = _promised(lines, split, grammar, rows, zone_row[rows])
        if split.fits is not None:
            rows = _overflowing(_sizes(lines, grammar, mark, flowing), split.fits, rows, zone_row)
        found[rows] = number
    return found


def _sizes(lines: pl.DataFrame, grammar: Grammar, mark: np.ndarray, flowing: Sequence[int]) -> pl.DataFrame:
    """Count the characters of each line's own words, and those that the mark's line gives its segment."""
    words = pl.col("text")
    for tail in grammar.tails:
        words = words.str.replace(rf"(?:{tail.pattern})$", "")
    is_own = pl.Series(np.isin(mark, flowing))
    return lines.select(pl.col("gap") + 1, size=words.str.len_chars().cast(pl.Int64), is_own=is_own)


def _overflowing(sizes: pl.DataFrame, fits: int, rows: np.ndarray, zone_row: np.ndarray) -> np.ndarray:
    """Fill segments with lines in order, and keep the candidates at which one no longer fits."""
    parted, size, is_own = (sizes[name].to_list() for name in ("gap", "size", "is_own"))
    candidates = set(rows.tolist())
    kept: list[int] = []
    zone, filled = NONE, 0
    for row in np.flatnonzero((zone_row > NONE) & np.isin(zone_row, zone_row[rows])).tolist():
        if zone != zone_row[row]:
            zone = int(zone_row[row])
            filled = size[zone] if is_own[row] else 0
        filled += size[row] + (parted[row] if filled else 0)
        if row in candidates and filled > fits:
            kept.append(row)
            filled = size[row]
    return np.array(kept, dtype=np.int64)


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
    return (
        candidates.join(promised, on="zone")
        .filter((rank < pl.col("promised")).fill_null(value=True))["row"]
        .to_numpy()
    )


def _promises(heads: pl.DataFrame, split: Split, grammar: Grammar) -> pl.Series:
    if not isinstance(split.promises, str):
        return pl.Series([split.promises] * heads.height)
    field = split.promises
    patterns = [m.pattern for m in grammar.marks if m.name in split.within and field in m.groups]
    found = pl.coalesce(pl.col("text").str.extract_groups(p).struct.field(field) for p in patterns)
    return heads.select(found.cast(pl.Int64, strict=False)).to_series()


# Fields and pieces


def _find_fields(lines: pl.DataFrame, grammar: Grammar) -> pl.DataFrame:
    """Add what the marks' named groups find, null where nothing, and `words`: what follows a label or header."""
    fields = [*RECORD_FIELDS, *SEGMENT_FIELDS, WORDS]
    mark = lines["mark"].to_numpy()
    found = [
        lines[np.flatnonzero(mark == i)]
        .select("row", groups=pl.col("text").str.extract_groups(m.pattern))
        .unnest("groups")
        for i, m in enumerate(grammar.marks)
        if m.groups and (mark == i).any()
    ]
    empty = pl.DataFrame(schema={"row": pl.Int64} | dict.fromkeys(fields, pl.String))
    table = pl.concat([empty, *found], how="diagonal")
    table = table.select("row", *(pl.when(pl.col(f) != "").then(f) for f in fields)).rename({WORDS: "words"})
    return lines.join(table, on="row", how="left", maintain_order="left")


def _cut_heads(lines: pl.DataFrame, names: _Names) -> pl.DataFrame:
    """Cut a header line before its own words, which are what its mark says of the lines below."""
    is_header = pl.Series(names.of_parts("role")[lines["part"].to_numpy()] == "header")
    is_label = pl.Series(names.of_parts("is_label")[lines["part"].to_numpy()])
    is_cut = is_header & lines["words"].is_not_null()
    plain = lines.with_columns(words=pl.when(is_label).then("words").otherwise("text"))
    if not is_cut.any():
        return plain
    both = lines.filter(is_cut)
    heads = both.with_columns(text=pl.col("text").str.strip_suffix(pl.col("words")).str.strip_chars_end())
    heads = heads.with_columns(words="text", byte_end=pl.col("byte_start") + pl.col("text").str.len_bytes())
    below = pl.Series(names.below[both["mark"].to_numpy()], dtype=pl.Int64)
    nothing = [pl.lit(None, pl.String).alias(f) for f in (*RECORD_FIELDS, *SEGMENT_FIELDS)]
    bodies = both.with_columns(
        *nothing, text="words", part=below, byte_start=pl.col("byte_end") - pl.col("words").str.len_bytes()
    )
    return pl.concat([plain.filter(~is_cut), heads, bodies]).sort("row", "byte_start")


def _cut_tails(pieces: pl.DataFrame, grammar: Grammar, names: _Names) -> pl.DataFrame:
    """Cut the chrome off the ends of pieces; it stays within the bounds of their segment."""
    for tail in grammar.tails:
        part, rule = names.part_number(Part("chrome", tail.kind)), names.rule_number(tail.name)
        names.tail_rules += [rule] if tail.on == "body" else []
        is_on = pl.Series(names.of_parts("role")[pieces["part"].to_numpy()] == tail.on)
        hit = is_on & pieces.select("row", hit=pl.col("text").str.contains(rf"(?:{tail.pattern})$"))["hit"]
        if not hit.any():
            continue
        glued = pieces.filter(hit).with_columns(tail=pl.col("text").str.extract(rf"((?:{tail.pattern})$)"))
        ends = glued.with_columns(
            *(pl.lit(None, pl.String).alias(f) for f in (*RECORD_FIELDS, *SEGMENT_FIELDS)),
            text=pl.col("tail").str.strip_chars_start(),
            part=pl.lit(part, pl.Int64),
            rule=pl.lit(rule, pl.Int64),
            words=pl.lit(None, pl.String),
        ).with_columns(byte_start=pl.col("byte_end") - pl.col("text").str.len_bytes())
        words = pl.col("words").str.strip_suffix(pl.col("tail")).str.strip_chars_end()
        kept = glued.with_columns(
            text=pl.col("text").str.strip_suffix(pl.col("tail")).str.strip_chars_end(),
            words=pl.when(words != "").then(words),
        ).with_columns(byte_end=pl.col("byte_start") + pl.col("text").str.len_bytes())
        pieces = pl.concat(
            [pieces.filter(~hit), kept.filter(pl.col("text") != "").drop("tail"), ends.drop("tail")]
        )
        pieces = pieces.sort("row", "byte_start")
    return pieces


def _set_recurring(pieces: pl.DataFrame, grammar: Grammar, names: _Names) -> pl.DataFrame:
    """Turn paragraphs that stand in several records of a document into chrome."""
    for rule in grammar.recurring:
        number = names.rule_number(rule.name), names.part_number(Part("chrome", rule.kind))
        paragraphs = [
            i
            for i, p in enumerate(names.parts)
            if p.role == "body" and (rule.is_last or p.kind == "paragraph")
        ]
        hit = pieces["row"].is_in(_recurring_rows(pieces, rule, paragraphs).implode()) & pieces["part"].is_in(
            paragraphs
        )
        pieces = pieces.with_columns(
            rule=pl.when(hit).then(pl.lit(number[0], pl.Int64)).otherwise("rule"),
            part=pl.when(hit).then(pl.lit(number[1], pl.Int64)).otherwise("part"),
        )
    return pieces


def _recurring_rows(pieces: pl.DataFrame, rule: Recurring, paragraphs: Sequence[int]) -> pl.Series:
    candidates = pieces.select("doc", "record", "row", "part", "text").filter(
        pl.col("part").is_in(paragraphs) & (pl.col("record") > NONE)
    )
    n_records = candidates.group_by("doc").agg(n_records=pl.col("record").n_unique())
    if rule.is_last:
        last = candidates.group_by("record").agg(last=pl.col("row").max())
        candidates = candidates.join(last, on="record", maintain_order="left")
        candidates = candidates.filter(pl.col("row") > pl.col("last") - ENDING_LINES)
    common = (
        candidates.group_by("doc", "text")
        .agg(times=pl.col("record").n_unique())
        .filter((pl.col("times") >= rule.least) & (pl.col("text").str.len_chars() >= rule.least_chars))
        .join(n_records, on="doc")
        .filter(pl.col("times") >= rule.share * pl.col("n_records"))
    )
    recurring = candidates.join(common, on=["doc", "text"], how="semi")
    if rule.is_last:
        own = (
            candidates.join(common, on=["doc", "text"], how="anti")
            .group_by("record")
            .agg(end=pl.col("row").max())
        )
        recurring = recurring.join(own, on="record").filter(pl.col("row") > pl.col("end"))
    return recurring["row"]


def _name(pieces: pl.DataFrame, names: _Names, first_row: int) -> pl.DataFrame:
    """Turn numbers into names, and make row numbers hold over all kinds."""
    part = pieces["part"].to_numpy()
    is_body = names.of_parts("role")[part] == "body"
    is_tail = np.isin(pieces["rule"].to_numpy(), names.tail_rules)
    return pieces.with_columns(
        mark=_pick([*names.marks, None], pieces["mark"].to_numpy()),
        opens=_pick([*names.opens, None], pieces["mark"].to_numpy()),
        split=_pick([*names.splits, None], pieces["split"].to_numpy()),
        rule=_pick(names.rules, pieces["rule"].to_numpy()),
        role=_pick([p.role for p in names.parts], part),
        kind=_pick([p.kind for p in names.parts], part),
        is_flowing=pl.Series(names.of_parts("is_flowing")[part]),
        record=pl.when(pl.col("record") > NONE).then(pl.col("record") + first_row).otherwise(NONE),
        segment=pl.when(pl.Series(is_body | is_tail) & (pl.col("record") > NONE))
        .then(pl.col("segment") + first_row)
        .otherwise(NONE),
    ).drop("part", "row")


def _pick(names: Sequence[str | None], numbers: np.ndarray) -> pl.Series:
    """Look names up by number, -1 being the last."""
    return pl.Series(names, dtype=pl.String).gather(pl.Series(numbers % len(names), dtype=pl.UInt32))


# Records, segments, spans -------------------------------------------------------------------------


def assemble(
    pieces: pl.DataFrame, documents: pl.DataFrame, grammars: Sequence[Grammar] | None = None
) -> Pages:
    """Lay labelled pieces together.

    Args:
        pieces: what `label` says.
        documents: in the order of `doc`; needs `document_id`, `text`, `license`, `license_evidence`.
        grammars: those the pieces were labelled by; every one there is by default.

    Returns:
        Records, segments and spans with the columns of the dataset that are known so far; segments also with
        `record_start`, which with `document_id` names their record before copies are dropped.
    """
    ids = documents.select("document_id", "license", "license_evidence").with_row_index("doc")
    records = _records(pieces, grammars or all_grammars()).join(
        ids, on="doc", how="left", maintain_order="left"
    )
    records = records.with_columns(record_id=_record_ids(records))
    segments = _segments(pieces).join(
        records.select("record", "record_id", "document_id", record_start="byte_start"),
        on="record",
        how="left",
        maintain_order="left",
    )
    segments = segments.with_columns(position=_position(segments["record"]))
    segments = segments.with_columns(segment_id=_segment_ids(segments))
    spans = _spans(pieces, documents, records, segments, ids)
    return Pages(records.select(RECORDS), segments.select(SEGMENTS), spans.select(SPANS))


RECORDS = (
    "record_id",
    "document_id",
    "page_kind",
    "kind",
    "position",
    "title",
    "author",
    "handle",
    "published_raw",
    "text",
    "is_complete",
    "n_promised",
    "n_segments",
    "byte_start",
    "byte_end",
    "body_spans",
    "license",
    "license_evidence",
)
SEGMENTS = (
    "segment_id",
    "record_id",
    "document_id",
    "kind",
    "position",
    "speaker",
    "start_s",
    "title",
    "text",
    "text_spans",
    "byte_start",
    "byte_end",
    "record_start",
)
SPANS = ("document_id", "byte_start", "byte_end", "role", "kind", "record_id", "segment_id", "rule")


def _changes(*columns: pl.Series) -> np.ndarray:
    """Say where a row differs from the one above it in any of these columns."""
    changed = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        changed |= column.ne_missing(column.shift(1)).to_numpy()
    if len(changed):
        changed[0] = True
    return changed


def _runs(pieces: pl.DataFrame, starts: np.ndarray, keep: np.ndarray) -> pl.DataFrame:
    """Join runs of pieces: the first row of each, with the last one's `byte_end`."""
    first = np.flatnonzero(starts)
    last = np.append(first, len(starts))[1:] - 1
    runs = pieces[first].with_columns(byte_end=pieces["byte_end"].gather(last))
    return runs.filter(pl.Series(keep[first]))


def _records(pieces: pl.DataFrame, grammars: Sequence[Grammar]) -> pl.DataFrame:
    inside = pieces.filter(pl.col("record") > NONE)
    bounds = inside.group_by("record", maintain_order=True).agg(
        pl.col("doc", "page_kind").first(),
        kind=pl.col("opens").drop_nulls().first(),
        byte_start=pl.col("byte_start").first(),
        byte_end=pl.col("byte_end").last(),
    )
    counts = _segment_counts(inside)
    records = bounds.join(counts, on="record", how="left", maintain_order="left").join(
        _texts(inside, "record", "text"), on="record", how="left", maintain_order="left"
    )
    is_body = pieces["role"] == "body"
    runs = _runs(
        pieces.select("record", "byte_start", "byte_end"),
        _changes(pieces["record"], is_body),
        (is_body & (pieces["record"] > NONE)).to_numpy(),
    )
    spans = _gather_spans(runs, "record", "body_spans")
    records = records.join(spans, on="record", how="left", maintain_order="left").pipe(
        _add_fields, pieces, grammars
    )
    promised = pl.col("n_promised").str.replace_all(r"\D", "").cast(pl.Int32, strict=False)
    return records.with_columns(
        position=_position(records["doc"]),
        n_promised=promised,
        n_segments=pl.col("n_segments").fill_null(0),
        body_spans=pl.col("body_spans").fill_null([]),
    ).with_columns(is_complete=(pl.col("n_segments") >= pl.col("n_promised")).fill_null(value=True))


def _segment_counts(inside: pl.DataFrame) -> pl.DataFrame:
    segments = inside.filter(pl.col("role") == "body").select("record", "segment").unique("segment")
    return segments.group_by("record").agg(n_segments=pl.len().cast(pl.Int32))


def _texts(pieces: pl.DataFrame, key: str, column: str) -> pl.DataFrame:
    """Join the body pieces of each record or segment: lines of a block by a line break, blocks by a blank line.

    Texts are laid end to end once, and cut anew where the next record or segment begins: no text is copied twice.
    """
    is_said = (pl.col("role") == "body") & (pl.col(key) > NONE) & pl.col(column).is_not_null()
    body = _in_order(
        pieces.select(*dict.fromkeys(("gap", "segment", "role", key, column))).filter(is_said), key
    )
    starts = _changes(body[key])
    is_same_block = (pl.col("gap") == 0) & (pl.col("segment") == pl.col("segment").shift(1))
    parted = (
        pl.when(pl.Series(starts))
        .then(pl.lit(""))
        .when(is_same_block)
        .then(pl.lit("\n"))
        .otherwise(pl.lit("\n\n"))
    )
    laid = body.select(text=parted + pl.col(column))["text"].rechunk().to_arrow().cast(pa.large_string())
    first = np.flatnonzero(starts)
    ends = np.frombuffer(laid.buffers()[1], dtype=np.int64)[laid.offset :][np.append(first, len(laid))]
    texts = pa.LargeStringArray.from_buffers(len(first), pa.py_buffer(ends), laid.buffers()[2])
    return pl.DataFrame({key: body[key].gather(first), "text": pl.Series(texts, dtype=pl.String)})


def _gather_spans(runs: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """List the runs of each record or segment."""
    runs = _in_order(runs.select(key, "byte_start", "byte_end"), key)
    first = np.flatnonzero(_changes(runs[key]))
    spans = runs.select(pl.struct(start="byte_start", end="byte_end")).to_series().to_arrow()
    lists = pa.LargeListArray.from_arrays(np.append(first, runs.height), spans)
    return pl.DataFrame({key: runs[key].gather(first), name: pl.Series(lists)})


def _in_order(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Bring the rows of each record or segment together; they lie apart where a caption interrupts a turn."""
    return rows if rows[key].is_sorted() else rows.sort(key, maintain_order=True)


def _add_fields(records: pl.DataFrame, pieces: pl.DataFrame, grammars: Sequence[Grammar]) -> pl.DataFrame:
    """Add what was found in a record, else what its page says for all."""
    found = pieces.filter(pl.any_horizontal(pl.col(*RECORD_FIELDS).is_not_null()))
    joining = {f: [g.kind for g in grammars if f in g.joined] for f in RECORD_FIELDS}
    own = (
        found.filter(pl.col("record") > NONE)
        .group_by("record")
        .agg(_value(field, joining[field]) for field in RECORD_FIELDS)
    )
    fields = {g.kind: g.page_fields for g in grammars}
    page = found.group_by("doc").agg(pl.col(*RECORD_FIELDS).drop_nulls().first())
    both = records.join(own, on="record", how="left", maintain_order="left").join(
        page, on="doc", how="left", maintain_order="left", suffix="_page"
    )
    holding = {f: [kind for kind, of_page in fields.items() if f in of_page] for f in RECORD_FIELDS}
    return both.with_columns(
        pl.coalesce(f, pl.when(pl.col("page_kind").is_in(holding[f])).then(f"{f}_page")).alias(f)
        for f in RECORD_FIELDS
    )


def _value(field: str, joining: Sequence[str]) -> pl.Expr:
    """Take a record's first value of a field, or join its values on pages of the kinds that do."""
    values = pl.col(field).drop_nulls()
    if not joining:
        return values.first()
    several = values.unique(maintain_order=True).str.join(" and ").replace("", None)
    return pl.when(pl.col("page_kind").first().is_in(joining)).then(several).otherwise(values.first())


def _segments(pieces: pl.DataFrame) -> pl.DataFrame:
    inside = pieces.filter(pl.col("segment") > NONE)
    body = inside.filter(pl.col("role") == "body")
    bounds = body.group_by("segment", maintain_order=True).agg(
        pl.col("doc", "record", "kind", "speaker", "start", "byte_start").first(), pl.col("byte_end").last()
    )
    tails = inside.filter(pl.col("role") != "body").group_by("segment").agg(end=pl.col("byte_end").last())
    bounds = bounds.join(tails, on="segment", how="left", maintain_order="left").with_columns(
        byte_end=pl.max_horizontal("byte_end", "end")
    )
    spoken = pieces.select("byte_end", "words", "segment").with_columns(
        segment=pl.when(pl.col("words").is_not_null()).then("segment").otherwise(NONE),
        byte_start=pl.col("byte_end") - pl.col("words").str.len_bytes(),
    )
    runs = _runs(spoken, _changes(spoken["segment"]), (spoken["segment"] > NONE).to_numpy())
    return (
        bounds.join(_texts(body, "segment", "words"), on="segment", how="left", maintain_order="left")
        .join(_gather_spans(runs, "segment", "text_spans"), on="segment", how="left", maintain_order="left")
        .with_columns(
            start_s=_seconds(pl.col("start")),
            title=pl.when(pl.col("kind").is_in(TITLED)).then("text"),
            text_spans=pl.col("text_spans").fill_null([]),
        )
    )


def _seconds(stamp: pl.Expr) -> pl.Expr:
    """Read `m:ss`, `h:mm:ss`, with or without a fraction, as seconds."""
    parts = stamp.str.replace(",", ".", literal=True).str.split(":").list.reverse()
    part = [parts.list.get(i, null_on_oob=True).cast(pl.Float64, strict=False) for i in range(3)]
    return part[0] + part[1].fill_null(0) * 60 + part[2].fill_null(0) * 3600


def _spans(
    pieces: pl.DataFrame,
    documents: pl.DataFrame,
    records: pl.DataFrame,
    segments: pl.DataFrame,
    ids: pl.DataFrame,
) -> pl.DataFrame:
    """Lay out the ledger: runs of pieces with one role, kind, record, segment and rule."""
    keys = ("doc", "role", "kind", "record", "segment", "rule")
    starts = _changes(*(pieces[key] for key in keys))
    runs = _runs(pieces.select(*keys, "byte_start", "byte_end"), starts, np.ones(len(starts), dtype=bool))
    marks = (
        documents.with_row_index("doc")
        .filter(pl.col("text").str.starts_with("\ufeff"))
        .select(
            "doc",
            role=pl.lit("chrome"),
            kind=pl.lit("encoding_mark"),
            record=pl.lit(NONE, pl.Int64),
            segment=pl.lit(NONE, pl.Int64),
            rule=pl.lit("ingest.byte_order_mark"),
            byte_start=pl.lit(0, pl.Int64),
            byte_end=pl.lit(3, pl.Int64),
        )
    )
    spans = pl.concat([runs, marks], how="diagonal_relaxed").sort("doc", "byte_start")
    return (
        spans.join(ids.select("doc", "document_id"), on="doc", how="left", maintain_order="left")
        .join(records.select("record", "record_id"), on="record", how="left", maintain_order="left")
        .join(segments.select("segment", "segment_id"), on="segment", how="left", maintain_order="left")
        .with_columns(kind=pl.when(pl.col("role") == "chrome").then("kind"))
    )


# Ids ----------------------------------------------------------------------------------------------


def _position(keys: pl.Series) -> pl.Series:
    """Count rows from 0 within each key, in the order they stand."""
    return keys.to_frame("key").select(pl.int_range(pl.len(), dtype=pl.Int32).over("key")).to_series()


def _record_ids(records: pl.DataFrame) -> pl.Series:
    """Name records by kind, author or handle, and normalised text; one without words by its place."""
    keys = records.select(
        pl.concat_str(
            "kind",
            pl.coalesce("author", "handle", pl.lit("")),
            normalise("text").fill_null(pl.format("{} {}", "document_id", "byte_start")),
            separator="\0",
        ).cast(pl.Binary)
    ).to_series()
    return pl.Series([f"r_{sha256(key).hexdigest()[:ID_HEX]}" for key in keys], dtype=pl.String)


def _segment_ids(segments: pl.DataFrame) -> pl.Series:
    """Name segments by their record, the first 16 digits of whose id they bear, and their place in it."""
    place = pl.col("position").cast(pl.UInt32)
    most = segments.select(pl.col("position").max().fill_null(0)).item()
    digits = pl.Series([f"{number:08x}" for number in range(1 + most)], dtype=pl.String)
    return segments.select(
        pl.lit("s_") + pl.col("record_id").str.slice(2, ID_HEX - 8) + pl.lit(digits).gather(place)
    ).to_series()


# Lead bytes of the combining marks that compose with letters before them: U+0300..036F, the voicing marks of
# kana, and conjoining Hangul. A text without them is in composed form already, and most are.
DECOMPOSED = (b"\xcc", b"\xcd", b"\xe3\x82\x99", b"\xe3\x82\x9a", b"\xe1\x85", b"\xe1\x86")


def normalise(text: str) -> pl.Expr:
    """Write texts so that the same words captured twice are the same: composed Unicode, one line."""
    words = pl.col(text).str.replace_all("\n\n", " ", literal=True).str.replace_all("\n", " ", literal=True)
    is_decomposed = pl.any_horizontal(pl.col(text).cast(pl.Binary).bin.contains(mark) for mark in DECOMPOSED)
    return (
        pl.when(is_decomposed).then(pl.when(is_decomposed).then(words).str.normalize("NFC")).otherwise(words)
    )
