"""Words that are both done and said: what a composed grammar is, and how its file would say it.

Each value keeps how its source is written. So the grammar that reads a page and the file that `dehusk new` saves
are one thing, and neither can say what the other does not.
"""

import operator
import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple


class Hand(NamedTuple):
    """How a source text is written.

    Attributes:
        names: under which pieces of patterns are kept, by the piece: what a date is need be told but once.
        is_general: for other pages too, by what `elsewhere` says in place of line numbers.
    """

    names: Mapping[str, str] = MappingProxyType({})
    is_general: bool = False


PLAIN = Hand()
# What binds its parts how closely, in Python: what binds less stands in parentheses.
ATOM, NOT, ADDS, AND, OR, COMPARES = range(6)


def _operator(sign: str, act: Callable[[Any, Any], Any], rank: int) -> "Callable[[Said, Any], Said]":
    def do(one: "Said", other: object) -> "Said":
        return Said(act(one.value, value_of(other)), partial(_write_pair, sign, rank, one, other), rank)

    return do


class Said:
    """A value with what writes the source text that makes it; what is done with it is done with both."""

    __and__ = _operator("&", operator.and_, AND)
    __or__ = _operator("|", operator.or_, OR)
    __add__ = _operator("+", operator.add, ADDS)
    __sub__ = _operator("-", operator.sub, ADDS)
    __lt__ = _operator("<", operator.lt, COMPARES)
    __le__ = _operator("<=", operator.le, COMPARES)
    __gt__ = _operator(">", operator.gt, COMPARES)
    __ge__ = _operator(">=", operator.ge, COMPARES)
    __eq__ = _operator("==", operator.eq, COMPARES)  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any, written: Callable[[Hand], str], rank: int = ATOM) -> None:
        self.value, self._written, self._rank = value, written, rank

    @classmethod
    def word(cls, value: Any, name: str) -> "Said":
        """Say a value by its name."""
        return cls(value, lambda _: name)

    def __getattr__(self, name: str) -> "Said":
        return Said(getattr(self.value, name), partial(_write_attribute, self, name))

    def __call__(self, *args: object, **named: object) -> "Said":
        """Call the value, with the values of what is given; what is null is not written."""
        values = {name: value_of(arg) for name, arg in named.items()}
        made = self.value(*(value_of(arg) for arg in args), **values)
        return Said(made, partial(_write_call, self, args, named))

    def elsewhere(self, other: "Said") -> "Said":
        """Say this of the page at hand, and in a file for other pages too something else."""
        rank = max(self._rank, other._rank)
        return Said(self.value, lambda hand: write(other if hand.is_general else self, hand, rank), rank)

    def __invert__(self) -> "Said":
        return Said(~self.value, partial(_write_not, self), NOT)


# Of any line: as a condition among others it is not written.
ANYWHERE = Said(None, lambda _: "")


def value_of(said: object) -> Any:
    """Give the value of what was said, of all it holds."""
    if isinstance(said, Said):
        return said.value
    if isinstance(said, Mapping):
        return {name: value_of(one) for name, one in said.items()}
    return type(said)(value_of(one) for one in said) if isinstance(said, list | tuple) else said


def write(said: object, hand: Hand = PLAIN, within: int = COMPARES) -> str:
    """Write the source text of what was said: a mapping, and a tuple of what was said, with a line for each member.

    Args:
        said: what was said, or plain values.
        hand: see Hand.
        within: how closely binds what it is a part of.
    """
    if isinstance(said, Said):
        source = said._written(hand)
        return f"({source})" if source and said._rank > within else source
    if isinstance(said, Mapping):
        return "{\n" + "".join(f"    {write(key)}: {write(one, hand)},\n" for key, one in said.items()) + "}"
    if isinstance(said, tuple) and any(isinstance(one, Said) for one in said):
        return "(\n" + "".join(f"    {write(one, hand)},\n" for one in said) + ")"
    if isinstance(said, list | tuple):
        members = ", ".join(write(one, hand) for one in said)
        return f"[{members}]" if isinstance(said, list) else f"({members}{',' * (len(said) == 1)})"
    return _write_text(said, hand) if isinstance(said, str) else repr(said)


def _write_pair(sign: str, rank: int, one: object, other: object, hand: Hand) -> str:
    nearer = rank if rank in (AND, OR) else rank - 1
    pair = (write(one, hand, rank - (rank == COMPARES)), write(other, hand, nearer))
    return f" {sign} ".join(filter(None, pair))


def _write_attribute(said: Said, name: str, hand: Hand) -> str:
    return f"{write(said, hand, ATOM)}.{name}"


def _write_not(said: Said, hand: Hand) -> str:
    return f"~{write(said, hand, NOT)}"


def _write_call(called: Said, args: tuple[object, ...], named: Mapping[str, object], hand: Hand) -> str:
    given = [write(arg, hand) for arg in args]
    told = {name: write(arg, hand) for name, arg in named.items() if arg is not None}
    given += [f"{name}={source}" for name, source in told.items() if source]
    return f"{write(called, hand, ATOM)}({', '.join(given)})"


def _write_text(text: str, hand: Hand) -> str:
    """Write a text, with the pieces that have names by these; raw where it has signs to escape."""
    if text in hand.names:
        return hand.names[text]
    pieces = sorted((piece for piece in hand.names if piece in text), key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, pieces))})", text) if pieces else [text]
    told = [f"{{{hand.names[part]}}}" if at % 2 else _doubled(part) for at, part in enumerate(parts)]
    said, form = ("".join(told), "f") if pieces else (text, "")
    is_raw = "\\" in said and '"' not in said and not said.endswith("\\") and said.isprintable()
    if is_raw:
        return f'r{form}"{said}"'
    is_plain = not set(said) & {"\\", '"'} and said.isprintable()
    return f'{form}"{said}"' if is_plain else f"{form}{said!r}"


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
