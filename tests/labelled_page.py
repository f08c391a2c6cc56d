"""A page with its gold labels, and rewriting it so that every label stays where it belongs.

Offsets are code points, as in `tests/gold/SCHEMA.md`. A field that stands in the text (title, speaker, date
words, …) is kept with its place, so that it is read again after the text has changed.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

Label = dict[str, Any]
Place = tuple[int, int]

SPAN_LISTS = ("body", "text")
"""Fields that are lists of [start, end]."""
PRINTED = ("title", "speaker", "published_raw", "handle", "author")
"""Fields whose words may stand in the text."""


class Edit(NamedTuple):
    """Put `new` in the place of text[start:end]; `start == end` inserts, outside of labels that end there."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Page:
    """A text and its labels, each with the places of its printed fields under `places`."""

    text: str
    labels: tuple[Label, ...]

    def of(self, *kinds: str, level: str | None = None) -> list[Label]:
        """The labels of some kinds (of all, where none is named), in the order of the text."""
        return [
            label
            for label in self.labels
            if (not kinds or label["kind"] in kinds) and level in (None, label["level"])
        ]

    def items(self) -> list[Label]:
        return self.of(level="item")

    def within(self, item: Label, *kinds: str) -> list[Label]:
        return [label for label in self.of(*kinds) if label.get("parent") == item["id"]]

    def words(self, label: Label) -> str:
        return self.text[label["start"] : label["end"]]

    def plain_labels(self) -> list[Label]:
        return [{name: value for name, value in label.items() if name != "places"} for label in self.labels]


def load(text: str, labels: Iterable[Mapping[str, Any]]) -> Page:
    """Find the places of the printed fields."""
    ordered = sorted((dict(label) for label in labels), key=lambda label: (label["start"], -label["end"]))
    return Page(text, tuple({**label, "places": find_places(text, label)} for label in ordered))


def read_page(path: Path, gold: Path) -> Page:
    text = path.open(encoding="utf-8", newline="").read()
    return load(text, (json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()))


def find_places(text: str, label: Mapping[str, Any]) -> dict[str, Place]:
    """Find each printed field in its label: in the header if it is there, for an author else in the body."""
    spans = label.get("text") or label.get("body") or []
    header_end = spans[0][0] if spans else label["end"]
    places = {}
    for field in PRINTED:
        words = label.get(field)
        if not words:
            continue
        regions = [(label["start"], header_end), (label["start"], label["end"])]
        if field == "title" and label["level"] == "segment":
            place = _find_last(text, words, label)
        else:
            place = next((found for region in regions if (found := _find(text, words, region))), None)
        if place:
            places[field] = place
    return places


def _find(text: str, words: str, region: Place) -> Place | None:
    found = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)").search(text, *region) or re.compile(
        re.escape(words)
    ).search(text, *region)
    return found.span() if found else None


def _find_last(text: str, words: str, label: Mapping[str, Any]) -> Place | None:
    at = text.rfind(words, label["start"], label["end"])
    return (at, at + len(words)) if at >= 0 else None


# Rewriting -------------------------------------------------------------------------------------------------


