"""What a line looks like, whatever its words: dates, times, numbers and names become signs.

Three shapes of a short line, from the closest to the widest:

    exact   39 points · 6 years ago   →   N points · A          what varies between records is a sign, words stay
    common  by Ada on 3 May           →   by W on D             only words that several short lines share stay
    bare    by Ada on 3 May           →   W D                   no word stays

A shape is a string in which signs are characters of Unicode's private use area, so that a pattern is written from it
character by character.
"""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from pipeline.calendar.words import DIGITS
from pipeline.grammar import among
from pipeline.induce.dates import (
    KINDS,
    age_pattern,
    date_pattern,
    date_words,
    spoken_pattern,
    time_pattern,
    words_in,
)

DATE_SIGN, AGE_SIGN, TIME_SIGN, HANDLE_SIGN, LINK_SIGN, NUMBER_SIGN, WORDS_SIGN = map(
    chr, range(0xE000, 0xE007)
)
SIGNS = f"{DATE_SIGN}-{WORDS_SIGN}"
WHEN = DATE_SIGN + AGE_SIGN + TIME_SIGN
WHEN_SIGNS = frozenset(WHEN)
DAYS = DATE_SIGN + AGE_SIGN
BEFORE = {DATE_SIGN: "before_date", AGE_SIGN: "before_age", TIME_SIGN: "before_time", DAYS: "before_day"}
COUNTED, SPOKEN = "counted", "spoken"

# Of a place in the web, a mailbox, a machine; a version is numbered like a machine, and neither is a date.
LINK = r"(?i:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\b\d+(?:\.\d+){3,}"
HANDLE = r"@[\w][\w.-]*(?:@[\w-]+(?:\.[\w-]+)+)?"
STARS = "★☆⭐✩✪✭✮"  # drawn, they are as many as they are: one number or another
NUMBER = rf"(?:(?:^[+−–-])?\d+(?:[.,]\d+)*(?:[kKM]\b)?|[{STARS}]+½?)"
RULED = "=-_~*#.─—"  # characters of which a line across the page is drawn, however long it is
BULLETS, ITEM = "*+o-", "* "  # what a renderer sets before items, by how many lists they are in; in a shape
MAY_BE_SIGN = rf"[\d@{STARS}]|(?i:://|www\.)"  # in every line with a link, a handle, a number, and so a date


