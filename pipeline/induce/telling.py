"""What was induced from a page, told: how it is read, why, and what else was thought of."""

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.induce.compose import fact_of, fields_of, mark_pattern
from pipeline.induce.headed import Entries
from pipeline.induce.nesting import Nest
from pipeline.induce.page import Page
from pipeline.induce.shapes import (
    AGE_SIGN,
    DATE_SIGN,
    HANDLE_SIGN,
    LINK_SIGN,
    NUMBER_SIGN,
    TIME_SIGN,
    WORDS_SIGN,
)
from pipeline.induce.signed import Letters
from pipeline.induce.speech import Talk
from pipeline.induce.structure import Layout
from pipeline.induce.template import Column

TOLD = {"author": "who", "speaker": "who", "handle": "account", "published_raw": "when", "clock": "when"}
WIDE, LONGEST = 36, 60  # characters of a shape, and of an example
MOST_VOICES = 6
SHOWN = {
    DATE_SIGN: "‹date›",
    AGE_SIGN: "‹age›",
    TIME_SIGN: "‹time›",
    HANDLE_SIGN: "‹handle›",
    LINK_SIGN: "‹link›",
    NUMBER_SIGN: "‹number›",
    WORDS_SIGN: "‹words›",
}


def tell_parts(page: Page, found: Layout | Nest | Talk | Letters | Entries) -> Iterator[str]:
    """Tell what a record or a turn is made of, line by line, each with an example from the page."""
    if isinstance(found, Talk):
        voices = Counter(name for part in found.parts for name in part.names)
        yield f"turns of {len(voices)} speakers, set off so: {page.texts[found.rows[0]][:LONGEST]}"
        yield "  " + ", ".join(f"{name} ({n})" for name, n in voices.most_common(MOST_VOICES))
        return
    if isinstance(found, Letters):
        yield f"{len(found.letters)} letters, the first of {page.texts[found.letters[0].signed][:LONGEST]}"
        return
    if isinstance(found, Entries):
        yield f"{len(found.entries)} entries, the first below {page.texts[found.entries[0].title][:LONGEST]}"
        return
    if isinstance(found, Nest):
        yield f"{len(found.starts)} records side by side, the first: {page.texts[found.starts[0]][:LONGEST]}"
        return
    yield f"records, each a {found.kind}:"
    for columns, name in ((found.frame.heads, "  text"), (found.frame.feet, "")):
        yield from (_line(page, found, column) for column in columns)
        yield from [name] * bool(name)


def _line(page: Page, layout: Layout, column: Column) -> str:
    frame = layout.frame
    pattern = mark_pattern(page, frame, column, fields_of(page, layout).get(fact_of(column), ""))
    told = [TOLD.get(name, name) for name in re.findall(r"\(\?P<(\w+)>", pattern)]
    rows = frame.rows[frame.fits[:, frame.columns.index(column)]] + column.offset
    example = page.texts[rows[0]].strip()[:LONGEST] if len(rows) else ""
    return f"  {', '.join(told) or 'site':12} {_shown(column.shape)[:WIDE]:{WIDE}} {example}"


def tell_reading(found: Layout | Nest | Talk | Letters | Entries) -> str:
    """Say how a page is read: how sure that is, of how many parts, by which frame, and what speaks for it."""
    reasons = ", ".join(f"{name} {float(value):.2f}" for name, value in found.evidence.items() if value)
    return f"  {found.score:.2f}  {_parts(found)}\n        {reasons}"


def _parts(found: Layout | Nest | Talk | Letters | Entries) -> str:
    if isinstance(found, Talk):
        return f"{len(found.rows)} turns, speakers {found.style}{', stamped' if found.is_stamped else ''}"
    if isinstance(found, Letters):
        return f"{len(found.letters)} letters{', each below a title' if found.is_titled else ''}"
    if isinstance(found, Entries):
        return f"{len(found.entries)} entries below titles"
    if isinstance(found, Nest):
        return f"{len(found.starts)} records side by side, set in by {found.depth}"
    heads, feet = (
        " / ".join(_shown(c.shape) for c in some) for some in (found.frame.heads, found.frame.feet)
    )
    return f"{len(found.starts)} records of {' / '.join(part for part in (heads, 'text', feet) if part)}"


def _shown(shape: str) -> str:
    return "".join(SHOWN.get(char, char) for char in shape) or "‹name›"
