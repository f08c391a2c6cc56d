"""Dagster: the hops of `engine.local` as assets, from seeds to release, with the gates between them.

Nothing is computed here: an asset reads frames, calls a hop, keeps what it gives, and shows it.
"""

# No `from __future__ import annotations` in this file: Dagster reads the annotations.
import base64
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

import pipeline.release as releasing
import schemas
from pipeline import (
    HOME,
    dates,
    dedupe,
    describe,
    elsewhere,
    gates,
    grammar,
    grammars,
    ingest,
    language,
    ledger,
    policy,
    previews,
    removals,
    segment,
    validate,
)
from pipeline.elsewhere import Standing
from pipeline.engine import local
from pipeline.engine.store import Store
from pipeline.release import checks, drawings, manifest, root
from pipeline.removals import Removals, fingerprint, standing

TABLES = {name: dg.AssetKey(["tables", name]) for name in schemas.TABLES}
Kept = dict[str, pl.DataFrame]


# Resources ------------------------------------------------------------------------------------------


class Folders(dg.ConfigurableResource):
    """Where seeds are read and releases written, relative to the repository, and where the work is done.

    Attributes:
        seeds: the folder to read.
        out: the folder of all datasets.
        store: the folder of what was cut before; it may be deleted.
        against: folders of other datasets, or of versions of them, of whose records no copies are to be published.
        spark: a Spark master, such as local[2]; this machine without one.
    """

    seeds: str = os.environ.get("DEHUSK_SEEDS", "seeds")
    out: str = os.environ.get("DEHUSK_OUT", "dist")
    store: str = os.environ.get("DEHUSK_STORE", ".dehusk")
    against: list[str] = os.environ.get("DEHUSK_AGAINST", "").split(os.pathsep)
    spark: str = os.environ.get("DEHUSK_SPARK", "")

    def where(self) -> Path:
        """Return the folder of the seeds."""
        return HOME / self.seeds

    def dist(self) -> Path:
        """Return the folder of all datasets."""
        return HOME / self.out

    def engine(self) -> local.Engine:
        """Return the engine that does the work."""
        if not self.spark:
            return local.ENGINE
        from pipeline.engine import spark  # noqa: PLC0415 - an extra

        return spark.start(self.spark)

    def removals(self) -> Removals:
        """Return what was asked out, and may not be published."""
        return standing(self.dist())

    def kept(self) -> Store:
        """Return what was cut before."""
        return Store(HOME / self.store)

    def others(self) -> list[Standing]:
        """Return the versions of other datasets, of whose records no copies are to be published."""
        return elsewhere.standing(self._others(), self.own(), self.removals(), self.kept())

    def _others(self) -> list[Path]:
        return [HOME / path for path in self.against if path]

    def fingerprint(self) -> str:
        """Return what a release is made from: the seeds, what is said of them and was asked out, other datasets."""
        others = [manifest.read(it)["data_digest"] for it in elsewhere.find(self._others(), self.own())]
        return " ".join([ingest.fingerprint(self.where()), fingerprint(self.removals()), *others])

    def own(self) -> Path:
        """Return the folder of the dataset."""
        return self.dist() / ingest.read_dataset(self.where()).name

    def latest(self) -> Path | None:
        """Return the folder of the latest release; null if there is none."""
        home = self.own()
        version = root.read(home)["latest"]
        return home / version if version else None


