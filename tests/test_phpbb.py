"""Made pages of phpBB's topics: prosilver and tables, flat and rendered, in several languages."""

import unicodedata
from functools import cache, partial

import polars as pl
import pytest

from pipeline import laws
from pipeline.grammar import specimens
from pipeline.ingest import read_lines
from pipeline.segment import UNKNOWN, recognise
from tests.printed_pages import print_layouts, read_by

GRAMMAR = specimens()["phpbb_topic"].grammar

# by, posts, joined, wrote, top, posted, subject, edited, pages, dates
LANGUAGES = {
    "en": (
        "by",
        "Posts",
        "Joined",
        "wrote:",
        "Top",
        "Posted",
        "Post subject",
        "Last edited by {} on Tue May 04, 2021 5:00 pm, edited 2 times in total.",
        "4 posts • Page 1 of 1",
        ("Mon May 03, 2021 4:12 pm", "Today, 3:04 pm"),
    ),
    "de": (
        "von",
        "Beiträge",
        "Registriert",
        "hat geschrieben:",
        "Nach oben",
        "Verfasst",
        "Betreff des Beitrags",
        "Zuletzt geändert von {} am Di 4. Mai 2021, 17:00, insgesamt 2-mal geändert.",
        "4 Beiträge • Seite 1 von 1",
        ("Mo 3. Mai 2021, 16:12", "Heute 15:04"),
    ),
    "fr": (
        "par",
        "Messages",
        "Inscription",
        "a écrit :",
        "Haut",
        "Posté le",
        "Sujet du message",
        "Dernière édition par {} le 04 mai 2021, 17:00, édité 2 fois.",
        "4 messages • Page 1 sur 1",
        ("03 mai 2021, 16:12", "Aujourd’hui, 15:04"),
    ),
    "es": (
        "por",
        "Mensajes",
        "Registrado",
        "escribió:",
        "Arriba",
        "Publicado",
        "Asunto",
        "Última edición por {} el Mar May 04, 2021 5:00 pm, editado 2 veces en total.",
        "4 mensajes • Página 1 de 1",
        ("Lun May 03, 2021 4:12 pm", "Hoy, 15:04"),
    ),
    "pl": (
        "autor:",
        "Posty",
        "Rejestracja",
        "pisze:",
        "Na górę",
        "Wysłany",
        "Temat postu",
        "Ostatnio zmieniony 04 maja 2021, 17:00 przez {}, łącznie zmieniany 2 razy.",
        "Posty: 4 • Strona 1 z 1",
        ("03 maja 2021, 16:12", "dzisiaj, 15:04"),
    ),
    "cs": (
        "od",
        "Příspěvky",
        "Registrován",
        "píše:",
        "Nahoru",
        "Zaslal",
        "Předmět příspěvku",
        "Naposledy upravil {} dne 04 kvě 2021, 17:00, celkem upraveno 2.",
        "Příspěvky: 4 • Stránka 1 z 1",
        ("03 kvě 2021, 16:12", "dnes, 15:04"),
    ),
    "ru": (
        "Сообщение",
        "Сообщения",
        "Зарегистрирован",
        "писал(а):",
        "Вернуться к началу",
        "Добавлено",
        "Заголовок сообщения",
        "Последний раз редактировалось {} 04 май 2021, 17:00, всего редактировалось 2 раза.",
        "4 сообщения • Страница 1 из 1",
        ("03 май 2021, 16:12", "сегодня, 15:04"),
    ),
    "vi": (
        "gửi bởi",
        "Bài viết",
        "Ngày tham gia",
        "đã viết:",
        "Đầu trang",
        "Gửi",
        "Tiêu đề bài viết",
        "Sửa lần cuối bởi {} vào ngày Ba 04/05/2021 17:00 với 2 lần sửa.",
        "4 bài viết • Trang 1 trên 1",
        ("Hai 03/05/2021 16:12", "Hôm nay, 15:04"),
    ),
    "ja": (
        "by",
        "記事",
        "登録日時",
        "さんが書きました:",
        "トップ",
        "投稿日時",
        "記事の件名",
        "最後に編集したユーザー {} [ 2021年5月04日(火) 17:00 ], 累計 2 回",
        "4 件の記事 • ページ 1 / 1",
        ("2021年5月03日(月) 16:12", "2021年5月05日(水) 15:04"),
    ),
    "ar": (
        "بواسطة",
        "مشاركات",
        "اشترك في",
        "كتب:",
        "أعلى",
        "أرسل",
        "عنوان المشاركة",
        "آخر تعديل بواسطة {} في 04 مايو 2021, 17:00, تم التعديل 2 مرات.",
        "4 مشاركات • صفحة 1 من 1",
        ("03 مايو 2021, 16:12", "اليوم, 15:04"),
    ),
}
# who, their rank, what they wrote, whether it was edited
POSTS = (
    ("Élodie77", "Weaver", ["Looms weave flowers and leaves.", "Do they count?"], False),
    ("Charles B.", "", ["QUOTE", "They do, if a card is punched for it.", "Posts: in the mill"], True),
    ("Élodie77", "Weaver", ["Then I shall punch one."], False),
    ("zoë", "Engineer", ["Charles B.", "A loom 12:05 of 3 cards."], False),
)
SIGNATURE = ["The engine has no pretensions", "whatever to originate anything."]
TITLE = "Of looms and leaves"


