"""Tables by the economic classifications of departments and of governments, side by side or each alone."""

import pytest

from tests.converter.publications import TITLE, codes, convert_text, faults, figures, leaf_sum, reprinted, statements

HEAD = "一般公共预算基本支出表\n单位：万元\n"
ROWS = """
301|工资福利支出|501|机关工资福利支出|30.00|30.00|
30101|基本工资|50101|工资奖金津补贴|18.00|18.00|
30113|住房公积金|50103|住房公积金|12.00|12.00|
302|商品和服务支出|502|机关商品和服务支出|6.00||6.00
30201|办公费|50201|办公经费|6.00||6.00
合计<4|36.00|30.00|6.00
"""
NOTES = {"301": "501", "30101": "50101", "30113": "50103", "302": "502", "30201": "50201"}


def _classes(conversion, data_set):
    """Return the class of governments beside each departmental class."""
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    return {f.dimensions["economicClass"]: f.government_class for f in found.figures if f.government_class}


@pytest.mark.parametrize(
    "header",
    [
        "部门预算支出经济分类科目<2|政府预算支出经济分类科目<2|基本支出<3\n科目编码|科目名称|科目编码|科目名称|合计|人员经费|公用经费",
        "部门经济科目编码|部门经济科目名称|政府经济科目编码|政府经济科目名称|合计|人员经费|公用经费",
        "部门预算经济分类<2|政府预算经济分类<2|2024年预算数<3\n编码|名称|编码|名称|小计|人员支出|公用支出",
    ],
)
def test_one_class_of_governments_beside_each_departmental_class(tmp_path, header):
    conversion = convert_text(tmp_path, TITLE + HEAD + header + ROWS)
    (data_set,) = conversion.budget.data_sets
    assert (data_set.structure, data_set.table_kind) == ("expenditure", "basic-expenditure")
    assert figures(conversion, "t1")["30113 basic"] == "12.00"
    assert _classes(conversion, "t1") == NOTES
    assert leaf_sum(conversion, "t1") == 360000
    assert conversion.coverage.explained == {"code": 10}
    assert codes(conversion) | faults(conversion) == set()
    assert "基本工资" in reprinted(conversion)[-5]


