"""Which lines of a page may begin a turn of talk, and whom they name.

What `voices` lists is tried on all pages at once; of each page the names are then judged by themselves: a speaker comes
back, or is named as those are who do.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.apart import apart
from pipeline.grammar import among, telling
from pipeline.induce.dates import date_words, is_half
from pipeline.induce.page import Page
from pipeline.induce.voices import (
    ALONE,
    ASIDE,
    BESIDE,
    CLOCK_TIME,
    CLOCKED,
    COMPANIONS,
    INITIALS,
    INTRODUCED,
    IS_ADDRESS,
    IS_DAY,
    IS_SAID,
    IS_SENTENCE,
    PLAIN_BESIDE,
    PLAIN_STAMP,
    STYLES,
    Manner,
    forms_of,
    shared_words,
    shortened,
)

SAMPLE_LINES = 600
LEAST_TURNS = 3
LEAST_OF_STYLE = 2
BREAK_IN = ("office", INTRODUCED)  # styles of which one line is enough, beside turns of another
NUMBERED = r"^\d{1,3}(?:\s+|$)"
BULLETED = r"^(?:[*•·◦‣–—|-]\s+|>+\s*)"  # where lists are set as text, each message may be an item
# Speeches of a debate may be counted: "Anf. 12 ", "003 ", "7. ".
COUNTED = r"^(?:[^\W\d_]{1,8}\.?\s+)?\d{1,4}(?:\.?\s+|[・·]\s?)"
LEAST_BULLETED = 0.3  # of a page's lines, those with a bullet and a name
MOST_NUMBERED = 0.6  # of a page's lines, those with the next number where lines are numbered
APART = r"[:：]\s*$"  # at the end of a name on a line of its own
# Forms of a name that needs to be met but once where it stands so.
OF_NAMES = {"addressed", "capitals", "capitalised"}
BRACKET = r"^[(\[（]"
IS_BRACKET = re.compile(BRACKET)
SENTENCE_WORDS = 5  # of a line, from which on it is part of a sentence and no name
MOSTLY = 0.8  # of some lines, those of which what is said of all of them must be true
ANSWERED = 0.6  # of the lines with a name alone, those with words below
# Styles in which one who speaks but once may be told by the form of the name.
ONCE = ("colon", "wide_colon", "stopped", "dashed", "wide_gap", "wide_space", *ALONE, "timed", "bracketed")
MOST_BYTES = 700  # of a line with a name and no more: 60 letters, brackets, an office
BARE = ("dashed", "stopped")  # styles in which what stands in brackets behind a name is never of it
ACCOMPANIED = {*COMPANIONS, *(name for names in COMPANIONS.values() for name in names)}
MOST_TO_TIME = 6  # lines from a name to the time below what is said
FAR = 2.0  # usual distances between turns, at which one may stand before the first of those who come back, or below


LEAST_SAME, MOST_SAME_BYTES = 5, 60  # of a line that may stand below each name: how often, how long
_N_SAME = pl.len().over("doc", "text")
STANDS_ALONE = {
    "time": among(pl.col("text").str.contains(r"\d[:.]\d"), PLAIN_BESIDE["time_below"]),
    "rule": among(pl.col("text").str.contains(r"^\W{3}"), PLAIN_BESIDE["rule_below"]),
    "same": (_N_SAME >= LEAST_SAME)
    & (_N_SAME.max().over("doc") == _N_SAME)
    & (pl.col("text").str.len_bytes() <= MOST_SAME_BYTES),
}


STYLES_TOGETHER = 10  # of which each has three patterns: a sign, its line, and that with a stamp


class Turns(NamedTuple):
    """The lines of a document that may begin a turn of one manner.

    Attributes:
        manner: how they begin.
        rows: their rows.
        names: the names in them.
        apart: whether they end in a colon.
    """

    manner: Manner
    rows: np.ndarray
    names: Sequence[str]
    apart: np.ndarray

    def only(self, kept: np.ndarray) -> "Turns":
        """Keep some of the lines."""
        return Turns(self.manner, self.rows[kept], [*compress(self.names, kept)], self.apart[kept])


class Voices(NamedTuple):
    """The turns of one manner.

    Attributes:
        manner: how they begin.
        rows: the rows of the names.
        names: who speaks, row by row.
        forms: the forms of names that tell a speaker who speaks but once.
        once: other names of those who do.
        n_back: how many speak more than once.
        others: rows that look like a turn's first line and are none.
    """

    manner: Manner
    rows: np.ndarray
    names: list[str]
    forms: tuple[str, ...]
    once: tuple[str, ...]
    n_back: int
    others: np.ndarray

    def only(self, kept: np.ndarray) -> "Voices":
        """Keep some of the turns."""
        if kept.all():
            return self
        others = np.union1d(self.others, self.rows[~kept])
        return self._replace(rows=self.rows[kept], names=[*compress(self.names, kept)], others=others)


# Which lines may begin a turn


def turns(lines: pl.DataFrame) -> dict[int, list[Turns]]:
    """List for each document the styles in which a few names come often enough; all documents are asked at once.

    Args:
        lines: needs `doc`, `text`; each document's lines lie together.
    """
    numbered = lines.select("doc", "text", row=pl.int_range(pl.len(), dtype=pl.Int64).over("doc"))
    parts = ((lead, part.with_columns(**STANDS_ALONE)) for lead, part in _leads(numbered))
    asked = [
        (manner._replace(lead=lead), _named(part.filter(pl.col("doc").is_in(docs)), manner))
        for lead, part in parts
        for manner, docs in _likely(part.filter(pl.col("row") < SAMPLE_LINES))
    ]
    if not asked:
        return {}
    named = pl.concat(own.with_columns(manner=pl.lit(number)) for number, (_, own) in enumerate(asked))
    named = named.filter(~pl.col("name").is_in(_days(named["name"].unique()).implode()))
    found: dict[int, list[Turns]] = {}
    for (number, doc), own in named.group_by("manner", "doc", maintain_order=True):
        manner = asked[number][0]
        if manner.beside == "same_below":
            manner = manner._replace(same=own["below"][0])
        told = Turns(manner, own["row"].to_numpy(), own["name"].to_list(), own["apart"].to_numpy())
        found.setdefault(doc, []).append(told)
    return found


def _leads(lines: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Part the documents whose lines are numbered, as a court's are, from the others; leave the numbers out.

    And give those once more, without their bullets, whose lines are the items of a list; and without the numbers, those
    some of whose lines are counted, as speeches are.
    """
    text = pl.col("text").str
    # `\d` is of any script, and what is written in another is no number to Polars.
    number = text.extract(r"^(\d{1,3})(?:\s|$)").cast(pl.Int32, strict=False)
    is_next = (number - number.shift(1)).over("doc") == 1
    share = lines.group_by("doc").agg(share=is_next.sum() / pl.len(), n=pl.len())
    docs = share.filter((pl.col("share") >= MOST_NUMBERED) & (pl.col("n") > LEAST_TURNS))["doc"]
    is_numbered = pl.col("doc").is_in(docs.to_list())
    yield "", lines.filter(~is_numbered)
    is_item = text.contains(rf"{BULLETED}(?:[\[(]?{CLOCK_TIME}|[^:：|]{{1,40}}(?:[:：]\s|\|))")
    listed = lines.filter((is_item.mean() >= LEAST_BULLETED).over("doc") & ~is_numbered)
    if len(listed):
        yield f"(?:{BULLETED[1:]})?", listed.with_columns(text.replace(BULLETED, ""))
    counted = _counted_on(lines.filter(~is_numbered))
    if len(counted):
        yield f"(?:{COUNTED[1:]})?", counted.with_columns(text.replace(COUNTED, ""))
    if len(docs):
        yield NUMBERED[1:], lines.filter(is_numbered).with_columns(text.replace(NUMBERED, ""))


