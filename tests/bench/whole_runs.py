"""What does a whole run cost, hop by hop: CPU seconds, wall seconds, memory; and does it grow as the pages do?

    python tests/bench/whole_runs.py                  5 MB and 50 MB of pages, everything on
    python tests/bench/whole_runs.py --mb 20 200        other sizes
    python tests/bench/whole_runs.py --quick            languages by the fast detector alone
    python tests/bench/whole_runs.py --known            no pages of no known kind

The pages are the seeds over and over, the words of their long lines shuffled anew each time, so that no record is a
copy of another; every tenth round is the one before with a few words exchanged, so that some are; and a fifth of the
bytes are small pages of no known kind. They are read and published twice: first into an empty folder, and then again
with a page more, which costs the differences too. Each size has a process of its own. CPU seconds are those of all
threads and processes; memory is the most that the process and its workers held during the hop, and how much of it was
their own at most: the rest is files that they see, which the system takes back where memory is short.
"""

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).parents[2]
# Lines of fewer characters, and the first and last words of the others, may be the site's own, by which it is known.
LONG_LINE, KEPT_WORDS = 60, 4
PLAIN_SHARE = 0.2  # of the bytes
EXCHANGED = 0.02  # of the words of a near copy
SEED = 7
# What is timed, by the name it is told by; what a hop calls that stands here too is its own line.
HOPS = {
    "read": "pipeline.engine.local.read",
    "cut": "pipeline.engine.local.cut",
    "date": "pipeline.dates.resolve",
    "reject records": "pipeline.validate.reject_records",
    "drop copies": "pipeline.engine.local.drop",
    "name languages": "pipeline.engine.local.tag",
    "lay out": "pipeline.engine.local.finish",
    "sum up the ledger": "pipeline.ledger.sum_up",
    "measure": "pipeline.describe.measure",
    "validate": "pipeline.validate.reject",
    "score": "pipeline.engine.local.score",
    "gates": "pipeline.engine.local.hold_to_gates",
    "was it asked out?": "pipeline.removals.present",
    "check the ledger": "pipeline.release.checks.of_pages",
    "arrange": "pipeline.release.folder.arrange",
    "write Parquet, JSONL": "pipeline.release.publishing.fill",
    "check the files": "pipeline.release.checks.of_files",
    "statistics": "pipeline.release.stats.measure",
    "plots": "pipeline.release.drawings.draw",
    "review pages": "pipeline.release.review.write",
    "card, manifest, sums": "pipeline.release.publishing.dress",
    "differences": "pipeline.release.differences.compare",
    "prove the differences": "pipeline.release.patch.prove",
    "publish": "pipeline.engine.local.release",
}


# Pages --------------------------------------------------------------------------------------------


def write_pages(folder: Path, megabytes: float, plain_share: float = PLAIN_SHARE) -> int:
    """Write so many MB of pages, a share of them of no known kind; return their bytes."""
    rng = random.Random(SEED)
    seeds = {path.name: path.read_text(encoding="utf-8") for path in sorted((HOME / "seeds").glob("*.txt"))}
    words = re.findall(r"[A-Za-z]{2,}", " ".join(seeds.values()))
    wanted, written, number, before = megabytes * 1e6, 0, 0, seeds
    while written < wanted * (1 - plain_share):
        if number:
            change, texts = (shuffle, seeds) if number % 10 else (exchange, before)
            before = {name: vary(text, change, rng, words) for name, text in texts.items()}
        for name, page in before.items():
            written += put(folder / f"round{number:04d}" / (f"{number:04d}_{name}" if number else name), page)
        number += 1
    number = 0
    while written < wanted:
        written += put(
            folder / f"plain{number // 500:03d}" / f"{number:06d}.txt", plain_page(rng, words, number)
        )
        number += 1
    return written


def vary(text: str, change: Callable[..., str], rng: random.Random, words: list[str]) -> str:
    """Change the words of long lines."""
    lines = text.split("\n")
    return "\n".join(change(line, rng, words) if len(line) > LONG_LINE else line for line in lines)


