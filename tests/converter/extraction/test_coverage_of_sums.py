"""Amounts of a table that are not converted: its data sets say how many, so that nobody adds up what is left."""

from pathlib import Path

import pytest

from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.shapes.validation import validate
from tests.converter.publications import convert_text

TEXT = """
某某区档案馆 2024 年部门预算
一般公共预算支出表
单位：万元
功能分类科目编码 | 功能分类科目名称 | 合计 | 基本支出 | 项目支出{column}
201 | 一般公共服务支出 | 120.50 | 70.50 | {projects}
20126 | 档案事务 | 120.50 | 70.50 | {projects}
2012601 | 行政运行 | 120.50 | 70.50 | {projects}
合计 | | 120.50 | 70.50 | {projects}
"""


@pytest.mark.parametrize(
    ("column", "projects", "unconverted", "found"),
    [
        ("", "50.00", 0, set()),
        ("", "40.00", 0, {"WT-3"}),
        (" | 某某专项费用", "40.00 | 10.00", 4, {"PV-4"}),
    ],
)
def test_sums_are_checked_where_all_amounts_are_converted(
    tmp_path: Path, column: str, projects: str, unconverted: int, found: set[str]
) -> None:
    conversion = convert_text(tmp_path, TEXT.format(column=column, projects=projects))
    assert {d.unconverted for d in conversion.budget.data_sets if d.table == "t1"} == {unconverted}
    report = validate("".join(serialize(conversion.graphs, "nquads")).encode())
    assert {result.rule for result in report.results if result.rule.startswith(("WT", "PV"))} == found
