"""Seeds that are not plain text, each made here as its makers do; named by content, whatever its file is called."""

import gzip
import hashlib
import io
import json
import mailbox
import tempfile
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline import ingest, ledger, release
from pipeline.engine import local
from pipeline.ingest.packed import page as sizes

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)
HTML = """<!DOCTYPE html>
<html lang="en"><head><title>On looms</title><meta name="author" content="Ada Lovelace">
<meta property="article:published_time" content="2025-12-15"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article><h1>On looms</h1>
<p>The engine weaves algebraic patterns just as the loom weaves flowers and leaves, without rest.</p>
<p>It has no pretensions whatever to originate anything; it can do what we know how to order it to.</p>
</article><footer>Imprint and cookies</footer></body></html>"""


def zstd(data: bytes) -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        with pa.CompressedOutputStream(file.name, "zstd") as stream:
            stream.write(data)
        return Path(file.name).read_bytes()


def read(folder: Path, name: str, data: bytes) -> ingest.Seeds:
    (folder / name).write_bytes(data)
    return ingest.read_seeds(folder)


def rows(seeds: ingest.Seeds) -> list[dict]:
    return seeds.documents.to_dicts()


def told(seeds: ingest.Seeds) -> str:
    return "\n".join(f"{fault.reason}: {fault.message}" for fault in seeds.faults)


JSONL = b"\n".join(
    [
        b'{"id": "a1", "url": "https://ada.example/1", "text": "Looms weave.", "timestamp": "2025-12-15T12:00:00Z"}',
        b'{"text": "Engines weave too.", "date": "5 May 2024", "author": ["Ada", "Bob"], "title": "Engines"}',
        b'{"text": "broken',
        b"",
        b'{"url": "https://ada.example/5"}',
        b'{"text": "The last."}',
    ]
)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd], ids=["plain", "gzip", "zstd"])
def test_lines_of_json_are_documents_with_their_own_address_date_and_id(tmp_path, pack):
    seeds = read(tmp_path, "pages.txt", pack(JSONL))
    assert seeds.documents["path"].to_list() == ["pages.txt#1", "pages.txt#2", "pages.txt#6"]
    first, second, _ = rows(seeds)
    assert (first["source_id"], first["source_url"]) == ("a1", "https://ada.example/1")
    assert first["captured_earliest"] == first["captured_latest"] == NOON
    assert (second["title"], second["author"], second["published_raw"]) == (
        "Engines",
        "Ada, Bob",
        "5 May 2024",
    )
    assert first["text"] == "Looms weave."
    assert "pages.txt#3: line 3 is no JSON" in told(seeds)
    assert "pages.txt#5: no text" in told(seeds)


def test_what_seeds_toml_says_of_a_page_goes_before_what_its_file_says(tmp_path):
    (tmp_path / "seeds.toml").write_text(
        """
        [[seed]]
        path = "pages.jsonl"
        license = "CC0-1.0"
        source_url = "https://dump.example"
        [[seed]]
        path = "pages.jsonl#1"
        source_url = "https://mended.example"
        policy = "metadata_only"
        [[seed]]
        path = "pages.jsonl#77"
        """,
        encoding="utf-8",
    )
    seeds = read(tmp_path, "pages.jsonl", JSONL)
    assert seeds.documents["source_url"].to_list() == [
        "https://mended.example",
        *["https://dump.example"] * 2,
    ]
    assert seeds.documents["license"].unique().to_list() == ["CC0-1.0"]
    assert seeds.documents["policy"].to_list() == ["metadata_only", "full", "full"]
    assert "pages.jsonl#77: its file has no such page" in told(seeds)


def test_rows_of_parquet_are_documents(tmp_path):
    table = pl.DataFrame({"url": ["https://a.example", None], "content": ["Looms.", "Engines."], "x": [1, 2]})
    table.write_parquet(tmp_path / "pages.dat")
    seeds = ingest.read_seeds(tmp_path)
    assert seeds.documents["path"].to_list() == ["pages.dat#1", "pages.dat#2"]
    assert seeds.documents["text"].to_list() == ["Looms.", "Engines."]
    assert seeds.documents["source_url"].to_list() == ["https://a.example", None]


