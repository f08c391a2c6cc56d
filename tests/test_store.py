"""The store: the same tables with it and without, only what changed is cut again, and damage costs time alone."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline import shingles
from pipeline.engine import local, store
from pipeline.engine.store import Store
from pipeline.grammar import specimens

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture
def pages(tmp_path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for path in sorted(SEEDS.glob("*.txt"))[:2]:
        shutil.copy(path, folder)
    (folder / "other.txt").write_text("A letter\n\nThe looms weave flowers all day long.\n", encoding="utf-8")
    return folder


@pytest.fixture
def kept(tmp_path) -> Store:
    return Store(tmp_path / "store")


def missing(kept: Store, pages: Path) -> list[str]:
    return sorted(Path(path).name for path in kept.find(local.read(pages).documents)[1]["path"])


def test_the_tables_are_those_without_a_store(kept, pages):
    plain = local.build(pages)
    first, second = (local.build(pages, store=kept) for _ in range(2))
    for name, frame in plain._asdict().items():
        assert frame.equals(getattr(first, name)), name
        assert frame.equals(getattr(second, name)), name


def test_a_new_page_and_a_changed_one_are_all_that_is_cut_again(kept, pages):
    assert len(missing(kept, pages)) == 3
    local.build(pages, store=kept)
    assert missing(kept, pages) == []
    (pages / "new.txt").write_text("Another letter.\n", encoding="utf-8")
    (pages / "other.txt").write_text("A longer letter.\n", encoding="utf-8")
    assert missing(kept, pages) == ["new.txt", "other.txt"]
    assert local.build(pages, store=kept).records.equals(local.build(pages).records)


def test_what_is_known_is_not_cut_into_shingles_again(kept, pages, monkeypatch):
    plain = local.build(pages, store=kept)
    asked = []
    words = shingles._words

    def counts(texts, n_chars):
        asked.extend(texts)
        return words(texts, n_chars)

    monkeypatch.setattr(shingles, "_words", counts)
    assert local.build(pages, store=kept).records.equals(plain.records)
    assert asked == []
    text = "The looms weave flowers all day long in the mill, and the engines weave algebra."
    (pages / "new.txt").write_text(f"Another letter\n\n{text}\n", encoding="utf-8")
    local.build(pages, store=kept)
    assert len(asked) == 1
    assert text in asked[0]


def test_what_seeds_toml_says_of_a_page_counts(kept, pages):
    local.build(pages, store=kept)
    said = '[[seed]]\npath = "other.txt"\nsource_url = "https://example.org/letter"\n'
    (pages / "seeds.toml").write_text(said, encoding="utf-8")
    assert missing(kept, pages) == ["other.txt"]


def test_an_edited_grammar_costs_its_own_pages(kept, pages, monkeypatch):
    kinds = dict(local.build(pages, store=kept).documents.select("path", "page_kind").iter_rows())
    edited = next(kind for kind in kinds.values() if kind != "unknown")
    source = store._source
    monkeypatch.setattr(store, "_source", lambda kind: source(kind) + ("edited" if kind == edited else ""))
    assert missing(kept, pages) == sorted(path for path, kind in kinds.items() if kind == edited)


def test_other_code_starts_anew_and_the_old_can_be_swept(kept, pages, monkeypatch):
    local.build(pages, store=kept)
    monkeypatch.setattr(store, "_code", lambda: "0" * 24)
    assert len(missing(kept, pages)) == 3
    kept.sweep()
    assert not list(kept.folder.iterdir())


@pytest.mark.parametrize("name", ["index.json", "records.arrow"])
def test_a_damaged_part_is_one_that_is_not_there(kept, pages, name):
    local.build(pages, store=kept)
    for part in kept.folder.glob(f"*/{name}"):
        part.write_bytes(part.read_bytes()[:40])
    assert len(missing(kept, pages)) == 3
    assert local.build(pages, store=kept).records.equals(local.build(pages).records)
    assert missing(kept, pages) == []


def test_a_run_that_was_killed_goes_on_after_its_last_whole_part(kept, pages, monkeypatch):
    documents = local.read(pages).documents
    whole = Store.keep

    def dies(self: Store, batch: pl.DataFrame, cut: store.Cut) -> store.Cut:
        if "other.txt" in batch["path"].to_list():
            raise KeyboardInterrupt
        return whole(self, batch, cut)

    monkeypatch.setattr(Store, "keep", dies)
    monkeypatch.setattr(local.ingest, "batches", lambda frame, _: frame.iter_slices(1))
    with pytest.raises(KeyboardInterrupt):
        local.cut(documents, kept)
    assert missing(kept, pages) == ["other.txt"]


def test_code_and_every_grammar_have_a_digest_of_their_own():
    digests = [store._source(kind) for kind in specimens()]
    assert len(set(digests)) == len(digests) >= 5
    assert store._source("induced") == ""
    assert len(store._code()) == 24
