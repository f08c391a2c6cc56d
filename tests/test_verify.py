"""`verify`: whatever is done to a release, it says the first thing that is wrong; it takes the folder alone."""

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import release, removals, verify
from pipeline.release import digest, folder, jsonl, manifest, parquet, provenance, root, signing
from pipeline.release.arrange import arrange
from tests.tables import PAGES, make_tables
from tests.test_cli import dehusk

HERE = Path(__file__).parents[1]
INPUTS = {"uv.lock": "1" * 64, **provenance.maker()}
ANOTHER = INPUTS | {"code": {"pipeline": {"gitTree": "0" * 40}}}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Publish two versions; return the dataset's folder, which no test changes."""
    dist = tmp_path_factory.mktemp("dist")
    release.publish(make_tables(), dist, inputs=INPUTS)
    return release.publish(make_tables(PAGES | {"c.txt": ["Cards."]}), dist, inputs=INPUTS).folder.parent


@pytest.fixture
def home(sound, tmp_path):
    """Copy the dataset, to be harmed."""
    return Path(shutil.copytree(sound, tmp_path / "dataset"))


@pytest.fixture
def version(home):
    return home / "v1.1.0"


def fault(version, key=None):
    return verify.of_version(version, key).fault


def make_sums_again(version):
    """Do what a careful forger does: make the sums and the manifest fit the files, and nothing else."""
    head = manifest.head(manifest.read(version))
    manifest.write_sums(version)
    manifest.write(version, head)


