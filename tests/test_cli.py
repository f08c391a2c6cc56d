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
from pipeline.grammar import specimens

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


def test_every_command_has_help_that_says_what_it_does():
    for name, command in cli.main.commands.items():
        code, said = dehusk(name, "--help")
        assert code == 0
        assert (command.help or "").split("\n")[0] in " ".join(said.split())


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
    assert "empty.txt: nothing but white space" in said
    assert "picture.txt: a binary file" in said
    assert "2 removed" in said


def test_a_folder_of_nothing_but_bad_seeds_is_released_as_such(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "empty.txt").write_bytes(b"")
    code, said = dehusk("release", "--seeds", tmp_path / "seeds", "--out", tmp_path / "out")
    assert (code, "0 records" in said) == (0, True)


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
    assert f"{kind}: 1 records" in run("label", page).stdout
    again = run("new", kind, page)
    assert (again.returncode, "there already" in again.stderr) == (cli.UNUSABLE, True)


@pytest.mark.parametrize("name", ["Letters", "1st", "class", "a-b", "nostr_profile", ""])
def test_new_refuses_a_name_that_cannot_be(name, page):
    with pytest.raises(Exception, match=r"cannot name|there already"):
        scaffold.write(name, page)
