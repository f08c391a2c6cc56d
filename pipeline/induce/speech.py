"""Pages of talk: chats, interviews, hearings, transcripts, whose every turn names who speaks.

A page is read as talk where a few names, of the lines that `turns` lists, come again and again and
hold most of its words. What stands above the first turn and below the last is told as on a page of one article: an
interview has a title, a byline, an introduction, and a site about it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np
import polars as pl

from pipeline.apart import apart
from pipeline.article import HEADER_LINES, Stretch, surround
from pipeline.grammar import among, seconds, seconds_of_day, telling
from pipeline.induce.dates import ANY_DAY
from pipeline.induce.measures import likelihood, speaks
from pipeline.induce.page import Page
from pipeline.induce.said import ANYWHERE, Said
from pipeline.induce.turns import (
    ANSWERED,
    APART,
    BRACKET,
    IS_BRACKET,
    LEAST_TURNS,
    MOST_TO_TIME,
    MOSTLY,
    NUMBERED,
    SENTENCE_WORDS,
    Turns,
    Voices,
    turns,
    voices_of,
)
from pipeline.induce.voices import (
    ALONE,
    CLOCK_TIME,
    CLOCKED,
    COMPANIONS,
    DAY,
    INTRODUCED,
    PLAIN_BESIDE,
    PLAIN_STAMP,
    STYLES,
    Manner,
    forms_of,
    shortened,
)
from pipeline.induce.whole import Whole
from pipeline.induce.words import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
    above,
    block,
    chrome,
    ends_sentence,
    flow,
    holds,
    is_prose,
    label,
    n,
    n_words,
    numbered,
    under,
)

GAPPED = ("wide_gap", "gap_timed")  # behind a wide gap stands what is said, however little
EVENT = r"^(?:\*{1,3}|-{2,3}>?|→|←|<--|-!-|[•·]) .*$"
IS_EVENT = re.compile(EVENT)
DAY_LINE = rf"^(?:[-–—=*]{{2,}}\s?)?{DAY}(?:\s?[(（]?[^\W\d_]{{1,12}}[)）]?)?(?:\s?[-–—=*]{{2,}})?$"
QUESTION = r"[?？؟][\"”»)]?(?:\s|$)|[α-ώ];(?:\s|$)"
OFFICE = r"\S\s+(?:--|[–—])\s+\S"  # between a name that stands alone and its office
SOME_DAY = r"(?:19|20)\d\d|\d[./]\d|\b\d{1,2}\.? [^\W\d_]{3,9}\b"
SHORT_DAY = r"\d{4}\.\s\d{1,2}\.\s\d{1,2}|\b\d{1,2}[./]\d{1,2}\b"
GOES_ON = r"^(?P<speaker>)(?P<text>.*)$"
INITIAL = r"^[^\W\d_]{1,2}$"  # where a picture is missing
LEAST_INTRODUCTION = 150  # of a line above a chat that introduces it
OFTEN_STILL = 0.15  # of the steps from turn to turn, those that take no time, where stamps are times of day
OFTEN_SAID = 0.5  # of the turns, those beside which a site says the same
MOST_WORDS_OF_SITE = 6
NEAR_END = 4  # lines from the last of a talk on, of which one may say who left
SOON = 3600  # seconds between messages of a chat, at most, mostly


@dataclass(frozen=True)
class Talk(Whole):
    """A page read as talk: how its turns begin, which rows do, and where it ends.

    Attributes:
        parts: its turns; of more than one manner where questions and answers are set off in another way.
        rows: the rows that begin a turn.
        last_row: the last row of the last turn.
        again: the rows with a time alone at which one who spoke goes on.
        said_by_site: the patterns of lines that the site repeats about its turns.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    parts: tuple[Voices, ...]
    rows: np.ndarray
    last_row: int
    again: np.ndarray
    said_by_site: tuple[str, ...]
    score: float
    evidence: dict[str, float]

    @property
    def manners(self) -> tuple[Manner, ...]:
        """List how a turn may begin."""
        return tuple(part.manner for part in self.parts)

    @property
    def style(self) -> str:
        """Name the styles of its turns."""
        return " and ".join(manner.style for manner in self.manners)

    @property
    def is_stamped(self) -> bool:
        """Say whether its turns have a stamp."""
        return self.manners[0].is_timed

    @property
    def pattern(self) -> str:
        """The pattern of the line with a turn's name."""
        return self.manners[0].pattern()

    @property
    def pattern_first(self) -> str:
        """The pattern of a turn's first line."""
        return self.manners[0].pattern_beside() if self.manners[0].above else self.pattern


