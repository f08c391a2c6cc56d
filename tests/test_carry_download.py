"""`download`, and `verify` at a distance: whole and verified or not at all, whatever the server does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import schemas
from pipeline import release, verify
from pipeline.carry import fetch, objects, stores
from pipeline.carry.download import Wanted, download
from pipeline.carry.protocol import CarryError, DamagedError
from pipeline.release import manifest
from tests.tables import PAGES, make_tables
from tests.test_cli import dehusk
from tests.web_server import serving

HERE = Path(__file__).parents[1]
RECORDS = "records/part-00000.parquet"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Publish two versions; return the dataset's folder, which no test changes."""
    dist = tmp_path_factory.mktemp("dist")
    release.publish(make_tables(), dist)
    return release.publish(make_tables(PAGES | {"c.txt": ["Cards."]}), dist).folder.parent


@pytest.fixture
def home(sound, tmp_path):
    return Path(shutil.copytree(sound, tmp_path / "dataset"))


@pytest.fixture(autouse=True)
def quickly(monkeypatch, tmp_path):
    monkeypatch.setattr(fetch, "FIRST_WAIT_S", 0.001)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def whole(folder):
    return {path: (folder / path).read_bytes() for path in manifest.files(folder)}


def names(folder="."):
    return [path.name for path in Path(folder).iterdir()]


def test_the_latest_version_comes_whole(sound):
    with serving(sound) as (address, _):
        folder, _ = download(address)
    assert folder == Path("dataset/v1.1.0")
    assert whole(folder) == whole(sound / "v1.1.0")
    assert names("dataset") == ["v1.1.0"]
    assert verify.of_version(folder).fault is None


@pytest.mark.parametrize("kind", ["version", "slash", "asked", "folder", "file", "bare"])
def test_a_version_is_found_in_many_ways(sound, kind):
    with serving(sound) as (address, _):
        wanted = {
            "version": (f"{address}/v1.0.0", None),
            "slash": (f"{address}/v1.0.0/", None),
            "asked": (address, "v1.0.0"),
            "folder": (str(sound), "v1.0.0"),
            "file": (sound.as_uri(), "v1.0.0"),
            "bare": (f"{address}/?key=1", "1.0.0"),
        }
        where, version = wanted[kind]
        folder, _ = download(where, Path("out"), version)
    assert whole(folder) == whole(sound / "v1.0.0")


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (
            ("--table", "records"),
            {RECORDS, "jsonl/records-00000.jsonl.gz", "schema/records.schema.json", "README.md"},
        ),
        (("--table", "records", "--format", "parquet"), {RECORDS, "schema/records.schema.json", "README.md"}),
        (("--format", "jsonl"), {"README.md", *(f"jsonl/{name}-00000.jsonl.gz" for name in schemas.TABLES)}),
    ],
)
def test_a_part_is_what_was_asked_for(sound, words, files):
    code, said = dehusk("download", sound, *words)
    folder = Path("dataset") / "-".join(["v1.1.0", *words[1::2]])
    assert (code, said.startswith(f"{folder}: ")) == (0, True)
    assert set(manifest.files(folder)) == files | {manifest.SUMS}
    if RECORDS in files:
        assert len(pl.read_parquet(folder / RECORDS)) == 5
    whole_sums = manifest.sums(sound / "v1.1.0").splitlines()
    assert set(manifest.sums(folder).splitlines()) == {line for line in whole_sums if line[66:] in files}
    assert dehusk("download", sound, *words)[0] == 0  # it is there already
    fault = str(verify.of_version(folder).fault)
    assert "half of" not in fault
    assert "do: `sha256sum -c SHA256SUMS` in this folder checks" in fault


def test_what_is_there_already_is_not_fetched_again(sound):
    with serving(sound) as (address, moods):
        download(address)
        moods.asked.clear()
        download(address)
        asked = ["/index.json", "/v1.1.0/manifest.json", "/v1.1.0/WITHDRAWN.json"]
        assert [path for path, _ in moods.asked] == asked
        Path("dataset/v1.1.0/README.md").write_text("mine")
        with pytest.raises(CarryError, match="is there already, and is not what was asked for"):
            download(address)
    assert Path("dataset/v1.1.0/README.md").read_text() == "mine"


def test_a_broken_connection_goes_on_where_it_ended(sound):
    with serving(sound) as (address, moods):
        moods.breaks_after = 3_000
        store = stores.opened(address)
        entry = next(e for e in manifest.read(sound / "v1.1.0")["files"] if e["path"] == RECORDS)
        fetch.one(store, "v1.1.0/", entry, Path("out"))
    assert (Path("out") / RECORDS).read_bytes() == (sound / "v1.1.0" / RECORDS).read_bytes()
    assert [asked for _, asked in moods.asked][:3] == [None, "bytes=3000-", "bytes=6000-"]


