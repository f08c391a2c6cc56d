"""Patterns, such as a page kind's, searched on a thread of their own: Polars keeps the 32 that it compiled last."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


@cache
def _thread(name: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix=name)


def apart(name: str, work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Have some work done on the thread of this name, and wait for it; it may not ask for that thread itself."""
    return _thread(name).submit(work, *args, **kwargs).result()
