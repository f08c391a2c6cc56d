"""A layout written down as a grammar of the kind that people write."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import or_

import numpy as np

from pipeline.article.patterns import BY, NAMES
from pipeline.induce.dates import AGE_CLOCK
from pipeline.induce.inner import Inner
from pipeline.induce.measures import n_distinct
from pipeline.induce.names import (
    FIELD,
    MOST_WORDS,
    after_date,
    are_initials,
    are_lengths,
    before_colon,
    before_date,
    beside_words,
    is_account,
    is_for_name,
    is_initial,
    is_labelled,
    is_shouted,
    named_of,
    names_alone,
    sole_line,
    varies,
    weekdays,
    when_signs,
)
from pipeline.induce.page import SLOT_WEIGHT, Page
from pipeline.induce.replies import reply_marks
from pipeline.induce.said import ANYWHERE, Said
from pipeline.induce.shapes import (
    AGE_SIGN,
    BULLET,
    DATE_SIGN,
    HANDLE_SIGN,
    LINK_SIGN,
    NO_TITLE,
    NUMBER_SIGN,
    SHORT,
    WHEN,
    WORDS_SIGN,
    dated_pattern,
    pattern_of,
)
from pipeline.induce.structure import FURNITURE, OUTSIDE, Layout
from pipeline.induce.template import FEWEST, UNWORDED, Column, Frame
from pipeline.induce.words import (
    ANYTHING,
    BODY,
    HEADER,
    Grammar,
    Mark,
    above,
    after,
    before,
    chrome,
    col,
    ends_sentence,
    flow,
    from_above,
    from_below,
    holds,
    indent,
    is_field,
    is_prose,
    label,
    lasts,
    n,
    n_words,
    numbered,
    pl,
    since,
    under,
    weight,
)

KIND = "induced"
INSIDE, ASIDE = chrome("ui_message", inside=True), chrome("ui_message")
TURN, GOES_ON = label("turn"), flow("turn")
MAY_BE_BY = rf"(?:{BY}(?:\s*[:：]\s*|\s+))?"
LIKE_ANCHORS = 0.2  # of the anchors, so many lines more that only their pattern tells may be anchors too
OWN = 0.9  # of the records, those that have words of their own where a title stands
ONLY_WORDS = rf"(?:\W?{NUMBER_SIGN}\W*)?{WORDS_SIGN}"  # the shape of a title, which may be numbered
ANSWERS_TITLE = r"(?i:re|aw|antw|sv|vs|odp|ynt|res|rif|отв)\s?[:：]\s"  # before what a thread is called
NOTHING_MORE = r"(?:\D.*)?"  # behind a date; some scripts set no space, nor do some pages
# A date in many languages is a large pattern, and Rust's engine compiles none above 10 MB: 28 such were too many.
FURNITURE_AT_ONCE, MOST_FURNITURE = 4, 64  # shapes
INDENT = indent.cast(pl.Int64)


def compose(page: Page, layout: Layout) -> Said:
    """Write the grammar that labels this page as it is laid out, and the source text that says it."""
    facts = _facts(page, layout)
    furniture = _furniture(page, layout)
    if furniture is not None:
        facts["furniture"] = furniture & ~_of_frame(layout.frame) & _down_to_last(page, layout)
    fields = fields_of(page, layout)
    layout = replace(layout, is_titled=_are_articles(layout, fields))
    marks = [] if layout.is_talk else reply_marks(page, layout.starts, layout.last_row, layout.kind)
    marks += [*_top(layout), *_lead(layout), *_first_end(layout)]
    marks += _first_marks(layout, facts) if not layout.frame.heads else _early_marks(page, layout, fields)
    marks += _late_marks(page, layout, fields) + _title_marks(layout) + _column_marks(page, layout, fields)
    marks += _inner_marks(page, layout, facts, fields)
    marks += _end_marks(page, layout, facts)
    if furniture is not None:
        if len(tails := _tails(layout)):
            facts["tail"] = numbered(tails.tolist())
            marks.append(Mark("tail", ANYTHING, ASIDE, below=ASIDE, where=col.tail))
        edge = _edge(layout, facts)
        marks.append(
            Mark("furniture_below", ANYTHING, ASIDE, where=col.furniture & before(edge, past=col.furniture))
        )
        marks.append(Mark("furniture", ANYTHING, INSIDE, where=col.furniture))
    return Grammar(kind=KIND, knows=_tell_tales(page, layout), marks=tuple(marks), facts=facts)


def _tell_tales(page: Page, layout: Layout) -> tuple[str, ...]:
    """Write the patterns by which such a page is known: those of the frame's lines that have words of the site."""
    told = [
        column
        for column in layout.frame.columns
        if column.shape and column.level in ("exact", "common", "lead")
    ]
    patterns = [pattern_of(column.shape, page.signs) for column in told]
    return tuple(dict.fromkeys(patterns)) or (r"^",)


