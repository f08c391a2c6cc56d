"""A cluster: the same hops, with Spark to carry batches to the machines and to shuffle what is global.

Documents are cut by the very functions that cut them on one machine, over Arrow batches. Near copies are found by
the same prefixes (see `pipeline.dedupe`), as joins on shingles that Spark spills to disk and repeats where a machine is
lost; the pairs are few, and are settled here. Neither the order of rows nor their machines show in the result.

Needs the extra `spark` and a Java runtime; the workers need this package, and the same lock.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as f

from pipeline import dedupe, shingles
from pipeline.engine.local import Engine
from pipeline.engine.processes import cut_batch
from pipeline.engine.store import Cut
from pipeline.language import Detector, careful
from pipeline.segment import Pages

_FRAMES = ("kinds", *Pages._fields)
# A document's text in a batch of one: Spark cuts batches by rows, and rows are documents of any size.
_SETTINGS = {"spark.sql.execution.arrow.maxRecordsPerBatch": "64", "spark.sql.session.timeZone": "UTC"}


def start(master: str) -> Engine:
    """Return the engine of a session with this master, on workers that have this Python and this package."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    home = str(Path(__file__).parents[2])
    settings: dict[str, Any] = {
        "spark.ui.enabled": "false",
        "spark.executorEnv.PYTHONPATH": home,
    }
    return engine(
        SparkSession.builder.master(master).appName("dehusk").config(map=dict(settings)).getOrCreate()
    )


def engine(session: SparkSession, detect: Detector = careful) -> Engine:
    """Return the engine of a Spark session.

    Args:
        session: whatever master it has.
        detect: names languages where the documents are cut.
    """
    for name, value in _SETTINGS.items():
        session.conf.set(name, value)

    def cut(documents: pl.DataFrame, told: Detector | None) -> Iterator[tuple[pl.DataFrame, Cut]]:
        if len(documents):
            yield documents, _cut(session, documents, told or detect)

    def near(
        kinds: pl.Series, packed: pl.Series, threshold: float, n_fixed: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        edges = _edges(session, kinds, packed, threshold).filter(pl.col("other") >= n_fixed)
        return _settle(edges, len(packed))

    return Engine(cut, near)


def _cut(session: SparkSession, documents: pl.DataFrame, detect: Detector) -> Cut:
    """Cut documents on the workers; each batch comes back as a row of Arrow files."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            made = cut_batch(pl.from_arrow(batch), detect)  # type: ignore[arg-type]
            files = {
                name: [_write(frame)] for name, frame in zip(_FRAMES, (made.kinds, *made.pages), strict=True)
            }
            yield pa.RecordBatch.from_pydict(files)

    rows = (
        _spread(session, documents)
        .mapInArrow(work, ", ".join(f"{name} binary" for name in _FRAMES))
        .toArrow()
    )
    frames = {name: pl.concat(map(_read, rows[name].to_pylist())) for name in _FRAMES}
    return Cut(frames.pop("kinds"), Pages(**frames))


def _edges(session: SparkSession, kinds: pl.Series, packed: pl.Series, threshold: float) -> pl.DataFrame:
    """Return every pair of texts that reaches the threshold: `one` < `other`, `similarity`."""
    records = pl.DataFrame({"record": range(len(packed)), "kind": kinds, "packed": packed})
    cut = _spread(session, records).mapInArrow(_shingle, "record long, shingle long").distinct()
    counted = f.count("*").over(Window.partitionBy("shingle"))
    sized = cut.withColumn("size", f.count("*").over(Window.partitionBy("record")))
    shared = sized.withColumn("n", counted).where("n > 1").persist()
    # Rarest first, the same everywhere: two sets that overlap enough share one of their first.
    by_rarity = Window.partitionBy("record").orderBy("n", "shingle")
    needed = f.greatest(f.lit(1), f.ceil(f.col("size") * threshold - dedupe.EPSILON))
    length = f.count("*").over(Window.partitionBy("record")) - needed + 1
    placed = shared.withColumn("place", f.row_number().over(by_rarity)).withColumn("length", length)
    prefixes = placed.where("place <= length")
    pairs = (
        _side(prefixes, "one")
        .join(_side(prefixes, "other"), "shingle")
        .where("one < other")
        .select("one", "other")
        .distinct()
    )
    both = (
        pairs.join(_side(shared, "one"), "one")
        .join(_side(shared, "other"), ["other", "shingle"])
        .groupBy("one", "other", "size_one", "size_other")
        .count()
    )
    found = pl.DataFrame(pl.from_arrow(both.toArrow()))
    shared.unpersist()
    similarity = pl.col("count") / (pl.col("size_one") + pl.col("size_other") - pl.col("count"))
    return found.select("one", "other", similarity=similarity).filter(pl.col("similarity") >= threshold)


def _side(rows: DataFrame, name: str) -> DataFrame:
    return rows.select("shingle", rows["record"].alias(name), rows["size"].alias(f"size_{name}"))


def _shingle(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        rows = pl.DataFrame(pl.from_arrow(batch))
        for part in shingles.unpacked(rows["packed"], rows["kind"]):
            of_batch = {"record": rows["record"].to_numpy()[part.text], "shingle": part.hash.view(np.int64)}
            yield pa.RecordBatch.from_pydict(of_batch)


def _settle(edges: pl.DataFrame, n_texts: int) -> tuple[np.ndarray, np.ndarray]:
    """Take texts in order: one without a better neighbour that stays, stays; of several it is of the most similar."""
    ordered = edges.sort("other", -pl.col("similarity"), "one")
    goes = np.zeros(n_texts, bool)
    survivor, similarity = np.arange(n_texts), np.ones(n_texts, np.float32)
    for one, other, alike in ordered.iter_rows():
        if not goes[one] and not goes[other]:
            goes[other], survivor[other], similarity[other] = True, one, alike
    return survivor, similarity


def _spread(session: SparkSession, frame: pl.DataFrame) -> DataFrame:
    """Lay a frame over the cluster."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    schema = pa.schema([field.with_type(_small(field.type)) for field in table.schema])
    return session.createDataFrame(table.cast(schema)).repartition(
        session.sparkContext.defaultParallelism * 2
    )


def _small(dtype: pa.DataType) -> pa.DataType:
    """Spark's strings and bytes are of the small kind."""
    return {pa.large_string(): pa.string(), pa.large_binary(): pa.binary()}.get(dtype, dtype)


def _write(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="lz4")
    return buffer.getvalue()


def _read(file: bytes) -> pl.DataFrame:
    return pl.read_ipc(file)
