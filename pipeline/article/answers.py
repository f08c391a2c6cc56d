"""The few answers below an article: too few to recur as records do, and told by who says when beside words.

    2 comments                     Ada says:                     Ada on 3 May 2026 at 10:20
    Ada                            The mill stood there.         The mill stood there.
    3 May 2026, 10:20              3 May 2026 at 10:20
    The mill stood there.          Reply

All heads of a page are alike: of one form, with the name above, beside or, below the words, further above; or both who
and when stand below the words. Where none says when, names and words must stand in turn.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple, Self

import numpy as np
import polars as pl

from pipeline.article.bylines import MOST_HEADER
from pipeline.article.features import PROSE
from pipeline.article.passages import Rows
from pipeline.article.patterns import (
    ANSWERING,
    BY_WHOM,
    DATE,
    LEADING,
    MOMENT,
    WHEN_AND_WHO,
    WHO_AND_WHEN,
    WHO_AT_WHEN,
)
from pipeline.article.roles import HEAD, ROLE, numbers
from pipeline.calendar import which
from pipeline.grammar import both_forms

PROMISE = re.compile(r"^(?:\W{0,2}(\d)\W?(?:\s+[^\W\d_]{4,}|\s?[件条個个])|.*\((\d)\)$)")
MOST_ANSWERS = 12  # set by hand: more recur as records do, which `induce` reads
MOST_OF_PROMISE = 4  # words, where it does not say the title again
MOST_TELLING = 8  # words of a line that speaks of answers
MOST_OF_NAME = 60  # characters
TITLED = 12  # letters of the title from which on a line that holds them says it again
IS_DATED, IS_MOMENT, IS_HEAD = re.compile(DATE), re.compile(MOMENT), re.compile(WHO_AND_WHEN)
IS_BY = re.compile(BY_WHOM)
HEADS = (re.compile(WHEN_AND_WHO), IS_HEAD, re.compile(WHO_AT_WHEN))
TIMED = r"\d[:.h]\d\d\.$"  # how a head ends that a stop ends
IS_SPAN = re.compile(
    r"^[^\W\d][^\d]{0,12}\d{1,2}\s?[^\d\s][^\d]{0,14}$|^\d{1,2}\s?[^\d\s.)][^\d]{2,20}$"
)  # "3 days ago"
SPEAKS = [*both_forms(said for word in ANSWERING for said in (word, word.title(), word.upper()))]
IS_LISTED = re.compile(r"(?:[*+•-]|o)\s")
SIGNED = re.compile(r"[:：]$")  # how a line ends that says who speaks
LEADS = re.compile(f"{LEADING}$")  # or that leads to the words below it
MOST_SPEAKING = 6  # words of such a line that ends with dots
NEAR = 12  # lines above the first answer in which the page tells how many there are
OUTSIDE = numbers("below", "plea", "foot")
BUTTONS = ("alone", "ends", "lead")
FURNITURE = (*BUTTONS, "plea", "service", "rights")
FEW = 2  # answers
FEWEST_IN_TURN = 5  # answers that do not say when
MOST_WORDS_OF_NAME = 4  # where nothing else tells a name
MOST_ASIDE = 3  # brief lines between two of the last answer's words
MOST_BESIDE = 16  # characters beside a moment that stands alone: what may be pressed there


class Lines(NamedTuple):
    """The lines of all documents, with what is said of each: whether it speaks of answers, and may hold a date."""

    texts: Sequence[str]
    said: Mapping[str, np.ndarray]
    indents: np.ndarray
    speaks: np.ndarray
    dated: np.ndarray

    @classmethod
    def of(cls, lines: pl.DataFrame, said: Mapping[str, np.ndarray]) -> Self:
        """Ask lines that are no passage of words."""
        is_head = said["size"] < np.log2(MOST_HEADER)
        speaks = np.zeros(lines.height, dtype=bool)
        asked = np.flatnonzero(is_head & (said["digits"] < 1))
        speaks[asked] = _hold_words(lines["text"].gather(asked))
        dated = is_head & (said["dated"] > 0)
        stopped = np.flatnonzero(dated & (said["stop"] > 0))
        dated[stopped] = lines["text"].gather(stopped).str.contains(TIMED)
        return cls(lines["text"].to_list(), said, lines["indent"].to_numpy(), speaks, dated)

    def is_brief(self, row: int) -> bool:
        """Say whether a line is too short for a passage of words."""
        return bool(self.said["size"][row] < np.log2(PROSE))

    def is_words(self, row: int) -> bool:
        """Say whether a line ends a sentence or is long."""
        return bool(self.said["stop"][row]) or not self.is_brief(row)

    def may_name(self, row: int) -> bool:
        """Say whether a line may be a name, or end one in a verb and a colon."""
        text = self.texts[row]
        is_other = self.is_furniture(row) and not IS_BY.match(text)
        if len(text) > MOST_OF_NAME or self.said["empty"][row] or is_other:
            return False
        is_moment = self.said["dated"][row] and IS_MOMENT.search(text)
        is_sentence = self.said["stop"][row] and not (
            LEADS.search(text) and len(text.split()) <= MOST_SPEAKING
        )
        return self.is_brief(row) and not is_sentence and not is_moment

    def is_few(self, row: int) -> bool:
        """Say whether a line has no more words than most names do."""
        return len(self.texts[row].split()) <= MOST_WORDS_OF_NAME

    def is_furniture(self, row: int) -> bool:
        """Say whether a line is the site's: by its words, or as it speaks of answers."""
        if self.said["prose"][row] or self.said["address"][row]:
            return False
        return self._is_any(row, FURNITURE)

    def goes_on(self, row: int) -> bool:
        """Say whether a line goes on with the paragraph above, and is no button below it."""
        is_below = not self.said["gap"][row] and self.indents[row] == self.indents[row - 1]
        return bool(is_below and not self.said["bullet"][row] and not self._is_any(row, BUTTONS))

    def leads_on(self, row: int) -> bool:
        """Say whether a line tells of what else the site has, or bids do something."""
        return self._is_any(row, (*BUTTONS, "plea"))

    def _is_any(self, row: int, names: Sequence[str]) -> bool:
        """Say whether a line is any of what the site says, or speaks of answers."""
        return any(self.said[name][row] > 0 for name in names) or self.tells_of_answers(row)

    def tells_of_answers(self, row: int) -> bool:
        """Say whether a line of few words speaks of answers, or bids write one."""
        return bool(self.speaks[row]) and len(self.texts[row].split()) <= MOST_TELLING


