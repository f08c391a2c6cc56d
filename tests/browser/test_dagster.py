"""The real UI in a real browser: one press of a button makes the release, and nothing leaves the machine."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline import HOME, plots
from pipeline.release import folder

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
START_S, RUN_S, STOP_S, POLL_S = 120, 180, 30, 0.5
READY = """
{ workspaceOrError { ... on Workspace { locationEntries { loadStatus locationOrLoadError { __typename } } } } }
"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
# A page that would have pictures fetched, and scripts run, by whoever looks at its words.
HOSTILE = "![](http://a.test/a.png) <img src='http://b.test/b.png'> <script src='http://c.test/c.js'></script> | `x` |"


def need(*, there: bool, what: str) -> None:
    """Skip where a tool is missing, but not where everything is to be tested."""
    if not there and os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    if not there:
        pytest.skip(f"{what} is missing")


def ask(base, query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{base}/graphql", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["data"]


def wait_for(question, seconds):
    """Ask until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(POLL_S)
    raise TimeoutError(f"no answer in {seconds} s")


def is_loaded(base):
    """Say whether the workspace stands; fail if it does and its code does not load."""
    try:
        entries = ask(base, READY)["workspaceOrError"]["locationEntries"]
    except OSError:
        return False
    if not entries or any(entry["loadStatus"] != "LOADED" for entry in entries):
        return False
    assert [entry["locationOrLoadError"]["__typename"] for entry in entries] == ["RepositoryLocation"]
    return True


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    return tmp_path_factory.mktemp("ui") / "dist"


@pytest.fixture(scope="module")
def base(dist):
    """Start `dehusk ui` over three seeds, with a home, a port and a dist of its own."""
    need(there=CHROMIUM.exists(), what=str(CHROMIUM))
    seeds = dist.parent / "seeds"
    seeds.mkdir()
    for name in ("000_c47ce09dd33817fe.txt", "003_c24f08b6f0098007.txt"):
        shutil.copy(HOME / "seeds" / name, seeds)
    (seeds / "-hostile.txt").write_text(HOSTILE)  # sorted first, so that a preview shows it
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "pipeline.cli", "ui", "--port", port, "--seeds", seeds, "--out", dist]
    settings = {**os.environ, "DAGSTER_HOME": str(dist.parent / "home")}
    told = dist.parent / "ui.log"
    with told.open("w") as log:
        server = subprocess.Popen(
            command, cwd=HOME, env=settings, stdout=log, stderr=log, start_new_session=True
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(lambda: server.poll() is not None or is_loaded(url), START_S)
            assert server.poll() is None, told.read_text()
            yield url
            warned = "WARNING" in told.read_text()  # while it is stopped, its parts miss each other
        finally:
            stop(server)
    assert not warned, told.read_text()


def stop(server):
    """End the server with all that it started."""
    os.killpg(server.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


@pytest.fixture(scope="module")
def page(base):
    need(there=find_spec("playwright") is not None, what="playwright")
    sync_api = import_module("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("websocket", lambda socket: page.asked.append(socket.url))
        yield page
        browser.close()


def is_launch(response):
    """Say whether this answers the press of the button; a query of a like name comes before it."""
    body = response.request.post_data or ""
    return "mutation LaunchPipelineExecution" in body


@pytest.fixture(scope="module")
def made(page, base, dist):
    """Press `Materialize all`, wait for the run, and return the version that it made."""
    page.goto(f"{base}/asset-groups")
    with page.expect_response(is_launch) as launched:
        page.get_by_role("button", name="Materialize all").click()
    run = launched.value.json()["data"]["launchPipelineExecution"]["run"]["id"]

    def ended():
        status = ask(base, STATUS, id=run)["runOrError"]["status"]
        return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None

    assert wait_for(ended, RUN_S) == "SUCCESS"
    return dist / "seeds" / "v1.0.0"  # without facts, a dataset is called by its folder


def test_the_button_makes_a_release(made):
    tables = folder.read(made)
    assert tables.documents.height == 3
    assert tables.records.height > 10


def test_the_command_line_finds_nothing_to_add(made, dist):
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "release",
        "--seeds",
        dist.parent / "seeds",
        "--out",
        dist,
    ]
    told = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True).stdout
    assert "unchanged since v1.0.0" in told


def test_an_asset_page_tells_rows_columns_and_chart(made, page, base):
    rows = folder.read(made).records.height
    page.goto(f"{base}/assets/tables/records")
    page.get_by_text("Row count").wait_for()
    assert page.get_by_text(str(rows), exact=True).count()
    page.get_by_text("the date words exactly as printed; null where there are none").wait_for()
    row = page.get_by_role("row").filter(has_text="records over time")
    row.get_by_text("[Show Markdown]").click()
    chart = page.locator("img[src^='data:image/svg+xml']")
    chart.wait_for()
    assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)") == plots.BROAD.width


def test_hostile_words_are_words(made, page, base):
    assert made.exists()
    page.goto(f"{base}/assets/tables/records")
    page.get_by_role("row").filter(has_text="preview").get_by_text("[Show Markdown]").click()
    cell = page.get_by_role("cell").filter(has_text="a.test")
    cell.wait_for()
    assert cell.inner_text().startswith(
        "![](http://a.test/a.png) <img src='http://b.test/b.png'> <script src="
    )
    assert cell.locator("img, script").count() == 0


def test_the_checks_tell_what_they_saw(made, page, base):
    assert made.exists()
    page.goto(f"{base}/assets/tables/records?view=checks")
    page.get_by_text("Checks (8)").wait_for()
    page.get_by_text("promises_kept").first.click()
    page.get_by_text("This is a blocking asset check").wait_for()
    page.get_by_text("1 of 7 kept, 6 shown in part, 0 flagged as broken").wait_for()
    page.goto(f"{base}/assets/tables/documents?view=checks")
    page.get_by_text("pages_known").first.click()
    page.get_by_text("1 of 3 pages are of an unknown kind").wait_for()


def test_nothing_is_asked_of_another_machine(made, page):
    assert made.exists()
    hosts = {urlsplit(url).hostname for url in page.asked if urlsplit(url).scheme not in ("data", "blob")}
    assert len(page.asked) > 50
    assert hosts == {"127.0.0.1"}