def title_of(number):
    return TITLE if number == 0 else f"Re: {TITLE}"


def spoken(phrases, post):
    words = [f"Élodie77 {phrases[3]}\nDo they count?" if word == "QUOTE" else word for word in post[2]]
    return "\n".join([*words, *([phrases[7].format(post[0])] if post[3] else [])])


def page(phrases, posts):
    top = ["Mill Town Forum", "Forums ‹ Crafts ‹ Looms", TITLE, "Reply", phrases[8]]
    return "\n".join([*top, *posts, "Reply", phrases[8], "Crafts", "Powered by phpBB® Forum Software"]) + "\n"


def has(phrases, number):
    return [f"{phrases[1]}: {number * 1700 + 4}", f"{phrases[2]}: {phrases[9][0]}", "Location: Lyon"]


def date(phrases, number):
    return phrases[9][number % 2]


def signed(post):
    return SIGNATURE if post[0] == "Élodie77" else []


def prosilver(phrases):
    """Since 3.1: the member above; a browser parts the icon's name from the author."""
    return page(
        phrases,
        [
            "\n".join(
                [
                    p[0],
                    *([p[1]] if p[1] else []),
                    *has(phrases, i),
                    title_of(i),
                    "Quote",
                    "",
                    "Post",
                    f"{phrases[0]} {p[0]} » {date(phrases, i)}",
                    "",
                    spoken(phrases, p),
                    *signed(p),
                    "",
                    phrases[4],
                ]
            )
            for i, p in enumerate(POSTS)
        ],
    )


def prosilver_rendered(phrases):
    """The same, of a renderer that sets the member's list in one line."""
    return page(
        phrases,
        [
            "\n".join(
                [
                    f"        {' '.join([p[0], p[1], *has(phrases, i)])}",
                    "",
                    f"            {title_of(i)}",
                    "",
                    "              * Quote",
                    "",
                    f"            #{i + 1} Post {phrases[0]} {p[0]} » {date(phrases, i)}",
                    "",
                    *(f"              {line}" for line in [*spoken(phrases, p).split("\n"), *signed(p)]),
                    f"          {phrases[4]}",
                ]
            )
            for i, p in enumerate(POSTS)
        ],
    )


def prosilver_old(phrases):
    """3.0: the member below."""
    return page(
        phrases,
        [
            "\n".join(
                [
                    title_of(i),
                    "",
                    f"{phrases[0]} {p[0]} » {date(phrases, i)}",
                    "",
                    spoken(phrases, p),
                    *signed(p),
                    "",
                    p[0],
                    *([p[1]] if p[1] else []),
                    " ",
                    *has(phrases, i),
                    phrases[4],
                ]
            )
            for i, p in enumerate(POSTS)
        ],
    )


def prosilver_old_rendered(phrases):
    return page(
        phrases,
        [
            "\n".join(
                [
                    "            * Reply with quote",
                    "",
                    f"          {title_of(i)}",
                    f"Post: #{i + 40}",
                    "",
                    f"          {p[0]} » {date(phrases, i)}",
                    "",
                    *(f"            {line}" for line in [*spoken(phrases, p).split("\n"), *signed(p)]),
                    "",
                    f"        {' '.join([p[0], p[1], *has(phrases, i)])}",
                    f"          {phrases[4]}",
                ]
            )
            for i, p in enumerate(POSTS)
        ],
    )


def ruled(post):
    return ["_________________", *signed(post)] if signed(post) else []


def subsilver(phrases):
    return page(
        phrases,
        [
            "Author\tMessage",
            *(
                "\n".join(
                    [
                        f"{p[0]}\t",
                        f"\u00a0 {phrases[6]}: {title_of(i)}",
                        f"{phrases[5]}: {date(phrases, i)}\u00a0",
                        "",
                        p[1],
                        "",
                        *has(phrases, i),
                        spoken(phrases, p),
                        *ruled(p),
                        "",
                        f"{phrases[4]}\t",
                        "\u00a0 \u00a0",
                    ]
                )
                for i, p in enumerate(POSTS)
            ),
        ],
    )


def older(phrases):
    """phpBB 2."""
    return page(
        phrases,
        [
            "Author\tMessage",
            *(
                "\n".join(
                    [
                        p[0],
                        p[1],
                        "",
                        *has(phrases, i),
                        "\t",
                        f"{phrases[5]}: {date(phrases, i)}\u00a0 \u00a0 {phrases[6]}: {title_of(i)}\t",
                        "",
                        spoken(phrases, p),
                        *ruled(p),
                        "",
                        f"{phrases[4]}\t",
                        "",
                    ]
                )
                for i, p in enumerate(POSTS)
            ),
        ],
    )


