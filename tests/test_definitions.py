"""Dagster in process: the same release as the command line, gates that stop it, and what the UI is told."""

import ast
import os
import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from pipeline import HOME, cli, ingest
from pipeline.definitions import TABLES, Folders, Frames, build_defs, seeds_changed
from pipeline.engine import local
from pipeline.gates import GATES
from pipeline.release import folder
from schemas import Tables, arrow_schema

PAGES = ("000_c47ce09dd33817fe.txt", "003_c24f08b6f0098007.txt")


def make_seeds(home):
    """Copy two seeds and what is said of all of them: three entries name files that are not there."""
    home.mkdir()
    for name in (*PAGES, ingest.SEEDS_TOML):
        shutil.copy(HOME / "seeds" / name, home / name)
    return home


def folders_of(home, **others):
    """Return the folders of `home`."""
    folders = {
        name: str(home / path) for name, path in (("seeds", "seeds"), ("out", "dist"), ("store", "store"))
    }
    return Folders(**folders, **others)


def run(home, **resources):
    """Run the job over `home/seeds` into `home/dist`."""
    folders = folders_of(home)
    job = build_defs({"folders": folders, **resources}).resolve_job_def("build_release")
    return job.execute_in_process(instance=dg.DagsterInstance.ephemeral(), raise_on_error=False)


def materialized(result):
    """Map each asset that was made to its metadata."""
    events = (event.materialization for event in result.get_asset_materialization_events())
    return {event.asset_key.to_user_string(): event.metadata for event in events}


def verdicts(result):
    """Map each check, as asset/check, to its evaluation."""
    return {f"{e.asset_key.to_user_string()}/{e.check_name}": e for e in result.get_asset_check_evaluations()}


