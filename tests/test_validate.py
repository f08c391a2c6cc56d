"""Rows that hold go on; rows that do not are moved to `removed` with a reason, and nothing is lost."""

import polars as pl
import pytest

import schemas
from pipeline import ledger, validate
from pipeline.engine import local
from pipeline.release import checks
from tests.tables import make_tables


@pytest.mark.parametrize("name", schemas.TABLES)
def test_valid_rows_pass_untouched(name):
    frame = getattr(make_tables(), name)
    valid, rejected = validate.check(name, frame)
    assert valid.equals(frame)
    assert rejected.is_empty()
    assert "message" in rejected.columns


@pytest.mark.parametrize("name", schemas.TABLES)
def test_a_table_without_rows_passes(name):
    valid, rejected = validate.check(name, schemas.empty(name))
    assert valid.is_empty()
    assert rejected.is_empty()


BROKEN = [
    ("records", {"record_id": "r_1"}, "records.record_id: ", "seen 'r_1'"),
    ("records", {"byte_end": 0}, "byte_start is before byte_end", ""),
    ("records", {"title": ""}, "records.title: ", "seen ''"),
    ("records", {"published": "yesterday"}, "records.published: ", "seen 'yesterday'"),
    ("records", {"flags": ["shiny"]}, "records.flags.0: ", "seen 'shiny'"),
    ("records", {"n_words": None}, "records.n_words: ", "seen None"),
    ("records", {"body_spans": [{"start": 9, "end": 8}]}, "not in order at 9..8", ""),
    ("records", {"body_spans": [{"start": 900, "end": 901}]}, "body_spans lie between", ""),
    ("records", {"language_confidence": 1.5}, "records.language_confidence: ", "seen 1.5"),
    ("segments", {"kind": "stanza"}, "segments.kind: ", "seen 'stanza'"),
    ("segments", {"start_s": float("nan")}, "segments.start_s: ", "seen nan"),
    ("documents", {"path": "/etc/passwd"}, "documents.path: ", "seen '/etc/passwd'"),
    ("spans", {"role": "body", "kind": "nav"}, "Chrome has a kind", ""),
    ("removed", {"reason": "dislike"}, "removed.reason: ", "seen 'dislike'"),
]


@pytest.mark.parametrize(("name", "values", "what", "seen"), BROKEN)
def test_a_bad_row_is_rejected_with_what_where_and_seen(name, values, what, seen):
    frame = getattr(make_tables(), name)
    dtypes = schemas.polars_schema(name)
    bad = frame.head(1).with_columns(
        pl.lit(value, dtypes[column]).alias(column)
        if not isinstance(value, list)
        else pl.Series(column, [value], dtypes[column])
        for column, value in values.items()
    )
    valid, rejected = validate.check(name, pl.concat([frame, bad]))
    assert valid.equals(frame)
    [message] = rejected["message"]
    assert what in message
    assert seen in message


def test_rejected_rows_are_found_across_chunks(monkeypatch):
    monkeypatch.setattr(validate, "CHUNK", 2)
    spans = make_tables().spans
    bad = spans.with_columns(
        role=pl.when(pl.int_range(pl.len()).is_in([1, 6])).then(pl.lit("soul")).otherwise("role")
    )
    valid, rejected = validate.check("spans", bad)
    assert len(valid) == len(spans) - 2
    assert rejected["byte_start"].to_list() == [spans["byte_start"][1], spans["byte_start"][6]]


def test_a_bad_record_goes_with_its_segments_and_its_place_is_kept():
    tables = make_tables()
    first = tables.records.row(0, named=True)
    records = tables.records.with_columns(
        handle=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("@ada")).otherwise("handle")
    )
    mended = validate.reject(tables._replace(records=records))
    assert first["record_id"] not in mended.records["record_id"]
    assert first["record_id"] not in mended.segments["record_id"]
    is_its = pl.col("record_id") == first["record_id"]
    assert mended.spans.drop("segment_id").equals(tables.spans.drop("segment_id"))
    assert mended.spans.filter(is_its)["segment_id"].null_count() == len(tables.spans.filter(is_its))
    row = mended.removed.row(by_predicate=pl.col("reason") == "invalid", named=True)
    assert (row["record_id"], row["byte_start"], row["byte_end"]) == (
        first["record_id"],
        first["byte_start"],
        first["byte_end"],
    )
    assert row["handle"] is None
    assert "'@ada'" in row["message"]


