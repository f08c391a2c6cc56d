"""Question pages of Stack Exchange, old and new, flat and indented, in the languages of its sites; all invented."""

from functools import cache

import polars as pl
import pytest

from pipeline import segment
from tests import induced_pages
from tests.printed_pages import CHANGES, plain, read_together

OLD = """
Ask Question
How does a loom weave flowers?
up vote
35
down vote
favorite
12
I have a loom and two cards.

Which card is first?
looms cards weaving-2.0
share|improve this question
edited Jun 14 '13 at 10:02
Mary Somerville
62.1k884115
asked Jun 14 '13 at 9:21
Ada Lovelace
1,03331226
1
Have you tried both? – Charles Babbage Jun 14 '13 at 9:25
@Charles: both, and neither – I said so. – Ada Lovelace Jun 14 '13 at 9:31
add a comment |
2 Answers
active oldest votes
up vote
62
down vote
accepted
The first one.
42
is what it weaves.
share|improve this answer
answered Jun 14 '13 at 9:40
Bob ♦
2103
add a comment |
up vote
-1
down vote
The second.
share|improve this answer
answered Jun 15 '13 at 12:12
Mary Somerville
62.1k884115
Not so. – Bob ♦ Jun 15 '13 at 13:00
show 3 more comments
Your Answer
Not the answer you're looking for? Browse other questions tagged looms cards or ask your own question.
asked
5 years ago
viewed
84,234 times
"""
OLD_RECORDS = [
    ("Ada Lovelace", "Jun 14 '13 at 9:21", "I have a loom and two cards.\n\nWhich card is first?"),
    ("Charles Babbage", "Jun 14 '13 at 9:25", "Have you tried both?"),
    ("Ada Lovelace", "Jun 14 '13 at 9:31", "@Charles: both, and neither – I said so."),
    ("Bob", "Jun 14 '13 at 9:40", "The first one.\n42\nis what it weaves."),
    ("Mary Somerville", "Jun 15 '13 at 12:12", "The second."),
    ("Bob", "Jun 15 '13 at 13:00", "Not so."),
]

INDENTED = """
  Weaving
      1. Home
      2. Questions

      Is the second card needed?

        Ask Question
        Asked 5 years ago
        Modified today
        Viewed 4k times
                9
                $\\begingroup$

              This question already has answers here:
              Which card is first? (2 answers)

              Suppose that $n$ cards are laid.

                * one
                * two

                $\\endgroup$
                  + looms
                  + cards
                        Share
                        Cite
                        Improve this question
                        Follow
                      edited Feb 6, 2014 at 23:20
                      asked Feb 6, 2014 at 20:47
                      Ada King Ada King
                        12.4k 4 4 gold badges 33 33 silver badges 76 76 bronze badges
            3
                      + $\\begingroup$ Which n do you mean? $\\endgroup$
                        – Tom
                      Commented Feb 6, 2014 at 20:57
                      + 1
                        See 2 – 3. $\\endgroup$
                        – Ada King
                      yesterday
                Add a comment |

              1 Answer 1

                  Sorted by: Reset to default
                  Highest score (default) Date modified (newest first) Date created (oldest first)
                  0

                Answered in part: – Euclid

                so it is needed.

                          Share
                          Improve this answer
                          Follow
                        answered Feb 7, 2014 at 10:02
                        community wiki
                Add a comment |

        You must log in to answer this question.
        Not the answer you're looking for? Browse other questions tagged looms cards.
"""
INDENTED_RECORDS = [
    ("Ada King", "Feb 6, 2014 at 20:47", "Suppose that $n$ cards are laid.\n\n* one\n\n* two"),
    ("Tom", "Feb 6, 2014 at 20:57", "Which n do you mean?"),
    ("Ada King", "yesterday", "See 2 – 3."),
    (None, "Feb 7, 2014 at 10:02", "Answered in part: – Euclid\n\nso it is needed."),
]

