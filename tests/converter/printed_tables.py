"""A table of each kind that the profiles know, written from what they say: titles, header words, words of rows.

A profile says what may stand in a table, not which table: a spec whose table is not read as its kind is no fault here.
The tests ask that each kind, with each structure that the profiles give it, is read from one spec at least.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from budgetgraph.converter.budget import COUNTS, LINES, STRUCTURES, TOTAL
from budgetgraph.converter.layouts.header_words import Meaning, Word
from budgetgraph.converter.profiles import Pane, RowRule, TableSpec
from budgetgraph.ontology.codelists import scheme

YEAR = 2024
_CODES = {
    "functionalClass": ("201", "20103", "2010301"),
    "economicClass": ("301", "30101"),
    "govEconomicClass": ("501",),
}
_TOTALS = ("合计", "金额", "预算数", "决算数")
#: Columns of amounts that are made of the words of a vocabulary.
_MOST = 3


def texts_of(spec: TableSpec) -> Iterator[str]:
    """Yield tables of a spec, in the notation of `publications`: with all panes, and with one of those it may lack."""
    may = [pane for pane in spec.panes if pane.optional]
    choices = [spec.panes, *(tuple(p for p in spec.panes if not p.optional or p is each) for each in may)]
    for shortest in (False, True):
        yield from (_text(spec, panes, shortest) for panes in choices)


def kinds_of(spec: TableSpec) -> set[tuple[str, str]]:
    """Return kind and structure of the data sets that tables of a spec may make."""
    found = set()
    for pane in spec.panes:
        for section in pane.sections:
            kind, structure = section.kind or pane.kind or spec.kind, section.structure or pane.structure
            found |= {
                (kind, structure),
                *((rule.kind or kind, rule.structure) for rule in section.rules if rule.structure),
            }
    return found


def _text(spec: TableSpec, panes: Sequence[Pane], shortest: bool) -> str:
    shared: list[list[str]] = []
    columns: list[str] = []
    blocks: list[list[list[str]]] = []
    for pane in panes:
        left = [] if pane.beside else _left(pane)
        own = [header for header in _amounts(pane, shortest) if header not in columns] if pane.words else []
        own = [header for header in own if not pane.beside or _dimensions(pane, header)]
        paths = [*left, *own] if pane.words else [sorted(column.headers)[0] for column in pane.columns]
        roles = [*(["label"] * len(left)), *(["amount"] * len(own))] if pane.words else [c.role for c in pane.columns]
        columns += [f"{sorted(pane.under)[0]}/{path}" if pane.under else path for path in paths]
        listed = enumerate(_rows(pane, bool(left)), start=1)
        rows = [_row(words, roles, number, structure in COUNTS) for number, (*words, structure) in listed]
        blocks.append(rows)
    shared = [
        [
            cell
            for block, rows in zip(lines, blocks, strict=True)
            for cell in (block or [""] * len(rows[0] if rows else []))
        ]
        for lines in zip_longest(*blocks)
    ]
    title = spec.titles[0].lstrip("^").replace("…", "") if spec.titles else spec.kind
    title = title if title.endswith("表") or "表" in title else f"{title}表"
    body = "\n".join("|".join(line) for line in (*_header(columns), *shared))
    return f"\n{title}\n单位：万元\n{body}\n"


def _left(pane: Pane) -> list[str]:
    """Return the columns before the amounts that the rules of a pane need."""
    rules = [rule for section in pane.sections for rule in section.rules]
    if pane.structure in LINES and not pane.plain:
        return ["采购品目"] if "procurement" in pane.structure else ["项目名称"]
    if any(rule.code for rule in rules):
        return ["科目编码", "科目名称"]
    if all(rule.unlabelled for rule in rules) or any(rule.unlabelled for rule in rules):
        return []
    return ["项目"]


def _amounts(pane: Pane, shortest: bool) -> list[str]:
    """Return headers of amounts, each of other dimension values, that fit the structure of a pane.

    shortest  the shortest words, not the first ones of the vocabulary
    """
    assert pane.words is not None
    known = {*STRUCTURES[pane.structure], "fund"}
    found: dict[tuple[tuple[str, str], ...], str] = {}
    words: Mapping[str, Word] = pane.words._words  # the vocabulary itself, which nothing else needs
    for text, word in sorted(words.items(), key=lambda each: len(each[0]) if shortest else 0):
        if word.role not in {None, "amount"} or word.pattern or word.needs:
            continue
        for header in (text, f"{text}（个）", f"{text}/数量", f"{text}/金额"):
            meaning = pane.words.read(header)
            if meaning and _is_usual(meaning) and set(meaning.dimensions) <= known:
                found.setdefault(tuple(sorted(meaning.dimensions.items())), header)
                break
    said = ((word, pane.words.read(word)) for word in _TOTALS)
    total = next(
        (word for word, meaning in said if meaning and meaning.role == "amount" and not meaning.dimensions), None
    )
    total = found.pop((), None) if total is None else total
    found.pop((), None)
    return [*([total] if total else []), *list(found.values())[:_MOST]]


def _dimensions(pane: Pane, header: str) -> Mapping[str, str]:
    meaning = pane.words.read(header) if pane.words else None
    return meaning.dimensions if meaning else {}


def _is_usual(meaning: Meaning) -> bool:
    unusual = (
        meaning.needs or meaning.part or meaning.of_which or meaning.dimensions.get("expenditureNature") == "current"
    )
    return meaning.role == "amount" and not unusual


def _rows(pane: Pane, left: bool) -> Iterator[tuple[str, str, str]]:
    """Yield code, label and structure of the rows of a pane; `left` tells whether it has columns for the first two."""
    for section in pane.sections:
        rules = section.rules
        if not left and any(rule.unlabelled for rule in rules):
            yield "", "", pane.structure
            continue
        structure = section.structure or pane.structure
        if section.headings:
            yield "", sorted(section.headings)[0], structure
        for rule in rules:
            yield from ((*words, rule.structure or structure) for words in _rule_rows(rule))


def _rule_rows(rule: RowRule) -> Iterator[tuple[str, str]]:
    if rule.code:
        yield from ((code, f"科目{code}") for code in _CODES.get(rule.code, ()))
    elif rule.labels and rule.dimensions is not None:
        yield "", sorted(rule.labels)[0]
    elif rule.scheme:
        concepts = scheme(rule.scheme, YEAR).concepts.values()
        labels = [c.label for c in concepts if c.level == (rule.level or 1) and c.notation not in {TOTAL, "_Z"}]
        yield from (("", label) for label in labels[:3])
    elif rule.time:
        yield "", f"{YEAR}年预算数"
    elif rule.unlabelled:
        yield "", ""


def _row(words: Sequence[str], roles: list[str], number: int, counts: bool) -> list[str]:
    code, label = words
    cells, amounts, codes = [], 0, [r for r in roles if r == "code"]
    named = [role for role in roles if role != "amount"]
    for role in roles:
        if role == "amount":
            amounts += 1
            cells.append(f"{number * 100 + amounts}" if counts else f"{number * 100 + amounts}.{number:02}")
        elif role == "code" or (role == "label" and len(named) == 2 and not codes and not cells):
            cells.append(code)
        else:
            cells.append(label)
    return cells


def _header(columns: list[str]) -> list[list[str]]:
    """Return the lines of a header: equal neighbours of a line share a cell, a last part reaches to the bottom."""
    paths = [column.split("/") for column in columns]
    depth = max(map(len, paths))
    lines: list[list[str]] = []
    for level in range(depth):
        line: list[str] = []
        index = 0
        while index < len(paths):
            path = paths[index]
            if len(path) <= level:
                index += 1
                continue
            end = index + 1
            while end < len(paths) and len(path) > level + 1 and paths[end][: level + 1] == path[: level + 1]:
                end += 1
            down = depth - level if len(path) == level + 1 else 1
            line.append(path[level] + (f"^{down}" if down > 1 else "") + (f"<{end - index}" if end - index > 1 else ""))
            index = end
        lines.append(line)
    return lines
