"""What all tests share."""

import os

import pytest

# make sets it, and an editor that runs a test does not: tests that need a day set their own.
os.environ.pop("SOURCE_DATE_EPOCH", None)


@pytest.fixture(autouse=True)
def _no_store_of_the_user(tmp_path, monkeypatch):
    """Commands that keep what they cut keep it beside the test's own files."""
    monkeypatch.setenv("DEHUSK_STORE", str(tmp_path / "store"))
