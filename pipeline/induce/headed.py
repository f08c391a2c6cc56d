"""Entries below titles of their own, on a page that tells it is a list of them: questions asked often, a newsletter.

    What happens if the ferry is cancelled?
    You get your money back.
    Are dogs allowed?
    On a lead they are.

By its form that may be an article with headings as well. What tells a list is what the page calls itself, or that its
titles count days or stand in the order of the alphabet, or that several short entries stand in each of its sections.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.grammar import any_listed
from pipeline.induce.compose import ASIDE, KIND
from pipeline.induce.page import Page
from pipeline.induce.said import Said
from pipeline.induce.whole import Whole
from pipeline.induce.words import ANYTHING, BODY, HEADER, Grammar, Mark, chrome, n, numbered

# What pages of questions call themselves; how one leaves a newsletter, or opens it in a browser; what counts days.
ASKED = any_listed(
    """
FAQ | FAQs | Frequently asked questions | Frequently Asked Questions | Common questions | Häufige Fragen |
Häufig gestellte Fragen | Foire aux questions | Questions fréquentes | Preguntas frecuentes |
Domande frequenti | Perguntas frequentes | Dúvidas frequentes | Veelgestelde vragen | Vanliga frågor |
Ofte stilte spørsmål | Ofte stillede spørgsmål | Usein kysyttyä | Usein kysytyt kysymykset |
Najczęściej zadawane pytania | Często zadawane pytania | Často kladené dotazy | Často kladené otázky |
Časté dotazy | Gyakori kérdések | Întrebări frecvente | Često postavljana pitanja | Pogosta vprašanja |
Часто задаваемые вопросы | Частые вопросы | Вопросы и ответы | Поширені запитання | Често задавани въпроси |
Συχνές ερωτήσεις | Sık sorulan sorular | Sıkça sorulan sorular | الأسئلة الشائعة | الأسئلة المتكررة |
שאלות נפוצות | سوالات متداول | अक्सर पूछे जाने वाले प्रश्न | คำถามที่พบบ่อย | Câu hỏi thường gặp |
Pertanyaan umum | よくある質問 | よくあるご質問 | 常见问题 | 常見問題 | 자주 묻는 질문
"""
)
LEAVE = any_listed(
    """
Unsubscribe | unsubscribe | Abbestellen | abbestellen | désinscrire | désabonner | Darse de baja |
Cancelar suscripción | Cancellati | Annulla l'iscrizione | Cancelar subscrição | Cancelar inscrição |
Uitschrijven | Avsluta prenumeration | Avregistrera | Meld deg av |
Afmeld | Peruuta tilaus | Wypisz się | Leiratkozás | Dezabonare | Отписаться | Відписатися | Abonelikten çık
| إلغاء الاشتراك | 配信停止 | 退订 | 取消訂閱 | 구독 취소 | 수신거부
"""
)
IN_BROWSER = any_listed(
    """
in your browser | in browser | in a browser | Browser ansehen | Browser anzeigen | Browser öffnen |
Browserversion | le navigateur | votre navigateur | el navegador | tu navegador | no navegador | nel browser |
in je browser | i webbläsaren |
i browseren | w przeglądarce | v prohlížeči | в браузере | tarayıcıda | ブラウザで
"""
)
DAY = any_listed(
    """