# Where lines stand


def fact_of(column: Column) -> str:
    """Name the fact that says which lines are of a column."""
    return f"c{column.offset}".replace("-", "_") + _variant(column)


def _of_frame(frame: Frame) -> Said:
    return _any_of(frame.columns)


def _any_of(columns: Sequence[Column]) -> Said:
    """Say which lines are of one of some columns."""
    return reduce(or_, map(_line_of, columns))


def _line_of(column: Column) -> Said:
    return getattr(col, fact_of(column))


def _down_to_last(page: Page, layout: Layout) -> Said:
    """Say which lines do not stand below the last record: elsewhere, below the line that begins the site's foot."""
    pattern = _foot(page, layout)[0]
    is_foot = since(pattern) if isinstance(pattern, str) else None
    return (n <= layout.last_row).elsewhere(ANYWHERE if is_foot is None else ~is_foot)


def _below_first(layout: Layout) -> Said:
    """Say which lines stand below the first of the first record: elsewhere, no line is asked."""
    return (n > int(layout.starts[0])).elsewhere(ANYWHERE)


def _facts(page: Page, layout: Layout) -> dict[str, Said]:
    """Say which lines are of each column, from the anchor outward."""
    frame = layout.frame
    facts = {"anchor": _anchor(page, frame), "c0": col.anchor}
    below = [column for column in frame.columns if column.offset > 0]
    over = [column for column in reversed(frame.columns) if column.offset < 0]
    for columns, beside, base, reach in ((below, above, from_above, above), (over, under, from_below, under)):
        for column in columns:
            fits = beside(_nearer(frame, column)) & _line_fits(column, page.signs) & ~col.anchor
            if column.indent is not None:
                fits &= INDENT - base(INDENT, abs(column.offset)) == column.indent
            if column.beside:
                is_alike = reach(holds(_of_shape(column.beside, page.signs)), abs(column.offset))
                fits &= ~is_alike if column.is_other else is_alike
            if column.offset >= max(frame.cut, 1) and frame.rows[-1] + column.offset > layout.last_row:
                fits &= _down_to_last(page, layout)  # what stands below the last foot is no head
            facts[fact_of(column)] = fits
    return facts


def _of_shape(shape: str, signs: Mapping[str, str]) -> str:
    """Write the pattern of the lines of a shape in which a date stands for an age too."""
    return "|".join(
        pattern_of(one, signs) for one in dict.fromkeys((shape, shape.replace(DATE_SIGN, AGE_SIGN)))
    )


def _any_shape(shapes: Sequence[str], signs: Mapping[str, str]) -> str:
    return "|".join(pattern_of(shape, signs) for shape in shapes)


def _nearer(frame: Frame, column: Column) -> Said:
    """Say which lines are of a column next to another, toward the anchor."""
    offset = column.offset - (1 if column.offset > 0 else -1)
    return _any_of([nearer for nearer in frame.columns if nearer.offset == offset])


