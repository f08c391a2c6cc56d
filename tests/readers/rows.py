"""What each reader gives, brought to the one form by which a release names its rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pyarrow as pa

import schemas
from pipeline.release import digest, jsonl


def of_table(name: str, table: pa.Table) -> str:
    """Return the digest of a table in Arrow, whatever types a reader chose; a value that does not fit is an error."""
    return of_rows(name, table.to_pylist())


def of_rows(name: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of rows as Python values; a value that does not fit its column is an error."""
    schema = schemas.arrow_schema(name)
    plain = [{field.name: _plain(row[field.name], field.type) for field in schema} for row in rows]
    frame = pl.from_arrow(pa.Table.from_pylist(plain, schema=schema))
    return digest.of_table(digest.of_rows(jsonl.render(frame.cast(dict(schemas.polars_schema(name))))))


def _plain(value: Any, dtype: pa.DataType) -> Any:
    """Return a value as Arrow takes it; readers write null as None, NaN, NaT or NA, and text as bytes."""
    if pa.types.is_list(dtype):
        return [_plain(member, dtype.value_type) for member in value]
    if pa.types.is_struct(dtype):
        named = {str(key).rsplit("/", 1)[-1]: member for key, member in dict(value).items()}
        assert named.keys() == {field.name for field in dtype.fields}
        return {field.name: _plain(named[field.name], field.type) for field in dtype.fields}
    if _is_null(value):
        return None
    if pa.types.is_timestamp(dtype):
        return _moment(value)
    if pa.types.is_string(dtype):
        assert isinstance(value, str | bytes), value
        return value.decode() if isinstance(value, bytes) else str(value)
    if pa.types.is_boolean(dtype):
        assert value in (True, False), value
        return bool(value)
    if pa.types.is_integer(dtype):
        assert int(value) == value, value
        return int(value)
    return float(value)


def _is_null(value: Any) -> bool:
    return value is None or type(value).__name__ in ("NAType", "NaTType") or _is_nan(value)


def _is_nan(value: Any) -> bool:
    try:
        return not isinstance(value, str | bytes) and math.isnan(value)
    except TypeError:
        return False


def _moment(value: Any) -> datetime:
    """Return a moment in UTC; one without a zone would be a guess."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment.to_pydatetime() if hasattr(moment, "to_pydatetime") else moment
    assert moment.tzinfo is not None, value
    return moment.astimezone(UTC)
