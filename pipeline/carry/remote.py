"""Verify a release where it stands, by way of a temporary folder."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pipeline import removals, verify
from pipeline.carry import fetch, stores
from pipeline.carry.download import find
from pipeline.carry.fetch import patiently
from pipeline.carry.protocol import DamagedError, Store
from pipeline.release import manifest, root, versions
from pipeline.verify import Verdict, contents

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BESIDE = ("README.md", "CHANGELOG.md", "index.html", removals.NAME)


def verdicts(address: str, key: Ed25519PublicKey | None = None) -> list[Verdict]:
    """Check a version or a dataset at an address; as `verify.of_version` and `verify.of_dataset` do.

    Raises:
        CarryError: the store does not answer, or nothing is there.
    """
    store = stores.opened(address)
    listed = patiently(store.get, root.INDEX)
    with TemporaryDirectory(prefix="dehusk-") as place:
        try:
            if listed is None:
                return [_version(store, Path(place), key)]
            index = contents.index(listed.data)
            home = Path(place, index["dataset"])
            home.mkdir(parents=True)
            (home / root.INDEX).write_bytes(listed.data)
            _dataset(store, home, index)
            return verify.of_dataset(home, key)
        except contents.ContentsError as error:
            return [Verdict(f"{root.INDEX}: {error}")]
        except DamagedError as error:
            return [Verdict(str(error))]


def _version(store: Store, place: Path, key: Ed25519PublicKey | None) -> Verdict:
    name = store.address.rpartition("/")[2]
    folder = place / (name if versions.NAME.match(name) else "version")
    _fetch(store, "", folder)
    return verify.of_version(folder, key)


def _dataset(store: Store, home: Path, index: dict[str, Any]) -> None:
    """Fetch what stands beside the versions, and those that are available."""
    for path in (path for path in store.names("") or BESIDE if "/" not in path and path != root.INDEX):
        blob = patiently(store.get, path)
        if blob is not None:
            (home / path).write_bytes(blob.data)
    for entry in index["versions"]:
        if entry["status"] == root.AVAILABLE:
            _fetch(store, entry["version"], home / entry["version"])


def _fetch(store: Store, version: str, folder: Path) -> None:
    """Fetch a version, and note by their names the files that its manifest does not list."""
    found = find(store, version or None)
    folder.mkdir(parents=True)
    fetch.all_of(store, found.below, found.told["files"], folder, lambda _: None)
    (folder / manifest.NAME).write_bytes(found.data)
    if found.mark:
        manifest.write_json(folder / manifest.WITHDRAWN, found.mark)
    known = {entry["path"] for entry in found.told["files"]} | {manifest.NAME, manifest.WITHDRAWN}
    for path in store.names(version) or ():
        if path not in known and contents.is_inside(path):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).touch()
