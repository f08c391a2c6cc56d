"""Count the passages that stand word for word in several records: in one pass over them, in bounded memory.

A passage is a line of a record's text that is long enough to be no coincidence. Only its hash is kept, with the place
where it stands first; what does not fit in memory waits on disk in parts, each of which is counted alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

# Shorter lines recur by chance: greetings, headings, names.
LEAST_CHARS = 40
# Passages held in memory (40 bytes each), and parts on disk: together they count 2 thousand million passages.
_MOST_HELD, _PARTS = 8 << 20, 256
_LINES = 1 << 24  # more than a record has
_HELD = {
    "document": pl.UInt64,
    "hash": pl.UInt64,
    "other_hash": pl.UInt64,
    "n_chars": pl.UInt32,
    "place": pl.Int64,
}
_KEY = ["hash", "other_hash"]  # 128 bits: 64 are too few for some thousand million passages


def recurring(
    batches: Iterable[pl.DataFrame], least: int = 2, least_chars: int = LEAST_CHARS
) -> pl.DataFrame:
    """Count in how many records and documents each passage stands.

    Args:
        batches: records, with `document_id` and `text` (null has no passages).
        least: how many records a passage has to stand in to be told.
        least_chars: how many characters it must have; white space around it does not count.

    Returns:
        A row a passage, the most frequent first: `n_records`, `n_documents`, `n_chars`, and where it stands first:
        `row` (from 0, over all batches) and `line` (from 0, in the record's text). A record counts once.
    """
    with tempfile.TemporaryDirectory() as folder:
        held: list[pl.DataFrame] = []
        n_spilled = 0
        for found in _passages(batches, least_chars):
            held.append(found)
            if sum(map(len, held)) > _MOST_HELD:
                _spill(_joined(held), Path(folder), n_spilled)
                held, n_spilled = [], n_spilled + 1
        if n_spilled:
            _spill(_joined(held), Path(folder), n_spilled)
        counted = [_count(part, least) for part in _parts(held, Path(folder))]
    order = [-pl.col("n_records").cast(pl.Int64), -pl.col("n_documents").cast(pl.Int64), "row", "line"]
    return pl.concat(counted).sort(order)


def texts(batches: Iterable[pl.DataFrame], passages: pl.DataFrame) -> pl.DataFrame:
    """Add `record_id` and `text`, the words, to passages that were found in batches of records like these."""
    wanted = passages["row"].unique()
    first = 0
    found = []
    for batch in batches:
        placed = batch.select("record_id", "text", row=_rows(first))
        found.append(placed.filter(pl.col("row").is_in(wanted.implode())))
        first += len(batch)
    named = passages.join(pl.concat(found), on="row", how="left", maintain_order="left")
    line = pl.col("text").str.split("\n").list.get(pl.col("line"))
    return named.with_columns(text=line.str.strip_chars())


def _rows(first: int) -> pl.Expr:
    return pl.int_range(pl.len(), dtype=pl.Int64) + first


def _passages(batches: Iterable[pl.DataFrame], least_chars: int) -> Iterator[pl.DataFrame]:
    """Cut each batch into passages, each once a record: its hashes, its document's, its place and its length."""
    first = 0
    lines = pl.col("text").str.split("\n")
    for batch in batches:
        yield (
            batch.select(document=pl.col("document_id").hash(), row=_rows(first), text=lines)
            .with_columns(line=pl.int_ranges(pl.col("text").list.len(), dtype=pl.Int64))
            .explode("text", "line")
            .with_columns(text=pl.col("text").str.strip_chars())
            .with_columns(n_chars=pl.col("text").str.len_chars())
            .filter(pl.col("n_chars") >= least_chars)
            .with_columns(hash=pl.col("text").hash(0), other_hash=pl.col("text").hash(1))
            .unique([*_KEY, "row"], keep="first", maintain_order=True)
            .select("document", *_KEY, "n_chars", place=pl.col("row") * _LINES + pl.col("line"))
        )
        first += len(batch)


def _joined(held: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=_HELD), *held])


def _spill(found: pl.DataFrame, folder: Path, number: int) -> None:
    """Put passages into files by their hash, so that equal ones are in the same part."""
    parted = found.with_columns(part=pl.col("hash") % _PARTS).partition_by(
        "part", as_dict=True, include_key=False
    )
    for (part,), rows in parted.items():
        (folder / str(part)).mkdir(exist_ok=True)
        rows.write_ipc(folder / str(part) / f"{number}.arrow")


def _parts(held: list[pl.DataFrame], folder: Path) -> Iterator[pl.DataFrame]:
    """Give passages in parts that have none in common: one, where nothing was put on disk."""
    spilled = sorted(folder.iterdir())
    if not spilled:
        yield _joined(held)
    for part in spilled:
        yield pl.concat([pl.read_ipc(path) for path in sorted(part.iterdir())])


def _count(passages: pl.DataFrame, least: int) -> pl.DataFrame:
    """Count records and documents of the passages that stand in enough records."""
    often = passages.filter(pl.len().over(_KEY) >= least)
    counted = often.group_by(_KEY).agg(
        n_records=pl.len(),
        n_documents=pl.col("document").n_unique(),
        n_chars=pl.col("n_chars").first(),
        place=pl.col("place").min(),
    )
    place = pl.col("place")
    return counted.select("n_records", "n_documents", "n_chars", row=place // _LINES, line=place % _LINES)
