"""Pages of talk: chats, interviews, hearings, transcripts, whose every turn names who speaks.

A *style* is a way to set the speaker off from the words: `<ada> …`, `ADA: …`, `Mr. Lovelace. – …`, a name alone above
them. Before it may stand a stamp: a date, a time of day, or how far into the recording it is. A style is believed where
a few names come again and again and hold most of the page's words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.grammar import seconds
from pipeline.induce.dates import ANY_DAY
from pipeline.induce.said import Said
from pipeline.induce.template import Page
from pipeline.induce.words import ANYTHING, Grammar, Mark, chrome, flow, label, n

NAME = r"[^\s:：<>\[\]()|*][^:：<>\[\]|*]{0,59}?"
ASIDES = r"(?: ?[(\[（][^()\[\]（）]{1,60}[)\]）])?"
WORDS = r"(?P<text>.*)"
STYLES = {
    "angled": rf"<[@+%~&! ]?(?P<speaker>[^<>\s][^<>]{{0,40}}?)>:?\s+{WORDS}",
    "bold": rf"\*\*(?P<speaker>[^\s*:：][^*:：]{{0,58}}?)\s*[:：]?\*\*\s*[:：]?\s*{WORDS}",
    "colon": rf"(?P<speaker>{NAME}{ASIDES})\s?[:：](?:\s+|$){WORDS}",
    "wide_colon": rf"(?P<speaker>{NAME}{ASIDES})：\s*{WORDS}",
    "dashed": rf"(?P<speaker>[^\s.–—-][^.–—:]{{0,58}}?)\.? ?[–—] {WORDS}",
    "stopped": (
        r"(?P<speaker>(?:[^\W\d_]{1,4}\.\s){0,2}(?:[^\s.]+\s){0,7}?[^\s.]{2,40}"
        rf"{ASIDES})\.(?:\s?[–—-])?\s+{WORDS}"
    ),
    "wide_space": rf"[○◯●◎]?(?P<speaker>[^\s　:：]{{1,40}})　{WORDS}",
    "bracketed": rf"\[(?P<speaker>[^\[\]\d][^\[\]]{{0,40}})\]:?\s+{WORDS}",
    "barred": rf"(?P<speaker>[^\s|][^|]{{0,40}}?)\s?(?:\||>|\t)\s?{WORDS}",
    "plain": rf"(?P<speaker>[^\s:]{{1,32}})\s+{WORDS}",
    "alone": rf"(?P<speaker>{NAME}{ASIDES})\s?[:：]?",
}
STAMPED_ONLY = ("plain",)
CLOCK_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?"
HALF_DAY = r"(?:\s?(?i:[ap]\.?\s?m\.?))?"
STAMP = (
    rf"[\[(]?(?:(?P<published_raw>{ANY_DAY})(?:,?\s+|T))?"
    rf"(?P<clock>{CLOCK_TIME}{HALF_DAY})Z?(?:,?\s+{ANY_DAY})?[\])]?\s*[-–—|:]?\s*"
)
PLAIN_STAMP = STAMP.replace("?P<published_raw>", "?:").replace("?P<clock>", "?:")
SAMPLE_LINES = 600
LEAST_TURNS = 4
EVENT = r"^(?:\*{1,3}|-{2,3}>?|→|←|<--|-!-|[•·]) .*$"


@dataclass(frozen=True)
class Talk:
    """A page read as talk: its style, whether its turns are stamped, which rows begin a turn, and where it ends."""

    style: str
    is_stamped: bool
    rows: np.ndarray
    last_row: int
    score: float
    evidence: dict[str, float]
    is_offset: bool = False

    @property
    def pattern_of_speaker(self) -> str:
        """The pattern of a turn's first line, whose only group is who speaks."""
        stamp = PLAIN_STAMP if self.is_stamped else ""
        return f"^{stamp}{STYLES[self.style]}$"

    @property
    def pattern(self) -> str:
        """The pattern of a turn's first line."""
        stamp = STAMP if self.is_stamped else ""
        if self.is_offset:
            stamp = stamp.replace("?P<clock>", "?P<start>").replace("?P<published_raw>", "?:")
        return f"^{stamp}{STYLES[self.style]}$"


class Turns(NamedTuple):
    """The lines of a document that may begin a turn: `row`, `name`, and how many `times` that comes."""

    style: str
    is_stamped: bool
    lines: pl.DataFrame


def turns(lines: pl.DataFrame) -> dict[int, list[Turns]]:
    """List for each document the styles in which a few names come often enough; all documents are asked at once.

    Args:
        lines: needs `doc`, `text`; each document's lines lie together.
    """
    numbered = lines.select("doc", "text", row=pl.int_range(pl.len(), dtype=pl.Int64).over("doc"))
    sample = numbered.filter(pl.col("row") < SAMPLE_LINES)
    stamped = sample.filter(pl.col("text").str.contains(f"^{PLAIN_STAMP}"))
    found: dict[int, list[Turns]] = {}
    for is_stamped, asked in ((True, stamped), (False, sample)):
        for style, docs in _likely(asked, is_stamped=is_stamped):
            named = _named(numbered.filter(pl.col("doc").is_in(docs)), style, is_stamped=is_stamped)
            for (doc,), own in named.group_by("doc", maintain_order=True):
                found.setdefault(doc, []).append(Turns(style, is_stamped, own))
    return found


