"""Fetch files, each whole or not at all: what broke off goes on where it ended, and nothing is believed unchecked."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from pipeline.carry.protocol import CarryError, DamagedError, HiccupError, Store
from pipeline.release import digest, root

TRIES = 5  # in a row that bring nothing
FIRST_WAIT_S = 0.5  # doubled each time
LONGEST_WAIT_S = 30.0
AT_ONCE = 4  # files
PART = ".part"

Say = Callable[[int], object]
T = TypeVar("T")


def patiently(ask: Callable[..., T], *words: Any, measure: Callable[[], int] = lambda: 0) -> T:
    """Ask a store until it answers, at longer and longer intervals.

    Args:
        ask: the question.
        *words: what to ask it with.
        measure: how much is there; if a try brought something, the count of tries begins anew.

    Raises:
        CarryError: it does not answer.
    """
    failed = 0
    while True:
        before = measure()
        try:
            return ask(*words)
        except HiccupError as error:
            failed = 1 if measure() > before else failed + 1
            if failed >= TRIES:
                raise CarryError(f"{error}; gave up after {TRIES} tries") from error
            wait_s = FIRST_WAIT_S * 2 ** (failed - 1) if error.wait_s is None else error.wait_s
            time.sleep(min(wait_s, LONGEST_WAIT_S))


def all_of(store: Store, below: str, entries: list[dict[str, Any]], into: Path, say: Say) -> None:
    """Fetch files of a manifest into a folder; those that are there already, and right, are not fetched again.

    Args:
        store: where they stand.
        below: the folder in the store, "" or ending with a slash.
        entries: of the manifest; their paths lead nowhere else.
        into: the folder.
        say: told of every number of bytes that came or was there.

    Raises:
        DamagedError: a file is not what its entry says.
        CarryError: the store does not answer, or a file is not there.
        OSError: a file cannot be written.
    """
    with ThreadPoolExecutor(AT_ONCE) as threads:
        under_way = [threads.submit(one, store, below, entry, into, say) for entry in entries]
        try:
            for fetched in under_way:
                fetched.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise


def one(store: Store, below: str, entry: dict[str, Any], into: Path, say: Say = lambda _: None) -> None:
    """Fetch a file; it has its name only when it is whole and right."""
    place = into / entry["path"]
    if place.is_file() and digest.of_file(place) == entry["sha256"]:
        say(entry["bytes"])
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(place.name + PART)
    was_begun = part.exists()
    fault = _fetched(store, below, entry, part, say)
    if fault and was_begun:  # what was left may be of another version
        part.unlink(missing_ok=True)
        fault = _fetched(store, below, entry, part, say)
    if fault:
        part.unlink(missing_ok=True)
        raise DamagedError(f"{store.address}/{below}{entry['path']} {fault}")
    root.sync(part)
    part.rename(place)


def _fetched(store: Store, below: str, entry: dict[str, Any], part: Path, say: Say) -> str | None:
    """Fetch what is missing of a file; say what is wrong with it then."""
    size, path = entry["bytes"], below + entry["path"]
    patiently(_append, store, path, part, size, say, measure=lambda: _size(part))
    if _size(part) != size:
        more = "more" if _size(part) > size else f"{_size(part):,} bytes"
        return f"has {more}, and the manifest says {size:,}"
    seen = digest.of_file(part)
    return (
        None
        if seen == entry["sha256"]
        else f"has the SHA-256 {seen}, and the manifest says {entry['sha256']}"
    )


def _append(store: Store, path: str, part: Path, size: int, say: Say) -> None:
    """Go on with a file, up to one byte more than it should have."""
    have = _size(part)
    if have > size:
        part.unlink()
        have = 0
    if have == size and part.exists():
        return
    try:
        start, chunks = store.stream(path, have)
    except FileNotFoundError as error:
        raise CarryError(f"{store.address}/{path}: it is not there, and the manifest lists it") from error
    with part.open("r+b" if part.exists() else "w+b") as file:
        file.truncate(start)
        file.seek(start)
        for chunk in chunks:
            room = size + 1 - file.tell()
            file.write(chunk[:room])
            say(len(chunk))
            if len(chunk) >= room:
                break
    # Nothing more than was there: it ends here. Otherwise the connection may have broken.
    if have < _size(part) < size or start < have:
        raise HiccupError(f"{store.address}/{path} ended after {_size(part):,} of {size:,} bytes")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
