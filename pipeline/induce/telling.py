"""What was induced from a page, told: how it is read, why, and what else was thought of."""

from pipeline.induce.shapes import (
    AGE_SIGN,
    DATE_SIGN,
    HANDLE_SIGN,
    LINK_SIGN,
    NUMBER_SIGN,
    TIME_SIGN,
    WORDS_SIGN,
)
from pipeline.induce.speech import Talk
from pipeline.induce.structure import Layout

SHOWN = {
    DATE_SIGN: "‹date›",
    AGE_SIGN: "‹age›",
    TIME_SIGN: "‹time›",
    HANDLE_SIGN: "‹handle›",
    LINK_SIGN: "‹link›",
    NUMBER_SIGN: "‹number›",
    WORDS_SIGN: "‹words›",
}


def tell_reading(found: Layout | Talk) -> str:
    """Say how a page is read: how sure that is, of how many parts, by which frame, and what speaks for it."""
    reasons = ", ".join(f"{name} {float(value):.2f}" for name, value in found.evidence.items() if value)
    return f"  {found.score:.2f}  {_parts(found)}\n        {reasons}"


def _parts(found: Layout | Talk) -> str:
    if isinstance(found, Talk):
        return f"{len(found.rows)} turns, speakers {found.style}{', stamped' if found.is_stamped else ''}"
    heads, feet = (
        " / ".join(_shown(c.shape) for c in some) for some in (found.frame.heads, found.frame.feet)
    )
    return f"{len(found.starts)} records of {' / '.join(part for part in (heads, 'text', feet) if part)}"


def _shown(shape: str) -> str:
    return "".join(SHOWN.get(char, char) for char in shape) or "‹name›"
