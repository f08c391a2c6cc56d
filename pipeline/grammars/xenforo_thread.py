"""XenForo: a page of a thread of a forum, each message a record.

Source    any site that runs XenForo, version 2 (the member above the date and "#1", the words below) or 1 (the words above "Ada, Jan 8, 1843" and
          "#1"), the rendered page as text, flat or indented by nesting.
Dates     as printed in the site's language and form; relative ones ("Yesterday at 3:04 PM") to the visit.
Words     the labels are XenForo's phrases (`joined`, `x_said`, `click_to_expand`, `reactions`, …) in some 30 languages: English, German and Polish
          were seen on pages, the others are written from knowledge of its translations, with what spellings they may have.
Limits    a member's name is told by its place above the title and what the member has: a banner that is not of XenForo's own words stands for a
          title where no letter stands for a picture. A signature is told by its line that ends
          several messages. Quotations are body.
"""

import polars as pl
from polars import col

from pipeline.grammar import (
    ANYTHING,
    BODY,
    BULLET,
    HEADER,
    Grammar,
    Mark,
    above,
    after,
    before,
    chrome,
    counted,
    ever,
    from_above,
    holds,
    indent,
    lately,
    n,
    n_chars,
    next_,
    prev,
    soon,
    times,
    under,
    words,
)

