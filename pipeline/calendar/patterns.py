"""Write dates as regular expressions, for marks: the same words as in the table, in every language or in some."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from pipeline.calendar.words import NUMBER, table

SPACE = r"[\s\u200e\u200f]"
GAP = rf"{SPACE}*"
KINDS = ("date", "time", "datetime", "relative", "weekday")
FEW = (
    "en",
    "ja",
    "ko",
    "zh",
)  # whose halves of the day and weekdays the pattern of all languages knows: all are too many
DIGIT = r"[0-9\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\uff10-\uff19]"
DAY = rf"{DIGIT}{{1,2}}"
YEAR = rf"(?:{DIGIT}{{4}}|['’]{DIGIT}{{2}})"
ORDINAL = r"(?:st|nd|rd|th|er|e|ème|º|ª|o|\.)"
SHORTENED = r"[.॰׳’]?"
NUMERIC = (
    rf"{DIGIT}{{4}}{GAP}[-/.]{GAP}{DAY}(?:{GAP}[-/.]{GAP}{DAY}\.?)?",
    rf"{DAY}{GAP}[-/.]{GAP}{DAY}{GAP}[-/.]{GAP}(?:{DIGIT}{{4}}|{DIGIT}{{2}})\.?",
)
OFFSET = rf"(?:{GAP}(?:z|utc|gmt)?{GAP}[+\-\u2212]{DIGIT}{{2}}:?{DIGIT}{{2}}|{SPACE}?(?:z|utc|gmt)\b)"


@cache
def pattern(kind: str, languages: tuple[str, ...] | None = None) -> str:
    """Write a kind of date words as a pattern that Rust's engine and Python's read alike; it is not anchored.

    Args:
        kind: one of KINDS; `datetime` is a date with the time that may stand before or after it; `relative` an age,
            or a day by its name with its time.
        languages: codes of those whose words are meant, as `tongues` finds them. Null means all: a third of a second
            to compile, and some word of some language is in most lines, so that it has to be anchored.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
    return f"(?i:{_WRITTEN[kind](languages)})"


def _date(languages: Sequence[str] | None) -> str:
    filler, weekday = _filler(languages), rf"\(?{_words('weekday', languages or FEW)}\)?[.,،]?"
    before, after = _words("month_before", languages), _words("month_after", languages)
    of = rf"(?:[.,،/\-]?[,،]?{GAP}(?:{filler}\.?,?{GAP}){{0,2}})"
    month = rf"(?:{_words('month', languages)}{SHORTENED}|{before}{SPACE}?{DAY}|{DAY}{SPACE}?{after})"
    number = rf"(?:{YEAR}|{DAY})(?:{SPACE}?(?:{ORDINAL}|[年년日일号號]))?"
    named = (rf"(?:{number}{of}){{1,2}}{month}(?:{of}{number})?", rf"{month}(?:{of}{number}){{1,2}}")
    days = rf"(?:{weekday}(?:{of}))?"
    return rf"{days}{_any((*named, *NUMERIC))}(?:{of}{filler}\.?)?(?:,?{GAP}{weekday})?"


def _time(languages: Sequence[str] | None) -> str:
    half = _words("half", languages)
    clock = rf"{DAY}(?:[:.]{DIGIT}{{2}}){{1,2}}(?:[.,]{DIGIT}{{1,6}})?"
    hours = rf"{DAY}{SPACE}?(?:h|[时時点點시]){SPACE}?(?:{DIGIT}{{2}}{SPACE}?[分분]?)?"
    return rf"(?:(?:{half}{GAP})?(?:{clock}|{hours})(?:{GAP}{half}\.?)?{OFFSET}?|{DAY}{GAP}{half}\.?)"


def _datetime(languages: Sequence[str] | None) -> str:
    glue = rf"(?:[,،·|]?{GAP}(?:{_filler(languages)}\.?{SPACE}+)?|t)"
    time = _time(languages or FEW)
    return rf"(?:{time}{glue})?{_date(languages)}(?:{glue}{time})?"


def _relative(languages: Sequence[str] | None) -> str:
    count = rf"{DIGIT}{{1,3}}"
    ages = _phrases(_listed("ages", languages), count)
    named = _words("age", languages)
    short = rf"{count}{SPACE}?{_words('short', None)}(?:{SPACE}{_words('ago', languages)})?"
    at = rf"(?:,?{SPACE}+(?:{_filler(languages)}{SPACE}+)?{_time(languages)})?"
    return rf"(?:{ages}|{named}{at}|{short})"


def _filler(languages: Sequence[str] | None) -> str:
    """Write the words between the parts of a date; of all languages they are any short word."""
    return rf"[^\W\d_]{{1,5}}{SPACE}" if languages is None else _words("filler", languages)


def _weekday(languages: Sequence[str] | None) -> str:
    return _words("weekday", languages)


_WRITTEN = {"date": _date, "time": _time, "datetime": _datetime, "relative": _relative, "weekday": _weekday}


# Alternations -------------------------------------------------------------------------------------


@cache
def _words(kind: str, languages: tuple[str, ...] | None) -> str:
    return _phrases(_listed(kind, languages), "")


def _listed(kind: str, languages: Iterable[str] | None) -> list[str]:
    """List the words of a kind in some languages."""
    wanted = None if languages is None else {*languages, "und"}
    return [
        word
        for word, meanings in table()["words"].items()
        for meaning, names in meanings.items()
        if meaning.partition(" ")[0] == kind and (wanted is None or not wanted.isdisjoint(names.split()))
    ]


def _phrases(phrases: Iterable[str], number: str) -> str:
    """Write phrases as one alternation; what begins alike is written once, so that no engine tries it twice."""
    heads: dict[str, set[str]] = defaultdict(set)
    for phrase in phrases:
        head, _, rest = phrase.partition(" ")
        heads[head].add(rest)
    written = (_written(head, number) + _rests(rests, number) for head, rests in _longest_first(heads))
    return _any(written) if heads else "(?:$^)"


def _rests(rests: set[str], number: str) -> str:
    if rests == {""}:
        return ""
    gap = r"[\s.'’\-\u200c]*"
    return rf"(?:{gap}{_phrases(rests - {''}, number)}){'?' if '' in rests else ''}"


def _longest_first(heads: dict[str, set[str]]) -> list[tuple[str, set[str]]]:
    return sorted(heads.items(), key=lambda item: (-len(item[0]), item[0]))


def _written(word: str, number: str) -> str:
    return number if word == NUMBER else re.escape(word)


def _any(alternatives: Iterable[str]) -> str:
    return f"(?:{'|'.join(alternatives)})"
