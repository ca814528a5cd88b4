"""The RDF of one document version, as `convert` writes it: what is validated, and where its figures are printed."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from budgetgraph.ontology.files import FOLDER as ONTOLOGY
from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.exceptions import NotOneDocumentError, NotRdfError
from budgetgraph.shapes.paths import Node, Resource, resource
from budgetgraph.shapes.results import Cell

#: What can be validated: an RDF file, N-Quads or Turtle (which begins with its prefixes), or quads.
Data = Path | bytes | Iterable[Quad]

_TYPE = NamedNode(f"{PREFIXES['rdf']}type")
_DERIVED = NamedNode(f"{PREFIXES['prov']}wasDerivedFrom")
_VERSION_OF = NamedNode(f"{PREFIXES['dcterms']}isVersionOf")
_SELECTOR = NamedNode(f"{PREFIXES['oa']}hasSelector")
_VALUE = NamedNode(f"{PREFIXES['rdf']}value")
_VIEWRECT = re.compile(r"viewrect=([\d.]+),([\d.]+),([\d.]+),([\d.]+)")
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
        self.focus_nodes: dict[tuple[str, str, tuple[str, ...]], list[Node]] = {}
        self.store = _loaded(data, name)
        self.iri = self._only_version()
        self.series = next((o.value for o in self.objects(self.iri, _VERSION_OF)), self.iri)
        self.data_sets = sum(1 for _ in self.members(f"{PREFIXES['qb']}DataSet"))
        self.triples = len(self.store)
        self.store.bulk_load(path=ONTOLOGY / "structure.ttl", format=pyoxigraph.RdfFormat.TURTLE)

    def members(self, class_iri: str) -> Iterator[Resource]:
        """Yield the members of a class."""
        for quad in self.store.quads_for_pattern(None, _TYPE, NamedNode(class_iri)):
            if isinstance(quad.subject, Resource):
                yield quad.subject

    def names(self, iris: Iterable[str]) -> bool:
        """Tell whether each of the IRIs is a property or a value of something."""
        return all(self._occurs(iri) for iri in iris)

    def _occurs(self, iri: str) -> bool:
        term = NamedNode(iri)
        patterns = ((term, None), (None, term))
        return any(next(self.store.quads_for_pattern(None, *each), None) is not None for each in patterns)

    def _only_version(self) -> str:
        versions = sorted(m.value for m in self.members(BUD.DocumentVersion) if isinstance(m, NamedNode))
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
        for quad in self.store.quads_for_pattern(resource(subject), predicate, None):
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
            official = any(o.value == "true" for o in self.objects(table, NamedNode(BUD.official)))
            return Cell(self._table_name(table), row, column, page, self._box(place), official)
        if any(o.value == BUD.BudgetTable for o in self.objects(place, _TYPE)):
            return Cell(self._table_name(place), page=self._number(place, BUD.sourcePage))
        return None

    def _box(self, place: str) -> tuple[float, float, float, float] | None:
        """Return where a cell is on its page, from its fragment selector ("page=3&viewrect=left,top,width,height")."""
        for selector in self.objects(place, _SELECTOR):
            for value in self.objects(selector.value, _VALUE):
                if match := _VIEWRECT.search(value.value):
                    left, top, width, height = map(float, match.groups())
                    return left, top, width, height
        return None

    def text(self, name: str) -> str:
        """Return a property of the document version as text, "" where it states none."""
        return next((o.value for o in self.objects(self.iri, NamedNode(name))), "")

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


def _loaded(data: Data, name: str) -> pyoxigraph.Store:
    """Return all triples in the default graph of a new store. Raises NotRdfError."""
    store = pyoxigraph.Store()
    if not isinstance(data, Path | bytes):
        store.bulk_extend(_without_graphs(data))
        return store
    try:
        rdf_format = _form(data, name)
        read = data if isinstance(data, bytes) else data.read_bytes()
        if not rdf_format.supports_datasets:
            store.bulk_load(input=read, format=rdf_format)
        elif rdf_format != pyoxigraph.RdfFormat.N_QUADS or not _load_lines(store, read):
            store.bulk_extend(_without_graphs(pyoxigraph.parse(input=read, format=rdf_format)))
    except OSError as error:
        raise NotRdfError(f"{name}: cannot be read: {error.strerror or error}.") from None
    except (SyntaxError, ValueError) as error:
        raise NotRdfError(f"{name}: is not well-formed RDF: {error}.") from None
    return store


def _load_lines(store: pyoxigraph.Store, nquads: bytes) -> bool:
    """Load N-Quads as N-Triples, cut before their graphs; False, with nothing loaded, unless each line has one.

    A statement that is not three terms, a blank, a graph and " ." is none any more when it is cut. Blank nodes would
    get other labels.
    """
    if b"_:" in nquads:
        return False
    lines = (line.rsplit(b" ", 2)[0] for line in nquads.split(b"\n") if line)
    try:
        store.bulk_load(input=b"".join(line + b" .\n" for line in lines), format=pyoxigraph.RdfFormat.N_TRIPLES)
    except SyntaxError:
        store.clear()
        return False
    return True


def _without_graphs(quads: Iterable[Quad]) -> Iterator[Quad]:
    return (Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def _form(data: Path | bytes, name: str) -> pyoxigraph.RdfFormat:
    """Return the form of a file, which its ending tells, or of bytes."""
    if isinstance(data, bytes):
        return pyoxigraph.RdfFormat.TURTLE if data.startswith(b"@prefix") else pyoxigraph.RdfFormat.N_QUADS
    rdf_format = pyoxigraph.RdfFormat.from_extension(data.suffix.removeprefix("."))
    if rdf_format is None:
        raise NotRdfError(
            f"{name}: {data.suffix or 'no ending'} is no form of RDF that is known here. "
            "Give the file one of the endings .trig, .nq, .ttl, .nt, .jsonld, .rdf."
        )
    return rdf_format
