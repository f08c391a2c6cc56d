"""What every grammar must hold to, checked on the sample page it carries.

The gutter of a sample names each line's label: the mark, split or recurring rule that claimed it, else what the
lines below a mark are (`body`, a chrome or segment kind). `|` stands inside a record, `:` outside, an empty line is
a blank line of the page. A law is a function from a specimen to the ways in which it is broken.
"""

import ast
import copy
import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline import ledger
from pipeline.grammar import ANYTHING, Grammar, Mark, Recurring, Specimen, Split, Tail, specimens
from pipeline.ingest import DOCUMENTS, read_lines
from pipeline.segment import BELOW, UNKNOWN, Pages, assemble, label, recognise
from schemas import CHROME_KINDS, KIND, SEGMENT_KINDS

GUTTER = re.compile(r"^(?P<label>\w*) *(?P<bar>[|:])(?: (?P<text>.*))?$")
LEAST_KILLED = 0.8  # of a grammar's mutants, the share that must break a law
SOME_LINES = ("a", "Z", "7", "字", "?")  # what holds each of them holds any line
PLACED = ("marks", "splits")  # what a grammar says of some lines and not of others


class Reading(NamedTuple):
    """A page as a grammar reads it: a label and a bar a line, and the records."""

    gutter: list[str]
    pages: Pages
    text: str
    pieces: pl.DataFrame


# A specimen, read ---------------------------------------------------------------------------------


def sample_lines(specimen: Specimen) -> list[tuple[str, str, str]]:
    """Take a sample apart: label, bar and text of each line of the page; a blank line has no label."""
    found = [(GUTTER.match(line), line) for line in specimen.sample.strip("\n").split("\n")]
    if wrong := [line for match, line in found if match is None and line.strip()]:
        raise ValueError(f"{specimen.grammar.kind}: a sample line without a gutter: {wrong[0]!r}")
    return [(m["label"], m["bar"], m["text"] or "") if m else ("", "", "") for m, _ in found]


def page_of(specimen: Specimen) -> str:
    """Write the sample without its gutter."""
    return "\n".join(text for _, _, text in sample_lines(specimen)) + "\n"


def document_of(text: str) -> pl.DataFrame:
    """Make a document of a text, as `ingest.read_seeds` would."""
    return documents_of([text])


def documents_of(texts: Sequence[str]) -> pl.DataFrame:
    """Make a document of each text, as `ingest.read_seeds` would."""
    rows = [
        dict.fromkeys(DOCUMENTS.names())
        | {"document_id": f"d_{number:024x}", "path": f"sample_{number}.txt", "text": text}
        for number, text in enumerate(texts)
    ]
    return pl.DataFrame(rows, schema=DOCUMENTS)


def read(grammar: Grammar, text: str) -> Reading:
    """Read a page by one grammar, or by none if that does not know it."""
    return read_all(grammar, [text])[0]


def read_all(grammar: Grammar, texts: Sequence[str]) -> list[Reading]:
    """Read pages by one grammar, each by none if that does not know it; its patterns are compiled once."""
    states = pl.lit(None if grammar.knows else grammar.kind, pl.String)
    unknown = specimens()[UNKNOWN].grammar
    grammars = [grammar] if grammar.kind == UNKNOWN else [grammar, unknown]
    return readings(documents_of(texts).with_columns(states=states), grammars)


def readings(documents: pl.DataFrame, grammars: Sequence[Grammar] | None = None) -> list[Reading]:
    """Read documents together, by every grammar there is unless some are named, and give what was read of each."""
    labelled = label(read_lines(documents), grammars)
    pages = assemble(labelled, documents, grammars)
    found = []
    for number, (document_id, text) in enumerate(documents.select("document_id", "text").iter_rows()):
        pieces = labelled.pieces.filter(doc=number)
        own = Pages(*(table.filter(document_id=document_id) for table in pages))
        found.append(Reading(_gutter(pieces), own, text, pieces))
    return found


def _gutter(pieces: pl.DataFrame) -> list[str]:
    first = pieces.unique("line", keep="first", maintain_order=True)
    name = pl.col("rule").str.extract(r"^\w+\.(.*)$")
    unmarked = pl.when((pl.col("role") == "chrome") | pl.col("is_flowing")).then("kind").otherwise("role")
    shown = pl.when(name.str.ends_with(BELOW)).then(unmarked).otherwise(name)
    bar = pl.when(pl.col("record") >= 0).then(pl.lit("|")).otherwise(pl.lit(":"))
    return (
        first.select(pl.concat_str(shown, pl.lit(" "), bar, pl.lit(" "), pl.col("line").cast(pl.String)))
        .to_series()
        .to_list()
    )


