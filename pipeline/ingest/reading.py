"""Seeds → documents."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.ingest.decoding import decode
from pipeline.ingest.entries import NO_PAGE, SeedEntry, all_entries
from pipeline.ingest.faults import Fault
from pipeline.ingest.finding import (
    PAGE,
    SEEDS_TOML,
    Keys,
    Where,
    files_at,
    find_seeds,
    keys_of,
    lost,
    pages_of,
    places,
    spoken,
    tomls,
)
from pipeline.ingest.packed import MAIN_TEXT, PLAIN, Budget, Page, Source, kind_of, unpack
from pipeline.ingest.policies import Policies
from pipeline.ingest.preface import preface_of
from pipeline.spill import lay
from pipeline.utf8 import WHITE_SPACE
from schemas.columns import UNKNOWN_LICENSE

READ_TRIES = 3
FRAME_BYTES = 16 << 20  # of texts that are held before they go to disk
CAPTURE = ("captured_earliest", "captured_latest", "capture_evidence")
TOLD = "The file that holds the page says so."


class Seeds(NamedTuple):
    """What was read: `documents`, one row a seed, and `faults`, what could not be."""

    documents: pl.DataFrame
    faults: list[Fault]


# Of the file that a document was read from: what it is called, its digest as found, its size.
OF_FILE = ("file_path", "file_sha256", "file_bytes")
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
        "file_path": pl.String,
        "file_sha256": pl.String,
        "file_bytes": pl.Int64,
        # What a page says of itself above its text or beside it, and how long that stretch is.
        "title": pl.String,
        "author": pl.String,
        "published_raw": pl.String,
        "source_id": pl.String,
        "preface_bytes": pl.Int64,
        "extracted_by": pl.String,
        "states": pl.String,  # the page kind that the form of its file states
    }
).schema


class Said(NamedTuple):
    """What the files seeds.toml say: by `key` of what they speak of, and which pages were not met so far.

    `keys_of` is that of `finding`, and remembers the folders, each of which holds many files.
    """

    entries: dict[str, SeedEntry]
    policies: Policies
    unmet: set[str]
    faults: list[Fault]
    keys_of: Keys

    def of(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        """List what is said of a file, or of a page of one, and of the folders that it lies below."""
        return [_facts(self.entries[name]) for name in keys if name in self.entries]


def _said_of(where: Where) -> Said:
    entries, faults = all_entries(where)
    policies = Policies(tomls(where))
    pages = {name for name, entry in entries.items() if PAGE in entry.path and lost(Path(name).parent, name)}
    return Said(
        entries, policies, pages.union(policies.pages), faults, partial(keys_of, of_folder=cache(keys_of))
    )


def read_seeds(where: Where) -> Seeds:
    """Read every seed under some folders, files or globs; a packed file gives a document for each of its pages.

    Returns:
        One row a document, by path, with the columns of DOCUMENTS; and the faults.

    Raises:
        IngestError: nothing is there, or a policy cannot hold.
    """
    found = find_seeds(where)
    said = _said_of(where)
    faults = [*_missing(where), *said.faults]
    first: dict[str, tuple[str, str | None]] = {}

    def new_rows() -> Iterator[dict[str, Any]]:
        for name, path in found:
            for row in _with_file(name, path, _read_file(name, path, said)):
                if isinstance(row, Fault):
                    faults.append(row)
                elif row["document_id"] in first:
                    faults.append(_copy_of(first[row["document_id"]], row))
                else:
                    first[row["document_id"]] = row["path"], row["file_sha256"]
                    yield row

    (documents,) = lay((frame,) for frame in _frames(new_rows()))
    faults += _unmet(said, [path for _, path in found])
    return Seeds(documents, faults)


def _frames(rows: Iterable[dict[str, Any]]) -> Iterator[pl.DataFrame]:
    """Lay rows out as frames of about so many bytes, so that few texts are held twice; at least one."""
    held, n_bytes = list[dict[str, Any]](), 0
    for row in rows:
        held.append(row)
        n_bytes += row["n_bytes"]
        if n_bytes >= FRAME_BYTES:
            yield pl.DataFrame(held, schema=DOCUMENTS, orient="row")
            held, n_bytes = [], 0
    yield pl.DataFrame(held, schema=DOCUMENTS, orient="row")


def _with_file(
    name: str, path: Path, rows: Iterator[dict[str, Any] | Fault]
) -> Iterator[dict[str, Any] | Fault]:
    """Say of all that was read from a file what the file is called, and the digest and size of its bytes."""
    found = cache(_digest_of)
    for row in rows:
        if isinstance(row, Fault):
            yield replace(row, file_path=name, file_sha256=found(path)[0])
        elif row["file_path"]:  # a plain text, whose bytes are the file's: it is not read once more
            yield row
        else:
            yield row | dict(zip(OF_FILE, (name, *found(path)), strict=True))


def _digest_of(path: Path) -> tuple[str | None, int | None]:
    """Return the SHA-256 of a file, in hex, and its size; null where it cannot be read."""
    try:
        n_bytes = _check_regular(path).st_size
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), n_bytes
    except OSError:
        return None, None


def _copy_of(first: tuple[str, str | None], row: dict[str, Any]) -> Fault:
    path, sha256 = first
    same = "bytes" if sha256 == row["file_sha256"] == row["sha256"] else "text"
    told = f"{row['path']}: the same {same} as {path}; one is kept"
    copy = Fault("exact_copy", told, row["document_id"], row["document_id"], row["n_bytes"])
    return replace(copy, file_path=row["file_path"], file_sha256=row["file_sha256"])


def _unmet(said: Said, found: Sequence[Path]) -> list[Fault]:
    """Name the entries that speak of a page which its file does not have.

    Raises:
        IngestError: such a page was to be held back.
    """
    read = {names[0] for path in found for names in said.keys_of(path)} if said.unmet else set()
    unmet = [name for name in sorted(said.unmet) if not read.isdisjoint(_files_of(name))]
    said.policies.hold_to_pages(unmet)
    lost_entries = (said.entries[name] for name in unmet if name in said.entries)
    return [Fault("missing", f"{SEEDS_TOML}: {entry.path}: {NO_PAGE}") for entry in lost_entries]


def _files_of(page: str) -> Iterator[str]:
    """List what may be the key of the file that a page is of: a file's name too may have the sign before a page."""
    return (page[:at] for at, sign in enumerate(page) if sign == PAGE)


