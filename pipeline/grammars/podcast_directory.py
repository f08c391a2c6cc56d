"""Podcast directory: a podcast's page, its episodes as bullets: show notes, a table of contents, a transcript.

Source    podtail.com and its like, the rendered page as text: episodes are bullets, what they hold stands deeper.
Dates     none: the page prints none, nor titles, nor bylines.
Editions  the site's own words are told by where they stand: what is no bullet and not indented is navigation; a bullet
          of two short lines, a question first, is a message. So any language will do.
Talk      a name with a time stamp speaks; without one it must speak again, below the heading of a transcript twice,
          elsewhere four times. A name is capitalised words; what is not must be met more often to be one.
Blurbs    a paragraph of the notes in several episodes is the publisher's; and so is any line with which episodes end.
          A host who speaks it in mid-talk says it.
Limits    on a page of one episode nothing recurs: its blurb is body. A word said alone on a line, twice, in a transcript
          that sets names alone on a line, is taken for a name. A speaker in lower case who has no time stamp and speaks
          less than five times is not found. A list of topics without times is known by its heading only. The first
          line of an episode is a paragraph, whatever it says.
"""

import polars as pl
from polars import col

from pipeline.grammar import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
    Recurring,
    above,
    among,
    block,
    chrome,
    flow,
    holds,
    indent,
    label,
    n,
    printed,
    recorded,
    soon,
    under,
    within,
    words,
)

SAID = printed("podcast_directory").values()
LETTER = printed("newsletter").values()

# A name is capitalised words, with particles between. The two engines share no class of capitals, so a first letter
# is said by what it is not: marks and small letters of Latin-1, marks of other scripts.
FIRST = r"[^\x00-@\[-¿×÷ß-öø-ÿ\u2000-\u2bff\u3000-\u303f\uff00-\uff20]"
REST = r"[^\s:：;,，、。?？!！…“”\"()（）\[\]]"
END = r"[^\s.:：;,，、。?？!！…“”\"()（）\[\]]"
PARTICLE = r"(?:d[aeio]s?|del|der|den|van|von|zu|und|and|bin|ibn|al|el|la|le|ter|ten|af|av|y|e|&|\+|/)"
NAME = rf"(?:{FIRST}{REST}*\s(?:{PARTICLE}\s)*)*(?:{FIRST}(?:{REST}*{END})?|[A-Z]\.|[JS]r\.)(?:\s\d\d?)?"

STAMP = r"\d{1,3}:\d\d(?::\d\d)?"
TIMED = rf"\s?[(（\[](?P<start>{STAMP})[)）\]][:：]?\s*(?P<text>.*)$"
STAMPED = r"[(（\[]\d{1,3}:\d\d"
TURN = rf"^(?P<speaker>{NAME}){TIMED}"
ODD_TURN = rf"^(?P<speaker>[^\s:：?!;*◦▪▸►‣·–—-][^:：?!;]{{0,59}}?){TIMED}"
NAMED = rf"^(?P<speaker>{NAME})\s?[:：]\s*(?P<text>.*)$"
ODD_NAMED = r"^(?P<speaker>[^:：]{0,39}[^:：\s\d])\s?[:：]\s*(?P<text>.*)$"
BARE = rf"^(?P<speaker>{NAME})$"
ODD_BARE = r"^(?P<speaker>[^!?…,;:]{0,39}[^\s.!?…,;:])$"
# What may be the first line of a talk: a stamp, a colon, a short line that is no sentence, a number.
TALK = rf"^(?:.{{1,60}}[(（\[]{STAMP}[)）\]]|[^:：]{{1,40}}[:：]|[^–—-](?:.{{0,38}}(?:[^.!?。]|\s[A-Z]\.|[JS]r\.))?$|[A-Z\d][.)] )"

