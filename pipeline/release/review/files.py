"""The files of `review/`: the pages of each document, an index, and pages that find a record by its id.

Style and script stand beside the pages, once, and nothing of either in them. They are named by place: opened from
disk, a browser will not check the hash of another file, and refuses it (measured in Chromium).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from pipeline.release.arrange import by_path
from pipeline.release.page import shell
from pipeline.release.review import looks, pages, places
from pipeline.release.review.visible import clean
from pipeline.spill import give_back
from schemas import Tables

ROOM = Path(__file__).parent
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'self' file:; script-src 'self' file:; "
    "font-src data:; require-trusted-types-for 'script'"
)
IDS_LISTED = 2_000  # on a page that finds records, about
ROWS_LISTED = 1_000  # documents on a page of the index
# Of a document, in the index.
LISTED = (
    *("path", "page_kind", "language", "n_records", "n_segments", "n_bytes"),
    *("body_bytes", "chrome_bytes", "unclaimed_bytes"),
)
TEXT = "\f"  # stands in a page for its text, laid there as it is; shows nothing, and so comes from no value
SPOTS_LISTED = 6  # of one reason, in the index; the pages of the documents list them all


def write(tables: Tables, folder: Path, title: str, home: str | None = "../index.html") -> Path:
    """Write the review pages of all documents.

    Args:
        tables: the five tables; a document without `text` is shown as its ledger alone.
        folder: where to; made if it is missing.
        title: what the dataset is called.
        home: where the pages lead back to; null for nowhere.

    Returns:
        The index.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in assets().items():
        _put(folder / name, text)
    common = {"title": title, "home": home, "policy": POLICY}
    documents: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    records = [pl.DataFrame(schema={"record_id": pl.String, "is_copy": pl.Boolean, "href": pl.String})]
    for batch in _batches(tables):
        spots = looks.spots(batch)
        files += spots.filter(pl.col("document_id").is_null()).to_dicts()
        made = pages.make(
            batch, spots.join(batch.documents, on="document_id", how="semi", maintain_order="left")
        )
        documents += map(_listed, made.documents)
        records.append(made.records)
        for name, content, html in made.pages:
            head, _, tail = _render("document.html.j2", common | content).partition(TEXT)
            with (folder / name).open("wb") as file:
                file.writelines((head.encode(), html, tail.encode()))
        give_back()
    _write_finders(pl.concat(records), folder, common)
    _write_index(documents, files, folder, common)
    return folder / "index.html"


def assets() -> dict[str, str]:
    """Return the style and the script of the pages, by the name of their file."""
    style, script = ((ROOM / name).read_text("utf-8") for name in ("review.css", "review.js"))
    return {"review.css": shell.common_style() + style, "review.js": script}


def _batches(tables: Tables) -> Iterator[Tables]:
    """Cut the tables into batches of whole documents, by path.

    What is withheld is known in every batch, since copies of it may stand in any document.
    """
    withheld = tables.removed.filter(pl.col("reason").is_in(places.WITHHELD))
    for batch in by_path(tables):
        elsewhere = withheld.join(batch.documents, on="document_id", how="anti", nulls_equal=True)
        yield batch._replace(
            documents=batch.documents.sort("path", "document_id"),
            removed=pl.concat([batch.removed, elsewhere]),
        )


def _listed(told: dict[str, Any]) -> dict[str, Any]:
    """Leave of what is told of a document what the index lists of it."""
    document = {column: told["document"][column] for column in LISTED}
    return {"document": document, "names": told["names"], "spots": told["spots"]}


def _write_index(
    documents: list[dict[str, Any]], files: list[dict[str, Any]], folder: Path, common: dict[str, Any]
) -> None:
    """Write the list of documents, those most worth a look first."""
    ordered = sorted(documents, key=lambda told: (_worth(told["spots"]), told["document"]["path"]))
    parts = [ordered[n : n + ROWS_LISTED] for n in range(0, len(ordered), ROWS_LISTED)] or [[]]
    names = ["index.html", *(f"index.{n + 1}.html" for n in range(1, len(parts)))]
    told = common | {"names": names, "n_documents": len(documents), "looks": list(_told(documents, files))}
    for page, (name, part) in enumerate(zip(names, parts, strict=True)):
        _put(folder / name, _render("index.html.j2", told | {"documents": part, "page": page}))


def _weighty(spot: dict[str, Any]) -> tuple[float, float]:
    return spot["weight"], spot["sure"]


def _worth(spots: list[dict[str, Any]]) -> tuple[float, float, int]:
    """Say how far up a document belongs: by its weightiest spot, the least sure first, then by how many it has."""
    return *min(map(_weighty, spots), default=(float("inf"), 1.0)), -len(spots)


def _told(documents: list[dict[str, Any]], files: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Tell each reason to look that there is, with its first spots: of files first."""
    found = [spot | {"path": None, "href": None} for spot in files] + [
        spot | {"path": told["document"]["path"]} for told in documents for spot in told["spots"]
    ]
    for weight, group in groupby(sorted(found, key=_weighty), key=lambda spot: spot["weight"]):
        alike = list(group)
        look = looks.LOOKS[weight]
        yield {"name": look.name, "means": look.means, "n": len(alike), "spots": alike[:SPOTS_LISTED]}


def _write_finders(records: pl.DataFrame, folder: Path, common: dict[str, Any]) -> None:
    """Write the pages that lead from a record's id to its place: one, or one for each beginning of an id."""
    first = records.sort("is_copy", "href").unique("record_id", keep="first", maintain_order=True)
    n_digits = 0
    while len(first) > IDS_LISTED * 16**n_digits:
        n_digits += 1
    entry = pl.format('<li><a id="{}" href="{}">{}</a></li>', "record_id", "href", "record_id")
    beginning = pl.col("record_id").str.slice(2, n_digits).alias("beginning")
    parts = dict(
        first.sort("record_id").group_by(beginning, maintain_order=True).agg(entry.str.join("\n")).iter_rows()
    )
    told = common | {
        "n_digits": n_digits,
        "n_records": len(first),
        "prefixes": list(parts) if n_digits else [],
    }
    if n_digits or not parts:
        _put(folder / "find.html", _render("find.html.j2", told | {"records": "", "prefix": ""}))
    for prefix, rows in parts.items():
        name = f"find-{prefix}.html" if n_digits else "find.html"
        content = {"records": Markup(rows), "prefix": prefix}  # noqa: S704 - ids and names of files, no words
        _put(folder / name, _render("find.html.j2", told | content))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _render(template: str, content: dict[str, Any]) -> str:
    return _environment().get_template(template).render(content)


@cache
def _environment() -> Environment:
    """Return the templates of this room, in the way of all pages."""
    made = shell.environment().overlay(loader=FileSystemLoader(ROOM))
    made.filters = shell.environment().filters | {"clean": clean}
    return made
