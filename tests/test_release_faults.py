"""Whatever goes wrong, the older state stays whole, and one sentence says what happened."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from pipeline import release, removals
from pipeline.engine import local
from pipeline.release import differences, root
from tests.tables import PAGES, make_tables

HERE = Path(__file__).parents[1]
MORE = PAGES | {"c/cards.txt": ["Cards carry patterns."]}
# What a process does that publishes a second version into the folder it is given, after it has run `harm`.
SECOND = """
import os, resource, signal, sys, time
from pathlib import Path
from pipeline import release
from pipeline.release import publishing, root
from tests.tables import make_tables
from tests.test_release_faults import MORE
{harm}
try:
    print(release.publish(make_tables(MORE), Path(sys.argv[1])))
except release.PublishError as error:
    sys.exit(str(error))
"""


def start(dist, harm=""):
    """Start a process that publishes."""
    command = [sys.executable, "-c", SECOND.format(harm=harm), str(dist)]
    return subprocess.Popen(command, cwd=HERE, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(dist, harm=""):
    """Let a process publish; return its exit code and what it said."""
    process = start(dist, harm)
    said, wrong = process.communicate(timeout=60)
    return process.returncode, (said + wrong).strip()


def whole(folder):
    """Map every path below a folder to its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def latest(dist):
    """Return the version that the index calls the latest."""
    return json.loads((dist / release.Dataset.name / "index.json").read_text())["latest"]


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Publish a first version."""
    folder = tmp_path_factory.mktemp("first")
    release.publish(make_tables(), folder)
    return folder


@pytest.fixture(scope="module")
def second(first, tmp_path_factory):
    """Publish a second version."""
    folder = shutil.copytree(first, tmp_path_factory.mktemp("second"), dirs_exist_ok=True)
    release.publish(make_tables(MORE), folder)
    return folder


@pytest.fixture
def dist(first, tmp_path):
    """Copy the first version."""
    return Path(shutil.copytree(first, tmp_path / "dist"))


def test_killed_before_the_rename_leaves_the_old_state(dist):
    before = whole(dist)
    code, _ = run(dist, "publishing._reveal = lambda *_: os.kill(os.getpid(), signal.SIGKILL)")
    assert code == -signal.SIGKILL
    [left] = (dist / release.Dataset.name).glob(".tmp-*")
    assert {path: data for path, data in whole(dist).items() if left not in path.parents} == before
    assert release.publish(make_tables(MORE), dist).version == "v1.1.0"
    assert not list((dist / release.Dataset.name).glob(".tmp-*"))


def test_killed_before_the_index_is_mended_by_the_next_run(dist):
    code, _ = run(dist, "root.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)")
    assert code == -signal.SIGKILL
    assert latest(dist) == "v1.0.0"
    assert str(release.publish(make_tables(MORE), dist)) == "unchanged since v1.1.0"
    assert latest(dist) == "v1.1.0"
    assert "v1.1.0/records" in (dist / release.Dataset.name / "README.md").read_text()


@pytest.mark.parametrize("n_files", [1, 2, 3, 4])
def test_killed_between_the_files_of_the_root_is_mended(dist, second, n_files):
    harm = f"""
plain, done = root.replace, []
def replace(*args):
    if len(done) == {n_files}:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(args); plain(*args)
