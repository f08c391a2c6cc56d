"""What `seeds.toml` says of each seed, and of the dataset."""

import posixpath
import re
import tomllib
from dataclasses import fields, replace
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
from pipeline.ingest.finding import SEEDS_TOML, Where, folders
from pipeline.release.facts import SLUG, Dataset
from schemas.columns import Licence, Policy, Words

UNKNOWN_LICENSE = "LicenseRef-unknown"


def _inside(path: str) -> str:
    """Write a path plainly; it may not lead out of its folder."""
    plain = posixpath.normpath(path)
    if plain.startswith(("/", "..")) or plain == ".":
        raise ValueError("it has to name a file in the folder of seeds.toml")
    return plain


class SeedEntry(BaseModel):
    """What `seeds.toml` says of one seed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[Words, AfterValidator(_inside)]
    site: Words | None = None
    source_url: Words | None = None
    captured_earliest: AwareDatetime | None = None
    captured_latest: AwareDatetime | None = None
    capture_evidence: Words | None = None
    license: Licence = UNKNOWN_LICENSE
    license_evidence: Words | None = None
    policy: Policy | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "SeedEntry":
        if self.captured_earliest and self.captured_latest and self.captured_earliest > self.captured_latest:
            raise ValueError("captured_earliest is later than captured_latest")
        return self


NOTHING_SAID = SeedEntry(path="nothing")


class SeedsToml(BaseModel):
    """The whole of `seeds.toml`; what stands in its tables is checked one by one, so that the rest holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: Any = None
    seed: list[Any] = []


def read_entries(folder: Path) -> tuple[dict[str, SeedEntry], list[Fault]]:
    """Read what a folder's `seeds.toml` says, by path; an entry that is wrong is a fault, the rest holds."""
    file = folder / SEEDS_TOML
    if not file.is_file():
        return {}, []
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return {}, [Fault("unreadable", f"{SEEDS_TOML}: no entry can be read: {error}; do: mend that line")]
    faults = _whole_faults(table)
    raws = table.get("seed", [])
    entries: dict[str, SeedEntry] = {}
    for number, raw in enumerate(raws if isinstance(raws, list) else [], start=1):
        entry = _read_entry(number, raw, folder)
        if isinstance(entry, Fault):
            faults.append(entry)
        elif entry.path in entries:
            told = f"{SEEDS_TOML}: entry {number} ({entry.path}): an entry above speaks of it; that one holds"
            faults.append(Fault("invalid", f"{told}; do: drop one of them"))
        else:
            entries[entry.path] = entry
    return entries, faults


def _whole_faults(table: dict[str, Any]) -> list[Fault]:
    """Say what in `seeds.toml` is no table that it may have."""
    try:
        SeedsToml.model_validate(table)
    except ValidationError as error:
        do = "do: write [dataset] once, and [[seed]] with two brackets above each entry"
        return [Fault("invalid", f"{SEEDS_TOML}: {seen}; it is passed over; {do}") for seen in _seen(error)]
    return []


def _seen(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, e['loc'])) or 'entry'}: {e['msg']}" for e in error.errors()]


def _read_entry(number: int, raw: object, folder: Path) -> SeedEntry | Fault:
    path = raw.get("path", "no path") if isinstance(raw, dict) else "no table"
    where = f"{SEEDS_TOML}: entry {number} ({path})"
    try:
        entry = SeedEntry.model_validate(raw)
    except ValidationError as error:
        seen = "; ".join(_seen(error))
        return Fault("invalid", f"{where}: {seen}; the seed is read without it; do: mend the entry")
    if not (folder / entry.path).is_file() and not (folder / entry.path.partition("#")[0]).is_file():
        return Fault("missing", f"{where}: there is no such file; do: mend the path or drop the entry")
    return entry


def all_entries(where: Where) -> tuple[dict[Path, SeedEntry], list[Fault]]:
    """Read the entries of all folders, by the file they speak of."""
    entries: dict[Path, SeedEntry] = {}
    faults: list[Fault] = []
    for folder in folders(where):
        more, wrong = read_entries(folder)
        entries |= {(folder / path).absolute(): entry for path, entry in more.items()}
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
        known = ", ".join(field.name for field in fields(Dataset))
        raise IngestError(f"{place}: [dataset]: {'; '.join(_seen(error))}; it may have {known}") from None
    dataset = dataset if name is None else replace(dataset, name=name)
    if not SLUG.fullmatch(dataset.name):
        raise IngestError(
            f"the dataset cannot be named {dataset.name!r}: use lower-case letters, digits and hyphens"
        )
    return dataset


def _dataset_table(where: Where) -> tuple[dict[str, Any], Path]:
    """Find the first `[dataset]`, and the file where it stands."""
    for file in (folder / SEEDS_TOML for folder in folders(where)):
        try:
            said = tomllib.loads(file.read_text(encoding="utf-8")).get("dataset")
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
