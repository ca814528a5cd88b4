"""Forms of other bodies: column sets and weights as they are published, written down with invented projects."""

from decimal import Decimal

import pytest

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.forms import of_department
from tests.converter.forms.conftest import ReadForms
from tests.converter.forms.written_forms import HEAD, form, indicators, targets

VALUE_COLUMNS = """
指标值 年度指标值 年度（/项目）指标值 年度数值 指标目标值 指标值及单位
指标值（包含数字及文字描述） 预期2021年实现值 2021年指标值
"""


@pytest.mark.parametrize("header", VALUE_COLUMNS.split())
def test_value_alone(read: ReadForms, header: str) -> None:
    forms = read(form(header, "产出指标|数量指标|保洁河道|≥12条", "||打捞垃圾|3,000吨"))
    assert targets(forms) == [("保洁河道", "ge", Decimal(12), "条"), ("打捞垃圾", "eq", Decimal(3000000), "吨")]
    assert forms.problems == ()


@pytest.mark.parametrize("header", ["指标内容", "指标名称", "三级指标"])
def test_names_of_the_name_column(read: ReadForms, header: str) -> None:
    text = form("指标值", "产出指标|数量指标|保洁河道|≥12条").replace("|三级指标|", f"|{header}|")
    assert targets(read(text)) == [("保洁河道", "ge", Decimal(12), "条")]


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("指标值|备注", "≥12条|含支流"),
        ("指标值|绩效标准", "≥12条|含支流"),
        ("指标解释|指标值", "含支流|≥12条"),
        ("指标值|指标解释", "≥12条|含支流"),
        ("指标值|评（扣）分标准", "≥12条|含支流"),
    ],
)
def test_text_beside_the_value(read: ReadForms, columns: str, row: str) -> None:
    (found,) = indicators(read(form(columns, f"产出指标|数量指标|保洁河道|{row}")))
    assert (found.target.text, found.standard, found.remarks) == ("≥12条", "含支流", ())


def test_several_columns_of_text(read: ReadForms) -> None:
    forms = read(form("绩效标准|指标值|评分标准|备注", "产出指标|数量指标|保洁河道|行业标准|≥12条|少一条扣1分|含支流"))
    (found,) = indicators(forms)
    assert (found.standard, found.remarks) == ("行业标准", ("评分标准：少一条扣1分", "备注：含支流"))
    assert forms.problems == ()


ORDERS = {
    "comparator, value, unit": ("计算符号|目标值|度量单位", "≥|12|条", "|优|"),
    "comparator called nature, value, unit": ("指标性质|指标值|度量单位", "≥|12|条", "定性|优|"),
    "unit, comparator, value": ("计量单位|指标性质|指标值", "条|≥|12", "|定性|优"),
    "nature and comparator changed about": (
        "指标性质|指标方向|目标值|计量单位",
        "≥|正向|12|条",
        "定性||优|",
    ),
    "nature, comparator, value, unit": ("指标性质|指标方向|目标值|计量单位", "正向|大于等于|12|条", "定性||优|"),
}


@pytest.mark.parametrize(("columns", "number", "words"), ORDERS.values(), ids=ORDERS)
def test_comparator_and_unit_in_columns_of_their_own(read: ReadForms, columns: str, number: str, words: str) -> None:
    forms = read(form(columns, f"产出指标|数量指标|保洁河道|{number}", f"||水面整洁|{words}"))
    assert targets(forms) == [("保洁河道", "ge", Decimal(12), "条"), ("水面整洁", None, None, "")]
    natures = [i.nature for i in indicators(forms)]
    assert natures == [
        "正向" if "正向" in number else None,
        "定性" if "定性" in words else None,
    ]
    assert forms.problems == ()


def test_kind_of_indicator_in_a_column(read: ReadForms) -> None:
    forms = read(
        form("指标值类型|计算符号|指标值", "产出指标|数量指标|保洁河道|定量|≥|12条", "|质量指标|水面整洁|定量|=|优良")
    )
    assert [i.nature for i in indicators(forms)] == ["定量", "定量"]
    assert [p.code for p in forms.problems] == ["value-contradiction"]
    assert "优良" in forms.problems[0].message


