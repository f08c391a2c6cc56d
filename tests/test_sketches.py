"""A text is known again by its sketch with other words here and there, and another text is not taken for it."""

import math
import random

import numpy as np
import polars as pl
import pytest

from pipeline import shingles, sketches

TEXT = (
    "Der Drucker am Fluss erzählte uns, wie seine Presse im Winter der großen Flut über die Berge kam, in Stroh "
    "gepackt und von vier Ochsen gezogen, und dass er sie von einer Witwe gekauft hatte, die nicht wusste, was sie "
    "wert war, und nie danach fragte."
)
# As the code of the first lists made it: sketches stand in lists that are not made again.
FIRST = (
    "aefed79bd19304b673c8928d106b103e61de4dc4e7afef6746c1a6084ca57926"
    "aa7fc7c55e294aa2990379550fa1ba5be6f27701503bceb0cbd0336f6b5f846f"
    "0a6f6bb4b17736c082ddb9a6be17d7b6e53c5833a4dc2f8e0dd2531fea058039"
    "a570468af18ae6f162ba5bafdb1fac85de4f53ef2a940429e8688f32f1731e41"
)
WORDS = [f"w{n}" for n in range(5000)]


def estimate(a, b):
    """Return the share of values that two sketches have in common."""
    values = [np.frombuffer(bytes.fromhex(sketch), np.uint8) for sketch in (a, b)]
    return (values[0] == values[1]).mean()


def similarity(a, b):
    """Return the Jaccard similarity of two texts, counted."""
    both = [set(next(shingles.of(pl.Series([text]))).hash.tolist()) for text in (a, b)]
    return len(both[0] & both[1]) / len(both[0] | both[1])


def chance(similarity, least=sketches.LEAST):
    """Return how likely so many values and more are the same."""
    p, n = similarity + (1 - similarity) / 256, sketches.SIZE
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


def test_a_sketch_is_the_one_that_older_lists_hold():
    assert sketches.of(pl.Series([TEXT]))[0] == FIRST


def test_a_text_of_few_words_has_no_sketch():
    twenty = " ".join(WORDS[:20])
    made = sketches.of(pl.Series([None, "", "one word", " ".join(WORDS[:19]), twenty, " ".join(WORDS[:20])]))
    assert made.is_null().to_list() == [True] * 4 + [False] * 2
    assert made[4] == made[5]
    assert sketches.near(pl.Series([None, "", twenty]), [made[4]]).to_list() == [False, False, True]
    assert sketches.near(pl.Series([twenty]), []).to_list() == [False]


def test_estimates_are_as_far_off_as_is_said():
    chosen = random.Random(7)
    errors = []
    for _ in range(200):
        words = chosen.choices(WORDS, k=chosen.choice([40, 100, 300]))
        other = [chosen.choice(WORDS) if chosen.random() < 0.03 else word for word in words]
        pair = [" ".join(words), " ".join(other)]
        true = similarity(*pair)
        expected = true + (1 - true) / 256
        if true < 1:
            off = estimate(*sketches.of(pl.Series(pair))) - expected
            errors.append(off / math.sqrt(expected * (1 - expected) / sketches.SIZE))
    assert len(errors) > 100
    assert abs(np.mean(errors)) < 0.25
    assert 0.85 < np.std(errors) < 1.15


@pytest.mark.parametrize(
    ("true", "least", "most"),
    [
        (0.8, 1 - 1 / 9e6, 1),
        (0.7, 1 - 1 / 155, 1),
        (0.6, 0.5, 0.6),
        (0.5, 0, 1 / 65),
        (0.4, 0, 1 / 2.3e5),
        (1 / 3, 0, 1e-9),
    ],
)
def test_the_chances_are_as_the_module_says(true, least, most):
    one_band = 1 - (1 - (true + (1 - true) / 256) ** 4) ** (sketches.SIZE // 4)
    assert least <= chance(true) * one_band
    assert chance(true) <= most


def test_other_texts_are_far():
    chosen = random.Random(3)
    texts = pl.Series([" ".join(chosen.choices(WORDS[:50], k=60)) for _ in range(400)])
    assert not sketches.near(texts[200:], sketches.of(texts[:200])).any()
    assert sketches.near(texts, sketches.of(texts)).all()


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("vier Ochsen", "sechs Ochsen"),
        TEXT.replace("Ochsen", "Och\u200bsen").replace("Presse", "Pres\u00adse"),
        TEXT.upper(),
        TEXT.replace(" ", "\r\n", 12),
        f"{TEXT} Das war alles.",
        TEXT.removeprefix("Der Drucker am "),
    ],
)
def test_a_text_is_known_with_other_words_and_signs(changed):
    assert sketches.near(pl.Series([changed]), [sketches.of(pl.Series([TEXT]))[0]]).to_list() == [True]