# How a page is read


def talks(page: Page, found: Sequence[Turns] | None = None) -> list[Talk]:
    """List the ways in which a page can be read as talk, the likeliest first.

    Args:
        page: the page.
        found: as `turns` gives them; asked of this page alone by default.
    """
    if found is None:
        found = next(iter(turns(page.lines).values()), ())
    voiced = [voices for voices in (voices_of(page, those) for those in found) if voices is not None]
    alone = [one for one in voiced if one.manner.style != INTRODUCED]
    tried = [_talk(page, parts) for one in alone for parts in ([one], *_with_companions(one, voiced))]
    return sorted((talk for talk in tried if talk is not None), key=lambda talk: -talk.score)


def _with_companions(one: Voices, others: Sequence[Voices]) -> Iterator[list[Voices]]:
    """Join questions and answers with the turns of those who break in."""
    for other in others:
        is_companion = other.manner.style in COMPANIONS.get(one.manner.style, ())
        beside = _introducing(one, other) if other.manner.style == INTRODUCED else other
        if is_companion and len(beside.rows) and not np.isin(beside.rows, one.rows).any():
            yield [one, beside]


def _introducing(one: Voices, other: Voices) -> Voices:
    """Keep the lines with an office behind a name that begin no turn yet, and whose name stands alone only below."""
    first = dict(zip(reversed(one.names), reversed(one.rows.tolist()), strict=True))
    told = [*zip(other.rows.tolist(), other.names, strict=True)]
    kept = [(row, name) for row, name in told if row < first.get(name, -1) and row not in one.rows]
    names = [name for _, name in kept]
    rows = np.array([row for row, _ in kept], dtype=np.int64)
    return other._replace(rows=rows, names=names, others=np.setdiff1d(other.rows, rows))


# Of a page, what lies between the first turn and the last: of 120 pages that are talk .35 or more does; lists of goods,
# of news and of comments with times of day may hold as much.
LEAST_COVERAGE = 0.3
# What speaks for a page being talk, in log odds, where names have stamps and where they have none. No command fits it
# again: a logistic regression, no weight against its sense, over the readings offered of 250 labelled and invented
# pages, of parts of them with three to ten turns, and of 300 pages of other kinds.
BIAS = {True: -9.0, False: -5.6}
WEIGHTS = {
    True: {
        "coverage": 12.0,
        "often": 4.0,
        "few": 2.1,
        "dense": 5.3,
        "changes": 3.4,
        "asks": 1.1,
        "people": 4.3,
        "idle": -6.2,
        "beside": 0.6,
    },
    False: {
        "coverage": 3.4,
        "often": 0.45,
        "dense": 2.4,
        "changes": 3.6,
        "says": 1.4,
        "apart": 2.1,
        "people": 0.85,
        "idle": -5.2,
        "asks": 1.4,
        "answers": 0.7,
        "signed": 3.0,
    },
}


