"""What holds of any text, read by every grammar there is."""

import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ingest, laws, ledger, segment
from pipeline.grammar import BODY, HEADER, Grammar, GrammarError, Mark, Split, chrome, flow, gap, specimens
from pipeline.segment import ids

SAMPLES = [laws.page_of(specimen) for specimen in specimens().values()]
LINES = sorted({line for page in SAMPLES for line in page.split("\n")})
# Pages made of the lines of all samples, in any order, are full of marks in the wrong places.
PAGES = st.lists(st.sampled_from(LINES), max_size=40).map("\n".join)
TEXTS = PAGES | st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
# A batch costs little more than a page. Pages alike have one id, and only one of them is read.
MANY = st.lists(TEXTS, min_size=4, max_size=12, unique=True)


def read(texts: list[str]) -> tuple[pl.DataFrame, segment.Pages]:
    documents = laws.documents_of(texts)
    return documents, segment.assemble(segment.label(ingest.read_lines(documents)), documents)


@settings(max_examples=15, deadline=None)
@given(MANY)
def test_every_byte_lies_in_one_span(texts):
    documents, pages = read(texts)
    assert list(ledger.all_faults(documents, pages.spans)) == []


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])
def test_lines_that_begin_with_digits_of_another_script_are_read(digits):
    documents, pages = read(["\n".join(f"{digit} {digit}.{digit}" for digit in digits)])
    assert list(ledger.all_faults(documents, pages.spans)) == []


@settings(max_examples=10, deadline=None)
@given(MANY)
def test_offsets_give_back_the_words(texts):
    documents, pages = read(texts)
    data = {document: text.encode() for document, text in documents.select("document_id", "text").iter_rows()}
    for table, spans in ((pages.segments, "text_spans"), (pages.records, "body_spans")):
        for document, said, places in table.select("document_id", "text", spans).iter_rows():
            words = "".join("".join(data[document][s["start"] : s["end"]].decode().split()) for s in places)
            assert words == "".join((said or "").split())