class Answer(NamedTuple):
    """Where an answer says who (a row) and when (a row, which may be the same), its words, and whether it says when."""

    name: int
    date: int
    words: range
    is_dated: bool = True

    @property
    def first(self) -> int:
        """Give its first row."""
        return min(self.name, self.date, self.words.start)

    @property
    def end(self) -> int:
        """Give the row below it, but for a name that signs its words."""
        return max(self.date + 1, self.words.stop)


def speak_of_answers(texts: pl.Series) -> np.ndarray:
    """Say which lines speak of answers in a few words: "2 comments", "Reply"."""
    speaks = np.zeros(len(texts), dtype=bool)
    short = (texts.str.len_chars() < MOST_HEADER).arg_true()
    asked = texts.gather(short)
    speaks[short.to_numpy()] = (asked.str.count_matches(r"\S+") <= MOST_TELLING) & _hold_words(asked)
    return speaks


def _hold_words(texts: pl.Series) -> pl.Series:
    return texts.str.contains_any(SPEAKS, ascii_case_insensitive=True)


def set_answers(lines: pl.DataFrame, said: Mapping[str, np.ndarray], role: np.ndarray, rows: Rows) -> None:
    """Give the lines of answers below articles their roles, where the page speaks of answers and they are alike."""
    page = Lines.of(lines, said)
    for first, last in zip(rows.starts.tolist(), rows.last[rows.starts].tolist(), strict=True):
        words = np.flatnonzero(role[first : last + 1] == ROLE["words"])
        titles = np.flatnonzero(role[first : last + 1] == ROLE["title"])
        if len(words):
            title = page.texts[first + int(titles[0])] if len(titles) else ""
            told = np.flatnonzero(np.isin(role[first : last + 1], HEAD))
            top = first + int(words[0])
            end = first + max(int(words[-1]), int(told[-1]) if len(told) else 0)
            found = _answers(page, range(end + 1, last + 1), title)
            if not found and page.speaks[top : end + 1].any():
                found = _answers(page, range(top + 1, last + 1), title, is_promised=True)
                if found and found[0].date < end and role[found[0].date] in HEAD:
                    found = []  # that is the article's own
            _set_roles(role, found, last + 1)


