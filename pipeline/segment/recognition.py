"""Which grammar knows a document?"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipeline.apart import apart
from pipeline.grammar import Grammar, holds

UNKNOWN = "unknown"  # the page kind of a page that no grammar knows
TOP_LINES, FOOT_LINES = 250, 60  # by these a page is known: there a site shows itself
MOST_LINES = 0.6  # of a page's lines hold to its grammar's shape: all but the site's own, on a short page


def recognise(lines: pl.DataFrame, grammars: Sequence[Grammar]) -> pl.DataFrame:
    """Say of each document which grammar knows it.

    A grammar knows a document if each of its tell-tales is held by a line, and its shape by most. Of two that
    do, the one whose tell-tales are held by more lines is taken; of equals none. Only the top and the foot of
    a document are asked.

    Returns:
        One row a document: `doc`, `page_kind` (`unknown` where no grammar knows it).
    """
    is_shown = (lines["n"] < TOP_LINES) | (lines["n_left"] < FOOT_LINES)
    shown = lines[np.flatnonzero(is_shown.to_numpy())]
    documents, of_line = np.unique(shown["doc"].to_numpy(), return_inverse=True)
    knowing = [g for g in grammars if g.knows]
    votes = np.zeros((1 + len(knowing), len(documents)), dtype=np.int64)
    for number, grammar in enumerate(knowing, start=1):
        votes[number] = apart(grammar.kind, _votes, shown, of_line, len(documents), grammar)
    is_shaped = np.array([False, *(g.shape is not None for g in knowing)])
    best = votes[~is_shaped].max(axis=0)
    for number in sorted(
        np.flatnonzero(is_shaped).tolist(), key=lambda shaped: -votes[shaped].max(initial=0)
    ):
        grammar = knowing[number - 1]
        is_likely = (votes[number] > 0) & (votes[number] >= best)  # else its shape does not matter
        votes[number] *= apart(grammar.kind, _have_shape, shown, of_line, is_likely, grammar)
        best = np.maximum(best, votes[number])
    is_sole = (votes == best).sum(axis=0) == 1
    kinds = np.array([UNKNOWN, *(g.kind for g in knowing)], dtype=object)
    found = np.where(is_sole, kinds[votes.argmax(axis=0)], UNKNOWN)
    return pl.DataFrame(
        {"doc": pl.Series(documents, dtype=pl.UInt32), "page_kind": pl.Series(found, dtype=pl.String)}
    )


def _votes(shown: pl.DataFrame, of_line: np.ndarray, n_documents: int, grammar: Grammar) -> np.ndarray:
    """Count the lines of each document that hold a tell-tale; 0 where one of them is not held at all."""
    is_known = np.ones(n_documents, dtype=bool)
    votes = np.zeros(n_documents, dtype=np.int64)
    for pattern in grammar.knows:
        if not is_known.any():  # a pattern costs milliseconds to compile
            return np.zeros_like(votes)
        asked = np.flatnonzero(is_known[of_line])
        rows = shown if is_known.all() else shown[asked]
        held = rows.select(hit=holds(pattern))["hit"].to_numpy()
        counts = np.bincount(of_line[asked][held], minlength=n_documents)
        is_known &= counts > 0
        votes += counts
    return np.where(is_known, votes, 0)


def _have_shape(
    shown: pl.DataFrame, of_line: np.ndarray, is_asked: np.ndarray, grammar: Grammar
) -> np.ndarray:
    """Say of each document whether most of its lines hold a grammar's shape; of those that are not asked: no."""
    if grammar.shape is None or not is_asked.any():
        return is_asked
    asked = np.flatnonzero(is_asked[of_line])
    held = shown[asked].select("n", hit=grammar.shape.fill_null(value=False))["hit"].to_numpy()
    n_documents = len(is_asked)
    lines = np.bincount(of_line, minlength=n_documents)
    return is_asked & (np.bincount(of_line[asked][held], minlength=n_documents) >= MOST_LINES * lines)
