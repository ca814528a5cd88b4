"""The concept schemes are well-formed SKOS, honest about their sources, and found by printed labels."""

import csv
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.ontology import codelists
from budgetgraph.ontology.codelists import find, fold_label, ntriples, scheme, statements, turtle
from budgetgraph.ontology.codelists.documents import document_scheme
from budgetgraph.ontology.files import FOLDER
from budgetgraph.ontology.namespaces import BUD, CODE_BASE, PREFIXES

ROOT = Path(__file__).resolve().parents[2]
YEARS = range(codelists.FIRST_YEAR, codelists.LAST_YEAR + 1)
#: Each list that does not change, and of those that do the concepts without year and years between changes.
EDITIONS: list[tuple[str, int | None]] = [
    (name, year)
    for name in codelists.schemes()
    for year in ([None, 2017, 2021] if codelists.is_yearly(name) else [None])
]
FIXED = [name for name in codelists.schemes() if (FOLDER / "codelists" / f"{name}.ttl").exists()]
OFFICIAL = ["functional", "dept-economic", "gov-economic"]
WITH_TOTAL = [
    "expenditure-nature",
    "revenue-source",
    "fund",
    "three-public",
    "staff-kind",
    "asset-kind",
    "procurement-kind",
    *OFFICIAL,
]


def documented_notations() -> dict[str, list[str]]:
    """Return scheme -> notations that docs/data-model.md lists one by one."""
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    table = page.split("## Concept schemes")[1].split("\n## ")[0]
    listed: dict[str, list[str]] = {}
    for names, concepts in re.findall(r"^\| (`.+?`(?:, `.+?`)*) \| (.+) \|$", table, flags=re.MULTILINE):
        notations = re.findall(r"`([^`]+)`", re.sub(r"umbrellas? .*|with `bud:year`.*", "", concepts))
        for name in re.findall(r"`([^`]+)`", names):
            listed[name.removesuffix("/{year}")] = [n for n in notations if n not in {">"}]
    return listed


def test_the_data_model_lists_the_schemes_that_ship() -> None:
    assert sorted(documented_notations()) == codelists.schemes()


@pytest.mark.parametrize("name", sorted(documented_notations()))
def test_every_documented_notation_exists(name: str) -> None:
    documented = documented_notations()[name]
    assert documented or name == "division"
    assert [n for n in documented if n not in scheme(name, 2021)] == []


@pytest.mark.parametrize(("name", "year"), EDITIONS)
def test_scheme_is_well_formed(name: str, year: int | None) -> None:
    edition = scheme(name, year)
    assert edition.iri == CODE_BASE + (f"{name}/{year}" if year else name)
    assert edition.label
    assert edition.label_en
    for notation, concept in edition.concepts.items():
        assert concept.notation == notation
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", notation), notation
        assert concept.label == concept.label.strip() != ""
        assert concept.broader is None or concept.broader in edition, notation
        assert notation not in edition.broader(notation), "a circle"
        assert all(part in edition for part in concept.aggregates), notation
        assert concept.status in {codelists.OBSERVED, codelists.PROVISIONAL}


@pytest.mark.parametrize("name", WITH_TOTAL)
def test_dimension_has_total_and_not_applicable(name: str) -> None:
    edition = scheme(name, 2021)
    assert edition["_T"].broader is None
    assert edition["_Z"].broader is None
    assert any(concept.broader == "_T" for concept in edition.concepts.values())


@pytest.mark.parametrize("name", FIXED)
def test_fixed_scheme_is_labelled_and_defined_in_both_languages(name: str) -> None:
    edition = scheme(name)
    assert edition.definition
    assert edition.definition_en
    for concept in edition.concepts.values():
        assert concept.label_en, concept.notation
        if name not in {"target-unit", "fiscal-year"}:
            assert concept.definition, concept.notation
            assert concept.definition_en, concept.notation


@pytest.mark.parametrize("name", OFFICIAL)
def test_classes_and_groups_are_translated(name: str) -> None:
    assert [c.notation for c in scheme(name, 2021).concepts.values() if c.level < 3 and not c.label_en] == []


