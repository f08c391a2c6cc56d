"""What dates and bylines look like, in many languages; `dates.py` says which moment a date is."""

from pipeline.grammar import any_listed, listed, words

MARKS = (
    r"\u0900-\u0d7f\u0e00-\u0eff"  # blocks of scripts whose words hold signs that Python takes for no letters
)
LETTERS = rf"(?:[^\W\d_{MARKS}]|[{MARKS}])"  # no character is of both: a search would try either
# The word behind a time: 14:57 Uhr, 22:04h. And the zone: 9:49 am EST.
O_CLOCK = r"\s?(?:बजे|بجے|ਵਜੇ|વાગ્યે|টায়|น\.)"
HOUR = rf"(?:\s?Uhr|\s?(?:uhr|uur|hrs|hs|h|ч|óra)\b\.?|{O_CLOCK})"
TIME = (
    r"\d{1,2}(?:[:.hH]|\s?[時时点시]\s?)\d{2}[分분]?(?::\d{2})?(?:\s?[AaPp]\.?\s?[Mm]\b\.?)?"
    rf"(?:{HOUR}|\s[A-Z]{{2,3}}T\b|\s[صم]\b)?"
)
DAY = r"(?:3[01]|[^\D0-9]{2}|[012]?\d)"  # a count may stand before it without a space
YEAR = r"(?:\d{4}\b|(?:19|20)\d{2})"  # and a word or another date behind
THAI_MONTH = r"[ก-๎]{1,3}\.[ก-ฮ]"  # shortened to letters of its parts
DAYS = (
    r"\d{4}(?:[-/.]\d{1,2}[-/.]|\.\s\d{1,2}\.\s)\d{1,2}",
    rf"{DAY}(?:-\d{{1,2}}-|/\d{{1,2}}/|\.\d{{1,2}}\.)(?:{YEAR}|\d{{2}}\b)",
    rf"{DAY}\.\s\d{{1,2}}\.\s{YEAR}",
    rf"{DAY}(?:\.|,|st|nd|rd|th|er|º)?\s+(?:de\s+|of\s+)?(?:{LETTERS}{{3,}}|{THAI_MONTH})\.?,?\s+(?:de\s+)?{YEAR}",
    rf"{LETTERS}{{3,}}\.?\s+{DAY}(?:st|nd|rd|th)?,?\s+{YEAR}",
    r"\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]",
    rf"{DAY}\s+tháng\s+\d{{1,2}},?\s+(?:năm\s+)?{YEAR}",
    # Of months that are one of two, as in Arabic: the first November, the second.
    rf"{DAY}\s+{LETTERS}{{3,}}\s+(?:ال(?:أول|اول|ثاني|ثانية|آخر|آخرة)),?\s+{YEAR}",
    # The year first, as in Hungarian and Lithuanian; the day of the week stands before the time.
    rf"\d{{4}}(?:\.|\s?m\.)\s{LETTERS}{{3,}}\s{DAY}\b(?:\.(?:,\s{LETTERS}{{4,}}(?:\s|$))?|\s?d\.)?",
)
# Before a date; a place stands there, too.
DAY_OF_WEEK = any_listed(
    """
monday | tuesday | wednesday | thursday | friday | saturday | sunday | mon | tue | tues | wed | thu | thur | thurs
fri | sat | sun | montag | dienstag | mittwoch | donnerstag | freitag | samstag | sonnabend | sonntag
lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche | lunes | martes | miércoles | jueves | viernes | sábado
domingo | segunda-feira | terça-feira | quarta-feira | quinta-feira | sexta-feira | segunda | terça | quarta | quinta
sexta | lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica | maandag | dinsdag | woensdag | donderdag
vrijdag | zaterdag | zondag | poniedziałek | wtorek | środa | czwartek | piątek | sobota | niedziela | pondělí | úterý
středa | čtvrtek | pátek | neděle | måndag | tisdag | onsdag | torsdag | fredag | lördag | söndag | mandag | tirsdag
lørdag | søndag | maanantai | tiistai | keskiviikko | torstai | perjantai | lauantai | sunnuntai | понедельник | вторник
среда | четверг | пятница | суббота | воскресенье | понеділок | вівторок | середа | четвер | п’ятниця | субота | неділя
pazartesi | salı | çarşamba | perşembe | cuma | cumartesi | pazar | hétfő | kedd | szerda | csütörtök | péntek | szombat
vasárnap | luni | marți | miercuri | joi | vineri | sâmbătă | duminică | δευτέρα | τρίτη | τετάρτη | πέμπτη | παρασκευή
σάββατο | κυριακή | senin | selasa | rabu | kamis | jumat | sabtu | minggu | thứ hai | thứ ba | thứ tư | thứ năm
thứ sáu | thứ bảy | chủ nhật | الأحد | الاثنين | الإثنين | الثلاثاء | الأربعاء | الخميس | الجمعة | السبت | सोमवार
मंगलवार | बुधवार | गुरुवार | शुक्रवार | शनिवार | रविवार
"""
)
WEEKDAY = rf"(?:(?i:{DAY_OF_WEEK})(?:\.?,|\.)?\s+)?"
BARE_DATE = (
    rf"(?:{'|'.join(DAYS)})(?:(?:T|\s?[.,]?\s+(?:(?:{LETTERS}{{1,4}}\s+){{1,2}}|[-–|•/@]\s+)?)?{TIME})?"
)
DATE = f"{WEEKDAY}{BARE_DATE}"
# With the day of the week, which of scripts without capitals would be of the name before it.
ON_WEEKDAY = rf"(?i:{DAY_OF_WEEK})(?:\.?[,،]|\.)?\s+{BARE_DATE}"

