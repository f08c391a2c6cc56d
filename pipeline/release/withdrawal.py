"""Versions that were taken back: openly, with the reason and the day, in the version, the index and the card.

The mark is `WITHDRAWN.json` in the version's folder, the one file that may come to stand there after it was
published. Where the files were deleted too, what they were can still be told: the manifest, the checksums and the
schemas stay.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from pipeline.release import manifest
from pipeline.release.facts import PublishError

FACTS = {"version", "reason", "date", "is_deleted"}
STAY = {manifest.NAME, manifest.SUMS, manifest.WITHDRAWN, "schema"}


def read(folder: Path) -> dict[str, Any] | None:
    """Return the mark of a version that was withdrawn: version, reason, date, is_deleted; null if it was not.

    Raises:
        PublishError: the mark is damaged.
    """
    path = folder / manifest.WITHDRAWN
    if not path.is_file():
        return None
    mark = manifest.read_json(path)
    if not isinstance(mark, dict) or not mark.keys() >= FACTS:
        raise PublishError(f"{path} is damaged (parts of it are missing): restore it. Nothing was published")
    return mark


def of_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the mark of a version by what the index says of it."""
    told = {name: entry[name] for name in ("version", "reason")}
    return told | {"date": entry["withdrawn"], "is_deleted": entry["is_deleted"]}


def render(mark: dict[str, Any]) -> str:
    """Write a mark as JSON."""
    return json.dumps(mark, ensure_ascii=False, indent=1) + "\n"


def delete(folder: Path, away: Path) -> None:
    """Delete the files of a version that was withdrawn, but for what tells what they were.

    They are moved `away` first, at once: a run that is broken off leaves none of them in the version.
    """
    left = leftovers(folder)
    if left:
        away.mkdir()
        for name in left:
            (folder / name).rename(away / name)
        shutil.rmtree(away)


def leftovers(folder: Path) -> list[str]:
    """Name what stands in a version beyond what tells what its files were."""
    return sorted(path.name for path in folder.iterdir() if path.name not in STAY)
