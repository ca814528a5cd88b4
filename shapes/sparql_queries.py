"""Queries as functions that can be run: made once for a process, run once for each document."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.facts import Facts
from budgetgraph.shapes.sparql_compiler import Compiler
from budgetgraph.shapes.sparql_parser import parse
from budgetgraph.shapes.sparql_scope import unwrapped
from budgetgraph.shapes.sparql_terms import Value

#: Properties that have more than one value in most documents: functions know from the beginning.
_OFTEN = frozenset(
    f"<{PREFIXES[prefix]}{name}>"
    for prefix, name in (
        ("rdf", "type"),
        ("rdfs", "label"),
        ("skos", "prefLabel"),
        ("skos", "inScheme"),
        ("qb", "component"),
        ("oa", "hasSelector"),
    )
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query that can be run: its variables, and the text and names of the function that gives its rows.

    single  the properties of which the function knows that they have no more than one value
    """

    query: str
    variables: tuple[str, ...]
    text: str
    names: dict[str, Any]
    single: frozenset[str]

    def rows(self, facts: Facts) -> list[tuple[Value, ...]]:
        """Return the rows that a query has in these facts. Raises NotCompiledError."""
        several = self.single & facts.several
        known = compiled(self.query, _OFTEN | several) if several else self
        assert known is not None  # noqa: S101  # Neither is more than this one
        if "rows" not in known.names:
            code = compile(known.text, "<query>", "exec")
            exec(code, known.names)  # noqa: S102  # Made here, from names and quoted constants
        found: list[tuple[Value, ...]] = known.names["rows"](facts)
        return found


@lru_cache(maxsize=1024)
def compiled(query: str, several: frozenset[str] = _OFTEN) -> Compiled | None:
    """Return a SELECT as a function; None where it is more than is known here.

    several  properties that may lead to more than one value; a function is made for each set of them
    """
    compiler = Compiler(several)
    try:
        text, variables = compiler.text(unwrapped(parse(query)))
    except NotCompiledError:
        return None
    return Compiled(query, variables, text, compiler.namespace, frozenset(compiler.single))