# The laws -----------------------------------------------------------------------------------------


def labels_equal_gutter(specimen: Specimen) -> Iterator[str]:
    """The labels drawn for the sample are those of its gutter."""
    yield from _labels_differ(specimen, read(specimen.grammar, page_of(specimen)))


def _labels_differ(specimen: Specimen, reading: Reading) -> Iterator[str]:
    lines = sample_lines(specimen)
    expected = [f"{name} {bar} {number}" for number, (name, bar, text) in enumerate(lines, 1) if text.strip()]
    for want, got in zip(expected, reading.gutter, strict=False):
        if want != got:
            number = int(want.rsplit(" ", 1)[1])
            said = want.rsplit(" ", 1)[0]
            yield f"sample line {number} is {said!r} in the gutter, drawn {got!r}: {lines[number - 1][2]!r}"


def records_equal_expected(specimen: Specimen) -> Iterator[str]:
    """The records read from the sample are those expected, bodies included."""
    yield from _records_differ(specimen, read(specimen.grammar, page_of(specimen)))


def _records_differ(specimen: Specimen, reading: Reading) -> Iterator[str]:
    seen = reading.pages.records.to_dicts()
    if len(seen) != len(specimen.expect):
        yield f"{len(specimen.expect)} records expected, {len(seen)} read: {[r['kind'] for r in seen]}"
    for number, (want, got) in enumerate(zip(specimen.expect, seen, strict=False)):
        for key, value in want.items():
            if value != (found := _seen(key, got, value, reading)):
                yield f"record {number}: {key} is expected {value!r}, read {found!r}"
        if missing := {"kind", "body"} - want.keys():
            yield f"record {number}: EXPECT must say {sorted(missing)}"


def _seen(key: str, record: dict[str, object], wanted: object, reading: Reading) -> object:
    of_record = pl.col("record_id").eq(record["record_id"])
    if key == "body":
        return record["text"]
    if key == "segments":
        rows = reading.pages.segments.filter(of_record).to_dicts()
        keys = [tuple(w) for w in wanted] if isinstance(wanted, list | tuple) else []
        shown = [
            {k: row[k] for k in (keys[i] if i < len(keys) else ("kind", "text"))}
            for i, row in enumerate(rows)
        ]
        return tuple(shown) if isinstance(wanted, tuple) else shown
    if key == "chrome":
        return _chrome(reading, of_record)
    return record[key]


def _chrome(reading: Reading, condition: pl.Expr) -> dict[str, list[str]]:
    data = reading.text.encode()
    rows = reading.pages.spans.filter(condition & (pl.col("role") == "chrome"))
    found: dict[str, list[str]] = {}
    for kind, start, end in rows.select("kind", "byte_start", "byte_end").iter_rows():
        found.setdefault(kind, []).append(data[start:end].decode())
    return found


def every_rule_is_seen(specimen: Specimen) -> Iterator[str]:
    """Every mark, split, tail and recurring rule claims something in the sample."""
    grammar = specimen.grammar
    rules = {rule.split(".", 1)[1] for rule in read(grammar, page_of(specimen)).pieces["rule"]}
    for name in grammar.rule_names:
        if name not in rules:
            yield f"{name!r} claims nothing in the sample: add a line for it"


def nothing_is_unclaimed(specimen: Specimen) -> Iterator[str]:
    """Every line of the sample is claimed by a rule."""
    pieces = read(specimen.grammar, page_of(specimen)).pieces
    for line, text in pieces.filter(pl.col("kind") == "unclaimed").select("line", "text").iter_rows():
        yield f"sample line {line} is claimed by no rule: {text!r}"


def knows_its_own_alone(specimen: Specimen) -> Iterator[str]:
    """A grammar knows its own sample, and that of no other."""
    others = [s.grammar for s in specimens().values()]
    lines = read_lines(document_of(page_of(specimen)))
    for grammar in others:
        alone = recognise(lines, [grammar])["page_kind"][0] == grammar.kind
        if grammar.knows and alone != (grammar.kind == specimen.grammar.kind):
            verb = "knows" if alone else "does not know"
            yield f"{grammar.kind} {verb} the sample of {specimen.grammar.kind}"


def knows_no_other(specimen: Specimen) -> Iterator[str]:
    """A grammar knows no sample of another, and has a tell-tale that some line does not hold."""
    grammar = specimen.grammar
    if not grammar.knows:
        return
    if all(pl.Series(SOME_LINES).str.contains(pattern).all() for pattern in grammar.knows):
        yield f"`knows` of {grammar.kind} holds any line, and so any page: say a line that only its site has"
    others = [other for other in specimens().values() if other.grammar.kind != grammar.kind]
    known = recognise(read_lines(documents_of(list(map(page_of, others)))), [grammar])
    for number in known.filter(page_kind=grammar.kind)["doc"]:
        yield f"{grammar.kind} knows the sample of {others[number].grammar.kind}"