def _likely(sample: pl.DataFrame, *, is_stamped: bool) -> Iterator[tuple[str, list[int]]]:
    """Give each style with the documents of whose first lines enough are of it."""
    styles = [style for style in STYLES if is_stamped or style not in STAMPED_ONLY]
    hits = (pl.col("text").str.contains(_pattern(style, is_stamped=is_stamped)).sum() for style in styles)
    counts = sample.group_by("doc").agg(hit.alias(style) for style, hit in zip(styles, hits, strict=True))
    for style in styles:
        if docs := counts.filter(pl.col(style) >= LEAST_TURNS - 1)["doc"].to_list():
            yield style, docs


def _named(lines: pl.DataFrame, style: str, *, is_stamped: bool) -> pl.DataFrame:
    """Give the lines that may begin a turn where there are enough; without a stamp a name must come back."""
    name = pl.col("text").str.extract(_pattern(style, is_stamped=is_stamped), 1)
    named = lines.select("doc", "row", name=name).drop_nulls("name")
    kept = named.with_columns(times=pl.len().over("doc", "name")).filter((pl.col("times") >= 2) | is_stamped)
    enough = (pl.len().over("doc") >= LEAST_TURNS) & (pl.col("name").n_unique().over("doc") >= 2)
    return kept.filter(enough)


def _pattern(style: str, *, is_stamped: bool) -> str:
    return f"^{PLAIN_STAMP if is_stamped else ''}{STYLES[style]}$"


def talks(page: Page, found: Sequence[Turns] | None = None) -> list[Talk]:
    """List the ways in which a page can be read as talk, the likeliest first.

    Args:
        page: the page.
        found: as `turns` gives them; asked of this page alone by default.
    """
    if found is None:
        found = next(iter(turns(page.lines).values()), ())
    tried = (_talk(page, *those) for those in found)
    return sorted((talk for talk in tried if talk is not None), key=lambda talk: -talk.score)


def _talk(page: Page, style: str, is_stamped: bool, kept: pl.DataFrame) -> Talk | None:
    rows = kept["row"].to_numpy()
    if voices_cycle(kept["name"]):
        return None
    if style == "alone" and (np.diff(rows) == 1).mean() > 0.1:
        return None
    often = float((kept["times"] >= 2).sum() / kept.height)
    voices = kept["name"].n_unique()
    last_row = _last_row(page, rows)
    inside = np.zeros(page.height, dtype=bool)
    inside[rows[0] : last_row + 1] = True
    coverage = float(page.weight[inside].sum() / max(1, page.weight.sum()))
    dense = float(len(rows) / max(1, last_row + 1 - rows[0]))
    changes = float((kept["name"] != kept["name"].shift(1)).slice(1).sum() / max(1, kept.height - 1))
    evidence = {
        "coverage": coverage,
        "often": often,
        "few": 1 - min(1.0, voices / len(rows)),
        "dense": dense,
        "changes": changes,
        "stamped": float(is_stamped),
        "many": float(np.log2(len(rows))),
    }
    z = (
        -10.5
        + 3 * coverage
        + 2.5 * often
        + 1.5 * evidence["few"]
        + 4 * dense
        + 1.5 * changes
        + 3.0 * is_stamped
        + 0.5 * min(evidence["many"], 6)
    )
    z += {"angled": 1.0, "bold": 0.8, "alone": -1.5, "plain": -0.8, "stopped": -0.4, "dashed": -0.4}.get(
        style, 0.0
    )
    is_offset = is_stamped and _counts_from_zero(page, rows)
    return Talk(style, is_stamped, rows, last_row, float(1 / (1 + np.exp(-z))), evidence, is_offset)


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
    has_day = page.lines["text"].gather(rows[:5]).str.contains(rf"^[\[(]?{ANY_DAY}").any()
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


def compose_talk(page: Page, talk: Talk) -> Said:
    """Write the grammar that reads a page as talk."""
    marks: list[Said] = []
    repeats, voices = (None, 1) if talk.is_stamped else ("speaker", 2)
    inside = n.is_between(int(talk.rows[0]), talk.last_row)
    turn = Mark(
        "turn", talk.pattern, label("turn"), below=flow("turn"), where=inside, repeats=repeats, voices=voices
    )
    opening = Mark(
        "opening",
        talk.pattern,
        label("turn"),
        below=flow("turn"),
        opens="article",
        where=n == int(talk.rows[0]),
    )
    if talk.rows[0] > 0:
        marks.append(Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0))
    marks += [opening, turn]
    if talk.last_row + 1 < page.height:
        marks.append(
            Mark("foot", ANYTHING, chrome("footer"), below=chrome("footer"), where=n == talk.last_row + 1)
        )
    if talk.is_stamped:
        texts = page.lines["text"].slice(int(talk.rows[0]), talk.last_row + 1 - int(talk.rows[0]))
        others = texts.filter(~texts.str.contains(talk.pattern))
        for name, pattern in (("event", f"^{PLAIN_STAMP}\\S.*$"), ("unstamped_event", EVENT)):
            if others.str.contains(pattern).any():
                marks.append(Mark(name, pattern, chrome("ui_message", inside=True), where=inside))
                others = others.filter(~others.str.contains(pattern))
    return Grammar(kind="induced", knows=(talk.pattern,), marks=tuple(marks))
