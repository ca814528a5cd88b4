"""Lists of projects and purchases in which a line is the sum of those below it, by its number or by the sums alone."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import (
    SPENDING,
    TITLE,
    assert_sound,
    codes,
    convert_text,
    faults,
    figures,
    leaf_sum,
    line_labels,
    reprinted,
    statements,
)

HEAD = "项目支出表\n单位：万元\n"
NUMBERED = f"""{HEAD}项目名称|合计|一般公共预算|上年结转
合计|100.00|80.00|20.00
一、测绘管理|60.00|50.00|10.00
1.基础测绘|40.00|40.00|
（1）控制点维护|25.00|25.00|
（2）地形图更新|15.00|15.00|
2.测绘普查|20.00|10.00|10.00
二、系统建设|40.00|30.00|10.00
1.系统运维|40.00|30.00|10.00
"""
TREE = {
    "1": "一、测绘管理",
    "1.1": "1.基础测绘",
    "1.1.1": "（1）控制点维护",
    "1.1.2": "（2）地形图更新",
    "1.2": "2.测绘普查",
    "2": "二、系统建设",
    "2.1": "1.系统运维",
}


def test_lines_below_those_that_number_them(tmp_path):
    conversion = convert_text(tmp_path, TITLE + NUMBERED)
    assert line_labels(conversion) == TREE
    found = figures(conversion, "t1")
    assert (found["1"], found["1.1.2"], found["1.2 carriedForward"], found["_T"]) == (
        "60.00",
        "15.00",
        "10.00",
        "100.00",
    )
    assert leaf_sum(conversion, "t1") == 1000000
    graph = statements(conversion).decode()
    assert "/line/1.1.2> <https://w3id.org/budgetgraph/def#partOfProjectLine>" in graph
    assert reprinted(conversion)[4] == ["（1）控制点维护", "25.00", "25.00", ""]
    assert_sound(conversion)


def test_the_rules_know_the_sums_of_numbered_lines(tmp_path):
    text = NUMBERED.replace("（2）地形图更新|15.00|15.00|", "（2）地形图更新|15.01|15.00|")
    conversion = convert_text(tmp_path, TITLE + text)
    assert faults(conversion) == {"GP-1-lines-rounding"}


@pytest.mark.parametrize(
    "numbers", [("一", "1", "2", "二", "1"), ("1", "1.1", "1.2", "2", "2.1"), ("（一）", "1.", "2.", "（二）", "1.")]
)
def test_numbers_in_a_column_of_their_own_in_a_workbook(tmp_path, numbers):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    lines = [("测绘管理", 60), ("基础测绘", 40), ("测绘普查", 20), ("系统建设", 40), ("系统运维", 40)]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("项目")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算项目支出表")
        sheet.write(1, 2, "单位：万元")
        sheet.write_row(2, 0, ["序号", "项目名称", "金额"])
        for row, (number, (name, amount)) in enumerate(zip(numbers, lines, strict=True), start=3):
            sheet.write_row(row, 0, [number, name])
            sheet.write_number(row, 2, amount, money)
        sheet.write(8, 1, "合计")
        sheet.write_number(8, 2, 100, money)
    conversion = convert(path)
    names = dict(zip(("1", "1.1", "1.2", "2", "2.1"), (name for name, _ in lines), strict=True))
    assert line_labels(conversion) == names
    assert leaf_sum(conversion, "t1") == 1000000
    assert_sound(conversion)


def test_decimal_numbers_before_the_names(tmp_path):
    rows = "合计|100.00\n1.测绘管理|60.00\n1.1基础测绘|40.00\n1.2 测绘普查|20.00\n2.系统建设|40.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|金额\n{rows}")
    assert list(line_labels(conversion)) == ["1", "1.1", "1.2", "2"]
    assert_sound(conversion)


def test_numbers_in_a_list_that_adds_up_as_it_stands_say_nothing(tmp_path):
    rows = "合计|150.00\n一、测绘管理|60.00\n1.基础测绘|40.00\n2.测绘普查|10.00\n二、系统建设|40.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|金额\n{rows}")
    assert list(line_labels(conversion)) == ["1", "2", "3", "4"]
    assert leaf_sum(conversion, "t1") == 1500000
    assert_sound(conversion)


@pytest.mark.parametrize("total", ["", "合计|100.00\n"])
def test_numbered_lines_that_do_not_add_up_are_listed(tmp_path, total):
    rows = "一、测绘管理|60.00\n1.基础测绘|40.00\n2.测绘普查|10.00\n二、系统建设|40.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|金额\n{total}{rows}")
    assert {key: text for key, text in figures(conversion, "t1").items() if key != "_T"} == {"1": "60.00", "2": "40.00"}
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.explained["unknown-row"] == 2


def test_a_line_is_of_the_function_of_the_line_above(tmp_path):
    rows = "合计||100.00\n一、测绘管理|20605|60.00\n1.基础测绘|2060502|40.00\n2.测绘普查||20.00\n二、系统建设||40.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|功能科目编码|金额\n{rows}")
    assert figures(conversion, "t1") == {
        "_T": "100.00",
        "20605 1": "60.00",
        "2060502 1.1": "40.00",
        "20605 1.2": "20.00",
        "2": "40.00",
    }
    assert leaf_sum(conversion, "t1") == 1000000
    assert_sound(conversion)


def test_a_line_of_another_function_is_no_part(tmp_path):
    rows = "合计||100.00\n一、测绘|20605|60.00\n1.控制点|2060502|40.00\n2.普查|2080199|20.00\n二、系统||40.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|功能科目编码|金额\n{rows}")
    assert figures(conversion, "t1") == {"_T": "100.00"}
    assert codes(conversion) == {"unknown-row"}


def test_purchases_of_a_kind(tmp_path):
    text = """政府采购预算表
