"""Data that breaks what the rules assume gets a report or one clear error: no crash, no silent pass."""

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from budgetgraph.ontology.namespaces import BUD, CODE_BASE, PREFIXES
from budgetgraph.shapes.engines import ENGINES
from budgetgraph.shapes.exceptions import NotOneDocumentError
from budgetgraph.shapes.report import to_json, to_text, to_turtle
from budgetgraph.shapes.report_page import to_badge, to_html
from budgetgraph.shapes.report_sheet import to_csv
from budgetgraph.shapes.results import Report, Severity
from budgetgraph.shapes.sarif import to_sarif
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document

SOUND = (CASES / "WT-1" / "valid.ttl").read_text(encoding="utf-8")
XSD = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"

#: A statement of the sound document, and what stands there instead.
BREAKS = {
    "text": ("bud:amount 300000.00", 'bud:amount "三十万"'),
    "text with a datatype": ("bud:amount 300000.00", 'bud:amount "三十万"^^xsd:decimal'),
    "infinity": ("bud:amount 300000.00", 'bud:amount "INF"^^xsd:double'),
    "more digits than an engine holds": ("bud:amount 300000.00", f"bud:amount {'9' * 40}.00"),
    "two amounts": ("bud:amount 300000.00", "bud:amount 300000.00, 300001.00"),
    "an IRI for an amount": ("bud:amount 300000.00", "bud:amount <urn:x>"),
    "no structure": ("qb:structure bud:dsd-expenditure", "bud:order 1"),
    "no step": ("bud:sourceStep 100.0", "bud:order 1"),
}


def results(report: Report) -> list[tuple[str, str, str | None]]:
    return [(r.rule, r.focus, r.value.text if r.value and r.value.is_iri else None) for r in report.results]


@pytest.mark.parametrize("what", BREAKS)
def test_a_broken_statement_is_found_by_both_engines(what: str) -> None:
    passage, instead = BREAKS[what]
    data = document(CASES / "frame.ttl", XSD + SOUND.replace(passage, instead))
    if passage not in SOUND:
        frame = (CASES / "frame.ttl").read_text(encoding="utf-8")
        assert passage in frame
        quads = list(
            pyoxigraph.parse((XSD + frame.replace(passage, instead)).encode(), format=pyoxigraph.RdfFormat.TURTLE)
        )
        rest = pyoxigraph.parse(document(SOUND), format=pyoxigraph.RdfFormat.N_QUADS)
        name = "sourceStep" if "Step" in passage else "structure"
        quads += [quad for quad in rest if not quad.predicate.value.endswith(name)]
        data = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    native, *others = [validate(data, source=what, engine_name=name) for name in sorted(ENGINES)]
    assert [r for r in native.results if r.severity is Severity.VIOLATION], "it passed in silence"
    for other in others:
        assert results(other) == results(native)
        assert other.looked_at == native.looked_at > 0


def test_a_document_without_its_code_lists_does_not_pass(converted: Path) -> None:
    """Without `skos:broader` no class has parts, so the sums would have nothing to look at."""
    quads = [quad for quad in pyoxigraph.parse(path=converted) if not quad.subject.value.startswith(CODE_BASE)]
    report = validate(quads)
    assert not report.conforms
    assert "QB-19" in {result.rule for result in report.results}
    assert report.checked["WT-1"] == 0


NOT_ONE = {
    "an empty graph": b"",
    "RDF of someone else": b'<http://example.org/a> <http://xmlns.com/foaf/0.1/nick> "b" <http://example.org/g> .\n',
    "two documents": b"".join(
        f"<urn:{n}> <{PREFIXES['rdf']}type> <{BUD.DocumentVersion}> <urn:g> .\n".encode() for n in "ab"
    ),
}


@pytest.mark.parametrize("what", NOT_ONE)
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_what_is_not_one_document_is_refused(what: str, engine: str) -> None:
    with pytest.raises(NotOneDocumentError, match=r"DocumentVersion|document versions"):
        validate(NOT_ONE[what], source=what, engine_name=engine)


@pytest.fixture
def empty() -> bytes:
    """Return a document version without a table."""
    return f"<urn:doc> <{PREFIXES['rdf']}type> <{BUD.DocumentVersion}> <urn:g> .\n".encode()


def test_a_document_without_tables_does_not_look_checked(empty: bytes, tmp_path: Path) -> None:
    report = validate(empty, source="empty.nq")
    assert report.data_sets == 0
    assert "no data set" in to_text(report, "en")
    assert "没有数据集" in to_text(report, "zh")
    assert "no data set" in to_html([report], "1.0")
    assert "nothing checked" in to_badge([report])
    path = tmp_path / "empty.nq"
    path.write_bytes(empty)
    done = subprocess.run(
        [sys.executable, "-m", "budgetgraph.cli", "validate", str(path)], capture_output=True, text=True, check=False
    )
    assert "nothing was checked" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_form_can_be_written_of_every_report(empty: bytes) -> None:
    broken = [document(XSD + SOUND.replace(*BREAKS[what])) for what in ("text", "an IRI for an amount")]
    reports = [validate(data, source="x", explain=True) for data in (empty, *broken)]
    for several in ([], reports):
        forms = [to_json(several), to_csv(several), to_sarif(several, "1"), to_html(several, "1"), to_badge(several)]
        assert all(forms)
        assert bool(to_turtle(several)) == bool(several)


@pytest.mark.parametrize("number", ["INF", "-INF", "NaN", "1e400"])
def test_a_number_that_is_none_to_add_up_is_reported(number: str) -> None:
    broken = re.sub(r"bud:amount [\d.]+ ", f'bud:amount "{number}"^^xsd:double ', SOUND, count=1)
    report = validate(document(XSD + broken), source="x", explain=True)
    assert "QB-X8" in {result.rule for result in report.results}
    assert all([to_text(report), to_json([report]), to_csv([report]), to_html([report], "1")])


def test_a_blank_node_among_the_figures_is_reported() -> None:
    blank = "[] a qb:Observation ; qb:dataSet <https://example.org/id/budget/shifan/2021/budget/t2> ; bud:amount 1.5 ."
    prefixes = "\n".join(line for line in SOUND.splitlines() if line.startswith("@prefix"))
    assert "/t2" in SOUND
    report = validate(document(SOUND, prefixes + blank), source="blank")
    assert not report.conforms
    assert "sh:focusNode" in to_turtle([report])
