"""Bytes on disk → documents → the table of lines.

A seed is read once, whole; a bad one becomes a row in `removed` with a message, and the rest goes on.
"""

import hashlib
import os
import posixpath
import re
import stat
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from glob import has_magic
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from pipeline.policy import Policies
from pipeline.release.facts import Dataset
from schemas.columns import Licence, Policy, Words

SEEDS_TOML = "seeds.toml"
UNKNOWN_LICENSE = "LicenseRef-unknown"
BOM = "\ufeff".encode()
BOMS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# A text holds few control characters besides white space; a binary is full of them. A share of 1 in 100 is
# far above what stray form feeds or escapes give, and far below what images and archives give.
BINARY_SHARE = 0.01
READ_TRIES = 3
# Compiling a grammar's patterns costs a tenth of a second a batch; 64 MB hide it, and take about 1 GB of memory.
BATCH_BYTES = 64 << 20
# Four control characters are white space to Python and not to Rust; they are trimmed where they stand.
SEPARATORS = "\x1c\x1d\x1e\x1f"
WHITE_SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
# Half of a pair of UTF-16, written as if it were a character: some programs write emoji so.
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
# The letters outside ASCII of the languages that windows-1252 was made for, as Unicode CLDR lists them (main and
# auxiliary). No other alphabet, read as windows-1252, stays within one of them.
ALPHABETS = (
    "àâæçèéêëîïôœùûüÿ",  # French
    "äöüßéèàç",  # German
    "åäöéàüšž",  # Swedish, Finnish
    "æøåéèêóòôâäöü",  # Danish, Norwegian
    "áéíñóúüç",  # Spanish
    "àáâãçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "àçèéíïòóúü",  # Catalan
    "áäéëèêíïóöúü",  # Dutch
    "áéíóúýþæöð",  # Icelandic
)
SYMBOLS = set("‘’‚“”„«»‹›…–—•·¿¡ªº°§©®™€£½¼¾²×´\xa0\xad")
# Names and loans bring a letter of another language now and then.
FOREIGN_SHARE = 0.05
# Fewer bytes than these say nothing of a language to charset_normalizer.
FEW_BYTES = 8


Where = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


class IngestError(Exception):
    """The seeds cannot be read at all; the message says what, where, and what to do."""


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


@dataclass(frozen=True)
class Fault:
    """One thing that could not be read, and why."""

    reason: str
    message: str
    document_id: str | None = None
    kept_id: str | None = None
    byte_end: int | None = None


class Seeds(NamedTuple):
    """What was read: `documents`, one row a seed, and `faults`, what could not be."""

    documents: pl.DataFrame
    faults: list[Fault]


class Found(NamedTuple):
    """A file, its name in the folder where it was looked for, and that folder."""

    name: str
    path: Path
    folder: Path


INSTANT: pl.DataType = pl.Datetime("us", "UTC")
DOCUMENTS = pl.DataFrame(
    schema={
        "document_id": pl.String,
        "path": pl.String,
        "sha256": pl.String,
        "n_bytes": pl.Int64,
        "encoding": pl.String,
        "text": pl.String,
        "site": pl.String,
        "source_url": pl.String,
        "captured_earliest": INSTANT,
        "captured_latest": INSTANT,
        "capture_evidence": pl.String,
        "license": pl.String,
        "license_evidence": pl.String,
        "policy": pl.String,
    }
).schema


# Finding the seeds --------------------------------------------------------------------------------


def find_seeds(where: Where) -> list[tuple[str, Path]]:
    """List the files under folders, files and globs, each with its path as the dataset will name it.

    Hidden files and `seeds.toml` are left out. A file below a folder is named relative to that folder; where two
    would have one name, the names of their folders go before. A link to a folder is listed, and not followed.

    Raises:
        IngestError: nothing is there.
    """
    places = _places(where)
    found = {file.path.absolute(): file for place in reversed(places) for file in _files_at(place)}
    if not found:
        raise IngestError(
            f"no seeds at {', '.join(map(_spoken, places))}: name a folder that holds files, a file or a glob"
        )
    return sorted(_tell_apart(list(found.values())))


