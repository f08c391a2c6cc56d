"""Versions named one after another: the lines by which a project's releases are told, in any language.

A number with points is a version where it takes its place in a sequence: lines spelled alike, each
a step from the one before.
"""

from collections.abc import Sequence

import polars as pl
from polars import col

from pipeline.grammar import either

# A line that names a version -------------------------------------------------------------------------

MONTH = r"[^\s\d]{3,14}"
CJK = either(r"\d{4} ?[年년] ?\d{1,2} ?[月월](?: ?\d{1,2} ?[日일])?")
DAY = rf"\d{{1,2}}[a-z.]{{0,2}}[ -](?:of |de )?{MONTH}[ -](?:de )?\d{{4}}"
NUMBER_DAY = r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}"
CLOCK = r"(?:[T ]+\d{1,2}:\d\d[\d:.Z+-]{0,12}(?: [+-]\d{4})?)?"
WEEKDAY = r"(?:[^\s\da-z][^\s\d]{1,2}\.?,? |[^\s\d]{4,14}, )"
DATE = rf"(?:(?:{NUMBER_DAY}|{CJK}|{WEEKDAY}?(?:{DAY}|{MONTH} +(?:\d{{1,2}}[a-z]{{0,2}},? )?\d{{4}})){CLOCK})"
LEAD = r"(?:[*+o•◦·-] +|[#=]{1,6} *|§ *)?[\[({<`*_]{0,3}"  # a bullet or a heading's sign, a bracket
NAME = r"(?:[^\s\d.,;:!?()\[\]<>\"][^\s.,;:!?()\[\]<>\"]{0,24} +){0,4}(?:[^\s\d\W][^\s./]{0,30}[-_/])?"
NUMBERS = r"(?:\d:)?\d{1,4}(?:\.\d{1,8})+"  # after Debian's epoch
VERSION = rf"[vVrR]?{NUMBERS}[-.~+_a-zA-Z0-9]{{0,30}}"  # with its stage: "rc1", "-beta.2", "+deb12u1"
TITLE = rf"(?P<title>{NAME}(?:\({VERSION}\)|{VERSION}))[\])}}>\"'`*_]{{0,3}}(?:\(\S*\)|\[\S*\])?"
SAID = rf"(?:[ \])]*[:;,/–—(\[=-]+ *| +)(?:\S{{1,20}} +){{0,3}}?\(?(?P<published_raw>{DATE}).{{0,40}}"
MORE = r"(?:[ \])]*[:¶#;,/–—(\[=-]+(?: *.{1,80})?| +\S{1,20}(?: +\S{1,20}){0,2})"
RELEASE = rf"^{LEAD}{TITLE}(?:{SAID}|{MORE})?$"
DATED = rf"^{LEAD}(?P<published_raw>{DATE})(?: *[:–—-] *| +){TITLE}{MORE}?$"
SPELLED = rf"^({LEAD})(?:{DATE}(?: *[:–—-] *| +))?({NAME})\(?([vVrR]?)({NUMBERS}[-.~+_a-zA-Z0-9]{{0,30}})"

# Which of them are a project's releases --------------------------------------------------------------

LEAST = 3  # releases
NUMBERED = r"\d\.\d"
EXACT = r"\d\.\d+[.-]\d"
SIGN = r"([*+o•◦·=#§-])"
A_DAY = r"^\D*(?:\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|\d\d\.\d\d\.\d\d|(?:19|20)\d\d\.\d{1,2}\.\d{1,2}\.)(?:\D|$)"
ORDERLY = 0.6  # of the steps are near and in one direction: branches of a project take turns
DEEP = 8  # numbers of a version are compared
NEAR = 9  # a step within a major version changes the minor one by no more; or the major one changes by one
LISTED = 0.3  # of the releases stand right below another at most: a list of versions has no notes


HEAD = 8  # lines at most from the one that names a release to its title, which names it again

SEQUENCE = ("doc", "indent", "sign", "name")  # what the lines that name a page's releases share
BEGUN, TITLED = 1, 2


def _told(columns: Sequence[pl.Series]) -> pl.Series:
    """Say of the lines of the table `doc`, `indent`, `text` which name a release (BEGUN), and which again (TITLED).

    Those of a document's main sequence, and of others that stand wholly above or below it and tell of other versions;
    none where half of what stands below the first of them stands below the last. Where others name the same versions
    close by, a site's heading and its author's title, the first line of a version begins it and the last is its title.
    """
    lines = pl.DataFrame(dict(zip(("doc", "indent", "text"), columns, strict=True))).with_columns(
        row=pl.int_range(pl.len())
    )
    named = _named(lines)
    first, last = (pl.col(edge).first().over("doc") for edge in ("first", "last"))
    is_apart = ((col.last < first) | (col.first > last)) & (2 * col.is_again < col.len)
    found = _sequences(named)
    kept = (
        found.sort(col.len * (col.first - col.last), col.first)
        .filter((col.first == first) | is_apart)
        .with_columns(top=col.first.min().over("doc"), foot=col.last.max().over("doc"))
        .join(lines.group_by("doc").agg(end=col.row.max()), on="doc")
        .filter(2 * (col.foot - col.top) >= col.end - col.top)
    )
    main = named.join(kept, on=SEQUENCE, how="semi")
    paired = _paired(main, named.join(found, on=SEQUENCE, how="semi"), kept)
    is_lone = lines["row"].is_in(main["row"].implode()) & ~lines["row"].is_in(paired["row"].implode())
    is_begun = is_lone | lines["row"].is_in(paired["top"].implode())
    is_title = lines["row"].is_in(paired["foot"].implode())
    return is_begun.cast(pl.Int8) * BEGUN + is_title.cast(pl.Int8) * TITLED


