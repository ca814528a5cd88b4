"""Reverse proxies: whose X-Forwarded-For, -Proto, -Host and -Prefix are believed, and nobody else's."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from budgetgraph.server.exceptions import SettingsError

_Application = Callable[..., Iterable[bytes]]


class TrustedProxies:
    """A WSGI middleware that applies Werkzeug's ProxyFix to requests that come from a trusted address."""

    def __init__(self, application: _Application, trusted: Iterable[str]) -> None:
        self._direct = application
        self._proxied = ProxyFix(application, x_for=1, x_proto=1, x_host=1, x_prefix=1)
        try:
            self._networks = [ip_network(each) for each in trusted]
        except ValueError as error:
            raise SettingsError(f"web.proxies: {error}. Give addresses or networks such as 10.0.0.0/8.") from None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request; what a trusted proxy says of its client goes before the address that it comes from."""
        trusted = self._networks and self._is_trusted(environ.get("REMOTE_ADDR", ""))
        return (self._proxied if trusted else self._direct)(environ, start_response)

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)