def engines_agree(specimen: Specimen) -> Iterator[str]:
    """Patterns mean the same to Rust's engine and to Python's."""
    texts = [text.strip() for _, _, text in sample_lines(specimen) if text.strip()]
    patterns = [
        *(m.pattern for m in specimen.grammar.marks),
        *specimen.grammar.knows,
        *(t.pattern for t in specimen.grammar.tails),
    ]
    for pattern in patterns:
        rust = pl.Series(texts).str.contains(pattern).to_list()
        python = [re.search(pattern, text) is not None for text in texts]
        for text in (t for t, r, p in zip(texts, rust, python, strict=True) if r != p):
            yield f"the two engines differ on {text!r}: {pattern}"


def ledger_is_whole(specimen: Specimen) -> Iterator[str]:
    """Spans in order, with the white space between, give back the document byte for byte."""
    page = page_of(specimen)
    yield from ledger.faults(page.encode(), read(specimen.grammar, page).pages.spans)


def kinds_are_known(specimen: Specimen) -> Iterator[str]:
    """Chrome and segments are of the kinds of the schema, and the page and its records have names that it takes."""
    grammar = specimen.grammar
    named = [grammar.kind, *(mark.opens for mark in grammar.marks if mark.opens)]
    yield from (f"{kind!r} cannot name a kind: {KIND} can" for kind in named if not re.fullmatch(KIND, kind))
    said = [part for mark in grammar.marks for part in (mark.part, mark.below) if part]
    glued: list[Tail | Recurring] = [*grammar.tails, *grammar.recurring]
    used = {part.kind for part in said if part.role == "chrome"} | {rule.kind for rule in glued}
    blocks = {part.kind for part in said if part.role == "body"}
    for what, kinds, known in (("chrome", used, CHROME_KINDS), ("segments", blocks, SEGMENT_KINDS)):
        for kind in sorted(map(str, kinds - known.keys())):
            yield f"{what} of the kind {kind!r}; there are {', '.join(known)}"


def docstring_says(specimen: Specimen) -> Iterator[str]:
    """The file says where such pages come from, how dates are read, and what is not done."""
    for section in ("Source", "Dates", "Limits"):
        if not re.search(rf"^{section}\s{{2,}}\S", specimen.doc, re.MULTILINE):
            yield f"the docstring has no line `{section}    …`"


def file_is_a_declaration(specimen: Specimen) -> Iterator[str]:
    """A grammar declares: no function, loop, branch or lambda."""
    refused = (ast.FunctionDef, ast.For, ast.While, ast.If, ast.Lambda, ast.Try, ast.ClassDef)
    for node in ast.walk(ast.parse(Path(specimen.file).read_text(encoding="utf-8"))):
        if isinstance(node, refused):
            yield f"line {node.lineno}: {type(node).__name__} in a declaration"