def _anchor(page: Page, frame: Frame) -> Said:
    """Say which lines are the anchor: by shape, then by indent, then by place, until all else is out."""
    condition = _line_fits(frame.home, page.signs)
    held = (
        page.lines.select(condition.value).to_series().to_numpy()
    )  # more than its shape: words may hold signs
    indents, first, last = np.unique(page.indent[frame.rows]), int(frame.rows[0]), int(frame.rows[-1])
    row, n_rows = np.arange(page.height), len(frame.rows)
    narrower = (
        (np.isin(page.indent, indents), indent.is_in(indents.tolist()), n_rows),
        ((row >= first) & (row <= last), n.is_between(first, last), n_rows),
        (np.isin(row, frame.rows), numbered(frame.rows.tolist()), int((1 + LIKE_ANCHORS) * n_rows)),
    )
    for rows, words, most in narrower:
        if (held & rows).sum() < held.sum() > most:
            held &= rows
            condition &= words.elsewhere(ANYWHERE)
    return (condition | numbered(list(frame.adopted))).elsewhere(condition) if frame.adopted else condition


def _line_fits(column: Column, signs: Mapping[str, str]) -> Said:
    if column.level == "title":
        dated = dated_pattern(signs)
        alone = (pl.col("gap") > 0) & under(pl.col("gap") > 0)
        is_title = (
            (weight() <= SHORT) & ~ends_sentence() & (~is_prose() | alone) & (n_words() > 1) & ~is_field()
        )
        is_title &= ~pl.col("text").str.contains(dated)
        return is_title & under(is_prose()) & ~under(is_title & alone & is_prose())
    if column.is_title:
        return (weight() <= SHORT) & ~holds(NO_TITLE) & ~pl.col("text").str.contains(dated_pattern(signs))
    if column.level == "slot":
        return (weight() <= SLOT_WEIGHT) & ~ends_sentence()
    if column.choices:
        return holds(_any_shape(column.choices, signs))
    if column.has_when and (column.offset or column.level in UNWORDED):
        return (weight() <= SHORT) & pl.col("text").str.contains(dated_pattern(signs, when_signs(column)))
    return holds(pattern_of(column.shape, signs))


def when_pattern(page: Page, frame: Frame, column: Column, group: str, signs: Mapping[str, str]) -> str:
    """Write the pattern of a column's lines that say when, and who where they say that, by what `signs` stand for."""
    told = "|".join(signs[sign] for sign in when_signs(column))
    if days := weekdays(page, frame, column):
        told = rf"(?:(?:{'|'.join(map(re.escape, days))})\s+)?(?:{told})"
    if not group:
        return rf"^(?:.*?[^\w])??(?:{told}){NOTHING_MORE}$"
    if AGE_SIGN in when_signs(column):
        told = f"(?:{told}){AGE_CLOCK}"
    before = before_date(page, frame, column)
    after = "" if before else after_date(page, frame, column)
    lead = f"{before}|" if before else ""
    pattern = rf"^(?:{lead}.*?[^\w])??(?P<{group}>{told}){after or NOTHING_MORE}$"
    return pattern.replace("?P<author>", "?P<speaker>") if group == "clock" else pattern


# What lines are


def _top(layout: Layout) -> list[Said]:
    if min(layout.starts[0], layout.lead.first if layout.lead else layout.starts[0]) == 0:
        return []
    return [Mark("top", ANYTHING, chrome("nav"), below=chrome("nav"), where=n == 0)]


def _lead(layout: Layout) -> list[Said]:
    """Mark the text above the first frame, which is a record without one: what the others answer."""
    if layout.lead is None:
        return []
    lead = layout.lead
    marks = (
        [Mark("lead_end", ANYTHING, ASIDE, below=ASIDE, where=n == lead.last + 1)]
        if lead.last + 1 < layout.starts[0]
        else []
    )
    if not lead.n_heads:
        return [Mark("lead", ANYTHING, BODY, below=BODY, opens=layout.kind, where=n == lead.first), *marks]
    title = Mark(
        "lead_title", r"^(?P<title>.+)$", HEADER, below=BODY, opens=layout.kind, where=n == lead.first
    )
    return [title, *marks]


