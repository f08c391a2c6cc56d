"""What a manifest and an index must say to be believed: they come from elsewhere, and may be anything."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal, NotRequired

from pydantic import (
    AfterValidator,
    NonNegativeInt,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    with_config,
)
from typing_extensions import TypedDict

from pipeline.release import versions
from pipeline.release.facts import SLUG
from schemas.columns import Day, Sha256

VersionName = Annotated[str, StringConstraints(pattern=versions.NAME.pattern)]
# Names that a system takes for something else, or that would lead out of the folder.
STRANGE = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')


class ContentsError(ValueError):
    """It cannot be believed; the message says what is wrong in one sentence."""


def is_inside(path: str) -> bool:
    """Tell a plain relative path from one that leads out of its folder, or that not every system can write."""
    return not STRANGE.search(path) and not {"", ".", ".."} & {*path.split("/")}


def _inside(path: str) -> str:
    if not is_inside(path):
        raise ValueError(f"the path {path!r} leads out of the folder, or is none")
    return path


class Entry(TypedDict):
    """A file of a version."""

    path: Annotated[str, AfterValidator(_inside)]
    bytes: NonNegativeInt
    sha256: Sha256
    rows: NotRequired[NonNegativeInt]


def _named_once(files: list[Entry]) -> list[Entry]:
    seen: set[str] = set()
    for entry in files:
        if entry["path"] in seen:
            raise ValueError(f"{entry['path']} is listed twice")
        seen.add(entry["path"])
    return files


@with_config(extra="allow")
class Named(TypedDict):
    """What a dataset says of itself; its name becomes a folder."""

    name: Annotated[str, StringConstraints(pattern=rf"^{SLUG.pattern}$")]


@with_config(extra="allow")
class Manifest(TypedDict):
    """What a version is made of."""

    dataset: Named
    version: VersionName
    previous: VersionName | None
    bump: str | None
    schema_version: VersionName
    inputs: dict[str, Any]
    schema_digest: Sha256
    data_digest: Sha256
    table_digests: dict[str, Sha256]
    rows: dict[str, NonNegativeInt]
    files: Annotated[list[Entry], AfterValidator(_named_once)]


@with_config(extra="allow")
class Listed(TypedDict):
    """A version as the index knows it; the last three of one that was withdrawn."""

    version: VersionName
    status: Literal["available", "archived", "withdrawn"]
    data_digest: Sha256
    reason: NotRequired[str]
    withdrawn: NotRequired[str]
    is_deleted: NotRequired[bool]


def _openly(versions: list[Listed]) -> list[Listed]:
    for entry in versions:
        missing = {"reason", "withdrawn", "is_deleted"} - entry.keys()
        if entry["status"] == "withdrawn" and missing:
            raise ValueError(f"{entry['version']} is withdrawn, and {min(missing)} is not said")
    return versions


@with_config(extra="allow")
class Index(TypedDict):
    """The versions of a dataset, newest first."""

    dataset: Annotated[str, AfterValidator(_inside)]
    latest: VersionName | None
    versions: Annotated[list[Listed], AfterValidator(_openly)]


@with_config(extra="allow")
class Mark(TypedDict):
    """Why a version was withdrawn, since when, and whether its files were deleted."""

    version: VersionName
    reason: str
    date: Day
    is_deleted: bool


_MANIFEST, _INDEX, _MARK = TypeAdapter(Manifest), TypeAdapter(Index), TypeAdapter(Mark)


def manifest(data: bytes) -> dict[str, Any]:
    """Return a manifest.

    Raises:
        ContentsError: it is none, or a path in it leads out of the folder.
    """
    return _believed(_MANIFEST, data)


def index(data: bytes) -> dict[str, Any]:
    """Return an index.

    Raises:
        ContentsError: it is none.
    """
    return _believed(_INDEX, data)


def mark(data: bytes) -> dict[str, Any]:
    """Return the mark of a version that was withdrawn.

    Raises:
        ContentsError: it is none.
    """
    return _believed(_MARK, data)


def _believed(adapter: TypeAdapter[Any], data: bytes) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(data)
        json.dumps(
            told, ensure_ascii=False
        ).encode()  # half a pair of UTF-16 could be neither a path nor shown
        adapter.validate_python(told, strict=True)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"])) or "it"
        raise ContentsError(f"{place}: {fault['msg'].removeprefix('Value error, ').lower()}") from error
    except (ValueError, RecursionError) as error:
        raise ContentsError(f"it is no JSON ({error})") from error
    return told
