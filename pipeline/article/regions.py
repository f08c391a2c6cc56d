"""From lines one by one to passages: words come in runs, and a run must be worth its bounds."""

from itertools import accumulate

import numpy as np

from pipeline.article.passages import Rows

# What it costs to open a passage, in the evidence of lines: a short line counts little, a long one more. The second
# is a share of all the page's evidence for words: the more there is, the less a stray passage is one of its own.
# All three were set, with the weights learned, on the pages of which every line was labelled by hand.
OPENING, OPENING_SHARE = 4.0, 0.035
LEAST_EVIDENCE = -1.35  # inside a passage, a line is its words unless it is told from them by so much


def weigh(evidence: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Give each line the weight of its vote: for or against, by the square root of its width."""
    return np.tanh(evidence / 2) * np.sqrt(1 + width)


def passages(votes: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines lie in passages of words: those for which the sum of votes, less what each costs, is greatest.

    This is the best path through two states, in and out (Viterbi's): going down a page, the sum for being in, over
    that for being out, is kept between nothing and the cost of opening; where it leaves these bounds the state of the
    line is settled, and between settled lines it is that of the next.
    """
    cost = OPENING + OPENING_SHARE * rows.total(np.maximum(votes, 0))
    sums = _bounded(votes, -cost, np.where(rows.at == rows.first, -cost, 0.0))
    settled = np.where(sums > 0, 1, np.where((sums < -cost) | (rows.at == rows.last), 0, -1))
    next_settled = np.minimum.accumulate(np.where(settled >= 0, rows.at, len(sums))[::-1])[::-1]
    return settled[next_settled] == 1


def _bounded(votes: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Sum votes; before one is added, the sum is brought within its bounds."""

    def add(total: float, line: tuple[float, float, float]) -> float:
        vote, low, high = line
        return (high if total > high else max(total, low)) + vote

    lines = zip(votes.tolist(), least.tolist(), most.tolist(), strict=True)
    return np.array(list(accumulate(lines, add, initial=0.0))[1:])
