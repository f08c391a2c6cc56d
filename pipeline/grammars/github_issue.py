"""GitHub issue or pull request: the opening post and the comments below it, reviews and what they say of the code included.

Source    github.com's page of a conversation as text: the classic layout ("ada commented on Mar 3, 2019", "ada opened this
          issue … · 12 comments") and that of 2025 ("opened on Mar 3, 2025", "More actions"), flat or indented by nesting. Its
          words are English everywhere. Gitea and Forgejo in English print nearly the same.
Dates     absolute by day or relative; browsers print them in the reader's language. A review has that of its verdict.
Titles    the opening post has it where the layout sets it on top of the post; the classic one heads the whole page with it.
Authors   a login is both name and handle. The lines that head a post are told by naming it again.
Limits    a comment that is hidden has no record. Without a date, a comment is known only where its author's name stands below
          too. What happened ("ada added the bug label") is told by its verb and by a date at its end or soon below. The
          code that a review speaks of is chrome. Discussions, which answer one another, are not read.
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
    before,
    chrome,
    from_above,
    from_below,
    holds,
    lately,
    n,
    next_,
    prev,
    soon,
    times,
    under,
    unnamed,
)

# What GitHub prints, as pages of 2018 to 2026 have it, in the one language it has.
BADGE = "(?:Author|Owner|Member|Contributor|Collaborator|First-time contributor|First-timer|Mannequin|Sponsor|Maintainer|Poster|Bot|bot)"
BUTTON = (
    "(?:Copy [Ll]ink|Quote reply|Copy Markdown|Reference in new issue|More actions|Issue body actions|Edits|Loading|Uh oh!"
    r"|There was an error while loading\. ?Please reload this page ?\.?|Sorry, something went wrong\."
    "|View reviewed changes|Choose a reason for hiding this comment|Choose a reason(?: Spam .* Hide comment)?"
    r"|The content you are editing has changed\..*|The reason will be displayed to describe this comment to others\.(?: Learn more\.?)?)"
)
REASONS = "^(?:Spam|Abuse|Off Topic|Outdated|Duplicate|Resolved|Low Quality|Hide comment)$"
VERDICT = "(?:(?:previously )?(?:reviewed|approved these changes|requested changes|suggested changes))"
EVENT = (
    "(?:added|removed|(?:closed|reopened|pinned|unpinned|marked|moved|transferred|converted|mentioned|referenced|self-assigned) this"
    "|assigned|unassigned|changed the|locked|unlocked|merged|deleted|restored|force-pushed|pushed|requested|self-requested"
    "|dismissed|modified the|linked|unlinked|connected|disconnected|enabled|disabled|deployed|temporarily deployed"
    f"|had a problem|was assigned|was unassigned|set the|blocked|{VERDICT})"
)
DONE = "(?:this (?:issue|pull request)|this as (?:completed|not planned|duplicate)|these changes)"
HIDDEN = r"^(?:· )?(?:Hidden as .*|This comment (?:has been minimized|has been hidden|was marked as .*)\.?)$"
STATE = r"^(?:Open|Closed|Merged|Draft|New [Ii]ssue|Edit|Copy link)(?: ?Copy link| as \w[\w ]{0,30})?$"
HEADED = r"^(?:@?\S+ (?:opened this (?:issue|pull request)|(?:merged|wants to merge) \d+ commits?) .*|opened \S.* by .* · \d+ comments?)$"
REACTION = "(?:👍|👎|😄|🎉|😕|❤️?|🚀|👀)"
ENDED = (
    r"^(?:All reactions|Reactions are currently unavailable|React with .*|Pick your reaction|This was referenced.*|\d+ hidden items?"
    r"|\d+ remaining items?|Load more…?|Comment on lines? .*|Comment thread.*|(?:Outdated )?Show resolved.*|Hide resolved|(?:@\S+\s)?Reply(?:…|\.\.\.)"
    rf"|The content you are editing has changed\..*|There was an error while loading\..*|.{{1,90}} reacted with .* emoji.*|(?:{REACTION}\s?\d+\s*)+)$"
)
COMMENTED_CODE = "^(?:(?:Outdated )?Show resolved|Comment on lines? .*)"
FOOT = (
    r"^(?:Sign up for free(?: to join this conversation.*)?|Sign (?:in|up) to (?:comment|join this conversation).*"
    r"|to join this conversation.*|Add a comment|Leave a comment|\d+ participants?|© \d{4} GitHub.*)$"
)
HEADING = "^(?:Description|Activity|Comments|Conversation)$"
ITS_OWN = (
    r"^(?:.*to join this conversation.*|© \d{4} GitHub.*|No branches or pull requests|New [Ii]ssue|(?:Copy link )?Quote reply|Copy Markdown"
    "|Issue body actions|Choose a reason for hiding this comment|There was an error while loading.*)$"
)
SIDE = "^(?:Metadata|Assignees|Labels|Reviewers|Projects|Milestone)$"

LOGIN = r"[A-Za-z\d][A-Za-z\d_-]{0,38}?"
WHO = rf"(?:[*+•o-] |#+ )?@?{LOGIN}(?: [Bb]ot|\[bot\])?"
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
HOUR = r"(?:,? (?:at )?\d{1,2}:\d\d(?: ?[AaPp][Mm])?(?: [A-Z][\w+:]*)?)"
ISO = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?(?:[+-]\d\d:?\d\d|Z))?)?"
AGO = r"(?:just now|now|yesterday|last (?:week|month|year)|(?:an?|\d+) (?:sec|min|hour|day|week|month|year)[a-z]* ago)"
ENGLISH = rf"(?:(?:{MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {MONTH}(?: \d{{4}})?){HOUR}?|{AGO}|{ISO})"
DATE = rf"(?:{ENGLISH}|[^!?:;]{{0,18}}(?:19|20)\d\d[^!?:;\w]?[^!?:;]{{0,10}})"  # or one with a year
EDITED = r"(?:\s*(?:[•·].{0,60}|edited.{0,40}|via .{1,20}))?"
WHEN = rf"(?:on )?{DATE}(?:on {DATE})?{EDITED}"
# a date in whatever language, where who wrote is told beside it
ANY = rf"(?:on )?(?P<published_raw>{DATE}|\S[^!?:;]{{0,28}}?)(?:on {DATE})?{EDITED}"

BADGES = rf"^(?:{BADGE}\s*)+$"
BUTTONS = rf"^(?:[•·]\s*)?(?:(?:{BUTTON}|edited(?: by {LOGIN})?|Last edited by {LOGIN}|[•·])\s*)+$"
SAID = rf"^{WHO} ?(?:commented|left a comment) ?{WHEN}$"  # some renderers leave the spaces out
LOOSELY_SAID = rf"^{WHO} (?:commented|opened) {unnamed(ANY)}$"
UNDATED = rf"^{WHO} commented$"
THREADED = rf"^{WHO} (?:on )?{ENGLISH}{EDITED}$"
REVIEWED = rf"^(?:@\S+ )?{WHO} {VERDICT} {WHEN}$"
LEFT = rf"^(?:{WHO} )?left a comment$"
VERB = rf"^(?:commented|opened)(?: {unnamed(ANY)})?$"
JUDGED = rf"^{VERDICT}(?: {WHEN})?$"
STAMP = rf"^{WHEN}$"
NUMBER = r"^#\d+$"
HAPPENED = (
    rf"^(?:[*+•o-] )?(?:@{LOGIN} {WHO} {EVENT} .*|{WHO}(?:,? and {LOGIN})? {EVENT}(?: "
    rf"(?:.{{0,200}} )?(?:on {DATE}|{ENGLISH}){EDITED}| (?:.{{0,60}} )?{DONE}(?: .{{1,28}})?))$"
)
EVENT_LINE = rf"^(?:and {LOGIN} )?{EVENT}(?: .{{0,160}})?$"
PRONOUNS = ("i", "we", "you", "they", "he", "she", "it", "this", "that", "who", "somebody", "someone")

# the lines that say so, with what they tell
TITLE = r"^(?P<title>\S.*?)(?:\s*#\d+)?$"
NAMED = WHO.replace(LOGIN, f"(?P<handle>(?P<author>{LOGIN}))")
SAYS = rf"^(?:@\S+ )?{NAMED}(?: ?(?:commented|left a comment|opened|{VERDICT}) ?| )(?:{ANY})?$"
SAYS_ONLY = rf"^(?:(?:commented|opened|{VERDICT}) ?)?(?:{ANY})?$"

NAME = col.text.str.extract(rf"^{WHO.replace(LOGIN, f'({LOGIN})')}(?: .*)?$").fill_null("")
IS_WRITER = col.is_person & (col.name == col.wrote)
IS_HEAD_ABOVE = above(col.is_person | col.is_badge | col.is_button)
IS_LEAD = col.is_lead & before(col.is_core, col.is_lead)

FACTS = {
    "name": NAME,
    "is_badge": holds(BADGES),
    "is_button": holds(BUTTONS) | holds(REASONS) & after(holds("^Choose a reason$"), holds(REASONS)),
    "is_done": holds(EVENT_LINE),
    "is_person": holds(rf"^{WHO}$") & ~(col.is_badge | col.is_button | col.is_done | holds(rf"{VERB}|{STATE}|{SIDE}|{HEADING}")),
    "is_again": col.is_person & (col.name == from_above(col.name)),
    # a page's source tells each comment twice, first in a fold for when it is hidden
    "is_folded": after(
        holds("^Hide comment$") & lately(holds(HIDDEN), 3), col.is_button & ~holds(REASONS) | col.is_badge | col.is_person
    ),
    # what says that somebody wrote: a line that names who, or one below a name
    "leaves": pl.when(holds(LEFT)).then(pl.when(holds("^left ")).then(from_above(col.name)).otherwise("name"))
    .backward_fill().over("doc").fill_null(""),
    "is_judged": holds(JUDGED) & above(col.is_person & (col.name == col.leaves)) & soon(holds(LEFT), 10),
    "is_review": holds(REVIEWED) & (col.name == col.leaves) & soon(holds(LEFT), 10),
    "is_said": col.is_review | ~(soon(holds(HIDDEN), 2) | col.is_folded | holds(HEADED)) & (
        holds(SAID)
        | holds(LOOSELY_SAID) & (IS_HEAD_ABOVE | under(col.is_again))
        | holds(UNDATED) & under(col.is_again)
        | holds(THREADED) & ~holds(rf"{VERB}|{JUDGED}|^on ") & (IS_HEAD_ABOVE | under(col.is_badge | col.is_button))
    ),
    "is_verb": holds(VERB) & (above(col.is_person) | prev("^Description$") | next_("^Issue body actions$")) | col.is_judged,
    "is_dated": holds(STAMP) & above(col.is_again) & ~lately(col.is_said | col.is_verb, 5),
    "is_core": col.is_said | col.is_verb | col.is_dated,
    "nth": col.is_core.cum_sum().over("doc") - col.is_core.cast(pl.Int64),
    "is_opening": col.nth == 0,
    "is_last": col.is_core.sum().over("doc") == col.is_core.cum_sum().over("doc"),
    # who wrote what stands below, and above
    "who": pl.when(col.is_core).then(pl.when(col.is_said).then("name").otherwise(from_above(col.name)))
    .backward_fill().over("doc").fill_null(""),
    "wrote": pl.when(col.is_core).then("who").forward_fill().over("doc").fill_null(""),
    "is_lead": (col.is_person & (col.name == col.who) | col.is_badge | col.is_button) & ~col.is_core,
    "is_named": col.is_person & IS_LEAD & soon(col.is_core, 5),
    "is_stamp": holds(STAMP) & above(IS_WRITER | col.is_verb & holds(rf"^(?:commented|opened|{VERDICT})$"))
    | holds(rf"^{unnamed(ANY)}$") & (above(col.is_verb & holds("^commented$")) | holds("^on ") & above(IS_WRITER)),
    "is_header": ~col.is_core & (IS_WRITER | col.is_badge | col.is_button | col.is_stamp | holds(LEFT)),
    "is_below": after(col.is_core, col.is_header) & col.is_header,
    # the classic layout's title stands above who opened the conversation and how long it is: it is the page's
    "is_apart": (holds(HEADED) & col.is_opening).any().over("doc") | (times(col.is_core) == 0),
    "is_headline": col.is_opening & ~col.is_apart & soon(holds(rf"{STATE}|^Description$"), 3) & (holds(r".#\d+$") | next_(NUMBER)),
    # the present one may tell it twice: the post's own is the last
    "headline": pl.when(col.is_headline).then(col.text.str.extract(TITLE)).fill_null(""),
    "is_twin": col.is_headline & (col.headline == pl.when(col.is_headline).then("headline").drop_nulls().first().over("doc")),
    "is_title": col.is_twin & (col.is_twin.cum_sum().over("doc") == col.is_twin.sum().over("doc")),
    "is_top": col.is_opening & col.is_title.cum_max().over("doc"),
    "is_event": holds(HAPPENED) & ~col.is_opening & ~col.name.str.to_lowercase().is_in(PRONOUNS),
    "is_end": holds(rf"{STAMP}|\bon {DATE}$") & ~(col.is_core | col.is_below | col.is_event),
    "is_begun": col.is_named | col.is_core,
    "is_first": col.is_begun & (col.is_begun.cum_sum().over("doc", "nth") == 1) & ~col.is_top,
}  # fmt: skip
OUTSIDE = chrome("ui_message")
INSIDE = chrome("ui_message", inside=True)
FOOTER = chrome("footer")
IS_FOOT = col.is_last & ~col.is_opening
IS_ACTOR = (
    under(col.is_done) & (soon(col.is_end, 8) | (pl.len().over("doc", "text") > 1))
    | under(col.is_event) & (col.name == from_below(col.name))
    | holds("^@") & under(holds("^[0-9a-f]{7}$"), 2)
)  # fmt: skip
IS_HIDDEN = ~col.is_opening & (
    holds(HIDDEN) | next_(HIDDEN) & col.is_person | soon(holds(HIDDEN), 2) & holds(rf"{SAID}|{UNDATED}")
)

GRAMMAR = Grammar(
    kind="github_issue",
    # a line above what somebody wrote, and one that only such a page prints beside a conversation
    knows=(rf"{SAID}|{UNDATED}|^commented(?: {unnamed(ANY)})?$|^Description$|^Issue body actions$", rf"{HEADED}|{ITS_OWN}"),
    shape=times(holds(SAID) | holds(UNDATED) | holds(VERB)) > 0,
    facts=FACTS,
    marks=(
        Mark("title", TITLE, HEADER, below=INSIDE, opens="post", where=col.is_title),
        Mark("said", SAYS, HEADER, below=BODY, opens="post", where=col.is_first & col.is_said),
        Mark("name", rf"^{NAMED}$", HEADER, opens="post", where=col.is_first),
        Mark("then_said", SAYS, HEADER, below=BODY, where=col.is_said),
        Mark("wrote", SAYS_ONLY, HEADER, below=BODY, where=col.is_core),
        Mark("again", rf"^{NAMED}$", HEADER, where=col.is_named | col.is_below & col.is_person),
        Mark("date", rf"^{ANY}$", HEADER, where=col.is_stamp & col.is_below),
        Mark("left", LEFT, HEADER, where=col.is_below),
        Mark("button", ANYTHING, INSIDE, where=col.is_below | IS_LEAD & lately(col.is_named, 4) & ~col.is_person),
        Mark("lead", ANYTHING, OUTSIDE, below=OUTSIDE, where=IS_LEAD & ~col.is_top),
        Mark("foot", FOOT, FOOTER, below=FOOTER, where=IS_FOOT),
        Mark("side", SIDE, FOOTER, below=FOOTER, where=IS_FOOT & soon(holds(SIDE), 12)),
        Mark("hidden", ANYTHING, OUTSIDE, below=OUTSIDE, where=IS_HIDDEN),
        Mark("happened", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_event),
        Mark("actor", rf"^{WHO}$", OUTSIDE, below=OUTSIDE, where=IS_ACTOR),
        Mark("activity", "^Activity$", OUTSIDE, below=OUTSIDE, where=soon(col.is_core | col.is_done, 3)),
        Mark("reaction", rf"^{REACTION}$", OUTSIDE, below=OUTSIDE, where=next_(r"^\d+$")),
        Mark("file", r"^\S+[./]\S+$", OUTSIDE, below=OUTSIDE, where=soon(holds(COMMENTED_CODE), 2)),
        Mark("ended", ENDED, OUTSIDE, below=OUTSIDE, where=~col.is_opening),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top       : Looms
nav       : Star 340
nav       : Load more
nav       : ada commented on cards
nav       : Let cards be blank #87
nav       : New issue
nav       : Closed
title     | Let cards be blank#87
ui_message | Copy link
ui_message | Part of blank cards #88
ui_message | Labels
ui_message | none
again     | @ada
then_said | ada commented on Mar 3, 2019 • edited
body      | The last one jams #12

body      | ada

body      | Mar 3, 2019
body      | Author
body      | I added a check in 2018
body      | We closed this as a duplicate on Mar 2, 2019
body      | Copy link
body      | 👍
body      | Changelog
body      | added row 0
body      | Assignees
reaction  : 👍
ui_message : 3
happened  : @charles-b charles-b added the bug label on Mar 3, 2019
ui_message : charles-b
ui_message : Skip a blank one …
happened  : ada added a commit that referenced this issue 2 days ago
name      | @charles-b
button    | Member
then_said | charles-b commented on Mar 4, 2019 via email

body      | Resolved
body      | See All reactions here
body      | A 👍 on row
body      | 12
body      | Which loom commented on Mar 4, 2019?
body      | charles-b
body      | mary closed this, she said on Mar 4
ended     : All reactions
ui_message : Uh oh!
hidden    : @mary
hidden    : This comment has been minimized.
ui_message : Show comment
lead      : Contributor
said      | mary commented yesterday
body      | Sign up for free to join us
body      | No milestone
body      | Add a comment
actor     : charles-b
ui_message : self-assigned this
ui_message : on Mar 5, 2019
ui_message : Loom room
actor     : @tom
ui_message : Count cards
ui_message : 7afdf9d
name      | mary
then_said | mary commented vor 3 Tagen
again     | mary
date      | on vor 3 Tagen
button    | More actions
body      | Ja.

body      | on Monday
body      | Activity
body      | More Activity
activity  : Activity
actor     : mary
ui_message : locked and limited conversation to collaborators
ended     : 1 remaining item
said      | bob-k commented
again     | bob-k
button    | Owner
body      | No
hidden    : tom commented
hidden    : tom
hidden    : · Hidden as spam
name      | charles-b
wrote     | commented
date      | Mar 6, 2019
body      | yesterday it hummed
body      | commented
name      | charles-b
wrote     | commented
date      | il y a 3 jours
body      | Hm
actor     : mary[bot]
happened  : mary bot reviewed Mar 7, 2019
ui_message : src/reader.c
ui_message : + if (row)
lead      : Copy link
lead      : Member
said      | mary Mar 7, 2019
button    | Choose a reason for hiding this comment
button    | Choose a reason
button    | Spam
button    | Outdated
body      | Return 0:
body      | ada left 3 days ago
body      | See src/a.c or b
file      : src/cards.c
ended     : Comment on lines +3 to +4
ui_message : if (card)
name      | @mary
again     | mary
wrote     | 7 days ago
body      | And here.
ended     : @ada	Reply...
said      | ada approved these changes Mar 8, 2019
button    | View reviewed changes
left      | ada left a comment
body      | Thanks
body      | mary left
name      | bob-k
wrote     | requested changes
date      | Mar 9, 2019
again     | bob-k
left      | left a comment
body      | See below
ended     : Outdated Show resolved Hide resolved
name      | bob-k
wrote     | opened on Mar 9, 2019
body      | Last of
body      | the 4 participants here
ended     : 👀 1
foot      : Sign up for free
footer    : ada
side      : Labels
footer    : Milestone
footer    : ada commented on it
foot      : 4 participants
"""

