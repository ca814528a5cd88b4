"""The formats of answers: their names here, media types (as registered with IANA), `format=` names, extensions."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write an answer.

    name        what it is called in `format=`, between server and worker, and on the command line
    media_type  what it is served as, without parameters
    aliases     other media types that ask for it
    charset     state `charset=utf-8`, for text/* types, whose default would be another
    """

    name: str
    media_type: str
    extension: str
    aliases: tuple[str, ...] = ()
    charset: bool = False

    @property
    def content_type(self) -> str:
        """Return the value of the Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


HTML = Format("html", "text/html", "html", ("application/xhtml+xml",), charset=True)

JSON = Format("json", "application/sparql-results+json", "srj", ("application/json",))
XML = Format("xml", "application/sparql-results+xml", "srx", ("application/xml", "text/xml"))
CSV = Format("csv", "text/csv", "csv", charset=True)
TSV = Format("tsv", "text/tab-separated-values", "tsv", charset=True)

TURTLE = Format("turtle", "text/turtle", "ttl", ("application/x-turtle",), charset=True)
NTRIPLES = Format("ntriples", "application/n-triples", "nt", ("text/plain",))
RDFXML = Format("rdfxml", "application/rdf+xml", "rdf", ("application/xml", "text/xml"))
JSONLD = Format("jsonld", "application/ld+json", "jsonld", ("application/json",))
TRIG = Format("trig", "application/trig", "trig")
NQUADS = Format("nquads", "application/n-quads", "nq")

#: Formats of a table or boolean, the server's own preference first (SPARQL 1.1 Protocol, 2.1.6).
RESULT_FORMATS: Sequence[Format] = (JSON, XML, CSV, TSV)
#: Formats of a graph, the server's own preference first.
GRAPH_FORMATS: Sequence[Format] = (TURTLE, NTRIPLES, RDFXML, JSONLD, TRIG, NQUADS)
#: Formats a resource's description is linked in.
PAGE_GRAPH_FORMATS: Sequence[Format] = (TURTLE, NTRIPLES, RDFXML, JSONLD)


def format_named(name: str) -> Format:
    """Return the format of a name. Raises KeyError when there is none."""
    return {each.name: each for each in (*RESULT_FORMATS, *GRAPH_FORMATS)}[name]
