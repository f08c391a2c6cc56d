"""Paragraphs that stand word for word in several records of a page are its publisher's."""

from collections.abc import Sequence

import polars as pl

from pipeline.grammar import Grammar, Part, Recurring
from pipeline.segment.parts import Names
from pipeline.segment.rows import NONE

ENDING_LINES = 8  # no more lines than these can be what records end with


def set_recurring(pieces: pl.DataFrame, grammar: Grammar, names: Names) -> pl.DataFrame:
    """Turn paragraphs that stand in several records of a document into chrome."""
    for rule in grammar.recurring:
        new = {"rule": names.rule_number(rule.name), "part": names.part_number(Part("chrome", rule.kind))}
        own = [
            number
            for number, part in enumerate(names.parts)
            if part.role == "body" and (rule.is_last or part.kind == "paragraph")
        ]
        rows = _but_last_words(pieces, _recurring_rows(pieces, rule, own), names)
        if len(rows):
            hit = pl.col("row").is_in(rows.implode()) & pl.col("part").is_in(own)
            pieces = pieces.with_columns(
                pl.when(hit).then(pl.lit(number, pl.Int64)).otherwise(column).alias(column)
                for column, number in new.items()
            )
    return pieces


def _recurring_rows(pieces: pl.DataFrame, rule: Recurring, own: Sequence[int]) -> pl.Series:
    """Find the rows of the paragraphs that recur often enough, in enough of a document's records."""
    candidates = pieces.select("doc", "record", "row", "part", "text").filter(
        pl.col("part").is_in(own) & (pl.col("record") > NONE)
    )
    # a record printed twice is one: nothing in it recurs for that
    said = candidates.group_by("record", maintain_order=True).agg(said=pl.col("text").str.join("\n").hash())
    candidates = candidates.join(said, on="record", maintain_order="left")
    n_records = candidates.group_by("doc").agg(n_records=pl.col("said").n_unique())
    if rule.is_last:
        last = candidates.group_by("record").agg(last=pl.col("row").max())
        candidates = candidates.join(last, on="record", maintain_order="left")
        candidates = candidates.filter(pl.col("row") > pl.col("last") - ENDING_LINES)
    common = (
        candidates.group_by("doc", "text")
        .agg(times=pl.col("said").n_unique())
        .filter((pl.col("times") >= rule.least) & (pl.col("text").str.len_chars() >= rule.least_chars))
        .join(n_records, on="doc")
        .filter(pl.col("times") >= rule.share * pl.col("n_records"))
    )
    recurring = candidates.join(common, on=["doc", "text"], how="semi")
    if rule.is_last:
        rest = candidates.join(common, on=["doc", "text"], how="anti")
        ends = rest.group_by("record").agg(end=pl.col("row").max())
        recurring = recurring.join(ends, on="record").filter(pl.col("row") > pl.col("end"))
    return recurring["row"]


def _but_last_words(pieces: pl.DataFrame, rows: pl.Series, names: Names) -> pl.Series:
    """Leave out the rows of records that would have no words left."""
    if rows.is_empty():
        return rows
    own = [number for number, part in enumerate(names.parts) if part.role == "body"]
    body = pieces.select("record", "row", "part").filter(pl.col("part").is_in(own))
    is_kept = ~pl.col("row").is_in(rows.implode())
    return body.filter(is_kept.any().over("record") & ~is_kept)["row"].unique()
