"""The scorer, held against tables made from the labels themselves, whole and with known faults."""

import io
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from pipeline import evaluate
from pipeline.ingest import read_seeds
from schemas import Tables

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
GOLD = HERE / "gold"

RECORD_FIELDS = ("kind", "title", "author", "handle", "published_raw", "published")
RECORD_SCHEMA = {
    "document_id": pl.String,
    **dict.fromkeys(RECORD_FIELDS, pl.String),
    "byte_start": pl.Int64,
    "byte_end": pl.Int64,
    "body_spans": pl.List(pl.Struct({"start": pl.Int64, "end": pl.Int64})),
}
SEGMENT_SCHEMA = {
    "document_id": pl.String,
    "kind": pl.String,
    "speaker": pl.String,
    "start_s": pl.Float64,
    "title": pl.String,
    "byte_start": pl.Int64,
    "byte_end": pl.Int64,
}
SPAN_SCHEMA = {
    "document_id": pl.String,
    "byte_start": pl.Int64,
    "byte_end": pl.Int64,
    "role": pl.String,
    "kind": pl.String,
}

Labels = Iterable[Mapping[str, object]]


def found_as_labelled(pages: Mapping[str, tuple[str, Labels]]) -> Tables:
    """Make the tables of an engine that finds exactly what is labelled; pages: path to text and labels."""
    records: list[dict[str, object]] = []
    segments: list[dict[str, object]] = []
    spans: list[dict[str, object]] = []
    for path, (text, labels) in pages.items():
        at = _byte_offsets(text)
        for label in labels:
            place = {"document_id": path, "byte_start": at[label["start"]], "byte_end": at[label["end"]]}
            if label["level"] == "item":
                body = [{"start": at[start], "end": at[end]} for start, end in label["body"]]
                records.append(
                    {**place, "body_spans": body, **{name: label.get(name) for name in RECORD_FIELDS}}
                )
            elif label["level"] == "segment":
                own = {name: label.get(name) for name in ("kind", "speaker", "title")}
                segments.append({**place, **own, "start_s": label.get("t")})
            else:
                spans.append({**place, "role": "chrome", "kind": label["kind"]})
        spans += _fill_ledger(path, text, at, [span for span in spans if span["document_id"] == path])
    documents = pl.DataFrame(
        {"document_id": list(pages), "path": list(pages), "text": [text for text, _ in pages.values()]}
    )
    return Tables(
        records=pl.DataFrame(records, schema=RECORD_SCHEMA),
        segments=pl.DataFrame(segments, schema=SEGMENT_SCHEMA),
        documents=documents,
        spans=pl.DataFrame(spans, schema=SPAN_SCHEMA),
        removed=pl.DataFrame(schema={"document_id": pl.String}),
    )


def _byte_offsets(text: str) -> list[int]:
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + len(char.encode()))
    return offsets


def _fill_ledger(
    path: str, text: str, at: list[int], chrome: list[dict[str, object]]
) -> list[dict[str, object]]:
    """Claim as body whatever lies between the chrome."""
    edges = [
        0,
        *(edge for span in sorted(chrome, key=_start) for edge in (span["byte_start"], span["byte_end"])),
        at[-1],
    ]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [
        {"document_id": path, "byte_start": start, "byte_end": end, "role": "body", "kind": None}
        for start, end in gaps
        if start < end
    ]


def _start(span: dict[str, object]) -> int:
    return int(str(span["byte_start"]))


def read_pages() -> dict[str, tuple[str, list[dict[str, object]]]]:
    gold = evaluate.read_gold(GOLD).rows_by_key("stem", named=True)
    return {
        f"{stem}.txt": ((SEEDS / f"{stem}.txt").open(encoding="utf-8", newline="").read(), labels)
        for stem, labels in gold.items()
    }


@pytest.fixture(scope="module")
def gold() -> pl.DataFrame:
    return evaluate.read_gold(GOLD)


@pytest.fixture(scope="module")
def perfect() -> Tables:
    return found_as_labelled(read_pages())


def value_of(scores: pl.DataFrame, measure: str, path: str = evaluate.POOLED) -> float:
    row = scores.filter((pl.col("measure") == measure) & (pl.col("path") == path))
    return float(row["value"].item())


def test_what_is_as_labelled_scores_one(perfect: Tables, gold: pl.DataFrame) -> None:
    scores = evaluate.score(perfect, gold)
    shares = scores.filter(pl.col("how") != "count")
    assert shares.filter(pl.col("value") != 1.0).is_empty(), shares.filter(pl.col("value") != 1.0)
    assert scores.filter(pl.col("how") == "count")["right"].sum() == 0
    assert evaluate.misses(scores).is_empty()
    assert evaluate.differences(perfect, gold).is_empty()
    assert set(evaluate.LEAST) <= set(scores["measure"])


