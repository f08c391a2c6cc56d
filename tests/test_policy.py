"""Of a source of which only metadata is published, no word comes out; what is said of its words does."""

import gzip
import hashlib
import unicodedata
import zipfile

import polars as pl
import pytest

import schemas
from pipeline import ingest, laws, policy, release, validate
from pipeline.engine import local
from pipeline.grammar import specimens
from pipeline.release import checks
from pipeline.release.arrange import arrange
from tests.test_cli import dehusk
from tests.test_definitions import run

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
        (ENTRY.format(".", "metadata_only"), {"nostr_profile", "thread_reader"}),
        (ENTRY.format("../seeds/nostr_profile.txt", "metadata_only"), {"nostr_profile"}),
        ('\ufeff[dataset]\npolicy = "metadata_only"\n', {"nostr_profile", "thread_reader"}),
        ('[dataset]\npolicy = "metadata_only\n', {"nostr_profile", "thread_reader"}),
        # What names no policy, or the policy by default, is a fault like any other.
        (ENTRY.format("gone.txt", "full"), set()),
        ('[[seed]]\npath = "gone.txt"\n', set()),
        ('[[seed]]\npath = "nostr_profile.txt"\ncolour = "blue"\nlicence = "MIT"\n', set()),
    ],
)  # fmt: skip
def test_what_seeds_toml_says_holds_and_a_slip_withholds(said, withheld, seeds):
    say(seeds, said)
    assert {name for name, word in policies(seeds).items() if word == policy.METADATA_ONLY} == withheld


STRAY = [
    (ENTRY.format("nostr_profile.TXT", "metadata_only"), r"entry 1 \(nostr_profile.TXT\).*is nostr_profile.txt"),
    (ENTRY.format("gone.txt", "metadata_only"), r"entry 1 \(gone.txt\).*there is no such file"),
    (ENTRY.format("*.txt", "metadata_only"), "there is no such file"),
    (ENTRY.format("gone.txt", "metadata-only"), "there is no such file"),
    (ENTRY.format("nostr_profile.txt#1", "metadata_only"), "has no such page"),
    ('[[seed]]\npath = "nostr_profile.txt"\npolcy = "metadata_only"\n', "seed.1.polcy = 'metadata_only'"),
    ('[[seed]]\npath = "nostr_profile.txt"\nPolicy = "full"\n', "seed.1.Policy"),
    ('[[seed]]\npath = "nostr_profile.txt"\npublish = "Metadata only"\n', "seed.1.publish"),
    ('[[seed]]\npath = "nostr_profile.txt"\nlicense = "metadata_only"\n', "seed.1.license"),
    ('[[seed]]\npth = "nostr_profile.txt"\npolicy = "metadata_only"\n', "no path says of what"),
    ('[seed]\npath = "nostr_profile.txt"\npolicy = "metadata_only"\n', "seed.policy"),
    ('[[seeds]]\npath = "nostr_profile.txt"\npolicy = "metadata_only"\n', "seeds.1.policy"),
    ('seed = ["metadata_only"]\n', "seed.1"),
    ('policy = "metadata_only"\n', "policy = "),
    ('[dataset]\npolicies = "metadata_only"\n', "dataset.policies"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "words"), STRAY)
def test_a_policy_that_cannot_hold_stops_the_run(said, words, seeds):
    say(seeds, said)
    with pytest.raises(ingest.IngestError, match=words):
        ingest.read_seeds(seeds)


def test_the_command_and_dagster_stop_with_the_same_message(seeds, tmp_path):
    say(seeds, ENTRY.format("gone.txt", "metadata_only") + ENTRY.format("lost.txt", "metadata_only"))
    words = ("release", "--seeds", seeds, "--out", tmp_path / "dist", "--store", tmp_path / "store")
    code, said = dehusk(*words)
    assert (code, said.count("cannot hold"), said.count("do: ")) == (2, 2, 2)
    assert not (tmp_path / "dist").exists()
    failed = [event for event in run(tmp_path).all_events if event.is_step_failure]
    assert {event.step_key for event in failed} == {"seeds"}
    assert failed[0].event_specific_data.user_failure_data.description in said