# The phrases, in the order English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian, Finnish, Polish, Czech, Slovak,
# Hungarian, Romanian, Bulgarian, Russian, Ukrainian, Serbian and Croatian, Greek, Turkish, Vietnamese, Indonesian, Japanese, Korean, Chinese, Thai,
# Arabic, Hebrew, Persian.
JOINED = words(
    "Joined", "Member since", "Registriert", "Registriert seit", "Mitglied seit", "Beitritt", "Inscrit", "Inscrit le", "Inscrit(e)", "Inscription",
    "Registrado", "Miembro desde", "Se incorporó", "Desde", "Registrato", "Registrato il", "Iscritto", "Iscritto dal", "Data registrazione",
    "Cadastrado", "Registado", "Ingressou", "Entrou", "Membro desde", "Lid geworden", "Lid sinds", "Geregistreerd", "Gick med", "Blev medlem",
    "Medlem sedan", "Tilmeldt", "Medlem siden", "Ble medlem", "Ble med", "Registrert", "Liittynyt", "Rekisteröitynyt", "Dołączył", "Dołączył(a)",
    "Dołączyła", "Rejestracja", "Registrace", "Registrován", "Založen", "Registrácia", "Registrovaný", "Csatlakozott", "Regisztrált", "Înscris",
    "Înregistrat", "Alăturat", "Регистрация", "Регистриран", "Присъединил се", "Реєстрація", "Učlanjen", "Učlanjen(a)", "Pridružen", "Pridružio",
    "Registrovan", "Registriran", "Εγγραφή", "Εντάχθηκε", "Katılım", "Katılma Tarihi", "Kayıt", "Tham gia", "Ngày tham gia", "Bergabung",
    "登録日", "参加", "가입일", "가입", "注册", "注册时间", "加入", "註冊", "加入於", "เข้าร่วม", "สมัครเมื่อ", "إنضم", "انضم", "تاريخ التسجيل",
    "הצטרף", "הצטרף ב", "הצטרפות", "تاریخ ثبت‌نام", "عضویت",
)  # fmt: skip
HAS = words(
    "Messages", "Likes Received", "Trophy Points", "Reaction score", "Location", "Gender", "Age", "Occupation", "Home Page",
    "Beiträge", "Zustimmungen", "Punkte für Erfolge", "Ort", "J'aime reçus", "Points", "Mensajes", "Me gusta recibidos", "Puntos", "Messaggi",
    "Mi piace ricevuti", "Mensagens", "Curtidas recebidas", "Pontos", "Berichten", "Leuk bevonden", "Inlägg", "Indlæg", "Innlegg", "Viestit",
    "Posty", "Polubienia", "Příspěvky", "Príspevky", "Üzenetek", "Mesaje", "Мнения", "Сообщения", "Симпатии", "Баллы", "Повідомлення",
    "Poruke", "Μηνύματα", "Mesajlar", "Beğeniler", "Bài viết", "Đã được thích", "Pesan", "メッセージ", "메시지", "消息", "帖子", "訊息",
    "ข้อความ", "المشاركات", "הודעות", "ارسال‌ها",
)  # fmt: skip
EXPAND = words(
    "Click to expand", "Zum Vergrößern anklicken", "Zum Vergrößern hier klicken", "Cliquez pour agrandir", "Cliquer pour agrandir",
    "Haz clic para expandir", "Hacer clic para expandir", "Clic para expandir", "Clicca per espandere", "Clicca per allargare",
    "Clique para expandir", "Klik om te vergroten", "Klik om uit te vouwen", "Klik voor meer", "Klicka för att expandera", "Klicka för att utvidga",
    "Klik for at udvide", "Klik for at forstørre", "Klikk for å utvide", "Laajenna klikkaamalla", "Napsauta laajentaaksesi", "Klikkaa laajentaaksesi",
    "Kliknij, aby rozwinąć", "Kliknij by rozwinąć", "Kliknij aby rozwinąć", "Kliknij, aby powiększyć", "Kliknutím rozbalíte", "Klikni pre zobrazenie",
    "Kliknutím zväčšíte", "Kattints a kibontáshoz", "Kattintson a kibontáshoz", "Apasă pentru a extinde", "Click pentru a extinde", "Натисни за разгъване",
    "Кликнете за разширяване", "Нажмите для раскрытия", "Нажмите, чтобы раскрыть", "Нажмите, чтобы увидеть", "Натисніть для розгортання",
    "Натисніть, щоб розгорнути", "Klikni za proširenje", "Kliknite za proširenje", "Κάντε κλικ για ανάπτυξη", "Genişletmek için tıkla",
    "Genişletmek için tıklayın", "Bấm để mở rộng", "Nhấp để mở rộng", "Nhấn để mở rộng", "Klik untuk memperluas", "クリックして展開", "クリックして拡大",
    "확장하려면 클릭", "클릭하여 확장", "点击展开", "单击展开", "點擊展開", "คลิกเพื่อขยาย", "أنقر للتوسيع", "انقر للتوسيع", "לחץ להרחבה", "לחץ כדי להרחיב", "کلیک کنید تا باز شود",
)  # fmt: skip
REACTED = words(
    "Reactions", "Reaktionen", "Réactions", "Reacciones", "Reazioni", "Reações", "Reacties", "Waarderingen", "Reaktioner", "Reaksjoner", "Reaktiot",
    "Reakcje", "Reakce", "Reakcie", "Reakciók", "Reacții", "Реакции", "Реакції", "Reakcije", "Αντιδράσεις", "Tepkiler", "Reactions", "Reaksi",
    "リアクション", "반응", "反应", "反馈", "反應", "ปฏิกิริยา", "التفاعلات", "תגובות", "واکنش‌ها",
)  # fmt: skip
LIKED = words("Polubione przez", "Gefällt", "Мне нравится", "Aime", "Beğenenler", "Thích")
EDITED = words(
    "Last edited", "Last edited by a moderator", "Zuletzt bearbeitet", "Dernière édition", "Dernière modification", "Última edición", "Ultima modifica",
    "Última edição", "Laatst bewerkt", "Senast ändrad", "Senast redigerad", "Sidst redigeret", "Sist redigert", "Viimeksi muokattu", "Ostatnia edycja",
    "Ostatnio edytowane", "Naposledy upraveno", "Naposledy upravené", "Utoljára szerkesztve", "Ultima editare", "Последно редактирано",
    "Последнее редактирование", "Останнє редагування", "Poslednja izmena", "Zadnja izmjena", "Τελευταία επεξεργασία", "Son düzenleme",
    "Chỉnh sửa cuối", "Sửa lần cuối", "Terakhir diedit", "最終編集", "마지막 편집", "最后编辑", "最後編輯", "แก้ไขล่าสุด", "آخر تعديل", "נערך לאחרונה", "آخرین ویرایش",
)  # fmt: skip
BANNER = words(
    "Staff member", "Moderator", "Administrator", "Mitarbeiter", "Teammitglied", "Membre du personnel", "Miembro del equipo", "Membro dello Staff",
    "Membro da equipe", "Medewerker", "Lid van de staf", "Medlem i personalen", "Valvoja", "Członek załogi", "Člen týmu", "Команда форума", "Модератор",
    "Yönetici", "Thành viên BQT", "スタッフ", "管理成员", "Verified", "Premium", "Supporter", "Thread starter", "Thread Starter", "Themenstarter", "Автор темы",
)  # fmt: skip
ADVERT = words(
    "Advertisement",
    "Werbung",
    "Anzeige",
    "Publicité",
    "Publicidad",
    "Pubblicità",
    "Publicidade",
    "Advertentie",
    "Reklama",
    "Реклама",
    "Reklam",
    "広告",
)
CLOSING = words(
    "You must log in", "Not open for further replies", "Similar threads", "Du musst dich einloggen", "Du musst angemeldet sein", "Antwort erstellen",
    "Ähnliche Themen", "Vous devez être connecté", "Vous devez vous connecter", "Vous devez vous inscrire", "Debes iniciar sesión", "Debes registrarte",
    "Devi accedere o", "Devi effettuare il login", "Você precisa estar logado", "Você precisa fazer login", "Tem de iniciar sessão", "Je moet ingelogd zijn",
    "Je moet inloggen", "Du måste logga in", "Du skal være logget", "Du må logge inn", "Du må være innlogget", "Sinun täytyy kirjautua",
    "Musisz być zalogowany", "Musisz się zalogować", "Pro odpověď se musíte", "Pre odpoveď sa musíte", "A válaszadáshoz be kell", "Trebuie să te autentifici",
    "Trebuie să fii autentificat", "Вы должны войти", "Войдите или зарегистрируйтесь", "Закрыто для дальнейших ответов", "Вам необходимо войти",
    "Необхідно увійти", "Morate biti prijavljeni", "Morate se prijaviti", "Πρέπει να συνδεθείτε", "Cevap yazmak için giriş", "Bạn phải đăng nhập",
    "Anda harus masuk", "返信するにはログイン", "답글을 쓰려면", "您必须登录", "您必须注册", "您必須登入", "你必须登录", "คุณต้องเข้าสู่ระบบ", "يجب عليك تسجيل", "עליך להתחבר",
)  # fmt: skip
SHARE = words(
    "Share", "Teilen", "Partager", "Compartir", "Condividi", "Compartilhar", "Partilhar", "Delen", "Dela", "Del", "Jaa", "Udostępnij", "Sdílet", "Zdieľať",
    "Megosztás", "Distribuie", "Сподели", "Поделиться", "Поділитися", "Podeli", "Podijeli", "Κοινοποίηση", "Paylaş", "Chia sẻ", "Bagikan", "共有",
    "シェア", "공유", "分享", "แชร์", "مشاركة", "שתף", "اشتراک‌گذاری",
)  # fmt: skip

