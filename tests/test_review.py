"""Review pages: the text is all there and in order, each part is told for what it is, and none of it is markup."""

import random
import re
from html.parser import HTMLParser

import polars as pl
import pytest
from click.testing import CliRunner

import schemas
from pipeline import HOME, cli
from pipeline.engine import local
from pipeline.release import folder, manifest, review
from pipeline.release.review import files, layout, looks, visible
from schemas import Tables
from tests.tables import make_tables, named

SIGNS = {name: sign for sign, name in visible.NAMES.items()}
HOSTILE = "".join(
    (
        "<script>alert(1)</script> </div></section></main></body></html><!-- ]]> <svg onload=alert(1)>",
        " &lt; &amp; \" ' ` {{ 7 * 7 }} {% raw %} | ** _x_ \\ javascript:alert(1) <img src=x onerror=alert(1)>",
        "\u202egnp.exe\u202c \u2066x\u2069 \u200e\u200f\u061c zero\u200bwidth soft\u00adhyphen",
        " \ufeff \U000e0041\U000e0042",
        "\x00\x01\x1b[31m\x07\x7f\x85\x9b e\u0301 👩\u200d👩\u200d👧 \ue000 \ufffe \U0001f600 naïve 織机",
    )
)


class Reading(HTMLParser):
    """Read a page as a browser would: the text in blocks, and what stands around it."""

    VOID = ("meta", "link", "input", "br", "rect")

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.text, self.spans, self.ids, self.tags, self.open = [], [], [], [], []
        self.feed(html)
        self.close()

    @property
    def in_text(self):
        return any(
            tag == "div" and "g" in said.get("class", "").split() for tag, said in self.open
        ) and not any(said.get("class") == "w" for _, said in self.open)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.append((tag, said))
        if "id" in said:
            self.ids.append(said["id"])
        if tag == "i" and "data-k" in said and self.in_text:
            self.text.append(SIGNS[said["data-k"]])
        if tag not in self.VOID:
            self.open.append((tag, said))
        if "data-o" in said:
            self.spans.append({**said, "text": "", "section": self._around("section")})

    def _around(self, tag):
        return next((said for other, said in reversed(self.open) if other == tag), {})

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open[-1][0] == tag, (self.open[-3:], tag)
            self.open.pop()

    def handle_data(self, data):
        if self.in_text:
            self.text.append(data)
        if self.open and "data-o" in self.open[-1][1]:
            self.spans[-1]["text"] += data


def pages_of(where, document_id):
    """Read the pages of a document, in order."""
    found = list(where.glob(f"{document_id}*.html"))
    numbers = {path: int((re.findall(r"\.(\d+)\.html$", path.name) or ["1"])[0]) for path in found}
    return [Reading(path.read_text("utf-8")) for path in sorted(found, key=numbers.get)]


def text_of(where, document_id):
    return "".join("".join(page.text) for page in pages_of(where, document_id))


def words(text):
    return "".join(text.split())


def write(tables, where, **more):
    review.write(tables, where, "Looms & <b>Engines</b>", **more)
    return where


def one_document(text, spans=(), **known):
    """Return tables of one document without records."""
    tables = make_tables()
    row = tables.documents.head(1).with_columns(
        text=pl.lit(text), n_bytes=pl.lit(len(text.encode())), page_kind=pl.lit("unknown"),
        **{name: pl.lit(value) for name, value in known.items()},
    )  # fmt: skip
    document_id = row["document_id"][0]
    ledger = [
        dict.fromkeys(schemas.polars_schema("spans")) | span | {"document_id": document_id} for span in spans
    ]
    return document_id, tables._replace(
        records=tables.records.clear(), segments=tables.segments.clear(), removed=tables.removed.clear(),
        documents=row, spans=pl.DataFrame(ledger, schemas.polars_schema("spans")),
    )  # fmt: skip


@pytest.fixture(scope="module")
def seeds():
    return local.build(HOME / "seeds")


@pytest.fixture(scope="module")
def reviewed(seeds, tmp_path_factory):
    return write(seeds, tmp_path_factory.mktemp("review"))


