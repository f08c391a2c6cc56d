"""The words a grammar may use, and the conditions they are made of.

A page kind is a grammar over a table of lines: a short list of marks, lines a reader would point at. The
first mark that holds labels the line; what it says of the lines below holds until another mark says
otherwise. `segment` reads a page by a grammar; this module only says what a grammar is.
"""

import importlib
import json
import pkgutil
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from pipeline.calendar import noons, plain, which

RECORD_FIELDS = ("title", "author", "handle", "published_raw", "n_promised")
TITLE_REST = "title_rest"  # the named group that holds what a title goes on with on the lines below
SEGMENT_FIELDS = ("speaker", "start", "clock")
KEPT_PATTERNS = 1000  # parsed by Python: of grammars made for pages there is no end
WORDS = "text"  # the named group that holds a line's own words, after its label


class GrammarError(Exception):
    """A declaration that cannot hold; it stops its author, never a run over pages."""


@dataclass(frozen=True)
class Part:
    """What a line is: its role in the ledger and, for chrome and segments, of which kind."""

    role: str
    kind: str | None = None
    is_inside: bool = True
    is_label: bool = False
    is_flowing: bool = False
    goes_on: bool = False


HEADER = Part("header")
BODY = Part("body", "paragraph")


def chrome(kind: str, *, inside: bool = False) -> Part:
    """Say that a line is the site's, not the author's; `inside` keeps it within the record's bounds."""
    return Part("chrome", kind, is_inside=inside)


def block(kind: str) -> Part:
    """Say that a line is a segment of its own: a heading, a caption, a chapter."""
    return Part("body", kind)


def label(kind: str, *, goes_on: bool = False) -> Part:
    """Say that a line, or what stands before its group `text`, names a segment: a speaker, a number.

    One that `goes_on` tells more of the segment that the line above is of, as a name below its time does.
    """
    return Part("body", kind, is_label=True, goes_on=goes_on)


def flow(kind: str) -> Part:
    """Say of the lines below a mark that they are one segment, until another mark or split ends it."""
    return Part("body", kind, is_flowing=True)