def _talk(page: Page, parts: Sequence[Voices]) -> Talk | None:
    if not _may_talk(page, parts) or not _may_talk(page, parts := _said(page, parts)):
        return None
    rows, said = _in_order(parts)
    first = parts[0].manner
    stamps = _stamps(page, rows, first)
    if not _are_beside(page, rows, first):
        return None
    is_offset = _is_offset(page, stamps, first)
    if is_offset is None:
        return None
    again = _again(page, rows, stamps, first)
    has_words, is_apart = _told(page, rows, parts)
    words = np.minimum(rows + np.where(has_words, 0, 1 + first.below), page.height - 1)
    heads = np.union1d(rows, again)
    last_row = int(stamps[-1]) if first.is_closed else max(_last_row(page, heads), int(words[-1]))
    last_row = _last_event(page, rows, last_row) if first.is_timed else last_row
    coverage = _coverage(page, rows[0], last_row)
    if coverage < LEAST_COVERAGE:
        return None
    span = slice(int(rows[0]), last_row + 1)
    said_by_site, evidence = _lines_between(page, parts, heads, span, words)
    evidence |= {
        "coverage": coverage,
        "changes": sum(map(str.__ne__, said, said[1:])) / (len(rows) - 1),
        "apart": float((~has_words & is_apart).mean()),
        "beside": float(bool(first.beside)),
        "signed": float(STYLES[first.style].is_signed),
        **_speakers(parts, said),
        **_questions(page, rows, last_row, said),
    }
    return Talk(
        tuple(part._replace(manner=part.manner._replace(is_offset=is_offset)) for part in parts),
        rows - first.above,
        last_row,
        again,
        said_by_site,
        likelihood(BIAS[first.is_timed] + speaks(WEIGHTS[first.is_timed], evidence)),
        evidence,
    )


def _may_talk(page: Page, parts: Sequence[Voices]) -> bool:
    """Say whether enough turns hold enough of a page, and several speak, not always in the same order."""
    rows, said = _in_order(parts)
    is_long = len(rows) >= LEAST_TURNS and _coverage(page, rows[0], page.height - 1) >= LEAST_COVERAGE
    return is_long and len({*said}) >= 2 and not _cycle(said)


def _in_order(parts: Sequence[Voices]) -> tuple[np.ndarray, list[str]]:
    """List the rows of all turns from the top, and who speaks in each; initials are spelled out."""
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows)
    told = [name for part in parts for name in part.names]
    short = shortened({*told})
    return rows[order], [short.get(name, name) for name in (told[i] for i in order.tolist())]


def _stamps(page: Page, rows: np.ndarray, manner: Manner) -> np.ndarray:
    """Give of each turn the row of its stamp, or of its name where it has none."""
    if not manner.is_closed:
        return rows - manner.above + (manner.beside == "time_below")
    times = _times_alone(page, manner)
    return times[np.searchsorted(times, rows)]


def _are_beside(page: Page, rows: np.ndarray, manner: Manner) -> bool:
    """Say whether stamps stand below what is said, or above names, as is told of them, and not the other way."""
    first = int(rows[0])
    if manner.is_closed:
        times = _times_alone(page, manner)
        return first - 1 not in times and float(np.isin(rows[1:] - 1, times).mean()) >= ANSWERED
    if manner.beside != "time_above":
        return True
    names = {page.texts[row] for row in rows.tolist()}
    return names.isdisjoint(page.texts[max(0, first - MOST_TO_TIME) : first - 1])


def _is_offset(page: Page, stamps: np.ndarray, manner: Manner) -> bool | None:
    """Say whether stamps tell the time since the beginning; null where they are those of posts."""
    if not manner.is_timed:
        return False
    told = page.lines["text"].gather(stamps)
    may_be_post = not manner.is_stamped or manner.style in ALONE
    is_offset = _counts_from_zero(told)
    return None if may_be_post and not is_offset and not _is_of_chat(told) else is_offset


def _speakers(parts: Sequence[Voices], said: Sequence[str]) -> dict[str, float]:
    """Say how many turns are of those who come back, how few speak, and how many have the form of a name."""
    times, once = Counter(said), {name for part in parts for name in part.once}
    people = {name for name in times if forms_of(name) or name in once}
    return {
        "often": sum(number for number in times.values() if number >= 2) / len(said),
        "few": 1 - len(times) / len(said),
        "people": sum(name in people for name in said) / len(said),
    }


