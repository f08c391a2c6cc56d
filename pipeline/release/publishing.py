"""A version becomes visible by one rename, after all its checks have passed."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import json

import schemas
from pipeline.release import manifest, root, versions
from pipeline.release.facts import Dataset, Head, Published, PublishError
from pipeline.release.folder import Scores, dress, fill, read
from pipeline.release.versions import FIRST, Change
from schemas import Tables


def publish(
    tables: Tables,
    dist: Path,
    dataset: str | Dataset = Dataset(),  # noqa: B008 - frozen
    *,
    inputs: Mapping[str, Any] | None = None,
    scores: Scores | None = None,
    released: str | None = None,
) -> Published:
    """Publish the tables as the next version, if anything changed.

    What the version would be if nothing had changed is built first: if its checksums are those of the latest
    version, nothing is written. Otherwise the differences give the number of the next.

    Args:
        tables: the five tables; documents with `text` have their ledger checked against it.
        dist: the folder of all datasets; made if only it is missing.
        dataset: its name, or all that is said of it.
        inputs: digests of what the rows were made from: the lock file, seeds.toml. They stand in the manifest,
            and alone they make no new version.
        scores: as `evaluate.score` gives them.
        released: date for the index, ISO 8601. Default: of SOURCE_DATE_EPOCH; null without one, since a clock
            would break the promise of the same bytes.

    Raises:
        PublishError: nothing was published, and why; or it was, and the index could not be written.
    """
    facts = dataset if isinstance(dataset, Dataset) else Dataset(name=dataset)
    home = Path(dist) / facts.name
    with _plainly(home, "nothing was published"):
        home.parent.mkdir(exist_ok=True)
        home.mkdir(exist_ok=True)
        with _alone(home):
            root.sweep(home)
            return _publish(tables, home, facts, dict(inputs or {}), scores, released or root.date_of_release())


def _publish(
    tables: Tables, home: Path, facts: Dataset, inputs: dict[str, Any], scores: Scores | None, released: str | None
) -> Published:
    latest = root.read(home, released)["latest"]
    draft = root.temporary(home, "next")
    try:
        fill(tables, draft, facts, scores)
        head = _head(home, latest, facts, inputs)
        if latest:
            shutil.copytree(home / latest / "diff", draft / "diff") if (home / latest / "diff").is_dir() else None
        dress(draft, head)
        if latest and _sums(draft) == _sums(home / latest):
            with _plainly(home, f"{latest} stands unchanged"):
                root.write(home, root.read(home, released))
            return _outcome(home / latest, changed=False)
        if latest:
            head = _raise_version(home / latest, draft, head)
        _reveal(draft, home / head.version)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    with _plainly(home, f"{head.version} stands, and the next run lists it"):
        root.write(home, root.read(home, released))
    return _outcome(home / head.version, changed=True)


def _head(home: Path, latest: str | None, facts: Dataset, inputs: dict[str, Any]) -> Head:
    """Return the head that the version has if nothing changed."""
    if latest is None:
        return Head(facts, FIRST, None, None, FIRST, inputs)
    return manifest.head(manifest.read(home / latest))._replace(dataset=facts, inputs=inputs)


def _raise_version(old: Path, draft: Path, head: Head) -> Head:
    """Compute the next version from the differences, write them down, and dress the draft as that version."""
    broken = versions.schema_changes(_schemas(old), _schemas(draft))
    moved = versions.row_changes(read(old), read(draft))
    rows = [
        Change("minor", f"{name}: {counts['added']:,} added, {counts['removed']:,} removed, {counts['changed']:,} changed")
        for name, counts in moved.items()
        if counts["added"] + counts["removed"] + counts["changed"]
    ]
    bytes_alone = [Change("patch", f"other bytes: {', '.join(_changed_files(old, draft))}")]
    changes = broken + rows or bytes_alone
    bump = versions.weightiest(changes)
    version = versions.after(old.name, bump)
    next_head = head._replace(
        version=version,
        previous=old.name,
        bump=bump,
        schema_version=version if broken else head.schema_version,
    )
    shutil.rmtree(draft / "diff", ignore_errors=True)
    summary = {"previous": old.name, "version": version, "bump": bump, "reasons": [what for _, what in changes], "rows": moved}
    manifest.write_json(draft / "diff" / f"from-{old.name}" / "summary.json", summary)
    dress(draft, next_head)
    return next_head


def _reveal(draft: Path, folder: Path) -> None:
    """Make the draft the version: all of it is on the disk before its name is."""
    wrong = manifest.differs(draft)
    if wrong:
        raise PublishError(f"{wrong}: nothing was published")
    for path in sorted(draft.rglob("*"), reverse=True):
        root.sync(path)
    root.sync(draft)
    draft.rename(folder)
    root.sync(folder.parent)


def _outcome(folder: Path, *, changed: bool) -> Published:
    content = manifest.read(folder)
    entry = next(folder.glob("diff/from-*/summary.json"), None)
    reasons = tuple(json.loads(entry.read_text("utf-8"))["reasons"]) if entry else ("the first version",)
    return Published(
        folder.name, folder, changed, content["previous"], content["bump"], content["rows"], reasons if changed else ()
    )


def _sums(folder: Path) -> str:
    return (folder / manifest.SUMS).read_text(encoding="utf-8")


def _changed_files(old: Path, new: Path) -> list[str]:
    lines = set(_sums(old).splitlines()) ^ set(_sums(new).splitlines())
    return sorted({line.split("  ", 1)[1] for line in lines})


def _schemas(folder: Path) -> dict[str, Any]:
    paths = sorted((folder / "schema").glob("*.schema.json"))
    return {path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8")) for path in paths}


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the folder against other publishers; the hold ends with the process, however it ends."""
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise PublishError(f"{home}: another process is publishing here; nothing was published") from error
    finally:
        os.close(handle)


@contextmanager
def _plainly(home: Path, state: str) -> Iterator[None]:
    """Turn what the system says into one sentence: where, what, and how things stand."""
    try:
        yield
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise PublishError(f"{error.filename or home}: {what}; {state}") from error
