"""Who reads a page that no grammar was written for?

A reader looks at such documents and offers, for those it can make sense of, a grammar made for the page and how sure
it is of it. The surest is taken; where none is sure enough the page is kept whole. A reader says of each document what
it would say of it alone: neither order nor company matters.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline import article, induce
from pipeline.grammar import Grammar

LEAST_SURE = 0.5  # a reading less sure than this is not taken
SURER = 0.15  # a later reader's reading is preferred only if it is surer by so much: what recurs tells more


class Reading(NamedTuple):
    """What a reader makes of a document.

    Attributes:
        doc: the document, as in the table of lines.
        grammar: made for it; documents read alike share one object, and are then labelled at once.
        confidence: how sure the reader is that the cuts are right, 0 to 1.
    """

    doc: int
    grammar: Grammar
    confidence: float


Reader = Callable[[pl.DataFrame], Iterable[tuple[int, Grammar, float]]]
"""Given the lines of documents, offers `Reading`s, or triples like them."""
READERS: tuple[Reader, ...] = (induce.read, article.read)
"""In the order in which they are preferred where they are equally sure."""


def choose(lines: pl.DataFrame, readers: Sequence[Reader]) -> list[Reading]:
    """Take of each document the surest reading, if it is sure enough.

    Args:
        lines: the lines of the documents that no grammar knows (see `ingest.read_lines`).
        readers: those to ask.
    """
    best: dict[int, Reading] = {}
    for reading in (Reading(*offer) for reader in readers for offer in reader(lines)):
        known = best.get(reading.doc)
        if reading.confidence >= LEAST_SURE and (
            known is None or reading.confidence > known.confidence + SURER
        ):
            best[reading.doc] = reading
    return [best[doc] for doc in sorted(best)]


def lines_of(lines: pl.DataFrame, docs: Sequence[int]) -> pl.DataFrame:
    """Take the lines of some documents; each document's lines lie together."""
    doc = lines["doc"].to_numpy()
    first, last = (np.searchsorted(doc, docs, side=side) for side in ("left", "right"))
    if len(docs) == 1:
        return lines[int(first[0]) : int(last[0])]
    rows = [np.arange(start, end) for start, end in zip(first, last, strict=True)]
    return lines[np.concatenate(rows)] if rows else lines.clear()
