"""Tables with rows of subordinate units: whose the figures are, and that nothing is counted twice."""

from decimal import Decimal

import pyoxigraph
import pytest

from budgetgraph.converter.comparison import figures as compared
from budgetgraph.converter.layouts.suggestions import profile_stub
from budgetgraph.converter.pipeline import Settings
from budgetgraph.converter.profiles import parse_profile, shipped_profiles
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.converter.reprint.tables import load, read_tables
from tests.converter.publications import codes, convert_text, figures

TITLE = "云岭市测绘服务局2024年部门预算\n\n"
REVENUE = """
部门收入总表
单位：万元
单位代码|单位名称|合计|一般公共预算拨款收入|事业收入|上年结转
|合计|100.00|70.00|20.00|10.00
301|云岭市测绘服务局|100.00|70.00|20.00|10.00
301001|云岭市测绘服务局机关|60.00|55.00||5.00
301002|云岭市测绘中心|40.00|15.00|20.00|5.00
"""
SPENDING = """
部门支出总表
单位：万元
科目编码<3|单位代码|单位名称（科目）|合计|基本支出|项目支出
类|款|项|||||
||||合计|100.00|80.00|20.00
|||301001|云岭市测绘服务局机关|60.00|60.00|
206|01|01|301001|行政运行|60.00|60.00|
|||301002|云岭市测绘中心|40.00|20.00|20.00
206|01|03|301002|机关服务|40.00|20.00|20.00
"""
THREE_PUBLIC = """
一般公共预算“三公”经费支出表
单位：万元
单位名称^2|合计^2|因公出国（境）费^2|公务用车购置及运行费<3|公务接待费^2
小计|公务用车购置费|公务用车运行费
云岭市测绘服务局|8.00||6.00||6.00|2.00
云岭市测绘中心|5.00||4.00||4.00|1.00
合计|13.00||10.00||10.00|3.00
"""


def of_units(conversion):
    """Return the figures of the data sets of units, by name of the unit and then as `figures` does."""
    sets = [d for d in conversion.budget.data_sets if d.unit]
    return {d.unit: figures(conversion, d.id) for d in sets}


def test_one_row_a_unit(tmp_path):
    conversion = convert_text(tmp_path, TITLE + REVENUE)
    assert figures(conversion, "t1") == {
        "_T": "100.00",
        "general": "70.00",
        "business": "20.00",
        "carriedForward": "10.00",
    }
    assert of_units(conversion) == {
        "云岭市测绘服务局机关": {"_T": "60.00", "general": "55.00", "carriedForward": "5.00"},
        "云岭市测绘中心": {"_T": "40.00", "general": "15.00", "business": "20.00", "carriedForward": "5.00"},
    }
    assert [(u.names[0], u.kind) for u in conversion.budget.units] == [
        ("云岭市测绘服务局机关", "headquarters"),
        ("云岭市测绘中心", "unit"),
    ]
    assert conversion.coverage.is_complete
    assert conversion.coverage.explained == {"code": 3, "duplicate": 4}


def test_rows_of_classes_name_their_unit(tmp_path):
    conversion = convert_text(tmp_path, TITLE + SPENDING)
    assert figures(conversion, "t1") == {"_T": "100.00", "basic": "80.00", "project": "20.00"}
    assert of_units(conversion) == {
        "云岭市测绘服务局机关": {"_T": "60.00", "basic": "60.00", "2060101": "60.00", "2060101 basic": "60.00"},
        "云岭市测绘中心": {
            "_T": "40.00",
            "basic": "20.00",
            "project": "20.00",
            "2060103": "40.00",
            "2060103 basic": "20.00",
            "2060103 project": "20.00",
        },
    }


def test_the_row_of_the_department_s_name_is_its_own_office_where_the_total_is_another(tmp_path):
    conversion = convert_text(tmp_path, TITLE + THREE_PUBLIC)
    assert figures(conversion, "t1")["_T"] == "13.00"
    assert {name: printed["_T"] for name, printed in of_units(conversion).items()} == {
        "云岭市测绘服务局": "8.00",
        "云岭市测绘中心": "5.00",
    }
    assert [u.kind for u in conversion.budget.units] == ["headquarters", "unit"]


def test_the_only_row_is_the_body_s_own(tmp_path):
    lines = [line for line in THREE_PUBLIC.splitlines() if "中心" not in line and "合计|13" not in line]
    conversion = convert_text(tmp_path, "云岭市测绘服务局2024年单位预算\n\n" + "\n".join(lines))
    assert figures(conversion, "t1") == {
        "_T": "8.00",
        "vehicles": "6.00",
        "vehicleRunning": "6.00",
        "reception": "2.00",
    }
    assert of_units(conversion) == {}


def test_names_of_codes_are_known_from_the_tables_before(tmp_path):
    rows = "\n".join(line for line in SPENDING.splitlines() if "|||30100" not in line)
    conversion = convert_text(tmp_path, TITLE + REVENUE + rows)
    found = {d.unit: figures(conversion, d.id) for d in conversion.budget.data_sets if d.unit and d.table == "t2"}
    assert {unit: printed.get("2060103", "") for unit, printed in found.items()} == {
        "云岭市测绘服务局机关": "",
        "云岭市测绘中心": "40.00",
    }


