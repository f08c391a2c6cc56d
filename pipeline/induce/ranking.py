"""Which way to part a page goes before the others?

How sure a reading is, it is told by what it was found by: a frame by its lines, boxes by how lines nest. Here both are
ranked by what `standing` tells of each way among all, and by what was found of it besides. `ranking.json` holds what
was learned (`tests/bench/partings.py`): of each piece of evidence its mean and its weight, in log odds. What is told of
frames alone tells nothing of boxes, and the other way round.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.induce.nesting import Nest
from pipeline.induce.sheet import Sheet
from pipeline.induce.standing import Evidence, say_something, tell, with_records
from pipeline.induce.structure import Layout

LEARNED = Path(__file__).parent / "ranking.json"
# Log odds by which another must go before the surest. In eight folds, of 87 real pages of several records, of 303 made
# up and 668 of random layouts, 17, 22 and 86 were parted better and 2, 2 and 16 worse so; with .3 21, 40 and 117
# better, 2, 4 and 23 worse, and two pages of the tests that are read rightly are not.
CLEARLY = 0.6
ALIKE = 0.8  # of the lines that begin records, those that ways that come to the same share
MOST_LEAD = 5.0  # log odds


@cache
def weights() -> Mapping[str, tuple[float, float]]:
    """Read of each piece of evidence its mean and its weight."""
    return {
        name: (mean, weight)
        for name, (mean, weight) in json.loads(LEARNED.read_text("utf-8"))["weights"].items()
    }


class Ranked(NamedTuple):
    """The way to part a page that goes before the others, and what is told of it."""

    reading: Layout | Nest
    told: dict[str, float]


def first(
    sheet: Sheet, readings: Sequence[Layout | Nest], surest: Layout | Nest | None, *, is_sure: bool
) -> Ranked | None:
    """Give the way to part a page that clearly ranks before the surest, or else the surest; null where all part links.

    Where nothing is sure, what ranks first is given.

    Args:
        sheet: the page.
        readings: all ways to part it that are weighed.
        surest: the surest of them, by what it was found by; null where it is not weighed.
        is_sure: whether it is sure by that.
    """
    readings = with_records(readings)
    if not readings:
        return None
    place = next((place for place, one in enumerate(readings) if one is surest), 0)
    told = tell_all(sheet, readings, place)
    ranks = np.where(say_something(told), rank(told, weights()), -np.inf)
    best = int(ranks.argmax())
    if ranks[best] == -np.inf:
        return None
    best = best if ranks[best] > ranks[place] + CLEARLY or not is_sure else place
    own = {name: float(values[best]) for name, values in told.items() if not np.isnan(values[best])}
    return Ranked(readings[best], own | {"rank": float(ranks[best]), "lead": _lead(readings, ranks, best)})


def _lead(readings: Sequence[Layout | Nest], ranks: np.ndarray, best: int) -> float:
    """Say how far one ranks before what parts the page otherwise, at most `MOST_LEAD`, by where records begin."""
    own = readings[best].starts
    n_same = [int(np.isin(one.starts, own).sum()) for one in readings]
    n_most = [max(len(own), len(one.starts)) for one in readings]
    others = ranks[np.array(n_same) < ALIKE * np.array(n_most)]
    return min(MOST_LEAD, float(ranks[best] - others.max(initial=-np.inf)))


def tell_all(sheet: Sheet, readings: Sequence[Layout | Nest], surest: int) -> Evidence:
    """Say what is told of each way among all, and of itself, NaN where it was not found so; and which is the surest."""
    is_box = np.array([isinstance(one, Nest) for one in readings])
    told = tell(sheet, readings)
    told["is_box"], told["is_surest"] = (
        is_box.astype(float),
        (np.arange(len(readings)) == surest).astype(float),
    )
    for kind, own in (("frame", ~is_box), ("box", is_box)):
        found = [one.evidence for one, is_own in zip(readings, own, strict=True) if is_own]
        for name in sorted({name for one in found for name in one}):
            told[f"{kind} {name}"] = np.full(len(readings), np.nan)
            told[f"{kind} {name}"][own] = [one.get(name, 0.0) for one in found]
    return told


def rank(told: Evidence, weights: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """Sum what speaks for each way to part a page; what is not told of it counts nothing."""
    ranks: np.ndarray = np.sum(
        [
            weight * np.nan_to_num(told[name] - mean)
            for name, (mean, weight) in weights.items()
            if name in told
        ],
        axis=0,
    )
    return ranks
