"""What identifies a file, a row, a table, and all the rows of a release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np


def of_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_rows(jsonl: bytes) -> list[bytes]:
    """Return the SHA-256 of each row: of its line in JSONL, without the line break."""
    return [hashlib.sha256(line).digest() for line in jsonl.split(b"\n")[:-1]]


def of_table(rows: Iterable[bytes]) -> str:
    """Return the SHA-256 over the sorted digests of the rows, given singly or in runs: their order does not matter."""
    held = bytearray()
    for some in rows:
        held += some
    digests = np.frombuffer(held, dtype=f"S{hashlib.sha256().digest_size}")
    digests.sort()
    return hashlib.sha256(held).hexdigest()


def of_tables(tables: dict[str, str]) -> str:
    """Return the data digest: SHA-256 over lines of digest, two blanks, table; sorted by table."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(tables.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def of_json(value: Any) -> str:
    """Return the SHA-256 of a JSON value, keys sorted, no blanks."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
