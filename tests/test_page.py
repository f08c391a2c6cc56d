"""The pages of a release: whole, safe, legible, and made from the published folder alone."""

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise, product

import polars as pl
import pytest

from pipeline import plots, release
from pipeline.release import drawings, manifest, model, root
from pipeline.release import folder as room
from pipeline.release.page import catalogue, news, samples, shell, strips, words
from tests.tables import make_tables

HOSTILE = (
    "</script><script>window.hurt=1</script><img src=x onerror='window.hurt=1'>"
    "{{ 7*7 }} {% raw %} | `x` <!-- \u202eevil\u2067 \u0000\u001b[31m"
)


VENDORED = "3cb1b3347695ffa21ac0f14ff988e4784abc6855eb5a9d7d990c84d007f7628b"


class Elements(HTMLParser):
    """The elements of a page, each with its attributes and the text directly in it."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.all, self.open = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.all.append([tag, dict(attrs), ""])
        self.open.append(self.all[-1])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open:
            self.open[-1][2] += data

    def named(self, tag, **attributes):
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.all if e[0] == tag and wanted.items() <= e[1].items()]


def policy_of(page):
    (meta,) = Elements(page).named("meta", http_equiv="Content-Security-Policy")
    return dict(rule.split(" ", 1) for rule in meta[1]["content"].split("; "))


def hash_of(source):
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def luminance(colour):
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


DAY, NIGHT = (
    dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    for block in re.findall(r":root \{(.*?)\}", (shell.ROOM / "tokens.css").read_text(), re.DOTALL)[:2]
)


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_words_stand_out_from_every_ground(colours):
    grounds = ["paper", "card", "well", "note"]
    pairs = [
        *product(["ink", "soft", "link", "good", "bad"], grounds),
        *product(["ink"], ["body", "header", "chrome", "removed"]),
    ]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    # Borders of controls, focus and marks: https://www.w3.org/TR/WCAG22/#non-text-contrast
    shapes = product(["edge", "focus", "mark"], ["paper", "card", "well"])
    assert [pair for pair in shapes if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_a_role_has_one_colour_in_charts_strips_and_review():
    for colours, drawn in ((DAY, plots.ROLES_DAY), (NIGHT, plots.ROLES_NIGHT)):
        assert tuple(colours[f"{role}-hue"] for role in drawings.ROLES) == drawn


def test_a_page_runs_what_it_names_by_hash_and_loads_nothing():
    page = shell.frame("T", "<main>x</main>", style="b{}", script="let x = '<b>'", linked={"name": HOSTILE})
    elements, policy = Elements(page), policy_of(page)
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == hash_of(elements.named("style")[0][2])
    linked, script = elements.named("script")
    assert policy["script-src"] == hash_of(script[2])
    assert linked[1] == {"type": "application/ld+json"}
    assert "<" not in linked[2]


def test_a_page_without_a_script_may_run_none():
    assert policy_of(shell.frame("T", "", style=""))["script-src"] == "'none'"


def test_the_title_is_text():
    page = shell.frame(HOSTILE, "", style="")
    assert [element[0] for element in Elements(page).all if element[0] in ("script", "img")] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a" * 10_000_000, "a" * 20 + "…"), ("<\x00b\x1b", "&lt;\ufffdb\ufffd"), ("a\tb\n", "a\tb\n")],
)
def test_a_text_is_cut_escaped_and_freed_of_what_html_forbids(text, shown):
    assert shell.environment().from_string("{{ text | visible(20) }}").render(text=text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202eevil", "\u202eevil\u202c"),
        ("\u202eevil\u2067 rest", "\u202eevil\u2067 rest\u2069\u202c"),
        ("\u2069\u202cplain", "plain"),
        ("\u2067a\u202eb\u2069c\u202c", "\u2067a\u202eb\u2069c"),
        ("\u2068a\u2069\u202bb\u202c", "\u2068a\u2069\u202bb\u202c"),
        ("\u2067" + "a" * 30, "\u2067" + "a" * 19 + "…\u2069"),
    ],
)
def test_a_text_turns_nothing_but_itself(text, shown):
    assert words.visible(text, 20) == shown


# The page of a version -----------------------------------------------------------------------------


def hostile_tables(said=HOSTILE):
    """Tables in which every text and every name is what an attacker would write."""
    tables = make_tables({f"{said.translate({0: None, 47: None})[:80]}/x.txt": [said, "A plain text."]})
    named = [pl.lit(said).alias(name) for name in ("title", "author", "handle", "published_raw")]
    return tables._replace(records=tables.records.with_columns(named[:2]))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Publish two versions."""
    dist = tmp_path_factory.mktemp("dist")
    release.publish(make_tables(), dist, released="2026-01-02")
    more = {"b/looms.txt": ["Looms weave flowers."], "c/mills.txt": ["Mills grind.", "Mills rest."]}
    return release.publish(make_tables(more), dist, released="2026-02-03").folder.parent


