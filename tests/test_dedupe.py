"""Copies: against a brute-force oracle in Latin and Chinese, and properties that hold for any records."""

import random
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import characters, dedupe, policy, spill
from pipeline import shingles as cutting

TEXT = "the looms weave flowers and the engines weave algebra all day long in the mill by the river"
HAN = "织机织花引擎织代数人皆可学磨坊在河边终日不息春去秋来无人问津"
SAID = r"kept as (\w+) in other v1\.0\.0"
RECORD_TYPES = {
    "record_id": pl.String,
    "document_id": pl.String,
    "kind": pl.String,
    "position": pl.Int32,
    "title": pl.String,
    "author": pl.String,
    "handle": pl.String,
    "published_raw": pl.String,
    "published": pl.String,
    "text": pl.String,
    "is_complete": pl.Boolean,
    "byte_start": pl.Int64,
    "byte_end": pl.Int64,
}
DEFAULTS = {"document_id": "d0", "kind": "post", "author": "Ada", "is_complete": True}
DOCUMENTS = pl.DataFrame(
    {
        "document_id": ["d0", "d1", "d2", "d3", "d4"],
        "path": ["b.txt", "a.txt", "0.txt", "b1.txt", "z.txt"],
        "captured_earliest": [
            datetime(2025, 1, 2, tzinfo=UTC),
            datetime(2025, 1, 1, tzinfo=UTC),
            None,
            datetime(2025, 1, 1, tzinfo=UTC),
            datetime(2024, 1, 1, tzinfo=UTC),
        ],
    },
    {"document_id": pl.String, "path": pl.String, "captured_earliest": pl.Datetime("us", "UTC")},
)


def make_records(*rows: dict) -> pl.DataFrame:
    """Make records of a few fields each; ids, places and the rest are filled in."""
    filled = [
        {
            "record_id": f"r{i}",
            "position": i,
            "byte_start": 100 * i,
            "byte_end": 100 * i + 50,
            **DEFAULTS,
            **row,
        }
        for i, row in enumerate(rows)
    ]
    return pl.DataFrame(filled, RECORD_TYPES)


def drop(*rows: dict, **options) -> tuple[pl.DataFrame, pl.DataFrame]:
    return dedupe.drop_copies(make_records(*rows), DOCUMENTS, **options)


def fates(*rows: dict, **options) -> dict[str, tuple[str, str]]:
    """Return reason and survivor of each record that went."""
    _, removed = drop(*rows, **options)
    return {row["record_id"]: (row["reason"], row["kept_id"]) for row in removed.to_dicts()}


def shingles(text: str | None) -> frozenset[tuple[str, ...]]:
    """Cut a text of plain words or Chinese characters into shingles: the oracle's own way."""
    words = [
        token
        for word in (text or "").lower().split()
        for token in (word if "\u4e00" <= word[0] <= "\u9fff" else [word])
    ]
    return frozenset(zip(*(words[k:] for k in range(5)), strict=False))


def jaccard(some: frozenset, others: frozenset) -> float:
    return len(some & others) / len(some | others) if some and others else 0.0


def said(row: dict) -> tuple | None:
    return row["text"] and (row["author"], "".join(row["text"].split()))


def greedy(records: list[dict], threshold: float, elsewhere: Sequence[dict] = ()) -> set[str]:
    """Return the ids to keep, comparing every record with every one kept before it, and all that stand elsewhere."""
    captured = dict(DOCUMENTS.select("document_id", "captured_earliest").iter_rows())
    paths = dict(DOCUMENTS.select("document_id", "path").iter_rows())
    latest = datetime(9999, 1, 1, tzinfo=UTC)

    def rank(row: dict) -> tuple:
        when = captured[row["document_id"]] or latest
        return (
            not row["is_complete"],
            -len(row["text"] or ""),
            when,
            paths[row["document_id"]],
            row["position"],
        )

    kept = list(elsewhere)
    for row in sorted(records, key=rank):
        mine = shingles(row["text"])
        same = (
            (said(row) and said(row) == said(other)) or jaccard(mine, shingles(other["text"])) >= threshold
            for other in kept
            if other["kind"] == row["kind"]
        )
        if not any(same):
            kept.append(row)
    return {row["record_id"] for row in kept[len(elsewhere) :]}


