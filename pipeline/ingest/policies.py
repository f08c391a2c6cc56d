"""What may be published of each seed, as the files seeds.toml say, and what they say of it that cannot hold.

`policy` of a [[seed]] holds of a file, of a page in one (pages.jsonl#12), or of all below a folder; else that of
[dataset] holds of all below its seeds.toml. Files in the folders above and below the seeds are read too. Where a word
cannot be understood the text is withheld; where it is not to be found what it speaks of, the run stops: a slip of the
pen must not publish what was to be held back.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.ingest.entries import NO_PAGE, SeedEntry, missing, nearest
from pipeline.ingest.faults import IngestError
from pipeline.ingest.finding import Listing, key, listing_of, lost, pages_of
from pipeline.policy import FULL, METADATA_ONLY, stricter
from pipeline.release.facts import Dataset
from schemas import POLICIES

POLICY = "policy"
KNOWN = {"dataset": {field.name for field in fields(Dataset)}, "seed": set(SeedEntry.model_fields)}
# A file that cannot be read as TOML may speak of withholding, whatever its encoding, in any of these words.
SPEAKS = re.compile(rb"metadata|polic|pol\w{0,3}y", re.IGNORECASE)
STOPPED = "nothing was read, lest it be published"


class Policies:
    """The policy of each file and page.

    Attributes:
        pages: of the entries that name a page, where they stand in what file, by the key of the page.
    """

    def __init__(self, files: Sequence[tuple[str, Path]]):
        """Read these files, each named as in messages.

        Raises:
            IngestError: one says a policy of a file that is not there, or in a place where it is not read.
        """
        self._of_folders: dict[str, str] = {}
        self._own: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        slips: list[str] = []
        listing = cache(listing_of)
        for name, file in files:
            table = _table(file)
            slips += [f"{name}: {slip}" for slip in _strays(table)]
            self._of_folders[key(file.parent)] = _word(table.get("dataset"), FULL)
            for number, entry in _entries(table):
                slips += self._add(f"{name}: entry {number}", entry, file.parent, listing)
        if slips:
            raise IngestError("\n".join((*slips, STOPPED)))

    def _add(self, where: str, entry: dict[str, Any], folder: Path, listing: Listing) -> list[str]:
        """Add what an entry says; return the message where there is no such file."""
        word, path = _word(entry, FULL), entry.get("path")
        if not isinstance(path, str):
            return [_slip(where, word, "no path says of what; do: add the path")] if word != FULL else []
        where = f"{where} ({path})"
        if gap := missing(folder, path, listing):
            return [_slip(where, word, gap)] if word != FULL else []
        name = key(folder / path)
        self._own[name] = stricter(word, self._own.get(name, FULL))
        if word != FULL and lost(folder, path, listing):
            self.pages[name] = where
        return []

    def of(self, keys: Sequence[Sequence[str]], page: str = "") -> str:
        """Return the policy of a file: its own, or that of the nearest folder that an entry names, or by default.

        Where it says nothing, the strictest holds of what is said of all below the folders that it lies in. That of a
        `page` of it is the stricter of the page's and the file's, if both are said.

        Args:
            keys: of the file, as `finding.keys_of` gives them.
            page: its place in the file; "" where the file is the one page.
        """
        pages = [pages_of(names[0], page) for names in keys] if page else []
        said = [word for names in (*pages, *keys) if (word := self._nearest(names))]
        default = stricter(*(self._of_folders.get(name, FULL) for names in keys for name in names))
        return stricter(*said) if said else default

    def _nearest(self, names: Sequence[str]) -> str | None:
        return next((self._own[name] for name in names if name in self._own), None)

    def hold_to_pages(self, unmet: Sequence[str]) -> None:
        """Stop where a page was to be held back and is not there; `unmet` are the keys of such pages.

        Raises:
            IngestError: it is so.
        """
        if slips := [_slip(self.pages[name], METADATA_ONLY, NO_PAGE) for name in unmet if name in self.pages]:
            raise IngestError("\n".join((*slips, STOPPED)))


def _slip(where: str, word: str, seen: str) -> str:
    return f"{where}: its policy, {word}, cannot hold: {seen}"


def _table(file: Path) -> dict[str, Any]:
    """Read the file as far as it is one; of a damaged one that speaks of withholding, withhold all."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError:
        return {"dataset": {POLICY: METADATA_ONLY}}
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {"dataset": {POLICY: METADATA_ONLY}} if SPEAKS.search(data.replace(b"\0", b"")) else {}


def _entries(table: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    raws = table.get("seed")
    numbered = enumerate(raws if isinstance(raws, list) else [], start=1)
    return [(number, raw) for number, raw in numbered if isinstance(raw, dict) and POLICY in raw]


def _word(said: Any, default: str) -> str:
    """Return the policy that a table of seeds.toml names; metadata only where it is no word that we know."""
    word = said.get(POLICY, default) if isinstance(said, dict) else default
    return word if isinstance(word, str) and word in POLICIES else METADATA_ONLY


def _strays(table: dict[str, Any]) -> Iterator[str]:
    """Say what may be a policy and stands where none is read."""
    do = "do: write policy in [dataset], or below [[seed]] with the path it holds of"
    for at, value in _leaves(table):
        if _may_be_policy(at, value):
            place = ".".join(map(str, at))
            yield f"{place} = {value!r}: it may be a policy, and none is read there; {do}"


def _leaves(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """List the values of a table of TOML, each with the keys, and the numbers in lists from 1, that lead to it."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value, start=1)
        for name, it in inner:
            yield from _leaves(it, (*at, name))
    else:
        yield at, value


def _may_be_policy(at: tuple[str | int, ...], value: Any) -> bool:
    """Say whether a value that is not read as a policy may be meant as one: by its key, or by its word."""
    column = _column(at)
    if column is not None:
        return column != POLICY and value == METADATA_ONLY
    words = [name for name in at if isinstance(name, str)]
    known = set().union(*KNOWN.values())
    return POLICY in (nearest(name, known) for name in words) or _is_like(value)


def _column(at: tuple[str | int, ...]) -> str | None:
    """Name the known key of [dataset] or of a [[seed]] that leads to a value; null where another does."""
    name = at[1] if at[0] == "dataset" and len(at) > 1 else None
    if at[0] == "seed" and len(at) > 2 and isinstance(at[1], int):
        name = at[2]
    return name if isinstance(name, str) and name in KNOWN[str(at[0])] else None


def _is_like(value: Any) -> bool:
    bare = re.sub(r"[^a-z]", "", value.casefold()) if isinstance(value, str) else ""
    return nearest(bare, ["metadataonly"]) is not None
