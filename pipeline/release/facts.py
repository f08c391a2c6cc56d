"""What a release says of itself: the facts that no row holds, and the results of publishing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, ConfigDict, with_config

from schemas.columns import UNKNOWN_LICENSE, Day, Policy

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")  # the name of a dataset


class PublishError(RuntimeError):
    """Nothing was published; the message says why in one sentence."""


class DamagedVersionError(PublishError):
    """A file of a version that was to be read is not what its manifest lists."""


class UnknownVersionError(PublishError):
    """The dataset never had such a version."""


def _iso(day: Any) -> Any:
    """Write a day of TOML as JSON holds it."""
    return day.isoformat() if isinstance(day, date) else day


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Dataset:
    """What people call the dataset: `[dataset]` of seeds.toml. Null where there is nothing to say.

    Attributes:
        name: of its folder.
        title: for people.
        description: one sentence.
        license: of the compilation, not of the texts; SPDX expression or `LicenseRef-unknown`.
        homepage: where more is to be found.
        contact: whom to write to, about a text that should go for example.
        tags: words to find it by.
        creators: who made the compilation, to be cited.
        published: the day on which its first version came out, ISO 8601. Nothing computes it: a clock would break
            the promise of the same bytes.
        policy: what is published of a source that says nothing else, a word of `schemas.POLICIES`.
    """

    name: str = "dataset"
    title: str | None = None
    description: str | None = None
    license: str = UNKNOWN_LICENSE
    homepage: str | None = None
    contact: str | None = None
    tags: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    published: Annotated[Day | None, BeforeValidator(_iso)] = None
    policy: Policy = "full"

    @property
    def spoken(self) -> str:
        """The title, or the name made readable."""
        return self.title or self.name.replace("-", " ").title()


class Head(NamedTuple):
    """What the manifest says that the files do not: a version's place in the line of versions."""

    dataset: Dataset
    version: str
    previous: str | None
    bump: str | None
    schema_version: str
    inputs: dict[str, Any]


class Published(NamedTuple):
    """What publishing came to. If nothing changed, the version and folder are the latest that stand.

    `dropped` are the older versions whose files it deleted, since only the newest are kept; `doubts` what each gate
    saw that need not hold, and does not, by its name.
    """

    version: str
    folder: Path
    changed: bool
    previous: str | None
    bump: str | None
    rows: dict[str, int]
    reasons: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    doubts: Mapping[str, str] = MappingProxyType({})

    def __str__(self) -> str:
        """Say it in one sentence."""
        if not self.changed:
            return f"unchanged since {self.version}"
        return f"{self.version} published ({'; '.join(self.reasons)})"
