"""The same release on a cluster as on one machine, whatever is lost on the way."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline import dedupe, shingles
from pipeline.engine import local

pytestmark = pytest.mark.readers
if "CI" not in os.environ:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

HOME = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    from pipeline.engine import spark as cluster

    yield cluster.start("local[2]")
    SparkSession.builder.getOrCreate().stop()


def texts(seed: int, n_texts: int) -> pl.Series:
    """Make families of texts that differ by a few words, in words and in Chinese characters."""
    rng = random.Random(seed)
    made = []
    for family in range(n_texts // 6):
        words = [f"w{rng.randrange(400)}" for _ in range(rng.randrange(8, 60))]
        for _ in range(6):
            edited = [word if rng.random() > 0.04 else f"x{rng.randrange(99)}" for word in words]
            made.append(
                "".join(chr(0x4E00 + int(word[1:])) for word in edited) if family % 2 else " ".join(edited)
            )
    return pl.Series(made)


@pytest.mark.parametrize("n_fixed", [0, 90])
def test_near_copies_are_those_of_one_machine(spark, n_fixed):
    some = texts(7, 240)
    kinds = pl.Series(["post", "article"] * (len(some) // 2))
    packed = shingles.packed(some)
    here, there = (find(kinds, packed, 0.8, n_fixed) for find in (dedupe.find_near, spark.near))
    assert (here[0] != range(len(some))).any()
    assert here[0][:n_fixed].tolist() == list(range(n_fixed))
    assert here[0].tolist() == there[0].tolist()
    assert here[1].tolist() == there[1].tolist()


def test_tables_are_those_of_one_machine(spark):
    here, there = (local.build(HOME / "seeds", engine=engine) for engine in (None, spark))
    for name, frame in here._asdict().items():
        assert frame.equals(getattr(there, name)), name


def test_no_documents_are_no_work(spark):
    documents = local.read(HOME / "seeds").documents.clear()
    assert list(spark.cut(documents, None)) == []


def test_dagster_does_it_there_when_told(spark, tmp_path):
    from dagster import DagsterInstance

    from pipeline.definitions import Folders, build_defs

    seeds = tmp_path / "seeds"
    seeds.mkdir()
    shutil.copy(min((HOME / "seeds").glob("*.txt")), seeds)
    made = {}
    for home, master in (("here", ""), ("there", "local[2]")):
        folders = Folders(seeds=str(seeds), out=str(tmp_path / "dist"), spark=master)
        with DagsterInstance.ephemeral(tempdir=str(tmp_path / home)) as instance:
            job = build_defs({"folders": folders}).resolve_job_def("build_release")
            assert job.execute_in_process(instance=instance).success
            found = next(Path(instance.storage_directory()).glob("frames/tagged_records/records.arrow"))
            made[home] = pl.read_ipc(found)
    here, there = (made[home].sort("byte_start") for home in ("here", "there"))
    assert here.equals(there.select(here.columns))


def test_killed_executors_change_nothing():
    """In a process of its own, since a process has one Spark."""
    script = Path(__file__).with_name("killed_executors.py")
    said = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
        env=os.environ | {"PYTHONPATH": str(HOME)},
    )
    assert said.returncode == 0, said.stdout[-2000:] + said.stderr[-2000:]
    assert "killed 2, the same tables" in said.stdout
