"""The model: what a version says of itself is what its files hold."""

import hashlib
import json
from datetime import date

import polars as pl
import pytest
from pydantic import TypeAdapter

import schemas
from pipeline import release
from pipeline.release import manifest, model
from pipeline.release.stats import EXAMPLE_CHARS, NAMING
from schemas import Tables
from tests.tables import make_tables


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Publish a version, and read it."""
    return model.read(release.publish(make_tables(), tmp_path_factory.mktemp("dist")).folder)


def test_every_column_is_told_as_it_is(read):
    for table in read.tables:
        frame = pl.read_parquet(read.folder / table.name / "*.parquet")
        assert table.rows == len(frame)
        assert [column.name for column in table.columns] == frame.columns
        assert [column.nulls for column in table.columns] == [
            frame[name].null_count() for name in frame.columns
        ]
        for column in table.columns:
            if column.distinct is not None:
                assert column.distinct == frame[column.name].drop_nulls().n_unique()
            held = frame[column.name].drop_nulls()
            nothing = held.is_empty() or held.to_list() == [[]] * len(held) or column.name in NAMING
            assert (column.example is None) == nothing, column.name


def test_files_are_those_that_are_not_made_from_the_model(read):
    listed = {file.path: file for file in read.files}
    made = set(manifest.files(read.folder)) - listed.keys()
    assert made >= {"README.md", "SHA256SUMS", "manifest.json"}
    assert not [path for path in made if path.endswith((".parquet", ".gz", ".schema.json"))]
    for path, file in listed.items():
        data = (read.folder / path).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert sum(file.rows for table in read.tables for file in table.lines) == sum(read.rows.values())


def test_times_counts_and_losses_are_those_of_the_rows(read):
    records = pl.read_parquet(read.folder / "records" / "*.parquet")
    assert read.published == ("2025-12-13T12:00Z", "2025-12-15T12:00Z")
    assert read.captured == ("2025-12-15T12:00Z", "2025-12-15T13:00Z")
    for name, counts in read.counts.items():
        assert all(count.value is None or isinstance(count.value, str) for count in counts), name
    languages = records.group_by("language").agg(pl.len(), pl.col("n_words").sum()).rows()
    assert sorted(read.counts["language"]) == sorted(languages)
    [loss] = read.removed
    assert loss == ("near_copy", schemas.REASONS["near_copy"], 1, 0)
    assert read.found == read.rows["records"] + 1
    assert read.n_unknown == read.rows["records"]


def test_an_end_is_open_if_it_is_for_any_and_a_printed_day_is_that_day(tmp_path):
    tables = make_tables()
    nth = pl.int_range(pl.len())
    records = tables.records.with_columns(
        published=pl.when(nth == 0).then(pl.lit("2025-12-13")),
        published_latest=pl.when(nth != 1).then("published_latest"),
    )
    documents = tables.documents.with_columns(captured_earliest=pl.when(nth == 0).then("captured_earliest"))
    made = model.read(
        release.publish(Tables(records, tables.segments, documents, *tables[3:]), tmp_path).folder
    )
    assert made.published == ("2025-12-13", None)
    assert made.published.days == "2025-12-13/.."
    assert made.captured == (None, "2025-12-15T13:00Z")
    assert made.captured.days == "../2025-12-15"
    assert made.year == "2025"


def test_examples_are_short_and_hold_no_address(tmp_path):
    letters = [
        "Write to ada@example.org now.",
        "Call +44 20 7946 0958 now.",
        "See https://people.example/in/ada now.",
        "Looms weave. " * 200_000 + "End.",
    ]
    made = model.read(release.publish(make_tables({"a.txt": letters}), tmp_path).folder)
    examples = {column.name: column.example for column in made.table("records").columns}
    assert examples["text"] == "Looms weave. Looms weave. Looms weave. L…"
    assert examples["language_confidence"] == "0.7"
    assert not [name for name in NAMING if examples.get(name)]
    assert max(len(text) for text in examples.values() if text) <= EXAMPLE_CHARS + 1


def test_the_site_is_the_host_where_nothing_else_is_said(tmp_path):
    tables = make_tables()
    address = pl.lit("https://user:secret@looms.example:8080/a?b").alias("source_url")
    made = release.publish(tables._replace(documents=tables.documents.with_columns(address)), tmp_path)
    assert {source.site for source in model.read(made.folder).sources} == {"looms.example"}


def test_the_day_of_publication_is_a_day(tmp_path):
    said = {"published": date(2026, 11, 21), "creators": ["Ada", "Bob"]}
    dataset = TypeAdapter(release.Dataset).validate_python(said)
    made = release.publish(make_tables(), tmp_path, dataset)
    assert model.read(made.folder).dataset == dataset
    assert json.loads((made.folder / "manifest.json").read_text())["dataset"]["published"] == "2026-11-21"
