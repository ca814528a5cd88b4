"""Tables of one kind in one file that contradict each other: what is printed says whose they are, or nothing does."""

import pytest

from budgetgraph.converter.exceptions import SourceError
from tests.converter.publications import FUNCTIONS, FUNCTIONS_HEAD, TITLE, UNITS, codes, convert_text


def _rows(total, basic, project):
    return (
        f"\n201|一般公共服务支出|{total}|{basic}|{project}\n2010301|行政运行|{basic}|{basic}|\n"
        f"2010302|一般行政管理事务|{project}||{project}\n合计<2|{total}|{basic}|{project}\n"
    )


WHOLE = _rows("90.00", "60.00", "30.00")
OFFICE = _rows("60.00", "45.00", "15.00")
UNIT = _rows("30.00", "18.00", "12.00")


def _spending(rows, title="部门支出总表", unit="单位：万元"):
    return f"{title}\n{unit}\n{FUNCTIONS_HEAD}{rows}\n"


def _balance(total):
    rows = f"一、一般公共预算拨款收入|{total}|一、一般公共服务支出|{total}\n收入总计|{total}|支出总计|{total}"
    return f"部门收支总表\n单位：万元\n收入<2|支出<2\n项目|预算数|项目|预算数\n{rows}\n\n"


def _totals(conversion):
    """Return the totals of expenditure by unit and kind of table."""
    return {
        (d.unit, d.table_kind): f.text
        for d in conversion.budget.data_sets
        if d.structure == "expenditure"
        for f in d.figures
        if not set(f.dimensions.values()) - {"_T"}
    }


def _listed(conversion):
    return [p.message for p in conversion.problems if p.code == "unknown-table"]


@pytest.mark.parametrize("rows", [(WHOLE, UNIT), (UNIT, WHOLE)])
def test_of_two_tables_that_contradict_each_other_neither_is_taken(tmp_path, rows):
    with pytest.raises(SourceError, match=r"contradicts another table of its kind.*publication\.yaml"):
        convert_text(tmp_path, TITLE + "".join(map(_spending, rows)))


def test_tables_of_other_kinds_stand_beside_two_that_contradict_each_other(tmp_path):
    general = _spending(FUNCTIONS, "一般公共预算支出表")
    conversion = convert_text(tmp_path, TITLE + general + _spending(WHOLE) + _spending(UNIT))
    assert _totals(conversion) == {(None, "general-expenditure"): "90.00"}
    assert len(_listed(conversion)) == 2
    assert conversion.coverage.is_complete


def test_the_department_s_table_of_its_units_says_whose_the_tables_are(tmp_path):
    parts = [
        f"{_balance(total)}{_spending(rows)}" for total, rows in (("90.00", WHOLE), ("60.00", OFFICE), ("30.00", UNIT))
    ]
    conversion = convert_text(tmp_path, TITLE + UNITS + "".join(parts))
    assert _totals(conversion) == {
        (unit, kind): total
        for unit, total in ((None, "90.00"), ("云岭市测绘服务局（本级）", "60.00"), ("云岭市地图院", "30.00"))
        for kind in ("balance", "expenditure")
    }
    assert codes(conversion) == set()


def test_units_with_equal_totals_are_not_told_apart(tmp_path):
    units = UNITS.replace("60.00", "45.00").replace("30.00", "45.00")
    half = _rows("45.00", "35.00", "10.00")
    conversion = convert_text(tmp_path, TITLE + units + _spending(WHOLE) + _spending(half))
    assert _totals(conversion) == {(None, "expenditure"): "90.00"}
    assert len(_listed(conversion)) == 1


def test_the_sum_of_all_others_is_the_department(tmp_path):
    conversion = convert_text(tmp_path, TITLE + _spending(UNIT) + _spending(WHOLE) + _spending(OFFICE))
    assert _totals(conversion) == {(None, "expenditure"): "90.00"}
    assert len(_listed(conversion)) == 2


def test_the_text_says_which_total_is_the_department_s(tmp_path):
    text = "三、支出预算情况说明\n2024年支出预算总计90.00万元。\n"
    conversion = convert_text(tmp_path, TITLE + text + _spending(UNIT) + _spending(WHOLE))
    assert _totals(conversion) == {(None, "expenditure"): "90.00"}


def test_a_text_that_states_both_totals_says_nothing(tmp_path):
    text = "三、支出预算情况说明\n2024年支出预算总计90.00万元，其中项目支出30.00万元。\n"
    with pytest.raises(SourceError, match="contradicts another table"):
        convert_text(tmp_path, TITLE + text + _spending(UNIT) + _spending(WHOLE))


@pytest.mark.parametrize("order", [1, -1])
def test_a_balance_above_says_which_total_is_the_department_s(tmp_path, order):
    tables = "".join([_spending(WHOLE), _spending(UNIT)][::order])
    assert _totals(convert_text(tmp_path, TITLE + _balance("90.00") + tables)) == {
        (None, "balance"): "90.00",
        (None, "expenditure"): "90.00",
    }


def test_a_balance_between_two_tables_is_of_the_one_whose_total_it_has(tmp_path):
    text = "三、支出预算情况说明\n2024年支出预算总计90.00万元。\n"
    conversion = convert_text(tmp_path, TITLE + text + _spending(WHOLE) + _balance("30.00") + _spending(UNIT))
    assert _totals(conversion) == {(None, "expenditure"): "90.00"}
    assert len(_listed(conversion)) == 2


