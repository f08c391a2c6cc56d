"""Pages of random layouts: the same seed makes the same bytes, and their gold accounts for every character."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import labelled_page

LAYOUTS = Path(__file__).parent / "bench" / "layouts.py"
renders = pytest.mark.skipif(
    not importlib.util.find_spec("inscriptis"), reason="the bench of layouts needs `pip install inscriptis`"
)


def make(folder: Path, n_pages: int) -> dict[str, bytes]:
    """Make pages, and return every file by its name."""
    command = [sys.executable, LAYOUTS, "make", folder, "--pages", str(n_pages), "--seed", "3"]
    subprocess.run(command, check=True)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of 25 pages."""
    folder = tmp_path_factory.mktemp("layouts")
    make(folder, 25)
    return folder


@renders
def test_the_same_seed_makes_the_same_bytes_however_many_pages(folder, tmp_path):
    made = make(tmp_path, 5)
    assert len(made) == 15
    assert made == {name: (folder / name).read_bytes() for name in made}
    assert len({content for name, content in made.items() if name.endswith(".txt")}) == 5


@renders
def test_gold_accounts_for_every_character(folder):
    for path in sorted(folder.glob("*.txt")):
        assert labelled_page.broken_rules(labelled_page.read_page(path, path.with_suffix(".jsonl"))) == []


@renders
def test_a_page_holds_what_its_layout_says(folder):
    for path in sorted(folder.glob("*.txt")):
        page = labelled_page.read_page(path, path.with_suffix(".jsonl"))
        layout = json.loads((folder / "meta" / f"{path.stem}.json").read_text("utf-8"))
        above = layout["kind"] in ("comments", "questions")  # what the records answer
        records = page.items()[above:]
        assert len(records) == layout.get("n_records", 1 - above)
        assert len(page.of("turn")) == layout.get("n_turns", 0)
        if "date" in layout:
            assert {bool(record["published_raw"]) for record in records} == {layout["date"]}


@pytest.mark.skipif(bool(importlib.util.find_spec("inscriptis")), reason="inscriptis is installed")
def test_what_is_missing_is_named(tmp_path):
    command = [sys.executable, LAYOUTS, "make", tmp_path]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install inscriptis" in done.stderr
    assert not any(tmp_path.iterdir())
