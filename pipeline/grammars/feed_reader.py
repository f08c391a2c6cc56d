"""Feed reader: a FreshRSS page, articles of one or many feeds, whole, newest first.

Source    FreshRSS in any of its interface languages, the rendered page as text (its words: `feed_reader.json`); the
          articles are mostly newsletters (the phrases of their senders' tools: `newsletter.json`).
Dates     the reader's own format, to the minute, in the visitor's zone, which the page does not name.
Heads     title, perhaps the feed's name, perhaps `By: …`, date. Whether feeds are named is seen where nothing stands
          above the title but the reader's own lines.
Authors   those of the `By:` line; where there is none, those whom the article's opening introduces as its writers.
Limits    images are lost, so a caption is told by its credit, as a run of lines or as a fragment where one stood; one
          that is a whole sentence stays a paragraph. An interview's last answer runs on to the next heading.
"""

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
    began,
    block,
    chrome,
    counted,
    flow,
    gap,
    holds,
    indent,
    label,
    lasts,
    lately,
    n,
    n_chars,
    n_left,
    printed,
    printed_date,
    soon,
    spelled_alike,
    times,
    under,
    words,
)

# What the reader prints ------------------------------------------------------------------------------------

READER = printed("feed_reader").values()
VIEW = words(*(w[view].strip() for w in READER for view in ("normal_view", "reader_view", "global_view")))
NEWS = words(*(w["new_article"].strip() for w in READER))
DAY = words(*(w[day].strip() for w in READER for day in ("today", "yesterday")))
EARLIER = words(*(w["before_yesterday"].strip() for w in READER))
LAST = words(
    "❌",
    *(w[line].strip() for w in READER for line in ("load_more", "mark_all_read", "nothing_to_load", "empty")),
)
MINUTES = "|".join(dict.fromkeys(printed_date(w["format_date_hour"], w["months"]) for w in READER))
DAYS = "|".join(dict.fromkeys(printed_date(w["format_date"], w["months"]) for w in READER))

MONTH = words(*(month.strip() for w in READER for month in w["months"])) + r"\S*"
DATE = rf"^(?P<published_raw>{MINUTES})$"
BY = rf"^{words(*(w['by_author'].strip() for w in READER))}\s+(?P<author>\S.*)$"
TODAY = rf"^{DAY} [—–-] (?:{DAYS}).*$"
SINCE = rf"^{EARLIER}.*$"
TOP = rf"^(?:{VIEW}|{NEWS})$"

# What newsletters print ------------------------------------------------------------------------------------

LETTER = printed("newsletter").values()
PODCASTS = r"(?:iTunes|Apple Podcasts|Spotify|Overcast|Pocket Casts|YouTube|podcast app)"
BUTTON = rf"^{words(*(form for w in LETTER for form in w['buttons']))}[.!]?$"
PLEA = words(*(form for w in LETTER for form in w["pleas"]))
LISTENS = words(*(form for w in LETTER for form in w["listen"]))
LISTEN = rf"^{LISTENS}\b.{{0,100}}\b{PODCASTS}\b.{{0,60}}$"
NOTE = rf"(?i:{words(*(form for w in LETTER for form in w['notes']))})"
IMAGE = words(*(form for w in LETTER for form in w["image"])) + r"[.。]?$"
CREDIT = words(*(form for w in LETTER for form in w["credit"]))
SPONSORED = (
    r"(?:This|Today['’]s)(?: (?:week|month)['’]s)? (?:edition|episode|issue|newsletter|letter|post|article|podcast|show)"
    r"(?: of .{1,60})? (?:is|was) (?:brought to you|sponsored|supported|presented|made possible) by "
    r"|(?:[Mm]any |[Ss]pecial )?[Tt]hank(?:s| you) to .{1,80} for sponsoring "
    r"|(?:Sponsored|Presented|Brought to you) by [^.,]{1,60}\.?$"
    r"|(?:A (?:word|message) from our sponsors?|Our sponsors?|Advertisement|Sponsored)$"
)
HIRING = r"^(?:.* )?(?:[Ii]s|[Aa]re|.*['’]re|.*['’]s) [Hh]iring(?: .*|[!.:])?$"

# The shapes of lines ---------------------------------------------------------------------------------------