def change(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def test_a_sound_version_and_dataset_hold(sound):
    verdict = verify.of_version(sound / "v1.1.0")
    assert (verdict.fault, verdict.notes) == (None, ("not signed",))
    assert [str(one).split(" holds")[0] for one in verify.of_dataset(sound)] == [
        "dataset v1.1.0",
        "dataset v1.0.0",
    ]


def test_the_folder_alone_in_an_empty_directory_is_enough(sound, tmp_path):
    shutil.copytree(sound / "v1.1.0", tmp_path / "v1.1.0")
    code = f"import sys; sys.path.insert(0, {str(HERE)!r}); from pipeline import cli; cli.main()"
    command = [sys.executable, "-I", "-c", code, "verify", "v1.1.0"]
    done = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = manifest.read(sound / "v1.1.0")
    assert done.stdout == (
        "dataset v1.1.0 holds: 5 records, 5 segments, 3 documents, 13 spans, 1 removed\n"
        f"  data digest {told['data_digest']}\n  not signed\n"
    )


def test_a_byte_flipped_anywhere_in_any_file_is_caught(sound, tmp_path):
    version = Path(shutil.copytree(sound / "v1.1.0", tmp_path / "v1.1.0"))
    for name in manifest.files(version):
        path = version / name
        data = path.read_bytes()
        for place in sorted({0, len(data) // 3, len(data) // 2, len(data) - 1} - {-1}):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            said = fault(version)
            assert said, (name, place)
            assert name in said or name == manifest.NAME, said
        path.write_bytes(data)
    assert fault(version) is None


@given(place=st.integers(0), bit=st.integers(0, 7))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bit_of_the_manifest_can_be_changed(sound, tmp_path_factory, place, bit):
    version = tmp_path_factory.getbasetemp() / "bits" / "v1.1.0"
    if not version.exists():
        shutil.copytree(sound / "v1.1.0", version)
    data = bytearray((sound / "v1.1.0" / manifest.NAME).read_bytes())
    data[place % len(data)] ^= 1 << bit
    (version / manifest.NAME).write_bytes(data)
    assert fault(version)


def test_a_missing_file_an_extra_one_and_one_cut_short_are_named(sound, tmp_path):
    for name in manifest.files(sound / "v1.1.0"):
        version = Path(shutil.copytree(sound / "v1.1.0", tmp_path / "v1.1.0"))
        size = (version / name).stat().st_size
        if size:
            os.truncate(version / name, size // 2)
            said = fault(version)
            assert said.startswith(f"{name} has {size // 2:,} bytes, and") or name == manifest.NAME
        (version / name).unlink()
        assert fault(version).startswith(f"{name} is missing")
        shutil.rmtree(version)
    for name in ("extra.txt", "records/part-00001.parquet", ".hidden", "new/deep.txt"):
        version = Path(shutil.copytree(sound / "v1.1.0", tmp_path / "v1.1.0"))
        (version / name).parent.mkdir(exist_ok=True)
        (version / name).write_text("extra")
        assert fault(version) == f"{name} is here, and the manifest does not list it"
        shutil.rmtree(version)


def test_all_files_that_are_damaged_or_missing_are_listed(version):
    change(version / "README.md", b"Dataset", b"Datasat")
    with (version / "records" / "part-00000.parquet").open("ab") as file:
        file.write(b"more")
    (version / "stats.json").unlink()
    verdict = verify.of_version(version)
    assert [said.split()[0] for said in verdict.lines] == [
        *("stats.json", "README.md", "records/part-00000.parquet"),
    ]
    assert verdict.fault == "stats.json is missing; the manifest lists it"
    code, said = dehusk("verify", version)
    assert (code, said) == (1, f"dehusk: {version}: " + "\n  ".join(verdict.lines) + "\n")


def test_a_version_of_which_nothing_but_its_withdrawal_is_here_is_said_to_be_withdrawn(tmp_path):
    dist = tmp_path / "dist"
    for n in range(3):
        release.publish(make_tables(PAGES | {"c.txt": [f"Cards, {n} of them."]}), dist, inputs=INPUTS)
    home = dist / release.Dataset.name
    release.withdraw(home, "v1.0.0", "wrong", "2026-01-02")
    assert [path.name for path in (home / "v1.0.0").iterdir()] == [manifest.WITHDRAWN]
    told = "its files are not here; withdrawn since 2026-01-02: wrong"
    assert fault(home / "v1.0.0") == told
    assert dehusk("verify", home / "v1.0.0") == (1, f"dehusk: {home / 'v1.0.0'}: {told}\n")


def test_a_link_in_place_of_a_file_is_named(version):
    (version / "stats.json").rename(version.parent / "elsewhere.json")
    (version / "stats.json").symlink_to(version.parent / "elsewhere.json")
    assert fault(version).startswith("stats.json is a link")


def test_a_mark_that_is_no_plain_file_and_an_empty_folder_are_named(version):
    mark = version / manifest.WITHDRAWN
    for lay in (
        lambda: mark.symlink_to("/nonexistent"),
        lambda: mark.symlink_to(version / "stats.json"),
        mark.mkdir,
    ):
        lay()
        assert fault(version).startswith(manifest.WITHDRAWN)
        mark.rmdir() if mark.is_dir() else mark.unlink()
    (version / "review" / ".hidden").mkdir()
    assert fault(version) == "review/.hidden/ is here, and the manifest does not list it"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("records/part-00000.parquet", "segments/part-00000.parquet"),
        ("README.md", "stats.json"),
        ("jsonl/spans-00000.jsonl.gz", "jsonl/records-00000.jsonl.gz"),
    ],
)
def test_files_that_changed_places_are_caught(version, one, other):
    a, b = version / one, version / other
    x, y = a.read_bytes(), b.read_bytes()
    a.write_bytes(y)
    b.write_bytes(x)
    assert fault(version)


HARM = {
    "a number in the card": ("README.md", lambda v: change(v / "README.md", b"| 5 |", b"| 6 |")),
    "a word in the card": ("README.md", lambda v: change(v / "README.md", b"## How", b"## Why")),
    "a number in the statistics": ("stats.json", lambda v: change(v / "stats.json", b'"rows": 5', b'"rows": 7')),
    "a row in JSONL": (
        "jsonl/records-00000.jsonl.gz",
        lambda v: jsonl.write(
            gzip.decompress(jsonl.path_of(v, "records", 0).read_bytes()).replace(b"Looms", b"Gloom"),
            jsonl.path_of(v, "records", 0),
        ),
    ),
    "a schema": ("schema", lambda v: change(v / "schema" / "spans.schema.json", b'"int64"', b'"int32"')),
    "a chart": (
        "plots/words-by-language.svg",
        lambda v: change(v / "plots" / "words-by-language.svg", b"<title", b"<desc>9</desc><title")
    ),
    "a script": ("review/review.js", lambda v: change(v / "review" / "review.js", b"use strict", b"use strict, all")),
    "a check": ("quality.json", lambda v: change(v / "quality.json", b'"ids_unique"', b'"ids_uniqe"')),
    "a title": ("README.md", lambda v: change(v / manifest.NAME, b'"title": null', b'"title": "Looms"')),
    "an input": (provenance.NAME, lambda v: change(v / manifest.NAME, b"1" * 64, b"2" * 64)),
    "the version before": (provenance.NAME, lambda v: change(v / manifest.NAME, b'us": "v1.0', b'us": "v0.9')),
    "the provenance": (provenance.NAME, lambda v: change(v / provenance.NAME, b'"urn:dehusk"', b'"urn:another"')),
}  # fmt: skip
STATED = ("an input", "the version before", "the provenance")


@pytest.mark.parametrize("what", HARM)
@pytest.mark.parametrize("is_signed_anew", [False, True], ids=["sums", "sums-and-provenance"])
def test_a_forger_who_makes_the_sums_again_is_caught(version, what, is_signed_anew):
    where, harm = HARM[what]
    harm(version)
    make_sums_again(version)
    if is_signed_anew:
        if what in STATED:
            pytest.skip("a statement: only a signature holds it")
        (version / provenance.NAME).write_text(
            provenance.render(version, manifest.head(manifest.read(version)))
        )
        make_sums_again(version)
    said = fault(version)
    assert said
    assert is_signed_anew or where in said or what == "a title", said


def test_a_card_of_another_dehusk_is_held_by_its_provenance(tmp_path):
    version = release.build(make_tables(), tmp_path / "v1.0.0", inputs=ANOTHER)
    (version / "README.md").write_text("Another Dehusk writes other words of 4 records.\n")
    head = manifest.head(manifest.read(version))
    manifest.write_sums(version)
    (version / provenance.NAME).write_text(provenance.render(version, head))
    manifest.write(version, head)
    verdict = verify.of_version(version)
    words = "the words of its card were made by another Dehusk and could not be checked: README.md"
    assert (verdict.fault, verdict.notes[0]) == (None, words)
    change(version / "README.md", b"4", b"5")
    make_sums_again(version)
    assert fault(version).startswith("README.md has the SHA-256 ")


def test_a_chart_of_another_dehusk_that_is_no_drawing_is_noted(tmp_path):
    version = release.build(make_tables(), tmp_path / "v1.0.0", inputs=ANOTHER)
    (version / "plots" / "words-by-language.svg").write_text("<svg")
    make_sums_again(version)
    (version / provenance.NAME).write_text(provenance.render(version, manifest.head(manifest.read(version))))
    make_sums_again(version)
    verdict = verify.of_version(version)
    assert (verdict.fault, "could not be checked" in verdict.notes[0]) == (None, True)


@pytest.mark.parametrize("number", [b'"rows": ', b'"n_bytes": ', b'"bytes": ', b'"sum": '])
def test_the_statistics_of_another_dehusk_are_counted_again(tmp_path, number):
    version = release.build(make_tables(), tmp_path / "v1.0.0", inputs=ANOTHER)
    assert fault(version) is None
    path = version / "stats.json"
    path.write_bytes(re.sub(number + rb"(?=\d)", number + b"1", path.read_bytes(), count=1))
    folder.dress(version, manifest.head(manifest.read(version)))
    assert fault(version).startswith("stats.json, line ")


def test_statistics_of_another_dehusk_may_hold_more_and_less(tmp_path):
    version = release.build(make_tables(), tmp_path / "v1.0.0", inputs=ANOTHER)
    counts = manifest.read_json(version / "stats.json")
    del counts["words"], counts["tables"]["records"]["columns"]["license"], counts["documents"][0]["policy"]
    counts["documents"][1].pop("policy")
    manifest.write_json(version / "stats.json", counts | {"moons": 3})
    head = manifest.head(manifest.read(version))
    manifest.write_sums(version)
    (version / provenance.NAME).write_text(provenance.render(version, head))
    manifest.write(version, head)
    assert fault(version) is None


def test_a_version_without_provenance_is_at_fault(version):
    (version / provenance.NAME).unlink()
    make_sums_again(version)
    assert fault(version) == f"{provenance.NAME} is missing"


ROWS = {
    "stands on 2 rows": lambda t: t._replace(records=pl.concat([t.records.head(1), t.records])),
    "nowhere": lambda t: t._replace(segments=t.segments.head(1)),
    "two spans": lambda t: t._replace(
        spans=t.spans.with_columns(pl.col("byte_end") + 9 * (pl.col("role") == "chrome"))
    ),
    "another order": lambda t: t._replace(records=t.records.reverse()),
    "has": lambda t: t._replace(documents=t.documents.with_columns(n_bytes=pl.lit(3, pl.Int64))),
    "body_bytes": lambda t: t._replace(documents=t.documents.with_columns(pl.col("body_bytes") + 1)),
    "n_records": lambda t: t._replace(documents=t.documents.with_columns(n_records=pl.lit(9, pl.Int32))),
    "fortnight": lambda t: t._replace(
        records=t.records.with_columns(published_precision=pl.lit("fortnight"))
    ),
    "in another order|in two spans": lambda t: t._replace(spans=t.spans.reverse()),
}


@pytest.mark.parametrize("words", ROWS)
def test_rows_that_break_a_promise_are_caught_whatever_the_sums_say(tmp_path, words, monkeypatch):
    """All files are made by the release itself, with its own checks asleep."""
    monkeypatch.setattr(folder, "_refuse", lambda findings: findings)
    monkeypatch.setattr(folder, "arrange", lambda tables: tables)
    tables = make_tables()
    broken = ROWS[words](tables._replace(documents=tables.documents.drop("text")))
    made = broken if "order" in words else arrange(broken)
    version = release.build(made, tmp_path / "v1.0.0", inputs=INPUTS)
    said = fault(version)
    assert any(word in said for word in words.split("|")), said
    assert "\n" not in said


def test_a_type_that_schema_does_not_promise_is_caught(version):
    path = version / "spans" / "part-00000.parquet"
    frame = pl.read_parquet(path).with_columns(pl.col("byte_end").cast(pl.Int32))
    frame.write_parquet(path)
    make_sums_again(version)
    (version / provenance.NAME).write_text(provenance.render(version, manifest.head(manifest.read(version))))
    make_sums_again(version)
    assert fault(version).startswith("spans/part-00000.parquet: ")


@pytest.mark.parametrize("junk", [b"", b"PAR1", b"PAR1" + b"\0" * 50 + b"PAR1", b"\xff" * 99])
def test_junk_with_fitting_sums_is_a_fault_and_no_crash(version, junk):
    told = manifest.read(version)
    for name in [entry["path"] for entry in told["files"]]:
        kept = (version / name).read_bytes()
        (version / name).write_bytes(junk)
        fitting = {"path": name, "bytes": len(junk), "sha256": digest.of_file(version / name)}
        files = [entry | fitting if entry["path"] == name else entry for entry in told["files"]]
        manifest.write_json(version / manifest.NAME, told | {"files": files})
        said = fault(version)
        assert said, name
        assert "\n" not in said
        (version / name).write_bytes(kept)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"{}",
        b'{"files": 1}',
        b"[" * 99_999,
        b"\xff\xfe",
        b'{"files": [{"path": "a"}]}',
    ],
)
def test_a_manifest_that_is_none_is_said_to_be_none(version, told):
    (version / manifest.NAME).write_bytes(told)
    said = fault(version)
    assert said.startswith("manifest.json: ")
    assert "\n" not in said


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "a//b", "", ".", "a\\b", "c:x", "a\0b", "a/./b"]
)
def test_a_path_that_leads_out_of_the_folder_is_not_followed(version, path):
    told = manifest.read(version)
    told["files"][0]["path"] = path
    manifest.write_json(version / manifest.NAME, told)
    assert "leads out of the folder" in fault(version)