LINK = rf"^{BULLET}#\d{{1,3}}(?:[.,\s]?\d{{3}})*$"
ICON = rf"^(?:[*+o•◦·-]|{BULLET}[^\d\s*+][^\d]{{0,23}})$"
DATE = rf"^{BULLET}(?P<published_raw>.{{0,40}}\d.{{0,30}})$"
FIELD = rf"^{BULLET}[^\d:]{{2,30}}:(?: .*)?$"  # what a member has, which another software prints above "#1"
SIGNED = rf"^{BULLET}(?P<author>[^,\s](?:[^,]{{0,58}}[^,\s])?) ?, (?P<published_raw>.{{0,40}}\d.{{0,30}})$"
SINCE = rf"^{BULLET}{JOINED}(?: ?:)?(?: .{{0,30}}\d.{{0,200}})?$"
QUOTED = rf"^{EXPAND} ?(?:\.{{2,4}}|…)?$"
OWN = rf"{QUOTED}|^(?:Software by XenForo|(?:Community|Forum) (?:platform|software) by XenForo).*$"
PAIR = rf"^{BULLET}(?:{JOINED}|{HAS}) ?:(?: .{{1,200}})?$"
BARE_PAIR = rf"^{BULLET}(?:{JOINED}|{HAS}) ?:$"
LETTER = r"^[^\W_][\u0300-\u036f]?$"
NAME = rf"^{BULLET}(?:\d{{1,3}}\. +)?(?P<author>\S.{{0,58}})$"
OPENER = rf"^{BULLET}(?:\d{{1,3}}\. +)?(.*)$"

THANKED = rf"^{BULLET}(?:{REACTED} ?:.*|{LIKED} .*)$"
CLOSED = rf"^(?:\(?{CLOSING}.*|{SHARE} ?[:：])$"
SENTENCE = r"^(?:\S+(?: \S+){3,}[.!?…:]|.*[。！？])$"  # no name
LONG = 20  # characters; a shorter line ends two messages by chance
ENDING = r"[.。।]$"  # as of who likes the message above

