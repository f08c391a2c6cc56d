"""Name the language of texts: by the script where a script is one language, else by langdetect's algorithm.

Answers depend on the text alone: not on the batch, the order, the machine, nor on which of the two engines
is installed. `langdetect_rs` gives langdetect's own answers some sixty times faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import polars as pl
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

try:
    import langdetect_rs
except ImportError:  # an optional extra: no wheel for every machine
    langdetect_rs = None

# A detector's answer for one text: language code and probability, None where it found no feature.
Answer = tuple[str, float] | None
Detector = Callable[[Sequence[str]], list[Answer]]

# The detector draws its n-grams at random: a fixed seed fixes its answers.
SEED = 0
# A text is read in three windows, so that a quotation at its head does not name it. On texts of 5,000 code
# points, joined from those of tests/gold/langid.jsonl, 95.2 % are named rightly; 95.5 % if read whole.
WINDOW_CHARS = 300
# What carries no language: addresses, @handles, #tags, Nostr keys.
NO_WORDS = (
    r"(?i)(?:https?://|(?-u:\b)www\.)\S+|nostr:\S+|(?-u:\b)n(?:pub|ote|event|profile)1[0-9a-z.]+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+|(?-u:\b)[a-z0-9-]+(?:\.[a-z0-9-]+)+/\S*|[@#＃][\w.-]+"
)

# Scripts that one language writes, or one by far; a page in another of its languages is named wrongly.
SCRIPTS = {
    "am": "Ethiopic",
    "bn": "Bengali",
    "bo": "Tibetan",
    "dv": "Thaana",
    "el": "Greek",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hy": "Armenian",
    "ka": "Georgian",
    "km": "Khmer",
    "kn": "Kannada",
    "lo": "Lao",
    "ml": "Malayalam",
    "my": "Myanmar",
    "or": "Oriya",
    "pa": "Gurmukhi",
    "si": "Sinhala",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
}
# Letters of a script that only a smaller language writes, and that language.
OWN_LETTERS = {"bn": ("[ৰৱ]", "as")}
HAN, KANA, HANGUL = r"\p{Han}", r"[\p{Hiragana}\p{Katakana}]", r"\p{Hangul}"
# Scripts written without spaces between words: there a character counts as a word.
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ーｰ]"

# A Chinese character says as much as two letters beside it: half the weight is a third of the letters, and
# Chinese pages full of Latin names stay Chinese.
_CJK_WEIGHT = 2
_SCRIPT_SHARE = 0.5
# How sure a name can be on n letters: n / (n + k). The detector's own probability is near 1 even on single
# words, of which it names half; k = 7 brings it closest to the share of right answers on langid.jsonl (mean
# square error 0.124, and 0.183 as it comes). A script tells more by a letter.
_DETECTOR_LETTERS, _SCRIPT_LETTERS = 7, 1
# Below these it is a guess: a "Yeah." alone is Indonesian to the detector, and two or three languages may share
# its vote on a few words.
_LEAST_LETTERS, _LEAST_CONFIDENCE = 5, 1 / 3
# As surely as on some sixty letters (n / (n + k) above): a line in another language than its record's is told then.
_SURE = 0.9
UNDETERMINED = "und"


def tag(frame: pl.DataFrame, detect: Detector | None = None) -> pl.DataFrame:
    """Add `language` (BCP 47) and `language_confidence` (Float32 in 0..1) of the column `text`.

    Where it cannot be told (no text, no letters, a word or two too short) the language is `und` and the
    confidence null. Each distinct text is looked at once.
    """
    texts = _windows(frame.select(pl.col("text").unique()))
    named = texts.join(_by_script(texts), on="words", how="left")
    unnamed = named.filter(pl.col("language").is_null(), pl.col("n_letters") >= _LEAST_LETTERS)
    detected = _by_detector(unnamed.select("words", "n_letters").unique(), detect or detector())
    answers = (
        named.join(detected, on="words", how="left", suffix="_detected")
        .with_columns(
            language=pl.coalesce("language", "language_detected"),
            confidence=pl.coalesce("confidence", "confidence_detected"),
        )
        .with_columns(is_told=(pl.col("confidence") >= _LEAST_CONFIDENCE).fill_null(False))
        .select(
            "text",
            language=pl.when("is_told").then("language").otherwise(pl.lit(UNDETERMINED)),
            # Four digits: the last bits differ between machines and Python versions.
            language_confidence=pl.when("is_told").then(pl.col("confidence").round(4).cast(pl.Float32)),
        )
    )
    bare = frame.drop("language", "language_confidence", strict=False)
    return bare.join(answers, on="text", how="left", nulls_equal=True, maintain_order="left")


def defer(segments: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Leave a segment's language undetermined where it is not its record's and not surely another.

    A short heading or interjection is as often as not named something odd; a page in one language with a line in
    another is rare. Needs what `tag` adds to both, and `record_start` in `segments`.
    """
    of_record = records.select("document_id", record_start="byte_start", of_record="language")
    both = segments.join(of_record, on=["document_id", "record_start"], how="left", maintain_order="left")
    is_odd = (pl.col("language") != pl.col("of_record")) & (pl.col("language_confidence") < _SURE)
    is_odd = (is_odd & (pl.col("of_record") != UNDETERMINED)).fill_null(value=False)
    return both.with_columns(
        language=pl.when(is_odd).then(pl.lit(UNDETERMINED)).otherwise("language"),
        language_confidence=pl.when(~is_odd).then("language_confidence"),
    ).drop("of_record")


