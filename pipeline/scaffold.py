"""A new grammar: what is induced from a page, or one mark made from its first line; and a place to go on."""

import keyword
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from pipeline import induce, ingest, laws
from pipeline.calendar import tongues
from pipeline.grammar import Grammar, GrammarError, specimens
from pipeline.induce.dates import NEVER, words_in
from pipeline.induce.said import Hand, Said, write
from pipeline.induce.shapes import AGE_SIGN, COUNTED, DATE_SIGN, SPOKEN, signs_in
from pipeline.induce.words import PIECES, imports, names_in
from pipeline.language import tag
from pipeline.segment.readers import LEAST_SURE
from schemas import KIND

TEMPLATE = '''"""{title}: TODO say what such a page holds, in one line.

Source    TODO the site, and that this is its rendered page as text.
Dates     TODO how dates are printed, how exact they are, in which zone.
Limits    TODO what is not read, and why.
"""

from pipeline.grammar import BODY, HEADER, Grammar, Mark

# TODO Replace this tell-tale by lines that every page of the site has, and no other site's.
FIRST = {pattern}

GRAMMAR = Grammar(
    kind="{kind}",
    knows=(FIRST,),
    marks=(Mark("first", FIRST, HEADER, below=BODY, opens="article"),),
)

# Each line bears its label: a mark's name, or what the lines below a mark are. TODO Invent a short page, half of whose
# lines are traps: body lines that look like marks. `dehusk check {kind}` says what is wrong or not seen.
SAMPLE = """
first | {first}
body  | {trap}
body  | More words.
"""

EXPECT = (
    {{
        "kind": "article",
        "body": {body},
    }},
)
'''

INDUCED = '''"""{title}: TODO say what such a page holds, in one line.

Source    TODO the site, and that this is its rendered page as text.
Dates     TODO how dates are printed, how exact they are, in which zone.
Limits    induced from how the lines of one page recur{numbered}: TODO say what is not read, and why.
"""

{source}
SAMPLE = """
{sample}
"""

EXPECT = (
{expect})
'''
REMINDER = "# TODO Give the marks names that a reader would use, and free them of what only this page says.\n"
# What is said of marks that hang on line numbers; but the first line of any page may be told by its own.
NUMBERED_LINES = ", some told by their numbers (`n`) there"
LINE_NUMBER = r"\bn (?:[<>]=?|== [1-9])|\bn\.is_|\bnumbered\("
TELL_TALE = "# TODO Let `knows` say lines that every page of the site has, and no other site's.\n"
ANY = (r"^",)  # knows every page
SAMPLED = 4  # records of a page that make a sample
# What is told of dates and ages in a file: the sign of a shape that stands for it, and that sign's name.
TOLD = {
    "DATE": (DATE_SIGN, "DATE_SIGN"),
    "AGE": (AGE_SIGN, "AGE_SIGN"),
    "AGE_COUNTED": (COUNTED, "COUNTED"),
    "AGE_SPOKEN": (SPOKEN, "SPOKEN"),
}
EXPECTED = ("kind", "title", "author", "handle", "published_raw")


def begin(kind: str, page: Path) -> Path:
    """Write `pipeline/grammars/KIND.py` for pages like this one.

    Raises:
        GrammarError: the name cannot be a page kind, or is taken.
        IngestError: the page cannot be read.
    """
    if not re.fullmatch(KIND, kind) or keyword.iskeyword(kind):
        raise GrammarError(f"{kind!r} cannot name a page kind; do: use small letters, digits and underscores")
    file = Path(__file__).parent / "grammars" / f"{kind}.py"
    if file.exists() or kind in specimens():
        raise GrammarError(f"{file.name} is there already; do: choose another name or edit it")
    text = _read(page)
    first = ingest.read_lines(laws.document_of(text))["text"][0]
    file.write_text(induced(kind, text) or _grammar(kind, first), encoding="utf-8")
    return file


def is_of_one_page(source: str) -> bool:
    """Say whether a grammar hangs on the numbers of lines of the page it was made from."""
    return re.search(LINE_NUMBER, source) is not None


def _read(page: Path) -> str:
    seeds = ingest.read_seeds(page)
    if seeds.documents.is_empty():
        raise ingest.IngestError("; ".join(fault.message for fault in seeds.faults))
    return str(seeds.documents["text"][0])


