"""Stack Exchange: a question, its answers, and the comments below each, of Stack Overflow and its sister sites.

Source    the rendered page as text, in the layouts since 2013, flat or indented by nesting. The network's sites speak
          English but for Stack Overflow in Spanish, Portuguese, Japanese and Russian: the words of these five are here.
Dates     absolute with a time of day ("Feb 6, 2014 at 20:37", "Feb 6 '14 at 20:37"; without the year in the year of the
          visit), relative for some days. A post has the date on which it was written, not that of its last edit.
Authors   a user card: the date, the caption of a picture, the name, reputation and badges; a comment is signed "– name".
Limits    a record is known by its end: a card below a menu, or a signature. Where a dump left these out, it is chrome. The
          caption of a picture is told by the name below it. Notices of closing are known in English alone.
"""

import polars as pl
from polars import col

from pipeline.grammar import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
    Tail,
    above,
    after,
    among,
    before,
    chrome,
    either,
    from_below,
    gap,
    holds,
    lately,
    n,
    n_chars,
    since,
    soon,
    under,
)

SENTENCE = r"^.{40,}[.?!:…。？！：]$|^.{100,}$"  # which no item of a menu is
LETTER = r"[^\W\d_]"

# What the sites print in English, Spanish, Portuguese, Japanese and Russian. English was checked on real pages; the other
# four were written from knowledge of the sites, with what spellings they may have, and wait for pages of theirs.
ASKED = either("asked", "formulada", "preguntada", "perguntada", "задан[ао]?", "質問(?:日時?|済み)?")
ANSWERED = either("answered", "respondida", "contestada", "ответ дан", "回答(?:日時?|済み)?")
EDITED = either(
    "edited", "editad[ao]", "modificad[ao]", "изменен", "изменён", "отредактирован", "編集(?:日時?|済み)?"
)
POST = either(
    "question", "answer", "pregunta", "respuesta", "pergunta", "resposta", "вопрос", "ответ", "質問", "回答"
)
IMPROVE = either(
    f"improve this {POST}",
    f"(?:mejor|melhor){LETTER}+ esta {POST}",
    f"улучшить (?:этот )?{POST}",
    f"(?:この)?{POST}を改善(?:する)?",
)
MENU_WORD = either(
    *(IMPROVE, "share", "cite", "edit", "follow", "save", "flag", "delete", "link"),
    *(f"compart{LETTER}+", "citar", "editar", "seguir", "поделиться", "отслеживать", "править"),
    *("共有", "引用", "編集", "フォロー(?:する)?"),
)
MENU = rf"^(?i:{MENU_WORD}(?:[ |·]+{MENU_WORD})*)[ |]*$"
CLOCK = r"\d{1,2}:\d\d"
DATE = either(
    rf"[A-Z][a-z]{{2}} \d{{1,2}}(?:, \d{{4}}| ['’]\d\d)? at {CLOCK}",
    rf"\d{{1,2}} (?:de )?{LETTER}{{3,10}}\.?(?: (?:de )?['’]?\d{{2,4}})?,? (?:a las?|às|в) {CLOCK}",
    rf"\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?,? (?:a las?|às) {CLOCK}",
    rf"(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日,? {CLOCK}",
    *(r"\d+ (?:secs?|mins?|hours?|days?) ago", "just now", "yesterday"),
    *(rf"h(?:ace|á) \d+ {LETTER}+", "ayer", rf"\d+ {LETTER}+ atrás", "ontem"),
    *(r"\d+ ?[秒分時間日]{1,2}前", "昨日", rf"\d+ {LETTER}+ назад", "вчера"),
)
LED = r"(?:(?i:commented|el|em|on)\s+)?"
DATED = rf"{LED}(?P<published_raw>{DATE})"
NAMED = r"(?P<author>[^\s–—](?:[^–—]{0,48}?[^\s♦–—])??)(?:\s*♦)?"
SIGNED = rf"[–—]\s*{NAMED}"
BEGUN = r"\$\\begingroup\$ *"  # on sites with formulas
BULLET = r"[*+•o\-]"
ACTION = rf"^(?:{ASKED}|{ANSWERED}|{EDITED})[:：]?\s*{LED}{DATE}$"
CARD = r"^\d[\d.,]*[kKmM]?(?:\s*[●•]?\s*\d[\d.,\s]*(?:[^\W\d_][^\d●•]{0,25})?)*$"  # reputation and badges
BADGE = r"^\d[\d ]*(?:gold|silver|bronze|oro|plata|bronce|ouro|prata|золот|серебр|бронз|[金銀銅]).*$"
SIGNATURE = rf"^{SIGNED}$"
SIGNED_DATED = rf"^{SIGNED}\s+{DATED}$"
INLINE = rf"^.*\S\s*{SIGNED}\s+{DATED}$"

