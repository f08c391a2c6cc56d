"""Pages of random layouts, each with its gold labels: what `tests/bench/layouts.py` makes."""
