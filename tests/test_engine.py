"""However the work is shared out, and wherever it lies, the tables are the same."""

import shutil
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline import GOLD, dedupe, language, spill
from pipeline.engine import local, processes
from tests.tables import make_tables

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"


@pytest.fixture(scope="module")
def documents(tmp_path_factory) -> pl.DataFrame:
    """Read pages of known kinds and of none, in several languages."""
    folder = tmp_path_factory.mktemp("pages")
    small = [path for path in sorted(SEEDS.glob("*.txt")) if path.stat().st_size < 50_000]
    for path in (*small, *sorted((HERE / "induced").glob("*_[fj]?.txt"))):
        shutil.copy(path, folder)
    return local.read(folder, {}).documents


def cut(documents: pl.DataFrame, n_workers: int, size_bytes: int) -> tuple[pl.DataFrame, ...]:
    share = partial(processes.cut, n_workers=n_workers, size_bytes=size_bytes)
    kinds, pages = local.cut(documents, None, local.Engine(share, dedupe.find_near))
    return kinds, *pages


@pytest.fixture(scope="module")
def whole(documents) -> tuple[pl.DataFrame, ...]:
    """Cut all in one batch in one process."""
    return cut(documents, 1, 1 << 40)


@pytest.mark.parametrize(("n_workers", "size_bytes"), [(1, 1), (2, 20_000), (3, 1)])
def test_the_tables_are_those_of_one_batch_in_one_process(documents, whole, n_workers, size_bytes):
    assert whole[1]["page_kind"].n_unique() > 2
    for expected, frame in zip(whole, cut(documents, n_workers, size_bytes), strict=True):
        assert frame.equals(expected)


def test_batches_come_back_in_order_with_their_languages_named(documents):
    made = list(processes.cut(documents, language.quick, n_workers=2, size_bytes=1))
    assert len(made) > 2
    assert pl.concat([batch for batch, _ in made]).equals(documents)
    for batch, cut in made:
        assert cut.kinds["document_id"].to_list() == batch["document_id"].to_list()
        assert cut.pages.records["language"].null_count() == 0


def test_what_a_killed_process_had_in_hand_is_cut_here(documents, whole, monkeypatch):
    start = processes._process

    def start_and_kill():
        process = start()
        process.kill()
        return process

    monkeypatch.setattr(processes, "_process", start_and_kill)
    for expected, frame in zip(whole, cut(documents, 2, 20_000), strict=True):
        assert frame.equals(expected)


def test_few_documents_start_no_process(documents, monkeypatch):
    monkeypatch.setattr(processes, "_process", None)
    assert len(list(processes.cut(documents, None))) == 1


@pytest.mark.parametrize(("worth_seconds", "is_started"), [(1e-6, True), (1e6, False)])
def test_processes_start_where_the_rest_takes_long(documents, whole, monkeypatch, worth_seconds, is_started):
    started = []
    start = processes._process
    told = {"WORTH_BYTES": 0, "FIRST_BYTES": 1, "FIRST_SECONDS": 0, "WORTH_SECONDS": worth_seconds}
    for name, value in told.items():
        monkeypatch.setattr(processes, name, value)
    monkeypatch.setattr(processes, "cores", lambda: 2)
    monkeypatch.setattr(processes, "_process", lambda: started.append(1) or start())
    kinds, pages = local.cut(documents, None, local.Engine(processes.cut, dedupe.find_near))
    assert bool(started) is is_started
    for expected, frame in zip(whole, (kinds, *pages), strict=True):
        assert frame.equals(expected)


def test_frames_on_disk_are_the_frames_and_leave_no_file(documents, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert spill.to_disk(documents) is documents  # so few bytes are worth no file
    monkeypatch.setattr(spill, "LEAST_BYTES", 0)
    whole, nothing = spill.to_disk(documents), spill.to_disk(documents.clear())
    assert list(tmp_path.iterdir()) == []
    assert whole.equals(documents)
    assert whole.schema == nothing.schema == documents.schema
    assert whole.sort("sha256").tail(3).equals(documents.sort("sha256").tail(3))
    assert pl.concat([whole, documents])["text"].n_unique() == documents.height


def test_rows_in_parts_on_disk_come_back_part_by_part_in_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    parts = spill.Parts(3, np.uint32, np.uint64)
    parts.add(np.array([2, 0, 2, 0]), np.array([1, 2, 3, 4]), np.array([10, 20, 30, 40], np.uint64))
    parts.add(np.array([0, 2]), np.array([5, 6]), np.array([50, 1 << 63], np.uint64))
    assert list(tmp_path.iterdir()) == []
    read = [tuple(column.tolist() for column in part) for part in parts.read()]
    assert read == [([2, 4, 5], [20, 40, 50]), ([], []), ([1, 3, 6], [10, 30, 1 << 63])]


def test_seeds_that_bear_the_names_of_labelled_pages_twice_are_not_scored():
    stems = [path.stem for path in GOLD.glob("*_*.jsonl")]
    twice = [f"{folder}/{stem}.txt" for folder in ("a", "b") for stem in stems]
    assert local.score(make_tables()._replace(documents=pl.DataFrame({"path": twice}))) is None
