"""The data card: a function of the files of a version, so that it can be made again from them alone.

Prose stands in templates/, without numbers; every number is counted from the written files.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.release import front, skews, versions
from pipeline.release.citation import bibtex, quoted
from pipeline.release.model import PROSE, Interval, Release, Source

TEMPLATES = Path(__file__).parent / "templates"
# Documents named in the card, and values of a column; the tables name them all.
SHOWN = 50
# Letters of a word from outside; the tables hold all of it.
LONGEST = 400
# What turns the direction of the words after it, and what no text holds.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


class Site(NamedTuple):
    """What came from one site; the name is null where it is not known."""

    name: str | None
    pages: int
    records: int
    bytes: int


class Gap(NamedTuple):
    """Of how many something is not known."""

    what: str
    n: int
    whole: int


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
            front=front.make(release, prefix),
            prose=PROSE,
            sites=_sites(release),
            gaps=_gaps(release),
            skews=skews.measure(release),
            bibtex=_fenced(bibtex(release)),
        )
    )


def render_changelog(catalogue: dict[str, Any]) -> str:
    """Make the list of all versions and what changed in each, from index.json."""
    return _environment().get_template("changelog.md.j2").render(catalogue=catalogue)


def render_withdrawn(catalogue: dict[str, Any]) -> str:
    """Say which versions were withdrawn, and why; of a dataset without any version that stands, all there is to say."""
    return _environment().get_template("withdrawn.md.j2").render(catalogue=catalogue)


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
    environment.filters |= {
        "beginning": versions.beginning,
        "between": _between,
        "cell": _cell,
        "decimal": lambda value: "" if value is None else f"{value:.4f}",
        "number": _number,
        "percent": lambda value: f"{100 * value:.1f} %",
        "quoted": quoted,
        "rounded": lambda value: f"{value:.1f}",
        "share": _share,
    }
    return environment


def _sites(release: Release) -> list[Site]:
    """Sum the pages up by site, the one with the most records first."""
    found: dict[str | None, list[Source]] = {}
    for source in release.sources:
        found.setdefault(source.site, []).append(source)
    sites = [
        Site(name, len(pages), sum(page.records for page in pages), sum(page.bytes for page in pages))
        for name, pages in found.items()
    ]
    return sorted(sites, key=lambda site: (-site.records, site.name or ""))


def _gaps(release: Release) -> tuple[Gap, ...]:
    """Count what the pages do not say, or the pipeline could not tell."""
    records, documents = release.table("records"), release.table("documents")
    told = (
        ("records without an author", records.column("author").nulls, records.rows),
        ("records without a date", _count(release, "published_precision", "unknown"), records.rows),
        ("records of which the page shows but a part", _count(release, "is_complete", "false"), records.rows),
        ("records whose language could not be told", _count(release, "language", "und"), records.rows),
        ("pages without an address", documents.column("source_url").nulls, documents.rows),
        ("pages whose capture nothing bounds", documents.column("captured_latest").nulls, documents.rows),
        (
            "pages that no grammar knew",
            sum(s.page_kind == "unknown" for s in release.sources),
            documents.rows,
        ),
    )
    return tuple(Gap(*gap) for gap in told)


def _count(release: Release, column: str, value: str) -> int:
    return sum(count.rows for count in release.counts[column] if count.value == value)


def _between(interval: Interval) -> str:
    """Write an interval for people."""
    first, last = (moment[:10] if moment else "not known" for moment in interval)
    return first if first == last else f"{first} to {last}"


def _cell(value: Any) -> str:
    """Write a value of unknown origin so that it can break neither a table nor the page."""
    whole = str(value)
    text = " ".join(UNSEEN.sub("", whole[:LONGEST]).split()) + ("…" if len(whole) > LONGEST else "")
    return re.sub(r"([\\`*_{}\[\]()#!|~])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def _fenced(code: str) -> str:
    """Write code of unknown origin so that it cannot end its fence."""
    return UNSEEN.sub("", code).replace("```", "` ` `")


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
