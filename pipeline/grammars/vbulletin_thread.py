"""vBulletin: a page of a thread of a forum, each post a record.

Source    any site that runs vBulletin 3 or 4 ("05-01-2021, 03:04 PM" with "#1", below them the member, then the words), also the skin with "post #1 of 23
          (permalink)". The rendered page as text, flat, indented by nesting, or with both columns of the table side by side.
Dates     as printed in the site's language and form; relative ones ("Today, 03:04 PM") to the visit.
Words     posts are told by the number that rises, with a date and a time beside it or on the next line, and by what the member has below. The labels are
          vBulletin's phrases (`join_date`, `posts`, `location_perm`, `reply_with_quote`, …) in some 30 languages: English, German, Spanish, Russian and
          Arabic were seen on pages, the others are written from knowledge of its translations.
Limits    version 5, which prints the member above, is not read. A signature is told by vBulletin's rule above it. A post's title is told by standing at
          the top of the page too. Quotations are body.
"""

from polars import col, when

from pipeline.grammar import (
    ANYTHING,
    BODY,
    BULLET,
    HEADER,
    Grammar,
    Mark,
    above,
    after,
    chrome,
    counted,
    holds,
    indent,
    lately,
    n,
    prev,
    soon,
    times,
    under,
    words,
)

JOINED = words(
    "Join Date", "Joined", "Registriert seit", "Registrierungsdatum", "Date d'inscription", "Date d’inscription", "Inscription", "Fecha de Ingreso",
    "Fecha de ingreso", "Fecha Ingreso", "Registrato dal", "Data Registrazione", "Data registrazione", "Data di registrazione", "Data de Ingresso",
    "Data de Inscrição", "Geregistreerd", "Lid sinds", "Registratiedatum", "Reg.datum", "Registreringsdatum", "Medlem sedan", "Registreringsdato",
    "Tilmeldingsdato", "Medlem siden", "Reg.dato", "Liittynyt", "Rekisteröitynyt", "Dołączył", "Data rejestracji", "Zarejestrowany", "Datum registrace",
    "Registrace", "Dátum registrácie", "Csatlakozott", "Csatlakozás dátuma", "Data înregistrării", "Data înscrierii", "Регистрация", "Дата регистрации",
    "Дата на регистрация", "Регистриран на", "Реєстрація", "Дата реєстрації", "Datum registracije", "Učlanjen", "Registriran", "Регистрован",
    "Ημερομηνία Εγγραφής", "Εγγραφή", "Üyelik tarihi", "Üyelik Tarihi", "Kayıt Tarihi", "Ngày tham gia", "Tham gia", "Gia nhập", "Tanggal Bergabung",
    "登録日", "가입일", "注册日期", "注册时间", "註冊日期", "加入日期", "วันที่สมัคร", "تاريخ التسجيل", "תאריך הצטרפות", "תאריך הרשמה", "تاریخ عضویت",
)  # fmt: skip
POSTS = words(
    "Posts", "Beiträge", "Messages", "Mensajes", "Messaggi", "Mensagens", "Posts", "Berichten", "Inlägg", "Indlæg", "Innlegg", "Viestit", "Viestejä",
    "Postów", "Posty", "Příspěvky", "Příspěvků", "Príspevky", "Hozzászólások", "Üzenetek", "Mesaje", "Posturi", "Сообщений", "Сообщения", "Мнения",
    "Повідомлень", "Дописи", "Poruke", "Postovi", "Поруке", "Μηνύματα", "Δημοσιεύσεις", "Mesajlar", "Mesaj", "Bài gửi", "Bài viết", "Tulisan", "投稿",
    "글", "게시물", "帖子", "文章", "ข้อความ", "กระทู้", "المشاركات", "הודעות", "نوشته‌ها", "نوشته ها", "ارسال‌ها",
)  # fmt: skip
REPLY = words(
    "Reply With Quote", "Reply with Quote", "Quote Quick Reply", "Mit Zitat antworten", "Antworten mit Zitat", "Zitieren", "Réponse avec citation",
    "Répondre en citant", "Répondre avec citation", "Responder Con Cita", "Responder con Cita", "Responder Citando", "Rispondi quotando",
    "Rispondi citando", "Responder com Quote", "Responder com citação", "Responder com Citação", "Citaat", "Reageer met quote", "Svara med citat",
    "Citera", "Besvar med citat", "Svar med citat", "Svar med sitat", "Vastaa lainaamalla", "Odpowiedz z cytatem", "Odpovědět s citací",
    "Odpovedať s citáciou", "Válasz idézettel", "Válasz idézéssel", "Răspunde cu citat", "Ответить с цитированием", "Отговори с цитат",
    "Відповісти з цитуванням", "Відповісти з цитатою", "Odgovori sa citatom", "Odgovori uz citat", "Απάντηση με παράθεση", "Alıntı ile Cevapla",
    "Alıntı ile cevapla", "Alıntı Yaparak Cevapla", "Trả lời kèm trích dẫn", "Trả lời với trích dẫn", "Trả Lời Với Trích Dẫn", "Balas Dengan Kutipan",
    "引用して返信", "인용하여 답글", "引用回复", "回复时引用此帖", "引用回覆", "回覆時引用此篇文章", "ตอบพร้อมอ้างอิง", "رد مع اقتباس", "الرد مع إقتباس", "הגב עם ציטוט", "پاسخ با نقل قول",
)  # fmt: skip
ABSENT = words(
    "is offline", "is online now", "is online", "ist offline", "ist gerade online", "ist jetzt online", "est déconnecté", "est connecté maintenant",
    "no ha iniciado sesión", "está desconectado", "está en línea ahora", "non è in linea", "non in linea", "è in linea", "está offline", "está online agora",
    "är inte uppkopplad", "är inte online", "er ikke logget ind", "er ikke pålogget", "ei ole kirjautunut", "jest nieaktywny", "jest offline", "je offline",
    "nincs bejelentkezve", "nu este conectat", "вне форума", "δεν είναι συνδεδεμένος", "isimli Üye şimdilik offline konumundadır",
    "çevrimdışı", "đang ẩn", "vẫn chưa có mặt trong diễn đàn", "离线", "離線", "غير متواجد حالياً", "غير متصل", "לא מחובר", "آنلاین نیست.",
)  # fmt: skip
# what an image of an old post, or an icon of a post, is called
OLD = words(
    "Old", "Unread", "Alt", "Ungelesen", "Vieux", "Non lu", "Viejo", "Antiguo", "Vecchio", "Antigo", "Oud", "Gammal", "Gammel", "Vanha", "Stary",
    "Nieprzeczytane", "Starý", "Régi", "Vechi", "Старый", "Непрочитано", "Стар", "Старе", "Stari", "Eski", "Παλιά", "Cũ", "قديم", "ישן", "قدیمی",
)  # fmt: skip
ICON = words(
    "Default", "Standard", "Par défaut", "Défaut", "Predeterminado", "Predefinito", "Padrão", "Standaard", "Oletus", "Domyślnie", "Výchozí",
    "Alapértelmezett", "Implicit", "По умолчанию", "Стандартен", "Типово", "Προεπιλογή", "Varsayılan", "Mặc định", "افتراضي", "ברירת מחדל", "پیش فرض",
)  # fmt: skip
CLOSING = words(
    "Posting Permissions", "You may not post", "Similar Threads", "Thread Information", "Tags for this Thread", "Quick Navigation", "All times are GMT",
    "Powered by vBulletin", "Berechtigungen", "Ähnliche Themen", "Alle Zeitangaben", "Règles de messages", "Discussions similaires", "Permisos de Publicación",
    "Normas de Publicación", "Temas Similares", "Regole di scrittura", "Discussioni simili", "Permissões de postagem", "Tópicos Similares", "Forumregels",
    "Soortgelijke discussies", "Liknande ämnen", "Uprawnienia umieszczania", "Podobne wątki", "Podobná témata", "Hasonló témák", "Ваши права", "Похожие темы",
    "Δικαιώματα", "Yetkileriniz", "Benzer Konular", "Quyền viết bài", "发帖权限", "相似的主题", "發表規則", "تعليمات المشاركة", "المواضيع المتشابهة",
)  # fmt: skip

