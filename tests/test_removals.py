"""What was asked out comes out in no later release, by whatever name, path or copy it comes back."""

import gzip
import hashlib
import json
import shutil
import unicodedata
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from click.testing import CliRunner

from pipeline import HOME, cli, ingest, release, removals, verify
from pipeline.definitions import Folders, build_defs
from pipeline.engine import local
from pipeline.release import differences, manifest, root
from tests.tables import make_tables

# A page of the kind nostr_profile: its records are by whom they say, and link nowhere.
POST = "{author}'s avatar\n\n{author} {age} ago\n\n{text}\n\n"
# Of twenty words and more: a shorter text may be anybody's, and is known by its author alone.
ADA = (
    "Looms weave flowers in silk while engines weave numbers into tables that nobody reads at night, she wrote "
    "in a letter to a friend of hers."
)
BOB = (
    "Cards carry patterns from one machine to another and nobody asks who punched the holes in them, said he, "
    "and least of all the owners of the mill."
)
EVE = (
    "Threads break at the worst of times and every weaver knows how to tie them without stopping a whole mill, "
    "which no book has ever taught anyone."
)
MIA = (
    "Bobbins turn and turn until the yarn is full and then a child comes to change them, barefoot on the oily "
    "boards between the rows."
)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Write two pages, of three authors, and publish them."""
    home = tmp_path_factory.mktemp("home")
    seeds = home / "seeds"
    seeds.mkdir()
    write(seeds / "a.txt", ("Ada Éclair", ADA), ("Bob", BOB))
    write(seeds / "b.txt", ("Eve", EVE), ("Bob", BOB))
    (seeds / "seeds.toml").write_text(
        '[[seed]]\npath = "a.txt"\nsource_url = "https://www.example.org/looms/a?x=1"\nsite = "a mill"\n'
    )
    publish(home)
    return home


@pytest.fixture
def home(published, tmp_path):
    """Copy the pages and what is published of them: who publishes them as they are finds it unchanged."""
    return Path(shutil.copytree(published, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def unpublished(published, tmp_path):
    """Copy the pages alone."""
    shutil.copytree(published / "seeds", tmp_path / "seeds")
    return tmp_path


def write(path, *posts):
    """Write a page of posts."""
    path.write_text("".join(POST.format(author=author, age="2 days", text=text) for author, text in posts))


def publish(home, name="mill"):
    """Run the pipeline as the command does."""
    asked_out = removals.standing(home / "dist")
    return local.release(
        local.build(home / "seeds", asked_out=asked_out), home / "seeds", home / "dist", name
    )


def dehusk(home, *arguments):
    """Run a command on the dataset."""
    asked = [str(argument) for argument in arguments]
    outcome = CliRunner().invoke(cli.main, [*asked, "--out", str(home / "dist")])
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.output


def ask_out(home, *arguments):
    """Ask something out; it has to succeed."""
    code, said = dehusk(home, "remove", "--dataset", "mill", "--reason", "asked by letter", *arguments)
    assert code == 0, said
    return said


def everything(folder):
    """Return what all files below a folder hold, unpacked."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".gz":
            found.append(gzip.decompress(path.read_bytes()).decode())
        elif path.suffix == ".parquet":
            found.append(pl.read_parquet(path, glob=False).write_ndjson())
        elif path.is_file():
            found.append(path.read_bytes().decode(errors="replace"))
    return "\n".join(found)


def authors(made):
    """Return who wrote what is in a release."""
    return sorted(release.read(made.folder).records["author"])


def record_of(made, author):
    """Return the record of an author."""
    return release.read(made.folder).records.filter(pl.col("author") == author)["record_id"][0]


def test_the_pages_hold_what_these_tests_rely_on(home):
    made = publish(home)
    assert authors(made) == ["Ada Éclair", "Bob", "Eve"]
    assert ADA in everything(made.folder)


SPELT = ["ada éclair", "@ADA ÉCLAIR", unicodedata.normalize("NFD", "Ada Éclair"), " Ada  Éclair "]


@pytest.mark.parametrize("spelt", SPELT)
def test_an_author_goes_however_the_name_is_spelt(spelt, home):
    first = publish(home)
    assert "v1.0.0 has 1 record of it" in ask_out(home, "--author", spelt)
    made = publish(home)
    assert (made.version, authors(made)) == ("v1.1.0", ["Bob", "Eve"])
    said = everything(made.folder)
    assert ADA not in said
    assert "Éclair" not in said
    assert BOB in said
    tables = release.read(made.folder)
    [row] = tables.removed.filter(pl.col("reason") == "opt_out").to_dicts()
    assert row["record_id"] == record_of(first, "Ada Éclair")
    assert [row[name] for name in ("title", "author", "handle", "published_raw", "message")] == [None] * 5
    assert row["byte_end"] > row["byte_start"]
    [diff] = made.folder.glob("diff/from-v1.0.0")
    [change] = differences.read_rows(diff)[0].to_dicts()
    assert (change["change"], change["reason"], change["record_id"]) == (
        "removed",
        "opt_out",
        row["record_id"],
    )
    assert ADA not in everything(diff)


