"""What a version says of itself, read from its folder alone: whatever describes it is made from this.

The card, the page and the descriptions for machines differ in form, never in facts.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq

import schemas
from pipeline.release import differences, drawings, manifest
from pipeline.release.facts import Dataset, Head
from schemas.columns import UNDETERMINED, UNKNOWN_LICENSE

# The files that hold what there is, and are not made from it; a name with a slash is a folder.
PARTS = (*(f"{name}/" for name in schemas.TABLES), "jsonl/", "schema/", "plots/", "diff/")
COUNTS = ("stats.json", "quality.json")
PROSE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "templates" / "prose.toml").read_text("utf-8"))
# One language in so many records is worth naming.
LANGUAGE_SHARE = 100
# The kinds of pages that no grammar knew: their parts were guessed, or they were kept whole.
GUESSED, WHOLE = ("induced", "article"), "unknown"
SVG = "{http://www.w3.org/2000/svg}"


class Word(NamedTuple):
    """A word of a closed vocabulary."""

    name: str
    meaning: str


class Column(NamedTuple):
    """A column: what it means, how Parquet stores it, and what stands in it.

    `distinct` is null for lists, and `example` where nothing can be shown.
    """

    name: str
    type: str
    meaning: str
    unit: str | None
    is_nullable: bool
    nulls: int
    distinct: int | None
    example: str | None
    words: tuple[Word, ...]


class File(NamedTuple):
    """A file of the version; `rows` is null where it holds none by its nature."""

    path: str
    bytes: int
    sha256: str
    rows: int | None


class Table(NamedTuple):
    """A table: its columns, and its rows as Parquet (`files`) and as JSON lines (`lines`).

    `schema` is that of its Parquet files, with what lists and structs are made of.
    """

    name: str
    meaning: str
    rows: int
    key: str | None
    columns: tuple[Column, ...]
    schema: pa.Schema
    files: tuple[File, ...]
    lines: tuple[File, ...]

    @property
    def bytes(self) -> int:
        """Return the size of its Parquet files."""
        return sum(file.bytes for file in self.files)

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def references(self) -> dict[str, str]:
        """Return the columns that name a row of another table, and that table."""
        others = {key: name for name, key in schemas.IDS.items() if name != self.name}
        return {column.name: others[column.name] for column in self.columns if column.name in others}


class Interval(NamedTuple):
    """From when to when, ISO 8601 in UTC or a day alone; an end that nothing bounds is null."""

    earliest: str | None
    latest: str | None

    @property
    def days(self) -> str | None:
        """Write it in days, as ISO 8601-2 does: two dots stand for an end that is open."""
        ends = [moment[:10] if moment else ".." for moment in self]
        return "/".join(dict.fromkeys(ends)) if any(self) else None


class Source(NamedTuple):
    """A document: where it came from, when, on what evidence, and under what licence."""

    document_id: str
    path: str
    page_kind: str
    site: str | None
    source_url: str | None
    captured: Interval
    capture_evidence: str | None
    language: str | None
    license: str
    license_evidence: str | None
    bytes: int
    records: int
    segments: int


class Unforeseen(NamedTuple):
    """How many pages no grammar knew: those whose parts were guessed, and those that were kept whole."""

    guessed: int
    whole: int

    @classmethod
    def among(cls, page_kinds: Iterable[str]) -> Unforeseen:
        """Count them by the kinds of all pages."""
        kinds = Counter(page_kinds)
        return cls(sum(kinds[kind] for kind in GUESSED), kinds[WHOLE])

    @property
    def pages(self) -> int:
        """Return how many there are."""
        return self.guessed + self.whole

    def __str__(self) -> str:
        """Say it in words that go on from how many pages there are."""
        guessed = f"the parts of {self.guessed:,} were guessed, how surely says records.confidence"
        whole = f"{self.whole:,} {'was' if self.whole == 1 else 'were'} kept whole"
        told = "; ".join(words for n, words in zip(self, (guessed, whole), strict=True) if n)
        return f"no grammar knew {self.pages:,}: {told}"


class Count(NamedTuple):
    """How many rows have a value, and how many words stand in them; a null value is one not known."""

    value: str | None
    rows: int
    words: int


class Loss(NamedTuple):
    """How many records, and other things, were taken out for a reason."""

    reason: str
    meaning: str
    records: int
    others: int


class Chart(NamedTuple):
    """A drawing: its file, what it counts, and what it shows in words."""

    path: str
    title: str
    says: str


class Release(NamedTuple):
    """One version of a dataset.

    Attributes:
        folder: where it stands, for those who show rows.
        dataset: what people call it.
        head: its place in the line of versions.
        data_digest: of all rows, whatever their order.
        tables: in the order of `schemas.TABLES`.
        files: what holds rows, schemas, counts, charts and differences; not what is made from this.
        sources: the documents, by path.
        counts: of records by `page_kind`, `kind`, `language`, `period`, `published_precision`, `license`,
            `is_complete` and `flags`, most frequent first, periods in order.
        published: the times between which those of its records were published of which anything is known.
        captured: the times between which its documents were captured. As in `published`, an end is null if
            nothing bounds it in one of them.
        found: records before any was taken out.
        removed: why records were taken out, by reason.
        stats: all that was counted, as stats.json holds it.
        quality: `checks` that held, and `scores` against labels made by hand, null where there are none.
        changes: what is new since the version before; null for the first.
        charts: its drawings, time first.
    """

    folder: Path
    dataset: Dataset
    head: Head
    data_digest: str
    tables: tuple[Table, ...]
    files: tuple[File, ...]
    sources: tuple[Source, ...]
    counts: dict[str, tuple[Count, ...]]
    published: Interval
    captured: Interval
    found: int
    removed: tuple[Loss, ...]
    stats: dict[str, Any]
    quality: dict[str, Any]
    changes: dict[str, Any] | None
    charts: tuple[Chart, ...]

    @property
    def version(self) -> str:
        """Return its number, with the v."""
        return self.head.version

    @property
    def description(self) -> str:
        """Return what it is, in a sentence."""
        return self.dataset.description or PROSE["description"]

    @property
    def creators(self) -> tuple[str, ...]:
        """Return who made the compilation; at least one name, if need be made of the dataset's."""
        return self.dataset.creators or (f"The curators of {self.dataset.spoken}",)

    @property
    def url(self) -> str | None:
        """Return where more is to be found, if it is an address."""
        home = self.dataset.homepage
        return home if home and re.fullmatch(r"https?://[!-~]+", home) else None

    @property
    def year(self) -> str | None:
        """Return the year to cite: of publication, or else of the last known moment of a capture, or of a text."""
        captures = (moment for source in self.sources for moment in source.captured if moment)
        day = self.dataset.published or max(captures, default=None) or self.published.latest
        return day[:4] if day else None

    @property
    def languages(self) -> list[str]:
        """Return the languages of more than a stray record or two, the most frequent first."""
        counts = self.counts["language"]
        total = sum(count.rows for count in counts)
        common = (str(count.value) for count in counts if count.rows * LANGUAGE_SHARE >= total)
        return [language for language in common if language != UNDETERMINED]

    @property
    def rows(self) -> dict[str, int]:
        """Return the rows of each table."""
        return {table.name: table.rows for table in self.tables}

    @property
    def bytes(self) -> int:
        """Return the size of all tables as Parquet."""
        return sum(table.bytes for table in self.tables)

    @property
    def n_unknown(self) -> int:
        """Return how many records have a licence that is not known."""
        return sum(count.rows for count in self.counts["license"] if count.value == UNKNOWN_LICENSE)

    @property
    def unforeseen(self) -> Unforeseen:
        """Return how many pages no grammar knew."""
        return Unforeseen.among(source.page_kind for source in self.sources)

    def table(self, name: str) -> Table:
        """Return a table by its name."""
        return next(table for table in self.tables if table.name == name)


