"""Records one after the other, or one within the other: posts, comments, answers, reviews, releases, teasers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from .choices import KINDS
from .page import Page, deep, each
from .surroundings import link


class Box(NamedTuple):
    """What holds records: all of them, each with what answers it, and a record's head and body."""

    all: str
    each: str
    parts: str = "{}{}"


BOXES = {
    **{tag: Box("{}", f"<{tag}>{{}}{{}}</{tag}>") for tag in ("div", "article", "section")},
    "li": Box("<ul>{}</ul>", "<li>{}{}</li>"),
    "ol": Box("<ol>{}</ol>", "<li>{}{}</li>"),
    "row": Box("<table>{}</table>", "{}{}", "<tr><td>{}{}</td></tr>"),
    "columns": Box("<table>{}</table>", "{}{}", "<tr><td>{}</td><td>{}</td></tr>"),
    "dl": Box("<dl>{}</dl>", "{}{}", "<dt>{}</dt>\n<dd>{}</dd>\n"),
}
FLAT = ("row", "columns", "dl")
"""Boxes that hold no others."""

BELOW = {
    "above": (),
    "below": ("author", "handle", "date"),
    "date_below": ("date",),
    "author_below": ("author", "handle"),
}
WHO_AND_WHEN = {
    "author_first": ("author", "handle", "date"),
    "date_first": ("date", "author", "handle"),
}
EXTRAS = ("number", "rating", "badge", "role")


class Entry(NamedTuple):
    """Who wrote a record, when, and which it is, counted from 1."""

    number: int
    author: str
    when: datetime
    title: str = ""


def records(page: Page, first: int = 1, owner: str = "") -> str:
    """Write the records of a page, the first of which bears the number `first`; they are the owner's, if any."""
    known = {"kind": KINDS[page.layout["kind"]].item, "author": owner or None}
    entries = _entries(page, first, owner)
    written = [page.marks.wrap("item", record(page, entry), **known) for entry in entries]
    if page.layout["nested"] and page.layout["box"] not in FLAT:
        return _boxed(page, _answered(page, written, 0), page.layout["depth"])
    return _boxed(page, [(html, "") for html in written], page.layout["depth"])


def _entries(page: Page, first: int, owner: str) -> list[Entry]:
    layout, count = page.layout, page.layout["n_records"]
    people = page.voice.people(layout["names"], count)
    if layout["kind"] in ("feed", "changes"):
        people = [owner or people[0]] * count
    times = page.voice.times(page.now, count, layout["pace"], rises=layout["rises"])
    titles = _releases(page, count) if layout["kind"] == "changes" else [""] * count
    return [Entry(first + at, people[at], times[at], titles[at]) for at in range(count)]


def _releases(page: Page, count: int) -> list[str]:
    """Number releases as their times go."""
    major = page.random.randint(0, 5)
    minors = range(count) if page.layout["rises"] else range(count - 1, -1, -1)
    return [f"{page.title_prefix}{major}.{minor}.{page.random.randint(0, 9)}" for minor in minors]


def _answered(page: Page, written: Sequence[str], depth: int) -> list[tuple[str, str]]:
    """Let some records answer the one above them."""
    answered, at = [], 0
    while at < len(written):
        n_answers = 0
        while depth < 4 and at + 1 + n_answers < len(written) and page.chance(0.4):
            n_answers += 1
        answers = _answered(page, written[at + 1 : at + 1 + n_answers], depth + 1)
        answered.append((written[at], _boxed(page, answers, 1)))
        at += 1 + n_answers
    return answered


def _boxed(page: Page, written: Sequence[tuple[str, str]], depth: int) -> str:
    box = BOXES[page.layout["box"]]
    held = page.layout["gap"].join(box.each.format(*pair) for pair in written)
    return deep(box.all.format(held), depth) if held else ""