class Frames(dg.ConfigurableResource):
    """The frames that pass between assets: Arrow files, where the instance keeps its own."""

    _folder: Path = PrivateAttr()

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Find the instance's folder."""
        instance = context.instance or dg.DagsterInstance.get()
        self._folder = Path(instance.storage_directory()).absolute() / "frames"

    def read(self, asset: str, name: str = "records") -> pl.DataFrame:
        """Return a frame that an asset kept."""
        path = self._folder / asset / f"{name}.arrow"
        if not path.exists():
            raise dg.Failure(f"{asset} keeps no {name} yet: materialize it first", allow_retries=False)
        return pl.read_ipc(path)

    def tables(self) -> schemas.Tables:
        """Return the tables as they are to be published."""
        return schemas.Tables(**{name: self.read("tables", name) for name in TABLES})

    def keep(self, asset: str, kept: Kept) -> dg.DataVersion:
        """Keep the frames of an asset, each file whole or not at all; return the digest of their bytes."""
        folder = self._folder / asset
        folder.mkdir(parents=True, exist_ok=True)
        total = hashlib.sha256()
        for name, frame in kept.items():
            buffer = io.BytesIO()
            frame.rechunk().write_ipc(buffer)
            draft = folder / f"{name}.{os.getpid()}"
            draft.write_bytes(buffer.getbuffer())
            draft.replace(folder / f"{name}.arrow")
            total.update(buffer.getbuffer())
        return dg.DataVersion(total.hexdigest())


Hop = Callable[[Folders, Frames], Kept]


# What the UI shows ----------------------------------------------------------------------------------


def show(frame: pl.DataFrame) -> dg.MetadataValue:
    """Show some rows of a frame."""
    return dg.MetadataValue.md(previews.as_markdown(frame))