def test_the_list_holds_no_text_and_no_name(home):
    made = publish(home)
    ask_out(home, "--author", "Ada Éclair", "--date", "2026-01-02")
    lines = [json.loads(line) for line in (home / "dist" / "mill" / removals.NAME).read_text().splitlines()]
    said = {"selector", "sha256", "reason", "date"}
    assert {line["selector"]: set(line) - said for line in lines} == {
        "author": set(), "id": set(), "text": {"sketch"},
    }  # fmt: skip
    told = {line["selector"]: line["sha256"] for line in lines}
    assert told["author"] == hashlib.sha256("ada éclair".encode()).hexdigest()
    assert told["id"] == hashlib.sha256(record_of(made, "Ada Éclair").encode()).hexdigest()
    assert told["text"] == hashlib.sha256(ADA.encode()).hexdigest()
    assert {line["date"] for line in lines} == {"2026-01-02"}


def test_a_record_goes_from_every_page_and_does_not_come_back_changed(home):
    made = publish(home)
    ask_out(home, "--id", record_of(made, "Bob"))
    made = publish(home)
    assert authors(made) == ["Ada Éclair", "Eve"]
    assert BOB not in everything(made.folder)
    assert release.read(made.folder).removed.filter(pl.col("reason") == "opt_out").height == 2
    # In a file of another name, by another name, and with a word more beside the text itself: a near copy of it.
    (home / "seeds" / "b.txt").unlink()
    write(home / "seeds" / "c.txt", ("Robert", BOB), ("Rob", f"{BOB} Indeed."))
    made = publish(home)
    assert authors(made) == ["Ada Éclair"]
    assert "who punched the holes" not in everything(made.folder)


def test_an_author_is_kept_out_of_what_comes_later(home):
    publish(home)
    ask_out(home, "--author", "Zoe")
    write(
        home / "seeds" / "z.txt",
        ("Zoe", "Words that nobody has seen before of a person who asked not to be seen."),
    )
    made = publish(home)
    assert "Zoe" not in authors(made)
    assert "nobody has seen before" not in everything(made.folder)


@pytest.mark.parametrize(
    "asked",
    [("--source", "a.txt"), ("--url", "http://example.org/looms/a?x=1#top"), ("--url", "example.org"),
     ("--url", "https://www.EXAMPLE.org/looms/")],
)  # fmt: skip
def test_a_page_goes_and_what_leads_to_it(asked, home):
    first = publish(home)
    known = release.read(first.folder).documents.filter(pl.col("path") == "a.txt")["document_id"][0]
    ask_out(home, *asked)
    made = publish(home)
    # Bob's post stood there too, and on another page: its copy goes with it.
    assert authors(made) == ["Eve"]
    row = release.read(made.folder).documents.filter(pl.col("document_id") == known).row(0, named=True)
    assert (row["source_url"], row["site"], row["n_records"]) == (None, None, 0)
    assert row["path"] == known
    said = everything(made.folder)
    assert "example.org" not in said
    assert "a.txt" not in said
    # The same file under another name, and without what seeds.toml said of it.
    (home / "seeds" / "a.txt").rename(home / "seeds" / "y.txt")
    (home / "seeds" / "seeds.toml").unlink()
    assert authors(publish(home)) == ["Eve"]


def test_a_page_elsewhere_is_not_meant(home):
    publish(home)
    for address in ("example.com", "example.org/loom", "ample.org", "example.org/looms/a/b", "org"):
        assert "no version that stands has any" in ask_out(home, "--url", address)
    assert authors(publish(home)) == ["Ada Éclair", "Bob", "Eve"]


def test_the_ledger_stays_whole(home):
    first = publish(home)
    spans = release.read(first.folder).spans
    ask_out(home, "--author", "Ada Éclair")
    made = publish(home)
    places = ["document_id", "byte_start", "byte_end", "role", "record_id"]
    assert release.read(made.folder).spans.select(places).equals(spans.select(places))


def test_another_dataset_and_another_name_keep_it_out_too(home):
    publish(home)
    ask_out(home, "--author", "Eve")
    made = publish(home, "other-name")
    assert "Eve" not in authors(made)


