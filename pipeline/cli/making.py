"""Commands that run the pipeline: `release`, `evaluate`, `ui`."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import GOLD, HOME, counted
from pipeline.cli.shared import PORT, SHORT, UNPUBLISHED, called, open_console, plainly, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from pipeline.release import Published
    from schemas import Tables

WIDE = 150  # columns of a terminal in which the scores of each page have room beside those of all


_AGAINST = click.option("--against", "others", multiple=True, metavar="PATH",
                        type=click.Path(path_type=Path, exists=True, file_okay=False),
                        help="Leave out copies of what stands in another dataset, or a version of one; may be given "
                        "more than once.")  # fmt: skip


@click.command()
@click.option("--seeds", "where", multiple=True, default=["seeds"], show_default=True, metavar="PATH",
              help="Folder, file or glob to read; may be given more than once.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True,
              help="Folder of all datasets; the release goes to OUT/NAME/vX.Y.Z.")  # fmt: skip
@click.option("--name", help="Name of the dataset.  [default: that of seeds.toml]")
@click.option("--gold", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Hand-made labels to score against.  [default: the project's, if its pages are read]")  # fmt: skip
@click.option("--sign", type=click.Path(path_type=Path), metavar="KEY",
              help="Sign the provenance of a new version with this key of `dehusk keygen`.")  # fmt: skip
@click.option("--bump", type=click.Choice(["major", "minor", "patch"]),
              help="Raise this part of the version; less than what changed calls for is refused.")  # fmt: skip
@click.option("--store", "stored", type=click.Path(path_type=Path, file_okay=False),
              default=Path(".dehusk"), envvar="DEHUSK_STORE", show_default=True,
              help="Folder of what was cut before; it may be deleted.")  # fmt: skip
@_AGAINST
@click.option("--anew", is_flag=True, help="Cut every page again, and keep nothing of it.")
@click.option("--quick", is_flag=True, help="Name languages by the fast detector alone, which knows fewer.")
def release(  # noqa: PLR0913 - a parameter an option
    where: tuple[str, ...],
    out: Path,
    name: str | None,
    gold: Path | None,
    sign: Path | None,
    *,
    bump: str | None,
    stored: Path,
    others: tuple[Path, ...],
    anew: bool,
    quick: bool,
) -> None:
    """Run the pipeline over seeds and publish what changed.

    A run that changes nothing writes nothing. Seeds that cannot be read are told, and the rest goes on. The files of
    the newest two versions are kept; index.json lists all. Exits with 1 if a score is below what a release must
    reach: the version stands all the same.
    """
    with _if_stopped("nothing was published"):
        from pipeline import elsewhere, ingest, language, removals
        from pipeline.engine import local
        from pipeline.engine.store import Store
        from pipeline.release import signing

    detect = language.quick if quick else language.careful
    store = None if anew else Store(stored, detect)
    console = open_console()
    with plainly(), console.status("") as status:
        with _if_stopped("nothing was published"):
            if sign:
                signing.load_key(sign)  # at once, and not after all the work
            asked_out = removals.standing(out)
            own = out / ingest.read_dataset(where, name).name
            against = elsewhere.standing(others, own, asked_out, store)
            tables = local.build(
                where, lambda text: status.update(f"{text} …"), store, detect, asked_out, against=against
            )
            _tell_removed(tables, console)
        status.update("publish …")
        with _if_stopped("if there is a new version, it is whole, and the next run lists it"):
            made = local.release(
                tables, where, out, name, gold, sign=sign, bump=bump, against=against, is_fresh=True
            )
    if store:
        store.sweep()
    _tell_made(made, tables)
    if "scores_reached" in made.doubts:
        sys.exit(SHORT)


@click.command()
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
    from pipeline.release import manifest
    from schemas import TABLES

    console = open_console(stderr=False)
    with plainly():
        labels = scoring.read_gold(gold)
        if labels.is_empty():
            raise scoring.GoldError(f"{gold}: no labels here; do: name a folder of NAME.jsonl files")
        if version:
            manifest.refuse_damaged(version, *TABLES)
        tables = scoring.read_release(version, where) if version else local.build(where)
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


@click.command()
@click.option("--seeds", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder to read.  [default: the project's]")  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder of all datasets.  [default: the project's]"
)
@_AGAINST
@click.option("--port", type=PORT, default=3000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def ui(seeds: Path | None, out: Path | None, others: tuple[Path, ...], port: int, host: str) -> None:
    """Open Dagster on this project."""
    # `pipeline.definitions` reads these, in Dagster's own processes.
    os.environ.update(
        {key: str(path.absolute()) for key, path in (("DEHUSK_SEEDS", seeds), ("DEHUSK_OUT", out)) if path}
    )
    if others:
        os.environ["DEHUSK_AGAINST"] = os.pathsep.join(str(path.absolute()) for path in others)
    ours = HOME / ".dagster"
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(ours)))
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    if home == ours or not settings.exists():  # elsewhere, what its owner wrote stays
        told = (HOME / "dagster.yaml").read_text(encoding="utf-8")
        settings.write_text(told.replace("base_dir: .dagster", f"base_dir: {home}"), encoding="utf-8")
    click.echo(f"http://{host}:{port} opens in some twenty seconds; Ctrl-C ends it")
    os.chdir(home)  # elsewhere, Dagster warns of the settings it finds there
    quiet = ("-W", "ignore:Function `dev_command` is superseded")
    words = (*quiet, "-m", "dagster", "dev", "-w", str(HOME / "workspace.yaml"), "-h", host, "-p", str(port))
    os.execv(sys.executable, (sys.executable, *words))  # noqa: S606 - these are our own words


@contextmanager
def _if_stopped(state: str) -> "Iterator[None]":
    """Say how things stand if someone presses Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        stop(f"stopped; {state}", UNPUBLISHED)


