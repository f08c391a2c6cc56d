"""Why was a record kept or removed? The answer of a release, with the words that stood in its seeds."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from rich.text import Text

import schemas
from pipeline import dedupe, ingest
from pipeline.ingest import Where
from pipeline.release import manifest, parquet, read, withdrawal

MOST_IDS = 5  # of several that begin alike, so many are named


class UnknownRecordError(Exception):
    """No row of the release has this id; the message says so."""


class Place(NamedTuple):
    """Where a record stood, and its words: as they stand there, else as they were published, else null."""

    path: str
    line: int | None
    byte_start: int
    byte_end: int
    text: str | None

    def __str__(self) -> str:
        """Name the place as an editor does."""
        return (
            f"{self.path}:{self.line}"
            if self.line
            else f"{self.path}: bytes {self.byte_start}-{self.byte_end}"
        )


class Explanation(NamedTuple):
    """One sentence, the place asked for, and the place it is compared with, if there is one."""

    said: str
    place: Place
    other: Place | None = None


def explain(record_id: str, release: Path, where: Where) -> list[Explanation]:
    """Say what became of a record: one explanation for each place where it was found.

    Args:
        record_id: whole, or its beginning if that is enough.
        release: folder of a version.
        where: the seeds, for the words.

    Raises:
        UnknownRecordError: nothing there has this id, or several have this beginning.
    """
    tables = read(release)
    whole = _whole(record_id, tables)
    seeds = _seeds(where)
    paths = dict(tables.documents.select("document_id", "path").iter_rows())

    def place(row: dict[str, Any]) -> Place:
        return _place(row, paths, seeds)

    kept = {row["record_id"]: row for row in tables.records.iter_rows(named=True)}
    removed = tables.removed.filter(pl.col("record_id") == whole).to_dicts()
    dist = release.resolve().parent.parent
    found = [_of_removed(row, kept, place, _elsewhere(row["message"], dist)) for row in removed]
    return [_of_kept(kept[whole], place), *found] if whole in kept else found


def _seeds(where: Where) -> dict[str, str]:
    """Return the texts of documents by id; none where the seeds are not at hand."""
    try:
        return dict(ingest.read_seeds(where).documents.select("document_id", "text").iter_rows())
    except ingest.IngestError:
        return {}


def _whole(start: str, tables: schemas.Tables) -> str:
    ids = pl.concat([tables.records["record_id"], tables.removed["record_id"]]).drop_nulls().unique().sort()
    like = ids.filter(ids.str.starts_with(start))
    if len(like) == 1 or start in like:
        return start if start in like else like[0]
    if like.is_empty() and not "r_".startswith(start[:2]):
        raise UnknownRecordError(
            f"{start}: the id of a record begins with r_; do: look its record_id up in the tables segments and spans"
        )
    if like.is_empty():
        raise UnknownRecordError(
            f"{start}: no id begins so; do: look for it in the tables records and removed, or name the folder of "
            "the dataset with --out"
        )
    named = ", ".join(like.head(MOST_IDS)) + (", …" if len(like) > MOST_IDS else "")
    raise UnknownRecordError(f"{start}: {len(like)} ids begin so: {named}; do: say more of it")


def _place(row: dict[str, Any], paths: dict[str, str], seeds: dict[str, str]) -> Place:
    start, end = row["byte_start"], row["byte_end"]
    page = seeds.get(row["document_id"])
    path = paths.get(row["document_id"], row["document_id"])
    if page is None or start is None:
        return Place(path, None, start, end, row.get("text"))
    data = page.encode()
    return Place(path, data.count(b"\n", 0, start) + 1, start, end, data[start:end].decode(errors="replace"))


def _of_kept(row: dict[str, Any], place: Any) -> Explanation:
    n = len(row["captures"])
    also = f"; {n} other place{'s' * (n != 1)} had it too" if n else "; no other record is a copy of it"
    mass = (
        "; it looks like a copy, but so many do that none was dropped" if "mass_copy" in row["flags"] else ""
    )
    return Explanation(f"{row['record_id']} was kept{also}{mass}", place(row))


class _There(NamedTuple):
    """The record of another release that a copy was left out for; null words and place where it is not at hand."""

    record_id: str
    said: str
    place: Place | None


def _elsewhere(message: str | None, dist: Path) -> _There | None:
    """Find what stands in another dataset of the same folder, as the message of a copy of it says."""
    match = dedupe.KEPT_ELSEWHERE.fullmatch(message or "")
    if not match:
        return None
    home = dist / match["dataset"] / match["version"]
    if not (home / manifest.NAME).is_file():
        return _There(match["id"], ", which is not beside this one", None)
    if withdrawal.read(home):
        return _There(match["id"], ", which was withdrawn: publish this one anew", None)
    is_it = pl.col("record_id") == match["id"]
    row = pl.concat(batch.filter(is_it) for batch in parquet.batches(home, "records")).row(0, named=True)
    paths = pl.concat(
        batch.select("document_id", "path") for batch in parquet.batches(home, "documents")
    ).rows()
    named = {document: f"{match['dataset']} {match['version']}: {path}" for document, path in paths}
    return _There(match["id"], "", _place(row, named, {}))


def _of_removed(
    row: dict[str, Any], kept: dict[str, dict[str, Any]], place: Any, there: _There | None
) -> Explanation:
    reason = schemas.REASONS[row["reason"]]
    alike = f", {row['similarity']:.0%} alike" if row["similarity"] is not None else ""
    message = f": {row['message']}" if row["message"] else ""
    other = kept.get(row["kept_id"] or "")
    kept_id = there.record_id if there else row["kept_id"]
    survivor = f" {kept_id}{alike}" if kept_id else ""
    said = f"{row['record_id']} was removed as {row['reason']}:{survivor} ({reason}){message}"
    if there:
        return Explanation(said + there.said, place(row), there.place)
    return Explanation(said, place(row), place(other) if other else None)


def side_by_side(some: str, others: str) -> tuple[Text, Text]:
    """Mark in two texts the words that the other has not."""
    left, right = (re.findall(r"\s+|\S+", text) for text in (some, others))
    texts = Text(), Text()
    for what, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        same = what == "equal"
        texts[0].append("".join(left[a:b]), style="dim" if same else "bold red")
        texts[1].append("".join(right[c:d]), style="dim" if same else "bold green")
    return texts
