"""The number of a version follows from what changed; the folder above the versions tells all of it."""

import json
import shutil

import polars as pl
import pytest

from pipeline import release, verify
from pipeline.release import jsonl, manifest, versions
from pipeline.release.versions import after, schema_changes, weightiest
from tests.tables import PAGES, make_tables

HOME = release.Dataset.name


def more_pages():
    """Return tables with one page more."""
    return make_tables(PAGES | {"c/cards.txt": ["Cards carry patterns."]})


def whole(folder):
    """Map every path below a folder to its bytes and its time of change."""
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()
    }


def index(dist):
    """Return the list of versions, newest first."""
    return json.loads((dist / HOME / "index.json").read_text())["versions"]


def test_the_first_is_one(tmp_path):
    published = release.publish(make_tables(), tmp_path)
    assert (published.version, published.changed, published.previous, published.bump) == (
        "v1.0.0",
        True,
        None,
        None,
    )
    assert published.folder == tmp_path / HOME / "v1.0.0"
    assert published.rows == {"records": 4, "segments": 4, "documents": 2, "spans": 10, "removed": 1}
    assert [entry["version"] for entry in index(tmp_path)] == ["v1.0.0"]


def test_nothing_changed_writes_nothing(tmp_path):
    release.publish(make_tables(), tmp_path, inputs={"lock": "1"})
    before = whole(tmp_path)
    again = release.publish(make_tables(), tmp_path, inputs={"lock": "2"})
    assert str(again) == "unchanged since v1.0.0"
    assert not again.changed
    assert whole(tmp_path) == before


def test_nothing_changed_after_a_second_version_writes_nothing(tmp_path):
    release.publish(make_tables(), tmp_path)
    release.publish(more_pages(), tmp_path)
    before = whole(tmp_path)
    assert not release.publish(more_pages(), tmp_path).changed
    assert whole(tmp_path) == before


def test_rows_more_are_a_minor_version(tmp_path):
    release.publish(make_tables(), tmp_path)
    published = release.publish(more_pages(), tmp_path)
    assert (published.version, published.bump, published.previous) == ("v1.1.0", "minor", "v1.0.0")
    summary = json.loads((published.folder / "diff" / "from-v1.0.0" / "summary.json").read_text())
    assert summary["rows"]["records"] == {"added": 1, "removed": 0, "changed": 0, "same": 4}
    assert "records: 1 added" in summary["reasons"]
    assert "records: 1 added" in (published.folder / "README.md").read_text()
    assert "records: 1 added" in (tmp_path / HOME / "CHANGELOG.md").read_text()
    assert manifest.read(published.folder)["schema_version"] == "v1.0.0"


def test_a_value_changed_is_told_as_changed(tmp_path):
    release.publish(make_tables(), tmp_path)
    tables = make_tables()
    title = pl.when(pl.col("position") == 0).then(pl.lit("On looms")).otherwise("title").alias("title")
    published = release.publish(tables._replace(records=tables.records.with_columns(title)), tmp_path)
    summary = json.loads((published.folder / "diff" / "from-v1.0.0" / "summary.json").read_text())
    assert summary["rows"]["records"] == {"added": 0, "removed": 0, "changed": 2, "same": 2}
    assert summary["reasons"] == ["records: 2 changed, the text of none (title in 2)"]


def test_words_about_the_data_are_a_patch(tmp_path):
    release.publish(make_tables(), tmp_path)
    published = release.publish(make_tables(), tmp_path, release.Dataset(description="Other words."))
    assert (published.version, published.bump) == ("v1.0.1", "patch")
    assert published.reasons == ("other words in the card, the pages or the descriptions",)
    assert "Other words." in (tmp_path / HOME / "README.md").read_text()
    assert not any(verdict.fault for verdict in verify.of_dataset(tmp_path / HOME))


def test_files_of_other_bytes_are_named_and_the_same_whoever_compares(tmp_path, monkeypatch):
    release.publish(make_tables(), tmp_path)
    monkeypatch.setattr(jsonl, "LEVEL", 9 if jsonl.LEVEL != 9 else 1)
    published = release.publish(make_tables(), tmp_path)
    assert (published.version, published.bump) == ("v1.0.1", "patch")
    (reason,) = published.reasons
    assert reason.startswith("other bytes: jsonl/")
    assert "README.md" not in reason
    assert not any(verdict.fault for verdict in verify.of_dataset(tmp_path / HOME))


def test_a_schema_that_breaks_readers_is_a_major_version(tmp_path):
    old = release.publish(make_tables(), tmp_path)
    path = old.folder / "schema" / "spans.schema.json"
    schema = json.loads(path.read_text())
    schema["properties"]["colour"] = schema["properties"].pop("rule")
    path.write_text(json.dumps(schema))
    manifest.write_sums(old.folder)
    published = release.publish(make_tables(), tmp_path)
    assert (published.version, published.bump) == ("v2.0.0", "major")
    assert published.reasons == ("spans.colour is gone", "spans.rule is new")
    assert manifest.read(published.folder)["schema_version"] == "v2.0.0"


