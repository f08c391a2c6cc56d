"""Small invented tables that tests of several rooms share: two pages, four records, a removal."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

import schemas
from schemas import Tables

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)
# What to say and where: the pages below are made of these, so that offsets and words agree.
PAGES = {
    "b/looms.txt": ["Looms weave flowers.", "织机织花，引擎织代数。"],
    "a/engines.txt": [
        "Engines weave algebra | `pipes`, {{ braces }} and <b>tags</b>.",
        "A letter: ada@example.org",
    ],
}


def named(prefix: str, words: str) -> str:
    """Return an id as the pipeline makes them."""
    return f"{prefix}_{hashlib.sha256(words.encode()).hexdigest()[:24]}"


def page(path: str) -> str:
    """Return the page: a menu, then its records, each under its author's name."""
    return "Menu\n\n" + "\n\n".join(f"Ada\n{text}" for text in PAGES[path]) + "\n"


def make_tables(pages: dict[str, list[str]] | None = None) -> Tables:
    """Return valid tables, documents with their text as they leave the pipeline."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in schemas.TABLES}
    for path, texts in (pages or PAGES).items():
        _lay(rows, path, texts)
    rows["removed"].append(
        dict.fromkeys(schemas.polars_schema("removed"))
        | {
            "record_id": named("r", "copy"),
            "document_id": rows["documents"][0]["document_id"],
            "kind": "post",
        }
        | {"byte_start": 6, "byte_end": 9, "reason": "near_copy", "similarity": 0.9}
        | {"kept_id": rows["records"][0]["record_id"]}
    )
    texts = pl.Series("text", [row.pop("text") for row in rows["documents"]])
    tables = Tables(
        **{name: pl.DataFrame(rows[name], schemas.polars_schema(name)) for name in schemas.TABLES}
    )
    return tables._replace(documents=tables.documents.with_columns(texts))


def _lay(rows: dict[str, list[dict[str, Any]]], path: str, texts: list[str]) -> None:
    whole = "Menu"
    document_id = named("d", path)
    rows["spans"].append(_span(document_id, 0, 4, "chrome", kind="nav", rule="looms/menu"))
    for position, text in enumerate(texts):
        start = len(whole.encode()) + 2
        whole += f"\n\nAda\n{text}"
        _record(rows, document_id, position, text, start, len(whole.encode()))
    whole += "\n"
    size = len(whole.encode())
    ours = [span for span in rows["spans"] if span["document_id"] == document_id and span["role"] == "body"]
    rows["documents"].append(
        {"document_id": document_id, "path": path, "sha256": hashlib.sha256(whole.encode()).hexdigest()}
        | {"n_bytes": size, "encoding": "utf-8", "page_kind": "looms", "source_url": None}
        | {"captured_earliest": NOON, "captured_latest": NOON + timedelta(hours=1), "language": "en"}
        | {"capture_evidence": "a clock | on the page", "n_records": len(texts), "n_segments": len(texts)}
        | {"body_bytes": sum(span["byte_end"] - span["byte_start"] for span in ours), "chrome_bytes": 4}
        | {
            "unclaimed_bytes": 0,
            "license": "LicenseRef-unknown",
            "license_evidence": None,
            "policy": "full",
            "text": whole,
        }
    )


def _record(
    rows: dict[str, list[dict[str, Any]]], document_id: str, position: int, text: str, start: int, end: int
) -> None:
    record_id, segment_id = named("r", text), named("s", text)
    body = [{"start": start + 4, "end": end}]
    place = {"document_id": document_id, "byte_start": start, "byte_end": end}
    tongue = {"language": "en" if text.isascii() else "zh-Hans", "language_confidence": 0.7}
    rows["records"].append(
        place
        | tongue
        | {"record_id": record_id, "page_kind": "looms", "kind": "post", "position": position, "title": None}
        | {"author": "Ada", "handle": None, "published_raw": "yesterday", "published": None, "text": text}
        | {"text_sha256": hashlib.sha256(text.encode()).hexdigest()}
        | {
            "published_earliest": NOON - timedelta(days=2),
            "published_latest": NOON,
            "published_precision": "day",
        }
        | {
            "n_chars": len(text),
            "n_words": len(text.split()),
            "urls": [],
            "is_complete": True,
            "confidence": None,
            "n_promised": None,
        }
        | {"n_segments": 1, "body_spans": body, "captures": [], "flags": ["short"] * text.isascii()}
        | {"license": "LicenseRef-unknown", "license_evidence": None}
    )
    rows["segments"].append(
        place
        | tongue
        | {
            "segment_id": segment_id,
            "record_id": record_id,
            "kind": "paragraph",
            "position": 0,
            "speaker": None,
        }
        | {"start_s": None, "title": None, "text": text, "text_spans": body, "byte_start": start + 4}
    )
    rows["spans"].append(
        _span(document_id, start, start + 3, "header", record_id=record_id, rule="looms/author")
    )
    rows["spans"].append(
        _span(document_id, start + 4, end, "body", record_id=record_id, segment_id=segment_id)
    )


def _span(document_id: str, start: int, end: int, role: str, **known: str) -> dict[str, Any]:
    span = dict.fromkeys(schemas.polars_schema("spans"))
    return span | {"document_id": document_id, "byte_start": start, "byte_end": end, "role": role} | known
