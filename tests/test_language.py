"""Language: gold accuracy, the two engines against each other, and answers that depend on the text alone."""

import unicodedata
from pathlib import Path

import polars as pl
import pytest

from pipeline import language
from pipeline.language import detectors

GOLD = Path(__file__).parent / "gold" / "langid.jsonl"
needs_fast = pytest.mark.skipif(
    detectors.langdetect_rs is None,
    reason="langdetect_rs, the optional engine, is not installed",
)


@pytest.fixture(scope="module")
def gold() -> pl.DataFrame:
    return pl.read_ndjson(GOLD).rename({"language": "expected"})


def tag(*texts: str | None, **options) -> list[tuple[str, float | None]]:
    frame = pl.DataFrame({"text": texts}, {"text": pl.String})
    return language.tag(frame, **options).select("language", "language_confidence").rows()


def names(*texts: str | None) -> list[str]:
    return [name for name, _ in tag(*texts)]


# Measured on langid.jsonl, rounded down: `careful`, `quick`, and plain langdetect with seed 0.
FLOORS = {
    "single-words": (0.80, 0.80, 0.548),
    "word-pairs": (0.93, 0.93, 0.666),
    "tweets": (0.997, 0.999, 0.941),
    "udhr": (0.991, 0.869, 0.980),
    "paras": (0.90, 0.875, 0.830),
}


def right(gold: pl.DataFrame, detect: detectors.Detector, *by: str) -> dict:
    tagged = language.tag(gold, detect).with_columns(is_right=pl.col("language") == pl.col("expected"))
    return {
        tuple(row[:-1]): row[-1] for row in tagged.group_by(by).agg(pl.col("is_right").mean()).iter_rows()
    }


@needs_fast
def test_no_set_is_named_worse_than_by_langdetect(gold):
    shares = right(gold, language.careful, "set")
    assert {name for (name,) in shares} == FLOORS.keys()
    for (name,), share in shares.items():
        assert share >= max(FLOORS[name][0], FLOORS[name][2]), (name, share)


def test_the_quick_way_is_worse_only_where_eldc_knows_the_language_not(gold):
    known = gold.filter(~pl.col("expected").is_in(list(detectors.KIN)))
    quick, careful = (right(known, detect, "set") for detect in (language.quick, language.careful))
    for (name,), share in right(gold, language.quick, "set").items():
        assert share >= FLOORS[name][1], (name, share)
        assert quick[name,] >= careful[name,] - 0.02, name


def test_languages_that_only_langdetect_knows_are_told_in_sentences(gold):
    sentences = gold.filter(pl.col("set") == "udhr", pl.col("expected").is_in(list(detectors.KIN)))
    for (name,), share in right(sentences, language.careful, "expected").items():
        assert share >= 0.85, (name, share)


def test_chinese_japanese_and_korean_are_told(gold):
    # Five of the labelled texts in these languages are English: file names, options, licences.
    native = gold.filter(
        pl.col("expected").is_in(["zh", "ja", "ko"]),
        pl.col("text").str.count_matches(r"[\p{Han}\p{Hangul}]|\p{Hiragana}|\p{Katakana}") > 3,
    )
    for (name,), share in right(native, language.careful, "expected").items():
        assert share >= 0.99, (name, share)


@needs_fast
def test_confidence_is_the_share_of_right_answers(gold):
    bins = (
        language.tag(gold)
        .filter(pl.col("language") != "und")
        .group_by((pl.col("language_confidence") * 10).floor().alias("tenth"))
        .agg(
            pl.len(),
            right=(pl.col("language") == pl.col("expected")).mean(),
            said=pl.col("language_confidence").mean(),
        )
        .filter(pl.col("len") >= 100)
    )
    assert bins.height >= 5
    assert bins.select((pl.col("right") - pl.col("said")).abs().max()).item() < 0.15
    rough = pl.col("right") - pl.col("said")
    assert bins.select((rough.abs() * pl.col("len")).sum() / pl.col("len").sum()).item() < 0.03


@needs_fast
def test_both_engines_give_the_same_answers(gold):
    sample = gold.gather_every(53).select("text")
    assert sample.height > 100
    fast = detectors.asked_fast(sample["text"].to_list())
    plain = detectors.asked_plain(sample["text"].to_list())
    assert [answer and answer[0] for answer in fast] == [answer and answer[0] for answer in plain]
    assert [answer and round(answer[1], 6) for answer in fast] == [
        answer and round(answer[1], 6) for answer in plain
    ]


