"""Of a source of which only metadata is published, no word comes out; what is said of its words does."""

import gzip
import hashlib

import polars as pl
import pytest

import schemas
from pipeline import ingest, laws, policy, release, validate
from pipeline.engine import local
from pipeline.grammar import specimens
from pipeline.release import checks
from pipeline.release.arrange import arrange

ENTRY = '[[seed]]\npath = "{}"\npolicy = "{}"\n'


@pytest.fixture
def seeds(tmp_path):
    """Write two pages."""
    (tmp_path / "seeds").mkdir()
    for name in ("nostr_profile", "thread_reader"):
        (tmp_path / "seeds" / f"{name}.txt").write_text(laws.page_of(specimens()[name]))
    return tmp_path / "seeds"


def say(seeds, text):
    """Write seeds.toml."""
    (seeds / "seeds.toml").write_text(text)


def policies(seeds):
    """Return the policy of each seed by the stem of its path."""
    documents = ingest.read_seeds(seeds).documents
    return {path.removesuffix(".txt"): word for path, word in documents.select("path", "policy").iter_rows()}


def everything(folder):
    """Return the bytes of all files below a folder, unpacked."""
    found = []
    for path in folder.rglob("*"):
        if path.suffix == ".gz":
            found.append(gzip.decompress(path.read_bytes()))
        elif path.suffix == ".parquet":
            found.append(pl.read_parquet(path, glob=False).write_ndjson().encode())
        elif path.is_file():
            found.append(path.read_bytes())
    return b"\n".join(found)


def test_no_word_of_it_comes_out_and_its_digest_does(seeds, tmp_path):
    whole = local.build(seeds)
    say(seeds, ENTRY.format("thread_reader.txt", "metadata_only"))
    tables = local.build(seeds)
    made = local.release(tables, seeds, tmp_path / "dist", "notes")
    said = everything(tmp_path / "dist")
    known = whole.documents.filter(pl.col("path") == "thread_reader.txt")["document_id"][0]
    texts = whole.segments.filter(pl.col("document_id") == known)["text"].drop_nulls()
    others = whole.segments.filter(pl.col("document_id") != known)["text"].drop_nulls().to_list()
    words = [text for text in texts if len(text) > 20 and not any(text in other for other in others)]
    assert words
    assert not [text for text in words if text.encode() in said]
    assert [text for text in others if text.encode() in said]
    records = release.read(made.folder).records.filter(pl.col("document_id") == known)
    before = arrange(whole).records.filter(pl.col("document_id") == known)
    assert records["text"].null_count() == records.height
    assert records["text_sha256"].to_list() == [
        hashlib.sha256(text.encode()).hexdigest() for text in before["text"]
    ]
    assert records["flags"].list.contains("withheld").all()
    kept = ("record_id", "title", "author", "n_chars", "n_words", "language", "body_spans", "byte_start")
    assert records.select(kept).equals(before.select(kept))
    assert "Sources of which only metadata is published" in (made.folder / "README.md").read_text()
    assert r"| thread\_reader.txt |" in (made.folder / "README.md").read_text()


def test_a_policy_that_changes_is_told_as_that(seeds, tmp_path):
    local.release(local.build(seeds), seeds, tmp_path / "dist", "notes")
    say(seeds, ENTRY.format("thread_reader.txt", "metadata_only"))
    made = local.release(local.build(seeds), seeds, tmp_path / "dist", "notes")
    [path] = made.folder.glob("diff/*/records.parquet")
    assert set(pl.read_parquet(path)["reason"]) == {"licence"}
    assert made.bump == "minor"


@pytest.mark.parametrize(
    ("said", "withheld"),
    [
        ("", set()),
        ('[dataset]\npolicy = "full"\n', set()),
        ('[dataset]\npolicy = "metadata_only"\n', {"nostr_profile", "thread_reader"}),
        ('[dataset]\npolicy = "metadata_only"\n' + ENTRY.format("./nostr_profile.txt", "full"), {"thread_reader"}),
        (ENTRY.format("nostr_profile.txt", "metadata_only"), {"nostr_profile"}),
        # Slips of the pen hold back, and publish nothing.
        (ENTRY.format("nostr_profile.txt", "metadata-only"), {"nostr_profile"}),
        (ENTRY.format("nostr_profile.txt", "metadata_only") + "colour = 1\n", {"nostr_profile"}),
        (ENTRY.format("nostr_profile.txt", "metadata_only") * 2, {"nostr_profile"}),
        ('[[seed]\npath = "nostr_profile.txt"\npolicy = "metadata_only"', {"nostr_profile", "thread_reader"}),
        ("[[seed]\n", set()),
    ],
)  # fmt: skip
def test_what_seeds_toml_says_holds_and_a_slip_withholds(said, withheld, seeds):
    say(seeds, said)
    assert {name for name, word in policies(seeds).items() if word == policy.METADATA_ONLY} == withheld


def test_a_policy_that_is_none_is_told(seeds, tmp_path):
    say(seeds, ENTRY.format("nostr_profile.txt", "metadata-only"))
    [fault] = ingest.read_seeds(seeds).faults
    assert "entry 1 (nostr_profile.txt): policy: " in fault.message
    say(seeds, '[dataset]\npolicy = "secret"\n')
    with pytest.raises(ingest.IngestError, match=r"\[dataset\]: policy"):
        local.release(local.build(seeds), seeds, tmp_path / "dist", "notes")


def test_a_text_may_be_null_only_where_it_is_withheld_or_there_is_none(seeds):
    records = local.build(seeds).records
    _, bad = validate.check("records", records.with_columns(text=pl.lit(None, pl.String)))
    assert bad.height == records.filter(pl.col("n_chars") > 0).height
    assert "A text that is null has no words" in bad["message"][0]
    withheld = pl.Series([["withheld"]] * records.height)
    _, bad = validate.check("records", records.with_columns(flags=withheld))
    assert bad.height == records.filter(pl.col("text").is_not_null()).height


@pytest.mark.parametrize(
    ("table", "column"), [("records", "text"), ("segments", "text"), ("segments", "title")]
)
def test_a_release_that_shows_withheld_words_is_refused(table, column, seeds, tmp_path):
    say(seeds, '[dataset]\npolicy = "metadata_only"\n')
    tables = local.build(seeds)
    assert policy.withheld_everywhere(tables) is None
    shown = getattr(tables, table).with_columns(pl.lit("Words.").alias(column))
    broken = tables._replace(**{table: shown})
    assert "withheld_everywhere" in {finding.check for finding in checks.of_rows(broken) if finding.seen}
    with pytest.raises(release.PublishError, match=r"only metadata is published: nothing was published"):
        release.publish(broken, tmp_path / "dist")


def test_all_tables_hold_the_columns(seeds):
    for name, frame in local.build(seeds)._asdict().items():
        assert set(schemas.polars_schema(name)) <= set(frame.columns)