def _lines_between(
    page: Page, parts: Sequence[Voices], heads: np.ndarray, span: slice, words: np.ndarray
) -> tuple[tuple[str, ...], dict[str, float]]:
    """Write what the site repeats about turns, and say what else speaks for talk in the lines about their heads."""
    manner, rows = parts[0].manner, np.concatenate([part.rows for part in parts])
    n_lines = span.stop - span.start
    is_head = np.zeros(page.height, dtype=bool)
    for own in (heads, rows - manner.above, np.minimum(rows + manner.below, page.height - 1)):
        is_head[own] = True
    runs_on = _runs_on(page) & ~is_head & (manner.lead == NUMBERED[1:])
    said_by_site, is_of_site = _said_by_site(page, span, is_head, len(heads))
    is_idle = (page.idle & (page.n_words < SENTENCE_WORDS) & ~is_head)[span]
    if not manner.is_timed:  # else it tells posts from talk
        is_idle &= ~is_of_site
        n_lines -= int(is_of_site.sum())
    is_said = page.prose | page.ends | np.append(runs_on[1:], False) | (manner.style in GAPPED)
    n_own = n_lines - runs_on[span].sum() - len(rows) * bool(manner.beside)
    return said_by_site, {
        "dense": float(np.log(len(heads) / n_own)),
        "says": float(is_said[words].mean()),
        "idle": len(np.unique(page.text[span][is_idle])) / n_lines,
    }


def _said(page: Page, parts: Sequence[Voices]) -> list[Voices]:
    """Leave out the turns in which nothing is said before the next begins: who is listed, or asks from here on."""
    heads = np.sort(np.concatenate([part.rows - part.manner.above for part in parts]))
    kept = []
    for part in parts:
        words = part.rows + 1 + part.manner.below
        is_said = ~np.isin(words, heads) & (words < page.height)
        if part.manner.is_closed:
            later = np.append(heads, page.height)[np.searchsorted(heads, part.rows, side="right")]
            is_said &= _stamps(page, part.rows, part.manner) < later
        if not is_said.all():
            is_said |= _told(page, part.rows, [part])[0]
        kept.append(part.only(is_said))
    return [part for part in kept if len(part.rows)] or kept[:1]


def _coverage(page: Page, first: int, last: int) -> float:
    """Say how much of a page stands in some of its lines."""
    return float(page.weight[first : last + 1].sum() / max(1, page.weight.sum()))


def _times_alone(page: Page, manner: Manner) -> np.ndarray:
    """List the lines with a time and no more."""
    text = pl.col("text").str.replace(f"^{manner.lead}", "").str
    is_alone = text.contains(CLOCKED) & text.contains(PLAIN_BESIDE["time_below"])
    return page.lines.select(is_alone).to_series().arg_true().to_numpy()


def _again(page: Page, rows: np.ndarray, stamps: np.ndarray, manner: Manner) -> np.ndarray:
    """List the lines among turns, or near them, with a time alone that is beside no name and no earlier than before.

    Where times stand below what is said, list the lines below them with which the same one goes on.
    """
    none = np.zeros(0, dtype=np.int64)
    if not manner.has_stamp_apart or len(rows) < 2:
        return none
    reach = min(page.height, int(rows[-1] + np.diff(rows).max()) + 1)
    alone = _times_alone(page, manner)
    alone = alone[(alone > stamps[0]) & (alone < reach)]
    if manner.is_closed:
        alone = np.append(stamps[0], alone[alone <= stamps[-1]])
        goes_on = np.searchsorted(rows, alone[:-1]) == np.searchsorted(rows, alone[1:])
        return np.setdiff1d(alone[:-1][goes_on] + 1, alone)
    alone = np.setdiff1d(alone, stamps)
    if not len(alone):
        return none
    latest = stamps[np.searchsorted(stamps, alone) - 1]
    told = pl.DataFrame({"text": page.lines["text"].gather(np.concatenate([alone, latest]))})
    clock = (
        told.select(seconds_of_day(pl.col("text").str.extract(f"({CLOCK_TIME})", 1))).to_series().to_numpy()
    )
    return alone if (clock[: len(alone)] >= clock[len(alone) :]).mean() >= MOSTLY else none


