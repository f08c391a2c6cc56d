"""Score a run, or a published release, against gold labels made by hand.

Gold is a folder of `NAME.jsonl`, matched to documents by the stem of their path (see
`tests/gold/SCHEMA.md`). `labels` reads it, `ground` lays pages and labels on one scale, `measures` says what
is counted and the least a release must reach, `counts` counts, `shows` draws.
"""

from pipeline.evaluate.counts import POOLED, misses, score
from pipeline.evaluate.labels import GoldError, frame_labels, read_gold, read_release
from pipeline.evaluate.measures import LEAST
from pipeline.evaluate.shows import differences, render

__all__ = [
    "LEAST",
    "POOLED",
    "GoldError",
    "differences",
    "frame_labels",
    "misses",
    "read_gold",
    "read_release",
    "render",
    "score",
]
