"""Tables of purchases: kinds, purchases below their kinds and functions, services."""

import pytest

from tests.converter.publications import (
    TITLE,
    assert_sound,
    convert_text,
    figures,
    leaf_sum,
    line_labels,
    statements,
)


def test_kinds_of_purchases_alone(tmp_path):
    text = "政府采购预算明细表\n单位：万元\n采购类别|金额\n合计|120.00\n货物|20.00\n工程|\n服务|100.00\n"
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {"_T": "120.00", "goods": "20.00", "services": "100.00"}
    assert_sound(conversion)


PURCHASES = """政府采购预算表
单位：元
序号^2|采购项目名称^2|采购目录^2|采购组织形式^2|数量^2|预算金额^2|资金来源<2|采购时间^2|联系人^2
一般公共预算|单位资金
1|办公设备|A02010105台式计算机|政府集中采购|10|50|50||3月|张某某
2|物业|C21040000物业管理服务|分散采购|1|70|40|30|4月|李某某
合计<5|120|90|30||
"""


def test_purchases_by_fund(tmp_path):
    conversion = convert_text(tmp_path, TITLE + PURCHASES)
    assert figures(conversion, "t1") == {"1": "50", "2": "70", "_T": "120"}
    assert figures(conversion, "t1-general") == {"1": "50", "2": "40", "_T": "90"}
    assert figures(conversion, "t1-own") == {"2": "30", "_T": "30"}
    assert [d.fund for d in conversion.budget.data_sets] == ["_T", "general", "own"]
    line = conversion.budget.data_sets[0].lines[0]
    assert (line.label, line.catalogue, line.form) == ("办公设备", "A02010105台式计算机", "central")
    assert conversion.ledger.withheld == {"person_name": 2}
    assert "张某某".encode() not in statements(conversion)
    assert conversion.coverage.explained == {"line-number": 2, "text": 2}
    assert_sound(conversion)


def test_purchases_below_their_kind(tmp_path):
    text = """政府采购预算表
单位：万元
项目|采购内容|预算数|其中：财政拨款
合计||16.00|16.00
一、货物||6.00|6.00
办公设备|台式计算机|4.00|4.00
家具|文件柜|2.00|2.00
二、服务||10.00|10.00
物业|物业管理|10.00|10.00
""".replace("|其中：财政拨款", "").replace("|16.00|16.00", "|16.00")
    text = text.replace("6.00|6.00", "6.00").replace("4.00|4.00", "4.00").replace("2.00|2.00", "2.00")
    text = text.replace("10.00|10.00", "10.00")
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {
        "_T": "16.00",
        "goods": "6.00",
        "goods 1": "4.00",
        "goods 2": "2.00",
        "services": "10.00",
        "services 3": "10.00",
    }
    assert line_labels(conversion) == {"1": "台式计算机", "2": "文件柜", "3": "物业管理"}
    assert leaf_sum(conversion, "t1") == 160000
    assert_sound(conversion)


def test_kinds_of_purchases_as_columns(tmp_path):
    rows = "合计|9.00|4.00||5.00\n云岭市测绘中心|9.00|4.00||5.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}政府采购预算表\n单位：万元\n单位名称|合计|货物|工程|服务\n{rows}")
    assert figures(conversion, "t1") == {
        "_T": "9.00",
        "goods": "4.00",
        "services": "5.00",
        "1": "9.00",
        "1 goods": "4.00",
        "1 services": "5.00",
    }
    assert leaf_sum(conversion, "t1") == 90000
    assert_sound(conversion)


@pytest.mark.parametrize(
    ("title", "fund"),
    [
        ("政府购买服务预算财政拨款明细表", "appropriation"),
        ("政府购买服务支出表", "_T"),
        ("一般公共预算政府购买服务预算表", "general"),
    ],
)
@pytest.mark.parametrize(
    "table",
    [
        "指导性目录<3|项目名称^2|服务领域^2|预算金额^2\n一级|二级|三级\nA公共服务|A15技术性|A1503监测|监测|科技|50.00\n合计<5|50.00",
        "序号|购买服务项目名称|购买内容|承接主体类别|政府购买服务指导性目录|金额\n1|监测|监测|企业|A1503监测|50.00\n合计<5|50.00",
        "单位名称|项目名称|购买服务目录代码|购买方式|预算数\n合计||||50.00\n云岭市测绘中心|监测|A1503监测|公开招标|50.00",
    ],
)
def test_services_to_purchase(tmp_path, title, fund, table):
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{table}\n")
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.structure, data_set.fund) == ("service-purchase", "procurement", fund)
    assert figures(conversion, "t1") == {"services 1": "50.00", "services": "50.00"}
    assert data_set.lines[0].label == "监测"
    assert str(data_set.lines[0].catalogue).endswith("A1503监测")
    assert leaf_sum(conversion, "t1") == 500000
    assert_sound(conversion)
