"""How unevenly a release is made up: what a reader should know before counting anything in it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.release.model import Count, Release

ASPECTS = {
    "page_kind": "kind of page",
    "kind": "kind of record",
    "language": "language",
    "period": "time of publication",
}


class Skew(NamedTuple):
    """How much of the records, and of the words, one value has.

    `evenly` is the number of values, all equally frequent, that would be as concentrated: the inverse of the sum of
    squared shares (the Hill number of order 2; Hill 1973, doi:10.2307/1934352).
    """

    aspect: str
    value: str
    values: int
    records: float
    words: float
    evenly: float

    def __str__(self) -> str:
        """Say it in a sentence."""
        return (
            f"{self.value}: {self.records:.0%} of the records and {self.words:.0%} of the words, "
            f"the most frequent {self.aspect} of {self.values}."
        )


def measure(release: Release) -> tuple[Skew, ...]:
    """Return the most frequent value of each aspect; of authors without the name."""
    counted = [_skew(aspect, release.counts[name]) for name, aspect in ASPECTS.items()]
    return tuple(skew for skew in (*counted, _authors(release)) if skew)


def _skew(aspect: str, counts: tuple[Count, ...]) -> Skew | None:
    known = [count for count in counts if count.value is not None]
    if not known:
        return None
    most = max(known, key=lambda count: (count.rows, str(count.value)))
    return _of(aspect, str(most.value), most, known)


def _of(aspect: str, value: str, most: Count, counts: list[Count]) -> Skew:
    rows = sum(count.rows for count in counts)
    words = sum(count.words for count in counts) or 1
    evenly = rows**2 / sum(count.rows**2 for count in counts)
    return Skew(aspect, value, len(counts), most.rows / rows, most.words / words, evenly)


def _authors(release: Release) -> Skew | None:
    told = release.stats["authors"]
    if not told["values"]:
        return None
    evenly = told["records"] ** 2 / told["squares"]
    shares = told["most_records"] / told["records"], told["most_words"] / max(told["words"], 1)
    return Skew("author", "one author", told["values"], *shares, evenly)
