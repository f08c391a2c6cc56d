"""The few answers below an article, on invented pages: who, when, and their words."""

import pytest

from tests.score_variations import run

PAGE = """
  * Home
  * News

The mill turns again

3 May 2026

The village rebuilt the water mill that a flood had carried away, and the miller says that the wheel turns as it did.

Neighbours brought stone from the old quarry, which had been closed for years, and their children painted the doors.

  Newer post

{}

  © 2026 The Mill Post
"""
NAME_ABOVE = """2 comments

  * Ada
    4 May 2026 at 9:10

    Well done!

  Reply
      + bo of the hill says:
        4 May 2026 at 11:30

        Thank you

        It was a long summer.

    Reply
Leave a comment"""
BESIDE = """Comments

1. Ada says, on 4 May 2026 at 9:10

     Well done!

     Reply
   o bo on 5 May 2026 at 11:30 Reply

     It was a long summer."""
BELOW_WORDS = """1 comentario

* Ada dijo:

  Bien hecho, y gracias.

    4 mayo 2026 a las 9:10
    / Responder"""
SIGNED = """Kommentare

Gut gemacht, und danke für das Rad aus Eichenholz.

  Kommentar von Ada am 04.05.26 um 9:10
Leider sind keine Kommentare möglich."""
PRESSED = """3 thoughts on the mill

1. Ada says:
   4 May 2026 at 9:10

  Well done!

  Like

2. bo says:
   4 May 2026 at 9:11

  Thank you

  Like

3. Ada says:
   4 May 2026 at 9:12

  It was a long summer.

  Like
Leave a comment"""
AGE = """1 Kommentar

     Ada
     vor 2 Stunden

  Gut gemacht.

Anmelden"""
WHEN_FIRST = """2 Kommentare zu The mill turns again

    * Am 4. Mai 2026 um 9:10 von Ada

      Gut gemacht.

    * Am 4. Mai 2026 um 11:30 von bo

      Es war ein langer Sommer."""
JOINED = """1 Kommentar:

  1. Ada4. Mai 2026 um 9:10

     Gut gemacht.

     Antworten"""
STOPPED = """Commentaires

  par Ada le 4 mai 2026 - 9:10.

  Bien fait, et merci.

  par bo le 4 mai 2026 - 11:30.

  Un long été."""
NAME_BELOW = """One thought on “ The mill turns again ”

   1. 4 May 2026 at 9:10

    Ada says:

      Well done!

  Leave a comment"""
PRESSED_ABOVE = """Kommentare

    Ada 04.05.2026, 9:10

    +3 Antworten

  Gut gemacht, und danke für das Rad.

Neuen Kommentar schreiben"""
BY_WHOM = """± 1 Kommentar zu „The mill turns again“

 1. 1
    Kommentar von Ada
    4. Mai 2026 um 9:10

    Gut gemacht.

Kommentar schreiben"""
PARAGRAPH = """One thought on “The mill turns again”

   1. Ada 4 May 2026 at 9:10

      Well done!
      I had read of it on mill.com before,
      in the newsletter,
      and then on the wall of the town hall,
      and on the bus,
      and it is so much nicer to see it turn ;-)

    Most read"""
ENDED = """Komentarze (3)

Najnowsze Najstarsze

Dobra robota, i dziękuję za koło z dębu.

Ada - 9:10 4/5/2026

Lubię 5 Zgłoś

Czy koło kręci się też zimą?
Woda przecież zamarza.

bo - 11:30 4/5/2026

Lubię 12 Zgłoś

To było długie lato.

Cem - 11:45 4/5/2026

Lubię 0 Zgłoś

Czytaj też"""
DOTTED = """۲ دیدگاه:

آدا گفت...

آفرین به همه.

۴ اردیبهشت ۱۴۰۳، ساعت ۹:۱۰

ناشناس گفت...

تابستان درازی بود.

۱۴ اردیبهشت ۱۴۰۳، ساعت ۲۲:۵۵

ارسال دیدگاه"""
NO_ANSWERS = """Leave a comment

Most read

  * Sport
  The bridge opens
  4 May 2026 at 9:10
  The council opened it in the rain."""