def _first_end(layout: Layout) -> list[Said]:
    """Mark what leads from the first record to the others."""
    if layout.first_end is None:
        return []
    where = (n >= layout.first_end) & (n < int(layout.starts[1]))
    return [Mark("first_end", ANYTHING, ASIDE, below=ASIDE, where=where)]


def _first_marks(layout: Layout, facts: dict[str, Said]) -> list[Said]:
    """Mark the first line below a foot that is not the site's: there a record begins."""
    idle = col.furniture if (layout.role == FURNITURE).any() else pl.lit(value=False)
    facts["foot"] = _of_frame(layout.frame)
    below = after(col.foot, past=idle) & (n < layout.last_row).elsewhere(ANYWHERE)
    is_first = (n == int(layout.starts[0])) | below
    facts["first"] = is_first & ~col.foot & ~idle
    if layout.has_titles:
        return [Mark("title", r"^(?P<title>.+)$", HEADER, below=BODY, opens=layout.kind, where=col.first)]
    return [Mark("first", ANYTHING, BODY, below=BODY, opens=layout.kind, where=col.first)]


def _early_marks(page: Page, layout: Layout, fields: Mapping[str, str]) -> list[Said]:
    """Mark the head of the page's first record, above which no foot stands."""
    marks: list[Said] = []
    if layout.early is None:
        return marks
    for i, column in enumerate(layout.frame.heads):
        group, pattern = fields.get(fact_of(column), ""), r"^.+$"
        if column.level == "slot" and i == 0:
            pattern = rf"^(?P<{group or 'author'}>.+)$"
        elif group or (not column.has_when and names_alone(column)):
            told = mark_pattern(page, layout.frame, column, group)
            is_told = page.lines["text"].slice(layout.early + i, 1).str.contains(told).item()
            pattern = told if is_told else pattern
        opens = layout.kind if i == 0 else None
        marks.append(
            Mark(f"first_{i + 1}", pattern, HEADER, below=BODY, where=n == layout.early + i, opens=opens)
        )
    return marks


def _late_marks(page: Page, layout: Layout, fields: Mapping[str, str]) -> list[Said]:
    """Mark the foot of the page's last record, below which no head stands."""
    if layout.late is None:
        return []
    frame, marks, there = layout.frame, list[Said](), lasts(~col.anchor)
    for i, column in enumerate(frame.feet):
        pattern = mark_pattern(page, frame, column, fields.get(fact_of(column), ""))
        there = there & holds(pattern)
        is_row = (n == layout.late + i).elsewhere(there)
        part = _foot_part(frame, column, fields)
        marks.append(Mark(f"last_{i + 1}", pattern, part, below=ASIDE, where=is_row))
        there = above(there)
    return marks


def _title_marks(layout: Layout) -> list[Said]:
    if not (layout.has_titles and layout.frame.heads):
        return []
    is_title = above(_line_of(layout.frame.columns[-1])) & ~_of_frame(layout.frame)
    return [Mark("title", r"^(?P<title>.+)$", HEADER, below=BODY, where=is_title)]


def _column_marks(page: Page, layout: Layout, fields: Mapping[str, str]) -> list[Said]:
    frame, marks = layout.frame, []
    openings = _openings(frame)
    for column in frame.columns:
        pattern = mark_pattern(page, frame, column, fields.get(fact_of(column), ""))
        if frame.adopted and not column.offset:
            pattern = f"^(?:{pattern}|.+)$"
        name = _mark_name(column)
        if column.offset < frame.cut:
            marks.append(
                Mark(name, pattern, _foot_part(frame, column, fields), below=ASIDE, where=_line_of(column))
            )
            continue
        part, below = _head_parts(layout, column)
        over = [c.offset for c in frame.heads if c.offset < column.offset]
        nearer = [c for c in frame.heads if over and c.offset == max(over)]
        alone = _line_of(column)
        for one in nearer:
            alone &= ~above(_line_of(one))
        if layout.is_talk:
            alone &= (n == int(layout.starts[0])).elsewhere(alone.cum_sum().over("doc") == 1)
        if column.offset in openings:
            marks.append(Mark(f"{name}_first", pattern, part, below=below, opens=layout.kind, where=alone))
        if nearer or layout.is_talk:
            marks.append(Mark(name, pattern, part, below=below, where=_line_of(column)))
    return marks


