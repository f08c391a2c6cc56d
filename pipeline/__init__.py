"""Dehusk: text dumps of web pages in, a published dataset out."""

from pathlib import Path

HOME = Path(__file__).parents[1]
GOLD = HOME / "tests" / "gold"
