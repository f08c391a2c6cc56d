"""Pages of XenForo's threads, both versions, flat and indented, in the languages of its forums."""

import unicodedata
from functools import cache

import pytest

from pipeline import laws
from pipeline.grammar import specimens
from pipeline.ingest import read_lines
from pipeline.segment import UNKNOWN, recognise
from tests.printed_pages import read_by

GRAMMAR = specimens()["xenforo_thread"].grammar

# joined, messages, reaction score, x said, click to expand, reactions, last edited, share, must log in, dates
LANGUAGES = {
    "en": (
        "Joined",
        "Messages",
        "Reaction score",
        "{} said:",
        "Click to expand...",
        "Reactions:",
        "Last edited: May 2, 2021",
        "Share:",
        "You must log in or register to reply here.",
        ("May 1, 2021", "Yesterday at 3:04 PM"),
    ),
    "de": (
        "Registriert",
        "Beiträge",
        "Reaktionspunkte",
        "{} schrieb:",
        "Zum Vergrößern anklicken....",
        "Reaktionen:",
        "Zuletzt bearbeitet: 2. Mai 2021",
        "Teilen:",
        "Du musst dich einloggen oder registrieren, um hier zu antworten.",
        ("1. Mai 2021", "Gestern um 15:04"),
    ),
    "fr": (
        "Inscrit",
        "Messages",
        "Score de réaction",
        "{} a dit :",
        "Cliquez pour agrandir...",
        "Réactions :",
        "Dernière édition : 2 Mai 2021",
        "Partager:",
        "Vous devez vous connecter ou vous inscrire pour répondre ici.",
        ("1 Mai 2021", "Hier à 15:04"),
    ),
    "es": (
        "Desde",
        "Mensajes",
        "Puntuación de reacciones",
        "{} dijo:",
        "Haz clic para expandir...",
        "Reacciones:",
        "Última edición: 2 May 2021",
        "Compartir:",
        "Debes iniciar sesión o registrarte para responder aquí.",
        ("1 May 2021", "Ayer a las 15:04"),
    ),
    "ru": (
        "Регистрация",
        "Сообщения",
        "Реакции",
        "{} сказал(а):",
        "Нажмите для раскрытия...",
        "Реакции:",
        "Последнее редактирование: 2 Май 2021",
        "Поделиться:",
        "Вы должны войти или зарегистрироваться, чтобы ответить здесь.",
        ("1 Май 2021", "Вчера в 15:04"),
    ),
    "tr": (
        "Katılım",
        "Mesajlar",
        "Tepkime puanı",
        "{} dedi:",
        "Genişletmek için tıkla ...",
        "Tepkiler:",
        "Son düzenleme: 2 May 2021",
        "Paylaş:",
        "Cevap yazmak için giriş yapmalısınız.",
        ("1 May 2021", "Dün 15:04'de"),
    ),
    "ja": (
        "登録日",
        "メッセージ",
        "リアクションスコア",
        "{} さんは書きました：",
        "クリックして展開...",
        "リアクション:",
        "最終編集: 2021/05/02",
        "共有:",
        "返信するにはログインまたは登録する必要があります。",
        ("2021/05/01", "昨日 15:04"),
    ),
}

# author, title, is there a picture, the words
POSTS = (
    ("Élodie77", "Well-known member", False, ["Looms weave flowers.", "", "Do they weave leaves?"]),
    ("rook", "Member", True, ["{quote}", "They do, as far as I know."]),
    ("The Weaver's Son", "New member", True, ["#7 is my loom", "J", "No."]),
    ("Élodie77", "Well-known member", False, ["rook, thanks."]),
)
SIGNATURE = "Weaving since before there were engines."


def words(post, said, expand):
    quote = [said.format("Élodie77"), "Do they weave leaves?", expand]
    return [line for word in post[3] for line in (quote if word == "{quote}" else [word])]


def bodies(said):
    quote = f"{said.format('Élodie77')}\n\nDo they weave leaves?\n\nThey do, as far as I know."
    return [
        "Looms weave flowers.\n\nDo they weave leaves?",
        quote,
        "#7 is my loom\n\nJ\n\nNo.",
        "rook, thanks.",
    ]


def flat(phrases):
    joined, messages, score, said, expand, reactions, edited, share, must, dates = phrases
    lines = ["Forums", "Crafts", "Of looms", "1", "2", "3"]
    for number, post in enumerate(POSTS):
        author, title, has_picture, _ = post
        lines += ([] if has_picture else [author[0]]) + [
            author,
            title,
            joined,
            dates[0],
            messages,
            "1,204",
            score,
            "7",
        ]
        lines += [dates[number % 2], f"#{number + 21}", *words(post, said, expand)]
        lines += ([edited] if number == 1 else []) + ([SIGNATURE] if author == "Élodie77" else [])
        lines += [reactions, "rook, Élodie77"] if number == 2 else []
    return "\n".join([*lines, must, share, "Facebook", "X", "Crafts"]) + "\n"


def indented(phrases):
    joined, messages, score, said, expand, reactions, edited, share, must, dates = phrases
    lines = ["  * Forums", "  * Crafts", "", "    Of looms", ""]
    for number, post in enumerate(POSTS):
        author, title, has_picture, _ = post
        lines += [] if has_picture else [f"{'':12}{author[0]}", ""]
        lines += [
            f"{'':10}{author}",
            "",
            f"{'':10}{title}",
            "",
            f"{'':10}{joined} {dates[0]} {messages} 1,204 {score} 7",
        ]
        lines += [f"{'':12}* {dates[number % 2]}", f"{'':12}* ", f"{'':12}* #{number + 21}"]
        lines += [f"{'':16}{line}".rstrip() for line in words(post, said, expand)]
        lines += ([f"{'':16}{edited}"] if number == 1 else []) + (
            [f"{'':16}{SIGNATURE}"] if author == "Élodie77" else []
        )
        lines += [f"{'':16}{reactions} rook, Élodie77"] if number == 2 else ["", f"{'':8}Seen beside"]
    return "\n".join([*lines, f"{'':8}{must}", "", f"    {share}", "      Facebook X", "  * Crafts"]) + "\n"


