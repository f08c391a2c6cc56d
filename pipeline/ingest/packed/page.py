"""What a file of several pages is read from, and what each of its pages says of itself."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

HEAD = 1 << 16  # bytes by which a file is known
# A packed file may hold so much more than its own bytes, and beyond that so many times as much: text packs 3 to 20
# times, a bomb a thousand (RFC 1951: at most 1032).
FREE_BYTES, MOST_TIMES = 64 << 20, 200
MOST_PAGE = 256 << 20  # bytes of one page: a line of JSON, a message, a file in an archive


def sound(text: str) -> str:
    """Write half a pair of UTF-16, as JSON and letters may hold, as a question mark."""
    return text.encode("utf-8", "replace").decode()


def moment(said: str | None) -> datetime | None:
    """Read a moment of ISO 8601, of UTC where it names no zone; null where it is none."""
    try:
        read = datetime.fromisoformat(said) if said else None
        return read and (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class TooLargeError(Exception):
    """A packed file holds far more than its size lets expect."""


@dataclass(frozen=True)
class Page:
    """One document of a packed file.

    Attributes:
        at: where it stands in its file: a number, a member's name; "" where the file is that one page.
        text: its text, or null where `data` are to be decoded as a plain file's are.
        data: its bytes as they were.
        extracted_by: what made the text of another form; null where it is the page's own.
        states: the page kind that the form of its file states, such as `message`; null where it states none.
        own: what it says of itself: source_url, captured (a moment), title, author, published_raw, source_id.
    """

    at: str
    text: str | None = None
    data: bytes | None = None
    extracted_by: str | None = None
    states: str | None = None
    own: dict[str, str | datetime | None] = field(default_factory=dict)


class Budget:
    """How many bytes a file may unpack to in all, archives within archives included."""

    def __init__(self, packed_bytes: int):
        self._left = FREE_BYTES + MOST_TIMES * packed_bytes

    def spend(self, n_bytes: int) -> None:
        """Take so many bytes.

        Raises:
            TooLargeError: there are no more.
        """
        self._left -= n_bytes
        if self._left < 0:
            raise TooLargeError(f"it unpacks to over {MOST_TIMES} times its size")


@dataclass(frozen=True)
class Source:
    """Bytes to be taken apart: what they are called in messages, how to read them, how much they may unpack to."""

    name: str
    open: Callable[[], BinaryIO]
    budget: Budget
    at: str = ""
    depth: int = 0

    def head(self) -> bytes:
        """Read the first bytes."""
        with self.open() as stream:
            return stream.read(HEAD)

    def within(self, unpacked: Callable[[], Any], at: str | None = None) -> "Source":
        """See what is packed in these bytes, within the same budget."""

        def opened() -> BinaryIO:
            return io.BufferedReader(cast(Any, Bounded(unpacked(), self.budget)))

        return Source(self.name, opened, self.budget, self.at if at is None else at, self.depth + 1)


class Bounded(io.RawIOBase):
    """A stream whose bytes are taken from a budget."""

    def __init__(self, stream: BinaryIO, budget: Budget):
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill a buffer."""
        data = self._stream.read(len(buffer))
        self._budget.spend(len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what is below too."""
        self._stream.close()
        super().close()