@pytest.mark.parametrize("name", FIXED)
def test_a_label_names_one_concept_of_a_fixed_scheme(name: str) -> None:
    owners = defaultdict(set)
    for concept in scheme(name).concepts.values():
        for label in concept.labels:
            assert fold_label(label), concept.notation
            owners[fold_label(label)].add(concept.notation)
    assert {label: found for label, found in owners.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", FIXED)
def test_every_label_of_a_fixed_scheme_is_found(name: str) -> None:
    for concept in scheme(name).concepts.values():
        for label in concept.labels:
            assert find(name, label) == concept.notation


@pytest.mark.parametrize("year", [2017, 2021, 2025])
@pytest.mark.parametrize("name", OFFICIAL)
def test_a_label_names_one_class_of_an_official_list(name: str, year: int) -> None:
    """Items recur (行政运行); classes do not, so that tables that print no codes can be read."""
    edition = scheme(name, year)
    for concept in edition.concepts.values():
        if concept.level == 1:
            assert find(edition, concept.label, level=1) == concept.notation


def test_no_status_is_official() -> None:
    """No list has been checked against the Ministry's book: what is not observed is provisional."""
    folder = FOLDER / "codelists"
    in_tables = {
        record["status"]
        for path in folder.glob("*.csv")
        if path.stem != "printed"
        for record in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    }
    in_documents = {
        status
        for path in folder.glob("*.ttl")
        for status in re.findall(r'bud:codeStatus "(.+?)"', path.read_text(encoding="utf-8"))
    }
    assert in_tables == in_documents == {"observed", "provisional"}


@pytest.mark.parametrize("name", OFFICIAL)
def test_code_is_observed_only_in_years_it_was_read_in(name: str) -> None:
    code, label = ("2013101", "行政运行") if name == "functional" else ("30101", "基本工资")
    if name == "gov-economic":
        code, label = "50101", "工资奖金津补贴"
    assert scheme(name, 2021)[code].label == label
    assert scheme(name, 2021)[code].status == codelists.OBSERVED
    assert scheme(name, 2024)[code].status == codelists.PROVISIONAL


def test_code_has_the_length_of_its_level_and_begins_with_its_parent() -> None:
    for name in OFFICIAL:
        for concept in scheme(name, 2021).concepts.values():
            if concept.level:
                assert len(concept.notation) == 2 * concept.level + 1
                assert concept.broader == (concept.notation[:-2] if concept.level > 1 else "_T")


@pytest.mark.parametrize(
    ("code", "year", "label", "alternative"),
    [
        ("210", 2017, "医疗卫生与计划生育支出", "卫生健康支出"),
        ("210", 2021, "卫生健康支出", "医疗卫生与计划生育支出"),
        ("20805", 2019, "行政事业单位离退休", "行政事业单位养老支出"),
        ("20805", 2020, "行政事业单位养老支出", "行政事业单位离退休"),
        ("215", 2018, "资源勘探信息等支出", "资源勘探工业信息等支出"),
        ("21305", 2023, "巩固脱贫攻坚成果衔接乡村振兴", "扶贫"),
    ],
)
def test_label_is_that_of_the_year(code: str, year: int, label: str, alternative: str) -> None:
    concept = scheme("functional", year)[code]
    assert concept.label == label
    assert alternative in concept.alternatives


def test_codes_come_and_go() -> None:
    assert "2080504" in scheme("functional", 2019)
    assert "2080504" not in scheme("functional", 2020)
    assert "224" not in scheme("functional", 2018)
    assert "22401" not in scheme("functional", 2018), "its class did not exist"
    assert "20140" in scheme("functional", 2024)


def test_code_used_again_with_another_meaning_does_not_keep_the_old_name() -> None:
    assert scheme("dept-economic", 2017)["30311"].label == "住房公积金"
    assert scheme("dept-economic", 2021)["30311"].label == "代缴社会保险费"
    assert "住房公积金" not in scheme("dept-economic", 2021)["30311"].labels
    assert "30311" not in scheme("dept-economic", 2019)
    assert scheme("dept-economic")["30311"].status == codelists.PROVISIONAL, "only the old meaning was read"


def test_misprint_that_is_another_codes_name_is_no_label() -> None:
    """A publication prints 234 under the name of 233; that has to stay a finding."""
    assert "债务发行费用支出" not in scheme("functional", 2021)["234"].labels
    assert find("functional", "债务发行费用支出", 2021, level=1) == "233"


def test_printed_variant_is_hidden_and_no_proper_name() -> None:
    concept = scheme("functional", 2021)["210"]
    assert "医疗健康支出" in concept.hidden
    assert "医疗健康支出" not in (concept.label, *concept.alternatives)


def test_name_with_a_bracketed_addition_is_a_proper_name() -> None:
    assert "行政运行（党委办公厅）" in scheme("functional", 2021)["2013101"].alternatives


@pytest.mark.parametrize(
    ("name", "printed", "notation"),
    [
        ("revenue-source", "一、一般公共预算收入", "general"),
        ("revenue-source", "1. 财政拨款收入", "general.appropriation"),
        ("revenue-source", "2.纳入预算管理的非税收入安排的拨款", "general.nontax"),
        ("revenue-source", "（1）行政事业性收费收入安排的拨款", "general.nontax.fees"),
        ("revenue-source", "(1)行政事业性收入安排的拨款", "general.nontax.fees"),
        ("revenue-source", "(2)国有资源（资产）有偿使用收入安排的拨款", "general.nontax.assets"),
        ("revenue-source", "二、政府性基金财政拨款收入", "govFund"),
        ("revenue-source", "二、政府性基金预算财政拨款收入", "govFund"),
        ("revenue-source", "1.财政专户安排的资金", "business.specialAccount"),
        ("revenue-source", "八、用事业基金弥补收支差额", "reserveFund"),
        ("revenue-source", "1.往来可用存量资金", "other.idle"),
        ("revenue-source", "九、上年结转", "carriedForward"),
        ("revenue-source", "3.其他资金结余（含事业结余分配）", "carriedForward.other"),
        ("revenue-source", "十、国有资本经营预算收入", "stateCapital"),
        ("revenue-source", "本年收入合计", "current"),
        ("revenue-source", "当年收入小计", "current"),
        ("revenue-source", "公共财政拨款(补助)资金", "general.appropriation"),
        ("expenditure-nature", "二、项目支出", "project"),
        ("expenditure-nature", "上级 上缴 支出", "remitUp"),
        ("expenditure-nature", "对附 属单 位的 补助 支出", "toAffiliates"),
        ("expenditure-nature", "单位预留机动经费", "reserve"),
        ("expenditure-nature", "人员支出", "personnel"),
        ("three-public", "因公出国 (境) 费用", "abroad"),
        ("three-public", "公务用车运行 及维护费", "vehicleRunning"),
        ("indicator", "社会公众或服务对象满 意度指标", "benefit-satisfaction"),
        ("comparator", "≥", "ge"),
        ("comparator", "＜", "lt"),
        ("target-unit", "小时", "hour"),
        ("target-unit", "％", "percent"),
        ("table-kind", "一般公共预算三公经费支出表", "three-public"),
    ],
)
def test_wording_of_a_publication_is_found(name: str, printed: str, notation: str) -> None:
    assert find(name, printed) == notation


@pytest.mark.parametrize("text", ["", "项目", "部门预算支出经济分类", "无此项目"])
def test_what_is_no_label_is_not_found(text: str) -> None:
    assert find("expenditure-nature", text) is None
    assert find("revenue-source", text) is None


def test_ambiguous_label_is_not_guessed() -> None:
    assert find("functional", "行政运行", 2021) is None
    assert len(codelists.candidates(scheme("functional", 2021), "行政运行", level=3)) > 50


def test_closing_word_may_be_missing_in_official_lists_only() -> None:
    assert find("functional", "八、城乡社区", 2021, level=1) == "212"
    assert find("expenditure-nature", "项目") is None


@given(st.text(alphabet=" 一二、.．（）()1290①“”:：收入支出Ａa%％", max_size=12))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_label(fold_label(text)) == fold_label(text)


@given(
    st.sampled_from([label for c in scheme("revenue-source").concepts.values() for label in c.labels]),
    st.sampled_from(["", "一、", "十一、", "（三）", "1.", "2、", "(4)", "其中：", "　", "其中:1．"]),
    st.sampled_from(["", "：", " ", "　 "]),
)
def test_label_is_found_behind_any_enumeration(label: str, before: str, after: str) -> None:
    spaced = " ".join(label)
    assert find("revenue-source", before + spaced + after) == find("revenue-source", label)


def test_figures_are_counted_in_broader_concepts_and_their_aggregates() -> None:
    revenue = scheme("revenue-source")
    assert revenue.ancestors("general.nontax.fees") == {
        "general.nontax",
        "general",
        "appropriation",
        "current",
        "_T",
    }
    assert revenue.ancestors("carriedForward.general") == {"carriedForward", "carriedForward.appropriation", "_T"}
    assert revenue.ancestors("ownFunds") == {"current", "nonAppropriation"}
    assert scheme("expenditure-nature").ancestors("departmental") == {"project", "current", "_T"}
    assert scheme("functional", 2021).ancestors("2013101") == {"20131", "201", "_T"}


def test_unknown_scheme_year_and_notation_are_named() -> None:
    with pytest.raises(ValueError, match="no code list 'nonsense'"):
        scheme("nonsense")
    with pytest.raises(ValueError, match="no list 'functional' of 1999"):
        scheme("functional", 1999)
    with pytest.raises(KeyError, match="9999999"):
        scheme("functional", 2021)["9999999"]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("skos:broader this:benefit ;", "skos:broader this:benefit-social ;", "'benefit-social' go in a circle"),
        ('skos:notation "output-cost" ;', 'skos:notation "cost" ;', "output-cost has the notation 'cost'"),
    ],
)
def test_malformed_list_is_refused(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    text = (FOLDER / "codelists" / "indicator.ttl").read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "indicator.ttl"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        document_scheme(path)


def triples(text: str, kind: pyoxigraph.RdfFormat) -> set[pyoxigraph.Quad]:
    return set(pyoxigraph.parse(text, format=kind))


@pytest.mark.parametrize(("name", "year"), EDITIONS)
def test_turtle_and_ntriples_say_the_same(name: str, year: int | None) -> None:
    edition = scheme(name, year)
    from_turtle = triples(turtle(edition), pyoxigraph.RdfFormat.TURTLE)
    assert from_turtle == triples(ntriples(edition), pyoxigraph.RdfFormat.N_TRIPLES)
    assert len(from_turtle) == len(statements(edition))


@pytest.mark.parametrize("name", FIXED)
def test_what_the_file_says_is_what_the_scheme_writes(name: str) -> None:
    path = FOLDER / "codelists" / f"{name}.ttl"
    in_file = set(pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE))
    assert triples(turtle(scheme(name)), pyoxigraph.RdfFormat.TURTLE) == in_file


