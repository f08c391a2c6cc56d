"""The page of a version, made from its model: what it is, how it looks, how it is loaded and held to account."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from pipeline.release import card, citation, croissant
from pipeline.release.model import Release
from pipeline.release.page import charts, samples, shell, strips, words

# What tells most about a row, and so stands first.
LEADING = {
    "records": ("kind", "text", "author", "title", "published_raw"),
    "segments": ("kind", "text", "speaker", "title", "start_s"),
    "documents": ("path", "page_kind", "language", "n_bytes", "n_records", "n_segments"),
    "spans": ("role", "kind", "rule", "byte_start", "byte_end"),
    "removed": ("reason", "kind", "title", "author", "published_raw", "message"),
}
SNIPPET = re.compile(r"^([^\n]+)\n\n```python\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def render(release: Release) -> str:
    """Make the page of a version."""
    body = (
        shell.environment()
        .get_template("version.html.j2")
        .render(
            release=release,
            figures=[_figure(release, number) for number in range(len(release.charts))],
            strips=strips.lay(release),
            records=samples.draw(release, "records").to_dicts(),
            shown={name: _rows(release, name) for name in LEADING if name != "records"},
            review=review(release),
            snippets=_snippets(card.render(release)),
            citation=citation.bibtex(release),
            tables=Markup(shell.as_json(_tables(release))),  # noqa: S704 - escaped by as_json
        )
    )
    return shell.frame(
        f"{words.visible(release.dataset.spoken, 200)} {release.version}",
        body,
        style=shell.read("pages.css") + charts.STYLE,
        script=shell.read("vendor/hyparquet.min.js") + shell.read("rows.js"),
        linked=croissant.describe(release),
    )


def review(release: Release) -> str | None:
    """Return the folder in which records are shown in their pages, if they are."""
    return "review/" if (release.folder / "review").is_dir() else None


def _snippets(text: str) -> list[tuple[str, str]]:
    """Return the readers that the card names, each with its code; the tests run these."""
    section = text.partition("\n## How to load it\n")[2].partition("\n## ")[0]
    return [(reader.replace("`", ""), code) for reader, code in SNIPPET.findall(section)]


def _figure(release: Release, number: int) -> dict[str, Any]:
    chart = release.charts[number]
    label = f"chart-{number}"
    return {"label": label, "chart": chart, "drawing": charts.inline(release.folder / chart.path, label)}


def _rows(release: Release, name: str) -> list[dict[str, str | None]]:
    rows = samples.draw(release, name).select(LEADING[name]).to_dicts()
    return [{column: _plain(value) for column, value in row.items()} for row in rows]


def _plain(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _tables(release: Release) -> dict[str, Any]:
    """Tell the script where rows are, and what their columns mean."""
    return {
        table.name: {
            "rows": table.rows,
            "leading": LEADING[table.name],
            "columns": [{"name": c.name, "type": c.type, "meaning": c.meaning} for c in table.columns],
            "files": [{"path": f.path, "bytes": f.bytes, "rows": f.rows} for f in table.files],
        }
        for table in release.tables
    }
