"""The `budgetgraph` command. Each command reads its arguments, calls the library, prints."""

import io
import signal
import sys
from contextlib import nullcontext
from importlib import import_module
from types import FrameType

import click

from budgetgraph.cli.errors import Exit, fail, say
from budgetgraph.cli.output import said

#: Command -> module that has it, so that `--help` and small commands start without loading the rest.
COMMANDS = {
    "convert": "budgetgraph.cli.convert",
    "inspect": "budgetgraph.cli.inspect",
    "tables": "budgetgraph.cli.tables",
    "validate": "budgetgraph.cli.validate",
    "diff": "budgetgraph.cli.diff",
    "publish": "budgetgraph.cli.publish",
    "rollback": "budgetgraph.cli.rollback",
    "serve": "budgetgraph.cli.serve",
    "query": "budgetgraph.cli.query",
    "dump": "budgetgraph.cli.dump",
}


class Commands(click.Group):
    """Loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's interface
        """Return the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)  # noqa: S101  # each module defines `command`
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="budgetgraph")
def group() -> None:
    """Government budgets as linked data.

    Converts published departmental budgets to RDF, validates them with SHACL, and serves them over SPARQL.

    \b
    Example:
      budgetgraph publish data/publications --store data/store
      budgetgraph serve --store data/store
    """


def main() -> None:
    """Run the command line."""
    from budgetgraph.cli.processes import temporary_files
    from budgetgraph.converter.exceptions import ConverterError
    from budgetgraph.server.exceptions import ServerError
    from budgetgraph.shapes.exceptions import ShapesError

    signal.signal(signal.SIGTERM, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # the locale may lack the signs of a document
    try:
        # A server lives on; it sees to its own folder, and to those of servers that were killed.
        with nullcontext() if sys.argv[1:2] == ["serve"] else temporary_files():
            sys.exit(group(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(Exit.FAILED)
    except (ConverterError, ServerError, ShapesError) as error:
        fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        say("interrupted; what is finished stays")
        sys.exit(Exit.INTERRUPTED)
    except OSError as error:
        fail(f"{error.filename or 'the system'}: {said(error, 'Check the path, and the disk it is on.')}")


def _end(number: int, _: FrameType | None) -> None:
    """End as an exception does, so that temporary files go and nothing is left half-written."""
    sys.exit(128 + number)