def show_rows(asset: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Show how many rows there are, some of them, and how many have each value of the columns of note."""
    counted = {
        f"by {column}": show(previews.count(frame, column)) for column in previews.COUNTED.get(asset, ())
    }
    return {
        "dagster/row_count": frame.height,
        "preview": show(frame.select(previews.SHOWN[asset])),
        **counted,
    }


def show_columns(table: str, frame: pl.DataFrame | None = None) -> dg.TableSchema:
    """Show the columns of a table or, with its words where it has them, of a frame that is to become one."""
    fields = {field.name: field for field in schemas.arrow_schema(table)}
    types = dict(frame.schema) if frame is not None else {name: field.type for name, field in fields.items()}
    return dg.TableSchema(
        [
            dg.TableColumn(name, str(dtype), **_say_of(fields[name], table) if name in fields else {})
            for name, dtype in types.items()
        ]
    )


def _say_of(field: Any, table: str) -> dict[str, Any]:
    constraints = dg.TableColumnConstraints(field.nullable, unique=field.name == schemas.IDS.get(table))
    return {"description": field.metadata[b"description"].decode(), "constraints": constraints}


def show_chart(svg: str) -> dg.MetadataValue:
    """Show a chart as a picture: as such it can neither run nor load anything."""
    return dg.MetadataValue.md(f"![](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})")


def show_kept(asset: str, kept: Kept) -> dict[str, Any]:
    """Show the first of the frames an asset keeps; of the others how many rows, and what was taken out."""
    (name, main), *others = kept.items()
    columns = show_columns("records" if name == "records" else "documents", main)
    facts = show_rows(asset, main) | {"dagster/column_schema": columns}
    facts |= {f"{other} rows": frame.height for other, frame in others}
    for other, frame in others:
        if "reason" in frame.columns and frame.height:
            facts |= {f"{other} by reason": show(previews.count(frame, "reason")), other: show(frame)}
    return facts


# Assets ---------------------------------------------------------------------------------------------


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what stops a run into its one message."""
    try:
        yield
    except (ingest.IngestError, grammar.GrammarError, releasing.PublishError) as error:
        raise dg.Failure(str(error), allow_retries=False) from None


def said(group: str, rooms: Sequence[ModuleType], kinds: Sequence[str] = ("polars",)) -> dict[str, Any]:
    """Say of an asset what all say of themselves; its code version is the digest of its rooms' source."""
    version = hashlib.sha256(b"".join(map(_source, (local, *rooms)))).hexdigest()[:12]
    return {"group_name": group, "owners": ["team:dehusk"], "kinds": set(kinds), "code_version": version}


def _source(room: ModuleType) -> bytes:
    """Read the source of a module or, with the data beside it, of a package."""
    file = Path(str(room.__file__))
    within = file.parent.rglob("*") if file.name == "__init__.py" else [file]
    return b"".join(path.read_bytes() for path in sorted(within) if path.suffix in (".py", ".json", ".j2"))


def hop(group: str, *rooms: ModuleType, after: Sequence[Any] = ()) -> Callable[[Hop], dg.AssetsDefinition]:
    """Make an asset of a function that gives frames by name, the first of which is shown."""

    def make(run: Hop) -> dg.AssetsDefinition:
        name = run.__name__

        def materialize(folders: Folders, frames: Frames) -> dg.MaterializeResult:
            with plainly():
                kept = run(folders, frames)
            return dg.MaterializeResult(metadata=show_kept(name, kept), data_version=frames.keep(name, kept))

        whole = {"name": name, "description": run.__doc__, "deps": list(after), **said(group, rooms)}
        return dg.asset(**whole)(materialize)

    return make


@hop("ingest", ingest)
def seeds(folders: Folders, _: Frames) -> Kept:
    """The files to read: text dumps of web pages, byte for byte, and what `seeds.toml` says of each."""
    return {"files": ingest.survey(folders.where())}


@hop("ingest", ingest, after=[seeds])
def documents(folders: Folders, _: Frames) -> Kept:
    """The seeds as text, with the interval in which each was captured. What cannot be read is told, with a message."""
    read = local.read(folders.where(), folders.removals())
    return {"documents": read.documents, "unreadable": ingest.removed_rows(read.faults)}


@hop("refine", ingest, grammar, grammars, segment, after=[documents])
def found_records(folders: Folders, frames: Frames) -> Kept:
    """Posts, threads, articles and episodes that the grammars find on the pages, and the role of every byte."""
    known, pages = local.cut(frames.read("documents", "documents"), folders.kept(), folders.engine())
    return {**pages._asdict(), "documents": known}


@hop("refine", dates, after=[found_records])
def dated_records(_: Folders, frames: Frames) -> Kept:
    """Records with the interval in which each was published, as narrow as its date words and its capture allow."""
    return {"records": dates.resolve(frames.read("found_records"), frames.read("found_records", "documents"))}


COMPARED = {"name": pl.String, "data_digest": pl.String}
"""Columns of what `original_records` keeps of the versions that it was held against."""


@hop("refine", dedupe, elsewhere, removals, validate, schemas, after=[dated_records])
def original_records(folders: Folders, frames: Frames) -> Kept:
    """Records that obey their schema, without copies and what was asked out; who stays says where copies stood."""
    pages, segments = (frames.read("found_records", name) for name in ("documents", "segments"))
    records, asked_out, others = frames.read("dated_records"), folders.removals(), folders.others()
    kept, dropped = local.drop(records, pages, segments, asked_out, folders.engine(), against=others)
    against = pl.DataFrame([it[:2] for it in others], COMPARED, orient="row")
    return {"records": kept, "dropped": dropped, "against": against}


@hop("refine", language, after=[original_records])
def tagged_records(_: Folders, frames: Frames) -> Kept:
    """Records, and their segments, with the language of their words."""
    tagged = local.tag(frames.read("original_records"), frames.read("found_records", "segments"))
    return dict(zip(("records", "segments"), tagged, strict=True))


MADE_FROM = {
    "records": [tagged_records],
    "segments": [tagged_records],
    "documents": [found_records, tagged_records],
    "spans": [found_records, tagged_records],
    "removed": [documents, original_records],
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            TABLES[name],
            deps=MADE_FROM[name],
            description=model.__doc__,
            metadata={"dagster/column_schema": show_columns(name), "dagster/table_name": name},
            **said("tables", (describe, ledger, policy, validate, schemas), ("polars", "pydantic")),
        )
        for name, model in schemas.TABLES.items()
    ]
)
def tables(frames: Frames) -> Iterator[dg.MaterializeResult]:
    """The five tables as they are published, every row through its model; what fails goes to `removed`."""
    made = local.finish(
        frames.read("found_records", "documents"),
        frames.read("tagged_records"),
        frames.read("tagged_records", "segments"),
        frames.read("found_records", "spans"),
        [frames.read("documents", "unreadable"), frames.read("original_records", "dropped")],
    )
    charts = drawings.draw(made)
    for name, frame in made._asdict().items():
        facts = show_rows(f"tables/{name}", frame)
        facts |= {chart.replace("-", " "): show_chart(svg) for chart, svg in charts.get(name, {}).items()}
        yield dg.MaterializeResult(
            TABLES[name], metadata=facts, data_version=frames.keep("tables", {name: frame})
        )


