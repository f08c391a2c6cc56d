"""Which files are seeds, what each is called, and which files named seeds.toml may speak of it."""

import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from glob import has_magic
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipeline.ingest.faults import IngestError

SEEDS_TOML = "seeds.toml"
PAGE = "#"  # before the place of a page in its file
Listing = Callable[[Path], Mapping[str, str]]
Keys = Callable[[Path], list[list[str]]]
Where = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


class Found(NamedTuple):
    """A file, its name in the folder where it was looked for, and that folder."""

    name: str
    path: Path
    folder: Path


def find_seeds(where: Where) -> list[tuple[str, Path]]:
    """List the files under folders, files and globs, each with its path as the dataset will name it.

    Hidden files and `seeds.toml` are left out. A file below a folder is named relative to that folder; where two
    would have one name, the names of their folders go before. A link to a folder is listed, and not followed.

    Raises:
        IngestError: nothing is there.
    """
    asked = places(where)
    found = {file.path.absolute(): file for place in reversed(asked) for file in files_at(place)}
    if not found:
        raise IngestError(
            f"no seeds at {', '.join(map(spoken, asked))}; do: name a folder that holds files, a file or a glob"
        )
    return sorted(_tell_apart(list(found.values())))


def _tell_apart(found: list[Found]) -> list[tuple[str, Path]]:
    """Name each file, with as many folders before as make it the only one of its name."""
    resolved = {folder: truly(folder).parts[1:] for folder in {file.folder for file in found}}
    above = [resolved[file.folder] for file in found]
    names = [spoken(file.name) for file in found]
    for n_folders in range(1, max(map(len, above), default=0) + 1):
        times = Counter(names)
        names = [
            spoken("/".join((*parts[-n_folders:], file.name))) if times[name] > 1 else name
            for name, file, parts in zip(names, found, above, strict=True)
        ]
    return [(name, file.path) for name, file in zip(names, found, strict=True)]


def spoken(name: str) -> str:
    """Write a name that may not be UTF-8 as text."""
    return os.fsencode(name).decode("utf-8", "replace")


def files_at(place: str) -> Iterator[Found]:
    """List the files at one place, named relative to it, or to the folder where its pattern begins."""
    path, root = Path(place), _folder_of(place)
    if _is_pattern(place):
        for match in sorted(root.glob(str(path.relative_to(root)))):
            for file in files_at(str(match)):
                yield Found(file.path.relative_to(root).as_posix(), file.path, root)
    elif path.is_dir():
        yield from _files_below(path)
    elif path.exists() or path.is_symlink():
        yield Found(path.name, path, root)


def _is_pattern(place: str) -> bool:
    return has_magic(place) and not Path(place).exists()


def _folder_of(place: str) -> Path:
    """Name the folder that a place is, or lies in, or where its pattern begins."""
    path = Path(place)
    if _is_pattern(place):
        return Path(*takewhile(lambda part: not has_magic(part), path.parts))
    return path if path.is_dir() else path.parent


def _files_below(root: Path) -> Iterator[Found]:
    for folder, folders_below, names in os.walk(root):
        folders_below[:] = sorted(name for name in folders_below if not name.startswith("."))
        links = [name for name in folders_below if Path(folder, name).is_symlink()]
        for name in (*names, *links):
            if not name.startswith(".") and name != SEEDS_TOML:
                file = Path(folder, name)
                yield Found(file.relative_to(root).as_posix(), file, root)


def folders(where: Where) -> list[Path]:
    """List the folders that may hold a `seeds.toml` for these places."""
    return sorted(set(map(_folder_of, places(where))))


def places(where: Where) -> list[str]:
    """List the places that are named, one or several."""
    return [os.fspath(place) for place in ([where] if isinstance(where, str | os.PathLike) else where)]


def key(path: str | os.PathLike[str]) -> str:
    """Write a path so that it can be compared: from the root, in NFC, as text."""
    return plain(str(_absolute(path)))