SPANISH = """
¿Cómo teje flores un telar?
Formulada hace 6 años, 2 meses
Modificada hace 1 mes
Vista 38k veces
7

Tengo un telar.

¿Qué hago?
telares
Compartir
Mejorar esta pregunta
Seguir
editada el 4 feb. 2019 a las 14:00
Avatar de Inés
Inés
1.03333 medallas de oro1212 medallas de plata2626 medallas de bronce
formulada el 4 feb. 2019 a las 13:33
Avatar de Íñigo
Íñigo
311 medalla de bronce
3
¿Qué telar es?
– Inés
el 4 feb. 2019 a las 13:59
De los de Jacquard.
– Íñigo
el 4 feb. 2019 a las 14:20
Añade un comentario
2 respuestas
Ordenado por:

Puntuación más alta (predeterminado)
4

Teje tarjetas.
Compartir
Mejorar esta respuesta
Seguir
respondida el 5 feb. 2019 a las 9:10
Avatar de Inés
Inés
1.03333 medallas de oro1212 medallas de plata2626 medallas de bronce
Añade un comentario
0

Nada más.
Compartir
Mejorar esta respuesta
Seguir
respondida el 6 feb. 2019 a las 9:10
Avatar de Añil Peña
Añil Peña
11 medalla de bronce
Añade un comentario
Tu respuesta
¿No es la respuesta que buscas? Examina otras preguntas con la etiqueta telares o formula tu propia pregunta.
"""
SPANISH_RECORDS = [
    ("Íñigo", "4 feb. 2019 a las 13:33", "Tengo un telar.\n\n¿Qué hago?"),
    ("Inés", "4 feb. 2019 a las 13:59", "¿Qué telar es?"),
    ("Íñigo", "4 feb. 2019 a las 14:20", "De los de Jacquard."),
    ("Inés", "5 feb. 2019 a las 9:10", "Teje tarjetas."),
    ("Añil Peña", "6 feb. 2019 a las 9:10", "Nada más."),
]

PORTUGUESE = """
    Como tecer flores?

      Perguntada 5 anos, 2 meses atrás
      Vista 2mil vezes
              15

            Tenho um tear.

                teares
                      Compartilhar
                      Melhore esta pergunta
                    perguntada 2/07/2019 às 16:40
                    João João
                      1.033 3 3 medalhas de ouro
                    * Qual tear? – anônimo 2/07/2019 às 16:55
                    * 1
                      é... não, o outro – João 2/07/2019 às 16:59
            adicione um comentário |

            1 Resposta

                Ordenar por:
                Pontuação mais alta (padrão)
                2

              Com cartões.

                        Compartilhar
                        Melhore esta resposta
                      respondida 3/07/2019 às 8:01
                      Zé da Silva Zé da Silva
                        31 1 1 medalha de bronze
              adicione um comentário |

      Sua resposta
"""
PORTUGUESE_RECORDS = [
    ("João", "2/07/2019 às 16:40", "Tenho um tear."),
    ("anônimo", "2/07/2019 às 16:55", "Qual tear?"),
    ("João", "2/07/2019 às 16:59", "é... não, o outro"),
    ("Zé da Silva", "3/07/2019 às 8:01", "Com cartões."),
]

RUSSIAN = """
Как ткать цветы?
Вопрос задан 8 лет 2 месяца назад
Изменён 1 год назад
Просмотрен 38k раз
5

У меня станок.
станки
Поделиться
Улучшить вопрос
Отслеживать
задан 6 фев 2014 в 20:37
Аватар пользователя Ада
Ада
1 0333 золотых знака12 серебряных знаков
А какой?
– Йозеф
6 фев 2014 в 20:40
Добавить комментарий
1 ответ
Сортировка:

Сброс на вариант по умолчанию
3

Картами.
Поделиться
Улучшить ответ
Отслеживать
ответ дан 7 фев 2014 в 9:05
Аватар пользователя Йозеф
Йозеф
31
Добавить комментарий
Ваш ответ
"""
RUSSIAN_RECORDS = [
    ("Ада", "6 фев 2014 в 20:37", "У меня станок."),
    ("Йозеф", "6 фев 2014 в 20:40", "А какой?"),
    ("Йозеф", "7 фев 2014 в 9:05", "Картами."),
]

JAPANESE = """
花はどう織りますか？
質問日 8 年 2 ヶ月前
最終更新日 1 年前
閲覧数 3,802 回
2

織機があります。
織機
共有
この質問を改善する
フォローする
質問日 2014年2月6日 20:37
花子 のユーザーアバター
花子
1,0333 金バッジ12 銀バッジ
どれですか？
– ガウス
2014年2月6日 20:40
コメントを追加
1 件の回答
並べ替え:

スコアの高い順 (デフォルト)
1

カードで織ります。
共有
この回答を改善する
フォローする
回答日 2014年2月7日 9:05
ガウス のユーザーアバター
ガウス
31
コメントを追加
あなたの回答
"""
JAPANESE_RECORDS = [
    ("花子", "2014年2月6日 20:37", "織機があります。"),
    ("ガウス", "2014年2月6日 20:40", "どれですか？"),
    ("ガウス", "2014年2月7日 9:05", "カードで織ります。"),
]

