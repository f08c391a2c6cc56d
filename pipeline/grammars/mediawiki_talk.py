"""MediaWiki talk: a page on which readers of a wiki discuss, each comment above its signature.

Source    a talk page, village pump or noticeboard of Wikipedia and other wikis that run MediaWiki as text, with or without
          links to answer. A signature is told by its form, a name, a link in brackets and the time with its zone in brackets,
          so that the wiki's language does not matter; comments of which several stand in one line are parted behind it.
Dates     as the signature prints them, in the wiki's language and time zone.
Titles    the heading of a section is the title of its first comment.
Limits    headings are told by the link to edit them, or stand alone above what is signed. A comment that nobody signed is part
          of the next one, or chrome where none follows in its section. A name has three words at most, and stands behind a mark
          or at the beginning of its line; else it stays among the words.
"""

import polars as pl
from polars import col

from pipeline.grammar import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
    above,
    chrome,
    from_below,
    gap,
    holds,
    n,
    n_chars,
    times,
    under,
    unnamed,
)

# A signature: who, a link or two in brackets, the time with its zone; and what the wiki sets behind it, "[reply]".
CLOCK = r"\d{1,2}(?:[:.٫]|h)\d\d(?:min)?"
YEAR = r"(?:[12١٢۱۲][09٠٩۰۹]\d\d|25\d\d)"
DATE = rf"(?:{YEAR}[^()!?\d]{{1,8}}\d[^()!?:]*?(?:\(\w+\))?|\d[^()!?:]*?{YEAR})"
STAMP = rf"(?P<published_raw>{CLOCK}[^()!?\d]{{1,8}}\d[^()!?:]*?{YEAR}|{DATE}[^\d()!?]{{1,12}}{CLOCK})"
ZONE = r"\s?\((?:[A-Z]{2,5}|UTC[^()]+|ت ع م|協定世界時)\)"
REPLY = r"(?:\s*\[\s*[^\[\]\d]+\])*"
LINK = r"(?:\s*(?:[(（][^()（）]+[)）]|\[[^\[\]\d]+\]))"
WORD = r"[^\s()（）\[\].!?…:;,。！？—–―|~]+"
NUMBERS = r"[\d.]{7,15}|[0-9A-Fa-f]+:[0-9A-Fa-f:]{4,}"
NAME = rf"(?P<author>{NUMBERS}|(?:[A-ZА-Я]\w?\.\s?)*\d*[^\W\d](?:{WORD})?(?:\s{WORD}){{0,2}}?\.?)"
DASH = "(?:--+|[—–―~]+)"
SIGNED = rf"(?:{LINK}+,?\s*|,?\s+){STAMP}{ZONE}{REPLY}"
ADDRESS = rf"(?:{WORD}\s)+(?P<author>{NUMBERS})"  # "preceding unsigned comment added by 127.0.0.1"
ENDED = r"(?:[^\s.]{3}\.|[!?…:;)\]。！？,\"”»])"  # no name with initials
LAST = r"[^\S\n]*$"
EDIT = r"\[\s*[^\[\]\d]{2,60}\s*\]"
HEAD_CHARS = 150

# what ends a comment, and what may head a section
EVENT = pl.when(col.is_stamped).then(1).when(col.may_head).then(2)
BELOW = from_below(EVENT.backward_fill().over("doc"))
LINKED = col.text.str.extract(rf"({EDIT})$")
FACTS = {
    "is_stamped": holds(rf"{unnamed(STAMP)}{ZONE}{REPLY}$"),
    "is_edit": holds(rf"^{EDIT}$"),
    "is_brief": (n_chars < HEAD_CHARS) & ~col.is_stamped & ~col.is_edit,
    "edit": pl.when(col.is_brief)
    .then(pl.coalesce(LINKED, from_below(pl.when(col.is_edit).then(LINKED))))
    .fill_null(""),
    "n_alike": pl.when(col.edit != "").then(pl.len().over("doc", "edit")),
    "is_edited": (col.n_alike > 0) & (col.n_alike == col.n_alike.max().over("doc")),
    "is_plain": col.is_brief & ~holds(r"[.!?:,;…。！？]$|^[*•-] "),
    "is_last": col.is_stamped.cum_sum().over("doc") == times(col.is_stamped),
    "is_first": col.is_stamped.cum_sum().over("doc") == 0,
    "is_alone": (times(col.is_edited) == 0) & col.is_plain & under(~col.is_plain) & (gap > 0),
    "may_head": col.is_edited | col.is_alone & (above(col.is_stamped) | col.is_first),
    "below": BELOW,  # 0 for none
    "is_head": col.may_head & (col.below == 1),
}
OUTSIDE = chrome("ui_message")
INSIDE = chrome("ui_message", inside=True)
FOOTER = chrome("footer")

