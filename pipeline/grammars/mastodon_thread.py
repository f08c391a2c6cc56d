"""Mastodon: a post with what it answers and its answers, or a profile's, tag's or server's list of posts.

Source    any server of Mastodon or of a fork with its templates: the server's own pages (2.x, 3.x) and the web application,
          in any interface language; Misskey's timelines.
Dates     relative to the visit ("3h"), a day without its year where that is the visit's, or in full below the post that a page is of.
Heads     a date stands beside a name and its address "@user@host": above them in most versions, below them in others; which, the
          page says most often. The post that a page is of has its date below its words, before a "·".
Words     of the interface are asked for only where no position tells: from its translations (app/javascript/mastodon/locales in its
          repository, config/locales for the server's pages) into 17 languages as they were stored, some more from knowledge of them.
Limits    what a card or a picture's description shows stands in a post's words. A quoted post is a record of its own.
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
    before,
    chrome,
    counted,
    from_below,
    gap,
    holds,
    indent,
    lately,
    n,
    next_,
    soon,
    times,
    under,
    unnamed,
    words,
)

# status.reblogged_by, stream_entries.reblogged: what follows the name of who passed a post on
BOOSTED = words(
    "boosted", "shared", "reblogged", "teilte", "hat geteilt", "a partagé", "a partagé :", "a boosté", "ha condiviso", "impulsó",
    "partilhou", "compartilhou", "impulsionou", "deu boost", "boostte", "boostade", "knuffade", "fremhevet", "boostede", "fremhævede",
    "tehosti", "buustasi", "boostnul/a", "boostnul(a)", "boostnul*a", "podbił", "podbił(a)", "продвинул(а)", "поширює", "поширив",
    "поширила", "boostladı", "yeniden paylaştı", "さんがブースト", "さんがブーストしました", "转嘟了", "轉嘟了", "已轉嘟",
    "がリノート", "renoted", "님이 부스트 했습니다", "님이 부스트했습니다", "megtolta", "ενίσχυσε", "προώθησε", "ha impulsat", "promoveu", "diskonigis", "đăng lại",
    "הדהד/ה", "تقویت کرد", "ได้ดัน",
)  # fmt: skip
# the same, status.replied_to and, with no name, status.continued_thread, status.replied_in_thread and status.pinned
LED_BY = words(
    "Retooteado por", "Impulsado por", "Podbite przez", "شارَكَه", "Fremhevd av", "Hybodd", "Repartajat de",
    "Replied to", "In reply to", "Antwortete", "Antwort auf", "En réponse à", "Réponse à", "En respuesta a", "Respondió a",
    "Risposta a", "In risposta a", "Em resposta a", "Respondeu a", "Reageerde op", "Svarade på", "Svarte på", "Besvarede", "Vastaus käyttäjälle",
    "Odpowiedź do wpisu użytkownika", "Ответил(а)", "В ответ", "Відповів", "回复", "回覆", "رَدًا على", "Odpověděl",
)  # fmt: skip
PINNED = words(
    "Pinned post", "Pinned toot", "Pinned", "Angehefteter Beitrag", "Angeheftet", "Message épinglé", "Pouet épinglé", "Épinglé",
    "Publicación fijada", "Toot fijado", "Post fissato", "Toot fissato in cima", "Publicação fixada", "Toot fixado", "Post fixado",
    "Vastgemaakt bericht", "Vastgemaakte toot", "Fästa inlägg", "Fäst inlägg", "Festet innlegg", "Fastgjort indlæg", "Kiinnitetty julkaisu",
    "Kiinnitetty tuuttaus", "Przypięty wpis", "Закреплённый пост", "Закріплений допис", "Připnutý příspěvek", "Připnutý toot",
    "Sabitlenmiş gönderi", "Sabitlenmiş toot", "固定された投稿", "固定されたトゥート", "置顶嘟文", "釘選的嘟文", "고정된 게시물", "고정 된 툿",
    "Continued thread", "Replied in thread", "Antwortete im Thread", "Fortgeführter Thread", "Odpowiedź w wątku", "上接嘟文串", "回复嘟文串",
    "تكملة للخيط", "رد في خيط",
)  # fmt: skip
# status.show_more, statuses.show_more, status.show_less, content_warning.show, .show_more and .hide
SHOW = words(
    "Show more", "Show less", "Show anyway", "Hide post", "Mehr anzeigen", "Weniger anzeigen", "Trotzdem anzeigen", "Beitrag ausblenden",
    "Déplier", "Replier", "Afficher plus", "Mostrar más", "Mostrar menos", "Mostra di più", "Mostra meno", "Mostrar mais", "Meer tonen",
    "Minder tonen", "Visa mer", "Visa mindre", "Visa ändå", "Vis mer", "Vis mere", "Näytä enemmän", "Näytä lisää", "Näytä vähemmän",
    "Zobrazit více", "Zobrazit méně", "Pokaż więcej", "Rozwiń", "Zwiń", "Развернуть", "Свернуть", "Показать больше", "Розгорнути", "Згорнути",
    "Daha fazlasını göster", "Daha az göster", "もっと見る", "続きを表示", "隠す", "显示更多", "显示内容", "隐藏内容", "顯示更多", "더 보기", "숨기기",
    "أظهر المزيد", "اعرض أكثر", "اعرض أقلّ", "और दिखाएँ", "कम दिखाएँ", "Több megjelenítése", "Δείξε περισσότερα", "Mostra'n més",
)  # fmt: skip
# below a post's words: status.read_more, .show_thread, .translate, .sensitive_warning, .media_hidden and media_gallery.hide
FOOT = words(
    "Read more", "Show thread", "Translate", "Show original", "Sensitive content", "Media hidden", "Hide image", "Hide", "Not available",
    "Gesamten Beitrag anschauen", "Mehr lesen", "Zeige Unterhaltung", "Übersetzen", "Inhaltswarnung", "Inhalt ausgeblendet", "Ausblenden",
    "Lire la suite", "Traduire", "Contenu sensible", "Média caché", "Leer más", "Ver hilo", "Traducir", "Contenido sensible",
    "Leggi altro", "Mostra thread", "Traduci", "Materiale sensibile", "Ler mais", "Traduzir", "Conteúdo sensível", "Meer lezen",
    "Gesprek tonen", "Vertalen", "Gevoelige inhoud", "Läs mer", "Översätt", "Känsligt innehåll", "Käännä", "Arkaluontoista sisältöä",
    "Czytaj dalej", "Przetłumacz", "Wrażliwa zawartość", "Ещё", "Перевод", "Číst více", "Zobrazit vlákno", "Citlivý obsah", "Devamını okuyun",
    "Konuyu göster", "Hassas içerik", "スレッドを表示", "翻訳", "閲覧注意", "查看更多", "翻译", "敏感内容", "글타래 보기", "민감한 미디어",
    "اقرأ المزيد", "ترجمة", "محتوى حساس",
)  # fmt: skip
# account.follow and what else a profile's button says
FOLLOW = words(
    "Follow", "Follow back", "Unfollow", "Following", "Folgen", "Suivre", "Seguir", "Segui", "Volgen", "Följ", "Følg", "Seuraa", "Obserwuj",
    "Śledź", "Подписаться", "Підписатися", "Sledovat", "Takip et", "フォロー", "フォローする", "关注", "關注", "跟隨", "팔로우", "تابع", "متابعة",
    "Követés", "Ακολουθήστε", "Segueix", "עקוב", "Theo dõi", "Ikuti",
)  # fmt: skip
# relative_time.just_now, .today
NOW = words(
    "now", "just now", "today", "jetzt", "gerade eben", "heute", "maintenant", "ahora", "ora", "agora", "nu", "nå", "nyt", "teraz",
    "только что", "зараз", "teď", "şimdi", "今", "今日", "刚刚", "剛剛", "지금", "الآن", "עכשיו", "τώρα", "ara", "most", "bây giờ",
)  # fmt: skip

# as a renderer prints their spaces
BOOSTED, LED_BY, PINNED, SHOW, FOOT = (
    table.replace(r"\ ", r"\s") for table in (BOOSTED, LED_BY, PINNED, SHOW, FOOT)
)

USER, HOST = r"\w(?:[\w.-]*\w)?", r"(?:[\w-]+\.)+[\w-]{2,24}"
ADDRESS = rf"@(?P<handle>{USER}(?:@{HOST})?)"
SERVER = rf"(?:\s@?{HOST})?"  # which a profile prints beside the address again
NAMED = rf"^(?P<author>\S.{{0,120}}?)\s+{ADDRESS}{SERVER}$"
ALONE = rf"^{ADDRESS}{SERVER}$"
FULL = rf"^(?:.*\s)?@{USER}\s?@{HOST}{SERVER}$"
OPENING = rf"^(?P<author>\S.{{0,120}}?)(?:\s+{ADDRESS}{SERVER})?$"
ALT = rf"^{USER}(?:@{HOST})?$"  # an avatar's description is the address
STAR = r"(?:\s?\*)?"  # of a post that was edited
DAY = r"[^@#!?()|·•*\n]{0,24}\d[^@#!?()|·•*\n]{0,28}"
DATED = rf"^(?P<published_raw>{DAY}?|{NOW}){STAR}$"
FULL_DATE = r"[^@#!?()|·•*\n]{0,30}\d[^@#!?()|·•*\n]{0,30}\d[:.]\d\d[^@#!?()|·•*\n]{0,12}?"
META = rf"^(?P<published_raw>{FULL_DATE})(?:\s*·)+\s*(?P<text>.*)$"
TITLED = rf"^(?P<author>\S.{{0,120}}?)\s?•\s?(?P<published_raw>{DAY}|{NOW})$"  # above the address, since 2026
BARE_META = rf"^(?P<published_raw>{FULL_DATE})$"
NUMBER = r"\d{1,3}(?:[.,\s]\d{3})*(?:[.,]\d{1,2})?"
COUNT = rf"{NUMBER}\s?[KMB]?\+?"
COUNTS = rf"^(?:{COUNT}|{NUMBER}\s?[^\W\d_]{{1,5}}\.?)(?:\s+{COUNT}){{0,4}}$"
ANY_DATE = rf"^(?P<published_raw>{DAY}?|{NOW}|{FULL_DATE}){STAR}$"
REACTIONS = (
    r"^(?:(?:[\p{So}\p{Sk}\p{M}\p{Cf}]{1,12}|:\w[\w+-]*:)\s\d{1,5}(?:\s|$))+$"  # each with how many gave it
)
SHARE = r"^\d{1,3}\s?[%٪].{0,80}$"
VOTES = rf"^(?:\D{{1,30}}\s·\s)?{COUNT}\s?\D{{1,25}}(?:\s·\s.{{1,40}})?$"
STAT = r"^(?:\d[\d.,\s]*[^\d\s]{0,6}\s\D{2,24}|\d[\d.,\s]*(?:[KMB]\b)?[^\d\s]{1,24})$"
STATS = r"^(?:\d[\d.,]*[^\d\s]{0,6}\s\D{2,24}){3}$"
MADE = r"^(?:ALT|GIF)(?:\s+(?:ALT|GIF))*$"
FOOTER = rf"^(?:Mastodon|{HOST})\s?:\s.{{1,60}}·.*$"

# whose the last address of a line is, here and on the three lines below
OWNER = col("text").str.extract(rf"@({USER}(?:@{HOST})?){SERVER}$")
SHOWN = [
    (col("text") == owner) | (col("text") == owner.str.extract(rf"^({USER})@"))
    for owner in (OWNER, *(from_below(OWNER, lines) for lines in (1, 2, 3)))
]

IS_DATE = holds(DATED) & ~holds(rf"^{COUNT}(?:\s+{COUNT}){{0,4}}$") & ~holds(NAMED)
IS_NAMED = holds(NAMED) & ~holds(ALONE)  # Misskey parts user from host: "@ada @loom.example"
IS_ALONE = holds(ALONE) & (n >= 1) & ~above(IS_NAMED)
IS_NAME = IS_NAMED | (under(IS_ALONE) & ~holds(TITLED))

IS_AVATAR = holds(ALT) & (
    (SHOWN[1] & under(IS_NAMED))
    | (SHOWN[2] & (under(IS_ALONE, 2) | (under(IS_NAMED, 2) & next_(ALT))))
    | (SHOWN[3] & under(IS_ALONE, 3) & next_(ALT))
)
IS_EARLY = IS_DATE & (under(IS_NAME) | (under(IS_AVATAR) & (under(IS_NAME, 2) | under(IS_NAME, 3))))
IS_LATE = IS_DATE & (above(IS_NAMED) | above(IS_ALONE))
IS_META = holds(META) | (holds(BARE_META) & next_(r"^·"))
IS_FULL = holds(FULL) & (IS_NAMED | IS_ALONE)


FACTS = {
    "is_named": IS_NAMED,
    "is_alone": IS_ALONE,
    "is_avatar": IS_AVATAR,
    "is_early": IS_EARLY,
    "is_late": IS_LATE,
    "is_meta": IS_META,
    "is_titled": holds(TITLED) & under(col.is_alone),
    "is_name": (col.is_named | under(col.is_alone)) & ~col.is_titled,
    # the page's dates stand above names, below them, or below the numbers that follow a post (in glitch-soc)
    "is_down": (
        times(
            col.is_early
            & (col.is_early.cum_sum().over("doc") == 1)
            & above(holds(COUNTS))
            & (col.is_name.cum_sum().over("doc") > 0)
        )
        > 0
    )
    & (times(col.is_meta) == 0),
    "is_up": ((times(col.is_early) >= times(col.is_late)) | (times(col.is_titled) > 0)) & ~col.is_down,
    "is_date": pl.when(col.is_down)
    .then(IS_DATE & above(holds(COUNTS)))
    .when(col.is_up)
    .then(col.is_early)
    .otherwise(col.is_late),
    "is_dated": pl.when(col.is_down)
    .then(
        col.is_name & (above(col.is_date) | above(col.is_date, 2) | (col.is_name.cum_sum().over("doc") == 1))
    )
    .when(col.is_up)
    .then(
        col.is_name
        & (
            above(col.is_date)
            | (above(col.is_avatar) & above(col.is_date, 2))
            | (above(col.is_avatar, 2) & above(col.is_date, 3))
        )
    )
    .otherwise((col.is_named & under(col.is_date)) | (under(col.is_alone) & under(col.is_date, 2))),
    "is_post": pl.when(col.is_up).then(col.is_date).otherwise(col.is_dated) | col.is_titled,
    # a name with a whole address and no date: of the post that the page is of, or of a profile
    "is_undated": col.is_name
    & ~col.is_dated
    & ~above(col.is_dated | col.is_titled)
    & ((col.is_named & holds(FULL)) | (under(col.is_alone) & next_(FULL))),
    "is_stats": holds(STATS) | (holds(STAT) & (next_(STAT) | above(holds(STAT)))),
    "passage": counted(col.is_post | col.is_meta),
    "is_sole": col.is_undated & (col.is_undated.cum_sum().over("passage") == 1),
    "is_detail": col.is_sole
    & before(col.is_meta, ~col.is_meta & ~col.is_post)
    & (col.is_meta.cum_sum().over("doc") < times(col.is_meta)),
    "is_profile": col.is_sole
    & (col.passage == col.passage.min().over("doc"))
    & before(col.is_stats, ~col.is_stats & ~col.is_post & ~col.is_meta)
    & (times(col.is_stats) > 0),
    "is_start": col.is_post | col.is_detail | col.is_profile,
    "is_front": col.is_start | (col.is_avatar & under(col.is_start)),
    "is_head": col.is_dated | col.is_titled | col.is_detail | col.is_profile,
    "is_told": col.is_meta & pl.when(col.is_start).then(col.is_detail).forward_fill(),
    # the last line of a post's head
    "is_end": pl.when(
        col.is_up
        | col.is_down
        | above(col.is_titled | col.is_detail | col.is_profile)
        | col.is_detail
        | col.is_profile
    )
    .then((col.is_named & col.is_head) | (col.is_alone & above(col.is_head)))
    .otherwise(col.is_date),
    "is_edited": holds(r"^\*$") & above(col.is_end),
    "is_bared": col.is_edited | (col.is_end & ~next_(r"^\*$")),
    "is_warning": above(col.is_bared) & (next_(rf"^{SHOW}$") | holds(rf"^.+\s{SHOW}$")),
    "is_own": (col.is_profile | col.is_post | col.is_meta).cum_sum().over("doc").eq(1)
    & col.is_profile.cum_max().over("doc"),
    "is_joined": col.is_own & holds(DATED) & holds(r"^(?:\D*\d){5,8}\D*$"),
    "is_last": (col.is_start.cum_sum().over("doc") == times(col.is_start)) & (times(col.is_start) > 0),
    # a page prints numbers below its posts, or below none
    "is_count": holds(COUNTS) & (times(holds(COUNTS) & ~col.is_date) * 2 >= times(col.is_start)),
    "is_counts": col.is_count & (under(col.is_count) | above(col.is_count) | holds(r"\s")),
    "is_dot": holds(r"^·$"),
    "is_votes": (lately(holds(SHARE), 3) & holds(VOTES))
    | col.is_dot
    | above(col.is_dot)
    | holds(r"^(?:[^·]{1,40}\s·\s){0,3}\d[^·]{0,30}(?:\s·\s[^·]{1,40}){1,2}$"),
    "is_lead": (under(col.is_front) & ~col.is_count)
    & (
        holds(rf"^.{{1,60}}?\s?{BOOSTED}(?:\s?\d{{1,3}}\s?[^\W\d]{{1,6}})?$|^{LED_BY}\s.{{1,60}}$|^{PINNED}$")
        | above(col.is_count)
    ),
    "is_reactions": holds(REACTIONS),
    "is_low": (
        col.is_count
        | col.is_reactions
        | col.is_votes
        | col.is_lead
        | (col.is_date & col.is_down)
        | holds(MADE)
        | holds(rf"^{FOOT}$")
    )
    & ~col.is_front,
    "is_lone": col.is_count & ~col.is_counts,
    "is_counted": times(col.is_lone & under(col.is_front | col.is_lead)) * 2 >= times(col.is_start) - 1,
    "is_foot": (col.is_low & ~col.is_last & before(col.is_front, col.is_low))
    | (
        col.is_last
        & (
            col.is_counts
            | col.is_reactions
            | (col.is_counted & col.is_lone)
            | (col.is_low & ~col.is_count & soon(col.is_counts, 4))
        )
    ),
}

GRAMMAR = Grammar(
    kind="mastodon_thread",
    # a whole address, and a date of a post or the foot of the site
    knows=(FULL, unnamed(rf"{DATED}|{META}|{FOOTER}")),
    shape=(times(IS_FULL) > 0)
    & ((times(IS_EARLY) > 1) | (times(IS_LATE) > 1) | (times(holds(TITLED) & under(IS_ALONE)) > 1) | (times(IS_META) > 0)),
    facts=FACTS,
    marks=(
        Mark("post", DATED, HEADER, opens="post", where=col.is_up & col.is_post),
        Mark("titled", TITLED, HEADER, opens="post", where=col.is_titled),
        Mark("undated", OPENING, HEADER, below=BODY, opens="post", where=col.is_detail | col.is_post),
        Mark("profile", OPENING, HEADER, below=BODY, opens="profile", where=col.is_profile),
        Mark("avatar", ANYTHING, chrome("avatar", inside=True),
             where=(col.is_avatar | (above(col.is_avatar) & holds(ALT))) & ~col.is_name & lately(col.is_post, 2)),
        Mark("portrait", ANYTHING, chrome("avatar"), where=col.is_avatar & under(col.is_start)),
        Mark("named", OPENING, HEADER, below=BODY, where=col.is_dated),
        Mark("address", ALONE, HEADER, below=BODY, where=col.is_alone & above(col.is_head)),
        Mark("meta", META, HEADER, below=chrome("ui_message"), where=col.is_told),
        Mark("date", ANY_DATE, HEADER, below=BODY, where=col.is_date | col.is_told),
        Mark("beside_date", r"^·.*$", chrome("ui_message"), below=chrome("ui_message"), where=above(col.is_told)),
        Mark("edited", ANYTHING, HEADER, where=col.is_edited),
        Mark("follow", rf"^{FOLLOW}$", chrome("promo", inside=True), where=above(col.is_end)),
        Mark("joined", ANYTHING, HEADER, below=HEADER, where=col.is_own & (col.is_joined | under(col.is_joined & (gap == 0)))),
        Mark("stats", ANYTHING, HEADER, where=col.is_own & col.is_stats & under(col.is_stats)),
        Mark("last_stats", ANYTHING, HEADER, below=chrome("nav"), where=col.is_own & col.is_stats),
        Mark("warning", ANYTHING, HEADER, where=col.is_warning),
        Mark("shown", rf"^{SHOW}$", chrome("ui_message", inside=True), where=above(col.is_warning)),
        Mark("footer", FOOTER, chrome("footer"), below=chrome("footer"), where=col.is_last),
        Mark("images", MADE, chrome("image_marker"), where=col.is_foot),
        Mark("foot", ANYTHING, chrome("ui_message"), below=chrome("ui_message"), where=col.is_foot),
        Mark("beside", ANYTHING, chrome("nav"), below=chrome("nav"), where=col.is_last & (indent < pl.when(col.is_start).then(indent).forward_fill())),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
    tails=(Tail("show", rf"\s{SHOW}", "ui_message", on="header"),),
)  # fmt: skip

SAMPLE = """
top     : Loom
nav     : Log in
nav     : Charles, of Devon
profile | Ada Lovelace
address | @ada@loom.example
follow  | Follow
body    | Analyst. 12 engines
body    | Made of 1 card
joined  | JOINED
joined  | Nov 7, 1842
header  | Card: of 3 holes
stats   | 1.2K posts
stats   | 412 following
last_stats | 1,100 followers
nav     : Posts
nav     : 3 of them
foot    : Pinned post
post    | Dec 3, 1842 *
named   | Ada Lovelace
address | @ada
body    | The engine weaves algebra, @charles@devon.example
body    | 42
body    | Show more
body    | Follow
body    | 12 boosted
body    | ALT
body    | loom.example: cogs · wheels
body    | Bob•now
body    | as looms weave.
foot    : 7
foot    : 1.2K
foot    : 88
foot    : Mr. ALT a cité
post    | 3h
avatar  | charles@devon.example
avatar  | ada
named   | Charles B. @charles@devon.example

