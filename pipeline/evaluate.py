"""Score a run, or a published release, against gold labels made by hand.

Gold is a folder of `NAME.jsonl`, matched to documents by the stem of their path (see
`tests/gold/SCHEMA.md`). Its offsets are code points of the stored text, ours are bytes of its UTF-8: the
documents are laid end to end, so that one array turns the one into the other and every measure is a join
or a sum over all documents at once.

A byte-order mark belongs to nobody: it is not counted, and a span that starts at it starts after it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rich.table import Table

from schemas import Tables

Ints = NDArray[np.integer]
Flags = NDArray[np.bool_]

POOLED = "all"
"""The `path` of a row that sums over all documents."""

LABEL_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "level": pl.String,
    "kind": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "parent": pl.String,
    "title": pl.String,
    "author": pl.String,
    "handle": pl.String,
    "published_raw": pl.String,
    "published": pl.String,
    "speaker": pl.String,
    "t": pl.Int64,
    "body": pl.List(pl.List(pl.Int64)),
}


class Measure(NamedTuple):
    """One count of things found: a thing is right when all of `key` is.

    `kind` picks segments; null means records. `part` picks the tweets of the page's own thread (`main`) or
    of the previews of others (`preview`). `least` is what a release must reach, null where nothing is asked.
    """

    name: str
    kind: str | None
    key: tuple[str, ...]
    least: float | None = None
    part: str | None = None


ENDS = ("start", "end")
THINGS = (
    Measure("records", None, ("kind", *ENDS), least=1.0),
    Measure("record starts", None, ("kind", "start")),
    Measure("turns", "turn", ("speaker", "t", "start"), least=0.998),
    Measure("tweets of the thread", "tweet", ENDS, least=1.0, part="main"),
    Measure("tweets of previews", "tweet", ENDS, part="preview"),
    Measure("chapters", "chapter", ("title", "t", "start"), least=0.98),
    Measure("headings", "heading", ENDS, least=0.90),
    Measure("captions", "caption", ENDS, least=0.75),
)
FIELDS: Mapping[str, float] = {"title": 1.0, "handle": 1.0, "published_raw": 1.0, "published": 1.0}
LEAST: Mapping[str, float] = {
    **{thing.name: thing.least for thing in THINGS if thing.least is not None},
    "body bytes": 0.998,
    "chrome bytes": 0.98,
    **FIELDS,
    "author": 0.90,
    "ledger": 1.0,
}
"""Measure -> the least a release may score, over all documents pooled (the thresholds of the main job)."""

N_RESAMPLES = 200
"""Bootstrap resamples of the lines: enough for a 95 % interval read to two digits."""
Z_95 = 1.959964
"""Normal quantile of a two-sided 95 % interval."""


class GoldError(ValueError):
    """Labels and documents do not belong together."""


class Ground(NamedTuple):
    """The labelled documents laid end to end; every offset below is into the bytes of that one long text.

    pages: document_id, path, stem, char_base, base (first code point and first byte), end (byte).
    offsets: byte offset of each code point, and of the end.
    solid: bytes that are neither white space nor a byte-order mark.
    marks, newlines: offsets of byte-order marks, of line feeds.
    """

    pages: pl.DataFrame
    text: bytes
    offsets: Ints
    solid: Flags
    marks: Ints
    newlines: Ints


class Placed(NamedTuple):
    """Records, segments, stretches of body and of chrome, with `path` and the offsets of `Ground`."""

    records: pl.DataFrame
    segments: pl.DataFrame
    body: pl.DataFrame
    chrome: pl.DataFrame


# Reading --------------------------------------------------------------------------------------------------


def read_gold(folder: Path) -> pl.DataFrame:
    """Read every label file of a folder into one frame of labels, with the file's `stem`.

    Files whose lines are not labels (no `level`) are passed over: other gold may lie in the same folder.
    """
    frames = [
        pl.read_ndjson(path, schema=LABEL_SCHEMA).with_columns(stem=pl.lit(path.stem))
        for path in sorted(folder.glob("*.jsonl"))
        if _holds_labels(path)
    ]
    empty = pl.DataFrame(schema={**LABEL_SCHEMA, "stem": pl.String})
    return pl.concat([empty, *frames])


def frame_labels(labels: Mapping[str, Iterable[Mapping[str, object]]]) -> pl.DataFrame:
    """Make the frame of `read_gold` from labels in memory, by stem."""
    rows = [{**label, "stem": stem} for stem, page in labels.items() for label in page]
    return pl.DataFrame(rows, schema={**LABEL_SCHEMA, "stem": pl.String})


def read_release(version: Path, seeds: Path) -> Tables:
    """Read a published version, and put the text of its documents back from the seeds they were made from."""
    tables = Tables(*(pl.read_parquet(version / name / "*.parquet") for name in Tables._fields))
    encodings = tables.documents.select("path", "encoding").iter_rows()
    texts = [_read_text(seeds / path, encoding) for path, encoding in encodings]
    return tables._replace(documents=tables.documents.with_columns(pl.Series("text", texts, dtype=pl.String)))


def _holds_labels(path: Path) -> bool:
    with path.open(encoding="utf-8") as lines:
        first = lines.readline()
    return bool(first.strip()) and "level" in json.loads(first)


def _read_text(path: Path, encoding: str) -> str:
    # `utf-8` keeps a byte-order mark, as offsets into the file need; other encodings were recoded without it.
    return path.read_bytes().decode("utf-8" if encoding.startswith("utf-8") else encoding, errors="replace")


# Laying out -----------------------------------------------------------------------------------------------


def lay_out(documents: pl.DataFrame, gold: pl.DataFrame) -> Ground:
    """Lay the labelled documents end to end.

    Raises GoldError for labels without a document, or with two of the same stem.
    """
    stems = documents.select("document_id", "path", "text").with_columns(
        stem=pl.col("path").map_elements(lambda path: Path(path).stem, return_dtype=pl.String)
    )
    pages = stems.join(gold.select("stem").unique(), on="stem", how="semi").sort("path")
    _refuse_strays(pages, stems, gold)
    texts = pages["text"].to_list()
    chars = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    widths = 1 + (chars >= 0x80).astype(np.int64) + (chars >= 0x800) + (chars >= 0x10000)
    offsets = np.concatenate([[0], np.cumsum(widths)])
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    char_ends = np.cumsum(lengths)
    char_bases = char_ends - lengths
    solid = ~_white_space()[chars]
    firsts = char_bases[lengths > 0]
    marked = firsts[chars[firsts] == 0xFEFF]
    solid[marked] = False
    return Ground(
        pages=pages.drop("text").with_columns(
            char_base=char_bases, base=offsets[char_bases], end=offsets[char_ends], n_chars=lengths
        ),
        text="".join(texts).encode(),
        offsets=offsets,
        solid=np.repeat(solid, widths),
        marks=offsets[marked],
        newlines=offsets[:-1][chars == 0x0A],
    )


def _refuse_strays(pages: pl.DataFrame, stems: pl.DataFrame, gold: pl.DataFrame) -> None:
    lost = gold.join(stems, on="stem", how="anti")["stem"].unique().sort().to_list()
    if lost:
        raise GoldError(
            f"{lost[0]}.jsonl: labels without a document\n"
            f"  rule  a gold file is named as the document it labels\n"
            f"  seen  {len(lost)} such: {', '.join(lost[:5])}\n"
            f"  do    add the document to the seeds, or take the labels out of the gold folder"
        )
    twice = pages.filter(pl.col("stem").is_duplicated())["path"].to_list()
    if twice:
        raise GoldError(
            f"{twice[0]}: labels that fit two documents\n"
            f"  rule  the stem of a labelled document's path is its own\n"
            f"  seen  {', '.join(twice[:5])}\n"
            f"  do    rename one of them"
        )


def _white_space() -> Flags:
    """Look up table over all code points: what Python holds to be white space."""
    table = np.zeros(0x110000, dtype=bool)
    table[[point for point in range(0x3001) if chr(point).isspace()]] = True
    return table


def place_gold(gold: pl.DataFrame, ground: Ground) -> Placed:
    """Give labels the offsets of `ground`. Raises GoldError for a label beyond the end of its text."""
    labels = gold.join(ground.pages.drop("end"), on="stem", maintain_order="left")
    beyond = labels.filter(pl.col("end") > pl.col("n_chars"))
    if beyond.height:
        row = beyond.row(0, named=True)
        raise GoldError(
            f"{row['stem']}.jsonl: label {row['id']} ends beyond the text\n"
            f"  rule  offsets are code points of the document as stored\n"
            f"  seen  end {row['end']} in a document of {row['n_chars']} code points\n"
            f"  do    label this version of {row['path']} again"
        )
    body = (
        labels.filter(pl.col("level") == "item")
        .select("path", "char_base", stretch="body")
        .explode("stretch")
        .drop_nulls("stretch")
        .with_columns(start=pl.col("stretch").list.get(0), end=pl.col("stretch").list.get(1))
    )
    placed = _to_bytes(labels, ground)
    return Placed(
        records=placed.filter(pl.col("level") == "item"),
        segments=_part_tweets(placed.filter(pl.col("level") == "segment"), placed),
        body=_to_bytes(body, ground),
        chrome=placed.filter(pl.col("level") == "chrome"),
    )


def place_found(tables: Tables, ground: Ground, gold: Placed) -> Placed:
    """Give what was found the names and offsets that the labels have."""
    bases = ground.pages.select("document_id", "path", "base")

    def place(frame: pl.DataFrame, start: str = "byte_start", end: str = "byte_end") -> pl.DataFrame:
        own = [name for name in ("path", "base", "start", "end") if name in frame.columns]
        placed = frame.drop(own).join(bases, on="document_id", maintain_order="left")
        shifted = placed.with_columns(start=pl.col("base") + pl.col(start), end=pl.col("base") + pl.col(end))
        return shifted.with_columns(start=_past_marks(shifted["start"], ground))

    body = (
        tables.records.select("document_id", span="body_spans")
        .explode("span")
        .drop_nulls("span")
        .with_columns(
            byte_start=pl.col("span").struct.field("start"),
            byte_end=pl.col("span").struct.field("end"),
        )
    )
    segments = place(tables.segments).with_columns(t=pl.col("start_s").floor().cast(pl.Int64))
    return Placed(
        records=place(tables.records),
        segments=_part_tweets(segments, gold.records),
        body=place(body.drop("span")),
        chrome=place(tables.spans.filter(pl.col("role") == "chrome")),
    )


def _to_bytes(labels: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    base = labels["char_base"]
    placed = labels.with_columns(
        start=ground.offsets[(base + labels["start"]).to_numpy()],
        end=ground.offsets[(base + labels["end"]).to_numpy()],
    )
    return placed.with_columns(start=_past_marks(placed["start"], ground))


def _past_marks(starts: pl.Series, ground: Ground) -> pl.Series:
    return starts + 3 * starts.is_in(ground.marks.tolist()).cast(pl.Int64)


def _part_tweets(segments: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Say which tweets are the page's own thread, the first one labelled; others are of previews."""
    first = items.filter((pl.col("level") == "item") & (pl.col("kind") == "thread")).sort("start")
    ends = first.group_by("path", maintain_order=True).agg(thread_end=pl.col("end").first())
    return segments.join(ends, on="path", how="left", maintain_order="left").with_columns(
        part=pl.when(pl.col("start") < pl.col("thread_end")).then(pl.lit("main")).otherwise(pl.lit("preview"))
    )


