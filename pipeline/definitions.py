"""Dagster: the hops of `engine.local` as assets, from seeds to release, with the gates between them.

Nothing is computed here: an asset reads frames, calls a hop, keeps what it gives and describes it.
"""

# No `from __future__ import annotations` in this file: Dagster reads the annotations.
import base64
import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

import schemas
from pipeline import (
    HOME,
    dates,
    dedupe,
    describe,
    gates,
    grammar,
    grammars,
    ingest,
    language,
    ledger,
    plots,
    previews,
    segment,
    validate,
)
from pipeline import (
    release as releasing,
)
from pipeline.engine import local
from pipeline.release import checks, manifest, root, stats

TABLES = {name: dg.AssetKey(["tables", name]) for name in schemas.TABLES}


# Resources ------------------------------------------------------------------------------------------


class Folders(dg.ConfigurableResource):
    """Where seeds are read and releases written, relative to the repository."""

    seeds: str = os.environ.get("DEHUSK_SEEDS", "seeds")
    out: str = os.environ.get("DEHUSK_OUT", "dist")

    def where(self) -> Path:
        """Return the folder of the seeds."""
        return HOME / self.seeds

    def dist(self) -> Path:
        """Return the folder of all datasets."""
        return HOME / self.out

    def latest(self) -> Path | None:
        """Return the folder of the latest release; null if there is none."""
        home = self.dist() / ingest.read_dataset(self.where()).name
        version = root.read(home)["latest"]
        return home / version if version else None


class Frames(dg.ConfigurableResource):
    """The frames that pass between assets: Arrow files, where the instance keeps its own."""

    _folder: Path = PrivateAttr()

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Find the instance's folder."""
        instance = context.instance or dg.DagsterInstance.get()
        self._folder = Path(instance.storage_directory()).absolute() / "frames"

    def read(self, asset: str, name: str) -> pl.DataFrame:
        """Return a frame that an asset kept."""
        return pl.read_ipc(self._folder / asset / f"{name}.arrow")

    def tables(self) -> schemas.Tables:
        """Return the tables as they are to be published."""
        return schemas.Tables(**{name: self.read("tables", name) for name in TABLES})

    def keep(self, asset: str, **frames: pl.DataFrame) -> dg.DataVersion:
        """Keep the frames of an asset, each file whole or not at all; return the digest of their bytes."""
        folder = self._folder / asset
        folder.mkdir(parents=True, exist_ok=True)
        total = hashlib.sha256()
        for name, frame in frames.items():
            buffer = io.BytesIO()
            frame.rechunk().write_ipc(buffer)
            draft = folder / f"{name}.{os.getpid()}"
            draft.write_bytes(buffer.getbuffer())
            draft.replace(folder / f"{name}.arrow")
            total.update(buffer.getbuffer())
        return dg.DataVersion(total.hexdigest())


# What the UI shows ----------------------------------------------------------------------------------


def show(frame: pl.DataFrame, *columns: str) -> dg.MetadataValue:
    """Show the first rows of a frame."""
    return dg.MetadataValue.md(previews.as_markdown(frame.select(columns or frame.columns)))


def show_chart(svg: str) -> dg.MetadataValue:
    """Show a chart as a picture: as such it can neither run nor load anything."""
    return dg.MetadataValue.md(f"![](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})")


def describe_frame(frame: pl.DataFrame, *columns: str) -> dict[str, Any]:
    """Describe a frame: how many rows, what its columns are, and how the first rows look."""
    said = {field.name: field for name in reversed(TABLES) for field in schemas.arrow_schema(name)}
    described = [
        dg.TableColumn(name, str(dtype), _meaning(said[name]) if name in said else None)
        for name, dtype in frame.schema.items()
    ]
    return {
        "dagster/row_count": frame.height,
        "dagster/column_schema": dg.TableSchema(described),
        "preview": show(frame, *columns),
    }


def describe_columns(name: str) -> dg.TableSchema:
    """Describe the columns of a published table, from its model."""
    return dg.TableSchema(
        [
            dg.TableColumn(
                field.name,
                str(field.type),
                _meaning(field),
                dg.TableColumnConstraints(field.nullable, unique=field.name == schemas.IDS.get(name)),
            )
            for field in schemas.arrow_schema(name)
        ]
    )


def _meaning(field: Any) -> str:
    return field.metadata[b"description"].decode()