PLAIN = {"arrowType": "string", "type": "string"}
NULLABLE = {"arrowType": "string", "anyOf": [{"type": "string"}, {"type": "null"}]}
WORDS = {"arrowType": "string", "oneOf": [{"const": "a", "description": "x"}]}
MORE_WORDS = {
    "arrowType": "string",
    "oneOf": [{"const": "a", "description": "y"}, {"const": "b", "description": "z"}],
}


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        (PLAIN, NULLABLE, "major"),
        (NULLABLE, PLAIN, "minor"),
        (PLAIN, PLAIN | {"arrowType": "large_string"}, "major"),
        (PLAIN | {"unit": "bytes"}, PLAIN | {"unit": "characters"}, "major"),
        (PLAIN | {"pattern": "^r_"}, PLAIN | {"pattern": "^x_"}, "major"),
        (WORDS, MORE_WORDS, "minor"),
        (MORE_WORDS, WORDS, "major"),
        (PLAIN | {"description": "words"}, PLAIN | {"description": "better words"}, None),
        (PLAIN, None, "major"),
        (None, NULLABLE, "minor"),
    ],
)
def test_what_a_change_of_a_column_calls_for(old, new, level):
    tables = [{"t": {"properties": {"c": column} if column else {}}} for column in (old, new)]
    changes = schema_changes(*tables)
    assert [change.level for change in changes] == ([level] if level else [])


def test_the_weightiest_change_rules():
    changes = [versions.Change(level, "") for level in ("patch", "major", "minor")]
    assert weightiest(changes) == "major"
    assert [after("v1.9.3", level) for level in versions.LEVELS] == ["v2.0.0", "v1.10.0", "v1.9.4"]
    assert sorted(["v1.10.0", "v1.9.0"], key=versions.numbers) == ["v1.9.0", "v1.10.0"]


def test_two_versions_stay_and_all_are_listed(tmp_path):
    for n in range(4):
        release.publish(make_tables(PAGES | {f"c/{k}.txt": [f"Card {k}."] for k in range(n)}), tmp_path)
    assert sorted(path.name for path in (tmp_path / HOME).glob("v*")) == ["v1.2.0", "v1.3.0"]
    told = [(entry["version"], entry["status"]) for entry in index(tmp_path)]
    assert told == [
        ("v1.3.0", "available"),
        ("v1.2.0", "available"),
        ("v1.1.0", "archived"),
        ("v1.0.0", "archived"),
    ]
    changelog = (tmp_path / HOME / "CHANGELOG.md").read_text()
    assert all(f"## {version}" in changelog for version, _ in told)


def test_the_date_comes_from_the_environment_and_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1766000000")
    release.publish(make_tables(), tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    release.publish(more_pages(), tmp_path)
    release.publish(more_pages(), tmp_path, released="2030-01-01")
    assert [entry["released"] for entry in index(tmp_path)] == [None, "2025-12-17"]


def test_index_tells_what_is_in_each_version(tmp_path):
    published = release.publish(make_tables(), tmp_path)
    [entry] = index(tmp_path)
    told = manifest.read(published.folder)
    assert entry["rows"] == told["rows"]
    assert entry["data_digest"] == told["data_digest"]
    assert entry["schema_version"] == "v1.0.0"
    assert entry["bytes"] == sum(file["bytes"] for file in told["files"])


def test_inputs_stand_in_the_manifest(tmp_path):
    published = release.publish(make_tables(), tmp_path, inputs={"uv.lock": "12ab"})
    assert manifest.read(published.folder)["inputs"] == {"uv.lock": "12ab"}


def test_two_datasets_live_side_by_side(tmp_path):
    release.publish(make_tables(), tmp_path, "looms")
    release.publish(make_tables(), tmp_path, release.Dataset(name="engines", title="Of engines"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["engines", "looms"]
    assert "# Of engines" in (tmp_path / "engines" / "README.md").read_text()


def test_the_latest_version_is_missed_if_it_is_gone(tmp_path):
    published = release.publish(make_tables(), tmp_path)
    shutil.rmtree(published.folder)
    with pytest.raises(release.PublishError, match=r"v1\.0\.0 is listed in index\.json and is not there"):
        release.publish(more_pages(), tmp_path)


def test_a_tombstone_list_is_left_alone(tmp_path):
    release.publish(make_tables(), tmp_path)
    assert (tmp_path / HOME / "removals.jsonl").read_text() == ""
    line = '{"selector":"id","sha256":"%s","reason":"asked","date":"2026-01-02"}\n' % ("0" * 64)
    (tmp_path / HOME / "removals.jsonl").write_text(line)
    release.publish(more_pages(), tmp_path)
    assert (tmp_path / HOME / "removals.jsonl").read_text() == line


# After a withdrawal ------------------------------------------------------------------------------


def titled(title):
    """Return facts in other words: a card that differs over the same rows."""
    return release.Dataset(title=title)


def withdraw(published, *, delete=False):
    release.withdraw(published.folder.parent, published.version, "wrong", "2026-01-02", delete=delete)


@pytest.mark.parametrize("delete", [False, True])
def test_a_patch_never_has_other_rows_than_the_newest_there_was(tmp_path, delete):
    release.publish(make_tables(), tmp_path)
    withdraw(release.publish(more_pages(), tmp_path), delete=delete)
    with pytest.raises(release.PublishError, match="makes a minor version, and a patch one was asked for"):
        release.publish(make_tables(), tmp_path, titled("Looms"), bump="patch")
    made = release.publish(make_tables(), tmp_path, titled("Looms"))
    assert (made.version, made.previous, made.bump) == ("v1.2.0", "v1.0.0", "minor")
    assert made.reasons[-1] == "v1.1.0, which was withdrawn, had other rows or columns"


def test_after_a_patch_was_withdrawn_the_same_rows_can_be_released(tmp_path):
    release.publish(make_tables(), tmp_path)
    withdraw(release.publish(make_tables(), tmp_path, titled("Loms")))
    made = release.publish(make_tables(), tmp_path, titled("Looms"))
    assert (made.version, made.previous, made.bump) == ("v1.0.2", "v1.0.0", "patch")
