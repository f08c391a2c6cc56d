"""What is read, what cannot be, and where each line stands."""

import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ingest
from pipeline.laws import document_of

PAGE = "Ada\n\n  wove æ\r\nletters\n"


def seeds_in(folder: Path, **files: bytes) -> ingest.Seeds:
    for name, data in files.items():
        (folder / f"{name}.txt").write_bytes(data)
    return ingest.read_seeds(folder)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PAGE.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + PAGE.encode(), "utf-8-sig"),
        (PAGE.encode("utf-16"), "utf-16"),
        (("Ada wove letters\n" * 9).encode("utf-16-le"), "utf-16-le"),
        (("Ada wove letters\n" * 9).encode("utf-16-be"), "utf-16-be"),
        (PAGE.encode("utf-32"), "utf-32"),
        ("Ærø, blåbærgrød og rødgrød med fløde på en ø".encode() + b"\xff", "utf-8-damaged"),
    ],
)
def test_encoding_is_told(tmp_path, data, encoding):
    documents, faults = seeds_in(tmp_path, page=data)
    assert (documents["encoding"].to_list(), faults) == ([encoding], [])
    assert documents["n_bytes"].item() == len(data)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, мир! Как дела? Сегодня хорошая погода.\n", "cp1251"),
        ("Straße über öffentliche Plätze\n", "cp1252"),
        ("日本語のテキストです。これは長い文章です。\n", "shift_jis"),
        ("中文文本，这是一个很长的句子。\n", "gb18030"),
    ],
)
def test_other_encodings_are_guessed_and_keep_their_letters(tmp_path, text, encoding):
    documents, _ = seeds_in(tmp_path, page=(text * 5).encode(encoding))
    assert documents["text"].item() == text * 5


def test_nul_bytes_in_a_text_are_kept(tmp_path):
    documents, faults = seeds_in(tmp_path, page=b"Ada\0 wove letters, line after line, all day long.\n" * 3)
    assert documents["text"].item().count("\0") == 3
    assert faults == []


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"", "empty", "0 bytes"),
        (b" \t\r\n\n", "empty", "5 bytes"),
        ("\ufeff \u2003\n".encode(), "empty", "nothing but white space"),
        (bytes(range(256)) * 40, "unreadable", "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\x01\x02\x03\xff" * 400, "unreadable", "binary"),
    ],
)
def test_bad_file_is_a_fault_and_the_rest_goes_on(tmp_path, data, reason, words):
    documents, faults = seeds_in(tmp_path, bad=data, good=PAGE.encode())
    assert documents["path"].to_list() == ["good.txt"]
    assert [fault.reason for fault in faults] == [reason]
    assert faults[0].message.startswith("bad.txt: ")
    assert words in faults[0].message


def test_what_is_no_file_is_a_fault(tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    documents, faults = seeds_in(tmp_path, good=PAGE.encode())
    assert documents.height == 1
    assert sorted(fault.message.split(":")[0] for fault in faults) == ["link.txt", "pipe.txt"]


def test_same_bytes_twice_are_one_document(tmp_path):
    documents, faults = seeds_in(tmp_path, a=PAGE.encode(), b=PAGE.encode())
    assert documents["path"].to_list() == ["a.txt"]
    assert [(f.reason, f.kept_id) for f in faults] == [("exact_copy", documents["document_id"].item())]


def test_growing_file_is_not_read_halfway(tmp_path, monkeypatch):
    file = tmp_path / "log.txt"
    file.write_bytes(PAGE.encode())
    read = Path.read_bytes

    def read_and_grow(path: Path) -> bytes:
        data = read(path)
        with path.open("ab") as more:
            more.write(b"more\n")
        return data

    monkeypatch.setattr(Path, "read_bytes", read_and_grow)
    documents, faults = ingest.read_seeds(tmp_path)
    assert documents.is_empty()
    assert "changed during" in faults[0].message


TYPO = '[[seed]]\npath = "good.txt"\nlicence = "CC0-1.0"\n'
MISSING = '[[seed]]\npath = "gone.txt"\n'
BACKWARDS = (
    '[[seed]]\npath = "good.txt"\n'
    "captured_earliest = 2025-01-02T00:00:00Z\ncaptured_latest = 2025-01-01T00:00:00Z\n"
)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (TYPO, "licence"),
        (MISSING, "no such file"),
        (BACKWARDS, "later than"),
        ("[[seed]\n", "no entry can be read"),
    ],
)
def test_wrong_entry_is_told_and_the_seed_is_read_without_it(tmp_path, toml, words):
    (tmp_path / "seeds.toml").write_text(toml)
    documents, faults = seeds_in(tmp_path, good=PAGE.encode())
    assert documents["license"].to_list() == [ingest.UNKNOWN_LICENSE]
    assert [words in fault.message for fault in faults] == [True]
    assert faults[0].message.startswith("seeds.toml: ")


def test_entry_says_where_the_seed_came_from(tmp_path):
    (tmp_path / "seeds.toml").write_text(
        '[[seed]]\npath = "good.txt"\nlicense = "CC0-1.0"\ncaptured_earliest = 2025-01-02T01:00:00+01:00\n'
    )
    row = seeds_in(tmp_path, good=PAGE.encode()).documents.row(0, named=True)
    assert (row["license"], row["captured_earliest"].isoformat()) == ("CC0-1.0", "2025-01-02T00:00:00+00:00")


def test_places_may_be_folders_files_and_globs(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "b.txt", "sub/c.txt", ".hidden"):
        (tmp_path / name).write_text(name)
    named = {
        place: [name for name, _ in ingest.find_seeds(place)] for place in (tmp_path, tmp_path / "a.txt")
    }
    assert named == {tmp_path: ["a.txt", "b.txt", "sub/c.txt"], tmp_path / "a.txt": ["a.txt"]}
    assert [name for name, _ in ingest.find_seeds(f"{tmp_path}/*.txt")] == ["a.txt", "b.txt"]
    assert [name for name, _ in ingest.find_seeds(f"{tmp_path}/**/*.txt")] == ["a.txt", "b.txt", "sub/c.txt"]
    with pytest.raises(ingest.IngestError, match="nowhere"):
        ingest.find_seeds(tmp_path / "nowhere")


TEXTS = st.text(st.sampled_from("ab \t\n\r•æ漢e\u0301\ufeff\u2028\0\x1c"), max_size=60) | st.text(
    st.characters(exclude_categories=("Cs",)), max_size=60
)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_offsets_give_back_the_lines_of_any_text(one, two):
    documents = pl.concat([document_of(one), document_of(two)])
    lines = ingest.read_lines(documents)
    for doc, start, end, text in lines.select("doc", "byte_start", "byte_end", "text").iter_rows():
        assert (one, two)[doc].encode()[start:end].decode() == text
    for doc, whole in enumerate((one, two)):
        said = "".join(lines.filter(doc=doc)["text"])
        assert "".join(said.split()) == "".join(whole.removeprefix("\ufeff").split())


def test_lines_know_their_place():
    lines = ingest.read_lines(document_of("a\n\n\n  b\r\nc\rd\n")).select(
        "n", "n_left", "line", "indent", "gap", "text"
    )
    assert lines.rows() == [
        (0, 3, 1, 0, 0, "a"),
        (1, 2, 4, 2, 2, "b"),
        (2, 1, 5, 0, 0, "c"),
        (3, 0, 6, 0, 0, "d"),
    ]
