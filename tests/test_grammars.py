"""The laws, over every grammar there is."""

from dataclasses import replace

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


@pytest.mark.parametrize("knows", [(r"^",), (r".",), (r"\S", r"$")])
def test_a_grammar_that_knows_any_page_breaks_a_law(knows):
    specimen = specimens()["nostr_profile"]
    taking = replace(specimen, grammar=replace(specimen.grammar, knows=knows))
    faults = list(laws.knows_no_other(taking))
    assert (
        faults[0]
        == "`knows` of nostr_profile holds any line, and so any page: say a line that only its site has"
    )
    assert "nostr_profile knows the sample of thread_reader" in faults


def test_a_grammar_is_held_to_the_samples_of_others():
    specimen = specimens()["nostr_profile"]
    theirs = specimens()["thread_reader"].grammar.knows
    taking = replace(specimen, grammar=replace(specimen.grammar, knows=theirs))
    assert list(laws.knows_no_other(taking)) == ["nostr_profile knows the sample of thread_reader"]
