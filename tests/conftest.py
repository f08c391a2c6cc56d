"""What all tests share."""

import pytest


@pytest.fixture(autouse=True)
def _no_store_of_the_user(tmp_path, monkeypatch):
    """Commands that keep what they cut keep it beside the test's own files."""
    monkeypatch.setenv("DEHUSK_STORE", str(tmp_path / "store"))