EPISODE = r"^•(?:\s+(?P<text>\S.*))?$"
ASIDE = r"^•\s.{1,70}[?？;؟]$"
ITEM = r"^[*◦▪▸►‣·–-]\s+(?P<text>\S.*)$"
CHAPTER = (
    rf"^(?:[*◦▪▸►‣·–-]\s+)?[(\[]?(?P<start>{STAMP})(?:\s?[–—-]\s?{STAMP})?[)\]]?"
    r"(?:\s*[–—|:·→-]\s*|\s+)(?P<text>\S.*)$"
)
UNTIMED = r"^[^\s*•–—-].{0,110}[^\s.:,;。…]$"
TITLE = r"^[^\s*•–—-].{0,90}[^\s.!?,;。！？…]$"
CONTENTS = rf"^(?i:{words(*(form for w in SAID for form in w['contents']))})\s?[:：]?$"
STEMS = words(*{stem for w in SAID for form in w["transcript"] for stem in (form, form.upper())})
TITLED = rf"^[^\p{{Ll}}•].*{STEMS}"
PART = rf"(?:(?:[A-Z]|\d{{1,2}}|[IVX]{{1,4}})[.)]|{words(*(form for w in SAID for form in w['parts']))}\s\S{{1,9}})"
SECTION = rf"^{PART}\s+\S.{{0,98}}[^\s.!?,;:…]$"
BUTTON = rf"^{words(*(form for w in LETTER for form in w['buttons']))}[.!]?$"
PROMO = rf"^{words(*(form for w in SAID for form in w['promos']))}"
PLEA = words(*(form for w in LETTER for form in w["pleas"]))
LINK = r"\S\.\w+/(?:subscribe|adchoices|privacy)$"
LINKED = r"://|www\."

# Conditions ask first what costs least: a pattern is tried only where the rest holds.
n_bytes = col.byte_end - col.byte_start
in_notes = within("", "contents", "schedule")
in_talk = within("transcript", "named")
in_speech = within("transcript", "named", "timed")
is_bullet = among(indent <= 3, EPISODE)  # a list within an episode's notes stands deeper
is_full = under(indent >= 4) | (n_bytes >= 120)  # an episode, not an entry of a list
is_end = is_bullet | (indent == 0)
is_aside = (indent <= 3) & under(~col.is_promo & (n_bytes <= 160)) & (under(is_end, 2) | (col.n_left == 1))
is_talk = among(above(col.is_titled) | above(col.is_titled, 2), TALK)
is_timed = col.is_contents & soon(col.is_chapter, 2)
is_near = above(col.is_chapter) | above(col.is_chapter, 2) | soon(col.is_chapter, 2) | above(col.is_contents)
is_listed = above(col.is_contents) | above(among(within("contents"), UNTIMED) & ~col.is_chapter)
is_led = under(within("timed", "named")) | under(col.is_chapter) & soon(under(col.is_chapter), 2)

# What no other page of bullets has. Only the top and the foot of a page are asked, so a talk may be cut short.
is_short = n_bytes <= 160
speaker = pl.when(among(indent >= 4, NAMED)).then("text").str.extract(r"^([^:：]+)")
two_talk = (speaker.drop_nulls().unique_counts() >= 4).sum() >= 2
is_told = (indent >= 4) & (
    among(holds(STAMPED), TURN)
    | holds(CHAPTER)
    | among(n_bytes <= 80, CONTENTS)
    | among(n_bytes <= 400, rf"{BUTTON}|{PROMO}|{LINK}")
    | among(n_bytes <= 400, PLEA)
    | (among(is_short, TITLED) & ~among(is_short, LINKED) & under(among(is_short, TALK)))
)

FACTS = {
    "is_stamped": holds(STAMPED),
    "is_turn": among(col.is_stamped, TURN),
    "is_chapter": holds(CHAPTER),
    "is_contents": among(n_bytes <= 80, CONTENTS),
    "is_part": among(n_bytes <= 200, SECTION),
    "is_promo": among(n_bytes <= 400, rf"{BUTTON}|{PROMO}") | among(n_bytes <= 400, PLEA) | holds(LINK),
    "is_titled": among(n_bytes <= 160, TITLED),
    "is_transcript": col.is_titled
    & ~among(col.is_titled, LINKED)
    & (under(is_talk) | under(is_talk, 2) & among(col.is_titled, r"[^.!?。]$")),
}
TURNS = flow("turn")

