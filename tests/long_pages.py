"""Long pages of no known kind, made up: chats, threads, comments, lists of releases, articles and junk."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from types import MappingProxyType

SYLLABLES = (
    "ka",
    "ro",
    "mi",
    "sel",
    "ta",
    "nor",
    "ve",
    "lin",
    "du",
    "par",
    "so",
    "gri",
    "ba",
    "len",
    "fo",
    "mar",
    "der",
)
SMALL = (
    "the",
    "a",
    "of",
    "to",
    "and",
    "in",
    "that",
    "it",
    "is",
    "was",
    "for",
    "on",
    "with",
    "as",
    "by",
    "at",
    "from",
)
NAMES = (
    "Ada",
    "Bertram",
    "Cosima",
    "Dmitri",
    "Elif",
    "Fergus",
    "Greta",
    "Hugo",
    "Inez",
    "Jonas",
    "Kirsten",
    "Liam",
)
SURNAMES = (
    "Lindqvist",
    "Okafor",
    "Petersen",
    "Quint",
    "Rossi",
    "Sandoval",
    "Tanaka",
    "Urban",
    "Vogel",
    "Weber",
)
BEGIN = datetime(2019, 3, 4, 8, 15)


class _Pen:
    """Writes words, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        made = ("".join(self.dice.choices(SYLLABLES, k=self.dice.randint(1, 3))) for _ in range(1500))
        self.words = sorted({*made})

    def say(self, least: int, most: int) -> str:
        """Write so many words that end as a sentence does."""
        size = self.dice.randint(least, most)
        said = [self.dice.choice(SMALL if self.dice.random() < 0.4 else self.words) for _ in range(size)]
        said = [f"{word}," if self.dice.random() < 0.06 else word for word in said[:-1]] + said[-1:]
        return " ".join(said).capitalize() + self.dice.choice("....?!")

    def paragraph(self, most: int = 7) -> str:
        """Write some sentences."""
        return " ".join(self.say(5, 22) for _ in range(self.dice.randint(1, most)))

    def title(self) -> str:
        """Write a few words that end as no sentence does."""
        return " ".join(self.dice.choices(self.words, k=self.dice.randint(2, 6))).capitalize()

    def times(self, least: float, most: float) -> Iterator[datetime]:
        """Count on by so many minutes, for ever."""
        now = BEGIN
        while True:
            now += timedelta(minutes=self.dice.uniform(least, most))
            yield now


