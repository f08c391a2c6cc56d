"""What a version makes from its own files: the card and its like, the statistics, the provenance and its signature.

Another Dehusk may write other words. Where its code, as the manifest names it, is not ours, a text that differs is
noted and no fault; the statistics are counted again from the rows all the same, and the provenance, which holds the
digest of every file, is held against them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import schemas
from pipeline.release import checks, digest, drawings, folder, manifest, provenance, review, signing, stats
from pipeline.verify.found import UNREADABLE, Fault, Note, Version, unlike


def stated(version: Version) -> Iterator[Fault | Note]:
    """Hold the provenance against the files and the manifest."""
    path = version.folder / provenance.NAME
    if not path.is_file():
        columns = manifest.json_schemas(version.folder).get("documents", {}).get("properties", {})
        # Every release since that column came has written one.
        yield Fault(f"{provenance.NAME} is missing") if "policy" in columns else Note("without provenance")
        return
    text = path.read_bytes().decode()
    told = json.loads(text)
    subjects = {entry["name"]: entry["digest"]["sha256"] for entry in told["subject"]}
    listed = {entry["path"]: entry["sha256"] for entry in version.told["files"]}
    apart = {provenance.NAME, signing.NAME}
    # The sums differ wherever a file does: the file is told first.
    for name in sorted((listed.keys() | subjects) - apart, key=lambda name: (name == manifest.SUMS, name)):
        if listed.get(name) != subjects.get(name):
            yield Fault(
                f"{name} has the SHA-256 {listed.get(name)}, and {provenance.NAME} states {subjects.get(name)}"
            )
    if told["predicate"]["buildDefinition"]["buildType"] != provenance.BUILD and not is_ours(version):
        yield Note(f"{provenance.NAME} is in the words of another Dehusk")
        return
    made = provenance.render(version.folder, manifest.head(version.told))
    yield from unlike(provenance.NAME, text, made, "the files and the manifest give")


def signed(version: Version) -> Iterator[Fault | Note]:
    """Hold the signature against the provenance, and against the key if there is one."""
    path = version.folder / signing.NAME
    if not path.is_file():
        yield Fault("it is not signed, and a key was named") if version.key else Note("not signed")
        return
    sealed = json.loads(path.read_bytes())
    fault = signing.fault(sealed, (version.folder / provenance.NAME).read_bytes(), version.key)
    if fault:
        yield Fault(f"{signing.NAME} {fault}")
    signers = ", ".join(signing.short(entry["keyid"]) for entry in sealed["signatures"])
    yield Note(f"signed by {signers}" if version.key else f"signed by {signers}, unchecked without --key")


def counted(version: Version) -> Iterator[Fault | Note]:
    """Count the statistics again from the rows, whoever made them."""
    name = "stats.json"
    seen = (version.folder / name).read_bytes().decode()
    digests = {"data": version.told["data_digest"], "tables": version.told["table_digests"]}
    made = json.loads(json.dumps(stats.measure(folder.read_brief(version.folder)))) | {"digests": digests}
    if is_ours(version):
        yield from unlike(name, seen, _text(made), "the other files give")
    else:
        ours, theirs = _shared(made, json.loads(seen)), _shared(json.loads(seen), made)
        yield from unlike(name, _text(theirs), _text(ours), "the rows give")


def drawn(version: Version) -> Iterator[Fault | Note]:
    """Draw the charts again, and hold what lies beside the rows against what this code lays there."""
    if not is_ours(version):
        return
    tables = folder.read_brief(version.folder)
    for name, svg in chain.from_iterable(charts.items() for charts in drawings.draw(tables).values()):
        yield from unlike(
            f"plots/{name}.svg", _read(version.folder / "plots" / f"{name}.svg"), svg, "the rows give"
        )
    for name, text in review.assets().items():
        yield from unlike(f"review/{name}", _read(version.folder / "review" / name), text, "this code has")
    held = manifest.read_json(version.folder / "quality.json")["checks"]
    # Without the pages' texts the first of them cannot be checked.
    if held not in (checks.promises(), checks.promises()[1:]):
        yield Fault("quality.json names other checks than those that every release is held to")


def rebuilt(version: Version) -> Iterator[Fault | Note]:
    """Make every file again that is made from others, and compare."""
    unchecked = "the words of its card were made by another Dehusk and could not be checked"
    try:
        made = folder.rebuilt(version.folder, manifest.head(version.told))
    except UNREADABLE:
        if is_ours(version):
            raise
        yield Note(unchecked)
        return
    texts = {path: _read(version.folder / path) for path in made}
    others = [path for path in made if texts[path] != made[path]]
    if is_ours(version):
        for path in others:
            yield from unlike(path, texts[path], made[path], "the other files give")
    elif others:
        yield Note(f"{unchecked}: {', '.join(others)}")


def _read(file: Path) -> str:
    return file.read_bytes().decode() if file.is_file() else ""


def _text(counts: Any) -> str:
    return json.dumps(counts, indent=1, ensure_ascii=False) + "\n"


def _shared(counts: Any, other: Any) -> Any:
    """Return of some counts what others count too, in an order of its own; an example is no count."""
    if isinstance(counts, dict) and isinstance(other, dict):
        both = sorted((counts.keys() & other.keys()) - {"example"})
        return {key: _shared(counts[key], other[key]) for key in both}
    if isinstance(counts, list) and counts and isinstance(counts[0], dict):
        known = other[0].keys() if other else counts[0].keys()
        rows = [{key: _shared(row[key], None) for key in sorted(row.keys() & known)} for row in counts]
        return sorted(rows, key=_text)
    # An older Dehusk wrote false where "false" stands now.
    return json.dumps(counts) if isinstance(counts, bool) else counts


def is_ours(version: Version) -> bool:
    """Say whether this code made it; where it does not say, whether it has the columns that this code gives."""
    code = version.told["inputs"].get("code")
    shapes = {name: schemas.json_schema(name) for name in schemas.TABLES}
    return (
        version.told["schema_digest"] == digest.of_json(shapes)
        if code is None
        else code == provenance.maker()["code"]
    )
