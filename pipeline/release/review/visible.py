"""Text of strangers as HTML: it is seen as it is, none of it is markup, and what cannot be seen is named."""

from __future__ import annotations

import polars as pl

MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
# Joiners and variation selectors are left alone: they shape letters and emoji, and hide nothing.
_C0 = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI"),
    *(
        "DLE",
        "DC1",
        "DC2",
        "DC3",
        "DC4",
        "NAK",
        "SYN",
        "ETB",
        "CAN",
        "EM",
        "SUB",
        "ESC",
        "FS",
        "GS",
        "RS",
        "US",
    ),
)
_NAMED = {
    "\x7f": "DEL",
    "\x85": "NEL",
    "\u00ad": "SHY",
    "\u061c": "ALM",
    "\u180e": "MVS",
    "\u200b": "ZWSP",
    "\u2060": "WJ",
    "\ufeff": "BOM",
} | {
    chr(start + n): name
    for start, names in (
        (0x200E, "LRM RLM"),
        (0x2028, "LS PS LRE RLE PDF LRO RLO"),
        (0x2066, "LRI RLI FSI PDI"),
    )
    for n, name in enumerate(names.split())
}
# Others that show nothing: C1 controls, fillers, invisible operators, annotation marks, noncharacters and tags.
_UNSEEN = (
    *range(0x80, 0xA0),
    *(0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
    *range(0x2061, 0x2066),
    *range(0x206A, 0x2070),
    *range(0xFFF9, 0xFFFC),
    *(0xFFFE, 0xFFFF),
    *(0xE0001, *range(0xE0020, 0xE0080)),
)
NAMES = (
    {chr(code): f"U+{code:04X}" for code in _UNSEEN}
    | {chr(code): name for code, name in enumerate(_C0) if chr(code) not in "\t\n"}
    | _NAMED
)
_WRITTEN = {
    **MARKUP,
    "\r\n": "\n",  # one line break, and no news
    **{sign: f'<i class=k data-k="{name}"></i>' for sign, name in NAMES.items()},
}
_CLEANED = str.maketrans(dict.fromkeys(NAMES, "\ufffd"))


def escape(text: pl.Expr) -> pl.Expr:
    """Write text as HTML: markup is escaped, what cannot be seen becomes an element that names it.

    The names stand in `data-k`, out of the text: `<i class=k data-k="RLO"></i>`. Bidirectional controls are
    thereby without power.
    """
    return text.str.replace_many(list(_WRITTEN), list(_WRITTEN.values()), leftmost=True)


def escape_field(text: pl.Expr) -> pl.Expr:
    """Write a short value as HTML or as the value of a quoted attribute: markup escaped, the unseen left out."""
    written = {**dict.fromkeys(NAMES, ""), "\t": " ", "\n": " ", **MARKUP}
    return text.str.replace_many(list(written), list(written.values()), leftmost=True)


def clean(text: str, limit: int) -> str:
    """Return a short value cut to a length in characters, with a sign in the place of each that cannot be seen."""
    cut = text if len(text) <= limit else text[:limit].rstrip() + "…"
    return cut.translate(_CLEANED)
