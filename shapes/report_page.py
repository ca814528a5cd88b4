"""A report as one HTML file for people: in Chinese and English, with nothing loaded from elsewhere, fit to print."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.history import FormerResult, History, Status
from budgetgraph.shapes.pictures import Picture, pictures
from budgetgraph.shapes.report import NO_DATA_SET
from budgetgraph.shapes.results import Cell, CommonCause, Report, Result, Severity, amount
from budgetgraph.shapes.rules import ROUNDING, VARIABLE, Rule

TEMPLATES = Path(__file__).resolve().parent / "templates"
#: So many results of one rule are shown; the page says how many more there are.
MOST = 200
#: So many figures of one equation are shown.
MOST_TERMS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """A result with its history and picture, and what its place on the page is called."""

    result: Result
    anchor: str
    state: str | None
    status: Status | None
    pictures: tuple[tuple[Cell, Picture], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one rule, by table; those that stand under a common cause are counted as `folded`."""

    rule: Rule
    severity: Severity
    number: int
    folded: int
    tables: Mapping[str, list[Finding]]
    left_out: int


@dataclass(frozen=True, slots=True)
class Folded:
    """What several results have in common, with these; `left_out` of the `number` are not shown."""

    cause: CommonCause
    number: int
    findings: tuple[Finding, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule, how much it looked at, and what it found (with what it found within rounding)."""

    rule: Rule
    looked_at: int
    found: int
    rounding: int


@dataclass(frozen=True, slots=True)
class Part:
    """The page's part about one source."""

    report: Report
    counts: Mapping[Severity, int]
    causes: tuple[Folded, ...]
    groups: tuple[Group, ...]
    checked: tuple[Checked, ...]
    new: int
    fixed: tuple[FormerResult, ...]


def to_html(
    reports: Iterable[Report], version: str, history: History | None = None, files: Mapping[str, Path] | None = None
) -> str:
    """Return the reports as one HTML file.

    version  of the program
    files    source of a report -> its PDF, where it is at hand: places are shown as pictures then
    """
    reports, history = list(reports), history or History()
    parts = [_part(report, reports, history, (files or {}).get(report.source)) for report in reports]
    page = _environment().get_template("report.html")
    return page.render(
        parts=parts,
        version=version,
        history=history,
        shapes=shipped_shapes(),
        severities=list(Severity),
        no_data_set=NO_DATA_SET,
    )


def to_badge(reports: Iterable[Report]) -> str:
    """Return a small picture (SVG) with the verdict, to stand on a page that speaks of the documents."""
    reports = list(reports)
    violations, warnings = (sum(r.count(s) for r in reports) for s in (Severity.VIOLATION, Severity.WARNING))
    looked_at = sum(report.looked_at for report in reports)
    text, colour = f"{looked_at} checked, 0 violations", "#14663b"
    if violations:
        text, colour = f"{violations} violation{'s' * (violations != 1)}", "#a4161a"
    elif not looked_at or not any(report.data_sets for report in reports):
        text, colour = "nothing checked", "#5b6472"
    elif warnings:
        text, colour = f"{warnings} warning{'s' * (warnings != 1)}", "#8a5a00"
    return _environment().get_template("badge.svg").render(text=text, colour=colour, width=12 + round(6.6 * len(text)))


def _part(report: Report, reports: list[Report], history: History, pdf: Path | None) -> Part:
    findings = _findings(report, history, pictures(report, pdf) if pdf else {})
    causes = tuple(_folded(report, cause, findings) for cause in report.causes)
    folded = {result for cause in report.causes for result in report.explained_by(cause)}
    groups = []
    for severity in Severity:
        graded = [result for result in report.results if result.severity is severity]
        for rule in dict.fromkeys(result.rule for result in graded):
            same = [result for result in graded if result.rule == rule]
            single = [result for result in same if result not in folded]
            tables: dict[str, list[Finding]] = {}
            for result in single[:MOST]:
                table = result.cells[0].table if result.cells else ""
                tables.setdefault(table, []).append(findings[result])
            left_out = max(0, len(single) - MOST)
            about = shipped_shapes().rules[rule]
            groups.append(Group(about, severity, len(same), len(same) - len(single), tables, left_out))
    counts = {severity: report.count(severity) for severity in Severity}
    new = sum(history.state(result.fingerprint) == "new" for result in report.results)
    return Part(report, counts, causes, tuple(groups), _checked(report), new, history.fixed(report, reports))


def _folded(report: Report, cause: CommonCause, findings: Mapping[Result, Finding]) -> Folded:
    results = report.explained_by(cause)
    shown = tuple(findings[result] for result in results[:MOST])
    return Folded(cause, len(results), shown, len(results) - len(shown))


def _findings(report: Report, history: History, drawn: Mapping[Cell, Picture]) -> dict[Result, Finding]:
    found: dict[Result, Finding] = {}
    seen: Counter[str] = Counter()
    for result in report.results:
        name = result.fingerprint
        seen[name] += 1
        shown = tuple((cell, drawn[cell]) for cell in result.cells if cell in drawn)
        anchor = f"{name}-{seen[name]}" if seen[name] > 1 else name
        found[result] = Finding(result, anchor, history.state(name), history.statuses.get(name), shown)
    return found


def _checked(report: Report) -> tuple[Checked, ...]:
    rules = shipped_shapes().rules
    numbers = {rule: sum(result.rule == rule for result in report.results) for rule in rules}
    return tuple(
        Checked(rules[rule], looked_at, numbers[rule], numbers.get(rule + ROUNDING, 0))
        for rule, looked_at in report.checked.items()
        if rule in rules
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["amount"] = amount
    environment.filters["example"] = lambda message: VARIABLE.sub("…", message)
    environment.globals["most_terms"] = MOST_TERMS
    return environment
