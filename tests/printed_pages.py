"""Labelled pages of a site, and what is read of them as other browsers and renderers print them.

A page printed otherwise is read with many others at once: patterns are then compiled once.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

import polars as pl

from pipeline import laws
from pipeline.grammar import Grammar, grammars
from pipeline.ingest import read_lines
from pipeline.segment import recognise
from tests import induced_pages
from tests.induced_pages import Line, text_of

FIELDS = ("kind", "title", "author", "handle", "published_raw", "text")
CHANGES: Mapping[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "more_blank_lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "no_blank_lines": lambda text: "\n".join(line for line in text.split("\n") if line.strip()),
    "no_break_spaces": lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"),
    "no_indents": lambda text: "\n".join(line.strip() for line in text.split("\n")),
}

FORMS = (lambda text: unicodedata.normalize("NFC", text), CHANGES["decomposed"], CHANGES["crlf"])
Case, Phrases = TypeVar("Case"), TypeVar("Phrases")


class Site:
    """The pages of a folder, by name."""

    def __init__(self, folder: str, changes: Iterable[str] | Mapping[str, Callable[[str], str]]) -> None:
        paths = sorted((Path(__file__).parent / folder).glob("*.txt"))
        self.paths = {path.stem: path for path in paths}
        self.names = list(self.paths)
        self.changes = changes if isinstance(changes, Mapping) else {name: CHANGES[name] for name in changes}
        self.prints = [(name, change) for name in self.names for change in self.changes]
        self.printed = cache(self._read_prints)

    def lines(self, name: str) -> list[Line]:
        return induced_pages.read_page(self.paths[name])

    def score(self, name: str) -> dict[str, object]:
        return induced_pages.score(self.paths[name])

    def records(self, name: str) -> pl.DataFrame:
        """Read a page alone, as it is."""
        return induced_pages.seen(text_of(self.lines(name)))[1].records

    def _read_prints(self) -> Mapping[tuple[str, str], pl.DataFrame]:
        """Read every page as each change prints it, all together: its records."""
        texts = [self.changes[change](text_of(self.lines(name))) for name, change in self.prints]
        return dict(zip(self.prints, read_together(texts), strict=True))


def read_together(texts: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Read pages at once; yield the records of each."""
    return (reading.pages.records for reading in laws.readings(laws.documents_of(texts)))


def read_by(grammar: Grammar, texts: Mapping[Case, str]) -> dict[Case, pl.DataFrame]:
    """Read pages by one grammar, all together: the records of each."""
    read = laws.read_all(grammar, list(texts.values()))
    return {case: reading.pages.records for case, reading in zip(texts, read, strict=True)}


def print_layouts(
    layouts: Sequence[Callable[[Phrases], str]], languages: Mapping[str, Phrases]
) -> dict[tuple[str, str], str]:
    """Print every layout in every language, by both their names, in each of FORMS in turn."""
    return {
        (language, layout.__name__): FORMS[(place + number) % len(FORMS)](layout(phrases))
        for place, (language, phrases) in enumerate(languages.items())
        for number, layout in enumerate(layouts)
    }


def kinds_of(texts: Sequence[str]) -> list[str]:
    """Name the kind of each page, by the grammars alone."""
    return recognise(read_lines(laws.documents_of(texts)), grammars())["page_kind"].to_list()


def plain(records: pl.DataFrame, fields: Sequence[str] = FIELDS) -> list[tuple[str | None, ...]]:
    """List the fields of records, composed and with single spaces, whatever they were printed with."""
    return [tuple(value and _plain(value) for value in row) for row in records.select(fields).iter_rows()]


def _plain(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())


def reordered(lines: Sequence[Line], order: Sequence[int], end: int | None = None) -> list[Line]:
    """Lay the records of a page in another order, by number; the last of them ends before the line `end`."""
    starts = [i for i, line in enumerate(lines) if line.starts]
    ends = [*starts[1:], len(lines) if end is None else end]
    return [
        *lines[: starts[0]],
        *chain.from_iterable(lines[starts[i] : ends[i]] for i in order),
        *lines[ends[-1] :],
    ]
