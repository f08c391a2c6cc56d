"""Why a record was added, removed or changed, told from both versions alone."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.release import parquet

COPIES = ("exact_copy", "near_copy", "recurring")
# Reasons of `removed` that are, word for word, reasons of a change.
OUT = ("opt_out", "withdrawn", "licence", "invalid")
# Columns that follow from what is said of the page: its licence, and the interval in which it was captured.
FACTS = (
    *("license", "license_evidence", "published", "published_earliest", "published_latest"),
    *("published_precision", "flags"),
)
SAID = ("license", "license_evidence", "captured_earliest", "captured_latest")


def explain(records: pl.DataFrame, old: Path, new: Path) -> pl.DataFrame:
    """Add `reason`, a word of `schemas.CHANGE_REASONS`, and `path` to changes of records.

    Args:
        records: as `changes.between` gives them.
        old: the folder of the version before.
        new: the folder of the newer one.
    """
    shape = set(parquet.columns(old, "records")) ^ set(parquet.columns(new, "records"))
    own = pl.col("changed_columns").list.filter(~pl.element().is_in(sorted(shape)))
    known = (
        records.with_columns(own=own)
        .join(_out(old, "was_out"), on="record_id", how="left", maintain_order="left")
        .join(_out(new, "is_out"), on="record_id", how="left", maintain_order="left")
        .pipe(_with_documents, _documents(old), _documents(new))
    )
    reasons = [pl.when(holds).then(reason) for reason, holds in _conditions()]
    return known.with_columns(reason=pl.coalesce(*reasons, pl.lit("pipeline_rule")))


def _conditions() -> list[tuple[pl.Expr, pl.Expr]]:
    """List reasons and when they hold; the first that does is the one."""
    added, removed, changed = (pl.col("change") == word for word in ("added", "removed", "changed"))
    had, has, own = pl.col("had"), pl.col("has"), pl.col("own")
    is_moved = pl.col("document_id") != pl.col("old_document_id")
    other_bytes = (removed & ~has & pl.col("path_has")) | (added & ~had & pl.col("path_had"))
    other_copies = (removed & pl.col("is_out").is_in(COPIES)) | (added & pl.col("was_out").is_in(COPIES))
    return [
        (pl.col("is_out"), removed & pl.col("is_out").is_in(OUT)),
        (pl.col("was_out"), added & pl.col("was_out").is_in(OUT)),
        (pl.lit("dedup"), other_copies),
        (
            pl.lit("upstream_edit"),
            other_bytes | (changed & is_moved & (pl.col("old_path") == pl.col("path"))),
        ),
        (pl.lit("source_gone"), removed & ~has),
        (pl.lit("new_source"), added & ~had),
        (pl.lit("schema"), changed & (own.list.len() == 0)),
        (pl.lit("licence"), changed & own.list.contains(pl.lit("text")) & pl.col("policy_differs")),
        (pl.lit("dedup"), changed & (is_moved | _within(own, ["captures"]))),
        (pl.lit("source_facts"), changed & pl.col("facts_differ") & _within(own, FACTS)),
    ]


def _within(names: pl.Expr, known: tuple[str, ...] | list[str]) -> pl.Expr:
    return names.list.eval(pl.element().is_in(known)).list.all()


def _out(folder: Path, name: str) -> pl.DataFrame:
    """Say why records were taken out of a version; of one that was found twice, the first reason."""
    removed = parquet.read(folder, "removed", ["record_id", "reason"]).filter(
        pl.col("record_id").is_not_null()
    )
    reasons = removed.select("record_id", pl.col("reason").alias(name))
    return reasons.unique("record_id", keep="first", maintain_order=True)


def _documents(folder: Path) -> pl.DataFrame:
    known = parquet.columns(folder, "documents")
    wanted = ("document_id", "path", "policy", *SAID)
    return parquet.read(folder, "documents", [column for column in wanted if column in known])


def _with_documents(records: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Add the path of the document, which version has it, and whether what is said of it differs."""
    both = _facts(before).join(_facts(now), on="document_id", how="full", coalesce=True, suffix="_now")
    told = both.select(
        "document_id",
        had=pl.col("said").is_not_null(),
        has=pl.col("said_now").is_not_null(),
        facts_differ=pl.col("said") != pl.col("said_now"),
        policy_differs=pl.col("policy") != pl.col("policy_now"),
        path=pl.coalesce("path_now", "path"),
    )
    places = both.select(old_document_id="document_id", old_path="path")
    placed = records.join(told, on="document_id", how="left", maintain_order="left")
    return placed.join(places, on="old_document_id", how="left", maintain_order="left").with_columns(
        path_had=pl.col("path").is_in(before["path"].implode()),
        path_has=pl.col("path").is_in(now["path"].implode()),
    )


def _facts(documents: pl.DataFrame) -> pl.DataFrame:
    """Return what is said of each document, as one text; a release from before there were policies is full."""
    said = [pl.col(column).cast(pl.String).fill_null("") for column in SAID]
    policy = "policy" if "policy" in documents.columns else pl.lit("full").alias("policy")
    return documents.select("document_id", "path", policy, said=pl.concat_str(said, separator="\0"))
