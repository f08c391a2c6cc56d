"""The command line, as a script sees it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import cli, laws, scaffold
from pipeline.cli import making
from pipeline.engine import local
from pipeline.grammar import specimens
from tests.induced_pages import FOLDER, read_page

SEEDS = Path(__file__).parents[1] / "seeds"


def dehusk(*arguments: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(cli.main, [str(a) for a in arguments])
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.output


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "seeds" / "page.txt"
    file.parent.mkdir()
    file.write_text(laws.page_of(specimens()["nostr_profile"]))
    return file


@pytest.fixture
def guessed(tmp_path: Path) -> list[Path]:
    """Write an article and a page of comments that no grammar knows."""
    files = []
    for name in ("article_en.txt", "comments_ru.txt"):
        files.append(tmp_path / name)
        files[-1].write_text("\n".join(line.text for line in read_page(FOLDER / name)))
    return files


def test_every_command_has_help_that_says_what_it_does():
    for name, command in cli.main.commands.items():
        code, said = dehusk(name, "--help")
        assert code == 0
        assert (command.help or "").split("\n")[0] in " ".join(said.split())


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-8-sig", "utf-8"])
def test_a_release_of_a_page_in_any_encoding_verifies(tmp_path, encoding):
    (tmp_path / "page.txt").write_bytes(
        ("Машина ткёт узоры так же, как станок ткёт цветы. " * 9).encode(encoding)
    )
    assert (
        dehusk(
            "release", "--seeds", tmp_path / "page.txt", "--out", tmp_path / "out", "--name", "a", "--anew"
        )[0]
        == 0
    )
    code, said = dehusk("verify", tmp_path / "out" / "a")
    assert (code, said.startswith("a v1.0.0 holds: 1 records")) == (0, True), said


def test_words_of_a_page_or_a_name_do_not_command_the_terminal(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Looms\n\nAda \x1b]0;wove\x07 all \x9bday.\n")
    assert "Ada ␛]0;wove all \ufffdday." in dehusk("label", page)[1]  # Rich leaves the bell out
    code, said = dehusk("label", tmp_path / "\x1b[2J.txt")
    assert (code, "\x1b" in said, "␛[2J.txt" in said) == (2, False, True)


def test_release_of_a_folder_without_facts(page, tmp_path):
    out = tmp_path / "out"
    code, said = dehusk("release", "--seeds", page.parent, "--out", out, "--name", "notes")
    assert (code, "v1.0.0 published" in said) == (0, True)
    assert (out / "notes" / "v1.0.0" / "manifest.json").is_file()
    code, said = dehusk("release", "--seeds", page.parent, "--out", out, "--name", "notes")
    assert (code, "unchanged since v1.0.0" in said) == (0, True)


def test_bad_seeds_are_told_and_the_rest_is_released(page, tmp_path):
    (page.parent / "empty.txt").write_bytes(b" \n")
    (page.parent / "picture.txt").write_bytes(b"\x89PNG" + bytes(range(256)) * 20)
    code, said = dehusk("release", "--seeds", page.parent, "--out", tmp_path / "out")
    assert code == 0
    assert "empty.txt: no words" in said
    assert "picture.txt: a binary file" in said
    assert "2 removed" in said


def test_a_dataset_does_not_begin_without_a_record_but_may_lose_all_it_had(page, tmp_path):
    out = tmp_path / "out"
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "empty.txt").write_bytes(b"")
    ask = ("release", "--out", out, "--name", "notes", "--seeds")
    code, said = dehusk(*ask, tmp_path / "bad")
    assert (code, said.strip().endswith("Nothing was published")) == (cli.UNPUBLISHED, True)
    assert "empty.txt: no words in 0 bytes; do: " in said
    assert "(1 removed as empty)" in said
    assert not out.exists()
    assert dehusk(*ask, page.parent)[0] == 0
    code, said = dehusk(*ask, tmp_path / "bad")
    assert (code, "0 records" in said) == (0, True)


def test_pages_that_no_grammar_knew_are_told_wherever_a_release_speaks_of_its_pages(guessed, page, tmp_path):
    out = tmp_path / "out"
    (page.parent / "odd.txt").write_text("Home\nA page of no kind")
    for file in guessed:
        file.rename(page.parent / file.name)
    code, said = dehusk("release", "--seeds", page.parent, "--out", out, "--name", "notes")
    told = (
        "no grammar knew 3: the parts of 2 were guessed, how surely says records.confidence; 1 was kept whole"
    )
    assert (code, "\n3 of 4 pages are of a kind without a grammar:\n  2 cut by guessing; " in said) == (
        0,
        True,
    )
    assert "how sure it is\n  1 kept whole, as one record each\n\n" in said
    card, html = ((out / "notes" / "v1.0.0" / name).read_text() for name in ("README.md", "index.html"))
    assert f"| pages | 4; {told} |" in card
    assert "| pages that no grammar knew | 3 of 4 | 75.0 % |  |" in card
    assert "| pages that no grammar knew, their parts guessed | 2 of 4 | 50.0 % |  |" in card
    assert "| pages that no grammar knew, kept whole | 1 of 4 | 25.0 % |  |" in card
    assert f"Of 4 pages {told}.\n" in card
    assert f"Of the pages {told}. " in html
    assert f"<p>Of 4 pages {told}.</p>" in html


def test_of_pages_that_grammars_knew_nothing_is_said(page, tmp_path):
    said = dehusk("release", "--seeds", page.parent, "--out", tmp_path / "out", "--name", "notes")[1]
    folder = tmp_path / "out" / "notes" / "v1.0.0"
    texts = [said, *((folder / name).read_text() for name in ("README.md", "index.html"))]
    assert not any("no grammar knew 0" in text or "guessed" in text for text in texts)


def test_versions_whose_files_a_release_drops_are_named(page, tmp_path):
    ask = ("release", "--seeds", page.parent, "--out", tmp_path / "out", "--name", "notes")
    told = "v1.0.0 is no longer kept here; its digest stays in index.json\n"
    for n in range(3):
        page.write_text(page.read_text() + f"Line {n}.\n")
        assert (told in dehusk(*ask)[1]) == (n == 2)
    assert "no longer kept" not in dehusk(*ask)[1]
    assert "newest two versions are kept" in " ".join(dehusk("release", "--help")[1].split())


@pytest.mark.parametrize("on_path", [True, False])
def test_the_command_that_a_release_names_runs_from_here(on_path, page, tmp_path):
    """Called by its path, as `make release` does, and the shell does not know it by its name, or does."""
    script = tmp_path / "bin" / "dehusk"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nfrom pipeline.cli import main\nmain()\n")
    script.chmod(0o755)
    path = f"{script.parent}:/usr/bin:/bin" if on_path else "/usr/bin:/bin"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
    command = ["bin/dehusk", "release", "--seeds", "seeds", "--name", "notes"]
    made = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert f"check  {'dehusk' if on_path else 'bin/dehusk'} verify dist/notes/v1.0.0\n" in made


@pytest.mark.parametrize("out", ["file", "file/out"])
def test_a_file_where_a_folder_should_be_says_what_to_do(out, page, tmp_path):
    (tmp_path / "file").write_text("")
    code, said = dehusk("release", "--seeds", page, "--out", tmp_path / out)
    assert (code, "do: name another folder, or move the file away" in said) == (cli.UNPUBLISHED, True)


def test_no_seeds_and_no_output_folder_end_the_run_with_one_sentence(page, tmp_path):
    code, said = dehusk("release", "--seeds", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert (code, said.count("\n")) == (cli.UNUSABLE, 1)
    (tmp_path / "file").write_text("")
    code, said = dehusk("release", "--seeds", page, "--out", tmp_path / "file" / "out")
    assert (code, "nothing was published" in said) == (cli.UNPUBLISHED, True)


def test_label_draws_what_was_seen(page):
    code, said = dehusk("label", page, "--lines", "7-9")
    assert code == 0
    rows = re.findall(r"^ +(\d+) (\w+)\S* +([+|:]) ", said, re.MULTILINE)
    assert rows == [
        ("7", "avatar", "+"),
        ("8", "header", "|"),
        ("9", "header", "|"),
        ("9", "image", "|"),
    ]
    assert "nostr_profile: " in said


def test_label_says_why_no_grammar_knows_a_page(tmp_path):
    (tmp_path / "page.txt").write_text("Home\nA page of no kind")
    code, said = dehusk("label", tmp_path / "page.txt")
    assert code == 0
    assert "no grammar knows this page" in said
    assert "thread_reader misses" in said


def test_label_says_of_a_page_whose_parts_were_guessed_that_no_grammar_knows_it(guessed):
    for file in guessed:
        code, said = dehusk("label", file)
        assert code == 0
        assert "no grammar knows this page; its parts were guessed; `dehusk new KIND FILE` begins one" in said
        assert "misses" not in said


def test_label_of_a_folder_draws_each_page_under_its_name(guessed, page):
    page.parent.joinpath("empty.txt").write_text("")
    (page.parent / "twice.txt").write_text(page.read_text() + "More.\n")
    guessed[0].rename(page.parent / "letter.txt")
    code, said = dehusk("label", page.parent)
    assert (code, said.count("empty.txt: no words")) == (0, 1)
    drawn = re.split(r"^(letter|page|twice)\.txt:\n", said, flags=re.MULTILINE)[1:]
    assert drawn[::2] == ["letter", "page", "twice"]
    kinds = [re.findall(r"^(\w+): \d+ records?,", each, re.MULTILINE) for each in drawn[1::2]]
    assert kinds == [["article"], ["nostr_profile"], ["nostr_profile"]]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("5-2", "it ends before it begins; do: --lines 2-5"),
        ("900-950", "no words stand there; {} ends at line {}; do: name others"),
    ],
)
def test_lines_that_are_not_there_are_told(lines, told, page):
    code, said = dehusk("label", page, "--lines", lines)
    end = len(page.read_text().rstrip().splitlines())
    assert (code, f"--lines {lines}: {told.format(page, end)}" in said) == (cli.UNUSABLE, True)


def test_evaluate_exits_by_the_scores(tmp_path):
    gold, seeds = tmp_path / "gold", tmp_path / "seeds"
    gold.mkdir()
    seeds.mkdir()
    (seeds / "page.txt").write_text("Home\nA page of no kind")
    label = '{"id": "i1", "level": "item", "kind": "%s", "start": 0, "end": 22, "body": [[0, 22]]}\n'
    (gold / "page.jsonl").write_text(label % "article")
    assert dehusk("evaluate", "--seeds", seeds, "--gold", gold)[0] == 0
    (gold / "page.jsonl").write_text(label % "post")
    assert dehusk("evaluate", "--seeds", seeds, "--gold", gold)[0] == cli.SHORT


def test_a_release_tells_what_falls_short_and_stands(tmp_path):
    gold, seeds, out = (tmp_path / name for name in ("gold", "seeds", "out"))
    gold.mkdir()
    seeds.mkdir()
    (seeds / "page.txt").write_text("Home\nA page of no kind")
    label = '{"id": "i1", "level": "item", "kind": "%s", "start": 0, "end": 22, "body": [[0, 22]]}\n'
    ask = ("release", "--seeds", seeds, "--out", out, "--name", "notes", "--gold", gold)
    (gold / "page.jsonl").write_text(label % "article")
    code, said = dehusk(*ask)
    assert (code, "scores reached" in said) == (0, False)
    (gold / "page.jsonl").write_text(label % "post")
    code, said = dehusk(*ask)
    assert (
        code,
        "scores reached: 3 of 4 measures reach what is asked; below it: records 0.000\n" in said,
    ) == (cli.SHORT, True), said
    assert (out / "notes" / "v1.0.1").is_dir()


def test_a_release_tells_when_many_records_came_or_went(page, tmp_path):
    ask = ("release", "--seeds", page.parent, "--out", tmp_path / "out", "--name", "notes")
    feed = "".join(
        f"Jo Doe {n}\n{n} March 2024\nA few words of post {n}, and some more.\n\n" for n in range(1, 25)
    )
    page.write_text(feed)
    assert "rows steady" not in dehusk(*ask)[1]
    page.write_text(feed[: len(feed) // 3])
    code, said = dehusk(*ask)
    assert (code, "  rows steady: 1 of 1 kinds moved by more than 25%\n" in said) == (0, True), said


def test_check_tells_a_kind_that_does_not_exist():
    code, said = dehusk("check", "no_such_kind")
    assert code == cli.UNUSABLE
    assert "nostr_profile" in said


FIRST_LINES = [
    "Letters of Ada",
    '• A "quoted" line\'s end\\n (1.5+x)* [a-z]{2}?',
    '"""',
]