def _counted_on(lines: pl.DataFrame) -> pl.DataFrame:
    """Keep the lines that begin with a number, each by one more than the last such line of a document, and the next."""
    number = pl.col("text").str.extract(f"({COUNTED})").str.extract(r"(\d+)").cast(pl.Int32, strict=False)
    numbered = lines.with_columns(number=number)
    told = numbered.select("doc", "number").drop_nulls()
    up = (pl.col("number").diff() == 1).over("doc")
    often = told.filter(
        (up.sum().over("doc") >= LEAST_TURNS) & (up.sum() >= MOSTLY * (pl.len() - 1)).over("doc")
    )
    is_told = pl.col("number").is_not_null()
    is_asked = pl.col("doc").is_in(often["doc"].unique().implode()) & (
        is_told | is_told.shift(1, fill_value=False)
    )
    return numbered.filter(is_asked).drop("number")


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
        if enough.is_empty():
            continue
        yield from _met(enough, manners)


def _met(lines: pl.DataFrame, manners: Sequence[Manner]) -> Iterator[tuple[Manner, list[int]]]:
    """Give each manner with the documents of which enough lines are of it."""
    docs, of = np.unique(lines["doc"].to_numpy(), return_inverse=True)
    for manner in manners:
        rows = apart(_thread_of(manner), _rows_of, lines["text"], of, manner)
        if (often := np.bincount(of[rows], minlength=len(docs)) >= _least(manner)).any():
            yield manner, docs[often].tolist()


