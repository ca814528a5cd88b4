"""The budget of one department as typed values: what a published document says, free of layout and of RDF.

Money is `Decimal` in 元 everywhere; the text as printed and its place stay with every value. Dimension
values are notations of the concept schemes in `ontology/codelists` ("2013101", "basic", "_T").
Other code imports from here; the modules are the parts of a publication.
"""

from budgetgraph.converter.budget.cube import (
    COUNTS,
    LINES,
    NEEDED,
    NOT_APPLICABLE,
    STOCKS,
    STRUCTURES,
    TOTAL,
    DataSet,
    Figure,
    TableGap,
    TableLine,
)
from budgetgraph.converter.budget.document import DepartmentBudget, Organisation, Source, SourceFile
from budgetgraph.converter.budget.performance import Indicator, Objective, Target, TargetValue
from budgetgraph.converter.budget.places import Place
from budgetgraph.converter.budget.projects import FundingLine, Project, ProjectItem
from budgetgraph.converter.budget.tables import PrintedCell, PrintedTable
from budgetgraph.converter.budget.text import (
    Claim,
    ContentsEntry,
    GlossaryEntry,
    Restated,
    Statement,
    TextGap,
    TextSection,
)

__all__ = [
    "COUNTS",
    "LINES",
    "NEEDED",
    "NOT_APPLICABLE",
    "STOCKS",
    "STRUCTURES",
    "TOTAL",
    "Claim",
    "ContentsEntry",
    "DataSet",
    "DepartmentBudget",
    "Figure",
    "FundingLine",
    "GlossaryEntry",
    "Indicator",
    "Objective",
    "Organisation",
    "Place",
    "PrintedCell",
    "PrintedTable",
    "Project",
    "ProjectItem",
    "Restated",
    "Source",
    "SourceFile",
    "Statement",
    "TableGap",
    "TableLine",
    "Target",
    "TargetValue",
    "TextGap",
    "TextSection",
]
