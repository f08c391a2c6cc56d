"""Frames cut into batches of whole documents, and laid on disk end to end."""

import polars as pl
import pytest

from pipeline import batches, spill

DOCUMENTS = pl.DataFrame({"document_id": ["b", "a", "d", "c"], "n_bytes": [6, 6, 0, 20]})
ROWS = pl.DataFrame({"document_id": ["b", "a", "b", "?", "c", None, "a"], "row": range(7)})


def cut(frame, size_bytes):
    return [part["row"].to_list() for (part,) in batches.of_documents(DOCUMENTS, (frame,), size_bytes)]


@pytest.mark.parametrize(
    ("size_bytes", "rows"),
    [
        (1, [[0, 2], [1, 6], [4], [3, 5]]),
        (10, [[0, 2], [1, 6], [4], [3, 5]]),
        (30, [[0, 1, 2, 6], [4], [3, 5]]),
        (99, [[0, 1, 2, 4, 6], [3, 5]]),
    ],
)
def test_batches_hold_whole_documents_in_their_order_and_at_last_what_is_of_none(size_bytes, rows):
    assert [sorted(part) for part in cut(ROWS, size_bytes)] == rows


@pytest.mark.parametrize("few", [0, 256])
def test_rows_keep_their_order_within_a_batch_however_they_lie(monkeypatch, few):
    monkeypatch.setattr(batches, "FEW_RUNS", few)
    assert cut(ROWS, 1) == [[0, 2], [1, 6], [4], [3, 5]]
    inside = ROWS.filter(pl.col("document_id").is_in(["a", "b", "c"]))
    assert cut(inside, 1) == [[0, 2], [1, 6], [4]]


def test_there_is_a_batch_even_of_nothing():
    assert [part.height for (part,) in batches.of_documents(DOCUMENTS.clear(), (ROWS.clear(),))] == [0]
    assert [part.height for part in batches.of_rows(ROWS.clear())] == [0]


def test_what_is_laid_on_disk_part_by_part_is_seen_as_it_was():
    lists = ROWS.select("row", lists=pl.concat_list("row", "row"))
    parts = [(ROWS[n : n + 3], lists[n : n + 3]) for n in range(0, 9, 3)]
    laid, nested = spill.lay(parts)
    assert laid.equals(ROWS)
    assert nested.equals(lists)