GRAMMAR = Grammar(
    kind="podcast_directory",
    knows=(EPISODE,),
    shape=is_bullet.cum_max().over("doc")
    & (two_talk | is_told.any()).over("doc")
    & ((indent >= 4) | is_bullet & is_full),
    facts=FACTS,
    marks=(
        Mark("aside", ASIDE, chrome("ui_message"), below=chrome("ui_message"), where=is_aside),
        Mark("episode", EPISODE, HEADER, below=BODY, opens="episode", where=indent <= 3),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
        Mark("foot", ANYTHING, chrome("nav"), below=chrome("nav"), where=(indent == 0) & above(indent >= 2)),
        Mark("promo", ANYTHING, chrome("promo", inside=True), where=col.is_promo),
        Mark("schedule", ANYTHING, block("heading"), below=BODY, section="schedule", where=is_timed),
        Mark("contents", ANYTHING, block("heading"), below=BODY, section="contents", where=col.is_contents),
        Mark(
            "transcript",
            ANYTHING,
            block("heading"),
            below=BODY,
            section="transcript",
            where=col.is_transcript,
        ),
        Mark("timed", TURN, label("turn"), below=TURNS, section="timed", where=col.is_turn, rises="start"),
        Mark(
            "odd_timed",
            ODD_TURN,
            label("turn"),
            below=TURNS,
            section="timed",
            where=col.is_stamped & ~col.is_turn,
            repeats="speaker",
        ),
        Mark(
            "talk",
            NAMED,
            label("turn"),
            below=TURNS,
            section="named",
            where=~recorded(col.is_transcript),
            repeats="speaker",
            times=4,
        ),
        Mark("named", NAMED, label("turn"), below=TURNS, where=in_talk, repeats="speaker"),
        Mark("odd_named", ODD_NAMED, label("turn"), below=TURNS, where=in_talk, repeats="speaker", times=5),
        Mark("bare", BARE, label("turn"), below=TURNS, where=within("transcript"), repeats="speaker"),
        Mark(
            "odd_bare",
            ODD_BARE,
            label("turn"),
            below=TURNS,
            where=within("transcript"),
            repeats="speaker",
            times=5,
        ),
        Mark(
            "part",
            SECTION,
            block("heading"),
            where=col.is_part & in_speech & under(among(above(col.is_part), TALK)),
        ),
        Mark("chapter", CHAPTER, label("chapter"), where=in_notes & is_near, rises="start"),
        Mark("group", TITLE, block("heading"), where=in_notes & under(among(above(in_notes), ITEM))),
        Mark("topic", ITEM, label("chapter"), where=within("contents")),
        Mark(
            "untimed",
            UNTIMED,
            block("chapter"),
            where=within("contents") & is_listed & ~under(col.is_chapter),
        ),
        Mark("opening", TITLE, block("heading"), where=in_notes & is_led & ~among(in_notes & is_led, LINKED)),
        Mark("item", ITEM, block("list_item"), where=within("", "schedule")),
    ),
    recurring=(
        # "Spotify link here." stands in a fifth of a publisher's episodes; an episode printed twice makes a tenth of 20.
        Recurring("blurb", "recurring_blurb", share=0.15, least_chars=8),
        Recurring("ending", "promo", share=0.5, least_chars=20, is_last=True),
    ),
)

