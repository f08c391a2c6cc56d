"""Marks within HTML, and the gold labels that they become.

HTML is rendered twice, with its marks and without. Where a mark falls is counted in characters that are not white
space, so that the labels hold for the text without marks.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

Label = dict[str, Any]
Render = Callable[[str], str]

# Planes of private use: mark k opens with one character and closes with another.
OPENS, CLOSES = 0xF0000, 0x100000
MARKS = re.compile("[\U000f0000-\U0010ffff]")
# Marks stand inside of the tags at the ends of what they mark, so that no renderer takes them for text of their own.
TAGS_BEFORE = re.compile(r"(?:\s|<[^>]*>)*")
TAGS_AFTER = re.compile(r"(?:\s|<[^>]*>)*\Z")
BULLET = re.compile(r"(?:^|\n) *((?:\d+\.|[*+o-]) +)\Z")
# What has a place of its own, and is not of the body even where a renderer lays columns side by side.
FIELDS = ("title", "author", "handle", "date")
OUTSIDE_BODY = (*FIELDS, "aside", "chrome")
LISTED = ("item", "turn", "body", "chrome")
OWN = (*FIELDS, "body", "turn")


class Mark(NamedTuple):
    """What a mark says of the words within: what they are, and what is known of them."""

    what: str
    known: dict[str, Any]


class Span(NamedTuple):
    """A mark, and where it falls in the text."""

    what: str
    known: dict[str, Any]
    start: int
    end: int

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


class Marks(list[Mark]):
    """The marks of a page, in the order they were made."""

    def wrap(self, what: str, html: object, **known: Any) -> str:
        """Mark HTML, inside of the tags at its ends.

        Args:
            what: item, turn, words (of a turn), body, chrome, aside (neither body nor field) or a field's name.
            known: of an item `kind`, and `author` where a record need not name it; of a turn `speaker` and `t`; of a
                field `value`, where it is not as printed.
        """
        text = str(html)
        before = TAGS_BEFORE.match(text)
        start = before.end() if before else 0
        if start == len(text):
            return text
        after = TAGS_AFTER.search(text, start)
        end = after.start() if after else len(text)
        number = len(self)
        self.append(Mark(what, known))
        return text[:start] + chr(OPENS + number) + text[start:end] + chr(CLOSES + number) + text[end:]


def read(html: str, marks: Sequence[Mark], render: Render) -> tuple[str, list[Label]]:
    """Render a page, and label it as in `tests/gold/SCHEMA.md`.

    Raises ValueError where the marks change what is rendered, or records overlap.
    """
    text = render(MARKS.sub("", html))
    spans = _trim(text, _widen(text, _places(html, render(html), text, marks)))
    items = sorted((span for span in spans if span.what == "item"), key=lambda span: span.start)
    if any(first.end > second.start for first, second in pairwise(items)):
        raise ValueError("records overlap")
    labels = [_item(f"i{number:03}", item, spans, text) for number, item in enumerate(items, 1)]
    return text, [*labels, *_turns(spans, labels), *_chrome(text, spans, labels)]


def _places(html: str, marked: str, text: str, marks: Sequence[Mark]) -> list[Span]:
    """Find where marks fall in the text; those around nothing are dropped.

    A record, or a turn, reaches as far as the marks within it do: of columns laid side by side, the last may begin
    first.
    """
    if "".join(MARKS.sub("", marked).split()) != "".join(text.split()):
        raise ValueError("marks change what is rendered")
    places = _printed(marked, [offset for offset, letter in enumerate(text) if not letter.isspace()])
    for outer, inner in _nested(html):
        if marks[outer].what in ("item", "turn") and inner in places and outer in places:
            starts, ends = zip(places[outer], places[inner], strict=True)
            places[outer] = min(starts), max(ends)
    return [Span(*marks[number], *places[number]) for number in sorted(places)]


def _printed(marked: str, offsets: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return start and end of what each mark holds, given the offsets of all that is printed."""
    places: dict[int, tuple[int, int]] = {}
    opened: dict[int, int] = {}
    seen = 0
    for letter in marked:
        code = ord(letter)
        if code >= CLOSES:
            first = opened.pop(code - CLOSES)
            if seen > first:
                places[code - CLOSES] = offsets[first], offsets[seen - 1] + 1
        elif code >= OPENS:
            opened[code - OPENS] = seen
        elif not letter.isspace():
            seen += 1
    return places


def _nested(html: str) -> Iterator[tuple[int, int]]:
    """Return each mark with each that stands within it."""
    opened: list[int] = []
    for mark in MARKS.finditer(html):
        code = ord(mark[0])
        if code >= CLOSES:
            opened.pop()
            continue
        yield from ((outer, code - OPENS) for outer in opened)
        opened.append(code - OPENS)


