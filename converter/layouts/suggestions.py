"""A layout profile for a table that none knows whole: a stub for a person to complete."""

from collections.abc import Iterator, Mapping, Sequence

from budgetgraph.converter.budget import STRUCTURES
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.captions import Caption
from budgetgraph.converter.layouts.header_words import Meaning, blocks_of
from budgetgraph.converter.layouts.headers import header_depth, wordy_columns
from budgetgraph.converter.layouts.signatures import header_paths, signature_by_title
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.privacy import masked, personal_texts
from budgetgraph.converter.profiles import Pane, TableSpec

#: Rows whose labels are shown, to help the person who completes the stub.
_EXAMPLES = 3
_FLOW = {"code": "functional-code, total", "label": "function, nature, expenditure-total"}
_THREE_PUBLIC = "total, three-public-total, three-public-foreign, three-public-item"
#: Structures of figures by class, which a stub can say; tables of lines begin as one of them.
_OF_CLASSES = ("expenditure", "expenditure-by-government-class", "revenue")
#: What a table is where its title says nothing: kind, fund, structure.
_UNSAID = ("general-expenditure", "general", "expenditure")


def profile_stub(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> str:
    """Return YAML of a profile with one table, which takes its row rules from the profile `base`.

    Columns that some known signature has are filled in; the others say `role: amount` with a comment to decide.
    What may be of a person is masked.
    """
    personal = personal_texts([cell.text for cell in row] for row in table.grid.rows)
    return "".join(masked(line, personal) for line in _lines(table, caption, specs))


def _lines(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> Iterator[str]:
    depth = header_depth(table.grid)
    title = fold(caption.title.text) if caption.title else "TITLE"
    paths = header_paths(table, caption)
    kind, fund, structure = _said(caption, specs)
    panes = _nearest_first(specs, kind, structure)
    known = [_of(structure, path, _known(path, panes), panes) for path in paths]
    yield "# Complete the places marked ?, then: budgetgraph convert SOURCE --profile THIS-FILE\n"
    yield "# Columns without a meaning here are better left out: they are listed.\n"
    yield "profile: my-layout\nextends: base\n"
    yield f"tables:\n  - kind: {kind}  # ? a notation of the scheme table-kind\n    titles: ['{title}']\n"
    yield f"    fund: {fund}  # ? general, govFund, stateCapital, appropriation or _T\n    panes:\n"
    named = [bool(path) for path in paths]
    wordy = wordy_columns(table.grid, depth)
    for number, block in enumerate(blocks_of(known, named, wordy), start=1):
        if all(known[index] is None and index in wordy for index in block):
            continue  # columns of words alone state nothing
        roles = {meaning.role for index in block if (meaning := known[index])}
        others = " or ".join(each for each in _OF_CLASSES if each != structure)
        yield f"      - structure: {structure}  # ? or {others}\n        id: part-{number}\n        columns:\n"
        for index in block:
            column, note = _column(paths[index], known[index], words=index in wordy)
            yield f"          - {column}  # {note}column {index + 1}\n"
        rows = _FLOW["code"] if "code" in roles else _FLOW["label"] if "label" in roles else "one-row"
        rows = _THREE_PUBLIC if kind == "three-public" and "label" in roles else rows
        yield f"        rows: [{rows}]  # ? economic-code for economic classes; names in base.yaml\n"
    for row in table.grid.rows[depth : depth + _EXAMPLES]:
        yield f"# row: {' | '.join(fold(cell.text) for cell in row)}\n"


def _said(caption: Caption, specs: Sequence[TableSpec]) -> tuple[str, str, str]:
    """Return kind, fund and structure of what a title says the table is."""
    spec = signature_by_title(caption, specs)
    structure = spec.panes[0].structure if spec else ""
    return (spec.kind, spec.fund, structure) if spec and structure in _OF_CLASSES else _UNSAID


def _nearest_first(specs: Sequence[TableSpec], kind: str, structure: str) -> list[Pane]:
    """Return the panes of the signatures: those of the kind first, then those with figures of the structure.

    一般公共预算 is a source of revenue, and a fund of expenditure; 对个人和家庭的补助 is in two classifications.
    """
    panes = [(spec.kind != kind, pane.structure != structure, pane) for spec in specs for pane in spec.panes]
    return [pane for *_, pane in sorted(panes, key=lambda each: each[:2])]


def _of(structure: str, path: str, meaning: Meaning | None, panes: Sequence[Pane]) -> Meaning | None:
    """Return a meaning that figures of the structure can have: of the whole path, else of its last part."""
    if meaning is None or set(meaning.dimensions) <= set(STRUCTURES[structure]):
        return meaning
    head, _, last = path.rpartition("/")
    return _of(structure, last, _known(last, panes), panes) if head else None


def _column(path: str, meaning: Meaning | None, *, words: bool) -> tuple[str, str]:
    """Return a column as YAML, and what is to decide of it. `words`: its cells are none of amounts."""
    if meaning is None and words:
        return f"{{role: text, header: ['{path}']}}", "? label, unit-label or text; "
    role = meaning.role if meaning else "amount"
    parts = [f"role: {role}", f"header: ['{path}']"]
    if role == "amount":
        parts.append(f"dimensions: {_flow(meaning.dimensions if meaning else {})}")
    if meaning and role == "amount":
        parts += [f"phase: {meaning.phase}"] if meaning.phase else []
        parts += [f"year: {meaning.year}"] if meaning.year else []
        parts += [f"years_before: {meaning.years_before}"] if meaning.years_before else []
    return "{" + ", ".join(parts) + "}", "" if meaning else "? what its figures are, e.g. {expenditureNature: basic}; "


def _flow(dimensions: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: '{value}'" for name, value in dimensions.items()) + "}"


def _known(path: str, panes: Sequence[Pane]) -> Meaning | None:
    """Return what a path says in the first pane that knows it: listed there, else read by its words."""
    if not path:
        return None
    columns = (column for pane in panes for column in pane.columns)
    if column := next((column for column in columns if path in column.headers), None):
        return Meaning(column.role, column.dimensions, column.phase, column.year, column.years_before)
    return next((found for pane in panes if pane.words and (found := pane.words.read(path))), None)