NAME = r"[^\s•,:：.!?…\"“”„«»;()\[\]](?:[^,:：!?…\"“”„«»;\[\]]{0,38}[^\s,:：!?…\"“”„«»;\[\]])?"
BIG_NAME = r"[^\W\d_a-z][^,:：!?…\"“”„«»;\[\]\d]{1,38}?"
NAMED = r"^(?:[0-9]+[^\W\d_]|[^\s\d•,:：.!?…\"“”„«»;()\[\]*+–—-])[^,:：!?…\"“”„«»;\[\]]{0,40}(?:: |：)"
SPEAKS = rf"^(?P<speaker>{NAME})(?:\s?:\s+|\s?：\s*)(?P<text>\S.*)$"
BIG = r"""["“‘'«(\[¿¡#~]*[\p{Lu}\p{Lt}\p{Lo}\p{N}]\S*"""
SMALL = r"(?:\p{Ll}[\p{L}\p{M}'’]{0,2}|with|from|into|over|than|that|upon|about|after|before|between|through|without)[,:;]?"
TITLED = rf"^{BIG}(?: (?:{BIG}|{SMALL}|[^\p{{L}}\p{{N}} ]+))*$"
BYLINE = rf"^(?:By|Par|Von|Por|Di|Door|Od|От) {BIG}(?: {BIG}){{0,4}}$"
ENDED = r"[.。!！…,;:：]['’\"”»)\]]*[0-9]{0,2}$"
CREDITED = (
    rf"(?:\({CREDIT}(?:[^\w()][^()]*)?\)|[.!?…”\"')\]] ?{CREDIT}(?:[:：][^.]*| \| \w+)?"
    r"|[;|] ?(?:[Ss]ource|[Aa]rchive)\)?)\.?$"
)
PICTURE = (
    r"(?:An? |The )?(?:[^\s.]+ ){0,2}(?:[Ss]creenshots?|[Pp]hotos?|[Pp]hotographs?|[Pp]ictures?|[Ii]mages?|[Mm]aps?|[Cc]harts?|[Gg]raphs?"
    r"|[Gg]raphics?|[Dd]iagrams?|[Ii]llustrations?|[Pp]osters?|[Ss]pecs?|[Vv]ideos?|[Ss]amples?|[Ll]ists?|[Rr]esults|[Rr]enderings?"
    r"|[Pp]ortraits?|[Cc]overs?) (?:of|for|from|showing|depicting) "
)
PICTURED = rf"^{PICTURE}.{{1,120}}$"
CREDITS = rf"^{CREDIT}\s?[:：]\s?\S.{{0,200}}$"
WORK = (
    r"(?i:fellow|student|candidate|researcher|scholar|scientist|writer|author|journalist|reporter|correspondent|columnist|editor"
    r"|contributor|analyst|professor|lecturer|historian|economist|sociologist|lawyer|engineer|consultant|graduate|translator)"
)
THEMED = r"^[^ ]+(?: [^ ]+){0,3}: "
NUMBERED = r"^[0-9]{1,2}[.)] \S.{0,105}$"
ITEM = r"^(?:[•·◦▪‣●○–-]|[0-9]{1,2}[.)]) "
UNNAMED = r"^(?:He|She|It|They|We|You|I|One|Who|What|There|Here|This|That|The|An?|My|Our|His|Her|Its|Their|Each|Every) "

BIO = (
    rf"^(?P<author>{NAME}) (?:is (?:currently )?(?:an? |the )?(?:(?:[^\s.]+ ){{0,9}}?{WORK}\b|pursuing )"
    r"|(?:writes|reports) (?:about|on|for)).*$"
)
BYLINED = (
    r"^(?:(?:[Ww]ritten |[Ww]ords |[Tt]ext |[Gg]uest post )?[Bb]y|Par|Von|Por|Di|Door|Texte (?:de|par)|Text von|Escrito por|Scritto da|Geschreven door"
    r"|(?:This|Today['’]s|A)(?: \w+)? (?:post|piece|article|essay|story|column|newsletter|edition|issue|letter|dispatch)"
    rf" (?:is|was|comes|has been)(?: \w+)? (?:by|from)) (?P<author>{BIG_NAME})(?:\.|, (?:an?|the|who|with) .*)?$"
)
REPORTS = rf"^(?P<author>{NAME}) (?:reports|writes|explains)\s?[:：]$"
CONTRIBUTOR = rf"^.{{0,40}}\b[Cc]ontributor [“\"]?(?P<author>{NAME})[”\"]? (?:\w+ )?(?:writes|reports|covers|explains)\b.*$"
SELF = r"^.{0,60}\bI \((?P<author>[^(),]{1,40}), [^()]*(?:editor|writer|author|host|analyst|reporter)\b.*$"

