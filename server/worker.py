"""A process that evaluates queries, one at a time, over a release opened read-only.

Started as `python -m budgetgraph.server.worker BYTES` (bound of its address space), with requests on standard
input and answers on standard output. It may be killed at any time; it holds nothing that is not in the release.
"""

import os
import sys
import threading
from itertools import islice
from typing import IO, cast

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.server.frames import FrameKind, FrameReader, Request, encode, write_frame
from budgetgraph.server.isolation import end_with, leave_network, limit_memory

#: Bytes that are written at once. A whole answer up to this size is known to be good before its head is sent on.
CHUNK = 1 << 16

_RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPH_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
#: These write all they are given under full names, as fast as the engine goes.
_WITHOUT_PREFIXES = {"ntriples", "nquads", "jsonld"}

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class _Output:
    """A binary file that sends what is written to it as DATA frames of CHUNK bytes, the last one at `finish`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= CHUNK:
            self.finish()
        return len(data)

    def flush(self) -> None:
        """Do nothing: the engine flushes at the end of what it writes, which a fault may still follow."""

    def finish(self) -> None:
        if self._buffer:
            write_frame(self._descriptor, FrameKind.DATA, bytes(self._buffer))
            self._buffer.clear()


class _Worker:
    """Holds the release it was last asked about."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._opened: tuple[str, ox.Store] | None = None

    def answer(self, request: Request) -> None:
        """Evaluate a query and send the answer, or why there is none."""
        try:
            results = self._evaluate(request)
            _require_format(request.format, results)
            output = _Output(self._descriptor)
            truncated = _write(results, request, cast(IO[bytes], output))
            output.finish()
        except (SyntaxError, ValueError) as error:
            self._fail("query", _brief(error))
        except RuntimeError as error:
            self._fail("query", f"the query cannot be evaluated: {_brief(error)}")
        except OSError as error:
            self._fail("store", f"the store, or what the query calls, cannot be read: {_brief(error)}")
        except MemoryError:
            self._fail("memory", "the query needs more memory than a worker has")
        else:
            write_frame(self._descriptor, FrameKind.END, encode({"truncated": truncated}))

    def _evaluate(self, request: Request) -> Results:
        bindings: dict[ox.Variable, Term] = {}
        for name, value in (request.bindings or {}).items():
            bindings[ox.Variable(name)] = ox.NamedNode(value)
        if request.default_graphs is None and request.named_graphs is None:
            return self._store(request.quads).query(request.query, substitutions=bindings or None)
        return self._store(request.quads).query(
            request.query,
            substitutions=bindings or None,
            default_graph=[ox.NamedNode(g) for g in request.default_graphs or ()],
            named_graphs=[ox.NamedNode(g) for g in request.named_graphs or ()],
        )

    def _store(self, path: str) -> ox.Store:
        if self._opened is None or self._opened[0] != path:
            self._opened = None  # closed before the next is opened: memory is bounded
            self._opened = (path, ox.Store.read_only(path))
        return self._opened[1]

    def _fail(self, kind: str, message: str) -> None:
        write_frame(self._descriptor, FrameKind.FAIL, encode({"kind": kind, "message": message}))


def _require_format(name: str, results: Results) -> None:
    """Raise ValueError when the format does not suit what the query gives."""
    known = _GRAPH_FORMATS if isinstance(results, ox.QueryTriples) else _RESULT_FORMATS
    if name not in known:
        raise ValueError(f"the answer to this query cannot be written as {name}; possible: {', '.join(known)}")


def _write(results: Results, request: Request, output: IO[bytes]) -> bool:
    """Write an answer; return whether solutions were left out."""
    if isinstance(results, ox.QueryTriples):
        if request.format in _WITHOUT_PREFIXES:
            results.serialize(output, _GRAPH_FORMATS[request.format])
        else:
            ox.serialize(results, output, _GRAPH_FORMATS[request.format], prefixes=PREFIXES)
        return False
    if request.max_rows is None or isinstance(results, ox.QueryBoolean):
        results.serialize(output, _RESULT_FORMATS[request.format])
        return False
    return _write_rows(results, request.max_rows, output)


def _write_rows(solutions: ox.QuerySolutions, most: int, output: IO[bytes]) -> bool:
    """Write the first solutions as SPARQL JSON; return whether there are more."""
    names = [variable.value for variable in solutions.variables]
    bindings = [
        {name: _json_term(term) for name in names if (term := solution[name]) is not None}
        for solution in islice(solutions, most)
    ]
    output.write(encode({"head": {"vars": names}, "results": {"bindings": bindings}}))
    return next(solutions, None) is not None


def _json_term(term: Term) -> dict[str, str]:
    """Return a term as SPARQL 1.1 Query Results JSON Format writes it (3.2.2)."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        return {"type": "literal", "value": str(term)}
    told = {"type": "literal", "value": term.value}
    if term.language is not None:
        told["xml:lang"] = term.language
    elif term.datatype.value != f"{PREFIXES['xsd']}string":
        told["datatype"] = term.datatype.value
    return told


def _brief(error: Exception) -> str:
    """Return the engine's message, without the long list of what else could have stood at the place."""
    text = " ".join(str(error).split())
    return text if len(text) <= 200 else f"{text[:200]} ..."


def main() -> None:
    """Serve requests until standard input ends."""
    requests, answers = os.dup(0), os.dup(1)
    # Whatever else prints must not get between the frames.
    os.dup2(2, 1)
    without_network = leave_network()
    limit_memory(int(sys.argv[1]))
    threading.Thread(target=end_with, args=(requests,), daemon=True).start()
    write_frame(answers, FrameKind.READY, encode({"without_network": without_network}))
    reader = FrameReader(requests)
    worker = _Worker(answers)
    try:
        while (frame := reader.read()) is not None:
            worker.answer(Request.decode(frame[1]))
    except BrokenPipeError:
        pass  # the server has left


if __name__ == "__main__":
    main()
