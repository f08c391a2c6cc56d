"""One declaration of the tables, and every form made from it says the same."""

import gzip
import json

import polars as pl
import pytest

import schemas
from pipeline.release import jsonl
from tests.tables import make_tables

NAMES = list(schemas.TABLES)
# The contract that tools outside the project read: columns and their order.
CONTRACT = {
    "records": "record_id document_id page_kind kind position title author handle published_raw published "
    "published_earliest published_latest published_precision text text_sha256 n_chars n_words language "
    "language_confidence urls is_complete n_promised n_segments byte_start byte_end body_spans captures "
    "flags license license_evidence confidence",
    "segments": "segment_id record_id document_id kind position speaker start_s title text "
    "text_spans language language_confidence byte_start byte_end",
    "documents": "document_id path sha256 n_bytes encoding extracted_by extracted_text source_id page_kind "
    "site source_url captured_earliest captured_latest capture_evidence language n_records n_segments body_bytes "
    "chrome_bytes unclaimed_bytes license license_evidence policy file_path file_sha256 file_bytes",
    "spans": "document_id byte_start byte_end role kind record_id segment_id rule",
    "removed": "record_id document_id kind title author handle published_raw published byte_start byte_end "
    "reason kept_id similarity message file_path file_sha256",
}


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_those_of_the_contract(name):
    assert schemas.arrow_schema(name).names == CONTRACT[name].split()
    assert list(schemas.polars_schema(name)) == CONTRACT[name].split()
    assert list(schemas.json_schema(name)["properties"]) == CONTRACT[name].split()


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_described(name):
    for field in schemas.arrow_schema(name):
        assert len(field.metadata[b"description"]) > len("a byte")
        if field.nullable and field.name != "text":
            assert b"null" in field.metadata[b"description"], (
                f"{name}.{field.name} does not say when it is null"
            )


@pytest.mark.parametrize("name", NAMES)
def test_types_are_plain(name):
    types = " ".join(str(field.type) for field in schemas.arrow_schema(name))
    for strange in ("large", "view", "map", "uint", "[ns", "null ", "dictionary"):
        assert strange not in types.replace("not null", "")


@pytest.mark.parametrize(
    ("name", "column", "dtype"),
    [
        ("records", "position", "int32"),
        ("records", "byte_start", "int64"),
        ("records", "language_confidence", "float"),
        ("records", "published_latest", "timestamp[us, tz=UTC]"),
        ("records", "is_complete", "bool"),
        ("segments", "start_s", "double"),
    ],
)
def test_types_are_those_of_the_contract(name, column, dtype):
    assert str(schemas.arrow_schema(name).field(column).type) == dtype


def test_units_reach_every_form():
    assert schemas.arrow_schema("segments").field("start_s").metadata[b"unit"] == b"seconds"
    start = schemas.json_schema("segments")["properties"]["start_s"]
    assert start["anyOf"][0]["unit"] == "seconds"
    inner = schemas.arrow_schema("records").field("body_spans").type.value_type.field("end")
    assert inner.metadata == {b"unit": b"bytes", b"description": b"the byte after the last"}


def test_words_carry_their_meanings():
    role = schemas.json_schema("spans")["properties"]["role"]
    assert {word["const"]: word["description"] for word in role["oneOf"]} == schemas.ROLES
    assert all(" " in meaning for meaning in schemas.FLAGS.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_line_of_jsonl_holds_by_the_model_read_as_json(name):
    frame = getattr(make_tables(), name).select(schemas.polars_schema(name).names())
    lines = jsonl.render(frame).splitlines()
    assert len(lines) == len(frame)
    for line in lines:
        schemas.TABLES[name].model_validate_json(line)


@pytest.mark.parametrize("name", NAMES)
def test_json_schema_tells_null_as_arrow_does(name):
    properties = schemas.json_schema(name)["properties"]
    for field in schemas.arrow_schema(name):
        assert ({"type": "null"} in properties[field.name].get("anyOf", [])) == field.nullable


def test_times_are_iso_with_z_and_nothing_is_lost():
    line = json.loads(jsonl.render(make_tables().records.head(1)))
    assert line["published_latest"] == "2025-12-15T12:00:00Z"
    assert line["language_confidence"] == pytest.approx(0.7, abs=0)


def test_gzip_holds_no_time_and_no_name(tmp_path):
    jsonl.write(b'{"a":1}\n', tmp_path / "a.jsonl.gz")
    header = (tmp_path / "a.jsonl.gz").read_bytes()[:10]
    assert header == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\x03"  # 4: by the fastest algorithm (RFC 1952)
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == b'{"a":1}\n'


def test_an_empty_table_has_all_columns():
    assert schemas.empty("records").schema == schemas.polars_schema("records")
    assert isinstance(schemas.empty("spans"), pl.DataFrame)