Day | DAY | Tag | TAG | Jour | JOUR | Día | DÍA | Giorno | GIORNO | Dia | DIA | Dag | DAG | Dagen | Dzień |
DZIEŃ | Den | Deň | Nap | Ziua | Dan | День | ДЕНЬ | Ημέρα | Gün | Päivä | اليوم | יום | Ngày | Hari
"""
)
COUNTED = rf"^{DAY}\s?(?P<before>\d{{1,3}})\b|^(?P<behind>\d{{1,3}})(?:\.|:e|er|e)?\s{DAY}\b"
COUNTED += r"|^第?(?P<wide>\d{1,3})\s?(?:日目|日|天|일차)"
BULLETED = r"^(?:[*•·‣+–-]|\d+[.)])\s"
# How questions end; and what is no title, or a picture's.
QUESTION, LEADS = r"[?？؟]\s*$", r"[:：,，、…]\s*$|©"
# In a box that asks readers to sign up they are told as well that they may leave at any time.
SENT = rf"{IN_BROWSER}|(?:^|[|·•]\s?){LEAVE}(?:\s\w+){{0,2}}\W*(?:$|[|·•])"
FOOT = rf"{LEAVE}|{IN_BROWSER}|(?i:abmelden|afmelden|odhlásit)|©"  # some say so of leaving a site too
ASKED_OF_LINES = {"has_bullet": BULLETED, "is_question": QUESTION, "is_no_title": LEADS}

FEWEST, FEWEST_SORTED, FEWEST_SHORT = 3, 6, 6
MOST_BETWEEN = 3  # lines between entries: the heading of a section, buttons
MOST_TITLE = 160  # weight
# Lines at the page's top, above entries, that say what these are; in so many words.
TOP, NEAR, MOST_OF_NAME = 3, 8, 8
MOST_OF_MENU = 3  # words of a line
SECTION = 0.7  # of the weight of a title, what the heading of a section weighs at most
MOSTLY = 0.8  # of the entries, those of which what is said of all must be true
LEAST_READ = 0.6  # of a page's words, those that entries hold
MOST_SHORT = 2  # lines of an entry that may be news in short
MOST_LEAD = 2  # lines of words above entries in sections, which may greet
SURE = 0.9


class Entry(NamedTuple):
    """An entry: the row of its title, and its last."""

    title: int
    last: int


@dataclass(frozen=True)
class Entries(Whole):
    """A page read as entries below titles.

    Attributes:
        page: the page.
        entries: from the first to the last.
        score: how much speaks for it, 0 to 1.
        evidence: what the score is made of.
    """

    page: Page
    entries: tuple[Entry, ...]
    score: float
    evidence: dict[str, float]

    @cached_property
    def starts(self) -> np.ndarray:
        """List the rows that begin entries."""
        return np.array([one.title for one in self.entries])


def ask_titles(lines: pl.DataFrame) -> pl.DataFrame:
    """Ask of each line what tells whether it may be the title of an entry, or of its words: ASKED_OF_LINES."""
    return lines.with_columns(
        pl.col("text").str.contains(said).alias(n) for n, said in ASKED_OF_LINES.items()
    )


def entries(page: Page) -> list[Entries]:
    """Read a page as entries below titles: none where it does not tell that it is a list of such."""
    is_title, is_word = _sorts(page)
    chain = max(_chains(is_title, is_word), key=lambda some: _mass(page, is_word, some), default=[])
    least = LEAST_READ * float(page.weight @ is_word)
    if len(chain) < FEWEST or _mass(page, is_word, chain) < least:
        return []
    for edges, names in TOLD_BETWEEN.items():
        some = _between(page, chain, *edges)
        if len(some) >= FEWEST and _mass(page, is_word, some) >= least:
            evidence = _evidence(page, is_word, some)
            if evidence["coverage"] >= LEAST_READ and max(evidence[name] for name in names) >= MOSTLY:
                return [Entries(page, tuple(some), SURE, evidence)]
    return []


# Where one ends and the next begins


def _sorts(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """Say which lines may be titles, and which are words.

    A title is neither long nor listed, no sentence but a question, and stands above words. A brief question above none
    is neither.
    """
    listed, asked, leads = (page.lines[name].to_numpy() for name in ASKED_OF_LINES)
    listed = listed & ~asked  # questions may be numbered
    alone = (page.gap > 0) & (np.append(page.gap[1:], 0) > 0)
    fits = (page.weight <= MOST_TITLE) & ~listed & ~leads & ~page.numbers
    fits &= asked | (~page.ends & (~page.prose | alone))
    is_word = (page.is_text | listed) & ~(fits & asked)
    is_title = fits & np.append(is_word[1:], False)
    return is_title, is_word & ~is_title


def _chains(is_title: np.ndarray, is_word: np.ndarray) -> Iterator[list[Entry]]:
    """List the entries in a row between which stand few lines that are neither titles nor words."""
    other = np.append(np.flatnonzero(~is_word), len(is_word))
    chain: list[Entry] = []
    for row in np.flatnonzero(is_title).tolist():
        if chain and row - chain[-1].last - 1 > MOST_BETWEEN:
            yield chain
            chain = []
        chain.append(Entry(row, int(other[np.searchsorted(other, row + 1)]) - 1))
    yield chain


def _between(
    page: Page, chain: Sequence[Entry], may_be_first: "Edge", may_be_last: "Edge"
) -> Sequence[Entry]:
    """Leave out the entries at either end that may not stand there."""
    first = next((place for place, one in enumerate(chain) if may_be_first(page, one)), len(chain))
    last = next((place for place in range(len(chain))[::-1] if may_be_last(page, chain[place])), -1)
    return chain[first : last + 1]


def _mass(page: Page, is_word: np.ndarray, some: Sequence[Entry]) -> float:
    rows = (slice(one.title, one.last + 1) for one in some)
    return float(sum(page.weight[row] @ is_word[row] for row in rows))


# What tells a list


def _has(page: Page, rows: range, pattern: str) -> bool:
    return any(re.search(pattern, page.texts[row]) for row in rows)


def _is_asked(page: Page, one: Entry) -> bool:
    return _has(page, range(one.title, one.title + 1), QUESTION)


def _is_counted(page: Page, one: Entry) -> bool:
    return _has(page, range(one.title, one.title + 1), COUNTED)


def _is_titled(page: Page, one: Entry) -> bool:
    """Say whether an entry may be the first: words below a title, and not a menu, a date or links side by side."""
    has_words = page.is_text[one.title + 1 : one.last + 1].any()
    return bool(has_words) and not (
        page.when[one.title] or _has(page, range(one.title, one.title + 1), r" [|·•] ")
    )


def _is_said(page: Page, one: Entry) -> bool:
    """Say whether an entry may be the last: no foot of the page."""
    return _is_titled(page, one) and not _has(page, range(one.title, one.last + 1), FOOT)


Edge = Callable[[Page, Entry], bool]
TOLD_BETWEEN: Mapping[tuple[Edge, Edge], tuple[str, ...]] = {
    (_is_asked, _is_asked): ("asked",),
    (_is_counted, _is_counted): ("counted",),
    (_is_titled, _is_said): ("sent", "sorted", "sectioned"),
}
"""Which entries may be the first and the last, and what may then tell a list."""


def _evidence(page: Page, is_word: np.ndarray, chain: Sequence[Entry]) -> dict[str, float]:
    """Say of how many words there are entries; and of how many of these what tells a list."""
    titles = [page.texts[one.title].strip() for one in chain]
    n_lines = np.array([one.last - one.title for one in chain])
    is_question = float(np.mean([_is_asked(page, one) for one in chain]))
    around = [text for row, text in enumerate(page.texts) if page.short[row] and not is_word[row]]
    is_list = np.array([re.match(BULLETED, page.texts[one.title + 1].lstrip()) is not None for one in chain])
    is_short = (
        float(((n_lines <= MOST_SHORT) & ~is_list).mean()) * (len(chain) > FEWEST) * (is_question < MOSTLY)
    )
    return {
        "entries": len(chain),
        "coverage": _mass(page, is_word, chain) / max(1.0, float((page.weight * is_word).sum())),
        "asked": is_question
        * (is_question >= MOSTLY and _says(ASKED, [page.texts[row] for row in _named(page, chain)])),
        "sent": is_short * (is_short >= MOSTLY and _says(SENT, around)),
        "counted": _counted(titles),
        "sorted": _sorted(titles),
        "sectioned": _sectioned(page, is_word, chain, n_lines) * (is_question < MOSTLY),
    }


def _named(page: Page, chain: Sequence[Entry]) -> Iterator[int]:
    """List the brief lines that may say what entries are: at the page's top, right above entries, or among them.

    One right above another that is as brief is of a menu, but for the heading of a section above the first entry.
    """
    first = chain[0].title
    for row in (*range(min(TOP, first)), *range(max(TOP, first - NEAR), chain[-1].title)):
        below = row + 1
        is_of_menu = below + 1 < first and page.n_words[below] <= MOST_OF_MENU and not page.ends[below]
        is_of_menu &= not page.gap[below]
        is_brief = page.n_words[row] <= MOST_OF_NAME and not re.match(BULLETED, page.texts[row].lstrip())
        if is_brief and not is_of_menu:
            yield row


def _says(pattern: str, texts: Sequence[str]) -> bool:
    return any(re.search(pattern, text) for text in texts)


def _counted(titles: Sequence[str]) -> float:
    """Give the share of titles that count days, each one more or one less than the one above."""
    found = [re.match(COUNTED, title) for title in titles]
    numbers = [int(next(filter(None, one.groups()))) if one else -1 for one in found]
    steps = [below - here for here, below in pairwise(numbers) if min(here, below) >= 0]
    return (max(steps.count(1), steps.count(-1)) + 1) / len(titles) if steps else 0.0


def _sorted(titles: Sequence[str]) -> float:
    """Give the share of titles that follow the one above in the order of the alphabet, of not too few."""
    if len(titles) < FEWEST_SORTED:
        return 0.0
    keys = [re.sub(r"[\W\d_]", "", unicodedata.normalize("NFKD", title).casefold()) for title in titles]
    n_rising = sum(bool(here) and here < below for here, below in pairwise(keys))
    return float(n_rising >= len(keys) - 1 - len(keys) // 12)


def _sectioned(page: Page, is_word: np.ndarray, chain: Sequence[Entry], n_lines: np.ndarray) -> float:
    """Give the share of entries of one line, of not too few that stand in sections, two or more in most.

    The heading of a section stands alone between two entries, and is briefer than titles are.
    """
    rows = [below.title - 1 for above, below in pairwise(chain) if below.title - above.last == 2]
    heads = {page.texts[row]: page.weight[row] for row in rows if page.gap[row] and page.gap[row + 1]}
    if not heads or 2 * len(heads) + 2 > len(chain) or len(chain) < FEWEST_SHORT:
        return 0.0
    usual = float(np.median(page.weight[[one.title for one in chain]]))
    is_list = float(np.median([*heads.values()])) <= SECTION * usual
    return float((n_lines == 1).mean()) * (is_list and int(is_word[: chain[0].title].sum()) <= MOST_LEAD)


# Written down


def compose_entries(found: Entries) -> Said:
    """Write the grammar that labels a page as entries below titles, and the source text that says it."""
    titles = [one.title for one in found.entries]
    below = sorted({one.last + 1 for one in found.entries} - {*titles, found.page.height})
    marks = [Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0)] if titles[0] else []
    marks.append(
        Mark("title", r"^(?P<title>.+)$", HEADER, below=BODY, opens="article", where=numbered(titles))
    )
    if below:
        marks.append(Mark("aside", ANYTHING, ASIDE, below=ASIDE, where=numbered(below)))
    return Grammar(kind=KIND, knows=(r"^",), marks=tuple(marks), facts={})
