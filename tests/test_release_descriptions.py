"""Descriptions for machines: they name what there is, and no word from outside can break them."""

import hashlib
import json
import re

import polars as pl
import pytest
import yaml

import schemas
from pipeline import release
from pipeline.release import croissant, manifest, model, skews
from pipeline.release.folder import MADE, rebuilt
from tests.tables import make_tables

HOSTILE = (
    '</script><script>alert(1)</script> "quoted" \\ {{ 7*7 }} {% raw %} `code` | pipe : # - % & _ ~ ^ { } $ \u202e'
    " \u2028\u0085\ufeff\x7f\n\n- item\n---\nkey: value"
)
FENCE = re.compile(r"^```\w*\n.*?^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Publish a version whose every word from outside is hostile."""
    tables = make_tables()
    documents = tables.documents.with_columns(
        site=pl.lit(HOSTILE), capture_evidence=pl.lit(HOSTILE), license_evidence=pl.lit(HOSTILE)
    )
    removed = tables.removed.with_columns(title=pl.lit(HOSTILE), author=pl.lit("\u202eevil" * 100_000))
    records = tables.records.with_columns(author=pl.lit(HOSTILE), title=pl.lit("a" * 10_000_000))
    dataset = release.Dataset(
        name="looms",
        title=HOSTILE,
        description=HOSTILE,
        homepage=HOSTILE,
        creators=(HOSTILE, "Ada"),
        tags=(HOSTILE,),
    )
    hostile = tables._replace(documents=documents, removed=removed, records=records)
    return release.publish(hostile, tmp_path_factory.mktemp("dist"), dataset).folder


def test_all_that_is_made_can_be_made_again(folder):
    made = rebuilt(folder)
    assert made.keys() == MADE.keys()
    for path, text in made.items():
        assert (folder / path).read_text(encoding="utf-8") == text, path
        assert len(text) < 1_000_000, path


def test_words_from_outside_stay_words(folder):
    told = {name: json.loads((folder / name).read_bytes()) for name in MADE if name.endswith(".json")}
    told["CITATION.cff"] = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert told["CITATION.cff"]["title"] == HOSTILE
    assert told["CITATION.cff"]["authors"] == [{"name": HOSTILE}, {"name": "Ada"}]
    assert told["datacite.json"]["titles"] == [{"title": HOSTILE}]
    assert told["datapackage.json"]["title"] == HOSTILE
    assert told["croissant.json"]["alternateName"] == HOSTILE
    # No address: what is none is left out.
    assert "url" not in told["CITATION.cff"]
    assert told["croissant.json"]["url"] == "index.html"


@pytest.mark.parametrize("place", ["version", "root"])
def test_the_card_stays_whole(folder, place):
    text = ((folder if place == "version" else folder.parent) / "README.md").read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    told = yaml.safe_load(front)
    assert (told["pretty_name"], told["tags"]) == (HOSTILE, [HOSTILE])
    assert len(text) < 100_000
    assert "<script" not in FENCE.sub("", body)
    assert not set("\u202e\u2028\x85\ufeff\x7f") & set(text)
    assert len(re.findall("^# ", FENCE.sub("", body), re.MULTILINE)) == 1
    assert len(re.findall("^## ", body, re.MULTILINE)) == 17
    assert body.count("```") == 2 * len(FENCE.findall(body))
    for block in re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE):
        rows = [len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()]
        assert len(set(rows)) == 1, block[:300]


def test_an_entry_of_bibtex_keeps_its_braces(folder):
    entry = json.loads((folder / "croissant.json").read_bytes())["citeAs"]
    bare = entry.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert entry.endswith("\n}")
    assert "\\ " not in entry


def test_croissant_names_every_file_of_rows(folder):
    told = json.loads((folder / "croissant.json").read_bytes())
    files = {part["@id"]: part for part in told["distribution"] if part["@type"] == "cr:FileObject"}
    rows = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in (".parquet", ".gz")
    }
    assert files.keys() == {path for path in rows if not path.startswith("diff/")}
    for path, file in files.items():
        assert file["sha256"] == hashlib.sha256((folder / path).read_bytes()).hexdigest()
    for table in told["recordSet"]:
        fields = [field["@id"].split("/")[1] for field in table["field"]]
        assert fields == schemas.arrow_schema(table["@id"]).names


