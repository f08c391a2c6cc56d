"""The data card: a function of the files of a version, so that it can be made again from them alone.

Prose stands in templates/, without numbers; every number is counted from the written files.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.release.citation import quoted
from pipeline.release.model import Release

TEMPLATES = Path(__file__).parent / "templates"
# The Hub's names for how many rows there are: https://huggingface.co/docs/hub/datasets-cards
SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
)
# Names of the Hub's features that differ from Arrow's.
FEATURES = {"double": "float64", "float": "float32"}
# Documents named in the card; the table names them all.
SHOWN = 50


def render(release: Release, prefix: str = "") -> str:
    """Make the card of a version.

    Args:
        release: the version.
        prefix: what paths in the card start with: "" in the version itself, "v1.0.0/" beside it.
    """
    return (
        _environment()
        .get_template("card.md.j2")
        .render(
            release=release,
            prefix=prefix,
            shown=SHOWN,
            features={table.name: [_feature(field) for field in table.schema] for table in release.tables},
            languages=sorted({language.split("-")[0] for language in release.languages}),
            size=next((name for limit, name in SIZES if release.rows["records"] < limit), "n>10M"),
        )
    )


def render_changelog(catalogue: dict[str, Any]) -> str:
    """Make the list of all versions and what changed in each, from index.json."""
    return _environment().get_template("changelog.md.j2").render(catalogue=catalogue)


@cache
def _environment() -> Environment:
    # Markdown, not HTML: `cell` and `quoted` escape what comes from outside.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )
    environment.filters |= {"cell": _cell, "quoted": quoted, "number": _number, "share": _share}
    return environment


def _feature(field: pa.Field) -> dict[str, Any]:
    return {"name": field.name} | _dtype(field.type)


def _dtype(dtype: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(dtype):
        inner = _dtype(dtype.value_type)
        return {"list": inner.get("struct", inner.get("dtype"))}
    if pa.types.is_struct(dtype):
        return {"struct": [_feature(field) for field in dtype.fields]}
    return {"dtype": FEATURES.get(str(dtype), str(dtype))}


def _cell(value: Any) -> str:
    """Write a value of unknown origin so that it can break neither a table nor the page."""
    text = " ".join(str(value).split())
    return re.sub(r"([\\`*_{}\[\]()#!|~])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
