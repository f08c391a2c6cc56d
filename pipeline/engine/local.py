"""One machine: the hops from seeds to tables, in batches of whole documents.

Each function is one hop; Dagster's assets and the command line call the same ones, in the same order.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline import (
    GOLD,
    HOME,
    batches,
    dates,
    dedupe,
    describe,
    elsewhere,
    evaluate,
    gates,
    ingest,
    language,
    ledger,
    policy,
    redaction,
    removals,
    validate,
)
from pipeline.elsewhere import Standing
from pipeline.engine import processes
from pipeline.engine.store import Cut, Store, join, spilled
from pipeline.ingest import Seeds, Where
from pipeline.language import Detector, careful
from pipeline.release import Published, PublishError, parquet, provenance, publish, root
from pipeline.removals import Removals
from pipeline.segment import Pages
from pipeline.spill import give_back, lay, to_disk
from schemas import Tables, polars_schema


class Engine(NamedTuple):
    """What may be done elsewhere: cutting batches of documents, and finding near copies among all records.

    Attributes:
        cut: documents, and a detector of languages or null → batches with what was made of each.
        near: finds near copies (see `dedupe.find_near`).
    """

    cut: Callable[[pl.DataFrame, Detector | None], Iterable[tuple[pl.DataFrame, Cut]]]
    near: dedupe.NearFinder


def build(  # noqa: PLR0913 - what the command may be told
    where: Where,
    say: Callable[[str], object] = lambda _: None,
    store: Store | None = None,
    detect: Detector = careful,
    asked_out: Removals | None = None,
    *,
    engine: Engine | None = None,
    against: Sequence[Standing] = (),
) -> Tables:
    """Take seeds all the way to tables.

    Args:
        where: the seeds.
        say: is told of each hop as it begins.
        store: knows what was cut before, and how languages were named then.
        detect: names languages where there is no store.
        asked_out: what was asked out, and may not come back; by default as the project's own datasets list it.
        engine: where the work is done; this machine by default.
        against: versions of other datasets, of whose records no copies are to be published.

    Raises:
        IngestError: nothing is there to read.
        RemovalsError: a list of what was asked out is damaged.
    """
    asked_out = removals.standing() if asked_out is None else asked_out
    say("read the seeds")
    seeds = read(where, asked_out)
    say(f"cut {seeds.documents.height} documents into records")
    documents, pages = cut(seeds.documents, store, engine)
    say(f"date {pages.records.height} records")
    records = dates.resolve(pages.records, documents)
    say("drop copies")
    records, dropped = drop(records, documents, pages.segments, asked_out, engine, against=against)
    say(f"name the languages of {records.height} records")
    records, segments = tag(records, pages.segments, detect)
    say("measure and validate")
    faults = ingest.removed_rows(seeds.faults)
    return finish(documents, records, segments, pages.spans, [faults, dropped])


def read(where: Where, asked_out: Removals | None = None) -> Seeds:
    """Read the seeds; what cannot be read is a fault, and the rest goes on. `is_out` marks those asked out."""
    seeds = ingest.read_seeds(where)
    faults = ingest.removed_rows(seeds.faults)
    return seeds._replace(documents=removals.mark(seeds.documents, faults, asked_out or {}))


def cut(
    documents: pl.DataFrame, store: Store | None = None, engine: Engine | None = None
) -> tuple[pl.DataFrame, Pages]:
    """Cut documents into records, segments and spans; the documents come back with their `page_kind`.

    What the store knows is not cut again. The rows come in the order of the documents.
    """
    known, missing = store.find(documents) if store else ([], documents)
    made = []
    for batch, outcome in (engine or ENGINE).cut(missing, store.detect if store else None):
        made.append(store.keep(batch, outcome) if store else spilled(outcome))
        del batch, outcome  # before the next is cut
        give_back()
    kinds, pages = join([*known, *made] or [processes.cut_batch(documents)])
    found = documents.join(kinds, on="document_id", how="left", maintain_order="left")
    return found, _in_order(pages, documents)


ENGINE = Engine(processes.cut, dedupe.find_near)
"""This machine."""


def _in_order(pages: Pages, documents: pl.DataFrame) -> Pages:
    """Lay rows in the order of their documents; what was cut in one go is in order, and stays where it lies."""
    if all(batches.is_in_order(batches.places_of(frame, documents)) for frame in pages):
        return pages
    return Pages(*lay(batches.of_documents(documents, pages)))


def drop(  # noqa: PLR0913 - what decides which stay
    records: pl.DataFrame,
    documents: pl.DataFrame,
    segments: pl.DataFrame,
    asked_out: Removals,
    engine: Engine | None = None,
    *,
    against: Sequence[Standing] = (),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Drop records that break their schema, then copies, then what was asked out; the rest, and what went.

    In this order, since a copy must not go for the sake of a record that is itself rejected, nor stay where the one
    it is a copy of was asked out. What stands elsewhere (`against`) is not asked again whether it is sound.
    """
    sound, bad = validate.reject_records(records, documents)
    there = elsewhere.near(against, sound, dedupe.THRESHOLD) if against else None
    originals, copies = dedupe.drop_copies(sound, documents, near=(engine or ENGINE).near, elsewhere=there)
    dropped = pl.concat([bad, copies], how="diagonal_relaxed")
    if not asked_out:
        return originals, dropped
    found = removals.find(records, segments, documents.filter("is_out")["document_id"], asked_out)
    return removals.take_out(originals, dropped, found)


