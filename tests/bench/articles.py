"""Score, and learn, how pages' own words are told from the site's.

    python tests/bench/articles.py score PAGES            # what was learned, by language
    python tests/bench/articles.py folds PAGES [BODIES]   # learned on four fifths of the sites, scored on the fifth
    python tests/bench/articles.py train PAGES [BODIES]   # learned on all: writes the trees that tell lines
    python tests/bench/articles.py bounds PAGES BODIES    # learned on all: writes the trees that tell bounds
    python tests/bench/articles.py reach PAGES BODIES     # the same in folds: how like the articles' own they are
    python tests/bench/articles.py titles PAGES [BODIES]  # learned on all: writes the trees that tell titles

PAGES is a file of JSON lines, gzipped or not: `url`, `text`, `with` (passages that must stay), `without` (that must
go). F is of precision and recall over the passages, as trafilatura counts it. BODIES is one of `url`, `body`: spans
of characters that are all of a page's own words; and, if need be, its `title`, and `unknown`: spans of which nothing is
learned, such as titles, captions and comments. Shingles are of four words, as the article extraction benchmark
counts them. Neither file is part of the repository. `folds` asks the package's own trees for bounds. All but `score`
need catboost (`pip install catboost`), which nothing else does.
"""

import gzip
import json
import re
import sys
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import numpy as np
import polars as pl
from forests import GROWN, Known, average, grow, pick, plant, rank

from pipeline.article import bounds as of_bounds
from pipeline.article import model
from pipeline.article.bounds import Asked, Bounds
from pipeline.article.features import features, widths
from pipeline.article.model import Forest, ask, forest_of
from pipeline.article.passages import Rows
from pipeline.article.reader import judge, judge_lines, own_words
from pipeline.article.titles import candidates, tell, words_of
from pipeline.ingest import read_lines
from pipeline.language import tag

Row = dict[str, Any]
FOLDS = 5
# What is told of first and last lines is told within their page: which of those asked is likeliest.
GROWN_BOUNDS = {**GROWN, "iterations": 120, "learning_rate": 0.15, "leaf_estimation_iterations": 20}
SEEDS = range(3)  # of forests that are averaged: one alone falls now this way, now that, between a few lines
OF_BOUNDS = (0.8, 0.2)  # of pages as they are, and without indents and blank lines
# What a letter's width of a page of which every line is labelled weighs, beside a line of a passage; and of how many
# a line is weighed at most. By lines instead, what is learned is to tell a site's short ones, of which most are plain:
# in folds over the sites of 297 such pages, mean F of the body's bytes was .903 so, .912 by widths.
WHOLE, WIDEST = 0.0006, 400.0
# A page is learned from as it is, without its indents, without blank lines, and without either: dumps differ.
LAYOUTS: tuple[tuple[float, Callable[[str], str]], ...] = (
    (0.7, lambda text: text),
    (0.15, lambda text: re.sub(r"(?m)^[ \t]+", "", text)),
    (0.1, lambda text: re.sub(r"\n\s*\n", "\n", text)),
    (0.15, lambda text: re.sub(r"(?m)^[ \t]+", "", re.sub(r"\n\s*\n", "\n", text))),
)
SPELLED = 0.45  # how well a line must be what its page's address spells to be known for the title
TREES, TITLES, FIRST, LAST = (
    Path(model.__file__).parent / f"{name}.json" for name in ("trees", "titles", "first", "last")
)


class Lines(NamedTuple):
    """The lines of some pages, and what is known of them: 1 words, 0 furniture, -1 nothing; and how much it counts."""

    table: pl.DataFrame
    features: dict[str, np.ndarray]
    known: np.ndarray
    counts: np.ndarray


def read(path: Path) -> list[Row]:
    """Read JSON lines."""
    data = path.read_bytes()
    text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return [json.loads(line) for line in text.decode().splitlines()]


def fold(page: Row) -> int:
    """Put a page with those of its site."""
    url = page["url"].rpartition("://")[2] if "://" in page["url"] else page["url"].partition("::")[2]
    host = urlsplit(f"http://{url}").netloc.removeprefix("www.")
    return zlib.crc32(host.encode()) % FOLDS


# What is known of lines


