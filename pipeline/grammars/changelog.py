"""Changelog: a project's releases, one below the other, each a record.

Source    CHANGELOG, NEWS, HISTORY and CHANGES files, Debian's changelogs, and pages of release notes, plain, Markdown, reStructuredText or rendered.
Known by  lines that name a version in one spelling, each one step from the last, down or up ("1.2.0" above "1.1.9"), with the notes between
          them: the order is what tells them from dates, prices and numbers of sections, in any language.
Dates     of the line that names the version, or of the one below, or between a site's heading and a title that names it again; Debian's with
          the author, below the notes.
Limits    three releases at least; a version of one number ("254") and a heading that is only a date are no version. A release that is spelled
          otherwise than most is part of the one above it. What is below the last release is taken for its notes, unless it stands further left
          or below a line that ends most releases.
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
    after,
    among,
    before,
    began,
    block,
    chrome,
    flow,
    gap,
    holds,
    indent,
    n,
    prev,
    times,
    under,
    words,
)
from pipeline.versions import BEGUN, DATE, DATED, IS_BELOW_RELEASE, LEAD, NUMBERED, RELEASE, TITLED, TOLD

PARAGRAPH = flow("paragraph")
LEADING = RELEASE.replace("?P<title>", "?:")  # of a version whose title is further down
RULE = r"^[=~*^\"'#_+`-]{3,}$"
SIGNED_HEADING = r"^#{1,6} +\S"  # Markdown's, which needs no blank line
BULLET = r"^[*+o•◦·–-] .*$"
SIGNED = r"^-- (?P<author>\S.{0,80}?) <(?P<handle>[^<>]{1,80})>  (?P<published_raw>.{1,60})$"
DAY = rf"^[`*_(\[]{{0,2}}(?:\S{{1,20}} ){{0,3}}?[`*_(\[]{{0,2}}(?P<published_raw>{DATE})[`*_)\].]{{0,2}}(?: [^\W\d_]\S{{0,19}})?$"
WHEN = rf"^(?P<published_raw>{DATE}|(?:\d{{1,2}}\.? [^\W\d_]{{3,14}}|[^\W\d_]{{3,14}}\.? \d{{1,2}})(?:,? \d{{1,2}}:\d\d)?)$"  # this year's
COMING = words(
    "Unreleased",
    "Next",
    "Next release",
    "Upcoming",
    "Development",
    "In development",
    "Master",
    "HEAD",
    "Main",
    "Trunk",
)
TO_COME = rf"^{LEAD}(?P<title>{COMING})[\])}}>\"'`*_:]{{0,3}}$"
HEADING = r"^(?:#{1,6} +\S.{0,80}|[^\W\d_](?:[^.。:]{0,58}[^.。:,;])?:?)$"
SHORT = r"^[\p{So}\p{M}]{0,8}[^\W\d_][^.!?。！？]{0,39}$"

COUNTED = r"^[^\W\d_]\S{0,20}(?: [^\W\d_]\S{0,20}){0,2} \(?\d{1,4}\)?$"

LEFTMOST = (
    pl.when(col.is_below & ~col.is_last).then(indent).min().over("doc")
)  # of what stands between releases

FACTS = {
    "told": TOLD,
    "is_release": col.told == BEGUN,
    "is_title": col.told == TITLED,
    "is_other": ~col.is_release & ~col.is_title,
    "is_led": before(col.is_title, col.is_other) & (col.is_title.cum_sum(reverse=True).over("doc") > 0),
    "is_head": col.is_led & col.is_other & after(col.is_release, col.is_other),  # between a site's heading and the title
    "is_coming": holds(TO_COME) & ((gap > 0) | (n == 0)) & (col.is_release.cum_sum().over("doc") == 0) & ~col.is_release,
    "is_below": (col.is_release | col.is_coming).cum_sum().over("doc") > 0,
    "is_last": col.is_release.cum_sum(reverse=True).over("doc") == 0,  # below the last one
    "is_named": among(holds(NUMBERED), RELEASE) & col.is_other,
    "is_listed": col.is_last & col.is_named & (above(col.is_named) | under(col.is_named)),
    "is_out": col.is_last & (indent < LEFTMOST),
    # "Download", below the notes of most releases
    "is_ending": col.is_below & under(col.is_release) & ~above(col.is_release | holds(DAY)) & holds(SHORT) & col.is_other,
    "n_ending": col.is_ending.sum().over("doc", "text"),
    "is_closing": (col.n_ending > 1) & (col.n_ending * 2 > times(col.is_release)) & (col.is_last | col.is_ending),
    "is_shut": col.is_last & ((col.is_last & col.is_closing).cum_sum().over("doc") > col.is_closing),
    "is_count": col.is_below & col.is_other & ~col.is_head & holds(COUNTED) & ~above(~col.is_other | holds(DAY)),
    "counted": pl.when(col.is_count).then(col.text.str.replace(r"\d+", "")).fill_null(""),
    # "Assets 4": the site's, and all that follows, where it sets a title apart: no author counts alike below most releases
    "is_tally": col.is_count & (col.text.n_unique().over("doc", "counted") > 1)
    & (2 * col.is_count.sum().over("doc", "counted") > times(col.is_title)) & (times(col.is_title) > 0),
    "is_appended": began(col.is_release | col.is_tally, col.is_tally),
    "is_rule": holds(RULE),
    "is_ruled": col.is_rule & above(col.is_release),
    "is_day": holds(DAY) & above(col.is_release | col.is_ruled),
    "is_bullet": holds(BULLET),
    "is_hashed": holds(SIGNED_HEADING) & col.is_below,
    "is_new": (gap > 0) | col.is_bullet | above(~col.is_other | col.is_ruled | col.is_day) | col.is_hashed | above(col.is_hashed),
    "is_heading": holds(HEADING) & col.is_new & ~col.is_bullet
    & (holds(r"^(?:#.*|.*:)$") | under(col.is_bullet | col.is_rule)) & under(col.is_new | col.is_rule),
}  # fmt: skip

GRAMMAR = Grammar(
    kind="changelog",
    knows=(NUMBERED,),
    shape=IS_BELOW_RELEASE,
    facts=FACTS,
    marks=(
        Mark("lead", LEADING, HEADER, opens="article", where=col.is_release & col.is_led),
        Mark("dated", DATED, HEADER, opens="article", where=col.is_release),
        Mark("release", RELEASE, HEADER, opens="article", where=col.is_release),
        Mark("title", r"^(?P<title>.*)$", HEADER, where=col.is_title),
        Mark("when", WHEN, HEADER, where=col.is_head),
        Mark("who", r"^@?(?P<author>[\w.-]{1,40})$", HEADER, where=col.is_head & prev(WHEN)),
        Mark("head", ANYTHING, chrome("ui_message", inside=True), where=col.is_head),
        Mark("coming", TO_COME, HEADER, opens="article", where=col.is_coming),
        Mark("rule", RULE, HEADER, where=col.is_ruled),
        Mark("appended", ANYTHING, chrome("ui_message"), where=col.is_appended),
        Mark("line", RULE, chrome("ui_message", inside=True), where=col.is_below),
        Mark("day", DAY, HEADER, where=col.is_day),
        Mark("signed", SIGNED, HEADER),
        Mark("closing", ANYTHING, chrome("ui_message"), where=col.is_closing),
        Mark("outside", ANYTHING, chrome("footer"), below=chrome("footer"), where=col.is_out | col.is_shut),
        Mark("index", ANYTHING, chrome("nav"), below=chrome("nav"), where=col.is_listed),
        Mark("heading", HEADING, block("heading"), where=col.is_heading),
        Mark("words", ANYTHING, BODY, below=PARAGRAPH, where=col.is_below & col.is_new),
        Mark("top", ANYTHING, chrome("nav"), where=~col.is_below),
    ),
)

SAMPLE = """
top :   # Changelog
top :   ===========

