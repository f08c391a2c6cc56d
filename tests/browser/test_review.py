"""Review pages in a real browser, opened from disk: places are found, nothing of the text runs, and long pages open."""

import hashlib
import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from pipeline.release import review
from tests.tables import make_tables

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
HOSTILE = (
    "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\"> "
    "\u202egnp.exe\u202c \x00"
)
# A browser that shares two cores with others; without company it takes a second.
OPEN_S = 20
BIG_BYTES = 20_000_000


def need(*, there: bool, what: str) -> None:
    """Skip where a tool is missing, but not where everything is to be tested."""
    if not there and os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    if not there:
        pytest.skip(f"{what} is missing")


@pytest.fixture(scope="module")
def browser():
    need(there=CHROMIUM.exists(), what=str(CHROMIUM))
    need(there=find_spec("playwright") is not None, what="playwright")
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """Open a page that keeps what it complains of, and what it asks of others."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.set_default_timeout(OPEN_S * 1000)
    yield page
    assert page.said == []
    assert {url.split(":")[0] for url in page.asked} <= {"file", "data"}
    page.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Write the pages of two documents: one of sixty posts, one that is hostile."""
    texts = [f"Post {n}. " + "Looms weave flowers. " * 40 for n in range(60)]
    tables = make_tables({"a/posts.txt": texts, "b/hostile.txt": [HOSTILE, "Calm."]})
    spoken = pl.when(pl.col("text") == HOSTILE).then(pl.lit(HOSTILE))
    tables = tables._replace(
        records=tables.records.with_columns(title=spoken), removed=tables.removed.clear()
    )
    return tables, review.write(tables, tmp_path_factory.mktemp("review"), "Looms").parent


def address(made, n, hash_=""):
    return f"{(made[1] / made[0].documents['document_id'][n]).as_uri()}.html{hash_}"


def top_of(page, selector):
    return page.locator(selector).evaluate("element => element.getBoundingClientRect().top")


@pytest.mark.parametrize("door", ["document", "index.html", "find.html"])
def test_a_link_to_a_record_leads_to_its_place(made, page, door):
    record_id = made[0].records["record_id"][45]
    url = address(made, 0) if door == "document" else (made[1] / door).as_uri()
    page.goto(f"{url}#{record_id}")
    page.wait_for_url(f"**/{made[0].documents['document_id'][0]}.html#{record_id}")
    page.locator(f"#{record_id}.on").wait_for()
    assert -5 < top_of(page, f"#{record_id}") < 300
    assert page.locator("#spot .at-record").inner_text().endswith("46 post · Ada")


def test_a_link_to_a_byte_leads_to_its_span(made, page):
    segment = made[0].segments.row(30, named=True)
    page.goto(address(made, 0, f"#b{segment['byte_start'] + 3}"))
    page.locator(f"#{segment['segment_id']} .on").wait_for()
    told = page.locator("#spot").inner_text()
    assert "body" in told
    assert "paragraph 1" in told
    assert f"{segment['byte_start']:,}–{segment['byte_end']:,}" in told


def test_an_id_that_is_nowhere_is_said_to_be(made, page):
    page.goto((made[1] / "index.html").as_uri())
    page.get_by_label("Go to a record by its id").fill("r_" + "0" * 24)
    page.get_by_role("button", name="Go").click()
    page.get_by_text(f"No record r_{'0' * 24} stands in this version.").wait_for()


def test_a_record_is_found_by_the_beginning_of_its_id_and_a_segment_is_answered(made, page):
    record_id, segment_id = made[0].records["record_id"][3], made[0].segments["segment_id"][3]
    page.goto((made[1] / "index.html").as_uri())
    page.get_by_label("Go to a record by its id").fill(record_id[2:14])
    page.get_by_role("button", name="Go").click()
    page.locator(f"#{record_id}.on").wait_for()
    page.goto((made[1] / "find.html").as_uri() + f"#{segment_id}")
    page.get_by_text(f"{segment_id} names a segment").wait_for()
    assert page.get_by_role("link", name="The index lists every document").is_visible()


def test_a_record_that_is_gone_to_is_named_with_all_its_bytes(made, page):
    record = made[0].records.row(45, named=True)
    page.goto(address(made, 0, f"#{record['record_id']}"))
    page.locator(f"#{record['record_id']}.on").wait_for()
    assert page.locator("#spot .at-role").count() == 0
    assert f"–{record['byte_end']:,}" in page.locator("#spot .at-bytes").inner_text()