@pytest.mark.parametrize(
    ("columns", "row", "weight"),
    [
        ("指标值|分值", "≥12条|22.5", "22.5"),
        ("分值|指标值", "22.5|≥12条", "22.5"),
        ("指标值|权重", "≥12条|10%", "10"),
        ("指标值|权重（%）|备注", "≥12条|10.3|含支流", "10.3"),
    ],
)
def test_weights_of_each_row(read: ReadForms, columns: str, row: str, weight: str) -> None:
    forms = read(form(columns, f"产出指标|数量指标|保洁河道|{row}"))
    (found,) = indicators(forms)
    assert (found.weight, found.target.minimum, found.target.unit) == (Decimal(weight), Decimal(12), "条")
    assert forms.problems == ()


def test_weights_behind_the_names_of_levels(read: ReadForms) -> None:
    forms = read(
        form(
            "指标值",
            "产出指标(50分)|数量指标（20分）(必填)|保洁河道|≥12条",
            "|质量指标|合格率|≥95%",
            "成本指标(0-20)分|经济成本指标|单价|≤3万元",
        )
    )
    found = [(i.level1, i.level2, i.level1_weight, i.level2_weight, i.weight) for i in indicators(forms)]
    assert found == [
        ("output", "output-quantity", Decimal(50), Decimal(20), None),
        ("output", "output-quality", Decimal(50), None, None),
        ("cost", "cost-economic", None, None, None),
    ]


def test_weights_of_both_levels_and_of_the_indicator(read: ReadForms) -> None:
    forms = read(
        HEAD
        + "绩效指标|一级指标|权重|二级指标|分值|三级指标|分值|指标值\n"
        + "|产出指标|50|数量指标|30|保洁河道|20|≥12条\n|||||打捞次数|10|≥3次\n|||质量指标|20|合格率|20|≥95%\n"
    )
    found = [f"{i.label} {i.level1_weight} {i.level2_weight} {i.weight}" for i in indicators(forms)]
    assert found == ["保洁河道 50 30 20", "打捞次数 50 30 10", "合格率 50 20 20"]
    assert forms.problems == ()


def test_two_earlier_years_beside_the_target(read: ReadForms) -> None:
    forms = read(
        HEAD
        + "绩效指标|一级指标|二级指标|三级指标|指标值|||绩效标准\n||||近两年指标值||预期当年实现值|\n"
        + "||||2019年|2020年||\n"
        + "|产出指标|数量指标|保洁河道|10条|11条|≥12条|计划\n"
    )
    (found,) = indicators(forms)
    assert [(e.year, e.text, e.unit) for e in found.earlier] == [(2019, "10条", "条"), (2020, "11条", "条")]
    assert (found.target.text, found.further, found.standard) == ("≥12条", (), "计划")


def test_last_year_beside_this(read: ReadForms) -> None:
    forms = read(form("2020年实际实现值|预期2021年实现值", "产出指标|数量指标|保洁河道|11条|≥12条"))
    (found,) = indicators(forms)
    assert [(e.year, e.text) for e in found.earlier] == [(2020, "11条")]
    assert (found.target.text, found.target.comparator) == ("≥12条", "ge")


@pytest.mark.parametrize(
    ("columns", "periods"),
    [
        ("年度目标值|实施周期目标值", ["annual", "medium"]),
        ("半年（程）|全年（程）", ["half-year", "annual"]),
    ],
)
def test_targets_of_two_periods(read: ReadForms, columns: str, periods: list[str]) -> None:
    forms = read(form(columns, "产出指标|数量指标|保洁河道|≥12条|≥36条"))
    (found,) = indicators(forms)
    both = [found.target, *found.further]
    assert [(t.period, t.text, t.column) for t in both] == [
        (periods[0], "≥12条", columns.split("|")[0]),
        (periods[1], "≥36条", columns.split("|")[1]),
    ]
    assert forms.problems == ()


def test_half_year_and_year_under_one_header(read: ReadForms) -> None:
    forms = read(
        HEAD + "绩效指标|一级指标|二级指标|三级指标|指标值|\n||||半年|全年\n|产出指标|数量指标|保洁河道|≥6条|≥12条\n"
    )
    (found,) = indicators(forms)
    assert [(t.period, t.text) for t in (found.target, *found.further)] == [("half-year", "≥6条"), ("annual", "≥12条")]


