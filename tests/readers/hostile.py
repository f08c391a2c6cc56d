"""A corpus made to break readers: markup, other scripts and directions, odd white space, copies, a very long word."""

from __future__ import annotations

from pathlib import Path

import schemas
from schemas import Tables
from tests.tables import make_tables

MARKUP = "<script>alert(1)</script> | a `b` **c** {{ 7*7 }} {% raw %} [x](javascript:1) \\ \" ' --- # not a heading"
SCRIPTS = "\u202eright to left\u202c العربية עברית 织机织花 ตัวอักษร 👩‍👩‍👧‍👦 e\u0301 \u2028 \u0085 \ufeff end."
THREAD = """Ada | <b> Profile picture
Jan 9, 2021 2 tweets 1 min read Read on X
{markup}

{scripts}
• • •
Try unrolling a thread yourself!
how to unroll video
"""
# What the pages say of themselves, as TOML that has to be escaped.
SEEDS = """
[dataset]
name = "hostile"
title = '''<script>alert("title")</script> | {{ 7*7 }}'''
description = '''A --- b: # "c" `d` </desc>'''
creators = ["Ada {{ }} \\u202e", "Bob & Eve"]
tags = ["a: b", "- c"]
published = 2026-11-21

[[seed]]
path = "thread.txt"
site = '''</title><script>"site" | `x`'''
capture_evidence = '''{markup}'''
license = "CC-BY-4.0"
license_evidence = '''{markup}'''
"""


def write(folder: Path) -> Path:
    """Write the corpus as seeds."""
    thread = THREAD.format(markup=MARKUP, scripts=SCRIPTS)
    pages = {
        "thread.txt": thread,
        "copy.txt": thread + "\n",
        "windows.txt": "A letter\r\n\r\n" + MARKUP + "\r\n\r\nada@example.org, +44 20 7946 0958\r\n",
        "long.txt": "织" * 1_000_000 + "\n\n" + "a" * 10_000_000 + "\n",
        "empty.txt": " \n",
        "quote ' | name.txt": SCRIPTS,
    }
    for name, text in pages.items():
        (folder / name).write_bytes(text.encode())
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "seeds.toml").write_text(SEEDS.replace("{markup}", MARKUP.replace("'''", "")), encoding="utf-8")
    return folder


def tables_without_removals() -> Tables:
    """Return tables from which nothing was removed."""
    return make_tables()._replace(removed=schemas.empty("removed"))
