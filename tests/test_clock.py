"""Times of day in chats: seconds since midnight, whatever the language says of the half of the day."""

import polars as pl
import pytest

from pipeline.grammar import seconds_of_day

CLOCKS = {
    "07:32": 27120,
    "07:33:05": 27185,
    "3.15": 11700,
    "0:10": 600,
    "12:10 AM": 600,
    "12:10 pm": 43800,
    "7:34\u202fPM": 70440,
    "7:37 p. m.": 70620,
    "7:37 a.m.": 27420,
    "午後7:35": 70500,
    "下午3:10": 54600,
    "오전 3:10": 11400,
    "3:10 م": 54600,
    "٣:١٠ ص": 11400,
    "3:10 μ.μ.": 54600,
    "ÖS 3:10": 54600,
    "3:10 CH": 54600,
    "3:10 अपराह्न": 54600,
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_time_of_day_counts_from_midnight(clock: str) -> None:
    found = pl.DataFrame({"clock": [clock]}).select(seconds_of_day(pl.col("clock")))
    assert found.item() == CLOCKS[clock]


def test_what_is_no_time_of_day_is_null() -> None:
    found = pl.DataFrame({"clock": ["", "noon", "7", None]}).select(seconds_of_day(pl.col("clock")))
    assert found.to_series().to_list() == [None] * 4
