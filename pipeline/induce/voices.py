"""How pages set a speaker off from the words, and what names look like: what `speech` tries, declared.

A *style* is a line with a name in it: `<ada> …`, `ADA: …`, `Mr. Lovelace. – …`, a name alone above the words, a name
with a stamp behind it. A *stamp* is a date, a time of day, or how far into the recording it is.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.calendar.words import table
from pipeline.grammar import words
from pipeline.induce.dates import ANY_DAY

# Letters by case, where the engine and Python must both read the pattern.
_SMALL = "a-zß-öø-ÿāăąćčďđēęěğģīıķĺľļłńņňőœŕřśşšţťūůűųźżžșțа-яѐ-џґά-ώ"
_CAPITAL = rf"[^\W\d_{_SMALL}]"
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĽĻŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚА-ЯЀ-ЏҐΆ-Ϋ"

NAME = r"[^\s:：<>\[\]()|*.,;!?%/=…«»“„][^:：<>\[\]|*]{0,59}?"
# A name of words none of which ends a sentence: abbreviations may stand among them.
NAME_OF_WORDS = (
    r"(?:(?:[^\W\d_]{1,4}\.|[^\s.:：–—()（）-][^\s.:：–—()（）]*)\s){0,7}?"
    r"[^\s.:：–—()（）-][^\s.:：–—()（）]{0,40}"
)
ASIDE = r"(?: ?[(\[（][^()\[\]（）]{1,100}[)\]）])"
ACCOUNT = r"(?: ?[(（<](?:[^\s()（）<>]*\d{4}[^\s()（）<>]*|[^\s()（）<>]*@[^\s()（）<>]*)[)）>])?"
# What is said of how a thing is said, and no part of a name: (smiling), (voice-over), (spoke in French).
STAGE = rf"(?: ?[(\[（][{_SMALL}][^()\[\]（）]{{0,60}}[)\]）])?"
TITLE = r"(?:\s+(?:--|[–—])\s+[^\s.!?][^.!?]{1,80})?"
# How the one speaks who stands on the stage: MADELEINE, aside.
ON_STAGE = rf"(?:(?:\s?,\s[{_SMALL}]|,?\s?\()[^.:：!?]{{2,80}})?"
RANK = r"[@+%~&!]?"  # of those who keep order in a channel
WORDS = r"(?P<text>.*)"
CLOSING_SHARE = 0.6  # of the turns, those with the same words behind the name, where these are none of it

CLOCK_TIME = r"(?:\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}|\d{1,2}[:.][0-5]\d(?:[:.][0-5]\d)?(?:[.,]\d{1,3})?)\b"
CLOCKED = r"\d[:.][0-5]\d"  # in every line with a time of day
HALF_BEFORE = r"(?:(?:오전|오후|上午|下午|午前|午後)\s?)?"
HALF_DAY = r"(?:\s?(?i:[ap]\.?\s?m\.?))?"
CLOCK = rf"(?P<clock>{HALF_BEFORE}{CLOCK_TIME}{HALF_DAY})"
# A day beside a time of day, its year left out as system logs and chats do, or a weekday before it.
_DATE = (
    rf"(?:\d{{4}}\.\s?\d{{1,2}}\.\s?\d{{1,2}}\.|\d{{1,2}}\.\s\d{{1,2}}\.\s\d{{4}}|{ANY_DAY}|\d{{1,2}}\s(?:de\s)?[^\W\d_]{{3,12}}\.?\s(?:del?\s)?\d{{4}}(?:\sг\.)?"
    r"|[^\W\d_]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,\s\d{4})?|\d{1,2}\.?\s[^\W\d_]{3,9}\.?|\d{1,2}[./]\d{1,2}\.?)"
)
DAY = rf"(?:[^\W\d_]{{2,10}}\.?,?\s)?{_DATE}"
_AT = r"(?:[a-zàв]{1,4}\.?\s)?"  # "at" in whatever language
_DAY_AND_CLOCK = rf"(?:(?P<published_raw>{DAY})(?:,?\s+{_AT}|T))?{CLOCK}"
# Behind a name a weekday needs a comma: else the last name would be one.
_DATE_AND_CLOCK = rf"(?:(?P<published_raw>(?:[^\W\d_]{{2,10}},\s)?{_DATE})(?:,?\s+{_AT}|T))?{CLOCK}"
STAMP = rf"(?:[-–•]\s)?[\[(]?{_DAY_AND_CLOCK}Z?(?:,?\s+{ANY_DAY})?[\])]?\s*[-–—|:,]?\s*"
# With a word for the day before it, or for the hour behind it: today at 10:05, 10:05 Uhr.
_DAY_WORD = r"(?:[^\W\d_]{1,10}(?:['’][^\W\d_]{1,8})?\.?,?\s+(?:[^\W\d_]{1,4}\.?\s){0,2})?"
# Behind a name only a word of the calendar is one for the day: else the last name would be.
_DAYS = "|".join(
    sorted(
        (
            re.escape(word).replace(r"\ ", r"[\s'’]")
            for word, said in table()["words"].items()
            if not {"age 0 day", "age 1 day"}.isdisjoint(said) and len(word) > 2
        ),
        key=lambda word: (-len(word), word),
    )
)
_DAY_AT = rf"(?:(?:(?i:{_DAYS}),?\s)?(?:[a-zàв]{{1,4}}\.?\s){{0,2}})"
_HOUR_WORD = r"(?:\s[^\W\d_]{1,4})?"
_DASH = r"(?:\s*[–—|·•]|\s+-)"  # a hyphen within a name parts none
STAMP_AFTER = (
    rf"(?:[:：,]?\s+{_DAY_AT}|,?{_DASH}\s*(?:{_DAY_WORD}\b)?)[(\[]?{_DATE_AND_CLOCK}{_HOUR_WORD}[)\]]?"
)
_UNTIL = rf"(?:\s*(?:-->|→|–|-)\s*{CLOCK_TIME})?"
STAMP_ALONE = rf"(?:[-–—|·•]\s*)?[\[(]?{_DAY_WORD}{_DAY_AND_CLOCK}{_HOUR_WORD}{_UNTIL}[)\]]?:?"
RULE = r"^[-–—=_~*─━]{3,}$"


class Style(NamedTuple):
    """A way to set a speaker off.

    Attributes:
        name: the pattern of the speaker's name.
        line: the pattern of the line, in which WHO stands for the name, with what is said around it on that page.
        is_signed: whether the line's own signs tell that a name stands there, so that it need not come back.
        has_aside: whether in brackets behind the name may stand what belongs to it, such as a party.
        needs_stamp: whether it says nothing without a stamp before it.
        takes_stamp: whether a stamp may stand before it.
        has_stamp: whether a stamp stands behind the name.
        sign: a short pattern that each such line holds, and few others: only there is the whole one tried.
    """

    name: str
    line: str
    is_signed: bool = False
    has_aside: bool = False
    needs_stamp: bool = False
    takes_stamp: bool = True
    has_stamp: bool = False
    sign: str = ""


# Words by which people are addressed before their name, as minutes print them.
_TITLES = (
    "M. MM. Mme Mmes Mlle Mr Mr. Mrs Mrs. Ms Ms. Dr Dr. Prof. Sir Lord Lady Sr. Sra. Señor Señora "
    "Sig. Sig.ra On. Herr Frau Hr. Fru Sen. Rep. Gov. Hon. Pan Pani Poseł Г-н Г-жа Κ. Dep. Deputado "
    "Deputada"
)
_ADDRESS = words("The Hon.", *_TITLES.split())
INTRODUCED = "introduced"  # with an office behind a comma, before the name stands alone

_NAME_BEFORE_STAMP = r"[^\s:：<>\[\]()|*#\d](?:[  ]?[^\s:：<>\[\]|*]){0,59}?"
_CIRCLE = "[○◯●◎■◆◇▲△▶]"  # before each name, in minutes of East Asia
_STAMPED: dict[str, Any] = {"takes_stamp": False, "has_stamp": True, "sign": CLOCKED}
STYLES = {
    "angled": Style(r"[^<>\s][^<>]{0,40}?", rf"<[@+%~&! ]?WHO>:?\s+{WORDS}", is_signed=True),
    "bold": Style(
        r"[^\s*:：?？][^*:：?？]{0,58}?",
        rf"(?:\*\*|[*_])WHO\s*(?:[:：]?\*\*\s*[:：]?|[:：][*_]|[*_]\s?[:：])\s*{WORDS}",
        is_signed=True,
    ),
    "initial": Style(r"[^\W\d_]", rf"WHO(?:\.(?:\s?[-–—])?|\))\s+{WORDS}", takes_stamp=False),
    "initials": Style(rf"[{_UPPER}]{{1,3}}", rf"WHO\s+{WORDS}", takes_stamp=False),
    "asked": Style("Q", rf"WHO\s+{WORDS}", takes_stamp=False),
    "colon": Style(NAME, rf"WHO{STAGE}\s{{0,12}}[:：](?:\s+|$){WORDS}", has_aside=True),
    "office": Style(
        rf"{_CAPITAL}[^{_SMALL}:：.!?,;]{{2,40}}",
        rf"WHO,\s[^:：]{{2,200}}[:：]\s+{WORDS}",
        is_signed=True,
        takes_stamp=False,
    ),
    "wide_colon": Style(NAME, rf"WHO：\s*{WORDS}", has_aside=True),
    "dashed": Style(NAME_OF_WORDS, rf"WHO(?:\.? ?[–—‐]|\.? --?) {WORDS}", has_aside=True),
    "stopped": Style(
        r"(?:[^\W\d_]{1,4}\.\s){0,2}(?:[^\s.]+\s){0,7}?[^\s.]{2,40}",
        rf"WHO\.(?:\s?[–—‐-])?\s+{WORDS}",
        has_aside=True,
    ),
    INTRODUCED: Style(
        rf"{_ADDRESS}\s(?:[^\W\d_]{{1,4}}\.\s)?[^\s.,:：–—()（）]+(?:\s[^\s.,:：–—()（）]+){{0,5}}",
        rf"WHO,\s[^\s.:：!?][^.:：!?]{{2,200}}\.(?:\s?[–—‐-])?\s+{WORDS}",
        is_signed=True,
        has_aside=True,
        takes_stamp=False,
    ),
    "wide_space": Style(r"[^\s　:：]{1,40}", rf"[○◯●◎■]?WHO　{WORDS}"),
    "wide_gap": Style(
        r"[^\s:：.,;|<>*→←•=!?\d-][^\s:：|.,;!?]*(?:\s[^\s:：|.,;!?]+){0,4}",
        rf"WHO(?:\s{{2,}}|\t){WORDS}",
        has_aside=True,
        takes_stamp=False,
    ),
    "gap_timed": Style(
        r"[^\s:：.,;|<>*→←•=!?\d-][^\s:：|]{0,30}",
        rf"WHO(?:\s{{2,}}|\t){WORDS}(?:\s{{2,}}|\t){_DATE_AND_CLOCK}",
        **_STAMPED,
    ),
    "circled_pair": Style(r"[^\s:：]{1,30} [^\s:：]{1,30}", rf"{_CIRCLE}WHO {WORDS}", has_aside=True),
    "circled": Style(r"[^\s:：（(]{1,40}", rf"{_CIRCLE}WHO\s+{WORDS}", has_aside=True),
    "initialled": Style(
        rf"{_CAPITAL}[^\W\d_][\w'’-]*\s{_CAPITAL}\.\s?{_CAPITAL}\.",
        rf"WHO(?:,\s[^.]{{2,80}}\.)?(?:\s?[–—-])?\s+{WORDS}",
        takes_stamp=False,
    ),
    "bracketed": Style(
        r"[^\[\]（）\d][^\[\]（）]{0,40}", rf"[\[【（]WHO(?:\]:?(?:\s+|$)|[】）][:：]?\s*){WORDS}"
    ),
    "barred": Style(r"[^\s:.,;|<>*→←•=!\d-][^|\t]{0,40}?", rf"{RANK}WHO\s?(?:\||>|\t)\s?{WORDS}"),
    "plain": Style(r"[^\s:.,;<>*→←•=!?%+/…«»“„\d-][^\s:]{0,31}", rf"{RANK}WHO\s+{WORDS}", needs_stamp=True),
    "timed": Style(_NAME_BEFORE_STAMP, rf"(?:#{{1,6}}\s+)?WHO{STAMP_AFTER}\s*:?", **_STAMPED),
    "timed_words": Style(
        _NAME_BEFORE_STAMP, rf"\[?WHO\]?[:：]?\s?[(\[]{_DAY_AND_CLOCK}[)\]]\s*[:：]?\s+{WORDS}", **_STAMPED
    ),
    "timed_colon": Style(_NAME_BEFORE_STAMP, rf"WHO,?\s+{_DATE_AND_CLOCK}\s?[:：]\s+{WORDS}", **_STAMPED),
    "colon_timed": Style(_NAME_BEFORE_STAMP, rf"WHO[:：]\s+{_DAY_AND_CLOCK}\s+{WORDS}", **_STAMPED),
    "alone": Style(
        r"(?:@[^\s:]{1,40}:[^\s:]{2,40}|[^\s:：<>\[\]()|*#.,;!?%+/=…«»“„][^:：<>\[\]|*]{0,59}?)",
        rf"WHO{TITLE}\s?[:：]?",
        has_aside=True,
    ),
    "cast": Style(
        rf"[{_UPPER}][{_UPPER}0-9 '’-]{{0,39}}[{_UPPER}0-9]", rf"WHO{ON_STAGE}\.?", takes_stamp=False
    ),
    "headed": Style(NAME, r"#{1,6}\s+WHO\s?[:：]?", has_aside=True),
}
_SIGNS = {
    "angled": "<",
    "bold": r"[*_]",
    "initial": r"^\S[.)]",
    "initials": rf"^[{_UPPER}]{{1,3}}\s",
    "asked": r"^Q\s",
    "colon": r"[:：](?:\s|$)",
    "office": r":\s",
    "wide_colon": "：",
    "dashed": r"[–—‐-] ",
    "stopped": r"\.[\s–—‐-]",
    INTRODUCED: r",\s.*\.[\s–—‐-]",
    "wide_space": "　",
    "wide_gap": r"\S(?:\s\s|\t)",
    "gap_timed": rf"(?:\s\s|\t).*(?:\s\s|\t).*{CLOCKED}",
    "circled_pair": f"^{_CIRCLE}\\S",
    "circled": f"^{_CIRCLE}\\S",
    "initialled": r"\s\S\.\s?\S\.",
    "bracketed": r"[\]】）]",
    "barred": r"[|>\t]",
    "timed_words": rf"[(\[][^()\[\]]*{CLOCKED}[^()\[\]]*[)\]]",
    "timed_colon": r"[:.,]\d{1,3}[\s.apmAPM]{0,6}[:：]\s",
    "colon_timed": rf"[:：]\s.*{CLOCKED}",
    "cast": f"^[{_UPPER}]{{2}}",
    "headed": "#",
}
STYLES |= {name: STYLES[name]._replace(sign=sign) for name, sign in _SIGNS.items()}
ALONE = ("alone", "headed", "cast")  # styles in which all words stand below the name
# Styles that stand beside others: question and answer, and who breaks in; an office, and then the name alone.
COMPANIONS = {
    "initial": ("colon", "stopped"),
    "colon": ("wide_gap", "office"),
    "angled": ("colon",),
    "stopped": (INTRODUCED,),
    "initialled": ("stopped",),
    "asked": ("colon",),
}

# Names that are told by their form: of words that are all capitals, or that all begin with one.
_LINKED = r"(?:\s(?:[a-zà-ÿ]{1,3}\s){0,2}|-|/|\s?\()"
_UNCASED = r"\u0590-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"  # scripts without small letters
_CASELESS = rf"[{_UNCASED}][{_UNCASED}0-9'\"·・-]*"
FORMS = {
    "addressed": (
        rf"{_ADDRESS}\s(?:[a-zà-ÿ]{{1,3}}\s)?[\w.'’-]+(?:\s{_CAPITAL}[\w.'’-]*){{0,4}}(?:,\s[^.:：!?]{{2,50}})?"
    ),
    "capitals": rf"{_CAPITAL}[^{_SMALL}:：.!?]{{2,59}}(?: ?\([^()]{{1,40}}\))?",
    "capitalised": rf"(?:{_CAPITAL}[\w.'’-]*)(?:{_LINKED}{_CAPITAL}[\w.'’/-]*\)?,?){{1,8}}",
    "titled": rf"(?:{_CAPITAL}[\w.'’-]*)(?:{_LINKED}{_CAPITAL}[\w.'’/-]*){{1,4}},\s[^.:：!?]{{2,60}}",
    "numbered": r"[^\W\d_]+\s\d{1,2}",
    "caseless": rf"{_CASELESS}(?:\s(?:{_CASELESS}|\d{{1,2}})){{0,3}}(?: ?[(（][^()（）]{{1,40}}[)）])?",
}
_IS_FORM = {name: re.compile(f"^{pattern}$") for name, pattern in FORMS.items()}
IS_ADDRESS = re.compile(rf"(?i:(?:^|\s){_ADDRESS}$)")
IS_DAY = re.compile(rf"^{DAY}$")
# How words end that are said; an abbreviation has a capital or is short.
IS_SAID = re.compile(r"[。！？!?؟।…]$|^\S+\.$|[^\W\d_]{4}\.$")
IS_CASED = re.compile(rf"[{_UPPER}{_SMALL}]")


# Words that stand in sentences and in no name nor office, within one; and those with which only sentences begin.
_IN_SENTENCES = """
    you we he she they it me us them my your is are was were has have had not this that
    ich wir sie ihr mich mir uns ist sind hat haben nicht dass wenn
    je tu nous vous il elle ils elles me ne est sont était ont pas que yo usted ustedes se nos era fue ha han
    io mi noi voi lei è sono hanno non che eu você é são foi não ele ela
    ik wij jij hij zij zijn heeft niet dat się jest są był była nie że jag ni han hon det är har inte att değil
    я ты мы вы он она они не это что нам мне мене ми ви він вона вони це що