def _rows_of(texts: pl.Series, of: np.ndarray, manner: Manner) -> np.ndarray:
    """List the lines of a manner; of documents (`of`) with too few signs of it none is searched for more."""
    is_sign = pl.DataFrame({"text": texts}).select_seq(_may_be_of(manner)).to_series().to_numpy()
    rows = np.flatnonzero(is_sign & (np.bincount(of[is_sign], minlength=of.max() + 1) >= _least(manner))[of])
    if not len(rows):  # a pattern costs milliseconds to compile
        return rows
    pattern = telling(Manner(manner.style).pattern(only_speaker=True))
    return rows[texts.gather(rows).str.contains(pattern).to_numpy()]


def _thread_of(manner: Manner) -> str:
    """Name the thread of a few styles, on which their patterns stay compiled."""
    return f"voices {[*STYLES].index(manner.style) // STYLES_TOGETHER}"


def _least(manner: Manner) -> int:
    """Say of how many lines there must be at least: who speaks with an office may break in but once."""
    return 1 if manner.style in BREAK_IN else LEAST_OF_STYLE


def _may_be_of(manner: Manner) -> pl.Expr:
    sign = STYLES[manner.style].sign
    return pl.col("text").str.contains(sign) if sign else pl.col("text").str.len_bytes() <= MOST_BYTES


def _placed(lines: pl.DataFrame, beside: str) -> pl.DataFrame:
    """Keep the lines above or below which a time or a rule stands alone; all, where nothing needs to."""
    if not beside:
        return lines
    what, side = beside.split("_")
    if side == "after":
        near = [pl.col(what).shift(-at, fill_value=False).over("doc") for at in range(MOST_TO_TIME + 1)]
        return lines.filter(~near[0] & ~near[1] & pl.any_horizontal(near[2:]))
    at = 1 if side == "above" else -1
    return lines.filter(pl.col(what).shift(at, fill_value=False) & (pl.col("doc") == pl.col("doc").shift(at)))


def _named(lines: pl.DataFrame, manner: Manner) -> pl.DataFrame:
    """Give the lines that may begin a turn, of documents where enough of their names come back, with their names."""
    lines = lines.with_columns(below=pl.col("text").shift(-1))
    lines = _placed(lines, manner.beside).filter(_may_be_of(manner))
    pattern = telling(manner.pattern(only_speaker=True))
    names = apart(_thread_of(manner), lambda: lines["text"].str.extract(pattern, 1))
    named = lines.with_columns(name=names).drop_nulls("name")
    is_short = pl.col("name").str.contains(INITIALS)
    is_often = (pl.len().over("doc", "name") >= 2) | manner.is_told | is_short
    enough = (is_often.sum() >= _least(manner)).over("doc")
    several = pl.col("name").n_unique().over("doc") >= 2
    may_be_one = manner.style in ACCOMPANIED
    return named.filter(enough & (several | may_be_one)).select(
        "doc", "row", "name", "below", apart=pl.col("text").str.contains(APART)
    )


