"""Dehusk: text dumps of web pages in, a published dataset out."""

import os
from pathlib import Path

# Batches take and leave hundreds of megabytes; in small pages a sixth of the time goes into mapping them.
# It is read when Polars is first imported.
os.environ.setdefault("POLARS_THP", "1")

HOME = Path(__file__).parents[1]
GOLD = HOME / "tests" / "gold"
