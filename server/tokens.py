"""SPARQL as a flat run of tokens: strings, IRIs, comments and names told apart, nothing nested, nothing recursive.

This is no parser. It reads any text in linear time (all repetition is possessive), so that the web process can
look at a query without risk; whether the tokens make a query is for the engine, in a worker.
Terminals: SPARQL 1.1 Query, 19.8.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_START = (
    r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = _START + r"0-9\-\u00b7\u0300-\u036f\u203f-\u2040"
_LOCAL = rf"(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])++"

_TOKEN = re.compile(
    rf"""
      (?P<space>[\ \t\r\n]++)
    | (?P<comment>\#[^\r\n]*+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<string>'''(?:[^'\\]|\\.|'(?!''))*+''' | \"""(?:[^"\\]|\\.|"(?!""))*+\"""
                 | '(?!'')(?:[^'\\\r\n]|\\.)*+' | "(?!"")(?:[^"\\\r\n]|\\.)*+")
    | (?P<unclosed>['"].*+)
    | (?P<variable>[?$][{_START}0-9][{_NAME}]*+)
    | (?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)
    | (?P<word>[{_START}][{_NAME}]*+(?:\.++[{_NAME}]++)*+)(?P<name>:(?:{_LOCAL}(?:\.++{_LOCAL})*+)?+)?+
    | (?P<bare>:(?:{_LOCAL}(?:\.++{_LOCAL})*+)?+)
    | (?P<punctuation>[.,;]++)
    | (?P<open>[{{(\[]|<<)
    | (?P<close>[}})\]]|>>)
    | (?P<operator>\|\||&&|\^\^|!=|<=|>=|[|/^*+\-!?=<>])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Token(NamedTuple):
    """A run of characters; `start` is its offset in the text, from 0.

    kind  "iri" | "string" | "unclosed" (a string that does not end) | "variable" | "tag" | "number" | "word"
          (a keyword; with dots when none of them ends a name) | "name" (prefixed) | "punctuation" | "open" |
          "close" | "operator" | "other"
    """

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, without space and comments. Any text can be read; it never raises."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "bare":
            kind = "name"
        if kind not in {"space", "comment"}:
            yield Token(kind, match[0], match.start())


def decode_codepoints(text: str) -> str:
    r"""Return the text with \\uXXXX and \\UXXXXXXXX replaced by their characters (SPARQL 1.1 Query, 19.2)."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"

    return _CODEPOINT.sub(character, text)


def position(text: str, offset: int) -> str:
    """Return an offset as line and column, both counted from 1.

    >>> position("a\\nbc", 3)
    'line 2, column 2'
    """
    before = text[:offset]
    return f"line {before.count(chr(10)) + 1}, column {offset - (before.rfind(chr(10)) + 1) + 1}"
