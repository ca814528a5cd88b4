"""Expressions of SPARQL as Python expressions that call `sparql_functions.py`.

An expression has a type: "term", a value of `sparql_terms.py`; "text", a string without its quotation mark; "number" or
"truth", which are values too. Each may be None, an error. Conditions are made in two ways, what tells that they are
true and what tells that they are false, so that an error is neither (SPARQL 1.1, 17.2).
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_parser import Group, Tree
from budgetgraph.shapes.sparql_terms import Value

Bound = Mapping[str, bool]
#: Python expression, and its type.
Code = tuple[str, str]
#: Of an aggregate (by its id) the list of what it is made of.
Slots = Mapping[int, str]

_XSD = PREFIXES["xsd"]
#: Function -> name in `sparql_functions`, types of its arguments (the last may be repeated, or left out), and its own.
#: A "kept" text is one whose language the result would have, a "part" is a text or a string in a language.
_FUNCTIONS: Mapping[str, tuple[str, Sequence[str], str]] = {
    "STR": ("as_string", ("term",), "text"),
    "LANG": ("language", ("term",), "text"),
    "STRENDS": ("ends", ("text", "text"), "truth"),
    "STRSTARTS": ("starts", ("text", "text"), "truth"),
    "CONTAINS": ("contains", ("text", "text"), "truth"),
    "REGEX": ("matches", ("text", "text", "text"), "truth"),
    "REPLACE": ("replaced", ("kept", "text", "text", "text"), "text"),
    "CONCAT": ("joined", ("part",), "text"),
    "STRLEN": ("length", ("text",), "number"),
    "SUBSTR": ("part_of", ("kept", "number", "number"), "text"),
    "STRBEFORE": ("before", ("kept", "text"), "text"),
    "STRAFTER": ("after", ("kept", "text"), "text"),
    "ABS": ("absolute", ("number",), "number"),
    "ISNUMERIC": ("is_numeric", ("term",), "truth"),
    "IRI": ("as_iri", ("term",), "term"),
    f"<{_XSD}decimal>": ("as_decimal", ("term",), "number"),
    f"<{_XSD}integer>": ("as_integer", ("term",), "number"),
}
#: The same of a value's STR, which need not be made.
_OF_STR = {"STRENDS": "str_ends", "STRSTARTS": "str_starts", "CONTAINS": "str_contains"}
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "times"}
_CONDITIONS = frozenset(("or", "and", "not", "compare", "in"))


class Expressions:
    """Makes Python of expressions.

    exists     returns the call that tells whether a group has a solution
    namespace  where constants get their names
    """

    def __init__(self, exists: Callable[[Group, Any], str], namespace: dict[str, Any]) -> None:
        self._exists = exists
        self._namespace = namespace
        self._slots: Slots = {}

    def variable(self, name: str, bound: Bound) -> str:
        """Return the value of a variable."""
        return f"v_{name}" if name in bound else "None"

    def value(self, tree: Tree, bound: Bound, slots: Slots | None = None) -> str:
        """Return an expression as a value, as variables hold it."""
        self._slots = slots or {}
        return _as(self._code(tree, bound), "term")

    def gathered(self, kind: str, tree: Tree | None, bound: Bound) -> str:
        """Return what an aggregate gathers of a solution."""
        if tree is None:
            return "0"
        return _as(self._code(tree, bound), "text" if kind == "GROUP_CONCAT" else "term")

    def constant(self, value: Value) -> str:
        """Return a value of a query."""
        if isinstance(value, Decimal):
            name = f"decimal_{str(value).replace('.', '_')}"
            self._namespace[name] = value
            return name
        return repr(value)

    def holds(self, tree: Tree, bound: Bound) -> str:
        """Return what is true where a condition is true."""
        match tree:
            case ("or", one, other):
                return f"({self.holds(one, bound)} or {self.holds(other, bound)})"
            case ("and", one, other):
                return f"({self.holds(one, bound)} and {self.holds(other, bound)})"
            case ("not", inner):
                return self.fails(inner, bound)
            case ("compare", "!=", one, other):
                return self.fails(("compare", "=", one, other), bound)
            case ("compare", "=", one, other) if _is_name(one) or _is_name(other):
                return f"({self._term(one, bound)} == {self._term(other, bound)})"
            case ("compare", _, _, _):
                return self._compared(tree, bound)
            case ("in", one, others) if all(map(_is_name, others)):
                return f"({self._term(one, bound)} in ({', '.join(self._term(each, bound) for each in others)},))"
            case ("in", one, others):
                return "(" + " or ".join(self.holds(("compare", "=", one, each), bound) for each in others) + ")"
            case ("var", name) if name in bound:
                return f"(v_{name} is True or (v_{name} is not False and truth(v_{name})))"
            case ("call", "ISNUMERIC", [("var", name)]) if name in bound:
                return f"(v_{name}.__class__ in NUMBERS)"
        code, kind = self._code(tree, bound)
        return code if kind == "truth" else f"truth({_as((code, kind), 'term')})"

    def fails(self, tree: Tree, bound: Bound) -> str:
        """Return what is true where a condition is false, and is no error."""
        match tree:
            case ("or", one, other):
                return f"({self.fails(one, bound)} and {self.fails(other, bound)})"
            case ("and", one, other):
                return f"({self.fails(one, bound)} or {self.fails(other, bound)})"
            case ("not", inner):
                return self.holds(inner, bound)
            case ("compare", "!=", one, other):
                return self.holds(("compare", "=", one, other), bound)
            case ("compare", "=", one, other) if _is_iri(one) or _is_iri(other):
                left, right = (self._term(each, bound) for each in ((one, other) if _is_iri(other) else (other, one)))
                return f"(None is not {left} != {right})"
            case ("compare", _, _, _):
                return f"({self._compared(tree, bound)} is False)"
            case ("in", one, others):
                return "(" + " and ".join(self.fails(("compare", "=", one, each), bound) for each in others) + ")"
            case ("var", name) if name in bound:
                return f"(v_{name} is False or (v_{name} is not True and truth(v_{name}) is False))"
        code, kind = self._code(tree, bound)
        return f"({code} is False)" if kind == "truth" else f"(truth({_as((code, kind), 'term')}) is False)"

    def _compared(self, tree: Tree, bound: Bound) -> str:
        _, sign, one, other = tree
        left, right = (self._term(each, bound) for each in (one, other))
        name = {"=": "equal", "<": "less", ">": "less", "<=": "at_most", ">=": "at_most"}[sign]
        if sign == "=" and left.isidentifier() and right.isidentifier():
            return f"({left} == {right} if {left}.__class__ is {right}.__class__ is str else equal({left}, {right}))"
        return f"{name}({right}, {left})" if sign in {">", ">="} else f"{name}({left}, {right})"

    def _term(self, tree: Tree, bound: Bound) -> str:
        return _as(self._code(tree, bound), "term")

    def _code(self, tree: Tree, bound: Bound) -> Code:
        match tree:
            case ("var", name):
                return self.variable(name, bound), "term"
            case ("term", value):
                return self._constant(value)
            case ("arithmetic", sign, one, other):
                return f"{_ARITHMETIC[sign]}({self._term(one, bound)}, {self._term(other, bound)})", "number"
            case ("exists", group):
                return self._exists(group, bound), "truth"
            case ("compare", sign, _, _) if sign != "!=":
                return self._compared(tree, bound), "truth"
            case ("aggregate", kind, distinct, tree_of, separator):
                return self._aggregate(self._slots[id(tree)], kind, distinct, tree_of, separator)
            case ("call", "BOUND", [("var", name)]):
                return f"({self.variable(name, bound)} is not None)", "truth"
            case ("call", "IF", [condition, one, other]):
                codes, kind = _alike([self._code(each, bound) for each in (one, other)])
                return self._either(condition, codes[0], codes[1], bound), kind
            case ("call", "COALESCE", arguments):
                codes, kind = _alike([self._code(each, bound) for each in arguments])
                text = codes[-1]
                for code in reversed(codes[:-1]):
                    text = f"(first if (first := {code}) is not None else {text})"
                return text, kind
            case ("call", name, arguments):
                return self._call(name, arguments, bound)
        if tree[0] in _CONDITIONS:
            return self._either(tree, "True", "False", bound), "truth"
        raise NotCompiledError(f"an expression {tree[0]}")

    def _either(self, condition: Tree, one: str, other: str, bound: Bound) -> str:
        holds = self.holds(condition, bound)
        if _is_decided(condition, bound):
            return f"({one} if {holds} else {other})"
        return f"({one} if {holds} else {other} if {self.fails(condition, bound)} else None)"

    def _constant(self, value: Value) -> Code:
        if isinstance(value, str) and value[0] == '"':
            return repr(value[1:]), "text"
        kind = "truth" if isinstance(value, bool) else "number" if isinstance(value, int | Decimal) else "term"
        return self.constant(value), kind

    def _call(self, name: str, arguments: Sequence[Tree], bound: Bound) -> Code:
        if name not in _FUNCTIONS:
            raise NotCompiledError(f"the function {name}")
        function, kinds, own = _FUNCTIONS[name]
        if name in _OF_STR and arguments[0][:2] == ("call", "STR"):
            inner, part = self._term(arguments[0][2][0], bound), _as(self._code(arguments[1], bound), "text")
            return f"{_OF_STR[name]}({inner}, {part})", own
        parts = [self._code(each, bound) for each in arguments]
        if name == "CONCAT" and any(kind == "text" for _, kind in parts):
            return f"concatenated({', '.join(_as(part, 'text') for part in parts)})", own
        codes = [_as(part, kinds[min(place, len(kinds) - 1)]) for place, part in enumerate(parts)]
        return f"{function}({', '.join(codes)})", own

    def _aggregate(self, values: str, kind: str, distinct: bool, tree: Tree | None, separator: str) -> Code:
        match kind:
            case "COUNT" if tree is None and not distinct:
                return f"len({values})", "number"
            case "COUNT" if tree is not None:
                return f"counted({f'set({values})' if distinct else values})", "number"
            case "SUM" if not distinct:
                return f"total({values})", "number"
            case "MIN":
                return f"least({values})", "term"
            case "MAX":
                return f"greatest({values})", "term"
            case "GROUP_CONCAT":
                gathered = f"dict.fromkeys({values})" if distinct else values
                return f"(None if None in {values} else {separator!r}.join({gathered}))", "text"
        raise NotCompiledError(f"the aggregate {kind}")


def _is_name(tree: Tree) -> bool:
    """Tell whether an expression is an IRI or a string of the query: nothing else is equal to it, and no error."""
    return tree[0] == "term" and isinstance(tree[1], str)


def _is_decided(tree: Tree, bound: Bound) -> bool:
    """Tell whether a condition is true or false, never an error."""
    match tree:
        case ("and" | "or", one, other):
            return _is_decided(one, bound) and _is_decided(other, bound)
        case ("not", inner):
            return _is_decided(inner, bound)
        case ("compare", "=" | "!=", ("var", name), other) | ("compare", "=" | "!=", other, ("var", name)):
            return bound.get(name, False) and _is_iri(other)
        case ("call", "BOUND", _):
            return True
    return False


def _is_iri(tree: Tree) -> bool:
    """Tell whether an expression is an IRI of the query: everything else that has a value is not equal to it."""
    return _is_name(tree) and tree[1][0] == "<"


def _as(code: Code, kind: str) -> str:
    text, own = code
    if own == "text":
        if kind in {"text", "kept", "part"}:
            return text
        return repr('"' + text[1:-1]) if _is_plain(text) else f"quoted({text})"
    return {"text": f"text_of({text})", "kept": f"plain({text})", "part": f"string({text})"}.get(kind, text)


def _is_plain(text: str) -> bool:
    """Tell whether a Python expression is a string without escapes."""
    return text[0] == text[-1] == "'" and "\\" not in text and "'" not in text[1:-1]


def _alike(codes: Sequence[Code]) -> tuple[list[str], str]:
    kinds = {kind for _, kind in codes}
    kind = kinds.pop() if len(kinds) == 1 else "term"
    return [_as(code, kind) for code in codes], kind