MESSAGE = counted(above(col.is_link))  # lines from below one permalink to the next
SIGNER = pl.when(col.is_signed).then(col.text.str.extract(SIGNED, 1)).backward_fill().over("doc", MESSAGE)
OPENING = col.text.str.extract(OPENER, 1)
DEPTH = pl.when(col.is_date).then(indent).forward_fill().over("doc")
DEPTH_BELOW = pl.when(col.is_date).then(indent).backward_fill().over("doc")

IS_DATE = (
    holds(DATE) & ~holds(SINCE) & ~holds(FIELD) & soon(holds(LINK), 3) & before(holds(LINK), holds(ICON))
)
SAYS_SINCE = holds(SINCE) & (holds(r"\d") | next_(r"\d"))
FIRST_LINK = pl.when(holds(LINK)).then(n).min().over("doc")
FIRST_SINCE = pl.when(holds(SINCE)).then(n).min().over("doc")

FACTS = {
    "is_link": holds(LINK),
    # version 1: who signs below the words stands above them too
    "is_signed": holds(SIGNED) & under(col.is_link),
    "is_echo": ~col.is_signed & ((OPENING == SIGNER) | (OPENING.str.starts_with(pl.concat_str(SIGNER, pl.lit(" "))) & ~holds(ENDING))),
    "is_opener": col.is_echo & (col.is_echo.cum_sum().over("doc", MESSAGE) == 1),
    "is_owned": (holds(PAIR) | prev(BARE_PAIR) | (above(col.is_opener) & soon(holds(PAIR), 2)))
    & SIGNER.is_not_null(),
    "is_foot": col.is_signed & col.is_echo.any().over("doc", MESSAGE),
    # version 2: name, title, what the member has, date, permalink
    "is_icon": holds(ICON),
    "is_date": IS_DATE & ~col.is_foot,
    "is_since": holds(SINCE),
    "is_member": col.is_since & soon(col.is_date, 16),
    "is_last": col.is_member & (col.is_member.cum_sum(reverse=True).over("doc", MESSAGE) == 1),
    "is_top": col.is_last | (col.is_date & ~col.is_member.any().over("doc", MESSAGE)),
    "is_banner": holds(rf"^{BULLET}{BANNER}$"),
    "is_title": ~col.is_banner & soon(col.is_top, 4) & before(col.is_top, col.is_banner),
    "is_lettered": holds(NAME) & above(holds(LETTER)) & soon(col.is_top, 4)
    & (OPENING.str.slice(0, 1).str.to_lowercase() == from_above(col.text).str.to_lowercase()),
    "is_untitled": (col.is_title & col.is_lettered).any().over("doc"),
    "is_upper": under(col.is_title) & holds(NAME) & ~holds(SENTENCE) & ~col.is_link & ~col.is_untitled & (indent <= DEPTH_BELOW),
    "is_name": col.is_lettered
    | ((col.is_upper | (col.is_title & ~above(col.is_upper))) & ~col.is_lettered.any().over("doc", MESSAGE)),
    "is_headed": col.is_name.cum_sum().over("doc", MESSAGE) > 0,
    "is_out": (indent < DEPTH) & ~col.is_headed,
    "is_closing": holds(CLOSED) & (col.is_link.cum_sum(reverse=True).over("doc") == 0),
    "is_end": col.is_foot | col.is_name | under(col.is_lettered) | col.is_out | col.is_closing | holds(THANKED),
    "is_final": (n_chars >= LONG) & under(col.is_end) & ~above(col.is_link),
    "is_signature": col.is_final & (col.is_final.sum().over("doc", "text") > 1),
}  # fmt: skip

