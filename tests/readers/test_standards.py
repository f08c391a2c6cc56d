"""The descriptions of a release are valid by the standards they claim."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipeline.release import manifest
from tests.readers.conftest import missing, need

PROFILES = Path(__file__).parent / "profiles"


def faults(name: str, value: object) -> list[str]:
    """Return what breaks a profile."""
    jsonschema = need("jsonschema")
    profile = json.loads((PROFILES / f"{name}.json").read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(profile)
    checker = kind(profile, format_checker=kind.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(value)]


def test_data_package(folder):
    assert faults("datapackage-2.0", json.loads((folder / "datapackage.json").read_bytes())) == []


def test_data_package_profile_sees_faults(folder):
    told = json.loads((folder / "datapackage.json").read_bytes())
    told["resources"][0]["path"] = "../records.parquet"
    assert len(faults("datapackage-2.0", told)) > 0


def test_datacite(folder):
    told = json.loads((folder / "datacite.json").read_bytes())
    assert faults("datacite-4.5", told) == []
    assert faults("datacite-4.5", told | {"creators": []})


def test_citation_by_its_schema(folder):
    told = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in told.items()}
    assert faults("citation-file-format-1.2.0", plain) == []
    assert faults("citation-file-format-1.2.0", plain | {"type": "data"})


@pytest.fixture(scope="module")
def cffconvert() -> list[str]:
    """Return the command; it runs on its own, since it needs an older jsonschema than others here."""
    command = [str(Path(sys.executable).with_name("uv")), "tool", "run", "--quiet"]
    command += ["--from", "cffconvert==2.0.0", "cffconvert"]
    try:
        subprocess.run([*command, "--version"], check=True, capture_output=True, timeout=300)
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        missing(f"cffconvert cannot be run ({error}): uv and a package index are needed")
    return command


def test_citation_by_cffconvert(folder, cffconvert):
    said = subprocess.run(
        [*cffconvert, "--validate", "-i", str(folder / "CITATION.cff")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("place", ["version", "root"])
def test_the_hub_reads_the_card(folder, place):
    hub = need("huggingface_hub")
    where = folder if place == "version" else folder.parent
    card = hub.DatasetCard.load(where / "README.md", ignore_metadata_errors=False)
    told = card.data.to_dict()
    assert card.text.lstrip().startswith("# ")
    rows = manifest.read(folder)["rows"]
    assert [config["config_name"] for config in told["configs"]] == [
        name for name, count in rows.items() if count
    ]
    assert told["pretty_name"]
    # What it writes back says the same.
    assert yaml.safe_load(card.data.to_yaml()) == yaml.safe_load(card.content.split("---\n")[1])


@pytest.mark.parametrize("place", ["version", "root"])
def test_words_of_the_front_matter_are_those_of_the_hub(folder, place):
    datasets = need("datasets")
    known = Path(datasets.__file__).parent / "utils" / "resources"
    where = folder if place == "version" else folder.parent
    told = yaml.safe_load((where / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    sizes = json.loads((known / "size_categories.json").read_text(encoding="utf-8"))
    languages = json.loads((known / "languages.json").read_text(encoding="utf-8"))
    assert set(told["size_categories"]) <= set(sizes)
    assert set(told.get("language", [])) <= languages.keys()


def test_schemas_hold_for_their_rows(folder):
    jsonschema = need("jsonschema")
    for path in sorted((folder / "schema").glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        checker = jsonschema.Draft202012Validator(schema)
        name = path.name.removesuffix(".schema.json")
        for part in sorted(folder.glob(f"jsonl/{name}-*.jsonl.gz")):
            lines = gzip.decompress(part.read_bytes()).split(b"\n")[:-1]
            for line in lines[:: max(len(lines) // 200, 1)]:
                checker.validate(json.loads(line))