def _set_roles(role: np.ndarray, found: Sequence[Answer], stop: int) -> None:
    """Give the lines of answers their roles; what stands below them, and seemed the article's, is none of it."""
    if not found:
        return
    first, end = found[0].first, found[-1].end
    below = role[end:stop]
    below[~np.isin(below, OUTSIDE)] = ROLE["below"]
    role[first:end] = ROLE["below"]
    for answer in found:
        role[answer.first : answer.end] = ROLE["within"]
        role[answer.words.start : answer.words.stop] = ROLE["answer"]
        role[answer.name], role[answer.date] = ROLE["answer_name"], ROLE["answer_date"]
        if not answer.is_dated:
            role[answer.name] = ROLE["answer_name"]
        elif answer.name == answer.date:
            role[answer.name] = ROLE["answer_head" if answer.name < answer.words.start else "answer_foot"]
        if answer.date < answer.name < answer.words.start:
            role[answer.date], role[answer.name] = ROLE["answer_head"], ROLE["answer_foot"]
        if answer.name >= answer.words.stop:
            role[answer.words.start] = ROLE["answer_first"]


def _answers(page: Lines, below: range, title: str, *, is_promised: bool = False) -> list[Answer]:
    """List the answers of one document: as many as it promises, or such as say at what time.

    Those that must be promised have a line that promises them next above, or as many.
    """
    promises = dict(_promises(page, below, title))
    tells = [row for row in below if page.speaks[row] and page.is_brief(row) and page.tells_of_answers(row)]
    may_be = chain(_alike(page, below), _ages(page, below, promises)) if promises or tells else ()
    for dates in may_be:
        for arranged in (_ending, _beside, _above_name, _below_name, _below_words, _signing):
            found = arranged(page, dates, below)
            if not found or _leave_out_words(page, found):
                continue
            first = found[0].first
            number = max((promises[row] for row in promises if first - NEAR <= row < first), default=0)
            is_counted = number == len(found)
            is_told = first - 1 in tells or (not is_promised and _are_told(page, found, first, below))
            if not is_counted and not is_told:
                continue
            if _are_timed(page, dates) or (is_counted and number > 1):
                return found
    return max((_in_turn(page, row, below.stop) for row in tells), key=len, default=[])


def _in_turn(page: Lines, label: int, stop: int) -> list[Answer]:
    """Take the lines right below what speaks of answers for names and words in turn, if so many are, and few say when.

    Most hold a sentence, and most names differ: else they are the site's lists.
    """
    names, end = _names_in_turn(page, label + 1, stop)
    turns = [(name, below) for name, below in pairwise([*names, end]) if below > name + 1]
    found = [Answer(name, name, range(name + 1, below), is_dated=False) for name, below in turns]
    n_said = sum(any(map(page.is_words, one.words)) for one in found)
    n_dated = sum(bool(page.dated[row] or IS_SPAN.match(page.texts[row])) for row in range(label + 1, end))
    n_names = len({page.texts[one.name] for one in found})
    is_said = n_said >= max(FEWEST_IN_TURN, 0.75 * len(found)) and 2 * n_names > len(found)
    return found if is_said and 4 * n_dated < len(found) else []


def _names_in_turn(page: Lines, top: int, stop: int) -> tuple[list[int], int]:
    """List the rows of names from one on, and the row below their words: below a name stand words, whatever they are.

    Names are set in alike, and no words less than they.
    """
    names: list[int] = []
    for row in range(top, stop):
        is_name = page.indents[row] == page.indents[top] and page.may_name(row) and page.is_few(row)
        if names and row == names[-1] + 1 and page.indents[row] >= page.indents[top]:
            continue
        if page.indents[row] < page.indents[top] or page.leads_on(row) or not (names or is_name):
            return names, row
        if is_name:
            names.append(row)
    return names, stop


def _leave_out_words(page: Lines, found: Sequence[Answer]) -> bool:
    """Say whether more lines of words stand between answers than in them: those are read wrongly."""
    own = {row for answer in found for row in (answer.name, answer.date, *answer.words)}
    words = [row in own for row in range(found[0].first, found[-1].end) if page.is_words(row)]
    return 2 * sum(words) < len(words)


def _are_told(page: Lines, found: Sequence[Answer], first: int, below: range) -> bool:
    """Say whether the page speaks of answers next to them: below some, or above the first under no other label."""
    ends = [max(answer.date + 1, answer.words.stop) for answer in found]
    next_below = (row for end in ends for row in range(end, min(end + MOST_ASIDE, below.stop)))
    heads = (answer.name for answer in found if answer.name == answer.date)
    if any(page.tells_of_answers(row) for row in (*next_below, *heads)):
        return True
    above = range(first - 1, max(below.start, first - NEAR) - 1, -1)
    labels = (row for row in above if page.said["ends"][row] or page.tells_of_answers(row))
    label = next(labels, None)
    return label is not None and page.tells_of_answers(label)


