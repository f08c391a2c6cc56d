"""Where a release comes from: an in-toto statement of what its files were made from, and by what.

The statement is a function of the version's files and of the head in its manifest, so that it can be made again from
them. It stands beside the manifest, outside SHA256SUMS: other code that makes the same bytes makes no new version.

The code is named by its content and not by a commit, so that a checkout, a shallow clone and an archive of the same
code say the same. `git rev-parse COMMIT:pipeline` gives the `gitTree` of a commit; `dirHash` is its SHA-256. No clock,
no run and no machine is named, nor the minor version of Python: any that the lock file admits gives the same bytes.

Standards: https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import polars as pl

import pipeline
import schemas
from pipeline.release import digest, parquet
from pipeline.release.facts import Head

NAME = "provenance.intoto.json"
SUMS = "SHA256SUMS"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
# Its last number rises whenever the statement of the same version would be written otherwise.
BUILD = "urn:dehusk:release:2"
BUILDER = "urn:dehusk"
# Packages whose versions show in the bytes of a release; the lock file fixes all the others too.
TOOLS = (
    *(
        "babel",
        "charset-normalizer",
        "dateparser",
        "dehusk",
        "eldc",
        "jinja2",
        "langdetect",
        "numpy",
        "polars",
    ),
    *("pyarrow", "pydantic"),
)

FILE = ["file_path", "file_sha256"]  # columns that say in which file a row was found


@cache
def maker() -> dict[str, Any]:
    """Return what makes releases here: the digests of the code, and the versions of the tools."""
    homes = {name: Path(str(module.__file__)).parent for name, module in _code()}
    return {
        "code": {
            name: {"dirHash": _dir_hash(home), "gitTree": _git_tree(home)} for name, home in homes.items()
        },
        "tools": {name: metadata.version(name) for name in TOOLS},
    }


def statement(sums: str, documents: pl.DataFrame, removed: pl.DataFrame, head: Head) -> dict[str, Any]:
    """Return the statement of a version.

    Args:
        sums: its SHA256SUMS; every file named there, and the sums themselves, are subjects.
        documents: its table; every file that a document was read from is a material.
        removed: its table; so is every file that was read and left no document.
        head: as in its manifest; `inputs` holds SHA-256 by file name, and what `maker` says.
    """
    inputs = dict(head.inputs)
    code, tools = inputs.pop("code", {}), inputs.pop("tools", {})
    return {
        "_type": STATEMENT,
        "subject": [_described(*line) for line in _subjects(sums)],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD,
                "externalParameters": {key: value for key, value in _plain(head).items() if key != "inputs"},
                "internalParameters": {"tools": tools},
                "resolvedDependencies": [
                    *(_described(f"seeds/{path}", sha256) for path, sha256 in _seeds(documents, removed)),
                    *(_described(name, sha256) for name, sha256 in inputs.items() if isinstance(sha256, str)),
                    *({"name": name, "digest": digests} for name, digests in code.items()),
                ],
            },
            "runDetails": {
                "builder": {"id": BUILDER, "version": {k: v for k, v in tools.items() if k == "dehusk"}}
            },
        },
    }


def render(folder: Path, head: Head) -> str:
    """Return the statement of a written version as text: the bytes that are signed."""
    sums = (folder / SUMS).read_text(encoding="utf-8")
    documents = parquet.read(folder, "documents", ["path", "sha256", *FILE])
    removed = parquet.read(folder, "removed", FILE)
    made = statement(sums, documents, removed, head)
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _described(name: str, sha256: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": sha256}}


def _subjects(sums: str) -> Iterator[tuple[str, str]]:
    for line in sums.splitlines():
        sha256, _, name = line.partition("  ")
        yield name, sha256
    yield SUMS, hashlib.sha256(sums.encode()).hexdigest()


def _seeds(documents: pl.DataFrame, removed: pl.DataFrame) -> Iterable[tuple[str, str]]:
    """List the files that were read, each once; of a document whose file is not told, the document."""
    told = (
        pl.coalesce("file_path", "path").alias("path"),
        pl.coalesce("file_sha256", "sha256").alias("sha256"),
    )
    left = removed.select(path="file_path", sha256="file_sha256").drop_nulls()
    return pl.concat([documents.select(told), left]).unique().sort("path", "sha256").iter_rows()


def _plain(head: Head) -> Mapping[str, Any]:
    return head._asdict() | {"dataset": json.loads(json.dumps(asdict(head.dataset)))}


def _code() -> Iterator[tuple[str, Any]]:
    yield from (("pipeline", pipeline), ("schemas", schemas))


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder of code, by name; not what Python and others leave there."""
    return sorted(path for path in folder.iterdir() if path.name[0] != "." and path.name != "__pycache__")


def _dir_hash(folder: Path) -> str:
    """Return the SHA-256 of what `sha256sum` says of all files, by path (in-toto's `dirHash`)."""
    paths = sorted((path.relative_to(folder).as_posix(), path) for path in _below(folder))
    lines = "".join(f"{digest.of_file(path)}  {name}\n" for name, path in paths)
    return hashlib.sha256(lines.encode()).hexdigest()


def _below(folder: Path) -> Iterator[Path]:
    for path in _files(folder):
        yield from _below(path) if path.is_dir() else (path,)


def _git_tree(folder: Path) -> str:
    """Return the id that Git gives the tree of a folder, none of whose files may be run."""
    return _tree(folder).hex()


def _tree(folder: Path) -> bytes:
    entries = [(path.name + "/", b"40000", _tree(path)) for path in _files(folder) if path.is_dir()]
    entries += [
        (path.name, b"100644", _object("blob", path.read_bytes()))
        for path in _files(folder)
        if path.is_file()
    ]
    # Git sorts folders as if their names ended with a slash.
    listed = (mode + b" " + name.rstrip("/").encode() + b"\0" + sha for name, mode, sha in sorted(entries))
    return _object("tree", b"".join(listed))


def _object(kind: str, data: bytes) -> bytes:
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).digest()
