"""Score the engine on pages made from the seeds, or on the labelled pages of a folder."""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from pipeline import dates, evaluate
from pipeline.engine import local
from schemas import Tables
from tests.labelled_page import Label
from tests.variations import VARIATIONS, variations

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
GOLD = HERE / "gold"
DROP = 0.02
"""More than two points below the page as it is: something was fitted."""

Labelled = Mapping[str, tuple[str, list[Label]]]
"""Stem -> text and labels."""
Run = Callable[[Mapping[str, str]], Tables]
"""From texts by file name to tables; nothing is taken out of them."""


def run(texts: Mapping[str, str]) -> Tables:
    """Read texts as seeds that nothing is known of."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_bytes(text.encode())
        documents, pages = local.cut(local.read(folder).documents)
    return Tables(
        records=dates.resolve(pages.records, documents),
        segments=pages.segments,
        documents=documents,
        spans=pages.spans,
        removed=pl.DataFrame(),
    )


def read_labelled(pages: Path, gold: Path) -> Labelled:
    """Read every text of a folder that has labels."""
    return {
        path.stem: (
            path.open(encoding="utf-8", newline="").read(),
            [json.loads(line) for line in (gold / f"{path.stem}.jsonl").read_text("utf-8").splitlines()],
        )
        for path in sorted(pages.glob("*.txt"))
        if (gold / f"{path.stem}.jsonl").is_file()
    }


def score(labelled: Labelled, run: Run = run) -> pl.DataFrame:
    return evaluate.score(run(_texts(labelled)), _gold(labelled))


def differences(labelled: Labelled, run: Run = run) -> pl.DataFrame:
    return evaluate.differences(run(_texts(labelled)), _gold(labelled))


def _texts(labelled: Labelled) -> dict[str, str]:
    return {f"{stem}.txt": text for stem, (text, _) in labelled.items()}


def _gold(labelled: Labelled) -> pl.DataFrame:
    return evaluate.frame_labels({stem: labels for stem, (_, labels) in labelled.items()})


def vary(labelled: Labelled, names: Iterable[str]) -> dict[str, Labelled]:
    """Make every page of every variation, by name of the variation."""
    made: dict[str, dict[str, tuple[str, list[Label]]]] = {}
    names = list(names)
    for stem, (text, labels) in labelled.items():
        for name, new_text, new_labels in variations(text, labels, names):
            made.setdefault(name, {})[stem] = (new_text, new_labels)
    return {name: made[name] for name in names if name in made}


def compare(labelled: Labelled, names: Iterable[str], run: Run = run) -> pl.DataFrame:
    """Score each variation beside the same pages as they are.

    Returns:
        variation, n_pages, measure; value, before and drop of all its pages pooled; page_drop, the largest drop of
        one page. Only of measures that are shares.
    """
    tables = run(_texts(labelled))
    rows = []
    for name, made in vary(labelled, names).items():
        before = evaluate.score(_keep(tables, made), _gold({stem: labelled[stem] for stem in made}))
        pairs = _shares(score(made, run)).join(_shares(before), on=["path", "measure"], suffix="_before")
        drop = pl.col("value_before") - pl.col("value")
        is_pooled = pl.col("path") == evaluate.POOLED
        rows.append(
            pairs.group_by("measure", maintain_order=True).agg(
                pl.lit(name).alias("variation"),
                pl.lit(len(made)).alias("n_pages"),
                pl.col("value").filter(is_pooled).first(),
                pl.col("value_before").filter(is_pooled).first().alias("before"),
                drop.filter(is_pooled).first().alias("drop"),
                drop.max().alias("page_drop"),
            )
        )
    return pl.concat(rows)


def _keep(tables: Tables, stems: Iterable[str]) -> Tables:
    paths = [f"{stem}.txt" for stem in stems]
    return tables._replace(documents=tables.documents.filter(pl.col("path").is_in(paths)))


def _shares(scores: pl.DataFrame) -> pl.DataFrame:
    shares = (pl.col("how") != "count") & (pl.col("measure") != "labelled") & pl.col("value").is_not_null()
    return scores.filter(shares).select("path", "measure", "value")


def render(compared: pl.DataFrame, whole: bool = False) -> Table:
    """Draw a row a variation and a column a measure; red where it dropped by more than two points.

    Yellow: only one of the pages dropped by as much, all of them together did not. Variations in which nothing
    dropped are only counted, unless the `whole` table is wanted.
    """
    dropped = compared.filter(pl.col("page_drop") > DROP)["variation"].unique()
    n_variations = compared["variation"].n_unique()
    shown = compared if whole else compared.filter(pl.col("variation").is_in(dropped.implode()))
    measures = compared["measure"].unique(maintain_order=True).to_list()
    holding = f"{n_variations - len(dropped)} of {n_variations} variations hold"
    table = Table(title=f"{holding}; in points; red: dropped by more than two, yellow: on one page")
    table.add_column("variation")
    table.add_column("pages", justify="right")
    for measure in measures:
        table.add_column(measure, justify="right")
    cells = {(row["variation"], row["measure"]): row for row in shown.iter_rows(named=True)}
    for variation, n_pages in shown.select("variation", "n_pages").unique(maintain_order=True).iter_rows():
        table.add_row(variation, str(n_pages), *(_print_cell(cells.get((variation, m))) for m in measures))
    return table


def _print_cell(row: Mapping[str, float | None] | None) -> str:
    if row is None or row["before"] is None:
        return ""
    value = f"{100 * (row['value'] or 0):.1f}"
    if (row["drop"] or 0) > DROP:
        return f"[red]{value}[/red]"
    return f"[yellow]{value}[/yellow]" if (row["page_drop"] or 0) > DROP else value


def main() -> None:
    """Read the command line and print the tables; exit 1 where something dropped."""
    parser = argparse.ArgumentParser(prog="python -m tests.variations", description=__doc__)
    parser.add_argument("--only", default="", help="the variations whose name holds these words")
    parser.add_argument(
        "--all", action="store_true", help="show also the variations in which nothing dropped"
    )
    parser.add_argument("--show", metavar="VARIATION", help="list what was found wrong in one variation")
    parser.add_argument(
        "--pages", type=Path, metavar="DIR", help="score the labelled pages of a folder as they are"
    )
    parser.add_argument("--like", default="", help="the pages whose name holds these words")
    given = parser.parse_args()
    console = Console(width=None if Console().is_terminal else 320)
    labelled = read_labelled(given.pages or SEEDS, given.pages or GOLD)
    labelled = {stem: page for stem, page in labelled.items() if given.like in stem}
    if given.pages and not given.show and not given.only:
        console.print(evaluate.render(score(labelled)))
        _print_differences(console, differences(labelled))
    elif given.show:
        _print_differences(console, differences(vary(labelled, [given.show])[given.show]))
    else:
        compared = compare(labelled, [name for name in VARIATIONS if given.only in name])
        console.print(render(compared, whole=given.all))
        raise SystemExit(int(compared.filter(pl.col("drop") > DROP).height > 0))


def _print_differences(console: Console, faults: pl.DataFrame) -> None:
    for row in faults.iter_rows(named=True):
        sides = " → ".join(str(row[side]) for side in ("expected", "seen") if row[side] is not None)
        console.print(
            f"{row['path']}:{row['line']}: {row['measure']} {row['fault']}: {sides}\n    {row['text']!r}",
            markup=False,
            highlight=False,
        )
