"""What was asked out: tombstones, and how they keep what they name out of every later release.

A line of `removals.jsonl`, beside the versions of a dataset, holds the SHA-256 of what was asked for, the reason and
the day: no text and no name; of a text also a sketch, out of which none can be made. What is hashed is written in one
way before, see `wording`, and the hash is plain, so that whoever holds a copy of the data can take the same things
out of it; a short name can be guessed from its hash, and is not guarded by it. The lists of all datasets below the
folder of the release, and of the project's own, hold for every release, whatever the seeds or the names of datasets
are.

| selector | hash of | takes out |
| --- | --- | --- |
| id | the record's id | the record |
| text | the text as record ids have it, or `text_sha256` | records of that text, whoever is named as author |
| (its sketch) | see `sketches` | records of nearly that text, whoever is named as author |
| author | a name or handle, without `@` | what they wrote, and conversations in which they speak |
| url | an address without scheme, `www.`, port and final `/` | what stood on that page, or on any page below it |
| source | the path of a seed, or a document's id | what stood in that file |

Copies go with what they are copies of: whichever of them was kept, none comes back in its stead. What comes back when
the original is not there any more is known by the hash of its text or, with other words here and there, by the
sketch, with the error that `sketches` states. Texts of less than twenty words have neither: they may be anybody's,
and go by id, author, address or source alone. Words of it quoted in a record of somebody else stay: `quotations` finds
those records while the text is still known, and each can be asked out by its id.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args

import polars as pl
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from pipeline import HOME, policy, redaction, sketches
from pipeline.redaction import REASON
from pipeline.release.facts import PublishError
from pipeline.segment import ids
from pipeline.wording import names, normalise
from schemas import Tables
from schemas.columns import Day, Sha256

NAME = "removals.jsonl"
REMEMBERED = "tombstones"
SKETCH = "sketch"
REASON_LENGTH = 200  # characters, all in one line
Selector = Literal["id", "text", "author", "url", "source"]
# What would say who it was, or lead to the page.
IDENTIFYING = ("title", "author", "handle", "published_raw", "published", "message", "kept_id", "similarity")
_Named: TypeAlias = tuple[str, str, str | None]  # selector, hash, and of a text the sketch


class RemovalsError(PublishError):
    """A list of tombstones cannot be read or written; the message says where and what to do."""


class Tombstone(BaseModel):
    """One thing that may not be published: what kind of thing, its hash, why and since when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    selector: Selector
    sha256: Sha256
    reason: Annotated[str, StringConstraints(min_length=1, max_length=REASON_LENGTH, pattern=r"^[^\r\n]+$")]
    date: Day
    sketch: Annotated[str, StringConstraints(pattern=rf"^[0-9a-f]{{{2 * sketches.SIZE}}}$")] | None = None


Removals: TypeAlias = dict[str, frozenset[str]]
"""The hashes by selector, and sketches by `SKETCH`; empty where nothing was asked out."""


# Hashes -------------------------------------------------------------------------------------------


def digest(selector: str, value: str) -> str:
    """Return the SHA-256 of a value in its normal form."""
    return hashlib.sha256(normalise(selector, value).encode()).hexdigest()


# Lists --------------------------------------------------------------------------------------------


def read(file: Path) -> list[Tombstone]:
    """Read a list of tombstones; a file that is not there holds none.

    Raises:
        RemovalsError: a line of it is no tombstone.
    """
    try:
        return parse(file.read_bytes(), file)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RemovalsError(f"{file}: {error}; do: restore it. Nothing was published") from error


def parse(data: bytes, file: Path | str) -> list[Tombstone]:
    """Read the bytes of a list of tombstones; `file` is where it stands.

    Raises:
        RemovalsError: a line of it is no tombstone.
    """
    try:
        lines = data.decode().splitlines()
    except UnicodeDecodeError as error:
        raise RemovalsError(f"{file}: {error}; do: restore it. Nothing was published") from error
    return [_parse(file, n, line) for n, line in enumerate(lines, start=1) if line.strip()]