@pytest.fixture(scope="module")
def copy_of_the_code(tmp_path_factory) -> Path:
    """A grammar is a file of the package: new ones are written into a copy."""
    folder = tmp_path_factory.mktemp("code")
    for package in ("pipeline", "schemas"):
        shutil.copytree(Path(cli.__file__).parents[2] / package, folder / package)
    return folder


@pytest.mark.parametrize("number", range(len(FIRST_LINES)))
def test_new_grammar_passes_the_laws_as_it_is_written(number, copy_of_the_code):
    page, kind = f"page_{number}.txt", f"letters_{number}"
    (copy_of_the_code / page).write_text(f"{FIRST_LINES[number]}\nMore\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(copy_of_the_code)}

    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "pipeline.cli", *arguments]
        return subprocess.run(
            command, cwd=copy_of_the_code, env=environment, check=False, capture_output=True, text=True
        )

    made = run("new", kind, page)
    assert made.returncode == 0, made.stderr
    checked = run("check", kind)
    assert f"{kind}: holds to every law" in checked.stdout, checked.stdout + checked.stderr
    assert f"{kind}: 1 record, " in run("label", page).stdout
    again = run("new", kind, page)
    assert (again.returncode, "there already" in again.stderr) == (cli.UNUSABLE, True)


@pytest.mark.parametrize("name", ["Letters", "1st", "class", "a-b", "nostr_profile", ""])
def test_new_refuses_a_name_that_cannot_be(name, page):
    with pytest.raises(Exception, match=r"cannot name|there already"):
        scaffold.begin(name, page)


