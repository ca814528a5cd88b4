"""Grey pictures as PNG (ISO/IEC 15948): these lines save a picture library to install."""

import struct
import zlib


def to_png(grey: bytes, width: int, height: int, stride: int) -> bytes:
    """Return a picture of one byte for each pixel as PNG; `stride` is the bytes from one line to the next."""
    lines = (grey[start : start + width] for start in range(0, stride * height, stride))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
