"""What the stub of a profile says of a table whose title is known and whose header is not."""

from pathlib import Path

import pytest

from budgetgraph.converter.layouts.suggestions import profile_stub
from budgetgraph.converter.pipeline import Settings
from budgetgraph.converter.profiles import parse_profile, shipped_profiles
from tests.converter.publications import SPENDING, TITLE, convert_text, figures


def stub_of(folder: Path, text: str) -> str:
    conversion = convert_text(folder, text)
    (unknown,) = (*conversion.unknown, *conversion.partly)
    return profile_stub(unknown.table, unknown.caption, [s for p in shipped_profiles() for s in p.tables])


def test_the_title_says_kind_and_fund_and_the_structure_what_funds_are(tmp_path: Path) -> None:
    head = "财政拨款“三公”经费预算表\n单位：万元\n项目^2|测算依据^2|资金来源<3|备考^2\n合计|一般公共预算|政府性基金预算"
    rows = "公务接待费|定额|6.00|4.00|2.00|甲\n公务用车运行维护费|定额|14.00|14.00||乙\n合计||20.00|18.00|2.00|"
    text = f"{TITLE}{SPENDING}\n{head}\n{rows}\n"
    stub = stub_of(tmp_path, text)
    assert "kind: three-public" in stub
    assert "fund: appropriation" in stub
    assert "revenueSource" not in stub
    assert "{role: text, header: ['测算依据']}  # ? label, unit-label or text" in stub
    assert "备考" not in stub.partition("# row")[0]
    after = convert_text(tmp_path, text, Settings(profiles=(parse_profile(stub, "stub.yaml"),)))
    (data_set,) = [d for d in after.budget.data_sets if d.table_kind == "three-public"]
    found = figures(after, data_set.id)
    assert (found["_T"], found["govFund"], found["reception general"]) == ("20.00", "2.00", "4.00")


def test_classes_are_those_of_the_titles_classification(tmp_path: Path) -> None:
    head = "支出预算分类汇总表（按政府预算经济分类）\n单位：万元\n科目编码|科目名称|列示数|对个人和家庭的补助"
    stub = stub_of(tmp_path, f"{TITLE}{SPENDING}\n{head}\n201|一般公共服务支出|90.00|90.00\n")
    assert "header: ['对个人和家庭的补助'], dimensions: {govEconomicClass: '509'}" in stub


@pytest.mark.parametrize(("word", "structure"), [("收入", "revenue"), ("支出", "expenditure")])
def test_one_word_is_a_source_of_revenue_and_a_fund_of_expenditure(tmp_path: Path, word: str, structure: str) -> None:
    head = f"部门{word}总表\n单位：万元\n科目编码^2|科目名称^2|列示数^2|资金来源<2\n一般公共预算|政府性基金预算"
    stub = stub_of(tmp_path, f"{TITLE}{SPENDING}\n{head}\n201|一般公共服务支出|90.00|90.00|0.00\n")
    assert f"structure: {structure}  #" in stub
    name = {"revenue": "revenueSource", "expenditure": "fund"}[structure]
    assert f"dimensions: {{{name}: 'general'}}" in stub
