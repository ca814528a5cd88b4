"""The RDF of one document version, as `convert` writes it: what is validated, and where its figures are printed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from budgetgraph.ontology.files import FOLDER as ONTOLOGY
from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.exceptions import NotOneDocumentError, NotRdfError
from budgetgraph.shapes.results import Cell

#: What can be validated: an RDF file, N-Quads, or quads.
Data = Path | bytes | Iterable[Quad]

_TYPE = NamedNode(f"{PREFIXES['rdf']}type")
_DERIVED = NamedNode(f"{PREFIXES['prov']}wasDerivedFrom")
_VERSION_OF = NamedNode(f"{PREFIXES['dcterms']}isVersionOf")
_TITLE = NamedNode(f"{PREFIXES['dcterms']}title")


class Document:
    """One document version with everything its file holds, and the data structures of the ontology.

    `store` has all triples in its default graph. Named graphs are not kept apart: a triple that two graphs state is
    there once, so that nothing is counted twice.
    """

    def __init__(self, data: Data, name: str) -> None:
        """Read the data; `name` is what messages call it.

        Raises NotRdfError when it is no RDF, NotOneDocumentError when it does not hold exactly one document version.
        """
        self.name = name
        self.store = pyoxigraph.Store()
        self.store.extend(Quad(q.subject, q.predicate, q.object) for q in _quads(data, name))
        self.iri = self._only_version()
        self.series = next((o.value for o in self.objects(self.iri, _VERSION_OF)), self.iri)
        self.data_sets = sum(1 for _ in self._members(f"{PREFIXES['qb']}DataSet"))
        self.store.extend(_quads(ONTOLOGY / "structure.ttl", "structure.ttl"))

    def _members(self, class_iri: str) -> Iterator[str]:
        for quad in self.store.quads_for_pattern(None, _TYPE, NamedNode(class_iri)):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject.value

    def _only_version(self) -> str:
        versions = sorted(self._members(BUD.DocumentVersion))
        if len(versions) == 1:
            return versions[0]
        if not versions:
            raise NotOneDocumentError(
                f"{self.name}: holds {len(self.store)} triples but no bud:DocumentVersion. "
                "Validate the RDF that `budgetgraph convert` writes, all of its graphs together."
            )
        raise NotOneDocumentError(
            f"{self.name}: holds {len(versions)} document versions, the first is <{versions[0]}>. "
            "Validate each document by itself."
        )

    def objects(self, subject: str, predicate: NamedNode) -> Iterator[NamedNode | Literal]:
        """Yield the values of a property, IRIs and literals."""
        for quad in self.store.quads_for_pattern(NamedNode(subject), predicate, None):
            if isinstance(quad.object, NamedNode | Literal):
                yield quad.object

    def cells(self, node: str) -> tuple[Cell, ...]:
        """Return where a node is printed: a cell or table itself, or what it was derived from; () if unknown."""
        places = [node, *sorted(o.value for o in self.objects(node, _DERIVED))]
        found = (self._cell(place) for place in places)
        return tuple(dict.fromkeys(cell for cell in found if cell is not None))

    def _cell(self, place: str) -> Cell | None:
        table = next((o.value for o in self.objects(place, NamedNode(BUD.inTable))), None)
        if table is not None:
            row, column, page = (
                self._number(place, name) for name in (BUD.rowNumber, BUD.columnNumber, BUD.sourcePage)
            )
            return Cell(self._table_name(table), row, column, page)
        if any(o.value == BUD.BudgetTable for o in self.objects(place, _TYPE)):
            return Cell(self._table_name(place), page=self._number(place, BUD.sourcePage))
        return None

    def _table_name(self, table: str) -> str:
        named = [*self.objects(table, NamedNode(BUD.tableNumber)), *self.objects(table, _TITLE)]
        return named[0].value if named else table.rpartition("/")[2]

    def _number(self, subject: str, predicate: str) -> int | None:
        text = next((o.value for o in self.objects(subject, NamedNode(predicate))), "")
        return int(text) if text.isdecimal() else None

    def stable_key(self, node: str) -> str:
        """Return what names a node in every version of the document.

        Resources of the budget keep their IRIs. Those of one version (cells, claims) are known by their table and
        the words printed there, not by row or position.
        """
        if not node.startswith(f"{self.iri}/"):
            return node
        words = [
            o.value
            for name in (BUD.cellText, BUD.sourceText, BUD.tableNumber)
            for o in self.objects(node, NamedNode(name))
        ]
        tables = [self._table_name(o.value) for o in self.objects(node, NamedNode(BUD.inTable))]
        return " ".join([*tables, *words]) or node.removeprefix(self.iri)


def _quads(data: Data, name: str) -> Iterator[Quad]:
    if isinstance(data, Path | bytes):
        return _parsed(data, name)
    return iter(data)


def _parsed(data: Path | bytes, name: str) -> Iterator[Quad]:
    """Yield the quads of a file, whose form its ending tells, or of N-Quads."""
    try:
        if isinstance(data, bytes):
            yield from pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_QUADS)
            return
        rdf_format = pyoxigraph.RdfFormat.from_extension(data.suffix.removeprefix("."))
        if rdf_format is None:
            raise NotRdfError(
                f"{name}: {data.suffix or 'no ending'} is no form of RDF that is known here. "
                "Give the file one of the endings .trig, .nq, .ttl, .nt, .jsonld, .rdf."
            )
        yield from pyoxigraph.parse(path=data, format=rdf_format)
    except OSError as error:
        raise NotRdfError(f"{name}: cannot be read: {error.strerror or error}.") from None
    except SyntaxError as error:
        raise NotRdfError(f"{name}: is not well-formed RDF: {error}.") from None
