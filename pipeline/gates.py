"""Gates: what must hold before tables are published, and what a curator should look at.

A gate is a function of the tables, of the release before, and of the scores; it says what it saw, with the
counts or the rows that show it. What is checked of written files stands in `release.checks`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from pipeline import evaluate, ledger, validate
from pipeline.release import checks
from schemas import IDS, TABLES, Tables, polars_schema
from schemas.columns import UNDETERMINED

MOST_UNKNOWN_LANGUAGE = 0.05
"""Share of the records: posts too short to tell are a few in a hundred on the pages we know."""
MOST_SHIFT = 0.1
"""Change of a language's share of the records from release to release."""
MOST_DRIFT = 0.25
"""Change of the number of records of a kind from release to release, as a share of the greater."""
FEWEST_ROWS = 10
"""Records of a kind below which a change is chance."""
MOST_UNCLAIMED = 0.01
"""Share of a document's bytes in lines that no rule knew."""


class Ground(NamedTuple):
    """What gates look at: the tables (documents with `text`), the release before and the scores, or null."""

    tables: Tables
    before: Tables | None = None
    scores: pl.DataFrame | None = None


class Verdict(NamedTuple):
    """Whether it holds, what was seen in one sentence, and the counts and the rows that show it."""

    holds: bool
    seen: str
    counts: Mapping[str, float] = MappingProxyType({})
    rows: Mapping[str, pl.DataFrame] = MappingProxyType({})


class Gate(NamedTuple):
    """One check on a table. If it `must` hold, nothing is published where it does not."""

    name: str
    table: str
    must: bool
    says: str
    check: Callable[[Ground], Verdict]


# What must hold -----------------------------------------------------------------------------------


def ledger_complete(ground: Ground) -> Verdict:
    """Every byte that is not white space lies in exactly one span."""
    faults = list(ledger.all_faults(ground.tables.documents, ground.tables.spans))
    n_bytes = int(ground.tables.documents["text"].str.len_bytes().sum())
    n_spans = ground.tables.spans.height
    seen = faults[0] if faults else f"{n_spans:,} spans account for {n_bytes:,} bytes"
    listed = pl.DataFrame({"fault": faults}, {"fault": pl.String})
    return Verdict(not faults, seen, {"faults": len(faults), "bytes": n_bytes}, {"faulty": listed})


def ids_unique(name: str, ground: Ground) -> Verdict:
    """Every row has an id of its own."""
    frame = getattr(ground.tables, name)
    twice = checks.repeated(frame[IDS[name]])
    seen = f"{frame.height:,} ids" if twice.is_empty() else f"{twice[0, 0]} stands on {twice[0, 1]} rows"
    return Verdict(twice.is_empty(), seen, {"not unique": twice.height}, {"on more rows than one": twice})


def references_hold(ground: Ground) -> Verdict:
    """Every id that a row names is that of a row."""
    lost = checks.references_hold(ground.tables)
    return Verdict(lost is None, lost or "every id named is that of a row")


def schema_conforms(name: str, ground: Ground) -> Verdict:
    """The columns and types are those of the schema, and every row obeys its model."""
    frame = getattr(ground.tables, name)
    published = frame.drop("text") if name == "documents" else frame
    types = _compare_types(published, name)
    wrong = types.filter(pl.col("expected").ne_missing(pl.col("actual")))
    if wrong.height:
        column, expected, actual = wrong.row(0)
        return Verdict(
            False, f"{column} is {actual}, not {expected}", {"wrong columns": wrong.height}, {"types": wrong}
        )
    _, rejected = validate.check(name, published)
    seen = f"{published.height:,} rows obey the model" if rejected.is_empty() else rejected["message"][0]
    counts = {"rows": published.height, "rejected": rejected.height}
    return Verdict(
        rejected.is_empty(), seen, counts, {"types": types, "rejected rows": rejected.select("message")}
    )


