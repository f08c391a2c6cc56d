"""How likely is a line one of the page's own words, or its title?

Words are told by a forest of decision trees: each asks some features whether they exceed a border, and what it says to
the answers is added up. The trees are oblivious: all lines of a tree are asked the same questions, so that the answers
are the binary digits of the leaf's number (Prokhorenkova et al., CatBoost: unbiased boosting with categorical
features, 2018). `trees.json` and `titles.json` hold what was learned, and where (`tests/bench/articles.py train` and
`titles`); `company.json` what was learned of pages of one article (see `company`), `first.json` and `last.json` what
was learned of where an article begins and ends (see `bounds`).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

MOST = 4.0  # the logarithm of the odds against what is surely none
HERE = Path(__file__).parent

Features = Mapping[str, np.ndarray]


class Tree(NamedTuple):
    """The questions of a tree, the first one the lowest digit: whether a feature exceeds a border; and its leaves."""

    features: tuple[str, ...]
    borders: tuple[float, ...]
    leaves: np.ndarray


class Forest(NamedTuple):
    """Trees, what is added to all that they say, and what each feature counts as where a script does not show it."""

    bias: float
    means: Mapping[str, float]
    trees: tuple[Tree, ...]


def forest_of(learned: Mapping[str, Any]) -> Forest:
    """Read a forest as `trees.json` has it: the leaves in thousandths."""
    names = list(learned["means"])
    trees = (
        Tree(
            tuple(names[number] for number in tree["features"]),
            tuple(tree["borders"]),
            np.array(tree["leaves"], np.float32) / 1000,
        )
        for tree in learned["trees"]
    )
    return Forest(learned["bias"], learned["means"], tuple(trees))


@cache
def forest(name: str = "trees") -> Forest:
    """Read what was learned: the `trees` that tell words, or those for `titles` or `company`."""
    return forest_of(json.loads((HERE / f"{name}.json").read_text(encoding="utf-8")))


def ask(features: Features, learned: Forest | None = None) -> np.ndarray:
    """Ask trees of lines: the logarithm of the odds that a line is the page's own words.

    Args:
        features: what `features` says of the lines; NaN where a script does not show it.
        learned: a forest; the package's own by default.
    """
    learned = forest() if learned is None else learned
    values = {name: filled(features[name], mean) for name, mean in learned.means.items()}
    total = np.full(len(next(iter(features.values()))), learned.bias, dtype=np.float32)
    for tree in learned.trees:
        leaf = np.zeros(len(total), dtype=np.uint8)
        for digit, (name, border) in enumerate(zip(tree.features, tree.borders, strict=True)):
            leaf |= (values[name] > np.float32(border)).view(np.uint8) << digit
        total += tree.leaves[leaf]
    return total


def filled(values: np.ndarray, mean: float) -> np.ndarray:
    """Put the mean where a script does not show a feature."""
    return np.nan_to_num(values.astype(np.float32), nan=mean)
