"""The pages of a release in a real browser: from disk and over HTTP, by day and by night, on a phone, under attack."""

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import polars as pl
import pytest

import schemas
from pipeline import release
from tests.tables import make_tables

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
STEP = 25  # rows on a page of the table
HURT = "window.hurt=1"
HOSTILE = (
    f"</script><script>{HURT}</script><img src='http://a.test/x.png' onerror='{HURT}'> {{{{ 7*7 }}}} "
    f"<a href='javascript:{HURT}'>x</a> \u202eevil\u2067 <style>*{{display:none}}</style>"
)
LONG = "x" * 300_000
# Words that compress badly, so that a file is larger than what one page of rows needs.
NOISE = [f"Text {n}: " + " ".join(str(hash((n, word)) % 10**9) for word in range(50)) for n in range(9000)]


class Plain(SimpleHTTPRequestHandler):
    """A server that knows no ranges, as `python -m http.server`."""

    def log_message(self, *_):
        pass


def need(*, there: bool, what: str) -> None:
    """Skip where a tool is missing, but not where everything is to be tested."""
    if not there and os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    if not there:
        pytest.skip(f"{what} is missing")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Publish what an attacker would have written."""
    dist = tmp_path_factory.mktemp("dist")
    told = release.Dataset(title=HOSTILE, description=HOSTILE)
    release.publish(make_tables(), dist, told)
    tables = make_tables(
        {"a/<b>.txt": [HOSTILE, LONG, *NOISE[:60]], "b/rtl.txt": ["\u05db\u05dc\u05d9\u200f and looms."]}
    )
    named = [pl.lit(HOSTILE).alias(name) for name in ("title", "author")]
    return release.publish(
        tables._replace(records=tables.records.with_columns(named)), dist, told
    ).folder.parent


@pytest.fixture(scope="module")
def folder(home):
    return home / "v1.1.0"


@pytest.fixture(scope="module")
def large(home):
    """Publish a file of many pages and row groups."""
    told = release.Dataset(name="large")
    return release.publish(make_tables({"a.txt": NOISE}), home.parent, told).folder


@pytest.fixture(scope="module")
def web(home):
    """Serve the releases as the command does."""
    command = [sys.executable, "-m", "pipeline.cli", "serve", str(home.parent), "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = "/".join(server.stdout.readline().split("/")[:3])
        yield f"{address}/{home.name}"
        server.terminate()


@pytest.fixture(scope="module")
def browser():
    need(there=find_spec("playwright") is not None, what="playwright")
    need(there=CHROMIUM.exists(), what=str(CHROMIUM))
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Open pages, and find at the end that none complained, was hurt, or asked another machine."""
    opened, complaints, answers = [], [], []

    def go(address, **settings):
        settings = {"viewport": {"width": 1280, "height": 900}} | settings
        page = browser.new_context(**settings).new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - a built-in takes no mark
        page.goto(address)
        opened.append((page, address))
        return page

    go.answers, go.complaints = answers, complaints
    yield go
    for page, _ in opened:
        assert page.evaluate("window.hurt") is None
        page.context.close()
    assert complaints == []
    origins = (
        "data:",
        "blob:",
        *(page.url.partition("/v1")[0].partition("/index")[0] for page, _ in opened),
    )
    assert [answer.url for answer in answers if not answer.url.startswith(origins)] == []


def rows_on(page):
    """Return the numbers of the rows that are shown, once they are."""
    page.locator("#place", has_text=re.compile("^(Rows|No rows)")).wait_for()
    page.locator("#sheet:not([aria-busy])").wait_for()
    return [int(text.replace(",", "")) for text in page.locator("#sheet-body th").all_inner_texts()]


def turn_to(page, name):
    page.locator("#tabs button", has_text=name).click()
    return rows_of(page, name)


def rows_of(page, name):
    page.locator("#sheet-caption", has_text=f"{name}:").wait_for(state="attached")
    return rows_on(page)


def is_wide(page):
    page.evaluate("document.querySelectorAll('details').forEach((element) => { element.open = true })")
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_every_row_of_every_table_is_shown_over_http(visit, web, folder):
    page = visit(f"{web}/v1.1.0/index.html")
    for name in schemas.TABLES:
        frame = pl.read_parquet(folder / name / "*.parquet")
        seen = turn_to(page, name)
        while page.locator("#next").is_enabled():
            page.locator("#next").click()
            page.locator("#place", has_text=f"Rows {seen[-1] + 1:,} to").wait_for()
            seen += rows_on(page)
        assert seen == list(range(1, len(frame) + 1))
        assert page.locator("#sheet thead th").count() == len(frame.columns) + 1


def test_a_row_is_shown_whole(visit, web, folder):
    page = visit(f"{web}/v1.1.0/index.html")
    records = pl.read_parquet(folder / "records" / "*.parquet")
    rows_on(page)
    page.locator("#sheet-body button").first.click()
    shown = dict(
        zip(
            page.locator("#detail-parts dt").all_inner_texts(),
            page.locator("#detail-parts dd").all_text_contents(),
            strict=True,
        )
    )
    assert shown["text"] == records["text"][0] == HOSTILE
    assert shown["author"] == HOSTILE
    assert shown["record_id"] == records["record_id"][0]
    assert shown["byte_start"] == str(records["byte_start"][0])
    start, end = records["body_spans"][0][0].values()
    assert shown["body_spans"] == f"{start}–{end}"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "1"
    page.locator("#sheet-body button").nth(1).click()
    page.get_by_role("button", name="Show all 300,000 characters").click()
    assert page.locator("#detail-parts dd", has_text=LONG).count() == 1


