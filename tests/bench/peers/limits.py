"""What this machine can do at most with the same bytes: python limits.py CORPUS_DIR OUT_DIR

CPU seconds of one core, the best of three, for all the text of the corpus: copying it, decoding it from UTF-8, encoding,
hashing, compressing; and wall seconds for reading the files and writing them to the disk. Writes OUT_DIR/limits.json:
MB per second by name.
"""
import hashlib
import json
import os
import sys
import time
import zlib
from pathlib import Path


def best(work, clock=time.process_time, rounds: int = 3) -> float:
    seconds = []
    for _ in range(rounds):
        start = clock()
        work()
        seconds.append(clock() - start)
    return max(min(seconds), 1e-6)


def flush(path: Path, data: bytes) -> None:
    """Write, and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def limits(texts: list[bytes], files: list[Path], out: Path) -> dict[str, float]:
    data = b"".join(texts)
    text = data.decode()
    mb, part = len(data) / 1e6, data[: 8 << 20]
    scratch = out / "limits.tmp"
    found = {
        "memcpy": mb / best(lambda: bytearray(data)),
        "UTF-8 decoding": mb / best(data.decode),
        "UTF-8 decoding, text by text": mb / best(lambda: [each.decode() for each in texts]),
        "UTF-8 encoding": mb / best(text.encode),
        "splitting into lines": mb / best(lambda: text.split("\n")),
        "sha256": mb / best(lambda: hashlib.sha256(data)),
        "blake2b": mb / best(lambda: hashlib.blake2b(data)),
        "sha256, text by text": mb / best(lambda: [hashlib.sha256(each).digest() for each in texts]),
        "zlib, level 6": len(part) / 1e6 / best(lambda: zlib.compress(part, 6), rounds=1),
        "reading files (cached; wall)": sum(path.stat().st_size for path in files) / 1e6
        / best(lambda: [path.read_bytes() for path in files], time.perf_counter),
        "writing to the disk (wall)": mb / best(lambda: flush(scratch, data), time.perf_counter, 1),
    }
    scratch.unlink()
    return found


def main(corpus: Path, out: Path) -> None:
    files = sorted((corpus / "jsonl").glob("*.jsonl"))
    texts = [json.loads(line)["text"].encode() for path in files for line in path.open("rb")]
    found = limits(texts, files, out)
    (out / "limits.json").write_text(json.dumps({name: round(rate, 1) for name, rate in found.items()}) + "\n")


if __name__ == "__main__":
    out = Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    main(Path(sys.argv[1]), out)
