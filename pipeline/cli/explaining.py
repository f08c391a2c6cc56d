"""The commands that answer for the pipeline: `explain`, `passages`."""

from pathlib import Path

import click

from pipeline.cli.shared import UNUSABLE, open_console, plainly, stop
from pipeline.cli.versions import DATASET, OUT, version_of

SHOWN_CHARS = 100  # of a passage that recurs
NOT_HERE = "the seed is not here; do: say by --seeds PATH where it is"
MOST_CHARS = 20_000  # of a record that is drawn: who needs more opens the seed


@click.command()
@click.argument("record_id")
@click.option("--version", help="A version's name or folder.  [default: the latest]")
@OUT
@DATASET
@click.option("--seeds", "where", multiple=True, default=["seeds"], show_default=True, metavar="PATH",
              help="Where the words are.")  # fmt: skip
def explain(
    record_id: str, version: str | None, out: Path, dataset: str | None, where: tuple[str, ...]
) -> None:
    """Say why a record was kept or removed, with its words beside those of the one that was kept for it.

    RECORD_ID may be cut short where what is left of it is enough.
    """
    from rich.table import Table

    from pipeline import explain as explaining
    from pipeline.release import manifest
    from schemas import TABLES

    console = open_console(stderr=False)
    with plainly():
        folder = version_of(version, out, dataset)
        manifest.refuse_damaged(folder, *TABLES)
        try:
            found = explaining.explain(record_id, folder, where)
        except explaining.UnknownRecordError as error:
            stop(f"{folder}: {error}", UNUSABLE)
    for each in found:
        console.print(each.said, style="bold", markup=False, soft_wrap=True)
        places = [place for place in (each.place, each.other) if place]
        table = Table(*(str(place) for place in places), expand=True)
        if each.other and each.place.text and each.other.text:
            table.add_row(
                *explaining.side_by_side(each.place.text[:MOST_CHARS], each.other.text[:MOST_CHARS])
            )
        else:
            table.add_row(*((place.text or NOT_HERE)[:MOST_CHARS] for place in places))
        console.print(table, markup=False)


@click.command()
@click.option("--version", help="A version's name or folder.  [default: the latest]")
@OUT
@DATASET
@click.option(
    "--least",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="How many records it stands in at least.",
)
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="How many to list.")
def passages(version: str | None, out: Path, dataset: str | None, least: int, top: int) -> None:
    """List the lines that stand word for word in several records: the publisher's words, or quoted ones."""
    from rich.table import Table

    from pipeline import passages as counting
    from pipeline.release import manifest, parquet

    console = open_console(stderr=False)
    with plainly():
        folder = version_of(version, out, dataset)
        manifest.refuse_damaged(folder, "records")
        found = counting.recurring(parquet.batches(folder, "records"), least)
        named = counting.texts(parquet.batches(folder, "records"), found.head(top))
    said = (
        f"{len(found):,} lines of {counting.LEAST_CHARS} characters or more stand in {least} or more records"
    )
    if named.is_empty():
        click.echo(said)
        return
    table = Table("records", "documents", "first in", "words", title=said)
    for row in named.iter_rows(named=True):
        words = row["text"][:SHOWN_CHARS] + ("…" if len(row["text"]) > SHOWN_CHARS else "")
        table.add_row(f"{row['n_records']:,}", f"{row['n_documents']:,}", row["record_id"], words)
    console.print(table, markup=False)
