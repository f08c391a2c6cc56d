"""Read a page that holds one article: offer a grammar whose marks ask what each line was found to be."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.article.answers import set_answers
from pipeline.article.bounds import Bounds, find_bounds
from pipeline.article.company import Judged, is_alone
from pipeline.article.features import PROSE, features, widths
from pipeline.article.frame import Said, frame, go_on
from pipeline.article.furniture import lists_of_sources
from pipeline.article.model import MOST, Forest, ask
from pipeline.article.passages import Rows
from pipeline.article.patterns import (
    AGENCY_AND_DATE,
    AUTHOR,
    AUTHOR_BEFORE,
    BESIDE,
    BY_AGENCY,
    BY_WHOM,
    DATE,
    DATE_AND_HANDLE,
    DATED,
    DATED_AT_ONCE,
    FOLLOWED,
    HANDLE_AND_DATE,
    HANDLE_AND_DATE_AT_ONCE,
    LABELLED_HANDLE,
    LEADING,
    MOMENT,
    NAME,
    NAME_AND_DATE,
    OFFICE,
    ON_WEEKDAY,
    REPORTER,
    SAYING,
    SIGNED,
    TAIL,
    UNCASED,
    WHEN_AND_WHO,
    WHO_AND_WHEN,
    WHO_AT_WHEN,
    WITH_HANDLE,
    WRITTEN,
)
from pipeline.article.regions import LEAST_EVIDENCE, passages, weigh
from pipeline.article.roles import ANSWERS, HEAD, ROLE, ROLES, numbers
from pipeline.article.titles import find_title_above, find_titles, words_of
from pipeline.article.wrapping import unwrap
from pipeline.grammar import ANYTHING, BODY, HEADER, Grammar, Mark, block, chrome, flow

LEAST_WIDTH = 140  # letters' widths of words below which a page holds no article
LEAST_SURE = 0.5  # what is left of that where all is talk
HEAD_CHARS = 10  # characters at which a line begins as another of the same speaker does
LEAST_SUMMARY = 2  # paragraphs that a page says twice, from which on they are a summary if they stand first
# Where so much of the words has one indent, and so little else, a paragraph with it is one of them, unless its own
# evidence is worse: of 955 pages, F rose by .0008, and pages with teasers between their paragraphs are no longer cut.
MOSTLY, SELDOM, LEAST_ALIKE = 0.8, 0.25, -0.7
FURNITURE = ("alone", "lead", "ends")  # see `furniture`
BOUNDS = ("ends", "boxed", "plea", "service", "rights")
LEAVING = ("ends", "lead", "plea")
MOST_INGREDIENTS = 60  # lines from the label of ingredients to the words below them
LEAST_LISTED = 0.3  # of these lines, those that have a number or a bullet
MOST_BOXED = 12  # lines of a box that stands apart from the words about it
MOST_OF_WORDS = 0.2  # of all that seems a page's words, what a box may hold
LEAST_GOING_ON = -3.0  # evidence of a sentence between the words and what ends an article
LEAST_BETWEEN = -3.9  # and of what may stand between
MOST_SET_IN = 20  # lines between two paragraphs that are set alike
REACH = 24  # lines below the words in which such a paragraph is looked for
LABEL = 50  # letters' widths up to which a line may be a heading of the site's
MOST_OF_PLEA = 3  # lines of a plea below its heading
MOST_BETWEEN = 4  # lines from prose to what it leads up to
LEAST_OF_MENU = 3  # short lines above the first sentence from which on they may be one
SENTENCE = 20  # letters' widths from which on a line that ends with a stop is one
LINE_ROLE, OPENS = "article_role", "article_opens"


def own_words(
    lines: pl.DataFrame, n_documents: int, learned: Forest | None = None, bounds: Bounds | None = None
) -> list[str]:
    """Give each document's own words, a line a line.

    Args:
        lines: the table of lines.
        n_documents: how many there are; one without any words is "".
        learned: trees that tell words; the package's own by default.
        bounds: trees that tell where these begin and end; the package's own by default.
    """
    whole, of_line = unwrap(lines)
    is_body = np.zeros(0, dtype=bool)
    if lines.height:
        is_body = judge(whole, features(whole), learned, bounds).is_body
    texts = lines.filter(pl.Series(is_body[of_line])).group_by("doc").agg(pl.col("text").str.join("\n"))
    found = dict(texts.iter_rows())
    return [found.get(document, "") for document in range(n_documents)]


class Offer(NamedTuple):
    """A reading of a document: its grammar, how sure it is, by line, what speaks for words; its answers' first line.

    And whether it surely is all that the document holds.
    """

    doc: int
    grammar: Grammar
    confidence: float
    words: np.ndarray
    since: int = 0
    answers: int = 0
    is_alone: bool = False


def read(lines: pl.DataFrame) -> Iterator[Offer]:
    """Offer, for each page that holds an article, its grammar and how sure that is; else nothing.

    A page of which its file states that it holds nothing but its words is left alone.
    """
    if "states" in lines.columns:
        lines = lines.filter(pl.col("states").is_null())
    if lines.is_empty():
        return
    whole, of_line = unwrap(lines)
    said = features(whole)
    judged = judge(whole, said)
    is_body, sure, words = judged.is_body, judged.sure, judged.words
    of_whole = Rows(whole["doc"].to_numpy().astype(np.int64))
    titles = find_titles(whole, said, words_of(judged.by_line, of_whole), of_whole)
    roles, opens = frame(whole, said, is_body, of_whole, titles)
    set_answers(whole, said, roles, of_whole)
    alone = is_alone(whole, {**said, "answers": np.isin(roles, ANSWERS)}, judged, of_whole)
    rows = Rows(lines["doc"].to_numpy().astype(np.int64))
    documents = lines["doc"].to_numpy()[rows.starts]
    is_first = np.diff(of_line, prepend=-1) > 0
    of_lines = go_on(roles[of_line], is_first)
    grammar = _grammar(documents, rows.starts, of_lines, opens[of_line] & is_first)
    answer = rows.below(np.isin(of_lines, ANSWERS))[rows.starts]
    words = (words / np.bincount(of_line))[of_line]
    for number in np.flatnonzero(np.logical_or.reduceat(is_body[of_line], rows.starts)).tolist():
        first = rows.starts[number]
        own = words[first : rows.last[first] + 1]
        answers = max(0, int(answer[number] - first))
        yield Offer(
            *(int(documents[number]), grammar, float(sure[number]), own),
            answers=answers,
            is_alone=bool(alone[number]),
        )


def judge(
    lines: pl.DataFrame,
    said: Said,
    learned: Forest | None = None,
    bounds: Bounds | None = None,
    *,
    is_talk: bool = False,
) -> Judged:
    """Judge lines. A page with too little prose among what seems its own words has none.

    Where it is known to be of talk, nothing is the words' own for being set as they are: so are turns and the site's.

    Sure is the share of the page, by the square roots of its lines' widths, that is expected to be judged rightly; less
    the share of its words that seems talk, so that a reading as talk is preferred where there is one.
    """
    rows = Rows(lines["doc"].to_numpy().astype(np.int64))
    width = widths(said)
    odds, votes, is_inside, by_line = judge_lines(said, rows, width, ask(said, learned))
    is_body, by_line = (
        settle(said, by_line, odds, rows, bounds, is_talk=is_talk),
        _with_lists(said, by_line, rows),
    )
    is_body = is_body if is_talk else is_body | _notes(lines, said, is_body, rows)
    by_line &= rows.total(width * by_line * (said["paragraph"] >= np.log2(PROSE))) >= LEAST_WIDTH
    is_body &= rows.total(by_line) > 0
    weight = np.sqrt(1 + width)
    right = 1 / (1 + np.exp(np.where(by_line, -odds, odds).astype(np.float64)))
    sure = np.bincount(rows.doc, weight * right) / np.bincount(rows.doc, weight)
    sure = np.maximum(sure * (1 - _share_of_talk(lines, by_line, rows)), np.minimum(sure, LEAST_SURE))
    return Judged(is_body, sure, np.maximum(votes, 0) * is_inside, by_line)


class Lines(NamedTuple):
    """By line, the evidence that it is the page's own words, its vote, whether it lies in a passage, and is words."""

    odds: np.ndarray
    votes: np.ndarray
    is_inside: np.ndarray
    is_body: np.ndarray