def publish(records: pl.DataFrame) -> pl.DataFrame:
    """Say of records what is to be known of those that stand in another release."""
    return records.select(
        "record_id",
        "kind",
        policy.digests(records["text"]),
        who=pl.coalesce("author", "handle"),
        n_chars=pl.col("text").str.len_chars(),
        shingles=cutting.packed(records["text"]),
        home=pl.lit("other v1.0.0"),
    ).select(pl.col(name).cast(kind) for name, kind in dedupe.ELSEWHERE.items())


def mutate(text: str, rng: random.Random, n_edits: int) -> str:
    """Swap, drop or add words (characters of a Chinese text) here and there."""
    parted = "" if text[0] > "\u4e00" else " "
    words = list(text) if not parted else text.split()
    for _ in range(n_edits):
        at = rng.randrange(len(words))
        words[at : at + rng.choice((0, 1, 1))] = rng.choice(([], [rng.choice(words)], [rng.choice(words)]))
        words = words or (["w0"] if parted else ["织"])
    return parted.join(words)


def family(rng: random.Random, alphabet: list[str], parted: str, n_texts: int) -> list[str]:
    """Invent texts of which many are edits of others, of edits of others, and pieces of one another."""
    texts: list[str] = []
    while len(texts) < n_texts:
        if texts and rng.random() < 0.7:
            texts.append(mutate(rng.choice(texts), rng, rng.choice((0, 1, 1, 2, 4, 8))))
        elif texts and rng.random() < 0.3:
            texts.append(parted.join((rng.choice(texts), rng.choice(texts))))
        else:
            texts.append(parted.join(rng.choices(alphabet, k=rng.choice((3, 6, 20, 60, 150)))))
    return texts


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("script", ["latin", "han"])
@pytest.mark.parametrize("seed", range(3))
def test_what_stays_is_what_brute_force_keeps(seed, script, threshold):
    rng = random.Random(f"{seed}{script}")
    alphabet = [f"w{i}" for i in range(40)] if script == "latin" else [chr(0x4E00 + i) for i in range(60)]
    texts = family(rng, alphabet, " " if script == "latin" else "", 150)
    rows = [
        {
            "text": text,
            "document_id": rng.choice(("d0", "d1", "d2")),
            "kind": rng.choice(("post", "post", "article")),
            "author": rng.choice(("Ada", "Bob", None)),
            "is_complete": rng.random() < 0.8,
        }
        for text in texts
    ]
    records = make_records(*rows)
    kept, removed = dedupe.drop_copies(records, DOCUMENTS, threshold)
    assert set(kept["record_id"]) == greedy(records.to_dicts(), threshold)
    assert 20 < len(kept) < 140
    by_id = {row["record_id"]: row for row in records.to_dicts()}
    for row in removed.to_dicts():
        assert row["kept_id"] in set(kept["record_id"])
        copy, survivor = by_id[row["record_id"]], by_id[row["kept_id"]]
        if row["similarity"] is None:
            assert row["reason"] == "near_copy"
            assert any(said(copy) == said(other) for other in by_id.values() if other is not copy)
        elif row["reason"] == "near_copy":
            true = jaccard(shingles(copy["text"]), shingles(survivor["text"]))
            assert true >= threshold
            assert row["similarity"] == pytest.approx(true, abs=1e-6)
        else:
            assert (row["similarity"], said(copy)) == (1.0, said(survivor))
        assert copy["kind"] == survivor["kind"]


@pytest.mark.parametrize("threshold", [0.5, 0.8])
@pytest.mark.parametrize(("seed", "part"), [(0, 1 << 40), (1, 1 << 40), (2, 300)])
def test_what_stands_elsewhere_is_compared_as_if_its_texts_were_here(seed, part, threshold, monkeypatch):
    monkeypatch.setattr(dedupe, "_PART_SHINGLES", part)
    rng = random.Random(seed)
    rows = [
        {
            "text": text,
            "kind": rng.choice(("post", "article")),
            "author": rng.choice(("Ada", "Bob", None)),
            "is_complete": rng.random() < 0.8,
        }
        for text in family(rng, [f"w{i}" for i in range(40)], " ", 240)
    ]
    both = make_records(*rows)
    published = both.filter(pl.Series([rng.random() < 0.4 for _ in rows]))
    new = both.join(published, on="record_id", how="anti", maintain_order="left")
    kept, removed = dedupe.drop_copies(new, DOCUMENTS, threshold, elsewhere=publish(published))
    assert set(kept["record_id"]) == greedy(new.to_dicts(), threshold, published.to_dicts())
    gone = removed.filter(pl.col("kept_id").is_null())
    assert 10 < len(gone) < len(new)
    assert removed.filter(pl.col("message").is_null())["kept_id"].is_in(kept["record_id"].implode()).all()
    by_id = {row["record_id"]: row for row in both.to_dicts()}
    for row in gone.to_dicts():
        copy, survivor = by_id[row["record_id"]], by_id[re.fullmatch(SAID, row["message"])[1]]
        alike = jaccard(shingles(copy["text"]), shingles(survivor["text"]))
        assert copy["kind"] == survivor["kind"]
        if row["reason"] == "exact_copy":
            assert (row["similarity"], said(copy)) == (1, said(survivor))
        elif row["similarity"] is not None:
            assert row["similarity"] == pytest.approx(alike, abs=1e-6)
            assert alike >= threshold
    shuffled = new.sample(fraction=1, shuffle=True, seed=seed)
    again = dedupe.drop_copies(shuffled, DOCUMENTS, threshold, elsewhere=publish(published))
    assert again[1].equals(removed)
    assert again[0].sort("record_id").equals(kept.sort("record_id"))


