"""What is said on a page, by whom and when, in its language."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from babel.dates import (
    format_date,
    format_datetime,
    format_time,
    format_timedelta,
    get_datetime_format,
)

HERE = Path(__file__).parent
SITE = json.loads((HERE / "site_words.json").read_text(encoding="utf-8"))
"""`words` of sites by language; `names` of people by script, `scripts` by language, `nicknames`."""
TEXTS = HERE.parents[1] / "gold" / "langid.jsonl"

UNSPACED = ("ja", "th", "zh")
FULL_STOPS = {"ja": "。", "zh": "。", "hi": "।", "th": ""}
ENDS = '。.!?！？।…:;»"”)'
MARKUP = str.maketrans({"<": None, ">": None, "&": "+"})
CLAUSES = re.compile(r"[.,;:!?()\[\]{}。、，；：！？।…«»\"“”„|=*#]+|\s[-–—/]+\s")


class Texts(NamedTuple):
    """Texts of a language as they were found, and what stands in them between punctuation."""

    sentences: list[str]
    phrases: list[str]


@cache
def _texts() -> dict[str, list[str]]:
    """Read the labelled texts by language; words alone are too short to be said."""
    texts: dict[str, list[str]] = {}
    for row in map(json.loads, TEXTS.read_text(encoding="utf-8").splitlines()):
        if row["set"] != "single-words":
            texts.setdefault(row["language"], []).append(" ".join(row["text"].translate(MARKUP).split()))
    return texts


@cache
def texts_of(language: str) -> Texts:
    """Return what can be said in a language."""
    sentences = [text for text in _texts()[language] if 15 < len(text) < 400]
    plain = (text for text in sentences if "@" not in text and "://" not in text)  # an address is no phrase
    clauses = (clause.strip(" -–—'’+/") for text in plain for clause in CLAUSES.split(text))
    parts = [part for clause in clauses for part in (clause.split() if language == "th" else [clause])]
    return Texts(sentences, [part for part in parts if len(part) > 1 and not part[0].isdigit()])


class Voice:
    """Texts, people and times of one page."""

    def __init__(self, random: Random, language: str) -> None:
        self.random = random
        self.language = language
        self.words: Mapping[str, str] = SITE["words"][language]
        self.is_spaced = language not in UNSPACED
        self.parts_names = random.random() < 0.5

    # Words

    def sentence(self) -> str:
        """Say a text as it is, or the beginning of one and the end of another, lest all say the same."""
        pool = texts_of(self.language).sentences
        said = self.random.choice(pool)
        if self.random.random() < 0.6:
            said = self._joined(said, self.random.choice(pool))
        return said if said[-1] in ENDS else said + FULL_STOPS.get(self.language, ".")

    def _joined(self, first: str, second: str) -> str:
        glue = " " if self.is_spaced else ""
        heads = first.split() if self.is_spaced else list(first)
        tails = second.split() if self.is_spaced else list(second)
        head = heads[: self.random.randint(max(1, len(heads) // 3), len(heads))]
        tail = tails[self.random.randint(0, len(tails) // 2) :]
        return glue.join(head).rstrip(".;:!?。、，") + glue + glue.join(tail)

    def paragraph(self, low: int, high: int) -> str:
        """Say so many sentences."""
        n_sentences = self.random.randint(low, high)
        return (" " if self.is_spaced else "").join(self.sentence() for _ in range(n_sentences))

    def remark(self) -> str:
        """Say a few words."""
        ends = (".", "!", "", "?", " :)") if self.is_spaced else ("", "!", "。")
        return self.phrase(1, 8) + self.random.choice(ends)

    def phrase(self, low: int, high: int) -> str:
        """Say a phrase of so many words (or three times as many letters, where no spaces part words), capitalised.

        Phrases are whole: what stands between punctuation. Where none is of that length, one is cut.
        """
        pool = texts_of(self.language).phrases
        drawn = [self.random.choice(pool) for _ in range(12)]
        fitting = next((phrase for phrase in drawn if low <= self._size(phrase) <= high), None)
        said = fitting or self._cut(max(drawn, key=len), high)
        return said[:1].upper() + said[1:]

    def _size(self, phrase: str) -> float:
        return len(phrase.split()) if self.is_spaced else len(phrase) / 3

    def _cut(self, phrase: str, high: int) -> str:
        if not self.is_spaced:
            return phrase[: 3 * high]
        words = phrase.split()[:high]
        while len(words) > 1 and len(words[-1]) <= 3:  # an article or a preposition ends no title
            words.pop()
        return " ".join(words)

    # People

    def person(self, names: str) -> str:
        """Name somebody: by `nickname`, `full`, `given`, `initial` (of the family name), or `mixed`."""
        if names == "nickname" or (names == "mixed" and self.random.random() < 0.5):
            digits = str(self.random.randint(1, 99)) if self.random.random() < 0.15 else ""
            return self.random.choice(SITE["nicknames"]) + digits
        known = SITE["names"][SITE["scripts"].get(self.language, "latin")]
        given, family = self.random.choice(known["given"]), self.random.choice(known["family"])
        if self.language in ("ja", "ko", "zh"):
            return f"{family} {given}" if self.language == "ja" and self.parts_names else family + given
        if self.language == "vi":
            return f"{family} {given}"
        return {"given": given, "initial": f"{given} {family[0]}."}.get(names, f"{given} {family}")

    def handle(self) -> str:
        return str(self.random.choice(SITE["nicknames"])) + str(self.random.randint(1, 999))

    def people(self, names: str, count: int) -> list[str]:
        """Name who wrote so many records; some wrote several."""
        pool = [self.person(names) for _ in range(max(2, int(count * self.random.uniform(0.4, 1.2))))]
        return [self.random.choice(pool) for _ in range(count)]

    # Times

    def times(self, now: datetime, count: int, pace: str, *, rises: bool) -> list[datetime]:
        """Draw times before now, at a pace, that only rise or only fall."""
        pause = PACES[pace]
        gaps = (pause * self.random.uniform(0.1, 3) for _ in range(count))
        ages = list(accumulate(gaps, initial=pause * self.random.uniform(1, 10)))[1:]
        return [now - age for age in (reversed(ages) if rises else ages)]

    def date(self, style: str, when: datetime, now: datetime) -> str:
        """Print a time in a style: see `choices.RECORDS`."""
        language = self.language
        if style in RELATIVE:
            return self._ago(when - now, *RELATIVE[style])
        if style in FIXED:
            return when.strftime(FIXED[style])
        if style == "digits":
            return when.strftime(DIGITS.get(language, "%d.%m.%Y, %H:%M"))
        if style == "weekday":
            return format_date(when, "EEEE", locale=language) + when.strftime(" %d.%m.%Y %H:%M")
        if style == "no_year":
            return format_datetime(when, NO_YEAR.get(language, "d MMM HH:mm"), locale=language)
        width, _, is_day = style.partition("_")
        day = format_date(when, width, locale=language)
        return day if is_day else self._with_time(day, when, width)

    def _ago(self, age: timedelta, width: str, is_ago: bool) -> str:
        try:
            return format_timedelta(age, locale=self.language, add_direction=is_ago, format=width)
        except KeyError:  # babel lacks short weeks in Arabic, and short years in Thai
            return format_timedelta(age, locale=self.language, add_direction=is_ago)

    def _with_time(self, day: str, when: datetime, width: str) -> str:
        """Print day and time as the language joins them, without a time zone."""
        clock = format_time(when, "medium" if width == "medium" else "short", locale=self.language)
        joined = str(get_datetime_format(width, locale=self.language)).replace("'", "")
        return joined.replace("{0}", clock.replace("\u202f", " ")).replace("{1}", day)


PACES = {
    "minutes": timedelta(minutes=7),
    "hours": timedelta(hours=4),
    "days": timedelta(days=2),
    "weeks": timedelta(weeks=3),
}
# Width of the words, and whether they say that it is past.
RELATIVE = {"ago": ("long", True), "ago_short": ("short", True), "age": ("narrow", False)}
FIXED = {"iso": "%Y-%m-%d %H:%M", "iso_day": "%Y-%m-%d", "mail": "%a, %d %b %Y %H:%M:%S +0000"}
DIGITS = {"en": "%m/%d/%Y %H:%M", **dict.fromkeys(("ja", "ko", "zh"), "%Y/%m/%d %H:%M")}
NO_YEAR = {
    "en": "MMM d, h:mm a",
    "hu": "MMM d. HH:mm",
    "ko": "M월 d일 HH:mm",
    **dict.fromkeys(("ja", "zh"), "M月d日 HH:mm"),
}
