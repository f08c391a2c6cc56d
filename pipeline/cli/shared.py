"""What the commands share: messages, exit codes, the terminal."""

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

# Exit codes: a script can tell a result that falls short from a command that could not run.
SHORT, UNUSABLE, UNPUBLISHED = 1, 2, 3
NAME = "dehusk"
# Control characters but for tabs and line ends, as the pictures that Unicode has for them; those of C1 have none.
PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
PICTURES |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
PORT = click.IntRange(0, 65535)


@contextmanager
def plainly() -> "Iterator[None]":
    """Turn what stops a command into one message and an exit code."""
    from pipeline.carry.protocol import CarryError, DamagedError
    from pipeline.evaluate import GoldError
    from pipeline.grammar import GrammarError
    from pipeline.ingest import IngestError
    from pipeline.release import PublishError
    from pipeline.release.facts import DamagedVersionError, UnknownVersionError
    from pipeline.release.signing import KeyFileError

    try:
        yield
    except DamagedError as error:
        stop(str(error), SHORT)
    except (
        CarryError,
        KeyFileError,
        IngestError,
        GrammarError,
        GoldError,
        DamagedVersionError,
        UnknownVersionError,
    ) as error:
        stop(str(error), UNUSABLE)
    except OSError as error:
        stop(_spoken(error), UNUSABLE)
    except PublishError as error:
        stop(str(error), UNPUBLISHED)


def _spoken(error: OSError) -> str:
    """Say where and what, without the number that the system has for it; a message of our own as it is."""
    if error.strerror is None:
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror.lower()}"


def stop(message: str, code: int) -> None:
    """End the command with one message and an exit code."""
    tell(f"dehusk: {message}", err=True)
    sys.exit(code)


def tell(message: str, *, err: bool = False) -> None:
    """Write a message that may hold words from elsewhere, its control characters as pictures."""
    click.echo(message.translate(PICTURES), err=err)


def called() -> str:
    """Name this command so that it runs from here: as it was called, unless the shell finds it by its name."""
    is_by_path = Path(sys.argv[0]).stem == NAME and not shutil.which(NAME)
    return sys.argv[0] if is_by_path else NAME


def open_console(*, stderr: bool = True) -> "Console":
    """Open the terminal; the results of a command go to its standard output, all else to the other."""
    from pipeline.cli.terminal import Terminal

    console = Terminal(stderr=stderr, highlight=False)
    console.on_broken_pipe = _end_quietly  # type: ignore[method-assign]  # whoever read the output has seen enough
    return console


def _end_quietly() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)
