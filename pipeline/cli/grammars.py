"""Commands of whoever writes a grammar: `label`, `check`, `new`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import counted
from pipeline.cli.shared import SHORT, open_console, plainly, tell

if TYPE_CHECKING:
    from polars import DataFrame
    from rich.console import Console

    from pipeline.grammar import Grammar


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", help="Read it by this grammar, known or not.")
@click.option("--lines", "span", metavar="FROM-TO", help="Only these lines of the page, such as 10-80.")
def label(file: Path, kind: str | None, span: str | None) -> None:
    """Draw each line of a page with its mark, record and role; of a folder, each page under its name.

    `+` begins a record, `|` goes on with it, `:` is outside. Header fields are yellow, the site's own words cyan, a
    line that no rule claims red. Of a page that no grammar was written for it is told what its records are made of,
    with the score of this reading and those of the readings it was preferred to.
    """
    import polars as pl

    from pipeline import drawing, grammar, ingest, segment

    first, last = _line_range(span)
    with plainly():
        seeds = ingest.read_seeds(file)
        if seeds.documents.is_empty():
            raise ingest.IngestError("; ".join(fault.message for fault in seeds.faults))
        grammars = grammar.grammars() if kind is None else _alone(kind)
        lines = ingest.read_lines(seeds.documents)
        readers = segment.READERS if kind is None else ()
        pieces = segment.label(lines, grammars, readers).pieces
    end = max(pieces["line"])
    pieces = pieces.filter(pl.col("line").is_between(first, last).any().over("doc"))
    if pieces.is_empty():
        raise click.UsageError(
            f"--lines {span}: no words stand there; {file} ends at line {end}; do: name others"
        )
    for fault in seeds.faults:
        tell(fault.message, err=True)
    console = open_console(stderr=False)
    paths = seeds.documents["path"]
    with plainly():
        for page in pieces.sort("doc", maintain_order=True).partition_by("doc", maintain_order=True):
            doc = page["doc"][0]
            if len(paths) > 1:
                console.print(f"{paths[doc]}:", style="bold", markup=False, soft_wrap=True)
            for row in drawing.draw(page, console.width, first, last):
                console.print(row, soft_wrap=True)
            console.print(drawing.summary(page), style="bold")
            if kind is None:
                asked = (
                    grammars if len(paths) == 1 else ()
                )  # of many pages, these would be all there is to see
                _tell_unforeseen(page["page_kind"][0], lines.filter(doc=doc), asked, console)


@click.command()
@click.argument("kinds", nargs=-1)
@click.option(
    "--mutants", is_flag=True, help="List the changes to a grammar that its sample does not notice."
)
def check(kinds: tuple[str, ...], mutants: bool) -> None:
    """Hold grammars to the laws: all of them, or the KINDS named."""
    from pipeline import laws
    from pipeline.grammar import specimens

    failed = False
    with plainly():
        chosen = kinds or tuple(specimens())
        for kind in chosen:
            if kind not in specimens():
                raise click.UsageError(f"there is no grammar {kind!r}; there are {', '.join(specimens())}")
            faults = laws.broken(specimens()[kind])
            failed |= bool(faults)
            click.echo(f"{kind}: {'holds to every law' if not faults else counted(len(faults), 'fault')}")
            for fault in faults:
                click.echo(fault)
            if any("gutter" in fault for fault in faults):
                click.echo(laws.drawn(specimens()[kind]))
            if mutants:
                _tell_mutants(kind)
    sys.exit(SHORT if failed else 0)


@click.command()
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path))
def new(kind: str, file: Path) -> None:
    """Begin a grammar KIND for pages like FILE, and say where to go on.

    Where the parts of the page recur, it is the grammar induced from it; else one mark, which passes the laws as it is.
    """
    from pipeline import scaffold

    with plainly():
        made = scaffold.begin(kind, file)
    click.echo(
        f"{made}\n\n  dehusk label {file}   draws what it sees\n  dehusk check {kind}   holds it to the laws"
    )
    if scaffold.is_of_one_page(made.read_text(encoding="utf-8")):
        click.echo("\nSome marks are told by the numbers of lines (`n`): so far they fit this page alone")


def _tell_unforeseen(
    kind: str, lines: "DataFrame", grammars: "tuple[Grammar, ...]", console: "Console"
) -> None:
    """Say of a page that no grammar knows how it was guessed, or what each grammar missed."""
    from pipeline import drawing, induce, segment
    from pipeline.release.model import GUESSED

    if kind in (segment.UNKNOWN, induce.KIND):
        for told in induce.tell(lines):
            console.print(told, markup=False, soft_wrap=True)
    if kind not in (segment.UNKNOWN, *GUESSED):
        return
    how = "" if kind == segment.UNKNOWN else "; its parts were guessed"
    told = f"no grammar knows this page{how}; `dehusk new KIND FILE` begins one"
    console.print(told, style="yellow", soft_wrap=True)
    if how:
        return
    for missed in drawing.missed_tell_tales(lines, grammars):
        console.print(f"  {missed}", style="dim", markup=False, soft_wrap=True)
    console.print("  dehusk label --kind KIND FILE draws it by one of them all the same", style="dim")


def _alone(kind: str) -> tuple:
    """Make one grammar know every page."""
    from dataclasses import replace

    from pipeline.grammar import named, specimens
    from pipeline.segment import UNKNOWN

    if kind not in specimens():
        raise click.UsageError(f"there is no grammar {kind!r}; there are {', '.join(specimens())}")
    asked, unknown = named((kind, UNKNOWN))
    return (replace(asked, knows=(r"^",), shape=None), unknown) if kind != UNKNOWN else (unknown,)


def _line_range(span: str | None) -> tuple[int, int]:
    if span is None:
        return 1, sys.maxsize
    first, _, last = span.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise click.UsageError(f"--lines {span!r}: say FROM-TO, such as 10-80")
    found = int(first), int(last or first)
    if found[0] > found[1]:
        raise click.UsageError(f"--lines {span}: it ends before it begins; do: --lines {found[1]}-{found[0]}")
    return found


def _tell_mutants(kind: str) -> None:
    from pipeline import laws
    from pipeline.grammar import specimens

    fates = laws.fates(specimens()[kind])
    alive = [name for name, dead in fates if not dead]
    click.echo(
        f"  {len(fates) - len(alive)} of {len(fates)} mutants die; alive: {', '.join(alive) or 'none'}"
    )