FACTS = {
    "size": n_chars,
    # where articles begin
    "is_dated": among(col.size <= 60, DATE),
    "is_date": spelled_alike(col.is_dated, but_for=rf"[0-9]+(?:st|nd|rd|th)?|{MONTH}|[ap]m$"),
    "is_by": among(under(col.is_date), BY),
    "is_head": col.is_date | col.is_by,
    "is_top_head": col.is_head & ~above(col.is_head),
    "is_edge": among(col.size <= 120, rf"{TODAY}|{SINCE}|{TOP}"),
    "is_last": among(n_left < 8, rf"^{LAST}$"),
    "names_feeds": times(col.is_top_head & (above(col.is_edge, 3) | (n == 2)))
    > times(col.is_top_head & (above(col.is_edge, 2) | (n == 1))),
    "is_title": col.names_feeds & under(col.is_top_head, 2) | ~col.names_feeds & under(col.is_top_head),
    "article": counted(col.is_title),
    "is_signed": began(col.is_top_head, col.is_by),
    "is_first": above(col.is_date),
    # what lines look like
    "is_lone": (gap > 0) & under(gap > 0) & ~col.is_head & ~under(col.is_top_head) & ~col.is_first,
    "is_long": col.size >= 120,
    "is_short": col.is_lone & (col.size <= 80),
    "is_ended": among(col.is_lone & (col.size <= 200), ENDED),
    "is_one": among(col.size == 1, r"^1$"),
    "in_notes": began(col.is_title | col.is_one, col.is_one),
    "is_item": among(indent > 0, ITEM),
    "is_lone_item": among(indent > 0, NUMBERED)
    & ~above(col.is_item)
    & ~under(col.is_item)
    & under(col.is_long),
    # headings
    "is_titled": among(col.is_short, TITLED)
    & among(col.is_short, r"\p{L}")
    & ~among(col.is_short, r"[?!][”\"]$")
    & (~col.is_ended | among(col.is_short, r" .*[:：!]$")),
    "is_question": among(col.is_short, r"^[\p{Lu}‘¿].*[?？]$")
    & ~among(col.is_short, r"\p{Ll}[.!?] |[:：] |^(?:But|And|So|Or) "),
    "is_phrase": among(col.is_short, r"^(?:[\p{Lu}\p{Lo}«‘]|\p{N}.*\p{L})")
    & ~col.is_ended
    & ~among(col.is_short, r"[?？][”\"]?$|://"),
    # a page's titles are in title case where several are; not those of an article that has phrases alone
    "is_big": among(col.is_short, rf"^{BIG}(?: {BIG})+$"),
    "titles_are_big": (times(col.is_big) >= 3)
    & ((times(col.is_big, "article") > 0) | (times(col.is_phrase & under(col.is_long), "article") < 2)),
    "is_above_more": under(col.is_lone_item | col.is_titled | col.is_question),
    "is_heading": ~(col.in_notes | among(col.is_short, BYLINE))
    & (
        col.is_lone_item
        | col.is_titled & (soon(col.is_long, 4) | among(col.is_short, r"[:：]$"))
        | col.titles_are_big & col.is_question & (under(col.is_long) | col.is_above_more)
        | col.titles_are_big
        & col.is_phrase
        & (col.is_above_more | under(col.is_long) & among(col.is_short, THEMED))
        | ~col.titles_are_big & col.is_phrase & soon(col.is_long, 4)
    ),
    # what stands where an image was
    "is_picture": among(col.size <= 300, IMAGE),
    "is_in_run": ((gap == 0) | under(gap == 0))
    & (col.size <= 250)
    & (times(gap == 0, "article") * 7 < times(gap >= 0, "article")),
    "is_fragment": col.titles_are_big
    & ~col.is_ended
    & among(col.is_lone & (col.size >= 25) & (col.size <= 200), r"^[\p{Lu}\p{N}].*[^?？)\]]$"),
    # what the sender says for itself, and of whom
    "is_stock": holds(rf"^(?:{LISTENS}|{CREDIT}|{PICTURE}|{SPONSORED})"),
    "speaks": holds(NAMED),
    "asks": among(col.speaks, r"[?？]$"),
    "is_question_to": col.asks & under(col.speaks) & ((col.size >= 60) | among(col.asks, r"^\p{Lu}:")),
    # people ask, or go on at length; what a list says of its entries is short
    "is_talk": times(col.speaks & (col.asks | col.is_long), "article") * 4 >= times(col.speaks, "article"),
    "is_opening": lately(col.is_date, 12)
    & began(col.is_title | col.is_heading, col.is_title)
    & ~col.is_signed,
    "is_sponsor": among(col.is_stock, rf"^(?:{SPONSORED})"),
    "in_sponsor": began((gap > 1) | col.is_first, col.is_sponsor & soon(gap > 1, 12)),
    # without a rule below it, an advertisement at the top ends where the first section begins, on a short last word
    "in_advert": began(
        col.is_first | col.is_heading,
        col.is_first & col.is_sponsor & soon((col.size <= 160) & under(col.is_heading), 4),
    ),
    "has_note": among(col.is_first | above(col.is_first), NOTE),
    "in_hiring": began(
        col.is_heading | col.is_first | (gap > 1),
        among(col.is_first & (col.size <= 120), HIRING) & ~col.has_note,
    ),
    "is_house": col.has_note & (col.is_first | (gap < 2) & under(gap > 1))
    | col.is_first & under(col.has_note & (gap < 2) & under(gap > 1)),
}

