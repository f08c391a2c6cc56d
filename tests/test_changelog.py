"""Changelogs of all forms, and pages of numbers that are none."""

import unicodedata

import pytest

from pipeline import laws
from pipeline.grammar import specimens
from pipeline.ingest import read_lines
from pipeline.segment import UNKNOWN, recognise

GRAMMAR = specimens()["changelog"].grammar

VERSIONS = ("2.10.0", "2.9.1", "2.9.0", "2.0.0-rc1", "1.4.2")
DAYS = ("2021-06-05", "2021-05-04", "2021-04-03", "2021-03-02", "2021-02-01")
NOTES = (
    ("Weaves flowers, as asked for", "Thread 3.1.4 and above is needed"),
    ("Leaves are green",),
    ("Étoffes plus légères", "織機を速くした", "Needs 2.9.0 of the loom"),
    ("It turns", "It is heard"),
    ("See 1.4.1",),
)

# How a version and its day are headed, and a note is written; "%s" twice, once
FORMS = {
    "markdown": ("## [%s] - %s", "- %s"),
    "linked": ("# [%s](https://loom.example/compare/v1...v2) (%s)", "* %s"),
    "named": ("Loom %s (%s)\n=============", "• %s"),
    "french": ("Version %s du %s :", "- %s"),
    "german": ("Änderungen in Version %s (%s)", "* %s"),
    "chinese": ("## v%s\n\n`%s`\n", "- %s"),
    "slashes": ("%s / %s\n==================", "  * %s"),
    "bare": ("v%s\nReleased %s\n", "%s\n"),
    "rendered": ("        %s - %s¶\n", "          * %s\n"),
    "outdented": ("      Loom %s (%s)\n", "    * %s\n"),
}


def page(form, order=1):
    head, note = FORMS[form]
    releases = list(zip(VERSIONS, DAYS, NOTES, strict=True))[::order]
    written = [
        "\n".join([head % (version, day), *(note % words for words in notes)])
        for version, day, notes in releases
    ]
    return "\n".join(["Loom", "What changed, and when.", "", "\n\n".join(written), ""])


def read(text):
    kinds = recognise(read_lines(laws.document_of(text)), [GRAMMAR])["page_kind"].to_list()
    return kinds, laws.read(GRAMMAR, text).pages.records.to_dicts()


@pytest.mark.parametrize("unicode_form", ["NFC", "NFD"])
@pytest.mark.parametrize("form", FORMS)
def test_releases_are_read(form, unicode_form):
    text = unicodedata.normalize(unicode_form, page(form))
    kinds, records = read(text.replace("\n", "\r\n") if unicode_form == "NFD" else text)
    assert kinds == ["changelog"]
    assert [record["published_raw"] for record in records] == list(DAYS)
    assert all(record["title"].endswith(version) for record, version in zip(records, VERSIONS, strict=True))
    for record, notes in zip(records, NOTES, strict=True):
        seen = unicodedata.normalize("NFC", record["text"]).split("\n\n")
        assert [line.lstrip("-*• ") for line in seen] == list(notes)


@pytest.mark.parametrize("form", ["markdown", "named", "slashes"])
def test_the_oldest_may_stand_first(form):
    older = [f"0.{number}.0" for number in range(3)]
    head, note = FORMS[form]
    above = "\n\n".join(f"{head % (version, '2020-01-01')}\n{note % 'Begun'}" for version in older)
    kinds, records = read(f"{above}\n\n{page(form, order=-1)}")
    assert kinds == ["changelog"]
    assert [record["published_raw"] for record in records] == ["2020-01-01"] * 3 + list(reversed(DAYS))


def test_a_heading_needs_no_blank_line_above():
    notes = "### Added\n- Flowers\n  and leaves\n### Fixed\n- Thread\n### Known\nIt hums.\n"
    text = "# Changelog\n\n" + "".join(f"## [1.{n}.0]\n{notes}" for n in (3, 2, 1))
    kinds, records = read(text)
    assert kinds == ["changelog"]
    told = ["### Added", "- Flowers\nand leaves", "### Fixed", "- Thread", "### Known", "It hums."]
    assert [record["text"].split("\n\n") for record in records] == [told] * 3
    segments = laws.read(GRAMMAR, text).pages.segments
    assert segments.filter(kind="heading")["text"].to_list() == ["### Added", "### Fixed", "### Known"] * 3


def test_debian_signs_below():
    signed = " -- Ada L. <ada@loom.example>  Sat, 05 Jun 2021 10:00:00 +0200\n"
    text = "\n".join(
        f"loom ({version}-1) unstable; urgency=low\n\n  * {notes[0]}\n    and more\n\n{signed}"
        for version, notes in zip(VERSIONS, NOTES, strict=True)
    )
    kinds, records = read(text)
    assert kinds == ["changelog"]
    assert {(r["author"], r["handle"], r["published_raw"]) for r in records} == {
        ("Ada L.", "ada@loom.example", "Sat, 05 Jun 2021 10:00:00 +0200")
    }
    assert [r["text"] for r in records] == [f"* {notes[0]}\nand more" for notes in NOTES]


