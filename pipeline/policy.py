"""What may be published of each source: its text, or metadata only.

`ingest.policies` reads which. All hops see the text, so that languages, lengths and copies are told as of any other
source; it goes at the very end.
"""

import hashlib

import polars as pl

from schemas import IDS, Tables

FULL, METADATA_ONLY = "full", "metadata_only"
FLAG = "withheld"
# The columns that hold the words of a page; `urls` of records, a list, hold some too.
WORDS = {"records": ("text",), "segments": ("text", "title"), "documents": ("extracted_text",)}


def stricter(*words: str) -> str:
    """Return the policy that holds where several are said."""
    return METADATA_ONLY if METADATA_ONLY in words else FULL


def digests(texts: pl.Series) -> pl.Series:
    """Return the SHA-256 of each text in UTF-8, in hex; null where there are no words."""
    data = texts.cast(pl.Binary).to_list()
    hexes = [hashlib.sha256(text).hexdigest() if text else None for text in data]
    return pl.Series("text_sha256", hexes, dtype=pl.String)


def withhold(tables: Tables) -> Tables:
    """Take out the words of sources of which only metadata is published.

    What says where they stand stays: spans, sizes, languages, the digest. A record's title stays, as do names; that of
    a segment is its words, and goes. Their records bear the flag `withheld`.
    """
    sources = tables.documents.filter(pl.col("policy") == METADATA_ONLY)["document_id"]
    if sources.is_empty():
        return tables
    is_out = pl.col("document_id").is_in(sources.implode())
    has_words = is_out & pl.col("text").is_not_null()
    flags = pl.concat_list("flags", pl.lit(FLAG)).list.unique().list.sort()
    flagged = tables.records.with_columns(
        flags=pl.when(has_words).then(flags).otherwise("flags"),
        urls=pl.when(~is_out).then("urls").otherwise(pl.lit([], pl.List(pl.String))),
    )
    blank = {
        name: getattr(tables._replace(records=flagged), name).with_columns(
            pl.when(~is_out).then(column).alias(column) for column in columns
        )
        for name, columns in WORDS.items()
    }
    return tables._replace(**blank)


def withheld_everywhere(tables: Tables) -> str | None:
    """The words of a source of which only metadata is published stand nowhere, and no other words are missing."""
    sources = tables.documents.filter(pl.col("policy") == METADATA_ONLY)["document_id"]
    is_out = pl.col("document_id").is_in(sources.implode())
    for name, columns in WORDS.items():
        shown = [pl.col(column).is_not_null() for column in columns]
        shown += [pl.col("urls").list.len() > 0] if name == "records" else []
        told = getattr(tables, name).filter(is_out & pl.any_horizontal(shown))
        if len(told):
            return f"{told[IDS[name]][0]} shows words of a source of which only metadata is published"
    missed = tables.records.filter(~is_out & pl.col("flags").list.contains(FLAG))
    return (
        f"{missed['record_id'][0]} is withheld, and its source is published in full" if len(missed) else None
    )
