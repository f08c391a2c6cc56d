"""Pages that are rows: lines of JSON, a Parquet file."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.ingest.faults import Fault
from pipeline.ingest.packed.kinds import TEXT_FIELDS, URL_FIELDS
from pipeline.ingest.packed.page import MOST_PAGE, Page, Source, moment, sound
from pipeline.ingest.packed.web import extracted, is_html

# Names under which tables of pages hold what a page says of itself (Common Crawl's derivatives: FineWeb, C4, OSCAR,
# RedPajama, and crawlers such as Scrapy and Firecrawl); the first that is there is taken.
FIELDS = {
    "source_url": URL_FIELDS,
    "captured": (
        "captured",
        "captured_at",
        "crawled_at",
        "crawl_date",
        "fetched_at",
        "warc_date",
        "timestamp",
    ),
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline", "creator"),
    "published_raw": (
        "date",
        "published",
        "published_at",
        "publish_date",
        "date_published",
        "created_at",
        "pubdate",
    ),
    "source_id": ("id", "_id", "uuid", "doc_id", "document_id"),
}
BATCH_ROWS = 256


def read_jsonl(source: Source) -> Iterator[Page | Fault]:
    """Read lines of JSON, each a page, numbered as an editor does."""
    with source.open() as stream:
        number = 0
        while line := stream.readline(MOST_PAGE):
            number += 1
            if len(line) == MOST_PAGE:
                raise ValueError(f"line {number} is over {MOST_PAGE >> 20} MB")
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield _line(source, number, line)


def _line(source: Source, number: int, line: bytes) -> Page | Fault:
    where = f"{source.name}#{_at(source, number)}"
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        return Fault("unreadable", f"{where}: line {number} is no JSON: {error}; do: mend the line")
    return _page(source, number, row if isinstance(row, dict) else {})


def read_parquet(source: Source) -> Iterator[Page | Fault]:
    """Read the rows of a Parquet file, a few hundred at a time."""
    with source.open() as stream:
        file = pq.ParquetFile(pa.PythonFile(stream, mode="r"))
        known = {*TEXT_FIELDS, *(name for names in FIELDS.values() for name in names)}
        columns = [name for name in file.schema_arrow.names if name in known]
        number = 0
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=columns):
            for row in _rows(batch):
                number += 1
                yield _page(source, number, row)


def _rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """List the rows of a batch; where a moment is none that Python has, without any."""
    try:
        return batch.to_pylist()
    except (ValueError, OverflowError, KeyError):  # a year beyond 9999, a zone that is not known
        kept = [field.name for field in batch.schema if not pa.types.is_temporal(field.type)]
        return batch.select(kept).to_pylist()


def _page(source: Source, number: int, row: Mapping[str, Any]) -> Page | Fault:
    """Make a page of a row: its text, or what is extracted where that is HTML."""
    at = _at(source, number)
    text = next(
        (row[name] for name in TEXT_FIELDS if isinstance(row.get(name), str) and row[name].strip()), None
    )
    if text is None:
        told = f"no text in {', '.join(TEXT_FIELDS[:3])} …; it has {sound(', '.join(map(str, row))) or 'nothing'}"
        return Fault("empty", f"{source.name}#{at}: {told}; do: name the column of the words `text`")
    said = {name: _said(row, names) for name, names in FIELDS.items()}
    own = said | {"captured": moment(said["captured"])}
    text = sound(text)
    if is_html(text.encode()):
        return extracted(source, text.encode(), at, own)
    return Page(at, text=text, own=own)


def _at(source: Source, number: int) -> str:
    return f"{source.at}/{number}" if source.at else str(number)


def _said(row: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """Take the first value that is there, as words; several are joined."""
    for name in names:
        value = row.get(name)
        if isinstance(value, list) and value and all(isinstance(it, str) for it in value):
            value = ", ".join(value)
        if isinstance(value, datetime | date):
            value = value.isoformat()
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return " ".join(sound(str(value)).split())
    return None
