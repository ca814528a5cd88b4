"""Publications written by the tests: HTML from a short notation, so that spans can be stated.

Lines with "|" are rows of a table; "<3" behind a cell makes it span three columns, "^2" two rows.
Other lines are paragraphs; a blank line ends a table.
"""

import html
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph

from budgetgraph.converter.pipeline import Conversion, Settings, convert
from budgetgraph.converter.rdf.cube import leaf_flags
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.converter.reprint.tables import ReprintedPublication, read_publications
from budgetgraph.shapes.validation import validate

#: Opens the publications of an invented body; tables follow.
TITLE = "云岭市测绘服务局2024年部门预算\n\n"
#: Rows of expenditure by function: code, name, total, basic and project expenditure.
FUNCTIONS = """
201|一般公共服务支出|90.00|60.00|30.00
20103|政府办公厅（室）及相关机构事务|90.00|60.00|30.00
2010301|行政运行|60.00|60.00|
2010302|一般行政管理事务|30.00||30.00
合计<2|90.00|60.00|30.00
"""
#: The header above such rows.
FUNCTIONS_HEAD = "科目编码|科目名称|合计|基本支出|项目支出"
#: The figures of such rows under that header, by key.
FUNCTIONS_READ = {
    "201": "90.00",
    "201 basic": "60.00",
    "201 project": "30.00",
    "20103": "90.00",
    "20103 basic": "60.00",
    "20103 project": "30.00",
    "2010301": "60.00",
    "2010301 basic": "60.00",
    "2010302": "30.00",
    "2010302 project": "30.00",
    "_T": "90.00",
    "basic": "60.00",
    "project": "30.00",
}
#: A table that is surely read.
SPENDING = f"\n一般公共预算支出表\n单位：万元\n{FUNCTIONS_HEAD}{FUNCTIONS}"
#: The department's table of its units.
UNITS = """部门收入总表
单位：万元
单位名称|合计|一般公共预算
云岭市测绘服务局（本级）|60.00|60.00
云岭市地图院|30.00|30.00
合计|90.00|90.00

"""

_SPAN = re.compile(r"([<^])(\d+)$")
_ATTRIBUTES = {"<": "colspan", "^": "rowspan"}


def _cell(text: str) -> str:
    text, attributes = text.strip(), ""
    while found := _SPAN.search(text):
        text = text[: found.start()]
        attributes += f' {_ATTRIBUTES[found[1]]}="{found[2]}"'
    return f"<td{attributes}>{html.escape(text)}</td>"


def _lines(text: str) -> Iterator[str]:
    inside = False
    for line in [*text.strip().splitlines(), ""]:
        if inside and "|" not in line:
            yield "</table>"
        if not inside and "|" in line:
            yield "<table>"
        inside = "|" in line
        if inside:
            yield f"<tr>{''.join(map(_cell, line.split('|')))}</tr>"
        elif line.strip():
            yield f"<p>{html.escape(line.strip())}</p>"


def as_html(text: str) -> str:
    """Return the publication that the notation describes."""
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"></head><body>{"".join(_lines(text))}</body></html>'
    )


def convert_text(folder: Path, text: str, settings: Settings | None = None) -> Conversion:
    """Return the conversion of the publication that the notation describes. No figure has the key of another."""
    path = folder / "publication.html"
    path.write_text(as_html(text), encoding="utf-8")
    conversion = convert(path, settings)
    assert "duplicate-key" not in {problem.code for problem in conversion.problems}
    return conversion


def line_labels(conversion: Conversion, data_set: str = "t1") -> dict[str, str]:
    """Return the label of each line of a list by its number."""
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    return {line.number: line.label for line in found.lines}


def figures(conversion: Conversion, data_set: str) -> dict[str, str]:
    """Return what is printed, by the dimension values joined by blanks ("_T" for none)."""
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    return {" ".join(figure.dimensions.values()) or "_T": figure.text for figure in found.figures}


def codes(conversion: Conversion) -> set[str]:
    """Return the codes of what the conversion reports as an error."""
    return {problem.code for problem in conversion.problems if problem.severity.value == "error"}


def leaf_sum(conversion: Conversion, data_set: str) -> Decimal:
    """Return the sum of a data set's leaves in 元."""
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    flags = leaf_flags(found, conversion.budget)
    return sum((f.value for f, leaf in zip(found.figures, flags, strict=True) if leaf), Decimal(0))


def statements(conversion: Conversion) -> bytes:
    """Return the graphs as N-Quads."""
    return "".join(serialize(conversion.graphs, "nquads")).encode()


def faults(conversion: Conversion) -> set[str]:
    """Return the rules that find a fault in the arithmetic, the cube or the places of a publication.

    A publication of one table lacks others, and its body is in no registry, which is left out.
    """
    report = validate(statements(conversion))
    return {
        r.rule
        for r in report.results
        if r.rule.partition("-")[0] in {"WT", "AT", "GP", "QB", "PV", "PJ", "CL", "AR"} and r.rule != "QB-8x"
    }


def reprinted_publication(conversion: Conversion) -> list[ReprintedPublication]:
    """Return what is printed again from the graph alone."""
    store = pyoxigraph.Store()
    store.load(statements(conversion), format=pyoxigraph.RdfFormat.N_QUADS)
    return read_publications(store, "publication")


def reprinted(conversion: Conversion, number: int = 0) -> list[list[str]]:
    """Return the rows of a table as it is printed again from the graph alone."""
    (publication,) = reprinted_publication(conversion)
    return publication.tables[number].matrix()


def assert_sound(conversion: Conversion) -> None:
    """Nothing is listed as an error, no rule finds a fault, and every cell is accounted for."""
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.is_complete


def totals(conversion: Conversion) -> dict[tuple[str | None, str | None], str]:
    """Return the totals over all dimensions as printed, by unit and kind of table."""
    return {
        (data_set.unit, data_set.table_kind): figure.text
        for data_set in conversion.budget.data_sets
        for figure in data_set.figures
        if not set(figure.dimensions.values()) - {"_T"}
    }