def shuffle(line: str, rng: random.Random, _: list[str]) -> str:
    """Lay the inner words of a line in another order."""
    parts = line.split(" ")
    inner = parts[KEPT_WORDS:-KEPT_WORDS]
    rng.shuffle(inner)
    return " ".join([*parts[:KEPT_WORDS], *inner, *parts[-KEPT_WORDS:]])


def exchange(line: str, rng: random.Random, words: list[str]) -> str:
    """Put another word in the place of a few."""
    return " ".join(rng.choice(words) if rng.random() < EXCHANGED else part for part in line.split(" "))


def plain_page(rng: random.Random, words: list[str], number: int) -> str:
    """Write an article with a menu, as no grammar knows it."""
    start = rng.randrange(len(words) - 400)
    near = words[start : start + 400]
    sizes = (rng.randint(30, 120) for _ in range(rng.randint(2, 10)))
    paragraphs = [f"{' '.join(rng.choices(near, k=size)).capitalize()}." for size in sizes]
    title = " ".join(rng.choices(near, k=6)).capitalize()
    head = ["Home", "About", "Contact", title, f"By {near[0].title()} {near[1].title()}"]
    dated = f"{1 + number % 28} March {2000 + number % 25}"
    return "\n\n".join([*head, dated, *paragraphs, "Share this", "All rights reserved"]) + "\n"


def put(path: Path, text: str) -> int:
    """Write a page; return its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(text.encode())


# Clock --------------------------------------------------------------------------------------------


class Spent(NamedTuple):
    """What something took: CPU and wall seconds, the most memory held meanwhile, and of their own, in MB."""

    cpu: float = 0
    wall: float = 0
    peak: float = 0
    own: float = 0


class Clock:
    """Times hops, without those within them that have a line of their own."""

    def __init__(self) -> None:
        """Start."""
        self.spent: dict[str, Spent] = {}
        self._running: list[str] = ["other"]
        self._peak = (0.0, 0.0)
        self._then = now()
        threading.Thread(target=self._watch, daemon=True).start()

    def patch(self) -> None:
        """Time every hop of HOPS, wherever its name was imported to."""
        for name, path in HOPS.items():
            module, _, function = path.rpartition(".")
            timed = self._timed(name, getattr(import_module(module), function))
            setattr(import_module(module), function, timed)

    def lap(self) -> None:
        """Book what was spent since the last lap on the hop that runs."""
        cpu, wall = now()
        known = self.spent.get(self._running[-1], Spent())
        self._look()
        self.spent[self._running[-1]] = Spent(
            known.cpu + cpu - self._then[0],
            known.wall + wall - self._then[1],
            max(known.peak, self._peak[0]),
            max(known.own, self._peak[1]),
        )
        self._then, self._peak = (cpu, wall), (0.0, 0.0)

    def _timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self.lap()
            self._running.append(name)
            try:
                return work(*args, **kwargs)
            finally:
                self.lap()
                self._running.pop()

        return timed

    def _watch(self) -> None:
        while True:
            time.sleep(0.05)
            self._look()

    def _look(self) -> None:
        self._peak = tuple(map(max, self._peak, held()))


def now() -> tuple[float, float]:
    """Return CPU seconds, of workers that have ended too, and wall seconds."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime, time.monotonic()


def held() -> tuple[float, float]:
    """Return the MB that this process and those below it hold now, and how many of them are in no file."""
    held = [_resident(process) for process in _tree("self")]
    return sum(own + seen for own, seen in held) / 1e6, sum(own for own, _ in held) / 1e6


def _tree(process: str) -> Iterator[str]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            below = children.read_text().split()
        except OSError:
            continue
        for child in below:
            yield from _tree(child)


def _resident(process: str) -> tuple[int, int]:
    """Return the bytes that a process holds, of its own and of files."""
    try:
        held, seen = map(int, Path(f"/proc/{process}/statm").read_text().split()[1:3])
    except (OSError, ValueError):
        return 0, 0
    return (held - seen) * resource.getpagesize(), seen * resource.getpagesize()


# Runs ---------------------------------------------------------------------------------------------