def _tell_apart(found: list[Found]) -> list[tuple[str, Path]]:
    """Name each file, with as many folders before as make it the only one of its name."""
    above = [file.folder.resolve().parts[1:] for file in found]
    names = [_spoken(file.name) for file in found]
    for n_folders in range(1, max(map(len, above)) + 1):
        times = Counter(names)
        names = [
            _spoken("/".join((*parts[-n_folders:], file.name))) if times[name] > 1 else name
            for name, file, parts in zip(names, found, above, strict=True)
        ]
    return [(name, file.path) for name, file in zip(names, found, strict=True)]


def _spoken(name: str) -> str:
    """Write a name that may not be UTF-8 as text."""
    return os.fsencode(name).decode("utf-8", "replace")


def _files_at(place: str) -> Iterator[Found]:
    """List the files at one place, named relative to it, or to the folder where its pattern begins."""
    path, root = Path(place), _folder_of(place)
    if _is_pattern(place):
        for match in sorted(root.glob(str(path.relative_to(root)))):
            for file in _files_at(str(match)):
                yield Found(file.path.relative_to(root).as_posix(), file.path, root)
    elif path.is_dir():
        yield from _files_below(path)
    elif path.exists() or path.is_symlink():
        yield Found(path.name, path, root)


def _is_pattern(place: str) -> bool:
    return has_magic(place) and not Path(place).exists()


def _folder_of(place: str) -> Path:
    """Name the folder that a place is, or lies in, or where its pattern begins."""
    path = Path(place)
    if _is_pattern(place):
        return Path(*takewhile(lambda part: not has_magic(part), path.parts))
    return path if path.is_dir() else path.parent


def _files_below(root: Path) -> Iterator[Found]:
    for folder, folders_below, names in os.walk(root):
        folders_below[:] = sorted(name for name in folders_below if not name.startswith("."))
        links = [name for name in folders_below if Path(folder, name).is_symlink()]
        for name in (*names, *links):
            if not name.startswith(".") and name != SEEDS_TOML:
                file = Path(folder, name)
                yield Found(file.relative_to(root).as_posix(), file, root)


def survey(where: Where) -> pl.DataFrame:
    """List the seeds without reading them.

    Returns:
        path, n_bytes, modified_ns (when it was last written; both null for a dangling link), site, license (as
        `seeds.toml` says; null where it does not).

    Raises:
        IngestError: nothing is there.
    """
    entries, _ = _all_entries(where)
    found = ((name, path, entries.get(path.absolute())) for name, path in find_seeds(where))
    rows = [
        (name, *_size_and_time(path), entry and entry.site, entry and entry.license)
        for name, path, entry in found
    ]
    numbers = dict.fromkeys(("n_bytes", "modified_ns"), pl.Int64)
    return pl.DataFrame(
        rows, {"path": pl.String, **numbers, "site": pl.String, "license": pl.String}, orient="row"
    )


def fingerprint(where: Where) -> str:
    """Digest the names, sizes and times of the seeds, and of what is said of them, without reading them.

    Raises:
        IngestError: nothing is there.
    """
    files = [*find_seeds(where), *((SEEDS_TOML, folder / SEEDS_TOML) for folder in folders(where))]
    return hashlib.sha256(repr([(name, *_size_and_time(path)) for name, path in files]).encode()).hexdigest()


def _size_and_time(path: Path) -> tuple[int | None, int | None]:
    try:
        said = path.stat()
    except OSError:
        return None, None
    return said.st_size, said.st_mtime_ns


def folders(where: Where) -> list[Path]:
    """List the folders that may hold a `seeds.toml` for these places."""
    return sorted(set(map(_folder_of, _places(where))))


