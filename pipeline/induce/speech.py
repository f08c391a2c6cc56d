"""Pages of talk: chats, interviews, hearings, transcripts, whose every turn names who speaks.

What `voices` lists is tried on all pages at once. A page is read as talk where a few names come again and again and
hold most of its words. What stands above the first turn and below the last is told as on a page of one article: an
interview has a title, a byline, an introduction, and a site about it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article import HEADER_LINES, Stretch, surround
from pipeline.grammar import among, seconds
from pipeline.induce.dates import ANY_DAY
from pipeline.induce.said import Said
from pipeline.induce.template import Page
from pipeline.induce.voices import (
    CLOCK_TIME,
    CLOCKED,
    COMPANIONS,
    DAY,
    PLAIN_STAMP,
    STYLES,
    Manner,
    forms_of,
    shared_words,
)
from pipeline.induce.words import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
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
LEAST_TURNS = 4
EVENT = r"^(?:\*{1,3}|-{2,3}>?|→|←|<--|-!-|[•·]) .*$"
DAY_LINE = rf"^(?:[-–—=*]{{2,}}\s?)?{DAY}(?:\s?[(（]?[^\W\d_]{{1,12}}[)）]?)?(?:\s?[-–—=*]{{2,}})?$"
NUMBERED = r"^\d{1,3}(?:\s+|$)"
MOST_NUMBERED = 0.6  # of a page's lines, those with the next number where lines are numbered
ASIDE = r"^[(\[（]"
SENTENCE_WORDS = 5  # of a line, from which on it is part of a sentence and no name
ANSWERED = 0.6  # of the lines with a name alone, those with words below
# Styles in which one who speaks but once may be told by the form of the name.
ONCE = ("colon", "wide_colon", "stopped", "alone", "timed")
FAR = 2.0  # usual distances between turns, at which one may stand before the first of those who come back, or below


@dataclass(frozen=True)
class Talk:
    """A page read as talk: how its turns begin, which rows do, and where it ends.

    Attributes:
        manners: how a turn begins; more than one where questions and answers are set off in another way.
        forms: of each manner, the forms of names that tell a speaker who speaks but once.
        rows: the rows that begin a turn.
        last_row: the last row of the last turn.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    manners: tuple[Manner, ...]
    forms: tuple[tuple[str, ...], ...]
    rows: np.ndarray
    last_row: int
    score: float
    evidence: dict[str, float]

    @property
    def style(self) -> str:
        """Name the styles of its turns."""
        return " and ".join(manner.style for manner in self.manners)

    @property
    def is_stamped(self) -> bool:
        """Say whether its turns have a stamp."""
        return self.manners[0].is_timed

    @property
    def pattern_of_speaker(self) -> str:
        """The pattern of a turn's first line, whose only group is who speaks."""
        return self.manners[0].pattern(only_speaker=True)

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
        stamped = sample.filter(among(pl.col("text").str.contains(CLOCKED), f"^{PLAIN_STAMP}"))
        for is_stamped, asked in ((True, stamped), (False, sample)):
            for style, docs in _likely(asked, is_stamped=is_stamped):
                manner = Manner(style, is_stamped)
                named = _named(part.filter(pl.col("doc").is_in(docs)), manner)
                for (doc,), own in named.group_by("doc", maintain_order=True):
                    found.setdefault(doc, []).append(Turns(manner._replace(lead=lead), own))
    return found