def test_keys_step_from_record_to_record(made, page):
    page.goto(address(made, 0))
    for key, at in (("j", None), ("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        if at is not None:
            assert page.locator("section.on").get_attribute("id") == made[0].records["record_id"][at]


def test_pointing_tells_what_claimed_a_place(made, page):
    page.goto(address(made, 0))
    page.get_by_text("Menu", exact=True).hover()
    told = page.locator("#spot").inner_text()
    assert "chrome: nav" in told
    assert "looms/menu" in told
    assert "0–4" in told


def test_only_what_is_asked_for_is_shown(made, page):
    page.goto(address(made, 0))
    page.get_by_role("button", name="nav").click()
    assert page.locator(".hit").all_inner_texts() == ["Menu"]
    page.get_by_label("Hide the rest").check()
    assert page.locator("#text section:visible").count() == 1
    page.get_by_role("button", name="nav").click()
    page.get_by_label("Rule").select_option(label="looms/author (60)")
    assert page.locator(".hit").count() == 60
    assert page.locator("#text .g:visible").count() == 60


def test_words_are_searched_and_records_sifted(made, page):
    page.goto(address(made, 0))
    search = page.get_by_label("Search the text")
    search.fill("post 37")
    page.get_by_text("1 found").wait_for()
    search.press("Enter")
    page.locator(f"#{made[0].segments['segment_id'][37]} .on").wait_for()
    assert 0 < top_of(page, "#text .on") < 860
    page.get_by_label("Title, author or date").fill("nobody")
    assert page.locator("#list li:visible").count() == 0


def test_hostile_words_are_words(made, page):
    page.goto(address(made, 1))
    page.locator("#list li").first.wait_for()
    assert page.title() != "ran"
    assert "<script>document.title" in page.locator("#text .g").nth(2).inner_text()
    assert page.locator("#text script, #text img").count() == 0
    names = page.locator("#text .g i.k").evaluate_all("signs => signs.map(sign => sign.dataset.k)")
    assert names == ["RLO", "PDF", "NUL"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_any_screen(made, page, width, scheme):
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)
    for url in (
        address(made, 0),
        address(made, 1),
        (made[1] / "index.html").as_uri(),
        (made[1] / "find.html").as_uri(),
    ):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 360:
        page.goto(address(made, 0))
        page.get_by_role("button", name="Records and filters").click()
        page.locator("#list a").nth(20).click()
        page.locator("section.on").wait_for()
        assert not page.locator("#side").is_visible()


CONTRASTS = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const isSaid = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const shown = [...document.querySelectorAll("body *")].filter(
    (element) => isSaid(element) && element.checkVisibility({contentVisibilityAuto: true}));
  return shown.map((element) => {
    const lights = [light(channels(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    return [ratio, `${element.tagName}.${element.className}`, element.textContent.slice(0, 30)];
  }).filter(([ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read(made, page, scheme):
    page.emulate_media(color_scheme=scheme)
    for url in (address(made, 0), address(made, 1), (made[1] / "index.html").as_uri()):
        page.goto(url)
        assert page.evaluate(CONTRASTS) == []
    page.goto(address(made, 0))
    page.get_by_role("button", name="nav").click()
    assert page.evaluate(CONTRASTS) == []


def test_twenty_megabytes_open_and_a_link_finds_the_page(page, tmp_path):
    tables = make_big(20_000)
    where = review.write(tables, tmp_path / "review", "Big").parent
    document_id = tables.documents["document_id"][0]
    page.goto(f"{(where / document_id).as_uri()}.html")
    page.locator("#list li").first.wait_for()
    for n in (19_990, 3):
        record_id = tables.records["record_id"][n]
        page.goto(f"{(where / document_id).as_uri()}.html#{record_id}")
        page.locator(f"#{record_id}.on").wait_for()
        assert -5 < top_of(page, f"#{record_id}") < 300
    start = tables.records["byte_start"][12_345]
    page.goto(f"{(where / document_id).as_uri()}.html#b{start}")
    page.locator(f"#{tables.records['record_id'][12_345]} .on").wait_for()


def make_big(n):
    """Return tables of one document of twenty megabytes: n records, each a line by Ada."""
    small = make_tables({"big.txt": ["x"]})
    size = BIG_BYTES // n
    starts = pl.int_range(n, eager=True) * size
    text = "".join(f"Ada\n{number:07}".ljust(size - 2, "w") + "\n\n" for number in range(n))
    ids = pl.Series([f"r_{hashlib.sha256(str(number).encode()).hexdigest()[:24]}" for number in range(n)])
    repeated = pl.concat([small.records] * n)
    records = repeated.with_columns(
        record_id=ids, position=pl.int_range(n, dtype=pl.Int32), byte_start=starts, byte_end=starts + size - 2
    )
    spans = pl.concat([small.spans.filter(pl.col("role") == role).head(1) for role in ("header", "body")] * n)
    ends = {"header": (0, 3), "body": (4, size - 2)}
    places = [(start + first, start + last) for start in starts for first, last in ends.values()]
    spans = spans.with_columns(
        pl.Series("byte_start", [place[0] for place in places]), pl.Series("byte_end", [place[1] for place in places]),
        record_id=ids.gather(pl.int_range(2 * n, eager=True) // 2), segment_id=pl.lit(None, pl.String),
    )  # fmt: skip
    documents = small.documents.with_columns(text=pl.lit(text), n_bytes=pl.lit(len(text)))
    return small._replace(
        records=records,
        segments=small.segments.clear(),
        spans=spans,
        removed=small.removed.clear(),
        documents=documents,
    )
