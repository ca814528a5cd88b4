"""Pages of resources that deserve more than a list of statements: departments, documents, printed tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES
from budgetgraph.server.codes.views import portray_concept, portray_scheme
from budgetgraph.server.portraits.departments import portray_department
from budgetgraph.server.portraits.documents import portray_document
from budgetgraph.server.portraits.tables import portray_table
from budgetgraph.server.terms import Row

_TYPE = f"{PREFIXES['rdf']}type"


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a page shows above the statements of a resource: a template, and the function that fills it.

    folds  the statements stand behind a fold, because the portrait says what people come for
    """

    template: str
    paint: Callable[[str], Mapping[str, Any]]
    folds: bool = True


#: Class of a resource -> its portrait.
_PORTRAITS: Mapping[str, Portrait] = {
    f"{PREFIXES['cv']}PublicOrganisation": Portrait("portraits/department.html", portray_department),
    f"{PREFIXES['org']}OrganizationalUnit": Portrait("portraits/department.html", portray_department),
    f"{PREFIXES['skos']}ConceptScheme": Portrait("codes/tree.html", portray_scheme),
    f"{PREFIXES['skos']}Concept": Portrait("codes/tree.html", portray_concept, folds=False),
    f"{BUD_BASE}DocumentVersion": Portrait("portraits/document.html", portray_document),
    f"{BUD_BASE}BudgetTable": Portrait("portraits/table.html", portray_table),
}


def portrait_of(rows: Iterable[Row]) -> Portrait | None:
    """Return the portrait for a resource by what is said of it, None for the others."""
    classes = (row["object"].value for row in rows if row["predicate"].value == _TYPE)
    return next((_PORTRAITS[name] for name in classes if name in _PORTRAITS), None)
