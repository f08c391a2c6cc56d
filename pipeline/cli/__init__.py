"""The command `dehusk`."""

import click

from pipeline.cli import carrying, explaining, grammars, making, removing, reviewing, versions
from pipeline.cli.shared import SHORT, UNPUBLISHED, UNUSABLE

__all__ = ["SHORT", "UNPUBLISHED", "UNUSABLE", "main"]

EPILOG = (
    "Exit codes: 0 all is well; 1 it ran, and something falls short (a score, a law); 2 it could not run as asked; "
    "3 nothing was published."
)
COMMANDS = (
    making.release,
    making.evaluate,
    explaining.explain,
    explaining.passages,
    versions.diff,
    removing.remove,
    removing.withdraw,
    grammars.label,
    reviewing.review,
    grammars.check,
    grammars.new,
    carrying.verify,
    carrying.download,
    carrying.publish,
    carrying.serve,
    carrying.keygen,
    making.ui,
)


@click.group(
    epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
def main() -> None:
    """Strip the husk, keep the grain: text dumps of web pages in, a published dataset out.

    Start with `dehusk release`, then `dehusk label FILE` to see what was seen on a page.
    """


for command in COMMANDS:
    main.add_command(command)
