"""What `seeds.toml` says of each seed, and of the dataset."""

import difflib
import posixpath
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from pipeline.ingest.faults import Fault, IngestError
from pipeline.ingest.finding import PAGE, SEEDS_TOML, Listing, Where, folders, key, listing_of, lost
from pipeline.release.facts import SLUG, Dataset
from schemas.columns import UNKNOWN_LICENSE, Licence, Policy, Words

NO_PAGE = "its file has no such page, or it has no words; do: mend the number or drop the entry"
FEW = 200  # names among which the nearest is looked for: it takes some 10 microseconds each


def _inside(path: str) -> str:
    """Write a path plainly; it may not lead out of its folder."""
    plain = posixpath.normpath(path)
    if plain.startswith(("/", "..")):
        raise ValueError("it has to name a file or a folder in the folder of seeds.toml")
    return plain


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("in UTC it lies in no year from 1 to 9999") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class SeedEntry(BaseModel):
    """What `seeds.toml` says of one seed, or of all below a folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[Words, AfterValidator(_inside)]
    site: Words | None = None
    source_url: Words | None = None
    captured_earliest: Moment | None = None
    captured_latest: Moment | None = None
    capture_evidence: Words | None = None
    license: Licence = UNKNOWN_LICENSE
    license_evidence: Words | None = None
    policy: Policy | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "SeedEntry":
        if self.captured_earliest and self.captured_latest and self.captured_earliest > self.captured_latest:
            raise ValueError("captured_earliest is later than captured_latest")
        return self


class SeedsToml(BaseModel):
    """The whole of `seeds.toml`; what stands in its tables is checked one by one, so that the rest holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: Any = None
    seed: list[Any] = []


def read_entries(file: Path) -> tuple[dict[str, SeedEntry], list[Fault]]:
    """Read what a `seeds.toml` says, by the `key` of what it speaks of; a wrong entry is a fault, the rest holds."""
    if not file.is_file():
        return {}, []
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return {}, [Fault("unreadable", f"{SEEDS_TOML}: no entry can be read: {error}; do: mend that line")]
    faults = _whole_faults(table)
    raws, listing = table.get("seed", []), cache(listing_of)
    entries: dict[str, SeedEntry] = {}
    for number, raw in enumerate(raws if isinstance(raws, list) else [], start=1):
        entry = _read_entry(number, raw, file.parent, listing)
        if isinstance(entry, Fault):
            faults.append(entry)
        elif (name := key(file.parent / entry.path)) in entries:
            told = f"{SEEDS_TOML}: entry {number} ({entry.path}): an entry above speaks of it; that one holds"
            faults.append(Fault("invalid", f"{told}; do: drop one of them"))
        else:
            entries[name] = entry
    return entries, faults


def _whole_faults(table: dict[str, Any]) -> list[Fault]:
    """Say what in `seeds.toml` is no table that it may have."""
    try:
        SeedsToml.model_validate(table)
    except ValidationError as error:
        do = "do: write [dataset] once, and [[seed]] with two brackets above each entry"
        known = SeedsToml.model_fields
        return [
            Fault("invalid", f"{SEEDS_TOML}: {seen}; it is passed over; {do}") for seen in _seen(error, known)
        ]
    return []


def _seen(error: ValidationError, known: Collection[str]) -> list[str]:
    """Say what is wrong, key by key; of a key that is not known, which of the known is nearest."""
    told = ((e["msg"].removeprefix("Value error, "), e) for e in error.errors())
    return [_one_seen(e["type"], ".".join(map(str, e["loc"])), msg, known) for msg, e in told]


def _one_seen(kind: str, place: str, told: str, known: Collection[str]) -> str:
    is_unknown = kind in {"extra_forbidden", "unexpected_keyword_argument"}
    return f"{place or 'entry'}: {f'there is no such key{_hint(place, known)}' if is_unknown else told}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Name the nearest of some known words, whatever their case; null where none is near."""
    bare = {it.casefold(): it for it in sorted(known)}
    near = difflib.get_close_matches(word.casefold(), bare, n=1)
    return bare[near[0]] if near else None


def _hint(word: str, known: Collection[str]) -> str:
    near = nearest(word, known) if len(known) <= FEW else None
    return f"; the nearest is {near}" if near else ""


def _read_entry(number: int, raw: object, folder: Path, listing: Listing) -> SeedEntry | Fault:
    path = raw.get("path", "no path") if isinstance(raw, dict) else "no table"
    where = f"{SEEDS_TOML}: entry {number} ({path})"
    try:
        entry = SeedEntry.model_validate(raw)
    except ValidationError as error:
        seen = "; ".join(_seen(error, SeedEntry.model_fields))
        return Fault("invalid", f"{where}: {seen}; the seed is read without it; do: mend the entry")
    gap = missing(folder, entry.path, listing)
    return Fault("missing", f"{where}: {gap}") if gap else entry


def missing(folder: Path, path: str, listing: Listing) -> str | None:
    """Say that what an entry names is not there, with the nearest name there is; null if it is."""
    gap = lost(folder, path, listing)
    if gap is None or lost(folder, path.partition(PAGE)[0], listing) is None:
        return None
    return f"there is no such file{_hint(gap[1], listing(gap[0]))}; do: mend the path or drop the entry"


def all_entries(where: Where) -> tuple[dict[str, SeedEntry], list[Fault]]:
    """Read the entries of all places asked, by the `key` of what they speak of."""
    entries: dict[str, SeedEntry] = {}
    faults: list[Fault] = []
    for folder in folders(where):
        more, wrong = read_entries(folder / SEEDS_TOML)
        entries |= more
        faults += wrong
    return entries, faults


def read_dataset(where: Where, name: str | None = None) -> Dataset:
    """Read what `[dataset]` of the first folder that has one says of the dataset; a name given goes before.

    Without a name the dataset is called as its folder is.

    Raises:
        IngestError: it says what cannot be understood there, or why the name will not do.
    """
    said, place = _dataset_table(where)
    try:
        dataset = TypeAdapter(Dataset).validate_python({"name": _slug(folders(where)[0])} | said)
    except ValidationError as error:
        known = [field.name for field in fields(Dataset)]
        seen = "; ".join(_seen(error, known))
        raise IngestError(
            f"{place}: [dataset]: {seen}; do: mend it; it may have {', '.join(known)}"
        ) from None
    dataset = dataset if name is None else replace(dataset, name=name)
    if not SLUG.fullmatch(dataset.name):
        raise IngestError(
            f"the dataset cannot be named {dataset.name!r}; do: use lower-case letters, digits and hyphens"
        )
    return dataset


def _dataset_table(where: Where) -> tuple[dict[str, Any], Path]:
    """Find the first `[dataset]`, and the file where it stands."""
    for file in (folder / SEEDS_TOML for folder in folders(where)):
        try:
            said = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("dataset")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
            continue  # `read_entries` tells it
        if isinstance(said, dict):
            return said, file
        if said is not None:
            raise IngestError(f"{file}: dataset is {said!r}; write a table [dataset]")
    return {}, Path(SEEDS_TOML)


def _slug(folder: Path) -> str:
    """Make a dataset's name of a folder's."""
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or Dataset.name
