"""What a layout chooses among, and how likely each choice is.

A number is the chance of yes; a mapping holds the weights of its keys. A kind of page overrides what it has in
common with others.
"""

from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

Choice = float | Mapping[Any, float]
Choices = Mapping[str, Choice]
Layout = dict[str, Any]
"""Name of the choice -> what was chosen."""


class Kind(NamedTuple):
    """A kind of page.

    Attributes:
        weight: how often it is made.
        choices: what is chosen otherwise than on other pages.
        item: the kind of its records in the gold.
        counted: the site's word for its records, below which they are counted; "" where they are not.
    """

    weight: float
    choices: Choices
    item: str = "post"
    counted: str = ""


LANGUAGES: Choice = {
    **dict.fromkeys(("de", "en"), 6),
    **dict.fromkeys(("es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "zh"), 3),
    **dict.fromkeys(("ar", "cs", "el", "fa", "fi", "he", "hi", "hu", "id", "sv", "th", "tr", "uk", "vi"), 2),
}

SURROUNDINGS: Choices = {
    "site_name": 0.8,
    "menus_above": {0: 1, 1: 1, 2: 1, 3: 1, 4: 1},
    "menus_below": {0: 1, 1: 1, 2: 1, 3: 1},
    "sides_above": {0: 9, 1: 1, 2: 1, 3: 1},
    "sides_below": {0: 1, 1: 1, 2: 1, 3: 1},
    "consent": {"": 4, "above": 3, "below": 3},
    "search": 0.3,
    "crumbs": 0.5,
    "pager_above": 0.1,
    "pager_below": {"": 13, "line": 4, "list": 3},
    "form": 0.3,
    "load_more": 0.3,
    "imprint": 0.7,
}

RECORDS: Choices = {
    "n_records": {2: 2, 3: 3, 4: 3, 5: 3, 6: 3, 8: 3, 10: 3, 14: 2, 20: 1.5, 30: 1},
    # who and when
    "names": {"nickname": 4, "full": 4, "mixed": 3, "given": 1, "initial": 1},
    "author": 0.97,
    "author_verb": {"": 12, "by": 1, "says": 1, "wrote": 1},
    "handle": 0,
    "date": 0.88,
    "dates": {
        "short": 3,
        "medium": 4,
        "long": 3,
        "full": 1,
        "short_day": 2,
        "medium_day": 3,
        "long_day": 4,
        "full_day": 1,
        "iso": 3,
        "iso_day": 2,
        "digits": 4,
        "weekday": 1,
        "no_year": 2,
        "mail": 0.5,
        "ago": 4,
        "ago_short": 2,
        "age": 2,
    },
    "date_word": 0.25,
    "pace": {"minutes": 2, "hours": 3, "days": 3, "weeks": 2},
    "rises": 0.2,
    # the record's head and foot
    "order": {"author_first": 3, "date_first": 1},
    "place": {"above": 12, "below": 2.5, "date_below": 1.5, "author_below": 1.5},
    "lines": {"one": 4, "each": 4, "first_apart": 3},
    "separator": {" | ": 2, " · ": 2, " - ": 2, ", ": 2, " ": 5, " • ": 2, " – ": 1},
    "extras_first": 0.2,
    "number": {"": 15, "#{}": 0.4, "{}.": 0.2, "{}": 0.2, "Nr. {}": 0.2},
    "avatar": {"": 1},
    "role": 0.04,
    "badge": 0,
    "panel": {"": 48, "colon": 1, "lines": 1},
    "rating": {"": 1},
    "likes": {"": 24, "{}": 0.25, "{} {likes}": 0.25, "{} {views}": 0.25, "+{}": 0.25},
    "likes_below": 0.6,
    "head_tag": {"": 7, "h3": 1, "h4": 1, "b": 2},
    "title": 0,
    "title_tag": {"h2": 1, "h3": 1, "div": 1, "p": 1},
    "title_first": 0.75,
    "buttons": {"": 5, "line": 4, "list": 2, "lines": 2, "bar": 1},
    "n_buttons": {1: 1, 2: 1, 3: 1, 4: 1},
    "read_more": 0,
    # the body
    "body": {"oneline": 2, "short": 2, "medium": 5, "long": 3, "mixed": 5},
    "paragraph": {"p": 5, "div": 2, "br": 1},
    "quotes": 0,
    "signature": 0,
    "edited": 0,
    "lacks": 0.15,
    # what holds them
    "box": {"div": 8, "li": 3, "row": 2, "ol": 1, "article": 3, "section": 1, "dl": 0.7, "columns": 1},
    "gap": {"": 8, "<hr>": 1, "<br>": 1},
    "nested": 0,
    "depth": {0: 1, 1: 1, 2: 1, 3: 1, 4: 1},
    "head_depth": {0: 2, 1: 1, 2: 1, 3: 1},
    "body_depth": {0: 2, 1: 1, 2: 1, 3: 1},
    "foot_depth": {0: 1, 1: 1, 2: 1},
    "heading": 0.9,
    "count": {"": 3, "number_first": 5, "number_last": 1},
}

SOCIAL: Choices = {
    "avatar": {"": 12, "{} avatar": 1, "{}": 1, "Avatar: {}": 1, "initial": 1},
    "author_verb": {"": 12, "by": 1, "says": 1, "wrote": 1},
    "likes": {"": 16, "{}": 1, "{} {likes}": 1, "👍 {}": 1, "+{}": 1},
    "quotes": 0.3,
    "edited": 0.15,
}

ARTICLE: Choices = {
    "dates": RECORDS["dates"],
    "names": {"full": 8, "nickname": 1, "initial": 1},
    "separator": RECORDS["separator"],
    "depth": RECORDS["depth"],
    "date_word": 0.3,
    "kicker": 0.2,
    "standfirst": 0.3,
    "byline": {"": 3, "one": 4, "each": 2, "date_first": 2, "author": 1, "date": 1},
    "byline_place": {"below_title": 6, "above_title": 1, "end": 1},
    "n_paragraphs": {2: 1, 3: 2, 5: 3, 8: 3, 12: 2},
    "subheadings": 0.3,
    "list_in_body": 0.15,
    "link_in_body": 0.15,
    "tags": 0.4,
    "share": {"": 3, "above": 1, "below": 1},
}

TALK: Choices = {
    "dates": {"": 2, "full_day": 2, "long_day": 3, "iso_day": 1},
    "names": {"full": 5, "nickname": 3, "given": 1},
    "separator": RECORDS["separator"],
    "depth": RECORDS["depth"],
    "heading": 0.8,
    "introduction": 0.4,
    "speech": {"colon": 4, "above": 3, "bold": 2, "angle": 2, "dl": 1, "columns": 1},
    "clock": {"": 3, "{}": 1, "[{}]": 1, "({})": 1},
    "clock_seconds": 0.3,
    "capitals": 0.15,
    "speech_length": {"oneline": 3, "short": 2, "medium": 3, "mixed": 3},
    "n_speakers": {2: 3, 3: 3, 5: 2, 8: 1},
    "n_turns": {6: 1, 10: 2, 16: 2, 30: 2, 60: 1},
}

KINDS: Mapping[str, Kind] = {
    "thread": Kind(
        5,
        {
            **RECORDS,
            **SOCIAL,
            "rises": 0.9,
            "title": 0.15,
            "number": {"": 3, "#{}": 0.4, "{}.": 0.2, "{}": 0.2, "Nr. {}": 0.2},
            "role": 0.35,
            "panel": {"": 2, "colon": 0.5, "lines": 0.5},
            "signature": 0.12,
            "pager_above": 0.3,
        },
        counted="replies",
    ),
    "comments": Kind(
        5,
        {
            **ARTICLE,
            **RECORDS,
            **SOCIAL,
            "handle": 0.05,
            "rises": 0.7,
            "nested": 0.3,
            "side_between": 0.3,
            "menu_between": 0.3,
            "heading": 0,
        },
        counted="comments",
    ),
    "questions": Kind(
        2,
        {**RECORDS, **SOCIAL, "author": 0.95, "rises": 0.6, "nested": 0.15, "badge": 0.2, "heading": 1},
        counted="answers",
    ),
    "reviews": Kind(
        2,
        {
            **RECORDS,
            **SOCIAL,
            "author": 0.9,
            "title": 0.4,
            "rating": {"": 2, "★": 3, "{} {stars}": 3, "{}/5": 3},
            "badge": 0.25,
            "likes": {"": 3, "{}": 0.3, "{} {helpful}": 1},
        },
        counted="reviews",
    ),
    "feed": Kind(
        3,
        {**RECORDS, **SOCIAL, "author": 0.6, "handle": 0.3, "profile": 0.4, "rises": 0.1, "heading": 0},
    ),
    "list": Kind(
        4,
        {
            **RECORDS,
            "author": 0.3,
            "date": 0.75,
            "title": 1,
            "place": {"above": 3, "date_below": 1},
            "body": {"oneline": 2, "short": 6, "medium": 3, "mixed": 2},
            "read_more": 0.4,
            "rises": 0,
            "heading": 0.7,
        },
        item="article",
    ),
    "changes": Kind(
        1.5,
        {
            **RECORDS,
            "author": 0.05,
            "date": 0.8,
            "title": 1,
            "place": {"above": 3, "date_below": 1},
            "body": {"list": 3, "mixed": 1},
            "buttons": {"": 1},
            "pace": {"days": 1, "weeks": 3},
            "rises": 0.05,
            "heading": 0.7,
        },
        item="article",
    ),
    "talk": Kind(2, TALK, item="article"),
    "article": Kind(3, {**ARTICLE, "teasers": 0.5}, item="article"),
}


def draw_from(random: Random, choice: Choice) -> Any:
    """Draw yes or no, or one of the keys."""
    if not isinstance(choice, Mapping):
        return random.random() < choice
    (chosen,) = random.choices(list(choice), list(choice.values()))
    return chosen


def draw(random: Random) -> Layout:
    """Draw a language, a kind of page and all that it chooses; `language` and `kind` are among the choices."""
    language = draw_from(random, LANGUAGES)
    kind = draw_from(random, {name: kind.weight for name, kind in KINDS.items()})
    choices = {**SURROUNDINGS, **KINDS[kind].choices}
    chosen = {name: draw_from(random, choice) for name, choice in choices.items()}
    return {"language": language, "kind": kind, **chosen}
