"""Where an article begins and ends, once it is judged which lines are its words.

Trees say of each line that may be the first or the last how likely that is, by how the lines on both sides were judged
and what they look like. Of all stretches between two such lines the one is taken that is expected to be most like the
article's own: that it holds `ALIKE` of what either holds, and what share it does. One line's odds tell less: a stretch
that is not the likeliest may be like most that are likely. Of those as like it, the one with the likeliest lines.

`first.json` and `last.json` hold what was learned, from lines as trees grown on other sites judge them
(`tests/bench/articles.py bounds`). Constants of which no more is said were set by hand.
"""

from typing import NamedTuple

import numpy as np

from pipeline.article.features import DEEPEST, FAR, widths
from pipeline.article.model import MOST, Features, Forest, ask, forest
from pipeline.article.passages import Rows
from pipeline.article.regions import weigh

REACHES = (3, 8, 24)  # lines on either side over which evidence is averaged
STEPS = range(-3, 5)  # lines away of which the evidence is asked
BEYOND = ("main_below", "prose_below")  # how much prose is left
OWN = (
    *("size", "stop", "prose", "paragraph", "address", "nest", "bullet", "plea", "machinery", "repeats"),
    "ended",
    *BEYOND,
)
NEXT = (
    *("size", "stop", "bullet", "paragraph", "nest", "depth", "colon", "digits", "dated", "ends"),
    "rights",
)
COUNTED = ("ends", "dated", "stop", "prose", "service")
COUNTS = (4, 12)  # lines beyond in which these are counted
CROSSED = ("ends", "alone", "lead", "service", "rights", "plea")
MOST_CROSSED = 6  # lines of each that are told apart
FALLS = (3, 8)  # lines on either side between which evidence falls
NOTHING = -3.0  # the evidence below the last line of a page: that of a line of the site
NEAR = 30  # lines about the first and the last word within which any line may be the true one
LEAST_EVIDENCE = -3.0  # and between them, those of at least so much
MOST_ASKED = 12  # of the likeliest lines
LEAST_LIKELY = 0.005
ALIKE = 0.9  # as records are scored
# What the very line is worth beside, and the line that was judged to be the one. In folds over the sites of 627
# articles, .743 were nine tenths alike with .1 to .3 for the second, .737 with .4, .731 with .6; and .745 to .742 with
# .25 to 1 for the first.
EXACT, KEPT = 0.5, 0.2
# Later, in the same folds, .743 were alike before it was asked what lies past the words, up to 30 lines instead of 15,
# and .767 after; without indents and blank lines .713 and .732.


class Bounds(NamedTuple):
    """Trees that tell the first line of an article, and those that tell the last."""

    first: Forest
    last: Forest


def learned_bounds() -> Bounds:
    """Read the trees that tell where articles begin and end."""
    return Bounds(forest("first"), forest("last"))


class Asked(NamedTuple):
    """Lines that may be the first or the last of an article, and what is said of them as either."""

    at: np.ndarray
    first: Features
    last: Features


def tell(said: Features, odds: np.ndarray, is_body: np.ndarray, rows: Rows) -> Asked:
    """Say what tells the first and the last line of each article from others.

    Args:
        said: what `features` says of the lines.
        odds: by line, the evidence that it is the page's own words.
        is_body: whether it was judged so.
        rows: where the rows of each document lie.
    """
    first, last = rows.edges(is_body)
    is_near = (np.abs(rows.at - first) <= NEAR) | (np.abs(rows.at - last) <= NEAR)
    is_between = (rows.at >= first) & (rows.at <= last) & (odds > LEAST_EVIDENCE)
    at = np.flatnonzero((first >= 0) & (is_body | is_near | is_between))
    downwards = {**said, "gap": said["gap_below"]}
    upwards = {name: values[::-1] for name, values in _turned(said).items()}
    as_last = _as_last(downwards, odds, is_body, rows)
    as_first = _as_last(upwards, odds[::-1], is_body[::-1], rows.reversed())
    return Asked(
        at,
        {name: values[::-1][at] for name, values in as_first.items()},
        {name: values[at] for name, values in as_last.items()},
    )


