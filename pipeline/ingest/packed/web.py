"""HTML, by trafilatura; WARC and WET, by warcio. Both come with the extra `web`."""

import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from pipeline import lacks_extra
from pipeline.ingest.faults import Fault
from pipeline.ingest.packed.archives import read_page, read_whole
from pipeline.ingest.packed.kinds import HTML
from pipeline.ingest.packed.page import Page, Source, moment

PLAIN = "text/plain"  # what a WET holds, whether it says so or not
MAIN_TEXT = "main_text"
APART = 9  # blank lines between an article and the comments of others: no text leaves as many by itself
EXTRA = "web"


def is_html(data: bytes) -> bool:
    """Say whether a text begins as an HTML document does."""
    return HTML.match(data[: 1 << 12]) is not None


def read_html(source: Source) -> Iterator[Page | Fault]:
    """Read one HTML document."""
    yield extracted(source, read_whole(source), source.at, {})


def extracted(source: Source, html: bytes, at: str, own: dict[str, Any]) -> Page | Fault:
    """Extract the main text and the metadata of an HTML document; what the file says of it goes before."""
    where = f"{source.name}#{at}" if at else source.name
    try:
        import trafilatura  # noqa: PLC0415 - of an extra, and slow to load
    except ImportError:
        return Fault("unreadable", lacks_extra(f"{where}: HTML", EXTRA))
    url = _text(own.get("source_url"))
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=True)
    text = getattr(found, "text", None) if found else None
    is_main = bool((text or "").strip())
    if not is_main:
        text = trafilatura.html2txt(html)
    if not (text or "").strip():
        return Fault(
            "empty", f"{where}: no words in {len(html)} bytes of HTML; do: look whether it is a page"
        )
    comments = getattr(found, "comments", None) if is_main else None  # else the text holds them already
    parts = [part.strip() for part in (text, comments) if part and part.strip()]
    words = ("\n" * (APART + 1)).join(parts) + "\n"
    told = {
        "source_url": _text(getattr(found, "url", None)),
        "title": _text(getattr(found, "title", None)),
        "author": _text(getattr(found, "author", None)),
        "published_raw": _text(getattr(found, "date", None)),
    }
    return Page(
        at,
        text=words,
        extracted_by=f"trafilatura {version('trafilatura')}",
        states=MAIN_TEXT if is_main else None,
        own=told | {name: value for name, value in own.items() if value},
    )


def _text(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def read_warc(source: Source) -> Iterator[Page | Fault]:
    """Read the pages of a WARC (its HTML and plain answers) or a WET (its texts), numbered by record."""
    try:
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - of an extra
    except ImportError:
        yield Fault("unreadable", lacks_extra(f"{source.name}: a WARC", EXTRA))
        return
    with source.open() as stream:
        for number, record in enumerate(ArchiveIterator(stream), start=1):
            if record.rec_type in {"response", "conversion", "resource"}:
                page = _page(source, record, f"{source.at}/{number}" if source.at else str(number))
                if page is not None:
                    yield page


def _page(source: Source, record: Any, at: str) -> Page | Fault | None:
    """Make a page of a record; null where it is no page at all: an image, a style sheet, an error."""
    http = record.http_headers
    kind = (http or record.rec_headers).get_header("Content-Type") or ""
    kind = PLAIN if record.rec_type == "conversion" else kind
    if http is not None and not (http.get_statuscode() or "200").startswith("2"):
        return None
    if not re.match(r"text/|application/xhtml", kind.lower()) or re.match(
        r"text/(?:css|javascript)", kind.lower()
    ):
        return None
    data = read_page(record.content_stream())
    headers = record.rec_headers
    own: dict[str, Any] = {
        "source_url": _text(headers.get_header("WARC-Target-URI")),
        "captured": moment(headers.get_header("WARC-Date")),
        "source_id": _text(headers.get_header("WARC-Record-ID")),
    }
    if "html" in kind.lower() or is_html(data):
        return extracted(source, data, at, own)
    return Page(at, data=data, own=own)
