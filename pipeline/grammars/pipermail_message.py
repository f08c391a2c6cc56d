"""Pipermail: the page of one message in a mailing list's archive.

Source    a message's page of Mailman 2's archives as text, in any of its languages: the subject, who wrote it, when, the links to
          its neighbours, told by their form ("Messages sorted by: [ date ] [ thread ] …"), the message, and these links again.
Dates     as the page prints them, in the list's time zone.
Titles    the subject, with the list's name before it.
Limits    a signature is told by the line `-- ` above it. A digest's messages are read by their headers, as `mail_headers`. Lists of messages are another kind of page.
"""

from polars import col

from pipeline.grammar import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
    above,
    before,
    chrome,
    holds,
    lately,
    n,
    next_,
    times,
    under,
)

BULLET = r"(?:[*•o+-]\s+)?"
SORTED = rf"^{BULLET}[^\[\]]{{2,60}}[:：]\s*(?:\[[^\[\]]{{1,30}}\]\s*){{3,4}}$"
NEIGHBOUR = rf"^{BULLET}[^:：\[\]]{{4,60}}[:：](?:\s.*)?$"
ADDRESS = r"\S+ (?:at|@|en|em|à|bei|na|på|в|v|u|a|op|ved|kl|hos) [\w-]+(?:\.[\w-]+)+|[\w.+-]+@[\w.-]+"
AUTHOR = rf"^(?P<author>\S.*?)\s+(?:{ADDRESS})$"
WHEN = r"^(?P<published_raw>\S.*\d:\d\d.*)$"
PART = r"^(?:-{6,} next part -{6,}|(?:A non-text|An HTML|A text/\w+) attachment was scrubbed.*|(?:URL|Url) ?: ?<.*>)$"
SIGNATURE = r"^--$"
NUMBERED = r"^\S{3,20}: \d{1,3}$"  # "Message: 1", of a digest's; their headers are read by `mail_headers`
FIELD = r"^(?:Date|From|Subject): \S"

FACTS = {
    "is_sorted": holds(SORTED),
    "is_told": holds(NEIGHBOUR) & ~col.is_sorted,
    "nth": col.is_sorted.cum_sum().over("doc"),
    # links stand above those that sort, next to each other
    "is_link": col.is_sorted | col.is_told & before(col.is_sorted, col.is_told),
    "is_first": (col.nth == 0) | col.is_sorted & (col.nth == 1),
    "is_near": col.is_link & col.is_first,
    "is_when": holds(WHEN) & under(col.is_near) & ~col.is_near,
    "is_author": under(col.is_when),
    "is_title": under(col.is_author),
    "is_far": col.is_link & ~col.is_near,
}
INSIDE = chrome("nav", inside=True)
FOOTER = chrome("footer")
OWN_FOOTER = chrome("footer", inside=True)

GRAMMAR = Grammar(
    kind="pipermail_message",
    knows=(SORTED, NEIGHBOUR, AUTHOR),
    shape=(times(holds(SORTED)) == 2) & (times(holds(NUMBERED) & next_(FIELD)) < 2),
    facts=FACTS,
    marks=(
        Mark("title", r"^(?P<title>\S.*)$", HEADER, opens="post", where=col.is_title),
        Mark("author", AUTHOR, HEADER, where=col.is_author),
        Mark("when", WHEN, HEADER, where=col.is_when),
        Mark("near", ANYTHING, INSIDE, below=BODY, where=col.is_near),
        Mark("rule", r"^[-_─=]{10,}$", INSIDE, where=above(col.is_near) | under(col.is_far)),
        Mark("far", ANYTHING, FOOTER, below=FOOTER, where=col.is_far),
        Mark("signature", SIGNATURE, OWN_FOOTER, below=OWN_FOOTER, where=~lately(col.is_near, 2)),
        Mark("part", PART, OWN_FOOTER, below=OWN_FOOTER),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top       : Looms
nav       : Archives
title     | [Looms] Which card is first?

author    | Ada von Loom ada at example.org
when      | Tue Mar  5 10:12:33 UTC 2019

near      | * Previous message: [Looms] When: 3 pm?
near      | * Messages sorted by: [ date ] [ thread ] [ subject ] [ author ]
rule      | ----------

body      | --
body      | Hello all,

body      | * On Tue 10:12 Charles charles at example.org wrote:
body      | > Which card: [ 1 ] or [ 2 ]?
body      | An HTML attachment
body      | Charles charles at example.org
body      | as in: -------------- next part --------------

body      | ----------
body      | The last --
body      | Ada
signature | --
footer    | Ada, Looms
part      | -------------- next part --------------
part      | A non-text attachment was scrubbed...
footer    | Name: a.sig
rule      | ----------

far       : * Previous message: [Looms] When: 3 pm?
far       : * Messages sorted by: [ date ] [ thread ] [ subject ] [ author ]
footer    : More information about the Looms mailing list
"""
EXPECT = (
    {
        "kind": "post",
        "title": "[Looms] Which card is first?",
        "author": "Ada von Loom",
        "published_raw": "Tue Mar  5 10:12:33 UTC 2019",
        "body": "--\n\nHello all,\n\n* On Tue 10:12 Charles charles at example.org wrote:\n\n> Which card: [ 1 ] or [ 2 ]?\n\nAn HTML attachment\n\nCharles charles at example.org\n\nas in: -------------- next part --------------\n\n----------\n\nThe last --\n\nAda",
    },
)
