"""Plain Python, as one would write it: python python_tasks.py TASK OUT   (corpus: BENCH_CORPUS)

exact      a set of the texts seen
minhash    every pair of documents compared by their word 5-grams, so for small corpora only; the first of a pair stays
"""
import json
import os
import re
import sys
from pathlib import Path

LEAST_SIMILAR, N = 0.8, 5
WORD = re.compile(r"\w+")


def documents():
    for path in sorted((Path(os.environ["BENCH_CORPUS"]) / "jsonl").glob("*.jsonl")):
        yield from map(json.loads, path.open(encoding="utf-8"))


def exact() -> list[str]:
    seen: set[str] = set()
    kept = []
    for document in documents():
        if document["text"] not in seen:
            seen.add(document["text"])
            kept.append(document["id"])
    return kept


def shingles(text: str) -> frozenset:
    words = WORD.findall(text.lower())
    return frozenset(zip(*(words[k:] for k in range(N))))


def minhash() -> list[str]:
    kept: list[tuple[str, frozenset]] = []
    # The longest stays: it has what the others have.
    for document in sorted(documents(), key=lambda each: (-len(each["text"]), each["id"])):
        own = shingles(document["text"])
        for _, other in kept:
            both = len(own & other)
            if both and both >= LEAST_SIMILAR * (len(own) + len(other) - both):
                break
        else:
            kept.append((document["id"], own))
    return [name for name, _ in kept]


if __name__ == "__main__":
    task, out = sys.argv[1], Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    (out / "ids.txt").write_text("\n".join({"exact": exact, "minhash": minhash}[task]()))