def test_scoring_takes_well_under_a_second(perfect: Tables, gold: pl.DataFrame) -> None:
    spent = []
    for _ in range(3):
        before = time.perf_counter()
        evaluate.score(perfect, gold)
        spent.append(time.perf_counter() - before)
    assert min(spent) < 1.0  # 0.25 s on an idle machine


def without(tables: Tables, kind: str, nth: int) -> Tables:
    """Take out the nth segment of a kind."""
    segments = tables.segments.with_row_index("row")
    row = segments.filter(pl.col("kind") == kind)["row"][nth]
    return tables._replace(segments=segments.filter(pl.col("row") != row).drop("row"))


@pytest.mark.parametrize(
    ("kind", "measure"),
    [
        ("turn", "turns"),
        ("chapter", "chapters"),
        ("heading", "headings"),
        ("caption", "captions"),
        ("tweet", "tweets of the thread"),
    ],
)
def test_a_missing_segment_costs_recall_only(
    perfect: Tables, gold: pl.DataFrame, kind: str, measure: str
) -> None:
    scores = evaluate.score(without(perfect, kind, 0), gold)
    row = scores.filter((pl.col("measure") == measure) & (pl.col("path") == evaluate.POOLED)).row(
        0, named=True
    )
    assert row["right"] == row["seen"] == row["expected"] - 1
    assert row["precision"] == 1.0
    assert row["recall"] == pytest.approx((row["expected"] - 1) / row["expected"])
    assert row["low"] < row["value"] < row["high"] <= 1.0


def test_tweets_of_previews_are_counted_apart(perfect: Tables, gold: pl.DataFrame) -> None:
    scores = evaluate.score(without(perfect, "tweet", -1), gold)
    assert value_of(scores, "tweets of the thread") == 1.0
    assert value_of(scores, "tweets of previews") < 1.0


def test_a_record_one_byte_short_keeps_its_start_only(perfect: Tables, gold: pl.DataFrame) -> None:
    first = pl.int_range(pl.len()) == 0
    records = perfect.records.with_columns(byte_end=pl.col("byte_end") - first.cast(pl.Int64))
    scores = evaluate.score(perfect._replace(records=records), gold)
    assert value_of(scores, "records") < 1.0
    assert value_of(scores, "record starts") == 1.0
    missed = evaluate.misses(scores)
    assert missed["measure"].to_list() == ["records"]
    faults = evaluate.differences(perfect._replace(records=records), gold)
    assert faults["fault"].to_list() == ["extra", "missing"]
    assert faults["line"].to_list() == [1, 1]
    assert faults["text"][0].startswith("Peter Alexander's avatar")


def test_a_turn_of_another_second_or_name_is_wrong(perfect: Tables, gold: pl.DataFrame) -> None:
    later = perfect.segments.with_columns(pl.col("start_s") + 1)
    scores = evaluate.score(perfect._replace(segments=later), gold)
    timed = pl.col("t").is_not_null()
    n_untimed = gold.filter((pl.col("kind") == "turn") & ~timed).height
    assert (
        scores.filter((pl.col("measure") == "turns") & (pl.col("path") == "all"))["right"].item() == n_untimed
    )
    fraction = perfect.segments.with_columns(pl.col("start_s") + 0.5)
    assert value_of(evaluate.score(perfect._replace(segments=fraction), gold), "turns") == 1.0


def test_a_wrong_author_is_counted_apart_from_none(perfect: Tables, gold: pl.DataFrame) -> None:
    records = perfect.records.with_columns(author=pl.lit("Nobody"))
    scores = evaluate.score(perfect._replace(records=records), gold)
    n_authors = gold.filter((pl.col("level") == "item") & pl.col("author").is_not_null()).height
    n_none = gold.filter((pl.col("level") == "item") & pl.col("author").is_null()).height
    assert value_of(scores, "author") == 0.0
    assert value_of(scores, "wrong authors") == n_authors
    assert value_of(scores, "invented authors") == n_none
    silent = perfect.records.with_columns(author=pl.lit(None, dtype=pl.String))
    scores = evaluate.score(perfect._replace(records=silent), gold)
    assert (value_of(scores, "author"), value_of(scores, "wrong authors")) == (0.0, 0.0)


