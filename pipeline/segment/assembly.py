"""Pieces → records, segments, spans."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from pipeline.grammar import RECORD_FIELDS, TITLE_REST, Grammar, seconds, seconds_of_day
from pipeline.grammar import grammars as all_grammars
from pipeline.segment.ids import record_ids, segment_ids
from pipeline.segment.pieces import Labelled
from pipeline.segment.rows import NONE, changes, rank_within

TITLED = ("chapter", "heading")  # segments whose words are their title
RECORDS = (
    *(
        "record_id",
        "document_id",
        "page_kind",
        "kind",
        "position",
        "title",
        "author",
        "handle",
        "published_raw",
    ),
    *(
        "text",
        "is_partial",
        "is_complete",
        "confidence",
        "n_promised",
        "n_segments",
        "byte_start",
        "byte_end",
        "body_spans",
    ),
    *("license", "license_evidence"),
)
SEGMENTS = (
    *("segment_id", "record_id", "document_id", "kind", "position", "speaker", "start_s", "title", "text"),
    *("text_spans", "byte_start", "byte_end", "record_start"),
)
TOLD = ("title", "author", "published_raw")  # what a file may say of its page beside the text
PARTINGS = ("", "\n", "\n\n")  # before the first line, lines of a block, blocks
SPANS = ("document_id", "byte_start", "byte_end", "role", "kind", "record_id", "segment_id", "rule")


class Pages(NamedTuple):
    """What the pages held."""

    records: pl.DataFrame
    segments: pl.DataFrame
    spans: pl.DataFrame


def assemble(labelled: Labelled, documents: pl.DataFrame, grammars: Sequence[Grammar] | None = None) -> Pages:
    """Lay labelled pieces together.

    Args:
        labelled: what `label` says.
        documents: in the order of `doc`; needs `document_id`, `text`, `license`, `license_evidence`.
        grammars: those the pieces were labelled by; every one there is by default.

    Returns:
        Records, segments and spans with the columns of the dataset that are known so far; records also with
        `is_partial`, what the mark that opens them says; segments also with `record_start`, which with
        `document_id` names their record before copies are dropped.
    """
    pieces, fields = labelled
    ids = documents.select("document_id", "license", "license_evidence").with_row_index("doc")
    records = _records(pieces, fields, all_grammars() if grammars is None else grammars)
    records = _joined(records, ids, "doc").pipe(_add_told, documents)
    records = records.with_columns(record_id=record_ids(records))
    of_record = records.select("record", "record_id", "document_id", record_start="byte_start")
    segments = _joined(_segments(pieces, fields), of_record, "record")
    segments = segments.with_columns(position=rank_within(segments["record"]))
    segments = segments.with_columns(segment_id=segment_ids(segments))
    spans = _spans(pieces, documents).pipe(_joined, ids.select("doc", "document_id"), "doc")
    spans = _joined(spans, records.select("record", "record_id"), "record")
    spans = _joined(spans, segments.select("segment", "segment_id"), "segment")
    return Pages(records.select(RECORDS), segments.select(SEGMENTS), spans.select(SPANS))


def _joined(rows: pl.DataFrame, more: pl.DataFrame, key: str) -> pl.DataFrame:
    """Add what is known by a number, at most once each: looked up, not hashed; null where nothing is."""
    numbers, asked = more[key].to_numpy(), rows[key].to_numpy()
    place = np.full(2 + max(numbers.max(initial=0), asked.max(initial=0)), NONE)  # at -1 stands none
    place[numbers] = np.arange(len(numbers))
    known = (
        pl.select(row=pl.Series(place[asked])).select(pl.when(pl.col("row") > NONE).then("row")).to_series()
    )
    return pl.concat([rows, more.drop(key).select(pl.all().gather(known))], how="horizontal")


# Records


def _records(pieces: pl.DataFrame, fields: pl.DataFrame, grammars: Sequence[Grammar]) -> pl.DataFrame:
    inside = pieces.select(
        "record",
        "doc",
        "page_kind",
        "mark",
        "opens",
        "byte_start",
        "byte_end",
        "segment",
        "role",
        "text",
        "gap",
        "confidence",
    ).filter(pl.col("record") > NONE)
    starts = changes(inside["record"].to_numpy())
    first = np.flatnonzero(starts)
    partial = [f"{g.kind}.{mark.name}" for g in grammars for mark in g.marks if mark.partial]
    is_partial = pl.format("{}.{}", "page_kind", "mark").is_in(partial).fill_null(value=False)
    heads = inside.select("record", "doc", "page_kind", "byte_start", "mark", "confidence", kind="opens")[
        first
    ]
    bounds = (
        heads.with_columns(is_partial=is_partial)
        .drop("mark")
        .with_columns(byte_end=inside["byte_end"].gather(_lasts(first, inside.height)))
    )
    body = inside.filter(pl.col("role") == "body")
    records = _joined(bounds, _texts(body, "record", "text"), "record")
    records = _joined(records, _segment_counts(body), "record")
    records = _joined(records, _body_spans(pieces), "record").pipe(_add_fields, fields, grammars)
    promised = pl.col("n_promised").str.replace_all(r"\D", "").cast(pl.Int32, strict=False)
    return records.with_columns(
        position=rank_within(records["doc"]),
        n_promised=promised,
        n_segments=pl.col("n_segments").fill_null(0),
        body_spans=pl.col("body_spans").fill_null([]),
    ).with_columns(
        is_complete=~pl.col("is_partial")
        & (pl.col("n_segments") >= pl.col("n_promised")).fill_null(value=True)
    )


def _segment_counts(body: pl.DataFrame) -> pl.DataFrame:
    segments = body.select("record", "segment").unique("segment")
    return segments.group_by("record").agg(n_segments=pl.len().cast(pl.Int32))


def _body_spans(pieces: pl.DataFrame) -> pl.DataFrame:
    record = np.where((pieces["role"] == "body").to_numpy(), pieces["record"].to_numpy(), NONE)
    runs = pieces.select("byte_start", "byte_end").with_columns(record=record)
    return _gather_spans(_runs(runs, changes(record)).filter(pl.col("record") > NONE), "record", "body_spans")


def _add_fields(records: pl.DataFrame, fields: pl.DataFrame, grammars: Sequence[Grammar]) -> pl.DataFrame:
    """Add what was found in a record, else what its page says for all; a handle without its at sign."""
    handle = pl.col("handle").str.strip_chars_start("@")
    fields = fields.with_columns(handle=pl.when(handle != "").then(handle))
    several = {f: [g.kind for g in grammars if f in g.joined] for f in RECORD_FIELDS}
    of_page = {f: [g.kind for g in grammars if f in g.page_fields] for f in RECORD_FIELDS}
    found = fields.filter(pl.col("record") > NONE).join(records.select("record", "page_kind"), on="record")
    own = found.group_by("record").agg(
        *(_value(field, several[field]) for field in RECORD_FIELDS),
        pl.col(TITLE_REST).drop_nulls().str.join(" "),
    )
    rest = pl.when(pl.col(TITLE_REST) != "").then(TITLE_REST)
    title = pl.when(pl.col("title").is_not_null()).then(
        pl.concat_str("title", rest, separator=" ", ignore_nulls=True)
    )
    own = own.with_columns(title=title).drop(TITLE_REST)
    page = fields.group_by("doc").agg(pl.col(*RECORD_FIELDS).drop_nulls().first().name.suffix("_page"))
    both = _joined(_joined(records, own, "record"), page, "doc")
    return both.with_columns(
        pl.coalesce(f, pl.when(pl.col("page_kind").is_in(of_page[f])).then(f"{f}_page")).alias(f)
        for f in RECORD_FIELDS
    )


def _add_told(records: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add what the file says of its page beside the text, where its one record, or one article, does not say it."""
    if "preface_bytes" not in documents.columns:
        return records
    told = documents.with_row_index("doc").select("doc", pl.col(TOLD).name.suffix("_told"))
    is_article = pl.col("kind") == "article"
    is_sole = (pl.len().over("doc") == 1) | (is_article & (is_article.sum().over("doc") == 1))
    return (
        _joined(records, told, "doc")
        .with_columns(pl.coalesce(f, pl.when(is_sole).then(f"{f}_told")).alias(f) for f in TOLD)
        .drop([f"{f}_told" for f in TOLD])
    )


