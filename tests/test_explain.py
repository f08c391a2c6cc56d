"""What became of a record is told with its words, wherever they are."""

import re

import pytest
from click.testing import CliRunner

from pipeline import cli, explain

WORDS = "the looms weave flowers and the engines weave algebra all day long in the mill by the river bank"
PROFILE = "A letter\n\n{}.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    seeds = folder / "seeds"
    seeds.mkdir()
    for name, text in {
        "a": WORDS,
        "b": WORDS + " today",
        "c": "Something else was written here by hand",
    }.items():
        (seeds / f"{name}.txt").write_text(PROFILE.format(text), encoding="utf-8")
    said = CliRunner().invoke(
        cli.main, ["release", "--seeds", str(seeds), "--out", str(folder / "dist"), "--name", "n", "--anew"]
    )
    assert said.exit_code == 0, said.output
    return folder


def ask(home, record_id: str) -> list[explain.Explanation]:
    return explain.explain(record_id, home / "dist" / "n" / "v1.0.0", home / "seeds")


def ids(home, table: str) -> list[str]:
    return list(getattr(explain.read(home / "dist" / "n" / "v1.0.0"), table)["record_id"])


def test_a_copy_is_shown_beside_the_record_it_went_for(home):
    (copy,) = ids(home, "removed")
    (found,) = ask(home, copy)
    assert "was removed as near_copy" in found.said
    assert "% alike" in found.said
    assert (found.place.path, found.other.path) == ("a.txt", "b.txt")
    assert found.place.text.strip().endswith("bank.")
    left, right = explain.side_by_side(found.place.text, found.other.text)
    marked = [right.plain[span.start : span.end] for span in right.spans if "green" in str(span.style)]
    assert marked == ["bank today."]
    assert left.plain == found.place.text


def test_a_kept_record_says_where_else_it_stood(home):
    told = {
        explanation.said.split(" was ", 1)[1]
        for each in ids(home, "records")
        for explanation in ask(home, each)
    }
    assert told == {"kept; 1 other place had it too", "kept; no other record is a copy of it"}


def test_the_beginning_of_an_id_is_enough_where_one_begins_so(home):
    (copy,) = ids(home, "removed")
    assert ask(home, copy[:12]) == ask(home, copy)
    with pytest.raises(explain.UnknownRecordError, match=r"3 ids begin so: r_\w{24}, r_\w{24}, r_\w{24}; do"):
        ask(home, "r_")
    with pytest.raises(explain.UnknownRecordError, match="no id begins so"):
        ask(home, "r_zzz")


def test_without_the_seed_the_place_is_told(home, tmp_path):
    (tmp_path / "other.txt").write_text("Nothing\n", encoding="utf-8")
    (copy,) = ids(home, "removed")
    (found,) = explain.explain(copy, home / "dist" / "n" / "v1.0.0", tmp_path)
    assert found.place.text is None
    assert "bytes" in str(found.place)
    kept = ids(home, "records")[0]
    (found,) = explain.explain(kept, home / "dist" / "n" / "v1.0.0", tmp_path / "nowhere")
    assert found.place.text
    with pytest.raises(explain.UnknownRecordError, match="the id of a record begins with r_"):
        explain.explain("s_0", home / "dist" / "n" / "v1.0.0", tmp_path)


def test_the_command_draws_both(home):
    (copy,) = ids(home, "removed")
    words = ["explain", copy, "--out", str(home / "dist"), "--dataset", "n", "--seeds", str(home / "seeds")]
    said = CliRunner().invoke(cli.main, words)
    assert said.exit_code == 0, said.output
    assert "a.txt:1" in said.output
    assert "b.txt:1" in said.output
    said = CliRunner().invoke(cli.main, [*words[:1], "nothing", *words[2:]])
    folder = home / "dist" / "n" / "v1.0.0"
    assert (said.exit_code, said.output.startswith(f"dehusk: {folder}: nothing: ")) == (cli.UNUSABLE, True)


def test_where_the_seed_is_not_at_hand_the_command_says_how_to_name_it(home, tmp_path):
    (copy,) = ids(home, "removed")
    words = ["explain", copy, "--out", str(home / "dist"), "--dataset", "n", "--seeds", str(tmp_path)]
    said = CliRunner().invoke(cli.main, words)
    assert said.exit_code == 0, said.output
    cells = re.findall(r"^│([^│]*)│", said.output, re.MULTILINE)
    assert " ".join(" ".join(cells).split()) == "the seed is not here; do: say by --seeds PATH where it is"
