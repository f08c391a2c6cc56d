"""How likely is a line one of the page's own words? A weighted sum of its features; the weights are in a table.

`weights.json` says of each feature its mean, its spread and its weight, and where they were learned
(`tests/bench/articles.py train`). A feature that a script does not show counts as the mean.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

MOST = 4.0  # spreads from the mean beyond which a feature says no more


@cache
def table() -> MappingProxyType[str, Any]:
    """Read the table of weights."""
    path = Path(__file__).parent / "weights.json"
    return MappingProxyType(json.loads(path.read_text(encoding="utf-8")))


def evidence(features: Mapping[str, np.ndarray], learned: Mapping[str, Any] | None = None) -> np.ndarray:
    """Weigh lines: the logarithm of the odds that a line is the page's own words.

    Args:
        features: what `features` says of the lines.
        learned: a table of weights; the package's own by default.
    """
    learned = table() if learned is None else learned
    total = np.full(len(next(iter(features.values()))), learned["bias"], dtype=np.float32)
    for name, (mean, spread, weight) in learned["features"].items():
        total += np.float32(weight) * standardised(features[name], mean, spread)
    return total


def standardised(values: np.ndarray, mean: float, spread: float) -> np.ndarray:
    """Count values in spreads from the mean, at most `MOST`; 0 where there is none."""
    steps = (values.astype(np.float32) - np.float32(mean)) * np.float32(1 / spread)
    return np.clip(np.nan_to_num(steps), -MOST, MOST)