def documents_stay_apart(specimen: Specimen) -> Iterator[str]:
    """No line is asked across the end of a document: `above`, `under`, `from_above`, `from_below` do not."""
    for node in ast.walk(ast.parse(Path(specimen.file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "shift":
            yield f"line {node.lineno}: `.shift` reaches into the next document: say `from_above` or `from_below`"


def mutants_die(specimen: Specimen) -> Iterator[str]:
    """Of all ways to drop one thing a grammar says, most are noticed by the sample."""
    told = fates(specimen)
    alive = [name for name, dead in told if not dead]
    if len(alive) > (1 - LEAST_KILLED) * len(told):
        share = 1 - len(alive) / len(told)
        seen = f"{share:.0%} of {len(told)} mutants die, at least {LEAST_KILLED:.0%} must"
        yield f"{seen}; add traps for: {', '.join(alive)}"


class Change(NamedTuple):
    """What one mutant says otherwise: another word, or none, in one place of a field of the grammar."""

    name: str
    field: str
    place: int
    word: Mark | Split | None = None


def fates(specimen: Specimen) -> list[tuple[str, bool]]:
    """Name every mutant of a grammar, and say whether a law notices it."""
    changed = changes(specimen.grammar)
    apart = [change for change in changed if change.field not in PLACED]
    together = [change for change in changed if change.field in PLACED]
    dead = _noticed(specimen, together) + [d for change in apart for d in _noticed(specimen, [change])]
    return [(change.name, is_dead) for change, is_dead in zip(together + apart, dead, strict=True)]


def changes(grammar: Grammar) -> list[Change]:
    """Drop, one at a time, each thing that a grammar says."""
    made = [
        Change(f"{mark.name}: {name}", "marks", i, changed)
        for i, mark in enumerate(grammar.marks)
        for name, changed in _mark_mutants(mark)
    ]
    for field in ("splits", "tails", "recurring"):
        made += [Change(f"{word.name}: dropped", field, i) for i, word in enumerate(getattr(grammar, field))]
    anywhere = pl.lit(True) & (pl.col("n") >= 0)
    made += [
        Change(f"{split.name}: where", "splits", i, replace(split, where=anywhere))
        for i, split in enumerate(grammar.splits)
    ]
    made += [
        Change(f"page field {name}: dropped", "page_fields", i) for i, name in enumerate(grammar.page_fields)
    ]
    return made


def _mark_mutants(mark: Mark) -> Iterator[tuple[str, Mark | None]]:
    yield "dropped", None
    for field in ("where", "below", "opens", "section", "repeats", "rises"):
        if getattr(mark, field) is not None:
            yield field, replace(mark, **{field: None})  # type: ignore[arg-type]
    if mark.pattern != ANYTHING:  # the ends stay, for groups are read between them, but hold any words
        yield "anchors", replace(mark, pattern=f"^.*?(?:{mark.pattern[1:-1]}).*$")


def _noticed(specimen: Specimen, changed: Sequence[Change]) -> list[bool]:
    """Say of each mutant whether a law notices it: all are read at once, each from a copy of the sample."""
    page = page_of(specimen)
    try:
        read = read_all(_mutant(specimen.grammar, changed), [page] * len(changed))
        return [
            any(True for differ in (_labels_differ, _records_differ) for _ in differ(specimen, reading))
            for reading in read
        ]
    except (pl.exceptions.PolarsError, ValueError, IndexError, KeyError):
        if len(changed) == 1:  # a mutant that cannot run is noticed
            return [True]
        half = len(changed) // 2
        return _noticed(specimen, changed[:half]) + _noticed(specimen, changed[half:])


def _mutant(grammar: Grammar, changed: Sequence[Change]) -> Grammar:
    """Change a grammar otherwise for each document, without asking whether it is still a good declaration.

    How a page is known is not what is changed: it need not be asked.
    """
    mutant = copy.copy(grammar)
    object.__setattr__(mutant, "knows", ())
    for field in {change.field for change in changed}:
        words: list[object] = []
        for place, word in enumerate(getattr(grammar, field)):
            others = {doc: it for doc, it in enumerate(changed) if (it.field, it.place) == (field, place)}
            if field in PLACED:
                words.append(_only(word, ~pl.col("doc").is_in(list(others))))
                words += [_only(it.word, pl.col("doc") == doc) for doc, it in others.items() if it.word]
            elif not others:
                words.append(word)
        object.__setattr__(mutant, field, tuple(words))
    return mutant


def _only(word: Mark | Split, there: pl.Expr) -> Mark | Split:
    return replace(word, where=there if word.where is None else there & word.where)


LAWS: tuple[Callable[[Specimen], Iterator[str]], ...] = (
    labels_equal_gutter,
    records_equal_expected,
    every_rule_is_seen,
    nothing_is_unclaimed,
    knows_its_own_alone,
    knows_no_other,
    engines_agree,
    ledger_is_whole,
    kinds_are_known,
    docstring_says,
    file_is_a_declaration,
    documents_stay_apart,
    mutants_die,
)


def broken(specimen: Specimen) -> list[str]:
    """List the ways in which a grammar breaks the laws: what, where, seen, do."""
    return [
        f"{Path(specimen.file).name}: {law.__name__.replace('_', ' ')} does not hold\n  seen  {fault}"
        for law in LAWS
        for fault in law(specimen)
    ]


def drawn(specimen: Specimen) -> str:
    """Write the sample with the gutter that the grammar draws, to compare with the one it carries."""
    labels = {
        int(g.rsplit(" ", 1)[1]): g.rsplit(" ", 1)[0]
        for g in read(specimen.grammar, page_of(specimen)).gutter
    }
    lines = sample_lines(specimen)
    width = max(len(name) for name, _, _ in lines)
    own = [f"{name:{width}} {bar} {text}".rstrip() for name, bar, text in lines]
    seen = [
        ""
        if i not in labels
        else f"{labels[i].split(' ')[0]:{width}} {labels[i].split(' ')[1]} {text}".rstrip()
        for i, (_, _, text) in enumerate(lines, 1)
    ]
    return "\n".join(difflib.unified_diff(own, seen, "gutter", "drawn", lineterm="", n=1))