def test_a_record_of_the_same_id_or_words_elsewhere_is_an_exact_copy_and_takes_its_own_along():
    published = publish(make_records({"text": TEXT, "record_id": "p0"}, {"text": "gm", "record_id": "p1"}))
    new = make_records(
        {"text": TEXT, "record_id": "a"},
        {"text": "gm", "record_id": "b"},
        {"text": "gm", "record_id": "c", "author": "Bob"},
        {"text": "other words, and the same id", "record_id": "p1"},
        {"text": "", "record_id": "d"},
    )
    kept, removed = dedupe.drop_copies(new, DOCUMENTS, elsewhere=published)
    assert kept["record_id"].to_list() == ["c", "d"]
    assert removed.select("record_id", "reason", "kept_id", "similarity", "message").rows() == [
        ("a", "exact_copy", None, 1, "kept as p0 in other v1.0.0"),
        ("b", "exact_copy", None, 1, "kept as p1 in other v1.0.0"),
        ("p1", "exact_copy", None, 1, "kept as p1 in other v1.0.0"),
    ]
    assert kept["captures"].list.len().sum() == 0


def test_what_stands_elsewhere_stays_though_a_record_here_is_better_and_names_the_nearest():
    words = [f"w{i}" for i in range(40)]
    texts = (words[:38], [*words[:39], "x"])
    published = publish(make_records(*({"text": " ".join(text)} for text in texts)))
    ours = make_records({"text": " ".join([*words, "y"]), "record_id": "a"})
    alike = [jaccard(shingles(" ".join(text)), shingles(ours["text"][0])) for text in texts]
    assert alike[1] > alike[0] > 0.8
    kept, removed = dedupe.drop_copies(ours, DOCUMENTS, elsewhere=published)
    assert kept.is_empty()
    assert removed["message"].to_list() == ["kept as r1 in other v1.0.0"]
    assert removed["similarity"].to_list() == pytest.approx([alike[1]])


def test_so_many_near_copies_of_one_record_elsewhere_are_kept_and_marked(monkeypatch):
    monkeypatch.setattr(dedupe, "_MASS_RECORDS", 10)
    published = publish(make_records({"text": TEXT, "record_id": "p"}))
    rows = [{"text": f"{TEXT} w{i}"} for i in range(20)]
    assert len(dedupe.drop_copies(make_records(*rows[:10]), DOCUMENTS, elsewhere=published)[1]) == 10
    kept, removed = dedupe.drop_copies(make_records(*rows), DOCUMENTS, elsewhere=published)
    assert removed.is_empty()
    assert kept["is_mass_copy"].all()


@st.composite
def some_records(draw):
    words = st.sampled_from(["weave", "Weave", "loom", "engine", "day", "织", "机", "…", "\u0301", "", "ก"])
    text = st.none() | st.lists(words, max_size=14).map(" ".join)
    row = st.fixed_dictionaries(
        {
            "text": text,
            "document_id": st.sampled_from(["d0", "d1", "d2", "unknown"]),
            "kind": st.sampled_from(["post", "article"]),
            "author": st.sampled_from(["Ada", None]),
            "is_complete": st.sampled_from([True, False, None]),
        }
    )
    return make_records(*draw(st.lists(row, min_size=1, max_size=25)))