@pytest.mark.parametrize("name", OFFICIAL)
def test_every_code_of_the_table_is_in_force_in_some_year(name: str) -> None:
    codes = {record["code"] for record in table(name)}
    assert {n for year in YEARS for n in scheme(name, year).concepts} - {"_T", "_Z"} == codes


@pytest.mark.parametrize("name", OFFICIAL)
def test_list_of_the_tables_year_writes_back_its_labels(name: str) -> None:
    graph = pyoxigraph.Store()
    graph.load(turtle(scheme(name, 2021)).encode(), pyoxigraph.RdfFormat.TURTLE)
    skos = PREFIXES["skos"]
    found = graph.query(f"SELECT ?n ?l {{ ?c <{skos}notation> ?n ; <{skos}prefLabel> ?l FILTER(LANG(?l) = 'zh') }}")
    assert isinstance(found, pyoxigraph.QuerySolutions)
    written = {(str(n.value), str(label.value)) for n, label in found}
    in_table = {
        (record["code"], record["label_zh"])
        for record in table(name)
        if int(record["valid_from"] or 0) <= 2021 <= int(record["valid_to"] or 9999)
    }
    assert {pair for pair in written if pair[0] not in {"_T", "_Z"}} == in_table


def table(name: str) -> list[dict[str, str]]:
    lines = (FOLDER / "codelists" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))


