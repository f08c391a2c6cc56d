"""What stands under `dist/` is what the seeds give, and the documents say what is."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import cli, ingest
from pipeline.engine import local
from pipeline.grammar import specimens

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def home() -> Path:
    return ROOT / "dist" / ingest.read_dataset(ROOT / "seeds").name


def test_a_build_from_the_seeds_gives_the_published_bytes(home, tmp_path):
    """Published once more over a copy, nothing changes: rows, files, schemas and the card are the same."""
    shutil.copytree(home.parent, tmp_path / "dist")
    seeds = ROOT / "seeds"
    made = local.release(local.build(seeds), seeds, tmp_path / "dist")
    assert not made.changed, f"dist/ is stale ({made}): run `make release` and commit it"


def test_the_first_build_of_a_folder_gives_the_same_tables(home, tmp_path):
    seeds = ROOT / "seeds"
    made = local.release(local.build(seeds), seeds, tmp_path)
    tables = [
        path
        for table in ("records", "segments", "documents", "spans", "removed", "jsonl")
        for path in (made.folder / table).iterdir()
    ]
    latest = json.loads((home / "index.json").read_text(encoding="utf-8"))["latest"]
    for path in tables:
        assert path.read_bytes() == (home / latest / path.relative_to(made.folder)).read_bytes(), path.name


def test_every_version_that_stands_is_verified(home):
    """Older ones too, whose schema, card and provenance are of their time."""
    said = CliRunner().invoke(cli.main, ["verify", str(home)])
    assert said.exit_code == 0, said.output
    assert said.output.count(" holds: ") == len(list(home.glob("v*")))


def test_dist_keeps_the_newest_two_versions(home):
    assert 1 <= len(list(home.glob("v*"))) <= 2


def test_readme_names_the_page_kinds_there_are():
    named = re.findall(r"^\| `(\w+)` \| (?!read |draw |score |hold |begin |open )", README, re.MULTILINE)
    assert sorted(named) == sorted(specimens())


def test_readme_and_guide_name_commands_that_exist():
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", texts)) <= targets
    assert set(re.findall(r"^make ([a-z-]+)", texts, re.MULTILINE)) <= targets
    assert set(re.findall(r"dehusk ([a-z]+)", texts)) <= set(cli.main.commands)


def test_readme_loads_the_release(home, monkeypatch):
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    found: dict = {}
    exec(code, found)
    assert found["turns"].height > 0