def test_html_gives_its_main_text_and_metadata_and_the_text_is_kept(tmp_path):
    (tmp_path / "page.txt").write_text(HTML, encoding="utf-8")
    tables = local.build(tmp_path)
    (document,) = tables.documents.to_dicts()
    assert document["extracted_by"].startswith("trafilatura ")
    assert document["extracted_text"] == document["text"]
    assert "loom weaves flowers" in document["text"]
    assert "Imprint" not in document["text"]
    (record,) = tables.records.to_dicts()
    assert (record["title"], record["author"], record["published"]) == (
        "On looms",
        "Ada Lovelace",
        "2025-12-15",
    )
    assert list(ledger.all_faults(tables.documents, tables.spans)) == []


def test_comments_are_not_the_words_of_who_wrote_the_article(tmp_path):
    said = (
        "I never saw such a loom in all of my life, and doubt it.",
        "Mine runs every day and weaves what I want.",
    )
    comments = "".join(f'<li class="comment"><p>{words}</p></li>' for words in said)
    page = HTML.replace(
        "</article>", f'</article><div id="comments"><ol class="commentlist">{comments}</ol></div>'
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    tables = local.build(tmp_path)
    article, others = tables.records.sort("byte_start").to_dicts()
    assert (article["kind"], article["title"], article["author"]) == ("article", "On looms", "Ada Lovelace")
    assert article["text"].endswith("order it to.")
    assert (others["kind"], others["author"], others["text"]) == ("comment", None, "\n\n".join(said))
    assert list(ledger.all_faults(tables.documents, tables.spans)) == []


def test_the_extracted_text_of_a_withheld_source_is_withheld(tmp_path):
    (tmp_path / "page.html").write_text(HTML, encoding="utf-8")
    (tmp_path / "seeds.toml").write_text('[dataset]\npolicy = "metadata_only"\n', encoding="utf-8")
    assert local.build(tmp_path).documents["extracted_text"].to_list() == [None]


def letter(number: int, *, html: bool = False) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada Lövelace <ada@example.org>"
    message["To"] = "list@example.org"
    message["Subject"] = f"Über Webstühle {number}"
    message["Date"] = "Mon, 15 Dec 2025 07:32:05 +0100"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content(f"Looms weave {number}.\n\nFrom here on, engines do.\n")
    if html:
        message.add_alternative(HTML, subtype="html")
    return message


def test_a_letter_is_a_document_by_its_sender(tmp_path):
    (tmp_path / "a.txt").write_bytes(letter(1, html=True).as_bytes())
    tables = local.build(tmp_path)
    (document,) = tables.documents.to_dicts()
    assert (document["path"], document["source_id"]) == ("a.txt", "<1@example.org>")
    (record,) = tables.records.to_dicts()
    assert (record["author"], record["title"]) == ("Ada Lövelace", "Über Webstühle 1")
    assert record["published"] == "2025-12-15T07:32:05+01:00"
    assert record["text"].split() == ["Looms", "weave", "1.", "From", "here", "on,", "engines", "do."]


def test_a_mailbox_is_as_many_documents_as_it_has_letters(tmp_path):
    box = mailbox.mbox(tmp_path / "list.txt")
    for number in (1, 2, 3):
        box.add(letter(number))
    box.close()
    seeds = ingest.read_seeds(tmp_path)
    assert seeds.documents["path"].to_list() == ["list.txt#1", "list.txt#2", "list.txt#3"]
    assert seeds.documents["source_id"].to_list() == [f"<{n}@example.org>" for n in (1, 2, 3)]
    assert "From here on" in seeds.documents["text"][1]


def test_broken_mime_is_still_read(tmp_path):
    headers = b"From: =?utf-8?q?broken?\nTo: b@c\nDate: today\nSubject: =?x-none?b?!!?=\n"
    data = headers + b"Content-Type: text/plain; charset=nope\n\nW\xf6rter\n"
    (row,) = rows(read(tmp_path, "a.eml", data))
    assert "rter" in row["text"]


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_each_file_of_a_zip_is_read_as_what_it_is(tmp_path):
    seeds = read(tmp_path, "export", zipped({"a.txt": b"Plain words.", "b/c.bin": HTML.encode(), "d": JSONL}))
    assert seeds.documents["path"].to_list() == [
        "export#a.txt",
        "export#b/c.bin",
        *(f"export#d/{n}" for n in (1, 2, 6)),
    ]


def test_a_slack_export_is_a_chat_of_each_day(tmp_path):
    ada = {"real_name": "Ada"}
    day = [
        {"type": "message", "user": "U1", "user_profile": ada, "text": "Looms &amp; <https://a.example|engines>", "ts": "1765783925.000100"},  # noqa: E501
        {"type": "message", "subtype": "channel_join", "user": "U2", "text": "", "ts": "1765783926.000100"},
        {"type": "message", "user": "U9", "text": "Oh.", "ts": "1765783950.000100"},
        {"type": "message", "username": "Bob", "text": "Indeed.", "ts": "1765783990.000100"},
    ]  # fmt: skip
    files = {
        "general/2025-12-15.json": json.dumps(day).encode(),
        "users.json": b'[{"id": "U9", "real_name": "Carol"}]',
        "channels.json": b"[]",
    }
    seeds = read(tmp_path, "slack.zip", zipped(files))
    (row,) = rows(seeds)
    assert row["path"] == "slack.zip#general/2025-12-15.json"
    assert row["text"] == (
        "[2025-12-15, 07:32:05] Ada: Looms & engines\n[2025-12-15, 07:32:30] Carol: Oh.\n[2025-12-15, 07:33:10] Bob: Indeed.\n"  # noqa: E501
    )
    assert (row["title"], row["extracted_by"]) == ("general", "slack export")


def test_a_warc_gives_its_pages_and_a_wet_its_texts(tmp_path):
    data = io.BytesIO()
    writer = WARCWriter(data, gzip=True)
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
    headers = {"WARC-Date": "2025-12-15T12:00:00Z"}
    page = writer.create_warc_record(
        "https://a.example/1",
        "response",
        payload=io.BytesIO(HTML.encode()),
        http_headers=http,
        warc_headers_dict=headers,
    )
    image = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.0")
    png = io.BytesIO(b"\x89PNG")
    other = writer.create_warc_record("https://a.example/x.png", "response", payload=png, http_headers=image)
    words = io.BytesIO(b"Plain words of a page.")
    wet = writer.create_warc_record("https://a.example/2", "conversion", payload=words)
    for record in (page, other, wet):
        writer.write_record(record)
    first, second = rows(read(tmp_path, "crawl", data.getvalue()))
    assert (first["path"], first["source_url"], first["captured_latest"]) == (
        "crawl#1",
        "https://a.example/1",
        NOON,
    )
    assert "loom weaves flowers" in first["text"]
    assert (second["path"], second["text"]) == ("crawl#3", "Plain words of a page.")


# Front matter


FRONT = b"""---
title: 'On: looms'
author: Ada
date: 2025-12-15 07:32
url: https://ada.example/looms
tags: [a, b]
---

Looms weave.
"""


@pytest.mark.parametrize(
    "written", [bytes, lambda b: b"\xef\xbb\xbf" + b.replace(b"\n", b"\r\n")], ids=["lf", "bom-crlf"]
)
def test_front_matter_is_told_and_kept_apart(tmp_path, written):
    (tmp_path / "a.md").write_bytes(written(FRONT))
    tables = local.build(tmp_path)
    (document,) = tables.documents.to_dicts()
    (record,) = tables.records.to_dicts()
    assert document["source_url"] == "https://ada.example/looms"
    assert (record["title"], record["author"], record["published"]) == (
        "On: looms",
        "Ada",
        "2025-12-15T07:32",
    )
    assert record["text"] == "Looms weave."
    assert tables.spans.filter(kind="front_matter").height == 1
    assert list(ledger.all_faults(tables.documents, tables.spans)) == []
    (start, end) = tables.spans.filter(role="body").select("byte_start", "byte_end").row(0)
    assert (tmp_path / "a.md").read_bytes()[start:end] == b"Looms weave."


@pytest.mark.parametrize(
    "text",
    [
        "---\nAda\n---\nBob\n",
        "---\na: [\n---\nx",
        "---\ntitle: x\n---\n",
        "--- \n\nWords",
        "+++\nno toml\n+++\nx",
    ],
)
def test_rules_that_are_no_front_matter_are_text(tmp_path, text):
    (row,) = rows(read(tmp_path, "a.md", text.encode()))
    assert row["preface_bytes"] == 0


def test_toml_front_matter_is_read(tmp_path):
    (row,) = rows(read(tmp_path, "a.md", b'+++\ntitle = "Looms"\ndate = 2025-12-15\n+++\nWords.\n'))
    assert (row["title"], row["published_raw"]) == ("Looms", "2025-12-15")


# Hostile files


def test_a_truncated_gzip_keeps_what_came_before(tmp_path):
    data = gzip.compress(
        b"\n".join(b'{"text": "Looms weave %d %s."}' % (n, str(n * 7919).encode() * 9) for n in range(2000))
    )
    seeds = read(tmp_path, "pages", data[: len(data) // 2])
    assert 10 < seeds.documents.height < 2000
    assert f"; pages kept: {seeds.documents.height:,}; do: fetch the file anew" in told(seeds)


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstd, lambda data: zipped({"a": data})], ids=["gzip", "zstd", "zip"]
)
def test_a_bomb_is_a_fault(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(sizes, "FREE_BYTES", 1 << 20)
    seeds = read(tmp_path, "bomb", pack(b"a" * (60 << 20)))
    assert seeds.documents.is_empty()
    assert "times its size" in told(seeds)


def test_archives_within_archives_end(tmp_path):
    data = b"Words."
    for _ in range(9):
        data = gzip.compress(data)
    assert "packed over" in told(read(tmp_path, "a", data))


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04junk", b"PAR1junk", b"\x1f\x8bjunk", b"\x28\xb5\x2f\xfdjunk", b"WARC/1.0\r\njunk"]
)
def test_a_damaged_file_is_a_fault_that_names_it(tmp_path, data):
    (tmp_path / "good.txt").write_bytes(b"Words.")
    seeds = read(tmp_path, "bad", data)
    assert seeds.documents["path"].to_list() == ["good.txt"]
    assert told(seeds).count("bad") >= 1


def damaged(data: bytes) -> bytes:
    """Overwrite some of what is packed in the first file of a zip."""
    return data[:60] + b"\xff" * 10 + data[70:]


SLACK_DAY = b'[{"type": "message", "ts": "1765801925.1", "user": "U1", "text": "Looms"}]'
# Of two pages or more all but one can be read, and that one is told.
PARTLY = {
    "a key that is half a pair of UTF-16": b'{"text": "One."}\n{"text": "", "\\ud800": 1}\n',
    "a file packed by LZMA": damaged(zipped({"a": b"Bad." * 99, "b": b"One."}, zipfile.ZIP_LZMA)),
    "a day of Slack that is no list": zipped(
        {"users.json": b"[]", "c/2025-12-14.json": b"42", "c/2025-12-15.json": SLACK_DAY}
    ),
    "a record of a WET": b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 4\r\n\r\nOne.\r\n\r\nno record\r\n",
}


@pytest.mark.parametrize("name", PARTLY)
def test_what_is_damaged_in_a_file_is_told_and_the_rest_is_read(tmp_path, name):
    seeds = read(tmp_path, "partly", PARTLY[name])
    assert seeds.documents.height == 1
    assert [fault.message.partition("#")[0].partition(":")[0] for fault in seeds.faults] == ["partly"]
    assert ingest.removed_rows(seeds.faults).height == 1


def test_a_moment_that_no_calendar_has_is_none(tmp_path):
    said = {"text": "One.", "captured_at": "0001-01-01T00:00:00+05:00"}
    assert rows(read(tmp_path, "lines", json.dumps(said).encode()))[0]["captured_earliest"] is None
    beyond = pa.table({"text": ["Two."], "date": pa.array([1 << 40], pa.timestamp("s"))})
    pq.write_table(beyond, tmp_path / "rows")
    assert [row["published_raw"] for row in rows(ingest.read_seeds(tmp_path / "rows"))] == [None]


@pytest.mark.parametrize("charset", ["undefined", '"a\0b"', "no-such"])
def test_a_letter_whose_charset_is_none_is_read_and_those_after_it(tmp_path, charset):
    letter = f"From: a@b\nTo: c@d\nSubject: %s\nContent-Type: text/plain; charset={charset}\n\nLooms %s\n\n"
    box = "".join("From a@b Mon Dec 15 12:00:00 2025\n" + letter % (n, n) for n in (1, 2))
    assert [row["text"].strip() for row in rows(read(tmp_path, "box", box.encode()))] == [
        "Looms 1",
        "Looms 2",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "From Paris with love\n\nWords.\n",
        "Subject: on looms\n\nWords.\n",
        '{"a": 1}\n',
        "{ braces }\n",
        "[1, 2]\n",
        "<p>Not a page</p>\n",
        "date: today\n",
    ],
)
def test_texts_that_look_like_something_else_are_texts(tmp_path, text):
    (row,) = rows(read(tmp_path, "a.txt", text.encode()))
    assert (row["path"], row["text"], row["extracted_by"]) == ("a.txt", text, None)