def files_of(home):
    """Map every file below a folder to its bytes."""
    return {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("dagster")
    make_seeds(home / "seeds")
    return home


@pytest.fixture(scope="module")
def first(home):
    return run(home)


def test_all_loads():
    dg.Definitions.validate_loadable(build_defs())


def test_assets_are_these():
    nodes = build_defs().resolve_asset_graph().asset_nodes
    assert {(node.group_name, node.key.to_user_string()) for node in nodes} == {
        ("ingest", "seeds"),
        ("ingest", "documents"),
        ("refine", "found_records"),
        ("refine", "dated_records"),
        ("refine", "original_records"),
        ("refine", "tagged_records"),
        ("tables", "tables/records"),
        ("tables", "tables/segments"),
        ("tables", "tables/documents"),
        ("tables", "tables/spans"),
        ("tables", "tables/removed"),
        ("publish", "release"),
    }
    for node in nodes:
        assert node.description
        assert node.owners
        assert node.kinds
        assert node.code_version


def test_every_check_is_made_and_passes(first):
    assert first.success
    made = verdicts(first)
    assert set(made) == {f"tables/{gate.table}/{gate.name}" for gate in GATES} | {
        "release/parquet_equals_jsonl",
        "release/shards_alike",
        "release/files_as_listed",
    }
    assert [name for name, evaluation in made.items() if not evaluation.passed] == []


def test_row_counts_are_those_of_the_release(first, home):
    facts = materialized(first)
    version = home / "dist" / "china-tech-discourse" / facts["release"]["version"].value
    published = folder.read(version)
    for name in TABLES:
        assert facts[f"tables/{name}"]["dagster/row_count"].value == getattr(published, name).height
        assert facts["release"][f"{name} rows"].value == getattr(published, name).height
    assert published.documents["path"].to_list() == list(PAGES)


def test_what_cannot_be_read_is_told(first):
    facts = materialized(first)["documents"]
    assert facts["unreadable rows"].value == 3
    assert "002" in facts["unreadable"].value


def test_the_command_line_makes_the_same_bytes(first, home):
    tables = local.build(home / "seeds")
    local.release(tables, home / "seeds", home / "by_hand")
    assert first.success
    assert files_of(home / "by_hand") == files_of(home / "dist")


def test_a_second_run_changes_nothing(first, home):
    before = files_of(home / "dist")
    assert first.success
    again = run(home)
    assert again.success
    assert materialized(again)["release"]["is new"].value is False
    assert files_of(home / "dist") == before
    assert "no release before" not in verdicts(again)["tables/records/rows_steady"].description


def test_what_stands_in_another_dataset_is_left_out_as_on_the_command_line(first, home, tmp_path):
    assert first.success
    make_seeds(tmp_path / "seeds")
    told = (tmp_path / "seeds" / ingest.SEEDS_TOML).read_text(encoding="utf-8")
    (tmp_path / "seeds" / ingest.SEEDS_TOML).write_text(
        told.replace("china-tech-discourse", "another"), encoding="utf-8"
    )
    (tmp_path / "seeds" / "own.txt").write_text("A page that stands nowhere else.\n", encoding="utf-8")
    there = home / "dist" / "china-tech-discourse"
    folders = folders_of(tmp_path, against=[str(there)])
    made = run(tmp_path, folders=folders)
    assert made.success
    version = folders.latest()
    assert folder.read(version).records["text"].to_list() == ["A page that stands nowhere else."]
    assert set(folder.read(version).removed.filter(pl.col("record_id").is_not_null())["reason"]) == {
        "exact_copy"
    }
    at = ["--seeds", tmp_path / "seeds", "--out", tmp_path / "by_hand", "--store", tmp_path / "store"]
    said = CliRunner().invoke(cli.main, [str(word) for word in ("release", *at, "--against", there)])
    assert said.exit_code == 0, said.output
    assert files_of(tmp_path / "by_hand") == files_of(tmp_path / "dist")


def test_the_sensor_fires_when_another_dataset_has_changed(tmp_path):
    make_seeds(tmp_path / "seeds")
    (tmp_path / "more").mkdir()
    page = tmp_path / "more" / "page.txt"
    folders = folders_of(tmp_path, against=[str(tmp_path / "there" / "more")])

    def tick(cursor):
        return seeds_changed(dg.build_sensor_context(cursor=cursor), folders=folders)

    assert "no version stands there" in tick(None).skip_message
    seen = []
    for text in ("A page of its own.", "Another page of its own."):
        page.write_text(text)
        local.release(local.build(page.parent), page.parent, tmp_path / "there", "more")
        seen.append(tick(None).cursor)
        assert isinstance(tick(seen[-1]), dg.SkipReason)
    assert seen[0] != seen[1]


def test_metadata_names_no_folder_of_this_machine(first, home):
    told = [str(value.value) for facts in materialized(first).values() for value in facts.values()]
    told += [str(value.value) for made in verdicts(first).values() for value in made.metadata.values()]
    assert len(told) > 50
    assert [text for text in told if str(HOME) in text or str(home) in text] == []


def test_columns_are_those_of_the_models():
    node = build_defs().resolve_asset_graph().get(TABLES["records"])
    columns = {column.name: column for column in node.metadata["dagster/column_schema"].columns}
    assert list(columns) == arrow_schema("records").names
    assert columns["published_raw"].description.startswith("the date words exactly as printed")
    assert columns["record_id"].constraints.unique
    assert not columns["record_id"].constraints.nullable
    assert columns["title"].constraints.nullable


def test_charts_are_pictures(first):
    facts = materialized(first)
    for asset, chart in (("tables/records", "records over time"), ("tables/spans", "bytes by role")):
        assert facts[asset][chart].value.startswith("![](data:image/svg+xml;base64,")


class RecordsTwice(Frames):
    """Frames in which a fault of ours lets every record stand twice."""

    def tables(self) -> Tables:
        tables = super().tables()
        return tables._replace(records=tables.records.vstack(tables.records))


def test_a_gate_that_must_hold_stops_the_release(tmp_path):
    make_seeds(tmp_path / "seeds")
    result = run(tmp_path, frames=RecordsTwice())
    made = verdicts(result)["tables/records/ids_unique"]
    assert not made.passed
    assert made.severity == dg.AssetCheckSeverity.ERROR
    assert not result.success
    assert "release" not in materialized(result)
    assert not (tmp_path / "dist").exists()


def test_a_gate_that_warns_does_not(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "page.txt").write_text("A page that no grammar knows.\n\nIts second paragraph.\n")
    result = run(tmp_path)
    made = verdicts(result)["tables/documents/pages_known"]
    assert not made.passed
    assert made.severity == dg.AssetCheckSeverity.WARN
    assert result.success
    assert "release" in materialized(result)


def test_a_run_without_seeds_ends_with_one_message(tmp_path):
    result = run(tmp_path)
    assert not result.success
    failure = result.get_step_failure_events()[0].step_failure_data
    assert failure.user_failure_data.description.startswith("no seeds at ")


def test_an_asset_without_what_comes_before_says_so():
    defs = build_defs()
    result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
        asset_selection=[dg.AssetKey("dated_records")],
        instance=dg.DagsterInstance.ephemeral(),
        raise_on_error=False,
    )
    failure = result.get_step_failure_events()[0].step_failure_data
    assert failure.user_failure_data.description == "found_records keeps no records yet: materialize it first"


def test_the_sensor_fires_once_for_each_change(tmp_path):
    seeds = make_seeds(tmp_path / "seeds")

    def tick(cursor):
        context = dg.build_sensor_context(cursor=cursor)
        return seeds_changed(context, folders=Folders(seeds=str(seeds)))

    fired = tick(None)
    assert len(fired.run_requests) == 1
    assert fired.run_requests[0].run_key is None
    assert isinstance(tick(fired.cursor), dg.SkipReason)
    os.utime(seeds / ingest.SEEDS_TOML, ns=(0, 0))
    described = tick(fired.cursor)
    assert described.cursor != fired.cursor
    (seeds / "new.txt").write_text("A new page.")
    grown = tick(described.cursor)
    assert grown.cursor not in (fired.cursor, described.cursor)
    shutil.rmtree(seeds)
    assert "no seeds" in tick(grown.cursor).skip_message


def test_the_sensor_waits_to_be_switched_on():
    assert seeds_changed.default_status == dg.DefaultSensorStatus.STOPPED


def imported(path: Path) -> set[str]:
    """Name the packages that a module imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def test_dagster_says_nothing_to_anyone():
    settings = yaml.safe_load((HOME / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False}
    assert settings["nux"] == {"enabled": False}


def test_only_one_room_knows_dagster():
    modules = [path for room in ("pipeline", "schemas") for path in (HOME / room).rglob("*.py")]
    assert [path.name for path in modules if "dagster" in imported(path)] == ["definitions.py"]


def test_annotations_are_read_as_they_stand():
    assert "__future__" not in imported(HOME / "pipeline" / "definitions.py")
