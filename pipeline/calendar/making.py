"""Make the table of date words: `python -m pipeline.calendar.making`.

Months, weekdays, halves of the day, relative phrases and the literals of date formats come from Unicode CLDR through
Babel; relative phrases as people shorten them, number words and names of days come from dateparser's own data.
"""

import importlib
import json
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import polars as pl
from babel import Locale, UnknownLocaleError, localedata

from pipeline.calendar.words import NUMBER, TABLE, UNSPACED, phrase, plain

UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Words that neither library has: months and hours as FreshRSS spells them, the hour and the day as they are named in
# Chinese and Japanese, eras (the year before their first), and "just now".
MORE = (
    ("month", "آگوست", "8", "fa"),
    ("month", "abrial", "4", "oc"),
    ("month", "ekm", "10", "tr"),
    ("filler", "ore", "", "it"),
    ("filler", "alle ore", "", "it"),
    ("hour", "点", "", "ja zh"),
    ("hour", "點", "", "zh"),
    ("hour", "h", "", "de en es fr it pt"),
    ("day", "号", "", "zh"),
    ("day", "號", "", "zh"),
    ("era", "令和", "2018", "ja"),
    ("era", "平成", "1988", "ja"),
    ("era", "昭和", "1925", "ja"),
    ("era", "民國", "1911", "zh"),
    ("age", "just now", "0 second", "en"),
    ("age", "たった今", "0 second", "ja"),
)
# Ages as feeds shorten them where there is no room for "ago".
SHORT_AGES = {
    "s": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
    "w": "week",
}
SHORT_AGES |= {"wk": "week", "mo": "month", "mon": "month", "y": "year", "yr": "year"}
# Words that a library passes over, or has for a weekday, and that begin a sentence: "on 15 December they said".
NO_WORDS = ("on", "and", "just", "from", "ad", "by", "后天性", "的")
NO_UNITS = ("", "k")  # signs alone; months in some language, and thousands in all
# What a numeral may end in to be an ordinal, in the languages that write dates so: en, fr, ca, es, pt, it, nl, ru.
ORDINALS = "st nd rd th er re e ème eme o a º ª ste de го й"
# Zones with one meaning in the tz database since 1990, or the one that RFC 2822 gives them; minutes east of UTC.
ZONES = {
    **dict.fromkeys(("z", "utc", "gmt", "ut", "wet"), 0),
    "west": 60,
    "cet": 60,
    "cest": 120,
    "mez": 60,
    "mesz": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "sast": 120,
    "pkt": 300,
    "jst": 540,
    "kst": 540,
    "hkt": 480,
    "awst": 480,
    "acst": 570,
    "acdt": 630,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
    "hst": -600,
    "akst": -540,
    "akdt": -480,
    **dict.fromkeys(("bst", "cst", "ist"), ""),  # of several meanings: no offset
    "pst": -480,
    "pdt": -420,
    "mst": -420,
    "mdt": -360,
    "cdt": -300,
    "est": -300,
    "edt": -240,
}
FIELD = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
# Words written on to a month's name: Hebrew "d בMMMM y", Basque "MMMM'ren' d".
GLUED_MONTH = re.compile(r"([^\s\W\d_A-Za-z']*)M{3,4}('[^\W\d_]+')?")
CLOCK = {
    "y": "year",
    "M": "month",
    "L": "month",
    "d": "day",
    "H": "hour",
    "h": "hour",
    "m": "minute",
    "s": "second",
}
SHORT_WEEKDAY = 2  # letters: too few to be told from other words
NOON, COMMON_ERA = 12, 1
ROOT_MONTH, ROOT_AGE = "M01", "-{0} d"  # what CLDR says of a language of which it knows nothing


