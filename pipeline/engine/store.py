"""What was cut before: the records of a document, and their shingles, are kept until it or the code changes.

The store is a folder of parts, each the outcome of a batch of documents. A document's outcome is named by all that
decides it: its bytes and what seeds.toml says of it, the code of the rooms it passes through, the tell-tales of all
grammars, and the source of the one that knew it. So a new seed costs the new seed, an edited grammar costs its own
documents, and a run that was killed goes on after its last whole part. Nothing in it is needed: it may be deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pyarrow as pa

from pipeline.grammar import specimens
from pipeline.ingest import OF_FILE
from pipeline.language import Detector, careful
from pipeline.segment import Pages
from pipeline.spill import mapped, to_disk

INDEX = "index.json"
# What is not asked when a document is cut: the rooms after it, and those that only look.
_AFTER = frozenset({"carry", "cli", "evaluate", "grammars", "release", "verify"})
_AFTER_FILES = frozenset(
    {
        "dedupe.py",
        "definitions.py",
        "drawing.py",
        "gates.py",
        "laws.py",
        "plots.py",
        "previews.py",
        "scaffold.py",
    }
)
_LIBRARIES = ("eldc", "langdetect", "numpy", "polars")


class Cut(NamedTuple):
    """Documents cut: `kinds` (document_id, page_kind), and their records, segments and spans."""

    kinds: pl.DataFrame
    pages: Pages

    def only(self, documents: Collection[str]) -> Cut:
        """Leave out what is of other documents."""
        if len(documents) == self.kinds.height:
            return self
        chosen = pl.col("document_id").is_in(list(documents))
        return Cut(self.kinds.filter(chosen), Pages(*(frame.filter(chosen) for frame in self.pages)))


def spilled(cut: Cut) -> Cut:
    """Lay what is long on disk.

    Raises:
        OSError: there is no room.
    """
    return cut._replace(pages=Pages(*map(to_disk, cut.pages)))


def join(cuts: Iterable[Cut]) -> Cut:
    """Lay what was cut in several batches together."""
    kinds, pages = zip(*cuts, strict=True)
    return Cut(pl.concat(kinds), Pages(*(pl.concat(frames) for frames in zip(*pages, strict=True))))


@dataclass(frozen=True)
class Store:
    """A folder of what was cut, and how languages are named in it; made when something is kept."""

    folder: Path
    detect: Detector = careful

    @property
    def _made_by(self) -> str:
        return f"{_code()}-{self.detect.__name__}"

    def find(self, documents: pl.DataFrame) -> tuple[list[Cut], pl.DataFrame]:
        """Return what is known of these documents, and those that are to be cut."""
        wanted = dict(zip(_names(documents), documents["document_id"], strict=True))
        known: list[Cut] = []
        for part in sorted(self.folder.glob(f"{self._made_by}-*")):
            try:
                here = {name: wanted[name] for name in _sound(part) if name in wanted}
                known += [_read(part).only(list(here.values()))] if here else []
            except (OSError, ValueError, pl.exceptions.PolarsError):
                shutil.rmtree(part, ignore_errors=True)  # a damaged part is one that is not there
                continue
            wanted = {name: document for name, document in wanted.items() if name not in here}
        is_missing = documents["document_id"].is_in(list(wanted.values()))
        return known, documents.filter(is_missing)

    def keep(self, documents: pl.DataFrame, cut: Cut) -> Cut:
        """Keep what was made of a batch of documents, whole or not at all; return it as seen on disk, there or not.

        Raises:
            OSError: there is no room, here or where temporary files lie.
        """
        with suppress(OSError):
            return self._keep(documents, cut)
        return spilled(cut)

    def _keep(self, documents: pl.DataFrame, cut: Cut) -> Cut:
        kinds = dict(cut.kinds.select("document_id", "page_kind").iter_rows())
        index = {
            name: (kinds[document], _source(kinds[document]))
            for name, document in zip(_names(documents), documents["document_id"], strict=True)
        }
        whole = self.folder / f"{self._made_by}-{_digest(json.dumps(index))}"
        if whole.is_dir():
            return spilled(cut)
        draft = self.folder / f".{whole.name}.{os.getpid()}"
        draft.mkdir(parents=True)
        for name, frame in {"kinds": cut.kinds, **cut.pages._asdict()}.items():
            frame.write_ipc(draft / f"{name}.arrow")  # not compressed, so that it can be seen where it lies
        (draft / INDEX).write_text(json.dumps(index), encoding="utf-8")
        draft.rename(whole)
        return _read(whole)

    def derive(self, name: str, make: Callable[[], Iterable[pl.DataFrame]]) -> list[pl.DataFrame]:
        """Return the frames kept under a name, seen on disk; where none are, or they are damaged, make and keep them.

        Args:
            name: of all that decides what they are, but for the code.
            make: gives them.
        """
        whole = self.folder / f"{_code()}-derived-{_digest(name)}"
        for _ in range(2):
            try:
                if not whole.is_dir():
                    self._derive(whole, make())
                return [mapped(file) for file in sorted(whole.iterdir())]
            except (OSError, pa.ArrowInvalid):
                shutil.rmtree(whole, ignore_errors=True)
        return [to_disk(frame) for frame in make()]

    def _derive(self, whole: Path, frames: Iterable[pl.DataFrame]) -> None:
        draft = self.folder / f".{whole.name}.{os.getpid()}"
        draft.mkdir(parents=True)
        for number, frame in enumerate(frames):
            frame.write_ipc(draft / f"{number:06d}.arrow")
        draft.rename(whole)

    def sweep(self) -> None:
        """Drop what code that is no longer here has left, and runs that were killed."""
        for part in self.folder.glob("*-*"):  # hidden ones too
            if not part.name.startswith(_code()):
                shutil.rmtree(part, ignore_errors=True)


def _read(part: Path) -> Cut:
    frames = {name: mapped(part / f"{name}.arrow") for name in ("kinds", *Pages._fields)}
    return Cut(frames.pop("kinds"), Pages(**frames))


def _sound(part: Path) -> list[str]:
    """Name the documents of a part that the grammar which knew them would still cut like this."""
    index = json.loads((part / INDEX).read_text(encoding="utf-8"))
    return [name for name, (kind, source) in index.items() if source == _source(kind)]


def _names(documents: pl.DataFrame) -> list[str]:
    """Name each document by its text and by what is said of it; a packed file may change around it."""
    facts = documents.drop("text", *OF_FILE, strict=False).with_columns(pl.col(pl.Datetime).cast(pl.String))
    return [_digest(json.dumps(row, default=str)) for row in facts.iter_rows()]


@cache
def _code() -> str:
    """Digest the code and the libraries that documents pass through, and the tell-tales of all grammars."""
    home = Path(__file__).parents[1]
    within = (path.relative_to(home) for path in sorted(home.rglob("*")) if path.suffix in (".py", ".json"))
    asked = (p for p in within if p.parts[0] not in _AFTER and str(p) not in _AFTER_FILES)
    sources = [f"{path}:{_digest((home / path).read_bytes())}" for path in asked]
    known = [f"{kind}:{it.grammar.knows}:{it.grammar.shape}" for kind, it in specimens().items()]
    return _digest("\n".join([*sources, *known, *(f"{name}:{version(name)}" for name in _LIBRARIES)]))


@cache
def _source(kind: str) -> str:
    """Digest a grammar's file and the tables of words that it names; "" for a page that was read without one."""
    if kind not in specimens():
        return ""
    file = Path(specimens()[kind].file)
    text = file.read_text(encoding="utf-8")
    tables = (path for path in sorted(file.parent.glob("*.json")) if f'"{path.stem}"' in text)
    return _digest("\n".join([text, *(path.read_text(encoding="utf-8") for path in tables)]))


def _digest(content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:24]