FLAT = """
How does a loom weave flowers?
Ask Question
Asked 3 hours ago
Modified 2 hours ago
Viewed 12 times
0

I have a loom.
looms
Share
Improve this question
Follow
edited 2 hours ago
Community
Bot
1
1
1 silver badge
asked 3 hours ago
Ada Lovelace
90.1k
12
12 gold badges
110
110 silver badges
2
1
Which loom?
– Bob
2 hours ago
Add a comment
1 Answer
Sorted by:

Highest score (default)
3

By cards.
Share
Improve this answer
Follow
answered 1 hour ago
Bob
31
1
1 bronze badge
Add a comment
Your Answer
"""
FLAT_RECORDS = [
    ("Ada Lovelace", "3 hours ago", "I have a loom."),
    ("Bob", "2 hours ago", "Which loom?"),
    ("Bob", "1 hour ago", "By cards."),
]

SHOWN = ("author", "published_raw", "text")
PAGES = {
    "flat": (FLAT, FLAT_RECORDS),
    "old": (OLD, OLD_RECORDS),
    "indented": (INDENTED, INDENTED_RECORDS),
    "es": (SPANISH, SPANISH_RECORDS),
    "pt": (PORTUGUESE, PORTUGUESE_RECORDS),
    "ru": (RUSSIAN, RUSSIAN_RECORDS),
    "ja": (JAPANESE, JAPANESE_RECORDS),
}
CHANGES = {
    **{name: CHANGES[name] for name in ("crlf", "decomposed", "no_blank_lines", "no_indents")},
    "no_break_spaces": lambda text: text.replace("– ", "–\u00a0"),
}
PRINTS = [(page, change) for page in PAGES for change in CHANGES]


def read(text: str) -> segment.Pages:
    """Read a page with every grammar there is."""
    return induced_pages.seen(text)[1]


@cache
def printed() -> dict[tuple[str, str], pl.DataFrame]:
    """Read every page as each change prints it, all together: its records."""
    texts = [CHANGES[change](PAGES[page][0]) for page, change in PRINTS]
    return dict(zip(PRINTS, read_together(texts), strict=True))


def are_those_of(page: str, records: pl.DataFrame) -> None:
    assert records["page_kind"].unique().to_list() == ["stack_exchange"]
    expected = pl.DataFrame(PAGES[page][1], SHOWN, orient="row")
    assert plain(records, SHOWN) == plain(expected, SHOWN)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_read_in_every_layout_and_language(page):
    are_those_of(page, read(PAGES[page][0]).records)


@pytest.mark.parametrize(("page", "change"), PRINTS)
def test_another_print_of_a_page_gives_the_same_records(page, change):
    are_those_of(page, printed()[page, change])


def test_answers_in_another_order_are_the_same_records():
    first, second = OLD.index("up vote\n62"), OLD.index("up vote\n-1")
    end = OLD.index("Your Answer")
    turned = OLD[:first] + OLD[second:end] + OLD[first:second] + OLD[end:]
    assert sorted(read(turned).records["text"]) == sorted(read(OLD).records["text"])


def test_a_dump_may_begin_with_the_question():
    records = read(FLAT[FLAT.index("0\n") :]).records
    assert records["text"].to_list() == [text for _, _, text in FLAT_RECORDS]


def test_pages_read_together_are_read_as_alone():
    texts = [text for text, _ in PAGES.values()]
    together = [records["text"].to_list() for records in read_together(texts)]
    assert together == [read(text).records["text"].to_list() for text in texts]


@pytest.mark.parametrize(
    "line", ["asked 5 years ago", "Improve this question", "Your Answer\nImprove this question"]
)
def test_one_sign_does_not_make_such_a_page(line):
    words = "Looms weave flowers and leaves by cards, as engines weave algebra. "
    text = "\n\n".join([words * 4, line, words * 5, words * 3])
    assert "stack_exchange" not in read(text).records["page_kind"].to_list()