def test_the_class_of_governments_may_come_first_and_be_merged_down(tmp_path):
    text = """一般公共预算基本支出表
单位：元
政府预算支出经济分类|部门预算支出经济分类|2024年预算
50101工资奖金津补贴^2|30101基本工资|18
30102津贴补贴|10
[50103]住房公积金|[30113]住房公积金|12
502-机关商品和服务支出|30201-办公费|6
合计||46
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {
        "30101 basic": "18",
        "30102 basic": "10",
        "30113 basic": "12",
        "30201 basic": "6",
        "basic": "46",
    }
    assert _classes(conversion, "t1") == {"30101": "50101", "30102": "50101", "30113": "50103", "30201": "502"}
    assert leaf_sum(conversion, "t1") == 46
    assert codes(conversion) | faults(conversion) == set()


SEVERAL = """支出预算经济分类汇总表
单位：万元
部门预算经济分类<3|政府预算经济分类<3|合计^2|一般公共预算^2|政府性基金^2
类|款|科目名称|类|款|科目名称
|||||合计|90.00|85.00|5.00
301||工资福利支出||||70.00|70.00|
301|01|基本工资|501|01|工资奖金津补贴|40.00|40.00|
301|01|基本工资|505|01|工资福利支出|30.00|30.00|
302|01|办公费|502|01|办公经费|20.00|15.00|5.00
"""


def test_several_classes_of_governments_beside_one_departmental_class_make_the_key(tmp_path):
    conversion = convert_text(tmp_path, TITLE + SEVERAL)
    (data_set,) = conversion.budget.data_sets
    assert (data_set.structure, data_set.table_kind) == ("expenditure-by-government-class", "economic-expenditure")
    assert figures(conversion, "t1") == {
        "_T": "90.00",
        "general": "85.00",
        "govFund": "5.00",
        "301": "70.00",
        "301 general": "70.00",
        "30101 50101": "40.00",
        "30101 50101 general": "40.00",
        "30101 50501": "30.00",
        "30101 50501 general": "30.00",
        "30201 50201": "20.00",
        "30201 50201 general": "15.00",
        "30201 50201 govFund": "5.00",
    }
    assert leaf_sum(conversion, "t1") == 900000
    assert not data_set.canonical
    assert codes(conversion) | faults(conversion) == set()
    assert reprinted(conversion)[4][-3:] == ["40.00", "40.00", ""]


def test_a_class_that_stands_twice_beside_the_same_class_is_listed(tmp_path):
    conversion = convert_text(tmp_path, TITLE + SEVERAL.replace("505|01|工资福利支出", "501|01|工资奖金津补贴"))
    assert codes(conversion) == {"duplicate-row"}
    assert not [key for key in figures(conversion, "t1") if key.startswith("30101")]


@pytest.mark.parametrize("code", ["50l01", "30101", "5010"])
def test_a_code_of_no_class_of_governments_is_not_taken(tmp_path, code):
    header = "部门经济科目编码|部门经济科目名称|政府经济科目编码|政府经济科目名称|合计"
    rows = f"30101|基本工资|{code}|工资奖金津补贴|18.00\n合计<4|18.00"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}{header}\n{rows}")
    assert figures(conversion, "t1") == {"basic": "18.00"}
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.unexplained == 0


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("一般公共预算基本支出表（按政府预算经济分类）", "科目编码|科目名称|合计|人员经费|公用经费"),
        ("一般公共预算基本支出表", "政府预算支出经济分类科目<2|基本支出<3\n科目编码|科目名称|合计|人员经费|公用经费"),
        ("一般公共预算基本支出政府预算经济分类表", "科目<2|2024年预算数<3\n编码|名称|合计|人员经费|公用经费"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_classes_of_governments_alone(tmp_path, title, head, first):
    rows = [
        "501|机关工资福利支出|30.00|30.00|",
        "50101|工资奖金津补贴|30.00|30.00|",
        "502|机关商品和服务支出|6.00||6.00",
    ]
    rows.insert(0 if first else 3, "合计<2|36.00|30.00|6.00")
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：元\n{head}\n" + "\n".join(rows))
    (data_set,) = conversion.budget.data_sets
    assert data_set.structure == "expenditure-by-government-class"
    assert figures(conversion, "t1") == {
        "501 basic": "30.00",
        "501 personnel": "30.00",
        "50101 basic": "30.00",
        "50101 personnel": "30.00",
        "502 basic": "6.00",
        "502 public": "6.00",
        "basic": "36.00",
        "personnel": "30.00",
        "public": "6.00",
    }
    assert leaf_sum(conversion, "t1") == 36
    assert codes(conversion) | faults(conversion) == set()


def test_two_blocks_with_amounts_of_their_own(tmp_path):
    text = """一般公共预算基本支出表
单位：万元
部门预算支出经济分类<3|政府预算支出经济分类<3
科目编码|科目名称|金额|科目编码|科目名称|金额
301|工资福利支出|30.00|501|机关工资福利支出|30.00
302|商品和服务支出|6.00|502|机关商品和服务支出|4.00
||| 503|机关资本性支出|2.00
合计<2|36.00|合计<2|36.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {"301 basic": "30.00", "302 basic": "6.00", "basic": "36.00"}
    assert figures(conversion, "t1-government") == {
        "501 basic": "30.00",
        "502 basic": "4.00",
        "503 basic": "2.00",
        "basic": "36.00",
    }
    assert leaf_sum(conversion, "t1") == leaf_sum(conversion, "t1-government") == 360000
    assert codes(conversion) | faults(conversion) == set()