# The word before an author's name. One fact each, from bylines as newspapers print them.
BY = any_listed(
    """
By | by | Von | von | VON | BY | Par | par | PAR | Por | por | POR | Di | di | DI | Door | door | Av | av | Af
af | Przez | Autor | AUTOR | Autor/in | AUTOR/IN
Autor:in | Autor*in | Autora | Autorin | Autoren | Autores | Autori | Auteur | Auteurs | Autore | Author
Authors | Text | Texto | Testo | Tekst | Автор | Автори | 作者 | 文 | 撰文 | 記者 | 记者 | 記事 | 取材・文
执笔 | 執筆 | كتب | كتبت | Текст | Записал | Записала | بقلم | کاتب | מאת | Yazan | Yazar | Szerző | Kirjoittaja
Συντάκτης | लेखक | ผู้เขียน | Tác giả | Oleh | Penulis | 글 | โดย | Haber | Haberi | Írta | إعداد | نویسنده
Written by | Γράφει ο | Γράφει η | Reporter | Escribe | Escreve | रिपोर्ट | प्रस्तुतकर्ता
Lähettänyt | Vložil | Vložila | Napsal | Napsala | Közzétette | Postitas | Objavio | Objavila | Uverejnil | Uverejnila
Dodał | Dodała | Opublikował | Opublikowała | Napisał | Napisała | Yayınlayan | Gönderen | Người đăng | Đăng bởi
Автор текста | Беседовал | Беседовала | Αναρτήθηκε από | Höfundur | Egilea | Autorius | Parengė | Autors | Avtor
เขียนโดย | 发布者 | 發佈者 | 張貼者 | 작성자 | 글쓴이
"""
)
CAPITAL = r"[^\W\d_a-zß-öø-ÿа-яё]"  # or a letter of a script that has none
PARTICLE = r"(?:van|von|der|den|de|da|do|dos|del|della|di|du|la|le|bin|ibn|al|el|zu)"
# Of scripts without spaces within a name, one word is the name: what follows a space is an office or a place.
CASELESS = r"[\u0590-\u0dff\u0e00-\u0eff]"
UNSPACED = r"(?:[一-鿿々]{2,6}|[가-힣]{2,4}|[ァ-ヶー]+(?:[・＝=][ァ-ヶー]+)+)"
REST = rf"[\w{MARKS}.'’-]*"
LETTER = rf"(?:[^\W\d{MARKS}]|[{MARKS}.'’-])"
NAME = rf"(?:{UNSPACED}|{CAPITAL}{REST}(?:\s+(?:{PARTICLE}\s+){{0,2}}{CAPITAL}{REST}){{0,3}})"
# Names of scripts that have no capitals, alone on a line: two or three words; or a short one of Han characters.
UNCASED = rf"(?:{CASELESS}+(?:\s{CASELESS}+){{1,2}}|[一-鿿]{{2,4}}(?:\s[一-鿿]{{1,3}})?)"
LED = rf"(?:^|[\s|•·–—【\[（(/-]){BY}(?:\s*[:：／/＝=|｜]\s*|\s+)"
AUTHOR = rf"{LED}(?P<author>{NAME})"
# Words with a capital that stand behind a name and are none of it: when, where it is filed, who he is, what was said.
BEHIND = any_listed(
    """
Veröffentlicht | Aktualisiert | Zuletzt | Stand | Vom | Am | Um | In | On | At | Published | Posted | Updated
Last | Publié | Publicado | Pubblicato | Kategorie | Kategorien | Category | Categories | Kommentar | Kommentare
Kommentieren | Comment | Comments | Leave | Post | Tags | Schlagwörter | Comentarios | Commentaires | Commenti
Lesezeit | Lesedauer | Datum | Date | Staff Writer | Staff Reporter | Senior Writer | Senior Editor
Senior Reporter | Twitter | Erstellt | Schreibe | Hinterlasse | Keine | Deja | Sin | Laisser | Aucun | Lascia | Foto
Fotos | Photo | Photos | Bild | Bilder | Symbolbild | Illustration
"""
)
AND = words("und", "and", "et", "y", "e", "og", "och", "en", "i", "и", "και", "ve", "ja", "&")
# Listed, since a class of all letters is slow to compile, and stands here many times.
CASED = r"[A-ZÀ-ÖØ-ÞĀ-ɏΆ-ΫЀ-Я][A-Za-zÀ-ɏḀ-ỿΆ-ώЀ-ӿ_.'’-]*"
PARTED = rf"{CASED}(?:\s(?:{PARTICLE}\s){{1,2}}{CASED})?"
# A name as far as `TAIL` or a date goes on behind it; a count may stand there without a space.
SHORTEST = rf"(?:{CASED}\d[\w-]*|{PARTED}(?:\s{PARTED}){{0,3}}?)"
SEVERAL = rf"{CASED}(?:,?\s{CASED}){{1,12}}"
WRITERS = rf"(?:{SEVERAL},?\s{AND}\s)?{SHORTEST}"
OTHER = rf"(?:\s+{BEHIND}\b|\s+[^\w\s]|[^\w\s.'’-]|\s+[a-zß-öø-ÿа-яё])"
TAIL = rf"(?:{OTHER}.*|\s*\d.*|\s*)"
WRITTEN = rf"{LED}(?P<author>{WRITERS})"
DATED = rf"{OTHER}(?:.*?\W)??(?P<published_raw>{DATE})"
DATED_AT_ONCE = rf"\s*(?P<published_raw>{BARE_DATE})"
# A name that begins with no capital, as that of an account, where nothing but it, a date or other facts are told.
HANDLE = rf"(?P<author>[^\W\d][\w{MARKS}.@-]+(?:\s{CASED})??)"
SIGN = r"\s*[|•·/—–].*"
WITH_HANDLE = (
    rf"^(?:.*\d\W*?|\W*(?:{LETTERS}+\s+){{0,2}}{LETTERS}+)?{LED}{HANDLE}"
    rf"(?:{SIGN}|\s+(?:{LETTERS}{{2,}}\s+){{0,2}}{DATE}.*)?$"
)
DATE_BY_HANDLE = rf"^.*\d[\d:]\d\d\s{BY}\s{HANDLE}(?:\W.*)?$"  # behind a year or a time
LABELLED_HANDLE = rf"^(?:.*\W)?{BY}\s?(?::\s|：){HANDLE}(?:\W.*)?$"
DATE_AND_HANDLE = rf"^.*?(?P<published_raw>{DATE}).*?{LED}{HANDLE}{TAIL}$"
HANDLE_AND_DATE = rf"^.*?{LED}{HANDLE}{DATED}.*$"
HANDLE_AND_DATE_AT_ONCE = rf"^.*?{LED}{HANDLE}{DATED_AT_ONCE}.*$"
# The word after an author's name: reporter, correspondent, columnist, report; as papers in Korean and Chinese print it.
AFTER = any_listed(
    """
기자 | 선임기자 | 인턴기자 | 특파원 | 논설위원 | 칼럼니스트 | 记者 | 記者 | 报道 | 報導 | 報道 | 撰文
"""
)
# As papers in Chinese begin a story: the reporter's name between the word for one and a place.
REPORTER = r"^[^\w]*(?:本報|本报)?(?:記者|记者)(?P<author>[一-鿿]{2,4})\s?[/／].*$"
# What sites show of a name where nobody's picture is.
INITIALS = "[A-ZÀ-ÖØ-Þ]{2,3}"
OF = "De"  # by, in Romanian and Spanish; where no date follows, it begins a name or a sentence as often
# A name and a date beside each other; a name of one word only where it is that of an account.
PERSON = rf"(?:{PARTED}(?:\s{PARTED}){{1,3}}?|[A-Z][a-z]+[A-Z]\w+)"
SIGNED = {
    "date and name beside": (
        rf"^(?:.*?\W)??(?P<published_raw>{BARE_DATE})(?:\W*{BARE_DATE})?\W+(?P<author>{PERSON})"
        rf"(?:\s+{BEHIND}\b.*|\s*[^\w\s].*|\s+\d.*)?$"
    ),
    "name and date beside": (
        rf"^\W*(?:{INITIALS}\s+|{OF}\s+)?(?P<author>{PERSON})(?:\s+{BEHIND}.*?|\s+[a-z]{{2}}|[^\w:：]*)\s*\b"
        rf"(?P<published_raw>{BARE_DATE}).*$"
    ),
    "date and account beside": (
        rf"^(?:.*?\W)??(?P<published_raw>{BARE_DATE})(?:\W*{BARE_DATE})?\W+(?P<author>[a-z][\w-]{{3,}})"
        rf"(?:{SIGN}|\s+{BEHIND}\b.*)?$"
    ),
    "account and date beside": (
        rf"^\W*(?P<author>[a-z][\w-]{{3,}})\s+[|•·–—/-]\s+(?P<published_raw>{BARE_DATE}).*$"
    ),
}
# A line that tells when an article was published, and nothing else, by a word for it.
WHEN = any_listed(
    """
Date | Datum | Stand | Veröffentlicht | Veröffentlicht am | Erstellt | Erstellt am | Published | Posted
Published on | Posted on | Publié le | Publicado | Publicado el | Fecha | Data | Pubblicato | Дата | 日期
"""
)
# What stands before the day on which an article was changed.
CHANGED = any_listed(
    """
Updated | Last updated | Last modified | Modified | Aktualisiert | Zuletzt aktualisiert | Geändert | Mis à jour
Modifié | Actualizado | Actualización | Última actualización | Atualizado | Atualização | Aggiornato
Ultimo aggiornamento | Bijgewerkt | Laatst bijgewerkt | Uppdaterad | Opdateret | Oppdatert | Päivitetty | Aktualizacja
Zaktualizowano | Aktualizováno | Aktualizované | Frissítve | Actualizat | Обновлено | Оновлено | Обновена | Ενημερώθηκε
Τελευταία ενημέρωση | Güncelleme | Son güncelleme | Diperbarui | Cập nhật | อัปเดต | अपडेट | تحديث | آخر تحديث
به‌روزرسانی | עודכן | תאריך עדכון | 更新 | 更新日 | 更新日時 | 更新时间 | 更新時間 | 最終更新 | 最終更新日 | 수정
업데이트
Azken eguneraketa | Actualització | Uuendatud | Atnaujinta | Atjaunots | Posodobljeno | Ažurirano
"""
)
IS_CHANGED = rf"^\W*(?i:{CHANGED})(?:[:：\s]|$)"
TOLD_WHEN = rf"^\W*{WHEN}\s?[:：]?\s?(?:{DATE})\W*$"
# Words beside a date, or near one, that are no names: where an article is filed, and what buttons say.
FILINGS = """
aktuell aktuelle aktuelles allgemein artikel beitrag blog magazin meldung meldungen mitteilung nachricht nachrichten
news politik presse pressemeldung pressemitteilung pressemitteilungen sport thema wirtschaft article press
release general uncategorized update updates video politics business world more read share social noticias actualidad
actualité actualités notizie actualizado aktualisiert atualizado aggiornato updated uppdaterad published
"""
FILED = frozenset(FILINGS.split())
LABEL = rf"^(?:.*\W)?{BY}\s?[:：]?$"  # above a name
BESIDE = r"^[\W_]*(?P<author>[^\W_].*?)(?:\s*[|,•·–—-](?:\s.*)?|\s@\w+)?$"
# Who made a picture, or what does what: before the word for an author.
CREDIT = (
    r"(?i)(?:©|\([c]\)|\b(?:fotos?|photos?|photographs?|bild(?:er)?|images?|symbolbild|grafik|illustrations?|zeichnung"
    r"|imagen|immagine|powered|provided|search|read|leído|gelesen|translated|übersetzt|edited|hosted))\s[^:]{0,12}$"
)
# An agency or a newsroom, alone or beside a date.
AGENCY = any_listed(
    """
AFP | AP | dpa | DPA | EFE | Reuters | REUTERS | ANSA | Ansa | APA | apa | SDA | sda | sid | SID | epd | KNA | kna | PTI
IANS | ANI | TASS | Xinhua | Lusa | LUSA | PAP | ČTK | MTI | TT | NTB | Ritzau | ANP | Belga | JIJI | Kyodo | Yonhap
UPI | Bloomberg
"""
)
NEWSROOM = any_listed(
    """
Redaktion | Redacción | Redacao | Redação | Redazione | Rédaction | Redactie | Redakcja | Redakce
Редакция | Toimitus | Staff
"""
)
AGENCIES = rf"(?:{AGENCY}(?:\s?/\s?\w[\w.]*)*|(?:(?:Die|La|The)\s)?{NEWSROOM}(?:\s[A-Z]\w*){{0,2}})"
BY_AGENCY = rf"^(?:[*•+-]\s+)?(?P<author>{AGENCIES})(?:\s*[|,•·–—-]?)?$"
AGENCY_AND_DATE = (
    rf"^(?:[*•+-]\s+)?(?P<author>{AGENCIES})(?:\s*[|,•·/–—-]|\s{LETTERS}{{2}})?\s+"
    rf"(?P<published_raw>{DATE}).*$"
)
NAMES = rf"{CAPITAL}{REST}(?:\s+(?:{PARTICLE}\s+){{0,2}}{CAPITAL}{REST}){{1,3}}"  # two to four
NAME_AND_DATE = rf"^(?P<author>{NAMES})\s+[—–|•·]\s+(?P<published_raw>{DATE}).*$"
OFFICE = rf"^(?P<author>{NAMES})\s*[(,|–—-]\s?[a-zß-öø-ÿа-яёα-ω].*$"  # in small letters or brackets
# A name beside the button to follow it.
FOLLOWED = rf"""^(?P<author>{NAMES})\s*[|·•–—-]?\s*(?:{
    any_listed('''
Follow | Following | Unfollow | Folgen | Suivre | Seguir | Siguiendo | Segui | Volgen | Följ | Følg | Seuraa | Obserwuj
Sledovat | Sledovať | Követés | Urmărește | Takip et | Подписаться | Підписатися | Ακολουθήστε
''')
})$"""
AUTHOR_BEFORE = rf"^\W*(?P<author>[一-鿿가-힣]{{2,4}})\s?[/／=＝]?\s?{AFTER}(?:\W.*)?$"

