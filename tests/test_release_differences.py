"""The diff says what changed and why, without a word of text, and with the older version gives the newer one."""

import json
import shutil

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import schemas
from pipeline import release, validate
from pipeline.release import changes, differences, manifest, parquet, patch, sharing
from pipeline.release.arrange import arrange
from schemas import CHANGE_REASONS
from tests.tables import NOON, PAGES, make_tables

MORE = PAGES | {"c/cards.txt": ["Cards carry patterns."]}


def build(tables, home, version):
    """Make the folder of a version."""
    home.mkdir(parents=True, exist_ok=True)
    return release.build(tables, home / version, version=version)


def compare(old, new, home):
    """Build two versions; return what differs, with the rows of records by their id."""
    difference = differences.compare(build(old, home, "v1.0.0"), build(new, home, "v1.1.0"))
    return difference, {row["record_id"]: row for row in difference.record_changes.to_dicts()}


def reasons(old, new, home):
    """Return change and reason of each record that differs."""
    return sorted((row["change"], row["reason"]) for row in compare(old, new, home)[1].values())


def edit(tables, name, **columns):
    """Give a table other values."""
    return tables._replace(**{name: getattr(tables, name).with_columns(**columns)})


def without(tables, record_id):
    """Take a record out, with its segments; its spans stay."""
    is_it = pl.col("record_id") == record_id
    is_its = is_it.fill_null(value=False)
    spans = tables.spans.with_columns(
        pl.when(~is_its).then(column).alias(column) for column in ("record_id", "segment_id")
    )
    counts = tables.documents.with_columns(
        (pl.col(c) - (pl.col("document_id") == tables.records.filter(is_it)["document_id"][0])).cast(pl.Int32)
        for c in ("n_records", "n_segments")
    )
    return tables._replace(
        records=tables.records.filter(~is_it), segments=tables.segments.filter(~is_it), spans=spans,
        documents=counts,
    )  # fmt: skip


def taken_out(tables, reason, kept_id=None):
    """Take the last record out for a reason."""
    record = tables.records.row(-1, named=True)
    row = dict.fromkeys(schemas.polars_schema("removed")) | {
        key: record[key] for key in ("record_id", "document_id", "kind", "byte_start", "byte_end")
    }
    row |= {"reason": reason, "kept_id": kept_id}
    more = pl.DataFrame([row], schemas.polars_schema("removed"))
    rest = without(tables, record["record_id"])
    return rest._replace(removed=pl.concat([rest.removed, more]))


def test_pages_come_and_go(tmp_path):
    assert reasons(make_tables(), make_tables(MORE), tmp_path / "more") == [("added", "new_source")]
    assert reasons(make_tables(MORE), make_tables(), tmp_path / "less") == [("removed", "source_gone")]


def test_a_page_with_other_bytes_is_an_edit_upstream(tmp_path):
    tables = make_tables()
    other = "d_" + "7" * 24
    ids = tables.documents["document_id"]
    for name in ("records", "segments", "documents", "spans", "removed"):
        tables = edit(tables, name, document_id=pl.col("document_id").replace(ids[1], other))
    assert reasons(make_tables(), tables, tmp_path) == [("changed", "upstream_edit")] * 2


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("opt_out", "opt_out"),
        ("withdrawn", "withdrawn"),
        ("licence", "licence"),
        ("invalid", "invalid"),
        ("near_copy", "dedup"),
    ],
)
def test_what_was_taken_out_says_why_and_so_does_what_came_back(reason, told, tmp_path):
    tables = make_tables()
    out = taken_out(tables, reason)
    assert reasons(tables, out, tmp_path / "out") == [("removed", told)]
    assert reasons(out, tables, tmp_path / "back") == [("added", told)]


def test_the_same_page_read_otherwise_is_the_pipeline(tmp_path):
    tables = make_tables()
    gone = without(tables, tables.records["record_id"][-1])
    assert reasons(tables, gone, tmp_path / "gone") == [("removed", "pipeline_rule")]
    assert set(reasons(tables, edit(tables, "records", title=pl.lit("T")), tmp_path / "title")) == {
        ("changed", "pipeline_rule")
    }


def test_facts_and_copies_are_told_from_rules(tmp_path):
    tables = make_tables()
    later = edit(tables, "documents", captured_latest=pl.lit(NOON).dt.offset_by("5h"))
    dated = edit(later, "records", published_latest=pl.lit(NOON).dt.offset_by("5h"))
    assert set(reasons(tables, dated, tmp_path / "facts")) == {("changed", "source_facts")}
    capture = {
        "document_id": tables.documents["document_id"][0],
        "byte_start": 0,
        "byte_end": 1,
        "similarity": 1.0,
    }
    captures = pl.Series("captures", [[capture]] * 4, tables.records["captures"].dtype)
    assert set(reasons(tables, edit(tables, "records", captures=captures), tmp_path / "copies")) == {
        ("changed", "dedup")
    }


