"""What a version says that changed: counts that are those of its rows, and a way from the older version to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
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
        yield from _reasoned(name, told)
    if version.told["previous"] and not (version.folder / "diff").is_dir():
        yield Fault(f"diff/from-{version.told['previous']} is missing, and the manifest names it as previous")


def _reasoned(name: str, told: dict[str, Any]) -> Iterator[Fault]:
    """Hold the sentences against the counts that they begin with."""
    begun = [*told["schema"], *differences.moved(told["rows"]).values()]
    if not begun:
        is_words = told["reasons"] == [differences.OTHER_WORDS]
        begun = [differences.OTHER_WORDS if is_words else differences.OTHER_BYTES]
    for seen, start in zip_longest(told["reasons"], begun, fillvalue=""):
        if not (start and seen.startswith(start)):
            yield Fault(
                f"{name} gives the reason {_short(seen)}, and by its counts it begins with {_short(start)}"
            )


def compared(version: Version, old: Path) -> Iterator[Fault | Note]:
    """Compare the two versions again: all that the summary says."""
    place = version.folder / "diff" / f"from-{old.name}"
    told = manifest.read_json(place / "summary.json")
    made = json.loads(json.dumps(differences.compare(old, version.folder).summary))
    for key in sorted(told.keys() | made.keys()):
        yield from _unlike(
            f"diff/{place.name}/summary.json", key, told.get(key), made.get(key), "the two versions"
        )


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