def _leads(lines: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Part the documents whose lines are numbered, as a court's are, from the others; leave the numbers out."""
    number = pl.col("text").str.extract(r"^(\d{1,3})(?:\s|$)").cast(pl.Int32)
    is_next = (number - number.shift(1)).over("doc") == 1
    share = lines.group_by("doc").agg(share=is_next.sum() / pl.len(), n=pl.len())
    docs = share.filter((pl.col("share") >= MOST_NUMBERED) & (pl.col("n") > LEAST_TURNS))["doc"]
    is_numbered = pl.col("doc").is_in(docs.to_list())
    yield "", lines.filter(~is_numbered)
    if len(docs):
        yield NUMBERED[1:], lines.filter(is_numbered).with_columns(pl.col("text").str.replace(NUMBERED, ""))


def _likely(sample: pl.DataFrame, *, is_stamped: bool) -> Iterator[tuple[str, list[int]]]:
    """Give each style with the documents of whose first lines enough are of it."""
    styles = [
        name for name, style in STYLES.items() if (style.takes_stamp if is_stamped else not style.needs_stamp)
    ]
    sample = sample.filter(pl.len().over("doc") >= LEAST_TURNS - 1)
    if sample.is_empty():  # the patterns of stamps take 30 ms each to compile
        return
    is_clocked = pl.col("text").str.contains(CLOCKED)
    hits = {
        style: among(is_clocked, _speaker(style, is_stamped))
        if STYLES[style].has_stamp
        else pl.col("text").str.contains(_speaker(style, is_stamped))
        for style in styles
    }
    counts = sample.select("doc", **hits).group_by("doc").agg(pl.col(styles).sum())
    for style in styles:
        if docs := counts.filter(pl.col(style) >= LEAST_TURNS - 1)["doc"].to_list():
            yield style, docs


def _speaker(style: str, is_stamped: bool) -> str:
    return Manner(style, is_stamped).pattern(only_speaker=True)


def _named(lines: pl.DataFrame, manner: Manner) -> pl.DataFrame:
    """Give the lines that may begin a turn, of documents where enough of their names come back."""
    name = pl.col("text").str.extract(manner.pattern(only_speaker=True), 1)
    named = lines.select("doc", "row", name=name).drop_nulls("name")
    times = named.with_columns(is_often=(pl.len().over("doc", "name") >= 2) | manner.is_stamped)
    enough = pl.col("is_often").sum().over("doc") >= LEAST_TURNS
    several = pl.col("name").n_unique().over("doc") >= 2
    return times.filter(enough & several).drop("is_often")


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


class Voices(NamedTuple):
    """The turns of one manner: their rows, who speaks, and the forms of names that tell who speaks but once."""

    manner: Manner
    rows: np.ndarray
    names: list[str]
    forms: tuple[str, ...]


def _voices(page: Page, found: Turns) -> Voices | None:
    """Keep the lines that name a speaker: one who comes back, or is named as those are who do."""
    rows, names = found.lines["row"].to_numpy(), found.lines["name"].to_list()
    manner, style = found.manner, STYLES[found.manner.style]
    if manner.style == "alone":
        is_kept = _answered(page, rows, names)
        rows, names = rows[is_kept], [name for name, kept in zip(names, is_kept, strict=True) if kept]
    if manner.is_timed or manner.style in ("colon", "alone"):
        opening, closing = shared_words(
            names if manner.is_timed else [name for name, times in Counter(names).items() if times > 1]
        )
        opening = opening if manner.is_timed else ""
        names = [_bare(name, opening, closing) for name in names]
        manner = manner._replace(opening=opening, closing=closing)
    times = Counter(names)
    often = {name for name, number in times.items() if number >= 2}
    forms = tuple(sorted({form for name in often for form in forms_of(name)}))
    forms = forms if manner.style in ONCE else ()
    is_any = style.is_signed or manner.is_timed
    is_often = np.array([is_any or name in often for name in names], dtype=bool)
    is_kept = is_often | np.array([not {*forms}.isdisjoint(forms_of(name)) for name in names], dtype=bool)
    is_kept &= _is_near(rows, rows[is_often], 0 if manner.style == "alone" else FAR)
    names = [name for name, kept in zip(names, is_kept, strict=True) if kept]
    if len(names) < LEAST_TURNS or len({*names}) < 2 or not (often or is_any):
        return None
    return Voices(manner, rows[is_kept], names, forms)


def _is_near(rows: np.ndarray, core: np.ndarray, far: float) -> np.ndarray:
    """Say which rows lie among those of speakers who come back, or about as near as these do to each other."""
    if len(core) < 2:
        return np.zeros(len(rows), dtype=bool)
    reach = far * (float(np.median(np.diff(core))) + 1)
    return (rows >= core[0] - reach) & (rows <= core[-1] + reach)


def _bare(name: str, opening: str, closing: str) -> str:
    name = name.removeprefix(opening)
    return name.removesuffix(closing) if closing else name


def _answered(page: Page, rows: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Say which names that stand alone have words below, and no other name: those of a list or a menu do not."""
    below = np.minimum(rows + 1, page.height - 1)
    times = Counter(names)
    is_likely = np.array([times[name] > 1 or bool(forms_of(name)) for name in names], dtype=bool)
    is_text = page.prose | page.ends | (page.n_words >= SENTENCE_WORDS)
    is_text |= page.lines["text"].str.contains(ASIDE).to_numpy()
    is_said = is_text[below] & ~np.isin(rows + 1, rows[is_likely]) & (rows + 1 < page.height)
    right = Counter(np.array(names)[is_said].tolist())
    return np.array([right[name] >= ANSWERED * times[name] for name in names]) & is_said


def _with_companions(one: Voices, others: Sequence[Voices]) -> Iterator[list[Voices]]:
    """Join questions and answers with the turns of those who break in."""
    for other in others:
        is_companion = other.manner.style in COMPANIONS.get(one.manner.style, ())
        if is_companion and not np.isin(other.rows, one.rows).any():
            yield [one, other]


# What speaks for a page being talk, in log odds. Set by hand on labelled pages of talk, and pages of other kinds.
BIAS = -15.0
WEIGHTS = {
    "coverage": 3.0,
    "often": 2.5,
    "few": 1.5,
    "dense": 4.0,
    "changes": 1.5,
    "stamped": 3.0,
    "many": 0.5,
    "asks": 1.0,
    "says": 4.0,
    "apart": 2.5,
    "people": 2.0,
}
MOST_MANY = 6.0


def _talk(page: Page, parts: Sequence[Voices]) -> Talk | None:
    order = np.argsort(np.concatenate([part.rows for part in parts]))
    rows = np.concatenate([part.rows for part in parts])[order]
    said = pl.Series([name for part in parts for name in part.names])[order]
    first = parts[0].manner
    if voices_cycle(said):
        return None
    has_stamp = first.is_timed
    is_offset = has_stamp and _counts_from_zero(page, rows)
    if STYLES[first.style].has_stamp and not is_offset and not _is_bracketed(page, rows):
        return None
    is_bare = _is_bare(page, rows, first)
    times = said.value_counts()
    last_row = _last_row(page, rows)
    evidence = {
        "coverage": float(page.weight[rows[0] : last_row + 1].sum() / max(1, page.weight.sum())),
        "often": float(times["count"].filter(times["count"] >= 2).sum() / len(rows)),
        "few": 1 - min(1.0, times.height / len(rows)),
        "dense": float(len(rows) / max(1, last_row + 1 - rows[0])),
        "changes": float((said != said.shift(1)).slice(1).sum() / max(1, len(rows) - 1)),
        "stamped": float(has_stamp),
        "many": min(float(np.log2(len(rows))), MOST_MANY),
        "asks": _asks(page, rows, last_row),
        "says": 1.0 if has_stamp else float((page.prose | page.ends)[rows + is_bare].mean()),
        "apart": _apart(page, rows, is_bare),
        "people": float(np.mean([bool(forms_of(name)) for name in said])),
    }
    z = BIAS + sum(WEIGHTS[name] * value for name, value in evidence.items())
    z += max(STYLES[part.manner.style].bias for part in parts)
    manners = tuple(part.manner._replace(is_offset=is_offset) for part in parts)
    return Talk(
        manners, tuple(part.forms for part in parts), rows, last_row, float(1 / (1 + np.exp(-z))), evidence
    )


def _asks(page: Page, rows: np.ndarray, last_row: int) -> float:
    """Say how many turns end with a question, 1 where every other does."""
    last = page.lines["text"].gather([*(rows[1:] - 1).tolist(), last_row])
    return min(1.0, float(2 * last.str.contains(r"[?？؟][\"”»]?\s*$").sum() / len(rows)))


def _is_bare(page: Page, rows: np.ndarray, manner: Manner) -> np.ndarray:
    """Say which lines have but a name, with words below."""
    is_bare = page.lines["text"].gather(rows).str.contains(r"[:：]\s*$").to_numpy() | (
        manner.style == "alone"
    )
    return is_bare & (rows + 1 < page.height)


def _apart(page: Page, rows: np.ndarray, is_bare: np.ndarray) -> float:
    """Say how many names stand alone and are no headings: with a colon, with an office, or set in as in scripts."""
    text = page.lines["text"].gather(rows)
    is_set_in = page.indent[rows] > page.indent[np.minimum(rows + 1, page.height - 1)] + 1
    is_set_in &= (text == text.str.to_uppercase()).to_numpy()
    is_told = text.str.contains(r"[:：]\s*$|\S\s+(?:--|[–—])\s+\S").to_numpy()
    return float((is_bare & (is_told | is_set_in)).mean())


def _is_bracketed(page: Page, rows: np.ndarray) -> bool:
    """Say whether a date and a time stand in brackets behind each name, as in what is copied from a chat."""
    stamps = (
        page.lines["text"]
        .gather(rows)
        .str.contains(rf"\[(?:{ANY_DAY},?\s+)?\D{{0,6}}{CLOCK_TIME}[^\[\]]{{0,6}}\]")
    )
    return bool(stamps.to_numpy().mean() > ANSWERED)


def voices_cycle(names: pl.Series) -> bool:
    """Say whether names follow each other always in the same order, as the fields of a form do, and no one's voice."""
    if names.n_unique() < 3:
        return False
    pairs = pl.DataFrame({"name": names, "next": names.shift(-1)}).drop_nulls()
    most = pairs.group_by("name", "next").len().group_by("name").agg(pl.col("len").max())
    return most["len"].sum() >= 0.9 * pairs.height


def _counts_from_zero(page: Page, rows: np.ndarray) -> bool:
    """Say whether stamps tell the time since the beginning: they begin near zero and never fall."""
    stamps = page.lines["text"].gather(rows[:50]).str.extract(f"({CLOCK_TIME})", 1)
    told = pl.select(seconds(pl.lit(stamps))).to_series().drop_nulls().to_numpy()
    has_day = page.lines["text"].gather(rows[:5]).str.contains(rf"^[\[(]?{ANY_DAY}|(?:19|20)\d\d").any()
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
    idle = page.short & ~page.prose & ~page.ends
    row, run = int(rows[-1]), 0
    reach = min(page.height, row + max(most, 3))
    for below in range(row + 1, reach):
        run = run + 1 if idle[below] else 0
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
    opening = next(m for m in talk.manners if _fits(page, m, first))
    marks.append(
        Mark(
            "opening",
            opening.pattern(),
            label("turn"),
            below=flow("turn"),
            opens=None if is_open else "article",
            where=n == first,
        )
    )
    for number, (manner, forms) in enumerate(zip(talk.manners, talk.forms, strict=True)):
        name = "turn" if not number else f"turn_{number + 1}"
        is_any = manner.is_timed or STYLES[manner.style].is_signed
        repeats, voices = (None, 1) if is_any else ("speaker", 2)
        is_said = inside & under(_is_said()) if manner.style == "alone" else inside
        part = {"below": flow("turn"), "where": is_said}
        marks.append(Mark(name, manner.pattern(), label("turn"), repeats=repeats, voices=voices, **part))
        marks += [Mark(f"{name}_of_{form}", manner.pattern(form), label("turn"), **part) for form in forms]
    marks += _events(page, talk, inside)
    return Grammar(kind="induced", knows=(talk.pattern,), marks=tuple(marks))


def _is_said() -> Said:
    return ends_sentence() | is_prose() | holds(ASIDE) | (n_words() >= SENTENCE_WORDS)


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
