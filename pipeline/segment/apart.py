"""The patterns of a page kind, searched on a thread of its own: Polars keeps the 32 that a thread compiled last."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


@cache
def _thread(kind: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix=kind)


def apart(kind: str, work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Have some work done on the thread of a page kind, and wait for it; it may not ask for that thread itself."""
    return _thread(kind).submit(work, *args, **kwargs).result()