def _days(names: pl.Series) -> pl.Series:
    """List the names that are days of a month: 4 October."""
    numbered = names.filter(names.str.contains(r"\d"))
    days = pl.Series([name for name in numbered if IS_DAY.match(name)], dtype=pl.String)
    return days.gather(date_words(days, ("month",))["row"]) if len(days) else days


# Whom they name


def voices_of(page: Page, found: Turns) -> Voices | None:
    """Keep the lines that name a speaker: one who comes back, or is named as those are who do."""
    cut = _cut(found.names) if found.manner.style in BARE else {}
    asked = found._replace(names=[cut.get(name, name) for name in found.names])
    found = _may_be_names(page, asked)
    is_sided = np.array(
        [found.manner.style in BARE and name.endswith((")", "）")) for name in found.names], dtype=bool
    )
    manner, names = _bared(found.manner, found.names)
    times, whole = Counter(names), shortened({*names})
    often = {name for name, number in times.items() if number >= 2}
    is_told = _are(names, times if manner.is_told else often | _fuller(times, often))
    is_short = _are(names, {*whole, *whole.values()})
    is_often = is_told | is_short
    if not is_often.any():
        return None
    found = Turns(manner, found.rows, names, found.apart)
    is_short |= _are_apart(found, is_told) & (not manner.is_told)
    forms = {form for name in often for form in forms_of(name)} if manner.style in ONCE else set()
    is_formed = _are(names, {name for name in times if forms and not forms.isdisjoint(forms_of(name))})
    is_kept = (is_often | is_short | is_formed | is_sided) & ~_are_repeated(page, found)
    if manner.beside == "time_below":
        is_kept &= _stand_as(page, found, often)
    is_within = manner.style in ALONE or "caseless" in forms
    is_kept &= _is_near(found.rows, found.rows[is_often], 0 if is_within else FAR)
    is_once = is_kept & np.where(is_short, ~is_told, ~is_often & (~is_formed | manner.is_bare))
    kept, once = list(compress(names, is_kept)), tuple(dict.fromkeys(compress(names, is_once)))
    once += tuple(sorted({*cut.values()}.intersection(kept) - {*once}))
    shown = () if manner.is_bare else tuple(sorted(forms))
    named = Counter(asked.names)
    may_be = {
        name for name in named if manner.is_told or named[name] > 1 or not forms.isdisjoint(forms_of(name))
    }
    others = np.setdiff1d(asked.rows[_are(asked.names, may_be)], found.rows[is_kept])
    return Voices(manner, found.rows[is_kept], kept, shown, once, len(often.intersection(kept)), others)


def _cut(names: Sequence[str]) -> dict[str, str]:
    """Give the names behind which a sentence was taken for more of them, and those who come back: NORA. The loom."""
    times = Counter(names)
    heads = {name: name.split(". ")[0] for name in times if ". " in name}
    return {
        name: head for name, head in heads.items() if times[head] >= 2 and not IS_ADDRESS.search(f"{head}.")
    }


def _fuller(names: Collection[str], often: Collection[str]) -> set[str]:
    """List the names that hold that of one who comes back: ADA LOVELACE, HOST, and then LOVELACE."""
    said = {
        name: name.split(",")[0].split(" ")[1:] for name in names if not OF_NAMES.isdisjoint(forms_of(name))
    }
    return {name for name, words in said.items() if words and words[-1] in often}


def _are(names: Sequence[str], some: Collection[str]) -> np.ndarray:
    """Say which names are of some."""
    return np.array([name in some for name in names], dtype=bool)