@dataclass(frozen=True)
class Mark:
    """A line a reader would point at.

    Attributes:
        name: what a reader would call the line.
        pattern: regular expression, anchored, valid for Rust's engine and Python's. Named groups are fields:
            RECORD_FIELDS, `title_rest`, SEGMENT_FIELDS, and `text`, the line's own words up to its end. A speaker
            that is empty is the one above, who goes on.
        part: what the line is. In a header line with a group `text`, that group is what `below` says.
        below: what the unmarked lines after it are; null leaves that as it was.
        opens: kind of the record that starts here.
        section: name of the stretch of a record that starts here; it ends where a record or section starts.
        where: condition on the row, such as `n == 0`, `prev(…)`, `within("transcript")`. Marks that open a
            record or section are read first, so theirs cannot use `within`.
        repeats: a named group whose value must be met `times` times in its record, itself or words of it: a name
            may shorten after its first use.
        times: see `repeats`.
        voices: of so many values the record must repeat each, or none counts: it takes two to talk.
        rises: a named group with a time, such as `start`: a line whose time is out of step is none, where those
            before and after it in the record rise.
        partial: the record that starts here is shown in part by design, as a preview is: it promises more.
    """

    name: str
    pattern: str
    part: Part
    below: Part | None = None
    opens: str | None = None
    section: str | None = None
    where: pl.Expr | None = None
    repeats: str | None = None
    times: int = 2
    voices: int = 1
    rises: str | None = None
    partial: bool = False

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Name the fields this mark finds."""
        return tuple(_parsed(self.pattern).state.groupdict)

    @cached_property
    def is_possible(self) -> pl.Expr:
        """Say when a row may be this mark; there its pattern is tried."""
        fits = is_at_most(None if self.pattern == ANYTHING else longest(self.pattern))
        return fits if self.where is None else fits & self.where


@dataclass(frozen=True)
class Split:
    """An unmarked line below a mark at which the flowing segment ends and another begins.

    Attributes:
        name: what the line starts, such as `tweet`.
        where: condition on the row.
        within: names of the marks below which it counts.
        promises: field with the number of segments the page says there are below such a mark, or that number.
        weight: of more candidates than promised, those of the greatest weight are splits; null takes them all.
        fits: characters that a segment holds at most; candidates fill one after another, and a line that no longer
            fits starts the next. Null where length tells nothing.
    """

    name: str
    where: pl.Expr
    within: tuple[str, ...]
    promises: str | int | None = None
    weight: pl.Expr | None = None
    fits: int | None = None


@dataclass(frozen=True)
class Tail:
    """Chrome glued to the end of a line of one role ("…capitalist.Image")."""

    name: str
    pattern: str
    kind: str
    on: str = "body"


@dataclass(frozen=True)
class Recurring:
    """Paragraphs that stand word for word in several records of a page: the publisher's, not the author's.

    Attributes:
        name: what the rule is called in the ledger.
        kind: the chrome they are.
        least: number of records they must stand in.
        share: share of the document's records they must stand in, 0 to 1.
        least_chars: characters of a paragraph below which it is too short to be told from chance.
        is_last: only lines of any kind with which a record ends count, below its last that does not recur.
    """

    name: str
    kind: str
    least: int = 2
    share: float = 0.0
    least_chars: int = 0
    is_last: bool = False


@dataclass(frozen=True)
class Grammar:
    """How the pages of one kind are read.

    Attributes:
        kind: the page kind.
        knows: patterns by which such a page is known, each held by at least one line; none knows nothing.
        marks: the first that holds labels the line.
        shape: condition that most lines of such a page hold (`segment.recognition.MOST_LINES`); null asks nothing.
        joined: fields of which a record may have several values: they are joined by "and".
        page_fields: fields that, once found, hold for every record of the page that has none of its own.
        cuts: where within a line another begins: behind the first pattern and before the second, one cut after another.
        facts: conditions that several marks or other facts use, by name: each is found once, in order, and is then
            a column, `pl.col(name)`. They are found first, so that they cannot use `within` or `recorded`.
    """

    kind: str
    knows: tuple[str, ...]
    marks: tuple[Mark, ...]
    facts: Mapping[str, pl.Expr] = field(default_factory=dict)
    shape: pl.Expr | None = None
    cuts: tuple[tuple[str, str], ...] = ()
    joined: tuple[str, ...] = ()
    page_fields: tuple[str, ...] = ()
    splits: tuple[Split, ...] = ()
    tails: tuple[Tail, ...] = ()
    recurring: tuple[Recurring, ...] = ()

    def __post_init__(self) -> None:
        for name in self.rule_names:
            if self.rule_names.count(name) > 1:
                raise GrammarError(f"{self.kind}: two rules are called {name!r}")
        for mark in self.marks:
            _check_mark(self.kind, mark)
        marked = {mark.name for mark in self.marks}
        for split in self.splits:
            if unknown := set(split.within) - marked:
                raise GrammarError(
                    f"{self.kind}: split {split.name!r} stands within no mark: {sorted(unknown)}"
                )

    @property
    def rule_names(self) -> tuple[str, ...]:
        """Name every rule that may claim a line."""
        return (
            *(mark.name for mark in self.marks),
            *(split.name for split in self.splits),
            *(tail.name for tail in self.tails),
            *(rule.name for rule in self.recurring),
        )


@lru_cache(KEPT_PATTERNS)
def _parsed(pattern: str) -> Any:
    return re._parser.parse(pattern)  # type: ignore[attr-defined]


def _check_mark(kind: str, mark: Mark) -> None:
    known = {*RECORD_FIELDS, TITLE_REST, *SEGMENT_FIELDS, WORDS}
    try:
        groups = set(mark.groups)
    except re.error as error:
        raise GrammarError(
            f"{kind}: mark {mark.name!r} has a pattern that does not compile: {error}"
        ) from error
    if unknown := groups - known:
        raise GrammarError(f"{kind}: mark {mark.name!r} finds {sorted(unknown)}; there are {sorted(known)}")
    if mark.repeats and mark.repeats not in groups:
        raise GrammarError(
            f"{kind}: mark {mark.name!r} repeats {mark.repeats!r}, which its pattern does not find"
        )
    if mark.pattern != ANYTHING and not (mark.pattern.startswith("^") and mark.pattern.endswith("$")):
        raise GrammarError(f"{kind}: mark {mark.name!r} is not anchored: {mark.pattern}")
    if str(_parsed(mark.pattern)[0][0]) == "BRANCH":
        raise GrammarError(
            f"{kind}: mark {mark.name!r} has a bare `|`, which parts its anchors: {mark.pattern}"
        )
    if WORDS in groups and mark.part.role == "header" and mark.below is None:
        raise GrammarError(
            f"{kind}: header {mark.name!r} has words of its own but no `below` to say what they are"
        )


# Conditions on a row of the line table ------------------------------------------------------------

ANYTHING = r"^.*$"
ANY_REST = re.compile(rf"(?:\(\?P<{WORDS}>(?P<first>\\S)?\.\*\)|(?<!\\)\.\*)\$$")
LONG_LINE = 1000  # characters; a pattern that can match as many is tried on every line
ANY_LENGTH = re.compile(r"(?<!\\)\.[*+]")  # in a pattern that can match any number of characters

n = pl.col("n")
n_left = pl.col("n_left")
gap = pl.col("gap")
indent = pl.col("indent")
n_chars = pl.col("text").str.len_chars()


def holds(pattern: str) -> pl.Expr:
    """Say whether the line itself holds a pattern."""
    most = longest(pattern)
    return pl.col("text").str.contains(telling(pattern)) if most is None else among(is_at_most(most), pattern)


def telling(pattern: str) -> str:
    """Leave out the end of a pattern that any rest of a line holds: there is no need to search it."""
    return ANY_REST.sub(lambda rest: rest["first"] or "", pattern)


def seconds(stamp: pl.Expr) -> pl.Expr:
    """Read `m:ss`, `h:mm:ss`, with or without a fraction, as seconds."""
    parts = stamp.str.replace(",", ".", literal=True).str.split(":")
    part = [parts.list.get(-i, null_on_oob=True).cast(pl.Float64, strict=False) for i in (1, 2, 3)]
    return part[0] + part[1].fill_null(0) * 60 + part[2].fill_null(0) * 3600


def seconds_of_day(clock: pl.Expr) -> pl.Expr:
    """Read a time of day, `h:mm` or `h:mm:ss`, since midnight, with or without the half of the day in any language."""
    clock = plain(clock)
    parts = clock.str.extract_all(r"\d+")
    hour, minute, second = (
        parts.list.get(i, null_on_oob=True).cast(pl.Float64, strict=False) for i in range(3)
    )
    said = clock.str.replace_all(r"[^\p{L}\p{M}]+", " ").str.strip_chars()
    noon = said.replace_strict(noons(), default=None, return_dtype=pl.Float64)  # 12 in the second half, or 0
    hour = pl.when(noon.is_not_null()).then(hour % 12 + noon).otherwise(hour)
    return hour * 3600 + minute * 60 + second.fill_null(0)


def numbered(numbers: Sequence[int]) -> pl.Expr:
    """Say which lines have one of some numbers; a line between two others may have a half, and is none of them."""
    return (2 * n).cast(pl.Int64).is_in([2 * number for number in numbers])


def above(condition: pl.Expr, lines: int = 1) -> pl.Expr:
    """Say whether a condition holds of the line so many lines above, in the same document."""
    return condition.shift(lines, fill_value=False) & (n >= lines)


def under(condition: pl.Expr, lines: int = 1) -> pl.Expr:
    """Say whether a condition holds of the line so many lines below, in the same document."""
    return condition.shift(-lines, fill_value=False) & (pl.col("n_left") >= lines)


def from_above(value: pl.Expr, lines: int = 1) -> pl.Expr:
    """Take a value of the line so many lines above; null where the document has none."""
    return pl.when(n >= lines).then(value.shift(lines))


def from_below(value: pl.Expr, lines: int = 1) -> pl.Expr:
    """Take a value of the line so many lines below; null where the document has none."""
    return pl.when(n_left >= lines).then(value.shift(-lines))


def prev(pattern: str) -> pl.Expr:
    """Say whether the line above holds a pattern."""
    return above(holds(pattern))


def next_(pattern: str) -> pl.Expr:
    """Say whether the line below holds a pattern."""
    return under(holds(pattern))


def since(pattern: str) -> pl.Expr:
    """Say whether some line above, or the line itself, holds a pattern, in the same document."""
    return holds(pattern).cum_max().over("doc")


def ever(pattern: str) -> pl.Expr:
    """Say whether any line of the document holds a pattern."""
    return holds(pattern).any().over("doc")


def began(start: pl.Expr, condition: pl.Expr) -> pl.Expr:
    """Say whether a condition holds of the line at which the passage of this line began.

    Args:
        start: lines at which a passage begins; a document's first line begins one too.
        condition: what is asked of that line.
    """
    return pl.when(start | (n == 0)).then(condition).forward_fill().fill_null(value=False)


def times(condition: pl.Expr, of: str = "doc") -> pl.Expr:
    """Count the lines of which a condition holds, in the document or among those alike in another fact."""
    return condition.sum().over(of)


def counted(start: pl.Expr) -> pl.Expr:
    """Number the passages that begin at some lines, over all documents; each document begins one."""
    return (start | (n == 0)).cum_sum()


def spelled_alike(condition: pl.Expr, but_for: str) -> pl.Expr:
    """Say which lines of a condition are spelled as the document's first such line.

    Args:
        condition: few lines hold it.
        but_for: pattern of what may differ, such as numbers.
    """
    spelling = pl.when(condition).then("text").otherwise(pl.lit("")).str.replace_all(but_for, "_").hash()
    first = pl.when(condition).then(spelling).drop_nulls().first().over("doc")
    return condition & (spelling == first)


def lately(condition: pl.Expr, lines: int) -> pl.Expr:
    """Say whether a condition holds of one of so many lines above, in the same document."""
    return pl.any_horizontal(above(condition, i) for i in range(1, lines + 1))


def soon(condition: pl.Expr, lines: int) -> pl.Expr:
    """Say whether a condition holds of one of so many lines below, in the same document."""
    return pl.any_horizontal(under(condition, i) for i in range(1, lines + 1))


def after(edge: pl.Expr, past: pl.Expr) -> pl.Expr:
    """Say whether the nearest line above of which `past` does not hold is one of `edge`."""
    nearest = pl.when(~past | (n == 0)).then(edge & ~past).forward_fill()
    return nearest.shift(1, fill_value=False) & (n >= 1)


def before(edge: pl.Expr, past: pl.Expr) -> pl.Expr:
    """Say whether the nearest line below of which `past` does not hold is one of `edge`, or there is none."""
    nearest = pl.when(~past | (n_left == 0)).then(edge | past).backward_fill()
    return nearest.shift(-1, fill_value=True) | (n_left == 0)


def lasts(condition: pl.Expr) -> pl.Expr:
    """Say whether a condition holds of the line and of all below it, in the same document.

    Args:
        condition: a fact, or as cheap; it is asked twice.
    """
    return pl.when(~condition | (n_left == 0)).then(condition).backward_fill()


def among(condition: pl.Expr, pattern: str) -> pl.Expr:
    """Say whether a line of which a condition holds also holds a pattern; no other line is searched."""
    return _asked(condition, partial(_search, pattern=telling(pattern)))


def _search(text: pl.Series, pattern: str) -> pl.Series:
    return text.str.contains(pattern)


def is_day(condition: pl.Expr) -> pl.Expr:
    """Say whether a line of which a condition holds is a day or an age, in any language; no other is read."""
    return _asked(condition, _are_days)


def _are_days(text: pl.Series) -> pl.Series:
    return which(text).is_in(["date", "relative"]).fill_null(value=False)


def _asked(condition: pl.Expr, judge: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """Ask the lines of which a condition holds, and no other."""
    ask = partial(_ask, judge=judge)
    return pl.map_batches([condition, pl.col("text")], ask, return_dtype=pl.Boolean, is_elementwise=True)


def _ask(columns: Sequence[pl.Series], judge: Callable[[pl.Series], pl.Series]) -> pl.Series:
    asked, text = columns[0].fill_null(value=False), columns[1]
    held = np.zeros(len(text), dtype=bool)
    rows = asked.to_numpy().nonzero()[0]
    if len(rows):  # a pattern costs milliseconds to compile
        held[rows] = judge(text.gather(rows)).to_numpy()
    return pl.Series(held)


def is_at_most(chars: int | None) -> pl.Expr:
    """Say whether a line may have so few characters, by its bytes: four make the widest; null is no bound."""
    return n >= 0 if chars is None else (pl.col("byte_end") - pl.col("byte_start")) <= 4 * chars


@lru_cache(KEPT_PATTERNS)
def longest(pattern: str) -> int | None:
    """Say how many characters the line that a pattern matches has at most; null where there is no bound."""
    if not (pattern.startswith("^") and pattern.endswith("$")) or ANY_LENGTH.search(pattern):
        return None
    try:
        most = int(_parsed(pattern).getwidth()[1])
    except re.error:  # a class that only Rust's engine knows
        return None
    return most if most < LONG_LINE else None


def recorded(condition: pl.Expr) -> pl.Expr:
    """Say whether a condition holds of any line of the record; not for marks that open one."""
    return condition.any().over("opening")


def within(*sections: str) -> pl.Expr:
    """Say whether the row stands in one of these sections of its record; "" is the part before any."""
    return pl.col("section").is_in(sections)


def stacked(upper: Grammar, lower: Grammar, since: int) -> Grammar:
    """Read a page by one grammar above some line, and by another from there on."""
    above = upper.kind if upper.kind != lower.kind else f"{upper.kind} above"
    marks = [
        replace(mark, name=f"{name}: {mark.name}", where=there if mark.where is None else there & mark.where)
        for name, grammar, there in ((above, upper, n < since), (lower.kind, lower, n >= since))
        for mark in grammar.marks
    ]
    return replace(lower, marks=tuple(marks), facts={**upper.facts, **lower.facts})


def words(*forms: str) -> str:
    """Write an alternation of literal words, each in its composed and its decomposed Unicode form."""
    written = sorted(both_forms(forms), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, written))})"


def either(*patterns: str) -> str:
    """Write an alternation of patterns, each in its composed and its decomposed Unicode form."""
    return f"(?:{'|'.join(both_forms(patterns))})"


def listed(text: str, parted: str = "|") -> list[str]:
    """List the forms in a text, which bars or the ends of lines part."""
    return [form.strip() for line in text.splitlines() for form in line.split(parted) if form.strip()]


def any_listed(text: str) -> str:
    """Write an alternation of the literal forms listed in a text, as `words` does."""
    return words(*listed(text))


def unnamed(pattern: str) -> str:
    """Write a pattern without the names of its groups, to stand where another has them."""
    return re.sub(r"\?P<\w+>", "?:", pattern)


def both_forms(texts: Iterable[str]) -> Iterable[str]:
    """List texts in their composed and their decomposed form, each once and in order."""
    return dict.fromkeys(unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD"))


# What a site prints ---------------------------------------------------------------------------------

BULLET = r"(?:[*+o•◦·-] +)?"  # that a renderer may set before a line of a list

# PHP's date letters, as patterns; %s is a month's name. Dates that are read, not found, see `dates.py`.
DATE_LETTERS = {
    "d": r"[0-9]{1,2}",
    "j": r"[0-9]{1,2}",
    "n": r"[0-9]{1,2}",
    "Y": r"[0-9]{4}",
    "H": r"[0-9]{2}",
    "g": r"[0-9]{1,2}",
    "i": r"[0-9]{2}",
    "a": r"[ap]m",
    "S": r"\s?(?:st|nd|rd|th)",
}


def printed(kind: str) -> MappingProxyType[str, dict[str, Any]]:
    """Read what a site prints, by interface language, from the table beside its grammar."""
    table = Path(__file__).parent / "grammars" / f"{kind}.json"
    return MappingProxyType(json.loads(table.read_text(encoding="utf-8")))


def printed_date(form: str, months: Iterable[str]) -> str:
    """Write a date format as a pattern.

    Args:
        form: in PHP's letters; a tag spelled in it is not text, and a space may be any white space.
        months: names for `%s`; where one is an abbreviation, the letters it leaves out may stand too.
    """
    names = words(*(month.strip() for month in months)) + r"\S{0,7}"
    letters = re.findall(r"\\.|%s|.", re.sub(r"\\<.*?\\>", "", form), re.DOTALL)
    written = {"%s": names, **DATE_LETTERS}
    return "".join(r"\s" if it[-1].isspace() else written.get(it) or words(it[-1]) for it in letters)


# The grammars there are ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Specimen:
    """A grammar with the sample page it proves itself on."""

    grammar: Grammar
    sample: str
    expect: tuple[dict[str, object], ...]
    doc: str
    file: str = field(default="")


@cache
def specimens() -> MappingProxyType[str, Specimen]:
    """Load every grammar in `pipeline/grammars/`, by kind: a file there is all a page kind needs."""
    package = importlib.import_module("pipeline.grammars")
    found: dict[str, Specimen] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        module = importlib.import_module(f"pipeline.grammars.{name}")
        if module.GRAMMAR.kind in found:
            raise GrammarError(f"{module.__file__}: kind {module.GRAMMAR.kind!r} is taken")
        found[module.GRAMMAR.kind] = Specimen(
            module.GRAMMAR, module.SAMPLE, module.EXPECT, module.__doc__ or "", module.__file__ or ""
        )
    return MappingProxyType(found)


def grammars() -> tuple[Grammar, ...]:
    """List every grammar there is, by kind."""
    return tuple(specimen.grammar for specimen in specimens().values())


def named(kinds: Iterable[str]) -> tuple[Grammar, ...]:
    """List the grammars of these kinds."""
    return tuple(specimens()[kind].grammar for kind in kinds)