def test_tables_made_before_are_refused_at_the_gate(home):
    tables = local.build(home / "seeds")
    first = publish(home)
    before = {path: path.read_bytes() for path in first.folder.rglob("*") if path.is_file()}
    for asked in (("--author", "Eve"), ("--source", "a.txt")):
        ask_out(home, *asked)
        with pytest.raises(
            release.PublishError, match=r"was asked out, see removals.jsonl.*Nothing was published"
        ):
            local.release(tables, home / "seeds", home / "dist", "mill")
    assert before == {path: path.read_bytes() for path in first.folder.rglob("*") if path.is_file()}
    assert [path.name for path in first.folder.parent.glob("v*")] == ["v1.0.0"]


def test_nobody_asked_out_changes_nothing(home):
    publish(home)
    ask_out(home, "--author", "Nobody")
    assert not publish(home).changed


def test_speakers_and_joint_authors_are_authors():
    tables = make_tables()
    asked: removals.Removals = {"author": frozenset({removals.digest("author", "Ada")})}
    none = pl.Series([], dtype=pl.String)

    def found(records, segments):
        return len(removals.find(records, segments, none, asked))

    plain = tables.records.with_columns(author=pl.lit(None, pl.String))
    assert found(plain, tables.segments) == 0
    for joint in ("Ada and Bob", "Bob & Ada", "Bob, Ada", "织、Ada"):
        assert found(plain.with_columns(author=pl.lit(joint)), tables.segments) == 4
    for other in ("Adam", "Sandy Adams", "Nevada"):
        assert found(plain.with_columns(author=pl.lit(other)), tables.segments) == 0
    assert found(plain, tables.segments.with_columns(speaker=pl.lit("ADA"))) == 4
    assert found(plain.with_columns(handle=pl.lit("ada")), tables.segments) == 4


# The command -------------------------------------------------------------------------------------


def test_what_was_asked_out_is_listed(home):
    publish(home)
    ask_out(home, "--author", "Eve")
    said = ask_out(home, "--author", "eve")
    assert "0 new tombstones" in said
    code, said = dehusk(home, "remove", "--list", "--dataset", "mill")
    assert code == 0
    assert hashlib.sha256(b"eve").hexdigest()[:20] in said
    assert "3 tombstones" in said


@pytest.mark.parametrize("reason", ["Eve asked", "as eve wished", "of two\nlines", "x" * 201, " "])
def test_a_reason_that_says_too_much_is_refused(reason, home):
    publish(home)
    code, said = dehusk(home, "remove", "--dataset", "mill", "--author", "Eve", "--reason", reason)
    assert code == cli.UNUSABLE
    assert "--reason" in said
    assert (home / "dist" / "mill" / removals.NAME).read_text() == ""


@pytest.mark.parametrize("epoch", ["99999999999999999", "soon"])
def test_a_day_that_is_none_is_refused(epoch, home, monkeypatch):
    publish(home)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    code, said = dehusk(home, "remove", "--dataset", "mill", "--author", "Eve", "--reason", "x")
    assert code != 0
    assert "SOURCE_DATE_EPOCH" in said


@pytest.mark.parametrize("left", [None, ""])
def test_a_lost_list_is_no_reason_to_publish_what_it_named(left, home):
    publish(home)
    ask_out(home, "--author", "Eve")
    publish(home)
    path = home / "dist" / "mill" / removals.NAME
    path.unlink()
    if left is not None:
        path.write_text(left)
    with pytest.raises(release.PublishError, match=r"removals.jsonl.*restore it.*Nothing was published"):
        publish(home)
    assert not path.exists() or path.read_text() == ""


def test_a_command_without_a_request_or_a_reason_says_what_to_say(home):
    publish(home)
    assert dehusk(home, "remove", "--reason", "x", "--dataset", "mill")[0] == cli.UNUSABLE
    assert dehusk(home, "remove", "--author", "Eve", "--dataset", "mill")[0] == cli.UNUSABLE
    assert dehusk(home, "remove", "--author", "Eve", "--reason", "x", "--dataset", "none")[0] == cli.UNUSABLE


# Withdrawing --------------------------------------------------------------------------------------


def index(home):
    """Return the index."""
    return json.loads((home / "dist" / "mill" / root.INDEX).read_text())


