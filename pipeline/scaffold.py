"""A new grammar: what is induced from a page, or one mark made from its first line; and a place to go on."""

import keyword
import re
from dataclasses import replace
from pathlib import Path

from pipeline import induce, ingest, laws
from pipeline.grammar import GrammarError, specimens
from pipeline.induce.words import imports
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
Limits    induced from how the lines of one page recur: TODO say what is not read, and why.
"""

{imports}

# TODO Give the marks names that a reader would use, and free them of what only this page says.
GRAMMAR = {grammar}

SAMPLE = """
{sample}
"""

EXPECT = (
{expect})
'''
SAMPLED = 4  # records of a page that make a sample
EXPECTED = ("kind", "title", "author", "handle", "published_raw")


def write(kind: str, page: Path) -> Path:
    """Write `pipeline/grammars/KIND.py` for pages like this one.

    Raises:
        GrammarError: the name cannot be a page kind, or is taken.
        IngestError: the page cannot be read.
    """
    if not re.fullmatch(KIND, kind) or keyword.iskeyword(kind):
        raise GrammarError(f"{kind!r} cannot name a page kind: use small letters, digits and underscores")
    file = Path(__file__).parent / "grammars" / f"{kind}.py"
    if file.exists() or kind in specimens():
        raise GrammarError(f"{file.name} is there already: choose another name or edit it")
    text = _read(page)
    first = ingest.read_lines(laws.document_of(text))["text"][0]
    file.write_text(induced(kind, text) or _grammar(kind, first), encoding="utf-8")
    return file


def _read(page: Path) -> str:
    seeds = ingest.read_seeds(page)
    if seeds.documents.is_empty():
        raise ingest.IngestError("; ".join(fault.message for fault in seeds.faults))
    return str(seeds.documents["text"][0])


def induced(kind: str, text: str) -> str | None:
    """Write the grammar induced from the top of a page, which is its sample; null where the page has no such parts.

    Where the top tells too little, the sample is all of the page.
    """
    for excerpt in (_excerpt(text), text):
        page = _described(excerpt)
        found = induce.structures(page)[:1]
        if found and found[0].score >= LEAST_SURE:
            break
    else:
        return None
    said = induce.write(page, found[0])
    grammar = replace(said.value, kind=kind)
    reading = laws.read(replace(grammar, knows=(r"^",)), excerpt)
    return INDUCED.format(
        title=kind.replace("_", " ").capitalize(),
        imports=imports(said.source),
        grammar=said.source.replace(f"kind={induce.KIND!r}", f"kind={kind!r}", 1),
        sample=_quoted(_with_gutter(excerpt, reading.gutter)),
        expect="".join(_expected(record) for record in reading.pages.records.iter_rows(named=True)),
    )


def _described(text: str) -> induce.Page:
    return induce.page_of(induce.describe_lines(ingest.read_lines(laws.document_of(text))))


def _excerpt(text: str) -> str:
    """Take the top of a page, down to the end of its fourth record."""
    page = _described(text)
    found = induce.structures(page)[:1]
    starts = [
        row for one in found for row in (one.rows if isinstance(one, induce.Talk) else one.starts).tolist()
    ]
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


def _expected(record: dict[str, object]) -> str:
    told = {name: record[name] for name in EXPECTED if record[name] is not None}
    said = "".join(
        f"        {name!r}: {value!r},\n" for name, value in {**told, "body": record["text"]}.items()
    )
    return f"    {{\n{said}    }},\n"


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