FACTS_OF_PAGE = either(
    *("Asked", "Modified", "Active", "Viewed", "Formulada", "Preguntada", "Modificad[ao]", "Activa", "Vista"),
    *("Perguntada", "Ativa", "Вопрос задан", "Изменен", "Изменён", "Активен", "Просмотрен"),
    *("質問日", "最終更新日?", "更新日", "アクティブ", "閲覧数"),
)
TODAY = either("today", "hoy", "hoje", "сегодня", "今日")
HEAD = rf"^{FACTS_OF_PAGE} (?:.{{0,40}}\d.{{0,40}}|{TODAY})$"
VOTE = r"(?:up vote|down vote|favorite|accepted)"
VOTES = rf"^{VOTE}(?:\s+[-−]?\d[\d.,]*k?|\s+{VOTE})*$"
ANSWERS = (
    rf"^(?i:\d+ (?:answers?|respuestas?|respostas?|ответ(?:а|ов)?)|{either('[0-9]+ ?件の回答')})(?:\s+\d+)?$"
)
SORTED_BY = either(
    *("sorted by:?.*", f"orden{LETTER}+ por:?.*", "сортировка:?.*", "並べ替え.*"),
    r".*\((?:default|predeterminad[oa]|padrão|по умолчанию|デフォルト)\).*",
    *(
        "reset to default",
        r"date (?:modified|created) \(.*",
        "(?:active|oldest|votes)(?: (?:active|oldest|votes))*",
    ),
)
SORTED = rf"^(?i:{SORTED_BY})$"
ADD_WORDS = either(
    *(
        "add a comment",
        r"show \d+ more comments?",
        f"añad{LETTER}+ (?:un )?comentario",
        f"adicion{LETTER}+ (?:um )?comentário",
    ),
    *(
        r"mostrar .*\d+ comentarios?.*",
        r"mostrar .*\d+ comentários?.*",
        "добавить комментарий",
        r"показать .*\d+ комментари.*",
    ),
    *("コメントを追加.*", r".*\d+ ?件のコメントを.*", "comments disabled on .*"),
)
ADD = rf"^[| ]*(?i:{ADD_WORDS})[\s|]*$"
NUMBER = r"^[-−+]?\d[\d.,]*[kK]?$"
NOTICE = (
    r"^(?:(?:Closed|This question (?:already has|is|was|needs|shows|does not show)|This answer is|Save this question"
    r"|Bookmark this question|Show activity on this post|Loading when this answer|New contributor).*"
    r"|.* is a new contributor.*|.*\(\d+ answers?\)|\$\\begingroup\$|\d+ revs?(?:,.*)?)$"
)
FOOT_WORDS = either(
    *(
        "your answer",
        "not the answer you['’]re looking for.*",
        "know someone who can answer.*",
        "hot network questions",
    ),
    *(
        "tu respuesta",
        "¿no es la respuesta que buscas.*",
        "sua resposta",
        "(?:esta )?não é a resposta que você .*",
    ),
    *("ваш ответ", "вс[её] ещё ищете ответ.*", "あなたの回答", "求めていた回答では.*"),
)
FOOT = rf"^(?i:{FOOT_WORDS})$"

# what ends a record, what may begin one, and what parts them
EVENT = (
    pl.when(col.is_signature | col.is_signed_line)
    .then(1)
    .when(col.is_menu)
    .then(2)
    .when(col.is_action)
    .then(3)
    .when(col.is_candidate)
    .then(4)
)
BELOW = from_below(EVENT.backward_fill().over("doc"))
TAG = r"[\p{Ll}\p{Lo}\p{M}\d#+.\-]"
# what parts the records, and the lines of each that stand at its end
IS_EDGE = [
    "is_head",
    "is_action",
    "is_avatar",
    "is_name",
    "is_bot",
    "is_card",
    "is_badge",
    "is_date",
    "is_signed",
    "is_signed_line",
    "is_answers",
    "is_sorting",
    "is_vote",
    "is_bare",
    "is_add",
]

