"""Commands about versions that stand: `diff`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.shared import UNUSABLE, open_console, plainly, stop

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.release.differences import Difference

ID_WIDTH = 26  # an id that is cut cannot be searched for
OUT = click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True,
                   help="Folder of all datasets.")  # fmt: skip
DATASET = click.option("--dataset", metavar="NAME",
                       help="Its name.  [default: that of seeds.toml, or the only one there is]")  # fmt: skip


@click.command()
@click.argument("older")
@click.argument("newer")
@OUT
@DATASET
@click.option("--rows", "n_rows", type=click.IntRange(0), default=40, show_default=True, metavar="N",
              help="List the first N records that differ.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Write all of it as JSON instead.")
def diff(  # noqa: PLR0913 - a parameter an option
    older: str, newer: str, out: Path, dataset: str | None, n_rows: int, *, as_json: bool
) -> None:
    """Compare two versions, OLDER and NEWER: folders, or names such as v1.0.0.

    Tells what was added, removed and changed, why, and how many bytes of the newer one stand in the older.
    """
    from pipeline.release import differences, manifest
    from schemas import TABLES

    with plainly():
        folders = [version_of(said, out, dataset) for said in (older, newer)]
        for folder in folders:
            manifest.refuse_damaged(folder, *TABLES)
        difference = differences.compare(*folders)
    if as_json:
        rows = {name: frame.to_dicts() for name, frame in difference._asdict().items() if name != "summary"}
        click.echo(json.dumps({"summary": difference.summary, **rows}, ensure_ascii=False, indent=1))
    else:
        _tell(difference, n_rows, open_console(stderr=False))


def version_of(said: str | None, out: Path, dataset: str | None) -> Path:
    """Find a version by its folder or its name; the latest where nothing is said."""
    from pipeline.release import manifest, root

    if said and (Path(said) / manifest.NAME).is_file():
        return Path(said)
    home = home_of(out, dataset)
    said = said or root.read(home)["latest"] or "v1.0.0"
    folder = home / (said if said.startswith("v") else f"v{said}")
    if not (folder / manifest.NAME).is_file():
        there = sorted(path.parent.name for path in home.glob(f"v*/{manifest.NAME}"))
        stop(
            f"{said}: no folder of a version, and none of {home}, which has {', '.join(there) or 'none'}",
            UNUSABLE,
        )
    return folder


def home_of(out: Path, dataset: str | None) -> Path:
    """Return the folder of a dataset: the one named, that of the seeds here, or the only one there is."""
    from pipeline import ingest

    there = sorted(path.parent.name for path in out.glob("*/index.json"))
    here = ingest.read_dataset("seeds").name if Path("seeds").is_dir() else ""
    name = dataset or (here if here in there else "")
    if not name and len(there) > 1:
        stop(f"{out} holds {len(there)} datasets, {', '.join(there)}; do: name one by --dataset", UNUSABLE)
    home = out / (name or "".join(there))
    if home == out or not home.is_dir():
        stop(f"{home}: no dataset is there; do: say where with --out and --dataset", UNUSABLE)
    return home


def _tell(difference: "Difference", n_rows: int, console: "Console") -> None:
    """Draw the summary, then the records that differ; what is the same of all of them, once."""
    import polars as pl

    summary = difference.summary
    console.print(f"{summary['previous']} → {summary['version']}: {summary['bump']}", style="bold")
    for reason in summary["reasons"]:
        console.print(f"  {reason}", markup=False, soft_wrap=True)
    console.print(f"  {shared(summary)}", markup=False, soft_wrap=True)
    draw(summary["records"]["by"], console)
    if summary["records"]["columns"]:
        counts = (f"{column} {n:,}" for column, n in summary["records"]["columns"].items())
        console.print(f"columns that differ: {', '.join(counts)}", markup=False, soft_wrap=True)
    records = difference.record_changes
    listed = records.head(n_rows).select(
        "record_id", "path", "change", "reason", "language", pl.col("changed_columns").list.join(", ")
    )
    alike = [c for c in listed.columns if listed[c].n_unique() == 1] if listed.height > 1 else []
    draw(listed.drop(alike).to_dicts(), console)
    if alike:
        same = ", ".join(f"{column} {listed[column][0] or 'unknown'}" for column in alike)
        console.print(f"of each: {same}", markup=False, soft_wrap=True)
    if records.height > n_rows:
        console.print(f"… and {records.height - n_rows:,} records more: --rows {records.height}", style="dim")


def shared(summary: dict) -> str:
    """Say how much of the newer version's Parquet stands in the older, by table."""
    told = summary["shared"]
    tables = ", ".join(
        f"{name} {table['share'] or 0:.1%}" for name, table in told["tables"].items() if table["row_groups"]
    )
    return f"{told['share'] or 0:.1%} of {told['bytes']:,} bytes of Parquet stand in {summary['previous']}: {tables}"


def draw(rows: list[dict], console: "Console") -> None:
    """Draw rows as a table; ids whole, so that they can be searched for."""
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in rows[0]:
        is_path = name == "path"
        table.add_column(
            name,
            overflow="ellipsis" if is_path else "fold",
            no_wrap=is_path,
            min_width=ID_WIDTH if name == "record_id" else None,
        )
    for row in rows:
        table.add_row(
            *(Text(f"{value:,}" if isinstance(value, int) else str(value or "")) for value in row.values())
        )
    console.print()
    console.print(table)
