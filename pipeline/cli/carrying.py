"""Commands that take a release somewhere, check it, or look at it where it stands."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.shared import PORT, SHORT, UNUSABLE, open_console, plainly, stop, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, exists=True, file_okay=False),
                default=Path("dist"))  # fmt: skip
@click.option("--port", type=PORT, default=8000, show_default=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--open/--no-open", "opens", default=None, help="Open it in the browser.  [default: in a terminal]"
)
def serve(folder: Path, port: int, host: str, opens: bool | None) -> None:
    """Serve DIR for a local look, with byte ranges: a version, a dataset, or a folder of datasets.

    DIR is dist by default. The live table of a release page needs ranges; `python -m http.server` has none.
    """
    import webbrowser

    from pipeline.carry import serve as serving

    with plainly():
        taken = serving.listen(host, port)
        spoken = f"[{host}]" if ":" in host else host
        address = f"http://{spoken}:{taken.getsockname()[1]}/{serving.page(folder) or ''}"
        click.echo(f"{address} serves {folder}; Ctrl-C ends it")
        if sys.stdout.isatty() if opens is None else opens:
            webbrowser.open(address)
        serving.run(folder, taken)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def keygen(file: Path) -> None:
    """Make a key to sign releases with: FILE, which stays here, and FILE.pub, for whoever verifies them."""
    from pipeline.release import signing

    with plainly():
        public, name = signing.make_keys(file)
    click.echo(
        f"{public}: key {signing.short(name)}\n\n  dehusk release --sign {file}\n  dehusk verify DIR --key {public}"
    )


@click.command()
@click.argument("where", metavar="DIR|URL")
@click.option("--key", type=click.Path(path_type=Path), metavar="PUB",
              help="Public key that must have signed it, such as key.pem.pub.")  # fmt: skip
def verify(where: str, key: Path | None) -> None:
    """Check a version or a dataset: every file, row, count and text made from them; says what is wrong first.

    All files that are damaged or missing are listed. The folder alone is enough. Exits with 1 if anything is wrong.
    """
    from pipeline import verify as verifying
    from pipeline.carry import remote
    from pipeline.release import signing

    with plainly():
        public = signing.load_public(key) if key else None
        place = Path(where.removeprefix("file://"))
        if "://" in where and not place.is_dir():
            verdicts = remote.verdicts(where, public)
        elif not place.is_dir():
            raise NotADirectoryError(f"{where}: no such folder; do: name a version, a dataset or an address")
        elif inside := _datasets_in(place):
            stop(f"{where}: it holds datasets; do: dehusk verify {inside[0]}", UNUSABLE)
        elif verifying.where_it_stands(place) == "version":
            verdicts = [verifying.of_version(place, public)]
        else:
            verdicts = verifying.of_dataset(place, public)
    for verdict in verdicts:
        if verdict.fault:
            stop("\n  ".join((f"{where}: {verdict.lines[0]}", *verdict.lines[1:])), SHORT)
        tell("\n  ".join(verdict.lines))


@click.command()
@click.argument("address", metavar="URL")
@click.option("--version", "version", metavar="vX.Y.Z", help="Which.  [default: the latest]")
@click.option("--table", help="Only this table, such as records.")
@click.option(
    "--format", "form", type=click.Choice(["parquet", "jsonl"]), help="Only this format.  [default: both]"
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to make.  [default: NAME/VERSION]")
def download(
    address: str, version: str | None, table: str | None, form: str | None, out: Path | None
) -> None:
    """Download a version from URL: the address of a dataset or version, `s3://…`, or a folder.

    Goes on where an earlier run ended, verifies what came, and makes the folder only when all of it is there.
    """
    from pipeline.carry import download as fetching

    with plainly(), _progress() as begin:
        folder, found = fetching.download(address, out, version, fetching.Wanted(table, form), begin)
    if found.mark:
        tell(f"{found.told['version']} was withdrawn: {found.mark['reason']}", err=True)
    rows = ", ".join(
        f"{count:,} {name}" for name, count in found.told["rows"].items() if table in (None, name)
    )
    click.echo(f"{folder}: {rows}; data digest of {found.told['version']} {found.told['data_digest']}")


@contextmanager
def _progress() -> "Iterator[Callable[[int], Callable[[int], object]]]":
    """Show how many bytes there are and came, if someone looks."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

    console = open_console()
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def begin(size: int) -> "Callable[[int], object]":
            task = progress.add_task("", total=size)
            return lambda came: progress.advance(task, came)

        yield begin


@click.command()
@click.argument("target")
@click.option("--version", "version", metavar="vX.Y.Z", help="Which.  [default: the latest]")
@click.option("--from", "home", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR",
              help="Folder of the dataset.  [default: the one in dist]")  # fmt: skip
def publish(target: str, version: str | None, home: Path | None) -> None:
    """Publish a version to TARGET, the dataset's folder elsewhere: a path, `s3://BUCKET/PREFIX` or another store.

    All of it becomes visible at once, and nothing that stands there is written over. What was withdrawn or asked out
    since is carried there too. A run that broke off is gone on with by the next.
    """
    from pipeline.carry import publish as publishing

    with plainly(), _progress() as begin:
        click.echo(str(publishing.publish(home or _only_dataset(), target, version, begin)))


def _datasets_in(folder: Path) -> list[Path]:
    """List the datasets in a folder that is none itself."""
    is_one = any((folder / name).exists() for name in ("index.json", "manifest.json"))
    return [] if is_one else sorted(path.parent for path in folder.glob("*/index.json"))


def _only_dataset() -> Path:
    found = _datasets_in(Path("dist"))
    if len(found) != 1:
        names = ", ".join(map(str, found)) or "none"
        raise click.UsageError(f"in dist there are these datasets: {names}; do: --from DIR")
    return found[0]