def judge_lines(said: Said, rows: Rows, width: np.ndarray, evidence: np.ndarray) -> Lines:
    """Judge lines by the evidence that they are the page's own words, before it is asked where these begin and end."""
    is_furniture = sum(said[name] for name in FURNITURE) + said["led"] * (1 - said["stop"]) > 0
    odds = np.where(is_furniture, -MOST, evidence)
    is_between = (said["alone"] + said["lead"] > 0) & (
        said["ends"] == 0
    )  # and tells nothing of a passage's bounds
    votes = np.where(is_between, 0, weigh(odds, width))
    is_inside = passages(votes, rows)
    is_body = is_inside & (odds > LEAST_EVIDENCE)
    is_body |= _alike(said, is_body, odds, rows)
    is_body |= _before_end(said, is_body, odds, rows)
    is_body &= ~_leads_up(said, is_body, rows)
    is_body &= ~_in_boxes(said, width * is_body, rows) & ~_goes_on_below(said, is_body, rows)
    return Lines(odds, votes, is_inside, is_body)


def settle(  # noqa: PLR0913 - what was judged, and what is known of the page
    said: Said,
    is_body: np.ndarray,
    odds: np.ndarray,
    rows: Rows,
    learned: Bounds | None = None,
    *,
    is_talk: bool = False,
) -> np.ndarray:
    """Say which lines are words where it is told, by those judged to be, where each document's article begins and ends.

    Beyond the lines judged so far, any that is more likely words than not is taken up to these bounds.
    """
    first, last = find_bounds(said, odds, is_body, rows, learned)
    last = _above_lists(said, is_body, last, rows)
    last = _above_pleas(said, first, _beyond_leads(said, is_body, last, rows), rows)
    last = last if is_talk else _set_as_words(said, is_body, odds, last, rows)
    top, end = rows.edges(is_body)
    is_new = (rows.at < top) | (rows.at > end)
    is_words = is_body | (is_new & (odds > 0)) | (rows.at == first) | (rows.at == last)
    is_words &= (first >= 0) & (rows.at >= first) & (rows.at <= last)
    return _with_lists(said, is_words, rows)


