"""The number of a version is computed from what changed, never chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pipeline.release.facts import PublishError

FIRST = "v1.0.0"
LEVELS = ("major", "minor", "patch")
NAME = re.compile(r"^v(\d+)\.(\d+)\.(\d+)$")


class Change(NamedTuple):
    """One difference between two versions, and which part of the number it raises."""

    level: str
    what: str


def numbers(version: str) -> tuple[int, ...]:
    """Return the three numbers of a version, to sort by."""
    match = NAME.match(version)
    if match is None:
        raise ValueError(f"{version} is no version: v1.2.3 is one")
    return tuple(map(int, match.groups()))


def beginning(version: str) -> str:
    """Say what a version is that follows none: numbers go on where all before it were withdrawn."""
    return "the first version" if version == FIRST else "the first version since all before it were withdrawn"


def after(version: str, level: str) -> str:
    """Return the version that follows when the given part is raised."""
    place = LEVELS.index(level)
    raised = [*numbers(version)[:place], numbers(version)[place] + 1, 0, 0]
    return "v" + ".".join(map(str, raised[:3]))


def weightiest(changes: list[Change]) -> str:
    """Return the level that the changes call for; a change of bytes alone is a patch."""
    return min((change.level for change in changes), key=LEVELS.index, default="patch")


def weightier(one: str, other: str) -> str:
    """Return the part of the two that is further to the left."""
    return min(one, other, key=LEVELS.index)


def raised(computed: str, asked: str | None) -> str:
    """Return the part that is raised: the one asked for, unless the differences call for more.

    Raises:
        PublishError: they do.
    """
    if asked is not None and LEVELS.index(asked) > LEVELS.index(computed):
        raise PublishError(
            f"what changed makes a {computed} version, and a {asked} one was asked for; "
            f"do: ask for {computed} or leave it out. Nothing was published"
        )
    return asked or computed


def schema_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Compare JSON Schemas by table: a reader's code breaks (major), there is more to read (minor).

    Wording is no change: a column whose meaning changes must change its name, type, unit or pattern.
    """
    gone = [Change("major", f"table {name} is gone") for name in old if name not in new]
    added = [Change("minor", f"table {name} is new") for name in new if name not in old]
    return [
        *gone,
        *added,
        *(change for name in new if name in old for change in _table(name, old[name], new[name])),
    ]


def _table(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    before, now = old["properties"], new["properties"]
    for column in sorted(before.keys() - now.keys()):
        yield Change("major", f"{name}.{column} is gone")
    for column in sorted(now.keys() - before.keys()):
        yield Change("minor", f"{name}.{column} is new")
    for column in sorted(before.keys() & now.keys()):
        yield from _column(f"{name}.{column}", _traits(before[column]), _traits(now[column]))


class Traits(NamedTuple):
    """What a reader of a column relies on."""

    type: str
    unit: str | None
    pattern: str | None
    is_nullable: bool
    words: frozenset[str]


def _traits(column: dict[str, Any]) -> Traits:
    choices = column.get("anyOf", [column])
    value = next(choice for choice in choices if choice.get("type") != "null")
    listed = value.get("items", value)
    return Traits(
        type=column["arrowType"],
        unit=value.get("unit"),
        pattern=listed.get("pattern"),
        is_nullable=any(choice.get("type") == "null" for choice in choices),
        words=frozenset(word["const"] for word in listed.get("oneOf", ())),
    )


def _column(name: str, old: Traits, new: Traits) -> Iterator[Change]:
    for trait in ("type", "unit", "pattern"):
        before, now = getattr(old, trait), getattr(new, trait)
        if before != now:
            yield Change("major", f"{name} has another {trait}: {before} became {now}")
    if new.is_nullable and not old.is_nullable:
        yield Change("major", f"{name} may now be null")
    if old.is_nullable and not new.is_nullable:
        yield Change("minor", f"{name} is no longer null")
    for word in sorted(new.words - old.words):
        yield Change("minor", f"{name} has a new word: {word}")
    for word in sorted(old.words - new.words):
        yield Change("major", f"{name} has lost a word: {word}")