def _inner_marks(page: Page, layout: Layout, facts: dict[str, Said], fields: Mapping[str, str]) -> list[Said]:
    """Mark the lines that date records below their heads: what stands between is about who wrote them."""
    if layout.inner is None:
        return []
    facts["inner"] = _in_order(holds(pattern_of(layout.inner.shape, page.signs)), page, layout)
    pattern = _inner_pattern(page, layout.inner, has_name="author" in fields.values())
    return [Mark("dated", pattern, HEADER, below=BODY, where=col.inner)]


def _in_order(condition: Said, page: Page, layout: Layout) -> Said:
    return condition & _below_first(layout) & _down_to_last(page, layout) & ~_of_frame(layout.frame)


def _inner_pattern(page: Page, inner: Inner, *, has_name: bool) -> str:
    groups = {next(i for i, char in enumerate(inner.shape) if char in WHEN): "published_raw"}
    if not has_name and WORDS_SIGN in inner.shape:
        groups[inner.shape.index(WORDS_SIGN)] = "author"
    return pattern_of(inner.shape, page.signs, groups)


def _openings(frame: Frame) -> set[int]:
    """List the columns with which some record begins: the first of the head that fits."""
    offsets = np.array([column.offset for column in frame.columns])
    heads = offsets >= frame.cut
    return set(offsets[heads][frame.fits[:, heads].argmax(axis=1)].tolist()) if heads.any() else set()


def _head_parts(layout: Layout, column: Column) -> tuple[Said, Said]:
    if not layout.is_talk:
        return HEADER, BODY if layout.inner is None else INSIDE
    return (TURN, GOES_ON) if column.has_when or column.level == "slot" else (INSIDE, GOES_ON)


def _foot_part(frame: Frame, column: Column, fields: Mapping[str, str]) -> Said:
    """Say what a column of a foot is: a field, or the site's own, outside the record where no field follows."""
    if _is_field(frame, column, fields):
        return HEADER
    below = (c for c in frame.feet if c.offset > column.offset)
    return INSIDE if any(_is_field(frame, c, fields) for c in below) else ASIDE


def _is_field(frame: Frame, column: Column, fields: Mapping[str, str]) -> bool:
    """Say whether a column of a foot tells of a record: a date where no other is the record's, and is else a member's.

    A place for a name does where no account stands in the head; and a link alone, where each record has its own.
    """
    if column.has_when and set(fields.values()) & {"published_raw", "clock"}:
        return fact_of(column) in fields
    is_free = not set(fields.values()) & {"author", "speaker"} and not any(map(_is_handle, frame.heads))
    may_name = is_for_name(column) and (fact_of(column) in fields or is_free)
    is_own_link = column.shape == LINK_SIGN and column.n_distinct >= OWN * len(frame.rows)
    return column.has_when or may_name or column.is_title or HANDLE_SIGN in column.shape or is_own_link