def _with_lists(said: Said, is_words: np.ndarray, rows: Rows) -> np.ndarray:
    """Take ingredients for words, and leave out what a page says twice at their edges."""
    is_words = is_words | _ingredients(said, is_words, rows)
    return is_words & ~_at_edges(said, is_words, rows)


def _above_lists(said: Said, is_body: np.ndarray, last: np.ndarray, rows: Rows) -> np.ndarray:
    """Leave out what stands below the words if it is only a list that is not set in, and that nothing leads up to."""
    words = rows.above(is_body & (rows.at <= last))[rows.last]
    is_plain = (said["bullet"] > 0) & (said["depth"] <= 0)
    listed = rows.so_far(is_plain)
    is_list = (words >= 0) & (last > words) & (listed[last] - listed[words] == last - words)
    return np.where(is_list & (said["colon"] + said["bullet"] == 0)[words], words, last)


def _above_pleas(said: Said, first: np.ndarray, last: np.ndarray, rows: Rows) -> np.ndarray:
    """Leave out the last few lines if a plea stands above them as a heading does: they are of it."""
    is_label = (said["size"] < np.log2(LABEL)) & (said["prose"] + said["stop"] + said["bullet"] == 0)
    head = rows.above(is_label & (said["plea"] > 0))[last]
    return np.where((head > first) & (last - head <= MOST_OF_PLEA), head - 1, last)


