"""The pages of a release: whole, safe, legible, and made from the published folder alone."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import product

import pytest

from pipeline.release.page import shell

HOSTILE = (
    "</script><script>window.hurt=1</script><img src=x onerror='window.hurt=1'>"
    "{{ 7*7 }} {% raw %} | `x` <!-- \u202eevil\u2067 \u0000\u001b[31m"
)


class Elements(HTMLParser):
    """The elements of a page, each with its attributes and the text directly in it."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.all, self.open = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.all.append([tag, dict(attrs), ""])
        self.open.append(self.all[-1])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open:
            self.open[-1][2] += data

    def named(self, tag, **attributes):
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.all if e[0] == tag and wanted.items() <= e[1].items()]


def policy_of(page):
    (meta,) = Elements(page).named("meta", http_equiv="Content-Security-Policy")
    return dict(rule.split(" ", 1) for rule in meta[1]["content"].split("; "))


def hash_of(source):
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def luminance(colour):
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


DAY, NIGHT = (
    dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    for block in re.findall(r":root \{(.*?)\}", (shell.ROOM / "tokens.css").read_text(), re.DOTALL)[:2]
)


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_words_stand_out_from_every_ground(colours):
    grounds = ["paper", "card", "well", "note"]
    pairs = [
        *product(["ink", "soft", "link", "good", "bad"], grounds),
        *product(["ink"], ["body", "header", "chrome", "removed"]),
    ]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    # Borders of controls, focus and marks: https://www.w3.org/TR/WCAG22/#non-text-contrast
    shapes = product(["edge", "focus", "mark"], ["paper", "card", "well"])
    assert [pair for pair in shapes if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_a_page_runs_what_it_names_by_hash_and_loads_nothing():
    page = shell.frame("T", "<main>x</main>", style="b{}", script="let x = '<b>'", linked={"name": HOSTILE})
    elements, policy = Elements(page), policy_of(page)
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == hash_of(elements.named("style")[0][2])
    linked, script = elements.named("script")
    assert policy["script-src"] == hash_of(script[2])
    assert linked[1] == {"type": "application/ld+json"}
    assert "<" not in linked[2]


def test_a_page_without_a_script_may_run_none():
    assert policy_of(shell.frame("T", "", style=""))["script-src"] == "'none'"


def test_the_title_is_text():
    page = shell.frame(HOSTILE, "", style="")
    assert [element[0] for element in Elements(page).all if element[0] in ("script", "img")] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 10_000_000, "a" * 20 + "…"),
        ("a\x00b\x1b", "a\ufffdb\ufffd"),
        ("a\tb\n", "a\tb\n"),
        ("ab", "ab"),
    ],
)
def test_a_text_is_cut_and_freed_of_what_html_forbids(text, shown):
    assert shell.visible(text, 20) == shown
