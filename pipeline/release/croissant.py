"""Croissant, which is also schema.org's Dataset: what machine learning tools and search engines read.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html and its extension for responsible AI.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from pipeline.release import skews
from pipeline.release.citation import bibtex
from pipeline.release.model import PROSE, File, Release, Table
from schemas.columns import UNKNOWN_LICENSE

VERSIONS = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
# Appendix 1 of the specification, with https in schema.org, which mlcroissant insists on.
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "sdVersion": "cr:sdVersion",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {
    pa.string(): "sc:Text",
    pa.bool_(): "sc:Boolean",
    pa.int32(): "cr:Int32",
    pa.int64(): "cr:Int64",
    pa.float32(): "cr:Float32",
    pa.float64(): "cr:Float64",
    pa.timestamp("us", "UTC"): "sc:DateTime",
}


def render(release: Release) -> str:
    """Write the description as JSON-LD."""
    return json.dumps(describe(release), indent=1, ensure_ascii=False) + "\n"


def describe(release: Release) -> dict[str, Any]:
    """Describe a version for machines; a page that embeds it has to escape it for HTML."""
    said = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSIONS,
        "name": release.dataset.name,
        "alternateName": release.dataset.spoken,
        "description": release.description,
        "url": release.url or "index.html",
        "version": release.version.removeprefix("v"),
        "license": _licences(release),
        "creator": [{"@type": "Organization", "name": name} for name in release.creators],
        "publisher": [{"@type": "Organization", "name": name} for name in release.creators],
        "datePublished": release.dataset.published,
        "keywords": list(release.dataset.tags),
        "inLanguage": [count.value for count in release.counts["language"]],
        "temporalCoverage": release.published.days,
        "isBasedOn": sorted({source.site for source in release.sources if source.site}),
        "isAccessibleForFree": True,
        "isLiveDataset": False,
        "citeAs": bibtex(release),
        **_responsibility(release),
        "distribution": _distribution(release),
        "recordSet": [_record_set(table) for table in release.tables],
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


def _licences(release: Release) -> list[str]:
    """Name the licences of the texts; where one is not known, say what that means in its stead."""
    known = [str(count.value) for count in release.counts["license"] if count.value != UNKNOWN_LICENSE]
    urls = [f"https://spdx.org/licenses/{name}.html" if " " not in name else name for name in known]
    return urls + [PROSE["unknown_licence"]] * bool(release.n_unknown)


def _responsibility(release: Release) -> dict[str, Any]:
    """Say what the card says of collection, use and harm."""
    captured = [moment[:10] for moment in release.captured if moment]
    return {
        "rai:dataCollection": PROSE["collection"],
        "rai:dataCollectionType": PROSE["collection_types"],
        "rai:dataCollectionRawData": PROSE["raw"],
        "rai:dataCollectionMissingData": PROSE["missing"],
        "rai:dataCollectionTimeFrame": captured,
        "rai:dataImputationProtocol": PROSE["imputation"],
        "rai:dataPreprocessingProtocol": PROSE["steps"],
        "rai:dataManipulationProtocol": PROSE["manipulation"],
        "rai:dataAnnotationProtocol": [PROSE["annotation"]],
        "rai:dataUseCases": PROSE["uses"] + [f"Not for: {use}" for use in PROSE["excluded"]],
        "rai:dataLimitations": PROSE["limits"],
        "rai:dataBiases": PROSE["biases"] + [str(skew) for skew in skews.measure(release)],
        "rai:dataSocialImpact": PROSE["impact"],
        "rai:personalSensitiveInformation": PROSE["personal"],
        "rai:dataReleaseMaintenancePlan": PROSE["maintenance"],
    }


def _distribution(release: Release) -> list[dict[str, Any]]:
    """List every file of rows with its checksum, and for each table the set of its Parquet files."""
    files = [
        _file(file, form)
        for table in release.tables
        for form, kept in (("application/x-parquet", table.files), ("application/gzip", table.lines))
        for file in kept
    ]
    return files + [
        {
            "@type": "cr:FileSet",
            "@id": f"{table.name}-parquet",
            "name": f"{table.name}-parquet",
            "description": table.meaning,
            "encodingFormat": "application/x-parquet",
            "includes": f"{table.name}/*.parquet",
        }
        for table in release.tables
    ]


def _file(file: File, form: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": form,
        "sha256": file.sha256,
    }


def _record_set(table: Table) -> dict[str, Any]:
    said = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
        "field": [_field(table, field) for field in table.schema],
    }
    return said | ({"key": {"@id": f"{table.name}/{table.key}"}} if table.key else {})


def _field(table: Table, field: pa.Field) -> dict[str, Any]:
    """Describe a column; of a list of structs, what each struct holds."""
    source = {"fileSet": {"@id": f"{table.name}-parquet"}, "extract": {"column": field.name}}
    inner = field.type.value_type if pa.types.is_list(field.type) else field.type
    said = _named(f"{table.name}/{field.name}", field)
    if inner is not field.type:
        said |= {"isArray": True, "arrayShape": "-1"}
    if pa.types.is_struct(inner):
        members = [
            _named(f"{said['@id']}/{member.name}", member)
            | {"dataType": TYPES[member.type]}
            | {"source": source | {"transform": {"jsonPath": member.name}}}
            for member in inner.fields
        ]
        return said | {"subField": members}
    # No `references`: mlcroissant would join by them, and lose the rows that name nothing. Data Package has them.
    return said | {"dataType": TYPES[inner], "source": source}


def _named(path: str, field: pa.Field) -> dict[str, Any]:
    meaning = (field.metadata or {}).get(b"description", b"").decode()
    return {"@type": "cr:Field", "@id": path, "name": path, "description": meaning}
