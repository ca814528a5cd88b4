"""ZIP containers read within bounds: the sizes that a container states about itself are never believed.

Data is inflated in small pieces and counted; reading stops at the limit, whatever the headers say. Overlapping
members, a member that is all of one byte, or a million empty members are so refused at a known cost.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from budgetgraph.converter.exceptions import SourceError

#: The most members a container may have.
MAXIMUM_MEMBERS = 2_000

#: The most bytes that all members together may have when inflated.
MAXIMUM_TOTAL = 128 * 1024 * 1024

#: The most times its packed size a member may have when inflated, once it is larger than PLAIN_SIZE.
#: Deflate reaches 1,032; sheets of equal rows reach 60.
MAXIMUM_RATIO = 200
PLAIN_SIZE = 4 * 1024 * 1024

_PIECE = 256 * 1024
_MAGIC = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
#: How hard the packer tried, whether sizes follow the member as well, and the name's encoding.
_USUAL_FLAGS = 0x80E
#: Of a member's own header: its beginning, and how long its name and the further fields behind that are.
_HEADER = struct.Struct("<4s22xHH")
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError)


class DamagedContainerError(SourceError):
    """Raised if a container or a member is damaged, not beyond a limit."""


def is_zip(data: bytes) -> bool:
    """Tell whether the bytes begin as a ZIP container."""
    return data.startswith(_MAGIC)


class Member(NamedTuple):
    """A file in a container. `name` is decoded as its writer meant it, with "/" between folders."""

    name: str
    info: zipfile.ZipInfo


class Container:
    """A ZIP container in memory. `name` is for messages.

    Raises SourceError when the bytes are no sound container or it has too many members.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._data = data
        self._left = MAXIMUM_TOTAL
        # Counted before the directory is read, which makes an object for each entry.
        if data.count(_DIRECTORY_ENTRY) > 2 * MAXIMUM_MEMBERS:
            raise self._refusal(f"more than {MAXIMUM_MEMBERS} members")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (*_DAMAGE, NotImplementedError) as error:
            raise DamagedContainerError(
                f"{name}: the ZIP container is damaged ({error}). Fetch the file again."
            ) from None
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(infos) > MAXIMUM_MEMBERS:
            raise self._refusal(f"{len(infos)} members")
        self.members = tuple(Member(_decoded_name(info), info) for info in infos)
        self._by_name = {member.name: member for member in self.members}

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def read(self, name: str, limit: int = MAXIMUM_TOTAL) -> bytes:
        """Return a member's bytes; see `read_member`. Raises SourceError also when there is no such member."""
        member = self._by_name.get(name)
        if member is None:
            raise SourceError(f"{self.name}: has no part {name!r}. The file is damaged; fetch it again.")
        return self.read_member(member, limit)

    def read_member(self, member: Member, limit: int = MAXIMUM_TOTAL) -> bytes:
        """Return the bytes of a member.

        Raises SourceError when the member is encrypted, damaged, larger than `limit` bytes, inflates beyond
        MAXIMUM_RATIO, or when all that was read from this container exceeds MAXIMUM_TOTAL.
        """
        if member.info.flag_bits & _ENCRYPTED:
            raise SourceError(f"{self.name}: {member.name} is encrypted. Give the file without a password.")
        small = self._small(member.info)
        if small is not None and len(small) <= min(limit, self._left):
            self._left -= len(small)
            return small
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in self._inflate(member):
                size += len(piece)
                self._left -= len(piece)
                if size > limit or self._left < 0:
                    most = min(limit, MAXIMUM_TOTAL) // 1024**2
                    raise self._refusal(f"{member.name} with more than {most} MiB when inflated")
                if size > PLAIN_SIZE and size > MAXIMUM_RATIO * max(1, member.info.compress_size):
                    raise self._refusal(f"{member.name}, which inflates more than {MAXIMUM_RATIO} times")
                pieces.append(piece)
        except (*_DAMAGE, NotImplementedError, RuntimeError) as error:
            raise DamagedContainerError(
                f"{self.name}: {member.name} is damaged or packed in an unknown way ({error}). "
                "Fetch the file again, or pack it as plain ZIP."
            ) from None
        return b"".join(pieces)

    def _inflate(self, member: Member) -> Iterator[bytes]:
        with self._zip.open(member.info) as stream:
            piece = stream.read(_PIECE)
            while len(piece) == _PIECE:
                yield piece
                piece = stream.read(_PIECE)
            yield piece  # a shorter one is the last, with the checksum checked

    def _small(self, info: zipfile.ZipInfo) -> bytes | None:
        """Return a sound member of less than _PIECE bytes that is packed in the usual way, None for any other.

        `zipfile` reads the others, and says what is wrong. It takes longer to open a small member than zlib takes to
        inflate it, and a workbook has dozens.
        """
        name, start = info.orig_filename, info.header_offset
        is_usual = info.compress_type == zipfile.ZIP_DEFLATED and not info.flag_bits & ~_USUAL_FLAGS
        header = self._data[start : start + _HEADER.size] if start >= 0 else b""
        if not is_usual or not name.isascii() or info.file_size >= _PIECE or len(header) < _HEADER.size:
            return None
        magic, name_length, extra_length = _HEADER.unpack(header)
        name_start = start + _HEADER.size
        packed_start = name_start + name_length + extra_length
        if magic != _MAGIC or self._data[name_start : name_start + name_length] != name.encode():
            return None
        inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            found = inflating.decompress(self._data[packed_start : packed_start + info.compress_size], _PIECE)
        except zlib.error:
            return None
        is_sound = inflating.eof and len(found) == info.file_size and zlib.crc32(found) == info.CRC
        return found if is_sound else None

    def _refusal(self, found: str) -> SourceError:
        return SourceError(f"{self.name}: holds {found}; this is not read. Unpack it and give the files.")


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Return the member's name; without the UTF-8 flag it is in the code page of whoever packed it."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME and not name.isascii():
        raw = name.encode("cp437", "replace")  # what zipfile decoded it from
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return a sorting key by which "附件2" comes before "附件10"."""
    pieces = re.split(r"([0-9]{1,18})", name)
    return [(1, int(p), "") if p.isdecimal() and p.isascii() else (0, 0, p) for p in pieces]
