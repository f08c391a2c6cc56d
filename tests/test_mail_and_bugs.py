"""Pages of bug trackers and mail archives, and pages of other sites that only speak of them."""

import pytest

from pipeline import laws
from pipeline.grammar import specimens
from pipeline.ingest import read_lines
from pipeline.segment import recognise

GRAMMARS = [specimens()[kind].grammar for kind in ("bug_report", "mail_headers")]

PROSE = """A forged letter looks much like a true one. Whoever sends it hopes that you are
in haste, and that you will not look at the lines above the words, where the
sender is named. Look there first, then at the link, before you do anything else
that the letter asks of you. Here is one that reached us in the spring."""
PARAGRAPHS = PROSE.replace("\n", " ").replace(". ", ".\n").splitlines()
LETTER = """From: Ada <ada@example.org>
Subject: Your loom is at risk
Date: Tue, 5 Mar 2019 10:12:33 +0100"""
POST = "Ada L @ada.bsky.social · 3 h\nThe loom is down again"
OTHERS = {
    "posts": f"Home\n\n{POST}\n\n{POST}\n\nGitLab is down\n\n{POST}",
    "posts with a tracker's name alone": f"Home\n\n{POST}\n\n{POST}\n\nGitLab",
    "changelog": "Loom 3.1\n\nRedmine export added.\n\n#12 Updated by Ada 3 years ago\n\nCards turn.",
    "article": "On looms\n\nAda B - 2019-03-05\n\nThey weave.\n\nThey are heard.\n\nLog in to post a comment",
    "article with another": "On looms\n\nAda B - 2019-03-05\n\nThey weave.\n\nTom - 2019-03-06\n\n"
    "Log in to post a comment",
    "one head": "Looms\n\ncomment:1 by tom, 3 years ago\n\nIt is.\n\nPowered by Trac 1.4.3",
    "wrapped article": f"How to spot a forged letter\n\n{PROSE}\n\n{LETTER}\n\n{PROSE}",
    "article of two long sentences": f"How to spot a forged letter\n\n{PROSE.partition('. ')[2]}\n\n"
    f"{LETTER}\n\n{PROSE}",
    "article of short paragraphs": "\n\n".join(("It is so. Look.", *PARAGRAPHS, LETTER, PROSE)),
}
REPORTS = {
    "gitlab": "Looms\n\nAda @ada · 3 years ago\nIt jams.\n\nTom @tom · 2 years ago\nYes.\n\n"
    "Please register or sign in to reply",
    "redmine": "Added by Ada 3 years ago. Updated 2 years ago.\n\nDescription\n\nIt jams.\n\n"
    "#1 Updated by Tom 2 years ago\n\nYes.\n\n"
    "Powered by Redmine © 2006-2024 Jean-Philippe Lang",
    "sourceforge": "Milestone: v1.0 Status: open Private: No\n\nIt jams.\n\nDiscussion\n\n"
    "Ada B - 2019-03-05\n\nYes.\n\nLog in to post a comment.",
}
MAIL = {
    "message": f"Looms archive\n\n{LETTER}\n\n{PROSE}",
    "digest": "Send looms mailing list submissions to\nlooms@example.org\n\n"
    "When replying, please edit your Subject line so it is more specific"
    f'\nthan "Re: Contents of looms digest..."\n\nToday\'s Topics:\n\n'
    f"1. Your loom is at risk (Ada)\n\n{LETTER}\n\n{PROSE}",
}


def kind_of(page: str) -> str:
    return str(recognise(read_lines(laws.document_of(page)), GRAMMARS)["page_kind"][0])


@pytest.mark.parametrize("page", OTHERS.values(), ids=OTHERS)
def test_page_of_another_site_is_left_alone(page):
    assert kind_of(page) not in ("bug_report", "mail_headers")


@pytest.mark.parametrize("page", REPORTS.values(), ids=REPORTS)
def test_bug_report_is_known(page):
    assert kind_of(page) == "bug_report"