# Counting -------------------------------------------------------------------------------------------------


def score(tables: Tables, gold: pl.DataFrame) -> pl.DataFrame:
    """Score what was found against labels: one row a measure and document, and one over all documents.

    Args:
        tables: `documents` needs document_id, path and text; the others as in the dataset contract.
        gold: labels, as `read_gold` gives them.

    Returns:
        path (`all` for the sum), measure, how (`f1`, `share` or `count`), right, expected, seen, precision,
        recall, value (null where there was nothing to find and nothing was found), low, high (95 %, of the
        sum), least. `labelled` counts the documents that have labels.
    """
    ground = lay_out(tables.documents, gold)
    labels = place_gold(gold, ground)
    found = place_found(tables, ground, labels)
    rows = [
        *(_count_things(measure, labels, found) for measure in THINGS),
        _count_fields(labels, found),
        *_count_bytes(labels, found, ground, tables.spans),
        _count_labelled(tables.documents, ground),
    ]
    counts = pl.concat(rows, how="diagonal_relaxed")
    return _value(_bound(pl.concat([_pool(counts), counts], how="diagonal_relaxed")))


def misses(scores: pl.DataFrame) -> pl.DataFrame:
    """Keep the pooled measures that are below the least a release may score."""
    return scores.filter(
        (pl.col("path") == POOLED) & pl.col("value").is_not_null() & (pl.col("value") < pl.col("least"))
    )