def fields_of(page: Page, layout: Layout) -> dict[str, str]:
    """Choose the columns that say who and when: the name that varies most, the date with the fewest words.

    Of dates that stand alone one of the calendar is preferred to an age.
    """
    frame = layout.frame
    dates = {
        c: _n_words_beside(page, frame, c)
        for c in frame.columns
        if c.has_when and not are_lengths(page, frame, c)
    }
    n_held = dict(zip(frame.columns, frame.fits.sum(axis=0).tolist(), strict=True))
    dated = min(
        dates,
        key=lambda c: (
            2 * n_held[c] < len(frame.rows),
            _is_of_member(frame, c),
            dates[c] >= 0.5,
            dates[c] < 0.5 and DATE_SIGN not in c.shape,
            dates[c],
        ),
        default=None,
    )
    when, who = ("clock", "speaker") if layout.is_talk else ("published_raw", "author")
    is_told = dated is None or _may_be_below(layout, dated) or layout.inner is not None
    found = {} if dated is None or is_told else {fact_of(dated): when}
    if found and dated is not None and (before_date(page, frame, dated) or after_date(page, frame, dated)):
        return found | _titled(page, layout, found)
    if labelled := next((c for c in frame.columns if not c.has_when and is_labelled(page, frame, c)), None):
        found[fact_of(labelled)] = who
        return found | _titled(page, layout, found)
    places = frame.heads if any(map(_is_handle, frame.heads)) else frame.columns
    for is_other in (False, True):
        slots = (c for c in places if is_for_name(c) and (not c.beside or c.is_other == is_other))
        named = named_of(page, frame, slots)
        if named is not None and not is_account(frame, named) and varies(page, frame, named):
            found[fact_of(named)] = "title" if dated is None and is_shouted(page, frame, named) else who
    if who not in found.values() and (
        owner := _owner(frame) or _account(frame) or _sole(page, layout, found)
    ):
        found[fact_of(owner)] = who
    return found | _titled(page, layout, found)


def _is_of_member(frame: Frame, dated: Column) -> bool:
    """Say whether a date is among what is said of an author, below another: "Joined: 3 May 1843", "Posts: 12"."""
    beside = (c for c in frame.columns if abs(c.offset - dated.offset) == 1 and not c.has_when)
    is_listed = re.match(FIELD, dated.shape) and any(re.match(FIELD, c.shape) for c in beside)
    above = (c for c in frame.columns if c.has_when and frame.cut <= c.offset < dated.offset)
    return bool(is_listed) and any(not re.match(FIELD, c.shape) for c in above)


def _are_articles(layout: Layout, fields: Mapping[str, str]) -> bool:
    """Say whether records have titles, and none has a line for who wrote it, as posts of a board do."""
    is_told = "title" in fields.values() or any(
        c.is_title or c.level == "title" for c in layout.frame.columns
    )
    is_answer = any(re.match(ANSWERS_TITLE, column.shape) for column in layout.frame.heads)
    return is_told and not is_answer and "author" not in fields.values()


def _titled(page: Page, layout: Layout, fields: Mapping[str, str]) -> dict[str, str]:
    """Tell the title where none is told yet: the first line of the heads, if nearly each has its own words there.

    A date may stand above it.
    """
    frame = layout.frame
    if layout.is_talk or layout.has_titles or any(c.is_title or c.level == "title" for c in frame.columns):
        return {}
    heads = [c for c in frame.heads if not (fact_of(c) in fields and c.has_when)]
    first = heads[0] if heads else None
    if first is not None and re.match(ANSWERS_TITLE, first.shape):
        return {fact_of(first): "title"}
    if first is None or first.is_fixed or first.beside or fact_of(first) in fields:
        return {}
    if are_initials(page, frame, first):
        return {}
    is_worded = first.level == "slot" or (
        first.n_words > MOST_WORDS and bool(re.fullmatch(ONLY_WORDS, first.shape))
    )
    rows = (frame.rows + first.offset)[frame.fits[:, frame.columns.index(first)]]
    is_own = n_distinct(page.text[rows]) >= OWN * len(rows)
    is_name = first.is_signed or (first.level == "slot" and beside_words(page, frame, first))
    return {fact_of(first): "title"} if is_worded and is_own and not is_name else {}


def _owner(frame: Frame) -> Column | None:
    """Give the line that names the one whose page it is: the same words above every record's account."""
    accounts = [column.offset for column in frame.heads if _is_handle(column)]
    owners = (c for c in frame.heads if c.is_fixed and c.level == "exact" and c.offset + 1 in accounts)
    return next((column for column in owners if re.match(r"\w", column.shape)), None)


def _account(frame: Frame) -> Column | None:
    """Give the line that is an account and nothing else, where no name stands beside one."""
    if any(map(names_alone, frame.columns)):
        return None
    return next((c for c in frame.heads if _is_handle(c) and c.n_distinct >= FEWEST), None)


