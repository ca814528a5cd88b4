"""What a validation takes, what it refuses, and what it says of one document."""

from pathlib import Path

import pyoxigraph
import pytest

from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import ENGINES
from budgetgraph.shapes.exceptions import DataError, NotOneDocumentError, NotRdfError, UnknownEngineError
from budgetgraph.shapes.results import Cell, Report, Severity
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document

WRONG_SUM = CASES / "WT-1" / "invalid.ttl"
SOUND = CASES / "WT-1" / "valid.ttl"


def rules(report: Report) -> set[str]:
    return {result.rule for result in report.results}


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("text", ['"待定"', '"12万"^^xsd:decimal', '"12"^^xsd:string'])
def test_text_in_an_amount_cell_hides_no_other_fault(engine: str, text: str) -> None:
    """A sum over text is an error in SPARQL: it may neither end the validation nor drop the sums beside it."""
    turtle = WRONG_SUM.read_text(encoding="utf-8").replace("bud:amount 300000.00", f"bud:amount {text}")
    prefix = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    report = validate(document(prefix + turtle), engine_name=engine)
    assert rules(report) == {"QB-X8", "WT-1"}
    sums = {result.value.text.rpartition("/")[2]: result for result in report.results if result.value}
    assert "310000" in sums["20131.basic"].message.zh, "the 款 whose 项 do not add up is still reported"
    assert "印为 0 元" in sums["201.basic"].message.zh, "the text counts as nothing"


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_label_may_hold_what_means_something_in_a_pattern(engine: str) -> None:
    case = (CASES / "PJ-1" / "invalid.ttl").read_text(encoding="utf-8")
    report = validate(document(case.replace('"示范宣传"', r'"示范\\d\\1宣传 $1 {?sum}"')), engine_name=engine)
    (result,) = report.results
    assert r"示范\d\1宣传 $1" in result.message.zh
    assert "90000" in result.message.en


def test_a_value_is_found_in_its_cell() -> None:
    report = validate(document(WRONG_SUM))
    places = {result.value.text.rpartition("/")[2]: result.cells for result in report.results if result.value}
    assert places == {"20131.basic": (Cell("表二", 5, 4, 7),), "201.basic": ()}


def test_a_fingerprint_outlives_moved_rows_and_corrected_amounts() -> None:
    before = WRONG_SUM.read_text(encoding="utf-8")
    after = before.replace("r5c4", "r9c4").replace("rowNumber 5", "rowNumber 9")
    after = after.replace("310000.00", "320000.00").replace('"31.00"', '"32.00"')
    old, new = validate(document(before)), validate(document(after))
    assert {r.fingerprint for r in old.results} == {r.fingerprint for r in new.results}
    assert {r.cells for r in old.results} != {r.cells for r in new.results}
    assert len({r.fingerprint for r in old.results}) == len(old.results)


def test_a_fingerprint_of_printed_words_outlives_a_new_version() -> None:
    case = document(CASES / "CL-3" / "invalid.ttl")
    moved = case.replace(b"0123456789abcdef", b"fedcba9876543210").replace(b"/r2c1", b"/r7c1")
    (old,), (new,) = validate(case).results, validate(moved).results
    assert old.value != new.value
    assert old.fingerprint == new.fingerprint


def test_every_form_of_data_gives_the_same_report(tmp_path: Path) -> None:
    nquads = document(WRONG_SUM)
    quads = list(pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS))
    reports = [validate(nquads, source="same"), validate(quads, source="same")]
    for rdf_format, ending in ((pyoxigraph.RdfFormat.TRIG, "trig"), (pyoxigraph.RdfFormat.TURTLE, "ttl")):
        path = tmp_path / f"data.{ending}"
        pyoxigraph.serialize((quad.triple for quad in quads), str(path), format=rdf_format)
        reports.append(validate(path, source="same"))
    assert len({report.results for report in reports}) == 1
    assert len({tuple(report.checked.items()) for report in reports}) == 1


