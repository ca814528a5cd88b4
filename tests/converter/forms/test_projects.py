"""Project forms: heads, amounts and units, items as a tree, funding, boxes to tick."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.budget import ProjectItem
from budgetgraph.converter.forms.choices import chosen
from budgetgraph.converter.forms.markup import plain
from tests.converter.forms.conftest import ReadForms
from tests.converter.publications import convert_text, faults

HEAD = """2021年项目申报表
资金单位：万元
项目名称|道路养护|项目代码|X-1
项目主管部门|某局|项目执行单位|某科
"""


def amounts(items: Iterable[ProjectItem]) -> dict[str, object]:
    return {item.number: (item.parent, item.label, item.amount) for item in items}


def test_head(read: ReadForms) -> None:
    (project,) = read(HEAD + "项目总预算|41|项目当年预算|1,040.50\n项目申请理由|<p>一、路面破损。</p>||").projects
    assert (project.label, project.code, project.executing_unit) == ("道路养护", "X-1", "某科")
    assert (project.total_budget, project.total_budget_text) == (Decimal(410000), "41")
    assert (project.current_budget, project.current_budget_text) == (Decimal("10405000.00"), "1,040.50")
    assert project.statements == {"项目申请理由": "一、路面破损。"}


@pytest.mark.parametrize(
    ("unit", "printed", "expected"),
    [
        ("资金单位：万元", "41", 410000),
        ("资金单位:元", "41", 41),
        ("单 位 ：万元", "41", 410000),
        ("单位：元", "164万元", 1640000),
        ("单位：万元", "854万(其中改造400万元)", 8540000),
    ],
)
def test_units_of_amounts(read: ReadForms, unit: str, printed: str, expected: int) -> None:
    (project,) = read(HEAD.replace("资金单位：万元", unit) + f"项目总预算|{printed}||\n").projects
    assert project.total_budget == Decimal(expected)


def test_unit_in_the_head_of_a_field(read: ReadForms) -> None:
    (project,) = read(HEAD.replace("资金单位：万元\n", "") + "项目总预算（万元）|41||\n").projects
    assert project.total_budget == Decimal(410000)


def test_without_unit_no_amount_is_converted(read: ReadForms, ledger: Ledger) -> None:
    forms = read(HEAD.replace("资金单位：万元\n", "") + "项目总预算|41||\n项目支出明细|金额||\n|1.沥青|41|\n")
    (project,) = forms.projects
    assert project.total_budget is None
    assert [item.amount for item in project.items] == [None]
    assert forms.data_sets == ()
    assert [p.code for p in forms.problems] == ["missing-unit", "missing-unit"]
    assert Reason.UNKNOWN_COLUMN in ledger.explained.values()


def test_the_unit_of_another_form_does_not_count(read: ReadForms) -> None:
    forms = read(
        HEAD + "项目总预算|41||\n\n2021年项目申报表\n项目名称|桥梁维修|项目代码|\n项目主管部门|某局||\n项目总预算|9||\n"
    )
    assert [project.total_budget for project in forms.projects] == [Decimal(410000), None]


def test_amount_that_is_none_is_listed(read: ReadForms) -> None:
    forms = read(HEAD + "项目总预算|1,04.5|项目当年预算|41\n")
    assert forms.projects[0].total_budget is None
    assert forms.projects[0].current_budget == Decimal(410000)
    assert [p.code for p in forms.problems] == ["unparsable-number"]
    assert "1,04.5" in forms.problems[0].message


def test_flat_items(read: ReadForms) -> None:
    forms = read(HEAD + "项目支出明细|||金额\n|合计||10\n|1.沥青||6\n|2.标线||4\n")
    assert amounts(forms.projects[0].items) == {"1": (None, "沥青", 60000), "2": (None, "标线", 40000)}
    assert forms.projects[0].items_total is not None
    assert forms.projects[0].items_total.text == "10"


@pytest.mark.parametrize(
    "rows",
    [
        "|1、甲||6\n|2、路灯|灯杆|3\n||灯具|1\n|3、乙||5\n",  # children under the group's label
        "|1、甲||6\n|2、路灯|灯杆|3\n灯具|||1\n|3、乙||5\n",  # a child beside its column
        "|1、甲||6\n|2、路灯||\n|（1）灯杆||3\n|（2）灯具||1\n|3、乙||5\n",  # numbered children
        "|一、甲||6\n|二、路灯||\n|1.灯杆||3\n|2.灯具||1\n|三、乙||5\n",
    ],
)
def test_group_with_its_items(read: ReadForms, rows: str) -> None:
    items = amounts(read(HEAD + "项目支出明细|||金额\n|合计||15\n" + rows).projects[0].items)
    assert items == {
        "1": (None, "甲", 60000),
        "2": (None, "路灯", None),
        "2.1": ("2", "灯杆", 30000),
        "2.2": ("2", "灯具", 10000),
        "3": (None, "乙", 50000),
    }


def test_part_of_an_item_behind_of_which(read: ReadForms) -> None:
    items = amounts(read(HEAD + "项目支出明细|||金额\n|1.甲||6\n|其中：丙||2\n|2.乙||5\n").projects[0].items)
    assert items == {"1": (None, "甲", 60000), "1.1": ("1", "丙", 20000), "2": (None, "乙", 50000)}


def test_unnumbered_group_closes_at_its_own_column(read: ReadForms) -> None:
    items = amounts(read(HEAD + "项目支出明细|||金额\n|路灯|灯杆|3\n||灯具|1\n|标线||5\n").projects[0].items)
    assert items == {
        "1": (None, "路灯", None),
        "1.1": ("1", "灯杆", 30000),
        "1.2": ("1", "灯具", 10000),
        "2": (None, "标线", 50000),
    }


def test_heads_repeated_after_a_page_turn(read: ReadForms) -> None:
    forms = read(
        HEAD + "项目支出预算及测算依据|项目支出明细|金额\n|1.甲|6\n\n项目支出预算及测算依据|项目支出明细|2.乙|5\n"
    )
    assert amounts(forms.projects[0].items) == {"1": (None, "甲", 60000), "2": (None, "乙", 50000)}
    assert len(forms.projects) == 1


def test_several_numbers_in_a_row_need_the_column_of_the_amount(read: ReadForms) -> None:
    forms = read(HEAD + "项目支出明细|内容|金额\n|1.甲|3|6\n|2.乙|5|\n|||8|9\n")
    assert [p.code for p in forms.problems] == ["form-row-unknown"]


def test_total_of_the_funding_printed_last(read: ReadForms) -> None:
    forms = read(HEAD + "项目资金来源|资金来源项目|金额\n|1.财政拨款|40\n|其中：当年拨款|30\n|2.其他资金|1\n|合计|41\n")
    lines = [(line.order, line.parent, line.label) for line in forms.projects[0].funding]
    assert lines == [(1, 4, "财政拨款"), (2, 1, "当年拨款"), (3, 4, "其他资金"), (4, None, "合计")]


def test_fund_block_with_the_project_beside_the_year(read: ReadForms) -> None:
    (project,) = read(
        "项目支出绩效目标填报表\n项目名称|道路养护|项目性质|经常性项目|项目类别|其他运转类\n"
        "主管部门|某局|实施单位|某科||\n"
        "项目资金（元）|项目资金总额|4,100.00|年度资金申请总额|2,100.00|\n"
        "|其中：财政资金|4,000.00|其中：当年财政拨款|2,000.00|\n|||上年结转资金|0.00|\n|其他资金|100.00|其他资金|100.00|\n"
    ).projects
    assert (project.total_budget, project.current_budget) == (Decimal(4100), Decimal(2100))
    assert [(line.parent, line.label, line.text) for line in project.funding] == [
        (None, "项目资金总额", "4,100.00"),
        (None, "年度资金申请总额", "2,100.00"),
        (1, "财政资金", "4,000.00"),
        (2, "当年财政拨款", "2,000.00"),
        (2, "上年结转资金", "0.00"),
        (1, "其他资金", "100.00"),
        (2, "其他资金", "100.00"),
    ]


def test_objectives_side_by_side(read: ReadForms) -> None:
    (project,) = read(
        HEAD + "项目绩效目标|项目总目标|年度总体目标|\n|五年内完好|今年完好|\n"
        "绩效指标|一级指标|二级指标|三级指标|年度(/项目)指标值\n|产出指标|数量指标|养护里程|≥12.00(公里)\n"
    ).projects
    assert [(o.id, o.horizon, o.label, len(o.indicators)) for o in project.objectives] == [
        ("project-1-long", "long", "五年内完好", 0),
        ("project-1", "annual", "今年完好", 1),
    ]


def test_two_projects_in_one_table(read: ReadForms) -> None:
    forms = read(HEAD + "项目总预算|41||\n项目名称|桥梁维修|项目代码|\n项目主管部门|某局|项目执行单位|某科\n")
    assert [(p.order, p.label) for p in forms.projects] == [(1, "道路养护"), (2, "桥梁维修")]


def test_fund_block_of_the_year_alone(read: ReadForms) -> None:
    block = "项目资金（万元）|年度资金总额：|41|||\n|其中：财政拨款|40||其他资金|1\n"
    (project,) = read(HEAD.replace("资金单位：万元\n", "") + block).projects
    assert project.current_budget == Decimal(410000)
    lines = [(line.parent, line.label, line.text) for line in project.funding]
    assert lines == [(None, "年度资金总额", "41"), (1, "财政拨款", "40"), (1, "其他资金", "1")]


def test_list_of_projects_with_objectives_and_without_indicators_is_left_to_the_caller(read: ReadForms) -> None:
    table = "单位名称|项目名称|绩效目标|金额\n某局|道路养护|完好|41\n"
    assert read("2021年绩效目标表\n单位：万元\n" + table).used == ()


def test_list_of_projects_is_no_form(read: ReadForms) -> None:
    forms = read("单位：万元\n项目名称|金额\n道路养护|41\n桥梁维修|9\n")
    assert (forms.projects, forms.used) == ((), ())


def test_row_with_an_unknown_head_is_listed(read: ReadForms) -> None:
    forms = read(HEAD + "天气情况|晴\n")
    assert [p.code for p in forms.problems] == ["form-row-unknown"]
    assert "天气情况 | 晴" in forms.problems[0].message


@pytest.mark.parametrize(
    ("printed", "ticked"),
    [
        ('1.部门项目 <input checked="" type="checkbox"/> 2.公共项目 <input type="checkbox"/>', ("部门项目",)),
        ('1.部门项目 <input type="checkbox"/> 2.公共项目 <input type="checkbox" checked>', ("公共项目",)),
        ('1.部门项目 <input checked="" type="checkbox"/> √ 2.公共项目 <input type="checkbox"/>', ("部门项目",)),
        ("1.部门项目□ 2.公共项目■", ("公共项目",)),
        ("部门项目√ 公共项目□", ("部门项目",)),
        ("持续性项目■ 新增性项目口", ("持续性项目",)),
        ("□ 新增 ☑ 延续", ("延续",)),
        ("部门项目□ 公共项目□", ()),
        ("部门项目■ 公共项目■", ("部门项目", "公共项目")),
        ("部门项目", ("部门项目",)),
    ],
)
def test_boxes(printed: str, ticked: tuple[str, ...]) -> None:
    assert chosen(plain(printed).text) == ticked


def test_kind_needs_exactly_one_box(read: ReadForms) -> None:
    forms = read(HEAD + "项目类型|1.部门项目■ 2.公共项目■||\n")
    assert forms.projects[0].kind is None
    assert [p.code for p in forms.problems] == ["project-kind"]


#: Rows before the indicators, as they are published by provinces, and what they say.
HEADS = {
    "code before the name": "项目编码|1308P0001|项目名称|测绘普查<2\n绩效目标|完成普查<4\n",
    "group before the name": "一级项目名称|测绘|二级项目名称|测绘普查<2\n项目主管部门|某局|绩效目标|完成普查<2\n",
    "transfer": "转移支付（项目）名称|测绘普查<4\n中央主管部门|自然资源部|地方主管部门|某局<2\n",
}
INDICATORS = "一级指标|二级指标|三级指标|指标值|备注\n产出指标|数量指标|普查面积|≥100平方公里|\n"


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_heads_of_provinces(tmp_path: Path, head: str) -> None:
    conversion = convert_text(tmp_path, f"云岭市测绘服务局2024年部门预算\n\n项目绩效目标表\n{head}{INDICATORS}")
    (project,) = conversion.budget.projects
    assert (project.label, project.objectives[0].label) == ("测绘普查", "完成普查" if "完成普查" in head else "")
    assert project.department_label in {None, "某局"}
    assert len(project.objectives[0].indicators) == 1


def test_tables_and_options_in_the_head(tmp_path: Path) -> None:
    head = """项目名称<2|测绘普查<3