"""
_BEGIN_SENTENCES = """
    I We They It There This That What If Let Nobody Ich Wir Wenn Je J'ai Nous Vous C'est Yo Nosotros Io Noi Eu Nós
    Ik Wij Ja Jag Det Biz Я Мы Вы Он Она Они Это Не Ми Ви Він Вона Це
"""
IS_SENTENCE = re.compile(
    rf"^{words(*_BEGIN_SENTENCES.split())}\s|\s{words(*_IN_SENTENCES.split())}(?:[\s,]|$)"
    r"|^(?:我|你|您|他|她|它|这|那)|[说說]$"
)


INITIALS = rf"^(?:[{_UPPER}]\.?){{2,3}}$"
IS_INITIALS = re.compile(INITIALS)


@lru_cache(1 << 14)
def forms_of(name: str) -> tuple[str, ...]:
    """Name the forms that a name has, none where its form says nothing; one in capitals has but that."""
    if not IS_CASED.search(name.split("(", maxsplit=1)[0]):
        return tuple(form for form in ("numbered", "caseless") if _IS_FORM[form].match(name))
    found = tuple(form for form, pattern in _IS_FORM.items() if pattern.match(name))
    return ("capitals",) if "capitals" in found else found


def shortened(names: Collection[str]) -> dict[str, str]:
    """Give the names that are the initials of one other, and that: Ada Lovelace, and then AL."""
    short = [name for name in names if IS_INITIALS.match(name)]
    if not short:
        return {}
    full: dict[str, set[str]] = {}
    for name in names:
        parts = re.split(r"[\s-]+", name)
        if len(parts) == 1:
            continue
        for letters in {"".join(part[:1] for part in parts), parts[0][:1] + parts[-1][:1]}:
            full.setdefault(letters.upper(), set()).add(name)
    of = {name: full.get(name.replace(".", ""), set()) for name in short}
    return {name: others.pop() for name, others in of.items() if len(others) == 1}


class Manner(NamedTuple):
    """How the turns of a page begin: a style, and what else stands on each of those lines, or beside it.

    Attributes:
        style: a key of STYLES.
        is_stamped: whether a stamp stands before it.
        beside: a key of BESIDE, what stands on a line of its own above or below it, or below what is said; "" for
            nothing.
        lead: the pattern of what stands before all, such as the number of a line.
        opening, closing: words that stand about every name, and are none: "From", "to Everyone".
        is_bare: whether what stands in brackets behind a name is none of it, since it changes.
        is_offset: whether stamps tell the time since the beginning.
        same: the line that stands below each name on that page, where that is the site's.
    """

    style: str
    is_stamped: bool = False
    beside: str = ""
    lead: str = ""
    opening: str = ""
    closing: str = ""
    is_bare: bool = False
    is_offset: bool = False
    same: str = ""

    @property
    def is_timed(self) -> bool:
        """Say whether a stamp stands before each name, behind it, or on a line beside it."""
        return self.is_stamped or STYLES[self.style].has_stamp or self.beside in STAMPED_BESIDE

    @property
    def is_told(self) -> bool:
        """Say whether the line tells by itself that a name stands there, so that it need not come back."""
        style = STYLES[self.style]
        return self.is_stamped or style.has_stamp or style.is_signed or self.beside == "time_below"

    @property
    def is_closed(self) -> bool:
        """Say whether a stamp stands below what is said."""
        return self.beside == "time_after"

    @property
    def above(self) -> int:
        """Count the lines of its head above the name."""
        return int(self.beside == "time_above")

    @property
    def below(self) -> int:
        """Count the lines of its head below the name."""
        return int(self.beside.endswith("_below"))

    def pattern(
        self, form: str | None = None, names: Sequence[str] = (), *, only_speaker: bool = False
    ) -> str:
        """Write the pattern of the line of the name: of names of a form, or of some names.

        Its first group is who speaks, and the only one where `only_speaker`.
        """
        style = STYLES[self.style]
        any_name = FORMS[form] if form else style.name
        name = "|".join(map(re.escape, names)) or any_name
        asides = ASIDE if style.has_aside else ""
        if asides and not self.is_bare and not names:
            name += f"(?:{asides}){{0,2}}?"
        who = rf"{re.escape(self.opening)}(?P<speaker>{name})"
        who += (ACCOUNT if asides else "") + (f"{asides}*" if asides and self.is_bare else "")
        who += rf"(?:{re.escape(self.closing)}){'?' if self.is_timed else ''}" if self.closing else ""
        line = self.lead + (STAMP if self.is_stamped else "") + style.line.replace("WHO", who)
        return f"^{_plain(line)}$" if only_speaker else f"^{self._timed(line)}$"

    @property
    def has_stamp_apart(self) -> bool:
        """Say whether a stamp stands behind each name or beside it, as in chats that leave the next names out."""
        return STYLES[self.style].has_stamp or self.beside in STAMPED_BESIDE

    def pattern_again(self) -> str:
        """Write the pattern of a stamp alone at which the same one goes on: who speaks is empty, as it was above."""
        return f"^{self.lead}(?P<speaker>){self._timed(STAMP_ALONE)}$"

    def pattern_beside(self) -> str:
        """Write the pattern of the line beside the name."""
        return f"^{self.lead}{re.escape(self.same) or self._timed(BESIDE[self.beside])}$"

    def _timed(self, line: str) -> str:
        if self.is_offset:
            return line.replace("?P<clock>", "?P<start>").replace("?P<published_raw>", "?:")
        return line


# What stands on a line above or below a name; the most frequent line of the page is written where it is known.
BESIDE = {
    "time_above": STAMP_ALONE,
    "time_below": STAMP_ALONE,
    "time_after": STAMP_ALONE,  # below what is said
    "rule_below": RULE[1:-1],
    "same_below": "",
}
STAMPED_BESIDE = ("time_above", "time_below", "time_after")


def _plain(line: str) -> str:
    return line.replace("?P<published_raw>", "?:").replace("?P<clock>", "?:")


PLAIN_STAMP = _plain(STAMP)
PLAIN_BESIDE = {name: f"^{_plain(pattern)}$" for name, pattern in BESIDE.items()}


def shared_words(names: Sequence[str]) -> tuple[str, str]:
    """Give the words that stand before all names, or behind nearly all, and are no name: "From ", " to Everyone".

    What stands before must end without a stop, as a title does not; what stands behind begins with a small letter.
    """
    distinct = sorted({*names})
    first = {name[: found.end()] for name in distinct if (found := re.match(r"\S+\s+", name))}
    opening = first.pop() if len(first) == 1 and len(distinct) > 2 else ""
    if opening.rstrip().endswith(".") or not all(
        name.startswith(opening) and name[len(opening) :][:1].isalpha() for name in distinct
    ):
        opening = ""
    ends = [name[at:] for name in names if (at := _small_end(name, len(opening)))]
    closing = max({*ends}, key=lambda end: (ends.count(end), end), default="")
    is_shared = (
        ends.count(closing) >= CLOSING_SHARE * len(names)
        and len({n for n in names if n.endswith(closing)}) > 1
    )
    return opening, closing if is_shared else ""


def _small_end(name: str, start: int) -> int:
    """Find where the last words of a name begin that open with a small letter; 0 where there are none."""
    found = re.search(rf",?\s+[{_SMALL}]+(?:\s+\S+)?$", name[start:])
    return found.start() + start if found and found.start() else 0
