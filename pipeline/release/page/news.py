"""What became of the records since the version before, in a sentence that says whether any words changed."""

from __future__ import annotations

from typing import Any

COLUMNS = 4  # that are named; the others are counted
OF_WORDS = ("text", "text_sha256")


def tell(changes: dict[str, Any]) -> str:
    """Say what became of the records.

    Args:
        changes: as `differences.read` gives them; the oldest hold neither `rows` nor `records`.
    """
    rows = changes.get("rows", {}).get("records")
    columns = changes.get("records", {}).get("columns")
    if rows is None or columns is None:
        return ""
    moved = [f"{rows[what]:,} {what}" for what in ("added", "removed") if rows[what]]
    return f"Of the records, {' and '.join(moved) or 'none was added or removed'}; {_kept(rows, columns)}."


def _kept(rows: dict[str, int], columns: dict[str, int]) -> str:
    """Say of the records of both versions whether their words are the same."""
    if not rows["changed"]:
        return f"{rows['same']:,} are as before"
    if columns.get("text"):
        return f"of those in both versions, {columns['text']:,} have other words"
    others = [name for name in columns if name not in OF_WORDS] or list(columns)
    named = others[:COLUMNS] + [f"{len(others) - COLUMNS} more"] * (len(others) > COLUMNS)
    where = f"in {rows['changed']:,} ({', '.join(named)})"
    return f"no word of those in both versions changed, only columns about them, {where}"
