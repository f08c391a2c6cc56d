"""The benchmarks run, and print what they say they print; how fast is no test's business."""

import re
import shutil
import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests import long_pages

HERE = Path(__file__).parent
PAGE = "000_c47ce09dd33817fe.txt"


def test_the_step_is_measured_beside_its_limits(tmp_path):
    shutil.copy(HERE.parent / "seeds" / PAGE, tmp_path)
    command = [sys.executable, HERE / "bench" / "segmentation.py", "--mb", "0.01", "--seeds", tmp_path]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [re.fullmatch(r"(.+?)((?:\s+\d+\.\d+){3})", line) for line in said[1:4]]
    assert [row and row[1] for row in rows] == ["segment step", "UTF-8 decoding", "Python loop, 22 patterns"]
    assert rows[0][2].split()[-1] == "1.000"
    assert "in 1 documents; peak memory" in said[-1]


def test_long_pages_of_every_kind_are_measured():
    command = [sys.executable, HERE / "bench" / "segmentation.py", "--long", "0.02"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [re.fullmatch(r"(\S.*?)((?:\s+\d+\.\d+){4})", line) for line in said[1:]]
    assert [row and row[1] for row in rows] == [*long_pages.KINDS]


def rows_below(said: str, head: str) -> dict[str, dict[str, str]]:
    """Read a table of Markdown, by the first column."""
    lines = said.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"| {head} |"))
    names, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (lines[at], *takewhile(lambda line: line.startswith("|"), lines[at + 2 :]))
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def test_on_a_small_corpus_no_copy_is_missed_and_nothing_is_lost():
    command = [sys.executable, HERE / "bench" / "smoke.py", "--pages", "150"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    runs = rows_below(said, "run")
    assert {run["exit"] for run in runs.values()} == {"0"}
    assert runs.keys() >= {"dehusk_exact", "dehusk_minhash", "dehusk_lid", "python_exact", "python_minhash"}
    for label in ("dehusk_minhash", "python_minhash"):
        assert re.fullmatch(r"\d+\.\d", runs[label]["times Dehusk's CPU s"])
        assert re.fullmatch(r"\d+\.\d+", runs[label]["% of UTF-8 decoding"])
    found = rows_below(said, "dedup")
    for label in ("dehusk_minhash", "python_minhash"):
        scores = found[label]
        assert [float(scores[name]) for name in ("recall exact", "J >= .9", ".8-.9")] == [1, 1, 1]
        assert float(scores["precision J >= .7"]) == 1
        assert scores["orphans J < .7 / < .5"] == "0 / 0"
    assert found["dehusk_minhash"]["removed"] == found["python_minhash"]["removed"]
    assert found["dehusk_exact"]["recall exact"] == "1.0"
    assert float(rows_below(said, "limit of this machine")["memcpy"]["MB/s"].replace(",", "")) > 0
    steps = rows_below(said, "step of Dehusk alone")
    assert steps.keys() == {"write records", "validate records", "count passages"}
    assert float(rows_below(said, "language")["dehusk careful"]["label met"]) > 0.8  # some are English


def test_detectors_are_laid_side_by_side(tmp_path):
    plot = tmp_path / "reliability.svg"
    command = [sys.executable, HERE / "bench" / "languages.py", "--step", "40", "--plot", plot]
    command += ["--only", "careful", "quick", "langdetect"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    careful, quick, plain = (
        rows_below(said, "right, %")[name] for name in ("careful", "quick", "langdetect")
    )
    assert float(careful["tweets"]) >= float(plain["tweets"]) > 80
    assert float(careful["short, times langdetect"].replace(",", "")) > 1
    assert float(quick["short, times langdetect"].replace(",", "")) > 1
    assert rows_below(said, "left undetermined")["careful"]["numbers"] == "9 of 9"
    assert len(re.findall(r"expected calibration error 0\.\d{3}", said)) == 2
    assert ElementTree.parse(plot).getroot().tag.endswith("svg")


def test_a_whole_run_is_measured_hop_by_hop():
    command = [sys.executable, HERE / "bench" / "whole_runs.py", "--mb", "0.1", "--quick"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    first, second = re.split(r"(?m)^one page more.*\n", said)
    for run, hops in ((first, {"cut", "review pages", "publish"}), (second, {"differences"})):
        rows = [re.fullmatch(r"  (\D+?)((?:\s+\d+\.\d+){3}(?:\s+\d+){2})", line) for line in run.splitlines()]
        spent = {row[1]: float(row[2].split()[0]) for row in rows if row}
        assert spent.keys() >= hops
        whole = spent.pop("in all")
        assert 0 < whole == pytest.approx(sum(spent.values()), abs=0.3)