项目属性<2|新增项目□<2|延续项目☑
项目立项情况^2|项目立项的依据|测绘法<3
项目申报的必要性|数据陈旧<3
项目实施进度计划^2|项目实施内容<2|开始时间|完成时间
外业<2|2024年3月|2024年5月
资金情况（万元）<2^3|资金来源<2|
资金总额<2|90.00
其中：财政拨款<2|80.00
"""
    conversion = convert_text(tmp_path, f"云岭市测绘服务局2024年部门预算\n\n项目绩效目标表\n{head}{INDICATORS}")
    (project,) = conversion.budget.projects
    assert project.total_budget == 900000
    assert [(line.label, line.parent) for line in project.funding] == [("资金总额", None), ("财政拨款", 1)]
    assert project.statements == {
        "项目属性": "新增项目□延续项目☑",
        "项目立项的依据": "测绘法",
        "项目申报的必要性": "数据陈旧",
    }
    listed = " ".join(str(problem) for problem in conversion.problems)
    assert all(words in listed for words in ("项目实施内容", "外业 | 2024年3月 | 2024年5月"))
    assert "project-kind" not in {problem.code for problem in conversion.problems}


def test_numbers_in_a_fund_block_say_what_is_part_of_what(tmp_path: Path) -> None:
    head = """项目名称<2|测绘普查<3
