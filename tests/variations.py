"""The pages we do not have: from a labelled page, others of the same site, with the labels moved along.

    python -m tests.variations                      every variation of the seeds, against them as they are
    python -m tests.variations --only names --all   those whose name holds the words, dropped or not
    python -m tests.variations --show 'order half'  what was found wrong there, line by line
    python -m tests.variations --pages DIR          score the labelled pages of a folder
    python -m tests.variations --like 003           (with any of these) only pages whose name holds the words

A measure that drops by more than two points was fitted to the seeds.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any, NamedTuple

from tests.feed_dates import STRINGS, find_language, print_date
from tests.labelled_page import (
    Edit,
    Label,
    Page,
    Transformation,
    append,
    arrange,
    cut,
    insert,
    load,
    rewrite,
    units,
)
from tests.variation_words import (
    ADVERTS,
    BLURBS,
    CAPTIONS,
    CATEGORIES,
    CHAPTER_HEADINGS,
    CHAPTER_NOTATIONS,
    EDITIONS,
    FEED_NAMES,
    HEADINGS,
    INTRODUCTIONS,
    LISTENS,
    NOTICES,
    PEOPLE,
    POST_TAILS,
    PUBLICATIONS,
    RELATIVE_DATES,
    SUPPORT_PLEAS,
    THANKS,
    TITLES,
    TRANSCRIPT_HEADINGS,
    TWEET_TAILS,
    Person,
)

# Mechanical ------------------------------------------------------------------------------------------------


def use_crlf(page: Page, seed: int) -> Page | None:
    return rewrite(page, (Edit(*found.span(), "\r\n") for found in re.finditer(r"(?<!\r)\n", page.text)))


def add_byte_order_mark(page: Page, seed: int) -> Page | None:
    return None if page.text.startswith("\ufeff") else rewrite(page, [Edit(0, 0, "\ufeff")])


def decompose(page: Page, seed: int) -> Page | None:
    """Write every composed letter as a letter and its marks (NFD)."""
    apart = (
        (at, char, unicodedata.normalize("NFD", char)) for at, char in enumerate(page.text) if char > "\x7f"
    )
    edits = [Edit(at, at + 1, new) for at, char, new in apart if new != char]
    return rewrite(page, edits, _change_elsewhere(page, partial(unicodedata.normalize, "NFD")))


def _change_elsewhere(page: Page, change: Callable[[str], str]) -> dict[str, Label]:
    """Change the authors and handles of items whose own text does not name them."""
    return {
        item["id"]: {
            name: change(item[name])
            for name in ("author", "handle")
            if item.get(name) and name not in item["places"]
        }
        for item in page.items()
    }


def trail_blanks(page: Page, seed: int) -> Page | None:
    """End every third line or so, blank ones too, with blanks."""
    choose = random.Random(seed)
    blanks = (" ", "  ", "\t", "   ", " \t", "\u00a0")
    ends = (found.start() for found in re.finditer(r"\r?\n|\Z", page.text))
    return rewrite(page, [Edit(at, at, choose.choice(blanks)) for at in ends if choose.random() < 0.35])


def end_with_blank_lines(page: Page, seed: int) -> Page | None:
    end = len(page.text)
    return rewrite(page, [Edit(0, 0, "\n\n"), Edit(end, end, "\n\n \n\n")])


def end_without_line_feed(page: Page, seed: int) -> Page | None:
    """Drop the last line feed; where there is none, add one."""
    end = len(page.text.rstrip("\n"))
    return rewrite(page, [Edit(end, len(page.text), "" if end < len(page.text) else "\n")])


# Order and number ------------------------------------------------------------------------------------------


def shuffle(page: Page, seed: int) -> Page | None:
    """Give the records another order; dates stay where they are, since these sites print the newest first."""
    tops = units(page)
    order = list(range(len(tops)))
    for run in _movable_runs(page):
        mixed = run.copy()
        random.Random(seed).shuffle(mixed)
        for slot, unit in zip(run, mixed, strict=True):
            order[slot] = unit
    if order == sorted(order):
        return None
    dated = {slot: tops[slot] for slot in range(len(tops)) if tops[slot].get("published_raw")}
    return _redate(
        arrange(page, order, range(len(tops))), {slot: _date_of(label) for slot, label in dated.items()}
    )


def keep_some(page: Page, seed: int, share: float) -> Page | None:
    """Drop records: a share of them stays, and what glues them."""
    tops = units(page)
    dropped: set[int] = set()
    for run in _movable_runs(page):
        items = [unit for unit in run if tops[unit]["level"] == "item"]
        # A blurb recurs, and a feed's day has an article, or the labels would no longer be true.
        least = 6 if tops[items[0]]["kind"] == "episode" else 1
        keep = max(least, round(share * len(items)))
        dropped |= set(random.Random(seed).sample(items, len(items) - min(keep, len(items))))
    kept = [unit for unit in range(len(tops)) if unit not in dropped]
    return arrange(page, kept) if dropped else None


def _movable_runs(page: Page) -> list[list[int]]:
    """Which units may change places: not the bio, the page's own thread, or chrome of the page."""
    tops = units(page)
    first_thread = next((label["id"] for label in tops if label["kind"] == "thread"), None)
    runs: list[list[int]] = [[]]
    for number, label in enumerate(tops):
        bullet = label["level"] == "chrome" and page.words(label).startswith("•") and page.of("episode")
        if bullet or (
            label["level"] == "item" and label["kind"] != "profile" and label["id"] != first_thread
        ):
            runs[-1].append(number)
        else:
            runs.append([])
    return [run for run in runs if run]