def test_a_version_is_withdrawn_openly_and_the_one_before_is_the_latest(home):
    publish(home)
    ask_out(home, "--author", "Eve")
    second = publish(home)
    before = manifest.read(second.folder)
    code, said = dehusk(
        home, "withdraw", "1.1.0", "--reason", "a wrong | page", "--date", "2026-02-03", "--dataset", "mill"
    )
    assert (code, "the latest is v1.0.0" in said) == (0, True)
    newest = index(home)["versions"][0]
    assert index(home)["latest"] == "v1.0.0"
    assert (newest["status"], newest["reason"], newest["withdrawn"]) == (
        "withdrawn",
        "a wrong | page",
        "2026-02-03",
    )
    mark = json.loads((second.folder / "WITHDRAWN.json").read_text())
    assert mark == {
        "version": "v1.1.0",
        "reason": "a wrong | page",
        "date": "2026-02-03",
        "is_deleted": False,
    }
    assert manifest.differs(second.folder) is None
    assert manifest.read(second.folder) == before
    card = (home / "dist" / "mill" / "README.md").read_text()
    assert "v1.0.0/records" in card
    assert r"| v1.1.0 | 2026-02-03 | a wrong \| page | kept |" in card
    assert "Withdrawn on 2026-02-03" in (home / "dist" / "mill" / "CHANGELOG.md").read_text()
    assert "Withdrawn" in (home / "dist" / "mill" / "index.html").read_text()


def test_the_next_number_follows_the_newest_that_was_and_the_next_differs_from_what_stands(home):
    publish(home)
    write(
        home / "seeds" / "c.txt",
        ("Mia", MIA),
    )
    publish(home)
    assert dehusk(home, "withdraw", "v1.1.0", "--reason", "x", "--delete", "--dataset", "mill")[0] == 0
    with pytest.raises(
        release.PublishError, match=r"these rows are those of v1\.1\.0, which was withdrawn \(x\)"
    ):
        publish(home)
    ask_out(home, "--author", "Mia")
    made = publish(home)
    assert (made.version, made.previous) == ("v1.2.0", "v1.0.0")
    assert "| v1.1.0 |" in (home / "dist" / "mill" / "README.md").read_text()
    assert index(home)["latest"] == "v1.2.0"


def test_deleting_leaves_what_tells_what_it_was(home):
    first = publish(home)
    ask_out(home, "--author", "Eve")
    publish(home)
    told = manifest.read(first.folder)
    assert dehusk(home, "withdraw", "v1.0.0", "--reason", "x", "--dataset", "mill")[0] == 0
    assert EVE in everything(home / "dist")
    mark = (first.folder / "WITHDRAWN.json").read_bytes()
    for again in (["--reason", "again"], ["--reason", "x"], ["--reason", "again", "--delete"]):
        code, said = dehusk(home, "withdraw", "v1.0.0", *again, "--dataset", "mill")
        refused = f"v1.0.0 is withdrawn since {json.loads(mark)['date']} (x), and what was published of it stays; do: "
        assert (code, refused in said) == (cli.UNUSABLE, True)
    assert (first.folder / "WITHDRAWN.json").read_bytes() == mark
    assert dehusk(home, "withdraw", "v1.0.0", "--delete", "--dataset", "mill")[0] == 0
    assert sorted(path.name for path in first.folder.iterdir()) == [
        "SHA256SUMS", "WITHDRAWN.json", "manifest.json", "schema",
    ]  # fmt: skip
    assert manifest.read(first.folder) == told
    assert EVE not in everything(home / "dist")
    assert json.loads((first.folder / "WITHDRAWN.json").read_text()) == json.loads(mark) | {
        "is_deleted": True
    }
    assert not publish(home).changed
    write(
        home / "seeds" / "c.txt",
        ("Mia", MIA),
    )
    assert publish(home).version == "v1.2.0"


def test_all_versions_may_be_withdrawn(home):
    publish(home)
    assert "none" in dehusk(home, "withdraw", "v1.0.0", "--reason", "x", "--delete", "--dataset", "mill")[1]
    assert index(home)["latest"] is None
    card = (home / "dist" / "mill" / "README.md").read_text()
    assert "Every version of this dataset was withdrawn" in card
    assert card.startswith("---\n")
    assert "v1.0.0/records" not in card
    with pytest.raises(release.PublishError, match=r"those of v1\.0\.0, which was withdrawn"):
        publish(home)
    ask_out(home, "--author", "Eve")
    made = publish(home)
    assert (made.version, made.previous, authors(made)) == ("v1.1.0", None, ["Ada Éclair", "Bob"])
    for path in ("README.md", "index.html", "../CHANGELOG.md", "../index.html"):
        told = " ".join((made.folder / path).read_text().split())
        assert "the first version since all before it were withdrawn" in told, path
    assert not publish(home).changed


