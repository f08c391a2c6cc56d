"""A version's files: the same rows give the same bytes, and every reader gets the same rows back."""

import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

import schemas
from pipeline import release
from pipeline.release import checks, digest, jsonl, manifest, parquet
from pipeline.release.arrange import arrange
from schemas import Tables
from tests.tables import make_tables

HERE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the version that the tests below look at."""
    return release.build(make_tables(), tmp_path_factory.mktemp("built") / "v1.0.0")


def bytes_of(folder):
    """Map every file below a folder to its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_what_is_read_back_is_what_was_built(built):
    tables = arrange(make_tables())
    for frame, written in zip(tables, release.read(built), strict=True):
        assert written.equals(frame)
        assert written.schema == frame.schema


@pytest.mark.parametrize("name", schemas.TABLES)
def test_parquet_and_jsonl_have_the_digest_of_the_manifest(built, name):
    told = manifest.read(built)["table_digests"][name]
    assert digest.of_table(digest.of_rows(jsonl.render(pl.read_parquet(built / name / "*.parquet")))) == told
    lines = gzip.decompress((built / "jsonl" / f"{name}-00000.jsonl.gz").read_bytes()).splitlines()
    assert (
        hashlib.sha256(b"".join(sorted(hashlib.sha256(line).digest() for line in lines))).hexdigest() == told
    )


@pytest.mark.parametrize("name", schemas.TABLES)
def test_polars_reads_the_types_of_the_jsonl(built, name):
    frame = pl.read_ndjson(gzip.decompress((built / "jsonl" / f"{name}-00000.jsonl.gz").read_bytes()))
    assert frame.columns == schemas.polars_schema(name).names()


@pytest.mark.parametrize("name", schemas.TABLES)
def test_pyarrow_reads_the_schema_with_its_descriptions(built, name):
    table = pq.read_table(built / name / "part-00000.parquet")
    assert table.schema.equals(schemas.arrow_schema(name))
    for field in table.schema:
        assert (
            field.metadata[b"description"]
            == schemas.arrow_schema(name).field(field.name).metadata[b"description"]
        )


def test_parquet_is_written_as_promised(built):
    path = built / "records" / "part-00000.parquet"
    group = pq.read_metadata(path).row_group(0)
    columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert all(column.has_offset_index and column.has_column_index for column in columns.values())
    assert columns["kind"].has_dictionary_page
    assert columns["flags.list.element"].has_dictionary_page
    assert not columns["text"].has_dictionary_page
    assert columns["text"].statistics is not None
    pq.read_table(path, page_checksum_verification=True)


def test_files_say_nothing_of_time_run_or_version(built):
    told = pq.read_metadata(built / "records" / "part-00000.parquet").metadata
    assert {key: value for key, value in told.items() if key != b"ARROW:schema"} == {
        b"dataset": b"dataset",
        b"table": b"records",
    }


def test_rows_stand_by_path_and_place(built):
    tables = release.read(built)
    assert tables.documents["path"].to_list() == ["a/engines.txt", "b/looms.txt"]
    first = tables.documents["document_id"][0]
    assert tables.records["document_id"].to_list()[:2] == [first, first]
    assert tables.records["position"].to_list() == [0, 1, 0, 1]


def test_the_order_of_rows_does_not_matter(built, tmp_path):
    shuffled = Tables(*(frame.sample(fraction=1.0, shuffle=True, seed=7) for frame in make_tables()))
    assert bytes_of(release.build(shuffled, tmp_path / "v1.0.0")) == bytes_of(built)


def test_two_processes_with_other_hashes_and_zones_write_the_same_bytes(built, tmp_path):
    code = (
        "import sys, pathlib; from pipeline import release; from tests.tables import make_tables; "
        "release.build(make_tables(), pathlib.Path(sys.argv[1]) / 'v1.0.0')"
    )
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York")):
        (tmp_path / seed).mkdir()
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "POLARS_MAX_THREADS": seed,
            "LC_ALL": "C",
        }
        command = [sys.executable, "-c", code, str(tmp_path / seed)]
        subprocess.run(command, check=True, cwd=HERE, env=environment)
        assert bytes_of(tmp_path / seed / "v1.0.0") == bytes_of(built)


def test_texts_read_as_digests_are_counted_as_they_were(tmp_path):
    made = make_tables({"a.txt": [f"Looms weave flower {n}." for n in range(12)]}).segments
    again = made.with_columns(text=pl.format("Looms weave flower {}.", pl.int_range(pl.len()) % 5))
    whole = again.select(schemas.polars_schema("segments").names())
    (tmp_path / "segments").mkdir()
    parquet.write(whole, "segments", tmp_path / "segments" / "part-00000.parquet", parquet.even(whole), {})
    for n_whole in (0, 2, 7, 100):
        brief = parquet.brief(parquet.batches(tmp_path, "segments"), n_whole)
        assert brief["text"].n_unique() == whole["text"].n_unique() == 5
        assert brief["text"][:n_whole].equals(whole["text"][:n_whole])
        assert brief.drop("text").equals(whole.drop("text"))
    assert brief.equals(whole)


