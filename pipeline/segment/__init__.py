"""Lines and grammars → records, segments, and the spans that account for every byte.

`recognise` says of each document what page it is; `label` says of each line what it is, and cuts a line that is two
things; `assemble` lays the pieces together. All work on any number of documents at once: patterns run in Polars, the
rest is arithmetic on row numbers.

    recognition which grammar knows a document
    readers     who reads one that none knows
    sampling    a long one by a part of it
    example     lines as others like them among such
    marks       which mark a line is
    parts       what a line is by its mark, or by the mark above it; where segments split
    pieces      the three above, and a line cut where it is two things
    recurring   paragraphs that recur are the publisher's
    assembly    pieces → records, segments, spans
    ids         names that stay the same wherever the words are found
"""

from pipeline.segment.assembly import Pages, assemble
from pipeline.segment.ids import normalise
from pipeline.segment.parts import BELOW
from pipeline.segment.pieces import Labelled, label
from pipeline.segment.readers import READERS
from pipeline.segment.recognition import UNKNOWN, recognise

__all__ = ["BELOW", "READERS", "UNKNOWN", "Labelled", "Pages", "assemble", "label", "normalise", "recognise"]
