"""Pieces that are laid out, as HTML: spans in blocks, blocks in chunks, chunks in sections, sections on pages.

Only what stands in `.g` elements is the document's text; there it is whole and in order, white space included.
"""

from __future__ import annotations

import polars as pl

from pipeline.release.review import layout
from pipeline.release.review.pieces import LOST
from pipeline.release.review.visible import escape, escape_field

CLASSES = {"header": "h", "body": "b", "chrome": "c", "unclaimed": "u", LOST: "x"}
LINE_CHARS = 80  # of the text column, about
# What closes the parts of a page, the innermost first.
CLOSES = {"block": "</div>", "chunk": "</div>", "part": "</section>"}
HEIGHTS = 24  # classes of height, each half as high again as the one before


def render(laid: pl.DataFrame, found: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Write each page's text.

    Args:
        laid: as `layout.lay_out` gives them.
        found: as `places.found` gives them, with `look` (what is worth a look in it; null if nothing is) and
            `is_foreign` (in another language than most of its document).
        segments: with `doc`.

    Returns:
        `doc`, `page`, `byte_start`, `html`.
    """
    told = laid.with_columns(n_lines=_lines(), is_glued=_is_glued(), part=layout.changes("page", "section"))
    first = [pl.col(name).first() for name in ("section", "place", "is_glued")]
    blocks = _sum(told, ["part", "chunk", "block"], *first, *_of_block())
    chunks = _sum(blocks, ["part", "chunk"], pl.col("place").first())
    parts = _sum(chunks, ["part"], pl.col("place").first())
    opened = {
        "part": _open_sections(parts, found),
        "chunk": chunks.select("chunk", opens=_text('<div class="q ', _height(), '">')),
        "block": _open_blocks(blocks, segments),
    }
    for name, tags in opened.items():
        told = told.join(tags.rename({"opens": f"opens_{name}"}), on=name, how="left", maintain_order="left")
    opens = [_if(_is_edge(name, 1), pl.col(f"opens_{name}")) for name in opened]
    closes = [_if(_is_edge(name, -1), tag) for name, tag in CLOSES.items()]
    # Each piece with the tags around it, so that no long text is copied to be put into another.
    return (
        told.select("doc", "page", "byte_start", html=_text(*opens, *_piece(), *closes))
        .group_by("doc", "page", maintain_order=True)
        .agg(pl.col("byte_start").first(), pl.col("html").str.join(""))
    )


def role() -> pl.Expr:
    """Name the role as people look for it: what no rule knew is a role of its own."""
    return pl.when(pl.col("kind") == "unclaimed").then("kind").otherwise("role")


def _sum(frame: pl.DataFrame, by: list[str], *more: pl.Expr) -> pl.DataFrame:
    """Sum up the lines of neighbours."""
    return frame.group_by(by, maintain_order=True).agg(pl.col("n_lines").sum(), *more)


def _is_edge(name: str, step: int) -> pl.Expr:
    """Say whether a piece is the first (1) or the last (-1) of its run."""
    return pl.col(name).ne_missing(pl.col(name).shift(step))


def _text(*parts: str | pl.Expr) -> pl.Expr:
    """Join words of ours and expressions; null if one of them is."""
    return pl.concat_str(pl.lit(part) if isinstance(part, str) else part for part in parts)


def _if(condition: pl.Expr | str, *parts: str | pl.Expr) -> pl.Expr:
    """Join words of ours and expressions where a condition holds."""
    return pl.when(condition).then(_text(*parts)).otherwise(pl.lit(""))


def _said(before: str, column: str, after: str) -> pl.Expr:
    """Write a value of a column between words of ours; nothing if it is null."""
    return _text(before, escape_field(pl.col(column).cast(pl.String)), after).fill_null("")


def _letter() -> pl.Expr:
    return role().replace_strict(CLASSES, default="x")


# Pieces and blocks -----------------------------------------------------------------------------------------


def _piece() -> list[pl.Expr]:
    """Write a piece: a span with its place, rule and field; the plain text between; the place of what is gone."""
    is_gone, is_claimed = pl.col("withheld").is_not_null(), pl.col("role").is_not_null()
    unknown = _text('<i class="w">not shown: ', pl.col("n_bytes").cast(pl.String), " bytes</i>")
    text = escape(pl.col("text")).fill_null(pl.when(is_claimed).then(unknown).otherwise(pl.lit("\n")))
    start = pl.coalesce("span_start", "byte_start").cast(pl.String)
    n_bytes = pl.coalesce("span_bytes", "n_bytes").cast(pl.String)
    rule = _text(" data-r=", pl.col("rule").rank("dense").over("doc").cast(pl.String)).fill_null("")
    kind = _if(_letter() == "c", _said(' data-c="', "kind", '"'))
    field = _said(' data-f="', "field", '"')
    span = _text("<span class=", _letter(), " data-o=", start, " data-n=", n_bytes, rule, kind, field, ">")
    gone = _text(
        *("<span class=w data-o=", start, " data-n=", n_bytes, ">removed: "),
        *(escape_field(pl.col("withheld")), ", ", n_bytes, " bytes</span>\n"),
    )
    return [
        pl.when(is_gone).then(gone).when(is_claimed).then(span).otherwise(pl.lit("")),
        pl.when(~is_gone).then(text).otherwise(pl.lit("")),
        _if(is_claimed & ~is_gone, "</span>"),
    ]


def _is_glued() -> pl.Expr:
    """Say of a piece whether it begins in mid-line."""
    before, role_before = pl.col("text").shift().over("doc"), pl.col("role").shift().over("doc")
    is_broken = role_before.is_null() & before.str.contains(r"[\n\r]")
    return ((pl.col("byte_start") > 0) & ~is_broken).fill_null(value=False)


def _of_block() -> list[pl.Expr]:
    """Return what the first piece with a role says of its block."""
    is_claimed = pl.col("role").is_not_null()
    return [pl.col(name).filter(is_claimed).first() for name in ("role", "kind", "segment_id")]


def _open_blocks(blocks: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Write what opens each block, which is named at its margin by its segment or its role."""
    named = segments.select(
        "segment_id", label=_text(_spaced("kind"), " ", (pl.col("position") + 1).cast(pl.String))
    ).unique("segment_id", keep="first", maintain_order=True)
    goes_on = pl.col("segment_id").eq(pl.col("segment_id").shift()) & pl.col("section").eq(
        pl.col("section").shift()
    )
    is_first = pl.col("segment_id").is_first_distinct()
    return (
        blocks.join(named, on="segment_id", how="left", maintain_order="left")
        .with_columns(goes_on=goes_on.fill_null(value=False), is_first=is_first)
        .select("block", opens=_block())
    )


def _block() -> pl.Expr:
    classes = (
        _if(pl.col("label").is_null(), " g", _letter()),
        _if(pl.col("is_glued") & ~pl.col("goes_on"), " j"),
        _if("goes_on", " k"),
    )
    anchor = _if(pl.col("label").is_not_null() & pl.col("is_first"), " id=", pl.col("segment_id"))
    label = pl.coalesce("label", _spaced("kind"), "role", pl.lit(""))
    return _text('<div class="g', *classes, '"', anchor, ' data-s="', escape_field(label), '">')


def _spaced(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all("_", " ", literal=True)


def _lines() -> pl.Expr:
    """Guess how many lines a piece takes on the screen."""
    breaks = pl.col("text").str.count_matches("\n", literal=True)
    return (breaks + pl.col("n_bytes") / LINE_CHARS).fill_null(1)


def _height() -> pl.Expr:
    """Name the class of height of so many lines."""
    step = pl.col("n_lines").clip(1).log(1.5).ceil().clip(0, HEIGHTS)
    return _text("z", step.cast(pl.Int32).cast(pl.String))


# Sections --------------------------------------------------------------------------------------------------


def _open_sections(parts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Write what opens each section: of a record with its bar above it, or of what lies outside any."""
    is_first = pl.col("place").is_not_null() & pl.col("place").is_first_distinct()
    known = parts.join(_bars(found), on="place", how="left", maintain_order="left")
    anchor = _if("is_first", ' id="', pl.col("anchor"), '"')
    bar = pl.when("is_first").then("bar").otherwise(pl.col("more").fill_null(""))
    classes = pl.col("class").fill_null("o")
    tongue = _if("is_foreign", _said(' lang="', "language", '"'))
    opens = _text('<section class="', classes, " ", _height(), '"', anchor, tongue, ">", bar)
    return known.with_columns(is_first=is_first).select("part", opens=opens)


def _bars(found: pl.DataFrame) -> pl.DataFrame:
    """Write the bar above each record: its number, what it is, and what is known of it."""
    number = _text('<a class=no href="#', pl.col("anchor"), '">', pl.col("number").cast(pl.String), "</a>")
    told = (
        _said("<span class=kd>", "kind", "</span>"),
        _said("<span class=rm>removed: ", "reason", "</span>"),
        _said("<strong class=ti>", "title", "</strong>"),
        _said("<span class=by>", "author", "</span>"),
        _said("<span class=ha>@", "handle", "</span>"),
        _said("<span class=da>", "published_raw", "</span>"),
        _said("<time class=iso>", "published", "</time>"),
        _if(pl.col("n_segments") != 1, _said("<span class=se>", "n_segments", " segments</span>")),
        _if("is_foreign", _said("<span class=la>", "language", "</span>")),
        _said('<a href="find.html#', "kept_id", '">the one kept</a>'),
        _said("<span class=me>", "message", "</span>"),
        _said("<span class=fl>", "look", "</span>"),
    )
    parity = pl.when(pl.col("number") % 2 == 0).then(pl.lit("r e")).otherwise(pl.lit("r"))
    return found.select(
        *("place", "anchor", "language", "is_foreign"),
        bar=_text("<header class=bar>", number, *told, "</header>"),
        more=_text("<header class=more>", number, "<span class=kd>goes on</span></header>"),
        **{"class": pl.when(pl.col("reason").is_not_null()).then(pl.lit("r gone")).otherwise(parity)},
    )
