"""What tables, forms and text of a publication say -> its budget."""

from collections.abc import Sequence
from dataclasses import replace

from budgetgraph.converter.accounting.gaps import with_gaps
from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.bodies.front import Front
from budgetgraph.converter.bodies.registered import Bodies
from budgetgraph.converter.budget import DataSet, DepartmentBudget, PrintedTable, Source
from budgetgraph.converter.forms import Forms
from budgetgraph.converter.narrative import Narrative, renumbered
from budgetgraph.converter.recognition import Tables, table_noted
from budgetgraph.converter.sources.files import stated_once

#: The data set whose leaves make the document's total: the first of these kinds that has figures.
CANONICAL = {
    "expenditure": ("expenditure", "balance", "general-expenditure"),
    "revenue": ("revenue", "balance"),
}


def budget_of(
    source: Source,
    front: Front,
    bodies: Bodies,
    tables: Tables,
    forms: Forms,
    narrative: Narrative,
    ledger: Ledger,
) -> DepartmentBudget:
    """Return the budget that the parts of a publication make; claims of the same words are one claim."""
    data_sets = [
        data_set
        for each in tables.extracted
        for lost in [[cell for cell in each.table.cells if ledger.is_unconverted(cell.locator, cell.text)]]
        for data_set in (with_gaps(each.data_sets, lost) if lost else each.data_sets)
    ]
    printed: tuple[PrintedTable, ...] = (*(each.table for each in tables.extracted), *forms.tables)
    text = {id(claim) for claim in narrative.claims}
    claims = stated_once([*narrative.claims, *forms.claims])
    claims = renumbered([c for c in claims if id(c) in text], [c for c in claims if id(c) not in text])
    return DepartmentBudget(
        source=source,
        title=front.title,
        kind=front.kind,
        phase=front.phase,
        fiscal_year=front.fiscal_year,
        department=bodies.department,
        units=bodies.units,
        unit_ids=bodies.in_tables,
        tables=printed,
        data_sets=(*_mark_canonical(data_sets), *forms.data_sets, *narrative.data_sets),
        projects=forms.projects,
        objectives=forms.objectives,
        claims=tuple(replace(claim, table=table_noted(claim.place.locator, tables.extracted)) for claim in claims),
        glossary=narrative.glossary,
        duties=narrative.duties or forms.duties,
        tasks=forms.tasks or narrative.tasks,
        declared_units=narrative.declared_units,
        declared_projects=narrative.declared_projects,
        sections=narrative.sections,
        contents=narrative.contents,
        gaps=narrative.gaps,
        unconverted_kinds=tuple(sorted({kind for each in tables.unknown if (kind := each.kind)})),
    )


def _is_main(data_set: DataSet) -> bool:
    """Tell whether the data set is the department's, of the document's own year and phase."""
    return data_set.year is None and data_set.phase is None and data_set.unit is None


def _mark_canonical(data_sets: Sequence[DataSet]) -> list[DataSet]:
    chosen = set()
    for structure, kinds in CANONICAL.items():
        candidates = [
            d for d in data_sets if d.structure == structure and d.figures and d.table_kind in kinds and _is_main(d)
        ]
        if candidates:
            chosen.add(min(candidates, key=lambda d: kinds.index(d.table_kind or "")).id)
    return [part for d in data_sets for part in (_without_year_total(d) if d.id in chosen else (d,))]


def _without_year_total(data_set: DataSet) -> tuple[DataSet, ...]:
    """Return a canonical data set, and apart from it what a balance prints as the year's expenditure.

    That is the sum of the functions beside it, which the code list of natures does not say: it would be a leaf, too.
    """
    year = tuple(f for f in data_set.figures if f.dimensions == {"expenditureNature": "current"})
    rest = tuple(f for f in data_set.figures if f not in year)
    if data_set.table_kind != "balance" or not any("functionalClass" in f.dimensions for f in rest) or not year:
        return (replace(data_set, canonical=True),)
    whole = replace(data_set, canonical=True, figures=rest)
    return whole, replace(data_set, id=f"{data_set.id}-year", figures=year)