def test_functions_by_classes_of_governments(tmp_path):
    text = """支出分类汇总表（按政府预算经济分类）
单位：万元
科目编码|科目名称|总计|机关工资福利支出|机关商品和服务支出|机关资本性支出（一）|机关资本性支出|对个人和家庭的补助
|合计|80.00|45.00|30.00|2.00|0.00|3.00
201|一般公共服务支出|80.00|45.00|30.00|2.00|0.00|3.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1")["201 501"] == "45.00"
    assert figures(conversion, "t1")["201 509"] == "3.00"
    assert leaf_sum(conversion, "t1") == 800000
    # 机关资本性支出 alone has named one class in some years, two together in others.
    assert codes(conversion) == {"unknown-column"}
    assert faults(conversion) == {"PV-4"}
    both = text.replace("机关资本性支出（一）|机关资本性支出", "机关资本性支出|机关资本性支出（基本建设）")
    conversion = convert_text(tmp_path, TITLE + both)
    assert (figures(conversion, "t1")["201 503"], figures(conversion, "t1")["201 504"]) == ("2.00", "0.00")
    assert codes(conversion) | faults(conversion) == set()


def test_an_empty_table_is_one(tmp_path):
    text = "支出表（按政府预算经济分类）\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出\n|无|||\n"
    conversion = convert_text(tmp_path, TITLE + text.replace("支出表", "支出预算表"))
    (data_set,) = conversion.budget.data_sets
    assert data_set.declared_empty
    assert codes(conversion) == set()


def test_a_table_of_economic_classes_is_never_the_canonical_one(tmp_path):
    functions = "\n支出总表\n单位：万元\n科目编码|科目名称|合计\n201|一般公共服务支出|90.00\n合计<2|90.00\n"
    conversion = convert_text(tmp_path, TITLE + SEVERAL + functions)
    assert [(d.table_kind, d.canonical) for d in conversion.budget.data_sets] == [
        ("economic-expenditure", False),
        ("expenditure", True),
    ]
    assert b"def#govEconomicClass" in statements(conversion)


def test_sums_of_the_classes_of_governments_are_checked(tmp_path):
    rows = "合计|36\n501|机关工资福利支出|30\n50101|工资奖金津补贴|18\n50103|住房公积金|12\n502|机关商品和服务支出|6\n"
    text = f"{TITLE}一般公共预算基本支出表（按政府预算经济分类）\n单位：元\n科目编码|科目名称|金额\n{rows}"
    text = text.replace("合计|36", "|合计|36")
    assert faults(convert_text(tmp_path, text)) == set()
    for printed, wrong in (("18", "180"), ("|合计|36", "|合计|63")):
        assert faults(convert_text(tmp_path, text.replace(printed, wrong))) == {"WT-1-government"}


NAMES = """
机关工资福利支出|30.00|30.00|
工资奖金津补贴|30.00|30.00|
机关商品和服务支出|6.00||6.00
办公经费|4.00||4.00
会议费|2.00||2.00
机关资本性支出（一）|5.00||5.00
设备购置|5.00||5.00
机关资本性支出（二）|1.00||1.00
设备购置|1.00||1.00
对事业单位经常性补助|7.00|7.00|
工资福利支出|7.00|7.00|
合计|49.00|37.00|12.00
"""


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("一般公共预算基本支出表（按政府预算支出经济分类）", "科目名称|合计|人员经费|公用经费"),
        ("一般公共预算基本支出表", "政府预算支出经济分类科目|合计|人员经费|公用经费"),
    ],
)
def test_names_of_classes_of_governments_without_codes(tmp_path, title, head):
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：元\n{head}{NAMES}")
    printed = figures(conversion, "t1")
    assert (printed["50202 basic"], printed["50202 public"], printed["50306 basic"]) == ("2.00", "2.00", "5.00")
    assert (printed["50404 public"], printed["50501 personnel"]) == ("1.00", "7.00")
    assert leaf_sum(conversion, "t1") == 49
    assert codes(conversion) | faults(conversion) == set()


def test_a_name_of_both_classifications_needs_the_class_above_it(tmp_path):
    rows = "办公经费|4.00\n会议费|2.00\n工资福利支出|7.00\n设备购置|1.00\n合计|14.00"
    title = "支出预算表（按政府预算支出经济分类）"
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：元\n科目名称|合计\n{rows}")
    assert figures(conversion, "t1") == {"50201": "4.00", "50202": "2.00", "_T": "14.00"}
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.explained["unknown-row"] == 2


def test_names_alone_are_those_of_departments_where_nothing_names_governments(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}科目名称|合计\n会议费|2.00\n合计|2.00")
    assert not any("50202" in key for d in conversion.budget.data_sets for key in figures(conversion, d.id))


def test_items_of_governments_as_columns(tmp_path):
    text = """一般公共预算支出预算表（按政府预算支出经济分类）