def test_a_reason_to_withdraw_names_nobody_who_asked_out(home):
    first = publish(home)
    ask_out(home, "--author", "Bob")
    for reason in ("all that BOB wrote", "x" * 201):
        code, said = dehusk(home, "withdraw", "v1.0.0", "--reason", reason, "--dataset", "mill")
        assert (code, "--reason" in said) == (cli.UNUSABLE, True)
    assert not (first.folder / "WITHDRAWN.json").exists()
    assert dehusk(home, "withdraw", "v1.0.0", "--reason", "it bobs", "--dataset", "mill")[0] == 0


def test_a_release_of_an_older_schema_is_asked_out_and_looked_through(home):
    first = publish(home)
    new = {"records": ["text_sha256", "confidence"], "documents": ["policy", "site", "extracted_text"]}
    for name, later in new.items():
        part = first.folder / name / "part-00000.parquet"
        pl.read_parquet(part).drop(later).write_parquet(part)
    said = ask_out(home, "--author", "Eve")
    assert "v1.0.0 has 1 record of it" in said
    stones = removals.read(home / "dist" / "mill" / removals.NAME)
    assert {stone.selector for stone in stones} == {"author", "id", "text"}
    known = removals.by_selector(stones)
    assert removals.present(release.read(first.folder), known).startswith("record r_")


def test_an_id_that_was_cut_short_is_refused(home):
    publish(home)
    code, said = dehusk(home, "remove", "--id", "r_12", "--reason", "asked", "--dataset", "mill")
    assert (code, "do: dehusk explain r_12" in said) == (cli.UNUSABLE, True)


def test_a_version_that_is_not_there_cannot_be_withdrawn(home):
    publish(home)
    code, said = dehusk(home, "withdraw", "v7.0.0", "--reason", "x", "--dataset", "mill")
    assert code == cli.UNUSABLE
    assert "v7.0.0 is not there to be withdrawn; there are v1.0.0; do: " in said
    code, said = dehusk(home, "withdraw", "v1.0.0", "--dataset", "mill")
    assert (code, "say why, in a line that is published: --reason" in said) == (cli.UNUSABLE, True)


def test_a_seed_folder_that_is_read_marks_what_was_asked_out(home):
    documents = local.read(
        home / "seeds", {"source": frozenset({removals.digest("source", "./A.txt")})}
    ).documents
    assert documents.filter("is_out")["path"].to_list() == ["a.txt"]
    assert ingest.read_seeds(home / "seeds").documents["source_url"].null_count() == 1
    assert documents["source_url"].null_count() == 2


def test_verify_says_what_was_withdrawn(home):
    first = publish(home)
    ask_out(home, "--author", "Eve")
    publish(home)
    assert verify.of_version(first.folder).fault is None
    dehusk(home, "withdraw", "v1.0.0", "--reason", "wrong", "--date", "2026-02-03", "--dataset", "mill")
    verdict = verify.of_version(first.folder)
    assert (verdict.fault, verdict.notes[0]) == (None, "withdrawn since 2026-02-03: wrong")
    assert [told.fault for told in verify.of_dataset(first.folder.parent)] == [None, None]
    stats = first.folder / "stats.json"
    whole = stats.read_bytes()
    stats.write_bytes(whole.replace(b"1", b"2", 1))
    assert verify.of_dataset(first.folder.parent)[-1].fault.startswith("v1.0.0: stats.json has the SHA-256")
    stats.write_bytes(whole)
    (first.folder.parent / ".hidden").write_text("x")
    assert verify.of_dataset(first.folder.parent)[-1].fault == ".hidden is here, and is no part of a dataset"
    (first.folder.parent / ".hidden").unlink()
    dehusk(home, "withdraw", "v1.0.0", "--reason", "wrong", "--delete", "--dataset", "mill")
    told = "it is withdrawn since 2026-02-03 (wrong), and its files were deleted"
    assert verify.of_version(first.folder).fault == told
    assert [told.fault for told in verify.of_dataset(first.folder.parent)] == [None]
    dehusk(home, "withdraw", "v1.1.0", "--reason", "wrong too", "--delete", "--dataset", "mill")
    assert not [told.fault for told in verify.of_dataset(first.folder.parent) if told.fault]


def test_dagster_keeps_out_what_was_asked_out(home):
    first = publish(home)
    ask_out(home, "--author", "Eve")
    (home / "seeds" / "seeds.toml").write_text('[dataset]\nname = "mill"\n')
    folders = Folders(seeds=str(home / "seeds"), out=str(home / "dist"))
    job = build_defs({"folders": folders}).resolve_job_def("build_release")
    result = job.execute_in_process(instance=dg.DagsterInstance.ephemeral(), raise_on_error=False)
    assert result.success
    tables = release.read(first.folder.parent / "v1.1.0")
    assert sorted(tables.records["author"]) == ["Ada Éclair", "Bob"]
    assert tables.removed.filter(pl.col("reason") == "opt_out")["author"].to_list() == [None]


