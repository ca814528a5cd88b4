"""Concepts of a document: those of the lists, and codes that a publication prints and no list has."""

from pathlib import Path

from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef

from budgetgraph.converter.pipeline import convert
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.ontology.namespaces import BUD, CODE_BASE

TEXT = """某某市甲乙局2021年部门预算
2021年一般公共预算支出表
单位：万元
科目编码\t科目名称\t合计\t基本支出\t项目支出
\t合计\t5.00\t5.00\t
201\t一般公共服务支出\t5.00\t5.00\t
20177\t某某事务\t5.00\t5.00\t
2017788\t某某管理事务\t5.00\t5.00\t
"""


def test_a_code_that_no_list_has_is_a_concept_of_the_document(tmp_path: Path):
    path = tmp_path / "unlisted.txt"
    path.write_text(TEXT, "utf-8")
    data = Graph().parse(data="".join(serialize(convert(path).graphs, "turtle")), format="turtle")
    code = URIRef(f"{CODE_BASE}functional/2021/2017788")
    assert list(data.objects(code, SKOS.prefLabel)) == [Literal("某某管理事务", "zh")]
    assert list(data.objects(code, URIRef(BUD.codeStatus))) == [Literal("observed")]
    assert set(data.objects(code, SKOS.inScheme)) == {
        URIRef(f"{CODE_BASE}functional/2021"),
        URIRef(f"{CODE_BASE}functional"),
    }
    printed = URIRef(f"{CODE_BASE}functional/2021/20177")
    assert list(data.objects(code, SKOS.broader)) == [printed]
    assert list(data.objects(printed, SKOS.broader)) == [URIRef(f"{CODE_BASE}functional/2021/201")]
    # As those of the lists, by which codes are looked up and compared over the years.
    (general,) = data.objects(code, DCTERMS.isVersionOf)
    assert general == URIRef(f"{CODE_BASE}functional/2017788")
    assert set(data.predicate_objects(general)) == {
        (RDF.type, SKOS.Collection),
        (SKOS.notation, Literal("2017788")),
        (SKOS.member, code),
    }
