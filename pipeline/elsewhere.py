"""What stands in other releases, known without its texts: by shingles, digests and names.

It is made of a version's Parquet once, and kept in the store. Of a text that is withheld exact copies alone are known.
What was withdrawn or asked out is nobody's survivor, nor is a version of the same dataset: the version that is made
takes its place, and what was left out for its sake would stand nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline import policy, removals, shingles
from pipeline.dedupe import ELSEWHERE, EPSILON, SHINGLES
from pipeline.engine.store import Store
from pipeline.release import PublishError, manifest, parquet, read, root, withdrawal
from pipeline.removals import Removals
from pipeline.spill import to_disk

# Slots of a table in which every shingle of the records here marks one: 16 a shingle keep most others out.
_SLOTS, _MOST_BITS = 16, 26


class Standing(NamedTuple):
    """A version that stands: what it is called, the digest of its rows, and its records, as `dedupe.ELSEWHERE` says."""

    name: str
    data_digest: str
    records: Sequence[pl.DataFrame]


def standing(
    paths: Iterable[Path], own: Path, asked_out: Removals, store: Store | None = None
) -> list[Standing]:
    """Read versions that records may be copies of; their order, and naming one twice, change nothing.

    Args:
        paths: folders of versions or of datasets, which stand for their latest.
        own: the folder of the dataset that is to be published.
        asked_out: what was asked out here; what was where they stand counts too.
        store: keeps what is to be known of them.

    Raises:
        PublishError: there is none, it was withdrawn, it is one of the same dataset, or it is damaged.
    """
    return sorted((_standing(folder, asked_out, store) for folder in find(paths, own)), key=lambda it: it[:2])


def find(paths: Iterable[Path], own: Path) -> list[Path]:
    """Return the folders of the versions that these are or stand for, each once.

    Raises:
        PublishError: there is none, it was withdrawn, or it is one of the dataset that is to be published.
    """
    folders = {folder.resolve(): folder for folder in map(_folder, paths)}
    for folder in folders.values():
        if folder.resolve().parent == own.resolve():
            raise PublishError(
                f"{folder} is a version of {own.name} itself: the next takes its place, and what is left out for its "
                "sake would stand nowhere; do: publish the new seeds under another --name. Nothing was published"
            )
    return list(folders.values())


def _folder(path: Path) -> Path:
    is_version = (path / manifest.NAME).is_file()
    latest = root.read(path)["latest"] if (path / root.INDEX).is_file() else None
    if not is_version and not latest:
        raise PublishError(
            f"{path}: no version stands there; do: name the folder of a dataset or of a version. Nothing was published"
        )
    folder = path if is_version else path / str(latest)
    if mark := withdrawal.read(folder):
        raise PublishError(
            f"{folder} was withdrawn ({mark['reason']}); do: leave it out. Nothing was published"
        )
    return folder


def _standing(folder: Path, asked_out: Removals, store: Store | None) -> Standing:
    told = manifest.read(folder)
    name, digest = f"{told['dataset']['name']} {told['version']}", told["data_digest"]
    there = removals.standing(folder.resolve().parent.parent)
    out = {
        word: there.get(word, frozenset()) | asked_out.get(word, frozenset())
        for word in there.keys() | asked_out.keys()
    }

    def make() -> Iterator[pl.DataFrame]:
        return _records(folder, name, out)

    kept = (
        store.derive(f"{name} {digest} {removals.fingerprint(out)}", make) if store else map(to_disk, make())
    )
    return Standing(name, digest, list(kept))


def _records(folder: Path, name: str, asked_out: Removals) -> Iterator[pl.DataFrame]:
    gone = (
        removals.named_in(read(folder), asked_out)["record_id"] if asked_out else pl.Series(dtype=pl.String)
    )
    for batch in parquet.batches(folder, "records"):
        rows = batch.filter(~pl.col("record_id").is_in(gone.implode()))
        digests = policy.digests(rows["text"])
        told = rows.with_columns(
            # A release of an older schema has no digests.
            pl.coalesce("text_sha256", digests) if "text_sha256" in rows.columns else digests,
            shingles.distinct(shingles.packed(rows["text"])).alias(SHINGLES),
            who=pl.coalesce("author", "handle"),
            home=pl.lit(name),
        )
        yield told.select(pl.col(column).cast(dtype) for column, dtype in ELSEWHERE.items())


def near(versions: Iterable[Standing], records: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Return what stands elsewhere and a record here may be a copy of: all it is one of, and few others.

    Args:
        versions: where to look.
        records: with `shingles`, packed.
        threshold: of the similarity.
    """
    said = records.select(
        "record_id",
        "kind",
        who=pl.coalesce("author", "handle"),
        n_chars=pl.col("text").str.len_chars().cast(pl.Int32),
    )
    table, shift = _table(records)
    parts = [_like(part, said, table, shift, threshold) for version in versions for part in version.records]
    return pl.concat([ELSEWHERE.to_frame(), *parts])


def _table(records: pl.DataFrame) -> tuple[np.ndarray, np.uint64]:
    """Mark a slot for each shingle; return the slots, and how far a hash is to be shifted to be one's number."""
    wanted = _SLOTS * int(shingles.count(records[SHINGLES]).sum())
    n_bits = min(_MOST_BITS, max(1, wanted.bit_length()))
    table, shift = np.zeros(1 << n_bits, bool), np.uint64(64 - n_bits)
    for found in shingles.unpacked(records[SHINGLES], records["kind"]):
        table[found.hash >> shift] = True
    return table, shift


def _like(
    part: pl.DataFrame, said: pl.DataFrame, table: np.ndarray, shift: np.uint64, threshold: float
) -> pl.DataFrame:
    n_all, n_shared = shingles.count(part[SHINGLES]), np.zeros(len(part), np.int64)
    for found in shingles.unpacked(part[SHINGLES], part["kind"]):
        # Others may have marked its slot: an upper bound of what it shares.
        n_shared += np.bincount(found.text[table[found.hash >> shift]], minlength=len(part))
    is_near = (n_all > 0) & (n_shared >= threshold * n_all - EPSILON)
    rows = part.with_row_index("place")
    same = [
        rows.join(said, on=on, how="semi", nulls_equal=True)["place"]
        for on in (["record_id"], ["kind", "who", "n_chars"])
    ]
    places = pl.concat([rows["place"].filter(pl.Series(is_near)), *same]).unique().sort()
    return part[places]