def induced(kind: str, text: str) -> str | None:
    """Write the grammar induced from a page, and what it reads at its top; null where the page has no such parts.

    It reads the page as it is induced. Where it can it does so without numbers of lines, and with all words that the
    page's language has for dates: so it reads other pages too.
    """
    page = _described(text)
    readings = induce.structures(page)
    if max((one.score for one in readings), default=0.0) < LEAST_SURE:
        return None
    found = readings[0]  # what ranks first goes before what is surer by itself
    plain = _Draft(kind, induce.write(page, found), page.signs, tell_tale=_tell_tale(text))
    known = plain.read(text)
    records, _ = known
    draft = next(
        (one for one in _general(plain, text, _languages(records)) if one.read(text) == known), plain
    )
    excerpt = _excerpt(page, found, text)
    sample = excerpt if _begins(draft.read(excerpt)[0], records) else text
    return _file(draft, sample)


@dataclass(frozen=True)
class _Draft:
    """A grammar induced from a page, as it is to be written.

    Attributes:
        kind: of the pages.
        said: the grammar.
        signs: what the signs of the page's shapes stand for.
        languages: whose words for dates they have; null for those on the page.
        is_general: see `said.Hand`.
        tell_tale: a pattern of a line of the page, for a grammar that was made for this page alone and knows any.
    """

    kind: str
    said: Said
    signs: Mapping[str, str]
    languages: Sequence[str] | None = None
    is_general: bool = False
    tell_tale: str = ""

    @cached_property
    def source(self) -> str:
        """Write what it imports, what dates are, and itself."""
        names = {self.signs[sign]: name for name, (sign, _) in TOLD.items() if self.signs[sign] != NEVER}
        written = write(self.said, Hand({**names, **PIECES}, self.is_general))
        grammar = written.replace(f'kind="{induce.KIND}"', f'kind="{self.kind}"', 1)
        told = grammar.replace(f"knows={write(ANY)}", f"knows=({write(self.tell_tale)},)", 1)
        reminder = REMINDER if told == grammar else TELL_TALE + REMINDER
        dates = _dates(self, names_in(told))
        return f"{imports(dates + told)}\n\n{dates}{reminder}GRAMMAR = {told}\n"

    @cached_property
    def grammar(self) -> Grammar:
        """Give the grammar that the source makes; every page is one it knows."""
        module: dict[str, Grammar] = {}
        exec(compile(self.source, self.kind, "exec"), module)  # noqa: S102  what was written above
        return replace(module["GRAMMAR"], knows=ANY)

    def look(self, text: str) -> laws.Reading:
        """Read a page."""
        return laws.read(self.grammar, text)

    def read(self, text: str) -> tuple[list[dict[str, object]], list[tuple[object, ...]]]:
        """List the records of a page, and their segments."""
        pages = self.look(text).pages
        segments = pages.segments.select("kind", "title", "speaker", "text")
        return _told(pages.records), segments.rows()


def _tell_tale(text: str) -> str:
    """Write the pattern of the first line of a page that stands on no other grammar's sample."""
    lines = ingest.read_lines(laws.document_of(text))["text"].to_list()
    others = {line.strip() for one in specimens().values() for line in laws.page_of(one).splitlines()}
    first = next((line for line in lines if line.strip() not in others), lines[0])
    return f"^{re.escape(first)}$"


def _general(plain: _Draft, text: str, languages: Sequence[str] | None) -> Iterator[_Draft]:
    """List other ways to write a grammar, the one that tells of most pages first."""
    if languages is not None:
        page = _described(text, languages)
        found = next(iter(induce.structures(page)), None)
        if found is not None:
            wide = replace(plain, said=induce.write(page, found), signs=page.signs, languages=languages)
            yield replace(wide, is_general=True)
            yield wide
    yield replace(plain, is_general=True)


def _begins(some: Sequence[Mapping[str, object]], known: Sequence[Mapping[str, object]]) -> bool:
    """Say whether some records are the first of those known, of which the last may go on."""
    *whole, last = some or [{}]
    place = len(whole)
    return (
        [*whole] == [*known[:place]]
        and bool(last)
        and str(known[place]["body"]).startswith(str(last["body"]))
    )