def tag(
    records: pl.DataFrame, segments: pl.DataFrame, detect: Detector = careful
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Name the language of the records that stay, and of their segments; the others' segments go."""
    if "language" not in records.columns:
        records = language.tag(records, detect)
    of_records = (_tagged(some, records, detect) for some in batches.of_rows(segments))
    return records, lay((some,) for some in of_records)[0]


def _tagged(segments: pl.DataFrame, records: pl.DataFrame, detect: Detector) -> pl.DataFrame:
    kept = records.select("document_id", record_start="byte_start")
    segments = segments.join(kept, on=["document_id", "record_start"], how="semi", maintain_order="left")
    if "language" not in segments.columns:
        segments = language.tag(segments, detect)
    return language.defer(segments, records)


def finish(
    documents: pl.DataFrame,
    records: pl.DataFrame,
    segments: pl.DataFrame,
    spans: pl.DataFrame,
    out: Iterable[pl.DataFrame],
) -> Tables:
    """Lay the frames out as tables, and put every row through its model.

    `out` is what the hops took out. Documents keep their `text`, so that the ledger can be checked against it;
    records and segments do unless it is withheld.
    """
    removed = pl.concat(out, how="diagonal_relaxed")
    parts = batches.of_documents(documents, (documents, records, segments, spans))
    measured = lay(_measured(removed, *part) for part in parts)
    laid = Tables(*[*measured, _lay("removed", redaction.silence(removed, measured[2]))])
    return Tables(
        *(
            new if new is old else to_disk(new)
            for new, old in zip(policy.withhold(validate.reject(laid)), laid, strict=True)
        )
    )


def _measured(
    removed: pl.DataFrame,
    documents: pl.DataFrame,
    records: pl.DataFrame,
    segments: pl.DataFrame,
    spans: pl.DataFrame,
) -> list[pl.DataFrame]:
    """Lay what was made of some documents out as tables: records, segments, documents and spans."""
    spans = validate.without_lost_segments(spans, segments)
    documents = ledger.sum_up(documents, records, segments, spans).pipe(_add_language, records)
    documents = documents.with_columns(
        extracted_text=pl.when(pl.col("extracted_by").is_not_null()).then("text")
    )
    documents = redaction.anonymise(documents, removed).pipe(redaction.redact, spans, removed)
    records = describe.measure(records, spans, segments, documents)
    records = records.with_columns(policy.digests(records["text"]))
    frames = {"records": records, "segments": segments, "documents": documents, "spans": spans}
    return [_lay(name, frame) for name, frame in frames.items()]


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


PROMISED = ("ledger_complete", "ids_unique", "references_hold")
"""Gates that hold what `release.checks` holds a release to, which is refused where they do not."""


def release(  # noqa: PLR0913 - what the command may be told
    tables: Tables,
    where: Where,
    out: Path,
    name: str | None = None,
    gold: Path | None = None,
    *,
    sign: Path | None = None,
    bump: str | None = None,
    against: Sequence[Standing] = (),
    is_fresh: bool = False,
) -> Published:
    """Publish the tables made from these seeds, with their scores.

    Args:
        tables: as `build` gives them.
        where: the seeds they were made from.
        out: the folder of all datasets.
        name: of the dataset; that of seeds.toml by default.
        gold: labels to score against; the project's by default, if all their pages are among the documents.
        sign: a private key to sign the provenance with.
        bump: the part of the version to raise, if more than the differences call for.
        against: versions that they were compared with.
        is_fresh: whether they come straight from `build`, whose last act puts every row through its model.

    Raises:
        PublishError: a gate that must hold does not, a first release has no record, or it could not be written.
    """
    scores = score(tables, gold)
    give_back()
    hold_to_gates(tables, (*PROMISED, "schema_conforms") if is_fresh else PROMISED)
    give_back()
    facts = ingest.read_dataset(where, name)
    _refuse_empty_first(tables, out / facts.name)
    compared = {it.name.replace(" ", "/"): it.data_digest for it in against}
    known = inputs(where) | removals.inputs(out) | compared
    made = publish(tables, out, facts, inputs=known, scores=scores, sign=sign, bump=bump)
    return made._replace(doubts=doubts(tables, made, scores))


COMPARED = ["page_kind", "kind", "language"]
"""Columns of records by which gates compare a version with the one before."""


def _refuse_empty_first(tables: Tables, home: Path) -> None:
    """Refuse to begin a dataset without a single record: nobody means to; a later version may lose all it had."""
    if tables.records.height or root.read(home)["versions"]:
        return
    reasons = tables.removed.group_by("reason").len().sort("reason").iter_rows()
    removed = ", ".join(f"{n:,} removed as {reason}" for reason, n in reasons) or "nothing was removed"
    raise PublishError(
        f"{home}: the first version would have no record ({removed}); do: look what the seeds are. "
        "Nothing was published"
    )


def hold_to_gates(tables: Tables, passed: Collection[str] = PROMISED) -> None:
    """Refuse tables for which a gate that must hold does not, but for those that are held elsewhere.

    Raises:
        PublishError: which gate, and what it saw.
    """
    ground = gates.Ground(tables)
    for gate in gates.GATES:
        if gate.must and gate.name not in passed and not (verdict := gate.check(ground)).holds:
            raise PublishError(
                f"{gate.table}: {gate.name.replace('_', ' ')} does not hold: {verdict.seen}; nothing was published"
            )


def doubts(tables: Tables, made: Published, scores: pl.DataFrame | None) -> dict[str, str]:
    """Say what a curator should look at: what each gate saw that need not hold, and does not, by its name."""
    then = made.folder.parent / made.previous if made.previous else None
    before = (
        tables._replace(records=parquet.read(then, "records", COMPARED)) if then and then.is_dir() else None
    )
    ground = gates.Ground(tables, before, scores)
    seen = {gate.name: gate.check(ground) for gate in gates.GATES if not gate.must}
    return {name: verdict.seen for name, verdict in seen.items() if not verdict.holds}


def score(tables: Tables, gold: Path | None = None) -> pl.DataFrame | None:
    """Score against the gold asked for, or against the project's if every page of it is there, and once.

    Labels of a page that is not there are passed over where a document was asked out, whose path is not told.
    """
    folder = gold or GOLD
    if not folder.is_dir():
        return None
    labels = evaluate.read_gold(folder)
    n_pages = Counter(Path(path).stem for path in tables.documents["path"])
    lost = {stem for stem in labels["stem"].unique() if not n_pages[stem]}
    if 0 < len(lost) <= tables.documents.filter(redaction.is_anonymous()).height:
        labels = labels.filter(~pl.col("stem").is_in(list(lost)))
    is_there = all(n_pages[stem] == 1 for stem in labels["stem"].unique())
    return evaluate.score(tables, labels) if len(labels) and (gold or is_there) else None


def inputs(where: Where) -> dict[str, Any]:
    """Name what besides the seeds decides the rows: the lock file, what is said of the seeds, code and tools."""
    files = {"uv.lock": HOME / "uv.lock", **dict(ingest.tomls(where))}
    digests = {
        name: hashlib.sha256(it.read_bytes()).hexdigest() for name, it in files.items() if it.is_file()
    }
    return digests | provenance.maker()
