"""Dates as the languages of the world write them, made from Unicode CLDR.

`which` says of short texts whether they are a date, a time, an age; `pattern` writes the same as a regular expression
for a mark, in the languages that `tongues` finds; `read_shape` says which number of a date is its day. `pipeline.dates`
makes moments of them.
"""

from pipeline.calendar.patterns import KINDS, pattern
from pipeline.calendar.reading import Reading, read_shape
from pipeline.calendar.telling import tongues, which
from pipeline.calendar.words import noons, orders, plain

__all__ = ["KINDS", "Reading", "noons", "orders", "pattern", "plain", "read_shape", "tongues", "which"]
