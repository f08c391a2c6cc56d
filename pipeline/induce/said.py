"""Words that are both done and said: what a composed grammar is, and how its file would say it.

Each value keeps the source text that makes it. So the grammar that reads a page and the file that `dehusk new` saves
are one thing, and neither can say what the other does not.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any


def _operator(sign: str, act: Callable[[Any, Any], Any]) -> "Callable[[Said, Any], Said]":
    def do(one: "Said", other: object) -> "Said":
        return Said(act(one.value, value_of(other)), f"({one.source} {sign} {source_of(other)})")

    return do


class Said:
    """A value with the source text that makes it; what is done with it is done with both."""

    __and__ = _operator("&", operator.and_)
    __or__ = _operator("|", operator.or_)
    __add__ = _operator("+", operator.add)
    __sub__ = _operator("-", operator.sub)
    __lt__ = _operator("<", operator.lt)
    __le__ = _operator("<=", operator.le)
    __gt__ = _operator(">", operator.gt)
    __ge__ = _operator(">=", operator.ge)
    __eq__ = _operator("==", operator.eq)  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any, source: str) -> None:
        self.value, self.source = value, source

    def __getattr__(self, name: str) -> "Said":
        return Said(getattr(self.value, name), f"{self.source}.{name}")

    def __call__(self, *args: object, **named: object) -> "Said":
        """Call the value, with the values of what is given; and write the call."""
        said = [
            *(source_of(arg) for arg in args),
            *(f"{name}={source_of(arg)}" for name, arg in named.items() if arg is not None),
        ]
        values = {name: value_of(arg) for name, arg in named.items()}
        return Said(
            self.value(*(value_of(arg) for arg in args), **values), f"{self.source}({', '.join(said)})"
        )

    def __invert__(self) -> "Said":
        return Said(~self.value, f"~{self.source}")


def value_of(said: object) -> Any:
    """Give the value of what was said, of all it holds."""
    if isinstance(said, Said):
        return said.value
    if isinstance(said, Mapping):
        return {name: value_of(one) for name, one in said.items()}
    return type(said)(value_of(one) for one in said) if isinstance(said, list | tuple) else said


def source_of(said: object) -> str:
    """Give the source text of what was said: long lists with a line for each of their members."""
    if isinstance(said, Said):
        return said.source
    if isinstance(said, Mapping):
        return (
            "{\n" + "".join(f"        {name!r}: {source_of(one)},\n" for name, one in said.items()) + "    }"
        )
    if isinstance(said, tuple) and any(isinstance(one, Said) for one in said):
        return "(\n" + "".join(f"        {source_of(one)},\n" for one in said) + "    )"
    if isinstance(said, list):
        return f"[{', '.join(source_of(one) for one in said)}]"
    if isinstance(said, str) and "\\" in said and '"' not in said and not said.endswith("\\"):
        return f'r"{said}"'
    return repr(said)
