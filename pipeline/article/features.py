"""What tells a passage of words from a site's own lines: by shape, by the page's statistics, by what stands around it.

Every feature is a number that can be said of any line in any script. Words are known only of what sites print about
an article (`furniture`), and the names of services, which are the same in all languages.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.article.characters import HEAD, count
from pipeline.article.furniture import furniture, is_machinery
from pipeline.article.passages import Rows

# Bullets as renderers of HTML print them, and what a site prints before a link.
BULLET = r"^(?:[*+•●▪‣□■☆◦○►▼-]|o|\d{1,3}[.)])(?:\s|$)"
WIDE_CHARACTER = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\x{3000}-\x{303F}\x{FF01}-\x{FF60}]"
STOPPED = r"[.!?…。！？｡।॥؟۔։።။][\"'”’»«“)\]）」』*]{0,3}$"
POINTING = r"(?:…|\.\.\.|[»›>→])\]?$"
QUOTES = "\"“„«»‚'‘「『"
COUNTED = r"[(\[]\d+[)\]]$"
ADDRESS = r"https?://|www\.|\S@\S"
SERVICE = (
    r"(?i)facebook|twitter|google|whatsapp|instagram|pinterest|linkedin|youtube|telegram|tumblr|reddit|xing(?-u:\b)|(?-u:\b)rss(?-u:\b)|"
    r"e-?mail|newsletter|cookie|wordpress|(?-u:\b)log ?in(?-u:\b)|(?-u:\b)pdf(?-u:\b)|print"
)
RIGHTS = r"©|\([cC]\)|(?i:copyright)"
DATED = r"(?:^|\D)(?:19|20)\d\d(?:\D|$)|\d[./:-]\d\d"
PROSE, LONG = 70, 220  # letters' widths from which a line is a passage: with a stop in it, or anyhow
SHORT = 120  # bytes up to which a line is asked for names of services and dates
WIDE = 1.5  # Latin letters that a Chinese character or a Korean syllable stands for, beside itself
LIST = 5  # repetitions and others are told apart up to this many
OFTEN = 3  # times a short line stands on a page that repeats it
# Of a page's prose, what stands above what sites say on top, or below what they say at the foot: a paragraph of a long
# page. Set by hand; an article about cookies speaks of them further in.
EDGE = 0.03
NEAR = 5.0  # the logarithm of the lines up to which the nearest prose matters to a short line
FAR = 8  # the logarithm of the lines from which prose is out of sight
SHORT_REACH = 6  # lines above and below in which short ones are counted
DEEPEST = 1000.0  # more than any depth

Features = dict[str, np.ndarray]


def widths(said: Mapping[str, np.ndarray]) -> np.ndarray:
    """Give the width of each line in letters, of which `features` says the logarithm."""
    widths: np.ndarray = np.exp2(said["size"].astype(np.float64)) - 1
    return widths


def shapes(lines: pl.DataFrame) -> Features:
    """Say of each line by itself what it looks like, with its `width`."""
    signs, letters = _signs(lines), _letters(lines)
    is_unstopped = letters.pop("unstopped") & (letters["width"] >= PROSE)
    return signs | letters | {"stop": np.where(is_unstopped, 1, signs["stop"])}


def _signs(lines: pl.DataFrame) -> Features:
    """Say what signs a line shows: 1 or 0."""
    text = pl.col("text")
    brief = pl.when(text.str.len_bytes() <= SHORT).then(text)
    signs = lines.lazy().select(
        bullet=text.str.contains(BULLET),
        stop=text.str.tail(5).str.contains(STOPPED),
        colon=text.str.tail(1).is_in([":", "："]),
        asks=text.str.tail(1).is_in(["?", "？", "؟"]),
        points=text.str.tail(4).str.contains(POINTING),
        address=text.str.contains(ADDRESS),
        service=brief.str.contains(SERVICE),
        rights=brief.str.contains(RIGHTS),
        dated=brief.str.contains(DATED),
        counted=text.str.tail(8).str.contains(COUNTED),
        quote=text.str.head(1).is_in(list(QUOTES)),
    )
    return {
        column.name: column.fill_null(value=False).to_numpy().astype(np.float32)
        for column in signs.collect().iter_columns()
    }


def _letters(lines: pl.DataFrame) -> Features:
    """Say what a line is written with. Thai ends a sentence with a space: there a long line counts as stopped."""
    number = count(lines["text"])
    cased = number["upper"] + number["lower"]
    letters = cased + number["caseless"] + number["wide"] + number["unstopped"]
    words = number["space"] + 1
    head = np.maximum(letters + number["digit"] + number["space"] + number["other"], 1)
    is_unstopped = number["unstopped"] > 0.5 * letters
    is_unspaced = (number["wide"] > 0.3 * letters) | (number["unstopped"] > 0.3 * letters)
    is_cased = cased > 0.5 * letters
    width = number["length"] * (1 + WIDE * number["wide"] / np.clip(number["length"], 1, HEAD))
    found = {
        "width": width,
        "size": np.log2(1 + width),
        "digits": number["digit"] / head,
        "letters": letters / head,
        "upper": np.where(is_cased, number["upper"] / np.maximum(cased, 1), np.nan),
        "capitals": np.where(is_cased, number["capitals"] / words, np.nan),
        "commas": np.minimum(number["comma"] / np.maximum(width, 20) * 100, LIST),
        "sentences": np.minimum(np.where(is_unstopped, number["space"] / 2, number["sentences"]), LIST),
        "separators": np.minimum(number["separator"] / words, 1),
        "word": np.where(is_unspaced, np.nan, np.minimum(letters / words, 15)),
        "empty": (letters + number["digit"] == 0).astype(np.float32),
    }
    return found | {"commas": np.where(is_unstopped, np.nan, found["commas"]), "unstopped": is_unstopped}


def _repeats(lines: pl.DataFrame) -> np.ndarray:
    """Count how often each line stands in its document."""
    keys = lines["text"].hash().to_numpy() ^ (
        lines["doc"].to_numpy().astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    )
    order = np.argsort(keys, kind="stable")
    runs = np.diff(keys[order], prepend=~keys[order[:1]]) != 0
    number = np.cumsum(runs) - 1
    times = np.bincount(number)[number]
    out = np.empty(len(keys), np.float32)
    out[order] = times
    return out


def features(lines: pl.DataFrame) -> Features:
    """Say of each line what tells words from furniture.

    Args:
        lines: the table of lines (see `ingest.read_lines`), whole documents.

    Returns:
        By name one number a line; NaN where its script does not show it.
    """
    said = shapes(lines)
    width = said.pop("width").astype(np.float64)
    rows = Rows(lines["doc"].to_numpy().astype(np.int64))
    is_prose = ((width >= PROSE) & ((said["stop"] > 0) | (said["sentences"] >= 1))) | (width >= LONG)
    repeats = _repeats(lines)
    said |= {"prose": is_prose.astype(np.float32), "repeats": np.minimum(repeats, LIST)}
    said |= furniture(lines, is_prose, repeats < 2, said["bullet"], rows)
    said |= _paragraphs(lines, said, width, rows)
    said |= _place(width, is_prose, rows)
    said["machinery"] = _machinery(
        lines["text"], np.minimum(said["prose_above"], said["prose_below"]) < EDGE, is_prose, rows
    )
    said |= _around(said, width, (repeats >= OFTEN) & (width < PROSE), rows)
    said |= _short(said, width, rows)
    return said | _nesting(lines["indent"].to_numpy().astype(np.float64), width, is_prose, rows)


def _paragraphs(lines: pl.DataFrame, said: Features, width: np.ndarray, rows: Rows) -> Features:
    """Measure the gaps about a line, and the paragraph it is of: lines of one indent with nothing between."""
    gap, indent = lines["gap"].to_numpy(), lines["indent"].to_numpy()
    is_first = (gap > 0) | (rows.at == rows.first) | (said["bullet"] > 0) | (rows.away(indent, -1) != indent)
    paragraph = np.cumsum(is_first) - 1
    gap = np.minimum(gap, 4)
    return {
        "gap": gap,
        "gap_below": rows.away(gap, 1),
        "paragraph": np.log2(1 + np.bincount(paragraph, width)[paragraph]),
        "paragraph_lines": np.minimum(np.bincount(paragraph)[paragraph], 10),
    }


def _place(width: np.ndarray, is_prose: np.ndarray, rows: Rows) -> Features:
    """Say where on the page a line stands, and how much prose the page has, above it and below."""
    prose = np.where(is_prose, width, 0.0)
    all_width, all_prose = rows.total(width), rows.total(prose)
    above, below = rows.above(is_prose), rows.below(is_prose)
    up, down = np.maximum(rows.at - above, 0), np.maximum(below - rows.at, 0)
    usual = np.maximum(all_prose / np.maximum(rows.total(is_prose.astype(float)), 1), 1)
    return {
        "place": (rows.so_far(width) - width / 2) / np.maximum(all_width, 1),
        "from_top": np.log2(1 + rows.at - rows.first),
        "from_foot": np.log2(1 + rows.last - rows.at),
        "prose_above": (rows.so_far(prose) - prose) / np.maximum(all_prose, 1),
        "prose_below": (all_prose - rows.so_far(prose)) / np.maximum(all_prose, 1),
        "page_prose": np.log2(1 + all_prose),
        "to_prose_above": np.where(above >= 0, np.minimum(np.log2(1 + up), FAR), FAR + 1),
        "to_prose_below": np.where(below >= 0, np.minimum(np.log2(1 + down), FAR), FAR + 1),
        "to_usual": np.clip(np.log2((width + 1) / usual), -8, 3),
    }


def _around(said: Features, width: np.ndarray, is_often: np.ndarray, rows: Rows) -> Features:
    """Say what the lines around a line are like: how much prose, how many bullets, dates, names of services."""
    often, dates = is_often.astype(np.float32), said["dated"] * (width < PROSE)
    prose = np.where(said["prose"] > 0, width, 0.0)
    found = {"dates_above": np.log2(1 + rows.so_far(dates)), "often_above": np.log2(1 + rows.so_far(often))}
    for reach in (1, 8):
        found[f"prose_{reach}"] = rows.around(prose, reach) / rows.around(width + 5, reach)
    for reach in (1, 4, 16):
        found[f"size_{reach}"] = rows.mean_around(said["size"], reach)
    signs = {name: said[name] for name in ("stop", "bullet", "service")} | {"often": often, "date": dates}
    for name, values in signs.items():
        for reach in (2, 8):
            found[f"{name}_{reach}"] = rows.mean_around(values, reach)
    for name in ("size", "stop", "bullet", "dated", "service"):
        for step in (-1, 1):
            found[f"{name}{step:+d}"] = rows.away(said[name], step)
    found |= {f"size{step:+d}": rows.away(said["size"], step) for step in (-2, 2)}
    return found


def _machinery(texts: pl.Series, is_edge: np.ndarray, is_prose: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines at the edges of a page speak of what the site is run with, where its article does not."""
    found = _are_machinery(texts, is_edge)
    asked = is_prose & ~is_edge & (rows.total(found) > 0)
    return found * (rows.total(_are_machinery(texts, asked)) == 0)


