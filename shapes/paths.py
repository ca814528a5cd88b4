"""SHACL property paths (https://www.w3.org/TR/shacl/#property-paths).

Known are a predicate, a sequence and an inverse path; these are what the shapes use.
"""

from collections.abc import Callable, Sequence

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.sparql_terms import Steps, Value

SH = PREFIXES["sh"]
RDF = PREFIXES["rdf"]

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Resource = ox.NamedNode | ox.BlankNode


class UnknownPathError(ValueError):
    """Raised if a path is of a kind that is not known here."""


def text_of(term: object) -> str:
    """Return the text of a literal, the IRI of a node, the label of a blank node."""
    return str(getattr(term, "value", term))


def resource(text: str) -> Resource:
    """Return a node by its text: an IRI, or the label of a blank node, which data of others may have."""
    return ox.NamedNode(text) if ":" in text else ox.BlankNode(text)


def object_of(store: ox.Store, subject: Node, predicate: str) -> Node | None:
    """Return one object of a subject's property, given by its IRI; None if there is none."""
    if not isinstance(subject, Resource):
        return None
    quad = next(store.quads_for_pattern(subject, ox.NamedNode(predicate), None), None)
    return quad.object if quad else None


def value_nodes(steps: Callable[..., Steps], shapes: ox.Store, path: Node) -> Callable[[Value], Sequence[Value]]:
    """Return what gives the value nodes of a focus node.

    steps  property, and whether it is inverse -> what it leads to
    path   the node that describes the path in the shapes

    Raises UnknownPathError.
    """
    inverse = object_of(shapes, path, f"{SH}inversePath")
    predicate = inverse if isinstance(inverse, ox.NamedNode) else path
    if isinstance(predicate, ox.NamedNode):
        found = steps(str(predicate), inverse=predicate is inverse)
        return lambda focus: found.get(focus, ())
    first, rest = (object_of(shapes, path, f"{RDF}{name}") for name in ("first", "rest"))
    if first is None or rest is None:
        raise UnknownPathError(f"the path {path} is no predicate, sequence or inverse of a predicate")
    step = value_nodes(steps, shapes, first)
    if rest == ox.NamedNode(f"{RDF}nil"):
        return step
    further = value_nodes(steps, shapes, rest)
    return lambda focus: [node for each in step(focus) for node in further(each)]


def check_path(shapes: ox.Store, path: Node) -> None:
    """Raise UnknownPathError if a path is of a kind that is not known here."""
    if isinstance(path, ox.NamedNode):
        return
    if isinstance(object_of(shapes, path, f"{SH}inversePath"), ox.NamedNode):
        return
    first, rest = (object_of(shapes, path, f"{RDF}{name}") for name in ("first", "rest"))
    if first is None or rest is None:
        raise UnknownPathError(f"the path {path} is no predicate, sequence or inverse of a predicate")
    check_path(shapes, first)
    if rest != ox.NamedNode(f"{RDF}nil"):
        check_path(shapes, rest)
