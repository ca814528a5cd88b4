"""How a server is set up."""

from dataclasses import dataclass, field
from pathlib import Path

from budgetgraph.server.guard import GuardLimits
from budgetgraph.server.workers import PoolLimits


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """What an application needs to know.

    store        store directory that releases are published into
    pool, guard  what queries may use
    body         bytes of a request that are read; a percent-encoded query is up to nine times its characters
    """

    store: Path
    pool: PoolLimits = field(default_factory=PoolLimits)
    guard: GuardLimits = field(default_factory=GuardLimits)
    body: int = 4 << 20
