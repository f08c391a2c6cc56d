"""What every grammar must hold to, checked on the sample page it carries.

The gutter of a sample names each line's label: the mark, split or recurring rule that claimed it, else what the
lines below a mark are (`body`, a chrome or segment kind). `|` stands inside a record, `:` outside, an empty line is
a blank line of the page. A law is a function from a specimen to the ways in which it is broken.
"""

import ast
import copy
import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline import ledger
from pipeline.grammar import ANYTHING, Grammar, Mark, Recurring, Specimen, Tail, specimens
from pipeline.ingest import DOCUMENTS, read_lines
from pipeline.segment import BELOW, UNKNOWN, Pages, assemble, label, recognise
from schemas import CHROME_KINDS, KIND, SEGMENT_KINDS

GUTTER = re.compile(r"^(?P<label>\w*) *(?P<bar>[|:])(?: (?P<text>.*))?$")
FREE_ENDS = re.compile(r"^\^(\(\?(P<\w+>|:))*\.[+*]?.*\.[+*]\)*\$$")  # without anchors it means the same
LEAST_KILLED = 0.8  # of a grammar's mutants, the share that must break a law
MATCHED = {"kind", "body", "segments", "chrome"}


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
    row = dict.fromkeys(DOCUMENTS.names()) | {
        "document_id": "d_" + "0" * 24,
        "path": "sample.txt",
        "text": text,
    }
    return pl.DataFrame([row], schema=DOCUMENTS)


def read(grammar: Grammar, text: str) -> Reading:
    """Read a page by one grammar, or by none if that does not know it."""
    document = document_of(text).with_columns(
        states=pl.lit(None if grammar.knows else grammar.kind, pl.String)
    )
    unknown = specimens()[UNKNOWN].grammar
    grammars = [grammar] if grammar.kind == UNKNOWN else [grammar, unknown]
    labelled = label(read_lines(document), grammars)
    pages = assemble(labelled, document, grammars)
    return Reading(_gutter(labelled.pieces), pages, text, labelled.pieces)


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
    fates = [(name, dies(specimen, mutant)) for name, mutant in mutants(specimen.grammar)]
    alive = [name for name, dead in fates if not dead]
    if len(alive) > (1 - LEAST_KILLED) * len(fates):
        share = 1 - len(alive) / len(fates)
        seen = f"{share:.0%} of {len(fates)} mutants die, at least {LEAST_KILLED:.0%} must"
        yield f"{seen}; add traps for: {', '.join(alive)}"


def mutants(grammar: Grammar) -> Iterator[tuple[str, Grammar]]:
    """Drop, one at a time, each thing that a grammar says."""
    for i, mark in enumerate(grammar.marks):
        for name, changed in _mark_mutants(mark):
            yield f"{mark.name}: {name}", _unchecked(grammar, marks=_put(grammar.marks, i, changed))
    for field in ("splits", "tails", "recurring"):
        for i, word in enumerate(getattr(grammar, field)):
            yield (
                f"{word.name}: dropped",
                _unchecked(grammar, **{field: _put(getattr(grammar, field), i, None)}),
            )
    for i, split in enumerate(grammar.splits):
        yield (
            f"{split.name}: where",
            _unchecked(
                grammar,
                splits=_put(grammar.splits, i, replace(split, where=pl.lit(True) & (pl.col("n") >= 0))),
            ),
        )
    for name in grammar.page_fields:
        yield (
            f"page field {name}: dropped",
            _unchecked(grammar, page_fields=tuple(f for f in grammar.page_fields if f != name)),
        )


def _mark_mutants(mark: Mark) -> Iterator[tuple[str, Mark | None]]:
    yield "dropped", None
    for field in ("where", "below", "opens", "section", "repeats", "rises"):
        if getattr(mark, field) is not None:
            yield field, replace(mark, **{field: None})  # type: ignore[arg-type]
    if mark.pattern != ANYTHING and not FREE_ENDS.match(mark.pattern):
        yield "anchors", replace(mark, pattern=mark.pattern.removeprefix("^").removesuffix("$"))


def _put(words: tuple, i: int, word: object) -> tuple:
    return (*words[:i], *(() if word is None else (word,)), *words[i + 1 :])


def _unchecked(grammar: Grammar, **changes: object) -> Grammar:
    """Change a grammar without asking whether the change is a good declaration: a mutant need not be."""
    mutant = copy.copy(grammar)
    for name, value in changes.items():
        object.__setattr__(mutant, name, value)
    return mutant


def dies(specimen: Specimen, mutant: Grammar) -> bool:
    """Say whether a law notices that a grammar was changed."""
    named = _unchecked(mutant, knows=())  # how a page is known is not what was changed: it need not be asked
    try:
        reading = read(named, page_of(specimen))
        return any(True for differ in (_labels_differ, _records_differ) for _ in differ(specimen, reading))
    except (
        pl.exceptions.PolarsError,
        ValueError,
        IndexError,
        KeyError,
    ):  # a mutant that cannot run is noticed
        return True


LAWS: tuple[Callable[[Specimen], Iterator[str]], ...] = (
    labels_equal_gutter,
    records_equal_expected,
    every_rule_is_seen,
    nothing_is_unclaimed,
    knows_its_own_alone,
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
