"""Data Package, version 2: what R, Julia and the tools of open data read.

https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from pipeline.release.model import PROSE, Column, File, Release, Table
from schemas.columns import UNKNOWN_LICENSE

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"


def render(release: Release) -> str:
    """Write the description of a version."""
    return json.dumps(_describe(release), indent=1, ensure_ascii=False) + "\n"


def _describe(release: Release) -> dict[str, Any]:
    said = {
        "$schema": PROFILE,
        "name": release.dataset.name,
        "id": f"sha256:{release.data_digest}",
        "title": release.dataset.spoken,
        "description": release.description,
        "homepage": release.url,
        "version": release.version.removeprefix("v"),
        "created": release.dataset.published and f"{release.dataset.published}T00:00:00Z",
        "contributors": [{"title": name, "roles": ["creator"]} for name in release.creators],
        "keywords": list(release.dataset.tags),
        "licenses": _licences(release),
        "sources": _sources(release),
        "resources": [
            resource
            for table in release.tables
            for resource in (_resource(table, table.files, ""), _resource(table, table.lines, "-jsonl"))
        ],
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


def _licences(release: Release) -> list[dict[str, str]]:
    """Name the licences of the texts; an expression of several has no name of its own, and stands in the card."""
    names = [str(count.value) for count in release.counts["license"]]
    return [
        {"path": "README.md", "title": name}
        if " " in name
        else {"name": name, "title": PROSE["unknown_licence"] if name == UNKNOWN_LICENSE else name}
        for name in names
    ]


def _sources(release: Release) -> list[dict[str, str]]:
    """Name the sites; the table `documents` names every page."""
    return [{"title": site} for site in sorted({source.site for source in release.sources if source.site})]


def _resource(table: Table, files: tuple[File, ...], suffix: str) -> dict[str, Any]:
    """Describe a table in one of its forms; of several files the checksums stand in SHA256SUMS."""
    paths = [file.path for file in files]
    form = {"format": "jsonl", "mediatype": "application/gzip", "encoding": "utf-8"}
    if not suffix:
        form = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
    whole = {"bytes": files[0].bytes, "hash": f"sha256:{files[0].sha256}"} if len(files) == 1 else {}
    return {
        "name": f"{table.name}{suffix}",
        "type": "table",
        "path": paths[0] if len(paths) == 1 else paths,
        "description": table.meaning,
        **form,
        **whole,
        "schema": _schema(table, suffix),
    }


def _schema(table: Table, suffix: str) -> dict[str, Any]:
    keys = [
        {"fields": [name], "reference": {"resource": f"{other}{suffix}", "fields": [name]}}
        for name, other in table.references.items()
    ]
    said = {
        "$schema": SCHEMA,
        "fields": [_field(column, table.schema.field(column.name).type) for column in table.columns],
        "primaryKey": [table.key] if table.key else [],
        "foreignKeys": keys,
    }
    return {key: value for key, value in said.items() if value}


def _field(column: Column, dtype: pa.DataType) -> dict[str, Any]:
    rules: dict[str, Any] = {} if column.is_nullable else {"required": True}
    if column.words and not pa.types.is_list(dtype):
        rules["enum"] = [word.name for word in column.words]
    unit = f", in {column.unit}" if column.unit else ""
    said = {"name": column.name, "type": _type(dtype), "description": f"{column.meaning}{unit}"}
    return (
        said
        | ({"example": column.example} if column.example else {})
        | ({"constraints": rules} if rules else {})
    )


def _type(dtype: pa.DataType) -> str:
    """Return what Table Schema calls an Arrow type."""
    told = (
        (pa.types.is_list, "array"),
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_floating, "number"),
        (pa.types.is_timestamp, "datetime"),
    )
    return next((name for holds, name in told if holds(dtype)), "string")
