"""Pages made from labelled pages are pages that a labeller could have labelled so."""

import re
import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.feed_dates import STRINGS, print_date
from tests.labelled_page import (
    Edit,
    Label,
    Page,
    append,
    arrange,
    broken_rules,
    cut,
    load,
    read_page,
    rewrite,
    units,
)
from tests.variations import LAYOUTS, VARIATIONS, variations

HERE = Path(__file__).parent
PAGES = {
    path.stem: read_page(path, HERE / "gold" / f"{path.stem}.jsonl")
    for path in sorted((HERE.parent / "seeds").glob("*.txt"))
}
SEED = 7


def vary(page: Page, name: str) -> Page | None:
    return VARIATIONS[name](page, SEED)


def all_varied(*names: str) -> list[tuple[str, Page, Page]]:
    made = [(name, page, vary(page, name)) for name in names for page in PAGES.values()]
    return [(name, page, new) for name, page, new in made if new and new.text != page.text]


@pytest.mark.parametrize("stem", PAGES)
def test_gold_keeps_its_own_rules(stem: str) -> None:
    assert broken_rules(PAGES[stem]) == []


@pytest.mark.parametrize("name", VARIATIONS)
def test_every_variation_applies_and_keeps_the_rules(name: str) -> None:
    made = all_varied(name)
    assert made or name == "directory in da"  # the page is Danish as it is
    for _, _, new in made:
        assert broken_rules(new) == []


def test_the_same_number_gives_the_same_page() -> None:
    page = min(PAGES.values(), key=lambda page: len(page.text))
    assert [*variations(page.text, page.plain_labels())] == [*variations(page.text, page.plain_labels())]
    first, second = (next(variations(page.text, page.plain_labels(), ["order"], seed)) for seed in (1, 2))
    assert first != second


def undo(name: str, words: str) -> str:
    """Read words of a mechanical variation as they were."""
    words = words.replace("\r\n", "\n").replace("\ufeff", "")
    words = unicodedata.normalize("NFC", words) if "decomposed" in name else words
    return re.sub(r"[ \t\u00a0]+(?=\n|$)", "", words) if "blanks" in name else words


@pytest.mark.parametrize("name", [name for name in VARIATIONS if name in list(VARIATIONS)[:7]])
def test_a_mechanical_variation_leaves_the_words_of_every_label(name: str) -> None:
    for _, page, new in all_varied(name):
        assert len(new.labels) == len(page.labels)
        for old_label, label in zip(page.labels, new.labels, strict=True):
            assert undo(name, new.words(label)) == undo(name, page.words(old_label))
            for field in ("title", "speaker", "author", "handle", "published_raw"):
                assert undo(name, label.get(field) or "") == undo(name, old_label.get(field) or "")
            for spans in ("body", "text"):
                old_words = [undo(name, page.text[start:end]) for start, end in old_label.get(spans) or []]
                assert [undo(name, new.text[start:end]) for start, end in label.get(spans) or []] == old_words


def bodies(page: Page) -> Counter[str]:
    return Counter("".join(page.text[start:end] for start, end in item["body"]) for item in page.items())


def test_another_order_moves_records_and_leaves_dates() -> None:
    for _, page, new in all_varied("order"):
        assert bodies(new) == bodies(page)
        assert [item["published_raw"] for item in new.items()] == [
            item["published_raw"] for item in page.items()
        ]
        assert [item["id"] for item in new.items()] != [item["id"] for item in page.items()]
        kinds = [top["kind"] for top in units(new) if top["level"] == "chrome"]
        assert sorted(kinds) == sorted(top["kind"] for top in units(page) if top["level"] == "chrome")


def test_fewer_records_are_some_of_the_records() -> None:
    for name, page, new in all_varied("order half", "number few"):
        assert len(new.items()) < len(page.items()), name
        assert bodies(new) <= bodies(page)


def test_laying_the_units_out_as_they_are_changes_nothing() -> None:
    for page in PAGES.values():
        assert arrange(page, range(len(units(page)))) == page


def test_nobody_keeps_the_old_name() -> None:
    for name, page, new in all_varied(*(name for name in VARIATIONS if name.startswith("names"))):
        old = {label["speaker"] for label in page.of("turn")} | {item["author"] for item in page.items()} - {
            None
        }
        people = {one for names in old for one in names.split(" and ")}
        seen = {label["speaker"] for label in new.of("turn")} | {item["author"] for item in new.items()}
        assert not people & seen, name
        assert not [one for one in people if " " in one and re.search(rf"\b{re.escape(one)}\b", new.text)], (
            name
        )
        # Two people do not become one, and one stays one.
        assert len({label["speaker"] for label in page.of("turn")}) >= len(seen - {None}) - len(page.items())


