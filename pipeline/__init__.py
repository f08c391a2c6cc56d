"""Dehusk: text dumps of web pages in, a published dataset out."""

import os
from pathlib import Path

# Batches take and leave hundreds of megabytes; in small pages, or given back at once, a third of the time goes into
# mapping and clearing them. One arena holds less than many. These are read when Polars is first imported.
os.environ.setdefault("POLARS_THP", "1")
os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1,oversize_threshold:0,dirty_decay_ms:5000")

HOME = Path(__file__).parents[1]
GOLD = HOME / "tests" / "gold"


def lacks_extra(what: str, extra: str) -> str:
    """Say that something needs an extra, and how it is installed: by the lock, since no registry has this package."""
    do = f"uv sync --frozen --inexact --extra {extra}"
    return f"{what} needs the extra `{extra}`; do: .venv/bin/{do}, in the folder of this code"


def counted(n: int, what: str) -> str:
    """Write a count and what is counted: 1 record, 2,000 records."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"