def _value(field: str, several: Sequence[str]) -> pl.Expr:
    """Take a record's first value of a field, or join its values on pages of the kinds that do."""
    values = pl.col(field).drop_nulls()
    if not several:
        return values.first()
    joined = values.unique(maintain_order=True).str.join(" and ").replace("", None)
    return (
        pl.when(pl.col("page_kind").first().is_in(several))
        .then(joined)
        .otherwise(values.first())
        .alias(field)
    )


# Segments


def _segments(pieces: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    said = pieces.select(
        "segment", "doc", "record", "kind", "role", "gap", "words", "byte_start", "byte_end"
    ).filter(pl.col("segment") > NONE)
    body = said.filter(pl.col("role") == "body")
    ordered = _in_order(body.select("segment", "doc", "record", "kind", "byte_start", "byte_end"), "segment")
    first = np.flatnonzero(changes(ordered["segment"].to_numpy()))
    bounds = ordered[first].with_columns(byte_end=ordered["byte_end"].gather(_lasts(first, ordered.height)))
    tails = said.filter(pl.col("role") != "body").group_by("segment").agg(end=pl.col("byte_end").last())
    found = fields.select("segment", "speaker", "start", "clock").filter(
        pl.any_horizontal(pl.exclude("segment").is_not_null())
    )
    found = found.with_columns(start_s=pl.coalesce(seconds(pl.col("start")), seconds_of_day(pl.col("clock"))))
    if found["segment"].n_unique() < found.height:  # told on several lines
        found = found.group_by("segment", maintain_order=True).agg(pl.all().drop_nulls().first())
    segments = _joined(_joined(bounds, tails, "segment"), found, "segment")
    segments = _joined(
        segments, _texts(body.filter(pl.col("words").is_not_null()), "segment", "words"), "segment"
    )
    return _joined(segments, _text_spans(pieces), "segment").with_columns(
        byte_end=pl.max_horizontal("byte_end", "end"),
        # Copied: seen in `text`, whatever a title is written with would be written with all of it.
        title=pl.when(pl.col("kind").is_in(TITLED)).then(pl.concat_str(pl.lit(""), "text")),
        text_spans=pl.col("text_spans").fill_null([]),
    )


def _text_spans(pieces: pl.DataFrame) -> pl.DataFrame:
    """List where the words of each segment stand, its label left out."""
    size = pieces["words"].str.len_bytes()
    segment = np.where(size.is_not_null().to_numpy(), pieces["segment"].to_numpy(), NONE)
    runs = pieces.select("byte_end", byte_start=pl.col("byte_end") - size).with_columns(segment=segment)
    return _gather_spans(
        _runs(runs, changes(segment)).filter(pl.col("segment") > NONE), "segment", "text_spans"
    )


# Spans


def _spans(pieces: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Lay out the ledger: runs of pieces with one role, kind, record, segment and rule; and byte order marks."""
    keys = ("doc", "role", "kind", "record", "segment", "rule")
    codes = [pieces[key].rle_id().to_numpy() for key in keys]
    runs = _runs(pieces.select(*keys, "byte_start", "byte_end"), changes(*codes))
    runs = runs.with_columns(kind=pl.when(pl.col("role") == "chrome").then("kind"))
    marked = documents.with_row_index("doc").filter(pl.col("text").str.starts_with("\ufeff"))
    of_marks = {"role": "chrome", "kind": "encoding_mark", "rule": "ingest.byte_order_mark"}
    places = {"record": NONE, "segment": NONE, "byte_start": 0, "byte_end": len("\ufeff".encode())}
    marks = marked.select(
        "doc",
        *(pl.lit(said).alias(column) for column, said in of_marks.items()),
        *(pl.lit(place, pl.Int64).alias(column) for column, place in places.items()),
    )
    told = [marks.select(runs.columns), _prefaces(documents, runs.columns)]
    return pl.concat([*told, runs]).sort("doc", maintain_order=True)


def _prefaces(documents: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Lay out the front matter of documents that have some, behind their byte order mark."""
    n_bytes = pl.col("preface_bytes") if "preface_bytes" in documents.columns else pl.lit(0, pl.Int64)
    mark = pl.when(pl.col("text").str.starts_with("\ufeff")).then(len("\ufeff".encode())).otherwise(0)
    said = {"role": "chrome", "kind": "front_matter", "rule": "ingest.front_matter"}
    return (
        documents.with_row_index("doc")
        .with_columns(byte_end=n_bytes, byte_start=mark.cast(pl.Int64))
        .filter(pl.col("byte_end") > 0)
        .with_columns(*(pl.lit(word).alias(name) for name, word in said.items()))
        .with_columns(pl.lit(NONE, pl.Int64).alias(name) for name in ("record", "segment"))
        .select(columns)
    )


# What they share


def _lasts(first: np.ndarray, height: int) -> np.ndarray:
    """Number the last row of each run, from the first rows of all."""
    return np.append(first, height)[1:] - 1


def _runs(pieces: pl.DataFrame, starts: np.ndarray) -> pl.DataFrame:
    """Join runs of pieces: the first row of each, with the last one's `byte_end`."""
    first = np.flatnonzero(starts)
    return pieces[first].with_columns(byte_end=pieces["byte_end"].gather(_lasts(first, pieces.height)))


def _texts(body: pl.DataFrame, key: str, column: str) -> pl.DataFrame:
    """Join the pieces of each record or segment: lines of a block by a line break, blocks by a blank line.

    Texts and what parts them are laid end to end once, and cut anew where the next record or segment begins.
    """
    body = _in_order(body.select(*dict.fromkeys(("gap", "segment", key, column))), key)
    starts = changes(body[key].to_numpy())
    is_same_block = (body["gap"].to_numpy() == 0) & ~changes(body["segment"].to_numpy())
    parts = pl.concat([pl.Series(column, PARTINGS), body[column]], rechunk=True)
    order = np.empty((len(starts), 2), dtype=np.uint32)
    order[:, 0] = np.where(starts, 0, np.where(is_same_block, 1, 2))
    order[:, 1] = np.arange(len(PARTINGS), len(parts))
    laid = parts.gather(pl.Series(order.ravel())).to_arrow()
    first = np.flatnonzero(starts)
    ends = np.frombuffer(laid.buffers()[1], dtype=np.int64)[laid.offset :][2 * np.append(first, len(starts))]
    texts = pa.LargeStringArray.from_buffers(len(first), pa.py_buffer(ends), laid.buffers()[2])
    return pl.DataFrame({key: body[key].gather(first), "text": pl.Series(texts, dtype=pl.String)})


def _gather_spans(runs: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """List the runs of each record or segment."""
    runs = _in_order(runs.select(key, "byte_start", "byte_end"), key)
    first = np.flatnonzero(changes(runs[key].to_numpy()))
    spans = runs.select(pl.struct(start="byte_start", end="byte_end")).to_series().to_arrow()
    ends = pl.Series(np.append(first, runs.height)).to_arrow()  # of numpy's, Arrow would load Pandas
    lists = pa.LargeListArray.from_arrays(ends, spans)
    return pl.DataFrame({key: runs[key].gather(first), name: pl.Series(lists)})


def _in_order(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Bring the rows of each record or segment together; they lie apart where a caption interrupts a turn."""
    return rows if rows[key].is_sorted() else rows.sort(key, maintain_order=True)
