"""The dataset of an update, from the parameters of the protocol into its text (SPARQL 1.1 Protocol, 2.2.3)."""

from collections.abc import Sequence

import pyoxigraph as ox

from budgetgraph.server.exceptions import RequestError
from budgetgraph.server.tokens import Token, tokens


def with_dataset(update: str, using: Sequence[str], using_named: Sequence[str]) -> str:
    """Return the update with USING and USING NAMED before each outermost WHERE.

    Raises RequestError when the update states a dataset itself, or a graph is no IRI.

    >>> with_dataset("DELETE WHERE { ?s ?p ?o }", ["urn:g"], [])
    'DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }'
    """
    if not using and not using_named:
        return update
    try:
        clauses = [f"USING {ox.NamedNode(iri)}" for iri in using]
        clauses += [f"USING NAMED {ox.NamedNode(iri)}" for iri in using_named]
    except ValueError as error:
        raise RequestError(f"using-graph-uri, using-named-graph-uri: {error}. Give IRIs.") from None
    words = {token.text.upper() for token in tokens(update) if token.kind == "word"}
    if words & {"USING", "WITH"}:
        raise RequestError("The update has USING or WITH, and the request states a dataset too. State it once.")
    found, depth, previous = list(tokens(update)), 0, ""
    parts, end = [], 0
    for number, token in enumerate(found):
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0 and token.kind == "word" and token.text.upper() == "WHERE":
            parts.append(update[end : token.start])
            if previous == "DELETE":
                parts.append(_group(update, found[number + 1 :]) + " ")
            parts.append(" ".join(clauses) + " ")
            end = token.start
        previous = token.text.upper()
    return "".join(parts) + update[end:]


def _group(text: str, rest: Sequence[Token]) -> str:
    """Return the group that begins the rest: in DELETE WHERE it is the template too (SPARQL 1.1 Update, 3.1.3.3)."""
    depth = 0
    for token in rest:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0:
            return text[rest[0].start : token.start + len(token.text)]
    return ""