@pytest.mark.parametrize(
    "row",
    [
        "206|01|03|301009|机关服务|40.00|20.00|20.00",  # a code that nothing names
        "|||301002|测绘系统运行维护|40.00|20.00|20.00",  # another name beside the same code
        "||||其他支出|40.00|20.00|20.00",  # no name of a body
    ],
)
def test_a_row_whose_unit_is_not_certain_is_listed(tmp_path, row):
    conversion = convert_text(tmp_path, TITLE + SPENDING + row)
    assert codes(conversion) == {"unknown-unit"}
    assert conversion.coverage.explained["unknown-row"] == 3
    assert sum(len(d.figures) for d in conversion.budget.data_sets) == 3 + 4 + 6


def select(conversion, query):
    """Return the rows of a query over the union of the conversion's graphs."""
    store = pyoxigraph.Store()
    store.load("".join(serialize(conversion.graphs, "nquads")).encode(), pyoxigraph.RdfFormat.N_QUADS)
    prefixes = (
        "PREFIX bud: <https://w3id.org/budgetgraph/def#> PREFIX qb: <http://purl.org/linked-data/cube#> "
        "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "PREFIX source: <https://w3id.org/budgetgraph/id/code/revenue-source/> "
    )
    found = store.query(prefixes + query, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return list(found)


def test_figures_of_units_are_the_units_in_the_graph_and_count_once(tmp_path):
    conversion = convert_text(tmp_path, TITLE + REVENUE + SPENDING + THREE_PUBLIC)
    by_unit = select(
        conversion,
        "SELECT ?name (SUM(?v) AS ?sum) WHERE { ?o bud:reportingUnit/skos:prefLabel ?name ; bud:amount ?v ;"
        "bud:revenueSource source:_T } GROUP BY ?name",
    )
    assert {row["name"].value: Decimal(row["sum"].value) for row in by_unit} == {
        "云岭市测绘服务局": 1000000,
        "云岭市测绘服务局机关": 600000,
        "云岭市测绘中心": 400000,
    }
    (counted,) = select(
        conversion,
        "SELECT (SUM(?v) AS ?sum) WHERE { ?set bud:canonical true ; qb:structure bud:dsd-revenue ."
        "?o qb:dataSet ?set ; bud:isLeaf true ; bud:amount ?v }",
    )
    assert Decimal(counted["sum"].value) == 1000000
    parts = select(
        conversion,
        "SELECT ?set WHERE { ?set dcterms:isPartOf/dcterms:isPartOf ?b . ?b a bud:BudgetDocument }",
    )
    assert len(parts) == sum(d.unit is not None for d in conversion.budget.data_sets) == 6


def test_tables_with_units_are_compared_and_printed_again(tmp_path):
    conversion = convert_text(tmp_path, TITLE + REVENUE + SPENDING)
    file = tmp_path / "graph.trig"
    file.write_text("".join(serialize(conversion.graphs, "trig")), encoding="utf-8")
    assert len(compared(load(file))) == sum(len(d.figures) for d in conversion.budget.data_sets)
    for table in read_tables(load(file), str(file)):
        printed = [text for row in table.matrix() for text in row if text]
        cells = next(each.cells for each in conversion.budget.tables if each.id == table.id)
        assert printed == [cell.text.strip() for cell in cells]


def test_a_completed_profile_tells_units_too(tmp_path):
    text = TITLE + SPENDING.replace("合计|基本支出", "核定数|基本支出")
    before = convert_text(tmp_path, text)
    (partly,) = before.partly
    stub = profile_stub(partly.table, partly.caption, [s for p in shipped_profiles() for s in p.tables])
    assert "role: unit-label" in stub
    after = convert_text(tmp_path, text, Settings(profiles=(parse_profile(stub, "stub.yaml"),)))
    assert of_units(after)["云岭市测绘中心"]["2060103"] == "40.00"
    assert after.coverage.converted == before.coverage.converted + 5


def test_economic_classes_by_name_below_a_unit(tmp_path):
    table = """部门预算基本支出预算表
单位：万元
支出项目类别（资金使用单位）^2|总计^2|财政拨款<2|财政专户拨款^2|其他资金^2
合计|一般公共预算
云岭市测绘服务局|90.00|80.00|80.00|10.00|
工资福利支出|60.00|50.00|50.00|10.00|
商品和服务支出|30.00|30.00|30.00||
"""
    conversion = convert_text(tmp_path, TITLE + REVENUE.partition("301001")[0] + "\n" + table)
    (basic,) = [d for d in conversion.budget.data_sets if d.table_kind == "basic-expenditure"]
    said = {(f.label, f.dimensions.get("economicClass"), f.dimensions.get("fund")): f.text for f in basic.figures}
    assert basic.unit is None
    assert said["工资福利支出", "301", "specialAccount"] == "10.00"
    assert said["商品和服务支出", "302", "general"] == "30.00"
    assert {f.dimensions["expenditureNature"] for f in basic.figures} == {"basic"}


def test_classes_with_codes_below_the_row_of_a_school(tmp_path):
    table = """一般公共预算支出表
单位：万元
科目编码<3|单位名称（科目名称）^2|合计^2
类|款|项
|||合计|40.00
|||云岭市测绘小学|40.00
205|||教育支出|40.00
205|02|02|小学教育|40.00
"""
    conversion = convert_text(tmp_path, f"云岭市测绘小学2024年部门预算\n\n{table}")
    (data_set,) = conversion.budget.data_sets
    assert figures(conversion, data_set.id) == {"_T": "40.00", "205": "40.00", "2050202": "40.00"}


def test_expenditure_by_economic_item_under_its_short_title(tmp_path):
    rows = "301||工资福利支出|40.00\n301|01|基本工资|40.00"
    table = f"一般公共预算经济科目支出预算表\n单位：万元\n类|款|科目名称|合计\n{rows}"
    conversion = convert_text(tmp_path, TITLE + table)
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, figures(conversion, data_set.id)["30101"]) == ("economic-expenditure", "40.00")


