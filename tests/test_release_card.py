"""The card: made from the files alone, no number typed, nothing in a text can break it."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import yaml
from pydantic import ValidationError

import schemas
from pipeline import release
from pipeline.release import card, manifest, model
from pipeline.release import front as head
from pipeline.release.folder import rebuilt
from tests.tables import make_tables

TEMPLATES = sorted(card.TEMPLATES.glob("*.*"))
SNIPPET = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Publish a version; return the folder above it."""
    return release.publish(make_tables(), tmp_path_factory.mktemp("dist")).folder.parent


def front(path):
    """Return the YAML at the head of a card."""
    _, text, _ = path.read_text().split("---\n", 2)
    return yaml.safe_load(text)


def test_the_card_is_made_again_from_the_folder_alone(home, tmp_path):
    folder = home / "v1.0.0"
    made = rebuilt(folder)
    assert made["README.md"].encode() == (folder / "README.md").read_bytes()
    assert card.render(model.read(folder), "v1.0.0/").encode() == (home / "README.md").read_bytes()


@pytest.mark.parametrize("place", ["v1.0.0", "."])
def test_front_matter_names_files_that_exist_and_counts_their_rows(home, place):
    told = front(home / place / "README.md")
    assert [config["config_name"] for config in told["configs"]] == list(schemas.TABLES)
    for config, info in zip(told["configs"], told["dataset_info"], strict=True):
        [data] = config["data_files"]
        paths = list((home / place).glob(data["path"]))
        assert paths
        assert not Path(data["path"]).is_absolute()
        frame = pl.read_parquet(paths)
        assert info["splits"][0]["num_examples"] == len(frame)
        assert [feature["name"] for feature in info["features"]] == frame.columns
    assert told["license"] == "unknown"
    assert told["language"] == ["en", "zh"]
    assert "jsonl" not in str(told["configs"])