# Texts that a release carries whole -----------------------------------------------------------------

PAGE = (
    '<!doctype html><html><head><title>On copper kettles</title><meta name="author" content="{author}"></head><body>'
    '<nav><a href="/">Home</a></nav><article><h1>On {subject}</h1><p class="byline">By {author}</p>'
    "<p>{text}</p><p>{more}</p></article></body></html>"
)
MORE = "What else there was to say of it has been said long ago and by better people than those who ask for it now."


def as_html(folder, posts):
    """Write a page for each post."""
    for n, (author, text) in enumerate(posts):
        page = PAGE.format(author=author, text=text, more=f"{author[:1]}. {MORE}", subject=f"Subject {n}")
        (folder / f"p{n}.html").write_text(page)


def as_mbox(folder, posts):
    """Write a mail for each post."""
    mails = (
        f"From someone@mail.example Mon Dec 15 12:00:00 2025\nFrom: {author} <{author.lower()}@mail.example>\n"
        f"Message-ID: <{n}@mail.example>\nSubject: On subject {n}\n"
        f"Date: Mon, 15 Dec 2025 12:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
        for n, (author, text) in enumerate(posts)
    )
    (folder / "box.mbox").write_text("".join(mails))


def as_jsonl(folder, posts):
    """Write a line for each post, its page as HTML."""
    lines = [
        {"id": f"{author}-{n}", "url": f"https://{author.lower()}.example/{n}", "author": author,
         "text": PAGE.format(author=author, text=text, more=f"{author[:1]}. {MORE}", subject=f"Subject {n}")}
        for n, (author, text) in enumerate(posts)
    ]  # fmt: skip
    (folder / "lines.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.mark.parametrize("write_as", [as_html, as_mbox, as_jsonl])
@pytest.mark.parametrize("selector", ["author", "id"])
def test_a_text_that_was_extracted_does_not_hold_what_was_asked_out(write_as, selector, tmp_path):
    (tmp_path / "seeds").mkdir()
    write_as(tmp_path / "seeds", [("Zora", ADA), ("Bob", BOB), ("Mia", MIA)])
    first = publish(tmp_path)
    before = release.read(first.folder).documents
    assert ADA[:60] in everything(first.folder)
    assert before["extracted_text"].str.contains(ADA[:60], literal=True).any()
    ask_out(tmp_path, f"--{selector}", "Zora" if selector == "author" else record_of(first, "Zora"))
    made = publish(tmp_path)
    held = everything(made.folder).casefold()
    for words in (ADA[:40], ADA[40:80], "friend of hers", "zora"):
        assert words.casefold() not in held, words
    assert BOB[:60].casefold() in held
    after = before.join(release.read(made.folder).documents, on="document_id").drop_nulls(
        "extracted_text_right"
    )
    for old, new in after.select("extracted_text", "extracted_text_right").iter_rows():
        assert len(new.encode()) == len(old.encode())
        assert all(b in (a, 0x20) for a, b in zip(old.encode(), new.encode(), strict=True))
    assert verify.of_version(made.folder).fault is None
    assert not publish(tmp_path).changed


def test_what_stands_in_other_records_of_a_text_stays_in_its_place(tmp_path):
    (tmp_path / "seeds").mkdir()
    page = "".join(
        POST.format(author=a, age="2 days", text=t) for a, t in [("Zora", ADA), ("Bob", BOB), ("Éva", MIA)]
    )
    as_mbox(tmp_path / "seeds", [("Someone", page)])
    first = publish(tmp_path)
    assert authors(first) == ["Bob", "Zora", "Éva"]
    ask_out(tmp_path, "--id", record_of(first, "Zora"))
    made = publish(tmp_path)
    [text] = release.read(made.folder).documents["extracted_text"]
    assert ADA[:20] not in everything(made.folder)
    assert "Zora" not in everything(made.folder)
    for start, end, words in (
        release.read(made.folder).records.select("byte_start", "byte_end", "text").iter_rows()
    ):
        assert words in text.encode()[start:end].decode()


def test_stats_name_documents_without_their_texts(tmp_path):
    (tmp_path / "seeds").mkdir()
    as_html(tmp_path / "seeds", [("Bob", BOB)])
    stats = (publish(tmp_path).folder / "stats.json").read_text()
    assert "p0.html" in stats
    assert BOB[60:] not in stats


def test_tables_that_hold_the_words_in_a_text_are_refused(tmp_path):
    (tmp_path / "seeds").mkdir()
    as_jsonl(tmp_path / "seeds", [("Zora", ADA), ("Bob", BOB)])
    first = publish(tmp_path)
    whole = local.build(tmp_path / "seeds").documents["extracted_text"]
    ask_out(tmp_path, "--author", "Zora")
    tables = local.build(tmp_path / "seeds", asked_out=removals.standing(tmp_path / "dist"))
    leaky = tables._replace(documents=tables.documents.with_columns(whole))
    with pytest.raises(release.PublishError, match=r"shows in extracted_text .*Nothing was published"):
        local.release(leaky, tmp_path / "seeds", tmp_path / "dist", "mill")
    assert [path.name for path in first.folder.parent.glob("v*")] == ["v1.0.0"]
    source = tables.documents.with_columns(source_url=pl.lit("https://zora.example/0"))
    with pytest.raises(release.PublishError, match="says where it was found"):
        local.release(tables._replace(documents=source), tmp_path / "seeds", tmp_path / "dist", "mill")


# As a program of messages prints names: a tilde and a narrow blank before whom it does not know, a number within
# marks of direction.
TALK = (
    "[15/12/2025, 07:30:00] ~\u202fBen Other: Good evening, have you seen the {thing} tools at the fair this season?\n"
    "[15/12/2025, 07:31:00] {name}: The {thing} is selling badly and nobody wants any of it today.\n"
    "[15/12/2025, 07:32:00] ~\u202fBen Other: That is sad to hear, please keep two of them for me anyway.\n"
    "[15/12/2025, 07:33:00] {name}: I shall keep the {thing} at home, in the usual cupboard there.\n"
)


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("Zeb Unwanted", "~\u202fZeb Unwanted"),
        ("+44 20 7946 0000", "\u202a+44\u00a020\u00a07946\u00a00000\u202c"),
    ],
)
def test_a_speaker_goes_as_a_chat_prints_the_name(asked, printed, unpublished):
    home = unpublished
    talk = TALK.format(name=printed, thing="pumpernickel")
    (home / "seeds" / "chat.txt").write_text(talk)
    (home / "seeds" / "other.txt").write_text(TALK.format(name="~\u202fZoe", thing="marzipan"))
    publish(home)
    assert "v1.0.0 has 1 record" in ask_out(home, "--author", asked)
    made = publish(home)
    said = everything(made.folder)
    for words in ("pumpernickel", "Unwanted", "7946"):
        assert words not in said
    assert "marzipan" in said