def test_a_column_for_each_village(read: ReadForms) -> None:
    forms = read(
        HEAD
        + "绩效指标|一级指标|二级指标|三级指标|指标值|||备注\n||||甲村|乙村|丙村|\n"
        + "|产出指标|数量指标|保洁河道|≥1条|2条|≥3条|\n|||清淤|≥1次||≥2次|\n"
    )
    found = [[(t.column, t.text) for t in (i.target, *i.further)] for i in indicators(forms)]
    assert found == [
        [("甲村", "≥1条"), ("乙村", "2条"), ("丙村", "≥3条")],
        [("甲村", "≥1次"), ("丙村", "≥2次")],
    ]
    assert forms.problems == ()


def test_grades_are_no_targets(read: ReadForms) -> None:
    forms = read(form("优|良|中|差", "产出指标|质量指标|水面整洁|95%以上|90%-95%|80%以上|＜80%"))
    (found,) = indicators(forms)
    assert [(v.column, v.comparator, str(v.value)) for v in found.graded] == [
        ("优", "ge", "95"),
        ("良", "between", "90"),
        ("中", "ge", "80"),
        ("差", "lt", "80"),
    ]
    assert (found.targets, forms.problems) == ((), ())


def test_grades_beside_a_target_and_grades_in_words(read: ReadForms) -> None:
    row = "效益指标|社会效益指标|居民评价|好|很好|好|一般|10|按评价计分"
    forms = read(form("指标值|优秀|良好|不合格|分值|评分规则", row))
    (found,) = indicators(forms)
    assert [(v.column, v.kind, v.text) for v in found.graded] == [
        ("优秀", "qualitative", "很好"),
        ("良好", "qualitative", "好"),
        ("不合格", "qualitative", "一般"),
    ]
    assert (found.target.text, found.target.column, str(found.weight), found.standard) == ("好", "", "10", "按评价计分")


def test_levels_may_stand_behind_the_name(read: ReadForms) -> None:
    forms = read(
        HEAD
        + "绩效指标|三级指标|二级指标|一级指标|指标值\n"
        + "|保洁河道|数量指标|产出指标|≥12条\n|居民满意度|服务对象满意度指标|满意度指标|≥90%\n"
    )
    assert [(i.level1, i.level2, i.label, i.target.text) for i in indicators(forms)] == [
        ("output", "output-quantity", "保洁河道", "≥12条"),
        ("satisfaction", "satisfaction-served", "居民满意度", "≥90%"),
    ]


UNITS = """部门整体绩效目标汇总表
序号|单位名称|年度绩效目标|一级指标|二级指标|三级指标|指标值|分值|计分标准
1|某局|河道清洁|产出指标|数量指标|保洁河道|≥12条|10|少一条扣1分
||||时效指标|完工时间|2024年11月底前|5|
2|某河道所|水面整洁|产出指标|质量指标|整洁率|≥95%|10|
"""


def test_one_table_for_all_units(read: ReadForms) -> None:
    forms = read(UNITS)
    found = [(o.unit, o.label, [(i.label, i.target.text) for i in o.indicators]) for o in forms.objectives]
    assert found == [
        ("某局", "河道清洁", [("保洁河道", "≥12条"), ("完工时间", "2024年11月底前")]),
        ("某河道所", "水面整洁", [("整洁率", "≥95%")]),
    ]
    assert (forms.problems, forms.projects) == ((), ())
    assert len({o.id for o in forms.objectives}) == 2


def test_what_a_table_of_units_says_of_the_department_is_the_departments(read: ReadForms) -> None:
    found = of_department(read(UNITS), frozenset({"某局"}))
    assert [o.unit for o in found.objectives] == [None, "某河道所"]


WIDE = """项目支出绩效目标汇总表
项目名称|预算金额|年度绩效目标|数量指标|质量指标|时效指标|成本指标|社会效益指标|满意度指标
河道保洁|20.00|河道清洁|保洁河道≥12条；清淤≥2次|合格率≥98%|2024年11月底前|≤20万元|良好|≥90%
垃圾清运|10.00|及时清运|5幅|||≤10万元||
合计|30.00|||||||
"""
WIDE_IN_TWO_ROWS = """项目支出绩效目标汇总表
序号|单位名称|年度绩效目标|产出指标|||效益指标|满意度指标
|||数量指标|质量指标|成本指标|社会效益指标|服务对象满意度指标
1|某河道所|河道清洁|≥12条|合格率≥98%|≤20万元|良好|≥90%
"""