def lay(pages: list[Row], bodies: dict[str, Row], rewrite: Callable[[str], str] = lambda text: text) -> Lines:
    """Lay pages out as lines, and label those that their passages stand in."""
    table = read_lines(pl.DataFrame({"text": [rewrite(page["text"]) for page in pages]}))
    said = features(table)
    known, counts = np.full(table.height, -1), np.zeros(table.height)
    by_width = WHOLE * np.minimum(widths(said), WIDEST)
    bounds = np.searchsorted(table["doc"].to_numpy(), np.arange(len(pages) + 1))
    for page, first, last in zip(pages, bounds[:-1], bounds[1:], strict=True):
        texts = table["text"][int(first) : int(last)].to_list()
        if page["url"] in bodies:
            known[first:last] = _whole(page, bodies[page["url"]], texts)
            counts[first:last] = by_width[first:last]
        for rows, label, count in _passages(page, texts):
            known[first + rows], counts[first + rows] = label, count
    return Lines(table, said, known, counts)


def _whole(page: Row, body: Row, texts: list[str]) -> np.ndarray:
    """Label each line by what most of it is."""
    kind = np.zeros(len(page["text"]), dtype=np.int8)
    for name, label in (("unknown", -1), ("body", 1)):
        for start, end in body.get(name, ()):
            kind[start:end] = label
    return np.array([np.rint(kind[start:end].mean()) for start, end in _places(page, texts)])


def _places(page: Row, texts: list[str]) -> Iterator[tuple[int, int]]:
    """Find where in its page each line stands."""
    end = 0
    for text in texts:
        start = page["text"].index(text, end)
        end = start + len(text)
        yield start, end


def _passages(page: Row, texts: list[str]) -> Iterator[tuple[np.ndarray, int, float]]:
    """Find the lines that hold a page's passages; one to keep tells nothing where it stands twice."""
    ends = np.cumsum([len(text) + 1 for text in texts])
    laid = "\n".join(texts)
    for name, label in (("without", 0), ("with", 1)):
        for passage in page[name]:
            at = [m.start() for m in re.finditer(re.escape(passage.strip()), laid)]
            for start in at if label == 0 or len(at) == 1 else ():
                held = np.searchsorted(ends, [start, start + len(passage.strip()) - 1], side="right")
                yield np.arange(held[0], held[1] + 1), label, 1 / len(at)


# What is known of bounds


class Ends(NamedTuple):
    """The lines that may be an article's first or last, of pages of which the body is known: which are, and whose."""

    asked: Asked
    is_first: np.ndarray
    is_last: np.ndarray
    doc: np.ndarray


def lay_ends(
    pages: list[Row], part: Lines, bodies: dict[str, Row], trees: list[Forest], among: np.ndarray
) -> Ends:
    """Lay out the lines that may be first or last, as they are judged by trees grown on the pages of other folds.

    Args:
        pages: all of them.
        part: their lines, in one layout.
        bodies: what is known of them, by address.
        trees: by fold, those grown on the others.
        among: by page, its fold.
    """
    of_line = among[part.table["doc"].to_numpy()]
    odds = np.zeros(part.table.height, dtype=np.float32)
    for fold, forest in enumerate(trees):
        odds[of_line == fold] = ask({name: v[of_line == fold] for name, v in part.features.items()}, forest)
    rows = Rows(part.table["doc"].to_numpy().astype(np.int64))
    width = widths(part.features)
    judged = judge_lines(part.features, rows, width, odds)
    asked = of_bounds.tell(part.features, judged.odds, judged.is_body, rows)
    is_first, is_last = (np.zeros(part.table.height, dtype=bool) for _ in range(2))
    for first, last in filter(None, _true_bounds(pages, part.table, bodies)):
        is_first[first], is_last[last] = True, True
    return Ends(asked, is_first[asked.at], is_last[asked.at], rows.doc[asked.at])


def _true_bounds(
    pages: list[Row], table: pl.DataFrame, bodies: dict[str, Row]
) -> Iterator[tuple[int, int] | None]:
    """Give, for each page of which the body is known, the rows of its first and its last line."""
    at = np.searchsorted(table["doc"].to_numpy(), np.arange(len(pages) + 1)).tolist()
    for page, first, last in zip(pages, at[:-1], at[1:], strict=True):
        if page["url"] not in bodies:
            yield None
            continue
        body = bodies[page["url"]]["body"]
        places = _places(page, table["text"][first:last].to_list())
        held = [n for n, (start, end) in enumerate(places) if end > body[0][0] and start < body[-1][1]]
        yield first + held[0], first + held[-1]