def test_a_path_that_no_disk_can_hold_is_not_believed(version):
    told = manifest.read(version)
    told["files"][0]["path"] = "a\ud800"
    (version / manifest.NAME).write_text(json.dumps(told))
    assert fault(version).startswith("manifest.json: it is no JSON")


def test_a_folder_under_another_number_is_caught(version):
    version.rename(version.with_name("v9.0.0"))
    assert fault(version.with_name("v9.0.0")) == "the folder is named v9.0.0, and its manifest says v1.1.0"


# The dataset -------------------------------------------------------------------------------------

BESIDE = {
    "README.md": lambda h: change(h / "README.md", b"| 5 |", b"| 6 |"),
    "CHANGELOG.md": lambda h: change(h / "CHANGELOG.md", b"v1.0.0", b"v1.0.1"),
    "index.json: ": lambda h: (h / "index.json").write_text("{}"),
    "index.json says of v1.1.0 rows": lambda h: change(h / "index.json", b'"records": 5', b'"records": 6'),
    "index.json calls v9.0.0": lambda h: change(
        h / "index.json", b'"latest": "v1.1.0"', b'"latest": "v9.0.0"'
    ),
    ".tmp-next-1x is here": lambda h: (h / ".tmp-next-1x").write_text("?"),
    "v1.0.0 is missing": lambda h: shutil.rmtree(h / "v1.0.0"),
    "v7.0.0 is here": lambda h: shutil.copytree(h / "v1.0.0", h / "v7.0.0"),
    "strange.txt is here": lambda h: (h / "strange.txt").write_text("?"),
    "CHANGELOG.md is missing": lambda h: (h / "CHANGELOG.md").unlink(),
    "index.json says that v1.0.0 is available, and its WITHDRAWN.json is there": lambda h: (
        h / "v1.0.0" / "WITHDRAWN.json"
    ).write_text('{"version": "v1.0.0", "reason": "?", "date": "2026-01-02", "is_deleted": false}'),
    "cannot read what stands beside the versions: RemovalsError": lambda h: (h / "removals.jsonl").write_text(
        "?"
    ),
    "v1.0.0: stats.json has": lambda h: change(h / "v1.0.0" / "stats.json", b'"rows": 4', b'"rows": 5'),
}