def read(folder: Path, head: Head | None = None) -> Release:
    """Read a version.

    Args:
        folder: of the version; its tables, schema/, stats.json and quality.json must be there.
        head: its place among the versions; by default as its manifest says, whose digests of files are believed too.

    Raises:
        PublishError: a file of it is damaged.
        OSError: a file of it cannot be read.
    """
    told = {"files": []} if head else manifest.read(folder)
    head = head or manifest.head(told)
    known = {entry["path"]: entry["sha256"] for entry in told["files"]}
    stats, quality = (manifest.read_json(folder / name) for name in COUNTS)
    bounds = stats.get("bounds", stats)  # as an older Dehusk laid them
    files = tuple(File(**{"rows": None} | entry) for entry in manifest.entries(folder, _parts(folder), known))
    meanings = manifest.json_schemas(folder)
    return Release(
        folder=folder,
        dataset=head.dataset,
        head=head,
        data_digest=stats["digests"]["data"],
        tables=tuple(
            _table(folder, name, meanings[name], stats["tables"][name], files) for name in schemas.TABLES
        ),
        files=files,
        sources=tuple(map(_source, stats["documents"])),
        counts={name: tuple(Count(**row) for row in rows) for name, rows in stats["records"].items()},
        published=Interval(**bounds["published"]),
        captured=Interval(**bounds["captured"]),
        found=stats["funnel"]["found"],
        removed=_losses(stats["funnel"]["removed"], meanings["removed"]),
        stats=stats,
        quality=quality,
        changes=differences.read(folder),
        charts=_charts(folder, files),
    )