单位：元
采购项目名称|采购金额
合计|100.00
一、货物|60.00
1.计算机|40.00
（1）台式机|30.00
（2）便携机|10.00
2.空调|20.00
二、服务|40.00
1.物业|40.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {
        "_T": "100.00",
        "goods": "60.00",
        "goods 1": "40.00",
        "goods 1.1": "30.00",
        "goods 1.2": "10.00",
        "goods 2": "20.00",
        "services": "40.00",
        "services 3": "40.00",
    }
    assert leaf_sum(conversion, "t1") == 100
    assert_sound(conversion)


UNNUMBERED = "合计|100.00\n测绘管理|60.00\n基础测绘|40.00\n测绘普查|20.00\n系统建设|40.00\n系统运维|40.00\n"


def test_lines_that_only_their_sums_put_below_others(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|金额\n{UNNUMBERED}")
    assert line_labels(conversion) == {
        "1": "测绘管理",
        "1.1": "基础测绘",
        "1.2": "测绘普查",
        "2": "系统建设",
        "2.1": "系统运维",
    }
    assert leaf_sum(conversion, "t1") == 1000000
    assert_sound(conversion)


@pytest.mark.parametrize(
    "rows",
    [
        # Two trees have these sums; sums may stand under their parts; a line in two columns; none has them.
        "合计|100.00\n测绘管理|60.00\n基础测绘|30.00\n控制点维护|30.00\n地形图更新|30.00\n系统建设|40.00\n",
        "合计|100.00\n测绘管理|60.00\n基础测绘|60.00\n系统建设|40.00\n系统运维|40.00\n",
        "合计|100.00\n测绘管理|60.00\n基础测绘|40.00\n普查|15.00\n系统建设|40.00\n",
        "合计|100.00\n基础测绘|40.00\n测绘普查|20.00\n测绘管理|60.00\n系统建设|40.00\n",
    ],
)
def test_sums_that_leave_it_open_are_listed(tmp_path, rows):
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|金额\n{rows}")
    assert figures(conversion, "t1") == {"_T": "100.00"}
    assert codes(conversion) == {"unknown-row"}


def test_a_very_long_list_that_is_less_than_its_total_stands_as_it_is(tmp_path):
    rows = "".join(f"测绘{number}|1.00\n" for number in range(700))
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|合计\n合计|707.00\n{rows}")
    assert len(line_labels(conversion)) == 700
    assert codes(conversion) == set()


def test_a_long_list_that_is_more_than_its_total_is_listed(tmp_path):
    rows = "合计|100.00\n" + "".join(
        f"项目{letter}|1.00\n" for letter in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉" * 8
    )
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}项目名称|金额\n{rows}")
    assert figures(conversion, "t1") == {"_T": "100.00"}
    assert codes(conversion) == {"unknown-row"}


SERVICES = """政府购买服务支出表
单位：万元
代码|服务名称|购买服务内容|金额
合计|||30.00
A|公共服务||20.00
A11|技术性公共服务||20.00
A1101|测绘服务|成果检查|20.00
B|政府履职辅助性服务||10.00
B0101|法律顾问服务|法律顾问|10.00
"""


