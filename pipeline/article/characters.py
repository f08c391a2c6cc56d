"""What a line is written with: letters, digits, stops, by Unicode's own categories, in any script.

Every code point is of one class; those of all lines are looked up and counted at once. Only the head of a long
line is counted: what it is shows there.
"""

import sys
import unicodedata
from functools import cache

import numpy as np
import polars as pl

HEAD = 300  # characters of a line that are looked at
LAST = 0x30000  # code points that are told apart; those above are neither letters nor marks
CLASSES = (
    *("other", "lower", "upper", "caseless", "wide", "unstopped", "digit", "space"),
    *("stop", "wide_stop", "comma", "separator", "mark", "break"),
)
OF_CATEGORY = {
    **dict.fromkeys(("Ll", "Lm"), "lower"),
    **dict.fromkeys(("Lu", "Lt"), "upper"),
    **dict.fromkeys(("Lo", "Mc"), "caseless"),
    **dict.fromkeys(("Nd", "Nl", "No"), "digit"),
    **dict.fromkeys(("Zs", "Cc"), "space"),
    **dict.fromkeys(("Mn", "Me", "Cf"), "mark"),  # NFC and NFD count alike
}
LISTED = {
    "stop": ".!?…।॥؟۔։။។",
    "wide_stop": "。！？｡",
    "comma": ",;、،؛，；､",
    "separator": "|›»«‹•·→←↑↓▸►/–—>",
    "break": "\n",
}
UNSTOPPED = range(0x0E00, 0x0F00)  # Thai and Lao: a space ends a phrase, and nothing else a sentence


@cache
def _classes() -> np.ndarray:
    """Tabulate the class of every code point, by number."""
    number = {name: place for place, name in enumerate(CLASSES)}
    of_category = {category: number[name] for category, name in OF_CATEGORY.items()}
    categories = map(unicodedata.category, map(chr, range(LAST)))
    kinds = np.array([of_category.get(category, number["other"]) for category in categories], dtype=np.uint8)
    caseless = np.flatnonzero(kinds == number["caseless"])
    is_wide = [unicodedata.east_asian_width(chr(code)) in "WF" for code in caseless.tolist()]
    kinds[caseless[is_wide]] = number["wide"]
    kinds[caseless[(caseless >= UNSTOPPED.start) & (caseless < UNSTOPPED.stop)]] = number["unstopped"]
    for name, listed in LISTED.items():
        kinds[[ord(character) for character in listed]] = number[name]
    return kinds


def count(texts: pl.Series) -> dict[str, np.ndarray]:
    """Count what each text is written with.

    Returns:
        By name one number a text: how many characters of its head are of each class; `capitals`, words that begin
        with a capital; `sentences`, stops with words after them; `length`, characters of all of it.
    """
    heads = texts.str.slice(0, HEAD)
    sizes = heads.str.len_chars().to_numpy().astype(np.int64) + 1
    laid = (heads.str.join("\n")[0] or "") + "\n"
    codes = np.frombuffer(laid.encode(f"utf-32-{sys.byteorder[0]}e"), dtype=np.uint32)
    kinds = np.take(_classes(), codes, mode="clip")
    lines = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
    totals = np.bincount(lines * 16 + kinds, minlength=len(texts) * 16).reshape(-1, 16)
    counts = {name: totals[:, number].astype(np.float32) for number, name in enumerate(CLASSES)}
    is_kind = {
        name: kinds == CLASSES.index(name) for name in ("upper", "space", "stop", "wide_stop", "break")
    }
    is_edge = is_kind["space"] | is_kind["break"]
    capitals = is_kind["upper"] & np.append(True, is_edge[:-1])
    ends = is_kind["stop"][:-1] & is_kind["space"][1:] | is_kind["wide_stop"][:-1] & ~is_kind["break"][1:]
    counts["capitals"] = np.bincount(lines[capitals], minlength=len(texts)).astype(np.float32)
    counts["sentences"] = np.bincount(lines[:-1][ends], minlength=len(texts)).astype(np.float32)
    counts["length"] = texts.str.len_chars().to_numpy().astype(np.float32)
    return counts