def _parts(folder: Path) -> list[str]:
    return [path for path in manifest.files(folder) if path.startswith(PARTS) or path in COUNTS]


def _table(
    folder: Path, name: str, schema: dict[str, Any], counted: dict[str, Any], files: tuple[File, ...]
) -> Table:
    columns = schema["properties"].items()
    parts = tuple(file for file in files if file.path.startswith(f"{name}/"))
    return Table(
        name=name,
        meaning=schema["description"],
        rows=counted["rows"],
        key=schemas.IDS.get(name),
        columns=tuple(_column(column, rules, counted["columns"][column]) for column, rules in columns),
        schema=pq.read_schema(folder / parts[0].path),
        files=parts,
        lines=tuple(file for file in files if file.path.startswith(f"jsonl/{name}-")),
    )


def _column(name: str, rules: dict[str, Any], counted: dict[str, Any]) -> Column:
    value = rules.get("anyOf", [rules])[0]
    return Column(
        name=name,
        type=re.sub(r" not null|element: ", "", rules["arrowType"]),
        meaning=rules["description"],
        unit=value.get("unit"),
        is_nullable="anyOf" in rules,
        nulls=counted["nulls"],
        distinct=counted["distinct"],
        example=counted["example"],
        words=_words(rules),
    )


def _words(rules: dict[str, Any]) -> tuple[Word, ...]:
    value = rules.get("anyOf", [rules])[0]
    listed = value.get("items", value).get("oneOf", ())
    return tuple(Word(word["const"], word["description"]) for word in listed)


def _source(row: dict[str, Any]) -> Source:
    return Source(
        captured=Interval(row["captured_earliest"], row["captured_latest"]),
        site=row["site"] or (urlsplit(row["source_url"]).hostname if row["source_url"] else None),
        bytes=row["n_bytes"],
        records=row["n_records"],
        segments=row["n_segments"],
        **{name: row[name] for name in Source._fields if name in row and name != "site"},
    )


def _losses(rows: list[dict[str, Any]], schema: dict[str, Any]) -> tuple[Loss, ...]:
    meanings = dict(_words(schema["properties"]["reason"]))
    return tuple(Loss(meaning=meanings[row["reason"]], **row) for row in rows)


def _charts(folder: Path, files: tuple[File, ...]) -> tuple[Chart, ...]:
    """Read the drawings, in the order in which they are listed; further ones last."""
    order = [f"plots/{name}.svg" for charts in drawings.CHARTS.values() for name in charts]
    paths = [file.path for file in files if file.path.startswith("plots/")]
    paths.sort(key=lambda path: order.index(path) if path in order else len(order))
    return tuple(_chart(folder, path) for path in paths)


def _chart(folder: Path, path: str) -> Chart:
    drawn = ElementTree.parse(folder / path).getroot()  # noqa: S314 - our own file
    return Chart(path, drawn.findtext(f"{SVG}title", ""), drawn.findtext(f"{SVG}desc", ""))