def _places(where: Where) -> list[str]:
    return [os.fspath(place) for place in ([where] if isinstance(where, str | os.PathLike) else where)]


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
    if not (folder / entry.path).is_file():
        return Fault("missing", f"{where}: there is no such file; do: mend the path or drop the entry")
    return entry


def _all_entries(where: Where) -> tuple[dict[Path, SeedEntry], list[Fault]]:
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


# Reading a seed -----------------------------------------------------------------------------------


def read_seeds(where: Where) -> Seeds:
    """Read every seed under some folders, files or globs.

    Returns:
        One row a document, by path, with the columns of DOCUMENTS; and the faults.

    Raises:
        IngestError: nothing is there.
    """
    found = find_seeds(where)
    entries, wrong = _all_entries(where)
    faults = [*_missing(where), *wrong]
    policies = Policies(folders(where), SEEDS_TOML)
    rows: dict[str, dict[str, Any]] = {}
    for name, path in found:
        row = _read_seed(name, path, entries.get(path.absolute(), NOTHING_SAID), policies.of(path))
        if isinstance(row, Fault):
            faults.append(row)
        elif (first := rows.get(row["document_id"])) is not None:
            faults.append(
                Fault(
                    "exact_copy",
                    f"{name}: the same bytes as {first['path']}; one is kept",
                    row["document_id"],
                    first["document_id"],
                    row["n_bytes"],
                )
            )
        else:
            rows[row["document_id"]] = row
    return Seeds(pl.DataFrame(list(rows.values()), schema=DOCUMENTS, orient="row"), faults)


def _missing(where: Where) -> list[Fault]:
    empty = [place for place in _places(where) if next(_files_at(place), None) is None]
    return [Fault("missing", f"{_spoken(place)}: no file is there; do: mend the name") for place in empty]


def _read_seed(name: str, path: Path, entry: SeedEntry, policy: str) -> dict[str, Any] | Fault:
    try:
        data = _read_bytes(path)
        text, encoding = _decode(data)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Fault("unreadable", f"{name}: {reason}; do: replace or remove the file")
    digest = hashlib.sha256(data).hexdigest()
    document_id = f"d_{digest[:24]}"
    if not text.removeprefix("\ufeff").strip():
        return Fault(
            "empty", f"{name}: nothing but white space in {len(data)} bytes", document_id, byte_end=len(data)
        )
    return {
        "document_id": document_id,
        "path": name,
        "sha256": digest,
        "n_bytes": len(data),
        "encoding": encoding,
        "text": text,
        "site": entry.site,
        "source_url": entry.source_url,
        "captured_earliest": _utc(entry.captured_earliest),
        "captured_latest": _utc(entry.captured_latest),
        "capture_evidence": entry.capture_evidence,
        "license": entry.license,
        "license_evidence": entry.license_evidence,
        "policy": policy,
    }


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _read_bytes(path: Path) -> bytes:
    """Read a regular file whole, again if it changed meanwhile."""
    for _ in range(READ_TRIES):
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            what = "a link to a folder" if path.is_dir() else "not a regular file"
            raise OSError(0, what)
        data = path.read_bytes()
        if len(data) == before.st_size == path.stat().st_size:
            return data
    raise OSError(0, f"the file changed during each of {READ_TRIES} readings")


