"""Exit codes, and how an error reaches a person: one message on standard error, never a traceback."""

import signal
import sys
from enum import IntEnum
from typing import NoReturn

from rich.console import Console


class Exit(IntEnum):
    """What the command's exit code says."""

    DONE = 0
    VIOLATIONS = 1
    FAILED = 2
    PARTLY = 3
    INTERRUPTED = 128 + signal.SIGINT


#: Messages, progress and summaries go to standard error; data goes to standard output.
console = Console(stderr=True, highlight=False, soft_wrap=True)


def say(message: str) -> None:
    """Print a message on standard error."""
    console.print(message, markup=False)


def fail(message: str, code: Exit = Exit.FAILED) -> NoReturn:
    """Print an error on standard error and exit."""
    console.print(f"error: {message}", markup=False, style="red")
    sys.exit(code)
