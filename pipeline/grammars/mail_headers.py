"""Mail headers: messages of an archive, each below the header lines it was sent with.

Source    pages of MHonArc (Debian's lists), MARC, Debian's bug reports, digests, a month's text of pipermail, archives of
          newsgroups, as text. A message is told by lines next to each other that say who sent it, about what and when, in
          the languages that mail programs print them in.
Dates     of the header, with their time zone.
Titles    the subject.
Limits    what is quoted from another message is a part of this one, header lines and all where a line above says so. A signature
          is told by the line `-- ` above it. What a bug tracker does to a report ("Information forwarded to …") is chrome, as
          are links to other messages. Lists of messages are another kind of page.
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
    either,
    gap,
    holds,
    lately,
    n,
    n_chars,
    soon,
    times,
    under,
    words,
)

BULLET = r"(?:[*•o+-]\s+)?"
FROM = words(
    *(
        "From",
        "Von",
        "De",
        "Da",
        "Van",
        "Od",
        "Från",
        "Fra",
        "Kimden",
        "От",
        "От кого",
        "差出人",
        "发件人",
        "寄件者",
        "보낸 사람",
    )
)
SUBJECT = words(
    *(
        "Subject",
        "Betreff",
        "Objet",
        "Sujet",
        "Asunto",
        "Oggetto",
        "Assunto",
        "Onderwerp",
        "Temat",
        "Ämne",
        "Emne",
    ),
    *("Konu", "Předmět", "Tárgy", "Тема", "件名", "主题", "主旨", "제목"),
)
DATE = words(
    *(
        "Date",
        "Datum",
        "Fecha",
        "Data",
        "Dato",
        "Tarih",
        "Dátum",
        "Sent",
        "Gesendet",
        "Envoyé",
        "Enviado",
        "Inviato",
    ),
    *("Дата", "日付", "日時", "送信日時", "日期", "날짜"),
)
KEY = r"\s?[:：]\s*"
OTHER = (
    r"(?i:to|cc|bcc|an|à|para|a|aan|komu|do|til|till|кому|kopie|copie|cco?|copia|sender|path|lines|list|organi[sz]ation"
    r"|newsgroups|keywords|references|rcvd|[a-z]+(?:-[a-z]+)+|宛先|收件人|받는 사람)"
)
FIELD = rf"^{BULLET}(?:{FROM}|{SUBJECT}|{DATE}|{OTHER}){KEY}\S"
SENDER = rf"^{BULLET}{FROM}{KEY}(?:\"?(?P<author>[^\"<@(]*[^\"<@(\s])\"?\s*[<(].*|\S.*)$"
COMMENTED = rf"^{BULLET}{FROM}{KEY}\S+@\S+\s*\((?P<author>[^()]*)\).*$"
# "ada at mill.example", in angles with the word of any language for it
ADDRESS = r"(?:<[\w.+-]+ [^\W\d]{1,3} (?:[\w-]+\.)+\w+>|\S+\s?(?:@| at | \(\) |\(at\)|\[at\])\s?[\w-]+(?:\.|\s?\(dot\)\s?| ! )\w)"
FORWARDED = (
    r"^(?:>|(?:[-_*]{2,}\s*)?(?:Original(?: Message|nachricht)?|Ursprüngliche Nachricht|(?:Begin )?[Ff]orwarded (?:[Mm]essage|by)"
    r"|Weitergeleitete Nachricht|Message (?:d['’]origine|transféré)|Mensaje (?:original|reenviado)|Messaggio originale"
    r"|Исходное сообщение)\b)"
)
OUTER = r"^(?:From \S+ ?(?:@| at )\s?\S+\s.*\d{4}|Message #\d+ received at .*:|Message: \d+)$"
ACT_WORDS = either(
    *(
        "(?:Report|Information) forwarded to .*",
        "Acknowledgement sent to .*",
    ),
    r"(?:Bug|[A-Z][a-z]+) .*\(\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\).*",
)
ACT = f"^{ACT_WORDS}$"
RULE = r"^[-_=*]{10,}$"
FOOT_WORDS = either(
    *(
        "Reply to:",
        r"\[(?:Date |Thread )?[Pp]rev\b.*",
        r"Configure \| About.*",
        "Follow-Ups:",
        "Attachment:.*",
        "Reply via email to",
    ),
    *("Send a report that this bug log contains spam.*", "End of .* Digest.*", "Archive powered by .*"),
    r"[*•o+-]\s+(?:Prev(?:ious)?|Next)\b.*",
)
FOOT = f"^{FOOT_WORDS}$"
SENTENCE = r"\p{L}{2}[)\"'”’»]*(?:[.!?…][)\"'”’»]*(?:\s|$)|[。！？])"
LONG = 50  # characters of a line that may be wrapped
MOST_ABOVE = 4  # so many ends and wraps may stand above the first message

IN_RUN = ("doc", "run")
IS_SENT = holds(rf"^{BULLET}{FROM}{KEY}.*{ADDRESS}")
IS_ABOUT = holds(rf"^{BULLET}(?:{SUBJECT}{KEY}|{DATE}{KEY}.*\d)")
IS_WRAPPED = (n_chars > LONG) & under((gap == 0) & holds(r"^\p{Ll}"))
# the weight of prose: ends of sentences, and sentences that go on below, however long the lines are
PROSE = col.text.str.count_matches(SENTENCE) + IS_WRAPPED.cast(pl.UInt32)
IS_NUMBERED = holds(r"^Message: \d+$") & soon(IS_SENT, 3)  # of a digest, whose list says much above them
IS_ABOVE = IS_SENT.cum_sum().over("doc") == 0
FACTS = {
    "is_field": holds(FIELD),
    "run": pl.when(col.is_field)
    .then((col.is_field & (~above(col.is_field) | (gap > 0))).cum_sum())
    .fill_null(0),
    "is_sent": (col.is_field & IS_SENT).any().over(*IN_RUN),
    "is_about": (col.is_field & IS_ABOUT).any().over(*IN_RUN),
    "is_below": lately(holds(FORWARDED), 2),
    "is_cited": (col.is_field & col.is_below).any().over(*IN_RUN),
    "is_run": col.is_field & col.is_sent & col.is_about & ~col.is_cited,
    "is_outer": holds(OUTER) & soon(col.is_run, 2),
    "is_head": col.is_run | col.is_outer,
    "subject": pl.when(col.is_run)
    .then(col.text.str.extract(rf"^{BULLET}{SUBJECT}{KEY}(.*)$"))
    .backward_fill()
    .over("doc"),
    "is_title": under(col.is_run) & ~col.is_head & (col.text == col.subject),  # said again above
    "is_open": (col.is_head | col.is_title) & ~above(col.is_head | col.is_title),
    "nth": col.is_open.cum_sum().over("doc"),
    "is_rule": holds(RULE),
    "is_parting": col.is_rule & soon(col.is_open, 2),
    "is_last": (col.nth == times(col.is_open)) & (col.nth > 0) & ~col.is_head,
    # the rule between messages, below the last
    "is_closing": col.is_rule & col.is_last & (col.is_parting.sum().over("doc", "text") > 1),
}
OUTSIDE = chrome("ui_message")
FOOTER = chrome("footer")
OWN_FOOTER = chrome("footer", inside=True)
FIELDS = {
    "commented": COMMENTED,
    "from": SENDER,
    "subject": rf"^{BULLET}{SUBJECT}{KEY}(?P<title>\S.*)$",
    "date": rf"^{BULLET}{DATE}{KEY}(?P<published_raw>\S.*\d.*)$",
    "field": FIELD + ".*$",
}

GRAMMAR = Grammar(
    kind="mail_headers",
    knows=(rf"^{BULLET}{FROM}{KEY}.*{ADDRESS}", rf"^{BULLET}(?:{SUBJECT}|{DATE}){KEY}\S"),
    shape=(times(IS_SENT & (soon(IS_ABOUT, 4) | lately(IS_ABOUT, 4))) > 0)
    & ((pl.when(IS_ABOVE & ~holds(ACT)).then(PROSE).otherwise(0).sum().over("doc") <= MOST_ABOVE) | (times(IS_NUMBERED) > 1)),
    facts=FACTS,
    marks=(
        Mark("title", ANYTHING, HEADER, opens="post", where=col.is_title),
        Mark("outer", OUTER, HEADER, opens="post", where=col.is_open & col.is_outer),
        *(Mark(f"first_{name}", pattern, HEADER, opens="post", where=col.is_open & col.is_run) for name, pattern in FIELDS.items()),
        *(Mark(name, pattern, HEADER, where=col.is_run) for name, pattern in FIELDS.items()),
        Mark("words", ANYTHING, BODY, below=BODY, where=above(col.is_run)),
        Mark("act", ACT, OUTSIDE, below=OUTSIDE, where=soon(col.is_open, 16)),
        Mark("rule", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_parting),
        Mark("closing", ANYTHING, FOOTER, below=FOOTER, where=col.is_closing),
        Mark("foot", FOOT, FOOTER, below=FOOTER, where=col.is_last),
        Mark("signature", r"^--$", OWN_FOOTER, below=OWN_FOOTER),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip
SAMPLE = """
top             : Looms, 5 March 2019
nav             : From: the weavers of Leeds
title           | Which card is first?