@pytest.mark.parametrize("words", BESIDE)
def test_what_is_wrong_with_a_dataset_is_named(home, words):
    BESIDE[words](home)
    said = verify.of_dataset(home)[-1].fault
    assert said.startswith(words)
    code, told = dehusk("verify", home)
    assert (code, told.splitlines()[-1]) == (1, f"dehusk: {home}: {said}")


def test_a_version_that_holds_what_was_asked_out_does_not_hold_until_it_is_withdrawn(home):
    stones = removals.stones_for({"author": ["Ada"]}, [], reason="opt_out", date="2026-01-02")
    (home / removals.NAME).write_text(removals.render(stones))
    for version in ("v1.1.0", "v1.0.0"):
        fault = verify.of_dataset(home)[-1].fault
        assert fault.startswith(f"{version}: record r_")
        assert fault.endswith(" was asked out, and the version was not withdrawn, see removals.jsonl")
        release.withdraw(home, version, "opt_out", "2026-01-02")
    assert [one.fault for one in verify.of_dataset(home)] == [None] * 3


def test_files_left_of_a_version_whose_files_were_deleted_are_named(home):
    shutil.copytree(home / "v1.0.0" / "review", home / "review")
    release.withdraw(home, "v1.0.0", "wrong", "2026-01-02", delete=True)
    (home / "review").rename(home / "v1.0.0" / "review")
    assert verify.of_dataset(home)[-1].fault.startswith(
        "v1.0.0/review is still there, and the files of v1.0.0 were"
    )
    release.withdraw(home, "v1.0.0", "wrong", "2026-01-02", delete=True)
    assert verify.of_dataset(home)[-1].fault is None
    change(home / "v1.0.0" / manifest.WITHDRAWN, b"2026-01-02", b"yesterday!")
    assert "WITHDRAWN.json" in verify.of_dataset(home)[-1].fault


