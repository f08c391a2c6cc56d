"""Who reads a page that no grammar was written for?

A reader looks at such documents and offers, for those it can make sense of, a grammar made for the page and how sure it
is of it. The surest is taken that leaves no long stretch of the page's words outside its records: a list of comments or
of teasers may well be regular, and yet not be what the page is about. The way to part a page that ranks first is taken
where it is likelier to be what the page holds than an article is (see `preference`). Where nothing is sure enough the
page is kept whole. A reader says of each document what it would say of it alone: neither order nor
company matters. What the form of its file states a document to be, such as a letter, it is, unless what recurs in it
tells more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from pipeline import article, induce
from pipeline.apart import apart
from pipeline.grammar import Grammar, grammars, stacked
from pipeline.induce.measures import likelihood
from pipeline.segment.marks import Marked, mark_lines
from pipeline.segment.parts import Names, set_parts
from pipeline.segment.preference import (
    ask_lines,
    may_prefer_records,
    prefers_records,
    tell_of_article,
    tell_of_lines,
    tell_of_records,
)
from pipeline.segment.rows import NONE

# A reading less sure than this is not taken. Of 45 labelled pages and what was made of them (records dropped or
# reversed, lines dropped, decomposed, no blank lines, no indents), 299 readings by what recurs had right records
# (F1 of .85 by overlap): less sure than .4, 10 %; than .6, 60 %; than .8, 85 %; than .9, 89 %; surer, 97 %.
LEAST_SURE = 0.5
# Of a way to part a page that is not sure by what it was found by. In eight folds, of 730 real pages of one article 712
# are then read as such, of 58 that hold more 48 as records; with .5 706 and 49.
LEAST_PARTED = 0.66
SURER = 0.15  # a later reader's reading is preferred only if it is surer by so much: what recurs tells more
# Of all that speaks for words on a page, so much may lie together outside the records: of 17 labelled pages, read as
# feeds, .04 did at most; of articles, read as their comments or their teasers, a third or more often did. Of 75 pages,
# read as records from their first line on, .12 to .18 did of three that were read rightly, and of no other.
MOST_LEFT_OUT, MOST_LEFT_OUT_OF_ALL = 0.1, 0.2
MOST_ABOVE = 0.05  # of all that speaks for words, what may stand above records without being an article
LONG_PAGE = 300.0  # what speaks for some twenty paragraphs; of less, a stray line would be a large share


class Reading(NamedTuple):
    """What a reader makes of a document.

    Attributes:
        doc: the document, as in the table of lines.
        grammar: made for it, or what makes it once it is asked; documents read alike share one object, and are then
            labelled at once.
        confidence: how sure the reader is that the cuts are right, 0 to 1.
        words: by line of the document, how much speaks for its being the page's own words, 0 or more; null: unknown.
        since: the first line that it reads; what stands above may be an article, which another reader reads.
        answers: the first line of records that say when, above which an article with a head may stand too; of an
            article, of its answers; 0: none.
        is_alone: whether it surely is all that the document holds, so that others need not look for what recurs.
        marked: the marks of the document's lines, where they were asked for; null: unknown.
        told: what is told of records, which says how likely they are what the page holds; null: they are not weighed.
        expected: by line, the first row of the record that it is expected in (-1: none); null: not known.
        shared: where its words are known, what marks its lines with those of other documents.
    """

    doc: int
    grammar: Grammar | Callable[[], Grammar]
    confidence: float
    words: np.ndarray | None = None
    since: int = 0
    answers: int = 0
    is_alone: bool = False
    marked: Marked | None = None
    told: Mapping[str, float] | None = None
    expected: np.ndarray | None = None
    shared: "Shared | None" = None

    @property
    def made(self) -> Grammar:
        """Give the grammar, made if need be."""
        return self.grammar if isinstance(self.grammar, Grammar) else self.grammar()


@dataclass
class Shared:
    """A grammar that some documents share. The lines of all are marked once one is asked for: to compile it is slow."""

    lines: pl.DataFrame
    grammar: Grammar
    docs: set[int] = field(default_factory=set)

    @cached_property
    def _pages(self) -> pl.DataFrame:
        return _pages(self.lines, sorted(self.docs))

    @cached_property
    def _marked(self) -> Marked:
        return apart(self.grammar.kind, mark_lines, self._pages, self.grammar)

    @cached_property
    def _record(self) -> np.ndarray:
        return _records(self._pages, self._marked, self.grammar)

    def _rows(self, doc: int) -> slice:
        return slice(*np.searchsorted(self._pages["doc"].to_numpy(), (doc, doc + 1)).tolist())

    def marked(self, doc: int) -> Marked:
        """Give the marks of a document's lines."""
        rows = self._rows(doc)
        return self._marked.within(rows.start, rows.stop)

    def marked_together(self, docs: Sequence[int]) -> Marked:
        """Give the marks of the lines of several documents, in order."""
        return self._marked.only(np.isin(self._pages["doc"].to_numpy(), docs))

    def mark(self, doc: int) -> np.ndarray:
        """Give the number of the mark of each line of a document (see `Marked`)."""
        return self._marked.mark[self._rows(doc)]

    def record(self, doc: int) -> np.ndarray:
        """Number the record of each line of a document; -1: it is in none."""
        return self._record[self._rows(doc)]


