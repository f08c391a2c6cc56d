"""Count what was found and what is right: things, fields, bytes."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from pipeline.evaluate.ground import Flags, Ground, Ints, Placed, lay_out, place_found, place_gold
from pipeline.evaluate.measures import FIELDS, LEAST, THINGS, Measure
from schemas import Tables

POOLED = "all"
"""The `path` of a row that sums over all documents."""
N_RESAMPLES = 200
"""Bootstrap resamples of the lines: enough for a 95 % interval read to two digits."""
OVERLAP = 0.9
"""Share of the bytes that two records hold together that both must hold, for one to be found by the other."""
Z_95 = 1.959964
"""Normal quantile of a two-sided 95 % interval."""


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
        _count_overlaps(labels, found, ground),
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


def select(measure: Measure, side: Placed) -> pl.DataFrame:
    """Keep the things that a measure counts."""
    if measure.kind is None:
        return side.records
    part = pl.lit(True) if measure.part is None else pl.col("part") == measure.part
    return side.segments.filter((pl.col("kind") == measure.kind) & part)


def match(labels: pl.DataFrame, found: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Pair equal things, each once; `labels` columns keep their names, those of `found` get `_seen`."""
    on = ["path", *key, "nth"]
    nth = pl.int_range(pl.len()).over("path", *key).alias("nth")
    return labels.with_columns(nth).join(found.with_columns(nth), on=on, suffix="_seen", nulls_equal=True)


def _count_things(measure: Measure, labels: Placed, found: Placed) -> pl.DataFrame:
    expected, seen = select(measure, labels), select(measure, found)
    right = match(expected, seen, measure.key)
    return (
        expected.group_by("path").agg(expected=pl.len())
        .join(seen.group_by("path").agg(seen=pl.len()), on="path", how="full", coalesce=True)
        .join(right.group_by("path").agg(right=pl.len()), on="path", how="left")
        .with_columns(pl.col("expected", "seen", "right").fill_null(0).cast(pl.Int64))
        .with_columns(measure=pl.lit(measure.name), how=pl.lit("f1"))
    )  # fmt: skip


def _count_overlaps(labels: Placed, found: Placed, ground: Ground) -> pl.DataFrame:
    """Count the labelled records that one found covers, and is covered by, but for a tenth of what both hold."""
    solid = np.concatenate([[0], np.cumsum(ground.solid)])
    sides = [
        side.records.select("path", "start", "end").with_columns(
            size=pl.Series(solid[side.records["end"].to_numpy()] - solid[side.records["start"].to_numpy()])
        )
        for side in (labels, found)
    ]
    pairs = sides[0].with_row_index("nth").join(sides[1], on="path", suffix="_seen")
    pairs = pairs.filter(pl.col("start") < pl.col("end_seen"), pl.col("start_seen") < pl.col("end"))
    first, last = pl.max_horizontal("start", "start_seen"), pl.min_horizontal("end", "end_seen")
    pairs = pairs.with_columns(first=first, last=last)
    both = pl.Series(solid[pairs["last"].to_numpy()] - solid[pairs["first"].to_numpy()])
    right = pairs.filter(both >= OVERLAP * (pairs["size"] + pairs["size_seen"] - both)).unique("nth")
    counts = (
        side.group_by("path").agg(pl.len().cast(pl.Int64).alias(name))
        for side, name in zip(sides, ("expected", "seen"), strict=True)
    )
    expected, seen = counts
    told = expected.join(seen, on="path", how="full", coalesce=True)
    told = told.join(right.group_by("path").agg(right=pl.len().cast(pl.Int64)), on="path", how="left")
    return told.with_columns(pl.col("expected", "seen", "right").fill_null(0)).with_columns(
        measure=pl.lit("records by overlap"), how=pl.lit("f1")
    )


def _count_fields(labels: Placed, found: Placed) -> pl.DataFrame:
    """Count the header fields that are as printed, over the records whose kind and start were found."""
    pairs = match(labels.records, found.records, ("kind", "start"))
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
    bodies = cover(labels.body, ground) > 0, cover(found.body, ground) > 0
    kinds = list_kinds(labels, found)
    chrome = paint(labels.chrome, kinds, ground), paint(found.chrome, kinds, ground)
    ledger = cover(place_spans(spans, ground), ground) == 1
    yield _sum_bytes("body bytes", bodies[0] & bodies[1], *bodies, ground)
    yield _sum_bytes("chrome bytes", (chrome[0] > 0) & (chrome[1] > 0), chrome[0] > 0, chrome[1] > 0, ground)
    same = (chrome[0] > 0) & (chrome[0] == chrome[1])
    yield _sum_bytes("chrome bytes by kind", same, chrome[0] > 0, chrome[1] > 0, ground)
    yield _sum_bytes("ledger", ledger, np.ones_like(ledger), None, ground)


def place_spans(spans: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Give spans of any role the offsets of `ground`."""
    placed = spans.select("document_id", "byte_start", "byte_end").join(
        ground.pages.select("document_id", "base"), on="document_id"
    )
    return placed.select(start=pl.col("base") + pl.col("byte_start"), end=pl.col("base") + pl.col("byte_end"))


def cover(stretches: pl.DataFrame, ground: Ground) -> Ints:
    """Count, for each byte, the stretches that hold it."""
    return _lay_on(stretches, np.ones(stretches.height, dtype=np.int64), ground)


def _lay_on(stretches: pl.DataFrame, weights: Ints, ground: Ground) -> Ints:
    steps = np.zeros(len(ground.solid) + 1, dtype=np.int32)
    np.add.at(steps, stretches["start"].to_numpy(), weights)
    np.subtract.at(steps, stretches["end"].to_numpy(), weights)
    laid: Ints = np.cumsum(steps[:-1], dtype=np.int32)
    return laid


def list_kinds(labels: Placed, found: Placed) -> list[str]:
    """List the kinds of chrome there are on either side."""
    return pl.concat([labels.chrome["kind"], found.chrome["kind"]]).drop_nulls().unique().sort().to_list()


def paint(stretches: pl.DataFrame, kinds: list[str], ground: Ground) -> Ints:
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