def test_a_list_of_versions_is_not_the_releases():
    listed = "\n".join(f"  * Loom {version} ({day})" for version, day in zip(VERSIONS, DAYS, strict=True))
    kinds, records = read(f"Contents\n{listed}\n\n{page('named')}")
    assert kinds == ["changelog"]
    assert [len(record["text"]) > 0 for record in records] == [True] * len(VERSIONS)
    assert records[0]["title"] == f"Loom {VERSIONS[0]}"


def test_the_last_release_ends_with_the_line_that_ends_the_others():
    ended = "\n\n".join(
        f"{version} - {day}\n\n* It weaves\n\nDownload | Sums"
        for version, day in zip(VERSIONS, DAYS, strict=True)
    )
    kinds, records = read(f"{ended}\n\nOlder releases\n\n* Android\n* Press\n\n© 2021 Loom")
    assert kinds == ["changelog"]
    assert [record["text"] for record in records] == ["* It weaves"] * len(VERSIONS)


def releases():
    """A page of a forge: heading, day, who, tag and commit; then the author's title, notes, and files."""
    listed = []
    for number, (version, notes) in enumerate(zip(VERSIONS, NOTES, strict=True)):
        head = f"v{version}\n\n    {9 - number} Nov 08:41\n    ada-l\n    v{version}\n    a91f3c7 Compare View all tags"
        files = "\n".join(f"    * loom-{version}.{kind} 5 MB" for kind in ("zip", "tar.gz")[number % 2 :])
        told = "\n".join(f"      * {note}" for note in notes)
        title = f"  v{version}{' – Flowers' if number == 0 else ''}"
        listed.append(
            f"{head}\n\n{title}\n\n{told}\n\n  Assets {2 - number % 2}\n{files}\n    4 people reacted"
        )
    return "\n\n".join(["Releases: ada-l / loom", "Releases Tags", *listed, "Previous 1 2 Next"])


def test_a_release_begins_with_the_sites_heading_and_ends_above_its_files():
    kinds, records = read(releases())
    assert kinds == ["changelog"]
    assert [r["title"] for r in records] == [
        "v2.10.0 – Flowers",
        *(f"v{version}" for version in VERSIONS[1:]),
    ]
    assert {r["author"] for r in records} == {"ada-l"}
    assert [r["published_raw"] for r in records] == [f"{9 - number} Nov 08:41" for number in range(5)]
    assert [r["text"] for r in records] == ["\n\n".join(f"* {note}" for note in notes) for notes in NOTES]


def test_a_version_told_again_in_the_notes_is_no_title():
    told = "\n\n".join(
        f"## {version}\n- It weaves\n- It turns\n- Leaves\n\nFull log {version}" for version in VERSIONS
    )
    records = read(told)[1]
    assert [r["title"] for r in records] == list(VERSIONS)
    assert all(r["text"].startswith("- It weaves") for r in records)


def test_signs_may_stand_before_the_line_that_ends_releases_and_a_tag_behind_the_day():
    ended = "\n\n".join(
        f"Loom {version}\n{day} New\n\nIt weaves.\n\n👍🎉Copy link"
        for version, day in zip(VERSIONS, DAYS, strict=True)
    )
    records = read(f"{ended}\nOlder releases\n\n© Loom")[1]
    assert [r["text"] for r in records] == ["It weaves."] * len(VERSIONS)
    assert [r["published_raw"] for r in records] == list(DAYS)


SENTENCE = "The engine weaves algebraic patterns just as the loom weaves flowers and leaves."
OTHERS = {
    "ratings": [f"{9 - i * 0.3:.1f}" for i in range(8)],
    "prices": ["19.99 €", "18.49 €", "17.00 €", "12.50 €", "9.99 €"],
    "days": [f"{9 - i:02}.12.2014" for i in range(8)],
    "clocks": [f"09.12/{19 - i}.52" for i in range(8)],
    "sections": [f"{1 + i // 3}.{1 + i % 3} Of looms" for i in range(9)],
    "deeper sections": [f"1.{1 + i // 3}.{1 + i % 3}" for i in range(9)],
    "followers": [f"über {240 - 9 * i}.000 Follower" for i in range(8)],
    "mixed": [f"Loom {version}" for version in ("1.2.0", "3.1.0", "0.9.0", "2.2.2", "7.0.1", "0.1.0", "5.0.0")],
    "two": ["## 1.2.0", "## 1.1.0"],
}  # fmt: skip


@pytest.mark.parametrize("what", OTHERS)
def test_other_numbers_are_no_releases(what):
    text = "\n".join(f"{line}\n{SENTENCE}\n" for line in OTHERS[what])
    assert read(text)[0] == [UNKNOWN]


def test_versions_in_an_article_are_no_releases():
    told = "\n".join(f"Loom 2.{9 - i} ({2020 - i})\n{SENTENCE}" for i in range(4))
    text = "\n".join([told, *[SENTENCE] * 12])
    assert read(text)[0] == [UNKNOWN]
    assert read(told)[0] == ["changelog"]


@pytest.mark.parametrize("version", ["1.0+123456789012345678901234567890", "١.٢.٣", "१.२"])
def test_numbers_that_none_can_hold_stop_nothing(version):
    assert read(f"Loom {version}\n{SENTENCE}\n")[0] == [UNKNOWN]
    kinds, records = read(f"{page('named')}\nLoom {version}\n{SENTENCE}\n")
    assert kinds == ["changelog"]
    assert [record["title"] for record in records][: len(VERSIONS)] == [f"Loom {v}" for v in VERSIONS]