def older(phrases):
    joined, messages, _, said, expand, _, edited, _, must, dates = phrases
    lines = ["Forums", "Crafts", "Of looms", "1", "2", "3"]
    for number, post in enumerate(POSTS):
        author, title, _, _ = post
        lines += [author, title, f"{joined}:", dates[0], f"{messages}:", "1,204"]
        lines += words(post, f"{said} ↑", expand) + ([edited] if number == 1 else [])
        lines += ([SIGNATURE] if author == "Élodie77" else []) + [
            f"{author}, {dates[number % 2]}",
            f"#{number + 21}",
        ]
        lines += ["Élodie77 + 2."] if number == 2 else []
    return "\n".join([*lines, f"({must})", "1", "2", "3", "Crafts"]) + "\n"


def older_indented(phrases):
    _, _, _, said, expand, _, _, _, must, dates = phrases
    lines = ["    * Forums", "", "      Of looms", ""]
    for number, post in enumerate(POSTS):
        author, title, _, _ = post
        lines += [f"     {number + 1}. {author} {title}", ""]
        lines += [f"        {line}".rstrip() for line in words(post, f"{said} ↑", expand)]
        lines += [f"        {SIGNATURE}"] if author == "Élodie77" else []
        lines += [f"          {author} , {dates[number % 2]}", f"          #{number + 21}", ""]
    return "\n".join([*lines, f"        ({must})"]) + "\n"


LAYOUTS = {page.__name__: page for page in (flat, indented, older, older_indented)}
CASES = [(language, layout, form) for language in LANGUAGES for layout in LAYOUTS for form in ("NFC", "NFD")]


def printed(language, layout, form):
    text = unicodedata.normalize(form, LAYOUTS[layout](LANGUAGES[language]))
    return text.replace("\n", "\n" if form == "NFC" else "\r\n")


@cache
def readings():
    """Read every layout in every language and form, all together: the records of each."""
    return read_by(GRAMMAR, {case: printed(*case) for case in CASES})


@pytest.mark.parametrize(("language", "layout", "form"), CASES)
def test_messages_are_read(language, layout, form):
    phrases, records = LANGUAGES[language], readings()[language, layout, form].to_dicts()
    said = f"{phrases[3]} ↑" if layout.startswith("older") else phrases[3]
    seen = [
        unicodedata.normalize("NFC", "|".join([r["author"], r["published_raw"], r["text"]])).split("|")
        for r in records
    ]
    bodies_seen = [body.replace("\n\n", "\n") for _, _, body in seen]
    assert [author for author, _, _ in seen] == [author for author, *_ in POSTS]
    assert [date for _, date, _ in seen] == [*phrases[-1], *phrases[-1]]
    assert bodies_seen == [unicodedata.normalize("NFC", body).replace("\n\n", "\n") for body in bodies(said)]


@pytest.mark.parametrize("order", ["link_first", "date_below"])
def test_other_forums_are_not_taken(order):
    member = ["rook", "Member", "Joined: May 2012", "Reputation: 7"]
    link = ["#1", "05-01-2021, 03:04 PM"] if order == "date_below" else ["05-01-2021, 03:04 PM", "#1"]
    post = [*member, *link, "Words."] if order == "date_below" else [*link, *member, "Words."]
    lines = read_lines(laws.document_of("\n".join(["Forums", *post, *post]) + "\n"))
    assert recognise(lines, [GRAMMAR])["page_kind"].to_list() == [UNKNOWN]


@pytest.mark.parametrize(
    "records",
    [
        "0.1.{0}\n#{0}\n* A fault in the notes was mended, which had stood there for years.",
        "#{0}\nThe engine weaves algebraic patterns, as the loom weaves flowers and leaves.\nby ada, {0} weeks ago",
    ],
    ids=["numbers of versions", "dates below"],
)
def test_a_word_of_a_menu_makes_no_forum(records):
    text = "\n".join(
        ["Novinky", "Registrace", "Kontakt", *(records.format(number) for number in range(1, 7))]
    )
    lines = read_lines(laws.document_of(text + "\n"))
    assert recognise(lines, [GRAMMAR])["page_kind"].to_list() == [UNKNOWN]


@pytest.mark.parametrize("picture", ["", "r\n"])
def test_a_member_may_have_no_title(picture):
    posts = [
        f"{picture}rook\nJoined\nMay 1, 2020\nMay 1, 2021\n#1\nLooms weave flowers and leaves.",
        "bishop\nJoined\nMay 2, 2020\nMay 1, 2021\n#2\nDo they weave leaves?",
        "Mary S.\nJoined\nMay 3, 2020\nMay 2, 2021\n#3\nThey do.",
    ]
    records = laws.read(GRAMMAR, "\n".join(["Of looms, and of who runs them.", *posts, ""])).pages.records
    assert records["author"].to_list() == ["rook", "bishop", "Mary S."]
    assert records["text"].to_list() == [
        "Looms weave flowers and leaves.",
        "Do they weave leaves?",
        "They do.",
    ]