GRAMMAR = Grammar(
    kind="feed_reader",
    knows=(DATE, rf"{TODAY}|{SINCE}|{TOP}"),
    joined=("author",),
    facts=FACTS,
    marks=(
        Mark("title", r"^(?P<title>.+)$", HEADER, opens="article", where=col.is_title),
        Mark("feed", ANYTHING, HEADER, where=col.names_feeds & under(col.is_top_head)),
        Mark("by", BY, HEADER, where=col.is_head),
        Mark("date", DATE, HEADER, below=BODY),
        Mark("day", TODAY, chrome("day_separator"), where=under(col.is_title)),
        Mark("earlier", SINCE, chrome("day_separator"), where=under(col.is_title)),
        Mark("view", rf"^{VIEW}$", chrome("nav"), where=n < 3),
        Mark("news", rf"^{NEWS}$", chrome("ui_message"), where=n < 5),
        Mark("last", rf"^{LAST}$", chrome("nav"), where=lasts(col.is_last)),
        Mark("sponsor", ANYTHING, chrome("sponsor", inside=True), where=col.in_sponsor | col.in_advert | col.in_hiring | col.is_sponsor),
        Mark("button", BUTTON, chrome("promo", inside=True)),
        Mark("listen", LISTEN, chrome("promo", inside=True), where=col.is_stock),
        Mark("plea", ANYTHING, chrome("promo", inside=True), where=among(col.size <= 300, PLEA)),
        Mark("house", ANYTHING, chrome("promo", inside=True), where=col.is_house),
        Mark("image", ANYTHING, chrome("image_marker", inside=True), where=col.is_picture | under(among(col.is_picture, rf"^{IMAGE}"))),
        Mark("note", r"^[0-9]{1,3}$", label("footnote"), below=flow("footnote"), where=col.in_notes),
        Mark("item", ANYTHING, block("list_item"), where=col.is_item & ~col.is_lone_item),
        Mark("credited", ANYTHING, block("caption"), where=among(col.size <= 400, CREDITED)),
        Mark("credit", CREDITS, block("caption"), where=col.is_stock),
        Mark("pictured", PICTURED, block("caption"), where=col.is_stock & col.is_lone),
        Mark("run", ANYTHING, block("caption"), where=col.is_in_run),
        Mark("exchange", SPEAKS, label("turn"), below=flow("turn"), where=col.is_question_to | col.speaks & above(col.is_question_to)),
        Mark("turn", SPEAKS, label("turn"), below=flow("turn"), where=col.speaks & col.is_talk, repeats="speaker", voices=2),
        Mark("heading", ANYTHING, block("heading"), below=BODY, where=col.is_heading),
        Mark("fragment", ANYTHING, block("caption"), where=col.is_fragment),
        Mark("bio", BIO, BODY, where=among(col.is_opening, rf"^{NAME} (?:is|writes|reports) ") & ~among(col.is_opening, UNNAMED)),
        Mark("bylined", BYLINED, BODY, where=col.is_opening),
        Mark("reports", REPORTS, BODY, where=col.is_opening),
        Mark("contributor", CONTRIBUTOR, BODY, where=among(col.is_opening, r"[Cc]ontributor [^a-z]")),
        Mark("self", SELF, BODY, where=among(col.is_opening, r"I \(")),
    ),
    recurring=(Recurring("blurb", "promo", least=3, share=0.3, least_chars=20),),
)  # fmt: skip