def older(folder, name, column):
    """Make a written version one from before a column came."""
    for path in parquet.paths(folder, name):
        pq.write_table(pq.read_table(path).drop_columns([column]), path)
    path = folder / "schema" / f"{name}.schema.json"
    schema = json.loads(path.read_text())
    del schema["properties"][column]
    path.write_text(json.dumps(schema))
    return folder


def test_a_new_column_is_no_change_of_the_others(tmp_path):
    old = older(build(make_tables(), tmp_path, "v1.0.0"), "records", "flags")
    difference = differences.compare(old, build(make_tables(), tmp_path, "v1.1.0"))
    assert set(difference.record_changes["reason"]) == {"schema"}
    assert difference.summary["records"]["columns"] == {"flags": 4}
    assert difference.summary["schema"] == ["records.flags is new"]
    assert difference.summary["bump"] == "minor"


def test_columns_that_changed_are_named_even_deep_in_a_list(tmp_path):
    tables = make_tables()
    capture = {"document_id": tables.documents["document_id"][0], "byte_start": 0, "byte_end": 1}
    old, new = (
        edit(
            tables, "records",
            captures=pl.Series([[capture | {"similarity": value}]] * 4, dtype=tables.records["captures"].dtype),
        )
        for value in (0.5, 0.75)
    )  # fmt: skip
    difference, rows = compare(old, new, tmp_path)
    assert {tuple(row["changed_columns"]) for row in rows.values()} == {("captures",)}
    assert difference.summary["records"]["columns"] == {"captures": 4}


def test_how_many_texts_changed_is_said_beside_what_else_did(tmp_path):
    tables = make_tables()
    first = pl.int_range(pl.len()) == 0
    other = edit(tables, "records", language=pl.lit("und"))
    told = compare(tables, other, tmp_path / "none")[0].summary
    assert told["reasons"] == ["records: 4 changed, the text of none (language in 4)"]
    assert told["texts"] == {"records": 0, "segments": 0}
    words = edit(tables, "segments", text=pl.when(first).then(pl.lit("Other.")).otherwise("text"))
    told = compare(tables, words, tmp_path / "one")[0].summary
    assert told["reasons"] == ["segments: 1 changed, the text of 1"]
    assert told["texts"] == {"records": 0, "segments": 1}


def test_rows_that_only_have_a_column_more_are_said_to(tmp_path):
    old = older(build(make_tables(), tmp_path, "v1.0.0"), "records", "flags")
    told = differences.compare(old, build(make_tables(), tmp_path, "v1.1.0")).summary
    assert told["reasons"][1:] == ["records: 4 changed, the text of none (nothing but the new columns)"]


def test_counts_are_by_change_reason_page_and_language(tmp_path):
    difference, _ = compare(make_tables(), make_tables(MORE), tmp_path)
    assert difference.summary["records"]["by"] == [
        {"change": "added", "reason": "new_source", "path": "c/cards.txt", "language": "en", "records": 1}
    ]
    assert difference.summary["meanings"] == {"new_source": CHANGE_REASONS["new_source"]}


def test_the_diff_obeys_its_model_holds_no_text_and_is_the_same_each_time(tmp_path):
    tables = make_tables()
    new = taken_out(edit(make_tables(MORE), "records", title=pl.lit("Words of a title")), "opt_out")
    difference, _ = compare(tables, new, tmp_path)
    written = []
    for n in range(2):
        differences.write(differences.compare(tmp_path / "v1.0.0", tmp_path / "v1.1.0"), tmp_path / str(n))
        written.append({p.name: p.read_bytes() for p in (tmp_path / str(n)).rglob("*") if p.is_file()})
    assert written[0] == written[1]
    assert set(written[0]) == {"summary.json", "records.parquet", "rows.parquet"}
    for name in schemas.CHANGES:
        frame = getattr(difference, name)
        schemas.columns_adapter(name).validate_python(frame.to_dict(as_series=False))
        file = tmp_path / "0" / "diff" / "from-v1.0.0" / differences.FILES[name]
        assert pl.read_parquet(file).equals(frame)
        assert all(field.metadata[b"description"] for field in pq.read_schema(file))
        said = frame.write_ndjson()
        assert not [text for text in new.records["text"] if text in said]
        assert "Ada" not in said