def test_a_table_without_rows_has_no_config(tmp_path):
    tables = make_tables()
    published = release.publish(tables._replace(removed=schemas.empty("removed")), tmp_path)
    names = [config["config_name"] for config in front(published.folder / "README.md")["configs"]]
    assert names == ["records", "segments", "documents", "spans"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_number_is_typed(path):
    prose = path.read_text()
    for code in (r"```.*?```", r"\{\{.*?\}\}", r"\{%.*?%\}", r"\{#.*?#\}", r"`[^`\n]*`"):
        prose = re.sub(code, "", prose, flags=re.DOTALL)
    assert not re.findall(r".*\d.*", prose)


@pytest.mark.parametrize("place", ["v1.0.0", "."])
@pytest.mark.parametrize("reader", ["polars", "pyarrow"])
def test_loading_snippets_run(home, place, reader):
    text = (home / place / "README.md").read_text()
    [snippet] = [
        code for code in SNIPPET.findall(text) if f"import {reader}" in code and "sha256" not in code
    ]
    command = [sys.executable, "-c", snippet + "\nassert len(records) == 4"]
    subprocess.run(command, cwd=home / place, check=True)


@pytest.mark.parametrize("place", ["v1.0.0", "."])
def test_the_recipe_for_the_digest_gives_the_digest(home, place):
    text = (home / place / "README.md").read_text()
    [recipe] = [code for code in SNIPPET.findall(text) if "import glob" in code]
    done = subprocess.run(
        [sys.executable, "-c", recipe], cwd=home / place, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == manifest.read(home / "v1.0.0")["data_digest"]
    assert done.stdout.strip() in text


@pytest.mark.parametrize("place", ["v1.0.0", "."])
def test_the_commands_that_verify_run_where_they_stand(home, place):
    text = (home / place / "README.md").read_text()
    sums, all_of_it = re.findall(r"```sh\n((?:.*sha256sum|dehusk verify).*)\n```", text)
    subprocess.run(["/bin/sh", "-c", sums], cwd=home / place, check=True)
    folder = home / place / all_of_it.split()[-1]
    assert (folder / manifest.NAME).is_file()


@pytest.mark.parametrize("place", ["v1.0.0", "."])
def test_the_recipe_for_tracing_gives_the_place(home, place):
    text = (home / place / "README.md").read_text()
    [recipe] = [code for code in SNIPPET.findall(text) if "byte_start" in code]
    done = subprocess.run(
        [sys.executable, "-c", recipe], cwd=home / place, check=True, capture_output=True, text=True
    )
    where, link = done.stdout.splitlines()
    record = pl.read_parquet(home / "v1.0.0" / "records" / "*.parquet").row(0, named=True)
    assert where.endswith(f"from byte {record['byte_start']} to {record['byte_end']}")
    file, anchor = link.split("#")
    assert (home / place / file).is_file()
    assert anchor in (home / place / file).read_text()


def test_the_recipe_for_tracing_gives_the_words_to_those_who_have_the_page(tmp_path):
    tables = make_tables()
    path, whole = tables.documents.sort("path").select("path", "text").row(0)
    digest = hashlib.sha256(whole.encode()).hexdigest()
    documents = tables.documents.with_columns(
        sha256=pl.when(pl.col("path") == path).then(pl.lit(digest)).otherwise("sha256")
    )
    folder = release.publish(tables._replace(documents=documents), tmp_path / "dist").folder
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    page = copy / "seeds" / path
    page.parent.mkdir(parents=True)
    page.write_bytes(whole.encode())
    [recipe] = [code for code in SNIPPET.findall((copy / "README.md").read_text()) if "byte_start" in code]
    done = subprocess.run(
        [sys.executable, "-c", recipe], cwd=copy, check=True, capture_output=True, text=True
    )
    record = pl.read_parquet(copy / "records" / "*.parquet").row(0, named=True)
    words = whole.encode()[record["byte_start"] : record["byte_end"]].decode()
    assert done.stdout.split("\n", 2)[2] == words + "\n"


def test_a_column_that_is_null_in_every_row_is_one_line(tmp_path):
    tables = make_tables()
    never = tables.documents.with_columns(source_id=pl.lit(None, pl.String))
    empty = schemas.empty("removed")
    made = release.publish(tables._replace(documents=never, removed=empty), tmp_path).folder
    text = (made / "README.md").read_text()
    assert "- `source_id` (`string`): " in text
    assert "| `source_id` |" not in text
    assert "Without rows in this version; its columns:" in text


def test_whom_to_ask_is_said_at_the_top_and_only_if_it_is_known(tmp_path):
    texts = [
        (release.publish(make_tables(), tmp_path / name, dataset).folder / "README.md").read_text()
        for name, dataset in (
            ("none", release.Dataset()),
            ("one", release.Dataset(contact="ada (at) looms", homepage="https://looms.example/")),
        )
    ]
    tops = [" ".join(text.split("## ", 1)[0].split("---\n")[2].replace("\n>", "").split()) for text in texts]
    assert "tell whoever gave you this dataset, which names no address" in tops[0]
    assert "write to ada \\(at\\) looms:" in tops[1]
    assert "it names no address of the code or the pages" in texts[0]
    assert "more is to be found at https://looms.example/" in texts[1]


def test_the_unknown_licence_is_said_at_the_top(home):
    text = (home / "v1.0.0" / "README.md").read_text()
    assert "> **The licence of these texts is unknown.**" in text.split("\n# ", 1)[1][:90]


def test_known_licences_are_not_called_unknown(tmp_path):
    tables = make_tables()
    free = pl.lit("CC-BY-4.0").alias("license")
    known = tables._replace(
        records=tables.records.with_columns(free), documents=tables.documents.with_columns(free)
    )
    published = release.publish(known, tmp_path)
    text = (published.folder / "README.md").read_text()
    assert front(published.folder / "README.md")["license"] == "cc-by-4.0"
    assert "is unknown.**" not in text


@pytest.mark.parametrize(
    ("licences", "told"),
    [
        (["CC-BY-4.0"], {"license": "cc-by-4.0"}),
        (["ODbL-1.0"], {"license": "odbl"}),
        (["CC-BY-4.0", "LicenseRef-unknown"], {"license": "unknown"}),
        (["CC-BY-4.0", "MIT"], {"license": "other", "license_name": "CC-BY-4.0 AND MIT"}),
        (["MIT OR Apache-2.0"], {"license": "other", "license_name": "MIT OR Apache-2.0"}),
    ],
)
def test_the_head_names_licences_as_the_hub_does(tmp_path, licences, told):
    tables = make_tables()
    each = pl.Series("license", [licences[n % len(licences)] for n in range(len(tables.records))])
    made = release.publish(tables._replace(records=tables.records.with_columns(each)), tmp_path).folder
    said = front(made / "README.md")
    assert {key: said[key] for key in told} == told
    assert ("license_link" in said) == (told["license"] == "other")


def test_the_head_takes_no_word_that_the_hub_lacks():
    known = {"pretty_name": "Looms", "license": "odbl", "size_categories": ("n<1K",)}
    assert head.Front(**known)
    for wrong in (
        {"license": "free"},
        {"language": ("xx",)},
        {"size_categories": ("n>10M",)},
        {"viewer": "no"},
    ):
        with pytest.raises(ValidationError):
            head.Front(**known | wrong)


@pytest.mark.parametrize(
    ("rows", "size"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (10**7, "10M<n<100M"),
        (10**12, "n>1T"),
        (10**15, "n>1T"),
    ],
)
def test_sizes_are_those_of_the_hub(rows, size):
    assert head._size(rows) == size


def test_the_card_has_every_section(home):
    text = (home / "v1.0.0" / "README.md").read_text()
    assert re.findall("^## (.*)", text, re.MULTILINE) == [
        *("What is in it", "How to load it", "What changed", "Licences", "Gaps and bias"),
        *("Why it was made, and what for", "Composition", "Collection", "From pages to records", "Quality"),
        *("Personal and sensitive data", "Removal and opt-out", "Versions", "Citation", "How to verify"),
        *("How to reproduce", "Data dictionary"),
    ]
    assert "| records without an author | 0 of 4 | 0.0 % | 0.0 % |" in text
    assert "| pages without an address | 2 of 2 | 100.0 % |  |" in text
    assert "| language | 4 | 2 | en | 75.0 % | 94.1 % | 1.6 |" in text


def glance(tables, home):
    """Return what the card of a version says first, by its name."""
    text = (release.publish(tables, home).folder / "README.md").read_text()
    return dict(re.findall(r"^\| ([a-z ]+) \| (.+) \|$", text.split("## ", 1)[0], re.MULTILINE))


def test_an_open_end_of_capture_is_said_to_be_open(tmp_path):
    tables = make_tables()
    assert glance(tables, tmp_path / "both")["captured"] == "2025-12-15"
    open_end = pl.when(pl.int_range(pl.len()) > 0).then("captured_latest").alias("captured_latest")
    part = tables._replace(documents=tables.documents.with_columns(open_end))
    told = "2025-12-15 or later; nothing bounds the end for 1 of 2 pages"
    assert glance(part, tmp_path / "part")["captured"] == told


def test_what_lacks_a_date_or_an_author_is_told_in_words_too(tmp_path):
    tables = make_tables()
    assert glance(tables, tmp_path / "known")["written by"] == "whom each record names"
    is_first = pl.int_range(pl.len()) == 0
    lacking = tables.records.with_columns(
        *(pl.when(~is_first).then(c).alias(c) for c in ("author", "handle")),
        *(
            pl.when(~is_first).then(c).alias(c)
            for c in ("published_earliest", "published_latest", "published")
        ),
        pl.when(is_first)
        .then(pl.lit("unknown"))
        .otherwise("published_precision")
        .alias("published_precision"),
    )
    share = f"1 of 4 records, {100 * lacking['n_words'][0] / lacking['n_words'].sum():.1f} % of the words"
    told = glance(tables._replace(records=lacking), tmp_path / "lacking")
    assert told["written by"] == f"whom each record names; without an author: {share}"
    assert told["written"].endswith(f"; without a date: {share}")


@pytest.mark.parametrize("place", ["v1.0.0", "."])
def test_every_picture_is_there_and_has_words(home, place):
    pictures = re.findall(r"!\[(.*?)\]\((.*?)\)", (home / place / "README.md").read_text())
    assert len(pictures) == 5
    for words, path in pictures:
        assert len(words) > 20
        assert (home / place / path).read_text().startswith("<svg ")


def test_every_column_flag_and_reason_is_defined(home):
    text = (home / "v1.0.0" / "README.md").read_text()
    for name in schemas.TABLES:
        for field in schemas.arrow_schema(name):
            assert f"| `{field.name}` |" in text or f"- `{field.name}` (`" in text
            assert field.metadata[b"description"].decode() in text
    for words in (schemas.FLAGS, schemas.REASONS, schemas.CHROME_KINDS, schemas.SEGMENT_KINDS, schemas.ROLES):
        assert all(f"`{word}`" in text and meaning in text for word, meaning in words.items())


HOSTILE = "a|b `c` <script>alert(1)</script> {{ 7*7 }} {% raw %}\n\n# not a heading [x](javascript:1) \u202e"


def test_words_from_outside_cannot_break_the_card(tmp_path):
    tables = make_tables()
    documents = tables.documents.with_columns(
        pl.lit(HOSTILE).alias(c) for c in ("capture_evidence", "source_url", "site")
    )
    dataset = release.Dataset(title='Of "looms": a\nb', description=HOSTILE)
    published = release.publish(tables._replace(documents=documents), tmp_path, dataset)
    text = (published.folder / "README.md").read_text()
    assert front(published.folder / "README.md")["pretty_name"] == 'Of "looms": a\nb'
    assert "<script>" not in text
    assert "7\\*7" in text
    assert not re.search(r"^# not a heading", text, flags=re.MULTILINE)
    rows = [
        line for line in text.splitlines() if "not a heading" in line and re.match(r"\| .*\.txt \|", line)
    ]
    assert len(rows) == 2
    heads = [line for line in text.splitlines() if line.startswith("| file | page kind")]
    unescaped = re.compile(r"(?<!\\)\|")
    assert {len(unescaped.findall(row)) for row in rows} == {len(unescaped.findall(heads[0]))}


def test_many_documents_do_not_make_a_long_card(tmp_path):
    pages = {f"{n:04d}.txt": [f"Loom {n}."] for n in range(200)}
    published = release.publish(make_tables(pages), tmp_path)
    text = (published.folder / "README.md").read_text()
    assert "0000.txt" in text
    assert "0199.txt" not in text
    assert len(text) < 60_000
