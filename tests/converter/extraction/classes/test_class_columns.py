"""Functions as rows by economic classes as columns: which classification, which nature, and which year's list."""

from decimal import Decimal

import pytest

from tests.converter.publications import TITLE, codes, convert_text, faults, figures, leaf_sum

FINAL = "云岭市测绘服务局2023年度部门决算\n\n"
BASIC = "一般公共预算基本支出表"
HEAD = "科目编码<3|科目代码^2|科目名称^2|总计^2"
LEVELS = "类|款|项"


def _rows(*amounts):
    cells = "|".join(amounts)
    return f"||||合计|{cells}\n201|||201|一般公共服务支出|{cells}\n201|03|01|2010301|行政运行|{cells}"


def _table(title, head, below, *amounts, unit="单位：万元"):
    return f"{title}\n{unit}\n{HEAD}|{head}\n{LEVELS}{below}\n{_rows(*amounts)}\n"


def test_columns_of_goods_are_departmental_where_nothing_names_governments(tmp_path):
    table = _table(
        BASIC, "办公费^2|会议费^2|公务接待费^2|其他商品和服务支出^2", "", "9.00", "4.00", "2.00", "1.00", "2.00"
    )
    conversion = convert_text(tmp_path, TITLE + table)
    printed = figures(conversion, "t1")
    assert {key: text for key, text in printed.items() if key.startswith("2010301 ")} == {
        "2010301 basic": "9.00",
        "2010301 basic 30201": "4.00",
        "2010301 basic 30215": "2.00",
        "2010301 basic 30217": "1.00",
        "2010301 basic 30299": "2.00",
    }
    assert codes(conversion) == set()


@pytest.mark.parametrize(("by", "code"), [("部门", "30215"), ("政府", "50202")])
def test_the_title_says_which_classification(tmp_path, by, code):
    table = _table(f"{BASIC}（按{by}预算经济分类）", "会议费^2|公务接待费^2", "", "3.00", "2.00", "1.00")
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1")[f"2010301 basic {code}"] == "2.00"
    assert codes(conversion) == set()


def test_columns_of_a_basic_table_are_of_basic_expenditure(tmp_path):
    table = _table(
        f"{BASIC}（按政府预算经济分类）", "机关工资福利支出<2", "|小计|工资奖金津补贴", "5.00", "5.00", "5.00"
    )
    conversion = convert_text(tmp_path, TITLE + table)
    (data_set,) = conversion.budget.data_sets
    assert {figure.dimensions["expenditureNature"] for figure in data_set.figures} == {"basic"}


@pytest.mark.parametrize(
    ("words", "columns", "code", "nature"),
    [
        ("人员经费（工资福利支出）", "基本工资^2", "301", "personnel"),
        ("人员经费（对个人和家庭的补助）", "退休费^2", "303", "personnel"),
        ("公用经费（商品和服务支出）", "办公费^2", "302", "public"),
    ],
)
def test_the_total_of_a_table_of_one_class_is_of_this_class(tmp_path, words, columns, code, nature):
    table = _table(f"{BASIC}-{words}（按部门预算经济分类）", columns, "", "7.00", "7.00")
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1")[f"{nature} {code}"] == "7.00"
    assert "basic" not in figures(conversion, "t1")
    assert codes(conversion) == set()


def test_a_class_that_heads_others_names_a_group(tmp_path):
    table = _table(
        f"{BASIC}-人员经费（工资福利支出）（按部门预算经济分类）",
        "住房公积金^2|其他工资福利支出<3",
        "|合计|伙食补助费|其他工资福利支出",
        "9.00",
        "2.00",
        "7.00",
        "4.00",
        "3.00",
    )
    conversion = convert_text(tmp_path, TITLE + table)
    printed = figures(conversion, "t1")
    assert {key: text for key, text in printed.items() if key.startswith("2010301 ")} == {
        "2010301 personnel 301": "9.00",
        "2010301 personnel 30113": "2.00",
        "2010301 personnel 30106": "4.00",
        "2010301 personnel 30199": "3.00",
    }
    assert "7.00" not in printed.values()  # the group is no class
    assert codes(conversion) == {"unknown-column"}


@pytest.mark.parametrize(("year", "codes_"), [(2017, {"unknown-column"}), (2023, set())])
def test_a_class_that_another_year_has_is_listed(tmp_path, year, codes_):
    title = f"云岭市测绘服务局{year}年部门预算\n\n"
    table = _table(BASIC, "基本工资^2|其他社会保障缴费^2", "", "9.00", "8.00", "1.00")
    conversion = convert_text(tmp_path, title + table)
    printed = figures(conversion, "t1")
    assert printed["2010301 basic 30101"] == "8.00"
    assert ("2010301 basic 30112" in printed) is (year == 2023)
    assert codes(conversion) == codes_


