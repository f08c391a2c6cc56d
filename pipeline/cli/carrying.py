"""Commands that take a release somewhere, or look at one where it stands: `serve`."""

import sys
from pathlib import Path

import click

from pipeline.cli.shared import plainly


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, exists=True, file_okay=False),
                default=Path("dist"))  # fmt: skip
@click.option("--port", default=8000, show_default=True, help="0 takes a free one.")
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
