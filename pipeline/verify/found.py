"""What a check finds, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# Files that fit their sums and are not what they should be can bring about anything.
UNREADABLE = (Exception, pl.exceptions.PanicException)
SHOWN = 60  # characters of what was seen


class Fault(str):
    """One plain sentence: what, where, seen, expected."""

    __slots__ = ()


class Note(str):
    """What holds, but should be known."""

    __slots__ = ()


class Version(NamedTuple):
    """A version to check: its folder, its manifest, and the key that must have signed it, or null."""

    folder: Path
    told: dict[str, Any]
    key: Ed25519PublicKey | None = None


Check = Callable[[Version], Iterator[Fault | Note]]


def unlike(path: str, seen: str, expected: str, by: str) -> Iterator[Fault]:
    """Say at which line a text is not what it should be."""
    if seen == expected:
        return
    ours, theirs = seen.split("\n"), expected.split("\n")
    pairs = zip(ours, theirs, strict=False)
    row = next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(ours), len(theirs)))
    one, other = (lines[row] if row < len(lines) else "" for lines in (ours, theirs))
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, at - SHOWN // 2)
    told, made = (repr(line[start : start + SHOWN]) if line else "nothing" for line in (one, other))
    yield Fault(f"{path}, line {row + 1}: it says {told}, and {by} {made}")
