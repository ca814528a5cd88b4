"""Personal data is told by the head of its cell or by its own form, and never guessed at."""

import pytest

from budgetgraph.converter.privacy import (
    MARK,
    looks_like_phone,
    masked,
    names_in,
    personal_kind,
    personal_texts,
    redact,
)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("填报人", "person_name"),
        ("项目负责人：", "person_name"),
        ("联 系 人", "person_name"),
        ("分管领导", "person_name"),
        ("责任人", "person_name"),
        ("联系电话", "phone"),
        ("固定电话", "phone"),
        ("移动电话", "phone"),
        ("ＱＱ", "qq"),
        ("qq", "qq"),
        ("单位负责人（签字）", "person_name"),
        ("项目负责人及联系电话", "person_name"),
        ("项目负责人/ 联系电话", "person_name"),
        ("联系人、手机号码", "person_name"),
        ("负责人和联系方式", "person_name"),
        ("法定代表人", "person_name"),
        ("绩效联络员", "person_name"),
        ("负责人满意度", None),
        ("办公室电话", "phone"),
        ("部门名称", None),
        ("项目名称", None),
        ("金额", None),
    ],
)
def test_heads(head: str, kind: str | None) -> None:
    assert personal_kind(head) == kind


@pytest.mark.parametrize(
    ("text", "expected", "count"),
    [
        ("咨询 13000000000 即可", f"咨询 {MARK} 即可", 1),
        ("130 0000 0000", MARK, 1),
        ("联系电话：00000000", f"联系电话：{MARK}", 1),
        ("电 话 010-00000000转12", f"电 话 {MARK}", 1),
        ("传真：(010)00000000；", f"传真：{MARK}；", 1),
        ("请致电027-00000000或13000000000", f"请致电{MARK}或{MARK}", 2),
        ("QQ：000000000", f"QQ：{MARK}", 1),
        ("邮箱 nobody@example.org", f"邮箱 {MARK}", 1),
        ("武财行〔2008〕574号", "武财行〔2008〕574号", 0),
        ("共13900000000元", "共13900000000元", 0),
        ("12345678元", "12345678元", 0),
        ("2013101", "2013101", 0),
        ("1,465.28", "1,465.28", 0),
        ("51092324T000010000000-补助资金项目", "51092324T000010000000-补助资金项目", 0),  # the code of a project
        ("fax01000000000", f"fax{MARK}", 1),
        ("统一社会信用代码 913000000000000000", "统一社会信用代码 913000000000000000", 0),
    ],
)
def test_redact(text: str, expected: str, count: int) -> None:
    assert redact(text) == (expected, count)


def test_redact_does_not_redact_twice() -> None:
    once, _ = redact("电话：00000000、13000000000")
    assert redact(once) == (once, 0)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张某某", ("张某某",)),
        ("张某某、李某", ("张某某", "李某")),
        ("张某某，李某；王某", ("张某某", "李某", "王某")),
        ("张 某", ("张某",)),
        ("张某某、李 某", ("张某某", "李某")),
        ("张某某 李某", ("张某某", "李某")),
        ("", ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "phone"), [("00000000", True), ("00000000000", True), ("1465.28", False), ("41", False)]
)
def test_looks_like_phone(text: str, phone: bool) -> None:
    assert looks_like_phone(text) == phone


@pytest.mark.parametrize(
    ("rows", "held"),
    [
        ([["项目名称", "档案整理", "项目负责人", "张某某"]], {"张某某"}),
        ([["负责人", "", "张某某、李某"]], {"张某某、李某", "张某某", "李某"}),
        ([["姓名", "职责说明一栏"], ["张 某某", "负责全部工作"], ["李某", "内勤"]], {"张 某某", "张某某", "李某"}),
        ([["联系人", "联系电话"], ["张某某", "0000-00000000"]], {"张某某", "0000-00000000"}),
        ([["联系人", "12.50"], ["联系电话", "共 3 部"]], set()),
        ([["单位", "金额"], ["某局", "12.50"]], set()),
    ],
)
def test_cells_that_may_be_of_persons(rows: list[list[str]], held: set[str]) -> None:
    assert personal_texts(rows) == held


def test_a_text_for_people_names_nobody() -> None:
    assert masked("'项目负责人：张某某' is not converted", ()) == f"'项目负责人：{MARK}' is not converted"
    assert masked("not known 项目负责人, 张某某, 金额", {"张某某"}) == f"not known 项目负责人, {MARK}, 金额"
    assert masked("负责人：〔已隐去〕 12.50") == "负责人：〔已隐去〕 12.50"
