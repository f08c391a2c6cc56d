"""What a release holds: the models of its five tables, and the schemas made from them."""

from schemas.changes import CHANGES
from schemas.columns import KIND
from schemas.forms import arrow_schema, columns_adapter, empty, json_schema, polars_schema
from schemas.tables import IDS, LONG, TABLES, Document, Record, Removed, Row, Segment, Span, Tables
from schemas.vocabulary import (
    CHANGE_REASONS,
    CHROME_KINDS,
    FLAGS,
    POLICIES,
    PRECISIONS,
    REASONS,
    ROLES,
    SEGMENT_KINDS,
)

__all__ = [
    "CHANGES",
    "CHANGE_REASONS",
    "CHROME_KINDS",
    "FLAGS",
    "IDS",
    "KIND",
    "LONG",
    "POLICIES",
    "PRECISIONS",
    "REASONS",
    "ROLES",
    "SEGMENT_KINDS",
    "TABLES",
    "Document",
    "Record",
    "Removed",
    "Row",
    "Segment",
    "Span",
    "Tables",
    "arrow_schema",
    "columns_adapter",
    "empty",
    "json_schema",
    "polars_schema",
]
