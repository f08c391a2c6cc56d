"""What does finding near copies cost: CPU seconds, and memory above that of the texts?

    python tests/bench/near_copies.py                  50 MB and 200 MB of texts
    python tests/bench/near_copies.py --mb 20          other sizes
    python tests/bench/near_copies.py --against        then some new texts, compared with those as with another dataset

The texts are runs of lines of the seeds, over and over, their words shuffled anew each time, so that none is a copy of
another; every tenth round a few words are exchanged instead, so that some are. Each size has a process of its own.
Memory that is private cannot be given back; the rest lies on disk too, and is. The digest is that of the outcome: it is
the same however the work is parted.
"""

import argparse
import hashlib
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).parents[2]
sys.path[:0] = [str(HOME), str(Path(__file__).parent)]

import polars as pl  # noqa: E402 - found by the lines above
import whole_runs  # noqa: E402

from pipeline import dedupe, shingles  # noqa: E402

CHARS = 2_700  # of a text, as on the bench corpus
N_NEW = 100


def texts(megabytes: float) -> list[str]:
    """Make so many MB of texts."""
    rng = random.Random(whole_runs.SEED)
    pages = [path.read_text(encoding="utf-8") for path in sorted((HOME / "seeds").glob("*.txt"))]
    words = re.findall(r"[A-Za-z]{2,}", " ".join(pages))
    made, size, number = [], 0, 0
    while size < megabytes * 1e6:
        for text in (run for page in pages for run in runs(page)):
            made.append(whole_runs.vary(text, rng, words, number) if number else text)
            size += len(made[-1].encode())
        number += 1
    return made


def runs(page: str) -> Iterator[str]:
    """Part a page into runs of whole lines."""
    run = ""
    for line in page.splitlines(keepends=True):
        run += line
        if len(run) > CHARS:
            yield run
            run = ""
    yield run


def records(made: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lay texts out as records of a page each."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    absent = ("title", "author", "handle", "published_raw", "published")
    rows = pl.DataFrame({"text": made}).with_columns(
        record_id=pl.format("r{}", place),
        kind=pl.lit("article"),
        position=place.cast(pl.Int32),
        is_complete=pl.lit(value=True),
        byte_start=place,
        byte_end=place + 1,
        **{name: pl.lit(None, pl.String) for name in absent},
    )
    captured = pl.lit(None, pl.Datetime("us", "UTC"))
    pages = rows.select(document_id="record_id", path="record_id", captured_earliest=captured)
    return rows.with_columns(document_id="record_id"), pages


class Watch:
    """The most memory held, all and private alone, in MB, above what was held when it began."""

    def __init__(self) -> None:
        self._before = self.peak = held()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            self.peak = tuple(map(max, self.peak, held()))

    def end(self) -> tuple[float, ...]:
        """Return it."""
        self._ended.set()
        self._thread.join()
        return tuple(peak - before for peak, before in zip(self.peak, self._before, strict=True))


def held() -> tuple[float, ...]:
    """Return the MB held, and of them the private ones."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return tuple(int(told[name].split()[0]) / 1e3 for name in ("VmRSS", "RssAnon"))


def measure(megabytes: float, *, against: bool) -> str:
    """Find the near copies of so many MB; return a row of the table."""
    rows, pages = records(texts(megabytes))
    dedupe.drop_copies(rows.head(2), pages)  # load the tables of characters
    watch, start = Watch(), time.process_time()
    _, removed = dedupe.drop_copies(rows, pages)
    took = time.process_time() - start
    peak, private = watch.end()
    told = removed.select("record_id", "kept_id", "similarity").write_csv().encode()
    costs = f"{took:.2f} | {len(rows) / took:,.0f} | {peak:.0f} | {private:.0f}"
    row = f"| {megabytes:g} | {len(rows):,} | {costs} | {len(removed):,} | {hashlib.sha256(told).hexdigest()[:8]} |"
    return f"{row}\n{compare(rows)}" if against else row


def compare(rows: pl.DataFrame) -> str:
    """Compare the last texts with all others, as if these stood in another dataset."""
    from pipeline import elsewhere, policy  # noqa: PLC0415 - older code that is measured has no such thing

    old, new = rows[:-N_NEW], rows[-N_NEW:].with_columns(shingles=shingles.packed(rows["text"][-N_NEW:]))
    start = time.process_time()
    known = old.with_columns(
        policy.digests(old["text"]),
        who=pl.col("author"),
        n_chars=pl.col("text").str.len_chars(),
        home=pl.lit("old v1.0.0"),
        shingles=shingles.distinct(shingles.packed(old["text"])),
    ).select(pl.col(name).cast(kind) for name, kind in dedupe.ELSEWHERE.items())
    made = time.process_time()
    elsewhere.near([elsewhere.Standing("old v1.0.0", "", [known])], new, dedupe.THRESHOLD)
    took = time.process_time() - made
    return f"  to know them, once: {made - start:.2f} CPU s; {N_NEW} new texts beside them: {took:.2f} CPU s"


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description="Measure finding near copies.")
    asked.add_argument("--mb", type=float, nargs="+", default=[50, 200], help="MB of texts (default: 50 200)")
    asked.add_argument("--against", action="store_true", help="compare new texts with another dataset too")
    asked.add_argument("--one", type=float, help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.one:
        print(measure(said.one, against=said.against))
        return
    print("| MB | texts | CPU s | texts per CPU s | MB held | private | removed | digest |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    words = ["--against"] if said.against else []
    for megabytes in said.mb:
        subprocess.run([sys.executable, __file__, "--one", str(megabytes), *words], check=True)


if __name__ == "__main__":
    main()
