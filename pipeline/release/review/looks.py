"""What is most worth a look: the places where a page was probably cut wrong, or could not be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from pipeline.release.model import GUESSED
from schemas import FLAGS, Tables

ALIKE = 5  # records of a kind on a page from which on one is held against the others
USUAL = 0.75  # of them have a field: one without it is odd
LONG = 8  # times as long as the middle one: a boundary may be missing
UNSURE = 0.5  # of a language or of a page's parts: below, another is as likely
SURE_WORDS = 20  # on fewer words no language is surely named
SPOT = ("document_id", "byte_start", "record_id", "says")
SURE = pl.col("^sure$")  # how sure a guess was, where that orders the spots of a look


class Look(NamedTuple):
    """A reason to look: its name, what it means, and what finds its spots (SPOT, and SURE if the least goes first)."""

    name: str
    means: str
    find: Callable[[Tables], pl.DataFrame]


def spots(tables: Tables) -> pl.DataFrame:
    """Find every spot worth a look.

    Returns:
        SPOT with `look`, `weight` (row of LOOKS: the least weighty last) and `sure` (1 where nothing was guessed);
        `document_id` is null where a file could not be read, `byte_start` where the whole document is meant,
        `record_id` outside of records.
    """
    parts = [
        look.find(tables).select(*SPOT, SURE).with_columns(look=pl.lit(look.name), weight=pl.lit(n))
        for n, look in enumerate(LOOKS)
    ]
    return (
        pl.concat(parts, how="diagonal_relaxed")
        .with_columns(pl.col("sure").fill_null(1.0))
        .sort("weight", "sure", "document_id", "byte_start", nulls_last=True)
    )


def tell(found: pl.DataFrame, spots: pl.DataFrame) -> pl.DataFrame:
    """Add `look` to the records: what is worth a look in each; null if nothing is."""
    told = (
        spots.filter(pl.col("record_id").is_not_null())
        .group_by("document_id", "record_id", maintain_order=True)
        .agg(look=pl.col("says").unique(maintain_order=True).str.join("; "))
    )
    return found.join(told, on=["document_id", "record_id"], how="left", maintain_order="left").with_columns(
        look=pl.when(~pl.col("is_withheld")).then("look")
    )


def _unreadable(tables: Tables) -> pl.DataFrame:
    is_file = pl.col("record_id").is_null() & pl.col("reason").is_in(("unreadable", "empty", "missing"))
    return tables.removed.filter(is_file).with_columns(
        says=pl.coalesce("message", "reason"), byte_start=pl.lit(None, pl.Int64)
    )


def _invalid(tables: Tables) -> pl.DataFrame:
    return tables.removed.filter(pl.col("reason") == "invalid").with_columns(
        says=pl.coalesce("message", "reason")
    )


def _unknown_pages(tables: Tables) -> pl.DataFrame:
    return tables.documents.filter(pl.col("page_kind") == "unknown").with_columns(
        says=pl.lit("no grammar knows this page"),
        byte_start=pl.lit(None, pl.Int64),
        record_id=pl.lit(None, pl.String),
    )


def _guessed_pages(tables: Tables) -> pl.DataFrame:
    least = tables.records.group_by("document_id").agg(sure=pl.col("confidence").min().cast(pl.Float64))
    guessed = tables.documents.filter(pl.col("page_kind").is_in(GUESSED))
    guessed = guessed.join(least, on="document_id", how="left").with_columns(pl.col("sure").fill_null(0.0))
    return guessed.with_columns(
        says=pl.format("guessed: {} %", (pl.col("sure") * 100).round(0).cast(pl.Int64)),
        byte_start=pl.lit(None, pl.Int64),
        record_id=pl.lit(None, pl.String),
    )


def _unclaimed(tables: Tables) -> pl.DataFrame:
    n_bytes = pl.col("byte_end") - pl.col("byte_start")
    return tables.spans.filter(pl.col("kind") == "unclaimed").with_columns(
        says=pl.format("{} bytes unclaimed", n_bytes)
    )


def _broken_promises(tables: Tables) -> pl.DataFrame:
    said = pl.format("promises {}, {} found", pl.col("n_promised").fill_null(0), "n_segments")
    return tables.records.filter(pl.col("flags").list.contains("promise_broken")).with_columns(says=said)


def _too_long(tables: Tables) -> pl.DataFrame:
    alike = ["document_id", "kind"]
    times = pl.col("n_chars") / pl.col("n_chars").median().over(alike)
    # Where most are pictures, without a word, none is too long.
    is_odd = (pl.len().over(alike) >= ALIKE) & times.is_between(LONG, float("inf"), closed="left")
    found = tables.records.with_columns(says=pl.when(is_odd).then(times.round(0))).drop_nulls("says")
    return found.with_columns(
        says=pl.format("{} times as long as its neighbours", pl.col("says").cast(pl.Int64))
    )


def _lacking(tables: Tables) -> pl.DataFrame:
    """Find records without a field that most of their neighbours have."""
    alike = ["document_id", "kind"]
    fields = ("title", "author", "published_raw")
    lacks = [
        pl.when(
            pl.col(field).is_null()
            & (pl.len().over(alike) >= ALIKE)
            & (pl.col(field).is_not_null().mean().over(alike) >= USUAL)
        ).then(pl.lit(field.removesuffix("_raw")))
        for field in fields
    ]
    said = pl.concat_str(lacks, separator=" or ", ignore_nulls=True)
    return (
        tables.records.with_columns(said=said)
        .filter(pl.col("said") != "")
        .with_columns(says=pl.format("no {}, as its neighbours have", "said"))
    )


def _unsure(tables: Tables) -> pl.DataFrame:
    sure = (pl.col("confidence") * 100).round(0).cast(pl.Int64)
    return tables.records.filter(pl.col("confidence") < UNSURE).with_columns(
        says=pl.format("told with {} % confidence", sure)
    )


def _flagged(flag: str, says: str) -> Callable[[Tables], pl.DataFrame]:
    def find(tables: Tables) -> pl.DataFrame:
        return tables.records.filter(pl.col("flags").list.contains(flag)).with_columns(says=pl.lit(says))

    return find


def _unsure_language(tables: Tables) -> pl.DataFrame:
    is_unsure = (pl.col("language_confidence") < UNSURE) & (pl.col("n_words") >= SURE_WORDS)
    said = pl.format("perhaps {}", "language")
    return tables.records.filter(is_unsure).with_columns(says=said)


LOOKS = (
    Look("unreadable", "a file that is in no page here", _unreadable),
    Look("invalid", "a row that breaks its schema", _invalid),
    Look("unknown page", "no grammar knows the page: it is one record as a whole", _unknown_pages),
    Look("unclaimed", "words that no rule knew", _unclaimed),
    Look(
        "broken promise",
        FLAGS["promise_broken"],
        _broken_promises,
    ),
    Look(
        "unsure parts",
        "no grammar was written for the page, and its parts were told with little confidence",
        _unsure,
    ),
    Look(
        "guessed page",
        "no grammar knows the page, and its parts were guessed: how sure the least sure of them is",
        _guessed_pages,
    ),
    Look("too long", "much longer than its neighbours: a boundary may be missing", _too_long),
    Look("lacks a field", "its neighbours have a field that it has not: a boundary may be false", _lacking),
    Look(
        "future date",
        FLAGS["future_date"],
        _flagged("future_date", "dated after the capture"),
    ),
    Look(
        "mostly chrome",
        "more chrome than own words",
        _flagged("boilerplate_heavy", "more chrome than own words"),
    ),
    Look("unsure language", "the language may be another", _unsure_language),
)
