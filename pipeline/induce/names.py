"""Who stands in a column: a name alone, or the words before a date that vary as names do."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import polars as pl

from pipeline.article.patterns import BY, NAME, PARTICLE, SAYING
from pipeline.grammar import any_listed
from pipeline.induce.dates import is_weekday
from pipeline.induce.page import Page
from pipeline.induce.shapes import (
    AGE_SIGN,
    BULLET,
    DAYS,
    HANDLE,
    HANDLE_SIGN,
    NUMBER_SIGN,
    NUMBERED,
    TIME_SIGN,
    WHEN,
    WORDS_SIGN,
    dated_pattern,
)
from pipeline.induce.template import FEWEST, HOLDS, Column, Frame

# Of the lines of a name, those that differ; words on average beyond which half must; beyond which they are no names.
NAMES_VARY, WORDS_OF_NAME, MOST_WORDS = 0.2, 2.5, 4
COUNT, SIGN = r"[+−–-]?\d[\d.,]*\.?\w{0,3}", r"[^\w\s]+½?"  # a word that is a number; one of signs alone
NO_NAME = r"[,;!?]$|^[\d.]+$|\s\S*\d\S*$"  # how no name ends: a number, or a word with one behind others
# What no name has behind its first word; and in how many of some lines it may stand all the same.
SMALL, MOST_SMALL = rf"(?<=\w\s)(?!{PARTICLE}\b)[^\W\d_A-Z]{{3,}}|\w/\w", 0.34
# What stands before a colon and a name where a form was filled in, as in guest books and shops' reviews.
NAMED = any_listed(
    """
Name | Nom | Nombre | Nome | Naam | Navn | Namn | Nimi | Név | Jméno | Meno | Imię | Ime | Nume | İsim | Ad
Tên | Nama | Имя | Ім'я | Име | Όνομα | שם | الاسم | نام | नाम | ชื่อ | 名前 | お名前 | 이름 | 작성자 | 글쓴이
姓名 | 昵称 | 作者 | 投稿者 | Author | Autor | Auteur | Autore | Verfasser | Автор | Posted by | Nickname | Nick
User | Username | Benutzer | Pseudo | Usuario | Utente | Utilisateur
"""
)
MOST_INITIALS = 2  # letters
FEW_NAMED = 3  # names that may end alike, as those of a family do
VERB = r"[^\W\d_A-ZÀ-Þ]+"  # of saying: one of the site's words, in small letters
# A number of minutes and no "ago".
MINUTES = r"(?i)(?:^|[|·•(]\s?|\s)(\d{1,2})\s?((?:min|dk|perc|мин|хв|मिनट|นาที|分|분|דק|دق)\p{L}*\.?)(?:\s?[|·•)].*)?$"
LEAST_LENGTHS = 3  # lines from which on the order of minutes tells something
LONGEST_ON = 3  # letters of a word for "on" before a date
MARKER = rf"(?:(?:{BULLET}|{NUMBERED}){{0,2}})"  # of an item, which may be the first of a list within it
# As mail says who sent it; the mailbox is not of the name.
SENDER = any_listed(
    "From | Von | De | Da | Van | Fra | Från | Od | Od koho | От | Від | Kimden | Lähettäjä | 差出人 | 发件人 | 寄件者"
)
# Or a byline: "Written by Ada".
BYLINE = rf"\W*(?:[^\W\d_]+\s){{1,2}}(?:{BY}|da|od|от|від|توسط|על ידי)(?:\s*[:：]\s*|\s+)"
BRIEF = rf"{BYLINE}[^\s:：,|•·]+(?:\s[^\s:：,|•·]+){{0,3}}"
NAMING = rf"(?i:{NAMED}|{SENDER})\s?[:：]\s?"
LABELLED = rf"{MARKER}(?:{NAMING}|{BYLINE})(?P<author>\S.*?)(?:\s*<[^\s<>]+>)?"
FIELD = rf"^{MARKER}([^\W\d_](?:[^:：]*[:：]\s?|[^:：]*?\s{{2,}}))\S"  # before a colon, or a wide gap
IS_WHO = rf"(?:^|\s)(?i:{NAMED}|{SENDER}|{BY})$"  # how a label ends behind which a name stands
PARTING = r"[\s,;|·•»›:–—(/-]*"  # what may stand between a name and a date
AFTER_DATE = (
    rf"(?:(?:[^\w].*?)?[\s|•·,–—-]{BY}(?:\s*[:：]\s*|\s+)(?P<author>\S[^|•·,(]*?)\s*(?:[|•·,(].*)?|[^\w].*)?"
)
# One name that all records share, told by words for who wrote: "Posted by Ada", "Ada wrote on".
_BY_ONE = rf"(?:[^\W\d_]+\s)?{BY}(?:\s?[:：]\s?|\s)(?P<by>{NAME})"
SOLE = rf"{MARKER}(?:{_BY_ONE}|(?P<said>{NAME})\s{SAYING})(?:\s?\W)?(?:\s{VERB})?"
WITH_ACCOUNT = rf"{MARKER}(?P<author>[^\W\d_][^@]*?)\s\(?(?P<handle>{HANDLE})\)?(?:\s\W+)?"
BEFORE_NAME = rf"^(?:{BULLET})?{BY}\s+"
SIGNED_AFTER = rf"^(?:[^\w].*?)?(?:^|[\s|•·,–—-]){BY}(?:\s*[:：]\s*|\s+)(\S[^|•·,(]*)"


def is_for_name(column: Column) -> bool:
    """Say whether a line is a name and nothing else, but for a bullet, a dash or "by" before it."""
    alone = rf"(?:{BULLET}|[–—]\s?)?(?:{BY}(?:\s?[:：]\s?|\s))?{WORDS_SIGN}$"
    is_slot = column.level == "slot" and not column.is_title
    return is_slot or bool(column.offset and re.match(alone, column.shape))


def named_of(page: Page, frame: Frame, slots: Iterable[Column]) -> Column | None:
    """Choose of columns that may be names the one that varies most, but for what stands in for another; else null."""
    told = (one for one in slots if not (_stands_in(page, frame, one) or _are_fields(page, frame, one)))
    return max(told, key=lambda column: column.n_distinct, default=None)


def _stands_in(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a column holds what stands where a picture was, beside who that is: initials, or "Ada avatar"."""
    names = (one for one in frame.columns if one.level == "slot" and one.n_words < column.n_words)
    holds_name = any(_are_mostly(page, frame, column, one, _has_more) for one in names)
    return holds_name or are_initials(page, frame, column)


