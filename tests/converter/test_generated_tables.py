"""Generated tables: columns in any order, other words, columns missing and inserted, totals anywhere.

Whatever is converted has to be what the generator meant for that cell; all the rest has to be accounted for.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from budgetgraph.converter.exceptions import SourceError
from tests.converter.publications import convert_text

YEAR = 2024
#: A table of its own, so that every generated publication has one that is read.
SOUND = """
国有资本经营预算支出表
单位：万元
科目编码|科目名称|合计|基本支出|项目支出
223|国有资本经营预算支出|7.00|3.00|4.00
合计<2|7.00|3.00|4.00
"""
Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """A column: header lines from the top, and what its amounts are; `means` is None for what is no figure.

    cells  what it prints where it is no amount: "words", "numbers", "share"
    """

    header: tuple[str, ...]
    means: Dimensions | None = None
    phase: str | None = None
    year: int | None = None
    cells: str = "amount"


@dataclass
class Made:
    """A generated table and what each of its cells means: (row, column) from 1 -> dimensions, phase, year, text.

    plain  it has no words that the profiles do not have, and no row twice
    """

    text: str
    plain: bool = False
    truth: dict[tuple[int, int], tuple[Dimensions, str | None, int | None, str]] = field(default_factory=dict)


def column(*header: str, phase: str | None = None, year: int | None = None, **means: str) -> Column:
    """Return a column of amounts."""
    return Column(header, tuple(sorted(means.items())), phase, year)


FUNCTIONS = ["201", "20103", "2010301", "2010302", "208", "20805", "2080505", "213", "21301", "2130101"]
ECONOMY = ["301", "30101", "30102", "302", "30201", "30299", "303", "30302", "310", "31002"]
UNKNOWN = [
    Column(("分管领导",), cells="words"),
    Column(("支出依据",), cells="words"),
    Column(("项目类别",), cells="words"),
    Column(("核定编制数",), cells="numbers"),
    Column(("追加安排",), cells="numbers"),
    Column(("备注",), cells="words"),
    Column(("比上年增减%",), cells="share"),
    Column(("占比",), cells="share"),
]
SPENDING = {
    "total": [column("合计"), column("总计"), column("本年支出合计"), column("小计"), column("2024年预算数")],
    "basic": [
        column("基本支出", expenditureNature="basic"),
        column("2024年预算数", "基本支出", expenditureNature="basic", phase="budget"),
    ],
    "personnel": [
        column("基本支出", "人员经费", expenditureNature="personnel"),
        column("人员经费", expenditureNature="personnel"),
    ],
    "wages": [column("基本支出", "工资福利支出", expenditureNature="basic", economicClass="301")],
    "public": [
        column("基本支出", "公用经费", expenditureNature="public"),
        column("公用支出", expenditureNature="public"),
    ],
    "project": [
        column("项目支出", expenditureNature="project"),
        Column(("特定目标类支出",), cells="numbers"),
    ],
    "last": [
        column("2023年执行数", phase="executed", year=2023),
        column("上年执行数", phase="executed", year=2023),
        column("上年预算数", phase="budget", year=2023),
    ],
    "remit": [column("上缴上级支出", expenditureNature="remitUp")],
}
REVENUE = {
    "total": [column("合计"), column("总计"), column("收入合计")],
    "current": [column("本年收入", "小计", revenueSource="current"), column("本年收入合计", revenueSource="current")],
    "general": [
        column("一般公共预算拨款收入", revenueSource="general"),
        column("本年收入", "一般公共预算", revenueSource="general"),
        column("财政拨款", "经费拨款", revenueSource="general.appropriation"),
        Column(("财政拨款", "专项经费"), cells="numbers"),
    ],
    "fund": [column("政府性基金预算拨款收入", revenueSource="govFund")],
    "business": [column("事业收入", revenueSource="business"), Column(("教育事业收费",), cells="numbers")],
    "own": [column("本年收入", "单位资金", revenueSource="ownFunds")],
    "other": [column("其他收入", revenueSource="other")],
    "carried": [column("上年结转", revenueSource="carriedForward")],
}
KINDS = {
    "一般公共预算支出表": (FUNCTIONS, "functionalClass", SPENDING),
    "部门支出总表": (FUNCTIONS, "functionalClass", SPENDING),
    "政府性基金预算支出情况表": (FUNCTIONS, "functionalClass", SPENDING),
    "部门收入总表": (FUNCTIONS, "functionalClass", REVENUE),
}
CODE_HEADERS = [("科目编码", "科目名称"), ("功能分类科目编码", "科目名称"), ("科目代码", "功能分类科目名称")]
UNITS = [("301001", "云岭市测绘服务局机关"), ("301002", "云岭市测绘中心"), ("301003", "云岭市地图院")]
TOTALS = ["合计", "合 计", "总计", "全部", "合计（含结转）"]


def spans(headers: list[tuple[str, ...]]) -> list[list[str]]:
    """Return the lines of a header with spans: equal neighbours of the first line share a cell."""
    depth = max(map(len, headers))
    if depth == 1:
        return [[h[0] for h in headers]]
    first: list[str] = []
    second: list[str] = []
    index = 0
    while index < len(headers):
        header = headers[index]
        if len(header) == 1:
            first.append(f"{header[0]}^2")
            index += 1
            continue
        end = index
        while end < len(headers) and len(headers[end]) == 2 and headers[end][0] == header[0]:
            second.append(headers[end][1])
            end += 1
        first.append(f"{header[0]}<{end - index}" if end - index > 1 else header[0])
        index = end
    return [first, second]


@st.composite
def tables(draw: st.DrawFn) -> Made:
    """Return a table with a truth for each of its cells."""
    title = draw(st.sampled_from(sorted(KINDS)))
    codes, dimension, choices = KINDS[title]
    names = draw(st.lists(st.sampled_from(sorted(choices)), min_size=1, max_size=5, unique=True))
    amounts = [draw(st.sampled_from(choices[name])) for name in names]
    if "total" not in names and "carried" not in names:  # then the year's revenue is all there is
        amounts = [replace(c, means=()) if dict(c.means or ()) == {"revenueSource": "current"} else c for c in amounts]
    inserted = draw(st.lists(st.sampled_from(UNKNOWN), max_size=2, unique=True))
    columns = draw(st.permutations([*amounts, *inserted]))
    pieces = draw(st.sampled_from([1, 1, 3]))
    code, label = draw(st.sampled_from(CODE_HEADERS))
    unit_columns = draw(st.sampled_from([(), (), ("单位代码", "单位名称"), ("单位名称",), ("所属机构",)]))
    coded: list[tuple[str, ...]] = [("科目编码", piece) for piece in "类款项"] if pieces == 3 else [(code,)]
    numbered = draw(st.booleans())
    left = [*([("序号",)] * numbered), *((each,) for each in unit_columns), *coded, (label,)]
    made = Made("")
    header = spans([*left, *(c.header for c in columns)])
    assume(all(len(line) > 1 for line in header))  # the notation takes a line without "|" for a paragraph
    lines = ["|".join(line) for line in header]
    rows = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=5, unique=not unit_columns))
    total = draw(st.sampled_from(TOTALS))
    places = draw(st.sampled_from(["first", "last", "none"]))
    body = [("total", "")] * (places == "first") + [("code", c) for c in rows] + [("total", "")] * (places == "last")
    units = draw(st.lists(st.sampled_from(UNITS), min_size=len(body), max_size=len(body)))
    if unit_columns:
        body = sorted(body, key=lambda row: row[0] == "code") if places == "first" else body
    for number, ((kind, notation), unit) in enumerate(zip(body, units, strict=True), start=len(header) + 1):
        cells = [str(number)] * numbered
        cells += ["" if kind == "total" else unit[0] if name.endswith("代码") else unit[1] for name in unit_columns]
        parts = [notation[:3], notation[3:5], notation[5:7]] if pieces == 3 else [notation]
        cells += parts if kind == "code" else ["" for _ in parts]
        cells.append(f"科目{notation}" if kind == "code" else total)
        for each in columns:
            value = draw(st.integers(0, 99999))
            text = draw(st.sampled_from([f"{Decimal(value) / 100:.2f}", "", "0.00"]))
            if each.cells == "words":
                text = draw(st.sampled_from(["", "甲类", "张某分管", "据实安排"]))
            elif each.cells == "share":
                text = f"{value / 1000:.2f}"
            cells.append(text)
            if each.means is not None and text and (kind == "code" or total in {"合计", "合 计", "总计"}):
                means = dict(each.means)
                if kind == "code":
                    means[dimension] = notation
                if unit_columns and kind == "code":
                    means["unit"] = unit[1]
                key = tuple(sorted(means.items()))
                made.truth[number, len(cells)] = (key, each.phase, each.year, text)
        lines.append("|".join(cells))
    known = all(c.means is not None or c.cells == "share" or c.header == ("备注",) for c in columns)
    keys = [(notation, unit if unit_columns else None) for (kind, notation), unit in zip(body, units, strict=True)]
    named = not unit_columns or unit_columns[-1] == "单位名称"
    made.plain = (
        known and named and total in {"合计", "合 计", "总计"} and len(keys) == len(set(keys)) and bool(amounts)
    )
    made.text = f"{title}\n单位：万元\n" + "\n".join(lines) + "\n"
    return made


def check(made: Made) -> None:
    """Assert that all that is converted is true, and that nothing is lost."""
    with TemporaryDirectory() as folder:
        try:
            conversion = convert_text(Path(folder), f"云岭市测绘服务局{YEAR}年部门预算\n\n{SOUND}\n{made.text}")
        except SourceError as error:  # the converter says why; nothing is written
            raise AssertionError(made.text) from error
    assert conversion.coverage.is_complete, made.text
    unique = unique_rows(made)
    if made.plain:
        converted = sum(len(d.figures) for d in conversion.budget.data_sets if d.fund != "stateCapital")
        assert converted == len(made.truth), made.text
    for data_set in conversion.budget.data_sets:
        if data_set.fund == "stateCapital":
            continue
        for figure in data_set.figures:
            place = figure.place.row, figure.place.column
            assert place in made.truth, (made.text, data_set.id, figure)
            means, phase, year, text = made.truth[place]
            said = dict(figure.dimensions)
            expected = dict(means)
            unit = expected.pop("unit", None)
            of_the_year = {name: value for name, value in said.items() if value != "current"}
            assert expected in (said, of_the_year), (made.text, place, said, expected)
            assert data_set.unit in {unit, None}, (made.text, place)
            assert data_set.unit == unit or unique[place], (made.text, place)
            assert (data_set.year or YEAR) == (year or YEAR), (made.text, place)
            assert (data_set.phase or "budget") == (phase or "budget"), (made.text, place)
            assert (figure.text, figure.value) == (text, Decimal(text) * 10000), (made.text, place)


def unique_rows(made: Made) -> dict[tuple[int, int], bool]:
    """Return for each cell whether no other cell of the table says the same of another unit."""
    keys: dict[object, int] = {}
    for means, phase, year, _ in made.truth.values():
        key = (tuple(item for item in means if item[0] != "unit"), phase, year)
        keys[key] = keys.get(key, 0) + 1
    return {
        place: keys[tuple(item for item in means if item[0] != "unit"), phase, year] == 1
        for place, (means, phase, year, _) in made.truth.items()
    }


@settings(max_examples=40, deadline=None, derandomize=True)
@given(tables())
def test_what_is_converted_is_true_and_the_rest_is_listed(made):
    check(made)


INCOME = {
    "一般公共预算拨款收入": "general",
    "政府性基金预算拨款收入": "govFund",
    "国有资本经营预算拨款收入": "stateCapital",
    "租金收入": None,
    "本年收入合计": "current",
    "上年结转": "carriedForward",
    "收入总计": "",
}
EXPENSES: dict[str, tuple[str, str] | None] = {
    "一般公共服务支出": ("functionalClass", "201"),
    "外交支出": ("functionalClass", "202"),
    "科学技术支出": ("functionalClass", "206"),
    "住房保障支出": ("functionalClass", "221"),
    "待分配支出": None,
    "本年支出合计": ("expenditureNature", "current"),
    "结转下年": ("expenditureNature", "carryForward"),
    "支出总计": ("", ""),
}
PHASES = {
    "预算数": ("budget", None),
    "2024年预算数": ("budget", 2024),
    "2023年执行数": ("executed", 2023),
    "上年预算数": ("budget", 2023),
    "比上年增减": None,
    "核定数": None,
}
FUNDS = {"合计": "", "一般公共预算": "general", "政府性基金预算": "govFund", "专项债券": None}
OTHER_SIDES = ["项目（按资金用途）", "经济分类科目（按大类）", "处室"]


@st.composite
def balances(draw: st.DrawFn) -> Made:
    """Return a balance: revenue and expenditure side by side, with phases or funds in columns, and other classes."""
    title = draw(st.sampled_from(["收支总表", "部门收支预算总表", "财政拨款收支总表"]))
    columns = draw(st.lists(st.sampled_from(sorted(PHASES)), min_size=1, max_size=3, unique=True))
    assume(not {"预算数", "2024年预算数"} <= set(columns))
    funds = draw(st.lists(st.sampled_from(sorted(FUNDS)), min_size=1, max_size=4, unique=True))
    by_fund = title == "财政拨款收支总表" and draw(st.booleans())
    drawn = draw(st.lists(st.sampled_from(list(INCOME)), min_size=1, max_size=6, unique=True))
    income = [label for label in INCOME if label in drawn]  # what stands below 上年结转 would be carried forward
    expenses = draw(st.lists(st.sampled_from(list(EXPENSES)), min_size=1, max_size=6, unique=True))
    other = draw(st.lists(st.sampled_from(OTHER_SIDES), max_size=1))
    sides = ["income", *draw(st.permutations(["expenses", *other]))]
    numbered = draw(st.booleans())
    lines = max(len(income), len(expenses))
    rows: list[list[str]] = [[] for _ in range(lines)]
    header: list[list[str]] = [[], []]
    made = Made("")
    for side in sides:
        heads = [*funds] if by_fund and side == "expenses" else [*columns]
        labels = {"income": income, "expenses": expenses}.get(side, ["甲类支出", "乙类支出", "丙类支出"])
        width = len(heads) + 1 + numbered
        header[0].append(f"{'收入' if side == 'income' else '支出'}<{width}")
        name = {"income": "项目", "expenses": draw(st.sampled_from(["项目", "项目（按功能分类）"]))}.get(side, side)
        header[1] += [name, *(["行次"] if numbered else []), *heads]
        for number in range(lines):
            label = labels[number] if number < len(labels) else ""
            mark = draw(st.sampled_from(["", "一、", "（二）"])) if label else ""
            rows[number] += [mark + label, *([str(number + 1)] if numbered else [])]
            for head in heads:
                text = draw(st.sampled_from(["", "0.00", f"{draw(st.integers(1, 9999))}.00"])) if label else ""
                rows[number].append(text)
                said = _means(side, label, head, by_fund)
                if text and said:
                    made.truth[number + 3, len(rows[number])] = (*said, text)
    table = "\n".join("|".join(line) for line in (*header, *rows))
    made.text = f"{title}\n单位：万元\n{table}\n"
    return made


def _means(side: str, label: str, head: str, by_fund: bool) -> tuple[Dimensions, str | None, int | None] | None:
    """Return what an amount of a balance is, or None where nothing says so."""
    if side == "income":
        source = INCOME[label] if label else None
        said = None if source is None else (("revenueSource", source),)
    else:
        key = EXPENSES.get(label)
        said = None if key is None else (key,)
    if said is None:
        return None
    if by_fund and side == "expenses":
        fund = FUNDS[head]
        return None if fund is None else (tuple(i for i in (*said, ("fund", fund)) if i[1]), None, None)
    phase = PHASES[head]
    return None if phase is None else (tuple(item for item in said if item[1]), *phase)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(balances())
def test_what_is_converted_of_a_balance_is_true_and_the_rest_is_listed(made):
    check(made)
