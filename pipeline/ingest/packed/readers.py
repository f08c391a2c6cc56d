"""Take a source apart by what it is, whatever is packed in what; a fault ends no more than its own stretch."""

from collections.abc import Callable, Iterator

from pipeline.ingest.faults import Fault
from pipeline.ingest.packed.archives import DEEPEST, gunzipped, read_whole, unzipped, unzstd
from pipeline.ingest.packed.chats import is_export, read_export, read_slack
from pipeline.ingest.packed.kinds import PLAIN, kind_of
from pipeline.ingest.packed.letters import read_mail, read_mbox
from pipeline.ingest.packed.page import Page, Source
from pipeline.ingest.packed.rows import read_jsonl, read_parquet
from pipeline.ingest.packed.web import read_html, read_warc


def unpack(source: Source) -> Iterator[Page | Fault]:
    """Yield the pages of a source; where it breaks, a fault says where, and what was read before stays."""
    pages, told = 0, False
    try:
        for page in _read(source):
            pages += isinstance(page, Page)
            told = True
            yield page
        if not told:
            yield Fault(
                "empty", f"{_where(source)}: nothing in it is a page; do: look what it is, or remove it"
            )
    except Exception as error:  # no list would be whole: what reads a damaged file may raise anything
        seen = " ".join(str(error).split()) or type(error).__name__
        kept = f"; pages kept: {pages:,}" if pages else ""
        yield Fault("unreadable", f"{_where(source)}: {seen}{kept}; do: fetch the file anew")


def _where(source: Source) -> str:
    return f"{source.name}#{source.at}" if source.at else source.name


def _read(source: Source) -> Iterator[Page | Fault]:
    if source.depth > DEEPEST:
        raise ValueError(f"packed over {DEEPEST} times")
    kind = kind_of(source.head())
    if kind in SEEN_THROUGH:
        yield from unpack(SEEN_THROUGH[kind](source))
    elif kind == "zip":
        yield from read_export(source) if is_export(source) else unzipped(source, unpack)
    else:
        yield from READERS[kind](source)


def read_plain(source: Source) -> Iterator[Page | Fault]:
    """Read a text that was packed."""
    yield Page(source.at, data=read_whole(source))


SEEN_THROUGH: dict[str, Callable[[Source], Source]] = {"gzip": gunzipped, "zstd": unzstd}
READERS: dict[str, Callable[[Source], Iterator[Page | Fault]]] = {
    PLAIN: read_plain,
    "html": read_html,
    "jsonl": read_jsonl,
    "mail": read_mail,
    "mbox": read_mbox,
    "parquet": read_parquet,
    "slack": read_slack,
    "warc": read_warc,
}