def is_labelled(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a column's lines hold a name behind the word for it, "Name: Ada", or behind "written by"."""
    lines = _lines(page, frame, column)
    return int(lines.str.contains(f"^{MARKER}(?:{NAMING}|{BRIEF}$)").sum()) >= max(FEWEST, HOLDS * len(lines))


def _are_fields(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a column's lines tell something else of someone: one label in most, "Place: Kiel"."""
    found = _lines(page, frame, column)
    labels = Counter(found.str.extract(FIELD, 1).str.strip_chars(":： ").drop_nulls().to_list())
    label, times = max(labels.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    return times >= max(FEWEST, HOLDS * len(found)) and not re.search(IS_WHO, label)


def are_initials(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a column holds what sites show where someone has no picture: the first letters of a name beside."""
    if column.n_words > 1:
        return False
    slots = (other for other in frame.columns if other.level == "slot")
    return any(_are_mostly(page, frame, column, other, is_initial) for other in slots)


def _has_more(line: str, name: str) -> bool:
    return len(name) > MOST_INITIALS and name in line


def _are_mostly(
    page: Page, frame: Frame, column: Column, other: Column, is_so: Callable[[str, str], bool]
) -> bool:
    """Say whether something is so of most lines of a column and those of another beside them."""
    both = frame.fits[:, [frame.columns.index(one) for one in (column, other)]].all(axis=1)
    mine, others = ([page.texts[row] for row in frame.rows[both] + one.offset] for one in (column, other))
    return sum(map(is_so, mine, others)) >= max(FEWEST, HOLDS * len(mine))


def is_initial(first: str, whole: str) -> bool:
    """Say whether a line is no more than the first letters of another."""
    return len(first) <= MOST_INITIALS < len(whole) and first[0].casefold() == whole[0].casefold()


def varies(page: Page, frame: Frame, named: Column) -> bool:
    """Say whether what stands in a slot varies as names do, and not as ranks, moods, versions or salutations.

    Nor as the titles of jobs do, in some of which a word in small letters follows another.
    """
    found = _lines(page, frame, named).str.replace(BEFORE_NAME, "")
    n_none = int(found.str.contains(NO_NAME).sum())
    if _n_small(found.to_list()) > MOST_SMALL * len(found):
        return False
    return _are_names(found.n_unique(), len(found), named.n_words) and 2 * n_none < len(found)


def _n_small(lines: Sequence[str]) -> int:
    """Count the lines in which a word in small letters follows another, but for the words that many share."""
    small = [{one for one in re.findall(SMALL, line) if one == one.lower() != one.upper()} for line in lines]
    times = Counter(one for line in small for one in line)
    return sum(any(2 * times[one] <= len(lines) for one in line) for line in small)


def is_shouted(page: Page, frame: Frame, named: Column) -> bool:
    """Say whether what stands in a slot is in capitals throughout, as headings of sections are."""
    found = _lines(page, frame, named)
    is_capital = (found == found.str.to_uppercase()) & (found != found.str.to_lowercase())
    return int(is_capital.sum()) >= HOLDS * len(found)


def _are_names(n_distinct: int, n: int, n_words: float) -> bool:
    """Say whether of `n` lines of so many words, on average, enough differ, and are as brief as names are."""
    return n_words <= MOST_WORDS and n_distinct >= (NAMES_VARY if n_words <= WORDS_OF_NAME else 0.5) * n


def is_account(frame: Frame, named: Column) -> bool:
    """Say whether a lone name only repeats the account that stands beside the display name."""
    shown = any(HANDLE_SIGN in column.shape and names_alone(column) for column in frame.columns)
    return named.n_words <= 1 and shown


def names_alone(column: Column) -> bool:
    """Say whether the words of a shape are a name: at its beginning, before a handle, a colon or a verb.

    A number or a bullet may stand before it; before a colon, the site's words: "3. Ada says:", "Ada says".
    """
    first = f"(?:{BULLET})?{WORDS_SIGN} ?[^{WORDS_SIGN}\\w]?\\s*{HANDLE_SIGN}"
    said = rf"(?:{NUMBER_SIGN}[.)] |{BULLET}){{0,2}}{WORDS_SIGN}(?:[^{WORDS_SIGN}{WHEN}]*[:：]|(?: {VERB}){{1,2}})$"
    is_told = column.level in ("bare", "common") and column.share == 1
    return is_told and bool(re.match(f"{first}|{said}", column.shape)) and column.n_distinct >= FEWEST


def is_signed(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether a column tells who: as evidence that a frame is a record's."""
    n = len(frame.rows)
    if column.is_title:
        return False
    if column.level == "slot":
        return column.n_distinct >= max(3, NAMES_VARY * n)
    beside = (HANDLE_SIGN, f"{WORDS_SIGN} {HANDLE_SIGN}")
    is_clocked = column.shape.startswith(WORDS_SIGN) and TIME_SIGN in column.shape
    is_listed = is_for_name(column) and column.n_distinct >= max(3, NAMES_VARY * n)
    if column.shape.startswith(beside) or is_clocked or is_listed or names_alone(column):
        return True
    return column.has_when and bool(before_date(page, frame, column))


def before_date(page: Page, frame: Frame, column: Column) -> str:
    """Write what stands before a date where that names who, with the group `author`; else "".

    Words that most lines share at either end are the site's ("Posted by", "wrote on"), as are numbers and signs; the
    rest must vary as names do. The day of the week is the date's.
    """
    days, rows = weekdays(page, frame, column), _rows(frame, column)
    lines = [line[:-1] if line and line[-1] in days else line for line in _before_date(page, frame, column)]
    said = [" ".join(line) for line in lines]
    told = _affixes(lines, len(rows)) or _with_account(said, len(rows)) or sole_name(said, len(rows))
    return told + PARTING if told else ""


def _with_account(lines: Sequence[str], n: int) -> str:
    """Write a name with its account beside it, in most of `n` lines: it is one's own though one wrote them all."""
    n_told = sum(bool(re.fullmatch(WITH_ACCOUNT, line)) for line in lines)
    return WITH_ACCOUNT if n_told >= max(FEWEST, HOLDS * n) else ""


def sole_line(page: Page, frame: Frame, column: Column) -> str:
    """Write a line that is the same in all records and names who wrote them, with the group `author`; else ""."""
    is_same = column.is_fixed and column.level == "exact"
    return sole_name(_lines(page, frame, column)[:1].to_list(), 1) if is_same else ""


def sole_name(lines: Sequence[str], n: int) -> str:
    """Write a line that all records share, where words for who wrote tell a name in it, the group `author`; else "".

    A name has a capital, where its script has any: "by default" names nobody.
    """
    if len(lines) < HOLDS * n or len({*lines}) != 1:
        return ""
    told = re.fullmatch(SOLE, lines[0])
    if not told:
        return ""
    name = told["by"] or told["said"]
    lead, rest = (re.escape(part) for part in lines[0].split(name, 1))
    return f"{lead}(?P<author>{re.escape(name)}){rest}"


def weekdays(page: Page, frame: Frame, column: Column) -> list[str]:
    """List the days of the week that stand before most dates, as they are written there; else none.

    A word before few dates is an initial or a name, and a short one that never changes a word for "on".
    """
    last = [line[-1] for line in _before_date(page, frame, column) if line]
    days = Counter(word for word in last if is_weekday(word))
    is_told = days.total() >= max(FEWEST, HOLDS * len(_rows(frame, column)))
    return sorted(day for day in days if is_told and (len(days) > 1 or len(day) > LONGEST_ON))


def _before_date(page: Page, frame: Frame, column: Column) -> list[list[str]]:
    """List the words that stand before a column's dates."""
    before = page.before[when_signs(column)]
    return [left.split() for row in _rows(frame, column).tolist() if (left := before[row]) is not None]


def before_colon(page: Page, frame: Frame, column: Column) -> str:
    """Write a line that names who before a colon or a verb, "3. Ada says:", or behind one, "Name: Ada"; else ""."""
    if is_labelled(page, frame, column):
        return f"^(?:{LABELLED}|.+)$"
    if HANDLE_SIGN in column.shape or not names_alone(column):
        return ""
    found = _lines(page, frame, column)
    told = _affixes([line.split() for line in found.str.replace(r"\s*[:：]\s*$", "").to_list()], len(found))
    end = r"\s*[:：]" if column.shape[-1] in ":：" else ""
    return rf"^(?:{MARKER}{told}{end}|.+)$" if told else ""


def _affixes(lines: Sequence[Sequence[str]], n: int) -> str:
    """Write what stands around names in most of `n` lines of words, and them as the group `author`; else ""."""
    around = _around_names(lines, n)
    return _written(*around) if around else ""


def _around_names(lines: Sequence[Sequence[str]], n: int) -> tuple[list[str], list[str]] | None:
    """Write the words before names in most of `n` lines of words, and those behind, the last first; null for none.

    Where one wrote most, the name is in most lines too: then only what all lines share is the site's, and no name
    begins with a number, as counts do whose word some lines lack.
    """
    lines = [_unlisted(line) for line in lines if line]
    if len(lines) < HOLDS * n:
        return None
    found = _around(lines, n, HOLDS)
    n_counted = sum(line[0][:1].isdecimal() for line in lines)
    return found if found or n_counted > (1 - HOLDS) * len(lines) else _around(lines, n, 1.0)


def _around(lines: Sequence[Sequence[str]], n: int, share: float) -> tuple[list[str], list[str]] | None:
    """Write what stands around names, as `_around_names` does, in such a share of the lines."""
    front = _shared(lines, share)
    rests = [line[len(front) :] for line in lines if len(line) > len(front)]
    back = _shared([rest[::-1] for rest in rests], share)
    back = back[: _n_not_surnames(rests, back)]
    names = [tuple(rest[: len(rest) - len(back)]) for rest in rests]
    names = [name for name in names if name]
    spelled = [name for name in names if any(char.isalpha() for word in name for char in word)]
    return (front, back) if len(spelled) >= HOLDS * n and _vary(names) else None


def _n_not_surnames(rests: Sequence[Sequence[str]], back: Sequence[str]) -> int:
    """Count the words behind names, but for the next to them where few are named and that is spelled as a name is."""
    n = len(back)
    names = {tuple(rest[: len(rest) - n]) for rest in rests}
    return n - (n == 1 and len(names) <= FEW_NAMED and back[-1].istitle())


def _unlisted(line: Sequence[str]) -> Sequence[str]:
    """Leave out what marks an item before words: a bullet or a number, which is another in a list within the list."""
    is_mark = (re.fullmatch(f"{BULLET}|{NUMBERED}", f"{word} ") for word in line)
    n_marks = next((at for at, found in enumerate(is_mark) if not found), len(line))
    return line[min(n_marks, 2, len(line) - 1) :]


def _written(front: Sequence[str], back: Sequence[str]) -> str:
    words = "".join(rf"{word}\s+" for word in front)
    name = rf"(?:\[[^\w\]]*\])?[^\w@\[]*(?P<author>\S.*?)(?:[\s(]+(?P<handle>{HANDLE})\)?)?"
    parting = PARTING if back else ""
    return rf"\W*?{MARKER}{words}{name}{parting}" + "".join(rf"\s+{word}" for word in back[::-1])


def beside_words(page: Page, frame: Frame, column: Column) -> str:
    """Write a line that names who beside words of the site, "Ada says:", with the group `author`; else ""."""
    lines = [line.split() for line in _lines(page, frame, column).to_list()]
    around = _around_names(lines, len(lines))
    return rf"^(?:{MARKER}{_written(*around)}|.+)$" if around and any(around) else ""


def are_lengths(page: Page, frame: Frame, column: Column) -> bool:
    """Say whether ages of one unit, minutes, come in no order: they tell how long each text takes to read."""
    if AGE_SIGN not in when_signs(column):
        return False
    told = _lines(page, frame, column).str.extract_groups(MINUTES).struct.unnest()
    minutes = told["1"].cast(pl.Int64, strict=False).drop_nulls().to_numpy()
    is_told = len(minutes) == len(told) >= LEAST_LENGTHS and told["2"].n_unique() == 1
    steps = np.diff(minutes)
    return bool(is_told and (steps > 0).any() and (steps < 0).any())


def after_date(page: Page, frame: Frame, column: Column) -> str:
    """Write what stands behind a date where that names an author after "by" in some language; else ""."""
    found = _lines(page, frame, column)
    if found.str.contains(rf"{BY}[:：\s]").sum() < HOLDS * len(found):  # most dates stand beside no author
        return ""
    date = dated_pattern(page.signs, when_signs(column))
    rights = found.str.extract(rf"(?:{date})(.*)$", 1).str.extract(SIGNED_AFTER, 1).drop_nulls().to_list()
    names = [tuple(right.split()) for right in rights]
    is_brief = sum(map(len, names)) <= MOST_WORDS * len(names)
    return AFTER_DATE if len(names) >= HOLDS * len(found) and is_brief else ""


def when_signs(column: Column) -> str:
    """Choose what tells when in a column: a date rather than an age, an age rather than a time of day."""
    return DAYS if column.level == "dated" else next(sign for sign in WHEN if sign in column.shape)


def _lines(page: Page, frame: Frame, column: Column) -> pl.Series:
    return page.lines["text"].gather(_rows(frame, column))


def _rows(frame: Frame, column: Column) -> np.ndarray:
    rows: np.ndarray = (frame.rows + column.offset)[frame.fits[:, frame.columns.index(column)]]
    return rows


def _shared(lines: Sequence[Sequence[str]], share: float) -> list[str]:
    """Write the words with which such a share of lines begins: the same, or a number or a sign in all of them."""
    shared: list[str] = []
    while True:
        words = [line[len(shared)] for line in lines if len(line) > len(shared)]
        least = max(FEWEST, share * len(lines))
        times = Counter(words)
        usual = max(times, key=lambda word: (times[word], word), default="")
        if times[usual] >= least:
            shared.append(re.escape(usual))
        elif sum(bool(re.fullmatch(COUNT, word)) for word in words) >= least:
            shared.append(COUNT)
        elif sum(bool(re.fullmatch(SIGN, word)) for word in words) >= least:
            shared.append(SIGN)
        else:
            return shared


def _vary(names: Sequence[Sequence[str]]) -> bool:
    n_distinct = len({*names})
    return n_distinct >= FEWEST and _are_names(n_distinct, len(names), sum(map(len, names)) / len(names))
