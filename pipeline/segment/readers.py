"""Who reads a page that no grammar was written for?

A reader looks at such documents and offers, for those it can make sense of, a grammar made for the page and how sure
it is of it. Readers are asked in order, the next of what those before it were not sure of; where none is sure enough
the page is kept whole. A reader says of each document what it would say of it alone: neither order nor company
matters.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline import article, induce
from pipeline.grammar import Grammar

LEAST_SURE = 0.5  # a reading less sure than this is not taken


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
"""In the order in which they are asked: what recurs on a page tells more than what a line looks like."""


def choose(lines: pl.DataFrame, readers: Sequence[Reader]) -> list[Reading]:
    """Take of each document the first reading that is sure enough.

    Args:
        lines: the lines of the documents that no grammar knows (see `ingest.read_lines`).
        readers: those to ask.
    """
    taken: dict[int, Reading] = {}
    left = lines["doc"].unique(maintain_order=True).to_list()
    for reader in readers:
        offers = [Reading(*offer) for offer in reader(lines_of(lines, left))]
        taken |= {offer.doc: offer for offer in offers if offer.confidence >= LEAST_SURE}
        left = [doc for doc in left if doc not in taken]
    return [taken[doc] for doc in sorted(taken)]


def lines_of(lines: pl.DataFrame, docs: Sequence[int]) -> pl.DataFrame:
    """Take the lines of some documents; each document's lines lie together."""
    doc = lines["doc"].to_numpy()
    first, last = (np.searchsorted(doc, docs, side=side) for side in ("left", "right"))
    if len(docs) == 1:
        return lines[int(first[0]) : int(last[0])]
    rows = [np.arange(start, end) for start, end in zip(first, last, strict=True)]
    return lines[np.concatenate(rows)] if rows else lines.clear()
