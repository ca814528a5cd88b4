"""DOC documents (Word 97 to 2003) and RTF, which LibreOffice turns into DOCX where it is installed.

No library reads the tables of this form. LibreOffice runs without a window, with a profile of its own that is
thrown away, without macros, and does not follow links.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.compound import root_streams
from budgetgraph.converter.readers.limits import memory_for_children
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.word import WordReader

#: Seconds that LibreOffice may take for one document; a start takes about 3.
TIME_LIMIT = 120

#: The address space that LibreOffice may map, in bytes.
MEMORY_LIMIT = 4 * 1024**3

#: The largest document that it may make, in bytes.
MAXIMUM_RESULT = 64 * 1024 * 1024

PROGRAMS = ("soffice", "libreoffice")

#: Settings of the profile: no macros, no links to other places.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" \
oor:op="fuse"><value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse">\
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">\
<value>0</value></prop></item>
</oor:items>
"""


class LegacyWordReader:
    """Reads .doc files, and WPS .wps files of the same form."""

    media_type = "application/msword"
    form = "a Word 97 document"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are a compound file with a Word document at its root."""
        return "WordDocument" in root_streams(data)

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of the document that LibreOffice makes of it.

        Raises SourceError when LibreOffice is not installed, takes longer than TIME_LIMIT or cannot read it.
        """
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise SourceError(
                f"{name}: is {self.form}, which is read through LibreOffice. Install it "
                "(Debian, Ubuntu: apt install libreoffice-writer-nogui), or save the document as .docx."
            )
        return WordReader().read(_converted(data, name, program), name)


class RichTextReader(LegacyWordReader):
    """Reads RTF, which programs write into files that end with .doc, too."""

    media_type = "application/rtf"
    form = "an RTF document"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes begin as RTF does."""
        return data.startswith(b"{\\rtf")


def _converted(data: bytes, name: str, program: str) -> bytes:
    """Return the document as DOCX."""
    with tempfile.TemporaryDirectory(prefix="budgetgraph-") as folder:
        source, profile = Path(folder, "document.doc"), Path(folder, "profile")
        source.write_bytes(data)
        profile.joinpath("user").mkdir(parents=True)
        profile.joinpath("user", "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        options = ("--headless", "--norestore", "--nologo", "--nodefault", "--convert-to", "docx", "--outdir", folder)
        _run([program, f"-env:UserInstallation={profile.as_uri()}", *options, str(source)], name)
        result = source.with_suffix(".docx")
        if not result.is_file() or not 0 < result.stat().st_size <= MAXIMUM_RESULT:
            raise SourceError(
                f"{name}: LibreOffice cannot read the document. It may be damaged or protected by a password; "
                "open it and save it as .docx."
            )
        return result.read_bytes()


def _run(command: list[str], name: str) -> None:
    """Run a program in a group of its own, which ends with it: LibreOffice starts a second process."""
    quiet = subprocess.DEVNULL
    with memory_for_children(MEMORY_LIMIT):
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603
    try:
        process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"{name}: LibreOffice took more than {TIME_LIMIT} seconds. Open the document and save it as .docx."
        ) from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
