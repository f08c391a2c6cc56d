"""Provenance: what a release was made from, stated, made again, and signed."""

import base64
import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline import release
from pipeline.engine import local
from pipeline.release import manifest, provenance, signing
from tests.tables import PAGES, make_tables
from tests.test_cli import dehusk

INPUTS = {"uv.lock": "1" * 64, **provenance.maker()}
signs = pytest.mark.skipif(not find_spec("cryptography"), reason="keys need the extra `sign`")


def stated(folder):
    return json.loads((folder / provenance.NAME).read_text())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return release.build(make_tables(), tmp_path_factory.mktemp("built") / "v1.0.0", inputs=INPUTS)


@pytest.fixture
def key(tmp_path):
    pytest.importorskip("cryptography", reason="keys need the extra `sign`")
    signing.make_keys(tmp_path / "key.pem")
    return tmp_path / "key.pem"


def test_the_statement_is_one_of_in_toto_with_the_predicate_of_slsa(built):
    told = stated(built)
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["predicateType"] == "https://slsa.dev/provenance/v1"
    assert told["predicate"].keys() == {"buildDefinition", "runDetails"}
    assert told["predicate"]["buildDefinition"]["buildType"]
    assert told["predicate"]["runDetails"]["builder"]["id"]


def test_subjects_are_all_files_but_the_manifest_and_the_statement(built):
    subjects = {entry["name"]: entry["digest"]["sha256"] for entry in stated(built)["subject"]}
    listed = {entry["path"]: entry["sha256"] for entry in manifest.read(built)["files"]}
    assert subjects == {path: sum_ for path, sum_ in listed.items() if path != provenance.NAME}
    assert {"records/part-00000.parquet", "README.md", "SHA256SUMS"} <= subjects.keys()


def test_materials_are_the_seeds_the_lock_and_the_code(built):
    materials = stated(built)["predicate"]["buildDefinition"]["resolvedDependencies"]
    digests = {entry["name"]: entry["digest"] for entry in materials}
    for path, sum_ in make_tables().documents.select("path", "sha256").iter_rows():
        assert digests[f"seeds/{path}"] == {"sha256": sum_}
    assert digests["uv.lock"] == {"sha256": "1" * 64}
    assert digests["pipeline"].keys() == {"dirHash", "gitTree"}
    assert stated(built)["predicate"]["buildDefinition"]["internalParameters"]["tools"]["polars"]


def test_the_command_names_lock_and_seeds_toml(tmp_path):
    (tmp_path / "seeds.toml").write_text("")
    assert local.inputs((str(tmp_path),)).keys() >= {"uv.lock", "seeds.toml", "code", "tools"}


def test_code_is_named_as_git_and_in_toto_name_it(tmp_path):
    home = tmp_path / "code"
    (home / "a").mkdir(parents=True)
    (home / "a" / "__pycache__").mkdir()
    for name, text in (
        ("a.py", "1"),
        ("a/b.py", "2"),
        ("a/__pycache__/b.pyc", "?"),
        ("b", "3"),
        (".swp", "?"),
    ):
        (home / name).write_text(text)
    said = provenance._dir_hash(home), provenance._git_tree(home)
    for left in (home / ".swp", home / "a" / "__pycache__" / "b.pyc"):
        left.unlink()
    shell = "find . -type f | cut -c3- | LC_ALL=C sort | xargs -r sha256sum | sha256sum | cut -f1 -d' '"
    asked = subprocess.run(["sh", "-c", shell], cwd=home, check=True, text=True, capture_output=True)
    assert said[0] == asked.stdout.strip()
    if not shutil.which("git"):
        pytest.skip("git is not here")
    for words in (["init", "-q"], ["add", "."], ["write-tree"]):
        asked = subprocess.run(["git", *words], cwd=home, check=True, text=True, capture_output=True)
    assert said[1] == asked.stdout.strip()


def test_other_code_that_makes_the_same_bytes_makes_no_version(tmp_path):
    release.publish(make_tables(), tmp_path, inputs=INPUTS)
    other = INPUTS | {"code": {"pipeline": {"gitTree": "0" * 40}}}
    assert not release.publish(make_tables(), tmp_path, inputs=other).changed
    assert provenance.NAME not in (tmp_path / "dataset" / "v1.0.0" / "SHA256SUMS").read_text()
    made = release.publish(make_tables(PAGES | {"c.txt": ["Cards."]}), tmp_path, inputs=other)
    assert "0" * 40 in (made.folder / provenance.NAME).read_text()


def test_a_signature_is_that_of_the_statement_and_the_same_each_time(tmp_path, key):
    first, second = (
        release.publish(make_tables(), tmp_path / name, inputs=INPUTS, sign=key).folder for name in "ab"
    )
    sealed = json.loads((first / signing.NAME).read_text())
    assert base64.b64decode(sealed["payload"]) == (first / provenance.NAME).read_bytes()
    assert (first / signing.NAME).read_bytes() == (second / signing.NAME).read_bytes()
    assert signing.NAME in {entry["path"] for entry in manifest.read(first)["files"]}
    assert not release.publish(make_tables(), tmp_path / "a", inputs=INPUTS).changed


def test_any_tool_can_check_the_signature(tmp_path, key):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here")
    folder = release.publish(make_tables(), tmp_path / "dist", sign=key).folder
    sealed = json.loads((folder / signing.NAME).read_text())
    statement = (folder / provenance.NAME).read_bytes()
    head = f"DSSEv1 28 application/vnd.in-toto+json {len(statement)} "
    (tmp_path / "signed").write_bytes(head.encode() + statement)
    (tmp_path / "signature").write_bytes(base64.b64decode(sealed["signatures"][0]["sig"]))
    words = ("-verify", "-pubin", "-inkey", f"{key}.pub", "-rawin", "-in", "signed", "-sigfile", "signature")
    subprocess.run(["openssl", "pkeyutl", *words], cwd=tmp_path, check=True, capture_output=True)


def test_a_key_is_for_its_owner_and_is_never_written_over(key):
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    code, said = dehusk("keygen", key)
    assert (code, said.count("\n"), key.read_bytes()) == (2, 1, before)


@signs
@pytest.mark.parametrize("what", ["missing", "text", "public", "rsa"])
def test_a_key_that_is_none_stops_the_release_before_anything_is_written(tmp_path, what):
    file = tmp_path / "key.pem"
    if what == "text":
        file.write_text("no key")
    elif what == "public":
        signing.make_keys(tmp_path / "other")
        file = tmp_path / "other.pub"
    elif what == "rsa":
        subprocess.run(["openssl", "genrsa", "-out", str(file), "2048"], check=True, capture_output=True)
    with pytest.raises(release.PublishError, match=file.name):
        release.publish(make_tables(), tmp_path / "dist", sign=file)
    assert not (tmp_path / "dist").exists()


def test_without_the_extra_the_message_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cryptography.exceptions", None)
    code, said = dehusk("keygen", tmp_path / "key.pem")
    assert (code, said.count("\n"), "--extra sign" in said) == (2, 1, True)
    assert not Path(tmp_path / "key.pem").exists()
