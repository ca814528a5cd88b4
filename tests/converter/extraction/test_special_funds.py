"""Tables of 专项业务经费 and 专项资金: projects, a line a row; and the forms that describe them."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import TITLE, codes, convert_text, faults, figures, leaf_sum, reprinted, statements

LINES = """单位编码|单位（项目）名称|项目金额|项目简介
|合计|90.00|
101001|云岭市测绘服务局本级|60.00|
101001|测绘普查|40.00|全市普查
101001|系统运维|20.00|
101002|云岭市测绘中心|30.00|
101002|测绘普查|30.00|
"""
FORM = """
{name}项目支出绩效目标表
单位：万元
项目名称|{name}|项目实施单位|{unit}
项目属性|常年性项目|项目期|1年
年度资金总额|40.00|其中：财政拨款|40.00
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|普查面积|≥12平方公里
"""


@pytest.mark.parametrize("title", ["部门综合预算专项业务经费支出表", "专项业务经费预算表"])
def test_special_operating_expenditure_is_of_projects(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{LINES}")
    assert figures(conversion, "t1") == {
        "_T": "90.00",
        "1": "60.00",
        "1.1": "40.00",
        "1.2": "20.00",
        "2": "30.00",
        "2.1": "30.00",
    }
    (data_set,) = conversion.budget.data_sets
    assert (data_set.structure, data_set.table_kind) == ("project-expenditure",) * 2
    assert leaf_sum(conversion, "t1") == 900000
    assert codes(conversion) | faults(conversion) == set()
    assert reprinted(conversion)[3] == ["101001", "测绘普查", "40.00", "全市普查"]


def test_special_funds_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("专项")
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算专项资金预算表")
        sheet.write(1, 3, "单位：元")
        rows = ["序号|专项资金名称|2024年预算数|资金用途", "1|测绘普查|40|", "2|系统运维|20|常年", "|合计|60|"]
        for row, line in enumerate(rows, start=2):
            for column, text in enumerate(line.split("|")):
                if text.isdecimal():
                    sheet.write_number(row, column, int(text))
                else:
                    sheet.write(row, column, text)
    conversion = convert(path)
    assert figures(conversion, "t1") == {"1": "40", "2": "20", "_T": "60"}
    assert codes(conversion) == set()


@pytest.mark.parametrize(
    "title", ["专项资金总体绩效目标表", "对下专项转移支付专项资金情况表", "专项资金支出经济分类表"]
)
def test_tables_of_special_funds_that_are_no_lists_of_projects(tmp_path, title):
    spending = "支出总表\n单位：元\n科目编码|科目名称|合计\n201|一般公共服务支出|90\n合计<2|90\n\n"
    text = f"{TITLE}{spending}{title}\n单位：元\n专项资金名称|金额\n测绘普查|40\n合计|40\n"
    assert not any(d.structure == "project-expenditure" for d in convert_text(tmp_path, text).budget.data_sets)


LIST = """项目支出表
单位：万元
项目名称|项目单位|金额
测绘普查|{unit}|40.00
系统运维|云岭市测绘中心|20.00
合计||60.00
"""


def _links(conversion):
    graph = statements(conversion).decode().splitlines()
    return [line.split()[0].rpartition("/")[2].rstrip(">") for line in graph if "def#lineOfProject>" in line]


@pytest.mark.parametrize(
    ("of_line", "of_form", "linked"),
    [
        ("云岭市测绘服务局", "云岭市测绘服务局", ["1"]),
        ("", "云岭市测绘服务局", ["1"]),
        ("云岭市测绘中心", "云岭市测绘服务局", []),
    ],
)
def test_a_line_is_of_the_form_of_its_name(tmp_path, of_line, of_form, linked):
    form = FORM.format(name="测绘普查", unit=of_form)
    conversion = convert_text(tmp_path, TITLE + LIST.format(unit=of_line) + form)
    assert [project.label for project in conversion.budget.projects] == ["测绘普查"]
    assert _links(conversion) == linked
    assert faults(conversion) == set()


def test_a_line_with_two_forms_of_its_name_is_of_none(tmp_path):
    forms = FORM.format(name="测绘普查", unit="甲单位") + FORM.format(name="测绘普查", unit="乙单位")
    conversion = convert_text(tmp_path, TITLE + LIST.format(unit="") + forms)
    assert [project.label for project in conversion.budget.projects] == ["测绘普查", "测绘普查"]
    assert _links(conversion) == []
