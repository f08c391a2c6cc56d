"""Tables → a version of the dataset: its files, its card, its number, and its place among the others.

The same rows, configuration and lock give the same bytes. To prove it, publish over the versions that stand: the
result is "unchanged since …", no file differs, and `sha256sum --check SHA256SUMS` in the version agrees. An empty
folder gives the same rows and files as version 1.0.0. Dates are not computed: set SOURCE_DATE_EPOCH for the run that
publishes, and later runs keep what the index says.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipeline.release.facts import Dataset, Published, PublishError

if TYPE_CHECKING:
    from pipeline.release.folder import build, read
    from pipeline.release.publishing import ask_out, publish, withdraw

__all__ = ["Dataset", "PublishError", "Published", "ask_out", "build", "publish", "read", "withdraw"]
# Imported when they are asked for: who only cuts pages needs the facts, and none of what a release is made with.
_LATER = {
    **dict.fromkeys(("build", "read"), "folder"),
    **dict.fromkeys(("ask_out", "publish", "withdraw"), "publishing"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