def _sole(page: Page, layout: Layout, found: Mapping[str, str]) -> Column | None:
    """Give the line that names the one who wrote all records: by its words, by an initial above, or as the page's top.

    What stands there, too, where records have no titles, is whose page it is, and else what they are filed under.
    """
    frame = layout.frame
    if told := next((c for c in frame.columns if sole_line(page, frame, c)), None):
        return told
    fixed = [c for c in frame.heads if c.is_fixed and c.level == "exact"]
    pairs = [(above, c) for above, c in pairwise(frame.heads) if c in fixed and above in fixed]
    initials = (c for above, c in pairs if is_initial(_text(page, frame, above), _text(page, frame, c)))
    first, below = (*frame.heads, None, None)[:2]
    if first in fixed and below is not None and fact_of(below) in found and not _titled(page, layout, found):
        owner = _text(page, frame, first)
        is_owner = re.fullmatch(NAMES, owner) and owner in page.texts[: layout.starts[0]]
        return first if is_owner else next(initials, None)
    return next(initials, None)


def _text(page: Page, frame: Frame, column: Column) -> str:
    """Give the text of the first line of a column."""
    return page.texts[frame.rows[frame.fits[:, frame.columns.index(column)]][0] + column.offset]


def _is_handle(column: Column) -> bool:
    """Say whether a line is an account and nothing else: no name stands at the other end of the record then."""
    return bool(re.fullmatch(rf"\W*{HANDLE_SIGN}\W*", column.shape))


def _may_be_below(layout: Layout, dated: Column) -> bool:
    """Say whether a date at a record's foot may as well head the next: both the first and the last lack theirs."""
    frame = layout.frame
    place = frame.columns.index(dated)
    is_foot = bool(frame.heads) and dated.offset < frame.cut
    return is_foot and layout.late is None and not frame.fits[0][place]


def _n_words_beside(page: Page, frame: Frame, column: Column) -> float:
    """Count the words that stand with a date in its line, on average."""
    rows = (frame.rows + column.offset)[frame.fits[:, frame.columns.index(column)]]
    words = page.lines["exact_shape"].gather(rows).str.count_matches(r"[^\W\d_]+").drop_nulls()
    return float(words.to_numpy().mean()) if len(words) else 0.0


def _mark_name(column: Column) -> str:
    if column.offset == 0:
        return "anchor"
    return f"{'above' if column.offset < 0 else 'below'}_{abs(column.offset)}{_variant(column)}"


def _variant(column: Column) -> str:
    return f"_{'other' if column.is_other else 'usual'}" if column.beside else ""


def mark_pattern(page: Page, frame: Frame, column: Column, group: str) -> str:
    """Write the pattern of a column's lines, with the fields they hold; `group` is what the column says, if it does."""
    if column.level == "title" or column.is_title or group == "title":
        return r"^(?P<title>.+)$"
    if column.level == "slot":
        name = before_colon if is_labelled(page, frame, column) else beside_words
        beside = name(page, frame, column) if group == "author" else ""
        return beside or _slot_pattern(column, group)
    if column.choices:
        return _any_shape(column.choices, page.signs)
    if column.is_fixed and group:
        sole = sole_line(page, frame, column) if group == "author" else ""
        return rf"^{sole or f'(?P<{group}>.+)'}$"
    if column.has_when and (column.level in (*UNWORDED, "lead") or HANDLE_SIGN not in column.shape):
        return when_pattern(page, frame, column, group, page.signs)
    told = "" if column.has_when else before_colon(page, frame, column)
    return told or pattern_of(column.shape, page.signs, _groups(column, group))


def _groups(column: Column, group: str) -> dict[int, str]:
    """Say which signs of a shape hold a field, by their place: what the column says, an account, a name beside it."""
    told = WHEN if column.has_when else HANDLE_SIGN if _is_handle(column) else WORDS_SIGN
    groups = {next(i for i, char in enumerate(column.shape) if char in told): group} if group else {}
    if HANDLE_SIGN in column.shape:
        groups.setdefault(column.shape.index(HANDLE_SIGN), "handle")
    if WORDS_SIGN in column.shape and names_alone(column):
        groups[column.shape.index(WORDS_SIGN)] = "speaker" if group == "clock" else "author"
    return groups