def test_a_server_without_ranges_starts_anew(sound):
    with serving(sound) as (address, moods):
        moods.knows_ranges = False
        entry = next(e for e in manifest.read(sound / "v1.1.0")["files"] if e["path"] == RECORDS)
        part = Path("out") / f"{RECORDS}.part"
        part.parent.mkdir(parents=True)
        part.write_bytes((sound / "v1.1.0" / RECORDS).read_bytes()[:500])
        fetch.one(stores.opened(address), "v1.1.0/", entry, Path("out"))
    assert (Path("out") / RECORDS).read_bytes() == (sound / "v1.1.0" / RECORDS).read_bytes()


@pytest.mark.parametrize("left", [b"", b"?" * 500, b"?" * 99_999])
def test_what_another_run_left_is_not_believed(sound, left):
    part = Path("dataset/.v1.1.0.part") / f"{RECORDS}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(left)
    (part.parent / "of-another-version.txt").write_text("?")
    (part.parent / "part-00000.parquet").write_bytes(b"?")
    with serving(sound) as (address, _):
        folder, _ = download(address)
    assert whole(folder) == whole(sound / "v1.1.0")


def test_a_busy_server_is_asked_again(sound):
    with serving(sound) as (address, moods):
        moods.busy = 3
        download(address)


def test_a_server_that_stays_busy_ends_it_with_one_message_and_the_next_run_goes_on(sound):
    with serving(sound) as (address, moods):
        moods.busy = 99
        code, said = dehusk("download", address)
        assert (code, said) == (
            2,
            f"dehusk: {address}/index.json: the server says 503 Service Unavailable; gave up after 5 tries\n",
        )
        assert names() == []
        moods.busy = 0
        assert dehusk("download", address)[0] == 0


def test_no_server_is_one_message():
    with serving(".") as (address, _):
        pass
    code, said = dehusk("download", address)
    assert (code, said) == (
        2,
        f"dehusk: {address}/index.json: [errno 111] connection refused; gave up after 5 tries\n",
    )


@pytest.mark.parametrize("harm", ["flip", "cut", "grow", "gone"])
def test_a_file_that_is_not_what_the_manifest_says_ends_it(home, harm):
    path = home / "v1.1.0" / RECORDS
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes({"flip": data[:-1] + b"?", "cut": data[:100], "grow": data + b"?"}[harm])
    with serving(home) as (address, _):
        code, said = dehusk("download", address)
    expected = {
        "flip": f"has the SHA-256 {fetch.digest.of_file(path) if path.exists() else ''}, and the manifest says ",
        "cut": f"has 100 bytes, and the manifest says {len(data):,}\n",
        "grow": f"has more, and the manifest says {len(data):,}\n",
        "gone": ": it is not there, and the manifest lists it\n",
    }[harm]
    assert (code, said.count("\n")) == (2 if harm == "gone" else 1, 1)
    assert f"{address}/v1.1.0/{RECORDS}" in said
    assert expected in said
    assert not Path("dataset/v1.1.0").exists()
    assert not list(Path("dataset").rglob(f"{RECORDS}*"))


def test_a_version_that_fits_its_sums_and_lies_is_not_kept(home):
    card = home / "v1.1.0" / "README.md"
    card.write_text(card.read_text().replace("| 5 |", "| 6 |"))
    head = manifest.head(manifest.read(home / "v1.1.0"))
    manifest.write_sums(home / "v1.1.0")
    manifest.write(home / "v1.1.0", head)
    with pytest.raises(DamagedError, match=r"README\.md.*; nothing was kept"):
        download(str(home))
    assert names("dataset") == []


@pytest.mark.parametrize("path", ["../../evil.txt", "/tmp/evil.txt", "a/../../evil.txt", "..\\evil.txt"])
def test_a_hostile_manifest_is_refused(home, path):
    told = manifest.read(home / "v1.1.0")
    told["files"][0]["path"] = path
    manifest.write_json(home / "v1.1.0" / manifest.NAME, told)
    with pytest.raises(DamagedError, match="leads out of the folder"):
        download(str(home))
    assert names() == []


def test_a_hostile_name_is_no_folder(home):
    told = manifest.read(home / "v1.1.0")
    told["dataset"]["name"] = "../../evil"
    manifest.write_json(home / "v1.1.0" / manifest.NAME, told)
    with pytest.raises(DamagedError):
        download(str(home))
    assert not (Path("..") / ".." / "evil").exists()


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"dataset": "../x", "latest": null, "versions": []}'])
def test_an_index_that_is_none_is_said_to_be_none(home, data):
    (home / "index.json").write_bytes(data)
    assert dehusk("download", home)[0] == 1


def test_a_version_is_not_there(sound):
    with pytest.raises(
        CarryError, match=r"has no version v9\.0\.0; it lists v1\.1\.0 \(available\), v1\.0\.0"
    ):
        download(str(sound), version="v9.0.0")
    with pytest.raises(CarryError, match="there is no table 'poems'; there are records, "):
        download(str(sound), wanted=Wanted("poems"))
    with pytest.raises(CarryError, match=r"v1\.1\.0/ holds v1\.1\.0|holds v1\.1\.0, and not v1\.0\.0"):
        download(str(sound / "v1.1.0"), version="v1.0.0")
    with pytest.raises(CarryError, match=r"manifest\.json is not there"):
        download(str(sound / "v1.1.0" / "records"))


