"""A name -> the entities it may mean, with scores from 0 to 100."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from budgetgraph.server.reconciliation.entities import Entity, fold_name

#: Scores of a name that is the same after folding, and the highest of one that is only alike.
EXACT, ALIKE = 100.0, 90.0
#: Candidates below this are not named.
LOWEST = 30.0
DEFAULT_LIMIT, MOST = 10, 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity with its score. `certain`: its name is the one asked for, and no other entity has it."""

    entity: Entity
    score: float
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for.

    names       any of these may be the entity's name or code
    type        one of `TYPES`, or None for all
    as_of       year in which the name held, or None
    conditions  words that the entity's description must hold, such as the place or the body above
    """

    names: Sequence[str]
    type: str | None = None
    as_of: str | None = None
    conditions: Sequence[str] = ()
    limit: int = DEFAULT_LIMIT


def match(asked: Asked, entities: Iterable[Entity]) -> list[Candidate]:
    """Return the best candidates, the best first."""
    wanted = [folded for name in asked.names if (folded := fold_name(name))]
    conditions = [fold_name(each) for each in asked.conditions]
    found = []
    for entity in entities:
        if asked.type is not None and entity.type != asked.type:
            continue
        if any(each not in fold_name(f"{entity.description}{entity.label}") for each in conditions):
            continue
        score = max((_score(name, entity.names, asked.as_of) for name in wanted), default=0.0)
        if score >= LOWEST:
            found.append(Candidate(entity, round(score, 2)))
    found.sort(key=lambda each: (-each.score, len(each.entity.id), each.entity.id))
    exact = [each for each in found if each.score == EXACT]
    if len(exact) == 1:
        found[0] = Candidate(exact[0].entity, exact[0].score, certain=True)
    return found[: max(1, min(asked.limit, MOST))]


def _score(wanted: str, names: Mapping[str, set[str]], as_of: str | None) -> float:
    held = [name for name, years in names.items() if as_of is None or not years or as_of in years]
    if wanted in held:
        return EXACT
    return max((_likeness(wanted, name) for name in held), default=0.0)


def _likeness(a: str, b: str) -> float:
    """Return how alike two names are: the part of their pairs of neighbours they share (Dice), times ALIKE.

    Codes are the same or not: digits are never alike.
    """
    if a.isdecimal() or b.isdecimal():
        return 0.0
    pairs, others = _pairs(a), _pairs(b)
    if not pairs or not others:
        return 0.0
    return ALIKE * 2 * len(pairs & others) / (len(pairs) + len(others))


def _pairs(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(len(name) - 1)}
