"""What stands beside the versions at a target: the index, and what is made from it; withdrawals reach them here.

Each file is written only over the one that was read, the index last; if another run was faster, all is read anew.
What was withdrawn or asked out comes first, before anything that can be refused.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pipeline import removals
from pipeline.carry.fetch import all_of, patiently
from pipeline.carry.protocol import Blob, CarryError, Target
from pipeline.release import manifest, root, withdrawal
from pipeline.verify import contents

TRIES = 20  # against others that write the index
WAIT_S = 0.1  # longer each time


class OvertakenError(Exception):
    """Another run wrote the file named before us."""


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


def take_back(target: Target, own: Home) -> list[str]:
    """Carry what was withdrawn or asked out here to a target that does not list it yet; return what was written.

    Raises:
        CarryError: others write there all the time, or the target holds what is not known here.
    """
    tombstones, listed = _read(target, removals.NAME), _read(target, root.INDEX)
    if listed is None:
        return []
    standing = _index(target, listed)
    is_known = _gone(_merged(own, standing, None, target.address)) == _gone(standing)
    if is_known and tombstones and tombstones.data == _removals(own, tombstones).encode():
        return []
    with target.alone():
        return settle(target, own, None)


def _gone(index: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in index["versions"] if entry["status"] == root.WITHDRAWN]


def settle(target: Target, own: Home, version: str | None) -> list[str]:
    """Bring what stands beside the versions up to date, and mark what was withdrawn; return what was written.

    Raises:
        CarryError: others write it all the time, or the target holds what is not known here.
    """
    for turn in range(TRIES):
        try:
            return _settled(target, own, version)
        except OvertakenError:
            time.sleep(WAIT_S * turn)
    raise CarryError(
        f"{target.address}/{root.INDEX} is written by others all the time; gave up after {TRIES} tries"
    )


def _settled(target: Target, own: Home, version: str | None) -> list[str]:
    """Try once.

    Raises:
        OvertakenError: another run was faster.
    """
    # What is read first is oldest: a file that another run wrote after we read the index is not written over.
    before = {
        path: _read(target, path) for path in ("README.md", "CHANGELOG.md", "index.html", removals.NAME)
    }
    before[root.INDEX] = _read(target, root.INDEX)
    merged = _merged(own, _index(target, before[root.INDEX]), version, target.address)
    written = [path for entry in _gone(merged) for path in _withdrawn(target, entry)]
    tombstones = before[removals.NAME]
    written += _put(target, removals.NAME, tombstones, _removals(own, tombstones))
    for path, text in _rebuilt(target, own, merged).items():
        written += _put(target, path, before.get(path), text)
    return written


def _put(target: Target, path: str, before: Blob | None, text: str) -> list[str]:
    """Write a file over the one that was read, if it is not so already; return its path if it was written."""
    data = text.encode()
    if before is not None and before.data == data:
        return []
    if not patiently(target.replace, path, data, before and before.tag):
        raise OvertakenError(path)
    return [path]


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
    gone = [entry for entry in (own, there) if entry and entry["status"] == root.WITHDRAWN]
    if gone:
        return gone[0] | {"is_deleted": any(entry["is_deleted"] for entry in gone)}
    stands = own["version"] == version or (there is not None and there["status"] == root.AVAILABLE)
    return own | {"status": root.AVAILABLE if stands else root.ARCHIVED}


def _rebuilt(target: Target, own: Home, merged: dict[str, Any]) -> dict[str, str]:
    """Make the files for that index; of versions that stand there alone the manifest is enough, but for the latest."""
    with TemporaryDirectory(prefix="dehusk-") as place:
        home = Path(place)
        for entry in merged["versions"]:
            name = entry["version"]
            if (own.folder / name / manifest.NAME).is_file():
                (home / name).symlink_to((own.folder / name).resolve(), target_is_directory=True)
            elif blob := _read(target, f"{name}/{manifest.NAME}"):
                _fetch(target, home / name, blob, is_whole=name == merged["latest"])
        return root.rebuilt(home, merged)


def _fetch(target: Target, folder: Path, blob: Blob, *, is_whole: bool) -> None:
    """Fetch a version of which there is nothing here; the card beside the versions is made from all of the latest."""
    folder.mkdir()
    (folder / manifest.NAME).write_bytes(blob.data)
    if is_whole:
        try:
            entries = contents.manifest(blob.data)["files"]
        except contents.ContentsError as error:
            raise CarryError(
                f"{target.address}/{folder.name}/{manifest.NAME}: {error}; do: restore it"
            ) from error
        all_of(target, f"{folder.name}/", entries, folder, lambda _: None)


def _removals(own: Home, there: Blob | None) -> str:
    """Return the tombstones of both: none is ever lost."""
    path = own.folder / removals.NAME
    here = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [
        *here.splitlines(keepends=True),
        *(there.data.decode() if there else "").splitlines(keepends=True),
    ]
    return "".join(dict.fromkeys(lines))


def _withdrawn(target: Target, entry: dict[str, Any]) -> list[str]:
    """Mark a version there that was withdrawn, and take its files away if they are to go."""
    name, path = entry["version"], f"{entry['version']}/{manifest.WITHDRAWN}"
    if _read(target, f"{name}/{manifest.NAME}") is None:
        return []
    written = _put(target, path, _read(target, path), withdrawal.render(withdrawal.of_entry(entry)))
    for file in (target.names(name) or ()) if entry["is_deleted"] else ():
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