def count(frame: pl.DataFrame, *columns: str) -> dg.MetadataValue:
    """Show how many rows have each value."""
    return show(
        frame.group_by(columns)
        .agg(rows=pl.len())
        .sort("rows", *columns, descending=[True, *[False] * len(columns)])
    )


# Assets ---------------------------------------------------------------------------------------------


def digest(*rooms: ModuleType) -> str:
    """Digest the source of rooms: the code version of what they make."""
    files = [Path(str(room.__file__)) for room in rooms]
    sources = [source for file in files for source in _sources(file)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _sources(file: Path) -> list[Path]:
    return (
        sorted(path for path in file.parent.rglob("*") if path.suffix in (".py", ".json", ".j2"))
        if file.name == "__init__.py"
        else [file]
    )


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what stops a run into its one message."""
    try:
        yield
    except (ingest.IngestError, grammar.GrammarError, releasing.PublishError) as error:
        raise dg.Failure(str(error), allow_retries=False) from None


def hop(group: str, *rooms: ModuleType, kinds: tuple[str, ...] = ("polars",)) -> dict[str, Any]:
    """Say of an asset what all say of themselves."""
    return {
        "group_name": group,
        "owners": ["team:dehusk"],
        "kinds": set(kinds),
        "code_version": digest(*rooms),
    }


@dg.asset(**hop("ingest", ingest, kinds=("text",)))
def seeds(folders: Folders, frames: Frames) -> dg.MaterializeResult:
    """The files to read: text dumps of web pages, byte for byte, and what `seeds.toml` says of each."""
    with plainly():
        files = ingest.survey(folders.where())
    version = frames.keep("seeds", files=files)
    facts = {"bytes": files["n_bytes"].sum()} | describe_frame(files, "path", "n_bytes", "site", "license")
    return dg.MaterializeResult(metadata=facts, data_version=version)


@dg.asset(**hop("ingest", ingest), deps=[seeds])
def documents(folders: Folders, frames: Frames) -> dg.MaterializeResult:
    """The seeds as text, with their capture intervals. What cannot be read is removed, with a message."""
    with plainly():
        read = local.read(folders.where())
    faults = ingest.removed_rows(read.faults)
    version = frames.keep("documents", documents=read.documents, faults=faults)
    facts = describe_frame(
        read.documents, "path", "encoding", "n_bytes", "captured_earliest", "captured_latest", "license"
    )
    facts |= {"removed": faults.height, "removed rows": show(faults, "reason", "message")}
    return dg.MaterializeResult(metadata=facts, data_version=version)


@dg.asset(**hop("refine", ingest, grammar, grammars, segment), deps=[documents])
def found_records(frames: Frames) -> dg.MaterializeResult:
    """What the grammars find on the pages: posts, threads, articles, episodes; their segments; every byte's role."""
    known, pages = local.cut(frames.read("documents", "documents"))
    version = frames.keep("found_records", documents=known, **pages._asdict())
    facts = describe_frame(pages.records, "page_kind", "kind", "author", "published_raw", "title", "text")
    facts |= {"segments": pages.segments.height, "spans": pages.spans.height}
    facts |= {
        "records by kind": count(pages.records, "page_kind", "kind"),
        "segments by kind": count(pages.segments, "kind"),
    }
    return dg.MaterializeResult(metadata=facts, data_version=version)


@dg.asset(**hop("refine", dates), deps=[found_records])
def dated_records(frames: Frames) -> dg.MaterializeResult:
    """Records with the interval in which each was published, as narrow as its date words and its capture allow."""
    records = dates.resolve(
        frames.read("found_records", "records"), frames.read("found_records", "documents")
    )
    version = frames.keep("dated_records", records=records)
    facts = describe_frame(
        records, "published_raw", "published", "published_earliest", "published_latest", "published_precision"
    )
    facts |= {"records by precision": count(records, "published_precision")}
    return dg.MaterializeResult(metadata=facts, data_version=version)


@dg.asset(**hop("refine", dedupe), deps=[dated_records])
def original_records(frames: Frames) -> dg.MaterializeResult:
    """Records without exact and near copies; the one that stays says where the others were found."""
    records, copies = dedupe.drop_copies(
        frames.read("dated_records", "records"), frames.read("found_records", "documents")
    )
    version = frames.keep("original_records", records=records, copies=copies)
    facts = describe_frame(records, "kind", "author", "title", "captures", "text")
    facts |= {
        "removed": copies.height,
        "removed by reason": count(copies, "reason"),
        "removed rows": show(copies, "reason", "kind", "author", "title", "similarity"),
    }
    return dg.MaterializeResult(metadata=facts, data_version=version)


@dg.asset(**hop("refine", language), deps=[original_records])
def tagged_records(frames: Frames) -> dg.MaterializeResult:
    """Records and segments with the language of their words."""
    records, segments = local.tag(
        frames.read("original_records", "records"), frames.read("found_records", "segments")
    )
    version = frames.keep("tagged_records", records=records, segments=segments)
    facts = describe_frame(records, "language", "language_confidence", "kind", "author", "text")
    facts |= {
        "records by language": count(records, "language"),
        "segments by language": count(segments, "language"),
    }
    return dg.MaterializeResult(metadata=facts, data_version=version)


# Which hops a table takes its rows from, and what of it is shown.
FED = {
    "records": [tagged_records],
    "segments": [tagged_records],
    "documents": [documents, tagged_records],
    "spans": [found_records, tagged_records],
    "removed": [documents, original_records],
}
SHOWN = {
    "records": ("page_kind", "kind", "author", "published", "title", "n_words", "language", "flags", "text"),
    "segments": ("kind", "position", "speaker", "start_s", "title", "language", "text"),
    "documents": (
        "path",
        "page_kind",
        "n_bytes",
        "n_records",
        "n_segments",
        "body_bytes",
        "chrome_bytes",
        "unclaimed_bytes",
        "language",
    ),
    "spans": ("byte_start", "byte_end", "role", "kind", "rule"),
    "removed": ("reason", "kind", "author", "title", "similarity", "message"),
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            TABLES[name],
            deps=FED[name],
            description=model.__doc__,
            metadata={"dagster/column_schema": describe_columns(name), "dagster/table_name": name},
            **hop("tables", describe, ledger, validate, schemas, kinds=("polars", "pydantic")),
        )
        for name, model in schemas.TABLES.items()
    ]
)
def tables(frames: Frames) -> Iterator[dg.MaterializeResult]:
    """The five tables as they are published, every row through its model; what fails goes to `removed`."""
    made = local.finish(
        frames.read("found_records", "documents"),
        frames.read("tagged_records", "records"),
        frames.read("tagged_records", "segments"),
        frames.read("found_records", "spans"),
        [frames.read("documents", "faults"), frames.read("original_records", "copies")],
    )
    pictures = draw(made)
    for name, frame in made._asdict().items():
        version = frames.keep("tables", **{name: frame})
        facts = {"dagster/row_count": frame.height, "preview": show(frame, *SHOWN[name])} | pictures[name]
        yield dg.MaterializeResult(TABLES[name], metadata=facts, data_version=version)


