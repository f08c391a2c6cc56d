"""The head of the card: what the Hugging Face Hub and `datasets` read, in the words they know.

https://huggingface.co/docs/hub/datasets-cards; the Hub's own check of it needs the network, so its rules stand here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pyarrow as pa
from babel import Locale
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipeline.release.model import Release, Table
from schemas.columns import UNKNOWN_LICENSE

# The Hub's names for licences of data, by SPDX identifier: https://huggingface.co/docs/hub/repositories-licenses
LICENCES = {
    name: name.lower()
    for name in (
        *("Apache-2.0", "MIT", "Unlicense", "CC0-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0"),
        *("CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0"),
        *("CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"),
        *("CDLA-Sharing-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "etalab-2.0", "C-UDA", "WTFPL"),
    )
} | {"ODbL-1.0": "odbl", "ODC-By-1.0": "odc-by", "PDDL-1.0": "pddl", "GFDL-1.3-or-later": "gfdl"}
UNKNOWN_THERE, OTHER = "unknown", "other"
SIZES = (
    *("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B"),
    *("1B<n<10B", "10B<n<100B", "100B<n<1T", "n>1T"),
)
# Names of the Hub's features that differ from Arrow's.
FEATURES = {"double": "float64", "float": "float32"}


def _known(code: str) -> str:
    """Return a language's code if Unicode's CLDR has a name for it."""
    if code not in Locale("en").languages:
        raise ValueError(f"{code} is no language")
    return code


class Form(BaseModel):
    """A part of the head: nothing that the Hub does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DataFiles(Form):
    """Where the files of a split stand."""

    split: Literal["train"] = "train"
    path: Annotated[str, Field(pattern=r"^[^/].*/\*\.parquet$")]


class Config(Form):
    """A table, to be loaded by its name."""

    config_name: str
    default: bool | None = None
    data_files: tuple[DataFiles, ...]


class Split(Form):
    """How much a split holds: whoever loads it is told if that is not so."""

    name: Literal["train"] = "train"
    num_bytes: int
    num_examples: Annotated[int, Field(gt=0)]


class Info(Form):
    """What a table is made of."""

    config_name: str
    features: list[dict[str, Any]]
    splits: tuple[Split, ...]
    download_size: int
    dataset_size: int


class Front(Form):
    """The head of a card."""

    pretty_name: Annotated[str, Field(min_length=1)]
    license: Literal["unknown", "other"] | Annotated[str, Field(pattern=f"^({'|'.join(LICENCES.values())})$")]
    license_name: str | None = None
    license_link: str | None = None
    language: tuple[Annotated[str, AfterValidator(_known)], ...] | None = None
    multilinguality: Literal["monolingual", "multilingual"] | None = None
    size_categories: tuple[Literal[SIZES]]  # type: ignore[valid-type]
    language_creators: tuple[Literal["found"]] = ("found",)
    annotations_creators: tuple[Literal["no-annotation"]] = ("no-annotation",)
    source_datasets: tuple[Literal["original"]] = ("original",)
    tags: tuple[str, ...] | None = None
    configs: tuple[Config, ...] | None = None
    dataset_info: tuple[Info, ...] | None = None


def make(release: Release, prefix: str = "") -> dict[str, Any]:
    """Make the head of a card, what is not known left out.

    Args:
        release: the version.
        prefix: what paths start with: "" in the version itself, "v1.0.0/" beside it.
    """
    # The Hub's library cannot load a split without rows.
    filled = [table for table in release.tables if table.rows]
    languages = tuple(sorted({language.split("-")[0] for language in release.languages}))
    names = tuple(sorted(str(count.value) for count in release.counts["license"]))
    licence = _licence(names)
    front = Front(
        pretty_name=release.dataset.spoken,
        license=licence,
        license_name=" AND ".join(names) if licence == OTHER else None,
        license_link="#licences" if licence == OTHER else None,
        language=languages or None,
        multilinguality="multilingual" if len(languages) > 1 else "monolingual" if languages else None,
        size_categories=(_size(release.rows["records"]),),
        tags=release.dataset.tags or None,
        configs=tuple(_config(table, prefix, default=table is filled[0]) for table in filled) or None,
        dataset_info=tuple(_info(table) for table in filled) or None,
    )
    return front.model_dump(exclude_none=True)


def _licence(names: tuple[str, ...]) -> str:
    """Name the licence of all texts: unknown if that of one is, other if there are several or one the Hub lacks."""
    if UNKNOWN_LICENSE in names or not names:
        return UNKNOWN_THERE
    return LICENCES.get(names[0], OTHER) if len(names) == 1 else OTHER


def _size(rows: int) -> str:
    """Return the Hub's name for a number of rows: each is ten times the one before, from a thousand on."""
    return SIZES[min(max(len(str(rows)) - 3, 0), len(SIZES) - 1)]


def _config(table: Table, prefix: str, *, default: bool) -> Config:
    files = (DataFiles(path=f"{prefix}{table.name}/*.parquet"),)
    return Config(config_name=table.name, default=default or None, data_files=files)


def _info(table: Table) -> Info:
    return Info(
        config_name=table.name,
        features=[_feature(field) for field in table.schema],
        splits=(Split(num_bytes=table.bytes, num_examples=table.rows),),
        download_size=table.bytes,
        dataset_size=table.bytes,
    )


def _feature(field: pa.Field) -> dict[str, Any]:
    return {"name": field.name} | _dtype(field.type)


def _dtype(dtype: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(dtype):
        inner = _dtype(dtype.value_type)
        return {"list": inner.get("struct", inner.get("dtype"))}
    if pa.types.is_struct(dtype):
        return {"struct": [_feature(field) for field in dtype.fields]}
    return {"dtype": FEATURES.get(str(dtype), str(dtype))}
