"""A process that evaluates queries, one at a time, over a release opened read-only.

Started as `python -m budgetgraph.server.worker BYTES` (bound of its address space), or forked from a process that has
a release in memory (`copying.py`), with requests on standard input and answers on standard output. It may be killed at
any time; it holds nothing that is not in the release.
"""

import csv
import gc
import os
import re
import sys
import threading
import time
from types import SimpleNamespace
from typing import IO, Any, cast

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.server.frames import (
    WHOLE_END,
    FrameKind,
    FrameReader,
    Request,
    encode,
    frame,
    read_rider,
    write_all,
    write_frame,
)
from budgetgraph.server.isolation import (
    end_with,
    is_nearly_full,
    leave_network,
    limit_memory,
    offer_to_the_oom_killer,
)
from budgetgraph.server.opened import Copy, OpenReleases
from budgetgraph.server.outputs import new_output
from budgetgraph.server.slicing import bounded, following
from budgetgraph.server.syntaxes import SYNTAXES

_RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
#: These write all they are given under full names, as fast as the engine goes.
_WITHOUT_PREFIXES = {"ntriples", "nquads", "jsonld"}

_PATH = re.compile(r"/[^\s:]+")

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class _Worker:
    """Holds the releases it was last asked about.

    is_plain  the last answer was small and whole, or a fault, and there is memory left
    """

    def __init__(self, descriptor: int, memory: int, copy: Copy | None) -> None:
        self.is_plain = True
        self._descriptor, self._memory = descriptor, memory
        self._releases = OpenReleases(copy)

    def ride(self, request: bytes, until: float) -> None:
        """Answer a request that came with another one, or give it back."""
        if self.is_plain and time.monotonic() <= until:
            self.answer(Request.decode(request))
        else:
            write_frame(self._descriptor, FrameKind.BACK, b"")

    def answer(self, request: Request) -> None:
        """Evaluate a query and send the answer, or why there is none."""
        self.is_plain = True
        try:
            rest, cut = self._answer(request)
        except (SyntaxError, ValueError) as error:
            self._fail("query", _brief(error))
        except RuntimeError as error:
            self._fail("query", f"the query cannot be evaluated: {_brief(error)}")
        except OSError as error:
            told = _PATH.sub("...", _brief(error))  # the folders of the server are nobody's business
            self._fail("store", f"the store, or what the query calls, cannot be read: {told}")
        except MemoryError:
            self._fail("memory", "the query needs more memory than a worker has")
        else:
            last = frame(FrameKind.DATA, rest) if rest else b""
            full = is_nearly_full(self._memory)
            end = WHOLE_END
            if cut is not None or full:
                self.is_plain = False
                end = frame(FrameKind.END, encode({"cut": cut, "full": full}))
            # In one write, so that the server wakes up once.
            write_all(self._descriptor, last + end)

    def _answer(self, request: Request) -> tuple[bytes, int | None]:
        """Send an answer within the bounds of the request, but for its last bytes.

        Returns those, and after how many solutions the answer was cut, if it was.
        """
        release = self._releases.get(request.quads)
        store, rows, by_hand = release.store(stable=request.stable), request.rows, False
        while True:
            text = bounded(request.query, rows) if rows is not None else None
            output = new_output(request.format, self._send_part, request.size)
            try:
                results = self._evaluate(store, request, text)
                _require_format(request.format, results)
                _write(results, request.format, cast(IO[bytes], output), by_hand=by_hand)
            except Exception:  # whatever the engine makes of a full output; all else goes on
                if output.fault is not None:
                    raise ValueError(output.fault) from None
                if not output.is_too_long:
                    raise
                rows = (rows or output.size) // 4
                if rows == 0 or isinstance(results, ox.QueryBoolean):
                    raise ValueError(
                        "one solution alone is larger than an answer may be; ask for fewer variables"
                    ) from None
            else:
                if output.is_torn and not by_hand:
                    by_hand = True
                    self._send_part(FrameKind.RESTART, b"")
                    continue
                if text is None or rows is None or output.size < rows or not self._goes_on(store, request, rows):
                    return output.rest(), None
                if store is release.disk:
                    return output.rest(), rows
            # What follows a cut must continue it, on any worker and later on: the disk keeps one order.
            store = release.disk
            self._send_part(FrameKind.RESTART, b"")

    def _goes_on(self, store: ox.Store, request: Request, rows: int) -> bool:
        """Tell whether a query has solutions behind the first `rows`. Each takes a byte at least in every format."""
        next_one = following(request.query, rows)
        results = self._evaluate(store, request, bounded(next_one, 1) or next_one)
        return not isinstance(results, ox.QueryBoolean) and next(iter(results), None) is not None

    def _evaluate(self, store: ox.Store, request: Request, text: str | None) -> Results:
        """Return the results of the request's query, cut as in `text`; its faults are told of what the client wrote."""
        bindings: dict[ox.Variable, Term] = {}
        for name, value in (request.bindings or {}).items():
            bindings[ox.Variable(name)] = ox.NamedNode(value)
        options: dict[str, Any] = {"base_iri": request.base_iri, "substitutions": bindings or None}
        if request.default_graphs is not None or request.named_graphs is not None:
            options["default_graph"] = [ox.NamedNode(g) for g in request.default_graphs or ()]
            options["named_graphs"] = [ox.NamedNode(g) for g in request.named_graphs or ()]
        try:
            return store.query(text or request.query, **options)
        except SyntaxError:
            store.query(request.query, **options)
            if text is None:
                raise
        raise ValueError("the number of solutions cannot be bounded; write LIMIT and OFFSET as words of their own")

    def _fail(self, kind: str, message: str) -> None:
        full = is_nearly_full(self._memory)
        self.is_plain = self.is_plain and not full
        write_frame(self._descriptor, FrameKind.FAIL, encode({"kind": kind, "message": message, "full": full}))

    def _send_part(self, kind: FrameKind, body: bytes) -> None:
        self.is_plain = False
        write_frame(self._descriptor, kind, body)