@settings(max_examples=60, deadline=None)
@given(some_records(), st.randoms(use_true_random=False))
def test_any_records_are_parted_the_same_way_in_any_order(records, rng):
    kept, removed = dedupe.drop_copies(records, DOCUMENTS)
    assert sorted([*kept["record_id"], *removed["record_id"]]) == sorted(records["record_id"])
    assert set(removed["kept_id"]) <= set(kept["record_id"])
    assert removed["record_id"].to_list() == [] or removed["similarity"].min() >= 0.8
    assert kept["captures"].list.len().sum() == len(removed)
    assert kept["record_id"].to_list() == [i for i in records["record_id"] if i in set(kept["record_id"])]
    order = rng.sample(range(len(records)), len(records))
    again, removed_again = dedupe.drop_copies(records[order], DOCUMENTS)
    assert again.sort("record_id").equals(kept.sort("record_id"))
    assert removed_again.equals(removed)
    settled, nothing = dedupe.drop_copies(kept, DOCUMENTS)
    assert settled.equals(kept)
    assert nothing.is_empty()


@pytest.mark.parametrize(("part", "n_parts"), [(1 << 40, 1), (6000, 4), (50, 128)])
def test_the_result_does_not_depend_on_the_size_of_a_chunk_nor_on_what_lies_on_disk(
    part, n_parts, monkeypatch
):
    rng = random.Random(5)
    rows = [
        {"text": text, "kind": rng.choice(("post", "post", "article"))}
        for text in family(rng, [f"w{i}" for i in range(30)], " ", 160)
    ]
    whole = drop(*rows)
    monkeypatch.setattr(characters, "CHUNK", 2000)
    monkeypatch.setattr(cutting, "_BLOCK", 200)
    monkeypatch.setattr(cutting, "_CHUNK", 70)
    monkeypatch.setattr(dedupe, "_CHUNK_SHINGLES", 50)
    monkeypatch.setattr(dedupe, "_RUN_CHARS", 5000)
    monkeypatch.setattr(dedupe, "_PART_SHINGLES", part)
    monkeypatch.setattr(spill, "LEAST_BYTES", 0)
    texts = make_records(*rows)
    assert len(list(dedupe._parts(texts["kind"], dedupe.packed(texts["text"])))) == n_parts
    parts = drop(*rows)
    assert parts[0].equals(whole[0])
    assert parts[1].equals(whole[1])
    assert len(whole[1]) > 10


def test_shingles_that_came_with_the_records_serve_as_their_texts_do():
    rng = random.Random(6)
    records = make_records(*({"text": text} for text in [*family(rng, list("abcdefgh"), " ", 80), None, ""]))
    kept, removed = dedupe.drop_copies(records, DOCUMENTS)
    packed = records.with_columns(shingles=cutting.packed(records["text"]))
    again, removed_again = dedupe.drop_copies(packed, DOCUMENTS)
    assert again.equals(kept)
    assert removed_again.equals(removed)
    assert 10 < len(removed) < 70


def test_shingles_that_are_packed_are_those_of_the_texts(monkeypatch):
    texts = pl.Series([TEXT, None, "", HAN, "one two", TEXT * 3])
    kinds = pl.Series(["post"] * len(texts))
    whole, packed = next(cutting.of(texts)), cutting.packed(texts)
    assert cutting.count(packed).tolist() == [whole.text.tolist().count(i) for i in range(len(texts))]
    monkeypatch.setattr(cutting, "_CHUNK", 10)
    found = list(cutting.unpacked(packed, kinds))
    assert len(found) > 2
    assert np.concatenate([part.text for part in found]).tolist() == whole.text.tolist()
    salt = kinds.hash().to_numpy()[0]
    assert np.concatenate([part.hash for part in found]).tolist() == (whole.hash ^ salt).tolist()


def test_texts_of_the_same_hash_are_told_apart_by_their_words(monkeypatch):
    rows = [{"text": text} for text in ("gm", "gm", "gn", "gn", "good night")]
    whole = drop(*rows, threshold=None)
    assert len(whole[1]) == 2
    monkeypatch.setattr(pl.Expr, "hash", lambda *_: pl.lit(0))
    assert drop(*rows, threshold=None)[1].equals(whole[1])


def test_no_chain_a_copy_of_a_copy_stays_if_it_is_no_copy_of_the_survivor():
    words = [f"w{i}" for i in range(40)]
    texts = [" ".join(words[: 40 - 3 * i]) for i in range(4)]
    sets = [shingles(text) for text in texts]
    assert jaccard(sets[0], sets[2]) >= 0.8 > jaccard(sets[0], sets[3])
    assert jaccard(sets[2], sets[3]) >= 0.8
    assert fates(*({"text": text} for text in texts)) == {
        "r1": ("near_copy", "r0"),
        "r2": ("near_copy", "r0"),
    }


