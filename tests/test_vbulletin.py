"""Made pages of vBulletin's threads: versions 3 and 4, flat and rendered, in several languages."""

import unicodedata
from functools import cache, partial

import polars as pl
import pytest

from pipeline import laws
from pipeline.grammar import specimens
from pipeline.ingest import read_lines
from pipeline.segment import UNKNOWN, recognise
from tests.printed_pages import print_layouts, read_by

GRAMMAR = specimens()["vbulletin_thread"].grammar

# joined, location, posts, icon, quote, edited, reply with quote, closing, offline, dates
LANGUAGES = {
    "en": (
        "Join Date",
        "Location",
        "Posts",
        "Default",
        "Originally Posted by {}",
        "Last edited by {}; 05-02-2021 at 03:04 PM.",
        "Reply With Quote",
        "Posting Permissions",
        "{} is offline",
        ("05-01-2021, 03:04 PM", "Today, 09:15 AM"),
    ),
    "de": (
        "Registriert seit",
        "Ort",
        "Beiträge",
        "Standard",
        "Zitat von {}",
        "Geändert von {} (02.05.2021 um 15:04 Uhr); 02.05.2021 um 15:04.",
        "Mit Zitat antworten",
        "Berechtigungen",
        "{} ist offline",
        ("01.05.2021, 15:04", "Heute, 09:15"),
    ),
    "es": (
        "Fecha de Ingreso",
        "Ubicación",
        "Mensajes",
        "Predeterminado",
        "Iniciado por {}",
        "Última edición por {}; 02/05/2021 a las 15:04",
        "Responder Con Cita",
        "Permisos de Publicación",
        "{} está desconectado",
        ("01/05/2021, 15:04", "Hoy, 09:15"),
    ),
    "ru": (
        "Регистрация",
        "Адрес",
        "Сообщений",
        "По умолчанию",
        "Сообщение от {}",
        "Последний раз редактировалось {}; 02.05.2021 в 15:04.",
        "Ответить с цитированием",
        "Ваши права в разделе",
        "{} вне форума",
        ("01.05.2021, 15:04", "Сегодня, 09:15"),
    ),
    "tr": (
        "Üyelik tarihi",
        "Bulunduğu yer",
        "Mesajlar",
        "Varsayılan",
        "{} Nickli Üyeden Alıntı",
        "Konu {} tarafından değiştirildi; 02.05.2021 saat 15:04.",
        "Alıntı ile Cevapla",
        "Yetkileriniz",
        "{} çevrimdışı",
        ("01.05.2021, 15:04", "Bugün, 09:15"),
    ),
    "ar": (
        "تاريخ التسجيل",
        "الدولة",
        "المشاركات",
        "افتراضي",
        "المشاركة الأصلية كتبت بواسطة {}",
        "التعديل الأخير تم بواسطة {}; 02-05-2021 الساعة 03:04 PM",
        "رد مع اقتباس",
        "تعليمات المشاركة",
        "{} غير متصل",
        ("01-05-2021, 03:04 PM", "اليوم, 09:15 AM"),
    ),
    "ja": (
        "登録日",
        "住所",
        "投稿",
        "Default",
        "{} の発言",
        "最後に編集したのは {}; 2021-05-02 時刻 15:04.",
        "引用して返信",
        "Posting Permissions",
        "{} is offline",
        ("2021-05-01, 15:04", "2021-05-03, 09:15"),
    ),
}
# who, their rank, what they wrote, whether it was edited
POSTED = (
    ("Élodie77", "Weaver", ["Looms weave flowers and leaves.", "Do they count?"], False),
    ("Charles B.", "Senior Member", ["QUOTE", "They do, if a card is punched for it."], True),
    ("Élodie77", "Weaver", ["Then I shall punch one."], False),
    ("zoë", "Engineer", ["Charles B.", "A loom #7 of 3 cards, 12:05."], False),
)
TITLE = "Of looms and leaves"
SIGNATURE = "The engine has no pretensions whatever."


def spoken(phrases, post):
    return [
        line
        for word in post[2]
        for line in ([phrases[4].format("Élodie77"), "Do they count?"] if word == "QUOTE" else [word])
    ]


def title_of(number):
    return TITLE if number == 0 else f"Re: {TITLE}"


def date(phrases, number):
    return phrases[9][number % 2]


def page(phrases, posts, thread=TITLE):
    top = ["Mill Town Forum", "Register", "Help", f"Forum > Crafts > {TITLE}", thread, "Page 1 of 1"]
    foot = ["« A | B »", f"{phrases[7]}", "You may not", "Powered by vBulletin® Version 3.8.4"]
    return "\n".join([*top, *(line for post in posts for line in post), *foot]) + "\n"


def has(phrases, number):
    joined = phrases[9][0].split(",")[0]
    return {phrases[0]: joined, phrases[1]: "Lyon", phrases[2]: f"{number},204"}


