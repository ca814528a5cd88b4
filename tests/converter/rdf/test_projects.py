"""Projects, items and funding in the graph of a converted publication."""

import pyoxigraph

from tests.converter.selecting import select


def test_heads(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT DISTINCT ?label ?unit ?budget ?kind WHERE { ?p a bud:Project ; rdfs:label ?label ;
        bud:executingUnitText ?unit ;
        bud:currentBudget ?budget ; bud:totalBudget ?budget ; bud:projectKind/skos:notation ?kind ; bud:order ?n ;
        bud:responsibleDepartment ?d . ?d a bud:BudgetDepartment } ORDER BY ?n""",
    )
    assert rows == [
        ("机要、保密费", "机要保密局", "410000", "departmental"),
        ("档案管理", "档案室", "410000", "departmental"),
        ("会议及慰问费", "秘书口", "1300000", "departmental"),
    ]


def test_leaf_items_add_up_to_each_project(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?n (SUM(?a) AS ?sum) ?budget WHERE { ?o bud:project ?p ; bud:projectItem ?i ; bud:isLeaf true ;
        bud:fiscalYear/skos:notation "2021" ; bud:amount ?a . ?i bud:ofProject ?p .
        ?p bud:order ?n ; bud:currentBudget ?budget }
        GROUP BY ?n ?budget ORDER BY ?n""",
    )
    assert rows == [("1", "410000", "410000"), ("2", "410000", "410000"), ("3", "1300000", "1300000")]


def test_items_are_a_tree_below_the_total(store: pyoxigraph.Store) -> None:
    items = select(store, "SELECT DISTINCT ?i WHERE { ?i a bud:ProjectItem ; bud:ofProject ?p . ?p bud:hasItem ?i }")
    below = select(store, 'SELECT DISTINCT ?i WHERE { ?i bud:partOfItem+ ?t . ?t skos:notation "_T" }')
    assert len(items) == 26 + 3
    assert len(below) == 26


def test_nested_items(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?n ?a WHERE { ?i bud:partOfItem ?group ; skos:notation ?n .
        ?group rdfs:label "档案在线归档平台相关建设预算"@zh .
        ?o bud:projectItem ?i ; bud:amount ?a } ORDER BY ?n""",
    )
    assert rows == [("8.1", "80000"), ("8.2", "30000"), ("8.3", "30000"), ("8.4", "55000"), ("8.5", "5000")]


def test_earlier_years(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?y (SUM(?a) AS ?sum) WHERE { ?o bud:projectItem/skos:notation "_T" ; bud:amount ?a ;
        bud:fiscalYear/skos:notation ?y } GROUP BY ?y ORDER BY ?y""",
    )
    assert rows == [("2019", "1060000"), ("2020", "1160000"), ("2021", "2120000")]


def test_funding_lines(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?n ?label ?a ?v ?above WHERE { ?p bud:order 2 ; bud:hasFundingLine ?l . ?l rdfs:label ?label ;
        bud:order ?n ;
        bud:lineAmount ?a ; bud:sourceValue ?v OPTIONAL { ?l bud:partOfLine/bud:order ?above } } ORDER BY ?n""",
    )
    assert rows == [
        ("1", "合计", "410000", "41", ""),
        ("2", "财政拨款收入", "410000", "41", "1"),
        ("3", "申请当年预算拨款", "410000", "41", "2"),
    ]


def test_calculation_that_does_not_compute(store: pyoxigraph.Store) -> None:
    rows = select(
        store,
        """SELECT ?label ?claimed ?computed WHERE { ?c a bud:ArithmeticClaim ; bud:about/rdfs:label ?label ;
        bud:claimedAmount ?claimed ; bud:computedAmount ?computed FILTER(?claimed != ?computed) }""",
    )
    assert rows == [("档案管理", "63000", "630000")]


def test_nobody_is_named(store: pyoxigraph.Store) -> None:
    rows = select(store, 'SELECT ?s ?v WHERE { ?s ?p ?v FILTER(REGEX(STR(?v), "张某某|李某某|0{8}")) }')
    assert rows == []


def test_withheld_cells_have_neither_text_nor_place(store: pyoxigraph.Store) -> None:
    withheld = select(store, 'SELECT ?c WHERE { ?c bud:cellRole "withheld" }')
    assert len(withheld) == 14
    telling = select(
        store,
        """SELECT ?c WHERE { ?c bud:cellRole "withheld" ; ?p ?v FILTER(?p IN (bud:cellText, oa:hasSelector)) }""",
    )
    assert telling == []