def _may_be_names(page: Page, found: Turns) -> Turns:
    """Keep the lines that may begin with a name, and not with a sentence, or what is addressed."""
    manner = found.manner
    found = found.only(~_are(found.names, {name for name in {*found.names} if is_half(name)}))
    if not manner.is_told:
        found = found.only(~_are(found.names, {name for name in {*found.names} if IS_SENTENCE.search(name)}))
    if manner.style == "stopped":
        addressed = {name for name in {*found.names} if IS_ADDRESS.search(f"{name}.")}
        return found.only(~_are(found.names, addressed))
    if manner.style not in ALONE:
        return found
    if manner.is_timed:
        found = found.only(~_are(found.names, {name for name in {*found.names} if IS_SAID.search(name)}))
    is_long = (page.n_words >= SENTENCE_WORDS) | (manner.style == "alone" and not manner.is_timed)
    found = found.only(~(page.ends & is_long)[found.rows])
    return found if manner.is_timed else found.only(_answered(page, found))


def _bared(manner: Manner, names: Sequence[str]) -> tuple[Manner, Sequence[str]]:
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


def _are_apart(found: Turns, is_told: np.ndarray) -> np.ndarray:
    """Say which names stand alone before a colon and have the form of a name, where those who come back stand so."""
    if not is_told.any() or found.apart[is_told].mean() < MOSTLY:
        return np.zeros(len(is_told), dtype=bool)
    return found.apart & _are(
        found.names, {n for n in {*found.names} if not OF_NAMES.isdisjoint(forms_of(n))}
    )


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


def _stand_as(page: Page, found: Turns, often: Collection[str]) -> np.ndarray:
    """Say which lines above a time stand as the names do that come back: set apart, or below their initial."""
    rows, names = found.rows, found.names
    is_often, is_apart = _are(names, often), page.gap[rows] > 0
    initials = [page.texts[max(row - 1, 0)].casefold() for row in rows.tolist()]
    is_led = np.array([one == name[:1].casefold() for one, name in zip(initials, names, strict=True)])
    stands = np.ones(len(rows), dtype=bool)
    if often and is_apart[is_often].mean() >= MOSTLY:
        stands &= is_apart
    if often and len({*compress(names, is_led & is_often)}) >= MOSTLY * len(often) / 2:
        stands &= is_led
    return stands | is_often


def _are_repeated(page: Page, found: Turns) -> np.ndarray:
    """Say which lines the site repeats, words and all: their names are no one's."""
    rows, names = found.rows, found.names
    if found.manner.style in ALONE or found.manner.is_timed:
        return np.zeros(len(rows), dtype=bool)
    times, told = Counter(names), {*compress(names, page.ends[rows] | found.apart)}
    n_lines = Counter(name for name, _ in {*zip(names, page.text[rows].tolist(), strict=True)})
    return _are(names, {name for name in n_lines if n_lines[name] == 1 < times[name]} - told)


def _bare(name: str, opening: str, closing: str) -> str:
    name = name.removeprefix(opening)
    return name.removesuffix(closing) if closing else name


def _answered(page: Page, found: Turns) -> np.ndarray:
    """Say which names that stand alone have words below, and no other name: those of a list or a menu do not."""
    rows, names = found.rows + found.manner.below, found.names
    times = Counter(names)
    likely = {name for name, number in times.items() if number > 1 or forms_of(name)}
    words = np.minimum(rows + 1, page.height - 1)
    is_said = (page.prose | page.ends | (page.n_words >= SENTENCE_WORDS))[words]
    is_said |= np.array([bool(IS_BRACKET.match(page.texts[row])) for row in words.tolist()], dtype=bool)
    is_said &= ~np.isin(rows + 1, found.rows[_are(names, likely)]) & (rows + 1 < page.height)
    right = Counter(compress(names, is_said))
    return _are(names, {name for name in right if right[name] >= ANSWERED * times[name]}) & is_said