EXPECT = (
    {
        "kind": "post",
        "title": "Let cards be blank",
        "author": "ada",
        "handle": "ada",
        "published_raw": "Mar 3, 2019",
        "body": "The last one jams #12\n\nada\n\nMar 3, 2019\n\nAuthor\n\nI added a check in 2018\n\nWe closed this as a duplicate on Mar 2, 2019\n\nCopy link\n\n👍\n\nChangelog\n\nadded row 0\n\nAssignees",
    },
    {
        "kind": "post",
        "author": "charles-b",
        "handle": "charles-b",
        "published_raw": "Mar 4, 2019",
        "body": "Resolved\n\nSee All reactions here\n\nA 👍 on row\n\n12\n\nWhich loom commented on Mar 4, 2019?\n\ncharles-b\n\nmary closed this, she said on Mar 4",
    },
    {
        "kind": "post",
        "author": "mary",
        "handle": "mary",
        "published_raw": "yesterday",
        "body": "Sign up for free to join us\n\nNo milestone\n\nAdd a comment",
    },
    {
        "kind": "post",
        "author": "mary",
        "handle": "mary",
        "published_raw": "vor 3 Tagen",
        "body": "Ja.\n\non Monday\n\nActivity\n\nMore Activity",
    },
    {"kind": "post", "author": "bob-k", "handle": "bob-k", "published_raw": None, "body": "No"},
    {
        "kind": "post",
        "author": "charles-b",
        "handle": "charles-b",
        "published_raw": "Mar 6, 2019",
        "body": "yesterday it hummed\n\ncommented",
    },
    {
        "kind": "post",
        "author": "charles-b",
        "handle": "charles-b",
        "published_raw": "il y a 3 jours",
        "body": "Hm",
    },
    {
        "kind": "post",
        "author": "mary",
        "handle": "mary",
        "published_raw": "Mar 7, 2019",
        "body": "Return 0:\n\nada left 3 days ago\n\nSee src/a.c or b",
    },
    {"kind": "post", "author": "mary", "handle": "mary", "published_raw": "7 days ago", "body": "And here."},
    {
        "kind": "post",
        "author": "ada",
        "handle": "ada",
        "published_raw": "Mar 8, 2019",
        "body": "Thanks\n\nmary left",
    },
    {
        "kind": "post",
        "author": "bob-k",
        "handle": "bob-k",
        "published_raw": "Mar 9, 2019",
        "body": "See below",
    },
    {
        "kind": "post",
        "author": "bob-k",
        "handle": "bob-k",
        "published_raw": "Mar 9, 2019",
        "body": "Last of\n\nthe 4 participants here",
    },
)