# When an answer was written: a day, with or without its year, and the time beside it.
_BESIDE = rf"(?:[.,،]?(?:\s[-–|•·/@,])?\s(?:{LETTERS}{{1,4}}\s){{0,2}}|T)"
_YEARLESS = (
    r"\d{1,2}[./]\d{1,2}\.?",
    rf"\d{{1,2}}\.?\s{LETTERS}{{3,}}\.?",
    rf"{LETTERS}{{3,}}\.?\s\d{{1,2}}",
)
_SPACED = r"\d{1,2}\.\s\d{1,2}\.\s\d{4}"
_CLOCK = (
    r"(?:[01]?\d|2[0-4]|[^\D0-9]{2})[:.h](?:[0-5]|[^\D0-9])\d(?::\d{2})?\b"
    r"(?:\s?[AaPp]\.?[Mm]\b\.?|\s(?:Uhr|uhr|h)\b)?"
)
MOMENT = rf"(?:{LETTERS}{{2,}}\.?,\s)?(?:{_SPACED}|{'|'.join((*DAYS, *_YEARLESS))}){_BESIDE}{_CLOCK}"
# What stands before a date: "on", in languages that say it.
ON = words(
    "on", "am", "le", "el", "il", "em", "op", "den", "dne", "at", "um", "à", "Le", "Am", "On", "El", "Il"
)
# Who wrote an answer, beside when: "1. Ada says, on 3 May 2026 at 10:20"; "Comment by Ada on 3 May 2026, 10:20".
_LISTED = r"^(?:[^\w(]|\d{1,3}[.)]|o\s)*"
WHO_AND_WHEN = (
    rf"{_LISTED}(?:(?:{LETTERS}+\s)?{BY}\s+)?(?P<author>[^\W\d_].*?)"
    rf"(?:(?:\s[^\W\dA-Z_]{{2,12}})?[,:]?\s{ON}|\s[^\W\dA-Z_]{{2,12}}[,:])?[\s,|·•:–—(-]+"
    rf"(?P<published_raw>{MOMENT}|(?:{_CLOCK},?\s(?:{ON}\s)?)?{DATE}).*$"
)
# Or when before who: "On 3 May 2026 at 10:20 by Ada"; or with no space between, "Ada3 May 2026 at 10:20".
WHEN_AND_WHO = (
    rf"{_LISTED}(?:{ON}\s)?(?P<published_raw>{MOMENT})[\s,|·•:–—-]+{BY}\s+"
    r"(?P<author>[^\W\d_].*?)(?:\s[|·•(].*)?$"
)
_AT_ONCE = (
    rf"(?:{DAY}\.?(?:\s{LETTERS}{{1,3}})?\s{LETTERS}{{3,}}\.?,?(?:\s{LETTERS}{{1,3}})?\s\d{{4}}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[A-ZÀ-Þ][a-zß-ÿ]{2,}\s\d{1,2},?\s\d{4})"
)
WHO_AT_WHEN = rf"{_LISTED}(?P<author>[^\W\d_].*?)(?P<published_raw>{_AT_ONCE}{_BESIDE}{_CLOCK}).*$"
LEADING = r"(?:[:：]|\.{3}|…)"  # how a line ends that leads to the words below it
# Who, alone on a line: "3. Comment by Ada".
BY_WHOM = rf"{_LISTED}{LETTERS}+\s{BY}\s+(?P<author>[^\W\d_][^.!?…]*)$"
# What stands behind the name of who wrote an answer, where no colon does.
SAYING = any_listed(
    """
says | said | wrote | sagt | sagte | schrieb | schreibt | dit | a dit | a écrit | dice | dijo | escribió | diz | disse
escreveu | ha detto | ha scritto | scrive | zegt | schreef | säger | skrev | siger | skriver | sier | sanoo | kirjoitti
mówi | pisze | napisał | napisała | říká | napsal | píše | hovorí | spune | a spus | a scris | mondta | írta | szerint
говорит | пишет | сказал | написал | каже | пише | diyor ki | dedi ki | λέει
"""
)
# What pages say about answers, to their readers or below each: in small letters, as parts of words.
ANSWERING = listed(
    """
comment | comentari | comentár | komentar | komentář | komentár | komment | hozzászólás | reactie | reageer
коммент | комент | σχόλι | σχολι | yorum | تعليق | دیدگاه | نظر | תגוב | 评论 | 評論 | 留言 | 回应 | 回應
コメント | 댓글 | टिप्पणी | ความคิดเห็น | bình luận | reply | replies | response | antwort | répon | respond
rispond | odpowied | ответить | відповісти | svar | vastaa | beantwoord | 回复 | 回覆 | 返信 | 답글 | رد | השב
"""
)
