"""Markup that stands in cells of exported forms, `<p>...</p>` and `<input type="checkbox" checked>`, as plain text.

Every character of the plain text knows where it stands in the source, so that quotes keep their offsets.
"""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

CHECKED = "☑"
UNCHECKED = "☐"

_BLOCKS = frozenset(["p", "div", "br", "li", "ul", "ol", "tr", "table", "tbody", "h1", "h2", "h3", "h4", "h5", "h6"])
_INLINE = frozenset(["span", "b", "strong", "em", "i", "u", "font", "sup", "sub", "a", "td", "th", "label", "input"])
_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS | _INLINE, key=len, reverse=True))})\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|nbsp|lt|gt|amp|quot);", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without markup. `offsets[i]` is the place of character i in the text with markup, `length` its length."""

    text: str
    offsets: tuple[int, ...]
    length: int

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text with markup of the characters [start, end) of the plain text, start < end."""
        return self.offsets[start], self.offsets[end - 1] + 1


class _Stripper(HTMLParser):
    """Collects characters with their offsets; a block element is a line break, a checkbox a ballot box."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.characters: list[tuple[str, int]] = []
        self._lines = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
        self.feed(text)
        self.close()

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _break(self) -> None:
        if self.characters and self.characters[-1][0] != "\n":
            self.characters.append(("\n", self._here()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._break()
        elif tag == "input":
            names = dict(attrs)
            if names.get("type") in {"checkbox", "radio"}:
                self.characters.append((CHECKED if "checked" in names else UNCHECKED, self._here()))
        elif tag not in _INLINE:
            self.handle_data(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        start = self._here()
        self.characters.extend((character, start + i) for i, character in enumerate(data))

    def handle_entityref(self, name: str) -> None:
        self.characters.append((unescape(f"&{name};"), self._here()))

    def handle_charref(self, name: str) -> None:
        self.characters.append((unescape(f"&#{name};"), self._here()))


def plain(text: str) -> Plain:
    """Return the text without markup; text that has none comes back as it is.

    >>> plain("<p>一</p> <p>二</p>").text
    '一\\n二'
    """
    if not _TAG.search(text) and not _ENTITY.search(text):
        return Plain(text, tuple(range(len(text))), len(text))
    characters = _trimmed(_Stripper(text).characters)
    return Plain("".join(c for c, _ in characters), tuple(place for _, place in characters), len(text))


def _trimmed(characters: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the characters without blanks beside line breaks and at both ends."""
    kept: list[tuple[str, int]] = []
    pending: list[tuple[str, int]] = []
    for character in characters:
        if character[0].isspace():
            pending.append(character)
            continue
        line_break = next((p for p in pending if p[0] == "\n"), None)
        if kept:
            kept.extend([line_break] if line_break else pending)
        pending = []
        kept.append(character)
    return kept
