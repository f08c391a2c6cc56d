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
    """How much of all records, and of all words, one value has.

    `known` is the number of records of which the aspect is known, `values` of values among them; `evenly` is the
    number of values, all equally frequent, that would be as concentrated: the inverse of the sum of squared shares
    (the Hill number of order 2; Hill 1973, doi:10.2307/1934352).
    """

    aspect: str
    value: str
    known: int
    values: int
    records: float
    words: float
    evenly: float

    def __str__(self) -> str:
        """Say it in a sentence."""
        return (
            f"{self.value}: {self.records:.0%} of all records and {self.words:.0%} of all words, "
            f"the most frequent {self.aspect} of {self.values}."
        )


def measure(release: Release) -> tuple[Skew, ...]:
    """Return the most frequent value of each aspect; of authors without the name."""
    counted = [_skew(release, aspect, release.counts[name]) for name, aspect in ASPECTS.items()]
    return tuple(skew for skew in (*counted, _authors(release)) if skew)


def _skew(release: Release, aspect: str, counts: tuple[Count, ...]) -> Skew | None:
    known = [count for count in counts if count.value is not None]
    if not known:
        return None
    most = max(known, key=lambda count: (count.rows, str(count.value)))
    rows = sum(count.rows for count in known)
    evenly = rows**2 / sum(count.rows**2 for count in known)
    shares = _shares(release, most.rows, most.words)
    return Skew(aspect, str(most.value), rows, len(known), *shares, evenly)


def _shares(release: Release, rows: int, words: int) -> tuple[float, float]:
    return rows / release.rows["records"], words / max(release.stats["words"]["sum"], 1)


def _authors(release: Release) -> Skew | None:
    told = release.stats["authors"]
    if not told["values"]:
        return None
    evenly = told["records"] ** 2 / told["squares"]
    shares = _shares(release, told["most_records"], told["most_words"])
    return Skew("author", "one author", told["records"], told["values"], *shares, evenly)
