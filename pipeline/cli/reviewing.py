"""The command of whoever looks at what was cut: `review`."""

from pathlib import Path

import click

from pipeline import counted
from pipeline.cli.shared import UNUSABLE, open_console, plainly, stop

OURS = "review.css"  # by which a folder of review pages is known
USUAL = Path(".dehusk-review")  # beside the store, and nobody else's


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=USUAL,
              show_default=True, help="Folder of the pages, made anew.")  # fmt: skip
def review(files: tuple[str, ...], out: Path) -> None:
    """Show each page in a browser as it was cut: records, segments, chrome and what was removed, in place.

    FILEs are seeds, folders or globs; without one, all seeds. Nothing is published. Run it again after a change to
    a grammar, and load the page again.
    """
    import shutil

    from pipeline import ingest
    from pipeline.engine import local
    from pipeline.release import review as pages

    where = files or ("seeds",)
    if out.is_dir() and any(out.iterdir()) and not (out / OURS).is_file():
        stop(f"{out} holds other files than review pages; do: name another folder by --out", UNUSABLE)
    console = open_console()
    with plainly(), console.status("") as status:
        tables = local.build(where, say=lambda text: status.update(f"{text} …"))
        status.update("write the pages …")
        if out.is_dir():
            shutil.rmtree(out)
        index = pages.write(tables, out, ingest.read_dataset(where).spoken, home=None)
    n_documents, n_records = tables.documents.height, tables.records.height
    click.echo(f"{counted(n_documents, 'document')}, {counted(n_records, 'record')}\n\n  {index.resolve()}")
