"""A version becomes visible by one rename, after all its checks have passed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline import removals
from pipeline.release import changes, differences, manifest, patch, root, signing, versions, withdrawal
from pipeline.release.facts import (
    DamagedVersionError,
    Dataset,
    Head,
    Published,
    PublishError,
    UnknownVersionError,
)
from pipeline.release.folder import Scores, dress, fill
from pipeline.release.versions import FIRST
from schemas import TABLES, Tables

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


IN_THE_WAY = (FileExistsError, NotADirectoryError)  # a file stands where a folder should


class Asked(NamedTuple):
    """What was asked of this publication: a date, a key to sign with, a part of the version to raise; or null."""

    released: str | None
    key: Ed25519PrivateKey | None
    bump: str | None


def publish(  # noqa: PLR0913 - what may be said of a release is named
    tables: Tables,
    dist: Path,
    dataset: str | Dataset = Dataset(),  # noqa: B008 - frozen
    *,
    inputs: Mapping[str, Any] | None = None,
    scores: Scores | None = None,
    released: str | None = None,
    sign: Path | None = None,
    bump: str | None = None,
) -> Published:
    """Publish the tables as the next version, if anything changed.

    What the version would be if nothing had changed is built first: if its checksums are those of the latest
    version, nothing is written. Otherwise the differences give the number of the next.

    Args:
        tables: the five tables; documents with `text` have their ledger checked against it.
        dist: the folder of all datasets; made if only it is missing.
        dataset: its name, or all that is said of it.
        inputs: digests of what the rows were made from: the lock file, seeds.toml. They stand in the
            manifest, and alone they make no new version.
        scores: as `evaluate.score` gives them.
        released: date for the index, ISO 8601. Default: of SOURCE_DATE_EPOCH; null without one, since a clock
            would break the promise of the same bytes.
        sign: a private key, to sign the provenance of a new version with; what stands is not signed anew.
        bump: the part of the version to raise, if more than the differences call for; less is refused.

    Raises:
        PublishError: nothing was published, and why; or it was, and the index could not be written.
    """
    facts = dataset if isinstance(dataset, Dataset) else Dataset(name=dataset)
    home = Path(dist) / facts.name
    key = signing.load_key(sign) if sign else None
    with plainly(home, "nothing was published"):
        home.parent.mkdir(exist_ok=True)
        home.mkdir(exist_ok=True)
        with alone(home):
            root.sweep(home)
            head = Head(facts, FIRST, None, None, FIRST, dict(inputs or {}))
            asked = Asked(released or root.date_of_release(), key, bump)
            return _publish(tables, home, head, scores, asked)


def _publish(tables: Tables, home: Path, head: Head, scores: Scores | None, asked: Asked) -> Published:
    shown = removals.present(tables, removals.standing(home.parent))
    if shown:
        raise PublishError(f"{shown}, see {removals.NAME}; do: build the tables anew. Nothing was published")
    catalogue = root.read(home, asked.released)
    latest = catalogue["latest"]
    if latest:
        manifest.refuse_damaged(home / latest, *TABLES)
    _refuse_forgetting(home, catalogue)
    head = _dated(head, _first_day(home, catalogue))
    head.inputs.update(removals.remembered(home))
    draft = root.temporary(home, "next")
    try:
        fill(tables, draft, head.dataset, scores)
        version = _dress_as_next(draft, catalogue, home, head, asked)
        if version != latest:
            _reveal(draft, home / version)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    with plainly(home, f"{version} stands, and the next run lists it"):
        dropped = root.write(home, root.read(home, asked.released))
    return _outcome(home / version, changed=version != latest)._replace(dropped=dropped)


def _first_day(home: Path, catalogue: root.Catalogue) -> str | None:
    """Return the day on which the first version came out, as the newest version knew it; null where it did not."""
    newest = next(iter(catalogue["versions"]), None)
    return manifest.head(manifest.read(home / newest["version"])).dataset.published if newest else None


def _dated(head: Head, day: str | None) -> Head:
    """Say when the first version came out, where nobody has said so."""
    published = head.dataset.published or (day[:10] if day else None)
    return head._replace(dataset=replace(head.dataset, published=published))


def _refuse_forgetting(home: Path, catalogue: root.Catalogue) -> None:
    """Refuse to publish where tombstones that the newest version knew are gone: what they name would come back."""
    newest = next(iter(catalogue["versions"]), None)
    inputs = manifest.read(home / newest["version"])["inputs"] if newest else {}
    if gone := removals.forgotten(home, inputs):
        raise PublishError(
            f"{home / removals.NAME}: {gone} that {newest['version'] if newest else ''} knew, and what they name "
            "would come back; do: restore it from a copy of the dataset. Nothing was published"
        )


def _dress_as_next(draft: Path, catalogue: root.Catalogue, home: Path, first: Head, asked: Asked) -> str:
    """Make the draft the version that follows from its differences; return its name, or that of what stands.

    It differs from the latest that stands, and its number follows the latest that there ever was.
    """
    if not catalogue["versions"]:
        dress(draft, _dated(first, asked.released), asked.key)
        return first.version
    newest = home / catalogue["versions"][0]["version"]
    if catalogue["latest"] is None:
        return _dress_after_all_withdrawn(draft, newest, first, asked)
    old = home / catalogue["latest"]
    head = manifest.head(manifest.read(old))._replace(dataset=first.dataset, inputs=first.inputs)
    if (old / "diff").is_dir():
        shutil.copytree(old / "diff", draft / "diff")
    dress(draft, head)
    if manifest.sums(draft) == manifest.sums(old):
        manifest.refuse_damaged(old, by_digest=True)  # the sums say what was written, not what stands
        return old.name
    shutil.rmtree(draft / "diff", ignore_errors=True)
    _refuse_withdrawn(draft, catalogue)
    rows_of = cache(changes.rows)  # they lie on disk
    difference = differences.compare(old, draft, rows_of=rows_of)
    summary = difference.summary
    computed = versions.weightier(summary["bump"], _since(newest, draft))
    if computed != summary["bump"]:
        summary["reasons"].append(f"{newest.name}, which was withdrawn, had other rows or columns")
    summary["bump"] = versions.raised(computed, asked.bump)
    version = summary["version"] = versions.after(newest.name, summary["bump"])
    differences.write(difference, draft)
    since = version if summary["schema"] else head.schema_version
    following = head._replace(version=version, previous=old.name, bump=summary["bump"], schema_version=since)
    dress(draft, _dated(following, asked.released), asked.key)
    _refuse_unproven(draft, old, rows_of)
    return version


def _refuse_unproven(draft: Path, old: Path, rows_of: changes.Rows) -> None:
    """Refuse a diff that does not lead from the older version to the draft."""
    try:
        seen = patch.prove(old, draft / "diff" / f"from-{old.name}", rows_of=rows_of)
    except patch.PatchError as error:
        raise PublishError(f"the diff from {old.name}: {error}: nothing was published") from error
    if seen != _data_digest(draft):
        raise PublishError(
            f"the diff from {old.name} leads to the data digest {seen}, and the rows have "
            f"{_data_digest(draft)}: nothing was published"
        )


def _dress_after_all_withdrawn(draft: Path, newest: Path, first: Head, asked: Asked) -> str:
    """Make the draft a version that nothing can be compared with."""
    bump = versions.raised(versions.weightier("minor", _since(newest, draft)), asked.bump)
    version = versions.after(newest.name, bump)
    dress(draft, first._replace(version=version, bump=bump, schema_version=version), asked.key)
    _refuse_withdrawn(draft, root.read(newest.parent))
    return version


def _since(newest: Path, draft: Path) -> str:
    """Return the part that columns and rows raise since the latest that there was, withdrawn or not.

    Where its files were deleted, its manifest and its schemas still tell what they were.
    """
    changes = versions.schema_changes(manifest.json_schemas(newest), manifest.json_schemas(draft))
    if manifest.read(newest)["data_digest"] != _data_digest(draft):
        changes.append(versions.Change("minor", "the rows differ"))
    return versions.weightiest(changes)


def _refuse_withdrawn(draft: Path, catalogue: root.Catalogue) -> None:
    """Refuse rows that were withdrawn, unless another version that has them was not."""
    rows = _data_digest(draft)
    same = [entry for entry in catalogue["versions"] if entry["data_digest"] == rows]
    if same and all(entry["status"] == root.WITHDRAWN for entry in same):
        raise PublishError(
            f"these rows are those of {same[0]['version']}, which was withdrawn ({same[0]['reason']}); "
            "do: change the seeds, or take out with `dehusk remove` what may not be in it. Nothing was published"
        )


def _data_digest(draft: Path) -> str:
    """Return the data digest of a version that is not dressed yet."""
    digest: str = manifest.read_json(draft / "stats.json")["digests"]["data"]
    return digest


def _reveal(draft: Path, folder: Path) -> None:
    """Make the draft the version: all of it is on the disk before its name is."""
    wrong = manifest.differs(draft)
    if wrong:
        raise PublishError(f"{wrong}: nothing was published")
    for path in sorted(draft.rglob("*"), reverse=True):
        root.sync(path)
    root.sync(draft)
    draft.rename(folder)
    root.sync(folder.parent)


def _outcome(folder: Path, *, changed: bool) -> Published:
    content = manifest.read(folder)
    summary = differences.read(folder)
    reasons = summary["reasons"] if summary else [versions.beginning(folder.name)]
    told = tuple(reasons) if changed else ()
    return Published(
        folder.name, folder, changed, content["previous"], content["bump"], content["rows"], told
    )


def alone(home: Path) -> AbstractContextManager[None]:
    """Hold the folder against other publishers."""
    return root.held(home, PublishError(f"{home}: another process is publishing here; nothing was published"))


@contextmanager
def plainly(home: Path, state: str) -> Iterator[None]:
    """Turn what the system says into one sentence: where, what, and how things stand."""
    try:
        yield
    except DamagedVersionError as error:
        raise DamagedVersionError(f"{error}; {state}") from error
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        do = "; do: name another folder, or move the file away" if isinstance(error, IN_THE_WAY) else ""
        raise PublishError(f"{error.filename or home}: {what}; {state}{do}") from error


def withdraw(home: Path, version: str, reason: str, date: str, *, delete: bool = False) -> None:
    """Take a version back openly: in its folder, the index, the catalogue and the card.

    One that is archived here may be withdrawn too: it may stand elsewhere, where `dehusk publish` takes it back.
    A version that is withdrawn already gets the new reason, and keeps its day.

    Args:
        home: the folder of the dataset.
        version: its name.
        reason: why, in a sentence that is published.
        date: since when, ISO 8601.
        delete: whether its files go too. The manifest, the checksums and the schemas stay.

    Raises:
        UnknownVersionError: there is no such version.
        PublishError: a file cannot be written.
    """
    with plainly(home, "the next run goes on with it"), alone(home):
        root.sweep(home)
        listed = {entry["version"]: entry for entry in root.read(home)["versions"]}
        if version not in listed:
            there = ", ".join(listed) or "none"
            raise UnknownVersionError(
                f"{home}: {version} is not there to be withdrawn; there are {there}; do: name one of them"
            )
        (home / version).mkdir(exist_ok=True)  # of one that is archived here, the mark is all there is
        mark = {"version": version, "reason": reason, "date": date, "is_deleted": delete}
        before = withdrawal.read(home / version) or mark
        mark |= {"date": before["date"], "is_deleted": delete or before["is_deleted"]}
        root.replace(home / version / manifest.WITHDRAWN, withdrawal.render(mark))
        root.write(home, root.read(home))


def ask_out(home: Path, stones: list[removals.Tombstone]) -> list[removals.Tombstone]:
    """Add tombstones to the list of a dataset; return those that are new.

    Raises:
        PublishError: the list is damaged or cannot be written, or a version is being published.
    """
    with plainly(home, "no tombstone was written"), alone(home):
        root.sweep(home)
        known = removals.read(home / removals.NAME)
        names = {(stone.selector, stone.sha256, stone.sketch) for stone in known}
        new = [stone for stone in stones if (stone.selector, stone.sha256, stone.sketch) not in names]
        if new:
            root.replace(home / removals.NAME, removals.render([*known, *new]))
        return new
