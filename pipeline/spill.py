"""Frames on disk: seen as if they were in memory, and given back by the system where memory is short.

What is written is mapped, and its file unlinked at once: it goes with the last frame that sees into it, however the
run ends. Rows that are sorted, filtered or joined still see the same bytes. The files lie where TMPDIR says; where
that is itself in memory, nothing is won and nothing lost.
"""

from tempfile import NamedTemporaryFile

import polars as pl
import pyarrow as pa

LEAST_BYTES = 4 << 20  # of a frame that is worth a file


def to_disk(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the same frame, its bytes on disk; a small one as it is.

    Raises:
        OSError: there is no room.
    """
    if frame.estimated_size() < LEAST_BYTES:
        return frame
    with NamedTemporaryFile(prefix="dehusk-", suffix=".arrow") as file:
        frame.write_ipc(file.name)
        mapped = pl.from_arrow(pa.ipc.open_file(pa.memory_map(file.name)).read_all())
    return pl.DataFrame(mapped)
