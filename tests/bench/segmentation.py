"""How fast are pages cut into records and segments, beside the limits of this machine?

    make bench                                     the seeds over and over, up to 200 MB
    python tests/bench/segmentation.py --mb 50     fewer
    python tests/bench/segmentation.py --long 20   long pages of no known kind, made up, each of 20 MB

The same bytes are decoded from UTF-8, which is the least that any reader must do, and walked line by line in plain
Python with 22 compiled patterns, the first that holds winning, which is what a reader is often made of.
CPU seconds, of all threads.
"""

import argparse
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME))

from pipeline import ingest, segment  # noqa: E402, I001 - the project need not be installed; it sets Polars up

import polars as pl  # noqa: E402

from tests import long_pages  # noqa: E402

PATTERNS = [
    re.compile(pattern)
    for pattern in (
        r"^.+['’]s avatar$", r"^\S.*? \d+ \w+ ago$", r"^npub1\w+", r"^•(?:\s+\S.*)?$", r"^Enter URL or ID to Unroll$",
        r"^\w{3,9} \d{1,2}(?:, \d{4})?$", r"^Read \d+ tweets?$", r"^More from @\w+$", r"^Keep Current with .+$",
        r"^[A-Z]\w+(?: [A-Z]\w+)* \(\d+:\d\d(?::\d\d)?\)", r"^[A-Z]\w+(?: [A-Z]\w+)*: ", r"^\(?\d+:\d\d(?::\d\d)?\)? ",
        r"^\d{1,2} \w+ \d{4} at \d\d:\d\d$", r"^By: .+$", r"^Yesterday — ", r"^Before yesterday", r"^Subscribe now$",
        r"^Share$", r"^Listen (?:now )?on .+$", r"^[*◦–-]\s+\S", r"^\d{1,3}$", r"^[A-Z][^.!?]{0,80}$",
    )
]  # fmt: skip


def replicate(folder: Path, megabytes: float) -> pl.DataFrame:
    """Read the seeds, and lay them end to end as often as makes so many MB, at least once."""
    documents = ingest.read_seeds(folder).documents
    rounds = max(1, round(megabytes * 1e6 / documents["n_bytes"].sum()))
    copies = [documents.with_columns(document_id=pl.lit(f"d_{number:024x}")) for number in range(rounds)]
    return pl.concat(copies)


def cut(documents: pl.DataFrame) -> None:
    """Take documents to records, segments and spans, batch by batch."""
    for batch in ingest.batches(documents):
        segment.assemble(segment.label(ingest.read_lines(batch)), batch)


def walk(texts: Sequence[str]) -> int:
    """Try the patterns on every line, and count the lines that one holds."""
    found = 0
    for text in texts:
        for line in text.split("\n"):
            stripped = line.strip()
            for pattern in PATTERNS:
                if pattern.match(stripped):
                    found += 1
                    break
    return found


def cpu_seconds(work: Callable[[], object]) -> float:
    """Measure one run of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak_mb() -> float:
    """Say how much memory the process has held at most."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def measure(documents: pl.DataFrame) -> list[str]:
    """Measure the step and its two limits; a table, line by line."""
    megabytes = documents["n_bytes"].sum() / 1e6
    cut(documents.head(1))  # what is made once is made
    seconds = {"segment step": cpu_seconds(lambda: cut(documents))}
    peak = peak_mb()
    texts = documents["text"].to_list()
    data = "".join(texts).encode()
    seconds["UTF-8 decoding"] = cpu_seconds(data.decode)
    del data
    seconds[f"Python loop, {len(PATTERNS)} patterns"] = cpu_seconds(lambda: walk(texts))
    table = [f"{'':26}{'CPU s':>10}{'MB / CPU s':>14}{'step / this':>14}"]
    for name, spent in seconds.items():
        ratio = spent / seconds["segment step"]
        table.append(f"{name:26}{spent:10.2f}{megabytes / spent:14.1f}{ratio:14.3f}")
    return [
        *table,
        f"{megabytes:.0f} MB in {documents.height} documents; peak memory of the step {peak:.0f} MB",
    ]


def measure_long(megabytes: float) -> list[str]:
    """Measure the step on a long page of each kind that no grammar knows, beside its limits; a table, line by line."""
    table = [f"{'MB / CPU s':26}{'MB':>8}{'step':>10}{'UTF-8 decoding':>17}{'Python loop':>14}"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.txt"
        file.write_text("Nothing.", encoding="utf-8")
        cut(ingest.read_seeds(file).documents)  # what is made once is made
        for kind in long_pages.KINDS:
            text = long_pages.of_megabytes(kind, megabytes)
            file.write_text(text, encoding="utf-8")
            documents, data = ingest.read_seeds(file).documents, text.encode()
            work = (lambda made=documents: cut(made), data.decode, lambda told=text: walk([told]))
            step, decoding, loop = (len(data) / 1e6 / cpu_seconds(one) for one in work)
            table.append(f"{kind:26}{len(data) / 1e6:8.1f}{step:10.1f}{decoding:17.1f}{loop:14.1f}")
    return table


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description="Measure the segment step on the seeds, over and over.")
    asked.add_argument("--mb", type=float, default=200, help="MB of pages (default: 200)")
    asked.add_argument("--seeds", type=Path, default=HOME / "seeds", help="folder of the seeds")
    asked.add_argument(
        "--long", type=float, help="MB of each long page of no known kind, in place of the seeds"
    )
    said = asked.parse_args()
    table = measure_long(said.long) if said.long else measure(replicate(said.seeds, said.mb))
    print("\n".join(table))


if __name__ == "__main__":
    main()