COLUMN = r"(?:\s{3,}|\t)"  # between two columns of a table
CELL = r"\S+(?: {1,2}\S+)*"
STAMP = r"(?:\S.{0,30}[^\d\s:.]\s?|\S.{0,30}\d[,.]?\s)\d{1,2}[:.h]\d{2}(?:\s?[^\W\d]\.?[^\W\d]\.?)?"
NUMBER = r"#(\d{1,3}(?:[.,]?\d{3})*)"
PERMALINK = r"(?:\s+\([^()\d]{3,30}\))?"
HEAD = rf"^{BULLET}(?:{OLD}\s+)?(?P<published_raw>{STAMP})\s+{NUMBER}{PERMALINK}$"
OF_ALL = rf"^{BULLET}[^\W\d]{{2,12}} {NUMBER} [^\W\d]{{1,8}} \d{{1,6}}{PERMALINK} (?:{OLD} )?(?P<published_raw>{STAMP})(?: [^\d]{{3,30}})?$"
DATE = rf"^{BULLET}(?:{OLD}\s+)?(?P<published_raw>{STAMP})$"
LINK = rf"^{BULLET}{NUMBER}{PERMALINK}$"
PAIR = r"^[^\d:：_]{2,30} ?[:：]\s?\S.{0,80}$"
KNOWN = rf"^{BULLET}(?:{JOINED}|{POSTS})(?: ?[:：]\s?\S.{{0,80}})?(?: ?[:：])?$"
BARE = rf"^{BULLET}(?:{JOINED}|{POSTS}) ?[:：]?$"
SINCE = rf"^{BULLET}(?:{JOINED}|{POSTS})(?: ?[:：]?\s?.{{0,40}}\d.{{0,200}}| ?[:：]?)$"
BESIDE = rf"^[^\d:：_]{{2,30}} ?[:：]\s?\S{{0,30}}{COLUMN}\S.*$"
SIDE = rf"^{CELL}{COLUMN}\s*(?P<text>\S.*)$"
RULE = rf"^(?:{CELL}{COLUMN})?_{{10,}}$"
NAME = rf"^{BULLET}(?P<author>\S.{{0,58}})$"
NAME_BESIDE = rf"^(?P<author>{CELL}){COLUMN}\s*(?P<text>\S.*)$"
TITLE = rf"^{BULLET}(?:{ICON} )?(?P<title>\S.{{0,150}})$"
SAID = rf"^{BULLET}(?:[^\W\d].{{0,59}} {ABSENT}.{{0,60}}|{REPLY}(?:\s.{{0,60}})?)$"
EDITED = r"^[^\W\d][^;]{4,90} ?; \S.{3,30}\d{1,2}[:.]\d{2}.{0,12}$"  # "Last edited by Ada; 01-08-1843 at 03:04 PM."
CLOSED = rf"^{BULLET}(?:(?:\[.\] )?{CLOSING}.*|«.*\|.*)$"
STRIP = rf"^{BULLET}(?:.* [>»›] )?(?:{ICON} )?(?:[^\s:：]{{1,12}} ?[:：] ?)?"
RANKS, REACH = 5, 12  # lines between a name and what the member has, and from a permalink to there
INSET = 4  # columns that a renderer sets a post in, at least
WIDTH = 16  # columns that the words stand right of the member's, at least

