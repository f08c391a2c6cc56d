"""The kinds of value a column may hold: how it is stored, its unit, and what a valid one looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypedDict

from schemas.vocabulary import (
    CHANGE_REASONS,
    CHANGES,
    CHROME_KINDS,
    FLAGS,
    POLICIES,
    PRECISIONS,
    REASONS,
    ROLES,
    SEGMENT_KINDS,
)


@dataclass(frozen=True, eq=False)
class Stored:
    """How a value is stored in Arrow, and its unit; the JSON Schema carries the unit."""

    arrow: str
    unit: str | None = None

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(core) | ({"unit": self.unit} if self.unit else {})


@dataclass(frozen=True, eq=False)
class OneOf:
    """A word of a closed vocabulary; the JSON Schema carries the meanings."""

    words: Mapping[str, str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"oneOf": [{"const": word, "description": meaning} for word, meaning in self.words.items()]}


def _matching(pattern: str) -> StringConstraints:
    return StringConstraints(pattern=pattern)


# Nullable text is null where there is nothing to say, never "".
Words = Annotated[str, StringConstraints(min_length=1)]
RECORD_ID = r"^r_[0-9a-f]{24}$"
RecordId = Annotated[str, _matching(RECORD_ID)]
SegmentId = Annotated[str, _matching(r"^s_[0-9a-f]{24}$")]
DocumentId = Annotated[str, _matching(r"^d_[0-9a-f]{24}$")]
AnyId = Annotated[str, _matching(r"^[rsd]_[0-9a-f]{24}$")]
Sha256 = Annotated[str, _matching(r"^[0-9a-f]{64}$")]
KIND = r"^[a-z][a-z0-9_]*$"  # a page kind names its grammar's file
Kind = Annotated[str, _matching(KIND)]
Handle = Annotated[str, _matching(r"^[^@]")]
RelativePath = Annotated[str, _matching(r"^[^/]")]
UNDETERMINED = "und"  # BCP 47: a language that cannot be told
# BCP 47, as far as it is used here: language, script or region subtags.
Language = Annotated[str, _matching(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
UNKNOWN_LICENSE = "LicenseRef-unknown"  # of what nobody gave a licence for; SPDX leaves such names to us
# An SPDX licence expression.
Licence = Annotated[str, _matching(r"^[A-Za-z0-9][A-Za-z0-9.+() -]*$")]
Day = Annotated[str, _matching(r"^\d{4}-\d{2}-\d{2}$")]  # ISO 8601
# ISO 8601 cut where the knowledge ends: 2021, 2021-01, 2021-01-09, 2021-01-09T07:32, seconds, a zone.
IsoDate = Annotated[
    str,
    _matching(r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)?)?$"),
]

Role = Annotated[str, OneOf(ROLES)]
ChromeKind = Annotated[str, OneOf(CHROME_KINDS)]
SegmentKind = Annotated[str, OneOf(SEGMENT_KINDS)]
Precision = Annotated[str, OneOf(PRECISIONS)]
Flag = Annotated[str, OneOf(FLAGS)]
Reason = Annotated[str, OneOf(REASONS)]
Policy = Annotated[str, OneOf(POLICIES)]
Change = Annotated[str, OneOf(CHANGES)]
ChangeReason = Annotated[str, OneOf(CHANGE_REASONS)]

Count = Annotated[int, Field(ge=0, lt=2**31), Stored("int32")]
Offset = Annotated[int, Field(ge=0), Stored("int64", "bytes")]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False), Stored("float64", "seconds")]
Share = Annotated[float, Field(ge=0, le=1), Stored("float32")]
Instant = Annotated[datetime, Stored("timestamp")]


class Extent(TypedDict):
    """A stretch of the document's text."""

    start: Annotated[Offset, Field(description="first byte")]
    end: Annotated[Offset, Field(description="the byte after the last")]


class Capture(TypedDict):
    """Another place where the record was found."""

    document_id: Annotated[DocumentId, Field(description="the document")]
    byte_start: Annotated[Offset, Field(description="first byte of the copy")]
    byte_end: Annotated[Offset, Field(description="the byte after its last")]
    similarity: Annotated[
        Share | None, Field(description="to the record kept; null where it was not measured")
    ]


def _in_order(extents: list[Extent]) -> list[Extent]:
    end = -1
    for extent in extents:
        if not end <= extent["start"] < extent["end"]:
            raise ValueError(f"the stretches are not in order at {extent['start']}..{extent['end']}")
        end = extent["end"]
    return extents


Extents = Annotated[list[Extent], AfterValidator(_in_order)]