def _turned(said: Features) -> Features:
    """Say of lines that are gone through upwards what is said of them downwards."""
    return {**said, **{name: said[name.replace("below", "above")] for name in BEYOND}}


def _as_last(said: Features, odds: np.ndarray, is_body: np.ndarray, rows: Rows) -> dict[str, np.ndarray]:
    """Say of each line what tells whether it is the last; where rows run upwards, whether it is the first."""
    found = {f"odds{step:+d}": rows.away(odds + MOST, step) - MOST for step in STEPS}
    found |= _evidence(said, odds, is_body, rows)
    found |= {name: said[name] for name in OWN}
    found |= {f"{name}+1": rows.away(said[name], 1) for name in NEXT}
    for name in COUNTED:
        so_far = rows.so_far(said[name])
        found |= {f"{name}_next_{reach}": _beyond(so_far, reach, rows) for reach in COUNTS}
    near = rows.away(rows.below((said["prose"] > 0) & (odds > 0)) + 1, 1) - 1
    to_prose = np.log2(1 + np.maximum(near - rows.at, 0))
    return found | {
        "gap": said["gap"],
        "out": rows.away(said["depth"], 1) - said["depth"],
        "to_prose": np.where(near >= 0, np.minimum(to_prose, FAR), FAR + 1),
    }


def _evidence(said: Features, odds: np.ndarray, is_body: np.ndarray, rows: Rows) -> dict[str, np.ndarray]:
    """Say how the lines on both sides were judged, and how far off the last that was judged to be words is."""
    width = widths(said)
    votes, most = weigh(odds, width), np.sqrt(1 + width)
    so_far, most_so_far, for_it = rows.so_far(votes), rows.so_far(most), np.maximum(votes, 0)
    found = {}
    for reach in REACHES:
        before, most_before = so_far - rows.away(so_far, -reach), most_so_far - rows.away(most_so_far, -reach)
        found[f"before_{reach}"] = before / most_before
        found[f"beyond_{reach}"] = _beyond(so_far, reach, rows) / np.maximum(
            _beyond(most_so_far, reach, rows), 1
        )
    below = rows.doc * (2 * np.abs(so_far).max(initial=1))  # each document lies above all before it
    best = np.maximum.accumulate((so_far - below)[::-1])[::-1] + below
    total, own = np.maximum(rows.total(for_it), 1), np.maximum(rows.total(width * is_body), 1)
    last = rows.above(is_body)[rows.last]
    edge = np.where(last >= 0, last, rows.first)
    off = rows.at - edge
    found |= _past(said, odds, edge, rows)
    wide, body = rows.so_far(width), rows.so_far(width * is_body)
    return found | {
        "gain": (best - so_far) / np.sqrt(total),
        "share": rows.so_far(for_it) / total,
        "words_beyond": (rows.total(width * is_body) - body) / own,
        "width_from_edge": np.clip((wide - wide[edge]) / own, -1, 1.5),
        "from_edge": np.clip(np.sign(off) * np.log2(1 + np.abs(off)), -6, 6),
        "is_edge": (off == 0).astype(np.float32),
        "is_body": is_body.astype(np.float32),
    }


def _past(said: Features, odds: np.ndarray, edge: np.ndarray, rows: Rows) -> Features:
    """Say how evidence falls below each line, and what lies between it and the last that was judged to be words.

    What belongs to an article's end, such as a table, notes or sources, looks less like words than these, yet more so
    than what follows; and where a page comes further out than since its words, what held them is closed.
    """
    so_far, is_past = rows.so_far(odds), rows.at > edge
    tail = np.where(is_past, (so_far - so_far[edge]) / np.maximum(rows.at - edge, 1), 0)
    before = {reach: _mean_up_to(so_far, reach, rows) for reach in FALLS}
    found = {f"fall_{reach}": _mean_beyond(so_far, reach, rows) - before[reach] for reach in FALLS}
    found["tail"] = tail
    found["tail_fall"] = _mean_beyond(so_far, FALLS[0], rows) - np.where(is_past, tail, before[FALLS[0]])
    for name in CROSSED:
        signs = rows.so_far(said[name])
        found[f"crossed_{name}"] = np.where(is_past, np.minimum(signs - signs[edge], MOST_CROSSED), 0)
    depth = said["depth"].astype(np.float64)
    document = rows.doc * DEEPEST  # each lies below all before it
    least = np.minimum.accumulate(np.where(is_past, depth, DEEPEST / 2) - document) + document
    least = np.where(is_past, least, depth)
    return found | {"least": least, "closes": rows.away(depth, 1) - least}


