"""A process that makes the index of a release: `python -m budgetgraph.server.search.building QUADS`.

QUADS is the directory that Oxigraph opens. The image of the index goes to standard output; when standard input ends,
nobody wants it any more. Apart from the web process, because SQLite and pinyin would hold up the answers there.
"""

import os
import sys
import threading
from collections.abc import Iterable

import pyoxigraph as ox

from budgetgraph.server.isolation import end_with, leave_network, offer_to_the_oom_killer
from budgetgraph.server.search.index import Index
from budgetgraph.server.terms import Row, read_results

#: How much this gives way to the processes that answer; see nice(2). Little: it takes a second of processor time, and
#: whoever searches meanwhile waits for it.
_NICE = 5


def main() -> None:
    """Write the index of a release."""
    leave_network()
    offer_to_the_oom_killer()
    os.nice(_NICE)
    threading.Thread(target=end_with, args=(0,), daemon=True).start()
    try:
        store = ox.Store.read_only(sys.argv[1])
    except OSError as error:  # it is not kept any more
        sys.exit(str(error))

    def rows_of(query: str) -> Iterable[Row]:
        solutions = store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # all of them are SELECTs
        return read_results([solutions.serialize(format=ox.QueryResultsFormat.JSON) or b""])

    sys.stdout.buffer.write(Index.of(rows_of).image())


if __name__ == "__main__":
    main()