def test_layouts_leave_what_was_said() -> None:
    said = dict.fromkeys(LAYOUTS, 0)
    for name, page, new in all_varied(*(f"turns {number}" for number in range(len(LAYOUTS)))):
        for old_label, label in zip(page.of("turn"), new.of("turn"), strict=True):
            old_words = [page.text[start:end] for start, end in old_label["text"]]
            assert [new.text[start:end] for start, end in label["text"]] == old_words
            header = new.text[label["start"] : label["text"][0][0]]
            assert header.startswith(label["speaker"])
            assert (label["t"] is not None) == bool(re.search(r"\(\d+:\d\d", header)), name
        said[list(LAYOUTS)[int(name[-1])]] += len(new.of("turn"))
    assert min(said.values()) > 500


def test_a_shortening_name_is_full_once() -> None:
    page = next(page for page in PAGES.values() if page.of("episode"))
    new = vary(page, "turns 5")
    assert new
    for item in new.of("episode"):
        names = [label["speaker"] for label in new.within(item, "turn")]
        if names and new.within(item, "turn")[0]["t"] is None:
            full = {name for name in names if any(name.startswith(f"{other} ") for other in names)}
            assert all(names.count(name) == 1 for name in full)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "3 March 2024 at 00:05"),
        ("en-us", "March 3rd 2024 at 12:05 am"),
        ("de", "03. März 2024 um 00:05"),
        ("fr", "3 mars 2024 à 00:05"),
        ("hu", "2024 Március 3 00:05"),
        ("ja", "2024年3月3日 00:05"),
        ("pt-br", "3 de Mar de 2024, 00:05"),
        ("it", "3 Marzo 2024 ore 00:05"),
    ],
)
def test_dates_are_printed_as_the_reader_prints_them(language: str, words: str) -> None:
    assert print_date(language, "format_date_hour", datetime(2024, 3, 3, 0, 5)).lower() == words.lower()


@pytest.mark.parametrize("language", STRINGS)
def test_a_translated_feed_says_the_readers_words(language: str) -> None:
    strings = STRINGS[language]
    for _, _, new in all_varied(f"feed in {language}"):
        assert strings["new_article"].strip() in new.text
        days = [new.words(label) for label in new.of("day_separator")]
        assert any(day.startswith(strings["before_yesterday"].strip()) for day in days)
        for item in new.items():
            when = datetime.fromisoformat(item["published"])
            assert item["published_raw"] == print_date(language, "format_date_hour", when)


def label(name: str, level: str, kind: str, place: tuple[int, int], **more: object) -> Label:
    return {"id": name, "level": level, "kind": kind, "start": place[0], "end": place[1], **more}


SMALL = load(
    "Ada said\nwhat Ada says",
    [
        label("i", "item", "post", (0, 22), author="Ada", body=[[9, 22]]),
        label("s", "segment", "tweet", (9, 22), parent="i"),
    ],
)


def test_an_edit_may_not_cut_a_label() -> None:
    with pytest.raises(ValueError, match="cuts"):
        rewrite(SMALL, [Edit(7, 11, "")])
    with pytest.raises(ValueError, match="overlap"):
        rewrite(SMALL, [Edit(0, 3, "Bo"), Edit(2, 4, "")])


def test_what_is_inserted_at_an_edge_lies_outside() -> None:
    new = rewrite(SMALL, [Edit(0, 0, ">> "), Edit(9, 9, "** "), Edit(22, 22, " <<")])
    assert [new.words(each) for each in new.labels] == ["Ada said\n** what Ada says", "what Ada says"]
    assert new.labels[0]["author"] == "Ada"


def test_what_is_appended_lies_inside_and_not_in_the_body() -> None:
    new = append(SMALL, SMALL.labels[1], " Image", "image_marker")
    words = {each["kind"]: new.words(each) for each in new.labels}
    assert words["tweet"] == "what Ada says Image"
    assert words["image_marker"] == "Image"
    assert new.words(new.labels[0]).endswith("Image")
    assert new.labels[0]["body"] == [[9, 22]]


def test_what_is_cut_out_goes_with_the_blank_before_it() -> None:
    new = append(SMALL, SMALL.labels[1], " Image", "image_marker")
    assert cut(new, [each for each in new.labels if each["kind"] == "image_marker"]) == SMALL


def test_rules_see_broken_labels() -> None:
    def faults(**change: object) -> list[str]:
        return broken_rules(Page(SMALL.text, ({**SMALL.labels[0], **change}, SMALL.labels[1])))

    assert faults() == []
    assert any("not trimmed" in fault for fault in faults(body=[[8, 22]]))
    assert any("unlabelled" in fault for fault in faults(start=4))
    assert any("lies outside" in fault for fault in faults(end=20))
    assert any("the text says" in fault for fault in faults(author="Bob"))
    twice = Page(SMALL.text, (*SMALL.labels, {**SMALL.labels[0], "id": "j"}))
    assert any("overlap" in fault for fault in broken_rules(twice))


def test_variations_come_as_text_and_gold_labels() -> None:
    page = next(iter(PAGES.values()))
    made = list(variations(page.text, page.plain_labels(), ["crlf", "chapters bare", "order"]))
    assert [name for name, *_ in made] == ["crlf", "order"]  # no chapters on this page
    assert all("places" not in each for *_, labels in made for each in labels)