def _missing(where: Where) -> list[Fault]:
    empty = [place for place in places(where) if next(files_at(place), None) is None]
    return [Fault("missing", f"{spoken(place)}: no file is there; do: mend the name") for place in empty]


def _read_file(name: str, path: Path, said: Said) -> Iterator[dict[str, Any] | Fault]:
    """Read the pages of one file: a plain text is one."""
    keys = said.keys_of(path)
    of_file = said.of(keys[0])
    try:
        source = Source(name, lambda: path.open("rb"), Budget(_check_regular(path).st_size))
        is_plain = kind_of(source.head()) == PLAIN
    except OSError as error:
        yield _unreadable(name, error)
        return
    if is_plain:
        yield _read_seed(name, path, of_file, said.policies.of(keys))
        return
    for page in unpack(source):
        if isinstance(page, Fault):
            yield page
        else:
            own = pages_of(keys[0][0], page.at) if page.at else []
            said.unmet.difference_update(*(pages_of(names[0], page.at) for names in keys if page.at))
            yield _packed_row(name, page, said.of(own), of_file, said.policies.of(keys, page.at))


def _unreadable(name: str, error: Exception) -> Fault:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault("unreadable", f"{name}: {reason}; do: replace or remove the file")


def _read_seed(name: str, path: Path, of_file: list[dict[str, Any]], policy: str) -> dict[str, Any] | Fault:
    """Make a row of a file that is one plain text."""
    try:
        data = _read_bytes(path)
        text, encoding = decode(data)
    except (OSError, UnicodeError) as error:
        return _unreadable(name, error)
    row = _row(name, data, text, encoding, of_file)
    if isinstance(row, Fault):
        return row
    return row | {"policy": policy} | dict(zip(OF_FILE, (name, row["sha256"], row["n_bytes"]), strict=True))


