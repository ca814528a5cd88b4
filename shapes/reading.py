"""The RDF of a document as facts, and as a store for those who ask one."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from budgetgraph.shapes.exceptions import NotRdfError
from budgetgraph.shapes.facts import Facts, as_nquads, structure

#: What can be validated: an RDF file, N-Quads or Turtle (which begins with its prefixes), or quads.
Data = Path | bytes | Iterable[Quad]


def read(data: Data, name: str) -> tuple[Facts, Callable[[], pyoxigraph.Store]]:
    """Return the statements of all graphs, and what makes a store of them, all in its default graph.

    Raises NotRdfError.
    """
    try:
        if isinstance(data, Path | bytes):
            rdf_format = _form(data, name)
            text = data if isinstance(data, bytes) else data.read_bytes()
            if rdf_format == RdfFormat.N_QUADS and (facts := _facts(text)) is not None:
                return facts, lambda: _store(text)
            quads: Iterable[Quad] = pyoxigraph.parse(input=text, format=rdf_format)
        else:
            quads = data
        parsed = as_nquads(quads)
    except OSError as error:
        raise NotRdfError(f"{name}: cannot be read: {error.strerror or error}.") from None
    except (SyntaxError, ValueError) as error:
        raise NotRdfError(f"{name}: is not well-formed RDF: {error}.") from None
    facts = Facts()
    facts.add(parsed)
    return facts, lambda: _store(parsed)


def _facts(nquads: bytes) -> Facts | None:
    """Return the statements of N-Quads; None where it takes a parser to read them."""
    facts = Facts()
    return facts if facts.add_any(nquads) else None


def _store(nquads: bytes) -> pyoxigraph.Store:
    """Return a store of statements that have been read, and of the data structures, in its default graph."""
    store = pyoxigraph.Store()
    for text in (nquads, structure()):
        ntriples = b"".join([line.rsplit(b" ", 2)[0] + b" .\n" for line in text.split(b"\n") if line])
        if b"_:" in ntriples:
            # Loading would give blank nodes other labels than the facts have.
            store.bulk_extend(pyoxigraph.parse(input=ntriples, format=RdfFormat.N_TRIPLES))
        else:
            store.bulk_load(input=ntriples, format=RdfFormat.N_TRIPLES, lenient=True)
    return store


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
