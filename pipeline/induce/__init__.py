"""Pages that no grammar was written for: find what recurs in a page, and write the grammar down.

    shapes      what a line looks like, whatever its words
    page        the lines of a document as arrays
    measures    shares, log odds, how even parts are
    anchors     lines of one shape that part the page
    template    what stands at a fixed distance from them: the frame of a record
    names       who stands in its lines, beside the site's words
    inner       the line that dates a record below what is said of its author
    replies     what answers a record, below its words
    cutting     where in a frame one record ends and the next begins
    structure   a page laid out by a frame
    weighing    how much speaks for that
    turns       lines that may begin a turn of talk, and whom they name
    speech      a page of talk: turns and who speaks
    signed      letters, each above the name of who wrote it
    headed      entries below titles, on a page that tells it lists such
    telling     why a page is read so
    whole       what readings of a whole page have in common
    sheet       what is asked of each line where boxes are looked for
    ragged      parts of several lengths, one behind the other, asked of at once
    openings    lines that may begin records: siblings, or what stands above lines that recur
    feet        where such records end
    members     posts of a forum, below what is said of their authors
    nesting     records side by side in a page's boxes, whatever their lines say
    roles       what the lines of such records are
    nested      the grammar that says so
    standing    what speaks for each way to part a page where none is sure by itself
    compose     a layout as a grammar of the kind that people write, in `words` that are done and `said` at once

`read` is the reader that `segment` asks. Of each document it looks at the document alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.apart import apart
from pipeline.grammar import Grammar, stacked
from pipeline.induce import shapes
from pipeline.induce.anchors import anchors
from pipeline.induce.compose import KIND, compose
from pipeline.induce.cutting import cut_frame
from pipeline.induce.headed import Entries, ask_titles, compose_entries, entries
from pipeline.induce.members import Posts, posts
from pipeline.induce.nested import compose_nest
from pipeline.induce.nesting import Nest, nests
from pipeline.induce.page import Page, page_of, pages_of
from pipeline.induce.ranking import better
from pipeline.induce.said import Said
from pipeline.induce.sheet import Sheet, ask_lines
from pipeline.induce.signed import Letters, compose_letters, letters
from pipeline.induce.speech import Talk, compose_talk, talks
from pipeline.induce.standing import Standing, promised, standings
from pipeline.induce.structure import Layout, lay_out
from pipeline.induce.telling import tell_parts, tell_reading
from pipeline.induce.template import FEWEST, Frame, adopt, frame_of, thin
from pipeline.induce.turns import Turns, turns
from pipeline.induce.weighing import score

SEVERAL = ("when", "dated", "bare")  # levels at which lines of unlike words are alike
MOST_TOLD = 4  # readings
# Of the ways to part a page where none is sure, the surest: with twice as many no more pages were parted rightly.
MOST_FRAMES, MOST_BOXES = 15, 20
MOST_NESTS = 2  # of the readings by boxes, those that are weighed against others
SURELY_NESTED = 0.7  # see `nesting.WEIGHTS`
NEARLY = 0.1  # so much less sure than a frame without a date may talk be
LED = 0.4  # of the records, those that begin with a line of the site's, which ends the one above
SURE_FRAME, MORE_READ = 0.9, 0.15  # a frame so sure goes before boxes that read so much less of the page
SURELY_CHAT, FEW = 0.98, 0.75  # of talk with times; of its turns, those of whom another is: four from each
CUT, MOST_MARGIN = 0.01, 1.4  # of how sure a cut is, so much counts against other readings, up to so much
LEAST_OFFERED = 0.5  # score of a reading; `segment.readers` takes none that is less sure


Records = Layout | Nest
Reading = Records | Talk | Letters | Entries


class Answered(NamedTuple):
    """Talk with records below, such as an interview with what its readers say."""

    talk: Talk
    records: Records
    since: int = 0


class Partings(NamedTuple):
    """The ways to part a page into records, as frames and as boxes, each the surest first; with what its lines show."""

    sheet: Sheet
    frames: Sequence[Layout]
    boxes: Sequence[Nest]


class Told(NamedTuple):
    """What is told of records beside what an article says (see `segment.preference`).

    Attributes:
        offered: 1 where they are sure by themselves, 0 where they only stand best among others.
        standing: the log odds of what stands so (see `standing`); 0 where they are.
        promised: 1 where a line above them promises as many, else 0.
        run: the share of the page's prose in its longest stretch.
    """

    offered: float
    standing: float
    promised: float
    run: float


class Doubtful(NamedTuple):
    """A way to part a document of which nothing is sure but how it stands among the others (see `standing`).

    Attributes:
        grammar: what writes it.
        told: what is told of it.
        since: the first line of the first record: above may stand an article.
        answers: the same of records that say when; else 0.
        expected: see `Offer`.
    """

    grammar: Callable[[], Grammar]
    told: Told
    since: int
    answers: int
    expected: np.ndarray | None = None


class Offer(NamedTuple):
    """What is made of a document (see `segment.readers.Reading`): its grammar, how sure it is, the first line read.

    The last offer of each document is sure of nothing, and gives doubtful ones once they are asked for. What is
    expected is by line the first row of its record, -1 for none, as far as that is known before a grammar is written.
    """

    doc: int
    grammar: Callable[[], Grammar] | None
    confidence: float
    words: None = None
    since: int = 0
    answers: int = 0
    is_alone: bool = False
    marked: None = None
    told: Told | None = None
    doubtful: Callable[[], list[Doubtful]] | None = None
    expected: np.ndarray | None = None


def read(lines: pl.DataFrame) -> Iterator[Offer]:
    """Offer for each document that surely has a structure of its own what writes its grammar, and how sure it is.

    Of a document that surely is what others offer, only what is told at once is asked: whether it is posts below
    members, letters or entries.

    Args:
        lines: the table of lines (see `ingest.read_lines`); `is_alone` may say of which documents that is so.
    """
    lines = lines if "is_alone" in lines.columns else lines.with_columns(is_alone=False)
    of_talk, described = turns(lines.filter(~pl.col("is_alone"))), describe_lines(lines)
    for doc, page in pages_of(described):
        partings = Partings(Sheet(page), (), ()) if page.lines["is_alone"][0] else partings_of(page)
        for found, sure in _offered(page, partings, of_talk.get(doc, ())):
            told = None if isinstance(found, (Answered, Talk)) else _told(page, found)
            grammar = cache(partial(_written, page, found))
            offer = Offer(doc, grammar, sure, since=found.since, answers=_answers(found), told=told)
            yield offer._replace(expected=_expected(found))
        yield Offer(doc, None, 0.0, doubtful=partial(_doubtful, partings))


def describe_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Add to a table of lines what is told of each and asked of it.

    See `shapes.describe_lines`, `sheet.ask_lines`, `headed.ask_titles`.
    """
    return ask_titles(ask_lines(shapes.describe_lines(lines)))


