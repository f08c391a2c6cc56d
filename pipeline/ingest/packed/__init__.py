"""Files that hold pages in another form than plain text: each is named by its content and taken apart.

A reader takes a source and yields a `Page` for each document in it, or a `Fault` for what it cannot read; the rest goes
on. What was extracted from a form of its own (HTML, mail) is stored with the dataset, since offsets are into it.
"""

from pipeline.ingest.packed.kinds import PLAIN, kind_of
from pipeline.ingest.packed.page import Budget, Page, Source
from pipeline.ingest.packed.readers import unpack
from pipeline.ingest.packed.web import MAIN_TEXT

__all__ = ["MAIN_TEXT", "PLAIN", "Budget", "Page", "Source", "kind_of", "unpack"]