@pytest.mark.parametrize("title", ["政府购买服务支出表", "政府购买服务指导性目录"])
def test_services_below_the_codes_of_a_catalogue(tmp_path, title):
    conversion = convert_text(tmp_path, TITLE + SPENDING + "\n" + SERVICES.replace("政府购买服务支出表", title))
    assert figures(conversion, "t2") == {
        "services": "30.00",
        "services 1": "20.00",
        "services 1.1": "20.00",
        "services 1.1.1": "20.00",
        "services 2": "10.00",
        "services 2.1": "10.00",
    }
    (data_set,) = [each for each in conversion.budget.data_sets if each.id == "t2"]
    assert [line.catalogue for line in data_set.lines] == ["A", "A11", "A1101", "B", "B0101"]
    assert data_set.table_kind == "service-purchase"
    assert leaf_sum(conversion, "t2") == 300000
    assert reprinted(conversion, 1)[-1] == ["B0101", "法律顾问服务", "法律顾问", "10.00"]
    assert_sound(conversion)


def test_services_by_code_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    rows = [("A11", "技术性公共服务", 20), ("A1101", "测绘服务", 15), ("A1102", "检测服务", 5), ("B01", "法律服务", 10)]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("购买服务")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算政府购买服务支出表")
        sheet.write(1, 3, "单位：万元")
        sheet.write_row(2, 0, ["序号", "政府购买服务指导性目录代码", "服务名称", "预算金额"])
        for row, (code, name, amount) in enumerate(rows, start=3):
            sheet.write_number(row, 0, row - 2)
            sheet.write_row(row, 1, [code, name])
            sheet.write_number(row, 3, amount, money)
        sheet.write(7, 2, "合计")
        sheet.write_number(7, 3, 30, money)
    conversion = convert(path)
    assert line_labels(conversion) == {"1": "技术性公共服务", "1.1": "测绘服务", "1.2": "检测服务", "2": "法律服务"}
    assert leaf_sum(conversion, "t1") == 300000
    assert_sound(conversion)


def test_codes_whose_sums_do_not_agree_say_nothing(tmp_path):
    rows = "A11|技术性公共服务|20.00\nA1101|测绘服务|15.00\nB01|法律服务|10.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}政府购买服务支出表\n单位：万元\n代码|服务名称|金额\n{rows}")
    assert list(line_labels(conversion)) == ["1", "2", "3"]
    assert codes(conversion) == set()


def test_a_line_without_an_amount_that_is_converted_leaves_the_others_as_they_stand(tmp_path):
    text = NUMBERED.replace("（1）控制点维护|25.00|25.00|", "（1）控制点维护|2 5.00|2 5.00|")
    conversion = convert_text(tmp_path, TITLE + text)
    assert set(line_labels(conversion)) <= {str(number) for number in range(1, 8)}
    assert conversion.coverage.is_complete


BELOW = f"""{HEAD}项目名称|项目类别|职责|合计|一般公共预算
合计|||50.00|50.00
一、一般性项目|||20.00|20.00
业务工作经费|其他运转类|测绘管理|20.00|20.00
二、专项资金|||30.00|30.00
产业发展资金|特定目标类|测绘管理|10.00|10.00
系统建设资金|特定目标类|系统建设|20.00|20.00
"""
#: With one line below each, sums alone would leave it open which stands below which.
ONE_EACH = BELOW.replace("产业发展资金|特定目标类|测绘管理|10.00|10.00\n", "").replace(
    "系统建设|20.00|20.00", "系统建设|30.00|30.00"
)


def test_lines_without_numbers_below_those_with_numbers(tmp_path):
    conversion = convert_text(tmp_path, TITLE + BELOW)
    assert line_labels(conversion) == {
        "1": "一、一般性项目", "1.1": "业务工作经费", "2": "二、专项资金", "2.1": "产业发展资金", "2.2": "系统建设资金",
    }  # fmt: skip
    assert leaf_sum(conversion, "t1") == 500_000
    assert_sound(conversion)
    assert line_labels(convert_text(tmp_path, TITLE + ONE_EACH)).keys() == {"1", "1.1", "2", "2.1"}


def test_lines_that_their_sums_do_not_put_below_numbers_are_listed(tmp_path):
    conversion = convert_text(tmp_path, TITLE + BELOW.replace("测绘管理|10.00|10.00", "测绘管理|15.00|15.00"))
    assert figures(conversion, "t1").keys() == {"_T", "general"}
    assert codes(conversion) == {"unknown-row"}