FACTS = {
    "is_foot": since(FOOT),
    "is_action": holds(ACTION) & ~(holds(HEAD) & under(holds(HEAD))) & ~col.is_foot,
    "is_avatar": above(col.is_action)
    & (n_chars > from_below(n_chars) + 3)
    & col.text.str.contains(from_below(col.text), literal=True),
    "is_name": (above(col.is_action) | above(col.is_avatar))
    & ~col.is_action
    & ~col.is_avatar
    & ~holds(rf"{ADD}|{NUMBER}|{MENU}")
    & (n_chars < 120),
    "is_bot": above(col.is_name) & holds("^Bot$"),
    "is_card": above(col.is_name | col.is_bot) & holds(CARD),
    # each badge may be told twice, by a number and in words, on lines of their own
    "is_badge": after(col.is_card, holds(rf"{BADGE}|{NUMBER}") & ~col.is_card)
    & (holds(BADGE) | holds(NUMBER) & under(holds(BADGE))),
    "is_menu": among(soon(col.is_action, 8) & ~col.is_action, MENU),
    "is_first": above(col.is_action.cum_sum().over("doc") == 0) | (n == 0),
    "is_listed": col.is_first & holds(rf"^{BULLET} {TAG}+$") & under((gap == 0) | col.is_menu),
    "is_tag": col.is_listed & before(col.is_menu, col.is_listed)
    | col.is_first & under(col.is_menu) & ~col.is_menu & holds(rf"^(?:{BULLET} )?{TAG}(?:{TAG}| ){{0,120}}$"),
    "is_below": ~col.is_first & ~col.is_foot,
    "is_date": among(lately(holds(SIGNATURE), 2) & col.is_below, rf"^{LED}{DATE}$"),
    "is_led": above(holds(SIGNATURE)) & under(col.is_date) & holds("^Commented$"),
    "is_signed": col.is_below & holds(SIGNED_DATED),
    "is_signature": col.is_signed | (under(col.is_date) | under(col.is_led)) & holds(SIGNATURE),
    "is_signed_line": col.is_below & holds(INLINE) & ~col.is_signature,
    "is_head": holds(HEAD) & col.is_first & ~col.is_action,
    "is_count": holds(ANSWERS) & col.is_below,
    "is_answers": col.is_count & (col.is_count.cum_sum().over("doc") == 1),
    "is_sorting": (after(col.is_answers, ~col.is_answers & ~holds(NUMBER)) | holds(SORTED))
    & lately(col.is_answers, 8)
    & ~holds(NUMBER),
    "is_vote": holds(VOTES) & (above(holds(rf"{NUMBER}|{VOTES}")) | under(holds(rf"{NUMBER}|{VOTES}"))),
    # a dump without a head has nothing above its question but votes, or menus
    "is_told": (col.is_head | col.is_vote).any().over("doc"),
    "is_number": col.is_first & holds(NUMBER),
    "is_sentence": holds(SENTENCE),
    "is_above": under(col.is_sentence & (col.is_sentence.cum_sum().over("doc") == 1))
    & ~col.is_number.any().over("doc"),
    "is_bare": (col.is_number | col.is_above) & ~col.is_told,
    "is_add": holds(ADD) & col.is_below,
    "is_edge": pl.any_horizontal(col(IS_EDGE)),
    "is_past": holds(rf"{NUMBER}|{NOTICE}"),
    "is_candidate": after(col.is_edge, col.is_past & ~col.is_edge)
    & (~col.is_edge | col.is_signed_line)
    & ~col.is_past
    & ~col.is_menu
    & ~col.is_signature
    & ~col.is_foot,
    "is_comment": col.is_candidate & (col.is_signed_line | (BELOW == 1)),
    "is_post": col.is_candidate
    & ~col.is_signed_line
    & ((BELOW == 2) | (BELOW == 3) & ~lately(col.is_action, 9)),
}
OUTSIDE = chrome("ui_message")
INSIDE = chrome("ui_message", inside=True)
OWN = r"(?P<text>\S.*)"
SAID = r"(?P<text>\S.*?\S\s*" + SIGNED + r"\s+" + DATED + ")"
IS_DOUBLED = col.text.str.slice(0, n_chars // 2) == col.text.str.slice(n_chars // 2 + 1)
IS_WRITTEN = lately(holds(rf"^(?:{ASKED}|{ANSWERED})"), 2) & ~lately(holds(rf"^{EDITED}"), 1)


GRAMMAR = Grammar(
    kind="stack_exchange",
    knows=(
        rf"^(?i:(?:{MENU_WORD}[ |·]+)*{IMPROVE}(?:[ |·]+{MENU_WORD})*)[ |]*$",
        ACTION,
        rf"{HEAD}|{VOTES}|{ADD}|{FOOT}",
    ),
    facts=FACTS,
    marks=(
        Mark("said", rf"^{BULLET} {SAID}$", HEADER, below=BODY, opens="post", where=col.is_comment & col.is_signed_line),
        Mark("remark", INLINE, BODY, opens="post", where=col.is_comment & col.is_signed_line),
        Mark("score", rf"^{BULLET} [-−]?\d+$", HEADER, below=BODY, opens="post", where=col.is_comment),
        Mark("item", rf"^(?:{BULLET} (?:{BEGUN})?|{BEGUN}){OWN}$", HEADER, below=BODY, opens="post", where=col.is_comment),
        Mark("comment", ANYTHING, BODY, below=BODY, opens="post", where=col.is_comment),
        Mark("post", ANYTHING, BODY, below=BODY, opens="post", where=col.is_post),
        Mark("begun", rf"^{BEGUN}{OWN}$", HEADER, below=BODY, where=~col.is_signed_line & ~col.is_foot),
        Mark("foot", FOOT, chrome("footer"), below=chrome("footer")),
        Mark("ended", INLINE, BODY, where=col.is_signed_line),
        Mark("signed", SIGNED_DATED, HEADER, below=OUTSIDE, where=col.is_signed),
        Mark("signature", SIGNATURE, HEADER, where=col.is_signature),
        Mark("led", ANYTHING, HEADER, where=col.is_led),
        Mark("date", rf"^{DATED}$", HEADER, below=OUTSIDE, where=col.is_date),
        Mark("tags", ANYTHING, chrome("nav", inside=True), where=col.is_tag),
        Mark("menu", MENU, INSIDE, below=INSIDE, where=col.is_menu),
        Mark("edited", rf"^{EDITED}[:：]?\s*{LED}{DATE}$", HEADER, below=OUTSIDE, where=col.is_action),
        Mark("written", rf"^(?:{ASKED}|{ANSWERED})[:：]?\s*{DATED}$", HEADER, below=OUTSIDE, where=col.is_action),
        Mark("avatar", ANYTHING, chrome("avatar", inside=True), where=col.is_avatar),
        *(
            Mark(f"twice_{words}", rf"^(?P<author>{name}) {name}$", HEADER, where=col.is_name & IS_WRITTEN & IS_DOUBLED)
            for words, name in enumerate((r"\S+", r"\S+ \S+", r"\S+ \S+ \S+"), start=1)
        ),
        Mark("name", rf"^{NAMED}$", HEADER, where=col.is_name & IS_WRITTEN & ~holds(r"(?i)\bwiki\b")),
        Mark("editor", ANYTHING, HEADER, where=col.is_name),
        Mark("card", ANYTHING, HEADER, where=col.is_bot | col.is_card | col.is_badge),
        Mark("add", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_add),
        Mark("answers", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_answers),
        Mark("head", ANYTHING, OUTSIDE, below=OUTSIDE, where=col.is_head),
        Mark("between", ANYTHING, OUTSIDE, below=OUTSIDE, where=above(col.is_signed_line)),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
    tails=(
        Tail("signed_tail", rf"\s*[–—]\s*[^\s–—][^–—]{{0,52}}?\s{LED}{DATE}", "ui_message"),
        Tail("formula", r"\s*\$\\endgroup\$", "ui_message"),
    ),
)  # fmt: skip

SAMPLE = r"""
top       : Weaving
nav       : Active looms of the year
nav       : – Nobody Jun 14 '13 at 9:00
nav       : How does a loom weave flowers?
head      : Asked 8 years, 2 months ago
head      : Modified today
head      : Viewed 38k times
ui_message : 35
ui_message : 12
post      | Looms weave flowers, or do they? Asked today

body      | 2 Answers
body      | Share
body      | Which card is first? – none, yesterday, they say
body      | asked Feb 6, 2014 at 20:37, as said

body      | – Euclid
body      | 12
tags      | + looms
tags      | + punched-cards
menu      | Share
menu      | Improve this question
ui_message | Protected by a moderator
menu      | Follow
edited    | edited Jun 14 '13 at 10:02
avatar    | Mary Somerville's user avatar
editor    | Mary Somerville
card      | 62.1k884115
written   | asked Jun 14 '13 at 9:21
twice_1   | Ada Ada
card      | 1,033 3 3 gold badges
card      | 12 12 silver badges
ui_message : Ada is a new contributor to this site.
ui_message : 3
score     | * 1
body      | Have you tried
ended     | both? – Charles Jun 14 '13 at 9:25

between   : 2
ui_message : 3
said      | * both, – and neither – Ada ♦ Jun 14 '13 at 9:31
item      | * $\begingroup$ Which n? $\endgroup$
signature | – Tom ♦
led       | Commented
date      | Feb 6, 2014 at 20:57
score     | * 2
begun     | $\begingroup$ The n of cards
signed    | – Ada Feb 6, 2014 at 20:59
ui_message : 4
remark    | Not so. – Bob Jun 15 '13 at 13:00
between   : 1
comment   | They told me
body      | yesterday
body      | – it was dull
body      | of the loom
signature | – Bob
date      | yesterday
ui_message : Deleted
add       : add a comment |
answers   : 3 Answers
ui_message : Sorted by:
ui_message : Highest score (default)
ui_message : up vote
ui_message : 62
ui_message : accepted
post      | The first one.
body      | add a comment on it
menu      | share|improve this answer
written   | answered Jun 14 '13 at 9:40
avatar    | Mary King's user avatar
name      | Mary King
card      | 2103
add       : add a comment |
ui_message : -1

post      | Charles' avatar
body      | The second one, as

body      | edited
body      | says: Share Follow
menu      | Share Cite Follow
edited    | edited 3 hours ago
written   | answered Jun 15 '13 at 12:12
twice_2   | Charles King Charles King
card      | 31 1 1 bronze badge
add       : Add a comment |
ui_message : 0
post      | None
body      | 1 Answer
menu      | Share Improve this answer Follow
written   | answered Jun 15 '13 at 12:12
twice_3   | Ada von Loom Ada von Loom
add       : Add a comment |
ui_message : 5
post      | All three.
body      | * 3
body      | Is that Your Answer
menu      | Link
menu      | edit
written   | answered Jun 16 '13 at 12:12
editor    | community wiki
ui_message : 2 revs, 2 users 67%
foot      : Your Answer
footer    : Post as a guest – Ada yesterday
footer    : Viewed 3 times
footer    : Add a comment
footer    : Share
foot      : Not the answer you're looking for? Browse other questions tagged looms or ask your own question.
footer    : edited yesterday
footer    : asked yesterday
footer    : $\begingroup$ The n
"""

EXPECT = (
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "Jun 14 '13 at 9:21",
        "body": "Looms weave flowers, or do they? Asked today\n\n2 Answers\n\nShare\n\nWhich card is first? – none, yesterday, they say\n\nasked Feb 6, 2014 at 20:37, as said\n\n– Euclid\n\n12",
    },
    {
        "kind": "post",
        "author": "Charles",
        "published_raw": "Jun 14 '13 at 9:25",
        "body": "Have you tried\n\nboth?",
    },
    {"kind": "post", "author": "Ada", "published_raw": "Jun 14 '13 at 9:31", "body": "both, – and neither"},
    {"kind": "post", "author": "Tom", "published_raw": "Feb 6, 2014 at 20:57", "body": "Which n?"},
    {"kind": "post", "author": "Ada", "published_raw": "Feb 6, 2014 at 20:59", "body": "The n of cards"},
    {"kind": "post", "author": "Bob", "published_raw": "Jun 15 '13 at 13:00", "body": "Not so."},
    {
        "kind": "post",
        "author": "Bob",
        "published_raw": "yesterday",
        "body": "They told me\n\nyesterday\n\n– it was dull\n\nof the loom",
    },
    {
        "kind": "post",
        "author": "Mary King",
        "published_raw": "Jun 14 '13 at 9:40",
        "body": "The first one.\n\nadd a comment on it",
    },
    {
        "kind": "post",
        "author": "Charles King",
        "published_raw": "Jun 15 '13 at 12:12",
        "body": "Charles' avatar\n\nThe second one, as\n\nedited\n\nsays: Share Follow",
    },
    {
        "kind": "post",
        "author": "Ada von Loom",
        "published_raw": "Jun 15 '13 at 12:12",
        "body": "None\n\n1 Answer",
    },
    {
        "kind": "post",
        "author": None,
        "published_raw": "Jun 16 '13 at 12:12",
        "body": "All three.\n\n* 3\n\nIs that Your Answer",
    },
)