@settings(max_examples=12, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_neither_order_nor_batch_of_documents_matters(texts):
    def rows(texts: list[str]) -> set[tuple]:
        documents, pages = read(texts)
        by_text = documents.select("document_id", "text")
        shown = {
            "records": ["kind", "text", "author", "handle", "published_raw"],
            "segments": ["kind", "text", "title", "speaker", "start_s", "position"],
            "spans": ["kind", "role", "rule"],
        }
        return {
            (table, *row)
            for table, columns in shown.items()
            for row in getattr(pages, table)
            .join(by_text.rename({"text": "page"}), on="document_id")
            .select("page", *columns, "byte_start", "byte_end")
            .rows()
        }

    alone = set().union(*(rows([text]) for text in texts))
    assert rows(texts) == alone == rows(texts[::-1])


@settings(max_examples=10, deadline=None)
@given(MANY)
def test_segments_tile_the_body(texts):
    _, pages = read(texts)
    body = pages.spans.filter(role="body")
    assert body["segment_id"].null_count() == 0
    assert set(body["segment_id"]) == set(pages.segments["segment_id"])
    # The same words said twice have one id, until copies are dropped.
    assert pages.segments.select("document_id", "record_start", "segment_id").is_unique().all()


def test_a_page_no_grammar_knows_is_kept_whole():
    _, pages = read(["Home\n\nA page of no kind.\nMore of it."])
    assert pages.records.select("page_kind", "kind", "text", "byte_start", "byte_end").rows() == [
        ("unknown", "article", "Home\n\nA page of no kind.\n\nMore of it.", 0, 36)
    ]


def test_the_same_words_have_the_same_id_wherever_and_however_written():
    page = "Ada's avatar\nAda\nnpub1abc...wxyz\nbio\nAda's avatar\nada 5 days ago\nPoésie, and engines"
    variants = [page, page.replace("\n", "\r\n"), "\ufeff" + page + "\n\n", page.replace("é", "e\u0301")]
    found = [set(read([text])[1].records["record_id"]) for text in variants]
    assert all(one == found[0] for one in found)


def test_an_author_written_decomposed_is_the_same():
    page = "Zoë's avatar\nZoë\n{}abc...wxyz\nbio\nZoë's avatar\nZoë 5 days ago\nEngines".format("npub1")
    one, two = (read([text])[1].records for text in (page, page.replace("ë", "e\u0308")))
    assert set(one["record_id"]) == set(two["record_id"])


def test_no_character_that_composing_changes_is_missed():
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    parts = {c: unicodedata.decomposition(c).split() for c in every}
    second = {chr(int(p[1], 16)) for p in parts.values() if len(p) == 2 and not p[0].startswith("<")}
    seen = pl.Series(every).str.contains(ids.DECOMPOSED)
    changed = {c for c in every if unicodedata.normalize("NFC", c) != c} | second
    assert changed <= set(pl.Series(every).filter(seen))


def test_a_preview_is_partial_and_a_thread_that_falls_short_is_not():
    sample = laws.page_of(specimens()["thread_reader"])
    records = read([sample])[1].records.filter(kind="thread")
    n_previews = sum(name == "preview" for name, _, _ in laws.sample_lines(specimens()["thread_reader"]))
    assert 0 < records["is_partial"].sum() == n_previews < len(records)
    assert not records.filter("is_partial")["is_complete"].any()


def test_unclaimed_lines_are_kept_and_counted():
    grammar = Grammar(
        kind="bare",
        knows=(r"^Start$",),
        marks=(Mark("start", r"^Start$", BODY, opens="article", below=BODY),),
    )
    document = laws.document_of("Banner\nStart\nwords")
    pieces = segment.label(ingest.read_lines(document), [grammar, specimens()["unknown"].grammar])
    spans = segment.assemble(pieces, document, [grammar]).spans
    assert spans.select("role", "kind", "rule").row(0) == ("chrome", "unclaimed", "bare.unclaimed")


def test_of_more_breaks_than_promised_the_weightiest_are_splits():
    grammar = Grammar(
        kind="counted",
        knows=(r"^\d+ parts$",),
        marks=(Mark("head", r"^(?P<n_promised>\d+) parts$", HEADER, below=flow("tweet"), opens="thread"),),
        splits=(
            Split(
                "next",
                gap == 0,
                within=("head",),
                promises="n_promised",
                weight=pl.col("text").str.len_chars(),
            ),
        ),
    )
    reading = laws.read(grammar, "2 parts\none\ntwo\nthree, longest\nfour")
    assert reading.pages.segments["text"].to_list() == ["one\ntwo", "three, longest\nfour"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pattern": "Start"}, "anchored"),
        ({"pattern": r"^(?P<colour>.*)$"}, "colour"),
        ({"pattern": r"^(?P<text>.*)$", "part": HEADER}, "below"),
        ({"pattern": r"^((?P<speaker>.*)$"}, "compile"),
        ({"repeats": "speaker"}, "repeats"),
    ],
)
def test_a_bad_declaration_stops_its_author(change, words):
    mark = {"name": "start", "pattern": "^Start$", "part": chrome("nav")} | change
    with pytest.raises(GrammarError, match=words):
        Grammar(kind="bad", knows=(), marks=(Mark(**mark),))


HEAD = "Jan 9, 2021 9 tweets 3 min read"
LOST = "Missing some Tweet in this thread? You can try to force a refresh"


@pytest.mark.parametrize(
    "foot",
    [f"{LOST}\n\nTry unrolling a thread yourself!", "More from @ada", "Did Thread Reader help you today?"],
)
@pytest.mark.parametrize("handle", ["", "@ada\n"])
def test_a_thread_is_known_by_any_of_its_tell_tales(foot, handle):
    _, pages = read([f"Ada Profile picture\n{handle}{HEAD}\n\nOne.\n\n• • •\n\n{foot}\n"])
    seen = pages.records.select("page_kind", "author", "handle", "text").row(0)
    named = "ada" if handle or "@" in foot else None
    assert seen == ("thread_reader", "Ada", named, "One.")
    assert pages.spans.filter(kind="avatar")["record_id"].null_count() == 0


def test_a_megabyte_on_one_line_is_read():
    _, pages = read(["word " * 200_000])
    assert pages.records["text"].str.len_bytes().to_list() == [999_999]