def _paired(main: pl.DataFrame, named: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Pair the lines of a main sequence with those of others that name the same versions close by, the first too.

    Returns:
        One line each: `row`, and the first and the last row (`top`, `foot`) that name its version there.
    """
    others = named.join(kept, on=SEQUENCE, how="anti").select("doc", "numbers", *SEQUENCE[1:], at="row")
    near = main.join(others, on=["doc", "numbers"], suffix="_other").with_columns(
        far=(col.at - col.row).abs()
    )
    spacing = (col.last - col.first) / (col.len - 1)
    pairs = near.filter(col.far <= HEAD).join(kept, on=SEQUENCE)
    of_pair = (*SEQUENCE, *(f"{key}_other" for key in SEQUENCE[1:]))
    has_first, is_most = (col.row == col.first).any(), 2 * col.row.n_unique() > col.len.first()
    fits = pairs.filter((has_first & is_most & (2 * col.far.mean() < spacing.first())).over(of_pair))
    return (
        fits.group_by("row")
        .agg(top=col.at.min(), foot=col.at.max())
        .with_columns(top=pl.min_horizontal("row", "top"), foot=pl.max_horizontal("row", "foot"))
    )


def _named(lines: pl.DataFrame) -> pl.DataFrame:
    """Take the lines that name a version, but for those of a list of versions: three and more in a row.

    Returns:
        The lines with SEQUENCE, `numbers` (the version as written), `n0`, `n1`, … (its numbers, 0 where it has no
        more, or one too large or not in ASCII digits), `is_dated`, `is_day` (it may be a date), `is_exact` (nothing
        but a version), `is_close` (right below another of its sequence).
    """
    shaped = lines.filter(col.text.str.contains(NUMBERED))
    shaped = shaped.filter(col.text.str.contains(RELEASE) | col.text.str.contains(DATED))
    parts = col.text.str.extract_groups(SPELLED).struct.rename_fields(["sign", "name", "v", "numbers"])
    number = col.numbers.str.extract_all(r"\d+").list
    return (
        shaped.with_columns(parts.struct.unnest(), is_dated=col.text.str.contains(DATE))
        .with_columns(
            col.sign.str.extract(SIGN).fill_null(""),
            col.name.str.replace_all(r"[^\p{L}]", "").str.to_lowercase(),
            *(
                number.get(i, null_on_oob=True).cast(pl.Int64, strict=False).fill_null(0).alias(f"n{i}")
                for i in range(DEEP)
            ),
            is_day=col.text.str.contains(A_DAY),
            is_exact=col.numbers.str.contains(EXACT) | (col.v != "") | col.is_dated,
        )
        .with_columns(is_close=(col.row.diff().over(SEQUENCE) == 1).fill_null(value=False))
        .with_columns(run=(~col.is_close).cum_sum().over(SEQUENCE))
        .filter(pl.len().over(*SEQUENCE, "run") < LEAST)
    )


def _sequences(named: pl.DataFrame) -> pl.DataFrame:
    """Find the sequences in which versions follow on each other, all down, or all up, dated and twice as many.

    Returns:
        SEQUENCE, `len`, `first` and `last` (rows), `is_again` (lines whose version another sequence tells of too).
    """
    step = [pl.col(f"n{i}").diff().over(SEQUENCE) for i in range(DEEP)]
    is_down, is_up = pl.lit(value=False), pl.lit(value=False)
    for by in reversed(step):
        is_down, is_up = (by < 0) | ((by == 0) & is_down), (by > 0) | ((by == 0) & is_up)
    is_near = col.is_exact | ((step[0] == 0) & (step[1].abs() <= NEAR)) | (step[0].abs() == 1)
    is_next = (step[0] == 0) & (step[1] == -1)
    told = named.with_columns(
        is_down=is_down & is_near,
        is_up=is_up & is_near,
        is_telling=col.is_exact | (col.name != "") | (col.sign == "#") | is_next,
        is_again=pl.struct(SEQUENCE[1:]).n_unique().over("doc", "numbers") > 1,
    )
    counts = told.group_by(SEQUENCE).agg(
        pl.len(), pl.col("^is_.*$").sum(), first=col.row.min(), last=col.row.max()
    )
    goes_down = (col.is_down >= ORDERLY * (col.len - 1)) & (2 * col.is_telling >= col.len)
    goes_up = (col.len >= 2 * LEAST) & (col.is_up >= ORDERLY * (col.len - 1)) & (2 * col.is_dated >= col.len)
    has_notes = col.is_close <= LISTED * col.len
    return counts.filter((col.len >= LEAST) & (goes_down | goes_up) & (2 * col.is_day < col.len) & has_notes)


def _below(columns: Sequence[pl.Series]) -> pl.Series:
    """Say which lines are, or stand below, one of which a condition holds, of the table `doc`, condition."""
    lines = pl.DataFrame(dict(zip(("doc", "is_first"), columns, strict=True)))
    return lines.select(col.is_first.cum_max().over("doc")).to_series()


TOLD = pl.map_batches([col.doc, col.indent, col.text], _told, return_dtype=pl.Int8)
IS_BELOW_RELEASE = pl.map_batches(
    [col.doc, TOLD == BEGUN], _below, return_dtype=pl.Boolean
)  # a window would ask each document on its own
