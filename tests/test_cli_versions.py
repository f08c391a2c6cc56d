"""Commands about versions that stand, as a script sees them."""

import json
import shutil

import pytest
from click.testing import CliRunner

from pipeline import cli, laws, release
from pipeline.grammar import specimens
from tests.tables import PAGES, make_tables

MORE = PAGES | {"c/cards.txt": ["Cards carry patterns."]}


def dehusk(*arguments: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(cli.main, [str(a) for a in arguments])
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.output


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Publish two versions, to be looked at."""
    dist = tmp_path_factory.mktemp("dist")
    release.publish(make_tables(), dist)
    release.publish(make_tables(MORE), dist)
    return dist


def test_diff_tells_the_summary_and_then_the_rows(out):
    code, said = dehusk("diff", "v1.0.0", "1.1.0", "--out", out)
    assert code == 0
    assert "v1.0.0 → v1.1.0: minor" in said
    assert "records: 1 added" in said
    assert " bytes of Parquet stand in v1.0.0" in said
    assert "new_source" in said.split("record_id")[1]
    id_ = set(make_tables(MORE).records["record_id"]) - set(make_tables().records["record_id"])
    assert id_.pop() in said


def test_what_is_the_same_of_all_records_is_said_once(tmp_path):
    release.publish(make_tables(), tmp_path)
    release.publish(make_tables(MORE | {"much": ["More."]}), tmp_path)
    said = dehusk("diff", "v1.0.0", "v1.1.0", "--out", tmp_path)[1]
    ids, alike = said.split("record_id")[1].split("of each: ")
    assert "new_source" not in ids
    assert alike.startswith("change added, reason new_source, ")


def test_diff_works_in_either_direction_and_between_folders(out, tmp_path):
    code, said = dehusk("diff", out / "dataset" / "v1.1.0", out / "dataset" / "v1.0.0", "--rows", 0)
    assert (code, "source_gone" in said, "records more" in said) == (0, True, True)
    other = release.publish(make_tables(MORE), tmp_path / "other", "elsewhere").folder
    code, said = dehusk("diff", out / "dataset" / "v1.0.0", other)
    assert (code, "records: 1 added" in said) == (0, True)


def test_diff_as_json_is_what_the_release_holds(out):
    code, said = dehusk("diff", "v1.0.0", "v1.1.0", "--out", out, "--json")
    told = json.loads(said)
    summary = json.loads((out / "dataset" / "v1.1.0" / "diff" / "from-v1.0.0" / "summary.json").read_text())
    assert code == 0
    assert told["summary"]["digests"] == summary["digests"]
    assert [row["change"] for row in told["record_changes"]] == ["added"]
    assert {row["table"] for row in told["row_changes"]} == {"segments", "documents", "spans"}


def test_diff_of_a_version_that_is_not_there_says_which_are(out, tmp_path):
    code, said = dehusk("diff", "v1.0.0", "v7.0.0", "--out", out)
    assert (code, said.count("\n")) == (cli.UNUSABLE, 1)
    assert "v7.0.0: no folder of a version" in said
    assert "v1.0.0, v1.1.0" in said
    assert dehusk("diff", "v1.0.0", "v7.0.0", "--out", tmp_path / "none")[0] == cli.UNUSABLE


@pytest.fixture
def harmed(out, tmp_path):
    """Copy the versions, whose latest lacks the records."""
    shutil.copytree(out, tmp_path / "dist")
    (tmp_path / "dist" / "dataset" / "v1.1.0" / "records" / "part-00000.parquet").unlink()
    return tmp_path / "dist"


@pytest.mark.parametrize("words", [("diff", "v1.0.0", "v1.1.0"), ("explain", "r_"), ("passages",)])
def test_a_table_that_is_missing_is_named(words, harmed):
    code, said = dehusk(*words, "--out", harmed)
    assert (code, said.count("\n")) == (cli.UNUSABLE, 1)
    assert "records/part-00000.parquet is missing: manifest.json lists it" in said
    assert "do: restore it" in said


def test_a_version_that_lacks_a_table_is_not_scored(harmed):
    code, said = dehusk("evaluate", "--release", harmed / "dataset" / "v1.1.0")
    assert (code, "part-00000.parquet is missing" in said) == (cli.UNUSABLE, True)


def test_who_downloaded_one_table_can_list_its_passages(harmed):
    folder = harmed / "dataset" / "v1.0.0"
    shutil.rmtree(folder / "spans")
    assert dehusk("passages", "--version", folder, "--out", harmed)[0] == 0


def test_passages_stand_in_one_record_at_least(out):
    assert dehusk("passages", "--least", 1, "--out", out)[0] == 0
    code, said = dehusk("passages", "--least", 0, "--out", out)
    assert (code, "0 is not in the range x>=1" in said) == (cli.UNUSABLE, True)


@pytest.mark.parametrize(("asked", "outcome"), [("patch", None), ("minor", "v1.1.0"), ("major", "v2.0.0")])
def test_a_bump_below_what_changed_is_refused(asked, outcome, tmp_path):
    page = laws.page_of(specimens()["nostr_profile"])
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "page.txt").write_text(page)
    ask = ("release", "--seeds", tmp_path / "seeds", "--out", tmp_path / "dist", "--name", "notes")
    assert dehusk(*ask)[0] == 0
    (tmp_path / "seeds" / "page.txt").write_text(page + "One line more.\n")
    code, said = dehusk(*ask, "--bump", asked)
    if outcome is None:
        assert code == cli.UNPUBLISHED
        assert "what changed makes a minor version, and a patch one was asked for" in said
        assert said.strip().endswith("Nothing was published")
        assert [path.name for path in (tmp_path / "dist" / "notes").glob("v*")] == ["v1.0.0"]
    else:
        assert (code, f"{outcome} published" in said) == (0, True)
        assert dehusk(*ask, "--bump", asked)[1].count("unchanged since") == 1


def test_of_two_datasets_one_has_to_be_named(tmp_path):
    for name in ("looms", "mills"):
        release.publish(make_tables(), tmp_path, name)
    code, said = dehusk("withdraw", "v1.0.0", "--reason", "x", "--out", tmp_path)
    assert (code, "holds 2 datasets, looms, mills; do: name one by --dataset" in said) == (cli.UNUSABLE, True)
    code, said = dehusk("withdraw", "v1.0.0", "--reason", "x", "--out", tmp_path, "--dataset", "wheels")
    assert (code, "wheels: no dataset is there" in said) == (cli.UNUSABLE, True)


def test_no_version_is_withdrawn_under_a_day_to_come(tmp_path):
    home = release.publish(make_tables(), tmp_path).folder.parent
    code, said = dehusk("withdraw", "v1.0.0", "--reason", "x", "--out", tmp_path, "--date", "2999-01-01")
    assert (code, "2999-01-01 is yet to come" in said) == (cli.UNUSABLE, True)
    assert not (home / "v1.0.0" / "WITHDRAWN.json").exists()


def test_of_a_version_whose_files_were_deleted_it_is_told_that_it_was_withdrawn(tmp_path):
    page = tmp_path / "seeds" / "page.txt"
    page.parent.mkdir()
    for words in ("A page of no kind", "Another page"):
        page.write_text(words)
        dehusk("release", "--seeds", page.parent, "--out", tmp_path / "dist", "--name", "notes")
    assert dehusk("withdraw", "v1.0.0", "--reason", "x", "--delete", "--out", tmp_path / "dist")[0] == 0
    code, said = dehusk("diff", "v1.0.0", "v1.1.0", "--out", tmp_path / "dist")
    told = "v1.0.0 was withdrawn, and its files were deleted, as WITHDRAWN.json says; do: ask for another version"
    assert (code, told in said, "restore" in said) == (cli.UNUSABLE, True, False), said


def test_where_older_versions_were_dropped_not_every_one_is_said_to_be_withdrawn(tmp_path):
    pages = PAGES
    for name in ("d", "e", "f"):
        release.publish(make_tables(pages), tmp_path)
        pages = pages | {name: [f"More of {name}."]}
    dehusk("withdraw", "v1.2.0", "--reason", "x", "--out", tmp_path)
    said = dehusk("withdraw", "v1.1.0", "--reason", "x", "--out", tmp_path)[1]
    assert "the latest is none: no version that was not withdrawn has its files here" in said
