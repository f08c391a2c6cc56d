# ruff: noqa
"""Date words until `pipeline.calendar` has them: a few languages, by Babel where it is installed."""

import re


def _months():
    try:
        from babel import Locale
    except ImportError:
        return ["january"]
    out = set()
    for l in [
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "pl",
        "ru",
        "uk",
        "cs",
        "sk",
        "hu",
        "ro",
        "bg",
        "el",
        "tr",
        "sv",
        "da",
        "nb",
        "fi",
        "ar",
        "fa",
        "he",
        "hi",
        "id",
        "vi",
        "ja",
        "ko",
        "zh",
        "th",
        "ca",
        "hr",
        "sr",
        "sl",
        "lt",
        "lv",
        "et",
    ]:
        loc = Locale.parse(l)
        for ctx in ("format", "stand-alone"):
            for w in ("wide", "abbreviated"):
                for v in loc.months[ctx][w].values():
                    if len(v) >= 3 and not v.isdigit() and re.fullmatch(r"[^\W\d_][\w.'’]*", v):
                        out.add(v.rstrip(".").lower())
    return sorted(out, key=lambda w: (-len(w), w))


M = "(?i:" + "|".join(map(re.escape, _months())) + r")\b\.?"
CLOCK_ = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?(?i:[ap]\.?m\b\.?))?"
CLOCK = r"\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?(?i:[ap]\.?m\b\.?))?"
DAY = (
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?(?:\s+(?:de|of|d'))?\s+{M}(?:,?\s+(?:de\s+|del\s+)?\d{{4}})?"
    rf"|{M}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,\s+\d{{4}}|\s+\d{{4}})?|{M},?\s+\d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年\s?\d{1,2}月\s?\d{1,2}日|\d{1,2}月\s?\d{1,2}日|\d{4}년\s?\d{1,2}월\s?\d{1,2}일)"
)
DATE = rf"{DAY}(?:,?\s+(?:(?:at|um|à|a las|в|kl\.?|alle|às|о|, )\s*)?{CLOCK_})?"
AGE = (
    r"\b(?:\d+\s?(?:s|m|h|d|w|mo|y|min|hr)\b|\d+\s(?:second|minute|min|hour|day|week|month|year)s?\sago|an? (?:hour|day|minute|week|month|year) ago|(?i:yesterday|just now))"
    r"|(?i:vor|hace|il y a|há|for)\s\d+\s\w+|\d+\s(?:fa|geleden|temu|önce|sedan|назад|전)\b|\d+\s\w+\s(?:fa|geleden|temu|önce|sedan|siden|назад)\b|\d+(?:分|時間|日|小时|分钟|天|개월|일|시간|분)\s?(?:前|전)"
)

ANY_DAY = (
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s[^\W\d_]{3,12}\.?,?\s\d{4}"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2},?\s\d{4}|\d{4}[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일])"
)