def test_an_exact_copy_of_a_dropped_record_goes_where_that_goes():
    kept, removed = drop({"text": TEXT + " today"}, {"text": TEXT}, {"text": TEXT, "document_id": "d1"})
    assert kept["record_id"].to_list() == ["r0"]
    assert removed.select("record_id", "reason", "kept_id").rows() == [
        ("r2", "near_copy", "r0"),
        ("r1", "near_copy", "r0"),
    ]
    assert removed["similarity"].n_unique() == 1


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ({"is_complete": False, "text": TEXT + " today"}, {}, "r1"),
        ({}, {"text": TEXT + " today"}, "r1"),
        ({}, {"document_id": "d1"}, "r1"),
        ({"document_id": "d2"}, {}, "r1"),
        ({"position": 3}, {"position": 2}, "r1"),
        ({"document_id": "d2"}, {"document_id": "d0"}, "r1"),
        ({"document_id": "d0"}, {"document_id": "d3"}, "r1"),
        ({"document_id": "d4"}, {"document_id": "d1"}, "r0"),
        ({}, {}, "r0"),
    ],
)
def test_the_better_record_stays(one, other, kept):
    survivors, removed = drop({"text": TEXT, **one}, {"text": TEXT, **other})
    assert survivors["record_id"].to_list() == [kept]
    assert removed["kept_id"].to_list() == [kept]