Reader = Callable[[pl.DataFrame], Iterable[tuple[Any, ...]]]
"""Given the lines of documents, offers `Reading`s, or tuples like them.

Readers that are preferred are asked later: `is_alone` says of a line whether its document surely is what others offer.
"""


def read_stated(lines: pl.DataFrame) -> Iterator[Reading]:
    """Offer, for each document that states its page kind, the grammar of that kind: there all lines are its words."""
    if "states" not in lines.columns:
        return
    by_kind = {grammar.kind: grammar for grammar in grammars()}
    for (doc,), page in lines.filter(pl.col("states").is_not_null()).group_by("doc", maintain_order=True):
        words = np.sqrt(page["text"].str.len_chars().to_numpy())
        yield Reading(int(str(doc)), by_kind[page["states"][0]], 1.0, words)


READERS: tuple[Reader, ...] = (induce.read, article.read, read_stated)
"""In the order in which they are preferred where they are equally sure."""


def choose(lines: pl.DataFrame, readers: Sequence[Reader]) -> list[Reading]:
    """Take of each document the surest reading, of those that are sure enough and leave no long stretch of words out.

    Args:
        lines: the lines of the documents that no grammar knows (see `ingest.read_lines`).
        readers: those to ask.
    """
    lines = ask_lines(lines)
    offers: dict[int, list[Reading]] = {}
    shared: dict[int, Shared] = {}
    for reading in _offered(lines, readers):
        if reading.confidence >= LEAST_SURE:
            _rank(_share(reading, lines, shared), offers.setdefault(reading.doc, []))
    taken = (_best(lines, offers[doc]) for doc in sorted(offers))
    return [best._replace(grammar=best.made) for best in taken if best]


def _offered(lines: pl.DataFrame, readers: Sequence[Reader]) -> Iterator[Reading]:
    """Give what readers offer, in their order; but ask them the other way round."""
    offered: list[list[Reading]] = []
    alone: list[int] = []
    for reader in reversed(readers):
        told = lines.with_columns(is_alone=pl.col("doc").is_in(alone))
        offered.append([Reading(*offer) for offer in reader(told)])
        alone += [one.doc for one in offered[-1] if one.is_alone and one.confidence >= LEAST_SURE]
    return chain.from_iterable(reversed(offered))


def _share(reading: Reading, lines: pl.DataFrame, shared: dict[int, Shared]) -> Reading:
    """Have a document whose words are known marked with the others of its grammar, once its marks are asked for."""
    if reading.words is None:
        return reading
    those = shared.setdefault(id(reading.made), Shared(lines, reading.made))
    those.docs.add(reading.doc)
    return reading._replace(shared=those)


