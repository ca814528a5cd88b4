"""What can go wrong between a store and the web.

ServerError
├── StoreError                 the store directory cannot be used
│   ├── NoReleaseError         nothing has been published into it
│   ├── StoreBusyError         another publisher is at work
│   └── ReleaseCheckError      a new release is not what was given; the live one stays
├── RequestError               the client asked for something that is not offered
│   ├── QueryError             the query is not SPARQL, or the engine cannot evaluate it
│   ├── ForbiddenQueryError    the query would reach out of the endpoint
│   ├── UnauthorizedError      a write without the token
│   ├── BudgetSpentError       the client has used up its time of workers
│   ├── NotFoundError
│   ├── GoneError              what is asked for was published once
│   ├── ConflictError          a write that the store cannot hold
│   ├── PreconditionError      a write for another state of the graph than it has
│   ├── MethodNotAllowedError
│   ├── NotAcceptableError
│   ├── TooLargeError
│   ├── UnprocessableError     a file that is brought cannot be read or converted
│   └── UnsupportedMediaTypeError
├── EvaluationError            the query was accepted, but got no answer
│   ├── QueryTimeoutError
│   ├── WorkerDiedError
│   ├── OverloadedError
│   └── ClientLeftError
├── AddressError               the server cannot listen there
├── SettingsError              a setting is not known, or not what it takes
└── RemoteError                another endpoint did not answer as one

Every class carries the HTTP status of RFC 9110 it is answered with; a message says what to do.
"""

from collections.abc import Mapping
from http import HTTPStatus


class ServerError(Exception):
    """Base of everything that the server reports. `status` is the HTTP status it is answered with."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def headers(self) -> Mapping[str, str]:
        """Return header fields that the answer has to carry."""
        return {}


class RetryLaterError(ServerError):
    """Base of what may go well later, after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the Retry-After header, in seconds (RFC 9110, 10.2.3)."""
        return {"Retry-After": str(self.retry_after)}


class StoreError(ServerError):
    """Raised if a store directory is missing, unreadable, or cannot be written."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class NoReleaseError(StoreError):
    """Raised if a store directory has no current release."""


class StoreBusyError(StoreError):
    """Raised if another process is publishing into the same store."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the Retry-After header, in seconds (RFC 9110, 10.2.3)."""
        return {"Retry-After": "10"}


class ReleaseCheckError(StoreError):
    """Raised if a release that was built does not hold what it was built from."""


class RequestError(ServerError):
    """Raised if a request breaks the protocol it uses."""

    status = HTTPStatus.BAD_REQUEST


class QueryError(RequestError):
    """Raised if a query does not parse, or uses what the engine does not know. The message has the place."""


class ForbiddenQueryError(RequestError):
    """Raised if a query asks for federation or update, which are refused."""

    status = HTTPStatus.FORBIDDEN


class UnauthorizedError(RequestError):
    """Raised if a write comes without the token it needs, or with a wrong one."""

    status = HTTPStatus.UNAUTHORIZED

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the challenge (RFC 6750, 3)."""
        return {"WWW-Authenticate": 'Bearer realm="budgetgraph"'}


class BudgetSpentError(RetryLaterError, RequestError):
    """Raised if a client has used up the time of workers that each has."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class GoneError(RequestError):
    """Raised if what an address named was in a former release and is in this one no more."""

    status = HTTPStatus.GONE


class ConflictError(RequestError):
    """Raised if a write would leave what a release cannot hold."""

    status = HTTPStatus.CONFLICT


class PreconditionError(RequestError):
    """Raised if the graph is not as the client says that it must be for its write (RFC 9110, 13.1)."""

    status = HTTPStatus.PRECONDITION_FAILED


class NotFoundError(RequestError):
    """Raised if there is nothing under an address."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowedError(RequestError):
    """Raised if a resource does not support the method; `allowed` goes into the Allow header."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, message: str, allowed: tuple[str, ...]) -> None:
        super().__init__(message)
        self.allowed = allowed

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the Allow header (RFC 9110, 15.5.6)."""
        return {"Allow": ", ".join(self.allowed)}


class NotAcceptableError(RequestError):
    """Raised if none of the formats a client accepts is offered."""

    status = HTTPStatus.NOT_ACCEPTABLE


class TooLargeError(RequestError):
    """Raised if a query is longer than the server reads."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedMediaTypeError(RequestError):
    """Raised if a query is sent as something else than the protocol's media types."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class UnprocessableError(RequestError):
    """Raised if a file that somebody brings is no publication that can be read; `seconds` is how long it was tried."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.seconds = seconds


class EvaluationError(ServerError):
    """Raised if an accepted query got no answer."""


class QueryTimeoutError(EvaluationError):
    """Raised if a query took longer than allowed; its worker has been killed."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class WorkerDiedError(EvaluationError):
    """Raised if a worker process ended while it evaluated a query: out of memory, or a fault of the engine."""


class OverloadedError(RetryLaterError, EvaluationError):
    """Raised if no worker became free in time, or those that were asked did not live."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class ClientLeftError(EvaluationError):
    """Raised if the client closed its connection before the answer; nobody reads the message."""

    status = HTTPStatus.REQUEST_TIMEOUT


class SettingsError(ServerError):
    """Raised if a setting in the configuration file or the environment is not known, or not what it takes."""


class AddressError(ServerError):
    """Raised if the address to serve on is taken, or not one of this machine."""


class RemoteError(ServerError):
    """Raised if a remote endpoint cannot be reached, refuses a query, or answers with something else."""

    status = HTTPStatus.BAD_GATEWAY