SAMPLE = """
view    : Normal view

news    : There are new articles available, click to refresh the page.
day     : Yesterday — 15 December 1843The Loom

title   | Notes on the Engine

feed    | The Analytical Letter

by      | By: Ada Lovelace

date    | 14 December 1843 at 07:32

house   | We meet on Monday. RSVP here!


sponsor | This edition is brought to you by Loom & Sons, of London.

sponsor | Their cards hold:

sponsor |   • flowers


body    | This edition was printed by hand, and not brought to you by anybody: Normal view, they call it, as one that may be had of any bookseller in town.

heading | The Mill

body    | Normal view

body    | There are new articles available, click to refresh the page.

body    | Mary is a fellow of no society. Subscribe now, cried the bookseller, and she did, by a letter that was a hundred and twenty letters long.

item    |   • The mill grinds numbers.

item    |   • The store keeps them.

button  | Subscribe now

body    | RSVP was all she wrote.

body    | Share it not.

body    | Charles Babbage reports:

body    | There I (Ada, the author) stood.

body    | Written by Charles Babbage.

body    | ❌

body    | 7

credited | A mill, from above. (Source: Loom & Sons)

credit  | Photo: Loom & Sons

body    | Her Photo: gone.

body    | Photo: it was said that she sat for one, by a window, in the dress of that year, though the plate was lost when the house was sold; of her hands, which were in it, there is a drawing by another, kept with the cards in the cellar to this day.

pictured | A map of the cellar.

body    | A picture of the engine hung there for as long as anybody could remember, and nobody who came by ever asked what it was that it showed or who had drawn it.

body    | We had a map of nothing.

heading | The Store

body    | The paper has a source. He wrote: Listen now on Spotify. Before yesterday nobody had heard of it, and it was not printed until the day after.

listen  | Listen now on iTunes or Spotify.

body    | Listen on Spotify to what he says, and you will hear that no engine has pretensions to originate anything at all.

image   | A drawing of a card

image   | AI-generated content may be incorrect.
run     | A card that weaves flowers.

heading | Cards And Flowers

exchange | The Times: What does it weave, and of what yarn, and who wears it in the end?

exchange | Mary Somerville: Algebra, as a loom weaves flowers; not that it knew of any, for it has cards alone, and does what they say, in their order.

turn    | It has no pretensions.

button  | Share

turn    | Before yesterday

turn    | A note: it may.

fragment | An engine grinding numbers in the cellar

turn    | So it ends.

heading |   1. The Second Engine

body    | It was never built, for want of money and of patience; but the plans are there, and a hundred and fifty years later it was found that it would have worked.

plea    | The Analytical Letter is a reader-supported publication. To receive new letters, consider the post.

blurb   | A penny a week buys the letter.

note    | 1

footnote | A footnote, which is

footnote | long. The Mill

note    | 2

footnote | Another, no.

footnote | 2.

earlier : Before yesterdayThe Loom

title   | A Talk by the Fire

feed    | The Analytical Letter

date    | 1 December 1843 at 19:23

bio     | Mary Somerville is a fellow of the Royal Society.

bio     | Caroline Herschel is an astronomer and a scholar of comets.

body    | He is a fellow too.

body    | They say: Mary Fairfax is a fellow of it.

body    | Yesterday — 15 December 1843 we talked of it.

turn    | Ada: Is it alive?

turn    | Charles: Is it not?

turn    | Ada: It may think: we do not know.

turn    | Charles: 14 December 1843 at 07:32 is all it thinks of.

turn    | Note: they laughed.

title   | By: the Fire

feed    | The Analytical Letter

date    | 2 November 1843 at 09:00

bylined | This letter is by Ada Lovelace.

body    | This letter is by no means long.

reports | Ada Lovelace reports:

body    | Charles reports: nothing.

body    | By: the river I sat down.

body    | She said: the contributor who writes well.

blurb   | A penny a week buys the letter.

title   | Comets

feed    | The Analytical Letter

date    | 1 November 1843 at 09:00

body    | A picture of a comet.

contributor | Anonymous contributor “The Enchantress” sometimes writes of comets.

self    | Last week I (Caroline, its editor) saw one.

blurb   | A penny a week buys the letter.

last    : Load more articles

last    : ❌
last    : ❌
"""