def test_rows_are_found_in_the_whole_table_and_can_be_shared(visit, web, folder):
    page = visit(f"{web}/v1.1.0/index.html")
    n_rows = len(pl.read_parquet(folder / "records" / "*.parquet"))
    rows_on(page)
    page.locator("#find").fill("text 47:")
    page.get_by_text(f"Rows 1 to 1 of 1 that hold it, out of {n_rows}.").wait_for()
    (row,) = rows_on(page)
    assert row > STEP
    assert page.url.endswith("#table=records&page=1&find=text+47%3A")
    shared = visit(page.url)
    shared.get_by_text(f"Rows 1 to 1 of 1 that hold it, out of {n_rows}.").wait_for()
    assert rows_on(shared) == [row]
    page.locator("#find").fill("no such words")
    page.get_by_text(f"No rows hold it, out of {n_rows}.").wait_for()


def test_of_a_large_table_it_is_said_that_only_the_rows_shown_are_searched(visit, web, large):
    text = (large / "index.html").read_text()
    told = text.replace(f'"records":{{"rows":{len(NOISE)},', '"records":{"rows":50001,')
    assert told != text
    (large / "larger.html").write_text(told)
    page = visit(f"{web}/../large/{large.name}/larger.html")
    rows_on(page)
    page.locator("#find").fill("text ")
    page.get_by_text(f"Only these {STEP} were searched, since the table is large: {STEP} hold it.").wait_for()


def test_a_segment_leads_to_its_own_place(visit, web, folder):
    page = visit(f"{web}/v1.1.0/index.html#table=segments&page=2")
    (first, *_) = rows_of(page, "segments")
    segment = pl.read_parquet(folder / "segments" / "*.parquet").row(first - 1, named=True)
    page.locator("#sheet-body button").first.click()
    page.locator("#detail-link").click()
    page.wait_for_url(f"**/review/{segment['document_id']}*")
    page.locator(f"#{segment['segment_id']}.on").wait_for()


def test_only_the_ranges_that_are_needed_are_fetched(visit, web, large):
    rows_on(visit(f"{web}/../large/{large.name}/index.html"))
    parts = [answer for answer in visit.answers if answer.url.endswith(".parquet")]
    assert parts
    assert {answer.status for answer in parts} == {206}
    ranges = [re.fullmatch(r"bytes=(\d+)-(\d+)", answer.request.headers["range"]) for answer in parts]
    fetched = sum(int(found[2]) - int(found[1]) + 1 for found in ranges)
    assert fetched < (large / "records" / "part-00000.parquet").stat().st_size / 2


def test_a_server_without_ranges_does_as_well(visit, home, folder):
    handler = partial(Plain, directory=str(home))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = visit(f"http://127.0.0.1:{server.server_port}/v1.1.0/index.html")
        assert rows_on(page) == list(range(1, STEP + 1))
        server.shutdown()


def test_what_cannot_be_read_is_told_and_may_be_chosen(visit, home, tmp_path):
    """A version whose files were lost on the way."""
    left = tmp_path / home.name / "v1.1.0"
    shutil.copytree(home / "v1.1.0", left, ignore=shutil.ignore_patterns("*.parquet"))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Plain, directory=str(left.parent))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = visit(f"http://127.0.0.1:{server.server_port}/v1.1.0/index.html")
        page.get_by_text("records could not be read").wait_for()
        page.locator("#choose").set_input_files(home / "v1.1.0" / "records" / "part-00000.parquet")
        assert rows_on(page) == list(range(1, STEP + 1))
        server.shutdown()
    visit.complaints[:] = [told for told in visit.complaints if "404" not in told]


def test_a_record_leads_to_its_place(visit, folder):
    page = visit((folder / "index.html").as_uri())
    link = page.locator(".card footer a").first
    record = link.get_attribute("href").partition("#")[2]
    link.click()
    page.wait_for_url(f"**/review/d_*#{record}")
    assert page.locator(f"[id='{record}']").count() == 1


def test_from_disk_the_files_that_are_chosen_are_shown(visit, folder):
    page = visit((folder / "index.html").as_uri())
    assert page.get_by_text("This page was opened from disk").is_visible()
    assert page.locator(".card").count() >= 2
    for name in schemas.TABLES:
        page.locator("#choose").set_input_files(folder / name / "part-00000.parquet")
        assert rows_of(page, name)[0] == 1
    page.locator("#choose").set_input_files(
        [folder / "manifest.json", folder.parent / "v1.0.0/records/part-00000.parquet"]
    )
    page.get_by_text("Not of this version: manifest.json, part-00000.parquet").wait_for()


def test_no_page_is_wider_than_a_phone(visit, web):
    phone = {"viewport": {"width": 360, "height": 740}}
    page = visit(f"{web}/v1.1.0/index.html", **phone)
    rows_on(page)
    assert not is_wide(page)
    page.locator("#sheet-body button").first.click()
    assert not is_wide(page)
    assert not is_wide(visit(f"{web}/index.html", **phone))


def test_pages_are_dark_by_night(visit, web):
    for scheme, is_dark in (("light", False), ("dark", True)):
        for path in ("/v1.1.0/index.html", "/index.html"):
            page = visit(web + path, color_scheme=scheme)
            ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert (sum(map(int, ground.removeprefix("rgb(").rstrip(")").split(","))) < 384) == is_dark


def test_the_page_is_used_without_a_mouse(visit, web):
    page = visit(f"{web}/v1.1.0/index.html")
    rows_on(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    page.get_by_text(f"Rows {STEP + 1} to {2 * STEP} of").wait_for()
    rows_on(page)
    page.locator("#sheet-body button").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()


def test_the_fonts_are_those_in_the_page(visit, folder):
    page = visit((folder / "index.html").as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate("[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)")
    assert {name.strip('"') for name in loaded} == {"Inter", "Newsreader"}