def test_a_bad_document_takes_all_that_is_in_it():
    tables = make_tables()
    document_id = tables.documents["document_id"][0]
    is_first = pl.col("document_id") == document_id
    documents = tables.documents.with_columns(sha256=pl.when(is_first).then(pl.lit("?")).otherwise("sha256"))
    mended = validate.reject(tables._replace(documents=documents))
    for frame in mended[:4]:
        assert document_id not in frame["document_id"]
    lost = tables.records.filter(is_first)["record_id"]
    assert set(lost) <= set(mended.removed["record_id"])


def test_what_is_rejected_is_itself_valid_even_if_all_its_values_were_wrong():
    tables = make_tables()
    worst = tables.removed.with_columns(record_id=pl.lit("?"), reason=pl.lit("?"), kept_id=pl.lit("?"))
    records = tables.records.with_columns(record_id=pl.lit("no id"), byte_start=pl.lit(-1, pl.Int64))
    mended = validate.reject(tables._replace(records=records, removed=worst))
    assert len(mended.removed) == len(worst) + len(records)
    _, rejected = validate.check("removed", mended.removed)
    assert rejected.is_empty()
    assert mended.removed["message"].str.contains("seen '?'", literal=True).any()


def test_a_bad_span_becomes_an_unclaimed_one_and_the_ledger_stays_whole():
    tables = make_tables()
    is_menu = pl.col("kind") == "nav"
    spans = tables.spans.with_columns(kind=pl.when(is_menu).then(pl.lit("menu")).otherwise("kind"))
    mended = validate.reject(tables._replace(spans=spans))
    assert list(ledger.all_faults(mended.documents, mended.spans)) == []
    assert mended.spans.filter(kind="unclaimed").height == tables.spans.filter(is_menu).height
    assert mended.removed["message"].drop_nulls().str.contains("spans.kind: .* seen 'menu'").all()


def test_a_missing_column_stops_its_author():
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="author"):
        validate.check("records", make_tables().records.drop("author"))


def test_a_copy_stays_where_its_better_is_rejected():
    tables = make_tables()
    two = pl.concat([tables.records.head(1), tables.records.head(1)]).with_columns(
        byte_start=pl.Series([6, 7]), handle=pl.Series(["@bad", None])
    )
    records, removed = local.drop(two, tables.documents, tables.segments, {})
    assert records["handle"].to_list() == [None]
    assert removed["reason"].to_list() == ["invalid"]
    assert records.columns == [*two.drop("captures").columns, "is_mass_copy", "captures"]


def test_records_of_a_bad_document_go_before_copies_are_dropped():
    tables = make_tables()
    documents = tables.documents.drop("n_records").with_columns(path=pl.lit("/etc/passwd"))
    records, removed = validate.reject_records(tables.records.drop("language", "urls"), documents)
    assert records.is_empty()
    assert set(removed["record_id"]) == set(tables.records["record_id"])


def test_a_span_of_a_copy_names_no_segment_elsewhere():
    tables = make_tables()
    spans = tables.spans.with_columns(document_id=pl.lit("d_" + "0" * 24))
    assert validate.without_lost_segments(tables.spans, tables.segments).equals(tables.spans)
    assert validate.without_lost_segments(spans, tables.segments)["segment_id"].null_count() == len(spans)
    moved = tables.spans.with_columns(pl.col("byte_start", "byte_end") + 1000)
    assert validate.without_lost_segments(moved, tables.segments)["segment_id"].null_count() == len(spans)


def test_what_is_left_is_counted_anew():
    tables = make_tables()
    is_first = pl.int_range(pl.len()) == 0
    promised = tables.records.with_columns(n_promised=pl.lit(1, pl.Int32))
    segments = tables.segments.with_columns(kind=pl.when(is_first).then(pl.lit("stanza")).otherwise("kind"))
    mended = validate.reject(tables._replace(segments=segments, records=promised))
    assert checks.counts_agree(mended) is None
    row = mended.records.row(0, named=True)
    assert (row["n_segments"], row["is_complete"]) == (0, False)
    assert "promise_broken" in row["flags"]


def test_a_rejected_record_is_no_longer_named_as_kept():
    tables = make_tables()
    is_kept = pl.col("record_id") == tables.removed["kept_id"][0]
    records = tables.records.with_columns(title=pl.when(is_kept).then(pl.lit("")).otherwise("title"))
    mended = validate.reject(tables._replace(records=records))
    assert checks.references_hold(mended) is None
    assert "the record kept is invalid" in mended.removed["message"][0]