@pytest.mark.parametrize("page", MAIL.values(), ids=MAIL)
def test_mail_is_known_below_few_words(page):
    assert kind_of(page) == "mail_headers"


def records_of(page: str) -> list[dict[str, object]]:
    return laws.read(specimens()["bug_report"].grammar, page).pages.records.to_dicts()


def test_an_issue_begins_with_its_heading_and_comments_end_above_what_the_site_sets_below_each():
    comments = "\n".join(
        f"        Collapse comment\n          {who} added a comment - 0{day}/Mar/19 10:12{more}\n\n"
        f"        It jams in row {day}.\n\n        Permalink"
        for day, (who, more) in enumerate((("Ada", ""), ("Tom B", " - edited - Restricted to mill")) * 2, 1)
    )
    head = "Looms\n  1. Looms\n  2. LOOM-12\n\n    The loom jams\n\n    Log In\n\n    Details\n\n      * Type: Bug"
    told = "Description\n\n      At once.\n\n    Activity\n\n      * All"
    records = records_of(f"{head}\n\n    {told}\n{comments}\n\n    People\n\n    Ada")
    assert [(r["title"], r["author"]) for r in records] == [
        ("The loom jams", None),
        *((None, who) for who in ("Ada", "Tom B") * 2),
    ]
    assert [r["text"] for r in records] == ["At once.", *(f"It jams in row {day}." for day in (1, 2, 3, 4))]


def test_what_happened_between_comments_stands_left_of_them():
    said = "    * Ada @ada · 3 years ago\n      Owner\n\n      It jams:\n\n        * in row 1\n      * in all"
    between = "    + Collapse replies\n  * Tom B approved this 2 years ago\n      * row.c"
    thread = f"{said}\n{between.replace('    +', '   +')}\n"
    records = records_of(f"Looms\n\n{thread}{thread}\nPlease register or sign in to reply")
    assert [r["text"] for r in records] == ["It jams:\n\n* in row 1\n\n* in all"] * 2


ABOUT = """Envíe los mensajes a looms. O por correo, con el texto "help".
Puede escribir al responsable. Si responde, cambie el asunto.
Así se sabe de qué habla. Incluya sólo lo que responde."""


def digest(*authors: str) -> str:
    """A message of an archive, which holds a day's messages to a list, each below its headers."""
    links = "".join(f"  * Mensaje {way}: Resumen\n" for way in ("anterior", "próximo"))
    links += "  * Mensajes ordenados por: [ fecha ] [ hilo ] [ asunto ]\n"
    rule = "-" * 30
    messages = "".join(
        f"Message: {number}\nDate: Wed, {number} Nov 2024 09:14:52 +0100\n"
        f"From: {author} <mill en looms.example>\nSubject: Cartas\n\nTeje flores.\n\n{rule}\n\n"
        for number, author in enumerate(authors, 1)
    )
    head = "Resumen\n\nlooms en looms.example looms en looms.example\nJue Nov 7 12:00:04 CET 2024\n\n"
    return (
        f"{head}{links}\n{ABOUT}\n\n{'-' * 70}\n\n{messages}Looms mailing list\n\nFin de Resumen\n\n{links}"
    )


def test_messages_of_a_digest_are_records():
    mail, archive = (specimens()[kind].grammar for kind in ("mail_headers", "pipermail_message"))
    page = digest("Ada", "Tom B", "Mary")
    assert recognise(read_lines(laws.document_of(page)), [mail, archive])["page_kind"].to_list() == [
        "mail_headers"
    ]
    records = laws.read(mail, page).pages.records
    assert records["author"].to_list() == ["Ada", "Tom B", "Mary"]
    assert records["text"].to_list() == ["Teje flores."] * 3
    one = digest("Ada")
    assert recognise(read_lines(laws.document_of(one)), [mail, archive])["page_kind"].to_list() == [
        "pipermail_message"
    ]
