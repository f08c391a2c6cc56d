"""The one frame of every page: it loads nothing, runs only what it names by hash, and fits any screen."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.release.page import news, words
from pipeline.release.versions import beginning

ROOM = Path(__file__).parent
# Cut from the fonts in fonts/README.md: Latin letters, one weight of Newsreader, 400 to 650 of Inter.
FACES = {"Newsreader": ("newsreader", "480"), "Inter": ("inter", "400 650")}
UNSAFE = re.compile(r"[<\x7f-\x9f\u2028\u2029]")  # in a script element


def frame(  # noqa: PLR0913 - the parts of a page
    title: str,
    body: str,
    *,
    style: str,
    script: str = "",
    linked: Any = None,
    language: str = "en",
) -> str:
    """Put a page together.

    Args:
        title: as text; it is escaped.
        body: as HTML, what came from outside already escaped.
        style: CSS beside what all pages share.
        script: JavaScript; without it the page may run none. Trusted types keep it from making HTML of text.
        linked: JSON-LD that says what the page is about.
        language: BCP 47, of the page's own words.
    """
    css = common_style() + style
    return (
        environment()
        .get_template("frame.html.j2")
        .render(
            title=title,
            body=Markup(body),  # noqa: S704 - made by the templates, which escape
            style=Markup(css),  # noqa: S704 - ours
            script=Markup(script),  # noqa: S704 - ours
            policy=policy(css, script),
            linked=Markup(as_json(linked)) if linked else None,  # noqa: S704 - escaped by as_json
            language=language,
        )
    )


def policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy of a page with this style and this script, and nothing else."""
    rules = {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script) if script else "'none'",
        "img-src": "data:",
        "font-src": "data:",
        "connect-src": "'self'" if script else "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def as_json(value: Any) -> str:
    """Return JSON that can stand in a script element: no `<` ends it, and no comment begins in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read(name: str) -> str:
    """Return a file of this room."""
    return (ROOM / name).read_text(encoding="utf-8")


@cache
def common_style() -> str:
    """Return what all pages share: the fonts, as data, and tokens.css."""
    faces = "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f"src:url(data:font/woff2;base64,{_base64(ROOM / 'fonts' / f'{name}.woff2')})}}\n"
        for family, (name, weight) in FACES.items()
    )
    return faces + read("tokens.css")


@cache
def environment() -> Environment:
    """Return the templates: all that they are given is escaped, and what is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
        finalize=words.plain,
    )
    made.filters |= {
        "visible": words.visible,
        "number": number,
        "size": size,
        "beginning": beginning,
        "news": news.tell,
    }
    return made


def number(value: int | None) -> str:
    """Write a count with commas; nothing for null."""
    return "" if value is None else f"{value:,}"


def size(n_bytes: int) -> str:
    """Write bytes for people: 1.7 MB."""
    value = float(n_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.3g} {unit}" if unit != "bytes" else f"{n_bytes} bytes"
        value /= 1000
    return f"{value:.3g} TB"


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
