"""Draw the scores, and list what is not as labelled, so that a grammar's author can mend it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import polars as pl
from rich.table import Table

from pipeline.evaluate.counts import POOLED, cover, list_kinds, match, paint, place_spans, select
from pipeline.evaluate.ground import Flags, Ground, Placed, lay_out, place_found, place_gold
from pipeline.evaluate.measures import ENDS, FIELDS, THINGS, Measure
from schemas import Tables


def render(scores: pl.DataFrame, *, each: bool = True) -> Table:
    """Draw the pooled scores, and a column for each document beside them; what is below its least is marked."""
    documents = scores.filter((pl.col("measure") == "ledger") & (pl.col("path") != POOLED))["path"]
    paths = documents.to_list() if each else []
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
    expected, seen = select(measure, labels), select(measure, found)
    right = match(expected, seen, measure.key).select("path", *measure.key)
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
    pairs = match(labels.records, found.records, ("kind", "start"))
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
    body = cover(labels.body, ground) > 0, cover(found.body, ground) > 0
    kinds = list_kinds(labels, found)
    chrome = paint(labels.chrome, kinds, ground), paint(found.chrome, kinds, ground)
    times = cover(place_spans(spans, ground), ground)
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