root.replace = replace
"""
    code, _ = run(dist, harm)
    assert code == (-signal.SIGKILL if n_files < 4 else 0)
    release.publish(make_tables(MORE), dist)
    assert {p.relative_to(dist): b for p, b in whole(dist).items()} == {
        p.relative_to(second): b for p, b in whole(second).items()
    }


@pytest.mark.parametrize("limit", [100, 3_000, 9_000, 20_000])
def test_a_full_disk_ends_with_one_sentence_and_nothing_half_made(dist, limit):
    before = whole(dist)
    code, said = run(dist, f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))")
    assert code == 1
    assert "file too large" in said.lower()
    assert said.endswith("nothing was published")
    assert len(said.splitlines()) == 1
    assert whole(dist) == before
    assert not list((dist / release.Dataset.name).glob(".tmp-*"))


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "dist").write_text("a file")
    with pytest.raises(
        release.PublishError, match=r"dist.*: (not a directory|file exists); nothing was published"
    ):
        release.publish(make_tables(), tmp_path / "dist")
    assert (tmp_path / "dist").read_text() == "a file"


def test_a_file_where_the_dataset_should_be(tmp_path):
    (tmp_path / release.Dataset.name).write_text("a file")
    with pytest.raises(release.PublishError, match="file exists; nothing was published"):
        release.publish(make_tables(), tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(release.PublishError, match="no such file or directory; nothing was published"):
        release.publish(make_tables(), tmp_path / "none" / "dist")
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unwritable for root")
def test_an_unwritable_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(release.PublishError, match="permission denied; nothing was published"):
        release.publish(make_tables(), tmp_path / "dist")


def test_a_folder_in_the_way_of_the_version_is_not_touched(dist):
    (dist / release.Dataset.name / "v1.1.0").mkdir()
    (dist / release.Dataset.name / "v1.1.0" / "mine.txt").write_text("mine")
    with pytest.raises(release.PublishError, match="not empty; nothing was published"):
        release.publish(make_tables(MORE), dist)
    assert (dist / release.Dataset.name / "v1.1.0" / "mine.txt").read_text() == "mine"
    assert latest(dist) == "v1.0.0"


def test_a_damaged_index_is_named(dist):
    (dist / release.Dataset.name / "index.json").write_text("{")
    with pytest.raises(release.PublishError, match=r"index\.json is no index"):
        release.publish(make_tables(MORE), dist)


@pytest.mark.parametrize(
    ("file", "harm"),
    [
        ("manifest.json", b"{"),
        ("manifest.json", b"{}"),
        ("schema/records.schema.json", b"?"),
        ("records/part-00000.parquet", b"PAR1"),
    ],
)
def test_a_damaged_file_of_the_latest_version_is_named(dist, file, harm):
    path = dist / release.Dataset.name / "v1.0.0" / file
    path.write_bytes(harm)
    with pytest.raises(
        release.PublishError, match=f"{re.escape(str(path))} is damaged.*[Nn]othing was published"
    ):
        release.publish(make_tables(MORE), dist)


@pytest.mark.parametrize("pages", [PAGES, MORE])
def test_a_missing_file_of_the_latest_version_is_named(dist, pages):
    path = dist / release.Dataset.name / "v1.0.0" / "records" / "part-00000.parquet"
    path.unlink()
    with pytest.raises(release.PublishError, match=f"{re.escape(str(path))} is missing.*do: restore it"):
        release.publish(make_tables(pages), dist)
    assert latest(dist) == "v1.0.0"


def test_a_version_with_other_bytes_is_not_called_unchanged(dist):
    path = dist / release.Dataset.name / "v1.0.0" / "records" / "part-00000.parquet"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(
        release.PublishError, match=r"has other bytes than manifest\.json says.*dehusk verify"
    ):
        release.publish(make_tables(), dist)


def test_a_stray_folder_is_named(dist):
    shutil.copytree(dist / release.Dataset.name / "v1.0.0", dist / release.Dataset.name / "v9.9")
    with pytest.raises(release.PublishError, match=r"v9\.9 is no version"):
        release.publish(make_tables(MORE), dist)


def test_a_time_that_is_none_is_named(dist, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    with pytest.raises(release.PublishError, match=r"SOURCE_DATE_EPOCH is 'abc'.*nothing was published"):
        release.publish(make_tables(MORE), dist)


def test_a_gate_that_must_hold_stops_the_command_line_too():
    tables = make_tables()
    local.hold_to_gates(tables)
    broken = tables.records.with_columns(n_promised=pl.lit(9, pl.Int32))
    with pytest.raises(release.PublishError, match=r"promises kept does not hold: .*; nothing was published"):
        local.hold_to_gates(tables._replace(records=broken))


def test_of_two_at_once_one_wins_and_the_other_is_told(dist):
    slow = start(
        dist, "plain = publishing._reveal\npublishing._reveal = lambda *a: (time.sleep(3), plain(*a))"
    )
    home = dist / release.Dataset.name
    while not list(home.glob(".tmp-*/manifest.json")):
        assert slow.poll() is None
        time.sleep(0.01)
    with pytest.raises(
        release.PublishError, match="another process is publishing here; nothing was published"
    ):
        release.publish(make_tables(MORE), dist)
    said, _ = slow.communicate(timeout=60)
    assert said.startswith("v1.1.0 published")
    assert not release.publish(make_tables(MORE), dist).changed


def test_what_a_living_process_makes_is_not_swept_away(tmp_path):
    living = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for process in (living, dead):
        (tmp_path / f".tmp-next-{process.pid}").mkdir()
        (tmp_path / f".tmp-next-{process.pid}" / "file").write_text("")
    (tmp_path / f".tmp-index.json-{dead.pid}").write_text("")
    try:
        root.sweep(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [f".tmp-next-{living.pid}"]
    finally:
        living.kill()
        living.wait()


# What was asked out, and what was withdrawn --------------------------------------------------------


ASK = """
from pipeline import removals
from tests.test_release_faults import stone
stones = [stone("{record_id}")]
"""


def asked_out(dist):
    """Return the list of what was asked out, and a record that the second version would bring."""
    new = set(make_tables(MORE).records["record_id"]) - set(make_tables().records["record_id"])
    return dist / release.Dataset.name / removals.NAME, new.pop()


def stone(record_id):
    """Make the tombstone of a record."""
    digest = removals.digest("id", record_id)
    return removals.Tombstone(selector="id", sha256=digest, reason="asked", date="2026-01-02")


@pytest.mark.parametrize("line", ["{", '{"id": "r_1"}', '{"selector": "id", "sha256": "1"}', "\x00", '"id"'])
def test_a_damaged_list_of_tombstones_is_named_and_nothing_is_published(dist, line):
    file, record_id = asked_out(dist)
    file.write_text(removals.render([stone(record_id)]) + line + "\n")
    before = whole(dist)
    with pytest.raises(release.PublishError, match=r"removals\.jsonl:2: no tombstone.*Nothing was published"):
        release.publish(make_tables(), dist)
    with pytest.raises(release.PublishError, match=r"removals\.jsonl:2: no tombstone"):
        removals.standing(dist)
    with pytest.raises(release.PublishError, match=r"removals\.jsonl:2: no tombstone"):
        release.ask_out(file.parent, [stone("r_0")])
    assert whole(dist) == before


def test_a_list_of_another_dataset_that_is_damaged_stops_this_one_too(dist):
    release.publish(make_tables(), dist, "other")
    (dist / "other" / removals.NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(release.PublishError, match=r"other/removals\.jsonl: .*Nothing was published"):
        release.publish(make_tables(MORE), dist)


def test_killed_while_it_is_written_the_list_is_the_old_one(dist):
    file, record_id = asked_out(dist)
    release.ask_out(file.parent, [stone("r_0")])
    before = file.read_bytes()
    harm = (
        ASK.format(record_id=record_id)
        + f"""
