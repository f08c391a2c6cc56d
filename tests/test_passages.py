"""Recurring passages: against a count by hand, in memory and on disk, however the records are batched."""

import random
from collections import defaultdict

import polars as pl
import pytest
from click.testing import CliRunner

from pipeline import cli, passages


def invent(n_records: int, seed: int) -> pl.DataFrame:
    """Invent records of long and short lines, many of which stand in others."""
    rng = random.Random(seed)
    lines = [
        f"passage {number}: " + "the looms weave flowers and algebra " * (number % 3) for number in range(60)
    ]
    lines += ["织机织花，引擎织代数。" * 5, "short", "", "   "]
    texts = ["\n".join(rng.choices(lines, k=rng.randrange(12))) for _ in range(n_records - 1)]
    return pl.DataFrame(
        {
            "record_id": [f"r{number}" for number in range(n_records)],
            "document_id": [f"d{number // 7}" for number in range(n_records)],
            "text": [*texts, None],
        },
        {"record_id": pl.String, "document_id": pl.String, "text": pl.String},
    )


def by_hand(records: pl.DataFrame, least: int) -> set[tuple]:
    """Count with dictionaries."""
    where = defaultdict(list)
    for row, (document, text) in enumerate(records.select("document_id", "text").iter_rows()):
        for number, line in enumerate((text or "").split("\n")):
            where[line.strip()].append((row, number, document))
    return {
        (len({row for row, _, _ in places}), len({d for _, _, d in places}), len(line), *min(places)[:2])
        for line, places in where.items()
        if len(line) >= passages.LEAST_CHARS and len({row for row, _, _ in places}) >= least
    }


@pytest.mark.parametrize("held", [1 << 20, 100, 0])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_counts_are_those_made_by_hand(size, held, monkeypatch):
    monkeypatch.setattr(passages, "_MOST_HELD", held)
    records = invent(300, seed=size)
    found = passages.recurring(records.iter_slices(size), least=3)
    assert found.columns == ["n_records", "n_documents", "n_chars", "row", "line"]
    assert set(found.rows()) == by_hand(records, 3)
    assert len(found) > 30
    assert found["n_records"].is_sorted(descending=True)


def test_the_words_are_found_again():
    records = invent(100, seed=3)
    found = passages.recurring(records.iter_slices(9))
    named = passages.texts(records.iter_slices(11), found)
    assert named["text"].str.len_chars().to_list() == found["n_chars"].to_list()
    by_id = dict(records.select("record_id", "text").iter_rows())
    for record_id, text in named.select("record_id", "text").rows():
        assert text in by_id[record_id]
    alone = named.filter(pl.col("text").str.starts_with("织"))
    assert len(alone) == 1


def test_a_record_that_says_it_twice_counts_once():
    text = "a passage that is said by one alone, again and again"
    twice = pl.DataFrame({"record_id": ["r"], "document_id": ["d"], "text": [f"{text}\n{text} "]})
    assert passages.recurring([twice]).is_empty()
    both = pl.concat([twice, twice.with_columns(record_id=pl.lit("s"))])
    assert passages.recurring([both]).rows() == [(2, 1, len(text), 0, 0)]


def test_nothing_recurs_where_nothing_is():
    nothing = invent(1, seed=0).clear()
    for batches in ([], [nothing], [invent(1, seed=0)]):
        assert passages.recurring(batches).is_empty()
    assert passages.texts([nothing], passages.recurring([nothing])).is_empty()


def test_the_command_lists_them(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    blurb = "Thank you for reading; we write [bold] to you every week about looms and engines."
    for number in range(3):
        own = (
            f"{number} is what only this letter says, in words that none of the others has, not {number + 9}."
        )
        (seeds / f"{number}.txt").write_text(f"A letter\n\n{own * 4}\n\n{blurb}\n", encoding="utf-8")
    where = ["--out", str(tmp_path / "dist")]
    made = CliRunner().invoke(cli.main, ["release", "--seeds", str(seeds), *where, "--name", "n", "--anew"])
    assert made.exit_code == 0, made.output
    said = CliRunner().invoke(cli.main, ["passages", *where, "--dataset", "n"], env={"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    assert "1 lines of 40 characters or more stand in 3 or more records" in said.output
    assert "we write [bold] to you" in said.output
