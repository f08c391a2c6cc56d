"""One machine: the hops from seeds to tables, in batches of whole documents.

Each function is one hop, and what Dagster's assets and the command line call.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from pipeline import dates, dedupe, describe, ingest, language, ledger, segment, validate
from pipeline.ingest import Seeds
from pipeline.segment import Pages
from schemas import Tables

Where = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
Said = Callable[[str], None]


def read(where: Where) -> Seeds:
    """Read the seeds; what cannot be read is a fault, and the rest goes on."""
    return ingest.read_seeds(where)


def cut(documents: pl.DataFrame) -> tuple[pl.DataFrame, Pages]:
    """Cut documents into records, segments and spans; the documents come back with their `page_kind`."""
    kinds: list[pl.DataFrame] = []
    pages: list[Pages] = []
    for batch in ingest.batches(documents):
        pieces = segment.label(ingest.read_lines(batch))
        pages.append(segment.assemble(pieces, batch))
        ids = batch.select("document_id").with_row_index("doc")
        kinds.append(pieces.select("doc", "page_kind").unique("doc").join(ids, on="doc").drop("doc"))
    if not pages:
        empty = documents.clear()
        pages.append(segment.assemble(segment.label(ingest.read_lines(empty)), empty))
        kinds.append(pl.DataFrame(schema={"page_kind": pl.String, "document_id": pl.String}))
    known = documents.join(pl.concat(kinds), on="document_id", how="left", maintain_order="left")
    return known, Pages(*(pl.concat(frames) for frames in zip(*pages, strict=True)))
