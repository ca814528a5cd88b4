"""IRIs in the place of variables of the server's own queries, for engines that know no substitution.

Done on tokens, and only after the engine has said that a value is an IRI; so nothing of a value is read as SPARQL.
"""

from collections.abc import Mapping

import pyoxigraph as ox

from budgetgraph.server.tokens import Token, tokens

#: Words that begin a clause of a query.
_CLAUSES = frozenset(("SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))


def bind_variables(query: str, bindings: Mapping[str, str]) -> str:
    """Return the query with IRIs for variables; a projection of the outermost SELECT keeps the variable's name.

    In GROUP BY an IRI stands in brackets, as an expression has to (SPARQL 1.1 Query, 19.8, GroupCondition).
    Raises ValueError when a value is no IRI.

    >>> bind_variables("SELECT ?x ?y { { SELECT ?x ?y { ?x ?p ?y } LIMIT 3 } }", {"x": "urn:a"})
    'SELECT (<urn:a> AS ?x) ?y { { SELECT  ?y { <urn:a> ?p ?y } LIMIT 3 } }'
    >>> bind_variables("SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y } GROUP BY ?x ?p", {"x": "urn:a"})
    'SELECT (<urn:a> AS ?x) (COUNT(?y) AS ?n) { <urn:a> ?p ?y } GROUP BY (<urn:a>) ?p'
    """
    values = {name: str(ox.NamedNode(iri)) for name, iri in bindings.items()}
    parts, end, depth, projecting, grouping = [], 0, 0, False, False
    for token in tokens(query):
        if token.kind == "word" and token.text.upper() in _CLAUSES:
            projecting, grouping = token.text.upper() == "SELECT", token.text.upper() == "GROUP"
        elif token.text in {"{", "}"}:
            projecting = grouping = False
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.kind == "variable" and token.text[1:] in values:
            value = values[token.text[1:]]
            written = f"({value})" if grouping else _written(token, value, depth, projecting=projecting)
            parts += [query[end : token.start], written]
            end = token.start + len(token.text)
    return "".join(parts) + query[end:]


def _written(token: Token, value: str, depth: int, *, projecting: bool) -> str:
    if not projecting:
        return value
    return f"({value} AS {token.text})" if depth == 0 else ""
