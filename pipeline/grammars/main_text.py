"""Main text: the words of a page and nothing else, as the file that holds them states.

Source    what is extracted from HTML; Markdown with front matter. A page is never known for it by its lines.
Dates     none are read here: the file says them.
Limits    paragraphs are lines where a page has few blank lines, else what stands between these. Marks of Markdown stay
          in the text. Comments, which the extractor finds and does not part, are one record without an author.
"""

from pipeline.grammar import ANYTHING, BODY, Grammar, Mark, block, flow, gap, n, prev, times
from pipeline.ingest.packed.web import APART

PARAGRAPH = flow("paragraph")
IS_PARTED = times((gap > 0) & (gap != APART)) * 4 >= times(gap >= 0)
HEADING = r"^#{1,6} .*$"
BEGINS = (gap > 0) | ~IS_PARTED | prev(HEADING)

GRAMMAR = Grammar(
    kind="main_text",
    knows=(),
    marks=(
        Mark("first", ANYTHING, BODY, below=PARAGRAPH, opens="article", where=n == 0),
        Mark("comments", ANYTHING, BODY, below=PARAGRAPH, opens="comment", where=gap == APART),
        Mark("heading", HEADING, block("heading")),
        Mark("item", r"^(?:[-*+•]|[0-9]{1,3}[.)]) .*$", block("list_item"), below=flow("list_item")),
        Mark("quote", r"^>.*$", block("quote"), below=flow("quote"), where=BEGINS),
        Mark("words", ANYTHING, BODY, below=PARAGRAPH, where=BEGINS),
    ),
)

SAMPLE = """
first   | The loom weaves
paragraph | flowers and leaves - with a
paragraph | shuttle.

heading | ## Of cards
words   | They are ## punched.
item    | - first
list_item | with holes
item    | 2. then laced

quote   | > The Analytical Engine
quote   | > weaves.

words   | It does > as the
paragraph | cards say:

words   | see 2. above









comments | I never saw such a
paragraph | loom.
item | 1. Nor did I.
"""
EXPECT = (
    {
        "kind": "article",
        "body": (
            "The loom weaves\nflowers and leaves - with a\nshuttle.\n\n## Of cards\n\nThey are ## punched.\n\n"
            "- first\nwith holes\n\n2. then laced\n\n> The Analytical Engine\n> weaves.\n\n"
            "It does > as the\ncards say:\n\nsee 2. above"
        ),
        "segments": (
            {"kind": "paragraph", "text": "The loom weaves\nflowers and leaves - with a\nshuttle."},
            {"kind": "heading", "text": "## Of cards"},
            {"kind": "paragraph", "text": "They are ## punched."},
            {"kind": "list_item", "text": "- first\nwith holes"},
            {"kind": "list_item", "text": "2. then laced"},
            {"kind": "quote", "text": "> The Analytical Engine\n> weaves."},
            {"kind": "paragraph", "text": "It does > as the\ncards say:"},
            {"kind": "paragraph", "text": "see 2. above"},
        ),
    },
    {
        "kind": "comment",
        "body": "I never saw such a\nloom.\n\n1. Nor did I.",
    },
)
