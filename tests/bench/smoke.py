"""The benchmark in half a minute: a small corpus, Dehusk, and plain Python beside it on the same work.

    python tests/bench/smoke.py            needs nothing but what the pipeline needs

Pages are made of labelled paragraphs in some 30 languages; copies are planted, scored and laid out by the code that
does it for the whole benchmark (`peers/`). Plain Python compares every pair of pages, as one would without a library.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

HOME = Path(__file__).parents[2]
PEERS = HOME / "tests" / "bench" / "peers"
sys.path[:0] = [str(HOME), str(PEERS)]

import build_corpus  # noqa: E402 - the scripts beside this one
import report  # noqa: E402
import true_pairs  # noqa: E402

PARAGRAPHS = 4  # of a page
TASKS = ("exact", "minhash", "lid", "parquet", "validate", "passages")
REFERENCES = ("exact", "minhash")


def is_plain(text: str) -> bool:
    """Say whether all agree on where the words of a text end: not in Chinese, nor where vowels are marks."""
    return not {"Lo", "Mn", "Mc"} & set(map(unicodedata.category, text))


def pages(n: int, rng: random.Random) -> list[dict]:
    """Make pages of the labelled paragraphs, each in one language."""
    gold = (HOME / "tests" / "gold" / "langid.jsonl").read_text(encoding="utf-8").splitlines()
    by_language: dict[str, list[str]] = {}
    for row in map(json.loads, gold):
        if row["set"] in ("paras", "udhr") and is_plain(row["text"]):
            by_language.setdefault(row["language"], []).append(row["text"])
    languages = sorted(name for name, texts in by_language.items() if len(texts) >= 2 * PARAGRAPHS)
    found = []
    for number in range(n):
        language = rng.choice(languages)
        text = "\n".join(rng.sample(by_language[language], PARAGRAPHS))
        found.append({"id": f"b{number:06d}", "lang": language, "source_path": "gold", "text": text})
    return found


def build(folder: Path, n_pages: int) -> None:
    """Write a corpus with planted copies, and what is true of it."""
    rng = random.Random(build_corpus.SEED)
    base = pages(n_pages, rng)
    extra, truth = build_corpus.plant(base, rng)
    documents = [*base, *extra]
    rng.shuffle(documents)
    build_corpus.write(folder, documents, truth)
    size = sum(len(each["text"].encode()) for each in documents)
    stats = {"docs": len(documents), "text_mb": size / 1e6}
    (folder / "stats.json").write_text(json.dumps(stats), encoding="utf-8")
    true_pairs.main(folder)


def run(corpus: Path, out: Path, label: str, script: Path, task: str) -> dict:
    """Run one task in a process of its own; return what it cost."""
    before = os.times()
    command = [sys.executable, script, task, out / label]
    done = subprocess.run(
        command, check=False, env={**os.environ, "BENCH_CORPUS": str(corpus)}, capture_output=True, text=True
    )
    after = os.times()
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    costs = {"cpu_s": round(cpu, 2), "wall_s": round(after.elapsed - before.elapsed, 2), "peak_rss_mb": "-"}
    return {"label": label, "rc": done.returncode, **costs}


def main() -> None:
    """Build the corpus, run everything on it, and print the tables."""
    asked = argparse.ArgumentParser(description="Run the benchmark on a small corpus, with no peers.")
    asked.add_argument(
        "--pages", type=int, default=400, help="pages before copies are planted (default: 400)"
    )
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus, out = Path(folder) / "corpus", Path(folder) / "out"
        build(corpus, said.pages)
        runs = [run(corpus, out, f"dehusk_{task}", PEERS / "dehusk_tasks.py", task) for task in TASKS]
        runs += [run(corpus, out, f"python_{task}", PEERS / "python_tasks.py", task) for task in REFERENCES]
        subprocess.run([sys.executable, PEERS / "limits.py", corpus, out], check=True)
        results = Path(folder) / "results.jsonl"
        results.write_text("".join(json.dumps(each) + "\n" for each in runs), encoding="utf-8")
        report.main(corpus, out, results)


if __name__ == "__main__":
    main()
