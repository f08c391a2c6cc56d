"""Tables → a version of the dataset: its files, its card, its number, and its place among the others.

The same rows, configuration and lock give the same bytes. To prove it, publish over the versions that stand: the
result is "unchanged since …", no file differs, and `sha256sum --check SHA256SUMS` in the version agrees. An empty
folder gives the same rows and files as version 1.0.0. Dates are not computed: set SOURCE_DATE_EPOCH for the run that
publishes, and later runs keep what the index says.
"""

from pipeline.release.facts import Dataset, Published, PublishError
from pipeline.release.folder import build, read
from pipeline.release.publishing import ask_out, publish, withdraw

__all__ = ["Dataset", "PublishError", "Published", "ask_out", "build", "publish", "read", "withdraw"]
