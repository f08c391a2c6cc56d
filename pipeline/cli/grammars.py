"""Commands of whoever writes a grammar: `label`, `check`, `new`."""

import sys
from pathlib import Path

import click

from pipeline.cli.shared import SHORT, open_console, plainly


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", help="Read it by this grammar, known or not.")
@click.option("--lines", "span", metavar="FROM-TO", help="Only these lines of the page, such as 10-80.")
def label(file: Path, kind: str | None, span: str | None) -> None:
    """Draw each line of a page with its mark, record and role.

    `+` begins a record, `|` goes on with it, `:` is outside. Header fields are yellow, the site's own words cyan, a
    line that no rule claims red. Of a page that no grammar was written for it is told what its records are made of,
    with the score of this reading and those of the readings it was preferred to.
    """
    from pipeline import drawing, grammar, induce, ingest, segment

    with plainly():
        seeds = ingest.read_seeds(file)
        if seeds.documents.is_empty():
            raise ingest.IngestError("; ".join(fault.message for fault in seeds.faults))
        grammars = grammar.grammars() if kind is None else _alone(kind)
        lines = ingest.read_lines(seeds.documents)
        readers = segment.READERS if kind is None else ()
        pieces = segment.label(lines, grammars, readers).pieces
    first, last = _line_range(span)
    if pieces.filter(pieces["line"].is_between(first, last)).is_empty():
        raise click.UsageError(f"--lines {span}: the page ends at line {pieces['line'][-1]}")
    console = open_console(stderr=False)
    with plainly():
        for row in drawing.draw(pieces, console.width, first, last):
            console.print(row, soft_wrap=True)
        console.print(drawing.summary(pieces), style="bold")
        if kind is None and pieces["page_kind"][0] in (segment.UNKNOWN, induce.KIND):
            for told in induce.tell(lines):
                console.print(told, markup=False, soft_wrap=True)
        if pieces["page_kind"][0] == segment.UNKNOWN:
            console.print("no grammar knows this page; `dehusk new KIND FILE` begins one", style="yellow")
            for missed in drawing.missed_tell_tales(lines, grammars):
                console.print(f"  {missed}", style="dim", markup=False, soft_wrap=True)
            console.print(
                f"  dehusk label --kind KIND {file} draws it by one of them all the same", style="dim"
            )


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
            click.echo(f"{kind}: {'holds to every law' if not faults else f'{len(faults)} faults'}")
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
        made = scaffold.write(kind, file)
    click.echo(
        f"{made}\n\n  dehusk label {file}   draws what it sees\n  dehusk check {kind}   holds it to the laws"
    )


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
    return int(first), int(last or first)


def _tell_mutants(kind: str) -> None:
    from pipeline import laws
    from pipeline.grammar import specimens

    fates = laws.fates(specimens()[kind])
    alive = [name for name, dead in fates if not dead]
    click.echo(
        f"  {len(fates) - len(alive)} of {len(fates)} mutants die; alive: {', '.join(alive) or 'none'}"
    )
