"""Gold labels, and published releases, as frames."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from pipeline.ingest import Where, read_seeds
from schemas import Tables

LABEL_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "level": pl.String,
    "kind": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "parent": pl.String,
    "title": pl.String,
    "author": pl.String,
    "handle": pl.String,
    "published_raw": pl.String,
    "published": pl.String,
    "speaker": pl.String,
    "t": pl.Int64,
    "body": pl.List(pl.List(pl.Int64)),
}


class GoldError(ValueError):
    """Labels and documents do not belong together."""


def read_gold(folder: Path) -> pl.DataFrame:
    """Read every label file of a folder into one frame of labels, with the file's `stem`.

    Files whose lines are not labels (no `level`) are passed over: other gold may lie in the same folder.
    """
    frames = [
        pl.read_ndjson(path, schema=LABEL_SCHEMA).with_columns(stem=pl.lit(path.stem))
        for path in sorted(folder.glob("*.jsonl"))
        if _holds_labels(path)
    ]
    empty = pl.DataFrame(schema={**LABEL_SCHEMA, "stem": pl.String})
    return pl.concat([empty, *frames])


def frame_labels(labels: Mapping[str, Iterable[Mapping[str, object]]]) -> pl.DataFrame:
    """Make the frame of `read_gold` from labels in memory, by stem."""
    rows = [{**label, "stem": stem} for stem, page in labels.items() for label in page]
    return pl.DataFrame(rows, schema={**LABEL_SCHEMA, "stem": pl.String})


def read_release(version: Path, where: Where) -> Tables:
    """Read a published version, and put the text of its documents back from the seeds they were made from.

    Raises:
        GoldError: a document of it is in none of the seeds.
    """
    tables = Tables(*(pl.read_parquet(version / name / "*.parquet") for name in Tables._fields))
    texts = read_seeds(where).documents.select("document_id", "text")
    documents = tables.documents.join(texts, on="document_id", how="left", maintain_order="left")
    if lost := documents.filter(pl.col("text").is_null())["path"].to_list():
        raise GoldError(
            f"{lost[0]}: {version} has it, and it is not in the seeds, as {len(lost)} of {len(documents)} documents; "
            "do: say by --seeds where they are"
        )
    return tables._replace(documents=documents)


def _holds_labels(path: Path) -> bool:
    with path.open(encoding="utf-8") as lines:
        first = lines.readline()
    return bool(first.strip()) and "level" in json.loads(first)
