"""What a store is: files by path, to be read, and to be written too; and what may go wrong with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, runtime_checkable

CHUNK = 1 << 20  # bytes read at a time


class CarryError(RuntimeError):
    """A release could not be carried as asked; the message says why in one sentence."""


class DamagedError(CarryError):
    """What came is not what its manifest says."""


class HiccupError(OSError):
    """A store did not answer; it may, if it is asked again. `wait_s`: as it asked us to wait, or null."""

    wait_s: float | None = None


class Blob(NamedTuple):
    """A small file, and what tells it from another at the same place."""

    data: bytes
    tag: str | None


class Store(Protocol):
    """Files by path, to be read."""

    address: str

    def get(self, path: str) -> Blob | None:
        """Return a small file, or null if there is none."""

    def stream(self, path: str, start: int) -> tuple[int, Iterator[bytes]]:
        """Return a file from a byte on, and from which byte it really is.

        Raises:
            FileNotFoundError: there is none.
        """

    def names(self, below: str) -> list[str] | None:
        """Return the files below a folder, relative to it; null if they cannot be listed."""


@runtime_checkable
class Target(Store, Protocol):
    """Files by path, to be read and written."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold the store against other writers, if it can be held."""

    def draft(self, version: str) -> str:
        """Return the folder in which a version stands before it is revealed."""

    def create(self, path: str, data: bytes) -> bool:
        """Write a file; false if there is one already."""

    def replace(self, path: str, data: bytes, tag: str | None) -> bool:
        """Write a file over the one that was read, or over none; false if another is there by now."""

    def remove(self, path: str) -> None:
        """Take a file away."""

    def reveal(self, version: str, data: bytes) -> bool:
        """Make a version visible by its manifest, which comes last; false if there is one already."""