IS_DATE = holds(DATE) & (under(holds(LINK)) | prev(LINK))
IS_HEAD = holds(HEAD) | holds(OF_ALL) | IS_DATE
IS_COUNTED = holds(HEAD) | holds(OF_ALL) | (holds(LINK) & (prev(DATE) | under(holds(DATE))))
COUNTER = when(IS_COUNTED).then(col.text.str.extract(NUMBER, 1).str.replace_all("[.,]", ""))
IS_OWN = lately(IS_HEAD, REACH) & holds(SINCE)
FIRST_HEAD = when(IS_HEAD).then(n).min().over("doc")
POST = counted(col.is_head)
LABEL = col.text.str.extract(r"^([^\d:：]{2,30}?) ?[:：]", 1)
KEY = col.text.str.replace(STRIP, "").str.replace(rf"{COLUMN}.*$", "")
MARGIN = when(col.is_head).then(indent).forward_fill().over("doc")
BEGIN = indent + col.text.str.extract(rf"^({CELL}{COLUMN}\s*)\S", 1).str.len_chars()
EDGE = when(~col.is_head & ~col.is_top).then(
    when(indent >= MARGIN + WIDTH).then(indent).when(BEGIN >= MARGIN + WIDTH).then(BEGIN)
)
SIGNATURE, MESSAGE = chrome("recurring_blurb"), chrome("ui_message")

