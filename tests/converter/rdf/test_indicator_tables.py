"""Weights, earlier values, targets of several periods or of one cell, dates and project heads in the graph."""

from dataclasses import replace

import pyoxigraph
import pytest

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.forms import read_forms
from budgetgraph.converter.pipeline import Conversion
from budgetgraph.converter.rdf.performance import performance_resources
from budgetgraph.converter.rdf.projects import project_resources
from budgetgraph.converter.rdf.vocabulary import term
from budgetgraph.converter.readers.text import blocks as read_blocks
from budgetgraph.ontology.namespaces import PREFIXES

_PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

FORM = """2021年项目申报表
资金单位：万元
项目名称|河道保洁|项目性质|□阶段性项目 ☑经常性项目|项目类别|其他运转类
项目主管部门|某局|项目执行单位|某科||
计划开始日期|2021/3/1|计划完成日期|2023-12-31||
项目绩效总目标|河道清洁||||
绩效指标|一级指标|二级指标|三级指标|2020年实际实现值|年度目标值|实施周期目标值|指标性质|分值|评分标准|备注|优|差
|产出指标（50分）|数量指标|保洁河道|11条|≥12条|≥36条|定量|22.5|少一条扣1分|含支流|≥15条|<9条
||时效指标|完工时间||11月底之前|2023.07-2024.01|定量|7.5||
||质量指标|宣传||参训≥100人，培训≥3次||定量|||
||成本指标|单价||≤620万/月||定量|||
"""


@pytest.fixture(scope="module")
def store(conversion: Conversion) -> pyoxigraph.Store:
    forms = read_forms(list(read_blocks(FORM.replace("|", "\t"))), 2021, Ledger())
    assert forms.problems == ()
    budget = replace(conversion.budget, projects=forms.projects, objectives=())
    resources = [*performance_resources(budget, conversion.ids), *project_resources(budget, conversion.ids)]
    found = pyoxigraph.Store()
    lines = (f"{each.subject} {predicate} {value} .\n" for each in resources for predicate, value in each.pairs)
    found.load("".join(lines).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return found


def select(store: pyoxigraph.Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(_PROLOGUE + query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return [tuple(getattr(value, "value", "").rpartition("/")[2] for value in solution) for solution in solutions]


def test_weights_of_the_row_and_its_level(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?name ?weight ?printed ?level { ?i rdfs:label ?name ; bud:weight ?weight ; bud:sourceWeight ?printed ;
        bud:weightOfLevel1 ?level } ORDER BY ?order""",
    )
    assert sorted(rows) == [("保洁河道", "22.5", "22.5", "50"), ("完工时间", "7.5", "7.5", "50")]


def test_earlier_value_is_no_target(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?text ?year ?min { ?i bud:hasEarlierValue ?v . ?v a bud:EarlierValue ; bud:sourceValue ?text ;
        bud:fiscalYear ?year ; schema:minValue ?min FILTER NOT EXISTS { ?j bud:hasTarget ?v } }""",
    )
    assert rows == [("11条", "2020", "11")]


def test_targets_of_two_periods(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?period ?column ?min { ?i rdfs:label "保洁河道"@zh ; bud:hasTarget ?t . ?t bud:targetPeriod ?period ;
        bud:valueColumn ?column ; schema:minValue ?min } ORDER BY ?min""",
    )
    assert rows == [("annual", "年度目标值", "12"), ("medium", "实施周期目标值", "36")]


def test_dates_are_as_precise_as_printed(store: pyoxigraph.Store) -> None:
    query = """SELECT ?from ?until (DATATYPE(?until) AS ?type) { ?t a bud:DatedTarget ; bud:targetUntil ?until
    OPTIONAL { ?t bud:targetFrom ?from } } ORDER BY ?from"""
    assert [(a, b, c.rpartition("#")[2]) for a, b, c in select(store, query)] == [
        ("", "--11", "gMonth"),
        ("2023-07", "2024-01", "gYearMonth"),
    ]


def test_targets_of_one_cell_say_what_they_are_of(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?subject ?text ?unit { ?i rdfs:label "宣传"@zh ; bud:hasTarget ?t . ?t bud:subjectText ?subject ;
        bud:sourceValue ?text ; bud:targetUnitText ?unit } ORDER BY ?text""",
    )
    assert rows == [("参训", "参训≥100人", "人"), ("培训", "培训≥3次", "次")]


def test_unit_that_no_list_has_is_kept_as_printed(store: pyoxigraph.Store) -> None:
    query = """SELECT ?max { ?t bud:targetUnitText ?unit ; schema:maxValue ?max
    FILTER(STR(?unit) = "万/月") FILTER NOT EXISTS { ?t bud:targetUnit ?known } }"""
    assert select(store, query) == [("620",)]


def test_texts_and_nature_of_an_indicator(store: pyoxigraph.Store) -> None:
    query = """SELECT ?nature ?text { ?i rdfs:label "保洁河道"@zh ; bud:natureText ?nature ; bud:standardText ?text }
    ORDER BY ?text"""
    assert select(store, query) == [("定量", "备注：含支流"), ("定量", "少一条扣1分")]


def test_head_of_the_project(store: pyoxigraph.Store) -> None:
    query = """SELECT ?nature ?category ?start ?end { ?p bud:projectNature ?nature ; bud:projectCategory ?category ;
    schema:startDate ?start ; schema:endDate ?end }"""
    assert select(store, query) == [("recurring", "other-running", "2021-03-01", "2023-12-31")]


def test_values_of_grades_are_no_targets(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?column ?text { ?i bud:hasGradedValue ?v . ?v a bud:GradedValue ; bud:sourceValue ?text ;
        bud:valueColumn ?column FILTER NOT EXISTS { ?j bud:hasTarget ?v } } ORDER BY DESC(?text)""",
    )
    assert rows == [("优", "≥15条"), ("差", "<9条")]


def test_objectives_of_a_unit_are_the_units(conversion: Conversion) -> None:
    form = "单位名称|一级指标|二级指标|三级指标|指标值\n某河道所|产出指标|数量指标|保洁河道|≥12条\n"
    forms = read_forms(list(read_blocks(form.replace("|", "\t"))), 2021, Ledger())
    budget = replace(conversion.budget, projects=(), objectives=forms.objectives, unit_ids={"某河道所": "org/u1"})
    pairs = [pair for each in performance_resources(budget, conversion.ids) for pair in each.pairs]
    assert [value for name, value in pairs if name == term("bud:objectiveOf")] == [
        f"<{conversion.ids.organisation('org/u1')}>"
    ]