主管部门<2|某局|实施单位|某科
项目资金（万元）<2^6|年度资金总额|9.30<2
（一）财政拨款小计|6.30<2
1、一般公共预算|5.30<2
2、政府性基金|1.00<2
（二）自有资金小计|3.00<2
1、事业收入|3.00<2
"""
    text = f"云岭市测绘服务局2024年部门预算\n\n项目绩效目标表\n{head}{INDICATORS}"
    conversion = convert_text(tmp_path, text)
    (project,) = conversion.budget.projects
    assert [(line.order, line.label, line.parent) for line in project.funding] == [
        (1, "年度资金总额", None),
        (2, "财政拨款小计", 1),
        (3, "一般公共预算", 2),
        (4, "政府性基金", 2),
        (5, "自有资金小计", 1),
        (6, "事业收入", 5),
    ]
    assert "PJ-3" not in faults(conversion)
    assert "PJ-3" in faults(convert_text(tmp_path, text.replace("5.30", "5.20")))


def test_a_column_of_executed_amounts_is_no_part_of_the_whole(tmp_path: Path) -> None:
    head = """项目名称<2|测绘普查<3
主管部门<2|某局|实施单位|某科
资金情况（万元）^3||预算数|执行数|执行率
资金总额|90.00|88.00|98%
其中：财政拨款||88.00|
"""
    conversion = convert_text(tmp_path, f"云岭市测绘服务局2024年部门决算\n\n项目绩效自评表\n{head}{INDICATORS}")
    (project,) = conversion.budget.projects
    assert project.total_budget == 900000
    assert project.funding == ()


FIRST = """项目名称|测绘普查|||
主管部门|某局||实施单位|某科
绩效指标|一级指标|二级指标|三级指标|指标值
|产出指标|数量指标|普查面积|≥100平方公里
||质量指标|合格率|≥98%
||时效指标|完成时间|2024年6月底前
||成本指标|总成本|≤9万元
|效益指标|社会效益指标|使用人数|≥900人
||可持续影响指标|使用年限|≥5年
|满意度指标|服务对象满意度指标|群众满意度|≥95%
"""
SECOND = FIRST.replace("测绘普查", "地图更新").replace("普查面积", "更新图幅")
LABELS = ["普查面积", "合格率", "完成时间", "总成本", "使用人数", "使用年限", "群众满意度"]
#: What stands on the second page before the rest of the form, and behind it.
PAGES = {
    "the next form": ("", SECOND),
    "the first row again": (FIRST.splitlines(keepends=True)[0], ""),
    "the head again": ("".join(FIRST.splitlines(keepends=True)[:2]), SECOND),
    "the title of the next form": ("", f"项目绩效目标表||||\n{SECOND}"),
}


@pytest.mark.parametrize(("again", "following"), PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("cut", [4, 7])
def test_forms_that_share_a_page(tmp_path: Path, cut: int, again: str, following: str) -> None:
    lines = FIRST.splitlines(keepends=True)
    front = "云岭市测绘服务局2024年部门预算\n\n项目绩效目标表\n"
    pages = "".join(lines[:cut]), again + "".join(lines[cut:]) + following
    projects = convert_text(tmp_path, front + "\n".join(pages)).budget.projects
    assert [p.label for p in projects] == ["测绘普查", *(["地图更新"] if following else [])]
    found = [[i.label for o in p.objectives for i in o.indicators] for p in projects]
    assert found == [LABELS, ["更新图幅", *LABELS[1:]]][: len(projects)]