def _tell_made(made: "Published", tables: "Tables") -> None:
    """Say what was made, what changed, and how to load it."""
    from pipeline.release.model import Unforeseen

    after = f", after {made.previous}" if made.previous else ""
    outcome = f"{made.version} published{after}" if made.changed else f"unchanged since {made.version}"
    click.echo(f"{made.folder.parent.name}: {outcome}")
    for reason in made.reasons:
        click.echo(f"  {reason}")
    for version in made.dropped:
        click.echo(f"{version} is no longer kept here; its digest stays in index.json")
    click.echo("\n" + "".join(f"  {count:>11,} {table}\n" for table, count in made.rows.items()))
    unforeseen = Unforeseen.among(tables.documents["page_kind"])
    if unforeseen.pages:
        click.echo(
            f"{unforeseen.pages:,} of {counted(tables.documents.height, 'page')} are of a kind without a grammar:"
        )
        if unforeseen.guessed:
            click.echo(
                f"  {unforeseen.guessed:,} cut by guessing; the column `confidence` of records says how sure it is"
            )
        if unforeseen.whole:
            click.echo(f"  {unforeseen.whole:,} kept whole, as one record each")
        click.echo()
    _tell_doubts(made)
    click.echo(f"read   {made.folder / 'README.md'}\nopen   {made.folder / 'index.html'}")
    click.echo(f"check  {called()} verify {made.folder}")
    click.echo(f'load   import polars as pl; pl.read_parquet("{made.folder.as_posix()}/records/*.parquet")')


def _tell_doubts(made: "Published") -> None:
    """Say what a curator should look at, but for the pages of a kind without a grammar, which were told."""
    seen = [
        f"  {name.replace('_', ' ')}: {seen}" for name, seen in made.doubts.items() if name != "pages_known"
    ]
    if seen:
        click.echo("\n".join(["to look at (it stands all the same):", *seen, ""]))


def _tell_removed(tables: "Tables", console: "Console") -> None:
    import polars as pl

    is_copy = pl.col("record_id").is_not_null() & pl.col("reason").is_in(["exact_copy", "near_copy"])
    told = tables.removed.filter(pl.col("message").is_not_null() & ~is_copy)
    for message in told["message"]:
        console.print(f"removed: {message}", style="yellow", markup=False, soft_wrap=True)
    for reason, count in tables.removed.group_by("reason").len().sort("reason").iter_rows():
        console.print(f"{count} removed as {reason}", style="dim")
