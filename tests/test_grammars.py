"""The laws, over every grammar there is."""

import pytest

from pipeline import laws
from pipeline.grammar import specimens


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("kind", specimens())
def test_grammar_holds_to_the_law(kind, law):
    assert list(law(specimens()[kind])) == []
