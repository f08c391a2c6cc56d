"""Every reader opens every table of a fresh release, and sees the same rows."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

import schemas
from pipeline.release import manifest
from tests.readers import rows
from tests.readers.conftest import need

NAMES = list(schemas.TABLES)


def hold(folder: Path, name: str, seen: str) -> None:
    """Hold a digest to that of the manifest."""
    assert seen == manifest.read(folder)["table_digests"][name], f"{name} of {folder.parent.name}"


def named(found) -> list[dict]:
    """Return what DuckDB found as rows of names and values."""
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("name", NAMES)
def test_polars(folder, name):
    hold(folder, name, rows.of_rows(name, pl.read_parquet(folder / name / "*.parquet").iter_rows(named=True)))
    hold(folder, name, rows.of_rows(name, pl.scan_parquet(folder / name).collect().iter_rows(named=True)))


@pytest.mark.parametrize("name", NAMES)
def test_pyarrow(folder, name):
    hold(folder, name, rows.of_table(name, pq.read_table(folder / name)))


@pytest.mark.parametrize("backend", [None, "numpy_nullable", "pyarrow"])
@pytest.mark.parametrize("name", NAMES)
def test_pandas(folder, name, backend):
    pandas = need("pandas")
    frame = pandas.read_parquet(folder / name, **({"dtype_backend": backend} if backend else {}))
    hold(folder, name, rows.of_rows(name, frame.to_dict("records")))


@pytest.mark.parametrize("name", NAMES)
def test_duckdb(folder, name):
    need("pytz")
    duckdb = need("duckdb")
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT * FROM read_parquet('{folder}/{name}/*.parquet')")
        hold(folder, name, rows.of_rows(name, named(found)))


@pytest.mark.parametrize("place", ["version", "root"])
@pytest.mark.parametrize("name", NAMES)
def test_datasets(folder, name, place, tmp_path):
    datasets = need("datasets")
    where = folder if place == "version" else folder.parent
    if manifest.read(folder)["rows"][name] == 0:
        # It cannot hold a split without rows: such a table has no configuration, and the card says so.
        with pytest.raises(ValueError, match="BuilderConfig 'removed' not found"):
            datasets.load_dataset(str(where), name, split="train", cache_dir=str(tmp_path))
        return
    found = datasets.load_dataset(str(where), name, split="train", cache_dir=str(tmp_path))
    assert str(found.features.arrow_schema.field(0).type) == "string"
    hold(folder, name, rows.of_rows(name, found.to_list()))


@pytest.mark.parametrize("name", NAMES)
def test_spark(folder, name, spark):
    hold(folder, name, rows.of_table(name, spark.read.parquet(str(folder / name)).toArrow()))


@pytest.mark.parametrize("name", NAMES)
def test_mlcroissant(folder, name):
    mlcroissant = need("mlcroissant")
    found = mlcroissant.Dataset(str(folder / "croissant.json"))
    assert not found.metadata.ctx.issues.errors
    rows_of = [{key.split("/", 1)[1]: value for key, value in row.items()} for row in found.records(name)]
    hold(folder, name, rows.of_rows(name, rows_of))


# JSON lines: the same rows, in the readers that keep what JSON can tell.


@pytest.mark.parametrize("name", NAMES)
def test_jsonl_by_hand(folder, name):
    paths = sorted(folder.glob(f"jsonl/{name}-*.jsonl.gz"))
    lines = [line for path in paths for line in gzip.decompress(path.read_bytes()).split(b"\n")[:-1]]
    found = [json.loads(line) for line in lines]
    hold(folder, name, rows.of_rows(name, found))


@pytest.mark.parametrize("name", NAMES)
def test_jsonl_in_polars(folder, name):
    paths = sorted(folder.glob(f"jsonl/{name}-*.jsonl.gz"))
    schema = {
        column: pl.String if isinstance(dtype, pl.Datetime) else dtype
        for column, dtype in schemas.polars_schema(name).items()
    }
    found = pl.concat([pl.read_ndjson(gzip.decompress(path.read_bytes()), schema=schema) for path in paths])
    hold(folder, name, rows.of_rows(name, found.iter_rows(named=True)))


@pytest.mark.parametrize("name", NAMES)
def test_jsonl_in_pandas(folder, name):
    pandas = need("pandas")
    for path in sorted(folder.glob(f"jsonl/{name}-*.jsonl.gz")):
        if path.stat().st_size and manifest.read(folder)["rows"][name]:
            found = pandas.read_json(path, lines=True, dtype=False)
            hold(folder, name, rows.of_rows(name, found.to_dict("records")))


@pytest.mark.parametrize("name", NAMES)
def test_jsonl_in_duckdb(folder, name):
    need("pytz")
    duckdb = need("duckdb")
    with duckdb.connect() as connection:
        # With the types of the Parquet: left to itself it takes a text that looks like a day for one.
        parquet = connection.sql(f"SELECT * FROM read_parquet('{folder}/{name}/*.parquet')")
        columns = dict(zip(parquet.columns, map(str, parquet.types), strict=True))
        found = connection.sql(
            f"SELECT * FROM read_json('{folder}/jsonl/{name}-*.jsonl.gz', format='newline_delimited', "
            f"columns={columns}, maximum_object_size=100000000)"
        )
        hold(folder, name, rows.of_rows(name, named(found)))


@pytest.mark.parametrize("name", NAMES)
def test_jsonl_in_spark(folder, name, spark):
    types = need("pyspark.sql.types")
    found = spark.read.parquet(str(folder / name)).schema
    as_text = [
        types.StructField(field.name, types.StringType())
        if field.dataType.typeName() == "timestamp"
        else field
        for field in found.fields
    ]
    texts = types.StructType(as_text)
    read = spark.read.schema(texts).json(str(folder / "jsonl" / f"{name}-*.jsonl.gz"))
    hold(folder, name, rows.of_table(name, read.toArrow()))
