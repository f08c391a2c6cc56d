"""The README's numbers: those of the comparison are the benchmark's, rounded; those of languages the grammars'."""

import re

import pytest

from pipeline import HOME
from pipeline.grammar import specimens

README, BENCH = (
    (HOME / name).read_text(encoding="utf-8").splitlines() for name in ("README.md", "tests/bench/README.md")
)
RUNS = {
    "Dehusk": "dehusk_minhash",
    "rensa": "rensa_minhash",
    "Daft": "daft_minhash",
    "numpy, by hand": "numpy_minhash",
    "text-dedup, verified": "textdedup_minhash_verified",
    "data-juicer": "datajuicer_minhash",
    "datatrove": "datatrove_minhash",
}


def rows(lines: list[str], name: str) -> list[list[str]]:
    """List the cells of the table rows that begin with a name, but for the name."""
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return [row[1:] for row in cells if row[0] == name and len(row) > 1]


def test_every_peer_of_the_table_is_held():
    start = next(i for i, line in enumerate(README) if "times Dehusk" in line)
    end = README.index("", start)
    assert {line.split("|")[1].strip() for line in README[start + 2 : end]} == set(RUNS)


@pytest.mark.parametrize(("name", "run"), RUNS.items())
def test_the_comparison_says_what_was_measured(name, run):
    (told,) = rows(README, name)
    costs, found = rows(BENCH, run)[:2]  # the first two tables: all peers, 12 MB
    seconds, recall, near, precision = (float(cell) for cell in (costs[1], found[2], found[3], found[6]))
    assert abs(float(told[0]) - seconds) <= 0.05
    assert abs(float(told[1]) - float(costs[6])) <= (0.05 if "." in told[1] else 0.5)
    assert [float(cell) for cell in told[2:5]] == pytest.approx([recall, near, precision], abs=0.0005)
    assert told[5] == found[7].split(" / ")[0]


SPOKEN = re.compile(r"^\| `(\w+)` \|.*\bsome (\d+) languages")
KINDS = dict(found.groups() for line in README if (found := SPOKEN.search(line)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_read_in_as_many_languages_as_its_grammar_says(kind):
    doc = " ".join(specimens()[kind].doc.split())
    assert re.findall(r"\bsome (\d+) languages", doc) == [KINDS[kind]]
