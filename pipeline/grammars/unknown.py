"""A page that no grammar knows: kept whole, as one article.

Source    any text at all.
Dates     none are read.
Limits    navigation is not told from words; a page of many records is one record.
"""

from pipeline.grammar import ANYTHING, BODY, Grammar, Mark, n

GRAMMAR = Grammar(
    kind="unknown",
    knows=(),
    marks=(Mark("first", ANYTHING, BODY, below=BODY, opens="article", where=n == 0),),
)

SAMPLE = """
first | Home | News | Sport

body  | Ada 5 days ago
body  | • • •
"""

EXPECT = ({"kind": "article", "body": "Home | News | Sport\n\nAda 5 days ago\n\n• • •"},)
