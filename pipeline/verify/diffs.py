"""What a version says that changed: counts that are those of its rows, and a way from the older version to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.release import differences, manifest, patch
from pipeline.verify.found import Fault, Note, Version

SAME = ("previous", "version", "bump")


def counted(version: Version) -> Iterator[Fault | Note]:
    """Hold what diff/ counts against the rows it lists and against the manifest."""
    for place in sorted(version.folder.glob("diff/*")):
        name, told = f"diff/{place.name}/summary.json", manifest.read_json(place / "summary.json")
        if place.name != f"from-{version.told['previous']}":
            yield Fault(f"diff/{place.name} leads from another version than {version.told['previous']}")
        for key in SAME:
            yield from _unlike(name, key, told[key], version.told[key], "the manifest")
        yield from _unlike(
            name, "digests.new", told["digests"]["new"], _digests(version.told), "the manifest"
        )
        for key, seen in differences.count(place, version.told["rows"]).items():
            yield from _unlike(name, key, told[key], seen, "the rows of the diff")
    if version.told["previous"] and not (version.folder / "diff").is_dir():
        yield Fault(f"diff/from-{version.told['previous']} is missing, and the manifest names it as previous")


def proven(version: Version, old: Path) -> Iterator[Fault | Note]:
    """Work the data digest out from the older version and diff/ alone."""
    place = version.folder / "diff" / f"from-{old.name}"
    told = manifest.read_json(place / "summary.json")["digests"]["old"]
    yield from _unlike(
        f"diff/{place.name}/summary.json", "digests.old", told, _digests(manifest.read(old)), old.name
    )
    try:
        seen = patch.prove(old, place)
    except patch.PatchError as error:
        yield Fault(f"diff/{place.name}: {error}")
        return
    if seen != version.told["data_digest"]:
        yield Fault(
            f"diff/{place.name} leads from {old.name} to the data digest {seen}, "
            f"and the manifest says {version.told['data_digest']}"
        )


def _digests(told: dict[str, Any]) -> dict[str, Any]:
    return {"data": told["data_digest"], "tables": told["table_digests"]}


def _unlike(name: str, key: str, told: Any, seen: Any, by: str) -> Iterator[Fault]:
    if told != seen:
        yield Fault(f"{name} says of {key} {_short(told)}, and by {by} it is {_short(seen)}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
