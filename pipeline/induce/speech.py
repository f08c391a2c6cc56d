"""Pages of talk: chats, interviews, hearings, transcripts, whose every turn names who speaks.

What `voices` lists is tried on all pages at once. A page is read as talk where a few names come again and again and
hold most of its words. What stands above the first turn and below the last is told as on a page of one article: an
interview has a title, a byline, an introduction, and a site about it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article import HEADER_LINES, Stretch, surround
from pipeline.grammar import among, seconds, seconds_of_day
from pipeline.induce.dates import ANY_DAY, date_words
from pipeline.induce.said import Said
from pipeline.induce.template import Page, likelihood, speaks
from pipeline.induce.voices import (
    ALONE,
    ASIDE,
    BESIDE,
    CLOCK_TIME,
    CLOCKED,
    COMPANIONS,
    DAY,
    INITIALS,
    IS_ADDRESS,
    IS_DAY,
    PLAIN_BESIDE,
    PLAIN_STAMP,
    STAMPED_BESIDE,
    STYLES,
    Manner,
    forms_of,
    shared_words,
    shortened,
)
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
    under,
)

SAMPLE_LINES = 600
LEAST_TURNS = 3
LEAST_OF_STYLE = 2
BREAK_IN = ("office",)  # styles of which one line is enough, beside turns of another
EVENT = r"^(?:\*{1,3}|-{2,3}>?|→|←|<--|-!-|[•·]) .*$"
DAY_LINE = rf"^(?:[-–—=*]{{2,}}\s?)?{DAY}(?:\s?[(（]?[^\W\d_]{{1,12}}[)）]?)?(?:\s?[-–—=*]{{2,}})?$"
NUMBERED = r"^\d{1,3}(?:\s+|$)"
BULLETED = r"^(?:[*•·◦‣–—|-]\s+|>+\s*)"  # where lists are set as text, each message may be an item
LEAST_BULLETED = 0.3  # of a page's lines, those with a bullet and a name
MOST_NUMBERED = 0.6  # of a page's lines, those with the next number where lines are numbered
QUESTION = r"[?？؟][\"”»)]?(?:\s|$)|[α-ώ];(?:\s|$)"
APART = r"[:：]\s*$"  # at the end of a name on a line of its own
OF_NAMES = {
    "addressed",
    "capitals",
    "capitalised",
}  # forms of a name that needs to be met but once where it stands so
BRACKET = r"^[(\[（]"
SENTENCE_WORDS = 5  # of a line, from which on it is part of a sentence and no name
MOSTLY = 0.8  # of some lines, those of which what is said of all of them must be true
ANSWERED = 0.6  # of the lines with a name alone, those with words below
# Styles in which one who speaks but once may be told by the form of the name.
ONCE = (
    "colon",
    "wide_colon",
    "stopped",
    "dashed",
    "wide_gap",
    "wide_space",
    *ALONE,
    "timed",
    "bracketed",
)
SOME_DAY = r"(?:19|20)\d\d|\d[./]\d|\b\d{1,2}\.? [^\W\d_]{3,9}\b"
MOST_BYTES = 700  # of a line with a name and no more: 60 letters, brackets, an office
SOON = 3600  # seconds between messages of a chat, at most, mostly
BARE = ("dashed", "stopped")  # styles in which what stands in brackets behind a name is never of it
ACCOMPANIED = {*COMPANIONS, *(name for names in COMPANIONS.values() for name in names)}
FAR = 2.0  # usual distances between turns, at which one may stand before the first of those who come back, or below


class Voices(NamedTuple):
    """The turns of one manner.

    Attributes:
        manner: how they begin.
        rows: the rows of the names.
        names: who speaks, row by row.
        forms: the forms of names that tell a speaker who speaks but once.
        once: other names of those who do.
        n_back: how many speak more than once.
    """

    manner: Manner
    rows: np.ndarray
    names: list[str]
    forms: tuple[str, ...]
    once: tuple[str, ...]
    n_back: int


@dataclass(frozen=True)
class Talk:
    """A page read as talk: how its turns begin, which rows do, and where it ends.

    Attributes:
        parts: its turns; of more than one manner where questions and answers are set off in another way.
        rows: the rows that begin a turn.
        last_row: the last row of the last turn.
        again: the rows with a time alone at which one who spoke goes on.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    parts: tuple[Voices, ...]
    rows: np.ndarray
    last_row: int
    again: np.ndarray
    score: float
    evidence: dict[str, float]

    @property
    def manners(self) -> tuple[Manner, ...]:
        """List how a turn may begin."""
        return tuple(part.manner for part in self.parts)

    @property
    def confidence(self) -> float:
        """Say how sure it is that the page is cut rightly."""
        return self.score

    @property
    def since(self) -> int:
        """Give the first row that is read: all are."""
        return 0

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
        """The pattern of a turn's first line."""
        return self.manners[0].pattern()