SAMPLE = """
top        : Episodes
nav        : Looms and letters, weekly

episode    |   • Ada (0:10) weaves algebra, says Mary. Charles: she does.

body       |     At noon (12:30) we met; at (0:10) we parted
body       |     10:30 in the morning – we wove.
body       |     A list of topics, looms
body       |     Mary:
body       |     --
item       |     * Links: https://loom.example/subscribe now
body       |       • Deeper: a list inside the notes
body       |     A. Looms
blurb      |     Every week a new weaver joins us at the mill.
body       |     Mary:
contents   |     Topics we covered:
group      |     Looms
topic      |     * What a loom is: a frame
chapter    |     * (00:10) 18:30 is tea time
body       |     99:59:59 hours it took
chapter    |     01:02:03 – Engines: Who?
body       |     12 looms, 1:30 – no chapter.
transcript |     AI-generated transcript.
body       |     Charles weaves (0:09) and I.

timed      |     Ada Lovelace (0:10)Every week a new weaver joins us at the mill.
turn       |     So, Charles:

turn       |     Every week a new weaver joins us at the mill.
turn       |     Right
turn       |     John Mark (9:16) is what we read.

timed      |     Charles Babbage (0:59) Mary:
turn       |     * a bullet, spoken
turn       |     00:10 a time
turn       |     00:12 another
part       |     A. Second of two
odd_timed  |     the weaver, mary (1:02:03)
turn       |     1:02 is when we began
turn       |     Right
turn       |     Mary: So plan A. Second to none
odd_timed  |     the weaver, mary (1:02:09)
ending     |     Goodbye to all our friends, the weavers.
promo      |     Get full access to Looms at loom.example/subscribe

episode    |   • What is an engine?

promo      |     Get full access to Looms at loom.example/subscribe

aside      :   • Mangler noget?
ui_message :     Klik her.
episode    |   • A quiet week?
body       |     Nothing was woven. Read the transcript of it.
body       |     --
contents   |     Chapters
untimed    |     The loom, at last?
untimed    |     Algebra woven
blurb      |     Every week a new weaver joins us at the mill.
body       |     Algebra woven
body       |     --
opening    |     Udskrevet
timed      |     Mary (0:01) Hello.
transcript |     The same, not transcribed by an engine
body       |     Nobody spoke:
timed      |     Mary (0:02)
turn       |     Right
turn       |     Well
turn       |     Right
ending     |     Goodbye to all our friends, the weavers.

episode    |   • Nobody says it is a talk.
schedule   |     Timestamps:
chapter    |     (0:00) The start
chapter    |     0:05 - The end
body       |     Algebra
body       |     Algebra
group      |     Looms
item       |     * A loom
body       |     The talk follows.
timed      |     Mary (0:01) Hello.
ending     |     Goodbye to all our friends, the weavers.

episode    |   • Two talk.
body       |     Mary: the notes
body       |     Mary: again
body       |     Algebra
transcript |     Transcript [AI generated]
body       |     Algebra
named      |     Mary Shelley:Hello.
named      |     Ada: Hello.
turn       |     Note: I told Ada: the loom
turn       |     note: the loom
turn       |     Algebra:
named      |     Mary:
turn       |     I wrote.
named      |     Mary: And rewrote.
named      |     Ada: Read.
odd_named  |     mary s: One
odd_named  |     mary s: two
odd_named  |     mary s: three
odd_named  |     mary s: four
odd_named  |     mary s: five
contents   |     Topics
body       |     None was found.

episode    |   • Nobody says it is a transcript.
talk       |     Ada: One
talk       |     Mary: two
turn       |     Right
turn       |     Right
talk       |     Ada: three
talk       |     Mary: four
talk       |     Ada: five
talk       |     Mary: six
talk       |     Ada: seven
talk       |     Mary: eight
named      |     Bo: nine
talk       |     Mary Shelley: and so on.
named      |     Bo: ten

episode    |   • Names stand alone.
transcript |     Transcript
bare       |     Ada
turn       |     Right. And Mary said: Ada
turn       |     Algebra
bare       |     Mary
turn       |     Algebra, then.
bare       |     Ada
turn       |     Right.
bare       |     Mary
turn       |     Right.
odd_bare   |     mary s
turn       |     and.
odd_bare   |     mary s
turn       |     then.
odd_bare   |     mary s
turn       |     right.
odd_bare   |     mary s
odd_bare   |     mary s
turn       |     then
ending     |     Goodbye to all our friends, the weavers.

foot       : More episodes
nav        : About us
"""