def _decode(data: bytes) -> tuple[str, str]:
    """Decode a seed to text, and say from what encoding.

    A UTF-8 text keeps its byte order mark, so that offsets are into the file itself.

    Raises:
        UnicodeError: it is no text.
    """
    for mark, encoding in BOMS.items():
        if data.startswith(mark):
            return data.decode(encoding), encoding
    if (wide := _wide_encoding(data)) is not None:
        return data.decode(wide), wide
    try:
        return data.decode("utf-8"), "utf-8-sig" if data.startswith(BOM) else "utf-8"
    except UnicodeDecodeError:
        if _control_share(data) > BINARY_SHARE:
            raise UnicodeError("a binary file, not a text") from None
        return _decode_damaged(data)


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by where its zero bytes stand: most Latin letters have one, on one side."""
    sample = np.frombuffer(data[: 1 << 16], dtype=np.uint8)
    if len(sample) < 4:
        return None
    even, odd = (sample[0::2] == 0).mean(), (sample[1::2] == 0).mean()
    if max(even, odd) < 0.3 or min(even, odd) > 0.05:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _control_share(data: bytes) -> float:
    sample = np.frombuffer(data[: 1 << 20], dtype=np.uint8)
    control = (sample < 32) & ~np.isin(sample, (9, 10, 11, 12, 13, 27))
    return float(control.mean()) if len(sample) else 0.0


def _decode_damaged(data: bytes) -> tuple[str, str]:
    """Decode what is not quite UTF-8: damaged UTF-8 keeps its letters, anything else is guessed."""
    text = data.decode("utf-8", errors="replace")
    sound = data.decode("utf-8", errors="ignore")
    n_surrogates = len(SURROGATE.findall(data))  # each is three bad bytes, and yet a sign of UTF-8
    n_bad = len(text) - len(sound) - 3 * n_surrogates
    n_good = len(sound) - len(sound.encode("ascii", "ignore")) + n_surrogates
    if n_good > 0 and n_good >= n_bad:
        return text, "utf-8-damaged"
    if _is_western(data):
        return data.decode("cp1252"), "cp1252"
    encoding = _guess(data)
    return data.decode(encoding, errors="replace"), encoding


def _is_western(data: bytes) -> bool:
    """Say whether it reads as windows-1252 in one Western European language."""
    try:
        text = data.decode("cp1252").lower()
    except UnicodeDecodeError:
        return False
    times = Counter(re.findall(r"[^\x00-\x7f]", text))
    n_letters = sum(map(str.isalpha, text))
    letters = Counter({c: n for c, n in times.items() if c not in SYMBOLS})
    if 2 * letters.total() > n_letters:  # no Western language is written so
        return False
    if times.total() < FEW_BYTES:
        return letters.keys() <= set("".join(ALPHABETS))
    n_foreign = min(sum(n for c, n in letters.items() if c not in alphabet) for alphabet in ALPHABETS)
    return n_foreign <= FOREIGN_SHARE * times.total()


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, seldom needed

    guesses = [match.encoding for match in from_bytes(data[: 1 << 18])]
    if not guesses:
        raise UnicodeError("not UTF-8, and no other encoding fits")
    # It is known by now not to be Western: of Latin letters, the Central European code page is next.
    return "cp1250" if guesses[0] == "cp1252" and "cp1250" in guesses else guesses[0]


# The table of lines -------------------------------------------------------------------------------


def read_lines(documents: pl.DataFrame) -> pl.DataFrame:
    """Lay documents out as lines.

    Args:
        documents: needs `text`.

    Returns:
        One row a line that is not blank, documents and lines in order: `doc` (row of the document), `n` (from 0),
        `n_left` (lines after it), `line` (as an editor counts, from 1), `byte_start`, `byte_end` (of `text`, in
        the document), `text` (trimmed of white space), `indent` (bytes of white space before it), `gap` (blank
        lines above it; 0 at the top of a document).
    """
    data, ends = _concatenate(documents["text"])
    starts, doc = _line_starts(data, ends, has_returns=_hold(documents["text"], "\r"))
    lines = pl.DataFrame(
        {"doc": doc, "at": starts[:-1] - np.concatenate(([0], ends[:-1]))[doc]}
    ).with_columns(pl.Series("raw", _slices(data, starts)), line=_rank(doc) + 1)
    blank = WHITE_SPACE if _hold(documents["text"], SEPARATORS) else None
    raw = pl.col("raw")
    if documents["text"].str.starts_with("\ufeff").any():
        raw = pl.when(pl.col("line") == 1).then(raw.str.strip_prefix("\ufeff")).otherwise(raw)
    return (
        lines.lazy()
        .with_columns(text=raw.str.strip_chars_start(blank))
        .with_columns(indent=pl.col("raw").str.len_bytes() - pl.col("text").str.len_bytes())
        .with_columns(pl.col("text").str.strip_chars_end(blank))
        .filter(pl.col("text") != "")
        .with_columns(byte_start=(pl.col("at") + pl.col("indent")).cast(pl.Int64))
        .with_columns(byte_end=pl.col("byte_start") + pl.col("text").str.len_bytes())
        .drop("raw", "at")
        .collect()
        .pipe(_number)
    )


def _number(lines: pl.DataFrame) -> pl.DataFrame:
    doc = lines["doc"].to_numpy()
    rank = _rank(doc)
    last = np.flatnonzero(np.diff(doc, append=-1))
    n_left = np.repeat(rank[last], np.diff(np.concatenate(([-1], last)))) - rank if len(doc) else rank
    line = lines["line"].to_numpy()
    blank = np.where(rank > 0, np.diff(line, prepend=1) - 1, 0)
    return lines.with_columns(
        n=pl.Series(rank, dtype=pl.Int32),
        n_left=pl.Series(n_left, dtype=pl.Int32),
        gap=pl.Series(blank, dtype=pl.Int32),
    )


def _rank(doc: np.ndarray) -> np.ndarray:
    """Count rows from 0 within each run of equal values."""
    rows = np.arange(len(doc))
    first = np.diff(doc, prepend=-1) != 0
    return rows - np.maximum.accumulate(np.where(first, rows, 0))


def _concatenate(texts: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Lay texts end to end as bytes, and say where each ends."""
    array = texts.to_arrow().cast(pa.large_binary())
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    bytes_ = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    return bytes_[offsets[0] : offsets[-1]], offsets[1:] - offsets[0]