def test_every_word_of_every_page_stands_once_and_in_order(seeds, reviewed):
    for document_id, text in seeds.documents.select("document_id", "text").iter_rows():
        assert words(text_of(reviewed, document_id)) == words(text)


def test_white_space_is_kept_too(seeds, reviewed):
    document_id, text = seeds.documents.select("document_id", "text").row(3)
    assert text_of(reviewed, document_id) == text


def test_each_span_has_its_role_rule_and_place(seeds, reviewed):
    letters = {"header": "h", "body": "b", "chrome": "c"}
    for document_id, spans in seeds.spans.group_by("document_id"):
        text = seeds.documents.filter(document_id=document_id[0])["text"][0].encode()
        pages = pages_of(reviewed, document_id[0])
        shown = {}
        for span in (span for page in pages for span in page.spans):
            joined = shown.setdefault(int(span["data-o"]), span | {"text": ""})
            joined["text"] += span["text"]
        assert len(shown) == spans.height
        for row in spans.iter_rows(named=True):
            span = shown[row["byte_start"]]
            letter = "u" if row["kind"] == "unclaimed" else letters[row["role"]]
            assert (span["class"], int(span["data-n"])) == (letter, row["byte_end"] - row["byte_start"])
            assert words(span["text"]) == words(
                "".join(
                    sign
                    for sign in text[row["byte_start"] : row["byte_end"]].decode()
                    if sign not in visible.NAMES
                )
            )
            assert ("data-r" in span) == (row["rule"] is not None)
            assert span["section"].get("id") == (row["record_id"] or None)


def test_every_record_and_segment_has_an_anchor_and_the_finder_leads_there(seeds, reviewed):
    ids = {path.name: Reading(path.read_text("utf-8")).ids for path in reviewed.glob("d_*.html")}
    for on_page in ids.values():
        assert len(on_page) == len(set(on_page))
    for record_id, document_id in seeds.records.select("record_id", "document_id").iter_rows():
        assert record_id in ids[f"{document_id}.html"]
    assert set(seeds.segments["segment_id"]) <= {one for page in ids.values() for one in page}
    finder = Reading((reviewed / "find.html").read_text("utf-8"))
    places = {said["id"]: said["href"] for tag, said in finder.tags if tag == "a" and "id" in said}
    assert places == {
        record: f"{document}.html#{record}"
        for record, document in seeds.records.select("record_id", "document_id").iter_rows()
    }


def test_the_fields_of_a_record_are_marked_where_they_were_read(seeds, reviewed):
    marked = [
        span
        for path in reviewed.glob("d_*.html")
        for span in Reading(path.read_text("utf-8")).spans
        if "data-f" in span
    ]
    rows = {row["record_id"]: row for row in seeds.records.iter_rows(named=True)}
    of_records = [span for span in marked if span["data-f"] != "speaker"]
    assert {span["data-f"] for span in of_records} >= {"title", "author", "published_raw"}
    for span in of_records:
        assert span["text"] == rows[span["section"]["id"]][span["data-f"]]
    speakers = set(seeds.segments["speaker"].drop_nulls())
    assert {
        span["text"].split(" (")[0].rstrip(": ") for span in marked if span["data-f"] == "speaker"
    } & speakers


def test_no_page_is_out_of_proportion(seeds, reviewed):
    shared = sum((reviewed / name).stat().st_size for name in ("review.css", "review.js"))
    total = sum(path.stat().st_size for path in reviewed.iterdir())
    assert total - shared < 2 * seeds.documents["n_bytes"].sum()
    assert shared < 200_000