def test_the_words_beside_the_versions_may_be_those_of_another_dehusk(tmp_path):
    home = release.publish(make_tables(), tmp_path, inputs=ANOTHER).folder.parent
    change(home / "CHANGELOG.md", b"This", b"Thus")
    told = verify.of_dataset(home)
    assert [one.fault for one in told] == [None, None]
    assert (
        str(told[-1]) == "CHANGELOG.md beside the versions: made by another Dehusk, and could not be checked"
    )
    change(home / "index.json", b'"records": 4', b'"records": 6')
    assert verify.of_dataset(home)[-1].fault.startswith("index.json says of v1.0.0 rows records 6, and its ")


def test_the_command_tells_a_version_from_a_dataset_and_nothing_from_both(home):
    assert dehusk("verify", home)[1].count("holds") == 2
    assert dehusk("verify", home / "v1.0.0")[1].count("holds") == 1
    (home / "v1.0.0" / manifest.NAME).unlink()
    assert dehusk("verify", home / "v1.0.0")[0] == 1
    assert dehusk("verify", home / "v3.0.0")[0] == 2
    code, said = dehusk("verify", home.parent)
    assert (code, said) == (2, f"dehusk: {home.parent}: it holds datasets; do: dehusk verify {home}\n")


# Diffs -------------------------------------------------------------------------------------------