LINES = {
    "a graph": '<urn:s> <urn:p> <urn:o> <urn:g> .\n<urn:s> <urn:p> "a \\n. b"@zh <urn:g> .\n',
    "two graphs": "<urn:s> <urn:p> <urn:o> <urn:g> .\n<urn:s> <urn:p> <urn:o> <urn:h> .\n",
    "no graph": '<urn:s> <urn:p> <urn:o> .\n<urn:s> <urn:p> "a b" .\n<urn:s> <urn:p> "a  ."@zh .\n',
    "some with a graph": "<urn:s> <urn:p> <urn:o> .\n<urn:s> <urn:p> <urn:x> <urn:g> .\n",
    "no blanks": '<urn:s><urn:p><urn:o><urn:g>.\n<urn:s>\t<urn:p>\t"a"\t<urn:g>\t.\n',
    "other line ends": "<urn:s> <urn:p> <urn:o> <urn:g> .\r\n\r\n# <urn:s> <urn:p> <urn:z> <urn:g> .\r\n",
    "blank nodes": "_:s <urn:p> _:o <urn:g> .\n_:o <urn:p> _:s _:g .\n",
}


@pytest.mark.parametrize("form", LINES)
def test_quads_of_any_form_are_read_whole(form: str) -> None:
    version = f"<urn:d> <{PREFIXES['rdf']}type> <{BUD.DocumentVersion}> <urn:g> .\n"
    data = (version + LINES[form]).encode()
    expected = {quad.triple for quad in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_QUADS)}
    read = Document(data, form)
    assert read.triples == len(expected)
    assert {quad.triple for quad in read.store} >= expected
    assert all(quad.graph_name == pyoxigraph.DefaultGraph() for quad in read.store)


def test_a_triple_stated_in_two_graphs_counts_once() -> None:
    triples = [q.triple for q in pyoxigraph.parse(document(SOUND), format=pyoxigraph.RdfFormat.N_QUADS)]
    graphs = [pyoxigraph.NamedNode(f"https://example.org/graph/{name}") for name in "ab"]
    quads = [pyoxigraph.Quad(t.subject, t.predicate, t.object, graph) for graph in graphs for t in triples]
    assert validate(quads).results == ()


def test_a_document_without_data_sets_says_that_nothing_was_checked() -> None:
    version = "<https://example.org/id/doc/1> a <https://w3id.org/budgetgraph/def#DocumentVersion> .\n"
    report = validate(version.encode().replace(b" a ", b" <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "))
    assert (report.data_sets, report.results) == (0, ())
    assert sum(n for rule, n in report.checked.items() if not rule.startswith(("AR", "CL-3"))) == 0
    assert report.looked_at == 0


def test_warnings_alone_conform() -> None:
    report = validate(document(CASES / "WT-2-rounding" / "invalid.ttl"))
    assert report.conforms
    assert report.count(Severity.WARNING) == 1
    assert not validate(document(WRONG_SUM)).conforms


def test_data_without_code_lists_is_not_passed_in_silence() -> None:
    lines = document(SOUND).splitlines(keepends=True)
    without = b"".join(line for line in lines if not line.startswith(b"<https://w3id.org/budgetgraph/id/code/"))
    assert rules(validate(without)) == {"QB-19"}


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", NotOneDocumentError, ["payroll", "no bud:DocumentVersion", "budgetgraph convert"]),
        (b"<https://example.org/a> <https://example.org/b> 1 .", NotRdfError, ["payroll", "line 1"]),
        (b"\xff\xfe\x00not text", NotRdfError, ["payroll", "not well-formed RDF"]),
    ],
)
def test_data_that_is_no_document_is_refused(data: bytes, error: type[DataError], words: list[str]) -> None:
    with pytest.raises(error) as caught:
        validate(data, source="payroll")
    for word in words:
        assert word in str(caught.value)


def test_two_documents_are_refused() -> None:
    both = document(SOUND) + document(SOUND).replace(b"0123456789abcdef", b"fedcba9876543210")
    with pytest.raises(NotOneDocumentError, match="holds 2 document versions"):
        validate(both)


@pytest.mark.parametrize("name", ["nothing-there.trig", "budget.xlsx", "folder.ttl"])
def test_files_that_cannot_be_read_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "budget.xlsx").write_bytes(b"PK")
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(NotRdfError, match=name):
        validate(tmp_path / name)


def test_an_unknown_engine_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UnknownEngineError, match="'topbraid': use compiled or oxigraph or pyshacl"):
        validate(Path("nothing-there.trig"), engine_name="topbraid")
