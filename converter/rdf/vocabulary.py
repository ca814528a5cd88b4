"""Terms by their prefixed names, as N-Triples text. A name that the vocabulary does not have raises."""

from functools import cache

from budgetgraph.converter.rdf.terms import iri
from budgetgraph.ontology.namespaces import BUD, PREFIXES


@cache
def term(name: str) -> str:
    """Return `<IRI>` of a prefixed name, e.g. term("qb:dataSet").

    Raises KeyError for a prefix, AttributeError for a `bud:` name that is not defined.
    """
    prefix, _, local = name.partition(":")
    return iri(str(getattr(BUD, local.replace("-", "_"))) if prefix == "bud" else PREFIXES[prefix] + local)
