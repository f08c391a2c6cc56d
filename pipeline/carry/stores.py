"""Where releases may stand: a folder, a web server, or an object store; each in the same few words.

A store that can be written holds what is there against a second writer: a file is created and never written over
(`create`), or replaced only as long as it is what was read (`replace`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from pipeline.carry.protocol import CHUNK, Blob, CarryError, Store
from pipeline.release import manifest, root


def opened(address: str) -> Store:
    """Return the store at an address: a folder, or `SCHEME://…`.

    Raises:
        CarryError: the scheme is not known, or needs an extra.
    """
    scheme, separator, _ = address.partition("://")
    if not separator:
        return Folder(Path(address))
    if scheme == "file":
        return Folder(Path(unquote(urlsplit(address).path)))
    if scheme in ("http", "https"):
        from pipeline.carry.web import Web  # noqa: PLC0415 - only who needs it

        return Web(address)
    from pipeline.carry.objects import Objects  # noqa: PLC0415 - an extra

    return Objects(address)


class Folder:
    """A folder of this machine."""

    def __init__(self, home: Path):
        self.home, self.address = home, str(home)

    def get(self, path: str) -> Blob | None:
        """Return a small file, or null if there is none."""
        try:
            data = (self.home / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Blob(data, hashlib.sha256(data).hexdigest())

    def stream(self, path: str, start: int) -> tuple[int, Iterator[bytes]]:
        """Return a file from a byte on."""
        file = (self.home / path).open("rb")
        return start, _chunks(file, start)

    def names(self, below: str) -> list[str] | None:
        """Return the files below a folder."""
        return manifest.files(self.home / below) if (self.home / below).is_dir() else []

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder, made if it is missing; the hold ends with the process, however it ends.

        Raises:
            CarryError: another process holds it.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with held(self.home):
            root.sweep(self.home)
            yield

    def draft(self, version: str) -> str:
        """Return a hidden folder: a version comes to its name whole."""
        return f".part-{version}"

    def create(self, path: str, data: bytes) -> bool:
        """Write a file whole; false if there is one already."""
        if (self.home / path).exists():
            return False
        place = self.home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = root.temporary(place.parent, place.name)
        draft.write_bytes(data)
        root.sync(draft)
        draft.rename(place)
        return True

    def replace(self, path: str, data: bytes, tag: str | None) -> bool:
        """Write a file over the one that was read; `alone` keeps others out in between."""
        standing = self.get(path)
        if (standing.tag if standing else None) != tag:
            return False
        draft = root.temporary(self.home, Path(path).name)
        draft.write_bytes(data)
        root.sync(draft)
        draft.rename(self.home / path)
        root.sync((self.home / path).parent)
        return True

    def remove(self, path: str) -> None:
        """Take a file away, and the folders that it leaves empty."""
        place = self.home / path
        place.unlink(missing_ok=True)
        for folder in place.parents:
            if folder == self.home or any(folder.iterdir()):
                return
            folder.rmdir()

    def reveal(self, version: str, data: bytes) -> bool:
        """Give the whole version its name."""
        draft, place = self.home / self.draft(version), self.home / version
        self.create(f"{draft.name}/{manifest.NAME}", data)
        if (place / manifest.NAME).exists():
            return False
        for path in sorted(draft.rglob("*"), reverse=True):
            root.sync(path)
        draft.rename(place)
        root.sync(self.home)
        return True


def held(folder: Path) -> AbstractContextManager[None]:
    """Hold a folder against other processes.

    Raises:
        CarryError: another process holds it.
    """
    return root.held(folder, CarryError(f"{folder}: another process is writing here"))


def _chunks(file: BinaryIO, start: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while chunk := file.read(CHUNK):
            yield chunk