@dg.asset(deps=list(TABLES.values()), **said("publish", (releasing,), ("parquet", "json", "markdown")))
def release(folders: Folders, frames: Frames) -> dg.MaterializeResult:
    """The next version of the dataset, if anything changed: Parquet, JSONL, card, schemas, checksums, manifest."""
    with plainly():
        compared = frames.read("original_records", "against").iter_rows()
        against = [Standing(name, digest, ()) for name, digest in compared]
        made = local.release(frames.tables(), folders.where(), folders.dist(), against=against)
    content = manifest.read(made.folder)
    files = pl.DataFrame(
        [{key: entry[key] for key in ("path", "bytes", "sha256")} for entry in content["files"]]
    )
    facts = {
        "version": made.version,
        "is new": made.changed,
        "what changed": "; ".join(made.reasons) or f"nothing since {made.version}",
        "folder": str(made.folder.relative_to(folders.dist().parent)),
        "review": str((made.folder / "review" / "index.html").relative_to(folders.dist().parent)),
        "data digest": content["data_digest"],
        "bytes": files["bytes"].sum(),
        **{f"{table} rows": rows for table, rows in made.rows.items()},
        "files": dg.MetadataValue.md(previews.as_markdown(files, n_rows=files.height)),
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
        # A gate that only warns blocks too: it comes before the release, and a warning stops nothing.
        dg.AssetCheckSpec(gate.name, asset=TABLES[gate.table], description=gate.says, blocking=True)
        for gate in gates.GATES
    ],
)
def check_tables(
    context: dg.AssetCheckExecutionContext, folders: Folders, frames: Frames
) -> Iterator[dg.AssetCheckResult]:
    """Hold the tables to the gates before they are published."""
    made, latest = frames.tables(), folders.latest()
    ground = gates.Ground(made, releasing.read(latest) if latest else None, local.score(made))
    for gate in gates.GATES:
        if dg.AssetCheckKey(TABLES[gate.table], gate.name) in context.selected_asset_check_keys:
            yield judge(gate, gate.check(ground))


def judge(gate: gates.Gate, verdict: gates.Verdict) -> dg.AssetCheckResult:
    """Tell Dagster of a verdict."""
    rows = {name: show(frame) for name, frame in verdict.rows.items() if frame.height}
    return dg.AssetCheckResult(
        asset_key=TABLES[gate.table],
        check_name=gate.name,
        passed=verdict.holds,
        severity=dg.AssetCheckSeverity.ERROR if gate.must else dg.AssetCheckSeverity.WARN,
        description=verdict.seen,
        metadata={**verdict.counts, **rows},
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
        seen = ON_FILES[key.name][1](latest) if latest else "there is no release"
        facts = {"version": latest.name} if latest else {}
        yield dg.AssetCheckResult(
            asset_key=key.asset_key, check_name=key.name, passed=not seen, description=seen, metadata=facts
        )


# Job, sensor and all --------------------------------------------------------------------------------

build_release = dg.define_asset_job(
    "build_release", dg.AssetSelection.all(), description="From the seeds to a release, with every check."
)


@dg.sensor(job=build_release, default_status=dg.DefaultSensorStatus.STOPPED, minimum_interval_seconds=30)
def seeds_changed(context: dg.SensorEvaluationContext, folders: Folders) -> dg.SensorResult | dg.SkipReason:
    """Build a release when a seed, what is said of it, or what was asked out or stands elsewhere, has changed."""
    try:
        seen = folders.fingerprint()
    except (ingest.IngestError, releasing.PublishError) as error:
        return dg.SkipReason(str(error))
    if seen == context.cursor:
        return dg.SkipReason("the seeds are as they were")
    # Without a run key: Dagster remembers those for ever, and seeds may come to be as they were before.
    return dg.SensorResult([dg.RunRequest()], cursor=seen)


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