def _offered(
    page: Page, partings: Partings, of_talk: Sequence[Turns]
) -> Iterator[tuple[Reading | Answered, float]]:
    """Offer the surest reading; and where that is boxes, a frame or talk besides, no surer than they are.

    Records below talk are read with it.
    """
    most = 1.0
    readings = structures(page, partings, of_talk)
    for found in readings:
        is_nest = isinstance(found, Nest)
        if not _is_sure(found) or (is_nest and most < 1):
            continue
        most = min(most, found.confidence)
        yield from _with_talk_above(found, readings, most)
        if not is_nest:
            return


def _with_talk_above(
    found: Reading, others: Sequence[Reading], most: float
) -> Iterator[tuple[Reading | Answered, float]]:
    """Offer a reading, and where it is of records, the surest talk that ends above the first of them."""
    if isinstance(found, Records):
        talks_above = (one for one in others if isinstance(one, Talk) and one.last_row < int(found.starts[0]))
        talk = next(filter(_is_sure, talks_above), None)
        if isinstance(talk, Talk):
            yield Answered(talk, found), min(most, talk.score)
            return
    yield found, most


def _doubtful(partings: Partings) -> list[Doubtful]:
    """List what stands best of all ways to part a page, the best first."""
    return [
        Doubtful(
            partial(_written, partings.sheet.page, one.reading),
            _told(partings.sheet.page, one.reading, one.odds),
            int(one.reading.starts[0]),
            _answers(one.reading),
            _expected(one.reading),
        )
        for one in _standings(partings)
    ]


def _told(page: Page, found: Records | Letters | Entries, standing: float | None = None) -> Told:
    """Say what is told of a reading that is offered, or of one that stands so."""
    is_promised = promised(page, found.starts[:1], np.array([len(found.starts)]))
    own = (1.0, 0.0) if standing is None else (0.0, standing)
    return Told(*own, float(is_promised[0]), page.longest_run)


