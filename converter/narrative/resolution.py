"""Row labels -> keys: which figure of the document's own tables a sentence names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from budgetgraph.converter.budget import LINES, DataSet, Figure
from budgetgraph.converter.labels import fold_item
from budgetgraph.converter.narrative.topics import Resolve
from budgetgraph.converter.narrative.vocabulary import Key

_LEVELS = re.compile(r"\((?:类|款|项)\)|(?<=[^\d])-(?=[^\d])")
_TAILS = ("科目", "支出")
#: The dimensions that a row's label names; the columns add the others.
_ROWS = ("functionalClass", "economicClass", "revenueSource")


def resolve_by_labels(data_sets: Iterable[DataSet]) -> Resolve:
    """Return a function that finds the total column of the row a topic names, in tables of a kind.

    "一般公共服务支出（类）统计信息事务（款）统计管理（项）" names the row of the last class below the others. A label
    that stands on several rows of different codes names none of them.
    """
    rows: dict[str, dict[str, dict[str, Key]]] = defaultdict(lambda: defaultdict(dict))
    names: dict[str, set[str]] = defaultdict(set)
    for data_set in data_sets:
        if data_set.table_kind is None or data_set.unit or data_set.structure in LINES:
            continue
        for figure in data_set.figures:
            notation = _notation(figure.dimensions)
            if notation is None:
                continue
            names[notation].update(_forms(figure.label))
            for form in _forms(figure.label):
                known = rows[data_set.table_kind][form]
                key = _key(data_set, figure)
                if notation not in known or len(key.dimensions) < len(known[notation].dimensions):
                    known[notation] = key

    def resolve(topic: str, table_kind: str) -> Key | None:
        *above, label = [part for part in _LEVELS.split(fold_item(topic)) if part not in {"", *_TAILS}] or [""]
        candidates: dict[str, Key] = {}
        for form in _forms(label):
            candidates = candidates or rows.get(table_kind, {}).get(form, {})
        for parent in above:
            within = {
                notation: key
                for notation, key in candidates.items()
                if any(names[notation[:n]] & _forms(parent) for n in (3, 5) if n < len(notation))
            }
            candidates = within or candidates
        return next(iter(candidates.values())) if len(candidates) == 1 else None

    return resolve


def _notation(dimensions: Mapping[str, str]) -> str | None:
    return next((dimensions[name] for name in _ROWS if name in dimensions), None)


def _key(data_set: DataSet, figure: Figure) -> Key:
    return Key(data_set.structure, str(data_set.table_kind), dict(figure.dimensions))


def _forms(label: str) -> frozenset[str]:
    """Return what a row may be called: as printed, without code, without the bracket and the 支出 at its end."""
    folded = re.sub(r"^\d+", "", fold_item(label)).replace("其它", "其他")
    forms = {folded}
    if folded.endswith(")") and "(" in folded:
        forms.add(folded[: folded.rindex("(")])
    for form in tuple(forms):
        for tail in _TAILS:
            if form.endswith(tail) and len(form) > len(tail) + 1:
                forms.add(form.removesuffix(tail))
    return frozenset(forms)
