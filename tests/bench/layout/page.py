"""A page being written: its layout, what is said on it, and the marks of its gold labels."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from .choices import Layout
from .marks import Marks
from .voice import Voice


@dataclass
class Page:
    """What all parts of a page share.

    Attributes:
        now: when the page was taken.
        title_prefix: what stands before the number of each release.
        buttons: what readers may do with a record.
        signatures: below the posts of each, by author.
    """

    random: Random
    layout: Layout
    voice: Voice
    marks: Marks
    now: datetime
    site: str
    title_prefix: str
    buttons: list[str]
    signatures: dict[str, str] = field(default_factory=dict)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def word(self, name: str) -> str:
        """Return a word of the site."""
        return self.voice.words[name]

    def date(self, when: datetime) -> str:
        """Print a time as the page prints times."""
        return self.voice.date(self.layout["dates"], when, self.now)

    def day(self, most: int) -> str:
        """Print a day, so many days ago at most, of something that is no record."""
        when = self.now - timedelta(days=self.random.randint(1, most))
        return self.voice.date("medium_day", when, self.now)


BUTTONS = ("reply", "quote", "like", "share", "report", "edit", "permalink")
STARTS = datetime(2004, 1, 1)
DAYS = 22 * 365


def begin(random: Random, layout: Layout) -> Page:
    """Draw what all parts of a page share."""
    voice = Voice(random, layout["language"])
    now = STARTS + timedelta(days=random.randrange(DAYS), minutes=random.randrange(24 * 60))
    buttons = [voice.words[name] for name in random.sample(BUTTONS, layout.get("n_buttons", 3))]
    prefix = random.choice(("v", "", voice.phrase(1, 1) + " "))
    return Page(random, layout, voice, Marks(), now, voice.phrase(1, 2), prefix, buttons)


def deep(html: str, depth: int) -> str:
    """Put HTML into so many boxes."""
    return "<div>" * depth + html + "</div>" * depth if html else ""


def each(tag: str, parts: list[str]) -> str:
    """Put each part into a tag."""
    return "".join(f"<{tag}>{part}</{tag}>" for part in parts)
