"""What is each line? And where is it two things?"""

import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.apart import apart
from pipeline.cycles import uncollected
from pipeline.grammar import RECORD_FIELDS, SEGMENT_FIELDS, TITLE_REST, WORDS, Grammar, Part
from pipeline.grammar import grammars as all_grammars
from pipeline.segment.marks import Marked, mark_lines
from pipeline.segment.parts import Names, set_parts
from pipeline.segment.readers import READERS, Reader, Reading, lines_of
from pipeline.segment.recognition import UNKNOWN, recognise
from pipeline.segment.recurring import set_recurring
from pipeline.segment.rows import NONE, pick
from pipeline.segment.sampling import choose_sampled

_UNREAD = (
    "the grammar made for the documents {} of this batch cannot be run, so that they are kept whole; do: report it, "
    "with the page. Seen: {}"
)
# Of the records of a grammar written by hand, those with words: a picture may stand for them.
LEAST_WORDED = 0.25
FIELDS = (*RECORD_FIELDS, TITLE_REST, *SEGMENT_FIELDS)


class Labelled(NamedTuple):
    """What `label` says.

    Attributes:
        pieces: one row a piece, a line or a part of one, the documents of a kind together and each in order: `doc`,
            `line`, `gap`, `byte_start`, `byte_end`, `text`, `page_kind`; `mark`, null where none holds; `split`, where
            one starts a segment; `rule`, `role`, `kind`, as in the ledger; `is_flowing`; `opens`; `record`, `segment`:
            numbers that stand for them, -1 outside; `words`: the text less a label, null where nothing else is there;
            `confidence`: of the reading of a page that no grammar was written for, else null.
        fields: one row a line whose mark found fields: `doc`, `record`, `segment`, and the fields, null where none.
    """

    pieces: pl.DataFrame
    fields: pl.DataFrame


def label(
    lines: pl.DataFrame, grammars: Sequence[Grammar] | None = None, readers: Sequence[Reader] | None = None
) -> Labelled:
    """Say of each line what it is.

    Args:
        lines: the table of lines (see `ingest.read_lines`).
        grammars: those to read by; every one there is by default.
        readers: those to ask of documents that no grammar knows; all by default, none where grammars are named.
    """
    readers = (READERS if grammars is None else ()) if readers is None else readers
    grammars = all_grammars() if grammars is None else grammars
    known = recognise(lines, grammars)
    unread = known.filter(page_kind=UNKNOWN)["doc"].to_list()
    with uncollected():  # what pages are made of holds no cycles, and to look for them takes 4 % of the time
        readings = choose_sampled(lines_of(lines, unread), readers) if readers and unread else []
    by_hand = {id(grammar) for grammar in grammars}
    readings = [reading for reading in readings if id(reading.made) not in by_hand]
    known = known.pipe(_add_stated, lines, grammars)
    labelled: list[Labelled] = []
    first_row = 0
    for grammar, rows, sure in _by_grammar(lines, known, grammars, readings):
        said = _label_as_read(rows, grammar, sure, first_row)
        labelled.append(said)
        first_row += said.pieces.height
    labelled += _read_again(lines, labelled, readers, first_row)
    return Labelled(*(pl.concat(frames, rechunk=True) for frames in zip(*labelled, strict=True)))


def _read_again(
    lines: pl.DataFrame, labelled: list[Labelled], readers: Sequence[Reader], first_row: int
) -> Iterator[Labelled]:
    """Label again, as readers do, documents in whose records a grammar finds no words: it knows but their like.

    What was said of them is taken out of what is labelled; where no reader knows better, it stands.
    """
    wordless = [_wordless_of(said) if readers else [] for said in labelled]
    docs = sorted(doc for some in wordless for doc in some)
    readings = choose_sampled(lines_of(lines, docs), readers) if docs else []
    read = [reading.doc for reading in readings]
    for place, some in enumerate(wordless):
        if not set(some).isdisjoint(read):
            labelled[place] = Labelled(*(rows.filter(~pl.col("doc").is_in(read)) for rows in labelled[place]))
    for reading in readings:
        said = _label_as_read(lines_of(lines, [reading.doc]), reading.made, [reading], first_row)
        yield said
        first_row += said.pieces.height