def _widen(text: str, spans: Sequence[Span]) -> list[Span]:
    """Let what starts after a list's bullet take it in; the bullet of a record or turn is not its body's."""
    outer = {span.start for span in spans if span.what in ("item", "turn")}
    widened = []
    for span in spans:
        bullet = BULLET.search(text, max(0, span.start - 40), span.start)
        takes = span.what in ("item", "turn") or (span.what in LISTED and span.start not in outer)
        widened.append(span._replace(start=bullet.start(1)) if bullet and takes else span)
    return widened


def _trim(text: str, spans: Sequence[Span]) -> list[Span]:
    """Let records reach from the line of the first that is theirs to the end of the last, as in `tests/gold`.

    Pictures above and buttons, notes and signatures below are the site's.
    """
    own = [span for span in spans if span.what in OWN]
    return [_trimmed(text, span, own) if span.what == "item" else span for span in spans]


def _trimmed(text: str, item: Span, spans: Sequence[Span]) -> Span:
    own = [span for span in spans if item.holds(span)]
    first = min(span.start for span in own)
    line = text.rfind("\n", 0, first) + 1
    start = line + len(text[line:first]) - len(text[line:first].lstrip())
    return item._replace(start=max(item.start, start), end=max(span.end for span in own))


def _item(name: str, item: Span, spans: Sequence[Span], text: str) -> Label:
    own = sorted((span for span in spans if span != item and item.holds(span)), key=lambda span: span.start)
    fields: dict[str, str] = {}
    for span in own:
        if span.what in FIELDS:
            fields.setdefault(span.what, span.known.get("value") or text[span.start : span.end])
    is_body = _covered(len(text), [span for span in own if span.what == "body"])
    for span in own:
        if span.what in OUTSIDE_BODY:
            is_body[span.start : span.end] = bytes(span.end - span.start)
    return {
        "id": name,
        "level": "item",
        "kind": item.known["kind"],
        "start": item.start,
        "end": item.end,
        "parent": None,
        "title": fields.get("title"),
        "author": fields.get("author", item.known.get("author")),
        "handle": fields.get("handle"),
        "published_raw": fields.get("date"),
        "published": None,
        "body": [list(run) for run in _runs(text, is_body, item.start, item.end)],
    }


def _turns(spans: Sequence[Span], items: Sequence[Label]) -> Iterator[Label]:
    turns = sorted((span for span in spans if span.what == "turn"), key=lambda span: span.start)
    words = sorted((span for span in spans if span.what == "words"), key=lambda span: span.start)
    for number, turn in enumerate(turns, 1):
        yield {
            "id": f"s{number:04}",
            "level": "segment",
            "kind": "turn",
            "start": turn.start,
            "end": turn.end,
            "parent": _parent(turn.start, items),
            **turn.known,
            "text": [[span.start, span.end] for span in words if turn.holds(span)],
        }


def _chrome(text: str, spans: Sequence[Span], items: Sequence[Label]) -> Iterator[Label]:
    """Label what lies outside of all records, and what is marked so within; no run passes a record's end."""
    is_chrome = bytearray(b"\1" * len(text))
    for item in items:
        is_chrome[item["start"] : item["end"]] = bytes(item["end"] - item["start"])
    for span in spans:
        if span.what == "chrome":
            is_chrome[span.start : span.end] = b"\1" * (span.end - span.start)
    bounds = [0, *(bound for item in items for bound in (item["start"], item["end"])), len(text)]
    runs = (run for start, end in pairwise(bounds) for run in _runs(text, is_chrome, start, end))
    for number, (start, end) in enumerate(runs, 1):
        yield {
            "id": f"c{number:03}",
            "level": "chrome",
            "kind": "nav",
            "start": start,
            "end": end,
            "parent": _parent(start, items),
        }


def _parent(offset: int, items: Sequence[Label]) -> str | None:
    return next((item["id"] for item in items if item["start"] <= offset < item["end"]), None)


def _covered(length: int, spans: Sequence[Span]) -> bytearray:
    covered = bytearray(length)
    for span in spans:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    return covered


def _runs(text: str, is_kept: bytearray, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Find runs of kept characters, trimmed of white space, which does not part them."""
    first = last = -1
    for offset in range(start, end):
        if text[offset].isspace():
            continue
        if is_kept[offset]:
            first = offset if first < 0 else first
            last = offset + 1
        elif first >= 0:
            yield first, last
            first = -1
    if first >= 0:
        yield first, last
