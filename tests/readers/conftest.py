"""The releases that the readers open: the project's own seeds, and a corpus made to break readers."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import HOME
from pipeline.engine import local
from pipeline.release import Dataset, publish
from tests.readers import hostile

# Before anyone imports them: nothing may ask the network.
os.environ |= {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TZ": "Asia/Shanghai",
    "SPARK_LOCAL_IP": "127.0.0.1",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.readers)


def need(module: str):
    """Import what a test needs; a user without it skips the test, and continuous integration fails."""
    try:
        return importlib.import_module(module)
    except ImportError:
        missing(f"{module} is not installed: make test-readers installs it")


def missing(message: str) -> None:
    """Skip a test for want of a tool, or fail it where every tool has to be there."""
    pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Publish the seeds, the hostile corpus, and a version from which nothing was removed; each by name."""
    dist = tmp_path_factory.mktemp("dist")
    corpus = hostile.write(tmp_path_factory.mktemp("corpus"))
    seeds = HOME / "seeds"
    return {
        "seeds": local.release(local.build(seeds), seeds, dist).folder,
        "hostile": local.release(local.build(corpus), corpus, dist).folder,
        "plain": publish(hostile.tables_without_removals(), dist, Dataset(name="plain")).folder,
    }


@pytest.fixture(params=["seeds", "hostile", "plain"])
def folder(request: pytest.FixtureRequest, releases: dict[str, Path]) -> Path:
    """Return the folder of one version after another."""
    return releases[request.param]


@pytest.fixture(scope="module")
def spark() -> Iterator:
    """Start Spark on this machine, in a zone that is not UTC; a process has one, so it ends with its module."""
    sql = need("pyspark.sql")
    if shutil.which("java") is None:
        missing("java is not here, and Spark runs on it")
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
