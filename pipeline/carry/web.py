"""A web server, to be read: whole files or what is left of them, by HTTP ranges."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from pipeline.carry.protocol import CHUNK, Blob, CarryError, HiccupError

TIMEOUT_S = 60
MOST_BYTES = 256 << 20  # of a manifest or an index: more is no such thing
GONE = (404, 410)
BUSY = (408, 425, 429, 500, 502, 503, 504)  # worth another try
RANGE_NOT_SATISFIABLE = 416


class Web:
    """The files below an address."""

    def __init__(self, address: str):
        self.address = address.rstrip("/")

    def get(self, path: str) -> Blob | None:
        """Return a small file, or null if there is none."""
        try:
            with self._ask(path, 0) as answer:
                data = _read(answer, MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        expected = answer.headers.get("Content-Length", "")
        if len(data) > MOST_BYTES or (expected.isdecimal() and len(data) < int(expected)):
            raise HiccupError(f"{self._url(path)} ended after {len(data):,} bytes")
        return Blob(data, answer.headers.get("ETag"))

    def stream(self, path: str, start: int) -> tuple[int, Iterator[bytes]]:
        """Return a file from a byte on; from the first if the server knows no ranges."""
        try:
            answer = self._ask(path, start)
        except EOFError:
            return start, iter(())
        return (start if answer.status == http.client.PARTIAL_CONTENT else 0), _chunks(answer)

    def names(self, below: str) -> list[str] | None:  # noqa: ARG002 - as the others
        """Return null: a web server lists nothing."""
        return None

    def _ask(self, path: str, start: int) -> Any:
        says = {"Accept-Encoding": "identity", "User-Agent": "dehusk"}
        if start:
            says["Range"] = f"bytes={start}-"
        try:
            return urlopen(Request(self._url(path), headers=says), timeout=TIMEOUT_S)  # noqa: S310 - http(s) alone
        except HTTPError as error:
            with error:
                raise _spoken(error, self._url(path)) from error
        except (URLError, OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise HiccupError(f"{self._url(path)}: {str(reason).lower()}") from error
        except ValueError as error:
            raise CarryError(f"{self.address} is no address ({error})") from error

    def _url(self, path: str) -> str:
        """Return the address of a file; what follows a question mark goes with each."""
        parts = urlsplit(self.address)
        return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{quote(path)}"))


def _spoken(error: HTTPError, url: str) -> Exception:
    if error.code in GONE:
        return FileNotFoundError(f"{url}: not there")
    said = f"{url}: the server says {error.code} {error.reason}"
    if error.code == RANGE_NOT_SATISFIABLE:
        return EOFError(said)
    if error.code not in BUSY:
        return CarryError(said)
    hiccup = HiccupError(said)
    wait = error.headers.get("Retry-After", "")
    hiccup.wait_s = float(wait) if wait.isdecimal() else None
    return hiccup


def _chunks(answer: IO[bytes]) -> Iterator[bytes]:
    with answer:
        while chunk := _read(answer, CHUNK):
            yield chunk


def _read(answer: IO[bytes], size: int) -> bytes:
    try:
        return answer.read(size)
    except http.client.IncompleteRead as error:
        return bytes(error.partial)
    except (OSError, http.client.HTTPException) as error:
        raise HiccupError(f"the connection broke: {str(error).lower()}") from error