class Shift:
    """Where offsets of a text go when edits, in order and not overlapping, are made to it."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.starts = [edit.start for edit in edits]
        self.ends = [edit.end for edit in edits]
        if any(end > start for end, start in zip(self.ends, self.starts[1:], strict=False)):
            raise ValueError("edits overlap")
        self.grown = [0, *accumulate(len(edit.new) - (edit.end - edit.start) for edit in edits)]

    def start(self, offset: int) -> int:
        """Where what starts at `offset` starts: after what is inserted there."""
        before = bisect_right(self.ends, offset)
        if before < len(self.starts) and self.starts[before] < offset:
            raise ValueError(f"an edit cuts what starts at {offset}")
        return offset + self.grown[before]

    def end(self, offset: int) -> int:
        """Where what ends at `offset` ends: before what is inserted there."""
        before = bisect_left(self.starts, offset)
        if before and self.ends[before - 1] > offset:
            raise ValueError(f"an edit cuts what ends at {offset}")
        return offset + self.grown[before]

    def span(self, place: Sequence[int]) -> Place:
        return self.start(place[0]), self.end(place[1])


def rewrite(page: Page, edits: Iterable[Edit], changes: Mapping[str, Label] | None = None) -> Page:
    """Make edits to the text and carry every label along.

    Args:
        changes: label id -> fields to set, whose words are then looked for anew in the label.

    Raises ValueError where an edit cuts a label, a body span, or a field that is not set by `changes`.
    """
    ordered = sorted(edits)
    changes = changes or {}
    shift = Shift(ordered)
    text = _make_edits(page.text, ordered)
    return Page(
        text, tuple(_carry(label, shift, text, changes.get(label["id"], {})) for label in page.labels)
    )


def _make_edits(text: str, edits: Sequence[Edit]) -> str:
    parts, at = [], 0
    for edit in edits:
        parts += (text[at : edit.start], edit.new)
        at = edit.end
    return "".join([*parts, text[at:]])


def _carry(label: Label, shift: Shift, text: str, change: Label) -> Label:
    start, end = shift.span((label["start"], label["end"]))
    carried = {**label, "start": start, "end": end}
    for name in SPAN_LISTS:
        if label.get(name):
            carried[name] = [list(shift.span(span)) for span in label[name]]
    places = {name: shift.span(place) for name, place in label["places"].items() if name not in change}
    carried |= {name: text[place[0] : place[1]] for name, place in places.items()} | change
    sought = find_places(text, {**carried, **{name: None for name in PRINTED if name not in change}})
    return carried | {"places": {**places, **sought}}


def append(page: Page, label: Label, ending: str, kind: str) -> Page:
    """Append chrome to the end of a label, inside it and the item that ends there, outside of the body."""
    end = label["end"]
    edited = rewrite(page, [Edit(end, end, ending)])
    new_end = end + len(ending)
    grown = {other["id"] for other in page.labels if other["end"] == end and other["level"] != "chrome"}
    labels = [{**other, "end": new_end} if other["id"] in grown else other for other in edited.labels]
    words = len(ending) - len(ending.lstrip())
    item = label["id"] if label["level"] == "item" else label["parent"]
    labels.append(_make_chrome(f"{label['id']}+{len(page.labels)}", kind, (end + words, new_end), item))
    return Page(edited.text, tuple(sorted(labels, key=_in_order)))


def insert(
    page: Page, at: int, words: str, kind: str, parent: str | None, glue: tuple[str, str] = ("", "")
) -> Page:
    """Insert chrome between labels, with white space before and after it."""
    edited = rewrite(page, [Edit(at, at, glue[0] + words + glue[1])])
    start = at + len(glue[0])
    chrome = _make_chrome(f"n{len(page.labels)}", kind, (start, start + len(words)), parent)
    return Page(edited.text, tuple(sorted((*edited.labels, chrome), key=_in_order)))


def cut(page: Page, labels: Sequence[Label]) -> Page:
    """Take labels out with their text, and the white space on one side of it."""
    gone = {label["id"] for label in labels}
    kept = tuple(label for label in page.labels if label["id"] not in gone)
    body_starts = {start for label in kept for start, _ in label.get("body") or []}
    return rewrite(Page(page.text, kept), (_cut_out(page.text, label, body_starts) for label in labels))


def _cut_out(text: str, label: Label, body_starts: set[int]) -> Edit:
    start, end = label["start"], label["end"]
    if start in body_starts:  # what is left of the body then starts after it
        return Edit(start, end + len(text[end:]) - len(text[end:].lstrip()), "")
    return Edit(len(text[:start].rstrip()), end, "")


def _make_chrome(name: str, kind: str, place: Place, parent: str | None) -> Label:
    start, end = place
    return {
        "id": name,
        "level": "chrome",
        "kind": kind,
        "start": start,
        "end": end,
        "parent": parent,
        "places": {},
    }


def _in_order(label: Label) -> tuple[int, int]:
    return label["start"], -label["end"]


# Order -----------------------------------------------------------------------------------------------------


def units(page: Page) -> list[Label]:
    """The top of the page: items, and chrome that lies in none, in order."""
    return [
        label
        for label in page.labels
        if label["level"] == "item" or (label["level"] == "chrome" and label.get("parent") is None)
    ]


def arrange(page: Page, order: Sequence[int], slots: Sequence[int] | None = None) -> Page:
    """Lay the units out in another order, or fewer of them; the white space before each is that of its slot.

    Args:
        order: which units, by number. slots: whose white space stands before each; by default its own.
    """
    tops = units(page)
    gaps = [page.text[last["end"] : top["start"]] for last, top in pairwise(tops)]
    gaps = [page.text[: tops[0]["start"]], *gaps]
    text, labels = "", []
    for unit, slot in zip(order, slots or order, strict=True):
        text += gaps[slot] if text or slot == 0 else ""
        labels += [_move(label, len(text) - tops[unit]["start"]) for label in _inside(page, tops[unit])]
        text += page.words(tops[unit])
    return Page(text + page.text[tops[-1]["end"] :], tuple(labels))


def _inside(page: Page, top: Label) -> Iterator[Label]:
    return (label for label in page.labels if top["start"] <= label["start"] and label["end"] <= top["end"])


def _move(label: Label, by: int) -> Label:
    moved = {**label, "start": label["start"] + by, "end": label["end"] + by}
    for name in SPAN_LISTS:
        if label.get(name):
            moved[name] = [[start + by, end + by] for start, end in label[name]]
    return moved | {
        "places": {name: (start + by, end + by) for name, (start, end) in label["places"].items()}
    }


# Rules -----------------------------------------------------------------------------------------------------


def broken_rules(page: Page) -> list[str]:
    """Say which rules of SCHEMA.md the labels break."""
    return [
        fault for rule in (_untrimmed, _overlapping, _uncovered, _misquoted, _strayed) for fault in rule(page)
    ]


def _untrimmed(page: Page) -> Iterator[str]:
    for label in page.labels:
        for start, end in [
            (label["start"], label["end"]),
            *(label.get("body") or []),
            *(label.get("text") or []),
        ]:
            words = page.text[start:end]
            if not words or words != words.strip():
                yield f"{label['id']} not trimmed: {words[:40]!r}…{words[-20:]!r}"


def _overlapping(page: Page) -> Iterator[str]:
    groups: dict[str, list[Label]] = {}
    for label in page.labels:
        groups.setdefault(label["kind"] if label["level"] == "segment" else label["level"], []).append(label)
    for group in groups.values():
        group.sort(key=lambda label: int(label["start"]))
        for first, second in pairwise(group):
            if second["start"] < first["end"]:
                yield f"{first['id']} and {second['id']} overlap"


def _uncovered(page: Page) -> Iterator[str]:
    at = 0
    for top in sorted(page.of(level="item") + page.of(level="chrome"), key=_in_order):
        left = page.text[at : top["start"]].strip().strip("\ufeff")
        if left:
            yield f"unlabelled at {at}: {left[:60]!r}"
        at = max(at, top["end"])
    if page.text[at:].strip():
        yield f"unlabelled at {at}: {page.text[at:][:60]!r}"


def _misquoted(page: Page) -> Iterator[str]:
    for label in page.labels:
        for name, (start, end) in label["places"].items():
            if page.text[start:end] != label[name]:
                yield f"{label['id']} {name} is {label[name]!r}, the text says {page.text[start:end]!r}"
        for name in ("title", "speaker", "published_raw"):
            if label.get(name) and name not in label["places"]:
                yield f"{label['id']} {name} {label[name]!r} does not stand in the text"


def _strayed(page: Page) -> Iterator[str]:
    by_id = {label["id"]: label for label in page.labels}
    for label in page.labels:
        parent = by_id.get(label.get("parent") or "")
        if label.get("parent") and parent is None:
            yield f"{label['id']} has lost its item"
        if parent and not (parent["start"] <= label["start"] and label["end"] <= parent["end"]):
            yield f"{label['id']} lies outside of {parent['id']}"


Transformation = Callable[[Page, int], Page | None]
"""From a page and a number, a page of the same site; None where it does not apply."""