def test_an_unclaimed_and_a_doubly_claimed_byte_break_the_ledger(perfect: Tables, gold: pl.DataFrame) -> None:
    spans = perfect.spans
    for broken in (spans[1:], pl.concat([spans, spans[:1]])):
        scores = evaluate.score(perfect._replace(spans=broken), gold)
        assert "ledger" in evaluate.misses(scores)["measure"]
        assert "ledger" in evaluate.differences(perfect._replace(spans=broken), gold)["measure"]


def test_chrome_of_another_kind_counts_only_by_kind(perfect: Tables, gold: pl.DataFrame) -> None:
    chrome = pl.col("role") == "chrome"
    spans = perfect.spans.with_columns(kind=pl.when(chrome).then(pl.lit("nav")))
    scores = evaluate.score(perfect._replace(spans=spans), gold)
    assert value_of(scores, "chrome bytes") == 1.0
    assert value_of(scores, "chrome bytes by kind") < 0.5


LABELS: list[dict[str, object]] = [
    {"id": "i1", "level": "item", "kind": "post", "start": 1, "end": 9, "author": "Åse", "body": [[6, 9]]},
    {"id": "c1", "level": "chrome", "kind": "avatar", "start": 1, "end": 5, "parent": "i1"},
]


@pytest.mark.parametrize(
    "text",
    ["\ufeffÅse: 絵🎮!", "\ufeffÅse:\r絵🎮!", "\ufeffabcd\n\U0001f3ae\U0001f3ae\u00e9"],
    ids=["no break", "carriage return", "astral"],
)
def test_offsets_are_bytes_and_the_mark_is_nobodys(text: str) -> None:
    tables = found_as_labelled({"a/page.txt": (text, LABELS)})
    gold = evaluate.frame_labels({"page": LABELS})
    assert evaluate.misses(evaluate.score(tables, gold)).is_empty()
    # A record that takes the mark in is the same record.
    with_mark = tables.records.with_columns(byte_start=pl.lit(0, dtype=pl.Int64))
    assert value_of(evaluate.score(tables._replace(records=with_mark), gold), "records") == 1.0


def test_a_page_without_labels_is_stated_and_not_scored(perfect: Tables, gold: pl.DataFrame) -> None:
    kept = gold.filter(~pl.col("stem").str.starts_with("004"))
    scores = evaluate.score(perfect, kept)
    assert value_of(scores, "labelled") == 4 / 5
    assert "captions" not in scores["measure"]  # nothing to find and nothing found
    assert evaluate.misses(scores).is_empty()
    screen = Console(width=200, file=io.StringIO(), record=True)
    screen.print(evaluate.render(scores))
    assert "not scored: 004_" in screen.export_text()


def test_labels_without_a_document_are_refused(perfect: Tables, gold: pl.DataFrame) -> None:
    fewer = perfect._replace(documents=perfect.documents[1:])
    with pytest.raises(evaluate.GoldError, match="labels without a document"):
        evaluate.score(fewer, gold)
    twice = pl.concat([perfect.documents, perfect.documents.with_columns(path="b/" + pl.col("path"))])
    with pytest.raises(evaluate.GoldError, match="two documents"):
        evaluate.score(perfect._replace(documents=twice), gold)
    cut = perfect.documents.with_columns(pl.col("text").str.head(100))
    with pytest.raises(evaluate.GoldError, match="ends beyond the text"):
        evaluate.score(perfect._replace(documents=cut), gold)


def test_a_release_is_read_back_with_its_texts(perfect: Tables, gold: pl.DataFrame, tmp_path: Path) -> None:
    ids = dict(read_seeds(SEEDS).documents.select("path", "document_id").iter_rows())
    for name, frame in perfect._replace(documents=perfect.documents.drop("text"))._asdict().items():
        (tmp_path / name).mkdir()
        named = frame.with_columns(pl.col("document_id").replace(ids))
        named.write_parquet(tmp_path / name / "part-00000.parquet")
    scores = evaluate.score(evaluate.read_release(tmp_path, SEEDS), gold)
    assert evaluate.misses(scores).is_empty()
    with pytest.raises(evaluate.GoldError, match="not in the seeds, as 4 of 5"):
        evaluate.read_release(tmp_path, next(SEEDS.glob("*.txt")))


def test_a_release_of_pages_within_a_file_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text('{"text": "Of looms."}\n{"text": "Of cards, and looms."}\n')
    seeds = read_seeds(tmp_path / "pages.jsonl").documents
    for name in Tables._fields:
        (tmp_path / name).mkdir()
        frame = seeds.drop("text") if name == "documents" else seeds.select("document_id").clear()
        frame.write_parquet(tmp_path / name / "part-00000.parquet")
    found = evaluate.read_release(tmp_path, tmp_path / "pages.jsonl").documents
    assert found["text"].to_list() == ["Of looms.", "Of cards, and looms."]
