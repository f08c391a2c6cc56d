"""What a version makes from its own files: the card and its like, the statistics, the provenance and its signature.

Another Dehusk may write other words. Where its code, as the provenance names it, is not ours, a text that differs is
noted and no fault; the provenance, which holds the digest of every file, is held against them all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import schemas
from pipeline.release import digest, folder, manifest, provenance, signing, stats
from pipeline.verify.found import UNREADABLE, Fault, Note, Version, unlike


def stated(version: Version) -> Iterator[Fault | Note]:
    """Hold the provenance against the files and the manifest."""
    path = version.folder / provenance.NAME
    if not path.is_file():
        yield Note("without provenance")
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
    if told["predicate"]["buildDefinition"]["buildType"] != provenance.BUILD and not _is_ours(version):
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


def rebuilt(version: Version) -> Iterator[Fault | Note]:
    """Make every file again that is made from others, and compare."""
    try:
        made = {"stats.json": _counted(version)} | folder.rebuilt(version.folder, manifest.head(version.told))
    except UNREADABLE as error:
        if _is_ours(version):
            raise
        yield Note(f"its card and the like, of another Dehusk, were not made again ({type(error).__name__})")
        return
    for path, text in made.items():
        file = version.folder / path
        seen = file.read_bytes().decode() if file.is_file() else ""
        yield from _ours(version, path, seen, text, "the other files give")


def _counted(version: Version) -> str:
    digests = {"data": version.told["data_digest"], "tables": version.told["table_digests"]}
    counted = stats.measure(folder.read(version.folder)) | {"digests": digests}
    return json.dumps(counted, indent=1, ensure_ascii=False) + "\n"


def _ours(version: Version, path: str, seen: str, made: str, by: str) -> Iterator[Fault | Note]:
    """Compare a text with what it is made into here; of another maker, a difference is only noted."""
    if _is_ours(version):
        yield from unlike(path, seen, made, by)
    elif seen != made:
        yield Note(f"{path} is in the words of another Dehusk")


def _is_ours(version: Version) -> bool:
    """Say whether this code made it; where it does not say, whether it has the columns that this code gives."""
    code = version.told["inputs"].get("code")
    shapes = {name: schemas.json_schema(name) for name in schemas.TABLES}
    return (
        version.told["schema_digest"] == digest.of_json(shapes)
        if code is None
        else code == provenance.maker()["code"]
    )
