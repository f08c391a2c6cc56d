"""Commands that take back: `remove` from later releases, `withdraw` a version that is out."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import counted
from pipeline.cli.shared import UNUSABLE, open_console, plainly, stop
from pipeline.cli.versions import DATASET, OUT, draw, home_of

if TYPE_CHECKING:
    from polars import DataFrame

NAME_LENGTH = 3  # characters; less than these are said by chance
LISTED = 10  # records that are named
EAST = timedelta(hours=14)  # before UTC does a day begin where it begins first


@click.command()
@click.option("--id", "ids", multiple=True, metavar="RECORD_ID", help="A record.")
@click.option(
    "--author", "authors", multiple=True, help="All that a name or handle wrote, or says in a conversation."
)
@click.option("--url", "urls", multiple=True, help="All that was found on a page, or on any page below it.")
@click.option(
    "--source", "sources", multiple=True, metavar="PATH", help="All that was found in a seed, by path or id."
)
@click.option("--reason", help="Why, in a line that is published: without names.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Since when.  [default: today]")
@click.option("--list", "listing", is_flag=True, help="List what was asked out so far.")
@OUT
@DATASET
def remove(  # noqa: PLR0913 - a parameter an option
    *,
    ids: tuple[str, ...],
    authors: tuple[str, ...],
    urls: tuple[str, ...],
    sources: tuple[str, ...],
    reason: str | None,
    date: datetime | None,
    out: Path,
    dataset: str | None,
    listing: bool,
) -> None:
    """Take out what may not be published any more: from the next release on, whatever the seeds are.

    Writes tombstones into OUT/NAME/removals.jsonl: hashes, the reason and the day, no text and no name. A record goes
    whole, also where only a part of it is theirs, and copies of it go too. Versions that are out already stay as they
    are: see `dehusk withdraw`.
    """
    from schemas.columns import RECORD_ID

    asked = {"id": ids, "author": authors, "url": urls, "source": sources}
    home = home_of(out, dataset)
    if listing:
        _list(home)
        return
    if not any(asked.values()):
        raise click.UsageError(
            "say what to take out: --id, --author, --url or --source; --list lists what was"
        )
    cut = [id_ for id_ in ids if not re.match(RECORD_ID, id_)]
    if cut:
        raise click.UsageError(
            f"{cut[0]} is no whole id; do: dehusk explain {cut[0]}, which says what begins so"
        )
    if not reason:
        raise click.UsageError("say why, in a line that is published, without names: --reason")
    _ask_out(
        home, {word: list(values) for word, values in asked.items() if values}, reason.strip(), _day(date)
    )


def _ask_out(home: Path, asked: dict[str, list[str]], reason: str, day: str) -> None:
    from pydantic import ValidationError

    from pipeline import quotations, release, removals

    with plainly():
        standing = {folder.name: release.read(folder) for folder in _standing(home)}
        pairs: removals.Removals = {
            word: frozenset(removals.digest(word, value) for value in values)
            for word, values in asked.items()
        }
        named = {version: removals.named_in(tables, pairs) for version, tables in standing.items()}
        _refuse_names(reason, asked, named)
        try:
            stones = removals.stones_for(asked, standing.values(), reason=reason, date=day)
        except ValidationError:
            _refuse_long()
        new = release.ask_out(home, stones)
        named = {v: removals.named_in(t, removals.by_selector(stones)) for v, t in standing.items()}
    click.echo(
        f"{counted(len(new), 'new tombstone')} in {home / removals.NAME}, {len(stones) - len(new):,} were there"
    )
    for version, rows in named.items():
        if rows.height:
            click.echo(
                f"{version} has {counted(rows.height, 'record')} of it, copies included; "
                "the next `dehusk release` has none\n"
                f"  {version} holds it still: dehusk withdraw {version} --delete --reason …"
            )
    if not any(rows.height for rows in named.values()):
        click.echo(
            "no version that stands has any; what comes later is kept out. "
            "If it is a slip: until the next release, these lines may be deleted"
        )
    for version, tables in standing.items():
        _tell_quoting(version, quotations.of(tables, named[version]["record_id"]))


def _tell_quoting(version: str, records: "DataFrame") -> None:
    """Name the records of others that hold words of what was asked out: they are left in unless they are named too."""
    if records.is_empty():
        return
    listed = " ".join(records["record_id"].head(LISTED))
    more = f" and {records.height - LISTED:,} more" if records.height > LISTED else ""
    click.echo(
        f"{version} has words of it in {counted(records.height, 'record')} of others, left in: {listed}{more}\n"
        "  do: dehusk explain ID, and dehusk remove --id ID for each that should go"
    )


def _standing(home: Path) -> list[Path]:
    """List the versions whose rows are there."""
    from pipeline.release import manifest

    return sorted(path.parent.parent for path in home.glob("v*/records/part-00000.parquet")
                  if (path.parent.parent / manifest.NAME).is_file())  # fmt: skip


def _refuse_names(reason: str, asked: dict[str, list[str]], named: dict[str, "DataFrame"]) -> None:
    """Refuse a reason that names what, or whom, it is about."""
    from pipeline.removals import normalise

    parts = set(_parts(normalise("reason", reason)))
    told = [(word, value) for word, values in asked.items() for value in values]
    for rows in named.values():
        told += [
            ("author", v)
            for column in ("author", "handle")
            for v in rows[column].drop_nulls().unique().sort()
        ]
        told += [("title", value) for value in rows["title"].drop_nulls().unique().sort()]
    for word, value in told:
        if normalise(word, value) in parts:
            stop(
                f"--reason names the {word} {value!r}, and is published: say it without. Nothing was written",
                UNUSABLE,
            )


def _refuse_asked_out(home: Path, reason: str) -> None:
    """Refuse a reason that is too long, or names whom a tombstone names."""
    from pipeline import removals

    if len(reason) > removals.REASON_LENGTH or not reason:
        _refuse_long()
    hashes = removals.standing(home.parent).get("author", frozenset())
    for part in _parts(removals.normalise("reason", reason)):
        if removals.digest("author", part) in hashes:
            stop(
                f"--reason names {part!r}, which was asked out, and is published: say it without. "
                "Nothing was written",
                UNUSABLE,
            )


def _refuse_long() -> None:
    from pipeline.removals import REASON_LENGTH

    stop(f"--reason: one line of at most {REASON_LENGTH} characters; nothing was written", UNUSABLE)


def _parts(line: str) -> Iterator[str]:
    """Yield all that may be a name in a line; none begins or ends within a word, of scripts that part words."""
    # Scripts without capitals may write words together, as Chinese and Thai do: there, anywhere.
    is_cased = [char.lower() != char.upper() for char in line]
    bounds = [n for n in range(len(line) + 1) if not (0 < n < len(line) and is_cased[n - 1] and is_cased[n])]
    for at, start in enumerate(bounds):
        for end in bounds[at + 1 :]:
            if end - start >= NAME_LENGTH:
                yield line[start:end]


def _list(home: Path) -> None:
    from pipeline import removals

    with plainly():
        stones = removals.read(home / removals.NAME)
    grouped: dict[tuple[str, ...], list[str]] = {}
    for stone in stones:
        grouped.setdefault((stone.date, stone.reason, stone.selector), []).append(stone.sha256)
    rows = [
        {
            "date": date,
            "reason": reason,
            "what": word,
            "n": len(all_),
            "sha256": all_[0] if len(all_) == 1 else "…",
        }
        for (date, reason, word), all_ in grouped.items()
    ]
    draw(rows, open_console(stderr=False))
    click.echo(f"{counted(len(stones), 'tombstone')} in {home / removals.NAME}")


@click.command()
@click.argument("version")
@click.option("--reason", help="Why, in a line that is published.")
@click.option("--delete", is_flag=True, help="Delete its files too, but for what tells what they were.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Since when.  [default: today]")
@OUT
@DATASET
def withdraw(  # noqa: PLR0913 - a parameter an option
    version: str, reason: str | None, date: datetime | None, out: Path, dataset: str | None, *, delete: bool
) -> None:
    """Take a VERSION back, openly: its folder, the index, the catalogue and the card say so, and why.

    The latest is then the newest that stands. The number of the next still follows that of the newest there was.
    Once withdrawn, it keeps its reason and its day; --delete alone takes its files away later.
    """
    from pipeline import release
    from pipeline.release import root, withdrawal

    home = home_of(out, dataset)
    name = version if version.startswith("v") else f"v{version}"
    said = " ".join((reason or "").split())
    with plainly():
        mark = withdrawal.read(home / name)
        if mark and (not delete or said not in ("", mark["reason"])):
            stop(
                f"{name} is withdrawn since {mark['date']} ({mark['reason']}), and what was published of it stays; "
                "do: --delete without --reason takes away what is left of its files. Nothing was written",
                UNUSABLE,
            )
        if mark:
            said = mark["reason"]
        elif reason is None:
            raise click.UsageError("say why, in a line that is published: --reason")
        _refuse_asked_out(home, said)
        release.withdraw(home, name, said, _day(date), delete=delete)
        latest = root.read(home)["latest"] or "none: no version that was not withdrawn has its files here"
    is_there = (home / name / "records").is_dir()
    kept = "its files are still there: --delete takes them away" if is_there else "its files are not here"
    click.echo(f"{name} is withdrawn; {kept}\nthe latest is {latest}")


def _day(date: datetime | None) -> str:
    """Return the day given, or that of SOURCE_DATE_EPOCH, or today: asking is an act, and bears its day.

    It takes effect at once, so no day is taken that has begun nowhere yet.
    """
    from pipeline.release import root

    if date:
        if date.replace(tzinfo=UTC) > datetime.now(UTC) + EAST:
            raise click.BadParameter(
                f"{date:%Y-%m-%d} is yet to come; do: say since when", param_hint="--date"
            )
        return date.date().isoformat()
    with plainly():
        return root.date_of_release() or datetime.now(UTC).date().isoformat()
