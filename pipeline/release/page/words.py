"""Words of others, made fit for a page: cut, freed of what HTML forbids, and turning nothing but themselves."""

from __future__ import annotations

import re
from typing import Any

# Left out of any page: HTML forbids them, and a terminal or an editor may obey them.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Marks that turn the direction of text, and what ends them.
EMBEDDING_END, ISOLATE_END = "\u202c", "\u2069"
OPENS = dict.fromkeys("\u202a\u202b\u202d\u202e", EMBEDDING_END) | dict.fromkeys(
    "\u2066\u2067\u2068", ISOLATE_END
)
TURNS = re.compile(r"([\u202a-\u202e\u2066-\u2069])")


def visible(text: str, limit: int) -> str:
    """Return text of unknown origin, cut to a length in characters, its marks of direction closed."""
    return closed(text if len(text) <= limit else text[:limit].rstrip() + "…")


def closed(text: str) -> str:
    """Close the marks of direction that text leaves open, and drop those that close what it did not open.

    A browser isolates <bdi> by such marks of its own: one too many in the text, and what stands after it turns too
    (seen in Chromium). UAX 9, rules BD9 and X1 to X7: https://www.unicode.org/reports/tr9
    """
    if not TURNS.search(text):
        return text
    still_open: list[str] = []
    kept = [mark for mark in TURNS.split(text) if _stands(mark, still_open)]
    return "".join(kept) + "".join(reversed(still_open))


def plain(value: Any) -> Any:
    """Take from text what HTML forbids; whatever a template writes goes through here."""
    if type(value) is not str or value.isprintable():
        return value
    return CONTROLS.sub("\ufffd", value)


def _stands(piece: str, still_open: list[str]) -> bool:
    """Say whether a piece of text or a mark may stand, and keep account of what it opens and closes."""
    if piece in OPENS:
        still_open.append(OPENS[piece])
    elif piece == ISOLATE_END and piece in still_open:
        while still_open.pop() != ISOLATE_END:
            pass
    elif piece == EMBEDDING_END and still_open[-1:] == [EMBEDDING_END]:
        still_open.pop()
    else:
        return piece not in (ISOLATE_END, EMBEDDING_END)
    return True
