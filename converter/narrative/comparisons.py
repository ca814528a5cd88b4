"""Which stated amount a change, a share or a rate of completion speaks of, and which it is measured against."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from budgetgraph.converter.budget import Claim, Restated


def compared(passages: Sequence[Sequence[Claim]]) -> list[Claim]:
    """Return the claims of a section, each with the level claims that it can be recomputed from.

    passages  the claims of each passage in reading order; their `order` is final
    """
    found: list[Claim] = []
    before: list[Claim] = []
    for claims in passages:
        own: list[Claim] = []
        for claim in claims:
            found.append(_compared(claim, own, before, found))
            if claim.kind == "level":
                own.append(claim)
        before += own
    return _with_listed_wholes(found)


def _with_listed_wholes(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims with the whole of shares that name none, where a list of parts adds up to an amount before it.

    One of the shares at least has to be that of the whole: an amount that only happens to be the sum is no whole.
    """
    levels = {claim.order: claim for claim in claims if claim.kind == "level"}
    wholes: dict[int, int] = {}
    for position, whole in enumerate(claims):
        if whole.kind != "level" or not whole.amount:
            continue
        parts: list[Claim] = []
        amount = Decimal(0)
        for claim in claims[position + 1 :]:
            part = levels.get(claim.of_level or 0)
            if claim.kind != "share" or part is None or part.order < whole.order:
                continue
            if part.year != whole.year or claim.against_level not in {None, whole.order}:
                break
            parts.append(claim)
            amount += part.amount or 0
            if amount >= whole.amount:
                break
        of_whole = [each for each in parts if _is_share(each, levels[each.of_level or 0], whole)]
        if amount == whole.amount and any(each.percent not in {0, 100} for each in of_whole):
            wholes |= {each.order: whole.order for each in parts if each.against_level is None}
    return [replace(each, against_level=wholes.get(each.order, each.against_level)) for each in claims]


def renumbered(text: Sequence[Claim], others: Sequence[Claim]) -> list[Claim]:
    """Return the claims of the text and then others, numbered from 1; what they lead to goes along.

    A claim that leads to one that is left out leads nowhere.
    """
    orders = {claim.order: position for position, claim in enumerate(text, start=1)}

    def moved(order: int | None) -> int | None:
        return None if order is None else orders.get(order)

    return [
        *(
            replace(c, order=orders[c.order], of_level=moved(c.of_level), against_level=moved(c.against_level))
            for c in text
        ),
        *(replace(claim, order=order) for order, claim in enumerate(others, start=len(text) + 1)),
    ]


def _compared(claim: Claim, own: Sequence[Claim], before: Sequence[Claim], found: Sequence[Claim]) -> Claim:
    if claim.kind not in {"change", "share", "completion"}:
        return claim
    same = _is_about(Restated(claim.topic, claim.structure, claim.table_kind, claim.dimensions))
    of_level = _last(own, before, same, lambda level: level.year == claim.year and level.phase == claim.phase)
    against = None
    if claim.kind == "share" and claim.whole is not None:
        whole = claim.whole
        against = _last(own, before, _is_about(whole), lambda level: level.year == claim.year and level is not of_level)
        if claim.percent and of_level and not (against and _is_share(claim, of_level, against)):
            shared = next((each.against_level for each in reversed(found) if each.kind == "share"), None)
            others = (level for level in reversed(own) if level is not of_level and level.year == claim.year)
            named = (level for level in others if level.topic.endswith(whole.topic))  # 收入合计: 本年收入合计
            fitting = [level for level in named if _is_share(claim, of_level, level)]
            against = next((level for level in fitting if level.order == shared), next(iter(fitting), against))
    elif claim.kind == "completion":
        against = _last(own, (), same, lambda level: level.phase == claim.base_phase)
    elif claim.base_year is not None and (claim.base_year != claim.year or claim.base_phase):
        against = _last(own, (), same, lambda level: _is_baseline(level, claim))
    return replace(
        claim, of_level=of_level.order if of_level else None, against_level=against.order if against else None
    )


def _is_share(claim: Claim, part: Claim, whole: Claim) -> bool:
    """Tell whether a part has the share of a whole that a claim states, to the digits printed."""
    if part.amount is None or whole.amount is None or claim.percent is None or whole.amount <= 0:
        return False
    exponent = claim.percent.as_tuple().exponent
    last_digit = Decimal((0, (1,), exponent if isinstance(exponent, int) else 0))
    return abs(part.amount * 100 - claim.percent * whole.amount) <= last_digit * whole.amount


def _is_baseline(level: Claim, claim: Claim) -> bool:
    if level.year != claim.base_year:
        return False
    if claim.base_year == claim.year:
        return level.phase == claim.base_phase
    return claim.base_phase is None or level.phase in {claim.base_phase, None}


def _is_about(thing: Restated) -> Callable[[Claim], bool]:
    """Return a test for claims about the same thing: by its key, else by its words."""

    def test(level: Claim) -> bool:
        if thing.dimensions is None or level.dimensions is None:
            return level.topic == thing.topic != ""
        key = (level.structure, level.table_kind, dict(level.dimensions))
        return key == (thing.structure, thing.table_kind, dict(thing.dimensions))

    return test


def _last(
    own: Sequence[Claim], before: Sequence[Claim], same: Callable[[Claim], bool], fits: Callable[[Claim], bool]
) -> Claim | None:
    """Return the last level that is about the thing: in the passage, else earlier in the section."""
    return next((level for level in (*reversed(own), *reversed(before)) if same(level) and fits(level)), None)
