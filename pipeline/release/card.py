"""The data card: a function of the files of a version, so that it can be made again from them alone.

Prose stands in templates/, without numbers; every number is counted from the written files.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import schemas
from pipeline.release import differences, parquet
from pipeline.release.facts import Head

TEMPLATES = Path(__file__).parent / "templates"
UNKNOWN = "LicenseRef-unknown"
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
# One language in so many records is worth a tag.
LANGUAGE_SHARE = 100


def render(folder: Path, head: Head, prefix: str = "") -> str:
    """Make the card of a version.

    Args:
        folder: the version's folder; its tables, schema/, stats.json and quality.json are read.
        head: name, version and history, as in its manifest.
        prefix: what paths in the card start with: "" in the version itself, "v1.0.0/" beside it.
    """
    stats, quality = (
        json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("stats", "quality")
    )
    return (
        _environment()
        .get_template("card.md.j2")
        .render(
            dataset=head.dataset,
            head=head,
            prefix=prefix,
            shown=SHOWN,
            stats=stats,
            quality=quality,
            changes=differences.read(folder),
            tables=[_table(folder, name) for name in schemas.TABLES],
            languages=_languages(stats["records"]["language"]),
            licenses=[row["value"] for row in stats["records"]["license"]],
            n_unknown=sum(row["rows"] for row in stats["records"]["license"] if row["value"] == UNKNOWN),
            size=next((name for limit, name in SIZES if stats["tables"]["records"]["rows"] < limit), "n>10M"),
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
    environment.filters |= {"cell": _cell, "quoted": _quoted, "number": _number, "share": _share}
    return environment


def _table(folder: Path, name: str) -> dict[str, Any]:
    """Describe a table as its files are."""
    paths = parquet.paths(folder, name)
    schema = json.loads((folder / "schema" / f"{name}.schema.json").read_text("utf-8"))
    return {
        "name": name,
        "meaning": schema["description"],
        "rows": sum(pq.read_metadata(path).num_rows for path in paths),
        "size": sum(path.stat().st_size for path in paths),
        "columns": [_column(column, rules) for column, rules in schema["properties"].items()],
        "features": [_feature(field) for field in pq.read_schema(paths[0])],
    }


def _column(name: str, rules: dict[str, Any]) -> dict[str, Any]:
    value = rules.get("anyOf", [rules])[0]
    return {
        "name": name,
        "meaning": rules["description"],
        "type": re.sub(r" not null|element: ", "", rules["arrowType"]),
        "unit": value.get("unit"),
        "is_nullable": "anyOf" in rules,
        "words": value.get("items", value).get("oneOf", []),
    }


def _feature(field: pa.Field) -> dict[str, Any]:
    """Describe a column in the words of the Hub's `dataset_info`."""
    return {"name": field.name} | _dtype(field.type)


def _dtype(dtype: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(dtype):
        inner = _dtype(dtype.value_type)
        return {"list": inner.get("struct", inner.get("dtype"))}
    if pa.types.is_struct(dtype):
        return {"struct": [_feature(field) for field in dtype.fields]}
    return {"dtype": FEATURES.get(str(dtype), str(dtype))}


def _languages(counts: list[dict[str, Any]]) -> list[str]:
    """Return the primary subtags of the languages that are more than a stray record or two."""
    total = sum(row["rows"] for row in counts)
    common = {row["value"].split("-")[0] for row in counts if row["rows"] * LANGUAGE_SHARE >= total}
    return sorted(common - {"und"})


def _cell(value: Any) -> str:
    """Write a value of unknown origin so that it can break neither a table nor the page."""
    text = " ".join(str(value).split())
    return re.sub(r"([\\`*_{}\[\]()#!|~])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def _quoted(value: Any) -> str:
    """Write a value as YAML, in its JSON subset."""
    return json.dumps(value, ensure_ascii=False)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