def _notes(lines: pl.DataFrame, said: Said, is_body: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines next below the words list an article's sources and notes, each list with a heading.

    What it says to see besides may stand among them; without sources, such a list is the site's.
    """
    is_item = said["bullet"] > 0
    is_notes, is_head = lists_of_sources(lines, is_item)
    head, item, last = rows.above(is_head), rows.below(is_item), rows.edges(is_body)[1]
    is_listed = is_item & (head >= 0) & (said["depth"] >= said["depth"][item[head]]) & (said["rights"] == 0)
    is_other = ~(is_head | is_listed | (said["alone"] > 0))
    is_below = (rows.at > last) & (last >= 0)
    bar = rows.below(is_other & is_below)[rows.first]
    is_listed &= is_below & ((bar < 0) | (rows.at < bar))
    below, end = np.minimum(last + 1, rows.last), rows.above(is_listed)[rows.last]
    is_noted = (head[below] > rows.above(is_other)[below]) & (rows.above(is_notes)[end] >= head[below])
    return is_below & (rows.at <= end) & is_noted & (said["alone"] == 0)


def _leads_elsewhere(said: Said) -> np.ndarray:
    """Say which lines lead to what else the site has, or are of something for sale."""
    is_lead: np.ndarray = said["lead"] + said["led"] + said["alone"] > 0
    return is_lead


def _beyond_leads(said: Said, is_body: np.ndarray, last: np.ndarray, rows: Rows) -> np.ndarray:
    """Take the words below what leads elsewhere, or is for sale, for an article's own if it was to end right above."""
    is_lead = _leads_elsewhere(said)
    is_cut = (last >= 0) & is_lead[np.minimum(last + 1, rows.last)]
    bar = rows.below(~is_body & ~is_lead & (rows.at > last))[rows.first]
    own = rows.above(is_body & ((bar < 0) | (rows.at < bar)))[rows.last]
    return np.where(is_cut, np.maximum(last, own), last)


def _set_as_words(
    said: Said, is_body: np.ndarray, odds: np.ndarray, last: np.ndarray, rows: Rows
) -> np.ndarray:
    """Take for an article's end the last of the paragraphs below that are set as its own, in what holds these.

    What stands between is set in, such as a list of others' titles or a form, or leads elsewhere; the page comes no
    further out, and shows nothing of the site's at their indent.
    """
    is_main, below = said["depth"] == 0, (rows.at > last) & (last >= 0)
    is_lead = _leads_elsewhere(said)
    is_bar = (said["depth"] < 0) | (said["rights"] > 0)
    is_bar |= is_main & ((said["ends"] + said["plea"] > 0) | (odds <= LEAST_EVIDENCE)) & ~is_lead
    bar = rows.below(is_bar & below)[rows.first]
    own = is_body & (said["prose"] > 0) & ~below
    is_telling = rows.total(own & is_main) >= MOSTLY * rows.total(own)
    may = below & ((bar < 0) | (rows.at < bar)) & is_main & (said["prose"] > 0) & (said["stop"] > 0)
    may &= is_telling & ~is_lead & (rows.total(said["apart"]) > 0)
    above = np.maximum(rows.away(rows.above(may) + 1, -1) - 1, last)
    far = rows.below(may & (rows.at - above > MOST_SET_IN))[rows.first]
    return np.maximum(last, rows.above(may & ((far < 0) | (rows.at < far)))[rows.last])


def _alike(said: Said, is_body: np.ndarray, odds: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which paragraphs below the words of a document are set as these are, and nearly nothing else is."""
    is_main = said["depth"] == 0
    body, rest = is_body & (said["prose"] > 0), ~is_body
    is_telling = rows.total(body & is_main) >= MOSTLY * rows.total(body)
    is_telling &= rows.total(rest & is_main) <= SELDOM * rows.total(rest)
    last = rows.above(is_body)
    near = (last >= 0) & (rows.at - last <= REACH)
    asked = (
        is_telling
        & near
        & ~is_body
        & is_main
        & (said["prose"] > 0)
        & (said["stop"] > 0)
        & (odds > LEAST_ALIKE)
    )
    return asked & (said["bullet"] + said["rights"] + said["service"] == 0)


def _before_end(said: Said, is_body: np.ndarray, odds: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines between the words of a document and what ends an article go on with them: to a sentence."""
    is_bound = sum(said[name] for name in BOUNDS) + said["dated"] * (1 - said["stop"]) > 0
    is_bound |= (odds < LEAST_BETWEEN) & (odds > -MOST)
    last, end = rows.above(is_body), rows.below(said["ends"] > 0)
    is_next = (last >= 0) & (rows.below(is_body) < 0) & (rows.above(is_bound) < last)
    is_next &= (rows.at - last <= REACH) & (end >= 0) & (end - rows.at <= REACH)
    is_sentence = is_next & (said["stop"] > 0) & (said["size"] >= np.log2(SENTENCE)) & (odds > LEAST_GOING_ON)
    is_sentence &= (said["depth"] == said["depth"][last]) | (said["bullet"] > 0)
    return is_next & (rows.below(is_sentence) >= 0) & (odds > -MOST)


def _ingredients(said: Said, is_body: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines list ingredients above words of a document, with what stands above the list.

    What stands between their label and the next words is a list of them if many of its lines have a number or a bullet,
    and none of them leads elsewhere.
    """
    is_told = is_body & (said["prose"] > 0)
    head, below = rows.above(said["ingredients"] > 0), rows.below(is_told)
    bar = rows.below(np.sum([said[name] for name in LEAVING], axis=0) > 0)
    is_between = (
        (head >= 0) & (rows.above(is_told) < head) & (below > head) & (below - head <= MOST_INGREDIENTS)
    )
    is_between &= (bar[head] < 0) | (bar[head] > below)
    listed = rows.so_far((said["digits"] > 0) | (said["bullet"] > 0))
    is_list = listed[below] - listed[head] >= LEAST_LISTED * (below - head)
    return is_between & is_list & (said["alone"] == 0)


def _in_boxes(said: Said, words: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines stand together apart from most prose, with one among them by which a site leads elsewhere.

    Args:
        said: what `features` says of the lines.
        words: by line, its width; 0 where it is not judged the page's own words.
        rows: where the rows of each document lie.
    """
    is_apart = said["depth"] != 0
    run = np.cumsum((np.diff(is_apart, prepend=False) != 0) | (rows.at == rows.first)) - 1
    share = words / np.maximum(rows.total(words), 1)
    is_box = np.bincount(run, said["lead"] + said["alone"] + said["plea"]) > 0
    is_box &= (np.bincount(run) <= MOST_BOXED) & (np.bincount(run, share) <= MOST_OF_WORDS)
    return is_apart & is_box[run]


def _goes_on_below(said: Said, is_body: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines are listed with others that stand below the words of a document: those are no words either."""
    is_listed = said["bullet"] > 0
    run = np.cumsum(~is_listed | (rows.at == rows.first)) - 1
    is_below = is_listed & ~is_body & (rows.below(is_body) < 0)
    return is_listed & (np.bincount(run, is_below) > 0)[run]


def _at_edges(said: Said, is_body: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines lie before the first paragraph of a document that it says once, or after the last.

    What a page says twice is a plea, or a summary of it; where all is said twice, it tells nothing.
    """
    is_told = is_body & (said["prose"] > 0)
    once, twice = is_told & (said["repeats"] < 2), is_told & (said["repeats"] >= 2)
    first, last = rows.edges(once)
    before, after = rows.at < first, (rows.at > last) & (last >= 0)
    before &= rows.total(twice & before) >= LEAST_SUMMARY
    return before | (after & (rows.so_far(twice & after) > 0))


def _leads_up(said: Said, is_body: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which short lines stand above the first sentence of a document, as many as it has sentences: a menu.

    Only where indents tell nothing; else trees tell a menu from a list by them.
    """
    is_told = is_body & (said["stop"] > 0) & (said["size"] >= np.log2(SENTENCE))
    is_above = is_body & (rows.at < rows.below(is_told)[rows.first])
    is_menu = rows.total(is_above) >= np.maximum(rows.total(is_told), LEAST_OF_MENU)
    return is_above & is_menu & (rows.total(said["apart"]) == 0)


def _share_of_talk(lines: pl.DataFrame, is_body: np.ndarray, rows: Rows) -> np.ndarray:
    """Say how many of the lines of each document's words begin as another does: with a speaker's name, as turns do."""
    head = pl.col("text").str.slice(0, HEAD_CHARS)
    own = lines.select("doc", head=head).with_row_index("row").filter(pl.Series(is_body))
    alike = own.filter(pl.len().over("doc", "head") > 1)["row"].to_numpy()
    of_document = np.maximum(np.bincount(rows.doc, is_body), 1)
    return np.bincount(rows.doc[alike], minlength=len(of_document)) / of_document


# Around words that are told by other means


class Stretch(NamedTuple):
    """Lines next to each other of one role (see `roles`): the first, the last, and whether the record opens."""

    role: str
    first: int
    last: int
    opens: bool


def surround(lines: pl.DataFrame, first: int, last: int) -> list[Stretch]:
    """Say what stands above and below words that are told by other means, such as turns of talk.

    Args:
        lines: the lines of one document.
        first: the first of those words, counted from the top.
        last: the last of them.
    """
    said = features(lines)
    is_told = np.zeros(lines.height, dtype=bool)
    is_told[first : last + 1] = True
    is_told[_lead(said, first) : first] = True
    is_body = judge(lines, said, is_talk=True).is_body | is_told
    rows = Rows(np.zeros(lines.height, dtype=np.int64))
    titles = find_title_above(lines, said, words_of(is_body, rows), rows, first)
    roles, opens = frame(lines, said, is_body, rows, titles[:1] if len(titles) else np.array([-1]))
    below = titles[1:]
    roles[below] = np.where(roles[below] == ROLE["within"], ROLE["words"], roles[below])
    roles[first : last + 1] = -1
    opening = int(opens.argmax())
    is_new = np.isin(roles, (*numbers("title", "title_rest"), *HEAD)) | (np.diff(roles, prepend=-2) != 0)
    is_new[[opening, min(opening + 1, lines.height - 1)]] = True
    ends = np.append(np.flatnonzero(is_new), lines.height)
    stretches = zip(ends[:-1].tolist(), (ends[1:] - 1).tolist(), strict=True)
    return [Stretch(ROLES[roles[a]], a, b, a == opening) for a, b in stretches if roles[a] >= 0]


def _lead(said: Said, first: int) -> int:
    """Find where the prose begins that leads up to a line, with few others between: an introduction, a scene."""
    lead, row = first, first - 1
    while row >= 0 and lead - row <= MOST_BETWEEN and not said["service"][row] + said["rights"][row]:
        if said["prose"][row] or (said["stop"][row] and said["size"][row] >= np.log2(SENTENCE)):
            lead = row
        row -= 1
    return lead


# The grammar


def _grammar(documents: np.ndarray, starts: np.ndarray, roles: np.ndarray, opens: np.ndarray) -> Grammar:
    """Make the grammar of some documents; it knows each line by its document and number."""
    look = partial(_look_up, documents=documents, starts=starts)
    at = [pl.col("doc"), pl.col("n")]
    facts = {
        LINE_ROLE: pl.map_batches(
            at, partial(look, values=roles), return_dtype=pl.Int32, is_elementwise=True
        ),
        OPENS: pl.map_batches(at, partial(look, values=opens), return_dtype=pl.Boolean, is_elementwise=True),
    }
    return Grammar(kind="article", knows=(), facts=facts, marks=MARKS)


def _look_up(
    columns: Sequence[pl.Series], documents: np.ndarray, starts: np.ndarray, values: np.ndarray
) -> pl.Series:
    document, n = (column.to_numpy() for column in columns)
    return pl.Series(values[starts[np.searchsorted(documents, document)] + n.astype(np.int64)])


def _is(role: str) -> pl.Expr:
    return pl.col(LINE_ROLE) == ROLE[role]


HEADER_LINES = {
    "agency and date": ("byline", AGENCY_AND_DATE),
    "agency": ("byline", BY_AGENCY),
    "date and writers": ("byline", rf"^.*?(?P<published_raw>{DATE})(?:{DATE})?(?:\W.*?)??{WRITTEN}{TAIL}$"),
    "writers and date": ("byline", rf"^.*?{WRITTEN}{DATED}.*$"),
    "writers and date at once": ("byline", rf"^.*?{WRITTEN}{DATED_AT_ONCE}.*$"),
    "date and byline": ("byline", rf"^.*?(?P<published_raw>{DATE})(?:\W.*?)??{AUTHOR}.*$"),
    "byline and day of the week": ("byline", rf"^.*?{AUTHOR}\W+(?P<published_raw>{ON_WEEKDAY}).*$"),
    "byline and date": ("byline", rf"^.*?{AUTHOR}\W+(?:.*?\W)??(?P<published_raw>{DATE}).*$"),
    "name and date": ("byline", NAME_AND_DATE),
    "date": ("date", rf"^.*?(?P<published_raw>{DATE}).*$"),
    "day": ("day", r"^[\s*•·|–-]*(?:(?:Le|le|Am|am|On|on|El|el)\s)?(?P<published_raw>.*?)[\s|,]*$"),
    "writers": ("byline", rf"^.*?{WRITTEN}{TAIL}$"),
    "byline": ("byline", rf"^.*?{AUTHOR}.*$"),
    "date and account": ("byline", DATE_AND_HANDLE),
    "account and date at once": ("byline", HANDLE_AND_DATE_AT_ONCE),
    "account and date": ("byline", HANDLE_AND_DATE),
    "labelled account": ("byline", LABELLED_HANDLE),
    "account": ("byline", WITH_HANDLE),
    **{name: ("signed", pattern) for name, pattern in SIGNED.items()},
    "name below its word": ("name", BESIDE),
    "name before its word": ("byline", AUTHOR_BEFORE),
    "reporter": ("byline", REPORTER),
    "name to follow": ("byline", FOLLOWED),
    "name and office": ("byline", OFFICE),
    "name": ("byline", rf"^(?:[*•+-]\s+)?(?P<author>{NAME}|{UNCASED})$"),
    "title": ("title", r"^(?P<title>.*?)\s?[¶🔗]?$"),
}
"""What header lines look like, by name: their role and their pattern; the first that fits is it."""


def _headers() -> Iterator[Mark]:
    """List the marks of header lines: the first of them opens the record."""
    for name, (role, pattern) in HEADER_LINES.items():
        yield Mark(f"{name} on top", pattern, HEADER, opens="article", where=_is(role) & pl.col(OPENS))
    for name, (role, pattern) in HEADER_LINES.items():
        yield Mark(name, pattern, HEADER, where=_is(role) & ~pl.col(OPENS))
    yield Mark("title goes on", r"^(?P<title_rest>.*)$", HEADER, where=_is("title_rest"))


# Who answers: a name behind a bullet or a number, before words that end in a colon or dots, "1. Ada says:"; or alone.
LISTED = r"^(?:o\s|[\W\d])*"
SAYS = rf"{LISTED}(?P<author>{NAME}|[^\s:：]+)(?:\s[^\W\dA-Z]{{1,12}}){{1,2}}\s?{LEADING}$"
SAYS_LONGER = rf"{LISTED}(?P<author>[^\W\d].*)\s[^\W\dA-Z]{{1,12}}\s?{LEADING}$"
SAYS_AT_LAST = rf"{LISTED}(?P<author>{NAME})\s{SAYING}$"
ALONE = rf"{LISTED}(?P<author>[^\W\d].*?)\s?[:：]?$"
ANSWERED_AT = rf"^.*?(?P<published_raw>{MOMENT}).*$"
PARAGRAPH = flow("paragraph")
MARKS = (
    *_headers(),
    Mark("first words", ANYTHING, BODY, below=PARAGRAPH, opens="article", where=pl.col(OPENS)),
    Mark("words", ANYTHING, BODY, below=PARAGRAPH, where=_is("words")),
    Mark("heading", ANYTHING, block("heading"), below=flow("heading"), where=_is("heading")),
    Mark("list item", ANYTHING, block("list_item"), below=flow("list_item"), where=_is("list_item")),
    Mark("caption", ANYTHING, block("caption"), below=flow("caption"), where=_is("caption")),
    Mark("quotation", ANYTHING, block("quote"), below=flow("quote"), where=_is("quote")),
    Mark("who answers", SAYS, HEADER, opens="post", where=_is("answer_name")),
    Mark("who of several words answers", SAYS_LONGER, HEADER, opens="post", where=_is("answer_name")),
    Mark("who answers and no colon", SAYS_AT_LAST, HEADER, opens="post", where=_is("answer_name")),
    Mark("by whom is answered", BY_WHOM, HEADER, opens="post", where=_is("answer_name")),
    Mark("who answers alone", ALONE, HEADER, opens="post", where=_is("answer_name")),
    Mark("when and who answers", WHEN_AND_WHO, HEADER, opens="post", where=_is("answer_head")),
    Mark("who answers and when", WHO_AND_WHEN, HEADER, opens="post", where=_is("answer_head")),
    Mark("who answers at once and when", WHO_AT_WHEN, HEADER, opens="post", where=_is("answer_head")),
    Mark("when is answered", ANSWERED_AT, HEADER, opens="post", where=_is("answer_head")),
    Mark("answered at", ANSWERED_AT, HEADER, where=_is("answer_date")),
    Mark("answered on", HEADER_LINES["date"][1], HEADER, where=_is("answer_date")),
    Mark("answered lately", r"^\W*(?P<published_raw>.*?)$", HEADER, where=_is("answer_date")),
    Mark("who answered and when", WHO_AND_WHEN, HEADER, where=_is("answer_foot")),
    Mark("who answered", SAYS, HEADER, where=_is("answer_foot")),
    Mark("who of several words answered", SAYS_LONGER, HEADER, where=_is("answer_foot")),
    Mark("first of answer", ANYTHING, BODY, below=PARAGRAPH, opens="post", where=_is("answer_first")),
    Mark("answer", ANYTHING, BODY, below=PARAGRAPH, where=_is("answer")),
    Mark("within", ANYTHING, chrome("ui_message", inside=True), where=_is("within")),
    Mark("above", ANYTHING, chrome("nav"), where=_is("above")),
    Mark("foot", ANYTHING, chrome("footer"), where=_is("foot")),
    Mark("plea", ANYTHING, chrome("promo"), where=_is("plea")),
    Mark("below", ANYTHING, chrome("nav"), where=_is("below")),
)
