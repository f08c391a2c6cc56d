"""Talk pages of wikis: signatures as the software prints them in each language, several comments in one line."""

import pytest

from pipeline.grammar import specimens
from tests.printed_pages import print_layouts, read_by

GRAMMAR = specimens()["mediawiki_talk"].grammar
# What a wiki sets behind a name, when it was signed, and what it sets behind that; the words above an edit link.
LANGUAGES = {
    "cs": ("(diskuse)", "5. 3. 2024, 10:12", "(CET)", "[editovat]"),
    "de": ("(Diskussion)", "10:12, 5. Mär. 2024", "(CET)", "[Quelltext bearbeiten]"),
    "en": ("(talk)", "10:12, 5 March 2024", "(UTC)", "[edit]"),
    "es": ("(discusión)", "10:12 5 mar 2024", "(UTC)", "[editar]"),
    "fi": ("(keskustelu)", "5. maaliskuuta 2024 kello 10.12", "(EET)", "[muokkaa]"),
    "fr": ("(discuter)", "5 mars 2024 à 10:12", "(CET)", "[modifier]"),
    "he": ("(שיחה)", "10:12, 5 במרץ 2024", "(IST)", "[עריכה]"),
    "it": ("(msg)", "10:12, 5 mar 2024", "(CET)", "[modifica]"),
    "ja": ("（会話）", "2024年3月5日 (火) 10:12", "(UTC)", "[編集]"),
    "ko": ("(토론)", "2024년 3월 5일 (화) 10:12", "(KST)", "[편집]"),
    "nl": ("(overleg)", "5 mrt 2024 10:12", "(CET)", "[bewerken]"),
    "pl": ("(dyskusja)", "10:12, 5 mar 2024", "(CET)", "[edytuj]"),
    "pt": ("(discussão)", "10h12min de 5 de março de 2024", "(UTC)", "[editar]"),
    "ru": ("(обс.)", "10:12, 5 марта 2024", "(UTC)", "[править код]"),
    "sv": ("(diskussion)", "5 mars 2024 kl. 10.12", "(CET)", "[redigera]"),
    "tr": ("(mesaj)", "10.12, 5 Mart 2024", "(UTC)", "[değiştir]"),
    "uk": ("(обговорення)", "10:12, 5 березня 2024", "(UTC)", "[ред.]"),
    "vi": ("(thảo luận)", "10:12, ngày 5 tháng 3 năm 2024", "(UTC)", "[sửa]"),
    "zh": ("（留言）", "2024年3月5日 (二) 10:12", "(UTC)", "[编辑]"),
}
NAMES, WORDS = ("Ada", "Charles B.", "Mary"), ("The loom weaves.", "Does it?\n\nI saw it stop!", "So it does")


def signed(phrases: tuple[str, ...]) -> list[str]:
    link, stamp, zone, _ = phrases
    names = (f"{name} {link} {stamp} {zone}" for name in NAMES)
    return [f"{words} {name}" for words, name in zip((*WORDS[:2], f"{WORDS[2]} --"), names, strict=True)]


def in_one_line(phrases: tuple[str, ...]) -> str:
    first, second, third = signed(phrases)
    return f"Talk\n\nWeaving {phrases[3]}\n\n{first}\n\n{second} {third}\n\nEdited in 2024 (x)\n"


def with_links_to_answer(phrases: tuple[str, ...]) -> str:
    said = "\n\n".join(f"{comment} [ > ]" for comment in signed(phrases))
    return f"Talk\n\nWeaving\n\n{phrases[3]}\n\n{said}\n\nPrivacy\n"


PAGES = print_layouts((in_one_line, with_links_to_answer), LANGUAGES)


@pytest.fixture(scope="module")
def read():
    return read_by(GRAMMAR, PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_signatures_are_told_in_any_language(page, read):
    records = read[page]
    assert records["author"].to_list() == list(NAMES)
    assert records["text"].to_list() == list(WORDS)
    assert records["title"].to_list() == ["Weaving", None, None]
    assert len(set(records["published_raw"])) == 1
    assert "2024" in records["published_raw"][0]