def test_a_column_for_each_class_of_indicators(read: ReadForms) -> None:
    forms = read(WIDE)
    first, second = forms.projects
    assert [(i.level1, i.level2, i.label, [t.text for t in i.targets]) for i in first.objectives[0].indicators] == [
        ("output", "output-quantity", "数量指标", ["保洁河道≥12条", "清淤≥2次"]),
        ("output", "output-quality", "合格率", ["合格率≥98%"]),
        ("output", "output-timeliness", "时效指标", ["2024年11月底前"]),
        ("cost", None, "成本指标", ["≤20万元"]),
        ("benefit", "benefit-social", "社会效益指标", ["良好"]),
        ("satisfaction", None, "满意度指标", ["≥90%"]),
    ]
    assert [i.label for i in second.objectives[0].indicators] == ["数量指标", "成本指标"]
    assert (first.label, first.objectives[0].label, first.statements) == ("河道保洁", "河道清洁", {"预算金额": "20.00"})
    assert [p.code for p in forms.problems] == ["form-row-unknown"]  # the total


def test_classes_stand_below_their_level_1_and_may_be_of_units(read: ReadForms) -> None:
    forms = read(WIDE_IN_TWO_ROWS)
    (objective,) = forms.objectives
    assert (objective.unit, objective.label) == ("某河道所", "河道清洁")
    assert [(i.level1, i.level2) for i in objective.indicators] == [
        ("output", "output-quantity"),
        ("output", "output-quality"),
        ("output", "output-cost"),
        ("benefit", "benefit-social"),
        ("satisfaction", "satisfaction-served"),
    ]
    assert forms.problems == ()


SIDES = """项目绩效目标|中期目标|||年度目标||
|三年内河道清洁|||今年河道清洁||
"""


def test_medium_term_and_year_side_by_side(read: ReadForms) -> None:
    head = HEAD.replace("项目绩效总目标|河道清洁||||\n", SIDES)
    header = "绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值\n"
    rows = (
        "|产出指标|数量指标|保洁河道|≥36条|数量指标|保洁河道|≥12条\n||||||清淤|≥2次\n"
        "|效益指标|社会效益指标|居民投诉|≤9起|社会效益指标|居民投诉|≤3起\n"
    )
    (project,) = read(head + header + rows).projects
    found = {
        o.horizon: [(i.level1, i.level2, i.label, i.target.text) for i in o.indicators] for o in project.objectives
    }
    assert found == {
        "long": [
            ("output", "output-quantity", "保洁河道", "≥36条"),
            ("benefit", "benefit-social", "居民投诉", "≤9起"),
        ],
        "annual": [
            ("output", "output-quantity", "保洁河道", "≥12条"),
            ("output", "output-quantity", "清淤", "≥2次"),
            ("benefit", "benefit-social", "居民投诉", "≤3起"),
        ],
    }


def test_unknown_column_is_listed_and_takes_nothing_with_it(read: ReadForms) -> None:
    forms = read(form("指标值|责任股室", "产出指标|数量指标|保洁河道|≥12条|水利股", "||清淤|≥2次|水利股"))
    assert targets(forms) == [("保洁河道", "ge", Decimal(12), "条"), ("清淤", "ge", Decimal(2), "次")]
    assert [i.standard for i in indicators(forms)] == [None, None]
    assert [p.code for p in forms.problems] == ["unknown-column", "unknown-column"]


def test_empty_rows_and_what_the_template_left(read: ReadForms) -> None:
    forms = read(form("指标值", "产出指标|数量指标|保洁河道|≥12条", "|质量指标||", "|时效指标|清淤|≧ %", "||里程|公里"))
    assert [(i.label, i.target.kind) for i in indicators(forms)] == [
        ("保洁河道", "quantitative"),
        ("清淤", "qualitative"),
        ("里程", "qualitative"),
    ]
    assert [p.code for p in forms.problems] == ["target-unfilled", "target-unfilled"]


@pytest.mark.parametrize(("value", "unit"), [("28.8万元", "%"), ("5人/10万人", "%"), ("3天", "件")])
def test_unit_column_that_contradicts_the_value(read: ReadForms, value: str, unit: str) -> None:
    forms = read(form("指标值|计量单位", f"产出指标|数量指标|保洁费用|{value}|{unit}"))
    (found,) = indicators(forms)
    assert (found.target.kind, found.target.value) == ("qualitative", None)
    assert [p.code for p in forms.problems] == ["value-contradiction"]
    assert value in forms.problems[0].message


