"""Dates, ages and times as patterns, of the words that some pages hold.

The words of all languages at once are too many to search for, and some of them stand in most lines. So the words of the
lines are first looked up in the table of `pipeline.calendar`, and the pattern is written of those that were met. A page
is found the same dates in whether it is read alone or with others: a word that only the others hold is none of its own.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product

import polars as pl

from pipeline.article.patterns import HOUR, O_CLOCK
from pipeline.calendar.words import NUMBER, UNSPACED, table

KINDS = ("month", "joined", "ages", "age", "weekday", "span", "half")  # in the order of `sign_patterns`
NAMED = {"joined": "month"}  # what the words of a kind name, where it is not called so
NEVER = r"[^\s\S]"  # no line holds it
# A unit of a script without spaces that is not also a word for an hour or a span.
SEVERAL_WIDE = r"^[^\x00-\xff]{2,}(?<!間)$"
LONG_ENOUGH = 3  # letters of a month's name or a day's; shorter ones are words of everything
LONG_DAY = (
    4  # letters of a day of the week that is nobody's name: "Sam 3 mai" may be either, "Sam. 3 mai" is none
)
# A letter, told by its block, with the few signs of such blocks: the class of all letters, thirty times as many ranges,
# stands so often in a date that to compile it took more than all the rest.
_LETTER = (
    r"[A-Za-zªµºÀ-ÖØ-öø-\u1fff\u2c00-\u2dff\u3005-\u3007\u3021-\ud7ff\uf900-\ufe0f\ufe20-\ufeff"
    r"\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00010000-\U0001efff\U00020000-\U000e01ef]"
)
_HALF = r"(?:\s?(?i:[apπμ]\.?[mμ]\b\.?))?"  # in Latin or Greek letters
TIME = rf"\b\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?{_HALF}(?:{O_CLOCK})?"
# The time of a day that is told by its age: "yesterday, 10:20".
AGE_CLOCK = rf"(?:,?\s(?:[^\W\d_]{{1,4}}\.?\s)?{TIME})?"
_CLOCK = (
    rf"(?:(?:(?:\s?(?:,|-|–|·|@|T|\s\(?{_LETTER}{{1,4}}\.?\)?)){{0,2}}\s?\(?\d{{1,2}}(?:[:.h]|\s?[時时点시]\s?)|\s\|\s\d{{1,2}}:)"
    rf"\d{{2}}[分분]?(?::\d{{2}})?{_HALF}(?:{HOUR}|\s[+-]\d{{4}}\b|\s(?:UTC|GMT|MSK|[A-Z]{{2,3}}T)\b)?)?"
)
_SHORTENED = (r"\.?", r"[.,]")
_CLOCK_FIRST = rf"(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?{_HALF}(?:,|\son)?\s)?"
_YEAR, _DAY = r"(?:\d{4}|'\d{2})", r"\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?"
# A short word between the parts of a date: in "2 Josimar" there is none, though it ends as March begins. In Hebrew and
# Arabic it is a letter of the next.
_LINK = rf"(?:\s?{_LETTER}{{1,4}}(?:\.\s?|['’]|\s)|\s?[\u05d0-\u05ea\u0620-\u064a])?"
_NUMERIC = (
    r"\d{4}\.\d{1,2}\.\d{1,2}\.",  # as in Korean
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?",
    r"\d{4}\.\s\d{1,2}\.\s\d{1,2}\b\.?",
    r"\d{1,2}(?:[./-]|\.\s)\d{1,2}(?:[./-]|\.\s)(?:\d{4}|\d{2})\b",
    r"(?:\d{4}\s?[年년]\s?)?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일号號]?",
)
# A day however it is written: beside a time of day, its words need not be known.
ANY_DAY = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}-[^\W\d_]{3}-\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s[^\W\d_]{3,12}\.?,?\s\d{4}"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2},?\s\d{4}|\d{4}[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일])"
)
SHARE = r"\bout of\b"  # between two numbers, "4.5 out of 5", it names no October
# What stands before a number, or behind it with at most a short word between; in "el 3 de mayo" both, and the one would
# hide the other. (Not any short word there: in "3 min ago" the last is no August.)
_BESIDE_NUMBER = (
    r"[^\W\d_]+\.?,?\s?\d",
    r"\d\S{0,3}\s?(?:[^\W\d_]{1,4}\.?\s)?[^\W\d_]+",
    r"\d\s(?:del?|da|of|d['’])\s?[^\W\d_]+",
)
# Thai shortens a month to letters of its two parts, with a stop behind each.
_PARTS_STOPPED = r"(\p{Thai}{1,3}\.\p{Thai})\."
_STOPPED = rf"\d\s?{_PARTS_STOPPED}"
# A name and a date that stand together, where a page sets no space: "Ada3. Mai 2026", "AdaMay 3, 2026".
_DAY_JOINED = rf"\d{{1,2}}\.?{_LINK}\s?MONTH,?{_LINK}\s?\d{{4}}\b"
_MONTH_JOINED = r"MONTH\s\d{1,2},?\s\d{4}\b"
_JOINED = (
    _DAY_JOINED.replace(r"\d{1,2}", r"(?:[^\W\d]\d{1,2}|\d{3,})", 1).replace("MONTH", r"([^\W\d_]+)\.?"),
    r"\w" + _MONTH_JOINED.replace("MONTH", r"(\p{Lu}\p{Ll}+)\.?"),
)
_SHORT_AGE = (
    r"\d{1,3}\s?(?:s|m|h|d|w|y|mo|min|hr|yr)\b"  # as feeds shorten them where there is no room for "ago"
)
# Where a word without a number tells when: alone or parted from all else, before a time of day, at the end of a few.
_PARTING = r"[|·•()–—-]"
# Where "3 h" is an age and no more: alone, parted from all else, behind an account or its sign (see `shapes`).
_BEFORE_SPAN, _BEHIND_SPAN = r"(?:^|[|·•]\s?|(?:@\S+|\ue003)\s)", r"\s?(?:[|·•(]|(?:\.\s[^\W\d_]+)?$)"
_SHORTENED_SPAN, _WORD_END = r"[.׳’॰]?", ("", r"\b")
_MAY_BE_HALF = r"[^\x00-\u052f]|[^\x00-\x7f].{3}|.{3}[^\x00-\x7f]"  # short words of letters mean much else
_BESIDE_TIME = (r"([^\s\d.,:]+)\s?\d{1,2}[:.]\d\d", r"\d[:.]\d\d\s?([^\s\d.,:]+(?:\.[^\s\d.,:]\.)?)")
_BEFORE_TIME = r",?\s?(?:[^\W\d_]{1,3}\.?\s)?\(?\d{1,2}[:.h]\d\d"
MOST_BEFORE = 5  # words of a line that ends with a day: "ada hat gestern" says more than when
_WORD = r"[^\W\d_]+"
# A number with the words around it, taken apart; and the phrases that it may be of.
_BEFORE, _AFTER, _NUMBER = r"[^\s\d{}.,·|()\[\]:;]+\s", r"[^\s\d{}.,·|()\[\]:;!?]+", re.escape(NUMBER)
_BETWEEN = r"\}([^{}]*)\{"  # words between two numbers, which are of the windows of both: a digit parts them
_WINDOW = rf"(?:{_BEFORE}){{0,3}}{_NUMBER}\s?(?:{_AFTER}\s?){{0,3}}"
_PARTS = rf"(?:(?:({_BEFORE})?({_BEFORE}))?({_BEFORE}))?({_NUMBER})(\s?{_AFTER})?(\s{_AFTER})?(\s{_AFTER})?"
_GRAMS = {
    f"from {first} to {last}": pl.concat_str(pl.col(f"{part}") for part in range(first, last + 1))
    for first in (1, 2, 3, 4)
    for last in (4, 5, 6, 7)
    if first < last
}


@cache
def _known(kind: str) -> pl.Series:
    """List the words or phrases of a kind, in plain letters."""
    return pl.Series(sorted({*_listed(kind), *_composed(kind)}), dtype=pl.String)


def _listed(kind: str) -> set[str]:
    """List the words or phrases of a kind that the table has."""
    return set().union(*_by_language(kind).values())


@cache
def _by_language(kind: str) -> Mapping[str, set[str]]:
    """List the words or phrases of a kind that the table has, by language."""
    found = defaultdict(set)
    for word, said in table()["words"].items():
        for meaning, languages in said.items():
            if f"{meaning} ".startswith(f"{kind} "):
                for language in languages.split():
                    found[language].add(word)
    return found


def _composed(kind: str) -> Iterator[str]:
    """Write ages that the table has no phrase for: of a unit and "ago", and as scripts that need no space write them.

    With a number, "3 timmar sedan", "3年前"; and without, "a year ago", "год назад".
    """
    if kind == "ages":
        yield from (written for phrase in _listed(kind) for written in _dense(phrase))
    if kind == "span":
        yield from (phrase.replace(" ", "", 1) for phrase in _listed(kind))
    for language, agos in _by_language("ago").items() if kind in ("ages", "age") else ():
        ones = {NUMBER} if kind == "ages" else _by_language("number 1").get(language, ())
        for ago, unit in product(agos, _by_language("unit")[language]):
            if UNSPACED.search(unit):
                yield from [f"{NUMBER}{unit}{ago}"] * (kind == "ages" and bool(re.search(SEVERAL_WIDE, unit)))
            elif kind == "ages" or len(unit) > 1:
                yield from (said for one in ones for said in (f"{ago} {one} {unit}", f"{one} {unit} {ago}"))
                yield from [] if ones else [f"{unit} {ago}"]


def _dense(phrase: str) -> Iterator[str]:
    """Write a phrase with less space, where its script needs none: "3 か月前", "3か月前"; "3 일 전", "3일 전"."""
    if UNSPACED.search(phrase):
        yield phrase.replace(f"{NUMBER} ", NUMBER)
        yield phrase.replace(" ", "")


def is_weekday(word: str) -> bool:
    """Say whether a word names a day of the week in some language, whatever signs stand about it."""
    return word.strip(".,;:()[]").lower() in _weekdays()


def is_half(word: str) -> bool:
    """Say whether a word names a half of the day in some language, as it stands beside a time."""
    return bool(re.search(_MAY_BE_HALF, word)) and word.strip(".,:：").lower() in _half_names()


@cache
def _half_names() -> frozenset[str]:
    return frozenset(_known("half"))


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(_known("weekday"))


def date_words(texts: pl.Series, kinds: Sequence[str] = KINDS) -> pl.DataFrame:
    """List the date words that lines hold, of all kinds or of some.

    Returns:
        One row a line and word: `row`, the line; `word`; `kind`, of which KINDS it is: the name of a month, one in a
        date behind a name without a space, a phrase of an age with a number, or one without, the name of a day of the
        week, a number with a unit of time, a half of the day beside a time.
    """
    lower = pl.DataFrame({"text": texts.str.to_lowercase(), "written": texts}).with_row_index("row")
    listed = {
        _beside_numbers: ("month",),
        _joined: ("joined",),
        _phrases: ("ages", "span"),
        _spoken: ("age",),
        _days_of_week: ("weekday",),
        _halves: ("half",),
    }
    found = [
        words.filter(pl.col("word").is_in(_known(NAMED.get(kind, kind)).implode())).with_columns(
            kind=pl.lit(kind)
        )
        for reader, told in listed.items()
        if not {*told}.isdisjoint(kinds)
        for words in [reader(lower).select("row", "word")]
        for kind in told
    ]
    return pl.concat(found).unique()


def _beside_numbers(lower: pl.DataFrame) -> pl.DataFrame:
    """List the words that stand near a number, with the `row` of each."""
    text, is_long = pl.col("text").str, pl.col("word").str.len_chars() >= LONG_ENOUGH
    counted = lower.filter(text.contains(r"\d")).with_columns(text.replace_all(SHARE, " "))
    near = pl.concat([_found(counted, pattern) for pattern in _BESIDE_NUMBER])
    parts = pl.col("word").str.extract(_PARTS_STOPPED).str.replace(".", " ", literal=True)
    stopped = _found(counted, _STOPPED).with_columns(parts)
    return pl.concat([_found(near.rename({"word": "text"}), _WORD).filter(is_long), stopped])


def _joined(lines: pl.DataFrame) -> pl.DataFrame:
    """List the words that may name a month in a date behind a name without a space."""
    dated = lines.filter(pl.col("text").str.contains(r"\d{4}"))
    found = [
        dated.select("row", word=pl.col("written").str.extract(pattern).str.to_lowercase())
        for pattern in _JOINED
    ]
    return pl.concat(found).filter(pl.col("word").str.len_chars() >= LONG_ENOUGH)


def _days_of_week(lower: pl.DataFrame) -> pl.DataFrame:
    """List the names of days of the week in lines with a number."""
    counted = lower.filter(pl.col("text").str.contains(r"\d"))
    spaced = pl.format(" {} ", pl.col("text").str.replace_all(r"[\s.,،'’()-]+", " "))
    told = counted.select("row", word=spaced.str.extract_many(_week().implode(), overlapping=True))
    return told.explode("word").drop_nulls().with_columns(pl.col("word").str.strip_chars())


def _halves(lower: pl.DataFrame) -> pl.DataFrame:
    """List the words for halves of the day that stand right before or behind a time, but those of English."""
    timed = lower.filter(pl.col("text").str.contains(r"\d[:.]\d\d"))
    told = [timed.select("row", word=pl.col("text").str.extract(pattern)) for pattern in _BESIDE_TIME]
    return pl.concat(told).drop_nulls().filter(pl.col("word").str.contains(_MAY_BE_HALF))


@cache
def _week() -> pl.Series:
    words = _known("weekday")
    return " " + words.filter(words.str.len_chars() >= LONG_ENOUGH) + " "


def _phrases(lower: pl.DataFrame) -> pl.DataFrame:
    """List the phrases of a few words around a number."""
    text = pl.col("text").str
    plainly = (
        text.replace_all(r"\d+", NUMBER).str.replace_all(r"([^\W\d]\.) ", "$1").str.replace_all(r"\.", " ")
    )
    counted = lower.filter(text.contains(r"\d")).with_columns(plainly)
    windows = _found(counted.with_columns(text.replace_all(_BETWEEN, "}$1 0 $1{")), _WINDOW)
    parts = windows.select("row", part=pl.col("word").str.extract_groups(_PARTS)).unnest("part")
    grams = parts.select("row", **_GRAMS).unpivot(index="row", value_name="word")
    dense = counted.select("row", word=text.extract_many(_unspaced().implode(), overlapping=True)).explode(
        "word"
    )
    return pl.concat([grams.select("row", "word"), dense]).drop_nulls()


@cache
def _unspaced() -> pl.Series:
    """List the ages that may stand within a longer word, as their script parts none."""
    ages = _known("ages")
    return ages.filter(ages.str.contains(rf"^{_NUMBER}[^\x00-\xff]+$") & ages.str.contains(UNSPACED.pattern))


def _spoken(lower: pl.DataFrame) -> pl.DataFrame:
    """List the words that are long enough, and the phrases of several that tell when without a number."""
    several = lower.select(
        "row", word=pl.col("text").str.extract_many(_several().implode(), overlapping=True)
    ).explode("word")
    word = pl.col("word")
    is_long = (word.str.len_chars() >= LONG_ENOUGH) | word.str.contains(r"[^\x00-\x7F]")
    return pl.concat([_found(lower, rf"{_WORD}(?:['’]{_WORD})?").filter(is_long), several.drop_nulls()])


@cache
def _several() -> pl.Series:
    words = _known("age")
    return words.filter(words.str.contains(" ", literal=True))


def _found(lines: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """List what of some lines a pattern finds, as `word`, with its `row`."""
    return lines.select("row", word=pl.col("text").str.extract_all(pattern)).explode("word").drop_nulls()


def words_in(languages: Collection[str]) -> dict[str, list[str]]:
    """List the date words of some languages by kind, as `date_words` would tell them."""
    known = {*languages}
    said = {
        kind: [
            word
            for word, meanings in table()["words"].items()
            for meaning, of in meanings.items()
            if meaning.split(" ")[0] == kind and not known.isdisjoint(of.split())
        ]
        for kind in KINDS
    }
    said["month"] = [word for word in said["month"] if re.fullmatch(_WORD, word) and len(word) >= LONG_ENOUGH]
    said["age"] = [word for word in said["age"] if len(word) >= LONG_ENOUGH or not word.isascii()]
    said["joined"] = []  # in no language a date stands so
    said["weekday"] = [word for word in said["weekday"] if len(word) >= LONG_ENOUGH]
    return said


def date_pattern(
    months: Collection[str], joined: Collection[str] = (), weekdays: Collection[str] = ()
) -> str:
    """Write a date of these names of months, with the day of the week and the time that may stand about it.

    One of those that are `joined` may begin behind a name without a space, if it has a day and a year.
    """
    month = rf"(?i:{'|'.join(_longest_first(months))})\b\.?"
    named = (
        rf"{_DAY}{_LINK}\s?{month}(?:,?{_LINK}\s?{_YEAR})?",
        rf"\d{{1,2}}[-/]{month}[-/](?:\d{{4}}|\d{{2}})\b",
        rf"{month}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s{_YEAR})?",
        rf"{month},?\s\d{{4}}",
        rf"\d{{4}}\.?\s{month}\s{_DAY}",
    )
    days = [rf"{word}\b{_SHORTENED[_is_name(word)]}" for word in _longest_first(weekdays)]
    day = rf"(?:(?i:{'|'.join(days)})\s?[,،]?\s(?:{_LETTER}{{2,3}}\s)?)?" if days else ""
    parted = rf"\b{_CLOCK_FIRST}{day}(?:{'|'.join((*(named if months else ()), *_NUMERIC))})"
    ends = _longest_first(joined)
    behind = (
        _DAY_JOINED.replace("MONTH", rf"(?i:{'|'.join(ends)})\.?"),
        _MONTH_JOINED.replace("MONTH", rf"(?:{'|'.join(map(str.capitalize, ends))})\.?"),
    )
    return rf"(?:{'|'.join((parted, *(behind if ends else ())))}){_CLOCK}"


def time_pattern(halves: Collection[str] = ()) -> str:
    """Write a time of day, with these words for halves of the day before or behind it."""
    if not halves:
        return TIME
    half = rf"(?i:{'|'.join(_longest_first(halves))})"
    return rf"(?:{half}\s?)?{TIME}(?:\s?{half})?"


def _longest_first(words: Iterable[str]) -> list[str]:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return [re.escape(word).replace(r"\ ", r"[\s.'’-]") for word in ordered]


def _is_name(word: str) -> bool:
    """Say whether a short name of a day may be somebody's, as "Sam"; English ones stand on boards in any language."""
    return len(word) < LONG_DAY and word not in _by_language("weekday")["en"]


