"""Grow trees that tell lines, or pages, by what was asked of them: `pipeline.article.model` asks them.

Needs catboost (`pip install catboost`), which nothing else does.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline.article.model import filled

Row = dict[str, Any]

# Shallow trees: of depth 6 they told pages of the same kinds better in folds over the sites, and others worse.
GROWN = {"iterations": 400, "depth": 4, "learning_rate": 0.1, "l2_leaf_reg": 30, "rsm": 0.3, "random_seed": 0}
# Titles are ranked among the lines of their page: of 530 told by hand, in folds over the sites, 439 stood first so, and
# 416 where each line was told by itself.
RANKED = {
    "iterations": 200,
    "depth": 4,
    "learning_rate": 0.08,
    "l2_leaf_reg": 10,
    "rsm": 0.3,
    "random_seed": 0,
}
# What lines count as a script without case, commas or spaces would show them, beside as they are.
UNSHOWN = 0.3


class Known(NamedTuple):
    """Lines, or pages, of which something is known.

    Attributes:
        features: of each line, NaN where a script does not show it.
        known: 1 where a line is looked for, else 0.
        counts: what each counts.
        pages: the page of each, and its layout, as one number.
    """

    features: dict[str, np.ndarray]
    known: np.ndarray
    counts: np.ndarray
    pages: np.ndarray


def grow(lines: Known, settings: Mapping[str, float] = GROWN) -> Row:
    """Grow trees that tell the lines, by boosting; borders are as narrow as single precision, leaves in thousandths.

    The lines are learned from once more as a script without case, commas or spaces would show them.
    """
    from catboost import CatBoostClassifier  # noqa: PLC0415 (asked for by nothing else)

    means, table = _shown(lines)
    known, counts = np.tile(lines.known, 2), np.concatenate([lines.counts, UNSHOWN * lines.counts])
    trained = CatBoostClassifier(**settings, verbose=0, allow_writing_files=False, thread_count=1)
    trained.fit(table, known, sample_weight=counts / lines.counts.mean())
    return {"means": means, **_trees(trained)}


def rank(lines: Known) -> Row:
    """Grow trees that put the lines looked for before the others of their page and layout."""
    means, table = _shown(lines)
    pages = np.concatenate([2 * lines.pages, 2 * lines.pages + 1])
    known, counts = np.tile(lines.known, 2), np.concatenate([lines.counts, UNSHOWN * lines.counts])
    order = np.argsort(pages, kind="stable")
    picked = pick(table[order], known[order], pages[order], counts[order], RANKED)
    return {"means": means, **picked}


def pick(
    table: np.ndarray, known: np.ndarray, pages: np.ndarray, counts: np.ndarray, settings: Mapping[str, float]
) -> Row:
    """Grow trees that put rows before the others of their page, where those stand one after the other."""
    from catboost import CatBoost, Pool  # noqa: PLC0415 (asked for by nothing else)

    fixed = {"loss_function": "QuerySoftMax", "verbose": 0, "allow_writing_files": False, "thread_count": 1}
    trained = CatBoost({**settings, **fixed})
    trained.fit(Pool(table, known.astype(int), group_id=pages, group_weight=counts))
    return _trees(trained)


def average(grown: list[Row]) -> Row:
    """Make one forest of several, whose evidence is the mean of theirs."""
    trees = [
        {**tree, "leaves": [round(leaf / len(grown)) for leaf in tree["leaves"]]}
        for forest in grown
        for tree in forest["trees"]
    ]
    return {"bias": sum(forest["bias"] for forest in grown) / len(grown), "trees": trees}


def _shown(lines: Known) -> tuple[dict[str, float], np.ndarray]:
    """Lay out the features of lines as columns, with their means: as they are, and as other scripts show them."""
    means = {name: round(float(np.nanmean(values)), 6) for name, values in lines.features.items()}
    shown = [filled(values, means[name]) for name, values in lines.features.items()]
    unshown = [
        np.full_like(column, means[name]) if np.isnan(lines.features[name]).any() else column
        for name, column in zip(means, shown, strict=True)
    ]
    return means, np.concatenate([np.column_stack(shown), np.column_stack(unshown)])


def _trees(trained: Any) -> Row:
    """Read what was grown: borders in single precision, leaves in thousandths."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        trained.save_model(str(path), format="json")
        said = json.loads(path.read_text(encoding="utf-8"))
    trees = [
        {
            "features": [split["float_feature_index"] for split in tree["splits"] or ()],
            "borders": [float(str(np.float32(split["border"]))) for split in tree["splits"] or ()],
            "leaves": [round(1000 * leaf) for leaf in tree["leaf_values"]],
        }
        for tree in said["oblivious_trees"]
    ]
    (bias,) = said["scale_and_bias"][1] or (0.0,)
    return {"bias": bias, "trees": trees}


def plant(path: Path, provenance: str, learned: Row) -> None:
    """Write trees, one a line."""
    head = json.dumps({"learned": provenance, "means": learned["means"], "bias": learned["bias"]})
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in learned["trees"])
    path.write_text(f'{head[:-1]}, "trees": [\n{trees}\n]}}\n', encoding="utf-8")