def draw(made: schemas.Tables) -> Mapping[str, dict[str, dg.MetadataValue]]:
    """Draw what is to be seen of each table."""
    periods = pl.DataFrame(stats.measure(made)["records"]["period"])
    return {
        "records": {
            "by page kind": show_chart(plots.records_by_source(made.records)),
            "over time": show_chart(plots.records_by_period(periods)),
            "by length": show_chart(plots.records_by_length(made.records)),
            "flags": count(made.records.explode("flags").drop_nulls("flags"), "flags"),
        },
        "segments": {
            "by kind": count(made.segments, "kind"),
            "by language": count(made.segments, "language"),
        },
        "documents": {"by page kind": count(made.documents, "page_kind")},
        "spans": {
            "by role": show_chart(plots.bytes_by_role(made.spans, made.documents)),
            "by kind": count(made.spans, "role", "kind"),
        },
        "removed": {"by reason": count(made.removed, "reason")},
    }


@dg.asset(**hop("publish", releasing, kinds=("parquet", "json", "markdown")), deps=list(TABLES.values()))
def release(folders: Folders, frames: Frames) -> dg.MaterializeResult:
    """The next version of the dataset, if anything changed: Parquet, JSONL, card, schemas, checksums, manifest."""
    with plainly():
        made = local.release(frames.tables(), folders.where(), folders.dist())
    content = manifest.read(made.folder)
    files = pl.DataFrame(content["files"]).select("path", "bytes", pl.col("^rows$"), "sha256")
    facts = {
        "version": made.version,
        "is new": made.changed,
        "what changed": "; ".join(made.reasons) or f"nothing since {made.version}",
        "folder": str(made.folder.relative_to(folders.dist().parent)),
        "data digest": content["data_digest"],
        "rows": show(pl.DataFrame({"table": made.rows.keys(), "rows": made.rows.values()})),
        "files": dg.MetadataValue.md(previews.as_markdown(files, rows=files.height)),
        "bytes": files["bytes"].sum(),
    }
    return dg.MaterializeResult(metadata=facts, data_version=dg.DataVersion(content["data_digest"]))