@pytest.mark.parametrize(("on_disk", "written"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_names_are_compared_in_one_form(on_disk, written, seeds):
    name = "caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    (seeds / "nostr_profile.txt").rename(seeds / f"{unicodedata.normalize(on_disk, name)}.txt")
    entry = ENTRY.format(f"{unicodedata.normalize(written, name)}.txt", "metadata_only")
    say(seeds, entry + 'license = "MIT"\n')
    assert sorted(policies(seeds).values()) == ["full", "metadata_only"]
    read = ingest.read_seeds(seeds)
    assert (sorted(read.documents["license"]), read.faults) == (["LicenseRef-unknown", "MIT"], [])


def test_a_folder_is_all_below_it_and_the_nearest_entry_holds(seeds):
    (seeds / "sub" / "in").mkdir(parents=True)
    for number, name in enumerate(("sub/a", "sub/b", "sub/in/c", "subway")):
        (seeds / f"{name}.txt").write_text(f"Looms weave {number} flowers.\n")
    entry = ENTRY.format("sub", "metadata_only") + 'license = "MIT"\n'
    say(seeds, entry + ENTRY.format("sub/b.txt", "full") + 'license = "CC0-1.0"\n')
    documents = ingest.read_seeds(seeds).documents
    said = {
        path: (word, terms) for path, word, terms in documents.select("path", "policy", "license").iter_rows()
    }
    assert said["sub/a.txt"] == said["sub/in/c.txt"] == ("metadata_only", "MIT")
    assert said["sub/b.txt"] == ("full", "CC0-1.0")
    assert said["subway.txt"] == ("full", "LicenseRef-unknown")


def test_a_page_and_a_folder_of_an_archive_are_withheld(seeds):
    for file in seeds.iterdir():
        file.unlink()
    with zipfile.ZipFile(seeds / "all.zip", "w") as archive:
        for name in ("a/b.txt", "a/c.txt", "d.txt", "e.txt"):
            archive.writestr(name, f"Looms weave {name} flowers.\n")
    say(seeds, ENTRY.format("all.zip#a", "metadata_only") + ENTRY.format("all.zip#d.txt", "metadata_only"))
    words = {path.removeprefix("all.zip#"): word for path, word in policies(seeds).items()}
    assert words == {"a/b": "metadata_only", "a/c": "metadata_only", "d": "metadata_only", "e": "full"}


@pytest.mark.parametrize(
    "said", ['[dataset]\npolicy = "metadata_only"\n', ENTRY.format("in", "metadata_only")]
)
def test_files_above_and_below_the_seeds_hold_too(said, seeds):
    (seeds / "in" / "deep").mkdir(parents=True)
    for file in seeds.glob("*.txt"):
        file.rename(seeds / "in" / "deep" / file.name)
    say(seeds, said)
    for place in (seeds / "in", seeds / "in" / "deep", seeds / "in" / "deep" / "thread_reader.txt"):
        assert set(policies(place).values()) == {"metadata_only"}
    assert local.inputs(seeds / "in").keys() >= {"../seeds.toml"}
    say(seeds, "")
    (seeds / "in" / "other.txt").write_text("Looms weave flowers.\n")
    say(seeds / "in" / "deep", '[dataset]\npolicy = "metadata_only"\n')
    assert {name for name, word in policies(seeds).items() if word == "full"} == {"in/other"}
    say(seeds / "in" / "deep", 'policy = "metadata_only"\n')
    with pytest.raises(ingest.IngestError, match=r"in/deep/seeds\.toml: policy"):
        ingest.read_seeds(seeds)


def test_a_link_to_what_is_withheld_is_withheld(seeds, tmp_path):
    (tmp_path / "held").mkdir()
    (seeds / "thread_reader.txt").rename(tmp_path / "held" / "page.txt")
    (seeds / "thread_reader.txt").symlink_to(tmp_path / "held" / "page.txt")
    say(tmp_path / "held", ENTRY.format("page.txt", "metadata_only"))
    assert policies(seeds) == {"nostr_profile": "full", "thread_reader": "metadata_only"}


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
    ("table", "column"),
    [("records", "text"), ("segments", "text"), ("segments", "title"), ("documents", "extracted_text")],
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