GRAMMAR = Grammar(
    kind="xenforo_thread",
    knows=(LINK, rf"{SINCE}|{OWN}"),
    # most permalinks have a date; a member's data stand above the first of them, not below as elsewhere; and where no
    # phrase is XenForo's own, one says when a member joined: "Registrace" alone is a menu's
    shape=(times(IS_DATE) > 0) & (2 * times(IS_DATE) >= times(holds(LINK)))
    & (FIRST_SINCE.is_null() | (FIRST_SINCE < FIRST_LINK)) & (ever(OWN) | (times(SAYS_SINCE) > 0)),
    facts=FACTS,
    marks=(
        Mark("opener", ANYTHING, HEADER, below=BODY, opens="post", where=col.is_opener),
        Mark("name", NAME, HEADER, below=HEADER, opens="post", where=col.is_name),
        Mark("member", ANYTHING, HEADER, where=col.is_owned & after(col.is_opener, col.is_owned)),
        Mark("foot", SIGNED, HEADER, where=col.is_foot),
        Mark("foot_link", LINK, HEADER, below=chrome("ui_message"), where=above(col.is_foot)),
        Mark("date", DATE, HEADER, where=col.is_date),
        Mark("link", LINK, HEADER, below=BODY, where=lately(col.is_date, 3)),
        Mark("avatar", LETTER, chrome("avatar"), where=under(col.is_lettered)),
        Mark("advert", rf"^{ADVERT} ?:?$", chrome("sponsor")),
        Mark("closing", CLOSED, chrome("footer"), below=chrome("footer"), where=col.is_closing),
        Mark("reactions", THANKED, chrome("ui_message"), below=chrome("ui_message")),
        Mark("signature", ANYTHING, chrome("recurring_blurb"), where=col.is_signature),
        Mark("edited", rf"^{EDITED} ?:.*$", chrome("ui_message", inside=True)),
        Mark("expand", QUOTED, chrome("ui_message", inside=True)),
        Mark("outside", ANYTHING, chrome("ui_message"), below=chrome("ui_message"), where=col.is_out),
        Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0),
    ),
)  # fmt: skip

SAMPLE = """
top : Forums
nav : Ada
nav : Start date Jan 7, 1843
avatar : A
name | Ada
header | Analyst
header | Staff member
header | Joined
header | Jan 1, 1843
header | Messages
header | 1,204
date | Jan 8, 1843
link | #1
body | Looms weave flowers.
body | Charles said:
body | It weaves.
expand | Click to expand...
body | Click to expand... or not
body | Supposing so. Reactions: none
edited | Last edited: Jan 9, 1843
signature : The engine has no pretensions whatever.
reactions : Reactions:
ui_message : Charles and Mary
name | Charles B
header | Engineer
header | Moderator
header | Member since 1842 Messages 12
date | * Jan 8, 1843 at 4:05 PM
header | *
link | * #2
body | Number #2
body | I concur with Ada, Jan 8, 1843
body | B
body | You must log in, they say
advert : Advertisement
opener | Mary Somerville Level: Star
member | Well-known
member | Joined:
member | Jan 3, 1840
member | Location: Paris
body | Stars do move.
body | Location: in the sky
body | Mary Somerville, at home
body | Mary Somerville does
foot | Mary Somerville, Yesterday at 3:04 PM
foot_link | #3
ui_message : Ada likes this.
opener | 4. Ada
body | Yes.
signature : The engine has no pretensions whatever.
foot | Ada , Jan 10, 1843
foot_link | #4

ui_message : Ada
name |      Guest
header |      Guest
date |        * Jan 11, 1843
link |        * #5
body |            In earnest.
body |          Share: alike
outside :      This thread is old
ui_message :            Similar things
closing : You must log in or register to reply here.
footer :            Share
footer :            The end
"""

EXPECT = (
    {
        "kind": "post",
        "author": "Ada",
        "published_raw": "Jan 8, 1843",
        "body": "Looms weave flowers.\n\nCharles said:\n\nIt weaves.\n\nClick to expand... or not\n\nSupposing so. Reactions: none",
        "chrome": {
            "ui_message": ["Click to expand...", "Last edited: Jan 9, 1843"],
        },
    },
    {
        "kind": "post",
        "author": "Charles B",
        "published_raw": "Jan 8, 1843 at 4:05 PM",
        "body": "Number #2\n\nI concur with Ada, Jan 8, 1843\n\nB\n\nYou must log in, they say",
    },
    {
        "kind": "post",
        "author": "Mary Somerville",
        "published_raw": "Yesterday at 3:04 PM",
        "body": "Stars do move.\n\nLocation: in the sky\n\nMary Somerville, at home\n\nMary Somerville does",
    },
    {"kind": "post", "author": "Ada", "published_raw": "Jan 10, 1843", "body": "Yes."},
    {
        "kind": "post",
        "author": "Guest",
        "published_raw": "Jan 11, 1843",
        "body": "In earnest.\n\nShare: alike",
    },
)