def test_a_withdrawn_version_comes_only_when_it_is_asked_for(home):
    release.withdraw(home, "v1.1.0", "a mistake", "2026-01-02")
    assert download(str(home))[0].name == "v1.0.0"
    with serving(home) as (address, _):
        code, said = dehusk("download", address, "--version", "v1.1.0")
        assert (code, "v1.1.0 was withdrawn: a mistake\n" in said) == (0, True)
        assert "\n  withdrawn since 2026-01-02: a mistake\n" in dehusk("verify", f"{address}/v1.1.0")[1]
    release.withdraw(home, "v1.1.0", "a mistake", "2026-01-02", delete=True)
    with pytest.raises(CarryError, match=r"v1\.1\.0 was withdrawn \(a mistake\), and its files were deleted"):
        download(str(home), Path("again"), "v1.1.0")
    assert (
        verify.of_version(home / "v1.1.0").fault
        == "it is withdrawn since 2026-01-02 (a mistake), and its files were deleted"
    )


@pytest.mark.parametrize("data", [b"{", b"{}", b'{"version": "v1.1.0"}'])
def test_a_mark_that_is_none_is_said_to_be_none(home, data):
    (home / "v1.1.0" / manifest.WITHDRAWN).write_bytes(data)
    code, said = dehusk("download", home)
    assert (code, said.count("\n"), "WITHDRAWN.json: " in said) == (1, 1, True)
    assert "WITHDRAWN.json" in verify.of_version(home / "v1.1.0").fault


def test_of_two_at_once_one_is_told(sound):
    Path("dataset/.v1.1.0.part").mkdir(parents=True)
    with (
        stores.held(Path("dataset/.v1.1.0.part")),
        pytest.raises(CarryError, match="another process is writing here"),
    ):
        download(str(sound))


def test_a_killed_download_leaves_no_folder_and_is_finished_by_the_next(sound):
    code = (
        "import os, sys, signal; from pipeline.carry import fetch; from pipeline.carry.download import download\n"
        "whole = fetch.one\n"
        "def one(store, below, entry, into, say):\n"
        "    if entry['path'] == 'records/part-00000.parquet': os.kill(os.getpid(), signal.SIGKILL)\n"
        "    whole(store, below, entry, into, say)\n"
        "fetch.one = one; download(sys.argv[1])"
    )
    with serving(sound) as (address, moods):
        command = [sys.executable, "-c", code, address]
        done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(HERE)}, check=False)
        assert done.returncode == -9
        assert names("dataset") == [".v1.1.0.part"]
        fetched = {
            f"/v1.1.0/{path}" for path in manifest.files(Path("dataset/.v1.1.0.part")) if ".part" not in path
        }
        assert fetched
        moods.asked.clear()
        folder, _ = download(address)
        assert not fetched & {path for path, _ in moods.asked}
    assert whole(folder) == whole(sound / "v1.1.0")


def test_a_full_disk_is_one_message(sound):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    code = f"{limit}; from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, "download", str(sound)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(HERE)}, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "ile too large" in done.stderr
    assert names("dataset") == [".v1.1.0.part"]


# Verify at a distance ----------------------------------------------------------------------------


def test_a_dataset_and_a_version_are_verified_where_they_stand(home):
    with serving(home) as (address, _):
        assert dehusk("verify", address)[1].count("holds") == 2
        assert dehusk("verify", f"{address}/v1.0.0")[1].startswith("dataset v1.0.0 holds")
        (home / "v1.0.0" / RECORDS).write_bytes(b"?")
        code, said = dehusk("verify", address)
        assert (code, said.count("\n"), f"v1.0.0/{RECORDS} has 1 bytes" in said) == (1, 1, True)


def test_what_stands_beside_the_versions_is_verified_too(home):
    with serving(home) as (address, _):
        (home / "CHANGELOG.md").write_text("?")
        code, said = dehusk("verify", address)
    assert (code, "CHANGELOG.md, line 1" in said) == (1, True)


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr(objects, "obstore", None)
    code, said = dehusk("download", "s3://bucket/dataset")
    assert (code, said.count("\n"), "--extra stores" in said) == (2, 1, True)


@pytest.mark.parametrize("name", ["..", "", ".", "a/b", "/tmp/x", "A B", "a\n", None, 7])
def test_a_manifest_that_names_its_dataset_like_no_folder_is_not_believed(home, name, tmp_path):
    told = manifest.read(home / "v1.1.0")
    told["dataset"]["name"] = name
    manifest.write_json(home / "v1.1.0" / manifest.NAME, told)
    with pytest.raises(DamagedError, match=r"manifest\.json: dataset\.name: "):
        download(str(home))
    assert sorted(names(tmp_path)) == ["dataset", "here"]
    assert names() == []