def edited(phrases, post):
    return [phrases[5].format(post[0])] if post[3] else []


def third(phrases):
    """Version 3: "date #1" over the member and the words."""
    return page(
        phrases,
        [
            [
                f" {date(phrases, i)} \t #{i + 1}",
                p[0],
                p[1],
                " ",
                *(f"{label}: {value}" for label, value in has(phrases, i + 1).items()),
                f"{phrases[3]} {title_of(i)}",
                *spoken(phrases, p),
                "__________________",
                SIGNATURE,
                *edited(phrases, p),
                phrases[8].format(p[0]),
                f" {phrases[6]}",
            ]
            for i, p in enumerate(POSTED)
        ],
    )


def third_rendered(phrases):
    """The same, both columns of the table side by side."""
    posts = []
    for i, p in enumerate(POSTED):
        left = [p[0], p[1], "", *(f"  {label}: {value}" for label, value in has(phrases, i + 1).items()), ""]
        right = ["", "", "", *spoken(phrases, p), "____________________", SIGNATURE]
        right = [title_of(i), *right[1:]] if i == 0 else right
        right += [""] * (len(left) - len(right))
        left += [""] * (len(right) - len(left))
        if i == 0:
            left = ["", *left]
            right = [*right, ""]
        posts.append(
            [
                f"     {date(phrases, i)}{' ' * 60}#{i + 1}",
                *(f"       {a:<44}{b}".rstrip() for a, b in zip(left, right, strict=True)),
                "",
            ]
        )
    return page(phrases, posts)


def fourth(phrases):
    """Version 4: date and "#1" on lines of their own, what the member has in a list."""
    return page(
        phrases,
        [
            [
                f"{date(phrases, i)}",
                f"#{i + 1}",
                p[0],
                p[1],
                *(line for pair in has(phrases, i + 1).items() for line in pair),
                title_of(i),
                *spoken(phrases, p),
                *edited(phrases, p),
                f"{phrases[6]} {phrases[6]}",
            ]
            for i, p in enumerate(POSTED)
        ],
        f"Thread: {TITLE}",
    )


def fourth_rendered(phrases):
    """The same, set in by nesting."""
    return page(
        phrases,
        [
            [
                f"      * {date(phrases, i)} #{i + 1}",
                "",
                f"        {p[0]}",
                f"        {p[1]}",
                "",
                *(
                    line
                    for label, value in has(phrases, i + 1).items()
                    for line in (f"        {label}", f"            {value}")
                ),
                "",
                f"        {title_of(i)}",
                "",
                *(f"            {line}" for line in spoken(phrases, p)),
                "",
                *(f"            {line}" for line in edited(phrases, p)),
                f"        {phrases[6]} {phrases[6]}",
                "",
            ]
            for i, p in enumerate(POSTED)
        ],
        f"    Thread: {TITLE}",
    )


LAYOUTS = (third, third_rendered, fourth, fourth_rendered)
PAGES = print_layouts(LAYOUTS, LANGUAGES)
readings = cache(partial(read_by, GRAMMAR, PAGES))


@pytest.mark.parametrize(("language", "layout"), PAGES)
def test_posts_are_read(language, layout):
    phrases, records = LANGUAGES[language], readings()[language, layout]
    assert records["page_kind"].unique().to_list() == [GRAMMAR.kind]
    seen = records.select(pl.col("author", "published_raw", "title", "text").str.replace_all(r"\s+", " "))
    wanted = [
        (
            post[0],
            date(phrases, i),
            title_of(i) if i == 0 or layout != third_rendered.__name__ else None,
            " ".join(spoken(phrases, post)),
        )
        for i, post in enumerate(POSTED)
    ]
    assert [tuple(it and unicodedata.normalize("NFC", it) for it in row) for row in seen.rows()] == [
        tuple(it and unicodedata.normalize("NFC", it) for it in row) for row in wanted
    ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_one_post_is_read(layout, monkeypatch):
    monkeypatch.setattr("tests.test_vbulletin.POSTED", POSTED[1:2])
    records = laws.read(GRAMMAR, layout(LANGUAGES["es"])).pages.records
    assert records["author"].to_list() == ["Charles B."]
    assert records["text"][0].endswith("for it.")


def test_a_page_with_members_above_their_posts_is_not_known():
    """As XenForo and MyBB print them."""
    text = "\n".join(
        f"{who}\nMember\nJoin Date: May 2012\nPosts: 12\n05-0{i}-2021, 03:04 PM\n#{i}\nLooms weave."
        for i, who in enumerate(("Ada", "Mary", "Ada"), start=1)
    )
    assert recognise(read_lines(laws.document_of(text)), [GRAMMAR])["page_kind"].to_list() == [UNKNOWN]
