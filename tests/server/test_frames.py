"""Requests on their way to a worker."""

import pytest

from budgetgraph.server.frames import Request

REQUESTS = [
    Request("/store/quads", "ASK {}", "csv"),
    Request("/store/quads", "SELECT * { ?s ?p '例\0\ud800' }", "json", rows=10, size=1 << 20),
    Request("/q", "ASK {}", "json", {"this": "https://data.example.org/\0"}, ("urn:a",), (), "http://例/", stable=True),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=["plain", "any character", "all fields"])
def test_a_request_arrives_as_it_was_sent(request_: Request) -> None:
    for query in (request_.query, "ASK { }"):
        asked = request_._replace(query=query)
        assert Request.decode(asked.encode()) == asked
