"""phpBB: a page of a topic of a forum, each post a record.

Source    any site that runs phpBB: prosilver (3.1 and later: the member above "by Ada » Jan 8, 1843", 3.0: below the words) or the tables of
          subsilver2 and phpBB 2 ("Posted: Jan 8, 1843 12:05", the member at its left or above). The rendered page as text, flat, indented by
          nesting, or with both columns of the table side by side.
Dates     as printed in the site's language and form; relative ones ("Today, 3:04 pm") to the visit.
Words     prosilver needs none: the name before "»" stands in the member's column too. The labels of the tables and the way back to the top are phpBB's
          (`POSTED`, `BACK_TO_TOP`), in some 40 languages, and `EDITED_TIMES_TOTAL` in 30: of Bulgarian, Croatian, Czech, Danish, French, Frisian,
          Galician, German, Icelandic, Italian, Polish, Slovak, Slovene, Spanish, Swedish and Thai some were seen in its translations, the others
          are written from knowledge of them.
Limits    a signature is told by phpBB's rule above it, or by standing below several posts. Where columns stand side by side, a line that holds only
          words of the left one is the member's. Quotations are body.
"""

from polars import any_horizontal, col, lit, when

from pipeline.grammar import (
    ANYTHING,
    BODY,
    BULLET,
    HEADER,
    Grammar,
    Mark,
    above,
    after,
    among,
    chrome,
    counted,
    holds,
    indent,
    lately,
    n,
    n_chars,
    prev,
    soon,
    times,
    under,
    words,
)

POSTED = words(
    "Posted", "Verfasst", "Verfaßt", "Geschrieben", "Posté le", "Posté", "Publié", "Message Publié", "Publicado", "Enviado", "Enviada", "Mensagem Enviada",
    "Colocada", "Inviato", "Geplaatst", "Skrivet", "Postat", "Skrevet", "Tilføjet", "Lagt inn", "Lähetetty", "Wysłany", "Wysłano", "Zaslal", "Napsal",
    "Poslal", "Elküldve", "Trimis", "Scris", "Пуснато на", "Публикувано на", "Добавлено", "Сообщение Добавлено", "Отправлено", "Додано", "Повідомлення Додано",
    "Poslao", "Poslato", "Postavio", "Postano", "Послато", "Послао", "Objavljeno", "Δημοσιεύθηκε", "Δημοσιεύτηκε", "Tarih", "Gönderim Zamanı", "Gửi",
    "Đã gửi", "Dipost", "Postitatud", "Parašytas", "Parašyta", "Pievienots", "Ievietots", "Enviat", "Publicat", "Pleatst", "Innlegg", "Póstur",
    "发表于", "发表时间", "發表於", "發表時間", "投稿日時", "日時", "올려짐", "작성일", "ตอบเมื่อ", "ตอบ", "أرسل", "نشر", "פורסם", "تاریخ", "تاریخ",
)  # fmt: skip
TOP = words(
    "Top", "Back to top", "Nach oben", "Revenir en haut", "Revenir en haut de page", "Haut", "Arriba", "Volver arriba", "Torna in cima", "Torna su",
    "Torna ad inizio pagina", "Voltar ao topo", "Voltar ao Topo", "Topo", "Omhoog", "Terug naar boven", "Naar boven", "Nei boppe", "Till toppen",
    "Tillbaka till toppen", "Upp", "Til toppen", "Tilbage til toppen", "Til topps", "Gå til toppen", "Tilbake til toppen", "Ylös", "Takaisin alkuun", "Alkuun",
    "Powrót do góry", "Na górę", "Do góry", "Nahoru", "Návrat nahoru", "Hore", "Návrat hore", "Vissza a tetejére", "Vissza az elejére", "Sus",
    "Înapoi sus", "Върнете се в началото", "Нагоре", "Горе", "Вернуться к началу", "Вернуться наверх", "Наверх", "Догори", "Вгору",
    "Повернутись до початку", "Повернутися до початку", "Nazad na vrh", "Povratak na vrh", "Vrh", "Na vrh", "Nazaj na vrh", "Врх", "Назад на врх",
    "Κορυφή", "Επιστροφή στην κορυφή", "Başa dön", "Başa Dön", "Üst", "Yukarı", "Đầu trang", "Về Đầu Trang", "Kembali ke atas", "Ke atas", "Atas", "Üles",
    "Tagasi üles", "Į viršų", "Uz augšu", "Amunt", "Dalt", "Torna a dalt", "Efst", "Til baka efst á síðu", "トップ", "ページトップ", "ページトップへ", "맨위로",
    "위로", "상단으로", "页首", "回到顶部", "返回页首", "返回顶部", "返回顶端", "回頂端", "頁頂", "ขึ้นไปข้างบน", "ข้างบน", "أعلى", "الرجوع إلى أعلى", "חזור למעלה",
    "למעלה", "بالا", "بازگشت به بالا",
)  # fmt: skip
EDITED = words(
    "Last edited by", "Zuletzt geändert von", "Zuletzt bearbeitet von", "Dernière édition par", "Modifié en dernier par", "Última edición por",
    "Editado por última vez por", "Última edição por", "Editado pela última vez por", "Ultima modifica di", "Laatst gewijzigd door",
    "Laatst aangepast door", "Laatst bijgewerkt door", "Senast ändrad av", "Senast redigerad av", "Senest rettet af", "Sidst redigeret af",
    "Sist redigert av", "Viimeksi muokannut", "Ostatnio zmieniony", "Ostatnio edytowany przez", "Naposledy upravil", "Naposledy změnil",
    "A hozzászólást", "Ultima oară modificat", "Ultima modificare efectuată de", "Последна промяна от", "Последний раз редактировалось",
    "Востаннє редагувалось", "Zadnji put uređivano od", "Zadnja sprememba", "Poslednji put menjao", "Τελευταία επεξεργασία", "En son",
    "Sửa lần cuối bởi", "Terakhir diubah oleh", "最后由", "最後由", "最後に編集したユーザー", "آخر تعديل بواسطة", "נערך לאחרונה על ידי", "آخرین ویرایش توسط",
)  # fmt: skip

CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: (?:[AaPp]\.?[Mm]\.?|[^\W\d_]{2}))?"
# with a clock or a year, or an age or a day of this year: a number more at most, as of a version there are more
DAY = r"[^»]{0,30}(?:(?:\d[:.]\d{2}|\d{4})[^»]{0,20}|\d [^\d»]{3,16}\d{0,2}[^\d»]{0,8})"
LEFT = rf"^{BULLET}([^»]{{1,90}}) » {DAY}$"  # "by Ada » Mon Mar 04, 2019 4:12 pm"
COLUMN = r"(?: {2,}|\t)"  # between two columns of a table
CELL = r"\S+(?: \S+)*"
SUBJECT = r"[^\d:：]{3,40} ?[:：]"
STAMP = (
    rf"^(?:(?P<author>{CELL}){COLUMN})?{POSTED} ?[:：]\s?(?P<published_raw>\S.{{0,40}}?{CLOCK}|\S.{{0,40}}?\d)"
    rf"(?:\s+{SUBJECT}\s*(?P<title>\S.{{0,150}})?)?$"
)
SAID_SUBJECT = rf"^(?:{CELL}{COLUMN})?{POSTED} ?[:：]\s?\S.{{0,40}}?{CLOCK}\s+{SUBJECT}(?:\s.{{0,150}})?$"
SUBJECT_LINE = rf"^{SUBJECT}(?: (?P<title>\S.{{0,150}}))?$"
PAIR = r"^[^\d:：]{2,30} ?[:：](?:\s.{0,80})?$"
# how many posts a member has
COUNT = r"^(?:.*\s)?[^\d\s:：]{2,30} ?[:：]\s?\d[\d.,]*(?:\s.*)?$"
HEADS = rf"^\S{{2,20}}{COLUMN}\S{{2,20}}$"  # "Author  Message"
BACK = rf"^{BULLET}\[? ?{TOP} ?\]?(?:{COLUMN}.{{0,60}})?$"
RULE = rf"^(?:{CELL}{COLUMN})?_{{5,}}$"  # phpBB's, above a signature
SIDE = rf"^{CELL}{COLUMN}\s*(?P<text>\S.*)$"
NAME = r"^(?P<author>\S.{0,58})$"
TITLE = rf"^{BULLET}(?P<title>\S.{{0,150}})$"
REVISED = rf"^(?:{CELL}{COLUMN})?\[? ?{EDITED} .*$"
REVISION = rf"^\S.{{0,150}}{CLOCK}\s?[\]),;，、]{{1,2}}\s.{{0,40}}\d\D{{0,30}}$"  # "…, 17:00, edited 2 times in total."
SKIPPED = range(5)  # words before a name: "#1 Post gửi bởi"
COLUMN_LINES = (
    30  # at most from a member's name down to the date: a site's name stands at the top and in the footer too
)
LONG = 15  # characters; a shorter line ends two posts, or stands above them and below, by chance
ENDINGS = range(4)  # lines of a signature looked at; a site allows about as many
INSET = 4  # columns that a cell's words may stand left of its first line