def _answers(found: Reading | Answered) -> int:
    """Give the first row of records that say when, which may answer an article above them; 0 for others."""
    if not isinstance(found, (Nest, Layout)):
        return 0
    return int(found.starts[0]) if _says_when(found) else 0


def _expected(found: Reading | Answered) -> np.ndarray | None:
    """Give of each line the first row of the record that it is expected in, -1 for none; null where not told."""
    if not isinstance(found, Records) or isinstance(found, Posts):
        return None
    number = found.numbered if isinstance(found, Layout) else found.record
    rows = np.flatnonzero(number >= 0)
    _, first, place = np.unique(number[rows], return_index=True, return_inverse=True)
    expected = np.full(len(number), -1)
    expected[rows] = rows[first[place]]
    return expected


def _standings(partings: Partings) -> list[Standing]:
    ways = weighed(partings)
    return [
        replace(one, reading=_that_says_when(one.reading, ways)) for one in standings(partings.sheet, ways)
    ]


def _that_says_when(chosen: Records, ways: Sequence[Records]) -> Records:
    """Give the first of the ways to part a page that begin records where one does and say when; itself if none does."""
    says_when = (one for one in (chosen, *ways) if _says_when(one))
    return next((one for one in says_when if np.array_equal(one.starts, chosen.starts)), chosen)


def _says_when(found: Records) -> bool:
    return found.is_dated if isinstance(found, Nest) else _is_dated(found)


def weighed(partings: Partings) -> list[Records]:
    """List the ways to part a page that are weighed against each other."""
    return [*partings.frames[:MOST_FRAMES], *partings.boxes[:MOST_BOXES]]


def _written(page: Page, found: Reading | Answered) -> Grammar:
    if isinstance(found, Answered):
        since = int(found.records.starts[0])
        return stacked(_written(page, found.talk), _written(page, found.records), since)
    grammar: Grammar = write(page, found).value
    return grammar


def write(page: Page, found: Reading) -> Said:
    """Write the grammar by which a page is read so, and the source text that says it."""
    if isinstance(found, Nest):
        return compose_nest(found)
    if isinstance(found, Letters):
        return compose_letters(found)
    if isinstance(found, Entries):
        return compose_entries(found)
    return compose_talk(page, found) if isinstance(found, Talk) else compose(page, found)


def tell(lines: pl.DataFrame) -> Iterator[str]:
    """Tell of the first document how it may be read: of what its records are made, and the runners-up."""
    page = page_of(describe_lines(lines).filter(pl.col("doc") == pl.col("doc").first()))
    for place, found in enumerate(likeliest(page)[:MOST_TOLD]):
        if not place:
            yield "\n".join(tell_parts(page, found))
        title = ("how it is read, and the evidence for it:\n", "preferred to:\n", "", "")[place]
        yield f"{title}{tell_reading(found)}"


def likeliest(page: Page) -> list[Reading]:
    """List the ways in which a page can be read as `structures` does; where none is sure, as they stand."""
    partings = partings_of(page)
    found = structures(page, partings)
    if any(map(_is_sure, found)):
        return found
    return [one.reading for one in _standings(partings)] or found


def partings_of(page: Page) -> Partings:
    """List the ways to part a page into records."""
    sheet = Sheet(page)
    return Partings(sheet, layouts(page), nests(sheet))


def structures(
    page: Page, partings: Partings | None = None, of_talk: Sequence[Turns] | None = None
) -> list[Reading]:
    """List the ways in which a page can be read, the likeliest first.

    Args:
        page: the page.
        partings: as `partings_of` gives; null where they are yet to be looked for.
        of_talk: as `turns` gives; null as above.
    """
    partings = partings or partings_of(page)
    sheet, frames, boxes = partings
    found = _surest_first(
        [*frames, *boxes[:MOST_NESTS], *apart("talk", talks, page, of_talk), *letters(page), *entries(page)]
    )
    frame = _sure_frame(found)
    if frame and _is_led_by_site(page, found[0], frame):
        found.sort(key=lambda one: one is not frame)
    return [*posts(sheet), *_standing_better(partings, found), *found]


