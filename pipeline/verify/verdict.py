"""The checks in their order, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.release import manifest, root
from pipeline.verify import catalogue, contents, diffs, files, made, rows
from pipeline.verify.found import UNREADABLE, Check, Fault, Note, Version

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# All that these find is told: they hold each file by itself.
OF_FILES: tuple[Check, ...] = (files.named, files.listed, files.whole)
# The cheap ones first, and each rests on those before it: only the first fault is told.
CHECKS: tuple[Check, ...] = (
    files.summed,
    made.stated,
    rows.read_and_hold,
    diffs.counted,
    made.counted,
    made.drawn,
    made.rebuilt,
    made.signed,
)
# What `download` makes of some tables has sums of its own and, since most of what a manifest lists is not there, none.
PART = (
    f"{manifest.NAME} is missing, as it is where `dehusk download` was asked for some tables of a version; "
    f"do: `sha256sum -c {manifest.SUMS}` in this folder checks the files that are here"
)


class Verdict(NamedTuple):
    """What is wrong first, or null; what else should be known; the version that was looked at last; other faults."""

    fault: str | None
    notes: tuple[str, ...] = ()
    told: dict[str, Any] | None = None
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in one sentence."""
        return "; ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """What there is to say, the most important first."""
        if self.fault or not self.told:
            return [self.fault, *self.others] if self.fault else list(self.notes)
        counts = ", ".join(f"{count:,} {name}" for name, count in self.told["rows"].items())
        name = f"{self.told['dataset'].get('name')} {self.told['version']}"
        return [f"{name} holds: {counts}", f"data digest {self.told['data_digest']}", *self.notes]


def of_version(folder: Path, key: Ed25519PublicKey | None = None) -> Verdict:
    """Check the folder of a version.

    Args:
        folder: with a manifest.json.
        key: that must have signed it; null if any signature, or none, will do.
    """
    try:
        told = contents.manifest((folder / manifest.NAME).read_bytes())
    except FileNotFoundError:
        mark = next(files.withdrawn(folder), None)
        if mark:
            return Verdict(mark if isinstance(mark, Fault) else f"its files are not here; {mark}")
        is_part = (folder / manifest.SUMS).is_file()
        return Verdict(
            PART if is_part else f"{manifest.NAME} is missing, so this is no version, or half of one"
        )
    except (contents.ContentsError, OSError) as error:
        return Verdict(f"{manifest.NAME}: {error}")
    version = Version(folder, told, key)
    of_files, of_rest = (
        (found for check in checks for found in _plainly(check, version)) for checks in (OF_FILES, CHECKS)
    )
    found = list(of_files)
    faults = [str(one) for one in found if isinstance(one, Fault)]
    return _judged(chain(found, of_rest), told)._replace(others=tuple(faults[1:]))


def of_dataset(home: Path, key: Ed25519PublicKey | None = None) -> list[Verdict]:
    """Check a dataset: its index, every version whose files should be there, and what stands beside them.

    Returns:
        A verdict a version, and one of the dataset if that is where the fault is; the first fault is the last.
    """
    try:
        index = catalogue.read(home)
    except (contents.ContentsError, OSError) as error:
        return [Verdict(f"{root.INDEX}: {error}")]
    verdicts = [_judged(_guarded(f"cannot read {root.INDEX}", catalogue.placed(home, index)))]
    for entry in index["versions"]:
        is_whole = entry["status"] == root.WITHDRAWN and (home / entry["version"] / "records").is_dir()
        if verdicts[-1].fault is None and (entry["status"] == root.AVAILABLE or is_whole):
            verdicts.append(_listed(home, entry, key))
    if verdicts[-1].fault is None:
        ways = _guarded("cannot read a diff", _ways(home, verdicts))
        verdicts.append(_judged(ways))
    if verdicts[-1].fault is None:
        newest = next((verdict.told for verdict in verdicts if verdict.told), None)
        is_ours = newest is None or made.is_ours(Version(home / newest["version"], newest))
        beside = chain(catalogue.rebuilt(home, index, is_ours=is_ours), catalogue.asked_out(home, index))
        verdicts.append(_judged(_guarded("cannot read what stands beside the versions", beside)))
    return [verdict for verdict in verdicts if verdict.told or verdict.fault or verdict.notes]


def where_it_stands(place: Path) -> str:
    """Say what a folder is: `version` or `dataset`; by its index if it has neither."""
    return (
        "dataset" if (place / root.INDEX).is_file() and not (place / manifest.NAME).is_file() else "version"
    )


def _listed(home: Path, entry: dict[str, Any], key: Ed25519PublicKey | None) -> Verdict:
    verdict = of_version(home / entry["version"], key)
    if verdict.fault or not verdict.told:
        return verdict._replace(fault=f"{entry['version']}: {verdict.fault}")
    wrong = _judged(_guarded(f"cannot read {root.INDEX}", catalogue.listed(entry, verdict.told)))
    return wrong if wrong.fault else verdict


def _ways(home: Path, verdicts: list[Verdict]) -> Iterator[Fault | Note]:
    """Go from each older version that is there to the newer one, by the diff; all of them hold by themselves."""
    for told in [verdict.told for verdict in verdicts if verdict.told]:
        old = home / str(told["previous"])
        if (old / "records").is_dir():
            version = Version(home / told["version"], told)
            again = diffs.compared(version, old) if made.is_ours(version) else ()
            for found in chain(diffs.proven(version, old), again):
                yield type(found)(f"{told['version']}: {found}")


def _judged(found: Iterable[Fault | Note], told: dict[str, Any] | None = None) -> Verdict:
    """Take what checks find until the first fault."""
    notes: list[str] = []
    for one in found:
        if isinstance(one, Fault):
            return Verdict(str(one), tuple(notes), told)
        notes.append(str(one))
    return Verdict(None, tuple(notes), told)


def _plainly(check: Check, version: Version) -> Iterator[Fault | Note]:
    promise = str(check.__doc__).partition("\n")[0].rstrip(".")
    return _guarded(f"cannot {promise[0].lower()}{promise[1:]}", check(version))


def _guarded(where: str, found: Iterator[Any]) -> Iterator[Fault | Note]:
    """Make a fault of what cannot be read at all."""
    try:
        yield from found
    except UNREADABLE as error:
        said = " ".join(str(error).split())
        yield Fault(f"{where}: {type(error).__name__}: {said[:200]}")
