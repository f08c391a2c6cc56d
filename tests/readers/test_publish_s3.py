"""`publish`, `download` and `verify` against a real S3-compatible server, in its own process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from pipeline import release, verify
from pipeline.carry import fetch, stores
from pipeline.carry.objects import Objects
from pipeline.carry.publish import publish
from pipeline.release import manifest
from tests.tables import PAGES, make_tables
from tests.test_carry_publish import HERE, RUN, run
from tests.test_cli import dehusk

pytestmark = pytest.mark.readers
if not os.environ.get("CI"):
    pytest.importorskip("obstore", reason="stores need the extra `stores`")
    pytest.importorskip("moto", reason="the S3 server is of the group `readers`")


@pytest.fixture(scope="module")
def server():
    """Start an S3 server; point obstore at it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/moto-api/").close()
            break
        except OSError:
            assert process.poll() is None
            time.sleep(0.1)
    settings = {"AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (settings | {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}).items():
            patch.setenv(name, value)
        yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def bucket(server, request):
    """Make a bucket; return the address of a folder in it."""
    name = f"bucket-{abs(hash(request.node.name))}"
    urllib.request.urlopen(urllib.request.Request(f"{server}/{name}", method="PUT")).close()
    return f"s3://{name}/data/looms"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    dist = tmp_path_factory.mktemp("dist")
    release.publish(make_tables(), dist)
    return release.publish(make_tables(PAGES | {"c.txt": ["Cards."]}), dist).folder.parent


def whole(address):
    store = stores.opened(address)
    return {path: store.get(path).data for path in store.names("")}


def local(folder):
    return {path: (folder / path).read_bytes() for path in manifest.files(folder)}


def index(address):
    told = json.loads(stores.opened(address).get("index.json").data)
    return told["latest"], {entry["version"]: entry["status"] for entry in told["versions"]}


def test_the_store_keeps_its_word(bucket):
    """What publishing rests on; servers before moto 5.2 wrote over both."""
    store = stores.opened(bucket)
    assert store.create("a/b.txt", b"one")
    assert not store.create("a/b.txt", b"two")
    tag = store.get("a/b.txt").tag
    assert not store.replace("a/b.txt", b"two", '"another"')
    assert store.replace("a/b.txt", b"two", tag)
    assert not store.replace("a/b.txt", b"three", tag)
    assert not store.replace("a/b.txt", b"three", None)
    assert not store.replace("a/none.txt", b"three", tag)
    assert store.get("a/b.txt").data == b"two"
    assert store.get("a/none.txt") is None
    assert (store.names("a"), store.names("")) == (["b.txt"], ["a/b.txt"])
    assert [b"".join(store.stream("a/b.txt", start)[1]) for start in (0, 1, 3, 9)] == [
        b"two",
        b"wo",
        b"",
        b"",
    ]


def test_both_versions_published_are_the_dataset(sound, bucket, tmp_path, monkeypatch):
    publish(sound, bucket, "v1.0.0")
    assert index(bucket) == ("v1.0.0", {"v1.1.0": "archived", "v1.0.0": "available"})
    assert dehusk("publish", bucket, "--from", sound) == (
        0,
        f"{bucket}: v1.1.0 published; README.md, CHANGELOG.md, index.html, index.json brought up to date\n",
    )
    assert whole(bucket) == local(sound)
    assert str(publish(sound, bucket)) == f"{bucket}: v1.1.0 stands already"
    monkeypatch.chdir(tmp_path)
    assert dehusk("verify", bucket)[1].count("holds") == 2
    assert dehusk("download", bucket)[0] == 0
    assert local(tmp_path / "dataset" / "v1.1.0") == local(sound / "v1.1.0")
    assert dehusk("download", f"{bucket}/v1.0.0", "--table", "records", "--format", "jsonl")[0] == 0


def test_another_version_of_the_same_number_is_not_written_over(sound, bucket, tmp_path):
    other = release.publish(make_tables({"c.txt": ["Other cards."]}), tmp_path / "other").folder.parent
    publish(other, bucket)
    before = whole(bucket)
    with pytest.raises(release.PublishError, match=r"lists another v1\.0\.0 .*; nothing was published$"):
        publish(sound, bucket)
    assert whole(bucket) == before


@pytest.mark.parametrize("after", [1, 7, 16, "reveal", "index"])
def test_killed_at_any_moment_it_is_never_half_visible_and_the_next_run_goes_on(sound, bucket, after):
    publish(sound, bucket, "v1.0.0")
    before = whole(bucket)
    kill = "os.kill(os.getpid(), signal.SIGKILL)"
    imported = "from pipeline.carry.objects import Objects\n"
    harm = {
        "reveal": f"Objects.reveal = lambda *_: {kill}",
        "index": f"Objects.replace = lambda *_: {kill}",
    }.get(
        after,
        f"plain, count = Objects.create, []\n"
        f"Objects.create = lambda *a: {kill} if count.append(1) or len(count) > {after} else plain(*a)",
    )
    code, _ = run(sound, bucket, imported + harm)
    assert code == -signal.SIGKILL
    seen = whole(bucket)
    assert ("v1.1.0/manifest.json" in seen) == (after == "index")
    assert {path: data for path, data in seen.items() if not path.startswith("v1.1.0/")} == before
    assert index(bucket)[0] == "v1.0.0"
    publish(sound, bucket)
    assert whole(bucket) == local(sound)


@pytest.mark.parametrize("is_same", [True, False], ids=["same", "other"])
def test_of_two_at_once_one_wins_and_the_other_says_so(sound, bucket, tmp_path, is_same):
    """Both have laid down their checksums, or tried to, before either goes on."""
    other = (
        sound
        if is_same
        else release.publish(make_tables({"c.txt": ["Other."]}), tmp_path / "o").folder.parent
    )
    harm = (
        "from pipeline.carry import listing\nplain = listing.refuse_strangers\n"
        "def wait(*a):\n    plain(*a)\n    print('ready', flush=True)\n    sys.stdin.readline()\n"
        "listing.refuse_strangers = wait"
    )
    version = "v1.0.0"
    homes = [_only(home, version, tmp_path / str(n)) for n, home in enumerate((sound, other))]
    processes = [_started(home, bucket, harm) for home in homes]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    told = [(*process.communicate(timeout=120), process.returncode) for process in processes]
    won = [said for said, _, code in told if code == 0]
    lost = [wrong for _, wrong, code in told if code]
    if is_same:
        assert len(won) == 2
        assert sum("v1.0.0 published" in said for said in won) >= 1
    else:
        assert (len(won), len(lost)) == (1, 1), told
        assert "nothing was published" in lost[0]
    winner = homes[[code for *_, code in told].index(0)]
    assert {p: d for p, d in whole(bucket).items() if p.startswith("v1.0.0/")} == {
        f"v1.0.0/{path}": data for path, data in local(winner / "v1.0.0").items()
    }
    assert index(bucket) == ("v1.0.0", {"v1.0.0": "available"})


def _only(home, version, place):
    """Return a dataset that knows only that version."""
    place.mkdir()
    publish(home, str(place / "dataset"), version)
    told = json.loads((place / "dataset" / "index.json").read_text())
    told["versions"] = [entry for entry in told["versions"] if entry["version"] == version]
    (place / "dataset" / "index.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return place / "dataset"


def _started(home, bucket, harm):
    command = [sys.executable, "-c", RUN.format(harm=harm), str(home), bucket]
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    return subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)


def test_two_versions_at_once_are_both_listed(sound, bucket, monkeypatch):
    """The index is written between our reading and our writing: the second try takes the other's entry along."""
    plain, turns = Objects.replace, []

    def late(store, path, data, tag):
        if path == "index.json" and not turns:
            turns.append(path)
            assert run(sound, bucket)[0] == 0  # publishes v1.1.0
        return plain(store, path, data, tag)

    monkeypatch.setattr(Objects, "replace", late)
    publish(sound, bucket, "v1.0.0")
    assert turns
    assert index(bucket) == ("v1.1.0", {"v1.1.0": "available", "v1.0.0": "available"})
    assert whole(bucket) == local(sound)


def test_what_the_store_gives_back_otherwise_is_not_published(sound, bucket, monkeypatch):
    plain = Objects.create
    monkeypatch.setattr(
        Objects, "create", lambda *a: plain(*a[:2], a[2][:-1] if "records/" in a[1] else a[2])
    )
    monkeypatch.setattr(Objects, "replace", lambda *_: True)
    with pytest.raises(
        release.PublishError, match=r"comes back with other bytes than were written; nothing was pub"
    ):
        publish(sound, bucket)
    assert "v1.1.0/manifest.json" not in whole(bucket)
    monkeypatch.undo()


def test_a_file_flipped_cut_or_added_there_is_caught(sound, bucket, tmp_path, monkeypatch):
    publish(sound, bucket)
    store = stores.opened(bucket)
    path = "v1.1.0/records/part-00000.parquet"
    data = store.get(path).data
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fetch, "FIRST_WAIT_S", 0.001)
    for harm, words in (
        (data[:-1] + b"?", "has the SHA-256"),
        (data[:99], "has 99 bytes, and the manifest says"),
    ):
        store.remove(path)
        store.create(path, harm)
        for command in ("verify", "download"):
            code, said = dehusk(command, bucket)
            assert (code, said.count("\n"), f"{bucket}/{path} {words}" in said) == (1, 1, True), said
    store.remove(path)
    store.create(path, data)
    store.create("v1.1.0/extra.txt", b"?")
    assert dehusk("verify", bucket)[1].endswith(
        "v1.1.0: extra.txt is here, and the manifest does not list it\n"
    )


def test_no_bucket_and_no_server_are_one_sentence(sound, server, monkeypatch):
    code, said = dehusk("publish", "s3://no-such-bucket/x", "--from", sound)
    assert (code, said.count("\n"), said.endswith("; nothing was published\n")) == (3, 1, True), said
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(fetch, "FIRST_WAIT_S", 0.001)
    started = time.monotonic()
    code, said = dehusk("publish", "s3://bucket/x", "--from", sound)
    assert (code, said.count("\n"), said.endswith("; nothing was published\n")) == (3, 1, True), said
    assert time.monotonic() - started < 60


def test_the_dataset_in_the_bucket_holds(sound, bucket, tmp_path):
    publish(sound, bucket, "v1.0.0")
    publish(sound, bucket)
    for path, data in whole(bucket).items():
        (tmp_path / "dataset" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dataset" / path).write_bytes(data)
    assert [one.fault for one in verify.of_dataset(tmp_path / "dataset")] == [None, None]
