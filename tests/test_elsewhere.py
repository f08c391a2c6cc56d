"""What stands in other releases: compared as if its texts were here, without reading them again."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from pipeline import cli, dedupe, elsewhere, explain, shingles
from pipeline.engine.store import Store
from pipeline.release import parquet, withdraw

WORDS = "the looms weave flowers and the engines weave algebra all day long in the mill by the river bank"
PAGE = "A letter\n\n{}.\n"
OLD = {
    "a": WORDS,
    "b": "Something else was written here by hand, and it is long enough to be known by its words",
    "c": "gm",
}
NEW = {
    "a": WORDS,
    "d": f"{WORDS} today",
    "e": "gm",
    "f": "Nothing of this was ever said before, nor will it be said again by anybody who was there",
    "g": "Nothing of this was ever said before, nor will it be said again by anybody who was there now",
}


def run(*words: object) -> str:
    said = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert said.exit_code == 0, said.output
    return said.output


def refused(*words: object) -> str:
    said = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert said.exit_code == cli.UNPUBLISHED, said.output
    return said.output


def write(folder: Path, pages: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in pages.items():
        (folder / f"{name}.txt").write_text(PAGE.format(text), encoding="utf-8")
    return folder


def publish(home: Path, seeds: Path, name: str, *against: Path) -> list[object]:
    others = [word for path in against for word in ("--against", path)]
    return [
        "release",
        "--seeds",
        seeds,
        "--out",
        home / "dist",
        "--name",
        name,
        "--store",
        home / "store",
        *others,
    ]


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("elsewhere")
    run(*publish(home, write(home / "old", OLD), "old"))
    run(*publish(home, write(home / "new", NEW), "new", home / "dist" / "old"))
    return home


@pytest.fixture
def home(published, tmp_path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "home"))


def table(home: Path, dataset: str, name: str) -> pl.DataFrame:
    return parquet.read(home / "dist" / dataset / "v1.0.0", name)


def paths(home: Path, dataset: str) -> dict[str, str]:
    return dict(table(home, dataset, "documents").select("document_id", "path").iter_rows())


def ids(home: Path) -> dict[str, str]:
    """Return the records of the older dataset by the path of their page."""
    at = paths(home, "old")
    return {
        at[page]: it
        for page, it in table(home, "old", "records").select("document_id", "record_id").iter_rows()
    }


def test_copies_of_what_stands_elsewhere_go_and_say_where_it_is(published):
    gone, at = table(published, "new", "removed"), paths(published, "new")
    told = {
        at[row["document_id"]]: (row["reason"], row["kept_id"], row["message"])
        for row in gone.to_dicts()
        if row["kept_id"] is None
    }
    letters = [f"kept as {ids(published)[page]} in old v1.0.0" for page in ("a.txt", "c.txt")]
    assert told == {
        "a.txt": ("exact_copy", None, letters[0]),
        "d.txt": ("near_copy", None, letters[0]),
        "e.txt": ("exact_copy", None, letters[1]),
    }
    assert gone.filter(pl.col("kept_id").is_not_null())["reason"].to_list() == ["near_copy"]
    assert len(table(published, "new", "records")) == 1


def test_the_release_verifies_names_what_it_was_compared_with_and_stays_as_it_is(home):
    new = home / "dist" / "new" / "v1.0.0"
    run("verify", new)
    digests = [
        json.loads((home / "dist" / name / "v1.0.0" / "manifest.json").read_text()) for name in ("new", "old")
    ]
    assert digests[0]["inputs"]["old/v1.0.0"] == digests[1]["data_digest"]
    said = run(*publish(home, home / "new", "new", home / "dist" / "old" / "v1.0.0", home / "dist" / "old"))
    assert "unchanged since v1.0.0" in said


def test_explain_shows_the_survivor_where_it_stands(home):
    gone = table(home, "new", "removed").filter(pl.col("reason") == "near_copy", pl.col("kept_id").is_null())
    new = home / "dist" / "new" / "v1.0.0"

    def ask() -> explain.Explanation:
        return explain.explain(gone["record_id"][0], new, home / "new")[0]

    survivor = table(home, "old", "records").filter(record_id=ids(home)["a.txt"])
    assert f"near_copy: {survivor['record_id'][0]}, {gone['similarity'][0]:.0%} alike" in ask().said
    assert ask().said.endswith("in old v1.0.0")
    assert ask().other.path == "old v1.0.0: a.txt"
    assert ask().other.text == survivor["text"][0]
    withdraw(home / "dist" / "old", "v1.0.0", "a slip", "2026-01-01")
    assert ask().said.endswith("which was withdrawn: publish this one anew")
    shutil.rmtree(home / "dist" / "old")
    assert ask().said.endswith("which is not beside this one")
    assert ask().other is None


def test_texts_that_are_known_are_not_read_again(home, monkeypatch):
    whole = {path: path.read_bytes() for path in (home / "dist" / "new").rglob("*") if path.is_file()}
    with monkeypatch.context() as broken:
        broken.setattr(elsewhere, "_records", None)
        assert "unchanged" in run(*publish(home, home / "new", "new", home / "dist" / "old"))
    for file in (home / "store").glob("*-derived-*/*"):
        file.write_bytes(file.read_bytes()[:40])  # a damaged one is one that is not there
    assert "unchanged" in run(*publish(home, home / "new", "new", home / "dist" / "old"))
    shutil.rmtree(home / "dist" / "new")
    run(*publish(home, home / "new", "new", home / "dist" / "old"), "--anew")
    assert {path: path.read_bytes() for path in whole} == whole


def test_what_was_asked_out_or_withdrawn_is_no_survivor(home):
    old = home / "dist" / "old"
    record = ids(home)["c.txt"]
    before = {
        row for part in elsewhere.standing([old], home / "x", {})[0].records for row in part["record_id"]
    }
    run("remove", "--id", record, "--reason", "asked", "--out", home / "dist", "--dataset", "old")
    after = {
        row for part in elsewhere.standing([old], home / "x", {})[0].records for row in part["record_id"]
    }
    assert before - after == {record}
    withdraw(old, "v1.0.0", "a slip", "2026-01-01")
    assert "v1.0.0 was withdrawn (a slip)" in refused(*publish(home, home / "new", "more", old / "v1.0.0"))
    assert "no version stands there" in refused(*publish(home, home / "new", "more", old))


def test_a_dataset_is_not_compared_with_itself_nor_with_no_dataset(home):
    said = refused(*publish(home, home / "new", "old", home / "dist" / "old"))
    assert "would stand nowhere; do: publish the new seeds under another --name" in said
    assert "no version stands there" in refused(*publish(home, home / "new", "more", home / "new"))


def test_of_a_text_that_is_withheld_exact_copies_alone_are_known(tmp_path):
    seeds = write(tmp_path / "old", OLD)
    (seeds / "seeds.toml").write_text('[dataset]\npolicy = "metadata_only"\n', encoding="utf-8")
    run(*publish(tmp_path, seeds, "old"))
    run(*publish(tmp_path, write(tmp_path / "new", NEW), "new", tmp_path / "dist" / "old"))
    gone = table(tmp_path, "new", "removed").filter(pl.col("kept_id").is_null())
    assert gone["reason"].to_list() == ["exact_copy", "exact_copy"]


def frame(texts: list[str], first: int) -> pl.DataFrame:
    ids = [f"r{first + i}" for i in range(len(texts))]
    return pl.DataFrame({"record_id": ids, "text": texts}).with_columns(
        kind=pl.lit("post"),
        author=pl.lit("Ada"),
        handle=pl.lit(None, pl.String),
        shingles=shingles.packed(pl.Series(texts)),
    )


@pytest.mark.parametrize("threshold", [0.5, 0.8])
def test_nothing_is_passed_over_that_a_record_here_may_be_a_copy_of(threshold):
    rng = random.Random(3)
    texts = [
        " ".join(rng.choices([f"w{i}" for i in range(500)], k=rng.choice((3, 8, 40, 90)))) for _ in range(150)
    ]
    texts += [" ".join(w if rng.random() > 0.03 else "x" for w in text.split()) for text in texts]
    rng.shuffle(texts)
    old, new = frame(texts[:200], 0), frame(texts[200:], 200).with_columns(author=pl.lit("Bob"))
    known = old.select(
        *("record_id", "kind"),
        who="author",
        n_chars=pl.col("text").str.len_chars().cast(pl.Int32),
        text_sha256=pl.lit(None, pl.String),
        shingles=shingles.distinct(old["shingles"]),
        home=pl.lit("old v1.0.0"),
    )
    version = elsewhere.Standing("old v1.0.0", "", [known[:70], known[70:]])
    found = set(elsewhere.near([version], new, threshold)["record_id"])
    sets = [{tuple(words[i : i + 5]) for i in range(len(words) - 4)} for words in map(str.split, texts)]
    true = {
        f"r{i}"
        for i in range(200)
        for other in sets[200:]
        if sets[i] and other and len(sets[i] & other) >= threshold * len(sets[i] | other)
    }
    assert len(true) > 20
    assert true <= found
    assert len(found) < 80


def test_distinct_shingles_are_each_texts_own_in_order_and_without_repeats(monkeypatch):
    texts = pl.Series(["a b c d e " * 4, None, "", WORDS, "a b c d e " * 2])
    monkeypatch.setattr(shingles, "_CHUNK", 20)
    kept = shingles.distinct(shingles.packed(texts))
    whole = next(shingles.of(texts))
    for place, data in enumerate(kept):
        assert np.frombuffer(data, np.uint64).tolist() == np.unique(whole.hash[whole.text == place]).tolist()
    assert shingles.count(kept).tolist() == [5, 0, 0, 15, 5]
    assert dedupe.ELSEWHERE["shingles"] == kept.dtype


def test_frames_that_are_derived_are_kept_under_their_name(tmp_path):
    kept, frames = Store(tmp_path), [pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [3]})]
    made = kept.derive("one", lambda: iter(frames))
    assert [one.equals(other) for one, other in zip(made, frames, strict=True)] == [True, True]
    again = kept.derive("one", lambda: pytest.fail("they are there"))
    assert pl.concat(again).equals(pl.concat(frames))
    kept.sweep()
    assert len(kept.derive("one", list)) == 2
    assert kept.derive("other", list) == []