def grow_bounds(ends: list[Ends], weights: Iterable[float], among: np.ndarray) -> Row:
    """Grow trees that tell the first and the last line from others of their page.

    Args:
        ends: the lines that may be, by layout.
        weights: of each layout.
        among: by page, whether it is learned from.
    """
    said: Row = {}
    names = [*ends[0].asked.last]
    for side in ("first", "last"):
        columns, right, group, counts = [], [], [], []
        for number, (part, weight) in enumerate(zip(ends, weights, strict=True)):
            is_right = part.is_first if side == "first" else part.is_last
            taken = among[part.doc] & (np.bincount(part.doc, is_right) > 0)[part.doc]
            values = part.asked.first if side == "first" else part.asked.last
            columns.append(np.column_stack([column[taken].astype(np.float32) for column in values.values()]))
            right.append(is_right[taken])
            group.append(part.doc[taken] + number * len(among))
            counts.append(np.full(int(taken.sum()), weight))
        among_lines = [np.concatenate(parts) for parts in (columns, right, group, counts)]
        forests = [pick(*among_lines, {**GROWN_BOUNDS, "random_seed": seed}) for seed in SEEDS]
        said[side] = {"means": dict.fromkeys(names, 0.0), **average(forests)}
    return said


def show_reach(pages: list[Row], table: pl.DataFrame, is_body: np.ndarray, bodies: dict[str, Row]) -> None:
    """Print of how many articles nine tenths lie between the first and the last line, and no more than that beside."""
    doc, texts = table["doc"].to_numpy(), table["text"].to_list()
    width = np.array([len(re.sub(r"\s", "", text)) for text in texts])
    ends = np.cumsum(width)
    alike = []
    for number, bounds in enumerate(_true_bounds(pages, table, bodies)):
        own = np.flatnonzero(is_body & (doc == number)).tolist() if bounds else []
        if bounds and len(own):
            (a, b), (c, d) = bounds, (own[0], own[-1])
            shared = ends[min(b, d)] - ends[max(a, c)] + width[max(a, c)]
            alike.append(max(0, shared / (ends[max(b, d)] - ends[min(a, c)] + width[min(a, c)])))
        elif bounds:
            alike.append(0)
    print(f"alike {np.mean(alike):.4f}, by .9 {np.mean(np.array(alike) >= 0.9):.4f} of {len(alike)}")


# What is known of titles


def lay_titles(pages: list[Row], part: Lines, bodies: dict[str, Row]) -> Lines:
    """Lay out the lines that may be a title, and label those of pages whose title is told, or spelled by their address.

    Where it is told, it is the last such line above the first words; where there is none, nothing is known.
    """
    rows = Rows(part.table["doc"].to_numpy().astype(np.int64))
    words = words_of(judge(part.table, part.features).is_body, rows)
    at = candidates(part.features, words, rows)
    doc, texts = rows.doc[at], part.table["text"].gather(at).to_list()
    known = np.full(len(at), -1)
    for number, page in enumerate(pages):
        own = np.flatnonzero(doc == number)
        title, spelled = bodies.get(page["url"], {}).get("title"), _spelled(page["url"])
        if title:
            is_title = np.array([texts[row] == title for row in own], dtype=bool)
            before = own[is_title & (at[own] <= words.top[at[own]])]
            best = before[-1:] if len(before) else own[is_title][:1]
        else:
            fits = np.array([_fits(texts[row], spelled) for row in own])
            best = own[fits >= max(fits.max(initial=0) - 0.1, SPELLED)]
        if len(best):
            known[own], known[best] = 0, 1
    table = part.table[at]
    return Lines(table, tell(part.table, part.features, words, rows, at), known, np.ones(len(at)))


def _spelled(url: str) -> set[str]:
    """Give the words of the part of an address that has most, if they are three or more."""
    parts = [_plain(re.sub(r"\.\w{2,5}$", "", part)) for part in unquote(urlsplit(url).path).split("/")]
    words = max(({word for word in part if not word.isdigit()} for part in parts), key=len)
    return words if len(words) >= 3 else set()


def _plain(text: str) -> list[str]:
    """Write words as addresses do: ä as ae, é as e."""
    letters = text.casefold().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    return re.findall(
        r"[a-z0-9]{3,}", unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    )


def _fits(text: str, spelled: set[str]) -> float:
    """Say how well a line is what an address spells: all its words, and, of half the weight, nothing else."""
    said = _plain(text)
    own = sum(word in spelled for word in said) / max(len(said), 1)
    return len(spelled & {*said}) / max(len(spelled), 1) * (0.5 + 0.5 * own)


