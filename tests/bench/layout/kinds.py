"""Pages of each kind, as HTML with marks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from itertools import accumulate
from random import Random
from typing import NamedTuple

import inscriptis

from .choices import KINDS, Layout, draw
from .marks import Label, read
from .page import Page, begin, deep, each
from .records import Entry, bullets, paragraphs, record, records
from .surroundings import above, below, link, menu, pager, side, teasers


class Made(NamedTuple):
    """A page: its text, its gold labels, and what its layout is."""

    text: str
    labels: list[Label]
    layout: Layout


def make(seed: str) -> Made:
    """Make a page; the same seed makes the same page."""
    random = Random(seed)
    layout = draw(random)
    page = begin(random, layout)
    html = above(page) + PAGES[layout["kind"]](page) + below(page)
    text, labels = read(html, page.marks, _render)
    return Made(text, labels, layout)


def _render(html: str) -> str:
    return str(inscriptis.get_text(f"<html><head><title>-</title></head><body>{html}</body></html>"))


# Records below each other


def _heading(page: Page) -> str:
    return f"<h1>{page.voice.phrase(3, 8)}</h1>" if page.layout["heading"] else ""


def _count(page: Page) -> str:
    """Count the records, before or after the site's word for them."""
    counted, count = KINDS[page.layout["kind"]].counted, page.layout["n_records"]
    shape = page.layout["count"] if counted else ""
    if not shape:
        return ""
    word = page.word(counted)
    return f"<h3>{f'{count} {word}' if shape == 'number_first' else f'{word} ({count})'}</h3>"


def _plain(page: Page) -> str:
    top = pager(page, "line") if page.layout["pager_above"] else ""
    return _heading(page) + top + _count(page) + records(page)


def _feed(page: Page) -> str:
    if not page.layout["profile"]:
        return records(page)
    owner = page.voice.person(page.layout["names"])
    n_posts = f"{page.random.randint(10, 999)} {page.word('posts')}"
    profile = f"<div>{owner}</div><p>{page.voice.sentence()}</p><p>{n_posts}</p>"
    return profile + records(page, owner=owner)


def _questions(page: Page) -> str:
    """Write a question, and answers that came after it."""
    layout = page.layout
    entry = Entry(1, page.voice.person(layout["names"]), _long_ago(page))
    title = page.marks.wrap("title", page.voice.phrase(5, 10))
    shown = {"title": False, "box": "div", "badge": False}
    page.layout = {**layout, **shown}
    question = page.marks.wrap("item", f"<h1>{title}</h1>{record(page, entry)}", kind="post")
    page.layout = layout
    return deep(question, layout["depth"]) + _count(page) + records(page, first=2)


def _comments(page: Page) -> str:
    """Write an article, and comments below it."""
    between = [
        deep(menu(page, 2, 4), 1) if page.layout["menu_between"] else "",
        side(page) if page.layout["side_between"] else "",
    ]
    return _article(page) + "".join(between) + _count(page) + records(page)


def _long_ago(page: Page) -> datetime:
    """Draw when what the records answer was written: before all of them."""
    return page.now - timedelta(days=page.random.randint(2000, 2200))


# An article


def _article_alone(page: Page) -> str:
    more = f"<h3>{page.word('related')}</h3>{teasers(page)}" if page.layout["teasers"] else ""
    return _article(page) + more


def _article(page: Page) -> str:
    layout = page.layout
    title = f"<h1>{page.marks.wrap('title', page.voice.phrase(4, 10))}</h1>"
    byline = _byline(page)
    chrome = [page.marks.wrap("chrome", button) for button in page.buttons] if layout["share"] else []
    share = f"<ul>{each('li', chrome)}</ul>" if chrome else ""
    parts = [
        f"<p>{page.marks.wrap('aside', page.word('news'))}</p>" if layout["kicker"] else "",
        byline if layout["byline_place"] == "above_title" else "",
        title,
        byline if layout["byline_place"] == "below_title" else "",
        share if layout["share"] == "above" else "",
        page.marks.wrap("body", _article_body(page)),
        byline if layout["byline_place"] == "end" else "",
        _tags(page) if layout["tags"] else "",
        share if layout["share"] == "below" else "",
    ]
    return deep(page.marks.wrap("item", "".join(parts), kind="article"), layout["depth"])


def _byline(page: Page) -> str:
    shape = page.layout["byline"]
    name = page.voice.person(page.layout["names"])
    when = _long_ago(page) if page.layout["kind"] == "comments" else page.now - timedelta(hours=30)
    date = page.marks.wrap("date", page.date(when))
    parts = {
        "author": f"{page.word('by')} {page.marks.wrap('author', link(name), value=name)}",
        "date": f"{page.word('updated')} {date}" if page.layout["date_word"] else date,
    }
    shown = {"": (), "date_first": ("date", "author"), "author": ("author",), "date": ("date",)}
    lines = [parts[part] for part in shown.get(shape, ("author", "date"))]
    return each("div", lines if shape == "each" else [page.layout["separator"].join(lines)] if lines else [])