def _compare_types(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    expected, actual = (
        pl.DataFrame({"column": schema.names(), side: [str(dtype) for dtype in schema.dtypes()]})
        for side, schema in (("expected", polars_schema(name)), ("actual", frame.schema))
    )
    return expected.join(actual, on="column", how="full", coalesce=True, maintain_order="left_right")


def promises_kept(ground: Ground) -> Verdict:
    """Where a page says how many segments a record has, as many were found, or the record says that they were not."""
    promised = ground.tables.records.filter(pl.col("n_promised").is_not_null())
    other = promised.filter(pl.col("n_promised") != pl.col("n_segments"))
    is_flagged = pl.col("flags").list.contains("promise_broken")
    # Flags are set on all but what its grammar says is shown in part, and that is not complete.
    is_stated = ~pl.col("is_complete") | is_flagged
    broken = other.filter(~is_stated)
    listed = _place(other.sort(~is_flagged, maintain_order=True), ground.tables.documents).select(
        "where", "page_kind", "author", "n_promised", "n_segments", "is_complete", "flags"
    )
    n_kept, n_flagged = promised.height - other.height, other.filter(is_flagged).height
    n_partial = other.height - broken.height - n_flagged
    seen = f"{n_kept:,} of {promised.height:,} kept, {n_partial:,} shown in part, {n_flagged:,} flagged as broken"
    if broken.height:
        row = listed.filter(~is_stated).row(0, named=True)
        seen = f"{row['where']}: {row['page_kind']} promises {row['n_promised']}, the split found {row['n_segments']}"
    counts = {
        "promised": promised.height,
        "shown in part": n_partial,
        "flagged": n_flagged,
        "broken": broken.height,
    }
    return Verdict(broken.is_empty(), seen, counts, {"not as promised": listed})


def _place(rows: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add `where`: path and line, as an editor counts, of each row's first byte."""
    placed = rows.join(
        documents.select("document_id", "path", page="text"), on="document_id", maintain_order="left"
    )
    above = pl.col("page").cast(pl.Binary).bin.slice(0, pl.col("byte_start"))
    line = above.cast(pl.String, strict=False).str.count_matches("\n", literal=True) + 1
    return placed.with_columns(where=pl.format("{}:{}", "path", line)).drop("page")


# What a curator should look at --------------------------------------------------------------------


def languages_told(ground: Ground) -> Verdict:
    """The language of nearly every record can be told."""
    shares = _share(ground.tables.records, "language")
    unknown = sum(shares.filter(language=UNDETERMINED)["share"])
    seen = f"{unknown:.1%} of the records are of no language that can be told"
    return Verdict(unknown <= MOST_UNKNOWN_LANGUAGE, seen, {"share": unknown}, {"languages": shares})


def languages_steady(ground: Ground) -> Verdict:
    """The share of each language is about that of the release before."""
    if ground.before is None:
        return Verdict(True, "there is no release before")
    now, then = (_share(tables.records, "language") for tables in (ground.tables, ground.before))
    both = then.join(now, on="language", how="full", coalesce=True, suffix="_now").fill_null(0)
    shifts = both.select(
        "language", before="share", now="share_now", shift=pl.col("share_now") - pl.col("share")
    ).sort(pl.col("shift").abs(), "language", descending=[True, False])
    most = max(map(abs, shifts["shift"]), default=0.0)
    seen = f"the greatest shift of a share is {most:.1%}"
    return Verdict(most <= MOST_SHIFT, seen, {"greatest shift": most}, {"shares": shifts})


def rows_steady(ground: Ground) -> Verdict:
    """There are about as many records of each kind and page kind as in the release before."""
    if ground.before is None:
        return Verdict(True, "there is no release before")
    kinds = ("page_kind", "kind")
    now, then = (
        tables.records.group_by(kinds).agg(n=pl.len().cast(pl.Int64))
        for tables in (ground.tables, ground.before)
    )
    both = then.join(now, on=kinds, how="full", coalesce=True, suffix="_now").fill_null(0)
    more = pl.max_horizontal("n", "n_now")
    drift = both.with_columns(drift=(pl.col("n_now") - pl.col("n")) / more).sort(kinds)
    far = drift.filter((more >= FEWEST_ROWS) & (pl.col("drift").abs() > MOST_DRIFT))
    seen = f"{far.height} of {drift.height} kinds moved by more than {MOST_DRIFT:.0%}"
    return Verdict(
        far.is_empty(),
        seen,
        {"moved": far.height},
        {"records": drift.rename({"n": "before", "n_now": "now"})},
    )


def copies_plausible(ground: Ground) -> Verdict:
    """No record has so many near copies that they were kept for a person to look at."""
    mass = ground.tables.records.filter(pl.col("flags").list.contains("mass_copy"))
    seen = f"{mass.height:,} of {ground.tables.records.height:,} records look like copies of others, and were kept"
    listed = mass.select("record_id", "kind", "author", "title", pl.col("text").str.slice(0, 80)).head(50)
    return Verdict(mass.is_empty(), seen, {"kept": mass.height}, {"look like copies": listed})


def pages_known(ground: Ground) -> Verdict:
    """Some grammar knows every page."""
    unknown = ground.tables.documents.filter(page_kind="unknown").select("path", "n_bytes")
    seen = f"{unknown.height} of {ground.tables.documents.height} pages are of an unknown kind"
    return Verdict(unknown.is_empty(), seen, {"unknown": unknown.height}, {"unknown pages": unknown})


def lines_claimed(ground: Ground) -> Verdict:
    """Nearly every line of a page is known to some rule of its grammar."""
    share = pl.col("unclaimed_bytes") / pl.col("n_bytes")
    shares = ground.tables.documents.select("path", "page_kind", "unclaimed_bytes", share=share)
    far = shares.filter(pl.col("share") > MOST_UNCLAIMED).sort("share", descending=True)
    n_bytes = int(shares["unclaimed_bytes"].sum())
    seen = f"{n_bytes:,} bytes unclaimed; too many in {far.height} of {shares.height} pages"
    return Verdict(far.is_empty(), seen, {"unclaimed bytes": n_bytes}, {"pages": far})


def scores_reached(ground: Ground) -> Verdict:
    """Scores against hand-made labels are what a release must reach."""
    if ground.scores is None:
        return Verdict(True, "no labels for these pages")
    missed = evaluate.misses(ground.scores)
    asked = ground.scores.filter(pl.col("path") == evaluate.POOLED, pl.col("least").is_not_null())
    below = ", ".join(f"{it['measure']} {it['value']:.3f}" for it in missed.iter_rows(named=True))
    seen = f"{asked.height - missed.height} of {asked.height} measures reach what is asked"
    seen += f"; below it: {below}" if below else ""
    listed = asked.select("measure", "value", "least", "right", "expected", "seen")
    return Verdict(missed.is_empty(), seen, {"missed": missed.height}, {"scores": listed})


def _share(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    counts = frame.group_by(column).agg(n=pl.len())
    return counts.with_columns(share=pl.col("n") / frame.height).sort("n", column, descending=[True, False])


def _gate(table: str, check: Callable[..., Verdict], *, must: bool, of_table: bool = False) -> Gate:
    bound = partial(check, table) if of_table else check
    return Gate(check.__name__, table, must, str(check.__doc__), bound)


GATES = (
    _gate("spans", ledger_complete, must=True),
    *(_gate(name, ids_unique, must=True, of_table=True) for name in IDS),
    *(_gate(name, schema_conforms, must=True, of_table=True) for name in TABLES),
    _gate("segments", references_hold, must=True),
    _gate("records", promises_kept, must=True),
    _gate("records", languages_told, must=False),
    _gate("records", languages_steady, must=False),
    _gate("records", rows_steady, must=False),
    _gate("records", copies_plausible, must=False),
    _gate("records", scores_reached, must=False),
    _gate("documents", pages_known, must=False),
    _gate("documents", lines_claimed, must=False),
)
