"""The local server: byte ranges, types, entity tags, and nothing from outside its folder."""

import http.client
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from starlette.testclient import TestClient

from pipeline.carry import serve

# Loaded when first asked for, in a thread of the server; and Python 3.11 fails where two threads compile at once.
OPEN = anyio.open_file
HERE = Path(__file__).parents[1]
BYTES = bytes(range(256)) * 40


@pytest.fixture
def dist(tmp_path):
    version = tmp_path / "dist" / "looms" / "v1.10.0"
    (version / "records").mkdir(parents=True)
    (version / "records" / "part-00000.parquet").write_bytes(BYTES)
    (version / "records-00000.jsonl.gz").write_bytes(b"\x1f\x8b")
    (version / "index.html").write_text("<h1>Looms</h1>")
    (version / "README.md").write_text("# Looms")
    (version.parent / "index.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "dist"


@pytest.fixture
def client(dist):
    return TestClient(serve.app(dist), follow_redirects=False)


PARQUET = "/looms/v1.10.0/records/part-00000.parquet"


@pytest.mark.parametrize(
    ("asked", "start", "stop"), [("0-3", 0, 4), ("100-", 100, 10240), ("-8", 10232, 10240)]
)
def test_a_range_is_answered_with_that_part(client, asked, start, stop):
    told = client.get(PARQUET, headers={"Range": f"bytes={asked}"})
    assert (told.status_code, told.content) == (206, BYTES[start:stop])
    assert told.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(BYTES)}"


def test_a_range_outside_is_refused(client):
    assert client.get(PARQUET, headers={"Range": "bytes=99999-"}).status_code == 416


def test_head_says_the_size_and_sends_nothing(client):
    told = client.head(PARQUET)
    assert (told.status_code, told.content) == (200, b"")
    assert (told.headers["content-length"], told.headers["accept-ranges"]) == (str(len(BYTES)), "bytes")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (PARQUET, "application/vnd.apache.parquet"),
        ("/looms/v1.10.0/records-00000.jsonl.gz", "application/gzip"),
        ("/looms/v1.10.0/", "text/html; charset=utf-8"),
        ("/looms/v1.10.0/README.md", "text/markdown; charset=utf-8"),
        ("/looms/index.json", "application/json"),
    ],
)
def test_types_are_told_and_not_guessed(client, path, kind):
    told = client.get(path)
    assert (told.status_code, told.headers["content-type"]) == (200, kind)
    assert told.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in told.headers
    assert "access-control-allow-origin" not in told.headers


def test_what_has_not_changed_is_not_sent_again(client, dist):
    tag = client.get(PARQUET).headers["etag"]
    again = client.get(PARQUET, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    (dist / PARQUET[1:]).write_bytes(b"other")
    assert client.get(PARQUET, headers={"If-None-Match": tag}).content == b"other"


def test_nothing_outside_the_folder_is_served(dist):
    tries = (
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/looms/..%2f..%2f..%2fsecret.txt",
        "//etc/passwd",
        "/%00",
    )
    with Serving(dist) as port:
        for path in tries:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", path)
            answer = connection.getresponse()
            assert (answer.status, b"secret" in answer.read()) == (404, False), path


def test_a_link_that_leads_outside_is_not_followed(client, dist):
    (dist / "link.txt").symlink_to(dist.parent / "secret.txt")
    assert client.get("/link.txt").status_code == 404


@pytest.mark.parametrize(
    ("address", "asked", "status"),
    [
        ("127.0.0.1", "http://evil.example", 400),
        ("127.0.0.1", "http://localhost:81", 200),
        ("127.0.0.2", "http://evil.example", 400),
        ("127.0.0.2", "http://127.0.0.2:81", 200),
        ("::1", "http://evil.example", 400),
        ("::1", "http://[::1]:81", 200),
        ("0.0.0.0", "http://ada.example", 200),
    ],
)
def test_what_only_this_machine_reaches_answers_to_no_other_name(dist, address, asked, status):
    client = TestClient(serve.app(dist, serve.answered(address)), base_url=asked)
    assert client.get(PARQUET).status_code == status


def test_the_newest_release_page_opens_first(client, dist):
    assert client.get("/").headers["location"] == "/looms/v1.10.0/"
    (dist / "looms" / "v1.9.0").mkdir()
    (dist / "looms" / "v1.9.0" / "index.html").write_text("old")
    assert serve.page(dist / "looms") == "v1.10.0/"
    (dist / "looms" / "index.html").write_text("catalogue")
    assert (serve.page(dist / "looms"), serve.page(dist)) == ("", "looms/")
    assert serve.page(dist / "looms" / "v1.10.0" / "records") is None


class Serving:
    """The command itself, on a free port."""

    def __init__(self, folder, *words):
        self.command = [sys.executable, "-m", "pipeline.cli", "serve", str(folder), "--port", "0", *words]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, cwd=HERE, text=True, stdout=subprocess.PIPE)
        self.said = self.process.stdout.readline()
        return int(self.said.split(":")[2].split("/")[0])

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=20)


def test_the_command_prints_its_address_and_a_port_in_use_is_told(dist):
    with Serving(dist) as port:
        again = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "serve", str(dist), "--port", str(port)],
            cwd=HERE, text=True, capture_output=True, check=False,
        )  # fmt: skip
    assert again.returncode == 2
    assert again.stderr == f"dehusk: 127.0.0.1:{port}: address already in use; do: another --port or --host\n"
    no_port = subprocess.run(
        [*Serving(dist, "--port", "65536").command], cwd=HERE, capture_output=True, check=False
    )
    assert (no_port.returncode, b"65536" in no_port.stderr) == (2, True)