def record(page: Page, entry: Entry) -> str:
    """Write a record: head, body and foot."""
    layout = page.layout
    fields = _fields(page, entry)
    names = _order(layout, fields)
    below = (*BELOW[layout["place"]], *(("likes",) if layout["likes_below"] else ()))
    head = _lines(page, [fields[name] for name in names if name not in below], is_head=True)
    title = _title(page, entry)
    above = title + head if layout["title_first"] else head + title
    foot = _lines(page, [fields[name] for name in names if name in below], is_head=False) + _buttons(page)
    return BOXES[layout["box"]].parts.format(
        deep(_avatar(page, entry) + above, layout["head_depth"]) + _panel(page),
        deep(_body(page, entry), layout["body_depth"]) + deep(foot, layout["foot_depth"]),
    )


# Head and foot


def _fields(page: Page, entry: Entry) -> dict[str, str]:
    """Write what is said of a record beside its words, each marked as no part of its body."""
    layout = page.layout
    writers: dict[str, Callable[[Page, Entry], str]] = {
        "author": _author,
        "handle": _handle,
        "date": _date,
        "number": lambda page, entry: str(layout["number"].format(entry.number)),
        "rating": _rating,
        "badge": lambda page, entry: page.word("verified" if layout["kind"] == "reviews" else "accepted"),
        "role": lambda page, entry: page.word(page.random.choice(("member", "senior_member"))),
        "likes": _likes,
    }
    shown = [name for name in writers if layout[name] and not (name == "badge" and page.chance(0.6))]
    if layout["lacks"] and page.chance(0.2):
        shown = [name for name in shown if name not in ("likes", "role", "rating")]
    return {name: page.marks.wrap("aside", writers[name](page, entry)) for name in shown}


def _order(layout: dict[str, object], fields: dict[str, str]) -> list[str]:
    extras = [name for name in EXTRAS if name in fields]
    main = [name for name in WHO_AND_WHEN[str(layout["order"])] if name in fields]
    ordered = [*extras, *main] if layout["extras_first"] else [*main, *extras]
    return [*ordered, *(("likes",) if "likes" in fields else ())]


def _author(page: Page, entry: Entry) -> str:
    name = page.marks.wrap("author", link(entry.author), value=entry.author)
    verb = page.layout["author_verb"]
    if verb == "by":
        return f"{page.word('by')} {name}"
    return f"{name} {page.word(verb)}:" if verb else name


def _handle(page: Page, entry: Entry) -> str:
    return f"@{page.marks.wrap('handle', page.voice.handle())}"


def _date(page: Page, entry: Entry) -> str:
    printed = page.marks.wrap("date", page.date(entry.when))
    return f"{page.word('posted')} {printed}" if page.layout["date_word"] else printed


def _rating(page: Page, entry: Entry) -> str:
    given, shown = page.random.randint(1, 5), str(page.layout["rating"])
    return "★" * given + "☆" * (5 - given) if shown == "★" else shown.format(given, **page.voice.words)


def _likes(page: Page, entry: Entry) -> str:
    return str(page.layout["likes"]).format(page.random.randint(0, 300), **page.voice.words)


def _lines(page: Page, parts: list[str], *, is_head: bool) -> str:
    """Lay parts on a line, on a line each, or the first on a line of its own."""
    lines, separator = page.layout["lines"], page.layout["separator"]
    if not parts or lines == "each":
        return each("div", parts)
    if lines == "first_apart":
        return each("div", [parts[0], separator.join(parts[1:])] if parts[1:] else parts)
    tag = page.layout["head_tag"] if is_head else ""
    joined = separator.join(parts)
    return {"": f"<div>{joined}</div>", "b": f"<div><b>{joined}</b></div>"}.get(
        tag, f"<{tag}>{joined}</{tag}>"
    )


def _title(page: Page, entry: Entry) -> str:
    if not page.layout["title"]:
        return ""
    tag = page.layout["title_tag"]
    return f"<{tag}>{page.marks.wrap('title', entry.title or page.voice.phrase(3, 8))}</{tag}>"