def _are_machinery(texts: pl.Series, asked: np.ndarray) -> np.ndarray:
    found = np.zeros(len(texts), np.float32)
    at = np.flatnonzero(asked)
    found[at] = is_machinery(texts.gather(at))
    return found


def _short(said: Features, width: np.ndarray, rows: Rows) -> Features:
    """Say how far short lines are from prose, and how many there are about a line: headings are few, menus are long."""
    is_short = (width < PROSE) & (said["stop"] == 0)
    found = {side: is_short * np.minimum(said[f"to_prose_{side}"], NEAR) for side in ("above", "below")}
    number = np.log2(1 + rows.around(is_short.astype(np.float32), SHORT_REACH))
    return {f"short_{side}": far for side, far in found.items()} | {f"short_{SHORT_REACH}": number}


def _nesting(indent: np.ndarray, width: np.ndarray, is_prose: np.ndarray, rows: Rows) -> Features:
    """Say how a line nests, where indents show it: against the indent of most prose, and what lies between."""
    prose = np.where(is_prose, width, 0.0)
    main, share = _main_indent(indent, prose, rows)
    depth = np.where(rows.total(prose) > 0, (indent - main) / 2, 0)
    is_main = is_prose & (depth == 0)
    up, down = _valley(depth, is_main, rows), _valley(depth[::-1], is_main[::-1], rows.reversed())[::-1]
    main_width = np.where(is_main, width, 0.0)
    total = np.maximum(rows.total(main_width), 1)
    return {
        "depth": np.clip(depth, -6, 8),
        "depth_share": share,
        "apart": (depth != 0).astype(np.float32),
        "nest": np.minimum(up, down),
        "main_above": (rows.so_far(main_width) - main_width) / total,
        "main_below": (rows.total(main_width) - rows.so_far(main_width)) / total,
    }


def _main_indent(indent: np.ndarray, prose: np.ndarray, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Find the indent that most of a document's prose has, the deepest of equals, and how much of it does."""
    order = np.lexsort((indent, rows.doc))
    is_new = (np.diff(indent[order], prepend=-1) != 0) | (np.diff(rows.doc[order], prepend=-1) != 0)
    starts = np.flatnonzero(is_new)
    amount, doc, value = np.add.reduceat(prose[order], starts), rows.doc[order][starts], indent[order][starts]
    best = np.lexsort((value, amount, doc))[np.flatnonzero(np.diff(np.append(doc, -1)))]
    share = amount[best] / np.maximum(np.bincount(rows.doc, prose), 1)
    return value[best][rows.doc], share[rows.doc]


def _valley(depth: np.ndarray, is_main: np.ndarray, rows: Rows) -> np.ndarray:
    """Say how far out the page comes between each row and the main row next above it: the least depth between."""
    passage = np.cumsum(is_main | (rows.at == rows.first)) * DEEPEST  # each lies below all before it
    least = np.minimum.accumulate(np.where(is_main, 0, np.clip(depth, -9, 9)) - passage) + passage
    return np.where(rows.above(is_main) >= 0, np.clip(least, -9, 1), -9)