@pytest.mark.parametrize(("name", "year"), EDITIONS)
def test_written_scheme_is_valid_skos(name: str, year: int | None) -> None:
    """S13, S14 of the SKOS reference, and what IC-19 and the sum rules need."""
    graph = pyoxigraph.Store()
    edition = scheme(name, year)
    graph.load(turtle(edition).encode(), pyoxigraph.RdfFormat.TURTLE)
    prefixes = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
    faults = {
        "two preferred labels of a language": """?c skos:prefLabel ?a, ?b
            FILTER(?a != ?b && LANG(?a) = LANG(?b))""",
        "a label of two kinds": """?c skos:prefLabel|skos:altLabel ?l ; skos:altLabel|skos:hiddenLabel ?l .
            { ?c skos:prefLabel ?l } UNION { ?c skos:altLabel ?l . ?c skos:hiddenLabel ?l }""",
        "no notation": "?c a skos:Concept FILTER NOT EXISTS { ?c skos:notation ?n }",
        "no scheme": "?c a skos:Concept FILTER NOT EXISTS { ?c skos:inScheme ?s . ?s a skos:ConceptScheme }",
        "neither broader nor top": """?c a skos:Concept
            FILTER NOT EXISTS { ?c skos:broader ?b . ?b a skos:Concept }
            FILTER NOT EXISTS { ?c skos:topConceptOf ?s . ?s skos:hasTopConcept ?c }""",
        "both broader and top": "?c skos:broader ?b ; skos:topConceptOf ?s",
        "not in the umbrella": f"?c a skos:Concept FILTER NOT EXISTS {{ ?c skos:inScheme <{edition.umbrella}> }}",
        "no status": f"?c a skos:Concept FILTER NOT EXISTS {{ ?c <{BUD.codeStatus}> ?status }}",
    }
    for fault, pattern in faults.items():
        assert not bool(graph.query(f"{prefixes} ASK {{ {pattern} }}")), fault