def _windows(texts: pl.DataFrame) -> pl.DataFrame:
    """Add `words`, what of each text the language is told from, and `n_letters`, how many letters it has."""
    text, n = pl.col("text").fill_null(""), pl.col("text").str.len_chars().fill_null(0)
    middle = text.str.slice(n // 2 - WINDOW_CHARS // 2, WINDOW_CHARS)
    pieces = pl.concat_str(text.str.head(WINDOW_CHARS), middle, text.str.tail(WINDOW_CHARS), separator=" ")
    capped = pl.when(n > 3 * WINDOW_CHARS).then(pieces).otherwise(text)
    # Composed, so that a page in decomposed Unicode has the letters that the detector knows.
    words = capped.str.normalize("NFC").str.replace_all(NO_WORDS, " ")
    return texts.with_columns(words=words).with_columns(n_letters=pl.col("words").str.count_matches(r"\p{L}"))


def _by_script(texts: pl.DataFrame) -> pl.DataFrame:
    """Name the texts whose script says their language: `words`, `language`, `confidence`."""
    every = "".join(
        rf"\p{{{script}}}" for script in (*SCRIPTS.values(), "Han", "Hiragana", "Katakana", "Hangul")
    )
    counted = (
        texts.filter(pl.col("words").str.contains(f"[{every}]"))
        .select("words", "n_letters")
        .unique()
        .with_columns(
            *(_count(rf"[\p{{{script}}}&&\p{{L}}]", language) for language, script in SCRIPTS.items()),
            _count(HAN, "han"),
            _count(KANA, "kana"),
            _count(HANGUL, "hangul"),
        )
        .with_columns(n_cjk=pl.sum_horizontal("han", "kana", "hangul"))
    )
    n_most = pl.max_horizontal(*SCRIPTS)
    weight = pl.when(pl.col("n_cjk") > 0).then(_CJK_WEIGHT * pl.col("n_cjk")).otherwise(n_most)
    n_own = pl.when(pl.col("n_cjk") > 0).then("n_cjk").otherwise(n_most)
    share = weight / (weight + pl.col("n_letters") - n_own)
    return counted.filter(share >= _SCRIPT_SHARE).select(
        "words",
        language=pl.when(pl.col("n_cjk") > 0).then(_cjk()).otherwise(_alphabet(n_most)),
        confidence=share * _certainty(n_own, _SCRIPT_LETTERS),
    )


def _count(pattern: str, name: str) -> pl.Expr:
    return pl.col("words").str.count_matches(pattern).cast(pl.Int64).alias(name)


def _cjk() -> pl.Expr:
    """Korean has Hangul beside its Chinese characters, Japanese has kana, Chinese has neither."""
    han, kana, hangul = pl.col("han"), pl.col("kana"), pl.col("hangul")
    # Shares, not presence: a Chinese page may quote a Japanese name, a Japanese one a Korean song.
    return (
        pl.when(hangul > kana + 0.1 * han)
        .then(pl.lit("ko"))
        .when(kana > 0.05 * pl.col("n_cjk"))
        .then(pl.lit("ja"))
        .otherwise(pl.lit("zh"))
    )


def _alphabet(n_most: pl.Expr) -> pl.Expr:
    """Name the language of the script with the most letters."""
    owner = pl.coalesce(pl.when(pl.col(language) == n_most).then(pl.lit(language)) for language in SCRIPTS)
    for language, (letters, smaller) in OWN_LETTERS.items():
        is_smaller = (owner == language) & pl.col("words").str.contains(letters)
        owner = pl.when(is_smaller).then(pl.lit(smaller)).otherwise(owner)
    return owner


def _by_detector(texts: pl.DataFrame, detect: Detector) -> pl.DataFrame:
    """Name texts by the detector: `words`, `language`, `confidence`; null where it finds no feature."""
    answers = detect(texts["words"].to_list()) if len(texts) else []
    found = pl.DataFrame(
        [answer or (None, None) for answer in answers],
        {"language": pl.String, "probability": pl.Float64},
        orient="row",
    )
    return texts.hstack(found).select(
        "words",
        # The detector's zh-cn and zh-tw are guesses at a country: the script is one.
        pl.col("language").str.replace(r"-.*", ""),
        confidence=pl.col("probability") * _certainty(pl.col("n_letters"), _DETECTOR_LETTERS),
    )


def _certainty(n_letters: pl.Expr, half_at: int) -> pl.Expr:
    """Return 1/2 at `half_at` letters, 1 in the limit."""
    return n_letters / (n_letters + half_at)


def detector() -> Detector:
    """Return the faster of the two engines that is installed; their answers are the same."""
    return detect_fast if langdetect_rs else detect_plain


def detect_fast(texts: Sequence[str]) -> list[Answer]:
    """Ask langdetect_rs, which runs on all cores (RAYON_NUM_THREADS)."""
    # The factory takes its seed from the class, and each process has its own.
    langdetect_rs.DetectorFactory.seed = SEED
    return [_first(found) for found in langdetect_rs.detect_langs_batch(texts)]


def detect_plain(texts: Sequence[str]) -> list[Answer]:
    """Ask langdetect itself."""
    return [_first(_detect_one(text)) for text in texts]


def _first(found: Sequence | None) -> Answer:
    # The order of two languages that differ in the last bits depends on the machine: their names decide.
    ranked = sorted((-round(one.prob, 9), one.lang) for one in found or ())
    return (ranked[0][1], -ranked[0][0]) if ranked else None


def _detect_one(text: str) -> Sequence | None:
    reader = _langdetect_factory().create()
    reader.append(text)
    try:
        return reader.get_probabilities()
    except LangDetectException:  # its one reason here: "No features in text."
        return None


@cache
def _langdetect_factory() -> DetectorFactory:
    """Load langdetect's profiles in the order of their names, whatever the file system says."""
    factory = DetectorFactory()
    profiles = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if not path.name.startswith("."))
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles])
    factory.set_seed(SEED)
    return factory
