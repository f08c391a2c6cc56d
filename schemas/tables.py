"""The five tables: every column's meaning, unit and null rule, and all else is made from these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from inspect import signature
from typing import Any, ClassVar, NamedTuple, TypeAlias

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.columns import (
    UNDETERMINED,
    UNKNOWN_LICENSE,
    AnyId,
    Capture,
    ChromeKind,
    Count,
    DocumentId,
    Extent,
    Extents,
    Flag,
    Handle,
    Instant,
    IsoDate,
    Kind,
    Language,
    Licence,
    Offset,
    Policy,
    Precision,
    Reason,
    RecordId,
    RelativePath,
    Role,
    Seconds,
    SegmentId,
    SegmentKind,
    Sha256,
    Share,
    Words,
)

Rule: TypeAlias = Callable[..., bool]


def _bytes_in_order(byte_start: int, byte_end: int) -> bool:
    """byte_start is before byte_end."""
    return byte_start < byte_end


def _publication_in_order(published_earliest: datetime | None, published_latest: datetime | None) -> bool:
    """published_earliest is not after published_latest."""
    return published_earliest is None or published_latest is None or published_earliest <= published_latest


def _capture_in_order(captured_earliest: datetime | None, captured_latest: datetime | None) -> bool:
    """captured_earliest is not after captured_latest."""
    return captured_earliest is None or captured_latest is None or captured_earliest <= captured_latest


def _body_inside(byte_start: int, byte_end: int, body_spans: list[Extent]) -> bool:
    """body_spans lie between byte_start and byte_end."""
    return not body_spans or (byte_start <= body_spans[0]["start"] and body_spans[-1]["end"] <= byte_end)


def _text_inside(byte_start: int, byte_end: int, text_spans: list[Extent]) -> bool:
    """text_spans lie between byte_start and byte_end."""
    return _body_inside(byte_start, byte_end, text_spans)


def _text_unless_withheld(text: str | None, flags: list[str], n_chars: int) -> bool:
    """A text that is null has no words, or is withheld; one that is withheld is null."""
    is_withheld = "withheld" in flags
    return not is_withheld if text is not None else is_withheld or n_chars == 0


def _chrome_has_a_kind(role: str, kind: str | None) -> bool:
    """Chrome has a kind, and nothing else has one."""
    return (role == "chrome") == (kind is not None)


@cache
def _columns_of(rule: Rule) -> tuple[str, ...]:
    return tuple(signature(rule).parameters)


class Row(BaseModel):
    """One row of a table. RULES hold between the columns that they name; the docstring of a rule is its message."""

    model_config = ConfigDict(strict=True, extra="forbid")
    RULES: ClassVar[tuple[Rule, ...]] = ()

    @classmethod
    def ruled(cls) -> set[str]:
        """Name the columns that a rule holds against each other."""
        return {name for rule in cls.RULES for name in _columns_of(rule)}

    @classmethod
    def obey(cls, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Return the columns of some rows; raise ValueError with the first rule that one of them breaks."""
        for rule in cls.RULES:
            if not all(map(rule, *(columns[name] for name in _columns_of(rule)))):
                raise ValueError(f"not so: {rule.__doc__}")
        return columns

    @model_validator(mode="after")
    def _obey(self) -> Row:
        self.obey({name: [value] for name, value in self.__dict__.items()})
        return self


