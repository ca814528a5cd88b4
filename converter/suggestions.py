"""A layout profile for a table that none knows whole: a stub for a person to complete."""

from collections.abc import Iterator, Mapping, Sequence

from budgetgraph.converter.captions import Caption
from budgetgraph.converter.header_words import Meaning, blocks_of
from budgetgraph.converter.headers import header_depth, wordy_columns
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts import header_paths
from budgetgraph.converter.privacy import masked, personal_texts
from budgetgraph.converter.profiles import TableSpec
from budgetgraph.converter.stitching import Stitched

#: Rows whose labels are shown, to help the person who completes the stub.
_EXAMPLES = 3
_FLOW = {"code": "functional-code, total", "label": "function, nature, expenditure-total"}


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
    known = [_known(path, specs) for path in paths]
    yield "# Complete the places marked ?, then: budgetgraph convert SOURCE --profile THIS-FILE\n"
    yield "# Columns without a meaning here are better left out: they are listed.\n"
    yield "profile: my-layout\nextends: base\n"
    yield f"tables:\n  - kind: general-expenditure  # ? a notation of the scheme table-kind\n    titles: ['{title}']\n"
    yield "    fund: general  # ? general, govFund, stateCapital, appropriation or _T\n    panes:\n"
    named = [bool(path) for path in paths]
    for number, block in enumerate(blocks_of(known, named, wordy_columns(table.grid, depth)), start=1):
        roles = {meaning.role for index in block if (meaning := known[index])}
        yield f"      - structure: expenditure  # ? or revenue\n        id: part-{number}\n        columns:\n"
        for index in block:
            yield f"          - {_column(paths[index], known[index])}  # {_note(known[index])}column {index + 1}\n"
        rows = _FLOW["code"] if "code" in roles else _FLOW["label"] if "label" in roles else "one-row"
        yield f"        rows: [{rows}]  # ? economic-code for economic classes; names in base.yaml\n"
    for row in table.grid.rows[depth : depth + _EXAMPLES]:
        yield f"# row: {' | '.join(fold(cell.text) for cell in row)}\n"


def _note(meaning: Meaning | None) -> str:
    return "" if meaning else "? what its figures are, e.g. {expenditureNature: basic}; "


def _column(path: str, meaning: Meaning | None) -> str:
    role = meaning.role if meaning else "amount"
    parts = [f"role: {role}", f"header: ['{path}']"]
    if role == "amount":
        parts.append(f"dimensions: {_flow(meaning.dimensions if meaning else {})}")
    if meaning and role == "amount":
        parts += [f"phase: {meaning.phase}"] if meaning.phase else []
        parts += [f"year: {meaning.year}"] if meaning.year else []
        parts += [f"years_before: {meaning.years_before}"] if meaning.years_before else []
    return "{" + ", ".join(parts) + "}"


def _flow(dimensions: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: '{value}'" for name, value in dimensions.items()) + "}"


def _known(path: str, specs: Sequence[TableSpec]) -> Meaning | None:
    """Return what a path says in the first signature that knows it: listed there, else read by its words."""
    if not path:
        return None
    panes = [pane for spec in specs for pane in spec.panes]
    columns = (column for pane in panes for column in pane.columns)
    if column := next((column for column in columns if path in column.headers), None):
        return Meaning(column.role, column.dimensions, column.phase, column.year, column.years_before)
    return next((found for pane in panes if pane.words and (found := pane.words.read(path))), None)
