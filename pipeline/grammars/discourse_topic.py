"""Discourse: a topic of a forum, each post a record.

Source    any site that runs Discourse: the page for readers without JavaScript, which crawlers save and which is printed ("ada (Ada L) January 8,
          2026, 4:05pm 1" or a line each, since 2018; before, "ada 2016-01-08 16:05:00 UTC #1"), and the page as a browser shows it (name, "8 Jan").
Dates     absolute with a clock in the first; in the second the day, or the age within some days.
Words     those of the list of topics below, and "3 Likes", in some 40 languages, from knowledge of Discourse's locales (`topic.title`, `replies`,
          `views`, `activity`, `post.has_likes`); what recurs above the posts that follow is told in any language.
Limits    what a browser shows of a member beside the name is told by its place: a name of two lines only below a blank line. The title of a topic
          is chrome. A notice ("closed the topic") is a post where a member's name stands above it.
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
    among,
    before,
    chrome,
    from_below,
    gap,
    holds,
    indent,
    is_day,
    lately,
    n,
    n_chars,
    n_left,
    soon,
    times,
    under,
    unnamed,
    words,
)

# In the order English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish and Norwegian, Finnish, Polish, Czech and Slovak, Hungarian,
# Romanian, Bulgarian, Russian, Ukrainian, Serbian and Croatian, Slovenian, Greek, Turkish, Vietnamese, Indonesian, Japanese, Korean, Chinese, Thai,
# Arabic, Hebrew, Persian, Catalan, Galician, Estonian, Lithuanian, Latvian.
REPLIES = words(
    "Replies", "Antworten", "Réponses", "Respuestas", "Risposte", "Respostas", "Antwoorden", "Reacties", "Svar", "Vastaukset", "Vastauksia",
    "Odpowiedzi", "Odpovědi", "Odpovědí", "Odpovede", "Odpovedí", "Válaszok", "Válasz", "Răspunsuri", "Отговори", "Ответы", "Ответов", "Ответ",
    "Відповіді", "Odgovori", "Odgovorov", "Απαντήσεις", "Yanıtlar", "Cevaplar", "Trả lời", "Phản hồi", "Balasan", "返信", "답글", "댓글", "回复", "回覆",
    "ตอบ", "ตอบกลับ", "الردود", "ردود", "תגובות", "پاسخ‌ها", "پاسخ", "Respostes", "Vastuseid", "Atsakymai", "Atbildes",
)  # fmt: skip
VIEWS = words(
    "Views", "Aufrufe", "Ansichten", "Vues", "Vistas", "Visitas", "Visite", "Visualizzazioni", "Visualizações", "Weergaven", "Visningar",
    "Visninger", "Katselut", "Katselukerrat", "Wyświetlenia", "Odsłony", "Zobrazení", "Zobrazenia", "Megtekintések", "Megtekintés", "Vizualizări",
    "Прегледи", "Преглеждания", "Просмотры", "Просм.", "Перегляди", "Pregledi", "Ogledi", "Ogledov", "Προβολές", "Gösterim", "Görüntüleme",
    "Görüntülenme", "Lượt xem", "Xem", "Dilihat", "Tampilan", "表示", "閲覧数", "閲覧", "조회수", "조회", "浏览量", "浏览", "觀看次數", "觀看", "ดู",
    "การดู", "المشاهدات", "مشاهدات", "مرات العرض", "צפיות", "بازدیدها", "نمایش‌ها", "Visualitzacions", "Vistes", "Vaatamisi", "Peržiūros", "Skatījumi",
)  # fmt: skip
ACTIVITY = words(
    "Activity", "Aktivität", "Activité", "Actividad", "Attività", "Atividade", "Activiteit", "Aktivitet", "Toiminta", "Viimeisin", "Aktywność",
    "Aktivita", "Aktivitás", "Tevékenység", "Activitate", "Активност", "Активность", "Активн.", "Активність", "Дії", "Aktivnost", "Dejavnost",
    "Δραστηριότητα", "Etkinlik", "Aktivite", "Hoạt động", "Aktivitas", "アクティビティ", "활동", "活动", "活動", "กิจกรรม", "النشاط", "نشاط", "פעילות",
    "فعالیت", "Activitat", "Actividade", "Tegevus", "Aktyvumas", "Veikla", "Aktivitāte",
)  # fmt: skip
LIKE = words(
    "Like", "Gefällt", "J'aime", "J’aime", "Me gusta", "Mi piace", "curtida", "Gosto", "gillning", "Gilla", "synes godt om", "liker", "tykkäys",
    "polubieni", "polubień", "lajk", "Líbí se", "To se mi líbí", "Páči sa", "kedvelés", "apreciere", "aprecieri", "харесван", "лайк", "симпати",
    "отметк", "вподоб", "Sviđa", "sviđanj", "všeč", "Μου αρέσει", "Beğeni", "lượt thích", "Thích", "Suka", "「いいね！」", "いいね", "좋아요", "个赞",
    "個讚", "個讃", "ถูกใจ", "ชอบ", "إعجاب", "לייק", "אהב", "پسند", "agradament", "M'agrada", "Gústame", "meeldimi", "meeldib", "patiktuk", "patīk",
)  # fmt: skip

USERNAME = r"[\w.-]*[^\W\d_][\w.-]*"
USER = rf"(?:{USERNAME}|[0-9]{{3,}})"
LINKED = rf"(?:\[ ?)?{USER}(?: ?\]\(\S+\))?"  # a link, in Markdown
YEAR = r"(?:19|20)[0-9][0-9]"
CLOCK = r"[0-9]{1,2}[:.][0-9][0-9](?:[:.][0-9][0-9])?(?: ?[^\W\d]+\.?){0,2}"
NO = r"[^\d|]"
DAY_FIRST = rf"(?:[^\W\d_]+[.,]? ){{0,2}}(?:[0-9]{{1,2}} )?[0-9]{{1,2}}{NO}+{YEAR}{NO}+"
YEAR_FIRST = rf"{YEAR}(?:{NO}+[0-9]{{1,2}}){{1,2}}{NO}+"
DATE = rf"(?P<published_raw>(?:{DAY_FIRST}|{YEAR_FIRST}){CLOCK})"
NUMBER = r"#?[0-9]{1,5}"
LINE = rf"^{LINKED.replace(USER, f'(?P<author>{USER})')} +{DATE} +{NUMBER}$"
LINE_NAMED = rf"^{LINKED.replace(USER, f'(?P<handle>{USER})')} \((?P<author>.+)\) +{DATE} +{NUMBER}$"
DATED = rf"^{DATE}(?: +{NUMBER})?$"
NUMBERED = rf"^{NUMBER}$"
DISPLAYED = r"^\((?P<author>.+)\)$"
HANDLE = rf"^(?P<handle>{USERNAME})$"
NAME = rf"^(?P<author>{USERNAME}|[^\W\d_][^\d<>«»„“\"]*[^\s\d.!?:;,…。！？])$"
SYSTEM = r"^(?:system|discobot)$"  # members that are the software's own
NOTICE = r"^\D+? (?P<published_raw>[0-9].*|[^\W\d_]{3,}\.? '?[0-9].*)$"
SOLVED = words(
    "Solved", "Gelöst", "Résolu", "Solucionado", "Resuelto", "Risolto", "Resolvido", "Opgelost", "Löst", "Løst", "Ratkaissut", "Ratkaisija", "Ratkaistu",
    "Rozwiązane", "Vyřešil", "Vyřešeno", "Vyriešené", "Megoldotta", "Megoldva", "Rezolvat", "Решено", "Решил", "Вирішено", "Rešio", "Rešeno", "Λύθηκε",
    "Çözen", "Çözüldü", "Diselesaikan", "解決", "해결", "已解决", "已解決", "由", "הפתרון",
)  # fmt: skip

B = r"(?:[*+-] +)?"  # a renderer's bullet
COUNT = rf"^{B}[0-9][0-9.,]*\s?[kKMm]?$"
ANSWERED = rf"^\W*{SOLVED}.* #[0-9]+\W*$"  # "Solved by ada in post #3", and the beginning of that
TIMELINE = r"^[0-9]+ / [0-9]+$"
COUNTED = r"^[0-9][0-9.,]*[kKMm]?\s[^\d.!?:;,]+$"
LIKED = rf"^(?i:[0-9][0-9.,]*[kKM]?\W*{LIKE}\D*|{LIKE}\D*[0-9]+\D*)$"
LABEL = r"^[^\W\d_][^\d.!?:;]*$"
BARE = rf"{REPLIES}[\s|]+{VIEWS}[\s|]+{ACTIVITY}$"
POWERED = r"^(?:[^.]+\bDiscourse|.*Discourse.+JavaScript.*|.*JavaScript.+Discourse.*)$"
PAGER = r"^(?:← .*|.* →)$"
AGE = r"^<? ?[0-9]{1,2} ?[^\W\d_]{1,7}\.?$"
DAY = r"^(?P<published_raw>.+)$"
SENTENCE = r"[.!?:;…。！？]$"
FULL_STOP = r"[.!:;…。！]$"  # a title may ask
ITEM = r"^(?:[*+•-]|[0-9]+\.) |\S {2,}\S"  # of a list, or cells of a table


LONGEST = 160  # characters of a line with a name and a moment, or of a foot
LONG = 45  # of a line of the site's own, or of a moment
FOOT_LINES = 12  # below it a page says by what it is powered
SHORT = 24  # of a date that a browser shows, or of a button


IS_SHORT = n_chars <= SHORT
IS_SAID = n_chars <= LONG
IS_LINE = among((n_chars <= LONGEST) & holds(rf" {NUMBER}$"), unnamed(f"{LINE}|{LINE_NAMED}"))
IS_NAMED = among(IS_SAID, unnamed(NAME))
IS_LIKED = among(IS_SAID, LIKED)
IS_COUNT = holds(COUNT)
IS_SHOWN = among(IS_SAID, unnamed(DISPLAYED))
IS_STAMP = (
    among(IS_SAID, unnamed(DATED))
    & ~IS_LINE
    & (holds(rf"{CLOCK} +{NUMBER}$") | under(holds(NUMBERED)))
    & above(among(IS_SAID, rf"^{LINKED}$") | IS_SHOWN)
)
IS_BARE = among(n_chars <= LONGEST, f"^{BARE}") | (
    holds(rf"^{REPLIES}$") & under(holds(rf"^{VIEWS}$")) & under(holds(rf"^{ACTIVITY}$"), 2)
)
IS_LIST = among(n_chars <= LONGEST, rf"(?:^|\s){BARE}") | IS_BARE
IS_POWERED = among((n_chars <= LONGEST) & (n_left < FOOT_LINES), POWERED)
IS_PAIR = IS_COUNT & under(among(IS_SHORT, LABEL))  # "407", "views"
IS_MAP = IS_PAIR & (under(IS_PAIR, 2) | above(IS_PAIR, 2))
MAYBE_DAY = among(IS_SHORT, r"[0-9]") & ~IS_COUNT & ~IS_LIKED
IS_DAY = MAYBE_DAY & (holds(AGE) | is_day(MAYBE_DAY))
IS_MAPPED = IS_DAY & (
    under(IS_MAP) | (under(IS_DAY, 2) & under(IS_MAP, 3))
)  # "created", "Feb 1", "last reply", "Feb 3"
IS_SCROLLED = soon(holds(TIMELINE), 2) | lately(holds(TIMELINE), 3)
IS_POSTED = (
    IS_DAY
    & above(IS_NAMED | (IS_COUNT & above(IS_NAMED)))
    & ~IS_MAPPED
    & ~IS_SCROLLED
    & ~IS_LIST.cum_max().over("doc")
)
IS_OURS = (times(IS_POWERED) > 0) | (times(IS_LIST) > 0)
# another forum's, which says more before the moment or behind it
IS_OTHER = among((n_chars <= LONGEST) & holds(r" #[0-9]{1,5}$"), unnamed(f" {DATE} ")) & ~IS_LINE
# lines as of a listing of files stand each below the other
IS_TOPIC = ((times(IS_LINE) > 1) & (times(IS_LINE & under(IS_LINE)) == 0) & (times(IS_OTHER) == 0)) | (
    (times(IS_LINE | IS_STAMP) > 0) & (IS_OURS | (times(IS_LIKED) > 0))
)
IS_SHOWN_TOPIC = (times(IS_POSTED) > 1) & IS_OURS & (times(IS_MAP | IS_LIKED | holds(TIMELINE)) > 0)
HEAD_INDENT = pl.when(col.is_head).then(indent).forward_fill().over("doc")
POST = col.is_head.cum_sum().over("doc")

FACTS = {
    "is_line": IS_LINE,
    "is_stamp": IS_STAMP,
    "is_crawled": (col.is_line | col.is_stamp).cum_max().over("doc"),
    "is_list": IS_LIST,
    "is_map": IS_MAP & ~col.is_crawled,
    "is_day": IS_DAY & ~col.is_crawled,
    "is_count": IS_COUNT,
    "is_named": IS_NAMED,
    "is_edit": col.is_count & under(col.is_day) & above(col.is_named),  # how often a post was edited
    "is_mapped": IS_MAPPED & ~col.is_crawled,
    "is_posted": IS_POSTED & ~col.is_crawled,
    "is_notice": among(n_chars <= 2 * SHORT, NOTICE) & above(holds(SYSTEM)) & ~col.is_posted & ~col.is_crawled,
    "is_shown": IS_SHOWN & under(col.is_stamp),
    "is_user": ~col.is_shown & under(col.is_stamp | col.is_shown),
    "is_poster": (under(col.is_posted | col.is_notice) & ~col.is_edit) | under(col.is_edit & under(col.is_posted)),
    "n_alike": pl.len().over("doc", pl.col("text").str.replace_all(r"[0-9][0-9.,]*", "0")),
    "is_button": col.is_count | IS_LIKED | among(IS_SAID, COUNTED) | (IS_SHORT & (col.n_alike > 1)),
    # a name of two lines: "Ada Lovelace", "ada"; or "ada", "Leader"
    "is_upper": under(col.is_poster & (gap == 0)) & col.is_named & ~above(col.is_posted | col.is_notice | col.is_map)
    & (above(col.is_button | (IS_SHORT & holds(r"[0-9]") & ~holds(SENTENCE))) | above(col.is_map, 2) | ((gap > 0) & (col.n_alike > 1)))
    & (col.is_poster.any().over("doc", "text") | (from_below(col.text).n_unique().over("doc", "text") == 1)),
    "is_full": col.is_upper & holds(" ") & under(holds(HANDLE)),
    "is_head": col.is_line | col.is_user | col.is_upper | (col.is_poster & ~above(col.is_upper)),
    "is_low": n > pl.when(col.is_head).then(n).max().over("doc"),
    "is_powered": IS_POWERED & col.is_low,
    "is_titled": IS_SAID & ((gap > 0) | above(col.is_button)) & (under(col.is_list) | (under(IS_BARE, 2) & under(among(IS_SHORT, LABEL)))),
    "is_first": above(col.is_line | col.is_stamp | col.is_posted | col.is_notice),
    "is_plain": IS_SAID & ~holds(SENTENCE) & ~col.is_powered,
    "is_item": col.is_plain & ~col.is_first & before(col.is_powered, col.is_plain & (gap == 0)) & soon(col.is_powered, 7),
    "is_closing": col.is_low & (
        col.is_list | col.is_titled | col.is_powered | among(IS_SAID, PAGER) | (indent < HEAD_INDENT)
        | (col.is_item & (under(col.is_item) | above(col.is_item)))
    ),
    "is_edge": col.is_head | col.is_closing | col.is_map | under(col.is_mapped) | ((POST == 1) & among(IS_SAID, ANSWERED)),
    "is_tail": ~col.is_edge & ~col.is_first & pl.when(col.is_crawled).then(
        (indent == HEAD_INDENT + 2) & ~holds(ITEM)  # titles of topics that lead here
    ).otherwise(
        col.is_button | (IS_SHORT & (indent >= HEAD_INDENT + 8))
    ),
    "is_liked": col.is_crawled & IS_LIKED & ~col.is_first
    & before(col.is_edge, ~col.is_edge & (~holds(FULL_STOP) | (indent > HEAD_INDENT))),
    "is_ended": col.is_tail & before(col.is_edge, col.is_tail),
    # "Reply" below the last post too, where more buttons follow
    "is_again": col.is_low & ~col.is_crawled & ~col.is_count & ~col.is_first & col.is_ended.any().over("doc", "text"),
    "is_foot": (indent < HEAD_INDENT) | col.is_ended | col.is_again | (col.is_tail & before(col.is_again, col.is_tail & ~col.is_again))
    | (col.is_liked & (col.is_liked.cum_sum(reverse=True).over("doc", POST) == 1)),
}  # fmt: skip

GRAMMAR = Grammar(
    kind="discourse_topic",
    # what stands above a post or below a topic; which of them must meet, `shape` says
    knows=(rf"{YEAR}.*[0-9][:.][0-9][0-9].* {NUMBER}$|Discourse|{ACTIVITY}$",),
    shape=IS_TOPIC | IS_SHOWN_TOPIC,
    facts=FACTS,
    marks=(
        Mark("line", LINE, HEADER, below=BODY, opens="post", where=col.is_line),
        Mark("named_line", LINE_NAMED, HEADER, below=BODY, opens="post", where=col.is_line),
        Mark("full", NAME, HEADER, opens="post", where=col.is_full),
        Mark("user", HANDLE, HEADER, where=above(col.is_full)),
        Mark("beside", ANYTHING, HEADER, where=above(col.is_upper)),
        Mark("handle", HANDLE, HEADER, opens="post", where=under(col.is_shown)),
        Mark("name", rf"^{LINKED.replace(USER, '(?P<author>.+?)')}$", HEADER, opens="post", where=col.is_head & ~under(col.is_shown)),
        Mark("shown", DISPLAYED, HEADER, where=col.is_shown),
        Mark("edit", COUNT, HEADER, where=col.is_edit & above(col.is_poster)),
        Mark("stamp", DATED, HEADER, below=BODY, where=col.is_stamp),
        Mark("number", NUMBERED, HEADER, where=above(col.is_stamp)),
        Mark("day", DAY, HEADER, below=BODY, where=col.is_posted),
        Mark("notice", NOTICE, HEADER, below=BODY, where=col.is_notice),
        Mark("closing", ANYTHING, chrome("footer"), below=chrome("footer"), where=col.is_closing),
        Mark("map", ANYTHING, chrome("ui_message"), below=chrome("ui_message"), where=(col.is_map | col.is_mapped | under(col.is_mapped)) & (POST > 0)),
        Mark("solved", ANSWERED, chrome("ui_message"), below=chrome("ui_message"), where=(POST == 1) & ~col.is_first & ~col.is_crawled),
        Mark("foot", ANYTHING, chrome("ui_message"), below=chrome("ui_message"), where=col.is_foot & (POST > 0)),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top     : Looms
nav     : The engine
nav     : Jan 8
nav     : 1 / 9
nav     : Jan 12
name    | ada-l
edit    | 2
day     | Jan 8
body    | Looms weave flowers.
body    | 4
body    | Is it Solved in post #4?
solved  : Solved by charles in post #4
ui_message : It does
ui_message : with cards.
foot    : Reply
map     : created
map     : Jan 8
map     : last reply
map     : Jan 12
map     : 7
ui_message : replies
map     : 106
ui_message : views
full    | Charles Babbage
user    | charles
day     | 3d
body    | It weaves:
body    | 3 d
body    | Solved by cards in post #4
body    | algebra
foot    :             heart
foot    : 12
foot    : Reply
name    | mary
beside  | Leader
day     | Jan 12
body    | 12
foot    : Reply
foot    : 2 years later
name    | system
notice  | Closed on Apr 16
body    | It was closed: no more.
foot    : 2 likes
name    | [menabrea](https://looms.example/u/menabrea)
stamp   | October 3, 1942,  8:16pm
number  | 5
body    | It was in Turin.
body    | October 3, 1942, 8:15pm
body    | 2
body    | 3 Likes
body    | is what it got.
body    | Reply
handle  | lovelace
shown   | (Ada (L.) Lovelace)
stamp   | 3 October 1942 um 20:17 #6
body    | Reply

body    | 1942, 8:16
foot    : 1 Like
ui_message : The mill
named_line |   charles (Charles B.) October 4, 1942, 7:05am 7
body    |   Engines weave algebra.
body    |     * jacquard 1942
body    |   ← back
foot    :     Of cards
foot    :     Of flowers
line    |   [ada-l](/u/ada-l) 1942-10-05 07:05:11 UTC #8
body    |   Of 1942, 8:16pm 9
body    |     charles:
body    |   It weaves.
body    |   (by cards)
body    |     3    4
foot    : Outside
foot    : it.
line    |   jacquard October 6, 1942, 7:05am 9
body    |   Cards.
body    |   charles October 7, 1942, a day on which the looms of the mill wove flowers, and leaves, and whatever else there was upon the cards that were put before them in the morning, 7:05 10

closing :   next page →
closing : Related topics
closing : Topic   Replies Views Activity
closing : Of mills   4   210   May 3, 1942

closing : Home
closing : Categories
closing : Powered by Discourse, best viewed with JavaScript enabled
closing : Hosted by us.
"""