@pytest.mark.parametrize(
    ("name", "value", "reported"),
    [
        ("合格率", "292%", True),
        ("居民满意度", "290%", True),
        ("垃圾清运比例", "≥180%", True),
        ("合格率", "≥100%", False),
        ("收入增长率", "292%", False),
        ("投资完成额", "292%", False),
        ("合格率", "%=99百分比", False),
        ("完成数", "达到预计值210010", False),
    ],
)
def test_misread_values_are_published_as_printed_and_reported(
    read: ReadForms, name: str, value: str, reported: bool
) -> None:
    forms = read(form("指标值", f"产出指标|质量指标|{name}|{value}"))
    (found,) = indicators(forms)
    assert found.target.text == value
    if found.target.value is not None:
        assert f"{found.target.value}%" == value.lstrip("≥")
    assert [p.code for p in forms.problems] == (["target-implausible"] if reported else [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("苗木成活率（≥**%）", "85"),
        ("质量达标率100%", "是"),
        ("开展活动300场", "按计划"),
        ("温度14-24℃、湿度45%-60%", "符合"),
        ("保洁（≥12条）", "完成"),
    ],
)
def test_numbers_in_names_are_never_targets(read: ReadForms, name: str, value: str) -> None:
    (found,) = indicators(read(form("指标值", f"产出指标|质量指标|{name}|{value}")))
    assert found.label == name
    assert (found.target.text, found.target.unit) == (value, "")
    assert found.target.value == (Decimal(value) if value.isdigit() else None)


@pytest.mark.parametrize(
    "text",
    [
        "【产出指标-数量指标】指标1：保洁河道（≥12条）；【效益指标-社会效益指标】指标2：居民投诉（≤3起）",
        "【产出指标-数量指标】保洁河道（≥12条）【效益指标-社会效益指标】居民投诉（≤3起）",
        "产出指标—数量指标：保洁河道≥12条；效益指标—社会效益指标：居民投诉不超过3起。",
        "1.数量指标：保洁河道不少于12条；2.社会效益指标：居民投诉（≤3起）",
    ],
)
def test_indicators_in_one_cell_with_their_levels(read: ReadForms, text: str, ledger: Ledger) -> None:
    forms = read(HEAD + f"绩效指标|{text}\n")
    found = [
        (i.level1, i.level2, i.label, i.target.comparator, i.target.value, i.target.unit) for i in indicators(forms)
    ]
    assert found == [
        ("output", "output-quantity", "保洁河道", "ge", Decimal(12), "条"),
        ("benefit", "benefit-social", "居民投诉", "le", Decimal(3), "起"),
    ]
    assert forms.projects[0].statements["绩效指标"] == text
    assert forms.problems == ()
    places = [i.place.locator for i in indicators(forms)]
    assert places[0] != places[1]


@pytest.mark.parametrize(
    "text",
    [
        "完成河道保洁，保持水面整洁，居民投诉不超过3起。",
        "【产出指标-数量指标】保洁河道（≥12条）；另有河道巡查若干",
        "【产出指标-某某指标】保洁河道（≥12条）",
        "【产出指标-社会效益指标】保洁河道（≥12条）",
        "数量指标：保洁河道12条",
        "数量指标：12条以上的河道（市管）保洁",
        "经济效益：节约能源，带动就业10人",
    ],
)
def test_indicators_in_one_cell_of_text_are_kept_as_text_and_listed(read: ReadForms, text: str, ledger: Ledger) -> None:
    forms = read(HEAD + f"绩效指标|{text}\n")
    (project,) = forms.projects
    assert project.statements["绩效指标"] == text
    assert indicators(forms) == []
    assert [p.code for p in forms.problems] == ["indicators-as-text"]


def test_every_cell_is_accounted_for(read: ReadForms, ledger: Ledger) -> None:
    forms = read(
        form(
            "指标值|分值|责任股室",
            "产出指标(50分)|数量指标|保洁河道|≥12条|10|水利股",
            "||清淤|9|8|7|6",
            "甲|乙",
            "||丙||",
        )
    )
    assert ledger.unexplained(block for block in forms.used if isinstance(block, Grid)) == []
    assert [i.label for i in indicators(forms)][:1] == ["保洁河道"]