@pytest.fixture(scope="module")
def page(home):
    return (home / "v1.1.0" / "index.html").read_text()


def test_the_page_is_made_again_from_the_folder_alone(home, tmp_path):
    alone = shutil.copytree(home / "v1.1.0", tmp_path / "anywhere")
    assert room.rebuilt(alone)["index.html"] == (alone / "index.html").read_text()
    listed = {entry["path"] for entry in manifest.read(alone)["files"]}
    assert "index.html" in listed
    assert "  index.html\n" in manifest.sums(alone)


def test_the_catalogue_is_made_again_from_the_folder_alone(home):
    assert root.rebuilt(home, root.read(home))["index.html"] == (home / "index.html").read_text()


def test_a_page_allows_what_it_holds_and_nothing_else(home, page):
    for text in (page, (home / "index.html").read_text()):
        elements, policy = Elements(text), policy_of(text)
        run = [e for e in elements.named("script") if e[1].get("type") is None]
        assert policy["script-src"].split() == ([hash_of(run[0][2])] if run else ["'none'"])
        assert policy["style-src"] == hash_of(elements.named("style")[0][2])
        assert "unsafe" not in str(policy)
        inline = [name for e in elements.all for name in e[1] if name.startswith("on") or name == "style"]
        assert inline == []


def test_a_page_names_nothing_outside_its_folder(home, page):
    for text in (page, (home / "index.html").read_text()):
        named = [
            e[1][name]
            for e in Elements(text).all
            for name in ("src", "href", "data", "action")
            if name in e[1]
        ]
        assert named
        assert [address for address in named if re.match(r"(?i)[a-z][a-z0-9+.-]*:|//|/", address)] == []


def test_links_lead_to_files_and_places_that_are_there(home, page):
    for folder, text in ((home / "v1.1.0", page), (home, (home / "index.html").read_text())):
        elements = Elements(text)
        ids = {e[1]["id"] for e in elements.all if "id" in e[1]}
        for link in elements.named("a"):
            path, _, place = link[1]["href"].partition("#")
            assert (folder / path).exists() if path else place in ids, link


def test_a_page_reads_well_aloud(home, page):
    for text in (page, (home / "index.html").read_text()):
        elements = Elements(text)
        assert [e[1]["lang"] for e in elements.named("html")] == ["en"]
        assert all(len(elements.named(tag)) >= 1 for tag in ("header", "main", "footer"))
        assert len(elements.named("main")) == len(elements.named("h1")) == 1
        levels = [int(e[0][1]) for e in elements.all if re.fullmatch("h[1-6]", e[0])]
        assert all(below <= above + 1 for above, below in pairwise(levels))
        assert len(elements.named("table")) == len(elements.named("caption"))
        assert all(e[1].get("scope") in ("col", "row") for e in elements.named("th"))
        ids = [e[1]["id"] for e in elements.all if "id" in e[1]]
        assert len(ids) == len(set(ids))
        referred = {e[1]["aria-labelledby"] for e in elements.all if "aria-labelledby" in e[1]}
        assert referred <= set(ids)


def test_the_page_is_about_what_croissant_says(home, page):
    (linked,) = Elements(page).named("script", type="application/ld+json")
    assert json.loads(linked[2]) == json.loads((home / "v1.1.0" / "croissant.json").read_text())