def test_one_change_in_one_row_changes_the_data_digest(built, tmp_path):
    tables = make_tables()
    changed = tables._replace(segments=tables.segments.with_columns(position=pl.col("position") + 1))
    other = manifest.read(release.build(changed, tmp_path / "v1.0.0"))
    told = manifest.read(built)
    assert other["data_digest"] != told["data_digest"]
    assert other["table_digests"]["records"] == told["table_digests"]["records"]


def test_manifest_names_every_file_with_bytes_sum_and_rows(built):
    listed = {entry["path"]: entry for entry in manifest.read(built)["files"]}
    found = bytes_of(built)
    assert set(listed) == set(found) - {"manifest.json"}
    for path, entry in listed.items():
        assert entry["bytes"] == len(found[path])
        assert entry["sha256"] == hashlib.sha256(found[path]).hexdigest()
    assert listed["records/part-00000.parquet"]["rows"] == 4
    assert listed["jsonl/spans-00000.jsonl.gz"]["rows"] == len(make_tables().spans)


def test_sha256sum_accepts_the_sums(built):
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], check=True, cwd=built)


@pytest.mark.parametrize("harm", ["flip", "drop", "add"])
def test_harm_to_a_file_is_seen(tmp_path, harm):
    folder = release.build(make_tables(), tmp_path / "v1.0.0")
    assert manifest.differs(folder) is None
    path = folder / "jsonl" / "spans-00000.jsonl.gz"
    if harm == "flip":
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    elif harm == "drop":
        path.unlink()
    else:
        (folder / "extra.txt").write_text("?")
    assert manifest.differs(folder) is not None


def test_jsonl_that_differs_from_parquet_is_seen(tmp_path):
    folder = release.build(make_tables(), tmp_path / "v1.0.0")
    path = jsonl.path_of(folder, "records", 0)
    jsonl.write(gzip.decompress(path.read_bytes()).replace(b"Looms", b"Gloom"), path)
    assert "records" in checks.jsonl_equals_parquet(folder)


BROKEN_PROMISES = {
    "ids_unique": lambda t: t._replace(records=pl.concat([t.records, t.records.head(1)])),
    "references_hold": lambda t: t._replace(segments=t.segments.slice(1)),
    "spans_in_their_segments": lambda t: t._replace(
        spans=t.spans.with_columns(segment_id=pl.col("segment_id").fill_null(t.segments["segment_id"][0]))
    ),
    "counts_agree": lambda t: t._replace(documents=t.documents.with_columns(n_records=pl.lit(9, pl.Int32))),
    "spans_disjoint": lambda t: t._replace(spans=t.spans.with_columns(pl.col("byte_end") + 9)),
}


@pytest.mark.parametrize("table", ["removed", "records"])
def test_what_was_kept_and_where_copies_were_must_be_there(table):
    tables = make_tables()
    nowhere = {"document_id": "d_" + "0" * 24, "byte_start": 0, "byte_end": 1, "similarity": 1.0}
    captures = pl.Series("captures", [[nowhere]] * len(tables.records), tables.records["captures"].dtype)
    lost = {"removed": {"kept_id": pl.lit("r_" + "0" * 24)}, "records": {"captures": captures}}[table]
    broken = tables._replace(**{table: getattr(tables, table).with_columns(**lost)})
    assert checks.references_hold(tables) is None
    assert checks.references_hold(broken).startswith(table)


@pytest.mark.parametrize("check", BROKEN_PROMISES)
def test_a_broken_promise_is_not_published(tmp_path, check):
    broken = BROKEN_PROMISES[check](make_tables())
    broken = broken._replace(documents=broken.documents.drop("text"))
    assert check in {finding.check for finding in checks.of_rows(arrange(broken)) if finding.seen}
    with pytest.raises(release.PublishError, match="othing was published"):
        release.publish(broken, tmp_path)
    assert list((tmp_path / release.Dataset.name).iterdir()) == []


def test_words_in_no_span_are_not_published(tmp_path):
    tables = make_tables()
    torn = tables._replace(spans=tables.spans.filter(pl.col("role") != "chrome"))
    with pytest.raises(
        release.PublishError, match=r"a/engines\.txt: bytes 0\.\.\d+ lie in no span.*: nothing was published"
    ):
        release.publish(torn, tmp_path)


