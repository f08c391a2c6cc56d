"""What a grammar saw, drawn: each line of a page with its rule, its record and its role in colour."""

from collections.abc import Iterator

import polars as pl
from rich.text import Text

from pipeline import counted
from pipeline.grammar import Grammar, holds
from pipeline.segment import UNKNOWN

MARGIN = 24  # characters that a rule's name may take at the left
PATTERN_CHARS = 60  # that a tell-tale is shown by; some hold the words of a dozen languages
STYLES = {"header": "bold yellow", "body": "default", "chrome": "dim cyan", "unclaimed": "bold white on red"}
RULE_STYLES = {"header": "yellow", "body": "green", "chrome": "cyan", "unclaimed": "red"}


def draw(pieces: pl.DataFrame, width: int, first: int, last: int) -> Iterator[Text]:
    """Draw labelled pieces of one document, from one line to another, a row a piece: line, rule, record, words.

    `|` stands beside a record and `+` where it begins; `:` outside any.
    """
    shown = pieces.with_columns(
        style=pl.when(pl.col("kind") == "unclaimed").then(pl.lit("unclaimed")).otherwise("role"),
        rule=pl.col("rule").str.extract(r"^\w+\.(.*)$"),
        is_first=pl.col("record").ne(pl.col("record").shift(1)).fill_null(value=True),
    ).filter(pl.col("line").is_between(first, last))
    margin = shown.select(pl.col("rule").str.len_chars().max().fill_null(0).clip(0, MARGIN)).item()
    columns = shown.select("line", "rule", "style", "record", "is_first", "text")
    for row in columns.iter_rows(named=True):
        yield _draw_row(row, margin, width)


def _draw_row(row: dict[str, object], margin: int, width: int) -> Text:
    style = str(row["style"])
    bar = ":" if row["record"] == -1 else "+" if row["is_first"] else "|"
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{row['line']:>6} ", style="dim")
    line.append(f"{str(row['rule'])[:margin]:{margin}} ", style=RULE_STYLES[style])
    line.append(f"{bar} ", style="magenta")
    line.append(str(row["text"]), style=STYLES[style])
    line.truncate(width, overflow="ellipsis")
    return line


def summary(pieces: pl.DataFrame) -> str:
    """Say in one line what was seen."""
    n_records = pieces.filter(pl.col("record") >= 0)["record"].n_unique()
    n_segments = pieces.filter((pl.col("segment") >= 0) & (pl.col("role") == "body"))["segment"].n_unique()
    n_unclaimed = pieces.filter(pl.col("kind") == "unclaimed").height
    return (
        f"{pieces['page_kind'][0]}: {counted(n_records, 'record')}, {counted(n_segments, 'segment')}, "
        f"{counted(n_unclaimed, 'line')} that no rule claims"
    )


def missed_tell_tales(lines: pl.DataFrame, grammars: tuple[Grammar, ...]) -> Iterator[str]:
    """Say, for a page no grammar knows, which tell-tales of each grammar it lacks; the nearest first."""
    found = {
        g.kind: [p for p in g.knows if not lines.select(holds(p).any()).item()]
        for g in grammars
        if g.kind != UNKNOWN
    }
    for kind, missed in sorted(found.items(), key=lambda pair: (len(pair[1]), pair[0])):
        if missed:
            yield f"{kind} misses {', '.join(_shortened(pattern) for pattern in missed)}"
        else:
            yield f"{kind} finds its tell-tales, but the page's shape is another, or another grammar does as well"


def _shortened(pattern: str) -> str:
    return pattern if len(pattern) <= PATTERN_CHARS else f"{pattern[:PATTERN_CHARS]}…"