def test_the_page_tells_every_column_file_and_change(home, page):
    text, told = page, model.read(home / "v1.1.0")
    for table in told.tables:
        assert all(f"<code>{column.name}</code>" in text for column in table.columns)
        assert all(file.path in text and file.sha256 in text for file in (*table.files, *table.lines))
    assert all(reason in text for reason in told.changes["reasons"])
    assert told.data_digest in text


def test_every_reader_on_the_card_is_on_the_page(home, page):
    codes = re.findall(r"<pre tabindex=\"0\"><code>(.*?)</code></pre>", page, re.DOTALL)
    assert len(codes) >= 6
    card = (home / "v1.1.0" / "README.md").read_text()
    assert all(code.replace("&#34;", '"').replace("&#39;", "'") in card for code in codes)


def test_the_catalogue_tells_every_version(home):
    text = (home / "index.html").read_text()
    for name in ("v1.0.0", "v1.1.0"):
        assert f'href="{name}/index.html"' in text
        assert all(e["sha256"] in text for e in manifest.read(home / name)["files"] if "/part-" in e["path"])
    assert "2026-01-02" in text
    assert "2026-02-03" in text


def test_the_catalogue_tells_what_is_gone(home):
    index = root.read(home)
    index["versions"][1] |= {"status": "withdrawn", "reason": HOSTILE}
    text = catalogue.render(home, index)
    assert 'href="v1.0.0/index.html"' not in text
    assert "Withdrawn." in text
    assert "<img" not in text


def test_a_version_without_a_page_is_named_by_its_card_or_not_at_all(home, tmp_path):
    """The oldest versions hold no index.html."""
    old = shutil.copytree(home, tmp_path / "old")
    path = old / "v1.0.0" / manifest.NAME
    listed = json.loads(path.read_text())
    for gone, link in (("index.html", "v1.0.0/README.md"), ("README.md", None)):
        listed["files"] = [file for file in listed["files"] if file["path"] != gone]
        path.write_text(json.dumps(listed))
        links = [e[1]["href"] for e in Elements(catalogue.render(old, root.read(old))).named("a")]
        assert "v1.0.0/index.html" not in links
        assert ("v1.0.0/README.md" in links) == (link is not None)


def test_each_page_says_what_may_be_done_and_leads_to_the_others(home, page):
    doors = {"README.md", "review/index.html", "#charts", "../index.html"}
    assert doors <= {e[1]["href"] for e in Elements(page).named("a")}
    catalogue_page = (home / "index.html").read_text()
    doors = {"README.md", "v1.1.0/review/index.html", "v1.1.0/index.html#charts", "CHANGELOG.md"}
    assert doors <= {e[1]["href"] for e in Elements(catalogue_page).named("a")}
    for text in (page, catalogue_page):
        assert "The licence of these texts is unknown." in text


@pytest.mark.parametrize(
    ("changed", "columns", "said"),
    [
        (0, {}, "Of the records, 1 added; 7 are as before."),
        (
            3,
            {"text": 2, "n_words": 3},
            "Of the records, 1 added; of those in both versions, 2 have other words.",
        ),
        (
            3,
            {"text_sha256": 3, "author": 1},
            "Of the records, 1 added; no word of those in both versions changed, "
            "only columns about them, in 3 (author).",
        ),
    ],
)
def test_the_news_are_first_whether_words_changed(changed, columns, said):
    rows = {"added": 1, "removed": 0, "changed": changed, "same": 7}
    assert news.tell({"rows": {"records": rows}, "records": {"columns": columns}}) == said
    assert news.tell({"previous": "v1.0.0"}) == ""


# Words of others ------------------------------------------------------------------------------------


def test_hostile_words_stay_words(tmp_path):
    published = release.publish(
        hostile_tables(), tmp_path, release.Dataset(title=HOSTILE, description=HOSTILE)
    )
    page = (published.folder / "index.html").read_text()
    elements = Elements(page)
    assert len(elements.named("script")) == 3
    assert elements.named("img") == []
    assert "onerror='window.hurt=1'&gt;" in page.replace("&#39;", "'")
    assert not words.CONTROLS.search(page)
    assert "{{ 7*7 }}" in page
    isolated = [e for e in elements.all if "\u202e" in e[2] and e[0] not in ("title", "script")]
    assert isolated
    assert {e[0] for e in isolated if e[1].get("dir") != "auto"} <= {"bdi"}