def _mean_up_to(so_far: np.ndarray, reach: int, rows: Rows) -> np.ndarray:
    """Give the mean of what was summed over so many rows, each the last of them."""
    n_rows = np.minimum(reach, rows.at - rows.first + 1)
    return (so_far - rows.away(so_far, -reach)) / n_rows


def _mean_beyond(so_far: np.ndarray, reach: int, rows: Rows) -> np.ndarray:
    """Give the mean of what was summed over so many rows below each; `NOTHING` where there is none."""
    n_rows = np.minimum(reach, rows.last - rows.at)
    return np.where(n_rows > 0, _beyond(so_far, reach, rows) / np.maximum(n_rows, 1), NOTHING)


def _beyond(so_far: np.ndarray, reach: int, rows: Rows) -> np.ndarray:
    """Sum what was summed so far over so many rows below each."""
    return so_far[np.minimum(rows.at + reach, rows.last)] - so_far


def find_bounds(
    said: Features, odds: np.ndarray, is_body: np.ndarray, rows: Rows, learned: Bounds | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Give each row the first and the last row of its document's article; as judged, -1 if it has no words.

    Args:
        said: what `features` says of the lines.
        odds: by line, the evidence that it is the page's own words.
        is_body: whether it was judged so.
        rows: where the rows of each document lie.
        learned: trees; the package's own by default.
    """
    learned = learned_bounds() if learned is None else learned
    asked = tell(said, odds, is_body, rows)
    first, last = (edge[rows.starts] for edge in rows.edges(is_body))
    if len(asked.at):
        width = widths(said)
        ends = rows.so_far(width)
        begins = ends - width
        doc = rows.doc[asked.at]
        starts = np.flatnonzero(np.diff(doc, prepend=-1))
        stops = np.append(starts[1:], len(doc))
        odds_of = (ask(asked.first, learned.first), ask(asked.last, learned.last))
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            at, document = asked.at[start:stop], doc[start]
            of_first, of_last = (
                _likeliest(at, evidence[start:stop], kept[document])
                for evidence, kept in zip(odds_of, (first, last), strict=True)
            )
            first[document], last[document] = _most_alike(of_first, of_last, begins, ends)
    return first[rows.doc], last[rows.doc]


class Likely(NamedTuple):
    """The likeliest rows, how likely each is, and what it is worth to choose it, beside what lies between."""

    at: np.ndarray
    chance: np.ndarray
    exact: np.ndarray


def _likeliest(at: np.ndarray, evidence: np.ndarray, judged: int) -> Likely:
    """Give the likeliest of some rows of which one is right, and the one that was judged to be."""
    chance = np.exp(evidence - evidence.max())
    chance /= chance.sum()
    order = np.argsort(-chance, kind="stable")[:MOST_ASKED]
    taken = np.union1d(order[chance[order] >= LEAST_LIKELY], np.flatnonzero(at == judged))
    return Likely(at[taken], chance[taken], EXACT * chance[taken] + KEPT * (at[taken] == judged))


def _most_alike(first: Likely, last: Likely, begins: np.ndarray, ends: np.ndarray) -> tuple[int, int]:
    """Choose the two rows between which lies what is expected to be most like what lies between the right ones."""
    row, column = np.nonzero(ends[last.at] > begins[first.at][:, None])
    begin, end = begins[first.at][row], ends[last.at][column]
    shared = np.minimum.outer(end, end) - np.maximum.outer(begin, begin)
    alike = np.maximum(shared, 0) / (np.maximum.outer(end, end) - np.minimum.outer(begin, begin))
    worth = ((alike >= ALIKE) + alike) @ (first.chance[row] * last.chance[column])
    best = (worth + first.exact[row] + last.exact[column]).argmax()
    return int(first.at[row[best]]), int(last.at[column[best]])
