"""Who asks: what the server knows of a client while it answers, and never writes down."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgetgraph.server.evaluation import Evaluation


#: Bits of an IPv6 address that one subscriber has at least; the others it chooses itself (RFC 6177, RFC 8981).
_SUBSCRIBER = 64


@lru_cache(1024)
def client_key(address: str) -> str:
    """Return whose share of the server an address uses: of IPv6 addresses, all of a network count as one client.

    >>> client_key("2001:db8:1:2:3:4:5:6"), client_key("::ffff:192.0.2.1"), client_key("192.0.2.1")
    ('2001:db8:1:2::/64', '192.0.2.1', '192.0.2.1')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or ip_network((int(found), _SUBSCRIBER), strict=False))


def _stays() -> bool:
    return False


@dataclass(slots=True)
class Client:
    """The client of one request.

    key       whose share of the workers it uses (`client_key`); "" for the server itself
    has_left  tells whether its connection is closed
    seconds   time of workers that its queries took till now
    begun     the evaluation of its query, when that is on its way already
    """

    key: str = ""
    has_left: Callable[[], bool] = _stays
    seconds: float = 0.0
    begun: "Evaluation | None" = None
