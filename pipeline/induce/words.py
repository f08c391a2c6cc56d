"""The words of grammars, said as well as done (see `said`): from these composed grammars are made."""

import ast

import polars

from pipeline import grammar
from pipeline.article import patterns
from pipeline.induce import dates, shapes, voices
from pipeline.induce.said import Said

MODULES = {
    "pipeline.article.patterns": patterns,
    "pipeline.grammar": grammar,
    "pipeline.induce.dates": dates,
    "pipeline.induce.shapes": shapes,
    "pipeline.induce.voices": voices,
}
NAMES = {
    "pipeline.article.patterns": ("BY",),
    "pipeline.grammar": (
        *("ANYTHING", "BODY", "HEADER", "Grammar", "Mark", "above", "after", "before", "block", "chrome"),
        *(
            "flow",
            "from_above",
            "from_below",
            "holds",
            "indent",
            "label",
            "lasts",
            "n",
            "numbered",
            "since",
            "under",
        ),
    ),
    "pipeline.induce.dates": ("ANY_DAY", "TIME"),
    "pipeline.induce.shapes": (
        *("AGE_SIGN", "COUNTED", "DATE_SIGN", "HANDLE", "LINK", "NO_TITLE", "NUMBER", "SPOKEN"),
        *("ends_sentence", "is_field", "is_prose", "n_words", "signs_in", "weight"),
    ),
    "pipeline.induce.voices": (
        *(
            "ACCOUNT",
            "ASIDE",
            "CLOCK",
            "DAY",
            "NAME",
            "NAME_OF_WORDS",
            "PLAIN_STAMP",
            "RANK",
            "STAGE",
            "STAMP",
        ),
        *("STAMP_AFTER", "STAMP_ALONE", "TITLE", "WORDS"),
    ),
}
TELLING = 6  # characters of a piece of a pattern that its name tells better
_SAID = {
    name: Said.word(getattr(MODULES[module], name), name) for module, names in NAMES.items() for name in names
}

ANYTHING, BODY, HEADER = (_SAID[name] for name in ("ANYTHING", "BODY", "HEADER"))
Grammar, Mark, n = (_SAID[name] for name in ("Grammar", "Mark", "n"))
above, after, before, under = (_SAID[name] for name in ("above", "after", "before", "under"))
from_above, from_below, holds = (_SAID[name] for name in ("from_above", "from_below", "holds"))
indent, lasts, numbered, since = (_SAID[name] for name in ("indent", "lasts", "numbered", "since"))
block, chrome, flow, label = (_SAID[name] for name in ("block", "chrome", "flow", "label"))
ends_sentence, is_field, is_prose = (_SAID[name] for name in ("ends_sentence", "is_field", "is_prose"))
n_words, weight = (_SAID[name] for name in ("n_words", "weight"))
pl, col = Said.word(polars, "pl"), Said.word(polars.col, "col")
# The names of what patterns are made of, by the pattern.
PIECES = {
    one.value: name
    for name, one in _SAID.items()
    if isinstance(one.value, str) and len(one.value) >= TELLING and not one.value.isalpha()
}


def names_in(source: str) -> set[str]:
    """List the names that stand in a source text."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def imports(source: str) -> str:
    """Write the imports that a source text made of these words needs."""
    spoken = names_in(source)
    lines = ["import polars as pl"] * ("pl" in spoken) + ["from polars import col", ""] * ("col" in spoken)
    for module, names in NAMES.items():
        if used := [name for name in names if name in spoken]:
            lines.append(f"from {module} import {', '.join(used)}")
    return "\n".join(lines)
