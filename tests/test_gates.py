"""Each gate holds for good tables, and does not for tables that break what it asks."""

import polars as pl
import pytest

from pipeline import evaluate
from pipeline.gates import GATES, Ground
from tests.tables import make_tables

CHECKS = {(gate.table, gate.name): gate.check for gate in GATES}
BROKEN = {
    ("spans", "ledger_complete"): ("spans", lambda f: f.slice(1), "b/looms.txt: bytes 0..6 lie in no span"),
    ("records", "ids_unique"): ("records", lambda f: f.vstack(f.head(1)), "stands on 2 rows"),
    ("segments", "ids_unique"): ("segments", lambda f: f.vstack(f.head(1)), "stands on 2 rows"),
    ("documents", "ids_unique"): ("documents", lambda f: f.vstack(f.head(1)), "stands on 2 rows"),
    ("records", "schema_conforms"): (
        "records", lambda f: f.cast({"n_words": pl.Int64}), "n_words is Int64, not Int32",
    ),
    ("segments", "schema_conforms"): ("segments", lambda f: f.drop("kind"), "kind is None, not String"),
    ("documents", "schema_conforms"): (
        "documents", lambda f: f.with_columns(sha256=pl.lit("no")), "documents.sha256: String should match",
    ),
    ("spans", "schema_conforms"): (
        "spans", lambda f: f.with_columns(role=pl.lit("husk")), "spans.role: Input should be",
    ),
    ("removed", "schema_conforms"): (
        "removed", lambda f: f.with_columns(more=pl.lit(1)), "more is Int32, not None",
    ),
    ("segments", "references_hold"): (
        "records", lambda f: f.slice(1), "segments names the record_id",
    ),
    ("records", "promises_kept"): (
        "records",
        lambda f: f.with_columns(n_promised=pl.lit(9, pl.Int32)),
        "b/looms.txt:3: looms promises 9, the split found 1",
    ),
    ("records", "languages_told"): (
        "records", lambda f: f.with_columns(language=pl.lit("und")), "100.0% of the records",
    ),
    ("records", "languages_steady"): (
        "records", lambda f: f.with_columns(language=pl.lit("fr")), "the greatest shift of a share is 100.0%",
    ),
    ("records", "rows_steady"): ("records", lambda f: pl.concat([f] * 5), "1 of 1 kinds moved"),
    ("records", "copies_plausible"): (
        "records", lambda f: f.with_columns(flags=pl.lit(["mass_copy"])), "look like copies of others",
    ),
    ("documents", "pages_known"): (
        "documents", lambda f: f.with_columns(page_kind=pl.lit("unknown")), "2 of 2 pages",
    ),
    ("documents", "lines_claimed"): (
        "documents", lambda f: f.with_columns(unclaimed_bytes=pl.col("n_bytes")), "too many in 2 of 2 pages",
    ),
}  # fmt: skip


def test_every_gate_is_broken_here():
    assert {*BROKEN, ("records", "scores_reached")} == set(CHECKS)


@pytest.mark.parametrize(("table", "name"), CHECKS)
def test_good_tables_pass(table, name):
    tables = make_tables()
    for before in (None, tables):
        assert CHECKS[table, name](Ground(tables, before)).holds


@pytest.mark.parametrize(("table", "name"), BROKEN)
def test_broken_tables_do_not(table, name):
    tables = make_tables()
    broken, change, said = BROKEN[table, name]
    verdict = CHECKS[table, name](
        Ground(tables._replace(**{broken: change(getattr(tables, broken))}), before=tables)
    )
    assert not verdict.holds
    assert said in verdict.seen


def test_what_is_shown_in_part_breaks_no_promise():
    tables = make_tables()
    cut = tables.records.with_columns(n_promised=pl.lit(9, pl.Int32), is_complete=pl.lit(value=False))
    verdict = CHECKS["records", "promises_kept"](Ground(tables._replace(records=cut)))
    assert verdict.holds
    assert verdict.rows["not as promised"].height == cut.height


@pytest.mark.parametrize(("value", "holds"), [(0.9, False), (0.99, True)])
def test_scores_are_held_against_what_a_release_must_reach(value, holds):
    row = {"path": evaluate.POOLED, "measure": "turns", "value": value, "least": 0.95}
    scores = pl.DataFrame([row | {"right": 1, "expected": 1, "seen": 1}])
    assert CHECKS["records", "scores_reached"](Ground(make_tables(), scores=scores)).holds is holds