def _sure_frame(found: Sequence[Reading]) -> Layout | None:
    return next((one for one in found if isinstance(one, Layout) and one.score >= SURE_FRAME), None)


def _is_led_by_site(page: Page, first: Reading, frame: Layout) -> bool:
    """Say whether boxes that surely are records begin with what ends those of a frame that has as many."""
    if not (isinstance(first, Nest) and _is_nested(first)) or len(frame.starts) < len(first.starts):
        return False
    return _leads(page, first) >= LED > _leads(page, frame)


def _leads(page: Page, found: Records) -> float:
    """Give the share of the records that begin with a line of the site's, above one that says when."""
    rows = found.starts[found.starts + 1 < page.height]
    return float((page.is_site[rows] & ~page.when[rows] & page.when[rows + 1]).mean())


def _standing_better(partings: Partings, found: Sequence[Reading]) -> Iterator[Records]:
    """Give the way to part a page that stands before the surest, and is then no less sure, if there is one."""
    surest = found[0] if found else None
    if isinstance(surest, Records) and _is_sure(surest):
        ways = weighed(partings)
        other = better(partings.sheet, ways, surest)
        if other is not None:
            yield replace(_that_says_when(other, ways), score=max(other.score, surest.score))


def _surest_first(found: list[Reading]) -> list[Reading]:
    """Sort readings by how sure they are: but boxes that surely are records first, as frames know less of such a page.

    They stay behind a frame that reads clearly more of the page, and behind what surely is a chat of a few. And talk
    that is nearly as sure goes before a frame without a date, since who speaks stands at a fixed distance too; and
    letters do, as who signs them does.
    """
    by_score = sorted(found, key=_by_score)
    talk = next((one for one in by_score if isinstance(one, Talk)), None)
    first = by_score[0] if by_score else None
    if isinstance(first, Layout) and not _is_dated(first):
        if talk and talk.score >= first.score - NEARLY:
            by_score.sort(key=lambda one: one is not talk)
        by_score.sort(key=lambda one: not isinstance(one, Letters))
    frame = _sure_frame(by_score)
    read = frame.evidence["coverage"] if frame else 0.0
    by_score.sort(key=lambda one: not (_is_nested(one) and one.evidence["coverage"] >= read - MORE_READ))
    return sorted(by_score, key=lambda one: not (one is talk and _is_chat_of_few(talk)))


def _is_chat_of_few(talk: Talk | None) -> bool:
    return talk is not None and talk.is_stamped and talk.score >= SURELY_CHAT and talk.evidence["few"] >= FEW


def _is_sure(found: Reading) -> bool:
    return found.score >= (SURELY_NESTED if isinstance(found, Nest) else LEAST_OFFERED)


def _is_nested(found: Reading) -> bool:
    return isinstance(found, Nest) and _is_sure(found)


def _is_dated(layout: Layout) -> bool:
    return any(column.has_when for column in layout.frame.columns)


def layouts(page: Page) -> list[Layout]:
    """List the ways in which a page can be laid out as records, each with its score, the surest first."""
    found: dict[bytes, Layout] = {}
    for frame in _frames(page):
        layout = lay_out(page, cut_frame(page, adopt(page, frame)))
        if layout is not None:
            found.setdefault(layout.role.tobytes() + layout.starts.tobytes(), layout)
    return sorted((score(page, layout) for layout in found.values()), key=_by_score)


def _by_score(found: Reading) -> float:
    """Sort readings by how sure they are; of layouts that are nearly as sure, that of the surest cut comes first."""
    doubt = CUT * max(0.0, MOST_MARGIN - found.frame.margin) if isinstance(found, Layout) else 0.0
    return doubt - found.score


def _frames(page: Page) -> Iterator[Frame]:
    """List the frames of a page; where anchors follow each other with no words between, those of one of each run too.

    A forum dates a post and says beside it when its author joined; a list of titles with dates stands above the texts.
    """
    for level, rows in anchors(page):
        frame = frame_of(page, level, rows)
        if frame is None:
            continue
        yield frame
        if level in SEVERAL:
            thinned = (frame_of(page, level, some) for some in thin(page, frame) if len(some) > FEWEST)
            yield from (one for one in thinned if one is not None)


__all__ = [
    "KIND",
    "Layout",
    "Page",
    "Talk",
    "describe_lines",
    "layouts",
    "page_of",
    "read",
    "structures",
    "talks",
    "tell",
    "write",
]
