"""Where a project's money comes from: a list of sources, or a block with the whole project beside the year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from budgetgraph.converter.budget import FundingLine
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.listing import split_row, without_headers
from budgetgraph.converter.forms.money import Money, is_amount, read_money
from budgetgraph.converter.forms.outline import Outline, label, take_apart
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import redact

_LONGEST_LABEL = 20  # characters of a label without an amount
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?(?:%|万?元)?")


@dataclass(slots=True)
class _Pane:
    """The lines below a whole amount: the order of that of the whole, and those of the lines by their number."""

    whole: int
    outline: Outline = field(default_factory=Outline)
    orders: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Funding:
    """Funding lines in printed order, and the cells of a fund block that state the project's budgets.

    totals  "total-budget", "current-budget" -> amount with its cell
    """

    lines: list[FundingLine] = field(default_factory=list)
    totals: dict[str, tuple[Money, FormCell]] = field(default_factory=dict)

    def add(self, name: FormCell, money: Money, amount: FormCell, parent: int | None, booking: Booking) -> int:
        """Add a line and return its order."""
        order = len(self.lines) + 1
        text = redact(label(take_apart(name.text).text).rstrip("：:"))[0]
        self.lines.append(FundingLine(order, text, money.yuan, money.text, booking.place(amount), parent))
        return order


def read_funding(section: Section, multiplier: int | None, words: Vocabulary, booking: Booking, into: Funding) -> None:
    """Add the lines of a list of sources; sources are parts of its 合计, lines after 其中 parts of the one above."""
    body, amount_column, multiplier = without_headers(section, multiplier, words, booking)
    outline = Outline()
    orders: dict[str, int] = {}
    total: int | None = None
    for row in body:
        names, amount, remarks = split_row(row, amount_column) or ([], None, [])
        if len(names) != 1:
            booking.not_understood(row, "a funding line without one label and one amount")
            continue
        booking.label(names[0], *remarks)
        money = read_money(amount, multiplier, "funding line", booking) if amount else None
        if amount is None or money is None:
            continue
        if names[0].key in words.total_labels:
            total = into.add(names[0], money, amount, None, booking)
        else:
            number, above = outline.add(take_apart(names[0].text))
            orders[number] = into.add(names[0], money, amount, orders.get(above or ""), booking)
    if total is not None:
        own = {*orders.values()}
        into.lines = [
            replace(line, parent=total) if line.order in own and line.parent is None else line for line in into.lines
        ]


def read_fund_block(
    section: Section, multiplier: int | None, words: Vocabulary, booking: Booking, into: Funding
) -> None:
    """Add the lines of a block that prints pairs of label and amount, the whole project beside the year.

    The labels 项目资金总额 and 年度资金申请总额 open a pane each; another pair belongs to the nearest pane at its left,
    below the line that its number says: "1、" below "（一）".
    """
    body, _, multiplier = without_headers(section, multiplier, words, booking)
    panes: dict[int, _Pane] = {}
    for row in body:
        for name, amount in _pairs(row):
            roles = words.heads(name.key) & {"total-budget", "current-budget"}
            left = [column for column in panes if column <= name.column]
            if not roles and not left:
                booking.not_understood((name, amount), "an amount outside the columns of the fund block")
                continue
            booking.label(name)
            money = read_money(amount, multiplier, "funding line", booking)
            if money is None:
                continue
            if not roles:
                pane = panes[max(left)]
                number, above = pane.outline.add(take_apart(name.text))
                pane.orders[number] = into.add(name, money, amount, pane.orders.get(above or "", pane.whole), booking)
                continue
            panes[name.column] = _Pane(into.add(name, money, amount, None, booking))
            for role in roles:
                into.totals.setdefault(role, (money, amount))
        for cell in row:
            if not booking.is_booked(cell) and len(cell.key) <= _LONGEST_LABEL and not _NUMBER.fullmatch(cell.key):
                booking.label(cell)
        booking.not_understood(row, "a text or number in the fund block that is no label, and has none")


def _pairs(row: Sequence[FormCell]) -> list[tuple[FormCell, FormCell]]:
    """Return label and amount of each pair of a row; a label whose amount is blank makes none."""
    cells = list(row)
    return [(name, amount) for name, amount in pairwise(cells) if not is_amount(name.text) and is_amount(amount.text)]
