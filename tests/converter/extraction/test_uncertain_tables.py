"""Tables that look like known ones and are not: no figure is taken from them that could be wrong."""

import pytest

from budgetgraph.converter.problems import Severity
from tests.converter.publications import SPENDING, TITLE, codes, convert_text, figures


def test_one_row_is_no_total_when_words_beside_it_say_what_it_is_about(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + SPENDING
        + """
一般公共预算安排的“三公”经费支出表
单位：万元
支出内容|预算数
行政经费|45.00
""",
    )
    assert not any(d.figures for d in conversion.budget.data_sets if d.table_kind == "three-public")
    assert conversion.coverage.is_complete
    assert "unknown-row" in codes(conversion)


def test_amounts_behind_labels_that_no_one_knows_are_not_read_for_the_labels_before_them(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
部门收支总表
单位：万元
收入<2|支出<4
项目|预算数|项目（按功能分类）|预算数|项目（按资金用途）|预算数
一、一般公共预算拨款收入|90.00|一、一般公共服务支出|90.00|一、机构运转|60.00
||二、外交支出||二、事业发展|30.00
本年收入合计|90.00|本年支出合计|90.00|本年支出合计|90.00
收入总计|90.00|支出总计|90.00|支出总计|90.00
""",
    )
    assert figures(conversion, "t1-functional") == {"201": "90.00", "_T": "90.00"}
    assert "unknown-column" in codes(conversion)
    assert conversion.coverage.explained["unknown-column"] == 4


def test_a_header_that_says_the_same_of_two_columns_is_not_understood(tmp_path):
    """The second line of this header is one column too far to the right."""
    conversion = convert_text(
        tmp_path,
        TITLE
        + SPENDING
        + """
政府性基金预算支出表
单位：万元
科目编码|科目名称|2024年预算数<3|2023年预算数<2
|||小计|基本支出|项目支出
212|城乡社区支出|50.00|20.00|30.00|40.00
合计<2|50.00|20.00|30.00|40.00
""",
    )
    assert not any(d.figures for d in conversion.budget.data_sets if d.fund == "govFund")
    assert codes(conversion) == {"unknown-table"}
    (problem,) = [p for p in conversion.problems if p.code == "unknown-table"]
    assert "nearest is fund-expenditure with 100% of the columns; but they do not fit together" in problem.message


def test_the_nearest_signature_is_that_of_the_title_and_names_the_columns_that_no_word_explains(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + SPENDING
        + """
资产配置明细表
单位：万元
配置内容|金额
车辆|20.00

政府性基金预算支出表
单位：万元
专项|合计
城市建设专项|50.00
""",
    )
    first, second = [p.message for p in conversion.problems if p.code == "unknown-table"]
    assert first.endswith("profile to complete.")
    assert "not known 配置内容; its title does not say what it is of" in first
    assert "nearest is fund-expenditure with 50% of the columns; not known 专项." in second


def test_half_of_a_signature_is_not_enough_under_a_title_that_it_does_not_know(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + SPENDING
        + """
资金来源及去向一览表
单位：万元
收入<2|支出<2
项目|金额|去向|数额
一、财政拨款收入|90.00|本级|90.00
收入总计|90.00|总计|90.00
""",
    )
    assert [d.table_kind for d in conversion.budget.data_sets] == ["general-expenditure"]
    assert codes(conversion) == {"unknown-table"}


def test_the_year_s_revenue_is_the_total_only_where_no_column_is_wider(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
部门收入总表
单位：万元
科目编码^2|科目名称^2|合计^2|本年收入<3|上年结转^2
合计|一般公共预算拨款收入|事业收入
201|一般公共服务支出|90.00|80.00|70.00|10.00|10.00
合计<2|90.00|80.00|70.00|10.00|10.00
""",
    )
    assert figures(conversion, "t1") == {
        "201": "90.00",
        "201 current": "80.00",
        "201 general": "70.00",
        "201 business": "10.00",
        "201 carriedForward": "10.00",
        "_T": "90.00",
        "current": "80.00",
        "general": "70.00",
        "business": "10.00",
        "carriedForward": "10.00",
    }
    assert codes(conversion) == set()


def test_a_body_s_name_ends_before_the_unit_of_its_line(tmp_path):
    conversion = convert_text(tmp_path, "2024年部门预算\n\n单位名称：云岭市测绘服务局 金额单位：万元\n" + SPENDING)
    assert conversion.budget.department.names == ("云岭市测绘服务局",)