LINE = col.text.str.replace(rf"^{BULLET}", "")
KEY = LINE.str.replace("^Re: ", "")
SIGNED = col.text.str.extract(LEFT, 1)
SIGNED_BELOW, SIGNED_ABOVE = SIGNED.backward_fill().over("doc"), SIGNED.forward_fill().over("doc")
NAMES_BELOW = [SIGNED_BELOW.str.extract(rf"^(?:\S+ ){{{skipped}}}(\S.*)$", 1) for skipped in SKIPPED]
NAMES_ABOVE = [SIGNED_ABOVE.str.extract(rf"^(?:\S+ ){{{skipped}}}(\S.*)$", 1) for skipped in SKIPPED]
# a line is a member's name, alone or before what the member has
IS_BELOW = [(name == LINE) | (LINE.str.starts_with(name + lit(" ")) & holds(COUNT)) for name in NAMES_BELOW]
IS_ABOVE = [(name == LINE) | (LINE.str.starts_with(name + lit(" ")) & holds(COUNT)) for name in NAMES_ABOVE]
IS_NEAR = when(holds(LEFT)).then(n).backward_fill().over("doc") - n <= COLUMN_LINES
IS_OVER, IS_BENEATH = (
    any_horizontal(IS_BELOW) & IS_NEAR & ~holds(LEFT),
    any_horizontal(IS_ABOVE) & ~holds(LEFT),
)
IS_WHOLE = holds(SAID_SUBJECT) & holds(STAMP)
IS_UNDER = holds(STAMP) & prev(SUBJECT_LINE) & ~above(holds(COUNT)) & ~above(holds(COUNT), 2)
BLOCK = counted(above(holds(LEFT)))  # lines from below one signed line to the next
POST = counted(above(col.is_date | col.is_stamp))  # and from below one date
EDGE = (
    when(col.is_wide)
    .then(indent + col.text.str.extract(rf"^(.*?){POSTED} ?[:：]", 1).str.len_chars() - INSET)
    .otherwise(0)
)
LABEL = col.text.str.extract(r"^([^\d:：]{2,30}?) ?[:：]", 1)
SIGNATURE, MESSAGE = chrome("recurring_blurb"), chrome("ui_message")

