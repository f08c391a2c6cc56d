"""Invented pages of many kinds and languages, with what each line is: `python -m tests.induced_pages` draws the table.

A line of such a file is a gutter, a bar and the line of the page. The gutter: `+` where a record begins; then `h` for a
header field, `b` for its words, `t` for a turn's first line and after it the speaker, `c` for chrome in a record, `:`
for what is outside, `?` where all of a record is one thing, whatever its lines are called.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline import ingest, laws, segment

FOLDER = Path(__file__).parent / "induced"
LINE = re.compile(r"^(?P<flag>[+ ])(?P<role>[hbct:?])(?: (?P<speaker>.*?))? ?\| ?(?P<text>.*)$")


class Line(NamedTuple):
    """What a line of a page is."""

    starts: bool
    role: str
    speaker: str | None
    text: str


def read_page(path: Path) -> list[Line]:
    """Take a labelled page apart."""
    found = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = LINE.match(raw)
        assert line, f"{path.name}: {raw!r}"
        found.append(
            Line(line["flag"] == "+", line["role"], (line["speaker"] or "").strip() or None, line["text"])
        )
    return found


def extents(lines: list[Line]) -> list[tuple[int, int]]:
    """Give the first and the last line of each record, from 1, chrome at its end left out."""
    starts = [i for i, line in enumerate(lines, 1) if line.starts]
    ends = [*(s - 1 for s in starts[1:]), len(lines)]
    own = {i for i, line in enumerate(lines, 1) if line.role in "hbt?" and line.text.strip()}
    return [(s, max(i for i in own | {s} if s <= i <= e)) for s, e in zip(starts, ends, strict=True)]


@cache
def seen(text: str) -> tuple[pl.DataFrame, segment.Pages]:
    """Read a page as a run would."""
    document = laws.document_of(text)
    labelled = segment.label(ingest.read_lines(document))
    return labelled.pieces, segment.assemble(labelled, document)


def f1(right: int, expected: int, found: int) -> float | None:
    """Say how many are right of those expected and those found; null where there are none."""
    return 2 * right / (expected + found) if expected + found else None


def score(path: Path) -> dict[str, object]:
    """Measure a page that is read alone: see `measure`."""
    lines = read_page(path)
    return measure(path.stem, lines, *seen(text_of(lines)))


def score_all(paths: Sequence[Path]) -> list[dict[str, object]]:
    """Measure pages that are read together: see `measure`."""
    pages = [read_page(path) for path in paths]
    readings = laws.readings(laws.documents_of([text_of(lines) for lines in pages]))
    return [
        measure(path.stem, lines, reading.pieces, reading.pages)
        for path, lines, reading in zip(paths, pages, readings, strict=True)
    ]


def text_of(lines: Iterable[Line]) -> str:
    """Write a page without what its lines are."""
    return "".join(f"{line.text}\n" for line in lines)


def measure(name: str, lines: list[Line], pieces: pl.DataFrame, pages: segment.Pages) -> dict[str, object]:
    """Measure a page: records that overlap by nine tenths, turns, and characters of words and of chrome, all as F1."""
    own = pieces.filter((pl.col("record") >= 0) & (pl.col("role") != "chrome"))
    found = own.group_by("record", maintain_order=True).agg(
        pl.col("line").min().alias("a"), pl.col("line").max().alias("b")
    )
    extent = {(a, b) for _, a, b in found.iter_rows()}
    size = [len(line.text) for line in lines]
    right = 0
    wanted = extents(lines)
    for a, b in wanted:
        for c, d in extent:
            both = sum(size[max(a, c) - 1 : min(b, d)])
            whole = sum(size[min(a, c) - 1 : max(b, d)])
            if both and both / whole >= 0.9:
                right += 1
                break
    turns = {(i, line.speaker) for i, line in enumerate(lines, 1) if line.role == "t"}
    text = text_of(lines)
    starts = pages.segments.filter(kind="turn").select("byte_start", "speaker")
    got = {(text.encode()[:at].count(b"\n") + 1, who) for at, who in starts.iter_rows()}
    role = dict(pieces.unique("line", keep="last").select("line", "role").iter_rows())
    body = {i for i, line in enumerate(lines, 1) if line.role in "bt" and line.text.strip()}
    chrome = {i for i, line in enumerate(lines, 1) if line.role in "c:" and line.text.strip()}
    told = any(line.role == "?" for line in lines)
    fb, fc = ({i for i, r in role.items() if r == name} for name in ("body", "chrome"))
    w = lambda rows: sum(size[i - 1] for i in rows)  # noqa: E731
    return {
        "page": name,
        "kind": pieces["page_kind"][0],
        "conf": pages.records["confidence"].max(),
        "gold": len(wanted),
        "found": found.height,
        "rec": f1(right, len(wanted), found.height),
        "turns": f1(len(turns & got), len(turns), len(got)),
        "body": None if told else f1(w(body & fb), w(body), w(fb)),
        "chrome": f1(w(chrome & fc), w(chrome), w(fc)),
    }


if __name__ == "__main__":
    paths = [FOLDER / f"{name}.txt" for name in sys.argv[1:]] or sorted(FOLDER.glob("*.txt"))
    with pl.Config(
        tbl_rows=-1,
        tbl_cols=-1,
        tbl_width_chars=150,
        float_precision=3,
        tbl_formatting="ASCII_MARKDOWN",
        tbl_hide_column_data_types=True,
    ):
        print(pl.DataFrame(score_all(paths)))