def test_hostile_text_is_text(tmp_path):
    tables = make_tables({"<script>x</script>/a\u202e.txt": [HOSTILE, "Plain."]})
    spoken = {name: pl.lit(HOSTILE) for name in ("title", "author", "handle", "published_raw")}
    tables = tables._replace(
        records=tables.records.with_columns(**spoken),
        spans=tables.spans.with_columns(rule=pl.lit('"><script>alert(1)</script>')),
        documents=tables.documents.with_columns(
            source_url=pl.lit("javascript:alert(1)"), capture_evidence=pl.lit(HOSTILE)
        ),
    )
    where = write(tables, tmp_path / "review")
    document_id = tables.documents["document_id"][0]
    assert words(text_of(where, document_id)) == words(tables.documents["text"][0])
    for path in where.glob("*.html"):
        html = path.read_text("utf-8")
        page = Reading(html)
        assert [said for tag, said in page.tags if tag == "script"] == [{"defer": None, "src": "review.js"}]
        assert not [tag for tag, _ in page.tags if tag in ("img", "iframe", "object", "base", "style")]
        assert not [
            said for _, said in page.tags if any(name.startswith("on") or name == "style" for name in said)
        ]
        hrefs = [said["href"] for _, said in page.tags if "href" in said]
        assert all(re.match(r"^(\.\./index\.html|[\w.-]+\.(html|css)(#\w*)?|#\w+)$", href) for href in hrefs)
        assert not set(html) & (set(visible.NAMES) - {"\ufeff"} - set("\n\t"))


def test_what_cannot_be_seen_is_named(tmp_path):
    text = "a\u202eb\x00c\rd\r\ne\u200d"
    document_id, tables = one_document(
        text, [{"byte_start": 0, "byte_end": len(text.encode()), "role": "body"}]
    )
    html = (write(tables, tmp_path / "r") / f"{document_id}.html").read_text("utf-8")
    assert (
        'a<i class=k data-k="RLO"></i>b<i class=k data-k="NUL"></i>c<i class=k data-k="CR"></i>d\ne\u200d'
        in html
    )