def _rank(reading: Reading, others: list[Reading]) -> None:
    """Put a reading before those of earlier readers than which it is clearly surer."""
    place = next((i for i, other in enumerate(others) if reading.confidence > other.confidence + SURER), None)
    others.insert(len(others) if place is None else place, reading)


def _best(lines: pl.DataFrame, offers: Sequence[Reading]) -> Reading | None:
    """Take the first reading that leaves out little of what another takes for words, and is likely what the page holds.

    Of none that does, the article is taken, or the first that is not weighed; null where there is none.
    """
    others = [reading for reading in offers if reading.words is not None]
    for reading in offers:
        if taken := _taken(lines, reading, [other for other in others if other is not reading]):
            return taken
    sure = [reading for reading in offers if reading.told is None]
    return next((one for one in sure if one.made.kind == "article"), next(iter(sure), None))


def _taken(lines: pl.DataFrame, reading: Reading, others: Sequence[Reading]) -> Reading | None:
    """Take a reading, below an article that stands above it or alone, unless it leaves out what others take for words.

    Nor is it taken where it is not likely what the page holds.
    """
    if not others and reading.told is None:
        return reading
    page = _pages(lines, [reading.doc])
    whole = next((other for other in others if other.made.kind == "article"), None)
    if reading.told is not None:
        reading = reading._replace(told={**reading.told, **_told_of(page, whole)})
    if not _may_be_preferred(page, reading, whole):
        return None
    if whole and (_stand_above(reading, whole) or _has_head(whole, reading)):
        below = _marked(page, _below(whole, reading), whole)
        record = _records(page, below.marked, below.made)
        if _left_out(record, whole) <= MOST_LEFT_OUT:
            record[: reading.since or reading.answers] = NONE
            return _preferred(page, below, record, whole)
    alone = _marked(page, reading)
    record = _records(page, alone.marked, alone.made)
    most = MOST_LEFT_OUT if reading.since else MOST_LEFT_OUT_OF_ALL
    if any(_left_out(record, other) > most for other in others):
        return None
    return _preferred(page, alone, record, whole)


def _told_of(page: pl.DataFrame, article: Reading | None) -> dict[str, float]:
    """Say what is told of the article that a page may hold; nothing speaks for none."""
    if article is None:
        return tell_of_article(page, np.zeros(page.height), 0.0)
    assert article.words is not None
    return tell_of_article(page, article.words, article.confidence)


def _may_be_preferred(page: pl.DataFrame, reading: Reading, article: Reading | None) -> bool:
    """Say whether records might be what a page holds, by what is expected of them: to mark lines is slow."""
    if reading.told is None:
        return True
    if not may_prefer_records(reading.told):
        return False
    if reading.expected is None or article is None:
        return may_prefer_records(reading.told, reading.made)
    assert article.words is not None
    least = _least_beside(article, reading.told)
    ways = (record for record in _ways_expected(reading, article) if _n_beside(record, article) >= least)
    told = ({**reading.told, **tell_of_lines(page, article.words, record)} for record in ways)
    return any(may_prefer_records(one) and may_prefer_records(one, reading.made) for one in told)


def _ways_expected(reading: Reading, article: Reading) -> Iterator[np.ndarray]:
    """Give the records expected, alone and below the article, where that leaves out little of its words."""
    assert reading.expected is not None
    first = reading.since or reading.answers
    if _left_out(reading.expected, article) <= (MOST_LEFT_OUT if reading.since else MOST_LEFT_OUT_OF_ALL):
        yield reading.expected
    below = np.where(np.arange(len(reading.expected)) < first, 0, reading.expected)
    if first and _left_out(below, article) <= MOST_LEFT_OUT:
        below[:first] = NONE
        yield below


def _preferred(
    page: pl.DataFrame, reading: Reading, record: np.ndarray, article: Reading | None
) -> Reading | None:
    """Give a marked reading, no surer than that its records and not an article are what the page holds; else null.

    Nor is one given that has fewer records than the article has answers.
    """
    if reading.told is None:
        return reading
    if article and _n_beside(record, article) < _least_beside(article, reading.told):
        return None
    words = np.zeros(page.height) if article is None else article.words
    assert words is not None
    assert reading.marked is not None
    of_records = tell_of_records(page, words, record, reading.marked)
    sure = likelihood(prefers_records({**reading.told, **of_records}))
    least = LEAST_SURE if reading.told["sure"] else LEAST_PARTED
    return reading._replace(confidence=min(reading.confidence, sure)) if sure >= least else None