class Turns(NamedTuple):
    """The lines of a document that may begin a turn: `row`, `name`."""

    manner: Manner
    lines: pl.DataFrame


# Which lines may begin a turn


def turns(lines: pl.DataFrame) -> dict[int, list[Turns]]:
    """List for each document the styles in which a few names come often enough; all documents are asked at once.

    Args:
        lines: needs `doc`, `text`; each document's lines lie together.
    """
    numbered = lines.select("doc", "text", row=pl.int_range(pl.len(), dtype=pl.Int64).over("doc"))
    found: dict[int, list[Turns]] = {}
    for lead, part in _leads(numbered):
        sample = part.filter(pl.col("row") < SAMPLE_LINES)
        for manner, docs in _likely(sample):
            named = _named(_placed(part.filter(pl.col("doc").is_in(docs)), manner.beside), manner)
            for (doc,), own in named.group_by("doc", maintain_order=True):
                found.setdefault(doc, []).append(Turns(manner._replace(lead=lead), own))
    return found


def _leads(lines: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Part the documents whose lines are numbered, as a court's are, from the others; leave the numbers out.

    And give those once more, without their bullets, whose lines are the items of a list.
    """
    number = pl.col("text").str.extract(r"^(\d{1,3})(?:\s|$)").cast(pl.Int32)
    is_next = (number - number.shift(1)).over("doc") == 1
    share = lines.group_by("doc").agg(share=is_next.sum() / pl.len(), n=pl.len())
    docs = share.filter((pl.col("share") >= MOST_NUMBERED) & (pl.col("n") > LEAST_TURNS))["doc"]
    is_numbered = pl.col("doc").is_in(docs.to_list())
    yield "", lines.filter(~is_numbered)
    is_item = pl.col("text").str.contains(rf"{BULLETED}[^:：|]{{1,40}}(?:[:：]\s|\|)")
    listed = lines.filter((is_item.mean() >= LEAST_BULLETED).over("doc") & ~is_numbered)
    if len(listed):
        yield f"(?:{BULLETED[1:]})?", listed.with_columns(pl.col("text").str.replace(BULLETED, ""))
    if len(docs):
        yield NUMBERED[1:], lines.filter(is_numbered).with_columns(pl.col("text").str.replace(NUMBERED, ""))


def _likely(sample: pl.DataFrame) -> Iterator[tuple[Manner, list[int]]]:
    """Give each manner with the documents of whose first lines enough are of it."""
    stamped = sample.filter(among(pl.col("text").str.contains(CLOCKED), f"^{PLAIN_STAMP}"))
    behind = stamped.with_columns(pl.col("text").str.replace(f"^{PLAIN_STAMP}", ""))
    asked = [(behind, [Manner(name, is_stamped=True) for name, style in STYLES.items() if style.takes_stamp])]
    plain = [name for name, style in STYLES.items() if not style.needs_stamp]
    asked.append((sample, [Manner(name) for name in plain]))
    for beside in BESIDE:
        names = (
            [name for name in plain if not STYLES[name].has_stamp] if beside == "time_above" else ["alone"]
        )
        asked.append((_placed(sample, beside), [Manner(name, beside=beside) for name in names]))
    for lines, manners in asked:
        enough = lines.filter(pl.len().over("doc") >= LEAST_OF_STYLE)
        if enough.is_empty():  # a pattern takes milliseconds to compile
            continue
        hits = {f"{i}": _is_of(manner) for i, manner in enumerate(manners)}
        counts = enough.select("doc", **hits).group_by("doc").agg(pl.col(list(hits)).sum())
        for i, manner in enumerate(manners):
            if docs := counts.filter(pl.col(f"{i}") >= _least(manner))["doc"].to_list():
                yield manner, docs


def _least(manner: Manner) -> int:
    """Say of how many lines there must be at least: who speaks with an office may break in but once."""
    return 1 if manner.style in BREAK_IN else LEAST_OF_STYLE


def _is_of(manner: Manner) -> pl.Expr:
    return among(_may_be_of(manner), Manner(manner.style).pattern(only_speaker=True))


def _may_be_of(manner: Manner) -> pl.Expr:
    sign = STYLES[manner.style].sign
    return pl.col("text").str.contains(sign) if sign else pl.col("text").str.len_bytes() <= MOST_BYTES


def _placed(lines: pl.DataFrame, beside: str) -> pl.DataFrame:
    """Keep the lines above or below which a time or a rule stands alone; all, where nothing needs to."""
    if not beside:
        return lines
    at = 1 if beside == "time_above" else -1
    first = pl.col("text").str.contains(r"\d[:.]\d" if beside in STAMPED_BESIDE else r"^\W{3}")
    is_it = among(first, PLAIN_BESIDE[beside])
    return lines.filter(is_it.shift(at, fill_value=False) & (pl.col("doc") == pl.col("doc").shift(at)))


def _named(lines: pl.DataFrame, manner: Manner) -> pl.DataFrame:
    """Give the lines that may begin a turn, of documents where enough of their names come back."""
    name = pl.col("text").str.extract(manner.pattern(only_speaker=True), 1)
    lines = lines.filter(_may_be_of(manner))
    named = lines.select("doc", "row", name=name).drop_nulls("name")
    is_short = pl.col("name").str.contains(INITIALS)
    times = named.with_columns(is_often=(pl.len().over("doc", "name") >= 2) | manner.is_told | is_short)
    enough = (pl.col("is_often").sum() >= _least(manner)).over("doc")
    several = pl.col("name").n_unique().over("doc") >= 2
    may_be_one = manner.style in ACCOMPANIED
    return times.filter(enough & (several | may_be_one)).drop("is_often")


# How a page is read


def talks(page: Page, found: Sequence[Turns] | None = None) -> list[Talk]:
    """List the ways in which a page can be read as talk, the likeliest first.

    Args:
        page: the page.
        found: as `turns` gives them; asked of this page alone by default.
    """
    if found is None:
        found = next(iter(turns(page.lines).values()), ())
    voiced = [voices for voices in (_voices(page, those) for those in found) if voices is not None]
    tried = [_talk(page, parts) for one in voiced for parts in ([one], *_with_companions(one, voiced))]
    return sorted((talk for talk in tried if talk is not None), key=lambda talk: -talk.score)


def _voices(page: Page, found: Turns) -> Voices | None:
    """Keep the lines that name a speaker: one who comes back, or is named as those are who do."""
    rows, names = found.lines["row"].to_numpy(), found.lines["name"].to_list()
    may_be = _may_be_names(page, rows, names, found.manner)
    rows, names = rows[may_be], list(compress(names, may_be))
    is_sided = np.array(
        [found.manner.style in BARE and name.endswith((")", "）")) for name in names], dtype=bool
    )
    manner, names = _bared(found.manner, names)
    times = Counter(names)
    often = {name for name, number in times.items() if number >= 2}
    forms = {form for name in often for form in forms_of(name)} if manner.style in ONCE else set()
    is_told = np.array([manner.is_told or name in often for name in names], dtype=bool)
    is_formed = np.array([not forms.isdisjoint(forms_of(name)) for name in names], dtype=bool)
    whole = shortened(times)
    is_short = np.array([name in whole or name in whole.values() for name in names], dtype=bool)
    is_often = is_told | is_short
    if not is_often.any():
        return None
    is_short |= _are_apart(page, rows, names, is_told) & (not manner.is_told)
    is_kept = (is_often | is_short | is_formed | is_sided) & ~_are_repeated(page, rows, names, manner)
    if manner.beside == "time_below":
        is_kept &= _stand_as(page, rows, names, np.array([name in often for name in names], dtype=bool))
    is_within = manner.style in ALONE or "caseless" in forms
    is_kept &= _is_near(rows, rows[is_often], 0 if is_within else FAR)
    is_once = is_kept & np.where(is_short, ~is_told, ~is_often & (~is_formed | manner.is_bare))
    names, once = list(compress(names, is_kept)), tuple(dict.fromkeys(compress(names, is_once)))
    shown = () if manner.is_bare else tuple(sorted(forms))
    return Voices(manner, rows[is_kept], names, shown, once, len(often.intersection(names)))


def _may_be_names(page: Page, rows: np.ndarray, names: Sequence[str], manner: Manner) -> np.ndarray:
    """Say which lines may begin with a name, and not with a day, a sentence, or what is addressed."""
    may_be = ~_are_days(names)
    if manner.style == "stopped":
        may_be &= np.array([not IS_ADDRESS.search(f"{name}.") for name in names], dtype=bool)
    if manner.style not in ALONE:
        return may_be
    is_long = (page.n_words >= SENTENCE_WORDS) | (manner.style == "alone" and not manner.is_timed)
    may_be &= ~(page.ends & is_long)[rows]
    if not manner.is_timed:
        may_be[may_be] = _answered(page, rows[may_be], list(compress(names, may_be)), manner.below)
    return may_be


def _bared(manner: Manner, names: list[str]) -> tuple[Manner, list[str]]:
    """Leave out of names what is none of them: what is said in brackets of this turn, words that stand about all."""
    if STYLES[manner.style].has_aside and (manner.style in BARE or _asides_change(names)):
        manner, names = manner._replace(is_bare=True), [re.sub(f"{ASIDE}+$", "", name) for name in names]
    if not (manner.is_timed or manner.style in ("colon", "alone")):
        return manner, names
    asked = names if manner.is_timed else [name for name, times in Counter(names).items() if times > 1]
    opening, closing = shared_words(asked)
    opening = opening if manner.is_timed else ""
    return manner._replace(opening=opening, closing=closing), [
        _bare(name, opening, closing) for name in names
    ]


def _are_apart(page: Page, rows: np.ndarray, names: Sequence[str], is_told: np.ndarray) -> np.ndarray:
    """Say which names stand alone before a colon and have the form of a name, where those who come back stand so."""
    is_apart = page.lines["text"].gather(rows).str.contains(APART).to_numpy()
    if not is_told.any() or is_apart[is_told].mean() < MOSTLY:
        return np.zeros(len(rows), dtype=bool)
    formed: np.ndarray = is_apart & np.array([not OF_NAMES.isdisjoint(forms_of(name)) for name in names])
    return formed


def _asides_change(names: Sequence[str]) -> bool:
    """Say whether what stands in brackets behind the same name is now this, now that."""
    told = {(re.sub(f"{ASIDE}+$", "", name), name) for name in names if re.search(f"{ASIDE}$", name)}
    return len({name for name, _ in told}) < len(told)


def _is_near(rows: np.ndarray, core: np.ndarray, far: float) -> np.ndarray:
    """Say which rows lie among those of speakers who come back, or about as near as these do to each other."""
    if len(core) < 2:
        return np.isin(rows, core)
    reach = far * (float(np.median(np.diff(core))) + 1)
    return (rows >= core[0] - reach) & (rows <= core[-1] + reach)


def _are_days(names: Sequence[str]) -> np.ndarray:
    """Say which names are days of a month: 4 October."""
    days = [name for name in dict.fromkeys(names) if IS_DAY.match(name)]
    if not days:
        return np.zeros(len(names), dtype=bool)
    told = date_words(pl.Series(days)).filter(pl.col("kind") == "month")["row"]
    of_month = {days[row] for row in told}
    return np.array([name in of_month for name in names], dtype=bool)


def _stand_as(page: Page, rows: np.ndarray, names: Sequence[str], is_often: np.ndarray) -> np.ndarray:
    """Say which lines above a time stand as the names do that come back: set apart, or below their initial."""
    is_apart = page.gap[rows] > 0
    above = page.lines["text"].gather(np.maximum(rows - 1, 0)).to_list()
    is_led = np.array(
        [one.casefold() == name[:1].casefold() for one, name in zip(above, names, strict=True)], dtype=bool
    )
    led = {name for name, is_so in zip(names, is_led, strict=True) if is_so}
    often = {name for name, is_so in zip(names, is_often, strict=True) if is_so}
    stands = np.ones(len(rows), dtype=bool)
    if often and is_apart[is_often].mean() >= MOSTLY:
        stands &= is_apart
    if often and len(led & often) >= MOSTLY * len(often) / 2:
        stands &= is_led
    return stands | is_often


def _are_repeated(page: Page, rows: np.ndarray, names: Sequence[str], manner: Manner) -> np.ndarray:
    """Say which lines the site repeats, words and all: their names are no one's."""
    if manner.style in ALONE or manner.is_timed:
        return np.zeros(len(rows), dtype=bool)
    lines = pl.DataFrame({"name": names, "line": page.lines["text"].gather(rows), "ends": page.ends[rows]})
    is_told = pl.col("ends") | pl.col("line").str.contains(APART)
    is_one = (pl.col("line").n_unique() == 1) & (pl.len() > 1) & ~is_told.any()
    return lines.select(is_one.over("name")).to_series().to_numpy()


def _bare(name: str, opening: str, closing: str) -> str:
    name = name.removeprefix(opening)
    return name.removesuffix(closing) if closing else name


def _answered(page: Page, rows: np.ndarray, names: Sequence[str], below: int) -> np.ndarray:
    """Say which names that stand alone have words below, and no other name: those of a list or a menu do not."""
    rows = rows + below
    times = Counter(names)
    is_likely = np.array([times[name] > 1 or bool(forms_of(name)) for name in names], dtype=bool)
    is_text = page.prose | page.ends | (page.n_words >= SENTENCE_WORDS)
    is_text |= page.lines["text"].str.contains(BRACKET).to_numpy()
    words = np.minimum(rows + 1, page.height - 1)
    is_said = is_text[words] & ~np.isin(rows + 1, rows[is_likely] - below) & (rows + 1 < page.height)
    right = Counter(np.array(names)[is_said].tolist())
    return np.array([right[name] >= ANSWERED * times[name] for name in names], dtype=bool) & is_said


def _with_companions(one: Voices, others: Sequence[Voices]) -> Iterator[list[Voices]]:
    """Join questions and answers with the turns of those who break in."""
    for other in others:
        is_companion = other.manner.style in COMPANIONS.get(one.manner.style, ())
        if is_companion and not np.isin(other.rows, one.rows).any():
            yield [one, other]


# Of a page, what lies between the first turn and the last: of 120 pages that are talk .35 or more does; lists of goods,
# of news and of comments with times of day may hold as much.
LEAST_COVERAGE = 0.3
# What speaks for a page being talk, in log odds, where names have stamps and where they have none. Fitted by logistic
# regression, no weight against its sense, on the readings offered of 250 labelled and invented pages, of parts of them
# with three to ten turns, and of 300 pages of other kinds.
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
    order = np.argsort(np.concatenate([part.rows for part in parts]))
    rows = np.concatenate([part.rows for part in parts])[order]
    said = pl.Series([name for part in parts for name in part.names])[order]
    said = said.replace(shortened(said.unique()))
    first = parts[0].manner
    if len(rows) < LEAST_TURNS or said.n_unique() < 2 or voices_cycle(said):
        return None
    has_stamp = first.is_timed
    stamps = page.lines["text"].gather(rows - first.above + (first.beside == "time_below"))
    is_offset = has_stamp and _counts_from_zero(stamps)
    may_be_post = has_stamp and (not first.is_stamped or first.style in ALONE)
    if may_be_post and not is_offset and not _is_of_chat(stamps):
        return None
    has_words = _has_words(page, rows, parts)
    once = {name for part in parts for name in part.once}
    words = np.minimum(rows + np.where(has_words, 0, 1 + first.below), page.height - 1)
    times = said.value_counts()
    again = _again(page, rows, first)
    heads = np.union1d(rows, again)
    last_row = max(_last_row(page, heads), int(words[-1]))
    coverage = float(page.weight[rows[0] : last_row + 1].sum() / max(1, page.weight.sum()))
    if coverage < LEAST_COVERAGE:
        return None
    is_head = np.zeros(page.height, dtype=bool)
    is_head[np.concatenate([heads, rows - first.above, np.minimum(rows + first.below, page.height - 1)])] = (
        True
    )
    span = slice(int(rows[0]), last_row + 1)
    n_lines = span.stop - span.start
    beside = len(rows) * bool(first.beside)
    runs_on = _runs_on(page) & ~is_head & (first.lead == NUMBERED[1:])
    idle = page.lines["text"].slice(span.start, n_lines).filter(pl.Series((_is_idle(page) & ~is_head)[span]))
    evidence = {
        "coverage": coverage,
        "often": float(times["count"].filter(times["count"] >= 2).sum() / len(rows)),
        "few": 1 - min(1.0, times.height / len(rows)),
        "dense": float(np.log(len(heads) / (n_lines - runs_on[span].sum() - beside))),
        "changes": float((said != said.shift(1)).slice(1).sum() / max(1, len(rows) - 1)),
        "says": float((page.prose | page.ends | np.append(runs_on[1:], False))[words].mean()),
        "apart": _apart(page, rows, ~has_words),
        "people": float(np.mean([bool(forms_of(name)) or name in once for name in said])),
        "idle": idle.n_unique() / n_lines,
        "beside": float(bool(first.beside)),
        "signed": float(STYLES[first.style].is_signed),
        **_questions(page, rows, last_row, said),
    }
    return Talk(
        tuple(part._replace(manner=part.manner._replace(is_offset=is_offset)) for part in parts),
        rows - first.above,
        last_row,
        again,
        likelihood(BIAS[has_stamp] + speaks(WEIGHTS[has_stamp], evidence)),
        evidence,
    )


def _again(page: Page, rows: np.ndarray, manner: Manner) -> np.ndarray:
    """List the lines among turns, or near them, with a time alone that is beside no name and no earlier than before."""
    none = np.zeros(0, dtype=np.int64)
    if not manner.has_stamp_behind or len(rows) < 2:
        return none
    reach = min(page.height, int(rows[-1] + np.diff(rows).max()) + 1)
    texts = page.lines["text"].slice(0, reach)
    alone = np.flatnonzero(
        (texts.str.contains(CLOCKED) & texts.str.contains(PLAIN_BESIDE["time_below"])).to_numpy()
    )
    stamps = rows + manner.below
    alone = np.setdiff1d(alone[alone > stamps[0]], stamps)
    told = (
        texts.str.extract(f"({CLOCK_TIME})", 1)
        .to_frame("clock")
        .select(seconds_of_day(pl.col("clock")))
        .to_series()
    )
    clock = told.to_numpy()
    before = clock[stamps[np.searchsorted(stamps, alone) - 1]]
    return alone if len(alone) and (clock[alone] >= before).mean() >= MOSTLY else none


def _questions(page: Page, rows: np.ndarray, last_row: int, said: pl.Series) -> dict[str, float]:
    """Say how many turns hold a question, and how much oftener one speaker's do than another's."""
    turn = np.searchsorted(rows, np.arange(rows[0], last_row + 1), side="right") - 1
    is_question = page.lines["text"].slice(int(rows[0]), len(turn)).str.contains(QUESTION)
    asks = (
        pl.DataFrame({"turn": turn, "asks": is_question})
        .group_by("turn", maintain_order=True)
        .agg(pl.col("asks").any())
    )
    shares = (
        asks.group_by(said.alias("who"))
        .agg(pl.col("asks").mean(), n=pl.len())
        .filter(pl.col("n") >= 2)["asks"]
    )
    return {
        "asks": float(asks["asks"].to_numpy().mean()),
        "answers": float(np.ptp(shares.to_numpy())) if len(shares) else 0.0,
    }


def _runs_on(page: Page) -> np.ndarray:
    """Say which lines go on with the sentence of the line above, where lines are cut at a width."""
    is_open = ~page.ends & (page.n_words >= SENTENCE_WORDS)
    return np.append(False, is_open[:-1])


def _is_idle(page: Page) -> np.ndarray:
    """Say which lines are brief and no sentence, as those of lists and menus are."""
    idle: np.ndarray = page.idle & (page.n_words < SENTENCE_WORDS)
    return idle


def _has_words(page: Page, rows: np.ndarray, parts: Sequence[Voices]) -> np.ndarray:
    """Say which lines have more than a name: what is said."""
    lines = page.lines["text"].gather(rows)
    asked = [part.manner.pattern() for part in parts if "<text>" in part.manner.pattern()]
    if not asked:
        return np.zeros(len(rows), dtype=bool)
    said = pl.coalesce(lines.str.extract_groups(pattern).struct.field("text") for pattern in asked)
    return pl.select(said.fill_null("") != "").to_series().to_numpy()


def _apart(page: Page, rows: np.ndarray, is_bare: np.ndarray) -> float:
    """Say how many names stand alone and are no headings: with a colon, with an office, or set in as in scripts."""
    text = page.lines["text"].gather(rows)
    is_set_in = page.indent[rows] > page.indent[np.minimum(rows + 1, page.height - 1)] + 1
    is_set_in &= (text == text.str.to_uppercase()).to_numpy()
    is_told = text.str.contains(rf"{APART}|\S\s+(?:--|[–—])\s+\S").to_numpy()
    return float((is_bare & (is_told | is_set_in)).mean())


def _is_of_chat(stamps: pl.Series) -> bool:
    """Say whether times are those of a chat and not of posts: no day, in brackets, or most soon after another."""
    days = stamps.str.extract(f"({ANY_DAY})", 1)
    has_day = stamps.str.replace(CLOCK_TIME, "").str.contains(SOME_DAY) | days.is_not_null()
    if has_day.to_numpy().mean() < 1 - ANSWERED:
        return True
    in_brackets = stamps.str.contains(rf"\[(?:{ANY_DAY},?\s+)?\D{{0,6}}{CLOCK_TIME}[^\[\]]{{0,6}}\]")
    told = pl.select(seconds_of_day(pl.lit(stamps.str.extract(f"({CLOCK_TIME})", 1)))).to_series()
    is_soon = (days == days.shift(1)) & (told - told.shift(1)).is_between(0, SOON)
    return bool(in_brackets.to_numpy().mean() > ANSWERED) or bool(
        is_soon.slice(1).sum() >= ANSWERED * (len(stamps) - 1)
    )


def voices_cycle(names: pl.Series) -> bool:
    """Say whether names follow each other always in the same order, as the fields of a form do, and no one's voice."""
    if names.filter(names.is_duplicated()).n_unique() < 3:
        return False
    pairs = pl.DataFrame({"name": names, "next": names.shift(-1)}).drop_nulls()
    most = pairs.group_by("name", "next").len().group_by("name").agg(pl.col("len").max())
    return most["len"].filter(most["len"] > 1).sum() >= 0.9 * pairs.height


def _counts_from_zero(stamps: pl.Series) -> bool:
    """Say whether stamps tell the time since the beginning: they begin near zero and never fall."""
    clocks = stamps.head(50).str.extract(f"({CLOCK_TIME})", 1)
    told = pl.select(seconds(pl.lit(clocks))).to_series().drop_nulls().to_numpy()
    has_day = stamps.head(5).str.contains(rf"^[\[(]?{ANY_DAY}|(?:19|20)\d\d").any()
    return (
        bool(len(told))
        and not has_day
        and told[0] < 180
        and bool((np.diff(told) >= 0).mean() > 0.9 if len(told) > 1 else True)
    )


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


# The grammar


def compose_talk(page: Page, talk: Talk) -> Said:
    """Write the grammar that reads a page as talk."""
    first, inside = int(talk.rows[0]), n.is_between(int(talk.rows[0]), talk.last_row)
    top = _first_event(page, talk)
    around = surround(page.lines, top, talk.last_row)
    marks, is_open = [_around(page, stretch) for stretch in around], any(part.opens for part in around)
    if top < first:
        marks.append(Mark("above", ANYTHING, chrome("ui_message"), where=n.is_between(top, first - 1)))
    opening = next((m for m in talk.manners if not m.above and _fits(page, m, first)), talk.manners[0])
    marks.append(
        Mark(
            "opening",
            opening.pattern_beside() if opening.above else opening.pattern(),
            label("turn"),
            below=flow("turn"),
            opens=None if is_open else "article",
            where=n == first,
        )
    )
    for number, part in enumerate(talk.parts):
        marks += _turn("turn" if not number else f"turn_{number + 1}", part, inside)
    if len(talk.again):
        marks.append(
            Mark("again", talk.manners[0].pattern_again(), label("turn"), below=flow("turn"), where=inside)
        )
    marks += _events(page, talk, inside)
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
    if manner.below:
        beside, line = manner.pattern_beside(), manner.pattern(names=_told_beside(part))
        is_below = inside & above(holds(line))
        where &= under(holds(beside))
        yield Mark(f"{name}_beside", beside, label("turn", goes_on=True), where=is_below)
    elif manner.style in ALONE and not manner.is_timed:
        where &= under(_is_said())
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


def _told_beside(part: Voices) -> tuple[str, ...]:
    """List the names above a time, where it tells nothing of the line above that it stands alone; else none."""
    return tuple(dict.fromkeys(part.names)) if part.manner.beside == "time_below" else ()


def _is_said() -> Said:
    return ends_sentence() | is_prose() | holds(BRACKET) | (n_words() >= SENTENCE_WORDS)


def _first_event(page: Page, talk: Talk) -> int:
    """Find the first of the lines right above a log's first turn that tell of none; that turn, if there are none."""
    first = int(talk.rows[0])
    if not talk.manners[0].is_stamped:
        return first
    is_event = (
        page.lines["text"].slice(0, first).str.contains(f"{EVENT}|{DAY_LINE}|^{PLAIN_STAMP}\\S.*$").to_numpy()
    )
    others = np.flatnonzero(~is_event)
    return int(others[-1]) + 1 if len(others) else 0


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
    if not talk.manners[0].is_stamped:
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
    return marks
