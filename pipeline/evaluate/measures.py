"""What is counted, and the least a release must reach."""

from collections.abc import Mapping
from typing import NamedTuple


class Measure(NamedTuple):
    """One count of things found: a thing is right when all of `key` is.

    `kind` picks segments; null means records. `part` picks the tweets of the page's own thread (`main`) or
    of the previews of others (`preview`). `least` is what a release must reach, null where nothing is asked.
    """

    name: str
    kind: str | None
    key: tuple[str, ...]
    least: float | None = None
    part: str | None = None


ENDS = ("start", "end")
THINGS = (
    Measure("records", None, ("kind", *ENDS), least=1.0),
    Measure("record starts", None, ("kind", "start")),
    Measure("turns", "turn", ("speaker", "t", "start"), least=0.998),
    Measure("tweets of the thread", "tweet", ENDS, least=1.0, part="main"),
    Measure("tweets of previews", "tweet", ENDS, part="preview"),
    Measure("chapters", "chapter", ("title", "t", "start"), least=0.98),
    Measure("headings", "heading", ENDS, least=0.90),
    Measure("captions", "caption", ENDS, least=0.75),
)
FIELDS: Mapping[str, float] = {"title": 1.0, "handle": 1.0, "published_raw": 1.0, "published": 1.0}
LEAST: Mapping[str, float] = {
    **{thing.name: thing.least for thing in THINGS if thing.least is not None},
    "body bytes": 0.998,
    "chrome bytes": 0.98,
    **FIELDS,
    "author": 0.90,
    "ledger": 1.0,
}
"""Measure -> the least a release may score, over all documents pooled (the thresholds of the main job)."""
