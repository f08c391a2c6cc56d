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
from pipeline.release.model import PROSE, Count, Interval, Release, Source
from schemas.columns import UNDETERMINED

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
    """Of how many something is not known, and how many words are in those; null for pages."""

    what: str
    n: int
    whole: int
    words: int | None = None


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
            unsigned=_unsigned(release),
            undated=_having(release, "published_precision", "unknown"),
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
    of_records = {
        "records without an author": _unsigned(release),
        "records without a date": _having(release, "published_precision", "unknown"),
        "records of which the page shows but a part": _having(release, "is_complete", "false"),
        "records whose language could not be told": _having(release, "language", UNDETERMINED),
    }
    of_pages = {
        "pages without an address": documents.column("source_url").nulls,
        "pages for which nothing bounds the capture from below": documents.column("captured_earliest").nulls,
        "pages for which nothing bounds the capture from above": documents.column("captured_latest").nulls,
        "pages that no grammar knew": release.unforeseen.pages,
    }
    of_those = {
        "pages that no grammar knew, their parts guessed": release.unforeseen.guessed,
        "pages that no grammar knew, kept whole": release.unforeseen.whole,
    }
    return (
        *(Gap(what, lack.rows, records.rows, lack.words) for what, lack in of_records.items()),
        *(Gap(what, n, documents.rows) for what, n in of_pages.items()),
        *(Gap(what, n, documents.rows) for what, n in of_those.items() if n),
    )


def _having(release: Release, column: str, value: str) -> Count:
    """Return how many records have a value, none if it does not occur."""
    return next((count for count in release.counts[column] if count.value == value), Count(value, 0, 0))


def _unsigned(release: Release) -> Count:
    """Count the records that name their author neither by name nor by handle."""
    known = release.stats["authors"]
    return Count(
        None, release.rows["records"] - known["records"], release.stats["words"]["sum"] - known["words"]
    )


def _between(interval: Interval) -> str:
    """Write an interval for people; an end that is open is said to be."""
    first, last = (moment and moment[:10] for moment in interval)
    if first and last:
        return first if first == last else f"{first} to {last}"
    return f"{first} or later" if first else f"{last} or earlier" if last else "not known"


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
