"""Chat export: a conversation as a messenger writes it to a file, each message a line with its time and its sender.

Source    WhatsApp's "Export chat" on Android and iOS in any language; Slack's export as it is read here; their like.
Dates     the first message's, as printed; the order of day and month is that of the phone.
Limits    a chat is one record and its messages are turns, which begin at a time of day; their days are in the text. A line that a message
          breaks into, and that looks like a message itself, is taken for one.
"""

import polars as pl
from polars import col

from pipeline.grammar import Grammar, Mark, among, chrome, flow, holds, label, times, unnamed

GAP = r"[ \u202f\u00a0\u200e\u200f]"
DATE = rf"\d{{1,4}}{GAP}?[./-]{GAP}?\d{{1,2}}{GAP}?[./-]{GAP}?\d{{1,4}}\.?(?:{GAP}\w\.)?[,،]?"
HALF = rf"(?:\w{{1,4}}\.?{GAP}?){{1,2}}"
TIME = rf"(?:{HALF})?\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?(?:{GAP}?{HALF})?"
STAMP = rf"{GAP}?\[?(?P<published_raw>{DATE}{GAP}(?P<clock>{TIME}))(?:\]|{GAP}-){GAP}+"
TURN = rf"^{STAMP}(?:~{GAP})?(?P<speaker>[^:<>\s](?:[^:<>]{{0,58}}[^:<>\s])?): (?P<text>.*)$"
NOTICE = rf"^{STAMP}\S.*$"
MARK = "\u200e"  # what WhatsApp on iOS sets before words that are its own
OURS = rf"^{unnamed(STAMP)}[^:<>]{{1,60}}: {MARK}"
ABOUT = rf"^.{{0,60}}?(?:\]|-) {MARK}"

FACTS = {
    "is_said": holds(TURN),
    "is_ours": among(col.is_said, OURS),
    "speaker": pl.when(col.is_said).then(col.text.str.extract(TURN, 3)),
    # of the group itself, which says nothing else, or of what a member did
    "is_notice": col.is_ours
    & (((col.is_said & ~col.is_ours).sum().over("doc", "speaker") == 0) | holds(ABOUT)),
    "is_turn": col.is_said & ~col.is_notice,
}

GRAMMAR = Grammar(
    kind="chat_export",
    knows=(TURN,),
    shape=times(holds(TURN)) >= 3,
    facts=FACTS,
    marks=(
        Mark(
            "first",
            TURN,
            label("turn"),
            below=flow("turn"),
            opens="chat",
            where=~col.is_notice & (col.is_turn.cum_sum().over("doc") == 1),
        ),
        Mark("turn", TURN, label("turn"), below=flow("turn"), where=~col.is_notice),
        Mark("notice", NOTICE, chrome("ui_message", inside=True)),
    ),
)

SAMPLE = """
notice : 15/12/2025, 07:31 - Messages and calls are end-to-end encrypted.

first  | 15/12/2025, 07:32 - Ada Lovelace: Looms weave: flowers
turn   | and leaves.

turn   | 15/12/2025 is the day: 07:33 - the hour
turn   | [15/12/2025] Nobody: said so
turn   | As at [15/12/2025, 07:33] Nobody: wrote

turn   | [15.12.25, 07:33:05] Charles: Engines do.
turn   | 12/15/25, 7:34 PM - Ada Lovelace: Indeed.
turn   | 2025/12/15, 午後7:35 - 花子: はい。
notice | 15/12/2025, 07:36 - Charles left
notice | [15/12/2025, 07:36:01] The Loom: ‎This group is open
notice | [15/12/2025, 07:36:02] ‎Charles: ‎Charles joined
turn   | [15/12/2025, 07:36:03] ‎~ Charles: here
turn   | [15/12/2025, 07:36:04] Charles: ‎image omitted
notice | 15/12/2025, 07:36 - <Charles>: is no name
turn   | 15/12/2025, 7:37 p. m. - +44 20 7946 0000: Who is this?
"""
EXPECT = (
    {
        "kind": "chat",
        "published_raw": "15/12/2025, 07:32",
        "body": (
            "15/12/2025, 07:32 - Ada Lovelace: Looms weave: flowers\nand leaves.\n\n"
            "15/12/2025 is the day: 07:33 - the hour\n[15/12/2025] Nobody: said so\n"
            "As at [15/12/2025, 07:33] Nobody: wrote\n\n"
            "[15.12.25, 07:33:05] Charles: Engines do.\n\n12/15/25, 7:34 PM - Ada Lovelace: Indeed.\n\n"
            "2025/12/15, 午後7:35 - 花子: はい。\n\n[15/12/2025, 07:36:03] \u200e~ Charles: here\n\n"
            "[15/12/2025, 07:36:04] Charles: \u200eimage omitted\n\n15/12/2025, 7:37 p. m. - +44 20 7946 0000: Who is this?"
        ),
        "segments": (
            {
                "kind": "turn",
                "speaker": "Ada Lovelace",
                "text": (
                    "Looms weave: flowers\nand leaves.\n\n"
                    "15/12/2025 is the day: 07:33 - the hour\n[15/12/2025] Nobody: said so\n"
                    "As at [15/12/2025, 07:33] Nobody: wrote"
                ),
            },
            {"kind": "turn", "speaker": "Charles", "start_s": 27185.0, "text": "Engines do."},
            {"kind": "turn", "speaker": "Ada Lovelace", "start_s": 70440.0, "text": "Indeed."},
            {"kind": "turn", "speaker": "花子", "start_s": 70500.0, "text": "はい。"},
            {"kind": "turn", "speaker": "Charles", "start_s": 27363.0, "text": "here"},
            {"kind": "turn", "speaker": "Charles", "start_s": 27364.0, "text": "\u200eimage omitted"},
            {"kind": "turn", "speaker": "+44 20 7946 0000", "text": "Who is this?"},
        ),
    },
)
