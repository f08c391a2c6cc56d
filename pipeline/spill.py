"""Frames, arrays and bytes on disk: seen as if they were in memory, or part by part, and given back by the system.

A file is unlinked at once: it goes with the last frame that sees into it, however the run ends. Rows of a mapped frame
that are sorted, filtered or joined still see the same bytes. The files lie where TMPDIR says; where that is itself in
memory, nothing is won and nothing lost.
"""

import ctypes
import mmap
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from weakref import WeakSet

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import DTypeLike

LEAST_BYTES = 4 << 20  # of a frame that is worth a file
ALIGNED = 64  # bytes, as Arrow asks, or what is seen would be copied
_C = ctypes.CDLL(None)


def to_disk(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the same frame, its bytes on disk; a small one as it is.

    Raises:
        OSError: there is no room.
    """
    return frame if frame.estimated_size() < LEAST_BYTES else lay([(frame,)])[0]


def lay(parts: Iterable[Iterable[pl.DataFrame]]) -> list[pl.DataFrame]:
    """Lay frames end to end on disk, each part as it comes, and see them as whole frames.

    Args:
        parts: at least one: so many frames each time, the columns of each frame those it had before.

    Raises:
        OSError: there is no room.
    """
    files: dict[int, _Pile] = {}
    with ExitStack() as stack:

        def opened() -> IO[bytes]:
            return stack.enter_context(TemporaryFile(prefix="dehusk-"))

        for frames in parts:
            for place, frame in enumerate(frames):
                files.setdefault(place, _Pile(opened)).add(frame)
            give_back()
        return [pile.see() for pile in files.values()]


class _Pile:
    """Frames in one file, once they are worth one, and where each lies."""

    def __init__(self, opened: Callable[[], IO[bytes]]) -> None:
        self._open = opened
        self._held: list[pl.DataFrame] = []
        self._file: IO[bytes] | None = None
        self._places: list[slice] = []

    def add(self, frame: pl.DataFrame) -> None:
        self._held.append(frame)
        if self._file is None:
            if sum(held.estimated_size() for held in self._held) < LEAST_BYTES:
                return
            self._file = self._open()
        for held in self._held:
            start = self._file.tell()
            held.write_ipc(self._file)
            self._places.append(slice(start, self._file.tell()))
            self._file.write(bytes(-self._file.tell() % ALIGNED))
        self._held.clear()

    def see(self) -> pl.DataFrame:
        if self._file is None:
            return pl.concat(self._held)
        self._file.flush()
        whole = _Mapping(f"/dev/fd/{self._file.fileno()}").buffer()
        return pl.concat(_frame(whole[place]) for place in self._places)


class _Mapping:
    """A file as it is seen: what was read of it can be let go, and is read again where it is looked at."""

    def __init__(self, path: str) -> None:
        self._seen = pa.memory_map(path).read_buffer()  # Python's would keep the file open
        _MAPPINGS.add(self)

    def buffer(self) -> pa.Buffer:
        return pa.foreign_buffer(self._seen.address, self._seen.size, base=self)

    def let_go(self) -> None:
        _C.madvise(ctypes.c_void_p(self._seen.address), ctypes.c_size_t(self._seen.size), mmap.MADV_DONTNEED)


_MAPPINGS: WeakSet[_Mapping] = WeakSet()


def give_back() -> None:
    """Give back to the system what is not in use, which libraries keep until asked, and what lies in files."""
    if trim := getattr(_C, "malloc_trim", None):
        trim(0)
    pa.default_memory_pool().release_unused()
    for mapping in list(_MAPPINGS):
        mapping.let_go()


def mapped(file: Path) -> pl.DataFrame:
    """See a frame in an Arrow file, which must not be changed.

    Raises:
        OSError: it cannot be read.
        pyarrow.ArrowInvalid: it is none.
    """
    return _frame(_Mapping(str(file)).buffer())


def _frame(source: pa.Buffer) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(pa.ipc.open_file(source).read_all()))


def see(file: IO[bytes]) -> memoryview:
    """See all that was written to a file, which may be closed while it is seen."""
    file.flush()
    return memoryview(_Mapping(f"/dev/fd/{file.fileno()}").buffer() if file.tell() else b"")


class Parts:
    """Rows of some columns, parted among files: what belongs together is read together, in the order it came."""

    def __init__(self, n_parts: int, *dtypes: DTypeLike):
        self._dtypes = dtypes
        self._files = [[TemporaryFile(prefix="dehusk-") for _ in dtypes] for _ in range(n_parts)]  # noqa: SIM115

    def add(self, part: np.ndarray, *columns: np.ndarray) -> None:
        """Add rows, each to the part of that number.

        Raises:
            OSError: there is no room.
        """
        part = part.astype(np.uint8)
        order = np.argsort(part, kind="stable")  # of bytes, it counts
        ends = np.cumsum(np.bincount(part, minlength=len(self._files)))
        for place, (column, dtype) in enumerate(zip(columns, self._dtypes, strict=True)):
            rows = column.astype(dtype, copy=False)[order]
            for files, mine in zip(self._files, np.split(rows, ends[:-1]), strict=True):
                files[place].write(mine.data)

    def read(self) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield the columns of each part, and drop it."""
        while self._files:
            files = self._files.pop(0)
            for file in files:
                file.seek(0)
            yield tuple(np.fromfile(f, dtype) for f, dtype in zip(files, self._dtypes, strict=True))
            for file in files:
                file.close()
