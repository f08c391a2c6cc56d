"""What a version says of the one before it: the rows that differ, by their digests, and why. No text."""

from __future__ import annotations

from pydantic import Field

from schemas.columns import (
    AnyId,
    Change,
    ChangeReason,
    DocumentId,
    Kind,
    Language,
    Offset,
    RecordId,
    RelativePath,
    Sha256,
    Words,
)
from schemas.tables import Row


def _digests_fit(change: str, old_sha256: str | None, new_sha256: str | None) -> bool:
    """What was added has no old digest, what was removed no new one, and what was changed has two."""
    had, has = old_sha256 is not None, new_sha256 is not None
    return (had, has) == {"added": (False, True), "removed": (True, False), "changed": (True, True)}[change]


class RecordChange(Row):
    """A record that was added, removed or changed, and why."""

    RULES = (_digests_fit,)

    record_id: RecordId = Field(description="the record, by the id it has in either version")
    change: Change = Field(description="what became of it")
    reason: ChangeReason = Field(description="why")
    changed_columns: list[Words] = Field(description="whose values differ; empty if it was added or removed")
    document_id: DocumentId = Field(description="where it stands, or stood if it was removed")
    path: RelativePath | None = Field(description="of that document; null where the version does not list it")
    language: Language = Field(description="of its text, as a BCP tag; the former one if it was removed")
    old_sha256: Sha256 | None = Field(description="of its line of JSON in the version before; null if added")
    new_sha256: Sha256 | None = Field(description="of its line of JSON in this version; null if removed")


class RowChange(Row):
    """A row of another table that was added, removed or changed."""

    RULES = (_digests_fit,)

    table: Kind = Field(description="the table it is in")
    id: AnyId | None = Field(description="of a segment or a document; else null")
    document_id: DocumentId | None = Field(description="the document it speaks of; null where it names none")
    byte_start: Offset | None = Field(
        description="where it begins in the document; null where it has no place"
    )
    change: Change = Field(description="what became of it")
    changed_columns: list[Words] = Field(description="whose values differ; empty if it was added or removed")
    old_sha256: Sha256 | None = Field(description="of its line of JSON in the version before; null if added")
    new_sha256: Sha256 | None = Field(description="of its line of JSON in this version; null if removed")


# Written below diff/ of a version, as NAME.parquet.
CHANGES: dict[str, type[Row]] = {"record_changes": RecordChange, "row_changes": RowChange}