# Old and diff give new ---------------------------------------------------------------------------


def prove(old, new, home):
    """Build two versions and their diff; the diff and the older one have to give the newer one."""
    first, second = build(old, home, "v1.0.0"), build(new, home, "v1.1.0")
    differences.write(differences.compare(first, second), second)
    place = second / "diff" / "from-v1.0.0"
    assert patch.prove(first, place) == manifest.read(second)["data_digest"]
    return first, place


def test_old_and_diff_give_new(tmp_path):
    prove(make_tables(), make_tables(MORE), tmp_path / "more")
    prove(make_tables(MORE), taken_out(make_tables(), "opt_out"), tmp_path / "less")
    prove(make_tables(), make_tables(), tmp_path / "same")


def test_old_and_diff_give_new_where_a_column_came(tmp_path):
    old, new = (build(make_tables(), tmp_path, version) for version in ("v1.0.0", "v1.1.0"))
    older(old, "records", "flags")
    differences.write(differences.compare(old, new), new)
    place = new / "diff" / "from-v1.0.0"
    assert patch.prove(old, place) == manifest.read(new)["data_digest"]


@st.composite
def releases(draw):
    """Draw tables: the same texts as another time, or others, in pages of some names, some removals twice."""
    texts = draw(st.lists(st.integers(0, 11), min_size=1, max_size=8, unique=True))
    pages: dict[str, list[str]] = {}
    for text in texts:
        pages.setdefault(draw(st.sampled_from(["a.txt", "b.txt", "ü/c.txt"])), []).append(f"Words, {text}")
    tables = make_tables(pages)
    titles = draw(st.lists(st.sampled_from([None, "T", "织"]), min_size=len(texts), max_size=len(texts)))
    twins = draw(st.integers(0, 3))
    return tables._replace(
        records=tables.records.with_columns(title=pl.Series(titles, dtype=pl.String)),
        removed=pl.concat([tables.removed] * twins) if twins else tables.removed.clear(),
    )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=releases(), new=releases())
def test_old_and_diff_give_new_whatever_changed(old, new, tmp_path):
    shutil.rmtree(tmp_path / "any", ignore_errors=True)
    prove(old, new, tmp_path / "any")


def test_a_diff_of_another_version_is_refused(tmp_path):
    _, place = prove(make_tables(MORE), make_tables(), tmp_path / "one")
    other, _ = prove(make_tables(), make_tables(MORE), tmp_path / "two")
    with pytest.raises(patch.PatchError, match=r"takes out the row .*, which is not there"):
        patch.prove(other, place)


# Shared bytes -------------------------------------------------------------------------------------


def test_all_but_the_footers_is_shared_with_oneself(tmp_path):
    folder = build(make_tables(), tmp_path, "v1.0.0")
    seen = sharing.measure(folder, folder)
    columns = 0
    for name in schemas.TABLES:
        group = pq.read_metadata(parquet.paths(folder, name)[0]).row_group(0)
        about = [group.column(n) for n in range(group.num_columns)]
        columns += sum(column.total_compressed_size + (column.bloom_filter_length or 0) for column in about)
        assert seen["tables"][name]["shared_row_groups"] == seen["tables"][name]["row_groups"] == 1
    assert seen["shared_bytes"] == columns < seen["bytes"]
    assert seen["share"] == round(columns / seen["bytes"], 4)


def test_a_column_that_changed_is_not_shared_and_the_others_are(tmp_path):
    old = build(make_tables(), tmp_path, "v1.0.0")
    new = build(edit(make_tables(), "records", title=pl.lit("T")), tmp_path, "v1.1.0")
    seen, same = sharing.measure(old, new), sharing.measure(new, new)
    title = pq.read_metadata(parquet.paths(new, "records")[0]).row_group(0).column(5)
    assert title.path_in_schema == "title"
    assert same["shared_bytes"] - seen["shared_bytes"] == title.total_compressed_size
    assert seen["tables"]["records"]["shared_row_groups"] == 0
    assert seen["tables"]["spans"]["shared_row_groups"] == 1


def test_rows_are_known_by_their_key(tmp_path):
    folder = build(make_tables(), tmp_path, "v1.0.0")
    for name, frame in arrange(make_tables())._asdict().items():
        rows = changes.rows(folder, name)
        assert rows.height == frame.height
        assert not rows.select(changes.KEYS[name]).is_duplicated().any()
    assert validate.check("spans", parquet.read(folder, "spans"))[1].is_empty()
