"""Bytes → text, and from what encoding."""

import re
from collections import Counter

import numpy as np

BOM = "\ufeff".encode()
UTF_8 = ("utf-8", "utf-8-sig")  # without and with the mark; a text of another encoding is recoded
BOMS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# A text holds few control characters besides white space; a binary is full of them. A share of 1 in 100 is
# far above what stray form feeds or escapes give, and far below what images and archives give.
BINARY_SHARE = 0.01
# What is no text though some of it reads as one: its sign, where that stands, and what it is.
SIGNS = ((b"%PDF-", 0, "a PDF"), (b"{\\rtf", 0, "RTF"), (b"ustar", 257, "a tar archive"))  # the last: POSIX.1
# Half of a pair of UTF-16, written as if it were a character: some programs write emoji so.
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
# The letters outside ASCII of the languages that windows-1252 was made for, as Unicode CLDR lists them (main and
# auxiliary). No other alphabet, read as windows-1252, stays within one of them.
ALPHABETS = (
    "àâæçèéêëîïôœùûüÿ",  # French
    "äöüßéèàç",  # German
    "åäöéàüšž",  # Swedish, Finnish
    "æøåéèêóòôâäöü",  # Danish, Norwegian
    "áéíñóúüç",  # Spanish
    "àáâãçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "àçèéíïòóúü",  # Catalan
    "áäéëèêíïóöúü",  # Dutch
    "áéíóúýþæöð",  # Icelandic
)
SYMBOLS = set("‘’‚“”„«»‹›…–—•·¿¡ªº°§©®™€£½¼¾²×´\xa0\xad")
# Names and loans bring a letter of another language now and then.
FOREIGN_SHARE = 0.05
# Fewer bytes than these say nothing of a language to charset_normalizer.
FEW_BYTES = 8


def decode(data: bytes) -> tuple[str, str]:
    """Decode a seed to text, and say from what encoding.

    A UTF-8 text keeps its byte order mark, so that offsets are into the file itself.

    Raises:
        UnicodeError: it is no text.
    """
    for sign, at, name in SIGNS:
        if data.startswith(sign, at):
            raise UnicodeError(f"{name}, not a text")
    for mark, encoding in BOMS.items():
        if data.startswith(mark):
            return data.decode(encoding), encoding
    if (wide := _wide_encoding(data)) is not None:
        return data.decode(wide), wide
    try:
        return data.decode("utf-8"), UTF_8[data.startswith(BOM)]
    except UnicodeDecodeError:
        if _control_share(data) > BINARY_SHARE:
            raise UnicodeError("a binary file, not a text") from None
        return _decode_damaged(data)


def _wide_encoding(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by where its zero bytes stand: most Latin letters have one, on one side."""
    head = data[: 1 << 16]
    if len(head) < 4 or b"\0" not in head:
        return None
    sample = np.frombuffer(head, dtype=np.uint8)
    even, odd = (sample[0::2] == 0).mean(), (sample[1::2] == 0).mean()
    if max(even, odd) < 0.3 or min(even, odd) > 0.05:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _control_share(data: bytes) -> float:
    sample = np.frombuffer(data[: 1 << 20], dtype=np.uint8)
    control = (sample < 32) & ~np.isin(sample, (9, 10, 11, 12, 13, 27))
    return float(control.mean()) if len(sample) else 0.0


def _decode_damaged(data: bytes) -> tuple[str, str]:
    """Decode what is not quite UTF-8: damaged UTF-8 keeps its letters, anything else is guessed."""
    text = data.decode("utf-8", errors="replace")
    sound = data.decode("utf-8", errors="ignore")
    n_surrogates = len(SURROGATE.findall(data))  # each is three bad bytes, and yet a sign of UTF-8
    n_bad = len(text) - len(sound) - 3 * n_surrogates
    n_good = len(sound) - len(sound.encode("ascii", "ignore")) + n_surrogates
    if n_good > 0 and n_good >= n_bad:
        return text, "utf-8-damaged"
    if _is_western(data):
        return data.decode("cp1252"), "cp1252"
    encoding = _guess(data)
    return data.decode(encoding, errors="replace"), encoding


def _is_western(data: bytes) -> bool:
    """Say whether it reads as windows-1252 in one Western European language."""
    try:
        text = data.decode("cp1252").lower()
    except UnicodeDecodeError:
        return False
    times = Counter(re.findall(r"[^\x00-\x7f]", text))
    n_letters = sum(map(str.isalpha, text))
    letters = Counter({c: n for c, n in times.items() if c not in SYMBOLS})
    if 2 * letters.total() > n_letters:  # no Western language is written so
        return False
    if times.total() < FEW_BYTES:
        return letters.keys() <= set("".join(ALPHABETS))
    n_foreign = min(sum(n for c, n in letters.items() if c not in alphabet) for alphabet in ALPHABETS)
    return n_foreign <= FOREIGN_SHARE * times.total()


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, seldom needed

    guesses = [match.encoding for match in from_bytes(data[: 1 << 18])]
    if not guesses:
        raise UnicodeError("not UTF-8, and no other encoding fits")
    # It is known by now not to be Western: of Latin letters, the Central European code page is next.
    return "cp1250" if guesses[0] == "cp1252" and "cp1250" in guesses else guesses[0]