def _select(measure: Measure, side: Placed) -> pl.DataFrame:
    if measure.kind is None:
        return side.records
    part = pl.lit(True) if measure.part is None else pl.col("part") == measure.part
    return side.segments.filter((pl.col("kind") == measure.kind) & part)


def _match(labels: pl.DataFrame, found: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Pair equal things, each once; `labels` columns keep their names, those of `found` get `_seen`."""
    on = ["path", *key, "nth"]
    nth = pl.int_range(pl.len()).over("path", *key).alias("nth")
    return labels.with_columns(nth).join(found.with_columns(nth), on=on, suffix="_seen", nulls_equal=True)


def _count_things(measure: Measure, labels: Placed, found: Placed) -> pl.DataFrame:
    expected, seen = _select(measure, labels), _select(measure, found)
    right = _match(expected, seen, measure.key)
    return (
        expected.group_by("path").agg(expected=pl.len())
        .join(seen.group_by("path").agg(seen=pl.len()), on="path", how="full", coalesce=True)
        .join(right.group_by("path").agg(right=pl.len()), on="path", how="left")
        .with_columns(pl.col("expected", "seen", "right").fill_null(0).cast(pl.Int64))
        .with_columns(measure=pl.lit(measure.name), how=pl.lit("f1"))
    )  # fmt: skip


def _count_fields(labels: Placed, found: Placed) -> pl.DataFrame:
    """Count the header fields that are as printed, over the records whose kind and start were found."""
    pairs = _match(labels.records, found.records, ("kind", "start"))
    author, seen = pl.col("author"), pl.col("author_seen")
    counts = [
        _tally(pairs, name, "share", pl.col(name).eq_missing(pl.col(f"{name}_seen")), pl.lit(True))
        for name in FIELDS
    ]
    return pl.concat(
        [
            *counts,
            _tally(pairs, "author", "share", author.eq_missing(seen), author.is_not_null()),
            _tally(pairs, "wrong authors", "count", author.ne(seen), author.is_not_null()),
            _tally(pairs, "invented authors", "count", seen.is_not_null(), author.is_null()),
        ]
    )


def _tally(pairs: pl.DataFrame, name: str, how: str, right: pl.Expr, where: pl.Expr) -> pl.DataFrame:
    return (
        pairs.filter(where)
        .group_by("path")
        .agg(right=right.fill_null(False).sum().cast(pl.Int64), expected=pl.len().cast(pl.Int64))
        .with_columns(measure=pl.lit(name), how=pl.lit(how))
    )


def _count_labelled(documents: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    return documents.select(
        "path",
        right=pl.col("path").is_in(ground.pages["path"].implode()).cast(pl.Int64),
        expected=pl.lit(1, dtype=pl.Int64),
        measure=pl.lit("labelled"),
        how=pl.lit("share"),
    )


def _count_bytes(
    labels: Placed, found: Placed, ground: Ground, spans: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Count the bytes that are not white space: of bodies, of chrome, by its kind, and of the ledger."""
    bodies = _cover(labels.body, ground) > 0, _cover(found.body, ground) > 0
    kinds = _list_kinds(labels, found)
    chrome = _paint(labels.chrome, kinds, ground), _paint(found.chrome, kinds, ground)
    ledger = _cover(_place_spans(spans, ground), ground) == 1
    yield _sum_bytes("body bytes", bodies[0] & bodies[1], *bodies, ground)
    yield _sum_bytes("chrome bytes", (chrome[0] > 0) & (chrome[1] > 0), chrome[0] > 0, chrome[1] > 0, ground)
    same = (chrome[0] > 0) & (chrome[0] == chrome[1])
    yield _sum_bytes("chrome bytes by kind", same, chrome[0] > 0, chrome[1] > 0, ground)
    yield _sum_bytes("ledger", ledger, np.ones_like(ledger), None, ground)


def _place_spans(spans: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    placed = spans.select("document_id", "byte_start", "byte_end").join(
        ground.pages.select("document_id", "base"), on="document_id"
    )
    return placed.select(start=pl.col("base") + pl.col("byte_start"), end=pl.col("base") + pl.col("byte_end"))


def _cover(stretches: pl.DataFrame, ground: Ground) -> Ints:
    """Count, for each byte, the stretches that hold it."""
    return _lay_on(stretches, np.ones(stretches.height, dtype=np.int64), ground)


def _lay_on(stretches: pl.DataFrame, weights: Ints, ground: Ground) -> Ints:
    steps = np.zeros(len(ground.solid) + 1, dtype=np.int32)
    np.add.at(steps, stretches["start"].to_numpy(), weights)
    np.subtract.at(steps, stretches["end"].to_numpy(), weights)
    laid: Ints = np.cumsum(steps[:-1], dtype=np.int32)
    return laid


def _list_kinds(labels: Placed, found: Placed) -> list[str]:
    return pl.concat([labels.chrome["kind"], found.chrome["kind"]]).drop_nulls().unique().sort().to_list()


def _paint(stretches: pl.DataFrame, kinds: list[str], ground: Ground) -> Ints:
    """Give each byte the number of its chrome kind, from 1; 0 for none. Where two overlap, their sum."""
    numbers = stretches["kind"].replace_strict(kinds, range(1, len(kinds) + 1), return_dtype=pl.Int64)
    return _lay_on(stretches, numbers.to_numpy(), ground)


def _sum_bytes(name: str, right: Flags, expected: Flags, seen: Flags | None, ground: Ground) -> pl.DataFrame:
    """Sum solid bytes by document, with the bounds of the sum over all, resampled by lines."""
    sides = {"right": right, "expected": expected} | ({} if seen is None else {"seen": seen})
    solid = {side: (flags & ground.solid) for side, flags in sides.items()}
    sums = {side: np.concatenate([[0], np.cumsum(flags, dtype=np.int32)]) for side, flags in solid.items()}
    pages = ground.pages
    counts = pl.DataFrame(
        {
            "path": pages["path"],
            **{s: sums[s][pages["end"].to_numpy()] - sums[s][pages["base"].to_numpy()] for s in sums},
        }
    )
    lines = np.concatenate([[0], ground.newlines, [len(ground.solid)]])
    by_line = {side: np.diff(sums[side][lines]) for side in sums}
    low, high = _resample(by_line)
    how = "share" if seen is None else "f1"
    return counts.with_columns(
        measure=pl.lit(name), how=pl.lit(how), low_pooled=pl.lit(low), high_pooled=pl.lit(high)
    )


def _resample(by_line: Mapping[str, Ints]) -> tuple[float | None, float | None]:
    """Bound a share of bytes by drawing lines again (Poisson, seed 0): a line is right or wrong as one."""
    used = by_line["expected"] + by_line.get("seen", by_line["expected"]) > 0
    weights = np.random.default_rng(0).poisson(1.0, (N_RESAMPLES, int(used.sum()))).astype(np.float32)
    right, expected = weights @ by_line["right"][used], weights @ by_line["expected"][used]
    whole = (expected + weights @ by_line["seen"][used]) / 2 if "seen" in by_line else expected
    values = np.divide(right, whole, out=np.full(N_RESAMPLES, np.nan), where=whole > 0)
    if np.isnan(values).all():
        return None, None
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)


# Summing up -----------------------------------------------------------------------------------------------


def _pool(counts: pl.DataFrame) -> pl.DataFrame:
    return counts.group_by("measure", "how", maintain_order=True).agg(
        pl.lit(POOLED).alias("path"),
        pl.col("right", "expected").sum(),
        pl.when(pl.col("seen").is_not_null().any()).then(pl.col("seen").sum()).alias("seen"),
        low=pl.col("low_pooled").first(),
        high=pl.col("high_pooled").first(),
    )


def _bound(counts: pl.DataFrame) -> pl.DataFrame:
    """Bound the pooled shares not resampled: Wilson, an F1 read as a share of the mean of both sides."""
    n = (
        pl.when(pl.col("how") == "f1")
        .then((pl.col("expected") + pl.col("seen")) / 2)
        .otherwise(pl.col("expected"))
    )
    share, z2 = pl.col("right") / n, Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = Z_95 * ((share * (1 - share) / n + z2 / (4 * n**2)).clip(0).sqrt()) / (1 + z2 / n)
    bounded = (pl.col("path") == POOLED) & (pl.col("how") != "count") & (n > 0)
    return counts.with_columns(
        low=pl.when(bounded).then(pl.coalesce("low", (middle - reach).clip(0, 1))),
        high=pl.when(bounded).then(pl.coalesce("high", (middle + reach).clip(0, 1))),
    ).drop("low_pooled", "high_pooled")


def _value(counts: pl.DataFrame) -> pl.DataFrame:
    least = pl.col("measure").replace_strict(dict(LEAST), default=None, return_dtype=pl.Float64)
    f1 = 2 * pl.col("right") / (pl.col("expected") + pl.col("seen"))
    share = pl.col("right") / pl.col("expected")
    value = (
        pl.when(pl.col("how") == "count").then(pl.col("right").cast(pl.Float64))
        .when(pl.col("how") == "f1").then(f1)
        .otherwise(share)
    )  # fmt: skip
    finite = [
        pl.when(expr.is_finite()).then(expr).alias(name)
        for name, expr in {
            "precision": pl.col("right") / pl.col("seen"),
            "recall": share,
            "value": value,
        }.items()
    ]
    columns = (
        "path",
        "measure",
        "how",
        "right",
        "expected",
        "seen",
        "precision",
        "recall",
        "value",
        "low",
        "high",
    )
    return counts.with_columns(finite).with_columns(least=least).select(*columns, "least")


# Showing --------------------------------------------------------------------------------------------------


def render(scores: pl.DataFrame) -> Table:
    """Draw the pooled scores, a column a document beside them; what is below its least is marked."""
    paths = scores.filter((pl.col("measure") == "ledger") & (pl.col("path") != POOLED))["path"].to_list()
    table = Table(title="Scores against gold", caption=_state_unlabelled(scores))
    for heading in (
        "measure",
        "right",
        "expected",
        "seen",
        "score",
        "95 %",
        "least",
        *map(_shorten_path, paths),
    ):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    values = {(row["path"], row["measure"]): row for row in scores.iter_rows(named=True)}
    for row in scores.filter(pl.col("path") == POOLED).iter_rows(named=True):
        own = [_print_value(values.get((path, row["measure"]))) for path in paths]
        table.add_row(*_print_pooled(row), *own, style=_choose_style(row))
    return table


def _state_unlabelled(scores: pl.DataFrame) -> str | None:
    without = scores.filter(
        (pl.col("measure") == "labelled") & (pl.col("right") == 0) & (pl.col("path") != POOLED)
    )
    return f"no labels, so not scored: {', '.join(without['path'])}" if without.height else None


def _shorten_path(path: str) -> str:
    stem = Path(path).stem
    return stem if len(stem) <= 12 else stem[:11] + "…"


def _choose_style(row: Mapping[str, object]) -> str:
    value, least = row["value"], row["least"]
    return "red" if isinstance(value, float) and isinstance(least, float) and value < least else ""


def _print_pooled(row: Mapping[str, object]) -> list[str]:
    counts = ["" if row[name] is None else f"{row[name]:,}" for name in ("right", "expected", "seen")]
    bounds = "" if row["low"] is None else f"{row['low']:.3f}–{row['high']:.3f}"
    least = "" if row["least"] is None else f"{row['least']:.3f}"
    return [str(row["measure"]), *counts, _print_value(row), bounds, least]


def _print_value(row: Mapping[str, object] | None) -> str:
    if row is None or row["value"] is None:
        return "–"
    return f"{row['right']}" if row["how"] == "count" else f"{row['value']:.4f}"


def differences(tables: Tables, gold: pl.DataFrame, limit: int = 200) -> pl.DataFrame:
    """List what is not as labelled, in the order of the pages, at most `limit` a measure.

    Returns:
        path, line (1-based), measure, fault (`missing`, `extra`, `differs`), expected, seen, text (the start
        of the passage). Bytes are listed in stretches, white space between them passed over.
    """
    ground = lay_out(tables.documents, gold)
    labels = place_gold(gold, ground)
    found = place_found(tables, ground, labels)
    frames = [
        _differ_in_things(measure, labels, found) for measure in THINGS if measure.name != "record starts"
    ]
    frames += [_differ_in_fields(labels, found), *_differ_in_bytes(labels, found, ground, tables.spans)]
    faults = pl.concat(frames, how="diagonal_relaxed")
    return (
        faults.join(ground.pages.select("path", "base"), on="path")
        .sort("path", "start", "measure", "fault")
        .filter(pl.int_range(pl.len()).over("measure") < limit)
        .pipe(_quote, ground)
        .select("path", "line", "measure", "fault", "expected", "seen", "text")
    )


def _differ_in_things(measure: Measure, labels: Placed, found: Placed) -> pl.DataFrame:
    expected, seen = _select(measure, labels), _select(measure, found)
    right = _match(expected, seen, measure.key).select("path", *measure.key)
    shown = [name for name in measure.key if name not in ENDS] or ["kind"]
    described = pl.format(
        ", ".join(["{}"] * len(shown)), *[pl.col(name).cast(pl.String).fill_null("–") for name in shown]
    )

    def rest(side: pl.DataFrame, fault: str, column: str) -> pl.DataFrame:
        left = side.join(right, on=["path", *measure.key], how="anti", nulls_equal=True)
        return left.select(
            "path", "start", "end", described.alias(column), measure=pl.lit(measure.name), fault=pl.lit(fault)
        )

    return pl.concat(
        [rest(expected, "missing", "expected"), rest(seen, "extra", "seen")], how="diagonal_relaxed"
    )


def _differ_in_fields(labels: Placed, found: Placed) -> pl.DataFrame:
    pairs = _match(labels.records, found.records, ("kind", "start"))
    return pl.concat(
        pairs.filter(pl.col(name).ne_missing(pl.col(f"{name}_seen"))).select(
            "path",
            "start",
            "end",
            expected=name,
            seen=f"{name}_seen",
            measure=pl.lit(name),
            fault=pl.lit("differs"),
        )
        for name in (*FIELDS, "author")
    )


def _differ_in_bytes(
    labels: Placed, found: Placed, ground: Ground, spans: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    body = _cover(labels.body, ground) > 0, _cover(found.body, ground) > 0
    kinds = _list_kinds(labels, found)
    chrome = _paint(labels.chrome, kinds, ground), _paint(found.chrome, kinds, ground)
    times = _cover(_place_spans(spans, ground), ground)
    yield _list_runs("body bytes", "missing", body[0] & ~body[1], ground)
    yield _list_runs("body bytes", "extra", body[1] & ~body[0], ground)
    for number, kind in enumerate(kinds, start=1):
        expected, seen = chrome[0] == number, chrome[1] == number
        yield _list_runs("chrome bytes", "missing", expected & (chrome[1] == 0), ground, expected=kind)
        yield _list_runs("chrome bytes", "extra", seen & (chrome[0] == 0), ground, seen=kind)
        yield _list_runs(
            "chrome bytes by kind", "differs", expected & (chrome[1] > 0) & ~seen, ground, expected=kind
        )
    yield _list_runs("ledger", "unclaimed", times == 0, ground)
    yield _list_runs("ledger", "claimed twice", times > 1, ground)


def _list_runs(name: str, fault: str, wrong: Flags, ground: Ground, **shown: str) -> pl.DataFrame:
    """List the runs of wrong bytes; white space does not break a run, and the end of a page does."""
    solid = np.flatnonzero(ground.solid)
    flags = wrong[solid].astype(np.int8)
    pages = np.searchsorted(ground.pages["end"].to_numpy(), solid, side="right")
    firsts = flags == 1
    firsts[1:] &= (flags[:-1] == 0) | (pages[1:] != pages[:-1])
    lasts = flags == 1
    lasts[:-1] &= (flags[1:] == 0) | (pages[1:] != pages[:-1])
    paths = ground.pages["path"].gather(pages[firsts])
    runs = pl.DataFrame({"path": paths, "start": solid[firsts], "end": solid[lasts] + 1})
    words = {side: pl.lit(shown.get(side), dtype=pl.String) for side in ("expected", "seen")}
    return runs.with_columns(measure=pl.lit(name), fault=pl.lit(fault), **words)


def _quote(faults: pl.DataFrame, ground: Ground, width: int = 90) -> pl.DataFrame:
    """Add the line number and the first words of each passage."""
    bases = np.searchsorted(ground.newlines, faults["base"].to_numpy())
    lines = np.searchsorted(ground.newlines, faults["start"].to_numpy()) - bases + 1
    texts = [
        ground.text[start : min(end, start + 4 * width)].decode(errors="replace")[:width]
        for start, end in faults.select("start", "end").iter_rows()
    ]
    return faults.with_columns(line=lines, text=pl.Series(texts, dtype=pl.String))
