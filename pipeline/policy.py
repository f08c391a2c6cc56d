"""What may be published of each source: its text, or metadata only.

`policy` of a [[seed]] in seeds.toml says so, or else that of [dataset]. Where that cannot be understood the text is
withheld: a slip of the pen must not publish what was to be held back. All hops see the text, so that languages,
lengths and copies are told as of any other source; it goes at the very end.
"""

import hashlib
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from schemas import POLICIES, Tables

FULL, METADATA_ONLY = "full", "metadata_only"
FLAG = "withheld"


class Policies:
    """The policy of each file below some folders."""

    def __init__(self, folders: Sequence[Path], name: str):
        """Read the files of this name, seeds.toml, that stand in the folders."""
        self._defaults: dict[Path, str] = {}
        self._own: dict[Path, str] = {}
        for folder in folders:
            table = _table(folder / name)
            self._defaults[folder.absolute()] = _word(table.get("dataset"), FULL)
            raws = table.get("seed")
            for raw in raws if isinstance(raws, list) else []:
                if isinstance(raw, dict) and "policy" in raw and isinstance(raw.get("path"), str):
                    path = (folder / os.path.normpath(raw["path"])).absolute()
                    self._own[path] = _stricter(_word(raw, FULL), self._own.get(path, FULL))

    def of(self, path: Path, page: str = "") -> str:
        """Return the policy of a file: its own, else the strictest of the folders that it lies below.

        That of one `page` of it is the stricter of its own and the file's, if both are said.
        """
        place = path.absolute()
        default = FULL
        for folder, policy in self._defaults.items():
            default = _stricter(default, policy if folder in place.parents else FULL)
        file = self._own.get(place)
        own = self._own.get(Path(f"{place}#{page}")) if page else None
        said = [policy for policy in (own, file) if policy is not None]
        return _stricter(said[0], said[-1]) if said else default


def _table(file: Path) -> dict[str, Any]:
    """Read the file as far as it is one; of a damaged one that speaks of withholding, withhold all."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError:
        return {"dataset": {"policy": METADATA_ONLY}}
    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {"dataset": {"policy": METADATA_ONLY}} if METADATA_ONLY.encode() in data else {}


def _word(said: Any, default: str) -> str:
    """Return the policy that a table of seeds.toml names; metadata only where it is no word that we know."""
    word = said.get("policy", default) if isinstance(said, dict) else default
    return word if isinstance(word, str) and word in POLICIES else METADATA_ONLY


def _stricter(one: str, other: str) -> str:
    return METADATA_ONLY if METADATA_ONLY in (one, other) else FULL


def digests(texts: pl.Series) -> pl.Series:
    """Return the SHA-256 of each text in UTF-8, in hex; null where there are no words."""
    hexes = [hashlib.sha256(text.encode()).hexdigest() if text else None for text in texts]
    return pl.Series("text_sha256", hexes, dtype=pl.String)


def withhold(tables: Tables) -> Tables:
    """Take out the words of sources of which only metadata is published.

    What says where they stand stays: spans, sizes, languages, the digest. A record's title stays, as do names; that of
    a segment is its words, and goes. Their records bear the flag `withheld`.
    """
    sources = tables.documents.filter(pl.col("policy") == METADATA_ONLY)["document_id"]
    if sources.is_empty():
        return tables
    is_out = pl.col("document_id").is_in(sources.implode())
    nothing = pl.lit(None, pl.String)
    has_words = is_out & pl.col("text").is_not_null()
    flags = pl.concat_list("flags", pl.lit(FLAG)).list.unique().list.sort()
    records = tables.records.with_columns(
        flags=pl.when(has_words).then(flags).otherwise("flags"),
        text=pl.when(~is_out).then("text").otherwise(nothing),
        urls=pl.when(~is_out).then("urls").otherwise(pl.lit([], pl.List(pl.String))),
    )
    segments = tables.segments.with_columns(
        pl.when(~is_out).then(column).otherwise(nothing).alias(column) for column in ("text", "title")
    )
    documents = tables.documents.with_columns(
        extracted_text=pl.when(~is_out).then("extracted_text").otherwise(nothing)
    )
    return tables._replace(records=records, segments=segments, documents=documents)


def withheld_everywhere(tables: Tables) -> str | None:
    """The words of a source of which only metadata is published stand nowhere, and no other words are missing."""
    sources = tables.documents.filter(pl.col("policy") == METADATA_ONLY)["document_id"]
    is_out = pl.col("document_id").is_in(sources.implode())
    told = tables.records.filter(is_out & (pl.col("text").is_not_null() | (pl.col("urls").list.len() > 0)))
    said = tables.segments.filter(is_out & (pl.col("text").is_not_null() | pl.col("title").is_not_null()))
    missed = tables.records.filter(~is_out & pl.col("flags").list.contains(FLAG))
    if len(told):
        return f"{told['record_id'][0]} shows words of a source of which only metadata is published"
    if len(said):
        return f"{said['segment_id'][0]} shows words of a source of which only metadata is published"
    return (
        f"{missed['record_id'][0]} is withheld, and its source is published in full" if len(missed) else None
    )