@pytest.mark.parametrize("sign", ["301002-{}", "[301002]{}", "301002{}"])
def test_the_code_before_a_name_is_no_part_of_it(tmp_path, sign):
    name = sign.format("云岭市测绘中心")
    text = f"""{TITLE}一般公共预算支出表
单位：万元
科目编码|单位名称（功能分类科目名称）|合计|基本支出|项目支出
|合计|60.00|40.00|20.00
|301001-云岭市测绘服务局机关|20.00|20.00|
2060101|行政运行|20.00|20.00|
|{name}|40.00|20.00|20.00
2060103|机关服务|40.00|20.00|20.00
"""
    conversion = convert_text(tmp_path, text)
    assert {d.unit for d in conversion.budget.data_sets} == {None, "云岭市测绘服务局机关", "云岭市测绘中心"}
    assert codes(conversion) == set()


@pytest.mark.parametrize("before", ["其中：", "1.", "2、", "（一）", "一、"])
def test_what_stands_before_a_name_is_no_part_of_it(tmp_path, before):
    conversion = convert_text(tmp_path, TITLE + REVENUE.replace("|云岭市测绘中心|", f"|{before}云岭市测绘中心|"))
    assert {d.unit for d in conversion.budget.data_sets if d.unit} == {"云岭市测绘服务局机关", "云岭市测绘中心"}


@pytest.mark.parametrize("several", ["二、事业单位", "下属单位", "其他预算单位", "行政单位小计"])
def test_a_row_of_several_units_is_of_no_unit(tmp_path, several):
    rows = f"合计|40.00|40.00\n{several}|40.00|40.00\n云岭市测绘中心|40.00|40.00"
    table = f"\n部门收入总表\n单位：万元\n单位名称|合计|一般公共预算拨款收入\n{rows}\n"
    conversion = convert_text(tmp_path, TITLE + table)
    assert {d.unit for d in conversion.budget.data_sets if d.unit} == {"云岭市测绘中心"}
    assert "unknown-unit" in codes(conversion)


def test_the_total_of_all_units_beside_a_class_is_the_department_s_of_that_class(tmp_path):
    first, second = ("201|一般公共服务支出", "208|社会保障和就业支出")
    text = f"""{TITLE}支出总表
单位：万元
单位名称|科目编码|科目名称|合计
合计^2|{first}|9.00
{second}|6.00
云岭市测绘服务局机关^2|{first}|5.00
{second}|4.00
云岭市测绘中心^2|{first}|4.00
{second}|2.00
"""
    for table in (text, text.replace("科目编码|", "").replace("201|", "").replace("208|", "")):
        conversion = convert_text(tmp_path, table)
        assert figures(conversion, "t1") == {"201": "9.00", "208": "6.00"}
        assert of_units(conversion) == {
            "云岭市测绘服务局机关": {"201": "5.00", "208": "4.00"},
            "云岭市测绘中心": {"201": "4.00", "208": "2.00"},
        }
        assert codes(conversion) == set()
    subtotals = convert_text(tmp_path, text.replace("合计^2", "小计^2"))
    assert figures(subtotals, "t1") == {}
    assert codes(subtotals) == {"unknown-unit"}


def test_the_total_of_all_units_beside_a_year_is_of_that_year(tmp_path):
    rows = "合计^2|2023年|5.00|3.00|2.00\n2024年|4.00|3.00|1.00\n"
    rows += "云岭市测绘中心^2|2023年|2.00|1.00|1.00\n2024年|1.00|1.00|0.00"
    head = "单位名称|年度|“三公”经费预算合计|公务接待费|公务用车购置及运行费"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算“三公”经费预算表\n单位：万元\n{head}\n{rows}\n")
    assert figures(conversion, "t1") == {"_T": "4.00", "reception": "3.00", "vehicles": "1.00"}
    assert figures(conversion, "t1-2023") == {"_T": "5.00", "reception": "3.00", "vehicles": "2.00"}
    assert of_units(conversion).keys() == {"云岭市测绘中心"}
