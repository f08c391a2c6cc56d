"""Slack's export: a zip of folders, a channel each, with a file of JSON for each day."""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from html import unescape
from types import MappingProxyType
from typing import Any

from pipeline.ingest.faults import Fault
from pipeline.ingest.packed.archives import read_whole
from pipeline.ingest.packed.page import Page, Source, sound

BY = "slack export"
USERS = "users.json"
DAY = re.compile(r"[^/]+/\d{4}-\d\d-\d\d\.json")
LINK = re.compile(r"<(?P<address>[^<>|]+)(?:\|(?P<words>[^<>]*))?>")


def is_export(source: Source) -> bool:
    """Say whether a zip is an export of Slack's: a list of users, and days in folders."""
    with source.open() as stream:
        names = zipfile.ZipFile(stream).namelist()
    return USERS in names and any(map(DAY.fullmatch, names))


def read_export(source: Source) -> Iterator[Page | Fault]:
    """Read every day of every channel of an export."""
    with source.open() as stream:
        archive = zipfile.ZipFile(stream)
        users = _users(read_whole(source.within(partial(archive.open, USERS))))
        for name in sorted(filter(DAY.fullmatch, archive.namelist())):
            at = f"{source.at}/{name}" if source.at else name
            yield from read_slack(source.within(partial(archive.open, name), at), users)


def _users(data: bytes) -> dict[str, str]:
    """Read who is behind an id; what cannot be read names nobody."""
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    users = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {
        str(row.get("id")): str(row.get("real_name") or row.get("name") or row.get("id")) for row in users
    }


def read_slack(source: Source, users: Mapping[str, str] = MappingProxyType({})) -> Iterator[Page | Fault]:
    """Read the messages of a channel on one day as lines `[2025-12-15, 07:32:05] Ada: words`, times in UTC."""
    where = f"{source.name}#{source.at}" if source.at else source.name
    try:
        rows = json.loads(read_whole(source))
    except (ValueError, RecursionError) as error:
        yield Fault("unreadable", f"{where}: no JSON: {error}; do: export the channel anew")
        return
    messages = rows if isinstance(rows, list) else []
    lines = [line for row in messages if isinstance(row, dict) for line in _line(row, users)]
    if not lines:
        yield Fault("empty", f"{where}: no message with words; do: drop the file")
        return
    channel = source.at.split("/")[-2] if "/" in source.at else None
    yield Page(source.at, text="\n".join(lines) + "\n", extracted_by=BY, own={"title": channel})


def _line(row: dict[str, Any], users: Mapping[str, str]) -> Iterator[str]:
    """Write a message as a line; one without words, or a mere notice, is left out."""
    words = row.get("text")
    if row.get("type") != "message" or not isinstance(words, str) or not words.strip():
        return
    try:
        time = datetime.fromtimestamp(float(row["ts"]), UTC)
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return
    shown = unescape(LINK.sub(lambda link: link["words"] or link["address"], words))
    yield sound(f"[{time:%Y-%m-%d, %H:%M:%S}] {_name(row, users)}: {shown}")


def _name(row: dict[str, Any], users: Mapping[str, str]) -> str:
    """Name who wrote it as they are shown, else by the id."""
    said = row.get("user_profile")
    profile = said if isinstance(said, dict) else {}
    names = (
        profile.get("display_name"),
        profile.get("real_name"),
        row.get("username"),
        users.get(str(row.get("user"))),
        row.get("user"),
    )
    return next((" ".join(name.split()) for name in names if isinstance(name, str) and name.strip()), "?")
