"""What is read, what cannot be, and where each line stands."""

import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ingest
from pipeline.laws import document_of
from schemas.columns import UNKNOWN_LICENSE

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
        ("Příliš žluťoučký kůň úpěl ďábelské ódy.\n", "cp1250"),
        ("Le café était fermé, et l'été déjà passé à Genève.\n", "cp1252"),
        ("Räksmörgås på sjön är en härlig måltid för små barn.\n", "cp1252"),
        ("Ærø, blåbærgrød og rødgrød med fløde på en ø.\n", "cp1252"),
        ("¿Dónde está el niño? Mañana irá a España.\n", "cp1252"),
        ("Καλημέρα κόσμε, τι κάνετε σήμερα; Ο καιρός είναι καλός.\n", "cp1253"),
        ("Привет, мир! Как дела? Сегодня хорошая погода.\n", "cp1251"),
        ("Straße über öffentliche Plätze\n", "cp1252"),
        ("日本語のテキストです。これは長い文章です。\n", "shift_jis"),
        ("中文文本，这是一个很长的句子。\n", "gb18030"),
    ],
)
def test_other_encodings_are_guessed_and_keep_their_letters(tmp_path, text, encoding):
    documents, _ = seeds_in(tmp_path, page=(text * 5).encode(encoding))
    assert documents["text"].item() == text * 5


def test_a_few_western_letters_are_kept(tmp_path):
    documents, _ = seeds_in(
        tmp_path, a="café bar".encode("cp1252"), b=b"Ada wove letters. " * 99 + b"caf\xe9"
    )
    assert documents["encoding"].to_list() == ["cp1252", "cp1252"]
    assert documents["text"].str.contains("café").all()


@pytest.mark.parametrize(
    "data", ["café au lait ".encode() + b"\xed\xa0\xbd", b"Ada \xed\xa0\xbd wove", b"\xc3\xa9 \xff"]
)
def test_damaged_utf8_is_no_other_encoding(tmp_path, data):
    assert seeds_in(tmp_path, page=data).documents["encoding"].to_list() == ["utf-8-damaged"]


def test_nul_bytes_in_a_text_are_kept(tmp_path):
    documents, faults = seeds_in(tmp_path, page=b"Ada\0 wove letters, line after line, all day long.\n" * 3)
    assert documents["text"].item().count("\0") == 3
    assert faults == []


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"", "empty", "0 bytes"),
        (b" \t\r\n\n", "empty", "5 bytes"),
        ("\ufeff \u2003\n".encode(), "empty", "no words"),
        (bytes(4096), "empty", "4096 bytes"),
        (bytes(range(256)) * 40, "unreadable", "binary"),
        (b"%PDF-1.4\n1 0 obj << /Type /Catalog >>\n", "unreadable", "a PDF"),
        (
            b"page.txt".ljust(257, b"\0") + b"ustar\00000" + b"Ada wove.".rjust(500),
            "unreadable",
            "a tar archive",
        ),
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
    (tmp_path / "folder").symlink_to(tmp_path.parent)
    (tmp_path / "round").symlink_to("round")
    os.mkfifo(tmp_path / "pipe.txt")
    documents, faults = seeds_in(tmp_path, good=PAGE.encode())
    assert documents.height == 1
    assert sorted(fault.message.split(":")[0] for fault in faults) == [
        "folder",
        "link.txt",
        "pipe.txt",
        "round",
    ]
    assert {fault.reason for fault in faults} == {"unreadable"}


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
NAMED = '[[seed]]\npath = "good.txt"\n'
MISSING = '[[seed]]\npath = "gone.txt"\n'
BACKWARDS = (
    '[[seed]]\npath = "good.txt"\n'
    "captured_earliest = 2025-01-02T00:00:00Z\ncaptured_latest = 2025-01-01T00:00:00Z\n"
)


@pytest.mark.parametrize(
    ("toml", "reason", "words"),
    [
        (TYPO, "invalid", "licence: there is no such key; the nearest is license"),
        ('[[seed]]\npath = "God.txt"\n', "missing", "no such file; the nearest is good.txt"),
        (MISSING, "missing", "no such file"),
        (BACKWARDS, "invalid", "later than"),
        (f"{NAMED}captured_latest = 9999-12-31T23:59:59-05:00\n", "invalid", "captured_latest: in UTC"),
        ('[[seed]]\npath = "good.txt"\nlicense = "© x"\n', "invalid", "license"),
        ('[[seed]]\npath = "good.txt"\nsource_url = ""\nlicense = "MIT"\n', "invalid", "source_url"),
        ('[[seed]]\npath = "../good.txt"\n', "invalid", "in the folder"),
        ('[[seed]]\nlicense = "MIT"\n', "invalid", "path"),
        ('[[seed]]\npath = 5\nlicense = "MIT"\n', "invalid", "string"),
        ('[seed]\npath = "good.txt"\nlicense = "MIT"\n', "invalid", "two brackets"),
        ('[[seeds]]\npath = "good.txt"\nlicense = "MIT"\n', "invalid", "seeds: "),
        ("seed = 5\n", "invalid", "seed: "),
        ("seed = [5]\n", "invalid", "entry 1"),
        ("[[seed]\n", "unreadable", "no entry can be read"),
    ],
)
def test_wrong_entry_is_told_and_the_seed_is_read_without_it(tmp_path, toml, reason, words):
    (tmp_path / "seeds.toml").write_text(toml)
    documents, faults = seeds_in(tmp_path, good=PAGE.encode())
    assert documents["license"].to_list() == [UNKNOWN_LICENSE]
    assert [(fault.reason, words in fault.message) for fault in faults] == [(reason, True)]
    assert faults[0].message.startswith("seeds.toml: ")