def right_titles(part: Lines, learned: Row) -> tuple[int, int]:
    """Count the pages whose likeliest title is the one that is known, and those of which one is."""
    odds = ask(part.features, forest_of(learned))
    table = part.table.select("doc", known=part.known, odds=odds).filter(pl.col("known") >= 0)
    best = table.sort("odds").group_by("doc").last()
    return int(best["known"].sum()), best.height


# Learning


def gather(parts: list[Lines], weights: Iterable[float], among: Iterable[np.ndarray]) -> Known:
    """Gather the lines of which something is known.

    Args:
        parts: the lines, by layout.
        weights: of each layout.
        among: which lines of each are asked.
    """
    taken = [rows & (part.known >= 0) for part, rows in zip(parts, among, strict=True)]
    return Known(
        {
            name: np.concatenate([p.features[name][rows] for p, rows in zip(parts, taken, strict=True)])
            for name in parts[0].features
        },
        np.concatenate([p.known[rows] for p, rows in zip(parts, taken, strict=True)]),
        np.concatenate([p.counts[r] * w for p, r, w in zip(parts, taken, weights, strict=True)]),
        np.concatenate(
            [
                p.table["doc"].to_numpy()[r].astype(np.int64) * len(parts) + number
                for number, (p, r) in enumerate(zip(parts, taken, strict=True))
            ]
        ),
    )


# Scoring


def score(pages: list[Row], texts: list[str]) -> tuple[float, float, float]:
    """Give precision, recall and F over the passages."""
    kept = [
        [passage.strip() in text for passage in page["with"]] for page, text in zip(pages, texts, strict=True)
    ]
    left = [
        [passage.strip() in text for passage in page["without"]]
        for page, text in zip(pages, texts, strict=True)
    ]
    right, asked, wrong = sum(map(sum, kept)), sum(map(len, kept)), sum(map(sum, left))
    return _f(right / max(right + wrong, 1), right / max(asked, 1))


def shingles(text: str, words: int = 4) -> Counter[tuple[str, ...]]:
    """Count the runs of so many words."""
    found = re.findall(r"\w+", text)
    return Counter(
        tuple(found[i : i + words]) for i in range(max(len(found) - words + 1, min(len(found), 1)))
    )


def overlap(pages: list[Row], texts: list[str], bodies: dict[str, Row]) -> tuple[float, float, float]:
    """Give the means of precision and recall over the shingles of each page of which the body is known, and their F."""
    both = []
    for page, text in zip(pages, texts, strict=True):
        if page["url"] in bodies:
            spans = bodies[page["url"]]["body"]
            own = shingles("\n".join(page["text"][start:end] for start, end in spans))
            said = shingles(text)
            shared = sum((own & said).values())
            both.append((shared / max(said.total(), 1), shared / max(own.total(), 1)))
    return _f(*(float(np.mean(column)) for column in zip(*both, strict=True))) if both else (0.0, 0.0, 0.0)


def _f(precision: float, recall: float) -> tuple[float, float, float]:
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def show(pages: list[Row], texts: list[str], bodies: dict[str, Row]) -> None:
    """Print the scores, by language too."""
    print("everything kept", _written(score(pages, [page["text"] for page in pages])))
    print("own words      ", _written(score(pages, texts)))
    if bodies:
        print("shingles       ", _written(overlap(pages, texts, bodies)), f"({len(bodies)} pages)")
    language = tag(pl.DataFrame({"text": [page["text"] for page in pages]}))["language"].to_list()
    for name, number in Counter(language).most_common():
        those = [i for i, code in enumerate(language) if code == name]
        said = score([pages[i] for i in those], [texts[i] for i in those])
        print(f"{name:5} {number:4}     ", _written(said))


def _written(scores: tuple[float, float, float]) -> str:
    return "P {:.3f} R {:.3f} F {:.4f}".format(*scores)