def test_what_the_system_refuses_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("Looms.")
    code, said = dehusk("review", tmp_path / "file", "--out", tmp_path / "file" / "pages")
    assert (code, said) == (cli.UNUSABLE, f"dehusk: {tmp_path}/file/pages: not a directory\n")


def test_who_stops_a_release_is_told_that_nothing_was_published(page, tmp_path, monkeypatch):
    def stopped(*words: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(local, "build", stopped)
    code, said = dehusk("release", "--seeds", page.parent, "--out", tmp_path / "out")
    assert (code, said) == (cli.UNPUBLISHED, "dehusk: stopped; nothing was published\n")
    assert not (tmp_path / "out").exists()


def test_dagster_runs_by_the_settings_that_stand_here_now(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "HOME", tmp_path)
    monkeypatch.setattr(os, "execv", lambda *words: None)
    monkeypatch.chdir(tmp_path)
    for home, told in ((tmp_path / ".dagster", "later"), (tmp_path / "mine", "mine")):
        monkeypatch.setenv("DAGSTER_HOME", str(home))
        home.mkdir()
        (home / "dagster.yaml").write_text("mine")
        (tmp_path / "dagster.yaml").write_text("later")
        assert dehusk("ui")[0] == 0
        assert (home / "dagster.yaml").read_text() == told
