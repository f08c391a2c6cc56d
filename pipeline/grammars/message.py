"""Message: one letter, whose author, date and subject its headers state.

Source    letters (.eml, mbox). A page is never known for one by its lines.
Dates     of the header.
Limits    what is quoted from another letter is a quote of this one; a signature is told by the line `-- ` above it.
"""

from pipeline.grammar import ANYTHING, BODY, Grammar, Mark, block, chrome, flow, gap, n, prev, since

PARAGRAPH = flow("paragraph")
QUOTE, SIGNATURE = r"^>.*$", r"^--$"

GRAMMAR = Grammar(
    kind="message",
    knows=(),
    marks=(
        Mark("first", ANYTHING, BODY, below=PARAGRAPH, opens="message", where=n == 0),
        Mark("signature", SIGNATURE, chrome("footer", inside=True), below=chrome("footer", inside=True)),
        Mark("quote", QUOTE, block("quote")),
        Mark("words", ANYTHING, BODY, below=PARAGRAPH, where=((gap > 0) | prev(QUOTE)) & ~since(SIGNATURE)),
    ),
)

SAMPLE = """
first  | Dear Ada,
paragraph | the engine -- it

words  | weaves > what
paragraph | is punched.
quote  | > Does it?
words  | It does.

words  | Of the cards
paragraph | there are 3 --
signature | --
footer | Charles

footer | London
"""
EXPECT = (
    {
        "kind": "message",
        "body": (
            "Dear Ada,\nthe engine -- it\n\nweaves > what\nis punched.\n\n> Does it?\n\nIt does.\n\n"
            "Of the cards\nthere are 3 --"
        ),
        "segments": (
            {"kind": "paragraph", "text": "Dear Ada,\nthe engine -- it"},
            {"kind": "paragraph", "text": "weaves > what\nis punched."},
            {"kind": "quote", "text": "> Does it?"},
            {"kind": "paragraph", "text": "It does."},
            {"kind": "paragraph", "text": "Of the cards\nthere are 3 --"},
        ),
    },
)
