import random

import polars as pl
import pytest

from pipeline import ledger

PAGES = [
    "Looms\n\nThe shed — «opened» by cams.\r\n",
    "",
    " \n ",
    "織機 の 音\u3000\n\x1cpicks a minute\x1f\n",
    "é",
]


@pytest.fixture
def pages() -> tuple[pl.DataFrame, pl.DataFrame]:
    documents = pl.DataFrame(
        {"document_id": [f"d{n}" for n in range(len(PAGES))], "path": PAGES, "text": PAGES}
    )
    spans = []
    for name, text in zip(documents["document_id"], PAGES, strict=True):
        at = 0
        for word in text.split(" "):
            size = len(word.encode())
            before = size - len(word.lstrip().encode())
            if word.strip():
                spans.append((name, at + before, at + before + len(word.strip().encode())))
            at += size + 1
    schema = {"document_id": pl.String, "byte_start": pl.Int64, "byte_end": pl.Int64}
    return documents, pl.DataFrame(spans, schema, orient="row")


def one_by_one(documents: pl.DataFrame, spans: pl.DataFrame) -> list[str]:
    return [
        f"{path}: {fault}"
        for name, path, text in documents.iter_rows()
        for fault in ledger.faults(text.encode(), spans.filter(document_id=name))
    ]


def told(look, documents: pl.DataFrame, spans: pl.DataFrame) -> list[str] | str:
    try:
        return list(look(documents, spans))
    except UnicodeDecodeError as error:
        return str(error)


def test_a_whole_ledger_has_no_faults(pages):
    assert list(ledger.all_faults(*pages)) == one_by_one(*pages) == []


def test_documents_looked_at_together_have_the_faults_of_each(pages, monkeypatch):
    documents, spans = pages
    rng = random.Random(7)
    seen = set()
    for turn in range(300):
        monkeypatch.setattr(ledger, "BATCH_BYTES", rng.choice([8, 64, 1 << 20]))
        rows = spans.rows()
        for _ in range(rng.randint(1, 2)):
            n = rng.randrange(len(rows))
            name, start, end = rows[n]
            step = rng.choice([-1, 1, 2, -3, 3, 60, -60])
            rows[n : n + 1] = rng.choice(
                [[], [(name, start + step, end)], [(name, start, end + step)], [rows[n]] * 2]
            )
        broken = pl.DataFrame(rows, spans.schema, orient="row").sample(fraction=1, shuffle=True, seed=turn)
        faults = told(ledger.all_faults, documents, broken)
        assert faults == told(one_by_one, documents, broken)
        seen.add(str(faults))
    assert len(seen) > 50
