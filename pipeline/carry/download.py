"""Download a version, or some of its tables, from wherever it stands: whole and verified, or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import verify
from pipeline.carry import fetch, stores
from pipeline.carry.fetch import Say, patiently
from pipeline.carry.protocol import CarryError, DamagedError, Store
from pipeline.release import digest, manifest, root
from pipeline.verify import contents


class Found(NamedTuple):
    """A version in a store: its folder ("" or ending with a slash), its manifest, its bytes, and mark if withdrawn."""

    store: Store
    below: str
    told: dict[str, Any]
    data: bytes
    mark: dict[str, Any] | None


class Wanted(NamedTuple):
    """What of a version: all of it, or a table, or one format. Null is all."""

    table: str | None = None
    format: str | None = None

    def of(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the entries of a manifest that are wanted; the card comes with every part.

        Raises:
            CarryError: there is no such table.
        """
        if self.table and self.table not in told["rows"]:
            raise CarryError(f"there is no table {self.table!r}; there are {', '.join(told['rows'])}")
        return [entry for entry in told["files"] if self._has(entry["path"], tuple(told["rows"]))]

    @property
    def is_all(self) -> bool:
        """Whether it is the whole version."""
        return self == Wanted()

    @property
    def suffix(self) -> str:
        """What tells the folder of a part from that of the whole."""
        return "".join(f"-{word}" for word in self if word)

    def _has(self, path: str, tables: tuple[str, ...]) -> bool:
        place, _, name = path.partition("/")
        table = place if place in tables else name.partition("-")[0] if place == "jsonl" else None
        if table:
            has = "jsonl" if place == "jsonl" else "parquet"
            return self.table in (None, table) and self.format in (None, has)
        return self.is_all or path in ("README.md", f"schema/{self.table}.schema.json")


def download(
    address: str,
    out: Path | None = None,
    version: str | None = None,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    begin: Callable[[int], Say] = lambda _: lambda _: None,
) -> tuple[Path, Found]:
    """Download a version.

    What came is kept beside `out`, hidden, until all of it is there and holds; the next run goes on from it.
    A part of a version comes with checksums of its own, for `sha256sum -c SHA256SUMS`.

    Args:
        address: of a dataset or of a version.
        out: the folder to make; by default NAME/VERSION here, with a suffix for a part.
        version: by default the latest that was not withdrawn.
        wanted: what of it.
        begin: told how many bytes there are to come; what it returns is told of those that came.

    Returns:
        The folder, and what was found.

    Raises:
        DamagedError: what came is not what the manifest says.
        CarryError: there is no such version, or the store did not answer.
        OSError: the folder cannot be written.
    """
    found = find(stores.opened(address), version)
    entries = wanted.of(found.told)
    out = out or Path(found.told["dataset"]["name"], found.told["version"] + wanted.suffix)
    if out.exists():
        return _as_it_is(out, entries, found), found
    part = out.with_name(f".{out.name}{fetch.PART}")
    part.mkdir(parents=True, exist_ok=True)
    with stores.held(part):
        fetch.all_of(found.store, found.below, entries, part, begin(sum(entry["bytes"] for entry in entries)))
        _drop_others(part, entries)
        if found.mark:
            manifest.write_json(part / manifest.WITHDRAWN, found.mark)
        if wanted.is_all:
            _hold(part, found)
        else:
            manifest.write_sums(part)  # a part has no manifest to be verified by
        for path in part.rglob("*"):
            root.sync(path)
        part.rename(out)
        root.sync(out.parent)
    return out, found


def find(store: Store, version: str | None = None) -> Found:
    """Find a version: the one asked for, or the latest that was not withdrawn.

    Raises:
        DamagedError: the index or the manifest is none.
        CarryError: there is no such version, or the store did not answer.
    """
    name = version and f"v{version.removeprefix('v')}"
    listed = patiently(store.get, root.INDEX)
    if listed is None:
        return _manifest_of(store, "", name, root.AVAILABLE)
    index = _believed(contents.index, listed.data, f"{store.address}/{root.INDEX}")
    entry = _chosen(index, name, store.address)
    return _manifest_of(store, f"{entry['version']}/", entry["version"], entry["status"])


def _chosen(index: dict[str, Any], name: str | None, address: str) -> dict[str, Any]:
    """Return the entry of a version; of those that are available, the first is the latest."""
    entries = {entry["version"]: entry for entry in index["versions"]}
    chosen = entries.get(name or "") or next(
        (entry for entry in entries.values() if name is None and entry["status"] == root.AVAILABLE), None
    )
    if chosen is None:
        known = ", ".join(f"{each} ({entry['status']})" for each, entry in entries.items()) or "none"
        raise CarryError(f"{address} has no version {name or 'that is available'}; it lists {known}")
    return chosen


def _manifest_of(store: Store, below: str, name: str | None, status: str) -> Found:
    blob = patiently(store.get, below + manifest.NAME)
    if blob is None:
        why = {root.AVAILABLE: "neither is an index"}.get(status, f"{name} is {status}")
        raise CarryError(f"{store.address}/{below}{manifest.NAME} is not there, and {why}")
    told = _believed(contents.manifest, blob.data, f"{store.address}/{below}{manifest.NAME}")
    if name not in (None, told["version"]):
        raise CarryError(f"{store.address}/{below} holds {told['version']}, and not {name}")
    return Found(store, below, told, blob.data, _mark_of(store, below))


def _mark_of(store: Store, below: str) -> dict[str, Any] | None:
    """Return the mark of a version that was withdrawn; null of another.

    Raises:
        CarryError: its files were deleted.
    """
    path = below + manifest.WITHDRAWN
    blob = patiently(store.get, path)
    mark = _believed(contents.mark, blob.data, f"{store.address}/{path}") if blob else None
    if mark and mark["is_deleted"]:
        raise CarryError(f"{mark['version']} was withdrawn ({mark['reason']}), and its files were deleted")
    return mark


def _believed(parse: Callable[[bytes], dict[str, Any]], data: bytes, where: str) -> dict[str, Any]:
    try:
        return parse(data)
    except contents.ContentsError as error:
        raise DamagedError(f"{where}: {error}") from error


def _as_it_is(out: Path, entries: list[dict[str, Any]], found: Found) -> Path:
    """Return a folder that is there already, if it holds just what is wanted."""
    own = {entry["path"]: entry["sha256"] for entry in entries}
    held = {path: digest.of_file(out / path) for path in manifest.files(out)} if out.is_dir() else {}
    standing = held.pop(manifest.NAME, None)
    if manifest.SUMS not in own:
        held.pop(manifest.SUMS, None)
    if held != own or standing not in (None, hashlib.sha256(found.data).hexdigest()):
        raise CarryError(
            f"{out} is there already, and is not what was asked for; do: move it away, or --out elsewhere"
        )
    return out


def _drop_others(part: Path, entries: list[dict[str, Any]]) -> None:
    """Take away what an earlier run fetched of another version."""
    own = {entry["path"] for entry in entries}
    for path in manifest.files(part):
        if path not in own:
            (part / path).unlink()


def _hold(part: Path, found: Found) -> None:
    """Verify what came, with its manifest; if it does not hold, none of it stays."""
    (part / manifest.NAME).write_bytes(found.data)
    fault = verify.of_version(part).fault
    if fault:
        shutil.rmtree(part)
        raise DamagedError(f"{found.store.address}/{found.below}: {fault}; nothing was kept")
