"""The Python names and the Turtle say the same."""

import subprocess
import sys

import pyoxigraph
import pytest

from budgetgraph.ontology.files import FOLDER, alignment_files, ontology_files
from budgetgraph.ontology.namespaces import BUD, BUD_BASE, PREFIXES, rdflib_namespace, structure, terms


def defined_terms() -> set[str]:
    subjects = set()
    for path in ontology_files():
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            if isinstance(quad.subject, pyoxigraph.NamedNode) and quad.subject.value.startswith(BUD_BASE):
                subjects.add(quad.subject.value)
    return subjects


def test_every_defined_term_has_a_name() -> None:
    assert defined_terms() - set(terms().values()) == set()


def test_every_name_is_a_defined_term() -> None:
    assert set(terms().values()) - defined_terms() == set()


def test_a_typo_raises() -> None:
    with pytest.raises(AttributeError):
        getattr(BUD, "amuont")  # noqa: B009  # the checker would see the typo
    with pytest.raises(AttributeError):
        structure("expenditures")


def test_names_of_structures_take_hyphens() -> None:
    assert BUD.dsd_asset_value == structure("asset-value") == f"{BUD_BASE}dsd-asset-value"


def test_rdflib_namespace_has_the_same_terms_and_fails_on_a_typo() -> None:
    namespace = rdflib_namespace()
    assert {str(namespace[iri.removeprefix(BUD_BASE)]) for iri in terms().values()} == set(terms().values())
    with pytest.raises(AttributeError):
        getattr(namespace, "amuont")  # noqa: B009  # the checker would see the typo


def test_names_and_code_lists_cost_no_rdflib() -> None:
    program = (
        "import sys; import budgetgraph.ontology.namespaces, budgetgraph.ontology.codelists;"
        "sys.exit('rdflib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_turtle_files_use_the_projects_prefixes() -> None:
    others: dict[str, set[str]] = {}
    for path in [*ontology_files(), *alignment_files(), *sorted((FOLDER / "codelists").glob("*.ttl"))]:
        parser = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
        list(parser)
        for prefix, namespace in parser.prefixes.items():
            if PREFIXES.get(prefix, namespace) != namespace:
                others.setdefault(path.name, set()).add(prefix)
    assert others == {}
