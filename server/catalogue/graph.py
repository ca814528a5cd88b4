"""The catalogue as RDF: DCAT 3 with the properties that DCAT-AP 3.0 makes mandatory or recommends, and VoID."""

from collections.abc import Collection, Iterable, Mapping

from rdflib import DCTERMS, FOAF, RDF, SKOS, VOID, XSD, BNode, Graph, Literal, Namespace, URIRef

from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES
from budgetgraph.server.catalogue.records import Record, RefusedRecord
from budgetgraph.server.dumps import Dump
from budgetgraph.server.releases import Release

#: rdflib knows the terms of DCAT 2 only.
DCAT = Namespace(PREFIXES["dcat"])
ADMS = Namespace(PREFIXES["adms"])
#: The value of the status vocabulary of ADMS for what is published; DCAT 3, 6.4.16 names the property.
_COMPLETED = URIRef("http://purl.org/adms/status/Completed")
SPDX = Namespace("http://spdx.org/rdf/terms#")
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")

#: Titles and descriptions in Chinese and English.
TITLE = {"zh": "部门预算关联数据目录", "en": "Government budgets as linked data"}
DESCRIPTION = {
    "zh": "政府部门公开的预算和决算，转换为 RDF 数据立方体，每个数字可追溯到原文单元格，并附 SHACL 校验报告。",
    "en": "Budgets and final accounts that government bodies publish, as RDF Data Cubes; every figure leads to the "
    "cell it is printed in, and every document has a SHACL report.",
}
_PHASES = {"budget": ("预算", "budget"), "final": ("决算", "final account")}


def build_catalogue(
    records: Iterable[Record],
    dumps: Iterable[Dump],
    release: Release,
    site: str,
    refused: Iterable[RefusedRecord] = (),
    together: Collection[str] | None = None,
) -> Graph:
    """Return the catalogue of a release.

    site      the address that it is served from, without "/" at its end
    together  budgets that the report on the documents together is about; None where there is no such report
    """
    graph = _graph()
    base = release.metadata.base
    catalogue, publisher = URIRef(f"{base}catalog"), URIRef(f"{base}catalog#publisher")
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    _say(graph, catalogue, DCTERMS.title, TITLE)
    _say(graph, catalogue, DCTERMS.description, DESCRIPTION)
    graph.add((catalogue, DCTERMS.publisher, publisher))
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal("budgetgraph")))
    graph.add((catalogue, DCTERMS.license, LICENCE))
    graph.add((catalogue, FOAF.homepage, URIRef(f"{site}/")))
    graph.add((catalogue, DCTERMS.modified, Literal(release.created, datatype=XSD.dateTime)))
    graph.add((catalogue, DCAT.version, Literal(release.id)))
    for code in ("ZHO", "ENG"):
        graph.add((catalogue, DCTERMS.language, URIRef(f"{_AUTHORITY}language/{code}")))
    _service(graph, catalogue, base, site)
    by_document: dict[str | None, list[Dump]] = {}
    for dump in dumps:
        by_document.setdefault(dump.document, []).append(dump)
    for record in records:
        _dataset(graph, catalogue, record, by_document.get(record.sha, []), base, site)
        if together is not None and record.series in together:
            graph.add((URIRef(record.iri), DCTERMS.relation, URIRef(f"{site}/validation/across")))
    if together is not None:
        graph.add((catalogue, DCTERMS.relation, URIRef(f"{site}/validation/across")))
    for each in refused:
        _refused(graph, catalogue, each, base)
    if whole := by_document.get(None):
        _whole(graph, catalogue, whole, release, site, publisher)
    return graph


def build_void(records: Iterable[Record], dumps: Iterable[Dump], release: Release, site: str) -> Graph:
    """Return the VoID description of all data of a release (W3C Interest Group Note, 2011)."""
    graph = _graph()
    whole = URIRef(release.metadata.data_set)
    graph.add((whole, RDF.type, VOID.Dataset))
    _say(graph, whole, DCTERMS.title, TITLE)
    _say(graph, whole, DCTERMS.description, DESCRIPTION)
    graph.add((whole, DCTERMS.license, LICENCE))
    graph.add((whole, VOID.sparqlEndpoint, URIRef(f"{site}/sparql")))
    if release.is_counted:
        graph.add((whole, VOID.triples, Literal(release.triples)))
    graph.add((whole, VOID.uriSpace, Literal(f"{release.metadata.base}id/")))
    graph.add((whole, VOID.rootResource, URIRef(f"{release.metadata.base}catalog")))
    graph.add((whole, FOAF.homepage, URIRef(f"{site}/")))
    for name in ("turtle", "ntriples", "rdfxml", "jsonld"):
        graph.add((whole, VOID.feature, URIRef(_FORMATS[name])))
    for vocabulary in ("bud", "qb", "skos", "dcat", "prov", "org", "oa"):
        graph.add((whole, VOID.vocabulary, URIRef(PREFIXES[vocabulary])))
    for dump in dumps:
        if dump.media_type.startswith("application/n-quads") and dump.document is None:
            graph.add((whole, VOID.dataDump, URIRef(f"{site}/dumps/{dump.name}")))
    for record in records:
        part = URIRef(record.iri)
        graph.add((whole, VOID.subset, part))
        graph.add((part, RDF.type, VOID.Dataset))
        graph.add((part, DCTERMS.title, Literal(record.title, lang="zh")))
        graph.add((whole, VOID.exampleResource, URIRef(record.body)))
    return graph