# Checks ---------------------------------------------------------------------------------------------

ON_FILES = {
    "parquet_equals_jsonl": (
        "JSONL and Parquet hold the same rows in the same order.",
        checks.jsonl_equals_parquet,
    ),
    "shards_alike": ("Every file of a table has the schema of the table.", checks.shards_alike),
    "files_as_listed": ("The files are those of the manifest, byte for byte.", manifest.differs),
}


@dg.multi_asset_check(
    name="gates",
    can_subset=True,
    specs=[
        # A gate that only warns blocks too: it must be done before the release, and a warning stops nothing.
        dg.AssetCheckSpec(gate.name, asset=TABLES[gate.table], description=gate.says, blocking=True)
        for gate in gates.GATES
    ],
)
def check_tables(
    context: dg.AssetCheckExecutionContext, folders: Folders, frames: Frames
) -> Iterator[dg.AssetCheckResult]:
    """Hold the tables to the gates before they are published."""
    made = frames.tables()
    latest = folders.latest()
    ground = gates.Ground(made, releasing.read(latest) if latest else None, local.score(made))
    for gate in gates.GATES:
        if dg.AssetCheckKey(TABLES[gate.table], gate.name) in context.selected_asset_check_keys:
            yield judge(gate, gate.check(ground))


def judge(gate: gates.Gate, verdict: gates.Verdict) -> dg.AssetCheckResult:
    """Tell Dagster of a verdict."""
    facts = {
        name: show(fact) if isinstance(fact, pl.DataFrame) else fact for name, fact in verdict.facts.items()
    }
    return dg.AssetCheckResult(
        asset_key=TABLES[gate.table],
        check_name=gate.name,
        passed=verdict.holds,
        severity=dg.AssetCheckSeverity.ERROR if gate.must else dg.AssetCheckSeverity.WARN,
        description=verdict.seen,
        metadata=facts,
    )


@dg.multi_asset_check(
    name="files",
    can_subset=True,
    specs=[
        dg.AssetCheckSpec(name, asset=release, description=says, blocking=True)
        for name, (says, _) in ON_FILES.items()
    ],
)
def check_files(context: dg.AssetCheckExecutionContext, folders: Folders) -> Iterator[dg.AssetCheckResult]:
    """Hold the files of the latest release to what they promise."""
    latest = folders.latest()
    for key in context.selected_asset_check_keys:
        _, check = ON_FILES[key.name]
        seen = check(latest) if latest else "there is no release"
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=seen is None,
            description=seen or f"so it is in {latest.name}",
        )


# Job and sensor -------------------------------------------------------------------------------------

build_release = dg.define_asset_job(
    "build_release", dg.AssetSelection.all(), description="From the seeds to a release."
)


@dg.sensor(job=build_release, default_status=dg.DefaultSensorStatus.STOPPED, minimum_interval_seconds=30)
def seeds_changed(context: dg.SensorEvaluationContext, folders: Folders) -> dg.SensorResult | dg.SkipReason:
    """Build a release when a seed, or what is said of it, has changed."""
    try:
        files = ingest.survey(folders.where())
    except ingest.IngestError as error:
        return dg.SkipReason(str(error))
    fingerprint = hashlib.sha256(files.write_json().encode()).hexdigest()
    if fingerprint == context.cursor:
        return dg.SkipReason("the seeds are as they were")
    # Without a run key: Dagster remembers those for ever, and seeds may come to be as they were before.
    return dg.SensorResult([dg.RunRequest()], cursor=fingerprint)


def build_defs(resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Return all definitions; a resource given goes before the project's own."""
    return dg.Definitions(
        assets=[
            seeds,
            documents,
            found_records,
            dated_records,
            original_records,
            tagged_records,
            tables,
            release,
        ],
        asset_checks=[check_tables, check_files],
        jobs=[build_release],
        sensors=[seeds_changed],
        resources={"folders": Folders(), "frames": Frames()} | dict(resource_overrides or {}),
        # A step in a process of its own costs 4 s, most of it imports; the work inside is parallel as it is.
        executor=dg.in_process_executor,
    )


defs = build_defs()
