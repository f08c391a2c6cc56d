"""Does a page hold more than its article: posts, entries, turns of talk?

Of a page that surely does not, nobody need look for what recurs in it, which takes most of the time of reading it. What
tells it is how its prose lies, and which short lines stand about. `company.json` holds the trees that were grown
(`tests/bench/choices.py company`).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article.features import OFTEN, widths
from pipeline.article.model import ask, forest
from pipeline.article.passages import Rows

# Log odds of more, below which an article is alone, but for what may be a series: lines below its first words that say
# when, and lines alike but for their numbers. An article with many brief comments looks like one without to trees that
# have met few such. Of 631 real pages, in eight folds, .35 are alone so; of 91 that hold more 3 are, and of 481 made up
# that do 1, by how many records and turns were labelled on them, found or not (`tests/bench/choices.py company`).
LEAST_COMPANY = -3.5
SERIES = 6
SERIES_SAID = 12  # lines below its first words, without a number, that are the same
SHORT, SENTENCE = 70, 20  # letters' widths: of a short line; of one that is a sentence if it ends with a stop
MOST_OF_NAME = 32  # letters' widths
CAPITALISED = 0.45  # of a name's words, those that begin with a capital

Said = Mapping[str, np.ndarray]


class Judged(NamedTuple):
    """By line, whether it is the page's own words and what speaks for that; by document, how sure that is, 0 to 1.

    And by line, whether it was judged so before it was asked where an article begins and ends, as how sure that is was.
    """

    is_body: np.ndarray
    sure: np.ndarray
    words: np.ndarray
    by_line: np.ndarray


def is_alone(lines: pl.DataFrame, said: Said, judged: Judged, rows: Rows) -> np.ndarray:
    """Say of each document whether its article surely is all that it holds.

    Args:
        lines: the table of lines.
        said: what `features` says of the lines; and `answers`, whether a line is of an answer to the article.
        judged: what was judged of them.
        rows: where the rows of each document lie.
    """
    is_brief, is_past = (said["prose"] == 0) & (said["stop"] == 0), rows.above(judged.by_line) >= 0
    has_digits = is_brief & (said["digits"] > 0)
    n_dated = rows.sums(is_brief & (said["dated"] > 0) & is_past)
    n_alike = _most_alike(lines["text"], has_digits, rows)
    n_same = _most_alike(lines["text"], is_brief & ~has_digits & is_past, rows)
    is_series = (np.maximum(n_dated, n_alike) >= SERIES) | (n_same >= SERIES_SAID)
    return (ask(tell(said, judged, rows), forest("company")) < LEAST_COMPANY) & ~is_series


def _most_alike(texts: pl.Series, asked: np.ndarray, rows: Rows) -> np.ndarray:
    """Count by document those of some lines that are alike but for their numbers, of the kind that has most."""
    at = np.flatnonzero(asked)
    shapes = texts.gather(at).str.replace_all(r"\d+", "0").hash().to_numpy()
    kinds, counts = np.unique(np.stack([rows.doc[at].astype(np.uint64), shapes]), axis=1, return_counts=True)
    most = np.zeros(len(rows.starts), dtype=np.int64)
    np.maximum.at(most, kinds[0].astype(np.int64), counts)
    return most


def tell(said: Said, judged: Judged, rows: Rows) -> dict[str, np.ndarray]:
    """Say of each document what tells whether its article is alone: logarithms of numbers of lines, and shares."""
    sure, words, is_body = judged.sure, judged.words, judged.by_line
    width = widths(said)
    is_prose, is_stopped = said["prose"] > 0, said["stop"] > 0
    is_text = is_prose | (is_stopped & (width >= SENTENCE))
    is_plain = ~is_text & (said["empty"] == 0)
    is_short = is_plain & (width < MOST_OF_NAME) & (said["bullet"] == 0)
    is_past, is_before = rows.above(is_body) >= 0, rows.below(is_body) >= 0  # the first words; the last
    is_dated, is_often = (said["dated"] > 0) & ~is_prose, (said["repeats"] >= OFTEN) & ~is_prose
    has_digits = (said["digits"] > 0) & ~is_prose & ~is_stopped
    counted = {
        "answers": said["answers"],
        "asks": said["asks"] > 0,
        "between": is_plain & (rows.above(is_text) >= 0) & (rows.below(is_text) >= 0),
        "colon": said["colon"] > 0,
        "dated_in": is_dated & is_past & is_before,
        "digit_after": has_digits & ~is_before,
        "digit_in": has_digits & is_past & is_before,
        "names": is_short
        & (np.nan_to_num(said["capitals"], nan=1) > CAPITALISED)
        & (rows.away(is_text, 1) > 0),
        "often_in": is_often & is_past & is_before,
        "stops": is_stopped,
    }
    lines, prose = np.ones(len(width)), width * is_prose
    shares = {
        "dated": (is_dated, lines),
        "follows": (rows.away(is_text, -1) > 0, is_text),
        "often": (is_often, lines),
        "prose": (is_prose, width),
        "prose_after": (~is_before, prose),
        "short": (width < SHORT, lines),
        "words": (words > 0, np.sqrt(1 + width)),
    }
    told = {name: np.log1p(rows.sums(values)) for name, values in counted.items()}
    told |= {name: rows.sums(of * some) / np.maximum(rows.sums(of), 1) for name, (some, of) in shares.items()}
    return told | {"run": rows.longest_run(is_prose, width), "sure": sure}