EXPECT = (
    {
        "kind": "episode",
        "body": (
            "Ada (0:10) weaves algebra, says Mary. Charles: she does.\n\n"
            "At noon (12:30) we met; at (0:10) we parted\n\n10:30 in the morning – we wove.\n\n"
            "A list of topics, looms\n\nMary:\n\n--\n\n* Links: https://loom.example/subscribe now\n\n"
            "• Deeper: a list inside the notes\n\nA. Looms\n\nMary:\n\nTopics we covered:\n\nLooms\n\n"
            "* What a loom is: a frame\n\n* (00:10) 18:30 is tea time\n\n99:59:59 hours it took\n\n"
            "01:02:03 – Engines: Who?\n\n12 looms, 1:30 – no chapter.\n\nAI-generated transcript.\n\n"
            "Charles weaves (0:09) and I.\n\n"
            "Ada Lovelace (0:10)Every week a new weaver joins us at the mill.\nSo, Charles:\n\n"
            "Every week a new weaver joins us at the mill.\nRight\nJohn Mark (9:16) is what we read.\n\n"
            "Charles Babbage (0:59) Mary:\n* a bullet, spoken\n00:10 a time\n00:12 another\n\n"
            "A. Second of two\n\n"
            "the weaver, mary (1:02:03)\n1:02 is when we began\nRight\nMary: So plan A. Second to none\n\n"
            "the weaver, mary (1:02:09)"
        ),
        "chrome": {
            "recurring_blurb": ["Every week a new weaver joins us at the mill."],
            "promo": [
                "Goodbye to all our friends, the weavers.",
                "Get full access to Looms at loom.example/subscribe",
            ],
        },
    },
    {
        "kind": "episode",
        "body": ("What is an engine?"),
        "chrome": {"promo": ["Get full access to Looms at loom.example/subscribe"]},
    },
    {
        "kind": "episode",
        "body": (
            "A quiet week?\n\nNothing was woven. Read the transcript of it.\n\n--\n\nChapters\n\n"
            "The loom, at last?\n\nAlgebra woven\n\nAlgebra woven\n\n--\n\nUdskrevet\n\n"
            "Mary (0:01) Hello.\n\nThe same, not transcribed by an engine\n\nNobody spoke:\n\n"
            "Mary (0:02)\nRight\nWell\nRight"
        ),
        "segments": (
            {"kind": "paragraph", "text": "A quiet week?"},
            {"kind": "paragraph", "text": "Nothing was woven. Read the transcript of it."},
            {"kind": "paragraph", "text": "--"},
            {"kind": "heading", "text": "Chapters"},
            {"kind": "chapter", "text": "The loom, at last?"},
            {"kind": "chapter", "text": "Algebra woven"},
            {"kind": "paragraph", "text": "Algebra woven"},
            {"kind": "paragraph", "text": "--"},
            {"kind": "heading", "text": "Udskrevet"},
            {"kind": "turn", "speaker": "Mary", "start_s": 1.0, "text": "Hello."},
            {"kind": "heading", "text": "The same, not transcribed by an engine"},
            {"kind": "paragraph", "text": "Nobody spoke:"},
            {"kind": "turn", "speaker": "Mary", "start_s": 2.0, "text": "Right\nWell\nRight"},
        ),
        "chrome": {
            "recurring_blurb": ["Every week a new weaver joins us at the mill."],
            "promo": ["Goodbye to all our friends, the weavers."],
        },
    },
    {
        "kind": "episode",
        "body": (
            "Nobody says it is a talk.\n\nTimestamps:\n\n(0:00) The start\n\n0:05 - The end\n\n"
            "Algebra\n\nAlgebra\n\nLooms\n\n* A loom\n\nThe talk follows.\n\nMary (0:01) Hello."
        ),
        "chrome": {"promo": ["Goodbye to all our friends, the weavers."]},
    },
    {
        "kind": "episode",
        "body": (
            "Two talk.\n\nMary: the notes\n\nMary: again\n\nAlgebra\n\nTranscript [AI generated]\n\n"
            "Algebra\n\nMary Shelley:Hello.\n\n"
            "Ada: Hello.\nNote: I told Ada: the loom\nnote: the loom\nAlgebra:\n\nMary:\nI wrote.\n\n"
            "Mary: And rewrote.\n\nAda: Read.\n\nmary s: One\n\nmary s: two\n\nmary s: three\n\n"
            "mary s: four\n\nmary s: five\n\nTopics\n\nNone was found."
        ),
        "chrome": {},
    },
    {
        "kind": "episode",
        "body": (
            "Nobody says it is a transcript.\n\nAda: One\n\nMary: two\nRight\nRight\n\nAda: three\n\n"
            "Mary: four\n\nAda: five\n\nMary: six\n\nAda: seven\n\nMary: eight\n\nBo: nine\n\n"
            "Mary Shelley: and so on.\n\nBo: ten"
        ),
        "chrome": {},
    },
    {
        "kind": "episode",
        "body": (
            "Names stand alone.\n\nTranscript\n\nAda\nRight. And Mary said: Ada\nAlgebra\n\n"
            "Mary\nAlgebra, then.\n\nAda\nRight.\n\nMary\nRight.\n\nmary s\nand.\n\nmary s\nthen.\n\n"
            "mary s\nright.\n\nmary s\n\nmary s\nthen"
        ),
        "chrome": {"promo": ["Goodbye to all our friends, the weavers."]},
    },
)
