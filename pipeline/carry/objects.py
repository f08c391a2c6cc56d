"""An object store, such as S3: what is created there is never written over, what is replaced is what was read.

Written by obstore, the extra `stores`. It takes its settings from the environment (AWS_ENDPOINT_URL, AWS_REGION, …).
The stores do not check what they were sent, so whoever writes reads it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import Any

from pipeline import lacks_extra
from pipeline.carry.protocol import CHUNK, Blob, CarryError, HiccupError
from pipeline.release import manifest

try:
    import obstore
    from obstore import exceptions, store
except ImportError:
    obstore = None  # type: ignore[assignment]

PATIENCE: Any = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}


class Objects:
    """The files below a prefix of a store."""

    def __init__(self, address: str):
        self.address = address.rstrip("/")
        if obstore is None:
            raise CarryError(lacks_extra(address, "stores"))
        try:
            self.store: Any = store.from_url(self.address, retry_config=PATIENCE)
        except (exceptions.BaseError, ValueError) as error:
            raise CarryError(f"{address} is no store that can be opened ({_brief(error)})") from error

    def get(self, path: str) -> Blob | None:
        """Return a small file, or null if there is none."""
        with self._told(path):
            try:
                found = obstore.get(self.store, path)
                return Blob(bytes(found.bytes()), found.meta["e_tag"])
            except FileNotFoundError:
                return None

    def stream(self, path: str, start: int) -> tuple[int, Iterator[bytes]]:
        """Return a file from a byte on."""
        with self._told(path):
            if start and obstore.head(self.store, path)["size"] <= start:
                return start, iter(())
            found = obstore.get(self.store, path, options={"range": {"offset": start}} if start else None)
        return start, self._chunks(path, found)

    def names(self, below: str) -> list[str] | None:
        """Return the files below a folder."""
        with self._told(below):
            paths = [str(entry["path"]) for batch in obstore.list(self.store, below) for entry in batch]
        return sorted(path.removeprefix(below).lstrip("/") for path in paths)

    def alone(self) -> AbstractContextManager[None]:
        """Hold nothing: `create` and `replace` tell of another writer."""
        return nullcontext()

    def draft(self, version: str) -> str:
        """Return the folder itself: a version without a manifest does not exist."""
        return version

    def create(self, path: str, data: bytes) -> bool:
        """Write a file; false if there is one already."""
        with self._told(path):
            try:
                obstore.put(self.store, path, data, mode="create")
            except exceptions.AlreadyExistsError:
                return False
            return True

    def replace(self, path: str, data: bytes, tag: str | None) -> bool:
        """Write a file over the one that was read, or over none; false if another is there by now."""
        if tag is None:
            return self.create(path, data)
        with self._told(path):
            try:
                obstore.put(self.store, path, data, mode={"e_tag": tag})
            except (exceptions.PreconditionError, FileNotFoundError):
                return False
            return True

    def remove(self, path: str) -> None:
        """Take a file away."""
        with self._told(path):
            obstore.delete(self.store, path)

    def reveal(self, version: str, data: bytes) -> bool:
        """Write the manifest of a version, its last file."""
        return self.create(f"{version}/{manifest.NAME}", data)

    def _chunks(self, path: str, found: Any) -> Iterator[bytes]:
        with self._told(path):
            yield from map(bytes, found.stream(min_chunk_size=CHUNK))

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """Turn what the store says into one sentence; what may pass is worth another try."""
        try:
            yield
        except FileNotFoundError as error:
            raise FileNotFoundError(f"{self.address}/{path}: {_brief(error)}") from error
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise CarryError(f"{self.address}/{path}: the store does not let us ({_brief(error)})") from error
        except exceptions.BaseError as error:
            raise HiccupError(f"{self.address}/{path}: {_brief(error)}") from error


def _brief(error: BaseException) -> str:
    """Return the first line of what the store said, without the answer's XML."""
    return str(error).strip().partition("\n")[0].partition(": <?xml")[0][:300]