FACTS = {
    "is_counted": IS_COUNTED & COUNTER.is_first_distinct().over("doc"),
    "is_link": col.is_counted & holds(LINK),
    "is_stamp": (col.is_counted & ~col.is_link) | (holds(DATE) & (above(col.is_link) | under(col.is_link))),
    "is_head": (col.is_stamp & ~above(col.is_link)) | (col.is_link & ~above(col.is_stamp)),
    "is_top": n < FIRST_HEAD,
    # columns side by side: the member's lines stand left of the words
    "is_beside": holds(BESIDE) & (indent > MARGIN) & ~col.is_top,
    "is_wide": col.is_beside.any().over("doc", POST) | ((indent >= MARGIN + WIDTH).any().over("doc", POST) & col.is_beside.any().over("doc")),
    "is_left": col.is_wide & ~col.is_top & ~col.is_head & (indent > MARGIN) & (indent < EDGE.min().over("doc", POST).fill_null(999)),
    "is_out": ~col.is_top & ~col.is_head & (((indent < MARGIN) & (MARGIN >= INSET)) | (col.is_wide & (indent == MARGIN) & ~col.is_link)),
    "is_first_left": col.is_left & (col.is_left.cum_sum().over("doc", POST) == 1),
    "is_below": ~col.is_wide & (lately(col.is_head & ~under(col.is_link) & ~under(col.is_stamp & ~col.is_head), 1)
    | (above(col.is_head, 2) & above(col.is_link | col.is_stamp))) & ~col.is_link & ~col.is_stamp,
    "is_name": col.is_first_left | col.is_below,
    "is_known": col.is_top.any().over("doc", KEY) & ~col.is_top & (KEY.str.len_chars() > 0),
    # what the member has
    "is_data": ~col.is_wide & ~col.is_name & ~col.is_known & (holds(KNOWN) | prev(BARE) | (holds(PAIR) & (holds(PAIR).sum().over("doc", LABEL) > 1))),
    "is_rank": ~col.is_wide & ~col.is_name & ~col.is_data & ~col.is_known & ~lately(col.is_data, RANKS) & lately(col.is_name, RANKS) & soon(col.is_data, RANKS),
    "is_between": ~col.is_data & ~col.is_known & lately(col.is_data, 3) & soon(col.is_data & holds(SINCE), 3),
    "is_some": col.is_data | col.is_rank | col.is_between,
    "is_owned": col.is_some & after(col.is_name, col.is_some),
    "is_title": col.is_known & ~col.is_owned & ~col.is_name & (above(col.is_owned) | above(col.is_name) | (col.is_wide & above(col.is_head))),
    "is_last": (col.is_head.cum_sum(reverse=True).over("doc") == 0) & ~col.is_top,
    "is_ruled": holds(RULE).cum_sum().over("doc", POST) > 0,
}  # fmt: skip

