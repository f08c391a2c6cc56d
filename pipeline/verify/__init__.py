"""Is a release what it says it is? What is wrong first, in one plain sentence; from its files alone."""

from pipeline.verify.verdict import Verdict, of_dataset, of_version, where_it_stands

__all__ = ["Verdict", "of_dataset", "of_version", "where_it_stands"]