STATED = b"---\ntitle: Looms\nauthor: Ada\ndate: 2025-12-15\n---\n"


@pytest.mark.parametrize(
    ("name", "data", "kinds", "said", "text"),
    [
        (
            "page.bin",
            HTML.encode(),
            ("main_text", "article"),
            ("On looms", "Ada Lovelace", "2025-12-15"),
            "On looms\n\nThe engine weaves algebraic patterns just as the loom weaves flowers and leaves",
        ),
        (
            "looms.txt",
            STATED + b"They weave\r\nflowers.\r\n\r\nHome\r\n",
            ("main_text", "article"),
            None,
            "They weave\nflowers.\n\nHome",
        ),
        (
            "looms.md",
            STATED + "Sie\n\n> wében\u0301\n".encode(),
            ("main_text", "article"),
            None,
            "Sie\n\n> wében\u0301",
        ),
        (
            "one.txt",
            b"From: Ada <ada@ada.example>\r\nTo: bob@ada.example\r\nSubject: Looms\r\n"
            b"Date: Mon, 15 Dec 2025 12:00:00 +0100\r\n\r\nDear Bob,\r\n\r\nthey weave.\r\n-- \r\nAda\r\n",
            ("message", "message"),
            ("Looms", "Ada", "2025-12-15T12:00:00+01:00"),
            "Dear Bob,\n\nthey weave.",
        ),
    ],
)
def test_what_the_form_of_a_file_states_a_page_to_be_it_is(tmp_path, name, data, kinds, said, text):
    (tmp_path / name).write_bytes(data)
    record = local.build(tmp_path).records.row(0, named=True)
    assert (record["page_kind"], record["kind"]) == kinds
    assert (record["title"], record["author"], record["published"]) == (
        said or ("Looms", "Ada", "2025-12-15")
    )
    assert record["text"].startswith(text)
    assert "Home" not in record["text"] or name == "looms.txt"


