"""Bytes on disk → documents → the table of lines.

A seed is read once, whole; a bad one becomes a row in `removed` with a message, and the rest goes on.
"""

from pipeline.ingest.entries import SeedEntry, read_dataset
from pipeline.ingest.faults import Fault, IngestError, removed_rows
from pipeline.ingest.finding import SEEDS_TOML, Where, find_seeds, tomls
from pipeline.ingest.lines import BATCH_BYTES, batches, read_lines
from pipeline.ingest.reading import DOCUMENTS, OF_FILE, Seeds, fingerprint, read_seeds, survey

__all__ = [
    "BATCH_BYTES",
    "DOCUMENTS",
    "OF_FILE",
    "SEEDS_TOML",
    "Fault",
    "IngestError",
    "SeedEntry",
    "Seeds",
    "Where",
    "batches",
    "find_seeds",
    "fingerprint",
    "read_dataset",
    "read_lines",
    "read_seeds",
    "removed_rows",
    "survey",
    "tomls",
]
