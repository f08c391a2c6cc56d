"""What could not be read, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl


class IngestError(Exception):
    """The seeds cannot be read at all; the message says what, where, and what to do."""


@dataclass(frozen=True)
class Fault:
    """One thing that could not be read, and why."""

    reason: str
    message: str
    document_id: str | None = None
    kept_id: str | None = None
    byte_end: int | None = None
    file_path: str | None = None
    file_sha256: str | None = None


def removed_rows(faults: Iterable[Fault]) -> pl.DataFrame:
    """Write faults as rows of `removed`."""
    rows = [
        {
            "document_id": f.document_id,
            "kind": "document",
            "byte_start": 0 if f.byte_end is not None else None,
            "byte_end": f.byte_end,
            "reason": f.reason,
            "kept_id": f.kept_id,
            "message": f.message,
            "file_path": f.file_path,
            "file_sha256": f.file_sha256,
        }
        for f in faults
    ]
    schema = {
        "document_id": pl.String,
        "kind": pl.String,
        "byte_start": pl.Int64,
        "byte_end": pl.Int64,
        "reason": pl.String,
        "kept_id": pl.String,
        "message": pl.String,
        "file_path": pl.String,
        "file_sha256": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)
