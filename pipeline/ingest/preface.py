"""Front matter: what a Markdown file says of itself above its text, in YAML between `---` or TOML between `+++`."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import yaml

MOST_CHARS = 1 << 16  # of front matter; a longer stretch between two rules is text
OPENS = re.compile(r"\ufeff?(?P<rule>---|\+\+\+)[ \t]*\r?\n")
CLOSES = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*\r?$", re.MULTILINE),
}
# Names in use among Jekyll, Hugo, Pandoc, Obsidian's clipper and Zola; the first that is there is taken.
FIELDS = {
    "title": ("title",),
    "author": ("author", "authors", "creator", "byline"),
    "published_raw": ("date", "published", "pubDate", "created"),
    "source_url": ("source_url", "canonical_url", "source", "url", "link"),
    "source_id": ("id", "guid"),
}
KEY = re.compile(r"^[\w\"'][^\n:=]{0,60}[:=]", re.MULTILINE)


class Preface(NamedTuple):
    """Where front matter ends, in bytes of UTF-8, and what it says; 0 and nothing where there is none."""

    n_bytes: int = 0
    own: Mapping[str, str] = {}


def preface_of(text: str) -> Preface:
    """Read the front matter of a text: fields as printed. What cannot be read as such is text."""
    opened = OPENS.match(text)
    if opened is None:
        return Preface()
    closed = CLOSES[opened["rule"]].search(text, opened.end(), opened.end() + MOST_CHARS)
    if closed is None or not text[closed.end() :].strip():
        return Preface()
    said = _parsed(opened["rule"], text[opened.end() : closed.start()])
    if not said:
        return Preface()
    own = {name: value for name, names in FIELDS.items() if (value := _first(said, names))}
    if not own.get("source_url", "").startswith(("http://", "https://")):
        own.pop("source_url", None)
    return Preface(len(text[: closed.end()].rstrip().encode()), own)


def _parsed(rule: str, words: str) -> dict[str, Any]:
    """Read the fields; every value of YAML is a string, as it is printed."""
    if not KEY.search(words):
        return {}
    try:
        said = tomllib.loads(words) if rule == "+++" else yaml.load(words, yaml.CBaseLoader)  # noqa: S506 - strings alone
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _first(said: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((words for name in names if (words := _words(said.get(name)))), None)


def _words(value: Any) -> str | None:
    """Write a value as words: of several all, of a person the name."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        value = ", ".join(filter(None, (_words(it) for it in value[:9])))
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return " ".join(value.split()) or None if isinstance(value, str) else None