def test_of_two_entries_for_a_path_the_first_holds(tmp_path):
    (tmp_path / "seeds.toml").write_text(
        '[[seed]]\npath = "./good.txt"\nlicense = "MIT"\n[[seed]]\npath = "good.txt"\nlicense = "CC0-1.0"\n'
    )
    documents, faults = seeds_in(tmp_path, good=PAGE.encode())
    assert documents["license"].to_list() == ["MIT"]
    assert [fault.reason for fault in faults] == ["invalid"]


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


def test_an_empty_folder_is_no_seeds(tmp_path):
    with pytest.raises(ingest.IngestError, match="no seeds at"):
        ingest.read_seeds(tmp_path)


def test_files_of_one_name_are_told_apart_and_keep_their_own_entries(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(folder)
    (tmp_path / "two" / "b.txt").write_text("b")
    (tmp_path / "two" / "seeds.toml").write_text('[[seed]]\npath = "a.txt"\nlicense = "MIT"\n')
    named = [("b.txt", UNKNOWN_LICENSE), ("one/a.txt", UNKNOWN_LICENSE), ("two/a.txt", "MIT")]
    for places in ([tmp_path / "one", tmp_path / "two"], list(tmp_path.glob("*/*.txt"))):
        assert ingest.read_seeds(places).documents.select("path", "license").rows() == named
    assert ingest.survey(places)["license"].to_list() == [None, None, "MIT"]


def test_a_place_named_twice_is_read_once(tmp_path):
    documents, faults = seeds_in(tmp_path, a=PAGE.encode())
    again = ingest.read_seeds([tmp_path, tmp_path / "a.txt"])
    assert (again.documents.rows(), again.faults) == (documents.rows(), faults)


def test_of_several_places_one_may_be_missing(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    documents, faults = ingest.read_seeds([tmp_path / "a.txt", tmp_path / "nowhere"])
    assert documents["path"].to_list() == ["a.txt"]
    assert [(fault.reason, "nowhere" in fault.message) for fault in faults] == [("missing", True)]


def test_name_that_is_not_utf8_is_shown_as_text(tmp_path):
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    try:
        file.write_text("a")
    except OSError:
        pytest.skip("the file system takes UTF-8 names alone")
    assert ingest.read_seeds(tmp_path).documents["path"].to_list() == ["caf\ufffd.txt"]
    assert ingest.read_seeds(file).documents["path"].to_list() == ["caf\ufffd.txt"]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[dataset]\nnam = "x"\n', "nam"),
        ("[dataset]\nname = 5\n", "name"),
        ("[dataset]\ntags = 5\n", "tags"),
        ('[dataset]\npublished = "May"\n', "published"),
        ("dataset = 5\n", "dataset"),
        ('[dataset]\nname = "../esc"\n', "lower-case"),
        ('[dataset]\nname = ""\n', "lower-case"),
    ],
)
def test_wrong_facts_of_the_dataset_end_the_run(tmp_path, toml, words):
    (tmp_path / "seeds.toml").write_text(toml)
    with pytest.raises(ingest.IngestError, match=words):
        ingest.read_dataset(tmp_path)


@pytest.mark.parametrize(("folder", "name"), [("My Notes_2025", "my-notes-2025"), ("日本", "dataset")])
def test_dataset_without_a_name_is_called_as_its_folder(tmp_path, folder, name):
    (tmp_path / folder).mkdir()
    assert ingest.read_dataset(tmp_path / folder).name == name
    (tmp_path / folder / "seeds.toml").write_text('[dataset]\ntitle = "Mine"\ntags = ["a"]\n')
    dataset = ingest.read_dataset(tmp_path / folder)
    assert (dataset.name, dataset.title, dataset.tags) == (name, "Mine", ("a",))
    assert ingest.read_dataset(tmp_path / folder, "given").name == "given"
    with pytest.raises(ingest.IngestError, match="esc"):
        ingest.read_dataset(tmp_path / folder, "../esc")


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