EXPECT = (
    {
        "kind": "article", "title": "Notes on the Engine", "author": "Ada Lovelace", "published_raw": "14 December 1843 at 07:32",
        "body": "This edition was printed by hand, and not brought to you by anybody: Normal view, they call it, as one that may be had of any"
        " bookseller in town.\n\nThe Mill\n\nNormal view\n\nThere are new articles available, click to refresh the page.\n\n"
        "Mary is a fellow of no society. Subscribe now, cried the bookseller, and she did, by a letter that was a hundred and twenty letters"
        " long.\n\n• The mill grinds numbers.\n\n• The store keeps them.\n\nRSVP was all she wrote.\n\nShare it not.\n\nCharles Babbage reports:\n\n"
        "There I (Ada, the author) stood.\n\n"
        "Written by Charles Babbage.\n\n❌\n\n7\n\n"
        "A mill, from above. (Source: Loom & Sons)\n\nPhoto: Loom & Sons\n\nHer Photo: gone.\n\n"
        "Photo: it was said that she sat for one, by a window, in the dress of that year, though the plate was lost when the house was sold; of her hands, which were in it, there is a drawing by another, kept with the cards in the cellar to this day.\n\nA map of the cellar.\n\nA picture of the engine hung there for as long as anybody could remember, and nobody who came by ever asked what it was that it showed or who had drawn it.\n\nWe had a map of nothing.\n\nThe Store\n\nThe paper has a source. He wrote: Listen now on Spotify. Before yesterday"
        " nobody had heard of it, and it was not printed until the day after.\n\n"
        "Listen on Spotify to what he says, and you will hear that no engine has pretensions to originate anything at all.\n\nA card that weaves flowers.\n\nCards And Flowers\n\n"
        "The Times: What does it weave, and of what yarn, and who wears it in the end?\n\nMary Somerville: Algebra, as a loom weaves flowers; not that it knew of any, for it has cards alone, and does what they say, in"
        " their order.\n\nIt has no pretensions.\n\nBefore yesterday\n\n"
        "A note: it may.\n\nAn engine grinding numbers in the cellar\n\nSo it ends.\n\n1. The Second Engine\n\nIt was never built, for want of"
        " money and of patience; but the plans are there, and a hundred and fifty years later it was found that it would have worked.\n\n"
        "1\n\nA footnote, which is\n\nlong. The Mill\n\n2\n\nAnother, no.\n\n2.",
        "chrome": {
            "promo": [
                "We meet on Monday. RSVP here!", "Subscribe now", "Listen now on iTunes or Spotify.", "Share",
                "The Analytical Letter is a reader-supported publication. To receive new letters, consider the post.",
                "A penny a week buys the letter.",
            ],
            "sponsor": ["This edition is brought to you by Loom & Sons, of London.\n\nTheir cards hold:\n\n  • flowers"],
            "image_marker": ["A drawing of a card\n\nAI-generated content may be incorrect."],
        },
    },
    {
        "kind": "article", "title": "A Talk by the Fire", "author": "Mary Somerville and Caroline Herschel",
        "body": "Mary Somerville is a fellow of the Royal Society.\n\nCaroline Herschel is an astronomer and a scholar of comets.\n\n"
        "He is a fellow too.\n\nThey say: Mary Fairfax is a fellow of it.\n\nYesterday — 15 December 1843 we talked of it.\n\nAda: Is it alive?\n\nCharles: Is it not?\n\n"
        "Ada: It may think: we do not know.\n\nCharles: 14 December 1843 at 07:32 is all it thinks of.\n\nNote: they laughed.",
        "segments": (
            {"kind": "paragraph"}, {"kind": "paragraph"}, {"kind": "paragraph"}, {"kind": "paragraph"}, {"kind": "paragraph"},
            {"speaker": "Ada", "text": "Is it alive?"},
            {"speaker": "Charles", "text": "Is it not?"},
            {"speaker": "Ada", "text": "It may think: we do not know."},
            {"speaker": "Charles", "text": "14 December 1843 at 07:32 is all it thinks of.\n\nNote: they laughed."},
        ),
    },
    {
        "kind": "article", "title": "By: the Fire", "author": "Ada Lovelace", "published_raw": "2 November 1843 at 09:00",
        "body": "This letter is by Ada Lovelace.\n\nThis letter is by no means long.\n\nAda Lovelace reports:\n\nCharles reports: nothing.\n\nBy: the river I sat down.\n\nShe said: the contributor who writes well.",
    },
    {
        "kind": "article", "title": "Comets", "author": "The Enchantress and Caroline",
        "body": "A picture of a comet.\n\nAnonymous contributor “The Enchantress” sometimes writes of comets.\n\nLast week I (Caroline, its editor) saw one.",
    },
)  # fmt: skip
