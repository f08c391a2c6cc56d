"""Read the shape of date words: which number is the day, which the year, and what the words say.

A *shape* is plain text with every digit written 0, "00 décembre 0000 à 00:00": a page has thousands of dates and
a handful of shapes, so that a shape may be read in Python while numbers are read by the column.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from pipeline.calendar.words import NUMBER, UNSPACED, Word, is_letter, meanings, phrase

LONGEST = 80  # characters; no date is longer
MOST_WORDS = 6  # of a phrase
MOST_READINGS = 256  # of the words of one shape, before their order is asked
BETWEEN = " .'’-־"  # stands between the words of a phrase
SHORT = re.compile(r"0{1,3} ?(?P<unit>[^\W\d_]+)\.?")  # "3 h"
SHORTENED = ".॰׳״՝"  # ends a word that is cut short
# What a word is, as one letter of the line of codes that the forms below are written in.
CODES = {
    "month": "M",
    "half": "A",
    "zone": "Z",
    "hour": "h",
    "minute": "i",
    "second": "s",
    "day": "d",
    "year": "j",
    "month_before": "b",
    "month_after": "k",
    "era": "E",
    "age": "R",
    "unit": "u",
    "short": "u",
    "ago": "g",
    "number": "N",
    "weekday": "W",
    "filler": " ",
}
SIGNS = {
    "\u2212": "-",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "،": ",",
    "，": ",",
    "。": ".",
    "：": ":",
    "／": "/",
    "’": "'",
}
SILENT = set('()[]|·•@،،~*_⋅‧<>"')

CLOCK = (
    r"(?:(?P<before>A) ?)?(?:"
    r"(?P<hour>n):(?P<minute>n)(?::(?P<second>n)(?:[.,][nxy])?)?(?: ?h\b)?"
    r"|(?P<hour_>n) ?h(?: ?(?P<minute_>n)(?: ?i(?: ?(?P<second_>n) ?s)?)?)?"
    r"|(?P<hour__>n)(?= ?A)|(?<=A)(?P<hour___>n)|(?<=A )(?P<hour____>n)"
    r")(?: ?(?P<after>A))?"
    r"(?: *(?P<zone>Z)?(?: *(?P<sign>[+-])(?:(?P<zh>n)(?::(?P<zm>n))?|(?P<zhm>y)))?(?: *Z)?)?"
)
DOTTED_CLOCK = r"(?:(?P<before>A) ?)?(?P<hour>n)\.(?P<minute>n)(?:\.(?P<second>n))?(?: ?(?P<after>A))?$"
_S = r"[ .,/-]*"
_YEAR = r"(?P<year>y)j?"
_SHORT = r"(?:(?P<year>y)|'?(?P<short>n))j?"
# Dates, by the order that they are known to have; codes as above, n: one or two digits, y: four.
DATES = tuple(
    (order, re.compile(form))
    for order, form in (
        ("", rf"(?P<day>n){_S}M(?:{_S}{_SHORT})?[ .]*"),
        ("", rf"M{_S}(?P<day>n)(?:{_S},? ?{_SHORT})?[ .]*"),
        ("", rf"M{_S}(?:{_YEAR}|'(?P<short>n))[ .]*"),
        ("", rf"{_YEAR}{_S}M(?:{_S}(?P<day>n)d?)?[ .]*"),
        ("", rf"{_YEAR}{_S}(?P<day>n){_S}M"),
        ("", r"(?:(?P<year>y)j|(?P<short>n)j|E ?(?P<era>n)j) ?(?P<month>n)k ?(?:(?P<day>n)d?)?"),
        ("", r"(?P<month>n)k ?(?P<day>n)d?"),
        ("", rf"(?:(?P<day>n){_S})?b ?(?P<month>n)(?:{_S}{_SHORT})?"),
        ("", r"(?P<year>y)([-/.]) ?(?P<month>n)(?:\2 ?(?P<day>n))?\.?"),
        ("dmy", r"(?P<day>n)([-/.]) ?(?P<month>n)\2 ?(?P<year>y)\.?"),
        ("mdy", r"(?P<month>n)([-/]) ?(?P<day>n)\2 ?(?P<year>y)"),
        ("dmy", r"(?P<day>n)([-/.]) ?(?P<month>n)\2 ?(?P<short>n)\.?"),
        ("mdy", r"(?P<month>n)([-/]) ?(?P<day>n)\2 ?(?P<short>n)"),
        ("ymd", r"(?P<short>n)([-/]) ?(?P<month>n)\2 ?(?P<day>n)"),
        ("ymd", r"(?P<short>n)\. (?P<month>n)\. (?P<day>n)\."),
        ("dmy", r"(?P<day>n)(?:/(?P<month>n)|\. ?(?P<month_>n)\.)"),
        ("mdy", r"(?P<month>n)/(?P<day>n)"),
        ("", r"(?P<month>n)[/.](?P<year>y)"),
        ("", _YEAR),
    )
)  # fmt: skip


class Reading(NamedTuple):
    """One way to read a shape; `…_at` is the place of a number among those of the words, null where there is none.

    Attributes:
        kind: `date`, `time`, `datetime`, `relative`, `weekday`.
        order: `dmy`, `mdy`, `ymd` where only the order of the page's other dates tells; else "".
        languages: those in which the words mean this, parted by spaces; "" where there are no words.
    """

    kind: str
    order: str = ""
    languages: str = ""
    year_at: int | None = None
    short_year_at: int | None = None
    year_add: int = 0
    month_at: int | None = None
    month: int | None = None
    day_at: int | None = None
    hour_at: int | None = None
    minute_at: int | None = None
    second_at: int | None = None
    half: str | None = None
    zone_minutes: int | None = None
    zone_sign: str | None = None
    zone_hour_at: int | None = None
    zone_minute_at: int | None = None
    zone_both_at: int | None = None
    unit: str | None = None
    number_at: int | None = None
    number: int | None = None
    weekday: int | None = None


class Token(NamedTuple):
    """A number (its place and digits), a word (its meanings) or a sign."""

    sign: str
    place: int = -1
    words: tuple[Word, ...] = ()
    is_glued: bool = False


@lru_cache(maxsize=1 << 16)
def read_shape(shape: str) -> tuple[Reading, ...]:
    """List the ways to read a shape; none where it is no date, time or age."""
    if not shape or len(shape) > LONGEST:
        return ()
    tokens = _tokens(shape) or []
    merged: dict[Reading, set[str]] = {}
    for reading in [*_ages(shape, tokens)] or [*_dates(tokens)] or [*_phrases(shape, "span")]:
        merged.setdefault(reading._replace(languages=""), set()).update(reading.languages.split())
    halved = {
        reading._replace(half=None) for reading in merged if reading.half
    }  # a word for "pm" is no filler
    return tuple(
        reading._replace(languages=" ".join(sorted(names)))
        for reading, names in merged.items()
        if reading not in halved
    )


# Words --------------------------------------------------------------------------------------------


def _tokens(shape: str) -> list[Token] | None:
    """Take a shape apart; null where it holds a word or sign that no date has."""
    tokens: list[Token] = []
    at = n_numbers = 0
    while at < len(shape):
        character = shape[at]
        end = at + 1
        if character == "0":
            end = at + len(shape[at:]) - len(shape[at:].lstrip("0"))
            tokens.append(Token("nnxy"[end - at - 1] if end - at < 5 else "x", n_numbers))
            n_numbers += 1
        elif is_letter(character):
            end, words = _longest(shape, at)
            if not words:
                return None
            is_glued = at > 0 and shape[at - 1] == "0"
            tokens.append(Token("w", words=words, is_glued=is_glued))
            end += len(shape[end:]) - len(shape[end:].lstrip(SHORTENED))
        elif (sign := SIGNS.get(character, character)) in " .,:/-+'":
            tokens.append(Token(sign))
        elif character in SILENT:
            tokens.append(Token(" "))
        else:
            return None
        at = end
    return tokens


def _longest(shape: str, at: int) -> tuple[int, tuple[Word, ...]]:
    """Find the longest phrase that begins at a letter, and where it ends."""
    ends = list(_word_ends(shape, at))
    for end in reversed(ends):
        if words := meanings(phrase(shape[at:end])):
            return end, words
    if shape[at : at + 2] == "t0":  # 2025-12-15t07:32
        return at + 1, (Word("filler", "", frozenset({"und"})),)
    if UNSPACED.match(shape[at]):
        for end in range(ends[0], at, -1):
            if words := meanings(shape[at:end]):
                return end, words
    return at, ()


def _word_ends(shape: str, at: int) -> Iterator[int]:
    """Say where the word that begins at a letter ends, and the words after it that may be of its phrase."""
    for _ in range(MOST_WORDS):
        while at < len(shape) and is_letter(shape[at]):
            at += 1
        yield at
        start = at
        while at < len(shape) and shape[at] in BETWEEN:
            at += 1
        if at == start or at == len(shape) or not is_letter(shape[at]):
            return


# Ages ---------------------------------------------------------------------------------------------


def _ages(shape: str, tokens: Sequence[Token]) -> Iterator[Reading]:
    """Read "5 days ago" as a whole phrase, or word by word."""
    if len(re.findall("0+", shape)) == 1 and (short := SHORT.fullmatch(shape)):
        ages = [_age(word, "") for word in meanings(short["unit"]) if word.kind == "short"]
        if ages:
            yield from ages
            return
    yield from _phrases(shape, "ages")
    yield from _composed(tokens)


def _phrases(shape: str, kind: str) -> Iterator[Reading]:
    """Read a whole phrase about a number: an age; or a span, "5 days", which says no less where a date stands.

    Spans are read where nothing else is: in some language "3 dez" are three days.
    """
    if len(re.findall("0+", shape)) == 1:
        known = (word for word in about_number(shape) if word.kind == kind)
        yield from (_age(word, " ".join(sorted(word.languages))) for word in known)


def about_number(shape: str) -> Sequence[Word]:
    """List what a shape means as a whole phrase about its number."""
    return meanings(phrase(re.sub("0+", NUMBER, shape)))


def _age(unit: Word, languages: str) -> Reading:
    return Reading("relative", languages=languages, unit=unit.value, number_at=0)


def _composed(tokens: Sequence[Token]) -> Iterator[Reading]:
    """Read a number, a unit and a word for "ago", in any order; a short unit needs no such word."""
    said = [token.words for token in tokens if token.words]
    numbers = [token.place for token in tokens if token.place >= 0]
    if not all(
        {word.kind for word in words} & {"unit", "short", "ago", "number", "filler"} for words in said
    ):
        return
    words = {
        kind: [w for words in said for w in words if w.kind == kind]
        for kind in ("unit", "short", "ago", "number")
    }
    if not words["ago"] or len(numbers) > 1 or not (numbers or words["number"]):
        return
    at, fixed = (numbers[0], None) if numbers else (None, int(words["number"][0].value))
    known = frozenset().union(*(word.languages for word in words["ago"]))
    own = [word for word in words["unit"] if word.languages & known]
    for unit in own or words["short"]:
        names = unit.languages & known if own else known
        yield Reading(
            "relative", languages=" ".join(sorted(names)), unit=unit.value, number_at=at, number=fixed
        )


# Dates --------------------------------------------------------------------------------------------


def _dates(tokens: Sequence[Token]) -> Iterator[Reading]:
    """Try every meaning of the words; the forms say which make a date."""
    choices = [_choices(token) for token in tokens]
    n_choices = 1
    for choice in choices:
        n_choices *= len(choice)
    if n_choices > MOST_READINGS:
        return
    for chosen in product(*choices):
        codes = "".join(code for code, _ in chosen)
        words = {code: word for code, word in chosen if word and code != " "}
        if all(codes.count(code) <= 1 for code in "MWRE") and _agree([word for _, word in chosen if word]):
            places = [token.place for token, (code, _) in zip(tokens, chosen, strict=True) for _ in code]
            shared = " ".join(sorted(_shared([word for _, word in chosen if word])))
            yield from (reading._replace(languages=shared) for reading in _assigned(codes, places, words))


def _agree(words: Sequence[Word]) -> bool:
    """Say whether one language has all the words; those of English and of no language stand in any."""
    known = [word.languages for word in words if not word.languages & {"en", "und"}]
    return not known or bool(frozenset.intersection(*known))


def _shared(words: Sequence[Word]) -> frozenset[str]:
    """Find the languages that have all the words but those of no language; else those of the words but English."""
    for free in ({"und"}, {"und", "en"}):
        known = [word.languages for word in words if not word.languages & free]
        if known and (shared := frozenset.intersection(*known)):
            return shared
    return frozenset()


def _choices(token: Token) -> list[tuple[str, Word | None]]:
    if not token.words:
        return [(token.sign, None)]
    if token.is_glued and any(word.kind == "ordinal" for word in token.words):
        return [("", None)]
    codes = [(CODES[word.kind], word) for word in token.words if word.kind in CODES]
    kept: list[tuple[str, Word | None]] = [(code, word) for code, word in codes if code not in "ugN"]
    return kept or [("?", None)]


def _assigned(codes: str, places: Sequence[int], words: dict[str, Word]) -> Iterator[Reading]:
    """Find the time in a line of codes, and read the rest as a date."""
    clock = re.search(CLOCK, codes)
    found = [_assign_rest(codes, places, words, clock)]
    if clock is None and (dotted := re.search(DOTTED_CLOCK, codes)) and dotted.start():
        found.append(_assign_rest(codes, places, words, dotted))
    for readings in found:
        yield from readings


def _assign_rest(
    codes: str, places: Sequence[int], words: dict[str, Word], clock: re.Match | None
) -> list[Reading]:
    begin, end = clock.span() if clock else (0, 0)
    time = _time(clock, places, words) if clock else {}
    rest = codes[:begin] + " " * (end - begin) + codes[end:]
    line, kept = _squeezed(rest.replace("W", " "), places)
    if not line:
        return _without_date(time, words)
    if line == "R":
        number, unit = words["R"].value.split(" ")
        if time and unit != "day":
            return []
        return [Reading("relative", unit=unit, number=int(number), **time)]
    return [
        _dated(order, match, kept, words, time) for order, form in DATES if (match := form.fullmatch(line))
    ]


def _squeezed(line: str, places: Sequence[int]) -> tuple[str, list[int]]:
    """Make one space of spaces and commas, none at the ends, and keep the places of the rest."""
    kept = [(code, place) for code, place in zip(line, places, strict=True)]
    out: list[tuple[str, int]] = []
    for code, place in kept:
        if code in " ," and (not out or out[-1][0] == " "):
            continue
        out.append((" " if code == "," else code, place))
    while out and out[-1][0] in " -":
        out.pop()
    return "".join(code for code, _ in out), [place for _, place in out]


def _without_date(time: dict, words: dict[str, Word]) -> list[Reading]:
    if "W" in words:
        return [Reading("weekday", weekday=int(words["W"].value), **time)]
    return [Reading("time", **time)] if time else []


def _time(clock: re.Match, places: Sequence[int], words: dict[str, Word]) -> dict:
    """Name the numbers of a time of day."""
    groups = clock.groupdict()
    at = {name: places[clock.start(name)] for name, text in groups.items() if text is not None}
    found: dict[str, Any] = {
        "half": words["A"].value if groups.get("before") or groups.get("after") else None
    }
    for name, place in at.items():
        if name.rstrip("_") in {"hour", "minute", "second"}:
            found[f"{name.rstrip('_')}_at"] = place
    if groups.get("sign"):
        found |= {"zone_sign": groups["sign"], "zone_hour_at": at.get("zh"), "zone_minute_at": at.get("zm")}
        found["zone_both_at"] = at.get("zhm")
    elif groups.get("zone"):
        found["zone_minutes"] = int(words["Z"].value) if words["Z"].value else None
    return found


def _dated(order: str, match: re.Match, places: Sequence[int], words: dict[str, Word], time: dict) -> Reading:
    """Name the numbers of a date."""
    at = {name: places[match.start(name)] for name, text in match.groupdict().items() if text is not None}
    month = words.get("M")
    is_era = "era" in at
    return Reading(
        "datetime" if time else "date",
        order=order,
        year_at=at.get("era") if is_era else at.get("year"),
        short_year_at=at.get("short"),
        year_add=int(words["E"].value) if is_era else 0,
        month_at=at.get("month", at.get("month_")),
        month=int(month.value) if month and month.value else None,
        day_at=at.get("day"),
        **time,
    )