@pytest.mark.parametrize(
    ("title", "kind", "total"),
    [
        ("支出决算明细表", "expenditure", "_T"),
        ("财政拨款支出决算明细表", "appropriation-expenditure", "_T"),
        ("一般公共预算财政拨款支出决算明细表", "general-expenditure", "_T"),
        ("一般公共预算财政拨款基本支出决算明细表", "basic-expenditure", "basic"),
        ("一般公共预算财政拨款项目支出决算明细表", "project-expenditure", "project"),
    ],
)
def test_details_of_final_accounts(tmp_path, title, kind, total):
    head = "项目<2|合计^2|工资福利支出<2|商品和服务支出<3\n科目编码|科目名称|小计|基本工资|小计|办公费|差旅费"
    amounts = "9.00|5.00|5.00|4.00|3.00|1.00"
    rows = f"合计<2|{amounts}\n201|一般公共服务支出|{amounts}\n2010301|行政运行|{amounts}"
    conversion = convert_text(tmp_path, f"{FINAL}{title}\n公开07表\n金额单位：万元\n{head}\n{rows}")
    (data_set,) = conversion.budget.data_sets
    assert data_set.table_kind == kind
    nature = "" if total == "_T" else f"{total} "
    printed = figures(conversion, "t7")
    assert (printed[total], printed[f"2010301 {nature}302"], printed[f"2010301 {nature}30211"]) == (
        "9.00",
        "4.00",
        "1.00",
    )
    assert len(printed) == 18
    assert "unknown-column" not in codes(conversion)


def test_project_expenditure_by_class(tmp_path):
    rows = "合计|30.00\n[302]商品和服务支出|30.00\n[30211]差旅费|30.00"
    table = f"一般公共预算项目支出情况表（按支出经济分类科目）\n单位：万元\n支出经济分类科目名称|2024年预算\n{rows}"
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1") == {"project": "30.00", "302 project": "30.00", "30211 project": "30.00"}


def test_classes_below_natures_in_a_list(tmp_path):
    rows = """一、基本支出|60.00
工资福利支出|40.00
商品和服务支出|20.00
二、项目支出|30.00
商品和服务支出|30.00
本年支出合计|90.00
三、结转下年|0.00
支 出 总 计|90.00"""
    conversion = convert_text(tmp_path, f"{TITLE}支出总体情况表\n单位：万元\n项目|2024年预算\n{rows}")
    assert codes(conversion) | faults(conversion) == set()
    (data_set,) = (d for d in conversion.budget.data_sets if d.canonical)
    said = {
        (f.label, f.dimensions.get("economicClass"), f.dimensions.get("expenditureNature")) for f in data_set.figures
    }
    assert ("商品和服务支出", "302", "project") in said
    assert ("工资福利支出", "301", "basic") in said
    assert leaf_sum(conversion, data_set.id) == 900000


SPENT = "部门支出总表\n单位：万元\n科目编码|科目名称|总计|工资福利支出|商品和服务支出|项目支出"


def _natures(conversion):
    (data_set,) = (d for d in conversion.budget.data_sets if d.table_kind == "expenditure")
    said = (
        (f.dimensions.get("economicClass"), f.dimensions.get("expenditureNature"), f.text) for f in data_set.figures
    )
    return {(economic, nature): text for economic, nature, text in said if economic or nature}


@pytest.mark.parametrize(
    ("amounts", "nature"),
    [
        (("90.00", "40.00", "20.00", "30.00"), "basic"),  # the classes and the projects make up the total
        (("90.00", "60.00", "30.00", "30.00"), None),  # the classes alone do
        (("60.00", "40.00", "20.00", ""), None),
    ],
)
def test_classes_beside_projects_are_of_what_the_rows_add_up_to(tmp_path, amounts, nature):
    cells = "|".join(amounts)
    conversion = convert_text(tmp_path, f"{TITLE}{SPENT}\n201|一般公共服务支出|{cells}\n合计<2|{cells}")
    assert _natures(conversion)["301", nature] == amounts[1]
    assert codes(conversion) == set()


def test_classes_that_do_not_add_up_beside_projects_are_listed(tmp_path):
    cells = "90.00|40.00|10.00|30.00"
    conversion = convert_text(tmp_path, f"{TITLE}{SPENT}\n201|一般公共服务支出|{cells}\n合计<2|{cells}")
    assert _natures(conversion) == {(None, "project"): "30.00"}
    assert codes(conversion) == {"unknown-column"}
    assert conversion.coverage.explained["unknown-column"] == 4


FEW = "201|一般公共服务支出\n20103|政府办公厅（室）及相关机构事务\n2010301|行政运行\n2010302|一般行政管理事务\n合计<2"


@pytest.mark.parametrize("project", ["0.01", "0.05", "0.10"])
def test_small_projects_are_no_rounding_however_many_rows_there_are(tmp_path, project):
    """Classes that leave out the projects of a row are not of all expenditure; where they may be, they are listed."""
    total = Decimal("0.95") + Decimal(project)
    rows = "\n".join(f"{name}|{total}|0.60|0.35|{project}" for name in FEW.splitlines())
    conversion = convert_text(tmp_path, f"{TITLE}{SPENT}\n{rows}")
    natures = _natures(conversion)
    assert ("301", None) not in natures
    assert (("301", "basic") in natures) == (project != "0.01")
    assert ("unknown-column" in codes(conversion)) == (project == "0.01")


def test_classes_beside_projects_without_a_total_are_listed(tmp_path):
    cells = "40.00|20.00|30.00"
    table = f"{SPENT.replace('总计|', '')}\n201|一般公共服务支出|{cells}\n合计<2|{cells}"
    conversion = convert_text(tmp_path, TITLE + table)
    assert _natures(conversion) == {(None, "project"): "30.00"}
    assert codes(conversion) == {"unknown-column"}