def _said_by_site(
    page: Page, span: slice, is_head: np.ndarray, n_turns: int
) -> tuple[tuple[str, ...], np.ndarray]:
    """Write the short lines, numbers aside, that a site repeats about the turns, and say which lines are such."""
    may_be = ~(is_head | page.ends | page.prose | (page.n_words > MOST_WORDS_OF_SITE))
    rows = np.flatnonzero(may_be[span]) + span.start
    told = {row: re.sub(r"\d+", "0", page.texts[row]) for row in rows.tolist()}
    times, least = Counter(told.values()), max(LEAST_TURNS, OFTEN_SAID * n_turns)
    often = {row: line for row, line in told.items() if times[line] >= least and not IS_BRACKET.match(line)}
    is_of_site = np.zeros(span.stop - span.start, dtype=bool)
    is_of_site[[row - span.start for row in often]] = True
    return tuple(re.escape(line).replace("0", r"\d+") for line in dict.fromkeys(often.values())), is_of_site


def _questions(page: Page, rows: np.ndarray, last_row: int, said: Sequence[str]) -> dict[str, float]:
    """Say how many turns hold a question, and how much oftener one speaker's do than another's."""
    is_question = page.lines["text"][int(rows[0]) : last_row + 1].str.contains(QUESTION).to_numpy()
    asks = np.logical_or.reduceat(is_question, rows - rows[0])
    times, asked = Counter(said), Counter(compress(said, asks))
    shares = [asked[name] / number for name, number in times.items() if number >= 2]
    return {"asks": float(asks.mean()), "answers": max(shares) - min(shares) if shares else 0.0}


def _runs_on(page: Page) -> np.ndarray:
    """Say which lines go on with the sentence of the line above, where lines are cut at a width."""
    is_open = ~page.ends & (page.n_words >= SENTENCE_WORDS)
    return np.append(False, is_open[:-1])


def _told(page: Page, rows: np.ndarray, parts: Sequence[Voices]) -> tuple[np.ndarray, np.ndarray]:
    """Say which lines have more than a name, what is said; and which are no headings where they have not.

    These have a colon or an office, or are set in as in scripts.
    """
    text = pl.col("text")
    patterns = [pattern for part in parts if "<text>" in (pattern := part.manner.pattern(only_speaker=True))]
    rests = [text.str.replace(telling(pattern), "") for pattern in patterns]
    said = [pl.when(rest != text).then(rest) for rest in rests]
    asked = pl.DataFrame({"text": page.lines["text"].gather(rows)}).select(
        has_words=pl.coalesce(*said, pl.lit("")) != "",
        is_told=text.str.contains(f"{APART}|{OFFICE}"),
        is_capital=text == text.str.to_uppercase(),
    )
    has_words, is_told, is_capital = (asked[name].to_numpy() for name in asked.columns)
    is_set_in = page.indent[rows] > page.indent[np.minimum(rows + 1, page.height - 1)] + 1
    return has_words, is_told | (is_set_in & is_capital)


def _is_of_chat(stamps: pl.Series) -> bool:
    """Say whether times are those of a chat and not of posts: no day, in brackets, or most soon after another."""
    text, day, clock = pl.col("text").str, pl.col("day"), pl.col("clock")
    in_brackets = rf"\[(?:{ANY_DAY},?\s+)?\D{{0,6}}{CLOCK_TIME}[^\[\]]{{0,6}}\]"
    told = pl.DataFrame({"text": stamps}).select(
        day=text.extract(f"({ANY_DAY}|{SHORT_DAY})"),
        clock=seconds_of_day(text.extract(f"({CLOCK_TIME})")),
        has_day=text.replace(CLOCK_TIME, "").str.contains(SOME_DAY),
        is_in_brackets=among(text.contains("[", literal=True), in_brackets),
    )
    is_soon = (day == day.shift(1)) & (clock - clock.shift(1)).is_between(0, SOON)
    dated, bracketed, n_soon = told.select(
        (pl.col("has_day") | day.is_not_null()).mean(), pl.col("is_in_brackets").mean(), is_soon.sum()
    ).row(0)
    return bool(dated < 1 - ANSWERED or bracketed > ANSWERED or n_soon >= ANSWERED * (len(stamps) - 1))


