"""Bug report: what was reported to a tracker, and the comments below it.

Source    pages of a bug, ticket or task in Bugzilla, Jira, Launchpad, Trac, Redmine, GitLab, Phabricator and SourceForge as text,
          flat or indented; Redmine's in English, German and Japanese, the others' in
          English. A comment is told by the line above it, which
          names who wrote it and when.
Dates     absolute or relative, as the line prints them.
Titles    Jira's, below the issue's key; elsewhere the page's heading is outside: no record has a title.
Limits    who reported a bug is known in Bugzilla and Redmine. What happened between the comments ("status: New → Confirmed") is
          chrome. Layouts that part the name from the date have no grammar.
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
    chrome,
    either,
    holds,
    indent,
    n,
    prev,
    soon,
    times,
    under,
    unnamed,
)

BULLET = r"(?:[*•o+-]\s+)?"
DAY = r"\d{4}-\d\d-\d\d"
CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?: [AaPp]\.?[Mm]\.?)?"
AGE = r"(?:.{0,24}\d.{0,16}|(?:about |over |almost )?an? \w+ ago|yesterday|today|just now)"
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
NAME, WHEN = r"(?P<author>\S.{0,60}?)", r"(?P<published_raw>"
LED = r"(?:\S.{0,24} )?#\d+ "
HEADS = {
    "bugzilla": rf"^(?:Description|Comment \d+) {NAME} {WHEN}{DAY} {CLOCK}(?: [A-Z]{{2,5}})?)(?: .*)?$",
    "jira": rf"^{NAME} added a comment - {WHEN}\d\d?/\w{{3,5}}\.?/\d\d(?:\d\d)? {CLOCK})(?: - edited)?(?: - Restricted to .{{1,60}})?$",
    "launchpad": rf"^(?:Revision history for this message )?{NAME} \((?P<handle>[\w.+-]+)\) wrote on {WHEN}{DAY}|.{{1,20}} ago):.*#\d+$",
    "trac_by": rf"^comment:\d+ (?:.* )?by {NAME}, {WHEN}{AGE})$",
    "trac_changed": rf"^comment:\d+ (?:.* )?Changed {WHEN}{AGE}) by {NAME}$",
    "gitlab": rf"^{BULLET}{NAME} @(?P<handle>[\w.-]+) · {WHEN}\S.{{2,40}})$",
    "phabricator": rf"^{NAME} added a comment\.\s?(?:Edited · ?)?{WHEN}(?:\w{{3}}, )?{MONTH} \d\d?(?: \d{{4}})?, {CLOCK})(?: .*)?$",
    "sourceforge": rf"^{BULLET}{NAME} - {WHEN}{DAY})$",
    "redmine_en": rf"^{LED}Updated by {NAME} {WHEN}(?:about |over |almost )?(?:\d+|an?|less than a) \w+ ago)$",
    "redmine_de": rf"^{LED}Von {NAME} {WHEN}(?:vor|etwa vor) .{{1,30}}) aktualisiert$",
    "redmine_ja": rf"^{LED}{NAME} が\s?{WHEN}\S{{1,12}})に更新$",
}
ADDED = {
    "added_en": rf"^Added by {NAME} {WHEN}(?:about |over |almost )?(?:\d+|an?|less than a) \w+ ago)\. Updated .*$",
    "added_de": rf"^Von {NAME} {WHEN}(?:vor|etwa vor) .{{1,30}}) hinzugefügt\..*$",
    "added_ja": rf"^{NAME} が\s?{WHEN}\S{{1,12}})に追加\..*$",
}
KEY = r"^(?:\d+\. |[*•+o-] )?[A-Z][A-Z0-9_]{1,14}-\d{1,7}$"  # of an issue in Jira, above its heading
CREATED = "^(?:.* )?(?:Issue|Incident|Task) created .* by .*$"  # above the heading of an issue in GitLab
OPENING = "^(?:Milestone: .* Private: .*|(?:Bug )?Description|Beschreibung|Description|Descripción|Descrição|Descrizione|Описание|Opis|説明|描述)$"
# below the opening post: headings and lines of the page's own
SECTION = either(
    *(
        "Attachments(?: .*)?",
        "Issue Links",
        "Activity",
        "People",
        "Dates",
        "Change History(?: .*)?",
        "Event Timeline",
        "Discussion",
    ),
    *(
        "Tags: .*",
        "See original description",
        "Related Objects",
        "Details",
        "Revisions and Commits",
        "Edited .* by .*",
        "Sub-?[Tt]asks",
    ),
    *(
        "Related issues.*",
        "History",
        "Historie",
        "Historique",
        "Histórico",
        "Storia",
        "История",
        "Historia",
        "履歴",
        "历史记录",
        "Subtickets",
    ),
    *("To upload designs, .*", "Zugehörige Tickets.*", "Demandes liées.*"),
)
FOOT = either(
    *(
        "People",
        "To post a comment you must log in.*",
        "Note: See TracTickets.*",
        "Download in other formats:",
        "Log [Ii]n to [Cc]omment",
    ),
    *(
        "Log in to post a comment.*",
        "Please (?:register|sign in).*",
        "Powered by Redmine.*",
        r".{3,40}:? ?(?:Atom|PDF|CSV) (?:PDF|Atom)",
    ),
    *(r"[*•] Format For Printing", "You need to .* before you can comment on or make changes to this bug.*"),
)
CHANGE = r"^[*•+o-] (?:[^:：]{1,32}[:：]? .*(?:→|⇒|->|-->).*|.{1,40} (?:changed|set|added|removed|deleted|modified|unset|geändert|hinzugefügt|変更)\b.*|.*に変更.*)$"
BUTTONS = r"^(?:Comment Actions|Author|Owner|Maintainer|Developer|Contributor|Reporter|Guest|Copy link|Actions|Reply|\[reply\].*|Hide|Show)$"
EVENT = either(
    rf".* on {DAY}",
    rf"\S.*?(?:task|subscriber|project|tag|priority|claimed|closed|moved|renamed|edited|mentioned|merged|awarded)\b.*{MONTH} \d\d? \d{{4}}, {CLOCK}(?: ·.*)?",
    rf"{BULLET}\S.* @[\w.-]+ [^·]+ · .{{2,40}}",
    r"[*•+] \S.{0,60} started a thread on .{1,60}",
    r"[*•] \w+: .* --> .*",
)

# whole lines that each prints beside its comments: the name of a tracker within a sentence tells nothing
OWN = {
    "bugzilla": r"^(?:.*\bBugzilla [–-] Bug \d+|(?:[*•] )?Format For Printing|Bug \d+(?: [–-] .*)?)$",
    "jira": rf"^(?:XMLWordPrintable|Activity|People|Comments|Watchers:.*)$|{unnamed(HEADS['jira'])}",
    "launchpad": "^(?:Bug Description|Other bug subscribers)$",
    "trac": r"^(?:Change History(?: \(\d+\))?|Note: See TracTickets .*|Powered by Trac(?: .*)?)$",
    "gitlab": "^(?:(?:[*•] )?(?:Explore GitLab|GitLab docs|About GitLab)|Please register or sign in to (?:reply|comment))$",
    "phabricator": "^(?:Event Timeline|Comment Actions|Page MenuPhabricator)$",
    "sourceforge": "^Milestone: .* Private: .*$",  # blogs have names with days and ask for a login too
    "redmine": "^Powered by Redmine(?: ©.*)?$",
}
ANY_HEAD = "|".join(unnamed(pattern) for pattern in HEADS.values())
ANY_ADDED = "|".join(unnamed(pattern) for pattern in ADDED.values())
IS_OPENED = times(holds(f"{OPENING}|{CREATED}|{ANY_ADDED}")) > 0
HEADS_OF = {
    own: times(holds("|".join(unnamed(p) for name, p in HEADS.items() if name.startswith(own))))
    for own in OWN
}
IS_OF = {
    own: ((times(holds(told)) > 0) & ((HEADS_OF[own] > 1) | ((HEADS_OF[own] > 0) & IS_OPENED))).cast(pl.Int32)
    for own, told in OWN.items()
}
ENDINGS = range(3)  # lines at most that a site sets below each comment ("Permalink")
HEAD_INDENT, FIRST_INDENT = (
    pl.when(edge).then(indent).forward_fill().over("doc") for edge in (col.is_head, above(col.is_head))
)
FACTS = {
    "is_head": holds(ANY_HEAD),
    "is_added": holds(ANY_ADDED) & ~col.is_head,
    "nth": col.is_head.cum_sum().over("doc"),
    "is_before": col.nth == 0,
    "is_opening": (holds(OPENING) | prev(CREATED)) & col.is_before,
    "is_issue": above(holds(KEY))
    & (col.is_opening.cum_sum().over("doc") == 0)
    & (times(col.is_opening) > 0)
    & (HEADS_OF["jira"] > 0),
    "is_begun": col.is_added | (col.is_issue & (col.is_issue.cum_sum().over("doc") == 1)),
    "is_end": holds(f"^{SECTION}$")
    & col.is_before
    & (~after(col.is_begun, ~col.is_begun & ~col.is_opening) | col.is_opening),
    "is_told": after(col.is_begun, ~col.is_begun & ~col.is_end) & col.is_before,
    "is_section": col.is_end & after(col.is_opening, ~col.is_opening & ~col.is_end),
    "is_first": above(col.is_opening) & ~col.is_told & ~col.is_end & col.is_before,
    "is_last": (col.nth == times(col.is_head)) & ~col.is_before,
    "is_foot": holds(f"^{FOOT}$") & col.is_last,
    "is_edge": (col.is_head & (col.nth > 1)) | col.is_foot,
    "is_low": soon(col.is_edge, len(ENDINGS)) & ~col.is_edge & ~above(col.is_head),
    "n_low": col.is_low.sum().over("doc", "text"),
    "is_alike": col.is_low & (col.n_low > 2) & (2 * col.n_low > times(col.is_head)),
    **{
        f"is_ending_{i}": col.is_alike & under(col(f"is_ending_{i - 1}") if i else col.is_edge)
        for i in ENDINGS
    },
    # an entry of a list left of the comment, whose words stand no further left than who wrote them
    "is_left": ~col.is_before
    & holds(r"^[*•+o-](?: |$)")
    & (indent < HEAD_INDENT)
    & (FIRST_INDENT >= HEAD_INDENT),
    "is_change": holds(CHANGE),
    "is_button": holds(BUTTONS),
    "is_own": (col.is_change | col.is_button) & after(col.is_head, col.is_change | col.is_button),
    "is_event": holds(f"^{EVENT}$") & ~col.is_head & ~col.is_before,
}
OUTSIDE = chrome("ui_message")
INSIDE = chrome("ui_message", inside=True)
FOOTER = chrome("footer")

GRAMMAR = Grammar(
    kind="bug_report",
    knows=(ANY_HEAD, "|".join(OWN.values())),
    shape=sum((IS_OF[name] for name in OWN), pl.lit(0)) > 0,
    facts=FACTS,
    marks=(
        *(Mark(name, pattern, HEADER, opens="post") for name, pattern in HEADS.items()),
        *(Mark(name, pattern, HEADER, below=INSIDE, opens="post") for name, pattern in ADDED.items()),
        Mark("issue", r"^(?P<title>.*)$", HEADER, below=INSIDE, opens="post", where=col.is_begun),
        Mark("description", ANYTHING, INSIDE, below=BODY, where=col.is_opening & col.is_told),
        Mark("first", ANYTHING, BODY, below=BODY, opens="post", where=col.is_first),
        Mark("section", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_section),
        Mark("left", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_left),
        Mark("ending", ANYTHING, OUTSIDE, where=pl.any_horizontal(col(f"is_ending_{i}") for i in ENDINGS)),
        Mark("own", ANYTHING, INSIDE, where=col.is_own),
        Mark("foot", ANYTHING, FOOTER, below=FOOTER, where=col.is_foot),
        Mark("event", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_event),
        Mark("words", ANYTHING, BODY, below=BODY, where=after(col.is_head, col.is_own) & ~col.is_head),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top          : Looms Bugzilla – Bug 921
nav          : Description of looms
nav          : * Log in
nav          : History
nav          : 2. LOOM-921
issue        | The loom jams
ui_message   | Details
ui_message   | * Type: Bug
description  | Description
body         | At row 12.
body         | LOOM-922
body         | Is it alike?
section      : Activity
ui_message   : All
added_en     | Added by Ada 3 years ago. Updated 2 years ago.
ui_message   | Status: New
description  | Description
body         | It jams.
body         | It says: Added by Ada 3 years ago. Updated 2 years ago.
body         | So: Von Ada vor 3 Jahren hinzugefügt. Noch neu.
added_de     | Von Ada vor 3 Jahren hinzugefügt. Vor 2 Jahren aktualisiert.
ui_message   | Status: Neu
description  | Beschreibung
body         | * Sie klemmt: immer → oft
added_ja     | 花子 が3年前に追加. 2年前に更新.
ui_message   | 状態: 新規
description  | 説明
body         | 止まる。
section      : Attachments (1)
ui_message   : a.png
ui_message   : Bug Description
first        | The row is lost.
body         | Edited by hand, it is
section      : Tags: loom
ui_message   : row
ui_message   : Comment 1 of three: it was 2019-03-05
bugzilla     | Description Ada 2019-03-05 10:12:33 UTC
own          | * Priority: set to high
words        | Which row?
body         | * Priority: low → high
body         | Attachments (1)
ending       : Permalink
ending       : Collapse
bugzilla     | Comment 1 Charles B 2019-03-06 10:12 CET
words        | All.
body         | Permalink
body         | to all
body         | As was told above, Comment 1 Ada 2019-03-05 10:12 CET
body         | see comment:1 by tom, 3 years ago
body         | As it was said long before, #1 Updated by Ada 3 years ago
body         | As it was said long before, #1 Von Ada vor 3 Jahren aktualisiert
ending       : Permalink
ending       : Collapse
jira         | mary added a comment - 05/Mar/19 10:12 - edited
words        | See Ada added a comment - 05/Mar/19 10:12 there
ending       : Permalink
ending       : Collapse
launchpad    | Revision history for this message Ada (ada-b) wrote on 2019-03-05: Re: row #3
words        | People
event        : Tom on 2019-03-05
ui_message   : status: New → Confirmed
trac_by      | comment:1 by tom, 3 years ago
own          | * Status: new → closed
own          | Author
words        | It is.
ending       : Permalink
ending       : Collapse
trac_changed | comment:2 Changed 2 years ago by Ada
words        | Log in to comment
ending       : Permalink
ending       : Collapse
gitlab       |   * Ada @ada · 3 years ago
own          |   Owner
words        |   Hm.
body         |   * One
body         | Two
event        :   * Tom started a thread on the diff
ui_message   :   row.c
gitlab       |   * Tom @tom · 2 years ago
words        |   Yes.
left         : * Tom approved
ui_message   :   with a row
ending       : Permalink
gitlab       | * Ada @ada · 3 years ago
words        | Both.
event        : * Ada @ada added a row · 3 years ago
ui_message   : row
phabricator  | Mary S added a comment.Mar 5 2019, 10:12 PM
own          | Comment Actions
words        | Yes
event        : Tom closed this task.Mar 6 2019, 1:12 AM
sourceforge  | * tom - 2019-03-07
sourceforge  | See * tom - 2019-03-07
own          | * status: open --> closed
redmine_en   | Actions #1 Updated by Ada about 3 years ago
own          | * Status changed from New to Closed
words        | No
ending       : Permalink
ending       : Collapse
redmine_de   | #2 Von Ada vor 3 Jahren aktualisiert
words        | Ja
ending       : Permalink
ending       : Collapse
redmine_ja   | #3 花子 が3年前に更新
words        | はい
body         | Owner
body         | Powered by looms
ending       : Permalink
ending       : Collapse
foot         : Powered by Redmine
footer       : Comment
"""
EXPECT = (
    {
        "kind": "post",
        "title": "The loom jams",
        "author": None,
        "body": "At row 12.\n\nLOOM-922\n\nIs it alike?",
    },
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "3 years ago",
        "body": "It jams.\n\nIt says: Added by Ada 3 years ago. Updated 2 years ago.\n\nSo: Von Ada vor 3 Jahren hinzugefügt. Noch neu.",
    },
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "vor 3 Jahren",
        "body": "* Sie klemmt: immer → oft",
    },
    {
        "kind": "post",
        "author": "花子",
        "published_raw": "3年前",
        "body": "止まる。",
    },
    {
        "kind": "post",
        "author": None,
        "body": "The row is lost.\n\nEdited by hand, it is",
    },
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "2019-03-05 10:12:33 UTC",
        "body": "Which row?\n\n* Priority: low → high\n\nAttachments (1)",
    },
    {
        "kind": "post",
        "author": "Charles B",
        "published_raw": "2019-03-06 10:12 CET",
        "body": "All.\n\nPermalink\n\nto all\n\nAs was told above, Comment 1 Ada 2019-03-05 10:12 CET\n\nsee comment:1 by tom, 3 years ago\n\nAs it was said long before, #1 Updated by Ada 3 years ago\n\nAs it was said long before, #1 Von Ada vor 3 Jahren aktualisiert",
    },
    {
        "kind": "post",
        "author": "mary",
        "published_raw": "05/Mar/19 10:12",
        "body": "See Ada added a comment - 05/Mar/19 10:12 there",
    },
    {
        "kind": "post",
        "author": "Ada",
        "handle": "ada-b",
        "published_raw": "2019-03-05",
        "body": "People",
    },
    {
        "kind": "post",
        "author": "tom",
        "published_raw": "3 years ago",
        "body": "It is.",
    },
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "2 years ago",
        "body": "Log in to comment",
    },
    {
        "kind": "post",
        "author": "Ada",
        "handle": "ada",
        "published_raw": "3 years ago",
        "body": "Hm.\n\n* One\n\nTwo",
    },
    {
        "kind": "post",
        "author": "Tom",
        "handle": "tom",
        "published_raw": "2 years ago",
        "body": "Yes.",
    },
    {
        "kind": "post",
        "author": "Ada",
        "handle": "ada",
        "published_raw": "3 years ago",
        "body": "Both.",
    },
    {
        "kind": "post",
        "author": "Mary S",
        "published_raw": "Mar 5 2019, 10:12 PM",
        "body": "Yes",
    },
    {
        "kind": "post",
        "author": "tom",
        "published_raw": "2019-03-07",
        "body": None,
    },
    {
        "kind": "post",
        "author": "See * tom",
        "published_raw": "2019-03-07",
        "body": None,
    },
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "about 3 years ago",
        "body": "No",
    },
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "vor 3 Jahren",
        "body": "Ja",
    },
    {
        "kind": "post",
        "author": "花子",
        "published_raw": "3年前",
        "body": "はい\n\nOwner\n\nPowered by looms",
    },
)
