"""How to cite a version: for programs (CITATION.cff), for BibTeX, and for those who mint a DOI (DataCite)."""

from __future__ import annotations

import json
import re
from typing import Any

from pipeline.release.model import PROSE, Release
from schemas.columns import UNKNOWN_LICENSE

DIGEST = "Digest of all rows, whatever their order"
# What BibTeX would take for its own; a backslash, a tilde and a caret have no plain form.
ESCAPED = {ord(sign): f"\\{sign}" for sign in "{}%&#_$"} | dict.fromkeys(map(ord, "\\~^"), " ")


def render(release: Release) -> str:
    """Write CITATION.cff, of the Citation File Format 1.2.0: YAML in its JSON subset, a field a line."""
    licence = release.dataset.license
    said = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": "Cite this dataset as below, with its version and digest.",
        "title": release.dataset.spoken,
        "abstract": release.description,
        "authors": [{"name": name} for name in release.creators],
        "version": release.version.removeprefix("v"),
        "date-released": release.dataset.published,
        "url": release.url,
        "license": licence if licence != UNKNOWN_LICENSE and " " not in licence else None,
        "keywords": list(release.dataset.tags),
        "identifiers": [{"type": "other", "value": f"sha256:{release.data_digest}", "description": DIGEST}],
    }
    return "".join(f"{key}: {quoted(value)}\n" for key, value in said.items() if value)


def quoted(value: Any) -> str:
    """Write a value as YAML, in its JSON subset; what YAML takes for no letter is written by its number."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        text,
    )


def bibtex(release: Release) -> str:
    """Write the entry of a version for BibTeX."""
    fields = {
        "title": f"{{{_escaped(release.dataset.spoken)}}}",
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in release.creators),
        "year": release.year,
        "version": release.version.removeprefix("v"),
        "url": release.url and _escaped(release.url),
        "note": f"Data digest sha256:{release.data_digest}",
    }
    key = re.sub(r"[^a-z0-9]+", "-", f"{release.dataset.name}-{release.version}")
    lines = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key}{lines}\n}}"


def _escaped(words: str) -> str:
    return " ".join(words.split()).translate(ESCAPED)


def render_datacite(release: Release) -> str | None:
    """Write what a registry of DOIs asks for, in DataCite's schema 4.6; the DOI itself is given by the registry.

    Null where nothing tells the year, which it must have.

    https://datacite-metadata-schema.readthedocs.io/en/4.6/
    """
    return json.dumps(_datacite(release), indent=1, ensure_ascii=False) + "\n" if release.year else None


def _datacite(release: Release) -> dict[str, Any]:
    said = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Text corpus"},
        "creators": [{"name": name, "nameType": "Organizational"} for name in release.creators],
        "titles": [{"title": release.dataset.spoken}],
        "publisher": {"name": release.creators[0]},
        "publicationYear": release.year,
        "version": release.version.removeprefix("v"),
        "url": release.url,
        "subjects": [{"subject": tag} for tag in dict.fromkeys(release.dataset.tags)],
        "dates": _dates(release),
        "language": release.languages[0] if release.languages else None,
        "alternateIdentifiers": [
            {
                "alternateIdentifier": f"sha256:{release.data_digest}",
                "alternateIdentifierType": "data digest",
            }
        ],
        "sizes": [f"{release.rows['records']} records", f"{release.bytes} bytes"],
        "formats": ["application/vnd.apache.parquet", "application/gzip"],
        "rightsList": _rights(release),
        "descriptions": [
            {"description": release.description, "descriptionType": "Abstract"},
            {"description": " ".join(PROSE["steps"]), "descriptionType": "Methods"},
        ],
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


def _dates(release: Release) -> list[dict[str, str]]:
    told = (
        ("Issued", release.dataset.published, "the first version"),
        (
            "Collected",
            release.captured.days,
            "when the pages were captured; two dots: not known",
        ),
        ("Created", release.published.days, "when those texts were published of which the page gives a date"),
    )
    return [{"date": day, "dateType": kind, "dateInformation": what} for kind, day, what in told if day]


def _rights(release: Release) -> list[dict[str, str]]:
    known = [
        {"rights": str(count.value), "rightsIdentifier": str(count.value), "rightsIdentifierScheme": "SPDX"}
        for count in release.counts["license"]
        if count.value != UNKNOWN_LICENSE
    ]
    return known + [{"rights": PROSE["unknown_licence"]}] * bool(release.n_unknown)