def irc_log(size: int, seed: int = 1) -> str:
    """A log of `size` messages: a time, a name in brackets, words; other people come as time goes by."""
    pen, lines, day = _Pen(seed), [], None
    handles = [f"{name.lower()}{pen.dice.choice(['', '_', '42', 'bot'])}" for name in NAMES + SURNAMES]
    for at, now in zip(range(size), pen.times(0, 9), strict=False):
        there = handles[at * 8 // size : at * 8 // size + 9]
        if now.date() != day:
            day = now.date()
            lines.append(f"--- Day changed {now:%a %b %d %Y}")
        if pen.dice.random() < 0.02:
            lines.append(f"{now:%H:%M} -!- {pen.dice.choice(there)} has quit [Ping timeout]")
        lines.append(f"{now:%H:%M} <{pen.dice.choice(there)}> {pen.say(2, 24)}")
    return "\n".join(lines)


def chat(size: int, seed: int = 2) -> str:
    """A chat of `size` messages: who and when, and below it one line or some."""
    pen, lines = _Pen(seed), ["# general", "Search", ""]
    people = [f"{name} {surname}" for name, surname in zip(NAMES, SURNAMES, strict=False)]
    for at, now in zip(range(size), pen.times(0, 300), strict=False):
        there = people[at * 4 // size : at * 4 // size + 7]
        lines += [f"{pen.dice.choice(there)} — {now:%d/%m/%Y %H:%M}"]
        lines += [pen.say(2, 20) for _ in range(pen.dice.choice((1, 1, 1, 2, 3)))]
    return "\n".join(lines)


def messenger(size: int, seed: int = 12) -> str:
    """A chat of `size` messages, each below who and the time of day; who goes on has the time alone."""
    pen, lines, latest, day = _Pen(seed), ["Gribalen", ""], "", None
    people = [f"{name} {surname}" for name, surname in zip(NAMES, SURNAMES, strict=False)]
    for at, now in zip(range(size), pen.times(0, 300), strict=False):
        if now.date() != day:
            day, latest = now.date(), ""
            lines.append(f"{now:%A, %d %B %Y}")
        who = pen.dice.choice(people[at * 4 // size : at * 4 // size + 5])
        lines += [who] if who != latest else []
        lines += [f"{now:%H:%M}", *(pen.say(2, 20) for _ in range(pen.dice.choice((1, 1, 1, 2, 3))))]
        latest = who
    return "\n".join(lines)


def _posts(pen: _Pen, size: int, most: int) -> Iterator[str]:
    for number, now in zip(range(size), pen.times(2, 900), strict=False):
        name = pen.dice.choice(NAMES).lower() + str(pen.dice.randint(1, 60))
        yield f"\n{name}\nPosts: {pen.dice.randint(1, 9000)}\n\n{now:%d %b %Y, %H:%M} #{number + 1}"
        if pen.dice.random() < 0.3:
            yield f"{pen.dice.choice(NAMES).lower()}{pen.dice.randint(1, 60)} wrote:\n    {pen.say(4, 30)}"
        yield "\n\n".join(pen.paragraph() for _ in range(pen.dice.choice((1, 1, 2, 3, most))))
        yield "Like  Quote  Reply"


def thread(size: int, seed: int = 3) -> str:
    """A thread of `size` posts of uneven length, between a site's menu and its foot."""
    pen = _Pen(seed)
    top = ["Home", "Forums", "Members", "Log in", "", pen.title(), ""]
    foot = ["", "Powered by Boardly", "Terms of use", "Privacy", "© 2021 The Board"]
    return "\n".join([*top, *_posts(pen, size, 12), *foot])


def comments(size: int, seed: int = 4) -> str:
    """A short article below which are `size` comments with their ages, some set in as answers."""
    pen = _Pen(seed)
    lines = ["News", "Sport", "Culture", "", pen.title(), f"By {NAMES[0]} {SURNAMES[0]}", "4 March 2019", ""]
    lines += [line for _ in range(9) for line in (pen.paragraph(), "")] + [f"{size} comments", ""]
    for _ in range(size):
        set_in = "    " * pen.dice.choice((0, 0, 1, 1, 2))
        name = f"{pen.dice.choice(NAMES)} {pen.dice.choice(SURNAMES)[0]}."
        lines += [f"{set_in}{name}", f"{set_in}{pen.dice.randint(2, 11)} months ago"]
        lines += [f"{set_in}{pen.paragraph(4)}" for _ in range(pen.dice.choice((1, 1, 2)))]
        lines += [f"{set_in}Reply", f"{set_in}{pen.dice.randint(0, 40)} likes", ""]
    return "\n".join([*lines, "Advertise", "Contact", "© 2019 The Paper"])


def releases(size: int, seed: int = 5) -> str:
    """A list of `size` releases of a tool, each with its date and what is new."""
    pen, lines = _Pen(seed), ["Everything new in Gribalen", ""]
    for number, now in zip(range(size), pen.times(2000, 90000), strict=False):
        lines += [f"Gribalen {number // 40}.{number % 40}", f"Released on {now:%B %d, %Y}", ""]
        lines += [f"  * {pen.say(4, 16)}" for _ in range(pen.dice.randint(1, 14))] + [""]
    return "\n".join(lines)


def article(size: int, seed: int = 6) -> str:
    """An article of `size` paragraphs, with headings."""
    pen = _Pen(seed)
    lines = ["Home", "Essays", "About", "", pen.title(), f"By {NAMES[1]} {SURNAMES[1]}", "4 March 2019", ""]
    for at in range(size):
        lines += [pen.title(), ""] if at % 40 == 39 else []
        lines += [pen.paragraph(), ""]
    return "\n".join([*lines, "Share this", "Related stories", pen.title(), pen.title(), "© 2019 The Review"])


def changed(size: int, seed: int = 7) -> str:
    """A log of a chat, and from half way on a thread."""
    return f"{irc_log(size, seed)}\n\n{thread(size // 6, seed)}"


def below_menu(size: int, seed: int = 8) -> str:
    """A thread below 3,000 lines of a menu."""
    pen = _Pen(seed)
    return "\n".join([*(pen.title() for _ in range(3000)), "", thread(size, seed)])


def junk(size: int, seed: int = 9) -> str:
    """Lines of signs and numbers that are nothing."""
    dice = random.Random(seed)
    signs = "abcdefghijklmnopqrstuvwxyzABCDEF0123456789+/=,;:{}[]()<>\"'#%&_- "
    sizes = accumulate((dice.randint(5, 160) for _ in range(size)), initial=0)
    ends = [*sizes]
    text = "".join(dice.choices(signs, k=ends[-1]))
    return "\n".join(text[start:end] for start, end in pairwise(ends))


def table(size: int, seed: int = 10) -> str:
    """Rows of numbers, parted by commas."""
    dice = random.Random(seed)
    return "\n".join(
        f"{row},{dice.random():.4f},{dice.choice(NAMES)},{dice.randint(0, 99999)}" for row in range(size)
    )


def one_line(size: int, seed: int = 11) -> str:
    """A page of one line, of `size` dozens of words."""
    pen = _Pen(seed)
    return " ".join(pen.say(12, 12) for _ in range(size))


KINDS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "irc log": irc_log,
        "chat": chat,
        "messenger": messenger,
        "thread": thread,
        "comments": comments,
        "releases": releases,
        "article": article,
        "changed half way": changed,
        "below a long menu": below_menu,
        "junk": junk,
        "table": table,
        "one line": one_line,
    }
)


def of_megabytes(kind: str, megabytes: float) -> str:
    """Make a page of a kind of about so many MB (10⁶ bytes)."""
    less, more = (len(KINDS[kind](size).encode()) for size in (100, 1100))
    return KINDS[kind](max(1, round(1000 * (1e6 * megabytes - less) / (more - less)) + 100))