def test_data_package_tells_types_and_keys(folder):
    told = {
        part["name"]: part for part in json.loads((folder / "datapackage.json").read_bytes())["resources"]
    }
    assert list(told) == [f"{name}{form}" for name in schemas.TABLES for form in ("", "-jsonl")]
    for name in schemas.TABLES:
        fields = {field["name"]: field for field in told[name]["schema"]["fields"]}
        assert list(fields) == schemas.arrow_schema(name).names
        for field in schemas.arrow_schema(name):
            assert ("required" in fields[field.name].get("constraints", {})) != field.nullable
    assert told["spans"]["schema"]["foreignKeys"][0]["reference"] == {
        "resource": "documents",
        "fields": ["document_id"],
    }
    assert told["records-jsonl"]["schema"]["primaryKey"] == ["record_id"]


def test_the_most_frequent_value_is_told_with_its_shares(folder):
    told = {skew.aspect: skew for skew in skews.measure(model.read(folder))}
    assert told["language"] == ("language", "en", 4, 2, 0.75, pytest.approx(16 / 17), 1.6)
    assert told["author"][1:5] == ("one author", 4, 1, 1.0)
    assert "en: 75% of all records and 94% of all words" in str(told["language"])


def test_shares_are_of_all_records_also_of_those_of_which_nothing_is_known(tmp_path):
    tables = make_tables()
    one = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("Ada")).alias("author")
    records = tables.records.with_columns(one, handle=pl.lit(None, pl.String))
    made = release.publish(tables._replace(records=records), tmp_path).folder
    told = {skew.aspect: skew for skew in skews.measure(model.read(made))}["author"]
    assert (told.known, told.values, told.records, told.evenly) == (1, 1, 0.25, 1.0)


def test_an_open_end_is_open_wherever_it_is_told(tmp_path):
    tables = make_tables()
    open_end = pl.when(pl.int_range(pl.len()) > 0).then("captured_latest").alias("captured_latest")
    made = release.publish(
        tables._replace(documents=tables.documents.with_columns(open_end)), tmp_path
    ).folder
    told = json.loads((made / "datacite.json").read_bytes())
    assert {date["dateType"]: date["date"] for date in told["dates"]}["Collected"] == "2025-12-15/.."
    assert told["publicationYear"] == "2025"
    assert json.loads((made / "croissant.json").read_bytes())["rai:dataCollectionTimeFrame"] == ["2025-12-15"]


def test_nothing_known_is_nothing_said(tmp_path):
    tables = make_tables()
    never = pl.lit(None, pl.Datetime("us", "UTC"))
    documents = tables.documents.with_columns(captured_earliest=never, captured_latest=never)
    records = tables.records.with_columns(
        published_earliest=never, published_latest=never, author=pl.lit(None, pl.String)
    )
    made = release.publish(tables._replace(documents=documents, records=records), tmp_path).folder
    told = croissant.describe(model.read(made))
    assert not {"temporalCoverage", "datePublished", "isBasedOn", "rai:dataCollectionTimeFrame"} & told.keys()
    assert not (made / "datacite.json").exists()
    for page in ("README.md", "index.html"):
        assert "datacite.json" not in (made / page).read_text(encoding="utf-8")
    assert "datacite.json" not in {entry["path"] for entry in manifest.read(made)["files"]}
    assert "author" not in {skew.aspect for skew in skews.measure(model.read(made))}


@pytest.mark.parametrize(
    ("published", "epoch", "year"),
    [(None, None, "2025"), (None, "1800000000", "2027"), ("2020-02-03", "1800000000", "2020")],
)
def test_the_year_is_that_of_publication_or_of_the_run_or_of_the_last_capture(
    published, epoch, year, tmp_path, monkeypatch
):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    dataset = release.Dataset(name="looms", published=published)
    made = release.publish(make_tables(), tmp_path, dataset)
    told = json.loads((made.folder / "datacite.json").read_bytes())
    assert told["publicationYear"] == year
    assert rebuilt(made.folder)["datacite.json"] == (made.folder / "datacite.json").read_text()
    assert "datacite.json" in (made.folder / "README.md").read_text()
    # The day of the first version holds from then on, whenever the next run is.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert release.publish(make_tables(), tmp_path, dataset).changed is False