def _parse(file: Path | str, number: int, line: str) -> Tombstone:
    try:
        return Tombstone.model_validate(json.loads(line))
    except (ValidationError, ValueError) as error:
        seen = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise RemovalsError(
            f"{file}:{number}: no tombstone ({seen}), and what it names might be published; "
            "do: restore the line. Nothing was published"
        ) from error


def standing(dist: Path | None = None, others: Iterable[Tombstone] = ()) -> Removals:
    """Return what may not be published, by the lists below a folder of datasets, the project's own, and others.

    Raises:
        RemovalsError: one of the lists is damaged.
    """
    folders = {(HOME / "dist").resolve(), *([Path(dist).resolve()] if dist else [])}
    files = sorted(file for folder in folders for file in folder.glob(f"*/{NAME}"))
    return by_selector([*others, *(stone for file in files for stone in read(file))])


def by_selector(stones: Iterable[Tombstone]) -> Removals:
    """Return the hashes of tombstones by what they name."""
    known = set(stones)
    hashes = {
        word: frozenset(stone.sha256 for stone in known if stone.selector == word)
        for word in get_args(Selector)
    }
    hashes[SKETCH] = frozenset(stone.sketch for stone in known if stone.sketch)
    return {word: named for word, named in hashes.items() if named}


def fingerprint(removals: Removals) -> str:
    """Return the SHA-256 of what may not be published."""
    lines = sorted(f"{word} {sha256}\n" for word, hashes in removals.items() for sha256 in hashes)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def inputs(dist: Path) -> dict[str, str]:
    """Name the fingerprint as an input of a release; none where nothing was asked out."""
    removals = standing(dist)
    return {NAME: fingerprint(removals)} if removals else {}


def remembered(home: Path) -> dict[str, list[str]]:
    """Name each tombstone of a dataset as an input, in 8 digits: enough to miss it."""
    short = sorted({_short(stone) for stone in read(home / NAME)})
    return {REMEMBERED: short} if short else {}


def forgotten(home: Path, inputs: dict[str, Any]) -> str | None:
    """Say how many tombstones that an earlier version names as its inputs are not there; null if none."""
    there = {_short(stone) for stone in read(home / NAME)}
    missing = set(inputs.get(REMEMBERED, ())) - there
    if missing:
        return f"it lacks {len(missing):,} tombstones"
    is_lost = NAME in inputs and not (home / NAME).exists()
    return "it is not there, with tombstones" if is_lost else None


def _short(stone: Tombstone) -> str:
    return digest("source", f"{stone.selector} {stone.sha256}")[:8]


def render(stones: Iterable[Tombstone]) -> str:
    """Write tombstones as lines."""
    return "".join(stone.model_dump_json(exclude_none=True) + "\n" for stone in stones)


# Finding ------------------------------------------------------------------------------------------


def of_documents(documents: pl.DataFrame, removed: pl.DataFrame, removals: Removals) -> pl.Series:
    """Return the ids of the documents that were asked out by address, path or id, or as what a copy of them is.

    Args:
        documents: rows of that table.
        removed: rows of that table; a file that was dropped as a copy names the document that was kept for it.
        removals: what may not be published.
    """
    columns = {"source": ("path", "document_id"), "url": ("source_url",)}
    is_out = pl.any_horizontal(
        _holds(documents[column], word, removals)
        for word, names_of in columns.items()
        for column in names_of
        if column in documents.columns
    )
    own = documents.filter(is_out)["document_id"]
    if "file_path" not in removed.columns:
        return own
    copies = removed.filter(_holds(removed["file_path"], "source", removals))["kept_id"]
    return pl.concat([own, copies.drop_nulls()]).unique(maintain_order=True)