def _wordless_of(said: Labelled) -> list[int]:
    """List the documents that a grammar written by hand finds records in, and in hardly any of them a word."""
    by_hand = said.pieces.filter(pl.col("confidence").is_null(), pl.col("record") > NONE)
    records = by_hand.group_by("doc", "record").agg(has_words=(pl.col("role") == "body").any())
    shares = records.group_by("doc").agg(pl.col("has_words").mean())
    return shares.filter(pl.col("has_words") < LEAST_WORDED)["doc"].to_list()


def _label_as_read(
    lines: pl.DataFrame, grammar: Grammar, readings: Sequence[Reading], first_row: int
) -> Labelled:
    """Label documents by a grammar; where it was made for them and cannot be run, keep them whole, and say so."""
    try:
        said = apart(grammar.kind, _label_kind, lines, grammar, first_row, _marked(readings))
    except pl.exceptions.ComputeError as error:
        if not readings:  # written by hand: its author wants to know
            raise
        warnings.warn(_UNREAD.format(lines["doc"].unique().to_list(), error), stacklevel=2)
        unknown = next(grammar for grammar in all_grammars() if grammar.kind == UNKNOWN)
        said, readings = _label_kind(lines, unknown, first_row), ()
    return said._replace(pieces=said.pieces.pipe(_add_confidence, readings))


def _marked(readings: Sequence[Reading]) -> Marked | None:
    """Give the marks of the lines of documents that are read alike, where these were found to choose among readings."""
    if not readings or any(one.shared is not readings[0].shared for one in readings):
        return None
    if readings[0].shared is not None:
        return readings[0].shared.marked_together([one.doc for one in readings])
    return readings[0].marked if len(readings) == 1 else None


def _add_stated(known: pl.DataFrame, lines: pl.DataFrame, grammars: Sequence[Grammar]) -> pl.DataFrame:
    """Call a document that no grammar knows what the form of its file states it to be."""
    if "states" not in lines.columns:
        return known
    kinds = pl.col("states").is_in([grammar.kind for grammar in grammars])
    said = lines.filter(kinds).unique("doc").select("doc", "states")
    kind = pl.when(page_kind=UNKNOWN).then(pl.coalesce("states", "page_kind")).otherwise("page_kind")
    return known.join(said, on="doc", how="left", maintain_order="left").select("doc", page_kind=kind)


def _by_grammar(
    lines: pl.DataFrame, known: pl.DataFrame, grammars: Sequence[Grammar], readings: Sequence[Reading]
) -> Iterator[tuple[Grammar, pl.DataFrame, list[Reading]]]:
    """Take the lines of the documents that each grammar reads, those made for a page last."""
    read = {reading.doc for reading in readings}
    for grammar in grammars:
        docs = [doc for doc in known.filter(page_kind=grammar.kind)["doc"].to_list() if doc not in read]
        rows = lines if len(docs) == known.height else lines_of(lines, docs)
        if rows.height or (known.is_empty() and grammar.kind == UNKNOWN):
            yield grammar, rows, []
    alike: dict[int, list[Reading]] = {}
    for reading in readings:
        alike.setdefault(id(reading.made), []).append(reading)
    for those in alike.values():
        yield those[0].made, lines_of(lines, [reading.doc for reading in those]), those


def _add_confidence(pieces: pl.DataFrame, readings: Sequence[Reading]) -> pl.DataFrame:
    """Add how sure the reading of a piece's document is; null where the grammar was written by hand."""
    sure = {reading.doc: reading.confidence for reading in readings}
    confidence = pl.col("doc").replace_strict(
        list(sure), list(sure.values()), default=None, return_dtype=pl.Float32
    )
    return pieces.with_columns(confidence=confidence if sure else pl.lit(None, pl.Float32))


