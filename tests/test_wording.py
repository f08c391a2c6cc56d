"""A name, an address or a path is known however it is printed, and is not taken for another."""

import hashlib
import unicodedata

import polars as pl
import pytest

from pipeline import removals, wording

NUMBER = "+44 20 7946 0000"
ANDS = ("et", "und", "y", "e", "en", "och", "i", "ja", "и", "και", "और")
PRINTED = [
    (NUMBER, "\u202a+44\u00a020\u00a07946\u00a00000\u202c"),
    (NUMBER, "0044 (0)20-7946.0000"),
    (NUMBER, "~\u202f+442079460000"),
    (NUMBER, "Zeb (+44 20 79460000)"),
    ("Zeb Unwanted", "\u200eZeb Unwanted"),
    ("Zeb Unwanted", "Zeb\u200b Unwanted"),
    ("Zeb Unwanted", "~\u202fZeb Unwanted"),
    ("~ Zeb Unwanted", "@zeb unwanted"),
    ("Zeb Unwanted", "Ｚｅｂ\u3000Ｕｎｗａｎｔｅｄ"),
    ("Zeb Unwanted 🌻", "🎉 Zeb Unwanted"),
    ("Zeb Unwanted", "Zeb Unwanted (@zeb)"),
    ("zeb", "Zeb Unwanted (@zeb)"),
    ("zeb@x.org", "Zeb Unwanted <zeb@x.org>"),
    ("Zeb Unwanted", 'Zeb "The Pen" Unwanted'),
    ("The Pen", "Zeb “The Pen” Unwanted"),
    ("Zeb Unwanted", "Unwanted, Zeb"),
    ("Zeb Unwanted", "Zeb Unwanted | The Paper"),
    ("Zeb Unwanted", "Zeb Unwanted – The Paper"),
    ("Zeb Unwanted", "Zeb Unwanted · 3rd"),
    ("Zeb Unwanted", "Zeb Unwanted @zeb"),
    ("Zeb Unwanted", "Zeb Unwanted, Ada Person and Bo Ek"),
    *[("Zeb Unwanted", f"Ada Person {word} Zeb Unwanted") for word in ANDS],
    ("Ana", "Ana y Luis"),
    ("张三丰", "张三丰和李四光"),
    ("O'Brien", "O’Brien"),
    ("Jean-Luc", "Jean\u2010Luc"),
    ("İlker Işık", "ilker ışık"),
    ("葛城", "葛\U000e0100城"),
    ("Ada Éclair", unicodedata.normalize("NFD", "ADA ÉCLAIR")),
]  # fmt: skip
OTHERS = [
    ("Zeb", "Zebra"),
    ("Zeb", "Zeb Unwanted"),
    ("zeb", "_zeb_"),
    ("Zeb Unwanted", "Zeb Unwanted-Smith"),
    ("José Ortega", "José Ortega y Gasset"),
    ("ジョン", "ジョン・スミス"),
    ("ज्योत", "ज्योति"),
    (NUMBER, "+44 20 7946 0001"),
    ("2025", "20.25"),
]


@pytest.mark.parametrize(("asked", "printed"), PRINTED)
def test_a_name_is_known_however_it_is_printed(asked, printed):
    assert wording.normalise("author", asked) in wording.names("author", printed)


@pytest.mark.parametrize(("asked", "printed"), OTHERS)
def test_a_name_is_not_taken_for_another(asked, printed):
    assert wording.normalise("author", asked) not in wording.names("author", printed)


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("x.org/~zeb", "x.org/%7Ezeb/1"),
        ("x.org/a", "x.org:443/a"),
        ("x.org/a", "http://user@x.org:80/a"),
        ("http://x.org:8080/a", "x.org/a/b"),
        ("bücher.example", "xn--bcher-kva.example/1"),
        ("xn--bcher-kva.example", "https://www.BÜCHER.example."),
        ("x.org/É", "x.org/%c3%89/?p=2"),
        ("x.org/a/b", "x.org//a/./b/#end"),
        ("x.org/a?x=ü", "x.org/a/?x=%C3%BC"),
    ],
)
def test_an_address_is_known_however_it_is_written(asked, printed):
    assert wording.normalise("url", asked) in wording.names("url", printed)


@pytest.mark.parametrize(
    ("asked", "printed"),
    [("x.org/a", "x.org/ab"), ("x.org/a/b", "x.org/a"), ("x.org", "xx.org"), ("x.org/a?x=1", "x.org/a?x=2"),
     ("xn--bcher-kva.example", "bucher.example"), ("x.org/xn--bcher-kva", "x.org/bücher")],
)  # fmt: skip
def test_an_address_is_not_taken_for_another(asked, printed):
    assert wording.normalise("url", asked) not in wording.names("url", printed)


def test_a_file_is_meant_with_the_pages_packed_in_it():
    assert wording.normalise("source", r".\Sub\box.mbox") not in wording.names("source", "box.mbox")
    assert wording.normalise("source", r"Sub\box.mbox") in wording.names("source", "sub/box.mbox#3")
    assert wording.normalise("source", "box.mbox#2") not in wording.names("source", "box.mbox#3")


# As the first lists were made, before names were written in compatible form.
FORMER = [
    ("author", "~\u202fzeb", "~\u202fZeb"),
    ("author", "+44 20 7946 0000", "\u202a+44\u00a020 7946 0000\u202c"),
    ("author", "zeb’s ½", "Zeb’s ½ & Ada"),
    ("url", "x.org:8080/%7ezeb", "https://x.org:8080/%7Ezeb/1"),
    ("url", "xn--bcher-kva.example", "https://xn--bcher-kva.example/1"),
    ("source", "½.txt", "./½.txt"),
]


@pytest.mark.parametrize(("selector", "hashed", "printed"), FORMER)
def test_tombstones_of_the_first_lists_hold(selector, hashed, printed):
    digest = hashlib.sha256(hashed.replace("\u202f", " ").encode()).hexdigest()
    stone = removals.Tombstone(selector=selector, sha256=digest, reason="asked", date="2026-01-02")
    column = {"author": "author", "url": "source_url", "source": "path"}[selector]
    listed = removals.by_selector([stone])
    printed_by = pl.DataFrame({"record_id": ["r"], "document_id": ["d"], column: [printed]})
    if selector != "author":
        assert removals.of_documents(printed_by, pl.DataFrame(), listed).to_list() == ["d"]
        return
    told = printed_by.with_columns(pl.lit(None, pl.String).alias(name) for name in ("handle", "text"))
    speakers = pl.DataFrame(schema={"record_id": pl.String, "speaker": pl.String})
    documents = pl.Series([], dtype=pl.String)
    assert removals.find(told, speakers, documents, listed).to_list() == ["r"]