def run(megabytes: float, *, quick: bool, known: bool) -> dict[str, Any]:
    """Run the pipeline over so many MB twice; return what each run took, by hop."""
    sys.path.insert(0, str(HOME))
    from pipeline import language  # noqa: PLC0415 - in a process of its own
    from pipeline.engine import local  # noqa: PLC0415
    from pipeline.engine.store import Store  # noqa: PLC0415

    detect = language.quick if quick else language.careful
    with tempfile.TemporaryDirectory() as place:
        seeds, store = Path(place) / "seeds", Store(Path(place) / "store", detect)
        n_bytes = write_pages(seeds, megabytes, 0 if known else PLAIN_SHARE)
        clock = Clock()
        clock.patch()
        told = {}
        for name in ("first run", "one page more"):
            clock.spent = {}
            clock.lap()
            clock.spent = {}
            tables = local.build(seeds, store=store, detect=detect, asked_out={})
            made = local.release(tables, seeds, Path(place) / "dist", "bench", is_fresh=True)
            clock.lap()
            told[name] = {hop: spent._asdict() for hop, spent in clock.spent.items()}
            rows = made.rows
            put(seeds / "zz_more.txt", plain_page(random.Random(SEED + 1), ["looms", "weave"] * 500, 1))
            del tables
    return {"bytes": n_bytes, "rows": rows, "runs": told}


def measure(sizes: list[float], *, quick: bool, known: bool) -> list[str]:
    """Measure each size in a process of its own; tables, line by line."""
    words = ["--quick"] * quick + ["--known"] * known
    lines, per_mb = [], []
    for megabytes in sizes:
        command = [sys.executable, __file__, "--one", str(megabytes), *words]
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        told = json.loads(said.splitlines()[-1])
        lines += table(told)
        per_mb.append(total(told["runs"]["first run"]).cpu / told["bytes"])
    for size, spent, least in zip(sizes[1:], per_mb[1:], per_mb, strict=False):
        lines.append(
            f"{size:g} MB take {spent / least:.2f} times the CPU seconds a MB that the size before takes"
        )
    return lines


def table(told: dict[str, Any]) -> list[str]:
    """Lay out what the runs over a corpus took."""
    megabytes = told["bytes"] / 1e6
    lines = [
        f"{megabytes:.1f} MB, {told['rows']['documents']:,} documents, {told['rows']['records']:,} records"
    ]
    for name, hops in told["runs"].items():
        lines.append(f"{name:24}{'CPU s':>10}{'wall s':>10}{'MB / CPU s':>12}{'peak MB':>10}{'own MB':>10}")
        order = [hop for hop in HOPS if hop in hops] + [hop for hop in hops if hop not in HOPS]
        lines += [_row(f"  {hop}", Spent(**hops[hop]), megabytes) for hop in order]
        lines.append(_row("  in all", total(hops), megabytes))
    return [*lines, ""]


def total(hops: dict[str, Any]) -> Spent:
    """Sum up hops: seconds add, memory does not."""
    spent = [Spent(**hop) for hop in hops.values()]
    cpu, wall, peak, own = zip(*spent, strict=True)
    return Spent(sum(cpu), sum(wall), max(peak), max(own))


def _row(name: str, spent: Spent, megabytes: float) -> str:
    rate = megabytes / max(spent.cpu, 1e-3)
    return f"{name:24}{spent.cpu:10.2f}{spent.wall:10.2f}{rate:12.1f}{spent.peak:10.0f}{spent.own:10.0f}"


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description="Measure whole runs, hop by hop.")
    asked.add_argument("--mb", type=float, nargs="+", default=[5, 50], help="MB of pages (default: 5 50)")
    asked.add_argument("--quick", action="store_true", help="name languages by the fast detector alone")
    asked.add_argument("--known", action="store_true", help="only pages of known kinds")
    asked.add_argument("--one", type=float, help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.one:
        print(json.dumps(run(said.one, quick=said.quick, known=said.known)))
    else:
        print("\n".join(measure(said.mb, quick=said.quick, known=said.known)))


if __name__ == "__main__":
    main()
