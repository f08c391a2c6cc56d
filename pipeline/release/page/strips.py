"""Pages as strips: each byte in its place, in the colour of its role, so that grain and husk are seen at a glance."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from pipeline.release.drawings import ROLES
from pipeline.release.model import Release, Source

MOST = 6  # strips: the largest page of each kind
WIDTH = 1000  # of a strip, in its own units; a strip is one high
NEAR = 1  # pieces of one role that lie no further apart are drawn as one


class Strip(NamedTuple):
    """A page, a path for each role in the order of ROLES, and how much of the bytes in its spans are body."""

    source: Source
    paths: dict[str, str]
    share: float


def lay(release: Release) -> list[Strip]:
    """Lay out one page of each kind."""
    by_size = sorted(release.sources, key=lambda source: (-source.bytes, source.path))
    first = {source.page_kind: source for source in reversed(by_size)}
    chosen = [source for source in by_size if first[source.page_kind] is source and source.bytes][:MOST]
    spans = pl.scan_parquet([release.folder / file.path for file in release.table("spans").files], glob=False)
    own = spans.filter(pl.col("document_id").is_in([source.document_id for source in chosen])).collect()
    return [_strip(source, own.filter(document_id=source.document_id)) for source in chosen]


def _strip(source: Source, spans: pl.DataFrame) -> Strip:
    paths = {role: _path(spans.filter(role=role), WIDTH / source.bytes) for role in ROLES}
    size = pl.col("byte_end") - pl.col("byte_start")
    body, whole = spans.select(size.filter(pl.col("role") == "body").sum(), whole=size.sum()).row(0)
    return Strip(source, paths, body / max(whole, 1))


def _path(spans: pl.DataFrame, scale: float) -> str:
    """Draw the spans of a role, joined where they all but touch; one too thin to be seen is a unit wide."""
    start = (pl.col("byte_start") * scale).floor().cast(pl.Int64)
    end = pl.max_horizontal((pl.col("byte_end") * scale).ceil().cast(pl.Int64), start + 1)
    pieces = (
        spans.sort("byte_start")
        .select(start=start, end=end)
        .with_columns(
            run=(pl.col("start") - pl.col("end").cum_max().shift() > NEAR).fill_null(value=True).cum_sum()
        )
        .group_by("run", maintain_order=True)
        .agg(pl.col("start").first(), width=pl.col("end").max() - pl.col("start").first())
    )
    return "".join(f"M{start} 0h{width}v1h-{width}z" for _, start, width in pieces.iter_rows())
