"""No name and no number of a person gets from a form into what is read from it."""

import pytest

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.privacy import MARK
from tests.converter.forms.conftest import ReadForms

PROJECT = "资金单位：万元\n项目名称|道路养护|项目代码|\n项目主管部门|某局|项目执行单位|某科\n"


def test_people_of_a_project_form(read: ReadForms, ledger: Ledger) -> None:
    forms = read(PROJECT + "项目负责人|张某某、李某|联系电话|00000000\n")
    assert forms.withheld_texts == {"张某某", "李某", "00000000"}
    assert ledger.withheld == {"person_name": 2, "phone": 1}
    assert [c.text for c in forms.tables[0].cells if c.role == "withheld"] == ["", ""]
    assert not [text for text in forms.withheld_texts if text in repr(forms)]


def test_name_beside_its_cell(read: ReadForms) -> None:
    forms = read(PROJECT + "项目负责人||张某某|联系电话||00000000\n")
    assert forms.withheld_texts == {"张某某", "00000000"}


@pytest.mark.parametrize(
    "row",
    [
        "张某某|项目负责人||联系电话|00000000",
        "项目编号|甲|张某某|项目负责人|",
        "某某主任|张某某|办公电话|00000000",
        "单位负责人（签字）|张某某|||",
    ],
)
def test_value_before_its_head(read: ReadForms, row: str) -> None:
    forms = read(PROJECT + row + "\n")
    assert "张某某" in forms.withheld_texts
    assert not [text for text in forms.withheld_texts if text in repr(forms)]


def test_number_in_the_cell_of_a_name(read: ReadForms, ledger: Ledger) -> None:
    read(PROJECT + "项目负责人|00000000|联系电话|\n")
    assert ledger.withheld == {"phone": 1}


def test_number_inside_a_text(read: ReadForms, ledger: Ledger) -> None:
    forms = read(PROJECT + "项目申请理由|咨询请拨13000000000。||\n")
    assert forms.projects[0].statements["项目申请理由"] == f"咨询请拨{MARK}。"
    assert "13000000000" not in repr(forms)
    assert ledger.withheld == {"phone": 1}


def test_number_in_a_row_that_is_not_understood(read: ReadForms) -> None:
    forms = read(PROJECT + "天气情况|咨询13000000000\n")
    assert forms.problems
    assert "13000000000" not in repr(forms)


LIST = (
    "某局预算公开工作通讯录\n部门名称|分管领导|责任人|||联系人||||备注\n||姓名|联系方式||姓名|联系方式|||\n"
    "|||固定电话|移动电话||固定电话|移动电话|QQ|\n"
)


@pytest.mark.parametrize(
    "row",
    [
        "某局|王某|张某某局|00000000||李某市|||||",  # a name that ends as a body's does
        "某局|王某|李某|00000000|13000000000|张某某|00000000|13000000000|10000|",
        "某局||李某|00000000|13000000000|张某某|00000000|13000000000||",
        "|某局|李某||00000000|13000000000|张某某|00000000|13000000000|10000",  # one column to the right
        "李某|00000000|张某某|13000000000||||||",  # the body is missing, all columns to the left
        "某局|王某、李某|||||||10000|值班电话 00000000",
    ],
)
def test_contact_list(read: ReadForms, ledger: Ledger, row: str) -> None:
    forms = read(LIST + row + "\n")
    (table,) = forms.tables
    assert (table.id, table.official) == ("contacts", False)
    printed = repr(forms)
    for text in ("王某", "李某", "张某某", "00000000", "13000000000", "10000"):
        assert text not in printed
    assert sum(ledger.withheld.values()) >= len([c for c in row.split("|") if c and c != "某局"])


def test_rows_of_a_contact_list_on_the_next_page(read: ReadForms) -> None:
    forms = read(LIST + "某局|王某|李某|00000000||||||\n\n某科||张某某|00000001||||||\n")
    assert {"王某", "李某", "张某某", "00000000", "00000001"} <= forms.withheld_texts
    assert not [text for text in forms.withheld_texts if text in repr(forms)]


def test_department_form_is_no_contact_list(read: ReadForms) -> None:
    forms = read("部门名称|某局|||\n填报人|张某某|联系电话|00000000|\n年度工作任务|1、甲||||\n")
    assert [table.id for table in forms.tables] == ["form-1"]
    assert forms.department_names == ("某局",)
    assert [task.text for task in forms.tasks] == ["甲"]


@pytest.mark.parametrize(
    "row",
    [
        "项目责任人：张某某|单位（盖章）：||",
        "填报人：张某某联系电话：00000000|||",
        "单位负责人（签字）：张某某、李某  填报日期：2024年1月|||",
        "项目负责人/联系电话|张某某 0000-00000000||",
    ],
)
def test_name_behind_its_head_in_one_cell(read: ReadForms, row: str) -> None:
    forms = read(PROJECT + row + "\n项目申请理由|路面破损||\n")
    assert "张某某" in forms.withheld_texts
    assert not [text for text in ("张某某", "李某", "00000000") if text in repr(forms)]
    assert forms.projects[0].statements == {"项目申请理由": "路面破损"}


def test_a_head_that_names_nobody_is_kept(read: ReadForms) -> None:
    forms = read(PROJECT + "项目负责人：按规定由相关单位确定|||\n")
    assert forms.withheld_texts == frozenset()
