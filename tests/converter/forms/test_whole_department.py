"""整体支出绩效目标表 in one table: the department, its money and its objective span the rows of the indicators."""

from tests.converter.publications import SPENDING, TITLE, convert_text

HEAD = """整体支出绩效目标表
单位：万元
单位名称^2|年度预算申请<2|整体绩效目标^2|部门整体支出年度绩效目标<5
资金总额|项目支出|一级指标|二级指标|三级指标|指标值|计量单位
"""
ROWS = """云岭市测绘服务局^4|90.00^4|30.00^4|做好测绘服务^4|产出指标^2|数量指标|测绘项目|120|个
质量指标|成果合格率|98|%
效益指标|社会效益指标|成果应用|良好|
满意度指标|服务对象满意度指标|用户满意度|95|%
"""


def _read(conversion):
    (objective,) = conversion.budget.objectives
    return {i.label: (i.level1, i.level2, i.targets[0].text) for i in objective.indicators}


def test_indicators_beside_cells_that_span_them(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{HEAD}{ROWS}")
    assert _read(conversion) == {
        "测绘项目": ("output", "output-quantity", "120个"),
        "成果合格率": ("output", "output-quality", "98%"),
        "成果应用": ("benefit", "benefit-social", "良好"),
        "用户满意度": ("satisfaction", "satisfaction-served", "95%"),
    }
    assert conversion.coverage.is_complete


def test_the_level_of_a_row_that_is_not_understood_holds_below_it(tmp_path):
    rows = ROWS.replace("云岭市测绘服务局^4|90.00^4", "云岭市测绘服务局|90.00^4").replace("质量指标", "|质量指标", 1)
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{HEAD}{rows}")
    read = _read(conversion)
    assert "测绘项目" not in read
    assert read["成果合格率"][:2] == ("output", "output-quality")
    assert conversion.coverage.is_complete
