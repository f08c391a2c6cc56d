"""Tables → a version of the dataset: its files, its card, its number, and its place among the others."""

from pipeline.release.facts import DATASET, Dataset, Published, PublishError
from pipeline.release.folder import build, read
from pipeline.release.publishing import publish

__all__ = ["DATASET", "Dataset", "PublishError", "Published", "build", "publish", "read"]
