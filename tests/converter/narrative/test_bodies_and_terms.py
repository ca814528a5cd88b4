"""Names, units, duties, tasks and glossary in invented documents."""

import pytest

from budgetgraph.converter.narrative import printed_names, read_narrative
from budgetgraph.converter.narrative.glossary import functional_class
from tests.converter.narrative.conftest import Read, paragraphs

UNITS = "二、部门预算单位构成"


def test_units_in_a_numbered_list(read: Read) -> None:
    found = read(
        "本预算含某某局本部和下属 3 家预算单位。",
        "行政单位 1 家、事业单位 3 家，具体包括：",
        "1. 某某局（本部）。",
        "2. 某某县河道管理所。",
        "3. 某某县闸门管理站",
        "4. 某某县渠道所不单列预算，并入本部。",
        heading=UNITS,
    )
    assert found.units == ("某某县河道管理所", "某某县闸门管理站")
    assert found.declared_units == 3
    assert [problem.code for problem in found.problems] == ["unread-unit"]


@pytest.mark.parametrize("which", ["预算单位", "单位", "独立核算单位"])
def test_units_in_a_sentence(read: Read, which: str) -> None:
    found = read(
        f"纳入 2021 年预算编制范围的{which}包括：某某厅（本级）、某某局（某某中心）、机关服务中心。不含宾馆。",
        heading=UNITS,
    )
    assert found.units == ("某某局（某某中心）", "机关服务中心")
    assert found.declared_units is None


def test_inner_offices_are_no_budget_units(read: Read) -> None:
    found = read("内设机构包括秘书处、财务处。下属单位包括：某某宾馆。", "（一）秘书科。管理文件。", heading=UNITS)
    assert found.units == ()


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["某某省水利厅 2017 年度部门预算"], ("某某省水利厅",)),
        (["某某市某某区 2025 年区级部门预算", "预算主管部门：某某市某某区水利局"], ("某某市某某区水利局",)),
        (["某某县水利局", "2020 年部门预算", "目 录", "第一部分 县水利局概况"], ("某某县水利局", "县水利局")),
        (["2025年部门财务收支预算总表", "编制部门：某某区水利局 单位：元"], ("某某区水利局",)),
        (["水利办 2021 年项目申报表（含绩效目标）"], ("水利办",)),
        (["2021 年部门预算", "单位：万元"], ()),
    ],
)
def test_names_of_the_body(lines: list[str], names: tuple[str, ...]) -> None:
    assert printed_names(paragraphs("\n\n".join(lines))) == names


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("设置了部门整体支出绩效目标、4 个项目支出绩效目标。", 4),
        ("编报绩效目标的项目共 11 个，涉及资金 5 万元。", 11),
        ("2021 年本部门共 0 个项目实行绩效目标管理。", 0),
        ("全部项目都有绩效目标。", None),
    ],
)
def test_declared_projects(read: Read, sentence: str, count: int | None) -> None:
    assert read(sentence).declared_projects == count


def test_duties_and_tasks_keep_their_numbers(read: Read) -> None:
    found = read(
        "主要职能包括：",
        "（一）管理河道。",
        "（三）管理闸门。",
        "二、2021 年部门主要工作任务及目标",
        "1．清淤。",
        heading="一、主要职能",
    )
    assert [(duty.order, duty.number, duty.text) for duty in found.duties] == [
        (1, "（一）", "管理河道。"),
        (2, "（三）", "管理闸门。"),
    ]
    assert [(task.number, task.text) for task in found.tasks] == [("1", "清淤。")]


def test_glossary(read: Read) -> None:
    found = read(
        "（一）基本支出：指维持运转的开支。",
        "（四）项目支出是指专门任务的开支：含购置。",
        "（五）、财政拨款收入：由财政拨给。",
        "（六）使用的科目（项级）：如：",
        "1、一般公共服务（类）人大事务（款）行政运行（项）",
        "附件：表格",
        heading="第四部分 名词解释",
    )
    assert [(e.number, e.term, e.scheme, e.notations) for e in found.glossary] == [
        ("（一）", "基本支出", "expenditure-nature", ("basic",)),
        ("（四）", "项目支出", "expenditure-nature", ("project",)),
        ("（五）", "财政拨款收入", "revenue-source", ("appropriation",)),
        ("（六）", "使用的科目（项级）", None, ()),
        ("1", "一般公共服务（类）人大事务（款）行政运行（项）", "functional", ("2010101",)),
    ]
    assert found.glossary[0].definition == "指维持运转的开支。"


@pytest.mark.parametrize(
    ("path", "year", "code"),
    [
        ("一般公共服务支出(类)人大事务(款)行政运行(项)", 2021, "2010101"),
        ("住房保障(类)住房改革支出(款)", 2021, "22102"),
        ("农林水支出(类)人大事务(款)行政运行(项)", 2021, None),  # no such 款 in this 类
        ("行政运行(项)", 2021, None),  # an item of many
        ("行政运行", 2021, None),
        ("一般公共服务支出(类)", 1990, None),
    ],
)
def test_paths_of_classes(path: str, year: int, code: str | None) -> None:
    assert functional_class(path, year) == code


def test_empty_text_says_nothing() -> None:
    assert read_narrative([], 2021).claims == ()
