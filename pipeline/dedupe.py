"""Drop records that say what another record says, and note on the survivor where they were found.

Copies are exact (the same id, or the same kind, author and words) or near: the Jaccard similarity of their
five-word shingles reaches the threshold. It is counted, never estimated, and no pair is missed:

1. A record can only reach the threshold if nearly all its shingles stand in other records too; most records
   drop out here. Of many shingles, those whose hashes begin alike are counted together, part by part, and the
   others lie on disk meanwhile.
2. Two sets that overlap enough share one of their rarest shingles (prefix filtering: Chaudhuri, Ganti and
   Kaushik 2006), so only records that do are compared.
3. Records are taken in the order in which they deserve to stay. One that no better record may be a copy of
   is kept, and its neighbours go; then the next. So every record that goes has a neighbour that stays, and
   neither the order nor the grouping of the rows matters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from tempfile import TemporaryFile
from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline import characters, policy, shingles
from pipeline.spill import Parts, give_back, see, to_disk

# Shingles counted, and compared, at a time: they bound the memory, not the result. More than those of some 25 MB of
# texts are counted in parts.
_PART_SHINGLES, _MOST_PARTS = 4 << 20, 128
_CHUNK_SHINGLES = 1 << 20
_RUN_CHARS = 1 << 24  # of texts whose shingles lie in one file
# So many near copies of one record, and such a share of its kind, are a sign of boilerplate and not of copying:
# on the pages we know the greatest cluster has a handful.
_MASS_RECORDS, _MASS_SHARE = 50, 0.2
# Another round over the shingles costs more than comparing such a share of them.
_FEW = 0.02
# Products of a threshold and a count carry an error in the last bits; counts are far coarser than this.
EPSILON = 1e-9

CAPTURE = pl.Struct(
    {"document_id": pl.String, "byte_start": pl.Int64, "byte_end": pl.Int64, "similarity": pl.Float32}
)
_REMOVED = (
    *("record_id", "document_id", "kind", "title", "author", "handle", "published_raw", "published"),
    *("byte_start", "byte_end", "reason", "kept_id", "similarity", "message"),
)


# From kinds and packed shingles (see `shingles.packed`), the best first, a threshold, and how many of the first stay
# whatever they are near, to the index of each one's survivor and the similarity to it.
NearFinder = Callable[[pl.Series, pl.Series, float, int], tuple[np.ndarray, np.ndarray]]
SHINGLES = "shingles"
THRESHOLD = 0.8
# The message of a copy of what stands in another release, as `_removed` writes it.
KEPT_ELSEWHERE = re.compile(r"kept as (?P<id>\S+) in (?P<dataset>\S+) (?P<version>\S+)")
# What is to be known of records that stand in other releases; `who` is author or handle, `home` says where they stand.
ELSEWHERE = pl.Schema(
    {
        "record_id": pl.String,
        "kind": pl.String,
        "who": pl.String,
        "n_chars": pl.Int32,
        "text_sha256": pl.String,
        SHINGLES: pl.Binary,
        "home": pl.String,
    }
)


def drop_copies(
    records: pl.DataFrame,
    documents: pl.DataFrame,
    threshold: float | None = THRESHOLD,
    near: NearFinder | None = None,
    elsewhere: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part records into those to keep, with `captures`, and the copies of them.

    A copy has a survivor of its kind whose similarity to it is at least `threshold` (null: only exact copies go).
    Of two, the complete one stays, then the longer, then the one captured earlier (unknown last), then the first by
    path and place; of several survivors better than it a copy is said to be of the most similar. Records of fewer
    than five words are only compared whole. Where a survivor would take an implausible share of the records of its
    kind, a page's own words are more likely taken for theirs: none of its near copies go, and `is_mass_copy` marks
    them. The survivors keep their order, and `captures` adds to those they had; `shingles`, packed, spare cutting the
    texts where the records came with them, and go.
    What stands `elsewhere` (the columns of `ELSEWHERE`) is published: it stays, and is better than any record here.
    Removed rows have the columns of the table `removed`, by path and place; a similarity is null where a copy
    of a copy parts its words otherwise. A copy of what stands elsewhere has no `kept_id`, which would name a row of
    this release: its message says which record is kept, and where.
    """
    elsewhere = ELSEWHERE.to_frame() if elsewhere is None else elsewhere
    n = len(elsewhere)  # what stands there is ranked first
    ranked = _rank(records, documents)
    give_back()
    whole = _exact(ranked)
    give_back()
    if n:
        whole = _exact_elsewhere(ranked, whole, elsewhere).fill_null(whole + n)
    ranked = ranked.with_columns(pl.col("rank") + n)
    originals = ranked.filter(whole == ranked["rank"])
    survivor, similarity = np.arange(n + len(originals)), np.ones(n + len(originals), np.float32)
    kinds = pl.concat([elsewhere["kind"], originals["kind"]])
    if threshold is not None:
        own = originals[SHINGLES] if SHINGLES in records.columns else packed(originals["text"])
        both = pl.concat([elsewhere[SHINGLES], own])
        survivor, similarity = (near or find_near)(kinds, both, threshold, n)
    is_mass = _mass(survivor, kinds, n)
    survivor = np.where(is_mass, np.arange(len(survivor)), survivor)
    similarity = np.where(is_mass, np.float32(1), similarity)
    # Ranks among the originals become ranks among all; a copy of a copy goes where its original goes.
    original_rank = np.append(np.arange(n), originals["rank"].to_numpy())
    kept, similar = np.arange(n + len(ranked)), np.ones(n + len(ranked), np.float32)
    kept[original_rank], similar[original_rank] = original_rank[survivor], similarity
    kept, similar = kept[whole.to_numpy()], similar[whole.to_numpy()]
    mass = pl.Series(original_rank[is_mass])
    settled = _unmeasured(
        ranked.with_columns(kept=pl.Series(kept), whole=whole, similarity=pl.Series(similar)).with_columns(
            is_mass_copy=pl.col("rank").is_in(mass.implode())
        )
    )
    return _survivors(settled, records.columns), _removed(settled, elsewhere)