def test_part_of_a_scheme_holds_what_is_above_and_the_umbrella() -> None:
    edition = scheme("functional", 2021)
    assert edition.with_broader(["2013101", "20805"]) == ("_T", "201", "20131", "2013101", "208", "20805")
    part = statements(edition, ["2013101"])
    concepts = {s for s, p, o in part if p.endswith("#type>") and o.endswith("#Concept>")}
    assert concepts == {f"<{edition.concept_iri(n)}>" for n in ("2013101", "20131", "201", "_T")}
    types = {(s, o) for s, p, o in part if p.endswith("#type>")}
    assert (f"<{edition.umbrella}>", f"<{PREFIXES['skos']}ConceptScheme>") in types
    assert set(part) <= set(statements(edition))


def test_part_of_a_scheme_points_at_no_absent_concept() -> None:
    part = statements(scheme("revenue-source"), ["current", "general"])
    assert {o for _, p, o in part if p == f"<{BUD.aggregates}>"} == {f"<{CODE_BASE}revenue-source/general>"}
    assert not any(o == f"<{CODE_BASE}phase/draft>" for _, _, o in statements(scheme("phase"), ["budget"]))


def test_year_concept_points_at_the_concept_without_year() -> None:
    year, always = scheme("functional", 2021), scheme("functional")
    version_of = f"<{PREFIXES['dcterms']}isVersionOf>"
    assert (
        f"<{year.concept_iri('2013101')}>",
        version_of,
        f"<{always.concept_iri('2013101')}>",
    ) in statements(year, ["2013101"])
    assert always["21305"].label == "巩固脱贫攻坚成果衔接乡村振兴", "the latest name"


def test_fiscal_years_cover_the_years_of_the_lists() -> None:
    years = scheme("fiscal-year")
    assert sorted(years.concepts) == [str(year) for year in YEARS]
    assert (f"<{BUD.year}>", f'"2021"^^<{PREFIXES["xsd"]}gYear>') in years["2021"].extra


@pytest.mark.parametrize(
    ("printed", "base", "factor"),
    [
        ("小时", "SEC", "3600"),
        ("天", "SEC", "86400"),
        ("个月", "MO", "1"),
        ("年", "YR", "1"),
        ("%", "UNITLESS", "0.01"),
        ("公里", "M", "1000"),
        ("平方米", "M2", "1"),
    ],
)
def test_unit_is_normalised(printed: str, base: str, factor: str) -> None:
    units = scheme("target-unit")
    unit = codelists.unit_of(units, find(units, printed) or "")
    assert unit.base == PREFIXES["unit"] + base
    assert unit.factor == Decimal(factor)
    assert unit.iri.startswith(PREFIXES["unit"])


def test_money_is_normalised_to_yuan_and_countable_things_to_themselves() -> None:
    units = scheme("target-unit")
    assert codelists.unit_of(units, "ten-thousand-yuan").base == units.concept_iri("yuan")
    assert codelists.unit_of(units, "ten-thousand-yuan").factor == 10000
    assert codelists.unit_of(units, "times").base == codelists.unit_of(units, "times").iri


def test_every_unit_has_a_base_that_is_its_own_base() -> None:
    units = scheme("target-unit")
    for notation in units.concepts:
        base = codelists.unit_of(units, notation).base
        if base.startswith(CODE_BASE):
            unit = codelists.unit_of(units, base.rpartition("/")[2])
            assert (unit.base, unit.factor) == (base, Decimal(1)), notation


def test_the_tables_are_kept_in_order() -> None:
    """Sorted and without repetition, so that a change shows as the line it is."""
    for path in sorted((FOLDER / "codelists").glob("*.csv")):
        rows = path.read_text(encoding="utf-8").splitlines()[1:]
        keys = [row.split(",")[:3] if path.stem == "printed" else row.split(",")[:1] for row in rows]
        assert keys == sorted(keys), path.name
        assert len(set(rows)) == len(rows), path.name