def _packed_row(
    name: str, page: Page, own: list[dict[str, Any]], of_file: list[dict[str, Any]], policy: str
) -> dict[str, Any] | Fault:
    """Make a row of a page of a packed file: what seeds.toml says of the page goes before what the page says."""
    path = f"{name}{PAGE}{page.at}" if page.at else name
    try:
        text, encoding = (page.text, "utf-8") if page.text is not None else decode(page.data or b"")
    except UnicodeError as error:
        return _unreadable(path, error)
    captured = page.own.get("captured")
    seen = {"captured_earliest": captured, "captured_latest": captured, "capture_evidence": TOLD}
    said = [*own, {**page.own, **(seen if captured else {})}, *of_file]
    row = _row(path, text.encode(), text, encoding, said)
    return (
        row
        if isinstance(row, Fault)
        else row
        | {
            "extracted_by": page.extracted_by,
            "states": page.states or row["states"],
            "policy": policy,
        }
    )


def _facts(entry: SeedEntry) -> dict[str, Any]:
    """List what seeds.toml says of a seed; an unknown licence is nothing said."""
    facts = entry.model_dump(exclude={"path", "policy"}, exclude_none=True)
    return {name: fact for name, fact in facts.items() if fact != UNKNOWN_LICENSE}


def _row(path: str, data: bytes, text: str, encoding: str, said: Sequence[Mapping[str, Any]]) -> Any:
    """Make a row of DOCUMENTS; of what is said of a page in several places the first holds, its own words last."""
    digest = hashlib.sha256(data).hexdigest()
    document_id = f"d_{digest[:24]}"
    if not text.strip(f"\ufeff\0{WHITE_SPACE}"):
        told = f"{path}: no words in {len(data)} bytes; do: fill or remove the file"
        return Fault("empty", told, document_id, byte_end=len(data))
    preface = preface_of(text)
    facts = {"license": UNKNOWN_LICENSE, **_merged([*said, preface.own])}
    return dict.fromkeys(DOCUMENTS.names()) | {
        **{name: fact for name, fact in facts.items() if name in DOCUMENTS},
        "document_id": document_id,
        "path": path,
        "sha256": digest,
        "n_bytes": len(data),
        "encoding": encoding,
        "text": text,
        "preface_bytes": preface.n_bytes,
        "states": MAIN_TEXT if preface.n_bytes else None,
    }


def _merged(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Lay together what several places say, the first before the others; a time of capture goes with its evidence."""
    facts: dict[str, Any] = {}
    for more in reversed(said):
        known = {name: fact for name, fact in more.items() if fact is not None}
        if not known.keys().isdisjoint(CAPTURE[:2]):
            facts = {name: fact for name, fact in facts.items() if name not in CAPTURE}
        facts |= known
    return facts


def _check_regular(path: Path) -> os.stat_result:
    """Say how a file stands; what is no file is not opened: a pipe would be waited for.

    Raises:
        OSError: it is none.
    """
    said = path.stat()
    if not stat.S_ISREG(said.st_mode):
        raise OSError(0, "a link to a folder" if path.is_dir() else "not a regular file")
    return said


def _read_bytes(path: Path) -> bytes:
    """Read a regular file whole, again if it changed meanwhile."""
    for _ in range(READ_TRIES):
        before = _check_regular(path)
        data = path.read_bytes()
        if len(data) == before.st_size == path.stat().st_size:
            return data
    raise OSError(0, f"the file changed during each of {READ_TRIES} readings")


def survey(where: Where) -> pl.DataFrame:
    """List the seeds without reading them.

    Returns:
        path, n_bytes, modified_ns (when it was last written; both null for a dangling link), site, license (as
        `seeds.toml` says; null where it does not).

    Raises:
        IngestError: nothing is there, or a policy cannot hold.
    """
    said = _said_of(where)
    found = ((name, path, _merged(said.of(said.keys_of(path)[0]))) for name, path in find_seeds(where))
    rows = [
        (name, *_size_and_time(path), facts.get("site"), facts.get("license")) for name, path, facts in found
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
    files = [*find_seeds(where), *tomls(where)]
    return hashlib.sha256(repr([(name, *_size_and_time(path)) for name, path in files]).encode()).hexdigest()


def _size_and_time(path: Path) -> tuple[int | None, int | None]:
    try:
        said = path.stat()
    except OSError:
        return None, None
    return said.st_size, said.st_mtime_ns