def test_the_policy_lets_nothing_run_but_the_script_beside_the_page(reviewed):
    for path in reviewed.glob("*.html"):
        page = Reading(path.read_text("utf-8"))
        policy = [
            said["content"] for tag, said in page.tags if said.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy == [files.POLICY]
        rules = dict(rule.split(" ", 1) for rule in policy[0].split("; "))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        assert rules["script-src"] == rules["style-src"] == "'self' file:"
        assert "unsafe" not in policy[0]


def with_removed(tables, n, reason, **known):
    """Take the nth record out of the tables, as if for this reason."""
    row = tables.records.row(n, named=True)
    gone = {name: row.get(name) for name in schemas.polars_schema("removed")} | {"reason": reason} | known
    return tables._replace(
        records=tables.records.filter(pl.col("record_id") != row["record_id"]),
        segments=tables.segments.filter(pl.col("record_id") != row["record_id"]),
        spans=tables.spans.with_columns(
            segment_id=pl.when(pl.col("record_id") != row["record_id"]).then("segment_id")
        ),
        removed=pl.concat([tables.removed, pl.DataFrame([gone], tables.removed.schema)]),
    )


@pytest.mark.parametrize("reason", ["opt_out", "withdrawn", "licence"])
@pytest.mark.parametrize("known", [{}, {"record_id": None}, {"byte_start": None, "byte_end": None}])
def test_words_that_were_taken_out_are_in_no_file(tmp_path, reason, known):
    texts = ["Quicksilver zephyrs jinx fjords.", "Others may stay."]
    tables = make_tables({"a/x.txt": texts})
    tables = tables._replace(
        records=tables.records.with_columns(
            title=pl.when(pl.col("position") == 0).then(pl.lit("Quicksilver"))
        )
    )
    where = write(with_removed(tables, 0, reason, **known), tmp_path / "r")
    whole = "".join(path.read_text("utf-8") for path in where.glob("*"))
    assert "jinx" not in whole
    assert "Quicksilver" not in whole
    document_id = tables.documents["document_id"][0]
    assert f"removed: {reason}, " in "".join(
        path.read_text("utf-8") for path in where.glob(f"{document_id}*")
    )
    assert ("Others may stay." in whole) == ("byte_start" not in known)
    assert known == {"record_id": None} or tables.records["record_id"][0] not in whole


def test_copies_of_what_was_taken_out_are_in_no_file_either(tmp_path):
    tables = make_tables(
        {"a.txt": ["Quicksilver zephyrs.", "Kept."], "b.txt": ["Quicksilver zephyrs, nearly.", "Kept too."]}
    )
    first = tables.records["record_id"][0]
    tables = with_removed(tables, 2, "near_copy", kept_id=first)
    tables = with_removed(tables, 0, "opt_out")
    whole = "".join(path.read_text("utf-8") for path in write(tables, tmp_path / "r").glob("*"))
    assert "Kept too." in whole
    assert "Quicksilver" not in whole


def test_withheld_stretches_that_overlap_are_withheld_as_a_whole(tmp_path):
    text = "secret one secret two secret three open"
    spans = [{"byte_start": 0, "byte_end": len(text), "role": "body", "record_id": named("r", "post")}]
    document_id, tables = one_document(text, spans)
    row = dict.fromkeys(schemas.polars_schema("removed")) | {"document_id": document_id, "reason": "opt_out"}
    places = ((0, 34), (11, 15))
    gone = [row | {"byte_start": start, "byte_end": end} for start, end in places]
    where = write(
        tables._replace(removed=pl.DataFrame(gone, schemas.polars_schema("removed"))), tmp_path / "r"
    )
    html = (where / f"{document_id}.html").read_text("utf-8")
    assert "secret" not in html
    assert "open" in html


def test_a_document_without_text_is_shown_as_its_ledger(tmp_path):
    tables = make_tables()
    blind = tables._replace(documents=tables.documents.drop("text"))
    half = tables._replace(
        documents=tables.documents.with_columns(text=pl.when(pl.col("path") != "a/engines.txt").then("text"))
    )
    for given, is_told in ((blind, False), (half, True)):
        where = write(given, tmp_path / str(is_told))
        pages = [path.read_text("utf-8") for path in where.glob("d_*.html")]
        assert ("Looms weave" in "".join(pages)) == is_told
        assert "Engines weave" not in "".join(pages)
        assert sum(html.count("not shown: ") for html in pages) == (5 if is_told else 10)
        assert "Ada" in "".join(pages)


def test_of_a_source_that_is_metadata_only_no_words_are_shown(tmp_path):
    tables = make_tables()
    only = pl.when(pl.col("path") == "a/engines.txt").then(pl.lit("metadata_only")).otherwise(pl.lit("full"))
    where = write(tables._replace(documents=tables.documents.with_columns(policy=only)), tmp_path / "r")
    whole = "".join(path.read_text("utf-8") for path in where.glob("*.html"))
    assert "Looms weave flowers." in whole
    assert "Engines weave" not in whole
    assert "Ada" in (where / f"{named('d', 'a/engines.txt')}.html").read_text("utf-8")


def test_beside_what_was_taken_out_the_site_says_no_names(tmp_path):
    tables = make_tables({"a.txt": ["Quicksilver zephyrs.", "Kept."], "b.txt": ["Other."]})
    where = write(with_removed(tables, 0, "opt_out"), tmp_path / "r")
    one, other = (pages_of(where, document_id)[0] for document_id in tables.documents["document_id"])
    assert [span["text"] for span in one.spans if span["class"] == "c"] == [""]
    assert [span["text"] for span in other.spans if span["class"] == "c"] == ["Menu"]
    assert "Kept." in "".join(one.text)


def test_a_copy_is_shown_in_place_and_leads_to_the_one_kept(tmp_path):
    tables = with_removed(
        make_tables(), 2, "near_copy", kept_id=make_tables().records["record_id"][0], similarity=0.9
    )
    gone = make_tables().records.row(2, named=True)
    html = (write(tables, tmp_path / "r") / f"{gone['document_id']}.html").read_text("utf-8")
    section = re.search(
        rf'<section class="r gone[^>]* id="{gone["record_id"]}".*?</section>', html, re.DOTALL
    )[0]
    assert "removed: near_copy" in section
    assert f"find.html#{make_tables().records['record_id'][0]}" in section


def test_an_exact_copy_on_the_same_page_has_an_anchor_of_its_own(tmp_path):
    tables = make_tables({"a.txt": ["Twice.", "Twice."]})
    row = tables.records.row(1, named=True)
    gone = {name: row.get(name) for name in schemas.polars_schema("removed")} | {
        "reason": "exact_copy", "kept_id": row["record_id"],
    }  # fmt: skip
    tables = tables._replace(
        records=tables.records.head(1), removed=pl.DataFrame([gone], schemas.polars_schema("removed"))
    )
    page = pages_of(write(tables, tmp_path / "r"), row["document_id"])[0]
    sections = [
        said for tag, said in page.tags if tag == "section" and "id" in said and said["class"].startswith("r")
    ]
    assert [said["id"] for said in sections] == [row["record_id"], f"at_{row['byte_start']}"]


def test_a_long_document_is_cut_into_pages_at_records(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "PAGE_WEIGHT", 6_000)
    monkeypatch.setattr(files, "IDS_LISTED", 8)
    texts = [f"Post {n} " + "weave " * 60 + f"end{n}." for n in range(40)]
    tables = make_tables({"long.txt": texts})
    where = write(tables, tmp_path / "r")
    document_id = tables.documents["document_id"][0]
    pages = pages_of(where, document_id)
    assert 4 < len(pages) < 12
    assert words("".join("".join(page.text) for page in pages)) == words(tables.documents["text"][0])
    places = {}
    for path in where.glob("find-*.html"):
        prefix = path.stem.removeprefix("find-")
        for tag, said in Reading(path.read_text("utf-8")).tags:
            if tag == "a" and "id" in said:
                assert said["id"][2:].startswith(prefix)
                places[said["id"]] = said["href"]
    assert places.keys() == set(tables.records["record_id"])
    for record_id, href in places.items():
        name, anchor = href.split("#")
        assert anchor == record_id
        assert Reading((where / name).read_text("utf-8")).ids.count(record_id) == 1


@pytest.mark.parametrize("sign", ["x", "织", "👩", "\u202e"])
def test_a_word_without_end_is_cut_between_its_signs(tmp_path, sign):
    text = sign * (400_000 // len(sign.encode()))
    document_id, tables = one_document(
        text, [{"byte_start": 0, "byte_end": len(text.encode()), "role": "body"}]
    )
    where = write(tables, tmp_path / "r")
    assert text_of(where, document_id) == text
    (page,) = pages_of(where, document_id)
    assert max(len(span["text"]) for span in page.spans) <= 1 << 14
    assert sum(tag == "div" and "g" in said["class"].split() for tag, said in page.tags if tag == "div") > 10


def test_words_in_no_span_and_spans_in_mid_sign_break_nothing(tmp_path):
    text = "织机 lost words 织"
    spans = [
        {"byte_start": 1, "byte_end": 5, "role": "body"},
        {"byte_start": 18, "byte_end": 999, "role": "chrome", "kind": "nav"},
    ]
    document_id, tables = one_document(text, spans)
    where = write(tables, tmp_path / "r")
    assert text_of(where, document_id) == text
    (page,) = pages_of(where, document_id)
    assert [(span["class"], span["text"].strip()) for span in page.spans] == [
        ("b", "织"),
        ("x", "机 lost words"),
        ("c", "织"),
    ]


def test_what_is_worth_a_look_is_found():
    tables = make_tables({"a.txt": [f"Post {n} of looms." for n in range(6)] + ["Long. " * 60]})
    n = pl.int_range(pl.len())
    records = tables.records.with_columns(
        title=pl.when(n != 1).then(pl.lit("Title")),
        flags=pl.when(n == 2).then(pl.lit(["promise_broken"])).otherwise(pl.lit([], pl.List(pl.String))),
        n_promised=pl.when(n == 2).then(9),
        confidence=pl.when(n == 3).then(pl.lit(0.2)).cast(pl.Float32),
        n_words=pl.when(n == 4).then(40).otherwise(0), language_confidence=pl.lit(0.3, pl.Float32),
    )  # fmt: skip
    spans = tables.spans.with_columns(
        kind=pl.when(pl.col("kind") == "nav").then(pl.lit("unclaimed")).otherwise("kind")
    )
    bad = dict.fromkeys(schemas.polars_schema("removed")) | {
        "reason": "unreadable",
        "message": "x.bin: no text",
    }
    removed = pl.DataFrame([bad], schemas.polars_schema("removed"))
    found = looks.spots(tables._replace(records=records, spans=spans, removed=removed))
    ids = dict(zip(records["record_id"], range(7), strict=True))
    assert [(row["look"], ids.get(row["record_id"]), row["says"]) for row in found.iter_rows(named=True)] == [
        ("unreadable", None, "x.bin: no text"),
        ("unclaimed", None, "4 bytes unclaimed"),
        ("broken promise", 2, "promises 9, 1 found"),
        ("unsure parts", 3, "told with 20 % confidence"),
        ("too long", 6, "22 times as long as its neighbours"),
        ("lacks a field", 1, "no title, as its neighbours have"),
        ("unsure language", 4, "perhaps en"),
    ]


def test_pages_that_were_guessed_are_listed_the_least_sure_first():
    tables = make_tables()
    documents = tables.documents.with_columns(page_kind=pl.lit("article"))
    sure = dict(zip(sorted(documents["document_id"], reverse=True), (0.6, 0.9), strict=True))
    records = tables.records.with_columns(
        confidence=pl.col("document_id").replace_strict(sure).cast(pl.Float32)
    )
    found = looks.spots(tables._replace(documents=documents, records=records)).filter(look="guessed page")
    assert found["document_id"].to_list() == list(sure)
    assert found["says"].to_list() == ["guessed: 60 %", "guessed: 90 %"]


def test_among_pictures_no_words_are_too_long():
    tables = make_tables({"a.txt": [f"Looms, {n}" for n in range(9)]})
    n = pl.int_range(pl.len())
    records = tables.records.with_columns(n_chars=pl.when(n == 4).then(99).otherwise(0).cast(pl.Int32))
    assert "too long" not in looks.spots(tables._replace(records=records))["look"]


def test_the_index_lists_first_what_is_most_worth_a_look(tmp_path):
    tables = make_tables()
    documents = tables.documents.with_columns(
        page_kind=pl.when(pl.col("path") == "b/looms.txt").then(pl.lit("unknown")).otherwise("page_kind")
    )
    html = (write(tables._replace(documents=documents), tmp_path / "r") / "index.html").read_text("utf-8")
    table = html[html.index("<tbody>") :]
    assert table.index("b/looms.txt") < table.index("a/engines.txt")
    assert "no grammar knows this page" in html
    assert "Looms &amp; &lt;b&gt;Engines" in html


def test_the_same_rows_give_the_same_pages_in_any_order(tmp_path):
    tables = make_tables()
    rng = random.Random(5)
    shuffled = Tables(*(frame.sample(fraction=1, shuffle=True, seed=rng.randrange(99)) for frame in tables))
    first, second = (write(given, tmp_path / str(n)) for n, given in enumerate((tables, shuffled)))
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


def test_nothing_at_all_has_an_index(tmp_path):
    where = write(Tables(*(frame.clear() for frame in make_tables())), tmp_path / "r")
    assert "<h1>" in (where / "index.html").read_text("utf-8")
    assert (where / "find.html").exists()


def test_a_version_holds_its_review_pages(tmp_path):
    built = folder.build(make_tables(), tmp_path / "v1.0.0")
    listed = {entry["path"] for entry in manifest.read(built)["files"]}
    assert {"review/index.html", "review/find.html", "review/review.css", "review/review.js"} <= listed
    assert f"review/{named('d', 'a/engines.txt')}.html" in listed
    assert "review/index.html" in (built / "SHA256SUMS").read_text()


def test_the_command_writes_pages_and_says_where(tmp_path):
    seed = HOME / "seeds" / "003_c24f08b6f0098007.txt"
    out = tmp_path / "pages"
    for _ in range(2):
        told = CliRunner().invoke(cli.main, ["review", str(seed), "--out", str(out)])
        assert told.exit_code == 0, told.output
        assert str(out / "index.html") in told.output
        assert re.match(r"1 document, \d+ records?\n", told.output)
    assert len(list(out.glob("d_*.html"))) == 1
    assert "../index.html" not in (out / "index.html").read_text()


def test_the_command_overwrites_nothing_else(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    told = CliRunner().invoke(cli.main, ["review", str(HOME / "seeds"), "--out", str(tmp_path)])
    assert told.exit_code == cli.UNUSABLE
    assert "name another folder" in told.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