field           | * To: looms@example.org
subject         | * Subject: Which card is first?
from            | * From: "Ada von Loom" <ada@example.org>
date            | * Date: Tue, 5 Mar 2019 10:12:33 +0100
field           | To: all

words           | * Subject: Which: 1 or 2
body            | From: the left
body            | ----------------
body            | Set it anew
signature       | --
footer          | Ada
footer          | 3 cards
footer          | a Message #9 received at it:
rule            : ----------------
ui_message      : 2 more
outer           | Message #10 received at 921@example.org:
from            | From: Charles (Leeds) charles at example.org
date            | Sent: 5 March 2019
words           | Ada wrote:
body            | -----Original Message-----
body            | From: Ada <ada@example.org>
body            | Subject: Which card is first?
body            | The second.
body            | Reply to:
signature       | --
footer          | Charles
act             : Bug 921 reopened by Ada. (Tue, 05 Mar 2019 10:12:04 GMT) (full text)
act             : Information forwarded to looms@example.org:
ui_message      : Bug#921
first_commented | Von: mary@example.org (Mary S)
subject         | Betreff: Re: Which card is first?
words           | Neither.
act             : Acknowledgement sent to Mary:
first_subject   | Objet : Cartes
from            | De : Tom <tom@example.org>
words           | Oui
rule            : ----------------
first_from      | Von: Bob <bob@example.org>
field           | X-Loom: 3
date            | Date: 6 Mar 2019
words           | Hm
body            | a rule ---------------- it is
body            | as Acknowledgement sent to me
first_field     | Path: leeds!ada (From: x@example.org (Tom), Subject: Ha, Date: 3)
field           | X-Was: From: y@example.org (Tim), Subject: Ho, Date: 4
commented       | From: x@example.org (Tom)
subject         | Subject: Ha
words           | And: so
body            | it is
first_date      | Date: Wed, 6 Mar 2019 10:12:33 +0000
from            | From: Ada <ada@example.org>
words           | It is the second, so
body            | Information forwarded to us says
body            | she says: Reply to: me
body            | ____________
closing         : ----------------
footer          : the looms' list
foot            : Reply to:
footer          : Ada
foot            : * Prev by Date: Cartes
footer          : Thread
"""
EXPECT = (
    {
        "kind": "post",
        "title": "Which card is first?",
        "author": "Ada von Loom",
        "published_raw": "Tue, 5 Mar 2019 10:12:33 +0100",
        "body": "* Subject: Which: 1 or 2\n\nFrom: the left\n\n----------------\n\nSet it anew",
    },
    {
        "kind": "post",
        "author": "Charles",
        "published_raw": "5 March 2019",
        "body": "Ada wrote:\n\n-----Original Message-----\n\nFrom: Ada <ada@example.org>\n\nSubject: Which card is first?\n\nThe second.\n\nReply to:",
    },
    {
        "kind": "post",
        "title": "Re: Which card is first?",
        "author": "Mary S",
        "body": "Neither.",
    },
    {
        "kind": "post",
        "title": "Cartes",
        "author": "Tom",
        "body": "Oui",
    },
    {
        "kind": "post",
        "author": "Bob",
        "published_raw": "6 Mar 2019",
        "body": "Hm\n\na rule ---------------- it is\n\nas Acknowledgement sent to me",
    },
    {
        "kind": "post",
        "title": "Ha",
        "author": "Tom",
        "body": "And: so\n\nit is",
    },
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "Wed, 6 Mar 2019 10:12:33 +0000",
        "body": "It is the second, so\n\nInformation forwarded to us says\n\nshe says: Reply to: me\n\n____________",
    },
)
