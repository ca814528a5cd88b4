"""Performance objectives with their indicators, as a form prints them one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.budget import Claim, Indicator, Objective, Place
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.fields import Fields
from budgetgraph.converter.forms.indicators import read_indicators
from budgetgraph.converter.forms.inline import read_inline
from budgetgraph.converter.forms.levels import Levels
from budgetgraph.converter.forms.markup import plain
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section, is_heading_of_aims
from budgetgraph.converter.forms.statements import listed
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact


@dataclass(slots=True)
class _Open:
    """An objective that indicators are still added to."""

    horizon: str
    number: int | None
    label: str
    place: Place
    indicators: tuple[Indicator, ...] = ()


def announced_claims(section: Section, year: int, booking: Booking) -> list[Claim]:
    """Return the lists of objectives that a department announces, one claim for each horizon."""
    headings = _book_headings(section, booking)
    claims = []
    for row in section.rows:
        for heading, cell in _under(headings, row, booking):
            items = listed(cell)
            booking.convert(cell, "claim", "text", redact(cell.text.strip())[0])
            quote = redact(plain(cell.text).text.strip())[0]
            claims.append(Claim(0, "list", quote, label(heading.text), booking.place(cell), year=year, items=items))
    return claims


def read_objectives(
    found: Sequence[Section],
    fields: Fields,
    scope: str,
    project: int | None,
    words: Vocabulary,
    booking: Booking,
) -> list[Objective]:
    """Return the objectives of a form in printed order, each with the indicators printed behind it.

    A project's objectives stand in a field (项目绩效总目标) or under headings (项目总目标 | 年度总体目标). Indicators
    without an objective before them get one without label.
    """
    opened: list[_Open] = []
    for goal in fields.all("objective"):
        if goal.value is not None and is_heading_of_aims(goal.value, words):
            booking.not_understood((goal.value,), "a heading whose objective is not found")
        elif goal.value is not None:
            horizon = words.horizon_of(goal.head.key) or "annual"
            opened.append(_Open(horizon, None, label(goal.text), booking.place(goal.value)))
            if scope == "department":
                booking.convert(goal.value, "objective", "text", redact(goal.value.text.strip())[0])
    levels, above = Levels(), None
    for section in found:
        if not _goes_on(section, above):
            levels = Levels()
        above = section
        if section.role == "objective":
            opened.append(_headed(section, words, booking))
        elif section.role == "announced" and scope == "project":
            opened += _side_by_side(section, words, booking)
        elif section.role == "aims":
            opened += _meant(section, words, booking)
        elif section.role == "indicators":
            _add_indicators(section, levels, opened, words, booking)
        elif section.role == "indicator-text":
            _add_inline(section, opened, words, booking)
    return _numbered(opened, scope, project)


def _goes_on(section: Section, above: Section | None) -> bool:
    """Tell whether an indicator table is the one above, its header printed again: merged levels still hold."""
    if above is None or not section.role == above.role == "indicators":
        return False
    if section.head and [c.key for c in section.head] != [c.key for c in above.head]:
        return False
    return [[c.key for c in row] for row in section.headers] == [[c.key for c in row] for row in above.headers]


def _headed(section: Section, words: Vocabulary, booking: Booking) -> _Open:
    head, ((cell,),) = section.head[0], section.rows
    heading = words.horizon(head.key)
    assert heading is not None  # noqa: S101  # the section was cut by it
    booking.label(head)
    booking.convert(cell, "objective", "text", redact(cell.text.strip())[0])
    return _Open(heading[0], heading[1], redact(label(plain(cell.text).text))[0], booking.place(cell))


def _side_by_side(section: Section, words: Vocabulary, booking: Booking) -> list[_Open]:
    headings = _book_headings(section, booking)
    opened = []
    for row in section.rows:
        for heading, cell in _under(headings, row, booking):
            horizon = words.horizon(heading.key)
            booking.convert(cell, "objective", "text", redact(cell.text.strip())[0])
            text = redact(label(plain(cell.text).text))[0]
            opened.append(_Open(horizon[0] if horizon else "annual", None, text, booking.place(cell)))
    return opened


def _meant(section: Section, words: Vocabulary, booking: Booking) -> list[_Open]:
    """Return the objective that stands below its heading; what was done, beside it, is listed."""
    meant, _ = _book_headings(section, booking)
    opened = []
    for row in section.rows:
        found = _under(section.headers[0], row, booking)
        for heading, cell in found:
            if heading is meant:
                booking.convert(cell, "objective", "text", redact(cell.text.strip())[0])
                named = (words.horizon_of(each.key) for each in (meant, *section.head))
                horizon = next((each for each in named if each), "annual")
                opened.append(_Open(horizon, None, redact(label(plain(cell.text).text))[0], booking.place(cell)))
        booking.not_understood(row, "what was done is not in the data")
    return opened


def _book_headings(section: Section, booking: Booking) -> tuple[FormCell, ...]:
    booking.label(*section.head)
    for row in section.headers:
        booking.header(*row)
    return section.headers[0]


def _under(headings: Sequence[FormCell], row: Sequence[FormCell], booking: Booking) -> list[tuple[FormCell, FormCell]]:
    """Return heading and cell of each text: by column, else in order; nothing when their numbers differ."""
    by_column = {heading.column: heading for heading in headings}
    if all(cell.column in by_column for cell in row):
        return [(by_column[cell.column], cell) for cell in row]
    if len(headings) == len(row):
        return list(zip(headings, row, strict=True))
    booking.not_understood(tuple(row), "texts that do not stand under their headings")
    return []


def _add_inline(section: Section, opened: list[_Open], words: Vocabulary, booking: Booking) -> None:
    """Add the indicators that stand as text in one cell to the last objective."""
    ((cell,),) = section.rows
    indicators = read_inline(cell, words, booking)
    if indicators and not opened:
        opened.append(_Open("annual", None, "", indicators[0].place))
    if indicators:
        _add(opened[-1], indicators)
        booking.label(*section.head)
        booking.convert(cell, "target", "text", redact(cell.text.strip())[0])


def _add_indicators(section: Section, levels: Levels, opened: list[_Open], words: Vocabulary, booking: Booking) -> None:
    """Add the indicators of a section to the objective they follow: the last one of the horizon their head names."""
    sides = _sides(opened)
    found = read_indicators(section, levels, words, booking, len(sides) or 1)
    if len(found) > 1:
        for objective, indicators in zip(sides, found, strict=True):
            _add(objective, indicators)
        return
    (indicators,) = found
    if not indicators:
        return
    horizon = next((h for cell in section.head if (h := words.horizon_of(cell.key))), None)
    fitting = [each for each in opened if horizon is None or each.horizon == horizon] or opened
    if not fitting:
        fitting = [_Open(horizon or "annual", None, "", indicators[0].place)]
        opened.append(fitting[0])
    _add(fitting[-1], indicators)


def _sides(opened: Sequence[_Open]) -> list[_Open]:
    """Return the two objectives that tables side by side belong to, in printed order: one of each horizon."""
    last = list(opened[-2:])
    return last if {each.horizon for each in last} == {"long", "annual"} else []


def _add(objective: _Open, indicators: tuple[Indicator, ...]) -> None:
    start = len(objective.indicators)
    objective.indicators += tuple(replace(each, order=start + each.order) for each in indicators)


def _numbered(opened: Sequence[_Open], scope: str, project: int | None) -> list[Objective]:
    """Return objectives with identities: "long-1", "annual-2"; of a project "project-1", further ones by horizon."""
    result: list[Objective] = []
    counts: dict[str, int] = {}
    taken: set[str] = set()
    for each in opened:
        counts[each.horizon] = counts.get(each.horizon, 0) + 1
        order = each.number or counts[each.horizon]
        identity = f"{each.horizon}-{order}"
        if project is not None:
            alone = len(opened) == 1 or each.horizon == "annual"
            identity = f"project-{project}" if alone else f"project-{project}-{each.horizon}"
            order = project
        number, base = 2, identity
        while identity in taken:
            identity, number = f"{base}-{number}", number + 1
        taken.add(identity)
        result.append(Objective(identity, scope, each.horizon, order, each.label, each.place, each.indicators))
    return result
