"""A new grammar that already passes the laws: one mark, made from the first line of a page, and a place to go on."""

import keyword
import re
from pathlib import Path

from pipeline import ingest
from pipeline.grammar import GrammarError, specimens
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
    file.write_text(_grammar(kind, _first_line(page)), encoding="utf-8")
    return file


def _first_line(page: Path) -> str:
    seeds = ingest.read_seeds(page)
    if seeds.documents.is_empty():
        raise ingest.IngestError("; ".join(fault.message for fault in seeds.faults))
    return ingest.read_lines(seeds.documents)["text"][0]


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
