"""The words of grammars, said as well as done (see `said`): from these composed grammars are made."""

import re

import polars

from pipeline import grammar
from pipeline.induce import shapes
from pipeline.induce.said import Said

MODULES = {
    "pipeline.grammar": grammar,
    "pipeline.induce.shapes": shapes,
}
NAMES = {
    "pipeline.grammar": (
        *("ANYTHING", "BODY", "HEADER", "Grammar", "Mark", "above", "after", "before", "block", "chrome"),
        *("flow", "from_above", "from_below", "holds", "label", "n", "under"),
    ),
    "pipeline.induce.shapes": ("ends_sentence", "is_field", "is_prose", "n_words", "weight"),
}
_SAID = {
    name: Said(getattr(MODULES[module], name), name) for module, names in NAMES.items() for name in names
}

ANYTHING, BODY, HEADER = (_SAID[name] for name in ("ANYTHING", "BODY", "HEADER"))
Grammar, Mark, n = (_SAID[name] for name in ("Grammar", "Mark", "n"))
above, after, before, under = (_SAID[name] for name in ("above", "after", "before", "under"))
from_above, from_below, holds = (_SAID[name] for name in ("from_above", "from_below", "holds"))
block, chrome, flow, label = (_SAID[name] for name in ("block", "chrome", "flow", "label"))
ends_sentence, is_field, is_prose = (_SAID[name] for name in ("ends_sentence", "is_field", "is_prose"))
n_words, weight = (_SAID[name] for name in ("n_words", "weight"))
pl, col = Said(polars, "pl"), Said(polars.col, "col")


def imports(source: str) -> str:
    """Write the imports that a source text made of these words needs."""
    spoken = set(re.findall(r"\w+", source))
    lines = ["import polars as pl"] * ("pl" in spoken) + ["from polars import col", ""]
    for module, names in NAMES.items():
        if used := [name for name in names if name in spoken]:
            lines.append(f"from {module} import {', '.join(used)}")
    return "\n".join(lines)
