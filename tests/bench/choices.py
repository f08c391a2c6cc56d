"""Learn which pages hold but one article, and whether an article or records are what a page holds.

    python tests/bench/choices.py company REAL ... --made MADE ...     # trees that tell pages of one article
    python tests/bench/choices.py preference REAL ... --made MADE ... --drawn DRAWN ... --told TOLD
                                                                       # what speaks for records against an article

Each is a folder of texts, `NAME.txt`, with labels, `NAME.jsonl` (see `tests/gold/SCHEMA.md`): of pages as they were
found, of pages made up, and of random layouts (`layouts.py`), which count less. TOLD is a file of JSON lines, `text`
and `has_more`: pages of which only that is known, whether they are an article or hold more. None is part of the
repository. How well pages are told by what was learned from others, in folds, is printed first. `company` writes its
trees, and needs catboost (`pip install catboost`); `preference` writes `pipeline/segment/preference.json`, and takes
some minutes.
"""

import argparse
import json
import sys
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME))

from pipeline import article, ingest, segment  # noqa: E402, I001 - the project need not be installed; it sets Polars up

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
import forests  # noqa: E402
from forests import Known, grow, plant  # noqa: E402

from pipeline import dates, evaluate  # noqa: E402
from pipeline.article import company, model, reader  # noqa: E402
from pipeline.engine import local  # noqa: E402
from pipeline.grammar import grammars  # noqa: E402
from pipeline.segment import preference, readers  # noqa: E402
from pipeline.segment.preference import Speaks, prefers_records  # noqa: E402
from schemas import Tables  # noqa: E402
from tests import induced_pages  # noqa: E402
from tests.labelled_page import Label  # noqa: E402
from tests.score_variations import read_labelled  # noqa: E402

FOLDS = 8


class Page(NamedTuple):
    """A page: its text and labels, its fold, and whether it was made up, or drawn of a random layout.

    Where it has no labels, it is known whether it has more than an article.
    """

    text: str
    labels: list[Label]
    fold: int
    is_made: bool
    is_drawn: bool = False
    told_more: bool | None = None

    @property
    def n_records(self) -> int:
        return sum(label["level"] == "item" for label in self.labels)

    @property
    def has_more(self) -> bool:
        return self.n_records > 1 or any(label["kind"] == "turn" for label in self.labels)


def read(real: Sequence[Path], made: Sequence[Path], drawn: Sequence[Path] = ()) -> list[Page]:
    """Read folders of pages, a text once. Pages whose names begin alike share a fold."""
    pages: dict[str, Page] = {}
    for folder in (*real, *made, *drawn):
        for stem, (text, labels) in read_labelled(folder, folder).items():
            fold = zlib.crc32(stem.partition("_")[0].encode()) % FOLDS
            pages.setdefault(text, Page(text, labels, fold, folder in made, folder in drawn))
    return list(pages.values())


