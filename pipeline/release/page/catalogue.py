"""The page above the versions: every version that there was, where it is, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.release import manifest, model
from pipeline.release.page import shell, version, words
from schemas import TABLES

AVAILABLE = "available"
ROWS = (*(f"{name}/" for name in TABLES), "jsonl/")
PAGES = (
    "index.html",
    "README.md",
)  # the first that a version holds is its page: the oldest hold no index.html


def render(home: Path, index: dict[str, Any]) -> str:
    """Make the page of all versions.

    Args:
        home: the dataset's folder; the manifests of the versions that stand in it are read.
        index: as index.json holds it, the newest version first.
    """
    versions = [_told(home, entry) for entry in index["versions"]]
    # All may have been withdrawn; the newest has its manifest even then.
    told = index["latest"] or index["versions"][0]["version"]
    dataset = manifest.head(manifest.read(home / told)).dataset
    latest = model.read(home / index["latest"]) if index["latest"] else None
    template = shell.environment().get_template("catalogue.html.j2")
    body = template.render(
        dataset=dataset,
        index=index,
        versions=versions,
        release=latest,
        review=version.review(latest) if latest else None,
    )
    return shell.frame(
        f"{words.visible(dataset.spoken, 200)}: all versions", body, style=shell.read("pages.css")
    )


def _told(home: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """Add to a version the files that hold its rows, and its page, if it is to be had."""
    listed = manifest.read(home / entry["version"])["files"] if entry["status"] == AVAILABLE else []
    paths = {file["path"] for file in listed}
    page = next((f"{entry['version']}/{path}" for path in PAGES if path in paths), None)
    return entry | {"files": [file for file in listed if file["path"].startswith(ROWS)], "page": page}
