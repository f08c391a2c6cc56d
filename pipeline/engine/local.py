"""One machine: the hops from seeds to tables, in batches of whole documents.

Each function is one hop; Dagster's assets and the command line call the same ones, in the same order.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import polars as pl

from pipeline import (
    GOLD,
    HOME,
    dates,
    dedupe,
    describe,
    evaluate,
    gates,
    ingest,
    language,
    ledger,
    segment,
    validate,
)
from pipeline.ingest import Seeds, Where
from pipeline.release import Published, PublishError, publish
from pipeline.segment import Pages
from schemas import Tables, polars_schema


def build(where: Where, say: Callable[[str], object] = lambda _: None) -> Tables:
    """Take seeds all the way to tables; `say` is told of each hop as it begins.

    Raises:
        IngestError: nothing is there to read.
    """
    say("read the seeds")
    seeds = read(where)
    say(f"cut {seeds.documents.height} documents into records")
    documents, pages = cut(seeds.documents)
    say(f"date {pages.records.height} records")
    records = dates.resolve(pages.records, documents)
    say("drop copies")
    records, dropped = drop(records, documents)
    say(f"name the languages of {records.height} records")
    records, segments = tag(records, pages.segments)
    say("measure and validate")
    faults = ingest.removed_rows(seeds.faults)
    return finish(documents, records, segments, pages.spans, [faults, dropped])


def read(where: Where) -> Seeds:
    """Read the seeds; what cannot be read is a fault, and the rest goes on."""
    return ingest.read_seeds(where)


def cut(documents: pl.DataFrame) -> tuple[pl.DataFrame, Pages]:
    """Cut documents into records, segments and spans; the documents come back with their `page_kind`."""
    parts = [_cut_batch(batch) for batch in ingest.batches(documents)] or [_cut_batch(documents)]
    kinds = pl.concat(kinds for kinds, _ in parts)
    known = documents.join(kinds, on="document_id", how="left", maintain_order="left")
    return known, Pages(*(pl.concat(frames) for frames in zip(*(pages for _, pages in parts), strict=True)))


def _cut_batch(batch: pl.DataFrame) -> tuple[pl.DataFrame, Pages]:
    labelled = segment.label(ingest.read_lines(batch))
    kinds = labelled.pieces.select("doc", "page_kind").unique("doc")
    ids = batch.select("document_id").with_row_index("doc")
    return ids.join(kinds, on="doc").drop("doc"), segment.assemble(labelled, batch)


def drop(records: pl.DataFrame, documents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Drop the records that break their schema, then the copies of those that hold; the rest, and what went.

    In this order, since a copy must not go for the sake of a record that is itself rejected.
    """
    sound, bad = validate.reject_records(records, documents)
    originals, copies = dedupe.drop_copies(sound, documents)
    return originals, pl.concat([bad, copies], how="diagonal_relaxed")


def tag(records: pl.DataFrame, segments: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Name the language of the records that stay, and of their segments; the others' segments go."""
    kept = records.select("document_id", record_start="byte_start")
    segments = segments.join(kept, on=["document_id", "record_start"], how="semi", maintain_order="left")
    records = language.tag(records)
    return records, language.defer(language.tag(segments), records)


def finish(
    documents: pl.DataFrame,
    records: pl.DataFrame,
    segments: pl.DataFrame,
    spans: pl.DataFrame,
    out: Iterable[pl.DataFrame],
) -> Tables:
    """Lay the frames out as tables, and put every row through its model.

    `out` is what the hops took out. Documents keep their `text`, so that the ledger can be checked against it.
    """
    spans = validate.without_lost_segments(spans, segments)
    documents = ledger.sum_up(documents, records, segments, spans).pipe(_add_language, records)
    records = describe.measure(records, spans, segments, documents)
    removed = pl.concat(out, how="diagonal_relaxed")
    tables = Tables(records=records, segments=segments, documents=documents, spans=spans, removed=removed)
    return validate.reject(Tables(**{name: _lay(name, frame) for name, frame in tables._asdict().items()}))


def _add_language(documents: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Add the language that most of a document's words are in, null where it has no records."""
    size = pl.col("text").str.len_chars().sum()
    most = (
        records.group_by("document_id", "language")
        .agg(size=size)
        .sort("size", "language", descending=[True, False])
        .unique("document_id", keep="first", maintain_order=True)
    )
    return documents.join(most.drop("size"), on="document_id", how="left", maintain_order="left")


def _lay(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a frame the columns and types of its table, keeping the `text` of documents."""
    schema = dict(polars_schema(name))
    absent = [
        pl.lit(None, kind).alias(column) for column, kind in schema.items() if column not in frame.columns
    ]
    further = ["text"] if name == "documents" else []
    return frame.with_columns(absent).select(*(pl.col(c).cast(k) for c, k in schema.items()), *further)


def release(
    tables: Tables, where: Where, out: Path, name: str | None = None, gold: Path | None = None
) -> Published:
    """Publish the tables made from these seeds, with their scores.

    Args:
        tables: as `build` gives them.
        where: the seeds they were made from.
        out: the folder of all datasets.
        name: of the dataset; that of seeds.toml by default.
        gold: labels to score against; the project's by default, if all their pages are among the documents.

    Raises:
        PublishError: a gate that must hold does not, or the release could not be written.
    """
    scores = score(tables, gold)
    hold_to_gates(tables)
    return publish(tables, out, ingest.read_dataset(where, name), inputs=inputs(where), scores=scores)


def hold_to_gates(tables: Tables) -> None:
    """Refuse tables for which a gate that must hold does not.

    Raises:
        PublishError: which gate, and what it saw.
    """
    ground = gates.Ground(tables)
    for gate in gates.GATES:
        if gate.must and not (verdict := gate.check(ground)).holds:
            raise PublishError(
                f"{gate.table}: {gate.name.replace('_', ' ')} does not hold: {verdict.seen}; nothing was published"
            )


def score(tables: Tables, gold: Path | None = None) -> pl.DataFrame | None:
    """Score against the gold asked for, or against the project's if every page of it is there."""
    folder = gold or GOLD
    if not folder.is_dir():
        return None
    labels = evaluate.read_gold(folder)
    stems = {Path(path).stem for path in tables.documents["path"]}
    return evaluate.score(tables, labels) if gold or stems >= set(labels["stem"]) else None


def inputs(where: Where) -> dict[str, str]:
    """Digest what besides the seeds decides the rows: the lock file, and what is said of the seeds."""
    files = [HOME / "uv.lock", *(folder / ingest.SEEDS_TOML for folder in ingest.folders(where))]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}
