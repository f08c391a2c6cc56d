"""What is meant by a name, an address or a path, however it is printed: the forms in which it is hashed.

A value is hashed in its normal form. What is printed may be meant by several: its normal form, that of each of several
authors, of what stands in brackets, of a page above it; and by the forms of older lists of tombstones (composed and
in one case, no more), which hold as long as the lists do.

| printed | meant by |
| --- | --- |
| `~ Ann Lee`, `@ann lee`, `Ann<zero-width space> Lee`, `Ａｎｎ Lee`, `Ann Lee 🌻` | `ann lee` |
| `+44 (0)20 7946-0000`, `0044 20 79460000` | `442079460000` |
| `Ann Lee (@ann)`, `Ann "Bo" Lee`, `Lee, Ann` | `ann lee`, and what stands in brackets |
| `Ann Lee et Bo Ek`, `Ann Lee · The Paper` | `ann lee`, and each of the others |
| `HTTPS://www.x.org:443/%7Eann/#top` | `x.org/~ann`, and the pages above |

What is spelt otherwise (without its accents, in another script, with initials) is another name; a page in an archive
of pages, or on a host for telephones, is another page.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import unquote

# Marks that show nothing, besides format characters (Cf): Unicode's Default_Ignorable_Code_Point.
_UNSEEN = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
UNSEEN = {*"\u034f\u115f\u1160\u17b4\u17b5\u3164", *(chr(point) for part in _UNSEEN for point in part)}
# One sign for what a keyboard and a typesetter write otherwise, and one i for those with and without a dot, since
# which is the capital of which is a matter of language.
ALIKE = str.maketrans(dict.fromkeys("‘’ʼ‛`´ʻ", "'") | dict.fromkeys("‐‑‒–—―−", "-") | {"ı": "i"})
# Telephone numbers have 15 digits at most (ITU-T E.164); less than 7 may be a year, or a name.
NUMBER, N_DIGITS = re.compile(r"\+?[\d\s().\-/]+"), range(7, 16)
# A name begins and ends with letters, marks, digits, or what handles and stage names have: `_zeb_`, `$hort`.
NAMING = ("L", "M", "N", "Pc", "Sc")
# Between names where several are given in one field: signs, and words of the languages of most pages.
WORDS = "and|und|et|en|és|och|og|oraz|ja|ve|và|și|или|та|і|и|και|और|এবং|with|mit|avec|con|com|feat|ft|via|at|for|x|vs"
SIGNS = r"\s*[,;&/|\\+、،؛»›→×]\s*|\s+[-:~@*·•‧・]+\s*|[:·•‧・]\s+"
HAN = r"(?<=[\u3400-\u9fff]{2})[和与與及](?=[\u3400-\u9fff]{2})"
BETWEEN = re.compile(rf"\s+(?:{WORDS})\.?\s+|{SIGNS}|{HAN}")
# These also join the surnames of one person, as in Ortega y Gasset.
JOINING = re.compile(r"\s+(?:y|e|i|a)\s+")
BRACKETED = re.compile(r"[(\[{<«「『【〔\"“„]([^)\]}>»」』】〕\"”“]*)(?:[)\]}>»」』】〕\"”“]|$)")
SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//")
FORMER_BETWEEN = re.compile(r"\s+and\s+|\s*[,;&/、，]\s*")


def normalise(selector: str, value: str) -> str:
    """Write a value as it is hashed: without what cannot be seen, in compatible form and one case, undecorated."""
    plain = _plain(value)
    if selector == "author":
        return _name(plain)
    if selector == "url":
        return _address(plain)
    return plain.replace("\\", "/").removeprefix("./") if selector == "source" else plain


def names(selector: str, value: str) -> set[str]:
    """Return all that a tombstone may have named to mean this value."""
    whole = normalise(selector, value)
    found = {whole, *_former(selector, value)}
    if selector == "author":
        found |= {_name(name) for name in _persons(_plain(value))}
    if selector == "url":
        found |= _above(whole)
    if selector == "source":
        found.add(whole.partition("#")[0])  # the file that a page was packed in
    return found - {""}


def _plain(value: str) -> str:
    """Write text in compatible form and one case (as Unicode's NFKC_Casefold), with one blank between words."""
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value.translate(ALIKE)).casefold())
    seen = "".join(char for char in composed if char not in UNSEEN and unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen.replace("i\u0307", "i")).translate(ALIKE).split())


