"""gzip, zstd and zip: streams of bounded size, and the files in them."""

import gzip
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

import pyarrow as pa

from pipeline.ingest.faults import Fault
from pipeline.ingest.packed.page import MOST_PAGE, Page, Source

DEEPEST = 4  # archives within archives
Unpack = Callable[[Source], Iterator[Page | Fault]]


def gunzipped(source: Source) -> Source:
    """See through gzip, of one member or many."""
    return source.within(lambda: gzip.GzipFile(fileobj=source.open()))


def unzstd(source: Source) -> Source:
    """See through zstd."""
    return source.within(lambda: pa.CompressedInputStream(pa.PythonFile(source.open(), mode="r"), "zstd"))


def unzipped(source: Source, unpack: Unpack) -> Iterator[Page | Fault]:
    """Take the files of a zip apart, each named after its path in it; folders and hidden files are left out."""
    with source.open() as stream:
        archive = zipfile.ZipFile(stream)
        for member in sorted(archive.infolist(), key=lambda it: it.filename):
            if member.is_dir() or _is_hidden(member.filename):
                continue
            if member.flag_bits & 1:
                yield Fault(
                    "unreadable", f"{source.name}#{member.filename}: it is encrypted; do: pack it without"
                )
            else:
                at = _joined(source.at, member.filename)
                yield from unpack(source.within(partial(archive.open, member), at))


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _joined(at: str, name: str) -> str:
    return f"{at}/{name}" if at else name


def read_whole(source: Source) -> bytes:
    """Read a source to its end.

    Raises:
        ValueError: it is larger than a page may be.
    """
    with source.open() as stream:
        return read_page(stream)


def read_page(stream: BinaryIO) -> bytes:
    """Read a stream to its end.

    Raises:
        ValueError: it is larger than a page may be.
    """
    data = stream.read(MOST_PAGE + 1)
    if len(data) > MOST_PAGE:
        raise ValueError(f"a page of over {MOST_PAGE >> 20} MB")
    return data