def _slot_pattern(column: Column, group: str) -> str:
    """Write a place for a name: where names are signed with a dash, no other line is one; nor is an item of a list."""
    if not group or column.is_doubled:
        return r"^.+$"
    if column.is_signed:
        return rf"^(?:[-–—]\s*{MAY_BE_BY}(?P<{group}>\S.*)|.+)$"
    if column.is_listed:
        return rf"^(?:{BULLET}{MAY_BE_BY}(?P<{group}>\S.*)|.+)$"
    return rf"^(?:[*•·+‣]\s.*|(?:[-–—]\s*)?{MAY_BE_BY}(?P<{group}>[^\s*•·+‣–—-].*|[*•·+‣–—-]\S.*))$"


# Where records end


def _tails(layout: Layout) -> np.ndarray:
    """List the first of the lines outside that stand below the site's own at the ends of records."""
    rows = np.arange(int(layout.starts[0]) + 1, layout.last_row + 1)
    is_tail = (layout.role[rows] == OUTSIDE) & (layout.role[rows - 1] == FURNITURE)
    tails: np.ndarray = rows[is_tail & (layout.floor is None)]
    return tails


def _edge(layout: Layout, facts: dict[str, Said]) -> Said:
    edge = col.first if "first" in facts else _of_frame(layout.frame)
    edge = edge | col.tail if "tail" in facts else edge
    edge = edge | col.low if "low" in facts else edge
    return (edge | (n == layout.last_row + 1)).elsewhere(edge)


def _end_marks(page: Page, layout: Layout, facts: dict[str, Said]) -> list[Said]:
    """Mark where a record's text ends before the next begins: at a line set in less, and at the page's foot."""
    if layout.floor is not None:
        ground = pl.when(col.anchor).then(INDENT).forward_fill().over("doc")
        is_low = (ground + layout.floor > INDENT) & ~_of_frame(layout.frame) & _below_first(layout)
        facts["low"] = (is_low | (n == layout.last_row + 1)).elsewhere(is_low)
        return [Mark("aside", ANYTHING, ASIDE, below=ASIDE, where=col.low)]
    if layout.last_row + 1 == page.height:
        return []
    pattern, where = _foot(page, layout)
    return [Mark("foot", pattern, chrome("footer"), below=chrome("footer"), where=where)]


def _foot(page: Page, layout: Layout) -> tuple[str | Said, Said | None]:
    """Write the pattern of the line with which the site's foot begins, numbers aside; or tell its place.

    Where another line below the first record is like it, it is told by its place; where one above is, by that.
    """
    row, since_first = layout.last_row + 1, int(layout.starts[0])
    if row >= page.height or layout.floor is not None or page.shapes["exact"][row] < 0:
        return ANYTHING, n == row
    alike = page.shapes["exact"] == page.shapes["exact"][row]
    if alike[since_first:].sum() > 1:
        return ANYTHING, n == row
    return pattern_of(page.shape_at("exact", row), page.signs), None if alike.sum() == 1 else n > since_first


def _furniture(page: Page, layout: Layout) -> Said | None:
    """Say which lines the site repeats within records: those of the shapes that it repeats most."""
    rows = np.flatnonzero(layout.role == FURNITURE)
    if not len(rows):
        return None
    _, firsts, times = np.unique(page.shapes["exact"][rows], return_index=True, return_counts=True)
    most = rows[firsts[np.argsort(-times, kind="stable")[:MOST_FURNITURE]]]
    shapes = sorted({page.shape_at("exact", row) for row in most})
    parts = (shapes[at : at + FURNITURE_AT_ONCE] for at in range(0, len(shapes), FURNITURE_AT_ONCE))
    return reduce(or_, (holds(_any_shape(part, page.signs)) for part in parts))
