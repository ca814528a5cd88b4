"""Who asks: what the server knows of a client while it answers, and never writes down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgetgraph.server.evaluation import Evaluation


def _stays() -> bool:
    return False


@dataclass(slots=True)
class Client:
    """The client of one request.

    key       whose share of the workers it uses: its address; "" for the server itself
    has_left  tells whether its connection is closed
    seconds   time of workers that its queries took till now
    begun     the evaluation of its query, when that is on its way already
    """

    key: str = ""
    has_left: Callable[[], bool] = _stays
    seconds: float = 0.0
    begun: "Evaluation | None" = None