top :   Loom 1.3.0 is on its way; the last was 1.2.0.

coming |   ## [Unreleased]
words |   - Weaves of 1.2.0 are kept
paragraph |   Next
release |   ## [1.2.0] - 1843-03-01

heading |   ### Added

words |   - Flowers, as asked for
paragraph |   since 1.1.8 (#12)
words |   - Leaves

heading |   Fixes:
words |   - Thread 4.2.0
words |   - Thread 4.1.0
signed |   -- Ada Lovelace <ada@loom.example>  Thu, 2 Mar 1843 09:00:00 +0000
closing :   Download it
release |   ## [v1.1.0](https://loom.example/compare/v1.0...v1.1.0) (March 3, 1842)
rule |   ------------
words |   It turns.
words |   - 2 March 1842: 1.0.9
paragraph |   _Released on 2 March 1840_
paragraph |   as --- it
paragraph |   and ### more: of it

words |   It weaves:
paragraph |   flowers

line |   ***

words |   It is heard to turn.
closing :   Download it
dated |   ## 1841-03-02: 1.0
words |   The first to run.

closing :   Download it
release |   ## 0.9
day |   _Released on 2 March 1840_
words |   Not for use.

closing :   Download it
lead |     v0.8.4
when |       9 Nov 08:41
who |       ada-l
head |       or Mary
head |       a91f3c7 Compare

title |       v0.8.4 – Flowers
words |       It weaves.

words |       10 Nov 08:41

words |       Assets 7 of them
appended :     Assets 2
appended :       loom.zip
appended :       10 Nov 08:41
lead |     v0.8.3 (9 November 1839)
head |       Latest
title |       v0.8.3
words |       Leaves 1
paragraph |       It turns.

appended :     Assets 1
appended :     - loom.zip
lead |     v0.8.2
when |       November 8
title |       v0.8.2
words |       Leaves.

appended :     Assets 1
appended :     - loom.zip
lead |     v0.8.1
head |       Loom
title |       v0.8.1
words |       Flowers.

closing :   Download it
lead |     v0.8.0
title |       v0.8.0
words |       Spun.

index :   0.8.4
index :   0.8.3
index :   - 0.8
nav :   and older ones
outside : Contact
footer :   us
"""

EXPECT = (
    {"kind": "article", "title": "Unreleased", "body": "- Weaves of 1.2.0 are kept\nNext"},
    {
        "kind": "article",
        "title": "1.2.0",
        "author": "Ada Lovelace",
        "handle": "ada@loom.example",
        "published_raw": "1843-03-01",
        "body": "### Added\n\n- Flowers, as asked for\nsince 1.1.8 (#12)\n\n- Leaves\n\nFixes:\n\n- Thread 4.2.0\n\n- Thread 4.1.0",
    },
    {
        "kind": "article",
        "title": "v1.1.0",
        "published_raw": "March 3, 1842",
        "body": "It turns.\n\n- 2 March 1842: 1.0.9\n_Released on 2 March 1840_\nas --- it\nand ### more: of it\n\nIt weaves:\nflowers\n\nIt is heard to turn.",
        "chrome": {"ui_message": ["***"]},
    },
    {"kind": "article", "title": "1.0", "published_raw": "1841-03-02", "body": "The first to run."},
    {"kind": "article", "title": "0.9", "published_raw": "2 March 1840", "body": "Not for use."},
    {
        "kind": "article",
        "title": "v0.8.4 – Flowers",
        "author": "ada-l",
        "published_raw": "9 Nov 08:41",
        "body": "It weaves.\n\n10 Nov 08:41\n\nAssets 7 of them",
        "chrome": {"ui_message": ["or Mary\n      a91f3c7 Compare"]},
    },
    {
        "kind": "article",
        "title": "v0.8.3",
        "published_raw": "9 November 1839",
        "body": "Leaves 1\nIt turns.",
        "chrome": {"ui_message": ["Latest"]},
    },
    {"kind": "article", "title": "v0.8.2", "published_raw": "November 8", "body": "Leaves."},
    {"kind": "article", "title": "v0.8.1", "body": "Flowers.", "chrome": {"ui_message": ["Loom"]}},
    {"kind": "article", "title": "v0.8.0", "body": "Spun."},
)
