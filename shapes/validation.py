"""Validation of one document: data in, report out."""

import hashlib
from collections.abc import Callable

from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.catalogue import Shapes, shipped_shapes
from budgetgraph.shapes.common_causes import common_causes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import DEFAULT_ENGINE, Finding, engine
from budgetgraph.shapes.explanations import explained
from budgetgraph.shapes.reading import Data
from budgetgraph.shapes.results import Message, Report, Result
from budgetgraph.shapes.rules import Rule


def validate(
    data: Data | Document,
    *,
    source: str = "",
    engine_name: str = DEFAULT_ENGINE,
    shapes: Shapes | None = None,
    explain: bool = False,
) -> Report:
    """Return what is wrong with a document, and how much was looked at.

    data         the RDF of one document version with all its graphs, as `convert` writes it: a file (its ending
                 tells the form), N-Quads as bytes, or quads; or the document that was read
    source       what the report and messages call it; the file's name when left out
    engine_name  a name in `engines.ENGINES`
    shapes       other shapes than those that ship
    explain      write out the equations of the results and what they have in common, for reports that people read

    `Report.looked_at` is 0 when the document holds nothing that a rule knows: nothing was checked then.

    Raises DataError when the data is no RDF or not that of one document, UnknownEngineError when there is no such
    engine, EngineError when the engine gives up.
    """
    engine(engine_name)  # refused before anything is read
    document = data if isinstance(data, Document) else Document(data, source or getattr(data, "name", "") or "data")
    return report_on(document, shapes or shipped_shapes(), engine_name, explain=explain)


def report_on(document: Document, shapes: Shapes, engine_name: str, *, explain: bool = False) -> Report:
    """Return what shapes find wrong with a document that has been read.

    Raises UnknownEngineError when there is no such engine, EngineError when the engine gives up.
    """
    examined = engine(engine_name)(document, shapes)
    results = [_result(finding, shapes.rules[finding.rule], document) for finding in examined.findings]
    ordered = tuple(sorted(set(results), key=_order(shapes)))
    if explain:
        ordered = explained(document, shapes, ordered)
    return Report(
        engine=engine_name,
        shapes=shapes.hash,
        source=document.name,
        document=document.iri,
        title=document.text(f"{PREFIXES['dcterms']}title"),
        sha256=document.text(BUD.sha256),
        series=document.series,
        data_sets=document.data_sets,
        checked=examined.checked,
        handed_on=examined.handed_on,
        triples=document.triples,
        results=ordered,
        causes=common_causes(document, ordered) if explain else (),
    )


def _result(finding: Finding, rule: Rule, document: Document) -> Result:
    about = finding.value.text if finding.value and finding.value.is_iri else finding.focus
    return Result(
        rule=rule.id,
        severity=rule.severity,
        focus=finding.focus,
        path=finding.path,
        value=finding.value,
        message=_message(finding, rule),
        component=finding.component,
        cells=document.cells(about) or document.cells(finding.focus),
        fingerprint=_fingerprint(finding, document),
    )


def _message(finding: Finding, rule: Rule) -> Message:
    """Return the message in both languages; the shape's name or ID where it has none."""
    texts = {**dict.fromkeys(("zh", "en"), rule.id), **rule.names, **finding.messages}
    return Message(texts["zh"], texts["en"])


def _fingerprint(finding: Finding, document: Document) -> str:
    """Return 16 hexadecimal digits that stay when the document is published again with rows moved.

    A literal is left out: it is an amount, which may be corrected in part without the fault being another one.
    """
    about = finding.value.text if finding.value and finding.value.is_iri else ""
    focus = finding.focus.replace(document.iri, document.series, 1)
    key = "\n".join([finding.rule, document.series, focus, finding.path or "", document.stable_key(about)])
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _order(shapes: Shapes) -> Callable[[Result], tuple[int, int, str, str, str, str]]:
    """Return the sort key of results: the worst first, then in the order of the shape files."""
    positions = {rule: position for position, rule in enumerate(shapes.rules)}

    def key(result: Result) -> tuple[int, int, str, str, str, str]:
        value = "" if result.value is None else result.value.text
        about = result.focus, value, result.path or "", result.message.zh
        return result.severity.rank, positions[result.rule], *about

    return key