def test_the_engines_agree_on_what_has_no_features():
    assert detectors.asked_plain(["123 ... !!!", ""]) == [None, None]
    assert detectors.asked(["123 ... !!!", ""]) == [None, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("织机织花，引擎织代数。", "zh"),
        ("織機織花，引擎織代數，人皆可學。", "zh"),
        ("机は花を織り、機関は代数を織る。", "ja"),
        ("カタカナダケ", "ja"),
        ("베틀은 꽃을 짜고 기관은 대수를 짠다.", "ko"),
        ("국한문혼용체로 大韓民國 憲法을 쓰다", "ko"),
        ("华为发布了 Ascend 910C 芯片，与 Nvidia H20 竞争，价格更低。", "zh"),
        ("Huawei Ascend 910C, Nvidia H20：价格更低，性能更好，供应更稳。", "zh"),
        ("他说「の」这个字在日文里很常见，中文里却没有，招牌上写它只是为了好看而已，别无深意。", "zh"),
        ("机は花を織り、機関は代数を織る。韓国語では꽃と書く。", "ja"),
        ("The word λόγος means reason, and nothing else.", "en"),
        ("Οι αργαλειοί υφαίνουν λουλούδια.", "el"),
        ("Ջուլհակները ծաղիկներ են հյուսում։", "hy"),
        ("ქსოვენ ყვავილებს და ალგებრას.", "ka"),
        ("เครื่องทอผ้าทอดอกไม้", "th"),
        ("তাঁত ফুল বোনে, যন্ত্র বীজগণিত বোনে।", "bn"),
        ("তাঁতে ফুল বয়, ইঞ্জিনে বীজগণিত বয়, মানুহৰ কাম।", "as"),
        ("The looms weave flowers and the engines weave algebra all day long.", "en"),
        ("Vævene væver blomster, og maskinerne væver algebra hele dagen.", "da"),
        ("The Greek letter κ stands for the curvature of the loom in this paper.", "en"),
        ("In this film the word 花 means flower, and nothing else is said in Chinese at all.", "en"),
    ],
)
def test_scripts_and_letters(text, expected):
    assert names(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "   ", "123 456", "1) 2) 3)", "🎉🎉🎉", "—", "gm", "ok", "yes", "Yeah."),
        *("https://example.org/the/looms/weave/flowers", "reuters.com/article/us-usa…", "www.example.org"),
        *("@ada @charles", "#looms", "ada.lovelace@example.org", "npub1yy3u8kawc"),
        "a" * 5000,
    ],
)
def test_what_has_no_language_is_not_guessed(text):
    assert tag(text) == [("und", None)]


@pytest.mark.parametrize("detect", [language.careful, language.quick])
def test_what_no_detector_knows_is_undetermined(detect):
    # Runes, Cherokee, Deseret and noise: letters enough, and hardly an answer.
    for text in ("ᚠᛇᚻᛒᛦᚦᚠᚱᚩᚠᚢᚱ", "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ", "𐐔𐐯𐑅𐐨𐑉𐐯𐐻", "qqqqq xxxxx zzzzz"):
        for name, confidence in tag(text, detect=detect):
            assert name is not None, text
            assert (name == "und") == (confidence is None), text


def test_addresses_handles_and_tags_do_not_vote():
    links = "https://example.org/these/words/are/english/and/there/are/many/of/them @flowers #engines "
    assert names(links * 4 + "Vævene væver blomster, og maskinerne væver algebra.") == ["da"]


def test_a_long_text_is_not_named_by_the_quotation_at_its_head():
    german = "Die Webstühle weben Blumen und die Maschinen weben den ganzen Tag lang Algebra. "
    english = "The looms weave flowers and the engines weave algebra. "
    assert names(english * 7 + german * 40) == ["de"]


def test_decomposed_unicode_has_the_same_language():
    text = "Vævene væver blomster på hylden, og maskinerne gør ål til algebra. Là où l’été a été."
    assert tag(unicodedata.normalize("NFD", text)) == tag(text)


def test_the_confidence_has_four_digits():
    answer = pl.DataFrame({"language": ["xx"], "confidence": [0.98765432]})
    assert tag("织 and twelve more", detect=lambda _: answer) == [("xx", pytest.approx(0.9877, abs=1e-7))]


def test_answers_do_not_depend_on_batch_or_order(gold):
    sample = gold.gather_every(97).select("text")
    whole = language.tag(sample)
    assert language.tag(sample.reverse()).reverse().equals(whole)
    assert pl.concat(language.tag(part) for part in sample.iter_slices(7)).equals(whole)
    assert language.tag(pl.concat([sample, sample])).equals(pl.concat([whole, whole]))
    assert language.tag(whole).equals(whole)


def test_columns_and_types_do_not_depend_on_the_rows():
    empty = language.tag(pl.DataFrame(schema={"text": pl.String, "other": pl.Int8}))
    assert dict(empty.schema) == {
        "text": pl.String,
        "other": pl.Int8,
        "language": pl.String,
        "language_confidence": pl.Float32,
    }
    assert language.tag(pl.DataFrame({"text": ["123"]}))["language_confidence"].dtype == pl.Float32


def test_a_short_line_in_an_odd_language_is_left_undetermined():
    record = {"document_id": "d", "byte_start": 0, "language": "en"}
    records = pl.DataFrame([record])
    segments = pl.DataFrame(
        {
            "document_id": ["d"] * 4,
            "record_start": [0] * 4,
            "text": ["Ja.", "Looms", "Vævene væver blomster, og maskinerne væver algebra.", "123"],
            "language": ["en", "nl", "da", "und"],
            "language_confidence": [0.5, 0.6, 0.95, None],
        }
    )
    deferred = language.defer(segments, records)
    assert deferred["language"].to_list() == ["en", "und", "da", "und"]
    assert deferred["language_confidence"].to_list() == [0.5, None, 0.95, None]