def columns(phrases, stamp):
    """Both columns of a table side by side, as many lines as the longer of them."""
    text = []
    for i, post in enumerate(POSTS):
        left = ["", post[0], "", post[1], "", *has(phrases, i)]
        right = [*stamp(i, post), "", *spoken(phrases, post).split("\n"), "", *ruled(post)]
        left += [""] * (len(right) - len(left))
        right += [""] * (len(left) - len(right))
        left = left if len(stamp(i, post)) > 1 else left[1:] + left[:1]
        text += [f"   {a:<44}{b}".rstrip() for a, b in zip(left, right, strict=True)]
        text += ["", f"   {phrases[4]}", ""]
    return page(phrases, ["   Author" + " " * 38 + "Message", *text])


def subsilver_rendered(phrases):
    return columns(
        phrases, lambda i, _: [f"{phrases[6]}: {title_of(i)}", f"{phrases[5]}: {date(phrases, i)}"]
    )


def older_rendered(phrases):
    return columns(phrases, lambda i, _: [f"{phrases[5]}: {date(phrases, i)} {phrases[6]}: {title_of(i)}"])


LAYOUTS = (
    prosilver,
    prosilver_rendered,
    prosilver_old,
    prosilver_old_rendered,
    subsilver,
    older,
    subsilver_rendered,
    older_rendered,
)


PAGES = print_layouts(LAYOUTS, LANGUAGES)
readings = cache(partial(read_by, GRAMMAR, PAGES))


@pytest.mark.parametrize(("language", "layout"), PAGES)
def test_posts_are_read(language, layout):
    phrases, records = LANGUAGES[language], readings()[language, layout]
    assert records["page_kind"].unique().to_list() == [GRAMMAR.kind]
    seen = records.select(pl.col("author", "published_raw", "title", "text").str.replace_all(r"\s+", " "))
    plain = tuple((*p[:3], False) for p in POSTS)
    wanted = [
        (post[0], date(phrases, i), title_of(i), spoken(phrases, post).replace("\n", " "))
        for i, post in enumerate(plain)
    ]
    assert [tuple(unicodedata.normalize("NFC", it) for it in row) for row in seen.rows()] == [
        tuple(unicodedata.normalize("NFC", it) for it in row) for row in wanted
    ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_one_post_is_read(layout, monkeypatch):
    monkeypatch.setattr("tests.test_phpbb.POSTS", POSTS[1:2])
    phrases = LANGUAGES["de"]
    records = laws.read(GRAMMAR, layout(phrases)).pages.records
    assert records["author"].to_list() == ["Charles B."]
    assert records["text"][0].endswith("Posts: in the mill")


@pytest.mark.parametrize("layout", LAYOUTS[:4], ids=lambda layout: layout.__name__)
def test_prosilver_is_read_in_a_language_unheard_of(layout):
    phrases = (
        "ab",
        "Fos",
        "Nuv",
        "sap:",
        "Gor",
        "",
        "",
        "{} 2021-05-04 17:00, 2 fi.",
        "4 fos • Mur 1 da 1",
        ("3 Ru 2021, 16:12", "3 Ru 2021, 17:12"),
    )
    records = laws.read(GRAMMAR, layout(phrases)).pages.records
    assert records["author"].to_list() == [post[0] for post in POSTS]
    assert records["text"][3].endswith("A loom 12:05 of 3 cards.")


@pytest.mark.parametrize(
    "text",
    [
        # a list of topics: who began them and when, but no member's column
        "Looms\nOf looms\nby Ada » May 3, 2021 4:12 pm\n3 Replies\n44 Views\nLast post by zoë\n"
        "Of mills\nby zoë » May 4, 2021 4:12 pm\n5 Replies\n",
        # Invision's older tables have no subjects
        "rook\nGroup: Members\nPosts: 33\nJoined: 3-May 05\nPosted: May 3 2006, 04:12 PM\nWords.\n"
        "bishop\nPosts: 4\nPosted: May 3 2006, 05:12 PM\n",
        # a way to a page that is named after a year
        "Forums » Looms » Mills of 1843\nMills\nVisits: 12\nForums » Looms » Mills of 1844\nLooms\nVisits: 13\n",
        # a footer that begins with the name at the top
        "Mill Town\nPages: 1\nOf looms\nThey weave.\nMill Town » Powered by Loom 1 Gold - SP 1.3.1!\n",
        "Mill Town\nPages: 1\n" + "They weave.\n" * 40 + "Mill Town » Powered by Loom, 2004\n",
    ],
    ids=["topics", "no_subjects", "way", "version", "footer"],
)
def test_other_pages_are_not_taken(text):
    assert recognise(read_lines(laws.document_of(text)), [GRAMMAR])["page_kind"].to_list() == [UNKNOWN]