def test_a_page_of_posts_with_front_matter_is_still_many(tmp_path):
    text = "They weave flowers and leaves, and nobody has told them which; that is in the cards."
    words = text.split()
    said = [" ".join(words[i:] + words[:i]) for i in range(12)]
    posts = "\n\n".join(f"Reader {i}\n{i + 3} May 2024\n\n{text}.\n\nReply" for i, text in enumerate(said))
    (tmp_path / "posts.md").write_bytes(STATED + posts.encode())
    _, pages = local.cut(ingest.read_seeds(tmp_path).documents)
    assert pages.records["page_kind"].to_list() == ["induced"] * 12


def test_the_digest_of_each_file_as_found_stands_in_the_release_once(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    files = {
        "a.html": HTML.encode(),
        "b.html": HTML.replace("<html", "<!-- saved --><html").encode(),
        "c.txt": b"Looms weave flowers.\n",
        "d.txt": b"Looms weave flowers.\n",
        "pages.jsonl": JSONL,
        "pages.jsonl.gz": gzip.compress(JSONL, mtime=0),
        "white.txt": b" \n",
    }
    for name, data in files.items():
        (seeds / name).write_bytes(data)
    read = ingest.read_seeds(seeds)
    messages = " ".join(fault.message for fault in read.faults)
    assert "b.html: the same text as a.html" in messages
    assert "d.txt: the same bytes as c.txt" in messages
    page = read.documents.filter(path="a.html").row(0, named=True)
    assert page["sha256"] == hashlib.sha256(page["text"].encode()).hexdigest() != page["file_sha256"]
    made = local.release(local.build(seeds), seeds, tmp_path / "dist", "notes")
    told = json.loads((made.folder / "provenance.intoto.json").read_text())
    materials = told["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert sorted(
        (it["name"], it["digest"]["sha256"]) for it in materials if it["name"].startswith("seeds/")
    ) == sorted((f"seeds/{name}", hashlib.sha256(data).hexdigest()) for name, data in files.items())
    sizes = release.read(made.folder).documents.select("file_path", "file_bytes").unique().iter_rows()
    assert dict(sizes) == {n: len(files[n]) for n in ("a.html", "c.txt", "pages.jsonl")}