body    | 40 %
body    | cogs
body    | 60 %
body    | wheels
foot    : 214 votes
foot    : ·
foot    : Closed
foot    : 1+
post    | 5 min
named   | Ada
address | @ada
edited  | *
warning | Cards: many Show less
body    | Show more of it
body    | Said @charles
body    | @mary
body    | One card, 3 h
body    | 3 t: wool
images  : ALT GIF
foot    : Read more
foot    : 4 11 63
foot    : Pinned
portrait : mary@somerville.example
undated | Mary S. @mary@somerville.example
follow  | Following
body    | On the connexion of the sciences

body    | Oct 12, 1843, 14:02
body    | Seen by all · Web
meta    | Oct 12, 1843, 14:02 · · Web · 12 · 30
ui_message : 12 boosts
ui_message : Mary S. said
foot    : In reply to Mary S.
undated | Menabrea
address | @menabrea@torino.example
body    | Notions
date    | 12 ott. 1842, 09:30
beside_date : ·
ui_message : Web
ui_message : 12 boosts
titled  | Bob•now
address | @bob@mill.example
body    | Follow me
body    | Dec 3, 1842, 10:15 · Web
body    | By hand.
foot    : 0
foot    : Ada boosted
post    |   12 oct. 1843
named   |   Jeanne
address |   @jeanne@lyon.example
warning |   Soie
shown   |   Déplier
body    |   Tissée.
body    |   5
body    |   Et voilà, Mastodon: fil · à fil
foot    :   2 h · 3 votes · 5
foot    :   0
foot    :   3
ui_message :   Load more
beside  : About
beside  : Live
footer  :   loom.example: About · Status
footer  :   Mastodon: About · Get the app · v4.2.8
footer  :   of Devon
"""
EXPECT = (
    {
        "kind": "profile",
        "author": "Ada Lovelace",
        "handle": "ada@loom.example",
        "published_raw": None,
        "body": "Analyst. 12 engines\n\nMade of 1 card",
    },
    {
        "kind": "post",
        "author": "Ada Lovelace",
        "handle": "ada",
        "published_raw": "Dec 3, 1842",
        "body": "The engine weaves algebra, @charles@devon.example\n\n42\n\nShow more\n\nFollow\n\n12 boosted\n\nALT\n\nloom.example: cogs · wheels\n\nBob•now\n\nas looms weave.",
    },
    {
        "kind": "post",
        "author": "Charles B.",
        "handle": "charles@devon.example",
        "published_raw": "3h",
        "body": "40 %\n\ncogs\n\n60 %\n\nwheels",
        "chrome": {"avatar": ["charles@devon.example\nada"]},
    },
    {
        "kind": "post",
        "author": "Ada",
        "handle": "ada",
        "published_raw": "5 min",
        "chrome": {"ui_message": ["Show less"]},
        "body": "Show more of it\n\nSaid @charles\n\n@mary\n\nOne card, 3 h\n\n3 t: wool",
    },
    {
        "kind": "post",
        "author": "Mary S.",
        "handle": "mary@somerville.example",
        "published_raw": "Oct 12, 1843, 14:02",
        "body": "On the connexion of the sciences\n\nOct 12, 1843, 14:02\n\nSeen by all · Web",
    },
    {
        "kind": "post",
        "author": "Menabrea",
        "handle": "menabrea@torino.example",
        "published_raw": "12 ott. 1842, 09:30",
        "body": "Notions",
    },
    {
        "kind": "post",
        "author": "Bob",
        "handle": "bob@mill.example",
        "published_raw": "now",
        "body": "Follow me\n\nDec 3, 1842, 10:15 · Web\n\nBy hand.",
    },
    {
        "kind": "post",
        "author": "Jeanne",
        "handle": "jeanne@lyon.example",
        "published_raw": "12 oct. 1843",
        "body": "Tissée.\n\n5\n\nEt voilà, Mastodon: fil · à fil",
    },
)
