"""`publish` to a folder: all at once, never over what stands, resumed and never half visible."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import release, removals, verify
from pipeline.carry import listing, stores
from pipeline.carry.download import find
from pipeline.carry.protocol import CarryError
from pipeline.carry.publish import publish
from pipeline.release import manifest
from tests.tables import PAGES, make_tables
from tests.test_cli import dehusk
from tests.web_server import serving

HERE = Path(__file__).parents[1]
# What a process does that publishes from one folder to another, after it has run `harm`.
RUN = """
import os, resource, signal, sys, time
from pathlib import Path
from pipeline.carry import stores
from pipeline.carry.publish import publish
{harm}
try:
    print(publish(Path(sys.argv[1]), sys.argv[2]))
except Exception as error:
    sys.exit(str(error))
"""


def start(home, target, harm=""):
    command = [sys.executable, "-c", RUN.format(harm=harm), str(home), str(target)]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    return subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )


def run(home, target, harm=""):
    process = start(home, target, harm)
    said, wrong = process.communicate(timeout=60)
    return process.returncode, (said + wrong).strip()


def whole(folder):
    return {path: (folder / path).read_bytes() for path in manifest.files(folder)}


def index(folder):
    told = json.loads((folder / "index.json").read_text())
    return told["latest"], {entry["version"]: entry["status"] for entry in told["versions"]}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    dist = tmp_path_factory.mktemp("dist")
    release.publish(make_tables(), dist)
    return release.publish(make_tables(PAGES | {"c.txt": ["Cards."]}), dist).folder.parent


@pytest.fixture
def home(sound, tmp_path):
    return Path(shutil.copytree(sound, tmp_path / "dataset"))


@pytest.fixture
def target(tmp_path):
    return tmp_path / "target"


def test_both_versions_published_are_the_dataset(sound, target):
    assert str(publish(sound, str(target), "v1.0.0")).startswith(f"{target}: v1.0.0 published; ")
    assert index(target) == ("v1.0.0", {"v1.1.0": "archived", "v1.0.0": "available"})
    assert [one.fault for one in verify.of_dataset(target)] == [None]
    publish(sound, str(target))
    assert whole(target) == whole(sound)
    assert [one.fault for one in verify.of_dataset(target)] == [None, None]


def test_publishing_again_changes_nothing_and_says_so(sound, target):
    publish(sound, str(target))
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*")}
    assert str(publish(sound, str(target))) == f"{target}: v1.1.0 stands already"
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*")} == before


def test_an_older_version_comes_after_the_newer(sound, target):
    publish(sound, str(target), "1.1.0")
    publish(sound, str(target), "1.0.0")
    assert whole(target) == whole(sound)


def test_another_version_of_the_same_number_is_not_written_over(home, target, tmp_path):
    other = release.publish(make_tables({"c.txt": ["Other cards."]}), tmp_path / "other").folder.parent
    publish(other, str(target))
    before = whole(target)
    with pytest.raises(release.PublishError, match=r"lists another v1\.0\.0 .*; nothing was published$"):
        publish(home, str(target))
    (target / "index.json").unlink()
    with pytest.raises(
        release.PublishError, match=r"is another v1\.0\.0, and a version never changes; nothing"
    ):
        publish(home, str(target), "v1.0.0")
    assert whole(target) == {path: data for path, data in before.items() if path != "index.json"}


def test_a_stale_copy_does_not_publish_over_a_newer(sound, target, tmp_path):
    stale = release.publish(make_tables(), tmp_path / "stale").folder.parent
    publish(sound, str(target))
    before = whole(target)
    with pytest.raises(release.PublishError, match=r"lists a v1\.1\.0 that is not known here; nothing was"):
        publish(stale, str(target))
    assert whole(target) == before


def test_another_dataset_is_not_published_over(sound, target, tmp_path):
    other = release.publish(make_tables(), tmp_path / "other", "poems").folder.parent
    publish(sound, str(target))
    with pytest.raises(release.PublishError, match="holds dataset, and not poems; nothing was published"):
        publish(other, str(target))


def test_a_version_that_does_not_hold_is_not_published(home, target):
    (home / "v1.1.0" / "README.md").write_text("mine")
    with pytest.raises(
        release.PublishError, match=r"v1\.1\.0: README\.md has 4 bytes, .*; nothing was published"
    ):
        publish(home, str(target))
    assert not target.exists()


@pytest.mark.parametrize("version", ["v9.0.0", "poem"])
def test_a_version_that_is_not_there_is_named(sound, target, version):
    with pytest.raises(release.PublishError, match="it is not listed; nothing was published"):
        publish(sound, str(target), version)


def test_targets_that_cannot_be(sound, tmp_path):
    (tmp_path / "File").write_text("in the way")
    for address, words in (
        ("http://localhost:9/x", "can be read and not written"),
        (str(sound), "is the folder that it comes from"),
        (str(tmp_path / "File" / "b"), f"{tmp_path / 'File' / 'b'}: not a directory"),
        ("what://ever", "is no store"),
    ):
        if words == "is no store":
            pytest.importorskip("obstore", reason="stores need the extra `stores`")
        code, said = dehusk("publish", address, "--from", sound)
        assert (code, said.count("\n"), words in said) == (3, 1, True), said
        assert said.endswith("; nothing was published\n")


@pytest.mark.parametrize("after", [0, 1, 4, 9, 15, "reveal", "index"])
def test_killed_at_any_moment_it_is_never_half_visible_and_the_next_run_goes_on(sound, target, after):
    publish(sound, str(target), "v1.0.0")
    before = whole(target)
    kill = "os.kill(os.getpid(), signal.SIGKILL)"
    harm = {
        "reveal": f"stores.Folder.reveal = lambda *_: {kill}",
        "index": f"stores.Folder.replace = lambda *_: {kill}",
    }.get(
        after,
        f"plain, count = stores.Folder.create, []\n"
        f"stores.Folder.create = lambda *a: {kill} if count.append(1) or len(count) > {after} else plain(*a)",
    )
    code, _ = run(sound, target, harm)
    assert code == -signal.SIGKILL
    seen = {path: data for path, data in whole(target).items() if not path.startswith(".part-v1.1.0/")}
    if after == "index":
        assert whole(target / "v1.1.0") == whole(sound / "v1.1.0")
        seen = {path: data for path, data in seen.items() if not path.startswith("v1.1.0/")}
    assert seen == before
    assert index(target)[0] == "v1.0.0"
    publish(sound, str(target))
    assert whole(target) == whole(sound)


def test_what_a_crash_left_damaged_is_mended(sound, target):
    draft = target / ".part-v1.1.0"
    shutil.copytree(sound / "v1.1.0", draft)
    (draft / manifest.NAME).unlink()
    (draft / "records" / "part-00000.parquet").write_bytes(b"half")
    (draft / "records" / ".tmp-part-00001.parquet-1").write_bytes(b"half")
    publish(sound, str(target))
    assert whole(target / "v1.1.0") == whole(sound / "v1.1.0")


def test_what_another_run_began_with_other_files_is_not_touched(sound, target):
    draft = target / ".part-v1.1.0"
    draft.mkdir(parents=True)
    (draft / manifest.SUMS).write_text("other")
    with pytest.raises(release.PublishError, match=r"SHA256SUMS is of another run.*; nothing was published"):
        publish(sound, str(target))
    assert whole(target) == {".part-v1.1.0/SHA256SUMS": b"other"}


def test_of_two_at_once_one_wins_and_the_other_is_told(sound, target):
    slow = start(
        sound,
        target,
        "plain = stores.Folder.reveal\nstores.Folder.reveal = lambda *a: (time.sleep(3), plain(*a))[1]",
    )
    while not (target / ".part-v1.1.0").exists():
        assert slow.poll() is None
        time.sleep(0.01)
    with pytest.raises(release.PublishError, match="another process is writing here; nothing was published"):
        publish(sound, str(target))
    said, _ = slow.communicate(timeout=60)
    assert "v1.1.0 published" in said
    assert whole(target) == {p: d for p, d in whole(sound).items() if not p.startswith("v1.0.0")} | {
        name: (target / name).read_bytes()
        for name in ("CHANGELOG.md", "README.md", "index.html", "index.json")
    }


@pytest.mark.parametrize("limit", [100, 3_000, 9_000])
def test_a_full_disk_leaves_what_was_there_and_says_so(sound, target, limit):
    publish(sound, str(target), "v1.0.0")
    before = whole(target)
    code, said = run(sound, target, f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))")
    assert (code, said.count("\n")) == (1, 0)
    assert said.endswith("file too large; nothing was published")
    assert {path: data for path, data in whole(target).items() if not path.startswith(".part-")} == before
    publish(sound, str(target))
    assert whole(target) == whole(sound)


def test_an_index_that_others_write_all_the_time_is_given_up(sound, target, monkeypatch):
    monkeypatch.setattr(listing, "WAIT_S", 0)
    monkeypatch.setattr(stores.Folder, "replace", lambda *_: False)
    with pytest.raises(release.PublishError, match=r"gave up after 20 tries; v1\.1\.0 is there whole"):
        publish(sound, str(target))
    monkeypatch.undo()
    publish(sound, str(target))
    assert [one.fault for one in verify.of_dataset(target)] == [None]


def test_a_tombstone_is_carried_and_none_is_lost(home, target):
    said = {"reason": "opt_out", "date": "2026-01-02"}
    one, two, three = removals.stones_for(
        {"author": ["Bob"], "source": ["x"], "url": ["a.example"]}, [], **said
    )
    (home / removals.NAME).write_text(removals.render([one, two]))
    target.mkdir()
    (target / removals.NAME).write_text(removals.render([three, two]))
    publish(home, str(target))
    assert (target / removals.NAME).read_text() == removals.render([one, two, three])
    assert [one.fault for one in verify.of_dataset(target)] == [None]


@pytest.mark.parametrize("place", ["dataset", "poems", "target"])
def test_a_version_that_holds_what_was_asked_out_is_not_sent(home, tmp_path, place):
    target = tmp_path / "elsewhere" / "target"
    file = target / removals.NAME if place == "target" else home.parent / place / removals.NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(exist_ok=True)
    said = {"reason": "opt_out", "date": "2026-01-02"}
    file.write_text(removals.render(removals.stones_for({"author": ["Ada"]}, [], **said)))
    code, told = dehusk("publish", target, "--from", home)
    assert (code, told.count("\n")) == (3, 1)
    assert " was asked out, see removals.jsonl; do: release again, then publish; nothing was pub" in told
    assert not list(target.glob("*v1*"))


def test_what_was_asked_out_and_withdrawn_goes_there_before_a_version_is_refused(home, target):
    publish(home, str(target), "v1.0.0")
    publish(home, str(target))
    said = {"reason": "opt_out", "date": "2026-01-02"}
    stones = removals.stones_for({"author": ["Ada"]}, [], **said)
    (home / removals.NAME).write_text(removals.render(stones))
    release.withdraw(home, "v1.1.0", "opt_out", "2026-01-02", delete=True)
    with pytest.raises(
        release.PublishError, match=r"again, then publish; no version was published; v1\.1\.0/WITHDRAWN"
    ):
        publish(home, str(target))
    assert (target / removals.NAME).read_text() == removals.render(stones)
    assert index(target) == ("v1.0.0", {"v1.1.0": "withdrawn", "v1.0.0": "available"})
    assert not (target / "v1.1.0" / "records").exists()


@pytest.fixture(scope="module")
def carried(sound, tmp_path_factory):
    """Publish three versions to a target."""
    folder = tmp_path_factory.mktemp("three")
    home, target = Path(shutil.copytree(sound, folder / "dataset")), folder / "target"
    publish(home, str(target), "v1.0.0")
    publish(home, str(target))
    release.publish(make_tables(PAGES | {"d.txt": ["Drums."]}), home.parent)
    publish(home, str(target))
    return folder


@pytest.fixture
def three(carried, tmp_path, target):
    """Copy the folder, which keeps the last two of three versions, and the target, which has all."""
    shutil.copytree(carried, tmp_path, dirs_exist_ok=True)
    home = tmp_path / "dataset"
    newest = index(home)[0]
    assert index(home)[1] == {newest: "available", "v1.1.0": "available", "v1.0.0": "archived"}
    assert index(target)[1] == dict.fromkeys((newest, "v1.1.0", "v1.0.0"), "available")
    return home, newest


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_version_archived_here_is_withdrawn_there(three, target, is_deleted):
    home, newest = three
    release.withdraw(home, "v1.0.0", "a mistake", "2026-01-02", delete=is_deleted)
    assert index(home) == (newest, {newest: "available", "v1.1.0": "available", "v1.0.0": "withdrawn"})
    assert [one.fault for one in verify.of_dataset(home)] == [None, None]
    assert "v1.0.0/WITHDRAWN.json" in publish(home, str(target)).listed
    assert index(target) == index(home)
    assert (target / "v1.0.0" / "records").exists() != is_deleted
    assert [one.fault for one in verify.of_dataset(target)] == [None] * (2 if is_deleted else 3)
    assert not publish(home, str(target)).listed
    release.publish(make_tables({"e.txt": ["Dyes."]}), home.parent)
    assert index(home)[1]["v1.0.0"] == "withdrawn"


def test_withdrawals_arrive_where_only_a_version_archived_here_is_left(three, target):
    home, newest = three
    for version in (newest, "v1.1.0"):
        release.withdraw(home, version, "a mistake", "2026-01-02", delete=True)
    assert {f"{newest}/WITHDRAWN.json", "v1.1.0/WITHDRAWN.json"} <= {*publish(home, str(target)).listed}
    assert index(target) == ("v1.0.0", {newest: "withdrawn", "v1.1.0": "withdrawn", "v1.0.0": "available"})
    assert not list(target.glob("v1.[1-9]*/records"))
    assert [one.fault for one in verify.of_dataset(target)] == [None]


def test_marks_arrive_even_where_the_version_that_is_left_is_damaged(three, target):
    home, newest = three
    (target / "v1.0.0" / "stats.json").write_text("{}")
    for version in (newest, "v1.1.0"):
        release.withdraw(home, version, "a mistake", "2026-01-02", delete=True)
    with pytest.raises(release.PublishError, match=r"v1\.0\.0/stats\.json has "):
        publish(home, str(target))
    assert len(list(target.glob("v1.[1-9]*/WITHDRAWN.json"))) == 2
    assert not list(target.glob("v1.[1-9]*/records"))


def test_a_mark_that_another_run_wrote_first_is_read_anew(home, target, monkeypatch):
    publish(home, str(target), "v1.0.0")
    publish(home, str(target))
    release.withdraw(home, "v1.1.0", "a mistake", "2026-01-02")
    plain, lost = stores.Folder.replace, []

    def lose_once(self, path, data, tag):
        if path.endswith(manifest.WITHDRAWN) and not lost:
            lost.append(path)
            plain(self, path, b"{}", tag)
        return plain(self, path, data, tag)

    monkeypatch.setattr(listing, "WAIT_S", 0)
    monkeypatch.setattr(stores.Folder, "replace", lose_once)
    publish(home, str(target))
    assert lost
    assert whole(target) == whole(home)


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_withdrawal_reaches_the_target_and_stays(home, target, is_deleted, tmp_path, monkeypatch):
    stale = Path(shutil.copytree(home, tmp_path / "stale" / "dataset"))
    publish(home, str(target), "v1.0.0")
    publish(home, str(target), "v1.1.0")
    release.withdraw(home, "v1.1.0", "a mistake", "2026-01-02", delete=is_deleted)
    said = str(publish(home, str(target)))
    assert said.startswith(f"{target}: v1.0.0 stands already; v1.1.0/WITHDRAWN.json, ")
    assert index(target) == ("v1.0.0", {"v1.1.0": "withdrawn", "v1.0.0": "available"})
    assert (target / "v1.1.0" / "records").exists() != is_deleted
    assert whole(target) == whole(home)
    assert [one.fault for one in verify.of_dataset(target)] == [None] * (1 if is_deleted else 2)
    release.withdraw(home, "v1.1.0", "a greater mistake", "2026-01-03")
    publish(home, str(target))
    assert whole(target) == whole(home)
    assert b"a greater mistake" in whole(target)["v1.1.0/WITHDRAWN.json"]
    monkeypatch.chdir(tmp_path)
    assert dehusk("download", target, "--out", "latest")[0] == 0
    code, said = dehusk("download", target, "--version", "v1.1.0", "--out", "old")
    assert "v1.1.0 was withdrawn" in said
    assert "a greater mistake" in said
    assert (code, (tmp_path / "old" / "WITHDRAWN.json").exists()) == ((2, False) if is_deleted else (0, True))
    with pytest.raises(release.PublishError, match=r"v1\.1\.0 was withdrawn from .*; nothing was published"):
        publish(stale, str(target))
    publish(stale, str(target), "v1.0.0")
    assert index(target)[1]["v1.1.0"] == "withdrawn"


def test_all_versions_withdrawn_are_carried_too(home, target):
    publish(home, str(target), "v1.0.0")
    publish(home, str(target), "v1.1.0")
    for version in ("v1.0.0", "v1.1.0"):
        release.withdraw(home, version, "a mistake", "2026-01-02")
    assert "no version is left to publish" in str(publish(home, str(target)))
    assert index(target) == (None, {"v1.1.0": "withdrawn", "v1.0.0": "withdrawn"})
    *marked, last = map(str, verify.of_dataset(target))
    assert ["withdrawn since 2026-01-02: a mistake" in one for one in marked] == [True, True]
    assert last == "dataset has no version that is available"
    with pytest.raises(CarryError, match="has no version that is available"):
        find(stores.opened(str(target)))


def test_what_was_published_is_downloaded_and_verified_by_anyone(sound, target, tmp_path, monkeypatch):
    publish(sound, str(target))
    monkeypatch.chdir(tmp_path)
    with serving(target) as (address, _):
        assert dehusk("download", address)[0] == 0
        assert dehusk("verify", address)[0] == 0
    assert whole(tmp_path / "dataset" / "v1.1.0") == whole(sound / "v1.1.0")


def test_the_command_takes_the_only_dataset_of_dist(sound, target, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert dehusk("publish", target)[0] == 2
    shutil.copytree(sound, tmp_path / "dist" / "dataset")
    code, said = dehusk("publish", target)
    assert (code, said.startswith(f"{target}: v1.1.0 published; ")) == (0, True)
