"""Queries of the shapes as Python functions: loops over dictionaries in place of a plan that is made anew each time.

A pattern becomes a loop, a FILTER an `if`, a subselect a function that is run once and whose rows are found by the
variables it shares; OPTIONAL, UNION and EXISTS become functions of the variables they share. What would need more than
that raises NotCompiledError, here or when it runs, and the query is left to Oxigraph.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from budgetgraph.shapes import sparql_functions, sparql_paths
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_expressions import Expressions
from budgetgraph.shapes.sparql_parser import Group, Select, Tree
from budgetgraph.shapes.sparql_scope import (
    aggregates,
    cheapest,
    check_scope,
    has_group,
    looked_up,
    mentioned,
    spread,
    variables_of,
    visible,
)
from budgetgraph.shapes.sparql_shared import number_of, rows_of

#: Variable -> whether it has a value in each row; one that is not in it has none.
Bound = dict[str, bool]
#: Python allows 20 loops in one another.
_MOST_LOOPS = 15
#: It allows 100 levels of indentation.
_DEEPEST = 60


@dataclass(slots=True)
class _Function:
    """The text of a function that grows inwards."""

    head: str
    parameters: Sequence[str] = ()
    prelude: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    level: int = 0
    loops: int = 0

    def add(self, line: str) -> None:
        self.body.append("    " * self.level + line)

    def within(self, line: str) -> None:
        """Add the head of a loop or condition; what is added then stands in it."""
        self.add(line)
        self.level += 1
        self.loops += line.startswith("for ")

    def lines(self) -> list[str]:
        return [self.head, *(f"    {line}" for line in (*self.prelude, *self.body, *self.ending))]


@dataclass(frozen=True, slots=True)
class _Relation:
    """The rows of a subselect: their name, and the variables that may have a value, and whether each has."""

    name: str
    columns: Sequence[str]
    all_columns: Sequence[str]
    bound: Bound


Then = Callable[[_Function, Bound], None]


class Compiler:
    """Makes the text of a function; `several` are the properties that may lead to more than one value."""

    def __init__(self, several: frozenset[str]) -> None:
        self.several = several
        self.single: set[str] = set()
        self.head: list[str] = []
        self.definitions: list[str] = []
        self.known: dict[str, str] = {}
        self.namespace: dict[str, Any] = {**vars(sparql_functions), **vars(sparql_paths), "rows_of": rows_of}
        self.expressions = Expressions(self._exists, self.namespace)
        self.number = 0

    def _name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def text(self, query: Select) -> tuple[str, tuple[str, ...]]:
        """Return the text of a function of facts that gives the rows of a query, and the variables in them."""
        relation = self._select(query)
        lines = [*self.head, *self.definitions, f"return {relation.name}"]
        return "\n".join(["def rows(facts):", *(f"    {line}" for line in lines)]), tuple(relation.all_columns)

    # Subselects

    def _select(self, tree: Select) -> _Relation:
        function = _Function(f"def {(name := self._name('select'))}():", prelude=["out = []"])
        columns = [variable for variable, _ in tree.items] or sorted(visible(tree.where))
        bound: Bound = {}
        result: Bound = {}

        def plain(inner: _Function, found: Bound) -> None:
            codes = []
            for variable, expression in tree.items or [(column, None) for column in columns]:
                if expression is None:
                    codes.append(self.expressions.variable(variable, found))
                    if variable in found:
                        result[variable] = found[variable]
                else:
                    codes.append(self.expressions.value(expression, found))
                    result[variable] = expression[0] == "term"
            inner.add(f"out.append({_tuple(codes)})")

        has_aggregates = any(expression and aggregates(expression) for _, expression in tree.items)
        if tree.grouped is None and not has_aggregates:
            self.group(function, tree.where, bound, plain)
        else:
            self._grouped(function, tree, result)
        function.ending.append("return list(dict.fromkeys(out))" if tree.distinct else "return out")
        self.definitions += [*function.lines(), f"{name}_rows = rows_of(facts, {number_of(tree)}, {name})"]
        kept = [column for column in columns if column in result]
        return _Relation(f"{name}_rows", kept, columns, result)

    def _grouped(self, function: _Function, tree: Select, result: Bound) -> None:
        keys = tree.grouped or ()
        parts: list[Tree] = []
        for _, expression in tree.items:
            parts += aggregates(expression) if expression else ()
        empty = _tuple(["[]"] * len(parts))

        def gather(inner: _Function, found: Bound) -> None:
            result.update({key: found[key] for key in keys if key in found})
            if tree.grouped is not None:
                inner.add(f"key = {_tuple([self.expressions.variable(key, found) for key in keys])}")
                inner.add("lists = groups.get(key)")
                inner.add(f"if lists is None: lists = groups[key] = {empty}")
            for place, (_, kind, _, expression, _) in enumerate(parts):
                inner.add(f"lists[{place}].append({self.expressions.gathered(kind, expression, found)})")

        self.group(function, tree.where, {}, gather)
        # Without GROUP BY there is one group, of nothing too.
        alone = f"lists = {empty}; groups = {{(): lists}}"
        function.prelude.append("groups = {}" if tree.grouped is not None else alone)
        function.ending.append(f"for {_tuple([f'v_{key}' for key in keys])}, lists in groups.items():")
        outer: Bound = {key: result.get(key, False) for key in keys}
        codes = []
        place = 0
        for variable, expression in tree.items:
            if expression is None:
                if variable not in keys:
                    raise NotCompiledError(f"?{variable}, which is not grouped by")
                codes.append(self.expressions.variable(variable, outer))
                continue
            slots = {}
            for part in aggregates(expression):
                slots[id(part)] = f"lists[{place}]"
                place += 1
            codes.append(self.expressions.value(expression, outer, slots))
            result[variable] = expression[0] == "aggregate" and expression[1] == "COUNT"
        function.ending.append(f"    out.append({_tuple(codes)})")
        for key in [key for key in result if key not in {variable for variable, _ in tree.items}]:
            del result[key]

    # Groups

    def group(self, function: _Function, elements: Group, bound: Bound, then: Then) -> None:
        """Add what finds the solutions of a group, with what `then` adds for each of them."""
        todo = [each for each in spread(elements, self._name) if each[0] != "filter"]
        scope = visible(elements) | bound.keys()
        filters = [(each[1], variables_of(each[1]) & scope) for each in elements if each[0] == "filter"]
        self._rest(function, todo, filters, dict(bound), then)

    def _rest(
        self, function: _Function, todo: Group, filters: Sequence[tuple[Tree, set[str]]], bound: Bound, then: Then
    ) -> None:
        todo = list(todo)
        filters = list(filters)
        while True:
            # What has to be looked for waits for what only has to be looked up.
            waits = bool(todo) and looked_up(todo[cheapest(todo, bound)], bound)
            for each in [each for each in filters if each[1] <= bound.keys() or not todo]:
                if not (waits and has_group(each[0])):
                    filters.remove(each)
                    function.within(f"if {self.expressions.holds(each[0], bound)}:")
            if not todo:
                then(function, bound)
                return
            if function.loops >= _MOST_LOOPS or function.level >= _DEEPEST:
                self._begin_again(function, bound)
            element = todo.pop(cheapest(todo, bound))
            match element:
                case ("triple", subject, path, object_):
                    self._triple(function, subject, path, object_, bound)
                case ("bind", expression, variable):
                    if variable in bound:
                        raise NotCompiledError(f"BIND of ?{variable}, which has a value")
                    function.add(f"v_{variable} = {self.expressions.value(expression, bound)}")
                    bound[variable] = expression[0] == "term"
                case ("select", tree):
                    self._joined(function, self._select(tree), bound)
                case ("optional", inner):
                    self._optional(function, inner, bound)
                case ("union", branches):
                    self._union(function, branches, bound)
                case ("group", inner):
                    check_scope(inner, bound)
                    rest = todo, filters
                    self.group(function, inner, bound, lambda f, b: self._rest(f, *rest, dict(b), then))  # noqa: B023  # Returns at once
                    return

    def _begin_again(self, function: _Function, bound: Bound) -> None:
        """End the loops: keep their rows, and go on in a loop over these."""
        rows = self._name("rows")
        names = _tuple([f"v_{variable}" for variable in bound if variable not in function.parameters])
        function.prelude.append(f"{rows} = []")
        function.add(f"{rows}.append({names})")
        function.level = function.loops = 0
        function.within(f"for {names} in {rows}:")

    def _sure(self, function: _Function, variables: Iterable[str], bound: Bound) -> None:
        for variable in variables:
            if not bound.get(variable, True):
                function.add(f"sure(v_{variable})")
                bound[variable] = True

    def _joined(self, function: _Function, relation: _Relation, bound: Bound) -> None:
        rows, new = self._rows(function, relation, bound)
        function.within(f"for {_tuple([f'v_{column}' for column in new])} in {rows}:")
        bound.update({column: relation.bound[column] for column in new})

    def _rows(self, function: _Function, relation: _Relation, bound: Bound) -> tuple[str, list[str]]:
        """Return what gives the rows of a subselect that go with what is bound, and the variables that are new."""
        keys = [column for column in relation.columns if column in bound]
        new = [column for column in relation.columns if column not in bound]
        if not keys and len(new) == len(relation.all_columns):
            return relation.name, new
        self._sure(function, keys, bound)
        places = [[relation.all_columns.index(column) for column in columns] for columns in (keys, new)]
        sure = all(relation.bound[key] for key in keys)
        code = f"indexed({relation.name}, {places[0]}, {places[1]}, sure={sure})"
        index = self._once("index", code, self.definitions)
        return f"{index}.get({_tuple([f'v_{key}' for key in keys])}, NOTHING)", new

    def _once(self, kind: str, code: str, where: list[str]) -> str:
        """Return the name of a value that is made once in a run."""
        if code not in self.known:
            self.known[code] = self._name(kind)
            where.append(f"{self.known[code]} = {code}")
        return self.known[code]

    def _optional(self, function: _Function, inner: Group, bound: Bound) -> None:
        check_scope([each for each in inner if each[0] != "filter"], bound)
        if len(inner) == 1 and inner[0][0] == "select":
            rows, new = self._rows(function, self._select(inner[0][1]), bound)
        else:
            new = sorted(visible(inner) - bound.keys())
            rows = self._call(inner, bound, new)[0]
        function.within(
            f"for {_tuple([f'v_{variable}' for variable in new])} in {rows} or ({_tuple(['None'] * len(new))},):"
        )
        bound.update(dict.fromkeys(new, False))

    def _union(self, function: _Function, branches: Sequence[Group], bound: Bound) -> None:
        for branch in branches:
            check_scope(branch, bound)
        new = sorted(set().union(*map(visible, branches)) - bound.keys())
        calls = [self._call(branch, bound, new) for branch in branches]
        rows = ", ".join(f"*{call}" for call, _ in calls)
        function.within(f"for {_tuple([f'v_{variable}' for variable in new])} in [{rows}]:")
        bound.update({variable: all(found.get(variable, False) for _, found in calls) for variable in new})

    def _call(self, elements: Group, bound: Bound, columns: Sequence[str]) -> tuple[str, Bound]:
        """Return the call of a function that gives the rows of a group, and which of its variables have values."""
        found: Bound = {}

        def then(inner: _Function, ended: Bound) -> None:
            found.update(ended)
            inner.add(f"out.append({_tuple([self.expressions.variable(column, ended) for column in columns])})")

        call = self._defined("part", elements, bound, then, ["out = []"], "return out")
        return call, found

    def _exists(self, elements: Group, bound: Bound) -> str:
        check_scope([each for each in elements if each[0] != "filter"], bound)
        return self._defined("exists", elements, bound, lambda inner, _: inner.add("return True"), [], "return False")

    def _defined(self, kind: str, elements: Group, bound: Bound, then: Then, prelude: list[str], ending: str) -> str:
        shared = {variable: bound[variable] for variable in sorted(mentioned(elements) & bound.keys())}
        parameters = ", ".join(f"v_{variable}" for variable in shared)
        name = self._name(kind)
        function = _Function(f"def {name}({parameters}):", tuple(shared), prelude, ending=[ending])
        self.group(function, elements, shared, then)
        self.definitions += function.lines()
        return f"{name}({parameters})"

    # Statements

    def _triple(self, function: _Function, subject: Tree, path: Tree, object_: Tree, bound: Bound) -> None:
        ends = [each[1] for each in (subject, object_) if each[0] == "var"]
        if path[0] == "var" and path[1] not in bound:
            self._any_property(function, subject, path[1], object_, bound)
            return
        if path[0] == "var":
            ends.append(path[1])
        self._sure(function, ends, bound)
        start, end = (self._end(each, bound) for each in (subject, object_))
        if start is None and end is None:
            self._all_statements(function, subject[1], path, object_[1])
        elif start is not None and path[0] == "iri" and path[1] not in self.several:
            value = f"{self._single(path[1])}.get({start})"
            function.within(f"if {end} == {value}:" if end else f"if (v_{object_[1]} := {value}) is not None:")
        elif start is not None:
            found = self._ends(path, start, inverse=False)
            if end is None:
                function.within(f"for v_{object_[1]} in {found}:")
            elif path[0] in {"iri", "var", "closure"}:
                function.within(f"if {end} in {found}:")
            else:
                function.within(f"for _ in [each for each in {found} if each == {end}]:")
        else:
            function.within(f"for v_{subject[1]} in {self._ends(path, end, inverse=True)}:")
        bound.update(dict.fromkeys(ends, True))

    def _end(self, term: Tree, bound: Bound) -> str | None:
        if term[0] == "var":
            return f"v_{term[1]}" if term[1] in bound else None
        return self.expressions.constant(term[1])

    def _ends(self, path: Tree, node: str | None, *, inverse: bool) -> str:
        if path[0] == "iri":
            return f"{self._steps(path[1], inverse=inverse)}.get({node}, NOTHING)"
        if path[0] == "var":
            return f"facts.exact(facts.{'inverse' if inverse else 'forward'}, v_{path[1]}).get({node}, NOTHING)"
        return f"{self._once('path', self._path(path, inverse=inverse), self.head)}({node})"

    def _steps(self, predicate: str, *, inverse: bool) -> str:
        return self._once(
            "steps", f"facts.exact(facts.{'inverse' if inverse else 'forward'}, {predicate!r})", self.head
        )

    def _single(self, predicate: str) -> str:
        self.single.add(predicate)
        return self._once("single", f"facts.exact(facts.single, {predicate!r})", self.head)

    def _path(self, path: Tree, *, inverse: bool) -> str:
        match path:
            case ("iri", predicate):
                return f"stepping({self._steps(predicate, inverse=inverse)})"
            case ("inv", inner):
                return self._path(inner, inverse=not inverse)
            case ("alt", one, other):
                return f"either({self._path(one, inverse=inverse)}, {self._path(other, inverse=inverse)})"
            case ("seq", one, other):
                first, second = (other, one) if inverse else (one, other)
                return f"one_after_other({self._path(first, inverse=inverse)}, {self._path(second, inverse=inverse)})"
            case ("closure", inner, modifier):
                return f"repeated({self._path(inner, inverse=inverse)}, {modifier!r})"
        raise NotCompiledError(f"a path {path[0]}")

    def _all_statements(self, function: _Function, start: str, path: Tree, end: str) -> None:
        if path[0] != "iri" or start == end:
            raise NotCompiledError("a path between two variables without values")
        if path[1] not in self.several:
            function.within(f"for v_{start}, v_{end} in {self._single(path[1])}.items():")
            return
        ends = self._name("ends")
        function.within(f"for v_{start}, {ends} in {self._steps(path[1], inverse=False)}.items():")
        function.within(f"for v_{end} in {ends}:")

    def _any_property(self, function: _Function, subject: Tree, path: str, object_: Tree, bound: Bound) -> None:
        ends = [each[1] for each in (subject, object_) if each[0] == "var"]
        self._sure(function, ends, bound)
        start, end = (self._end(each, bound) for each in (subject, object_))
        if start is None or object_ == ("var", path):
            raise NotCompiledError("a statement of which nothing is known, or whose value is its property")
        steps = self._name("steps")
        function.within(f"for v_{path}, {steps} in facts.properties({start}):")
        if end is None:
            function.within(f"for v_{object_[1]} in {steps}.get({start}, NOTHING):")
        else:
            function.within(f"if {end} in {steps}.get({start}, NOTHING):")
        bound.update(dict.fromkeys([*ends, path], True))


def _tuple(codes: Sequence[str]) -> str:
    return f"({', '.join(codes)}{',' if len(codes) == 1 else ''})"