def _are_timed(page: Lines, dates: Sequence[int]) -> bool:
    """Say whether all dates tell the time of day, or how long ago it was."""
    texts = [page.texts[row] for row in dates]
    return all(IS_MOMENT.search(text) or not IS_DATED.search(text) for text in texts)


def _promises(page: Lines, below: range, title: str) -> Iterator[tuple[int, int]]:
    """List the rows that tell how many answers there are, and that number; 1 where words say it beside the title."""
    for row in below:
        text = page.texts[row]
        found = PROMISE.match(text)
        says_title = len(title) >= TITLED and title in text != title
        if says_title or (found and len(text.split()) <= MOST_OF_PROMISE):
            yield row, int(found[1] or found[2]) if found else 1


def _alike(page: Lines, below: range) -> Iterator[Sequence[int]]:
    """List the rows with a date, by what is written about its words and numbers: few enough to be answers.

    Where some stand behind a bullet, all and those that do not.
    """
    forms: dict[str, list[int]] = {}
    for row in (below.start + np.flatnonzero(page.dated[below.start : below.stop])).tolist():
        found = _when(page.texts[row])
        if found:
            forms.setdefault(re.sub(r"\w+", "", found[0]), []).append(row)
    for dates in forms.values():
        unlisted = tuple(row for row in dates if not IS_LISTED.match(page.texts[row]))
        yield from (some for some in dict.fromkeys((tuple(dates), unlisted)) if 0 < len(some) <= MOST_ANSWERS)


def _ages(page: Lines, below: range, promises: Mapping[int, int]) -> Iterator[list[int]]:
    """Give the rows below a promise that say how long ago and nothing else, if they are few."""
    brief = [
        row
        for row in range(min(promises, default=below.stop) + 2, below.stop)
        if IS_SPAN.match(page.texts[row]) and page.may_name(row - 1)
    ]
    if not 0 < len(brief) <= MOST_ANSWERS:
        return
    is_age = which(pl.Series([page.texts[row] for row in brief])) == "relative"
    rows = [row for row, is_one in zip(brief, is_age, strict=True) if is_one]
    if rows:
        yield rows


def _when(text: str) -> re.Match[str] | None:
    return IS_MOMENT.search(text) or IS_DATED.search(text)


def _beside(page: Lines, dates: Sequence[int], below: range) -> list[Answer]:
    """Take rows for heads that name who wrote the words below."""
    return _told(page, [(row, row) for row in dates], below) if _are_named(page, dates, HEADS) else []


def _are_named(page: Lines, dates: Sequence[int], heads: Sequence[re.Pattern[str]]) -> bool:
    """Say whether rows tell who and when, all in one way, and not of one name alone: that is a word of the site's."""
    told = ([head.search(page.texts[row]) for row in dates] for head in heads)
    names = next(([one["author"] for one in found if one] for found in told if all(found)), [])
    return bool(names) and max(map(len, names)) <= MOST_OF_NAME and (len(names) == 1 or len({*names}) > 1)


def _ending(page: Lines, dates: Sequence[int], below: range) -> list[Answer]:
    """Take rows that name who wrote the words above: right above the first, below what speaks of answers, words stand.

    And none do below the last, but what is pressed there.
    """
    above = range(dates[0] - 1, max(below.start, dates[0] - NEAR) - 1, -1)
    label = next((row for row in above if page.tells_of_answers(row) or PROMISE.match(page.texts[row])), None)
    if label is None or not _are_named(page, dates, (IS_HEAD,)):
        return []
    ends = [row + 1 + _n_pressed(page, dates, below) for row in dates]
    if not all(page.is_words(row - 1) for row in dates) or (ends[-1] in below and page.is_words(ends[-1])):
        return []
    bodies = [range(first, date) for first, date in zip(ends, dates[1:], strict=False)]
    first = dates[0] - 1
    while first - 1 > label and (page.is_words(first - 1) or not _are_words(page, bodies)):
        first -= 1
    words = [range(first, dates[0]), *bodies]
    return [Answer(date, date, rows) for date, rows in zip(dates, words, strict=True)] if all(words) else []


def _are_words(page: Lines, bodies: Sequence[range]) -> bool:
    return all(page.is_words(row) for rows in bodies for row in rows)


