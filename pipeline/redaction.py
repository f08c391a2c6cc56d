"""What was asked out, on the documents that it stood in: hidden, or blanked byte for byte.

A text made of HTML, mail or an export is published with its document, since offsets are into it. Where a record of it
was asked out, what is left is what stands in the other records, in its place: what lies between records may name who
wrote the one that went, as a byline or a list of authors does.
"""

import polars as pl

from schemas import Tables

REASON = "opt_out"
# What would lead to the page.
OF_SOURCE = ("file_path", "site", "source_url", "source_id", "capture_evidence", "license_evidence")


def hide(documents: pl.DataFrame, is_out: pl.Expr) -> pl.DataFrame:
    """Take from documents that are out what leads to them."""
    columns = [column for column in OF_SOURCE if column in documents.columns]
    return documents.with_columns(pl.when(~is_out).then(column).alias(column) for column in columns)


def anonymise(documents: pl.DataFrame, removed: pl.DataFrame) -> pl.DataFrame:
    """Take what leads to the page from documents of which nothing is left; their id stands for their path.

    Args:
        documents: with `n_records`; `is_out` marks those that were asked out whole.
        removed: rows of that table.
    """
    is_out = is_emptied(removed)
    if "is_out" in documents.columns:
        is_out |= pl.col("is_out")
    path = pl.when(is_out).then("document_id").otherwise("path").alias("path")
    return hide(documents, is_out).with_columns(path)


def is_anonymous() -> pl.Expr:
    """Hold for documents whose path is not told."""
    return pl.col("path") == pl.col("document_id")


def silence(removed: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Take what names a file from rows about documents whose path is not told, and about copies of them."""
    known = documents.filter(is_anonymous())["document_id"]
    is_told = ~pl.any_horizontal(
        pl.col(column).is_in(known.implode()).fill_null(value=False) for column in ("document_id", "kept_id")
    )
    columns = [column for column in ("message", "file_path") if column in removed.columns]
    return removed.with_columns(pl.when(is_told).then(column).alias(column) for column in columns)


def is_emptied(removed: pl.DataFrame) -> pl.Expr:
    """Hold for documents of which something was asked out and no record is left; needs `n_records`."""
    out = removed.filter(pl.col("reason") == REASON)["document_id"].drop_nulls()
    return pl.col("document_id").is_in(out.implode()) & (pl.col("n_records") == 0)


def redact(documents: pl.DataFrame, spans: pl.DataFrame, removed: pl.DataFrame) -> pl.DataFrame:
    """Blank in `extracted_text` what was asked out, and what lies beside it; offsets still fit.

    Args:
        documents: with `extracted_text`; null stays null. `is_out` marks those that were asked out whole.
        spans: of the documents, also of the records that were taken out.
        removed: rows of that table.

    Returns:
        The documents; null where the text is asked out whole, or nothing would be left of it.
    """
    out = removed.filter(pl.col("reason") == REASON)
    known = documents.filter(pl.col("extracted_text").is_not_null())
    is_out = (
        known["is_out"] if "is_out" in known.columns else pl.repeat(value=False, n=len(known), eager=True)
    )
    whole = known.filter(is_out)["document_id"].to_list()
    gone = _extents(out, known)
    stays = spans.filter(pl.col("record_id").is_not_null() & ~pl.col("record_id").is_in(_ids(out)))
    shown = _extents(stays, known)
    texts = dict(known.select("document_id", "extracted_text").iter_rows())
    new = dict.fromkeys(whole) | {
        id_: _blank(texts[id_], shown.get(id_, []), gone[id_]) for id_ in gone.keys() - {*whole}
    }
    if not new:
        return documents
    is_new = pl.col("document_id").is_in(list(new))
    made = pl.col("document_id").replace_strict(new, default=None, return_dtype=pl.String)
    return documents.with_columns(extracted_text=pl.when(is_new).then(made).otherwise("extracted_text"))


def told(tables: Tables) -> str | None:
    """Say which document tells of what was asked out of it, in words or by its address; null if none does."""
    leads = pl.any_horizontal(pl.col("source_url", "site", "source_id").is_not_null()) | ~is_anonymous()
    emptied = tables.documents.filter(is_emptied(tables.removed) & leads)
    if len(emptied):
        return f"all of document {emptied['document_id'][0]} was asked out, and it says where it was found"
    out = tables.removed.filter(pl.col("reason") == REASON)
    known = tables.documents.filter(pl.col("extracted_text").is_not_null())
    gone = _extents(out, known)
    for id_, text in known.select("document_id", "extracted_text").iter_rows():
        data = text.encode()
        if any(data[start:end].strip() for start, end in gone.get(id_, [])):
            return f"document {id_} shows in extracted_text what was asked out"
    return None


def _ids(out: pl.DataFrame) -> pl.Expr:
    return pl.lit(out["record_id"].drop_nulls()).implode()


def _extents(rows: pl.DataFrame, documents: pl.DataFrame) -> dict[str, list[tuple[int, int | None]]]:
    """Return the stretches of each of the documents; all of it where a place is not known."""
    rows = rows.filter(pl.col("document_id").is_in(documents["document_id"].implode()))
    known = pl.all_horizontal(pl.col("byte_start", "byte_end").is_not_null())
    found = rows.select(
        "document_id", pl.when(known).then("byte_start").fill_null(0), pl.when(known).then("byte_end")
    )
    made: dict[str, list[tuple[int, int | None]]] = {}
    for id_, start, end in found.iter_rows():
        made.setdefault(id_, []).append((start, end))
    return made


def _blank(text: str, shown: list[tuple[int, int | None]], gone: list[tuple[int, int | None]]) -> str | None:
    """Leave of a text what is shown and not gone, and its line breaks; null if that is no word."""
    data = text.encode()
    made = bytearray(_blanks(data))
    for start, end in shown:
        made[start:end] = data[start:end]
    for start, end in gone:
        made[start:end] = _blanks(data[start:end])
    return made.decode() if made.strip() else None


def _blanks(data: bytes) -> bytes:
    """Return a blank for every byte but those that break lines."""
    return bytes(byte if byte in b"\r\n" else 0x20 for byte in data)
