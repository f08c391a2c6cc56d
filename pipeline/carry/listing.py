"""What stands beside the versions at a target: the index, and what is made from it; withdrawals reach them here.

Each file is written only over the one that was read, the index last; if another run was faster, all is read anew.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pipeline import removals
from pipeline.carry.fetch import patiently
from pipeline.carry.stores import Blob, CarryError, Target
from pipeline.release import manifest, root, withdrawal
from pipeline.verify import contents

TRIES = 20  # against others that write the index
WAIT_S = 0.1  # longer each time


class Home(NamedTuple):
    """The dataset here: its folder and its index."""

    folder: Path
    told: dict[str, Any]


def refuse_strangers(target: Target, own: Home, version: str | None) -> None:
    """Refuse a target that holds what is not known here.

    Raises:
        CarryError: what it holds.
    """
    _merged(own, _index(target, _read(target, root.INDEX)), version, target.address)


def settle(target: Target, own: Home, version: str | None) -> list[str]:
    """Bring what stands beside the versions up to date, and mark what was withdrawn; return what was written.

    Raises:
        CarryError: others write it all the time, or the target holds what is not known here.
    """
    for turn in range(TRIES):
        written = _settled(target, own, version)
        if written is not None:
            return written
        time.sleep(WAIT_S * turn)
    raise CarryError(
        f"{target.address}/{root.INDEX} is written by others all the time; gave up after {TRIES} tries"
    )


def _settled(target: Target, own: Home, version: str | None) -> list[str] | None:
    """Try once; null if another run was faster."""
    # What is read first is oldest: a file that another run wrote after we read the index is not written over.
    before = {
        path: _read(target, path) for path in ("README.md", "CHANGELOG.md", "index.html", removals.NAME)
    }
    before[root.INDEX] = _read(target, root.INDEX)
    merged = _merged(own, _index(target, before[root.INDEX]), version, target.address)
    made = {removals.NAME: _removals(own, before[removals.NAME])} | _rebuilt(target, own, merged)
    written = _withdrawn(target, own, merged)
    for path, text in made.items():
        blob, data = before.get(path), text.encode()
        if blob is not None and blob.data == data:
            continue
        if not patiently(target.replace, path, data, blob and blob.tag):
            return None
        written.append(path)
    return written


def _merged(own: Home, standing: dict[str, Any], version: str | None, address: str) -> dict[str, Any]:
    """Return the index that the target is to have.

    Every version known here is in it: available if it stands there, or is brought; once withdrawn, for ever.

    Raises:
        CarryError: the target holds another dataset or version, or the version was withdrawn there.
    """
    if standing["dataset"] not in (None, own.told["dataset"]):
        raise CarryError(f"{address} holds {standing['dataset']}, and not {own.told['dataset']}")
    there = {entry["version"]: entry for entry in standing["versions"]}
    known = {entry["version"]: entry["data_digest"] for entry in own.told["versions"]}
    for name, entry in there.items():
        if known.get(name) != entry["data_digest"]:
            raise CarryError(
                f"{address} lists {'another ' if name in known else 'a '}{name} that is not known here"
            )
    entries = [_entry(entry, there.get(entry["version"]), version) for entry in own.told["versions"]]
    status = {entry["version"]: entry["status"] for entry in entries}
    if version and status[version] != root.AVAILABLE:
        raise CarryError(f"{version} was withdrawn from {address}")
    latest = next((name for name, each in status.items() if each == root.AVAILABLE), None)
    return own.told | {"latest": latest, "versions": entries}


def _entry(own: dict[str, Any], there: dict[str, Any] | None, version: str | None) -> dict[str, Any]:
    if root.WITHDRAWN in (own["status"], there and there["status"]):
        return own if own["status"] == root.WITHDRAWN else there or own
    stands = own["version"] == version or (there is not None and there["status"] == root.AVAILABLE)
    return own | {"status": root.AVAILABLE if stands else root.ARCHIVED}


def _rebuilt(target: Target, own: Home, merged: dict[str, Any]) -> dict[str, str]:
    """Make the files for that index; of versions that stand there alone, their manifest is enough."""
    with TemporaryDirectory(prefix="dehusk-") as place:
        home = Path(place)
        for entry in merged["versions"]:
            name = entry["version"]
            blob = None if (own.folder / name).is_dir() else _read(target, f"{name}/{manifest.NAME}")
            if blob is not None:
                (home / name).mkdir()
                (home / name / manifest.NAME).write_bytes(blob.data)
            elif (own.folder / name).is_dir():
                (home / name).symlink_to((own.folder / name).resolve(), target_is_directory=True)
        return root.rebuilt(home, merged)


def _removals(own: Home, there: Blob | None) -> str:
    """Return the tombstones of both: none is ever lost."""
    path = own.folder / removals.NAME
    here = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [
        *here.splitlines(keepends=True),
        *(there.data.decode() if there else "").splitlines(keepends=True),
    ]
    return "".join(dict.fromkeys(lines))


def _withdrawn(target: Target, own: Home, merged: dict[str, Any]) -> list[str]:
    """Mark the versions there that were withdrawn here, and take their files away if that was done here."""
    written = []
    for entry in merged["versions"]:
        name, mark = entry["version"], own.folder / entry["version"] / manifest.WITHDRAWN
        if not mark.is_file() or _read(target, f"{name}/{manifest.NAME}") is None:
            continue
        there = _read(target, f"{name}/{manifest.WITHDRAWN}")
        if there is None or there.data != mark.read_bytes():
            patiently(target.replace, f"{name}/{manifest.WITHDRAWN}", mark.read_bytes(), there and there.tag)
            written.append(f"{name}/{manifest.WITHDRAWN}")
        for file in (target.names(name) or ()) if entry.get("is_deleted") else ():
            if file.partition("/")[0] not in withdrawal.STAY:
                target.remove(f"{name}/{file}")
    return written


def _index(target: Target, blob: Blob | None) -> dict[str, Any]:
    try:
        return contents.index(blob.data) if blob else {"dataset": None, "versions": []}
    except contents.ContentsError as error:
        raise CarryError(f"{target.address}/{root.INDEX}: {error}; do: restore it") from error


def _read(target: Target, path: str) -> Blob | None:
    return patiently(target.get, path)
