"""Nostr profile: an author's bio, then the author's posts, newest first.

Source    a Nostr web client (nostr-hypermedia), the rendered page as text.
Dates     relative to the visit, rounded down ("5 days ago", "0 months ago" for 28 and 29 days).
Authors   display name from the avatar's alternative text, handle from the headers of the posts; the bio shows only
          a shortened key, so its handle is the page's first.
Limits    the client flattens a post to one line; the headline of a linked page stands in the text like the
          author's own words.
"""

from pipeline.grammar import ANYTHING, BODY, HEADER, Grammar, Mark, Tail, chrome, n, next_, prev

AGO = (
    r"(?P<published_raw>just now|yesterday|\d+ mins? ago|\d+ hours? ago|\d+ days? ago|\d+ weeks? ago"
    r"|\d+ months? ago|\d+ years? ago)"
)
AVATAR = r"^(?:(?P<author>.+)['’]s avatar|Default avatar)$"
POST = rf"^(?P<handle>\S.*?) {AGO}(?: reposted)?$"
KEY = r"^npub1[0-9a-z]+(?:\.{3}|…)[0-9a-z]+$"

GRAMMAR = Grammar(
    kind="nostr_profile",
    knows=(r"^(?:.+['’]s|Default) avatar$", rf"{KEY}|{POST}"),
    page_fields=("author", "handle"),
    marks=(
        Mark("profile", AVATAR, chrome("avatar", inside=True), opens="profile", where=n == 0),
        Mark("avatar", AVATAR, chrome("avatar", inside=True), opens="post", where=next_(POST)),
        Mark("header", POST, HEADER, below=BODY, where=prev(AVATAR)),
        Mark("key", KEY, HEADER, below=BODY, where=n <= 2),
        Mark("name", r"^(?P<author>.+)$", HEADER, below=BODY, where=n == 1),
        Mark("quoted", r"^View quoted note →$", chrome("ui_message", inside=True)),
    ),
    tails=(Tail("quoted_tail", r"\s*View quoted note →", "ui_message"), Tail("image", r"(?:(?:^|\s)image)+", "image_marker")),
)

SAMPLE = """
profile | Ada Lovelace's avatar
name    | Ada Lovelace
key     | npub1abc...wxyz
body    | Analyst. I joined 2 years ago
body    | My key was npub1old and Charles's avatar
avatar  | Ada Lovelace's avatar
header  | ada 5 days ago
body    | The engine has no pretensions. image image
avatar  | Ada Lovelace's avatar
header  | ada 0 months ago
body    | We talked of Bob's avatar
body    | ada 2 weeks ago
body    | Ada Lovelace's avatar
avatar  | Default avatar
header  | charles b yesterday reposted
body    | A thought. View quoted note →
quoted  | View quoted note →
body    | 3 days ago was Sunday
"""

EXPECT = (
    {
        "kind": "profile", "author": "Ada Lovelace", "handle": "ada", "published_raw": None,
        "body": "Analyst. I joined 2 years ago\n\nMy key was npub1old and Charles's avatar",
    },
    {
        "kind": "post", "author": "Ada Lovelace", "handle": "ada", "published_raw": "5 days ago",
        "body": "The engine has no pretensions.", "chrome": {"avatar": ["Ada Lovelace's avatar"], "image_marker": ["image image"]},
    },
    {
        "kind": "post", "handle": "ada", "published_raw": "0 months ago",
        "body": "We talked of Bob's avatar\n\nada 2 weeks ago\n\nAda Lovelace's avatar",
    },
    {
        "kind": "post", "author": "Ada Lovelace", "handle": "charles b", "published_raw": "yesterday",
        "body": "A thought.\n\n3 days ago was Sunday", "chrome": {"avatar": ["Default avatar"], "ui_message": ["View quoted note →", "View quoted note →"]},
    },
)
