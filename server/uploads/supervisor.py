"""Does a task within limits and leaves nothing.

    python -m budgetgraph.server.uploads.supervisor FOLDER SECONDS MEMORY COMMAND...

The supervisor gives up the network, starts the command, and waits until it ends, its time is over, or standard input
ends, which means that the server was killed: then it removes the folder. All processes that the command has started,
whatever sessions they made for themselves, are killed before it ends: orphans come to it, because it is a subreaper
(prctl(2), PR_SET_CHILD_SUBREAPER). If the supervisor itself is killed, so is the command.
"""

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

from budgetgraph.server.isolation import leave_network, limit_memory, offer_to_the_oom_killer
from budgetgraph.server.uploads.folders import remove_leftovers

#: Exit code for a command that took too long, as of timeout(1).
TOO_LONG = 124

#: Held by whoever ends this process, so that the other does not end it before all is done.
_ENDING = threading.Lock()

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def main() -> None:
    """Run the command; end with its exit code, or TOO_LONG."""
    folder, seconds, memory, command = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    _control(_PR_SET_CHILD_SUBREAPER, 1)
    leave_network()
    # Its input is not the pipe to the server, and its group is its own.
    process = subprocess.Popen(  # noqa: S603  # the server's own command
        command, stdin=subprocess.DEVNULL, process_group=0, preexec_fn=partial(_limit, memory)
    )
    threading.Thread(target=_watch, args=(process, folder), daemon=True).start()
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        code = TOO_LONG
    _ENDING.acquire()
    _kill_all(process)
    os._exit(code if code >= 0 else 128 - code)


def _limit(memory: int) -> None:
    """Runs in the child before the command does; no thread has begun yet."""
    _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    offer_to_the_oom_killer()
    limit_memory(memory)


def _control(option: int, value: int) -> None:
    """Set an attribute of this process; nothing where the system is no Linux. See prctl(2)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _watch(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait for the end of standard input; then end everything and remove the folder."""
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.poll()
    _ENDING.acquire()
    _kill_all(process)
    shutil.rmtree(folder, ignore_errors=True)
    remove_leftovers(folder.parent.parent)
    os._exit(1)


def _kill_all(process: "subprocess.Popen[bytes]") -> None:
    """Kill the command and all that came of it, till nobody is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    while children := _children():
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _children() -> list[int]:
    """Return the processes whose parent is this one. See proc(5), children."""
    found: list[int] = []
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text("ascii").split())
    return found


if __name__ == "__main__":
    main()
