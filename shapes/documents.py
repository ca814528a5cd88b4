"""The RDF of one document version, as `convert` writes it: what is validated, and where its figures are printed."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph
from pyoxigraph import NamedNode, Quad

from budgetgraph.ontology.collecting import collector_paused
from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.exceptions import NotOneDocumentError
from budgetgraph.shapes.facts import Facts, steps_in, structure
from budgetgraph.shapes.paths import resource
from budgetgraph.shapes.reading import Data, read
from budgetgraph.shapes.results import Cell
from budgetgraph.shapes.sparql_terms import Steps, Value, node_of, text_of, value_of

_TYPE = f"{PREFIXES['rdf']}type"
_DERIVED = f"{PREFIXES['prov']}wasDerivedFrom"
_VERSION_OF = f"{PREFIXES['dcterms']}isVersionOf"
_SELECTOR = f"{PREFIXES['oa']}hasSelector"
_VALUE = f"{PREFIXES['rdf']}value"
_VIEWRECT = re.compile(r"viewrect=([\d.]+),([\d.]+),([\d.]+),([\d.]+)")
_TITLE = f"{PREFIXES['dcterms']}title"


class Document:
    """One document version with everything its file holds, and the data structures of the ontology.

    `facts` are its statements, None after `without_facts`; `store` has them in its default graph. Named graphs are not
    kept apart: a triple that two graphs state is there once, so that nothing is counted twice.
    """

    def __init__(self, data: Data, name: str) -> None:
        """Read the data; `name` is what messages call it.

        Raises NotRdfError when it is no RDF, NotOneDocumentError when it does not hold exactly one document version.
        """
        self.name = name
        self.focus_nodes: dict[tuple[str, str, tuple[str, ...]], list[Value]] = {}
        with collector_paused():
            facts, self._make_store = read(data, name)
        self.facts: Facts | None = facts
        self.triples = len(facts)
        facts.add(structure())
        self.iri = self._only_version()
        self.series = next(self.texts(self.iri, _VERSION_OF), self.iri)
        self.data_sets = len(self.members(f"{PREFIXES['qb']}DataSet"))

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """Return a store of the statements."""
        return self._make_store()

    def without_facts(self) -> None:
        """Look up everything in the store from now on."""
        assert self.store is not None  # noqa: S101  # It is made of what is read
        self.facts = None

    def change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Remove statements that the document has, and add some that it does not have."""
        removed, added = list(removed), list(added)
        for quad in removed:
            self.store.remove(quad)
        self.store.extend(added)
        if self.facts is not None:
            self.facts.change(
                *([(str(q.subject), str(q.predicate), str(q.object)) for q in each] for each in (removed, added))
            )
        self.focus_nodes.clear()

    def steps(self, predicate: Value, *, inverse: bool = False) -> Steps:
        """Return what a property leads to, or where it comes from."""
        if self.facts is None:
            return steps_in(self.store, predicate, inverse=inverse)
        return self.facts.inverse(predicate) if inverse else self.facts.forward(predicate)

    def members(self, class_iri: str) -> list[Value]:
        """Return the members of a class."""
        if self.facts is None:
            quads = self.store.quads_for_pattern(None, NamedNode(_TYPE), NamedNode(class_iri))
            return [value_of(quad.subject) for quad in quads]
        return list(self.facts.inverse(f"<{_TYPE}>").get(f"<{class_iri}>", ()))

    def names(self, iris: Iterable[str]) -> bool:
        """Tell whether each of the IRIs is a property or a value of something."""
        return all(self._occurs(iri) for iri in iris)

    def _occurs(self, iri: str) -> bool:
        if self.facts is not None:
            return self.facts.names(iri)
        term = NamedNode(iri)
        patterns = ((term, None), (None, term))
        return any(next(self.store.quads_for_pattern(None, *each), None) is not None for each in patterns)

    def _only_version(self) -> str:
        versions = sorted(text_of(member) for member in self.members(BUD.DocumentVersion) if member[0] == "<")
        if len(versions) == 1:
            return versions[0]
        if not versions:
            raise NotOneDocumentError(
                f"{self.name}: holds {self.triples} triples but no bud:DocumentVersion. "
                "Validate the RDF that `budgetgraph convert` writes, all of its graphs together."
            )
        raise NotOneDocumentError(
            f"{self.name}: holds {len(versions)} document versions, the first is <{versions[0]}>. "
            "Validate each document by itself."
        )

    def texts(self, subject: str, predicate: str) -> Iterator[str]:
        """Yield the values of a property, IRIs and the text of literals; all are given and named by their IRIs."""
        if self.facts is None:
            quads = self.store.quads_for_pattern(resource(subject), NamedNode(predicate), None)
            values: Iterable[Value] = [value_of(quad.object) for quad in quads]
        else:
            values = self.facts.forward(f"<{predicate}>").get(node_of(subject), ())
        for value in values:
            if not (isinstance(value, str) and value[0] == "_"):
                yield text_of(value)

    def cells(self, node: str) -> tuple[Cell, ...]:
        """Return where a node is printed: a cell or table itself, or what it was derived from; () if unknown."""
        places = [node, *sorted(self.texts(node, _DERIVED))]
        found = (self._cell(place) for place in places)
        return tuple(dict.fromkeys(cell for cell in found if cell is not None))

    def _cell(self, place: str) -> Cell | None:
        table = next(self.texts(place, BUD.inTable), None)
        if table is not None:
            row, column, page = (
                self._number(place, name) for name in (BUD.rowNumber, BUD.columnNumber, BUD.sourcePage)
            )
            official = "true" in self.texts(table, BUD.official)
            return Cell(self._table_name(table), row, column, page, self._box(place), official)
        if BUD.BudgetTable in self.texts(place, _TYPE):
            return Cell(self._table_name(place), page=self._number(place, BUD.sourcePage))
        return None

    def _box(self, place: str) -> tuple[float, float, float, float] | None:
        """Return where a cell is on its page, from its fragment selector ("page=3&viewrect=left,top,width,height")."""
        for selector in self.texts(place, _SELECTOR):
            for value in self.texts(selector, _VALUE):
                if match := _VIEWRECT.search(value):
                    left, top, width, height = map(float, match.groups())
                    return left, top, width, height
        return None

    def text(self, name: str) -> str:
        """Return a property of the document version as text, "" where it states none."""
        return next(self.texts(self.iri, name), "")

    def _table_name(self, table: str) -> str:
        named = [*self.texts(table, BUD.tableNumber), *self.texts(table, _TITLE)]
        return named[0] if named else table.rpartition("/")[2]

    def _number(self, subject: str, predicate: str) -> int | None:
        text = next(self.texts(subject, predicate), "")
        return int(text) if text.isdecimal() else None

    def stable_key(self, node: str) -> str:
        """Return what names a node in every version of the document.

        Resources of the budget keep their IRIs. Those of one version (cells, claims) are known by their table and
        the words printed there, not by row or position.
        """
        if not node.startswith(f"{self.iri}/"):
            return node
        words = [word for name in (BUD.cellText, BUD.sourceText, BUD.tableNumber) for word in self.texts(node, name)]
        tables = [self._table_name(table) for table in self.texts(node, BUD.inTable)]
        return " ".join([*tables, *words]) or node.removeprefix(self.iri)
