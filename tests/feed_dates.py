"""Dates as FreshRSS prints them in its languages."""

import json
import re
from datetime import datetime
from pathlib import Path

from tests.labelled_page import Page

STRINGS = json.loads((Path(__file__).parent / "gold" / "freshrss_strings.json").read_text(encoding="utf-8"))
"""Language -> name of a string -> what the reader prints."""


def find_language(page: Page) -> str | None:
    """The language a feed reader's page is in, by the name of its view; null for other pages."""
    said = {page.words(label) for label in page.of("nav")} if page.of("day_separator") else set()
    return next((name for name in ("en", *STRINGS) if STRINGS[name]["normal_view"].strip() in said), None)


def print_date(language: str, form: str, when: datetime) -> str:
    """Print a date in PHP's format, with the language's months; tags are not text."""
    strings = STRINGS[language]
    printed = {
        "j": str(when.day),
        "d": f"{when.day:02}",
        "n": str(when.month),
        "m": f"{when.month:02}",
        "Y": str(when.year),
        "H": f"{when.hour:02}",
        "g": str(when.hour % 12 or 12),
        "i": f"{when.minute:02}",
        "a": "am" if when.hour < 12 else "pm",
        "S": _end_ordinal(when.day),
        "%s": strings["months"][when.month - 1],
    }
    pattern = re.compile(r"\\(?P<literal>.)|%s|[jdnmYHgiaS]", re.DOTALL)
    words = pattern.sub(lambda found: found["literal"] or printed[found[0]], strings[form])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", words)).strip()


def _end_ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