def _cycle(names: Sequence[str]) -> bool:
    """Say whether names follow each other always in the same order, as the fields of a form do, and no one's voice."""
    if sum(number > 1 for number in Counter(names).values()) < 3:
        return False
    most: Counter[str] = Counter()
    for (name, _), number in Counter(pairwise(names)).items():
        most[name] = max(most[name], number)
    return sum(number for number in most.values() if number > 1) >= 0.9 * (len(names) - 1)


def _counts_from_zero(stamps: pl.Series) -> bool:
    """Say whether stamps tell the time since the beginning: they begin near zero, never fall, and seldom stand still.

    In a chat that begins at midnight several speak in one minute.
    """
    clocks = pl.DataFrame({"clock": stamps.head(50)}).select(pl.col("clock").str.extract(f"({CLOCK_TIME})"))
    told = clocks.select(seconds(pl.col("clock"))).to_series().drop_nulls().to_numpy()
    if not len(told) or told[0] >= 180:
        return False
    steps = np.diff(told)
    if len(steps) and ((steps >= 0).mean() <= 0.9 or (steps == 0).mean() >= OFTEN_STILL):
        return False
    return not stamps.head(5).str.contains(rf"^[\[(]?{ANY_DAY}|(?:19|20)\d\d").any()


def _last_row(page: Page, rows: np.ndarray) -> int:
    """Find where the last turn ends: where lines are no longer of a text, or at once where no turn goes on."""
    most = int(np.max(np.diff(rows))) if len(rows) > 1 else 1
    if most == 1:
        return int(rows[-1])
    row, run = int(rows[-1]), 0
    reach = min(page.height, row + max(most, 3))
    for below in range(row + 1, reach):
        run = run + 1 if page.idle[below] else 0
        if run > 1:
            return below - run
    return reach - 1 - run


def _last_event(page: Page, rows: np.ndarray, last_row: int) -> int:
    """Find the last of the events right below the last turn of a log; that turn, if there are none."""
    for row in range(last_row + 1, page.height):
        is_next = not page.gap[row] and page.indent[row] == page.indent[rows[-1]]
        if not (is_next and IS_EVENT.match(page.texts[row])):
            return row - 1
    return max(last_row, page.height - 1)


# The grammar


def compose_talk(page: Page, talk: Talk) -> Said:
    """Write the grammar that reads a page as talk."""
    first = int(talk.rows[0])
    inside = n.is_between(first, talk.last_row).elsewhere(ANYWHERE)
    top = _first_event(page, talk)
    around = _around_talk(page, talk, top)
    marks, is_open = [], any(part.opens for part in around)
    if top < first:
        event = chrome("ui_message", inside=True)
        if not is_open:
            marks.append(Mark("first", ANYTHING, event, opens="article", where=n == top))
            is_open = True
        marks.append(Mark("above", ANYTHING, event, where=n.is_between(top, first - 1)))
    opening = next((m for m in talk.manners if not m.above and _fits(page, m, first)), talk.manners[0])
    pattern = opening.pattern_beside() if opening.above else opening.pattern()
    opens = None if is_open else "article"
    is_first = (n == first).elsewhere(holds(pattern).cum_sum().over("doc") == 1)
    marks.append(Mark("opening", pattern, label("turn"), below=flow("turn"), opens=opens, where=is_first))
    for number, part in enumerate(talk.parts):
        others = np.setdiff1d(part.others, talk.rows + talk.manners[0].above)
        others = others[(others >= first) & (others <= talk.last_row)]
        own = inside & ~numbered(others.tolist()) if len(others) else inside
        marks += _turn("turn" if not number else f"turn_{number + 1}", part, own)
    if len(talk.again):
        opens_again, where = talk.manners[0].pattern_again(), inside
        if talk.manners[0].is_closed:
            opens_again, where = GOES_ON, inside & numbered(talk.again.tolist())
        marks.append(Mark("again", opens_again, label("turn"), below=flow("turn"), where=where))
    if len(between := _between(page, talk)):
        marks.append(
            Mark(
                "between",
                ANYTHING,
                chrome("ui_message", inside=True),
                where=inside & numbered(between.tolist()),
            )
        )
    if talk.said_by_site:
        line = f"^(?:{'|'.join(talk.said_by_site)})$"
        marks.append(Mark("site", line, chrome("ui_message", inside=True), where=inside))
    marks += _events(page, talk, inside)
    marks += [apart("header lines", _around, page, stretch) for stretch in around]
    return Grammar(kind="induced", knows=(talk.pattern,), marks=tuple(marks))