def _require_format(name: str, results: Results) -> None:
    """Raise ValueError when the format does not suit what the query gives."""
    known = SYNTAXES if isinstance(results, ox.QueryTriples) else _RESULT_FORMATS
    if name not in known:
        raise ValueError(f"the answer to this query cannot be written as {name}; possible: {', '.join(known)}")


def _write(results: Results, written: str, output: IO[bytes], *, by_hand: bool) -> None:
    if by_hand and isinstance(results, ox.QuerySolutions):
        _write_csv(results, output)
    elif not isinstance(results, ox.QueryTriples):
        results.serialize(output, _RESULT_FORMATS[written])
    elif written in _WITHOUT_PREFIXES:
        results.serialize(output, SYNTAXES[written])
    else:
        ox.serialize(results, output, SYNTAXES[written], prefixes=PREFIXES)


def _write_csv(solutions: ox.QuerySolutions, output: IO[bytes]) -> None:
    """Write solutions as CSV with quotes wherever they are needed (SPARQL 1.1 CSV, 3); the engine has none for IRIs."""
    writer = csv.writer(SimpleNamespace(write=lambda row: output.write(row.encode())))
    writer.writerow([variable.value for variable in solutions.variables])
    for solution in solutions:
        writer.writerow([_plain(term) for term in solution])


def _plain(term: Term | None) -> str | None:
    return None if term is None else str(term) if isinstance(term, ox.BlankNode | ox.Triple) else term.value


def _brief(error: Exception) -> str:
    """Return the engine's message, without the long list of what else could have stood at the place."""
    text = " ".join(str(error).split())
    return text if len(text) <= 200 else f"{text[:200]} ..."


def serve(memory: int, copy: Copy | None = None, *, without_network: bool) -> None:
    """Serve requests until standard input ends, or nobody holds its other end; then this process is over."""
    requests, answers = os.dup(0), os.dup(1)
    limit_memory(memory, copy.size if copy is not None else 0)
    offer_to_the_oom_killer()
    # The engine's last words may hold parts of a query; the server tells of each death in its own log. Whatever else
    # prints must not get between the frames.
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 2)
        os.dup2(nothing.fileno(), 1)
    write_frame(answers, FrameKind.READY, encode({"without_network": without_network}))
    gc.freeze()
    # In a thread of its own: the engine keeps its random numbers for each thread, and forked processes would go on with
    # the same ones.
    threading.Thread(target=_serve, args=(requests, answers, memory, copy), daemon=True).start()
    end_with(requests)


def _serve(requests: int, answers: int, memory: int, copy: Copy | None) -> None:
    """Answer requests, and end the process with what ends that."""
    reader, worker, code = FrameReader(requests), _Worker(answers, memory, copy), 1
    try:
        while (received := reader.read()) is not None:
            kind, body = received
            if kind is FrameKind.RIDER:
                worker.ride(*read_rider(body))
            else:
                worker.answer(Request.decode(body))
        code = 0
    except BrokenPipeError:
        code = 0  # the server has left
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(int(sys.argv[1]), without_network=leave_network())
