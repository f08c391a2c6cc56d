"""Dehusk on the same documents: python dehusk_tasks.py TASK OUT   (corpus: BENCH_CORPUS)

exact      copies of the whole text, the best kept
minhash    near copies too; the name is the table's, the way is exact (see pipeline/dedupe.py)
lid        language of each document: `careful`, then `quick`
parquet    the table `records`, as a release writes it: typed, with pages, checksums and an index
validate   every row through its model
passages   lines that recur across documents
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from pipeline import dedupe, language  # it sets Polars up; what else a task needs is loaded by it

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


def whole(found: pl.DataFrame) -> pl.DataFrame:
    """Lay the documents out as whole rows of the table `records`."""
    import schemas
    from pipeline import describe

    row = pl.int_range(pl.len()).cast(pl.String).str.zfill(24)
    known = records(found).with_columns(
        record_id="r_" + row,
        document_id="d_" + row,
        page_kind=pl.lit("unknown"),
        published_precision=pl.lit("unknown"),
        language=pl.lit("und"),
        n_chars=pl.col("text").str.len_chars(),
        n_words=pl.col("text").str.count_matches(describe.WORD),
        n_segments=pl.lit(0),
        license=pl.lit("LicenseRef-unknown"),
        license_evidence=pl.lit("none"),
        policy=pl.lit("full"),
        **{name: pl.lit([], pl.List(pl.Null)) for name in ("urls", "flags", "captures", "body_spans")},
    )
    return known.select(
        (pl.col(name) if name in known.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schemas.polars_schema("records").items()
    )


def timed(out: Path, task: str, work, n: int) -> None:
    """Write how long some work on so many rows took, without what it needs to start."""
    start = time.process_time()
    said = work()
    took = time.process_time() - start
    row = {"task": task, "rows": n, "cpu_s": round(took, 3), "us_per_row": round(1e6 * took / n, 2), "said": said}
    (out / "steps.jsonl").write_text(json.dumps(row) + "\n")


def write(out: Path) -> None:
    """Write the documents as the table `records`."""
    from pipeline.release import parquet

    rows = whole(documents())
    groups = [parquet.Extent(at, min(at + 10_000, len(rows))) for at in range(0, len(rows), 10_000)]
    timed(out, "write records", lambda: parquet.write(rows, "records", out / "records.parquet", groups, {}), len(rows))


def hold(out: Path) -> None:
    """Send every row through its model."""
    from pipeline import validate

    rows = whole(documents())
    validate.check("records", rows.head(10))
    timed(out, "validate records", lambda: f"{len(validate.check('records', rows)[1])} invalid", len(rows))


def recur(out: Path) -> None:
    """Count the lines that recur."""
    from pipeline import passages

    found = documents().rename({"id": "document_id"})
    timed(out, "count passages", lambda: f"{len(passages.recurring(found.iter_slices(2000)))} recur", len(found))


TASKS = {
    "exact": lambda out: keep(out, None),
    "minhash": lambda out: keep(out, LEAST_SIMILAR),
    "lid": lid,
    "parquet": write,
    "validate": hold,
    "passages": recur,
}

if __name__ == "__main__":
    task, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    TASKS[task](folder)