GRAMMAR = Grammar(
    kind="mediawiki_talk",
    knows=(rf"[)）]\s*,?\s*{unnamed(STAMP)}{ZONE}|{unnamed(STAMP)}{ZONE}\s*\[",),
    shape=times(holds(rf"{unnamed(STAMP)}{ZONE}")) > 1,
    cuts=(
        (rf"{unnamed(STAMP)}{ZONE}{REPLY}", r"[^\sa-zа-я.,;:!?)\[\]」』”»]"),
        (r"^.*\S", rf"{DASH}\s*(?:{unnamed(ADDRESS)}|{unnamed(NAME)}){unnamed(SIGNED)}{LAST}"),
        (rf"^.*{ENDED}", rf"{unnamed(NAME)}{unnamed(SIGNED)}{LAST}"),
    ),
    facts=FACTS,
    marks=(
        Mark("title", rf"^(?P<title>\S.*?)(?:\s*{EDIT})?$", HEADER, below=BODY, opens="post", where=col.is_head),
        Mark("signature", rf"^(?:{DASH}\s*)?{NAME}{SIGNED}$", HEADER, below=OUTSIDE),
        Mark("address", rf"^(?:{DASH}\s*)?{ADDRESS}{SIGNED}$", HEADER, below=OUTSIDE),
        Mark("stamped", rf"^.*?(?P<author>{WORD}){SIGNED}$", BODY, below=OUTSIDE, where=col.is_stamped & ~above(col.is_stamped)),
        Mark(
            "remark",
            rf"^.*?(?P<author>{WORD}){SIGNED}$",
            BODY,
            below=OUTSIDE,
            opens="post",
            where=col.is_stamped & above(col.is_stamped),
        ),
        Mark("comment", ANYTHING, BODY, below=BODY, opens="post", where=above(col.is_stamped) & (col.below == 1) & ~col.is_head),
        Mark("edit", ANYTHING, INSIDE, where=col.is_edit & above(col.is_head)),
        Mark("foot", ANYTHING, FOOTER, below=FOOTER, where=above(col.is_stamped) & col.is_last & ~col.is_stamped),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top       : Talk:Loom
nav       : Read
nav       : Closed at 10:12, 3 March 2019 (UTC) by a bot
nav       : Contents [hide]
nav       : Does it weave?
nav       : How many cards? [edit]

title     | Does it weave? [edit]
body      | It does, see the cards [ 1 ]

body      | as of 5 March 2019
body      | How many? Ada (talk) 10:12, 3 March 2019 (UTC)

comment   | Three. -- K. O'Dell (talk) 1:02, 4 March 2019 (UTC) [ reply ] No, four; I counted Ada von Loom (talk · contribs) 09:00, 5 March 2019 (UTC) Five! Tom 09:10, 5 March 2019 (UTC)
comment   | So it says.
body      | At 9:12, 6 March 2019 it stopped
signature | — Mary (talk) 09:12, 6 March 2019 (UTC) [ reply ]
ui_message : and nobody signed this
ui_message : nor this.
title     | Which cards?
edit      | [edit]

body      | The blank ones [reply]
body      | [edit]
stamped   | And the others that I saw you use Charles (talk) 10:00, 7 March 2019 (UTC)
ui_message : All of it
ui_message : [edit]
title     | Hm [edit]
body      | We saw that
address   | unsigned comment added by 127.0.0.2 (talk) 10:11, 8 March 2019 (UTC)
ui_message : archived
title     | Again [edit]
body      | so it does
signature | Tom 10:12, 8 March 2019 (UTC)
comment   | Me too. — Preceding unsigned comment added by 127.0.0.1 (talk) 10:12, 8 March 2019 (UTC)
comment   | 三枚です。 花子（会話） 2019年3月9日 (土) 10:12 (UTC)
foot      : This page was last edited on 9 March 2019, at 10:12 (UTC).
footer    : Privacy [edit]
"""
EXPECT = (
    {
        "kind": "post",
        "title": "Does it weave?",
        "author": "Ada",
        "published_raw": "10:12, 3 March 2019",
        "body": "It does, see the cards [ 1 ]\n\nas of 5 March 2019\n\nHow many?",
    },
    {
        "kind": "post",
        "author": "K. O'Dell",
        "published_raw": "1:02, 4 March 2019",
        "body": "Three.",
    },
    {
        "kind": "post",
        "author": "Loom",
        "published_raw": "09:00, 5 March 2019",
        "body": "No, four; I counted Ada von Loom (talk · contribs) 09:00, 5 March 2019 (UTC)",
    },
    {
        "kind": "post",
        "author": "Tom",
        "published_raw": "09:10, 5 March 2019",
        "body": "Five!",
    },
    {
        "kind": "post",
        "author": "Mary",
        "published_raw": "09:12, 6 March 2019",
        "body": "So it says.\n\nAt 9:12, 6 March 2019 it stopped",
    },
    {
        "kind": "post",
        "title": "Which cards?",
        "author": "Charles",
        "published_raw": "10:00, 7 March 2019",
        "body": "The blank ones [reply]\n\n[edit]\n\nAnd the others that I saw you use Charles (talk) 10:00, 7 March 2019 (UTC)",
    },
    {
        "kind": "post",
        "title": "Hm",
        "author": "127.0.0.2",
        "published_raw": "10:11, 8 March 2019",
        "body": "We saw that",
    },
    {
        "kind": "post",
        "title": "Again",
        "author": "Tom",
        "published_raw": "10:12, 8 March 2019",
        "body": "so it does",
    },
    {
        "kind": "post",
        "author": "127.0.0.1",
        "published_raw": "10:12, 8 March 2019",
        "body": "Me too.",
    },
    {
        "kind": "post",
        "author": "花子",
        "published_raw": "2019年3月9日 (土) 10:12",
        "body": "三枚です。",
    },
)