def _n_own_answers(article: Reading) -> int:
    """Count the answers that are read with an article."""
    if not article.answers:
        return 0
    assert article.shared is not None
    return _n_answers(article.shared.record(article.doc), article)


def _least_beside(article: Reading, told: Mapping[str, float]) -> int:
    """Say how many records there must be beside an article, for them to be more than its answers read otherwise.

    Where they are sure by themselves, as many may be.
    """
    return _n_own_answers(article) + (not told["sure"])


def _n_beside(record: np.ndarray, article: Reading) -> int:
    """Count the records beside an article: one of those above its answers may be the article."""
    return len(np.unique(record[record > NONE])) - bool((record[: article.answers] > NONE).any())


def _n_answers(record: np.ndarray, article: Reading) -> int:
    """Count the records from the first answer to an article on."""
    below = record[article.answers :]
    return len(np.unique(below[below > NONE]))


def _stand_above(reading: Reading, article: Reading) -> bool:
    """Say whether enough words of an article stand above what a reading reads."""
    words = article.words
    assert words is not None
    return bool(words[: reading.since].sum() > MOST_ABOVE * max(words.sum(), LONG_PAGE))


def _has_head(article: Reading, records: Reading) -> bool:
    """Say whether enough words stand above records that say when, and a title with who wrote them or when."""
    above = records.answers
    if article.words is None or not _stand_above(records._replace(since=above), article):
        return False
    assert article.shared is not None
    numbers = np.unique(article.shared.mark(article.doc)[:above])
    told = {group for number in numbers[numbers > NONE] for group in article.made.marks[number].groups}
    return "title" in told and not told.isdisjoint({"author", "published_raw"})


def _below(article: Reading, records: Reading) -> Reading:
    """Read what stands above some records as another reader does, and them as they are: an article and its comments."""
    grammar = stacked(article.made, records.made, records.since or records.answers)
    sure = min(article.confidence, records.confidence)
    return Reading(records.doc, grammar, sure, told=records.told)


def _marked(page: pl.DataFrame, reading: Reading, above: Reading | None = None) -> Reading:
    """Mark the lines of a reading's document, of which another is the upper part: nobody need do so again."""
    known = above.shared.marked(above.doc).groups if above and above.shared else None
    return reading._replace(marked=mark_lines(page, reading.made, known))


def _pages(lines: pl.DataFrame, docs: Sequence[int]) -> pl.DataFrame:
    """Take the lines of some documents, as `mark_lines` reads them."""
    return lines_of(lines, docs).with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))


def _records(pages: pl.DataFrame, marked: Marked | None, grammar: Grammar) -> np.ndarray:
    """Give of each line the row that opens its record, by its marks; -1: it is in none."""
    assert marked is not None
    return set_parts(pages, marked.mark, grammar, Names(grammar)).record


def _left_out(record: np.ndarray, other: Reading) -> float:
    """Give the share of another's words in the longest stretch that no line of some records interrupts."""
    words = other.words
    assert words is not None
    is_inside = record > NONE
    stretches = np.bincount(np.cumsum(is_inside), np.where(is_inside, 0, words))
    return float(stretches.max() / max(words.sum(), LONG_PAGE))


def lines_of(lines: pl.DataFrame, docs: Sequence[int]) -> pl.DataFrame:
    """Take the lines of some documents; each document's lines lie together."""
    doc = lines["doc"].to_numpy()
    first, last = (np.searchsorted(doc, docs, side=side) for side in ("left", "right"))
    if len(docs) == 1:
        return lines[int(first[0]) : int(last[0])]
    rows = [np.arange(start, end) for start, end in zip(first, last, strict=True)]
    return lines[np.concatenate(rows)] if rows else lines.clear()
