"""All cores of one machine: batches of documents cut side by side, in processes that each hold one batch.

A process takes two seconds to start, and its batches lie on disk once more, so that documents are cut where we are
until their pace tells that the rest is worth it. Batches come back in their order, and whoever cuts a batch makes the
same of it: neither the number of processes nor which of them was first shows. What a process that is killed had in
hand is cut here. (Not multiprocessing: it runs a script that imports us once more.)
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from tempfile import NamedTemporaryFile, TemporaryDirectory

import polars as pl

from pipeline import HOME, batches, dedupe, ingest, language, segment, shingles
from pipeline.engine.store import Cut
from pipeline.language import Detector
from pipeline.segment import Pages
from pipeline.spill import give_back, mapped

# Less is cut here: pages of known kinds take .06 s a MB, others up to 5.
WORTH_BYTES = 16 << 20
WORTH_SECONDS = 10.0  # of cutting for each process
FIRST_BYTES = 1 << 20  # of the batch by which the pace is told first
FIRST_SECONDS = 2.0  # of it, to load what every batch needs
HERE_BYTES = 24 << 20  # of a batch that is cut alone: a fifth less time a MB than 16, and 100 MB more memory
# A process for each core: a thread of Polars for each core in each of them would only stand in the others' way.
SETTINGS = {"POLARS_MAX_THREADS": "1"}


def cores() -> int:
    """Count the cores that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cut(
    documents: pl.DataFrame,
    detect: Detector | None,
    n_workers: int | None = None,
    size_bytes: int | None = None,
) -> Iterator[tuple[pl.DataFrame, Cut]]:
    """Cut documents batch by batch, in several processes if there is enough to do.

    Args:
        documents: as `ingest.read_seeds` gives them.
        detect: names the languages too; a function that a module holds by its name.
        n_workers: processes; by default as many as cores, once what is left gives each enough to do.
        size_bytes: of a batch; by default as many as take least time in bounded memory.
    """
    if n_workers is None:
        documents, n_workers = yield from _cut_here(documents, detect, size_bytes or HERE_BYTES)
    share = _n_bytes(documents) // n_workers if n_workers > 1 else ingest.BATCH_BYTES
    parts = ingest.batches(documents, size_bytes or min(ingest.BATCH_BYTES, share))
    if n_workers < 2:
        yield from ((batch, cut_batch(batch, detect)) for batch in parts)
        return
    with ExitStack() as stack:
        place = stack.enter_context(TemporaryDirectory(prefix="dehusk-"))
        idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for _ in range(n_workers):
            idle.put(stack.enter_context(_process()))
        threads = stack.enter_context(ThreadPoolExecutor(n_workers))
        begun: deque[tuple[pl.DataFrame, Future[Cut]]] = deque()
        for batch in parts:
            begun.append((batch, threads.submit(_have_cut, idle, place, batch, detect)))
            if len(begun) > n_workers:  # one lies ready: more would only lie in memory
                done, work = begun.popleft()
                yield done, work.result()
        yield from ((done, work.result()) for done, work in begun)


def _cut_here(
    documents: pl.DataFrame, detect: Detector | None, size_bytes: int
) -> Generator[tuple[pl.DataFrame, Cut], None, tuple[pl.DataFrame, int]]:
    """Cut batches here, and return the documents that are worth processes, and how many; none are worth one."""
    next_bytes, loading = min(FIRST_BYTES, size_bytes), FIRST_SECONDS
    if _n_bytes(documents) < WORTH_BYTES:
        return documents, 1
    while documents.height:
        batch = next(ingest.batches(documents, next_bytes))
        documents, start = documents[batch.height :], time.process_time()
        yield batch, cut_batch(batch, detect)
        pace = (time.process_time() - start - loading) / max(1, _n_bytes(batch))
        n_workers = min(cores(), int(pace * _n_bytes(documents) / WORTH_SECONDS))
        if n_workers > 1:
            return documents, n_workers
        next_bytes, loading = size_bytes, 0.0
    return documents, 1


def _n_bytes(documents: pl.DataFrame) -> int:
    return int(documents["n_bytes"].sum())


def cut_batch(batch: pl.DataFrame, detect: Detector | None = None) -> Cut:
    """Cut a batch of whole documents.

    The records come with their shingles, by which copies are found, and with `detect` the languages are named too,
    before the copies are dropped: what is kept, or done by another machine, need not be done again.
    """
    labelled = segment.label(ingest.read_lines(batch))
    kinds = labelled.pieces.select("doc", "page_kind").unique("doc")
    ids = batch.select("document_id").with_row_index("doc")
    pages = segment.assemble(labelled, batch)
    packed = shingles.packed(pages.records["text"]).alias(dedupe.SHINGLES)
    pages = pages._replace(records=pages.records.with_columns(packed))
    if detect:
        tagged = {name: language.tag(getattr(pages, name), detect) for name in ("records", "segments")}
        pages = pages._replace(**tagged)
    # Pages come by kind; in the order of the documents, none need be laid on disk once more.
    pages = Pages(*next(batches.of_documents(batch, pages, 1 << 62)))
    return Cut(ids.join(kinds, on="doc").drop("doc"), pages)


def _process() -> subprocess.Popen[bytes]:
    paths = [str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**SETTINGS, **os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", __name__]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _have_cut(
    idle: SimpleQueue[subprocess.Popen[bytes]], place: str, batch: pl.DataFrame, detect: Detector | None
) -> Cut:
    """Have an idle process cut a batch and lay it in a folder; where it cannot, cut it here, which tells why."""
    process = idle.get()
    assert process.stdin
    assert process.stdout
    try:
        pickle.dump((_write(batch), detect, place), process.stdin)
        process.stdin.flush()
        kinds, *pages = map(_taken, pickle.load(process.stdout))  # noqa: S301 - of our own process
    except (OSError, EOFError, pickle.UnpicklingError):
        return cut_batch(batch, detect)
    finally:
        idle.put(process)
    return Cut(kinds, Pages(*pages))


def _write(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _laid(frame: pl.DataFrame, place: str) -> str:
    """Lay a frame in a folder, and name its file: less is copied than through a pipe."""
    with NamedTemporaryFile(dir=place, suffix=".arrow", delete=False) as file:
        frame.write_ipc(file.name)
        return file.name


def _taken(file: str) -> pl.DataFrame:
    """See a frame in its file, which goes with it."""
    frame = mapped(Path(file))
    Path(file).unlink()
    return frame


def _work() -> None:
    """Cut batches as they come from above, until no more come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    given, made = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library may print is no batch
    while True:
        try:
            batch, detect, place = pickle.load(given)  # noqa: S301 - of our own process
        except EOFError:
            return
        cut = cut_batch(pl.read_ipc(batch), detect)
        pickle.dump([_laid(frame, place) for frame in (cut.kinds, *cut.pages)], made)
        made.flush()
        del batch, cut
        give_back()


if __name__ == "__main__":
    _work()
