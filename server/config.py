"""How a server is set up: every setting with its default. `settings.py` reads them; docs/operation.md lists them."""

from dataclasses import dataclass, field
from pathlib import Path

from budgetgraph.server.guard import GuardLimits
from budgetgraph.server.workers import PoolLimits


@dataclass(frozen=True, slots=True)
class WebLimits:
    """What connections may use, and who stands before the server.

    connections  open at once; over it, requests are turned away with 503
    threads      requests at work at once; the rest wait in order. With no more than wait in the light lane, short
                 queries are never turned away for their number
    idle         seconds after which a connection on which nothing moves is closed
    body         bytes of a request that are read; a percent-encoded query is up to nine times its characters
    cache        bytes of memory for small answers that are kept and given again
    unsent       bytes of large answers that wait on the disk until their clients take them; over it, large ones are
                 turned away with 503
    seconds      time of workers that one client may use in `window`; None for no limit
    window       seconds over which that time is counted
    proxies      addresses or networks of reverse proxies, whose X-Forwarded-* fields are believed
    """

    connections: int = 1000
    threads: int = 64
    idle: int = 60
    body: int = 4 << 20
    cache: int = 32 << 20
    unsent: int = 4 << 30
    seconds: float | None = 60.0
    window: float = 60.0
    proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteLimits:
    """Whether and how the store is written over HTTP. Without a token it is not.

    token   what the client gives as `Authorization: Bearer`; at least 16 characters
    body    bytes of an update or an uploaded graph
    time    seconds that a write may take, the building of the new release included
    memory  bytes of address space of the process that writes
    """

    token: str | None = field(default=None, repr=False)
    body: int = 64 << 20
    time: float = 600.0
    memory: int = 4 << 30


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Whether people may bring a publication to be validated (`/validate`), and what one may use.

    enabled  off unless it is switched on
    body     bytes of the file
    time     seconds that reading, converting and validating may take together
    memory   bytes of address space of each of the processes that do it
    workers  files at work at once
    waiting  files that wait for their turn; further ones are turned away
    """

    enabled: bool = False
    body: int = 32 << 20
    time: float = 60.0
    memory: int = 3 << 30
    workers: int = 1
    waiting: int = 4


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written to standard error, one JSON object a line; never an address, never the text of a query.

    requests  every request
    slow      seconds from which a query is told of, by its hash; None for never
    """

    requests: bool = False
    slow: float | None = 5.0


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A SPARQL 1.1 store elsewhere that holds the data, instead of a store directory.

    query     address of its SPARQL endpoint
    update    address for updates; None when they are not wanted
    graphs    address of its Graph Store
    user, password, token   credentials; a token goes before the other two
    base      what the IRIs of the data begin with, for a store that does not say
    union     its default graph is the union of all named graphs by itself, and is not written
    """

    query: str
    update: str | None = None
    graphs: str | None = None
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    base: str = "https://w3id.org/budgetgraph/"
    union: bool = False


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """What an application needs to know.

    store    store directory that releases are published into, or the store elsewhere
    queries, guard   what queries may use
    """

    store: Path | RemoteSettings
    queries: PoolLimits = field(default_factory=PoolLimits)
    guard: GuardLimits = field(default_factory=GuardLimits)
    web: WebLimits = field(default_factory=WebLimits)
    writes: WriteLimits = field(default_factory=WriteLimits)
    uploads: UploadLimits = field(default_factory=UploadLimits)
    logs: LogSettings = field(default_factory=LogSettings)
