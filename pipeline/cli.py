"""The command `dehusk`."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import GOLD, HOME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from schemas import Tables

# Exit codes: a script can tell a result that falls short from a command that could not run.
SHORT, UNUSABLE, UNPUBLISHED = 1, 2, 3
WIDE = 150  # columns of a terminal in which the scores of each page have room beside those of all
EPILOG = (
    "Exit codes: 0 all is well; 1 it ran, and something falls short (a score, a law); 2 it could not run as asked; "
    "3 nothing was published."
)


@click.group(
    epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
def main() -> None:
    """Strip the husk, keep the grain: text dumps of web pages in, a published dataset out.

    Start with `dehusk release`, then `dehusk label FILE` to see what was seen on a page.
    """


@main.command()
@click.option("--seeds", "where", multiple=True, default=["seeds"], show_default=True, metavar="PATH",
              help="Folder, file or glob to read; may be given more than once.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True,
              help="Folder of all datasets; the release goes to OUT/NAME/vX.Y.Z.")  # fmt: skip
@click.option("--name", help="Name of the dataset.  [default: that of seeds.toml]")
@click.option("--gold", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Hand-made labels to score against.  [default: the project's, if its pages are read]")  # fmt: skip
def release(where: tuple[str, ...], out: Path, name: str | None, gold: Path | None) -> None:
    """Run the pipeline over seeds and publish what changed.

    A run that changes nothing writes nothing. Seeds that cannot be read are told, and the rest goes on.
    """
    from pipeline.engine import local

    console = _console()
    with _plainly(), console.status("") as status:
        tables = local.build(where, say=lambda text: status.update(f"{text} …"))
        status.update("publish …")
        made = local.release(tables, where, out, name, gold)
    _tell_removed(tables, console)
    rows = ", ".join(f"{count:,} {table}" for table, count in made.rows.items())
    click.echo(f"{made}\n{rows}\n")
    click.echo(
        f'  {made.folder}\n\n  import polars as pl\n  pl.read_parquet("{made.folder}/records/*.parquet")'
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", help="Read it by this grammar, known or not.")
@click.option("--lines", "span", metavar="FROM-TO", help="Only these lines of the page, such as 10-80.")
def label(file: Path, kind: str | None, span: str | None) -> None:
    """Draw each line of a page with its mark, record and role.

    `+` begins a record, `|` goes on with it, `:` is outside. Header fields are yellow, the site's own words cyan, a
    line that no rule claims red.
    """
    from pipeline import drawing, grammar, ingest, segment

    with _plainly():
        seeds = ingest.read_seeds(file)
        if seeds.documents.is_empty():
            raise ingest.IngestError("; ".join(fault.message for fault in seeds.faults))
        grammars = grammar.grammars() if kind is None else _alone(kind)
        lines = ingest.read_lines(seeds.documents)
        pieces = segment.label(lines, grammars).pieces
    first, last = _line_range(span)
    if pieces.filter(pieces["line"].is_between(first, last)).is_empty():
        raise click.UsageError(f"--lines {span}: the page ends at line {pieces['line'][-1]}")
    console = _console(stderr=False)
    with _plainly():
        for row in drawing.draw(pieces, console.width, first, last):
            console.print(row, soft_wrap=True)
        console.print(drawing.summary(pieces), style="bold")
        if pieces["page_kind"][0] == segment.UNKNOWN:
            console.print("no grammar knows this page; `dehusk new KIND FILE` begins one", style="yellow")
            for missed in drawing.missed_tell_tales(lines, grammars):
                console.print(f"  {missed}", style="dim", markup=False, soft_wrap=True)
            console.print(
                f"  dehusk label --kind KIND {file} draws it by one of them all the same", style="dim"
            )


@main.command()
@click.option("--seeds", "where", multiple=True, default=["seeds"], show_default=True, metavar="PATH",
              help="What to run the pipeline over.")  # fmt: skip
@click.option("--gold", type=click.Path(path_type=Path, exists=True, file_okay=False), default=GOLD,
              help="Folder of hand-made labels.  [default: the project's]")  # fmt: skip
@click.option("--release", "version", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Score this published version instead, with the text of its seeds.")  # fmt: skip
@click.option("--differences", "limit", type=int, default=0, metavar="N",
              help="List the first N differences of each measure.")  # fmt: skip
def evaluate(where: tuple[str, ...], gold: Path, version: Path | None, limit: int) -> None:
    """Score the pipeline, or a release, against hand-made labels.

    Exits with 1 if a measure is below what a release must reach.
    """
    import polars as pl

    from pipeline import evaluate as scoring
    from pipeline.engine import local

    console = _console(stderr=False)
    with _plainly():
        labels = scoring.read_gold(gold)
        if labels.is_empty():
            raise scoring.GoldError(f"{gold}: no labels here; do: name a folder of NAME.jsonl files")
        tables = scoring.read_release(version, Path(where[0])) if version else local.build(where)
        scores = scoring.score(tables, labels)
    console.print(scoring.render(scores, each=console.width >= WIDE))
    if limit:
        with pl.Config(
            tbl_rows=-1, fmt_str_lengths=60, tbl_width_chars=console.width, tbl_hide_column_data_types=True
        ):
            console.print(str(scoring.differences(tables, labels, limit)), markup=False, soft_wrap=True)
    missed = scoring.misses(scores)
    if missed.height:
        click.echo(f"below what a release must reach: {', '.join(missed['measure'])}", err=True)
        sys.exit(SHORT)


@main.command()
@click.argument("kinds", nargs=-1)
@click.option(
    "--mutants", is_flag=True, help="List the changes to a grammar that its sample does not notice."
)
def check(kinds: tuple[str, ...], mutants: bool) -> None:
    """Hold grammars to the laws: all of them, or the KINDS named."""
    from pipeline import laws
    from pipeline.grammar import specimens

    failed = False
    with _plainly():
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


@main.command()
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path))
def new(kind: str, file: Path) -> None:
    """Begin a grammar KIND for pages like FILE: it passes the laws as it is, and says where to go on."""
    from pipeline import scaffold

    with _plainly():
        made = scaffold.write(kind, file)
    click.echo(
        f"{made}\n\n  dehusk label {file}   draws what it sees\n  dehusk check {kind}   holds it to the laws"
    )


@main.command()
@click.option("--seeds", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder to read.  [default: the project's]")  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder of all datasets.  [default: the project's]"
)
@click.option("--port", default=3000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def ui(seeds: Path | None, out: Path | None, port: int, host: str) -> None:
    """Open Dagster on this project."""
    # `pipeline.definitions` reads these, in Dagster's own processes.
    os.environ.update(
        {key: str(path.absolute()) for key, path in (("DEHUSK_SEEDS", seeds), ("DEHUSK_OUT", out)) if path}
    )
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(HOME / ".dagster")))
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    if not settings.exists():
        told = (HOME / "dagster.yaml").read_text(encoding="utf-8")
        settings.write_text(told.replace("base_dir: .dagster", f"base_dir: {home}"), encoding="utf-8")
    click.echo(f"http://{host}:{port} opens in some twenty seconds; Ctrl-C ends it")
    os.chdir(home)  # elsewhere, Dagster warns of the settings it finds there
    quiet = ("-W", "ignore:Function `dev_command` is superseded")
    words = (*quiet, "-m", "dagster", "dev", "-w", str(HOME / "workspace.yaml"), "-h", host, "-p", str(port))
    os.execv(sys.executable, (sys.executable, *words))  # noqa: S606 - these are our own words


# What the commands share ----------------------------------------------------------------------------


@contextmanager
def _plainly() -> "Iterator[None]":
    """Turn what stops a command into one message and an exit code."""
    from pipeline.evaluate import GoldError
    from pipeline.grammar import GrammarError
    from pipeline.ingest import IngestError
    from pipeline.release import PublishError

    try:
        yield
    except PublishError as error:
        _stop(str(error), UNPUBLISHED)
    except (IngestError, GrammarError, GoldError, OSError) as error:
        _stop(str(error), UNUSABLE)


def _stop(message: str, code: int) -> None:
    click.echo(f"dehusk: {message}", err=True)
    sys.exit(code)


def _console(*, stderr: bool = True) -> "Console":
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False)
    console.on_broken_pipe = _end_quietly  # type: ignore[method-assign]  # whoever read the output has seen enough
    return console


def _end_quietly() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


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


def _tell_removed(tables: "Tables", console: "Console") -> None:
    import polars as pl

    told = tables.removed.filter(pl.col("message").is_not_null())
    for message in told["message"]:
        console.print(f"removed: {message}", style="yellow", markup=False, soft_wrap=True)
    for reason, count in tables.removed.group_by("reason").len().sort("reason").iter_rows():
        console.print(f"{count} removed as {reason}", style="dim")


def _tell_mutants(kind: str) -> None:
    from pipeline import laws
    from pipeline.grammar import specimens

    specimen = specimens()[kind]
    fates = [(name, laws.dies(specimen, mutant)) for name, mutant in laws.mutants(specimen.grammar)]
    alive = [name for name, dead in fates if not dead]
    click.echo(
        f"  {len(fates) - len(alive)} of {len(fates)} mutants die; alive: {', '.join(alive) or 'none'}"
    )


if __name__ == "__main__":
    main()
