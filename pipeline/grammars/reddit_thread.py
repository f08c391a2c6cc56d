"""Reddit thread: a post and the comments below it, in any of the three layouts that Reddit has had.

Source    reddit.com's page of comments as text: old Reddit ("[–]name 12 points 3 years ago"), the redesign of 2018 ("level 1",
          name, "·", age) and the present layout (name, "•", age), in any interface language.
Dates     relative to the visit, rounded down ("3 years ago"); when a text was edited is left out.
Foots     the buttons below a comment are told by their recurring above the comments that follow, in any language; the words that
          are asked for, of some 30 languages and written from knowledge of them, only help where comments are too few for that.
Limits    a flair glued to a name, or longer than a few words, is taken for part of it. What a link post shows of the page it
          leads to stands in its body. A comment that was deleted has no author; what is printed in its place is its body.
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
    before,
    chrome,
    gap,
    holds,
    indent,
    lately,
    n,
    next_,
    prev,
    times,
    under,
    unnamed,
    words,
)

# "just now", where an age has no number
NOW = words(
    "just now", "now", "gerade eben", "ahora mismo", "ahora", "à l’instant", "à l'instant", "adesso", "proprio ora",
    "agora mesmo", "agora", "zojuist", "nu", "just nu", "lige nu", "nå", "nyt", "juuri nyt", "przed chwilą", "teraz",
    "только что", "щойно", "şimdi", "az önce", "たった今", "刚刚", "剛剛", "방금", "právě teď", "most", "acum",
    "baru saja", "vừa xong", "เมื่อสักครู่", "الآن", "עכשיו", "τώρα", "अभी",
)  # fmt: skip
# "comments", up to where it is inflected
COMMENTS = words(
    "comment", "Comment", "Kommentar", "kommentar", "comentario", "comentário", "comentári", "commentaire", "commenti",
    "commento", "reactie", "opmerking", "kommentti", "kommentt", "komentar", "Komentar", "komentár", "komentář",
    "комментари", "коментар", "yorum", "コメント", "评论", "評論", "則留言", "留言", "댓글", "hozzászólás", "comentari",
    "bình luận", "ความคิดเห็น", "تعليق", "תגוב", "σχόλι", "टिप्प", "komento", "iruzkin",
)  # fmt: skip
# the first button below an old comment
PERMALINK = words(
    "permalink", "Permalink", "permalien", "lien permanent", "enlace permanente", "enlace", "link permanente",
    "ligação permanente", "permanente link", "permalänk", "permanent länk", "permalenke", "permanent link", "pysyvä linkki",
    "ikilinkki", "bezpośredni link", "stały link", "odnośnik", "постоянная ссылка", "ссылка", "постійне посилання",
    "kalıcı bağlantı", "trvalý odkaz", "állandó hivatkozás", "legătură permanentă", "パーマリンク", "固定リンク", "永久链接",
    "永久連結", "固定链接", "고유주소", "고유링크", "liên kết cố định", "ลิงก์ถาวร", "رابط دائم", "קישור קבוע",
    "μόνιμος σύνδεσμος", "स्थायी लिंक", "enllaç permanent", "püsilink", "trajna veza", "стална веза",
)  # fmt: skip
# "by", between an age and a name
BY = words(
    "by",
    "por",
    "par",
    "von",
    "da",
    "de",
    "door",
    "av",
    "af",
    "przez",
    "od",
    "от",
    "пользователем",
    "автором",
    "από",
    "oleh",
    "bởi",
)
# what stands beside a name, for what its owner is
BADGES = words(
    "OP", "MOD", "ADMIN", "Mod", "Admin", "Op", "Moderator", "Moderador", "Moderateur", "Modérateur", "Moderatore", "Original Poster",
    "TE", "PO", "BOT", "✓",
)  # fmt: skip
# what stands in the place of a number of votes that is not told
VOTE = words(
    "Vote",
    "Votes",
    "Voter",
    "Votar",
    "Vota",
    "Abstimmen",
    "Stem",
    "Rösta",
    "Głosuj",
    "Голосовать",
    "Oy ver",
    "投票",
    "투표",
)
PINNED = words(
    "Stickied comment", "Pinned comment", "Angepinnter Kommentar", "Angehefteter Kommentar", "Comentario fijado", "Comentario destacado",
    "Commentaire épinglé", "Commento in evidenza", "Commento fissato", "Comentário fixado", "Comentário afixado", "Vastgezette opmerking",
    "Vastgemaakte opmerking", "Fäst kommentar", "Klistrad kommentar", "Fastgjort kommentar", "Festet kommentar", "Kiinnitetty kommentti",
    "Przypięty komentarz", "Закреплённый комментарий", "Закрепленный комментарий", "Закріплений коментар", "Sabitlenmiş yorum",
    "固定されたコメント", "スティッキーコメント", "置顶评论", "置頂留言", "고정된 댓글", "Připnutý komentář", "Kitűzött hozzászólás", "Comentariu fixat",
    "Komentar yang disematkan", "Bình luận được ghim", "ความคิดเห็นที่ปักหมุด", "تعليق مثبت", "Καρφιτσωμένο σχόλιο", "पिन की गई टिप्पणी",
)  # fmt: skip

NAME = r"[A-Za-z0-9_-]{2,20}"
GONE = r"\[[^\W\d_][^\]]{2,30}\]"  # "[deleted]"
NAMED = rf"^(?:u/)?(?:(?P<author>{NAME})|{GONE})$"
PLACE = r"^r/ ?\w{2,21}$"
AGE = rf"(?:[^()*\[\]•·\n]{{0,25}}?\d[^()*\[\]•·\n]{{0,25}}?|{NOW})"
AGED = rf"^(?P<published_raw>{AGE})$"
DOT = r"^[•·]$"
STAMP = rf"^[•·]\s?(?P<published_raw>{AGE})(?:\s?[•·].*)?$"
UNIT = r"[^\d\s()\[\]]+"
SCORE = rf"(?:-?\d[\d.,]*\s?{UNIT}(?:-?\d[\d.,]*\s?{UNIT}){{0,2}}|\[[^\]]{{3,40}}\])"
OLD = r"^\[[–—−+-]\]\s?"
OLD_END = r"\s?\*?(?:\s[-–]\s[^()]*)?\s?(?:\([^()]*\))?$"
SCORED = (
    rf"{OLD}(?:(?P<author>{NAME})|{GONE})(?:[\[\s,].{{0,70}})?\s{SCORE}\s(?P<published_raw>{AGE}){OLD_END}"
)
UNSCORED = rf"{OLD}(?:(?P<author>{NAME})|{GONE})(?:\s?\[\w\])*\s+(?P<published_raw>{AGE}){OLD_END}"
OLD_TITLE = r"^(?P<title>\S.{0,310}?)\s?\((?:self\.\w{2,21}|(?:[\w-]+\.)+[\w-]{2,12})\)$"
SUBMITTED = rf"^{UNIT}(?: {UNIT})??\s(?P<published_raw>{AGE})\s?\*?\s{BY}\s(?:(?P<author>{NAME})|{GONE})(?:[\[\s].*)?$"
LED = rf"^(?P<published_raw>\d+\s?[^\d\s]+(?: önce)?)\s(?:[^\x00-\x7f]{{1,3}}\s?)?(?P<author>{NAME})(?:[^\w-].*)?$"
SENT = rf"^{UNIT}\s(?P<published_raw>{AGE})\s?\*?\s{UNIT}\s(?:(?P<author>{NAME})|{GONE})(?:\[.*)?$"
LEVEL = r"^[^\W\d_][^\W\d_ ]{1,20}\s?\d{1,2}$"
POINTS = rf"^(?:\D{{1,40}} )?-?\d[\d.,]*[kK]? {UNIT} · (?P<published_raw>{AGE})(?: · .*)?$"
POSTED = rf"^[•·]?\s?[^\W\d_]\D{{2,25}}\su/(?P<author>{NAME})\s?(?P<published_raw>{AGE})$"
UNNAMED = r"^[^\W\d_]\D{2,25}\s\d{1,2}\s\D{2,25}$"
COUNT = r"^[-−]?\d[\d.,]*(?:\s?[^\W\d_]{1,5}\.?)?$"
VOTES = rf"{COUNT}|^{VOTE}$"
COUNTED = rf"^(?:[*+o•-] )?(?:\d[\d.,]*\s?[kK]?\s?)?{COMMENTS}[^.?!:,]{{0,80}}$"
RANK = r"^.{0,30}\d ?%.{0,30}$"  # "Top 1% Commenter"
SHORT = r"^[^.!?,:;…。！？]{1,40}$"
PORTRAIT = rf"^(?:.{{0,20}}\s)?u/{NAME}.{{0,15}}$"

BADGE = rf"^(?:{BADGES}|-?\d[\d.,]*[kK]? {UNIT})$"  # or "12 points"
IS_NAME = holds(NAMED) & ~prev(DOT)
IS_STAMP = (holds(DOT) & next_(AGED)) | holds(STAMP)
IS_HEAD = IS_NAME & (under(IS_STAMP) | (next_(BADGE) & (under(IS_STAMP, 2) | under(IS_STAMP, 3))))
# of the lines that begin as old comments do, most name who wrote as Reddit's accounts are named: elsewhere they need not
IS_OLD = times(holds(SCORED) | holds(UNSCORED)) * 3 > times(holds(OLD)) * 2

FACTS = {
    "is_old": holds(SCORED) | holds(UNSCORED),
    "is_stamp": IS_STAMP,
    "is_badge": holds(BADGE),
    "is_points": holds(POINTS),
    "is_sender": holds(rf"^u/{NAME}$") & next_(AGED),
    "is_place": under(col.is_stamp) & (holds(PLACE) | prev(PLACE)),
    "is_post": col.is_place & (col.is_place.cum_sum().over("doc") == 1),
    "is_name": IS_HEAD & ~col.is_place & ~(col.is_badge & prev(NAMED)),
    # "Reply" and "12" are the same below many comments
    "spelling": pl.col("text").str.replace_all(r"\d[\d.,]*", "0"),
    "n_alike": pl.len().over("doc", "spelling"),
    "is_level": holds(LEVEL) & (col.n_alike > 1) & (under(col.is_points) | under(col.is_name) | under(col.is_stamp, 2)),
    "is_comment": col.is_old | col.is_level | (col.is_name & ~above(col.is_level)),
    "n_comments": times(col.is_comment),
    "is_apart": col.is_comment | col.is_name | (holds(PORTRAIT) & under(col.is_name)),
    "is_tail": ((col.n_alike > 1) | holds(VOTES)) & ~col.is_apart & ~holds(rf"^{GONE}$"),
    "is_low": col.is_tail & before(col.is_apart, col.is_tail) & ~holds(COUNT),
    # "Upvote", "12", "Downvote"
    "is_up": (col.n_alike > 1) & ~holds(VOTES) & next_(VOTES) & under((col.n_alike > 1) & ~holds(VOTES), 2),
    "is_button": (
        (col.is_low.sum().over("doc", "spelling") * 5 >= col.n_comments)
        & (col.is_low.sum().over("doc", "spelling") > 1)
        & ~holds(COUNT) & ~col.is_apart
    ) | (holds(rf"^{PERMALINK}.{{0,100}}$") & (times(col.is_old) > 0)),
    "is_foot": col.is_button | (~col.is_apart & (col.is_up.sum().over("doc", "spelling") > 1)) | (holds(VOTES) & under(col.is_button)),
    "is_begun": (col.is_comment | col.is_post).cum_max().over("doc"),
    "is_above": ~col.is_comment.cum_max().over("doc"),
    "is_outdented": ~col.is_above & (indent < pl.when(col.is_comment).then(indent).forward_fill()),
    "is_titled": holds(OLD_TITLE) & (times(col.is_old) > 0) & ~above(col.is_old) & next_(r"^.*\d.*$"),
    "is_age": above(holds(DOT) & col.is_stamp) & (
        above(col.is_post | col.is_name | col.is_badge, 2) | above(col.is_level, 3)
    ),
    "is_dated": (holds(AGED) & above(col.is_sender)) | (above(col.is_post, 2) & col.is_age) | (above(col.is_post) & holds(STAMP)),
    "is_poster": above(col.is_dated) & holds(NAMED),
    "is_title": above(col.is_poster) | (above(col.is_dated) & ~col.is_poster) | (prev(POSTED) & col.is_above),
    "is_bare_title": lately(holds(UNNAMED), 2) & col.is_above & (gap > 0) & (col.n_alike > 1) & col.is_level.any().over("doc"),
}  # fmt: skip

GRAMMAR = Grammar(
    kind="reddit_thread",
    # a line that only Reddit prints, and one that heads a post or comment
    knows=(
        rf"{PLACE}|\(self\.\w{{2,21}}\)$|π Rendered by PID \d|\b[Rr]eddit,? [Ii]nc\b|^u/{NAME} ",
        unnamed(rf"{SCORED}|{UNSCORED}|^[•·]$|^[•·]\s?{AGE}$|{POINTS}"),
    ),
    shape=IS_OLD | (times(IS_HEAD) > 0) | (times(holds(LEVEL) & next_(POINTS)) > 0),
    facts=FACTS,
    marks=(
        Mark("old_post", OLD_TITLE, HEADER, below=BODY, opens="post", where=col.is_titled),
        Mark("old_comment", SCORED, HEADER, below=BODY, opens="comment"),
        Mark("old_unscored", UNSCORED, HEADER, below=BODY, opens="comment"),
        Mark("level", LEVEL, HEADER, below=HEADER, opens="comment", where=col.is_level),
        Mark("post", ANYTHING, HEADER, opens="post", where=col.is_post),
        Mark("posted", POSTED, HEADER, opens="post", where=col.is_above),
        Mark("posting", r"^[•·]?\s?\D{3,30}$", HEADER, opens="post", where=under(col.is_sender) & col.is_above),
        Mark("bare_post", r"^(?P<title>.+)$", HEADER, below=BODY, opens="post", where=col.is_bare_title),
        Mark("comment", NAMED, HEADER, below=HEADER, opens="comment", where=col.is_name & ~above(col.is_level)),
        Mark("name", NAMED, HEADER, where=above(col.is_level) & col.is_name),
        Mark("submitted", SUBMITTED, HEADER, where=above(col.is_titled)),
        Mark("sent", SENT, HEADER, where=above(col.is_titled)),
        Mark("led", LED, HEADER, where=above(col.is_titled)),
        Mark("tagline", ANYTHING, HEADER, where=above(col.is_titled)),
        Mark("points", POINTS, HEADER, below=BODY, where=lately(col.is_level, 3)),
        Mark("sender", NAMED, HEADER, where=col.is_sender & col.is_above),
        Mark("age", AGED, HEADER, below=BODY, where=col.is_age | (col.is_dated & col.is_above)),
        Mark("stamp", STAMP, HEADER, below=BODY, where=above(col.is_post | col.is_name | col.is_badge) | above(col.is_level, 2)),
        Mark("dot", DOT, HEADER, where=col.is_stamp & col.is_begun),
        Mark("edited", ANYTHING, HEADER, where=above(holds(DOT) & col.is_stamp) & col.is_begun),
        Mark("since", STAMP, HEADER, where=above(col.is_age)),
        Mark("kind", SHORT, HEADER, where=above(col.is_age) & (gap == 0) & under(gap > 0) & above(col.is_level, 4)),
        Mark("gone", ANYTHING, BODY, below=chrome("ui_message"),
             where=above(col.is_age) & above(col.is_name & holds(rf"^{GONE}$"), 3) & ~col.is_apart & ~col.is_foot),
        Mark("poster", NAMED, HEADER, where=col.is_poster),
        Mark("title", r"^(?P<title>.+)$", HEADER, below=BODY, where=col.is_title),
        Mark("rank", RANK, HEADER, where=lately(col.is_stamp, 2)),
        Mark("pinned", rf"^{PINNED}$", HEADER, where=lately(col.is_stamp, 4)),
        Mark("flair", SHORT, HEADER, where=above(col.is_title) & ~under(col.is_foot) & ~col.is_foot),
        Mark("portrait", PORTRAIT, chrome("avatar"), where=under(col.is_name)),
        Mark("counted", COUNTED, chrome("ui_message"), below=chrome("ui_message"), where=col.is_above),
        Mark("foot", ANYTHING, chrome("ui_message"), below=chrome("ui_message"), where=col.is_foot),
        Mark("below", ANYTHING, chrome("ui_message"), below=chrome("ui_message"), where=col.is_outdented),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top     : Skip to main content
nav     : Go to looms
nav     : •
nav     : 5 looms
post    | r/looms
dot     | •
age     | 3y ago
poster  | ada_l

title   | Does the engine originate anything?
flair   | Question
body    | It has no pretensions to do so.

body    | 3 comments on it: none of them long.
counted : 3 comments
ui_message : Share
posting | Posted by
sender  | u/mary_s
age     | 5 years ago
title   | On the connexion of the sciences
body    | They are connected.
counted : 2 Kommentare
posted  | Posted by u/ada-b 2 days ago
title   | A short one
body    | Short: it is.
counted : 1 comment
ui_message : Of leaves
ui_message : Posted by 6 years ago

bare_post | Of leaves
body    | Leaves fall.
counted : comments
old_post | Notes on the engine (self.looms)
submitted | submitted 3 years ago by ada_l to r/looms
body    | I wrote some notes (self.taught)
body    | [–]and more
counted : 7 commentsshare
old_post | Bemerkungen (looms.example)
sent    | envoyé 3 ans chez menabrea
body    | By hand.
counted : 0 comments
old_post | 注釈 (self.looms)
led     | 3 年前 に ada_l が投稿
body    | 手で。
counted : コメント
old_post | A note of 1843 (self.looms)
tagline | written in 1843; not signed.
body    | On paper.
counted : 1 comment
comment | charles
dot     | •
age     | 2y ago
dot     | •
edited  | Edited 1y ago
rank    | Top 1% Commenter
body    | It computes. Posted by

body    | 12
body    | u/ada_l said so
foot    : Upvote
foot    : 1.2K
foot    : Downvote
foot    : Reply
comment | [deleted]
dot     | •
age     | 2y ago
gone    | Comment deleted by user
ui_message : More replies
portrait : u/mary_s avatar
comment | mary_s
header  | MOD
stamp   | • 1y ago
pinned  | Stickied comment
body    | Mind the cards.
body    | 2y ago
body    | Level 5
body    | Stickied comment
body    | 40% of it
body    | 3 comments
body    | submitted 3 years ago by ada_l
body    | Posted by u/ada_l 2 days ago
body    | 4 points · 6 years ago
body    | · edited 4 yr. ago
foot    : Upvote
foot    : Vote
foot    : Downvote
foot    : Reply
level   | level 1
name    | jacquard
dot     | ·
age     | 4 yr. ago
since   | · edited 4 yr. ago
body    | Level 1 is woven.
foot    : Reply
level   | level 2
name    | ada_l
dot     | ·
age     | 4 yr. ago
kind    | Weaver

body    | I agree

body    | with that.
foot    : Reply
level   | level 1
header  | Comment removed by moderator
dot     | ·
age     | 3 yr. ago
foot    : Reply
level   | level 2
points  | 4 points · 6 years ago · edited 5 years ago
body    | Which loom?
foot    : Reply
old_comment | [–]menabrea[S] 12 points13 points14 points 3 years ago* (2 children)
body    | Sopra la macchina.
body    | permanently so
foot    : permalinkembedsavereply
ui_message : load more comments (1 reply)
old_comment | [–][deleted] -1 points 3 years ago (0 children)
body    | [removed]
foot    : permalinkembedsaveparentreply
old_unscored |    [–]menabrea 2 years ago
body    |    So it is.
below   : Reddit, Inc. © 2024
ui_message :    Help
"""
EXPECT = (
    {
        "kind": "post",
        "title": "Does the engine originate anything?",
        "author": "ada_l",
        "published_raw": "3y ago",
        "body": "It has no pretensions to do so.\n\n3 comments on it: none of them long.",
    },
    {
        "kind": "post",
        "title": "On the connexion of the sciences",
        "author": "mary_s",
        "published_raw": "5 years ago",
        "body": "They are connected.",
    },
    {
        "kind": "post",
        "title": "A short one",
        "author": "ada-b",
        "published_raw": "2 days ago",
        "body": "Short: it is.",
    },
    {"kind": "post", "title": "Of leaves", "author": None, "published_raw": None, "body": "Leaves fall."},
    {
        "kind": "post",
        "title": "Notes on the engine",
        "author": "ada_l",
        "published_raw": "3 years ago",
        "body": "I wrote some notes (self.taught)\n\n[–]and more",
    },
    {
        "kind": "post",
        "title": "Bemerkungen",
        "author": "menabrea",
        "published_raw": "3 ans",
        "body": "By hand.",
    },
    {"kind": "post", "title": "注釈", "author": "ada_l", "published_raw": "3 年前", "body": "手で。"},
    {"kind": "post", "title": "A note of 1843", "author": None, "published_raw": None, "body": "On paper."},
    {
        "kind": "comment",
        "author": "charles",
        "published_raw": "2y ago",
        "body": "It computes. Posted by\n\n12\n\nu/ada_l said so",
    },
    {"kind": "comment", "author": None, "published_raw": "2y ago", "body": "Comment deleted by user"},
    {
        "kind": "comment",
        "author": "mary_s",
        "published_raw": "1y ago",
        "body": "Mind the cards.\n\n2y ago\n\nLevel 5\n\nStickied comment\n\n40% of it\n\n3 comments\n\nsubmitted 3 years ago by ada_l\n\nPosted by u/ada_l 2 days ago\n\n4 points · 6 years ago\n\n· edited 4 yr. ago",
    },
    {"kind": "comment", "author": "jacquard", "published_raw": "4 yr. ago", "body": "Level 1 is woven."},
    {"kind": "comment", "author": "ada_l", "published_raw": "4 yr. ago", "body": "I agree\n\nwith that."},
    {"kind": "comment", "author": None, "published_raw": "3 yr. ago", "body": None},
    {"kind": "comment", "author": None, "published_raw": "6 years ago", "body": "Which loom?"},
    {
        "kind": "comment",
        "author": "menabrea",
        "published_raw": "3 years ago",
        "body": "Sopra la macchina.\n\npermanently so",
    },
    {"kind": "comment", "author": None, "published_raw": "3 years ago", "body": "[removed]"},
    {"kind": "comment", "author": "menabrea", "published_raw": "2 years ago", "body": "So it is."},
)
