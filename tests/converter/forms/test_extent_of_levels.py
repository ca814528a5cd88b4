"""Labels merged over their rows say where they end; a table of tasks ends where the next head stands."""

from tests.converter.publications import SPENDING, TITLE, convert_text

HEAD = "部门整体绩效目标表\n部门名称|云岭市测绘服务局<4\n年度履职目标|完成普查。<4\n"
HEADER = "一级指标|二级指标|三级指标|指标值|备注\n"
ROWS = """投入管理指标^3|工作目标管理^2|目标相关性|相关|
任务科学性|科学|
预算管理|预算编制完整性|完整|
产出指标^2|重点任务|普查面积|≥100平方公里|
履职目标|参加人数|≥30人|
效益指标|履职效益|使用地图的人数|≥900人|
"""
SATISFACTION = "满意度|群众满意度<2|≥90%|\n"


def _indicators(tmp_path, rows, header=HEADER):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{HEAD}{header}{rows}")
    (objective,) = conversion.budget.objectives
    assert objective.label == "完成普查。"
    assert conversion.coverage.unexplained == 0
    return conversion, [(i.label, i.level1, i.level1_label) for i in objective.indicators]


def test_a_level_of_no_known_name_is_that_of_its_rows(tmp_path):
    conversion, found = _indicators(tmp_path, ROWS)
    assert found == [
        ("目标相关性", "", "投入管理指标"),
        ("任务科学性", "", "投入管理指标"),
        ("预算编制完整性", "", "投入管理指标"),
        ("普查面积", "output", "产出指标"),
        ("参加人数", "output", "产出指标"),
        ("使用地图的人数", "benefit", "效益指标"),
    ]
    assert [p.code for p in conversion.problems].count("level-unknown") == 3


def test_a_level_behind_merged_ones_is_of_no_other(tmp_path):
    _, found = _indicators(tmp_path, ROWS + SATISFACTION)
    assert found[-1] == ("群众满意度", "satisfaction", "满意度")


def test_a_name_of_both_levels_below_a_level_that_goes_on(tmp_path):
    rows = "效益指标^2|社会效益|使用地图的人数|≥900人|\n满意度指标|群众满意度|≥90%|\n"
    _, found = _indicators(tmp_path, rows)
    assert found[-1] == ("群众满意度", "benefit", "效益指标")


def test_a_target_is_no_name(tmp_path):
    rows = ROWS + "成本|人均成本|≤1000元/人|20|\n"
    _, found = _indicators(tmp_path, rows)
    assert "≤1000元/人" not in [label for label, *_ in found]


def test_tasks_end_where_the_next_head_stands(tmp_path):
    tasks = "年度主要任务^2|任务名称<2|主要内容<2\n普查<2|普查全市<2\n"
    money = "预算情况^2|部门预算总额（万元）<2|90.00<2\n（1）政府预算资金<2|90.00<2\n"
    conversion, _ = _indicators(tmp_path, ROWS, tasks + money + HEADER)
    assert [(t.text, t.content) for t in conversion.budget.tasks] == [("普查", "普查全市")]
    assert [(f.label, f.text) for d in conversion.budget.data_sets for f in d.figures if d.id.startswith("over")] == [
        ("部门预算总额（万元）", "90.00")
    ]
    assert "（1）政府预算资金 | 90.00" in " ".join(str(p) for p in conversion.problems if p.code == "unknown-label")


def test_an_indicator_with_the_words_of_an_earlier_one_is_not_a_row_printed_again(tmp_path):
    rows = "产出指标^4|质量指标^2|合格率|100%|\n及时率|≥95%|\n时效指标^2|工作天数|≤30天|\n及时率|≥95%|\n"
    _, found = _indicators(tmp_path, rows)
    assert [name for name, _, _ in found] == ["合格率", "及时率", "工作天数", "及时率"]
