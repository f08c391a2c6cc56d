"""Pages, labels and what was found, on one scale of bytes.

Offsets of gold are code points of the stored text, ours are bytes of its UTF-8: the documents are laid end
to end, so that one array turns the one into the other and every measure is a join or a sum over all
documents at once. A byte-order mark belongs to nobody: it is not counted, and a span that starts at it starts
after it.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.evaluate.labels import GoldError
from schemas import Tables

Ints = NDArray[np.integer]
Flags = NDArray[np.bool_]


class Ground(NamedTuple):
    """The labelled documents laid end to end; every offset below is into the bytes of that one long text.

    pages: document_id, path, stem, char_base, base (first code point and first byte), end (byte).
    offsets: byte offset of each code point, and of the end.
    solid: bytes that are neither white space nor a byte-order mark.
    marks, newlines: offsets of byte-order marks, of line feeds.
    """

    pages: pl.DataFrame
    text: bytes
    offsets: Ints
    solid: Flags
    marks: Ints
    newlines: Ints


class Placed(NamedTuple):
    """Records, segments, stretches of body and of chrome, with `path` and the offsets of `Ground`."""

    records: pl.DataFrame
    segments: pl.DataFrame
    body: pl.DataFrame
    chrome: pl.DataFrame


def lay_out(documents: pl.DataFrame, gold: pl.DataFrame) -> Ground:
    """Lay the labelled documents end to end.

    Raises GoldError for labels without a document, or with two of the same stem.
    """
    stems = documents.select("document_id", "path", "text").with_columns(
        stem=pl.col("path").map_elements(lambda path: Path(path).stem, return_dtype=pl.String)
    )
    pages = stems.join(gold.select("stem").unique(), on="stem", how="semi").sort("path")
    _refuse_strays(pages, stems, gold)
    texts = pages["text"].to_list()
    chars = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    widths = 1 + (chars >= 0x80).astype(np.int64) + (chars >= 0x800) + (chars >= 0x10000)
    offsets = np.concatenate([[0], np.cumsum(widths)])
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    char_ends = np.cumsum(lengths)
    char_bases = char_ends - lengths
    solid = ~_white_space()[chars]
    firsts = char_bases[lengths > 0]
    marked = firsts[chars[firsts] == 0xFEFF]
    solid[marked] = False
    return Ground(
        pages=pages.drop("text").with_columns(
            char_base=char_bases, base=offsets[char_bases], end=offsets[char_ends], n_chars=lengths
        ),
        text="".join(texts).encode(),
        offsets=offsets,
        solid=np.repeat(solid, widths),
        marks=offsets[marked],
        newlines=offsets[:-1][chars == 0x0A],
    )


def _refuse_strays(pages: pl.DataFrame, stems: pl.DataFrame, gold: pl.DataFrame) -> None:
    lost = gold.join(stems, on="stem", how="anti")["stem"].unique().sort().to_list()
    if lost:
        raise GoldError(
            f"{lost[0]}.jsonl: labels without a document\n"
            f"  rule  a gold file is named as the document it labels\n"
            f"  seen  {len(lost)} such: {', '.join(lost[:5])}\n"
            f"  do    add the document to the seeds, or take the labels out of the gold folder"
        )
    twice = pages.filter(pl.col("stem").is_duplicated())["path"].to_list()
    if twice:
        raise GoldError(
            f"{twice[0]}: labels that fit two documents\n"
            f"  rule  the stem of a labelled document's path is its own\n"
            f"  seen  {', '.join(twice[:5])}\n"
            f"  do    rename one of them"
        )


def _white_space() -> Flags:
    """Look up table over all code points: what Python holds to be white space."""
    table = np.zeros(0x110000, dtype=bool)
    table[[point for point in range(0x3001) if chr(point).isspace()]] = True
    return table


def place_gold(gold: pl.DataFrame, ground: Ground) -> Placed:
    """Give labels the offsets of `ground`. Raises GoldError for a label beyond the end of its text."""
    labels = gold.join(ground.pages.drop("end"), on="stem", maintain_order="left")
    beyond = labels.filter(pl.col("end") > pl.col("n_chars"))
    if beyond.height:
        row = beyond.row(0, named=True)
        raise GoldError(
            f"{row['stem']}.jsonl: label {row['id']} ends beyond the text\n"
            f"  rule  offsets are code points of the document as stored\n"
            f"  seen  end {row['end']} in a document of {row['n_chars']} code points\n"
            f"  do    label this version of {row['path']} again"
        )
    body = (
        labels.filter(pl.col("level") == "item")
        .select("path", "char_base", stretch="body")
        .explode("stretch")
        .drop_nulls("stretch")
        .with_columns(start=pl.col("stretch").list.get(0), end=pl.col("stretch").list.get(1))
    )
    placed = _to_bytes(labels, ground)
    return Placed(
        records=placed.filter(pl.col("level") == "item"),
        segments=_part_tweets(placed.filter(pl.col("level") == "segment"), placed),
        body=_to_bytes(body, ground),
        chrome=placed.filter(pl.col("level") == "chrome"),
    )


def place_found(tables: Tables, ground: Ground, gold: Placed) -> Placed:
    """Give what was found the names and offsets that the labels have."""
    bases = ground.pages.select("document_id", "path", "base")

    def place(frame: pl.DataFrame, start: str = "byte_start", end: str = "byte_end") -> pl.DataFrame:
        own = [name for name in ("path", "base", "start", "end") if name in frame.columns]
        placed = frame.drop(own).join(bases, on="document_id", maintain_order="left")
        shifted = placed.with_columns(start=pl.col("base") + pl.col(start), end=pl.col("base") + pl.col(end))
        return shifted.with_columns(start=_past_marks(shifted["start"], ground))

    body = (
        tables.records.select("document_id", span="body_spans")
        .explode("span")
        .drop_nulls("span")
        .with_columns(
            byte_start=pl.col("span").struct.field("start"),
            byte_end=pl.col("span").struct.field("end"),
        )
    )
    segments = place(tables.segments).with_columns(t=pl.col("start_s").floor().cast(pl.Int64))
    return Placed(
        records=place(tables.records),
        segments=_part_tweets(segments, gold.records),
        body=place(body.drop("span")),
        chrome=place(tables.spans.filter(pl.col("role") == "chrome")),
    )


def _to_bytes(labels: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    base = labels["char_base"]
    placed = labels.with_columns(
        start=ground.offsets[(base + labels["start"]).to_numpy()],
        end=ground.offsets[(base + labels["end"]).to_numpy()],
    )
    return placed.with_columns(start=_past_marks(placed["start"], ground))


def _past_marks(starts: pl.Series, ground: Ground) -> pl.Series:
    return starts + 3 * starts.is_in(ground.marks.tolist()).cast(pl.Int64)


def _part_tweets(segments: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Say which tweets are the page's own thread, the first one labelled; others are of previews."""
    first = items.filter((pl.col("level") == "item") & (pl.col("kind") == "thread")).sort("start")
    ends = first.group_by("path", maintain_order=True).agg(thread_end=pl.col("end").first())
    return segments.join(ends, on="path", how="left", maintain_order="left").with_columns(
        part=pl.when(pl.col("start") < pl.col("thread_end")).then(pl.lit("main")).otherwise(pl.lit("preview"))
    )
