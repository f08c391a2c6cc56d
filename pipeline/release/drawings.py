"""What is drawn of a release: its records over time, by length, language and source, and its bytes by role."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
from babel import Locale, UnknownLocaleError

from pipeline import batches, plots
from pipeline.plots import REST, Words, lay_bars, stand_columns
from pipeline.release.stats import MONTH_DAYS, YEAR_DAYS
from schemas import Tables
from schemas.columns import UNDETERMINED

PARTS = 7  # kinds told apart in one chart; the others stand together
LABELS = 12  # bars in one chart
BINS = 72  # columns in one chart
FEW = 18  # columns of months below which each is named
BREAKS, EMPTY = 2, 12  # breaks in one axis; steps in a row without a record, from which on it may be broken
ROLES = ("body", "header", "chrome")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # that a column may stand for


def draw(tables: Tables) -> dict[str, dict[str, str]]:
    """Draw every chart of a release, by the table that it counts and by name."""
    return {
        table: {name: chart(tables) for name, chart in charts.items()} for table, charts in CHARTS.items()
    }


def over_time(tables: Tables) -> str:
    """Draw records by the month of their publication, or by years where they span too many months.

    A long stretch without a record is left out, and said to be: the axis is broken there, and no record is hidden.
    """
    parts = _parts(tables.records)
    dated = tables.records.select(
        _part(parts),
        middle=pl.col("published_earliest") + (pl.col("published_latest") - pl.col("published_earliest")) / 2,
        days=(pl.col("published_latest") - pl.col("published_earliest")).dt.total_days(),
    ).drop_nulls("days")
    known = dated.filter(pl.col("days") <= YEAR_DAYS)
    exact = known.filter(pl.col("days") <= MONTH_DAYS)
    shown, counted = exact, _months(exact)
    if 2 * len(exact) < len(known) or counted["label"].n_unique() > BINS:
        shown, counted = known, _years(known)
    undated, vague = len(tables.records) - len(dated), len(dated) - len(shown)
    said = f"{_n(len(shown), 'record')} by date of publication"
    said += f"; {undated:,} without a date" if undated else ""
    said += f"; {vague:,} not dated so exactly" if vague else ""
    said += f"{_most(counted, 'most in')}{_left_out(counted)}"
    words = Words("Records over time", "records", said)
    return stand_columns(counted, words, "published", parts)


def by_length(tables: Tables) -> str:
    """Draw records by their words, in columns each of which stands for twice the words of the one before."""
    parts = _parts(tables.records)
    words = tables.records.select(_part(parts), bits=_bits(pl.col("n_words")))
    most = int(words["bits"].max() or 0)  # type: ignore[arg-type]
    least = int(words["bits"].min() or 0)  # type: ignore[arg-type]
    labels = [_step(bits) for bits in range(least, most + 1)]
    ticks = [f"{1 << bits - 1:,}" if bits else "0" for bits in range(least, most + 1)]
    ladder = pl.DataFrame({"bits": range(least, most + 1), "label": labels, "tick": ticks})
    counted = _stack(words, ladder, "bits")
    middle = tables.records["n_words"].quantile(0.5, "lower")
    half = "" if middle is None else f", half of them of {middle:,.0f} words or fewer"
    says = _n(len(words), "record") + half
    return stand_columns(
        counted,
        Words("Length of records", "records", says),
        "words in a record, from this many on",
        parts,
        edges=True,
    )


def by_language(tables: Tables) -> str:
    """Draw the words of each language."""
    counts = tables.records.group_by(code="language").agg(n=pl.col("n_words").sum().cast(pl.Int64))
    named = counts.with_columns(
        label=pl.Series([_language(code) for code in counts["code"]], dtype=pl.String)
    )
    shown = _gather(named, "label", LABELS).with_columns(part=pl.lit("words")).pipe(_sort_bars)
    says = f"{_n(int(counts['n'].sum()), 'word')} in {_n(counts.height, 'language')}, as told by a program"
    return lay_bars(shown, Words("Words by language", "words", says))


def by_source(tables: Tables) -> str:
    """Draw the records of each site, by kind; a page whose site is not known stands under its kind of page."""
    sites = tables.documents.select("document_id", label=pl.coalesce("site", "page_kind"))
    parts = _parts(tables.records)
    placed = tables.records.with_columns(_part(parts)).join(sites, on="document_id")
    counts = placed.group_by("label", "part").agg(n=pl.len().cast(pl.Int64))
    shown = _gather(counts, "label", LABELS).pipe(_sort_bars)
    n_pages, n_sites = _n(sites.height, "page"), _n(sites["label"].n_unique(), "site")
    says = f"{_n(placed.height, 'record')} from {n_pages} of {n_sites}"
    return lay_bars(shown, Words("Records by source and kind", "records", says), parts)


def by_role(tables: Tables) -> str:
    """Draw the bytes of each kind of page, by role."""
    kinds = tables.documents.select("document_id", label="page_kind")
    n_bytes = (pl.col("byte_end") - pl.col("byte_start")).sum()
    counts = pl.concat(  # part by part: keys of two columns are written out for all rows
        some.join(kinds, on="document_id").group_by("label", part="role").agg(n=n_bytes)
        for some in batches.of_rows(tables.spans)
    )
    whole, own = int(counts["n"].sum()), int(counts.filter(part="body")["n"].sum())
    share = f", {own / whole:.1%} of them body, the authors' words" if whole else ""
    says = f"{_n(whole, 'byte')} in spans, spaces between their words included{share}"
    shown = _gather(counts, "label", LABELS).pipe(_sort_bars, ROLES)
    return lay_bars(shown, Words("Bytes by page kind and role", "bytes", says), ROLES, plots.ROLES)


CHARTS: dict[str, dict[str, Callable[[Tables], str]]] = {
    "records": {
        "records-over-time": over_time,
        "length-of-records": by_length,
        "words-by-language": by_language,
        "records-by-source": by_source,
    },
    "spans": {"bytes-by-role": by_role},
}


# Counting -----------------------------------------------------------------------------------------


def _parts(records: pl.DataFrame) -> list[str]:
    """Return the kinds of record, the most frequent first, the rarest together: a colour each, in every chart."""
    kinds = records["kind"].value_counts().sort("count", "kind", descending=[True, False])["kind"].to_list()
    return kinds if len(kinds) <= PARTS else [*kinds[: PARTS - 1], REST]


def _part(parts: list[str]) -> pl.Expr:
    kind = pl.col("kind")
    return pl.when(kind.is_in(parts)).then(kind).otherwise(pl.lit(REST)).alias("part")


def _among(column: pl.Expr, common: pl.Series, most: int) -> pl.Expr:
    if len(common) <= most:
        return column
    return pl.when(column.is_in(common.head(most - 1).to_list())).then(column).otherwise(pl.lit(REST))


def _months(dated: pl.DataFrame) -> pl.DataFrame:
    """Count by month, the months without records included."""
    place = pl.col("middle").dt.year() * 12 + pl.col("middle").dt.month() - 1
    counted = dated.with_columns(place=place.cast(pl.Int64))
    first, last = _ends(counted["place"])
    ladder = pl.DataFrame(
        [
            (at, f"{MONTHS[at % 12]} {at // 12}", f"{MONTHS[at % 12][:3]} {at // 12}")
            for at in range(first, last + 1)
        ],
        schema={"place": pl.Int64, "label": pl.String, "tick": pl.String},
        orient="row",
    )
    return _name_some(_break(_stack(counted, ladder, "place")))


def _name_some(months: pl.DataFrame) -> pl.DataFrame:
    """Name, of many months, those with which a year or, after a break, the axis begins."""
    if months["label"].n_unique() < FEW:
        return months
    year = pl.when(pl.col("label").str.starts_with(f"{MONTHS[0]} ")).then(pl.col("label").str.slice(-4))
    begins = pl.col("is_break").shift(fill_value=True) & ~pl.col("is_break")
    return months.with_columns(tick=pl.coalesce(year, pl.when(begins).then("tick")))


def _years(dated: pl.DataFrame) -> pl.DataFrame:
    """Count by year, or by as many years as bring the columns below the most there may be."""
    first, last = _ends(dated["middle"].dt.year().cast(pl.Int64))
    size = next(years for years in YEARS if (last - first) / years < BINS)
    counted = dated.with_columns(place=pl.col("middle").dt.year().cast(pl.Int64) // size)
    ladder = pl.DataFrame(
        [(at, str(at * size) if size == 1 else f"{at * size} to {at * size + size - 1}", str(at * size))
         for at in range(first // size, last // size + 1)] if len(dated) else [],
        schema={"place": pl.Int64, "label": pl.String, "tick": pl.String},
        orient="row",
    )  # fmt: skip
    return _break(_stack(counted, ladder, "place"))


def _ends(numbers: pl.Series) -> tuple[int, int]:
    return (0, -1) if numbers.is_empty() else (min(numbers), max(numbers))


def _stack(counted: pl.DataFrame, ladder: pl.DataFrame, key: str) -> pl.DataFrame:
    """Count the rows of each step of a ladder and part, steps in order, the most frequent part first."""
    parts = counted["part"].value_counts().sort("count", "part", descending=[True, False]).select("part")
    n = counted.group_by(key, "part").agg(n=pl.len().cast(pl.Int64))
    steps = ladder.with_columns(pl.col(key).cast(counted.schema[key]))
    return (
        steps.join(parts, how="cross")
        .join(n, on=[key, "part"], how="left", maintain_order="left")
        .select("label", "part", "tick", n=pl.col("n").fill_null(0))
    )


def _break(counted: pl.DataFrame) -> pl.DataFrame:
    """Put the longest stretches without a row together: their steps become one, where `is_break`."""
    steps = counted.group_by("label", maintain_order=True).agg(pl.col("n").sum())
    runs = steps.with_columns(run=(pl.col("n") == 0).rle_id())
    ends = (
        pl.col("label").first().str.split(" to ").list.first(),
        pl.col("label").last().str.split(" to ").list.last(),
    )
    empty = (
        runs.filter(pl.col("n") == 0)
        .group_by("run", maintain_order=True)
        .agg(stretch=pl.format("{} to {}", *ends), length=pl.len())
        .filter(pl.col("length") > EMPTY)
        .top_k(BREAKS, by="length")
    )
    named = counted.join(runs.select("label", "run"), on="label", how="left", maintain_order="left").join(
        empty, on="run", how="left", maintain_order="left"
    )
    is_break = pl.col("stretch").is_not_null()
    return named.select(
        label=pl.coalesce("stretch", "label"),
        part="part",
        tick=pl.when(~is_break).then("tick"),
        n="n",
        is_break=is_break,
    ).unique(["label", "part"], keep="first", maintain_order=True)


def _left_out(counted: pl.DataFrame) -> str:
    """Say where the axis is broken."""
    stretches = counted.filter("is_break")["label"].unique(maintain_order=True)
    return f"; left out, since without records: {' and '.join(stretches)}" if len(stretches) else ""


def _bits(words: pl.Expr) -> pl.Expr:
    """Count the binary digits of a number: 0 has none, 1 one, 2 and 3 two."""
    return pl.sum_horizontal((words >= 1 << bit).cast(pl.Int64) for bit in range(31))


def _step(bits: int) -> str:
    if bits < 2:
        return _n(bits, "word")
    return f"{1 << bits - 1:,} to {(1 << bits) - 1:,} words"


def _gather(counts: pl.DataFrame, column: str, most: int) -> pl.DataFrame:
    """Put the rarest labels together, so that no more than the most are left."""
    keys = [name for name in ("label", "part") if name in counts.columns]
    sums = counts.group_by(column).agg(pl.col("n").sum()).sort("n", column, descending=[True, False])
    named = counts.with_columns(_among(pl.col(column), sums[column], most).alias(column))
    return named.group_by(keys).agg(pl.col("n").sum())


def _sort_bars(counts: pl.DataFrame, parts: Sequence[str] = ()) -> pl.DataFrame:
    """Put the longest bars first, their rest last, and the parts in order, or the most frequent first, in each."""
    order = {part: -place for place, part in enumerate(parts)}
    return counts.sort(
        pl.col("label") == REST,
        pl.col("n").sum().over("label"),
        "label",
        pl.col("part").replace_strict(order, default=0, return_dtype=pl.Int64),
        pl.col("n").sum().over("part"),
        "part",
        descending=[False, True, False, True, True, False],
    )


def _most(counted: pl.DataFrame, words: str) -> str:
    sums = counted.group_by("label", maintain_order=True).agg(pl.col("n").sum())
    if sums.is_empty():
        return ""
    label, n = sums.row(int(sums["n"].arg_max() or 0))
    return f"; {words} {label}: {n:,}"


def _n(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _language(code: str) -> str:
    """Name a language in English, with its code."""
    if code == UNDETERMINED:
        return "not told (und)"
    try:
        name = Locale.parse(code, sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError):
        name = None
    return f"{name} ({code})" if name else code
