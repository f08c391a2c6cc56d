"""The page above the versions: every version that there was, where it is, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.release import manifest
from pipeline.release.page import shell, words
from schemas import TABLES

AVAILABLE = "available"


def render(home: Path, index: dict[str, Any]) -> str:
    """Make the page of all versions.

    Args:
        home: the dataset's folder; the manifests of the versions that stand in it are read.
        index: as index.json holds it, the newest version first.
    """
    versions = [entry | {"files": _files(home, entry)} for entry in index["versions"]]
    # All may have been withdrawn; the newest has its manifest even then.
    told = index["latest"] or index["versions"][0]["version"]
    dataset = manifest.head(manifest.read(home / told)).dataset
    template = shell.environment().get_template("catalogue.html.j2")
    body = template.render(dataset=dataset, index=index, versions=versions)
    return shell.frame(
        f"{words.visible(dataset.spoken, 200)}: all versions", body, style=shell.read("pages.css")
    )


def _files(home: Path, entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files that hold the rows of a version, if it is to be had."""
    if entry["status"] != AVAILABLE:
        return []
    listed = manifest.read(home / entry["version"])["files"]
    return [file for file in listed if file["path"].startswith((*(f"{name}/" for name in TABLES), "jsonl/"))]
