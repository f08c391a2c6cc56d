"""What a file is, by its content: never by its name."""

import json
import re

from pipeline.ingest.packed.page import HEAD

PLAIN = "plain"
MAGIC = (
    (b"\x1f\x8b", "gzip"),  # RFC 1952
    (b"\x28\xb5\x2f\xfd", "zstd"),  # RFC 8878
    (b"PK\x03\x04", "zip"),
    (b"PAR1", "parquet"),
    (b"WARC/1.", "warc"),  # ISO 28500
)
HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
# mbox, RFC 4155: a line "From address date", then a header.
MBOX = re.compile(rb"From \S+ .{0,80}\d{4}[^\n]{0,20}\r?\n>?[A-Za-z-]{1,40}:[^\n]*\n")
HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
# Headers that letters have and other texts do not (RFC 5322, 2045); three of them make a letter.
LETTER = re.compile(
    rb"^(?:from|to|date|subject|message-id|received|return-path|mime-version|content-type|delivered-to):",
    re.IGNORECASE | re.MULTILINE,
)
LEAST_LETTER = 3
TEXT_FIELDS = ("text", "content", "body", "raw_content", "markdown", "page_content", "html", "raw_html")
URL_FIELDS = ("url", "source_url", "link", "uri", "address", "canonical_url")


def kind_of(head: bytes) -> str:
    """Name what the first bytes of a file show: `plain` where it is nothing but a text."""
    head = head[:HEAD]
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    head = head.removeprefix(b"\xef\xbb\xbf")
    if HTML.match(head):
        return "html"
    if MBOX.match(head):
        return "mbox"
    return _structured(head) or ("mail" if _is_letter(head) else PLAIN)


def _structured(head: bytes) -> str | None:
    """Tell lines of JSON that are pages, and the messages of a Slack channel, from any other JSON."""
    first = head.lstrip()
    if first.startswith(b"{"):
        return "jsonl" if _is_page(first.partition(b"\n")[0], is_cut=b"\n" not in first) else None
    if first.startswith(b"[") and re.search(rb'"ts"\s*:\s*"\d{9,11}\.\d{1,6}"', first):
        return "slack" if re.search(rb'"type"\s*:\s*"message"', first) else None
    return None


def _is_page(line: bytes, *, is_cut: bool) -> bool:
    try:
        row = json.loads(line)
    except (
        ValueError,
        RecursionError,
    ):  # a first line of JSON that is broken is one line of many, if others follow
        named = any(b'"%s"' % name.encode() in line for name in TEXT_FIELDS)
        return named and (is_cut or line.lstrip().startswith(b'{"'))
    return isinstance(row, dict) and any(isinstance(row.get(name), str) for name in TEXT_FIELDS)


def _is_letter(head: bytes) -> bool:
    """Say whether it begins with the headers of a letter, to the blank line."""
    at = 0
    while match := HEADER.match(head, at):
        at = match.end()
    names = {name.lower() for name in LETTER.findall(head[:at])}
    return len(names) >= LEAST_LETTER and head[at : at + 2].startswith((b"\n", b"\r\n"))
