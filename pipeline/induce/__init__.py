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
    standing    what is told of each way to part a page, whichever way it was found
    ranking     which of them goes first
    compose     a layout as a grammar of the kind that people write, in `words` that are done and `said` at once

`read` is the reader that `segment` asks. Of each document it looks at the document alone.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple, TypeGuard

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
from pipeline.induce.ranking import Ranked, first
from pipeline.induce.said import Said
from pipeline.induce.sheet import Sheet, ask_lines
from pipeline.induce.signed import Letters, compose_letters, letters
from pipeline.induce.speech import Talk, compose_talk, talks
from pipeline.induce.standing import promised
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
RANKED_SURE = 0.6  # score of a way to part a page from which on another must clearly rank before it


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


class Offer(NamedTuple):
    """What is made of a document (see `segment.readers.Reading`): its grammar, how sure it is, the first line read.

    How sure a way to part it is, what is told of it says, and it is offered as if nothing spoke against it. What is
    expected is by line the first row of its record, -1 for none, as far as that is known before a grammar is written.
    """

    doc: int
    grammar: Callable[[], Grammar]
    confidence: float
    words: None = None
    since: int = 0
    answers: int = 0
    is_alone: bool = False
    marked: None = None
    told: dict[str, float] | None = None
    expected: np.ndarray | None = None


def read(lines: pl.DataFrame) -> Iterator[Offer]:
    """Offer for each document that has a structure of its own what writes its grammar, and how sure it is.

    Of a document that surely is what others offer, only what is told at once is asked: whether it is posts below
    members, letters or entries.

    Args:
        lines: the table of lines (see `ingest.read_lines`); `is_alone` may say of which documents that is so.
    """
    lines = lines if "is_alone" in lines.columns else lines.with_columns(is_alone=False)
    of_talk, described = apart("turns", turns, lines.filter(~pl.col("is_alone"))), describe_lines(lines)
    for doc, page in pages_of(described):
        partings = Partings(Sheet(page), (), ()) if page.lines["is_alone"][0] else partings_of(page)
        for found, sure, told in _offered(page, partings, of_talk.get(doc, ())):
            grammar = cache(partial(_written, page, found))
            offer = Offer(doc, grammar, sure, since=found.since, answers=_answers(found), told=told)
            yield offer._replace(expected=_expected(found))


def describe_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Add to a table of lines what is told of each and asked of it.

    See `shapes.describe_lines`, `sheet.ask_lines`, `headed.ask_titles`.
    """
    return ask_titles(ask_lines(shapes.describe_lines(lines)))


def _offered(
    page: Page, partings: Partings, of_talk: Sequence[Turns]
) -> Iterator[tuple[Reading | Answered, float, dict[str, float] | None]]:
    """Offer what the page surely is: the surest reading, and where that is a way to part it, talk besides.

    The way to part it that ranks first is offered where one of them would be, or last, with what is told of it. Records
    below talk are read with it.
    """
    readings, ranked = _order(page, partings, of_talk)
    for found in readings:
        if ranked and ranked.reading is found:
            above = _talk_above(ranked.reading, readings) if _is_sure(found) else None
            if above:
                yield Answered(above, ranked.reading), min(found.confidence, above.score), None
            else:
                yield found, 1.0, _told(page, found) | ranked.told
        elif _is_sure(found) and not _parts(found):
            yield found, found.confidence, None if isinstance(found, Talk) else _told(page, found)
            return


def _parts(found: Reading) -> TypeGuard[Records]:
    """Say whether a reading is a way to part a page that is ranked among others."""
    return isinstance(found, Nest | Layout) and not isinstance(found, Posts)


def _ranked(partings: Partings, surest: Records | None) -> Ranked | None:
    """Give the way to part a page that goes first, as one that says when if there is such."""
    ways = weighed(partings)
    ranked = first(partings.sheet, ways, surest, is_sure=surest is not None and surest.score >= RANKED_SURE)
    return ranked and ranked._replace(reading=_that_says_when(ranked.reading, ways))


def _talk_above(found: Records, others: Sequence[Reading]) -> Talk | None:
    """Give the surest talk that ends above the first of some records, to be read with them; null where none does."""
    talks_above = (one for one in others if isinstance(one, Talk) and one.last_row < int(found.starts[0]))
    return next(filter(_is_sure, talks_above), None)


def _told(page: Page, found: Records | Letters | Entries) -> dict[str, float]:
    """Say what is told of any records.

    That is whether they are sure by what they were found by, whether that is the whole page, whether a line above them
    promises as many, and the share of the page's prose in its longest stretch.
    """
    is_promised = promised(page, found.starts[:1], np.array([len(found.starts)]))
    flags = {"sure": _is_sure(found), "whole": not _parts(found), "promised": is_promised[0]}
    return {"run": page.longest_run} | {name: float(is_so) for name, is_so in flags.items()}


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
    for place, found in enumerate(structures(page)[:MOST_TOLD]):
        if not place:
            yield "\n".join(tell_parts(page, found))
        title = ("how it is read, and the evidence for it:\n", "preferred to:\n", "", "")[place]
        yield f"{title}{tell_reading(found)}"


def partings_of(page: Page) -> Partings:
    """List the ways to part a page into records."""
    sheet = Sheet(page)
    return Partings(sheet, layouts(page), nests(sheet))


def structures(page: Page) -> list[Reading]:
    """List the ways in which a page can be read, the likeliest first."""
    return _order(page, partings_of(page))[0]


def _order(
    page: Page, partings: Partings, of_talk: Sequence[Turns] | None = None
) -> tuple[list[Reading], Ranked | None]:
    """List the ways in which a page can be read, the likeliest first, and say which of those that part it ranks first.

    That stands where the surest of them would, if it is sure; else below all that is.
    """
    sheet, frames, boxes = partings
    found = _surest_first(
        [*frames, *boxes[:MOST_NESTS], *apart("talk", talks, page, of_talk), *letters(page), *entries(page)]
    )
    frame = _sure_frame(found)
    if frame and _is_led_by_site(page, found[0], frame):
        found.sort(key=lambda one: one is not frame)
    surest = next(filter(_parts, found), None)
    ranked = _ranked(partings, surest)
    if ranked:
        is_place = (one is surest and _is_sure(one) for one in found)
        at = next((at for at, is_here in enumerate(is_place) if is_here), _n_to_last_sure(found))
        found = [*found[:at], ranked.reading, *(one for one in found[at:] if one is not ranked.reading)]
    return [*posts(sheet), *found], ranked


def _n_to_last_sure(found: Sequence[Reading]) -> int:
    """Count the readings down to the last that is sure."""
    return max((place for place, one in enumerate(found, start=1) if _is_sure(one)), default=0)


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