def _avatar(page: Page, entry: Entry) -> str:
    shown = str(page.layout["avatar"])
    if not (shown and page.layout["author"]):  # or else it would name who is not named
        return ""
    words = entry.author[0].upper() if shown == "initial" else shown.format(entry.author)
    return f"<div>{page.marks.wrap('aside', words)}</div>"


def _panel(page: Page) -> str:
    """Write what is said of an author, by name: on a line each, or the name above what it is."""
    if not page.layout["panel"]:
        return ""
    said = [
        (page.word("joined"), page.day(4000)),
        (page.word("posts"), str(page.random.randint(1, 9999))),
        (page.word("location"), page.voice.phrase(1, 1)),
    ]
    kept = said[: 2 if page.layout["lacks"] and page.chance(0.3) else 3]
    wrap = page.marks.wrap
    if page.layout["panel"] == "colon":
        return each("div", [wrap("aside", f"{name}: {value}") for name, value in kept])
    return "".join(
        f"<dl><dt>{wrap('aside', name)}</dt>\n<dd>{wrap('aside', value)}</dd></dl>\n" for name, value in kept
    )


def _buttons(page: Page) -> str:
    shape, buttons = page.layout["buttons"], page.buttons
    chrome = [page.marks.wrap("chrome", page.word("read_more"))] if page.layout["read_more"] else []
    more = each("p", chrome)
    if shape in ("line", "bar"):
        parts = [link(button) for button in buttons] if shape == "line" else buttons
        return (
            f"{more}<div>{page.marks.wrap('chrome', (' ' if shape == 'line' else ' | ').join(parts))}</div>"
        )
    parts = [page.marks.wrap("chrome", button) for button in buttons if shape]
    return more + (f"<ul>{each('li', parts)}</ul>" if shape == "list" else each("div", parts))


# Body


def paragraphs(page: Page, length: str) -> list[str]:
    """Say so much: `oneline`, `short`, `medium`, `long`, or any of these."""
    if length == "mixed":
        length = page.random.choice(("oneline", "short", "medium", "long"))
    if length == "oneline":
        return [page.voice.remark()]
    low, high, most_sentences = {"short": (1, 1, 1), "medium": (1, 2, 3), "long": (2, 5, 5)}[length]
    return [page.voice.paragraph(1, most_sentences) for _ in range(page.random.randint(low, high))]


def bullets(page: Page, low: int, high: int) -> str:
    return f"<ul>{each('li', [page.voice.sentence() for _ in range(page.random.randint(low, high))])}</ul>"


def _body(page: Page, entry: Entry) -> str:
    """Write a record's words, and what stands below them without being any."""
    layout = page.layout
    words = page.marks.wrap("body", _words(page))
    if layout["edited"] and page.chance(0.25):
        edited = f"{page.word('edited')} {entry.author} {page.date(entry.when) if layout['date'] else ''}"
        words += f"<p>{page.marks.wrap('chrome', edited.strip())}</p>"
    if layout["signature"] and page.chance(0.7):
        if entry.author not in page.signatures:
            page.signatures[entry.author] = page.voice.remark()
        lines = ("__________________", page.signatures[entry.author])
        words += f"<div>{'<br>'.join(page.marks.wrap('chrome', line) for line in lines)}</div>"
    return words


def _words(page: Page) -> str:
    layout = page.layout
    if layout["body"] == "list":
        return bullets(page, 1, 6)
    said = paragraphs(page, layout["body"])
    tag = layout["paragraph"]
    words = f"<div>{'<br>'.join(said)}</div>" if tag == "br" else each(tag, said)
    if layout["quotes"] and page.chance(0.3):
        words = _quote(page) + words
    return words + bullets(page, 2, 4) if len(said) > 2 and page.chance(0.2) else words


def _quote(page: Page) -> str:
    who = f"<div>{page.voice.person(page.layout['names'])} {page.word('wrote')}:</div>"
    return f"<blockquote>{who if page.chance(0.6) else ''}<p>{page.voice.sentence()}</p></blockquote>"
