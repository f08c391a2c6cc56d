"""Dehusk on the same documents: python dehusk_tasks.py TASK OUT   (corpus: BENCH_CORPUS)

exact      copies of the whole text, the best kept
minhash    near copies too; the name is the table's, the way is exact (see pipeline/dedupe.py)
lid        language of each document: `careful`, then `quick`
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from pipeline import dedupe, language  # noqa: I001 - it sets Polars up

import polars as pl

SHARDS = sorted((Path(os.environ["BENCH_CORPUS"]) / "jsonl").glob("*.jsonl"))
LEAST_SIMILAR = 0.8


def documents() -> pl.DataFrame:
    """Read what the peers read."""
    return pl.concat([pl.read_ndjson(path).select("id", "text", "lang") for path in SHARDS])


def records(found: pl.DataFrame) -> pl.DataFrame:
    """Lay the documents out as records of one page each."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    absent = ("title", "author", "handle", "published_raw", "published")
    return found.select(
        "text",
        record_id="id",
        document_id="id",
        kind=pl.lit("article"),
        position=place.cast(pl.Int32),
        is_complete=pl.lit(value=True),
        byte_start=place,
        byte_end=place + 1,
        **{name: pl.lit(None, pl.String) for name in absent},
    )


def keep(out: Path, threshold: float | None) -> None:
    """Drop copies, and write the ids of what stays."""
    found = documents()
    captured = pl.lit(None, pl.Datetime("us", "UTC"))
    pages = found.select(document_id="id", path="id", captured_earliest=captured)
    kept, _ = dedupe.drop_copies(records(found), pages, threshold)
    (out / "ids.txt").write_text("\n".join(kept["record_id"]))


def lid(out: Path) -> None:
    """Name languages by both detectors, and write speed and share right."""
    found = documents().rename({"lang": "claimed"})
    for detect in (language.careful, language.quick):
        language.tag(found.head(20), detect)  # load the models
        start = time.process_time()
        tagged = language.tag(found, detect)
        took = time.process_time() - start
        is_right = tagged["language"] == tagged["claimed"]
        row = {
            "task": f"dehusk {detect.__name__}",
            "first_chars": None,
            "docs": found.height,
            "docs_per_cpu_s": round(found.height / took, 1),
            "mb_per_cpu_s": round(found["text"].str.len_bytes().sum() / took / 1e6, 3),
            "right": round(is_right.mean(), 4),
            "by_language": dict(Counter(tagged.filter(is_right)["claimed"])),
        }
        with (out / "lid.jsonl").open("a") as file:
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    task, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if task == "lid":
        lid(folder)
    else:
        keep(folder, LEAST_SIMILAR if task == "minhash" else None)