def read_told(path: Path | None) -> list[Page]:
    """Read pages of which only is known whether they hold more than an article; each has a fold by its words."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path else []
    folds = (zlib.crc32(row["text"].encode()) % FOLDS for row in rows)
    return [
        Page(row["text"], [], fold, is_made=False, told_more=row["has_more"])
        for row, fold in zip(rows, folds, strict=True)
    ]


def read_invented() -> list[Page]:
    """Read the pages of `tests/induced`. Those whose names begin alike share a fold."""
    pages = []
    for path in sorted(induced_pages.FOLDER.glob("*.txt")):
        lines = induced_pages.read_page(path)
        ends = np.cumsum([len(line.text) + 1 for line in lines])
        labels = [
            {"level": "item", "kind": "post", "start": int(ends[first - 1]) - len(lines[first - 1].text) - 1}
            | {"end": int(ends[last - 1]) - 1}
            for first, last in induced_pages.extents(lines)
        ]
        turns = [{"level": "segment", "kind": "turn"} for line in lines if line.role == "t"]
        fold = zlib.crc32(path.stem.partition("_")[0].encode()) % FOLDS
        pages.append(Page("\n".join(line.text for line in lines), [*labels, *turns[:1]], fold, is_made=True))
    return pages


# Company

COMPANY = Path(model.__file__).parent / "company.json"
GROWN = {**forests.GROWN, "depth": 3}  # of depth 4, more of those with more seemed alone
MADE = 0.6  # what a page made up counts, beside a real one


def learn_company(pages: Sequence[Page]) -> None:
    """Grow trees on the pages that hold an article and that no grammar knows, after telling how they fare in folds."""
    numbers, given = _told(pages)
    told = company.tell(*given[1:])
    known, is_made, folds = (
        np.array([getattr(pages[n], name) for n in numbers]) for name in ("has_more", "is_made", "fold")
    )
    is_own = given[-1].sums(given[2].is_body) > 0
    everything = Known(told, known.astype(int), np.where(is_made, MADE, 1.0), numbers)
    odds = np.zeros(len(numbers))
    for fold in range(FOLDS):
        learned = grow(_of(everything, is_own & (folds != fold)), GROWN)
        odds[folds == fold] = model.ask(told, model.forest_of(learned))[folds == fold]
    with mock.patch.object(company, "ask", return_value=odds):
        is_alone = company.is_alone(*given)
    for name, those in (("real", is_own & ~is_made), ("made", is_own & is_made)):
        print(
            f"{name}: {those.sum()} pages, of which {is_alone[those].mean():.2f} are told to be of one article;"
            f" of {known[those].sum()} with more {is_alone[those & known].sum()}"
        )
    plant(COMPANY, LEARNED, grow(_of(everything, is_own), GROWN))


def _told(pages: Sequence[Page]) -> tuple[np.ndarray, tuple[Any, ...]]:
    """Give the numbers of the pages that no grammar knows, and what the reader of articles tells `is_alone` of them."""
    lines = ingest.read_lines(pl.DataFrame({"text": [page.text for page in pages]}))
    kinds = segment.recognise(lines, grammars())
    unread = kinds.filter(page_kind=segment.UNKNOWN)["doc"].to_list()
    with mock.patch.object(reader, "is_alone", wraps=reader.is_alone) as asked:
        list(article.read(readers.lines_of(lines, unread)))
    table, *_, rows = asked.call_args.args
    return table["doc"].to_numpy()[rows.starts].astype(np.int64), asked.call_args.args


def _of(known: Known, rows: np.ndarray) -> Known:
    """Take some pages."""
    features = {name: values[rows] for name, values in known.features.items()}
    return Known(features, known.known[rows], known.counts[rows], known.pages[rows])


LEARNED = (
    "python tests/bench/choices.py company REAL ... --made MADE ..., on 631 pages of web-pages.jsonl.gz, labelled by "
    "hand, and on 543 made up, that no grammar knows"
)


# Preference

RIDGE = 2.0
MADE_UP = 1 / 2  # what a page made up counts, or one of a random layout, beside a real one
BODY = 0.5  # and the words of a page, beside its records
TOLD = 0.6  # how far records are better or worse where only that is known
SURE = 9.0  # log odds


class Weighed(NamedTuple):
    """Records that are weighed against the article of a page: what is told of them, and how well both are read.

    Attributes:
        page: the number of the page.
        told: what is told of both, by name.
        gain: how far F by overlap is better with the records than with the article; and that of the body's bytes.
        right: F by overlap with the records.
    """

    page: int
    told: dict[str, float]
    gain: tuple[float, float]
    right: float


def learn_preference(pages: Sequence[Page]) -> None:
    """Fit what speaks for records, and write it, after telling how pages fare in folds."""
    found, whole = weigh(pages)
    folds = np.array([pages[one.page].fold for one in found])
    odds = np.zeros(len(found))
    for fold in range(FOLDS):
        speaks = fit(pages, [one for one, own in zip(found, folds, strict=True) if own != fold])
        odds[folds == fold] = [speaks(one.told) for one in found if pages[one.page].fold == fold]
    so_far = np.array([prefers_records(one.told) for one in found])
    most = whole.copy()
    np.maximum.at(most, [one.page for one in found], [one.right for one in found])
    rows = {"in folds": _right(found, whole, odds), "so far": _right(found, whole, so_far), "at most": most}
    kinds = [_kind(page) for page in pages]
    print(pl.DataFrame({"kind": kinds, **rows}).group_by("kind").agg(pl.len(), pl.col(*rows).mean()))
    speaks = fit(pages, found)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(pair)}" for name, pair in speaks.weights.items())
    learned = (
        "python tests/bench/choices.py preference REAL ... --made MADE ... --drawn DRAWN ... --told TOLD, on "
        f"{len({one.page for one in found})} pages"
    )
    preference.LEARNED.write_text(
        f'{{"learned": {json.dumps(learned)}, "bias": {speaks.bias}, "weights": {{\n{lines}\n}}}}\n',
        encoding="utf-8",
    )


def _kind(page: Page) -> str:
    if page.told_more is not None:
        return "told more" if page.told_more else "told one"
    made = "drawn" if page.is_drawn else "made" if page.is_made else "real"
    return f"{made}, {'more' if page.has_more else 'one'}"


def _right(found: Sequence[Weighed], whole: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """Give F by overlap of each page, of which the first records are taken that are likelier than its article."""
    right = whole.copy()
    for one, speaks in reversed([*zip(found, odds, strict=True)]):
        if speaks >= 0:
            right[one.page] = one.right
    return right


def fit(pages: Sequence[Page], found: Sequence[Weighed]) -> Speaks:
    """Fit a logistic regression with a ridge, by Newton's method; what is not told of some counts as usual.

    Readings count by how much better or worse than the article they are. What is told of frames or of boxes alone is
    left out.
    """
    gain = np.array([one.gain[0] + BODY * one.gain[1] for one in found])
    less = [MADE_UP if pages[one.page].is_made or pages[one.page].is_drawn else 1.0 for one in found]
    counts = np.abs(gain) * less + 0.001
    names = sorted({name for one in found for name in one.told if not name.startswith(("frame ", "box "))})
    table = np.array([[one.told.get(name, np.nan) for name in names] for one in found])
    mean, spread = np.nanmean(table, 0), np.nanstd(table, 0) + 1e-6
    columns = np.column_stack([np.nan_to_num((table - mean) / spread), np.ones(len(table))])
    ridge = np.append(np.full(len(names), RIDGE), 0.001)
    weights = np.zeros(len(ridge))
    for _ in range(20):
        likely = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (counts * (likely - (gain > 0))) + ridge * weights
        bend = (columns.T * (counts * likely * (1 - likely))) @ columns + np.diag(ridge)
        weights -= np.linalg.solve(bend, slope)
    pairs = zip(names, mean.round(4).tolist(), (weights[:-1] / spread).round(4).tolist(), strict=True)
    return Speaks(round(float(weights[-1]), 4), {name: (usual, weight) for name, usual, weight in pairs})


def weigh(pages: Sequence[Page]) -> tuple[list[Weighed], np.ndarray]:
    """Find all that is weighed against an article, and F by overlap of each page where no records are taken."""
    told, scores = _read_as(pages, range(len(pages)), 0)
    whole = np.array([scores[page][0] for page in range(len(pages))])
    found = []
    for nth in range(max(map(len, told.values()))):
        asked = [page for page, records in told.items() if len(records) > nth]
        _, parted = _read_as(pages, asked, nth + 1)
        for page in asked:
            gain = tuple(np.subtract(parted[page], scores[page]).tolist())
            found.append(Weighed(page, told[page][nth], gain, parted[page][0]))
    return sorted(found, key=lambda one: one.page), whole


def _read_as(
    pages: Sequence[Page], asked: Sequence[int], nth: int
) -> tuple[dict[int, list[dict[str, float]]], dict[int, tuple[float, float]]]:
    """Read pages by the nth records of each that are weighed against an article, from 1 on; 0: by the article.

    They are looked for though the article surely is alone: so there is more to learn from.

    Returns:
        By page, what was told of its records so far, and the scores of the page: F by overlap, and of the body's bytes.
    """
    told: dict[int, list[dict[str, float]]] = {}
    heard: list[dict[str, float]] = []
    weighed = readers._preferred

    def prefer(page: pl.DataFrame, *given: Any) -> readers.Reading | None:
        heard.clear()
        taken = weighed(page, *given)
        if heard:
            those = told.setdefault(asked[page["doc"][0]], [])
            those.append(heard[0])
            return taken if len(those) == nth else None
        return taken

    with tempfile.TemporaryDirectory() as folder:
        for page in asked:
            (Path(folder) / f"{page:06d}.txt").write_bytes(pages[page].text.encode())
        documents = local.read(folder).documents
    with (
        mock.patch.object(reader, "is_alone", lambda *given: np.zeros(len(given[-1].starts), dtype=bool)),
        mock.patch.object(readers, "_preferred", prefer),
        mock.patch.object(readers, "may_prefer_records", return_value=True),
        mock.patch.object(readers, "prefers_records", lambda said: heard.append(said) or SURE),
    ):
        cut = segment.assemble(segment.label(ingest.read_lines(documents)), documents)
    tables = Tables(dates.resolve(cut.records, documents), cut.segments, documents, cut.spans, pl.DataFrame())
    stored = set(documents["text"])  # of a letter, without its head
    placed = {n: [label for label in pages[n].labels if "start" in label] for n in asked}
    labels = {f"{n:06d}": placed[n] for n in asked if placed[n] and pages[n].text in stored}
    scores = evaluate.score(tables, evaluate.frame_labels(labels)).filter(pl.col("path") != evaluate.POOLED)
    wide = scores.pivot("measure", index="path", values="value").fill_null(0.0)
    values = wide.select("path", "records by overlap", "body bytes").iter_rows()
    known = {n: (0.0, 0.0) if pages[n].labels else _told_gain(pages[n], nth) for n in asked}
    known = {n: value for n, value in known.items() if f"{n:06d}" not in labels}
    return told, {int(Path(path).stem): (records, body) for path, records, body in values} | known


def _told_gain(page: Page, nth: int) -> tuple[float, float]:
    """Give a page without labels TOLD for what it is, by the article (0) or by records, and else nothing."""
    return (TOLD if bool(page.told_more) == (nth > 0) else 0.0), 0.0


TASKS = {"company": learn_company, "preference": learn_preference}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("real", nargs="*", type=Path)
    parser.add_argument("--made", nargs="*", type=Path, default=[])
    parser.add_argument("--drawn", nargs="*", type=Path, default=[])
    parser.add_argument("--told", type=Path)
    given = parser.parse_args()
    pages = [*read(given.real, given.made, given.drawn), *read_told(given.told)]
    TASKS[given.task]([*pages, *(read_invented() if given.task == "preference" else ())])
