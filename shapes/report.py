"""The forms of a report: text for people, JSON for programs, the W3C report as quads."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.paths import resource
from budgetgraph.shapes.results import Cell, CommonCause, Report, Result, Severity, Value
from budgetgraph.shapes.rules import SHAPE_BASE

_SH = PREFIXES["sh"]


def to_json(reports: Iterable[Report]) -> str:
    """Return the reports as the JSON object that other programs read."""
    reports = list(reports)
    record: dict[str, Any] = {
        "engine": reports[0].engine if reports else None,
        "shapes": reports[0].shapes if reports else None,
        "sources": [
            {
                "source": report.source,
                "conforms": report.conforms,
                "checked": report.looked_at,
                "results": [_record(result) for result in report.results],
                "causes": [_cause_record(cause) for cause in report.causes],
            }
            for report in reports
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _record(result: Result) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "severity": result.severity.value,
        "focus": result.focus,
        "path": result.path,
        "value": result.value.text if result.value else None,
        "message": {"zh": result.message.zh, "en": result.message.en},
        "cells": [_cell_record(cell) for cell in result.cells],
        "fingerprint": result.fingerprint,
    }


def _cause_record(cause: CommonCause) -> dict[str, Any]:
    return {
        "kind": cause.kind,
        "message": {"zh": cause.message.zh, "en": cause.message.en},
        "cell": _cell_record(cause.cell) if cause.cell else None,
        "fingerprints": list(cause.fingerprints),
    }


def _cell_record(cell: Cell) -> dict[str, Any]:
    return {"table": cell.table, "row": cell.row, "column": cell.column, "page": cell.page}


def to_text(report: Report, language: str = "en") -> str:
    """Return the report for people, grouped by severity and rule."""
    return "".join(_lines(report, language))


#: Said of a document that has nothing to add up.
NO_DATA_SET = {
    "zh": "文件里没有数据集：没有核对任何金额。",
    "en": "The document holds no data set: no amount was checked.",
}
_WORDS = {
    "zh": (
        "相符",
        "不相符",
        "核对了 {} 个等式和数值",
        "未发现问题",
        "{} 条结果可能出于同一个原因：{}。",
        {"Violation": "违反", "Warning": "警告", "Info": "提示"},
    ),
    "en": (
        "conforms",
        "does not conform",
        "{} equations and values checked",
        "nothing found",
        "{} findings have one likely cause: {}.",
        {},
    ),
}


def _lines(report: Report, language: str) -> Iterator[str]:
    conforms, fails, checked, nothing, common, names = _WORDS[language]
    found = {severity: report.count(severity) for severity in Severity}
    counts = ", ".join(f"{number} {names.get(s.value, s.value)}" for s, number in found.items() if number) or nothing
    verdict = conforms if report.conforms else fails
    yield f"{report.source}: {verdict}; {checked.format(report.looked_at)}; {counts}\n"
    if not report.data_sets:
        yield f"  {NO_DATA_SET[language]}\n"
    for cause in report.causes:
        results = report.explained_by(cause)
        yield f"  {common.format(len(results), getattr(cause.message, language))}\n"
        rules = Counter(result.rule for result in results)
        broken = ", ".join(f"{rule} ({number})" for rule, number in rules.items())
        yield f"    {broken}; {_place(cause.cell, language)}\n" if cause.cell else f"    {broken}\n"
    for severity in Severity:
        graded = [result for result in report.results if result.severity is severity]
        for rule in dict.fromkeys(result.rule for result in graded):
            same = [result for result in graded if result.rule == rule]
            yield f"\n{names.get(severity.value, severity.value)} {rule} ({len(same)})\n"
            for result in same:
                yield f"  {getattr(result.message, language)}\n"
                places = [_place(cell, language) for cell in result.cells] or [_subject(result, report)]
                yield from (f"    {place}\n" for place in places)


def _subject(result: Result, report: Report) -> str:
    """Return what a result is about where no cell is known: its IRI, shortened to the part below the budget's."""
    iri = result.value.text if result.value and result.value.is_iri else result.focus
    return iri.removeprefix(f"{report.series}/").removeprefix(f"{report.document}/")


def _place(cell: Cell, language: str) -> str:
    words = {"zh": "{page}页，{row}行，{column}列", "en": "page {page}, row {row}, column {column}"}[language]
    known = {"page": cell.page, "row": cell.row, "column": cell.column}
    separator = "，" if language == "zh" else ", "
    parts = [part for part, number in zip(words.split(separator), known.values(), strict=True) if number is not None]
    return separator.join([cell.table, *(part.format(**known) for part in parts)])


def to_quads(report: Report, graph: str) -> list[ox.Quad]:
    """Return the W3C validation report (SHACL, 3.6) as quads of a named graph.

    Every node has an IRI below the graph's name, and nothing in it depends on the time, so that the same data
    always gives the same report.
    """
    name = ox.NamedNode(graph)
    this = ox.NamedNode(f"{graph}#report")
    quads = [
        ox.Quad(this, _term("rdf:type"), _term("sh:ValidationReport"), name),
        ox.Quad(this, _term("sh:conforms"), ox.Literal(not report.results), name),
    ]
    seen: Counter[str] = Counter()
    for result in report.results:
        seen[result.fingerprint] += 1
        node = ox.NamedNode(f"{graph}#{result.fingerprint}-{seen[result.fingerprint]}")
        quads.append(ox.Quad(this, _term("sh:result"), node, name))
        quads += [ox.Quad(node, predicate, value, name) for predicate, value in _statements(result)]
    return quads


def _statements(result: Result) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]]:
    yield _term("rdf:type"), _term("sh:ValidationResult")
    yield _term("sh:focusNode"), resource(result.focus)
    yield _term("sh:resultSeverity"), ox.NamedNode(f"{_SH}{result.severity.value}")
    yield _term("sh:sourceShape"), ox.NamedNode(f"{SHAPE_BASE}{result.rule}")
    yield _term("sh:sourceConstraintComponent"), ox.NamedNode(result.component)
    if result.path is not None:
        yield _term("sh:resultPath"), ox.NamedNode(result.path)
    if result.value is not None:
        yield _term("sh:value"), _node(result.value)
    yield _term("sh:resultMessage"), ox.Literal(result.message.zh, language="zh")
    yield _term("sh:resultMessage"), ox.Literal(result.message.en, language="en")


def _node(value: Value) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if value.is_iri:
        return resource(value.text)
    datatype = ox.NamedNode(value.datatype) if value.datatype and not value.language else None
    return ox.Literal(value.text, language=value.language, datatype=datatype)


def report_graph(report: Report) -> str:
    """Return the name of the graph a report is published in: {base}graph/doc/{sha16}/report.

    A document that is named in another way has its report below its own name.
    """
    base, form, identity = report.document.rpartition("id/doc/")
    if not form:
        return f"{report.document}/report"
    return f"{base}graph/doc/{identity}/report"


def to_turtle(reports: Iterable[Report]) -> str:
    """Return the W3C reports as one Turtle document."""
    triples = [quad.triple for report in reports for quad in to_quads(report, report_graph(report))]
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"sh": _SH})
    return (written or b"").decode()


def _term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)
