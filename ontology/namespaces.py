"""The vocabulary's terms as Python names; a typo raises AttributeError.

`BUD.amount` is the IRI as a string: nothing here imports rdflib, which would cost a conversion half a second
of start-up. Who works with rdflib graphs takes the same names from `rdflib_namespace()`.
"""

# ruff: noqa: N815  # the names are those of the vocabulary

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib.namespace import DefinedNamespace

BASE = "https://w3id.org/budgetgraph/"  #: of the vocabulary; data may stand under another base
BUD_BASE = f"{BASE}def#"
CODE_BASE = f"{BASE}id/code/"

ONTOLOGY = f"{BASE}def"  #: the ontology document itself

#: Prefix -> namespace, for every file the project writes and every query it shows.
PREFIXES = {
    "bud": BUD_BASE,
    "code": CODE_BASE,
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xkos": "http://rdf-vocabulary.ddialliance.org/xkos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class _Vocabulary:
    """Gives each annotated name of a subclass its IRI: `_` in a name stands for `-` in the term."""

    def __init_subclass__(cls, namespace: str) -> None:
        for name in cls.__annotations__:
            setattr(cls, name, namespace + name.replace("_", "-"))


class BUD(_Vocabulary, namespace=BUD_BASE):
    """IRIs of the terms that ontology/budget.ttl and ontology/structure.ttl define."""

    # Documents and organisations
    BudgetDocument: str
    DocumentVersion: str
    SourceFile: str
    BudgetDepartment: str
    SubordinateUnit: str
    governmentLevel: str
    declaredSubordinateUnits: str
    declaredProjectCount: str
    documentKind: str  # "budget" or "final_account", of a version
    sha256: str  # of the source's bytes

    # Limits of a SPARQL service
    queryTimeLimit: str
    solutionLimit: str
    answerSizeLimit: str
    queryLengthLimit: str
    queryDepthLimit: str
    queryOperatorLimit: str

    # Printed tables and cells
    BudgetTable: str
    TableCell: str
    tableNumber: str
    unitText: str
    layoutProfile: str
    rowCount: str
    columnCount: str
    inTable: str
    rowNumber: str
    columnNumber: str
    rowSpan: str
    columnSpan: str
    cellRole: str
    cellText: str
    readingConfidence: str  # decimal from 0 to 1, of cells that are not surely read
    noteText: str  # a note printed with a table
    official: str  # boolean: one of the statutory tables
    emptyNote: str  # table -> the note below it that says it is empty
    sourceLine: str
    sourcePage: str
    softwareVersion: str
    profileHash: str

    # Data structures
    dsd_expenditure: str
    dsd_revenue: str
    dsd_project_item: str
    dsd_staff: str
    dsd_asset_value: str
    dsd_asset_quantity: str
    dsd_activity_quantity: str
    dsd_procurement: str
    dsd_procurement_by_supplier: str
    dsd_operating_cost_by_body: str
    dsd_expenditure_by_government_class: str
    dsd_project_expenditure: str
    dsd_project_balance: str
    dsd_transfer: str

    # Dimensions
    reportingUnit: str
    fiscalYear: str
    budgetPhase: str
    functionalClass: str
    expenditureNature: str
    economicClass: str
    govEconomicClass: str
    threePublic: str
    fund: str
    revenueSource: str
    project: str
    projectItem: str
    staffKind: str
    staffBasis: str
    assetKind: str
    activityKind: str
    supplierKind: str
    bodyKind: str
    balanceItem: str
    transferKind: str
    procurementKind: str
    procurementLine: str
    projectLine: str

    # Measures
    amount: str
    quantity: str
    headcount: str

    # Attributes of observations and data sets
    sourceValue: str
    sourceLabel: str
    sourceCode: str
    isLeaf: str
    cellState: str
    sourceUnitMultiplier: str

    # Data sets
    sourceTable: str
    tableKind: str
    coversFund: str
    sourceStep: str
    canonical: str
    declaredEmpty: str
    unconvertedAmounts: str
    unconvertedTableKind: str  # document -> kind of a table in it that was not converted
    TableGap: str
    hasGap: str  # data set -> a row or column that lacks amounts
    gapAlong: str  # the dimension over which they do not add up there
    gapAt: str  # what is known of the place: concepts of the other dimensions
    emptyStatedBy: str  # data set -> the claim that says it is empty
    countingUnit: str  # what a quantity counts, as printed (台, 套, 辆)
    referenceDate: str

    # Concepts
    codeStatus: str
    aggregates: str
    year: str
    baseUnit: str
    baseFactor: str

    # Projects
    Project: str
    ProjectItem: str
    FundingSourceLine: str
    projectKind: str
    projectNature: str
    projectCategory: str
    responsibleDepartment: str
    executingUnitText: str
    totalBudget: str
    currentBudget: str
    hasItem: str
    ofProject: str
    partOfItem: str
    hasFundingLine: str
    lineAmount: str
    partOfLine: str
    hasObjective: str
    statesText: str

    # Lines of tables of projects and procurement
    ProcurementLine: str
    partOfProcurementLine: str
    ProjectLine: str
    partOfProjectLine: str
    recipientText: str
    lineOfProject: str
    programmeText: str
    economicText: str
    catalogueText: str
    categoryText: str
    procurementForm: str

    # Performance
    PerformanceObjective: str
    PerformanceIndicator: str
    IndicatorTarget: str
    QuantitativeTarget: str
    QualitativeTarget: str
    CompletenessTarget: str
    DatedTarget: str
    IndicatorValue: str
    EarlierValue: str
    GradedValue: str
    AchievedValue: str
    scope: str
    horizon: str
    order: str
    objectiveOf: str
    hasIndicator: str
    indicatorLevel1: str
    indicatorLevel2: str
    sourceLevel1: str
    sourceLevel2: str
    hasTarget: str
    hasEarlierValue: str
    hasGradedValue: str
    hasAchievedValue: str
    score: str
    sourceScore: str
    targetUnitText: str
    targetFrom: str
    targetUntil: str
    subjectText: str
    targetPeriod: str
    valueColumn: str
    weight: str
    sourceWeight: str
    weightOfLevel1: str
    weightOfLevel2: str
    natureText: str
    standardText: str
    recoveredByVocabulary: str
    comparator: str
    comparatorImplied: str
    targetValue: str
    targetUpperValue: str
    targetUnit: str
    normalisedUnit: str

    # Claims and statements of the text
    Claim: str
    LevelClaim: str
    ChangeClaim: str
    ShareClaim: str
    CompletionClaim: str
    ListClaim: str
    ArithmeticClaim: str
    AbsenceClaim: str
    figureOfDocumentYear: str  # level claim of another year -> the document's own figure with the same key
    GlossaryEntry: str
    DutyStatement: str
    AnnualTask: str
    sourceText: str
    topicLabel: str
    claimedAmount: str
    claimedPercent: str
    claimDirection: str
    comparedWithYear: str
    comparedWithPhase: str
    ofLevel: str
    againstLevel: str
    wholeLabel: str
    wholeObservation: str
    aboutObservation: str
    aboutDataSet: str
    aboutTable: str
    inSection: str
    about: str
    factors: str
    computedAmount: str
    listedItem: str
    statedIn: str

    # Structure of the text
    Section: str
    ContentsEntry: str
    TextGap: str
    sectionKind: str
    headingDepth: str
    restatesTableKind: str
    gapKind: str


def terms() -> dict[str, str]:
    """Return Python name -> IRI of every term of the vocabulary."""
    return {name: getattr(BUD, name) for name in BUD.__annotations__}


def structure(name: str) -> str:
    """Return the IRI of a data structure definition.

    >>> structure("project-item")
    'https://w3id.org/budgetgraph/def#dsd-project-item'

    Raises AttributeError when there is no such structure.
    """
    iri: str = getattr(BUD, f"dsd_{name.replace('-', '_')}")
    return iri


def rdflib_namespace() -> "type[DefinedNamespace]":
    """Return the vocabulary as an rdflib namespace whose attributes are URIRefs and fail on a typo."""
    from types import new_class

    from rdflib.namespace import DefinedNamespace, Namespace

    local_names = {iri.removeprefix(BUD_BASE): "URIRef" for iri in terms().values()}
    body = {"_NS": Namespace(BUD_BASE), "_fail": True, "__annotations__": local_names}
    return new_class("BUD", (DefinedNamespace,), exec_body=lambda namespace: namespace.update(body))
