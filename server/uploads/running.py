"""One file, validated by the command line in a process of its own: what `budgetgraph validate` writes.

The server knows no documents. The command and the forms of its reports are contracts.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from budgetgraph.server.clients import Client
from budgetgraph.server.config import UploadLimits
from budgetgraph.server.exceptions import BudgetSpentError, OverloadedError, UnprocessableError
from budgetgraph.server.lanes import Lane
from budgetgraph.server.languages import word_in
from budgetgraph.server.uploads.folders import UploadFolder
from budgetgraph.server.uploads.supervisor import TOO_LONG

#: Forms of the report, and the endings of their files.
FORMS = {"json": "json", "turtle": "ttl", "csv": "csv", "html": "html", "text": "txt"}
#: Exit codes of the command with which there is a report: conforms, does not, some files of an archive failed.
_WITH_REPORT = {0, 1, 3}
#: Bytes of a report, and of the messages, that are taken over.
_MOST_REPORT, _MOST_MESSAGES = 16 << 20, 64 << 10
#: Seconds beyond the time of a task in which its supervisor must end.
_GRACE = 10.0
_FAILED = re.compile(r"^error: (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Validated:
    """What came of a file: the report in each of FORMS, and what kept files of an archive from being validated."""

    reports: dict[str, bytes]
    failures: list[str]


class Uploads:
    """Takes files one by one. A client has one at a time; the others wait in a queue that is bounded."""

    def __init__(self, limits: UploadLimits) -> None:
        self._limits = limits
        self._folder = UploadFolder()
        self._lane = Lane("uploads", list(range(limits.workers)), limits.waiting, limits.time * (limits.waiting + 1))
        self._clients: set[str] = set()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Turn away whoever waits, and remove the folder."""
        self._lane.close()
        self._folder.close()

    def validate(
        self, save: Callable[[Path], None], name: str, language: str, client: Client
    ) -> tuple[Validated, float]:
        """Return what came of a file, and how many seconds it took.

        save  writes the file to a path
        name  of the file, safe to be one in a folder
        language  of the report, and of errors but for what the command says of a file, which is English

        Raises UnprocessableError when it cannot be validated within the limits, BudgetSpentError when this client has a
        file at work already, OverloadedError, ClientLeftError.
        """
        with self._lock:
            if client.key in self._clients:
                raise BudgetSpentError(word_in(language, "check-busy"), retry_after=10)
            self._clients.add(client.key)
        try:
            try:
                slot = self._lane.acquire(client)
            except OverloadedError:
                raise OverloadedError(word_in(language, "check-queue"), retry_after=60) from None
            try:
                began = time.monotonic()
                return self._run(save, name, language), time.monotonic() - began
            except UnprocessableError as error:
                raise UnprocessableError(str(error), time.monotonic() - began) from None
            finally:
                self._lane.release(client, lambda: slot)
        finally:
            with self._lock:
                self._clients.discard(client.key)

    def _run(self, save: Callable[[Path], None], name: str, language: str) -> Validated:
        folder = Path(tempfile.mkdtemp(prefix="", dir=self._folder.path))
        try:
            # In a folder of its own name, by which reports call a file that is named "document".
            place = Path(Path(name).stem, name)
            (folder / place).parent.mkdir()
            save(folder / place)
            code, messages = self._supervise(folder, str(place), language)
            failures = [message.removeprefix(f"{place}: ") for message in _FAILED.findall(messages)]
            if code == TOO_LONG:
                raise UnprocessableError(word_in(language, "check-long").format(f"{self._limits.time:g}"))
            paths = {form: folder / ".report" / f"report.{ending}" for form, ending in FORMS.items()}
            if code not in _WITH_REPORT or not all(path.is_file() for path in paths.values()):
                said = word_in(language, "check-unreadable").format(failures[0]) if failures else ""
                raise UnprocessableError(said or word_in(language, "check-ended"))
            if any(path.stat().st_size > _MOST_REPORT for path in paths.values()):
                raise UnprocessableError(word_in(language, "check-report-large").format(_MOST_REPORT >> 20))
            return Validated({form: path.read_bytes() for form, path in paths.items()}, failures)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _supervise(self, folder: Path, place: str, language: str) -> tuple[int, str]:
        """Run the command under its supervisor; return its exit code and what it said."""
        supervisor = [sys.executable, "-m", "budgetgraph.server.uploads.supervisor", str(folder)]
        command = [sys.executable, "-m", "budgetgraph.cli", "validate", "--language", language, "-o", ".report"]
        forms = [part for form in FORMS for part in ("--format", form)]
        # Its own temporary files lie in the folder too: in no deeper one, because names of sockets are short.
        # No secret of the server goes to the process that reads a stranger's file.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("BUDGETGRAPH_")}
        environment |= {"TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        with (folder / ".messages").open("wb") as messages:
            process = subprocess.Popen(  # noqa: S603  # our own modules; the name is one argument behind "--"
                [*supervisor, f"{self._limits.time:g}", str(self._limits.memory), *command, *forms, "--", place],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=messages,
                process_group=0,
            )
            try:
                code = process.wait(self._limits.time + _GRACE)
            except subprocess.TimeoutExpired:
                code = TOO_LONG
            finally:
                # A supervisor that is still there sees the end of its input, and ends all it has started.
                assert process.stdin is not None  # noqa: S101  # it is a pipe
                process.stdin.close()
                process.wait()
        with (folder / ".messages").open("rb") as messages_read:
            return code, messages_read.read(_MOST_MESSAGES).decode("utf-8", "replace")
