"""Make labelled pages of random layouts, and tell which choices of a layout cost the most.

    python tests/bench/layouts.py make FOLDER --pages 300 --seed 11   # NAME.txt, NAME.jsonl and meta/NAME.json
    python tests/bench/layouts.py score FOLDER                        # worst choices first
    python tests/bench/layouts.py score FOLDER --measure author body  # by other measures

A page is HTML as sites write it, of a kind (a thread, comments below an article, questions, reviews, a feed, a list
of articles, changes, a talk, an article), in one of 26 languages, rendered to text by inscriptis. Its layout is drawn
from the tables in `layout/choices.py`; its texts are those of `tests/gold/langid.jsonl`, its people and sites are
invented. Labels are as in `tests/gold/SCHEMA.md`, but dates are as printed only. The same seed makes the same bytes,
with the same versions of what renders. `make` needs inscriptis and babel (`pip install inscriptis babel`), which
nothing else here does; `score` needs what the project needs.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME))

LEAST = 8
"""A choice made on fewer pages says nothing."""


class Row(NamedTuple):
    """A choice, and how its pages fare.

    Attributes:
        gained: how far they are above the mean of their kind of page (a kind: of all pages), summed.
    """

    gained: float
    mean: float
    n_pages: int
    choice: str


def make(folder: Path, n_pages: int, seed: int) -> None:
    """Make pages, each named by its kind, language, seed and number."""
    try:
        from layout import kinds  # noqa: PLC0415 (asked for by nothing else)
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed: pip install inscriptis babel")
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    for number in range(1, n_pages + 1):
        text, labels, layout = kinds.make(f"{seed}/{number}")
        name = f"{layout['kind']}-{layout['language']}-{seed}-{number:04}"
        lines = [json.dumps(label, ensure_ascii=False) for label in labels]
        (folder / f"{name}.txt").write_bytes(text.encode())
        (folder / f"{name}.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")
        (folder / "meta" / f"{name}.json").write_text(
            json.dumps(layout, ensure_ascii=False), encoding="utf-8"
        )


def score(folder: Path, measures: Sequence[str]) -> dict[str, dict[str, float]]:
    """Read the pages with the package, and return what each is worth by each measure that applies to it."""
    from pipeline import evaluate  # noqa: PLC0415 (`make` does without)
    from tests.score_variations import read_labelled, score  # noqa: PLC0415

    scores = score(read_labelled(folder, folder)).drop_nulls("value").rows_by_key("measure", named=True)
    unknown = [measure for measure in measures if measure not in scores]
    if unknown:
        sys.exit(f"no such measure: {', '.join(unknown)}; there are {', '.join(scores)}")
    return {
        measure: {
            Path(row["path"]).stem: row["value"] for row in scores[measure] if row["path"] != evaluate.POOLED
        }
        for measure in measures
    }


def weigh(values: Mapping[str, float], layouts: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """Lay out what pages of each choice are worth, worst first."""
    groups = _group(values, layouts)
    of_all = dict.fromkeys(values, mean(values.values()))
    means = {choice: mean(values[name] for name in names) for choice, names in groups.items()}
    of_kind = {name: means["kind", layouts[name]["kind"]] for name in values}
    rows = []
    for (choice, chosen), names in groups.items():
        expected = of_all if choice == "kind" else of_kind
        if len(names) >= LEAST:
            gained = sum(values[name] - expected[name] for name in names)
            rows.append(Row(gained, means[choice, chosen], len(names), f"{choice} = {chosen!r}"))
    return sorted(rows)


def _group(
    names: Iterable[str], layouts: Mapping[str, Mapping[str, Any]]
) -> dict[tuple[str, Any], list[str]]:
    """Return the pages of each choice and what was chosen."""
    groups: dict[tuple[str, Any], list[str]] = {}
    for name in names:
        for choice in layouts[name].items():
            groups.setdefault(choice, []).append(name)
    return groups


def main() -> None:
    """Read the command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = asked.add_subparsers(dest="task", required=True)
    making, scoring = tasks.add_parser("make"), tasks.add_parser("score")
    for task in (making, scoring):
        task.add_argument("folder", type=Path)
    making.add_argument("--pages", type=int, default=300)
    making.add_argument("--seed", type=int, default=11)
    scoring.add_argument("--measure", nargs="+", default=["records by overlap"])
    said = asked.parse_args()
    if said.task == "make":
        make(said.folder, said.pages, said.seed)
        return
    for measure, values in score(said.folder, said.measure).items():
        show(said.folder, measure, values)


def show(folder: Path, measure: str, values: Mapping[str, float]) -> None:
    """Print the mean, and a line a choice."""
    layouts = {name: json.loads((folder / "meta" / f"{name}.json").read_text("utf-8")) for name in values}
    print(f"{measure}: {mean(values.values()):.3f} on {len(values)} pages\n")
    print("points lost  mean pages  choice")
    for row in weigh(values, layouts):
        print(f"{-row.gained:11.1f} {row.mean:5.2f} {row.n_pages:5}  {row.choice}")
    print()


if __name__ == "__main__":
    main()
