"""What the tests of the rules share."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper


@pytest.fixture(scope="session", autouse=True)
def _queries_are_checked_once() -> Iterator[None]:
    """Let pySHACL look once at a text for what constraints must not say, not for each document (a third of its time).

    What it says depends on the text and on the variables that are bound, nothing else. See SHACL, 5.2.1.
    """
    check = SPARQLQueryHelper.check_invalid_sparql

    @cache
    def checked(kind: Any, text: str, has_value: bool, extra: tuple[str, ...]) -> Any:
        return check(object.__new__(kind), text, kind if has_value else None, extra)

    def once(self: SPARQLQueryHelper, text: str, valuenode: object = None, extravars: Any = None) -> Any:
        kind: Any = type(self)
        return checked(kind, text, valuenode is not None, tuple(extravars or ()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SPARQLQueryHelper, "check_invalid_sparql", once)
        yield