def _date_of(label: Label) -> Label:
    return {name: label.get(name) for name in ("published_raw", "published")}


def _redate(page: Page, dates: Mapping[int, Label]) -> Page:
    """Print other dates, by the number of the unit."""
    tops = units(page)
    edits, changes = [], {}
    for number, change in dates.items():
        label = tops[number]
        if "published_raw" in label["places"]:
            edits.append(Edit(*label["places"]["published_raw"], change["published_raw"]))
            changes[label["id"]] = change
    return rewrite(page, edits, changes)


# Names -----------------------------------------------------------------------------------------------------


def rename(page: Page, seed: int, family: str) -> Page | None:
    """Call everybody, and the publisher, by another name, all over the page."""
    people = _list_people(page)
    renamed = _to_twitter(_rename_people(people, PEOPLE[family], seed), page) | _rename_publisher(page, seed)
    if not renamed:
        return None
    pattern = _match_words(renamed)
    edits = [Edit(*found.span(), renamed[found[0]]) for found in pattern.finditer(page.text)]
    changes = _change_elsewhere(page, lambda words: pattern.sub(lambda found: renamed[found[0]], words))
    return rewrite(page, edits, changes)


class Named(NamedTuple):
    """A person of a page: the full name, other forms of it, the handle."""

    full: str
    forms: tuple[str, ...]
    handle: str | None


def _list_people(page: Page) -> list[Named]:
    names: dict[str, str | None] = {}
    for label in page.labels:
        for name in (label.get("speaker"), *(label.get("author") or "").split(" and ")):
            if name:
                names[name] = names.get(name) or (label.get("handle") if label["level"] == "item" else None)
    full = [name for name in names if not any(other.startswith(f"{name} ") for other in names)]
    taken: set[str] = set(names)
    people = []
    for name in sorted(full):
        first = name.split()[0]
        free = first not in taken and len(first) > 2 and first[0].isupper()
        forms = {form for form in names if name.startswith(f"{form} ")} | ({first} if free else set())
        taken |= forms
        people.append(Named(name, tuple(sorted(forms)), names[name]))
    return people


def _rename_people(people: list[Named], family: tuple[Person, ...], seed: int) -> dict[str, str]:
    drawn = list(family)
    random.Random(seed).shuffle(drawn)
    renamed: dict[str, str] = {}
    for number, (old, new) in enumerate(zip(people, cycle(drawn), strict=False)):
        # More people than names: number the rest, so that two do not become one.
        again = number // len(drawn)
        suffix = f" {'I' * (again + 1)}" if again else ""
        renamed |= {old.full: new.full + suffix} | dict.fromkeys(old.forms, new.short + suffix)
        if old.handle:
            renamed[old.handle] = new.handle + (str(again) if again else "")
    return renamed