@pytest.mark.parametrize(
    ("title", "first"), [("一般公共预算支出表（按支出功能分类）", "501"), ("一般公共预算支出明细表", "301")]
)
def test_codes_of_another_classification_are_not_read_for_functional_ones(tmp_path, title, first):
    table = f"\n{title}\n单位：万元\n科目编码|科目名称|合计\n{first}|工资|90.00\n合计<2|90.00\n"
    conversion = convert_text(tmp_path, TITLE + SPENDING + table)
    found = {f.dimensions.get("functionalClass", "2") for d in conversion.budget.data_sets for f in d.figures}
    assert all(code.startswith("2") for code in found)
    assert codes(conversion) & {"unknown-row", "unknown-table"}


def test_labels_without_a_header_are_labels(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + SPENDING
        + """
一般公共预算“三公”经费支出表
单位：万元
|合计|公务接待费
云岭市测绘中心|5.00|5.00

部门收支总表
单位：万元
收入<2|支出<4
项目|预算数|项目|2024年||2023年执行数
一、一般公共预算拨款收入|90.00|一、一般公共服务支出|90.00|办公|60.00
收入总计|90.00|支出总计|90.00|合计|60.00
""",
    )
    assert not any(d.figures for d in conversion.budget.data_sets if d.table_kind == "three-public")
    assert figures(conversion, "t3-functional") == {"201": "90.00", "_T": "90.00"}
    assert {d.year for d in conversion.budget.data_sets} == {None}


def test_a_column_of_one_fund_is_no_total_of_all(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
部门支出总表
单位：万元
科目编码|科目名称|一般公共预算支出|政府性基金预算支出
201|一般公共服务支出|90.00|
212|城乡社区支出||8.00

一般公共预算支出表
单位：万元
科目编码|科目名称|一般公共预算支出|政府性基金预算支出
201|一般公共服务支出|90.00|
212|城乡社区支出||8.00
""",
    )
    assert figures(conversion, "t1") == {"201 general": "90.00", "212 govFund": "8.00"}
    assert figures(conversion, "t2") == {"201": "90.00"}
    assert conversion.coverage.explained == {"code": 4, "unknown-column": 1}


@pytest.mark.parametrize(("account", "business"), [("5.00", "business.other"), ("", "business")])
def test_revenue_beside_the_special_account_does_not_hold_it(tmp_path, account, business):
    conversion = convert_text(
        tmp_path,
        TITLE
        + f"""
部门收入总表
单位：万元
科目编码|科目名称|合计|一般公共预算|财政专户管理资金|事业收入
205|教育支出|100.00|70.00|{account}|25.00
合计<2|100.00|70.00|{account}|25.00
""",
    )
    assert figures(conversion, "t1")[f"205 {business}"] == "25.00"


def test_the_signature_that_reads_the_rows_goes_before_one_that_only_has_the_header(tmp_path):
    """The header is that of a family whose functions have codes before their names."""
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
收支预算总表
单位：万元
收入<2|支出<4
项目|金额|项目（按功能分类）|金额|项目（按支出性质）|金额
一、一般公共预算|90.00|一、一般公共服务支出|85.00|一、基本支出|60.00
||二、住房保障支出|5.00|二、项目支出|20.00
当年收入小计|90.00|当年支出小计|90.00|当年支出小计|80.00
上年结转资金||结转下年资金||结转下年资金|10.00
收入合计|90.00|支出合计|90.00|支出合计|90.00
""",
    )
    assert figures(conversion, "t1-functional") == {"201": "85.00", "221": "5.00", "_T": "90.00"}


def test_a_total_over_all_blocks_is_not_that_of_the_last(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
一般公共预算基本支出表
单位：万元
人员经费<3|公用经费<3
经济分类科目编码|科目名称|金额|经济分类科目编码|科目名称|金额
301|工资福利支出|48.00|302|商品和服务支出|10.00
30101|基本工资|48.00|30201|办公费|10.00
合计<5|58.00
""",
    )
    assert "public" not in figures(conversion, "t1")
    assert codes(conversion) == {"unknown-row"}


@pytest.mark.parametrize(("amount", "severity"), [("", Severity.INFO), ("5.00", Severity.ERROR)])
def test_a_table_that_is_not_known_loses_nothing_where_it_prints_no_number(tmp_path, amount, severity):
    table = f"债务还本明细表\n单位：万元\n债务项目|债权人|金额\n1|2|3\n合计||{amount}"
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{table}")
    (problem,) = [p for p in conversion.problems if p.code == "unknown-table"]
    assert problem.severity is severity
    assert conversion.coverage.is_complete
