"""The directory of an OLE compound file: what a .doc or .xls is, by the streams at its root (MS-CFB 2).

A document may hold others: only the streams directly below the root say what the file itself is.
"""

import struct

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
#: Powers of two that a sector's size may be (MS-CFB 2.2).
_SHIFTS = (9, 12)
_END = 0xFFFFFFFA  #: sector numbers from here on are marks

#: The most directory entries that are looked at.
_MAXIMUM_ENTRIES = 10_000


def is_compound(data: bytes) -> bool:
    """Tell whether the bytes begin as a compound file."""
    return data.startswith(_MAGIC)


def root_streams(data: bytes) -> frozenset[str]:
    """Return the names of what stands at the root of a compound file; none where the file is damaged."""
    if not is_compound(data):
        return frozenset()
    try:
        return _names_below_root(_directory(data))
    except (struct.error, IndexError, UnicodeDecodeError):
        return frozenset()


def _directory(data: bytes) -> bytes:
    """Return the directory's bytes, its sectors put together along their chain."""
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in _SHIFTS:
        return b""
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", data, 48)
    tables = [number for number in struct.unpack_from("<109I", data, 76) if number < _END]
    pieces: list[bytes] = []
    while sector < _END and len(pieces) * size < _MAXIMUM_ENTRIES * _ENTRY:
        pieces.append(data[(sector + 1) * size : (sector + 2) * size])
        table, index = divmod(sector, size // 4)
        (sector,) = struct.unpack_from("<I", data, (tables[table] + 1) * size + 4 * index)
    return b"".join(pieces)


def _names_below_root(directory: bytes) -> frozenset[str]:
    """Return the names in the tree of the root's children (an entry names its left and right neighbours)."""
    (child,) = struct.unpack_from("<I", directory, 76)
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [child]
    while waiting:
        index = waiting.pop()
        if index in seen or (index + 1) * _ENTRY > len(directory):
            continue
        seen.add(index)
        entry = directory[index * _ENTRY : (index + 1) * _ENTRY]
        (length,) = struct.unpack_from("<H", entry, 64)
        names.add(entry[: max(0, min(length, 64) - 2)].decode("utf-16-le"))
        waiting += struct.unpack_from("<2I", entry, 68)
    return frozenset(names)
