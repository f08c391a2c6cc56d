"""Drop records that say what another record says, and note on the survivor where they were found.

Copies are exact (the same id, or the same kind, author and words) or near: the Jaccard similarity of their
five-word shingles reaches the threshold. It is counted, never estimated, and no pair is missed:

1. A record can only reach the threshold if nearly all its shingles stand in other records too; most records
   drop out here.
2. Two sets that overlap enough share one of their rarest shingles (prefix filtering: Chaudhuri, Ganti and
   Kaushik 2006), so only records that do are compared.
3. Records are taken in the order in which they deserve to stay. One that no better record may be a copy of
   is kept, and its neighbours go; then the next. So every record that goes has a neighbour that stays, and
   neither the order nor the grouping of the rows matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.language import UNSPACED

SHINGLE_WORDS = 5
# A word; where words are not parted by spaces, a character.
TOKEN = rf"{UNSPACED}|[\pL\pM\pN--{UNSPACED}]+"

# Bytes of text tokenised at a time, and shingles compared at a time: they bound the memory, not the result.
_CHUNK_BYTES, _CHUNK_SHINGLES = 16 << 20, 4 << 20
# An odd multiplier (2^64 divided by the golden ratio) spreads the hashes of a shingle's words.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# Products of a threshold and a count carry an error in the last bits; counts are far coarser than this.
_EPSILON = 1e-9

CAPTURE = pl.Struct(
    {"document_id": pl.String, "byte_start": pl.Int64, "byte_end": pl.Int64, "similarity": pl.Float32}
)
_REMOVED = (
    *("record_id", "document_id", "kind", "title", "author", "handle", "published_raw", "published"),
    *("byte_start", "byte_end", "reason", "kept_id", "similarity", "message"),
)


def drop_copies(
    records: pl.DataFrame, documents: pl.DataFrame, threshold: float = 0.8
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part records into those to keep, with `captures`, and the copies of them.

    A copy has a survivor of its kind whose similarity to it is at least `threshold`. Of two, the complete one
    stays, then the longer, then the one captured earlier (unknown last), then the first by path and place.
    Records of fewer than five words are only compared whole. The survivors keep their order; `captures` adds
    to those they had. Removed rows have the columns of the table `removed`, by path and place.
    """
    ranked = _rank(records, documents)
    whole = _exact(ranked)
    originals = ranked.filter(whole == pl.Series(range(len(ranked)), dtype=pl.Int64))
    near, similarity = _near(originals["kind"], originals["text"], threshold)
    # Ranks among the originals become ranks among all; a copy of a copy goes where its original goes.
    original_rank = originals["rank"].to_numpy()
    kept, similar = np.arange(len(ranked)), np.ones(len(ranked), np.float32)
    kept[original_rank], similar[original_rank] = original_rank[near], similarity
    kept, similar = kept[whole.to_numpy()], similar[whole.to_numpy()]
    # Words run together are other words: such a copy of a copy was not itself measured against the survivor.
    spaced = ranked["text"].str.replace_all(r"\s+", " ").str.strip_chars()
    is_measured = (pl.Series(kept) == whole) | spaced.eq_missing(spaced.gather(whole))
    settled = ranked.with_columns(
        kept=pl.Series(kept), similarity=pl.Series(similar), whole=whole
    ).with_columns(similarity=pl.when(is_measured).then("similarity"))
    return _survivors(settled, records.columns), _removed(settled)