EXPECT = (
    {
        "kind": "post",
        "author": "ada-l",
        "published_raw": "Jan 8",
        "body": "Looms weave flowers.\n\n4\n\nIs it Solved in post #4?",
    },
    {
        "kind": "post",
        "author": "Charles Babbage",
        "handle": "charles",
        "published_raw": "3d",
        "body": "It weaves:\n\n3 d\n\nSolved by cards in post #4\n\nalgebra",
    },
    {"kind": "post", "author": "mary", "handle": None, "published_raw": "Jan 12", "body": "12"},
    {"kind": "post", "author": "system", "published_raw": "Apr 16", "body": "It was closed: no more."},
    {
        "kind": "post",
        "author": "menabrea",
        "published_raw": "October 3, 1942,  8:16pm",
        "body": "It was in Turin.\n\nOctober 3, 1942, 8:15pm\n\n2\n\n3 Likes\n\nis what it got.\n\nReply",
    },
    {
        "kind": "post",
        "author": "Ada (L.) Lovelace",
        "handle": "lovelace",
        "published_raw": "3 October 1942 um 20:17",
        "body": "Reply\n\n1942, 8:16",
    },
    {
        "kind": "post",
        "author": "Charles B.",
        "handle": "charles",
        "published_raw": "October 4, 1942, 7:05am",
        "body": "Engines weave algebra.\n\n* jacquard 1942\n\n← back",
    },
    {
        "kind": "post",
        "author": "ada-l",
        "handle": None,
        "published_raw": "1942-10-05 07:05:11 UTC",
        "body": "Of 1942, 8:16pm 9\n\ncharles:\n\nIt weaves.\n\n(by cards)\n\n3    4",
    },
    {
        "kind": "post",
        "author": "jacquard",
        "published_raw": "October 6, 1942, 7:05am",
        "body": "Cards.\n\ncharles October 7, 1942, a day on which the looms of the mill wove flowers, and leaves, and whatever else there was upon the cards that were put before them in the morning, 7:05 10",
    },
)
