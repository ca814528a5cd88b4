"""The SPARQL of the shapes as a tree: what `sparql_compiler.py` makes Python of.

Read is the part of SPARQL 1.1 that the rules use (https://www.w3.org/TR/sparql11-query/#grammar). Anything else raises
NotCompiledError, and the query is left to Oxigraph.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_terms import Value

#: An expression, path, term or element of a group: its kind, and its parts, which the kind tells.
Tree = tuple[Any, ...]

_TOKEN = re.compile(
    r'\s+|#[^\n]*|(?P<token>"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|[?$]\w+'
    r"|\d+(?:\.\d+)?|(?:[A-Za-z][\w-]*)?:(?:[\w.-]*[\w-])?|@[A-Za-z-]+|\w+|\^\^|&&|\|\||[!<>]=|\S)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "GROUP_CONCAT"))
_TYPE = f"<{PREFIXES['rdf']}type>"


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT. items: variable and what it is, None where the pattern binds it; () for `*`."""

    distinct: bool
    items: Sequence[tuple[str, Tree | None]]
    where: list[Tree]
    grouped: Sequence[str] | None


#: What stands between braces, in its order:
#: ("triple", s, path, o), ("filter", expression), ("bind", expression, variable), ("optional", Group),
#: ("union", [Group, ...]), ("group", Group), ("select", Select).
Group = list[Tree]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [match["token"] for match in _TOKEN.finditer(text) if match["token"]]
        # What ends the query, and what is behind that.
        self.tokens += ["", ""]
        self.at = 0
        self.prefixes: dict[str, str] = {}
        self.fresh = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at]

    @property
    def word(self) -> str:
        return self.tokens[self.at].upper()

    def take(self) -> str:
        token = self.tokens[self.at]
        if not token:
            raise NotCompiledError("the query ends too soon")
        self.at += 1
        return token

    def expect(self, *words: str) -> None:
        for word in words:
            if self.take().upper() != word:
                raise NotCompiledError(f"{self.tokens[self.at - 1]!r} in place of {word!r}")

    def accept(self, word: str) -> bool:
        if self.word == word:
            self.at += 1
            return True
        return False

    def query(self) -> Select:
        while self.accept("PREFIX"):
            prefix = self.take().removesuffix(":")
            self.prefixes[prefix] = self.take()[1:-1]
        select = self.select()
        if self.next:
            raise NotCompiledError(f"{self.next!r} behind the query")
        return select

    def select(self) -> Select:
        self.expect("SELECT")
        distinct = self.accept("DISTINCT")
        items: list[tuple[str, Tree | None]] = []
        if not self.accept("*"):
            while self.next != "{" and self.word != "WHERE":
                if self.accept("("):
                    expression = self.expression()
                    self.expect("AS")
                    items.append((self.variable(), expression))
                    self.expect(")")
                else:
                    items.append((self.variable(), None))
        self.accept("WHERE")
        where = self.group()
        grouped = None
        if self.accept("GROUP"):
            self.expect("BY")
            grouped = []
            while self.next[:1] in ("?", "$"):
                grouped.append(self.variable())
        return Select(distinct, items, where, grouped)

    def variable(self) -> str:
        token = self.take()
        if token[:1] not in ("?", "$"):
            raise NotCompiledError(f"{token!r} in place of a variable")
        return token[1:]

    def group(self) -> Group:
        self.expect("{")
        if self.word == "SELECT":
            found: Group = [("select", self.select())]
            self.expect("}")
            return found
        found = []
        while not self.accept("}"):
            if self.accept("FILTER"):
                found.append(("filter", self.constraint()))
            elif self.accept("BIND"):
                self.expect("(")
                expression = self.expression()
                self.expect("AS")
                found.append(("bind", expression, self.variable()))
                self.expect(")")
            elif self.accept("OPTIONAL"):
                found.append(("optional", self.group()))
            elif self.next == "{":
                branches = [self.group()]
                while self.accept("UNION"):
                    branches.append(self.group())
                found.append(("group", branches[0]) if len(branches) == 1 else ("union", branches))
            else:
                self.triples(found)
            self.accept(".")
        return found

    def triples(self, found: Group) -> None:
        subject = self.term()
        while True:
            path = self.path()
            while True:
                found.append(("triple", subject, path, self.term()))
                if not self.accept(","):
                    break
            while self.accept(";"):
                pass
            if self.next in {".", "}", "{"} or self.word in {"FILTER", "BIND", "OPTIONAL"}:
                return
            if self.tokens[self.at - 1] != ";":
                raise NotCompiledError(f"{self.next!r} behind a statement")

    def path(self) -> Tree:
        if self.next[:1] in ("?", "$"):
            return ("var", self.variable())
        left = self.sequence()
        while self.accept("|"):
            left = ("alt", left, self.sequence())
        return left

    def sequence(self) -> Tree:
        left = self.step()
        while self.accept("/"):
            left = ("seq", left, self.step())
        return left

    def step(self) -> Tree:
        if self.accept("^"):
            return ("inv", self.step())
        if self.accept("("):
            inner = self.path()
            self.expect(")")
        elif self.next == "a":
            self.take()
            inner = ("iri", _TYPE)
        else:
            inner = ("iri", self.iri(self.take()))
        # "? ?x" is a modifier and a variable, "?x" is one token.
        if self.next in {"?", "*", "+"}:
            return ("closure", inner, self.take())
        return inner

    def iri(self, token: str) -> str:
        if token[:1] == "<":
            return token
        prefix, colon, local = token.partition(":")
        if not colon or prefix not in self.prefixes:
            raise NotCompiledError(f"{token!r} in place of an IRI")
        return f"<{self.prefixes[prefix]}{local}>"

    def term(self) -> Tree:
        if self.next[:1] in ("?", "$"):
            return ("var", self.variable())
        return ("term", self.constant())

    def constant(self) -> Value:
        token = self.take()
        if token[0].isdigit():
            return Decimal(token) if "." in token else int(token)
        if token[0] in "\"'":
            body = token[3:-3] if token.startswith('"""') else token[1:-1]
            if self.next == "^^" or self.next[:1] == "@":
                raise NotCompiledError(f"a literal with {self.next}")
            return '"' + _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), body)
        if token in {"true", "false"}:
            return token == "true"  # noqa: S105  # a token of SPARQL
        return self.iri(token)

    def constraint(self) -> Tree:
        if self.next == "(":
            self.take()
            expression = self.expression()
            self.expect(")")
            return expression
        return self.primary()

    def expression(self) -> Tree:
        left = self.conjunction()
        while self.accept("||"):
            left = ("or", left, self.conjunction())
        return left

    def conjunction(self) -> Tree:
        left = self.relation()
        while self.accept("&&"):
            left = ("and", left, self.relation())
        return left

    def relation(self) -> Tree:
        left = self.sum()
        if self.next in {"=", "!=", "<", ">", "<=", ">="}:
            return ("compare", self.take(), left, self.sum())
        negated = self.word == "NOT" and self.tokens[self.at + 1].upper() == "IN"
        if negated:
            self.take()
        if self.accept("IN"):
            isin = ("in", left, self.arguments())
            return ("not", isin) if negated else isin
        return left

    def sum(self) -> Tree:
        left = self.product()
        while self.next in {"+", "-"}:
            left = ("arithmetic", self.take(), left, self.product())
        return left

    def product(self) -> Tree:
        left = self.unary()
        while self.accept("*"):
            left = ("arithmetic", "*", left, self.unary())
        return left

    def unary(self) -> Tree:
        if self.accept("!"):
            return ("not", self.unary())
        if self.accept("-"):
            return ("arithmetic", "-", ("term", 0), self.unary())
        return self.primary()

    def primary(self) -> Tree:
        if self.accept("("):
            expression = self.expression()
            self.expect(")")
            return expression
        if self.next[:1] in ("?", "$"):
            return ("var", self.variable())
        if self.word == "EXISTS":
            self.take()
            return ("exists", self.group())
        if self.word == "NOT":
            self.take()
            self.expect("EXISTS")
            return ("not", ("exists", self.group()))
        if self.tokens[self.at + 1] == "(":
            return self.call()
        return ("term", self.constant())

    def call(self) -> Tree:
        token = self.take()
        name = self.iri(token) if ":" in token else token.upper()
        if name not in _AGGREGATES:
            return ("call", name, self.arguments())
        self.expect("(")
        distinct = self.accept("DISTINCT")
        expression = None if self.accept("*") else self.expression()
        separator = " "
        if self.accept(";"):
            self.expect("SEPARATOR", "=")
            separator = str(self.constant())[1:]
        self.expect(")")
        return ("aggregate", name, distinct, expression, separator)

    def arguments(self) -> list[Tree]:
        self.expect("(")
        found: list[Tree] = []
        while not self.accept(")"):
            if found:
                self.expect(",")
            found.append(self.expression())
        return found


def parse(text: str) -> Select:
    """Return a query as a tree. Raises NotCompiledError where it holds what is not known here."""
    return _Parser(text).query()