# Row groups --------------------------------------------------------------------------------------


def many_rows(n, first=0):
    """Make a table of n segments, three of a record, with ids as random as real ones."""
    hashes = [hashlib.sha256(str(k // 3).encode()).hexdigest() for k in range(first, first + n)]
    ids = [f"s_{digest[:16]}{k % 3:08x}" for k, digest in enumerate(hashes, start=first)]
    one = make_tables().segments.head(1).drop("segment_id", "record_id")
    keys = pl.DataFrame({"segment_id": ids, "record_id": [f"r_{digest[:24]}" for digest in hashes]})
    return keys.join(one, how="cross")


def ids_by_group(frame):
    """Cut a table and return what ids each row group holds."""
    ids = frame["segment_id"].to_list()
    return {tuple(ids[start:stop]) for shard in parquet.cut(frame, "segments") for start, stop in shard}


def test_row_groups_tile_the_table_within_their_bounds():
    frame = many_rows(60_000)
    groups = [group for shard in parquet.cut(frame, "segments") for group in shard]
    assert [group.start for group in groups[1:]] == [group.stop for group in groups[:-1]]
    assert (groups[0].start, groups[-1].stop) == (0, len(frame))
    sizes = [group.stop - group.start for group in groups]
    assert max(sizes) <= 10_000
    assert min(sizes[:-1]) >= 1_000


@pytest.mark.parametrize("n_more", [1, 3, 900])
def test_rows_more_change_a_row_group_or_two(n_more):
    frame = many_rows(60_000)
    place = random.Random(3).randrange(len(frame))
    more = many_rows(n_more, first=60_000)
    longer = pl.concat([frame.slice(0, place), more, frame.slice(place)])
    strange = ids_by_group(longer) - ids_by_group(frame)
    assert 1 <= len(strange) <= 3


def test_rows_gone_change_a_row_group_or_two():
    frame = many_rows(60_000)
    shorter = pl.concat([frame.slice(0, 20_000), frame.slice(21_000)])
    assert 1 <= len(ids_by_group(shorter) - ids_by_group(frame)) <= 3


def test_a_group_ends_with_a_record():
    frame = many_rows(30_000)
    ends = [group.stop for shard in parquet.cut(frame, "segments") for group in shard][:-1]
    assert len(ends) > 5
    assert all(frame["record_id"][end - 1] != frame["record_id"][end] for end in ends)


def test_a_group_holds_no_more_text_than_it_may(monkeypatch):
    monkeypatch.setattr(parquet, "GROUP_BYTES", 1_000)
    monkeypatch.setattr(parquet, "SHARD_BYTES", 5_000)
    frame = many_rows(3_000).with_columns(text=pl.lit("x" * 100))
    shards = parquet.cut(frame, "segments")
    assert {stop - start for shard in shards for start, stop in shard} == {10}
    assert {len(shard) for shard in shards} == {5}


def test_several_files_of_a_table_hold_its_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "GROUP_BYTES", 1)
    monkeypatch.setattr(parquet, "SHARD_BYTES", 1)
    folder = release.build(make_tables(), tmp_path / "v1.0.0")
    assert len(parquet.paths(folder, "records")) == 4
    assert len(list((folder / "jsonl").glob("records-*"))) == 4
    assert release.read(folder).records.equals(arrange(make_tables()).records)
    assert manifest.read(folder)["rows"]["records"] == 4


def test_tables_without_rows_are_a_release(tmp_path):
    nothing = Tables(*(schemas.empty(name) for name in schemas.TABLES))
    published = release.publish(nothing, tmp_path)
    assert set(published.rows.values()) == {0}
    for frame, name in zip(release.read(published.folder), schemas.TABLES, strict=True):
        assert frame.schema == schemas.polars_schema(name)
        assert pq.read_metadata(published.folder / name / "part-00000.parquet").num_row_groups == 0


def test_quality_holds_checks_and_scores(tmp_path):
    scores = pl.DataFrame({"path": ["all", "a.txt"], "measure": ["records"] * 2, "value": [0.123456, 1.0]})
    folder = release.build(make_tables(), tmp_path / "v1.0.0", scores=scores)
    quality = json.loads((folder / "quality.json").read_text())
    assert quality["scores"] == [{"measure": "records", "value": 0.1235}]
    assert "ids_unique" in {check["check"] for check in quality["checks"]}
    assert "0.1235" in (folder / "README.md").read_text()


def test_cut_knows_every_table():
    for name, frame in zip(Tables._fields, arrange(make_tables()), strict=True):
        [[group]] = parquet.cut(frame, name)
        assert group == (0, len(frame))