# Names --------------------------------------------------------------------------------------------


def _name(plain: str) -> str:
    """Strip a name of what decorates it, and a telephone number of all but its digits."""
    if number := _number(plain):
        return number
    shown = "".join(" " if unicodedata.category(char) in ("So", "Sk") else char for char in plain)
    own = [at for at, char in enumerate(shown) if unicodedata.category(char).startswith(NAMING)]
    return " ".join(shown[own[0] : own[-1] + 1].split()) if own else plain


def _number(plain: str) -> str | None:
    """Return the digits of a telephone number, its country's first if it has that; null of anything else."""
    if not NUMBER.fullmatch(plain):
        return None
    digits = re.sub(r"\D", "", plain.replace("(0)", "")).removeprefix("00")
    return digits if len(digits) in N_DIGITS else None


def _persons(plain: str) -> Iterator[str]:
    """Yield the names that may stand in what is printed as one: in brackets and beside them, and each of several."""
    beside = " ".join(BRACKETED.sub(" ", plain).split())
    for given in (plain, beside, *BRACKETED.findall(plain)):
        yield given
        if not _number(given):
            yield from _several(given)


def _several(given: str) -> Iterable[str]:
    """Return each of several names, and one whose surname is given first."""
    parts = [part for part in BETWEEN.split(given) if part]
    surname, comma, first = given.partition(", ")
    turned = [f"{first} {surname}"] if comma and "," not in first else []
    return chain(parts, chain.from_iterable(map(_joined, parts)), turned)


def _joined(part: str) -> list[str]:
    """Part names at a word that may be within a surname: only where all are of one word, or none is."""
    found = JOINING.split(part)
    return found if len({" " in name for name in found}) == 1 else []


# Addresses ----------------------------------------------------------------------------------------


def _address(plain: str) -> str:
    """Strip an address of scheme, user, `www.`, port, fragment and final `/`, and write it without encodings."""
    place, _, query = SCHEME.sub("", plain).split("#")[0].partition("?")
    host, _, path = place.partition("/")
    host = re.sub(r":\d*$", "", host.rpartition("@")[2]).rstrip(".").removeprefix("www.")
    steps = posixpath.normpath("/" + _plain(unquote(path))).strip("/")
    known = [".".join(map(_unicode, host.split("."))), steps]
    return "/".join(filter(None, known)) + (f"?{_plain(unquote(query))}" if query else "")


def _unicode(label: str) -> str:
    """Write a label of an international host in its own script (IDNA, RFC 3492)."""
    try:
        return _plain(label[4:].encode("ascii").decode("punycode")) if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _above(address: str) -> set[str]:
    """Return the pages above an address, and the sites above its own: `a.b.org/c/d` is below `b.org`."""
    host, _, path = address.partition("?")[0].partition("/")
    steps = path.split("/") if path else []
    labels = host.split(".")
    hosts = {".".join(labels[n:]) for n in range(max(1, len(labels) - 1))}
    return hosts | {"/".join((host, *steps[:n])) for n in range(1, len(steps) + 1)}


# Older lists --------------------------------------------------------------------------------------


def _former(selector: str, value: str) -> set[str]:
    """Return what a tombstone of the first lists (November 2026) may have named to mean this value."""
    plain = " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).casefold()).split())
    if selector == "author":
        parts = (plain, *FORMER_BETWEEN.split(plain.lstrip("@").strip()))
        return {part.lstrip("@").strip() for part in parts} | {_plain(value)}
    if selector == "url":
        bare = SCHEME.sub("", plain).removeprefix("www.").split("#")[0].rstrip("/")
        return {bare, *_above(bare)}
    return {plain.removeprefix("./") if selector == "source" else plain}