# Texts that come back when the original is not among the seeds any more ------------------------------

PRESS = (
    "In the café by the river the old printer told us how his press came over the mountains in the winter of the "
    "great flood, packed in straw and pulled by four oxen.\n\nHe had bought it from a widow who did not know its "
    "worth, and he kept the bill in a drawer until the day the soldiers took the drawer, the bill and half of his type."
)
QUINCE = (
    "Seven recipes for quince jelly survive in the hand of the abbess, and in the margin of the fourth she notes that "
    "the résumé of the method of her predecessor is a lie from end to end.\n\nThe true method, she writes, wants rain "
    "water, three days of patience, and a copper pan that has never held fish, which rules out every pan but one."
)


def article(author, text):
    """Write an article with, or without, a line that says who wrote it."""
    byline = f"author: {author}\n" if author else ""
    return f"---\ntitle: On old things\n{byline}date: 2024-05-02\n---\n\n{text}\n"


def nfd(text):
    """Write a text decomposed."""
    return unicodedata.normalize("NFD", text)


CHANGED = {
    "decomposed": nfd(article(None, PRESS)),
    "with other ends of lines": article(None, PRESS).replace("\n", "\r\n"),
    "a word changed": article(None, PRESS.replace("four oxen", "six oxen")),
    "a word changed, under a name that cannot be seen through": article(
        "Z\u200beb", PRESS.replace("four oxen", "six oxen")
    ),
    "zero-width space": article("Somebody Else", PRESS.replace("printer", "prin\u200bter")),
}


