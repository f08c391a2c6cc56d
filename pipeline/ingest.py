"""Bytes on disk → documents → the table of lines.

A seed is read once, whole; a bad one becomes a row in `removed` with a message, and the rest goes on.
"""

import hashlib
import os
import stat
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from glob import has_magic
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, model_validator

from pipeline.release.facts import Dataset

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


Where = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


class IngestError(Exception):
    """The seeds cannot be read at all; the message says what, where, and what to do."""


class SeedEntry(BaseModel):
    """What `seeds.toml` says of one seed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    site: str | None = None
    source_url: str | None = None
    captured_earliest: AwareDatetime | None = None
    captured_latest: AwareDatetime | None = None
    capture_evidence: str | None = None
    license: str = UNKNOWN_LICENSE
    license_evidence: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "SeedEntry":
        if self.captured_earliest and self.captured_latest and self.captured_earliest > self.captured_latest:
            raise ValueError("captured_earliest is later than captured_latest")
        return self


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


INSTANT: pl.DataType = pl.Datetime("us", "UTC")
DOCUMENTS = pl.DataFrame(
    schema={
        "document_id": pl.String,
        "path": pl.String,
        "sha256": pl.String,
        "n_bytes": pl.Int64,
        "encoding": pl.String,
        "text": pl.String,
        "source_url": pl.String,
        "captured_earliest": INSTANT,
        "captured_latest": INSTANT,
        "capture_evidence": pl.String,
        "license": pl.String,
        "license_evidence": pl.String,
    }
).schema


# Finding the seeds --------------------------------------------------------------------------------


def find_seeds(where: Where) -> list[tuple[str, Path]]:
    """List the files under folders, files and globs, each with its path as the dataset will name it.

    Hidden files and `seeds.toml` are left out. A file below a folder is named relative to that folder.

    Raises:
        IngestError: nothing is there.
    """
    places = _places(where)
    found = {name: path for place in places for name, path in _files_at(place)}
    if not found and not any(Path(place).is_dir() for place in places):
        raise IngestError(f"no seeds at {', '.join(places)}: name a folder, a file or a glob")
    return sorted(found.items())


def _files_at(place: str) -> Iterator[tuple[str, Path]]:
    """List the files at one place, named relative to it, or to the folder where its pattern begins."""
    path = Path(place)
    if has_magic(place) and not path.exists():
        fixed = list(takewhile(lambda part: not has_magic(part), path.parts))
        root = Path(*fixed)
        for match in sorted(root.glob(str(Path(*path.parts[len(fixed) :])))):
            for name, file in _files_at(str(match)):
                yield (
                    str(match.relative_to(root) / name) if match.is_dir() else str(match.relative_to(root)),
                    file,
                )
    elif path.is_dir():
        yield from _files_below(path)
    elif path.exists() or path.is_symlink():
        yield path.name, path


def _files_below(root: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders_below, names in os.walk(root):
        folders_below[:] = sorted(name for name in folders_below if not name.startswith("."))
        for name in names:
            if not name.startswith(".") and name != SEEDS_TOML:
                file = Path(folder, name)
                yield file.relative_to(root).as_posix(), file


def survey(where: Where) -> pl.DataFrame:
    """List the seeds without reading them.

    Returns:
        path, n_bytes, modified_ns (when it was last written; both null for a dangling link), site, license (as
        `seeds.toml` says; null where it does not).

    Raises:
        IngestError: nothing is there.
    """
    entries = {path: entry for folder in folders(where) for path, entry in read_entries(folder)[0].items()}
    nothing = SeedEntry(path="", license="")
    found = ((name, path, entries.get(name, nothing)) for name, path in find_seeds(where))
    rows = [(name, *_size_and_time(path), entry.site, entry.license or None) for name, path, entry in found]
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
    return sorted({path if path.is_dir() else path.parent for path in map(Path, _places(where))})


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
    entries: dict[str, SeedEntry] = {}
    faults: list[Fault] = []
    for number, raw in enumerate(table.get("seed", []), start=1):
        entry, fault = _read_entry(number, raw, folder)
        if fault:
            faults.append(fault)
        if entry:
            entries[entry.path] = entry
    return entries, faults


def _read_entry(number: int, raw: dict[str, Any], folder: Path) -> tuple[SeedEntry | None, Fault | None]:
    where = f"{SEEDS_TOML}: entry {number} ({raw.get('path', 'no path')})"
    try:
        entry = SeedEntry.model_validate(raw)
    except ValidationError as error:
        seen = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'entry'}: {e['msg']}" for e in error.errors())
        return None, Fault("unreadable", f"{where}: {seen}; the seed is read without it; do: mend the entry")
    if not (folder / entry.path).is_file():
        return None, Fault(
            "unreadable", f"{where}: there is no such file; do: mend the path or drop the entry"
        )
    return entry, None


def read_dataset(where: Where, name: str | None = None) -> Dataset:
    """Read what `[dataset]` of the first folder with a `seeds.toml` says of the dataset; a name given goes before.

    Raises:
        IngestError: it says what is not known there.
    """
    for folder in folders(where):
        try:
            said = tomllib.loads((folder / SEEDS_TOML).read_text(encoding="utf-8")).get("dataset", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
            continue  # `read_entries` tells it
        if unknown := set(said) - {field.name for field in fields(Dataset)}:
            known = ", ".join(field.name for field in fields(Dataset))
            raise IngestError(f"{folder / SEEDS_TOML}: [dataset] has {sorted(unknown)}; it may have {known}")
        said["tags"] = tuple(said.get("tags", ()))
        dataset = Dataset(**said)
        return replace(dataset, name=name or dataset.name)
    return Dataset(name=name) if name else Dataset()


# Reading a seed -----------------------------------------------------------------------------------


def read_seeds(where: Where) -> Seeds:
    """Read every seed under some folders, files or globs.

    Returns:
        One row a document, by path, with the columns of DOCUMENTS; and the faults.

    Raises:
        IngestError: nothing is there.
    """
    found = find_seeds(where)
    entries: dict[str, SeedEntry] = {}
    faults: list[Fault] = []
    for folder in folders(where):
        more, wrong = read_entries(folder)
        entries |= more
        faults += wrong
    rows: dict[str, dict[str, Any]] = {}
    for name, path in found:
        row = _read_seed(name, path, entries.get(name))
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


def _read_seed(name: str, path: Path, entry: SeedEntry | None) -> dict[str, Any] | Fault:
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
    entry = entry or SeedEntry(path=name)
    return {
        "document_id": document_id,
        "path": name,
        "sha256": digest,
        "n_bytes": len(data),
        "encoding": encoding,
        "text": text,
        "source_url": entry.source_url,
        "captured_earliest": _utc(entry.captured_earliest),
        "captured_latest": _utc(entry.captured_latest),
        "capture_evidence": entry.capture_evidence,
        "license": entry.license,
        "license_evidence": entry.license_evidence,
    }


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _read_bytes(path: Path) -> bytes:
    """Read a regular file whole, again if it changed meanwhile."""
    for _ in range(READ_TRIES):
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            raise OSError(0, "not a regular file")
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
    n_bad = text.count("\ufffd")
    n_good = sum(1 for c in text if c > "\x7f") - n_bad
    if n_good > n_bad or n_bad * 1000 < len(text):
        return text, "utf-8-damaged"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, seldom needed

    best = from_bytes(data[: 1 << 18]).best()
    if best is None:
        raise UnicodeError("not UTF-8, and no other encoding fits")
    return data.decode(best.encoding, errors="replace"), best.encoding


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