@pytest.mark.parametrize(
    ("below", "told"),
    [
        (
            NAME_ABOVE,
            [
                ("Ada", "4 May 2026 at 9:10", "Well done!"),
                ("bo of the hill", "4 May 2026 at 11:30", "Thank you\n\nIt was a long summer."),
            ],
        ),
        (
            BESIDE,
            [
                ("Ada", "4 May 2026 at 9:10", "Well done!"),
                ("bo", "5 May 2026 at 11:30", "It was a long summer."),
            ],
        ),
        (BELOW_WORDS, [("Ada", "4 mayo 2026 a las 9:10", "Bien hecho, y gracias.")]),
        (SIGNED, [("Ada", "04.05.26 um 9:10", "Gut gemacht, und danke für das Rad aus Eichenholz.")]),
        (
            PRESSED,
            [
                ("Ada", "4 May 2026 at 9:10", "Well done!"),
                ("bo", "4 May 2026 at 9:11", "Thank you"),
                ("Ada", "4 May 2026 at 9:12", "It was a long summer."),
            ],
        ),
        (
            WHEN_FIRST,
            [
                ("Ada", "4. Mai 2026 um 9:10", "Gut gemacht."),
                ("bo", "4. Mai 2026 um 11:30", "Es war ein langer Sommer."),
            ],
        ),
        (BY_WHOM, [("Ada", "4. Mai 2026 um 9:10", "Gut gemacht.")]),
        (JOINED, [("Ada", "4. Mai 2026 um 9:10", "Gut gemacht.")]),
        (
            STOPPED,
            [
                ("Ada", "4 mai 2026 - 9:10", "Bien fait, et merci."),
                ("bo", "4 mai 2026 - 11:30", "Un long été."),
            ],
        ),
        (NAME_BELOW, [("Ada", "4 May 2026 at 9:10", "Well done!")]),
        (PRESSED_ABOVE, [("Ada", "04.05.2026, 9:10", "Gut gemacht, und danke für das Rad.")]),
        (
            PARAGRAPH,
            [("Ada", "4 May 2026 at 9:10", "\n\n".join(line[6:] for line in PARAGRAPH.split("\n")[4:10]))],
        ),
        (AGE, [("Ada", "vor 2 Stunden", "Gut gemacht.")]),
        (
            ENDED,
            [
                ("Ada", "9:10 4/5/2026", "Dobra robota, i dziękuję za koło z dębu."),
                ("bo", "11:30 4/5/2026", "Czy koło kręci się też zimą?\n\nWoda przecież zamarza."),
                ("Cem", "11:45 4/5/2026", "To było długie lato."),
            ],
        ),
        (
            DOTTED,
            [
                ("آدا", "۴ اردیبهشت ۱۴۰۳، ساعت ۹:۱۰", "آفرین به همه."),
                ("ناشناس", "۱۴ اردیبهشت ۱۴۰۳، ساعت ۲۲:۵۵", "تابستان درازی بود."),
            ],
        ),
    ],
)
def test_few_answers_are_records_with_who_and_when(below: str, told: list[tuple[str, str, str]]) -> None:
    records = run({"page.txt": PAGE.format(below)}).records.sort("byte_start")
    assert records["title"][0] == "The mill turns again"
    assert records.tail(-1).select("author", "published_raw", "text").rows() == told
    assert "Reply" not in records["text"].str.join("\n").item()


def test_names_and_words_in_turn_below_an_article_are_answers() -> None:
    told = [
        ("Zeca do Rio", "A roda é linda."),
        ("mariana_p", "muito bom"),
        ("Rui", "Passei por lá ontem.\n\nVoltarei com os netos."),
        ("Teresa Lobo", "E o pão, já se vende?"),
        ("Rui", "Vende-se ao sábado, depois da missa."),
        ("anónimo", "Obrigado a todos."),
    ]
    lines = "\n".join(f"    {name}\n    {words}".replace("\n\n", "\n    ") for name, words in told)
    records = run({"page.txt": PAGE.format(f"Comentários\n\n{lines}\n\nMais lidas")}).records
    assert records["kind"].to_list() == ["article", *["post"] * len(told)]
    assert records.tail(-1).select("author", "text").rows() == told


def test_titles_and_teasers_below_what_speaks_of_answers_are_none() -> None:
    lines = "\n".join(f"    Read on\n    The story of day {day} was told." for day in range(6))
    assert run({"page.txt": PAGE.format(f"Most comments\n\n{lines}")}).records.height == 1


def test_what_else_is_dated_below_an_article_is_no_answer() -> None:
    assert run({"page.txt": PAGE.format(NO_ANSWERS)}).records.height == 1


def test_an_article_below_words_that_sound_of_answers_keeps_its_words() -> None:
    body = "The river rose by a metre in a night, and the mayor asked everyone below the bridge to leave their houses."
    stand = "Nobody slept in the town by the river that night, and nobody drowned either: how one warning came in time."
    head = f"The town that stayed dry\n\n{stand}\n\nFlood response\n\nAda Byron\n\n3 May 2026 at 9:10"
    page = f"{head}\n\n{body}\n"
    records = run({"page.txt": page}).records
    assert records["kind"].to_list() == ["article"]
    assert body in records["text"].item()


def test_answers_of_the_same_words_stay() -> None:
    below = "2 comments\n\nAda\n4 May 2026 at 9:10\n\nGreat post!\n\nBo\n4 May 2026 at 11:30\n\nGreat post!\n"
    assert run({"page.txt": PAGE.format(below)}).records.height == 3


def test_a_long_rule_before_a_date_is_read_at_once() -> None:
    below = f"2 comments\n\n{'-' * 60} 4 May 2026 at 9:10\n\nGreat post!\n"
    assert run({"page.txt": PAGE.format(below)}).records["kind"].to_list()[0] == "article"


def test_answers_below_an_article_are_not_parted_by_what_is_less_sure() -> None:
    names = ("Ada", "Bo", "Cem")
    below = "".join(
        f"{name}\n{at + 3} May 2026 at 9:{at}0\nI walked by on day {at}.\n\n"
        for at, name in enumerate(names, 1)
    )
    records = run({"page.txt": PAGE.format(f"Comments\n\n{below}")}).records
    assert records["kind"].to_list() == ["article", *["post"] * len(names)]
    assert records["author"].to_list()[1:] == list(names)