def _rank(records: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Sort records by how much they deserve to stay; `rank` from 0, and `row`, where they stood."""
    places = documents.select("document_id", "path", "captured_earliest")
    ranked = records.with_row_index("row").join(places, on="document_id", how="left")
    return ranked.sort(
        ~pl.col("is_complete").fill_null(True),
        -pl.col("text").str.len_chars().cast(pl.Int64).fill_null(0),
        "captured_earliest",
        "path",
        "position",
        "byte_start",
        "record_id",
        nulls_last=True,
    ).with_columns(rank=pl.int_range(pl.len(), dtype=pl.Int64))


def _exact(ranked: pl.DataFrame) -> pl.Series:
    """Return, for each rank, the rank of the best record with the same id, or kind, author and words."""
    words = pl.col("text").str.replace_all(r"\s+", "").str.normalize("NFC")
    # Two records without words are two pictures, not one post.
    is_first = (pl.col("rank") == pl.col("first")) & (words != "")
    key = pl.when(is_first).then(pl.struct("kind", pl.coalesce("author", "handle"), words.alias("words")))
    best = ranked.with_columns(first=pl.col("rank").min().over("record_id")).with_columns(key=key)
    second = pl.when(pl.col("key").is_null()).then("rank").otherwise(pl.col("rank").min().over("key"))
    return best.select(second=second)["second"].gather(best["first"])


class _Sets(NamedTuple):
    """Shingles of records; those that no other record has are left out.

    `keys` is record * n_shingles + shingle, sorted, the shingles numbered from the rarest; `starts` are the
    bounds of each record in it; `sizes` counts all shingles of a record, those left out included.
    """

    keys: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    n_shingles: int


def _near(kinds: pl.Series, texts: pl.Series, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each record in order of rank, the rank of its survivor and the similarity to it."""
    sets = _sets(*_shingles(kinds, texts), len(texts), threshold)
    kept, similarity = np.arange(len(texts)), np.ones(len(texts), np.float32)
    records, shingles = _prefixes(sets, threshold)
    while len(records):
        first = np.flatnonzero(np.diff(shingles, prepend=-1))
        leaders = np.repeat(records[first], np.diff(first, append=len(records)))
        led = records != leaders
        is_led = np.zeros(len(texts), bool)
        is_led[records[led]] = True
        # Whoever leads all its shingles has no better record left to be a copy of: it stays.
        pairs = led & ~is_led[leaders]
        found = _neighbours(sets, leaders[pairs], records[pairs], threshold)
        kept[found["copy"]], similarity[found["copy"]] = found["leader"], found["similarity"]
        open_ = is_led.copy()
        open_[found["copy"]] = False
        records, shingles = records[open_[records]], shingles[open_[records]]
    return kept, similarity


def _shingles(kinds: pl.Series, texts: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return record and hash of every shingle; those of different kinds are never equal."""
    owners, hashes = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    kind_hashes = kinds.hash().to_numpy()
    for start, stop in _chunks(texts):
        plain = texts[start:stop].fill_null("").str.normalize("NFKC").str.to_lowercase()
        tokens = plain.str.extract_all(TOKEN)
        counts = tokens.list.len().to_numpy().astype(np.int64)
        words = tokens.explode(empty_as_null=False).hash().to_numpy()
        owner = np.repeat(np.arange(start, stop), counts)
        n = len(words) - SHINGLE_WORDS + 1
        if n <= 0:
            continue
        mixed = kind_hashes[owner[:n]]
        for k in range(SHINGLE_WORDS):
            mixed = (mixed ^ words[k : n + k]) * _MULTIPLIER
            mixed ^= mixed >> np.uint64(29)
        inside = owner[:n] == owner[SHINGLE_WORDS - 1 :]
        owners.append(owner[:n][inside])
        hashes.append(mixed[inside])
    return np.concatenate(owners), np.concatenate(hashes)


def _chunks(texts: pl.Series) -> Iterator[tuple[int, int]]:
    """Part texts into runs of about as many bytes."""
    ends = np.cumsum(texts.str.len_bytes().fill_null(0).to_numpy().astype(np.int64))
    start = 0
    while start < len(texts):
        reached = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, reached + _CHUNK_BYTES, side="right")))
        yield start, stop
        start = stop


def _sets(owners: np.ndarray, hashes: np.ndarray, n_records: int, threshold: float) -> _Sets:
    """Number the shingles from the rarest and leave out the records that cannot have a neighbour."""
    repeated = pl.Series(hashes).is_duplicated().to_numpy()
    sizes = np.bincount(owners[~repeated], minlength=n_records)
    values, numbers = np.unique(hashes[repeated], return_inverse=True)
    keys = np.unique(owners[repeated] * max(1, len(values)) + numbers)
    owners, numbers = np.divmod(keys, max(1, len(values)))
    sizes += np.bincount(owners, minlength=n_records)
    needed = _needed(sizes, threshold)
    # Leaving out a record makes shingles of others lonely, which may leave those out in turn.
    n_before = -1
    while n_before != len(owners):
        n_before = len(owners)
        shared = np.bincount(numbers, minlength=len(values))[numbers] > 1
        owners, numbers = owners[shared], numbers[shared]
        hopeful = (np.bincount(owners, minlength=n_records) >= needed)[owners]
        owners, numbers = owners[hopeful], numbers[hopeful]
    rarity = np.empty(len(values), np.int64)
    rarity[np.argsort(np.bincount(numbers, minlength=len(values)), kind="stable")] = np.arange(len(values))
    keys = np.sort(owners * max(1, len(values)) + rarity[numbers])
    starts = np.searchsorted(keys, np.arange(n_records + 1) * max(1, len(values)))
    return _Sets(keys, starts, sizes, max(1, len(values)))


def _needed(sizes: np.ndarray, threshold: float) -> np.ndarray:
    """Count the shingles that a record of that size must share with a neighbour."""
    return np.maximum(1, np.ceil(threshold * sizes - _EPSILON).astype(np.int64))


def _prefixes(sets: _Sets, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Return record and shingle of the rarest shingles of each record, of which neighbours share one.

    A set that shares `needed` of its `size` shingles shares one of any size - needed + 1 of them. The
    shingles left out of `sets` are the rarest of all, and no neighbour has them.
    """
    owners, numbers = np.divmod(sets.keys, sets.n_shingles)
    n_shared = np.diff(sets.starts)
    length = n_shared - _needed(sets.sizes, threshold) + 1
    place = np.arange(len(owners)) - sets.starts[owners]
    within = place < length[owners]
    owners, numbers = owners[within], numbers[within]
    order = np.lexsort((owners, numbers))
    return owners[order], numbers[order]


def _neighbours(sets: _Sets, leaders: np.ndarray, copies: np.ndarray, threshold: float) -> pl.DataFrame:
    """Return the pairs that reach the threshold: one row a copy, with its most similar leader."""
    pairs = np.unique(leaders * len(sets.sizes) + copies)
    leaders, copies = np.divmod(pairs, len(sets.sizes))
    small, large = np.sort([sets.sizes[leaders], sets.sizes[copies]], axis=0)
    alike = small >= threshold * large - _EPSILON
    leaders, copies = leaders[alike], copies[alike]
    both = _intersections(sets, leaders, copies)
    similarity = both / (sets.sizes[leaders] + sets.sizes[copies] - both)
    measured = pl.DataFrame({"copy": copies, "leader": leaders, "similarity": similarity})
    found = measured.filter(pl.col("similarity") >= threshold).sort("copy", -pl.col("similarity"), "leader")
    return found.unique("copy", keep="first", maintain_order=True).cast({"similarity": pl.Float32})


def _intersections(sets: _Sets, some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Count the shingles that each pair of records shares."""
    counts = np.diff(sets.starts)[some]
    ends = np.cumsum(counts)
    both = np.zeros(len(some), np.int64)
    start = 0
    while start < len(some):
        reached = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, reached + _CHUNK_SHINGLES, side="right")))
        pair = np.repeat(np.arange(start, stop), counts[start:stop])
        place = np.arange(len(pair)) - (ends - counts)[pair] + reached + sets.starts[some[pair]]
        wanted = sets.keys[place] + (others[pair] - some[pair]) * sets.n_shingles
        at = np.minimum(np.searchsorted(sets.keys, wanted), len(sets.keys) - 1)
        both += np.bincount(pair[sets.keys[at] == wanted], minlength=len(some))
        start = stop
    return both


def _survivors(settled: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return the records that stay, in the order they came, with the places of their copies."""
    had = pl.col("captures") if "captures" in columns else pl.lit([], pl.List(CAPTURE))
    place = pl.struct("document_id", "byte_start", "byte_end", pl.col("similarity").cast(pl.Float32))
    found = (
        settled.filter(pl.col("kept") != pl.col("rank"))
        .select("kept", found=pl.concat_list(place.cast(CAPTURE), had))
        .group_by("kept")
        .agg(pl.col("found").explode())
    )
    stay = settled.filter(pl.col("kept") == pl.col("rank")).join(
        found, left_on="rank", right_on="kept", how="left"
    )
    captures = pl.concat_list(had, pl.col("found").fill_null(pl.lit([], pl.List(CAPTURE)))).list.sort()
    names = [name for name in columns if name != "captures"]
    return stay.sort("row").select(*names, captures=captures)


def _removed(settled: pl.DataFrame) -> pl.DataFrame:
    """Return the copies as rows of the table `removed`."""
    kept_id = settled["record_id"].gather(settled["kept"])
    is_exact = pl.col("kept") == pl.col("whole")
    return (
        settled.with_columns(
            kept_id=kept_id,
            reason=pl.when(is_exact).then(pl.lit("exact_copy")).otherwise(pl.lit("near_copy")),
            message=pl.lit(None, pl.String),
        )
        .filter(pl.col("kept") != pl.col("rank"))
        .sort("path", "byte_start", "record_id", nulls_last=True)
        .select(_REMOVED)
    )
