"""What the card says about loading runs as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from pipeline.release import manifest
from tests.readers.conftest import missing, need

SNIPPET = re.compile(r"```python\n(.*?)```", re.DOTALL)
# How to count the rows that a snippet leaves in `records`, by what it imports.
COUNTS = {
    "polars": "len(records)",
    "pandas": "len(records)",
    "pyarrow": "len(records)",
    "duckdb": "len(records.fetchall())",
    "datasets": "len(records)",
    "pyspark": "records.count()",
}


def loading(card: str) -> list[str]:
    """Return the snippets that load the records; others trace a record, or verify."""
    return [code for code in SNIPPET.findall(card) if re.search("^records = ", code, re.MULTILINE)]


@pytest.mark.parametrize("place", ["version", "root"])
@pytest.mark.parametrize("reader", COUNTS)
def test_the_card_loads(releases, reader, place, tmp_path, monkeypatch):
    need(reader)
    if reader == "pyspark" and shutil.which("java") is None:
        missing("java is not here, and Spark runs on it")
    folder = releases["seeds"]
    where = folder if place == "version" else folder.parent
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--master local[1] --conf spark.ui.enabled=false pyspark-shell")
    card = (where / "README.md").read_text(encoding="utf-8")
    [snippet] = [
        code for code in loading(card) if re.search(rf"^(import|from) {reader}\b", code, re.MULTILINE)
    ]
    code = f"{snippet}\nprint('rows:', {COUNTS[reader]})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=where, capture_output=True, text=True, timeout=300, check=False
    )
    assert f"rows: {manifest.read(folder)['rows']['records']}\n" in done.stdout, done.stderr


def test_every_reader_has_its_snippet(releases):
    card = (releases["seeds"] / "README.md").read_text(encoding="utf-8")
    imported = {
        name for code in loading(card) for name in re.findall(r"^(?:import|from) (\w+)", code, re.MULTILINE)
    }
    assert imported - {"os"} == COUNTS.keys()
