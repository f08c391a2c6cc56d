"""Subtitles: the cues of a film or a talk, each with the time at which it is shown.

Source    SubRip (.srt) and WebVTT (.vtt), as players and video sites give them.
Dates     none: the file bears none.
Limits    a speaker is told by WebVTT's voice tag, by a name before a colon where most cues have one, as meetings print
          it, or by one in capitals where such names recur, as films print it whenever another speaks; tags of style
          stay in the words. A cue is a turn, with its time.
"""

import polars as pl
from polars import col

from pipeline.grammar import (
    ANYTHING,
    HEADER,
    Grammar,
    Mark,
    above,
    among,
    chrome,
    flow,
    gap,
    holds,
    label,
    n,
    next_,
    times,
    unnamed,
)

TIMING = (
    r"^(?P<start>(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3})[ \t]+-->[ \t]+(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3}(?:[ \t].*)?$"
)
VOICE = r"^<v(?:\.\S+)?[ \t]+(?P<speaker>[^<>]{1,80})>(?P<text>.*)$"
NAMED = r"^(?P<speaker>[^\W\d_][^:<>\[\]?!,;]{0,48}):\s+(?P<text>\S.*)$"
# Cues of which no name says that who spoke last goes on: another does, and nobody does.
OTHER = r"^(?:[-‐–—]|>>)"
NOISE = r"^[\[(♪♫*#]"
SAME = r"^(?P<speaker>)(?P<text>\S.*)$"

WHO = col.text.str.extract(NAMED)

FACTS = {
    "is_first": above(holds(TIMING)),
    "is_named": among(col.is_first, unnamed(NAMED)),
    "are_named": 2 * times(col.is_named) > times(col.is_first),
    # Names in capitals; "" where a line has none.
    "who": pl.when(col.is_named, WHO.str.to_uppercase() == WHO, WHO.str.to_lowercase() != WHO).then(WHO).otherwise(pl.lit("")),
    "is_again": (col.who != "") & col.who.is_duplicated().over("doc"),
    "is_loud": (col.who != "") & (times(col.is_again) > 0),
    "goes_on": pl.when(col.is_loud).then(pl.lit(value=True)).when((col.is_named & col.are_named) | among(col.is_first, OTHER)).then(pl.lit(value=False))
    .forward_fill().over("doc"),
}  # fmt: skip

GRAMMAR = Grammar(
    kind="subtitles",
    knows=(TIMING,),
    shape=times(holds(TIMING)) >= 2,
    facts=FACTS,
    marks=(
        Mark("cue", TIMING, label("turn"), below=flow("turn")),
        Mark("voice", VOICE, label("turn", goes_on=True), where=col.is_first),
        Mark("named", NAMED, label("turn", goes_on=True), where=(col.is_named & col.are_named) | col.is_loud),
        Mark("same", SAME, label("turn", goes_on=True), where=col.is_first & col.goes_on & ~holds(NOISE)),
        Mark("top", ANYTHING, HEADER, below=HEADER, opens="transcript", where=n == 0),
        Mark(
            "note",
            r"^(?:NOTE|STYLE|REGION)\b.*$",
            chrome("ui_message", inside=True),
            below=chrome("ui_message", inside=True),
            where=gap > 0,
        ),
        Mark("number", ANYTHING, chrome("ui_message", inside=True), where=next_(TIMING) & (gap > 0)),
    ),
)

