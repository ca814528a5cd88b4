"""What a compressed response leaves open."""

import os
from io import BytesIO

import pytest
from flask import Flask

from budgetgraph.server.answers import IN_MEMORY, Answer
from budgetgraph.server.compression import CODINGS, compress
from budgetgraph.server.responses import respond


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("text", [b"a" * (2 * IN_MEMORY), os.urandom(2 * IN_MEMORY)], ids=["short then", "long still"])
def test_the_file_of_what_was_compressed_is_closed(coding: str, text: bytes) -> None:
    answer = Answer(BytesIO(text), len(text), None)
    with Flask("test").test_request_context(headers={"Accept-Encoding": coding}):
        response = compress(respond(answer, "text/csv"))
        assert response.headers["Content-Encoding"] == coding
        assert answer.file.closed
        assert sum(map(len, response.iter_encoded())) == response.content_length
        response.close()
