"""Titles that end as those of all the money do and say that they are of a part of it; titles with less than that."""

import pytest

from tests.converter.publications import FUNCTIONS, SPENDING, TITLE, convert_text

HEAD = "\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出"
REVENUE = "\n单位：万元\n项目|预算数\n一、一般公共预算拨款收入|88.00\n收入总计|88.00\n"


def _kinds(conversion):
    return [d.table_kind for d in conversion.budget.data_sets if d.figures]


@pytest.mark.parametrize(
    "title",
    [
        "财政专户支出预算总表",
        "非税支出总表",
        "单位资金支出总表",
        "项目支出总表",
        "部门基本支出总表",
        "政府采购支出总表",
        "事业支出总表",
        "债券支出预算总表",
        "支出总表（基本支出）",
    ],
)
def test_the_table_of_a_part_of_the_money_is_not_that_of_all(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}{HEAD}{FUNCTIONS}")
    assert _kinds(conversion) == ["general-expenditure"]
    assert conversion.coverage.is_complete


@pytest.mark.parametrize("title", ["非税收入总表", "事业收入预算表", "其他收入总表"])
def test_the_table_of_a_part_of_the_revenue_is_not_that_of_all(tmp_path, title):
    assert "revenue" not in _kinds(convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}{REVENUE}"))


@pytest.mark.parametrize(
    "title",
    [
        "部门支出预算",
        "云岭市测绘服务局2024年支出总表",
        "支出总表（基本支出、项目支出）",
        "部门支出总表（按功能分类）",
        "云岭市基本支出核算中心支出总表",
    ],
)
def test_titles_of_all_expenditure(tmp_path, title):
    assert _kinds(convert_text(tmp_path, f"{TITLE}{title}{HEAD}{FUNCTIONS}")) == ["expenditure"]


@pytest.mark.parametrize("title", ["收入预算表", "收入预算", "2024年收入预算表", "表2 收入预算汇总表"])
def test_titles_of_all_revenue(tmp_path, title):
    assert _kinds(convert_text(tmp_path, f"{TITLE}{title}{REVENUE}")) == ["revenue"]
