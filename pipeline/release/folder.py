"""The folder of one version: whole, self-contained, and the same bytes for the same rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import polars as pl

import schemas
from pipeline import spill
from pipeline.release import (
    card,
    checks,
    citation,
    croissant,
    datapackage,
    digest,
    drawings,
    jsonl,
    manifest,
    model,
    parquet,
    provenance,
    review,
    signing,
    stats,
)
from pipeline.release.arrange import arrange
from pipeline.release.checks import Finding
from pipeline.release.facts import Dataset, Head, PublishError
from pipeline.release.model import Release
from pipeline.release.page import version as version_page
from pipeline.release.versions import FIRST
from schemas import Tables

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Scores = pl.DataFrame | Sequence[Mapping[str, Any]] | Mapping[str, Any]
POOLED = "all"  # the rows of `evaluate.score` that sum over all documents
SCORE_DIGITS = 4
READ_BYTES = 1 << 20  # of a file that is read back, at a time
_RENDERERS: tuple[Callable[[Release], str | None], ...] = (
    card.render,
    croissant.render,
    datapackage.render,
    citation.render,
    citation.render_datacite,
    version_page.render,
)
MADE = dict(zip(manifest.NAMING, _RENDERERS, strict=True))


def build(  # noqa: PLR0913 - what may be said of a release is named
    tables: Tables,
    folder: Path,
    dataset: str | Dataset = Dataset(),  # noqa: B008 - frozen
    *,
    version: str = FIRST,
    inputs: Mapping[str, Any] | None = None,
    scores: Scores | None = None,
) -> Path:
    """Make the folder of a version, without publishing it.

    Args:
        tables: the five tables, in any order of rows; further columns are left out.
        folder: where to; it must not exist, but its parent must.
        dataset: its name, or all that is said of it.
        version: the version it is to be.
        inputs: digests of what the rows were made from; they stand in the manifest alone.
        scores: as `evaluate.score` gives them.

    Raises:
        PublishError: the rows break what a release promises.
        OSError: the folder cannot be written.
    """
    facts = dataset if isinstance(dataset, Dataset) else Dataset(name=dataset)
    fill(tables, folder, facts, scores)
    dress(folder, Head(facts, version, None, None, version, dict(inputs or {})))
    return folder


def read(folder: Path) -> Tables:
    """Return the tables of a version; columns that came with a later schema are there, and null."""
    return completed(Tables(*(parquet.read(Path(folder), name) for name in Tables._fields)))


def read_brief(folder: Path) -> Tables:
    """Return the tables of a version as it counts them itself, long texts as digests but for the first; on disk."""
    found = (parquet.batches(folder, name) for name in Tables._fields)
    return Tables(*(parquet.brief(parts, stats.EXAMPLES) for parts in found))


def completed(tables: Tables) -> Tables:
    """Add the columns that came with a later schema version, as readers of both see them: null."""
    return Tables(*(_completed(name, frame) for name, frame in tables._asdict().items()))


def _completed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    later = {
        column: kind for column, kind in schemas.polars_schema(name).items() if column not in frame.columns
    }
    return frame.with_columns(pl.lit(None, kind).alias(column) for column, kind in later.items())


def fill(tables: Tables, folder: Path, dataset: Dataset, scores: Scores | None) -> None:
    """Write all that does not depend on the version: tables, schemas, statistics, quality, review pages."""
    kept = _refuse(checks.of_pages(tables))
    folder.mkdir()
    (folder / "jsonl").mkdir()
    arranged = arrange(tables)
    # Compressing lets go of the interpreter: a table a core.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        written = threads.map(
            lambda name: digest.of_table(_write_table(getattr(arranged, name), name, folder, dataset)),
            schemas.TABLES,
        )
        digests = dict(zip(schemas.TABLES, written, strict=True))
    for name in schemas.TABLES:
        manifest.write_json(folder / "schema" / f"{name}.schema.json", schemas.json_schema(name))
    published, findings = checks.of_files(folder, arranged)
    kept += _refuse(findings)
    _write_charts(published, folder / "plots")
    counted = stats.measure(published) | {"digests": {"data": digest.of_tables(digests), "tables": digests}}
    manifest.write_json(folder / "stats.json", counted)
    review.write(tables, folder / "review", dataset.spoken)
    held = [{"check": finding.check, "promises": finding.promises} for finding in kept]
    manifest.write_json(folder / "quality.json", {"checks": held, "scores": _plain(scores)})


def dress(folder: Path, head: Head, key: Ed25519PrivateKey | None = None) -> None:
    """Write all that names the version: what is made from the rest, sums, provenance, and the manifest last.

    With a key the provenance is signed.
    """
    release = model.read(folder, head)
    for path, text in _made(release).items():
        (folder / path).write_text(text, encoding="utf-8")
    manifest.write_sums(folder, {file.path: file.sha256 for file in release.files})
    statement = provenance.render(folder, head)
    (folder / provenance.NAME).write_text(statement, encoding="utf-8")
    if key is not None:
        (folder / signing.NAME).write_text(signing.envelope(statement.encode(), key), encoding="utf-8")
    manifest.write(folder, head)


def rebuilt(folder: Path, head: Head | None = None) -> dict[str, str]:
    """Make again, by path, every file of a version that is made from its other files alone, if it has one.

    Args:
        folder: of the version.
        head: its place among the versions; by default as its manifest says.
    """
    return _made(model.read(folder, head))


def _made(release: Release) -> dict[str, str]:
    made = {path: make(release) for path, make in MADE.items()}
    return {path: text for path, text in made.items() if text is not None}


def _refuse(findings: list[Finding]) -> list[Finding]:
    """Return the findings if all promises hold."""
    for finding in findings:
        if finding.seen:
            raise PublishError(
                f"{finding.seen}: nothing was published, since a release promises: {finding.promises}"
            )
    return findings


def _write_table(frame: pl.DataFrame, name: str, folder: Path, dataset: Dataset) -> Iterator[bytes]:
    """Write a table as Parquet and as JSONL, which is read back, and yield the digests of its rows."""
    (folder / name).mkdir()
    facts = {"dataset": dataset.name, "table": name}
    for shard, groups in enumerate(parquet.cut(frame, name)):
        parquet.write(frame, name, folder / name / f"part-{shard:05d}.parquet", groups, facts)
        path = jsonl.path_of(folder, name, shard)
        with TemporaryFile(prefix="dehusk-") as lines:
            for start, stop in groups:
                some = jsonl.render(frame.slice(start, stop - start))
                yield b"".join(digest.of_rows(some))
                lines.write(some)
            seen = spill.see(lines)
        jsonl.write(seen, path)
        if not jsonl.holds(path, (seen[at : at + READ_BYTES] for at in range(0, len(seen), READ_BYTES))):
            raise PublishError(f"{path} does not hold what was written to it: nothing was published")
        spill.give_back()


def _write_charts(tables: Tables, folder: Path) -> None:
    folder.mkdir()
    for charts in drawings.draw(tables).values():
        for name, svg in charts.items():
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")


def _plain(scores: Scores | None) -> list[dict[str, Any]] | None:
    """Return scores as rows of `measure`, `value` and what else is known; only sums over all documents."""
    if scores is None:
        return None
    if isinstance(scores, Mapping):
        scores = [
            {"measure": name, **(row if isinstance(row, Mapping) else {"value": row})}
            for name, row in scores.items()
        ]
    rows = scores.to_dicts() if isinstance(scores, pl.DataFrame) else scores
    return [
        {
            key: round(value, SCORE_DIGITS) if isinstance(value, float) else value
            for key, value in row.items()
            if key != "path"
        }
        for row in rows
        if row.get("path", POOLED) == POOLED
    ]