class Table:
    """Words as they are gathered: by word and meaning (its kind and value), the languages."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def add(self, kind: str, word: str, value: object, language: str) -> None:
        """Add one meaning of a word; a month goes without the preposition that some languages list it with."""
        if kind == "half" and re.fullmatch(r"[A-Za-z]\.?", word):  # "A2" is no time
            return
        word = word.removeprefix("de ") if kind == "month" else word
        self.found[word][f"{kind} {value}".strip()].add(language)

    def written(self) -> dict[str, dict[str, str]]:
        """Write it in order, with plain words; words of nothing are left out."""
        asked = pl.DataFrame({"raw": list(self.found)}).with_columns(plain=plain(pl.col("raw")))
        merged: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for raw, word in asked.iter_rows():
            for meaning, names in self.found[raw].items():
                merged[phrase(word)][meaning] |= names
        for word in ("", *NO_WORDS):
            merged.pop(word, None)
        return {
            word: {meaning: " ".join(sorted(names)) for meaning, names in sorted(meanings.items())}
            for word, meanings in sorted(merged.items())
        }


# What Babel knows ---------------------------------------------------------------------------------


def _locales() -> Iterator[Locale]:
    for name in sorted(localedata.locale_identifiers()):
        localedata._cache.clear()  # aliases that one locale resolves are written into what the next inherits
        try:
            locale = Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
        if _is_known(locale):
            yield locale


def _is_known(locale: Locale) -> bool:
    """Say whether CLDR has words for a language: its months, and how it says that days have passed.

    Occitan, of which CLDR has the months alone, is a language of FreshRSS.
    """
    if locale.language == "oc":
        return True
    past = (locale._data["date_fields"].get("day") or {}).get("past") or {"other": ROOT_AGE}
    return locale.months["format"]["wide"][1] != ROOT_MONTH and ROOT_AGE not in past.values()


def add_locale(table: Table, locale: Locale) -> None:
    """Add what CLDR says of one locale under its language."""
    language = locale.language
    _add_months(table, locale, language)
    for names in _widths(locale.days, ("wide", "abbreviated", "short")):
        for number, name in names.items():
            table.add("weekday", name, number, language)
    for names in _widths(locale.day_periods, ("wide", "abbreviated")):
        _add_periods(table, locale, names, language)
    for field, age in _past(locale):
        _add_age(table, age, field, language)
    for field, span in _spans(locale):
        table.add("span", span, field, language)
    for pattern in _patterns(locale):
        _add_literals(table, pattern, language)
    for names in locale.eras.values():
        table.add("filler", names.get(COMMON_ERA, ""), "", language)


def _widths(contexts: Mapping, widths: Sequence[str]) -> Iterator[dict]:
    """List the names of each width, as they stand in a date and as they stand alone."""
    yield from (dict(by_width.get(width, {})) for by_width in contexts.values() for width in widths)


def _past(locale: Locale) -> Iterator[tuple[str, str]]:
    """List the phrases of each unit, of each width, for what has passed."""
    fields = locale._data["date_fields"]
    for unit in UNITS:
        for width in ("", "-short", "-narrow"):
            said = (fields.get(unit + width) or {}).get("past") or {}
            yield from ((unit, age) for age in said.values())


def _spans(locale: Locale) -> Iterator[tuple[str, str]]:
    """List the phrases of each unit, of each width, for how long a thing lasts: feeds print them for ages."""
    for unit in UNITS:
        for said in (locale._data["unit_patterns"].get(f"duration-{unit}") or {}).values():
            spans = (span for count, span in said.items() if count != "per" and span.startswith(NUMBER))
            yield from (
                (unit, span) for span in spans if phrase(span.removeprefix(NUMBER).lower()) not in NO_UNITS
            )


def _add_months(table: Table, locale: Locale, language: str) -> None:
    glue = {match for pattern in _patterns(locale) for match in GLUED_MONTH.findall(pattern)}
    for names in _widths(locale.months, ("wide", "abbreviated")):
        if names and ROOT_MONTH not in names.values():
            _add_names(table, names, glue, language)


def _add_names(table: Table, names: dict[int, str], glue: set[tuple[str, str]], language: str) -> None:
    """Add names of months; where they differ in their number alone, what stands before and after it."""
    around = {re.sub(r"\d+", NUMBER, name) for name in names.values()}
    if len(around) == 1 and NUMBER in (only := around.pop()):
        before, after = only.split(NUMBER)
        table.add("month_before", before.strip(), "", language)
        table.add("month_after", after.strip(" ."), "", language)
        return
    for number, name in names.items():
        if not name.strip(".").isdigit():
            for before, after in [("", ""), *glue]:
                table.add("month", before + name + after.strip("'"), number, language)


def _add_periods(table: Table, locale: Locale, names: dict[str, str], language: str) -> None:
    """Add the words of the halves of the day, and of its parts that lie in one half."""
    rules = dict(locale.day_period_rules.get(None) or {})
    for period, name in names.items():
        spans = [_hours(rule) for rule in rules.get(period, [])]
        if period in {"am", "pm"}:
            table.add("half", name, period, language)
        elif spans and all(end <= NOON for _, end in spans):
            table.add("half", name, "am", language)
        elif spans and all(start >= NOON and end > start for start, end in spans):
            table.add("half", name, "pm", language)


def _hours(rule: dict) -> tuple[float, float]:
    """Read from and before which hour a part of the day lasts; an instant, such as noon, lies in no half."""
    if "at" in rule:
        return 0, 99
    return rule["from"] / 3600, rule["before"] / 3600


def _patterns(locale: Locale) -> Iterator[str]:
    data = locale._data
    for kind in ("date_formats", "time_formats", "datetime_skeletons"):
        yield from (str(getattr(p, "pattern", p)) for p in data[kind].values() if p)
    for glue in data["datetime_formats"].values():
        yield str(glue).replace("{0}", "'0'").replace("{1}", "'1'")


def _add_literals(table: Table, pattern: str, language: str) -> None:
    """Add the words between the fields of a format; one written on to a number says which field that is."""
    before = ""
    for match in FIELD.finditer(pattern):
        quoted, letter, text = match[1], match[2], match[0]
        if letter:
            before = CLOCK.get(letter, "") if len(text) < 3 or letter in "yHhms" else ""
            continue
        literal = quoted if quoted is not None else text
        words = re.findall(r"[^\W\d_][^\s\d,.:;/()\-]*", literal)
        for word in words:
            if (
                before
                and literal.lstrip("'").startswith(word)
                and (UNSPACED.match(word) or before in ("hour", "minute"))
            ):
                table.add(before, word, "", language)
            else:
                table.add("filler", word, "", language)
        before = ""


def _add_age(table: Table, age: str, unit: str, language: str) -> None:
    if NUMBER in age and not age.startswith(ROOT_AGE[:-1].strip()):
        table.add("ages", age, unit, language)


# What dateparser knows ----------------------------------------------------------------------------


def add_dateparser(table: Table, language: str, info: dict) -> None:
    """Add what dateparser says of one language."""
    months = [name.lower() for name in Locale("en").months["format"]["wide"].values()]
    listed = [
        *(("weekday", number, name) for number, name in enumerate(WEEKDAYS)),
        *(("month", number, name) for number, name in enumerate(months, start=1)),
        *(("half", name, name) for name in ("am", "pm")),
        *(("unit", name, name) for name in UNITS),
        *(("ago", "", "ago"), ("filler", "", "pertain"), ("filler", "", "skip")),
    ]
    for kind, value, name in listed:
        for word in filter(partial(_is_word, kind), info.get(name, ())):
            table.add(kind, word, value, language)
    _add_ages(table, language, info.get("relative-type-regex", {}))
    _add_named_ages(table, language, info.get("relative-type", {}))
    _add_numbers(table, language, info.get("simplifications", ()))


def _is_word(kind: str, word: str) -> bool:
    """Say whether a word is no number and, of a weekday, more than two letters."""
    is_short = kind == "weekday" and len(word) <= SHORT_WEEKDAY and not UNSPACED.search(word)
    return not is_short and not any(map(str.isdigit, word))


def _add_ages(table: Table, language: str, phrases: dict[str, list[str]]) -> None:
    """Add phrases with a number; those that are more of a pattern than that are left out."""
    for meaning, patterns in phrases.items():
        said = re.fullmatch(rf"\\1 ({'|'.join(UNITS)}) ago", meaning)
        for pattern in patterns if said else ():
            age = pattern.replace(r"(\d++[.,]?\d*+)", NUMBER)
            if said and not re.search(r"[\\()\[\]?*+|]", age):
                _add_age(table, age, said[1], language)


def _add_named_ages(table: Table, language: str, phrases: dict[str, list[str]]) -> None:
    """Add days by their names, "now" and duals; "last week" names a week of the calendar, not an age."""
    for meaning, words in phrases.items():
        said = re.fullmatch(rf"(\d+) ({'|'.join(UNITS)}) ago", meaning)
        if said and (said[2] == "day" or meaning == "0 second ago" or int(said[1]) > 1):
            for word in filter(partial(_is_word, "age"), words):
                table.add("age", word, f"{said[1]} {said[2]}", language)


def _add_numbers(table: Table, language: str, simplifications: Iterable[dict[str, str]]) -> None:
    """Add the words that stand for a number: "an hour ago"."""
    for simple in simplifications:
        for words, number in simple.items():
            if re.fullmatch(r"[^\W\d_][^\W\d_' ]*", words) and re.fullmatch(r"\d{1,2}", number):
                table.add("number", words, number, language)


# All of it ----------------------------------------------------------------------------------------


def make() -> dict:
    """Make the table: `words` by word and meaning; `orders` by language, null where its countries differ."""
    table = Table()
    orders: dict[str, list[str]] = defaultdict(list)
    for locale in _locales():
        add_locale(table, locale)
        letters = re.sub(r"[^yMd]", "", str(getattr(locale.date_formats["short"], "pattern", "")))
        orders[locale.language].append("".join(dict.fromkeys(letters)).lower())
    package = importlib.import_module("dateparser.data.date_translation_data")
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        if (language := name.split("-")[0]) in orders:
            add_dateparser(table, language, importlib.import_module(f"{package.__name__}.{name}").info)
    _add_more(table)
    return {
        "words": table.written(),
        "orders": {language: _order(found) for language, found in sorted(orders.items())},
    }


def _order(found: list[str]) -> str | None:
    """Take the order of a language's own country, which comes first, if most of the others write so too."""
    return found[0] if found.count(found[0]) > len(found) / 2 else None


def _add_more(table: Table) -> None:
    for kind, word, value, names in MORE:
        for language in names.split():
            table.add(kind, word, value, language)
    for word, unit in SHORT_AGES.items():
        table.add("short", word, unit, "en")
    for word in ORDINALS.split():
        table.add("ordinal", word, "", "und")
    for zone, minutes in ZONES.items():
        table.add("zone", zone, minutes, "und")


def write() -> str:
    """Write the table as JSON, a word a line, so that a change shows."""
    tables = (f"{json.dumps(name)}: {{\n{_lines(table)}\n}}" for name, table in make().items())
    return "{\n" + ",\n".join(tables) + "\n}\n"


def _lines(table: dict) -> str:
    said = (json.dumps({word: meanings}, ensure_ascii=False)[1:-1] for word, meanings in table.items())
    return ",\n".join(said)


if __name__ == "__main__":
    TABLE.write_text(write(), encoding="utf-8")
