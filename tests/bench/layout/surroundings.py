"""What surrounds the records of a page: menus, teasers, pagers, forms. All of it is chrome."""

from collections.abc import Callable

from .page import Page, deep, each

MENU = (
    *("home", "forum", "search", "log_in", "register", "contact", "about_us", "help", "news", "sport"),
    *("culture", "economy", "archive", "newsletter", "categories", "tags", "follow", "subscribe"),
)
MENU_BARS = (" | ", " · ", " » ")
CRUMB_BARS = (" › ", " » ", " / ", " > ")


def link(words: str) -> str:
    return f"<a href='#'>{words}</a>"


def menu(page: Page, low: int, high: int) -> str:
    """Write a menu of so many entries: a list, a line, or lines."""
    random = page.random
    entries = [
        link(page.word(random.choice(MENU)) if page.chance(0.6) else page.voice.phrase(1, 2))
        for _ in range(random.randint(low, high))
    ]
    shape = random.choice(("list", "list", "line", "bar", "lines"))
    if shape == "list":
        return f"<ul>{each('li', entries)}</ul>"
    if shape == "lines":
        return each("div", entries)
    return f"<p>{(' ' if shape == 'line' else random.choice(MENU_BARS)).join(entries)}</p>"


def side(page: Page) -> str:
    """Write a box beside the records, below a heading."""
    heading = page.word(page.random.choice(("related", "newest", "categories", "tags", "news")))
    shown = page.random.choice(tuple(SIDES))
    return deep(f"<h3>{heading}</h3>{SIDES[shown](page)}", page.random.randint(0, 3))


def _titles(page: Page) -> str:
    titles = [link(page.voice.phrase(4, 9)) for _ in range(page.random.randint(3, 8))]
    return f"<ul>{each('li', titles)}</ul>"


def _dated(page: Page) -> str:
    rows = [
        link(page.voice.phrase(3, 8)) + f"<div>{page.day(60)}</div>" for _ in range(page.random.randint(3, 6))
    ]
    return each("div", rows)


def _counted(page: Page) -> str:
    names = [
        f"{link(page.voice.phrase(1, 1))} ({page.random.randint(1, 99)})"
        for _ in range(page.random.randint(3, 9))
    ]
    return f"<ul>{each('li', names)}</ul>"


def _text(page: Page) -> str:
    return f"<p>{page.voice.paragraph(1, 2)}</p>"


def _menu(page: Page) -> str:
    return menu(page, 3, 9)


def teasers(page: Page) -> str:
    """Write teasers of other articles: titles, and what they begin with."""
    has_text, has_date = page.chance(0.7), page.chance(0.4)
    rows = [
        f"<h4>{link(page.voice.phrase(4, 9))}</h4>"
        + (f"<div>{page.day(30)}</div>" if has_date else "")
        + (f"<p>{page.voice.sentence()}</p>" if has_text else "")
        for _ in range(page.random.randint(2, 6))
    ]
    return each("div", rows)


SIDES: dict[str, Callable[[Page], str]] = {
    "titles": _titles,
    "dated": _dated,
    "counted": _counted,
    "text": _text,
    "menu": _menu,
    "teasers": teasers,
}


def menus(page: Page, count: int, low: int, high: int) -> str:
    return "".join(deep(menu(page, low, high), page.random.randint(0, 3)) for _ in range(count))


def pager(page: Page, shape: str) -> str:
    if shape == "list":
        return deep(f"<ul>{each('li', ['1', '2', page.word('next')])}</ul>", 1)
    return f"<p>{page.word('previous')} 1 2 3 {page.word('next')}</p>"


def above(page: Page) -> str:
    """Write what stands above the records."""
    layout, word = page.layout, page.word
    crumbs = (word("home"), word("forum"), page.voice.phrase(1, 3))
    parts = [
        f"<p>{word('cookies')}</p>" if layout["consent"] == "above" else "",
        f"<div>{deep(link(page.site), page.random.randint(0, 2))}</div>" if layout["site_name"] else "",
        menus(page, layout["menus_above"], 2, 12),
        f"<form><label>{word('search')}</label></form>" if layout["search"] else "",
        "".join(side(page) for _ in range(layout["sides_above"])),
        f"<p>{page.random.choice(CRUMB_BARS).join(crumbs)}</p>" if layout["crumbs"] else "",
    ]
    return "".join(parts)


def below(page: Page) -> str:
    """Write what stands below the records."""
    layout, word = page.layout, page.word
    imprint = f"<p>© {page.now.year} {page.site}. {word('privacy')} · {word('terms')}</p>"
    parts = [
        pager(page, layout["pager_below"]) if layout["pager_below"] else "",
        _form(page) if layout["form"] else "",
        f"<p>{link(word('load_more'))}</p>" if layout["load_more"] else "",
        "".join(side(page) for _ in range(layout["sides_below"])),
        menus(page, layout["menus_below"], 3, 14),
        f"<p>{word('cookies')}</p>" if layout["consent"] == "below" else "",
        imprint if layout["imprint"] else "",
    ]
    return deep("".join(parts), page.random.randint(0, 2))


def _form(page: Page) -> str:
    labels = each("p", [f"<label>{page.word(name)}</label>" for name in ("name", "email")])
    return f"<h3>{page.word('leave_comment')}</h3><form>{labels}<div>{page.word('send')}</div></form>"