def make_all_again(version):
    """Make everything fit that is made from other files: sums, provenance, card, manifest."""
    folder.dress(version, manifest.head(manifest.read(version)))


@pytest.mark.parametrize("file", ["records.parquet", "rows.parquet"])
def test_a_diff_whose_rows_are_gone_is_caught_by_its_counts(version, file):
    path = version / "diff" / "from-v1.0.0" / file
    pl.read_parquet(path).clear().write_parquet(path)
    make_all_again(version)
    assert fault(version).startswith("diff/from-v1.0.0/summary.json says of rows {")


def test_counts_of_a_diff_that_are_not_those_of_its_rows_are_caught(version):
    change(version / "diff" / "from-v1.0.0" / "summary.json", b'"change": "added"', b'"change": "removed"')
    make_all_again(version)
    assert fault(version).startswith("diff/from-v1.0.0/summary.json says of records {")


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (
            b'"reasons": [\n  "records: 1 ',
            b'"reasons": [\n  "records: 0 ',
            "gives the reason 'records: 0 added",
        ),
        (b'"reasons": [', b'"reasons": [\n  "all is well",', "gives the reason 'all is well'"),
        (b'"share": 0.', b'"share": 0.9', None),
    ],
)
def test_what_a_diff_tells_in_words_is_held_against_its_counts(home, one, other, words):
    version = home / "v1.1.0"
    change(version / "diff" / "from-v1.0.0" / "summary.json", one, other)
    make_all_again(version)
    root.write(home, root.read(home))
    (home / "index.json").unlink()
    root.write(home, root.read(home))
    if words:
        assert words in fault(version)
    assert "diff/from-v1.0.0/summary.json" in verify.of_dataset(home)[-1].fault


