"""All cores of one machine: batches of documents cut side by side, in processes that each hold one batch.

A process takes a second to start, so that few documents are cut where we are. Batches come back in their order, and
whoever cuts a batch makes the same of it: neither the number of processes nor which of them was first shows.
"""

from __future__ import annotations

import io
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import polars as pl

from pipeline import ingest
from pipeline.engine.store import Cut
from pipeline.language import Detector
from pipeline.segment import Pages

# In a process of its own a thread of Polars for each core would only stand in the others' way.
_THREADS = {"POLARS_MAX_THREADS": "1"}
WORTH_BYTES = 8 << 20  # of documents for each process: they take seconds to cut


def cores() -> int:
    """Count the cores that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cut(
    documents: pl.DataFrame,
    detect: Detector | None,
    n_workers: int | None = None,
    size_bytes: int = ingest.BATCH_BYTES,
) -> Iterator[tuple[pl.DataFrame, Cut]]:
    """Cut documents batch by batch, in several processes if there is enough to do.

    Args:
        documents: as `ingest.read_seeds` gives them.
        detect: names the languages too; a function that a module holds by its name.
        n_workers: processes; by default as many as cores, if that leaves each enough to do.
        size_bytes: of a batch.
    """
    n_workers = n_workers or min(cores(), int(documents["n_bytes"].sum()) // WORTH_BYTES)
    batches = ingest.batches(documents, size_bytes)
    if n_workers < 2:
        yield from ((batch, _cut(batch, detect)) for batch in batches)
        return
    with _environment(_THREADS), ProcessPoolExecutor(n_workers, get_context("spawn")) as pool:
        begun: deque[tuple[pl.DataFrame, Future[list[bytes]]]] = deque()
        for batch in batches:
            begun.append((batch, pool.submit(_work, _write(batch), detect)))
            if len(begun) > n_workers:  # one lies ready: more would only lie in memory
                yield _made(*begun.popleft())
        while begun:
            yield _made(*begun.popleft())


def _made(batch: pl.DataFrame, work: Future[list[bytes]]) -> tuple[pl.DataFrame, Cut]:
    kinds, *pages = map(_read, work.result())
    return batch, Cut(kinds, Pages(*pages))


def _cut(batch: pl.DataFrame, detect: Detector | None) -> Cut:
    from pipeline.engine.local import cut_batch  # noqa: PLC0415 - it names this module's engine

    return cut_batch(batch, detect)


def _work(batch: bytes, detect: Detector | None) -> list[bytes]:
    """Cut a batch, in a process of its own."""
    made = _cut(_read(batch), detect)
    return [_write(frame) for frame in (made.kinds, *made.pages)]


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    """Give processes that are started meanwhile some settings, but where one is made already."""
    new = settings.keys() - os.environ.keys()
    os.environ.update({name: settings[name] for name in new})
    try:
        yield
    finally:
        for name in new:
            del os.environ[name]


def _write(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="uncompressed", compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _read(file: bytes) -> pl.DataFrame:
    return pl.read_ipc(file)
