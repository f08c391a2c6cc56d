"""Detect the language of texts in scripts that many languages share.

Two detectors in a cascade. eldc is the better and by far the faster, and knows some languages less; langdetect is
asked for a second opinion where eldc is not sure, or where its answer is kin to a language it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import eldc
import polars as pl
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

try:
    import langdetect_rs
except ImportError:  # an optional extra: no wheel for every machine
    langdetect_rs = None

# From texts (`words`, and `n_letters` of them) to `language` and `confidence`, both null where nothing is found.
Detector = Callable[[pl.DataFrame], pl.DataFrame]
# langdetect's answer for one text: language code and probability, None where it found no feature.
Answer = tuple[str, float] | None

# langdetect draws its n-grams at random: a fixed seed fixes its answers.
SEED = 0
# The languages that langdetect knows and eldc does not, each with its kin: eldc's name for texts in it, however
# sure it is. The others have none that eldc would be sure of.
KIN = {
    "af": ("nl",),
    "cy": (),
    "id": ("ms",),
    "mk": ("bg", "sr"),
    "ne": ("hi", "mr"),
    "so": (),
    "sw": (),
}
# What a language never has, where its kin does: letters and small words of Serbian, which langdetect does not know.
FOREIGN = {"mk": r"[ђћЂЋ]|\b(?i:је|у|са|су)\b"}
# How sure an answer can be on n letters is n / (n + k), each k fitted to tests/gold/langid.jsonl.
_RELIABLE_LETTERS, _SECOND_LETTERS = 0.5, 7
# Of eldc alone it is ceiling * n / (n + k), fitted to every other text of them: it names what it does not know all the
# same, however long the text (see tests/bench/README.md, "Does the confidence mean something?").
_QUICK_LETTERS, _QUICK_CEILING = 0.6, 0.91
# Where eldc is not sure, what counts is how far its first answer leads the second: right in half of the cases at
# no lead, in 9 of 10 where it leads by 0.4. Fitted to the same labels.
_LEAD = 0.05
# Below it a second opinion is none: langdetect is near 1 even on single words, of which it names half.
_SECOND = 0.8
_FOUND = {"language": pl.String, "confidence": pl.Float64}


def careful(texts: pl.DataFrame) -> pl.DataFrame:
    """Ask eldc, and langdetect where it may know better."""
    first = _first(texts["words"])
    kin = [name for names in KIN.values() for name in names]
    n = texts["n_letters"]
    # On fewer letters not even a certain answer would be better.
    is_asked = (~first["is_reliable"] | first["language"].is_in(kin)) & (n / (n + _SECOND_LETTERS) >= _SECOND)
    row = pl.arg_where(is_asked, eager=True)
    second = _second(texts[row])
    is_better = second["confidence"] >= _SECOND
    sure, unsure = n / (n + _RELIABLE_LETTERS), (first["lead"] + _LEAD) / (first["lead"] + 2 * _LEAD)
    found = first.select(
        language=pl.when(pl.col("language") != "und").then("language"),
        confidence=pl.when("is_reliable").then(sure).otherwise(unsure),
    )
    better, row = second.filter(is_better), row.filter(is_better)
    return pl.DataFrame(
        {
            "language": found["language"].scatter(row, better["language"]),
            "confidence": found["confidence"].scatter(row, better["confidence"]),
        },
        _FOUND,
    )


def quick(texts: pl.DataFrame) -> pl.DataFrame:
    """Ask eldc alone: many times faster, and no answer is a language that only langdetect knows."""
    eldc.init()
    names = pl.Series("language", [eldc.detect(text) for text in texts["words"].to_list()], pl.String)
    n = texts["n_letters"]
    confidence = _QUICK_CEILING * n / (n + _QUICK_LETTERS)
    found = pl.DataFrame({"language": names, "confidence": confidence}, _FOUND)
    return found.with_columns(pl.col("language").replace("und", None))


def _first(words: pl.Series) -> pl.DataFrame:
    """Return eldc's `language`, whether it `is_reliable`, and by what part of its score it leads the next."""
    eldc.init()
    ask = eldc.instance()
    ask.set_scores(2)
    # Value by value: of answers that are kept, the collector of cycles searches every one.
    language, is_reliable, lead = [], [], []
    for answer in map(ask.detect_details, words.to_list()):
        language.append(answer.language)
        is_reliable.append(answer.reliable)
        lead.append(_lead(*answer.scores.values()))
    return pl.DataFrame(
        {"language": language, "is_reliable": is_reliable, "lead": lead},
        {"language": pl.String, "is_reliable": pl.Boolean, "lead": pl.Float64},
    )


def _lead(best: float = 0.0, other: float = 0.0) -> float:
    return (best - other) / best if best else 0.0


def _second(texts: pl.DataFrame) -> pl.DataFrame:
    """Return langdetect's answer where it is a language that eldc does not know."""
    answers = asked(texts["words"].to_list()) if len(texts) else []
    found = pl.DataFrame(
        [answer or (None, None) for answer in answers],
        {"language": pl.String, "probability": pl.Float64},
        orient="row",
    )
    foreign = pl.coalesce(
        *(
            pl.when(pl.col("language") == language).then(pl.col("words").str.contains(pattern))
            for language, pattern in FOREIGN.items()
        ),
        pl.lit(value=False),
    )
    is_told = pl.col("language").is_in(list(KIN)) & ~foreign
    n = pl.col("n_letters")
    return texts.hstack(found).select(
        language=pl.when(is_told).then("language"),
        confidence=pl.when(is_told).then(pl.col("probability") * n / (n + _SECOND_LETTERS)),
    )


def asked(texts: Sequence[str]) -> list[Answer]:
    """Ask the faster of langdetect's two engines that is installed; their answers are the same."""
    return asked_fast(texts) if langdetect_rs else asked_plain(texts)


def asked_fast(texts: Sequence[str]) -> list[Answer]:
    """Ask langdetect_rs, which runs on all cores (RAYON_NUM_THREADS)."""
    # The factory takes its seed from the class, and each process has its own.
    langdetect_rs.DetectorFactory.seed = SEED
    return [_best(found) for found in langdetect_rs.detect_langs_batch(texts)]


def asked_plain(texts: Sequence[str]) -> list[Answer]:
    """Ask langdetect itself."""
    return [_best(_ask_one(text)) for text in texts]


def _best(found: Sequence | None) -> Answer:
    # The order of two languages that differ in the last bits depends on the machine: their names decide.
    ranked = sorted((-round(one.prob, 9), one.lang) for one in found or ())
    return (ranked[0][1], -ranked[0][0]) if ranked else None


def _ask_one(text: str) -> Sequence | None:
    reader = _factory().create()
    reader.append(text)
    try:
        return reader.get_probabilities()
    except LangDetectException:  # its one reason here: "No features in text."
        return None


@cache
def _factory() -> DetectorFactory:
    """Load langdetect's profiles in the order of their names, whatever the file system says."""
    factory = DetectorFactory()
    profiles = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if not path.name.startswith("."))
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles])
    factory.set_seed(SEED)
    return factory