def test_a_text_does_not_come_back_changed_when_the_original_is_gone(unpublished):
    home = unpublished
    (home / "seeds" / "press.md").write_text(article("Zeb", PRESS))
    (home / "seeds" / "quince.md").write_text(article("Zeb", QUINCE))
    first = publish(home)
    press = release.read(first.folder).records.filter(pl.col("text").str.contains("printer"))
    ask_out(home, "--id", press["record_id"][0])
    (home / "seeds" / "press.md").unlink()
    for n, text in enumerate(CHANGED.values()):
        folder = home / f"seeds{n}"
        folder.mkdir()
        (folder / "back.md").write_bytes(text.encode())
        (folder / "quince.md").write_text(article("Zeb", QUINCE))
    for n, how in enumerate(CHANGED):
        tables = local.build(home / f"seeds{n}", asked_out=removals.standing(home / "dist"))
        assert tables.records["author"].to_list() == ["Zeb"], how
        assert tables.records["text"].str.contains("quince").all(), how
        assert removals.present(tables, removals.standing(home / "dist")) is None
        untouched = local.build(home / f"seeds{n}", asked_out={})
        assert untouched.records.height == 2, how
        assert "was asked out" in removals.present(untouched, removals.standing(home / "dist")), how


def test_a_text_of_the_first_lists_is_known_by_its_own_bytes(unpublished):
    home = unpublished
    (home / "seeds" / "press.md").write_text(article("Zeb", PRESS))
    told = release.read(publish(home).folder).records.filter(pl.col("author") == "Zeb")
    sha256 = hashlib.sha256(told["text"][0].encode()).hexdigest()
    assert sha256 == told["text_sha256"][0]
    stone = removals.Tombstone(selector="text", sha256=sha256, reason="asked", date="2026-01-02")
    line = f'{{"selector":"text","sha256":"{sha256}","reason":"asked","date":"2026-01-02"}}\n'
    assert removals.render([stone]) == line
    (home / "dist" / "mill" / removals.NAME).write_text(line)
    assert authors(publish(home)) == ["Ada Éclair", "Bob", "Eve"]


def test_records_that_quote_what_was_asked_out_are_named_and_stay(unpublished):
    home = unpublished
    (home / "seeds" / "press.md").write_text(article("Zeb", PRESS))
    quoting = (
        f"{QUINCE}\n\nAs a friend of mine has it: “{PRESS.partition(chr(10))[0]}” And so it is, I should say."
    )
    (home / "seeds" / "quince.md").write_text(article("Ina", quoting))
    first = publish(home)
    said = ask_out(home, "--author", "Zeb")
    assert f"words of it in 1 record of others, left in: {record_of(first, 'Ina')}\n" in said
    assert authors(publish(home)) == ["Ada Éclair", "Bob", "Eve", "Ina"]
    assert "of others" not in ask_out(home, "--author", "Bob")


@pytest.mark.parametrize(
    "asked",
    [
        ("--source", "zora-at-home-again.md"),
        ("--source", "zora-at-home.md"),
        ("--url", "zora.example"),
        ("--author", "Zora"),
    ],
)
def test_a_file_of_which_nothing_is_left_is_not_named_anywhere(asked, unpublished):
    home = unpublished
    page = article("Zora", PRESS).replace("title:", "source_url: https://zora.example/1\ntitle:")
    (home / "seeds" / "zora-at-home.md").write_text(page)
    (home / "seeds" / "zora-at-home-again.md").write_text(page)
    first = publish(home)
    [known] = release.read(first.folder).documents.filter(pl.col("path").str.contains("zora"))["document_id"]
    assert "zora-at-home" in everything(first.folder)
    ask_out(home, *asked)
    made = publish(home)
    assert authors(made) == ["Ada Éclair", "Bob", "Eve"]
    said = everything(made.folder)
    assert "zora" not in said.casefold()
    assert not list(made.folder.rglob("*zora*"))
    assert known in release.read(made.folder).documents["path"]
    assert known in (made.folder / "diff" / "from-v1.0.0" / "summary.json").read_text()
    assert verify.of_version(made.folder).fault is None
    assert not publish(home).changed
    named = local.build(home / "seeds").documents.select("document_id", named="path")
    tables = local.build(home / "seeds", asked_out=removals.standing(home / "dist"))
    leaky = tables.documents.join(named, on="document_id").with_columns(path="named").drop("named")
    told = removals.present(tables._replace(documents=leaky), removals.standing(home / "dist"))
    assert "says where it was found" in told


def test_pages_with_labels_are_scored_where_another_is_not_named_any_more(tmp_path):
    seeds = sorted((HOME / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)[:2]
    for folder, files in (("seeds", seeds), ("gold", [local.GOLD / f"{path.stem}.jsonl" for path in seeds])):
        (tmp_path / folder).mkdir()
        for path in files:
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    asked: removals.Removals = {"source": frozenset({removals.digest("source", seeds[0].name)})}
    tables = local.build(tmp_path / "seeds", asked_out=asked)
    scores = local.score(tables, tmp_path / "gold")
    assert scores.filter(pl.col("path").str.contains(seeds[1].stem)).height
    assert not scores.filter(pl.col("path").str.contains(seeds[0].stem)).height
