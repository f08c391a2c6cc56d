"""The whole benchmark, in one run.

    python tests/bench                 everything, with the peers: 8 GB of environments, an hour on two cores
    python tests/bench --mb 10         on a smaller corpus: a quarter of an hour
    python tests/bench --only minhash  runs whose label holds these words
    python tests/bench --smoke         a small corpus and no peers: half a minute

Needs a package index and `apt-get update` for the peers and the corpus; what cannot be installed is said. All goes into
--folder; the tables are printed in Markdown.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run each part in a process of its own; the exit code is that of the first that failed."""
    asked = argparse.ArgumentParser(description="Run Dehusk and its peers on the same work.")
    asked.add_argument(
        "--mb", type=int, default=62, help="MB of text before copies are planted (default: 62)"
    )
    asked.add_argument("--only", default=".", help="a regular expression on labels")
    asked.add_argument("--folder", type=Path, default=Path("build/bench"), help="where all is kept")
    asked.add_argument("--smoke", action="store_true", help="a small corpus, and no peers")
    said = asked.parse_args()
    if said.smoke:
        sys.exit(subprocess.run([sys.executable, HERE / "smoke.py"], check=False).returncode)
    said.folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "BENCH_DIR": str(said.folder.resolve()),
        "BENCH_MB": str(said.mb),
        "DEHUSK_PYTHON": sys.executable,
    }
    plain = said.folder.resolve() / "venv" / "plain" / "bin" / "python"
    parts: list[list[str | Path]] = [
        ["bash", HERE / "peers" / "run_all.sh", said.only],
        [sys.executable, HERE / "languages.py", "--python", plain, "--plot", said.folder / "reliability.svg"],
        [sys.executable, HERE / "segmentation.py"],
    ]
    codes = []
    for part in parts if said.only == "." else parts[:1]:
        print(f"\n## {Path(part[1]).name}\n", flush=True)
        codes.append(subprocess.run(part, check=False, env=environment).returncode)
    sys.exit(next(filter(None, codes), 0))


if __name__ == "__main__":
    main()