FACTS = {
    # prosilver: a date is signed with the name of a member whose column stands above or below
    "is_signed": holds(LEFT),
    "is_over": IS_OVER,
    "is_beneath": IS_BENEATH,
    "is_upper": col.is_over & (col.is_over.cum_sum(reverse=True).over("doc", BLOCK) == 1),
    "is_lower": col.is_beneath & (col.is_beneath.cum_sum(reverse=True).over("doc", BLOCK) == 1),
    "is_high": times(col.is_upper) >= times(col.is_lower),
    "has_upper": col.is_upper.any().over("doc", BLOCK),
    "has_lower": col.is_lower.any().over("doc", BLOCK),
    "is_rising": col.is_signed & col.has_upper & (col.is_high | ~under(col.has_lower)),
    "is_falling": col.is_signed & under(col.has_lower) & ~col.is_rising,
    "is_date": col.is_rising | col.is_falling,
    "is_member": col.is_upper & col.is_rising.any().over("doc", BLOCK),
    "is_below_falling": above(col.is_falling),
    "is_tail": col.is_lower & col.is_below_falling.any().over("doc", BLOCK),
    **{f"is_after_{skipped}": (col.is_member & IS_BELOW[skipped]) | (col.is_tail & IS_ABOVE[skipped]) for skipped in SKIPPED},
    **{f"has_after_{skipped}": col(f"is_after_{skipped}").any().over("doc", BLOCK) for skipped in SKIPPED},
    # tables: a date is labelled, and the subject with it or above it
    "is_whole": IS_WHOLE,
    "is_under": IS_UNDER & ~col.is_whole,
    "is_stamp": col.is_whole | col.is_under,
    "is_wide": among(col.is_stamp, rf"^\S.*{COLUMN}{POSTED} ?[:：]"),
    "is_subject": under(col.is_under),
    "is_wide_subject": col.is_subject & under(col.is_wide),
    "is_back": holds(BACK),
    "is_owner": ~col.is_back & ~holds(HEADS) & (under(col.is_subject & ~col.is_wide_subject)
    | (above(col.is_back | holds(HEADS)) & soon(col.is_whole & ~col.is_wide, 16))),
    "is_column": when(col.is_stamp | col.is_date).then(col.is_wide).forward_fill().over("doc"),
    "is_left": ~col.is_stamp & (indent < when(col.is_stamp | col.is_date).then(EDGE).forward_fill().over("doc")),
    "is_pair": holds(PAIR) & ~col.is_stamp & ~col.is_column & ((times(col.is_stamp) == 1) | (holds(PAIR).sum().over("doc", LABEL) > 1)),
    "is_rank": ~col.is_pair & ~col.is_column & lately(col.is_under, 2) & ~col.is_stamp & soon(col.is_pair & holds(r"\d"), 2),
    "is_owned": col.is_rank | (col.is_pair & after(col.is_under | col.is_rank, col.is_pair)),
    # subjects, which may stand at the top of the page or in a reply too
    "is_near": under(col.is_falling) | under(col.is_falling, 2) | under(col.is_falling, 3),
    "is_top": n < when(col.is_member | col.is_owner | col.is_stamp | col.is_near).then(n).min().over("doc"),
    "is_reply": LINE.str.starts_with("Re: "),
    "is_known": (col.is_reply | col.is_reply.any().over("doc", KEY) | col.is_top.any().over("doc", KEY)) & ~col.is_date,
    "is_headed": (col.is_member.cum_sum().over("doc", POST) > 0) & ~col.is_member & col.is_known,
    "is_known_near": col.is_known & col.is_near & ~col.is_tail,
    "is_title": (col.is_known_near & (col.is_known_near.cum_sum(reverse=True).over("doc", POST) == 1))
    | (under(col.is_falling) & ~col.is_known_near.any().over("doc", POST) & (n.count().over("doc", "text") == 1)),
    "is_opened": (col.is_member | col.is_owner | col.is_title | col.is_wide_subject).any().over("doc", POST),
    # what stands below the words
    "is_foot": under(col.is_member) & ~col.is_top,
    "is_way_up": ~col.is_top & (col.is_back | ((col.is_foot.sum() > 1).over("doc", "text"))),
    "is_end": col.is_way_up & (col.is_way_up.cum_sum(reverse=True).over("doc", POST) == 1),
    "is_done": col.is_end.cum_sum().over("doc", POST) > 0,
    "is_closing": ~col.is_done & ((col.is_date | col.is_stamp).cum_sum(reverse=True).over("doc") == 0)
    & (n_chars >= 5) & col.is_top.any().over("doc", "text"),
    "is_ruled": holds(RULE).cum_sum().over("doc", POST) > 0,
    # prosilver draws its rule as a border: there a signature is told by standing below several posts
    "is_last_0": (n_chars >= LONG) & under(col.is_end | col.is_tail),
    **{
        name: fact
        for line in ENDINGS
        for name, fact in (
            (f"is_ending_{line}", col(f"is_last_{line}") & (col(f"is_last_{line}").sum().over("doc", "text") > 1)),
            (f"is_last_{line + 1}", under(col(f"is_ending_{line}")) & ~col.is_date),
        )
    },
    "is_revision": among(n >= 0, REVISION) & any_horizontal(col.text.str.contains(name, literal=True) for name in NAMES_ABOVE),
}  # fmt: skip