def _mass(near: np.ndarray, kinds: pl.Series, n_elsewhere: int) -> np.ndarray:
    """Say which records would be dropped for a survivor that takes too many of its kind."""
    is_here = pl.int_range(pl.len()) >= n_elsewhere
    of_kind = kinds.to_frame("kind").select(is_here.sum().over("kind"))["literal"].to_numpy()
    n_taken = np.bincount(near, minlength=len(near)) - 1
    too_many = n_taken > np.maximum(_MASS_RECORDS, _MASS_SHARE * of_kind)
    return too_many[near] & (near != np.arange(len(near)))


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
    """Return, for each rank, the rank of the best record with the same id, or kind, author and text.

    An id is a hash over kind, author and the text in composed Unicode without blank lines, so the text as it
    stands only matters to records that were named otherwise.
    """
    # Two records without words are two pictures, not one post.
    is_first = (pl.col("rank") == pl.col("first")) & (pl.col("text") != "")
    best = ranked.with_columns(first=pl.col("rank").min().over("record_id"))
    said = best.filter(is_first).select("rank", "kind", "text", who=pl.coalesce("author", "handle"))
    # A hash stands for the words, which are long; that they are the same is seen in the words.
    second = said.select(pl.col("rank").min().over("kind", "who", pl.col("text").hash()))["rank"]
    same = ranked["text"].gather(second).eq_missing(said["text"])
    if not same.all():
        second = said.select(pl.col("rank").min().over("kind", "who", "text"))["rank"]
    whole = best["rank"].to_numpy(writable=True)
    whole[said["rank"].to_numpy()] = second.to_numpy()
    return pl.Series(whole).gather(best["first"])


def _exact_elsewhere(ranked: pl.DataFrame, whole: pl.Series, elsewhere: pl.DataFrame) -> pl.Series:
    """Return, for each rank, the first record elsewhere that it or an exact copy of it is; null where none is.

    Of the words there, the digest alone is known.
    """
    places = elsewhere.with_row_index("place").cast({"place": pl.Int64})
    sized = ["kind", "who", "n_chars"]
    said = ranked.select(
        "rank",
        "kind",
        "text",
        who=pl.coalesce("author", "handle"),
        n_chars=pl.col("text").str.len_chars().cast(pl.Int32),
    ).filter(pl.col("text") != "")
    like = said.join(places, on=sized, how="semi", nulls_equal=True)
    digested = like.with_columns(policy.digests(like["text"])).drop("text")
    found = [
        ranked.select("rank", "record_id").join(places, on="record_id"),
        digested.join(places, on=[*sized, "text_sha256"], nulls_equal=True),
    ]
    first = (
        pl.concat([frame.select("rank", "place") for frame in found])
        .group_by("rank")
        .agg(pl.col("place").min())
    )
    known = ranked.select("rank", whole=whole).join(first, on="rank", how="left", maintain_order="left")
    return known.select(pl.col("place").min().over("whole"))["place"]


