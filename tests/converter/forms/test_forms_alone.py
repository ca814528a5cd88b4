"""Files with performance forms alone, and texts without a table: what they are of, and what they are taken for."""

import pytest

from budgetgraph.converter.pipeline import NoBudgetTableError, Settings
from budgetgraph.converter.sources.bundles import open_publications
from tests.converter.publications import SPENDING, TITLE, as_html, codes, convert_text

FORM = """项目支出绩效目标表
（2024年度）
项目名称<2|测绘普查<3
主管部门<2|301-云岭市测绘服务局|实施单位|云岭市测绘中心
绩效目标<2|完成普查。<3
绩效指标^3|一级指标|二级指标|三级指标|指标值
产出指标|数量指标|普查面积|≥100平方公里
满意度指标|服务对象满意度指标|群众满意度|≥95%
"""
EVALUATED = FORM.replace("绩效目标表", "绩效自评表").replace("指标值\n", "年度指标值\n")


def test_forms_alone_are_a_publication(tmp_path):
    conversion = convert_text(tmp_path, FORM)
    budget = conversion.budget
    assert (budget.department.names[0], budget.fiscal_year, budget.kind) == ("云岭市测绘服务局", 2024, "budget")
    assert budget.title == "云岭市测绘服务局2024年度项目支出绩效目标表"
    assert [i.target.text for i in budget.projects[0].objectives[0].indicators] == ["≥100平方公里", "≥95%"]
    assert budget.data_sets == ()
    assert codes(conversion) == set()


def test_a_self_evaluation_is_of_a_final_account(tmp_path):
    assert convert_text(tmp_path, EVALUATED).budget.kind == "final_account"


def test_the_day_on_which_a_form_was_filled_in_is_no_year_of_it(tmp_path):
    text = EVALUATED.replace("（2024年度）", "填报日期：2025年2月18日").replace("项目支出", "2024年度项目支出", 1)
    assert convert_text(tmp_path, text).budget.fiscal_year == 2024


def test_forms_of_several_bodies_name_none(tmp_path):
    conversion = convert_text(tmp_path, f"{FORM}\n{FORM.replace('测绘服务局', '地图局')}")
    assert conversion.budget.department.names == ("publication.html",)
    assert len(conversion.budget.projects) == 2


@pytest.mark.parametrize(
    "text",
    [
        FORM.replace("（2024年度）", "（2024年度）\n\n（2023年度）"),  # which year?
        FORM.replace("（2024年度）", ""),  # no year
        "云岭市测绘服务局2024年部门预算\n本单位2024年有关情况，涉及100万元。\n",  # no figure of a table
        "云岭市测绘服务局2024年部门预算\n\n项目名称|负责人\n普查|某某\n",
    ],
)
def test_what_is_refused(tmp_path, text):
    with pytest.raises(NoBudgetTableError):
        convert_text(tmp_path, text)


def test_a_text_without_a_table(tmp_path):
    text = "云岭市测绘服务局2024年部门预算\n\n二、支出预算情况说明\n\n2024年支出预算90万元，其中：基本支出60万元。\n"
    budget = convert_text(tmp_path, text).budget
    assert [(c.topic, c.amount_text) for c in budget.claims] == [("支出预算", "90万元"), ("基本支出", "60万元")]


def _files(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(as_html(text), encoding="utf-8")


def _found(folder):
    with open_publications([folder], Settings()) as opened:
        return [[file.name.rpartition("/")[2] for file in each.files] for each in opened.publications]


def test_forms_are_of_the_publication_that_they_lie_beside(tmp_path):
    _files(tmp_path, a=f"{TITLE}{SPENDING}", b=FORM, c=FORM.replace("普查", "测量"))
    assert _found(tmp_path) == [["a.html", "b.html", "c.html"]]


def test_forms_of_another_year_or_phase_are_not(tmp_path):
    _files(tmp_path, a=f"{TITLE}{SPENDING}", b=FORM.replace("2024", "2023"), c=EVALUATED)
    assert _found(tmp_path) == [["a.html"], ["b.html"], ["c.html"]]


def test_forms_beside_several_publications_are_that_body_s(tmp_path):
    other = f"{TITLE}{SPENDING}".replace("测绘服务局", "地图局").replace("0.00", "1.00")
    _files(tmp_path, a=f"{TITLE}{SPENDING}", b=other, c=FORM, d=FORM.replace("301-云岭市测绘服务局", "云岭市天文局"))
    assert _found(tmp_path) == [["a.html", "c.html"], ["b.html"], ["d.html"]]


def test_the_year_of_forms_is_not_that_of_the_tables_beside_them(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{FORM.replace('2024', '2023')}")
    assert conversion.budget.fiscal_year == 2024


def test_a_line_about_expenses_is_no_name(tmp_path):
    text = "云岭市测绘服务局“三公”经费情况\n2024年“三公”经费预算安排情况\n\n“三公”经费预算总计21.8万元。\n"
    assert convert_text(tmp_path, text).budget.department.names == ("publication.html",)