def _label_kind(
    lines: pl.DataFrame, grammar: Grammar, first_row: int, marked: Marked | None = None
) -> Labelled:
    names = Names(grammar)
    lines = _cut_lines(lines, grammar.cuts) if grammar.cuts else lines
    lines = lines.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    marked = mark_lines(lines, grammar) if marked is None else marked
    parts = set_parts(lines, marked.mark, grammar, names)
    numbers = {"mark": marked.mark} | parts._asdict()
    pieces = lines.select("row", "doc", "line", "gap", "byte_start", "byte_end", "text").with_columns(
        pl.Series(name, values, dtype=pl.Int64) for name, values in numbers.items()
    )
    fields = _gather_fields(pieces, marked)
    pieces = (
        pieces.pipe(_cut_heads, fields, names)
        .pipe(_cut_tails, grammar, names)
        .pipe(set_recurring, grammar, names)
        .pipe(_name, names, first_row)
    )
    at = [
        pl.when(pl.col(c) > NONE).then(pl.col(c) + first_row).otherwise(NONE).alias(c)
        for c in ("record", "segment")
    ]
    return Labelled(pieces, fields.with_columns(at).drop("row", WORDS))


def _cut_lines(lines: pl.DataFrame, cuts: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Take what stands behind a cut within a line for a line of its own, without a blank line above."""
    parted = pl.col("text")
    for before, own in cuts:
        cut = rf"(?m)(?P<before>(?:{before})\s*)(?P<own>{own})"
        parted = parted.str.replace_all(cut, "${before}\n${own}")
    parted = parted.str.split("\n")
    parts = lines.with_columns(text=parted).with_row_index("whole").explode("text")
    size, text = pl.col("text").str.len_bytes().cast(pl.Int64), pl.col("text").str.strip_chars()
    parts = parts.with_columns(
        byte_start=pl.col("byte_start") + (size.cum_sum() - size).over("whole"), text=text
    ).filter(pl.col("text") != "")
    rank = pl.int_range(pl.len(), dtype=pl.Int32)
    return parts.with_columns(
        byte_end=pl.col("byte_start") + pl.col("text").str.len_bytes().cast(pl.Int64),
        gap=pl.when(pl.col("whole").is_first_distinct()).then("gap").otherwise(pl.lit(0, pl.Int32)),
        n=rank.over("doc"),
        n_left=(pl.len().cast(pl.Int32) - 1 - rank).over("doc"),
    ).drop("whole")


# Fields


def _gather_fields(pieces: pl.DataFrame, marked: Marked) -> pl.DataFrame:
    """Gather what the marks' named groups hold, null for nothing; `text` is what follows a label or a header.

    A speaker that is there and empty is the one above, who goes on.
    """
    there = set(marked.mark.tolist())
    found = [
        groups.filter(pl.Series(marked.mark[groups["row"].to_numpy()] == number)).drop("opening")
        for number, groups in marked.groups.items()
        if number in there
    ]
    empty = pl.DataFrame(schema={"row": pl.Int64} | dict.fromkeys((*FIELDS, WORDS), pl.String))
    table = pl.concat([empty, *found], how="diagonal").sort("row")
    at = pieces.select("doc", "record", "segment")[table["row"].to_numpy()]
    is_above = table["speaker"] == ""
    said = table.select("row", *(pl.when(pl.col(f) != "").then(f) for f in (*FIELDS, WORDS)))
    said = pl.concat([at, said], how="horizontal")
    if not is_above.any():
        return said
    who = pl.col("speaker").forward_fill().over("doc")
    return said.with_columns(speaker=pl.when(is_above).then(who).otherwise("speaker"))


# Pieces


def _cut_heads(pieces: pl.DataFrame, fields: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Add `words`, and cut a header line before its own words, which are what its mark says of the lines below."""
    part = pieces["part"].to_numpy()
    roles, is_label = names.of_parts("role")[part], names.of_parts("is_label")[part]
    found = fields.filter(pl.col(WORDS).is_not_null())
    place = np.full(pieces.height, NONE)
    place[found["row"].to_numpy()] = np.arange(found.height)
    after = found[WORDS].gather(pl.Series(place, dtype=pl.Int64).replace(NONE, None))
    pieces = pieces.with_columns(words=pl.when(pl.Series(is_label)).then(after).otherwise("text"))
    cut = np.flatnonzero((roles == "header") & (place > NONE))
    if not len(cut):
        return pieces
    both = pieces[cut].with_columns(words=after.gather(cut))
    size = pl.col("words").str.len_bytes()
    text = pl.col("text").str.strip_suffix(pl.col("words")).str.strip_chars_end()
    heads = both.with_columns(text=text, words=text, byte_end=pl.col("byte_start") + text.str.len_bytes())
    bodies = both.with_columns(
        text="words",
        part=pl.Series(names.below[both["mark"].to_numpy()]),
        byte_start=pl.col("byte_end") - size,
    )
    order = np.insert(np.arange(pieces.height), cut + 1, pieces.height + len(cut) + np.arange(len(cut)))
    order[cut + np.arange(len(cut))] = pieces.height + np.arange(len(cut))
    return pl.concat([pieces, heads, bodies], rechunk=True)[order]  # a gather over chunks is slow


def _cut_tails(pieces: pl.DataFrame, grammar: Grammar, names: Names) -> pl.DataFrame:
    """Cut the chrome off the ends of pieces; it stays within the bounds of their segment."""
    for tail in grammar.tails:
        part, rule = names.part_number(Part("chrome", tail.kind)), names.rule_number(tail.name)
        names.tail_rules += [rule] if tail.on == "body" else []
        is_on = pl.Series(names.of_parts("role")[pieces["part"].to_numpy()] == tail.on)
        hit = is_on & pieces["text"].str.contains(rf"(?:{tail.pattern})$")
        if hit.any():
            cut = _cut_tail(pieces.filter(hit), tail.pattern, part, rule)
            pieces = pl.concat([pieces.filter(~hit), cut]).sort("row", "byte_start")
    return pieces


def _cut_tail(glued: pl.DataFrame, pattern: str, part: int, rule: int) -> pl.DataFrame:
    """Part pieces into what is before the tail, unless that is nothing, and the tail."""
    tail = pl.col("text").str.extract(rf"((?:{pattern})$)")
    text, words = (pl.col(c).str.strip_suffix(tail).str.strip_chars_end() for c in ("text", "words"))
    kept = glued.with_columns(
        text=text,
        words=pl.when(words != "").then(words),
        byte_end=pl.col("byte_start") + text.str.len_bytes(),
    )
    end = tail.str.strip_chars_start()
    ends = glued.with_columns(
        text=end,
        words=pl.lit(None, pl.String),
        part=pl.lit(part, pl.Int64),
        rule=pl.lit(rule, pl.Int64),
        byte_start=pl.col("byte_end") - end.str.len_bytes(),
    )
    return pl.concat([kept.filter(pl.col("text") != ""), ends])


def _name(pieces: pl.DataFrame, names: Names, first_row: int) -> pl.DataFrame:
    """Turn numbers into names, and make row numbers hold over all kinds."""
    part, mark = pieces["part"].to_numpy(), pieces["mark"].to_numpy()
    is_said = (names.of_parts("role")[part] == "body") | np.isin(pieces["rule"].to_numpy(), names.tail_rules)
    record, segment = pieces["record"].to_numpy(), pieces["segment"].to_numpy()
    return pieces.with_columns(
        page_kind=pl.lit(names.kind),
        mark=pick([*names.marks, None], mark),
        opens=pick([*names.opens, None], mark),
        split=pick([*names.splits, None], pieces["split"].to_numpy()),
        rule=pick(names.rules, pieces["rule"].to_numpy()),
        role=pick([p.role for p in names.parts], part),
        kind=pick([p.kind for p in names.parts], part),
        is_flowing=names.of_parts("is_flowing")[part],
        record=np.where(record > NONE, record + first_row, NONE),
        segment=np.where(is_said & (record > NONE), segment + first_row, NONE),
    ).drop("part", "row")
