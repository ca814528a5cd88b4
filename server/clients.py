"""Who asks: what the server knows of a client while it answers, and never writes down."""

from collections.abc import Callable
from dataclasses import dataclass


def _stays() -> bool:
    return False


@dataclass(slots=True)
class Client:
    """The client of one request.

    key       whose share of the workers it uses: its address; "" for the server itself
    has_left  tells whether its connection is closed
    seconds   time of workers that its queries took till now
    """

    key: str = ""
    has_left: Callable[[], bool] = _stays
    seconds: float = 0.0