_FORMATS = {
    "turtle": "http://www.w3.org/ns/formats/Turtle",
    "ntriples": "http://www.w3.org/ns/formats/N-Triples",
    "rdfxml": "http://www.w3.org/ns/formats/RDF_XML",
    "jsonld": "http://www.w3.org/ns/formats/JSON-LD",
}


def _graph() -> Graph:
    graph = Graph()
    for prefix, namespace in {**PREFIXES, "foaf": FOAF, "void": VOID, "spdx": SPDX}.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def _say(graph: Graph, subject: URIRef, predicate: URIRef, texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        graph.add((subject, predicate, Literal(text, lang=language or None)))


def _service(graph: Graph, catalogue: URIRef, base: str, site: str) -> None:
    service = URIRef(f"{base}catalog#sparql")
    graph.add((catalogue, DCAT.service, service))
    graph.add((service, RDF.type, DCAT.DataService))
    _say(graph, service, DCTERMS.title, {"zh": "SPARQL 端点", "en": "SPARQL endpoint"})
    graph.add((service, DCAT.endpointURL, URIRef(f"{site}/sparql")))
    graph.add((service, DCAT.endpointDescription, URIRef(f"{site}/sparql")))
    graph.add((service, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")))
    rest = URIRef(f"{base}catalog#rest")
    graph.add((catalogue, DCAT.service, rest))
    graph.add((rest, RDF.type, DCAT.DataService))
    _say(graph, rest, DCTERMS.title, {"zh": "常用问题接口", "en": "Questions as REST paths"})
    graph.add((rest, DCAT.endpointURL, URIRef(f"{site}/api")))
    graph.add((rest, DCAT.endpointDescription, URIRef(f"{site}/openapi.json")))


def _dataset(graph: Graph, catalogue: URIRef, record: Record, dumps: list[Dump], base: str, site: str) -> None:
    dataset = URIRef(record.iri)
    series, body = URIRef(f"{record.body}#budgets"), URIRef(record.body)
    graph.add((catalogue, DCAT.dataset, dataset))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, DCTERMS.title, Literal(record.title, lang="zh")))
    zh, en = _PHASES.get(record.phase, _PHASES["budget"])
    names = record.body_labels
    described = {
        "zh": f"{names.get('zh', record.title)}{record.year}年度{zh}：表格、绩效目标和文字中的数字。",
        "en": f"The {record.year} {en} of {names.get('en') or names.get('zh', record.title)}: "
        "tables, performance targets and figures of the text.",
    }
    _say(graph, dataset, DCTERMS.description, described)
    graph.add((dataset, DCTERMS.publisher, body))
    graph.add((body, RDF.type, FOAF.Agent))
    for language, name in names.items():
        graph.add((body, FOAF.name, Literal(name, lang=language or None)))
    graph.add((dataset, DCTERMS.identifier, Literal(record.sha)))
    graph.add((dataset, DCAT.version, Literal(record.sha)))
    graph.add((dataset, DCTERMS.isVersionOf, URIRef(record.series)))
    graph.add((dataset, DCTERMS.language, URIRef(f"{_AUTHORITY}language/ZHO")))
    graph.add((dataset, DCTERMS.accrualPeriodicity, URIRef(f"{_AUTHORITY}frequency/ANNUAL")))
    graph.add((dataset, DCAT.theme, URIRef(f"{_AUTHORITY}data-theme/GOVE")))
    graph.add((dataset, DCAT.theme, URIRef(f"{_AUTHORITY}data-theme/ECON")))
    for word in ("部门预算", "财政", record.year):
        graph.add((dataset, DCAT.keyword, Literal(word, lang="zh")))
    for standard in (BUD_BASE.rstrip("#"), "http://purl.org/linked-data/cube"):
        graph.add((dataset, DCTERMS.conformsTo, URIRef(standard)))
    period = BNode()
    graph.add((dataset, DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, DCAT.startDate, Literal(f"{record.year}-01-01", datatype=XSD.date)))
    graph.add((period, DCAT.endDate, Literal(f"{record.year}-12-31", datatype=XSD.date)))
    if record.place:
        place = URIRef(record.place)
        graph.add((dataset, DCTERMS.spatial, place))
        graph.add((place, RDF.type, DCTERMS.Location))
        _say(graph, place, SKOS.prefLabel, record.place_labels)
    graph.add((dataset, ADMS.status, _COMPLETED))
    graph.add((dataset, DCAT.inSeries, series))
    graph.add((catalogue, DCAT.dataset, series))
    graph.add((series, RDF.type, DCAT.DatasetSeries))
    _say(graph, series, DCTERMS.title, {k: v for k, v in names.items() if k} or {"zh": record.title})
    _say(
        graph,
        series,
        DCTERMS.description,
        {"zh": "一个部门各年度的预算和决算。", "en": "The budgets and final accounts of one body."},
    )
    graph.add((series, DCTERMS.publisher, body))
    page = f"{site}/doc/doc/{record.sha}"
    graph.add((dataset, DCAT.landingPage, URIRef(page)))
    if record.findings is not None:
        graph.add((dataset, DCTERMS.relation, URIRef(f"{site}/validation/{record.sha}")))
    _distribution(graph, dataset, f"{base}catalog#{record.sha}-rdf", f"{page}.ttl", "text/turtle")
    for dump in dumps:
        _distribute(graph, dataset, dump, base, site)


def _refused(graph: Graph, catalogue: URIRef, refused: RefusedRecord, base: str) -> None:
    """Add the record of a publication that is not among the data sets, so that no portal offers it."""
    record = URIRef(f"{base}catalog#record-{refused.iri.rpartition('/')[2]}")
    topic, status = URIRef(refused.iri), URIRef(refused.status)
    graph.add((catalogue, DCAT.record, record))
    graph.add((record, RDF.type, DCAT.CatalogRecord))
    graph.add((record, FOAF.primaryTopic, topic))
    graph.add((record, DCTERMS.modified, Literal(refused.time, datatype=XSD.dateTime)))
    graph.add((topic, RDF.type, DCAT.Resource))
    graph.add((topic, DCTERMS.title, Literal(refused.title, lang="zh")))
    graph.add((topic, DCTERMS.identifier, Literal(refused.name)))
    _say(graph, topic, DCTERMS.description, refused.reasons)
    for node in (record, topic):
        graph.add((node, ADMS.status, status))
    if refused.body:
        graph.add((topic, DCTERMS.publisher, URIRef(refused.body)))
        graph.add((URIRef(refused.body), RDF.type, FOAF.Agent))
        _say(graph, URIRef(refused.body), FOAF.name, refused.body_labels)


def _whole(graph: Graph, catalogue: URIRef, dumps: list[Dump], release: Release, site: str, publisher: URIRef) -> None:
    """Add the data set of everything, with the dumps of the whole release."""
    dataset = URIRef(release.metadata.data_set)
    graph.add((catalogue, DCAT.dataset, dataset))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    _say(graph, dataset, DCTERMS.title, {"zh": "全部数据", "en": "All data"})
    _say(graph, dataset, DCTERMS.description, DESCRIPTION)
    graph.add((dataset, DCTERMS.publisher, publisher))
    graph.add((dataset, DCAT.theme, URIRef(f"{_AUTHORITY}data-theme/GOVE")))
    for dump in dumps:
        _distribute(graph, dataset, dump, release.metadata.base, site)


def _distribute(graph: Graph, dataset: URIRef, dump: Dump, base: str, site: str) -> None:
    address = f"{site}/dumps/{dump.name}"
    node = _distribution(graph, dataset, f"{base}catalog#{dump.name}", address, dump.media_type)
    graph.add((node, DCAT.downloadURL, URIRef(address)))
    graph.add((node, DCAT.byteSize, Literal(dump.size, datatype=XSD.nonNegativeInteger)))
    if dump.compressed:
        graph.add((node, DCAT.compressFormat, URIRef(f"{_IANA}application/gzip")))
    checksum = BNode()
    graph.add((node, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary)))


def _distribution(graph: Graph, dataset: URIRef, iri: str, address: str, media_type: str) -> URIRef:
    node = URIRef(iri)
    graph.add((dataset, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCTERMS.title, Literal(address.rpartition("/")[2])))
    graph.add((node, DCAT.accessURL, URIRef(address)))
    graph.add((node, DCAT.mediaType, URIRef(f"{_IANA}{media_type}")))
    graph.add((node, DCTERMS.license, LICENCE))
    return node
