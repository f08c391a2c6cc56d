"""Nostr profile: an author's bio, then the author's posts, newest first.

Source    a Nostr web client (nostr-hypermedia), the rendered page as text.
Dates     relative to the visit, rounded down ("5 days ago", "0 months ago" for 28 and 29 days).
Authors   display name from the avatar's alternative text, handle from the headers of the posts; the bio shows only
          a shortened key, so its handle is the page's first.
Limits    the client flattens a post to one line; the headline of a linked page stands in the text like the
          author's own words. A note that is reposted or quoted in full stands in the post's body.
"""

import polars as pl
from polars import col

from pipeline.grammar import (
    BODY,
    HEADER,
    Grammar,
    Mark,
    Tail,
    above,
    among,
    chrome,
    from_below,
    holds,
    n,
    under,
)

AGO = (
    r"(?P<published_raw>just now|yesterday|\d+ mins? ago|\d+ hours? ago|\d+ days? ago|\d+ weeks? ago"
    r"|\d+ months? ago|\d+ years? ago)"
)
AVATAR = r"^(?:(?P<author>.+)['’]s avatar|Default avatar)$"
POST = rf"^(?P<handle>\S.*?) {AGO}(?: reposted)?$"
REPOSTED = r"^reposted$"
SHOWN = r"(?:.['’]s|^Default) avatar$"
AT_END = r"(?:now|yesterday|ago|reposted)$"
KEY = r"^npub1[0-9a-z]+(?:\.{3}|…)[0-9a-z]+$"

FACTS = {
    # a line is read from its end, where few go on, before it is read whole
    "is_avatar": among(holds(SHOWN), AVATAR),
    "is_post": among(holds(AT_END), POST),
    "is_reposted": holds(REPOSTED) & above(col.is_post),
    # another's note within a post: after "reposted", or "Ada's avatar" above "Ada"
    "is_quoted": above(col.is_reposted)
    | (pl.when(col.is_avatar).then("text").str.extract(AVATAR) == from_below(col.text)),
}

GRAMMAR = Grammar(
    kind="nostr_profile",
    knows=(SHOWN, rf"{KEY}|{POST}"),
    facts=FACTS,
    page_fields=("author", "handle"),
    marks=(
        Mark("profile", AVATAR, chrome("avatar", inside=True), opens="profile", where=n == 0),
        Mark("avatar", AVATAR, chrome("avatar", inside=True), opens="post", where=under(col.is_post)),
        Mark("header", POST, HEADER, below=BODY, where=above(col.is_avatar)),
        Mark("key", KEY, HEADER, where=n <= 2),
        Mark("name", r"^(?P<author>.+)$", HEADER, below=BODY, where=n == 1),
        Mark("reposted", REPOSTED, chrome("ui_message", inside=True), where=col.is_reposted),
        Mark(
            "quoted_avatar",
            r"^.+['’]s avatar$",
            chrome("avatar", inside=True),
            where=col.is_quoted,
        ),
        Mark("quoted_name", r"^.{1,80}$", HEADER, where=above(col.is_avatar & col.is_quoted)),
        Mark("quoted", r"^View quoted note →$", chrome("ui_message", inside=True)),
    ),
    tails=(
        Tail("quoted_tail", r"\s*View quoted note →", "ui_message"),
        Tail("image", r"(?:(?:^|\s)image)+", "image_marker"),
    ),
)

SAMPLE = """
profile | Ada Lovelace's avatar
name    | Ada Lovelace
key     | npub1abc...wxyz
body    | Analyst. I joined 2 years ago
body    | My key was npub1old and Charles's avatar
body    | npub1abc...wxyz
avatar  | Ada Lovelace's avatar
header  | ada 5 days ago
body    | The engine has no pretensions. image image
avatar  | Ada Lovelace's avatar
header  | ada 0 months ago
body    | This is Bob's avatar
body    | reposted
body    | ada's yesterday avatar
body    | ada 2 weeks ago
body    | Here is Ada's avatar again
body    | bob 3 days ago
body    | An image
avatar  | Ada Lovelace's avatar
header  | ada 3 hours ago
body    | They reposted it
avatar  | Ada Lovelace's avatar
header  | ada 2 weeks ago
reposted | reposted
body    | Bob's avatar, again
avatar  | Default avatar
header  | charles b yesterday
reposted | reposted
quoted_avatar | Mary's avatar
quoted_name | mary@somerville.example
body    | A thought. View quoted note →
quoted  | View quoted note →
body    | 3 days ago was Sunday
body    | Mary, who has Bob's avatar
quoted_avatar | Bob 5 days ago fan's avatar
quoted_name | Bob 5 days ago fan
body    | View quoted note → as if
avatar  | Ada Lovelace's avatar
header  | ada 1 year ago reposted
image   | image
"""

EXPECT = (
    {
        "kind": "profile",
        "author": "Ada Lovelace",
        "handle": "ada",
        "published_raw": None,
        "body": "Analyst. I joined 2 years ago\n\nMy key was npub1old and Charles's avatar\n\nnpub1abc...wxyz",
    },
    {
        "kind": "post",
        "author": "Ada Lovelace",
        "handle": "ada",
        "published_raw": "5 days ago",
        "body": "The engine has no pretensions.",
        "chrome": {"avatar": ["Ada Lovelace's avatar"], "image_marker": ["image image"]},
    },
    {
        "kind": "post",
        "handle": "ada",
        "published_raw": "0 months ago",
        "body": "This is Bob's avatar\n\nreposted\n\nada's yesterday avatar\n\nada 2 weeks ago\n\nHere is Ada's avatar again\n\nbob 3 days ago\n\nAn",
    },
    {"kind": "post", "published_raw": "3 hours ago", "body": "They reposted it"},
    {"kind": "post", "published_raw": "2 weeks ago", "body": "Bob's avatar, again"},
    {
        "kind": "post",
        "author": "Ada Lovelace",
        "handle": "charles b",
        "published_raw": "yesterday",
        "body": "A thought.\n\n3 days ago was Sunday\n\nMary, who has Bob's avatar\n\nView quoted note → as if",
        "chrome": {
            "avatar": ["Default avatar", "Mary's avatar", "Bob 5 days ago fan's avatar"],
            "ui_message": ["reposted", "View quoted note →", "View quoted note →"],
        },
    },
    {
        "kind": "post",
        "handle": "ada",
        "published_raw": "1 year ago",
        "body": None,
        "chrome": {"avatar": ["Ada Lovelace's avatar"], "image_marker": ["image"]},
    },
)