class Record(Row):
    """An authored unit found in a document: a post, a thread, an article, an episode, a profile."""

    RULES = (_bytes_in_order, _publication_in_order, _body_inside, _text_unless_withheld)

    record_id: RecordId = Field(
        description="hash over kind, author or handle, and normalised text: "
        "the same post captured twice has the same id, in any release"
    )
    document_id: DocumentId = Field(description="where it was found; of several captures, the one kept")
    page_kind: Kind = Field(description="the grammar that read the page")
    kind: Kind = Field(
        description="what it is: post, thread, article, episode, profile, or what a page kind brings"
    )
    position: Count = Field(description="its order in the document, from zero")
    title: Words | None = Field(description="as printed; null where it has none")
    author: Words | None = Field(description="as printed; null where the page does not say")
    handle: Handle | None = Field(
        description="as printed, without the at sign; null where the page does not say"
    )
    published_raw: Words | None = Field(
        description="the date words exactly as printed; null where there are none"
    )
    published: IsoDate | None = Field(
        description="ISO date or date-time, as exact as the words fix it absolutely, "
        "in the page's own time; else null"
    )
    published_earliest: Instant | None = Field(
        description="start of the interval in which it was published, relative words resolved "
        "against the capture interval; null where nothing bounds it"
    )
    published_latest: Instant | None = Field(description="end of that interval; null where nothing bounds it")
    published_precision: Precision = Field(description="how exactly the date words fix the time")
    text: str | None = Field(
        description="the cleaned body without site chrome, blocks parted by a blank line; "
        "null where it has no words, or where the licence does not let it be published"
    )
    text_sha256: Sha256 | None = Field(
        description="SHA-256 of the text in UTF-8, withheld or not; null where it has no words"
    )
    n_chars: Count = Field(description="code points of text, withheld or not")
    n_words: Count = Field(
        description="words of text by Unicode word boundaries, Chinese and Japanese by character"
    )
    language: Language = Field(description=f"of text, as a BCP tag; {UNDETERMINED} where it cannot be told")
    language_confidence: Share | None = Field(description="of the language; null where it was not measured")
    urls: list[Words] = Field(description="addresses in the text, as printed")
    is_complete: bool = Field(
        description="false where the page shows only part: a preview, a fold, or fewer segments than it promises"
    )
    n_promised: Count | None = Field(
        description="how many segments the page says there are; null where it does not"
    )
    n_segments: Count = Field(description="how many segments it has")
    byte_start: Offset = Field(description="first byte of the whole record, header fields included")
    byte_end: Offset = Field(description="the byte after its last")
    body_spans: Extents = Field(description="where its own words stand")
    captures: list[Capture] = Field(description="the other places where it was found")
    flags: list[Flag] = Field(description="what a careful reader should know")
    license: Licence = Field(description=f"SPDX expression, or {UNKNOWN_LICENSE}")
    license_evidence: Words | None = Field(description="why that licence; null where nothing is known")
    confidence: Share | None = Field(
        description="how surely the parts of the record were told, from 0 to 1, where its page was read without a "
        "grammar of its own; null where one read it, or where the page is kept as one record"
    )


class Segment(Row):
    """A block of a record, in reading order. The segments of a record tile its body."""

    RULES = (_bytes_in_order, _text_inside)

    segment_id: SegmentId = Field(
        description="16 hex digits of its record's id and 8 of its place in the record"
    )
    record_id: RecordId = Field(description="the record it belongs to")
    document_id: DocumentId = Field(description="the document it stands in")
    kind: SegmentKind = Field(description="what it is")
    position: Count = Field(description="its order in the record, from zero")
    speaker: Words | None = Field(description="of a turn, as printed; else null")
    start_s: Seconds | None = Field(
        description="of a turn or a chapter, from the start of the recording; of a message in a chat, the time of "
        "day; null where none"
    )
    title: Words | None = Field(description="of a chapter or a heading, its words; else null")
    text: str | None = Field(
        description="its words; of a turn the words alone, without its header; "
        "null where the licence does not let it be published"
    )
    text_spans: Extents = Field(description="where its words stand")
    language: Language = Field(description=f"of text, as a BCP tag; {UNDETERMINED} where it cannot be told")
    language_confidence: Share | None = Field(description="of the language; null where it was not measured")
    byte_start: Offset = Field(description="first byte of the whole segment, of a turn its header included")
    byte_end: Offset = Field(description="the byte after its last")