root.sync = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
publishing.ask_out(Path({str(file.parent)!r}), stones)
"""
    )
    code, _ = run(dist, harm)
    assert code == -signal.SIGKILL
    assert file.read_bytes() == before
    release.ask_out(file.parent, [stone(record_id)])
    assert not list(file.parent.glob(".tmp-*"))


def test_killed_between_the_tombstone_and_the_release_the_tombstone_holds(dist):
    file, record_id = asked_out(dist)
    harm = (
        ASK.format(record_id=record_id)
        + f"""
publishing.ask_out(Path({str(file.parent)!r}), stones)
publishing.fill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""
    )
    code, said = run(dist, harm)
    assert (code, "was asked out" in said) == (1, True)
    with pytest.raises(release.PublishError, match=f"record {record_id} was asked out"):
        release.publish(make_tables(MORE), dist)
    assert latest(dist) == "v1.0.0"


def test_a_tombstone_cannot_slip_in_while_a_version_is_being_published(dist):
    slow = start(
        dist, "plain = publishing._reveal\npublishing._reveal = lambda *a: (time.sleep(3), plain(*a))"
    )
    file, record_id = asked_out(dist)
    while not list(file.parent.glob(".tmp-*/manifest.json")):
        assert slow.poll() is None
        time.sleep(0.01)
    with pytest.raises(release.PublishError, match="another process is publishing here"):
        release.ask_out(file.parent, [stone(record_id)])
    slow.communicate(timeout=60)
    assert len(release.ask_out(file.parent, [stone(record_id)])) == 1


@pytest.mark.parametrize("harm", ["withdrawal.delete", "root.write"])
def test_killed_while_withdrawing_is_mended_by_the_next_run(dist, harm):
    release.publish(make_tables(MORE), dist)
    home = dist / release.Dataset.name
    stop = f"{harm} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    code, _ = run(
        dist,
        f"from pipeline.release import withdrawal\n{stop}\n"
        f"publishing.withdraw(Path({str(home)!r}), 'v1.0.0', 'x', '2026-01-02', delete=True)",
    )
    assert code == -signal.SIGKILL
    assert (home / "v1.0.0" / "records").is_dir()
    release.publish(make_tables(MORE), dist)
    assert not (home / "v1.0.0" / "records").exists()
    assert [entry["status"] for entry in json.loads((home / "index.json").read_text())["versions"]] == [
        "available",
        "withdrawn",
    ]


def test_a_damaged_mark_of_a_withdrawal_is_named(dist):
    path = dist / release.Dataset.name / "v1.0.0" / "WITHDRAWN.json"
    for mark in ("{", "[]", '{"reason": "x"}'):
        path.write_text(mark)
        with pytest.raises(
            release.PublishError, match=r"WITHDRAWN\.json is damaged.*[Nn]othing was published"
        ):
            release.publish(make_tables(MORE), dist)


def test_a_diff_that_does_not_lead_to_the_version_stops_it(dist, monkeypatch):
    whole_diff = differences.compare

    def half(old, new, rows_of):
        found = whole_diff(old, new, rows_of=rows_of)
        return found._replace(record_changes=found.record_changes.head(0))

    monkeypatch.setattr(differences, "compare", half)
    before = whole(dist)
    with pytest.raises(
        release.PublishError, match=r"the diff from v1\.0\.0 leads to the data digest .*nothing"
    ):
        release.publish(make_tables(MORE), dist)
    assert whole(dist) == before
