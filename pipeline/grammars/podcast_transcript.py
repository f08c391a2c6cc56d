"""Podcast transcript: one episode, each turn a line with its time, its speaker in bold, and the words.

Source    transcripts kept as Markdown beside a podcast's page, such as bookbytes.fm.
Dates     none: the page prints none, nor a title.
Limits    a speaker is known by the bold print and a time before it, so that a page with fewer than three such lines is
          not known. Its first line is a paragraph, as the music it begins with is.
"""

from pipeline.grammar import ANYTHING, BODY, Grammar, Mark, block, flow, holds, label, n, times

TURN = (
    r"^[(\[]?(?P<start>\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?)[)\]]?:?\s+"
    r"\*\*(?P<speaker>[^\s*:](?:[^*:]*[^\s*:])?):?\*\*:?\s*(?P<text>.*)$"
)
SOUND = r"^(?:\([^()]+\)|\[[^\[\]]+\])$"

GRAMMAR = Grammar(
    kind="podcast_transcript",
    knows=(TURN,),
    shape=times(holds(TURN)) >= 3,
    marks=(
        Mark("top", ANYTHING, BODY, below=BODY, opens="episode", where=n == 0),
        Mark("turn", TURN, label("turn"), below=flow("turn")),
        Mark("sound", SOUND, BODY),
        Mark("heading", r"^#{1,6} +(?P<text>\S.*)$", block("heading"), below=BODY),
    ),
)

SAMPLE = """
top     | (Music: a loom)

body    | We begin at 0:00:01.

turn    | 0:00:14.2 **Ada Lovelace** Welcome. At 0:00:15 **Charles** came.
turn    | (He did.) And went.

turn    | 0:00:15: **Not bold

turn    | [00:21] **Charles:** [laughs] So I did [twice].

sound   | (A loom, again)

heading | ## 1:02:03 **Second part**

body    | Part ## Of two

turn    | 1:02:03.9 **Ada Lovelace**

turn    | Well.

turn    | It weaves (no pretensions).
"""

EXPECT = (
    {
        "kind": "episode",
        "body": (
            "(Music: a loom)\n\nWe begin at 0:00:01.\n\n"
            "0:00:14.2 **Ada Lovelace** Welcome. At 0:00:15 **Charles** came.\n(He did.) And went.\n\n"
            "0:00:15: **Not bold\n\n[00:21] **Charles:** [laughs] So I did [twice].\n\n(A loom, again)\n\n"
            "## 1:02:03 **Second part**\n\nPart ## Of two\n\n1:02:03.9 **Ada Lovelace**\n\nWell.\n\nIt weaves (no pretensions)."
        ),
        "segments": (
            {"kind": "paragraph", "text": "(Music: a loom)"},
            {"kind": "paragraph", "text": "We begin at 0:00:01."},
            {
                "kind": "turn",
                "speaker": "Ada Lovelace",
                "start_s": 14.2,
                "text": "Welcome. At 0:00:15 **Charles** came.\n(He did.) And went.\n\n0:00:15: **Not bold",
            },
            {"kind": "turn", "speaker": "Charles", "start_s": 21.0, "text": "[laughs] So I did [twice]."},
            {"kind": "paragraph", "text": "(A loom, again)"},
            {"kind": "heading", "text": "## 1:02:03 **Second part**"},
            {"kind": "paragraph", "text": "Part ## Of two"},
            {
                "kind": "turn",
                "speaker": "Ada Lovelace",
                "start_s": 3723.9,
                "text": "Well.\n\nIt weaves (no pretensions).",
            },
        ),
    },
)