def _n_pressed(page: Lines, dates: Sequence[int], below: range) -> int:
    """Count the lines below some rows that are alike but for their numbers."""
    for n in range(MOST_ASIDE):
        texts = [page.texts[row + 1 + n] for row in dates if row + 1 + n in below]
        if len(texts) < max(len(dates), FEW) or len({re.sub(r"\d+", "", text) for text in texts}) > 1:
            return n
    return MOST_ASIDE


def _below_name(page: Lines, dates: Sequence[int], below: range) -> list[Answer]:
    """Take rows for dates below the name of who wrote the words below."""
    if not all(row - 1 in below and page.may_name(row - 1) and _is_alone(page, row) for row in dates):
        return []
    return _told(page, [(row - 1, row) for row in dates], below)


def _above_name(page: Lines, dates: Sequence[int], below: range) -> list[Answer]:
    """Take rows for dates above the name of who wrote the words below, if a colon ends that."""
    names = [row + 1 for row in dates]
    if not all(row in below and SIGNED.search(page.texts[row]) and page.may_name(row) for row in names):
        return []
    if not all(_is_alone(page, row) and not SIGNED.search(page.texts[row - 1]) for row in dates):
        return []
    return _told(page, list(zip(names, dates, strict=True)), below)


def _told(page: Lines, heads: Sequence[tuple[int, int]], below: range) -> list[Answer]:
    """Find the words of answers below their heads; none if one has none."""
    ends = [*(min(head) for head in heads[1:]), below.stop]
    told = [
        Answer(name, date, _words(page, max(name, date) + 1, end, is_last=end == below.stop))
        for (name, date), end in zip(heads, ends, strict=True)
    ]
    again = {page.texts[one.words.stop - 1] for one in told[:-1] if one.words}  # what is pressed there
    if len(again) == 1 and (len(told) > FEW or page.texts[told[-1].words.stop - 1] in again):
        told = [
            one._replace(words=one.words[:-1])
            if len(one.words) > 1 and page.texts[one.words.stop - 1] in again
            else one
            for one in told
        ]
    return told if all(one.words for one in told) else []


def _below_words(page: Lines, dates: Sequence[int], below: range) -> list[Answer]:
    """Take rows for dates below words, whose names stand above these."""
    told = []
    for above, date in pairwise([below.start - 1, *dates]):
        name = next(
            (row for row in range(date - 1, above, -1) if page.may_name(row) and page.texts[row]), None
        )
        signed = [row for row in range(date - 1, above, -1) if LEADS.search(page.texts[row])]
        name = next((row for row in signed if page.may_name(row)), name)
        if name is None or name + 1 == date or not _is_alone(page, date):
            return []
        if any(page.is_furniture(row) for row in range(name + 1, date)):
            return []
        told.append(Answer(name, date, range(name + 1, date)))
    return told


def _signing(page: Lines, dates: Sequence[int], below: range) -> list[Answer]:
    """Take rows for the ends of answers, which name who wrote the words above."""
    texts = [page.texts[row] for row in dates]
    if not all(page.speaks[row] and IS_HEAD.search(text) for row, text in zip(dates, texts, strict=True)):
        return []
    told = []
    for above, date in pairwise([below.start - 1, *dates]):
        first = date
        while first - 1 > above and not page.is_furniture(first - 1):
            first -= 1
        told.append(Answer(date, date, range(first, date)))
    return told if all(one.words for one in told) else []


def _is_alone(page: Lines, row: int) -> bool:
    """Say whether a row says little but when."""
    found = _when(page.texts[row])
    return found is None or len(page.texts[row]) - len(found[0]) <= MOST_BESIDE


def _words(page: Lines, first: int, stop: int, *, is_last: bool) -> range:
    """Give the rows of an answer's words: to what the site says below, or to where lines are set less deep.

    A button for answers may stand above them. Those of the last end with the last sentence near, or the paragraph.
    """
    first += first < stop and page.tells_of_answers(first) and page.indents[first] >= page.indents[first - 1]
    end = first
    while end < stop and page.indents[end] >= page.indents[first]:
        if page.is_furniture(end) and (end == first or not page.goes_on(end)):
            break
        end += 1
    if not is_last or end == first:
        return range(first, end)
    last = first
    for row in range(first, end):
        if page.is_words(row) and row - last <= MOST_ASIDE:
            last = row
    paragraph = next((row for row in range(first + 1, end) if not page.goes_on(row)), end)
    return range(first, max(last + 1, paragraph))
