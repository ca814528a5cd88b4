"""The command `validate`: what it finds, its reports in every form, its exit code."""

import json

import pytest

from tests.cli.commands import PUBLICATION, call, here, run
from tests.shapes.case_files import CASES, document


def test_validate_finds_the_calculation_and_exits_with_1():
    done = here("validate", PUBLICATION, "--format", "json")
    assert done.returncode == 1
    (source,) = json.loads(done.stdout)["sources"]
    assert source["conforms"] is False
    assert source["checked"] > 5000
    violations = [r for r in source["results"] if r["severity"] == "Violation"]
    assert [r["rule"] for r in violations] == ["AR-1"]
    assert "63000" in violations[0]["message"]["zh"]


def test_validate_rdf_conforms_where_the_calculation_is_mended(tmp_path):
    text = (PUBLICATION / "document.txt").read_text("utf-8").replace("450 元=6.3 万", "450 元=63 万")
    source = tmp_path / "mended.txt"
    source.write_text(text, "utf-8")
    assert here("convert", source, "-o", tmp_path / "mended.trig").returncode == 0
    done = here("validate", tmp_path / "mended.trig", "--format", "turtle")
    assert done.returncode == 0, done.stdout[:2000]
    assert "sh:ValidationReport" in done.stdout


FORMS_OF_REPORT = {
    "html": "<!doctype html>",
    "csv": "source,rule,severity",
    "sarif": '"version": "2.1.0"',
    "badge": "<svg",
}


@pytest.mark.parametrize("form", FORMS_OF_REPORT)
def test_validate_writes_each_form_to_a_file(tmp_path, form):
    data = tmp_path / "case.nq"
    data.write_bytes(document(CASES / "WT-1" / "invalid.ttl"))
    done = call("validate", data, "--format", form, "-o", tmp_path / "report")
    assert done.exit_code == 1
    assert FORMS_OF_REPORT[form] in (tmp_path / "report").read_text("utf-8")


def test_validate_compares_with_a_former_report(tmp_path):
    data, former = tmp_path / "case.nq", tmp_path / "former.json"
    data.write_bytes(document(CASES / "WT-1" / "invalid.ttl"))
    call("validate", data, "--format", "json", "-o", former)
    shown = call("validate", data, "--format", "sarif", "--against", former).stdout
    assert {result["baselineState"] for result in json.loads(shown)["runs"][0]["results"]} == {"unchanged"}
    done = here("validate", data, "--format", "html", "--against", data)
    assert done.returncode == 2
    assert "is no report of this program" in done.stderr
    assert "Traceback" not in done.stderr


def test_validate_prints_a_mutation_score(tmp_path):
    data = tmp_path / "case.nq"
    data.write_bytes(document(CASES / "WT-1" / "valid.ttl"))
    shown = call("validate", data, "--mutation")
    assert shown.exit_code == 0
    assert "cells that no rule watches" in shown.stdout


def test_validate_in_several_processes_gives_the_same_reports(tmp_path):
    for name in ("WT-1", "WT-3", "CL-2"):
        (tmp_path / f"{name}.nq").write_bytes(document(CASES / name / "invalid.ttl"))
    (tmp_path / "bad.ttl").write_text("no RDF", "utf-8")
    files = sorted(tmp_path.iterdir())
    one, two = (run("validate", *files, "--format", "json", "--jobs", jobs) for jobs in (1, 2))
    assert one.stdout == two.stdout
    assert len(json.loads(one.stdout)["sources"]) == 3
    assert one.returncode == two.returncode == 3
    for done in (one, two):
        assert "bad.ttl: is not well-formed RDF" in done.stderr