单位：元
科目编码^2|科目名称^2|合计^2|机关商品和服务支出<3|机关资本性支出（一）<2|对事业单位经常性补助^2
小计|办公经费|会议费|小计|设备购置
2010301|行政运行|20.00|6.00|4.00|2.00|5.00|5.00|9.00
合计<2|20.00|6.00|4.00|2.00|5.00|5.00|9.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    printed = figures(conversion, "t1")
    assert (printed["2010301 502"], printed["2010301 50201"], printed["2010301 503"]) == ("6.00", "4.00", "5.00")
    assert (printed["2010301 50306"], printed["2010301 505"]) == ("5.00", "9.00")
    assert leaf_sum(conversion, "t1") == 20
    assert codes(conversion) | faults(conversion) == set()
    assert len([text for text in printed.values() if text]) == 14


@pytest.mark.parametrize(("label", "rest"), [("（二）其他", set()), ("（二）其他支出", {"399"})])
def test_the_rest_of_a_list_is_no_class(tmp_path, label, rest):
    rows = f"一、基本支出|60.00\n二、项目支出|30.00\n（一）商品和服务支出|20.00\n{label}|10.00\n支出合计|90.00"
    conversion = convert_text(tmp_path, f"{TITLE}部门支出总表\n单位：万元\n项目|预算数\n{rows}\n")
    classes = {f.dimensions.get("economicClass") for d in conversion.budget.data_sets for f in d.figures} - {None}
    assert classes - {"302"} == rest
    assert ("unknown-row" in codes(conversion)) is not bool(rest)


@pytest.mark.parametrize(
    ("rows", "taken"),
    [
        ("其他支出|30.00", set()),
        ("商品和服务支出|20.00\n其他支出|10.00", {"302", "399"}),
        ("商品和服务支出|\n其他支出|30.00", {"399"}),
    ],
)
def test_a_name_of_both_classifications_below_a_nature_is_a_class_where_others_stand_in_the_list(tmp_path, rows, taken):
    table = f"部门支出总表\n单位：万元\n项目|预算数\n一、基本支出|60.00\n二、项目支出|30.00\n{rows}\n合计|90.00\n"
    conversion = convert_text(tmp_path, TITLE + table)
    found = {f.dimensions.get("economicClass") for d in conversion.budget.data_sets for f in d.figures} - {None}
    assert found == taken
    assert conversion.coverage.is_complete


@pytest.mark.parametrize("total", ["合计<4", "合计|||", "||合计|", "|合计||"])
def test_a_total_over_the_classes_of_governments(tmp_path, total):
    table = f"""一般公共预算基本支出表
单位：万元
政府预算经济分类科目<2|部门预算经济分类科目<2|基本支出^2
科目编码|科目名称|科目编码|科目名称
501|机关工资福利支出|301|工资福利支出|9.00
{total}|9.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1") == {"basic": "9.00", "301 basic": "9.00"}
    assert codes(conversion) == set()


def test_appropriations_by_both_classifications_that_of_governments_first(tmp_path):
    table = """财政拨款支出明细表（按经济科目分类）
单位：元
政府预算支出经济分类科目<4|部门预算支出经济分类科目<4
科目编码|科目名称|合计|基本支出|科目编码|科目名称|合计|基本支出
501|机关工资福利支出|9|9|301|工资福利支出|9|9
502|机关商品和服务支出|5|2|302|商品和服务支出|5|2
合计<2|14|11|合计<2|14|11
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1")["502 basic"] == figures(conversion, "t1-department")["302 basic"] == "2"
    assert {(each.table_kind, each.fund) for each in conversion.budget.data_sets} == {
        ("economic-expenditure", "appropriation")
    }
    assert codes(conversion) == set()
