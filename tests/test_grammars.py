"""The laws, over every grammar there is."""

import pytest

from pipeline import laws
from pipeline.grammar import BODY, HEADER, Grammar, Mark, Specimen, specimens

SIGNED = Mark("signed", r"^By (?P<author>[A-Z]\w+)$", HEADER, below=BODY, opens="post")


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("kind", specimens())
def test_grammar_holds_to_the_law(kind, law):
    assert list(law(specimens()[kind])) == []


@pytest.mark.parametrize(("words", "is_noticed"), [("Looms weave.", False), ("Woven By Ada herself.", True)])
def test_a_pattern_without_its_anchors_is_noticed_by_a_trap_alone(words, is_noticed):
    specimen = Specimen(
        Grammar(kind="signed", knows=(), marks=(SIGNED,)),
        sample=f"signed | By Ada\nbody | {words}",
        expect=({"kind": "post", "author": "Ada", "body": words},),
        doc="",
    )
    assert dict(laws.fates(specimen))["signed: anchors"] == is_noticed