def test_a_word_of_ten_million_letters_is_cut(tmp_path):
    published = release.publish(make_tables({"a.txt": ["x" * 10_000_000]}), tmp_path)
    assert (published.folder / "index.html").stat().st_size < 500_000


def test_a_release_without_rows_has_a_page(tmp_path):
    empty = make_tables()
    empty = type(empty)(*(frame.clear() for frame in empty))
    page = (release.publish(empty, tmp_path).folder / "index.html").read_text()
    assert "No record" in page


# Samples --------------------------------------------------------------------------------------------


def test_samples_are_of_every_kind_and_the_same_whatever_the_order(home):
    told = model.read(home / "v1.1.0")
    for name, strata in samples.STRATA.items():
        frame = pl.read_parquet(home / "v1.1.0" / name / "*.parquet")
        drawn = samples.draw(told, name)
        assert drawn.select(strata).unique().height == frame.select(strata).unique().height
        assert drawn.group_by(strata).len()["len"].max() in (None, 1, 2)
        assert drawn.equals(samples.draw(told, name))
        assert frame.join(drawn, on=frame.columns[:3], how="semi", nulls_equal=True).height == drawn.height


def test_another_digest_shows_other_rows(home, tmp_path):
    texts = {"a.txt": [f"Text number {number}." for number in range(200)]}
    told = model.read(release.publish(make_tables(texts), tmp_path).folder)
    one, other = (samples.draw(told._replace(data_digest=digit * 64), "records") for digit in "07")
    assert not one.equals(other)


def test_no_stratum_is_crowded_out(home, tmp_path):
    texts = {"a.txt": [f"Text number {number}." for number in range(50)]}
    told = model.read(release.publish(make_tables(texts), tmp_path).folder)
    assert samples.draw(told, "spans", each=9, most=3)["role"].n_unique() == 3


# What is vendored -----------------------------------------------------------------------------------


def test_the_vendored_reader_is_the_one_that_was_looked_at():
    made = (shell.ROOM / "vendor" / "hyparquet.min.js").read_bytes()
    assert hashlib.sha256(made).hexdigest() == VENDORED
    assert (shell.ROOM / "vendor" / "LICENSES.txt").read_text().strip() in made.decode()
    assert b"</script" not in made.lower()
    assert b"WebAssembly" not in made


def test_the_script_makes_no_html():
    own = shell.read("rows.js")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", own)


# Strips ---------------------------------------------------------------------------------------------


def test_strips_show_every_role_in_its_place(home):
    told = model.read(home / "v1.1.0")
    (strip,) = strips.lay(told)
    spans = pl.read_parquet(home / "v1.1.0" / "spans" / "*.parquet").filter(
        document_id=strip.source.document_id
    )
    assert strip.source.bytes == max(source.bytes for source in told.sources)
    assert {role for role, path in strip.paths.items() if path} == set(spans["role"])
    sizes = spans.group_by("role").agg((pl.col("byte_end") - pl.col("byte_start")).sum())
    assert strip.share == dict(sizes.rows())["body"] / sum(dict(sizes.rows()).values())
    drawn = {role: re.findall(r"M(\d+) 0h(\d+)v1h-(\d+)z", path) for role, path in strip.paths.items()}
    for span in spans.iter_rows(named=True):
        middle = (span["byte_start"] + span["byte_end"]) / 2 / strip.source.bytes * strips.WIDTH
        assert any(int(x) <= middle <= int(x) + int(width) for x, width, _ in drawn[span["role"]])


def test_a_strip_is_small_however_many_spans_there_are(tmp_path):
    texts = {"a.txt": [f"Text number {number}." for number in range(3000)]}
    told = model.read(release.publish(make_tables(texts), tmp_path).folder)
    assert sum(map(len, strips.lay(told)[0].paths.values())) < strips.WIDTH * 20