class Document(Row):
    """A seed, a text dump of a web page, as the pipeline read it."""

    RULES = (_capture_in_order,)

    document_id: DocumentId = Field(description="made from sha256")
    path: RelativePath = Field(
        description="of the file, under seeds/; of a page in a packed file with its place: pages.jsonl#12; "
        "the document_id where all of it was asked out"
    )
    sha256: Sha256 = Field(
        description="of a plain file, of its bytes; of a page in a packed file, or of what was extracted, of its text"
    )
    n_bytes: Offset = Field(description="size of what sha256 is of")
    encoding: Words = Field(description="of the file; offsets are into its text recoded to UTF-8")
    extracted_by: Words | None = Field(
        description="what made its text of HTML, mail or an export; null where the text is the file's own"
    )
    extracted_text: Words | None = Field(
        description="the text that offsets are into, where it is not the file's own (see extracted_by); what was "
        "asked out of it is blank; null where it is the file's own, or where none of it may be published"
    )
    source_id: Words | None = Field(
        description="the id that the packed file gives it; null where it gives none"
    )
    page_kind: Kind = Field(description="the grammar that read it; unknown where none knew it")
    site: Words | None = Field(description="the site it was saved from, in words; null where it is not known")
    source_url: Words | None = Field(description="address of the page; null where it is not known")
    captured_earliest: Instant | None = Field(
        description="start of the interval in which it was captured; null where nothing bounds it"
    )
    captured_latest: Instant | None = Field(description="end of that interval; null where nothing bounds it")
    capture_evidence: Words | None = Field(description="why that interval; null where nothing is known")
    language: Language | None = Field(
        description="of most of its text, as a BCP tag; null where it has no text"
    )
    n_records: Count = Field(description="records found in it")
    n_segments: Count = Field(description="segments found in it")
    body_bytes: Offset = Field(description="in spans of the role body")
    chrome_bytes: Offset = Field(description="in spans of the role chrome, unclaimed lines included")
    unclaimed_bytes: Offset = Field(description="in lines that no rule knew")
    license: Licence = Field(description=f"SPDX expression, or {UNKNOWN_LICENSE}")
    license_evidence: Words | None = Field(description="why that licence; null where nothing is known")
    policy: Policy = Field(description="what is published of it")
    file_path: RelativePath | None = Field(
        description="the file it was read from, under seeds/; null where that is not told"
    )
    file_sha256: Sha256 | None = Field(
        description="of that file's bytes as found; null where that is not told"
    )
    file_bytes: Offset | None = Field(description="size of that file; null where that is not told")


class Span(Row):
    """A stretch of a document with one role. Every byte that is not white space lies in exactly one span."""

    RULES = (_bytes_in_order, _chrome_has_a_kind)

    document_id: DocumentId = Field(description="the document")
    byte_start: Offset = Field(description="first byte")
    byte_end: Offset = Field(description="the byte after the last")
    role: Role = Field(description="whose words these are")
    kind: ChromeKind | None = Field(description="of chrome, what it is; null for other roles")
    record_id: RecordId | None = Field(description="the record it lies in; null where it lies in none")
    segment_id: SegmentId | None = Field(description="the segment it lies in; null where it lies in none")
    rule: Words | None = Field(description="which mark of which grammar claimed it; null where none did")


class Removed(Row):
    """What was found and is not in records, and why. It holds no text."""

    record_id: RecordId | None = Field(description="the record taken out; null where it was not one")
    document_id: DocumentId | None = Field(
        description="where it was found; null where the file could not be read"
    )
    kind: Kind | None = Field(description="what it was; null where it is not known")
    title: Words | None = Field(description="as printed; null where it has none")
    author: Words | None = Field(description="as printed; null where the page does not say")
    handle: Handle | None = Field(
        description="as printed, without the at sign; null where the page does not say"
    )
    published_raw: Words | None = Field(
        description="the date words exactly as printed; null where there are none"
    )
    published: IsoDate | None = Field(description="as in records; null where the words do not fix it")
    byte_start: Offset | None = Field(description="first byte; null where no place can be given")
    byte_end: Offset | None = Field(description="the byte after the last; null where no place can be given")
    reason: Reason = Field(description="why it was taken out")
    kept_id: AnyId | None = Field(
        description="the record, or document, kept in its stead; null where none was"
    )
    similarity: Share | None = Field(description="to the record kept; null where it was not measured")
    message: Words | None = Field(
        description="what was wrong, where, and what was seen; null where the reason says all"
    )
    file_path: RelativePath | None = Field(
        description="of a file, or a page in one, that left no document: the file, under seeds/; else null"
    )
    file_sha256: Sha256 | None = Field(
        description="of that file's bytes as found; null where there is none, or it could not be read"
    )


TABLES: dict[str, type[Row]] = {
    "records": Record,
    "segments": Segment,
    "documents": Document,
    "spans": Span,
    "removed": Removed,
}

# The column that names a row; spans and removed have none.
IDS = {"records": "record_id", "segments": "segment_id", "documents": "document_id"}
LONG = ("text", "extracted_text")  # columns of texts of any length


class Tables(NamedTuple):
    """The five tables of a release, each a frame."""

    records: pl.DataFrame
    segments: pl.DataFrame
    documents: pl.DataFrame
    spans: pl.DataFrame
    removed: pl.DataFrame
