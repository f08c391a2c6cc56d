"""The benchmark runs, and prints what it says it prints; how fast is no test's business."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

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