class _Sets(NamedTuple):
    """Shingles of records; nearly all that no other record has are left out.

    `keys` is record * n_shingles + shingle, sorted, the shingles numbered from the rarest; `starts` are the
    bounds of each record in it; `sizes` counts all shingles of a record, those left out included.
    """

    keys: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    n_shingles: int


def find_near(
    kinds: pl.Series, packed: pl.Series, threshold: float, n_fixed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each record in order of rank, the rank of its survivor and the similarity to it.

    The first `n_fixed` stay, whatever they are near.
    """
    sets = _sets(kinds, packed, threshold)
    records, prefixes = _prefixes(sets, threshold)
    goes = np.zeros(len(kinds), bool)
    goes[_nearest(sets, records, prefixes, np.arange(len(kinds)) >= n_fixed, threshold)["copy"]] = n_fixed > 0
    is_open = (records >= n_fixed) & ~goes[records]
    goes |= _settle(sets, records[is_open], prefixes[is_open], threshold)
    # All survivors near a copy share a prefix shingle with it. Of the better ones it is of the most similar.
    found = _nearest(sets, records, prefixes, goes, threshold)
    kept, similarity = np.arange(len(kinds)), np.ones(len(kinds), np.float32)
    kept[found["copy"]], similarity[found["copy"]] = found["kept"], found["similarity"]
    return kept, similarity


def _nearest(
    sets: _Sets, records: np.ndarray, prefixes: np.ndarray, goes: np.ndarray, threshold: float
) -> pl.DataFrame:
    """Return of those that go which better one that stays is most similar, if one is similar enough."""
    entries = pl.DataFrame({"shingle": prefixes, "record": records}).with_columns(goes=goes[records])
    pairs = entries.filter(~pl.col("goes")).join(entries.filter("goes"), on="shingle", suffix="_gone")
    pairs = pairs.filter(pl.col("record") < pl.col("record_gone"))
    return _neighbours(sets, pairs["record"].to_numpy(), pairs["record_gone"].to_numpy(), threshold)


def _settle(sets: _Sets, records: np.ndarray, prefixes: np.ndarray, threshold: float) -> np.ndarray:
    """Say which records go, given their prefixes sorted by shingle and rank."""
    goes = np.zeros(len(sets.sizes), bool)
    while len(records):
        first = np.flatnonzero(np.diff(prefixes, prepend=-1))
        leaders = np.repeat(records[first], np.diff(first, append=len(records)))
        led = records != leaders
        is_led = np.zeros(len(goes), bool)
        is_led[records[led]] = True
        # Whoever leads all its prefixes has no better record left to be a copy of: it stays.
        pairs = led & ~is_led[leaders]
        goes[_neighbours(sets, leaders[pairs], records[pairs], threshold)["copy"]] = True
        is_open = (is_led & ~goes)[records]
        records, prefixes = records[is_open], prefixes[is_open]
    return goes


def packed(texts: pl.Series) -> pl.Series:
    """Return the shingles of texts, on disk where they are many."""
    n_chars = texts.str.len_chars().fill_null(0).to_numpy()
    parts = (shingles.packed(texts[slice(*run)]) for run in characters.chunks(n_chars, _RUN_CHARS))
    return pl.concat(
        [pl.Series(dtype=pl.Binary), *(to_disk(part.to_frame("")).to_series() for part in parts)]
    )


def _parts(kinds: pl.Series, packed: pl.Series) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield record and hash of all shingles, equal ones in the same part."""
    rows = ((found.text.astype(np.uint32), found.hash) for found in shingles.unpacked(packed, kinds))
    n_bits = min(_MOST_PARTS - 1, int(shingles.count(packed).sum()) // _PART_SHINGLES).bit_length()
    if not n_bits:
        none = (np.empty(0, np.uint32), np.empty(0, np.uint64))
        records, hashes = zip(none, *rows, strict=True)
        yield np.concatenate(records), np.concatenate(hashes)
        return
    parts = Parts(1 << n_bits, np.uint32, np.uint64)
    for owners, hashed in rows:
        parts.add(hashed >> np.uint64(64 - n_bits), owners, hashed)
        give_back()
    yield from parts.read()


def _sets(kinds: pl.Series, packed: pl.Series, threshold: float) -> _Sets:
    """Number the shingles from the rarest and leave out the records that cannot have a neighbour."""
    n_all, n_records = shingles.count(packed), len(packed)
    parts = [to_disk(_numbered(*part)) for part in _parts(kinds, packed)]
    # Leaving out a record makes shingles of others lonely, which may leave those out in turn.
    n_before = np.inf
    while (n := sum(map(len, parts))) < (1 - _FEW) * n_before:
        n_before, n_shared = n, np.zeros(n_records, np.int64)
        for part in parts:
            # A shingle may count twice in a record: an upper bound of what the record shares.
            n_shared += np.bincount(part["record"], minlength=n_records)
        hopeful = n_shared >= threshold * n_all - EPSILON
        parts = [to_disk(_narrowed(part, hopeful)) for part in parts]
    ranks, n_shingles = _by_rarity(parts)
    n_held, starts = np.zeros(n_records, np.int64), np.zeros(n_records + 1, np.int64)
    for part in parts:
        n_held += np.bincount(part["record"], minlength=n_records)
    with TemporaryFile(prefix="dehusk-") as file:
        for keys in _keys(parts, ranks, n_held, n_shingles):
            of = keys // n_shingles
            is_first = np.diff(keys, prepend=-1) != 0
            n_all -= np.bincount(of[~is_first], minlength=n_records)
            starts[1:] += np.bincount(of[is_first], minlength=n_records)
            file.write(keys[is_first].data)
            give_back()
        return _Sets(np.frombuffer(see(file), np.int64), np.cumsum(starts), n_all, n_shingles)


def _numbered(records: np.ndarray, hashes: np.ndarray) -> pl.DataFrame:
    """Number the shingles that occur twice: `record`, `number` from 0."""
    shared = _shared(hashes)
    return pl.DataFrame({"record": records[shared], "number": _dense(hashes[shared]).astype(np.uint32)})


def _narrowed(part: pl.DataFrame, hopeful: np.ndarray) -> pl.DataFrame:
    """Leave out records without hope, and the shingles that then occur once."""
    rest = part.filter(pl.Series(hopeful[part["record"]]))
    numbers = rest["number"].to_numpy()
    return rest.filter(pl.Series((np.bincount(numbers) > 1)[numbers]))


def _keys(
    parts: list[pl.DataFrame], ranks: Iterable[np.ndarray], n_held: np.ndarray, n_shingles: int
) -> Iterator[np.ndarray]:
    """Yield record * n_shingles + rank of all shingles, sorted, those of some records at a time."""
    size = max(_PART_SHINGLES, -(-int(n_held.sum()) // _MOST_PARTS))
    place = (np.cumsum(n_held) - n_held) // size
    found = Parts(1 + int(place.max(initial=0)), np.int64)
    for part, rank in zip(parts, ranks, strict=True):
        records = part["record"].to_numpy()
        found.add(place[records], records * np.int64(n_shingles) + rank[part["number"].to_numpy()])
    for (keys,) in found.read():
        keys.sort()
        yield keys


def _shared(hashes: np.ndarray) -> np.ndarray:
    """Return the places of the hashes that occur twice, and of a few others, in about the order of the hashes.

    The places stand in the last bits of what is sorted: sorting numbers is cheap, and finding them again is not.
    """
    last = np.uint64((1 << len(hashes).bit_length()) - 1)
    ordered = hashes & ~last
    ordered |= np.arange(len(hashes), dtype=np.uint64)
    ordered.sort()
    same = (ordered[1:] ^ ordered[:-1]) <= last
    twice = np.append(same, False) | np.append(False, same)[: len(hashes)]
    return (ordered[twice[: len(hashes)]] & last).astype(np.intp)


def _dense(hashes: np.ndarray) -> np.ndarray:
    """Number hashes, which stand in about their order, from 0, equal ones alike."""
    order = np.argsort(hashes, kind="stable")
    numbers = np.empty(len(hashes), np.int64)
    numbers[order] = np.cumsum(np.diff(hashes[order], prepend=~hashes[order[:1]]) != 0) - 1
    return numbers


def _by_rarity(parts: list[pl.DataFrame]) -> tuple[Iterator[np.ndarray], int]:
    """Rank shingles by their counts, the rarest first; return the ranks part by part, and how many occur, 1 or more."""
    most = np.iinfo(np.uint16).max
    n_with = np.zeros(1 + most, np.int64)  # how many shingles have each count
    for part in parts:
        n_with += np.bincount(_counts(part), minlength=len(n_with))

    def ranks() -> Iterator[np.ndarray]:
        following = np.cumsum(n_with) - n_with - n_with[0]
        for part in parts:
            counts = _counts(part)
            order = np.argsort(counts, kind="stable")
            own = np.bincount(counts, minlength=len(n_with))
            ranked = np.empty(len(counts), np.int64)
            ranked[order] = np.arange(len(counts)) + (following - np.cumsum(own) + own)[counts[order]]
            following += own
            yield ranked

    return ranks(), max(1, int(n_with[1:].sum()))


def _counts(part: pl.DataFrame) -> np.ndarray:
    """Count how often each shingle occurs, as far as 16 bits go."""
    return np.minimum(np.bincount(part["number"]), np.iinfo(np.uint16).max).astype(np.uint16)


def _needed(sizes: np.ndarray, threshold: float) -> np.ndarray:
    """Count the shingles that a record of that size must share with a neighbour."""
    return np.maximum(1, np.ceil(threshold * sizes - EPSILON).astype(np.int64))


def _prefixes(sets: _Sets, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Return record and shingle of the rarest shingles of each record, of which neighbours share one.

    A set that shares `needed` of its `size` shingles shares one of any size - needed + 1 of them. The
    shingles left out of `sets` are the rarest of all, and no neighbour has them.
    """
    n_shared = np.diff(sets.starts)
    length = n_shared - _needed(sets.sizes, threshold) + 1
    found = [np.empty(0, np.int64)]
    for first, last in characters.chunks(n_shared, _CHUNK_SHINGLES):
        start, stop = sets.starts[first], sets.starts[last]
        of = np.repeat(np.arange(first, last), n_shared[first:last])
        within = np.arange(start, stop) - sets.starts[of] < length[of]
        found.append(sets.keys[start:stop][within])
    records, numbers = np.divmod(np.concatenate(found), sets.n_shingles)
    order = np.lexsort((records, numbers))
    return records[order], numbers[order]


def _neighbours(sets: _Sets, kept: np.ndarray, copies: np.ndarray, threshold: float) -> pl.DataFrame:
    """Return the pairs that reach the threshold: one row a copy, with the most similar that is kept."""
    pairs = np.sort(kept * len(sets.sizes) + copies)
    kept, copies = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], len(sets.sizes))
    small, large = np.sort([sets.sizes[kept], sets.sizes[copies]], axis=0)
    alike = small >= threshold * large - EPSILON
    kept, copies = kept[alike], copies[alike]
    both = _intersections(sets, kept, copies)
    similarity = both / (sets.sizes[kept] + sets.sizes[copies] - both)
    measured = pl.DataFrame({"copy": copies, "kept": kept, "similarity": similarity})
    found = measured.filter(pl.col("similarity") >= threshold).sort("copy", -pl.col("similarity"), "kept")
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
        give_back()
    return both


def _unmeasured(settled: pl.DataFrame) -> pl.DataFrame:
    """Take the similarity from copies of a copy that part their words otherwise than it does.

    Words that are parted otherwise are the same shingles, and another text: such a record has
    to go, but only the other one was measured.
    """
    copies = settled.filter(pl.col("kept") != pl.col("whole"), pl.col("whole") != pl.col("rank"))
    spaced = pl.col("text").str.replace_all(r"\s+", " ").str.strip_chars()
    originals = settled.filter(pl.col("rank").is_in(copies["whole"].implode())).select(
        whole="rank", original=spaced
    )
    others = copies.join(originals, on="whole", how="left").filter(spaced.ne_missing(pl.col("original")))
    is_other = pl.col("rank").is_in(others["rank"].implode())
    return settled.with_columns(similarity=pl.when(~is_other).then("similarity"))


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
    names = [name for name in columns if name not in ("captures", "is_mass_copy", SHINGLES)]
    return stay.sort("row").select(*names, "is_mass_copy", captures=captures)


def _removed(settled: pl.DataFrame, elsewhere: pl.DataFrame) -> pl.DataFrame:
    """Return the copies as rows of the table `removed`."""
    is_exact = pl.col("kept") == pl.col("whole")
    homes = elsewhere.select(pl.format("kept as {} in {}", "record_id", "home")).to_series()
    absent = pl.repeat(None, len(settled), dtype=pl.String, eager=True)
    ids = pl.concat([pl.repeat(None, len(homes), dtype=pl.String, eager=True), settled["record_id"]])
    return (
        settled.with_columns(
            kept_id=ids.gather(settled["kept"]),
            reason=pl.when(is_exact).then(pl.lit("exact_copy")).otherwise(pl.lit("near_copy")),
            message=pl.concat([homes, absent]).gather(settled["kept"]),
        )
        .filter(pl.col("kept") != pl.col("rank"))
        .sort("path", "byte_start", "record_id", nulls_last=True)
        .select(_REMOVED)
    )
