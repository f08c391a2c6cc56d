"""Letters: one in a file (.eml), or many (mbox), by the standard library's `email`."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parseaddr

from pipeline.ingest.faults import Fault
from pipeline.ingest.packed.archives import read_whole
from pipeline.ingest.packed.page import MOST_PAGE, Page, Source, sound
from pipeline.ingest.packed.web import extracted

# A letter begins at such a line, after a blank one (RFC 4155); in the words of a letter it is written ">From ".
BEGINS = re.compile(rb"From \S+ .{0,80}\d{4}")
QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
BY = "email"
MESSAGE = "message"


def read_mail(source: Source) -> Iterator[Page | Fault]:
    """Read one letter."""
    yield _letter(source, read_whole(source), source.at)


def read_mbox(source: Source) -> Iterator[Page | Fault]:
    """Read the letters of a mailbox, one after another, numbered from 1."""
    with source.open() as stream:
        lines: list[bytes] = []
        number, is_blank, size = 0, True, 0
        while line := stream.readline(MOST_PAGE):
            if is_blank and BEGINS.match(line):
                if lines:
                    yield _numbered(source, lines, number)
                lines, number, size = [], number + 1, 0
            else:
                size += len(line)
                if size <= MOST_PAGE:
                    lines.append(line)
            is_blank = not line.strip()
        if lines:
            yield _numbered(source, lines, number)


def _numbered(source: Source, lines: list[bytes], number: int) -> Page | Fault:
    at = f"{source.at}/{number}" if source.at else str(number)
    return _letter(source, QUOTED_FROM.sub(rb"\1", b"".join(lines)), at)


def _letter(source: Source, data: bytes, at: str) -> Page | Fault:
    """Take the words and the headers of a letter; what it has attached is not read."""
    where = f"{source.name}#{at}" if at else source.name
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    own: dict[str, str | datetime | None] = {
        "title": _header(message, "Subject"),
        "author": _author(message),
        "published_raw": _header(message, "Date"),
        "source_id": _header(message, "Message-ID"),
        "source_url": _header(message, "Archived-At"),
    }
    part = _words(message)
    if part is None:
        return Fault(
            "empty", f"{where}: the letter has no words, only {message.get_content_type()}; do: drop it"
        )
    if part.get_content_type() == "text/html":
        page = extracted(source, _payload(part), at, own)
        return page if isinstance(page, Fault) else replace(page, states=MESSAGE)
    return Page(at, text=_decoded(part).replace("\r\n", "\n"), extracted_by=BY, states=MESSAGE, own=own)


def _words(message: Message) -> Message | None:
    """Find the part with the words: plain text, else HTML."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    shown = [part for part in parts if "attachment" not in str(part.get("Content-Disposition", "")).lower()]
    for kind in ("text/plain", "text/html"):
        for part in shown:
            if part.get_content_type() == kind and _payload(part).strip():
                return part
    return None


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _decoded(part: Message) -> str:
    """Decode the words by the charset that the letter names; where that is wrong, as UTF-8 with its faults shown."""
    charset = part.get_content_charset("utf-8")
    try:
        return _payload(part).decode(charset)
    except (ValueError, LookupError):
        return _payload(part).decode("utf-8", "replace")


def _header(message: Message | EmailMessage, name: str) -> str | None:
    """Decode a header (RFC 2047); one that is broken stays as it is written."""
    raw = message.get(name)
    if raw is None:
        return None
    try:
        text = str(make_header(decode_header(str(raw))))
    except (UnicodeDecodeError, LookupError, ValueError, email.errors.HeaderParseError):
        text = str(raw)
    return " ".join(sound(text).split()) or None


def _author(message: Message) -> str | None:
    """Name who wrote it: the name before the address, else the address."""
    said = _header(message, "From")
    name, address = parseaddr(said or "")
    return name or address or said
