"""What the parts of a query tell about its variables, and in which order statements are looked up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_parser import Group, Select, Tree

#: Variable -> whether it has a value in each row; one that is not in it has none.
Bound = Mapping[str, bool]


def spread(elements: Group, name: Callable[[str], str]) -> Iterator[Tree]:
    """Yield the elements, sequences of properties and inverse ones as single statements; `name` gives fresh names."""
    for each in elements:
        if each[0] == "triple" and each[2][0] == "inv":
            yield from spread([("triple", each[3], each[2][1], each[1])], name)
        elif each[0] == "triple" and each[2][0] == "seq":
            middle = ("var", name("_"))
            parts = [("triple", each[1], each[2][1], middle), ("triple", middle, each[2][2], each[3])]
            yield from spread(parts, name)
        else:
            yield each


def cheapest(todo: Group, bound: Bound) -> int:
    """Return the place of the element to go on with: of the statements that stand first the one most is known of."""

    def cost(each: Tree) -> float:
        _, subject, path, object_ = each
        start, end = (term[0] == "term" or term[1] in bound for term in (subject, object_))
        if path[0] == "var" and path[1] not in bound:
            return 9
        if start:
            return (1 if end else 2) + (0 if path[0] == "iri" else 0.5)
        if path[0] not in {"iri", "var"}:
            return 7 if end else 10
        # A node that is known has fewer statements than a kind or role.
        if end:
            return 3 if object_[0] == "var" else 4
        return 8

    triples = []
    for each in todo:
        if each[0] != "triple":
            break
        triples.append(cost(each))
    return triples.index(min(triples)) if triples else 0


def looked_up(element: Tree, bound: Bound) -> bool:
    """Tell whether an element is a property of what is known."""
    return element[0] == "triple" and (element[1][0] == "term" or element[1][1] in bound) and element[2][0] == "iri"


def has_group(tree: object) -> bool:
    """Tell whether there is an EXISTS in an expression."""
    if isinstance(tree, tuple | list):
        return tree[:1] == ("exists",) or any(map(has_group, tree))
    return False


def visible(elements: Group) -> set[str]:
    """Return the variables that a group may give a value."""
    found: set[str] = set()
    for each in elements:
        match each:
            case ("triple", subject, path, object_):
                found |= {term[1] for term in (subject, path, object_) if term[0] == "var"}
            case ("bind", _, variable):
                found.add(variable)
            case ("optional" | "group", inner):
                found |= visible(inner)
            case ("union", branches):
                found |= set().union(*map(visible, branches))
            case ("select", tree):
                found |= _given(tree)
    return found


def _given(tree: Select) -> set[str]:
    inside = visible(tree.where)
    return (
        {variable for variable, expression in tree.items if expression or variable in inside} if tree.items else inside
    )


def mentioned(elements: Group) -> set[str]:
    """Return the variables that a group may give a value, or that its conditions look at."""
    found = visible(elements)
    for each in elements:
        match each:
            case ("filter", expression) | ("bind", expression, _):
                found |= variables_of(expression)
            case ("optional" | "group", inner):
                found |= mentioned(inner)
            case ("union", branches):
                found |= set().union(*map(mentioned, branches))
    return found


def check_scope(elements: Group, bound: Bound) -> None:
    """Raise NotCompiledError if a group by itself would not see a value that it sees here (18.6, bottom up)."""
    own = visible(elements)
    before: set[str] = set()
    for each in elements:
        match each:
            case ("filter", expression) | ("bind", expression, _):
                if (variables_of(expression) & bound.keys()) - own:
                    raise NotCompiledError("a condition on what its group does not bind")
            case ("optional", inner):
                if (mentioned(inner) & bound.keys()) - before:
                    raise NotCompiledError("an OPTIONAL on what its group does not bind before it")
            case ("group", inner):
                check_scope(inner, bound)
        before |= visible([each])


def unwrapped(tree: Select) -> Select:
    """Return a SELECT over a statement and a plain SELECT as one over what both match: no rows are kept in between."""
    match tree.where:
        case [("triple", *_) as statement, ("group", [("select", inner)])]:
            names = [variable for variable, _ in inner.items]
            is_plain = names and not inner.distinct and inner.grouped is None and not any(e for _, e in inner.items)
            if is_plain and _stands_alone(inner.where, visible([statement])):
                hidden = mentioned(inner.where) - set(names)
                fresh = "_within" * (1 + max(name.count("_within") for name in names))
                where = renamed(inner.where, {name: name + fresh for name in hidden})
                items = tree.items or [(variable, None) for variable in sorted(visible(tree.where))]
                return replace(tree, items=items, where=[statement, ("group", where)])
    return tree


def _stands_alone(elements: Group, around: set[str]) -> bool:
    """Tell whether a group finds the same where variables around it have values as by itself."""
    try:
        check_scope(elements, dict.fromkeys(around, True))
    except NotCompiledError:
        return False
    return not any(each[0] == "bind" and each[2] in around for each in elements)


def renamed(tree: Any, names: Mapping[str, str]) -> Any:
    """Return a tree with other names of variables."""
    match tree:
        case ("term", _):
            return tree
        case ("var", name):
            return "var", names.get(name, name)
        case ("bind", expression, name):
            return "bind", renamed(expression, names), names.get(name, name)
        case Select():
            items = [(names.get(name, name), renamed(expression, names)) for name, expression in tree.items]
            grouped = None if tree.grouped is None else [names.get(name, name) for name in tree.grouped]
            return replace(tree, items=items, where=renamed(tree.where, names), grouped=grouped)
        case list():
            return [renamed(each, names) for each in tree]
        case tuple():
            return tuple(renamed(each, names) for each in tree)
    return tree


def aggregates(tree: object) -> list[Tree]:
    """Return the aggregates in an expression, in their order."""
    if isinstance(tree, tuple) and tree and tree[0] == "aggregate":
        return [tree]
    if isinstance(tree, tuple | list):
        return [found for each in tree for found in aggregates(each)]
    return []


def variables_of(tree: object) -> set[str]:
    """Return the variables of an expression, with those that a group in it looks at."""
    if isinstance(tree, tuple) and len(tree) == 2 and tree[0] == "var":
        return {tree[1]}
    if isinstance(tree, tuple | list):
        return set().union(*map(variables_of, tree)) if tree else set()
    where = getattr(tree, "where", None)
    return set() if where is None else variables_of(where)