GRAMMAR = Grammar(
    kind="vbulletin_thread",
    knows=(rf"{NUMBER}(?:\s|$)", SINCE),
    # numbers that rise, each with a date, and what members have below them, not above as elsewhere
    shape=(times(IS_OWN) > 0)
    & (when(holds(SINCE)).then(n).min().over("doc") > FIRST_HEAD),
    facts=FACTS,
    marks=(
        Mark("head", HEAD, HEADER, below=BODY, opens="post", where=col.is_head & col.is_stamp),
        Mark("of_all", OF_ALL, HEADER, below=BODY, opens="post", where=col.is_head & col.is_stamp),
        Mark("date", DATE, HEADER, below=BODY, opens="post", where=col.is_head & col.is_stamp),
        Mark("link", LINK, HEADER, below=BODY, opens="post", where=col.is_head & col.is_link),
        Mark("date_below", DATE, HEADER, where=col.is_stamp),
        Mark("link_below", LINK, HEADER, where=col.is_link),
        Mark("title", TITLE, HEADER, where=col.is_title),
        Mark("name_beside", NAME_BESIDE, HEADER, below=BODY, where=col.is_first_left),
        Mark("name", NAME, HEADER, where=col.is_name),
        Mark("owned", ANYTHING, HEADER, where=col.is_owned),
        Mark("rule", RULE, SIGNATURE, below=SIGNATURE),
        Mark("edited", EDITED, chrome("ui_message", inside=True), where=~col.is_left & ~col.is_ruled),
        Mark("said", SAID, MESSAGE, below=MESSAGE),
        Mark("closing", CLOSED, chrome("footer"), below=chrome("footer"), where=col.is_last),
        Mark("outside", ANYTHING, MESSAGE, below=MESSAGE, where=col.is_out),
        Mark("beside_signature", ANYTHING, SIGNATURE, where=col.is_left & col.is_ruled),
        Mark("beside", SIDE, HEADER, below=BODY, where=col.is_left),
        Mark("left", ANYTHING, MESSAGE, where=col.is_left),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top : Mill Town Forum
nav : Thread: Of looms
nav : Page 1
head | Old 01-08-1843, 09:15 AM\t#1
name | Ada
owned | Analyst
owned | Join Date: Jan 1840
owned | Posts: 1,204
title | Default Of looms
body | Looms weave flowers.
body | Of looms
body | Posts: in the mill
body | You say: similar threads
body | One card,   one leaf
edited | Last edited by Ada; 01-09-1843 at 10:00 AM.
rule : __________________
recurring_blurb : The engine has no pretensions whatever.
recurring_blurb : Ada and Mary; 01-09-1843 at 10:00 AM.
said : Reply With Quote
ui_message : Advertisement
date | Today, 03:04 PM
link_below | #2
name | Charles B
owned | Join Date
owned | Mar 1841
owned | Posts
owned | 48
title | Re: Of looms
body | I concur.
body | All times are GMT, says Ada
body | #1
body | January 8, 1843, 03:04 PM
body | 01-08-1843, 09:15 AM #1
body | ____________ is a rule
body | (Ada said; 01-09-1843 at 10:00 AM.
body | I reply: Reply With Quote
said : Charles B is offline
link | #3
date_below | 01-09-1843, 03:04 PM
name | Guest
body | No.
said : Reply With Quote Reply With Quote
of_all | post #4 of 5 (permalink) Old 01-10-1843, 11:00 AM Thread Starter
name | Mary
body | Yes.
body | post #4 of 5 (permalink) Old 01-10-1843, 11:00 AM
head | 01-10-1843, 11:00 AM #5 (permalink)
name | Ada
body | Yes.
head |     01-11-1843, 10:00 AM          #6
title |                            Of looms
body |                             They weave.
name_beside |       Dora             Weaves them.
body |                        Leaves too.
left :       Moderator
said :       Dora is offline
beside |       Posts: 12        No flowers.
body |                             They do, « they | say.
rule :       Age: 30          ____________________
beside_signature :       Reputation: 4
recurring_blurb :                             Per aspera.
outside :     Rules of the mill
closing : « Previous Thread | Next Thread »
footer :                              Ada and Charles
"""

EXPECT = (
    {
        "kind": "post", "author": "Ada", "title": "Of looms", "published_raw": "01-08-1843, 09:15 AM",
        "body": "Looms weave flowers.\n\nOf looms\n\nPosts: in the mill\n\nYou say: similar threads\n\nOne card,   one leaf",
        "chrome": {"ui_message": ["Last edited by Ada; 01-09-1843 at 10:00 AM."]},
    },
    {
        "kind": "post", "author": "Charles B", "title": "Re: Of looms", "published_raw": "Today, 03:04 PM",
        "body": "I concur.\n\nAll times are GMT, says Ada\n\n#1\n\nJanuary 8, 1843, 03:04 PM\n\n01-08-1843, 09:15 AM #1\n\n____________ is a rule\n\n(Ada said; 01-09-1843 at 10:00 AM.\n\nI reply: Reply With Quote",
    },
    {"kind": "post", "author": "Guest", "published_raw": "01-09-1843, 03:04 PM", "body": "No."},
    {"kind": "post", "author": "Mary", "published_raw": "01-10-1843, 11:00 AM", "body": "Yes.\n\npost #4 of 5 (permalink) Old 01-10-1843, 11:00 AM"},
    {"kind": "post", "author": "Ada", "published_raw": "01-10-1843, 11:00 AM", "body": "Yes."},
    {
        "kind": "post", "author": "Dora", "title": "Of looms", "published_raw": "01-11-1843, 10:00 AM",
        "body": "They weave.\n\nWeaves them.\n\nLeaves too.\n\nNo flowers.\n\nThey do, « they | say.",
    },
)  # fmt: skip
