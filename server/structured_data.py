"""What a page says, once more in the words of schema.org, for search engines: JSON-LD data blocks.

Nothing stands in them that the page does not show. Addresses are paths, which JSON-LD resolves against the page: so a
page that is kept says the same on every host. `@id` is the IRI of the thing itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES
from budgetgraph.server.catalogue.records import Record
from budgetgraph.server.dumps import Dump
from budgetgraph.server.formats import Format
from budgetgraph.server.languages import best_label
from budgetgraph.server.templating import href
from budgetgraph.server.terms import Row, Term

CONTEXT = "https://schema.org"
_RDF, _SKOS, _ORG, _DCTERMS = (PREFIXES[name] for name in ("rdf", "skos", "org", "dcterms"))

Node = dict[str, Any]


class Said:
    """What is said of a resource: values by property, and what its objects are called."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._values: dict[str, dict[Term, set[Term]]] = {}
        for row in rows:
            labels = self._values.setdefault(row["predicate"].value, {}).setdefault(row["object"], set())
            if "objectLabel" in row:
                labels.add(row["objectLabel"])

    def texts(self, *properties: str) -> list[str]:
        """Return the values of properties as texts, each once, without a language that another value is given in."""
        return list(dict.fromkeys(term.value for each in properties for term in self._values.get(each, {})))

    def text(self, name: str) -> str | None:
        """Return the value in the language of the request, else in Chinese, else any."""
        found = best_label(self._values.get(name, {}))
        return found.value if found else None

    def nodes(self, name: str, kind: str) -> list[Node]:
        """Return the things that a property leads to, with their names."""
        found = []
        for term, labels in self._values.get(name, {}).items():
            label = best_label(labels)
            found.append(_clean({"@type": kind, "@id": term.value, "name": label.value if label else None}))
        return found

    def labels(self, name: str) -> list[str]:
        """Return what the things that a property leads to are called in the language of the request."""
        found = (best_label(labels) for labels in self._values.get(name, {}).values())
        return [label.value for label in found if label]


def describe(iri: str, path: str, title: str, rows: Iterable[Row], formats: Sequence[Format]) -> Node | None:
    """Return the description of a resource by its classes; None for those that schema.org has no word for."""
    said = Said(rows)
    build = next((_BUILDERS[name] for name in said.texts(f"{_RDF}type") if name in _BUILDERS), None)
    if build is None:
        return None
    files = [
        {"@type": "DataDownload", "encodingFormat": f.media_type, "contentUrl": f"{path}.{f.extension}"}
        for f in formats
    ]
    return _clean({"@context": CONTEXT, "@id": iri, "url": path, "name": title, **build(said, title, files)})


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> Node | None:
    """Return the way to a page as (name, path), the page itself left out; None when nothing is above it."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": path}
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items} if items else None


def crumbs(entries: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the crumbs of a code's page as (name, path)."""
    found = []
    for entry in entries:
        label, path = best_label(entry["labels"]), href(entry["term"])
        if path:
            found.append((label.value if label else entry["term"].short(), path))
    return found


def website(name: str, description: str) -> Node:
    """Return the site itself, with the address of its search."""
    target = {"@type": "EntryPoint", "urlTemplate": "/search?q={search_term_string}"}
    action = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    node = {"@type": "WebSite", "url": "/", "name": name, "description": description, "potentialAction": action}
    return {"@context": CONTEXT, **node, "hasPart": {"@type": "DataCatalog", "url": "/catalog"}}


