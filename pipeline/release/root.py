"""The folder above the versions: what there is, what changed, and which is the latest.

`index.json` is written last and by a rename, so that it only ever names what stands.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import removals
from pipeline.release import card, differences, manifest, model, versions, withdrawal
from pipeline.release.facts import PublishError
from pipeline.release.page import catalogue as catalogue_page

INDEX = "index.json"
KEPT = 2  # versions that stay on disk
AVAILABLE, ARCHIVED, WITHDRAWN = "available", "archived", "withdrawn"

Catalogue = dict[str, Any]


def read(home: Path, released: str | None = None) -> Catalogue:
    """Return the catalogue, newest version first; a version that stands and is not listed yet is listed.

    Args:
        home: the dataset's folder.
        released: the date for a version that is not listed yet.

    Raises:
        PublishError: the index or a manifest is damaged, a folder is named as no version is, or the
            latest version that it lists is not there.
    """
    listed = {entry["version"]: entry for entry in _listed(home / INDEX)}
    found = {path.parent.name: path.parent for path in home.glob(f"v*/{manifest.NAME}")}
    for name in (*listed, *found):
        if not versions.NAME.match(name):
            where = found.get(name, home / INDEX)
            raise PublishError(
                f"{where}: {name} is no version, v1.2.3 is one: rename it or move it away. "
                "Nothing was published"
            )
    for name, folder in found.items():
        listed.setdefault(name, _entry(folder, released))
    for name in listed:
        listed[name] |= _withdrawn(home / name)
    entries = sorted(listed.values(), key=lambda entry: versions.numbers(entry["version"]), reverse=True)
    latest = next((entry["version"] for entry in entries if entry["status"] == AVAILABLE), None)
    lost = [entry["version"] for entry in entries[:1] if entry["version"] not in found]
    lost += [latest] if latest and latest not in found else []
    if lost:
        raise PublishError(
            f"{home / lost[0]} is listed in {INDEX} and is not there, "
            "but a next version is computed from it: restore it. Nothing was published"
        )
    return {"dataset": home.name, "latest": latest, "versions": entries}


def write(home: Path, catalogue: Catalogue) -> tuple[str, ...]:
    """Write what differs, each file whole or not at all, the index last; then drop what is no longer kept.

    Returns:
        The versions whose files it dropped because newer ones stand.
    """
    standing = [entry["version"] for entry in catalogue["versions"] if entry["status"] == AVAILABLE]
    kept = [version for version in standing if (home / version).is_dir()][:KEPT]
    for entry in catalogue["versions"]:
        if entry["status"] == AVAILABLE and entry["version"] not in kept:
            entry["status"] = ARCHIVED
    if not (home / removals.NAME).exists():
        replace(home / removals.NAME, "")
    for path, text in rebuilt(home, catalogue).items():
        replace(home / path, text)
    dropped = tuple(
        entry["version"]
        for entry in catalogue["versions"]
        if entry["status"] == ARCHIVED and (home / entry["version"]).is_dir()
    )
    for version in dropped:
        _discard(home / version)
    for entry in catalogue["versions"]:
        if entry["status"] == WITHDRAWN and entry["is_deleted"] and (home / entry["version"]).is_dir():
            withdrawal.delete(home / entry["version"], temporary(home, entry["version"]))
    return dropped


def rebuilt(home: Path, catalogue: Catalogue) -> dict[str, str]:
    """Make, by path, every file beside the versions that is made from them and from the catalogue; the index last."""
    latest = home / catalogue["latest"] if catalogue["latest"] else None
    told = card.render(model.read(latest), prefix=f"{latest.name}/") if latest else ""
    return {
        "README.md": told + card.render_withdrawn(catalogue),
        "CHANGELOG.md": card.render_changelog(catalogue),
        "index.html": catalogue_page.render(home, catalogue),
        INDEX: json.dumps(catalogue, indent=1, ensure_ascii=False) + "\n",
    }


@contextmanager
def held(folder: Path, busy: Exception) -> Iterator[None]:
    """Hold a folder against other processes; the hold ends with the process, however it ends.

    Raises:
        busy: another process holds it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise busy from error
        yield
    finally:
        os.close(handle)


def sweep(home: Path) -> None:
    """Take away what crashed runs left half made, but nothing of a run that lives."""
    for left in home.glob(".tmp-*"):
        if not is_in_the_making(left.name):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def is_in_the_making(name: str) -> bool:
    """Tell what another process that lives makes in a dataset's folder."""
    pid = name.rpartition("-")[2]
    return name.startswith(".tmp-") and pid.isdecimal() and int(pid) != os.getpid() and _is_alive(int(pid))


def temporary(home: Path, name: str) -> Path:
    """Return a path in the folder that `sweep` knows to be half made."""
    return home / f".tmp-{name}-{os.getpid()}"


def sync(path: Path) -> None:
    """Have the disk hold a file, or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def date_of_release() -> str | None:
    """Return the date that the environment gives; null without one, since the clock would change bytes.

    Raises:
        PublishError: what it gives is no time.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat() if epoch else None
    except (ValueError, OverflowError, OSError) as error:
        raise PublishError(
            f"SOURCE_DATE_EPOCH is {epoch!r}, and no count of seconds since 1970; nothing was published"
        ) from error


def _listed(index: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = json.loads(index.read_text(encoding="utf-8"))["versions"]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise PublishError(f"{index} is no index ({error}): restore it. Nothing was published") from error
    return entries


def _withdrawn(folder: Path) -> dict[str, Any]:
    """Return what the index says of a version that was withdrawn; nothing of another."""
    mark = withdrawal.read(folder)
    known = mark and {key: mark[key] for key in ("reason", "is_deleted")}
    return known | {"status": WITHDRAWN, "withdrawn": mark["date"]} if mark and known else {}


def _entry(folder: Path, released: str | None) -> dict[str, Any]:
    content = manifest.read(folder)
    return {
        "version": content["version"],
        "status": AVAILABLE,
        "released": released,
        "rows": content["rows"],
        "bytes": sum(entry["bytes"] for entry in content["files"]),
        "data_digest": content["data_digest"],
        "schema_version": content["schema_version"],
        "schema_digest": content["schema_digest"],
        "manifest_path": f"{folder.name}/{manifest.NAME}",
        "changes": differences.read(folder),
    }


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, if it is not so already."""
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return
    draft = temporary(path.parent, path.name)
    draft.write_bytes(data)
    sync(draft)
    draft.rename(path)
    sync(path.parent)


def _discard(folder: Path) -> None:
    """Take a version away at once, not file by file."""
    doomed = temporary(folder.parent, folder.name)
    folder.rename(doomed)
    shutil.rmtree(doomed)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
