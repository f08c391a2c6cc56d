"""What a release says of itself: the facts that no row holds, and the results of publishing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ConfigDict, with_config


class PublishError(RuntimeError):
    """Nothing was published; the message says why in one sentence."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Dataset:
    """What people call the dataset: `[dataset]` of seeds.toml. Null where there is nothing to say."""

    name: str = "dataset"
    title: str | None = None
    description: str | None = None
    license: str = "LicenseRef-unknown"
    homepage: str | None = None
    contact: str | None = None
    tags: tuple[str, ...] = ()

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
    """What publishing came to. If nothing changed, the version and folder are the latest that stand."""

    version: str
    folder: Path
    changed: bool
    previous: str | None
    bump: str | None
    rows: dict[str, int]
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in one sentence."""
        if not self.changed:
            return f"unchanged since {self.version}"
        return f"{self.version} published ({'; '.join(self.reasons)})"