def _article_body(page: Page) -> str:
    layout = page.layout
    said = [f"<p>{page.voice.paragraph(1, 5)}</p>" for _ in range(layout["n_paragraphs"])]
    if layout["standfirst"]:
        said.insert(0, f"<p><b>{page.voice.sentence()}</b></p>")
    if layout["subheadings"]:
        for at in range(len(said) - 1, 1, -3):
            said.insert(at, f"<h2>{page.voice.phrase(2, 6)}</h2>")
    if layout["list_in_body"]:
        said.insert(page.random.randint(1, len(said)), bullets(page, 2, 6))
    if layout["link_in_body"]:
        more = f"{page.word('related')}: {link(page.voice.phrase(4, 9))}"
        said.insert(page.random.randint(1, len(said) - 1), f"<p>{page.marks.wrap('chrome', more)}</p>")
    return "".join(said)


def _tags(page: Page) -> str:
    tags = [page.voice.phrase(1, 2) for _ in range(page.random.randint(1, 5))]
    chrome = f"{page.word('tags')}: {', '.join(tags)}"
    return f"<p>{page.marks.wrap('chrome', chrome)}</p>"


# A chat, or a hearing


def _talk(page: Page) -> str:
    """Write one item of turns, below a title and a date."""
    layout = page.layout
    heading = f"<h1>{page.marks.wrap('title', page.voice.phrase(3, 8))}</h1>" if layout["heading"] else ""
    date = f"<p>{page.marks.wrap('date', page.date(page.now))}</p>" if layout["dates"] else ""
    introduction = f"<p>{page.voice.paragraph(1, 3)}</p>" if layout["introduction"] else ""
    body = page.marks.wrap("body", introduction + _turns(page))
    return deep(page.marks.wrap("item", heading + date + body, kind="article"), layout["depth"])


def _turns(page: Page) -> str:
    """Write turns; nobody speaks twice on end, and clocks only rise."""
    layout, random = page.layout, page.random
    names = [page.voice.person(layout["names"]) for _ in range(2 * layout["n_speakers"])]
    speakers = list(dict.fromkeys(name.upper() if layout["capitals"] else name for name in names))
    gaps = (random.randint(2, 90) for _ in range(layout["n_turns"]))
    clocks = accumulate(gaps, initial=random.randint(8 * 3600, 20 * 3600))
    turns, last = [], ""
    for second, _ in zip(clocks, range(layout["n_turns"]), strict=False):
        last = random.choice([name for name in speakers[: layout["n_speakers"]] if name != last])
        turns.append(_turn(page, last, second))
    around = {"dl": "<dl>{}</dl>", "columns": "<table>{}</table>"}.get(layout["speech"], "{}")
    return around.format("".join(turns))


def _turn(page: Page, speaker: str, second: int) -> str:
    layout = page.layout
    parts = [escape(part) for part in paragraphs(page, layout["speech_length"])]
    said = [page.marks.wrap("words", part) for part in parts]
    kept = second if layout["clock_seconds"] else second - second % 60
    hours, minutes, seconds = kept // 3600, kept // 60 % 60, kept % 60
    clock = f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if layout["clock_seconds"] else "")
    printed = layout["clock"].format(clock)
    start = kept if printed else None
    return page.marks.wrap("turn", SPEECH[layout["speech"]](speaker, printed, said), speaker=speaker, t=start)


def _spoken(name: str) -> Callable[[str, str, list[str]], str]:
    """Write the name before the first words, and the clock before the name."""

    def write(speaker: str, clock: str, said: list[str]) -> str:
        return each("p", [f"{clock} {name.format(speaker)} {said[0]}".strip(), *said[1:]])

    return write


def _below(speaker: str, clock: str, said: list[str]) -> str:
    return f"<div>{speaker} {clock}</div>{each('p', said)}"


def _defined(speaker: str, clock: str, said: list[str]) -> str:
    return f"<dt>{speaker} {clock}</dt>\n<dd>{each('p', said)}</dd>\n"


def _in_columns(speaker: str, clock: str, said: list[str]) -> str:
    cells = [*([clock] if clock else []), speaker, "<br>".join(said)]
    return f"<tr>{each('td', cells)}</tr>"


SPEECH: dict[str, Callable[[str, str, list[str]], str]] = {
    "colon": _spoken("{}:"),
    "bold": _spoken("<b>{}</b>"),
    "angle": _spoken("&lt;{}&gt;"),
    "above": _below,
    "dl": _defined,
    "columns": _in_columns,
}

PAGES: dict[str, Callable[[Page], str]] = {
    "thread": _plain,
    "reviews": _plain,
    "list": _plain,
    "changes": _plain,
    "feed": _feed,
    "questions": _questions,
    "comments": _comments,
    "article": _article_alone,
    "talk": _talk,
}