def _line_starts(data: np.ndarray, ends: np.ndarray, *, has_returns: bool) -> tuple[np.ndarray, np.ndarray]:
    """Find where each line starts (and, last, where the last ends), and of which document it is."""
    breaks = data == ord("\n")
    if (
        has_returns
    ):  # a lone carriage return ends a line too; one before a line feed is white space at its end
        breaks |= (data == ord("\r")) & ~np.append(breaks[1:], False)
    breaks[ends[ends > 0] - 1] = True
    starts = np.append(0, np.flatnonzero(breaks) + 1)
    return starts, np.searchsorted(ends, starts[:-1], side="right").astype(np.uint32)


def _hold(texts: pl.Series, characters: str) -> bool:
    """Say whether any text holds any of some characters."""
    return any(texts.str.contains(character, literal=True).any() for character in characters)


def _slices(data: np.ndarray, starts: np.ndarray) -> pa.LargeStringArray:
    """See bytes that are known to be UTF-8 as strings, without a copy."""
    return pa.LargeStringArray.from_buffers(
        len(starts) - 1, pa.py_buffer(starts), pa.py_buffer(np.ascontiguousarray(data))
    )


def batches(documents: pl.DataFrame, size_bytes: int = BATCH_BYTES) -> Iterator[pl.DataFrame]:
    """Cut documents into batches of whole documents of about so many bytes, so that memory is bounded."""
    if documents.is_empty():
        return
    filled = documents["n_bytes"].cum_sum() // size_bytes
    yield from documents.with_columns(batch=filled).partition_by(
        "batch", maintain_order=True, include_key=False
    )


def removed_rows(faults: Iterable[Fault]) -> pl.DataFrame:
    """Write faults as rows of `removed`."""
    rows = [
        {
            "document_id": f.document_id,
            "kind": "document",
            "byte_start": 0 if f.byte_end is not None else None,
            "byte_end": f.byte_end,
            "reason": f.reason,
            "kept_id": f.kept_id,
            "message": f.message,
        }
        for f in faults
    ]
    schema = {
        "document_id": pl.String,
        "kind": pl.String,
        "byte_start": pl.Int64,
        "byte_end": pl.Int64,
        "reason": pl.String,
        "kept_id": pl.String,
        "message": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)