@pytest.mark.parametrize(
    ("one", "other", "fate"),
    [
        ({"text": TEXT}, {"text": TEXT}, "exact_copy"),
        ({"text": TEXT}, {"text": "The  looms\n" + TEXT[10:], "document_id": "d2"}, "near_copy"),
        ({"text": TEXT}, {"text": TEXT.replace(" ", "\n"), "document_id": "d2"}, "near_copy"),
        ({"text": "café crème " * 3}, {"text": "cafe\u0301 CRE\u0300ME " * 3}, "near_copy"),
        (
            {"text": "机はがが花を織り"},
            {"text": unicodedata.normalize("NFD", "机はがが花を織り。")},
            "near_copy",
        ),
        ({"text": "Ｔｈｅ ﬁve ｌｏｏｍｓ weave on"}, {"text": "the five looms weave on"}, "near_copy"),
        ({"text": TEXT}, {"text": TEXT, "author": "Bob"}, "near_copy"),
        ({"text": TEXT, "record_id": "same"}, {"text": "other words", "record_id": "same"}, "exact_copy"),
        ({"text": HAN}, {"text": HAN[1:], "author": "Bob"}, "near_copy"),
        ({"text": HAN}, {"text": "《" + HAN + "》。"}, "near_copy"),
        ({"text": TEXT}, {"text": TEXT, "kind": "article"}, None),
        ({"text": "gm"}, {"text": "gm"}, "exact_copy"),
        ({"text": "gm"}, {"text": "gm", "author": "Bob"}, None),
        ({"text": "gm"}, {"text": "gm gm"}, None),
        ({"text": "one two three four"}, {"text": "one two three, four!"}, None),
        ({"text": None}, {"text": None}, None),
        ({"text": ""}, {"text": ""}, None),
        ({"text": "🎉"}, {"text": "🎉"}, "exact_copy"),
        ({"text": TEXT}, {"text": " ".join(reversed(TEXT.split()))}, None),
        ({"text": TEXT}, {"text": TEXT[: len(TEXT) // 2]}, None),
        ({"text": HAN}, {"text": HAN[:20]}, None),
    ],
)
def test_what_is_a_copy(one, other, fate):
    _, removed = drop(one, other)
    assert removed["reason"].to_list() == ([fate] if fate else [])


def test_words_run_together_go_with_their_id_but_are_not_said_to_be_measured():
    apart, together = (
        {"text": TEXT, "record_id": "same"},
        {"text": TEXT.replace(" ", ""), "record_id": "same"},
    )
    _, removed = drop({"text": TEXT + " today"}, apart, together)
    assert removed.select("kept_id", "reason").rows() == [("r0", "near_copy")] * 2
    assert removed["similarity"].is_null().to_list() == [False, True]


def test_exactly_the_threshold_is_enough():
    words = [f"w{i}" for i in range(9)]
    ours, theirs = {"text": " ".join(words)}, {"text": " ".join(words[:-1])}
    assert jaccard(shingles(ours["text"]), shingles(theirs["text"])) == 0.8
    assert fates(ours, theirs, threshold=0.8) == {"r1": ("near_copy", "r0")}
    assert fates(ours, theirs, threshold=0.81) == {}


def test_the_most_similar_survivor_is_named():
    words = [f"w{i}" for i in range(40)]
    longest, shorter = ["x", *words[:38], *"abcdef"], [*words, "y", "z"]
    sets = [shingles(" ".join(each)) for each in (longest, shorter, words)]
    assert jaccard(sets[0], sets[1]) < 0.77 < jaccard(sets[0], sets[2]) < jaccard(sets[1], sets[2])
    rows = [{"text": " ".join(each)} for each in (longest, shorter, words)]
    assert fates(*rows, threshold=0.7) == {"r1": ("near_copy", "r0"), "r2": ("near_copy", "r0")}
    assert fates(*rows, threshold=0.77) == {"r2": ("near_copy", "r1")}


def test_captures_say_where_the_copies_are_and_add_up_over_runs():
    rows = ({"text": TEXT}, {"text": TEXT, "document_id": "d2"}, {"text": TEXT, "document_id": "d1"})
    kept, removed = drop(*rows)
    assert kept["captures"].dtype == pl.List(dedupe.CAPTURE)
    assert kept["captures"].to_list() == [
        [
            {"document_id": "d0", "byte_start": 0, "byte_end": 50, "similarity": 1.0},
            {"document_id": "d2", "byte_start": 100, "byte_end": 150, "similarity": 1.0},
        ]
    ]
    assert removed["document_id"].to_list() == ["d2", "d0"]
    later = make_records({"text": TEXT + " today", "record_id": "new"}).with_columns(
        captures=pl.lit([], pl.List(dedupe.CAPTURE))
    )
    both, _ = dedupe.drop_copies(pl.concat([kept, later], how="diagonal"), DOCUMENTS)
    assert both["record_id"].to_list() == ["new"]
    assert [capture["document_id"] for capture in both["captures"][0]] == ["d0", "d1", "d2"]


def test_no_records_and_the_columns_of_the_result():
    kept, removed = drop()
    assert dict(kept.schema) == {
        **RECORD_TYPES,
        "is_mass_copy": pl.Boolean,
        "captures": pl.List(dedupe.CAPTURE),
    }
    assert dict(removed.schema) == {
        **{name: RECORD_TYPES[name] for name in removed.columns[:10]},
        "reason": pl.String,
        "kept_id": pl.String,
        "similarity": pl.Float32,
        "message": pl.String,
    }
    full_kept, full_removed = drop({"text": TEXT}, {"text": TEXT})
    assert (full_kept.schema, full_removed.schema) == (kept.schema, removed.schema)


def test_many_records_around_one_template_take_time_in_proportion(monkeypatch):
    monkeypatch.setattr(dedupe, "_MASS_SHARE", 1)
    words = [f"w{i}" for i in range(200)]
    rows = [{"text": " ".join([*words[:100], f"name{i}", *words[100:]])} for i in range(3000)]
    kept, removed = drop(*rows)
    assert len(kept) == 1
    assert len(removed) == 2999


def test_so_many_near_copies_of_one_record_are_kept_and_marked(monkeypatch):
    words = TEXT.split()
    rows = [{"text": " ".join([*words, f"w{i}"])} for i in range(20)]
    others = [{"text": " ".join(f"v{i}-{k}" for k in range(20))} for i in range(30)]
    assert len(drop(*rows, *others)[1]) == 19
    monkeypatch.setattr(dedupe, "_MASS_RECORDS", 10)
    kept, removed = drop(*rows, *others)
    assert removed.is_empty()
    marked = kept["is_mass_copy"].to_list()
    assert (sum(marked[:20]), sum(marked[20:])) == (19, 0)


def test_exact_copies_go_however_many():
    assert len(drop(*({"text": TEXT} for _ in range(80)))[1]) == 79


def test_without_a_threshold_exact_copies_go_alone():
    rows = ({"text": TEXT}, {"text": TEXT}, {"text": TEXT + " today"})
    assert len(drop(*rows)[1]) == 2
    assert drop(*rows, threshold=None)[1]["reason"].to_list() == ["exact_copy"]
