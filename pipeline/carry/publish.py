"""Publish a version to where others fetch it: all of it becomes visible at once, and nothing is written over.

Data come first, then what describes them, then the manifest: a version without one does not exist. The index comes
last, and only over the index that was read. A run that broke off is gone on with by the next; of two at once, the
first to lay down its checksums goes on, and the other is told, unless it brings the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import removals, verify
from pipeline.carry import listing, stores
from pipeline.carry.fetch import AT_ONCE, Say, patiently
from pipeline.carry.listing import Home
from pipeline.carry.protocol import Blob, CarryError, Target
from pipeline.release import manifest, root
from pipeline.release.facts import PublishError
from pipeline.release.folder import read
from pipeline.verify import contents


class Carried(NamedTuple):
    """What publishing came to."""

    address: str
    version: str | None
    is_new: bool
    listed: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in one sentence."""
        what = f"{self.version} {'published' if self.is_new else 'stands already'}"
        told = [what if self.version else "no version is left to publish"]
        told += [f"{', '.join(self.listed)} brought up to date"] if self.listed else []
        return f"{self.address}: {'; '.join(told)}"


def publish(
    home: Path,
    address: str,
    version: str | None = None,
    begin: Callable[[int], Say] = lambda _: lambda _: None,
) -> Carried:
    """Publish a version of a dataset, and what was withdrawn or asked out since.

    Args:
        home: the dataset's folder.
        address: the folder or store that the dataset has elsewhere; the version goes below it.
        version: by default the latest.
        begin: told how many bytes there are to send; what it returns is told of those that went.

    Raises:
        PublishError: why not, and how things stand there.
    """
    state = ["nothing was published"]
    with _plainly(address, state):
        own = Home(home, _own_index(home))
        target = _target(address, home)
        taken = listing.take_back(target, own)
        state[0] = f"no version was published; {', '.join(taken)} brought up to date" if taken else state[0]
        told = _own_version(own, version)
        name = told["version"] if told else None
        with target.alone():
            listing.refuse_strangers(target, own, name)
            if name:
                _refuse_asked_out(target, home / name)
            is_new = told is not None and bring(target, home / told["version"], told, begin)
            state[0] = f"{name} is there whole, and the next run lists it" if name else state[0]
            listed = listing.settle(target, own, name)
    return Carried(target.address, name, is_new, tuple(dict.fromkeys([*taken, *listed])))


def bring(target: Target, folder: Path, told: dict[str, Any], begin: Callable[[int], Say]) -> bool:
    """Bring a version whole; false if it stands there already, with the same bytes.

    Raises:
        CarryError: another stands there, or is being brought.
    """
    name, data = told["version"], (folder / manifest.NAME).read_bytes()
    if _stands(target, name, data):
        return False
    draft, say = target.draft(name), begin(sum(entry["bytes"] for entry in told["files"]))
    for group in _groups(told):
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda entry: _place(target, draft, folder, entry, say), group))
    for path in set(target.names(draft) or ()) - {entry["path"] for entry in told["files"]} - {manifest.NAME}:
        target.remove(f"{draft}/{path}")
    return patiently(target.reveal, name, data) or not _stands(target, name, data)


def _target(address: str, home: Path) -> Target:
    target = stores.opened(address)
    if not isinstance(target, Target):
        raise CarryError(f"{address} can be read and not written; do: name a folder, or s3://BUCKET/PREFIX")
    if Path(target.address).resolve() == home.resolve():
        raise CarryError(f"{address} is the folder that it comes from")
    return target


def _refuse_asked_out(target: Target, folder: Path) -> None:
    """Refuse a version that holds what was asked out here or there, since it was made.

    Raises:
        CarryError: what it holds.
        PublishError: a list of tombstones is damaged.
    """
    home = folder.resolve().parent
    there = patiently(target.get, removals.NAME)
    stones = [
        *removals.read(home / removals.NAME),
        *(removals.parse(there.data, f"{target.address}/{removals.NAME}") if there else ()),
    ]
    seen = removals.present(read(folder), removals.standing(home.parent, stones))
    if seen:
        raise CarryError(f"{folder}: {seen}, see {removals.NAME}; do: release again, then publish")


def _own_index(home: Path) -> dict[str, Any]:
    try:
        return contents.index((home / root.INDEX).read_bytes())
    except FileNotFoundError as error:
        raise CarryError(f"{home / root.INDEX} is not there; do: --from the folder of a dataset") from error


def _own_version(own: Home, version: str | None) -> dict[str, Any] | None:
    """Return the manifest of the version to publish, which holds; null if none is left that was not withdrawn."""
    name = f"v{version.removeprefix('v')}" if version else own.told["latest"]
    status = {entry["version"]: entry["status"] for entry in own.told["versions"]}
    if name is None:
        return None
    if status.get(name) != root.AVAILABLE:
        raise CarryError(f"{own.folder} has no {name} to publish; it is {status.get(name, 'not listed')}")
    verdict = verify.of_version(own.folder / name)
    if verdict.fault:
        raise CarryError(f"{own.folder / name}: {verdict.fault}")
    return verdict.told


def _groups(told: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Part the files: the sums, which lay claim to the version; data; what describes them; what else names it."""
    entries = {entry["path"]: entry for entry in told["files"]}
    yield [entries.pop(manifest.SUMS)]
    apart = [entries.pop(path) for path in manifest.APART if path in entries]
    yield [entry for entry in entries.values() if "rows" in entry]
    yield [entry for entry in entries.values() if "rows" not in entry]
    yield from ([entry] for entry in apart)


def _place(target: Target, draft: str, folder: Path, entry: dict[str, Any], say: Say) -> None:
    """Write a file and read it back. What is there already stays, or was left damaged by a run with our sums."""
    path, data = f"{draft}/{entry['path']}", (folder / entry["path"]).read_bytes()
    is_ours = patiently(target.create, path, data)
    back = patiently(target.get, path)
    if not _is(back, entry):
        if entry["path"] in (manifest.SUMS, *manifest.APART) and not is_ours:
            raise CarryError(
                f"{target.address}/{path} is of another run, which brings other files as the same version, or "
                f"stopped; do: let it finish, or remove {target.address}/{draft} if nothing runs"
            )
        patiently(target.replace, path, data, back.tag if back else None)
        if not _is(patiently(target.get, path), entry):
            raise CarryError(f"{target.address}/{path} comes back with other bytes than were written")
    say(len(data))


def _is(blob: Blob | None, entry: dict[str, Any]) -> bool:
    return blob is not None and hashlib.sha256(blob.data).hexdigest() == entry["sha256"]


def _stands(target: Target, name: str, data: bytes) -> bool:
    """Tell whether this very version stands there.

    Raises:
        CarryError: another stands there under its name.
    """
    standing = patiently(target.get, f"{name}/{manifest.NAME}")
    if standing is not None and standing.data != data:
        raise CarryError(f"{target.address}/{name} is another {name}, and a version never changes")
    return standing is not None


@contextmanager
def _plainly(address: str, state: list[str]) -> Iterator[None]:
    """Say in one sentence what went wrong, and how things stand."""
    try:
        yield
    except (CarryError, contents.ContentsError, PublishError) as error:
        raise PublishError(f"{error}; {state[0]}") from error
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise PublishError(f"{error.filename or address}: {what}; {state[0]}") from error