def _to_twitter(renamed: dict[str, str], page: Page) -> dict[str, str]:
    """Spell handles as that site allows: letters, digits and `_`."""
    handles = {thread["handle"] for thread in page.of("thread")}
    return {old: re.sub(r"\W", "_", new) if old in handles else new for old, new in renamed.items()}


def _rename_publisher(page: Page, seed: int) -> dict[str, str]:
    """The names of the publication and of its address, as its pleas print them."""
    name, address = PUBLICATIONS[seed % len(PUBLICATIONS)]
    found: dict[str, str] = {}
    for label in page.of("promo"):
        words = page.words(label)
        if plea := re.fullmatch(r"(.+?) is a reader-supported publication\..*", words):
            found[plea[1]] = name
        if access := re.fullmatch(r"Get full access to (.+) at (\w+)\.substack\.com/subscribe", words):
            found |= {access[1]: name, access[2]: address}
    return found


def _match_words(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


# Dates -----------------------------------------------------------------------------------------------------


def age_posts(page: Page, seed: int, words: str) -> Page | None:
    """Print other ages, newest first."""
    posts = [number for number, label in enumerate(units(page)) if label["kind"] == "post"]
    ages = RELATIVE_DATES[words]
    if not posts:
        return None
    spread = [ages[place * len(ages) // len(posts)] for place in range(len(posts))]
    return _redate(
        page,
        {
            number: {"published_raw": age, "published": None}
            for number, age in zip(posts, spread, strict=True)
        },
    )


def date_threads(page: Page, seed: int, with_year: bool) -> Page | None:
    """Print other days: the page's own thread with its year, previews with or without it."""
    threads = [(number, label) for number, label in enumerate(units(page)) if label["kind"] == "thread"]
    if not threads:
        return None
    choose = random.Random(seed)
    dates = {
        threads[0][0]: _print_day(
            date(choose.randint(2017, 2025), choose.randint(1, 12), choose.randint(1, 28)), True
        )
    }
    day = date(2024, 12, 31)
    for number, _ in threads[1:]:
        day -= timedelta(days=choose.randint(1, 75))
        dates[number] = _print_day(day, with_year)
    return _redate(page, dates)


def _print_day(day: date, with_year: bool) -> Label:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    words = f"{months[day.month - 1]} {day.day}"
    if not with_year:
        return {"published_raw": words, "published": None}
    return {"published_raw": f"{words}, {day.year}", "published": day.isoformat()}


def date_articles(page: Page, seed: int) -> Page | None:
    """Print other dates in the language of the page."""
    language = find_language(page)
    return _redate(page, _draw_dates(page, seed, language)) if language else None


def _draw_dates(page: Page, seed: int, language: str) -> dict[int, Label]:
    choose = random.Random(seed)
    when = datetime(2024, 3, choose.randint(1, 28), 0, 5)
    dates = {}
    for number, label in enumerate(units(page)):
        if label["kind"] == "article":
            dates[number] = {
                "published_raw": print_date(language, "format_date_hour", when),
                "published": when.strftime("%Y-%m-%dT%H:%M"),
            }
            when -= timedelta(days=choose.randint(0, 60), minutes=choose.randint(1, 24 * 60))
    return dates


# Feed reader -----------------------------------------------------------------------------------------------


def translate_feed(page: Page, seed: int, language: str, lines: str = "") -> Page | None:
    """Print the reader's own words in another language.

    `lines` says what stands between a title and its date: `author`, `feed`, both, or nothing.
    """
    old = find_language(page)
    if not old:
        return None
    dated = _redate(page, _draw_dates(page, seed, language))
    edits = [*_translate_chrome(dated, seed, old, language)]
    changes: dict[str, Label] = {}
    authors = cycle(
        random.Random(seed).sample([person.full for person in PEOPLE["accents"] + PEOPLE["long"]], 7)
    )
    for label in dated.of("article"):
        between = label["places"]["title"][1], label["places"]["published_raw"][0]
        author = next(authors) if "author" in lines else _author_between(label, *between)
        if author:
            changes[label["id"]] = {"author": author}
        head = _print_head(language, lines, author, seed)
        edits.append(Edit(*between, "".join(f"\n\n{line}" for line in head) + "\n\n"))
    return rewrite(dated, edits, changes)


def retitle(page: Page, seed: int) -> Page | None:
    """Give articles titles of other shapes."""
    edits = [
        Edit(*article["places"]["title"], TITLES[(seed + number) % len(TITLES)])
        for number, article in enumerate(page.of("article"))
    ]
    return rewrite(page, edits) if edits else None


def reword_notices(page: Page, seed: int) -> Page | None:
    """Let the publisher of a feed's articles ask, thank and advertise in other words."""
    edits = []
    for number, label in enumerate(page.of("promo", "sponsor")):
        words = page.words(label)
        choices = _choose_notices(label, words)
        if label.get("parent") and page.of("article") and choices:
            edits.append(_replace(label, choices[(seed + number) % len(choices)]))
    return rewrite(page, edits) if edits else None


def _choose_notices(label: Label, words: str) -> tuple[str, ...]:
    """Other words to the same end; none for buttons, and for pleas that `republish` rewords."""
    if (
        len(words) < 30
        or "reader-supported" in words
        or (label["kind"] == "promo" and "subscribe" in words.lower())
    ):
        return ()
    if label["kind"] == "sponsor":
        return ADVERTS if "\n" in words else THANKS
    return LISTENS if words.startswith("Listen") else NOTICES


def reintroduce(page: Page, seed: int) -> Page | None:
    """Say in other words who wrote an article, where its opening says so."""
    edits, changes = [], {}
    for number, article in enumerate(page.of("article")):
        place = article["places"].get("author")
        if place and place[0] >= article["body"][0][0]:
            line = page.text.rfind("\n", 0, place[0]) + 1, page.text.find("\n", place[1])
            words = INTRODUCTIONS[(seed + number) % len(INTRODUCTIONS)].format(name=article["author"])
            edits.append(Edit(*line, words))
            changes[article["id"]] = {"author": article["author"]}
    return rewrite(page, edits, changes) if edits else None


def rehead(page: Page, seed: int, case: str) -> Page | None:
    """Give the sections of articles other headings."""
    return _reword(page, "heading", HEADINGS[case], seed)


def recaption(page: Page, seed: int) -> Page | None:
    """Give pictures other captions."""
    return _reword(page, "caption", CAPTIONS, seed)


def _reword(page: Page, kind: str, choices: Sequence[str], seed: int) -> Page | None:
    labels = page.of(kind) if page.of("article") else []
    edits = [_replace(label, choices[(seed + number) % len(choices)]) for number, label in enumerate(labels)]
    return rewrite(page, edits) if edits else None


def add_feed_foot(page: Page, seed: int, language: str, more: bool) -> Page | None:
    """Let the page end as it does where there is more to load, or nothing more, in some language."""
    translated = translate_feed(page, seed, language)
    feet = {"load_more": "pager", "mark_all_read": "nav"} if more else {"nothing_to_load": "ui_message"}
    for name, kind in reversed(feet.items()):
        if translated:
            end = translated.of("article")[-1]["end"]
            words = STRINGS[language][name].strip()
            translated = insert(translated, end, words, kind, None, ("\n\n", ""))
    return translated


def _author_between(label: Label, title_end: int, date_start: int) -> str | None:
    """The author, if named on a line of its own between title and date."""
    place = label["places"].get("author", (0, 0))
    return str(label["author"]) if title_end <= place[0] < date_start else None


def _print_head(language: str, lines: str, author: str | None, seed: int) -> Iterator[str]:
    if "feed" in lines:
        yield FEED_NAMES[seed % len(FEED_NAMES)]
    if author:
        yield f"{STRINGS[language]['by_author'].strip()} {author}"


def _translate_chrome(page: Page, seed: int, old: str, new: str) -> Iterator[Edit]:
    words, strings = STRINGS[old], STRINGS[new]
    views = ("normal_view", "normal_view", "reader_view", "global_view")
    category = CATEGORIES[seed % len(CATEGORIES)]
    visited = datetime(2024, 3, 28)
    for label in page.of("nav", "ui_message", "day_separator"):
        said = page.words(label)
        if label["kind"] == "nav" and said == words["normal_view"].strip():
            yield _replace(label, strings[views[seed % len(views)]])
        elif label["kind"] == "ui_message" and said == words["new_article"].strip():
            yield _replace(label, strings["new_article"])
        elif label["kind"] == "day_separator" and said.startswith(words["before_yesterday"].strip()):
            yield _replace(label, strings["before_yesterday"].strip() + category)
        elif label["kind"] == "day_separator":
            name = "today" if seed % 2 else "yesterday"
            day = print_date(new, "format_date", visited - timedelta(days=name == "yesterday"))
            yield _replace(label, f"{strings[name].strip()} — {day}{category}")


def _replace(label: Label, words: str) -> Edit:
    return Edit(label["start"], label["end"], words.strip())


# Podcast directory -----------------------------------------------------------------------------------------


def translate_directory(page: Page, seed: int, edition: str) -> Page | None:
    """Print the directory's own words as another edition does."""
    words, edits = EDITIONS[edition], []
    if not page.of("episode"):
        return None
    for label in page.of("nav", "ui_message"):
        said = page.words(label)
        if label["kind"] == "nav":
            edits.append(_replace(label, words.episodes))
        elif two := re.fullmatch(r"(• )(.+)(\n\s*)(.+)", said):
            edits.append(_replace(label, two[1] + words.missing + two[3] + words.refresh))
    return rewrite(page, edits) if edits else None


def respell_headings(page: Page, seed: int) -> Page | None:
    """Head transcripts and tables of contents by other words."""
    edits = []
    for number, item in enumerate(page.of("episode")):
        headings = page.within(item, "heading")
        if heading := _last_before(headings, page.within(item, "turn")):
            edits.append(_replace(heading, TRANSCRIPT_HEADINGS[(seed + number) % len(TRANSCRIPT_HEADINGS)]))
        if heading := _last_before(
            headings, [c for c in page.within(item, "chapter") if c.get("t") is not None]
        ):
            edits.append(_replace(heading, CHAPTER_HEADINGS[(seed + number) % len(CHAPTER_HEADINGS)]))
    return rewrite(page, edits) if edits else None


def unhead_transcripts(page: Page, seed: int) -> Page | None:
    """Let transcripts begin without a heading."""
    heads = [
        _last_before(page.within(item, "heading"), page.within(item, "turn")) for item in page.of("episode")
    ]
    found = [label for label in heads if label]
    return cut(page, found) if found else None


def _last_before(headings: list[Label], others: list[Label]) -> Label | None:
    return next((h for h in reversed(headings) if others and h["end"] <= others[0]["start"]), None)


def notate_chapters(page: Page, seed: int, notation: str) -> Page | None:
    """Print the times of chapters in another way."""
    edits, changes = [], {}
    for label in page.of("chapter"):
        if label.get("t") is None:
            continue
        t = label["t"]
        before = CHAPTER_NOTATIONS[notation].format(stamp=_print_stamp(t), hours=_print_stamp(t, hours=True))
        edits.append(Edit(label["start"], label["places"]["title"][0], before))
        changes[label["id"]] = {"t": t}
    return rewrite(page, edits, changes) if edits else None


def untime_chapters(page: Page, seed: int) -> Page | None:
    """Print chapters without their times, where a heading says what they are."""
    edits, changes = [], {}
    for number, item in enumerate(page.of("episode")):
        chapters = [label for label in page.within(item, "chapter") if label.get("t") is not None]
        if not _last_before(page.within(item, "heading"), chapters):
            continue
        for label in chapters:
            edits.append(Edit(label["start"], label["places"]["title"][0], "* " if number % 2 else ""))
            changes[label["id"]] = {"t": None}
    return rewrite(page, edits, changes) if edits else None


def _print_stamp(t: int, hours: bool = False) -> str:
    minutes, seconds = divmod(t, 60)
    if hours or minutes >= 60:
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return f"{minutes:02}:{seconds:02}"


class Layout(NamedTuple):
    """How a transcript heads its turns: the header, with {name}, {stamp}, {hours}; which form names take."""

    header: str
    timed: bool
    names: str = "full"


LAYOUTS: dict[str, Layout] = {
    "glued": Layout("{name} ({stamp})", True),
    "spaced": Layout("{name} ({stamp}) ", True),
    "own line": Layout("{name} ({stamp})\n\n    ", True),
    "hours": Layout("{name} ({hours})\n\n    ", True),
    "one word": Layout("{name} ({stamp})\n\n    ", True, "short"),
    "colon": Layout("{name}:", False, "shortening"),
    "bare": Layout("{name}\n\n    ", False),
    "colon spaced": Layout("{name}: ", False),
}


def lay_out_turns(page: Page, seed: int) -> Page | None:
    """Head the turns of each episode in another layout; every seed gives each episode another one."""
    layouts = list(LAYOUTS.values())
    edits, changes = [], {}
    for number, item in enumerate(page.of("episode")):
        turns = page.within(item, "turn")
        layout = layouts[(seed + number) % len(layouts)]
        names = _name_turns(turns, layout)
        for turn, name, t in zip(turns, names, _time_turns(turns), strict=True):
            header = layout.header.format(name=name, stamp=_print_stamp(t), hours=_print_stamp(t, hours=True))
            edits.append(Edit(turn["start"], turn["text"][0][0], header))
            changes[turn["id"]] = {"speaker": name, "t": t if layout.timed else None}
    return rewrite(page, edits, changes) if edits else None


def delay_turns(page: Page, seed: int) -> Page | None:
    """Let every recording begin an hour later, so that stamps need hours."""
    edits, changes = [], {}
    for turn in page.of("turn"):
        header = page.text[turn["start"] : turn["text"][0][0]]
        stamp = re.search(r"\d+:\d\d", header)
        if stamp and turn.get("t") is not None:
            at = turn["start"] + stamp.start()
            edits.append(Edit(at, at + len(stamp[0]), _print_stamp(turn["t"] + 3600)))
            changes[turn["id"]] = {"t": turn["t"] + 3600}
    return rewrite(page, edits, changes) if edits else None


def _name_turns(turns: list[Label], layout: Layout) -> list[str]:
    printed = [turn["speaker"] for turn in turns]
    whole = {
        name: max((full for full in printed if (full + " ").startswith(f"{name} ")), key=len)
        for name in printed
    }
    names, said = [], set()
    for name in printed:
        full = whole[name]
        short = layout.names == "short" or (layout.names == "shortening" and full in said)
        names.append(full.split()[0] if short else full)
        said.add(full)
    return names


def _time_turns(turns: list[Label]) -> Iterator[int]:
    """The times as they are; where there are none, such as a speaker of 15 characters a second would give."""
    at = 0
    for turn in turns:
        yield turn["t"] if turn.get("t") is not None else at
        at += max(1, (turn["end"] - turn["start"]) // 15)


# Publishers ------------------------------------------------------------------------------------------------


def republish(page: Page, seed: int) -> Page | None:
    """Give the page another publisher: its name, its pleas for support, its recurring paragraphs."""
    name, address = PUBLICATIONS[seed % len(PUBLICATIONS)]
    plea = SUPPORT_PLEAS[seed % len(SUPPORT_PLEAS)].format(name=name)
    said: dict[str, str] = {}
    for label in page.of("promo"):
        words = page.words(label)
        if "reader-supported publication" in words:
            said[words] = plea
        elif words.startswith("Get full access to"):
            said[words] = f"Get full access to {name} at {address}.substack.com/subscribe"
    blurbs = dict.fromkeys(page.words(label) for label in page.of("recurring_blurb"))
    said |= dict(zip(blurbs, BLURBS, strict=False))
    if not said:
        return None
    # A host who speaks the blurb speaks the new one: it is then no chrome, as before.
    pattern = re.compile("|".join(map(re.escape, sorted(said, key=len, reverse=True))))
    return rewrite(page, [Edit(*found.span(), said[found[0]]) for found in pattern.finditer(page.text)])


def drop_chrome(page: Page, seed: int, kind: str) -> Page | None:
    """Leave out what a publisher repeats, or asks for, inside of its records."""
    found = [label for label in page.of(kind) if label.get("parent")]
    return cut(page, found) if found else None


# Threads and posts -----------------------------------------------------------------------------------------


def shorten_thread(page: Page, seed: int, n_tweets: int) -> Page | None:
    """Leave the first tweets of the page's own thread, and let its header promise as many."""
    threads = page.of("thread")
    tweets = page.within(threads[0], "tweet") if threads else []
    head = (
        re.compile(r"(\d+) tweets? (\d+) min read").search(page.text, 0, tweets[0]["start"])
        if tweets
        else None
    )
    if not head or len(tweets) <= n_tweets:
        return None
    kept, last = tweets[:n_tweets], tweets[n_tweets - 1]["end"]
    gone = {tweet["id"] for tweet in tweets[n_tweets:]}
    body = [span for span in threads[0]["body"] if span[1] <= kept[-1]["end"]]
    labels = [
        {**label, "end": last, "body": body} if label["id"] == threads[0]["id"] else label
        for label in page.labels
        if label["id"] not in gone and not (last <= label["start"] and label["end"] <= tweets[-1]["end"])
    ]
    promise = f"{n_tweets} tweet{'s' * (n_tweets != 1)} {max(1, n_tweets // 4)} min read"
    return rewrite(
        Page(page.text, tuple(labels)), [Edit(*head.span(), promise), Edit(last, tweets[-1]["end"], "")]
    )


def picture_tweets(page: Page, seed: int) -> Page | None:
    """End every other tweet of the page's own thread with its pictures."""
    threads = page.of("thread")
    tweets = page.within(threads[0], "tweet") if threads else []
    endings = cycle(TWEET_TAILS)
    for tweet in reversed(tweets[seed % 2 :: 2]):
        page = append(page, tweet, next(endings), "image_marker")
    return page if tweets else None


def promise_tweets(page: Page, seed: int) -> Page | None:
    """Let previews promise other numbers of tweets."""
    choose = random.Random(seed)
    edits = [
        _replace(label, f"Read {choose.choice((4, 7, 10, 23, 101))} tweets")
        for label in page.of("nav")
        if re.fullmatch(r"Read \d+ tweets", page.words(label))
    ]
    return rewrite(page, edits) if edits else None


def append_to_posts(page: Page, seed: int) -> Page | None:
    """End posts with what the client may print there."""
    posts = [
        label
        for label in page.of("post")
        if not any(c["end"] == label["end"] for c in page.of("image_marker"))
    ]
    for number, post in reversed([*enumerate(posts)][::2]):
        ending = POST_TAILS[(number // 2 + seed) % len(POST_TAILS)]
        for part in re.findall(r" View quoted note →| image image| image", ending):
            page = append(page, _same(page, post), part, "ui_message" if "View" in part else "image_marker")
    return page if posts else None


def hide_avatars(page: Page, seed: int) -> Page | None:
    """Show the client's own picture in the place of the author's."""
    edits = [_replace(label, "Default avatar") for label in page.of("avatar")]
    # The author then stands only in the bio; a reader still knows who wrote the posts.
    authors = {label["id"]: {"author": label["author"]} for label in page.items()}
    return rewrite(page, edits, authors) if page.of("post") else None


def _same(page: Page, label: Label) -> Label:
    return next(other for other in page.labels if other["id"] == label["id"])


# The variations --------------------------------------------------------------------------------------------


def compose(*parts: Transformation) -> Transformation:
    """Apply each part that applies; None where none does."""

    def composed(page: Page, seed: int) -> Page | None:
        done = None
        for part in parts:
            page = (done := part(page, seed) or done) or page
        return done

    return composed


HEADS = ("", "author", "feed", "feed and author")

VARIATIONS: dict[str, Transformation] = {
    "crlf": use_crlf,
    "byte-order mark": add_byte_order_mark,
    "decomposed": decompose,
    "trailing blanks": trail_blanks,
    "blank lines around": end_with_blank_lines,
    "last line feed": end_without_line_feed,
    "crlf, mark, decomposed, blanks": compose(trail_blanks, decompose, use_crlf, add_byte_order_mark),
    "order": shuffle,
    "order again": lambda page, seed: shuffle(page, seed + 1),
    "order half": lambda page, seed: (half := keep_some(page, seed, 0.5)) and (shuffle(half, seed) or half),
    "number few": partial(keep_some, share=0.2),
    **{f"names {family}": partial(rename, family=family) for family in PEOPLE},
    **{f"ages {words}": partial(age_posts, words=words) for words in RELATIVE_DATES},
    "days": partial(date_threads, with_year=False),
    "days with year": partial(date_threads, with_year=True),
    "dates": date_articles,
    "titles": retitle,
    "notices": reword_notices,
    "introductions": reintroduce,
    "captions": recaption,
    **{f"sections {case}": partial(rehead, case=case) for case in HEADINGS},
    **{
        f"feed in {language}": partial(
            lambda page, seed, language, number: translate_feed(
                page, seed + number, language, HEADS[number % 4]
            ),
            language=language,
            number=number,
        )
        for number, language in enumerate(STRINGS)
    },
    **{f"feed with {lines}": partial(translate_feed, language="en", lines=lines) for lines in HEADS[1:]},
    **{
        f"feed foot in {name}": partial(add_feed_foot, language=name, more=True)
        for name in ("en", "ja", "pl")
    },
    **{
        f"feed end in {name}": partial(add_feed_foot, language=name, more=False)
        for name in ("en", "de", "ru")
    },
    **{f"directory in {edition}": partial(translate_directory, edition=edition) for edition in EDITIONS},
    **{
        f"headings {number}": lambda page, seed, number=number: respell_headings(page, seed + number)
        for number in range(0, len(TRANSCRIPT_HEADINGS), 4)
    },
    **{f"chapters {notation}": partial(notate_chapters, notation=notation) for notation in CHAPTER_NOTATIONS},
    "chapters untimed": untime_chapters,
    **{
        f"turns {number}": lambda page, seed, number=number: lay_out_turns(page, seed + number)
        for number in range(len(LAYOUTS))
    },
    "turns after an hour": delay_turns,
    "transcripts without heading": unhead_transcripts,
    "no recurring blurbs": partial(drop_chrome, kind="recurring_blurb"),
    "no promos": partial(drop_chrome, kind="promo"),
    **{
        f"publisher {number}": lambda page, seed, number=number: republish(page, seed + number)
        for number in range(len(SUPPORT_PLEAS))
    },
    **{f"thread of {n}": partial(shorten_thread, n_tweets=n) for n in (1, 2, 4)},
    "pictures in tweets": picture_tweets,
    "promised tweets": promise_tweets,
    "ends of posts": append_to_posts,
    "default avatars": hide_avatars,
    "all at once": compose(
        shuffle,
        lambda page, seed: lay_out_turns(page, seed + 3),
        partial(notate_chapters, notation="parenthesised"),
        lambda page, seed: respell_headings(page, seed + 1),
        lambda page, seed: republish(page, seed + 1),
        partial(translate_directory, edition="sv"),
        partial(translate_feed, language="nl", lines="feed and author"),
        partial(age_posts, words="recent"),
        partial(date_threads, with_year=True),
        partial(rename, family="accents"),
        decompose,
        use_crlf,
    ),
}
"""Name -> transformation. A page for which one does not apply is left out of it."""


def variations(
    page_text: str, labels: Iterable[Mapping[str, Any]], names: Iterable[str] | None = None, seed: int = 7
) -> Iterator[tuple[str, str, list[Label]]]:
    """Make pages of the same site, each with its labels: name, text, labels as in the gold files."""
    page = load(page_text, labels)
    for name in VARIATIONS if names is None else names:
        made = VARIATIONS[name](page, seed)
        if made and made.text != page.text:
            yield name, made.text, made.plain_labels()


if __name__ == "__main__":
    from tests.score_variations import main

    main()
