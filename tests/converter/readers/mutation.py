"""Damages files as transfers, disks and hostile hands do: what is read from them must be text or a plain refusal."""

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence

#: Pieces that formats give a meaning to.
TOKENS = (
    b"\0", b"\xff" * 4, b"\t", b"\n" * 3, b'"', b"<", b">", b"&", b"%", b"(", b"[", b"{",
    b"</row>", b"<row r='9999999'/>", b"<table>" * 40, b"rowspan=99999 colspan=99999", b'<w:gridSpan w:val="99999"/>',
    b"&#0;", b"&lt;", b"&x;", b"<![CDATA[", b"endobj", b"stream\n", b"/Kids [1 0 R]", b"/Rotate 45",
    b"999999999999", b"-1", b"1e999", b"NaN", "　合计，".encode(),
)  # fmt: skip

Source = random.Random


def _flip(source: Source, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(source.randint(1, 12)):
        changed[source.randrange(len(changed))] = source.randrange(256)
    return bytes(changed)


def _cut(source: Source, data: bytes) -> bytes:
    start = source.randrange(len(data))
    return data[:start] if source.random() < 0.5 else data[:start] + data[start + source.randint(1, 400) :]


def _insert(source: Source, data: bytes) -> bytes:
    place = source.randrange(len(data))
    return data[:place] + source.choice(TOKENS) * source.randint(1, 3) + data[place:]


def _repeat(source: Source, data: bytes) -> bytes:
    start = source.randrange(len(data))
    piece = data[start : start + source.randint(1, 300)]
    place = source.randrange(len(data))
    return data[:place] + piece * source.randint(1, 40) + data[place:]


def _swap_number(source: Source, data: bytes) -> bytes:
    digits = [index for index, byte in enumerate(data) if 48 <= byte < 58]
    if not digits:
        return _flip(source, data)
    place = source.choice(digits)
    number = source.choice((b"0", b"-1", b"65536", b"4294967295", b"1" * 30))
    return data[:place] + number + data[place + 1 :]


WAYS: Sequence[Callable[[Source, bytes], bytes]] = (_flip, _cut, _insert, _repeat, _swap_number)


def _changed(source: Source, data: bytes) -> bytes:
    for _ in range(source.randint(1, 3)):
        data = source.choice(WAYS)(source, data) if data else data
    return data


def _in_member(source: Source, data: bytes) -> bytes:
    """Damage a member of a ZIP container and pack it again, so that the damage comes through to its reader."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = source.choice(names)
        for name in names:
            content = old.read(name)
            new.writestr(name, _changed(source, content) if name == chosen else content)
    return file.getvalue()


def _in_stream(source: Source, data: bytes) -> bytes:
    """Damage an inflated stream of a PDF and write it back as it is."""
    starts = [place + 7 for place in _places(data, b"stream\n") if not data[:place].endswith(b"end")]
    if not starts:
        return _changed(source, data)
    start = source.choice(starts)
    end = data.find(b"endstream", start)
    try:
        content = zlib.decompress(data[start:end])
    except zlib.error:
        return _changed(source, data)
    return data[:start] + zlib.compress(_changed(source, content)) + b"\n" + data[end:]


def _places(data: bytes, token: bytes) -> list[int]:
    places, place = [], data.find(token)
    while place >= 0:
        places.append(place)
        place = data.find(token, place + 1)
    return places


def mutated(data: bytes, other: bytes, seed: int) -> bytes:
    """Return the bytes of a file with damage; another file gives what is spliced in. Equal seeds, equal damage."""
    source = random.Random(seed)  # noqa: S311 - damage, not secrets
    chosen = source.random()
    if chosen < 0.15:
        return data[: source.randrange(len(data))] + other[source.randrange(len(other)) :]
    if data.startswith(b"PK") and chosen < 0.8:
        return _in_member(source, data)
    if data.startswith(b"%PDF") and chosen < 0.6:
        return _in_stream(source, data)
    return _changed(source, data)