def age_pattern(phrases: Iterable[str], words: Iterable[str] = (), spans: Iterable[str] = ()) -> str:
    """Write an age of these phrases, words and spans."""
    return rf"\b(?i:{'|'.join((*_written({*phrases, *words}), *_spans(spans), _SHORT_AGE))})"


def _spans(spans: Iterable[str]) -> list[str]:
    """Write a few units of time, which a sign may cut short."""
    units = _longest_first({span.removeprefix(NUMBER).strip() for span in spans})
    return [rf"\d{{1,2}}\s?{unit}{_WORD_END[unit[-1].isascii()]}{_SHORTENED_SPAN}" for unit in units]


def spoken_pattern(words: Collection[str], spans: Collection[str] = ()) -> str:
    """Write the lines in which words without a number, or a span, tell when; elsewhere "now" says something else.

    Many of them mean other things in other languages, and the shortest do so most.
    """
    counted = rf"|{_BEFORE_SPAN}(?:{'|'.join(_spans(spans))}){_BEHIND_SPAN}" if spans else ""
    any_word = "|".join(_written(words))
    days = "|".join(_written(word for word in words if _is_day(word)))
    alone = rf"^(?:.*{_PARTING}\s?)?(?:{any_word})(?:\s?{_PARTING}.*)?$"
    last = rf"|^(?:\S+\s){{1,{MOST_BEFORE}}}(?:{days})$" if days else ""
    said = rf"{alone}|\b(?:{any_word}){_BEFORE_TIME}{last}" if any_word else NEVER
    return rf"(?i:{said}{counted})" if words or spans else NEVER


def _is_day(word: str) -> bool:
    """Say whether a word is long enough to be a day before or this one in a line of other words, and not "now"."""
    is_now = any(meaning == "age 0 second" for meaning in table()["words"].get(word, ()))
    return not is_now and (len(word) > LONG_ENOUGH or not word.isascii())


def _written(phrases: Iterable[str]) -> list[str]:
    said = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    written = [
        re.escape(phrase).replace(re.escape(NUMBER), r"\d+").replace(r"\ ", r"\.?\s") for phrase in said
    ]
    return [rf"{word}\b" if re.search(r"\w$", word) and word[-1].isascii() else word for word in written]
