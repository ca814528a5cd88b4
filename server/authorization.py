"""Who may write: whoever gives the token that the operator has set, as RFC 6750 has it, and nobody else."""

import hmac

from flask import request

from budgetgraph.server.backend import backend
from budgetgraph.server.exceptions import ForbiddenQueryError, UnauthorizedError


def require_token() -> None:
    """Let a request pass that may write. Raises ForbiddenQueryError where nobody may, UnauthorizedError."""
    token = backend().config.writes.token
    if token is None:
        raise ForbiddenQueryError("This endpoint is read-only: data comes in by publishing.")
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise UnauthorizedError("Writing needs the token of this store: send `Authorization: Bearer TOKEN`.")
