"""Subtitles: the cues of a film or a talk, each with the time at which it is shown.

Source    SubRip (.srt) and WebVTT (.vtt), as players and video sites give them.
Dates     none: the file bears none.
Limits    who speaks is not told apart from the words; tags of style stay in them. A cue is a turn, with its time.
"""

from pipeline.grammar import ANYTHING, HEADER, Grammar, Mark, chrome, flow, gap, holds, label, n, next_, times

TIMING = (
    r"^(?P<start>(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3})[ \t]+-->[ \t]+(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3}(?:[ \t].*)?$"
)

GRAMMAR = Grammar(
    kind="subtitles",
    knows=(TIMING,),
    shape=times(holds(TIMING)) >= 2,
    marks=(
        Mark("cue", TIMING, label("turn"), below=flow("turn")),
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
turn   | <v Ada>It runs 00:09.000 --> 00:10.000 on.

turn   | 3
turn   | times.
"""
EXPECT = (
    {
        "kind": "transcript",
        "body": (
            "00:01.000 --> 00:04.000 align:start\nThe loom weaves flowers.\nNOTE that it has no rest.\n\n"
            "01:00:05,250 --> 01:00:07,000\n<v Ada>It runs 00:09.000 --> 00:10.000 on.\n\n3\ntimes."
        ),
        "segments": (
            {"kind": "turn", "start_s": 1.0, "text": "The loom weaves flowers.\nNOTE that it has no rest."},
            {
                "kind": "turn",
                "start_s": 3605.25,
                "text": "<v Ada>It runs 00:09.000 --> 00:10.000 on.\n\n3\ntimes.",
            },
        ),
    },
)