def find(
    records: pl.DataFrame, segments: pl.DataFrame, documents: pl.Series, removals: Removals
) -> pl.Series:
    """Return the ids of the records that were asked out.

    Args:
        records: needs `record_id`, `document_id`; `author`, `handle`, `text`, `text_sha256` are looked at.
        segments: of their `speaker`, by `record_id`.
        documents: the ids of documents that were asked out.
        removals: what may not be published.
    """
    columns = {"record_id": "id", "author": "author", "handle": "author"}
    conditions = [_holds(records[column], word, removals) for column, word in columns.items()]
    conditions.append(_texts(records, removals))
    own = pl.col("document_id").is_in(documents.implode())
    ids = records.filter(own | pl.any_horizontal(conditions))["record_id"]
    speaks = _holds(segments["speaker"], "author", removals)
    return pl.concat([ids, segments.filter(speaks)["record_id"]]).drop_nulls().unique()


def _texts(records: pl.DataFrame, removals: Removals) -> pl.Series:
    """Say which records have a text that was asked out: to the letter, but for its form, or nearly."""
    if not removals.keys() & {"text", SKETCH}:
        return pl.repeat(value=False, n=len(records), eager=True)
    written = [_hashes(ids.normalise(records["text"]))]
    # As the first lists have it, and all there is of a text that is withheld.
    has_digests = "text_sha256" in records.columns
    written.append(records["text_sha256"] if has_digests else _hashes(records["text"]))
    named = list(removals.get("text", ()))
    is_out = [column.is_in(named).fill_null(value=False) for column in written]
    return is_out[0] | is_out[1] | sketches.near(records["text"], removals.get(SKETCH, ()))


def _hashes(texts: pl.Series) -> pl.Series:
    made = [None if text is None else hashlib.sha256(text.encode()).hexdigest() for text in texts.to_list()]
    return pl.Series(made, dtype=pl.String)


def _holds(values: pl.Series, word: str, removals: Removals) -> pl.Series:
    hashes = removals.get(word, frozenset())
    if not hashes:
        return pl.repeat(value=False, n=len(values), eager=True)
    return _each(
        values,
        lambda value: any(hashlib.sha256(name.encode()).hexdigest() in hashes for name in names(word, value)),
    )


def _each(values: pl.Series, holds: Callable[[str], bool]) -> pl.Series:
    """Ask of every value once; null holds nothing."""
    asked = [value for value in values.unique().to_list() if value is not None and holds(value)]
    return values.is_in(pl.Series(asked, dtype=pl.String).implode()).fill_null(value=False)


# Taking out ---------------------------------------------------------------------------------------


def mark(documents: pl.DataFrame, removed: pl.DataFrame, removals: Removals) -> pl.DataFrame:
    """Add `is_out` to documents, and take from those asked out what leads to them (see `of_documents`)."""
    is_out = pl.col("document_id").is_in(of_documents(documents, removed, removals).implode())
    return redaction.hide(documents, is_out).with_columns(is_out=is_out)


