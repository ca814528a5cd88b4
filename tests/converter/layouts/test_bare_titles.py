"""Titles that do not say whose money a table is about: its words or the total of another table have to say that."""

import pytest

from budgetgraph.converter.layouts.table_labels import split_label
from tests.converter.publications import (
    FUNCTIONS,
    FUNCTIONS_HEAD,
    SPENDING,
    TITLE,
    codes,
    convert_text,
    faults,
    figures,
)

UNIT = "\n单位：万元\n"
SPENT = f"支出预算表{UNIT}{FUNCTIONS_HEAD}{FUNCTIONS}"
REVENUE = f"""收入预算表{UNIT}科目编码|科目名称|合计|一般公共预算拨款收入|事业收入
201|一般公共服务支出|90.00|80.00|10.00
合计<2|90.00|80.00|10.00
"""
OWN = "二、事业收入|10.00"
BALANCE = f"""收支预算表{UNIT}收入<2|支出<2
项目|预算数|项目|预算数
一、一般公共预算拨款收入|80.00|一、一般公共服务支出|90.00
{OWN}||
收入总计|90.00|支出总计|90.00
"""
EXECUTED = f"""预算执行情况表{UNIT}科目编码|科目名称|年初预算数|执行数
201|一般公共服务支出|90.00|85.00
合计<2|90.00|85.00
"""


def _kinds(conversion):
    return {(d.table, d.table_kind, d.fund) for d in conversion.budget.data_sets}


@pytest.mark.parametrize("other", [REVENUE, BALANCE])
def test_a_total_of_all_money_says_that_a_table_is_of_all_money(tmp_path, other):
    conversion = convert_text(tmp_path, f"{TITLE}{other}\n{SPENT}")
    assert ("t2", "expenditure", "_T") in _kinds(conversion)
    assert figures(conversion, "t2")["2010302 project"] == "30.00"
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.is_complete


def test_words_for_own_money_say_so_too(tmp_path):
    rows = FUNCTIONS.replace("\n", "|\n").removeprefix("|")
    spent = f"支出预算表{UNIT}{FUNCTIONS_HEAD}|对附属单位补助支出\n{rows.strip()}\n"
    assert ("t1", "expenditure", "_T") in _kinds(convert_text(tmp_path, TITLE + spent))


def test_execution_of_the_whole_budget(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{REVENUE}\n{EXECUTED}")
    assert figures(conversion, "t2")["201"] == "90.00"
    assert figures(conversion, "t2-executed")["201"] == "85.00"
    assert {kind for table, kind, _ in _kinds(conversion) if table == "t2"} == {"expenditure"}


@pytest.mark.parametrize(
    "table",
    [
        SPENT,
        EXECUTED,
        BALANCE.replace(OWN, "二、政府性基金预算拨款收入|10.00"),
        REVENUE.replace("90.00", "95.00") + SPENT,
    ],
)
def test_without_evidence_a_bare_title_is_listed(tmp_path, table):
    """The total of the general budget says nothing: it may be all that this table is about."""
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{table}")
    assert {kind for _, kind, _ in _kinds(conversion)} <= {"general-expenditure", "revenue"}
    (problem,) = [each for each in conversion.problems if each.code == "unknown-table"]
    assert "its title does not say what it is of" in problem.message
    assert conversion.coverage.is_complete


def test_a_bare_title_confirms_no_other(tmp_path):
    balance = BALANCE.replace(OWN, "二、政府性基金预算拨款收入|10.00")
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{SPENT}\n{balance}")
    assert {kind for _, kind, _ in _kinds(conversion)} == {"general-expenditure"}


def test_a_title_in_which_folding_makes_a_label_is_no_label_and_title():
    assert split_label("表公共预算安排的经费预算表") is None