def _languages(records: Sequence[Mapping[str, object]]) -> list[str] | None:
    """Name the language that the words of the records' dates are in; none where they have no words, null if it is open.

    It is the one that the records are in, or the only one that has such dates.
    """
    dates = pl.Series([record["published_raw"] for record in records], dtype=pl.String).drop_nulls()
    if not dates.str.contains(r"\pL{2}").any():
        return []
    told = tongues(dates)
    body = "\n".join(str(record["body"]) for record in records)
    (spoken,) = tag(pl.DataFrame({"text": [body]}))["language"]
    return [spoken] if spoken in told else told if len(told) == 1 else None


def _dates(draft: _Draft, asked: Collection[str]) -> str:
    """Write what dates and ages are: as a language writes them, or else as the page does."""
    told = {name: said for name, said in TOLD.items() if name in asked}
    if not told:
        return ""
    if draft.languages is None or signs_in(*draft.languages) != draft.signs:
        said = [f"{name} = {write(draft.signs[sign])}\n" for name, (sign, _) in told.items()]
        return "".join(("# TODO These are the words of one page for dates: see `signs_in`.\n", *said, "\n"))
    keys = ", ".join(f"SIGNS[{key}]" for _, key in told.values())
    languages = ", ".join(map(write, draft.languages))
    return f"SIGNS = signs_in({languages})\n{', '.join(told)} = {keys}\n\n"


def _file(draft: _Draft, sample: str) -> str:
    """Write the file of a grammar, with its sample and what is expected of that."""
    reading = draft.look(sample)
    return INDUCED.format(
        title=draft.kind.replace("_", " ").capitalize(),
        numbered=NUMBERED_LINES if is_of_one_page(draft.source) else "",
        source=draft.source,
        sample=_quoted(_with_gutter(sample, reading.gutter)),
        expect="".join(map(_expectation, _told(reading.pages.records))),
    )


def _described(text: str, languages: Sequence[str] = ()) -> induce.Page:
    """Describe the lines of a page, which may hold all date words of some languages."""
    lines = induce.describe_lines(ingest.read_lines(laws.document_of(text)))
    words = words_in(languages) if languages else {}
    held = {kind: pl.lit(said, dtype=pl.List(pl.String)) for kind, said in words.items()}
    return induce.page_of(lines.with_columns(**held))


def _excerpt(page: induce.Page, found: induce.Reading, text: str) -> str:
    """Take the top of a page, down to the end of its fourth record or turn."""
    starts = (found.rows if isinstance(found, induce.Talk) else found.starts).tolist()
    if len(starts) <= SAMPLED:
        return text
    last = page.lines["line"][int(starts[SAMPLED])]
    return "\n".join(text.splitlines()[: last - 1]) + "\n"


def _with_gutter(text: str, gutter: list[str]) -> str:
    said = {int(label.rsplit(" ", 1)[1]): label.rsplit(" ", 1)[0].split(" ") for label in gutter}
    width = max(len(name) for name, _ in said.values())
    lines = [
        f"{said[number][0]:{width}} {said[number][1]} {line.rstrip()}" if number in said else ""
        for number, line in enumerate(text.splitlines(), start=1)
    ]
    return "\n".join(lines)


def _told(records: pl.DataFrame) -> list[dict[str, object]]:
    """List what is expected of records."""
    return records.rename({"text": "body"}).select(*EXPECTED, "body").to_dicts()


def _expectation(record: Mapping[str, object]) -> str:
    told = "".join(f"        {write(k)}: {write(v)},\n" for k, v in record.items() if v is not None)
    return f"    {{\n{told}    }},\n"


def _grammar(kind: str, first: str) -> str:
    trap = f"It says “{first}” at the top."
    return TEMPLATE.format(
        kind=kind,
        title=kind.replace("_", " ").capitalize(),
        pattern=repr(f"^{re.escape(first)}$"),
        first=_quoted(first),
        trap=_quoted(trap),
        body=repr(f"{trap}\n\nMore words."),
    )


def _quoted(text: str) -> str:
    """Write a text so that it stands as it is between triple quotes."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