def _turn(name: str, part: Voices, inside: Said) -> Iterator[Said]:
    """Mark the lines with which the turns of a manner begin."""
    manner = part.manner
    if manner.above:
        beside, line = manner.pattern_beside(), manner.pattern(names=tuple(dict.fromkeys(part.names)))
        is_head = inside & under(holds(line))
        yield Mark(name, beside, label("turn"), below=flow("turn"), where=is_head)
        yield Mark(f"{name}_name", line, label("turn", goes_on=True), where=inside & above(holds(beside)))
        return
    where = inside
    if manner.is_closed:
        yield Mark(f"{name}_beside", manner.pattern_beside(), label("turn", goes_on=True), where=inside)
    if manner.below:
        beside, line = manner.pattern_beside(), manner.pattern(names=_told_beside(part))
        is_below = inside & above(holds(line))
        where &= under(holds(beside))
        part_of = chrome("ui_message", inside=True) if manner.same else label("turn", goes_on=True)
        yield Mark(f"{name}_beside", beside, part_of, where=is_below)
    elif manner.style in ALONE and not manner.is_timed:
        where &= under(_is_said())
    elif manner.style == INTRODUCED:
        where &= (n <= int(part.rows[-1])).elsewhere(ANYWHERE)
    yield Mark(
        name,
        manner.pattern(names=_told_beside(part)),
        label("turn"),
        below=flow("turn"),
        repeats=None if manner.is_told else "speaker",
        voices=1 if manner.is_told else min(2, part.n_back),
        where=where,
    )
    lines = {f"of_{form}": manner.pattern(form) for form in part.forms}
    lines |= {"once": manner.pattern(names=part.once)} if part.once else {}
    for key, line in lines.items():
        yield Mark(f"{name}_{key}", line, label("turn"), below=flow("turn"), where=where)


def _between(page: Page, talk: Talk) -> np.ndarray:
    """List the lines below the time that ends what is said, and above the next name: the site's."""
    if not talk.manners[0].is_closed:
        return np.zeros(0, dtype=np.int64)
    heads, times = np.union1d(talk.rows, talk.again), _times_alone(page, talk.manners[0])
    rows = np.arange(int(talk.rows[0]), talk.last_row)
    ends = times[np.maximum(np.searchsorted(times, rows) - 1, 0)]
    begins = heads[np.searchsorted(heads, rows, side="right") - 1]
    return rows[(ends < rows) & (begins < ends)]


def _told_beside(part: Voices) -> tuple[str, ...]:
    """List the names above a time or before an office, where it is no sign that a name stands there; else none."""
    is_any = part.manner.beside not in ("time_below", "time_after") and part.manner.style != INTRODUCED
    return () if is_any else tuple(dict.fromkeys(part.names))


def _is_said() -> Said:
    return ends_sentence() | is_prose() | holds(BRACKET) | (n_words() >= SENTENCE_WORDS)


def _first_event(page: Page, talk: Talk) -> int:
    """Find the first of the lines right above a log's first turn that tell of none; that turn, if there are none."""
    first = int(talk.rows[0])
    if not talk.is_stamped:
        return first
    event = f"{EVENT}|{DAY_LINE}|{INITIAL}|^{PLAIN_STAMP}\\S.*$|{_of_member(talk)}"
    is_event = page.lines["text"].slice(0, first).str.contains(event).to_numpy()
    others = np.flatnonzero(~is_event)
    return int(others[-1]) + 1 if len(others) else 0