def sign_patterns(words_of: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Write what each sign stands for, in the order of reading, with these date words by kind (see `date_words`).

    Beside them, what ages are but in the lines of SPOKEN, where they may be told without a number or an "ago".
    """
    months, joined, phrases, words, weekdays, spans, halves = (sorted(words_of[kind]) for kind in KINDS)
    return {
        LINK_SIGN: LINK,
        DATE_SIGN: date_pattern(months, joined, weekdays),
        COUNTED: age_pattern(phrases),
        SPOKEN: spoken_pattern(words, spans),
        AGE_SIGN: age_pattern(phrases, words, spans),
        TIME_SIGN: time_pattern(halves),
        HANDLE_SIGN: HANDLE,
        NUMBER_SIGN: NUMBER,
    }


def signs_of(told: pl.DataFrame) -> dict[str, str]:
    """Write what each sign stands for in some lines, of which `date_words` told these."""
    return sign_patterns({kind: told.filter(kind=kind)["word"].unique() for kind in KINDS})


def signs_of_lines(lines: pl.DataFrame) -> dict[str, str]:
    """Write what each sign stands for in some lines that `describe_lines` described."""
    told = lines.select(KINDS).drop_nulls()
    return sign_patterns({kind: {word for words in told[kind].to_list() for word in words} for kind in KINDS})


SHORT = 120  # code units of a line below which it may be of a record's frame; a wide character is two
OPENING = 80  # characters of a longer line in which a date is looked for: a name may stand before it
LINE_OF_PROSE, SHORT_SENTENCE = (
    80,
    32,
)  # of a line from which on it is prose; of one that ends as a sentence does
LISTED = 3  # separators in a line
# Of each line, true or false.
SAID = ("has_when", "is_count", "is_number", "has_handle", "is_link", "opens_dated")
SENTENCE_END = r"[.!?…⋯。！？｡؟۔।॥։።፧။།༎។៕]['\"”’»」』）)\]]*$"
# Thai and Lao have no stops, and few spaces: a line so long with a word so long in it is a sentence, and no menu.
UNSTOPPED = r"[\u0e00-\u0eff]{16}[^A-Za-z|·•]{20,}$|[^A-Za-z|·•]{20,}[\u0e00-\u0eff]{16}[^A-Za-z|·•]*$"
# Of a line that is no title.
NO_TITLE = rf"[.。．:：;；,，、،؛…।॥۔።։။།]\s*$|{UNSTOPPED}"
# An initial, or "Ltd."; a unit, "3 Std."; and in Thai a full stop shortens and ends nothing.
INITIAL_LAST = (
    r"^\p{Lu}\S*(?: \S+){0,2} \p{Lu}\.$|^(?:\p{Lu}\S* ){1,3}\p{Lu}\p{L}{0,3}\.$"
    r"|^\d{1,3}\s?\p{L}{1,5}\.$|[\p{Thai}\p{Lao}]\.$"
)
BULLET = r"[*+•·‣◦o-]\s+"  # as browsers draw lists within lists
NUMBERED = r"\d+\.\s+"  # before items too; in a shape it is as ITEM
WIDE = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
# Of scripts that set no space between words, so many characters on end are one more word than their first.
MORE_WORDS = r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]{9}|[\p{Han}\p{Hiragana}\p{Katakana}ー]{5}"
WORD = rf"[^\s{SIGNS}\pP\pS]+"
COMMON = 3  # short lines that must share a word for it to be the site's
# Where a line says how many records there are, "20 comments", "(20)"; and of how many words it is at most.
PROMISES = {
    "promised_first": r"^(\d+)(?:\s+[^\W\d_]{4,}|\s?[件条個个])",
    "promised_last": r"\((\d+)\)$",
    "promised_on": r"^(\d+)\s+[^\W\d_]{4,}(?:\s+[^\W\d_]{1,4})?\s*[“„«‘\"].*[”“»’\"]$",
}
MOST_OF_PROMISE = (
    4  # words; but of any number where it ends with a title in quotation marks: '20 comments on "Looms"'
)


def signs_in(*languages: str) -> dict[str, str]:
    """Write what each sign stands for in some languages, with all their words for dates."""
    return sign_patterns(words_in(languages))


def dated_pattern(patterns: Mapping[str, str], signs: str = WHEN) -> str:
    """Write the pattern of what a line holds that tells when, in one of these ways."""
    ways = {DATE_SIGN: (DATE_SIGN,), AGE_SIGN: (COUNTED, SPOKEN), TIME_SIGN: (TIME_SIGN,)}
    return "|".join(patterns[way] for sign in signs for way in ways[sign])


def squeezed() -> pl.Expr:
    """Write a line with single blanks: a row of a table has as many as its widest cells ask for."""
    return pl.col("text").str.replace_all(r"  +", " ")


def weight() -> pl.Expr:
    """Weigh a line: its code points, wide ones twice, and blanks next to each other once."""
    return (squeezed().str.len_chars() + pl.col("text").str.count_matches(WIDE)).cast(pl.Int64)


def n_words() -> pl.Expr:
    """Count the words: what stands between spaces, or as many as scripts without them have room for."""
    text = pl.col("text").str
    return text.count_matches(r"\S+") + text.count_matches(MORE_WORDS)


def ends_sentence() -> pl.Expr:
    """Say whether a line ends as a sentence does, and not as a name with an initial."""
    text = pl.col("text").str
    return text.contains(UNSTOPPED) | (text.contains(SENTENCE_END) & ~text.contains(INITIAL_LAST))


def is_prose() -> pl.Expr:
    """Say whether a line is of a text: long, or a sentence, and no list of links in one line."""
    is_listed = pl.col("text").str.count_matches(r"\s[|·•»›/–-]\s") >= LISTED
    return ((weight() >= LINE_OF_PROSE) | (ends_sentence() & (weight() >= SHORT_SENTENCE))) & ~is_listed


def is_field() -> pl.Expr:
    """Say whether a line names a handle or an address, or begins with a key and a colon: it is no title."""
    text = pl.col("text").str
    return text.contains(r"^\S+:") | among(text.contains(MAY_BE_SIGN), rf"(?:^|[^\w.+-]){HANDLE}|{LINK}")


def describe_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Add to a table of lines what is told of each.

    Returns:
        The lines with `weight` (code points, wide ones twice), `is_short`, `is_prose`, `ends_sentence`, `n_words`,
        and the numbers of its shapes `exact`, `common` and `bare` (-1 for a line that is not short), with the shapes
        themselves in `exact_shape`, `common_shape`, `bare_shape`; what is SAID of it; what stands before a date,
        an age or a time (see BEFORE); what it promises (see PROMISES); its date words by kind (see `date_words`), of a
        line that is not short those of its OPENING: null for none; whether that `opens_dated`, with a day or an age;
        and whether it `ends_no_title`.
    """
    weighed = lines.with_columns(
        weight=weight(),
        is_short=weight() <= SHORT,
        ends_sentence=ends_sentence(),
        n_words=n_words().cast(pl.Int64),
        is_prose=is_prose(),
        is_field=is_field(),
        ends_no_title=pl.col("text").str.contains(NO_TITLE),
    ).with_row_index("row")
    opening = pl.when("is_short").then(squeezed()).otherwise(pl.col("text").str.slice(0, OPENING))
    read = weighed.select("row", "doc", opening, "n_words")
    told, short = date_words(read["text"]), read.filter(weighed["is_short"])
    patterns = signs_of(told.filter(weighed["is_short"].gather(told["row"])))
    shapes = short.with_columns(exact_shape=_signed(short["text"], patterns)).pipe(_add_common)
    shapes = shapes.with_columns(
        bare_shape=_bare(pl.col("exact_shape")),
        lead_shape=_lead(pl.col("exact_shape")),
        has_when=pl.col("exact_shape").str.contains(f"[{WHEN}]"),
        is_count=_is_count(pl.col("common_shape")),
        is_link=pl.col("exact_shape") == LINK_SIGN,
        has_handle=pl.col("exact_shape").str.contains(HANDLE_SIGN, literal=True),
    ).with_columns(is_number=pl.col("bare_shape") == NUMBER_SIGN)
    described = weighed.join(
        shapes.drop("doc", "text", "n_words"), on="row", how="left", maintain_order="left"
    )
    of_long = _opened(read.filter(~weighed["is_short"]), told)
    for more in (_befores(shapes, patterns), _promises(shapes), _listed(told), of_long):
        described = described.join(more, on="row", how="left", maintain_order="left")
    numbers = [
        pl.col(f"{level}_shape").rank("dense").cast(pl.Int64).fill_null(0).sub(1).alias(level)
        for level in LEVELS
    ]
    times = pl.len().over("doc", "exact")
    return (
        described.with_columns(numbers)
        .with_columns(
            is_own=(pl.col("exact") < 0) | (times < COMMON),
            when=pl.col("exact_shape")
            .str.extract(f"([{WHEN}])")
            .replace_strict(list(WHEN), range(len(WHEN)), default=-1),
            **{name: pl.col(name).fill_null(value=False) for name in SAID},
        )
        .drop("row")
    )


def _is_count(shape: pl.Expr) -> pl.Expr:
    """Say whether a line begins with a number, has more of them than words of its own, and no date."""
    n_numbers, n_words = (shape.str.count_matches(sign, literal=True) for sign in (NUMBER_SIGN, WORDS_SIGN))
    is_more = (n_numbers > n_words) & ~shape.str.contains(f"[{WHEN}]")
    return shape.str.starts_with(NUMBER_SIGN) & is_more


def _befores(short: pl.DataFrame, patterns: Mapping[str, str]) -> pl.DataFrame:
    """Give what stands in a line before the first date, age or time that it holds."""
    dated = short.filter("has_when")
    text = pl.col("text").str
    return dated.select(
        "row",
        **{
            name: text.extract(rf"^(.*?)(?:{dated_pattern(patterns, signs)})")
            for signs, name in BEFORE.items()
        },
    )


def _listed(told: pl.DataFrame) -> pl.DataFrame:
    """List the date words of each line, by kind."""
    return told.group_by("row").agg(**{kind: pl.col("word").filter(kind=kind) for kind in KINDS})


def _opened(openings: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Say which openings with a number say when, by the date words told of them."""
    openings = openings.filter(pl.col("text").str.contains(r"\d"))
    patterns = signs_of(told.join(openings, on="row", how="semi"))
    return openings.select("row", opens_dated=pl.col("text").str.contains(dated_pattern(patterns, DAYS)))


def _promises(short: pl.DataFrame) -> pl.DataFrame:
    """Give the numbers that may promise records."""
    is_brief = (pl.col("n_words") <= MOST_OF_PROMISE) | pl.col("text").str.contains(PROMISES["promised_on"])
    brief = short.filter(is_brief & ~pl.col("has_when"))
    told = {name: pl.col("text").str.extract(pattern) for name, pattern in PROMISES.items()}
    numbers = pl.col(*PROMISES).str.normalize("NFKC").str.replace_many(DIGITS).cast(pl.Int64, strict=False)
    found = brief.select("row", **told).with_columns(numbers.replace(0, None))
    return found.filter(pl.any_horizontal(pl.col(*PROMISES).is_not_null()))


LEVELS = ("exact", "common", "bare", "lead")


def _signed(texts: pl.Series, patterns: Mapping[str, str]) -> pl.Series:
    """Put signs for what some lines say; most hold no number and no link, and are asked for spoken days alone.

    Behind a name that a date is joined to stands a space.
    """
    ruled = texts.str.contains(f"^(?:{'|'.join(rf'{re.escape(char)}{{4,}}' for char in RULED)})$").arg_true()
    texts = texts.clone().scatter(ruled, texts.gather(ruled).str.slice(0, 3))
    texts = texts.str.replace(f"^[{BULLETS}] ", ITEM)
    rows = texts.str.contains(MAY_BE_SIGN).arg_true()
    some = texts.gather(rows).str.replace_all(rf"(^|[^\w.+-]){HANDLE}", f"${{1}}{HANDLE_SIGN}")
    for sign in (LINK_SIGN, DATE_SIGN):
        some = some.str.replace_all(patterns[sign], sign)
    some = some.str.replace_all(rf"([^\W_]){DATE_SIGN}", f"${{1}} {DATE_SIGN}")
    texts = texts.scatter(rows, some)
    spoken = texts.str.contains(patterns[SPOKEN])
    counted = rows.filter(~spoken.gather(rows))
    for asked, pattern in ((counted, patterns[COUNTED]), (spoken.arg_true(), patterns[AGE_SIGN])):
        texts = texts.scatter(asked, texts.gather(asked).str.replace_all(pattern, AGE_SIGN))
    some = texts.gather(rows)
    for sign in (TIME_SIGN, HANDLE_SIGN, NUMBER_SIGN):
        some = some.str.replace_all(patterns[sign], sign)
    return texts.scatter(rows, some.str.replace(rf"^{NUMBER_SIGN}\. ", ITEM))


def _bare(shape: pl.Expr) -> pl.Expr:
    """Leave no word: a name with digits in it, such as "ada_77", is one too, and one half hidden, such as "ada***"."""
    name = rf"_*{WORD}(?:_*{NUMBER_SIGN}{WORD}|_+{WORD})*(?:_*{NUMBER_SIGN})?[_*]*"
    return shape.str.replace_all(rf"{name}(?:[\s'’.-]+{name})*", WORDS_SIGN)


def _lead(shape: pl.Expr) -> pl.Expr:
    """Keep the first word of a line, where more follows."""
    first = shape.str.extract(rf"^([^\s{SIGNS}]+) \S")
    return pl.when(first.is_not_null()).then(first + f" {WORDS_SIGN}")


def _add_common(short: pl.DataFrame) -> pl.DataFrame:
    """Add `common_shape`, in which words that fewer than COMMON short lines of the document have are a sign."""
    words = short.select("row", "doc", word=pl.col("exact_shape").str.split(" ")).explode("word")
    counts = words.unique(["row", "word"]).group_by("doc", "word").agg(n=pl.len())
    told = words.join(counts, on=["doc", "word"], how="left", maintain_order="left", nulls_equal=True)
    kept = (pl.col("n") >= COMMON) | ~pl.col("word").str.contains(WORD)
    told = told.with_columns(word=pl.when(kept).then("word").otherwise(pl.lit(WORDS_SIGN)))
    joined = told.group_by("row", maintain_order=True).agg(common_shape=pl.col("word").str.join(" "))
    squeezed = joined.with_columns(
        pl.col("common_shape").str.replace_all(rf"{WORDS_SIGN}(?: {WORDS_SIGN})+", WORDS_SIGN)
    )
    return short.join(squeezed, on="row", how="left", maintain_order="left")


def pattern_of(shape: str, patterns: Mapping[str, str], groups: Mapping[int, str] | None = None) -> str:
    """Write the pattern of the lines of a shape.

    Args:
        shape: as `describe_lines` tells it.
        patterns: what its signs stand for (see `sign_patterns`).
        groups: the field that a sign holds, by its place in the shape.
    """
    if re.fullmatch(rf"([{re.escape(RULED)}])\1{{2}}", shape):
        return f"^{re.escape(shape[0])}{{3,}}$"
    signs = {**patterns, WORDS_SIGN: r"\S(?:.*?\S)?"}
    named = {place: f"?P<{group}>" for place, group in (groups or {}).items()}
    spaces = {
        place: r"\s*" if shape[place + 1 : place + 2] == DATE_SIGN else r"\s+"  # see `_signed`
        for place, char in enumerate(shape)
        if char == " "
    }
    written = [
        f"({named.get(place, '?:')}{signs[char]})" if char in signs else spaces.get(place, re.escape(char))
        for place, char in enumerate(shape)
    ]
    bullet = f"(?:{BULLET}|{NUMBERED})" if shape.startswith(ITEM) else ""
    return f"^{bullet}" + "".join(written[len(ITEM) :] if bullet else written) + "$"