SAMPLE = """
top    | WEBVTT - On looms

note   | NOTE 00:00:09.000 --> is not
ui_message | yet a cue

number | intro
cue    | 00:01.000 --> 00:04.000 align:start
turn   | The loom weaves flowers.
turn   | NOTE that it has no rest.

number | 2
cue    | 01:00:05,250 --> 01:00:07,000
voice  | <v Ada>It runs 00:09.000 --> 00:10.000 on.

turn   | 3
turn   | times.

cue    | 01:00:08,000 --> 01:00:09,000
named  | Charles: And the engine?
turn   | Ada: <v Ada>not I, he says.
turn   | <v Ada>and he says:

cue    | 01:00:09,500 --> 01:00:10,000
turn   | Well, <v Ada>Charles: yes, it is.

cue    | 01:00:11,000 --> 01:00:12,000
named  | Charles: Is it?

cue    | 01:00:12,000 --> 01:00:13,000
named  | Dr. Mary Somer: It
turn   | is.

cue    | 01:00:13,000 --> 01:00:14,000
named  | Ada: 3 --> 4: so it goes.

cue    | 01:00:14,000 --> 01:00:15,000
named  | ADA: It
turn   | weaves.

cue    | 01:00:15,000 --> 01:00:16,000
same   | Leaves and
turn   | ADA: cards

cue    | 01:00:16,000 --> 01:00:17,000
named  | ADA: too.

cue    | 01:00:17,000 --> 01:00:18,000
turn   | - Does it?

cue    | 01:00:18,000 --> 01:00:19,000
turn   | Oh.

cue    | 01:00:19,000 --> 01:00:20,000
named  | Charles: It does.
"""
EXPECT = (
    {
        "kind": "transcript",
        "body": (
            "00:01.000 --> 00:04.000 align:start\nThe loom weaves flowers.\nNOTE that it has no rest.\n\n"
            "01:00:05,250 --> 01:00:07,000\n<v Ada>It runs 00:09.000 --> 00:10.000 on.\n\n3\ntimes.\n\n"
            "01:00:08,000 --> 01:00:09,000\nCharles: And the engine?\nAda: <v Ada>not I, he says.\n<v Ada>and he says:\n\n"
            "01:00:09,500 --> 01:00:10,000\nWell, <v Ada>Charles: yes, it is.\n\n"
            "01:00:11,000 --> 01:00:12,000\nCharles: Is it?\n\n"
            "01:00:12,000 --> 01:00:13,000\nDr. Mary Somer: It\nis.\n\n"
            "01:00:13,000 --> 01:00:14,000\nAda: 3 --> 4: so it goes.\n\n"
            "01:00:14,000 --> 01:00:15,000\nADA: It\nweaves.\n\n"
            "01:00:15,000 --> 01:00:16,000\nLeaves and\nADA: cards\n\n"
            "01:00:16,000 --> 01:00:17,000\nADA: too.\n\n"
            "01:00:17,000 --> 01:00:18,000\n- Does it?\n\n"
            "01:00:18,000 --> 01:00:19,000\nOh.\n\n"
            "01:00:19,000 --> 01:00:20,000\nCharles: It does."
        ),
        "segments": (
            {"kind": "turn", "start_s": 1.0, "text": "The loom weaves flowers.\nNOTE that it has no rest."},
            {
                "kind": "turn",
                "speaker": "Ada",
                "start_s": 3605.25,
                "text": "It runs 00:09.000 --> 00:10.000 on.\n\n3\ntimes.",
            },
            {
                "kind": "turn",
                "speaker": "Charles",
                "start_s": 3608.0,
                "text": "And the engine?\nAda: <v Ada>not I, he says.\n<v Ada>and he says:",
            },
            {"kind": "turn", "start_s": 3609.5, "text": "Well, <v Ada>Charles: yes, it is."},
            {"kind": "turn", "speaker": "Charles", "start_s": 3611.0, "text": "Is it?"},
            {"kind": "turn", "speaker": "Dr. Mary Somer", "start_s": 3612.0, "text": "It\nis."},
            {"kind": "turn", "speaker": "Ada", "start_s": 3613.0, "text": "3 --> 4: so it goes."},
            {"kind": "turn", "speaker": "ADA", "start_s": 3614.0, "text": "It\nweaves."},
            {"kind": "turn", "speaker": "ADA", "start_s": 3615.0, "text": "Leaves and\nADA: cards"},
            {"kind": "turn", "speaker": "ADA", "start_s": 3616.0, "text": "too."},
            {"kind": "turn", "start_s": 3617.0, "text": "- Does it?"},
            {"kind": "turn", "start_s": 3618.0, "text": "Oh."},
            {"kind": "turn", "speaker": "Charles", "start_s": 3619.0, "text": "It does."},
        ),
    },
)
