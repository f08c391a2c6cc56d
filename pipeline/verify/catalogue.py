"""A dataset: what stands beside its versions, and that the index names what stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import removals
from pipeline.release import folder, manifest, root, versions, withdrawal
from pipeline.release.facts import PublishError
from pipeline.verify import contents
from pipeline.verify.found import Fault, Note, unlike

BESIDE = {removals.NAME}
SAME = ("rows", "data_digest", "schema_version", "schema_digest")


def placed(home: Path, index: dict[str, Any]) -> Iterator[Fault]:
    """Hold the names in the folder against the index."""
    available = [entry["version"] for entry in index["versions"] if entry["status"] == root.AVAILABLE]
    for version in available:
        if not (home / version / manifest.NAME).is_file():
            yield Fault(f"{version} is missing; {root.INDEX} says that it is available")
    if available and index["latest"] not in available:
        yield Fault(f"{root.INDEX} calls {index['latest']} the latest, and it is not available")
    for entry in index["versions"]:
        yield from _marked(home / entry["version"], entry)
    listed = {entry["version"] for entry in index["versions"]}
    for path in sorted(home.iterdir()):
        if versions.NAME.match(path.name) and path.name not in listed:
            yield Fault(f"{path.name} is here, and {root.INDEX} does not list it")


def _marked(place: Path, entry: dict[str, Any]) -> Iterator[Fault]:
    """Hold what the index says of a withdrawal against the mark in the version's folder."""
    try:
        mark = withdrawal.read(place)
    except PublishError as error:
        yield Fault(str(error).removesuffix(" Nothing was published"))
        return
    told = {
        "reason": entry.get("reason"),
        "date": entry.get("withdrawn"),
        "is_deleted": entry.get("is_deleted"),
    }
    is_out = entry["status"] == root.WITHDRAWN
    if place.is_dir() and (mark is not None) != is_out:
        yield Fault(
            f"{root.INDEX} says that {place.name} is {entry['status']}, and its "
            f"{manifest.WITHDRAWN} is {'missing' if is_out else 'there'}"
        )
    if mark and is_out and told != {key: mark.get(key) for key in told}:
        yield Fault(f"{root.INDEX} says of {place.name} {told}, and its {manifest.WITHDRAWN} says otherwise")
    left = withdrawal.leftovers(place) if mark and mark["is_deleted"] else []
    if left:
        yield Fault(
            f"{place.name}/{left[0]} is still there, and the files of {place.name} were deleted when it was withdrawn; "
            f"do: dehusk withdraw {place.name} --delete again"
        )


def asked_out(home: Path, index: dict[str, Any]) -> Iterator[Fault | Note]:
    """Hold the versions that are available against the tombstones; note if there is no such version."""
    hashes = removals.by_selector(removals.read(home / removals.NAME))
    available = [entry["version"] for entry in index["versions"] if entry["status"] == root.AVAILABLE]
    if not available:
        yield Note(f"{index['dataset']} has no version that is available")
    for version in available if hashes else ():
        seen = removals.present(folder.read(home / version), hashes)
        if seen:
            yield Fault(f"{version}: {seen}, and the version was not withdrawn, see {removals.NAME}")


def listed(entry: dict[str, Any], told: dict[str, Any]) -> Iterator[Fault]:
    """Hold what the index says of a version against the version's manifest."""
    size = sum(file["bytes"] for file in told["files"])
    for name, seen in [*((key, told[key]) for key in SAME), ("bytes", size)]:
        for key, one, other in _pairs(name, entry.get(name), seen):
            if one != other:
                yield Fault(
                    f"{root.INDEX} says of {entry['version']} {key} {one!r}, and its manifest {other!r}"
                )


def _pairs(name: str, one: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """Part what is told by table into what is told of each."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield f"{name} {key}", one.get(key), other.get(key)
    else:
        yield name, one, other


def rebuilt(home: Path, index: dict[str, Any], *, is_ours: bool) -> Iterator[Fault | Note]:
    """Make the files beside the versions again, and compare; find others.

    The words of another Dehusk (`is_ours` is false) may differ.
    """
    made = root.rebuilt(home, index)
    others = []
    for path, text in made.items():
        if not (home / path).is_file():
            yield Fault(f"{path} is missing beside the versions")
        faults = list(
            unlike(path, (home / path).read_bytes().decode(), text, f"{root.INDEX} and the versions give")
        )
        yield from faults if is_ours else ()
        others += [path] if faults else []
    if others and not is_ours:
        yield Note(
            f"{', '.join(others)} beside the versions: made by another Dehusk, and could not be checked"
        )
    for found in sorted(path.name for path in home.iterdir()):
        known = found in made or found in BESIDE or versions.NAME.match(found)
        if not known and not root.is_in_the_making(found):
            yield Fault(f"{found} is here, and is no part of a dataset")


def read(home: Path) -> dict[str, Any]:
    """Return the index.

    Raises:
        contents.ContentsError: it is none.
    """
    return contents.index((home / root.INDEX).read_bytes())
