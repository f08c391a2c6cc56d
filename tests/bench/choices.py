"""Learn which pages hold but one article.

    python tests/bench/choices.py company REAL [MADE ...]  # grows the trees that tell pages of one article

Each is a folder of texts, `NAME.txt`, with labels, `NAME.jsonl` (see `tests/gold/SCHEMA.md`): of pages as they were
found, and of pages made up, which count less. None is part of the repository. How well pages are told by what was
learned from others, in folds, is printed. It needs catboost (`pip install catboost`).
"""

import sys
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

from pipeline.article import company, model, reader  # noqa: E402
from pipeline.grammar import grammars  # noqa: E402
from pipeline.segment.readers import lines_of  # noqa: E402
from tests.score_variations import read_labelled  # noqa: E402

FOLDS = 8


class Page(NamedTuple):
    """A labelled page: its text, its numbers of records and of turns, its fold, and whether it was made up."""

    text: str
    records: int
    turns: int
    fold: int
    is_made: bool


def read(folders: Sequence[str]) -> list[Page]:
    """Read folders, the first of real pages; a text once. Pages made up whose names begin alike share a fold."""
    pages: dict[str, Page] = {}
    for number, folder in enumerate(folders):
        for stem, (text, labels) in read_labelled(Path(folder), Path(folder)).items():
            records = sum(label["level"] == "item" for label in labels)
            turns = sum(label["kind"] == "turn" for label in labels)
            fold = zlib.crc32(stem.partition("_")[0].encode()) % FOLDS
            pages.setdefault(text, Page(text, records, turns, fold, number > 0))
    return list(pages.values())


# Company

COMPANY = Path(model.__file__).parent / "company.json"
GROWN = {**forests.GROWN, "depth": 3}  # of depth 4, more of those with more seemed alone
MADE = 0.6  # what a page made up counts, beside a real one


def learn_company(pages: Sequence[Page]) -> None:
    """Grow trees on the pages that hold an article and that no grammar knows, after telling how they fare in folds."""
    numbers, given = _told(pages)
    told = company.tell(*given[1:])
    known = np.array([pages[n].records > 1 or pages[n].turns > 0 for n in numbers])
    is_made, folds = (np.array([getattr(pages[n], name) for n in numbers]) for name in ("is_made", "fold"))
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
        list(article.read(lines_of(lines, unread)))
    table, *_, rows = asked.call_args.args
    return table["doc"].to_numpy()[rows.starts].astype(np.int64), asked.call_args.args


def _of(known: Known, rows: np.ndarray) -> Known:
    """Take some pages."""
    features = {name: values[rows] for name, values in known.features.items()}
    return Known(features, known.known[rows], known.counts[rows], known.pages[rows])


LEARNED = (
    "python tests/bench/choices.py company REAL MADE ..., on 631 pages of web-pages.jsonl.gz, labelled by hand, and on "
    "543 made up, that no grammar knows"
)

if __name__ == "__main__":
    task, *folders = sys.argv[1:]
    {"company": learn_company}[task](read(folders))