def catalogue(iri: str, name: str, records: Iterable[Record], dumps: Iterable[Dump], language: str) -> Node:
    """Return the catalogue: the data sets it lists, and the files of the whole release."""
    return {
        "@context": CONTEXT,
        "@type": "DataCatalog",
        "@id": iri,
        "url": "/catalog",
        "name": name,
        "dataset": [
            _clean(
                {
                    "@type": "Dataset",
                    "@id": record.iri,
                    "name": record.title,
                    "temporalCoverage": record.year,
                    "spatialCoverage": record.place_labels.get(language) or record.place_labels.get("zh"),
                    "creator": {
                        "@type": "GovernmentOrganization",
                        "@id": record.body,
                        "name": record.body_labels.get(language) or record.body_labels.get("zh") or record.body,
                    },
                }
            )
            for record in records
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": dump.name,
                "contentUrl": f"/dumps/{dump.name}",
                "contentSize": str(dump.size),
                "sha256": dump.sha256,
            }
            for dump in dumps
        ],
    }


def term_set(iri: str, path: str, name: str, description: str) -> Node:
    """Return a set of terms, such as the vocabulary."""
    node = {"@type": "DefinedTermSet", "@id": iri, "url": path, "name": name, "description": description}
    return {"@context": CONTEXT, **node}


def defined_term(iri: str, path: str, code: str, name: str, description: str, term_set_path: str) -> Node:
    """Return a term of a set, such as a rule of validation."""
    node = {"@id": iri, "url": path, "termCode": code, "name": name, "description": description}
    return {"@context": CONTEXT, "@type": "DefinedTerm", **node, "inDefinedTermSet": term_set_path}


def _document(said: Said, _title: str, files: list[Node]) -> Node:
    return {
        "@type": "Dataset",
        "identifier": said.texts(f"{_DCTERMS}identifier"),
        "temporalCoverage": said.labels(f"{BUD_BASE}fiscalYear"),
        "creator": said.nodes(f"{BUD_BASE}reportingUnit", "GovernmentOrganization"),
        "isPartOf": said.nodes(f"{_DCTERMS}isVersionOf", "CreativeWorkSeries"),
        "distribution": files,
    }


def _body(said: Said, title: str, _files: list[Node]) -> Node:
    names = said.texts(f"{_SKOS}prefLabel", f"{_SKOS}altLabel")
    return {
        "@type": "GovernmentOrganization",
        "alternateName": [name for name in names if name != title],
        "identifier": said.texts(f"{_DCTERMS}identifier", f"{_ORG}identifier"),
        "parentOrganization": said.nodes(f"{_ORG}subOrganizationOf", "GovernmentOrganization")
        + said.nodes(f"{_ORG}unitOf", "GovernmentOrganization"),
        "subOrganization": said.nodes(f"{_ORG}hasSubOrganization", "GovernmentOrganization")
        + said.nodes(f"{_ORG}hasUnit", "GovernmentOrganization"),
        "areaServed": said.labels(f"{_DCTERMS}spatial"),
    }


def _concept(said: Said, title: str, _files: list[Node]) -> Node:
    names = said.texts(f"{_SKOS}prefLabel", f"{_SKOS}altLabel")
    return {
        "@type": "DefinedTerm",
        "termCode": said.text(f"{_SKOS}notation"),
        "alternateName": [name for name in names if name != title],
        "description": said.text(f"{_SKOS}definition"),
        "inDefinedTermSet": said.nodes(f"{_SKOS}inScheme", "DefinedTermSet"),
    }


def _scheme(said: Said, _title: str, _files: list[Node]) -> Node:
    return {
        "@type": "DefinedTermSet",
        "description": said.text(f"{_SKOS}definition"),
        "hasDefinedTerm": said.nodes(f"{_SKOS}hasTopConcept", "DefinedTerm"),
    }


_BUILDERS: Mapping[str, Callable[[Said, str, list[Node]], Node]] = {
    f"{BUD_BASE}DocumentVersion": _document,
    f"{PREFIXES['cv']}PublicOrganisation": _body,
    f"{_ORG}OrganizationalUnit": _body,
    f"{_SKOS}ConceptScheme": _scheme,
    f"{_SKOS}Concept": _concept,
}


def _clean(node: Node) -> Node:
    """Return a node without what is not known; a list of one is that one."""
    found = {}
    for name, value in node.items():
        if value not in (None, [], ""):
            found[name] = value[0] if isinstance(value, list) and len(value) == 1 else value
    return found