@pytest.mark.parametrize(
    "forged", ["other things", "other words in the card", "other words in the card, and more"]
)
def test_a_version_of_other_words_gives_no_other_reason(tmp_path, forged):
    release.publish(make_tables(), tmp_path, inputs=INPUTS)
    told = release.publish(
        make_tables(), tmp_path, release.Dataset(description="Other words."), inputs=INPUTS
    )
    change(told.folder / "diff" / "from-v1.0.0" / "summary.json", told.reasons[0].encode(), forged.encode())
    make_all_again(told.folder)
    assert f"gives the reason '{forged}'" in fault(told.folder)


def test_a_diff_that_leads_elsewhere_is_caught_where_the_older_version_is_there(home):
    version, path = home / "v1.1.0", home / "v1.1.0" / "diff" / "from-v1.0.0" / "records.parquet"
    frame = pl.read_parquet(path)
    frame.with_columns(new_sha256=pl.lit("0" * 64)).write_parquet(path)
    make_all_again(version)
    assert fault(version) is None
    (home / "index.json").unlink()
    root.write(home, root.read(home))
    assert verify.of_dataset(home)[-1].fault.startswith("v1.1.0: diff/from-v1.0.0 leads from v1.0.0 to the ")


# Signatures --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """Publish a signed version; return its folder and where the keys are."""
    pytest.importorskip("cryptography", reason="keys need the extra `sign`")
    place = tmp_path_factory.mktemp("signed")
    for name in ("ours", "theirs"):
        signing.make_keys(place / name)
    return release.publish(make_tables(), place / "dist", inputs=INPUTS, sign=place / "ours").folder, place


def test_a_signature_is_checked_with_its_key(signed):
    version, place = signed
    name = signing.short(signing.key_id(signing.load_public(place / "ours.pub")))
    assert verify.of_version(version).notes == (f"signed by {name}, unchecked without --key",)
    assert f"\n  signed by {name}\n" in dehusk("verify", version, "--key", place / "ours.pub")[1]
    code, said = dehusk("verify", version, "--key", place / "theirs.pub")
    assert (code, f"is signed by {name}, and not by the key" in said) == (1, True)


def test_a_release_without_a_signature_does_not_pass_for_one_with(sound, signed):
    public = signing.load_public(signed[1] / "ours.pub")
    assert fault(sound / "v1.1.0", public) == "it is not signed, and a key was named"


def test_a_forged_signature_is_caught_whatever_the_sums_say(signed, tmp_path):
    original, place = signed
    public = signing.load_public(place / "ours.pub")
    for what in ("sig", "payload", "payloadType"):
        version = Path(shutil.copytree(original, tmp_path / what / "v1.0.0"))
        sealed = json.loads((version / signing.NAME).read_text())
        if what == "sig":
            sealed["signatures"][0]["sig"] = base64.b64encode(b"\1" * 64).decode()
        else:
            sealed[what] = base64.b64encode(b"{}").decode()
        (version / signing.NAME).write_text(json.dumps(sealed))
        make_sums_again(version)
        assert fault(version, public).startswith(signing.NAME)


def test_a_statement_that_was_changed_and_signed_by_another_is_caught(signed, tmp_path):
    version = Path(shutil.copytree(signed[0], tmp_path / "v1.0.0"))
    change(version / manifest.NAME, b"1" * 64, b"2" * 64)
    folder.dress(version, manifest.head(manifest.read(version)), signing.load_key(signed[1] / "theirs"))
    assert fault(version) is None
    assert "not by the key" in fault(version, signing.load_public(signed[1] / "ours.pub"))


def test_several_files_of_a_table_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "GROUP_BYTES", 1)
    monkeypatch.setattr(parquet, "SHARD_BYTES", 1)
    version = release.build(make_tables(), tmp_path / "v1.0.0", inputs=INPUTS)
    assert fault(version) is None
    a, b = (jsonl.path_of(version, "records", n) for n in (0, 1))
    x, y = a.read_bytes(), b.read_bytes()
    a.write_bytes(y)
    b.write_bytes(x)
    folder.dress(version, manifest.head(manifest.read(version)))
    assert (
        fault(version)
        == "jsonl/records-00000.jsonl.gz: row 1 differs from that of records/part-00000.parquet"
    )
