"""Tables that nothing has read: what is said of them names nobody."""

from pathlib import Path

import pytest

from budgetgraph.converter.layouts.suggestions import profile_stub
from tests.converter.publications import convert_text

#: A readable table, and a form of a kind that no profile and no form knows.
TEXT = """
某某区档案馆 2024 年部门预算
单位：万元
一般公共预算支出表
功能分类科目编码 | 功能分类科目名称 | 合计 | 基本支出 | 项目支出
2012601 | 行政运行 | 120.50 | 120.50 | 0
合计 | | 120.50 | 120.50 | 0

某某情况登记表
{rows}
"""

FORMS = [
    "登记事项 | 档案整理 | 项目负责人 | 张某某\n登记金额 | 12.50 | 联系电话 | 0000-00000000",
    "事项 | 责任人 | 联系方式 | 登记金额\n整理 | 张某某 | 0000-00000000 | 12.50",
    "事项 | 项目负责人：张某某 | 登记金额\n整理 | 电话：0000-00000000 | 12.50",
]


@pytest.mark.parametrize("rows", FORMS)
def test_no_message_and_no_stub_names_a_person(tmp_path: Path, rows: str) -> None:
    conversion = convert_text(tmp_path, TEXT.format(rows=rows))
    assert conversion.unknown, "the form is not read"
    said = [str(problem) for problem in conversion.problems] + [str(each) for each in conversion.unknown]
    said += [profile_stub(each.table, each.caption, []) for each in conversion.unknown]
    said += [str(conversion.ledger_record())]
    for text in said:
        assert "张某某" not in text
        assert "0000-00000000" not in text
