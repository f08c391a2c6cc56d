"""Which files are seeds, and what each is called."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from glob import has_magic
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from pipeline.ingest.faults import IngestError

SEEDS_TOML = "seeds.toml"
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
            f"no seeds at {', '.join(map(spoken, asked))}: name a folder that holds files, a file or a glob"
        )
    return sorted(_tell_apart(list(found.values())))


def _tell_apart(found: list[Found]) -> list[tuple[str, Path]]:
    """Name each file, with as many folders before as make it the only one of its name."""
    above = [file.folder.resolve().parts[1:] for file in found]
    names = [spoken(file.name) for file in found]
    for n_folders in range(1, max(map(len, above)) + 1):
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