def main(task: str, pages_path: str, bodies_path: str | None = None) -> None:
    """Run a task."""
    pages = read(Path(pages_path))
    bodies = {row["url"]: row for row in read(Path(bodies_path))} if bodies_path else {}
    if task == "score":
        lines = read_lines(pl.DataFrame({"text": [page["text"] for page in pages]}))
        show(pages, own_words(lines, len(pages)), bodies)
        return
    parts = [lay(pages, bodies, rewrite) for _, rewrite in LAYOUTS]
    weights = [weight for weight, _ in LAYOUTS]
    folds = np.array([fold(page) for page in pages])
    if task == "train":
        plant(
            TREES,
            PROVENANCE,
            grow(gather(parts, weights, [np.full(part.table.height, True) for part in parts])),
        )
        return
    if task in ("bounds", "reach"):
        _learn_bounds(pages, parts, bodies, weights, folds, is_scored=task == "reach")
        return
    if task == "titles":
        of_titles = [lay_titles(pages, part, bodies) for part in parts]
        everything = [np.full(part.table.height, True) for part in of_titles]
        plant(TITLES, TOLD, rank(gather(of_titles, weights, everything)))
        return
    show_titles(pages, parts, bodies, weights, folds)
    for (_, layout), part in list(zip(LAYOUTS, parts, strict=True))[:: len(LAYOUTS) - 1]:
        texts = [""] * len(pages)
        for held in range(FOLDS):
            others = gather(parts, weights, [folds[p.table["doc"].to_numpy()] != held for p in parts])
            learned = forest_of(grow(others))
            of_fold = part.table.filter(pl.Series(folds[part.table["doc"].to_numpy()] == held))
            for i, text in enumerate(own_words(of_fold, len(pages), learned)):
                texts[i] = text or texts[i]
        print("as it is" if layout is LAYOUTS[0][1] else "without indents and blank lines")
        show(pages, texts, bodies)


def _learn_bounds(
    pages: list[Row],
    parts: list[Lines],
    bodies: dict[str, Row],
    weights: list[float],
    folds: np.ndarray,
    *,
    is_scored: bool,
) -> None:
    """Grow the trees that tell bounds, with lines as trees grown on other sites judge them; in folds if scored."""
    trees = [
        forest_of(grow(gather(parts, weights, [folds[p.table["doc"].to_numpy()] != held for p in parts])))
        for held in range(FOLDS)
    ]
    first = parts[0]
    ends = [lay_ends(pages, part, bodies, trees, folds) for part in (first, parts[-1])]
    if not is_scored:
        learned = grow_bounds(ends, OF_BOUNDS, folds >= 0)
        for path, side in ((FIRST, "first"), (LAST, "last")):
            plant(path, OF_ENDS, learned[side])
        return
    doc = first.table["doc"].to_numpy()
    is_body = np.zeros(len(doc), dtype=bool)
    for held in range(FOLDS):
        learned = grow_bounds(ends, OF_BOUNDS, folds != held)
        bounds = Bounds(forest_of(learned["first"]), forest_of(learned["last"]))
        of_fold = first.table.filter(pl.Series(folds[doc] == held))
        said = {name: values[folds[doc] == held] for name, values in first.features.items()}
        is_body[folds[doc] == held] = judge(of_fold, said, trees[held], bounds).is_body
    show_reach(pages, first.table, is_body, bodies)


def show_titles(
    pages: list[Row], parts: list[Lines], bodies: dict[str, Row], weights: list[float], folds: np.ndarray
) -> None:
    """Print how many titles are found, each by trees grown on other sites."""
    of_titles = [lay_titles(pages, part, bodies) for part in parts]
    right = known = 0
    for held in range(FOLDS):
        is_held = [folds[part.table["doc"].to_numpy()] == held for part in of_titles]
        learned = rank(gather(of_titles, weights, [~rows for rows in is_held]))
        first, rows = of_titles[0], is_held[0]
        features = {name: values[rows] for name, values in first.features.items()}
        part = Lines(first.table.filter(pl.Series(rows)), features, first.known[rows], first.counts[rows])
        right, known = map(sum, zip((right, known), right_titles(part, learned), strict=True))
    print(f"titles {right} of {known}")


PROVENANCE = (
    "python tests/bench/articles.py train PAGES BODIES, on the 955 pages of web-pages.jsonl.gz with passages that must "
    "stay or go, and on the lines of 922 articles of these of which every line was labelled by hand"
)

TOLD = (
    "python tests/bench/articles.py titles PAGES BODIES, on pages of web-pages.jsonl.gz whose title was told by "
    "hand, or is spelled by their address"
)

OF_ENDS = (
    "python tests/bench/articles.py bounds PAGES BODIES, on the articles of these whose lines were labelled"
)

if __name__ == "__main__":
    main(*sys.argv[1:])