def test_numbers_that_begin_again_open_the_tables_of_the_next_body(tmp_path):
    fund = (
        f"表一\n政府性基金预算支出表\n单位：万元\n{FUNCTIONS_HEAD}\n212|城乡社区支出|5.00||5.00\n合计<2|5.00||5.00\n\n"
    )
    general = "表{}\n一般公共预算支出表\n单位：万元\n" + FUNCTIONS_HEAD
    whole = f"表二\n{_spending(WHOLE)}{general.format('三')}{WHOLE}\n"
    unit = f"{fund}表二\n{_spending(UNIT)}{general.format('三')}{UNIT}\n"
    conversion = convert_text(tmp_path, TITLE + UNITS + whole + unit)
    assert (None, "fund-expenditure") not in _totals(conversion)
    assert _totals(conversion)["云岭市地图院", "general-expenditure"] == "30.00"


def test_titles_that_say_department_and_unit_tell_the_tables_apart(tmp_path):
    text = TITLE + _spending(UNIT, "单位支出总表") + _spending(WHOLE, "部门支出总表")
    assert _totals(convert_text(tmp_path, text)) == {(None, "expenditure"): "90.00"}


def test_the_table_that_names_the_body_is_the_body_s(tmp_path):
    named = _spending(WHOLE, unit="填报单位：云岭市测绘服务局 单位：万元")
    assert _totals(convert_text(tmp_path, TITLE + _spending(UNIT) + named)) == {(None, "expenditure"): "90.00"}


@pytest.mark.parametrize(
    "second", [WHOLE, WHOLE.replace("2010302|一般行政管理事务|30.00||30.00", "2010302|其他|31.00||31.00")]
)
def test_a_table_that_stands_twice_is_of_one_body_even_with_a_misprint(tmp_path, second):
    conversion = convert_text(tmp_path, f"{TITLE}{_spending(WHOLE)}二、支出情况\n{_spending(second)}")
    assert len([d for d in conversion.budget.data_sets if d.figures]) == 2
    assert _listed(conversion) == []


def test_a_table_that_is_printed_again_behind_those_of_a_unit_is_the_department_s(tmp_path):
    tables = _spending(WHOLE) + _spending(UNIT) + _spending(WHOLE)
    conversion = convert_text(tmp_path, TITLE + UNITS + tables)
    found = [
        (d.unit, d.figures[0].text) for d in conversion.budget.data_sets if d.figures and d.table_kind == "expenditure"
    ]
    assert found == [(None, "90.00"), ("云岭市地图院", "30.00"), (None, "90.00")]


def test_counts_of_people_contradict_each_other_too(tmp_path):
    """Posts and people have no total over both, and kinds of staff may be alike where the totals differ."""
    staff = "人员情况表\n项目|编制数|实有数\n{}事业|20|17\n合计|{}\n\n"
    tables = staff.format("行政|40|38\n", "60|55") + staff.format("", "20|17")
    conversion = convert_text(tmp_path, TITLE + _spending(WHOLE) + tables)
    assert [d.structure for d in conversion.budget.data_sets if d.figures] == ["expenditure"]
    assert len(_listed(conversion)) == 2


def test_a_total_that_tables_of_two_kinds_share_makes_two_bodies_no_one(tmp_path):
    """All of the office's expenditure is as much as the department's from the general budget."""
    tables = (
        _spending(rows, title)
        for rows, title in (
            (WHOLE, "部门支出总表"),
            (OFFICE, "一般公共预算支出表"),
            (OFFICE, "部门支出总表"),
            (UNIT, "一般公共预算支出表"),
        )
    )
    conversion = convert_text(tmp_path, TITLE + UNITS + "".join(tables))
    office = "云岭市测绘服务局（本级）"
    assert _totals(conversion) == {
        (None, "expenditure"): "90.00",
        (None, "general-expenditure"): "60.00",
        (office, "expenditure"): "60.00",
        (office, "general-expenditure"): "30.00",
    }


THREE_PUBLIC = "“三公”经费支出表\n单位：万元\n项目|预算数\n合计|1.00\n公务接待费|1.00\n\n"


@pytest.mark.parametrize(
    ("numbers", "text", "taken"),
    [
        ("", "", False),
        ("", "三、三公经费\n2024年“三公”经费预算1.00万元。\n", True),
        ("一二三四", "", True),
        ("一二二三", "", False),
    ],
)
def test_what_stands_behind_the_tables_of_another_body_is_not_the_department_s_by_itself(
    tmp_path, numbers, text, taken
):
    tables = (_balance("90.00"), _spending(WHOLE), _spending(UNIT), THREE_PUBLIC)
    labels = [f"表{number}\n" for number in numbers] or [""] * len(tables)
    numbered = "".join(label + table for label, table in zip(labels, tables, strict=True))
    conversion = convert_text(tmp_path, f"{TITLE}{text}{numbered}")
    assert _totals(conversion)[None, "expenditure"] == "90.00"
    assert ((None, "three-public") in _totals(conversion)) is taken
    assert len(_listed(conversion)) == (1 if taken else 2)