def take_out(
    kept: pl.DataFrame, dropped: pl.DataFrame, found: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take the records found, and the copies they belong with, out of both those kept and those dropped.

    Args:
        kept: records, copies dropped.
        dropped: rows of `removed`: the copies, by `kept_id`, and what was invalid.
        found: ids, as `find` gives them of all records before copies were dropped.

    Returns:
        The records that stay, and the dropped rows: those asked out with the reason and their place alone.
    """
    if found.is_empty():
        return kept, dropped
    is_found = pl.col("record_id").is_in(found.implode())
    heads = dropped.filter(is_found)["kept_id"].drop_nulls()
    out = pl.concat([found, heads]).unique()
    is_out = pl.col("record_id").is_in(out.implode())
    goes = is_out | pl.col("kept_id").is_in(out.implode()).fill_null(value=False)
    gone = kept.filter(is_out).select(column for column in dropped.columns if column in kept.columns)
    rows = pl.concat(
        [dropped.with_columns(goes=goes.fill_null(value=False)), gone.with_columns(goes=True)],
        how="diagonal_relaxed",
    )
    blank = [pl.when(~pl.col("goes")).then(column).alias(column) for column in IDENTIFYING]
    reason = pl.when("goes").then(pl.lit(REASON)).otherwise("reason").alias("reason")
    return kept.filter(~is_out), rows.with_columns(*blank, reason).drop("goes")


def present(tables: Tables, removals: Removals) -> str | None:
    """Say what in some tables was asked out; null if nothing was."""
    documents = of_documents(tables.documents, tables.removed, removals)
    ids = find(tables.records, tables.segments, documents, removals)
    if len(ids):
        return f"record {ids.sort()[0]} was asked out"
    own = tables.documents.filter(pl.col("document_id").is_in(documents.implode()))
    told = pl.any_horizontal(pl.col("source_url", "site", "extracted_text").is_not_null())
    shown = own.filter(told | ~redaction.is_anonymous())
    if len(shown):
        return f"document {shown['document_id'][0]} was asked out, and says where it was found, or what"
    if leak := redaction.told(tables):
        return leak
    said = pl.any_horizontal(
        _holds(tables.removed[column], "author", removals) for column in ("author", "handle")
    )
    named = tables.removed.filter(said)
    return f"removed names an author who asked out, at {named['record_id'][0]}" if len(named) else None


def stones_for(asked: dict[str, list[str]], tables: Iterable[Tables], **said: Any) -> list[Tombstone]:
    """Make tombstones of what was asked for, and of every record that it names in releases that stand.

    The latter keep out what they name even where it comes back under another path, address or name. A text of few
    words may be anybody's, and gets no tombstone of its own.
    """
    found: set[_Named] = {
        (word, digest(word, value), None) for word, values in asked.items() for value in values
    }
    removals: Removals = {word: frozenset(sha for w, sha, _ in found if w == word) for word, _, _ in found}
    for release in tables:
        named = named_in(release, removals)["record_id"].drop_nulls().unique()
        found |= {("id", digest("id", id_), None) for id_ in named}
        found |= set(_of_texts(release.records.filter(pl.col("record_id").is_in(named.implode()))))
    stones = sorted(found, key=lambda stone: (stone[:2], stone[2] or ""))
    return [
        Tombstone.model_validate({"selector": word, "sha256": sha, SKETCH: sketch} | said)
        for word, sha, sketch in stones
    ]


def _of_texts(records: pl.DataFrame) -> Iterator[_Named]:
    """Yield selector, hash and sketch of the texts that are not short; of one withheld the hash alone is known."""
    long = records.filter(~pl.col("flags").list.contains("short"))
    own = _hashes(ids.normalise(long["text"])).zip_with(long["text"].is_not_null(), long["text_sha256"])
    for sha256, sketch in zip(own, sketches.of(long["text"]), strict=True):
        if sha256 is not None:
            yield "text", sha256, sketch


def named_in(tables: Tables, removals: Removals) -> pl.DataFrame:
    """Return the records of a release that were asked out, also those it had taken out as copies."""
    documents = of_documents(tables.documents, tables.removed, removals)
    ids = find(tables.records, tables.segments, documents, removals)
    removed = tables.removed.filter(pl.col("record_id").is_not_null())
    is_copy = pl.col("kept_id").is_in(ids.implode()) | pl.col("document_id").is_in(documents.implode())
    is_copy |= pl.any_horizontal(
        _holds(removed[column], word, removals)
        for column, word in (("record_id", "id"), ("author", "author"), ("handle", "author"))
    )
    copies = removed.filter(is_copy.fill_null(value=False))
    out = pl.concat([ids, copies["record_id"], copies["kept_id"]]).drop_nulls()
    columns = ("record_id", "document_id", "author", "handle", "title", "flags", "text_sha256")
    told = tables.records.filter(pl.col("record_id").is_in(out.implode()))
    # A release of an older schema has no digests.
    digests = pl.coalesce("text_sha256", policy.digests(told["text"]))
    known = told.with_columns(digests).select(column for column in columns if column in told.columns)
    return pl.concat(
        [known, copies.select("record_id", "document_id", "author", "handle", "title")], how="diagonal"
    )
