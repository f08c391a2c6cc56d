"""What stands under `dist/` is what the seeds give, and the documents say what is."""

import re
from pathlib import Path

import pytest

from pipeline import cli, ingest
from pipeline.engine import local
from pipeline.grammar import specimens

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def home() -> Path:
    return ROOT / "dist" / ingest.read_dataset(ROOT / "seeds").name


def files(folder: Path) -> dict[str, bytes]:
    """Read a version's files, but for what says how it came after the one before."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    return {name: data for name, data in found.items() if name.split("/")[0] in TABLE_FILES}


TABLE_FILES = (
    "records",
    "segments",
    "documents",
    "spans",
    "removed",
    "jsonl",
    "schema",
    "stats.json",
    "quality.json",
)


def test_a_build_from_the_seeds_gives_the_published_bytes(home, tmp_path):
    seeds = ROOT / "seeds"
    tables = local.build(seeds)
    made = local.release(tables, seeds, tmp_path)
    latest = max(home.glob("v*"), key=lambda path: [int(n) for n in path.name[1:].split(".")])
    published, built = files(latest), files(made.folder)
    assert published.keys() == built.keys()
    stale = [name for name in published if published[name] != built[name]]
    assert stale == [], "dist/ is not what the seeds give: run `make release` and commit it"


def test_dist_keeps_the_newest_two_versions(home):
    assert 1 <= len(list(home.glob("v*"))) <= 2


def test_readme_names_the_page_kinds_there_are():
    named = re.findall(r"^\| `(\w+)` \| (?!read |draw |score |hold |begin )", README, re.MULTILINE)
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