GRAMMAR = Grammar(
    kind="phpbb_topic",
    knows=(rf" » .*\d|{POSTED} ?[:：]", r"[^\d\s:：] ?[:：]\s?\d"),
    # dates signed by members whose columns stand beside them, or with the subjects of posts
    shape=times(((IS_OVER | IS_BENEATH) & (holds(COUNT) | soon(holds(COUNT), 5))) | IS_WHOLE | IS_UNDER) > 0,
    facts=FACTS,
    marks=(
        Mark("member", ANYTHING, HEADER, below=HEADER, opens="post", where=col.is_member),
        Mark("owner", NAME, HEADER, below=HEADER, opens="post", where=col.is_owner),
        Mark("subject", SUBJECT_LINE, HEADER, below=HEADER, opens="post", where=col.is_wide_subject),
        Mark("title", TITLE, HEADER, below=HEADER, opens="post", where=col.is_title),
        Mark("opening_stamp", STAMP, HEADER, below=BODY, opens="post", where=col.is_stamp & ~col.is_opened),
        Mark("opening_date", rf"^{BULLET}(?:\S+ )?(?P<author>\S.{{0,58}}) » (?P<published_raw>{DAY})$", HEADER, below=BODY, opens="post", where=col.is_date & ~col.is_opened),
        *(
            Mark(
                f"date_{skipped}", rf"^{BULLET}(?:\S+ ){{{skipped}}}(?P<author>\S.{{0,58}}) » (?P<published_raw>{DAY})$", HEADER, below=BODY,
                where=(col.is_rising & col(f"has_after_{skipped}")) | (col.is_falling & under(col(f"has_after_{skipped}"))),
            )
            for skipped in SKIPPED
        ),
        Mark("stamp", STAMP, HEADER, below=BODY, where=col.is_stamp),
        Mark("subject_below", SUBJECT_LINE, HEADER, where=col.is_subject),
        Mark("heading", TITLE, HEADER, where=col.is_headed),
        Mark("member_below", ANYTHING, MESSAGE, below=MESSAGE, where=col.is_tail),
        Mark("end", ANYTHING, MESSAGE, below=MESSAGE, where=col.is_end | col.is_closing),
        Mark("signature", ANYTHING, SIGNATURE, where=any_horizontal(col(f"is_ending_{line}") for line in ENDINGS)),
        Mark("revised", REVISED, chrome("ui_message", inside=True)),
        Mark("revision", REVISION, chrome("ui_message", inside=True), where=col.is_revision),
        Mark("rule", RULE, SIGNATURE, below=SIGNATURE),
        Mark("beside_signature", ANYTHING, SIGNATURE, where=col.is_left & col.is_ruled & ~col.is_done),
        Mark("beside", SIDE, HEADER, below=BODY, where=col.is_left & ~col.is_done),
        Mark("left", ANYTHING, MESSAGE, where=col.is_left & ~col.is_done),
        Mark("owned", ANYTHING, HEADER, where=col.is_owned),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top : Mill Town Forum
nav : Of looms
nav : Post Reply
nav : 9 posts • Page 1 of 1
nav : Forums » Of looms » Looms, 1843
member | * Ada
header | Analyst
header | Posts: 1,204
heading | Of looms
header | Quote
date_3 | #1 Post by Ada » Jan 8, 1843 9:15 am
body | Looms weave flowers.
body | Posted: Jan 7, 1843 3:00 am
body | It was Last edited by Ada.
body | By Dora » Jan 7, 1843
body | Of looms
body | Post Reply
signature : Per aspera, they say,
signature : Difference makes the engine.
end : Top
member | Charles B Engineer Posts: 12 Joined: Jan 3, 1843 4:05 pm
header | Engine of mine
heading | Re: Of looms
header | * Quote
date_2 | Post by Charles B » Jan 9, 1843 10:44 pm
body | Ada wrote:
body | Looms weave flowers.
body | Charles B
body | Re: Of looms
body | They do: 2
body | Top
revised | Last edited by Ada on Jan 9, 1843 11:00 pm, edited 2 times in total.
revision | Edited again by Charles B on Jan 10, 1843 11:30 pm, 3 times.
body | A train left on Jan 10, 1843 11:30 pm, with 3 coaches.
signature : Per aspera, they say,
signature : Difference makes the engine.
end : Top
member | I Posts: 1
header | Other stars
date_0 | I » Today, 3:05 pm
body | I do not.
end : Top
member | Dora
heading | Re: Of looms
date_4 | #4 Post written by Dora » Jan 10, 1843 12:15 am
body | Posts: 9
end : Top
ui_message : Reply
title | Re: Of looms
header | Post: #3
date_1 | by Mary S » Jan 10, 1843 1:00 am
body | Stars do move.
body | Mary S
signature : Difference makes the engine.
member_below : Mary S
ui_message : Posts: 44
end : Top
ui_message : Quote
opening_date | Nobody » Today, 3:04 pm
body | Re: Of looms
member_below : Nobody Posts: 0
end : Top
ui_message : Author  Message
owner | Ada
subject_below | Post subject: Re: Of looms
stamp | Posted: Jan 11, 1843 1:00 am
owned | Analyst
owned | Joined: Jan 1, 1843
owned | Posts: 1,204
body | Yes.
body | Posts: 3
body | Joined: the mill
end : Top
owner | Charles B
header | Engineer
header | Joined: Jan 3, 1843
header | Posts: 12
stamp | Posted: Jan 11, 1843 2:00 am   Post subject: Re: Of looms
body | Joined: the mill
body | Posted: a letter
rule : _________________
recurring_blurb : Per aspera
end : Top
subject |                            Post subject: Re: Of looms
stamp |    Mary Somerville         Posted: Jan 12, 1843 1:00 am
beside |    Astronomer              Stars do move.
body |                            Posts: 3
beside |    Joined: Jan 3, 1840     _________ is a rule
left :    Posts: 7
body |                            They do.
rule :                            ___________
beside_signature :    Location: Rome          Per aspera
beside_signature :    Website
recurring_blurb :                            ad astra
end :    Back to top             [ profile ]

opening_stamp |    Ada                     Posted: Jan 12, 1843 2:00 am    Post subject: Re: Of looms
body |                            Yes.
body |                            Post Reply, if you will
end : Post Reply
end : Mill Town Forum
"""

EXPECT = (
    {'kind': 'post', 'title': 'Of looms', 'author': 'Ada', 'published_raw': 'Jan 8, 1843 9:15 am', 'body': 'Looms weave flowers.\n\nPosted: Jan 7, 1843 3:00 am\n\nIt was Last edited by Ada.\n\nBy Dora » Jan 7, 1843\n\nOf looms\n\nPost Reply'},
    {'kind': 'post', 'title': 'Re: Of looms', 'author': 'Charles B', 'published_raw': 'Jan 9, 1843 10:44 pm', 'body': 'Ada wrote:\n\nLooms weave flowers.\n\nCharles B\n\nRe: Of looms\n\nThey do: 2\n\nTop\n\nA train left on Jan 10, 1843 11:30 pm, with 3 coaches.'},
    {'kind': 'post', 'author': 'I', 'published_raw': 'Today, 3:05 pm', 'body': 'I do not.'},
    {'kind': 'post', 'title': 'Re: Of looms', 'author': 'Dora', 'published_raw': 'Jan 10, 1843 12:15 am', 'body': 'Posts: 9'},
    {'kind': 'post', 'title': 'Re: Of looms', 'author': 'Mary S', 'published_raw': 'Jan 10, 1843 1:00 am', 'body': 'Stars do move.\n\nMary S'},
    {'kind': 'post', 'author': 'Nobody', 'published_raw': 'Today, 3:04 pm', 'body': 'Re: Of looms'},
    {'kind': 'post', 'title': 'Re: Of looms', 'author': 'Ada', 'published_raw': 'Jan 11, 1843 1:00 am', 'body': 'Yes.\n\nPosts: 3\n\nJoined: the mill'},
    {'kind': 'post', 'title': 'Re: Of looms', 'author': 'Charles B', 'published_raw': 'Jan 11, 1843 2:00 am', 'body': 'Joined: the mill\n\nPosted: a letter'},
    {'kind': 'post', 'title': 'Re: Of looms', 'author': 'Mary Somerville', 'published_raw': 'Jan 12, 1843 1:00 am', 'body': 'Stars do move.\n\nPosts: 3\n\n_________ is a rule\n\nThey do.'},
    {'kind': 'post', 'title': 'Re: Of looms', 'author': 'Ada', 'published_raw': 'Jan 12, 1843 2:00 am', 'body': 'Yes.\n\nPost Reply, if you will'},
)  # fmt: skip