def plain(name: str) -> str:
    """Write a name as text in NFC, as those who write seeds.toml do."""
    return unicodedata.normalize("NFC", spoken(name))


def _absolute(path: str | os.PathLike[str]) -> Path:
    """Write a path from the root, without `..`, and as it is named, wherever links lead."""
    return Path(os.path.normpath(Path(path).absolute()))


def _places(path: Path) -> tuple[Path, Path]:
    """Return where a path is named, and where it truly lies."""
    return _absolute(path), truly(path)


def truly(path: Path) -> Path:
    """Say where a path lies, wherever links lead; of links that lead round to each other, the place of the first."""
    return Path(os.path.realpath(path))  # noqa: PTH - `resolve` raises where links lead round


def keys_of(path: Path, of_folder: Keys | None = None) -> list[list[str]]:
    """List the keys of a file and of the folders that it lies below, the nearest first.

    Where links lead to it, those of the place where it truly lies are a second list.

    Args:
        path: of the file.
        of_folder: lists the keys of a folder; one that remembers is for many files.
    """
    if of_folder and not os.path.islink(path):  # noqa: PTH114 - one that may not be looked at is none
        return [[os.path.join(names[0], plain(path.name)), *names] for names in of_folder(path.parent)]  # noqa: PTH118
    return [_with_those_above(name) for name in dict.fromkeys(plain(str(it)) for it in _places(path))]


def _with_those_above(name: str) -> list[str]:
    names = [name]
    while (above := os.path.dirname(names[-1])) != names[-1]:  # noqa: PTH120 - of thousands of files
        names.append(above)
    return names


def pages_of(file: str, at: str) -> list[str]:
    """List the keys of a page of a file, pages.jsonl#12, and of the folders in an archive that it lies below."""
    within = PurePosixPath(plain(at))
    return [f"{file}{PAGE}{place}" for place in (within, *within.parents) if str(place) not in (".", "/")]


def listing_of(folder: Path) -> dict[str, str]:
    """List what stands in a folder by its `plain` name; nothing where it is none, or cannot be listed."""
    try:
        return {plain(it.name): it.name for it in folder.iterdir()}
    except OSError:
        return {}


def lost(folder: Path, path: str, listing: Listing = listing_of) -> tuple[Path, str] | None:
    """Return where the way to a file ends, and the name that is not there; null where it leads to one.

    Names are compared as `key` writes them: a file system that knows no case, or no NFC, would find more.

    Args:
        folder: where the way begins.
        path: of the file, from there.
        listing: lists a folder; one that remembers is for many paths.
    """
    here = _absolute(folder)
    for part in Path(os.path.relpath(here / path, here)).parts:
        name = listing(here).get(plain(part))
        if name is None and part != os.pardir:
            return here, part
        here = here.parent if name is None else here / name
    return None


def tomls(where: Where) -> list[tuple[str, Path]]:
    """List the files seeds.toml that may speak of the seeds: of the places asked, of the folders below and above.

    Each is named relative to the place asked; the upper ones come first.
    """
    asked = [_absolute(folder) for folder in folders(where)]
    found = [file.path for place in places(where) for file in files_at(place)]
    led_to = {truly(path).parent for path in found if path.is_symlink()}
    homes = {home for it in {path.parent for path in found}.union(asked, led_to) for home in _places(it)}
    above = sorted({home for it in homes for home in (it, *it.parents)}, key=lambda it: (len(it.parts), it))
    files = [home / SEEDS_TOML for home in above if os.path.lexists(home / SEEDS_TOML)]
    names = {path: name for name, path in _tell_apart([_said_at(file, asked) for file in files])}
    return [(names[file], file) for file in files]


def _said_at(file: Path, asked: list[Path]) -> Found:
    """Name a seeds.toml relative to the first place asked that it stands in, above or below."""
    near = (it for it in asked if file.parent == it or file.parent in it.parents or it in file.parents)
    home = next(near, file.parent)
    return Found(Path(os.path.relpath(file, home)).as_posix(), file, home)