def _of_member(talk: Talk) -> str:
    """Write a short line that says of one who speaks what they did: Ada left."""
    names = sorted({name for part in talk.parts for name in part.names}, key=lambda name: (-len(name), name))
    return rf"^(?:{'|'.join(map(re.escape, names))})(?:[:@]\S+)?\s[^\s:：.!?]+(?:\s[^\s:：.!?]+){{0,4}}$"


def _fits(page: Page, manner: Manner, row: int) -> bool:
    return bool(page.lines["text"].slice(row, 1).str.contains(manner.pattern()).item())


PARTS = {
    "above": chrome("nav"),
    "words": BODY,
    "flow": BODY,
    "quote": BODY,
    "heading": block("heading"),
    "list_item": block("list_item"),
    "within": chrome("ui_message", inside=True),
    "below": chrome("nav"),
    "foot": chrome("footer"),
    "plea": chrome("promo"),
}


OF_SITE = ("above", "below", "foot", "plea")


def _around_talk(page: Page, talk: Talk, top: int) -> list[Stretch]:
    """Tell what stands about a talk: about a chat that nothing introduces, all but its title is the site's."""
    around = surround(page.lines, top, talk.last_row)
    if not talk.is_stamped or talk.manners[0].is_offset or _is_introduced(page, around, top):
        return around
    is_sole = top == talk.rows[0] == 1
    told = []
    for part in around:
        is_title = part.last == top - 1 and (part.role == "title" or (is_sole and part.role not in OF_SITE))
        side = "above" if part.first < top else "below"
        role = part.role if is_title or part.role in OF_SITE else side
        told.append(part._replace(role=role, opens=is_title))
    return told


def _is_introduced(page: Page, around: Sequence[Stretch], top: int) -> bool:
    """Say whether a paragraph stands above a talk, or a sentence below a title."""
    title = next((part.last for part in around if part.role == "title" and part.last < top), top)
    below = any(
        page.ends[part.first : part.last + 1].any()
        for part in around
        if part.role in ("words", "flow") and title < part.first < top
    )
    return below or bool((page.prose & (page.weight >= LEAST_INTRODUCTION))[:top].any())


def _around(page: Page, stretch: Stretch) -> Said:
    """Mark some lines above the first turn or below the last."""
    text = page.lines["text"].slice(stretch.first, 1)
    headers = [pattern for role, pattern in HEADER_LINES.values() if role == stretch.role]
    pattern = next((pattern for pattern in headers if text.str.contains(pattern).item()), ANYTHING)
    return Mark(
        f"{stretch.role}_{stretch.first}",
        pattern,
        PARTS.get(stretch.role, HEADER),
        opens="article" if stretch.opens else None,
        where=n.is_between(stretch.first, stretch.last),
    )


def _events(page: Page, talk: Talk, inside: Said) -> list[Said]:
    """Mark what is no turn of a log: who came and went, and each day that begins."""
    if not talk.is_stamped:
        return []
    texts = page.lines["text"].slice(int(talk.rows[0]), talk.last_row + 1 - int(talk.rows[0]))
    others = texts.filter(~texts.str.contains(talk.pattern))
    marks = []
    for name, pattern, kind in (
        ("day", DAY_LINE, "day_separator"),
        ("event", f"^{PLAIN_STAMP}\\S.*$", "ui_message"),
        ("unstamped_event", EVENT, "ui_message"),
    ):
        if others.str.contains(pattern).any():
            marks.append(Mark(name, pattern, chrome(kind, inside=True), where=inside))
            others = others.filter(~others.str.contains(pattern))
    at_end = slice(talk.last_row, min(talk.last_row + NEAR_END, page.height))
    if page.lines["text"][at_end].filter(page.gap[at_end] > 0).str.contains(_of_member(talk)).any():
        is_last = n.is_between(at_end.start, at_end.stop - 1)
        marks.append(Mark("left", _of_member(talk), chrome("ui_message", inside=True), where=is_last))
    heads = talk.rows[1:] - 1
    if page.lines["text"].gather(heads).str.contains(INITIAL).to_numpy().mean() >= ANSWERED:
        is_above = inside & under(holds(talk.pattern_first))
        marks.append(Mark("avatar", INITIAL, chrome("avatar", inside=True), where=is_above))
    return marks
