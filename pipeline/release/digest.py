"""What identifies a file, a row, a table, and all the rows of a release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.spill import Parts

_DIGEST = np.dtype(f"S{hashlib.sha256().digest_size}")
_PARTS, _HELD_BYTES = 16, 1 << 20  # a power of two, and of digests that are not on disk yet


def of_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_rows(jsonl: bytes) -> list[bytes]:
    """Return the SHA-256 of each row: of its line in JSONL, without the line break."""
    return [hashlib.sha256(line).digest() for line in jsonl.split(b"\n")[:-1]]


def of_table(rows: Iterable[bytes]) -> str:
    """Return the SHA-256 over the sorted digests of the rows, given singly or in runs: their order does not matter."""
    digest = TableDigest()
    for some in rows:
        digest.add(some)
    return digest.hexdigest()


class TableDigest:
    """The digest of a table whose rows come bit by bit.

    Those that begin alike are sorted together, and the others lie on disk meanwhile.
    """

    def __init__(self) -> None:
        """Begin without rows."""
        self._parts, self._held = Parts(_PARTS, _DIGEST), bytearray()

    def add(self, rows: bytes) -> None:
        """Add the digests of some rows."""
        self._held += rows
        if len(self._held) >= _HELD_BYTES:
            self._lay()

    def hexdigest(self) -> str:
        """Return the SHA-256 over the digests, sorted; once, since they go."""
        self._lay()
        whole = hashlib.sha256()
        for (digests,) in self._parts.read():
            digests.sort()
            whole.update(digests.data)
        return whole.hexdigest()

    def _lay(self) -> None:
        held, self._held = self._held, bytearray()
        first = np.frombuffer(held, np.uint8)[:: _DIGEST.itemsize]
        self._parts.add(first >> (8 - _PARTS.bit_length() + 1), np.frombuffer(held, _DIGEST))


def of_tables(tables: dict[str, str]) -> str:
    """Return the data digest: SHA-256 over lines of digest, two blanks, table; sorted by table."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(tables.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def of_json(value: Any) -> str:
    """Return the SHA-256 of a JSON value, keys sorted, no blanks."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
