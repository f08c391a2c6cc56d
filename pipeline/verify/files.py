"""The files of a version: those that its manifest and its sums name, each of them whole, and no other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.release import digest, manifest, versions
from pipeline.verify import contents
from pipeline.verify.found import Fault, Note, Version, unlike


def named(version: Version) -> Iterator[Fault | Note]:
    """Hold the folder's name against the version, and the manifest's bytes against its content."""
    name, told = version.folder.resolve().name, version.told["version"]
    if versions.NAME.match(name) and name != told:
        yield Fault(f"the folder is named {name}, and its manifest says {told}")
    plain = json.dumps(version.told, indent=1, ensure_ascii=False) + "\n"
    seen = (version.folder / manifest.NAME).read_bytes().decode(errors="replace")
    yield from unlike(manifest.NAME, seen, plain, "in its own form that is")


def listed(version: Version) -> Iterator[Fault | Note]:
    """Find files that the manifest names and that are not there, and those that it does not name."""
    told = {entry["path"] for entry in version.told["files"]} | {manifest.NAME}
    gone = list(withdrawn(version.folder, version.told["version"]))
    yield from gone
    if any(isinstance(found, Fault) for found in gone):
        return
    found = dict(_found(version.folder))
    if found.get(manifest.WITHDRAWN):  # it may come at any time
        del found[manifest.WITHDRAWN]
    for path in sorted(told - found.keys()):
        yield Fault(f"{path} is missing; the manifest lists it")
    for path in sorted(found.keys() - told):
        yield Fault(f"{path} is here, and the manifest does not list it")
    for path in sorted(path for path, is_plain in found.items() if not is_plain):
        yield Fault(f"{path} is a link, a device or an empty folder, and a release holds plain files")


def withdrawn(folder: Path, version: str | None = None) -> Iterator[Fault | Note]:
    """Say since when a version is withdrawn, and why; it is at fault if its files were deleted.

    A mark of another version than the one named is at fault too.
    """
    path = folder / manifest.WITHDRAWN
    if path.is_symlink() or not path.is_file():
        return
    try:
        mark = contents.mark(path.read_bytes())
    except contents.ContentsError as error:
        yield Fault(f"{manifest.WITHDRAWN}: {error}")
        return
    if version and mark["version"] != version:
        yield Fault(f"{manifest.WITHDRAWN} is that of {mark['version']}")
    if mark["is_deleted"]:
        yield Fault(f"it is withdrawn since {mark['date']} ({mark['reason']}), and its files were deleted")
    yield Note(f"withdrawn since {mark['date']}: {mark['reason']}")


def whole(version: Version) -> Iterator[Fault | Note]:
    """Hold the bytes of every file that is there against the manifest."""
    for entry in version.told["files"]:
        path = version.folder / entry["path"]
        if not path.is_file():
            continue
        size = path.stat().st_size
        if size != entry["bytes"]:
            yield Fault(f"{entry['path']} has {size:,} bytes, and the manifest says {entry['bytes']:,}")
        elif (seen := digest.of_file(path)) != entry["sha256"]:
            yield Fault(f"{entry['path']} has the SHA-256 {seen}, and the manifest says {entry['sha256']}")


def summed(version: Version) -> Iterator[Fault | Note]:
    """Hold SHA256SUMS against the manifest."""
    entries = sorted(version.told["files"], key=lambda entry: entry["path"])
    apart = (manifest.SUMS, *manifest.APART)
    lines = (f"{entry['sha256']}  {entry['path']}\n" for entry in entries if entry["path"] not in apart)
    seen = (version.folder / manifest.SUMS).read_text(encoding="utf-8")
    yield from unlike(manifest.SUMS, seen, "".join(lines), "the manifest")


def _found(folder: Path, below: str = "") -> Iterator[tuple[str, bool]]:
    """Return every file and empty folder below a folder, and whether it is a plain file; links are not followed."""
    with os.scandir(folder) as entries:
        inside = list(entries)
    if not inside and below:
        yield below, False
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield from _found(Path(entry.path), f"{below}{entry.name}/")
        else:
            yield below + entry.name, entry.is_file(follow_symlinks=False)
